//! A bounded part of what `make fuzz` does without end: seeds of every target, changed at a few places.
//!
//! `GONOGO_FUZZ_CASES` says how many of each; what fails is printed as bytes, to be kept under `fuzz/seeds/`.

use std::fs;
use std::path::Path;

use proptest::prelude::{Strategy, any, prop};
use proptest::test_runner::{Config, TestRunner};

#[path = "../../fuzz/src/lib.rs"]
#[expect(
    unreachable_pub,
    clippy::expect_used,
    reason = "fuzz targets of another package; what it asserts is what is tried"
)]
mod targets;

/// What documents, shells, outputs and records are made of.
const TOKENS: &[&str] = &[
    "\n",
    "\r\n",
    "\t",
    "`",
    "```",
    "```bash\n",
    "~~~",
    "# ",
    "## Rollback\n",
    "- [ ] ",
    "| ",
    "|---|",
    "> ",
    "<!--",
    "-->",
    "<details>",
    "</details>",
    ":::",
    "=== \"x\"\n",
    "$(",
    "${",
    "((",
    "))",
    "{ ",
    "<<EOF\n",
    "<<",
    "'",
    "\"",
    "\\",
    "\\\n",
    "&&",
    "||",
    ";;",
    "if ",
    "fi",
    "for ",
    "done",
    "case ",
    "esac",
    "Should show ",
    "Expected: ",
    "not ",
    "< 2 s",
    "(running)",
    "100 %",
    "{\"a\":",
    "[",
    "]",
    "}",
    "null",
    "-1",
    "1e999",
    "18446744073709551616",
    "HH:MM",
    "[Name]",
    "____",
    "yes/no",
    "PASSWORD=",
    "Bearer ",
    "://u:p@",
    "-----BEGIN RSA PRIVATE KEY-----",
    "\u{1b}[",
    "\u{1b}]7717;@",
    "\u{7}",
    "\u{1f}",
    "\u{8}",
    "\u{9b}",
    "\u{202e}",
    "\u{200b}",
    "é",
    "😀",
    "漢字",
    "\u{0}",
    "\u{feff}",
];

/// A change at a place: bytes of its own, a token, a piece that goes, a piece that comes twice.
#[derive(Clone, Debug)]
enum Change {
    Byte(u8),
    Token(&'static str),
    Goes(usize),
    Twice(usize),
}

fn changed(seed: &[u8], changes: &[(prop::sample::Index, Change)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, change) in changes {
        let at = at.index(bytes.len() + 1);
        let until = |length: &usize| at + (*length).min(bytes.len() - at);
        match change {
            Change::Byte(byte) => bytes.insert(at, *byte),
            Change::Token(token) => drop(bytes.splice(at..at, token.bytes())),
            Change::Goes(length) => drop(bytes.drain(at..until(length))),
            Change::Twice(length) => {
                let piece = bytes[at..until(length)].to_vec();
                drop(bytes.splice(at..at, piece));
            }
        }
    }
    bytes
}

fn tried(name: &str, target: fn(&[u8])) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let mut seeds: Vec<_> =
        fs::read_dir(directory).unwrap().map(|e| fs::read(e.unwrap().path()).unwrap()).collect();
    seeds.push(Vec::new());
    for seed in &seeds {
        target(seed);
    }
    let cases = std::env::var("GONOGO_FUZZ_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(150);
    let change = proptest::prop_oneof![
        any::<u8>().prop_map(Change::Byte),
        prop::sample::select(TOKENS).prop_map(Change::Token),
        (1..200usize).prop_map(Change::Goes),
        (1..80usize).prop_map(Change::Twice),
    ];
    let changes = prop::collection::vec((any::<prop::sample::Index>(), change), 1..8);
    let which = prop::sample::select(seeds);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(cases) });
    let outcome = runner.run(&(which, changes), |(seed, changes)| {
        target(&changed(&seed, &changes));
        Ok(())
    });
    if let Err(proptest::test_runner::TestError::Fail(why, (seed, changes))) = &outcome {
        panic!("{name}: {why}\non {:?}", String::from_utf8_lossy(&changed(seed, changes)));
    }
    outcome.unwrap();
}

macro_rules! targets {
    ($($target:ident)*) => {
        $(
            #[test]
            fn $target() {
                tried(stringify!($target), targets::$target);
            }
        )*

        #[test]
        fn every_target_is_in_the_manifest_and_tried_here() {
            let manifest = include_str!("../../fuzz/Cargo.toml");
            let named: Vec<&str> = manifest.lines().filter_map(|l| l.strip_prefix("name = \"")?.strip_suffix('"')).skip(1).collect();
            assert_eq!(named, [$(stringify!($target)),*]);
        }
    };
}

targets!(reading splitting verdicts templates masking screens reports frames settings journal archives signers writing);
