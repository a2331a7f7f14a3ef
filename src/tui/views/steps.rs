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

use super::super::app::App;
use super::super::widgets::pane;
use super::{clip, clock, fit, put, scroll_to, wrap_words};
use crate::run::policy::{self, Confirmation};
use crate::run::state::{CommandState, Standing};
use crate::run::{Next, RunState, flow};
use crate::runbook::{Command, CommandId, Step};
use crate::shell::{Effect, Kind};

/// The size of the pane that output is drawn in: what interactive programs get.
pub fn pane_size(app: &App) -> (u16, u16) {
    let (columns, rows) = app.size;
    let tree = if app.keyboard { 0 } else { tree_width(columns) + 1 };
    // Frame and last lines take five rows, the title of the pane one; with the keyboard it gets the rest.
    let rows = if app.keyboard { rows.saturating_sub(6) } else { rows.saturating_sub(14) };
    (columns.saturating_sub(tree), rows.max(3))
}

fn tree_width(columns: u16) -> u16 {
    if columns >= 120 {
        38
    } else if columns >= 80 {
        25
    } else {
        0
    }
}

/// Draws the screen.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let Some(shown) = app.shown_command() else {
        put(frame, area, 0, Line::from(" The document has no commands."));
        return;
    };
    if app.keyboard {
        title(app, frame, area, &format!("{shown} has the keyboard"));
        output(app, run, &shown, frame, Rect { y: area.y + 1, height: area.height - 1, ..area });
        return;
    }
    let left = tree_width(area.width);
    if left > 0 {
        tree(app, run, &shown, frame, Rect { width: left, ..area });
        for row in 0..area.height {
            let bar = Span::styled(app.theme.sign("│", "|"), app.theme.dim());
            put(frame, Rect { x: area.x + left, width: 1, ..area }, usize::from(row), Line::from(bar));
        }
    }
    let right = Rect {
        x: area.x + left + u16::from(left > 0),
        width: area.width - left - u16::from(left > 0),
        ..area
    };
    detail(app, run, &shown, frame, right);
}

fn title(app: &App, frame: &mut Frame<'_>, area: Rect, text: &str) {
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

fn tree(app: &App, run: &RunState, shown: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let mut lines = Vec::new();
    let mut at = 0;
    let gate = policy::gate_index(run.runbook())
        .and_then(|i| run.runbook().step_commands().get(i).map(|c| c.id.clone()));
    for step in &run.runbook().steps {
        let holds_gate = gate.as_ref().is_some_and(|id| step.commands().first().is_some_and(|c| &c.id == id));
        if holds_gate {
            let (text, style) = match run.gate() {
                Some(g) if g.go => ("gate: GO".to_owned(), app.theme.good()),
                _ => (format!("gate: {} open", run.open_items().len()), app.theme.wants()),
            };
            lines.push(Line::from(Span::styled(format!("{} {text}", app.theme.sign("◇", "*")), style)));
        }
        branch(app, run, step, (shown, usize::from(area.width)), 0, &mut lines, &mut at);
    }
    let top = scroll_to(at, lines.len(), usize::from(area.height));
    for (row, line) in lines.into_iter().skip(top).enumerate() {
        put(frame, area, row, line);
    }
}

#[expect(clippy::too_many_arguments, reason = "a recursion carries its place and its result")]
fn branch<'r>(
    app: &App,
    run: &RunState,
    step: &'r Step,
    look: (&CommandId, usize),
    depth: usize,
    lines: &mut Vec<Line<'r>>,
    at: &mut usize,
) {
    let (shown, width) = look;
    let commands = step.commands();
    let inside = commands.iter().any(|c| &c.id == shown);
    if inside {
        *at = lines.len();
    }
    let (sign, style) = step_sign(app, run, &commands);
    let (settled, all) = flow::progress(run, &commands);
    let spent: u64 =
        run.ran().iter().filter(|r| commands.iter().any(|c| c.id == r.command)).map(|r| r.elapsed_ms).sum();
    let right = match (settled, step.estimate_s) {
        (done, _) if done == all && all > 0 && depth == 0 => clock(spent.div_ceil(1000)),
        (_, Some(s)) => format!("~{}m", s.div_ceil(60)),
        _ => String::new(),
    };
    let indent = " ".repeat(depth * 2);
    let room = width.saturating_sub(indent.len() + 2 + right.width() + 1);
    let label = fit(&format!("{} {}", step.id, step.title), room);
    let label_style = if inside { app.theme.strong() } else { ratatui::style::Style::new() };
    lines.push(Line::from(vec![
        Span::styled(format!("{indent}{sign} "), style),
        Span::styled(label, label_style),
        Span::styled(format!("{right} "), app.theme.dim()),
    ]));
    if inside || depth == 0 && commands.iter().any(|c| run.standing(&c.id) == Standing::Failed) {
        for substep in &step.substeps {
            branch(app, run, substep, look, depth + 1, lines, at);
        }
    }
}

