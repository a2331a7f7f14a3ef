//! A run with nothing executed: each command comes to what a scenario says, all else is decided and folded as in a
//! real one. So a team can practise its way back, and test that it has one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::claim::Derived;
use super::event::{Event, Exit, Outcome, Place, PlaceChoice, Record, SkipReason, Start};
use super::gates::GateId;
use super::ids::TextHash;
use super::policy::Confirmation;
use super::rollback::{self, FileFacts, Found, LookedAt, WayOut, WayOutKind};
use super::state::{CommandState, RunState, Standing};
use super::trouble::{self, Failure};
use super::verdict::{Evidence, Freshness, judge, judge_block};
use super::{Next, Refusal, Request, Seen, Surroundings, accept, decide, flow};
use crate::runbook::parameters::{assigned_names, is_secret_name};
use crate::runbook::{Command, CommandId, Expectation, Runbook};
use crate::shell::Kind;

/// What a rehearsal is made of: `gonogo rehearse --scenario FILE`, in TOML.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Scenario {
    /// What commands come to, by their ids; all others succeed.
    pub commands: BTreeMap<CommandId, Staged>,
    /// Answers to conditions and to what is offered, by command.
    pub answers: BTreeMap<CommandId, bool>,
    /// It is gone back when a command fails.
    pub rollback_on_failure: bool,
    /// What is found of the files that the way back puts back.
    pub backup: Backup,
    /// The services of the compose project; without them it is as if they could not be seen.
    pub services: Option<Vec<String>>,
    /// What is chosen of the ways out, by the command that is in the way: `stop-only`, `start-first`, `leave-out`,
    /// `as-written`.
    pub ways: BTreeMap<CommandId, WayOutKind>,
    /// What it has to come to; with it the exit status says whether it did.
    pub outcome: Option<Outcome>,
}

/// What one command comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Staged {
    /// Its exit status.
    pub exit: i32,
    /// It does not end by itself, and is ended.
    pub hang: bool,
    /// What it shows; without it what the document expects is taken as met where it succeeds.
    pub output: Option<String>,
}

/// What is found of the files that the way back puts back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is its own explanation")]
pub enum Backup {
    #[default]
    Whole,
    Missing,
    Empty,
    Changed,
}

/// What came of a rehearsal.
#[derive(Clone, Debug, Serialize)]
pub struct Rehearsed {
    /// What it came to.
    pub outcome: Outcome,
    /// What happened, a line each.
    pub story: Vec<String>,
    /// Commands that were gone through, in order.
    pub exercised: Vec<CommandId>,
    /// Commands of the steps and of the way back that were not reached.
    pub not_reached: Vec<CommandId>,
    /// Gates that were taken.
    pub gates: Vec<GateId>,
    /// Known problems that were offered, by the command that failed.
    pub problems: BTreeMap<CommandId, Vec<String>>,
    /// What stood in the way of going back.
    pub in_the_way: Vec<String>,
}

/// More than any document needs; a rehearsal ends in any case.
const MOST_TURNS: usize = 100_000;

/// Goes through a document with nothing executed.
pub fn rehearse(runbook: Arc<Runbook>, start: Start, scenario: &Scenario, now: DateTime<Utc>) -> Rehearsed {
    let mut walk = Walk {
        state: RunState::new(runbook),
        scenario,
        now,
        story: Vec::new(),
        in_the_way: Vec::new(),
        found: None,
    };
    let _started = walk.see(Event::RunStarted(start));
    let place = Place { login: "rehearsal".into(), directory: "/rehearsal".into() };
    let _observed = walk.see(Event::PlaceObserved { place });
    for _ in 0..MOST_TURNS {
        if !walk.turn() {
            break;
        }
    }
    walk.told()
}

struct Walk<'s> {
    state: RunState,
    scenario: &'s Scenario,
    now: DateTime<Utc>,
    story: Vec<String>,
    in_the_way: Vec<String>,
    found: Option<Found>,
}

