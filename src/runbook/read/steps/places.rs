//! The machines that words of a step name: what is listed below is done there, until another one is named.

use std::collections::BTreeSet;

use super::super::super::comments::{self, places};
use super::super::super::markdown::{Element, ElementKind};
use super::super::super::model::{Command, Step};
use super::super::Reader;
use super::super::titles::{add_condition, each_command};
use super::body::Body;
use crate::shell::Kind;

/// Whether a document tells of more machines than one: only then "On the server:" says something.
pub(in super::super) fn names_several(elements: &[Element]) -> bool {
    let mut servers = BTreeSet::new();
    for element in elements {
        let (ElementKind::Paragraph { text, .. }
        | ElementKind::Item { text, .. }
        | ElementKind::Heading(_, text)) = &element.kind
        else {
            continue;
        };
        let led = text.trim_end().ends_with([':', '：']) || matches!(element.kind, ElementKind::Heading(..));
        if led && (places::is_elsewhere(text) || places::names_one(text)) {
            return true;
        }
        servers.extend(places::server(text));
    }
    servers.len() > 1
}

impl<'e> Reader<'e> {
    /// The words of a text that name a machine which the shell may not be on.
    fn place_of(&self, text: &str) -> Option<String> {
        let named = places::names_one(text) || self.places && places::server(text).is_some();
        let line = text.lines().next().unwrap_or("").trim().trim_matches('*');
        (named && !comments::opens_expectation(text)).then(|| line.to_owned())
    }

    /// Notes the machine that an item names, or a paragraph that leads to something.
    pub(super) fn goes_to(&self, body: &mut Body<'e>, element: &Element, next: Option<&Element>) {
        let text = match &element.kind {
            ElementKind::Item { text, .. } => text,
            ElementKind::Paragraph { text, .. } => {
                let leads =
                    |next: &Element| matches!(next.kind, ElementKind::Code(_) | ElementKind::Item { .. });
                if !next.is_some_and(leads) {
                    return;
                }
                text
            }
            _ => return,
        };
        if let Some(place) = self.place_of(text) {
            body.place = Some(place);
        } else if places::is_elsewhere(text) {
            body.place = None;
        }
    }

    /// Says of a step's commands what its heading says of where they are run.
    pub(super) fn title_place(&self, step: &mut Step, title: &str) {
        let Some(place) = self.place_of(&format!("{}:", title.trim_end_matches([':', '：']))) else {
            return;
        };
        let place = place.trim_end_matches(':').to_owned();
        let mut connects = false;
        each_command(step, &mut |command| connects |= is_connection(command));
        each_command(step, &mut |command| {
            if !connects {
                asked_at(command, &place);
            }
        });
    }
}

/// Says of commands where they are run. What connects to a machine goes there.
pub(super) fn run_at(place: &mut Option<String>, commands: &mut [Command]) {
    if commands.iter().any(is_connection) {
        *place = None;
    }
    let Some(place) = place else { return };
    for command in commands {
        asked_at(command, place);
    }
}

fn is_connection(command: &Command) -> bool {
    command.text.split_whitespace().take(2).any(|word| word == "ssh" || word == "mosh")
}

fn asked_at(command: &mut Command, place: &str) {
    if command.kind != Kind::Manual && !command.commented && !places::reaches(&command.text) {
        add_condition(command, place);
    }
}