/// A step is as its worst command.
fn step_sign(app: &App, run: &RunState, commands: &[&Command]) -> (&'static str, ratatui::style::Style) {
    let standings: Vec<Standing> = commands.iter().map(|c| run.standing(&c.id)).collect();
    let has = |s: Standing| standings.contains(&s);
    let (settled, all) = flow::progress(run, commands);
    let standing = if has(Standing::Running) {
        Standing::Running
    } else if has(Standing::Lost) {
        Standing::Lost
    } else if has(Standing::Failed) {
        Standing::Failed
    } else if has(Standing::NeedsEyes) {
        Standing::NeedsEyes
    } else if settled == all && all > 0 && has(Standing::Passed) {
        Standing::Passed
    } else if settled == all && all > 0 && has(Standing::DoneNothingClaimed) {
        Standing::DoneNothingClaimed
    } else if settled == all && all > 0 {
        Standing::Skipped
    } else if settled > 0 {
        return (app.theme.sign("▸", ">"), app.theme.wants());
    } else {
        Standing::NotYet
    };
    app.theme.standing(standing)
}

/// The innermost step that holds a command.
fn step_of<'r>(steps: &'r [Step], id: &CommandId) -> Option<&'r Step> {
    steps.iter().find_map(|s| {
        if s.blocks.iter().flat_map(|b| &b.commands).any(|c| &c.id == id) {
            Some(s)
        } else {
            step_of(&s.substeps, id)
        }
    })
}

fn detail(app: &App, run: &RunState, shown: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let Some(step) = step_of(&run.runbook().steps, shown) else { return };
    let optional = if step.optional { ", optional" } else { "" };
    title(app, frame, area, &format!("{} {} (line {}{optional})", step.id, step.title, step.line));
    let width = usize::from(area.width);
    let (lines, at) = commands(app, run, step, shown, width);
    let decision = decision(app, run, shown, width.saturating_sub(2));
    let decision_height = (decision.len() as u16 + 1).min(area.height / 2);
    let most = (area.height - 1 - decision_height).saturating_sub(4).max(3);
    let list_height = (lines.len() as u16).min(most);
    let top = scroll_to(at, lines.len(), usize::from(list_height));
    let list = Rect { y: area.y + 1, height: list_height, ..area };
    for (row, line) in lines.into_iter().skip(top).take(usize::from(list_height)).enumerate() {
        put(frame, list, row, line);
    }
    let pane =
        Rect { y: list.y + list.height, height: area.height - 1 - list_height - decision_height, ..area };
    let source = app.output_command().unwrap_or_else(|| shown.clone());
    title(app, frame, pane, &output_title(app, run, &source));
    output(app, run, &source, frame, Rect { y: pane.y + 1, height: pane.height.saturating_sub(1), ..pane });
    let below = Rect { y: pane.y + pane.height, height: decision_height, ..area };
    title(app, frame, below, decision_title(app, run, shown));
    for (row, line) in decision.into_iter().enumerate() {
        put(
            frame,
            Rect {
                x: below.x + 1,
                y: below.y + 1,
                width: below.width.saturating_sub(2),
                height: below.height - 1,
            },
            row,
            line,
        );
    }
}

