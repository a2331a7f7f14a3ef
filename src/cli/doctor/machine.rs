//! This machine and this login: where runs are kept, whether they outlive the login, the shell, the terminal, keys.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Row;
use crate::cli::report::local;
use crate::cli::store;
use crate::client;
use crate::config::{ConfigError, Settings};
use crate::exec::spawn;
use crate::figures;
use crate::record::allowed::AllowedSigners;
use crate::store::Filter;
use crate::tui::keymap::Keymap;

/// A look takes no longer than this.
const LIMIT: Duration = Duration::from_secs(5);
/// A login shell that takes longer holds every run up.
const SLOW_LOGIN: Duration = Duration::from_secs(1);
/// Below this the recordings of a run may not fit.
const LITTLE_ROOM: u64 = 500 * 1024 * 1024;
/// The longest path of a socket (unix(7), `sun_path`, with its last zero byte).
const LONGEST_SOCKET: usize = 107;

/// All that is looked at without a runbook.
pub(super) fn rows(settings: Result<&Settings, &ConfigError>) -> Vec<Row> {
    let mut rows = vec![itself()];
    match settings {
        Ok(settings) => {
            rows.push(told(settings));
            rows.extend(state(settings));
            rows.extend(signing(settings));
            rows.extend(telling(settings));
        }
        Err(error) => {
            rows.push(Row::broken("settings", error.to_string(), "mend the file, or set the variable"))
        }
    }
    rows.extend([staying(), terminal(), shell(), git()]);
    rows
}

fn itself() -> Row {
    let own = spawn::own_program();
    let seen = format!("gonogo {} at {}", env!("CARGO_PKG_VERSION"), own.display());
    let first = std::env::var_os("PATH").and_then(|path| {
        std::env::split_paths(&path).map(|directory| directory.join("gonogo")).find(|file| file.is_file())
    });
    match first.and_then(|file| file.canonicalize().ok()) {
        Some(other) if own.canonicalize().ok().as_ref() != Some(&other) => {
            Row::look("gonogo", seen, format!("PATH leads to another one: {}", other.display()))
        }
        _ => Row::ok("gonogo", seen),
    }
}

fn told(settings: &Settings) -> Row {
    if let Err(error) = Keymap::new(&settings.keys) {
        return Row::broken(
            "settings",
            error.to_string(),
            "name the action or key that is meant under [keys]",
        );
    }
    match &settings.waiting {
        Some(waiting) => Row::look(
            "settings",
            format!(
                "{} asks for {}",
                waiting.file.display(),
                figures::counted(waiting.asks.len(), "setting")
            ),
            "nobody has accepted them here: Start shows each, --accept-commands accepts them",
        ),
        None => Row::ok("settings", format!("operator {}", settings.operator)),
    }
}

fn state(settings: &Settings) -> Vec<Row> {
    let root = &settings.state_dir;
    let store = match store::at(root) {
        Ok(store) => store,
        Err(error) => {
            return vec![Row::broken(
                "state",
                error.to_string(),
                "or set GONOGO_STATE_DIR to another directory",
            )];
        }
    };
    let mut rows = vec![match rustix::fs::statvfs(root) {
        Ok(disk) if disk.f_bavail * disk.f_frsize < LITTLE_ROOM => Row::look(
            "state",
            format!("{} has room for {}", root.display(), figures::size(disk.f_bavail * disk.f_frsize)),
            "gonogo prune removes old runs; GONOGO_STATE_DIR names another directory",
        ),
        Ok(disk) => {
            let free = figures::size(disk.f_bavail * disk.f_frsize);
            Row::ok("state", format!("{}, room for {free}", root.display()))
        }
        Err(error) => Row::broken("state", format!("{}: {error}", root.display()), "set GONOGO_STATE_DIR"),
    }];
    let longest = root.join("runs/a-run-with-a-name-0123456789/place/socket");
    if longest.as_os_str().len() > LONGEST_SOCKET {
        let seen = format!("{} is too long a path for the sockets in it", root.display());
        rows.push(Row::look("sockets", seen, "set GONOGO_STATE_DIR to a shorter path"));
    }
    let runs = store.list(&Filter::default()).unwrap_or_default();
    for run in runs.iter().filter(|run| run.started.is_none()) {
        let seen = format!("gonogo can't read run {}", run.id);
        rows.push(Row::broken("runs", seen, "gonogo runs --salvage DIR saves what it can"));
    }
    for run in runs.iter().filter(|run| run.started.is_some() && run.outcome.is_none()) {
        let since = run.started.map(local).unwrap_or_default();
        let seen =
            format!("{} in {} is not over, started {since} by {}", run.id, run.environment, run.operator);
        rows.push(Row::look("runs", seen, format!("gonogo resume {0}, or gonogo stop {0}", run.id)));
    }
    rows
}

