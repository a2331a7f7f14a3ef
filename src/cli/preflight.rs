//! What a headless run needs to know before anything runs.

mod doubts;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use super::report::{CommandError, Status};
use super::terms::TermArgs;
use crate::config::Settings;
use crate::run::policy::NO_ENVIRONMENT;
use crate::run::rollback::{self, WayOutKind};
use crate::runbook::parameters::{ELLIPSIS, needed};
use crate::runbook::{Command, CommandId, Environment, Runbook, Way};
use crate::shell::entrance::entrance;
use crate::shell::{self, Effect, Kind};

/// What was answered in advance.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// Parameters by name.
    pub(super) parameters: BTreeMap<String, String>,
    /// Those of them that came with `--set`.
    pub(super) given: BTreeMap<String, String>,
    /// Conditions by command.
    pub(super) conditions: BTreeMap<CommandId, bool>,
    /// Ways that a run has taken before, by group.
    pub(super) ways: BTreeMap<String, String>,
    /// Where what follows a place command runs.
    pub(super) place: Option<PlaceAnswer>,
    /// Check items are ticked, gates taken.
    pub(super) yes: bool,
    /// What is done by hand has been done before.
    pub(super) by_hand_done: bool,
    /// Destructive commands run.
    pub(super) destructive: bool,
    /// What waits for eyes is taken as seen.
    pub(super) accept_unattested: bool,
    /// Begin here.
    pub(super) from: Option<String>,
    /// End here.
    pub(super) to: Option<String>,
    /// Whether it is gone back, and when.
    pub(super) back: Back,
    /// What is done about what stands in the way of going back.
    pub(super) way_out: Vec<WayOutKind>,
}

/// Where what follows a place command runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PlaceAnswer {
    /// In this shell: it is there already.
    Here,
    /// On its other side; over `ssh` to this host, where one is given, else to the one that the document names.
    There(Option<String>),
}

/// Whether a headless walk goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Back {
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
    pub(super) fn parse(
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
            answers.parameters.insert(name.to_owned(), value.to_owned());
            answers.given.insert(name.to_owned(), value.to_owned());
        }
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
    fn said_no(&self, command: &Command) -> bool {
        let no = |id: &CommandId| self.conditions.get(id) == Some(&false);
        command.is_asked() && no(&command.id) || command.asked_with.as_ref().is_some_and(no)
    }

    /// Whether it is another way than the one that was chosen, or what nobody has to run and nobody asked for.
    fn leaves_out(&self, command: &Command, chosen: &BTreeMap<&str, &str>) -> bool {
        let other =
            command.way.as_ref().is_some_and(|w| chosen.get(w.group.as_str()) != Some(&w.name.as_str()));
        let free = command.optional || command.alternative;
        other || free && self.conditions.get(&command.id) != Some(&true)
    }

    /// Plain and secret parameters, for the runner.
    #[expect(clippy::type_complexity, reason = "two lists of name and value")]
    pub(super) fn split(&self, runbook: &Runbook) -> (Vec<(String, String)>, Vec<(String, String)>) {
        self.parameters.clone().into_iter().partition(|(name, _)| !runbook.is_secret(name))
    }
}

/// The environment to run in; a document without environments has one, named `default`.
pub(super) fn environment(runbook: &Runbook, name: Option<&str>) -> Result<Environment, CommandError> {
    let names: Vec<&str> = runbook.environments.iter().map(|e| e.name.as_str()).collect();
    if names.is_empty() {
        return match name {
            None | Some(NO_ENVIRONMENT) => {
                Ok(Environment { name: NO_ENVIRONMENT.into(), ..Environment::default() })
            }
            Some(name) => Err(CommandError::new(
                Status::Usage,
                format!("--env {name}: the document has no environments; its one is called default"),
            )),
        };
    }
    let usage = |message: String| {
        CommandError::new(Status::Usage, message).hint(format!("the document has: {}", names.join(", ")))
    };
    let name = name.ok_or_else(|| usage("--env is missing".into()))?;
    runbook
        .environment(name)
        .cloned()
        .ok_or_else(|| usage(format!("--env {name}: the document has no such environment")))
}

/// What becomes of a command when nobody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It runs.
    Runs,
    /// Optional or another way.
    Optional,
    /// Needs a keyboard.
    Interactive,
    /// The document's condition was answered with no.
    ConditionNo,
    /// Meant to change the place; answered with "here".
    Place,
    /// Done by a person.
    Manual,
    /// Outside of `--from` and `--to`.
    Outside,
}

