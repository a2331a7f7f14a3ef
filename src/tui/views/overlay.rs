//! What lies over a screen: help, fields, confirmations, the gate, the palette, where things come from.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr;

use super::super::app::{
    App, Confirm, Correcting, Field, Overlay, Palette, Place, Purpose, TextBox, ToBeSigned, Why,
};
use super::super::keymap;
use super::{clip, document, fit, put, scroll_to, sign, wrap_code, wrap_words};
use crate::config::ThemeName;
use crate::run::gates::{self, GateId, Point};
use crate::run::words;
use crate::runbook::CommandId;

/// Draws one overlay.
pub(super) fn draw(app: &App, overlay: &Overlay, frame: &mut Frame<'_>, area: Rect) {
    match overlay {
        Overlay::Help(row) => help(app, *row, frame, area),
        Overlay::Field(field) => field_box(app, field, frame, area),
        Overlay::Confirm(confirm) => confirm_box(app, confirm, frame, area),
        Overlay::Gate(which, row) => gate(app, (*which, *row), frame, area),
        Overlay::Palette(found) => palette(app, found, frame, area),
        Overlay::Contacts => {
            let called = app.run.as_ref().map_or(vec![], words::contacts).into_iter();
            let mut lines: Vec<Line<'_>> = called.map(Line::from).collect();
            lines.push(Line::from(""));
            lines.push(Line::from(Span::styled("y copies them   Esc goes back", app.theme.dim())));
            boxed(app, "Whom to call", lines, frame, area);
        }
        Overlay::Control => {
            let holder = app.session.control.holder.as_deref().unwrap_or("nobody");
            let text = [
                format!("Now: {holder}"),
                "Everybody who follows the run sees who takes it.".to_owned(),
                String::new(),
                "y    take control".to_owned(),
                "Esc  look on".to_owned(),
            ];
            boxed(app, "Take control of this run", text.map(Line::from).to_vec(), frame, area);
        }
        Overlay::Why(why) => why_box(app, why, frame, area),
        Overlay::Correct(menu) => correct_box(app, menu, frame, area),
        Overlay::Sign(signing) => sign_box(app, signing, frame, area),
        Overlay::Text(text) => text_box(app, text, "Esc goes back", frame, area),
        Overlay::Reread(text) => {
            text_box(app, text, "y  go on as it is read now   Esc  run nothing", frame, area);
        }
        Overlay::Stop(command) => {
            let text = [
                "i    INT, as Ctrl-C",
                "t    TERM, asks it to end",
                "F9   KILL, ends it at once",
                "",
                "Esc  let it go on",
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

/// Draws lines in a box in the middle, and gives the place inside it.
fn boxed(app: &App, title: &str, lines: Vec<Line<'_>>, frame: &mut Frame<'_>, area: Rect) -> Rect {
    let widest = lines.iter().map(Line::width).max().unwrap_or(0).max(title.width() + 4);
    let width = (widest as u16 + 4).clamp(30, area.width.saturating_sub(4));
    let height = (lines.len() as u16 + 2).min(area.height.saturating_sub(2));
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    frame.render_widget(Clear, place);
    let block = if app.theme.unicode { Block::bordered() } else { Block::bordered().border_set(ASCII) };
    let title = clip(title, usize::from(width).saturating_sub(4));
    frame.render_widget(block.title(Span::styled(format!(" {title} "), app.theme.strong())), place);
    let inner = Rect { x: place.x + 2, y: place.y + 1, width: place.width - 4, height: place.height - 2 };
    for (row, line) in lines.into_iter().enumerate() {
        put(frame, inner, row, line);
    }
    inner
}

const ASCII: ratatui::symbols::border::Set<'static> = ratatui::symbols::border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

fn help_lines(app: &App, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = Vec::new();
    let key = |shown: String| if shown == "⏎" { app.theme.sign("⏎", "Enter").to_owned() } else { shown };
    let mut legend = if app.place == Place::Document { document::legend() } else { vec![] };
    for binding in app.keys.of(app.place) {
        // Behind the keys of the screen itself, before those of every screen.
        if binding.on.is_empty() {
            for text in legend.drain(..) {
                lines.push(Line::from(""));
                lines.extend(wrap_words(&text, width).into_iter().map(Line::from));
            }
        }
        let shown = key(keymap::shown(binding.key));
        for (row, words) in wrap_words(binding.long, width.saturating_sub(8)).into_iter().enumerate() {
            let shown = if row == 0 { shown.as_str() } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("{shown:<7} "), app.theme.strong()),
                Span::raw(words),
            ]));
        }
    }
    let signs = if app.theme.unicode {
        "✓ passed  ○ done, nothing claimed  ✗ failed  ▶ runs  ? needs your eyes  – skipped  · not yet  % lost  ! destructive  ~ optional  ◆ point of no return  ↺ wait until it passes  ✎ edited"
    } else {
        "v passed  o done, nothing claimed  X failed  > runs  ? needs your eyes  - skipped  . not yet  % lost  ! destructive  ~ optional  # point of no return  @ wait until it passes"
    };
    let themes: Vec<&str> = ThemeName::ALL.iter().map(|t| t.name()).collect();
    let more = [
        signs.to_owned(),
        format!(
            "Colours: {}; now {}. Set them as theme in the settings, or by : here.",
            themes.join(", "),
            app.theme.name.name()
        ),
        "Keys can be changed by name under [keys] in the settings; config.toml lists the names.".to_owned(),
    ];
    for text in more {
        lines.push(Line::from(""));
        lines.extend(
            wrap_words(&text, width).into_iter().map(|l| Line::from(Span::styled(l, app.theme.dim()))),
        );
    }
    lines
}

