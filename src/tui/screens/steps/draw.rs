//! Steps: the tree, the commands of the step looked at, its output, and what is to be decided.
//!
//! ```text
//! ┌ steps ───────────┬ 3.3 Run Database Migrations ───── line 152 ┐
//! │✓ 1 Verification  │○ 1 psql … -c "\dt …"             0.2 s  0   │
//! │▶ 3 Deploy code   │? 2 psql … -f 002-…              ◆ changes   │
//! │  ▶ 3.3 Migrations├ output of 1 ──────────────────────────────┤
//! │· 4 Build    ~15m │Did not find any relation …                 │
//! │                  ├ you decide ───────────────────────────────┤
//! │                  │ The document runs this "if …".             │
//! └──────────────────┴────────────────────────────────────────────┘
//! ```

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::size;
use crate::protocol::{OutputLine, Screen as TerminalFrame};
use crate::run::RunState;
use crate::run::gates::GateId;
use crate::run::state::{CommandState, Standing};
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::screen::Screen;
use crate::tui::screens::steps::{Branch, List};
use crate::tui::widgets::pane;
use crate::tui::widgets::text::{called, clip, clock, fit, part_of, put, scroll_to};

mod decision;
mod list;

pub(in crate::tui) use decision::question;

/// The size of the pane that output is drawn in: what interactive programs get.
pub(crate) fn pane_size(app: &App) -> (u16, u16) {
    let (columns, rows) = app.size;
    let tree =
        if app.keyboard.is_some() || app.screen == Screen::Output { 0 } else { tree_width(columns) + 1 };
    // Frame and last lines take five rows, the title of the pane one; with the keyboard it gets the rest.
    let rows = if app.keyboard.is_some() { rows.saturating_sub(6) } else { rows.saturating_sub(14) };
    (columns.saturating_sub(tree), rows.max(3))
}

fn tree_width(columns: u16) -> u16 {
    if columns >= 120 {
        (columns / 4).clamp(38, 56)
    } else if columns >= 80 {
        25
    } else {
        0
    }
}

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let Some(shown) = app.shown_command() else {
        put(frame, area, 0, Line::from(" The document has no commands."));
        return;
    };
    if let Some(command) = &app.keyboard {
        title(app, frame, area, &format!("{} has the keyboard", called(run, command)));
        live(app, command, frame, Rect { y: area.y + 1, height: area.height - 1, ..area });
        return;
    }
    let left = tree_width(area.width);
    let turn = app.tree().turn.as_ref();
    if left > 0 {
        tree(app, run, (&shown, turn), frame, Rect { width: left, ..area });
        for row in 0..area.height {
            let bar = Span::styled(app.theme.sign("│", "|"), app.theme.dim());
            put(frame, Rect { x: area.x + left, width: 1, ..area }, usize::from(row), Line::from(bar));
        }
    }
    let right = right_of(area, left);
    detail(app, run, (&shown, turn), frame, right);
}

fn right_of(area: Rect, left: u16) -> Rect {
    let bar = u16::from(left > 0);
    Rect { x: area.x + left + bar, width: area.width - left - bar, ..area }
}

/// Whether the whole text of a command is in view when it is the one looked at: only then one key runs it.
pub(crate) fn fits(app: &App, id: &CommandId) -> bool {
    let Some(run) = &app.run else { return false };
    let (columns, rows) = app.size;
    let body = Rect { x: 0, y: 0, width: columns, height: rows.saturating_sub(5) };
    let right = right_of(body, tree_width(columns));
    let turn = app.tree().turn.as_ref();
    let parts = Layout::new(app, run, (id, turn), right);
    parts.shown_rows <= usize::from(parts.list)
}

pub(in crate::tui) fn title(app: &App, frame: &mut Frame<'_>, area: Rect, text: &str) {
    let dash = app.theme.sign("─", "-");
    let text = clip(text, usize::from(area.width).saturating_sub(4));
    let rest = usize::from(area.width).saturating_sub(text.width() + 3);
    let spans = vec![
        Span::styled(format!("{dash} "), app.theme.dim()),
        Span::styled(text, app.theme.strong()),
        Span::styled(format!(" {}", dash.repeat(rest)), app.theme.dim()),
    ];
    put(frame, area, 0, Line::from(spans));
}

/// A command looked at, with the point of no return.
type At<'r> = (&'r CommandId, Option<&'r CommandId>);

