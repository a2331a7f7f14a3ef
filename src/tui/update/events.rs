//! What an event of the run means for the screens: where they go, what they say, what they read anew.

use crate::protocol::ToRunner;
use crate::run::board::takes_baseline;
use crate::run::event::PlaceChoice;
use crate::run::{Event, RunState, Statement};
use crate::shell::Kind;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::dialogs::correct;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::checklist::keys as checklist;
use crate::tui::update::common::{named, pane_size};
use crate::tui::update::navigation::open_rollback;
use crate::tui::update::{reading, run};

/// An event was folded into the run.
pub(in crate::tui) fn happened(app: &mut App, event: &Event) -> Vec<Effect> {
    let at = app.run.as_ref().and_then(RunState::last_at);
    if let Some((taken, at)) = takes_baseline(event).zip(at) {
        app.watched(|health| taken.of(health, at));
    }
    match event {
        // Chosen on the way back: it is gone there at once, and looked what is there.
        Event::PlaceChosen { command, choice: PlaceChoice::Through }
            if app.screen == Screen::Rollback && !app.session.looks_on() =>
        {
            run::run_command(app, &command.clone())
        }
        Event::PlaceEntered { .. } if app.run.as_ref().is_some_and(|r| r.outcome().is_some()) => {
            open_rollback(app)
        }
        Event::CommandStarted { command, .. } => {
            app.screens.steps.live.remove(command);
            let run = app.run.as_ref();
            let kind = run.and_then(|r| r.find(command)).map(|c| c.kind);
            let answered = run.and_then(|r| r.place_choice(command));
            let entered = matches!(answered, Some(PlaceChoice::InteractiveThenStop | PlaceChoice::Through));
            if !app.session.looks_on() && (kind == Some(Kind::Interactive) || entered) {
                app.keyboard = Some(command.clone());
                if matches!(app.screen, Screen::Problems | Screen::Rollback) {
                    app.screen = Screen::Steps;
                }
            }
            pane_size(app)
        }
        Event::CommandExited { command, .. } | Event::CommandLost { command, .. } => {
            if app.keyboard.as_ref() == Some(command) {
                app.arming.pane_left();
                app.keyboard = None;
            }
            let ended = |o: &Overlay| matches!(o, Overlay::Stop(id) if id == command);
            app.overlays.retain(|o| !ended(o));
            if let Some(back) = &mut app.screens.health.back {
                back.overlays.retain(|o| !ended(o));
            }
            app.screens.steps.live.remove(command);
            reading::ended(app, command)
        }
        Event::CommandNotStarted { command, why, .. } => {
            app.screens.steps.live.remove(command);
            let name = named(app, command);
            app.say(format!("{name} did not run: {why}"));
            reading::show_tail(app)
        }
        Event::ItemTicked { .. } | Event::ItemSkipped { .. } => checklist::answered(app),
        Event::ControlTaken { by, from } => {
            let from = from.as_ref().map_or(String::new(), |f| format!(" from {f}"));
            app.say(format!("{by} took control{from}"));
            vec![]
        }
        Event::HandedOver { to } => {
            app.say(format!("the run was handed over to {to}"));
            vec![]
        }
        Event::ParameterForgotten { name } => {
            let key = app.keys.shown(Screen::Steps, Action::Answer);
            app.say(format!(
                "the value of {name} was lost with its shell: give it again with {key} on a command that uses it"
            ));
            vec![]
        }
        Event::WaitEnded { command, passed, why } => {
            let name = named(app, command);
            app.say(format!("{name} {}: {why}", if *passed { "passes" } else { "does not pass" }));
            vec![]
        }
        Event::KeptInBackground { command } => {
            let name = named(app, command);
            let (shows, ends) = (app.key(Action::NextLive), app.key(Action::Stop));
            app.say(format!("{name} is running in the background; {shows} shows it, {ends} there ends it"));
            if app.keyboard.as_ref() == Some(command) {
                app.keyboard = None;
            }
            reading::show_tail(app)
        }
        Event::SecretsShown { .. } => {
            if let Some(run) = &app.run {
                let words = words::happened(run, event);
                app.say(words);
            }
            vec![]
        }
        Event::OutputAfter { command, text, .. } => {
            let name = named(app, command);
            app.say(format!("{name} printed in the background: {}", text.trim().replace('\n', " · ")));
            vec![]
        }
        Event::OutputUnrecorded { command, why, .. } => {
            let name = named(app, command);
            app.say(format!("the output of {name} is no longer recorded: {why}"));
            vec![]
        }
        Event::ShellReplaced { lost } => {
            app.say(words::shell_replaced(lost));
            vec![]
        }
        Event::AlertRaised { level, words, .. } => {
            app.say(format!("{}: {words}", level.word()));
            if app.settings.messages.bell { vec![Effect::Bell] } else { vec![] }
        }
        Event::AlertCleared { words, .. } => {
            app.say(format!("recovered: {words}"));
            vec![]
        }
        Event::MonitoringBegan => {
            let first = app.book.runbook.monitoring.first().map_or(String::new(), |w| w.title.clone());
            let key = app.key(Action::Screen(Screen::Monitor));
            app.say(format!("health is now measured for {first}, also after you leave; {key} shows it"));
            vec![]
        }
        Event::ParameterSet { .. } if app.screen == Screen::Rollback && !app.going_back() => {
            vec![Effect::Send(ToRunner::LookBack)]
        }
        Event::RollbackBegun(_) => {
            app.say("rollback started: its steps are listed here");
            (app.screen, app.screens.steps.selected) = (Screen::Steps, None);
            reading::show_tail(app)
        }
        Event::RollbackCalledOff { .. } => {
            app.say("rollback cancelled: the steps continue where they were");
            (app.screen, app.screens.steps.selected) = (Screen::Steps, None);
            reading::show_tail(app)
        }
        Event::ReadingCorrected { correction, .. } => {
            correct::corrected(app, correction);
            reading::show_tail(app)
        }
        Event::RunFinished { .. } => {
            app.screen = Screen::Log;
            vec![]
        }
        Event::Signed(sign_off) => {
            if let Ok(statement) = Statement::read(&sign_off.statement) {
                app.say(format!("signed as {} by {}", statement.role, statement.name));
            }
            vec![]
        }
        _ => reading::show_tail(app),
    }
}
