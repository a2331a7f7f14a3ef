//! Commands of the document that only read, run in a shell of their own beside the run's.

use std::time::{Duration, Instant};

use futures::future::BoxFuture;

use super::collector::Collector;
use super::keys::Keys;
use super::programs::Ran;
use super::words::{no_answer_words, plain};
use crate::run::event::Exit;
use crate::run::health::{Level, Measured, Reason, Seen, Subject, Unseen, amount};
use crate::run::verdict::{Evidence, Freshness, Verdict, judge};
use crate::runbook::Expectation;
use crate::runbook::measures::Measure;
use crate::runbook::probes::{CommandProbe, Judge};

pub(super) struct Asked {
    command: CommandProbe,
    keys: Keys,
}

impl Asked {
    pub(super) fn new(command: CommandProbe, keys: Keys) -> Self {
        Self { command, keys }
    }

    async fn ask(&self, limit: Duration) -> Result<Subject, Unseen> {
        let started = Instant::now();
        let ran = self.keys.programs()?.run(self.command.command.clone(), limit).await?;
        answered(&self.command, &ran, started.elapsed(), limit)
    }
}

impl Collector for Asked {
    fn look(&mut self, limit: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(async move {
            match self.ask(limit).await {
                Ok(subject) => Seen::Subjects(vec![subject]),
                Err(unseen) => Seen::Nothing(unseen),
            }
        })
    }
}

/// What an answer comes to. A shell tells by 126 and 127 that it found no program to run, ssh by 255 that it got nowhere
/// (bash(1), ssh(1)): of what was to be seen that says nothing.
fn answered(command: &CommandProbe, ran: &Ran, took: Duration, limit: Duration) -> Result<Subject, Unseen> {
    let first = plain(ran.output.lines().find(|line| !line.trim().is_empty()).unwrap_or(""), 120);
    let Some(status) = ran.status else { return Err(Unseen::new(Reason::NoWay, no_answer_words(limit))) };
    match status {
        126 | 127 => return Err(Unseen::new(Reason::NoProgram, first)),
        255 => return Err(Unseen::new(Reason::NoWay, first)),
        _ if ran.cut => return Err(Unseen::new(Reason::NoData, "it printed more than 64 kB")),
        1.. if first.to_lowercase().contains("a password is required") => {
            return Err(Unseen::new(Reason::NoPassword, "sudo asks for a password"));
        }
        1.. if first.to_lowercase().contains("permission denied") => {
            return Err(Unseen::new(Reason::NoPassword, first));
        }
        _ => {}
    }
    let mut subject = Subject { state: first.clone(), about: String::new(), ..Subject::default() };
    if let Some(value) = one_number(&ran.output) {
        subject.measured.push(Measured::one(Measure::Value, value));
        subject.state = amount(Measure::Value, value);
    }
    match &command.judge {
        Judge::Words(words) => {
            let (level, about) = by_words(command, words, ran, (status, took));
            (subject.level, subject.about) = (level, about);
        }
        Judge::Plugin => {
            // Monitoring Plugins Development Guidelines: 0, 1, 2, and 3 for "unknown"; figures behind a bar.
            subject.level = match status {
                0 => Some(Level::Ok),
                1 => Some(Level::Watch),
                2 => Some(Level::Alert),
                _ => return Err(Unseen::new(Reason::NoData, first)),
            };
            let (text, figures) = first.split_once('|').unwrap_or((&first, ""));
            text.trim().clone_into(&mut subject.state);
            subject.measured.extend(performance(figures).map(|value| Measured::one(Measure::Value, value)));
        }
        Judge::Status => {
            subject.level = Some(if status == 0 { Level::Ok } else { Level::Alert });
            subject.about = format!("exit {status}");
        }
        Judge::Number => {
            if status != 0 {
                subject.about = format!("exit {status}");
            }
        }
    }
    Ok(subject)
}

/// What the document's words say: all hold, one is contradicted, or a person would have to look.
fn by_words(
    command: &CommandProbe,
    words: &[String],
    ran: &Ran,
    (status, took): (i32, Duration),
) -> (Option<Level>, String) {
    let evidence = Evidence {
        text: &command.command,
        exit: Exit::Status(status),
        stages: &[status],
        elapsed: took,
        output: Some(&ran.output),
        whole: !ran.cut,
        merged: true,
        error: "",
        services: None,
        siblings: &[],
        fresh: Freshness::Any,
    };
    let mut level = Some(Level::Ok);
    let mut about = Vec::new();
    for text in words {
        let judgement = judge(&Expectation::under(0, text), &evidence);
        match judgement.verdict {
            Verdict::Pass => about.push(plain(&judgement.observed, 80)),
            Verdict::Fail => {
                return (
                    Some(Level::Alert),
                    plain(&format!("{}: {}", judgement.observed, judgement.why), 120),
                );
            }
            Verdict::NeedsEyes => {
                level = None;
                about.push(plain(&judgement.why, 80));
            }
        }
    }
    (level, about.join(", "))
}

/// The number that an answer is, and nothing besides.
fn one_number(output: &str) -> Option<f64> {
    let mut words = output.split_whitespace();
    let value = words.next()?.trim_end_matches('%').parse::<f64>().ok()?;
    (words.next().is_none() && value.is_finite()).then_some(value)
}

/// The first figure of a plugin: `time=0.02s;1;2;0`.
fn performance(figures: &str) -> Option<f64> {
    let value = figures.split_whitespace().next()?.split_once('=')?.1;
    let digits = value.split(';').next()?.trim_end_matches(|c: char| c.is_alphabetic() || c == '%');
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(judge: Judge, status: i32, output: &str) -> Result<(Option<Level>, String), Reason> {
        let command = CommandProbe { command: "look".into(), sha256: String::new(), judge };
        let ran = Ran { status: Some(status), output: output.into(), cut: false };
        let limit = Duration::from_secs(10);
        let answer = answered(&command, &ran, Duration::from_millis(5), limit);
        answer.map(|s| (s.level, s.state)).map_err(|unseen| unseen.reason)
    }

    #[test]
    fn the_documents_words_judge_an_answer() {
        let words = || Judge::Words(vec!["PONG".into()]);
        assert_eq!(of(words(), 0, "PONG\n"), Ok((Some(Level::Ok), "PONG".into())));
        assert_eq!(of(words(), 0, "LOADING\n").map(|(level, _)| level), Ok(Some(Level::Alert)));
        assert_eq!(of(words(), 127, "bash: redis-cli: command not found\n"), Err(Reason::NoProgram));
    }

    #[test]
    fn plugins_tell_by_their_status() {
        for (status, level) in [(0, Level::Ok), (1, Level::Watch), (2, Level::Alert)] {
            let told = of(Judge::Plugin, status, "HTTP fine | time=0.02s;1;2\n");
            assert_eq!(told, Ok((Some(level), "HTTP fine".into())));
        }
        assert_eq!(of(Judge::Plugin, 3, "UNKNOWN\n"), Err(Reason::NoData));
    }

    #[test]
    fn what_nobody_judges_has_no_level() {
        assert_eq!(of(Judge::Number, 0, "42\n"), Ok((None, "42".into())));
        assert_eq!(of(Judge::Number, 0, "three things\n"), Ok((None, "three things".into())));
        assert_eq!(of(Judge::Status, 1, "test failed\n").map(|(level, _)| level), Ok(Some(Level::Alert)));
        assert_eq!(of(Judge::Status, 1, "sudo: a password is required\n"), Err(Reason::NoPassword));
        assert_eq!(of(Judge::Status, 1, "open: Permission denied\n"), Err(Reason::NoPassword));
    }
}
