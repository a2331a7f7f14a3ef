//! What the help and the manual say beside the flags: which verbs belong together, examples, exit statuses, variables,
//! files. One place for both.

use std::sync::OnceLock;

use clap::Command;

/// The version with what is known of the build: whoever makes packages says which commit they are of, and when.
pub(super) fn version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let known =
            |name: &str, value: Option<&str>| value.map_or(String::new(), |v| format!("\n{name} {v}"));
        let built = if cfg!(debug_assertions) { "for developers" } else { "optimised" };
        [
            env!("CARGO_PKG_VERSION").to_owned(),
            known("commit ", option_env!("GONOGO_COMMIT")),
            known("date   ", option_env!("GONOGO_DATE")),
            format!("\nfor     {} {}", std::env::consts::OS, std::env::consts::ARCH),
            format!("\nbuilt   {built}"),
        ]
        .concat()
    })
}

/// Verbs that belong together, under their heading.
pub(super) const GROUPS: &[(&str, &[&str])] = &[
    (
        "Prepare",
        &["new", "init", "list", "plan", "check", "lock", "rehearse", "doctor", "config", "messages"],
    ),
    ("Run", &["run", "resume", "attach", "rollback", "stop", "monitor"]),
    ("Look", &["runs", "status", "output"]),
    ("Record", &["log", "sign", "verify", "export", "redline", "prune", "store"]),
    ("More", &["demo", "completions", "man", "help"]),
];

/// Exit statuses, with what each means.
pub(super) const STATUSES: &[(&str, &str)] = &[
    ("0", "Done; nothing wrong was found."),
    ("1", "Failed, NO-GO, or something wrong was found."),
    ("2", "Usage, settings, a document that can't be read, or something that only a person can answer."),
    ("3", "Rolled back."),
    ("4", "Interrupted: what runs goes on, and the run can be resumed."),
    ("5", "Another run holds the environment."),
    ("6", "Done, but manual checks are open; monitor: something is worth a look."),
];

/// Variables that gonogo reads.
pub(super) const VARIABLES: &[(&str, &str)] = &[
    ("GONOGO_OPERATOR", "Who runs, as --operator."),
    ("GONOGO_SET_NAME", "Answers the parameter NAME of a document. Commands don't get this variable."),
    ("GONOGO_STATE_DIR", "Where runs, journals and recordings are kept."),
    ("GONOGO_STORE", "A team's store: postgres://USER@HOST/DATABASE?schema=NAME."),
    ("GONOGO_STORE_PASSWORD", "Its password."),
    ("GONOGO_SPILL_DIR", "A second place for what the disk has no room for."),
    ("GONOGO_LOCK_DIR", "Where environments are locked for all users of this machine."),
    ("NO_COLOR, CLICOLOR_FORCE, FORCE_COLOR", "Whether what is printed has colours; --color wins."),
];

/// Files.
pub(super) const FILES: &[(&str, &str)] = &[
    ("~/.config/gonogo/config.toml", "Your own settings; `gonogo config example` prints all of them."),
    ("gonogo.toml", "Settings beside a runbook, for its team."),
    ("RUNBOOK.md.lock", "The reading of a runbook that a team agreed on."),
    ("~/.local/state/gonogo", "Runs: journals, recordings, signatures."),
];

