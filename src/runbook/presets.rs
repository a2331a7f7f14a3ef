//! Values that the document sets where no run comes to: "Before you start: `export VERSION=1.5.0`".

use std::collections::BTreeMap;
use std::ops::Range;

use super::holes::{holes, mask};
use super::model::{Block, Command, Parameter, ParameterKind, Plan, Runbook, Use};
use super::variables::{assigned_names, variables};
use crate::shell::quote::unquote;
use crate::shell::{self, Kind, Simple};

/// A variable that a line outside of the run sets.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Preset {
    /// The line.
    pub(super) line: usize,
    /// What it is set to; nothing where only running the line would tell, or where two lines say different things.
    pub(super) value: Option<String>,
    /// The value holds variables, each with the place that it stands at.
    pub(super) uses: Vec<(String, Use)>,
}

/// The variables that only blocks outside of the run set, by name.
pub(super) fn presets(plan: &Plan) -> BTreeMap<String, Preset> {
    let mut found: BTreeMap<String, Preset> = BTreeMap::new();
    for block in &plan.unplaced {
        for command in block.commands.iter().filter(|c| c.kind != Kind::Manual && !c.alternative) {
            of_command(command, &mut found);
        }
        of_settings(block, &mut found);
    }
    found
}

/// Whether a block without commands is a file of settings, which sets variables as well.
pub(super) fn sets_values(block: &Block) -> bool {
    let mut found = BTreeMap::new();
    of_settings(block, &mut found);
    !found.is_empty()
}

fn of_settings(block: &Block, found: &mut BTreeMap<String, Preset>) {
    if matches!(block.language.as_str(), "env" | "dotenv" | "properties") {
        let by_hand = block.commands.iter().filter(|c| c.kind == Kind::Manual);
        by_hand.for_each(|c| env_lines(&c.text, c.span.line, found));
    }
    for other in block.other.iter().filter(|o| o.what == "env file") {
        env_lines(&other.text, other.line, found);
    }
}

/// Whether a command does nothing but set variables to values that it names.
pub(super) fn only_sets(command: &Command) -> bool {
    shell::parse(&mask(&command.text, &holes(&command.text)))
        .is_some_and(|parsed| !parsed.simples.is_empty() && parsed.simples.iter().all(is_assignment))
}

/// `A=1`, `export A=1 B=2`.
fn is_assignment(simple: &Simple) -> bool {
    !simple.assigns.is_empty()
        && match simple.program() {
            "" => true,
            "export" | "declare" | "typeset" | "readonly" => {
                simple.args().iter().all(|arg| arg.contains('=') || arg.starts_with('-'))
            }
            _ => false,
        }
}

fn of_command(command: &Command, found: &mut BTreeMap<String, Preset>) {
    let holes = holes(&command.text);
    let parsed = shell::parse(&mask(&command.text, &holes)).filter(|_| only_sets(command));
    let simples = parsed.map(|p| p.simples).unwrap_or_default();
    for (name, raw) in simples.iter().flat_map(|s| &s.assigns) {
        let at = command.text.find(&format!("{name}={raw}")).filter(|at| {
            let end = at + name.len() + 1 + raw.len();
            !holes.iter().any(|h| h.at.start < end && *at < h.at.end)
        });
        let value = at.and_then(|_| literal(raw));
        let line = command.span.line + lines_before(&command.text, name);
        let held = if value.is_some() && expands(raw) { variables(raw) } else { vec![] };
        let uses = held.into_iter().map(|(used, range)| {
            let start = at.unwrap_or(0) + name.len() + 1 + range.start;
            (used, Use { line, command: Some(command.id.clone()), at: Some((start, start + range.len())) })
        });
        add(found, name, Preset { line, value, uses: uses.collect() });
    }
    // What is set by more than an assignment: `read`, `if …; then A=1; fi`.
    for name in assigned_names(&command.text) {
        if !simples.iter().any(|s| s.assigns.iter().any(|(set, _)| *set == name)) {
            let line = command.span.line + lines_before(&command.text, &name);
            add(found, &name, Preset { line, value: None, uses: vec![] });
        }
    }
}

