//! Alternatives in the comments of a fence: "Option A" and "Option B", or commands with "Or" between them.
//!
//! Each is a way of one group, the one before the first "Or" too: one is taken, and the others are left out.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::comments::options::Action;
use super::super::comments::{self, options};
use super::super::model::{Command, Way};
use super::fence::Reader;
use super::made::manual_command;
use super::regions::Split;
use super::trailing;
use crate::shell::{Piece, PieceKind};

/// A place between commands that alternatives begin or end at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// How many commands stand before it.
    pub(super) at: usize,
    pub(super) kind: MarkKind,
    /// Its line; 0 for a blank one.
    pub(super) line: usize,
    /// The last line of what it says.
    pub(super) until: usize,
    /// The last number that its comment counts to: "# 2. Log in".
    pub(super) number: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    Blank,
    /// A comment that tells something of what follows.
    Remark,
    /// "Option B: …", with its words.
    Option(String),
    /// "Or …", with its words; `alone` in a paragraph of its own.
    Or {
        words: String,
        alone: bool,
    },
}

impl Mark {
    pub(super) fn blank(at: usize) -> Self {
        Self { at, kind: MarkKind::Blank, line: 0, until: 0, number: None }
    }

    pub(super) fn is_remark(&self) -> bool {
        self.kind == MarkKind::Remark
    }

    fn leads(&self) -> bool {
        matches!(self.kind, MarkKind::Option(_) | MarkKind::Or { .. })
    }

    fn option(&self) -> Option<&str> {
        match &self.kind {
            MarkKind::Option(name) => Some(name),
            _ => None,
        }
    }
}

/// The comments of a fence that name an option each.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    named: Vec<String>,
}

impl Options {
    /// Finds them: which comments are options may only be told from all of them.
    pub(super) fn of(script: &str, split: &Split, before: &str) -> Self {
        let comment =
            |piece: &&Piece| piece.kind == PieceKind::Comment && split.region(piece.span.start).is_none();
        let texts = split.pieces.iter().filter(comment).filter_map(|p| script.get(p.span.clone()));
        let texts: Vec<&str> = texts.map(comments::comment_text).filter(|t| !t.is_empty()).collect();
        let label = before.lines().last().unwrap_or("");
        Self { named: options::named(&texts, label) }
    }

    /// The name of the option that a comment begins.
    pub(super) fn name(&self, text: &str) -> Option<String> {
        let found = self.named.iter().find(|name| *name == text)?;
        Some(found.trim_end_matches([':', '：']).trim_end().to_owned())
    }
}

/// One alternative: its name, the mark that begins it, and its commands.
struct Alternative<'m> {
    name: String,
    mark: Option<&'m Mark>,
    commands: Range<usize>,
}

/// Makes ways of the alternatives of a fence; the lines of those that are done by hand.
pub(super) fn settle(commands: &mut Vec<Command>, marks: &[Mark], reader: &Reader<'_>) -> Vec<usize> {
    let mut by_hand = Vec::new();
    for run in runs(marks) {
        let found = alternatives(commands, marks, &run);
        let stands = |a: &Alternative<'_>| {
            let own = commands.get(a.commands.clone()).unwrap_or_default();
            own.is_empty() || own.iter().any(|c| !c.commented)
        };
        let mut found: Vec<Alternative<'_>> = found.into_iter().filter(stands).collect();
        found.retain(|a| !a.commands.is_empty() || a.mark.is_some_and(|m| m.option().is_some()));
        if found.len() < 2 || found.iter().all(|a| a.commands.is_empty()) {
            continue;
        }
        let line = run.first().map_or(0, |mark| mark.line);
        let group = format!("{}@{line}", reader.context.step);
        for (alternative, name) in found.iter().zip(distinct(&found)) {
            let way = Way { group: group.clone(), name };
            if alternative.commands.is_empty()
                && let Some(mark) = alternative.mark
            {
                let span = reader.context.lines.whole(mark.line);
                let text = alternative.name.clone();
                let command = Command { way: Some(way), ..manual_command(text, span) };
                by_hand.push((alternative.commands.start, command));
                continue;
            }
            let own = commands.get_mut(alternative.commands.clone()).unwrap_or_default();
            for command in own.iter_mut().filter(|c| !c.commented) {
                command.alternative = false;
                command.way.get_or_insert_with(|| way.clone());
            }
        }
    }
    by_place(commands, marks, reader);
    by_action(commands, marks, reader);
    by_hand.sort_by_key(|(at, _)| *at);
    let lines = by_hand.iter().map(|(_, command)| command.span.line).collect();
    for (at, command) in by_hand.into_iter().rev() {
        commands.insert(at.min(commands.len()), command);
    }
    lines
}

