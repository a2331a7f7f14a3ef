//! Forms verdicts on what commands showed: gathers what the pure judge has to know, and masks what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::super::files::compose_services;
use super::Actor;
use crate::exec::Shown;
use crate::mask::{Hidden, Masker};
use crate::run::claim::Derived;
use crate::run::verdict::{
    EVERY_PART, Evidence, Freshness, Judgement, NO_ERROR, Sibling, Verdict, compose, errors_at_success,
    judge, judge_beside, part_failed, seen_so_far,
};
use crate::run::{Attempt, CommandState, Event, Exit, policy, rollback};
use crate::runbook::expect::Check;
use crate::runbook::{Command, CommandId, Expectation, parameters};
use crate::shell::{Effect, Kind, is_pipeline, services};

mod block;

use block::Earlier;
pub(super) use block::RanBefore;

/// How long a command has to go on after its lines were seen, so that they count.
const ALIVE: Duration = Duration::from_secs(10);

/// Verdicts on a command that goes on, by claim, and since when they hold.
#[derive(Debug, Default)]
pub(super) struct Watched {
    attempt: Attempt,
    seen: BTreeMap<usize, (Judgement, Instant)>,
}

/// A job of the command still lives.
const STILL_WRITING: &str = "a job that it left in the background may still print it";

impl Actor {
    /// Whether what a command shows is to be known while it goes on.
    ///
    /// With nobody there all that goes on is, so that one which is quiet is not taken to wait for an answer.
    pub(super) fn watches(&self, id: &CommandId) -> bool {
        let command = self.state.find(id).filter(|c| c.kind == Kind::Follow);
        let unattended = self.mode_is_unattended();
        command.is_some_and(|c| {
            unattended
                || c.expects
                    .iter()
                    .any(|e| matches!(e.check, Some(Check::Lines { .. } | Check::Shows { .. })))
        })
    }

