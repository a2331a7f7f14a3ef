//! Start: where, with which values, by whom; what it will be; what was before.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::record::history::Usually;
use crate::run::environment::is_production;
use crate::run::health::Target;
use crate::runbook::Level;
use crate::runbook::lock::Agreement;
use crate::runbook::probes::{Probe, Source};
use crate::runbook::words::every;
use crate::text::{ReadAs, counted};
use crate::tui::app::App;
use crate::tui::screens::start::{StartRow, Value};
use crate::tui::widgets::text::{clip, clock, fit, put, scroll_to, wrap_words};

struct Row {
    label: &'static str,
    line: Line<'static>,
    on: Option<StartRow>,
}

/// Draws the screen.
pub(in crate::tui) fn draw(app: &App, frame: &mut Frame<'_>, area: Rect) {
    let rows = rows(app, usize::from(area.width).saturating_sub(16));
    let current = app.start_rows().get(app.screens.start.row).copied();
    let at = rows.iter().position(|r| r.on.is_some() && r.on == current).unwrap_or(0);
    let top = scroll_to(at, rows.len(), usize::from(area.height));
    for (shown, row) in rows.into_iter().skip(top).enumerate() {
        let here = row.on.is_some() && row.on == current;
        let mark = if here { app.theme.sign("▸", ">") } else { " " };
        let mut spans = vec![
            Span::styled(format!(" {:<10} ", row.label), app.theme.dim()),
            Span::styled(format!("{mark} "), app.theme.wants()),
        ];
        spans.extend(
            row.line
                .spans
                .into_iter()
                .map(|s| if here { Span::styled(s.content, s.style.patch(app.theme.strong())) } else { s }),
        );
        put(frame, area, shown, Line::from(spans));
    }
}

fn rows(app: &App, width: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let plain = |text: String| Line::from(text);
    let label = |rows: &mut Vec<Row>, label: &'static str, line: Line<'static>, on: Option<StartRow>| {
        rows.push(Row { label, line, on })
    };
    if let Some(unfinished) = &app.earlier.unfinished {
        let summary = app.earlier.runs.iter().find(|r| &r.id.0 == unfinished);
        let who = summary.map_or(String::new(), |s| format!(" in {}, by {}", s.environment, s.operator));
        label(
            &mut rows,
            "Unfinished",
            Line::from(Span::styled(format!("continue {unfinished}{who}"), app.theme.wants())),
            Some(StartRow::GoOn),
        );
        label(&mut rows, "", plain(String::new()), None);
    }
    environments(app, &mut rows, width);
    label(&mut rows, "", plain(String::new()), None);
    for (at, value) in app.screens.start.values.iter().enumerate() {
        label(
            &mut rows,
            if at == 0 { "Values" } else { "" },
            value_line(app, value),
            Some(StartRow::Value(at)),
        );
    }
    if !app.screens.start.values.is_empty() {
        label(&mut rows, "", plain(String::new()), None);
    }
    label(
        &mut rows,
        "Who",
        plain(format!("engineer  {}", app.screens.start.operator)),
        Some(StartRow::Operator),
    );
    let ticket = format!("ticket    {}", app.screens.start.ticket.as_deref().unwrap_or("-"));
    label(&mut rows, "Change", plain(ticket), Some(StartRow::Ticket));
    label(&mut rows, "", window(app), Some(StartRow::Window));
    label(&mut rows, "", plain(String::new()), None);
    let said = app.environment_name().map(|name| app.settings.watch_in(&name));
    for (at, probe) in app.screens.start.watch.probes.iter().enumerate() {
        let head = if at == 0 { "Watched" } else { "" };
        let by_settings = said.as_ref().is_some_and(|said| said.probes.contains_key(&probe.id.0));
        label(&mut rows, head, probe_line(app, (probe, by_settings), width), Some(StartRow::Probe(at)));
    }
    for (first, (at, target)) in app.screens.start.watch.proposed().enumerate() {
        let head = if first == 0 { "Judged" } else { "" };
        label(&mut rows, head, target_line(app, target, width), Some(StartRow::Target(at)));
    }
    if !app.screens.start.watch.probes.is_empty() {
        label(&mut rows, "", plain(String::new()), None);
    }
    for (at, text) in facts(app).into_iter().enumerate() {
        label(&mut rows, if at == 0 { "What" } else { "" }, plain(clip(&text, width)), None);
    }
    for (at, line) in reading(app, width).into_iter().enumerate() {
        let head = if at == 0 { "Reading" } else { "" };
        label(&mut rows, head, line, (at == 0).then_some(StartRow::Reading));
    }
    for line in agreement(app, width) {
        label(&mut rows, "", line, None);
    }
    label(&mut rows, "", plain(String::new()), None);
    if let Some(waiting) = &app.settings.waiting {
        let line = |text: String| Line::from(Span::styled(text, app.theme.wants()));
        let words = format!("{} asks for this; it is not used yet:", waiting.file.display());
        for (at, text) in wrap_words(&words, width).into_iter().enumerate() {
            label(&mut rows, if at == 0 { "Settings" } else { "" }, line(text), None);
        }
        for (at, asked) in app.screens.start.asked.iter().enumerate() {
            for (line, text) in wrap_words(asked, width.saturating_sub(2)).into_iter().enumerate() {
                label(&mut rows, "", plain(format!("  {text}")), (line == 0).then_some(StartRow::Asked(at)));
            }
        }
        label(&mut rows, "", line("On this line, Enter accepts it as it is".into()), Some(StartRow::Accept));
        label(&mut rows, "", plain(String::new()), None);
    }
    if let Some(ends) = &app.screens.start.ends_with_login {
        let warns = |text: String| Line::from(Span::styled(text, app.theme.bad()));
        label(&mut rows, "Login", warns("this run would end when you log out".into()), Some(StartRow::Login));
        for text in [ends.why.as_str(), "Enter here checks again. You can start it anyway."] {
            for text in wrap_words(text, width) {
                label(&mut rows, "", warns(text), None);
            }
        }
        // A line of its own, so that it can be copied.
        label(&mut rows, "", warns(ends.remedy.clone()), None);
        label(&mut rows, "", plain(String::new()), None);
    }
    for (at, text) in open_points(app).into_iter().flat_map(|text| wrap_words(&text, width)).enumerate() {
        let line = Line::from(Span::styled(text, app.theme.wants()));
        label(&mut rows, if at == 0 { "To know" } else { "" }, line, None);
    }
    let start = match app.environment_name() {
        Some(name) => Line::from(vec![
            Span::raw("start in "),
            Span::styled(format!(" {name} "), app.theme.environment(production(app))),
        ]),
        None => Line::from(Span::styled("choose an environment to start", app.theme.dim())),
    };
    label(&mut rows, "Start", start, Some(StartRow::Start));
    let before = app.earlier.runs.iter().filter(|r| r.title == app.book.runbook.title).take(4);
    for (at, run) in before.enumerate() {
        let when = run
            .started
            .map_or("-".to_owned(), |t| t.with_timezone(&chrono::Local).format("%d %b %H:%M %Z").to_string());
        let outcome = run.outcome.map_or("unfinished".to_owned(), |o| o.to_string());
        let text = format!("{when}  {:<12} {outcome:<12} {}", run.environment, run.operator);
        label(&mut rows, if at == 0 { "Before" } else { "" }, plain(text), None);
    }
    rows
}

