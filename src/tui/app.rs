//! What the screens know. Views read it, `update` changes it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::config::Settings;
use crate::protocol::{Row, Screen, ToRunner};
use crate::run::{Next, Request, RunState, flow};
use crate::runbook::{CommandId, ItemId, Runbook};
use crate::store::RunSummary;

use super::Opening;
use super::theme::Theme;

/// How long something has to be on screen before a key acts on it.
const SETTLE: Duration = Duration::from_millis(150);
/// The same after a pane has given the keyboard back.
const SETTLE_AFTER_PANE: Duration = Duration::from_millis(300);

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the screens of DESIGN 12")]
pub enum Place {
    Start,
    Checklist,
    Steps,
    Log,
}

/// What lies over the screen; the front one gets the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Overlay {
    /// All keys.
    Help,
    /// A field to fill.
    Field(Field),
    /// A destructive command to confirm with another key.
    Confirm(Confirm),
    /// The gate.
    Gate,
    /// How to end the running command.
    Stop,
}

/// A field with what it is for.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What is asked.
    pub title: String,
    /// What to know for answering.
    pub lines: Vec<String>,
    /// What was typed.
    pub text: String,
    /// Shown as stars.
    pub secret: bool,
    /// What happens with it.
    pub purpose: Purpose,
}

/// What a field's text is for.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each names its request")]
pub enum Purpose {
    SkipCommand(CommandId),
    SkipItem(ItemId),
    MarkDone(CommandId),
    Note(String),
    Issue,
    Parameter(usize),
    Operator,
    Ticket,
    Reviewer,
    Go,
    NoGo,
    TypeName(Confirm),
    LogPath,
}

/// A command to run that has to be confirmed: the value that is shown is the value that is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// The command.
    pub command: CommandId,
    /// Its text as it will run.
    pub text: String,
    /// What its variables stand for.
    pub target: Vec<String>,
    /// Why it asks.
    pub why: String,
    /// It has succeeded before.
    pub again: bool,
}

/// A parameter on the Start screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// Its name.
    pub name: String,
    /// What was answered.
    pub answer: Option<String>,
    /// The value used otherwise.
    pub default: Option<String>,
    /// Shown as stars.
    pub secret: bool,
    /// Where it stands first, and how often.
    pub line: usize,
    /// How often.
    pub uses: usize,
}

/// A row of the Start screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "rows of the screen, named as they are labelled")]
pub enum StartRow {
    GoOn,
    Environment(usize),
    Value(usize),
    Operator,
    Ticket,
    Start,
}

/// The whole state of the screens.
#[derive(Debug)]
pub struct App {
    /// How things look.
    pub theme: Theme,
    /// The settings.
    pub settings: Settings,
    /// The document's path as given.
    pub path: PathBuf,
    /// The document's text.
    pub document: String,
    /// What was read out of it.
    pub runbook: Arc<Runbook>,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// Runs before this one.
    pub before: Vec<RunSummary>,
    /// The unfinished run of this document.
    pub unfinished: Option<String>,
    /// The run, once there is one.
    pub run: Option<RunState>,
    /// The screen.
    pub place: Place,
    /// What lies over it, front last.
    pub overlays: Vec<Overlay>,
    /// Start: the row.
    pub row: usize,
    /// Start: the environment chosen.
    pub environment: Option<usize>,
    /// Start: the parameters.
    pub values: Vec<Value>,
    /// Start: who.
    pub operator: String,
    /// Start: the change.
    pub ticket: Option<String>,
    /// Checklist: the item, counted over all groups.
    pub item: usize,
    /// Steps: the command looked at; `None` follows the next thing to do.
    pub selected: Option<CommandId>,
    /// The running command's screen.
    pub screen: Option<(CommandId, Screen)>,
    /// Recorded output that was read back.
    pub output: Option<(CommandId, Vec<Row>, Option<String>)>,
    /// Rows that the output is scrolled back.
    pub back: usize,
    /// The pane has the keyboard.
    pub keyboard: bool,
    /// Log: rows scrolled down.
    pub log_row: usize,
    /// What was last said to the operator.
    pub message: Option<String>,
    /// A run command that waits for its target to be evaluated.
    pub evaluating: Option<Confirm>,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Keys act from then on.
    pub armed_at: Instant,
    /// What keys acted on in the frame last drawn.
    drawn_target: String,
    /// Numbers requests.
    asked: u64,
    /// The last key was taken by the pane.
    pub from_pane: bool,
}

