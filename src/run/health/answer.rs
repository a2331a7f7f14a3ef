//! What probes can say about a check item: "Disk space > 20% free", "API server responding", "Search answers in time".
//!
//! It is evidence; the tick stays the operator's. Of a moment it is what counts then, of a span all looks within it.

use chrono::{DateTime, FixedOffset, Utc};

use super::asks::{About, Asked};
use super::history::{Glance, History};
use super::kept::Kept;
use super::row::Row;
use super::{Answer, Coarse, Evidence, Figure, Health, Level, RowId, Series, amount};
use crate::figures::running;
use crate::runbook::measures::{Bound, Measure, Side};
use crate::runbook::probes::{Probe, ProbeId, Source};

/// What an answer is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The beginning of a span; nothing where it is asked of now.
    pub from: Option<DateTime<Utc>>,
    /// Now, or the end of the span.
    pub at: DateTime<Utc>,
    /// The zone that times are told in.
    pub zone: FixedOffset,
}

impl Asking {
    /// Of a moment.
    pub fn now(at: DateTime<Utc>, zone: FixedOffset) -> Self {
        Self { from: None, at, zone }
    }
}

/// Whether it is so what an item says, as far as probes can tell; nothing where it is not about what they see, or says
/// something else too.
pub fn answer(item: &str, health: &Health, asking: Asking) -> Option<Evidence> {
    let asked = Asked::read(item, |word| is_name(health, word))?;
    let looking = Looking { health, asking: with_length(asking, asked.length_s) };
    let parts = looking.parts(&asked)?;
    let evidence = together(parts)?;
    Some(if asked.bad && asked.bound.is_none() { turned(evidence) } else { evidence })
}

/// "Up for 10 minutes" is asked of the ten minutes, also where the round is shorter.
fn with_length(asking: Asking, length_s: Option<u64>) -> Asking {
    let Some(length) = length_s else { return asking };
    let begins = asking.at - chrono::TimeDelta::seconds(length.min(86_400) as i64);
    Asking { from: Some(asking.from.map_or(begins, |from| from.min(begins))), ..asking }
}

/// A sentence that says it is bad is so where it is not well.
fn turned(evidence: Evidence) -> Evidence {
    let answer = match evidence.answer {
        Answer::Yes => Answer::No,
        Answer::No => Answer::Yes,
        Answer::Open => Answer::Open,
    };
    Evidence { answer, ..evidence }
}

/// All of it is so where each is; it is not where one is not.
fn together(parts: Vec<Evidence>) -> Option<Evidence> {
    let worst = |answer: Answer| match answer {
        Answer::Yes => 0,
        Answer::Open => 1,
        Answer::No => 2,
    };
    let answer = parts.iter().map(|p| p.answer).max_by_key(|a| worst(*a))?;
    let meant = parts.iter().filter(|p| p.answer == answer);
    let words = meant.map(|p| p.words.as_str()).collect::<Vec<_>>().join(", ");
    Some(Evidence { answer, words })
}

/// Whether something that is watched is called so: a service, a container, a part of an address's path.
fn is_name(health: &Health, word: &str) -> bool {
    word.len() > 2 && health.watch.probes.iter().any(|probe| named(probe, word))
}

fn named(probe: &Probe, word: &str) -> bool {
    let is = |name: &str| {
        let parts = name.to_lowercase();
        parts == word || parts.split(|c: char| !c.is_alphanumeric()).any(|part| part == word)
    };
    match &probe.source {
        Source::Http(request) => is(request.path()) || probe.id.0 == word,
        Source::Docker(docker) => docker.services.iter().chain(&docker.containers).any(|name| is(name)),
        Source::Postgres(_) | Source::Sql(_) => ["postgres", "postgresql", "database"].contains(&word),
        Source::Host(host) => host.paths.iter().any(|path| is(path)),
        Source::Systemd(systemd) => systemd.units.iter().any(|unit| is(unit)),
        Source::Redis(_) => word == "redis",
        Source::Prometheus(_) | Source::Tcp(_) | Source::Command(_) => probe.id.0 == word,
    }
}

/// What is asked, of what was seen.
struct Looking<'h> {
    health: &'h Health,
    asking: Asking,
}