/// How many lines of a text stand before the one that sets a variable.
fn lines_before(text: &str, name: &str) -> usize {
    let sets = |line: &str| {
        let bare = line.trim_start().trim_start_matches("export ").trim_start();
        bare.strip_prefix(name).is_some_and(|rest| rest.starts_with(['=', '+', '[']))
    };
    text.lines().position(sets).unwrap_or(0)
}

/// Of two values for one name nobody can tell which is meant.
fn add(found: &mut BTreeMap<String, Preset>, name: &str, preset: Preset) {
    match found.get_mut(name) {
        Some(known) if known.value != preset.value => {
            (known.value, known.uses) = (None, vec![]);
        }
        Some(_) => {}
        None => {
            found.insert(name.to_owned(), preset);
        }
    }
}

/// What a value means as bash takes it, where that can be told without running anything; `$NAME` stands as it is.
fn literal(raw: &str) -> Option<String> {
    let single = raw.strip_prefix('\'').and_then(|inner| inner.strip_suffix('\''));
    if let Some(inner) = single.filter(|inner| !inner.contains('\'')) {
        return Some(inner.to_owned()).filter(|value| !value.is_empty());
    }
    if raw.contains(['`', '(', '\\', '\'']) || raw.starts_with('~') || raw.contains(":~") {
        return None;
    }
    let names = variables(raw);
    // `${A:-b}`, `${A%.*}` are more than a value.
    let whole = |(name, at): &(String, Range<usize>)| {
        raw.get(at.clone()).is_some_and(|t| t == format!("${name}") || t == format!("${{{name}}}"))
    };
    let plain = raw.matches('$').count() == names.len() && names.iter().all(whole);
    Some(unquote(raw)).filter(|value| plain && !value.is_empty())
}

/// Whether a raw word holds variables that bash would put values in for.
fn expands(raw: &str) -> bool {
    raw.contains('$') && !raw.contains('\'')
}

/// `NAME=value` lines of a file of settings: nothing in them is expanded.
fn env_lines(text: &str, first: usize, found: &mut BTreeMap<String, Preset>) {
    for (at, line) in text.lines().enumerate() {
        let Some((name, raw)) = line.trim().trim_start_matches("export ").split_once('=') else { continue };
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !named || line.trim_start().starts_with('#') {
            continue;
        }
        let raw = raw.split(" #").next().unwrap_or(raw).trim();
        let value =
            Some(unquote(raw)).filter(|v| !v.is_empty() && !v.contains('$') && holes(line).is_empty());
        add(found, name, Preset { line: first + at, value, uses: vec![] });
    }
}

/// The values that the document gives for variables that nobody answered, with the answers put into them.
///
/// One whose text holds a variable without a value is not among them: then it is not known.
pub fn defaults(runbook: &Runbook, answered: &BTreeMap<String, Option<String>>) -> Vec<(String, String)> {
    let open = runbook.parameters.iter().filter(|p| p.is_preset() && !answered.contains_key(&p.name));
    open.filter_map(|p| Some((p.name.clone(), value_of(p, &runbook.parameters, answered, 0)?))).collect()
}

/// How deep values may hold others: a circle ends there.
const DEEPEST: usize = 8;

fn value_of(
    parameter: &Parameter,
    all: &[Parameter],
    answered: &BTreeMap<String, Option<String>>,
    depth: usize,
) -> Option<String> {
    let text = parameter.default.clone()?;
    if !parameter.expands {
        return Some(text);
    }
    if depth > DEEPEST {
        return None;
    }
    let mut value = text.clone();
    for (name, at) in variables(&text).into_iter().rev() {
        let known = match answered.get(&name) {
            Some(answer) => answer.clone()?,
            None => {
                let other = all.iter().find(|p| p.name == name && p.is_preset())?;
                value_of(other, all, answered, depth + 1)?
            }
        };
        value.replace_range(at, &known);
    }
    Some(value)
}

impl Parameter {
    /// Whether the value that the document gives is made of another variable's, or of one that is made of it.
    pub fn is_made_of(&self, name: &str, all: &[Parameter]) -> bool {
        let mut open = vec![self.name.as_str()];
        let mut known: Vec<&str> = vec![];
        while let Some(next) = open.pop() {
            let Some(found) = all.iter().find(|p| p.name == next && p.is_preset() && p.expands) else {
                continue;
            };
            if known.contains(&next) {
                continue;
            }
            known.push(next);
            let text = found.default.as_deref().unwrap_or("");
            if variables(text).iter().any(|(used, _)| used == name) {
                return true;
            }
            open.extend(
                all.iter().map(|p| p.name.as_str()).filter(|n| variables(text).iter().any(|(u, _)| u == n)),
            );
        }
        false
    }

