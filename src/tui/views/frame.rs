//! The frame: what is deployed where, by whom, how far; the place as observed.

use chrono::Utc;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::run::clock::Sign;
use crate::run::{RunState, clock, rollback};
use crate::tui::app::App;
use crate::tui::views::{banner, tabs};
use crate::tui::widgets::text::{clip, clock as clock_words, put};

/// Draws the frame.
pub(super) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let width = usize::from(area.width);
    let Some(run) = &app.run else {
        let title = clip(&app.book.runbook.title, width.saturating_sub(32));
        let front = |name: &str| app.book.runbook.front.get(name).cloned();
        let right = [front("Version").map(|v| format!("v{v}")), front("Date")]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", ");
        let left = format!(" gonogo {} {title}", app.theme.sign("·", "-"));
        let gap = width.saturating_sub(left.width() + right.width() + 1);
        put(
            frame,
            area,
            0,
            Line::from(vec![
                Span::styled(left, app.theme.strong()),
                Span::raw(" ".repeat(gap)),
                Span::raw(right),
            ]),
        );
        tabs::draw(app, frame, area, 1);
        return;
    };
    let name = if run.production() { run.environment().to_uppercase() } else { run.environment().to_owned() };
    let dot = app.theme.sign("·", "-");
    let elapsed = run.start().map_or(0, |(_, at)| {
        run.outcome().map_or(app.moment(), |(_, end)| end).signed_duration_since(at).num_seconds().max(0)
            as u64
    });
    let estimate: u64 = run.runbook().steps.iter().filter_map(|s| s.estimate_s).sum();
    let of = if estimate > 0 { format!(" of ~{}", clock_words(estimate)) } else { String::new() };
    let time = clock_words(elapsed);
    // The less there is room for, the more is left out; never how far it is, and never the gate.
    let lefts = [
        format!(" {dot} {} {dot} {} {dot} {time}{of}", run.id(), run.operator()),
        format!(" {dot} {} {dot} {} {dot} {time}", run.id(), run.operator()),
        format!(" {dot} {} {dot} {time}", run.operator()),
        format!(" {dot} {time}"),
    ];
    let (settled, all) = app.progress();
    let gate = match (run.outcome(), run.gate()) {
        (Some((outcome, _)), _) => outcome.to_string(),
        (None, _) if run.going_back().is_some() => going_back(run),
        (None, Some(gate)) if gate.go => "gate: GO".to_owned(),
        _ => format!("gate: {} open", app.open_before_the_change()),
    };
    let right = format!("{settled} of {all}   {gate} ");
    let room = width.saturating_sub(name.width() + 4 + right.width());
    let left = lefts.iter().find(|l| l.width() <= room).unwrap_or(&lefts[3]).clone();
    let gap = width.saturating_sub(name.width() + 2 + left.width() + right.width());
    let spans = vec![
        Span::styled(format!(" {name} "), app.theme.environment(run.production())),
        Span::raw(left),
        Span::raw(" ".repeat(gap)),
        Span::raw(right),
    ];
    put(frame, area, 0, Line::from(spans));
    second(app, run, frame, area);
    tabs::draw(app, frame, area, 2);
}

/// How long it has been gone back, against what the document says.
fn going_back(run: &RunState) -> String {
    let Some(back) = run.going_back() else { return String::new() };
    let seconds = Utc::now().signed_duration_since(back.at).num_seconds().max(0) as u64;
    let said = rollback::estimate_s(run.runbook(), &back.decided.procedures);
    let said = said.map_or(String::new(), |s| format!(" of ~{}", clock_words(s)));
    format!("ROLLBACK {}{said}", clock_words(seconds))
}

/// The place as observed, and the clocks.
fn second(app: &App, run: &RunState, frame: &mut Frame<'_>, area: Rect) {
    let (width, now) = (usize::from(area.width), app.moment());
    let mut right: Vec<Span<'static>> = Vec::new();
    let mut add = |group: Line<'static>| {
        if !right.is_empty() {
            right.push(Span::raw("   "));
        }
        right.extend(group.spans);
    };
    if let Some((since, _)) = &app.session.unrecorded {
        let since = since.with_timezone(&chrono::Local).format("%H:%M");
        add(Line::from(Span::styled(
            format!(" NOT RECORDED since {since} "),
            app.theme.bad().patch(app.theme.selected()),
        )));
    }
    if app.session.ends_with_login.is_some() && run.outcome().is_none() {
        add(Line::from(Span::styled("ends at logout", app.theme.bad())));
    }
    if app.session.read_only {
        let holder = app.session.control.holder.as_ref();
        let words = holder.map_or("view only".into(), |h| format!("view only, {h} has control"));
        add(Line::from(Span::styled(words, app.theme.wants())));
    } else if !app.session.control.yours {
        let words = app
            .session
            .control
            .holder
            .as_ref()
            .map_or("nobody has control".into(), |h| format!("{h} has control"));
        add(Line::from(Span::styled(words, app.theme.wants())));
    } else if !app.session.control.others.is_empty() {
        add(Line::from(Span::styled(
            format!("you have control, with {}", app.session.control.others.join(", ")),
            app.theme.name(),
        )));
    }
    // A narrow terminal has no room for the list of them.
    let live = run.background().len();
    if live > 0 && area.width < 80 {
        add(Line::from(Span::styled(format!("{live} in background"), app.theme.wants())));
    }
    if let Some(board) = app.board() {
        add(Line::from(banner::counts(app.theme, board, width)));
    }
    let outages = app.outages();
    if let Some((down, last)) = clock::down_ms(outages, now).zip(outages.last()) {
        let seconds = down / 1000;
        add(Line::from(match last.sign {
            Sign::Nothing => Span::styled(format!("down {}", clock_words(seconds)), app.theme.bad()),
            Sign::RunOver => {
                Span::styled(format!("was down {} to the end", clock_words(seconds)), app.theme.bad())
            }
            _ => Span::styled(format!("was down {}", clock_words(seconds)), app.theme.good()),
        }));
    }
    if let Some(window) = run.window().filter(|_| run.outcome().is_none()) {
        let back_by = clock::latest_rollback(window, run);
        let left = window.ends.signed_duration_since(now).num_seconds();
        let minutes =
            |at: chrono::DateTime<Utc>| at.with_timezone(&chrono::Local).format("%H:%M").to_string();
        add(Line::from(if left <= 0 {
            Span::styled(format!("window closed {}", minutes(window.ends)), app.theme.bad())
        } else if let Some(since) = back_by.filter(|by| now > *by) {
            let left = clock_words(left as u64);
            let words = format!("window {left} left, too late for a rollback since {}", minutes(since));
            Span::styled(words, app.theme.bad())
        } else if now < window.begins {
            Span::styled(format!("window opens {}", minutes(window.begins)), app.theme.wants())
        } else {
            let by = back_by.map_or(String::new(), |by| format!(", roll back by {}", minutes(by)));
            Span::styled(format!("window {} left{by}", clock_words(left as u64)), app.theme.name())
        }));
    }
    if let Some(ticket) = run.start().and_then(|(s, _)| s.ticket.clone()) {
        add(Line::from(Span::raw(ticket)));
    }
    let used = Line::from(right.clone()).width();
    let place = clip(&run.place().to_string(), width.saturating_sub(used + 3).max(12));
    let gap = width.saturating_sub(place.width() + used + 2);
    let mut spans = vec![Span::styled(format!(" {place}"), app.theme.name()), Span::raw(" ".repeat(gap))];
    spans.extend(right);
    put(frame, area, 1, Line::from(spans));
}
