//! What the reference document says about results, judged on outputs as the real programs print them.

use std::time::Duration;

use gonogo::run::Exit;
use gonogo::run::verdict::{Evidence, Freshness, Sibling, Verdict, errors_at_success, judge, seen_so_far};
use gonogo::runbook::{self, Command, Expectation, Runbook};

struct Seen<'s> {
    output: &'s str,
    stages: &'s [i32],
    elapsed: Duration,
    fresh: Freshness,
}

impl Default for Seen<'_> {
    fn default() -> Self {
        Self { output: "", stages: &[0], elapsed: Duration::from_millis(50), fresh: Freshness::Any }
    }
}

fn find<'b>(book: &'b Runbook, words: &str) -> (&'b Command, &'b Expectation) {
    let all = book.all_commands().into_iter();
    let mut pairs = all.flat_map(|c| c.expects.iter().map(move |e| (c, e)));
    pairs.find(|(_, e)| e.text.contains(words)).unwrap_or_else(|| panic!("nothing expects {words}"))
}

fn judged(book: &Runbook, words: &str, seen: &Seen<'_>) -> Verdict {
    let (command, expected) = find(book, words);
    let services = ["api-server", "postgres", "qdrant"].map(str::to_owned);
    let evidence = Evidence {
        text: &command.text,
        exit: Exit::Status(*seen.stages.last().unwrap()),
        stages: seen.stages,
        elapsed: seen.elapsed,
        output: Some(seen.output),
        whole: true,
        merged: false,
        error: "",
        services: Some(&services),
        siblings: &[],
        fresh: seen.fresh,
    };
    judge(expected, &evidence).verdict
}

fn out(output: &str) -> Seen<'_> {
    Seen { output, ..Seen::default() }
}

