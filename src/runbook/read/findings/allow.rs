//! Comments that allow a finding: `<!-- gonogo: allow CODE -->` in Markdown, `# gonogo: allow CODE` in a fence.
//!
//! 1. Behind other text on its line it holds for that line.
//! 2. On a line of its own it holds for what follows: a fence, a paragraph, a heading, a command.
//! 3. `allow-file` holds for the whole document.
//! 4. A reason follows the codes: `allow CODE: reason`, `allow CODE -- reason`, or in words of their own.

use super::super::super::finding::{CODES, Finding};

/// From line to line, both included.
struct Allowed {
    code: &'static str,
    /// The line of the comment.
    by: usize,
    from: usize,
    to: usize,
}

/// What only a command line finds, which has a shell and settings: reading can't tell whether these are used.
const FOUND_LATER: &[&str] = &["bash-refuses", "settings"];

/// Removes what is allowed, and tells of codes that there are not and of comments that allow nothing.
pub(super) fn apply(document: &str, found: &mut Vec<Finding>) {
    let mut about = Vec::new();
    for allowed in allowed(document, &mut about) {
        let before = found.len();
        found.retain(|f| !allowed.holds_for(f));
        if found.len() == before && !FOUND_LATER.contains(&allowed.code) {
            let words = format!("gonogo finds no {} here: remove the comment", allowed.code);
            about.push(Finding::new(allowed.by, "unused-allow", words));
        }
    }
    found.extend(about);
}

/// Removes what is allowed from findings that were made later.
pub fn retain(document: &str, found: &mut Vec<Finding>) {
    let allowed = allowed(document, &mut vec![]);
    found.retain(|f| !allowed.iter().any(|a| a.holds_for(f)));
}

impl Allowed {
    fn holds_for(&self, finding: &Finding) -> bool {
        self.code == finding.code && (self.from..=self.to).contains(&finding.line)
    }
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
        let (whole, said) = match rest.split_once(char::is_whitespace) {
            Some(("allow", said)) => (false, said),
            Some(("allow-file", said)) => (true, said),
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
        for code in codes(said) {
            match code {
                Ok(code) => found.push(Allowed { code, by: at + 1, from, to }),
                Err(word) => unknown.push(Finding::new(
                    at + 1,
                    "unknown-allow",
                    format!("no finding is called {word}"),
                )),
            }
        }
    }
    found
}

/// The codes that a comment begins with, up to its reason; words in their place that are none.
fn codes(said: &str) -> Vec<Result<&'static str, &str>> {
    let ends = [": ", " -- ", " — ", " – "].into_iter().filter_map(|end| said.find(end)).min();
    let said = ends.map_or(said, |end| said.split_at(end).0).trim_end_matches(':');
    let mut codes: Vec<Result<&'static str, &str>> = Vec::new();
    let mut listed = true;
    for word in said.split_whitespace() {
        for part in word.split(',').filter(|part| !part.is_empty()) {
            let code = CODES.iter().find(|(known, ..)| *known == part).map(|(known, ..)| *known);
            // Behind a code, and not listed with it, a plain word begins the reason.
            if code.is_none() && !listed && !part.contains('-') {
                return codes;
            }
            codes.push(code.ok_or(part));
        }
        listed = word.ends_with(',');
    }
    codes
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

#[cfg(test)]
mod tests {
    use super::codes;

    #[test]
    fn a_reason_is_no_code() {
        for said in [
            "pager",
            "pager: it is read by hand",
            "pager -- it is read-only",
            "pager — on purpose",
            "pager because nobody waits for it",
            "pager:",
        ] {
            assert_eq!(codes(said), [Ok("pager")], "{said}");
        }
        assert_eq!(codes("pager, credential no-backup"), [Ok("pager"), Ok("credential"), Ok("no-backup")]);
        assert_eq!(codes("pager, credentail"), [Ok("pager"), Err("credentail")]);
        assert_eq!(codes("pager no-bakup"), [Ok("pager"), Err("no-bakup")]);
        assert_eq!(codes("nonsense"), [Err("nonsense")]);
    }
}
