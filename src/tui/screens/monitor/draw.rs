//! Monitor: the document's windows after the deployment, round by round.
//!
//! ```text
//!  First Hour                                              4 of 12, 1 missed
//!  next check in 3:12    since 21:52, until 22:52, then First 24 Hours
//!  ████████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░
//!                            21:52  21:57  22:02  22:07
//! ▸ API server responding    ✗▁▁╳▁  ✓▁▁▁▁  –      ?▁▁░░  /health 200
//! ```

use chrono::{DateTime, Local, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::figures::running;
use crate::run::RunState;
use crate::run::board::{Board, Row, What};
use crate::run::health::{Answer, Cell, RowLevel, Usual};
use crate::run::monitoring::{self, Held, Round, Watched};
use crate::runbook::{Item, Monitoring, words as text};
use crate::tui::app::App;
use crate::tui::keymap::Action;
use crate::tui::screens::monitor::PARTS;
use crate::tui::theme::Theme;
use crate::tui::widgets::strip::{joined, latest, part};
use crate::tui::widgets::text::{clip, clock, fit, put, time, titled, wrap_words};

/// Columns of one round.
const ROUND: usize = 7;

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let Some(run) = &app.run else { return };
    let width = usize::from(area.width);
    let lines = match run.watched() {
        _ if run.runbook().monitoring.is_empty() => {
            vec![Line::from(" The document has no monitoring windows.")]
        }
        None => planned(app, run, width),
        Some(watched) => shown(app, run, watched, (width, usize::from(area.height))),
    };
    for (row, line) in lines.into_iter().take(usize::from(area.height)).enumerate() {
        put(frame, area, row, line);
    }
}

/// Before it has begun: what the document wants.
fn planned(app: &App, run: &RunState, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(Span::styled(" Not begun", app.theme.strong())), Line::default()];
    for (at, window) in run.runbook().monitoring.iter().enumerate() {
        let rounds = monitoring::rounds_of(&run.runbook().monitoring, at as u32 + 1);
        let text = format!(" {}: {rounds} rounds, {}   line {}", window.title, often(window), window.line);
        lines.push(Line::from(clip(&text, width)));
        lines.extend(
            window
                .items
                .iter()
                .map(|i| Line::from(Span::styled(clip(&format!("     {}", i.text), width), app.theme.dim()))),
        );
    }
    lines.push(Line::default());
    lines.push(Line::from(" It begins by itself when the run ends as deployed; Enter begins it now."));
    lines
}

fn often(window: &Monitoring) -> String {
    window.every_s.map_or("once".to_owned(), |s| format!("every {}", text::every(s)))
}

fn shown(
    app: &App,
    run: &RunState,
    watched: &Watched,
    (width, height): (usize, usize),
) -> Vec<Line<'static>> {
    let windows = &run.runbook().monitoring;
    let now = app.moment();
    let at = monitoring::window_at(windows, watched.since, now);
    let Some(window) = windows.get(at) else { return vec![] };
    let mut so_far = watched.clone();
    if let Some(open) = so_far.rounds.last_mut().filter(|r| r.held.is_none()) {
        // What is said of a round is said when it is over; until then it is what was seen so far.
        let seen = monitoring::so_far(run, app.health.as_ref(), now).evidence;
        open.evidence = if seen.is_empty() { std::mem::take(&mut open.evidence) } else { seen };
    }
    let watched = &so_far;
    let mut lines = head(app, (run, watched), (at, window, now), width);
    lines.push(Line::default());
    let below = selected(app, watched, (at, window), width);
    let room = height.saturating_sub(lines.len() + below.len().min(4));
    lines.extend(table(app, watched, (at, window), (width, room)));
    lines.extend(below);
    if let Some(board) = app.board() {
        lines.extend(alerts(app, board, width));
        lines.extend(since_the_release(app, board, width));
    }
    lines.extend(before(app, watched, windows, at));
    lines
}

