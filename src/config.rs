//! Settings: flags over `GONOGO_*` variables over `./gonogo.toml` beside the runbook over the user's file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod check;
mod error;
pub mod file;
pub mod layers;
mod messages;
mod project;
mod reading;
mod receivers;
mod record;
mod store;
mod variable;
mod watch;
mod written;

use etcetera::BaseStrategy;
use serde::de::DeserializeOwned;

pub use check::CheckLevel;
pub use error::ConfigError;
pub use messages::MessageSettings;
pub use receivers::{Receiver, ReceiverKind};
pub use record::{Keys, Order, SignPolicy, SignSettings};
pub use store::{Password, StoreSettings};
pub use variable::{take_answers, variable_of};
pub use watch::{HookSettings, Milestone, ProbeSettings, WatchSettings};
pub use written::{Graph, Palette, ThemeName};

use variable::variable;
use written::Raw;
pub use written::schema;

/// The commented example, which is also the default.
pub const EXAMPLE: &str = include_str!("../config.toml");

/// As long as a login may take where nothing else is said: a slow `.profile` comes in time, and nobody waits for ever.
pub const REACH_WITHIN: std::time::Duration = std::time::Duration::from_mins(1);

/// Checked settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Who runs: a flag, a file, else the login name.
    pub operator: String,
    /// Where everything is kept.
    pub state_dir: PathBuf,
    /// Where the team's runs are kept; none where this machine keeps its own.
    pub store: Option<StoreSettings>,
    /// The change runs belong to.
    pub ticket: Option<String>,
    /// How the screens are coloured.
    pub theme: ThemeName,
    /// How levels are coloured.
    pub palette: Palette,
    /// What charts are drawn with.
    pub graph: Graph,
    /// Whether the mouse's wheel scrolls on the screens.
    pub wheel: bool,
    /// Whether the terminal's title says that something is down, alerts or can't be seen.
    pub title: bool,
    /// Keys by the name of what they do; the screens know which there are.
    pub keys: BTreeMap<String, String>,
    /// How long headless follows a command that runs until somebody ends it.
    pub follow_for: std::time::Duration,
    /// How long `ssh`, `sudo -i` and the like may take to reach their other side, and `exit` to come back.
    pub reach_within: std::time::Duration,
    /// Answers to parameters that were given with the command: `--set NAME=VALUE`.
    pub given: BTreeMap<String, String>,
    /// Answers to parameters in files.
    pub parameters: BTreeMap<String, String>,
    /// What is said about environments, by name in lower case.
    pub environments: BTreeMap<String, EnvironmentSettings>,
    /// What is said about probes and targets.
    pub watch: WatchSettings,
    /// Where messages go.
    pub messages: MessageSettings,
    /// Commands that may refuse.
    pub hooks: HookSettings,
    /// How sign-offs are made and checked.
    pub sign: SignSettings,
    /// Where finished logs are kept: a directory of a repository, as a rule.
    pub record_dir: Option<PathBuf>,
    /// How pieces of the document are to be read: `[reading]`, each what it is about and its words.
    pub reading: Vec<(String, String)>,
    /// The levels that findings have here, by code: `[check]`.
    pub check: BTreeMap<String, CheckLevel>,
    /// What the file beside the runbook asks for and nobody has accepted yet: it does not count in these settings.
    pub waiting: Option<Box<Waiting>>,
}

/// Settings beside a runbook that count only once somebody has accepted them.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Their file.
    pub file: PathBuf,
    /// All that they ask for, each with its name and with where its value comes from.
    pub asks: Vec<(String, String)>,
    /// What is accepted: the file's place and what it asks for. SHA-256, in hexadecimal.
    pub hash: String,
    /// All settings once these count.
    pub with: Settings,
}

/// What is said about one environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EnvironmentSettings {
    /// Counts as production, or does not, whatever its name.
    pub production: Option<bool>,
    /// Runs only documents whose reading is as agreed.
    pub locked: Option<bool>,
    /// Answers to parameters in it.
    pub parameters: BTreeMap<String, String>,
    /// What is said about probes and targets in it.
    pub watch: WatchSettings,
}

