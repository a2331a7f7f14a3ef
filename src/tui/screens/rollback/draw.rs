//! Rollback: before it begins the document's triggers beside what is known, what stands in the way, what it costs and
//! undoes; after that what of it ran, and how the service is.
//!
//! ```text
//!  Quick Rollback, ~10 min, line 428                    nothing was stopped yet
//!  When to roll back
//! ▸(x) A smoke test fails                      5.2.3/1 failed
//!  In the way
//!   432 it stops everything, and …
//!      ( ) run instead: docker-compose stop api-server
//!  It costs
//!   what was written since 21:07 is lost: 43 min
//!  It undoes
//!   ✓ 3.1/2 git checkout v1.2.0                by rollback.quick/4
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::RunState;
use crate::run::rollback::Board;
use crate::text as words;
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::text::{called, clip, fit, put, scroll_to, time, wrap_words};

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let height = usize::from(area.height);
    let (lines, at) = rows(app, usize::from(area.width));
    let least = scroll_to(at, lines.len(), height);
    let most = lines.len().saturating_sub(height);
    let top = (least + app.screens.rollback.scrolled).min(most);
    let below = most - top;
    for (row, line) in lines.into_iter().skip(top).take(height).enumerate() {
        put(frame, area, row, line);
    }
    if below > 0 {
        let more = format!(" {} {} more rows: PgDn", app.theme.sign("↓", "v"), below + 1);
        let more = fit(&more, usize::from(area.width));
        put(frame, area, height - 1, Line::from(Span::styled(more, app.theme.wants())));
    }
}

/// How far it can be scrolled down from where the cursor is in view.
pub(crate) fn rest(app: &App) -> usize {
    let height = usize::from(app.size.1).saturating_sub(5);
    let (lines, at) = rows(app, usize::from(app.size.0));
    lines.len().saturating_sub(height + scroll_to(at, lines.len(), height))
}

/// All rows, and the one that the cursor is on.
fn rows(app: &App, width: usize) -> (Vec<Line<'static>>, usize) {
    let Some(run) = &app.run else { return (vec![], 0) };
    if app.book.runbook.rollback.steps.is_empty() {
        (nothing(app), 0)
    } else if app.going_back() {
        under_way(app, run, width)
    } else {
        ahead(app, run, width)
    }
}

fn nothing(app: &App) -> Vec<Line<'static>> {
    let (key, log) = (app.key(Action::AddCommand), app.key(Action::Screen(Screen::Commands)));
    vec![
        Line::from(" The document has no rollback section."),
        Line::default(),
        Line::from(format!(" {key} runs commands of your own in the run's shell; each is recorded.")),
        Line::from(format!(" The command log ({log}) shows what was run, and when.")),
    ]
}

fn head(app: &App, text: &str) -> Line<'static> {
    Line::from(Span::styled(format!(" {text}"), app.theme.strong()))
}

/// Before it begins.
fn ahead(app: &App, run: &RunState, width: usize) -> (Vec<Line<'static>>, usize) {
    let plan = app.plan();
    let left = format!(" {}", plan.head);
    let right = match run.running() {
        Some(id) => format!("{} is still running ", called(run, id)),
        None => format!("{} ", words::stopped_so_far(run)),
    };
    let room = width.saturating_sub(right.width());
    let mut lines = vec![Line::from(vec![
        Span::styled(fit(&left, room), app.theme.strong()),
        Span::styled(right, app.theme.wants()),
    ])];
    let Some(board) = &plan.board else {
        lines.push(Line::from(" Checking what the rollback needs …"));
        return (lines, 0);
    };
    let mut choices = Choices { app, next: 0, at: 0, width };
    if !board.triggers.is_empty() {
        lines.push(head(app, "When to roll back"));
        for trigger in &board.triggers {
            let on = app.screens.rollback.trigger == Some(trigger.line);
            let style = match trigger.holds {
                Some(true) => app.theme.bad(),
                Some(false) => app.theme.good(),
                None => app.theme.dim(),
            };
            let known = match trigger.holds {
                None if trigger.known.is_empty() => "your call".to_owned(),
                _ => trigger.known.clone(),
            };
            choices.line(&mut lines, (on, &trigger.text), Some((known, style)));
        }
    }
    if plan.procedures.len() > 1 {
        lines.push(head(app, "Which procedure"));
        for (_, title, chosen) in &plan.procedures {
            choices.line(&mut lines, (*chosen, title), None);
        }
    }
    in_the_way(app, board, &mut lines, &mut choices);
    costs(app, board, &mut lines, width);
    undoes(app, board, &mut lines, width);
    let key = app.keys.shown(app.screen, Action::RollBack);
    let typed = if run.production() { " and the environment's name" } else { "" };
    lines.push(Line::default());
    lines.push(Line::from(format!(" {key} asks for the reason{typed}, then rolls back step by step.")));
    (lines, choices.at)
}

/// Draws the rows that can be chosen, and knows which one the cursor is on.
struct Choices<'a> {
    app: &'a App,
    next: usize,
    at: usize,
    width: usize,
}

