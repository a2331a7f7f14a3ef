//! The palette: everything the keys do, and every command of the steps, found by a few letters.

use frizbee::{Config, Matcher};

use super::super::app::{App, Entry, Leads, Overlay, Palette, Place};
use super::super::keymap::{Action, shown};
use super::super::widgets::editor::Editor;
use crate::config::ThemeName;

/// All that can be done here.
pub(super) fn open(app: &App) -> Palette {
    let mut entries = Vec::new();
    let mut known: Vec<Action> = vec![Action::Palette, Action::Up, Action::Down];
    for binding in app.keys.of(app.place) {
        let hidden = app.session.looks_on() && !binding.action.only_looks();
        let early = app.run.is_none() && matches!(binding.action, Action::Screen(p) if p != Place::Document);
        if known.contains(&binding.action) || hidden || early {
            continue;
        }
        known.push(binding.action);
        let words = match (binding.action, app.place, app.shown_command()) {
            // What would run is named, so that it was seen.
            (Action::Next | Action::Run, Place::Steps, Some(id)) => {
                let run = app.run.as_ref();
                let text = run.and_then(|r| r.find(&id).map(|c| r.text_of(c))).unwrap_or_default();
                format!("{}: {id} {}", binding.long, text.lines().next().unwrap_or_default())
            }
            _ => binding.long.to_owned(),
        };
        entries.push(Entry { words, key: shown(binding.key), leads: Leads::Act(binding.action) });
    }
    for name in ThemeName::ALL {
        let words = format!("Colours: {}", name.name());
        entries.push(Entry { words, key: String::new(), leads: Leads::Theme(name) });
    }
    for command in app.run.iter().flat_map(|r| r.path()) {
        let words = format!("Go to {} {}", command.id, command.text.lines().next().unwrap_or_default());
        entries.push(Entry { words, key: String::new(), leads: Leads::To(command.id.clone()) });
    }
    let mut palette = Palette { editor: Editor::line("", false), entries, fitting: vec![], chosen: 0 };
    fit(&mut palette);
    palette
}

/// Something happened in the run: the palette says what its entries would do now.
pub(super) fn renew(app: &mut App) {
    let Some(Overlay::Palette(old)) = app.overlays.last() else { return };
    let editor = old.editor.clone();
    let mut palette = open(app);
    palette.editor = editor;
    fit(&mut palette);
    app.overlays.pop();
    app.overlays.push(Overlay::Palette(palette));
}

/// Chooses what fits the letters typed, the best first.
pub(super) fn fit(palette: &mut Palette) {
    let typed = palette.editor.text();
    palette.chosen = 0;
    palette.fitting = if typed.starts_with('!') {
        vec![]
    } else if typed.trim().is_empty() {
        (0..palette.entries.len()).collect()
    } else {
        let words: Vec<&str> = palette.entries.iter().map(|e| e.words.as_str()).collect();
        let mut matcher = Matcher::new(typed.trim(), &Config::default());
        matcher.match_list(&words).into_iter().map(|m| m.index as usize).collect()
    };
}
