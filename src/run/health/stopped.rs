//! What a step stopped: no alert until it is due back, and down from then on.

use chrono::{DateTime, TimeDelta, Utc};

use super::fold::Health;
use super::level::{Level, RowLevel};
use super::sample::RowId;
use crate::run::state::RunState;
use crate::runbook::CommandId;
use crate::runbook::probes::Source;
use crate::shell::services;

/// What was stopped is due back after so long at the latest, whatever the document says.
const DUE_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// What stopped a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoppedBy {
    /// The command.
    pub command: CommandId,
    /// When.
    pub since: DateTime<Utc>,
    /// When it has to be back.
    pub due: DateTime<Utc>,
    /// It is what was stopped itself; else something that needs it.
    pub itself: bool,
}

impl StoppedBy {
    /// It should be back by now.
    pub fn is_overdue(&self, now: DateTime<Utc>) -> bool {
        now >= self.due
    }
}

/// The command that stopped what a row is about, while nothing has started it again.
pub fn stopped_by(state: &RunState, health: &Health, row: &RowId) -> Option<StoppedBy> {
    let stopped = state.stopped()?;
    let itself =
        matches!((&health.watch.probe_of(row)?.source, row), (Source::Docker(_), RowId::Subject(..)));
    let (command, since) = (stopped.command.clone(), stopped.at);
    let by = || StoppedBy { due: due(state, &command, since), command: command.clone(), since, itself };
    concerns(health, row, &stopped.text).then(by)
}

/// Whether a command that stops services stops what a row is about.
///
/// 1. A container is stopped by a command that names it, or that names no container at all.
/// 2. An address is quiet while anything is stopped: nobody can tell from an address who answers there.
/// 3. A database is quiet when everything was stopped, or its host's name was.
pub fn concerns(health: &Health, row: &RowId, stop: &str) -> bool {
    let Some(probe) = health.watch.probe_of(row) else { return false };
    let words: Vec<&str> = stop.split(|c: char| c.is_whitespace() || c == ';').collect();
    let services = health.watch.probes.iter().filter_map(|p| match &p.source {
        Source::Docker(docker) => Some(docker.services.iter().chain(&docker.containers)),
        _ => None,
    });
    let named: Vec<&String> = services.flatten().filter(|s| words.contains(&s.as_str())).collect();
    let all = named.is_empty();
    let is_host = |host: &Option<String>| all || host.as_ref().is_some_and(|host| named.contains(&host));
    match (&probe.source, row) {
        (Source::Docker(_), RowId::Subject(_, name)) => all || named.contains(&name),
        (Source::Http(_), _) => true,
        (Source::Postgres(database), _) => is_host(&database.host),
        (Source::Sql(query), _) => is_host(&query.database.host),
        _ => false,
    }
}

/// The same while it is as planned: it is not yet due back.
pub fn quiet(state: &RunState, health: &Health, row: &RowId, now: DateTime<Utc>) -> Option<StoppedBy> {
    stopped_by(state, health, row).filter(|stopped| !stopped.is_overdue(now))
}

/// How a row stands, given what stopped it. What was stopped itself and is overdue is down, however it ended.
pub fn row_level(level: Option<Level>, stopped: Option<&StoppedBy>, now: DateTime<Utc>) -> RowLevel {
    match (level, stopped) {
        (None, _) => RowLevel::NotMeasured,
        (Some(Level::Ok), _) | (_, None) => level.map_or(RowLevel::NotMeasured, RowLevel::from),
        (Some(_), Some(stopped)) if !stopped.is_overdue(now) => RowLevel::Stopped,
        (Some(Level::Watch), Some(stopped)) if stopped.itself => RowLevel::Down,
        (Some(level), Some(_)) => level.into(),
    }
}

/// When what a command stopped is due back: by the document's next start, with what the steps until then are
/// estimated at.
fn due(state: &RunState, stop: &CommandId, since: DateTime<Utc>) -> DateTime<Utc> {
    let commands = state.step_commands();
    let latest = since + DUE_WITHIN;
    let Some(at) = commands.iter().position(|c| &c.id == stop) else { return latest };
    let start = commands.iter().skip(at + 1).find(|c| services::starts(&c.text));
    let Some(start) = start else { return latest };
    let holds = |id: &CommandId| {
        state.runbook().steps.iter().position(|step| step.commands().iter().any(|c| &c.id == id))
    };
    let (Some(first), Some(last)) = (holds(stop), holds(&start.id)) else { return latest };
    let between = state.runbook().steps.iter().skip(first).take(last + 1 - first.min(last));
    let estimates: Vec<u64> = between.filter_map(|step| step.estimate_s).collect();
    if estimates.is_empty() {
        return latest;
    }
    latest.min(since + TimeDelta::seconds(estimates.iter().sum::<u64>() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::rollback::tests::Given;

    #[test]
    fn what_was_stopped_is_due_with_the_next_start_and_then_down() {
        let book = "# T\n## Steps\n### Step 1: Stop (1 min)\n```bash\ndocker compose stop api\n```\n\
                    ### Step 2: Migrate (2 min)\n```bash\n./migrate\n```\n\
                    ### Step 3: Start (30 s)\n```bash\ndocker compose up -d api\n```\n";
        let mut run = Given::new(book);
        run.ran("1/1", 0);
        let stop = run.state.stopped().unwrap().clone();
        let due = due(&run.state, &stop.command, stop.at);
        assert_eq!((due - stop.at).num_seconds(), 60 + 120 + 30);
        let by = StoppedBy { command: stop.command, since: stop.at, due, itself: true };
        let level = |level, now| row_level(Some(level), Some(&by), now);
        assert_eq!(level(Level::Down, stop.at), RowLevel::Stopped);
        assert_eq!(level(Level::Ok, stop.at), RowLevel::Ok, "it answers: whatever was stopped");
        assert_eq!(level(Level::Watch, due), RowLevel::Down, "exited well and not back");
        let mut unsaid = Given::new("# T\n## Steps\n```bash\ndocker compose stop api\n./x\n```\n");
        unsaid.ran("1/1", 0);
        let stop = unsaid.state.stopped().unwrap();
        assert_eq!(super::due(&unsaid.state, &stop.command, stop.at) - stop.at, DUE_WITHIN);
    }
}
