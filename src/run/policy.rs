//! What asks for confirmation, what counts as production, where the gate stands.

use serde::{Deserialize, Serialize};

use super::event::{Event, Outcome};
use super::request::Request;
use super::rollback;
use super::state::RunState;
use crate::runbook::{Command, CommandId, Environment, Runbook, Step, words};
use crate::shell::Effect;

/// What the operator has to give before a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmation {
    /// The key that runs it.
    None,
    /// Two different keys, the evaluated target in view.
    TwoKeys,
    /// The environment's name, typed.
    TypeName,
}

/// What a command asks for. What only removes test data asks for two keys even in production: typing the
/// name has to stay rare, or it becomes a reflex.
pub fn confirmation(command: &Command, production: bool) -> Confirmation {
    match command.effect {
        Effect::Reads | Effect::Changes => Confirmation::None,
        Effect::Destructive if production && !only_test_data(&command.text) => Confirmation::TypeName,
        Effect::Destructive => Confirmation::TwoKeys,
    }
}

fn only_test_data(text: &str) -> bool {
    let lower = text.to_lowercase();
    let removes_rows =
        lower.contains("delete from") || lower.contains("-x delete") || lower.contains("--request delete");
    let drops = ["drop ", "truncate", "rm -", "down"].iter().any(|w| lower.contains(w));
    removes_rows && !drops && ["smoke", "test"].iter().any(|w| lower.contains(w))
}

/// Whether an environment is production: what the settings say of it, else that a word of its name or URL
/// begins with "prod".
pub fn is_production(environment: &Environment, said: Option<bool>) -> bool {
    if let Some(said) = said {
        return said;
    }
    let text = format!("{} {}", environment.name, environment.url.as_deref().unwrap_or(""));
    says_production(&text)
}

/// What the environment of a document without any is called.
pub const NO_ENVIRONMENT: &str = "default";

/// Whether a name says that it is production: a word of it begins with "prod".
pub fn says_production(name: &str) -> bool {
    words::lower_words(name).iter().any(|w| w.starts_with("prod"))
}

/// Whether what was seen counts although it can't be recorded: it is so whether it is written or not. What begins a
/// run, or ends its monitoring, is no such thing.
pub fn counts_unrecorded(fact: &Event) -> bool {
    !matches!(fact, Event::RunStarted(_) | Event::WatchAccepted { .. } | Event::MonitoringEnded { .. })
}

/// Whether a request is carried out although it can't be recorded: what ends or looks, and what takes back with all
/// that it asks for. A new step is not.
pub fn goes_on_unrecorded(state: &RunState, request: &Request) -> bool {
    let reads = |command: &CommandId| {
        state.added().contains(command) && state.find(command).is_some_and(|c| c.effect == Effect::Reads)
    };
    match request {
        Request::Finish { outcome: Outcome::Failed, .. } => state.goes_back(),
        Request::Run { command, .. } => takes_back(state, command) || reads(command),
        Request::Skip { command, .. }
        | Request::MarkDone { command, .. }
        | Request::Answer { command, .. }
        | Request::ChoosePlace { command, .. }
        | Request::Attest { command, .. }
        | Request::Edit { command, .. } => takes_back(state, command),
        // A value that going back needs.
        Request::SetParameter { .. }
        | Request::RollBack { .. }
        | Request::CallOffRollback { .. }
        | Request::TakeAlong { .. }
        | Request::Finish { outcome: Outcome::RolledBack, .. }
        | Request::Cancel { .. }
        | Request::AcceptPlan { .. }
        | Request::StopWaiting
        | Request::KeepInBackground { .. }
        | Request::Add { .. }
        | Request::Note { .. }
        | Request::HandOver { .. }
        | Request::Acknowledge { .. }
        | Request::AnswerRound { .. } => true,
        _ => false,
    }
}

/// Whether a command belongs to going back.
fn takes_back(state: &RunState, command: &CommandId) -> bool {
    rollback::belongs(state.runbook(), command)
        || state.going_back().is_some() && state.position(command).is_some()
}

