//! What masks hide: told by name wherever masked text is read; the values on one screen, and kept nowhere.

use gonogo::mask::Hidden;
use gonogo::run::Event;

use super::headless::in_no_file;
use super::support::{Home, events, state, the_run};

const BOOK: &str = "# T\n\n## Steps\n\n```bash\necho \"got $DBPW\"; echo \"api_key: $(echo tuptuo-fo-t3rc3s | rev)\"\necho plain\n```\n";

fn hidden(home: &Home) -> Vec<String> {
    state(home).hidden().iter().map(ToString::to_string).collect()
}

const LEGEND: [&str; 2] = ["DBPW (the operator's environment)", "the value of \"api_key\" in the output"];

#[test]
fn masked_text_says_by_name_what_it_hides() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let mut command = home.command(&["run", "b.md", "--headless", "--yes"]);
    let run = command.env("DBPW", "s3cr3t-of-ours").output().unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(
        run.status.success() && said.contains(&format!("masked in 1/1: {}", LEGEND.join(", "))),
        "{said}"
    );
    assert_eq!(hidden(&home), LEGEND);
    let output = home.run(&["output", "1/1"]);
    assert!(output.err.contains(&format!("masked here: {}", LEGEND.join(", "))), "{}", output.err);
    assert_eq!(home.run(&["output", "1/2"]).err, "");
    let report = home.run(&["log", "--full"]).out;
    assert!(
        report.contains("What masks hide") && report.contains(&format!("{}: 1/1", LEGEND[0])),
        "{report}"
    );
    assert_eq!(home.run(&["verify"]).status, 0);
    in_no_file(&home, "s3cr3t");
}

#[test]
fn whoever_has_control_sees_values_for_a_moment_and_nothing_keeps_them() {
    let home = Home::new();
    home.write("b.md", BOOK);
    let mut ada = home.terminal_in(&["run", "b.md"], &[("DBPW", "s3cr3t-of-ours")], (100, 30));
    ada.press("start in", "\r");
    ada.press("Enter runs it", "\r");
    ada.see("got **************");
    let mut bob = home.terminal_in(&["attach", "--read-only"], &[("GONOGO_OPERATOR", "bob")], (100, 30));
    bob.see("got **************");
    ada.press("echo plain", "#");
    ada.see(&format!("{}: 1/1", LEGEND[0]));
    ada.press("v shows values", "v");
    ada.press("y shows them", "y");
    ada.see("s3cr3t-of-ours");
    assert!(!ada.text().contains("s3cr3t-of-output"), "nobody knows that one");
    // What follows the run gets no value, and is told that they were shown.
    bob.see("values shown on the screen of whoever has control: DBPW");
    bob.press("got ***", "#");
    bob.press("v shows values", "v");
    bob.see("view only");
    assert!(!bob.text().contains("s3cr3t"), "{}", bob.text());
    ada.press("s3cr3t-of-ours", "\x1b");
    ada.until("no value any more", |text| !text.contains("s3cr3t"));
    // They go by themselves too.
    ada.press("echo plain", "#");
    ada.press("v shows values", "v");
    ada.press("y shows them", "y");
    ada.see("s3cr3t-of-ours");
    ada.until("no value any more", |text| !text.contains("s3cr3t"));
    let shown =
        events(&home).into_iter().filter(|e| matches!(e, Event::SecretsShown { .. })).collect::<Vec<_>>();
    let ours = || Event::SecretsShown { hidden: vec![Hidden::Environment("DBPW".into())] };
    assert_eq!(shown, [ours(), ours()]);
    ada.press("echo plain", "q");
    assert_eq!(ada.end(), 0);
    in_no_file(&home, "s3cr3t");
    assert_eq!(home.run(&["verify", &the_run(&home).id().0]).status, 0);
}
