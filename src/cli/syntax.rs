//! Puts each command of a runbook to bash itself, which reads it and runs nothing: what it would not take is known before
//! the night. The reader is pure and has no shell; whoever is at a command line has one.

use crate::exec::spawn;
use crate::runbook::{self, Command, Finding, Runbook};
use crate::shell::Kind;

/// The commands that the reader takes and bash does not. Those with a value still open are not asked about, and a machine
/// without bash tells nothing.
pub(super) fn refused(runbook: &Runbook) -> Vec<&Command> {
    if !spawn::exists("bash") {
        return vec![];
    }
    let asked: Vec<&Command> = runbook
        .all_commands()
        .into_iter()
        .filter(|c| c.parses && c.kind != Kind::Manual && c.holes.is_empty() && c.doubt.is_none())
        .collect();
    let extglob = asked.iter().any(|c| c.text.contains("extglob"));
    // Most documents are all right, and one process says so.
    let all: Vec<&str> = asked.iter().map(|c| c.text.as_str()).collect();
    if spawn::syntax(&all.join("\n"), extglob) {
        return vec![];
    }
    asked.into_iter().filter(|c| !spawn::syntax(&c.text, extglob)).collect()
}

/// Adds the findings about them to those of the reader, in the order of lines.
pub(super) fn add_findings(runbook: &mut Runbook) {
    let words = |c: &Command| format!("bash can't parse {}: bash -n on it says why", c.id);
    let refused = refused(runbook).into_iter();
    let mut found: Vec<Finding> =
        refused.map(|c| Finding::new(c.span.line, "bash-refuses", words(c))).collect();
    runbook::retain_allowed(&runbook.source, &mut found);
    runbook.add_findings(found);
}

#[cfg(test)]
mod tests {
    use super::refused;

    fn check(script: &str, expected: &[&str]) {
        let document = format!("# T\n\n## Deployment Steps\n\n### Step 1: go\n\n```bash\n{script}\n```\n");
        let runbook = crate::runbook::read(&document);
        let found: Vec<&str> = refused(&runbook).into_iter().map(|c| c.text.as_str()).collect();
        assert_eq!(found, expected, "in {script}");
    }

    #[test]
    fn what_bash_would_not_take_is_told() {
        check("echo a\nls !(keep)\necho b", &["ls !(keep)"]);
        check("shopt -s extglob\nls !(keep)", &[]);
        check("for i in 1 2; do echo $i; done\ncat <<E\na\nE\n! true", &[]);
        check("curl http://<host>/", &[]);
    }
}