/// What is missing, doubtful or in no part of the plan, right above the start.
fn open_points(app: &App) -> Vec<String> {
    let values = app.screens.start.values.iter();
    let unset: Vec<&str> =
        values.filter(|value| value.is_missing()).map(|value| value.name.as_str()).collect();
    let unset = match &unset[..] {
        [] => None,
        [one] => Some(format!("{one} has no value: it is asked for before the command that needs it")),
        _ => Some(format!(
            "{} have no values: they are asked for before the commands that need them",
            unset.join(", ")
        )),
    };
    let open = &app.read_as().open;
    let open = (!open.is_empty()).then(|| format!("{}: the line Reading opens them", open.join(", ")));
    unset.into_iter().chain(open).collect()
}

/// The change window, with the latest time to begin a rollback.
fn window(app: &App) -> Line<'static> {
    let Some(window) = app.screens.start.window else { return Line::from("window    -") };
    let takes: u64 = app.book.runbook.rollback.steps.iter().filter_map(|s| s.estimate_s).max().unwrap_or(0);
    let back_by = window.ends - chrono::TimeDelta::seconds(takes as i64);
    let back_by = back_by.with_timezone(&chrono::Local).format("%H:%M %Z");
    Line::from(format!(
        "window    {}   begin a rollback by {back_by}",
        crate::tui::widgets::text::window_words(window)
    ))
}

fn production(app: &App) -> bool {
    app.screens
        .start
        .environment
        .and_then(|at| app.book.runbook.environments.get(at))
        .is_some_and(|e| is_production(e, app.settings.production(&e.name)))
}