    /// What the claims about a command that ended come to.
    pub(super) fn verdicts(
        &mut self,
        id: &CommandId,
        (exit, elapsed): (Exit, Duration),
        shown: Option<&Shown>,
    ) -> Vec<Derived> {
        self.judging.watched.remove(id);
        let Some(command) = self.state.find(id) else { return vec![] };
        let text = self.text_run(id, command);
        let gathered = Gathered::of(self, command, &text);
        let restores = rollback::belongs(self.state.runbook(), id) && policy::changes_data(&text);
        let ended = (exit, elapsed);
        let writing = shown.is_some_and(|s| s.writing);
        let unknown_stages = shown.is_none_or(|s| s.stages.is_empty()) && is_pipeline(&text);
        let earlier = Earlier::of(self, command);
        let derived = self.telling_nothing((shown, &earlier), |shown, earlier| {
            gathered.with_evidence(ended, shown, |evidence| {
                let mut derived = Vec::new();
                let follows = command.kind == Kind::Follow;
                let fails = command.expects.iter().any(|e| matches!(e.check, Some(Check::Fails { .. })));
                let part = part_failed(evidence).filter(|_| !follows && !fails);
                let judge = |expected: &Expectation, evidence: &Evidence<'_>| match &part {
                    _ if expected.block => earlier.judge(expected, evidence),
                    Some(_) => judge_beside(expected, evidence),
                    None => judge(expected, evidence),
                };
                for (claim, expected) in command.expects.iter().enumerate() {
                    let known = self.state.claims(id).get(claim).and_then(|c| c.judged.clone());
                    let judgement = match known {
                        // It was seen, and went on long enough; what then died is for eyes.
                        Some(known) if command.kind == Kind::Follow => died_later(known, exit),
                        _ if command.kind == Kind::Follow => after_watching(judge(expected, evidence)),
                        _ if unknown_stages => without_stages(judge(expected, evidence)),
                        _ if writing => unless(judge(expected, evidence), STILL_WRITING),
                        _ => judge(expected, evidence),
                    };
                    derived.push(Derived { claim, says: None, judgement });
                }
                // What a part that failed complains of is no second thing.
                let error = errors_at_success(evidence).filter(|_| !follows && part.is_none());
                let error = error.filter(|_| !awaits_error(command, &derived));
                for (says, judgement) in [(NO_ERROR, error), (EVERY_PART, part)] {
                    if let Some(judgement) = judgement {
                        let judgement = if restores { not_restored(judgement) } else { judgement };
                        let claim = derived.len();
                        derived.push(Derived { claim, says: Some(says.to_owned()), judgement });
                    }
                }
                derived
            })
        });
        self.keep_for_block((id, &text), ended, shown);
        let making = shown.map(|s| Making::told_by(&s.output).and(Making::told_by(&s.error)));
        match making.filter(|m| !m.made.is_empty()) {
            Some(making) => drop(self.judging.made.insert(id.clone(), making)),
            None => drop(self.judging.made.remove(id)),
        }
        derived
    }

    /// Takes in what a command that goes on has shown so far.
    pub(super) fn shown(&mut self, id: CommandId, attempt: Attempt, shown: &Shown) {
        let Some(command) = self.state.find(&id) else { return };
        let text = self.text_run(&id, command);
        let gathered = Gathered::of(self, command, &text);
        let claims = self.state.claims(&id);
        let open = |claim: usize| claims.get(claim).is_some_and(|c| c.judged.is_none());
        let so_far = (Exit::Ended, Duration::ZERO);
        let seen = self.telling_nothing((Some(shown), &Earlier::default()), |shown, _| {
            gathered.with_evidence(so_far, shown, |evidence| {
                let expected = command.expects.iter().enumerate().filter(|(claim, _)| open(*claim));
                let seen = expected.filter_map(|(claim, e)| Some((claim, seen_so_far(e, evidence)?)));
                seen.map(|(claim, judgement)| Derived { claim, says: None, judgement }).collect()
            })
        });
        let watched = self.judging.watched.entry(id).or_default();
        if watched.attempt != attempt {
            *watched = Watched { attempt, ..Watched::default() };
        }
        // What is contradicted later has not been seen.
        watched.seen.retain(|claim, _| seen.iter().any(|s| s.claim == *claim));
        for Derived { claim, judgement, .. } in seen {
            watched.seen.entry(claim).or_insert((judgement, Instant::now()));
        }
    }

    /// When the next of what was seen has gone on long enough.
    pub(super) fn watched_due_in(&self) -> Option<Duration> {
        let since = self.judging.watched.values().flat_map(|w| w.seen.values().map(|(_, since)| *since));
        since.map(|since| ALIVE.saturating_sub(since.elapsed())).min()
    }

    /// Records what was seen ten seconds ago of commands that still go on.
    pub(super) fn still_alive(&mut self) {
        let mut due = Vec::new();
        for (id, watched) in &mut self.judging.watched {
            let ready: Vec<usize> =
                watched.seen.iter().filter(|(_, (_, s))| s.elapsed() >= ALIVE).map(|(c, _)| *c).collect();
            for claim in ready {
                if let Some((judgement, _)) = watched.seen.remove(&claim) {
                    due.push((id.clone(), watched.attempt, Derived { claim, says: None, judgement }));
                }
            }
        }
        self.judging.watched.retain(|_, w| !w.seen.is_empty());
        for (command, attempt, verdict) in due {
            self.fact(Event::VerdictDerived { command, attempt, verdict });
        }
    }

    /// Whether a verdict on a command compares what it lists with a compose file.
    pub(super) fn compares_services(&self, id: &CommandId, text: &str) -> bool {
        let Some(command) = self.state.find(id) else { return false };
        let compared = command.expects.iter().any(|e| matches!(e.check, Some(Check::EveryRow { .. })));
        compared && compose::lists(text)
    }

    /// The text of a command as it was run last.
    fn text_run(&self, id: &CommandId, command: &Command) -> String {
        let ran = self.state.last_run(id);
        let text = ran.map_or_else(|| self.state.text_of(command), |r| r.text.clone());
        // The hole of a secret would be read as redirections.
        let holes = parameters::holes(&text);
        if holes.is_empty() { text } else { parameters::mask(&text, &holes) }
    }

    /// What hides the secrets of the run.
    pub(super) fn masker(&self) -> Masker {
        /// What the operator's environment holds under secrets' names; it stays in memory.
        static OPERATORS: LazyLock<Masker> = LazyLock::new(|| {
            let mut masker = Masker::default();
            masker.add_environment(std::env::vars_os());
            masker
        });
        let mut masker = OPERATORS.clone();
        masker.add_all(self.secrets.iter().map(|(name, value)| (Hidden::Declared(name.clone()), value)));
        masker
    }

    /// Verdicts are formed on what was really shown. What they tell is taken from the masked text before anything
    /// is cut out of it: half a secret is not found any more.
    fn telling_nothing(
        &self,
        (shown, earlier): (Option<&Shown>, &Earlier),
        form: impl Fn(Option<&Shown>, &Earlier) -> Vec<Derived>,
    ) -> Vec<Derived> {
        let mut derived = form(shown, earlier);
        if derived.is_empty() {
            return derived;
        }
        let masker = self.masker();
        let hidden = shown.map(|s| Shown {
            output: masker.text(&s.output),
            error: masker.text(&s.error),
            ..s.clone()
        });
        let earlier_hidden = earlier.masked(&masker);
        if hidden.as_ref() != shown || earlier_hidden != *earlier {
            let told = form(hidden.as_ref(), &earlier_hidden);
            for Derived { claim, judgement, .. } in &mut derived {
                let same =
                    told.iter().find(|t| t.claim == *claim && t.judgement.verdict == judgement.verdict);
                judgement.observed = same.map_or_else(String::new, |t| t.judgement.observed.clone());
                judgement.why =
                    same.map_or_else(|| "the value is a secret".to_owned(), |t| t.judgement.why.clone());
            }
        }
        for Derived { judgement, .. } in &mut derived {
            judgement.observed = masker.text(&judgement.observed);
            judgement.why = masker.text(&judgement.why);
        }
        derived
    }

    /// How old what a command shows may be: younger than what should have caused it.
    fn freshness(&self, command: &Command) -> Freshness {
        let step = |id: &CommandId| id.0.split('/').next().unwrap_or_default().to_owned();
        let here = step(&command.id);
        let earlier = self.state.ran().iter().rev().filter(|r| r.command != command.id);
        let cause = earlier.filter(|r| r.exit.is_some_and(Exit::is_success)).find(|r| {
            let changes = self.state.find(&r.command).is_some_and(|c| c.effect != Effect::Reads);
            changes && (step(&r.command) == here || services::starts(&r.text))
        });
        // It is asked a few times a second of what goes on: its text is looked at where something was made.
        let all_made =
            |making: &Making| making.is_all_of(&compose::logged(&self.text_run(&command.id, command)));
        match cause {
            None => Freshness::Any,
            Some(cause) if self.judging.made.get(&cause.command).is_some_and(all_made) => Freshness::Made,
            Some(cause) => Freshness::Since(cause.started),
        }
    }
}

