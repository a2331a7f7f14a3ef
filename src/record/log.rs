//! Fills the deployment log: the document's own template, line by line, by what the events say.
//!
//! A line that can't be matched stays byte for byte as it was and is listed.

use chrono::{DateTime, Local, Utc};

use crate::run::state::{CommandState, ItemState, Standing};
use crate::run::{Outcome, RunState, flow};
use crate::runbook::{Line, Step, words};

/// The template used where a document has none.
const BUNDLED: &str = "## Deployment Log\n\n**Date:** YYYY-MM-DD\n**Environment:** [Name]\n**Engineer:** [Name]\n\n### Issues Encountered\n- None / [Description]\n\n### Rollback Required\n- No / Yes - [Reason]\n\n### Sign-off\n- Engineer: [Name] [Time]\n- Reviewer: [Name] [Time]\n";

/// A filled log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// The text, as it is written.
    pub text: String,
    /// The lines of it, from 0, that were filled.
    pub filled: Vec<usize>,
    /// Lines with something to fill that stayed as they were; numbered as in the document.
    pub left: Vec<Line>,
}

/// Fills the log of a run.
pub fn fill(state: &RunState) -> Filled {
    let template = state.runbook().log_template.as_ref();
    let (text, first_line) = template.map_or((BUNDLED, 1), |t| (t.text.as_str(), t.text_line));
    let fields: Vec<usize> = match template {
        Some(t) => t.items.iter().map(|i| i.line - first_line).collect(),
        None => text
            .lines()
            .enumerate()
            .filter(|(_, l)| l.contains('[') || l.contains("YYYY"))
            .map(|(at, _)| at)
            .collect(),
    };
    let mut writer = Writer { state, steps: state.runbook().all_steps(), last_step: 0 };
    let mut result = Filled::default();
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let body = line.trim_end_matches('\n');
        let filled = if fields.contains(&at) { writer.line(body) } else { None };
        match filled {
            Some(filled) => {
                result.filled.push(at);
                result.text.push_str(&filled);
            }
            None => {
                if fields.contains(&at) {
                    result.left.push(Line { line: first_line + at, text: body.to_owned() });
                }
                result.text.push_str(body);
            }
        }
        result.text.push_str(&line[body.len()..]);
    }
    if let Some(section) = super::followups::follow_ups(state) {
        if !result.text.ends_with('\n') {
            result.text.push('\n');
        }
        result.text.push_str(&section);
    }
    result
}

struct Writer<'s> {
    state: &'s RunState,
    steps: Vec<&'s Step>,
    last_step: usize,
}