fn environments(app: &App, rows: &mut Vec<Row>, width: usize) {
    if app.book.runbook.environments.is_empty() {
        let line = Line::from("the document names no environment: the run uses \"default\"");
        rows.push(Row { label: "Where", line, on: None });
    }
    for (at, environment) in app.book.runbook.environments.iter().enumerate() {
        let chosen = if app.screens.start.environment == Some(at) {
            app.theme.sign("●", "*")
        } else {
            app.theme.sign("○", "o")
        };
        let ports: Vec<String> = environment
            .ports
            .iter()
            .map(|(n, p)| format!("{} {p}", n.trim_end_matches(" Port").to_lowercase()))
            .collect();
        let text = format!(
            "{chosen} {:<11} {:<28} {}",
            environment.name,
            environment.url.as_deref().unwrap_or("-"),
            ports.join("  ")
        );
        rows.push(Row {
            label: if at == 0 { "Where" } else { "" },
            line: Line::from(clip(&text, width)),
            on: Some(StartRow::Environment(at)),
        });
    }
}

fn value_line(app: &App, value: &Value) -> Line<'static> {
    let in_shell =
        value.answer.is_none() && value.default.is_none() && std::env::var_os(&value.name).is_some();
    let (text, style) = match (&value.answer, &value.default) {
        (Some(_), _) if value.secret => ("set".to_owned(), app.theme.good()),
        (Some((answer, _)), _) => (answer.clone(), app.theme.good()),
        (None, Some(default)) => (default.clone(), ratatui::style::Style::new()),
        (None, None) if value.elsewhere => ("from the place".to_owned(), app.theme.good()),
        (None, None) if in_shell => ("from the shell".to_owned(), app.theme.good()),
        (None, None) => ("not set".to_owned(), app.theme.wants()),
    };
    let uses = if value.uses == 1 { "1 use".to_owned() } else { format!("{} uses", value.uses) };
    let secret = if value.secret { ", secret" } else { "" };
    let name = format!("{:<20} ", clip(&value.name, 20));
    let source = match (&value.answer, &value.default, value.from) {
        (Some((_, source)), ..) => format!(", {}", source.says()),
        (None, Some(_), Some(line)) => format!(", from line {line}"),
        (None, None, Some(line)) => format!(", set on line {line} by more than a value"),
        _ => String::new(),
    };
    let about = format!("  line {}, {uses}{secret}{source}", value.line);
    Line::from(vec![
        Span::raw(name),
        Span::styled(format!("{text:<16}"), style),
        Span::styled(about, app.theme.dim()),
    ])
}

/// A probe: whether it is on, what it asks, how often or what it costs, and where it comes from.
fn probe_line(app: &App, (probe, by_settings): (&Probe, bool), width: usize) -> Line<'static> {
    let (mark, style) = if probe.on { ("[x]", app.theme.good()) } else { ("[ ]", app.theme.dim()) };
    let from = match probe.line {
        0 if by_settings => "by the settings".to_owned(),
        0 => "by default".to_owned(),
        line => format!("line {line}"),
    };
    let measures = matches!(&probe.source, Source::Http(request) if request.measures);
    let (what, tail) = match &probe.cost {
        // What is asked is what it costs.
        Some(cost) if measures => (cost.clone(), format!("  measures latency, {from}")),
        Some(cost) => (probe.title.clone(), format!("  {cost}, {from}")),
        None => (probe.title.clone(), format!("  every {}, {from}", every(probe.every_s))),
    };
    let id = fit(&probe.id.0, 9);
    let room = width.saturating_sub(tail.width() + id.width() + 5).max(12);
    let what = clip(&what, room);
    let left = width.saturating_sub(what.width() + id.width() + 5);
    Line::from(vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(format!("{id} {what}")),
        Span::styled(clip(&tail, left), app.theme.dim()),
    ])
}

/// A bound that the document says in a sentence: whether it is judged, what it is on, by which probe, and where it is said.
fn target_line(app: &App, target: &Target, width: usize) -> Line<'static> {
    let (mark, style) = if target.on { ("[x]", app.theme.good()) } else { ("[ ]", app.theme.dim()) };
    let [aims, accepts, alerts] = &target.written;
    let bounds = [(aims, ""), (accepts, "acceptable "), (alerts, "alert ")].into_iter();
    let bounds: Vec<String> =
        bounds.filter(|(bound, _)| !bound.is_empty()).map(|(bound, word)| format!("{word}{bound}")).collect();
    let lasts = target.for_s.map_or(String::new(), |seconds| format!(" for {}", every(seconds)));
    let by = match &target.source {
        Ok(figure) => format!("by {}", figure.probe),
        Err(why) => why.clone(),
    };
    let what = format!("{}  {}{lasts}", target.metric, bounds.join(", "));
    let tail = format!("  {by}, {}, line {}", target.said.says(), target.line);
    let room = width.saturating_sub(tail.width() + 4).max(12);
    let what = clip(&what, room);
    let left = width.saturating_sub(what.width() + 4);
    Line::from(vec![
        Span::styled(format!("{mark} "), style),
        Span::raw(what),
        Span::styled(clip(&tail, left), app.theme.dim()),
    ])
}

