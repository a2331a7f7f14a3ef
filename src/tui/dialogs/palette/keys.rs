//! Keys in the palette, and what the chosen entry does.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};

use crate::run::Next;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Entry, Leads, Overlay, Palette};
use crate::tui::dialogs::palette::{cuts, narrow};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::update::act::act;
use crate::tui::update::navigation::go;
use crate::tui::update::{asking, reading};

/// Keys in it.
pub(in crate::tui) fn pressed(
    app: &mut App,
    mut palette: Palette,
    key: KeyEvent,
    at: Instant,
) -> Vec<Effect> {
    let last = palette.fitting.len().checked_sub(1);
    let down = |by: usize| last.map(|last| palette.chosen.map_or(by - 1, |at| at + by).min(last));
    match key.code {
        KeyCode::Down => palette.chosen = down(1),
        KeyCode::PageDown => palette.chosen = down(8),
        KeyCode::Up => palette.chosen = palette.chosen.map(|at| at.saturating_sub(1)),
        KeyCode::PageUp => palette.chosen = palette.chosen.map(|at| at.saturating_sub(8)),
        KeyCode::Enter => return enter(app, palette, at),
        _ if palette.editor.key(key) => narrow(&mut palette),
        _ => {}
    }
    app.overlays.push(Overlay::Palette(palette));
    vec![]
}

/// Does what is chosen; what acts has to have been seen.
fn enter(app: &mut App, palette: Palette, at: Instant) -> Vec<Effect> {
    let typed = palette.editor.text();
    let chosen = palette.fitting.get(palette.chosen.unwrap_or(usize::MAX)).map(|at| &palette.entries[*at]);
    let acts = typed.starts_with('!') || chosen.is_some_and(Entry::acts);
    let leads = chosen.map(|entry| entry.leads.clone());
    let whole = chosen.is_some_and(|entry| is_whole(app, entry));
    let waits = leads.is_none() && !palette.fitting.is_empty();
    app.overlays.push(Overlay::Palette(palette));
    if waits || acts && !(app.typed_was_drawn() && app.takes_key(at)) {
        return vec![];
    }
    app.overlays.pop();
    if let Some(Leads::Act(action)) = &leads
        && !typed.starts_with('!')
        && runs(app, *action)
        && !whole
    {
        let key = app.keys.shown(app.screen, *action);
        app.say(format!("read here what will run, then press {key}"));
        return vec![];
    }
    match (typed.strip_prefix('!'), leads) {
        (Some(text), _) => asking::add(app, text.trim()),
        (None, Some(leads)) => follow(app, leads),
        (None, None) => {
            app.say(format!("no command matches \"{typed}\""));
            vec![]
        }
    }
}

/// Whether something runs at once by an action.
fn runs(app: &App, action: Action) -> bool {
    let gate = matches!(app.next(), Some(Next::Gate(_))) && app.screen == Screen::Steps;
    match action {
        Action::Next => !gate,
        action => {
            matches!(action, Action::Run | Action::RunItem | Action::Wait | Action::Yes | Action::Interactive)
        }
    }
}

/// Whether all that would run stands in the palette: it lies over the screen where it would be read else.
fn is_whole(app: &App, entry: &Entry) -> bool {
    let text =
        app.run.as_ref().zip(app.shown_command()).and_then(|(run, id)| run.find(&id).map(|c| run.text_of(c)));
    let shown = text.is_some_and(|text| entry.words.ends_with(&text));
    app.screen == Screen::Steps && shown && !cuts(app, &entry.words)
}

fn follow(app: &mut App, leads: Leads) -> Vec<Effect> {
    match leads {
        Leads::Act(action) => return act(app, action),
        Leads::On(place, words) => {
            let effects = go(app, place);
            app.say(words);
            return effects;
        }
        Leads::To(command) => {
            let next = app.next().and_then(Next::command).cloned();
            app.screens.steps.select(command, next.as_ref());
            app.screen = Screen::Steps;
            return reading::show_tail(app);
        }
        Leads::Theme(name) => app.theme.name = name,
        Leads::NotNow(why) => app.say(format!("not now: {why}")),
    }
    vec![]
}
