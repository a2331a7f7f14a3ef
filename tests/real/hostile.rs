//! Nothing of a document, a name, an argument, an archive or an output acts on the operator's terminal: every verb and
//! every screen with text that tries to.

use gonogo::visible::is_unseen;

use super::plain::say;
use super::screens::say_why_go;
use super::support::{Home, Terminal, contents, the_run};

/// What it tries: a title, the cursor, a character taken back, a C1 control, direction, what nobody sees.
const EVIL: &str = "\u{1b}]0;EVIL\u{7}\u{1b}[6666H\u{8}\u{9b}31m\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\u{2028}\u{61c}\u{7f}z";

fn book() -> String {
    r#"# Title EVIL x

Prose EVIL here.

| Environment | URL |
|---|---|
| StEVILage | http://127.0.0.1:9 |

## Checklist
- [ ] Looked EVIL at it (`echo looked 'EVIL'`)

## Deployment Steps

### Step 1: go EVIL

About EVIL: this.

```bash
# comment EVIL here
touch done; : 'EVIL ls -la /tmp'
cat out.txt
# Should print EVIL
echo "$NAME" 'EVIL'
```

## Rollback
### Quick Rollback
```bash
echo back 'EVIL'
```
## Troubleshooting
### Problem: it EVIL fails
```bash
echo 'EVIL'
```
## Contacts
| Role | Name | Contact |
|---|---|---|
| OwEVILner | GrEVILace | 555 |

## Deployment Log Template
```markdown
## Log EVIL
**Date:** YYYY-MM-DD
**OpEVILerator:** [Name]
- Note EVIL:
```
"#
    .replace("EVIL", EVIL)
}

fn home() -> Home {
    let home = Home::new();
    home.write("b.md", &book());
    home.write("out.txt", &format!("it says {EVIL}\n\u{1b}[31mred {EVIL}\u{1b}[0m\n"));
    home
}

/// What a terminal would act on, or nobody would see. Line ends of a terminal are two characters.
fn acts(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    let unseen = text.chars().filter(|c| is_unseen(*c) && !matches!(c, '\n' | '\t'));
    unseen.map(|c| format!("U+{:04X}", u32::from(c))).collect()
}

/// Every verb, to a pipe and to a terminal: nothing acts, and something was said.
fn said(home: &Home, arguments: &[&str]) -> String {
    let finished = home.run(arguments);
    // A patch for another program is what it is; a terminal gets none of it.
    let out = if arguments == ["redline"] { vec![] } else { acts(&finished.out) };
    let err = acts(&finished.err);
    assert!(out.is_empty() && err.is_empty(), "gonogo {arguments:?}: {out:?} {err:?}\n{}", finished.out);
    let mut terminal = home.terminal(arguments, 100, 30);
    terminal.end();
    let raw = String::from_utf8_lossy(&terminal.raw).into_owned();
    assert_own(&raw, &format!("gonogo {arguments:?}"));
    assert!(!raw.trim().is_empty(), "gonogo {arguments:?} says nothing");
    finished.out + &finished.err
}

/// A terminal got no escape sequence but our own, and no character that is not seen.
fn assert_own(raw: &str, what: &str) {
    let ours = |c: &char| matches!(c, '\u{1b}' | '\r' | '\n' | '\t' | '\u{8}' | '\u{7}');
    let unseen: Vec<char> = raw.chars().filter(|c| is_unseen(*c) && !ours(c)).collect();
    assert!(unseen.is_empty(), "{what}: {unseen:?}");
    for evil in ["\u{1b}]0;EVIL", "6666H\u{8}", "\u{1b}[6666"] {
        assert!(!raw.contains(evil), "{what} hands on {evil:?}");
    }
}