impl Choices<'_> {
    fn line(
        &mut self,
        lines: &mut Vec<Line<'static>>,
        (on, text): (bool, &str),
        right: Option<(String, ratatui::style::Style)>,
    ) {
        let theme = self.app.theme;
        let here = self.next == self.app.screens.rollback.row && self.next < self.app.plan().rows.len();
        if here {
            self.at = lines.len();
        }
        self.next += 1;
        let pointer = if here { theme.sign("▸", ">") } else { " " };
        let mark = if on { "(x) " } else { "( ) " };
        let room = self.width.saturating_sub(6);
        let half = if right.is_some() { room / 2 } else { room };
        let (right, style) = right.unwrap_or_default();
        let rows = wrap_words(text, half.max(20));
        for (row, part) in rows.into_iter().enumerate() {
            let first = row == 0;
            let (pointer, mark) = if first { (pointer, mark) } else { (" ", "    ") };
            let right = if first { clip(&right, room.saturating_sub(half)) } else { String::new() };
            lines.push(Line::from(vec![
                Span::styled(pointer, theme.wants()),
                Span::raw(mark),
                Span::raw(fit(&part, half)),
                Span::styled(format!(" {right}"), style),
            ]));
        }
    }
}

fn in_the_way(app: &App, board: &Board, lines: &mut Vec<Line<'static>>, choices: &mut Choices<'_>) {
    if board.obstacles.is_empty() {
        lines.push(Line::from(Span::styled(
            " Nothing blocks it, as far as gonogo can see.",
            app.theme.good(),
        )));
        return;
    }
    lines.push(head(app, "Blocked by, before anything is stopped"));
    for obstacle in &board.obstacles {
        let text = format!("{} (line {}): {}", obstacle.command, obstacle.line, obstacle.says);
        for row in wrap_words(&text, choices.width.saturating_sub(3)) {
            lines.push(Line::from(Span::styled(format!("  {row}"), app.theme.bad())));
        }
        if let Some(name) = &obstacle.wants {
            choices.line(lines, (false, &format!("give {name}")), None);
        }
        for way in &obstacle.ways {
            let on = app.screens.rollback.ways.get(&obstacle.command) == Some(way);
            choices.line(lines, (on, &way.says()), None);
        }
    }
}

fn costs(app: &App, board: &Board, lines: &mut Vec<Line<'static>>, width: usize) {
    if board.costs.is_empty() && board.loses.is_none() {
        return;
    }
    lines.push(head(app, "What it costs"));
    let loses = board.loses.iter().map(|words| (words.clone(), true));
    let costs = board.costs.iter().map(|c| (c.words.clone(), c.bad));
    for (words, bad) in loses.chain(costs) {
        let style = if bad { app.theme.bad() } else { ratatui::style::Style::new() };
        for row in wrap_words(&words, width.saturating_sub(3)) {
            lines.push(Line::from(Span::styled(format!("  {row}"), style)));
        }
    }
}

fn undoes(app: &App, board: &Board, lines: &mut Vec<Line<'static>>, width: usize) {
    if board.undone.is_empty() {
        lines.push(head(app, "Nothing was changed in this run yet"));
        return;
    }
    lines.push(head(app, "What was changed, and what undoes it"));
    for undone in &board.undone {
        let (right, style) = match &undone.by {
            Some(by) => (format!("by {by}"), app.theme.dim()),
            None => ("nothing undoes it".to_owned(), app.theme.bad()),
        };
        let room = width.saturating_sub(right.width() + 4);
        lines.push(Line::from(vec![
            Span::raw(fit(&format!("  {} {} {}", time(undone.at), undone.command, undone.text), room)),
            Span::styled(format!("  {right}"), style),
        ]));
    }
}

/// While it is gone back.
fn under_way(app: &App, run: &RunState, width: usize) -> (Vec<Line<'static>>, usize) {
    let Some(back) = run.going_back() else { return (vec![], 0) };
    let mut lines = vec![head(app, &format!("Rollback since {} by {}", time(back.at), back.by))];
    for row in wrap_words(&back.decided.reason, width.saturating_sub(3)) {
        lines.push(Line::from(format!("  {row}")));
    }
    for known in back.decided.known.iter().chain(&back.decided.loses) {
        for row in wrap_words(known, width.saturating_sub(3)) {
            lines.push(Line::from(Span::styled(format!("  {row}"), app.theme.wants())));
        }
    }
    lines.push(head(app, "What of it ran"));
    for ran in &app.plan().ran {
        let (sign, style) = app.theme.standing(ran.standing);
        let room = width.saturating_sub(ran.came.width() + 6);
        lines.push(Line::from(vec![
            Span::styled(format!("  {sign} "), style),
            Span::raw(fit(&ran.command, room)),
            Span::styled(format!(" {}", ran.came), app.theme.dim()),
        ]));
    }
    let mut choices = Choices { app, next: 0, at: 0, width };
    if !app.plan().offered.is_empty() {
        lines.push(head(app, "The document mentions these too; Enter repeats one"));
        for offered in &app.plan().offered {
            choices.line(&mut lines, (false, offered), None);
        }
    }
    if app.health.is_some() {
        lines.push(head(app, "The service now"));
        for row in app.health_rows().iter().filter(|row| !row.has_no_source()) {
            let Some(level) = row.level else { continue };
            let style =
                if level == crate::run::health::Level::Ok { app.theme.good() } else { app.theme.bad() };
            lines.push(Line::from(vec![
                Span::styled(format!("  {:<7}", level.word()), style),
                Span::raw(clip(&row.words(), width.saturating_sub(10))),
            ]));
        }
    }
    let contacts = words::contacts(run);
    if !contacts.is_empty() {
        lines.push(head(app, "Whom to call"));
        lines.extend(contacts.into_iter().map(|c| Line::from(format!("  {c}"))));
    }
    (lines, choices.at)
}