/// Whether an error is what the document expects to be shown, and it was.
fn awaits_error(command: &Command, derived: &[Derived]) -> bool {
    let speaks = |text: &str| ["error", "fatal", "fail"].iter().any(|w| text.to_lowercase().contains(w));
    derived.iter().filter(|d| d.judgement.verdict == Verdict::Pass).any(|d| {
        let expected = command.expects.get(d.claim);
        expected.is_some_and(|e| speaks(&e.text) && !matches!(e.check, Some(Check::Absent { .. })))
    })
}

/// Errors of a restore: what is there afterwards is not what was saved, whatever its exit status.
fn not_restored(judgement: Judgement) -> Judgement {
    let why = "an error while restoring: the data now differs from what was saved".to_owned();
    Judgement { verdict: Verdict::Fail, why, ..judgement }
}

/// A verdict on a command that went on, formed after its end: what was not seen long enough before it is no pass.
fn after_watching(judgement: Judgement) -> Judgement {
    match judgement.verdict {
        Verdict::Pass => Judgement {
            observed: judgement.observed,
            matched: true,
            ..Judgement::eyes("it appeared, but the command did not run for ten seconds after that")
        },
        _ => judgement,
    }
}

/// A verdict that held while a command went on, once that has ended by itself.
fn died_later(known: Judgement, exit: Exit) -> Judgement {
    if exit.is_success() || known.verdict != Verdict::Pass {
        return known;
    }
    let why = format!("it appeared, and the command ran for ten more seconds; then it ended: {exit}");
    Judgement { observed: known.observed, matched: true, ..Judgement::eyes(why) }
}

