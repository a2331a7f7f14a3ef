//! Draws the README's pictures from the real program: `make pictures`.

use std::path::PathBuf;
use std::time::Duration;

use super::probes::http::{Does, Server};
use super::record::tool;
use super::screens::{go_through, say_why_go};
use super::support::{Home, Terminal, the_run};
use super::svg;

#[test]
#[ignore = "draws docs/pictures: make pictures"]
fn pictures() {
    for (columns, rows, size) in [(80, 24, "80x24"), (140, 40, "140x40"), (200, 55, "200x55")] {
        let home = Home::new();
        let mut terminal = home.terminal(&["demo", "--window", "00:00-23:59"], columns, rows);
        every_screen(&mut terminal, &|name, terminal| save(&format!("{name}-{size}"), terminal));
        let home = Home::new();
        let mut terminal = home.terminal(&["demo", "--faulty"], columns, rows);
        going_back(&mut terminal, &|name, terminal| save(&format!("{name}-{size}"), terminal));
        signing((columns, rows), &|name, terminal| save(&format!("{name}-{size}"), terminal));
    }
}

/// A document whose figures are those of this machine and of an address.
const WALL: &str = "# Shop 3.2\n\n## Environments\n\n| Environment | URL |\n|---|---|\n| Production | URL |\n\n## Steps\n\n```bash\n\
    curl URL/health\ncurl URL/search/health\n```\n\n## Monitoring\n\n| Metric | Target | Acceptable | Alert |\n|---|---|---|---|\n\
    | Search Latency (p95) | <100ms | <500ms | >2s |\n| Search Latency (p50) | <50ms | <200ms | >500ms |\n| Error Rate | <0.1% | <1% | >5% |\n\
    | CPU Usage | <80% | <90% | >99% |\n| Memory Usage | <60% | <80% | >90% |\n| Disk Space Free | >20% | >10% | <5% |\n";

/// The wall: well, wrong answers, then none.
#[test]
#[ignore = "draws docs/pictures: make pictures"]
fn pictures_of_the_wall() {
    for (columns, rows, size) in [(80, 24, "80x24"), (140, 40, "140x40"), (200, 55, "200x55")] {
        let home = Home::new();
        let api = Server::start(Does::Answers(200, "{\"status\":\"ok\"}", None));
        home.write("b.md", &WALL.replace("URL", &api.url("")));
        let every = ["http.1", "http.2", "host"].map(|p| format!("[probes.\"{p}\"]\nevery = \"1s\"\n"));
        let source = |name: &str, measure: &str| format!("\"{name}\" = \"http.2 {measure}\"\n");
        let targets = [
            source("Error Rate", "error_rate"),
            source("Search Latency (p95)", "latency_p95"),
            source("Search Latency (p50)", "latency_p50"),
        ];
        home.write("gonogo.toml", &format!("{}[targets]\n{}", every.concat(), targets.concat()));
        let arguments = ["monitor", "b.md", "--env", "Production", "--accept-commands"];
        let mut wall = home.terminal(&arguments, columns, rows);
        wall.see("✓ ALL");
        wall.look_for(Duration::from_secs(45));
        save(&format!("wall-{size}"), &wall);
        api.does(Does::Answers(503, "{\"status\":\"busy\"}", None));
        wall.until("alerts", |t| t.contains("exit status now: 1"));
        wall.look_for(Duration::from_secs(15));
        save(&format!("wall-alert-{size}"), &wall);
        api.does(Does::Hangs);
        wall.until("nobody answers", |t| t.contains("does not answer") || t.contains("do not answer"));
        wall.look_for(Duration::from_secs(15));
        save(&format!("wall-down-{size}"), &wall);
        wall.type_keys("q");
        assert_eq!(wall.end(), 1);
    }
}

/// The morning after: what was signed, runs before, the report in a browser.
fn signing((columns, rows): (u16, u16), save: &dyn Fn(&str, &Terminal)) {
    let home = Home::new();
    for arguments in [
        &["demo", "--headless", "--yes", "--keep"][..],
        &["demo", "--faulty", "--rollback-on-failure", "--headless", "--yes", "--keep"],
    ] {
        home.run(arguments);
    }
    let mut terminal = home.terminal(&["demo", "--keep"], columns, rows);
    takes_latency(&mut terminal);
    terminal.press("▸ start in", "\r");
    terminal.press("Release notes read", "2");
    go_through(&mut terminal);
    terminal.type_keys("6");
    terminal.until("a figure of each target", |t| t.contains("ms ") && t.contains(" %") && t.contains("ok"));
    terminal.look_for(Duration::from_secs(20));
    terminal.type_keys("3");
    terminal.press("Deployment Log", "c");
    terminal.see_live("An issue for the log");
    terminal.see_live("Enter accepts");
    terminal.type_keys("search was slow for a minute after the start\r");
    terminal.until("the field to go", |t| !t.contains("Enter accepts"));
    terminal.press("finish: deployed", "f");
    terminal.until("a question", |t| t.contains("End the run as deployed?") || t.contains("Go or no-go"));
    if terminal.text().contains("Go or no-go") {
        terminal.press("Go or no-go", "g");
        say_why_go(&mut terminal, "the reviewer signs in the morning");
    } else {
        terminal.press("End the run as deployed?", "y");
    }
    terminal.press("p signs as", "p");
    terminal.until("what is signed", |t| t.contains("read them first") || t.contains("y sign it"));
    save("sign", &terminal);
    terminal.put_name("ada", "engineer");
    terminal.press("signed as engineer", "G");
    terminal.see_live("- Reviewer: [Name]");
    save("log-signed", &terminal);
    terminal.type_keys("0");
    terminal.see_live("rolled back");
    save("history", &terminal);
    report(&home);
}

