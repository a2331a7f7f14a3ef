//! A fence with its surroundings, and where a piece of it stands in the document.

use super::super::characters::look_alikes;
use super::super::doubt::Doubt;
use super::super::markdown::{Code, Lines};
use super::super::model::{Command, CommandId, OtherLines, Span, StepId};
use super::super::parameters::{Hole, mask};
use super::made::manual_command;
use crate::shell::{self, Piece, PieceKind};

/// What a block needs to know of its surroundings.
pub struct BlockContext<'c> {
    /// The document's line numbers.
    pub lines: &'c Lines,
    /// What holds the block; command ids count through it.
    pub step: &'c StepId,
    /// The paragraph or label right before the fence.
    pub before: &'c str,
    /// Commands already counted in this step.
    pub counted: usize,
    /// Blocks already counted in this step.
    pub blocks: usize,
    /// It stands right below a fence with commands that end by themselves.
    pub below: bool,
}

/// Reads a fence.
pub(super) struct Reader<'c> {
    pub(super) code: &'c Code,
    pub(super) context: &'c BlockContext<'c>,
}

impl Reader<'_> {
    /// Whether somebody said that what begins at a byte of the fence is a command.
    pub(super) fn is_said(&self, at: usize) -> bool {
        self.code.commands.contains(&self.line(at))
    }

    pub(super) fn command(&self, script: &str, piece: &Piece, found: &[Hole]) -> Command {
        let parses = piece.kind == PieceKind::Command { parses: true };
        let text = &script[piece.span.clone()];
        let inside: Vec<&Hole> =
            found.iter().filter(|h| h.at.start < piece.span.end && piece.span.start < h.at.end).collect();
        let (from, to) = (piece.span.start, piece.span.end);
        let clipped = |h: &&Hole| Hole {
            at: h.at.start.max(from) - from..h.at.end.min(to) - from,
            name: h.name.clone(),
        };
        let clipped: Vec<Hole> = inside.iter().map(clipped).collect();
        let classified = shell::classify(&mask(text, &clipped));
        // In a placeholder such a character is one of its signs.
        let plain = mask(whole_lines(script, &piece.span), &clipped);
        let mut names: Vec<String> = inside.iter().map(|h| h.name.clone()).collect();
        names.dedup();
        Command {
            id: CommandId(String::new()),
            text: text.to_owned(),
            span: self.span(piece.span.clone()),
            about: None,
            kind: classified.kind,
            effect: classified.effect,
            sensitive: classified.sensitive,
            optional: false,
            condition: None,
            asked_with: None,
            timeout_s: None,
            alternative: false,
            commented: false,
            way: None,
            wait_s: None,
            doubt: look_alikes(&plain).iter().any(|c| !c.quoted).then_some(Doubt::LookAlike),
            parses,
            holes: names,
            expects: vec![],
        }
    }

    pub(super) fn manual(&self, range: std::ops::Range<usize>) -> Command {
        let mut command = manual_command(self.code.text[range.clone()].to_owned(), self.span(range));
        if matches!(self.code.language.as_str(), "sql" | "psql" | "pgsql" | "mysql") {
            command.effect = shell::classify::sql_effect(&command.text);
        }
        command
    }

    pub(super) fn other(&self, range: std::ops::Range<usize>, what: &str) -> OtherLines {
        let span = self.span(range.clone());
        OtherLines {
            line: span.line,
            end_line: span.end_line,
            text: self.code.text[range].to_owned(),
            what: what.to_owned(),
        }
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.context.lines.line(self.code.source_byte(at))
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        let last = self.code.source_byte(range.end.max(range.start + 1) - 1);
        self.context.lines.span(self.code.source_byte(range.start), last + 1)
    }
}

/// A piece of a script with what is left of its last line: blanks behind a backslash belong to none.
fn whole_lines<'s>(script: &'s str, span: &std::ops::Range<usize>) -> &'s str {
    let rest = script.get(span.end..).unwrap_or("");
    let blanks = rest.split_inclusive('\n').next().filter(|line| line.trim().is_empty()).map_or(0, str::len);
    script.get(span.start..span.end + blanks).unwrap_or("")
}
