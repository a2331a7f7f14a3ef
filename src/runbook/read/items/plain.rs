//! Check items without a box: what a section lists that is a checklist by its heading, or that says what is required.
//! And the command that an item tells to run.

use super::super::super::block::{self, plain_command};
use super::super::super::comments;
use super::super::super::markdown::{ElementKind, Lines};
use super::super::super::model::{Command, CommandId, Expectation, Role, Span};
use super::super::super::sections::Section;
use super::super::super::vocabulary::{self, folded};
use super::Found;
use super::when::{Said, of_the_whole, said};
use crate::shell::Effect;

/// What is listed: bullets with what stands under them, or lines of a paragraph such as "Memory: 4 GB".
pub(super) fn items(section: &Section<'_>, lines: &Lines) -> Vec<Found> {
    // What stands under the document's own title says something of the document.
    let title = section.title.as_str();
    let before =
        || matches!(said(title), Some(Said::Before(None))) && of_the_whole(title) && !section.has_code();
    // "Your machine" below "Prerequisites" lists what is required as well.
    let under =
        || section.role == Role::Checklist && vocabulary::role(title) == Role::Other && !section.has_code();
    let is_list = section.level > 1 && (vocabulary::role(title) == Role::Checklist || before() || under());
    let mut required = false;
    let mut found: Vec<Found> = Vec::new();
    for element in &section.elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } if element.item.is_none() => {
                required = requires(text);
                if is_list && named_lines(text) {
                    let each = text.lines().enumerate();
                    found.extend(each.map(|(at, line)| {
                        Found::task(line.trim().to_owned(), lines.whole(element.span.line + at))
                    }));
                }
            }
            ElementKind::Item { text, .. } if element.item.is_none() && (is_list || required) => {
                found.push(Found::task(text.clone(), element.span));
            }
            ElementKind::Item { text, .. } | ElementKind::Paragraph { text, .. } if is_list || required => {
                if let Some(last) = found.last_mut() {
                    last.text.push_str(" · ");
                    last.text.push_str(text);
                }
            }
            _ => {}
        }
    }
    found
}

/// Lines that each name something that has to be there.
fn named_lines(text: &str) -> bool {
    let named = |line: &str| {
        line.split_once([':', '：']).is_some_and(|(name, what)| {
            name.chars().count() <= 32 && !what.trim().is_empty() && !what.starts_with("//")
        })
    };
    text.lines().count() > 1 && text.lines().all(named)
}

/// Whether a paragraph leads to what is required: "The following prerequisites must be met:".
fn requires(text: &str) -> bool {
    #[rustfmt::skip] // beginnings of words, many to a line
    const REQUIRED: &[&str] = &[
        "prerequisite", "requirements", "preconditions", "voraussetzung", "vorbedingung", "prerequis", "pre requis", "requisitos", "prerrequisitos", "prerequisiti", "requisiti", "wymagania", "требовани", "вимог", "gereksinim",
    ];
    // The name of a file is none of its words.
    let words = folded(&text.split('`').step_by(2).collect::<String>());
    let leads = text.trim_end().ends_with([':', '：']);
    let named = REQUIRED.iter().any(|word| words.starts_with(word) || words.contains(&format!(" {word}")));
    leads && (named || ["前提条件", "前置条件"].iter().any(|part| text.contains(part)))
}

/// The command that an item tells to run: a whole one, with something to do. What merely names a tool, a request, or what was done
/// is none: of a command that changes something it has to say so, or to be nothing else.
pub(super) fn command(text: &str) -> Option<&str> {
    let mut before = "";
    let parts: Vec<&str> = text.split('`').collect();
    for (at, part) in parts.iter().copied().enumerate() {
        if at % 2 == 0 {
            before = part;
            continue;
        }
        let after = parts.get(at + 1).copied().unwrap_or("").trim_start();
        if !part.trim().contains(' ') || is_request(part) || !comments::looks_like_command(part) {
            continue;
        }
        let reads = plain_command(CommandId::default(), part, Span::default()).effect == Effect::Reads;
        let alone = at == 1 && before.trim().is_empty() && is_alone(after);
        if reads || alone || tells_to_run(part, before, after) {
            return Some(part);
        }
    }
    None
}

/// What an item says behind its command that is to be seen, as a comment behind a command does: "`redis-cli ping` →
/// `PONG`".
pub(super) fn expected(text: &str, command: &Command) -> Option<Expectation> {
    let (_, behind) = text.split_once(&format!("`{}`", command.text))?;
    let separators = |c: char| c.is_whitespace() || matches!(c, '—' | '–' | ':' | '：' | ',' | '(');
    let words = behind.trim_start_matches(separators).trim_end_matches(['.', ')']);
    let words = words.strip_prefix("- ").unwrap_or(words).replace('\n', " ");
    let commented = Command { text: format!("{}  # {words}", command.text), ..command.clone() };
    let found = (!words.is_empty()).then(|| block::expectation(&commented))??;
    Some(Expectation { line: command.span.line, ..found })
}