#[test]
fn no_verb_hands_on_what_acts_on_a_terminal() {
    let home = home();
    let file = format!("b{}.md", EVIL.replace('/', ""));
    home.write(&file, &book());
    let (environment, name) = (format!("St{EVIL}age"), format!("NAME=n{EVIL}"));
    for verb in [
        &["plan"][..],
        &["plan", "--json"],
        &["check"],
        &["check", "--json"],
        &["lock"],
        &["check", "--locked"],
        &["rehearse", "--env", &environment],
        &["rehearse", "--json", "--env", &environment],
        &["monitor", "--once"],
    ] {
        said(&home, &[verb, &[file.as_str()]].concat());
    }
    let (operator, ticket) = (format!("ada{EVIL}"), format!("CHG{EVIL}"));
    let run = |flags: &[&str]| {
        let terms = [
            &["run", file.as_str(), "--headless", "--yes", "--env", &environment, "--set", &name][..],
            &["--accept-unattested"],
            &["--operator", &operator, "--ticket", &ticket],
            flags,
        ];
        said(&home, &terms.concat())
    };
    let ran = run(&[]);
    run(&["--json"]);
    let runs = home.run(&["runs"]).out;
    assert!(home.path().join("done").exists() && runs.contains("deployed"), "{ran}{runs}");
    let archive = format!("a{EVIL}.tgz");
    for verb in [
        &["runs"][..],
        &["runs", "--json"],
        &["status"],
        &["status", "--json"],
        &["log"],
        &["log", "--full"],
        &["output", "1/2"],
        &["output", "1/2", "--json"],
        &["redline"],
        &["redline", "--json"],
        &["verify"],
        &["export", "--out", &archive],
        &["verify", &archive],
        &["sign", "--as", "engineer", "--name", "eve", "--yes", "--claimed"],
        &["sign", "--challenge", "--as", "engineer", "--name", "eve"],
        &["sign", &archive, "--as", "reviewer", "--name", "grace", "--yes", "--claimed"],
        &["stop"],
        &["resume", "--headless"],
        &["rollback", "--headless"],
        // What is said of what can't be done repeats it.
        &[EVIL],
        &["plan", EVIL],
        &[&format!("--{EVIL}")],
        &["run", "b.md", "--headless", "--way-out", EVIL],
        &["run", "b.md", "--headless", "--env", EVIL],
        &["run", "b.md", "--headless", "--env", &environment, "--set", EVIL],
        &["run", "b.md", "--headless", "--env", &environment, "--from", EVIL],
        &["run", "b.md", "--headless", "--env", &environment, "--probe", EVIL],
        &["status", EVIL],
        &["output", EVIL],
        &["check", "--explain", EVIL],
        &["sign", "--as", EVIL],
        &["verify", EVIL],
        &["completions", EVIL],
        &["log", "--out", &format!("/nowhere/{EVIL}")],
    ] {
        said(&home, verb);
    }
    // An archive whose entries are named so.
    let mut new = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(4);
    new.append_data(&mut header, format!("{}/{}", the_run(&home).id(), EVIL.replace('/', "")), &b"evil"[..])
        .unwrap();
    std::fs::write(home.path().join("strange.tgz"), new.into_inner().unwrap().finish().unwrap()).unwrap();
    said(&home, &["verify", "strange.tgz"]);
    home.write("gonogo.toml", "operator = \"x\\u202e\\u001b[2K\"\n[hooks]\nbefore_start = \"a\\u001b[2K\"\n");
    said(&home, &["run", "b.md", "--headless", "--env", &environment]);
    home.write("gonogo.toml", "\"no\\u001b[2Ksuch\\u202e\" = 1\n");
    said(&home, &["plan", "b.md"]);
}