impl Writer<'_> {
    fn line(&mut self, line: &str) -> Option<String> {
        let trimmed = line.trim_start();
        if let Some(rest) = trimmed.strip_prefix("- [ ] ").or_else(|| trimmed.strip_prefix("* [ ] ")) {
            let indent = &line[..line.len() - trimmed.len()];
            let bullet = &trimmed[..2];
            return self.done(rest).map(|text| format!("{indent}{bullet}[x] {text}"));
        }
        if let Some((label, rest)) = line.split_once(":**") {
            let value = self.field(label.trim_start_matches(['*', '-', ' ']), rest.trim())?;
            let gap = &rest[..rest.len() - rest.trim_start().len()];
            let end = &rest[rest.trim_end().len()..];
            return Some(format!("{label}:**{gap}{value}{end}"));
        }
        let lower = line.to_lowercase();
        if lower.contains("none /") && line.contains('[') {
            return self.issues(line);
        }
        if lower.contains("no / yes") || lower.contains("yes / no") {
            return self.rollback(line);
        }
        let (label, rest) = line.split_once(':')?;
        self.signed(label, rest).map(|text| format!("{label}:{text}"))
    }

    /// "**Label:** value": a field of the run.
    fn field(&self, label: &str, rest: &str) -> Option<String> {
        let (start, at) = self.state.start()?;
        let label = label.to_lowercase();
        let person = |role: &str| self.state.person(role).map(|(name, _)| name.clone());
        match label.trim() {
            "date" => Some(local(*at).format("%Y-%m-%d").to_string()),
            "time" | "started" | "start time" => Some(time(*at)),
            "environment" => Some(start.environment.clone()),
            "engineer" | "operator" | "deployed by" => person("engineer"),
            "reviewer" => person("reviewer"),
            "ticket" | "change" | "change ticket" => start.ticket.clone(),
            "version" | "release" => {
                let parameter = self.state.runbook().parameters.iter().find(|p| p.name == "version")?;
                let answered = self.state.parameters().get("version").cloned().flatten();
                answered.or_else(|| parameter.default.clone())
            }
            "status" | "result" | "outcome" => self.state.outcome().map(|(o, _)| o.to_string()),
            _ => {
                let _ = rest;
                None
            }
        }
    }

    /// A box that a ticked item or a finished step fulfils.
    fn done(&mut self, text: &str) -> Option<String> {
        let (label, _) = text.split_once(':').unwrap_or((text, ""));
        let at = self.item_time(label).or_else(|| self.step_time(label))?;
        let mut filled = text.replace("[Time]", &time(at)).replace("[time]", &time(at));
        if filled.contains("YYYY") {
            filled = self.captured(&filled)?;
        }
        (!filled.contains('[')).then_some(filled)
    }

    fn item_time(&self, label: &str) -> Option<DateTime<Utc>> {
        let wanted = stems(label);
        let items = self.state.runbook().checklists.iter().flat_map(|c| &c.items);
        let item =
            items.into_iter().find(|i| stems(&i.text) == wanted && i.text.split_whitespace().count() <= 4)?;
        // A step that does it says more than a tick: "backup completed" is not when the backup was made.
        if self.steps.iter().any(|s| contains_all(&stems(&s.title), &wanted)) {
            return None;
        }
        match self.state.item(&item.id) {
            Some(ItemState::Ticked { at, .. }) => Some(*at),
            _ => None,
        }
    }

    /// When the step that the label names was done: the first match at or after the last one matched.
    fn step_time(&mut self, label: &str) -> Option<DateTime<Utc>> {
        let wanted = stems(label);
        if wanted.is_empty() {
            return None;
        }
        let found = (self.last_step..self.steps.len())
            .find(|at| contains_all(&stems(&self.steps[*at].title), &wanted))?;
        self.last_step = found + 1;
        let commands = self.steps[found].commands();
        let settled = commands.iter().all(|c| flow::open(self.state, c).is_none() || c.alternative);
        let good =
            |s: Standing| matches!(s, Standing::Passed | Standing::DoneNothingClaimed | Standing::NeedsEyes);
        let done = commands.iter().filter(|c| good(self.state.standing(&c.id)));
        let unattested = commands.iter().any(|c| self.state.standing(&c.id) == Standing::NeedsEyes);
        let failed = commands
            .iter()
            .any(|c| matches!(self.state.command(&c.id), CommandState::Skipped { after_failure: true, .. }));
        let last = done.filter_map(|c| match self.state.command(&c.id) {
            CommandState::Exited { at, .. } | CommandState::DoneByHand { at, .. } => Some(*at),
            _ => None,
        });
        let last = last.max()?;
        let accepted = unattested && self.state.outcome().is_some_and(|(o, _)| o == Outcome::Deployed);
        ((settled || accepted) && !failed).then_some(last)
    }

    /// Replaces a word with `YYYY` in it by the captured value that has its shape.
    fn captured(&self, text: &str) -> Option<String> {
        let word = text.split_whitespace().find(|w| w.contains("YYYY"))?;
        let name = word.rsplit('/').next().unwrap_or(word);
        let (before, after) = (
            name.split("YYYY").next().unwrap_or(""),
            name.rsplit(['M', 'D', 'S', 'H', 'Y']).next().unwrap_or(""),
        );
        let (_, found) = self.state.captured_last().find(|(_, c)| {
            let value = c.value.rsplit('/').next().unwrap_or(&c.value);
            value.starts_with(before) && value.ends_with(after) && value.len() > before.len() + after.len()
        })?;
        let value =
            if found.value.contains('/') { found.value.clone() } else { word.replace(name, &found.value) };
        Some(text.replace(word, &value))
    }

    fn issues(&self, line: &str) -> Option<String> {
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut issues: Vec<&str> =
            self.state.notes().iter().filter(|n| n.issue).map(|n| n.text.as_str()).collect();
        // Whoever went back had an issue, whether it was written down or not.
        issues.extend(self.state.going_back().map(|b| b.decided.reason.as_str()));
        if issues.is_empty() {
            return self.state.outcome().map(|_| format!("{indent}- None"));
        }
        Some(issues.iter().map(|i| format!("{indent}- {i}")).collect::<Vec<_>>().join("\n"))
    }

    fn rollback(&self, line: &str) -> Option<String> {
        let indent = &line[..line.len() - line.trim_start().len()];
        let (outcome, ended) = self.state.outcome()?;
        Some(match (outcome, self.state.going_back()) {
            (_, Some(back)) => {
                let how = if outcome == Outcome::RolledBack { "rolled back" } else { "not finished" };
                format!("{indent}- Yes - {}, {how} {} to {}", back.decided.reason, time(back.at), time(ended))
            }
            (Outcome::Deployed, None) => format!("{indent}- No"),
            _ => return None,
        })
    }

    /// `- Engineer: [Name] [Time]`: who, and when they put their name to it.
    fn signed(&self, label: &str, rest: &str) -> Option<String> {
        let role = words::lower_words(label).into_iter().find(|w| w == "engineer" || w == "reviewer")?;
        let (name, named_at) = self.state.person(&role)?;
        let (_, finished) = self.state.outcome()?;
        let at = finished.max(*named_at);
        Some(
            rest.replace("[Name]", name)
                .replace("[name]", name)
                .replace("[Time]", &time(at))
                .replace("[time]", &time(at)),
        )
    }
}

