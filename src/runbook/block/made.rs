//! Commands that stand in no fence, or that a person carries out.

use super::super::doubt::Doubt;
use super::super::model::{Command, CommandId, Span};
use super::super::parameters::{holes_and_doubts, mask};
use crate::shell::{self, Effect, Kind};

/// A command that stands in prose, such as a check item's.
pub fn plain_command(id: CommandId, text: &str, span: Span) -> Command {
    let (found, doubts) = holes_and_doubts(text);
    let masked = mask(text, &found);
    let classified = shell::classify(&masked);
    let kind = classified.kind;
    let parses = shell::parse(&masked).is_some();
    let holes = found.into_iter().map(|h| h.name).collect();
    Command {
        id,
        kind,
        effect: classified.effect,
        sensitive: classified.sensitive,
        doubt: (!doubts.is_empty()).then_some(Doubt::PlaceholderOrLiteral),
        parses,
        holes,
        ..manual_command(text.to_owned(), span)
    }
}

/// A command that a person carries out.
pub fn manual_command(text: String, span: Span) -> Command {
    Command {
        id: CommandId(String::new()),
        text,
        span,
        about: None,
        kind: Kind::Manual,
        effect: Effect::Changes,
        sensitive: false,
        optional: false,
        condition: None,
        doubt: None,
        alternative: false,
        asked_with: None,
        timeout_s: None,
        commented: false,
        way: None,
        wait_s: None,
        parses: true,
        holes: vec![],
        expects: vec![],
    }
}
