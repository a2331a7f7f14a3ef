//! The state of a run: nothing but what its events say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, FixedOffset, Offset, Utc};

use super::back_files::BackFiles;
use super::back_way::BackWay;
use super::causes::Causes;
use super::claim::Claim;
use super::environment::{NO_ENVIRONMENT, says_production};
use super::event::parts::{Outcome, Place, PlaceChoice, Start, Window};
use super::event::{Event, RECORD_VERSION, Record};
use super::gates::id::GateId;
use super::health::sample::RowId;
use super::health::watch::Watch;
use super::ids::{Attempt, RunId, Seq};
use super::monitoring::round::Watched;
use super::open_items::OpenItems;
use super::place_stack::KnownPlaces;
use super::rollback::decided::GoingBack;
use super::rollback::found::MadeFile;
use super::sign::sign_off::{SignRole, SignedOff};
use super::trouble::Recognised;
use crate::mask::Hidden;
use crate::runbook::{Command, CommandId, ItemId, Problem, Runbook};

mod parts;
mod whereabouts;

pub use super::claim::Standing;
pub use parts::*;
pub use whereabouts::Displaced;
pub(super) use whereabouts::Whereabouts;

/// The state of a run. Only [`super::apply`] writes it.
#[derive(Clone, Debug)]
pub struct RunState {
    pub(super) runbook: Arc<Runbook>,
    pub(super) id: RunId,
    pub(super) seq: Seq,
    pub(super) epoch: u32,
    pub(super) start: Option<(Start, DateTime<Utc>)>,
    /// The plan that the run goes by, and the version of gonogo that read it.
    pub(super) plan: Option<(String, String)>,
    /// The plan as it is read here.
    pub(super) own_plan: OnceLock<String>,
    /// Where its gates stand.
    pub(super) gates_at: OnceLock<Vec<(GateId, usize)>>,
    /// The way back, while it is gone.
    pub(super) back_way: OnceLock<BackWay>,
    /// What going back puts back.
    pub(super) back_files: OnceLock<BackFiles>,
    /// What the plan's steps write or copy something to.
    pub(super) copied: OnceLock<BTreeSet<String>>,
    /// Check items of which nothing has become yet.
    pub(super) open_items: OnceLock<OpenItems>,
    /// How many commands of the way that the run is on, from its beginning on, want nothing.
    pub(super) settled: usize,
    pub(super) commands: BTreeMap<CommandId, CommandState>,
    pub(super) changed_at: BTreeMap<CommandId, Seq>,
    pub(super) conditions: BTreeMap<CommandId, bool>,
    pub(super) places: BTreeMap<CommandId, PlaceChoice>,
    pub(super) items: BTreeMap<ItemId, ItemState>,
    pub(super) gates: BTreeMap<GateId, Gate>,
    pub(super) parameters: BTreeMap<String, Option<String>>,
    /// Secrets that have to be answered again.
    pub(super) forgotten: BTreeSet<String>,
    /// Commands that somebody wanted ended since they were started.
    pub(super) cancelled: BTreeSet<CommandId>,
    /// Some command has left its shell with success: only then is it looked whose block that ended.
    pub(super) left_shell: bool,
    /// Who took control last; nobody after it was handed over.
    pub(super) control: Option<String>,
    /// Variables without a value that commands were to run with.
    pub(super) unset: Unset,
    pub(super) captured: BTreeMap<String, Vec<Captured>>,
    pub(super) notes: Vec<Note>,
    pub(super) people: BTreeMap<String, Named>,
    pub(super) ran: Vec<Ran>,
    /// Which of them were of a command, in their order.
    pub(super) ran_at: BTreeMap<CommandId, Vec<usize>>,
    /// Which of them stop a service or ask how one is.
    pub(super) ran_on_services: Vec<usize>,
    pub(super) causes: Causes,
    pub(super) place: Place,
    /// The directory that each login was in last.
    pub(super) directories: BTreeMap<String, String>,
    /// Place commands whose other side the run is on, the outermost first.
    pub(super) entered: Vec<CommandId>,
    /// The place commands on whose other side what goes on can have a terminal of its own.
    pub(super) terminals: Vec<CommandId>,
    /// Where the steps' place commands have led to, as far as what is settled.
    pub(super) known_places: KnownPlaces,
    /// Where each shell was seen, and where it should be.
    pub(super) whereabouts: Whereabouts,
    /// Commands that were seen to open a shell, with what opened it.
    pub(super) opened: BTreeMap<CommandId, String>,
    /// Why places were left that nobody wanted left.
    pub(super) left: BTreeMap<CommandId, String>,
    pub(super) running: Option<CommandId>,
    /// What the command that was started last had come to before.
    pub(super) before_start: Option<(CommandId, CommandState)>,
    pub(super) background: BTreeSet<CommandId>,
    pub(super) waiting: Option<Waiting>,
    pub(super) revised: BTreeMap<CommandId, Command>,
    pub(super) added: Vec<CommandId>,
    /// Added commands that were put before one of the way back.
    pub(super) inserted: BTreeMap<CommandId, CommandId>,
    pub(super) made_files: Vec<MadeFile>,
    pub(super) going_back: Option<GoingBack>,
    pub(super) recognised: BTreeMap<CommandId, Vec<Recognised>>,
    pub(super) watch: Option<Watch>,
    pub(super) stopped: Option<Stopped>,
    pub(super) alerts: Vec<Alert>,
    pub(super) watched: Option<Watched>,
    pub(super) sent: Vec<Sent>,
    pub(super) missing: Vec<Missing>,
    /// Events that could not be folded.
    pub(super) untaken: Vec<Seq>,
    /// Events that only a newer gonogo knows, with their kinds.
    pub(super) newer: Vec<(Seq, String)>,
    /// The event that gave the run its outcome, and the one that had before it was gone back.
    pub(super) ended_by: Option<Seq>,
    pub(super) ended_before: Option<Seq>,
    pub(super) signatures: Vec<SignedOff>,
    pub(super) marks: BTreeMap<Mark, Seq>,
    pub(super) outcome: Option<(Outcome, DateTime<Utc>)>,
    pub(super) last_at: Option<DateTime<Utc>>,
}

