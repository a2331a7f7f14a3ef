//! The lock as a file: written in one order, read however somebody left it.
//!
//! A line begins with a word that says what it is; indentation, blank lines and lines that begin with `#` are for
//! people. What a line leaves to the reader of a review, such as the first line of a command, stands behind a hash.

use chrono::NaiveDate;
use thiserror::Error;

use super::facts::one_line;
use super::{
    Agreed, FORMAT, Fact, Heading, Judged, Lock, LockedCommand, LockedExpectation, LockedItem, LockedText,
    Marks, Part,
};

/// Why a lock can't be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{line}: {why}")]
pub struct LockError {
    /// The line, from 1.
    pub line: usize,
    /// What is the matter with it.
    pub why: String,
}

const ABOVE: &str = "# What gonogo reads in the runbook beside this file, as agreed on. It is written by `gonogo lock` and\n# compared by `gonogo check --locked`; correct a line that is wrong in the runbook.\n";

impl Lock {
    /// The whole file.
    pub fn render(&self) -> String {
        let by = |by: &str| if by.is_empty() { String::new() } else { format!(" by {by}") };
        let agreed =
            self.agreed.as_ref().map(|a| format!("agreed {}{}\n", a.on, by(&a.by))).unwrap_or_default();
        format!(
            "{ABOVE}\nlock {FORMAT}\nread by gonogo {}\ndocument sha256:{}\n{agreed}\n{}",
            self.gonogo,
            self.sha256,
            self.body()
        )
    }

    /// What was read, without who read it and when.
    pub(super) fn body(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for heading in &self.sections {
            let level = "#".repeat(heading.level);
            lines.push(format!("section {} {level} {}", token(&heading.role), heading.title));
        }
        lines.extend(self.facts.iter().map(|f| {
            let name = if f.name.contains('=') || f.name.starts_with('"') || f.name.is_empty() {
                quoted(&f.name)
            } else {
                f.name.clone()
            };
            let says = if f.says.is_empty() { String::new() } else { format!(" = {}", f.says) };
            format!("{} {name}{says}", f.kind)
        }));
        self.parts.iter().for_each(|part| render_part(part, &mut lines));
        lines.iter().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }

    /// Reads the file.
    pub fn parse(text: &str) -> Result<Self, LockError> {
        let mut reader = Reader::default();
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        for (at, line) in text.lines().enumerate() {
            reader.line(line.trim()).map_err(|why| LockError { line: at + 1, why })?;
        }
        let missing = |what: &str| LockError { line: 1, why: format!("the line \"{what}\" is missing") };
        if !reader.begun {
            return Err(missing("lock 1"));
        }
        if reader.lock.gonogo.is_empty() {
            return Err(missing("read by gonogo VERSION"));
        }
        if reader.lock.sha256.is_empty() {
            return Err(missing("document sha256:…"));
        }
        Ok(reader.lock)
    }
}

fn render_part(part: &Part, lines: &mut Vec<String>) {
    let title = quoted(&part.title);
    lines.push(String::new());
    lines.push(format!("{} {} {title}{}", part.kind, token(&part.id), marks(&part.marks)));
    for item in &part.items {
        lines.push(format!("  item {}{} #{} {}", token(&item.id), marks(&item.marks), item.hash, item.text));
    }
    for command in &part.commands {
        let (id, kind, effect) = (token(&command.id), token(&command.kind), token(&command.effect));
        let marks = marks(&command.marks);
        lines.push(format!("  command {id} {kind} {effect}{marks} #{} {}", command.hash, command.text));
        lines.extend(
            command.expects.iter().map(|e| format!("    {} #{} {}", e.judged.word(), e.hash, e.says)),
        );
    }
    lines.extend(
        part.others.iter().map(|o| format!("  no-command {} #{} {}", token(&o.what), o.hash, o.text)),
    );
}

fn marks(marks: &Marks) -> String {
    let mark = |(name, value): (&String, &String)| {
        if value.is_empty() { format!(" {name}") } else { format!(" {name}={}", token(value)) }
    };
    marks.iter().map(mark).collect()
}