/// Where the answer to a parameter comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `--set NAME=VALUE`.
    Flag,
    /// `GONOGO_SET_NAME`.
    Variable,
    /// `[parameters]` or `[environments.E.parameters]` of a file.
    File,
    /// The last run of the document in the environment.
    Remembered,
    /// Somebody typed it.
    Typed,
}

impl Source {
    /// In words, as it stands beside a value.
    pub fn says(self) -> &'static str {
        match self {
            Source::Flag => "by --set",
            Source::Variable => "by GONOGO_SET_",
            Source::File => "by gonogo.toml",
            Source::Remembered => "as last time",
            Source::Typed => "typed",
        }
    }
}

/// Reads the settings for a runbook in `beside`, with who runs as a flag says it.
pub fn load(beside: Option<&Path>, operator: Option<&str>) -> Result<Settings, ConfigError> {
    let base = etcetera::choose_base_strategy().ok();
    let mut settings = Settings::unsaid();
    let state = base.as_ref().and_then(|b| b.state_dir().or_else(|| Some(b.data_dir())));
    settings.state_dir = state.map(|d| d.join("gonogo")).unwrap_or_default();
    if let Some(path) = user_file()
        && let Some(text) = read(&path)?
    {
        merge(&mut settings, parse(&path, &text)?, &path)?;
    }
    if let Some(directory) = beside {
        merge_project(&mut settings, directory)?;
    }
    settings.override_with(operator);
    if let Some(waiting) = &mut settings.waiting {
        waiting.with.override_with(operator);
    }
    if let Some(address) = variable("GONOGO_STORE") {
        settings.store = Some(StoreSettings::of(&address)?);
    }
    if settings.state_dir.as_os_str().is_empty() {
        return Err(ConfigError::NoHome);
    }
    Ok(settings)
}

/// The user's own file; nowhere where there is no home.
fn user_file() -> Option<PathBuf> {
    Some(etcetera::choose_base_strategy().ok()?.config_dir().join("gonogo/config.toml"))
}

/// The text of a file, where there is one.
fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    if path.metadata().is_err() {
        return Ok(None);
    }
    file::text(path).map(Some).map_err(|source| ConfigError::Read { path: path.to_owned(), source })
}

/// Puts what a runbook's directory says over what is known: what is harmless at once, the rest once it is accepted.
fn merge_project(settings: &mut Settings, directory: &Path) -> Result<(), ConfigError> {
    let file = directory.join("gonogo.toml");
    let Some(text) = read(&file)? else { return Ok(()) };
    let raw: Raw = parse(&file, &text)?;
    // What was accepted is kept there: a project must not choose that.
    if raw.state_dir.is_some() {
        return Err(ConfigError::NotBeside { path: file, what: "state_dir", variable: "GONOGO_STATE_DIR" });
    }
    // Nor where what it does is written down.
    if raw.store.is_some() {
        return Err(ConfigError::NotBeside { path: file, what: "[store]", variable: "GONOGO_STORE" });
    }
    let (counts, asks) = project::split(&parse(&file, &text)?);
    if asks.is_empty() {
        return merge(settings, raw, &file);
    }
    let mut with = settings.clone();
    merge(&mut with, raw, &file)?;
    merge(settings, parse(&file, &counts.to_string())?, &file)?;
    let hash = project::digest(directory, &asks);
    let asks = asks.iter().map(project::shown).collect();
    settings.waiting = Some(Box::new(Waiting { file, asks, hash, with }));
    Ok(())
}

/// The name of this user, where the environment does not tell (passwd(5)).
fn login_name() -> Option<String> {
    let uid = rustix::process::getuid().as_raw().to_string();
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|l| l.split(':').nth(2) == Some(&uid))?;
    line.split(':').next().map(str::to_owned)
}

fn parse<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| wrong(path, text, &error))
}

fn wrong(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let line = error.span().map_or(1, |s| layers::line_at(text, s.start));
    let message = error.message().to_owned();
    ConfigError::Parse { path: path.to_owned(), line, hint: meant(&message), message }
}

