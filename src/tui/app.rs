//! What the screens know. Views read it, `update` changes it.

mod arming;
mod book;
mod derived;
mod earlier;
mod questions;
mod screens;
mod session;
mod view;

use std::time::Instant;

use chrono::Utc;

use crate::client;
use crate::config::Settings;
use crate::protocol::EndsWithLogin;
use crate::run::health::Health;
use crate::run::{Record, RunState};
use crate::runbook::CommandId;
use crate::shell::quote::quote;
use crate::text as words;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::{Action, Keymap};
use crate::tui::opening::Opening;
use crate::tui::screen::Screen;
use crate::tui::screens::start::StartRow;
use crate::tui::theme::{Surroundings, Theme};

pub use arming::Arming;
pub use book::Book;
pub use earlier::Earlier;
pub use questions::Questions;
pub use screens::Screens;
pub use session::Session;
pub use view::View;
use view::{Basis, Chosen};

/// The whole state of the screens.
#[derive(Debug)]
pub struct App {
    /// How things look.
    pub theme: Theme,
    /// Which key does what.
    pub keys: Keymap,
    /// The settings.
    pub settings: Settings,
    /// The document and what was read out of it.
    pub book: Book,
    /// Runs before this one.
    pub earlier: Earlier,
    /// How the run is followed from here.
    pub session: Session,
    /// The run, once there is one.
    pub run: Option<RunState>,
    /// How the service is, once something is watched.
    pub health: Option<Health>,
    /// The screen.
    pub screen: Screen,
    /// The screen before an output or the document was looked at.
    pub came_from: Screen,
    /// What lies over it, front last.
    pub overlays: Vec<Overlay>,
    /// What was last said to the operator.
    pub message: Option<String>,
    /// The command whose pane has the keyboard.
    pub keyboard: Option<CommandId>,
    /// What each screen remembers.
    pub screens: Screens,
    /// What was asked of the runner.
    pub questions: Questions,
    /// When keys act.
    pub arming: Arming,
    /// Columns and rows.
    pub size: (u16, u16),
    /// What follows from all of that.
    pub view: View,
}

impl App {
    /// The screens as they open.
    pub fn new(opening: &Opening, size: (u16, u16), around: &Surroundings) -> Self {
        let book = Book::new(opening);
        let mut app = Self {
            theme: Theme::new(opening.settings.theme, around)
                .with(opening.settings.palette, opening.settings.graph),
            keys: opening.keys.clone(),
            settings: opening.settings.clone(),
            view: View::new(&book.runbook),
            book,
            earlier: Earlier::new(opening),
            session: Session::new(opening),
            run: None,
            health: None,
            screen: Screen::Start,
            came_from: Screen::Steps,
            overlays: vec![],
            message: None,
            keyboard: None,
            screens: Screens::new(opening),
            questions: Questions::default(),
            arming: Arming::default(),
            size,
        };
        if app.earlier.unfinished.is_none() && app.screens.start.environment.is_some() {
            app.screens.start.row = app.screens.start.next_of(&app.start_rows());
        }
        app
    }

    /// Goes to a screen that Esc leads back from: to the last one that is not of its kind, so that no way goes round.
    pub fn visit(&mut self, screen: Screen) {
        if !matches!(self.screen, Screen::Output | Screen::Document | Screen::History) {
            self.came_from = self.screen;
        }
        self.screen = screen;
    }

    /// Says something to the operator.
    pub fn say(&mut self, text: impl Into<String>) {
        self.message = Some(text.into());
    }

    /// Follows a run, from this state on.
    pub fn follow(&mut self, run: RunState) {
        self.run = Some(run);
        self.view.begin(Basis::of(self.run.as_ref(), &self.book.runbook));
    }

    /// Something happened in the run; false where none is followed.
    pub fn happened(&mut self, record: &Record) -> bool {
        let Some(run) = self.run.take() else { return false };
        self.follow(run.apply(record));
        true
    }

    /// Goes by what is known of the health, or by nothing.
    pub fn watch(&mut self, health: Option<Health>) {
        self.health = health;
        self.view.moment_over();
    }

    /// Changes what is known of the health.
    pub fn watched(&mut self, change: impl FnOnce(&mut Health)) {
        if let Some(health) = &mut self.health {
            change(health);
        }
        self.view.moment_over();
    }

    /// Forgets what was derived from a run, a document or choices that are others now.
    pub fn renew(&mut self) {
        if !self.view.is_of(self.run.as_ref(), &self.book.runbook) {
            self.view.begin(Basis::of(self.run.as_ref(), &self.book.runbook));
        }
        self.view.choose(&Chosen {
            typed: self.screens.problems.typed.clone(),
            procedures: self.screens.rollback.chosen.clone(),
            looked: self.screens.rollback.looked,
            strips: self.screens.health.strips(usize::from(self.size.0)),
        });
    }

    /// Goes on in time, for what is shown by the second.
    pub fn tick(&mut self) {
        self.view.tick(Utc::now());
    }

    /// The command looked at: the selected one, else the next.
    pub fn shown_command(&self) -> Option<CommandId> {
        self.screens.steps.selected.as_ref().or_else(|| self.following()).cloned()
    }

