//! Records the README's film from the real program: `make recording`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use gonogo::exec::screen::{Emulator, Size};

use super::pictures::takes_latency;
use super::screens::go_through;
use super::support::{Heard, Home, Terminal};
use super::svg::{self, Frame};

const SIZE: Size = Size { columns: 100, rows: 30 };

/// What stands longer is cut to this: whoever looks has seen it.
const LONGEST: f32 = 2.5;

/// Shorter frames are parts of the next one.
const SHORTEST: f32 = 0.08;

#[test]
#[ignore = "records docs/demo.cast and docs/demo.svg: make recording"]
fn recording() {
    let home = Home::new();
    let mut terminal =
        home.terminal(&["demo", "--faulty", "--window", "00:00-23:59"], SIZE.columns, SIZE.rows);
    terminal.heard = Some(Heard::new());
    terminal.pace = Duration::from_millis(600);
    tour(&mut terminal);
    let heard = terminal.heard.take().unwrap();
    let docs = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs");
    std::fs::write(docs.join("demo.cast"), cast(&heard)).unwrap();
    std::fs::write(docs.join("demo.svg"), svg::film(&frames(&heard))).unwrap();
}

/// A deployment whose release fails its test, and the way back: as somebody does it who reads along.
fn tour(terminal: &mut Terminal) {
    let reads = |terminal: &mut Terminal| terminal.look_for(Duration::from_secs(2));
    takes_latency(terminal);
    terminal.see_live("▸ start in");
    reads(terminal);
    terminal.type_keys("\r");
    for shown in ["0 of 2", "1 of 2"] {
        terminal.press(shown, "\r");
    }
    terminal.press("2 of 2", "2");
    go_through(terminal);
    reads(terminal);
    terminal.type_keys("6");
    terminal.until("figures", |t| t.contains("ms ") && t.contains(" %"));
    reads(terminal);
    terminal.type_keys("9");
    terminal.see_live("fits: ");
    reads(terminal);
    terminal.type_keys("\x1b[20~");
    terminal.see_live("(x) A smoke test fails");
    reads(terminal);
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Roll back: why?");
    terminal.type_keys("\r");
    terminal.see("ROLLBACK");
    go_through(terminal);
    reads(terminal);
    terminal.type_keys("3");
    terminal.press("finish: rolled back", "f");
    terminal.press("End the run as rolled back?", "y");
    terminal.see_live("p signs");
    reads(terminal);
}

/// The recording as `asciinema` plays it (asciicast, version 2).
fn cast(heard: &Heard) -> String {
    let header = serde_json::json!({ "version": 2, "width": SIZE.columns, "height": SIZE.rows, "idle_time_limit": LONGEST,
        "title": "gonogo demo --faulty: a deployment and its rollback", "env": { "TERM": "xterm-256color" } });
    let mut out = format!("{header}\n");
    for (at, text) in heard.texts() {
        writeln!(out, "{}", serde_json::json!([at.as_secs_f64(), "o", text])).unwrap();
    }
    out
}

/// What was to be seen, one frame for each time that something new stood for a moment.
fn frames(heard: &Heard) -> Vec<Frame> {
    let mut emulator = Emulator::live(SIZE);
    let parts = heard.texts();
    let mut frames: Vec<Frame> = Vec::new();
    for (at, (began, text)) in parts.iter().enumerate() {
        emulator.feed(0, text.as_bytes());
        let ends = parts.get(at + 1).map_or(*began + Duration::from_secs(3), |(next, _)| *next);
        let seconds = ends.saturating_sub(*began).as_secs_f32();
        let screen = emulator.screen();
        match frames.last_mut() {
            Some(last) if last.screen.rows == screen.rows => last.seconds += seconds,
            Some(last) if last.seconds < SHORTEST => {
                *last = Frame { screen, seconds: last.seconds + seconds };
            }
            _ => frames.push(Frame { screen, seconds }),
        }
    }
    for frame in &mut frames {
        frame.seconds = frame.seconds.min(LONGEST);
    }
    frames
}
