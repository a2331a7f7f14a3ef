//! Reading output: what is asked of the runner, and the keys of the Output screen.

use super::super::app::{App, Field, Place, Purpose, Reading, Selection};
use super::super::keymap::Action;
use super::super::msg::Effect;
use super::super::views;
use super::{open_field, steps};
use crate::protocol::{From, OutputPage, ToRunner};
use crate::run::Attempt;
use crate::runbook::CommandId;

/// Lines of the tail that Steps shows beside the commands.
const TAIL: u16 = 200;

/// The most that is put on the clipboard: beyond it terminals cut it off or ignore it.
const MOST_COPIED: usize = 64 * 1024;

/// Lines that speak of an error.
const ERRORS: &str = r"(?i)\b(errors?|fatal|fail(ed|ure|s)?|exception|panic(ked)?|traceback|denied|refused|cannot|could not|not found|timed out|no such)\b";

/// Asks for the end of the output of the command looked at, where it has one that is not at hand.
pub(super) fn show_tail(app: &mut App) -> Vec<Effect> {
    let Some(command) = app.output_command() else { return vec![] };
    if app.tail.command.as_ref() == Some(&command) {
        return vec![];
    }
    ask_tail(app, command)
}

fn ask_tail(app: &mut App, command: CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if !run.ran().iter().any(|r| r.command == command) {
        return vec![];
    }
    app.tail = Reading::of(command, None);
    let number = app.number();
    app.tail.ask(number, TAIL).map(Effect::Send).into_iter().collect()
}

/// A command ended: what is shown of it is read again.
pub(super) fn ended(app: &mut App, command: &CommandId) -> Vec<Effect> {
    let mut effects = vec![];
    if app.output_command().as_ref() == Some(command) {
        effects.extend(ask_tail(app, command.clone()));
    }
    if app.place == Place::Output && app.reading.command.as_ref() == Some(command) {
        effects.extend(ask(app));
    }
    effects
}

/// The end of a command that runs is followed.
pub(super) fn refresh(app: &mut App) -> Vec<Effect> {
    let running = app
        .run
        .as_ref()
        .zip(app.reading.command.as_ref())
        .is_some_and(|(run, id)| run.running() == Some(id) || run.background().contains(id));
    if app.place == Place::Output && running && app.reading.asked.is_none() && app.reading.follows() {
        ask(app)
    } else {
        vec![]
    }
}

/// Opens the Output screen on a command's last attempt.
pub(super) fn open(app: &mut App, command: CommandId) -> Vec<Effect> {
    let command = if app.run.as_ref().is_some_and(|r| r.ran().iter().any(|x| x.command == command)) {
        command
    } else {
        match app.output_command() {
            Some(other) => other,
            None => {
                app.say("nothing was run yet");
                return vec![];
            }
        }
    };
    open_attempt(app, command, None)
}

/// Opens the Output screen.
pub(super) fn open_attempt(app: &mut App, command: CommandId, attempt: Option<Attempt>) -> Vec<Effect> {
    if app.place != Place::Output {
        app.came_from = app.place;
    }
    let Reading { wrap, times, raw, .. } = app.reading;
    app.reading = Reading { wrap, times, raw, ..Reading::of(command, attempt) };
    app.place = Place::Output;
    ask(app)
}

/// Scrolling in the tail opens the whole.
pub(super) fn open_tail(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(command) = app.output_command() else { return vec![] };
    let mut effects = open(app, command);
    if action == Action::PageUp && app.place == Place::Output {
        let height = u64::from(rows(app));
        let total = app.tail.page.as_ref().map_or(0, |p| p.total);
        app.reading.from = From::Line(total.saturating_sub(height * 2));
        effects = ask(app);
    }
    effects
}

/// Rows that output is shown in.
fn rows(app: &App) -> u16 {
    app.size.1.saturating_sub(6).max(1)
}

/// Asks for what the Output screen is to show.
pub(super) fn ask(app: &mut App) -> Vec<Effect> {
    if app.place != Place::Output {
        return vec![];
    }
    let (number, rows) = (app.number(), rows(app));
    app.reading.ask(number, rows).map(Effect::Send).into_iter().collect()
}

/// An answer came.
pub(super) fn answered(app: &mut App, number: u64, page: Result<Box<OutputPage>, String>) -> Vec<Effect> {
    if app.reading.copying == Some(number) {
        app.reading.copying = None;
        return page.map_or(vec![], |page| copy(app, &page));
    }
    if app.tail.asked == Some(number) {
        take(&mut app.tail, page);
    } else if app.reading.asked == Some(number) {
        take(&mut app.reading, page);
        return found(app);
    }
    vec![]
}

