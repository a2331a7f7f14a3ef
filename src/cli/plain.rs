//! `--plain`: the run as a linear transcript with prompts, for serial consoles and screen readers.
//!
//! What is asked is printed with the command written out, then a line is read. Lines that were typed before
//! the question was there are not taken: what you saw is what runs.

mod answer;
mod back;
mod begin;
mod show;

use std::io::{BufRead, Write};
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::open::{Document, Opened};
use super::report::{CommandError, Status, note, say};
use crate::client::{self, Attached, Host, Who};
use crate::config::Settings;
use crate::protocol::{Control, EndsWithLogin, From, OutputPage, OutputQuery, Part, ToClient, ToRunner};
use crate::run::gates;
use crate::run::health::Health;
use crate::run::rollback::Found;
use crate::run::{Event, Next, Outcome, Record, Refusal, Request, RunState, flow, sign, words};
use crate::runbook::CommandId;
use crate::store::StateDirectory;

/// How long a question has to stand before an answer counts.
const SETTLE: Duration = Duration::from_millis(150);

/// After how long without output a command that stopped within a line may be asking something.
const QUIET: Duration = Duration::from_millis(400);

/// How long what runs has to have run before a line that is typed is for it.
const SETTLE_RUNNING: Duration = Duration::from_millis(300);

/// Lines of running output that are printed between two looks; what is beyond is said and left out.
const MOST_AT_ONCE: u64 = 200;

/// A line that was typed, with when.
type Typed = Option<(String, Instant)>;

/// Somebody at a terminal that takes one line after the other.
struct Console {
    lines: UnboundedReceiver<(String, Instant)>,
}

