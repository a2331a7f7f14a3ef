//! What is said behind a command on its line, or behind an arrow below it, where that is what is to be seen.
//!
//! Most comments behind a command tell what it does. Only one that can't be that is an expectation: it says so, or
//! it is a value, and the command only looks.

use super::super::comments;
use super::super::expect::{self, Check, openers};
use super::super::model::{Command, Expectation};
use super::what::first_word;
use crate::shell::{Effect, Kind};

/// The expectation in the comment behind a command: `npm test  # Expected: 0 failures`, `redis-cli ping  # PONG`.
pub(super) fn expectation(command: &Command) -> Option<Expectation> {
    let words = comment_behind(&command.text)?;
    let line = command.span.end_line;
    let said = arrow(words).unwrap_or(words);
    let led = said.len() < words.len();
    if let Some(said) = openers::behind_command(said) {
        return Some(Expectation { text: words.to_owned(), ..Expectation::under(line, said) });
    }
    let looks = command.effect == Effect::Reads && matches!(command.kind, Kind::Run | Kind::Follow);
    if !(looks && is_value(said, &command.text) || led && is_shown(said)) {
        return None;
    }
    let mut found = Expectation { text: words.to_owned(), ..Expectation::under(line, said) };
    // A word or a version may be an example: that another one is shown is for a person to judge.
    if let Some(Check::Is { text, literal }) = &mut found.check {
        *literal &= said != text.as_str() || text.bytes().all(|b| b.is_ascii_digit());
    }
    Some(found)
}

/// A command with what the comment behind it says of when it runs: `apt install x  # if x is missing`.
pub(super) fn conditioned(mut command: Command) -> Command {
    let Some(words) = comment_behind(&command.text) else { return command };
    let clause = words.split([';', '；']).next().unwrap_or(words).trim();
    if command.condition.is_none() && openers::behind_command(words).is_none() {
        command.condition = comments::condition(clause);
    }
    command.optional |= comments::is_optional(clause);
    command
}

/// What stands behind an arrow at the beginning of a line.
pub fn arrow(text: &str) -> Option<&str> {
    let text = text.trim();
    let rest = ["->", "=>", "→", "⇒", "➜", "==>", "-->"].iter().find_map(|sign| text.strip_prefix(sign))?;
    let one_line = !text.contains('\n') && rest.starts_with([' ', '`', '"']);
    one_line.then(|| rest.trim())
}

/// Whether words behind an arrow are what is shown, rather than what comes of it or where to go on.
pub fn is_shown(words: &str) -> bool {
    if words.starts_with('[') && !words.starts_with("[\"") && !words.starts_with("[{") {
        return false;
    }
    let read = expect::read(&format!("Expected: {words}"));
    comments::opens_expectation(words) || read.check.is_some() && read.left.is_none()
}

/// The comment behind a command on its last line.
pub(super) fn comment_behind(text: &str) -> Option<&str> {
    if text.contains("<<") && text.contains('\n') {
        return None;
    }
    let mut quote = None;
    let mut escaped = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some('"') | None, '\\') => escaped = true,
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '#') if before.is_whitespace() => {
                let comment = text.get(at..)?;
                return (!comment.contains('\n')).then(|| comments::comment_text(comment));
            }
            _ => {}
        }
        before = c;
    }
    None
}