fn tree(app: &App, run: &RunState, (shown, turn): At<'_>, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = Vec::new();
    let mut at = 0;
    let tree = app.tree();
    let width = usize::from(area.width);
    if let Some(back) = &tree.back {
        let title = format!("{} rollback", app.theme.sign("↺", "@"));
        lines.push(Line::from(Span::styled(title, app.theme.bad())));
        for step in back {
            branch(app, step, &Look { shown, width, turn: None, depth: 0 }, &mut lines, &mut at);
        }
        lines.push(Line::from(Span::styled("  what was deployed", app.theme.dim())));
    }
    for (gates, step) in &tree.steps {
        for mark in gates {
            let (text, style) = match (mark.go, mark.gate) {
                (Some(true), _) => ("gate: GO".to_owned(), app.theme.good()),
                (Some(false), _) => ("gate: NO-GO".to_owned(), app.theme.bad()),
                (None, GateId::Change) => {
                    (format!("gate: {} open", app.open_before_the_change()), app.theme.wants())
                }
                (None, _) => ("gate: verification".to_owned(), app.theme.dim()),
            };
            lines.push(Line::from(Span::styled(format!("{} {text}", app.theme.sign("◇", "*")), style)));
        }
        branch(app, step, &Look { shown, width, turn, depth: 0 }, &mut lines, &mut at);
    }
    let live = run.background();
    let below = if live.is_empty() { 0 } else { (live.len() as u16 + 1).min(area.height / 3) };
    let above = Rect { height: area.height - below, ..area };
    let top = scroll_to(at, lines.len(), usize::from(above.height));
    for (row, line) in lines.into_iter().skip(top).enumerate() {
        put(frame, above, row, line);
    }
    if below > 0 {
        background(app, run, shown, frame, Rect { y: area.y + above.height, height: below, ..area });
    }
}

/// What goes on in the background, with how long it has.
fn background(app: &App, run: &RunState, shown: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let key = app.keys.shown(Screen::Steps, crate::tui::keymap::Action::NextLive);
    title(app, frame, area, &format!("background  {key}"));
    for (row, id) in run.background().iter().enumerate() {
        let CommandState::Running { since, .. } = run.command(id) else { continue };
        let seconds = chrono::Utc::now().signed_duration_since(since).num_seconds().max(0) as u64;
        let text = run.find(id).map_or(String::new(), |c| run.text_of(c));
        let right = clock(seconds);
        let room = usize::from(area.width).saturating_sub(right.width() + 4);
        let style = if id == shown { app.theme.strong() } else { ratatui::style::Style::new() };
        let line = Line::from(vec![
            Span::styled(app.theme.sign("▶ ", "> "), app.theme.wants()),
            Span::styled(
                fit(&format!("{} {}", part_of(id), text.lines().next().unwrap_or_default()), room),
                style,
            ),
            Span::styled(format!(" {right}"), app.theme.dim()),
        ]);
        put(frame, area, row + 1, line);
    }
}

/// What the tree is drawn for.
struct Look<'l> {
    shown: &'l CommandId,
    width: usize,
    turn: Option<&'l CommandId>,
    depth: usize,
}

fn branch(app: &App, step: &Branch, look: &Look<'_>, lines: &mut Vec<Line<'static>>, at: &mut usize) {
    let Look { shown, width, turn, depth } = *look;
    let inside = step.holds.contains(shown);
    if inside {
        *at = lines.len();
    }
    let (sign, style) = match step.standing {
        Standing::NotYet if step.progress.0 > 0 => (app.theme.sign("▸", ">"), app.theme.wants()),
        standing => app.theme.standing(standing),
    };
    let (settled, all) = step.progress;
    let right = match step.estimate_s {
        _ if settled == all && all > 0 && depth == 0 => clock(step.spent_ms.div_ceil(1000)),
        Some(s) => format!("~{}m", s.div_ceil(60)),
        None => String::new(),
    };
    let open = inside || depth == 0 && step.failed;
    // Marked where it is, or at the step that hides it.
    let turns = turn.is_some_and(|t| step.own.contains(t) || !open && step.holds.contains(t));
    let right =
        if turns { format!("{} {right}", app.theme.sign("◆", "#")).trim_end().to_owned() } else { right };
    let indent = " ".repeat(depth * 2);
    let gap = usize::from(!right.is_empty());
    let room = width.saturating_sub(indent.len() + 2 + right.width() + 1 + gap);
    let label_style = if inside { app.theme.strong() } else { ratatui::style::Style::new() };
    lines.push(Line::from(vec![
        Span::styled(format!("{indent}{sign} "), style),
        Span::styled(fit(&step.label, room), label_style),
        Span::styled(format!("{}{right} ", " ".repeat(gap)), app.theme.dim()),
    ]));
    if open {
        for substep in &step.branches {
            branch(app, substep, &Look { depth: depth + 1, ..*look }, lines, at);
        }
    }
}

