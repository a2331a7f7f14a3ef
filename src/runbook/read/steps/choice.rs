//! Bullets of which words above them say that one is taken: "Use either the image or the stick:".

use super::super::super::comments;
use super::super::super::comments::choice::leads_to_choice;
use super::super::super::comments::options::is_only_other_way;
use super::super::super::markdown::{Element, ElementKind};
use super::super::super::model::{Step, Way};
use super::super::titles::each_command;
use super::body::Body;

impl Body<'_> {
    /// Notes that words lead to a choice, and where what they lead to ends.
    pub(super) fn chooses(&mut self, element: &Element) {
        match &element.kind {
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } if leads_to_choice(text) => {
                self.choice = Some(element.span.line);
                self.counted =
                    matches!(element.kind, ElementKind::Paragraph { .. }) && element.item.is_none();
            }
            // "or" between two lists: what is listed last is one way, what comes next the other.
            ElementKind::Paragraph { text, .. } if is_only_other_way(text) && element.item.is_none() => {
                if let Some(last) = self.step.substeps.len().checked_sub(1) {
                    self.choice = Some(element.span.line);
                    self.counted = true;
                    self.chosen.push((element.span.line, last));
                }
            }
            // "Choose one of the following:" leads to items that are counted as well, an item to those in it.
            ElementKind::Item { number: Some(_), .. } if !self.counted => self.choice = None,
            ElementKind::Paragraph { .. } if element.item.is_none() => self.choice = None,
            _ => {}
        }
    }

    /// Notes a part made of a bullet as one of the ways that were led to.
    pub(super) fn is_chosen(&mut self, item: &Element, part: usize) {
        let own = item.item.is_none() || !self.counted;
        let listed =
            matches!(item.kind, ElementKind::Item { number, .. } if number.is_none() || self.counted);
        if let Some(line) = self.choice.filter(|_| listed && own) {
            self.chosen.push((line, part));
        }
    }
}

/// Makes ways of the parts that were led to as such, where there are several.
pub(super) fn join(step: &mut Step, chosen: &[(usize, usize)]) {
    let id = step.id.clone();
    for (line, part) in chosen {
        let several = chosen.iter().filter(|(other, _)| other == line).count() > 1;
        let Some(part) = step.substeps.get_mut(*part).filter(|_| several) else { continue };
        let name = part.title.clone();
        each_command(part, &mut |command| {
            if command.way.is_none() {
                command.way = Some(Way { group: format!("{id}@{line}"), name: name.clone() });
            }
        });
    }
}

/// Whether a paragraph is a label for one of several cases.
pub(super) fn names_case(element: &Element) -> bool {
    match &element.kind {
        ElementKind::Paragraph { text, .. } => {
            text.trim_end().trim_end_matches('*').ends_with([':', '：'])
                && comments::apart::case(text).is_some()
        }
        _ => false,
    }
}