/// Whether a host's name speaks of another environment than the one chosen.
///
/// Where the document has none nobody chose: then the host says whether it is production ([`says_production`]).
pub fn contradicts(host: &str, environment: &str, production: bool) -> bool {
    if environment == NO_ENVIRONMENT {
        return false;
    }
    let host = words::lower_words(host);
    let chosen = words::lower_words(environment);
    let says = |w: &str| host.iter().any(|x| x.starts_with(w));
    let meant = |w: &str| chosen.iter().any(|x| x.starts_with(w));
    (says("prod") && !production)
        || (says("stag") && !meant("stag"))
        || (production && (says("test") || says("dev")))
}

/// The index, among the steps' commands, that the gate stands before: the first command that changes the
/// service. What a preparing step does (checks, backups) comes before it.
pub fn gate_index(runbook: &Runbook) -> Option<usize> {
    let mut index = 0;
    for step in &runbook.steps {
        let commands = step.commands();
        if !prepares(step)
            && let Some(first) = commands.iter().position(|c| c.effect != Effect::Reads && !c.alternative)
        {
            // The gate stands at the step's head when only reads come before: a decision belongs to a step.
            let head = commands[..first].iter().all(|c| c.effect == Effect::Reads);
            return Some(if head { index } else { index + first });
        }
        index += commands.len();
    }
    None
}

/// The point of no return: after the gate, the first command that changes data, which is the migration as a
/// rule; where none is recognised, the first destructive one. What is optional does not count.
pub fn point_of_no_return(runbook: &Runbook) -> Option<&Command> {
    let after: Vec<&Command> = runbook.step_commands().into_iter().skip(gate_index(runbook)?).collect();
    let counts = |c: &&&Command| !c.optional && !c.alternative && c.effect != Effect::Reads;
    let data = after.iter().filter(counts).find(|c| changes_data(&c.text));
    data.or_else(|| after.iter().filter(counts).find(|c| c.effect == Effect::Destructive)).copied()
}

/// Whether a command changes data by its words: a migration that runs, or statements read from a file. What lists
/// migrations, or moves their files, changes none.
pub fn changes_data(text: &str) -> bool {
    let words = words::lower_words(text);
    let has = |name: &str| words.iter().any(|w| w == name);
    // The option of what runs the client, as in `docker compose -f x.yml exec db mysql`, is none of its own.
    let clients = ["psql ", "mysql ", "mariadb ", "sqlite3 ", "mongosh "];
    let behind = clients.iter().filter_map(|client| text.rfind(client)).min().and_then(|at| text.get(at..));
    let reads_file = |said: &str| said.contains(" -f ") || said.contains('<') || said.contains("--file");
    let from_file = behind.is_some_and(reads_file);
    let dumps = ["pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump"]
        .iter()
        .any(|dump| text.contains(dump));
    from_file && !dumps || has("pg_restore") || migrates(text)
}

/// Programs that look at files or move them, whatever these hold.
#[rustfmt::skip] // words, many to a line
const OF_FILES: &[&str] = &[
    "cat", "less", "more", "ls", "cp", "mv", "rm", "git", "scp", "rsync", "tar", "vi", "vim", "nano", "diff", "find",
    "grep", "rg", "head", "tail", "wc", "chmod", "chown", "mkdir", "touch", "echo", "printf", "test", "[", "stat",
    "sha256sum", "md5sum", "cd", "tree", "sed", "awk", "unzip", "zip", "aws", "gsutil",
];

/// What is asked of migrations, or made for later ones, instead of running them.
#[rustfmt::skip] // words, many to a line
const NOT_RUN: &[&str] = &[
    "status", "list", "ls", "show", "check", "current", "history", "heads", "info", "validate", "pending", "diff",
    "version", "verify", "log", "logs", "plan", "sql", "describe", "get", "new", "create", "make", "generate", "add",
    "help", "dryrun",
];