fn head(
    app: &App,
    (run, watched): (&RunState, &Watched),
    (at, window, now): (usize, &Monitoring, DateTime<Utc>),
    width: usize,
) -> Vec<Line<'static>> {
    let windows = &run.runbook().monitoring;
    let number = at as u32 + 1;
    let all = monitoring::rounds_of(windows, number);
    let begun = watched.rounds.iter().filter(|r| r.id.window == number).count();
    let [_, _, missed] = watched.count(number);
    let missed = if missed > 0 { format!(", {missed} missed") } else { String::new() };
    let right = format!("{begun} of {all}{missed} ");
    let title = fit(&format!(" {}", window.title), width.saturating_sub(right.width()));
    let mut lines = vec![Line::from(vec![Span::styled(title, app.theme.strong()), Span::raw(right)])];
    let local = |at: DateTime<Utc>| at.with_timezone(&Local).format("%H:%M").to_string();
    let ends = monitoring::window_ends(windows, watched.since, number);
    let then = windows.get(at + 1).map_or(String::new(), |w| format!(", then {} {}", w.title, often(w)));
    let span = format!("since {}, until {}{then}", local(watched.since), local(ends));
    let next = monitoring::next_after(windows, watched.since, now);
    let head = match (&watched.ended, next) {
        (Some((at, why)), _) => Span::styled(format!(" over since {}: {why}", local(*at)), app.theme.wants()),
        (None, Some(next)) => {
            let left = next.due.signed_duration_since(now).num_seconds().max(0) as u64;
            Span::styled(format!(" next check in {}", clock(left)), app.theme.strong())
        }
        (None, None) => Span::raw(" the last round is open"),
    };
    let room = width.saturating_sub(head.content.width() + 3);
    lines.push(Line::from(vec![head, Span::styled(format!("   {}", clip(&span, room)), app.theme.dim())]));
    let begins =
        if at == 0 { watched.since } else { monitoring::window_ends(windows, watched.since, number - 1) };
    let whole = ends.signed_duration_since(begins).num_seconds().max(1) as f64;
    let done = now.signed_duration_since(begins).num_seconds() as f64 / whole;
    let ends = (local(begins), local(ends));
    lines.push(bar(app.theme, done.clamp(0.0, 1.0), ends, width.saturating_sub(2).min(120)));
    lines
}

fn bar(theme: Theme, done: f64, (from, to): (String, String), width: usize) -> Line<'static> {
    let width = width.saturating_sub(from.width() + to.width() + 2);
    let full = (done * width as f64).round() as usize;
    let text = theme.sign("█", "#").repeat(full);
    let rest = theme.sign("░", ".").repeat(width.saturating_sub(full));
    Line::from(vec![
        Span::raw(format!(" {from} ")),
        Span::styled(text, theme.level(RowLevel::Ok)),
        Span::styled(rest, theme.dim()),
        Span::raw(format!(" {to}")),
    ])
}

/// The items that are drawn where there is no room for all: the one at the cursor is always among them, for the keys are
/// about that one.
fn drawn(items: usize, cursor: usize, room: usize) -> std::ops::Range<usize> {
    let room = room.clamp(1, items.max(1));
    let from = cursor.saturating_sub(room / 2).min(items.saturating_sub(room));
    from..(from + room).min(items)
}

/// What is above and below the items that are drawn, with how many of those are bad or somebody's to say.
fn left_out(
    theme: Theme,
    (window, shown): (&Monitoring, &std::ops::Range<usize>),
    last: Option<&Round>,
) -> Option<Line<'static>> {
    let out = |part: &[Item], mark: &str| {
        let signs = |wanted: &str| {
            last.map_or(0, |round| part.iter().filter(|item| answer(theme, round, item).0 == wanted).count())
        };
        let bad = theme.sign("✗", "X");
        let told = [(bad, signs(bad)), ("?", signs("?"))];
        let told: Vec<String> =
            told.iter().filter(|(_, n)| *n > 0).map(|(sign, n)| format!("{sign} {n}")).collect();
        let told = if told.is_empty() { String::new() } else { format!(": {}", told.join(" ")) };
        (!part.is_empty()).then(|| format!("{mark} {} more{told}", part.len()))
    };
    let above = out(window.items.get(..shown.start).unwrap_or_default(), theme.sign("▴", "^"));
    let below = out(window.items.get(shown.end..).unwrap_or_default(), theme.sign("▾", "v"));
    let parts: Vec<String> = [above, below].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| Line::from(Span::styled(format!("   {}", parts.join("   ")), theme.wants())))
}

