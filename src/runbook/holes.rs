//! Holes in a script: text that somebody has to replace before it can run.
//!
//! They are found before any grammar sees the text, which takes `-a <password> ping` for two redirections.

mod beside;
mod brackets;
pub(super) mod candidate;
mod own;
mod shapes;
mod words;

use std::ops::Range;

use super::data;
use beside::line_before;
pub(super) use candidate::{Candidate, Shape};
pub use candidate::{ELLIPSIS, Hole};

/// Finds the holes of a script.
pub fn holes(script: &str) -> Vec<Hole> {
    holes_and_doubts(script).0
}

/// The holes of a script, and what may be a placeholder or is meant as it stands: nobody can tell.
pub fn holes_and_doubts(script: &str) -> (Vec<Hole>, Vec<Hole>) {
    let (doubts, holes): (Vec<Candidate>, Vec<Candidate>) =
        found(script).into_iter().partition(|c| c.doubtful);
    let only = |found: Vec<Candidate>| found.into_iter().map(|c| c.hole).collect();
    (only(holes), only(doubts))
}

/// The holes of words for a reader: only what is written as one. `your-host` there is a phrase.
pub fn explicit(prose: &str) -> Vec<Hole> {
    let mut found = brackets::angles(prose);
    found.extend(brackets::templates(prose));
    found.extend(brackets::delimited(prose));
    let link = |name: &str| name.contains("://") || name.contains('@');
    found.retain(|c| !data::is_nothing(&c.hole.name));
    // In prose these quote a word, such as the name of a button.
    let quoted = |c: &Candidate| {
        prose
            .get(c.hole.at.clone())
            .is_some_and(|text| text.starts_with(['「', '『', '“', '«', '‹', '《', '〈']))
    };
    found.retain(|c| {
        let named = !data::is_tag(&c.hole.name) && c.hole.name != ELLIPSIS && !link(&c.hole.name);
        named && !quoted(c)
    });
    by_variable(prose, apart(found)).into_iter().map(|c| c.hole).collect()
}

/// The holes of a block in another language than the shell's, which a person enters somewhere: what its own signs
/// could be is none.
pub fn in_other_language(text: &str, language: &str) -> Vec<Hole> {
    const MARKUP: &[&str] = &[
        "html",
        "xml",
        "jsx",
        "tsx",
        "vue",
        "svg",
        "svelte",
        "java",
        "kotlin",
        "cpp",
        "c",
        "csharp",
        "cs",
        "ts",
        "typescript",
        "rust",
        "go",
        "swift",
        "dart",
        "php",
        "erb",
        "groovy",
        "diff",
    ];
    const TEMPLATES: &[&str] = &[
        "yaml",
        "yml",
        "jinja",
        "jinja2",
        "j2",
        "helm",
        "hcl",
        "terraform",
        "go",
        "vue",
        "html",
        "handlebars",
        "toml",
    ];
    let mut found = words::find(text);
    found.retain(|c| matches!(c.shape, Shape::Word | Shape::Crossed) && !c.doubtful);
    if !MARKUP.contains(&language) {
        found.extend(brackets::angles(text));
    }
    if !TEMPLATES.contains(&language) {
        found.extend(brackets::templates(text));
    }
    // `From: Ada <ada@example.com>`, and `<none>` of a listing.
    let address = |c: &Candidate| c.shape == Shape::Angle && data::is_address_in(text, &c.hole);
    found.retain(|c| !data::is_tag(&c.hole.name) && c.hole.name != ELLIPSIS && !address(c));
    found.retain(|c| !data::is_nothing(&c.hole.name));
    by_variable(text, apart(found)).into_iter().map(|c| c.hole).collect()
}

fn found(script: &str) -> Vec<Candidate> {
    let mut found = brackets::find(script);
    found.extend(own::find(script));
    found.extend(words::find(script));
    found.extend(shapes::find(script));
    if found.is_empty() {
        return found;
    }
    let comments = trailing_comments(script);
    found.retain(|c| !comments.iter().any(|r| r.contains(&c.hole.at.start)));
    let mut found = by_variable(script, apart(data::without_data(script, found)));
    // Where one is certain, the command asks already.
    if found.iter().any(|c| !c.doubtful) && found.iter().any(|c| c.doubtful) {
        let lines = |c: &Candidate| script[..c.hole.at.start].matches('\n').count();
        let sure: Vec<usize> = found.iter().filter(|c| !c.doubtful).map(lines).collect();
        found.retain(|c| !c.doubtful || !sure.contains(&lines(c)));
    }
    found
}

/// Each byte belongs to one hole: to the one that begins first, and of those to the longest.
fn apart(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by_key(|c| (c.hole.at.start, std::cmp::Reverse(c.hole.at.end)));
    let mut last = 0;
    found.retain(|c| {
        let fresh = c.hole.at.start >= last;
        if fresh {
            last = c.hole.at.end;
        }
        fresh
    });
    found
}

/// `SYSTEM=<value>`: a word that says nothing but that it is a value is called by the variable that it is given to, or two
/// of them would be one.
fn by_variable(script: &str, mut found: Vec<Candidate>) -> Vec<Candidate> {
    #[rustfmt::skip] // words, many to a line
    const VALUES: &[&str] = &[
        "value", "your value", "your-value", "your_value", "the value", "wert", "valeur", "valor", "valore", "wartość", "wartosc", "waarde",
        "değer", "deger", "nilai", "giá trị", "значение", "значення", "值", "値", "값",
    ];
    for candidate in found.iter_mut().filter(|c| VALUES.contains(&c.hole.name.to_lowercase().as_str())) {
        let line = line_before(script, candidate.hole.at.start).trim_end_matches(['"', '\'']);
        let Some(ahead) = line.strip_suffix('=') else { continue };
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = ahead.get(ahead.trim_end_matches(part).len()..).unwrap_or("");
        if name.len() > 1 && !name.starts_with(|c: char| c.is_ascii_digit()) {
            name.clone_into(&mut candidate.hole.name);
        }
    }
    found
}

/// What stands behind a command on its line: nobody has to fill it.
fn trailing_comments(script: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in script.split_inclusive('\n') {
        let (mut single, mut double) = (false, false);
        let begins = line.trim_start().starts_with('#');
        let mut before = ' ';
        for (place, c) in line.char_indices() {
            match c {
                '\'' if !double => single = !single,
                '"' if !single => double = !double,
                '#' if !begins && !single && !double && before.is_whitespace() => {
                    found.push(at + place..at + line.len());
                    break;
                }
                _ => {}
            }
            before = c;
        }
        at += line.len();
    }
    found
}

/// Replaces holes by letters of the same length, so that grammar and spans stay true. A path is a word as it stands, and
/// its name says what it is: `/path/to/backup.sql`.
pub fn mask(script: &str, holes: &[Hole]) -> String {
    let mut masked = script.to_owned();
    let path = |hole: &&Hole| script.get(hole.at.clone()).is_some_and(|text| text.starts_with('/'));
    for hole in holes.iter().filter(|hole| !path(hole)) {
        masked.replace_range(hole.at.clone(), &"x".repeat(hole.at.len()));
    }
    masked
}

#[cfg(test)]
mod tests;
