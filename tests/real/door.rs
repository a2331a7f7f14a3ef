//! The command line as whoever meets it first uses it: words that are no verb, finding runbooks, `check` in pipelines.

use std::fs::File;
use std::io::Read;
use std::process::Stdio;

use super::support::Home;

const BOOK: &str = "# Ship it\n\n| Environment | URL |\n|---|---|\n| Staging | https://s |\n| Production | https://p |\n\n## Before\n\n- [ ] All quiet\n\n## Steps\n\n### Step 1: Ship (1 min)\n\n```bash\ntouch made\ncurl http://localhost:1/health\n```\n\n## Rollback\n\n```bash\nrm -f made\n```\n";

#[test]
fn words_that_are_no_verb_are_told_with_the_nearest() {
    let home = Home::new();
    for (typed, words) in [
        (&["rnus"][..], "did you mean gonogo runs?"),
        (&["chek", "a.md"], "did you mean gonogo check?"),
        (&["xyzzy"], "gonogo help lists the verbs"),
        (&["help", "rnus"], "did you mean gonogo runs?"),
        (&["gone.md"], "gone.md: there is no such file"),
        (&["status", "nothing-1"], "there is no run nothing-1"),
    ] {
        let ran = home.run(typed);
        assert_eq!(ran.status, 2, "{typed:?}");
        assert!(ran.err.contains(words), "{typed:?}: {}", ran.err);
    }
    let help = home.run(&["help", "run"]);
    assert_eq!((help.status, help.out), (0, home.run(&["run", "--help"]).out));
    home.write("a.md", BOOK);
    let hint = home.run(&["--env", "Staging", "a.md"]);
    assert!(
        hint.err.contains("without a terminal: gonogo run a.md --env Staging --headless --yes"),
        "{}",
        hint.err
    );
}

#[test]
fn runbooks_are_found_by_reading() {
    let home = Home::new();
    let pages = home.path().join("repo");
    std::fs::create_dir_all(pages.join("ops/old")).unwrap();
    std::fs::create_dir_all(pages.join("target")).unwrap();
    home.write("repo/.gitignore", "target/\n");
    home.write("repo/ops/ship.md", BOOK);
    home.write("repo/ops/old/move.md", &BOOK.replace("Ship it", "Move it"));
    home.write("repo/target/copy.md", BOOK);
    home.write("repo/README.md", "# Thing\n\n## Build\n\n```bash\nmake\nmake install\n```\n");
    home.write("repo/latin.txt", "no page");
    let listed = home.run(&["list", "repo"]).out;
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(lines.len(), 2, "{listed}");
    assert!(lines[0].starts_with("repo/ops/old/move.md") && lines[0].contains("Move it"), "{listed}");
    assert!(lines[1].contains("1 step · Staging, Production · 1 warning"), "{listed}");
    let json: serde_json::Value = serde_json::from_str(&home.run(&["list", "repo", "--json"]).out).unwrap();
    assert_eq!(json["runbooks"].as_array().unwrap().len(), 2);
    let open = home.run(&["repo"]);
    assert_eq!(open.status, 2);
    assert!(
        open.err.contains("name one of these runbooks") && open.err.contains("ops/ship.md"),
        "{}",
        open.err
    );
    assert!(home.run(&["repo/target"]).err.contains("without a terminal: gonogo run repo/target/copy.md"));
}

