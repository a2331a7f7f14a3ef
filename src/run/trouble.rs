//! Known problems of the document: which of them fit a failure, and what their words offer beside commands.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::text::content;
use crate::runbook::{Block, Command, Line, Problem, Runbook, StepId, words};

/// A problem that fits a failure, with why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recognised {
    /// The problem.
    pub problem: StepId,
    /// What fits, in words.
    pub why: Vec<String>,
}

/// What is known of a failure.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'f> {
    /// The command.
    pub command: &'f Command,
    /// As it was run.
    pub text: &'f str,
    /// What it showed, both streams.
    pub output: &'f str,
}

/// Below this, what fits may fit by accident.
const ENOUGH: u32 = 4;
/// So many are offered at most.
const MOST: usize = 3;

/// The document's problems that fit a failure, the best first.
///
/// 1. A quoted message of the problem stands in the output.
/// 2. A symptom that it lists stands there by its words.
/// 3. Its commands do what the failed one did.
/// 4. Its title speaks of what the step, the command and the output speak of.
pub fn recognise(runbook: &Runbook, failure: Failure<'_>) -> Vec<Recognised> {
    let mut found: Vec<(u32, Recognised)> = Vec::new();
    for problem in &runbook.troubleshooting {
        let (score, why) = fits(runbook, problem, failure);
        if score >= ENOUGH {
            found.push((score, Recognised { problem: problem.id.clone(), why }));
        }
    }
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().take(MOST).map(|(_, r)| r).collect()
}

fn fits(runbook: &Runbook, problem: &Problem, failure: Failure<'_>) -> (u32, Vec<String>) {
    let output = failure.output.to_lowercase();
    let shown: BTreeSet<String> = content(failure.output);
    let (mut score, mut why) = (0, Vec::new());
    let mut add = |points: u32, words: String| {
        score += points;
        why.push(words);
    };
    for line in said(problem) {
        for quoted in quotes(&line.text) {
            if output.contains(&quoted.to_lowercase()) {
                add(6, format!("the output contains \"{quoted}\" (line {})", line.line));
            }
        }
        let symptom = line.text.trim_start().strip_prefix('-').map(content);
        if let Some(symptom) = symptom.filter(|s| s.len() > 1)
            && symptom.intersection(&shown).count() * 3 >= symptom.len() * 2
        {
            let text = line.text.trim_start_matches(['-', ' ']);
            add(5, format!("the output mentions \"{text}\" (line {})", line.line));
        }
    }
    let blocks = problem.check.iter().chain(&problem.solution);
    let same = blocks.flat_map(|b| &b.commands).find(|c| does_the_same(&c.text, failure.text));
    if let Some(same) = same {
        add(4, format!("line {} does the same as {}", same.span.line, failure.command.id));
    }
    let title = content(&problem.problem);
    let about = about(runbook, failure);
    let by_words: Vec<&String> = title.intersection(&about).collect();
    // A number of the title is a status or a port: it has to be shown.
    let numbers = words::lower_words(&problem.problem).into_iter();
    let mut numbers = numbers.filter(|w| w.len() >= 3 && w.chars().all(|c| c.is_ascii_digit()));
    if let Some(number) = numbers.find(|n| words::lower_words(&output).contains(n)) {
        add(3, format!("the output contains {number}"));
    }
    let names = by_words.len() as u32;
    if names > 0 {
        add(2 * names, format!("\"{}\" is also the subject of {}", problem.problem, failure.command.id));
    }
    (score, why)
}

/// Everything a problem says beside its title and its commands.
fn said(problem: &Problem) -> Vec<Line> {
    let blocks = || problem.check.iter().chain(&problem.solution);
    let notes = blocks().flat_map(|b: &Block| b.notes.clone());
    let abouts = blocks()
        .flat_map(|b| &b.commands)
        .filter_map(|c| Some(Line { line: c.span.line, text: c.about.clone()? }));
    let title = Line { line: problem.line, text: problem.problem.clone() };
    std::iter::once(title).chain(notes).chain(abouts).collect()
}

/// Texts in quotes or backticks that are long enough to tell something.
fn quotes(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for mark in ['"', '`'] {
        found.extend(text.split(mark).skip(1).step_by(2).filter(|q| q.len() > 4));
    }
    found
}

/// Whether two commands name the same file or path of an address.
fn does_the_same(one: &str, other: &str) -> bool {
    let names = |text: &str| -> BTreeSet<String> {
        let words =
            text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ';' | '|'));
        words
            .filter(|w| w.contains('/') && w.len() > 5 && !w.starts_with('-') && !w.ends_with("/json"))
            .map(|w| w.split('?').next().unwrap_or(w).to_owned())
            .collect()
    };
    names(one).intersection(&names(other)).next().is_some()
}

/// What a failed command is about: the titles of the steps around it, its own words.
fn about(runbook: &Runbook, failure: Failure<'_>) -> BTreeSet<String> {
    let titles = runbook.titles_above(&failure.command.id).into_iter();
    titles.chain([failure.text]).chain(failure.command.about.as_deref()).flat_map(content).collect()
}

