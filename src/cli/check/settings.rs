//! The settings beside a document, looked at before the night: what a run would refuse, and what it would never use.

use std::path::{Path, PathBuf};

use super::found::{self, Found};
use super::inputs::Input;
use crate::cli::watched;
use crate::config::{ConfigError, Settings};
use crate::exec::spawn;
use crate::runbook::{Level, finding};
use crate::tui::keymap::Keymap;

/// The settings that hold for a document, as if somebody had accepted them, and what is wrong with them.
pub(super) fn look(input: &Input) -> (Option<Settings>, Vec<Found>) {
    match &input.settings {
        None | Some(Err(ConfigError::NoHome)) => (None, vec![]),
        Some(Err(error)) => {
            let (path, line) = error.place().unwrap_or((&input.document.path, 1));
            let words = error.to_string();
            let words = words.strip_prefix(&format!("{}:{line}: ", path.display())).unwrap_or(&words);
            (None, vec![found::of_settings(path, line, Level::Error, words.to_owned())])
        }
        Some(Ok(settings)) => {
            let mut settings = settings.clone();
            settings.accept();
            let found = wrong(input, &settings);
            (Some(settings), found)
        }
    }
}

/// The file beside a document.
fn beside(document: &Path) -> PathBuf {
    document.with_file_name("gonogo.toml")
}

fn wrong(input: &Input, settings: &Settings) -> Vec<Found> {
    let file = beside(&input.document.path);
    let Ok(text) = crate::config::file::text(&file) else { return vec![] };
    let mut found = Vec::new();
    let mut tell = |name: &str, level, words: String| {
        found.push(found::of_settings(&file, line_of(&text, name), level, words));
    };
    if let Err(error) = Keymap::new(&settings.keys) {
        tell("keys", Level::Error, error.to_string());
    }
    for code in settings.check.keys().filter(|code| finding::explain(code).is_none()) {
        tell(code, Level::Error, format!("check: no finding is called {code}"));
    }
    let runbook = &input.document.runbook;
    for environment in &runbook.environments {
        if let Err(error) = watched::watch(runbook, settings, environment, &watched::Said::default()) {
            tell("probes", Level::Error, error.message().to_owned());
            break;
        }
    }
    for (name, hook) in settings.hooks.named() {
        if let Some(program) = missing_program(hook, &file) {
            tell(
                name,
                Level::Warning,
                format!("hooks.{name}: there is no program {program} on this machine"),
            );
        }
    }
    if let Some(path) = settings.sign.allowed_signers.as_ref().filter(|path| !path.exists()) {
        let words = format!("sign.allowed_signers: there is no file {}", path.display());
        tell("allowed_signers", Level::Error, words);
    }
    for name in settings.environments.keys() {
        let known = runbook.environments.iter().any(|e| e.name.to_lowercase() == *name);
        if !known {
            tell(name, Level::Note, format!("environments.{name}: {} has no such environment", input.name));
        }
    }
    for name in settings.parameters.keys() {
        if !runbook.parameters.iter().any(|p| p.name == *name) {
            tell(name, Level::Note, format!("parameters.{name}: {} asks for no such value", input.name));
        }
    }
    found
}

/// The program of a hook, where there is none of that name: a path begins at the file's directory.
fn missing_program(hook: &str, file: &Path) -> Option<String> {
    let words = shell_words(hook)?;
    let program = words.first()?;
    let exists = if program.contains('/') {
        file.parent().is_some_and(|directory| directory.join(program).exists())
    } else {
        spawn::exists(program)
    };
    (!exists).then(|| program.clone())
}

/// The words of a simple command; none where the shell has more to do with it.
fn shell_words(text: &str) -> Option<Vec<String>> {
    let plain = |c: char| c.is_alphanumeric() || " ./_-~".contains(c);
    text.chars().all(plain).then(|| text.split_whitespace().map(str::to_owned).collect())
}

/// The line that a name stands in, else the first.
fn line_of(text: &str, name: &str) -> usize {
    let lower = name.to_lowercase();
    text.lines().position(|line| line.to_lowercase().contains(&lower)).map_or(1, |at| at + 1)
}