/// The fates of the commands that may run, in order: of the steps, and of going back where that may come.
pub(super) fn fates<'r>(runbook: &'r Runbook, answers: &Answers) -> Vec<(&'r Command, Fate)> {
    let mut found =
        if answers.back == Back::Now { vec![] } else { fates_of(runbook.step_commands(), answers) };
    if answers.back != Back::Never {
        let whole = Answers { from: None, to: None, ..answers.clone() };
        found.extend(fates_of(rollback::commands(runbook, &rollback::usual(runbook)), &whole));
    }
    found
}

fn fates_of<'r>(commands: Vec<&'r Command>, answers: &Answers) -> Vec<(&'r Command, Fate)> {
    let within = |id: &CommandId, wanted: &str| {
        id.0 == wanted || id.0.starts_with(&format!("{wanted}/")) || id.0.starts_with(&format!("{wanted}."))
    };
    let first =
        answers.from.as_ref().and_then(|w| commands.iter().position(|c| within(&c.id, w))).unwrap_or(0);
    let last = answers
        .to
        .as_ref()
        .and_then(|w| commands.iter().rposition(|c| within(&c.id, w)))
        .unwrap_or(usize::MAX);
    let chosen = chosen_ways(&commands, answers);
    let place = commands.iter().position(|c| c.enters_place()).unwrap_or(usize::MAX);
    commands
        .into_iter()
        .enumerate()
        .map(|(at, command)| {
            let fate = if at < first || at > last {
                Fate::Outside
            } else if command.leaves_place() && command.kind == Kind::Place && at < place {
                // No place was gone to: it ends the run's own shell.
                Fate::Runs
            } else if command.kind == Kind::Place {
                Fate::Place
            } else if answers.said_no(command) {
                Fate::ConditionNo
            } else if answers.leaves_out(command, &chosen) {
                Fate::Optional
            } else if command.kind == Kind::Interactive {
                Fate::Interactive
            } else if command.kind == Kind::Manual {
                Fate::Manual
            } else {
                Fate::Runs
            };
            (command, fate)
        })
        .collect()
}

/// The ways that were chosen in advance, by group: a command of each was answered with yes.
fn chosen_ways<'r>(commands: &[&'r Command], answers: &'r Answers) -> BTreeMap<&'r str, &'r str> {
    let mut chosen: BTreeMap<&str, &str> =
        answered_ways(commands, answers).iter().map(|w| (w.group.as_str(), w.name.as_str())).collect();
    chosen.extend(answers.ways.iter().map(|(group, name)| (group.as_str(), name.as_str())));
    chosen
}

fn answered_ways<'r>(commands: &[&'r Command], answers: &Answers) -> Vec<&'r Way> {
    let yes = |c: &&&Command| answers.conditions.get(&c.id) == Some(&true);
    commands.iter().filter(yes).filter_map(|c| c.way.as_ref()).collect()
}

/// Groups of which more than one way was answered with yes.
fn doubled_ways(runbook: &Runbook, answers: &Answers) -> Vec<String> {
    let mut names: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for way in answered_ways(&runbook.step_commands(), answers) {
        names.entry(&way.group).or_default().insert(&way.name);
    }
    let doubled = names.into_values().filter(|names| names.len() > 1);
    let told = |names: BTreeSet<&str>| names.into_iter().collect::<Vec<_>>().join("\" and \"");
    doubled
        .map(|names| format!("one way is gone, not more: --answer says yes to \"{}\"", told(names)))
        .collect()
}

/// Groups of ways of which none was chosen in advance, each with the flag that does.
fn open_ways(runbook: &Runbook, fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let commands = runbook.step_commands();
    let chosen = chosen_ways(&commands, answers);
    let inside =
        fates.iter().filter(|(_, f)| !matches!(f, Fate::Outside | Fate::ConditionNo)).map(|(c, _)| *c);
    let mut open: BTreeMap<&str, Vec<(&str, &Command)>> = BTreeMap::new();
    for command in inside {
        let Some(way) = command.way.as_ref().filter(|w| !chosen.contains_key(w.group.as_str())) else {
            continue;
        };
        let ways = open.entry(&way.group).or_default();
        if !ways.iter().any(|(name, _)| *name == way.name) {
            ways.push((&way.name, command));
        }
    }
    let words = |ways: Vec<(&str, &Command)>| {
        let each = ways
            .iter()
            .map(|(name, c)| format!("--answer {}=yes for \"{name}\" (line {})", c.id, c.span.line));
        format!("which way is gone: {}", each.collect::<Vec<_>>().join(", or "))
    };
    open.into_values().map(words).collect()
}