/// Examples by verb, the program's own under an empty name: the line, and what it does.
pub(super) const EXAMPLES: &[(&str, &[(&str, &str)])] = &[
    (
        "",
        &[
            ("gonogo demo", "try it on a small real service"),
            ("gonogo deploy.md", "open a runbook, see what would run, and run it"),
            ("gonogo check docs/", "check every runbook of a directory"),
        ],
    ),
    (
        "list",
        &[
            ("gonogo list", "the runbooks here and below"),
            ("gonogo list docs --json", "the same for programs"),
        ],
    ),
    (
        "new",
        &[("gonogo new deployment", "deployment.md, to be filled in"), ("gonogo new incident -", "print it")],
    ),
    (
        "init",
        &[
            ("gonogo init deploy.md", "shows a gonogo.toml, and asks"),
            ("gonogo init deploy.md --dry-run", "shows it"),
        ],
    ),
    (
        "plan",
        &[
            ("gonogo plan deploy.md", "steps, commands, what each is checked by, how each line was read"),
            ("gonogo plan deploy.md --json", "the same for programs"),
        ],
    ),
    (
        "check",
        &[
            ("gonogo check deploy.md", "findings with their lines"),
            ("gonogo check docs --fail-on warning", "be strict, in a pipeline"),
            ("gonogo check docs --since main", "only what a change brings"),
            ("gonogo check docs --format sarif", "for code scanning"),
        ],
    ),
    ("lock", &[("gonogo lock deploy.md", "agree on how it is read today")]),
    (
        "rehearse",
        &[("gonogo rehearse deploy.md --env Staging", "every path and the rollback, nothing is run")],
    ),
    (
        "doctor",
        &[
            ("gonogo doctor", "this machine"),
            ("gonogo doctor deploy.md --env Production", "and what the runbook needs of it"),
            ("gonogo doctor deploy.md --env Production --connect", "and whether its hosts can be reached"),
        ],
    ),
    (
        "config",
        &[
            ("gonogo config deploy.md", "which settings hold for it, and where each is said"),
            ("gonogo config schema", "the JSON Schema of gonogo.toml"),
        ],
    ),
    (
        "run",
        &[
            ("gonogo run deploy.md --env Staging", "on the screens"),
            (
                "gonogo run deploy.md --env Staging --headless --yes --rollback-on-failure",
                "with nobody there",
            ),
            ("gonogo run deploy.md --plain", "on a serial console"),
        ],
    ),
    (
        "resume",
        &[
            ("gonogo resume", "the active run, or the last one"),
            ("gonogo resume shop-1a2b --headless --yes", "with nobody there"),
        ],
    ),
    ("attach", &[("gonogo attach shop-1a2b --read-only", "watch a colleague's run")]),
    ("rollback", &[("gonogo rollback shop-1a2b --reason \"error rate\"", "as the document says")]),
    (
        "messages",
        &[(
            "gonogo messages test deploy.md --to chat",
            "one receiver, with a message that says it is a test",
        )],
    ),
    ("stop", &[("gonogo stop shop-1a2b --reason \"wrong day\"", "give it up and free its environment")]),
    (
        "monitor",
        &[
            ("gonogo monitor deploy.md --env Production", "health, without a run"),
            ("gonogo monitor deploy.md --env Production --once", "one look, told by the exit status"),
        ],
    ),
    (
        "runs",
        &[
            ("gonogo runs", "all runs, the latest first"),
            ("gonogo runs --env Production --since 7d", "of the last week"),
            ("gonogo runs --unfinished --json", "what is not over, an object a line"),
        ],
    ),
    ("status", &[("gonogo status", "the active run, or the last one")]),
    (
        "output",
        &[
            ("gonogo output 2/3", "of the active run, or the last one"),
            ("gonogo output shop-1a2b 2/3", "of another"),
        ],
    ),
    (
        "log",
        &[
            ("gonogo log", "of the active run, or the last one"),
            ("gonogo log shop-1a2b --keep", "into the directory that the settings name"),
        ],
    ),
    (
        "sign",
        &[
            ("gonogo sign shop-1a2b --as engineer", "with your SSH key"),
            ("gonogo sign shop-1a2b.tar.gz --as reviewer", "at another desk"),
        ],
    ),
    (
        "verify",
        &[
            ("gonogo verify shop-1a2b", "whether its record is unchanged, and who signed"),
            ("gonogo verify shop-1a2b.tar.gz", "the same of an archive"),
        ],
    ),
    ("export", &[("gonogo export shop-1a2b", "an archive with all that is known of it")]),
    ("redline", &[("gonogo redline shop-1a2b", "what the run suggests for the document, as a patch")]),
    ("prune", &[("gonogo prune --older-than 90d", "what goes, and then whether")]),
    ("store", &[("gonogo store init postgres://admin@db.example/ops", "make a team's store")]),
    ("demo", &[("gonogo demo", "on the screens"), ("gonogo demo --headless", "with nobody there")]),
    (
        "completions",
        &[
            ("gonogo completions bash > ~/.local/share/bash-completion/completions/gonogo", "for bash"),
            ("gonogo completions fish > ~/.config/fish/completions/gonogo.fish", "for fish"),
        ],
    ),
    (
        "man",
        &[("gonogo man | man -l -", "read it"), ("gonogo man --dir share/man/man1", "all pages as files")],
    ),
];