/// The report of the last run as a browser shows it.
fn report(home: &Home) {
    let exported = home.run(&["export", "--out", "a.tar.gz"]);
    assert_eq!(exported.status, 0, "{}", exported.err);
    assert_eq!(tool("tar", &["xzf", "a.tar.gz"], home.path(), "").status, 0);
    let page = home.path().join(&the_run(home).id().0).join("report.html");
    let picture = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures/report.png");
    let (shot, page) = (format!("--screenshot={}", picture.display()), format!("file://{}", page.display()));
    let arguments = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--window-size=1000,2200",
        &shot,
        &page,
    ];
    let shown = tool("chromium", &arguments, home.path(), "");
    assert_eq!(shown.status, 0, "{}", shown.err);
}

/// What costs the service something is off until it is chosen on Start; the cursor is back at its last row then.
pub(crate) fn takes_latency(terminal: &mut Terminal) {
    terminal.press("▸ start in", "k");
    terminal.press("▸ read:", "k");
    terminal.press("▸ [ ] latency", "\r");
    terminal.see("[x] latency");
    terminal.type_keys("j");
    terminal.press("▸ read:", "j");
}

/// Goes through the demo by keys and shows each screen on the way.
fn every_screen(terminal: &mut Terminal, save: &dyn Fn(&str, &Terminal)) {
    takes_latency(terminal);
    terminal.see_live("▸ start in");
    save("start", terminal);
    terminal.type_keys("\r");
    for shown in ["0 of 2", "1 of 2"] {
        terminal.press(shown, "\r");
    }
    terminal.see_live("2 of 2");
    save("checklist", terminal);
    terminal.type_keys("2");
    // Each key waits until the one before has been done: the frame counts settled commands.
    for settled in 0..7 {
        terminal.until("the next command", |t| {
            let live = t.lines().last().is_some_and(|l| l.starts_with(' '));
            live && t.contains(&format!(" {settled} of 23")) && t.contains("Enter runs it")
        });
        terminal.type_keys("\r");
    }
    terminal.see_live("The gate:");
    save("steps", terminal);
    for (key, shown, name) in [
        ("?", "Keys of this screen", "help"),
        (":", "What to do", "palette"),
        ("w", "Why:", "why"),
        ("e", "Change", "edit"),
        ("!", "A command of your own", "add"),
    ] {
        terminal.press("The gate:", key);
        terminal.see(shown);
        save(name, terminal);
        terminal.type_keys("\x1b");
        terminal.until("it to go", |t| !t.contains(shown));
    }
    terminal.press("The gate:", "o");
    terminal.see_live("▸2 Output");
    terminal.type_keys("t");
    terminal.see_live("back");
    save("output", terminal);
    terminal.type_keys("\x1b");
    terminal.press("The gate:", "4");
    terminal.see_live("▸4");
    save("commands", terminal);
    terminal.type_keys("5");
    terminal.see_live("▸5");
    save("document", terminal);
    terminal.type_keys("3");
    terminal.see_live("▸3 Log");
    save("log", terminal);
    terminal.type_keys("2");
    terminal.press("The gate:", "\r");
    terminal.see_live("Go or no-go");
    save("gate", terminal);
    terminal.type_keys("g");
    say_why_go(terminal, "made in step 1.2");
    terminal.press("Enter runs it", "!");
    terminal.see_live("A command of your own");
    terminal.type_keys("rm -rf ./releases/v1.0.0");
    terminal.press("releases/v1.0.0", "\r");
    terminal.see_live("run it   Esc go back");
    save("confirm", terminal);
    terminal.type_keys("\x1b");
    terminal.press("another command", "6");
    terminal.until("a figure of each target", |t| t.contains("ms ") && t.contains(" %") && t.contains("ok"));
    // A line of history, as somebody sees who has looked for a moment.
    terminal.look_for(Duration::from_secs(20));
    save("health", terminal);
    terminal.type_keys("G");
    terminal.press("⏎ open", "\r");
    terminal.see_live("asked");
    save("health-detail", terminal);
    terminal.type_keys("\x1b");
    terminal.press("⏎ open", "7");
    terminal.see_live("Not begun");
    terminal.type_keys("\r");
    terminal.until("the first round", |t| t.contains("since") && t.contains("open"));
    terminal.press("as it should be", "j");
    terminal.press("as it should be", "\r");
    terminal.until("the answer", |t| t.contains("✓"));
    save("monitor", terminal);
}

/// After a failure: the known problems, and the way back before and after it began.
fn going_back(terminal: &mut Terminal, save: &dyn Fn(&str, &Terminal)) {
    terminal.press("start in", "\r");
    terminal.press("Release notes read", "2");
    go_through(terminal);
    terminal.press("Known problem:", "9");
    terminal.see_live("fits: ");
    save("trouble", terminal);
    terminal.type_keys("\x1b[20~");
    terminal.see_live("(x) A smoke test fails");
    save("rollback", terminal);
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Roll back: why?");
    terminal.type_keys("\r");
    terminal.see_live("ROLLBACK");
    terminal.press("Enter runs it", "\r");
    terminal.see_live("Destructive");
    save("going-back", terminal);
}

fn save(name: &str, terminal: &Terminal) {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/pictures");
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(format!("{name}.svg")), svg::picture(&terminal.screen())).unwrap();
}