/// A word as it is, anything else in quotes.
fn token(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains([' ', '"', '#', '=']);
    if plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

/// The first word of a text, out of its quotes, and what stands behind it.
fn first(text: &str) -> Result<(String, &str), String> {
    let text = text.trim_start();
    if !text.starts_with('"') {
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        return Ok((word.to_owned(), rest.trim_start()));
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<String>();
    match values.next() {
        Some(Ok(word)) => Ok((word, text.get(values.byte_offset()..).unwrap_or("").trim_start())),
        _ => Err("a quote is not closed".to_owned()),
    }
}

/// Marks up to the hash, the hash, and what stands behind it.
fn marks_and_hash(text: &str) -> Result<(Marks, String, String), String> {
    let (marks, rest) = read_marks(text)?;
    let hash = rest.strip_prefix('#').ok_or("the hash (#…) is missing")?;
    let (hash, shown) = hash.split_once(' ').unwrap_or((hash, ""));
    Ok((marks, hash.to_owned(), shown.trim().to_owned()))
}

/// Marks up to a hash or the end.
fn read_marks(text: &str) -> Result<(Marks, &str), String> {
    let (mut marks, mut rest) = (Marks::new(), text.trim_start());
    while !rest.is_empty() && !rest.starts_with('#') {
        let end = rest.find([' ', '=']).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (value, after) = match behind.strip_prefix('=') {
            Some(value) => first(value)?,
            None => (String::new(), behind.trim_start()),
        };
        marks.insert(name.to_owned(), value);
        rest = after;
    }
    Ok((marks, rest))
}

#[derive(Default)]
struct Reader {
    lock: Lock,
    begun: bool,
}

impl Reader {
    /// Takes a line in; says what is the matter with it where it can't.
    fn line(&mut self, line: &str) -> Result<(), String> {
        let conflict = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
        if conflict.iter().any(|mark| line.starts_with(mark)) {
            return Err("a merge conflict: take one side and compare, or agree anew".to_owned());
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        if word == "lock" {
            return self.format(rest);
        }
        if !self.begun {
            return Err("this is not a lock of gonogo: it does not begin with \"lock 1\"".to_owned());
        }
        match word {
            "read" => rest.strip_prefix("by gonogo ").unwrap_or(rest).clone_into(&mut self.lock.gonogo),
            "document" => self.document(rest)?,
            "agreed" => self.lock.agreed = Some(agreed(rest)?),
            "section" => self.lock.sections.push(section(rest)?),
            "value" | "environment" | "target" | "trigger" => self.lock.facts.push(fact(word, rest)?),
            kind if Part::KINDS.contains(&kind) => self.lock.parts.push(read_part(kind, rest)?),
            _ => return self.inside(word, rest),
        }
        Ok(())
    }

    fn format(&mut self, rest: &str) -> Result<(), String> {
        self.begun = true;
        match rest.parse::<u32>() {
            Ok(format) if format <= FORMAT => Ok(()),
            Ok(_) => Err("it was written by a newer gonogo; read it with that".to_owned()),
            Err(_) => Err("a lock begins with \"lock 1\"".to_owned()),
        }
    }

    fn document(&mut self, rest: &str) -> Result<(), String> {
        let hash = rest.strip_prefix("sha256:").unwrap_or("");
        if hash.len() != 64 || !hash.chars().all(|c| c.is_ascii_hexdigit()) {
            return Err("a document is named by \"sha256:\" and 64 hexadecimal digits".to_owned());
        }
        self.lock.sha256 = hash.to_lowercase();
        Ok(())
    }

    /// A line that belongs to the part, or the command, above it.
    fn inside(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let judged = Judged::ALL.into_iter().find(|j| j.word() == word);
        if judged.is_none() && !["item", "command", "no-command"].contains(&word) {
            return Err(format!("a lock has no lines that begin with \"{}\"", one_line(word)));
        }
        let above = || format!("no line above it can contain \"{word}\"");
        let part = self.lock.parts.last_mut().ok_or_else(above)?;
        if let Some(judged) = judged {
            let command = part.commands.last_mut().ok_or_else(above)?;
            let (_, hash, says) = marks_and_hash(rest)?;
            command.expects.push(LockedExpectation { judged, hash, says, line: 0 });
            return Ok(());
        }
        let (name, rest) = first(rest)?;
        if name.is_empty() || name.starts_with('#') {
            return Err(format!("\"{word}\" lacks its name"));
        }
        match word {
            "item" => {
                let (marks, hash, text) = marks_and_hash(rest)?;
                part.items.push(LockedItem { id: name, marks, hash, text, line: 0 });
            }
            "command" => {
                let ((kind, rest), lacks) = (first(rest)?, "a command lacks its kind or its effect");
                let (effect, rest) = first(rest)?;
                if [&kind, &effect].iter().any(|w| w.is_empty() || w.starts_with('#')) {
                    return Err(lacks.to_owned());
                }
                let (marks, hash, text) = marks_and_hash(rest)?;
                let expects = vec![];
                part.commands.push(LockedCommand {
                    id: name,
                    kind,
                    effect,
                    marks,
                    hash,
                    text,
                    expects,
                    line: 0,
                });
            }
            _ => {
                let (_, hash, text) = marks_and_hash(rest)?;
                part.others.push(LockedText { what: name, hash, text, line: 0 });
            }
        }
        Ok(())
    }
}

fn agreed(rest: &str) -> Result<Agreed, String> {
    let (day, by) = rest.split_once(" by ").unwrap_or((rest, ""));
    let on = NaiveDate::parse_from_str(day.trim(), "%Y-%m-%d")
        .map_err(|_| format!("\"{}\" is not a date: write one such as 2026-11-12", one_line(day)))?;
    Ok(Agreed { on, by: one_line(by) })
}

fn section(rest: &str) -> Result<Heading, String> {
    let (role, rest) = first(rest)?;
    let title = rest.trim_start_matches('#');
    let level = rest.len() - title.len();
    if !(1..=6).contains(&level) {
        return Err("a section is its role, as many # as its heading has, and its title".to_owned());
    }
    Ok(Heading { role, level, title: title.trim().to_owned(), line: 0 })
}

fn fact(kind: &str, rest: &str) -> Result<Fact, String> {
    let (name, says) = if rest.starts_with('"') {
        let (name, rest) = first(rest)?;
        (name, rest.strip_prefix('=').unwrap_or(rest).trim().to_owned())
    } else {
        let (name, says) = rest.split_once('=').unwrap_or((rest, ""));
        (name.trim().to_owned(), says.trim().to_owned())
    };
    Ok(Fact { kind: kind.to_owned(), name, says, line: 0 })
}

fn read_part(kind: &str, rest: &str) -> Result<Part, String> {
    let (id, rest) = first(rest)?;
    if !rest.starts_with('"') {
        return Err(format!("\"{kind}\" lacks its title in quotes"));
    }
    let (title, rest) = first(rest)?;
    let (marks, rest) = read_marks(rest)?;
    if !rest.is_empty() {
        return Err(format!("\"{}\" does not belong here", one_line(rest)));
    }
    Ok(Part { kind: kind.to_owned(), id, title, marks, ..Part::default() })
}