impl RunState {
    /// The state before any event.
    pub fn new(runbook: Arc<Runbook>) -> Self {
        Self {
            runbook,
            id: RunId::default(),
            seq: Seq::default(),
            epoch: 0,
            start: None,
            plan: None,
            own_plan: OnceLock::new(),
            gates_at: OnceLock::new(),
            back_way: OnceLock::new(),
            back_files: OnceLock::new(),
            copied: OnceLock::new(),
            open_items: OnceLock::new(),
            settled: 0,
            commands: BTreeMap::new(),
            changed_at: BTreeMap::new(),
            conditions: BTreeMap::new(),
            places: BTreeMap::new(),
            items: BTreeMap::new(),
            gates: BTreeMap::new(),
            parameters: BTreeMap::new(),
            captured: BTreeMap::new(),
            notes: Vec::new(),
            people: BTreeMap::new(),
            ran: Vec::new(),
            ran_at: BTreeMap::new(),
            ran_on_services: Vec::new(),
            causes: Causes::default(),
            place: Place::default(),
            directories: BTreeMap::new(),
            entered: Vec::new(),
            terminals: Vec::new(),
            known_places: KnownPlaces::default(),
            whereabouts: Whereabouts::default(),
            opened: BTreeMap::new(),
            left: BTreeMap::new(),
            running: None,
            before_start: None,
            forgotten: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            left_shell: false,
            control: None,
            unset: Unset::default(),
            background: BTreeSet::new(),
            waiting: None,
            revised: BTreeMap::new(),
            added: Vec::new(),
            inserted: BTreeMap::new(),
            made_files: Vec::new(),
            going_back: None,
            recognised: BTreeMap::new(),
            watch: None,
            stopped: None,
            alerts: Vec::new(),
            watched: None,
            sent: Vec::new(),
            missing: Vec::new(),
            untaken: Vec::new(),
            newer: Vec::new(),
            ended_by: None,
            ended_before: None,
            signatures: Vec::new(),
            marks: BTreeMap::new(),
            outcome: None,
            last_at: None,
        }
    }

