//! What the screens know. Views read it, `update` changes it.

mod arming;
mod back;
mod choices;
mod document;
mod form;
mod overlay;
mod page;
mod reading;
mod watched;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::client::{self, Host, Reread};
use crate::config::Settings;
use crate::protocol::{Control, EndsWithLogin, Screen, ToRunner};
use crate::record::history::{Past, Told};
use crate::run::health::Health;
use crate::run::{Next, Request, RunState, flow, gates, words};
use crate::runbook::lock::Agreement;
use crate::runbook::{CommandId, Runbook};
use crate::shell::quote::quote;
use crate::store::RunSummary;

use super::keymap::Keymap;
use super::opening::Opening;
use super::theme::{Surroundings, Theme};

pub use super::place::Place;
pub use arming::Arming;
pub use back::{Back, BackRow, Trouble, TroubleRow};
pub use document::{Document, Doubtful, Said};
pub use form::{Form, StartRow, Value, remembered, window};
pub use overlay::{
    Confirm, Correcting, Entry, Field, Leads, Overlay, Palette, Purpose, ReadingChoice, Signing, TextBox,
    ToBeSigned, Why,
};
pub use reading::{Reading, Selection};
pub use watched::{ContainerLog, Looked, Rounds};

/// The whole state of the screens.
#[derive(Debug)]
pub struct App {
    /// How things look.
    pub theme: Theme,
    /// Which key does what.
    pub keys: Keymap,
    /// The settings.
    pub settings: Settings,
    /// The document's path as given.
    pub path: PathBuf,
    /// The document's text.
    pub document: String,
    /// What was read out of it.
    pub runbook: Arc<Runbook>,
    /// How the document stands to the reading that was agreed on.
    pub agreement: Agreement,
    /// How this version reads the document differently than the run goes by.
    pub reread: Option<Reread>,
    /// Where the shell starts.
    pub directory: PathBuf,
    /// Runs before this one.
    pub before: Vec<RunSummary>,
    /// What was answered the last time, by environment in lower case.
    pub remembered: BTreeMap<String, BTreeMap<String, String>>,
    /// The unfinished run of this document.
    pub unfinished: Option<String>,
    /// Nothing can be changed.
    pub read_only: bool,
    /// The run goes on when the screens are left.
    pub detaches: bool,
    /// Who is there, and who has control.
    pub control: Control,
    /// The run, once there is one.
    pub run: Option<RunState>,
    /// The screen.
    pub place: Place,
    /// The screen before an output or the document was looked at.
    pub came_from: Place,
    /// What lies over it, front last.
    pub overlays: Vec<Overlay>,
    /// Start: the form.
    pub form: Form,
    /// Checklist: the item, counted over all groups.
    pub item: usize,
    /// Checklist: the steps led here, and go on once nothing is due.
    pub led: bool,
    /// Steps: the command looked at; `None` follows the next thing to do.
    pub selected: Option<CommandId>,
    /// Screens of what runs.
    pub screens: BTreeMap<CommandId, Screen>,
    /// Steps: the end of the output of the command looked at.
    pub tail: Reading,
    /// Output: what is read.
    pub reading: Reading,
    /// Command log: the row.
    pub ran_row: usize,
    /// Document: where it is read.
    pub page: Document,
    /// How the service is, once something is watched.
    pub health: Option<Health>,
    /// Health: where it is looked at.
    pub looked: Looked,
    /// Monitor: where it is looked at.
    pub rounds: Rounds,
    /// Rollback: what was chosen.
    pub back: Back,
    /// Troubleshoot: where it is looked at.
    pub trouble: Trouble,
    /// Log: the row.
    pub log_row: usize,
    /// Runs of this document, once they were read.
    pub history: Option<Vec<Told>>,
    /// History: the row.
    pub history_row: usize,
    /// What runs before say about the steps.
    pub past: Past,
    /// Somebody is about to sign.
    pub signing: Option<Signing>,
    /// The command whose pane has the keyboard.
    pub keyboard: Option<CommandId>,
    /// What was last said to the operator.
    pub message: Option<String>,
    /// A command to run that waits for its target to be evaluated.
    pub evaluating: Option<Confirm>,
    /// The number of a request to add a command, which is to run when it was added.
    pub adding: Option<u64>,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Since when nothing is recorded, and why.
    pub unrecorded: Option<(DateTime<Utc>, String)>,
    /// Why the run ends with the login that its runner was started in, if it does.
    pub ends_with_login: Option<EndsWithLogin>,
    /// When keys act.
    pub arming: Arming,
    /// What was typed when the last frame was drawn.
    typed: Option<String>,
    /// Numbers requests.
    asked: u64,
}

