//! The palette: everything that can be done, here and on other screens, and every command of the steps, found by the
//! beginnings of its words. What runs, skips or ends something is chosen by its name or by an arrow, never by other words.

use super::super::app::{App, Entry, Leads, Overlay, Palette, Place};
use super::super::keymap::{Action, Binding, names, shown};
use super::super::widgets::editor::Editor;
use crate::config::ThemeName;
use crate::run::Next;
use crate::text as words;

/// All that can be done here.
pub(super) fn open(app: &App) -> Palette {
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: Vec<Action> = vec![Action::Palette];
    let mut add = |binding: &Binding, entry: fn(&App, &Binding) -> Entry| {
        if !moves(binding.action) && !known.contains(&binding.action) {
            known.push(binding.action);
            entries.push(entry(app, binding));
        }
    };
    app.keys.of(app.place).for_each(|binding| add(binding, here));
    app.keys.of(Place::Steps).chain(app.keys.of(Place::Log)).for_each(|binding| add(binding, there));
    app.keys.all().for_each(|binding| add(binding, there));
    for name in ThemeName::ALL {
        let words = format!("Colours: {}", name.name());
        let names = vec!["theme", "colors", "colours"];
        entries.push(Entry { words, names, key: String::new(), leads: Leads::Theme(name) });
    }
    for command in app.run.iter().flat_map(|r| r.path()) {
        let words = format!("Go to {} {}", command.id, command.text.lines().next().unwrap_or_default());
        entries.push(Entry {
            words,
            names: vec![],
            key: String::new(),
            leads: Leads::To(command.id.clone()),
        });
    }
    let mut palette = Palette { editor: Editor::line("", false), entries, fitting: vec![], chosen: None };
    fit(&mut palette);
    palette
}

/// Keys that move are found by nobody's words.
fn moves(action: Action) -> bool {
    matches!(
        action,
        Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::First
            | Action::Last
            | Action::PageUp
            | Action::PageDown
            | Action::Following
            | Action::Previous
            | Action::NextHeading
            | Action::PreviousHeading
    )
}

fn entry(app: &App, binding: &Binding, words: String, leads: Leads) -> Entry {
    let mut names = names(binding.action).to_vec();
    names.extend(Some(binding.name).filter(|name| !name.is_empty()));
    if binding.action == Action::Next && matches!(app.next(), Some(Next::Gate(_))) {
        names.extend(["gate", "go", "no-go"]);
    }
    Entry { words, names, key: shown(binding.key), leads }
}

/// What a key of this screen does.
fn here(app: &App, binding: &Binding) -> Entry {
    let action = binding.action;
    let long = binding.long;
    match not_now(app, action) {
        Some(why) => entry(app, binding, format!("{long} (not now: {why})"), Leads::NotNow(why)),
        None => entry(app, binding, would(app, binding), Leads::Act(action)),
    }
}

/// What a key of another screen does: the way there.
fn there(app: &App, binding: &Binding) -> Entry {
    let place = binding.on.iter().find(|p| **p != Place::Start).copied();
    let (action, long) = (binding.action, binding.long);
    let shut = match place {
        _ if app.session.looks_on() && !action.only_looks() => Some(app.session.looks_on_because()),
        Some(Place::Document | Place::History) => None,
        _ if app.run.is_none() => Some("the run has not been started".to_owned()),
        Some(Place::Output) => Some("open an output first".to_owned()),
        None => Some("it is of no use any more".to_owned()),
        Some(_) => None,
    };
    match (shut, place) {
        (None, Some(place)) => {
            let words = format!("{long} (on {})", place.name());
            entry(app, binding, words, Leads::On(place, format!("{}: {long}", shown(binding.key))))
        }
        (why, _) => {
            let why = why.unwrap_or_default();
            entry(app, binding, format!("{long} (not now: {why})"), Leads::NotNow(why))
        }
    }
}

/// Why a key of this screen can't do anything now.
fn not_now(app: &App, action: Action) -> Option<String> {
    if app.session.looks_on() && !action.only_looks() {
        return Some(app.session.looks_on_because());
    }
    match (action, &app.run) {
        (Action::Screen(Place::Document | Place::History), None) => None,
        (Action::Screen(_) | Action::AddCommand, None) => Some("the run has not been started".into()),
        (Action::Yes | Action::No | Action::All | Action::Interactive, Some(_)) => {
            answer(app, action).is_none().then(|| "nothing is asked that this would answer".into())
        }
        (Action::Stop, Some(_)) => app.live_command().is_none().then(|| "nothing runs".into()),
        _ => None,
    }
}

