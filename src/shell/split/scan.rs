//! Finds where bash closes a command: what is open stands on a stack of frames, so that depth costs no recursion.

use super::cond::{Cond, Patterns};
use super::found::{Found, Put};
use super::row::List;
use super::token::{End, Step, Token};

/// How deep frames nest before a command counts as one that is never closed.
const DEEPEST: usize = 4096;

/// Something that is open.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    /// Commands up to what closes them.
    List(List),
    /// The patterns of a `case`; whether it is the body of a function.
    Case(Patterns, bool),
    /// `[[ … ]]`.
    Cond(Cond),
    /// The words of `A=( … )`.
    Array,
    /// A word.
    Word(Word),
    /// `"…"`.
    Double,
    /// `${…}`.
    Parameter,
    /// Brackets that are only counted: arithmetic, subscripts, patterns.
    Matched(Matched),
}

/// A word that is being read.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// Where it begins.
    pub(super) start: usize,
    /// Whether a part of it is quoted.
    pub(super) quoted: bool,
    /// Whether it may be an assignment, with a subscript or a list of values.
    pub(super) assigns: bool,
    /// Whether it is the pattern behind `=~`, where brackets and bars are its own.
    pub(super) regex: bool,
    /// Whether it may be the name of a function.
    pub(super) first: bool,
}

/// Brackets that are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Matched {
    pub(super) open: u8,
    pub(super) close: u8,
    pub(super) depth: usize,
    pub(super) kind: Counted,
}

/// What counted brackets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// A part of a word.
    Part,
    /// `(( … ))` as a command, from the first bracket on; else two subshells.
    Command(Mark),
    /// `for (( … ))`, with the semicolons seen.
    For(usize),
}

/// Where to go back to when `((` turns out to be two subshells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    start: usize,
    found: usize,
    pending: usize,
    base: usize,
    inside: usize,
    functions: usize,
}

/// A here-document whose text is still to come.
#[derive(Clone, Debug)]
pub(super) struct HereDocument {
    /// The line that ends it.
    pub(super) delimiter: String,
    /// `<<-`: tabs before its lines do not count.
    pub(super) tabs: bool,
    /// Quoted: a backslash joins no lines.
    pub(super) quoted: bool,
    /// The command that reads it.
    pub(super) reader: Option<usize>,
}

/// The state of a scan.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) stack: Vec<Frame>,
    /// Here-documents whose text is still to come.
    pub(super) pending: Vec<HereDocument>,
    /// The first of them that belongs to the innermost substitution.
    pub(super) base: usize,
    /// How many substitutions are open.
    pub(super) inside: usize,
    /// How many functions are being defined.
    pub(super) functions: usize,
    /// What was found on the way.
    pub(super) found: Found,
    /// Brackets at this byte are two subshells, as was found out.
    pub(super) subshells_at: Option<usize>,
    left: usize,
}

/// A scan's result.
#[derive(Debug)]
pub(in crate::shell) struct Scan {
    /// Where and why it ended.
    pub(in crate::shell) end: End,
    /// The simple commands on the way, at every level.
    pub(in crate::shell) found: Found,
    /// How many steps it took.
    pub(super) steps: usize,
}

/// Scans one command, from byte `from` of `text` on, in at most `budget` steps.
pub(in crate::shell) fn scan(text: &str, from: usize, budget: usize) -> Scan {
    let mut scanner = Scanner {
        text,
        at: from,
        stack: vec![Frame::List(List::top())],
        pending: vec![],
        base: 0,
        inside: 0,
        functions: 0,
        found: Found::default(),
        subshells_at: None,
        left: budget,
    };
    let end = loop {
        if let Err(end) = scanner.step() {
            break end;
        }
    };
    Scan { end, steps: budget.saturating_sub(scanner.left), found: scanner.found }
}