/// How the right side is divided, and the rows of its list.
struct Layout<'a> {
    lines: Vec<Line<'a>>,
    decision: Vec<Line<'a>>,
    /// The row of the list that the command looked at begins on.
    at: usize,
    /// Rows that its text takes.
    shown_rows: usize,
    list: u16,
    below: u16,
}

impl<'a> Layout<'a> {
    fn new(app: &'a App, run: &'a RunState, (shown, turn): At<'_>, area: Rect) -> Self {
        let width = usize::from(area.width);
        let commands = app.list_with(shown).commands;
        let listed = list::commands(app, run, &commands, (shown, turn), width);
        let decision = decision::lines(app, run, (shown, turn), width.saturating_sub(2));
        let below = (decision.len() as u16 + 1).min(area.height / 2);
        // The command looked at is shown whole before anything else gets room.
        let least_output = 4.min((area.height / 4).max(2));
        let most = area.height.saturating_sub(1 + below + least_output).max((listed.rows as u16).clamp(1, 3));
        let list = (listed.lines.len() as u16).min(most);
        Self { lines: listed.lines, decision, at: listed.at, shown_rows: listed.rows, list, below }
    }
}

fn detail(app: &App, run: &RunState, (shown, turn): At<'_>, frame: &mut Frame<'_>, area: Rect) {
    let List { title: head, step, .. } = app.list_with(shown);
    let step = step.and_then(|id| run.runbook().all_steps().into_iter().find(|step| step.id == id));
    let usually = step.and_then(|step| app.earlier.past.step(step));
    let usually = usually.map_or(String::new(), |u| format!(", {}", u.words()));
    title(app, frame, area, &format!("{head}{usually}"));
    let parts = Layout::new(app, run, (shown, turn), area);
    let height = usize::from(parts.list);
    // What does not fit begins at its first row.
    let last = parts.at + parts.shown_rows.saturating_sub(1);
    let top = if parts.shown_rows > height {
        parts.at
    } else {
        scroll_to(last, parts.lines.len(), height).min(parts.at).max((last + 1).saturating_sub(height))
    };
    let commands = Rect { y: area.y + 1, height: parts.list, ..area };
    for (row, line) in parts.lines.into_iter().skip(top).take(height).enumerate() {
        put(frame, commands, row, line);
    }
    let pane = Rect {
        y: commands.y + commands.height,
        height: (area.height - 1).saturating_sub(parts.list + parts.below),
        ..area
    };
    let source = app.output_command().unwrap_or_else(|| shown.clone());
    output_pane(app, run, (&source, &source != shown), frame, pane);
    let below = Rect { y: pane.y + pane.height, height: parts.below, ..area };
    title(app, frame, below, decision::title(app, run, shown));
    let inner = Rect {
        x: below.x + 1,
        y: below.y + 1,
        width: below.width.saturating_sub(2),
        height: below.height.saturating_sub(1),
    };
    for (row, line) in parts.decision.into_iter().enumerate() {
        put(frame, inner, row, line);
    }
}

/// The output of a command under its title; what came of one that stands in no list beside it is told, too.
pub(in crate::tui) fn output_pane(
    app: &App,
    run: &RunState,
    (id, alone): (&CommandId, bool),
    frame: &mut Frame<'_>,
    pane: Rect,
) {
    let width = usize::from(pane.width);
    title(app, frame, pane, &output_title(app, run, id, width.saturating_sub(4)));
    let told = run.find(id).filter(|_| alone).map_or(vec![], |command| {
        let mut lines = vec![];
        decision::expectations(app, run, command, width.saturating_sub(1), &mut lines);
        lines.truncate(usize::from(pane.height) / 3);
        lines
    });
    let rows = told.len() as u16;
    for (row, line) in told.into_iter().enumerate() {
        put(frame, pane, row + 1, line);
    }
    let height = pane.height.saturating_sub(1 + rows);
    output(app, run, id, frame, Rect { y: pane.y + 1 + rows, height, ..pane });
}

