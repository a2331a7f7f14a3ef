//! "Why": what was derived about the thing looked at, and from which lines of the document.

use super::super::app::{App, Overlay, Place, StartRow, Why};
use crate::record;
use crate::run::environment::is_production;
use crate::text::{self as words, Reason};

/// Opens it for what is looked at.
pub(super) fn open(app: &mut App) {
    let why = match app.place {
        Place::Start => start(app),
        Place::Checklist => app.book.items().get(app.screens.checklist.item).map(|item| {
            let mut reasons = vec![reason("a check item", item.line)];
            if let (Some(command), Some(run)) = (&item.runs, &app.run) {
                reasons.extend(words::reasons(run, command));
            }
            (item.id.0.clone(), reasons)
        }),
        Place::Log => log(app),
        _ => {
            let id = match app.place {
                Place::Commands => app
                    .run
                    .as_ref()
                    .and_then(|r| r.ran().get(app.screens.commands.row))
                    .map(|r| r.command.clone()),
                _ => app.shown_command(),
            };
            id.and_then(|id| {
                let run = app.run.as_ref()?;
                Some((id.0.clone(), words::reasons(run, run.find(&id)?)))
            })
        }
    };
    match why.filter(|(_, reasons)| !reasons.is_empty()) {
        Some((title, reasons)) => app.overlays.push(Overlay::Why(Why { title, reasons, chosen: 0 })),
        None => app.say("nothing here comes from the document"),
    }
}

fn reason(says: impl Into<String>, line: usize) -> Reason {
    Reason::new(says, line)
}

fn start(app: &App) -> Option<(String, Vec<Reason>)> {
    let row = app.start_rows().get(app.screens.start.row).copied()?;
    Some(match row {
        StartRow::Environment(at) => {
            let environment = app.book.runbook.environments.get(at)?;
            let production = is_production(environment, app.settings.production(&environment.name));
            let said = app.settings.production(&environment.name).is_some();
            let words = match (production, said) {
                (true, true) => "production: the settings say so",
                (true, false) => "production: a word of its name or address begins with \"prod\"",
                (false, true) => "not production: the settings say so",
                (false, false) => "not production: no word of its name or address begins with \"prod\"",
            };
            (
                environment.name.clone(),
                vec![
                    reason("an environment: a row of the table", environment.line),
                    reason(words, environment.line),
                ],
            )
        }
        StartRow::Value(at) => {
            let name = &app.screens.start.values.get(at)?.name;
            let parameter = app.book.runbook.parameters.iter().find(|p| &p.name == name)?;
            let uses = parameter.uses.iter().map(|u| {
                let place = u.command.as_ref().map_or("outside commands".to_owned(), |c| format!("in {c}"));
                reason(format!("used {place}"), u.line)
            });
            (name.clone(), uses.collect())
        }
        _ => {
            let findings = app
                .book
                .runbook
                .findings
                .iter()
                .map(|f| reason(format!("{}: {}", f.code, f.message), f.line));
            ("What to know before starting".into(), findings.collect())
        }
    })
}

fn log(app: &App) -> Option<(String, Vec<Reason>)> {
    let filled = record::fill(app.run.as_ref()?);
    let line =
        filled.from.get(app.screens.log.row).copied().filter(|_| app.book.runbook.log_template.is_some());
    let sources = filled.filled.iter().filter(|f| f.at == app.screens.log.row).flat_map(|f| &f.sources);
    let mut reasons: Vec<Reason> = sources
        .map(|s| {
            let event = s.event.map_or(String::new(), |e| format!(" (event {})", e.0));
            Reason { says: format!("{}{event}", s.words), line: None }
        })
        .collect();
    let left = filled.left.iter().filter(|l| Some(l.line) == line);
    reasons.extend(left.map(|l| Reason { says: format!("as it was: {}", l.why), line: None }));
    reasons.extend(line.map(|line| reason("a line of the document's own template", line)));
    Some(("a line of the log".into(), reasons))
}