/// What was read, and what of it is open; on two rows where one has no room for both.
fn reading(app: &App, width: usize) -> Vec<Line<'static>> {
    let ReadAs { found, open } = app.read_as();
    let found = format!("read: {found}");
    let dot = format!(" {} ", app.theme.sign("·", "-"));
    let (rest, style) = if open.is_empty() {
        ("every line was understood".to_owned(), app.theme.good())
    } else {
        (open.join(&dot), app.theme.wants())
    };
    if found.width() + dot.width() + rest.width() > width {
        let below = format!("      {rest}");
        return vec![Line::from(clip(&found, width)), Line::from(Span::styled(clip(&below, width), style))];
    }
    vec![Line::from(vec![Span::raw(found), Span::raw(dot), Span::styled(rest, style)])]
}

/// How many changes of the plan stand on the screen.
const CHANGES: usize = 4;

/// How the document stands to what was agreed on, with the first of what changed.
fn agreement(app: &App, width: usize) -> Vec<Line<'static>> {
    let warns = |text: String| Line::from(Span::styled(text, app.theme.wants()));
    let since = match &app.book.agreement {
        Agreement::None => return vec![],
        Agreement::Broken(why) => return wrap_words(why, width).into_iter().map(warns).collect(),
        Agreement::Since(since) => since,
    };
    let headline = since.headline(chrono::Utc::now().date_naive());
    if since.is_unchanged() {
        return vec![Line::from(Span::styled(clip(&headline, width), app.theme.good()))];
    }
    let mut lines: Vec<Line<'static>> = wrap_words(&headline, width).into_iter().map(warns).collect();
    let first = since.changes.iter().take(CHANGES);
    lines.extend(first.map(|change| Line::from(clip(&format!("  {change}"), width))));
    if since.changes.len() > CHANGES {
        let more = since.changes.len() - CHANGES;
        let text = format!("  and {more} more: gonogo check --locked {}", app.book.path.display());
        lines.push(Line::from(Span::styled(clip(&text, width), app.theme.dim())));
    }
    lines
}

/// How long the steps took in earlier runs in the environment that is chosen: `usually 12 min in 5 runs`.
fn usually(app: &App) -> Option<String> {
    let times = Some(app.earlier.past.runs).filter(|runs| *runs > 0)?;
    // Nothing is said of the whole where a step of it has failed each time.
    let steps = app.book.runbook.steps.iter().filter_map(|step| app.earlier.past.step(step));
    let took: Vec<u64> = steps.map(|step| step.median_ms).collect::<Option<_>>()?;
    let known = Some(took.iter().sum()).filter(|_| !took.is_empty())?;
    Some(Usually { median_ms: Some(known), times, failed: 0 }.words())
}

fn facts(app: &App) -> Vec<String> {
    let book = &app.book.runbook;
    let estimate: u64 = book.steps.iter().filter_map(|s| s.estimate_s).sum();
    let about = if estimate > 0 { format!(", about {}", clock(estimate)) } else { String::new() };
    let commands = book.step_commands().iter().filter(|c| !c.alternative).count();
    let mut facts = vec![format!(
        "{} · {}{about} · {}",
        counted(app.book.items().len(), "check item"),
        counted(book.steps.len(), "step"),
        counted(commands, "command")
    )];
    facts.extend(usually(app));
    let back = match book.rollback.steps.first() {
        Some(step) => format!(
            "rollback on line {}{}",
            step.line,
            step.estimate_s.map_or(String::new(), |s| format!(", {}", clock(s)))
        ),
        None => "no rollback section".to_owned(),
    };
    let problems = match book.troubleshooting.len() {
        0 => "no known problems".to_owned(),
        n => counted(n, "known problem"),
    };
    facts.push(format!("{back} · {problems} · {}", counted(book.targets.len(), "target")));
    let must: Vec<_> = book.findings.iter().filter(|f| f.level >= Level::Warning).collect();
    facts.push(match (book.findings.len(), must.len()) {
        (0, _) => "no findings".to_owned(),
        (all, 0) => format!("{}, none to read before starting: gonogo check", counted(all, "finding")),
        (all, must) => {
            format!("{}, {must} to read before starting: gonogo check", counted(all, "finding"))
        }
    });
    if let Some(first) = must.iter().find(|f| f.level == Level::Error).or(must.first()) {
        facts.push(format!("line {}: {}", first.line, first.message));
    }
    facts
}