fn output_title(app: &App, run: &RunState, shown: &CommandId, width: usize) -> String {
    let dot = app.theme.sign("·", "-");
    if let CommandState::Running { since, .. } = run.command(shown) {
        let seconds = chrono::Utc::now().signed_duration_since(since).num_seconds().max(0) as u64;
        let screen = app.screens.steps.live.get(shown);
        let bytes = screen.map_or(0, |s| s.bytes);
        let waits = screen.is_some_and(|s| s.may_wait && seconds > 1);
        let key = app.keys.shown(Screen::Steps, crate::tui::keymap::Action::Keyboard);
        let waits = if waits {
            // What to do comes first: the rest may be cut.
            format!("it may be waiting for input: {key} types into it {dot} ")
        } else {
            String::new()
        };
        let where_ = if run.background().contains(shown) { " in the background" } else { "" };
        let tail = format!(" runs{where_}, {} {dot} {} of output", clock(seconds), size(bytes));
        let room = width.saturating_sub(waits.width() + tail.width()).max(12);
        return format!("{waits}{}{tail}", clip(&called(run, shown), room));
    }
    match &app.screens.steps.tail.page {
        Some(page) if app.screens.steps.tail.command.as_ref() == Some(shown) => {
            let missing = page.left_out.as_ref().map_or(String::new(), |l| format!(", {l}"));
            let lines = if page.total == 1 { "1 line".to_owned() } else { format!("{} lines", page.total) };
            let sign = app.theme.standing(run.standing(shown)).0;
            let exit = match run.command(shown).ended() {
                Some(CommandState::Exited { exit, .. }) => format!(": {exit}"),
                _ => String::new(),
            };
            let (head, tail) = (format!("{sign} output of "), format!("{exit}, {lines}{missing}"));
            let room = width.saturating_sub(head.width() + tail.width());
            format!("{head}{}{tail}", clip(&called(run, shown), room.max(12)))
        }
        _ => "output".to_owned(),
    }
}

fn output(app: &App, run: &RunState, shown: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    if matches!(run.command(shown), CommandState::Running { .. }) {
        live(app, shown, frame, area);
        return;
    }
    let Some(page) = app
        .screens
        .steps
        .tail
        .page
        .as_ref()
        .filter(|_| app.screens.steps.tail.command.as_ref() == Some(shown))
    else {
        return;
    };
    let width = usize::from(area.width);
    let height = usize::from(area.height);
    let wrapped = |line: &OutputLine| pane::wrap(app.theme, &line.runs, width);
    // Only what can be in view is laid out: from the end backwards.
    let mut rows: Vec<Line<'static>> = Vec::new();
    for line in page.lines.iter().rev() {
        rows.splice(0..0, wrapped(line));
        if rows.len() >= height {
            break;
        }
    }
    let first = rows.len().saturating_sub(height);
    for (row, line) in rows.into_iter().skip(first).enumerate() {
        put(frame, area, row, line);
    }
}

/// Draws the screen of a command that runs.
pub(in crate::tui) fn live(app: &App, command: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let Some(screen) = app.screens.steps.live.get(command) else { return };
    if screen.alternate || app.keyboard.is_some() {
        for (row, line) in
            pane::exact(app.theme, &screen.rows).into_iter().take(usize::from(area.height)).enumerate()
        {
            put(frame, area, row, line);
        }
        cursor(app, screen, frame, area);
        return;
    }
    let height = usize::from(area.height);
    let used = usize::from(screen.cursor.row) + 1;
    // No more of the history than fits: it is long, and drawn thirty times a second.
    let above = screen.history.len().saturating_sub(height);
    let mut rows = screen.history[above..].to_vec();
    rows.extend(screen.rows.iter().take(used.max(1)).cloned());
    let lines = pane::wrapped(app.theme, &rows, usize::from(area.width));
    let first = lines.len().saturating_sub(height);
    for (row, line) in lines.into_iter().skip(first).enumerate() {
        put(frame, area, row, line);
    }
}

fn cursor(app: &App, screen: &TerminalFrame, frame: &mut Frame<'_>, area: Rect) {
    let at = screen.cursor;
    if app.keyboard.is_some() && at.visible && at.row < area.height && at.column < area.width {
        frame.set_cursor_position((area.x + at.column, area.y + at.row));
    }
}
