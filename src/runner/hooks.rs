//! Asks the hooks of the settings before something is done: they get the run as JSON and may refuse.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use crate::config::HookSettings;
use crate::exec::spawn;
use crate::run::event::Start;
use crate::run::gates::GateId;
use crate::run::{Outcome, Refusal, Request, RunState};

/// How long a hook may take.
const LIMIT: Duration = Duration::from_mins(1);

/// The hooks, or why none of them may be asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Hooks {
    settings: HookSettings,
    /// They have not been accepted as they are now.
    unaccepted: bool,
    /// They run in the document's directory.
    directory: PathBuf,
}

/// A hook to ask.
#[derive(Clone, Debug)]
pub(super) struct Hook {
    name: &'static str,
    command: String,
    input: Value,
    unaccepted: bool,
    directory: PathBuf,
}

impl Hooks {
    pub(super) fn new(settings: HookSettings, accepted: bool, directory: PathBuf) -> Self {
        Self { settings, unaccepted: !accepted, directory }
    }

    /// Where commands of the settings run.
    pub(super) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The hook that is asked before a request is decided, if one is.
    pub(super) fn before(&self, request: &Request, state: &RunState) -> Option<Hook> {
        let (name, command) = match request {
            Request::DecideGate { go: true, .. } => ("before_gate", &self.settings.before_gate),
            Request::Finish { outcome: Outcome::Deployed, .. } => {
                ("before_finish", &self.settings.before_finish)
            }
            _ => return None,
        };
        let start = state.start().map(|(start, _)| start);
        self.hook(name, command.as_ref(), json!({ "run": run(start, state), "request": request }))
    }

    /// The hook that is asked before a run begins, if one is.
    pub(super) fn before_start(&self, start: &Start, state: &RunState) -> Option<Hook> {
        let mut request = json!(start);
        request["ask"] = "start".into();
        let input = json!({ "run": run(Some(start), state), "request": request });
        self.hook("before_start", self.settings.before_start.as_ref(), input)
    }

    fn hook(&self, name: &'static str, command: Option<&String>, mut input: Value) -> Option<Hook> {
        input["hook"] = name.into();
        let (unaccepted, directory) = (self.unaccepted, self.directory.clone());
        Some(Hook { name, command: command?.clone(), input, unaccepted, directory })
    }
}

/// A run as a hook gets it.
fn run(start: Option<&Start>, state: &RunState) -> Value {
    let gate = state.gate_of(GateId::Change);
    json!({
        "id": state.id(),
        "start": start,
        "place": state.place(),
        "gate": gate.map(|g| json!({ "go": g.go, "reason": g.reason, "by": g.by, "open": g.board })),
        "open_items": state.open_items(),
        "alerts": state.open_alerts().map(|a| &a.words).collect::<Vec<_>>(),
        "events": state.seq(),
    })
}

impl Hook {
    /// Asks it; a refusal with its own words.
    pub(super) async fn ask(self) -> Result<(), Refusal> {
        if self.unaccepted {
            let words = "commands of the settings have changed since they were accepted: start gonogo on the runbook and accept them";
            return Err(Refusal::Hook(self.name.into(), words.into()));
        }
        let refused = |why: String| Refusal::Hook(self.name.into(), why);
        let (command, input, directory) = (self.command, self.input.to_string(), self.directory);
        let asked =
            tokio::task::spawn_blocking(move || spawn::ask(&command, &directory, &input, LIMIT)).await;
        match asked {
            Ok(Ok(asked)) if asked.status == Some(0) => Ok(()),
            Ok(Ok(asked)) => Err(refused(asked.said())),
            Ok(Err(error)) => Err(refused(error.to_string())),
            Err(error) => Err(refused(error.to_string())),
        }
    }
}