/// Whether a comment is nothing but a value that a command may show: a number, a state, something quoted, JSON.
fn is_value(words: &str, command: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const STATES: &[&str] = &[
        "healthy", "running", "ready", "active", "deployed", "available", "online", "succeeded", "bound",
        "completed", "connected", "enabled", "up", "ok", "pong", "true", "false", "active (running)", "inactive",
        "accepting connections", "synced", "in sync",
    ];
    const NOTHING: &[&str] = &["empty", "(empty)", "no output", "(no output)", "nothing", "(nothing)"];
    #[rustfmt::skip] // programs, many to a line
    const SHOWS_NOTHING: &[&str] = &["sleep", "cd", "export", "source", ".", "wait", "exit", "test", "[", "read"];
    let lower = words.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!']);
    if SHOWS_NOTHING.contains(&first_word(command)) {
        return false;
    }
    let told = command.split(" #").next().unwrap_or(command);
    let number = bare.bytes().all(|b| b.is_ascii_digit()) && !bare.is_empty();
    if number {
        // A number that stands in the command as well says what that one is for.
        return !told.split(|c: char| !c.is_ascii_digit()).any(|word| word == bare);
    }
    let status = bare.strip_prefix("http ").or_else(|| bare.strip_suffix(" ok")).unwrap_or("");
    let http = status.len() == 3 && status.bytes().all(|b| b.is_ascii_digit());
    let version = bare.strip_prefix('v').is_some_and(|rest| {
        rest.split('.').count() >= 2 && rest.split('.').all(|part| part.parse::<u32>().is_ok())
    });
    STATES.contains(&bare)
        || NOTHING.contains(&bare)
        || http
        || version && !told.to_lowercase().contains(bare)
        || is_quoted(words)
        || expect::pattern(words).is_some_and(|pattern| pattern.is_object())
}

/// One text in quotes and nothing else.
fn is_quoted(words: &str) -> bool {
    ['"', '\'', '`'].iter().any(|mark| {
        let inner = words.strip_prefix(*mark).and_then(|rest| rest.strip_suffix(*mark));
        inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(*mark))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::block::plain_command;
    use crate::runbook::model::{CommandId, Span};

    fn said(text: &str) -> Option<String> {
        let command = plain_command(CommandId::default(), text, Span::default());
        expectation(&command).map(|e| match (e.check, e.left) {
            (None, _) => "eyes".to_owned(),
            (Some(check), left) => format!("{}{}", check.says(), if left.is_some() { " +" } else { "" }),
        })
    }

    #[test]
    fn what_is_to_be_seen() {
        for (text, wanted) in [
            ("psql -tAc 'select count(*) from jobs'  # 0", "is \"0\""),
            ("curl -s http://h/health  # healthy", "is \"healthy\""),
            ("curl -s http://h/health  # → healthy", "is \"healthy\""),
            ("curl -s http://h/health  # => `ok`", "is \"ok\""),
            ("curl -s http://h/health  # look for \"healthy\"", "shows \"healthy\""),
            ("curl -s http://h/health  # Look for: healthy", "shows \"healthy\""),
            ("curl -s http://h/health  # look for errors", "eyes"),
            ("docker logs web  # look for \"ERROR\"", "eyes"),
            ("curl -s http://h/health  # Output: `ok`", "is \"ok\""),
            ("curl -s http://h/health  # Verify: shows \"ok\"", "shows \"ok\""),
            ("curl -s http://h/health  # should be `ok`", "is \"ok\""),
            ("curl -s http://h/health  # expect \"ok\"", "is \"ok\""),
            ("curl -s http://h/health  # {\"status\":\"ok\"}", "JSON with at least these fields"),
            ("redis-cli ping  # PONG", "is \"PONG\""),
            ("git status --short  # (empty)", "nothing on standard output"),
            ("curl -I http://h  # 200 OK", "HTTP status 200"),
            ("echo 'a # b'  # true", "is \"true\""),
        ] {
            assert_eq!(said(text).as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_only_describes() {
        for text in [
            "ls  # list files",
            "sleep 5 # wait",
            "sleep 5  # 5",
            "make build # compile",
            "kubectl get pods # check the pods",
            "kubectl get pods # all pods",
            "docker compose up -d  # running",
            "systemctl stop shop  # inactive",
            "tail -n 100 log  # 100",
            "head -c 20 log  # 20 bytes",
            "cd /srv  # ok",
            "curl -s http://h  # → go to step 4",
            "curl -s http://h  # -> restarts the workers",
            "git log  # v2 and later",
            "node -v  # version",
            "echo 'x # 0'",
            "curl http://h/#0",
            "df -h  # verify the disk",
            "git fetch  # returns at once",
            "ls /backup  # output of last night",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