/// Commands right below one another with the system that each is for behind it: `brew …  # macOS`, `apt …  # Debian`.
fn by_place(commands: &mut [Command], marks: &[Mark], reader: &Reader<'_>) {
    let place = |command: &Command| {
        let text = trailing::comment_behind(&command.text)
            .filter(|_| command.way.is_none() && !command.commented)?;
        options::place(text).map(|system| (text.to_owned(), system))
    };
    let mut at = 0;
    while at < commands.len() {
        let begins = |index: &usize| *index > at && marks.iter().any(|mark| mark.at == *index);
        let rest = (at..commands.len()).take_while(|index| !begins(index));
        let options: Vec<(String, bool)> =
            rest.map_while(|index| commands.get(index).and_then(place)).collect();
        let mut names: Vec<String> = options.iter().map(|(name, _)| name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        if names.len() > 1 && names.len() == options.len() && options.iter().any(|(_, system)| *system) {
            let line = commands.get(at).map_or(0, |c| c.span.line);
            for (command, (name, _)) in commands.iter_mut().skip(at).zip(&options) {
                command.way =
                    Some(Way { group: format!("{}@{line}", reader.context.step), name: name.clone() });
            }
        }
        at += options.len().max(1);
    }
}

/// Commands of one program right below one another that begin and end the same thing, each with a word for what it does
/// behind it: `up  # start`, `ps  # status`, `down  # remove`. Nobody runs them from the top to the bottom.
fn by_action(commands: &mut [Command], marks: &[Mark], reader: &Reader<'_>) {
    let action = |command: &Command| {
        let free = command.way.is_none() && !command.commented;
        let text = trailing::comment_behind(&command.text).filter(|_| free)?;
        Some((text.to_owned(), program(&command.text), options::action(text)))
    };
    let mut at = 0;
    while at < commands.len() {
        let begins = |index: &usize| *index > at && marks.iter().any(|mark| mark.at == *index);
        let rest = (at..commands.len()).take_while(|index| !begins(index));
        let told: Vec<_> = rest.map_while(|index| commands.get(index).and_then(action)).collect();
        let first = told.first().map(|(_, program, _)| program.clone());
        let told: Vec<_> =
            told.into_iter().take_while(|(_, program, _)| Some(program) == first.as_ref()).collect();
        let starts = told.iter().position(|(.., action)| *action == Some(Action::Begins));
        let ends = told.iter().rposition(|(.., action)| *action == Some(Action::Ends));
        if starts.zip(ends).is_some_and(|(starts, ends)| starts < ends) {
            let line = commands.get(at).map_or(0, |c| c.span.line);
            for (command, (name, ..)) in commands.iter_mut().skip(at).zip(&told) {
                command.way =
                    Some(Way { group: format!("{}@{line}", reader.context.step), name: name.clone() });
            }
        }
        at += told.len().max(1);
    }
}

/// The program of a command, without what only runs it.
fn program(text: &str) -> String {
    text.split_whitespace().find(|word| *word != "sudo").unwrap_or("").to_owned()
}

/// Names that differ: the same words may lead to two of them.
fn distinct(found: &[Alternative<'_>]) -> Vec<String> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for alternative in found {
        let count = seen.entry(&alternative.name).or_default();
        *count += 1;
        let again = if *count > 1 { format!(" ({count})") } else { String::new() };
        names.push(format!("{}{again}", alternative.name));
    }
    names
}

/// Marks that lead to alternatives of one thing: "Or" goes on with what stands above it, and an option that was
/// named before begins another choice.
fn runs(marks: &[Mark]) -> Vec<Vec<&Mark>> {
    let mut runs: Vec<Vec<&Mark>> = Vec::new();
    for (index, mark) in marks.iter().enumerate().filter(|(_, m)| m.leads()) {
        let goes_on = runs.last().is_some_and(|run| match &mark.kind {
            MarkKind::Option(name) => {
                let options = || run.iter().filter_map(|m| m.option());
                options().next().is_some() && !options().any(|n| options::same_label(n, name))
            }
            _ => last_end(mark.at, marks.get(..index).unwrap_or_default(), run) >= mark.at,
        });
        match runs.last_mut().filter(|_| goes_on) {
            Some(run) => run.push(mark),
            None => runs.push(vec![mark]),
        }
    }
    runs
}

fn alternatives<'m>(commands: &[Command], marks: &[Mark], run: &[&'m Mark]) -> Vec<Alternative<'m>> {
    let mut found = Vec::new();
    for (index, mark) in run.iter().enumerate() {
        let end = match run.get(index + 1) {
            Some(next) => next.at,
            None => last_end(commands.len(), marks, run),
        };
        let range = mark.at..end.max(mark.at);
        if index == 0
            && let MarkKind::Or { alone, .. } = mark.kind
        {
            let most = if alone { usize::MAX } else { paragraph(marks, &range) };
            let first = before_or(marks, mark, most);
            found.push(Alternative { name: words_of(commands, &first), mark: None, commands: first });
        }
        let name = match &mark.kind {
            MarkKind::Or { words, .. } if !options::is_only_other_way(words) => words.clone(),
            MarkKind::Option(words) => words.clone(),
            _ => words_of(commands, &range),
        };
        found.push(Alternative { name, mark: Some(*mark), commands: range });
    }
    found
}