    /// What is watched in it.
    pub fn watch(&self) -> Option<&Watch> {
        self.watch.as_ref()
    }

    /// What a command has stopped, from its start on, until one that starts services has succeeded.
    pub fn stopped(&self) -> Option<&Stopped> {
        self.stopped.as_ref()
    }

    /// Alerts of the run, those that are over too.
    pub fn alerts(&self) -> &[Alert] {
        &self.alerts
    }

    /// Alerts that are not over, the oldest first.
    pub fn open_alerts(&self) -> impl DoubleEndedIterator<Item = &Alert> {
        self.alerts.iter().filter(|a| a.until.is_none())
    }

    /// The alert of a row that is not over.
    pub fn alert(&self, row: &RowId) -> Option<&Alert> {
        self.open_alerts().rfind(|a| &a.row == row)
    }

    /// The monitoring after the deployment, once it has begun.
    pub fn watched(&self) -> Option<&Watched> {
        self.watched.as_ref()
    }

    /// Whether the monitoring goes on.
    pub fn is_watched(&self) -> bool {
        self.watched.as_ref().is_some_and(|w| w.ended.is_none())
    }

    /// Messages that went out, or did not.
    pub fn sent(&self) -> &[Sent] {
        &self.sent
    }

    /// What could not be recorded, or was recorded late.
    pub fn gaps(&self) -> &[Missing] {
        &self.missing
    }

    /// Events that could not be folded: what they say is not in this state.
    pub fn untaken(&self) -> &[Seq] {
        &self.untaken
    }

    /// Events that only a newer gonogo knows, with what they call themselves.
    pub fn newer(&self) -> &[(Seq, String)] {
        &self.newer
    }

    /// Sign-offs, in order.
    pub fn signatures(&self) -> &[SignedOff] {
        &self.signatures
    }

    /// The last sign-off as this that is about the run as it came out: one from before it was gone back is not.
    pub fn signed(&self, role: SignRole) -> Option<&SignedOff> {
        let ended = self.ended_by?;
        self.signatures.iter().rfind(|s| s.statement.role == role && s.statement.events >= ended)
    }

    /// The last event that says so.
    pub fn event_of(&self, mark: &Mark) -> Option<Seq> {
        self.marks.get(mark).copied()
    }

    /// The document that is run.
    pub fn runbook(&self) -> &Runbook {
        &self.runbook
    }

    /// The document, shared.
    pub fn runbook_arc(&self) -> Arc<Runbook> {
        Arc::clone(&self.runbook)
    }

    /// The run's id.
    pub fn id(&self) -> &RunId {
        &self.id
    }

    /// The number of the last event.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// The record that an event would be next, outside of any journal: by nobody, and without the hash of a line
    /// before it.
    pub fn next_record(&self, event: Event, at: DateTime<Utc>) -> Record {
        Record {
            v: RECORD_VERSION,
            run: self.id.clone(),
            seq: self.seq.next(),
            at,
            actor: String::new(),
            epoch: self.epoch,
            prev: String::new(),
            event,
        }
    }

    /// How many processes have owned the run.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Under which terms the run was started, and when.
    pub fn start(&self) -> Option<&(Start, DateTime<Utc>)> {
        self.start.as_ref()
    }

    /// The zone that the run was started in; UTC where it is not recorded.
    pub fn zone(&self) -> FixedOffset {
        let recorded = self.start().and_then(|(start, _)| FixedOffset::east_opt(start.zone_s?));
        recorded.unwrap_or_else(|| Utc.fix())
    }

    /// The operator's name.
    pub fn operator(&self) -> &str {
        self.start.as_ref().map_or("", |(s, _)| &s.operator)
    }

    /// The environment's name.
    pub fn environment(&self) -> &str {
        self.start.as_ref().map_or("", |(s, _)| &s.environment)
    }

