//! What a run teaches its document, as a patch: edited commands, commands that were put in, estimates that were far
//! off, expectations that were overruled, issues as stubs of known problems.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use similar::TextDiff;

use super::review;
use super::times::Times;
use crate::figures::elapsed;
use crate::run::state::Standing;
use crate::run::{CommandState, RunState};
use crate::runbook::{Command, CommandId, Role, Step, correct, words};
use crate::text::first_line;

/// The changes a run leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Redline {
    /// A unified diff against the document; empty where there is nothing to change.
    pub patch: String,
    /// What changed, a line a thing.
    pub changes: Vec<String>,
    /// What was different in the run and is left to whoever edits the document.
    pub left: Vec<String>,
}

/// An estimate is far off where a step took more than half as long again, or less than half.
const OFF: f64 = 1.5;

/// A replacement in the document, by bytes.
struct Edit {
    at: Range<usize>,
    text: String,
}

/// Compares a run with its document; `path` is what the patch names it.
pub fn redline(state: &RunState, document: &str, path: &str) -> Redline {
    let mut writer = Writer { state, document, edits: Vec::new(), found: Redline::default() };
    writer.corrections();
    writer.commands();
    writer.durations();
    writer.overruled();
    writer.issues();
    writer.left();
    writer.finish(path)
}

struct Writer<'r> {
    state: &'r RunState,
    document: &'r str,
    edits: Vec<Edit>,
    found: Redline,
}