fn local(at: DateTime<Utc>) -> DateTime<Local> {
    at.with_timezone(&Local)
}

/// Local time with zone.
fn time(at: DateTime<Utc>) -> String {
    local(at).format("%H:%M:%S %Z").to_string()
}

/// Content words without endings, results and fillers: "Services stopped" and "Stop Services" are the same.
fn stems(text: &str) -> Vec<String> {
    const FILLERS: &[&str] = &[
        "passed",
        "acceptable",
        "created",
        "create",
        "completed",
        "done",
        "ok",
        "verified",
        "successful",
        "all",
        "the",
        "new",
        "is",
        "was",
        "were",
    ];
    let mut stems: Vec<String> = words::lower_words(text)
        .into_iter()
        .filter(|w| !FILLERS.contains(&w.as_str()))
        .map(|w| words::stem(&w))
        .collect();
    stems.sort();
    stems.dedup();
    stems
}

fn contains_all(title: &[String], wanted: &[String]) -> bool {
    !wanted.is_empty() && wanted.iter().all(|w| title.contains(w))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_and_titles_meet() {
        for (label, title) in [
            ("Services stopped", "Stop Services"),
            ("Code deployed", "Deploy New Code"),
            ("Migrations run", "Run Database Migrations"),
            ("Services started", "Start Services"),
            ("Health check passed", "Health Check"),
            ("Smoke tests passed", "Smoke Tests"),
            ("Performance acceptable", "Performance Check"),
            ("Backup created", "Create Backup"),
        ] {
            assert!(
                contains_all(&stems(title), &stems(label)),
                "{label} / {title}: {:?} {:?}",
                stems(label),
                stems(title)
            );
        }
        assert!(!contains_all(&stems("Stop Services"), &stems("Services started")));
    }
}