fn commands<'r>(
    app: &App,
    run: &RunState,
    step: &'r Step,
    shown: &CommandId,
    width: usize,
) -> (Vec<Line<'r>>, usize) {
    let next = flow::next(run);
    let mut lines = Vec::new();
    let mut at = 0;
    for (number, command) in step.blocks.iter().flat_map(|b| &b.commands).enumerate() {
        let standing = run.standing(&command.id);
        let (sign, style) = app.theme.standing(standing);
        let is_shown = &command.id == shown;
        let pointer = if next.command() == Some(&command.id) && !matches!(next, Next::Gate) {
            app.theme.sign("▸", ">")
        } else {
            " "
        };
        let right = command_right(run, command);
        let room = width.saturating_sub(6 + right.width() + 2);
        let text = run.text_of(command);
        let mut rows: Vec<&str> = text.lines().collect();
        if rows.is_empty() {
            rows.push("");
        }
        let expanded = is_shown && rows.len() > 1;
        let first = if rows.len() > 1 && !expanded { format!("{} …", rows[0]) } else { rows[0].to_owned() };
        if is_shown {
            at = lines.len();
        }
        let text_style = if is_shown { app.theme.strong() } else { ratatui::style::Style::new() };
        let text_style = if command.alternative && standing == Standing::NotYet {
            text_style.patch(app.theme.dim())
        } else {
            text_style
        };
        let loud =
            command.effect == Effect::Destructive || matches!(standing, Standing::Failed | Standing::Lost);
        let right_style = if loud { app.theme.bad() } else { app.theme.dim() };
        lines.push(Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(format!("{sign} "), style),
            Span::raw(format!("{:<2} ", number + 1)),
            Span::styled(fit(&first, room), text_style),
            Span::styled(format!(" {right}"), right_style),
        ]));
        if expanded {
            lines.extend(rows[1..].iter().map(|r| {
                Line::from(Span::styled(
                    format!("      {}", clip(r, width.saturating_sub(7))),
                    app.theme.strong(),
                ))
            }));
        }
        if is_shown && let Some(about) = &command.about {
            let about = about.lines().next().unwrap_or("");
            lines.push(Line::from(Span::styled(
                format!("      # {}", clip(about, width.saturating_sub(9))),
                app.theme.dim(),
            )));
        }
    }
    (lines, at)
}

/// What stands at the right of a command: its result, or what it will do.
fn command_right(run: &RunState, command: &Command) -> String {
    match run.command(&command.id) {
        CommandState::Exited { exit, elapsed_ms, .. } => {
            format!("{:.1} s  {exit}", *elapsed_ms as f64 / 1000.0)
        }
        CommandState::Skipped { .. } => "skipped".into(),
        CommandState::DoneByHand { .. } => "by hand".into(),
        CommandState::Lost { .. } => "lost".into(),
        CommandState::Running { .. } => "runs".into(),
        CommandState::Pending => {
            let kind = match command.kind {
                Kind::Run => "",
                Kind::Interactive => "keyboard ",
                Kind::Place => "place ",
                Kind::Follow => "follow ",
                Kind::Manual => return "by hand".into(),
            };
            let effect = match command.effect {
                Effect::Reads => "reads",
                Effect::Changes => "changes",
                Effect::Destructive => "! destructive",
            };
            let optional = if command.optional || command.alternative { "~ " } else { "" };
            format!("{optional}{kind}{effect}")
        }
    }
}

fn output_title(app: &App, run: &RunState, shown: &CommandId) -> String {
    if let CommandState::Running { since, .. } = run.command(shown) {
        let seconds = chrono::Utc::now().signed_duration_since(since).num_seconds().max(0) as u64;
        let bytes = app.screen.as_ref().filter(|(id, _)| id == shown).map_or(0, |(_, s)| s.bytes);
        let waits = app.screen.as_ref().is_some_and(|(id, s)| id == shown && s.may_wait && seconds > 1);
        let waits = if waits { ", it may be waiting for input: i gives it the keyboard" } else { "" };
        return format!("{shown} runs, {}, {bytes} bytes{waits}", clock(seconds));
    }
    let back = if app.back > 0 { format!(", {} rows back", app.back) } else { String::new() };
    match &app.output {
        Some((id, rows, left_out)) if id == shown => {
            let missing = left_out.as_ref().map_or(String::new(), |l| format!(", {l}"));
            let lines = if rows.len() == 1 { "1 line".to_owned() } else { format!("{} lines", rows.len()) };
            format!("output of {shown}, {lines}{back}{missing}")
        }
        _ => "output".to_owned(),
    }
}

