//! What was answered before a headless run begins, by flags and settings.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::cli::report::{CommandError, Status};
use crate::cli::terms::TermArgs;
use crate::cli::typed;
use crate::config::{ProbeSettings, Settings, variable_of};
use crate::run::rollback::WayOutKind;
use crate::runbook::{Command, CommandId, Runbook};

/// What was answered in advance.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct Answers {
    /// Parameters by name.
    pub(in crate::cli) parameters: BTreeMap<String, String>,
    /// Those of them that came with `--set` and `--set-file`.
    pub(in crate::cli) given: BTreeMap<String, String>,
    /// Conditions by command.
    pub(in crate::cli) conditions: BTreeMap<CommandId, bool>,
    /// Ways that a run has taken before, by group.
    pub(in crate::cli) ways: BTreeMap<String, String>,
    /// Where what follows a place command runs.
    pub(in crate::cli) place: Option<PlaceAnswer>,
    /// Check items are ticked, gates taken.
    pub(in crate::cli) yes: bool,
    /// What is done by hand has been done before.
    pub(in crate::cli) by_hand_done: bool,
    /// Destructive commands run.
    pub(in crate::cli) destructive: bool,
    /// What waits for eyes is taken as seen.
    pub(in crate::cli) accept_unattested: bool,
    /// Begin here.
    pub(in crate::cli) from: Option<String>,
    /// End here.
    pub(in crate::cli) to: Option<String>,
    /// Whether it is gone back, and when.
    pub(in crate::cli) back: Back,
    /// What is done about what stands in the way of going back.
    pub(in crate::cli) way_out: Vec<WayOutKind>,
}

/// Where what follows a place command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum PlaceAnswer {
    /// In this shell: it is there already.
    Here,
    /// On its other side; over `ssh` to this host, where one is given, else to the one that the document names.
    There(Option<String>),
}

/// Whether a headless walk goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) enum Back {
    /// It does not.
    #[default]
    Never,
    /// When a command fails.
    OnFailure,
    /// At once.
    Now,
}

impl Answers {
    /// From the arguments and the settings.
    pub(in crate::cli) fn parse(
        args: &TermArgs,
        settings: &Settings,
        (runbook, environment): (&Runbook, &str),
    ) -> Result<Self, CommandError> {
        let usage = |message: String| CommandError::new(Status::Usage, message);
        let mut answers = Self {
            yes: args.yes,
            by_hand_done: args.by_hand_done,
            destructive: args.allow_destructive,
            accept_unattested: args.accept_unattested,
            from: args.from.clone(),
            to: args.to.clone(),
            back: if args.rollback_on_failure { Back::OnFailure } else { Back::Never },
            way_out: args.way_out.clone(),
            ..Self::default()
        };
        // Nobody is there to see what was answered last time: that has to be said again.
        let nothing = BTreeMap::new();
        for parameter in &runbook.parameters {
            if let Some((value, _)) = settings.answer(environment, &parameter.name, &nothing) {
                answers.parameters.insert(parameter.name.clone(), value);
            }
        }
        match args.place.as_deref() {
            None => {}
            Some("here") => answers.place = Some(PlaceAnswer::Here),
            Some("there") => answers.place = Some(PlaceAnswer::There(None)),
            Some(place) => match place.strip_prefix("ssh:").filter(|host| !host.is_empty()) {
                Some(host) => answers.place = Some(PlaceAnswer::There(Some(host.to_owned()))),
                None => return Err(usage(format!("--place {place}: write here, there or ssh:HOST"))),
            },
        }
        for set in &args.set {
            let (name, value) =
                set.split_once('=').ok_or_else(|| usage(format!("--set {set}: write NAME=VALUE")))?;
            answers.given.insert(name.to_owned(), value.to_owned());
        }
        for set in &args.set_file {
            let wrong = |why: &str| usage(format!("--set-file {set}: {why}"));
            let (name, path) = set.split_once('=').ok_or_else(|| wrong("write NAME=FILE"))?;
            answers.given.insert(name.to_owned(), value_in(Path::new(path)).map_err(|why| wrong(&why))?);
        }
        known_names(&answers.given, runbook, settings)?;
        answers.parameters.extend(answers.given.clone());
        for answer in &args.answer {
            let (id, value) = answer
                .split_once('=')
                .ok_or_else(|| usage(format!("--answer {answer}: write ID=yes or ID=no")))?;
            let holds = match value {
                "yes" => true,
                "no" => false,
                "all" => {
                    answers.all_sections(id, runbook)?;
                    continue;
                }
                _ => return Err(usage(format!("--answer {answer}: write ID=yes or ID=no"))),
            };
            answers.conditions.insert(CommandId(id.to_owned()), holds);
        }
        Ok(answers)
    }

