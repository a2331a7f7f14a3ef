//! Before the run: where, with which values, by whom.

use std::sync::Arc;

use super::console::{self, Console};
use crate::cli::document::Document;
use crate::cli::opened::Opened;
use crate::cli::report::{CommandError, local, note, say};
use crate::cli::{accepted, agreed, watched};
use crate::client::{self, Host, Session, Who};
use crate::config::Settings;
use crate::protocol::Part;
use crate::run::environment::{NO_ENVIRONMENT, is_production};
use crate::run::event::Start;
use crate::run_files;
use crate::runbook::Runbook;
use crate::runner::NewRun;
use crate::store::{Filter, Store};
use crate::text::counted;

/// Starts a run or goes on with one; `None` when the operator leaves instead.
pub(super) async fn begin(
    console: &mut Console,
    mut settings: Settings,
    store: Arc<dyn Store>,
    document: Document,
    opened: Opened,
) -> Result<Option<Session>, CommandError> {
    let host = opened.host();
    let directory = match opened.directory {
        Some(directory) => directory,
        None => std::env::current_dir()?,
    };
    let book = &document.runbook;
    let (steps, commands) =
        (counted(book.steps.len(), "step"), counted(book.count_step_commands(), "command"));
    say(format!("{}. {steps}, {commands}.", book.title))?;
    let trusted = opened.read_only || accept(console, &mut settings).await?;
    if let Some(run) = opened.run {
        if opened.read_only {
            return Ok(Some(Session::view(&host, &store, &run, &settings.operator).await?));
        }
        let who = Who { operator: settings.operator.clone(), part: Part::Operator };
        if opened.at_once {
            return Ok(Some(Session::join(&host, &store, &run, who, directory).await?));
        }
        let id = run.id().0.clone();
        let whose = store.summary_of(run.id()).map_or(String::new(), |r| {
            let since = r.started.map(local).unwrap_or_default();
            format!(" in {}, by {} since {since},", r.environment, r.operator)
        });
        let question = format!("Run {id}{whose} is unfinished. Continue it? yes or no:");
        match console.ask(&question).await?.as_deref() {
            Some("yes" | "y") => {
                return Ok(Some(Session::join(&host, &store, &run, who, directory).await?));
            }
            Some(_) => note(format!("{id} is kept; gonogo stop {id} gives it up")),
            None => return Ok(None),
        }
    }
    let agreement = agreed::agreement(&document);
    agreed::words(&document.path, &agreement, agreed::TOLD).iter().try_for_each(say)?;
    if !trusted {
        note("nothing was started");
        return Ok(None);
    }
    let Some(environment) = environment(console, book, opened.environment).await? else { return Ok(None) };
    let found = book.environment(&environment).cloned().unwrap_or_default();
    let runs = store.list(&Filter::default()).unwrap_or_default();
    let remembered = store.remembered(&runs, &book.title, &environment);
    let (mut parameters, mut secrets) = (vec![], vec![]);
    for parameter in &book.parameters {
        let known = settings.answer(&environment, &parameter.name, &remembered);
        if let Some((value, source)) = known.as_ref().filter(|_| !parameter.secret) {
            note(format!("{} is {value}, {}", parameter.name, source.says()));
        }
        if let (None, Some(default), Some(line)) = (&known, &parameter.default, parameter.from) {
            note(format!("{} is {default}, from line {line}", parameter.name));
        }
        let known = known.map(|(value, _)| value);
        let in_shell =
            || std::env::var_os(&parameter.name).is_some() || book.is_used_elsewhere_only(parameter);
        let answer = match known {
            Some(known) => known,
            None if parameter.default.is_some() || in_shell() => continue,
            None => {
                let line = parameter.uses.first().map_or(0, |u| u.line);
                let question = format!("{} (line {line}), or nothing to leave it open:", parameter.name);
                match console::ask(console, &question, parameter.secret).await? {
                    Some(answer) if !answer.is_empty() => answer,
                    Some(_) => continue,
                    None => return Ok(None),
                }
            }
        };
        if parameter.secret { &mut secrets } else { &mut parameters }.push((parameter.name.clone(), answer));
    }
    let production = is_production(&found, settings.production(&environment));
    let name = if production { environment.to_uppercase() } else { environment.clone() };
    if let (Host::Processes(_), Some(ends)) = (&host, client::ends_with_login()) {
        note(ends);
    }
    match console.ask(&format!("Start in {name} as {}? yes or no:", settings.operator)).await?.as_deref() {
        Some("yes" | "y") => {}
        _ => {
            note("nothing was started");
            return Ok(None);
        }
    }
    if let Some(because) = agreed::because(&settings, &environment, false) {
        agreed::as_agreed(&document.path, &agreement, Some(&because))?;
    }
    let start = Start {
        document: document.path.display().to_string(),
        title: book.title.clone(),
        sha256: book.sha256.clone(),
        production,
        environment,
        operator: settings.operator.clone(),
        ticket: settings.ticket.clone(),
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        headless: false,
        plan: None,
        window: opened.window,
        zone_s: Some(client::zone_s()),
        sign: settings.sign.policy.kept(),
        corrections: book.corrections.clone(),
    };
    let watch = watched::watch(book, &settings, &found, &watched::Said::default())?;
    let watched: Vec<&str> = watch.probes.iter().filter(|p| p.on).map(|p| p.title.as_str()).collect();
    note(format!("health is measured while it runs: {}", watched.join(", ")));
    let new = NewRun { document: document.text, start, directory, parameters, secrets, watch };
    Ok(Some(Session::start(&host, &store, &settings.state_dir, new).await?))
}

/// Asks whether the settings beside the document count, where nobody has accepted them; whether none are left to accept.
async fn accept(console: &mut Console, settings: &mut Settings) -> Result<bool, CommandError> {
    let Some(waiting) = &settings.waiting else { return Ok(true) };
    accepted::words(waiting).iter().try_for_each(say)?;
    let answer = console.ask("Accept these settings as they are? yes or no:").await?;
    let yes = matches!(answer.as_deref(), Some("yes" | "y"));
    if yes {
        run_files::accept(settings)?;
        settings.accept();
    } else {
        note("gonogo does not use them");
    }
    Ok(yes)
}

async fn environment(
    console: &mut Console,
    book: &Runbook,
    named: Option<String>,
) -> Result<Option<String>, CommandError> {
    if let Some(named) = named {
        return Ok(Some(named));
    }
    match book.environments.as_slice() {
        [] => return Ok(Some(NO_ENVIRONMENT.into())),
        [one] => return Ok(Some(one.name.clone())),
        _ => {}
    }
    for environment in &book.environments {
        say(format!("  {}  {}", environment.name, environment.url.as_deref().unwrap_or("")))?;
    }
    loop {
        let Some(name) = console.ask("Which environment?").await? else { return Ok(None) };
        match book.environment(&name) {
            Some(environment) => return Ok(Some(environment.name.clone())),
            None => note(format!("there is no environment {name}")),
        }
    }
}
