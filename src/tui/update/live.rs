//! Keys that are meant for what runs, on Steps, Output and Troubleshoot alike.

use crate::run::Request;
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::common::send;
use crate::tui::update::reading;

/// Keys that are meant for what runs.
pub(in crate::tui) fn live(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if action == Action::Stop && run.waiting().is_some() {
        return send(app, Request::StopWaiting);
    }
    if action == Action::NextLive {
        return next_live(app);
    }
    let Some(command) = app.live_command() else {
        app.say("no command is running");
        return vec![];
    };
    match action {
        Action::Keyboard => {
            if app.screen == Screen::Steps && run.background().contains(&command) {
                app.screens.steps.selected = Some(command.clone());
            }
            app.keyboard = Some(command);
            vec![]
        }
        Action::Background => send(app, Request::KeepInBackground { command }),
        _ => {
            app.overlays.push(Overlay::Stop(command));
            vec![]
        }
    }
}

/// The next command in the background, one after the other.
fn next_live(app: &mut App) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    let all: Vec<CommandId> = run.background().iter().cloned().collect();
    let shown =
        if app.screen == Screen::Output { app.screens.output.command.clone() } else { app.shown_command() };
    let at = shown.and_then(|id| all.iter().position(|c| *c == id)).map_or(0, |at| (at + 1) % all.len());
    let Some(next) = all.get(at).cloned() else {
        app.say("nothing is running in the background");
        return vec![];
    };
    if app.screen == Screen::Output {
        return reading::open(app, next);
    }
    app.screens.steps.selected = Some(next);
    reading::show_tail(app)
}