impl Writer<'_> {
    /// What was said on the screens of how a piece is read: a comment above it says so for good.
    fn corrections(&mut self) {
        let runbook = self.state.runbook();
        for correction in runbook.corrections.iter().filter(|c| c.by != correct::FILE) {
            let Some((line, inside)) = correct::place_of(self.document, correction) else { continue };
            let text = if inside {
                format!("# gonogo: {}\n", correction.words)
            } else {
                format!("<!-- gonogo: {} -->\n", correction.words)
            };
            let text = indented(&text, self.indent(line));
            self.insert(self.line_start(line), text);
            self.found.changes.push(format!("“{}” is read with {}", correction.of, correction.words));
        }
    }

    /// Edited commands that did their work, and those that were put before others.
    fn commands(&mut self) {
        let all: Vec<Command> = self.state.runbook().all_commands().into_iter().cloned().collect();
        for command in &all {
            if self.state.is_edited(&command.id) && self.worked(&command.id) {
                let text = self.state.find(&command.id).map(|c| self.with_holes(&c.text, command));
                let Some(text) = text.filter(|t| *t != command.text) else { continue };
                self.replace(command, &text);
                let words = format!("{} reads: {}", command.id, first_line(&text));
                self.found.changes.push(words);
            }
        }
        for id in self.state.added().to_vec() {
            let Some(before) = self.state.inserted_before(&id).cloned().filter(|_| self.worked(&id)) else {
                continue;
            };
            let (Some(added), Some(next)) = (self.state.find(&id), all.iter().find(|c| c.id == before))
            else {
                continue;
            };
            let text = format!("# Added in run {}\n{}\n", self.state.id(), added.text);
            let words = format!("before {before}: {}", first_line(&added.text));
            let at = self.line_start(next.span.line);
            let indented = indented(&text, self.indent(next.span.line));
            self.insert(at, indented);
            self.found.changes.push(words);
        }
    }

    fn worked(&self, id: &CommandId) -> bool {
        matches!(
            self.state.standing(id),
            Standing::Passed | Standing::DoneNothingClaimed | Standing::NeedsEyes
        ) && matches!(self.state.command(id), CommandState::Exited { .. })
    }

    /// An edited text with its answered placeholders as the document writes them.
    fn with_holes(&self, text: &str, command: &Command) -> String {
        let mut text = text.to_owned();
        for parameter in &self.state.runbook().parameters {
            let Some(Some(value)) = self.state.parameters().get(&parameter.name) else { continue };
            let place =
                parameter.uses.iter().find(|u| u.command.as_ref() == Some(&command.id)).and_then(|u| u.at);
            let written = place.and_then(|(start, end)| command.text.get(start..end));
            if let Some(written) = written.filter(|w| w != value && value.len() > 1) {
                text = text.replace(value.as_str(), written);
            }
        }
        text
    }

    /// Puts a text in a command's place. In an indented fence its lines are indented as the first one is.
    fn replace(&mut self, command: &Command, text: &str) {
        let own = self.document.get(command.span.start..command.span.end);
        if own == Some(command.text.as_str()) && !command.text.contains('\n') {
            self.edits.push(Edit { at: command.span.start..command.span.end, text: text.to_owned() });
            return;
        }
        let (from, to) = (self.line_start(command.span.line), self.line_start(command.span.end_line + 1));
        let text = indented(&format!("{text}\n"), self.indent(command.span.line));
        self.edits.push(Edit { at: from..to, text });
    }

    /// Estimates that the run shows to be far off.
    fn durations(&mut self) {
        let steps: Vec<(Step, u64)> =
            review::steps(self.state).into_iter().map(|(step, took)| (step.clone(), took)).collect();
        for (step, took_ms) in steps {
            let Some(estimate) = step.estimate_s.filter(|e| *e > 0) else { continue };
            let share = took_ms as f64 / (estimate as f64 * 1000.0);
            if (0.5..=OFF).contains(&share) || !self.gone_through(&step) {
                continue;
            }
            let start = self.line_start(step.line);
            let title = &self.document[start..self.line_start(step.line + 1)];
            let Some((at, unit)) = written(title, estimate) else { continue };
            let text = measured(took_ms, &unit);
            if title[at.clone()] != text {
                self.found.changes.push(format!(
                    "{} {}: {text}, it took {}",
                    step.id,
                    step.title,
                    elapsed(took_ms)
                ));
                self.edits.push(Edit { at: start + at.start..start + at.end, text });
            }
        }
    }

    /// What a step took says something only where all of it was done.
    fn gone_through(&self, step: &Step) -> bool {
        step.commands().iter().all(|c| {
            matches!(
                self.state.standing(&c.id),
                Standing::Passed | Standing::DoneNothingClaimed | Standing::NeedsEyes
            ) || matches!(self.state.command(&c.id), CommandState::Skipped { after: None, .. })
                || c.alternative
        })
    }

    /// Expectations that somebody overruled: what is right only they can say.
    fn overruled(&mut self) {
        let all: Vec<Command> = self.state.runbook().all_commands().into_iter().cloned().collect();
        for command in &all {
            let claims = self.state.claims(&command.id);
            let notes: Vec<String> = claims
                .iter()
                .enumerate()
                .filter(|(_, claim)| claim.is_overruled())
                .filter_map(|(at, claim)| {
                    let (said, expected) = (claim.attested.as_ref()?, command.expects.get(at)?);
                    let met = if said.met { "met" } else { "not met" };
                    Some(format!(
                        "\"{}\" was judged {met} by {}: {}",
                        one_line(&expected.text),
                        said.by,
                        said.note
                    ))
                })
                .collect();
            let Some(block) = self.state.runbook().block_of(&command.id) else { continue };
            let (end, indent) = (block.span.end_line, self.indent(block.span.line).to_owned());
            for note in notes {
                let text = format!("\n{indent}> **To review** (run {}): {note}\n", self.state.id());
                let at = self.line_start(end + 1);
                self.insert(at, text);
                self.found.changes.push(format!("{}: {note}", command.id));
            }
        }
    }

    /// Issues that nobody knew of, as stubs of known problems.
    fn issues(&mut self) {
        let issues: Vec<(String, String)> = self
            .state
            .notes()
            .iter()
            .filter(|n| n.issue)
            .map(|n| {
                let at = Times::of(self.state).date(n.at);
                let about = if n.about.is_empty() { String::new() } else { format!(" at {}", n.about) };
                (
                    one_line(&n.text),
                    format!("Seen in run {} on {at}{about}, noted by {}.", self.state.id(), n.by),
                )
            })
            .collect();
        if issues.is_empty() {
            return;
        }
        let (at, level, new) = self.troubles();
        let word = self.problem_word();
        let mut text =
            if new { format!("\n{} Troubleshooting\n", "#".repeat(level - 1)) } else { String::new() };
        for (issue, seen) in &issues {
            let heading = "#".repeat(level);
            text.push_str(&format!(
                "\n{heading} {word}{issue}\n\n{seen}\n\n**Check:**\n```bash\n# What shows that it is this\n```\n\n**Solution:**\n```bash\n# What fixes it\n```\n"
            ));
            self.found.changes.push(format!("known problem: {issue}"));
        }
        self.insert(at, text);
    }

    /// Where known problems end, the level of their headings, and whether the document has none yet.
    fn troubles(&self) -> (usize, usize, bool) {
        let outline = &self.state.runbook().outline;
        let Some(at) = outline.iter().position(|e| e.role == Role::Troubleshooting) else {
            return (self.document.len(), 3, true);
        };
        let level = outline[at].level;
        let next = outline[at + 1..].iter().find(|e| e.level <= level && e.role != Role::Troubleshooting);
        let end = next.map_or(self.document.len(), |e| self.line_start(e.line));
        // A rule and blank lines before the next section stay where they are.
        let kept = self.document[..end].trim_end_matches(['\n', '\r', ' ', '-', '*', '_']);
        let end =
            self.document[kept.len()..].find('\n').map_or(self.document.len(), |line| kept.len() + line + 1);
        (end, usize::from(level) + 1, false)
    }

    /// What headings of problems begin with: `Issue: `, where they begin with something.
    fn problem_word(&self) -> String {
        let Some(first) = self.state.runbook().troubleshooting.first() else { return "Issue: ".into() };
        let start = self.line_start(first.line);
        let title = self.document[start..self.line_start(first.line + 1)].trim_start_matches('#').trim();
        let word =
            title.split_once(": ").map(|(word, _)| word).filter(|w| w.chars().all(char::is_alphabetic));
        word.map_or(String::new(), |w| format!("{w}: "))
    }

    /// What is for whoever edits the document to think about.
    fn left(&mut self) {
        for point in review::points(self.state) {
            use review::About;
            let told = match point.about {
                About::Added | About::ByHand | About::Skipped | About::Failed => true,
                About::Edited => !self
                    .found
                    .changes
                    .iter()
                    .any(|c| point.words.starts_with(c.split(' ').next().unwrap_or(""))),
                _ => false,
            };
            if told {
                self.found.left.push(format!("{}: {}", point.about.title().to_lowercase(), point.words));
            }
        }
    }

    /// Puts a text in at a place; of several at one place the first comes first.
    fn insert(&mut self, at: usize, text: String) {
        match self.edits.iter_mut().find(|e| e.at == (at..at)) {
            Some(known) => known.text.push_str(&text),
            None => self.edits.push(Edit { at: at..at, text }),
        }
    }

    fn line_start(&self, line: usize) -> usize {
        let ends = self.document.match_indices('\n').map(|(at, _)| at + 1);
        std::iter::once(0).chain(ends).nth(line.saturating_sub(1)).unwrap_or(self.document.len())
    }

    fn indent(&self, line: usize) -> &str {
        let text = &self.document[self.line_start(line)..];
        &text[..text.len() - text.trim_start_matches([' ', '\t']).len()]
    }

    fn finish(mut self, path: &str) -> Redline {
        self.edits.sort_by_key(|e| e.at.start);
        let (mut text, mut from) = (String::new(), 0);
        for edit in &self.edits {
            if edit.at.start < from {
                continue;
            }
            text.push_str(&self.document[from..edit.at.start]);
            if edit.at.is_empty() && !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&edit.text);
            from = edit.at.end;
        }
        text.push_str(&self.document[from..]);
        // Lines that are put in end as the document's lines do.
        if self.document.contains("\r\n") {
            text = text.replace("\r\n", "\n").replace('\n', "\r\n");
        }
        if text != self.document {
            let diff = TextDiff::from_lines(self.document, &text);
            let (old, new) = (format!("a/{path}"), format!("b/{path}"));
            self.found.patch = diff.unified_diff().header(&old, &new).to_string();
        }
        self.found
    }
}