/// Whether nothing but what comes of it stands behind a command: "`make smoke` — all is green".
fn is_alone(after: &str) -> bool {
    after.is_empty() || after.starts_with(['—', '–', '-', ':', '：', '→', '.'])
}

/// "Run `make smoke`", "Tests pass: `npm test`", "It builds (`npm run build`)".
fn tells_to_run(command: &str, before: &str, after: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const RUN: &[&str] = &[
        "run", "execute", "call", "type", "with", "running", "fuhre", "fuhren sie", "executer", "executez", "lancer", "lancez", "ejecutar", "ejecute", "ejecuta", "executar", "execute", "rode", "esegui", "eseguire", "uruchom", "запустите", "выполните",
        "запустіть", "calistirin", "jalankan", "chay", "执行", "运行", "運行", "実行", "실행",
    ];
    let words = folded(before);
    let said = words.rsplit(' ').next().is_some_and(|last| RUN.contains(&last))
        || RUN.iter().any(|run| words.ends_with(run));
    let shown = before.ends_with(['(', '（']) && after.starts_with([')', '）']) && is_task(command);
    let behind = ["실행", "実行", "を実行", "执行", "运行"].iter().any(|run| after.starts_with(run));
    said || shown || behind || before.trim_end().ends_with([':', '：'])
}

/// Whether a command builds or tests something, which looks at it as well: "(`npm run lint`)".
fn is_task(command: &str) -> bool {
    #[rustfmt::skip] // programs, many to a line
    const TASKS: &[&str] = &[
        "npm", "pnpm", "yarn", "bun", "make", "just", "task", "cargo", "go", "mvn", "./mvnw", "gradle", "./gradlew", "pytest", "tox", "rake", "bundle", "composer", "dotnet", "python", "python3", "npx", "jest", "vitest", "bash", "sh",
    ];
    let first = command.split_whitespace().next().unwrap_or("");
    (TASKS.contains(&first) || first.starts_with("./")) && !command.contains(" install")
}

/// "GET /health": a request, not a program.
fn is_request(text: &str) -> bool {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let first = text.split_whitespace().next().unwrap_or("");
    METHODS.contains(&first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_of_an_item_is_a_whole_one_that_it_tells_to_run() {
        assert_eq!(command("`kubectl get pods` — all are ready"), Some("kubectl get pods"));
        assert_eq!(command("Run `make smoke`"), Some("make smoke"));
        assert_eq!(command("Tests pass: `npm test`"), Some("npm test"));
        assert_eq!(command("It builds (`npm run build`)"), Some("npm run build"));
        assert_eq!(command("`curl` answers, see `docker ps`"), Some("docker ps"));
        for none in [
            "Sign-in works (`POST /api/v1/session`).",
            "`GET /test` answers",
            "`certbot` done, redirect on, `renew --dry-run` passes",
            "`git clone`, own key in `.env`, `chmod 600 .env`",
            "`curl` on port 80 gives `200`",
            "The proxy has `try_files ... /index.html`",
            "The host is up to date (`apt update && apt upgrade`)",
            "`go build` went well",
        ] {
            assert_eq!(command(none), None, "{none}");
        }
    }

    #[test]
    fn what_stands_behind_the_command_of_an_item_is_to_be_seen() {
        for (text, wanted) in [
            ("Cache answers: `redis-cli ping` → `PONG`", Some("is \"PONG\"")),
            ("`curl -s http://h/health` -> `ok`", Some("is \"ok\"")),
            ("`git status --short` (should be empty)", Some("nothing on standard output")),
            ("`curl -s http://h/health` returns `ok`", Some("is \"ok\"")),
            ("`curl -s http://h/health` — {\"status\":\"ok\"}", Some("JSON with at least these fields")),
            ("Run `make smoke` on the new host", None),
            ("`kubectl get pods` — all are ready", None),
        ] {
            let text_of = command(text).unwrap_or_else(|| panic!("{text}"));
            let command = plain_command(CommandId::default(), text_of, Span::default());
            let found = expected(text, &command).and_then(|e| Some(e.check?.says()));
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn what_leads_to_requirements() {
        assert!(requires("In order to upgrade, the following prerequisites must be met:"));
        assert!(!requires("The requirements are listed elsewhere.") && !requires("Restart the following:"));
        assert!(named_lines("JDK: 8\nMemory: 4 GB") && !named_lines("One line: only"));
    }
}
