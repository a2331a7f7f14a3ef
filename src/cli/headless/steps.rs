//! The steps of a headless walk: what is done about each next thing.

use super::walk::Walk;
use crate::cli::preflight::{self, Fate, PlaceAnswer};
use crate::cli::report::{CommandError, Status};
use crate::run::event::PlaceChoice;
use crate::run::gates::{self, GateId};
use crate::run::state::{CommandState, Displaced, Standing};
use crate::run::{Next, Request, SkipReason, blocks, due, flow, places};
use crate::runbook::{Command, CommandId};
use crate::shell::Kind;
use crate::shell::entrance::{entrance, with_host};

impl Walk {
    /// Does one next thing after the other.
    pub(super) async fn walk(&mut self) -> Result<Status, CommandError> {
        loop {
            if self.state().going_back().is_none() {
                // What a step has made can be ticked now.
                self.tick_due(0).await?;
            }
            match flow::next(self.state()) {
                Next::Gate(gate) => self.take_gate(gate).await?,
                Next::Check(item) => {
                    let book = self.state().runbook();
                    let at = due::list_of(self.state(), &item).map(|list| list.due.index(book));
                    self.tick_due(at.unwrap_or(usize::MAX)).await?;
                    if self.state().item(&item).is_none() && !self.leave_unfounded(&item).await? {
                        // It is due at an end that this run does not come to.
                        return self.finish().await;
                    }
                }
                Next::Condition(id) => {
                    let holds = self.terms.answers.conditions.get(&id).copied().unwrap_or(true);
                    let optional = matches!(self.fate(&id), Fate::Optional | Fate::Interactive);
                    let doubt = self.state().find(&id).is_some_and(|c| c.doubt.is_some());
                    // What was not answered for is outside: nobody says that it is a command.
                    if optional || doubt && self.fate(&id) == Fate::Outside {
                        self.leave_out(&id).await?;
                    } else {
                        if doubt && !holds {
                            self.line(&format!("{:<10} – skipped: {}", id.0, SkipReason::Doubtful))?;
                        }
                        self.ask(Request::Answer { command: id, holds }).await?;
                    }
                }
                Next::Unset(id) => self.answer_unset(&id).await?,
                Next::Place(id) => {
                    if let Some(status) = self.go_to(&id).await? {
                        return Ok(status);
                    }
                }
                Next::Run(id) if self.goes_through(&id) => self.run(&id).await?,
                Next::Run(id) | Next::Choice(id) | Next::Manual(id) if self.fate(&id) != Fate::Runs => {
                    self.leave_out(&id).await?
                }
                Next::Run(id) | Next::Choice(id) => self.run(&id).await?,
                Next::Manual(id) | Next::Elsewhere(id) => self.leave_out(&id).await?,
                Next::Attest(id, _) => {
                    // Nobody is there to look. It stays unattested, and the exit status says so.
                    if let Some(status) = self.after(&id).await? {
                        return Ok(status);
                    }
                }
                Next::Failed(id) => {
                    if let Some(status) = self.failed(&id).await? {
                        return Ok(status);
                    }
                }
                Next::Lost(id) => return Err(self.is_lost(&id)),
                Next::Running(_) | Next::Waiting(_) => self.until(|state| state.running().is_none()).await?,
                Next::Finish | Next::Over => return self.finish().await,
            }
        }
    }

    /// Goes on past commands that wait for eyes: the flow stops at the first, headless must not.
    async fn after(&mut self, id: &CommandId) -> Result<Option<Status>, CommandError> {
        let commands = self.state().path();
        let rest: Vec<CommandId> =
            commands.iter().skip_while(|c| &c.id != id).skip(1).map(|c| c.id.clone()).collect();
        let gates = gates::with_commands(self.state().runbook()).into_iter();
        let forward = self.state().going_back().is_none();
        let gates = gates.filter(|_| forward).map(|(gate, c)| (gate, c.id.clone()));
        let gates: Vec<(GateId, CommandId)> = gates.collect();
        for next in rest {
            let at = self.state().runbook().position(&next);
            if let Some(at) = at.filter(|_| forward) {
                self.tick_due(at).await?;
            }
            for (gate, _) in gates.iter().filter(|(_, id)| *id == next) {
                if self.state().gate_of(*gate).is_none() {
                    self.take_gate(*gate).await?;
                }
            }
            match self.state().standing(&next) {
                Standing::NotYet => {}
                Standing::Failed => return self.failed(&next).await,
                Standing::Lost => return Err(self.is_lost(&next)),
                _ => continue,
            }
            let Some(command) = self.state().find(&next).cloned() else { continue };
            let fate = self.fate(&next);
            if fate == Fate::Place && !self.goes_through(&next) {
                self.choose_place(&next).await?;
                if !self.goes_through(&next) {
                    continue;
                }
            }
            if matches!(fate, Fate::Runs | Fate::Place) {
                if command.is_asked() {
                    let holds = self.terms.answers.conditions.get(&next).copied().unwrap_or(true);
                    self.ask(Request::Answer { command: next.clone(), holds }).await?;
                }
                // A runner that ended before it had recorded the start has run nothing.
                while self.state().standing(&next) == Standing::NotYet {
                    self.run(&next).await?;
                    if self.state().asks_unset().is_some_and(|(id, _)| *id == next) {
                        self.answer_unset(&next).await?;
                    }
                }
                match self.state().standing(&next) {
                    Standing::Failed => return self.failed(&next).await,
                    Standing::Lost => return Err(self.is_lost(&next)),
                    _ => {}
                }
            } else {
                self.leave_out(&next).await?;
            }
        }
        if forward {
            // What is due at the end is not so yet: that comes once somebody has looked.
            self.tick_due(usize::MAX).await?;
        }
        self.finish().await.map(Some)
    }

