//! "Why": what was derived about the thing looked at, and from which lines of the document.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::run::board::{Row, Which};
use crate::run::environment::is_production;
use crate::text::{self as words, Reason};
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Overlay, Why};
use crate::tui::msg::Effect;
use crate::tui::screen::Screen;
use crate::tui::screens::start::StartRow;
use crate::tui::update::navigation;
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{clip, scroll_to, wrap_words};

/// Opens it for what is looked at.
pub(in crate::tui) fn open(app: &mut App) {
    let why = match app.screen {
        Screen::Start => start(app),
        Screen::Checklist => app.book.items().get(app.screens.checklist.item).map(|item| {
            let mut reasons = vec![reason("a check item", item.line)];
            if let (Some(command), Some(run)) = (&item.runs, &app.run) {
                reasons.extend(words::reasons(run, command));
            }
            (item.id.0.clone(), reasons)
        }),
        Screen::Log => log(app),
        Screen::Health => app.watched_row().map(|row| (row.title.clone(), of_row(row))),
        _ => {
            let id = match app.screen {
                Screen::Commands => app
                    .run
                    .as_ref()
                    .and_then(|r| r.ran().get(app.screens.commands.row))
                    .map(|r| r.command.clone()),
                _ => app.shown_command(),
            };
            id.and_then(|id| {
                let run = app.run.as_ref()?;
                Some((id.0.clone(), words::reasons(run, run.find(&id)?)))
            })
        }
    };
    match why.filter(|(_, reasons)| !reasons.is_empty()) {
        Some((title, reasons)) => app.overlays.push(Overlay::Why(Why { title, reasons, chosen: 0 })),
        None => app.say("nothing here comes from the document"),
    }
}

fn reason(says: impl Into<String>, line: usize) -> Reason {
    Reason::new(says, line)
}

fn start(app: &App) -> Option<(String, Vec<Reason>)> {
    let row = app.start_rows().get(app.screens.start.row).copied()?;
    Some(match row {
        StartRow::Environment(at) => {
            let environment = app.book.runbook.environments.get(at)?;
            let production = is_production(environment, app.settings.production(&environment.name));
            let said = app.settings.production(&environment.name).is_some();
            let words = match (production, said) {
                (true, true) => "production: the settings say so",
                (true, false) => "production: a word of its name or address begins with \"prod\"",
                (false, true) => "not production: the settings say so",
                (false, false) => "not production: no word of its name or address begins with \"prod\"",
            };
            (
                environment.name.clone(),
                vec![
                    reason("an environment: a row of the table", environment.line),
                    reason(words, environment.line),
                ],
            )
        }
        StartRow::Value(at) => {
            let name = &app.screens.start.values.get(at)?.name;
            let parameter = app.book.runbook.parameters.iter().find(|p| &p.name == name)?;
            let uses = parameter.uses.iter().map(|u| {
                let place = u.command.as_ref().map_or("outside commands".to_owned(), |c| format!("in {c}"));
                reason(format!("used {place}"), u.line)
            });
            (name.clone(), uses.collect())
        }
        _ => {
            let findings = app
                .book
                .runbook
                .findings
                .iter()
                .map(|f| reason(format!("{}: {}", f.code, f.message), f.line));
            ("What to know before starting".into(), findings.collect())
        }
    })
}