    /// Whether it was answered with no, for itself or for the section that it is asked with.
    pub(super) fn said_no(&self, command: &Command) -> bool {
        let no = |id: &CommandId| self.conditions.get(id) == Some(&false);
        command.is_asked() && no(&command.id) || command.asked_with.as_ref().is_some_and(no)
    }

    /// Whether it is another way than the one that was chosen, or what nobody has to run and nobody asked for.
    pub(super) fn leaves_out(&self, command: &Command, chosen: &BTreeMap<&str, &str>) -> bool {
        let other =
            command.way.as_ref().is_some_and(|w| chosen.get(w.group.as_str()) != Some(&w.name.as_str()));
        let free = command.optional || command.alternative;
        other || free && self.conditions.get(&command.id) != Some(&true)
    }

    /// Plain and secret parameters, for the runner.
    #[expect(clippy::type_complexity, reason = "two lists of name and value")]
    pub(in crate::cli) fn split(&self, runbook: &Runbook) -> (Vec<(String, String)>, Vec<(String, String)>) {
        self.parameters.clone().into_iter().partition(|(name, _)| !runbook.is_secret(name))
    }
}

/// The largest value that is taken from a file.
const LARGEST: u64 = 1024 * 1024;

/// The value that a file holds, without the line ends behind it.
fn value_in(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| e.to_string())?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() as u64 > LARGEST {
        return Err("the file has more than 1 MiB".into());
    }
    let text = String::from_utf8(bytes).map_err(|_| "the file is not UTF-8 text".to_owned())?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// How a parameter is answered where nobody is there to ask. What is on a command line every user of the machine can
/// read, so a secret does not go there.
pub(in crate::cli) fn way_to_set(runbook: &Runbook, name: &str) -> String {
    if runbook.is_secret(name) {
        format!("{} in the environment, or --set-file {}=FILE", variable_of(name), quoted(name))
    } else {
        format!("--set {}=VALUE", quoted(name))
    }
}

/// A name as it is typed on a command line.
fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}
/// Whether a text uses a variable of this name, as `$NAME` or `${NAME…}`.
fn uses(text: &str, name: &str) -> bool {
    let behind = |sigil: &str| {
        text.match_indices(sigil).any(|(at, _)| {
            let rest = text.get(at + sigil.len()..).and_then(|rest| rest.strip_prefix(name));
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
        })
    };
    ["$", "${", "${#", "${!"].into_iter().any(behind)
}

/// Refuses a value that the document has no use for: a mistyped name would leave the right one unanswered.
fn known_names(
    given: &BTreeMap<String, String>,
    runbook: &Runbook,
    settings: &Settings,
) -> Result<(), CommandError> {
    let known = || runbook.parameters.iter().map(|p| p.name.as_str());
    let in_headers = |name: &str| {
        let probes = settings
            .watch
            .probes
            .values()
            .chain(settings.environments.values().flat_map(|e| e.watch.probes.values()));
        let headers =
            |probe: &ProbeSettings| probe.own.get("headers").and_then(toml::Value::as_table).cloned();
        let values =
            probes.filter_map(headers).flat_map(|headers| headers.into_iter().map(|(_, value)| value));
        values.into_iter().any(|value| value.as_str().is_some_and(|value| uses(value, name)))
    };
    let unknown =
        |name: &&String| !known().any(|k| k == **name) && !uses(&runbook.source, name) && !in_headers(name);
    let Some(name) = given.keys().find(unknown) else { return Ok(()) };
    let error =
        CommandError::new(Status::Usage, format!("--set {name}: the document asks for no such value"));
    Err(match typed::nearest(name, known()) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None if runbook.parameters.is_empty() => error.hint("it asks for none"),
        None => error.hint(format!("it asks for {}", known().collect::<Vec<_>>().join(", "))),
    })
}
