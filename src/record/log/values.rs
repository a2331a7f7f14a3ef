//! What a run says about a topic.

use chrono::{DateTime, Utc};

use super::change::{Source, Unfilled};
use super::slots::What;
use super::topics::{Kind, Topic, kind};
use crate::figures::elapsed;
use crate::record::review;
use crate::record::times::Times;
use crate::run::clock;
use crate::run::rollback::MadeFile;
use crate::run::sign::{SignRole, SignedOff, same_name};
use crate::run::state::{Captured, Mark};
use crate::run::{Outcome, RunState};
use crate::runbook::words;

/// A text with where it comes from.
pub(super) type Told = (String, Source);

/// Tells values of one run.
#[derive(Clone, Copy)]
pub(super) struct Values<'s> {
    pub(super) state: &'s RunState,
    pub(super) times: Times,
}

impl<'s> Values<'s> {
    pub(super) fn new(state: &'s RunState) -> Self {
        Self { state, times: Times::of(state) }
    }

    fn from(&self, words: impl Into<String>, mark: &Mark) -> Source {
        Source::of(self.state, words.into(), mark)
    }

    /// A moment in the shape that stands there.
    pub(super) fn moment(&self, at: DateTime<Utc>, what: &What, wanted: Kind) -> String {
        let local = self.times.local(at);
        match what {
            What::Date(pattern) => {
                let (date, time) =
                    pattern.split_once(' ').map_or((pattern.as_str(), false), |(d, _)| (d, true));
                let date = date.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d");
                let zone = self.times.zone_name();
                let date = local.format(&date);
                if time { format!("{date} {} {zone}", local.format("%H:%M:%S")) } else { date.to_string() }
            }
            _ if wanted == Kind::Date => self.times.date(at),
            _ => self.times.time(at),
        }
    }

    /// What the run says about a topic, as it stands behind its label.
    pub(super) fn about(&self, topic: Topic, what: &What) -> Result<Told, Unfilled> {
        let (start, began) = self.state.start().ok_or("the run has not begun")?;
        let by_start = |text: Option<String>, name: &str, missing: &str| {
            let text = text.ok_or_else(|| Unfilled::from(missing))?;
            Ok((text, self.from(format!("{name} of the run, from its start"), &Mark::Start)))
        };
        let word = match what {
            What::Word(word) => kind(word),
            _ => Kind::Value,
        };
        match topic {
            Topic::Date => {
                let shown = self.moment(*began, what, Kind::Date);
                Ok((shown, self.from("the day the run began", &Mark::Start)))
            }
            Topic::Start => {
                let shown = self.moment(*began, what, word);
                Ok((shown, self.from("the run began", &Mark::Start)))
            }
            Topic::End => {
                let (outcome, at) = self.over()?;
                Ok((
                    self.moment(at, what, word),
                    self.from(format!("the run ended: {outcome}"), &Mark::Outcome),
                ))
            }
            Topic::Duration => {
                let (_, at) = self.over()?;
                let took = (at - *began).num_milliseconds().max(0) as u64;
                Ok((elapsed(took), self.from("from the start of the run to its end", &Mark::Outcome)))
            }
            Topic::Downtime => self.downtime(),
            Topic::Version => self.parameter("version", "the document names no release"),
            Topic::Previous => self.parameter("previous version", "the document names no release before"),
            Topic::Environment => by_start(Some(start.environment.clone()), "environment", ""),
            Topic::Ticket => by_start(start.ticket.clone(), "ticket", "the run was started without a ticket"),
            Topic::Window => {
                let window = start
                    .window
                    .map(|w| format!("{} to {}", self.times.time(w.begins), self.times.time(w.ends)));
                by_start(window, "change window", "the run was started without a change window")
            }
            Topic::Document => by_start(Some(start.title.clone()), "title", ""),
            Topic::Run => by_start(Some(self.state.id().0.clone()), "name", ""),
            Topic::Url => {
                let url = self.state.runbook().environment(&start.environment).and_then(|e| e.url.clone());
                by_start(url, "address", "the environment has no address in the document")
            }
            Topic::Host => {
                let login = &self.state.place().login;
                if login.is_empty() {
                    return Err("no place was seen".into());
                }
                Ok((login.clone(), self.from("as the shell said", &Mark::Place)))
            }
            Topic::Engineer => self.person(SignRole::Engineer),
            Topic::Reviewer => self.person(SignRole::Reviewer),
            Topic::Outcome => {
                let (outcome, _) = self.over()?;
                Ok((outcome.to_string(), self.from("how the run ended", &Mark::Outcome)))
            }
            Topic::Issues => self.issues().map(|all| (joined(&all), all[0].1.clone())),
            Topic::Rollback | Topic::RolledBack => match self.state.going_back() {
                Some(_) => self.rolled_back(),
                None => self.not_rolled_back(topic).map(|source| ("no".to_owned(), source)),
            },
            Topic::Notes => self.notes(),
            Topic::Backup => self.backup(),
            Topic::Signature => Err("the line does not say whose".into()),
        }
    }

