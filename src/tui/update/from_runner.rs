//! What the runner says, and what it means for the screens.

use crate::protocol::{Control, ToClient};
use crate::run::Refusal;
use crate::text::counted;
use crate::tui::app::App;
use crate::tui::dialogs::{masks, palette, reread, sign};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::health::keys as health;
use crate::tui::screens::rollback::keys as rollback;
use crate::tui::update::common::pane_size;
use crate::tui::update::{events, reading, run};

/// Something that the runner says.
pub(in crate::tui) fn updated(app: &mut App, update: ToClient) -> Vec<Effect> {
    match update {
        ToClient::Recorded(record) => {
            if !app.happened(&record) {
                return vec![];
            }
            let effects = events::happened(app, &record.event);
            palette::renew(app);
            effects
        }
        ToClient::Answered { refused: Some(refusal), number } => {
            app.questions.was_to_add(number);
            let key = |remedy| Some(app.keys.shown(Screen::Steps, Action::that_helps(remedy)));
            let words = refusal.told(|remedy| key(remedy).filter(|key| !key.is_empty()));
            masks::forget(app);
            app.say(words);
            if matches!(refusal, Refusal::ReadDifferently(_)) { reread::ask(app) } else { vec![] }
        }
        ToClient::Answered { number, .. } if app.questions.was_to_add(number) => {
            let added = app.run.as_ref().and_then(|r| r.added().last().cloned());
            added.map_or(vec![], |id| {
                app.screen = Screen::Steps;
                app.screens.steps.selected = Some(id.clone());
                run::run_command(app, &id)
            })
        }
        // The way to the runner takes these apart.
        ToClient::Welcome { .. } | ToClient::Known(_) | ToClient::Changed { .. } => vec![],
        ToClient::Control(control) => who_is_there(app, control),
        ToClient::Answered { .. } | ToClient::Ended => vec![],
        ToClient::Screen { command, screen } => {
            app.screens.steps.live.insert(command, *screen);
            reading::refresh(app)
        }
        ToClient::Page { number, page, .. } => reading::answered(app, number, page),
        ToClient::Saved { path, lines } => {
            app.say(format!("{} written to {}", counted(lines as usize, "line"), path.display()));
            vec![]
        }
        ToClient::Evaluated { command, target } => {
            if let Some(mut confirm) = app.questions.evaluated(&command) {
                confirm.target = target;
                run::open_confirm(app, confirm);
            }
            vec![]
        }
        ToClient::Health(health) => {
            app.watch(Some(*health));
            vec![]
        }
        ToClient::Sampled(sample) => {
            app.watched(|health| {
                health.take(&sample);
            });
            vec![]
        }
        ToClient::ToSign(to_sign) => sign::prepared(app, *to_sign),
        ToClient::Values(values) => masks::came(app, values),
        ToClient::Found(found) => rollback::found(app, *found),
        ToClient::ContainerLog { probe, name, lines } => health::log_came(app, probe, name, lines),
        ToClient::Unrecorded(since) => {
            if since.is_none() {
                app.say("recording works again; what happened meanwhile was recorded late");
            }
            app.session.unrecorded = since;
            vec![]
        }
        ToClient::EndsWithLogin(ends) => {
            app.say(ends.to_string());
            app.session.ends_with_login = Some(ends);
            vec![]
        }
        ToClient::NoShell(why) => {
            app.session.no_shell = true;
            app.say(format!("gonogo could not get a shell: {why}"));
            vec![]
        }
        ToClient::Trouble(text) => {
            app.say(text);
            vec![]
        }
    }
}

/// Somebody came, went, or took control.
fn who_is_there(app: &mut App, control: Control) -> Vec<Effect> {
    let had = app.session.control.yours;
    app.session.control = control;
    if had && !app.session.control.yours && !app.session.read_only {
        app.keyboard = None;
        app.overlays.clear();
        app.screens.health.back = None;
    }
    if app.session.control.yours && !had { pane_size(app) } else { vec![] }
}
