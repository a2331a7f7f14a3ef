//! What the operator is asked, in the document's words.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::state::Standing;
use crate::run::{Next, RunState};
use crate::tui::app::{App, starting};
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::text::wrap_words;

use crate::runbook::{Command, CommandId};
use crate::text::{self as words, Choice};

/// The title over it.
pub(super) fn title(app: &App, run: &RunState, shown: &CommandId) -> &'static str {
    if app.screens.steps.selected.is_some() {
        return if run.background().contains(shown) { "in the background" } else { "another command" };
    }
    match app.next() {
        Some(Next::Run(_)) if starting(app).is_some() => "not yet",
        Some(Next::Running(_)) => "running",
        Some(Next::Waiting(_)) => "waiting until it passes",
        Some(Next::Run(_)) => "next",
        Some(Next::Finish | Next::Over) => "done",
        _ if app.session.looks_on() => "to be decided",
        _ => "you decide",
    }
}

/// The question with its answers.
pub(super) fn lines<'a>(
    app: &App,
    run: &RunState,
    (shown, turn): (&CommandId, Option<&CommandId>),
    width: usize,
) -> Vec<Line<'a>> {
    let Some(command) = run.find(shown) else { return vec![] };
    let mut lines: Vec<Line<'a>> = Vec::new();
    if app.screens.steps.selected.is_some() {
        expectations(app, run, command, width, &mut lines);
        say(&mut lines, &words::state(run, command), width);
        let key = app.keys.shown(Screen::Steps, Action::Run);
        say(&mut lines, &format!("Enter returns to the next command; {key} runs this one."), width);
        return lines;
    }
    let (Some(next), Some(asked)) = (app.next(), app.asked()) else { return lines };
    if let (Some(why), Next::Run(_)) = (starting(app), next) {
        say(&mut lines, &format!("{why} Nothing runs before that."), width);
        return lines;
    }
    if turn == Some(shown) && run.standing(shown) == Standing::NotYet {
        let mark = app.theme.sign("◆", "#");
        let text = format!("{mark} Point of no return: after this, rolling back means restoring data.");
        let rows = wrap_words(&text, width).into_iter();
        lines.extend(rows.map(|row| Line::from(Span::styled(row, app.theme.wants()))));
    }
    if matches!(next, Next::Run(_) | Next::Running(_) | Next::Attest(..) | Next::Failed(_) | Next::Waiting(_))
    {
        expectations(app, run, command, width, &mut lines);
    }
    // What runs asks nobody; who has control stands in the frame.
    let asks = !matches!(next, Next::Running(_) | Next::Waiting(_) | Next::Over);
    if app.session.looks_on() && asks {
        let who = match &app.session.control.holder {
            Some(holder) => format!("{holder} decides; you only watch:"),
            None => "Nobody has control, so nobody decides:".to_owned(),
        };
        say(&mut lines, &who, width);
    }
    for text in &asked.sentences("Enter") {
        say(&mut lines, text, width);
    }
    if app.session.looks_on() {
        return lines;
    }
    lines.extend(answers(app, &asked.choices, width));
    lines
}

/// The answers side by side, none of them broken where a line is full.
fn answers<'a>(app: &App, choices: &[(Choice, &'static str)], width: usize) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::new();
    let mut open: Vec<Span<'a>> = Vec::new();
    let mut used = 0;
    for (choice, meaning) in choices {
        let key = app.keys.shown(Screen::Steps, Action::of(*choice));
        let entry = key.width() + 1 + meaning.width();
        if used > 0 && used + 3 + entry > width {
            lines.push(Line::from(std::mem::take(&mut open)));
            used = 0;
        }
        if used > 0 {
            open.push(Span::raw("   "));
            used += 3;
        }
        open.push(Span::styled(key, app.theme.strong()));
        open.push(Span::raw(format!(" {meaning}")));
        used += entry;
    }
    lines.extend((!open.is_empty()).then(|| Line::from(open)));
    lines
}

fn say(lines: &mut Vec<Line<'_>>, text: &str, width: usize) {
    lines.extend(wrap_words(text, width).into_iter().map(Line::from));
}

/// What is claimed of the result, and under it what was observed.
pub(super) fn expectations(
    app: &App,
    run: &RunState,
    command: &Command,
    width: usize,
    lines: &mut Vec<Line<'_>>,
) {
    for told in words::claims(run, command) {
        let (sign, style) = match told.sign {
            words::Sign::Met => (app.theme.sign("✓", "v"), app.theme.good()),
            words::Sign::NotMet => (app.theme.sign("✗", "X"), app.theme.bad()),
            words::Sign::Eyes => ("?", app.theme.wants()),
            words::Sign::Open => (app.theme.sign("·", "."), app.theme.dim()),
        };
        for (row, text) in wrap_words(&told.says, width.saturating_sub(2)).into_iter().take(4).enumerate() {
            lines.push(Line::from(vec![
                Span::styled(format!("{} ", if row == 0 { sign } else { " " }), style),
                Span::raw(text),
            ]));
        }
        let observed = told.observed.filter(|o| !o.is_empty());
        for text in observed.iter().flat_map(|o| wrap_words(o, width.saturating_sub(4))).take(3) {
            lines.push(Line::from(vec![Span::raw("    "), Span::styled(text, style)]));
        }
    }
    for trap in words::beware(run, command) {
        for text in wrap_words(&format!("beware: {trap}"), width.saturating_sub(2)).into_iter().take(2) {
            lines.push(Line::from(vec![Span::raw("  "), Span::styled(text, app.theme.dim())]));
        }
    }
}

/// What Enter can't do for the operator, as a sentence.
pub(in crate::tui) fn question(app: &App) -> String {
    let choices = app.asked().map_or(&[][..], |asked| &asked.choices);
    let answers: Vec<String> = choices
        .iter()
        .map(|(choice, meaning)| format!("{} {meaning}", app.keys.shown(Screen::Steps, Action::of(*choice))))
        .collect();
    format!("choose: {}", answers.join(", "))
}