fn take(reading: &mut Reading, page: Result<Box<OutputPage>, String>) {
    reading.asked = None;
    match page {
        Ok(page) => {
            reading.trouble = None;
            reading.page = Some(*page);
        }
        Err(error) => reading.trouble = Some(error),
    }
}

/// A search led somewhere, or nowhere: then it goes on from the other end, once.
fn found(app: &mut App) -> Vec<Effect> {
    let (From::Next(_) | From::Previous(_)) = app.reading.from else { return vec![] };
    let forward = matches!(app.reading.from, From::Next(_));
    let Some(page) = &app.reading.page else { return vec![] };
    let total = page.total;
    let begun = if forward { From::Next(0) } else { From::Previous(total) };
    let around = page.matches.unwrap_or(0) > 0 && page.found.is_none() && app.reading.from != begun;
    if let Some(line) = page.found {
        app.reading.match_at = page.found_at.map(|at| (at, line));
    } else if around {
        app.say(if forward { "no more below: on from the top" } else { "no more above: on from the bottom" });
        app.reading.from = begun;
        return ask(app);
    } else {
        app.say("nothing matches");
    }
    // From now on it stays where it is, also when more comes.
    app.reading.from = From::Line(app.reading.first());
    vec![]
}

pub(super) fn act(app: &mut App, action: Action) -> Vec<Effect> {
    match action {
        Action::Up | Action::Down | Action::PageUp | Action::PageDown | Action::First | Action::Last => {
            return scroll(app, action);
        }
        Action::Left => app.reading.left = app.reading.left.saturating_sub(20),
        Action::Right if !app.reading.wrap => app.reading.left += 20,
        Action::Search => {
            let known = app.reading.pattern.clone().filter(|p| p != ERRORS).unwrap_or_default();
            open_field(app, Field::new("Search the output", Purpose::Search).with(&known));
        }
        Action::Following => return next_match(app, true),
        Action::Previous => return next_match(app, false),
        Action::NextError | Action::PreviousError => {
            if app.reading.pattern.as_deref() != Some(ERRORS) {
                app.reading.pattern = Some(ERRORS.to_owned());
                app.reading.match_at = None;
            }
            return next_match(app, action == Action::NextError);
        }
        Action::Filter => {
            if app.reading.pattern.is_none() {
                app.say("search for something first");
                return vec![];
            }
            app.reading.filter = !app.reading.filter;
            app.reading.skipped = 0;
            // What was in view stays the end of what is shown.
            if app.reading.filter {
                app.reading.from = From::Before(app.reading.last() + 1);
            }
            return ask(app);
        }
        Action::Wrap => {
            app.reading.wrap = !app.reading.wrap;
            (app.reading.left, app.reading.skipped) = (0, 0);
        }
        Action::Times => app.reading.times = !app.reading.times,
        Action::Raw => {
            app.reading.raw = !app.reading.raw;
            return ask(app);
        }
        Action::Select => {
            let last = app.reading.last();
            app.reading.selection = match app.reading.selection {
                Some(_) => None,
                None => Some(Selection { anchor: last, cursor: last }),
            };
        }
        Action::Copy => return ask_to_copy(app),
        Action::Save => {
            let name = app.reading.command.as_ref().map_or(String::new(), CommandId::file_name);
            let what = match app.reading.selection {
                Some(s) => format!("{} selected lines", s.range().1 - s.range().0),
                None => format!("all {} lines", app.reading.total()),
            };
            let field =
                Field::new(format!("Write {what} to"), Purpose::SavePath).with(&format!("{name}.txt"));
            open_field(app, field);
        }
        Action::Back if app.reading.selection.take().is_none() => {
            app.place = app.came_from;
            return if app.place == Place::Steps { show_tail(app) } else { vec![] };
        }
        Action::Keyboard | Action::Background | Action::NextLive | Action::Stop => {
            return steps::live(app, action);
        }
        _ => {}
    }
    vec![]
}

fn scroll(app: &mut App, action: Action) -> Vec<Effect> {
    if let Some(selection) = app.reading.selection {
        return select(app, selection, action);
    }
    let first = app.reading.first();
    let rows = u64::from(rows(app));
    // A long line that is wrapped is scrolled through before the next one comes.
    let hidden = first_rows(app).saturating_sub(1);
    let from = match action {
        Action::Down if app.reading.skipped < hidden && !at_end(app) => {
            app.reading.skipped += 1;
            return vec![];
        }
        Action::Up if app.reading.skipped > 0 => {
            app.reading.skipped = app.reading.skipped.min(hidden) - 1;
            return vec![];
        }
        Action::First => From::Line(0),
        Action::Last => From::End,
        // In a filter the lines before are found by going back.
        Action::Up if app.reading.filter => From::Before(app.reading.last()),
        Action::PageUp if app.reading.filter => From::Before(first),
        Action::Up => From::Line(first.saturating_sub(1)),
        Action::PageUp => From::Line(first.saturating_sub(rows)),
        Action::Down => From::Line(second(app).unwrap_or(first)),
        _ => match last_visible(app) {
            Some(line) if line > first => From::Line(line),
            _ => {
                app.reading.skipped = (app.reading.skipped + usize::from(rows as u16)).min(hidden);
                return vec![];
            }
        },
    };
    app.reading.skipped = 0;
    app.reading.from = from;
    if at_end(app) && matches!(action, Action::Down | Action::PageDown) {
        app.reading.from = From::End;
    }
    ask(app)
}