/// A verdict on a pipeline of which only the last status is known: an earlier stage may have failed.
fn without_stages(judgement: Judgement) -> Judgement {
    if judgement.verdict != Verdict::Pass {
        return judgement;
    }
    let why = "the exit statuses of its earlier stages are not known";
    Judgement { observed: judgement.observed, matched: true, ..Judgement::eyes(why) }
}

/// A failure that something else may explain is for eyes.
fn unless(judgement: Judgement, explained: &str) -> Judgement {
    if judgement.verdict != Verdict::Fail {
        return judgement;
    }
    let why = format!("{}; {explained}", judgement.why);
    Judgement { observed: judgement.observed, ..Judgement::eyes(why) }
}

/// What the judge has to know besides what the command showed.
struct Gathered<'g> {
    text: &'g str,
    services: Option<Vec<String>>,
    siblings: Vec<(String, Option<Exit>)>,
    fresh: Freshness,
}

impl<'g> Gathered<'g> {
    fn of(actor: &Actor, command: &Command, text: &'g str) -> Self {
        // What goes on is judged a few times a second: the file is read where a check compares with it.
        let services = if !actor.compares_services(&command.id, text) {
            None
        } else if actor.is_elsewhere() {
            actor.remote.services.get(&command.id).cloned()
        } else {
            compose_services(text, Path::new(&actor.state.place().directory))
        };
        // Both are looked for among what ran before, and asked of by what is expected alone.
        let (siblings, fresh) = match command.expects.as_slice() {
            [] => (vec![], Freshness::Any),
            _ => (siblings(actor, command), actor.freshness(command)),
        };
        Self { text, services, siblings, fresh }
    }

    fn with_evidence<R>(
        &self,
        (exit, elapsed): (Exit, Duration),
        shown: Option<&Shown>,
        judge: impl FnOnce(&Evidence<'_>) -> R,
    ) -> R {
        let alone = [exit.status()];
        let siblings: Vec<Sibling<'_>> =
            self.siblings.iter().map(|(text, exit)| Sibling { text, exit: *exit }).collect();
        judge(&Evidence {
            text: self.text,
            exit,
            stages: shown.map(|s| s.stages.as_slice()).filter(|s| !s.is_empty()).unwrap_or(&alone),
            elapsed,
            output: shown.map(|s| s.output.as_str()),
            whole: shown.is_some_and(|s| s.whole),
            merged: shown.is_some_and(|s| s.merged),
            error: shown.map_or("", |s| &s.error),
            services: self.services.as_deref(),
            siblings: &siblings,
            fresh: self.fresh,
        })
    }
}

/// The other commands of its block that are not one of several ways, with how they ended.
fn siblings(actor: &Actor, command: &Command) -> Vec<(String, Option<Exit>)> {
    let Some(block) = actor.state.runbook().block_of(&command.id) else { return vec![] };
    let others = block.commands.iter().filter(|c| c.id != command.id && !c.alternative && !c.optional);
    others
        .map(|c| {
            let exit = match actor.state.command(&c.id) {
                CommandState::Exited { exit, .. } => Some(*exit),
                _ => None,
            };
            (actor.text_run(&c.id, c), exit)
        })
        .collect()
}

/// What an output tells of containers: those that were made, so that whatever they log is younger, and all it names.
#[derive(Debug, Default)]
pub(super) struct Making {
    made: BTreeSet<String>,
    named: BTreeSet<String>,
}

impl Making {
    fn told_by(output: &str) -> Self {
        let mut told = Self::default();
        for line in output.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let container = words.iter().position(|w| *w == "Container").map(|at| &words[at + 1..]);
            let (name, made) = match container.unwrap_or(&words) {
                // On a terminal the time that it took follows.
                [name, state, ..] if container.is_some() => {
                    (*name, matches!(*state, "Created" | "Recreated"))
                }
                ["Creating" | "Recreating", name, .., "done"] => (*name, true),
                ["Starting", name, .., "done"] | [name, "is", "up-to-date"] => (*name, false),
                _ => continue,
            };
            told.named.insert(name.to_owned());
            if made {
                told.made.insert(name.to_owned());
            }
        }
        told
    }