/// For "unknown field `x`, expected one of `a`, `b`": the nearest known name.
fn meant(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(unknown) = quoted.next().filter(|_| message.starts_with("unknown field")) else {
        return String::new();
    };
    nearest(unknown, quoted, 0.5).map_or(String::new(), |name| format!("; did you mean `{name}`?"))
}

/// The name that is most like a word, where it is more alike than so much of 1: what a mistyped one may mean.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>, alike: f32) -> Option<&'n str> {
    let word = word.to_lowercase();
    let score =
        |name: &str| similar::TextDiff::from_chars(word.as_str(), name.to_lowercase().as_str()).ratio();
    let scored = names.map(|name| (score(name), name));
    let best = scored.max_by(|(one, _), (other, _)| one.total_cmp(other));
    best.filter(|(score, _)| *score > alike).map(|(_, name)| name)
}

fn merge(settings: &mut Settings, raw: Raw, path: &Path) -> Result<(), ConfigError> {
    if let Some(operator) = raw.operator {
        settings.operator = operator;
    }
    if let Some(directory) = raw.state_dir {
        settings.state_dir = directory;
    }
    store::merge(&mut settings.store, raw.store)?;
    settings.ticket = raw.ticket.or(settings.ticket.take());
    settings.theme = raw.theme.unwrap_or(settings.theme);
    settings.palette = raw.palette.unwrap_or(settings.palette);
    settings.graph = raw.graph.unwrap_or(settings.graph);
    settings.wheel = raw.wheel.unwrap_or(settings.wheel);
    settings.title = raw.title.unwrap_or(settings.title);
    settings.keys.extend(raw.keys);
    settings.follow_for = raw.follow_for.unwrap_or(settings.follow_for);
    settings.reach_within = raw.reach_within.unwrap_or(settings.reach_within);
    watch::check(path, &raw.probes)?;
    settings.watch.merge(WatchSettings { probes: raw.probes, targets: raw.targets, window: raw.window });
    messages::merge(&mut settings.messages, raw.messages);
    settings.hooks.merge(raw.hooks);
    settings.sign.merge(raw.sign, path);
    settings.record_dir = record::directory(raw.record, path).or(settings.record_dir.take());
    settings.parameters.extend(raw.parameters);
    settings.reading.extend(raw.reading.iter().map(|(of, said)| (of.clone(), reading::words(said))));
    check::merge(&mut settings.check, raw.check);
    for (name, environment) in raw.environments {
        let known = settings.environments.entry(name.to_lowercase()).or_default();
        known.production = environment.production.or(known.production);
        known.locked = environment.locked.or(known.locked);
        known.parameters.extend(environment.parameters);
        watch::check(path, &environment.probes)?;
        known.watch.merge(WatchSettings {
            probes: environment.probes,
            targets: environment.targets,
            window: None,
        });
    }
    Ok(())
}

impl Settings {
    /// What holds where nothing is said.
    fn unsaid() -> Self {
        Self {
            operator: variable("USER")
                .or_else(|| variable("LOGNAME"))
                .or_else(login_name)
                .unwrap_or_else(|| "operator".into()),
            state_dir: PathBuf::new(),
            store: None,
            ticket: None,
            theme: ThemeName::default(),
            palette: Palette::default(),
            graph: Graph::default(),
            wheel: true,
            title: true,
            keys: BTreeMap::new(),
            follow_for: std::time::Duration::from_mins(1),
            reach_within: REACH_WITHIN,
            given: BTreeMap::new(),
            parameters: BTreeMap::new(),
            environments: BTreeMap::new(),
            watch: WatchSettings::default(),
            messages: MessageSettings { on: Milestone::ALL.to_vec(), ..MessageSettings::default() },
            hooks: HookSettings::default(),
            sign: SignSettings::default(),
            record_dir: None,
            reading: vec![],
            check: BTreeMap::new(),
            waiting: None,
        }
    }

