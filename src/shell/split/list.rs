//! Commands in a row: where one ends, what may follow it, and what closes the row.

use super::cond::Patterns;
use super::found::Put;
use super::lex::assignment;
use super::row::{Closer, List, State};
use super::scan::{Frame, HereDocument, Scanner};
use super::token::{End, Redirect, Step, Token};

/// Words of the grammar that mean something where a command begins.
const RESERVED: &[&str] = &[
    "!", "time", "if", "then", "elif", "else", "fi", "for", "select", "while", "until", "do", "done", "case",
    "esac", "function", "coproc", "{", "}", "[[",
];

impl Scanner<'_> {
    pub(super) fn top_list(&mut self) -> Option<&mut List> {
        match self.stack.last_mut() {
            Some(Frame::List(list)) => Some(list),
            _ => None,
        }
    }

    pub(super) fn state(&mut self, state: State) -> Step {
        let list = self.top_list().ok_or(End::Wrong)?;
        list.state = state;
        Ok(())
    }

    /// Takes one token into the innermost row of commands.
    pub(super) fn list(&mut self, token: &Token) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        if let Some(redirect) = list.redirect.take() {
            return self.redirected(redirect, token);
        }
        let state = list.state;
        let word = match token {
            Token::Word { at, quoted } => Some((self.text.get(at.clone()).unwrap_or(""), *quoted)),
            _ => None,
        };
        let plain = word.filter(|(_, quoted)| !quoted).map(|(text, _)| text);
        match state {
            State::Start | State::Wanted(_) | State::Turned(_) => self.beginning(state, token, plain),
            State::Simple(words) => self.simple(words, token),
            State::Compound => self.behind_compound(token, plain),
            State::Brackets => match token {
                Token::Close => self.state(State::Body),
                Token::Nothing => Err(End::Open),
                _ => Err(End::Wrong),
            },
            State::Body | State::Named | State::Function => self.function(state, token, plain),
            State::Variable | State::In(_) | State::Values | State::DoOrBrace(_) => {
                self.for_head(state, token, plain)
            }
            State::CaseWord | State::CaseIn => self.case_head(state, token, plain),
            State::Coproc(named) => self.coproc(named, token, plain),
        }
    }

    /// Where a command may begin.
    fn beginning(&mut self, state: State, token: &Token, plain: Option<&str>) -> Step {
        match token {
            Token::Word { .. } => match plain.filter(|word| RESERVED.contains(word)) {
                Some(word) => self.reserved(state, word),
                None if matches!(state, State::Turned(true)) && matches!(plain, Some("-p" | "--")) => Ok(()),
                None => self.begin_simple(state, token),
            },
            Token::Redirect(_) => self.begin_simple(state, token),
            Token::Open => self.compound(List::new(Closer::Bracket)),
            Token::Arithmetic => self.whole(),
            Token::Newline | Token::Nothing | Token::Semicolon | Token::Close
                if matches!(state, State::Turned(_)) =>
            {
                self.after_turned(state, token)
            }
            Token::Newline if state == State::Start => self.line_end(),
            Token::Newline => Ok(()),
            Token::Close if state == State::Start => self.close_bracket(),
            Token::Clause if state == State::Start => self.close_clause(),
            Token::Nothing => self.at_end(state == State::Start),
            _ => Err(End::Wrong),
        }
    }

    /// `!` and `time` stand alone before the end of a line, or `;`.
    fn after_turned(&mut self, state: State, token: &Token) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        let in_substitution = list.closer == Closer::Substitution && state == State::Turned(true);
        if *token == Token::Close && !in_substitution {
            return Err(End::Wrong);
        }
        self.ended(token)
    }

    /// The end of a line where nothing is open in the row.
    fn line_end(&mut self) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        if list.closer == Closer::Line && list.any { Err(End::Complete(self.at)) } else { Ok(()) }
    }

    fn at_end(&mut self, closed: bool) -> Step {
        let pending = !self.pending.is_empty();
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        let complete = closed && list.closer == Closer::Line && list.any && !pending;
        Err(if complete { End::Complete(self.at) } else { End::Open })
    }

    fn close_bracket(&mut self) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        let closes = match list.closer {
            Closer::Bracket => list.may_close(),
            Closer::Substitution => list.may_close() || list.state == State::Start,
            _ => false,
        };
        if !closes {
            return Err(End::Wrong);
        }
        self.pop();
        Ok(())
    }

    fn close_clause(&mut self) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        if list.closer != Closer::Clause || !list.may_close() {
            return Err(End::Wrong);
        }
        self.pop();
        if let Some(Frame::Case(patterns, _)) = self.stack.last_mut() {
            *patterns = Patterns::First;
        }
        Ok(())
    }

    /// A command is complete and `token` follows.
    fn ended(&mut self, token: &Token) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        let simple = !matches!(list.state, State::Compound);
        list.simple = None;
        list.any = true;
        let top = list.closer == Closer::Line;
        list.state = State::Start;
        self.found.acts |= simple && self.functions == 0;
        match token {
            Token::Newline => self.line_end(),
            Token::Semicolon => Ok(()),
            Token::Background => {
                if top {
                    self.found.background = true;
                }
                Ok(())
            }
            Token::And | Token::Or => self.state(State::Wanted(false)),
            Token::Pipe => self.state(State::Wanted(true)),
            Token::Close => self.close_bracket(),
            Token::Clause => self.close_clause(),
            Token::Nothing => self.at_end(true),
            _ => Err(End::Wrong),
        }
    }

    /// Opens a compound command; when it is closed, the row goes on behind it.
    pub(super) fn compound(&mut self, list: List) -> Step {
        self.acts();
        let Some(outer) = self.top_list() else { return Err(End::Wrong) };
        let function = outer.state == State::Body || outer.state == State::Named;
        outer.state = State::Compound;
        self.functions += usize::from(function);
        self.push(Frame::List(List { function, ..list }));
        Ok(())
    }

    /// A compound command without commands in it.
    pub(super) fn whole(&mut self) -> Step {
        self.acts();
        self.state(State::Compound)
    }

    /// Whether what begins is more than the definition of a function.
    fn acts(&mut self) {
        let defines = self.top_list().is_some_and(|list| matches!(list.state, State::Body | State::Named));
        if self.functions == 0 && !defines {
            self.found.acts = true;
        }
        self.found.background = false;
    }

    fn reserved(&mut self, state: State, word: &str) -> Step {
        match word {
            "!" if state == State::Wanted(true) => Err(End::Wrong),
            "!" => self.state(State::Turned(false)),
            "time" => self.state(State::Turned(true)),
            "coproc" => self.state(State::Coproc(false)),
            "function" => self.state(State::Function),
            _ if self.opens(word)? => Ok(()),
            _ => self.closes(word),
        }
    }

    /// Opens the compound command that a word begins; whether it begins one.
    pub(super) fn opens(&mut self, word: &str) -> Result<bool, End> {
        match word {
            "{" => self.compound(List::new(Closer::Brace))?,
            "if" => self.compound(List::new(Closer::Then))?,
            "while" => self.compound(List::new(Closer::Do(true)))?,
            "until" => self.compound(List::new(Closer::Do(false)))?,
            "[[" => {
                self.whole()?;
                let condition = self.begin(false);
                self.found.put(Some(condition), Put::Word(self.at.saturating_sub(2)..self.at));
                self.push(Frame::Cond(super::cond::Cond::new()));
            }
            // Their heads are read in the row itself.
            "for" | "select" => self.head(State::Variable)?,
            "case" => self.head(State::CaseWord)?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn head(&mut self, state: State) -> Step {
        self.acts();
        let list = self.top_list().ok_or(End::Wrong)?;
        let defines = matches!(list.state, State::Body | State::Named);
        list.defines = defines;
        list.state = state;
        self.functions += usize::from(defines);
        Ok(())
    }

    /// A word that closes the row or goes on with its compound command.
    fn closes(&mut self, word: &str) -> Step {
        let Some(list) = self.top_list() else { return Err(End::Wrong) };
        if !list.may_close() {
            return Err(End::Wrong);
        }
        let next = match (list.closer, word) {
            (Closer::Brace, "}") | (Closer::Branch | Closer::Fi, "fi") | (Closer::Done, "done") => None,
            (Closer::Then, "then") => Some(Closer::Branch),
            (Closer::Branch, "elif") => Some(Closer::Then),
            (Closer::Branch, "else") => Some(Closer::Fi),
            (Closer::Do(_), "do") => Some(Closer::Done),
            (Closer::Clause, "esac") => {
                self.pop();
                None
            }
            _ => return Err(End::Wrong),
        };
        match (next, self.top_list()) {
            (Some(closer), Some(list)) => {
                let same = List { function: list.function, base: list.base, ..List::new(closer) };
                *list = same;
            }
            _ => self.pop(),
        }
        Ok(())
    }

    fn behind_compound(&mut self, token: &Token, plain: Option<&str>) -> Step {
        match token {
            Token::Redirect(redirect) => {
                let holder = self.top_list().and_then(|list| list.simple);
                let holder = holder.unwrap_or_else(|| self.begin(false));
                if let Some(list) = self.top_list() {
                    list.simple = Some(holder);
                    list.redirect = Some(*redirect);
                }
                Ok(())
            }
            Token::Word { .. } => match plain {
                Some(word) => self.closes(word),
                None => Err(End::Wrong),
            },
            _ => self.ended(token),
        }
    }

    pub(super) fn begin(&mut self, piped: bool) -> usize {
        let goes_on = match self.stack.last() {
            Some(Frame::List(List { closer: Closer::Do(goes_on), .. })) => Some(*goes_on),
            _ => None,
        };
        self.found.begin(piped, self.functions > 0, goes_on)
    }

    pub(super) fn begin_simple(&mut self, state: State, token: &Token) -> Step {
        self.found.background = false;
        let simple = self.begin(state == State::Wanted(true));
        if let Some(list) = self.top_list() {
            list.simple = Some(simple);
            list.declares = false;
            list.leading = true;
            list.state = State::Simple(0);
        }
        self.simple(0, token)
    }

    pub(super) fn simple(&mut self, words: usize, token: &Token) -> Step {
        match token {
            Token::Word { at, quoted } => {
                let text = self.text.get(at.clone()).unwrap_or("");
                let Some(list) = self.top_list() else { return Err(End::Wrong) };
                let assigns = assignment(text).is_some();
                let (simple, declares, leading) = (list.simple, list.declares, list.leading);
                if leading && assigns {
                    self.found.put(simple, Put::Assign(at.clone()));
                    return Ok(());
                }
                list.leading = false;
                list.state = State::Simple(words + 1);
                if words == 0 {
                    list.declares = !quoted && takes_assignments(text);
                }
                if declares && assigns {
                    self.found.put(simple, Put::Assign(at.clone()));
                }
                self.found.put(simple, Put::Word(at.clone()));
                Ok(())
            }
            Token::Redirect(redirect) => {
                if let Some(list) = self.top_list() {
                    list.redirect = Some(*redirect);
                }
                Ok(())
            }
            Token::Open if words == 1 && self.names_function() => {
                // The name was taken for a command.
                self.found.simples.pop();
                if let Some(list) = self.top_list() {
                    list.simple = None;
                }
                self.state(State::Brackets)
            }
            Token::Open | Token::Arithmetic | Token::Loop => Err(End::Wrong),
            _ => self.ended(token),
        }
    }

    /// Whether the simple command is one word and nothing else, so that brackets make it a function's name.
    fn names_function(&mut self) -> bool {
        let Some(at) = self.top_list().and_then(|list| list.simple) else { return false };
        let last = at + 1 == self.found.simples.len();
        let alone = self.found.simples.get(at).is_some_and(|simple| {
            simple.words.len() == 1
                && simple.assigns.is_empty()
                && simple.writes.is_empty()
                && simple.reads.is_none()
        });
        last && alone
    }

    fn redirected(&mut self, redirect: Redirect, token: &Token) -> Step {
        let Token::Word { at, quoted } = token else {
            return Err(if *token == Token::Nothing { End::Open } else { End::Wrong });
        };
        let reader = self.top_list().and_then(|list| list.simple);
        let text = self.text.get(at.clone()).unwrap_or("");
        match redirect {
            Redirect::Read => self.found.put(reader, Put::Read(at.clone())),
            Redirect::Write | Redirect::DuplicateOut => self.found.put(reader, Put::Write(at.clone())),
            Redirect::DuplicateIn => {}
            Redirect::HereString => {
                self.found.put(reader, Put::Read(at.clone()));
                self.found.put(reader, Put::HereText(at.clone()));
            }
            Redirect::Here { tabs } => {
                let delimiter = crate::shell::quote::unquote(text);
                self.found.put(reader, Put::Read(at.clone()));
                self.pending.push(HereDocument { delimiter, tabs, quoted: *quoted, reader });
            }
        }
        Ok(())
    }
}

fn takes_assignments(word: &str) -> bool {
    ["declare", "typeset", "local", "export", "readonly", "alias", "eval", "let"].contains(&word)
}