impl App {
    /// The screens as they open.
    pub fn new(opening: &Opening, size: (u16, u16)) -> Self {
        let values = opening.runbook.parameters.iter().map(|p| Value {
            name: p.name.clone(),
            answer: opening.settings.parameters.get(&p.name).cloned(),
            default: p.default.clone(),
            secret: p.secret,
            line: p.uses.first().map_or(0, |u| u.line),
            uses: p.uses.len(),
        });
        let environments = &opening.runbook.environments;
        let named = opening
            .environment
            .as_ref()
            .and_then(|n| environments.iter().position(|e| e.name.eq_ignore_ascii_case(n)));
        let environment = named.or((environments.len() <= 1).then_some(0));
        let mut app = Self {
            theme: Theme::new(opening.settings.theme),
            path: opening.path.clone(),
            document: opening.document.clone(),
            runbook: Arc::new(opening.runbook.clone()),
            directory: opening.directory.clone(),
            before: opening.before.clone(),
            unfinished: opening.run.as_ref().map(|r| r.id().0.clone()),
            run: None,
            place: Place::Start,
            overlays: vec![],
            row: 0,
            environment,
            values: values.collect(),
            operator: opening.settings.operator.clone(),
            ticket: opening.settings.ticket.clone(),
            item: 0,
            selected: None,
            screen: None,
            output: None,
            back: 0,
            keyboard: false,
            log_row: 0,
            message: None,
            evaluating: None,
            size,
            armed_at: Instant::now(),
            drawn_target: String::new(),
            asked: 0,
            from_pane: false,
            settings: opening.settings.clone(),
        };
        if app.unfinished.is_none() && environment.is_some() {
            app.row = app.start_rows().len() - 1;
        }
        app
    }

    /// The rows of the Start screen that can be moved to.
    pub fn start_rows(&self) -> Vec<StartRow> {
        let mut rows = Vec::new();
        if self.unfinished.is_some() {
            rows.push(StartRow::GoOn);
        }
        let environments = self.runbook.environments.len();
        rows.extend((0..environments).map(StartRow::Environment));
        rows.extend((0..self.values.len()).map(StartRow::Value));
        rows.extend([StartRow::Operator, StartRow::Ticket, StartRow::Start]);
        rows
    }

    /// The name of the environment chosen.
    pub fn environment_name(&self) -> Option<String> {
        let at = self.environment?;
        Some(self.runbook.environments.get(at).map_or_else(|| "default".to_owned(), |e| e.name.clone()))
    }

    /// Says something to the operator.
    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(text.into());
    }

    /// A request to the runner, numbered.
    pub fn ask(&mut self, request: Request) -> ToRunner {
        self.asked += 1;
        ToRunner::Ask { number: self.asked, request }
    }

    /// What comes next in the run.
    pub fn next(&self) -> Option<Next> {
        self.run.as_ref().map(flow::next)
    }

    /// The command looked at: the selected one, else the next.
    pub fn shown_command(&self) -> Option<CommandId> {
        if let Some(selected) = &self.selected {
            return Some(selected.clone());
        }
        let run = self.run.as_ref()?;
        let next = flow::next(run);
        let commands = run.runbook().step_commands();
        match next {
            Next::Gate => crate::run::policy::gate_index(run.runbook())
                .and_then(|i| commands.get(i))
                .map(|c| c.id.clone()),
            Next::Finish | Next::Over => commands.last().map(|c| c.id.clone()),
            _ => next.command().cloned(),
        }
    }

    /// The command whose output is shown: the one looked at, else the one that was run last.
    pub fn output_command(&self) -> Option<CommandId> {
        let run = self.run.as_ref()?;
        let shown = self.shown_command()?;
        let has_run = run.ran().iter().any(|r| r.command == shown);
        if has_run || self.selected.is_some() {
            Some(shown)
        } else {
            run.ran().last().map(|r| r.command.clone())
        }
    }

    /// What keys would act on now: when it changes, keys wait until it has been seen.
    fn target(&self) -> String {
        let overlay = self.overlays.last().map(std::mem::discriminant);
        let standing = self.run.as_ref().zip(self.shown_command()).map(|(r, id)| r.standing(&id));
        format!(
            "{:?} {overlay:?} {:?} {:?} {standing:?} {}",
            self.place,
            self.next(),
            self.selected,
            self.keyboard
        )
    }

    /// A frame with this state was drawn.
    pub fn drawn(&mut self, now: Instant) {
        let target = self.target();
        if target != self.drawn_target {
            let settle = if self.from_pane { SETTLE_AFTER_PANE } else { SETTLE };
            self.from_pane = self.keyboard;
            self.drawn_target = target;
            self.armed_at = now + settle;
        }
    }

    /// Whether keys act on what is shown: it was in the frame before, and has stood there for a moment.
    pub fn armed(&self, now: Instant) -> bool {
        now >= self.armed_at && self.target() == self.drawn_target
    }

    /// Whether a key that acts counts: what it acts on was drawn and has stood for a moment. A key that came
    /// too early makes the next one wait again, so that a held key never gets through.
    pub fn takes_key(&mut self, now: Instant) -> bool {
        let taken = self.armed(now);
        if !taken {
            self.armed_at = now + SETTLE;
        }
        taken
    }

    /// All check items in order.
    pub fn items(&self) -> Vec<&crate::runbook::Item> {
        self.runbook.checklists.iter().flat_map(|c| &c.items).collect()
    }

    /// What to say when the screens are left.
    pub fn leaving_words(&self) -> Option<String> {
        let run = self.run.as_ref()?;
        Some(match run.outcome() {
            Some((outcome, _)) => format!("{}: {outcome}", run.id()),
            None => format!("{} is kept: gonogo {} goes on with it", run.id(), self.path.display()),
        })
    }
}
