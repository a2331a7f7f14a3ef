//! What a client that means harm can make a run believe: frames are made by hand and sent over the run's socket.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use gonogo::run::Event;
use serde_json::{Value, json};

use super::support::{Home, Terminal, events, the_run, until};

const BOOK: &str = "# T\n## Checklist\n- [ ] Backup completed\n## Steps\n```bash\nssh nobody@nowhere.invalid\n\
                    echo one > made\ncat\n```\n## Rollback\n### Quick Rollback\n```bash\necho back\n```\n";

/// A client without gonogo's own code on its side.
struct Forger {
    stream: UnixStream,
    number: u64,
}

impl Forger {
    /// Says hello, comes in as somebody who acts, and takes control.
    fn in_control(home: &Home) -> Self {
        let mut forger = Self::come_in(home);
        forger.send(&json!({ "message": "take_control" }));
        forger.until(|m| m["update"] == "control" && m["with"]["yours"] == true);
        forger
    }

    fn come_in(home: &Home) -> Self {
        let stream = UnixStream::connect(the_run(home).socket()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut forger = Self { stream, number: 0 };
        let version = env!("CARGO_PKG_VERSION");
        forger.send(&json!({ "gonogo": version, "lowest": 1, "highest": 1, "pid": std::process::id() }));
        forger.receive().unwrap();
        forger.send(&json!({ "message": "attach", "with": { "operator": "mallory", "part": "operator" } }));
        forger
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        let length = u32::try_from(text.len()).unwrap();
        self.stream.write_all(&length.to_be_bytes()).unwrap();
        self.stream.write_all(text.as_bytes()).unwrap();
    }

    /// The next message; nothing where the connection was closed.
    fn receive(&mut self) -> Option<Value> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).ok()?;
        let mut text = vec![0; u32::from_be_bytes(length) as usize];
        self.stream.read_exact(&mut text).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }

    fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.receive().unwrap();
            if wanted(&message) {
                return message;
            }
        }
    }

    /// Asks, and tells what was answered: the refusal, or nothing; `Err` where it was not understood at all.
    fn asks(&mut self, request: &Value) -> Result<Value, String> {
        self.number += 1;
        let number = self.number;
        self.send(&json!({ "message": "ask", "with": { "number": number, "request": request } }));
        loop {
            match self.receive() {
                Some(message) if message["with"]["number"] == number => {
                    return Ok(message["with"]["refused"].clone());
                }
                Some(message) if message["update"] == "trouble" => return Err(message["with"].to_string()),
                Some(_) => {}
                None => return Err("closed".into()),
            }
        }
    }
}

fn started(home: &Home) -> Terminal {
    home.write("b.md", BOOK);
    let mut ada = home.terminal(&["b.md"], 100, 30);
    ada.press("start in", "\r");
    ada.see("Backup completed");
    // What the runner sees by itself is seen before anybody counts events.
    until("the shell", || events(home).iter().any(|e| matches!(e, Event::PlaceObserved { .. })));
    ada
}

#[test]
fn what_was_seen_can_not_come_from_a_client() {
    let home = Home::new();
    let _ada = started(&home);
    let place = json!({ "login": "ada@web", "directory": "/" });
    let facts = [
        json!({ "ask": "exited", "command": "1/2", "attempt": 1, "exit": { "status": 0 }, "elapsed_ms": 1,
                "bytes": 0, "place": place }),
        json!({ "ask": "sent", "milestone": "started", "text": "t", "to": "webhook", "attempts": 1, "failed": null }),
        json!({ "ask": "took_control", "by": "ada", "from": "mallory" }),
        json!({ "ask": "observed", "place": place }),
        json!({ "ask": "entered", "command": "1/1", "place": place, "restored": [] }),
        json!({ "ask": "captured", "name": "X", "value": "y", "command": "1/2" }),
        json!({ "ask": "well", "row": "x", "words": "w" }),
        json!({ "ask": "gap", "since": "2026-01-01T00:00:00Z", "why": "w", "events": 1 }),
        json!({ "ask": "resumed", "gonogo": "9.9.9" }),
        // The names by which the journal knows them are none either.
        json!({ "ask": "command_exited", "command": "1/2", "attempt": 1 }),
        json!({ "kind": "command_exited", "command": "1/2", "attempt": 1 }),
    ];
    for fact in facts {
        // One that is not understood costs the connection, and nobody else anything.
        let mut forger = Forger::in_control(&home);
        let before = events(&home).len();
        let answer = forger.asks(&fact);
        assert!(answer.is_err_and(|e| e.contains("could not understand a message")), "{fact}");
        assert_eq!(events(&home).len(), before, "{fact}");
    }
    let seen =
        |e: &Event| matches!(e, Event::CommandExited { .. } | Event::MessageSent { .. } | Event::Gap { .. });
    assert!(!events(&home).iter().any(seen));
}

#[test]
fn what_was_never_offered_is_refused() {
    let home = Home::new();
    let _ada = started(&home);
    let mut forger = Forger::in_control(&home);
    let go = json!({ "ask": "decide_gate", "gate": "change", "go": true, "reason": "r" });
    assert_eq!(forger.asks(&go), Ok(Value::Null));
    let before = events(&home).len();
    let refused = [
        json!({ "ask": "skip", "command": "1/2", "reason": "condition_no" }),
        json!({ "ask": "skip", "command": "1/2", "reason": "already_here" }),
        json!({ "ask": "skip", "command": "1/2", "reason": "block_left" }),
        json!({ "ask": "skip", "command": "1/2", "reason": "done_before" }),
        json!({ "ask": "name", "role": "auditor", "name": "eve" }),
        json!({ "ask": "cancel", "command": "1/2", "signal": "KILL" }),
        json!({ "ask": "roll_back", "trigger": null, "reason": "r", "procedures": ["rollback.quick"],
                "confirmed": "type_name", "ways": [["rollback.quick/1", { "edit": { "text": "rm -rf /" } }]] }),
    ];
    for request in refused {
        let answer = forger.asks(&request);
        assert!(answer.as_ref().is_ok_and(|refused| !refused.is_null()), "{request}: {answer:?}");
    }
    assert_eq!(events(&home).len(), before);
}

#[test]
fn a_signal_that_is_none_is_refused_while_a_command_runs() {
    let home = Home::new();
    home.write("b.md", "# T\n## Steps\n```bash\nsleep 1000\n```\n");
    let mut ada = home.terminal(&["b.md"], 100, 30);
    ada.press("start in", "\r");
    ada.press("Enter runs it", "\r");
    ada.see("running");
    let mut forger = Forger::in_control(&home);
    let cancel = |signal: &str| json!({ "ask": "cancel", "command": "1/1", "signal": signal });
    for signal in ["STOP", "int", "9", ""] {
        let answer = forger.asks(&cancel(signal));
        assert!(answer.as_ref().is_ok_and(|refused| !refused.is_null()), "{signal}: {answer:?}");
    }
    assert_eq!(forger.asks(&cancel("TERM")), Ok(Value::Null));
    ada.see("143");
}

#[test]
fn who_only_came_in_can_change_nothing() {
    let home = Home::new();
    let _ada = started(&home);
    let mut forger = Forger::come_in(&home);
    let go = json!({ "ask": "decide_gate", "gate": "change", "go": true, "reason": "r" });
    let answer = forger.asks(&go);
    assert!(answer.is_ok_and(|refused| !refused.is_null()));
}
