//! Where each setting comes from: the files and variables that say something, in the order in which they count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::variable::{answers, variable};
use super::{ConfigError, project, read, user_file};

/// Where a setting is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file, in this line.
    File(PathBuf, usize),
    /// A variable of the environment.
    Variable(String),
    /// A flag of this command.
    Flag(&'static str),
    /// Nowhere: it holds where nothing is said.
    Unsaid,
}

/// One setting that counts, or would count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its name as TOML writes it: `probes."http.1".every`.
    pub name: String,
    /// Its value as TOML writes it.
    pub value: String,
    /// Where it is said.
    pub origin: Origin,
    /// It came with the runbook and nobody has accepted it: it does not count.
    pub waits: bool,
}

/// A file that may hold settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its path.
    pub path: PathBuf,
    /// Whether there is one.
    pub exists: bool,
}

/// The files that are looked for, the stronger one last: the user's own, and the one beside a runbook.
pub fn candidates(beside: Option<&Path>) -> Vec<Candidate> {
    let files = user_file().into_iter().chain(beside.map(|directory| directory.join("gonogo.toml")));
    files.map(|path| Candidate { exists: path.metadata().is_ok(), path }).collect()
}

/// All that files, variables and flags say, by name; of what is said twice only what counts. What waits, by its names, stands
/// beside what it would replace.
///
/// # Errors
/// Where a file can't be read, or is no TOML.
pub fn said(
    beside: Option<&Path>,
    operator: Option<&str>,
    waiting: &[(String, String)],
) -> Result<Vec<Said>, ConfigError> {
    let mut counts = BTreeMap::new();
    let mut waits = vec![];
    if let Some(own) = user_file() {
        put(&mut counts, of_file(&own)?);
    }
    if let Some(file) = beside.map(|directory| directory.join("gonogo.toml")) {
        let asked = |said: &Said| waiting.iter().any(|(name, _)| *name == said.name);
        let (asks, harmless) = of_file(&file)?.into_iter().partition(asked);
        put(&mut counts, harmless);
        waits = asks;
    }
    put(&mut counts, of_environment());
    // A flag may take its value from the variable.
    if let Some(name) = operator.filter(|name| variable("GONOGO_OPERATOR").as_deref() != Some(*name)) {
        let value = toml::Value::from(name).to_string();
        let origin = Origin::Flag("--operator");
        put(&mut counts, vec![Said { name: "operator".into(), value, origin, waits: false }]);
    }
    for said in &mut waits {
        said.waits = true;
    }
    let mut all: Vec<Said> = counts.into_values().chain(waits).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// Puts what is said over what is known. A probe is replaced as a whole: of another one's address nobody wants the headers.
fn put(known: &mut BTreeMap<String, Said>, over: Vec<Said>) {
    for unit in over.iter().filter_map(|said| probe_of(&said.name)) {
        known.retain(|name, _| probe_of(name) != Some(unit));
    }
    known.extend(over.into_iter().map(|said| (said.name.clone(), said)));
}

/// The part of a name that is a probe with its table: `probes.x`, `environments.E.probes.x`.
fn probe_of(name: &str) -> Option<&str> {
    let at = if name.starts_with("probes.") {
        "probes.".len()
    } else {
        let at = name.find(".probes.").filter(|_| name.starts_with("environments."))?;
        at + ".probes.".len()
    };
    let rest = name.get(at..)?;
    let length = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"')? + 2,
        None => rest.find('.')?,
    };
    name.get(..at + length)
}

fn of_environment() -> Vec<Said> {
    let settings =
        [("GONOGO_OPERATOR", "operator"), ("GONOGO_STATE_DIR", "state_dir"), ("GONOGO_STORE", "store.url")];
    let of = |name: &str, value: &str, variable: String| Said {
        name: name.to_owned(),
        value: toml::Value::from(value).to_string(),
        origin: Origin::Variable(variable),
        waits: false,
    };
    let mut said: Vec<Said> = settings
        .into_iter()
        .filter_map(|(name, setting)| Some(of(setting, &variable(name)?, name.into())))
        .collect();
    if variable("NO_COLOR").is_some() {
        said.push(of("theme", "none", "NO_COLOR".into()));
    }
    // The answer may be a secret: that there is one is all that is said.
    said.extend(answers().into_iter().map(|name| Said {
        value: "(set)".into(),
        ..of(&format!("answer {}", name.trim_start_matches("GONOGO_SET_")), "", name)
    }));
    said
}

/// The settings of a file with their lines; none where there is no such file.
fn of_file(path: &Path) -> Result<Vec<Said>, ConfigError> {
    let Some(text) = read(path)? else { return Ok(vec![]) };
    let table = DeTable::parse(&text).map_err(|error| super::wrong(path, &text, &error))?;
    let mut all = vec![];
    let mut walk = Walk { path, text: &text, all: &mut all };
    walk.table(table.get_ref(), &mut vec![]);
    Ok(all)
}

struct Walk<'w> {
    path: &'w Path,
    text: &'w str,
    all: &'w mut Vec<Said>,
}

