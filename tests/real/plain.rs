//! `--plain`: the same run, one line after the other.

use std::process::Command;
use std::time::Duration;

use gonogo::exec::screen::Size;

use super::support::{Home, Terminal};

/// Longer than a question has to stand before an answer counts.
const READS: Duration = Duration::from_millis(220);

/// Waits for a text and the prompt under it, reads it as a person would, and answers.
pub(super) fn say(terminal: &mut Terminal, seen: &str, words: &str) {
    terminal.until(&format!("{seen:?} and a prompt"), |t| {
        t.contains(seen) && t.trim_end().lines().last().is_some_and(|l| l.ends_with(['>', ':', '?']))
    });
    terminal.look_for(READS);
    terminal.type_keys(&format!("{words}\r"));
    terminal.see(words);
}

const BOOK: &str = r#"# Words
## Checklist
- [ ] Looked (`echo looked`)
## Steps
```bash
echo one
# Should look tidy

echo two >mark
# Optional: tidy
rm -rf ./old

read -r -p 'who? ' who; echo "it is $who"
tail -f mark
echo last
```
"#;

#[test]
fn the_way_back_by_words() {
    let home = Home::new();
    let book = "# T\n## Steps\n```bash\ngrep old data\n```\n## Rollback\n### When\n- The data is not old\n### Quick Rollback\n```bash\n# 1. Put back\ncp backup.txt data\n```\n## Troubleshooting\n### Problem: The Data Is New\n```bash\ncat data\n```\n## Contacts\n| Role | Name | Contact |\n|---|---|---|\n| Owner | Grace | 555-0100 |\n";
    home.write("b.md", book);
    home.write("data", "new\n");
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 60);
    let it = &mut terminal;
    say(it, "Start in default as ada?", "yes");
    say(it, "Enter runs it.", "");
    say(it, "back", "trouble new");
    say(it, "r trouble.1.check/1  cat data", "contacts");
    say(it, "Owner: Grace, 555-0100", "back it is new");
    // The backup is not there: nothing is stopped before somebody has said what then.
    say(it, "For rollback.quick/1, which fix:", "9");
    say(it, "no fix was chosen: nothing was stopped", "");
    home.write("backup.txt", "old\n");
    say(it, "FAILED", "back it is new");
    say(it, "$ cp backup.txt data", "");
    say(it, "Type yes to run it:", "yes");
    say(it, "rollback.quick/1 done: exit 0", "finish");
    it.see("rolled back");
    say(it, "rolled back", "quit");
    assert_eq!(it.end(), 3);
    assert_eq!(std::fs::read_to_string(home.path().join("data")).unwrap(), "old\n");
}

#[test]
fn a_whole_run_by_words() {
    let home = Home::new();
    home.write("b.md", BOOK);
    std::fs::create_dir(home.path().join("old")).unwrap();
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 60);
    let it = &mut terminal;
    say(it, "Start in default as ada?", "yes");
    say(it, "Enter decides go or no-go.", "item 1");
    say(it, "Type yes to run it:", "yes");
    say(it, "check.checklist/1 done: exit 0", "tick 1");
    say(it, "0 items open on the checklist", "go all is well");
    say(it, "$ echo one", "");
    say(it, "1/1 needs a manual check: exit 0", "a");
    say(it, "$ echo two >mark", "!echo mine");
    say(it, "added.1 done: exit 0", "");
    say(it, "1/2 done: exit 0", "y");
    say(it, "Destructive. Type yes to run it:", "no");
    assert!(home.path().join("old").exists());
    say(it, "nothing was run", "n");
    say(it, "takes the keyboard", "");
    it.see("| who? (it may be waiting for input)");
    it.look_for(READS);
    it.type_keys("bo\r");
    say(it, "it is bo", "");
    it.see("| two");
    it.look_for(READS);
    it.type_keys("~background\r");
    say(it, "$ echo last", "");
    say(it, "1/6 done: exit 0", "stop 1/5");
    say(it, "1/5, in the background, has ended", "commands");
    say(it, "by ada: echo mine", "find two");
    say(it, "for two; the last of them", "output 1/1 1");
    say(it, "1 | one", "why 1/3");
    say(it, "destructive: it loses data", "reviewer grace");
    say(it, "All commands are settled", "finish");
    say(it, "The run is over", "quit");
    assert_eq!(terminal.end(), 0);
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "two\n");
    assert!(home.run(&["runs"]).out.contains("deployed"));
}

