//! Reads the comments of a fence: what they say of commands around them, and commands that are commented out.

use super::super::comments;
use super::super::expect;
use super::super::model::{Block, Command, Expectation, Line};
use super::super::parameters::{Hole, holes};
use super::super::vocabulary::{Words, begins};
use super::super::words::numbered;
use super::fence::Reader;
use super::made::manual_command;
use super::piece;
use super::scope::Scope;
use super::walk::Walk;
use super::ways::{Mark, MarkKind};
use crate::shell::{self, Effect, Kind, Piece, PieceKind};

/// Comment lines without a blank line between them, and what stands around them.
pub(super) struct Group<'g> {
    pub(super) script: &'g str,
    pub(super) lines: &'g [Piece],
    /// What follows, where it is no region.
    pub(super) next: Option<&'g Piece>,
    /// A blank line stands before them.
    pub(super) apart: bool,
}

impl Group<'_> {
    fn text(&self, at: usize) -> &str {
        let line = self.lines.get(at).and_then(|piece| self.script.get(piece.span.clone()));
        comments::comment_text(line.unwrap_or(""))
    }

    /// The command right below, without a blank line between.
    fn below(&self) -> Option<&str> {
        let next = self.next.filter(|n| matches!(n.kind, PieceKind::Command { .. }))?;
        let end = self.lines.last().map_or(0, |p| p.span.end);
        let gap = self.script.get(end..next.span.start)?;
        let text = self.script.get(next.span.clone()).filter(|_| gap.matches('\n').count() <= 1)?;
        // What a command shows is none: `[]  # or a list`.
        (!matches!(piece::piece(text, true), piece::Piece::Other("output"))).then_some(text)
    }

    /// Whether one of the lines from `from` up to `to` tells something of what follows.
    fn tells(&self, from: usize, to: usize) -> bool {
        (from..to).map(|at| self.text(at)).any(|text| {
            !text.is_empty()
                && !text.starts_with("gonogo:")
                && !comments::is_rule(text)
                && !comments::is_expectation(text)
        })
    }
}

impl Group<'_> {
    /// Whether it is one of several numbered comments and, up to the next of them, no command follows: what it says is
    /// done by hand, whatever it begins with.
    fn is_number_without_command(&self) -> bool {
        let is_number = |line: &str| {
            line.trim_start().starts_with('#') && numbered(comments::comment_text(line)).is_some()
        };
        let end = self.lines.last().map_or(0, |piece| piece.span.end);
        let rest = self.script.get(end..).unwrap_or_default();
        let mut until_next = rest.lines().take_while(|line| !is_number(line));
        let does = |line: &str| {
            let text = comments::comment_text(line);
            !line.trim_start().starts_with('#') && !text.is_empty() || comments::looks_like_command(text)
        };
        numbered(self.text(0)).is_some_and(|(_, words)| words.contains(' '))
            && !self.is_timed_wait()
            && !until_next.any(does)
            && self.script.lines().filter(|line| is_number(line)).count() > 1
    }

    /// Whether what follows, if with a blank line between, changes the file that it names: then it says what that does,
    /// and whoever did it by hand would do it twice.
    fn tells_of_next(&self) -> bool {
        let next = self.next.filter(|next| matches!(next.kind, PieceKind::Command { .. }));
        let Some(command) = next.and_then(|next| self.script.get(next.span.clone())) else { return false };
        let text = (0..self.lines.len()).map(|at| self.text(at)).collect::<Vec<_>>().join(" ");
        let is_file = |word: &&str| {
            let named = word
                .rsplit_once('.')
                .is_some_and(|(name, end)| !name.is_empty() && (1..=5).contains(&end.len()));
            named || word.trim_matches('/').contains('/')
        };
        let part = |c: char| c.is_whitespace() || "`\"'(),:;".contains(c);
        let mut files = text.split(part).map(|word| word.trim_end_matches('.')).filter(is_file);
        shell::classify(command).effect != Effect::Reads
            && files.any(|file| command.split(part).any(|word| word == file))
    }

    /// Whether it asks to wait for a time that the next command is due after.
    fn is_timed_wait(&self) -> bool {
        self.next.is_some() && comments::wait_s(self.text(0)).is_some()
    }

    /// Whether it asks to wait for something, without a time, and what follows neither stands right below nor looks
    /// for itself.
    fn is_wait_of_its_own(&self) -> bool {
        let next = self.next.filter(|next| matches!(next.kind, PieceKind::Command { .. }));
        let waits = |text: &str| {
            let looks = shell::classify(text);
            looks.effect == Effect::Reads
                || looks.kind == Kind::Follow
                || WAITING.iter().any(|w| text.starts_with(w))
        };
        let text = self.text(0);
        comments::asks_to_wait(text)
            && !self.is_timed_wait()
            && !next.and_then(|next| self.script.get(next.span.clone())).is_some_and(waits)
    }
}

