//! What stands in the way of going back, found before anything is stopped, with the ways out.

use super::{Candidate, Found, LookedAt, MadeFile, WayOut, belongs, of_procedures, saved, unknown_values};
use crate::run::event::PlaceChoice;
use crate::run::places;
use crate::run::policy::changes_data;
use crate::run::state::RunState;
use crate::runbook::behind::behind;
use crate::runbook::{Command, CommandId, StepId};
use crate::shell::classify::unwrapped;
use crate::shell::entrance::leads_to_the_same;
use crate::shell::{self, Effect, Kind, needs};

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle {
    /// The command that it is about.
    pub command: CommandId,
    /// Its line.
    pub line: usize,
    /// What is wrong.
    pub says: String,
    /// The value that is missing, where answering it is a way out too.
    pub wants: Option<String>,
    /// The other ways out.
    pub ways: Vec<WayOut>,
}

/// All that stands in the way of procedures, in their order.
pub fn obstacles(state: &RunState, chosen: &[StepId], found: &Found) -> Vec<Obstacle> {
    if let Some(place) = left(state) {
        // Nothing else is known without it.
        return vec![place];
    }
    let steps = state.step_commands();
    let behind = behind(&steps);
    let mut all = values(state, chosen, found);
    all.extend(of_another_place(state, chosen, &behind));
    all.extend(files(state, (chosen, &behind), found));
    all.extend(stops_its_need(state, chosen, found));
    all.extend(leaves_what_was_added(state, chosen, found));
    all.sort_by_key(|o| o.line);
    all
}

/// The place that what goes back runs in, where that was left.
fn left(state: &RunState) -> Option<Obstacle> {
    let place = state.find(&places::missing_for_back(state)?)?;
    let text = state.text_of(place);
    let says = format!("not connected to \"{}\" any more: gonogo can't check what is there", text.trim());
    let (command, line) = (place.id.clone(), place.span.line);
    Some(Obstacle { command, line, says, wants: None, ways: vec![WayOut::GoThere] })
}

/// The place command behind which a command of the steps was run, where the document has left that place since;
/// `behind` has those of each command of the steps.
fn left_behind<'s>(state: &RunState, id: &CommandId, behind: &[Vec<&'s Command>]) -> Option<&'s Command> {
    let places = behind.get(state.runbook().position(id)?)?;
    let through = |place: &&Command| state.place_choice(&place.id) == Some(PlaceChoice::Through);
    let place = places.iter().copied().rfind(through)?;
    let open = state.entered().iter().filter_map(|id| state.find(id));
    let stands = |other: &Command| leads_to_the_same(&state.text_of(other), &state.text_of(place));
    (!open.into_iter().any(stands)).then_some(place)
}

/// A way back that would run here, where what it takes back was done in a place that the steps have left: the document
/// does not say which is meant.
fn of_another_place(state: &RunState, chosen: &[StepId], behind: &[Vec<&Command>]) -> Option<Obstacle> {
    let first = says_no_place(&of_procedures(state.runbook(), chosen))?;
    let changed = |id: &&CommandId| state.find(id).is_some_and(|c| c.effect != Effect::Reads);
    let mut ran = state.ran().iter().rev().map(|ran| &ran.command).filter(changed);
    let place = ran.find_map(|id| left_behind(state, id, behind))?;
    let text = state.text_of(place).trim().to_owned();
    let says = format!(
        "the steps changed things through \"{text}\" ({}), and that connection has ended: this would run at {}",
        place.id,
        state.place()
    );
    let (command, line) = (first.id.clone(), first.span.line);
    let ways = vec![WayOut::Insert { before: command.clone(), text }, WayOut::AsWritten];
    Some(Obstacle { command, line, says, wants: None, ways })
}

/// The first of the commands of a way back that changes something and does not say in which place.
pub fn says_no_place<'r>(commands: &[&'r Command]) -> Option<&'r Command> {
    let goes = |c: &Command| {
        let parsed = shell::parse(&c.text).unwrap_or_default();
        c.enters_place() || parsed.simples.iter().any(|s| GOES_THERE.contains(&unwrapped(s).program()))
    };
    let mut own = commands.iter().filter(|c| !c.alternative && c.kind != Kind::Manual);
    let changes = own.clone().any(|c| c.effect != Effect::Reads && !goes(c));
    own.next().filter(|first| changes && !goes(first)).copied()
}

/// Programs that a command says with where it is run.
const GOES_THERE: &[&str] =
    &["ssh", "scp", "sftp", "rsync", "ansible", "ansible-playbook", "kubectl", "oc", "helm"];

/// Values that nobody has recorded and that the shell does not have, and placeholders that nobody answered.
fn values(state: &RunState, chosen: &[StepId], found: &Found) -> Vec<Obstacle> {
    let mut all = Vec::new();
    for (command, line, name) in unknown_values(state, chosen) {
        let set = found.set.as_ref().and_then(|s| s.get(&name)).copied();
        let says = match set {
            Some(true) => continue,
            Some(false) => format!("${name} was never set, and the shell has no value for it"),
            None => format!("${name} was not recorded, and the shell did not answer"),
        };
        let ways = vec![WayOut::LeaveOut, WayOut::AsWritten];
        all.push(Obstacle { command, line, says, wants: Some(name), ways });
    }
    for command in
        of_procedures(state.runbook(), chosen).into_iter().filter(|c| !c.alternative && !c.optional)
    {
        if let Some(hole) = state.open_holes(command).first() {
            all.push(Obstacle {
                command: command.id.clone(),
                line: command.span.line,
                says: format!("{hole} has no value yet"),
                wants: Some((*hole).to_owned()),
                ways: vec![WayOut::LeaveOut],
            });
        }
    }
    all
}