impl Scanner<'_> {
    fn step(&mut self) -> Step {
        if self.left == 0 || self.stack.len() > DEEPEST {
            // Nobody knows where it ends: nothing after it is a command by itself.
            return Err(End::Open);
        }
        self.left -= 1;
        match self.stack.last() {
            Some(Frame::Word(_)) => self.word(),
            Some(Frame::Double) => self.double(),
            Some(Frame::Parameter) => self.parameter(),
            Some(Frame::Matched(matched)) => self.matched(*matched),
            Some(Frame::List(_) | Frame::Case(..) | Frame::Cond(_) | Frame::Array) => self.token(),
            None => Err(End::Wrong),
        }
    }

    /// Hands a token to what is open.
    pub(super) fn take(&mut self, token: Token) -> Step {
        match self.stack.last_mut() {
            Some(Frame::List(_)) => self.list(&token),
            Some(Frame::Case(patterns, _)) => {
                let next = patterns.after(self.text, &token)?;
                self.clause(next);
                Ok(())
            }
            Some(Frame::Cond(cond)) => {
                if cond.after(self.text, &token)? {
                    self.pop();
                }
                Ok(())
            }
            Some(Frame::Array) => match token {
                Token::Word { .. } | Token::Newline => Ok(()),
                Token::Close => {
                    self.pop();
                    Ok(())
                }
                Token::Nothing => Err(End::Open),
                _ => Err(End::Wrong),
            },
            _ => Err(End::Wrong),
        }
    }

    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    pub(super) fn begins(&self, what: &str) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    pub(super) fn push(&mut self, frame: Frame) {
        self.stack.push(frame);
    }

    pub(super) fn pop(&mut self) {
        let function = match self.stack.pop() {
            Some(Frame::List(list)) => {
                if let Some(base) = list.base {
                    self.base = base;
                    self.inside = self.inside.saturating_sub(1);
                }
                list.function
            }
            Some(Frame::Case(_, function)) => function,
            _ => false,
        };
        self.functions = self.functions.saturating_sub(usize::from(function));
    }

    /// Moves on by `bytes`, which count as steps.
    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
        self.left = self.left.saturating_sub(bytes / 8);
    }

    /// Opens `$(`, `<(` or `>(`: what it holds is a program of its own.
    pub(super) fn substitute(&mut self, opening: usize) {
        let list = List::substitution(self.base);
        self.base = self.pending.len();
        self.inside += 1;
        self.advance(opening);
        self.push(Frame::List(list));
    }

    /// Opens `((`, remembering where it began.
    pub(super) fn arithmetic(&mut self, in_for: bool) {
        let mark = Mark {
            start: self.at,
            found: self.found.simples.len(),
            pending: self.pending.len(),
            base: self.base,
            inside: self.inside,
            functions: self.functions,
        };
        let kind = if in_for { Counted::For(0) } else { Counted::Command(mark) };
        self.advance(2);
        self.push(Frame::Matched(Matched { open: b'(', close: b')', depth: 1, kind }));
    }

    /// `((` was not closed by `))`: it opens two subshells.
    pub(super) fn two_subshells(&mut self, mark: Mark) {
        self.at = mark.start;
        self.found.simples.truncate(mark.found);
        self.pending.truncate(mark.pending);
        (self.base, self.inside, self.functions) = (mark.base, mark.inside, mark.functions);
        self.subshells_at = Some(mark.start);
    }

    /// Reads the texts of the here-documents that begin on the next line.
    pub(super) fn here_documents(&mut self) -> Step {
        let due: Vec<HereDocument> = self.pending.split_off(self.base.min(self.pending.len()));
        due.into_iter().try_for_each(|document| self.here_document(&document))
    }

    fn here_document(&mut self, document: &HereDocument) -> Step {
        let start = self.at;
        loop {
            let line_start = self.at;
            let Some(line) = self.logical_line(document.quoted) else { return Err(End::Open) };
            let compared = if document.tabs { line.trim_start_matches('\t') } else { &line };
            let rest = compared.strip_prefix(document.delimiter.as_str());
            let ends = match rest {
                Some("") => true,
                // Inside of a substitution the bracket that closes it may stand on the line.
                Some(rest) if self.inside > 0 && rest.contains(')') => {
                    self.at -=
                        rest.len() + usize::from(self.text.get(..self.at).is_some_and(|t| t.ends_with('\n')));
                    true
                }
                _ => false,
            };
            if ends {
                let text = start..line_start;
                self.found.put(document.reader, Put::HereText(text));
                return Ok(());
            }
        }
    }

    /// The next line without its end; lines that a backslash joins are one, unless `raw`.
    fn logical_line(&mut self, raw: bool) -> Option<String> {
        let mut whole = String::new();
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let line = rest.split_inclusive('\n').next()?;
            self.advance(line.len());
            let Some(body) = line.strip_suffix('\n') else {
                whole.push_str(line);
                return Some(whole);
            };
            let joined = !raw && body.bytes().rev().take_while(|b| *b == b'\\').count() % 2 == 1;
            if !joined {
                whole.push_str(body);
                return Some(whole);
            }
            whole.push_str(body.strip_suffix('\\').unwrap_or(body));
        }
    }
}