    /// Whether a line of the document outside of the run sets it to something that is known.
    pub fn is_preset(&self) -> bool {
        self.kind == ParameterKind::Variable && self.from.is_some() && self.default.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runbook::read;

    fn book(before: &str, steps: &str) -> Runbook {
        read(&format!(
            "# Shop\n\n## Before you start\n\n```bash\n{before}\n```\n\n## Step 1: Flip\n\n```bash\n{steps}\n```\n\n## Step 2: Look\n\n```bash\nls\n```\n"
        ))
    }

    fn known(book: &Runbook, given: &[(&str, &str)]) -> Vec<(String, String)> {
        let given = given.iter().map(|(n, v)| ((*n).to_owned(), Some((*v).to_owned()))).collect();
        defaults(book, &given)
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_variable_that_is_set_where_no_run_comes_is_a_value_of_the_run() {
        let book = book(
            "export VERSION=1.5.0\nREGION='eu west'",
            "ln -sfn releases/$VERSION current\naws --region \"$REGION\"",
        );
        let told: Vec<_> =
            book.parameters.iter().map(|p| (p.name.as_str(), p.from, p.default.as_deref())).collect();
        assert_eq!(told, [("VERSION", Some(6), Some("1.5.0")), ("REGION", Some(7), Some("eu west"))]);
        assert_eq!(known(&book, &[]), owned(&[("VERSION", "1.5.0"), ("REGION", "eu west")]));
        assert_eq!(known(&book, &[("VERSION", "2.0.0")]), owned(&[("REGION", "eu west")]));
        assert!(book.findings.iter().all(|f| f.code != "unset-variable"));
    }

    #[test]
    fn a_value_may_hold_others() {
        let book = book("VERSION=1.5.0\nTAG=v${VERSION}\nIMAGE=\"hub/shop:$TAG\"", "docker pull $IMAGE");
        assert_eq!(
            known(&book, &[]),
            owned(&[("VERSION", "1.5.0"), ("TAG", "v1.5.0"), ("IMAGE", "hub/shop:v1.5.0")])
        );
        assert!(known(&book, &[("VERSION", "2.0.0")]).contains(&("IMAGE".into(), "hub/shop:v2.0.0".into())));
    }

    #[test]
    fn what_only_running_the_line_would_tell_is_asked_for() {
        for before in [
            "export VERSION=$(git describe)",
            "VERSION=`date +%s`",
            "VERSION=<version>",
            "VERSION=",
            "VERSION=~/x",
            "VERSION=${OTHER:-1}",
            "read -r VERSION",
            "[ -f x ] && VERSION=1",
            "VERSION=1.5.0\nVERSION=1.6.0",
        ] {
            let book = book(before, "ln -sfn releases/$VERSION current");
            let told: Vec<_> =
                book.parameters.iter().map(|p| (p.name.as_str(), p.from, p.default.as_deref())).collect();
            assert_eq!(told, [("VERSION", Some(6), None)], "{before}");
            assert!(
                book.findings.iter().any(|f| f.code == "unset-variable" && f.message.contains("line 6")),
                "{before}"
            );
        }
    }

    #[test]
    fn a_secret_and_what_a_step_sets_are_no_presets() {
        let secret = book("export DB_PASSWORD=tea", "psql \"password=$DB_PASSWORD\"");
        assert_eq!(secret.parameters.first().map(|p| (p.secret, p.default.clone())), Some((true, None)));
        let own = book("export VERSION=1.5.0", "VERSION=2.0.0\nln -sfn releases/$VERSION current");
        assert!(own.parameters.is_empty());
        let unused = book("export VERSION=1.5.0\necho $OTHER", "ls");
        assert!(unused.parameters.is_empty());
    }

    #[test]
    fn a_file_of_settings_sets_values_as_well() {
        let book = book("VERSION=1.5.0\nREGION=eu\nAPP=shop", "ln -sfn releases/$APP-$VERSION current");
        assert_eq!(known(&book, &[]), owned(&[("APP", "shop"), ("VERSION", "1.5.0")]));
    }
}
