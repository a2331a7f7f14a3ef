//! What is said behind a command on its line, or behind an arrow below it, where that is what is to be seen.
//!
//! Most comments behind a command tell what it does. Only one that can't be that is an expectation: it says so, or
//! it is a value, and the command only looks.

use super::super::comments;
use super::super::expect::{self, Check, Meaning, openers, sentences};
use super::super::model::{Command, Expectation, Line};
use super::super::words::lower_words;
use super::begins::first_word;
use crate::shell::{Effect, Kind};

/// The expectation in the comment behind a command: `npm test  # Expected: 0 failures`, `redis-cli ping  # PONG`.
pub fn expectation(command: &Command) -> Option<Expectation> {
    let words = comment_behind(&command.text)?;
    let line = command.span.end_line;
    // "# 200 OK?" asks whether it is.
    let bare = words.trim_end_matches(['?', '？']).trim_end();
    let said = arrow(bare).unwrap_or(bare);
    let led = said.len() < bare.len();
    if is_variable(said) {
        return None;
    }
    if let Some(said) = openers::behind_command(said) {
        return Some(Expectation { text: words.to_owned(), ..Expectation::under(line, said) });
    }
    let looks = command.effect == Effect::Reads && matches!(command.kind, Kind::Run | Kind::Follow);
    if !(looks && is_value(said, &command.text) || led && is_shown(said)) {
        let found = told(said, command, looks)?;
        return Some(Expectation { line, text: words.to_owned(), ..found });
    }
    let mut found = Expectation { text: words.to_owned(), ..Expectation::under(line, said) };
    // A word or a version may be an example: that another one is shown is for a person to judge.
    if let Some(Check::Is { text, literal }) = &mut found.check {
        *literal &= said != text.as_str() || text.bytes().all(|b| b.is_ascii_digit());
    }
    Some(found)
}

/// What the comments right above a command say it shows, where that is not how they begin: "Refused logins (should be
/// empty)", "wait until the status is SUCCESS".
pub(super) fn above(lines: &[Line], command: &Command) -> Vec<Expectation> {
    let reads = command.effect == Effect::Reads;
    let said = lines.iter().filter_map(|line| Some((line, sentences::above_command(&line.text, reads)?)));
    said.map(|(line, said)| read(line.line, line.text.clone(), said)).collect()
}

/// What a comment above says in passing counts where nothing else says what the command shows.
pub(super) fn settle(command: &mut Command) {
    let line = command.span.line;
    let in_passing =
        |e: &Expectation| e.check.is_none() && e.line < line && !comments::opens_expectation(&e.text);
    if command.expects.iter().any(|e| !in_passing(e)) {
        command.expects.retain(|e| !in_passing(e));
    }
}

fn read(line: usize, text: String, said: &str) -> Expectation {
    let Meaning { check, left } = sentences::read(said);
    Expectation { line, text, check, left, block: false }
}

/// What a comment says in more than one value: a status with its body, a column, "make sure it is …".
fn told(said: &str, command: &Command, looks: bool) -> Option<Expectation> {
    let found = |check, left| Expectation { line: 0, text: String::new(), check, left, block: false };
    if let Some((check, left)) = answer(said, &command.text) {
        return Some(found(Some(check), left));
    }
    if let Some(value) = column(said).filter(|_| looks) {
        let texts = vec![value.trim_matches(['`', '"', '\'']).to_owned()];
        return Some(found(Some(Check::Shows { texts, all: false, quoted: false }), None));
    }
    if let Some(rest) = ensured(said) {
        return Some(ensured_to_be(rest));
    }
    if published(said) && looks {
        return Some(found(
            Some(Check::Shows { texts: vec![said.to_owned()], all: false, quoted: true }),
            None,
        ));
    }
    let asks = looks && (openers::demands(said) || sentences::says(said));
    asks.then(|| read(0, String::new(), said))
}

/// "200 {"status":"ok"}", "200 via HTTPS" behind a request.
fn answer(said: &str, command: &str) -> Option<(Check, Option<expect::Left>)> {
    #[rustfmt::skip] // words, many to a line
    const VIA: &[&str] = &["via", "over", "with", "on", "per", "über", "par", "en", "por", "tramite", "przez", "po", "через", "по", "qua", "lewat", "ile"];
    let asks =
        command.split_whitespace().any(|word| matches!(word, "curl" | "wget" | "http" | "https" | "xh"));
    let (status, rest) = said.split_once(' ').filter(|_| asks)?;
    let number = status.parse::<u16>().ok().filter(|n| (100..600).contains(n) && status.len() == 3)?;
    if let Some(pattern) = expect::pattern(rest.trim()).filter(serde_json::Value::is_object) {
        return Some((Check::Json { pattern }, None));
    }
    let words = lower_words(rest);
    let scheme = words.last().is_some_and(|w| matches!(w.as_str(), "https" | "http" | "tls" | "ssl"));
    let by_scheme = words.len() == 2 && scheme && VIA.contains(&words[0].as_str());
    let told = command.to_lowercase().contains("https://") || words.last().is_some_and(|w| w == "http");
    let left = (!(by_scheme && told)).then(|| expect::Left { or: false, text: rest.trim().to_owned() });
    let remark = rest.trim_start().starts_with(['(', '–', '—', '-', '+', ',']);
    (by_scheme || remark).then_some((Check::Http { status: number }, left))
}