/// What an answer to what is asked now means.
fn answer(app: &App, action: Action) -> Option<&'static str> {
    let run = app.run.as_ref().filter(|_| app.screens.steps.selected.is_none())?;
    let choices = words::asked(run, &app.next()?).choices;
    choices.into_iter().find(|(choice, _)| Action::of(*choice) == action).map(|(_, meaning)| meaning)
}

/// What a key would do now; of what acts on a command that is named, so that it was seen.
fn would(app: &App, binding: &Binding) -> String {
    let long = binding.long.to_owned();
    let Some((run, id)) = app.run.as_ref().zip(app.shown_command()) else { return long };
    if app.place != Place::Steps || !binding.action.acts() || binding.on.is_empty() {
        return long;
    }
    if binding.action == Action::Next && matches!(app.next(), Some(Next::Gate(_))) {
        return "Decide at the gate: GO or NO-GO".to_owned();
    }
    let text = run.find(&id).map(|c| run.text_of(c)).unwrap_or_default();
    let text = text.lines().next().unwrap_or_default();
    let head = answer(app, binding.action).unwrap_or(binding.long);
    format!("{head}: {id} {text}")
}

/// Something happened in the run: the palette says what its entries would do now.
pub(super) fn renew(app: &mut App) {
    let Some(Overlay::Palette(old)) = app.overlays.last() else { return };
    let (editor, chosen) = (old.editor.clone(), old.leads().cloned());
    let mut palette = open(app);
    palette.editor = editor;
    fit(&mut palette);
    let same = palette.fitting.iter().position(|at| Some(&palette.entries[*at].leads) == chosen.as_ref());
    palette.chosen = same.or(palette.chosen);
    app.overlays.pop();
    app.overlays.push(Overlay::Palette(palette));
}

/// How well an entry fits what was typed: 0 is its name, 1 how a name begins, 2 how its words begin.
fn fits(entry: &Entry, typed: &[String]) -> Option<u8> {
    let name = typed.concat();
    let plain = |text: &str| text.replace('-', "");
    if entry.names.iter().any(|n| plain(n) == name) {
        return Some(0);
    }
    // One letter begins too much.
    if name.chars().count() < 2 {
        return None;
    }
    if entry.names.iter().any(|n| plain(n).starts_with(&name)) {
        return Some(1);
    }
    let words = entry.words.to_lowercase();
    let starts: Vec<&str> = words.split_whitespace().flat_map(parts).collect();
    typed.iter().all(|part| starts.iter().any(|word| word.starts_with(part.as_str()))).then_some(2)
}

/// A word, and what stands behind each sign in it.
fn parts(word: &str) -> Vec<&str> {
    let inner = word.char_indices().filter(|(_, c)| !c.is_alphanumeric());
    let behind = inner.filter_map(|(at, c)| word.get(at + c.len_utf8()..));
    std::iter::once(word).chain(behind).filter(|part| !part.is_empty()).collect()
}

/// Chooses what fits what was typed, the best first. What acts stands last, and is chosen where its name was typed.
pub(super) fn fit(palette: &mut Palette) {
    let typed = palette.editor.text().trim().to_lowercase();
    let named: Vec<String> =
        typed.trim_end_matches('!').split_whitespace().map(|part| part.replace('-', "")).collect();
    let mut found: Vec<(bool, u8, usize)> = vec![];
    if !typed.starts_with('!') {
        for (at, entry) in palette.entries.iter().enumerate() {
            let score = if typed.is_empty() { Some(2) } else { fits(entry, &named) };
            found.extend(score.map(|score| (score > 0 && entry.acts(), score, at)));
        }
    }
    if !typed.is_empty() {
        found.sort_by_key(|(acts, score, at)| (*score > 0, *acts, *score, *at));
    }
    palette.chosen = found.first().filter(|(acts, ..)| !acts).map(|_| 0);
    palette.fitting = found.into_iter().map(|(_, _, at)| at).collect();
}