/// Where a remark of a solution leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// The failed command is gone past.
    Past,
    /// The document says to roll back.
    Back,
    /// It is for the operator to do.
    Nowhere,
}

/// A remark in a solution that is a choice: "If "already exists" error, skip migration".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Its first line.
    pub line: usize,
    /// Its words.
    pub says: String,
    /// Where it leads.
    pub leads: Leads,
}

/// The choices that a problem's words offer.
pub fn hints(problem: &Problem) -> Vec<Hint> {
    let mut found: Vec<Hint> = Vec::new();
    for line in problem.solution.iter().flat_map(|b| &b.notes) {
        let opens = words::lower_words(&line.text).first().is_some_and(|w| w == "if" || w == "when");
        match found.last_mut() {
            Some(last) if !opens => last.says = format!("{}. {}", last.says.trim_end_matches('.'), line.text),
            _ => found.push(Hint { line: line.line, says: line.text.clone(), leads: Leads::Nowhere }),
        }
    }
    let abouts = problem.solution.iter().flat_map(|b| &b.commands).filter_map(|c| {
        let says = c.about.clone().filter(|a| leads(a) == Leads::Back)?;
        Some(Hint { line: c.span.line.saturating_sub(says.lines().count()), says, leads: Leads::Nowhere })
    });
    found.extend(abouts);
    for hint in &mut found {
        hint.leads = leads(&hint.says);
    }
    found
}

fn leads(text: &str) -> Leads {
    let words = words::lower_words(text);
    let has = |any: &[&str]| words.iter().any(|w| any.contains(&w.as_str()));
    if has(&["rollback"]) || words.windows(2).any(|w| w[0] == "roll" && w[1] == "back") {
        Leads::Back
    } else if has(&["skip", "ignore", "proceed", "continue"]) {
        Leads::Past
    } else {
        Leads::Nowhere
    }
}

/// The commands of a problem, its checks first.
pub fn commands(problem: &Problem) -> impl Iterator<Item = &Command> {
    problem.check.iter().chain(&problem.solution).flat_map(|b| &b.commands)
}

/// Problems in which all words that were typed stand, in any order; all of them where nothing was typed.
pub fn search<'r>(runbook: &'r Runbook, typed: &str) -> Vec<&'r Problem> {
    let wanted: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let holds = |problem: &&Problem| {
        let mut text: Vec<String> = said(problem).into_iter().map(|l| l.text).collect();
        text.extend(commands(problem).map(|c| c.text.clone()));
        let text = text.join("\n").to_lowercase();
        wanted.iter().all(|w| text.contains(w))
    };
    runbook.troubleshooting.iter().filter(holds).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook;

    const BOOK: &str = "# T\n## Steps\n### Step 3: Run Migrations\n```bash\npsql -f db/002.sql\n```\n### Step 4: Smoke Tests\n**Test 1: Find it**\n```bash\ncurl -f http://h/notes/search\n```\n## Troubleshooting\n### Problem: Migrations Fail\n**Check:**\n```bash\npsql -f db/002.sql 2>&1 | tee log\n```\n**Solution:**\n```bash\n# If \"already exists\" error, skip migration\n# Tables are there, proceed to Step 4\n\n# If permission error, grant\npsql -c \"GRANT ALL\"\n```\n### Problem: Search Answers 500\n**Check:**\n```bash\necho look\n```\n**Solution:**\n```bash\n# Without the table: roll back\necho status\n```\n### Problem: Disk Full\n**Solution:**\n```bash\ndf -h\n```\n";

    fn of(id: &str, output: &str) -> Vec<Recognised> {
        let book = runbook::read(BOOK);
        let command = book.command(&id.into()).unwrap();
        recognise(&book, Failure { command, text: &command.text, output })
    }

    #[test]
    fn problems_that_fit_are_ranked_with_why() {
        let found = of("3/1", "ERROR:  relation \"x\" already exists");
        assert_eq!(found[0].problem.0, "trouble.1");
        assert!(found[0].why[0].contains("\"already exists\""), "{found:?}");
        assert_eq!(found.len(), 1);
        let search = runbook::read(BOOK).step_commands()[1].id.0.clone();
        let found = of(&search, "curl: (22) The requested URL returned error: 500");
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].problem.0, "trouble.2");
        assert!(of(&search, "curl: (7) could not connect").is_empty(), "one word is too little");
    }

    #[test]
    fn remarks_are_choices() {
        let book = runbook::read(BOOK);
        let first = hints(&book.troubleshooting[0]);
        assert_eq!((first.len(), first[0].leads), (1, Leads::Past), "{first:?}");
        assert!(first[0].says.contains("proceed to Step 4"));
        assert_eq!(hints(&book.troubleshooting[1])[0].leads, Leads::Back);
        assert_eq!(search(&book, "full DISK").len(), 1);
        assert_eq!(search(&book, "").len(), 3);
    }
}