    /// How the run ended.
    pub(super) fn over(&self) -> Result<(Outcome, DateTime<Utc>), Unfilled> {
        self.state.outcome().ok_or_else(|| "the run is not over".into())
    }

    /// A time that something took, in whole minutes.
    pub(super) fn minutes(&self, topic: Topic) -> Result<Told, Unfilled> {
        if topic == Topic::Downtime {
            let (down, words) = self.outages()?.ok_or("nothing stopped the service")?;
            return Ok((down.div_ceil(60_000).to_string(), self.from(words, &Mark::Outcome)));
        }
        let (_, to) = self.over()?;
        let (_, from) = self.state.start().ok_or("it is not known how long")?;
        let minutes = (to - *from).num_seconds().max(0).cast_unsigned().div_ceil(60);
        let words = format!("from {} to {}", self.times.time(*from), self.times.time(to));
        Ok((minutes.to_string(), self.from(words, &Mark::Outcome)))
    }

    /// How long the service was down, where that is over, and when.
    fn outages(&self) -> Result<Option<(u64, String)>, Unfilled> {
        let outages = clock::outages(self.state);
        let Some((last, down)) =
            outages.last().zip(clock::down_ms(&outages, self.state.last_at().unwrap_or_default()))
        else {
            return Ok(None);
        };
        if last.goes_on() {
            return Err("nothing has shown yet that the service works again".into());
        }
        let each: Vec<String> = outages.iter().map(|o| self.times.outage(o)).collect();
        Ok(Some((down, format!("from {}", each.join("; from ")))))
    }

    fn downtime(&self) -> Result<Told, Unfilled> {
        let Some((down, words)) = self.outages()? else {
            self.over()?;
            let stops = |title: &str| {
                words::lower_words(title)
                    .iter()
                    .any(|w| ["stop", "shutdown", "shut"].contains(&words::stem(w).as_str()))
            };
            if let Some(step) = self.state.runbook().all_steps().into_iter().find(|s| stops(&s.title)) {
                return Err(format!(
                    "no command of {} {} was known to stop the service",
                    step.id, step.title
                )
                .into());
            }
            return Ok(("none".into(), self.from("nothing stopped the service", &Mark::Outcome)));
        };
        let unknown = clock::outages(self.state).iter().any(|o| o.sign == clock::Sign::RunOver);
        let more = if unknown { " to the end of the run" } else { "" };
        Ok((format!("{}{more}", elapsed(down)), self.from(words, &Mark::Outcome)))
    }

    fn parameter(&self, name: &str, missing: &str) -> Result<Told, Unfilled> {
        let known = self.state.runbook().parameters.iter().find(|p| p.name == name);
        let known = known.ok_or_else(|| Unfilled::from(missing))?;
        match self.state.parameters().get(name).cloned().flatten() {
            Some(value) => {
                Ok((value, self.from(format!("{name}, as answered"), &Mark::Parameter(name.into()))))
            }
            None => {
                let value = known.default.clone().ok_or("it was not answered")?;
                Ok((value, self.from(format!("{name}, as the document has it"), &Mark::Start)))
            }
        }
    }