/// Commands that stand as one of several ways, uncommented, and that nobody chose or left out.
fn open_alternatives(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let open = fates.iter().filter(|(c, f)| {
        let written = c.alternative && !c.commented && c.way.is_none();
        *f == Fate::Optional && written && !answers.conditions.contains_key(&c.id)
    });
    let words = |c: &Command| {
        let (id, line) = (&c.id, c.span.line);
        format!(
            "{id} is one of several alternatives (line {line}): --answer {id}=yes runs it, --answer {id}=no skips it"
        )
    };
    open.map(|(c, _)| words(c)).collect()
}

/// Commands that ask for something that nobody is there to type, and that others depend on: a value, or a yes.
fn open_questions(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let follows = |at: usize| fates[at + 1..].iter().any(|(_, f)| *f == Fate::Runs);
    let open = fates.iter().enumerate().filter(|(at, (c, f))| {
        *f == Fate::Interactive
            && shell::classify::asks_for_words(&c.text)
            && follows(*at)
            && !answers.conditions.contains_key(&c.id)
    });
    let words = |c: &Command| {
        let (id, line) = (&c.id, c.span.line);
        format!(
            "{id} asks a question and nobody is there to answer it (line {line}): --answer {id}=no skips it"
        )
    };
    open.map(|(_, (c, _))| words(c)).collect()
}

/// Nothing is run before everything that will be needed is answered.
pub(super) fn all_answered(unanswered: Vec<String>) -> Result<(), CommandError> {
    if unanswered.is_empty() {
        return Ok(());
    }
    let words = format!("nothing was run: {} things are unanswered", unanswered.len());
    Err(unanswered.into_iter().fold(CommandError::new(Status::Usage, words), CommandError::hint))
}

