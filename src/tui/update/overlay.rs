//! Keys while something lies over the screen.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::super::app::{App, Confirm, Field, Leads, Overlay, Palette, Place, Purpose, TextBox, Why};
use super::super::msg::Effect;
use super::{act, document, fields, is_char, open_field, output, palette, run, send, sign};
use crate::protocol::ToRunner;
use crate::run::gates::{self, GateId};
use crate::run::policy::Confirmation;
use crate::run::{Outcome, Request, RunState, words};
use crate::runbook::CommandId;

/// A key for the overlay in front.
pub(super) fn pressed(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    if key.code == KeyCode::Esc || (control && key.code == KeyCode::Char('c')) {
        app.overlays.pop();
        app.message = None;
        return vec![];
    }
    match app.overlays.pop() {
        Some(Overlay::Help(row)) => help(app, row, key),
        Some(Overlay::Field(field)) => fields::pressed(app, field, key, at),
        Some(Overlay::Confirm(confirm)) => in_confirm(app, confirm, key, at),
        Some(Overlay::Gate(which, row)) => gate(app, (which, row), key, at),
        Some(Overlay::Stop(command)) => stop(app, command, key, at),
        Some(Overlay::Contacts) => contacts(app, key),
        Some(Overlay::Control) => control_box(app, key, at),
        Some(Overlay::Palette(palette)) => in_palette(app, palette, key, at),
        Some(Overlay::Why(why)) => in_why(app, why, key),
        Some(Overlay::Sign(signing)) => sign::in_box(app, *signing, key, at),
        Some(Overlay::Text(text)) => in_text(app, *text, key),
        Some(Overlay::Reread(text)) => in_reread(app, *text, key, at),
        Some(Overlay::Correct(menu)) => document::correct::pressed(app, *menu, key, at),
        None => vec![],
    }
}

/// Whether a key counts for this overlay, which stays in front when it does not.
pub(super) fn app_takes(app: &mut App, overlay: Overlay, at: Instant) -> bool {
    app.overlays.push(overlay);
    let takes = app.takes_key(at);
    if takes {
        app.overlays.pop();
    }
    takes
}

fn in_confirm(app: &mut App, mut confirm: Confirm, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = super::super::views::overlay::confirm_rest(app, &confirm);
    if is_char(key, 'y') && rest == 0 {
        if app_takes(app, Overlay::Confirm(confirm.clone()), at) {
            return run::confirmed(app, &confirm, Confirmation::TwoKeys);
        }
        return vec![];
    }
    confirm.row = scrolled(confirm.row, rest, key);
    app.overlays.push(Overlay::Confirm(confirm));
    vec![]
}

/// The row that a key scrolls to.
pub(super) fn scrolled(row: usize, rest: usize, key: KeyEvent) -> usize {
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + rest.min(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + rest.min(10),
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageUp => row.saturating_sub(10),
        _ => row,
    }
}

fn in_text(app: &mut App, mut text: TextBox, key: KeyEvent) -> Vec<Effect> {
    text.row = scrolled(text.row, super::super::views::overlay::text_rest(app, &text), key);
    app.overlays.push(Overlay::Text(Box::new(text)));
    vec![]
}

/// Asks whether the run goes on as this version reads the document, where it goes by another reading.
pub(super) fn ask_reread(app: &mut App) -> Vec<Effect> {
    let open = app.run.as_ref().is_some_and(RunState::reads_differently);
    let Some(reread) = app.reread.clone().filter(|_| open && !app.looks_on()) else { return vec![] };
    if reread.is_form_only() {
        return accept_reread(app);
    }
    let lines = std::iter::once(reread.headline()).chain([String::new()]).chain(reread.lines()).collect();
    let title = "The document is read differently".to_owned();
    app.overlays.retain(|o| !matches!(o, Overlay::Reread(_)));
    app.overlays.push(Overlay::Reread(Box::new(TextBox { title, lines, row: 0 })));
    vec![]
}

fn accept_reread(app: &mut App) -> Vec<Effect> {
    let request = app.reread.as_ref().zip(app.run.as_ref()).map(|(reread, run)| reread.accepted(run));
    request.map_or(vec![], |request| send(app, request))
}

/// What differs is read to its end before it is accepted.
fn in_reread(app: &mut App, mut text: TextBox, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let rest = super::super::views::overlay::text_rest(app, &text);
    if is_char(key, 'y') && rest == 0 {
        let taken = app_takes(app, Overlay::Reread(Box::new(text)), at);
        return if taken { accept_reread(app) } else { vec![] };
    }
    text.row = scrolled(text.row, rest, key);
    app.overlays.push(Overlay::Reread(Box::new(text)));
    vec![]
}

fn help(app: &mut App, row: usize, key: KeyEvent) -> Vec<Effect> {
    let row = match key.code {
        KeyCode::Down | KeyCode::Char('j') => row + 1,
        KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => row + 10,
        KeyCode::PageUp => row.saturating_sub(10),
        _ => return vec![],
    };
    let most = super::super::views::overlay::help_rows(app).saturating_sub(usize::from(app.size.1) / 2);
    app.overlays.push(Overlay::Help(row.min(most)));
    vec![]
}