/// What a command begins with that waits itself.
const WAITING: [&str; 5] = ["sleep", "until", "while", "wait", "timeout"];

impl Reader<'_> {
    pub(super) fn comments(&self, group: &Group<'_>, walk: &mut Walk, block: &mut Block) {
        walk.paragraph(block);
        let marks = walk.marks.len();
        let above_command = group.below().is_some();
        let mut ran = false;
        let mut at = 0;
        while at < group.lines.len() {
            let text = group.text(at);
            let line = Line { line: self.line(group.lines[at].span.start), text: text.to_owned() };
            walk.claim_open = None;
            if text.starts_with("gonogo:") {
                // A correction corrects how something is read, and nothing of what is run.
                at += 1;
                continue;
            }
            if text.is_empty() || comments::is_rule(text) {
                walk.scope.lines.extend((!text.is_empty()).then_some(line));
            } else if !above_command && self.goes_with_above(group, &line, block) {
                // It says what to enter there, or shows the answer: nothing is to be done besides.
                ran = true;
            } else if comments::is_expectation(text) && (!above_command || comments::opens_expectation(text))
            {
                at = self.claim(group, at, walk, block);
            } else if let Some(offered) = self.offered(group, at, walk) {
                // "Or" leads to what is commented out, and not to what follows that.
                walk.marks.iter_mut().skip(marks).for_each(|mark| mark.kind = MarkKind::Remark);
                block.commands.push(offered);
                ran = true;
            } else {
                walk.mark(group, text, &line, block.commands.len());
                walk.scope.remark(text, line);
            }
            at += 1;
        }
        if !above_command && !ran && walk.marks.iter().skip(marks).all(Mark::is_remark) {
            self.act(group, walk, block);
        }
    }

    /// Whether a comment right below a command belongs to that: what to do in the editor that it opens, or the object
    /// that it answers with.
    fn goes_with_above(&self, group: &Group<'_>, line: &Line, block: &mut Block) -> bool {
        let Some(command) = block.commands.last_mut().filter(|c| !c.commented && !group.apart) else {
            return false;
        };
        if self.line(group.lines.first().map_or(0, |piece| piece.span.start)) != command.span.end_line + 1 {
            return false;
        }
        let object = expect::pattern(&line.text).is_some_and(|found| found.is_object());
        if object && command.effect == Effect::Reads {
            command.expects.push(Expectation::under(line.line, &line.text));
            return true;
        }
        let enters = command.kind == Kind::Interactive || asks_for_keys(group.text(0));
        if enters && !comments::is_expectation(&line.text) {
            let about = command.about.get_or_insert_default();
            about.push_str(if about.is_empty() { "" } else { "\n" });
            about.push_str(&line.text);
            block.notes.push(line.clone());
            return true;
        }
        false
    }

    /// Takes an expectation that begins at a line; the last line that it takes.
    fn claim(&self, group: &Group<'_>, first: usize, walk: &mut Walk, block: &mut Block) -> usize {
        let mut words = group.text(first).to_owned();
        let mut at = first;
        // "Should see:" takes all of its group, an open bracket what closes it.
        let takes_all = words.ends_with([':', '：']);
        while at + 1 < group.lines.len() && (takes_all || comments::goes_on(&words)) {
            at += 1;
            words.push('\n');
            words.push_str(group.text(at));
        }
        let line = self.line(group.lines[first].span.start);
        walk.claim_open = (takes_all && at == first).then_some(line);
        let expected = Expectation::read(line, words);
        // What comes under words about the command below, or in a paragraph of its own with it, is about that one.
        let led = group.tells(0, first);
        let alone = group.apart && !group.tells(at + 1, group.lines.len());
        let is_below = match group.below() {
            Some(_) => led || alone,
            None => led && comments::is_act(group.text(0)),
        };
        let above = block.commands.iter_mut().rev().find(|c| !c.alternative || c.expects.is_empty());
        match above.filter(|_| !is_below) {
            Some(command) => command.expects.push(expected),
            None => walk.scope.expects.push(expected),
        }
        at
    }

    /// A command that is commented out: under words such as "Or" it is another way, else it may be run where it
    /// is clearly a command. What stands uncommented below it is never another way because of it.
    fn offered(&self, group: &Group<'_>, at: usize, walk: &mut Walk) -> Option<Command> {
        let span = group.lines.get(at)?.span.clone();
        let line = group.script.get(span.clone())?;
        let text = comments::comment_text(line);
        // "Or: docker compose up -d" is both at once.
        let led = comments::options::behind_other_way(text).filter(|text| comments::looks_like_command(text));
        let scope = &mut walk.scope;
        let leads = led.is_some() || scope.alternative || scope.optional || scope.condition.is_some();
        let text = led.unwrap_or(text);
        let below = group.below().unwrap_or("");
        if !comments::looks_like_command(text) || !leads && !piece::is_clearly_run(text, below) {
            return None;
        }
        let start = span.start + line.find(text)?;
        let piece = Piece { span: start..start + text.len(), kind: PieceKind::Command { parses: true } };
        let own = holes(text).into_iter();
        let own: Vec<Hole> = own.map(|h| Hole { at: start + h.at.start..start + h.at.end, ..h }).collect();
        let mut command = scope.give(self.command(group.script, &piece, &own));
        command.optional |= !leads;
        (command.alternative, command.commented) = (true, true);
        let more = comments::looks_like_command(group.text(at + 1));
        if leads && !more {
            let expects = std::mem::take(&mut scope.expects);
            *scope = Scope { expects, ..walk.base.clone() };
        }
        Some(command)
    }

    /// Comments that tell somebody to do what no command does are done by hand, in their place.
    fn act(&self, group: &Group<'_>, walk: &mut Walk, block: &mut Block) {
        let first = group.text(0);
        let alone = group.is_number_without_command() || group.is_wait_of_its_own();
        if !comments::is_act(first) && !alone || comments::is_expectation(first) || group.tells_of_next() {
            return;
        }
        let said = (0..group.lines.len()).take_while(|at| !comments::is_expectation(group.text(*at)));
        let words: Vec<&str> = said.map(|at| group.text(at)).collect();
        let end = group.lines.get(words.len() - 1).map_or(0, |p| p.span.end);
        let command = manual_command(words.join("\n"), self.span(group.lines[0].span.start..end));
        let alternative = comments::is_other_way(first);
        walk.scope.lines.retain(|line| line.line > command.span.end_line);
        let expects = std::mem::take(&mut walk.scope.expects);
        let scope = walk.scope.clone();
        let mut own = Scope { about: vec![], alternative, expects, lines: vec![], ..scope };
        block.commands.push(own.give(command));
    }
}