/// How many rows help has.
pub fn help_rows(app: &App) -> usize {
    help_lines(app, help_width(app.size.0)).len()
}

fn help_width(columns: u16) -> usize {
    usize::from(columns).saturating_sub(10).min(90)
}

fn help(app: &App, row: usize, frame: &mut Frame<'_>, area: Rect) {
    let lines = help_lines(app, help_width(area.width));
    let height = usize::from(area.height).saturating_sub(4);
    let more = lines.len() > height;
    let row = row.min(lines.len().saturating_sub(height));
    let title = if more {
        format!(
            "Keys of this screen  {}-{} of {}, j k scroll",
            row + 1,
            (row + height).min(lines.len()),
            lines.len()
        )
    } else {
        "Keys of this screen".to_owned()
    };
    boxed(app, &title, lines.into_iter().skip(row).take(height).collect(), frame, area);
}

fn field_box(app: &App, field: &Field, frame: &mut Frame<'_>, area: Rect) {
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
        "Enter takes it   Alt-Enter new line   Esc goes back"
    } else {
        "Enter takes it   Esc goes back"
    };
    lines.push(Line::from(Span::styled(foot, app.theme.dim())));
    let inner = boxed(app, &field.title, lines, frame, area);
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

fn palette(app: &App, palette: &Palette, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(100);
    let height = usize::from(area.height).saturating_sub(7).min(18);
    let mut lines: Vec<Line<'_>> = vec![Line::from(Span::styled("> ", app.theme.wants()))];
    let typed = palette.editor.text();
    let top = scroll_to(palette.chosen, palette.fitting.len(), height);
    for row in 0..height {
        let entry = palette.fitting.get(top + row).map(|at| &palette.entries[*at]);
        let Some(entry) = entry else {
            let words = match (row, typed.strip_prefix('!')) {
                (0, Some(command)) if !command.trim().is_empty() => {
                    format!("Enter runs a command that is not in the document:{command}")
                }
                (0, Some(_)) => "type a command that is not in the document".to_owned(),
                (0, None) => "nothing is called like that".to_owned(),
                _ => String::new(),
            };
            lines.push(Line::from(Span::styled(fit(&words, width), app.theme.dim())));
            continue;
        };
        let chosen = top + row == palette.chosen;
        let words = fit(&entry.words, width.saturating_sub(8));
        let style = if chosen { app.theme.selected() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(words, style),
            Span::styled(format!(" {:>7}", entry.key), app.theme.dim()),
        ]));
    }
    let title = format!("What to do  {} of {}", palette.fitting.len(), palette.entries.len());
    let inner = boxed(app, &title, lines, frame, area);
    palette
        .editor
        .draw(frame, Rect { x: inner.x + 2, height: 1, width: inner.width.saturating_sub(2), ..inner });
}

fn why_box(app: &App, why: &Why, frame: &mut Frame<'_>, area: Rect) {
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
    shown.push(Line::from(Span::styled(
        "Enter shows the line in the document   Esc goes back",
        app.theme.dim(),
    )));
    boxed(app, &format!("Why: {}", why.title), shown, frame, area);
}