    /// Puts variables and flags over what files say.
    fn override_with(&mut self, operator: Option<&str>) {
        if let Some(operator) = operator.map(str::to_owned).or_else(|| variable("GONOGO_OPERATOR")) {
            self.operator = operator;
        }
        if let Some(directory) = variable("GONOGO_STATE_DIR") {
            self.state_dir = directory.into();
        }
        if std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty()) {
            self.theme = ThemeName::None;
        }
    }

    /// Has the settings beside the runbook count. What was said since all of them were read stays.
    pub fn accept(&mut self) {
        let Some(waiting) = self.waiting.take() else { return };
        let (given, ticket) = (std::mem::take(&mut self.given), self.ticket.take());
        let (state_dir, store) = (std::mem::take(&mut self.state_dir), self.store.take());
        *self = Self { state_dir, store, ticket, given, ..waiting.with };
    }

    /// Whether an environment is production, where a file says so; otherwise its name tells.
    pub fn production(&self, environment: &str) -> Option<bool> {
        self.environments.get(&environment.to_lowercase()).and_then(|e| e.production)
    }

    /// Whether an environment runs only documents whose reading is as agreed.
    pub fn locked(&self, environment: &str) -> bool {
        self.environments.get(&environment.to_lowercase()).and_then(|e| e.locked).unwrap_or(false)
    }

    /// What is said about probes and targets in an environment.
    pub fn watch_in(&self, environment: &str) -> WatchSettings {
        let mut watch = self.watch.clone();
        if let Some(own) = self.environments.get(&environment.to_lowercase()) {
            watch.merge(own.watch.clone());
        }
        watch
    }

    /// The answer to a parameter in an environment, and where it comes from: a flag, a variable, a file, the last
    /// run of this document there. What the place's own shell has set is not among them.
    pub fn answer(
        &self,
        environment: &str,
        name: &str,
        remembered: &BTreeMap<String, String>,
    ) -> Option<(String, Source)> {
        let own = || self.environments.get(&environment.to_lowercase()).and_then(|e| e.parameters.get(name));
        let from_file = || own().or_else(|| self.parameters.get(name)).cloned();
        let given = self.given.get(name).cloned().map(|v| (v, Source::Flag));
        given
            .or_else(|| variable::answer(name).map(|v| (v, Source::Variable)))
            .or_else(|| from_file().map(|v| (v, Source::File)))
            .or_else(|| remembered.get(name).cloned().map(|v| (v, Source::Remembered)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_the_default() {
        let raw: Raw = parse(Path::new("config.toml"), EXAMPLE).unwrap();
        assert_eq!(raw, Raw::default());
        // Every commented setting is one that is known.
        let uncommented: Vec<&str> = EXAMPLE.lines().map(|l| l.strip_prefix("#: ").unwrap_or(l)).collect();
        let uncommented = uncommented.join("\n");
        let raw: Raw = parse(Path::new("config.toml"), &uncommented).unwrap();
        assert!(
            raw.operator.is_some()
                && raw.state_dir.is_some()
                && raw.follow_for.is_some()
                && !raw.environments.is_empty()
        );
    }

    #[test]
    fn settings_are_read_from_files_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("gonogo.toml");
        assert_eq!(read(&path).unwrap(), None);
        let (mode, kind) = (rustix::fs::Mode::RUSR, rustix::fs::FileType::Fifo);
        rustix::fs::mknodat(rustix::fs::CWD, &path, kind, mode, 0).unwrap();
        assert!(
            read(&path).unwrap_err().to_string().ends_with("it is not a regular file"),
            "nobody writes to it"
        );
    }

    #[test]
    fn a_time_that_is_none_names_its_line() {
        for text in ["follow_for = \"soon\"\n", "[probes.host]\nevery = \"soon\"\n"] {
            let error = parse::<Raw>(Path::new("x.toml"), text).unwrap_err().to_string();
            let line = text.lines().count();
            let said = "\"soon\" is not a time; write one such as \"60s\" or \"2m\"";
            assert_eq!(error, format!("x.toml:{line}: {said}"));
        }
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest() {
        let error = parse::<Raw>(Path::new("x.toml"), "# a\noperater = \"ada\"\n").unwrap_err().to_string();
        assert!(error.starts_with("x.toml:2: unknown field `operater`"), "{error}");
        assert!(error.ends_with("did you mean `operator`?"), "{error}");
    }
}
