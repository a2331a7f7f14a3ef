//! What reads bytes that somebody else wrote, one function each: it takes any bytes, and asserts what has to hold of them.
//!
//! `fuzz_targets/` gives each to libFuzzer (`make fuzz`); `tests/runbooks/fuzzed.rs` tries a bounded number of changed
//! seeds on every test run. What one of them once failed on is kept in `seeds/` under the target's name.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gonogo::config::HookSettings;
use gonogo::exec::FromShim;
use gonogo::exec::screen::{Emulator, Size};
use gonogo::exec::shell::band::{Band, Part};
use gonogo::mask::{Hidden, Masker};
use gonogo::protocol::{ToClient, ToRunner};
use gonogo::record::allowed::AllowedSigners;
use gonogo::record::evidence::Evidence;
use gonogo::record::{fill, review, verify};
use gonogo::run::verdict::{self, Freshness};
use gonogo::run::{Exit, Record, RunState, Statement};
use gonogo::runbook::lock::Lock;
use gonogo::runbook::{self, Expectation};
use gonogo::shell;
use gonogo::visible;
use gonogo::wire;

/// Bytes as text, as every reader of text has it.
fn text(data: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// A document: every span lies in it, every line has one fate, and its lock says the same when it is read back.
pub fn reading(data: &[u8]) {
    let document = text(data);
    let book = runbook::read(&document);
    for command in book.all_commands() {
        assert!(document.get(command.span.start..command.span.end).is_some(), "{:?}", command.span);
    }
    let mut next = 1;
    for passage in &book.reading {
        assert_eq!(passage.line, next, "every line once and in order");
        next = passage.end_line + 1;
    }
    let lock = Lock::of(&book).render();
    let read_back = Lock::parse(&lock).map(|lock| lock.render());
    assert_eq!(read_back.as_ref().ok(), Some(&lock), "{read_back:?}");
}

/// A script: its pieces and what lies between them are the script.
pub fn splitting(data: &[u8]) {
    let script = text(data);
    let mut at = 0;
    for piece in shell::split(&script) {
        let between = script.get(at..piece.span.start).expect("pieces in order");
        assert!(between.trim().is_empty(), "text between pieces: {between:?}");
        let piece_text = script.get(piece.span.clone()).expect("within the script");
        let _what = shell::classify(piece_text);
        let _needs = shell::needs::conflict(&[piece_text]);
        at = piece.span.end;
    }
    assert!(script.get(at..).expect("within the script").trim().is_empty(), "nothing is lost");
}

/// A sentence, then what a command showed: what fails or passes says what it saw.
pub fn verdicts(data: &[u8]) {
    let all = text(data);
    let mut lines = all.splitn(3, '\n');
    let (sentence, command) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let shown = verdict::clean(lines.next().unwrap_or_default().as_bytes());
    let evidence = verdict::Evidence {
        text: command,
        exit: Exit::Status(i32::from(data.first().is_some_and(|b| b % 7 == 0))),
        stages: &[0],
        elapsed: Duration::from_millis(7),
        output: Some(&shown),
        whole: true,
        merged: data.len().is_multiple_of(5),
        error: "",
        services: None,
        siblings: &[],
        fresh: Freshness::Any,
    };
    for expected in
        [Expectation::read(1, sentence), Expectation::under(1, sentence), Expectation::among(1, sentence)]
    {
        let judgement = verdict::judge(&expected, &evidence);
        assert!(expected.check.is_some() || judgement.verdict == verdict::Verdict::NeedsEyes, "{expected:?}");
    }
}

/// A run to fill templates by.
fn a_run(document: &str) -> RunState {
    let runbook = Arc::new(runbook::read(document));
    let lines = include_str!("../seeds/journal/a-run").lines().skip(1);
    lines.filter_map(|line| Record::read(line).ok()).fold(RunState::new(runbook), |state, r| state.apply(&r))
}

/// A log template: it is filled or said why not, line by line, and as long as it was.
pub fn templates(data: &[u8]) {
    let template = text(data);
    let document = format!("# T\n\n## Steps\n\n```bash\necho one\n```\n\n## Deployment Log\n\n{template}\n");
    let state = a_run(&document);
    let filled = fill(&state);
    for line in &filled.filled {
        assert!(line.at < filled.text.lines().count().max(1), "{line:?}");
    }
    for left in &filled.left {
        assert!(!left.why.is_empty(), "{left:?}");
    }
    let _points = review::points(&state);
}

/// Output in chunks with a declared secret at a place that the data chooses: it never comes out, whatever is around it.
pub fn masking(data: &[u8]) {
    const SECRET: &str = "s3cr3t-s3cr3t/X";
    let Some(([step, at], around)) = data.split_first_chunk::<2>() else { return };
    let at = usize::from(*at).min(around.len());
    let (before, after) = around.split_at(at);
    let whole = [before, SECRET.as_bytes(), after].concat();
    let mut masker = Masker::default();
    masker.add(SECRET, Hidden::Placed);
    let mut out = Vec::new();
    for chunk in whole.chunks(usize::from(*step).max(1)) {
        out.extend(masker.feed(chunk));
        let _pending = masker.pending();
    }
    out.extend(masker.flush());
    assert!(!text(&out).contains(SECRET), "{:?}", text(&out));
    let newlines = |bytes: &[u8]| bytes.iter().filter(|b| **b == b'\n').count();
    assert_eq!(newlines(&out), newlines(&whole), "lines stay lines");
}

/// Output on an emulator: what is drawn of it holds no control characters.
pub fn screens(data: &[u8]) {
    let mut emulator = Emulator::live(Size { columns: 40, rows: 10 });
    for (n, chunk) in data.chunks(61).enumerate() {
        emulator.feed(n % 2, chunk);
        if let [columns, rows, ..] = chunk {
            emulator.resize(Size { columns: u16::from(*columns).max(1), rows: u16::from(*rows).max(1) });
        }
        let _answers = emulator.take_answers();
    }
    let screen = emulator.screen();
    for row in screen.rows.iter().chain(&screen.history) {
        assert!(!row.plain().chars().any(char::is_control), "{row:?}");
    }
}

/// Output of a shell behind a door: what is no report comes out as it went in, wherever it was cut.
pub fn reports(data: &[u8]) {
    let Some((step, output)) = data.split_first() else { return };
    let mut band = Band::default();
    let mut bytes = Vec::new();
    let mut found = 0;
    for chunk in output.chunks(usize::from(*step).max(1)) {
        for part in band.feed(chunk) {
            match part {
                Part::Bytes(part) => bytes.extend(part),
                Part::Report { .. } => found += 1,
            }
        }
    }
    assert!(bytes.len() <= output.len());
    if found == 0 && !output.contains(&0x1b) {
        assert_eq!(bytes, output, "what holds no escape is held back by nothing");
    }
}

/// What comes in on a socket once the other side has said who it is.
pub fn frames(data: &[u8]) {
    use tokio::io::AsyncWriteExt;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (ours, mut theirs) = tokio::net::UnixStream::pair().expect("a pair of sockets");
        let hello = wire::Hello { gonogo: "0".into(), lowest: 1, highest: 1, pid: 1 };
        let hello = serde_json::to_vec(&hello).expect("JSON");
        let head = |bytes: &[u8]| (bytes.len() as u32).to_be_bytes();
        // A socket takes some hundred KiB before anybody reads.
        let body = data.get(..data.len().min(64 * 1024)).unwrap_or_default();
        for part in [&head(&hello), hello.as_slice(), &head(body), body, body] {
            theirs.write_all(part).await.expect("room");
        }
        theirs.shutdown().await.expect("an open socket");
        let (mut incoming, _outgoing, _) = wire::greet::<ToRunner, ToClient>(ours).await.expect("a greeting");
        while !matches!(incoming.next().await, Err(wire::WireError::Closed | wire::WireError::Broken(_))) {}
    });
    let _to_runner = serde_json::from_slice::<ToRunner>(data);
    let _to_client = serde_json::from_slice::<ToClient>(data);
    let _from_shim = serde_json::from_slice::<FromShim>(data);
}