#[test]
fn what_was_typed_before_the_question_is_not_taken() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho one\necho two\necho three\n```\n");
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 40);
    say(&mut terminal, "Start in default as ada?", "yes");
    terminal.see("$ echo one");
    terminal.see("Enter runs it.");
    terminal.look_for(READS);
    terminal.type_keys("\r\r\r\r\r");
    say(&mut terminal, "$ echo two", "quit");
    assert_eq!(terminal.end(), 0);
    let log = home.run(&["status"]).out;
    assert!(log.contains("1 of 3 commands"), "{log}");
}

#[test]
fn what_was_answered_last_time_is_known_again() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho <word> <token>\n```\n");
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 40);
    say(&mut terminal, "word (line 4)", "tea");
    terminal.see("token (line 4)");
    terminal.look_for(READS);
    terminal.type_keys("s3cr3t-value\r");
    say(&mut terminal, "Start in default as ada?", "yes");
    say(&mut terminal, "echo tea", "quit");
    assert_eq!(terminal.end(), 0);
    assert_eq!(home.run(&["stop"]).status, 0);
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 40);
    terminal.see("word is tea, as last time");
    terminal.see("token (line 4)");
    terminal.look_for(READS);
    terminal.type_keys("s3cr3t-value\r");
    say(&mut terminal, "Start in default as ada?", "no");
    assert_eq!(terminal.end(), 0);
}

/// `nohup gonogo …` and `gonogo … &` in a script start it with interrupts ignored, which every child inherits.
#[test]
#[expect(clippy::disallowed_methods, reason = "a shell that ignores signals starts it, as in a script")]
fn an_interrupt_reaches_a_command_whoever_started_gonogo() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\necho up; sleep 1000\n```\n");
    let started = home.command(&["--plain", "b.md"]);
    let mut deaf = Command::new("sh");
    deaf.args(["-c", r#"trap '' INT QUIT HUP; exec "$0" "$@""#])
        .arg(started.get_program())
        .args(started.get_args())
        .env_clear()
        .envs(started.get_envs().filter_map(|(name, value)| Some((name, value?))))
        .current_dir(home.path());
    let mut terminal = Terminal::start(deaf, Size { columns: 80, rows: 40 });
    say(&mut terminal, "Start in default as ada?", "yes");
    say(&mut terminal, "Enter runs it.", "");
    terminal.see("| up");
    terminal.look_for(READS);
    terminal.type_keys("~stop\r");
    terminal.see("exit 130");
}

#[test]
fn what_does_not_fit_on_the_terminal_is_read_to_its_end_before_it_runs() {
    let home = Home::new();
    // The last lines do the harm, behind as many as it takes to have nobody see them.
    let lines = (1..60).map(|n| format!("  : line {n}; \\\n")).collect::<Vec<_>>().concat();
    let long = format!("echo {} && touch far", "word ".repeat(800));
    home.write(
        "b.md",
        &format!("# T\n## Steps\n```bash\n{{\n{lines}  touch PWNED; }}\n{long}\necho last\n```\n"),
    );
    let mut terminal = home.terminal(&["--plain", "b.md"], 80, 24);
    let it = &mut terminal;
    say(it, "Start in default as ada?", "yes");
    say(it, "Enter decides go or no-go.", "go all is well");
    say(it, "Enter runs it.", "");
    say(it, "Page 1 of", "no");
    say(it, "nothing was run", "");
    let mut pages = 0;
    for page in 1.. {
        it.until("a page", |t| t.contains(&format!("Page {page} of")) && t.trim_end().ends_with("stops:"));
        assert!(!home.path().join("PWNED").exists());
        let last = it.text().contains(&format!("Page {page} of {page}, the last one"));
        assert!(!last || it.text().contains("touch PWNED"), "{}", it.text());
        it.look_for(READS);
        it.type_keys("\r");
        if last {
            pages = page;
            break;
        }
    }
    assert!(pages > 3, "{pages}");
    it.see("1/1 done: exit 0");
    assert!(home.path().join("PWNED").exists() && !home.path().join("far").exists());
    say(it, "page 1 of", "");
    it.until("all of one long line", |t| t.contains("stops:"));
    for _ in 0..8 {
        if home.path().join("far").exists() {
            break;
        }
        it.look_for(READS);
        it.type_keys("\r");
    }
    it.see("$ echo last");
    say(it, "$ echo last", "");
    it.see("1/3 done: exit 0");
}
