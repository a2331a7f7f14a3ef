//! What a piece of a shell's fence is: a command, or lines that are none.

use super::super::words::lower_words;
use super::begins::{begins_known, begins_program};
use super::code::is_code;
use super::command::{Looks, has_marks, is_shell_word, looks};
use super::lines::{
    begins_sql, is_cron, is_env_line, is_for_readers, is_output, is_piped_words, is_resource,
};
use super::prompt_signs::{console, prompt};

/// What a piece of a shell's fence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A command.
    Command,
    /// A command, or words for the reader: that is asked.
    Doubt,
    /// No command: what it is.
    Other(&'static str),
}

/// Tells what a piece of a shell's fence is; `parses` where bash takes it.
pub(super) fn piece(text: &str, parses: bool) -> Piece {
    let line = text.lines().next().unwrap_or("").trim();
    if is_cron(line) {
        return Piece::Other("cron");
    }
    // An option has lost the command that it goes on: "\\ # a remark" ends the line before it.
    let option = line.trim_start_matches('-');
    if option.len() < line.len() && option.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return Piece::Doubt;
    }
    let menu = line.starts_with("select ") && text.trim_end().ends_with("done");
    if begins_sql(line) && !menu {
        return Piece::Other("sql");
    }
    if line.starts_with('`') && line.ends_with('`') && line.len() > 2 || is_for_readers(line) {
        return Piece::Other("text");
    }
    if console(line).is_some() {
        return Piece::Other("input");
    }
    // `service` is a program as well.
    if is_resource(&line.split_whitespace().collect::<Vec<_>>()) {
        return Piece::Other("output");
    }
    // A prompt that nothing was typed at.
    if prompt(&format!("{line} x"), false).is_some_and(|length| length == line.len() + 1) {
        return Piece::Other("output");
    }
    // "v1.0.0 – production deploy": words with a dash between, outside of quotes.
    if line.split_whitespace().any(|word| matches!(word, "–" | "—")) && !line.contains(['"', '\'', '#']) {
        return Piece::Doubt;
    }
    // `[New IP] shop.example.com`, `deb [signed-by=…] https://…`: lines of a file.
    let bracketed =
        line.strip_prefix('[').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let source = line.starts_with("deb ") || line.starts_with("deb-src ");
    if bracketed && line.contains("] ") || source && line.contains("://") {
        return Piece::Other("config");
    }
    if is_key(line) {
        return Piece::Other("config");
    }
    if is_code(text) {
        return Piece::Doubt;
    }
    let looks = looks(text, parses);
    if looks != Looks::Command && line.contains('`') && lower_words(line).len() >= 5 {
        return Piece::Other("text");
    }
    if is_output(line)
        && !begins_command(line)
        && !is_shell_word(line.split_whitespace().next().unwrap_or(""))
    {
        return Piece::Other("output");
    }
    match looks {
        // "Question | Answer": what nobody knows on both sides may be a row.
        Looks::Command if parses && is_piped_words(line) => Piece::Doubt,
        Looks::Command => Piece::Command,
        Looks::Sentence => Piece::Other("text"),
        Looks::Either => Piece::Doubt,
    }
}

/// "spec:", "storage: 200Gi", "- name: web": a line of a YAML file. No program is called so.
fn is_key(line: &str) -> bool {
    let entry = line.strip_prefix("- ").unwrap_or(line);
    let Some((key, value)) = entry.split_once(':') else { return false };
    let named = key.len() > 1
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c));
    let simple = value.is_empty() || value.starts_with(' ') && value.split_whitespace().count() <= 2;
    named && simple && key.starts_with(|c: char| c.is_ascii_lowercase())
}

/// Tells what a piece is that stands behind lines that are no commands; `apart` with a blank line between.
///
/// What follows such lines belongs to them until something known begins a line. A command of a program that nobody
/// knows is then in doubt: it is neither run as it stands nor dropped.
pub(super) fn piece_after(text: &str, parses: bool, what: &'static str, apart: bool) -> Piece {
    let told = piece(text, parses);
    let known = begins_known(text.trim_start());
    let marked = has_marks(text, parses);
    match told {
        Piece::Command if known || apart && marked => told,
        Piece::Command if marked || apart || what != "output" => Piece::Doubt,
        Piece::Doubt if !apart => Piece::Other(what),
        Piece::Command => Piece::Other(what),
        told => told,
    }
}

/// Whether a commented-out line is a command somebody may want to run: it has what only commands have, and what
/// stands `below` it is not the same program, of which it would be a description.
pub(super) fn is_clearly_run(text: &str, below: &str) -> bool {
    let program = |text: &str| text.split_whitespace().find(|w| *w != "sudo").unwrap_or("").to_owned();
    has_marks(text, true) && program(text) != program(below)
}

pub(super) fn begins_command(line: &str) -> bool {
    begins_program(line) || line.contains('=') && is_env_line(line)
}
