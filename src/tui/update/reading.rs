//! Reading output: what is asked of the runner, and what comes of its answers.

use crate::protocol::{From, OutputPage};
use crate::run::Attempt;
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::output::Reading;

/// Lines of the tail that Steps shows beside the commands.
const TAIL: u16 = 200;

/// The most that is put on the clipboard: beyond it terminals cut it off or ignore it.
const MOST_COPIED: usize = 64 * 1024;

/// Asks for the end of the output of the command looked at, where it has one that is not at hand.
pub(in crate::tui) fn show_tail(app: &mut App) -> Vec<Effect> {
    let Some(command) = app.output_command() else { return vec![] };
    if app.screens.steps.tail.command.as_ref() == Some(&command) {
        return vec![];
    }
    ask_tail(app, command)
}

fn ask_tail(app: &mut App, command: CommandId) -> Vec<Effect> {
    let Some(run) = &app.run else { return vec![] };
    if run.last_run(&command).is_none() {
        return vec![];
    }
    app.screens.steps.tail = Reading::of(command, None);
    let number = app.questions.number();
    app.screens.steps.tail.ask(number, TAIL).map(Effect::Send).into_iter().collect()
}

/// A command ended: what is shown of it is read again.
pub(in crate::tui) fn ended(app: &mut App, command: &CommandId) -> Vec<Effect> {
    let mut effects = vec![];
    if app.output_command().as_ref() == Some(command) {
        effects.extend(ask_tail(app, command.clone()));
    }
    if app.screen == Screen::Output && app.screens.output.command.as_ref() == Some(command) {
        effects.extend(ask(app));
    }
    effects
}

/// The end of a command that runs is followed.
pub(in crate::tui) fn refresh(app: &mut App) -> Vec<Effect> {
    let running = app
        .run
        .as_ref()
        .zip(app.screens.output.command.as_ref())
        .is_some_and(|(run, id)| run.running() == Some(id) || run.background().contains(id));
    if app.screen == Screen::Output
        && running
        && app.screens.output.asked.is_none()
        && app.screens.output.follows()
    {
        ask(app)
    } else {
        vec![]
    }
}

/// Opens the Output screen on a command's last attempt.
pub(in crate::tui) fn open(app: &mut App, command: CommandId) -> Vec<Effect> {
    let command = if app.run.as_ref().is_some_and(|r| r.last_run(&command).is_some()) {
        command
    } else {
        match app.output_command() {
            Some(other) => other,
            None => {
                app.say("no command has run yet");
                return vec![];
            }
        }
    };
    open_attempt(app, command, None)
}

/// Opens the Output screen.
pub(in crate::tui) fn open_attempt(
    app: &mut App,
    command: CommandId,
    attempt: Option<Attempt>,
) -> Vec<Effect> {
    let Reading { wrap, times, raw, .. } = app.screens.output;
    app.screens.output = Reading { wrap, times, raw, ..Reading::of(command, attempt) };
    app.visit(Screen::Output);
    ask(app)
}

/// Scrolling in the tail opens the whole.
pub(in crate::tui) fn open_tail(app: &mut App, action: Action) -> Vec<Effect> {
    let Some(command) = app.output_command() else { return vec![] };
    let mut effects = open(app, command);
    if action == Action::PageUp && app.screen == Screen::Output {
        let height = u64::from(rows(app));
        let total = app.screens.steps.tail.page.as_ref().map_or(0, |p| p.total);
        app.screens.output.from = From::Line(total.saturating_sub(height * 2));
        effects = ask(app);
    }
    effects
}

/// Rows that output is shown in.
pub(in crate::tui) fn rows(app: &App) -> u16 {
    app.size.1.saturating_sub(6).max(1)
}

/// Asks for what the Output screen is to show.
pub(in crate::tui) fn ask(app: &mut App) -> Vec<Effect> {
    if app.screen != Screen::Output {
        return vec![];
    }
    let (number, rows) = (app.questions.number(), rows(app));
    app.screens.output.ask(number, rows).map(Effect::Send).into_iter().collect()
}

/// An answer came.
pub(in crate::tui) fn answered(
    app: &mut App,
    number: u64,
    page: Result<Box<OutputPage>, String>,
) -> Vec<Effect> {
    if app.screens.output.copying == Some(number) {
        app.screens.output.copying = None;
        return page.map_or(vec![], |page| copy(app, &page));
    }
    if app.screens.steps.tail.asked == Some(number) {
        take(&mut app.screens.steps.tail, page);
    } else if app.screens.output.asked == Some(number) {
        take(&mut app.screens.output, page);
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
    let (From::Next(_) | From::Previous(_)) = app.screens.output.from else { return vec![] };
    let forward = matches!(app.screens.output.from, From::Next(_));
    let Some(page) = &app.screens.output.page else { return vec![] };
    let total = page.total;
    let begun = if forward { From::Next(0) } else { From::Previous(total) };
    let around = page.matches.unwrap_or(0) > 0 && page.found.is_none() && app.screens.output.from != begun;
    if let Some(line) = page.found {
        app.screens.output.match_at = page.found_at.map(|at| (at, line));
    } else if around {
        app.say(if forward {
            "no more below: continuing from the top"
        } else {
            "no more above: continuing from the bottom"
        });
        app.screens.output.from = begun;
        return ask(app);
    } else {
        app.say("nothing matches");
    }
    // From now on it stays where it is, also when more comes.
    app.screens.output.from = From::Line(app.screens.output.first());
    vec![]
}

/// To the next match, or the one before, of where the last one was found.
pub(in crate::tui) fn next_match(app: &mut App, forward: bool) -> Vec<Effect> {
    if app.screens.output.pattern.is_none() {
        app.say("search for something first");
        return vec![];
    }
    let (first, last) = (app.screens.output.first(), app.screens.output.last());
    let at = app.screens.output.match_at.map(|(_, line)| line).filter(|l| (first..=last).contains(l));
    app.screens.output.from = match (forward, at) {
        (true, Some(line)) => From::Next(line + 1),
        (true, None) => From::Next(first),
        (false, Some(line)) => From::Previous(line),
        (false, None) => From::Previous(last + 1),
    };
    app.screens.output.selection = None;
    ask(app)
}

pub(in crate::tui) fn copy(app: &mut App, page: &OutputPage) -> Vec<Effect> {
    let text: Vec<String> = page.lines.iter().map(|l| l.plain().trim_end().to_owned()).collect();
    let text = text.join("\n");
    if text.len() > MOST_COPIED {
        let key = app.keys.shown(Screen::Output, Action::Save);
        app.say(format!("too much for the terminal's clipboard: {key} writes it to a file"));
        return vec![];
    }
    let lines = page.lines.len();
    app.say(format!(
        "{} copied to the clipboard",
        if lines == 1 { "1 line".into() } else { format!("{lines} lines") }
    ));
    vec![Effect::Copy(text)]
}