/// Everything that is unanswered, each with the flag that answers it. Only what will run counts, and not what is
/// settled.
pub(super) fn unanswered(
    runbook: &Runbook,
    answers: &Answers,
    settled: &dyn Fn(&CommandId) -> bool,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut fates = fates(runbook, answers);
    fates.retain(|(command, _)| !settled(&command.id));
    for wanted in [&answers.from, &answers.to].into_iter().flatten() {
        if !runbook.step_commands().iter().any(|c| {
            c.id.0 == *wanted
                || c.id.0.starts_with(&format!("{wanted}/"))
                || c.id.0.starts_with(&format!("{wanted}."))
        }) {
            found.push(format!("there is no step or command {wanted}"));
        }
    }
    for id in answers.conditions.keys().filter(|id| {
        let asked = |c: &Command| {
            c.is_asked()
                || c.optional
                || c.is_one_way()
                || c.kind == Kind::Interactive
                || !needed(&c.text).is_empty()
        };
        !runbook.command(id).is_some_and(asked)
    }) {
        found.push(format!("--answer {id}: there is no condition with that id"));
    }
    found.extend(doubled_ways(runbook, answers));
    found.extend(open_ways(runbook, &fates, answers));
    found.extend(open_alternatives(&fates, answers));
    found.extend(open_questions(&fates, answers));
    if !fates.is_empty() && fates.iter().all(|(_, f)| matches!(f, Fate::Optional | Fate::Interactive)) {
        found.push(
            "nothing in the document would run: every command is optional, an alternative, or needs a keyboard".into(),
        );
    }
    let none = runbook.step_commands().is_empty() && answers.back != Back::Now;
    if none && runbook.all_commands().iter().any(|c| c.kind != Kind::Manual) {
        found.push(
            "the document has commands, and none of them is a step: gonogo plan says how it was read, and `<!-- gonogo: role=steps -->` above a heading makes its section one".into(),
        );
    }
    if let Some((place, _)) = fates.iter().find(|(c, f)| *f == Fate::Place && !c.leaves_place())
        && answers.place.is_none()
    {
        found.push(format!(
            "where the commands after \"{}\" run (line {}): --place here, or --place there, or --place ssh:HOST",
            place.text, place.span.line
        ));
    }
    found.extend(unreachable(&fates, answers));
    let running: Vec<&Command> = fates.iter().filter(|(_, f)| *f == Fate::Runs).map(|(c, _)| *c).collect();
    let answered = |id: &CommandId| answers.conditions.contains_key(id);
    // A section is answered for by its first command, or by a yes to one of its others: to one of several ways in it.
    let accepted: BTreeSet<&CommandId> = fates
        .iter()
        .filter(|(c, _)| answers.conditions.get(&c.id) == Some(&true))
        .filter_map(|(c, _)| c.asked_with.as_ref())
        .collect();
    let of_section = |lead: &CommandId| answered(lead) || accepted.contains(lead);
    let with = |command: &Command| of_section(command.asked_with.as_ref().unwrap_or(&command.id));
    let undecided = |command: &Command| command.doubt.is_some() && !answered(&command.id) && !with(command);
    found.extend(doubts::in_doubt(runbook, &fates, &undecided));
    for command in &running {
        if let Some(condition) = &command.condition
            && command.doubt.is_none()
            && command.effect != Effect::Reads
            && !answers.conditions.contains_key(&command.id)
        {
            found.push(format!(
                "{} \"{condition}\" (line {}): --answer {}=yes or no",
                command.id, command.span.line, command.id
            ));
        }
    }
    found.extend(values::open(runbook, &running, answers));
    for command in &running {
        if undecided(command) {
            continue;
        }
        if !command.parses || command.holes.iter().any(|h| h == ELLIPSIS) {
            found.push(format!("{} can't run as it stands (line {}): mend the document, or leave it out with --from and --to", command.id, command.span.line));
        }
        if command.effect == Effect::Destructive && !answers.destructive {
            found.push(format!(
                "{} is destructive (line {}): --allow-destructive",
                command.id, command.span.line
            ));
        }
    }
    for (command, _) in fates.iter().filter(|(_, f)| *f == Fate::Manual) {
        if !answers.by_hand_done {
            found.push(format!(
                "{} is done by hand (line {}): --by-hand-done says that it has been done",
                command.id, command.span.line
            ));
        }
    }
    let items: usize = runbook.checklists.iter().map(|c| c.items.len()).sum();
    if answers.back != Back::Never && runbook.rollback.steps.is_empty() {
        found.push("the document has no way back: there is nothing to roll back by".into());
    }
    if answers.back != Back::Now
        && !answers.yes
        && (items > 0 || crate::run::policy::gate_index(runbook).is_some())
    {
        found.push(format!("{items} check items and the gate: --yes ticks and takes them as the operator"));
    }
    found
}

/// Commands that will run and that bash would not take.
pub(super) fn refused(runbook: &Runbook, answers: &Answers) -> Vec<String> {
    let running: Vec<CommandId> = fates(runbook, answers)
        .into_iter()
        .filter(|(_, f)| *f == Fate::Runs)
        .map(|(c, _)| c.id.clone())
        .collect();
    let words = |c: &Command| {
        format!(
            "bash can't parse {} (line {}): fix the document, or leave it out with --from and --to",
            c.id, c.span.line
        )
    };
    super::syntax::refused(runbook).into_iter().filter(|c| running.contains(&c.id)).map(words).collect()
}

/// Place commands that can't be gone through as it was answered.
fn unreachable(fates: &[(&Command, Fate)], answers: &Answers) -> Vec<String> {
    let Some(PlaceAnswer::There(host)) = &answers.place else { return vec![] };
    let places = fates.iter().filter(|(c, f)| *f == Fate::Place && !c.leaves_place()).map(|(c, _)| *c);
    let mut hosts = BTreeSet::new();
    let mut found = Vec::new();
    for place in places {
        match entrance(&place.text) {
            None => found.push(format!(
                "gonogo can't follow \"{}\" to its other side (line {}): run gonogo there with --place here",
                place.text, place.span.line
            )),
            Some(entrance) => hosts.extend(entrance.host),
        }
    }
    if host.is_some() && hosts.len() > 1 {
        let named: Vec<String> = hosts.into_iter().collect();
        found.push(format!("the document goes to several hosts ({}): --place there", named.join(", ")));
    }
    found
}

/// A name as it is typed on a command line.
pub(super) fn quoted(name: &str) -> String {
    if name.contains(' ') { format!("\"{name}\"") } else { name.to_owned() }
}