#[test]
fn what_a_document_s_own_controls_hide_is_read_before_it_runs() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\ntouch PWNED; : \u{1b}[2K\u{1b}[1Gls -la /tmp\n```\n");
    let mut terminal = home.terminal(&["--plain", "b.md"], 100, 40);
    say(&mut terminal, "Start in default as ada?", "yes");
    say(&mut terminal, "Enter decides go or no-go.", "go it is known");
    terminal.see("touch PWNED; : ^[[2K^[[1Gls -la /tmp");
    assert!(!home.path().join("PWNED").exists());
}

#[test]
fn lines_are_ours_alone_where_a_name_has_several() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\ntrue\n```\n");
    let run = home.run(&["run", "b.md", "--headless", "--yes", "--operator", "ada\nrun of somebody else"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    for verb in [&["runs"][..], &["status"], &["plan", "no\nerror: such"]] {
        let said = home.run(verb);
        let begins = |line: &str| line.starts_with("run of somebody") || line.starts_with("error: such");
        assert!(!(said.out + &said.err).lines().any(begins), "{verb:?}");
    }
}

#[test]
fn a_patch_is_handed_on_as_it_is_and_a_log_is_written_so() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nmkdir x\n```\n## Deployment Log Template\n```markdown\n**Date:** YYYY-MM-DD\n- No\u{202e}te:\n```\n");
    assert_eq!(home.run(&["run", "b.md", "--headless", "--yes"]).status, 0);
    let shown = home.run(&["log"]).out;
    assert!(shown.contains("No<U+202E>te:"), "{shown}");
    assert_eq!(home.run(&["log", "--out", "log.md"]).status, 0);
    assert!(contents(&home.path().join("log.md")).contains("No\u{202e}te:"));
}

#[test]
fn no_screen_hands_on_what_acts_on_a_terminal() {
    for size in [(80, 24), (140, 40)] {
        let home = home();
        let operator = format!("ada{EVIL}");
        let mut it = home.terminal_in(&["b.md", "--operator", &operator], &[("NAME", EVIL)], size);
        walk(&mut it);
        let raw = String::from_utf8_lossy(&it.raw).into_owned();
        assert_own(&raw, &format!("a screen of {size:?}"));
        assert!(raw.contains("^[]0;EVIL^G"), "what is there is seen");
    }
}

/// Goes through a run, and through all screens.
fn walk(it: &mut Terminal) {
    let mut edited = false;
    for _ in 0..40 {
        const ASKS: [(&str, &str); 8] = [
            ("start in", "\r"),
            ("tick  r run it", "\r"),
            ("Enter decides", "\r"),
            ("Go or no-go", "g"),
            ("Manual check: is that so?", "a"),
            ("y run it", "y"),
            ("run it   Esc go back", "y"),
            ("Enter runs it", "\r"),
        ];
        let asked = |text: &str| ASKS.iter().rev().find(|(words, _)| text.contains(words));
        it.until("something to do", |text| {
            let live = text.lines().last().is_some_and(|l| l.starts_with(' '));
            live && (asked(text).is_some() || text.contains("All commands are settled"))
        });
        let text = it.text();
        let Some((words, key)) = asked(&text) else { break };
        if *words == "Enter runs it" && !std::mem::replace(&mut edited, true) {
            // In a field each of them is one character.
            it.type_keys("e");
            it.see("\u{fffd}");
            it.type_keys("\x1b");
            it.see_live("Enter runs it");
        }
        it.type_keys(key);
        match *words {
            "Go or no-go" => say_why_go(it, "all is known"),
            "tick  r run it" => {
                it.see("[x]");
                it.type_keys("2");
            }
            _ => {}
        }
        it.until("another screen", |now| now != text);
    }
    it.see_live("All commands are settled");
    for (key, back) in [
        ("1", ""),
        ("2", ""),
        ("w", "\x1b"),
        ("3", ""),
        ("4", ""),
        ("o", "\x1b"),
        ("5", ""),
        ("6", ""),
        ("7", ""),
        ("8", ""),
        ("9", ""),
        ("0", ""),
        ("?", "\x1b"),
        ("2", ""),
    ] {
        let before = it.text();
        it.type_keys(key);
        it.until(&format!("what {key} leads to"), |now| now != before);
        let there = it.text();
        it.type_keys(back);
        if !back.is_empty() {
            it.until(&format!("back from {key}"), |now| now != there);
        }
    }
}
