//! What lies over a screen: help, fields, confirmations, the gate, the palette, where things come from.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::super::app::{App, Confirm, Overlay, TextBox, ToBeSigned};
use super::boxed::boxed;
use super::sign;
use super::text::{clip, wrap_code, wrap_words};
use crate::text as words;

mod field;
mod gate;
mod help;
mod masks;
mod menus;

pub(in crate::tui) use gate::gate_rest;
pub(in crate::tui) use help::help_rows;
pub(in crate::tui) use masks::masks_rest;

/// Draws one overlay.
pub(super) fn draw(app: &App, overlay: &Overlay, frame: &mut Frame<'_>, area: Rect) {
    match overlay {
        Overlay::Help(row) => help::help(app, *row, frame, area),
        Overlay::Field(field) => field::field_box(app, field, frame, area),
        Overlay::Confirm(confirm) => confirm_box(app, confirm, frame, area),
        Overlay::Gate(which, row) => gate::gate(app, (*which, *row), frame, area),
        Overlay::Palette(found) => menus::palette(app, found, frame, area),
        Overlay::Contacts => {
            let called = app.run.as_ref().map_or(vec![], words::contacts).into_iter();
            let mut lines: Vec<Line<'_>> = called.map(Line::from).collect();
            lines.push(Line::from(""));
            lines.push(Line::from(Span::styled("y copies them   Esc closes", app.theme.dim())));
            boxed(app, "Whom to call", lines, frame, area);
        }
        Overlay::Control => {
            let holder = app.session.control.holder.as_deref().unwrap_or("nobody");
            let text = [
                format!("Now: {holder}"),
                "Everybody who watches the run sees who takes it.".to_owned(),
                String::new(),
                "y    take control".to_owned(),
                "Esc  keep watching".to_owned(),
            ];
            boxed(app, "Take control of this run", text.map(Line::from).to_vec(), frame, area);
        }
        Overlay::Why(why) => menus::why_box(app, why, frame, area),
        Overlay::Correct(menu) => menus::correct_box(app, menu, frame, area),
        Overlay::Masks(shown) => masks::masks_box(app, shown, frame, area),
        Overlay::Sign(signing) => sign_box(app, signing, frame, area),
        Overlay::Text(text) => text_box(app, text, "Esc closes", frame, area),
        Overlay::Reread(text) => {
            text_box(app, text, "y  continue as it is read now   Esc  run nothing", frame, area);
        }
        Overlay::Stop(command) => {
            let text = [
                "i    INT, as Ctrl-C",
                "t    TERM, asks it to end",
                "k    KILL, ends it at once",
                "",
                "Esc  let it run",
            ];
            let mut lines: Vec<Line<'_>> = text.iter().map(|t| Line::from(*t)).collect();
            if let Some(text) = app.run.as_ref().and_then(|r| r.find(command).map(|c| r.text_of(c))) {
                let first = clip(text.lines().next().unwrap_or_default(), usize::from(area.width) - 12);
                lines.insert(0, Line::from(Span::styled(first, app.theme.strong())));
                lines.insert(1, Line::from(""));
            }
            boxed(app, &format!("End the running command {command}"), lines, frame, area);
        }
    }
}

/// The rows of a command to confirm, without what is always under them.
fn confirm_rows(app: &App, confirm: &Confirm, columns: u16) -> Vec<Line<'static>> {
    let width = usize::from(columns).saturating_sub(12).min(100);
    let place = app.run.as_ref().map_or(String::new(), |r| format!("{} at {}", r.environment(), r.place()));
    let mut lines: Vec<Line<'static>> = wrap_words(&confirm.why, width).into_iter().map(Line::from).collect();
    lines.push(Line::from(""));
    let text = wrap_code(&confirm.text, width).into_iter();
    lines.extend(text.map(|l| Line::from(Span::styled(l, app.theme.bad()))));
    let target = confirm.target.iter().flat_map(|t| wrap_words(t, width));
    lines.extend(target.map(|t| Line::from(Span::styled(t, app.theme.strong()))));
    lines.push(Line::from(Span::styled(clip(&place, width), app.theme.name())));
    lines
}

/// Rows of a confirmation that don't fit under the one scrolled to: the last has to be seen before `y` counts.
pub fn confirm_rest(app: &App, confirm: &Confirm) -> usize {
    let rows = confirm_rows(app, confirm, app.size.0).len();
    rows.saturating_sub(confirm.row + confirm_height(app.size.1))
}

fn confirm_height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(7)
}

fn confirm_box(app: &App, confirm: &Confirm, frame: &mut Frame<'_>, area: Rect) {
    let rest = confirm_rest(app, confirm);
    let rows = confirm_rows(app, confirm, area.width).into_iter();
    let mut lines: Vec<Line<'_>> = rows.skip(confirm.row).take(confirm_height(area.height)).collect();
    lines.push(Line::from(""));
    lines.push(if rest > 0 {
        Line::from(Span::styled(format!("j shows {rest} rows more; read them first"), app.theme.wants()))
    } else {
        Line::from(vec![
            Span::styled("y", app.theme.strong()),
            Span::raw(" run it   "),
            Span::styled("Esc", app.theme.strong()),
            Span::raw(" go back"),
        ])
    });
    boxed(app, &format!("Run {}?", confirm.command), lines, frame, area);
}

fn sign_box(app: &App, signing: &ToBeSigned, frame: &mut Frame<'_>, area: Rect) {
    let rest = sign::rest(app, signing);
    let rows = sign::rows(app, signing, area.width).into_iter();
    let mut lines: Vec<Line<'_>> = rows.skip(signing.row).take(sign::height(area.height)).collect();
    lines.push(Line::from(""));
    lines.push(if rest > 0 {
        let words = format!("j shows {rest} rows more; read them first");
        Line::from(Span::styled(words, app.theme.wants()))
    } else {
        Line::from(vec![
            Span::styled("y", app.theme.strong()),
            Span::raw(" sign   "),
            Span::styled("Esc", app.theme.strong()),
            Span::raw(" go back"),
        ])
    });
    boxed(app, &format!("Sign as {}", signing.signing.role), lines, frame, area);
}

fn text_rows(text: &TextBox, columns: u16) -> Vec<String> {
    let width = usize::from(columns).saturating_sub(10).min(120);
    text.lines.iter().flat_map(|l| wrap_words(if l.is_empty() { " " } else { l }, width)).collect()
}

fn text_height(rows: u16) -> usize {
    usize::from(rows).saturating_sub(6)
}

/// Rows of a text that don't fit under the one scrolled to.
pub fn text_rest(app: &App, text: &TextBox) -> usize {
    text_rows(text, app.size.0).len().saturating_sub(text.row + text_height(app.size.1))
}

fn text_box(app: &App, text: &TextBox, keys: &str, frame: &mut Frame<'_>, area: Rect) {
    let rows = text_rows(text, area.width).into_iter();
    let mut lines: Vec<Line<'_>> =
        rows.skip(text.row).take(text_height(area.height)).map(Line::from).collect();
    let rest = text_rest(app, text);
    lines.push(Line::from(""));
    let more = if rest > 0 { format!("j shows {rest} rows more   ") } else { String::new() };
    lines.push(Line::from(Span::styled(format!("{more}{keys}"), app.theme.dim())));
    boxed(app, &text.title, lines, frame, area);
}
