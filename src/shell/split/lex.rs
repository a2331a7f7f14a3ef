//! Tokens and words: what is quoted, what is substituted, and where a word ends.

use super::cond::Place;
use super::found::Put;
use super::scan::{Counted, Frame, Matched, Scanner, Word};
use super::token::{End, Redirect, Step, Token};

/// Operators, the longer ones first.
const OPERATORS: &[(&str, Token)] = &[
    (";;&", Token::Clause),
    ("&>>", Token::Redirect(Redirect::Write)),
    ("<<<", Token::Redirect(Redirect::HereString)),
    ("<<-", Token::Redirect(Redirect::Here { tabs: true })),
    ("&&", Token::And),
    ("||", Token::Or),
    (";;", Token::Clause),
    (";&", Token::Clause),
    ("|&", Token::Pipe),
    ("&>", Token::Redirect(Redirect::Write)),
    (">>", Token::Redirect(Redirect::Write)),
    (">|", Token::Redirect(Redirect::Write)),
    (">&", Token::Redirect(Redirect::DuplicateOut)),
    ("<&", Token::Redirect(Redirect::DuplicateIn)),
    ("<>", Token::Redirect(Redirect::Read)),
    ("<<", Token::Redirect(Redirect::Here { tabs: false })),
    ("\n", Token::Newline),
    (";", Token::Semicolon),
    ("&", Token::Background),
    ("|", Token::Pipe),
    ("(", Token::Open),
    (")", Token::Close),
    ("<", Token::Redirect(Redirect::Read)),
    (">", Token::Redirect(Redirect::Write)),
];