/// The first line of the first command.
fn words_of(commands: &[Command], range: &Range<usize>) -> String {
    let first = commands.get(range.start).filter(|_| !range.is_empty());
    first.and_then(|c| c.text.lines().next()).unwrap_or("").to_owned()
}

/// How many commands stand before the first mark inside of a range.
fn paragraph(marks: &[Mark], range: &Range<usize>) -> usize {
    let inside = marks.iter().filter(|m| m.at > range.start && m.at < range.end);
    inside.map(|m| m.at).min().unwrap_or(range.end) - range.start
}

/// The commands above the first "Or" that it is another way of: at most as many of the paragraph as follow it.
fn before_or(marks: &[Mark], mark: &Mark, most: usize) -> Range<usize> {
    let from = marks.iter().filter(|m| m.at < mark.at).map(|m| m.at).max().unwrap_or(0);
    from.max(mark.at.saturating_sub(most.max(1)))..mark.at
}

/// Where the last alternative ends: at the first blank line or comment, unless one of the earlier ones has such in it.
fn last_end(all: usize, marks: &[Mark], run: &[&Mark]) -> usize {
    let Some(last) = run.last() else { return all };
    let inside = |kind: fn(&Mark) -> bool| {
        run.windows(2).any(|pair| {
            let [one, next] = pair else { return false };
            marks.iter().any(|m| kind(m) && m.at > one.at && m.at < next.at)
        })
    };
    let blank = inside(|m| m.kind == MarkKind::Blank);
    let remark = inside(Mark::is_remark);
    let mut counted = last.number;
    for mark in marks.iter().filter(|m| m.at > last.at) {
        let next = marks.iter().find(|m| m.at == mark.at && m.is_remark()).and_then(|m| m.number);
        // "# 2. …" goes on with what the words that lead to it begin to count.
        if next.is_some() && next == counted.map(|n| n + 1) {
            counted = if mark.is_remark() { next } else { counted };
            continue;
        }
        let ends = match mark.kind {
            MarkKind::Blank => !blank,
            MarkKind::Remark => !remark,
            // Another choice begins.
            _ => true,
        };
        if ends {
            return mark.at;
        }
    }
    all
}
