//! `gonogo monitor`, Health and Monitor: the reference document's targets against a stack of the test's own, alerts,
//! rounds that are attended, measured and missed.

use std::path::PathBuf;
use std::time::Duration;

use gonogo::run::Event;
use gonogo::run::monitoring::Held;
use gonogo::store::chain;
use serde_json::Value;

use super::probes::http::{Does, Server};
use super::sshd;
use super::support::{Home, contents, events, skip, the_run, until};

fn seed() -> PathBuf {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/island-runbook.md");
    let ours = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/runbooks/island.md");
    if shared.exists() { shared } else { ours }
}

/// The seed's document with its latency source chosen and its error rate bound: every row has a live figure.
#[test]
fn every_target_of_the_reference_document_reads_live() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "{\"status\":\"ok\",\"timestamp\":\"now\"}", None));
    let text = std::fs::read_to_string(seed()).unwrap().replace("http://localhost:3030", &api.url(""));
    home.write("b.md", &text);
    home.write("gonogo.toml", "[targets]\n\"Error Rate\" = \"latency error_rate\"\n");
    let seen = |flags: &[&str]| -> (i32, Value) {
        let run = home.run(&[&["monitor", "b.md", "--env", "Local", "--once", "--json"], flags].concat());
        (run.status, serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}: {}{}", run.out, run.err)))
    };
    let targets = |json: &Value| -> Vec<Value> {
        let rows = json["rows"].as_array().unwrap().iter();
        rows.filter(|p| p["kind"] == "target").cloned().collect()
    };
    let (status, json) = seen(&["--probe", "latency=on"]);
    assert_eq!(status, 1, "the database and the containers of the document are not there: {json}");
    let rows = targets(&json);
    assert_eq!(rows.len(), 6);
    for row in &rows {
        assert!(row["value"].is_number(), "{row}");
        assert!(["ok", "watch", "alert"].contains(&row["level"].as_str().unwrap()), "{row}");
    }
    // Never assumed: without it the latency has no source, and that is said.
    let (_, json) = seen(&[]);
    let latency = &targets(&json)[0];
    assert_eq!(latency["level"], Value::Null);
    assert!(latency["reason"].as_str().unwrap().contains("latency is off"), "{latency}");
}