fn output(app: &App, run: &RunState, shown: &CommandId, frame: &mut Frame<'_>, area: Rect) {
    let running = matches!(run.command(shown), CommandState::Running { .. });
    let lines = match (&app.screen, &app.output) {
        (Some((id, screen)), _) if id == shown && running => {
            if screen.alternate || app.keyboard {
                let lines = pane::exact(&screen.rows);
                for (row, line) in lines.into_iter().take(usize::from(area.height)).enumerate() {
                    put(frame, area, row, line);
                }
                if screen.cursor.visible
                    && app.keyboard
                    && screen.cursor.row < area.height
                    && screen.cursor.column < area.width
                {
                    frame.set_cursor_position((area.x + screen.cursor.column, area.y + screen.cursor.row));
                }
                return;
            }
            let mut rows = screen.history.clone();
            let used = usize::from(screen.cursor.row) + 1;
            rows.extend(screen.rows.iter().take(used.max(1)).cloned());
            pane::wrapped(&rows, usize::from(area.width))
        }
        (_, Some((id, rows, _))) if id == shown => pane::wrapped(rows, usize::from(area.width)),
        _ => return,
    };
    let height = usize::from(area.height);
    let last = lines.len().saturating_sub(app.back.min(lines.len().saturating_sub(height)));
    let first = last.saturating_sub(height);
    for (row, line) in lines.into_iter().skip(first).take(height).enumerate() {
        put(frame, area, row, line);
    }
}

fn decision_title(app: &App, run: &RunState, shown: &CommandId) -> &'static str {
    if app.selected.is_some() {
        return "looking at another command";
    }
    match (flow::next(run), run.standing(shown)) {
        (Next::Running(_), _) => "running",
        (Next::Run(_), _) => "next",
        (Next::Finish | Next::Over, _) => "done",
        _ => "you decide",
    }
}

/// What the operator is asked, in the document's words.
fn decision<'a>(app: &App, run: &RunState, shown: &CommandId, width: usize) -> Vec<Line<'a>> {
    let Some(command) = run.runbook().command(shown) else { return vec![] };
    let mut lines: Vec<Line<'a>> = Vec::new();
    let say = |lines: &mut Vec<Line<'a>>, text: String| {
        lines.extend(wrap_words(&text, width).into_iter().map(Line::from))
    };
    if app.selected.is_some() {
        expectations(app, run, command, width, &mut lines);
        say(&mut lines, state_words(run, command));
        say(&mut lines, "Enter goes back to the next thing.".into());
        return lines;
    }
    match flow::next(run) {
        Next::Gate => say(
            &mut lines,
            format!(
                "The gate: {} of {} items are open. Enter decides go or no-go.",
                run.open_items().len(),
                app.items().len()
            ),
        ),
        Next::Condition(_) => {
            let line = command.span.line;
            say(
                &mut lines,
                format!(
                    "The document says: \"{}\" (line {line}). Does it hold?",
                    command.condition.as_deref().unwrap_or("")
                ),
            );
            say(&mut lines, "y it holds: run it   n it does not: leave it out".into());
        }
        Next::Place(_) => {
            say(&mut lines, format!("What follows belongs to the other side of: {}", command.text));
            say(&mut lines, format!("This shell is at {}.", run.place()));
            say(&mut lines, "h it is there already: go on here   t go there in the pane; nothing after it runs through gonogo".into());
        }
        Next::Choice(_) => {
            let about = command.about.as_deref().and_then(|a| a.lines().next()).unwrap_or("optional");
            say(&mut lines, format!("The document offers this: \"{about}\"."));
            say(&mut lines, "y run it   n leave it out".into());
        }
        Next::Manual(_) => {
            say(&mut lines, "To be done by hand. Enter says that it was done.".into());
        }
        Next::Run(_) => {
            if let Some(seconds) = command.wait_s {
                say(&mut lines, format!("The document says to wait {seconds} s first."));
            }
            expectations(app, run, command, width, &mut lines);
            say(&mut lines, run_words(run, command));
        }
        Next::Running(_) => {
            expectations(app, run, command, width, &mut lines);
            if command.kind == Kind::Follow {
                say(&mut lines, "It goes on until you end it: F8, then i. That is no failure.".into());
            }
        }
        Next::Attest(..) => {
            expectations(app, run, command, width, &mut lines);
            say(&mut lines, "Was that seen?   a yes   x no".into());
        }
        Next::Failed(_) => {
            expectations(app, run, command, width, &mut lines);
            say(&mut lines, state_words(run, command));
            say(&mut lines, "r run it again   m done by hand   s go on all the same, with a reason   3 the log: F7 ends the run as failed".into());
        }
        Next::Lost(_) => {
            say(&mut lines, state_words(run, command));
            say(
                &mut lines,
                "Look at what it left behind. r run it again   m it was done   s go on, with a reason".into(),
            );
        }
        Next::Elsewhere(_) => {
            let left = flow::left_to(run, command).map_or(String::new(), |c| c.text.clone());
            say(
                &mut lines,
                format!(
                    "This belongs to the other side of \"{left}\": do it there. m it was done   s skip it"
                ),
            );
        }
        Next::Finish => say(
            &mut lines,
            "All commands are settled. Enter shows the log, where the run is finished.".into(),
        ),
        Next::Over => say(&mut lines, "The run is over. Enter shows the log.".into()),
    }
    lines
}