    fn and(mut self, other: Self) -> Self {
        self.made.extend(other.made);
        self.named.extend(other.named);
        self
    }

    /// Whether every container of these services was made; of all that were named, where none is.
    fn is_all_of(&self, services: &[String]) -> bool {
        let of = |service: &String, name: &String| {
            [format!("_{service}_"), format!("-{service}-")].iter().any(|part| name.contains(part))
        };
        if services.is_empty() {
            return !self.made.is_empty() && self.made == self.named;
        }
        services.iter().all(|service| {
            let mut named = self.named.iter().filter(|name| of(service, name)).peekable();
            named.peek().is_some() && named.all(|name| self.made.contains(name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_of_which_not_all_is_known_is_for_eyes() {
        let pass = || Judgement { verdict: Verdict::Pass, observed: "up".into(), ..Judgement::eyes("") };
        assert_eq!(died_later(pass(), Exit::Ended).verdict, Verdict::Pass);
        let died = died_later(pass(), Exit::Status(3));
        assert_eq!((died.verdict, died.matched, died.observed.as_str()), (Verdict::NeedsEyes, true, "up"));
        assert!(died.why.contains("exit 3"), "{}", died.why);
        assert_eq!(without_stages(pass()).verdict, Verdict::NeedsEyes);
        assert_eq!(unless(pass(), STILL_WRITING).verdict, Verdict::Pass);
        let unlike = Judgement { verdict: Verdict::Fail, ..Judgement::eyes("it is not JSON") };
        let for_eyes = unless(unlike, STILL_WRITING);
        assert_eq!(for_eyes.verdict, Verdict::NeedsEyes);
        assert!(for_eyes.why.contains("it is not JSON; a job"), "{}", for_eyes.why);
        let fail = Judgement { verdict: Verdict::Fail, ..Judgement::eyes("") };
        assert_eq!(without_stages(fail).verdict, Verdict::Fail);
    }

    #[test]
    fn logs_are_new_where_every_container_was_made() {
        let all = |output: &str| Making::told_by(output).is_all_of(&[]);
        assert!(all(" Container db-1  Created\n Container db-1  Started\n"));
        assert!(all("Creating app_1 ... done\n"));
        assert!(!all(" Container redis-1  Created\n Container app-1  Running\n"));
        assert!(!all("Recreating redis_1 ... done\napp_1 is up-to-date\n"));
        assert!(!all(" Container app-1  Started\n"));
        // As docker-compose 1 draws it.
        let drawn = crate::run::verdict::clean(
            b"p_db_1 is up-to-date\r\nRecreating p_api_1 ... \r\r\n\x1b[1A\x1b[2K\rRecreating p_api_1 ... \x1b[32mdone\x1b[0m\r\x1b[1B",
        );
        assert!(Making::told_by(&drawn).is_all_of(&["api".into()]), "{drawn:?}");
        // Of the logs of one service only that one counts.
        let of = |output: &str, service: &str| Making::told_by(output).is_all_of(&[service.into()]);
        let some = "p_db_1 is up-to-date\nRecreating p_api_1 ... done\n";
        assert!(of(some, "api") && !of(some, "db") && !of(some, "web"));
        assert!(of(" Container p-api-1  Recreated\n Container p-db-1  Running\n", "api"));
        assert!(of(
            " \u{283f} Container p-api-1  Recreated  0.1s\n \u{2714} Container p-api-1  Started  0.3s\n",
            "api"
        ));
    }
}