#[test]
fn monitor_serves_cron_and_scrapers() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "fine", None));
    let book = format!("# T\n\n## Steps\n\n```bash\ncurl {}\n```\n", api.url("/health"));
    home.write("b.md", &book);
    let once = || home.run(&["monitor", "b.md", "--once"]);
    assert_eq!(once().status, 0, "{}", once().out);
    api.does(Does::Answers(401, "", None));
    assert_eq!(once().status, 6);
    api.does(Does::Answers(503, "", None));
    assert_eq!(once().status, 1);
    let text = home.run(&["monitor", "b.md", "--once", "--prometheus"]).out;
    let of = "runbook=\"T\",environment=\"default\"";
    let row = format!("{of},row=\"/health\"");
    assert!(text.contains(&format!("gonogo_level{{{row},kind=\"http\"}} 2")), "{text}");
    assert!(text.contains(&format!("gonogo_up{{{row},kind=\"http\"}} 1")), "it answers, if wrongly: {text}");
    assert!(text.contains(&format!("gonogo_value_ratio{{{row},measure=\"error_rate\"}} 1")), "{text}");
    assert!(text.contains(&format!("gonogo_alert_open{{{row},kind=\"http\"}} 1")), "{text}");
    promtool(&text);
    assert!(text.contains("# TYPE gonogo_last_look_timestamp_seconds gauge"), "{text}");
    let names = text.lines().filter_map(|l| l.strip_prefix("# TYPE "));
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    assert_eq!(names.len(), text.matches("# TYPE ").count(), "each name once: {text}");
    let file = home.run(&["monitor", "b.md", "--once", "--prometheus", "--out", "b.prom"]);
    assert_eq!((file.status, file.out.as_str()), (1, ""), "{}", file.err);
    let written = std::fs::read_to_string(home.path().join("b.prom")).unwrap();
    let figures = |text: &str| {
        text.lines().filter(|l| l.starts_with("gonogo_level")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(figures(&written), figures(&text));
    assert_eq!(home.run(&["monitor", "b.md", "--once", "--probe", "http.9=on"]).status, 2);
    assert_eq!(home.run(&["monitor", "b.md", "--env", "Mars", "--once"]).status, 2);
    home.write("gonogo.toml", "[targets]\n\"X\" = \"http.1 speed\"\n");
    let wrong = once();
    assert_eq!(wrong.status, 2);
    assert!(wrong.err.contains("there is no measure speed"), "{}", wrong.err);
}

/// What Prometheus' own tool says of the text: nothing.
fn promtool(text: &str) {
    use std::io::Write;
    use std::process::{Command, Stdio};
    #[expect(clippy::disallowed_methods, reason = "the tool of who reads the text")]
    let mut command = Command::new("promtool");
    command.args(["check", "metrics"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut tool) = command.spawn() else { return skip("promtool", "promtool (Debian: prometheus)") };
    tool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = tool.wait_with_output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(said.is_empty(), "{}\n{text}", String::from_utf8_lossy(&said));
}

/// Anywhere but in a terminal: the table once, then a line for each change, and an end as somebody wants it.
#[test]
fn in_a_pipe_only_what_changes_is_told() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "fine", None));
    home.write("b.md", &format!("# T\n\n## Steps\n\n```bash\ncurl {}\n```\n", api.url("/health")));
    home.write("gonogo.toml", "[probes.\"http.1\"]\nevery = \"1s\"\n");
    let file = home.path().join("told");
    let out = std::fs::File::create(&file).unwrap();
    let mut command = home.command(&["monitor", "b.md", "--probe", "host=off"]);
    let mut child = command.stdin(std::process::Stdio::null()).stdout(out).spawn().unwrap();
    let told = || contents(&file);
    let has = |words: &str| told().lines().any(|l| l.contains(words));
    until("the sum", || has("Z  ok      all 1 ok"));
    let begun = told().lines().count();
    api.does(Does::Answers(503, "busy", None));
    until("the alert", || has("Z  alert   /health"));
    assert!(told().contains("was ok for 0:"), "{}", told());
    api.does(Does::Answers(200, "fine", None));
    until("the end of it", || told().lines().filter(|l| l.contains("Z  ok      /health")).count() == 1);
    assert_eq!(told().lines().count(), begun + 2, "and nothing else: {}", told());
    api.does(Does::Hangs);
    until("nobody answers", || has("Z  down    /health"));
    let pid = rustix::process::Pid::from_raw(child.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "the status is of the worst: {}", told());
}

/// A document whose only window is short, with rounds a test can wait for.
fn short_window(url: &str) -> String {
    format!(
        "# T\n\n## Steps\n\n```bash\ncurl --silent {url}\n```\n\n## Post-Deployment Monitoring\n\n### First 15 seconds\n\n**Monitor every 5 seconds:**\n- [ ] Service responding\n- [ ] Customers are happy\n"
    )
}