    /// Whether the environment counts as production: where the document has none, by the host that the run has gone to.
    pub fn production(&self) -> bool {
        let by_host = self.environment() == NO_ENVIRONMENT
            && !self.entered.is_empty()
            && says_production(self.place.host());
        by_host || self.start.as_ref().is_some_and(|(s, _)| s.production)
    }

    /// Why the other side of a place command was left, where nobody asked for it.
    pub fn left_because(&self, id: &CommandId) -> Option<&str> {
        self.left.get(id).map(String::as_str)
    }

    /// What became of a command.
    pub fn command(&self, id: &CommandId) -> &CommandState {
        self.commands.get(id).unwrap_or(&CommandState::Pending)
    }

    /// Which time a command runs, while it does.
    pub fn running_attempt(&self, id: &CommandId) -> Option<Attempt> {
        match self.command(id) {
            CommandState::Running { attempt, .. } => Some(*attempt),
            _ => None,
        }
    }

    /// The number of the last event that changed a command.
    pub fn changed_at(&self, id: &CommandId) -> Seq {
        self.changed_at.get(id).copied().unwrap_or_default()
    }

    /// How a command's condition was answered.
    pub fn condition(&self, id: &CommandId) -> Option<bool> {
        self.conditions.get(id).copied()
    }

    /// How a place command's question was answered.
    pub fn place_choice(&self, id: &CommandId) -> Option<PlaceChoice> {
        self.places.get(id).copied()
    }

    /// What became of a check item.
    pub fn item(&self, id: &ItemId) -> Option<&ItemState> {
        self.items.get(id)
    }

    /// The gate's decision.
    pub fn gate(&self) -> Option<&Gate> {
        self.gate_of(GateId::Change)
    }

    /// The decision at any gate.
    pub fn gate_of(&self, gate: GateId) -> Option<&Gate> {
        self.gates.get(&gate)
    }

    /// Parameters that were answered; `None` stands for a secret value.
    pub fn parameters(&self) -> &BTreeMap<String, Option<String>> {
        &self.parameters
    }