impl Walk<'_> {
    fn table<'t>(&mut self, table: &'t DeTable<'_>, names: &mut Vec<&'t str>) {
        for (key, value) in table {
            names.push(key.get_ref());
            match (value.get_ref(), names.as_slice()) {
                (DeValue::Table(inner), _) => self.table(inner, names),
                // Two files may name other codes: each has its own level.
                (DeValue::Array(codes), ["check", level]) => {
                    let level = toml::Value::from(*level).to_string();
                    for code in codes {
                        let name = code.get_ref().as_str().unwrap_or_default();
                        self.one(project::named(&["check", name]), level.clone(), code.span().start);
                    }
                }
                _ => self.one(project::named(names), self.inline(value), key.span().start),
            }
            names.pop();
        }
    }

    /// A value on one line, as the file has it. Tables of an array lie apart there.
    fn inline(&self, value: &Spanned<DeValue<'_>>) -> String {
        match value.get_ref() {
            DeValue::Array(all) => {
                let all: Vec<String> = all.iter().map(|one| self.inline(one)).collect();
                format!("[{}]", all.join(", "))
            }
            DeValue::Table(table) => {
                let said = |(key, value): (&Spanned<DeString<'_>>, &Spanned<DeValue<'_>>)| {
                    format!("{} = {}", project::named(&[key.get_ref()]), self.inline(value))
                };
                format!("{{ {} }}", table.iter().map(said).collect::<Vec<_>>().join(", "))
            }
            _ => self.text.get(value.span()).unwrap_or_default().trim().to_owned(),
        }
    }

    fn one(&mut self, name: String, value: String, byte: usize) {
        let origin = Origin::File(self.path.to_owned(), line_at(self.text, byte));
        self.all.push(Said { name, value, origin, waits: false });
    }
}

/// The line of a text in which a byte stands, from 1.
pub(super) fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(said: &[Said]) -> Vec<String> {
        let origin = |origin: &Origin| match origin {
            Origin::File(path, line) => {
                format!("{}:{line}", path.file_name().unwrap_or_default().to_string_lossy())
            }
            other => format!("{other:?}"),
        };
        let line = |s: &Said| {
            format!("{} = {} @ {}{}", s.name, s.value, origin(&s.origin), if s.waits { " waits" } else { "" })
        };
        said.iter().map(line).collect()
    }

    #[test]
    fn each_setting_names_its_line_and_what_waits_says_so() {
        let directory = tempfile::tempdir().unwrap();
        let text = "ticket = \"CHG-1\"\ncheck.off = [\"no-estimate\"]\n[keys]\nedit = \"E\"\n\n[probes.\"http.1\"]\nevery = \"5s\"\n\n[hooks]\nbefore_start = \"./ok\"\n";
        std::fs::write(directory.path().join("gonogo.toml"), text).unwrap();
        let of_file = |waiting: &[(String, String)]| {
            let all = said(Some(directory.path()), None, waiting).unwrap();
            all.into_iter().filter(|s| matches!(&s.origin, Origin::File(..))).collect::<Vec<_>>()
        };
        let wanted = [
            "check.no-estimate = \"off\" @ gonogo.toml:2",
            "hooks.before_start = \"./ok\" @ gonogo.toml:10 waits",
            "keys.edit = \"E\" @ gonogo.toml:4",
            "probes.\"http.1\".every = \"5s\" @ gonogo.toml:7",
            "ticket = \"CHG-1\" @ gonogo.toml:1",
        ];
        assert_eq!(shown(&of_file(&[("hooks.before_start".into(), "./ok".into())])), wanted);
        assert!(of_file(&[]).iter().all(|s| !s.waits));
    }

    #[test]
    fn tables_of_an_array_are_told_whole() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("gonogo.toml");
        let text = "[[messages.to]]\nkind = \"teams\"\nurl_env = \"HOOK\"\n\n[[messages.to]]\nkind = \"slack\"\non = [\"done\"]\n";
        std::fs::write(&file, text).unwrap();
        let told = shown(&of_file(&file).unwrap());
        let wanted = "messages.to = [{ kind = \"teams\", url_env = \"HOOK\" }, { kind = \"slack\", on = [\"done\"] }] @ gonogo.toml:1";
        assert_eq!(told, [wanted]);
    }

    #[test]
    fn what_is_nearer_counts_and_a_probe_is_one_thing() {
        let said = |name: &str, line| Said {
            name: name.into(),
            value: "1".into(),
            origin: Origin::File("f".into(), line),
            waits: false,
        };
        let mut known = BTreeMap::new();
        let own = ["ticket", "probes.x.url", "probes.x.headers.Authorization", "probes.\"x.y\".url"];
        put(&mut known, own.into_iter().map(|name| said(name, 1)).collect());
        put(&mut known, vec![said("ticket", 2), said("probes.x.url", 2)]);
        let left: Vec<(&str, &Origin)> =
            known.values().map(|said| (said.name.as_str(), &said.origin)).collect();
        let file = |line| Origin::File("f".into(), line);
        assert_eq!(
            left,
            [("probes.\"x.y\".url", &file(1)), ("probes.x.url", &file(2)), ("ticket", &file(2))]
        );
        assert_eq!(probe_of("environments.P.probes.host.paths"), Some("environments.P.probes.host"));
    }
}