fn gate(app: &mut App, (which, row): (GateId, usize), key: KeyEvent, at: Instant) -> Vec<Effect> {
    let go = is_char(key, 'g');
    if !(go || key.code == KeyCode::F(7)) {
        let row = match key.code {
            KeyCode::Down | KeyCode::Char('j') => row + 1,
            KeyCode::Up | KeyCode::Char('k') => row.saturating_sub(1),
            KeyCode::PageDown => row + 10,
            KeyCode::PageUp => row.saturating_sub(10),
            _ => row,
        };
        let most = super::super::views::overlay::gate_rest(app, which);
        app.overlays.push(Overlay::Gate(which, row.min(most)));
        return vec![];
    }
    if !app_takes(app, Overlay::Gate(which, row), at) {
        return vec![];
    }
    let Some(run) = &app.run else { return vec![] };
    let open = gates::open_words(&gates::board(run, which, &app.outside()));
    if go && open.is_empty() {
        return decided(app, which, String::new());
    }
    let (title, purpose) = match (go, which) {
        (true, _) => ("GO although something is open: why?", Purpose::Go(which)),
        (false, GateId::Change) => ("NO-GO ends the run: why?", Purpose::NoGo(which)),
        (false, _) => ("NO-GO: why?", Purpose::NoGo(which)),
    };
    let lines = open.iter().take(6).cloned().collect();
    open_field(app, Field::new(title, purpose).knowing(lines));
    vec![]
}

/// GO at a gate; the last one ends the run.
pub(super) fn decided(app: &mut App, gate: GateId, reason: String) -> Vec<Effect> {
    let request = match gate {
        GateId::SignOff => Request::Finish { outcome: Outcome::Deployed, reason },
        gate => Request::DecideGate { gate, go: true, reason },
    };
    send(app, request)
}

fn stop(app: &mut App, command: CommandId, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let signal = match key.code {
        KeyCode::Char('i') => "INT",
        KeyCode::Char('t') => "TERM",
        KeyCode::F(9) => "KILL",
        _ => {
            app.overlays.push(Overlay::Stop(command));
            return vec![];
        }
    };
    if !app_takes(app, Overlay::Stop(command.clone()), at) {
        return vec![];
    }
    send(app, Request::Cancel { command, signal: signal.into() })
}

fn contacts(app: &mut App, key: KeyEvent) -> Vec<Effect> {
    let Some(run) = app.run.as_ref().filter(|_| is_char(key, 'y')) else { return vec![] };
    let text = words::contacts(run).join("\n");
    app.say("copied");
    vec![Effect::Copy(text)]
}

fn control_box(app: &mut App, key: KeyEvent, at: Instant) -> Vec<Effect> {
    if !is_char(key, 'y') {
        app.overlays.push(Overlay::Control);
        return vec![];
    }
    if app_takes(app, Overlay::Control, at) { vec![Effect::Send(ToRunner::TakeControl)] } else { vec![] }
}

fn in_palette(app: &mut App, mut palette: Palette, key: KeyEvent, at: Instant) -> Vec<Effect> {
    match key.code {
        KeyCode::Down => palette.chosen = (palette.chosen + 1).min(palette.fitting.len().saturating_sub(1)),
        KeyCode::Up => palette.chosen = palette.chosen.saturating_sub(1),
        KeyCode::PageDown => {
            palette.chosen = (palette.chosen + 8).min(palette.fitting.len().saturating_sub(1));
        }
        KeyCode::PageUp => palette.chosen = palette.chosen.saturating_sub(8),
        KeyCode::Enter => {
            let leads = palette.leads().cloned();
            let typed = palette.editor.text();
            let acts = typed.starts_with('!') || matches!(&leads, Some(Leads::Act(action)) if action.acts());
            app.overlays.push(Overlay::Palette(palette));
            if acts && !(app.typed_was_drawn() && app.takes_key(at)) {
                return vec![];
            }
            app.overlays.pop();
            return match (typed.strip_prefix('!'), leads) {
                (Some(text), _) => fields::add(app, text.trim()),
                (None, Some(Leads::Act(action))) => act(app, action),
                (None, Some(Leads::To(command))) => {
                    let next = app.next().and_then(|n| n.command().cloned());
                    app.selected = Some(command).filter(|c| Some(c) != next.as_ref());
                    app.place = Place::Steps;
                    output::show_tail(app)
                }
                (None, Some(Leads::Theme(name))) => {
                    app.theme.name = name;
                    vec![]
                }
                (None, None) => {
                    app.say(format!("nothing is called \"{typed}\""));
                    vec![]
                }
            };
        }
        _ => {
            if palette.editor.key(key) {
                palette::fit(&mut palette);
            }
        }
    }
    app.overlays.push(Overlay::Palette(palette));
    vec![]
}

fn in_why(app: &mut App, mut why: Why, key: KeyEvent) -> Vec<Effect> {
    let last = why.reasons.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => why.chosen = (why.chosen + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => why.chosen = why.chosen.saturating_sub(1),
        KeyCode::Enter => {
            if let Some(line) = why.reasons.get(why.chosen).and_then(|r| r.line) {
                if app.place != Place::Document {
                    app.came_from = app.place;
                }
                app.place = Place::Document;
                document::open_at(app, line);
                return vec![];
            }
        }
        _ => {}
    }
    app.overlays.push(Overlay::Why(why));
    vec![]
}