fn run_words(run: &RunState, command: &Command) -> String {
    if let Err(refusal) = crate::run::decide::may_run(run, command) {
        return format!("{refusal}.");
    }
    match policy::confirmation(command, run.production()) {
        Confirmation::None => "Enter runs it.".into(),
        Confirmation::TwoKeys => "Destructive. Enter shows the target and asks for a second key.".into(),
        Confirmation::TypeName => {
            "Destructive. Enter shows the target and asks for the environment's name.".into()
        }
    }
}

fn expectations(app: &App, run: &RunState, command: &Command, width: usize, lines: &mut Vec<Line<'_>>) {
    let attested = match run.command(&command.id) {
        CommandState::Exited { attested, .. } => attested.as_slice(),
        _ => &[],
    };
    for (at, expectation) in command.expects.iter().enumerate() {
        let (sign, style) = match attested.get(at) {
            Some(Some(true)) => (app.theme.sign("✓", "+"), app.theme.good()),
            Some(Some(false)) => (app.theme.sign("✗", "X"), app.theme.bad()),
            Some(None) => ("?", app.theme.wants()),
            None => (app.theme.sign("·", "."), app.theme.dim()),
        };
        let words =
            wrap_words(&format!("line {}: {}", expectation.line, expectation.text), width.saturating_sub(2));
        for (row, text) in words.into_iter().take(4).enumerate() {
            lines.push(Line::from(vec![
                Span::styled(format!("{} ", if row == 0 { sign } else { " " }), style),
                Span::raw(text),
            ]));
        }
    }
}

fn state_words(run: &RunState, command: &Command) -> String {
    match run.command(&command.id) {
        CommandState::Exited { exit, at, .. } => {
            format!("Ended at {}: {exit}.", at.with_timezone(&chrono::Local).format("%H:%M:%S %Z"))
        }
        CommandState::Lost { why, .. } => {
            format!("Lost, outcome unknown: {why}. It is not run again by itself.")
        }
        CommandState::Skipped { reason, .. } => format!("Skipped: {reason}."),
        CommandState::DoneByHand { note, .. } => format!("Done by hand: {note}"),
        CommandState::Running { .. } => "Runs.".into(),
        CommandState::Pending => run_words(run, command),
    }
}

/// What Enter can't do for the operator, as a sentence.
pub fn question(next: &Next) -> &'static str {
    match next {
        Next::Condition(_) | Next::Choice(_) => "answer with y or n",
        Next::Place(_) => "answer with h (already here) or t (go there in the pane)",
        Next::Attest(..) => "answer with a (seen) or x (not seen)",
        Next::Failed(_) | Next::Lost(_) => "choose: r run again, m done by hand, s go on with a reason",
        Next::Elsewhere(_) => "choose: m it was done there, s skip it",
        Next::Running(_) => "it still runs; F8 ends it",
        _ => "",
    }
}

/// Keys that only make sense for what comes next.
pub fn keys(next: &Next) -> &'static str {
    match next {
        Next::Condition(_) | Next::Choice(_) => "y yes  n no",
        Next::Place(_) => "h here  t there",
        Next::Attest(..) => "a seen  x not seen",
        _ => "",
    }
}