/// Whether one of the commands of a text runs a migration.
fn migrates(text: &str) -> bool {
    text.split([';', '|', '&', '\n', '(']).any(|part| {
        let words: Vec<&str> =
            part.split(|c: char| c.is_whitespace() || "\"'`".contains(c)).filter(|w| !w.is_empty()).collect();
        let program = words.iter().find(|w| **w != "sudo" && !w.contains('='));
        let program = program.and_then(|w| w.rsplit('/').next()).unwrap_or("");
        let Some(at) = words.iter().position(|w| names_migration(w)) else { return false };
        let lower = |word: &str| word.trim_start_matches('-').to_lowercase();
        // `migrate:status`, and behind it `status`, `--list`, `--dry-run`.
        let said = words.get(at).map_or("", |w| w.rsplit(':').next().unwrap_or(w));
        let asked = NOT_RUN.contains(&lower(said).as_str())
            || words.iter().take(at).any(|w| matches!(*w, "logs" | "get" | "describe" | "wait" | "delete"))
            || words.iter().skip(at + 1).any(|w| {
                let plain = lower(w).replace('-', "");
                NOT_RUN.contains(&plain.as_str()) && (!w.starts_with('-') || plain != "version")
            })
            || words.get(at).is_some_and(|w| lower(w).starts_with("make:"));
        !OF_FILES.contains(&program) && !asked
    })
}

/// Whether a word of a command names a migration: `db:migrate`, `run-migrations.sh`, `migrate`.
fn names_migration(word: &str) -> bool {
    words::lower_words(word).iter().any(|w| w.starts_with("migrat"))
}

fn prepares(step: &Step) -> bool {
    let words = words::lower_words(&step.title);
    let is = |names: &[&str]| words.iter().any(|w| names.iter().any(|n| w.starts_with(n)));
    is(&["pre", "prepar", "prereq", "preflight", "backup", "before", "check", "verif"]) && !is(&["post"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_contradict_the_environment() {
        assert!(contradicts("production-server", "Local", false));
        assert!(contradicts("staging-1", "Production", true));
        assert!(!contradicts("web-1", "Production", true));
        assert!(!contradicts("prod-web", "Production", true));
    }

    #[test]
    fn the_point_of_no_return_is_the_migration() {
        let of = |commands: &str| {
            let book = crate::runbook::read(&format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
            point_of_no_return(&book).map(|c| c.id.0.clone())
        };
        assert_eq!(of("docker-compose down\npsql -f 002.sql\necho x >y").as_deref(), Some("1/2"));
        assert_eq!(of("echo x >y\nrm -rf /srv/old").as_deref(), Some("1/2"));
        assert_eq!(of("# Optional: tidy\nrm -rf /srv/old").as_deref(), None);
        assert_eq!(of("ls").as_deref(), None);
    }

    #[test]
    fn what_only_asks_about_migrations_changes_no_data() {
        for text in [
            "npx prisma migrate deploy",
            "docker exec api sh -c 'npx prisma migrate deploy'",
            "php artisan migrate --force",
            "rake db:migrate",
            "./scripts/run-migrations.sh",
            "kubectl apply -f k8s/migrate-job.yaml",
            "cd app && bin/migrate up",
            "psql -f 002.sql",
        ] {
            assert!(changes_data(text), "{text}");
        }
        for text in [
            "npx prisma migrate status",
            "docker exec api sh -c 'npx prisma migrate status'",
            "bin/rails db:migrate:status",
            "python manage.py migrate --list",
            "python manage.py migrate --plan",
            "php artisan make:migration add_users",
            "cat migrations/002.sql",
            "git add migrations && git commit -m x",
            "scp migrations/002.sql db:/tmp",
            "kubectl logs job/migrate",
            "kubectl get job migrate",
            "sqlx migrate info",
        ] {
            assert!(!changes_data(text), "{text}");
        }
    }
}
