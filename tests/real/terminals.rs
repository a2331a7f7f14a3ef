//! Terminals of all kinds, slow lines, and people who press keys too often.

use std::time::{Duration, Instant};

use super::support::{Home, Terminal};

fn book(home: &Home, commands: &str, variables: &[(&str, &str)], size: (u16, u16)) -> Terminal {
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{commands}\n```\n"));
    let mut terminal = home.terminal_in(&["b.md"], variables, size);
    terminal.press("start in", "\r");
    terminal
}

/// How many of `echo x >>mark` were run.
fn marks(home: &Home) -> usize {
    std::fs::read_to_string(home.path().join("mark")).map_or(0, |t| t.lines().count())
}

const MARKS: &str = "echo 1 >>mark\necho 2 >>mark\necho 3 >>mark\necho 4 >>mark\necho 5 >>mark";

fn marked(home: &Home, size: (u16, u16)) -> Terminal {
    let mut terminal = book(home, MARKS, &[], size);
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.see_live("Enter runs it");
    terminal
}

#[test]
fn a_held_key_runs_one_command() {
    let home = Home::new();
    let mut terminal = marked(&home, (80, 24));
    let start = Instant::now();
    // As a keyboard repeats: thirty times a second.
    while start.elapsed() < Duration::from_secs(2) {
        terminal.type_keys("\r");
        terminal.look_for(Duration::from_millis(33));
    }
    terminal.see_live("▸· 2");
    assert_eq!(marks(&home), 1, "{}", terminal.text());
}

#[test]
fn bursts_over_a_line_of_half_a_second_run_what_was_drawn_and_no_more() {
    let home = Home::new();
    let mut terminal = marked(&home, (80, 24));
    let late = Duration::from_millis(500);
    for done in 0..4 {
        terminal.see_live(&format!("▸· {}", done + 1));
        // What is typed now arrives half a second later, all at once, and so does the answer.
        terminal.look_for(late);
        terminal.type_keys("\r\r\r\x1b[200~\r\r\x1b[201~\r");
        terminal.look_for(late);
        terminal.see_live(&format!("▸· {}", done + 2));
        assert_eq!(marks(&home), done + 1, "{}", terminal.text());
    }
}

#[test]
fn keys_meant_for_a_pane_do_nothing_after_it() {
    let home = Home::new();
    let mut terminal = book(&home, "read -r -p 'who? ' who\necho two >>mark", &[], (80, 24));
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r");
    terminal.see("who?");
    terminal.see_live("Ctrl-] releases it");
    terminal.type_keys("bo\r\r\r\r");
    terminal.see_live("▸· 2");
    assert_eq!(marks(&home), 0, "{}", terminal.text());
}

#[test]
fn keys_typed_ahead_answer_no_question() {
    let home = Home::new();
    let mut terminal = book(&home, "read -r -p 'sure? ' x; echo \"got <$x>\" >>mark", &[], (80, 24));
    terminal.press("The gate:", "\r");
    terminal.press("Go or no-go", "g");
    terminal.press("Enter runs it", "\r\r\r\r\x1b[200~y\r\x1b[201~\r");
    terminal.see("sure?");
    terminal.see_live("Ctrl-] releases it");
    assert_eq!(marks(&home), 0);
    terminal.type_keys("yes\r");
    terminal.see_live("All commands are settled");
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "got <yes>\n");
}

#[test]
fn without_unicode_nothing_but_ascii_leaves() {
    let home = Home::new();
    let variables = [("LANG", "C"), ("LC_ALL", "C"), ("TERM", "xterm")];
    let mut terminal = book(&home, "printf 'grün · ✓ 日本\\n'", &variables, (80, 24));
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    terminal.type_keys("?");
    terminal.see("Keys of this screen");
    terminal.type_keys("    ");
    terminal.see("o done, nothing claimed");
    terminal.type_keys("\x1b");
    terminal.see("gr?n");
    let odd: Vec<&u8> = terminal.raw.iter().filter(|b| !b.is_ascii()).collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn no_color_means_none() {
    let home = Home::new();
    let mut terminal = book(&home, "printf '\\033[31mred\\033[0m\\n'", &[("NO_COLOR", "1")], (80, 24));
    terminal.press("Enter runs it", "\r");
    terminal.see_live("All commands are settled");
    for colour in ["\x1b[3", "\x1b[4", "\x1b[9", "\x1b[10", "38;5", "48;5"] {
        let text = String::from_utf8_lossy(&terminal.raw);
        let at = text.match_indices(colour).map(|(at, _)| &text[at..text.len().min(at + 6)]);
        // 39 and 49 go back to the terminal's own colours.
        let set: Vec<&str> = at.filter(|s| !s.starts_with("\x1b[39") && !s.starts_with("\x1b[49")).collect();
        let set: Vec<&&str> = set.iter().filter(|s| s.contains('m')).collect();
        assert!(set.is_empty(), "{colour:?}: {set:?}");
    }
}

#[test]
fn terminals_of_sixteen_colours_get_no_others() {
    for term in ["linux", "screen", "xterm", "tmux"] {
        let home = Home::new();
        let red = "printf '\\033[38;2;250;20;20mred\\033[0m\\n'";
        let mut terminal = book(&home, red, &[("TERM", term)], (80, 24));
        terminal.press("Enter runs it", "\r");
        terminal.see_live("All commands are settled");
        terminal.see("red");
        let text = String::from_utf8_lossy(&terminal.raw);
        assert!(!text.contains("\x1b[38;") && !text.contains("\x1b[48;"), "TERM={term}");
        assert!(text.contains("\x1b[91"), "TERM={term}: bright red stands in for the colour asked for");
    }
}

#[test]
fn every_size_has_what_is_needed() {
    for size in [(60, 15), (80, 24), (100, 30), (140, 40), (250, 60)] {
        let home = Home::new();
        let mut terminal = marked(&home, size);
        for screen in ["1", "4", "3", "5", "2"] {
            terminal.type_keys(screen);
            terminal.until("a screen with help on its last line", |t| {
                t.lines().count() == usize::from(size.1)
                    && t.lines().last().is_some_and(|l| l.contains("? help"))
                    && t.lines().all(|l| l.chars().count() <= usize::from(size.0))
            });
        }
        terminal.press("▸· 1", "\r");
        terminal.see_live("▸· 2");
        assert_eq!(marks(&home), 1, "at {size:?}");
        terminal.resize(59, 15);
        terminal.see("59x15 is too small");
        terminal.type_keys("\r\r");
        terminal.resize(size.0, size.1);
        terminal.see_live("▸· 2");
        assert_eq!(marks(&home), 1, "what is not drawn is not run");
    }
}

#[test]
fn a_slow_line_stays_usable_under_a_flood() {
    let home = Home::new();
    let mut terminal = book(
        &home,
        "while true; do seq 1000; done",
        &[("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22")],
        (80, 24),
    );
    terminal.press("Enter runs it", "\r");
    terminal.see("It runs until you end it");
    // 64 kbit/s.
    terminal.line = Some(8 * 1024);
    terminal.look_for(Duration::from_secs(3));
    for (key, shown) in [("?", "Keys of this screen"), ("\x1b", "It runs until"), (":", "What to do")] {
        let start = Instant::now();
        terminal.type_keys(key);
        if shown == "It runs until" {
            terminal.until("help to go", |t| !t.contains("Keys of this screen"));
        } else {
            terminal.see(shown);
        }
        let took = start.elapsed();
        println!("{shown:?} after {} ms at 64 kbit/s under a flood", took.as_millis());
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[test]
fn few_bytes_are_sent() {
    let home = Home::new();
    let mut terminal = book(&home, "seq 1000\necho two", &[], (140, 40));
    terminal.press("Enter runs it", "\r");
    terminal.see_live("▸· 2");
    let mut sent = |what: &str, keys: &str, most: usize| {
        let before = terminal.bytes;
        terminal.type_keys(keys);
        terminal.look_for(Duration::from_millis(500));
        let bytes = terminal.bytes - before;
        println!("{what}: {bytes} bytes at 140x40");
        assert!(bytes <= most, "{what}: {bytes} bytes, and {most} is the most");
    };
    sent("a row up", "k", 2500);
    sent("the output", "o", 4000);
    sent("a row of it", "k", 2500);
    sent("a screenful of it", "\x1b[5~", 2500);
    sent("back", "\x1b", 4500);
    sent("half a second of nothing", "", 120);
}

#[test]
fn after_random_bytes_the_terminal_is_as_it_was() {
    let home = Home::new();
    let mut terminal = marked(&home, (80, 24));
    let mut dice = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..300 {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let bytes: String =
            dice.to_le_bytes().iter().map(|b| char::from(b % 127)).filter(|c| *c != 'q').collect();
        terminal.type_keys(&bytes.replace(['\x03', '\x1a'], "j"));
        terminal.look_for(Duration::from_millis(3));
        if round % 40 == 0 {
            terminal.resize(60 + (dice % 100) as u16, 15 + (dice % 30) as u16);
        }
    }
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&terminal.child),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    terminal.end();
    let screen = terminal.screen();
    assert!(!screen.alternate && screen.cursor.visible, "{}", terminal.text());
    assert!(!terminal.text().contains("panicked"), "{}", terminal.text());
}
