//! What an action does, by the screen that it was asked for on. Keys and the palette both come here.

use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::Overlay;
use crate::tui::dialogs::{masks, palette, why};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens;
use crate::tui::update::common::named;
use crate::tui::update::navigation::go;
use crate::tui::update::{asking, find, look};

/// Does what a key or the palette asks for.
pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    if app.session.looks_on() && !action.only_looks() {
        let words = app.looks_on_because();
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
        Action::NextScreen | Action::PreviousScreen => {
            let to = beside(app, action == Action::NextScreen);
            return go(app, to);
        }
        Action::Back if leads_to_steps(app) => {
            app.screens.steps.selected = None;
            return go(app, Screen::Steps);
        }
        Action::Search if !matches!(app.screen, Screen::Output | Screen::Document | Screen::Problems) => {
            find::open(app);
        }
        Action::Look => return look::at_the_worst(app),
        // In an open row the digit is no way elsewhere: it fits the time again.
        Action::Screen(Screen::History) if app.screen == Screen::Health && app.screens.health.detail => {
            app.screens.health.fit();
        }
        Action::Screen(screen) => return go(app, screen),
        Action::Masks => masks::open(app),
        Action::Contacts => return contacts(app),
        Action::AddCommand => return asking::add_command(app),
        Action::HandOver => return asking::hand_over(app),
        Action::TakeControl if app.session.control.yours => app.say("you already have control"),
        Action::TakeControl if app.session.read_only || app.run.is_none() => {
            app.say("there is no run to take control of")
        }
        Action::TakeControl => app.overlays.push(Overlay::Control),
        _ => return screens::act(app, action),
    }
    vec![]
}

/// The screen whose digit follows or precedes; from one without a digit, the first or the last. Before a run there are
/// fewer.
fn beside(app: &App, forward: bool) -> Screen {
    let mut tabs: Vec<Screen> = match app.run {
        Some(_) => Screen::TABS.into_iter().map(|(_, screen)| screen).collect(),
        None => vec![Screen::Start, Screen::Document, Screen::History],
    };
    if !forward {
        tabs.reverse();
    }
    let to = tabs.iter().position(|tab| *tab == app.screen).map_or(0, |at| (at + 1) % tabs.len());
    tabs[to]
}

/// Whether Esc leads to the steps, or to the next thing there; elsewhere it closes a part or goes to the screen before.
fn leads_to_steps(app: &App) -> bool {
    match app.screen {
        Screen::Start | Screen::Output | Screen::Document | Screen::History => false,
        Screen::Health => app.screens.health.is_list() && app.screens.health.back.is_none(),
        _ => true,
    }
}

/// Leaving while something runs in this process hangs it up, as closing a terminal does: that is asked about.
pub(in crate::tui) fn leave(app: &mut App) -> Vec<Effect> {
    let runs = app.run.as_ref().filter(|_| !app.session.looks_on() && !app.session.detaches);
    let running = runs.and_then(|r| r.running().or(r.background().first()).cloned());
    match running {
        Some(id) if app.message.as_deref() != Some(leave_warning(app, &id).as_str()) => {
            let warning = leave_warning(app, &id);
            app.say(warning);
            vec![]
        }
        _ => vec![Effect::Quit],
    }
}

fn leave_warning(app: &App, id: &CommandId) -> String {
    let name = named(app, id);
    let (stop, leave) = (app.key(Action::Stop), app.key(Action::Leave));
    format!(
        "{name} is still running and would be killed: end it with {stop}, or press {leave} again to leave"
    )
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