impl Looking<'_> {
    /// What each row or figure that is meant says.
    fn parts(&self, asked: &Asked) -> Option<Vec<Evidence>> {
        let latencies = [Measure::LatencyP95, Measure::LatencyP50, Measure::LatencyP99, Measure::Latency];
        let parts = match (asked.about, asked.bound) {
            (About::Answers, _) => self.states("http", &asked.names),
            (About::Containers, _) => match self.states("docker", &asked.names) {
                none if none.is_empty() => self.states("http", &asked.names),
                some => some,
            },
            (About::LogErrors, _) => self.log_errors(&asked.names),
            (About::Latency, Some(bound)) => self.bound(&self.addresses(asked, Measure::LatencyP95), bound),
            (About::Latency, None) => self.targets(&latencies, &asked.names),
            (About::Measure(Measure::ErrorRate), None) => {
                match self.targets(&[Measure::ErrorRate], &asked.names) {
                    none if none.is_empty() => self.no_errors(&self.addresses(asked, Measure::ErrorRate)),
                    some => some,
                }
            }
            (About::Measure(measure), None) => self.targets(&[measure], &asked.names),
            (About::Measure(measure), Some(bound)) => self.bound(&self.figures(asked, measure), bound),
            (About::Resources, _) => {
                self.targets(&[Measure::Cpu, Measure::Memory, Measure::DiskFree, Measure::Swap], &asked.names)
            }
        };
        (!parts.is_empty()).then_some(parts)
    }

    fn rows(&self) -> Vec<Row> {
        self.health.rows(self.asking.at)
    }

    /// Rows of a kind of probe; those of a name, where one is named.
    fn states(&self, kind: &str, names: &[String]) -> Vec<Evidence> {
        let meant = |row: &Row| {
            let RowId::Subject(probe, subject) = &row.id else { return false };
            let Some(probe) = self.health.watch.probe(probe).filter(|p| p.source.kind() == kind) else {
                return false;
            };
            let by_name = |name: &String| {
                if subject.is_empty() {
                    named(probe, name)
                } else {
                    subject.to_lowercase().contains(name.as_str())
                }
            };
            names.is_empty() || names.iter().any(by_name)
        };
        let rows = self.rows().into_iter().filter(meant);
        rows.filter_map(|row| self.state(&row)).collect()
    }

    /// Targets that a measure is of.
    fn targets(&self, measures: &[Measure], names: &[String]) -> Vec<Evidence> {
        let meant = |row: &Row| {
            let figure = row.figure.as_ref().filter(|_| matches!(row.id, RowId::Target(_)));
            let is_meant = |name: &String| {
                let by_probe = self.health.watch.probe_of(&row.id).is_some_and(|p| named(p, name));
                by_probe || row.title.to_lowercase().contains(name.as_str())
            };
            figure.is_some_and(|f| measures.contains(&f.measure))
                && !row.bounds.is_empty()
                && (names.is_empty() || names.iter().any(is_meant))
        };
        self.rows().into_iter().filter(meant).filter_map(|row| self.state(&row)).collect()
    }

    /// How a row was by its levels.
    fn state(&self, row: &Row) -> Option<Evidence> {
        match self.asking.from {
            None => moment(row),
            Some(from) => {
                let every_s = self.health.watch.probe_of(&row.id)?.every_s;
                let history = self.health.history(&row.id)?;
                self.looks(row, history, (from, every_s))
            }
        }
    }

    /// How a row was by all looks of the span.
    fn looks(&self, row: &Row, history: &History, (from, every_s): (DateTime<Utc>, u64)) -> Option<Evidence> {
        let (begins, ends) = (from.timestamp(), self.asking.at.timestamp());
        let tally = history.tally(begins, ends + 1);
        let expected = ((ends - begins).max(0) as u64 / every_s.max(1)).max(1);
        let looks = tally.looks();
        let open = |words: String| Some(Evidence { answer: Answer::Open, words });
        let name = row.full_title();
        match tally.counted {
            Some(Level::Down) => {
                let answered = looks - tally.failed.min(looks);
                let spells = self.times(history, (begins, ends + 1), Glance::failed);
                let words = format!("{name}: {answered} of {looks} looks answered; no answer {spells}");
                return Some(Evidence { answer: Answer::No, words });
            }
            Some(Level::Alert) => {
                let times = self.times(history, (begins, ends + 1), |g| g == Glance::Alert);
                let words = format!("{name}: alert at {} of {looks} looks, {times}", tally.alert);
                return Some(Evidence { answer: Answer::No, words });
            }
            _ => {}
        }
        if looks * 2 < expected {
            return open(format!("{name}: {looks} of {expected} looks were made"));
        }
        if tally.counted == Some(Level::NotSeen) || tally.unseen * 2 > looks {
            return open(format!("{name} was not seen at {} of {looks} looks", tally.unseen));
        }
        if tally.counted == Some(Level::Watch) {
            let times = self.times(history, (begins, ends + 1), |g| g == Glance::Watch);
            return open(format!("watch: {name} at {} of {looks} looks, {times}", tally.watch));
        }
        tally.counted?;
        let odd = looks - tally.fine;
        let of = if odd > 0 {
            format!(", {} of {looks} looks ok", tally.fine)
        } else {
            format!(", {looks} looks")
        };
        Some(Evidence { answer: Answer::Yes, words: format!("{}{of}", short(row)) })
    }

    /// When it was so: the longest time, and how many others.
    fn times(&self, history: &History, (from, until): (i64, i64), is: impl Fn(Glance) -> bool) -> String {
        let spells = history.spells(from, until, is);
        let length = |s: &super::Spell| s.until.unwrap_or(until) - s.from;
        let Some(longest) = spells.iter().max_by_key(|s| length(s)) else { return String::new() };
        let clock = |at: i64| {
            let at = DateTime::from_timestamp(at, 0).unwrap_or(self.asking.at);
            at.with_timezone(&self.asking.zone).format("%H:%M:%S").to_string()
        };
        let lasted = running(length(longest).max(0) as u64);
        let longest = match longest.until {
            Some(until) => format!("{} to {}, {lasted}", clock(longest.from), clock(until)),
            None => format!("from {} on, {lasted}", clock(longest.from)),
        };
        match spells.len() {
            1 => longest,
            several => format!("{longest}, and {} times more", several - 1),
        }
    }

    /// Figures of the addresses that are meant: of the one that is asked to measure, where there is one.
    fn addresses(&self, asked: &Asked, measure: Measure) -> Vec<Figure> {
        let on = |p: &&Probe| p.on && matches!(p.source, Source::Http(_));
        let all: Vec<&Probe> = self.health.watch.probes.iter().filter(on).collect();
        let by_name = |p: &&&Probe| asked.names.iter().any(|name| named(p, name));
        let measuring = |p: &&&Probe| matches!(&p.source, Source::Http(request) if request.measures);
        let named: Vec<&&Probe> = all.iter().filter(by_name).collect();
        let meant: Vec<&&Probe> = match (named.is_empty(), all.iter().any(|p| measuring(&p))) {
            (false, _) => named,
            (true, true) => all.iter().filter(measuring).collect(),
            (true, false) => all.iter().collect(),
        };
        let figure = |p: &&&Probe| Figure { probe: p.id.clone(), subject: String::new(), measure };
        meant.iter().map(figure).collect()
    }

    /// Where a measure is to be had: from targets that are bound to it, else from the probes that measure it.
    fn figures(&self, asked: &Asked, measure: Measure) -> Vec<Figure> {
        let bound = self.health.watch.targets.iter().filter_map(|t| t.source.as_ref().ok());
        let bound: Vec<Figure> = bound.filter(|f| f.measure == measure).cloned().collect();
        if !bound.is_empty() {
            return bound;
        }
        if measure == Measure::ErrorRate || super::answers::is_windowed(measure) {
            return self.addresses(asked, measure);
        }
        let host = matches!(measure, Measure::DiskFree | Measure::Memory | Measure::Cpu | Measure::Swap);
        let probe = self.health.watch.probes.iter().find(|p| p.on && matches!(p.source, Source::Host { .. }));
        let figure = |id: &ProbeId| Figure { probe: id.clone(), subject: String::new(), measure };
        probe.filter(|_| host).map(|p| figure(&p.id)).into_iter().collect()
    }

    /// Whether figures keep a bound that the item itself names.
    fn bound(&self, figures: &[Figure], bound: Bound) -> Vec<Evidence> {
        figures.iter().map(|figure| self.kept(figure, bound)).collect()
    }

    fn kept(&self, figure: &Figure, bound: Bound) -> Evidence {
        let name = self.name_of(figure);
        let now = self.health.reading(figure, self.asking.at);
        let at = |value: f64| format!("{name} {}", amount(figure.measure, value));
        if let Some(from) = self.asking.from {
            return self.kept_over(figure, bound, (from, &name));
        }
        match now {
            Ok(reading) => {
                let value = if reading.over { reading.value.next_up() } else { reading.value };
                let holds = bound.holds(value);
                let words = format!("{name} {}", reading.words(figure.measure));
                // The slowest of a few proves that all are fast, and what took longer than was waited for that it is
                // slow; neither proves the other. Where half of them are slower, so is every higher percentile.
                let slow = bound.is_upper() && reading.median.is_some_and(|median| !bound.holds(median));
                let proves = slow
                    || (!reading.slowest || holds == bound.is_upper())
                        && (!reading.over || holds != bound.is_upper());
                match (holds, proves) {
                    (true, true) => Evidence { answer: Answer::Yes, words },
                    (false, true) => Evidence { answer: Answer::No, words },
                    (_, false) => {
                        let n = reading.n.filter(|_| reading.slowest);
                        let of = n.map_or(String::new(), |n| format!(", slowest of {n}"));
                        Evidence { answer: Answer::Open, words: words + &of }
                    }
                }
            }
            Err(unseen) if unseen.reason == super::Reason::NoAnswer => Evidence {
                answer: unanswered(bound, figure.measure),
                words: format!("{name}: {}", unseen.words),
            },
            Err(unseen) => Evidence {
                answer: Answer::Open,
                words: if unseen.words.is_empty() { at(0.0) } else { format!("{name}: {}", unseen.words) },
            },
        }
    }

    fn kept_over(&self, figure: &Figure, bound: Bound, (from, name): (DateTime<Utc>, &str)) -> Evidence {
        let open = |words: String| Evidence { answer: Answer::Open, words };
        let Some(probe) = self.health.watch.probe(&figure.probe) else { return open(name.to_owned()) };
        let parts: Vec<Coarse> = self
            .health
            .series(figure)
            .map_or(vec![], |s| s.within(from.timestamp(), self.asking.at.timestamp() + 1).collect());
        let seconds = (self.asking.at - from).num_seconds().max(0) as u64;
        let row = RowId::Subject(figure.probe.clone(), String::new());
        let history = self.health.history(&row);
        let looks = history.map(|h| h.tally(from.timestamp(), self.asking.at.timestamp() + 1));
        if let Some(tally) = looks.filter(|t| t.counted == Some(Level::Down)) {
            let (all, failed) = (tally.looks(), tally.failed);
            let words = format!("{name}: {} of {all} looks answered", all - failed.min(all));
            // Of a span in which some answered nobody can say that it was beyond all the time.
            let answer = match unanswered(bound, figure.measure) {
                Answer::Yes if failed < all => Answer::Open,
                answer => answer,
            };
            return Evidence { answer, words };
        }
        let readings: u64 = parts.iter().map(|part| u64::from(part.n)).sum();
        let made = looks.map_or(readings, super::Tally::looks).max(readings);
        let expected = (seconds / probe.every_s.max(1)).max(1);
        if made * 2 < expected || parts.is_empty() {
            return open(format!("{name}: {made} of {expected} looks were made"));
        }
        let Kept { worst, beyond, twice, perhaps } = Kept::of(&parts, bound);
        let worst = amount(figure.measure, worst);
        if twice {
            let words = format!("{name}: {worst} at worst, beyond it at {beyond} of {readings} readings");
            return Evidence { answer: Answer::No, words };
        }
        if perhaps {
            return open(format!("{name}: {worst} at worst; it is not known for how long it was beyond it"));
        }
        Evidence { answer: Answer::Yes, words: format!("{name} {worst} at worst, {made} looks") }
    }

    fn name_of(&self, figure: &Figure) -> String {
        let of = |target: &&super::Target| target.source.as_ref().is_ok_and(|f| f == figure);
        if let Some(target) = self.health.watch.targets.iter().find(of) {
            return target.metric.clone();
        }
        let probe = self.health.watch.probe(&figure.probe);
        let title = probe.map_or(figure.probe.0.clone(), |p| self.health.title(p));
        match figure.measure {
            Measure::LatencyP50 => format!("{title} p50"),
            Measure::LatencyP95 => format!("{title} p95"),
            Measure::LatencyP99 => format!("{title} p99"),
            Measure::ErrorRate => format!("{title} errors"),
            _ => title,
        }
    }

    /// Addresses without a bound on their errors: none is a yes, some are for somebody to say.
    fn no_errors(&self, figures: &[Figure]) -> Vec<Evidence> {
        let told = |figure: &Figure| {
            let name = self.name_of(figure);
            let open = |words: String| Evidence { answer: Answer::Open, words };
            match (self.asking.from, self.health.reading(figure, self.asking.at)) {
                (Some(from), _) => {
                    let none = Bound { side: Side::AtMost, value: 0.0 };
                    let kept = self.kept_over(figure, none, (from, &name));
                    let answer = if kept.answer == Answer::No { Answer::Open } else { kept.answer };
                    Evidence { answer, ..kept }
                }
                (None, Ok(reading)) if reading.errors == Some(0) => {
                    let n = reading.n.unwrap_or(0);
                    Evidence { answer: Answer::Yes, words: format!("{name} 0 of {n}") }
                }
                (None, Ok(reading)) => open(format!("{name} {}", reading.words(figure.measure))),
                (None, Err(unseen)) => open(format!("{name}: {}", unseen.words)),
            }
        };
        figures.iter().map(told).collect()
    }

    /// Containers, each with how many lines of its last minutes speak of errors: none is a yes, some are for somebody
    /// to read.
    fn log_errors(&self, names: &[String]) -> Vec<Evidence> {
        let meant =
            |name: &str| names.is_empty() || names.iter().any(|n| name.to_lowercase().contains(n.as_str()));
        let told = |row: Row| {
            let RowId::Subject(probe, name) = &row.id else { return None };
            let docker = self.health.watch.probe(probe)?.source.kind() == "docker";
            if !docker || !meant(name) {
                return None;
            }
            let figure = Figure { probe: probe.clone(), subject: name.clone(), measure: Measure::Errors };
            let series = self.health.series(&figure)?;
            let most = match self.asking.from {
                Some(from) => {
                    let within = series.within(from.timestamp(), self.asking.at.timestamp() + 1);
                    within.map(|part| part.most).reduce(f64::max)?
                }
                None => Series::last(series)?.value,
            };
            let gone = matches!(row.level, Some(Level::NotSeen | Level::Down));
            let answer = if most == 0.0 && !gone { Answer::Yes } else { Answer::Open };
            Some(Evidence { answer, words: format!("{} {most:.0} lines with errors", row.title) })
        };
        self.rows().into_iter().filter_map(told).collect()
    }
}