#[test]
fn many_documents_are_checked_in_formats_that_others_read() {
    let home = Home::new();
    home.write("a.md", BOOK);
    home.write("b.md", &BOOK.replace("curl http", "curl -f http"));
    let short = home.run(&["check", "a.md", "b.md", "--format", "short", "--only", "curl-without-fail"]);
    let line = BOOK.lines().position(|l| l.starts_with("curl")).unwrap() + 1;
    assert!(short.out.starts_with(&format!("a.md:{line}:1: warning: ")), "{}", short.out);
    assert_eq!((short.status, short.out.lines().count()), (0, 1), "{}", short.out);
    assert_eq!(home.run(&["check", "a.md", "--fail-on", "warning"]).status, 1);
    assert_eq!(home.run(&["check", "a.md", "--only", "curl-witout-fail"]).status, 2);

    let found = |arguments: &[&str]| -> serde_json::Value {
        let all = [&["check"], arguments, &["--only", "curl-without-fail"]].concat();
        serde_json::from_str(&home.run(&all).out).unwrap()
    };
    let sarif = found(&["a.md", "b.md", "--format", "sarif"]);
    let print = sarif["runs"][0]["results"][0]["partialFingerprints"]["gonogo/v1"].clone();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "curl-without-fail");
    assert_eq!(found(&["a.md", "--format", "gitlab"])[0]["fingerprint"], print);
    home.write("a.md", &BOOK.replace("# Ship it\n", "# Ship it\n\nA paragraph more.\n"));
    let moved = found(&["a.md", "--json"])["findings"][0].clone();
    assert_eq!((&moved["fingerprint"], moved["line"].as_u64()), (&print, Some(line as u64 + 2)));
    let junit = home.run(&["check", "a.md", "b.md", "--format", "junit", "--only", "curl-without-fail"]).out;
    assert!(junit.contains("<testsuite name=\"a.md\" tests=\"1\" failures=\"1\">"), "{junit}");
    assert!(junit.contains("<testsuite name=\"b.md\" tests=\"1\" failures=\"0\">"), "{junit}");
    let github = home.run(&["check", "a.md", "--format", "github", "--only", "curl-without-fail"]).out;
    assert!(github.starts_with("::warning file=a.md,line="), "{github}");

    // What is known is not told again.
    let known = ["check", "a.md", "--baseline", "known.json"];
    assert_eq!(home.run(&known).status, 2, "there is none yet");
    assert_eq!(home.run(&[&known[..], &["--write-baseline"]].concat()).status, 0);
    let quiet = home.run(&[&known[..], &["--fail-on", "note"]].concat());
    assert_eq!(quiet.status, 0, "{}", quiet.out);
    let text = std::fs::read_to_string(home.path().join("a.md")).unwrap();
    home.write("a.md", &text.replace("touch made\n", "touch made\ncurl http://localhost:2/health\n"));
    let new = home.run(&[&known[..], &["--format", "short", "--only", "curl-without-fail"]].concat()).out;
    assert!(new.lines().count() == 1 && new.contains(":20:"), "{new}");
}

#[test]
fn standard_input_is_checked_as_a_file_of_its_name() {
    let home = Home::new();
    home.write("a.md", BOOK);
    let mut piped = home.command(&["check", "-", "--stdin-name", "ops/x.md", "--format", "short"]);
    let piped = piped.stdin(File::open(home.path().join("a.md")).unwrap()).output().unwrap();
    let named = home.run(&["check", "a.md", "--format", "short"]);
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), named.out.replace("a.md:", "ops/x.md:"));
}

