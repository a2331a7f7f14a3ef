//! The palette: everything that can be done, here and on other screens, and every command of the steps, found by the
//! beginnings of its words. What runs, skips or ends something is chosen by its name or by an arrow, never by other words.

pub(in crate::tui) mod keys;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::config::ThemeName;
use crate::run::Next;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Entry, Leads, Overlay, Palette};
use crate::tui::keymap::{Action, Binding, names, shown};
use crate::tui::screen::Screen;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::editor::Editor;
use crate::tui::widgets::text::{fit, scroll_to, wrap_words};

/// All that can be done here.
pub(in crate::tui) fn open(app: &App) -> Palette {
    let mut entries: Vec<Entry> = Vec::new();
    let mut known: Vec<Action> = vec![Action::Palette];
    let mut add = |binding: &Binding, entry: fn(&App, &Binding) -> Entry| {
        if !moves(binding.action) && !known.contains(&binding.action) {
            known.push(binding.action);
            entries.push(entry(app, binding));
        }
    };
    app.keys.of(app.screen).for_each(|binding| add(binding, here));
    app.keys.of(Screen::Steps).chain(app.keys.of(Screen::Log)).for_each(|binding| add(binding, there));
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
    narrow(&mut palette);
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
    let place = binding.on.iter().find(|p| **p != Screen::Start).copied();
    let (action, long) = (binding.action, binding.long);
    let shut = match place {
        _ if app.session.looks_on() && !action.only_looks() => Some(app.looks_on_because()),
        Some(Screen::Document | Screen::History) => None,
        _ if app.run.is_none() => Some("the run has not been started".to_owned()),
        Some(Screen::Output) => Some("open an output first".to_owned()),
        None => Some("it is not needed any more".to_owned()),
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
        return Some(app.looks_on_because());
    }
    match (action, &app.run) {
        (Action::Screen(Screen::Document | Screen::History), None) => None,
        (Action::Screen(_) | Action::AddCommand, None) => Some("the run has not been started".into()),
        (Action::Yes | Action::No | Action::All | Action::Interactive, Some(_)) => {
            answer(app, action).is_none().then(|| "no question is open that this would answer".into())
        }
        (Action::Stop, Some(_)) => app.live_command().is_none().then(|| "nothing runs".into()),
        _ => None,
    }
}

/// What an answer to what is asked now means.
fn answer(app: &App, action: Action) -> Option<&'static str> {
    let asked = app.asked().filter(|_| app.screens.steps.selected.is_none())?;
    asked.choices.iter().find(|(choice, _)| Action::of(*choice) == action).map(|(_, meaning)| *meaning)
}

/// What a key would do now; of what acts on a command that is named, so that it was seen.
fn would(app: &App, binding: &Binding) -> String {
    let long = binding.long.to_owned();
    let Some((run, id)) = app.run.as_ref().zip(app.shown_command()) else { return long };
    if app.screen != Screen::Steps || !binding.action.acts() || binding.on.is_empty() {
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
pub(in crate::tui) fn renew(app: &mut App) {
    let Some(Overlay::Palette(old)) = app.overlays.last() else { return };
    let (editor, chosen) = (old.editor.clone(), old.leads().cloned());
    let mut palette = open(app);
    palette.editor = editor;
    narrow(&mut palette);
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
pub(in crate::tui) fn narrow(palette: &mut Palette) {
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

/// Everything that can be done, as far as it fits what was typed.
pub(in crate::tui) fn draw(app: &App, palette: &Palette, frame: &mut Frame<'_>, area: Rect) {
    let width = box_width(area.width);
    let height = usize::from(area.height).saturating_sub(10).min(18);
    let mut lines: Vec<Line<'_>> = vec![Line::from(Span::styled("> ", app.theme.wants()))];
    let typed = palette.editor.text();
    let top = scroll_to(palette.chosen.unwrap_or(0), palette.fitting.len(), height);
    for row in 0..height {
        let entry = palette.fitting.get(top + row).map(|at| &palette.entries[*at]);
        let Some(entry) = entry else {
            let words = match (row, typed.strip_prefix('!')) {
                (0, Some(command)) if !command.trim().is_empty() => {
                    format!("Enter runs a command that is not in the document:{command}")
                }
                (0, Some(_)) => "type a command that is not in the document".to_owned(),
                (0, None) => format!("no command matches \"{typed}\""),
                _ => String::new(),
            };
            lines.push(Line::from(Span::styled(fit(&words, width), app.theme.dim())));
            continue;
        };
        let words = fit(&entry.words, width.saturating_sub(8));
        let style = match &entry.leads {
            _ if palette.chosen == Some(top + row) => app.theme.selected(),
            Leads::NotNow(_) => app.theme.dim(),
            _ => Style::new(),
        };
        lines.push(Line::from(vec![
            Span::styled(words, style),
            Span::styled(format!(" {:>7}", entry.key), app.theme.dim()),
        ]));
    }
    lines.push(Line::from(""));
    lines.extend(foot(app, palette, width));
    let title = format!("What to do  {} of {}", palette.fitting.len(), palette.entries.len());
    let inner = boxed(app.theme, &title, lines, frame, area);
    palette
        .editor
        .draw(frame, Rect { x: inner.x + 2, height: 1, width: inner.width.saturating_sub(2), ..inner });
}

/// Rows under the list for what Enter does.
const FOOT: usize = 2;

fn box_width(columns: u16) -> usize {
    usize::from(columns).saturating_sub(10).min(100)
}

fn foot_rows(entry_words: &str, width: usize) -> Vec<String> {
    wrap_words(&format!("Enter: {entry_words}"), width)
}

/// Whether there is no room for all that Enter would do.
pub(in crate::tui) fn cuts(app: &App, words: &str) -> bool {
    let rows = foot_rows(words, box_width(app.size.0));
    // Words that were wrapped lose blanks: what is shown has to be what runs.
    rows.len() > FOOT || words.contains("  ") || words.contains('\t')
}

/// What Enter does, in full; its rows stand there at any time, so that the box keeps its size.
fn foot(app: &App, palette: &Palette, width: usize) -> Vec<Line<'static>> {
    let chosen = palette.chosen.and_then(|at| palette.fitting.get(at)).map(|at| &palette.entries[*at]);
    let (mut rows, style) = match chosen {
        Some(entry) if entry.acts() => (foot_rows(&entry.words, width), app.theme.wants()),
        Some(entry) => (foot_rows(&entry.words, width), app.theme.dim()),
        None if palette.fitting.is_empty() => (vec![], app.theme.dim()),
        None => {
            let words = "Nothing is selected: an arrow or a name selects what Enter does.";
            (wrap_words(words, width), app.theme.dim())
        }
    };
    rows.resize(FOOT, String::new());
    rows.into_iter().map(|row| Line::from(Span::styled(fit(&row, width), style))).collect()
}