/// Items down, rounds across, the newest at the right.
fn table(
    app: &App,
    watched: &Watched,
    (at, window): (usize, &Monitoring),
    (width, room): (usize, usize),
) -> Vec<Line<'static>> {
    let longest = window.items.iter().map(|i| i.text.width()).max().unwrap_or(10);
    let name = longest.clamp(10, if width >= 110 { 44 } else { 36 });
    let evidence = 18.min(width.saturating_sub(name + ROUND * 2 + 4));
    let most = width.saturating_sub(name + evidence + 5) / ROUND;
    let rounds: Vec<&Round> = watched.rounds.iter().filter(|r| r.id.window == at as u32 + 1).collect();
    let rounds = &rounds[rounds.len().saturating_sub(most.max(1))..];
    let mut heads = String::new();
    for round in rounds {
        heads.push_str(&fit(&round.due.with_timezone(&Local).format("%H:%M").to_string(), ROUND));
    }
    let mut lines = vec![Line::from(Span::styled(format!("   {} {heads}", fit("", name)), app.theme.dim()))];
    // The line of the clocks and that of the rounds stand around them, and one that says what is left out.
    let cursor = app.screens.monitor.item.min(window.items.len().saturating_sub(1));
    let room = room.saturating_sub(2);
    let room = if window.items.len() > room { room.saturating_sub(1) } else { room };
    let shown = drawn(window.items.len(), cursor, room);
    for (row, item) in window.items.iter().enumerate().filter(|(row, _)| shown.contains(row)) {
        let here = row == cursor;
        let pointer = if here { app.theme.sign("▸", ">") } else { " " };
        let text = fit(&item.text, name);
        let mut spans = vec![
            Span::styled(format!(" {pointer} "), app.theme.wants()),
            if here { Span::styled(text, app.theme.strong()) } else { Span::raw(text) },
            Span::raw(" "),
        ];
        for round in rounds {
            let (sign, style) = answer(app.theme, round, item);
            spans.push(Span::styled(sign, style));
            spans.extend(span_of(app, round, item));
        }
        let last = rounds.last().map_or(String::new(), |r| words(r, item));
        let used: usize = spans.iter().map(|s| s.content.width()).sum();
        spans.push(Span::styled(clip(&last, width.saturating_sub(used + 1)), app.theme.dim()));
        lines.push(Line::from(spans));
    }
    lines.extend(left_out(app.theme, (window, &shown), rounds.last().copied()));
    let mut held = String::new();
    for round in rounds {
        let word = match round.held {
            None => "open",
            Some(Held::Attended) => "seen",
            Some(Held::Unattended) => "probe",
            Some(Held::Missed) => "missed",
        };
        held.push_str(&fit(word, ROUND));
    }
    lines.push(Line::from(Span::styled(format!("   {} {held}", fit("", name)), app.theme.dim())));
    lines
}

/// The strip of an item's round; what is to come of an open one is left light.
fn span_of(app: &App, round: &Round, item: &Item) -> Vec<Span<'static>> {
    let theme = app.theme;
    let open = round.held.is_none();
    let light = (theme.sign("░", "."), theme.dim());
    let cells = app.rounds().get(&(round.id, item.id.clone()));
    let part_of = |at: usize| {
        let cell = cells.and_then(|cells| cells.get(at)).copied();
        match cell {
            Some(Cell::Blank) | None if open && cells.is_some() => light,
            Some(cell) => part(theme, cell, None),
            None => (" ", Style::new()),
        }
    };
    let mut spans = joined((0..PARTS).map(part_of));
    spans.push(Span::raw(" ".repeat(ROUND - 1 - PARTS)));
    spans
}

/// The sign of an item in a round: what somebody said counts before what a probe saw.
fn answer(theme: Theme, round: &Round, item: &Item) -> (&'static str, Style) {
    let good = (theme.sign("✓", "v"), theme.good());
    let bad = (theme.sign("✗", "X"), theme.bad());
    match (round.said_of(&item.id), round.evidence_of(&item.id).map(|e| e.answer)) {
        (Some(said), _) => {
            if said.met {
                good
            } else {
                bad
            }
        }
        (None, Some(Answer::Yes)) => good,
        (None, Some(Answer::No)) => bad,
        (None, Some(Answer::Open)) => ("?", theme.wants()),
        (None, None) if round.held == Some(Held::Missed) => (theme.sign("–", "-"), theme.dim()),
        (None, None) if round.held.is_none() => ("?", theme.wants()),
        (None, None) => (theme.sign("·", "."), theme.dim()),
    }
}

/// What an item's answer in a round rests on.
fn words(round: &Round, item: &Item) -> String {
    match (round.said_of(&item.id), round.evidence_of(&item.id)) {
        (Some(said), _) if said.note.is_empty() => said.by.clone(),
        (Some(said), _) => format!("{}: {}", said.by, said.note),
        (None, Some(evidence)) if evidence.answer == Answer::Open => {
            format!("{}, your call", evidence.words)
        }
        (None, Some(evidence)) => evidence.words.clone(),
        (None, None) if round.held.is_none() => "your call".into(),
        (None, None) => String::new(),
    }
}

/// What is said of the item at the cursor in the last round that has an answer.
fn selected(
    app: &App,
    watched: &Watched,
    (at, window): (usize, &Monitoring),
    width: usize,
) -> Vec<Line<'static>> {
    let Some(item) = window.items.get(app.screens.monitor.item.min(window.items.len().saturating_sub(1)))
    else {
        return vec![];
    };
    let of = |round: &&Round| round.id.window == at as u32 + 1 && !words(round, item).is_empty();
    let Some(round) = watched.rounds.iter().rev().find(of) else { return vec![] };
    let begun = round.due.with_timezone(&Local).format("%H:%M");
    let closed = round.held.map_or("open", Held::words);
    let mut lines = vec![titled(
        app.theme,
        &format!("{}, round {begun}, {closed}", item.text),
        app.theme.strong(),
        width,
    )];
    let (sign, style) = answer(app.theme, round, item);
    for (row, text) in wrap_words(&words(round, item), width.saturating_sub(4)).into_iter().enumerate() {
        let sign = if row == 0 { sign } else { " " };
        lines.push(Line::from(vec![Span::styled(format!(" {sign} "), style), Span::raw(text)]));
    }
    lines
}

