//! With nobody there: the whole document, each fault, the way back.

use super::stack::Island;
use super::support::{contents, events};
use gonogo::run::Event;

/// The document's questions, answered in advance.
const DEPLOY: &[&str] = &[
    "run",
    "runbook.md",
    "--env",
    "Production",
    "--place",
    "there",
    "--answer",
    "3.3/2=yes",
    "--answer",
    "5/3=yes",
];

/// The ways out of what stands in the way of going back by this document.
const BACK: &[&str] = &["--rollback-on-failure", "--way-out", "start-first", "--way-out", "drop-first"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [DEPLOY, more].concat()
}

#[test]
fn a_clean_deployment() {
    let Some(island) = Island::up("a_clean_deployment", &[]) else { return };
    let run = island.headless(&DEPLOY[..8]);
    assert_eq!(run.status, 2, "a condition is open: {}{}", run.out, run.err);
    assert!(run.err.contains("--answer 5/3=yes or no"), "{}", run.err);
    let run = island.headless(DEPLOY);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    for seen in [
        "✓ line 112: Should show \"Exit 0\" or \"Exited\"",
        "✓ line 191: Should have:",
        "✓ line 213: Should see:",
        "✓ line 232: Expected: {\"status\":\"ok\"",
        "✓ line 236: All should show \"healthy\" or \"Up\" · seen: 3 rows",
        "✓ line 240: Should be empty",
        "✓ line 258: Expected: {\"status\":\"completed\"",
        "✓ line 273: Expected: One row with point_count > 0",
        "✓ line 285: Expected: {\"results\":[...], \"totalResults\":1}",
        // Against reality: 404 at exit status 0.
        "curl exits 0 for an HTTP error too",
        "is no longer recorded: it shows credentials, and this is production",
    ] {
        assert!(
            format!("{}{}", run.out, run.err).contains(seen),
            "{seen} is not in:\n{}{}",
            run.out,
            run.err
        );
    }
    island.is_deployed();
    // The probes looked from the server: they know its containers, and its names.
    let board = run.out.split("gate after the verification").nth(1).unwrap().split("7.1/1").next().unwrap();
    assert!(board.contains("api.prod.example.com/health "), "{board}");
    for well in ["containers ", "postgres:5432", "localhost:3030", "localhost:6333", "this machine "] {
        assert!(!board.contains(well), "{well} is well, seen from there:\n{board}");
    }
    assert!(
        !run.out.contains(island.password()) && !run.err.contains(island.password()),
        "it stays a secret"
    );
    for entry in std::fs::read_dir(island.home.path().join("state/runs")).unwrap().flatten() {
        let journal = std::fs::read(entry.path().join("journal.db")).unwrap();
        let secret = island.password().as_bytes();
        assert!(!journal.windows(secret.len()).any(|w| w == secret), "nor is it in the journal");
    }
    let verified = island.home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}{}", verified.out, verified.err);
    let log = island.home.run(&["log"]).out;
    assert!(log.contains("/backups/backup_"), "{log}");
    island.told("clean, headless", "v1.2.0", "", "");
}

#[test]
fn compose_2_hides_what_was_stopped_and_is_spelt_in_two_words() {
    let Some(island) = Island::up("compose_2", &["--compose", "v2"]) else { return };
    let run = island.headless(DEPLOY);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("FAILED at 2/3"), "{}", run.out);
    // As `gonogo check` would have had it, and with compose as a command of docker.
    let text = contents(&island.home.path().join("runbook.md"));
    let text = text.replace("docker-compose ps | grep api-server", "docker-compose ps -a | grep api-server");
    island.home.write("runbook.md", &text.replace("docker-compose", "docker compose"));
    island.server("cd /opt/claude-context && docker compose up -d --wait api-server");
    let run = island.headless(DEPLOY);
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    for seen in [
        "✓ line 112:",
        "line 213: Should see:",
        "✓ line 236: All should show \"healthy\" or \"Up\" · seen: 3 rows",
    ] {
        assert!(run.out.contains(seen), "{seen} is not in:\n{}", run.out);
    }
    island.is_deployed();
    island.told("compose 2, headless", "v1.2.0", "2/3: ps hides what was stopped", "");
}

#[test]
fn a_release_that_fails_its_health_check_is_gone_back_from() {
    let Some(island) = Island::up("a_release_that_fails", &["--fault", "health"]) else { return };
    let run = island.headless(&with(BACK));
    assert_eq!(run.status, 3, "{}{}", run.out, run.err);
    for seen in ["FAILED at 5/2", "known problem (line 4", "ROLLBACK:", "ROLLED BACK in"] {
        assert!(run.out.contains(seen), "{seen} is not in:\n{}", run.out);
    }
    island.is_as_before();
    island.told("health check fails", "v1.2.0", "5/2: the log has no good start", "v1.1.16, 5 rows");
}

#[test]
fn a_migration_that_half_fails_at_exit_status_0_is_told() {
    let Some(island) = Island::up("a_migration_that_half_fails", &["--fault", "migration-half"]) else {
        return;
    };
    let run = island.headless(&with(BACK));
    assert_eq!(run.status, 3, "{}{}", run.out, run.err);
    let migration = run.out.split("3.3/2      ▶").nth(1).unwrap().split("3.3/3      ▶").next().unwrap();
    assert!(migration.contains("? exit 0") && migration.contains("ERROR"), "{migration}");
    island.is_as_before();
    island.told("migration half fails", "v1.2.0", "3.3/2: ERROR at exit status 0", "v1.1.16, 5 rows");
}

#[test]
fn a_migration_of_what_is_there_has_a_known_problem() {
    let Some(island) = Island::up("a_migration_of_what_is_there", &[]) else { return };
    island.fault("table-exists");
    let run = island.headless(&with(&["--to", "3.3"]));
    assert_eq!(run.status, 6, "{}{}", run.out, run.err);
    assert!(run.out.contains("already exists"), "{}", run.out);
    let known = |e: &Event| {
        matches!(e, Event::ProblemsRecognised { command, problems, .. }
        if command.0 == "3.3/2" && problems.iter().any(|p| p.problem.0 == "trouble.2"))
    };
    assert!(events(&island.home).iter().any(known));
    island.told("migration: already exists", "", "3.3/2: for eyes, known problem", "nothing was lost");
}

#[test]
fn without_room_for_the_backup_nothing_is_stopped() {
    let Some(island) = Island::up("without_room_for_the_backup", &["--backups", "256k"]) else { return };
    island.fault("backups-full");
    let run = island.headless(DEPLOY);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(
        run.out.contains("FAILED at 1.2/3") && run.out.contains("No space left on device"),
        "{}",
        run.out
    );
    assert_eq!(island.versions(), ("v1.1.16".to_owned(), "1.1.16".to_owned()));
    island.told("backup directory full", "", "1.2/3: no space left on device", "nothing was stopped");
}