    /// How the key of an action is written where the action has one: on this screen, else on Steps.
    pub fn key(&self, action: Action) -> String {
        let here = self.keys.shown(self.screen, action);
        if here.is_empty() { self.keys.shown(Screen::Steps, action) } else { here }
    }

    /// Why nothing can be changed from here.
    pub fn looks_on_because(&self) -> String {
        self.session.looks_on_because(&self.key(Action::TakeControl))
    }

    /// The command whose output is shown: the one looked at, else the one that was run last.
    pub fn output_command(&self) -> Option<CommandId> {
        let run = self.run.as_ref()?;
        if self.screen == Screen::Checklist {
            let item = self.book.items().get(self.screens.checklist.item).map(|i| CommandId(i.id.0.clone()));
            return item.filter(|id| run.last_run(id).is_some());
        }
        let shown = self.shown_command()?;
        let has_run = run.last_run(&shown).is_some();
        if has_run || self.screens.steps.selected.is_some() {
            Some(shown)
        } else {
            run.ran().last().map(|r| r.command.clone())
        }
    }

    /// The command that keys in the pane and a stop are meant for: the one looked at if it runs, else the one
    /// in the foreground.
    pub fn live_command(&self) -> Option<CommandId> {
        let run = self.run.as_ref()?;
        let looked_at = if self.screen == Screen::Output {
            self.screens.output.command.clone()
        } else {
            self.screens.steps.selected.clone()
        };
        looked_at.filter(|id| run.background().contains(id)).or_else(|| run.running().cloned())
    }

    /// The rows of the Start screen that can be moved to.
    pub fn start_rows(&self) -> Vec<StartRow> {
        self.screens.start.rows(self.earlier.unfinished.is_some(), self.book.runbook.environments.len())
    }

    /// The name of the environment chosen.
    pub fn environment_name(&self) -> Option<String> {
        self.screens.start.environment_name(&self.book.runbook)
    }

    /// What keys would act on now: when it changes, keys wait until it has been seen.
    fn target(&self) -> String {
        let overlay = self.overlays.last().map(Overlay::name);
        let standing = self.run.as_ref().zip(self.shown_command()).map(|(r, id)| {
            let edited = r.find(&id).map(|c| r.text_of(c));
            (r.standing(&id), r.background().contains(&id), edited)
        });
        let (columns, rows) = self.size;
        let row = (self.screen == Screen::Rollback).then(|| self.rollback_row());
        let back =
            (self.screens.rollback.row, row, self.screens.rollback.trigger, &self.screens.rollback.ways);
        let problem = self.screens.problems.row;
        let problem = (self.screen == Screen::Problems).then(|| self.problem_rows().get(problem));
        // The item at the cursor, where a key would run its command.
        let watched = (self.screen == Screen::Health).then(|| self.watched_row().map(|row| &row.id));
        let items = self.book.items();
        let item = items.get(self.screens.checklist.item).filter(|item| item.command.is_some());
        let item = item.map(|item| (&item.id, self.run.as_ref().and_then(|run| run.item(&item.id))));
        format!(
            "{:?} {overlay:?} {:?} {:?} {standing:?} {:?} {back:?} {problem:?} {item:?} {watched:?} {columns}x{rows}",
            self.screen,
            self.next(),
            self.screens.steps.selected,
            self.keyboard
        )
    }

    /// A frame with this state was drawn.
    pub fn drawn(&mut self, now: Instant) {
        let target = self.target();
        let typed = self.typing();
        self.arming.drawn(target, typed, self.keyboard.is_some(), now);
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
        self.arming.drew_typed(self.typing().as_deref())
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
        let path = std::path::absolute(&self.book.path).unwrap_or_else(|_| self.book.path.clone());
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
        let run = self.run.as_ref().filter(|_| !self.session.read_only)?;
        Some(match run.outcome() {
            Some((outcome, _)) => {
                let came = format!("{}: {outcome}", run.id());
                let brings_back = format!("gonogo attach {} shows it", run.id());
                let goes_on = self.session.detaches.then(|| {
                    words::watched(run, &brings_back, &client::needs_login(), &self.monitor_command(run))
                });
                goes_on.flatten().map_or(came.clone(), |words| format!("{came}\n{words}"))
            }
            None if self.session.detaches => {
                let brings_back = format!("gonogo brings you back ({})", run.id());
                let dies = self.session.ends_with_login.as_ref().map(EndsWithLogin::cause);
                words::left(run, &brings_back, dies.as_deref(), &client::needs_login())
            }
            None => format!("{} is kept: gonogo {} continues it", run.id(), self.book.path.display()),
        })
    }
}

/// That no shell of the run is ready yet, with the cause and the time; nothing once one has said where it is, or could
/// not be started: whoever runs something then has another one tried.
pub fn starting(app: &App) -> Option<String> {
    if app.session.no_shell {
        return None;
    }
    let run = app.run.as_ref().filter(|run| run.place().login.is_empty() && !run.is_over())?;
    let since = app.session.since.or(run.start().map(|(_, at)| *at))?;
    let seconds = Utc::now().signed_duration_since(since).num_seconds().max(0);
    let reads = match seconds {
        0..3 => "",
        _ => ", which is long: something in /etc/profile, ~/.bash_profile or ~/.profile is slow",
    };
    Some(format!("The shell has been starting for {seconds} s{reads}."))
}
