//! Fields: what is typed into them, and what happens with it.

use std::path::PathBuf;
use std::time::Instant;

use chrono::Utc;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr;

use crate::config::Source;
use crate::protocol::ToRunner;
use crate::run::policy::Confirmation;
use crate::run::{Outcome, Request, SignRole, SkipReason};
use crate::runbook::CommandId;
use crate::tui::app::App;
use crate::tui::dialogs::overlay::{Field, Overlay, Purpose};
use crate::tui::dialogs::{gate, sign};
use crate::tui::msg::Effect;
use crate::tui::screens::checklist::keys as checklist;
use crate::tui::screens::document::keys as document;
use crate::tui::screens::log::keys as log;
use crate::tui::screens::rollback::keys as rollback;
use crate::tui::update::common::{open_field, send};
use crate::tui::update::{asking, find, reading, run};
use crate::tui::widgets::boxed::boxed;
use crate::tui::widgets::text::{clip, wrap_code, wrap_words};

/// A key for the field in front.
pub(in crate::tui) fn pressed(app: &mut App, mut field: Field, key: KeyEvent, at: Instant) -> Vec<Effect> {
    let takes = key.code == KeyCode::Enter && !key.modifiers.contains(KeyModifiers::ALT);
    if !takes {
        field.editor.key(key);
        app.overlays.push(Overlay::Field(field));
        return vec![];
    }
    app.overlays.push(Overlay::Field(field.clone()));
    // A command that is run as typed has to stand on the screen as typed.
    let runs = field.purpose == Purpose::Add;
    if !app.armed(at) || (runs && !app.typed_was_drawn()) {
        return vec![];
    }
    app.overlays.pop();
    app.message = None;
    fill(app, field)
}

/// Whether a purpose can do without words.
fn may_be_empty(purpose: &Purpose) -> bool {
    matches!(
        purpose,
        Purpose::Parameter(_)
            | Purpose::Ticket
            | Purpose::Window
            | Purpose::TypeName(_)
            | Purpose::Go(_)
            | Purpose::RollBackName(_)
            | Purpose::Problems
            | Purpose::Search
            | Purpose::Find
    )
}

/// A field was filled.
fn fill(app: &mut App, field: Field) -> Vec<Effect> {
    let text = field.editor.text().trim().to_owned();
    if text.is_empty() && !may_be_empty(&field.purpose) {
        return again(app, field, "enter a few words; Esc cancels");
    }
    match field.purpose.clone() {
        Purpose::Parameter(_) | Purpose::Operator | Purpose::Ticket | Purpose::Window => {
            form(app, field, text)
        }
        Purpose::TypeName(confirm) => {
            let name = app.run.as_ref().map(|r| r.environment().to_owned()).unwrap_or_default();
            if text != name {
                return again(app, field, &format!("that is not {name}: nothing was run"));
            }
            run::confirmed(app, &confirm, Confirmation::TypeName)
        }
        Purpose::Answer(name) => send(app, Request::SetParameter { name, value: Some(text) }),
        Purpose::Secret(name) => vec![Effect::Send(ToRunner::Secret { name, value: text })],
        Purpose::Passphrase => vec![Effect::FindKey(Some(field.editor.text()))],
        Purpose::SignAs => sign::begin(app, SignRole::Reviewer, text),
        Purpose::SignName(signing) if text == signing.signing.name => sign::confirmed(app, *signing),
        Purpose::SignName(signing) => {
            let why = format!("that is not {}: nothing was signed", signing.signing.name);
            again(app, field, &why)
        }
        Purpose::LogPath => log::write(app, PathBuf::from(text)),
        Purpose::SavePath => save(app, &text),
        Purpose::Search => {
            app.screens.output.pattern = Some(text).filter(|t| !t.is_empty());
            app.screens.output.match_at = None;
            app.screens.output.filter &= app.screens.output.pattern.is_some();
            if app.screens.output.pattern.is_some() {
                reading::next_match(app, true)
            } else {
                reading::ask(app)
            }
        }
        Purpose::Find => {
            document::find(app, text);
            vec![]
        }
        Purpose::FindHere => find::find(app, text),
        Purpose::Add => asking::add(app, &text),
        Purpose::Edit(command) => send(app, Request::Edit { command, text: field.editor.text() }),
        Purpose::SkipCommand(command) => {
            send(app, Request::Skip { command, reason: SkipReason::Operator(text) })
        }
        Purpose::SkipTo(command, skips) => {
            app.screens.steps.selected = None;
            send(app, Request::SkipTo { command, skips, reason: text })
        }
        Purpose::TickItem(item, evidence) => checklist::tick(app, item, evidence, Some(text)),
        Purpose::SkipItem(item) => send(app, Request::SkipItem { item, reason: text }),
        Purpose::Overrule(command, expectation, met) => {
            send(app, Request::Attest { command, expectation, met, note: text })
        }
        Purpose::MarkDone(command) => send(app, Request::MarkDone { command, note: text }),
        Purpose::Note(about) => send(app, Request::Note { about, text, issue: false }),
        Purpose::Issue => send(app, Request::Note { about: String::new(), text, issue: true }),
        Purpose::Reviewer => send(app, Request::Name { role: "reviewer".into(), name: text }),
        Purpose::Go(gate) => {
            if text.is_empty() {
                return again(app, field, "something is open: give a reason");
            }
            gate::decided(app, gate, text)
        }
        Purpose::Acknowledge(row) => send(app, Request::Acknowledge { row, note: text }),
        Purpose::RoundNo(round, item) => {
            send(app, Request::AnswerRound { round, item, met: false, note: text })
        }
        Purpose::RollBack => rollback::reason_given(app, text),
        Purpose::RollBackName(reason) => {
            let name = app.run.as_ref().map(|r| r.environment().to_owned()).unwrap_or_default();
            if text != name {
                let why = format!("that is not {name}: nothing was stopped");
                return again(app, field, &why);
            }
            rollback::begin(app, reason, Confirmation::TypeName)
        }
        Purpose::Fail => send(app, Request::Finish { outcome: Outcome::Failed, reason: text }),
        Purpose::CallOff => send(app, Request::CallOffRollback { reason: text }),
        Purpose::Problems => {
            (app.screens.problems.typed, app.screens.problems.row) = (text, 0);
            vec![]
        }
        Purpose::EndMonitoring => send(app, Request::EndMonitoring { why: text }),
        Purpose::NoGo(gate) => send(app, Request::DecideGate { gate, go: false, reason: text }),
    }
}