/// How a row is by what counts now.
fn moment(row: &Row) -> Option<Evidence> {
    let Some(level) = row.counts else {
        // Nobody answered, so it is not in time either.
        let none = row.reason == Some(super::Reason::NoAnswer);
        return none.then(|| Evidence { answer: Answer::No, words: short(row) });
    };
    Some(match level {
        Level::Ok => Evidence { answer: Answer::Yes, words: short(row) },
        Level::Alert | Level::Down => {
            Evidence { answer: Answer::No, words: format!("{}: {}", level.word(), short(row)) }
        }
        Level::Watch | Level::NotSeen => {
            Evidence { answer: Answer::Open, words: format!("{}: {}", level.word(), short(row)) }
        }
    })
}

/// What no answer says of a bound: an answer that never came is slower than any, and an error.
fn unanswered(bound: Bound, measure: Measure) -> Answer {
    let of_answers = measure == Measure::Latency || super::answers::is_windowed(measure);
    match (bound.is_upper(), of_answers) {
        (true, _) => Answer::No,
        (false, true) => Answer::Yes,
        (false, false) => Answer::Open,
    }
}

fn short(row: &Row) -> String {
    let now = if row.now.is_empty() { &row.about } else { &row.now };
    format!("{} {now}", row.full_title())
}

/// Whether at least half of the looks of a span were made at anything.
pub fn was_looked_at(health: &Health, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
    let seconds = (until - from).num_seconds().max(0) as u64;
    let on = health.watch.probes.iter().filter(|p| p.on);
    on.flat_map(|p| health.rows_of(&p.id).map(move |row| (p.every_s, row))).any(|(every_s, row)| {
        let looks = health.history(row).map_or(0, |h| {
            let tally = h.tally(from.timestamp(), until.timestamp());
            tally.looks().saturating_sub(tally.unseen)
        });
        looks * 2 >= (seconds / every_s.max(1)).max(1)
    })
}

#[cfg(test)]
mod tests;
