//! Reads one code block: commands with what the comments around them mean, and lines that are none.

mod begins;
mod client;
mod code;
mod command;
mod drawn;
mod fence;
mod lines;
mod made;
mod parts;
mod piece;
mod places;
mod prompt_signs;
mod prompts;
mod regions;
mod remarks;
mod scope;
mod trailing;
mod walk;
mod ways;
mod what;

use super::comments;
use super::doubt::Doubt;
use super::markdown::Code;
use super::model::{Block, CommandId, Expectation, Line, Span};
use super::parameters::{Hole, holes_and_doubts, mask};
use crate::shell::{self, Effect, Kind, Piece, PieceKind};
pub use fence::BlockContext;
use fence::Reader;
pub use made::{manual_command, plain_command};
pub use parts::{Beside, parted};
pub use places::feeds_database;
use regions::Region;
use remarks::Group;
use scope::Scope;
pub use trailing::{arrow, expectation, is_shown};
use walk::Walk;
use what::{Reading, reading};
pub use what::{ends_by_itself, holds_commands, shows_output};

/// Reads one block.
pub fn read_block(code: &Code, span: Span, context: &BlockContext<'_>) -> Block {
    let mut block = Block {
        id: format!("{}#{}", context.step, context.blocks + 1),
        span,
        language: code.language.clone(),
        commands: vec![],
        other: vec![],
        notes: vec![],
    };
    let reader = Reader { code, context };
    match reading(code, context.before) {
        Reading::Shell => reader.shell(&prompts::without_accounts(&code.text), &mut block),
        Reading::Prompts => {
            let root = prompts::root_prompts(code);
            let (script, output) = prompts::prompts(&code.text, root);
            reader.shell(&script, &mut block);
            for command in
                block.commands.iter_mut().filter(|c| root && prompts::may_be_comment(code, &c.text))
            {
                command.doubt = command.doubt.or(Some(Doubt::CommandOrText));
            }
            block.other.extend(output.iter().map(|range| reader.other(range.clone(), "output")));
        }
        Reading::Other(kind) => {
            let ranges = runs(&code.text).into_iter();
            block.other.extend(ranges.map(|range| reader.other(range, kind)));
        }
        Reading::NotShell if context.below && what::is_below(code) => {
            let ranges = runs(&code.text).into_iter();
            block.other.extend(ranges.map(|range| reader.other(range, "output")));
        }
        Reading::NotShell => {
            let end = code.text.trim_end().len();
            if end > 0 {
                block.commands.push(reader.manual(0..end));
            }
        }
    }
    reader.offer(&mut block);
    for (at, command) in block.commands.iter_mut().enumerate() {
        command.id = CommandId(format!("{}/{}", context.step, context.counted + at + 1));
    }
    // One place is asked for once.
    let first = block.commands.iter().find(|c| c.doubt == Some(Doubt::Place)).map(|c| c.id.clone());
    let others = block.commands.iter_mut().filter(|c| c.doubt == Some(Doubt::Place)).skip(1);
    others.for_each(|command| command.asked_with.clone_from(&first));
    block
}