/// Whether words say what to answer to what the command above asks: "Follow the prompts:".
fn asks_for_keys(text: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const ASKS: Words = &[
        "follow prompts", "follow the prompts", "follow the instructions", "answer the prompts", "answer the questions", "at the prompt", "when prompted", "enter when asked", "den anweisungen folgen", "folgen sie den anweisungen", "suivre les instructions", "suivez les instructions", "seguir las instrucciones", "siga las instrucciones",
        "seguir as instruções", "siga as instruções", "seguire le istruzioni", "postępuj zgodnie", "следуйте инструкциям", "отвечайте на вопросы", "按提示", "根据提示", "プロンプトに従",
    ];
    begins(text, ASKS)
}

impl Walk {
    /// Notes where alternatives begin, and where words begin something else.
    fn mark(&mut self, group: &Group<'_>, text: &str, line: &Line, at: usize) {
        // "Edit the file" and "or build it anew" below it are one thing to do.
        let goes_on = group.text(0) != text && group.below().is_none();
        let kind = if let Some(name) = self.options.name(text) {
            MarkKind::Option(name)
        } else if comments::is_other_way(text) && !goes_on {
            MarkKind::Or { words: text.to_owned(), alone: group.apart && group.below().is_none() }
        } else {
            MarkKind::Remark
        };
        let number = numbered(text).and_then(|(number, _)| number.split('.').next()?.parse().ok());
        let above = self.marks.iter_mut().rev().find(|m| m.at == at && m.until + 1 == line.line);
        if kind == MarkKind::Remark
            && let Some(above) = above
        {
            // It goes on with what the line above says.
            above.until = line.line;
            above.number = number.or(above.number);
            return;
        }
        self.marks.push(Mark { at, kind, line: line.line, until: line.line, number });
    }
}