impl Scanner<'_> {
    /// Reads the next token of commands, patterns or a list of words.
    pub(super) fn token(&mut self) -> Step {
        match self.byte(0) {
            None => return self.take(Token::Nothing),
            Some(b' ' | b'\t') => {
                self.advance(1);
                return Ok(());
            }
            Some(b'\r') if matches!(self.byte(1), None | Some(b'\n')) => {
                self.advance(1);
                return Ok(());
            }
            Some(b'\\') if self.begins("\\\n") => {
                self.advance(2);
                return Ok(());
            }
            Some(b'\\') if self.begins("\\\r\n") => {
                self.advance(3);
                return Ok(());
            }
            Some(b'#') => {
                let rest = self.text.get(self.at..).unwrap_or("");
                self.advance(rest.find('\n').unwrap_or(rest.len()));
                return Ok(());
            }
            _ => {}
        }
        if self.begins("<(") || self.begins(">(") || self.is_regex() && self.begins("(") {
            return self.begin_word();
        }
        if self.begins("((")
            && self.subshells_at != Some(self.at)
            && let Some(in_for) = self.takes_arithmetic()
        {
            self.arithmetic(in_for);
            return Ok(());
        }
        let Some((sign, token)) = OPERATORS.iter().find(|(sign, _)| self.begins(sign)) else {
            return self.begin_word();
        };
        self.advance(sign.len());
        if *token == Token::Newline {
            self.here_documents()?;
        }
        self.take(token.clone())
    }

    fn is_regex(&self) -> bool {
        matches!(self.stack.last(), Some(Frame::Cond(cond)) if cond.place == Place::Regex)
    }

    /// Whether `((` is arithmetic here, and whether it is that of a `for`.
    fn takes_arithmetic(&self) -> Option<bool> {
        match self.stack.last() {
            Some(Frame::List(list)) => list.takes_arithmetic(),
            _ => None,
        }
    }

    fn begin_word(&mut self) -> Step {
        let (assigns, first) = match self.stack.last() {
            Some(Frame::List(list)) => (list.may_assign(), list.is_first()),
            Some(Frame::Array) => (true, false),
            _ => (false, false),
        };
        let word = Word { start: self.at, quoted: false, assigns, regex: self.is_regex(), first };
        if first && self.begins("!(") {
            // Without extended patterns this is a subshell whose status is turned round.
            self.advance(1);
            return self.take(Token::Word { at: word.start..self.at, quoted: false });
        }
        self.push(Frame::Word(word));
        Ok(())
    }

    /// One part of a word.
    pub(super) fn word(&mut self) -> Step {
        let Some(Frame::Word(word)) = self.stack.last().cloned() else { return Err(End::Wrong) };
        let Some(byte) = self.byte(0) else { return self.end_word(&word) };
        match byte {
            b'\'' | b'"' | b'`' | b'\\' | b'$' => self.quoted(byte),
            b'<' | b'>' if self.byte(1) == Some(b'(') => {
                self.substitute(2);
                Ok(())
            }
            b'(' if word.regex || self.is_pattern(&word) => {
                self.count(b'(', b')', 1, 1);
                Ok(())
            }
            b'|' if word.regex => {
                self.advance(1);
                Ok(())
            }
            b'(' if word.assigns && self.is_assignment(&word) => {
                self.advance(1);
                self.push(Frame::Array);
                Ok(())
            }
            b'[' if word.assigns && self.may_have_subscript(&word) => {
                self.count(b'[', b']', 1, 1);
                Ok(())
            }
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => self.end_word(&word),
            b'\r' if matches!(self.byte(1), None | Some(b'\n')) => self.end_word(&word),
            _ => {
                self.plain(true);
                Ok(())
            }
        }
    }

    fn quoted(&mut self, byte: u8) -> Step {
        let quotes = byte != b'$' || matches!(self.byte(1), Some(b'\'' | b'"'));
        let joins = byte == b'\\' && self.byte(1) == Some(b'\n');
        if let (true, Some(Frame::Word(open))) = (quotes && !joins, self.stack.last_mut()) {
            open.quoted = true;
        }
        self.special(byte, false)
    }

    /// Quotes, a backslash or a dollar sign; inside double quotes single ones say nothing.
    fn special(&mut self, byte: u8, double: bool) -> Step {
        match byte {
            b'\\' => self.escaped(),
            b'`' => self.backquotes(),
            b'"' => {
                self.advance(1);
                self.push(Frame::Double);
                Ok(())
            }
            b'\'' if !double => {
                self.advance(1);
                self.until(b'\'', false)
            }
            b'$' => self.dollar(double),
            _ => {
                self.advance(1);
                Ok(())
            }
        }
    }

    fn escaped(&mut self) -> Step {
        let rest = self.text.get(self.at + 1..).and_then(|rest| rest.chars().next());
        let Some(next) = rest else { return Err(End::Open) };
        if next == '\r' && self.byte(2) == Some(b'\n') {
            self.advance(1);
        }
        self.advance(1 + next.len_utf8());
        Ok(())
    }

    fn dollar(&mut self, double: bool) -> Step {
        if self.begins("$((") {
            self.count(b'(', b')', 3, 2);
        } else if self.begins("$(") {
            self.substitute(2);
        } else if self.begins("${") {
            self.advance(2);
            self.push(Frame::Parameter);
        } else if self.begins("$[") {
            self.count(b'[', b']', 2, 1);
        } else if self.begins("$$") {
            self.advance(2);
        } else if !double && self.begins("$'") {
            self.advance(2);
            return self.until(b'\'', true);
        } else {
            self.advance(1);
        }
        Ok(())
    }

    /// Goes on behind the next `close`.
    fn until(&mut self, close: u8, escapes: bool) -> Step {
        let mut passed = false;
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let end = rest.iter().position(|byte| {
            let ends = *byte == close && !passed;
            passed = escapes && *byte == b'\\' && !passed;
            ends
        });
        let Some(end) = end else { return Err(End::Open) };
        self.advance(end + 1);
        Ok(())
    }

    fn backquotes(&mut self) -> Step {
        let start = self.at + 1;
        self.advance(1);
        self.until(b'`', true)?;
        let reader = self.stack.iter().rev().find_map(|frame| match frame {
            Frame::List(list) => Some(list.simple),
            _ => None,
        });
        let inside = start..self.at.saturating_sub(1);
        let reader = reader.flatten().unwrap_or_else(|| self.found.begin(false, self.functions > 0, None));
        self.found.put(Some(reader), Put::Backquoted(inside));
        Ok(())
    }

    /// Inside `"…"`.
    pub(super) fn double(&mut self) -> Step {
        match self.byte(0) {
            None => Err(End::Open),
            Some(b'"') => {
                self.advance(1);
                self.pop();
                Ok(())
            }
            Some(byte @ (b'\\' | b'`' | b'$')) => self.special(byte, true),
            Some(_) => {
                self.plain(false);
                Ok(())
            }
        }
    }

    /// Inside `${…}`.
    pub(super) fn parameter(&mut self) -> Step {
        match self.byte(0) {
            None => Err(End::Open),
            Some(b'}') => {
                self.advance(1);
                self.pop();
                Ok(())
            }
            Some(byte @ (b'\\' | b'`' | b'$' | b'"' | b'\'')) => self.special(byte, false),
            Some(b'<' | b'>') if self.byte(1) == Some(b'(') => {
                self.advance(1);
                Ok(())
            }
            Some(_) => {
                self.plain(false);
                Ok(())
            }
        }
    }

    /// Inside counted brackets.
    pub(super) fn matched(&mut self, matched: Matched) -> Step {
        match self.byte(0) {
            None => Err(End::Open),
            Some(byte @ (b'\\' | b'`' | b'$' | b'"' | b'\'')) => self.special(byte, false),
            Some(byte) if byte == matched.close && matched.depth == 1 => {
                self.advance(1);
                self.closed(matched.kind)
            }
            Some(byte) => {
                if let Some(Frame::Matched(open)) = self.stack.last_mut() {
                    open.depth += usize::from(byte == matched.open);
                    open.depth -= usize::from(byte == matched.close);
                    if let Counted::For(parts) = &mut open.kind {
                        *parts += usize::from(byte == b';' && open.depth == 1);
                    }
                }
                self.advance(1);
                Ok(())
            }
        }
    }

    fn closed(&mut self, kind: Counted) -> Step {
        self.pop();
        let closes = self.byte(0) == Some(b')');
        match kind {
            Counted::Part => Ok(()),
            Counted::Command(_) if closes => {
                self.advance(1);
                self.take(Token::Arithmetic)
            }
            Counted::Command(mark) => {
                self.two_subshells(mark);
                Ok(())
            }
            Counted::For(2) if closes => {
                self.advance(1);
                self.take(Token::Loop)
            }
            Counted::For(_) => Err(End::Wrong),
        }
    }

    fn count(&mut self, open: u8, close: u8, opening: usize, depth: usize) {
        self.advance(opening);
        self.push(Frame::Matched(Matched { open, close, depth, kind: Counted::Part }));
    }

    /// Passes what says nothing; in a word what ends it says something.
    fn plain(&mut self, in_word: bool) {
        let rest = self.text.as_bytes().get(self.at + 1..).unwrap_or_default();
        let says = |byte: &u8| match byte {
            b'\'' | b'"' | b'`' | b'\\' | b'$' | b'}' | b'<' | b'>' => true,
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'[' => in_word,
            _ => false,
        };
        let length = rest.iter().position(says).unwrap_or(rest.len());
        self.advance(1 + length);
    }

    /// Whether the bracket belongs to a pattern such as `!(x)` or `@(a|b)`.
    fn is_pattern(&self, word: &Word) -> bool {
        let before = self.text.as_bytes().get(word.start..self.at).unwrap_or_default();
        let escaped = before.iter().rev().skip(1).take_while(|b| **b == b'\\').count() % 2 == 1;
        let sign = matches!(before.last(), Some(b'?' | b'*' | b'+' | b'@' | b'!'));
        let function = word.first && self.begins("()");
        sign && !escaped && !function && !before.ends_with(b"$?") && !before.ends_with(b"$!")
    }

    /// Whether the word so far is `name=`, `name+=` or `name[…]=`.
    fn is_assignment(&self, word: &Word) -> bool {
        self.text
            .get(word.start..self.at)
            .is_some_and(|so_far| assignment(so_far).is_some_and(|(_, value)| value.is_empty()))
    }

    fn may_have_subscript(&self, word: &Word) -> bool {
        let so_far = self.text.get(word.start..self.at).unwrap_or("");
        let in_list = matches!(self.stack.iter().rev().nth(1), Some(Frame::Array));
        if in_list { so_far.is_empty() } else { is_name(so_far) }
    }

    fn end_word(&mut self, word: &Word) -> Step {
        self.stack.pop();
        let at = word.start..self.at;
        let text = self.text.get(at.clone()).unwrap_or("");
        let redirects = matches!(self.byte(0), Some(b'<' | b'>'));
        let variable = text.strip_prefix('{').and_then(|t| t.strip_suffix('}')).is_some_and(is_name);
        let number = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if redirects && (variable || number) && matches!(self.stack.last(), Some(Frame::List(_))) {
            return Ok(());
        }
        // A backslash may have joined two lines in it.
        self.take(Token::Word { at, quoted: word.quoted })
    }

    /// Goes on with a `case`.
    pub(super) fn clause(&mut self, next: super::cond::Clause) {
        use super::cond::Clause;
        match next {
            Clause::Over => self.pop(),
            Clause::Commands => self.push(Frame::List(super::row::List::clause())),
            Clause::Patterns(next) => {
                if let Some(Frame::Case(patterns, _)) = self.stack.last_mut() {
                    *patterns = next;
                }
            }
        }
    }
}

/// Whether a text is a name that a variable may have.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// The name and the value of a word that assigns: `A=1`, `A+=1`, `A[2]=1`.
pub(in crate::shell) fn assignment(word: &str) -> Option<(&str, &str)> {
    let end = word.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))?;
    let (name, rest) = word.split_at_checked(end)?;
    let rest = if rest.starts_with('[') { behind_subscript(rest)? } else { rest };
    let value = rest.strip_prefix('+').unwrap_or(rest).strip_prefix('=')?;
    is_name(name).then_some((name, value))
}

/// What stands behind `[…]`, of which brackets inside are a part.
fn behind_subscript(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    let end = text.char_indices().find(|(_, c)| {
        depth += usize::from(*c == '[');
        depth -= usize::from(*c == ']' && depth > 0);
        depth == 0
    })?;
    text.get(end.0 + 1..)
}
