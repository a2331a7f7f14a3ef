//! Holes in a script: text that somebody has to replace before it can run.
//!
//! They are found before any grammar sees the text, which takes `-a <password> ping` for two redirections.

mod brackets;
mod own;
mod shapes;
mod words;

use std::ops::Range;

use super::data;

/// A hole in a script: text that somebody has to replace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// Its bytes.
    pub at: Range<usize>,
    /// What it asks for.
    pub name: String,
}

/// The name of a hole that stands for "something left out", which no single answer fills.
pub const ELLIPSIS: &str = "...";

/// How a placeholder is written: what else such a text could be depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// `<name>`.
    Angle,
    /// `{{ name }}`, `${{ name }}`.
    Template,
    /// `{name}`.
    Curly,
    /// `[name]`, `[[ name ]]`.
    Square,
    /// Between signs that the shell has no use for: `«name»`, `<% name %>`, `@@NAME@@`.
    Delimited,
    /// `%NAME%`.
    Percent,
    /// `__NAME__`.
    Dunder,
    /// A word that says that it has to be replaced: `CHANGEME`, `your-host`.
    Word,
    /// `TODO`, `TBD`: said of more than values.
    Todo,
    /// A word in letters that no program takes.
    Foreign,
    /// `xxxx`, `app-XXXX`.
    Crossed,
    /// `v1.X.X`, `10.0.4.X`.
    Version,
    /// `YYYYMMDD`.
    Date,
    /// `...`, `abc…`.
    Ellipsis,
    /// `user:pass@host`.
    Account,
}

/// What may be a hole, before it is known what it stands in.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) hole: Hole,
    pub(super) shape: Shape,
    /// It may as well be meant as it stands.
    pub(super) doubtful: bool,
}

impl Candidate {
    fn new(at: Range<usize>, name: impl Into<String>, shape: Shape) -> Self {
        Self { hole: Hole { at, name: name.into() }, shape, doubtful: false }
    }

    fn in_doubt(self) -> Self {
        Self { doubtful: true, ..self }
    }
}

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

/// The character before a byte.
fn before(script: &str, at: usize) -> Option<char> {
    script.get(..at)?.chars().next_back()
}

/// The character at a byte.
fn after(script: &str, at: usize) -> Option<char> {
    script.get(at..)?.chars().next()
}

/// Whether a character is a letter, a digit, or a sign that some scripts write around their letters.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(
            c,
            '\u{300}'..='\u{36f}'
                | '\u{591}'..='\u{5bd}'
                | '\u{64b}'..='\u{65f}'
                | '\u{900}'..='\u{dff}'
                | '\u{e31}'..='\u{e4e}'
                | '\u{200c}'..='\u{200d}'
        )
}

/// The line up to a byte.
fn line_before(script: &str, at: usize) -> &str {
    let text = script.get(..at).unwrap_or("");
    text.get(text.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or("")
}

#[cfg(test)]
mod tests;
