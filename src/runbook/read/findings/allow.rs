//! Comments that allow a finding: `<!-- gonogo: allow CODE -->` in Markdown, `# gonogo: allow CODE` in a fence.
//!
//! 1. Behind other text on its line it holds for that line.
//! 2. On a line of its own it holds for what follows: a fence, a paragraph, a heading, a command.
//! 3. `allow-file` holds for the whole document.

use super::super::super::finding::{CODES, Finding};

/// From line to line, both included.
struct Allowed {
    code: String,
    from: usize,
    to: usize,
}

/// Removes what is allowed, and tells of codes that there are not.
pub(super) fn apply(document: &str, found: &mut Vec<Finding>) {
    let mut unknown = Vec::new();
    let allowed = allowed(document, &mut unknown);
    found.retain(|f| !allowed.iter().any(|a| a.code == f.code && (a.from..=a.to).contains(&f.line)));
    found.extend(unknown);
}

fn allowed(document: &str, unknown: &mut Vec<Finding>) -> Vec<Allowed> {
    if !document.contains("gonogo:") {
        return vec![];
    }
    let lines: Vec<&str> = document.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, rest)) = line.split_once("gonogo:") else { continue };
        let rest = rest.split("-->").next().unwrap_or(rest).trim();
        let (whole, codes) = match rest.split_once(char::is_whitespace) {
            Some(("allow", codes)) => (false, codes),
            Some(("allow-file", codes)) => (true, codes),
            _ => continue,
        };
        let alone = before.trim().trim_start_matches("<!--").trim_start_matches(['#', '>']).trim().is_empty();
        let (from, to) = if whole {
            (0, usize::MAX)
        } else if alone {
            (at + 1, last_line(&lines, at + 1))
        } else {
            (at + 1, at + 1)
        };
        for code in codes.split([',', ' ']).map(str::trim).filter(|c| !c.is_empty()) {
            if CODES.iter().any(|(known, ..)| *known == code) {
                found.push(Allowed { code: code.to_owned(), from, to });
            } else {
                unknown.push(Finding::new(at + 1, "unknown-allow", format!("no finding is called {code}")));
            }
        }
    }
    found
}

/// The last line of what begins at or after line index `from`: to the end of a fence, else to the next blank line.
fn last_line(lines: &[&str], from: usize) -> usize {
    let Some(begins) = (from..lines.len()).find(|at| !lines[*at].trim().is_empty()) else {
        return lines.len();
    };
    let mark = lines[begins].trim_start();
    let fence = ["```", "~~~"].into_iter().find(|f| mark.starts_with(f));
    let is_end = |at: usize| match fence {
        Some(fence) => lines[at].trim().starts_with(fence),
        None => lines[at].trim().is_empty() || lines[at].trim().starts_with("```"),
    };
    let end = (begins + 1..lines.len()).find(|at| is_end(*at)).unwrap_or(lines.len());
    end + usize::from(fence.is_some())
}