impl App {
    /// The screens as they open.
    pub fn new(opening: &Opening, size: (u16, u16), around: &Surroundings) -> Self {
        let form = Form::new(opening);
        let mut app = Self {
            theme: Theme::new(opening.settings.theme, around),
            keys: opening.keys.clone(),
            path: opening.path.clone(),
            document: opening.document.clone(),
            runbook: Arc::new(opening.runbook.clone()),
            agreement: opening.agreement.clone(),
            reread: None,
            directory: opening.directory.clone(),
            before: opening.before.clone(),
            remembered: opening.remembered.clone(),
            unfinished: opening.run.as_ref().map(|r| r.id().0.clone()),
            read_only: opening.read_only,
            detaches: matches!(opening.host, Host::Processes(_)),
            control: Control { yours: true, ..Control::default() },
            run: None,
            place: Place::Start,
            came_from: Place::Steps,
            overlays: vec![],
            form,
            item: 0,
            led: false,
            selected: None,
            screens: BTreeMap::new(),
            tail: Reading::default(),
            reading: Reading::default(),
            ran_row: 0,
            page: Document::default(),
            health: None,
            looked: Looked::default(),
            rounds: Rounds::default(),
            back: Back { opens: opening.goes_back, ..Back::default() },
            trouble: Trouble::default(),
            log_row: 0,
            history: None,
            history_row: 0,
            past: Past::default(),
            signing: None,
            keyboard: None,
            message: None,
            evaluating: None,
            adding: None,
            size,
            unrecorded: None,
            ends_with_login: None,
            arming: Arming::default(),
            typed: None,
            asked: 0,
            settings: opening.settings.clone(),
        };
        if app.unfinished.is_none() && app.form.environment.is_some() {
            app.form.row = app.start_rows().len() - 1;
        }
        app
    }

    /// Whether nothing can be changed from here: somebody else has control, or it was asked for.
    pub fn looks_on(&self) -> bool {
        self.read_only || !self.control.yours
    }

    /// Why nothing can be changed from here.
    pub fn looks_on_because(&self) -> String {
        match &self.control.holder {
            _ if self.read_only => "view only: nothing can be changed here".into(),
            Some(holder) => format!("{holder} has control: F6 takes it"),
            None => "nobody has control: F6 takes it".into(),
        }
    }