/// The menu of how a piece of the document is to be read: what it is about, the choices, what each would mean.
fn correct_box(app: &App, menu: &Correcting, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width).saturating_sub(10).min(90);
    let mut lines: Vec<Line<'_>> = Vec::new();
    // A long paragraph leaves room for the choices.
    for text in menu.lines.iter().flat_map(|l| wrap_words(l, width).into_iter().take(2)) {
        lines.push(Line::from(Span::styled(text, app.theme.dim())));
    }
    lines.push(Line::from(""));
    let above = lines.len();
    // What is shown of a long menu moves with what is chosen.
    let height = usize::from(area.height).saturating_sub(above + 6).max(3);
    let top = scroll_to(menu.chosen, menu.choices.len(), height);
    for (at, choice) in menu.choices.iter().enumerate().skip(top).take(height) {
        let chosen = at == menu.chosen;
        let pointer = if chosen { app.theme.sign("▸ ", "> ") } else { "  " };
        let now = if choice.now { app.theme.sign("● ", "* ") } else { "  " };
        let style = if chosen { app.theme.strong() } else { Style::new() };
        lines.push(Line::from(vec![
            Span::styled(pointer, app.theme.wants()),
            Span::styled(now, app.theme.good()),
            Span::styled(fit(&choice.says, 44.min(width.saturating_sub(22))), style),
            Span::styled(choice.words.unwrap_or_default().to_owned(), app.theme.dim()),
        ]));
    }
    lines.push(Line::from(""));
    let now = app.theme.sign("●", "*");
    let foot = format!("Enter takes it   Esc changes nothing   {now} as it is read now");
    lines.push(Line::from(Span::styled(clip(&foot, width), app.theme.dim())));
    boxed(app, &menu.title, lines, frame, area);
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
        Line::from(Span::styled(
            format!("j shows {rest} rows more; they have to be seen first"),
            app.theme.wants(),
        ))
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
        let words = format!("j shows {rest} rows more; they have to be seen first");
        Line::from(Span::styled(words, app.theme.wants()))
    } else {
        Line::from(vec![
            Span::styled("y", app.theme.strong()),
            Span::raw(" put the name under it   "),
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

/// Rows of the board that are shown at once.
fn gate_height(area_height: u16) -> usize {
    usize::from(area_height).saturating_sub(9).max(1)
}

fn gate_width(area_width: u16) -> usize {
    usize::from(area_width).saturating_sub(12).min(90)
}

/// What is open before a gate, and what else to know, wrapped.
fn gate_lines(app: &App, points: &[Point], width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for point in points {
        let (sign, style) = if point.open {
            (app.theme.sign("✗", "X"), app.theme.wants())
        } else {
            (app.theme.sign("·", "."), app.theme.dim())
        };
        for (at, part) in super::wrap_words(&point.words, width.saturating_sub(3)).into_iter().enumerate() {
            let head = if at == 0 { sign } else { " " };
            lines.push(Line::from(Span::styled(format!("{head} {part}"), style)));
        }
    }
    lines
}

/// How far the board can be scrolled down.
pub(in crate::tui) fn gate_rest(app: &App, which: GateId) -> usize {
    let Some(run) = &app.run else { return 0 };
    let board = gates::board(run, which, &app.outside());
    gate_lines(app, &board, gate_width(app.size.0)).len().saturating_sub(gate_height(app.size.1))
}

fn gate(app: &App, (which, row): (GateId, usize), frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let board = gates::board(run, which, &app.outside());
    let open = gates::open_words(&board).len();
    let head = match (open, board.len()) {
        (0, 0) => Span::styled("All green: nothing is open.", app.theme.good()),
        (0, _) => Span::styled("All green. To know:", app.theme.good()),
        (1, _) => Span::styled("1 thing is open; GO needs a reason:", app.theme.wants()),
        (open, _) => Span::styled(format!("{open} things are open; GO needs a reason:"), app.theme.wants()),
    };
    let mut lines: Vec<Line<'_>> = vec![Line::from(head)];
    let all = gate_lines(app, &board, gate_width(area.width));
    let (length, shown) = (all.len(), gate_height(area.height));
    lines.extend(all.into_iter().skip(row).take(shown));
    if length > row + shown {
        lines.push(Line::from(Span::styled(format!("{} more below", length - row - shown), app.theme.dim())));
    }
    lines.push(Line::from(""));
    let key = |k: &'static str| Span::styled(k, app.theme.strong());
    let (go, no) = match which {
        GateId::Change => (" GO   ", " NO-GO, ends the run   "),
        GateId::Verified => (" GO   ", " NO-GO, then roll back or end as failed   "),
        GateId::SignOff => (" GO, ends as deployed   ", " NO-GO   "),
    };
    lines.push(Line::from(vec![
        key("g"),
        Span::raw(go),
        key("F7"),
        Span::raw(no),
        key("Esc"),
        Span::raw(" not yet"),
    ]));
    let title = format!("Go or no-go for {}, {}", run.environment(), which.title());
    boxed(app, &title, lines, frame, area);
}