fn staying() -> Row {
    match client::ends_with_login() {
        None => Row::ok("staying", "a run outlives this login"),
        Some(why) => Row::look("staying", format!("a run ends with this login: {}", why.why), why.remedy),
    }
}

fn terminal() -> Row {
    let term = std::env::var("TERM").unwrap_or_default();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let utf8 = locale.as_deref().is_some_and(|l| l.to_lowercase().replace('-', "").contains("utf8"));
    if term.is_empty() || term == "dumb" {
        return Row::look(
            "terminal",
            format!("TERM is \"{term}\""),
            "the screens need more: --plain is a transcript",
        );
    }
    if !utf8 {
        let seen = format!("{term}, locale {}", locale.as_deref().unwrap_or("not set"));
        return Row::look("terminal", seen, "signs are drawn in ASCII; LANG=C.UTF-8 changes that");
    }
    Row::ok("terminal", format!("{term}, UTF-8"))
}

fn shell() -> Row {
    let began = Instant::now();
    let ask = |command: &str| spawn::ask(command, Path::new("/"), "", LIMIT);
    match ask("bash --version | head -n 1") {
        Ok(asked) if asked.status == Some(0) && !asked.output.trim().is_empty() => {
            let version = asked.output.trim().to_owned();
            let login = Instant::now();
            match ask("exec bash -lc true </dev/null") {
                Ok(asked) if asked.status.is_none() => Row::broken(
                    "shell",
                    format!("a login shell is not ready after {} s", LIMIT.as_secs()),
                    "look at ~/.bash_profile, ~/.profile and /etc/profile",
                ),
                Ok(asked) if !asked.output.trim().is_empty() => Row::look(
                    "shell",
                    format!("a login shell prints: {}", asked.output.lines().next().unwrap_or_default()),
                    "what login files print comes before a command's output over ssh",
                ),
                _ if login.elapsed() > SLOW_LOGIN => Row::look(
                    "shell",
                    format!("a login shell takes {:.1} s", login.elapsed().as_secs_f64()),
                    "look at ~/.bash_profile, ~/.profile and /etc/profile",
                ),
                _ => Row::ok("shell", version),
            }
        }
        _ => Row::broken(
            "shell",
            format!("bash did not say its version within {} s", began.elapsed().as_secs()),
            "install bash: commands run in it",
        ),
    }
}

fn signing(settings: &Settings) -> Vec<Row> {
    let mut rows = Vec::new();
    match &settings.sign.key {
        None => rows.push(Row::ok("signing", "no key is named; gonogo sign asks which")),
        Some(key) => rows.push(key_row(key)),
    }
    if let Some(path) = &settings.sign.allowed_signers {
        let zone = chrono::Local::now().offset().to_owned();
        rows.push(match AllowedSigners::read(path, zone) {
            Ok(_) => Row::ok("signers", path.display().to_string()),
            Err(error) => {
                Row::broken("signers", error.to_string(), "mend the file, or [sign] allowed_signers")
            }
        });
    }
    rows
}

fn key_row(key: &Path) -> Row {
    match std::fs::metadata(key) {
        Err(error) => {
            Row::broken("signing", format!("{}: {error}", key.display()), "name another under [sign] key")
        }
        Ok(known) => {
            let private = key.extension().is_none_or(|e| e != "pub");
            let mode = known.permissions().mode() & 0o777;
            if private && mode & 0o077 != 0 {
                let seen = format!("{} can be read by others (mode {mode:o})", key.display());
                return Row::broken("signing", seen, format!("chmod 600 {}", key.display()));
            }
            Row::ok("signing", key.display().to_string())
        }
    }
}

fn telling(settings: &Settings) -> Vec<Row> {
    let message = settings.messages.command.as_deref().map(|command| ("messages.command", command));
    let missing = settings.hooks.named().chain(message).filter_map(|(name, command)| {
        let program = command.split_whitespace().next()?;
        // A path begins at the document's directory, which `check` looks at.
        let found = program.contains('/') || spawn::exists(program);
        (!found).then(|| {
            Row::broken("hooks", format!("{name}: there is no program {program}"), "install it, or change it")
        })
    });
    missing.collect()
}

fn git() -> Row {
    if !spawn::exists("git") {
        return Row::look("git", "git is not installed", "gonogo log --keep commits with it");
    }
    let asked = spawn::ask("git config user.name && git config user.email", &here(), "", LIMIT);
    match asked {
        Ok(asked) if asked.status == Some(0) => {
            Row::ok("git", asked.output.lines().collect::<Vec<_>>().join(", "))
        }
        _ => Row::look("git", "nobody is named for commits", "git config --global user.name and user.email"),
    }
}

fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"))
}
