//! The heads of functions, loops, `case` and `coproc`.

use super::cond::Patterns;
use super::found::Put;
use super::lex::is_name;
use super::row::{Closer, List, State};
use super::scan::{Frame, Scanner};
use super::token::{End, Step, Token};

impl Scanner<'_> {
    pub(super) fn function(&mut self, state: State, token: &Token, plain: Option<&str>) -> Step {
        match (state, token) {
            (_, Token::Nothing) => Err(End::Open),
            (State::Function, Token::Word { .. }) => self.state(State::Named),
            (State::Function, _) => Err(End::Wrong),
            (State::Named, Token::Open) if self.begins(")") || self.closes_at_once() => {
                self.state(State::Brackets)
            }
            (_, Token::Newline) => self.state(State::Body),
            (_, Token::Open) => self.compound(List::new(Closer::Bracket)),
            (_, Token::Arithmetic) => self.whole(),
            (_, Token::Word { .. }) => match plain {
                Some(word) if self.opens(word)? => Ok(()),
                _ => Err(End::Wrong),
            },
            _ => Err(End::Wrong),
        }
    }

    /// Whether only blanks stand before the closing bracket: `function f ( )`.
    fn closes_at_once(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or("");
        rest.trim_start_matches([' ', '\t']).starts_with(')')
    }

    pub(super) fn for_head(&mut self, state: State, token: &Token, plain: Option<&str>) -> Step {
        match (state, token) {
            (_, Token::Nothing) => Err(End::Open),
            (State::Variable, Token::Word { at, .. }) => {
                let simple = self.begin(false);
                self.found.put(Some(simple), Put::Assign(at.clone()));
                if let Some(list) = self.top_list() {
                    list.simple = Some(simple);
                }
                self.state(State::In(false))
            }
            (State::Variable, Token::Loop) => self.state(State::DoOrBrace(true)),
            (State::In(false) | State::DoOrBrace(true), Token::Semicolon) => {
                self.state(State::DoOrBrace(false))
            }
            (State::In(_), Token::Newline) => self.state(State::In(true)),
            (State::In(_), Token::Word { .. }) if plain == Some("in") => self.state(State::Values),
            (State::Values, Token::Word { at, .. }) => {
                let simple = self.top_list().and_then(|list| list.simple);
                self.found.put(simple, Put::Assign(at.clone()));
                Ok(())
            }
            (State::Values, Token::Newline | Token::Semicolon) => self.state(State::DoOrBrace(false)),
            (State::DoOrBrace(_), Token::Newline) => self.state(State::DoOrBrace(false)),
            (State::In(_) | State::DoOrBrace(_), Token::Word { .. }) => {
                let closer = match (plain, state) {
                    (Some("do"), _) => Closer::Done,
                    (Some("{"), State::DoOrBrace(_) | State::In(true)) => Closer::Brace,
                    _ => return Err(End::Wrong),
                };
                self.body(|function| Frame::List(List { function, ..List::new(closer) }));
                Ok(())
            }
            _ => Err(End::Wrong),
        }
    }

    /// Opens the body of a loop or `case` whose head was read in the row itself.
    fn body(&mut self, frame: impl FnOnce(bool) -> Frame) {
        let Some(list) = self.top_list() else { return };
        list.state = State::Compound;
        list.simple = None;
        let function = std::mem::take(&mut list.defines);
        self.push(frame(function));
    }

    pub(super) fn case_head(&mut self, state: State, token: &Token, plain: Option<&str>) -> Step {
        match (state, token) {
            (_, Token::Nothing) => Err(End::Open),
            (State::CaseWord, Token::Word { .. }) => self.state(State::CaseIn),
            (State::CaseIn, Token::Newline) => Ok(()),
            (State::CaseIn, Token::Word { .. }) if plain == Some("in") => {
                self.body(|function| Frame::Case(Patterns::First, function));
                Ok(())
            }
            _ => Err(End::Wrong),
        }
    }

    pub(super) fn coproc(&mut self, named: bool, token: &Token, plain: Option<&str>) -> Step {
        match token {
            Token::Arithmetic => self.whole(),
            Token::Open => self.compound(List::new(Closer::Bracket)),
            Token::Word { .. } => match plain {
                Some(word) if self.opens(word)? => Ok(()),
                _ if named => self.co_simple(token),
                _ => {
                    self.begin_simple(State::Start, token)?;
                    let name = plain.is_some_and(is_name);
                    if name { self.state(State::Coproc(true)) } else { Ok(()) }
                }
            },
            Token::Nothing if !named => Err(End::Open),
            Token::Redirect(_) if !named => self.begin_simple(State::Start, token),
            _ if named => self.co_simple(token),
            _ => Err(End::Wrong),
        }
    }

    /// What stood behind `coproc` was the command's first word after all.
    fn co_simple(&mut self, token: &Token) -> Step {
        self.state(State::Simple(1))?;
        self.simple(1, token)
    }
}