#[test]
fn a_window_goes_on_without_anybody_and_says_what_was_missed() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "fine", None));
    home.write("b.md", &short_window(&api.url("/health")));
    home.write("gonogo.toml", "[probes.\"http.1\"]\nevery = \"1s\"\n[probes.host]\nevery = \"1s\"\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.press("Enter runs it", "\r");
    terminal.press("All commands are settled", "3");
    terminal.press("finish: deployed", "f");
    terminal.press("End the run as deployed?", "y");
    terminal.see("health is now measured for First 15 seconds");
    terminal.type_keys("7");
    // Nobody was here for the first round's second item; the first was seen by its probe.
    terminal.until("a round with its evidence", |t| t.contains("Service responding") && t.contains("open"));
    terminal.type_keys("j");
    terminal.press("▸ Customers are happy", "\r");
    terminal.see("ada");
    // Everybody leaves; the runner goes on, and is then killed.
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let opened =
        |n: usize| events(&home).iter().filter(|e| matches!(e, Event::RoundOpened { .. })).count() >= n;
    until("the third round", || opened(3));
    home.kill(&["runner", "shim"]);
    let began = std::time::Instant::now();
    until("the window's end", || began.elapsed() > Duration::from_secs(6));
    // Cron takes it up: what was missed is recorded as that.
    let run = the_run(&home).id().clone();
    let taken = home.run(&["monitor", "b.md", "--once", "--record", &run.0]);
    assert_eq!(taken.status, 0, "{}{}", taken.out, taken.err);
    assert!(taken.err.contains("is over"), "{}", taken.err);
    let again = home.run(&["monitor", "b.md", "--once", "--record", &run.0]);
    assert!(again.status == 0 && again.err.contains("is over"), "{}", again.err);
    // Whoever comes next sees it.
    let mut terminal = home.terminal(&["attach"], 100, 30);
    terminal.press("1 of 1   deployed", "7");
    terminal.see("all windows are over");
    terminal.see("1 missed");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let held: Vec<Held> = events(&home)
        .into_iter()
        .filter_map(|e| match e {
            Event::RoundClosed { held, .. } => Some(held),
            _ => None,
        })
        .collect();
    assert_eq!(held, [Held::Attended, Held::Unattended, Held::Missed]);
    until("the runner to go", || home.processes().is_empty());
}

#[test]
fn what_breaks_while_a_run_goes_on_raises_an_alert_and_a_gate_shows_it() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "fine", None));
    let book = format!("# T\n\n## Steps\n\n```bash\ncurl --silent {}\ntouch made\n```\n", api.url("/health"));
    home.write("b.md", &book);
    home.write("gonogo.toml", "[probes.\"http.1\"]\nevery = \"1s\"\n");
    let mut terminal = home.terminal(&["b.md"], 100, 30);
    terminal.press("start in", "\r");
    terminal.press("Enter", "6");
    terminal.until("the address", |t| t.lines().any(|l| l.contains("/health") && l.contains(" ok ")));
    api.does(Does::Answers(500, "boom", None));
    terminal.see("1 ALERT");
    terminal.until("the level", |t| t.lines().any(|l| l.contains("/health") && l.contains(" ALERT ")));
    // F5: to the row of the banner.
    terminal.type_keys("\x1b[15~");
    terminal.press("nobody has acknowledged it", "a");
    terminal.see_live("Acknowledge this alert");
    terminal.type_keys("the disk was full\r");
    terminal.press("⏎ open", "\r");
    terminal.see("ada: the disk was full");
    terminal.press("⏎ open", "2");
    terminal.press("The gate:", "\r");
    terminal.see("alert: ");
    terminal.see("the disk was full");
    terminal.press("Go or no-go", "g");
    terminal.see_live("GO although something is open");
    api.does(Does::Answers(200, "fine", None));
    terminal.type_keys("\x1b");
    terminal.see("recovered");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.see("Enter runs it");
    terminal.type_keys("q");
    assert_eq!(terminal.end(), 0);
    let events = events(&home);
    let at = |fits: fn(&Event) -> bool| events.iter().position(fits).unwrap();
    let raised = at(|e| matches!(e, Event::AlertRaised { .. }));
    let known = at(|e| matches!(e, Event::AlertAcknowledged { .. }));
    let cleared = at(|e| matches!(e, Event::AlertCleared { .. }));
    assert!(raised < known && known < cleared);
    let gate = events.iter().find_map(|e| match e {
        Event::GateDecided { go: true, reason, readings, .. } => Some((reason.clone(), readings.clone())),
        _ => None,
    });
    let (reason, readings) = gate.unwrap();
    assert!(reason.is_empty());
    // The readings of that moment are still there, and theirs is the hash in the record.
    let hash = readings.unwrap();
    let kept = the_run(&home).path().join(format!("readings-{}.json", &hash[..16]));
    assert_eq!(chain::hash(&contents(&kept)), hash);
}

