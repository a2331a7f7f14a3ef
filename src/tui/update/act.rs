//! What an action does, by the screen that it was asked for on. Keys and the palette both come here.

use super::super::app::{App, Overlay, Place};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::navigation::go;
use super::{
    asking, checklist, commands, document, health, history, log, masks, monitor, output, palette, rollback,
    start, steps, trouble, why,
};
use crate::runbook::CommandId;

/// Does what a key or the palette asks for.
pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if app.session.looks_on() && !action.only_looks() {
        let words = app.session.looks_on_because();
        app.say(words);
        return vec![];
    }
    match action {
        Action::Help => app.overlays.push(Overlay::Help(0)),
        Action::Palette => {
            let palette = palette::open(app);
            app.overlays.push(Overlay::Palette(palette));
        }
        Action::Why => why::open(app),
        Action::Leave => return leave(app),
        Action::Suspend => return vec![Effect::Suspend],
        Action::NextScreen => {
            let order = [
                Place::Checklist,
                Place::Steps,
                Place::Health,
                Place::Monitor,
                Place::Log,
                Place::Commands,
                Place::Document,
            ];
            let at = order.iter().position(|p| *p == app.place).map_or(0, |at| (at + 1) % order.len());
            return go(app, order[at]);
        }
        Action::Screen(place) => return go(app, place),
        Action::Masks => masks::open(app),
        Action::Contacts => return contacts(app),
        Action::AddCommand => return asking::add_command(app),
        Action::HandOver => return asking::hand_over(app),
        Action::TakeControl if app.session.control.yours => app.say("you have control already"),
        Action::TakeControl if app.session.read_only || app.run.is_none() => {
            app.say("there is nothing to take control of")
        }
        Action::TakeControl => app.overlays.push(Overlay::Control),
        _ => {
            return match app.place {
                Place::Start => start::act(app, action),
                Place::Checklist => checklist::act(app, action),
                Place::Steps => steps::act(app, action),
                Place::Log => log::act(app, action),
                Place::Commands => commands::act(app, action),
                Place::Document => document::act(app, action),
                Place::Output => output::act(app, action),
                Place::Health => health::act(app, action),
                Place::Monitor => monitor::act(app, action),
                Place::Rollback => rollback::act(app, action),
                Place::Troubleshoot => trouble::act(app, action),
                Place::History => history::act(app, action),
            };
        }
    }
    vec![]
}

/// Leaving while something runs in this process hangs it up, as closing a terminal does: that is asked about.
pub(super) fn leave(app: &mut App) -> Vec<Effect> {
    let runs = app.run.as_ref().filter(|_| !app.session.looks_on() && !app.session.detaches);
    let running = runs.and_then(|r| r.running().or(r.background().first()).cloned());
    match running {
        Some(id) if app.message.as_deref() != Some(leave_warning(&id).as_str()) => {
            let warning = leave_warning(&id);
            app.say(warning);
            vec![]
        }
        _ => vec![Effect::Quit],
    }
}

fn leave_warning(id: &CommandId) -> String {
    format!("{id} is still running and would be killed. End it with F8 first, or press q again to leave")
}

/// Whom to call.
fn contacts(app: &mut App) -> Vec<Effect> {
    if app.book.runbook.contacts.is_empty() {
        app.say("the document names nobody to call");
    } else {
        app.overlays.push(Overlay::Contacts);
    }
    vec![]
}