#[test]
fn the_reference_documents_results_have_machine_verdicts() {
    use Verdict::{Fail, NeedsEyes, Pass};
    let Some(text) = super::shared("seed/island-runbook.md") else { return };
    let book = runbook::read(&text);
    let is = |words: &str, seen: &Seen<'_>, wanted: Verdict| {
        assert_eq!(judged(&book, words, seen), wanted, "{words}: {}", seen.output);
    };
    let health = r#"{"status":"ok","timestamp""#;
    is(health, &out(r#"{"status":"ok","timestamp":"2026-11-25T02:00:00Z","uptime":3}"#), Pass);
    is(health, &out(r#"{"status":"starting","timestamp":"2026-11-25T02:00:00Z"}"#), Fail);
    is(health, &out("upstream connect error"), Fail);

    let v1 = |state: &str| {
        format!(
            "          Name                        Command                  State               Ports\n-----------------------------------------------------------------------------------------\nservices_api-server_1      docker-entrypoint.sh node ...    {state}   0.0.0.0:3030->3030/tcp\nservices_postgres_1        docker-entrypoint.sh postgres    Up (healthy)   5432/tcp\nservices_qdrant_1          ./entrypoint.sh                  Up             6333/tcp\n"
        )
    };
    is("\"healthy\" or \"Up\"", &out(&v1("Up (healthy)")), Pass);
    is("\"healthy\" or \"Up\"", &out(&v1("Exit 1      ")), Fail);
    is("\"healthy\" or \"Up\"", &out(&v1("Up (unhealthy)")), NeedsEyes);
    let missing: Vec<String> =
        v1("Up (healthy)").lines().filter(|l| !l.contains("qdrant")).map(str::to_owned).collect();
    let missing = missing.join("\n");
    is("\"healthy\" or \"Up\"", &out(&missing), Fail);

    let stopped = |output| Seen { output, stages: &[0, 0], ..Seen::default() };
    is(
        "\"Exit 0\" or \"Exited\"",
        &stopped("services_api-server_1   docker-entrypoint.sh node ...   Exit 0\n"),
        Pass,
    );
    is(
        "\"Exit 0\" or \"Exited\"",
        &stopped(
            "services-api-server-1   api:latest   api-server   2 hours ago   Exited (0) 3 seconds ago\n",
        ),
        Pass,
    );
    is(
        "\"Exit 0\" or \"Exited\"",
        &stopped("services_api-server_1   docker-entrypoint.sh node ...   Up\n"),
        Fail,
    );
    is("\"Exit 0\" or \"Exited\"", &Seen { stages: &[0, 1], ..Seen::default() }, NeedsEyes);

    let errors = "Should be empty or only old errors";
    is(errors, &Seen { stages: &[0, 1], ..Seen::default() }, Pass);
    is(errors, &Seen { stages: &[1, 1], ..Seen::default() }, NeedsEyes);
    is(errors, &Seen { output: "api-server_1 | Error: old", stages: &[0, 0], ..Seen::default() }, NeedsEyes);

    is(
        "\"processedPages\":1",
        &out(r#"{"status":"completed","processedPages":1,"totalChunks":1,"ms":12}"#),
        Pass,
    );
    is("\"processedPages\":1", &out(r#"{"status":"completed","processedPages":0,"totalChunks":0}"#), Fail);
    let rows = |n: &str| {
        format!(
            "         collection_name          | point_count \n----------------------------------+-------------\n project_smoke_test_dataset_smoke |          {n}\n(1 row)\n\n"
        )
    };
    is("point_count > 0", &out(&rows("3")), Pass);
    is("point_count > 0", &out(&rows("0")), Fail);
    is(
        "point_count > 0",
        &out(" collection_name | point_count \n-----------------+-------------\n(0 rows)\n\n"),
        Fail,
    );
    is("\"totalResults\":1", &out(r#"{"results":[{"title":"Smoke Test"}],"totalResults":1}"#), Pass);
    is("\"totalResults\":1", &out(r#"{"results":[],"totalResults":0}"#), Fail);

    let slow = Seen { output: "{}", elapsed: Duration::from_millis(2_400), ..Seen::default() };
    is("< 2 seconds for small dataset", &slow, Fail);
    is("< 2 seconds for small dataset", &out("{}"), NeedsEyes);
    is("Collection object", &out(r#"{"name":"project_smoke_test_dataset_smoke_test_dataset"}"#), NeedsEyes);
    is("Empty results or results", &out(r#"{"results":[],"totalResults":0}"#), NeedsEyes);

    let env = "POSTGRES_URL=postgresql://postgres:s3cr3t@postgres:5432/claude_context\nQDRANT_URL=http://qdrant:6333\nEMBEDDING_URL=http://host.docker.internal:30001\nENABLE_HYBRID_SEARCH=true\nENABLE_RERANKING=true\n";
    is("Should have", &out(env), Pass);
    is("Should have", &out(&env.replace("QDRANT_URL=http://qdrant:6333", "QDRANT_URL=")), Fail);
    is("Should have", &out(&env.replace("ENABLE_RERANKING=true", "ENABLE_RERANKING=false")), NeedsEyes);
}

#[test]
fn the_lines_of_start_up_are_seen_only_when_they_are_young() {
    let Some(text) = super::shared("seed/island-runbook.md") else { return };
    let book = runbook::read(&text);
    let (command, expected) = find(&book, "ScopeManager");
    let seen = |output: &str, fresh: Freshness| {
        let evidence = Evidence {
            text: &command.text,
            exit: Exit::Ended,
            stages: &[0],
            elapsed: Duration::ZERO,
            output: Some(output),
            whole: true,
            merged: false,
            error: "",
            services: None,
            siblings: &[],
            fresh,
        };
        seen_so_far(expected, &evidence).map(|j| j.verdict)
    };
    let lines = "api-server_1  | [Context] ✅ ScopeManager initialized\napi-server_1  | [Server] 🚀 API Server listening on port 3030\n";
    assert_eq!(seen(lines, Freshness::Made), Some(Verdict::Pass), "the container was made by the start");
    assert_eq!(seen(lines, Freshness::Since(chrono::Utc::now())), None, "they may be from before");
    assert_eq!(seen(lines.lines().next().unwrap(), Freshness::Made), None, "the second is not there yet");
    let failed = format!("{lines}api-server_1  | Error: listen EADDRINUSE\napi-server_1  | exiting\n");
    assert_eq!(seen(&failed, Freshness::Made), None, "it ended after them");
    let stamped = lines.replace("| [", "| 2026-11-25T02:00:10.5Z [");
    let since = "2026-11-25T02:00:00Z".parse().unwrap();
    assert_eq!(seen(&stamped, Freshness::Since(since)), Some(Verdict::Pass), "their own times tell");
}

#[test]
fn every_command_of_the_block_has_to_succeed() {
    let Some(text) = super::shared("seed/island-runbook.md") else { return };
    let book = runbook::read(&text);
    let (command, expected) = find(&book, "All should return success");
    let of = |siblings: &[Sibling<'_>]| {
        let evidence = Evidence {
            text: &command.text,
            exit: Exit::Status(0),
            stages: &[0],
            elapsed: Duration::ZERO,
            output: Some("PostgreSQL 15\n"),
            whole: true,
            merged: false,
            error: "",
            services: None,
            siblings,
            fresh: Freshness::Any,
        };
        judge(expected, &evidence)
    };
    let sibling = |text, exit| Sibling { text, exit };
    let ok = Some(Exit::Status(0));
    let fails = of(&[sibling("curl -f http://h/health", Some(Exit::Status(22)))]);
    assert_eq!(fails.verdict, Verdict::Fail, "{fails:?}");
    // As the document has it: curl without --fail says nothing about the answer.
    let document = of(&[
        sibling("curl http://localhost:3030/health", ok),
        sibling("curl http://localhost:6333/health", ok),
    ]);
    assert_eq!(document.verdict, Verdict::NeedsEyes, "{document:?}");
    assert_eq!(of(&[sibling("curl -fsS http://h/health", ok)]).verdict, Verdict::Pass);
    assert_eq!(of(&[sibling("curl -fsS http://h/health", None)]).verdict, Verdict::NeedsEyes);
}

#[test]
fn an_error_at_exit_status_0_is_for_eyes() {
    let evidence = Evidence {
        text: "psql -f m.sql",
        exit: Exit::Status(0),
        stages: &[0],
        elapsed: Duration::ZERO,
        output: Some("CREATE TABLE\n"),
        whole: true,
        merged: false,
        error: "psql:m.sql:3: ERROR:  relation \"x\" already exists\n",
        services: None,
        siblings: &[],
        fresh: Freshness::Any,
    };
    let judged = errors_at_success(&evidence).unwrap();
    assert_eq!((judged.verdict, judged.observed.contains("already exists")), (Verdict::NeedsEyes, true));
}