/// What a level rests on: what was asked, what came, against what, and how long it counts.
fn of_row(row: &Row) -> Vec<Reason> {
    let said = |says: String| Reason { says, line: None };
    let mut reasons = vec![];
    if let Some(probe) = &row.probe {
        let cost = probe.cost.as_ref().map_or(String::new(), |cost| format!("; it costs {cost}"));
        let age = probe.age_s.map_or("not asked yet".into(), |age| format!("asked {age} s ago"));
        let says = format!("{} asks {} every {} s, {age}{cost}", probe.id, probe.title, probe.every_s);
        reasons.push(said(says));
    }
    let of = match (row.now.n, row.now.window_s) {
        (Some(n), Some(window)) => format!(", of {n} answers of the last {window} s"),
        (Some(n), None) => format!(", of {n} answers"),
        _ => String::new(),
    };
    reasons.push(said(format!("seen last: {}{of}", row.now.words)));
    if !row.about.is_empty() {
        reasons.push(said(row.about.clone()));
    }
    let all = [Which::Target, Which::Acceptable, Which::Alert].into_iter().zip(&row.written);
    let bounds: Vec<String> =
        all.filter(|(_, w)| !w.is_empty()).map(|(which, w)| format!("{} {w}", which.word())).collect();
    let expected = row.expected.map(|expected| format!("expected: {}", expected.word()));
    let against = if bounds.is_empty() { expected } else { Some(bounds.join(", ")) };
    if let Some(against) = against {
        reasons.push(Reason { says: against, line: (row.line > 0).then_some(row.line) });
    } else if row.line > 0 {
        reasons.push(reason("it comes from this line", row.line));
    }
    let counts = "worse counts when it was seen twice in a row, better when three times";
    reasons.push(said(format!("{}: {counts}", row.level.word())));
    reasons
}

fn log(app: &App) -> Option<(String, Vec<Reason>)> {
    app.run.as_ref()?;
    let filled = &app.log().filled;
    let line =
        filled.from.get(app.screens.log.row).copied().filter(|_| app.book.runbook.log_template.is_some());
    let sources = filled.filled.iter().filter(|f| f.at == app.screens.log.row).flat_map(|f| &f.sources);
    let mut reasons: Vec<Reason> = sources
        .map(|s| {
            let event = s.event.map_or(String::new(), |e| format!(" (event {})", e.0));
            Reason { says: format!("{}{event}", s.words), line: None }
        })
        .collect();
    let left = filled.left.iter().filter(|l| Some(l.line) == line);
    reasons.extend(left.map(|l| Reason { says: format!("as it was: {}", l.why), line: None }));
    reasons.extend(line.map(|line| reason("a line of the document's own template", line)));
    Some(("a line of the log".into(), reasons))
}

pub(in crate::tui) fn pressed(app: &mut App, mut why: Why, key: KeyEvent) -> Vec<Effect> {
    let last = why.reasons.len().saturating_sub(1);
    match key.code {
        KeyCode::Down | KeyCode::Char('j') => why.chosen = (why.chosen + 1).min(last),
        KeyCode::Up | KeyCode::Char('k') => why.chosen = why.chosen.saturating_sub(1),
        KeyCode::Enter => {
            if let Some(line) = why.reasons.get(why.chosen).and_then(|r| r.line) {
                app.visit(Screen::Document);
                navigation::open_document_at(app, line);
                return vec![];
            }
        }
        _ => {}
    }
    app.overlays.push(Overlay::Why(why));
    vec![]
}

/// Where something comes from, each with its line of the document.
pub(in crate::tui) fn draw(app: &App, why: &Why, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(100);
    let document: Vec<&str> = app.book.text.lines().collect();
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut chosen_at = 0;
    for (at, reason) in why.reasons.iter().enumerate() {
        let chosen = at == why.chosen;
        if chosen {
            chosen_at = lines.len();
        }
        let pointer = if chosen { app.theme.sign("▸ ", "> ") } else { "  " };
        let rows = wrap_words(&reason.says, width.saturating_sub(2));
        for (row, text) in rows.into_iter().enumerate() {
            let style = if chosen { app.theme.strong() } else { Style::new() };
            let pointer = if row == 0 { pointer } else { "  " };
            lines.push(Line::from(vec![Span::styled(pointer, app.theme.wants()), Span::styled(text, style)]));
        }
        if let Some(line) = reason.line {
            let source = document.get(line - 1).map_or("", |l| l.trim());
            let text = clip(&format!("    line {line}: {source}"), width);
            lines.push(Line::from(Span::styled(text, app.theme.dim())));
        }
    }
    let height = usize::from(area.height).saturating_sub(6);
    let top = scroll_to(chosen_at + 1, lines.len(), height);
    let mut shown: Vec<Line<'_>> = lines.into_iter().skip(top).take(height).collect();
    shown.push(Line::from(""));
    shown
        .push(Line::from(Span::styled("Enter shows the line in the document   Esc closes", app.theme.dim())));
    boxed(app.theme, &format!("Why: {}", why.title), shown, frame, area);
}
