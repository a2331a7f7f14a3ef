//! `[[ … ]]` and the patterns of `case`.

use super::token::{End, Redirect, Token};

/// Where a conditional expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cond {
    /// How many brackets are open in it.
    depth: usize,
    pub(super) place: Place,
}

/// What comes next in a conditional expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A term.
    Term,
    /// The word of an operator such as `-f`.
    Unary,
    /// What stands behind a word: an operator, or it is a term by itself.
    Word,
    /// The right side of an operator.
    Right,
    /// The pattern behind `=~`.
    Regex,
    /// What stands behind a term.
    Done,
}

#[rustfmt::skip] // operators, many to a line
const BINARY: &[&str] = &[
    "=", "==", "!=", "-ef", "-nt", "-ot", "-eq", "-ne", "-lt", "-le", "-gt", "-ge",
];

fn is_unary(word: &str) -> bool {
    word.len() == 2
        && word
            .strip_prefix('-')
            .is_some_and(|letter| letter.contains(|c| "abcdefghknoprstuvwxzGLNORS".contains(c)))
}

impl Cond {
    pub(super) fn new() -> Self {
        Self { depth: 0, place: Place::Term }
    }

    /// Takes a token; whether it closes the expression.
    pub(super) fn after(&mut self, text: &str, token: &Token) -> Result<bool, End> {
        let word = match token {
            Token::Word { at, quoted } => Some((text.get(at.clone()).unwrap_or(""), *quoted)),
            _ => None,
        };
        self.place = match (self.place, token, word) {
            (_, Token::Nothing, _) => return Err(End::Open),
            (Place::Term | Place::Done, Token::Newline, _) => self.place,
            (Place::Term, _, Some(("!", false))) => Place::Term,
            (Place::Term, Token::Open, _) => {
                self.depth += 1;
                Place::Term
            }
            (Place::Word | Place::Done, _, Some(("]]", false))) if self.depth == 0 => return Ok(true),
            (Place::Word | Place::Done, Token::Close, _) if self.depth > 0 => {
                self.depth -= 1;
                Place::Done
            }
            (Place::Word | Place::Done, Token::And | Token::Or, _) => Place::Term,
            (_, _, Some(("]]", false))) => return Err(End::Wrong),
            (Place::Term, _, Some((word, false))) if is_unary(word) => Place::Unary,
            (Place::Term, _, Some(_)) => Place::Word,
            (Place::Unary | Place::Right | Place::Regex, _, Some(_)) => Place::Done,
            (Place::Word, _, Some(("=~", false))) => Place::Regex,
            (Place::Word, _, Some((word, false))) if BINARY.contains(&word) => Place::Right,
            (Place::Word, Token::Redirect(Redirect::Read | Redirect::Write), _) => Place::Right,
            _ => return Err(End::Wrong),
        };
        Ok(false)
    }
}

/// Where a `case` stands between its clauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Patterns {
    /// A pattern, `(` or `esac` comes.
    First,
    /// A pattern comes.
    Next,
    /// `|` or `)` comes.
    After,
}

/// What a `case` comes to after a token.
pub(super) enum Clause {
    /// It goes on with this.
    Patterns(Patterns),
    /// The commands of a clause.
    Commands,
    /// `esac`.
    Over,
}

impl Patterns {
    pub(super) fn after(self, text: &str, token: &Token) -> Result<Clause, End> {
        let esac = matches!(token, Token::Word { at, quoted: false } if text.get(at.clone()) == Some("esac"));
        match (self, token) {
            (_, Token::Nothing) => Err(End::Open),
            (Patterns::First, Token::Newline) => Ok(Clause::Patterns(Patterns::First)),
            (Patterns::First, Token::Open) | (Patterns::After, Token::Pipe) => {
                Ok(Clause::Patterns(Patterns::Next))
            }
            (Patterns::First, _) if esac => Ok(Clause::Over),
            (Patterns::First | Patterns::Next, Token::Word { .. }) => Ok(Clause::Patterns(Patterns::After)),
            (Patterns::After, Token::Close) => Ok(Clause::Commands),
            _ => Err(End::Wrong),
        }
    }
}