/// Files that are to be put back and are not there as they were made.
fn files(state: &RunState, (chosen, behind): (&[StepId], &[Vec<&Command>]), found: &Found) -> Vec<Obstacle> {
    let faulty = saved(state, chosen).into_iter().filter_map(|file| {
        let candidates = file.candidates.ok()?;
        // What was made in a place that was left is not to be looked for here.
        let left = |made: &MadeFile| left_behind(state, &made.command, behind).is_some();
        let elsewhere = |c: &Candidate| c.made.as_ref().is_some_and(left);
        if candidates.iter().any(elsewhere) {
            return None;
        }
        let faults: Vec<String> = candidates
            .iter()
            .map(|c| c.fault(state, found).map(|why| format!("{}: {why}", c.path)))
            .collect::<Option<_>>()?;
        let says = format!("the file it restores is missing: {}", faults.join("; "));
        let ways = vec![WayOut::LeaveOut];
        Some(Obstacle { command: file.command, line: file.line, says, wants: None, ways })
    });
    faulty.collect()
}

/// A dump that removes a schema only if nothing else is in it, after something was put into the database: then it is
/// put back beside that, and half of it fails.
fn leaves_what_was_added(state: &RunState, chosen: &[StepId], found: &Found) -> Vec<Obstacle> {
    let own = |id: &CommandId| belongs(state.runbook(), id);
    let added = state.ran().iter().rev().find(|r| !own(&r.command) && changes_data(&r.text));
    let Some(added) = added.map(|r| r.command.clone()) else { return vec![] };
    let told = saved(state, chosen).into_iter().filter_map(|file| {
        let best = file.candidates.ok()?.into_iter().find(|c| c.fault(state, found).is_none())?;
        let LookedAt::There(facts) = found.files.get(&best.path)? else { return None };
        let command = state.find(&file.command).filter(|_| !facts.drops.is_empty())?;
        let schemas = facts.drops.join(", ");
        let says = format!(
            "{} removes {schemas} only if nothing else depends on it, and {added} may have added something: that would stay, and the command would report errors",
            best.path
        );
        let text = needs::drop_schemas(&state.text_of(command), &facts.drops);
        let drop = text.map(|text| WayOut::DropFirst { before: file.command.clone(), text });
        let ways = drop.into_iter().chain([WayOut::AsWritten]).collect();
        Some(Obstacle { command: file.command, line: file.line, says, wants: None, ways })
    });
    told.collect()
}

/// A command that stops what a later one needs.
fn stops_its_need(state: &RunState, chosen: &[StepId], found: &Found) -> Option<Obstacle> {
    let commands: Vec<&Command> =
        of_procedures(state.runbook(), chosen).into_iter().filter(|c| !c.alternative).collect();
    let texts: Vec<String> = commands.iter().map(|c| state.text_of(c)).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let conflict = needs::conflict(&texts)?;
    let (stop, needing) = (commands[conflict.stop], commands[conflict.needing]);
    let service = match (&found.services, &conflict.stopped) {
        // Nothing of the project is what is needed: it stands elsewhere.
        (Some(services), needs::Stopped::Everything) => Some(conflict.need.service(services)?.to_owned()),
        _ => conflict
            .need
            .host
            .clone()
            .filter(|h| h.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')),
    };
    let says = format!(
        "it stops {}, and {} (line {}) then needs {}{}",
        conflict.stopped.says(),
        needing.id,
        needing.span.line,
        service.clone().unwrap_or_else(|| conflict.need.says()),
        if found.services.is_none() { "; gonogo could not see which services belong to it" } else { "" }
    );
    let mut ways = Vec::new();
    let text = texts[conflict.stop];
    let others = to_stop(state, found, service.as_deref());
    ways.extend(needs::stop_only(text, &others).map(|text| WayOut::Edit { text }));
    if let Some(start) = service.and_then(|service| needs::start_service(text, &service)) {
        let text = with_wait(&start, &conflict.need);
        ways.push(WayOut::Insert { before: needing.id.clone(), text });
    }
    ways.push(WayOut::AsWritten);
    Some(Obstacle { command: stop.id.clone(), line: stop.span.line, says, wants: None, ways })
}

/// What is to be stopped instead of everything: what the steps stop by name, else all but what is needed.
fn to_stop(state: &RunState, found: &Found, needed: Option<&str>) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for command in state.runbook().step_commands().into_iter().filter(|c| !c.alternative && !c.optional) {
        for service in needs::stopped_services(&command.text) {
            if Some(service.as_str()) != needed && !named.contains(&service) {
                named.push(service);
            }
        }
    }
    if named.is_empty() {
        let all = found.services.iter().flatten();
        named = all.filter(|s| Some(s.as_str()) != needed).cloned().collect();
    }
    named
}

/// A start that is over once a database answers: it is restored into next.
fn with_wait(start: &str, need: &needs::Need) -> String {
    if !matches!(need.program.as_str(), "psql" | "pg_restore") || need.container {
        return start.to_owned();
    }
    let host = need.host.as_ref().map_or(String::new(), |h| format!(" -h {h}"));
    format!("{start} && timeout 60 sh -c 'until pg_isready -q{host}; do sleep 1; done'")
}