/// Whether the last line is in view.
fn at_end(app: &App) -> bool {
    app.reading.page.as_ref().is_none_or(|p| last_visible(app).is_none_or(|line| line + 1 >= p.total))
}

/// Rows that the first line takes.
fn first_rows(app: &App) -> usize {
    let first = app.reading.page.as_ref().and_then(|p| p.lines.first());
    first.map_or(1, |line| views::output::rows_of(app, line))
}

/// The last line that is in view whole, or the only one.
fn last_visible(app: &App) -> Option<u64> {
    let page = app.reading.page.as_ref()?;
    if matches!(app.reading.from, From::End | From::Before(_)) {
        return page.lines.last().map(|l| l.number);
    }
    let mut room = views::output::height(app) + app.reading.skipped;
    let whole = page.lines.iter().take_while(|line| {
        let rows = views::output::rows_of(app, line);
        let fits = rows <= room;
        room = room.saturating_sub(rows);
        fits
    });
    whole.last().or(page.lines.first()).map(|l| l.number)
}

/// The number of the second line shown.
fn second(app: &App) -> Option<u64> {
    app.reading.page.as_ref().and_then(|p| p.lines.get(1)).map(|l| l.number)
}

fn select(app: &mut App, selection: Selection, action: Action) -> Vec<Effect> {
    let rows = u64::from(rows(app));
    let last = app.reading.total().saturating_sub(1);
    let cursor = match action {
        Action::Up => selection.cursor.saturating_sub(1),
        Action::Down => selection.cursor + 1,
        Action::PageUp => selection.cursor.saturating_sub(rows),
        Action::PageDown => selection.cursor + rows,
        Action::First => 0,
        _ => last,
    }
    .min(last);
    app.reading.selection = Some(Selection { cursor, ..selection });
    if cursor < app.reading.first() {
        app.reading.from = From::Line(cursor);
    } else if cursor > app.reading.last() {
        app.reading.from = From::Line((cursor + 1).saturating_sub(rows));
    } else {
        return vec![];
    }
    ask(app)
}

/// To the next match, or the one before, of where the last one was found.
pub(super) fn next_match(app: &mut App, forward: bool) -> Vec<Effect> {
    if app.reading.pattern.is_none() {
        app.say("search for something first");
        return vec![];
    }
    let (first, last) = (app.reading.first(), app.reading.last());
    let at = app.reading.match_at.map(|(_, line)| line).filter(|l| (first..=last).contains(l));
    app.reading.from = match (forward, at) {
        (true, Some(line)) => From::Next(line + 1),
        (true, None) => From::Next(first),
        (false, Some(line)) => From::Previous(line),
        (false, None) => From::Previous(last + 1),
    };
    app.reading.selection = None;
    ask(app)
}

fn ask_to_copy(app: &mut App) -> Vec<Effect> {
    let Some(selection) = app.reading.selection.take() else {
        let page = app.reading.page.clone().unwrap_or_default();
        return copy(app, &page);
    };
    let (from, to) = selection.range();
    let number = app.number();
    let rows = u16::try_from(to - from).unwrap_or(u16::MAX);
    let Some(mut query) = app.reading.query(rows) else { return vec![] };
    query.from = From::Line(from);
    app.reading.copying = Some(number);
    vec![Effect::Send(ToRunner::Read { number, query: Box::new(query) })]
}

fn copy(app: &mut App, page: &OutputPage) -> Vec<Effect> {
    let text: Vec<String> = page.lines.iter().map(|l| l.plain().trim_end().to_owned()).collect();
    let text = text.join("\n");
    if text.len() > MOST_COPIED {
        app.say("too much for the clipboard of a terminal: s writes it to a file");
        return vec![];
    }
    let lines = page.lines.len();
    app.say(format!(
        "{} copied to the clipboard",
        if lines == 1 { "1 line".into() } else { format!("{lines} lines") }
    ));
    vec![Effect::Copy(text)]
}