    /// Whether a place command is to be run, because what follows it runs on its other side, or to come back from one.
    pub(super) fn goes_through(&self, id: &CommandId) -> bool {
        let state = self.state();
        let found = state.find(id).filter(|c| c.kind == Kind::Place && c.leaves_place());
        if found.is_some_and(|c| !places::leads_back(state, c)) {
            return true;
        }
        let back = found.is_some();
        state.place_choice(id) == Some(PlaceChoice::Through) || back && !state.entered().is_empty()
    }

    /// Goes to the place that what comes next belongs to. One that was left without being asked for is gone to again
    /// once somebody says so, and never by itself: what cut it off may do so every time.
    async fn go_to(&mut self, id: &CommandId) -> Result<Option<Status>, CommandError> {
        // What ended the shell there, and what is left out because of that, need no place.
        let wants = self.state().first_open();
        let left_out = wants.is_some_and(|c| blocks::left_by(self.state(), c).is_some());
        match wants.map(|c| c.id.clone()) {
            Some(wants) if self.state().standing(&wants) == Standing::Lost => {
                return Err(self.is_lost(&wants));
            }
            Some(wants) if self.state().standing(&wants) == Standing::Failed => {
                return self.failed(&wants).await;
            }
            Some(wants) if left_out => return self.leave_out(&wants).await.map(|()| None),
            _ => {}
        }
        let again = !self.gone_to.insert(id.clone());
        if let Some(why) = self.state().left_because(id).filter(|_| again) {
            let run = self.state().id();
            let words = format!("not connected through {id} any more: {why}");
            return Err(CommandError::new(Status::Interrupted, words)
                .hint(format!("reconnect: gonogo resume {run} --headless --yes --place there"))
                .hint(format!("or see it and decide: gonogo attach {run}")));
        }
        self.choose_place(id).await?;
        if self.state().position(id).is_some() || !self.goes_through(id) {
            return Ok(None);
        }
        // It stands before the way that the run is on.
        self.run(id).await?;
        if self.state().entered().contains(id) {
            return Ok(None);
        }
        Err(CommandError::new(Status::Failed, format!("{id} did not connect")))
    }

    /// Answers where what follows a place command runs, as it was said in advance.
    pub(super) async fn choose_place(&mut self, id: &CommandId) -> Result<(), CommandError> {
        if self.wrong_place(id).await? {
            return Ok(());
        }
        let command = id.clone();
        let Some(answer) = self.terms.answers.place.clone() else {
            let words = format!("first choose where the commands after {id} run");
            return Err(CommandError::new(Status::Usage, words).hint("--place there, or --place here"));
        };
        let PlaceAnswer::There(host) = answer else {
            self.line(&format!("{:<10} – not run: this shell is there already, by --place", id.0))?;
            return self.ask(Request::ChoosePlace { command, choice: PlaceChoice::AlreadyHere }).await;
        };
        let text = self.state().find(id).map(|c| self.state().text_of(c)).unwrap_or_default();
        let own = entrance(&text).and_then(|e| e.host);
        if let Some(host) = host.filter(|host| own.as_ref().is_some_and(|own| own != host))
            && let Some(text) = with_host(&text, &host)
        {
            self.line(&format!("{:<10} connects to {host}, by --place", id.0))?;
            self.ask(Request::Edit { command: id.clone(), text }).await?;
            if self.already_inside(id).await? {
                return Ok(());
            }
        }
        self.ask(Request::ChoosePlace { command, choice: PlaceChoice::Through }).await
    }