    /// A value of the run that is called so: an answered parameter, a variable that a command set.
    pub(super) fn called(&self, label: &str) -> Option<Told> {
        let wanted = words::lower_words(label);
        let same = |name: &str| !wanted.is_empty() && words::lower_words(name) == wanted;
        let answered = self.state.parameters().iter().find(|(name, _)| same(name));
        if let Some((name, value)) = answered {
            let value = value.clone()?;
            return Some((value, self.from(format!("{name}, as answered"), &Mark::Parameter(name.clone()))));
        }
        let (name, captured) = self.state.captured_last().find(|(name, _)| same(name))?;
        let source = self.set_by(name, captured);
        Some((captured.value.clone(), source))
    }

    fn set_by(&self, name: &str, captured: &Captured) -> Source {
        self.from(format!("${name}, set by {}", captured.command), &Mark::Captured(name.into()))
    }

    fn made_by(&self, made: &MadeFile) -> Source {
        self.from(format!("made by {}", made.command), &Mark::Command(made.command.clone()))
    }

    fn person(&self, role: SignRole) -> Result<Told, Unfilled> {
        let (name, _) = self.state.person(role.word()).ok_or_else(|| format!("nobody is named as {role}"))?;
        if let Ok((_, source)) = self.signed(role) {
            return Ok((name.clone(), source));
        }
        let mark = Mark::Person(role.word().into());
        let mark = if self.state.event_of(&mark).is_some() { mark } else { Mark::Start };
        Ok((name.clone(), self.from(format!("named as {role}"), &mark)))
    }

    /// Whether this is the name of whoever has, or may have, a role.
    pub(super) fn is(&self, role: SignRole, name: &str) -> bool {
        self.state.person(role.word()).is_some_and(|(own, _)| same_name(own, name))
    }

    /// The last sign-off as this.
    pub(super) fn signed(&self, role: SignRole) -> Result<(&'s SignedOff, Source), Unfilled> {
        let Some(signed) = self.state.signed(role) else {
            let before = self.state.signatures().iter().rfind(|s| s.statement.role == role);
            return Err(match before {
                Some(before) => format!("{} signed as {role} before the rollback", before.statement.name),
                None => format!("nobody has signed as {role}"),
            }
            .into());
        };
        let at = self.state.signatures().iter().position(|s| s.seq == signed.seq && s == signed).unwrap_or(0);
        let source = self.from(format!("signed as {role} by {}", signed.who()), &Mark::Signed(at));
        Ok((signed, source))
    }

    /// What stands in a line of the sign-off, by what is asked for there.
    pub(super) fn sign_off(&self, role: SignRole, what: &What, wanted: Kind) -> Result<Told, Unfilled> {
        let (signed, source) = self.signed(role)?;
        let statement = &signed.statement;
        let claimed = signed.as_given.key.is_none();
        let text = match wanted {
            Kind::Time | Kind::Started | Kind::Date => self.moment(statement.time, what, wanted),
            Kind::Signature => signed.as_given.by(),
            Kind::Standing => "signed".to_owned(),
            _ if claimed => format!("{} (claimed)", statement.name),
            _ => statement.name.clone(),
        };
        Ok((text, source))
    }

    /// Issues, the reason for the rollback among them: whoever went back had one. None is one line too.
    pub(super) fn issues(&self) -> Result<Vec<Told>, Unfilled> {
        let noted = self.state.notes().iter().enumerate().filter(|(_, n)| n.issue);
        let mut all: Vec<Told> = noted
            .map(|(at, n)| {
                let about = if n.about.is_empty() { String::new() } else { format!("{}: ", n.about) };
                (format!("{about}{}", n.text), self.from(format!("issue noted by {}", n.by), &Mark::Note(at)))
            })
            .collect();
        if let Some(back) = self.state.going_back() {
            all.push((back.decided.reason.clone(), self.from("the reason for the rollback", &Mark::Back)));
        }
        if all.is_empty() {
            self.over()?;
            // Whatever failed was an issue, whether it was written down or not; only somebody can say which.
            let failed = review::points(self.state).into_iter().find(|p| p.about == review::About::Failed);
            if let Some(failed) = failed {
                return Err(format!("no issue was noted, and something failed: {}", failed.words).into());
            }
            all.push(("None".into(), self.from("no issue was noted", &Mark::Outcome)));
        }
        Ok(all)
    }