/// Alerts: those that are open first, however old they are, then the last ones that are over.
fn alerts(app: &App, board: &Board, width: usize) -> Vec<Line<'static>> {
    let alerts = board.events.iter().filter_map(|happened| match &happened.what {
        What::Alert(_, alert) => Some(alert),
        What::Ran { .. } => None,
    });
    let mut lines = Vec::new();
    for alert in alerts.take(5) {
        let known = alert.known.as_ref().map(|(by, note)| format!("{by}: {note}"));
        let done = match (alert.until, known) {
            (Some(_), Some(known)) => known,
            (Some(_), None) => "over".into(),
            (None, Some(known)) => known,
            (None, None) => "nobody has acknowledged it".to_owned(),
        };
        let level = alert.level;
        let style = if alert.until.is_some() { app.theme.dim() } else { app.theme.level(level) };
        let times = if alert.times > 1 { format!(", {} times", alert.times) } else { String::new() };
        let head = format!(
            " {} {} {:>6}  ",
            app.theme.level_sign(level),
            time(alert.since),
            running(alert.lasted_s)
        );
        let indent = head.width();
        let text = format!("{}{times}   {done}", alert.words);
        for (at, part) in wrap_words(&text, width.saturating_sub(indent + 1)).into_iter().take(2).enumerate()
        {
            let head =
                if at == 0 { Span::styled(head.clone(), style) } else { Span::raw(" ".repeat(indent)) };
            lines.push(Line::from(vec![head, Span::raw(part)]));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, titled(app.theme, "alerts: when, for how long, what", app.theme.strong(), width));
    }
    lines
}

/// What there is to say since the release: each figure before and after it, those that are worse first.
fn since_the_release(app: &App, board: &Board, width: usize) -> Vec<Line<'static>> {
    let Some(compared) = &board.compared else { return vec![] };
    let theme = app.theme;
    let told = |row: &&Row| row.before.is_some() || row.after.is_some();
    let mut rows: Vec<&Row> = board.rows.iter().filter(told).collect();
    rows.sort_by_key(|row| !row.changed.is_worse());
    let title = rows.iter().map(|row| row.title.width()).max().unwrap_or(0).min(28);
    let columns = width.saturating_sub(title + 48).min(40);
    let mut lines: Vec<Line<'static>> = rows
        .into_iter()
        .map(|row| {
            let amount = |of: Option<Usual>| of.map_or("–".into(), |usual| row.now.amount(usual.median));
            let figures =
                format!("{:>10} {} {:<10}", amount(row.before), theme.sign("→", ">"), amount(row.after));
            let style = if row.changed.is_worse() { theme.level(RowLevel::Watch) } else { theme.dim() };
            let mut spans = vec![Span::raw(format!("   {} ", fit(&row.title, title)))];
            let drawn = latest(theme, row, columns);
            let used: usize = drawn.iter().map(Span::width).sum();
            spans.extend(drawn);
            spans.push(Span::raw(format!("{} {figures} ", " ".repeat(columns.saturating_sub(used)))));
            spans.push(Span::styled(row.changed.words(), style));
            Line::from(spans)
        })
        .collect();
    if !lines.is_empty() {
        let since = compared.after.map_or("not yet".into(), time);
        let worse = if compared.worse > 0 { format!(", {} worse", compared.worse) } else { String::new() };
        lines.insert(
            0,
            titled(
                theme,
                &format!(
                    "before and since the release ({since}){worse}, {} shows all",
                    app.key(Action::Compare)
                ),
                app.theme.strong(),
                width,
            ),
        );
    }
    lines
}

/// Windows that are over.
fn before(app: &App, watched: &Watched, windows: &[Monitoring], at: usize) -> Vec<Line<'static>> {
    let over = windows.iter().take(at).enumerate();
    over.map(|(window, one)| {
        let [seen, alone, missed] = watched.count(window as u32 + 1);
        let text = format!(" {}: {seen} attended, {alone} measured unattended, {missed} missed", one.title);
        Line::from(Span::styled(text, app.theme.dim()))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_item_at_the_cursor_is_always_drawn() {
        for items in 1..40 {
            for room in 0..30 {
                for cursor in 0..items {
                    let shown = drawn(items, cursor, room);
                    assert!(shown.contains(&cursor), "{items} {room} {cursor}: {shown:?}");
                    assert!(shown.len() == room.clamp(1, items) && shown.end <= items, "{shown:?}");
                }
            }
        }
    }
}