/// The value in "column health: healthy".
fn column(said: &str) -> Option<&str> {
    #[rustfmt::skip] // words, many to a line
    const COLUMNS: &[&str] = &[
        "column", "spalte", "colonne", "columna", "coluna", "colonna", "kolumna", "столбец", "колонка", "стовпець", "sütun", "kolom",
        "cột", "列", "컬럼", "열",
    ];
    let (name, value) = said.split_once([':', '：'])?;
    let named = lower_words(name);
    let one = !value.trim().is_empty() && lower_words(value).len() <= 2;
    let said = named.len() <= 3 && named.iter().any(|w| COLUMNS.contains(&w.as_str()));
    (said && one).then(|| value.trim())
}

/// What follows "make sure".
fn ensured(said: &str) -> Option<&str> {
    #[rustfmt::skip] // words, many to a line
    const ENSURE: &[&str] = &[
        "make sure", "ensure", "be sure", "stelle sicher", "sicherstellen", "stellen sie sicher", "assurez-vous", "assure-toi", "s'assurer",
        "asegúrate", "asegurarse", "asegúrese", "certifique-se", "garanta", "assicurati", "assicurarsi", "upewnij się",
        "убедитесь", "убедиться", "переконайтеся", "переконайтесь", "emin olun", "pastikan", "đảm bảo", "zorg dat", "zorg ervoor", "确保",
    ];
    let lower = said.to_lowercase();
    let word = ENSURE.iter().find(|word| lower.starts_with(*word))?;
    let rest = said.get(word.len()..)?;
    let rest = ["that", "it", "is", "you see", "dass", "que", "che", "że", "что", "що", "bahwa"]
        .iter()
        .fold(rest.trim(), |rest, word| {
            rest.strip_prefix(word).filter(|more| more.starts_with(' ')).map_or(rest, str::trim)
        });
    (!rest.is_empty() && !rest.contains(" before ")).then_some(rest)
}

/// A text in quotes stands among what is shown; other words are read, or for a person.
fn ensured_to_be(rest: &str) -> Expectation {
    if is_quoted(rest) {
        return Expectation::read(0, format!("Should show {rest}"));
    }
    let found = Expectation::under(0, rest);
    // A version or a word may be an example.
    match found.check {
        Some(Check::Shows { .. } | Check::Json { .. } | Check::Http { .. } | Check::Empty) => found,
        _ => Expectation { check: None, left: None, ..found },
    }
}

/// `127.0.0.1:5310->5000`: ports as docker shows them.
fn published(said: &str) -> bool {
    let port = |text: &str| {
        !text.is_empty() && text.split('/').next().is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
    };
    said.split_once("->").is_some_and(|(from, to)| from.rsplit(':').next().is_some_and(port) && port(to))
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

/// `DB_URL`, `AUTH_TOKEN`: where an output goes, not what it is.
fn is_variable(said: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    said.contains('_') && said.starts_with(|c: char| c.is_ascii_uppercase()) && said.chars().all(capital)
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
            ("curl -i http://h/health  # 200 {\"status\":\"ok\"}", "JSON with at least these fields"),
            ("curl -i https://h  # 200 via HTTPS", "HTTP status 200"),
            ("docker compose ps  # column health: healthy", "shows \"healthy\""),
            ("docker compose ps  # colonna health: healthy", "shows \"healthy\""),
            ("curl -s http://h/health  # deve stampare healthy", "eyes"),
            ("ping -c 1 h  # deve rispondere l'IP del server", "eyes"),
            ("systemctl status shop  # make sure \"active (running)\"", "shows \"active (running)\""),
            ("node -v  # pastikan v20.x", "eyes"),
            ("cat report.txt  # ma być wpis z datą", "eyes"),
            ("docker ps  # 127.0.0.1:5310->5000", "shows \"127.0.0.1:5310->5000\""),
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
            "cat url  # → DB_URL",
            "git fetch  # returns at once",
            "ls /backup  # output of last night",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}
