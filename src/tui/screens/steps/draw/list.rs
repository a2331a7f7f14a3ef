//! The commands of the step looked at; the one looked at is written out whole.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::rollback::{self, Numbered};
use crate::run::state::{CommandState, Standing};
use crate::run::{Next, RunState};
use crate::runbook::{Command, CommandId};
use crate::shell::{Effect, Kind};
use crate::tui::app::App;
use crate::tui::widgets::text::{clip, fit, wrap_code};

/// Columns before a command's text.
const MARGIN: usize = 6;

/// The list's rows.
pub(super) struct Listed<'a> {
    pub(super) lines: Vec<Line<'a>>,
    /// The row that the command looked at begins on, and how many it takes.
    pub(super) at: usize,
    pub(super) rows: usize,
}

/// Lists commands.
pub(super) fn commands<'a>(
    app: &App,
    run: &RunState,
    ids: &[CommandId],
    (shown, turn): (&CommandId, Option<&CommandId>),
    width: usize,
) -> Listed<'a> {
    let next = app.next();
    let mut listed = Listed { lines: Vec::new(), at: 0, rows: 0 };
    let mut under: Option<Numbered> = None;
    for (number, command) in ids.iter().filter_map(|id| run.find(id)).enumerate() {
        let heading = numbered(run, command);
        if heading.is_some() && heading != under {
            let text = heading.as_ref().map_or(String::new(), |n| format!("   {}. {}", n.number, n.title));
            listed.lines.push(Line::from(Span::styled(clip(&text, width), app.theme.name())));
        }
        under = heading;
        let is_shown = &command.id == shown;
        let is_next = next.and_then(Next::command) == Some(&command.id);
        let look = Look { is_shown, is_next, number: number + 1, width, turns: turn == Some(&command.id) };
        let rows = one(app, run, command, &look);
        if is_shown {
            (listed.at, listed.rows) = (listed.lines.len(), rows.len());
        }
        listed.lines.extend(rows);
        if is_shown
            && under.is_none()
            && let Some(about) = command.about.as_ref().and_then(|a| a.lines().next())
        {
            let text = format!("      # {}", clip(about, width.saturating_sub(9)));
            listed.lines.push(Line::from(Span::styled(text, app.theme.dim())));
        }
    }
    if matches!(next, Some(Next::Finish | Next::Over)) && listed.lines.is_empty() {
        listed.lines.push(Line::from(" nothing to run here"));
    }
    listed
}

/// The numbered comment that a command of the way back stands under.
fn numbered(run: &RunState, command: &Command) -> Option<Numbered> {
    rollback::numbered(command).filter(|_| rollback::belongs(run.runbook(), &command.id))
}

struct Look {
    is_shown: bool,
    is_next: bool,
    number: usize,
    width: usize,
    /// It is the point of no return.
    turns: bool,
}

fn one<'a>(app: &App, run: &RunState, command: &Command, look: &Look) -> Vec<Line<'a>> {
    let standing = run.standing(&command.id);
    let waits = run.waiting().is_some_and(|w| w.command == command.id);
    let (sign, style) =
        if waits { (app.theme.sign("↺", "@"), app.theme.wants()) } else { app.theme.standing(standing) };
    let pointer = if look.is_next { app.theme.sign("▸", ">") } else { " " };
    let right = right(app, run, command, look);
    let room = look.width.saturating_sub(MARGIN + right.width() + 1);
    let text = run.text_of(command);
    // The whole text, or its first line: a part that looks like the whole would be run unseen.
    let rows: Vec<String> = if look.is_shown {
        let wrapped = wrap_code(&text, room.max(20));
        if wrapped.is_empty() { vec![String::new()] } else { wrapped }
    } else {
        let first = text.lines().next().unwrap_or_default();
        vec![if text.lines().count() > 1 { format!("{first} …") } else { first.to_owned() }]
    };
    let text_style = if look.is_shown { app.theme.strong() } else { Style::new() };
    let text_style = if command.alternative && standing == Standing::NotYet {
        text_style.patch(app.theme.dim())
    } else {
        text_style
    };
    let loud = command.effect == Effect::Destructive
        || matches!(standing, Standing::Failed | Standing::Lost | Standing::GonePast);
    let right_style = if loud { app.theme.bad() } else { app.theme.dim() };
    let mut lines = vec![Line::from(vec![
        Span::styled(pointer, app.theme.wants()),
        Span::styled(format!("{sign} "), style),
        Span::raw(format!("{:<2} ", look.number)),
        Span::styled(fit(&rows[0], room), text_style),
        Span::styled(format!(" {right}"), right_style),
    ])];
    let rest = rows[1..].iter();
    lines.extend(rest.map(|r| Line::from(Span::styled(format!("{}{r}", " ".repeat(MARGIN)), text_style))));
    lines
}

/// What stands at the right of a command: that it was changed, its result, or what it will do.
fn right(app: &App, run: &RunState, command: &Command, look: &Look) -> String {
    let edited = if run.is_edited(&command.id) { app.theme.sign("✎ edited  ", "edited  ") } else { "" };
    let on = if look.width >= 90 { "continued after failure" } else { "continued" };
    let came = match run.command(&command.id) {
        CommandState::Exited { exit, elapsed_ms, .. } => {
            // A place command goes on for as long as what follows runs behind it.
            let inside = exit.is_success() && run.entered().contains(&command.id);
            let came_to = if inside { "inside".to_owned() } else { exit.to_string() };
            format!("{:.1} s  {came_to}", *elapsed_ms as f64 / 1000.0)
        }
        CommandState::Skipped { after: Some(ended), .. } => match &**ended {
            CommandState::Exited { exit, .. } => format!("{exit}, {on}"),
            _ => format!("lost, {on}"),
        },
        CommandState::Skipped { .. } if run.standing(&command.id) != Standing::NotYet => "skipped".into(),
        CommandState::DoneByHand { .. } => "by hand".into(),
        CommandState::Lost { .. } => "lost".into(),
        CommandState::Running { .. } if run.background().contains(&command.id) => "in the background".into(),
        CommandState::Running { .. } => "runs".into(),
        // One that was left out for another way is open again once that was given up.
        CommandState::Pending | CommandState::Skipped { .. } => ahead(app, command, look.turns),
    };
    format!("{edited}{came}")
}

/// What an open command will do.
fn ahead(app: &App, command: &Command, turns: bool) -> String {
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
    let turn = if turns { app.theme.sign("◆ no return  ", "# no return  ") } else { "" };
    format!("{optional}{turn}{kind}{effect}")
}
