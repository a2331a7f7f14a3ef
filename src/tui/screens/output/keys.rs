//! Reading output: what is asked of the runner, and the keys of the Output screen.

use crate::protocol::{From, ToRunner};
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Purpose};
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::output::Selection;
use crate::tui::screens::output::draw;
use crate::tui::update::common::open_field;
use crate::tui::update::live::live;
use crate::tui::update::reading::{ask, copy, next_match, rows, show_tail};

/// Lines that speak of an error.
const ERRORS: &str = r"(?i)\b(errors?|fatal|fail(ed|ure|s)?|exception|panic(ked)?|traceback|denied|refused|cannot|could not|not found|timed out|no such)\b";

pub(in crate::tui) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            return scroll(app, action);
        }
        Action::Left => app.screens.output.left = app.screens.output.left.saturating_sub(20),
        Action::Right if !app.screens.output.wrap => app.screens.output.left += 20,
        Action::Search => {
            let known = app.screens.output.pattern.clone().filter(|p| p != ERRORS).unwrap_or_default();
            open_field(app, Field::new("Search the output", Purpose::Search).with(&known));
        }
        Action::Following => return next_match(app, true),
        Action::Previous => return next_match(app, false),
        Action::NextError | Action::PreviousError => {
            if app.screens.output.pattern.as_deref() != Some(ERRORS) {
                app.screens.output.pattern = Some(ERRORS.to_owned());
                app.screens.output.match_at = None;
            }
            return next_match(app, action == Action::NextError);
        }
        Action::Filter => {
            if app.screens.output.pattern.is_none() {
                app.say("search for something first");
                return vec![];
            }
            app.screens.output.filter = !app.screens.output.filter;
            app.screens.output.skipped = 0;
            // What was in view stays the end of what is shown.
            if app.screens.output.filter {
                app.screens.output.from = From::Before(app.screens.output.last() + 1);
            }
            return ask(app);
        }
        Action::Wrap => {
            app.screens.output.wrap = !app.screens.output.wrap;
            (app.screens.output.left, app.screens.output.skipped) = (0, 0);
        }
        Action::Times => app.screens.output.times = !app.screens.output.times,
        Action::Raw => {
            app.screens.output.raw = !app.screens.output.raw;
            return ask(app);
        }
        Action::Select => {
            let last = app.screens.output.last();
            app.screens.output.selection = match app.screens.output.selection {
                Some(_) => None,
                None => Some(Selection { anchor: last, cursor: last }),
            };
        }
        Action::Copy => return ask_to_copy(app),
        Action::Save => {
            let name = app.screens.output.command.as_ref().map_or(String::new(), CommandId::file_name);
            let what = match app.screens.output.selection {
                Some(s) => format!("{} selected lines", s.range().1 - s.range().0),
                None => format!("all {} lines", app.screens.output.total()),
            };
            let field =
                Field::new(format!("Write {what} to"), Purpose::SavePath).with(&format!("{name}.txt"));
            open_field(app, field);
        }
        Action::Back if app.screens.output.selection.take().is_none() => {
            app.screen = app.came_from;
            return if app.screen == Screen::Steps { show_tail(app) } else { vec![] };
        }
        Action::Keyboard | Action::Background | Action::NextLive | Action::Stop => {
            return live(app, action);
        }
        _ => {}
    }
    vec![]
}

fn scroll(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(selection) = app.screens.output.selection {
        return select(app, selection, action);
    }
    let first = app.screens.output.first();
    let rows = u64::from(rows(app));
    // A long line that is wrapped is scrolled through before the next one comes.
    let hidden = first_rows(app).saturating_sub(1);
    let from = match action {
        Action::Down if app.screens.output.skipped < hidden && !at_end(app) => {
            app.screens.output.skipped += 1;
            return vec![];
        }
        Action::Up if app.screens.output.skipped > 0 => {
            app.screens.output.skipped = app.screens.output.skipped.min(hidden) - 1;
            return vec![];
        }
        Action::First => From::Line(0),
        Action::Last => From::End,
        // In a filter the lines before are found by going back.
        Action::Up if app.screens.output.filter => From::Before(app.screens.output.last()),
        Action::PageUp if app.screens.output.filter => From::Before(first),
        Action::Up => From::Line(first.saturating_sub(1)),
        Action::PageUp => From::Line(first.saturating_sub(rows)),
        Action::Down => From::Line(second(app).unwrap_or(first)),
        _ => match last_visible(app) {
            Some(line) if line > first => From::Line(line),
            _ => {
                app.screens.output.skipped =
                    (app.screens.output.skipped + usize::from(rows as u16)).min(hidden);
                return vec![];
            }
        },
    };
    app.screens.output.skipped = 0;
    app.screens.output.from = from;
    if at_end(app) && matches!(action, Action::Down | Action::PageDown) {
        app.screens.output.from = From::End;
    }
    ask(app)
}

/// Whether the last line is in view.
fn at_end(app: &App) -> bool {
    app.screens.output.page.as_ref().is_none_or(|p| last_visible(app).is_none_or(|line| line + 1 >= p.total))
}

/// Rows that the first line takes.
fn first_rows(app: &App) -> usize {
    let first = app.screens.output.page.as_ref().and_then(|p| p.lines.first());
    first.map_or(1, |line| draw::rows_of(app, line))
}

/// The last line that is in view whole, or the only one.
fn last_visible(app: &App) -> Option<u64> {
    let page = app.screens.output.page.as_ref()?;
    if matches!(app.screens.output.from, From::End | From::Before(_)) {
        return page.lines.last().map(|l| l.number);
    }
    let mut room = draw::height(app) + app.screens.output.skipped;
    let whole = page.lines.iter().take_while(|line| {
        let rows = draw::rows_of(app, line);
        let fits = rows <= room;
        room = room.saturating_sub(rows);
        fits
    });
    whole.last().or(page.lines.first()).map(|l| l.number)
}

/// The number of the second line shown.
fn second(app: &App) -> Option<u64> {
    app.screens.output.page.as_ref().and_then(|p| p.lines.get(1)).map(|l| l.number)
}

fn select(app: &mut App, selection: Selection, action: Action) -> Vec<Effect> {
    let rows = u64::from(rows(app));
    let last = app.screens.output.total().saturating_sub(1);
    let cursor = match action {
        Action::Up => selection.cursor.saturating_sub(1),
        Action::Down => selection.cursor + 1,
        Action::PageUp => selection.cursor.saturating_sub(rows),
        Action::PageDown => selection.cursor + rows,
        Action::First => 0,
        _ => last,
    }
    .min(last);
    app.screens.output.selection = Some(Selection { cursor, ..selection });
    if cursor < app.screens.output.first() {
        app.screens.output.from = From::Line(cursor);
    } else if cursor > app.screens.output.last() {
        app.screens.output.from = From::Line((cursor + 1).saturating_sub(rows));
    } else {
        return vec![];
    }
    ask(app)
}

fn ask_to_copy(app: &mut App) -> Vec<Effect> {
    let Some(selection) = app.screens.output.selection.take() else {
        let page = app.screens.output.page.clone().unwrap_or_default();
        return copy(app, &page);
    };
    let (from, to) = selection.range();
    let number = app.questions.number();
    let rows = u16::try_from(to - from).unwrap_or(u16::MAX);
    let Some(mut query) = app.screens.output.query(rows) else { return vec![] };
    query.from = From::Line(from);
    app.screens.output.copying = Some(number);
    vec![Effect::Send(ToRunner::Read { number, query: Box::new(query) })]
}