    /// Whether a command is asked about because the run is not where the document has led, or is there already: that is
    /// answered as it was said in advance, or is the end of the walk.
    async fn wrong_place(&mut self, id: &CommandId) -> Result<bool, CommandError> {
        let Some(command) = self.state().find(id).cloned() else { return Ok(false) };
        if places::displaced(self.state(), &command).is_some() && self.has_arrived(&command).await? {
            return Ok(true);
        }
        self.answer_place(&command).await
    }

    /// The same without waiting for the shell to arrive.
    pub(super) async fn answer_place(&mut self, command: &Command) -> Result<bool, CommandError> {
        let (state, id, line) = (self.state(), &command.id, command.span.line);
        let words = match (state.opened_by(id), places::displaced(state, command)) {
            (Some(by), _) => {
                format!("{id} opened a shell (line {line}): {by}; the commands after it may belong there")
            }
            (None, Some(Displaced { expected, seen })) => format!(
                "{id} (line {line}) belongs to {expected}, but the shell is at {seen}, where no command of the document went"
            ),
            (None, None) => return self.already_inside(id).await,
        };
        let choice = PlaceChoice::AlreadyHere;
        if self.terms.accept_place {
            self.line(&format!("{:<10} {words}; accepted by --accept-place", id.0))?;
            self.ask(Request::ChoosePlace { command: id.clone(), choice }).await?;
            return Ok(true);
        }
        let run = state.id();
        Err(CommandError::new(Status::Failed, format!("nothing more was run: {words}"))
            .hint(format!("see it: gonogo attach {run}"))
            .hint("if that is the right place: --accept-place"))
    }

    /// A place command that leads to where the run is already is gone through only where that was said.
    async fn already_inside(&mut self, id: &CommandId) -> Result<bool, CommandError> {
        let state = self.state();
        let Some(command) = state.find(id) else { return Ok(false) };
        let Some(by) = places::already_inside(state, command) else { return Ok(false) };
        let choice = match self.terms.answers.conditions.get(id) {
            Some(true) => PlaceChoice::Through,
            Some(false) => PlaceChoice::AlreadyHere,
            None => {
                let line = command.span.line;
                let words = format!("{id} (line {line}) connects to where {by} is connected already");
                return Err(CommandError::new(Status::Usage, words).hint(preflight::goes_again(id)));
            }
        };
        if choice == PlaceChoice::AlreadyHere {
            self.line(&format!("{:<10} – not run: {by} is connected there already", id.0))?;
        }
        self.ask(Request::ChoosePlace { command: id.clone(), choice }).await?;
        Ok(true)
    }

    /// Takes a gate as the operator, and says what was open.
    async fn take_gate(&mut self, gate: GateId) -> Result<(), CommandError> {
        self.ask(Request::DecideGate { gate, go: true, reason: "--yes".into() }).await?;
        self.line(&format!("gate {}: GO, taken with --yes", gate.title()))?;
        self.say_open(gate)
    }

    pub(super) fn say_open(&self, gate: GateId) -> Result<(), CommandError> {
        let open = self.state().gate_of(gate).map(|g| g.board.clone()).unwrap_or_default();
        open.iter().try_for_each(|point| self.line(&format!("  open: {point}")))
    }

    pub(super) async fn leave_out(&mut self, id: &CommandId) -> Result<(), CommandError> {
        let left = self.state().find(id).is_some_and(|c| blocks::left_by(self.state(), c).is_some());
        let reason = match self.fate(id) {
            _ if left => SkipReason::BlockLeft,
            // Left out before and open again: the way taken instead was given up.
            _ if matches!(self.state().command(id), CommandState::Skipped { .. }) => {
                SkipReason::Operator("no alternative was chosen".into())
            }
            Fate::Interactive => SkipReason::Interactive,
            Fate::Optional if self.state().find(id).is_some_and(Command::is_one_way) => {
                SkipReason::Alternative
            }
            Fate::Optional => SkipReason::Optional,
            Fate::ConditionNo => {
                return self.ask(Request::Answer { command: id.clone(), holds: false }).await;
            }
            Fate::Manual if self.terms.answers.by_hand_done => SkipReason::DoneBefore,
            Fate::Manual => {
                let words = format!("{id} is done by hand, and nobody is here to do it");
                let error = CommandError::new(Status::Interrupted, words);
                return Err(error.hint("add --by-hand-done if it has been done"));
            }
            _ => SkipReason::Operator("outside --from and --to".into()),
        };
        let skipped = if reason == SkipReason::DoneBefore { "" } else { "skipped: " };
        self.line(&format!("{:<10} – {skipped}{reason}", id.0))?;
        self.ask(Request::Skip { command: id.clone(), reason }).await
    }
}