/// A field of the Start screen.
fn form(app: &mut App, field: Field, text: String) -> Vec<Effect> {
    let given = (!text.is_empty()).then_some(text.clone());
    match field.purpose {
        Purpose::Parameter(at) => {
            app.screens.start.values[at].answer = given.map(|given| (given, Source::Typed));
            app.screens.start.row = (app.screens.start.row + 1).min(app.start_rows().len() - 1);
        }
        Purpose::Operator => app.screens.start.operator = text,
        Purpose::Ticket => app.screens.start.ticket = given,
        Purpose::Window => {
            match given.map(|t| crate::tui::screens::start::window(&t, Utc::now())).transpose() {
                Ok(window) => app.screens.start.window = window,
                Err(why) => return again(app, field, &why),
            }
        }
        _ => {}
    }
    vec![]
}

fn save(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(command) = app.screens.output.command.clone() else { return vec![] };
    let path = std::path::absolute(text).unwrap_or_else(|_| PathBuf::from(text));
    let lines = app
        .screens
        .output
        .selection
        .take()
        .map_or((0, u64::MAX), crate::tui::screens::output::Selection::range);
    vec![Effect::Send(ToRunner::Save { command, attempt: app.screens.output.attempt, path, lines })]
}

/// Opens the field again, saying what is missing; nothing that was typed is lost.
fn again(app: &mut App, field: Field, why: &str) -> Vec<Effect> {
    app.say(why);
    open_field(app, field);
    vec![]
}

/// Draws it.
pub(in crate::tui) fn draw(app: &App, field: &Field, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(12).min(90);
    let many = matches!(field.purpose, Purpose::Edit(_));
    let mut lines: Vec<Line<'_>> = Vec::new();
    if let Purpose::Edit(command) = &field.purpose {
        lines.extend(difference(app, command, &field.editor.text(), width));
    }
    let text: Vec<String> = field.lines.iter().flat_map(|l| wrap_words(l, width)).collect();
    // A long list leaves room for the field itself.
    let most = usize::from(area.height).saturating_sub(8);
    let hidden = text.len().saturating_sub(most);
    lines.extend(text.into_iter().take(most).map(Line::from));
    if hidden > 0 {
        lines.push(Line::from(format!("and {hidden} more")));
    }
    if let Some(message) = &app.message {
        lines.push(Line::from(Span::styled(clip(message, width), app.theme.wants())));
    }
    let typed = field.editor.text();
    let rows = typed
        .lines()
        .map(|l| l.width() / width.saturating_sub(3).max(1) + 1)
        .sum::<usize>()
        .max(field.editor.len());
    let rows = rows.clamp(1, if many { 8 } else { 3 });
    let at = lines.len();
    lines.extend((0..rows).map(|_| Line::from(" ".repeat(width))));
    lines[at] = Line::from(vec![
        Span::styled("> ", app.theme.wants()),
        Span::raw(" ".repeat(width.saturating_sub(2))),
    ]);
    let foot = if many {
        "Enter accepts   Alt-Enter new line   Esc cancels"
    } else if field.editor.is_offered() {
        "Enter accepts   typing replaces it   End keeps it   Esc cancels"
    } else {
        "Enter accepts   Esc cancels"
    };
    lines.push(Line::from(Span::styled(foot, app.theme.dim())));
    let inner = boxed(app.theme, &field.title, lines, frame, area);
    let place = Rect {
        x: inner.x + 2,
        y: (inner.y + at as u16).min(inner.y + inner.height.saturating_sub(1)),
        width: inner.width.saturating_sub(2),
        height: (rows as u16).min(inner.height.saturating_sub(at as u16).max(1)),
    };
    field.editor.draw(frame, place);
}

/// What was changed of a command, against the document.
fn difference(app: &App, command: &CommandId, typed: &str, width: usize) -> Vec<Line<'static>> {
    let Some(run) = &app.run else { return vec![] };
    let Some(original) = run.runbook().command(command) else { return vec![] };
    let before = run.filled(original);
    if before == typed {
        return vec![Line::from(Span::styled(
            "As in the document. A change is recorded as a deviation.",
            app.theme.dim(),
        ))];
    }
    let diff = TextDiff::from_lines(before.as_str(), typed);
    let mut lines = Vec::new();
    for change in diff.iter_all_changes().filter(|c| c.tag() != ChangeTag::Equal) {
        let (sign, style) =
            if change.tag() == ChangeTag::Delete { ("-", app.theme.bad()) } else { ("+", app.theme.good()) };
        let text = format!("{sign} {}", change.value().trim_end());
        lines.extend(wrap_code(&text, width).into_iter().map(|l| Line::from(Span::styled(l, style))));
    }
    lines.push(Line::from(""));
    lines
}