impl Walk<'_> {
    /// Decides and folds, as a runner does; nothing is done about it.
    fn ask(&mut self, request: &Request) -> Result<(), Refusal> {
        let mut around = Surroundings { found: self.found.take(), ..Surroundings::default() };
        around.outside.now = Some(self.now);
        self.fold(decide(&self.state, request, &around)?);
        Ok(())
    }

    /// Takes in what a place would report.
    fn see(&mut self, fact: Event) -> Result<(), Refusal> {
        self.fold(accept(&self.state, fact)?);
        Ok(())
    }

    fn fold(&mut self, events: Vec<Event>) {
        for event in events {
            self.now += TimeDelta::seconds(1);
            let run = super::RunId("rehearsal".into());
            let actor = "rehearsal".to_owned();
            let record = Record { run, actor, epoch: 1, ..self.state.next_record(event, self.now) };
            self.state.advance(&record);
        }
    }

    /// Does the next thing; whether there is another one.
    fn turn(&mut self) -> bool {
        let next = flow::next(&self.state);
        let done = match &next {
            Next::Gate(gate) => {
                self.story.push(format!("gate {}: GO", gate.title()));
                self.ask(&Request::DecideGate { gate: *gate, go: true, reason: "rehearsal".into() })
            }
            Next::Check(item) => {
                let text = self.state.runbook().item(item).map_or(item.0.clone(), |i| i.text.clone());
                self.story.push(format!("to check: {text}"));
                let reason = Some("rehearsal".to_owned());
                self.ask(&Request::Tick { item: item.clone(), evidence: reason.clone(), reason })
            }
            Next::Condition(id) => {
                let holds = self.scenario.answers.get(id).copied().unwrap_or(true);
                self.story
                    .push(format!("{id}: its condition {}", if holds { "holds" } else { "does not hold" }));
                self.ask(&Request::Answer { command: id.clone(), holds })
            }
            // There is no shell here that could lack a value.
            Next::Unset(id) => self.ask(&Request::Answer { command: id.clone(), holds: true }),
            Next::Place(id) => {
                self.ask(&Request::ChoosePlace { command: id.clone(), choice: PlaceChoice::AlreadyHere })
            }
            Next::Choice(id) if self.scenario.answers.get(id) != Some(&true) => self.leave_out(id),
            Next::Choice(id) | Next::Run(id) => self.run(id),
            Next::Manual(id) | Next::Elsewhere(id) => {
                self.ask(&Request::MarkDone { command: id.clone(), note: "rehearsal".into() })
            }
            Next::Attest(id, expectation) => self.ask(&Request::Attest {
                command: id.clone(),
                expectation: *expectation,
                met: true,
                note: "taken as confirmed in the rehearsal".into(),
            }),
            Next::Failed(id) | Next::Lost(id) => self.failed(id),
            Next::Finish => {
                let back = self.state.going_back().is_some();
                let outcome = if back { Outcome::RolledBack } else { Outcome::Deployed };
                self.ask(&Request::Finish { outcome, reason: "rehearsal".into() })
            }
            Next::Running(_) | Next::Waiting(_) | Next::Over => return false,
        };
        if let Err(refusal) = done {
            self.story.push(refusal.to_string());
            // What can't be run as it stands is gone past: the rehearsal tells of it and goes on.
            let skip = next.command().map(|id| Request::Skip {
                command: id.clone(),
                reason: SkipReason::Operator(refusal.to_string()),
            });
            let skipped = skip.is_some_and(|skip| self.ask(&skip).is_ok());
            if !skipped {
                let _failed = self.ask(&Request::Finish { outcome: Outcome::Failed, reason: String::new() });
                return false;
            }
        }
        self.state.outcome().is_none()
    }

    fn leave_out(&mut self, id: &CommandId) -> Result<(), Refusal> {
        let one_way = self.state.find(id).is_some_and(Command::is_one_way);
        let reason = if one_way { SkipReason::Alternative } else { SkipReason::Optional };
        let left = self.ask(&Request::Skip { command: id.clone(), reason });
        left.or_else(|_| {
            let reason = SkipReason::Operator("no alternative was chosen".into());
            self.ask(&Request::Skip { command: id.clone(), reason })
        })
    }

    fn run(&mut self, id: &CommandId) -> Result<(), Refusal> {
        let Some(command) = self.state.find(id).cloned() else { return Ok(()) };
        for hole in self.state.open_holes(&command).into_iter().map(str::to_owned).collect::<Vec<_>>() {
            self.ask(&Request::SetParameter { name: hole, value: Some("rehearsed".into()) })?;
        }
        let text = self.state.text_of(&command);
        let seen = Seen { text: TextHash::of(&text), seq: self.state.seq() };
        let confirmed = Confirmation::TypeName;
        self.ask(&Request::Run { command: id.clone(), seen, confirmed, again: true })?;
        let CommandState::Running { attempt, .. } = self.state.command(id) else { return Ok(()) };
        let attempt = *attempt;
        let staged = self.scenario.commands.get(id).cloned().unwrap_or_default();
        let exit = match (staged.hang, command.kind) {
            (_, Kind::Follow) => Exit::Ended,
            // It was ended with INT.
            (true, _) => Exit::Status(130),
            (false, _) => Exit::Status(staged.exit),
        };
        let verdicts =
            staged.output.as_ref().map_or(vec![], |output| self.verdicts(&command, &text, exit, output));
        if exit.is_success() {
            for name in assigned_names(&text).into_iter().filter(|n| !is_secret_name(n)) {
                let value = format!("rehearsed-{}", attempt.0);
                self.see(Event::ValueCaptured { name, value, command: id.clone() })?;
            }
        }
        let (place, elapsed_ms, bytes) = (self.state.place().clone(), 0, 0);
        self.see(Event::CommandExited {
            command: id.clone(),
            attempt,
            exit,
            elapsed_ms,
            bytes,
            place,
            verdicts,
            seal: None,
        })?;
        for (command, attempt, path) in rollback::made_unseen(&self.state) {
            self.see(Event::FileMade { command, attempt, path, looked: file("made", 1) })?;
        }
        let hung = if staged.hang { "; it hung and was ended" } else { "" };
        let first = text.lines().next().unwrap_or_default();
        self.story.push(format!("{id} {first}: {exit}{hung}"));
        if self.state.standing(id) == Standing::Failed {
            let output = staged.output.unwrap_or_default();
            let failure = Failure { command: &command, text: &text, output: &output };
            let problems = trouble::recognise(self.state.runbook(), failure);
            if !problems.is_empty() {
                self.see(Event::ProblemsRecognised { command: id.clone(), attempt, problems })?;
            }
            let offered = self.state.known_problems(id).map(|(problem, why)| {
                format!("  offered (line {}): {}: {why}", problem.line, problem.problem)
            });
            self.story.extend(offered);
        }
        Ok(())
    }

    fn failed(&mut self, id: &CommandId) -> Result<(), Refusal> {
        let chosen = rollback::usual(self.state.runbook());
        let back = self.scenario.rollback_on_failure && self.state.going_back().is_none();
        if !back || chosen.is_empty() {
            if back {
                self.story.push("the document has no rollback".into());
            }
            self.story.push(format!("{id} failed"));
            return self.ask(&Request::Finish { outcome: Outcome::Failed, reason: String::new() });
        }
        let found = self.found();
        let wanted = |found: &Found, state: &RunState| {
            rollback::obstacles(state, &chosen, found).into_iter().find_map(|o| o.wants)
        };
        // Somebody has to answer them; a rehearsal has its own values, and tells.
        while let Some(name) = wanted(&found, &self.state) {
            let words = format!("the rollback needs a value: {name}");
            self.story.push(format!("  {words}"));
            self.in_the_way.push(words);
            self.ask(&Request::SetParameter { name, value: Some("rehearsed".into()) })?;
        }
        let board = rollback::board(&self.state, &chosen, &found, (None, self.now));
        let mut ways = Vec::new();
        for obstacle in &board.obstacles {
            let words = format!("{} (line {}): {}", obstacle.command, obstacle.line, obstacle.says);
            let choice = self.scenario.ways.get(&obstacle.command);
            let way = choice.and_then(|c| obstacle.ways.iter().find(|w| w.kind() == *c));
            let taken = way.map_or("no fix was chosen".to_owned(), WayOut::says);
            self.story.push(format!("  blocked: {words}; {taken}"));
            self.in_the_way.push(words);
            ways.extend(way.map(|w| (obstacle.command.clone(), w.clone())));
        }
        self.story.push(format!("rolling back, because {id} failed"));
        self.found = Some(found);
        let begun = self.ask(&Request::RollBack {
            trigger: board.trigger(),
            reason: format!("{id} failed"),
            procedures: chosen,
            confirmed: Confirmation::TypeName,
            ways,
        });
        begun.or_else(|refusal| {
            self.story.push(refusal.to_string());
            self.ask(&Request::Finish { outcome: Outcome::Failed, reason: String::new() })
        })
    }

    /// What is found outside, as the scenario says.
    fn found(&self) -> Found {
        let looked = |_: &String| match self.scenario.backup {
            Backup::Whole => file("made", 1),
            Backup::Missing => LookedAt::Not("it does not exist".into()),
            Backup::Empty => file("made", 0),
            Backup::Changed => file("other", 1),
        };
        let files = rollback::paths(&self.state).into_iter().map(|path| {
            let seen = looked(&path);
            (path, seen)
        });
        let all: Vec<_> = rollback::procedures(self.state.runbook()).map(|s| s.id.clone()).collect();
        let set = rollback::unknown_values(&self.state, &all).into_iter().map(|(_, _, name)| {
            // What the document leaves to the operator is there in a rehearsal; what it never sets is not.
            let asked = self.state.runbook().parameters.iter().any(|p| p.name == name);
            (name, asked)
        });
        Found { files: files.collect(), services: self.scenario.services.clone(), set: Some(set.collect()) }
    }

    /// What the scenario's outputs come to: that of the command, and of those before it in its block.
    fn verdicts(&self, command: &Command, text: &str, exit: Exit, output: &str) -> Vec<Derived> {
        let block = self.state.runbook().block_of(&command.id);
        let before = block.iter().flat_map(|b| b.commands.iter().take_while(|c| c.id != command.id));
        let outputs = before.filter_map(|c| {
            let staged = self.scenario.commands.get(&c.id)?;
            Some((c.text.as_str(), staged.output.as_deref()?, Exit::Status(staged.exit), [staged.exit]))
        });
        let outputs: Vec<(&str, &str, Exit, [i32; 1])> = outputs.collect();
        let alone = [exit.status()];
        let own = evidence((text, output), exit, &alone);
        let earlier =
            outputs.iter().map(|(text, output, exit, alone)| evidence((text, output), *exit, alone));
        let all: Vec<Evidence<'_>> = earlier.chain([own.clone()]).collect();
        let judged = command.expects.iter().enumerate();
        let judge = |e: &Expectation| if e.block { judge_block(e, &all) } else { judge(e, &own) };
        judged.map(|(claim, e)| Derived { claim, says: None, judgement: judge(e) }).collect()
    }

    fn told(self) -> Rehearsed {
        let ran: Vec<CommandId> = self.state.ran().iter().map(|r| r.command.clone()).collect();
        let known: BTreeSet<&CommandId> = ran.iter().collect();
        let book = self.state.runbook();
        let all = book.step_commands().into_iter().chain(rollback::commands(book, &rollback::usual(book)));
        let not_reached =
            all.filter(|c| !known.contains(&c.id) && !c.alternative).map(|c| c.id.clone()).collect();
        let gates = [GateId::Change, GateId::Verified];
        let gates = gates.into_iter().filter(|g| self.state.gate_of(*g).is_some()).collect();
        let problems = ran.iter().filter_map(|id| {
            let names: Vec<String> =
                self.state.recognised(id).iter().map(|r| r.problem.to_string()).collect();
            (!names.is_empty()).then(|| (id.clone(), names))
        });
        Rehearsed {
            outcome: self.state.outcome().map_or(Outcome::Failed, |(outcome, _)| outcome),
            story: self.story,
            not_reached,
            gates,
            problems: problems.collect(),
            in_the_way: self.in_the_way,
            exercised: ran,
        }
    }
}

fn file(sha256: &str, bytes: u64) -> LookedAt {
    LookedAt::There(FileFacts {
        bytes,
        sha256: sha256.into(),
        complete: None,
        changed: None,
        drops: vec![],
        inside: None,
    })
}

fn evidence<'e>((text, output): (&'e str, &'e str), exit: Exit, stages: &'e [i32]) -> Evidence<'e> {
    Evidence {
        text,
        exit,
        stages,
        elapsed: Duration::ZERO,
        output: Some(output),
        whole: true,
        merged: false,
        error: "",
        services: None,
        siblings: &[],
        fresh: Freshness::Any,
    }
}