/// The examples of a verb.
pub(super) fn examples(verb: &str) -> &'static [(&'static str, &'static str)] {
    EXAMPLES.iter().find(|(name, _)| *name == verb).map_or(&[], |(_, examples)| examples)
}

/// The command line with its verbs in groups, examples, exit statuses and variables.
pub(super) fn told(command: Command) -> Command {
    let groups = grouped(&command);
    let after = [
        section("Examples", examples("")),
        section("Exit statuses", STATUSES),
        section("Variables", VARIABLES),
    ];
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Arguments:\n{{positionals}}\n\nOptions:\n{{options}}{{after-help}}"
    );
    let whole = command
        .help_template(template)
        .after_help("gonogo help VERB tells more; gonogo --help has examples, exit statuses and variables")
        .after_long_help(after.join("\n"));
    EXAMPLES.iter().filter(|(verb, _)| !verb.is_empty()).fold(whole, |whole, (verb, examples)| {
        whole.mut_subcommand(verb, |verb| verb.after_long_help(section("Examples", examples)))
    })
}

fn section(heading: &str, rows: &[(&str, &str)]) -> String {
    let short = |row: &&(&str, &str)| row.0.chars().count() <= 26;
    let width = rows.iter().filter(short).map(|row| row.0.chars().count()).max().unwrap_or(0);
    rows.iter().fold(format!("{heading}:\n"), |text, (what, means)| {
        let row = if what.chars().count() <= width {
            format!("  {what:<width$}  {means}\n")
        } else {
            format!("  {what}\n  {:width$}  {means}\n", "")
        };
        text + &row
    })
}

fn grouped(command: &Command) -> String {
    let about = |verb: &str| match command.find_subcommand(verb).and_then(Command::get_about) {
        Some(about) => about.to_string(),
        None => "Tell more of a verb".to_owned(),
    };
    let group = |(heading, verbs): &(&str, &[&str])| {
        let lines = verbs.iter().map(|verb| format!("  {verb:<11}  {}\n", about(verb)));
        format!("{heading}:\n{}\n", lines.collect::<String>())
    };
    GROUPS.iter().map(group).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    #[test]
    fn every_verb_is_in_one_group_and_has_an_example() {
        let command = Cli::command();
        let verbs: BTreeSet<&str> =
            command.get_subcommands().filter(|v| !v.is_hide_set()).map(Command::get_name).collect();
        let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, verbs)| verbs.iter().copied()).collect();
        let known: BTreeSet<&str> = grouped.iter().copied().filter(|verb| *verb != "help").collect();
        assert_eq!(known, verbs);
        assert_eq!(grouped.len(), known.len() + 1, "each once");
        for verb in verbs {
            assert!(!examples(verb).is_empty(), "{verb}");
        }
    }

    #[test]
    fn every_example_can_be_typed() {
        for (line, _) in EXAMPLES.iter().flat_map(|(_, examples)| *examples) {
            let own = line.split(['|', '>']).next().unwrap_or_default().replace("\" ", "\"");
            let mut words: Vec<String> = vec![];
            for (at, part) in own.split('"').enumerate() {
                let inside = at % 2 == 1;
                if inside {
                    words.push(part.into())
                } else {
                    words.extend(part.split_whitespace().map(Into::into))
                }
            }
            Cli::try_parse_from(&words).unwrap_or_else(|error| panic!("{line}: {error}"));
        }
    }
}
