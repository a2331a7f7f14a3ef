//! A runbook to open, chosen among those that are there.

use std::io::{IsTerminal, stdin, stdout};
use std::path::{Path, PathBuf};

use super::report::{CommandError, Status, say};
use super::{found_in, list, prompt};

/// One of the runbooks below a directory; a mistake where there is none.
pub(super) fn below(directory: &Path) -> Result<PathBuf, CommandError> {
    let words = || format!("{}: no page in it reads as a runbook", directory.display());
    one_of(found_in::runbooks(directory))?.ok_or_else(|| {
        CommandError::new(Status::Usage, words()).hint("gonogo plan FILE shows how a page is read")
    })
}

/// One of the runbooks here, where here is a repository that has any: elsewhere nobody wants all pages read.
pub(super) fn here() -> Result<Option<PathBuf>, CommandError> {
    let here = std::env::current_dir()?;
    if !here.ancestors().any(|directory| directory.join(".git").exists()) {
        return Ok(None);
    }
    one_of(found_in::runbooks(Path::new(".")))
}

/// The only one, else the one that somebody names; nothing where there is none.
fn one_of(found: Vec<found_in::Found>) -> Result<Option<PathBuf>, CommandError> {
    if found.len() < 2 {
        return Ok(found.into_iter().next().map(|found| found.path));
    }
    let lines = list::lines(&found);
    if !(stdin().is_terminal() && stdout().is_terminal()) {
        let error = CommandError::new(Status::Usage, "name one of these runbooks: gonogo RUNBOOK");
        return Err(lines.into_iter().fold(error, CommandError::detail));
    }
    for (number, line) in (1..).zip(&lines) {
        say(format!("{number:>3}  {line}"))?;
    }
    let left = || CommandError::new(Status::Usage, "no runbook was chosen");
    loop {
        let question = format!("Which one? 1 to {}, q for none: ", found.len());
        let typed = prompt::line(&question)?.ok_or_else(left)?;
        match typed.trim() {
            "" | "q" => return Err(left()),
            typed => {
                let chosen = typed.parse::<usize>().ok().and_then(|n| found.get(n.checked_sub(1)?));
                if let Some(chosen) = chosen {
                    return Ok(Some(chosen.path.clone()));
                }
            }
        }
    }
}