fn indented(text: &str, indent: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| if line.trim().is_empty() { line.to_owned() } else { format!("{indent}{line}") })
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An amount with its unit, as titles have it.
static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\d+(?:\.\d+)?(?:\s*[-–]\s*\d+)?\s*(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h)\b(?:\s*\d+\s*(?:minutes?|mins?|m)\b)?").ok()
});

/// Where an estimate stands in a title, and the unit that it is written in.
fn written(title: &str, estimate_s: u64) -> Option<(Range<usize>, String)> {
    let found = AMOUNT
        .as_ref()?
        .captures_iter(title)
        .find(|c| c.get(0).is_some_and(|m| words::duration_s(m.as_str()) == Some(estimate_s)))?;
    Some((found.get(0)?.range(), found.get(1)?.as_str().to_owned()))
}

/// A measured time in words that a title can have: whole minutes, or seconds where the title has them.
fn measured(took_ms: u64, unit: &str) -> String {
    let lower = unit.to_lowercase();
    let (s, plural) = (took_ms.div_ceil(1000), lower.ends_with('s') && lower.len() > 1);
    if lower.starts_with('s') && s < 120 {
        return format!("{} {unit}", s.max(1));
    }
    let minutes = s.div_ceil(60).max(1);
    let word = if lower.starts_with('m') { unit } else { "min" };
    let word = match (minutes, plural) {
        (1, true) => word.trim_end_matches(['s', 'S']),
        _ => word,
    };
    format!("{minutes} {word}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_is_found_where_it_stands_and_written_as_it_was() {
        for (title, estimate, took_ms, wanted) in [
            ("### Step 1: Checks (15 min)", 900, 65_000, "### Step 1: Checks (2 min)"),
            ("### Step 1: Checks (15 minutes)", 900, 1000, "### Step 1: Checks (1 minute)"),
            ("## 3. Deploy, ~1h", 3600, 600_000, "## 3. Deploy, ~10 min"),
            ("## Wait (30 seconds)", 30, 61_500, "## Wait (62 seconds)"),
            ("## v2 in 5-10 minutes", 600, 1_800_000, "## v2 in 30 minutes"),
        ] {
            let (at, unit) = written(title, estimate).unwrap();
            let text = format!("{}{}{}", &title[..at.start], measured(took_ms, &unit), &title[at.end..]);
            assert_eq!(text, wanted);
        }
        assert_eq!(written("## Deploy v1.2.0", 60), None);
    }
}