    /// Values that commands left in variables, oldest first.
    pub fn captured(&self, name: &str) -> &[Captured] {
        self.captured.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every captured variable's last value.
    pub fn captured_last(&self) -> impl Iterator<Item = (&str, &Captured)> {
        self.captured.iter().filter_map(|(name, all)| Some((name.as_str(), all.last()?)))
    }

    /// Notes and issues.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Who was named for a role.
    pub fn person(&self, role: &str) -> Option<&Named> {
        self.people.get(role)
    }

    /// Everything that was run, in order.
    pub fn ran(&self) -> &[Ran] {
        &self.ran
    }

    /// All that masks hide in outputs.
    pub fn hidden(&self) -> BTreeSet<&Hidden> {
        self.ran.iter().flat_map(|ran| &ran.hidden).collect()
    }

    /// Where the shell is, as last observed.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Place commands whose other side the run is on, the outermost first.
    pub fn entered(&self) -> &[CommandId] {
        &self.entered
    }

    /// Whether what goes on where the run is can have a terminal of its own, so that it can be kept in the background.
    pub fn has_terminals(&self) -> bool {
        self.entered.last().is_none_or(|place| self.terminals.contains(place))
    }

    /// The directory that a login was in when it was seen last.
    pub fn last_directory(&self, login: &str) -> Option<&str> {
        self.directories.get(login).map(String::as_str)
    }

    /// The command that runs.
    pub fn running(&self) -> Option<&CommandId> {
        self.running.as_ref()
    }

    /// Follow commands that go on in the background.
    pub fn background(&self) -> &BTreeSet<CommandId> {
        &self.background
    }

    /// What is repeated until it passes.
    pub fn waiting(&self) -> Option<&Waiting> {
        self.waiting.as_ref()
    }

    /// A command as it would run now: as edited, as added, else as the document has it.
    pub fn find(&self, id: &CommandId) -> Option<&Command> {
        self.revised.get(id).or_else(|| self.runbook.command(id))
    }

    /// Going back, as far as it is; also after it is over.
    pub fn going_back(&self) -> Option<&GoingBack> {
        self.going_back.as_ref()
    }

    /// Whether it is gone back now.
    pub fn goes_back(&self) -> bool {
        self.going_back.is_some() && self.outcome.is_none()
    }

    /// Files that the way back puts back, as they were when commands had made them, oldest first.
    pub fn made_files(&self) -> &[MadeFile] {
        &self.made_files
    }

    /// The document's problems that fit what a command came to, the best first.
    pub fn recognised(&self, id: &CommandId) -> &[Recognised] {
        self.recognised.get(id).map_or(&[], Vec::as_slice)
    }

    /// The document's problems that fit a command's failure, the best first, each with why.
    pub fn known_problems(&self, id: &CommandId) -> impl Iterator<Item = (&Problem, String)> {
        self.recognised(id).iter().filter_map(|r| {
            let problem = self.runbook().troubleshooting.iter().find(|p| p.id == r.problem)?;
            Some((problem, r.why.join("; ")))
        })
    }

    /// Whether the operator changed this command.
    pub fn is_edited(&self, id: &CommandId) -> bool {
        self.revised.contains_key(id) && !self.added.contains(id)
    }

    /// Commands whose text is not the document's, and those that were added.
    pub(super) fn edited(&self) -> impl Iterator<Item = &CommandId> {
        self.revised.keys()
    }

    /// Commands that were added by hand, oldest first.
    pub fn added(&self) -> &[CommandId] {
        &self.added
    }

    /// The command of the way back that an added one was put before.
    pub fn inserted_before(&self, added: &CommandId) -> Option<&CommandId> {
        self.inserted.get(added)
    }

    /// The change window.
    pub fn window(&self) -> Option<Window> {
        self.start.as_ref().and_then(|(s, _)| s.window)
    }

    /// How the run came out, and when.
    pub fn outcome(&self) -> Option<(Outcome, DateTime<Utc>)> {
        self.outcome
    }

    /// Whether all was gone through with nobody there, and somebody has yet to confirm what only a person can judge.
    pub fn is_unconfirmed(&self) -> bool {
        self.outcome.is_some_and(|(outcome, _)| outcome == Outcome::Unconfirmed)
    }

    /// Whether the run has an outcome that nobody has to confirm.
    pub fn is_over(&self) -> bool {
        self.outcome.is_some() && !self.is_unconfirmed()
    }

    /// When the last event was recorded.
    pub fn last_at(&self) -> Option<DateTime<Utc>> {
        self.last_at
    }

    /// The claims about a command that runs or ended, with what came of them so far; also of one
    /// that was gone past or done by hand after that.
    pub fn claims(&self, id: &CommandId) -> &[Claim] {
        let state = self.command(id);
        match state.ended().unwrap_or(state) {
            CommandState::Running { claims, .. } | CommandState::Exited { claims, .. } => claims,
            _ => &[],
        }
    }

    /// Secrets that have to be answered again before what uses them can run.
    pub fn forgotten(&self) -> &BTreeSet<String> {
        &self.forgotten
    }

    /// Whether somebody wanted the command ended since it was started.
    pub fn is_cancelled(&self, command: &CommandId) -> bool {
        self.cancelled.contains(command)
    }

    /// Who took control last, by the record.
    pub fn control(&self) -> Option<&str> {
        self.control.as_deref()
    }

    /// Items that are neither ticked nor skipped.
    pub fn open_items(&self) -> Vec<&ItemId> {
        let all = self.runbook.checklists.iter().flat_map(|c| &c.items);
        all.filter(|i| !self.items.contains_key(&i.id)).map(|i| &i.id).collect()
    }

    /// The same as they come due.
    pub(super) fn open_as_due(&self) -> &OpenItems {
        self.open_items.get_or_init(|| OpenItems::of(&self.runbook, |id| !self.items.contains_key(id)))
    }
}
