//! What stands on a line of a document and can be corrected, with a key that names it and nothing else.

use super::super::markdown::{Element, ElementKind, Lines, elements};
use super::super::model::{Command, Runbook};
use super::correction::Correction;
use super::find::place_of;
use super::key::{key_of_fence, key_of_heading};

/// Something in a document that a correction can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its key.
    pub of: String,
    /// Its first line.
    pub line: usize,
    /// What it is.
    pub what: Matter,
}

/// What a correction is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matter {
    /// A heading, and the section under it.
    Heading,
    /// A command of a fence, or one that is told in words.
    Command,
    /// A fence as a whole.
    Fence,
    /// Work that is told in words.
    Words,
}

/// What stands on a line; none where nothing does that a correction could change.
///
/// The key survives edits where its words name nothing else in the document; else it is the line.
pub fn subject(runbook: &Runbook, line: usize) -> Option<Subject> {
    let document = &*runbook.source;
    let elements = elements(document, &Lines::of(document));
    let holds = |e: &&Element| (e.span.line..=e.span.end_line.max(e.span.line)).contains(&line);
    // Of an item and what stands in it the inner one.
    let element = elements.iter().filter(holds).max_by_key(|e| e.span.line)?;
    let first = element.span.line;
    match &element.kind {
        ElementKind::Heading(level, title) => {
            let mut path: Vec<(u8, &str)> = Vec::new();
            for above in elements.iter().take_while(|e| e.span.line < first) {
                if let ElementKind::Heading(above, title) = &above.kind {
                    path.retain(|(outer, _)| outer < above);
                    path.push((*above, title));
                }
            }
            path.retain(|(outer, _)| outer < level);
            let mut titles: Vec<&str> = path.into_iter().map(|(_, title)| title).collect();
            titles.push(title);
            let keys = [key_of_heading(&titles)];
            Some(Subject { of: key(document, &keys, first, first), line: first, what: Matter::Heading })
        }
        ElementKind::Code(code) => {
            // The lines of a command, or of what was taken for none among commands.
            let Some((own, text)) = command(runbook, line)
                .map(|command| (command.span.line, command.text.as_str()))
                .filter(|(own, _)| *own > first || !code.fenced)
                .or_else(|| among(runbook, line))
            else {
                let of = key(document, &[key_of_fence(&code.text)], first, first);
                return Some(Subject { of, line: first, what: Matter::Fence });
            };
            let keys = [key_of_fence(text), key_of_fence(text.lines().next()?)];
            // A fence that holds one command is named as that command is.
            let alone = text.trim() == code.text.trim();
            let of = key(document, &keys, own, if alone { first } else { own });
            Some(Subject { of, line: own, what: Matter::Command })
        }
        ElementKind::Item { text, .. } | ElementKind::Paragraph { text, .. } => {
            let command = command(runbook, line)?;
            let what =
                if command.kind == crate::shell::Kind::Manual { Matter::Words } else { Matter::Command };
            Some(Subject { of: key(document, &[key_of_fence(text)], first, first), line: first, what })
        }
        ElementKind::Table { .. } => {
            let command = command(runbook, line)?;
            let line = command.span.line;
            Some(Subject { of: format!("line {line}"), line, what: Matter::Command })
        }
    }
}

/// The command that stands on a line, wherever that is.
fn command(runbook: &Runbook, line: usize) -> Option<&Command> {
    let on = |c: &&Command| (c.span.line..=c.span.end_line.max(c.span.line)).contains(&line);
    runbook.all_commands().into_iter().find(on)
}

/// Lines on which something stands that was taken for no command, in a fence that has some.
fn among(runbook: &Runbook, line: usize) -> Option<(usize, &str)> {
    let blocks = runbook.all_blocks().into_iter().filter(|block| !block.commands.is_empty());
    let others = blocks.flat_map(|block| block.other.iter().filter(|o| o.line > block.span.line));
    let on = others.filter(|other| (other.line..=other.end_line).contains(&line));
    on.map(|other| (other.line, other.text.as_str())).next()
}

/// The first key that names what begins on one of two lines and nothing else; else the line.
fn key(document: &str, keys: &[String], line: usize, other: usize) -> String {
    let names = |of: &&String| {
        let correction = Correction { of: (*of).clone(), words: String::new(), by: String::new() };
        place_of(document, &correction).is_some_and(|(at, _)| at == line || at == other)
    };
    keys.iter().find(names).cloned().unwrap_or_else(|| format!("line {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    #[test]
    fn keys_name_one_thing_only() {
        let text = "# Shop\n\n## Deployment\n\n### Verify\n\n```bash\ncurl -f http://shop/health\n./deploy.sh \\\n  --all\necho done\n```\n\n\
            ## Rollback\n\n### Verify\n\n```bash\necho done\n```\n\n```bash\n$ docker ps\n```\n\n```\nLOG=info\n```\n";
        let book = read(text);
        let at = |line| subject(&book, line).map(|s| (s.of, s.line, s.what));
        assert_eq!(at(5), Some(("Shop > Deployment > Verify".into(), 5, Matter::Heading)));
        assert_eq!(at(16).map(|found| found.0), Some("Shop > Rollback > Verify".into()));
        let (of, line, what) = at(8).unwrap();
        assert!(of.starts_with("curl -f http://shop/health #") && (line, what) == (8, Matter::Command));
        // A command of several lines is one, wherever it is looked at.
        assert_eq!(at(10).map(|found| (found.1, found.2)), Some((9, Matter::Command)));
        // What stands twice is named by its line.
        assert_eq!(at(11).map(|found| found.0), Some("line 11".into()));
        assert_eq!(at(12).map(|found| (found.1, found.2)), Some((7, Matter::Fence)));
        assert_eq!(at(6), None);
        for line in 1..=book.source.lines().count() {
            let Some(found) = subject(&book, line) else { continue };
            let correction = Correction { of: found.of.clone(), words: "skip".into(), by: "ada".into() };
            let (place, _) = place_of(&book.source, &correction).unwrap();
            assert!(place == found.line || place + 1 == found.line, "{found:?} is found on {place}");
        }
    }
}