    /// Why and when it was gone back.
    pub(super) fn rolled_back(&self) -> Result<Told, Unfilled> {
        let back = self.state.going_back().ok_or("there was no rollback")?;
        let (outcome, ended) = self.over()?;
        let how = if outcome == Outcome::RolledBack { "rolled back" } else { "not finished" };
        let (from, to) = (self.times.time(back.at), self.times.time(ended));
        let text = format!("{}, {how} {from} to {to}", back.decided.reason);
        Ok((text, self.from(format!("rollback, decided by {}", back.by), &Mark::Back)))
    }

    /// That there was no rollback, where that can be said.
    pub(super) fn not_rolled_back(&self, topic: Topic) -> Result<Source, Unfilled> {
        match self.over()? {
            // Whether it was is a fact; whether it should be is for somebody to say.
            (outcome, _) if topic == Topic::RolledBack || outcome == Outcome::Deployed => {
                Ok(self.from(format!("the run ended as {outcome}"), &Mark::Outcome))
            }
            (outcome, _) => {
                Err(format!("the run ended as {outcome}: that does not say whether a rollback is needed")
                    .into())
            }
        }
    }

    fn notes(&self) -> Result<Told, Unfilled> {
        let noted = self.state.notes().iter().enumerate().filter(|(_, n)| !n.issue);
        let all: Vec<Told> = noted
            .map(|(at, n)| (n.text.clone(), self.from(format!("note by {}", n.by), &Mark::Note(at))))
            .collect();
        match all.first() {
            Some(first) => Ok((joined(&all), first.1.clone())),
            None => {
                self.over()?;
                Ok(("none".into(), self.from("no note was written", &Mark::Outcome)))
            }
        }
    }

    /// The file that the way back puts back, else a variable that is called so.
    fn backup(&self) -> Result<Told, Unfilled> {
        if let Some(made) = self.state.made_files().last() {
            let source = self.made_by(made);
            return Ok((made.path.clone(), source));
        }
        let named = |name: &str| name.to_lowercase().contains("backup");
        let (name, captured) = self
            .state
            .captured_last()
            .find(|(name, _)| named(name))
            .ok_or("no backup was made in this run")?;
        let source = self.set_by(name, captured);
        Ok((captured.value.clone(), source))
    }

    /// The captured value or made file that a name with a pattern of dates in it stands for.
    pub(super) fn named(&self, pattern: &str) -> Result<Told, Unfilled> {
        let name = pattern.rsplit('/').next().unwrap_or(pattern);
        let before = name.split("YYYY").next().unwrap_or("");
        let after = name.rsplit(['M', 'D', 'S', 'H', 'Y']).next().unwrap_or("");
        let fits = |value: &str| {
            let value = value.rsplit('/').next().unwrap_or(value);
            value.starts_with(before) && value.ends_with(after) && value.len() > before.len() + after.len()
        };
        if let Some(made) = self.state.made_files().iter().rfind(|m| fits(&m.path)) {
            let source = self.made_by(made);
            // As the document writes it: the directory that stands there is the one it was made in.
            let file = made.path.rsplit('/').next().unwrap_or(&made.path);
            let whole = made.path.contains('/') && !pattern.contains('/');
            return Ok((if whole { made.path.clone() } else { pattern.replace(name, file) }, source));
        }
        let found = self.state.captured_last().find(|(_, c)| fits(&c.value));
        let (variable, captured) = found.ok_or_else(|| format!("no command set a value like {name}"))?;
        let source = self.set_by(variable, captured);
        let value = &captured.value;
        Ok((if value.contains('/') { value.clone() } else { pattern.replace(name, value) }, source))
    }
}

fn joined(all: &[Told]) -> String {
    all.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("; ")
}