#[test]
fn a_window_goes_back_by_itself_to_the_host_that_was_lost() {
    let home = Home::new();
    if !std::path::Path::new(sshd::SSHD).exists() {
        return skip("a_window_goes_back", "an OpenSSH server (Debian: openssh-server)");
    }
    let server = sshd::Server::start(&home);
    server.known_as(&home, "web-1");
    let api = Server::start(Does::Answers(200, "fine", None));
    let book = short_window(&api.url("/health")).replace("```bash\n", "```bash\nssh web-1\n");
    home.write("b.md", &book.replace("First 15 seconds", "First 90 seconds"));
    let mut terminal = home.terminal(&["b.md"], 120, 34);
    terminal.press("start in", "\r");
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("The commands after this one run where it leads", "y");
    terminal.press("Enter goes there", "\r");
    terminal.press("▸· 2  curl", "\r");
    terminal.press("All commands are settled", "3");
    terminal.press("finish: deployed", "f");
    terminal.press("End the run as deployed?", "y");
    terminal.see("health is now measured for First 90 seconds");
    terminal.type_keys("6");
    terminal.see("measured from web-1");
    server.cut();
    terminal.see("measured from nowhere");
    terminal.see("measured from web-1");
    terminal.until("the address", |t| t.lines().any(|l| l.contains("/health") && l.contains(" ok ")));
    // It goes with whoever made it, and the next one makes another.
    let own = || connections(&home);
    let before = own();
    assert_eq!(before.len(), 1);
    home.kill(&["runner"]);
    until("the end of its connection", || own().iter().all(|pid| !before.contains(pid)));
    let mut terminal = home.terminal(&["attach"], 120, 34);
    terminal.press("2 of 2   deployed", "6");
    terminal.see("measured from web-1");
    assert_eq!(own().len(), 1);
}

/// The connections of the probes' own that a home's processes have made.
fn connections(home: &Home) -> Vec<u32> {
    let mark = home.path().display().to_string();
    let words =
        |pid: &u32| contents(std::path::Path::new(&format!("/proc/{pid}/cmdline"))).replace('\0', " ");
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| words(pid).contains(" -N -T -E ") && words(pid).contains(&mark)).collect()
}

/// In a terminal: a wall that fills the top when nobody answers, marks what a release runs, and leaves the terminal as it
/// was, with the status of the worst.
#[test]
fn in_a_terminal_it_is_a_wall() {
    let home = Home::new();
    let api = Server::start(Does::Answers(200, "fine", None));
    let book = |steps: &str| format!("# Shop\n\n## Steps\n\n```bash\n{steps}\n```\n");
    let url = api.url("/health");
    home.write("b.md", &book(&format!("curl {url}\ntouch released\nsleep 1000")));
    home.write("gonogo.toml", "[probes.\"http.1\"]\nevery = \"1s\"\n");
    let mut wall = home.terminal(&["monitor", "b.md", "--probe", "host=off"], 140, 40);
    wall.see("✓ OK for");
    let mut release = home.terminal(&["b.md"], 100, 30);
    release.press("start in", "\r");
    release.press("The gate:", "\r");
    release.press("Go or no-go", "g");
    for settled in ["0 of 3", "1 of 3"] {
        release.until("the next command", |t| t.contains(settled) && t.contains("Enter runs it"));
        release.press("Enter runs it", "\r");
    }
    wall.until("whose release it is", |t| t.contains("by ada, ") && t.contains("touch released"));
    api.does(Does::Hangs);
    wall.until("that nobody answers", |t| {
        t.contains("/health does not answer") && t.contains("exit status now: 1")
    });
    // The letters are drawn, not written.
    assert!(!wall.text().lines().take(8).any(|line| line.contains("DOWN")), "{}", wall.text());
    wall.type_keys("\r");
    wall.see("probe http.1");
    wall.type_keys("\x1b");
    wall.resize(80, 24);
    wall.until("the small wall", |t| t.contains("✗ DOWN    /health"));
    wall.type_keys("q");
    assert_eq!(wall.end(), 1, "the status is of the worst");
    api.does(Does::Answers(200, "fine", None));
    release.type_keys("6");
    release.see("/health");
    release.type_keys("z");
    release.until("the same wall", |t| t.contains("what happened") && !t.contains("6 Health"));
    release.type_keys("z");
    release.see("6 Health");
}