impl Console {
    fn new() -> Self {
        let (to, lines) = unbounded_channel();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                let Ok(line) = line else { return };
                if to.send((line, Instant::now())).is_err() {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// Prints a prompt; what was typed before it is thrown away, and said to be.
    fn prompt(&mut self, text: &str) -> Result<Instant, CommandError> {
        let _no_terminal =
            rustix::termios::tcflush(rustix::stdio::stdin(), rustix::termios::QueueSelector::IFlush);
        while let Ok((line, _)) = self.lines.try_recv() {
            ignored(&line);
        }
        let mut out = std::io::stdout().lock();
        write!(out, "{text} ")?;
        out.flush()?;
        Ok(Instant::now())
    }

    /// Asks and waits for a line; `None` when there will be no more.
    async fn ask(&mut self, text: &str) -> Result<Option<String>, CommandError> {
        let shown = self.prompt(text)?;
        loop {
            match self.lines.recv().await {
                Some((_, at)) if at < shown + SETTLE => {}
                Some((line, _)) => return Ok(Some(line.trim().to_owned())),
                None => return Ok(None),
            }
        }
    }
}

fn ignored(line: &str) {
    if !line.trim().is_empty() {
        note(format!("not taken, it was typed before the question: {line}"));
    }
}

/// The run with the console it is shown on.
struct Plain {
    attached: Attached,
    console: Console,
    /// The command looked at instead of the next thing.
    looked_at: Option<CommandId>,
    read_only: bool,
    page: Option<Result<Box<OutputPage>, String>>,
    target: Option<Vec<String>>,
    /// What is there to go back with.
    found: Option<Found>,
    asked: u64,
    answered: u64,
    refused: Option<Refusal>,
    /// Something runs on screen: which command, and how many of its lines were printed.
    followed: Option<(CommandId, u64)>,
    fresh: bool,
    /// What can be typed while something runs was not said yet.
    hint: bool,
    /// What runs stopped within a line, and may be asking something.
    waits: bool,
    /// The unfinished line that was printed last.
    question: Option<String>,
    /// Why the run ends with the login that its runner was started in, if it does.
    ends_with_login: Option<EndsWithLogin>,
    /// No shell could be had: it is not waited for.
    no_shell: bool,
    /// How the service is, once something is watched.
    health: Option<Health>,
    /// What another runner is reached with.
    host: Host,
    state_directory: StateDirectory,
    operator: String,
}

/// Runs the transcript until the operator leaves.
pub(super) fn plain(
    settings: Settings,
    state: &StateDirectory,
    document: Document,
    opened: Opened,
) -> Result<Status, CommandError> {
    super::runtime()?.block_on(async {
        let mut console = Console::new();
        let (read_only, host) = (opened.read_only, opened.host());
        let operator = settings.operator.clone();
        let Some(attached) = begin::begin(&mut console, settings, state, document, opened).await? else {
            return Ok(Status::Done);
        };
        let mut plain = Plain {
            attached,
            console,
            looked_at: None,
            read_only,
            page: None,
            target: None,
            found: None,
            asked: 0,
            answered: 0,
            refused: None,
            followed: None,
            fresh: true,
            hint: true,
            waits: false,
            question: None,
            ends_with_login: None,
            no_shell: false,
            health: None,
            host,
            state_directory: state.clone(),
            operator,
        };
        let result = plain.go().await;
        let Attached { connection, state, .. } = plain.attached;
        connection.leave().await;
        result?;
        if state.outcome().is_none() && matches!(plain.host, Host::Processes(_)) {
            let brings_back = format!("gonogo attach --plain {} brings you back", state.id());
            let dies = plain.ends_with_login.as_ref().map(EndsWithLogin::cause);
            note(words::left(&state, &brings_back, dies.as_deref(), &client::needs_login()));
        }
        Ok(match state.outcome() {
            Some((Outcome::RolledBack, _)) => Status::RolledBack,
            Some((Outcome::Unconfirmed, _)) => Status::NeedsEyes,
            Some((Outcome::Failed | Outcome::NoGo, _)) => Status::Failed,
            _ => Status::Done,
        })
    })
}

impl Plain {
    /// What a gate has to know of the outside.
    fn outside(&self) -> gates::Outside {
        gates::Outside::at(chrono::Utc::now(), self.health.as_ref())
    }

    fn state(&self) -> &RunState {
        &self.attached.state
    }

    /// The command that is looked at, or that comes next.
    fn shown(&self) -> Option<CommandId> {
        self.looked_at.clone().or_else(|| flow::next(self.state()).command().cloned())
    }

    async fn go(&mut self) -> Result<(), CommandError> {
        while self.state().place().login.is_empty() && !self.read_only && !self.no_shell {
            self.update().await?;
        }
        say(format!(
            "Run {} of {} in {}, by {}. Type help for what can be said.",
            self.state().id(),
            self.state().runbook().title,
            self.state().environment(),
            self.state().operator()
        ))?;
        if !self.accept_reading().await? {
            return Ok(());
        }
        loop {
            let next = flow::next(self.state());
            let mine = self.attached.control.yours && !self.read_only;
            if matches!(next, Next::Running(_) | Next::Waiting(_)) && mine {
                if self.while_it_runs().await? {
                    return Ok(());
                }
                continue;
            }
            if std::mem::take(&mut self.fresh) {
                self.show_next()?;
            }
            let Some(line) = self.line(">").await? else { return Ok(()) };
            if answer::answer(self, &next, &line).await? {
                return Ok(());
            }
        }
    }

    /// Asks whether the run goes on as this version reads its document, where it goes by another reading; false where
    /// it does not.
    async fn accept_reading(&mut self) -> Result<bool, CommandError> {
        let mine = self.attached.control.yours && !self.read_only && self.state().outcome().is_none();
        let reread = client::reread(&self.attached.run, self.state()).filter(|_| mine);
        let Some(reread) = reread else { return Ok(true) };
        if !reread.is_form_only() {
            say(reread.headline())?;
            reread.lines().iter().try_for_each(|line| say(format!("  {line}")))?;
            let answer = self.console.ask("Go on as it is read now? yes or no:").await?;
            if !matches!(answer.as_deref(), Some("yes" | "y")) {
                note(format!("nothing was run; gonogo {} goes on with it as it was read", reread.by));
                return Ok(false);
            }
        }
        let request = reread.accepted(self.state());
        self.ask(request).await
    }

    /// The next thing, and whose it is to answer.
    fn show_next(&self) -> Result<(), CommandError> {
        show::next(self.state(), &flow::next(self.state()), self.looked_at.as_ref())?;
        if !self.read_only && !self.attached.control.yours {
            note(self.who_has_control());
        }
        Ok(())
    }

    /// Waits for a line while updates are taken in.
    async fn line(&mut self, prompt: &str) -> Result<Option<String>, CommandError> {
        let mut shown = self.console.prompt(prompt)?;
        loop {
            let typed: Typed = tokio::select! {
                typed = self.console.lines.recv() => typed,
                update = self.attached.connection.next() => {
                    let known = std::mem::take(&mut self.fresh);
                    self.take(update).await?;
                    // What was said in between stands after the prompt: it is asked again.
                    if self.fresh {
                        if self.read_only || !self.attached.control.yours {
                            self.show_next()?;
                        }
                        shown = self.console.prompt(prompt)?;
                    }
                    self.fresh |= known;
                    continue;
                }
                _interrupted = tokio::signal::ctrl_c() => {
                    say("")?;
                    note("nothing runs; quit leaves");
                    shown = self.console.prompt(prompt)?;
                    continue;
                }
            };
            match typed {
                None => return Ok(None),
                Some((line, at)) if at < shown + SETTLE => ignored(&line),
                Some((line, _)) => return Ok(Some(line.trim().to_owned())),
            }
        }
    }

    /// Prints what a command prints until it ends; lines that are typed meanwhile are for it or for us.
    async fn while_it_runs(&mut self) -> Result<bool, CommandError> {
        let Some(id) = self.state().running().cloned() else { return self.between_runs().await };
        if self.followed.as_ref().is_none_or(|(known, _)| *known != id) {
            self.followed = Some((id.clone(), 0));
            let asked = words::asked(self.state(), &flow::next(self.state()));
            say(asked.says.join(" "))?;
            if std::mem::take(&mut self.hint) {
                say(show::WHILE_IT_RUNS)?;
            }
        }
        let begun = Instant::now();
        while self.state().running() == Some(&id) && self.attached.control.yours {
            tokio::select! {
                typed = self.console.lines.recv() => {
                    let Some((line, at)) = typed else { return Ok(true) };
                    if at < begun + SETTLE_RUNNING && !line.starts_with('~') {
                        ignored(&line);
                        continue;
                    }
                    if answer::while_it_runs(self, &id, &line).await? {
                        return Ok(true);
                    }
                }
                update = self.attached.connection.next() => {
                    let screen = matches!(update, Some(ToClient::Screen { .. }));
                    self.take(update).await?;
                    if screen {
                        self.print_new(&id, false).await?;
                    }
                }
                () = tokio::time::sleep(QUIET), if self.waits => self.print_question(&id).await?,
                _interrupted = tokio::signal::ctrl_c() => {
                    self.ask(Request::Cancel { command: id.clone(), signal: "INT".into() }).await?;
                }
            }
        }
        self.print_new(&id, true).await?;
        self.followed = None;
        (self.waits, self.question) = (false, None);
        self.fresh = true;
        show::ended(self.state(), &id)?;
        Ok(false)
    }

    /// What is waited for runs again in a moment; until then it can be given up.
    async fn between_runs(&mut self) -> Result<bool, CommandError> {
        tokio::select! {
            typed = self.console.lines.recv() => match typed {
                None => return Ok(true),
                Some((line, _)) if line.trim() == "~leave" => return Ok(true),
                Some((line, _)) if line.trim() == "~stop" => drop(self.ask(Request::StopWaiting).await?),
                Some((line, _)) => ignored(&line),
            },
            update = self.attached.connection.next() => self.take(update).await?,
            _interrupted = tokio::signal::ctrl_c() => drop(self.ask(Request::StopWaiting).await?),
        }
        Ok(false)
    }

    /// Prints lines of a command's output that were not printed yet; the last one only when it is complete.
    async fn print_new(&mut self, id: &CommandId, ended: bool) -> Result<(), CommandError> {
        let Some((_, printed)) = self.followed.clone() else { return Ok(()) };
        let page = self.read(id, From::Line(printed), MOST_AT_ONCE as u16, None).await?;
        let complete = page.total - u64::from(page.unfinished && !ended && page.total > 0);
        let mut at = printed;
        for line in page.lines.iter().filter(|l| (printed..complete).contains(&l.number)) {
            say(format!("  | {}", line.plain().trim_end()))?;
            at = line.number + 1;
        }
        if complete > at + MOST_AT_ONCE {
            say(format!("  | ({} lines not shown; output {id} shows them)", complete - at))?;
            at = complete;
        }
        self.followed = Some((id.clone(), at));
        if ended && at < complete && at > printed {
            return Box::pin(self.print_new(id, true)).await;
        }
        Ok(())
    }

    /// Prints the line that a command has stopped in: it may be a question.
    async fn print_question(&mut self, id: &CommandId) -> Result<(), CommandError> {
        self.waits = false;
        let page = self.read(id, From::End, 1, None).await?;
        let text = page.lines.last().map(|l| l.plain().trim_end().to_owned()).unwrap_or_default();
        if !text.is_empty() && self.question.as_ref() != Some(&text) {
            say(format!("  | {text} (it may be waiting for input)"))?;
            self.question = Some(text);
        }
        Ok(())
    }

    /// Reads a part of an output.
    async fn read(
        &mut self,
        id: &CommandId,
        from: From,
        rows: u16,
        pattern: Option<String>,
    ) -> Result<OutputPage, CommandError> {
        self.page = None;
        let filter = pattern.as_ref().map(|_| 1);
        let query = OutputQuery { rows, pattern, filter, ..OutputQuery::new(id.clone(), from) };
        self.attached.connection.send(ToRunner::Read { number: 0, query: Box::new(query) });
        loop {
            match self.page.take() {
                Some(Ok(page)) => return Ok(*page),
                Some(Err(error)) => {
                    note(error);
                    return Ok(OutputPage::default());
                }
                None => self.update().await?,
            }
        }
    }

    /// What a command's words stand for.
    async fn evaluate(&mut self, id: &CommandId) -> Result<Vec<String>, CommandError> {
        self.target = None;
        self.attached.connection.send(ToRunner::Evaluate(id.clone()));
        loop {
            match self.target.take() {
                Some(target) => return Ok(target),
                None => self.update().await?,
            }
        }
    }

    /// Asks the runner; says why it refuses. True when it did what was asked.
    async fn ask(&mut self, request: Request) -> Result<bool, CommandError> {
        self.asked += 1;
        self.attached.connection.send(ToRunner::Ask { number: self.asked, request });
        while self.answered < self.asked {
            self.update().await?;
        }
        match self.refused.take() {
            Some(refusal) => {
                note(refusal.to_string());
                Ok(false)
            }
            None => {
                self.fresh = true;
                Ok(true)
            }
        }
    }

    async fn update(&mut self) -> Result<(), CommandError> {
        let update = self.attached.connection.next().await;
        self.take(update).await
    }

    async fn take(&mut self, update: Option<ToClient>) -> Result<(), CommandError> {
        match update {
            Some(ToClient::Recorded(record)) => {
                let background = match &record.event {
                    Event::CommandExited { command, .. } => self.state().background().contains(command),
                    _ => false,
                };
                self.attached.state.advance(&record);
                if let Some(words) = words::of_watch(&record.event) {
                    note(words);
                }
                self.recorded(&record, background)?;
            }
            Some(ToClient::Answered { number, refused }) => {
                self.answered = number;
                self.refused = refused;
            }
            Some(ToClient::Page { page, .. }) => self.page = Some(page),
            Some(ToClient::Health(health)) => self.health = Some(*health),
            Some(ToClient::Sampled(sample)) => {
                if let Some(health) = &mut self.health {
                    health.take(&sample);
                }
            }
            Some(ToClient::Found(found)) => self.found = Some(*found),
            Some(ToClient::ContainerLog { .. } | ToClient::ToSign(_)) => {}
            Some(ToClient::Saved { path, lines }) => {
                say(format!("{lines} lines written to {}", path.display()))?
            }
            Some(ToClient::Evaluated { target, .. }) => self.target = Some(target),
            Some(ToClient::Trouble(text)) => note(text),
            Some(ToClient::NoShell(why)) => {
                self.no_shell = true;
                note(format!("no shell could be had: {why}"));
            }
            Some(ToClient::EndsWithLogin(ends)) => {
                note(&ends);
                self.ends_with_login = Some(ends);
            }
            Some(ToClient::Unrecorded(Some((_, why)))) => note(format!("NOT RECORDED: {why}")),
            Some(ToClient::Unrecorded(None)) => {
                note("recorded again; what happened meanwhile was written late")
            }
            Some(ToClient::Screen { screen, .. }) => self.waits = screen.may_wait,
            Some(ToClient::Control(control)) => self.who_is_there(control),
            Some(ToClient::Welcome { .. } | ToClient::Known(_) | ToClient::Changed { .. }) => {}
            Some(ToClient::Ended) | None => self.rejoin().await?,
        }
        Ok(())
    }

    /// The runner has gone, the run has not: goes on with the next one. What was asked of the last one is looked at
    /// again, not asked again.
    async fn rejoin(&mut self) -> Result<(), CommandError> {
        if matches!(self.host, Host::Within) {
            return Err(CommandError::new(Status::Interrupted, "the runner has ended"));
        }
        let run = self.attached.run.clone();
        self.attached = if self.read_only {
            client::view(&run, &self.operator).await?
        } else {
            note("the runner has ended; another one is started, nothing is run again");
            let who = Who { operator: self.operator.clone(), part: Part::Operator };
            client::join(&self.host, &self.state_directory, &run, &who, &std::env::temp_dir()).await?
        };
        if self.answered < self.asked {
            note("what was asked last may have been done or not: look before it is asked again");
            self.answered = self.asked;
        }
        self.page.get_or_insert_with(|| Err("not read: the runner ended meanwhile".into()));
        self.target.get_or_insert_default();
        self.fresh = true;
        Ok(())
    }

    fn who_is_there(&mut self, control: Control) {
        let had = std::mem::replace(&mut self.attached.control, control).yours;
        let control = &self.attached.control;
        match &control.holder {
            _ if had == control.yours => {}
            _ if control.yours => note("control is here now"),
            Some(holder) => note(format!("{holder} has control now; control takes it back")),
            None => note("nobody has control now; control takes it"),
        }
    }

    /// Who can act, where that is not this console.
    fn who_has_control(&self) -> String {
        match &self.attached.control.holder {
            Some(holder) => format!("{holder} has control and is asked; control takes it"),
            None => "nobody has control; control takes it".to_owned(),
        }
    }

    fn recorded(&mut self, record: &Record, background: bool) -> Result<(), CommandError> {
        if record.actor != self.operator {
            self.fresh = true;
        }
        match &record.event {
            Event::CommandStarted { command, .. } if record.actor != self.operator => {
                say(format!("{} runs {command}", record.actor))?;
            }
            Event::GateDecided { go, reason, .. } if record.actor != self.operator => {
                let decided = if *go { "GO" } else { "NO-GO" };
                say(format!("gate: {decided} by {}: {reason}", record.actor))?;
            }
            Event::RunFinished { outcome } => {
                say(format!("the run is over: {outcome}"))?;
                let id = self.state().id();
                if let Some(role) = sign::wanted(self.state()) {
                    say(format!("next: {role} signs: gonogo sign {id} --as {role}"))?;
                }
            }
            Event::OutputAfter { command, text, .. } => {
                text.lines().try_for_each(|line| say(format!("  {command} in the background | {line}")))?;
            }
            Event::OutputUnrecorded { command, why, .. } => {
                note(format!("{command} is no longer recorded: {why}"))
            }
            Event::ShellReplaced { lost } => note(words::shell_replaced(lost)),
            Event::WaitEnded { command, passed, why } => {
                let passes = if *passed { "passes" } else { "does not pass" };
                say(format!("{command} {passes}: {why}"))?;
                self.fresh = true;
            }
            Event::CommandExited { command, .. }
                if self.followed.as_ref().is_none_or(|(id, _)| id != command) =>
            {
                say("")?;
                let where_it_was = if background { ", in the background," } else { "" };
                say(format!("{command}{where_it_was} has ended"))?;
                self.fresh = true;
            }
            _ => {}
        }
        Ok(())
    }
}