    /// Says something to the operator.
    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(text.into());
    }

    /// The number of the next question.
    pub fn number(&mut self) -> u64 {
        self.asked += 1;
        self.asked
    }

    /// A request to the runner, numbered.
    pub fn ask(&mut self, request: Request) -> ToRunner {
        ToRunner::Ask { number: self.number(), request }
    }

    /// What a gate has to know of the outside.
    pub fn outside(&self) -> gates::Outside {
        gates::Outside::at(Utc::now(), self.health.as_ref())
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
        let commands = run.path();
        match next {
            Next::Gate(gate) => {
                let mut gates = gates::with_commands(run.runbook()).into_iter();
                gates.find(|(g, _)| *g == gate).map(|(_, c)| c.id.clone())
            }
            Next::Check(_) => {
                // What was done before it, or comes behind it.
                let open = flow::position(run).and_then(|at| commands.get(at));
                open.or(commands.last()).map(|c| c.id.clone())
            }
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

    /// The command that keys in the pane and a stop are meant for: the one looked at if it runs, else the one
    /// in the foreground.
    pub fn live_command(&self) -> Option<CommandId> {
        let run = self.run.as_ref()?;
        let looked_at =
            if self.place == Place::Output { self.reading.command.clone() } else { self.selected.clone() };
        looked_at.filter(|id| run.background().contains(id)).or_else(|| run.running().cloned())
    }

    /// The rows of the Start screen that can be moved to.
    pub fn start_rows(&self) -> Vec<StartRow> {
        self.form.rows(self.unfinished.is_some(), self.runbook.environments.len())
    }

    /// The name of the environment chosen.
    pub fn environment_name(&self) -> Option<String> {
        self.form.environment_name(&self.runbook)
    }

    /// All check items in order.
    pub fn items(&self) -> Vec<&crate::runbook::Item> {
        self.runbook.checklists.iter().flat_map(|c| &c.items).collect()
    }

    /// What keys would act on now: when it changes, keys wait until it has been seen.
    fn target(&self) -> String {
        let overlay = self.overlays.last().map(Overlay::name);
        let standing = self.run.as_ref().zip(self.shown_command()).map(|(r, id)| {
            let edited = r.find(&id).map(|c| r.text_of(c));
            (r.standing(&id), r.background().contains(&id), edited)
        });
        let (columns, rows) = self.size;
        let back = (self.back.row, self.back.trigger, &self.back.ways, self.trouble.row);
        format!(
            "{:?} {overlay:?} {:?} {:?} {standing:?} {:?} {back:?} {columns}x{rows}",
            self.place,
            self.next(),
            self.selected,
            self.keyboard
        )
    }

    /// A frame with this state was drawn.
    pub fn drawn(&mut self, now: Instant) {
        let target = self.target();
        self.arming.drawn(target, self.keyboard.is_some(), now);
        self.typed = self.typing();
    }

    /// What is being typed in the field in front.
    fn typing(&self) -> Option<String> {
        match self.overlays.last() {
            Some(Overlay::Field(field)) => Some(field.editor.text()),
            Some(Overlay::Palette(palette)) => Some(palette.editor.text()),
            _ => None,
        }
    }

    /// Whether all that was typed so far stood in the last frame: what runs has to have been seen.
    pub fn typed_was_drawn(&self) -> bool {
        self.typed == self.typing()
    }

    /// Whether keys act on what is shown: it was in the frame before, and has stood there for a moment.
    pub fn armed(&self, now: Instant) -> bool {
        self.arming.armed(&self.target(), now)
    }

    /// Whether a key that acts counts: what it acts on was drawn and has stood for a moment. A key that came
    /// too early makes the next one wait again, so that a held key never gets through.
    pub fn takes_key(&mut self, now: Instant) -> bool {
        let taken = self.armed(now);
        if !taken {
            self.arming.put_off(now);
        }
        taken
    }

    /// The command that takes the run's monitoring up again.
    fn monitor_command(&self, run: &RunState) -> String {
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        let state = self.settings.state_dir.display().to_string();
        format!(
            "env GONOGO_STATE_DIR={} {} monitor {} --env {} --once --record {}",
            quote(&state),
            quote(&client::program().display().to_string()),
            quote(&path.display().to_string()),
            quote(run.environment()),
            run.id()
        )
    }

    /// What to say when the screens are left.
    pub fn leaving_words(&self) -> Option<String> {
        let run = self.run.as_ref().filter(|_| !self.read_only)?;
        Some(match run.outcome() {
            Some((outcome, _)) => {
                let came = format!("{}: {outcome}", run.id());
                let brings_back = format!("gonogo attach {} shows it", run.id());
                let goes_on = self.detaches.then(|| {
                    words::watched(run, &brings_back, &client::needs_login(), &self.monitor_command(run))
                });
                goes_on.flatten().map_or(came.clone(), |words| format!("{came}\n{words}"))
            }
            None if self.detaches => {
                let brings_back = format!("gonogo brings you back ({})", run.id());
                let dies = self.ends_with_login.as_ref().map(EndsWithLogin::cause);
                words::left(run, &brings_back, dies.as_deref(), &client::needs_login())
            }
            None => format!("{} is kept: gonogo {} goes on with it", run.id(), self.path.display()),
        })
    }
}