/// A `gonogo.toml` beside a runbook: it is refused with its line, or nothing that acts counts before it is accepted.
pub fn settings(data: &[u8]) {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("gonogo.toml"), data).expect("room");
    match gonogo::config::load(Some(directory.path()), Some("ada")) {
        Ok(settings) => {
            assert!(settings.hooks == HookSettings::default(), "hooks count before they are accepted");
            assert_eq!(settings.operator, "ada");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A document, then lines of a journal: whatever they say, the state folds.
pub fn journal(data: &[u8]) {
    let all = text(data);
    let (document, lines) = all.split_once('\n').unwrap_or((&all, ""));
    let runbook = Arc::new(runbook::read(&document.replace("\\n", "\n")));
    let mut state = RunState::new(runbook);
    for line in lines.lines() {
        if let Ok(record) = Record::read(line) {
            state = state.apply(&record);
        }
    }
    let _next = gonogo::run::flow::next(&state);
    let _log = fill(&state);
    let _points = review::points(&state);
    let _whole = gonogo::store::chain::check(lines.lines().map(str::to_owned).collect());
}

/// An archive of one run, its files after one another (`NAME LENGTH\n` and so many bytes) or, where they are none, a tar
/// of those bytes: it is refused, or looked through.
pub fn archives(data: &[u8]) {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(&tar_of(data).unwrap_or_else(|| data.to_vec())).expect("memory");
    let packed = packed.finish().expect("memory");
    if let Ok(evidence) = Evidence::unpacked(packed.as_slice(), Path::new("an archive")) {
        let found = verify::verify(&evidence, &verify::Known::default());
        let _lines = found.lines(utc());
    }
}

fn utc() -> chrono::FixedOffset {
    chrono::FixedOffset::east_opt(0).expect("an offset of nothing")
}

/// A tar of files that follow one another in the data; nothing where they don't.
fn tar_of(mut data: &[u8]) -> Option<Vec<u8>> {
    let mut tar = tar::Builder::new(Vec::new());
    while !data.is_empty() {
        let end = data.iter().position(|b| *b == b'\n')?;
        let (head, rest) = data.split_at_checked(end)?;
        let (name, length) = std::str::from_utf8(head).ok()?.rsplit_once(' ')?;
        let length: usize = length.parse().ok()?;
        let (body, rest) = rest.get(1..)?.split_at_checked(length)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(length as u64);
        header.set_mode(0o600);
        tar.append_data(&mut header, format!("run-1/{name}"), body).ok()?;
        data = rest;
    }
    tar.into_inner().ok()
}

/// Files that say who has which key, what was signed, what was agreed on.
pub fn signers(data: &[u8]) {
    let all = text(data);
    let _allowed = AllowedSigners::parse(&all, utc());
    if let Ok(statement) = Statement::read(&all) {
        assert_eq!(
            Statement::read(&statement.text()).as_ref().ok(),
            Some(&statement),
            "it is read back as it was"
        );
    }
    if let Ok(lock) = Lock::parse(&all) {
        assert_eq!(Lock::parse(&lock.render()).as_ref().ok(), Some(&lock), "it is read back as it was");
    }
}

/// Text for a terminal: nothing in it acts, once is enough, and JSON says the same as before.
pub fn writing(data: &[u8]) {
    let source = text(data);
    let line = visible::line(&source);
    assert!(!line.chars().any(|c| c.is_control() && c != '\t'), "{line:?}");
    assert_eq!(visible::line(&line), line, "once is enough");
    let lines = visible::text(&source);
    assert!(!lines.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')), "{lines:?}");
    let value = serde_json::json!({ source.as_ref(): [source.as_ref()] });
    let json = visible::json(&value.to_string()).into_owned();
    assert!(!json.chars().any(visible::is_unseen), "{json:?}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&json).ok(), Some(value), "{json}");
}
