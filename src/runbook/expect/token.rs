//! A sentence as tokens with their places, so that what is left over can be told word for word.

use super::Op;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Word(String),
    Quoted(String),
    /// Text in round brackets.
    Remark(String),
    Compares(Op),
    Mark(char),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) end: usize,
}

/// Full-width punctuation, typographic quotes and emphasis as what they stand for.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            '：' => plain.push_str(": "),
            '，' | '、' => plain.push_str(", "),
            '。' => plain.push('.'),
            '（' => plain.push_str(" ("),
            '）' => plain.push_str(") "),
            '“' | '”' | '«' | '»' | '„' | '「' | '」' | '『' | '』' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            '\u{a0}' | '\u{202f}' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain.replace("**", "").replace("&lt;", "<").replace("&gt;", ">")
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if let Some(inner) = quoted(rest) {
            (Kind::Quoted(inner.to_owned()), inner.len() + 2)
        } else if let Some(inner) = bracketed(rest) {
            (Kind::Remark(inner.to_owned()), inner.len() + 2)
        } else if let Some((op, length)) = operator(rest) {
            (Kind::Compares(op), length)
        } else if ",;:.!".contains(c) && ends_word(rest) {
            (Kind::Mark(c), 1)
        } else {
            let length = word_length(rest);
            (Kind::Word(rest[..length].to_owned()), length)
        };
        found.push(Token { kind, at, end: at + length });
        at += length;
    }
    found
}

/// The text of a quotation that begins here and ends with the same mark.
fn quoted(text: &str) -> Option<&str> {
    let mark = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let inner = &text[1..];
    let end = inner.find(mark)?;
    let after = inner[end + 1..].chars().next();
    // An apostrophe within a word is none.
    (end > 0 && !after.is_some_and(char::is_alphanumeric)).then(|| &inner[..end])
}

fn bracketed(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?;
    let mut depth = 1;
    for (at, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inner[..at]);
        }
    }
    None
}

fn operator(text: &str) -> Option<(Op, usize)> {
    [
        ("<=", Op::AtMost),
        ("≤", Op::AtMost),
        (">=", Op::AtLeast),
        ("≥", Op::AtLeast),
        ("!=", Op::NotEqual),
        ("==", Op::Equal),
        ("<", Op::Less),
        (">", Op::More),
        ("=", Op::Equal),
    ]
    .into_iter()
    .find(|(sign, _)| text.starts_with(sign))
    .map(|(sign, op)| (op, sign.len()))
}

fn ends_word(rest: &str) -> bool {
    rest.chars().nth(1).is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ')'))
}

/// Up to white space, a bracket or a mark that ends the word.
fn word_length(rest: &str) -> usize {
    let first = rest.chars().next().map_or(1, char::len_utf8);
    for (at, c) in rest.char_indices().skip(1) {
        let tail = &rest[at..];
        if c.is_whitespace()
            || (",;:.!".contains(c) && ends_word(tail))
            || (c == '(' && tail.contains(')'))
            || (matches!(c, '<' | '>') && !rest[..at].contains(['/', '$']))
        {
            return at.max(first);
        }
    }
    rest.len()
}

/// Reads tokens from the front.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t str,
    tokens: &'t [Token],
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, tokens: &'t [Token]) -> Self {
        Self { text, tokens }
    }

    pub(super) fn peek(&self) -> Option<&'t Kind> {
        self.tokens.first().map(|t| &t.kind)
    }

    pub(super) fn skip(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    pub(super) fn tokens(&self) -> &'t [Token] {
        self.tokens
    }

    /// The text from here on.
    pub(super) fn rest(&self) -> &'t str {
        self.tokens.first().map_or("", |t| &self.text[t.at..])
    }

    /// The next word in lower case.
    pub(super) fn lower(&self) -> Option<String> {
        match self.peek() {
            Some(Kind::Word(word)) => Some(word.to_lowercase()),
            _ => None,
        }
    }

    /// Takes the next word if it is one of these.
    pub(super) fn word(&mut self, words: &[&str]) -> bool {
        let found = self.lower().is_some_and(|w| words.contains(&w.as_str()));
        if found {
            self.skip();
        }
        found
    }

    /// Takes these words in a row, or nothing.
    pub(super) fn phrase(&mut self, words: &[&str]) -> bool {
        let before = self.clone();
        let found = words.iter().all(|w| self.word(&[w]));
        if !found {
            *self = before;
        }
        found
    }

    pub(super) fn mark(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Kind::Mark(mark));
        if found {
            self.skip();
        }
        found
    }

    pub(super) fn quoted(&mut self) -> Option<String> {
        let Some(Kind::Quoted(text)) = self.peek() else { return None };
        self.skip();
        Some(text.clone())
    }

    pub(super) fn compares(&mut self) -> Option<Op> {
        let Some(Kind::Compares(op)) = self.peek() else { return None };
        self.skip();
        Some(*op)
    }
}