impl Reader<'_> {
    fn shell(&self, script: &str, block: &mut Block) {
        let (found, doubts) = holes_and_doubts(script);
        let split = regions::split(script, &mask(script, &found));
        let base = Scope::of_label(self.context.before);
        let mut walk = Walk {
            scope: base.clone(),
            base,
            client: None,
            elsewhere: places::leads_elsewhere(self.context.before),
            after: None,
            claim_open: None,
            options: ways::Options::of(script, &split, self.context.before),
            marks: vec![],
            apart: false,
            end: 0,
        };
        let mut at = 0;
        while let Some(piece) = split.pieces.get(at) {
            let gap = script.get(walk.end..piece.span.start).unwrap_or("");
            walk.apart = gap.matches('\n').count() > 1;
            if walk.apart {
                walk.marks.push(ways::Mark::blank(block.commands.len()));
            }
            let region = split.region(piece.span.start).filter(|region| !self.is_said(region.at.start));
            if let Some(region) = region {
                self.region(region, &mut walk, block);
                walk.end = region.at.end;
                at = split.pieces.partition_point(|p| p.span.start < region.at.end).max(at + 1);
            } else if piece.kind == PieceKind::Comment {
                let end = group_end(script, &split, at);
                let lines = split.pieces.get(at..end).unwrap_or_default();
                let next = split.pieces.get(end).filter(|p| split.region(p.span.start).is_none());
                let apart = walk.apart;
                self.comments(&Group { script, lines, next, apart }, &mut walk, block);
                walk.after = None;
                walk.end = lines.last().map_or(walk.end, |p| p.span.end);
                at = end;
            } else {
                if walk.apart {
                    walk.paragraph(block);
                }
                self.piece((script, &found, &doubts), piece, &mut walk, block);
                walk.claim_open = None;
                walk.end = piece.span.end;
                at += 1;
            }
        }
        walk.scope.leave(&walk.base, block);
        for expected in std::mem::take(&mut walk.scope.expects) {
            let lines = expected.text.lines().zip(expected.line..);
            block.notes.extend(lines.map(|(text, line)| Line { line, text: text.to_owned() }));
        }
        block.commands.iter_mut().for_each(trailing::settle);
        let by_hand = ways::settle(&mut block.commands, &walk.marks, self);
        block.notes.retain(|note| !by_hand.contains(&note.line));
        block.notes.sort_by_key(|note| note.line);
    }

    /// A piece that is no comment: a command, or lines that are none.
    fn piece(
        &self,
        (script, found, doubts): (&str, &[Hole], &[Hole]),
        piece: &Piece,
        walk: &mut Walk,
        block: &mut Block,
    ) {
        let apart = walk.apart;
        let Some(text) = script.get(piece.span.clone()) else { return };
        let parses = piece.kind == PieceKind::Command { parses: true }
            || found.iter().any(|h| piece.span.contains(&h.at.start));
        walk.client = walk.client.take().and_then(|mut client| client.takes(text).then_some(client));
        let said = self.is_said(piece.span.start);
        if let Some(client) = walk.client.as_ref().filter(|_| !said) {
            block.other.push(self.other(piece.span.clone(), &format!("input of line {}", client.line)));
            return;
        }
        if let Some(words) = trailing::arrow(text).filter(|_| !said) {
            let shown = block.commands.last_mut().filter(|_| !apart && walk.after.is_none());
            match shown.filter(|c| !c.commented && trailing::is_shown(words)) {
                Some(command) => {
                    command.expects.push(Expectation::under(self.line(piece.span.start), words));
                }
                None => self.set_apart(piece.span.clone(), "output", walk, block),
            }
            return;
        }
        let told = match walk.after {
            Some(what) => piece::piece_after(text, parses, what, apart),
            None => piece::piece(text, parses),
        };
        if let piece::Piece::Other(what) = told
            && !said
        {
            if what != "output" || !self.answers(piece.span.clone(), walk, block) {
                self.set_apart(piece.span.clone(), what, walk, block);
            }
            return;
        }
        let mut command = self.command(script, piece, found);
        walk.client = client::Client::opened_by(&command);
        let above = walk.scope.about.join("\n");
        let placeholder = doubts.iter().any(|hole| piece.span.contains(&hole.at.start))
            || command.holes.is_empty()
                && (places::holds_sample(&command, &above, self.context.before)
                    || places::sets_sample(&command, &above, self.context.before));
        // What a comment says of the machine holds for all below it, until another one is named.
        let named = |line: &str| {
            comments::places::server(&format!("{}:", line.trim_end_matches([':', '：']))).is_some()
        };
        walk.elsewhere |= places::is_elsewhere(&above);
        walk.elsewhere &=
            command.kind != Kind::Place && (places::is_elsewhere(&above) || !above.lines().any(named));
        if command.effect == Effect::Changes
            && places::restores_dump(&command, &[&above, self.context.before])
        {
            command.effect = Effect::Destructive;
        }
        command.doubt = command
            .doubt
            .or((told == piece::Piece::Doubt).then_some(Doubt::CommandOrText))
            .or(placeholder.then_some(Doubt::PlaceholderOrLiteral))
            .or((walk.elsewhere || places::is_elsewhere(&above)).then_some(Doubt::Place));
        command.expects.extend(trailing::above(&walk.scope.lines, &command));
        command.expects.extend(trailing::expectation(&command));
        walk.after = None;
        block.commands.push(trailing::conditioned(walk.scope.give(command)));
    }

    /// Lines that are no commands as a whole. What "Expected:" leads to is what the command above shows.
    fn region(&self, region: &Region, walk: &mut Walk, block: &mut Block) {
        if region.what == "output" && self.answers(region.at.clone(), walk, block) {
            return;
        }
        let shown = self.code.text.get(region.at.clone()).and_then(regions::shown);
        let shown = shown.filter(|_| region.what == regions::SHOWN && !walk.apart);
        if let (Some(shown), Some(command)) = (shown, block.commands.last_mut()) {
            let line = self.line(region.at.start) + 1;
            let (text, check, left) = (shown.to_owned(), None, None);
            command.expects.push(Expectation { line, text, check, left, block: false });
        }
        self.set_apart(region.at.clone(), region.what, walk, block);
    }

    /// Takes lines as what "Expected:" right above them leads to; whether it does. A comment behind them goes on with it:
    /// `[]  # or the list of people`.
    fn answers(&self, at: std::ops::Range<usize>, walk: &mut Walk, block: &mut Block) -> bool {
        let open = walk.claim_open.take().filter(|_| !walk.apart);
        let told = block.commands.iter_mut().rev().flat_map(|c| c.expects.iter_mut());
        let claim = told.chain(&mut walk.scope.expects).find(|e| Some(e.line) == open);
        let (Some(claim), Some(shown)) = (claim, self.code.text.get(at)) else { return false };
        let shown = match trailing::comment_behind(shown).filter(|_| !shown.trim().contains('\n')) {
            Some(more) => format!("{} {more}", shown.split('#').next().unwrap_or(shown).trim_end()),
            None => shown.to_owned(),
        };
        *claim = Expectation::read(claim.line, format!("{}\n{shown}", claim.text));
        true
    }

    /// Keeps lines that are no commands, with what they are.
    fn set_apart(
        &self,
        range: std::ops::Range<usize>,
        what: &'static str,
        walk: &mut Walk,
        block: &mut Block,
    ) {
        walk.scope.leave(&walk.base, block);
        walk.after = match what {
            "output" | "text" => Some(what),
            // What a console answers stands behind what was entered.
            "input" => Some("output"),
            _ => None,
        };
        let other = self.other(range, what);
        match block.other.last_mut() {
            Some(last) if last.what == what && last.end_line + 1 == other.line && walk.after.is_some() => {
                last.end_line = other.end_line;
                last.text.push('\n');
                last.text.push_str(&other.text);
            }
            _ => block.other.push(other),
        }
    }

    /// What is to be written or entered somewhere is offered as such: a person does it.
    fn offer(&self, block: &mut Block) {
        let made = block.other.iter().find(|o| what::is_to_be_made(&o.what));
        if !block.commands.is_empty() {
            return;
        }
        let Some(made) = made else { return };
        let label = self.context.before.lines().last().unwrap_or("").trim().trim_end_matches(':');
        let text = match made.what.as_str() {
            _ if !label.is_empty() => label.to_owned(),
            "cron" => "a line for crontab".into(),
            "sql" => "SQL to enter".into(),
            "input" => "lines for the console that is open".into(),
            what => format!("a {what} to write"),
        };
        let span = self.context.lines.whole(block.span.line);
        let mut command = manual_command(text, span);
        if made.what == "sql" {
            command.effect = shell::classify::sql_effect(&prompt_signs::typed(&made.text));
        }
        command.about = Some(made.text.clone());
        // "Set the old protocol (if upgrading from version 2):"
        let said = comments::lead_condition(self.context.before);
        command.condition = said.or_else(|| comments::condition(label));
        block.commands.push(command);
    }
}