#[test]
fn a_closed_pipe_changes_no_status() {
    let home = Home::new();
    home.write("bad.md", &BOOK.replace("touch made\n", &"curl 'http://h\n```\n\n```bash\n".repeat(400)));
    assert_eq!(home.run(&["check", "bad.md"]).status, 1);
    let mut cut = home.command(&["check", "bad.md"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut page = cut.stdout.take().unwrap();
    page.read_exact(&mut [0]).unwrap();
    drop(page);
    assert_eq!(cut.wait().unwrap().code(), Some(1));
}

#[test]
fn settings_beside_a_runbook_are_checked_with_it() {
    let home = Home::new();
    home.write("a.md", &BOOK.replace("curl http", "curl -f http"));
    for (settings, line, words) in [
        ("# ours\nthme = \"dark\"\n", 2, "unknown field `thme`"),
        ("[check]\noff = [\"no-estimat\"]\n", 2, "no finding is called no-estimat"),
        ("[keys]\n\"go-bak\" = \"x\"\n", 1, "go-bak"),
        ("[sign]\nallowed_signers = \"ops/none\"\n", 2, "there is no file"),
        ("[targets]\n\"X\" = \"http.1 speed\"\n", 1, "there is no measure speed"),
    ] {
        home.write("gonogo.toml", settings);
        let ran = home.run(&["check", "a.md", "--format", "short"]);
        let told = ran.out.lines().find(|l| l.ends_with("[settings]")).unwrap_or_default();
        assert!(told.starts_with(&format!("gonogo.toml:{line}:")) && told.contains(words), "{}", ran.out);
        assert_eq!(ran.status, 1, "{settings}");
    }
    home.write("gonogo.toml", "[hooks]\nbefore_start = \"./ops/calendar\"\n");
    let text = home.run(&["check", "a.md"]);
    assert!(text.out.contains("there is no program ./ops/calendar on this machine"), "{}", text.out);
    home.write("gonogo.toml", "[check]\nerror = [\"no-estimate\"]\noff = [\"settings\"]\n");
    home.write("a.md", &BOOK.replace(" (1 min)", ""));
    let ran = home.run(&["check", "a.md", "--format", "short"]);
    assert!(ran.out.contains("error: ") && ran.status == 1, "{}", ran.out);
}

#[test]
fn a_value_that_nothing_asks_for_is_refused() {
    let home = Home::new();
    home.write("a.md", "# T\n\n## Steps\n\n```bash\necho <region> ${DEPTH:-1}\n```\n");
    let run =
        |set: &str| home.run(&["run", "a.md", "--headless", "--yes", "--set", "region=eu", "--set", set]);
    let wrong = run("regoin=us");
    assert_eq!(wrong.status, 2);
    assert!(
        wrong.err.contains("--set regoin") && wrong.err.contains("did you mean region?"),
        "{}",
        wrong.err
    );
    let ran = run("DEPTH=3");
    assert!(ran.status == 0, "{}", ran.err);
}

#[test]
fn the_beginning_of_a_runs_id_is_enough_where_it_is_the_only_one() {
    let home = Home::new();
    home.write("a.md", "# Notes\n\n## Steps\n\n```bash\necho one; exit 3\n```\n");
    home.write("b.md", "# Other\n\n## Steps\n\n```bash\necho two\n```\n");
    home.run(&["run", "a.md", "--headless", "--yes"]);
    home.run(&["run", "b.md", "--headless", "--yes"]);
    let status = home.run(&["status", "other"]);
    assert!(status.status == 0 && status.out.starts_with("other-"), "{}{}", status.out, status.err);
    let json: serde_json::Value =
        serde_json::from_str(&home.run(&["output", "other", "1/1", "--json"]).out).unwrap();
    assert_eq!(json["exit"], 0);
    assert!(home.run(&["status", "a.md"]).err.contains("a.md is a file, and a run is meant here"));
}

#[test]
fn doctor_tells_what_would_break_at_night_and_what_mends_it() {
    let home = Home::new();
    let doctor = |arguments: &[&str]| home.run(&[&["doctor"], arguments].concat());
    let well = doctor(&[]);
    assert_eq!(well.status, 0, "{}", well.out);
    let row = |out: &str, begin: &str, words: &str| {
        let found = out.lines().any(|l| l.starts_with(begin) && l.contains(words));
        assert!(found, "{begin} … {words} in:\n{out}");
    };
    let steps = "```bash\nno-such-tool --now\ntouch made > /no/such/place/list\nmkdir -p /tmp/none-yet\ndate > /tmp/none-yet/at\necho <region>\n```\n\n```bash\nssh -p 1 nobody@127.0.0.1\nanother-there\nexit\n```\n";
    home.write("a.md", &format!("# T\n\n## Steps\n\n{steps}"));
    let of = doctor(&["a.md"]);
    assert_eq!(of.status, 1);
    row(&of.out, "broken  programs", "no-such-tool is not found here (line 6)");
    row(&of.out, "broken  room", "/no/such/place is not there");
    row(&of.out, "look    values", "region");
    row(&of.out, "look    host", "nobody@127.0.0.1 is 127.0.0.1 port");
    assert!(!of.out.contains("another-there"), "it runs on the host: {}", of.out);
    assert!(!of.out.contains("none-yet"), "the document makes it: {}", of.out);
    row(&doctor(&["a.md", "--connect"]).out, "broken  host", "nobody@127.0.0.1");
    let json: serde_json::Value = serde_json::from_str(&doctor(&["a.md", "--json"]).out).unwrap();
    let programs = json["rows"].as_array().unwrap().iter().find(|r| r["about"] == "programs").unwrap();
    assert_eq!(programs["state"], "broken");

    for (settings, begin, words) in [
        ("thme = \"dark\"\n", "broken  settings", "unknown field"),
        ("[keys]\n\"go-bak\" = \"x\"\n", "broken  settings", "go-bak"),
        ("[hooks]\nbefore_gate = \"no-such-hook\"\n", "look    settings", "asks for 1 setting"),
    ] {
        home.write("gonogo.toml", settings);
        row(&doctor(&["a.md"]).out, begin, words);
    }
    let with = |name: &str, value: &str| {
        let ran = home.command(&["doctor"]).env(name, value).output().unwrap();
        String::from_utf8(ran.stdout).unwrap()
    };
    row(&with("TERM", "dumb"), "look    terminal", "TERM is \"dumb\"");
    row(&with("LANG", "C"), "look    terminal", "locale C");
    home.write(".bash_profile", "echo welcome\n");
    row(&doctor(&[]).out, "look    shell", "prints: welcome");
    let open = home.path().join("open");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    row(&with("GONOGO_STATE_DIR", open.to_str().unwrap()), "broken  state", "chmod 700");
    home.write("b.md", "# Notes\n\n## Steps\n\n```bash\necho <<E >x; false\n```\n");
    assert_eq!(doctor(&["b.md", "--env", "Mars"]).status, 2);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "git is somebody's, and not ours")]
fn only_what_a_change_brings_is_told() {
    let home = Home::new();
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]);
        assert!(command.args(arguments).current_dir(home.path()).output().unwrap().status.success());
    };
    let curl = BOOK.replace("localhost:1/health", "localhost:1/healthy");
    home.write("a.md", &curl);
    git(&["init", "-q"]);
    git(&["add", "a.md"]);
    git(&["commit", "-qm", "first"]);
    let codes = |rev: &str| {
        let ran = home.run(&["check", "a.md", "--since", rev, "--format", "short", "--fail-on", "note"]);
        let code = |line: &str| line.rsplit_once('[').map(|(_, code)| code.trim_end_matches(']').to_owned());
        (ran.status, ran.out.lines().filter_map(code).collect::<Vec<_>>(), ran.err)
    };
    assert!(home.run(&["check", "a.md", "--format", "short"]).out.contains("curl-without-fail"));
    home.write("a.md", &curl.replace("## Steps", "Some words more.\n\n## Steps"));
    assert_eq!(codes("HEAD").1, Vec::<String>::new(), "a change elsewhere");
    home.write("a.md", &curl.replace("touch made", "touch made\npsql -f x.sql"));
    let (status, new, _) = codes("HEAD");
    assert_eq!((status, new), (1, vec!["psql-without-stop".to_owned()]));
    home.write("b.md", &curl);
    let all = home.run(&["check", "b.md", "--since", "HEAD", "--format", "short"]).out;
    assert!(all.contains("curl-without-fail"), "a new document has all of its own: {all}");
    let (status, _, said) = codes("nowhere");
    assert!(status == 2 && said.contains("--since nowhere"), "{said}");
    assert_eq!(codes("--output=x").0, 2, "no word of it is a flag of git's");
    assert!(!home.path().join("x").exists());
}