/// The lines of a fence as a whole; without those that stand beside the steps, which are blanks there.
fn runs(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut at = 0;
    let mut open = false;
    for line in text.trim_end().split_inclusive('\n') {
        let body = line.trim_end_matches('\n');
        let range = at..at + body.len();
        at += line.len();
        if body.trim().is_empty() {
            open &= body.is_empty();
        } else if let Some(last) = found.last_mut().filter(|_| open) {
            last.end = range.end;
        } else {
            found.push(range);
            open = true;
        }
    }
    found
}

/// The index after the last comment of the run that starts at `at`.
fn group_end(script: &str, split: &regions::Split, at: usize) -> usize {
    let adjacent = |pair: &[Piece]| {
        let gap = pair.first().zip(pair.last()).and_then(|(a, b)| script.get(a.span.end..b.span.start));
        gap.is_some_and(|gap| gap.matches('\n').count() == 1)
    };
    let pieces = split.pieces.get(at..).unwrap_or_default();
    let more = pieces.windows(2).take_while(|pair| {
        let next = pair.last().filter(|p| p.kind == PieceKind::Comment);
        next.is_some_and(|p| split.region(p.span.start).is_none()) && adjacent(pair)
    });
    at + 1 + more.count()
}

#[cfg(test)]
mod tests;
