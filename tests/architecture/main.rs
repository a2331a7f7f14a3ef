//! The rules of direction of `docs/architecture.md`, checked on the source itself.
//!
//! Each test reads every `use` and every path and names the file and line that breaks a rule.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod circles;
mod sentences;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use syn::spanned::Spanned;
use syn::visit::Visit;

/// Modules from the top down: each may use those after it, and none before it.
const ORDER: &[&str] = &[
    "main",
    "cli",
    "tui",
    "client",
    "runner",
    "exec",
    "probe",
    "record",
    "store",
    "run_files",
    "wire",
    "protocol",
    "text",
    "run",
    "mask",
    "runbook",
    "shell",
    "config",
    "caught",
    "figures",
    "visible",
];

struct Source {
    path: PathBuf,
    module: String,
    text: String,
    /// Paths used, with their lines: `crate::run::RunState`, `tokio::sync`.
    paths: Vec<(String, usize)>,
}

/// Every file of `src/`, read once for all rules.
fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = Vec::new();
        collect(&root, &root, &mut found);
        found
    });
    &SOURCES
}

fn collect(root: &Path, directory: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let file = syn::parse_file(&text).unwrap();
            let mut paths = Paths::default();
            paths.visit_file(&file);
            let relative = path.strip_prefix(root).unwrap();
            let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let module = first.trim_end_matches(".rs").to_owned();
            found.push(Source { module, text, paths: paths.found, path: relative.to_owned() });
        }
    }
}

impl Source {
    /// A file of unit tests, which may use what it likes.
    fn is_test(&self) -> bool {
        self.path.iter().any(|part| part == "tests" || part == "tests.rs")
    }

    /// What may not know the world outside, nor how its words are shown.
    fn is_pure(&self) -> bool {
        let pure = ["figures", "mask", "protocol", "run", "runbook", "shell", "text"];
        pure.contains(&self.module.as_str()) && !self.is_test()
    }
}

#[derive(Default)]
struct Paths {
    found: Vec<(String, usize)>,
}

impl Paths {
    fn tree(&mut self, before: &str, tree: &syn::UseTree) {
        let join = |name: &dyn std::fmt::Display| {
            if before.is_empty() { name.to_string() } else { format!("{before}::{name}") }
        };
        match tree {
            syn::UseTree::Path(path) => self.tree(&join(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.found.push((join(&name.ident), name.span().start().line)),
            syn::UseTree::Rename(name) => self.found.push((join(&name.ident), name.span().start().line)),
            syn::UseTree::Glob(glob) => self.found.push((join(&"*"), glob.span().start().line)),
            syn::UseTree::Group(group) => group.items.iter().for_each(|t| self.tree(before, t)),
        }
    }
}

impl<'ast> Visit<'ast> for Paths {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree("", &item.tree);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        // Tests inside a module may use what they like.
        let is_test = item.attrs.iter().any(|a| a.path().is_ident("cfg"));
        if !is_test {
            syn::visit::visit_item_mod(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let text = path.segments.iter().map(|s| s.ident.to_string()).collect::<Vec<_>>().join("::");
        self.found.push((text, path.span().start().line));
        syn::visit::visit_path(self, path);
    }
}

fn broken(test: impl Fn(&Source, &str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    for source in sources() {
        for (path, line) in &source.paths {
            if test(source, path) {
                lines.push(format!("src/{}:{line}: {path}", source.path.display()));
            }
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

fn none(rule: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{rule}\n{}", broken.join("\n"));
}

fn starts(path: &str, names: &[&str]) -> bool {
    names.iter().any(|n| path == *n || path.starts_with(&format!("{n}::")))
}

#[test]
fn rule_1_modules_use_only_those_below_them() {
    let rank = |module: &str| ORDER.iter().position(|m| *m == module);
    none(
        "a module may use those below it, never those above",
        &broken(|source, path| {
            let Some(target) = path.strip_prefix("crate::").map(|p| p.split("::").next().unwrap_or(""))
            else {
                return false;
            };
            if source.is_test() {
                return false;
            }
            match (rank(&source.module), rank(target)) {
                (Some(from), Some(to)) => to < from,
                // The demo's sandbox is a guest of the command line: only `cli` knows it.
                (_, None) => target == "demo" && !["cli", "demo"].contains(&source.module.as_str()),
                (None, Some(_)) => source.module == "demo" && !["exec", "shell"].contains(&target),
            }
        }),
    );
    none(
        "screens reach a run through `client` only",
        &broken(|source, path| {
            source.module == "tui"
                && starts(path, &["crate::exec", "crate::runner::start", "crate::runner::take_up"])
        }),
    );
}

#[test]
fn rule_2_the_pure_modules_touch_nothing_outside() {
    let outside = [
        "tokio",
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "std::time::Instant",
        "std::time::SystemTime",
        "uuid",
        "rand",
        // The zone of this machine; that of a run is in its state, others are arguments.
        "chrono::Local",
    ];
    let calls = ["Utc::now", "Local::now", "chrono::Utc::now", "chrono::Local::now"];
    none(
        "the pure modules know no tokio, file, network, process, environment, clock, zone or random source",
        &broken(|source, path| source.is_pure() && (starts(path, &outside) || calls.contains(&path))),
    );
}

#[test]
fn rule_3_each_library_has_its_room() {
    let rooms: &[(&[&str], &[&str])] = &[
        (&["ratatui", "crossterm"], &["tui"]),
        (&["clap", "clap_complete", "color_eyre"], &["cli", "main"]),
        // The demo's service has a database of its own, which is no journal.
        (&["rusqlite"], &["store", "demo"]),
        (&["hyper", "hyper_util"], &["demo"]),
        (&["alacritty_terminal"], &["exec"]),
        (&["ssh_key", "ssh_agent_client_rs", "rsa", "tar", "flate2"], &["record"]),
        (&["bollard", "sysinfo"], &["probe"]),
        // What is watched, and where a team keeps its runs.
        (&["tokio_postgres"], &["probe", "store"]),
        (&["reqwest"], &["probe", "runner"]),
    ];
    for (libraries, modules) in rooms {
        none(
            &format!("{libraries:?} only in {modules:?}"),
            &broken(|source, path| starts(path, libraries) && !modules.contains(&source.module.as_str())),
        );
    }
}

#[test]
fn rule_4_processes_start_in_one_file() {
    none(
        "processes start in exec/spawn.rs only",
        &broken(|source, path| {
            (path.ends_with("Command::new") && path.contains("process") || path == "std::process::Command")
                && !source.path.ends_with("exec/spawn.rs")
                && !source.is_test()
        }),
    );
}

#[test]
fn rule_5_only_apply_writes_the_state() {
    let mut found = Vec::new();
    for source in sources() {
        if source.path.ends_with("run/apply.rs") {
            continue;
        }
        for (number, line) in source.text.lines().enumerate() {
            if line.contains("&mut RunState")
                || (source.path.ends_with("run/state.rs") && line.contains("&mut self"))
            {
                found.push(format!("src/{}:{}: {}", source.path.display(), number + 1, line.trim()));
            }
        }
    }
    none("only `apply` writes RunState", &found);
}

#[test]
fn rule_6_no_name_of_the_reference_document_in_the_source() {
    let names = [
        "claude-context",
        "claude_context",
        "qdrant",
        "island-architecture",
        "crawl4ai",
        "services-api-server",
    ];
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            let lower = line.to_lowercase();
            if names.iter().any(|n| lower.contains(n)) {
                found.push(format!("src/{}:{}: {}", source.path.display(), number + 1, line.trim()));
            }
        }
    }
    none("behaviour comes from reading the document", &found);
}

#[test]
fn files_tell_one_story() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|s| s.text.lines().count() > 700)
        .map(|s| format!("src/{}: {} lines", s.path.display(), s.text.lines().count()))
        .collect();
    none("a file stays under about 500 lines; 700 is too many in any case", &long);
}

/// How many files may stand in circles. It only ever goes down.
const IN_CIRCLES: usize = 8;

#[test]
fn files_know_each_other_in_no_circles() {
    let files = sources().iter().map(|s| (s.path.as_path(), s.text.as_str()));
    let edges = circles::Knows::of(files).edges();
    let circles = circles::circles(&edges);
    let lines: Vec<String> = circles
        .iter()
        .map(|circle| {
            let names: Vec<String> = circle.iter().map(circles::name).collect();
            let kind = if circles::is_a_room(circle) { "a room and its parts" } else { "a circle" };
            format!("{} {kind}: {}", circle.len(), names.join(" "))
        })
        .collect();
    let files: usize = circles.iter().map(Vec::len).sum();
    println!("{files} files in {} circles\n{}", circles.len(), lines.join("\n"));
    assert!(
        files <= IN_CIRCLES,
        "{files} files know each other in circles, {IN_CIRCLES} did before: cut the new one\n{}",
        lines.join("\n")
    );
    assert!(files == IN_CIRCLES, "only {files} files are in circles now: write that into IN_CIRCLES");
}

/// How many fields a struct has, and how many variants an enum.
fn members(path: &str, name: &str) -> usize {
    let source = sources().iter().find(|s| s.path.ends_with(path)).unwrap();
    let file = syn::parse_file(&source.text).unwrap();
    let found = file.items.iter().find_map(|item| match item {
        syn::Item::Struct(found) if found.ident == name => Some(found.fields.len()),
        syn::Item::Enum(found) if found.ident == name => Some(found.variants.len()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no {name} in {path}"))
}

/// Lines of the unit tests under a folder: files of tests, and what stands behind `mod tests {` in others.
fn lines_of_tests(folder: &str) -> usize {
    let of = |s: &Source| {
        let inline = || s.text.split_once("#[cfg(test)]\nmod tests {").map_or("", |(_, tests)| tests);
        let whole = s.path.iter().any(|part| part == "tests" || part == "tests.rs");
        if whole { s.text.lines().count() } else { inline().lines().count() }
    };
    sources().iter().filter(|s| s.path.starts_with(folder)).map(of).sum()
}

/// What is measured of the house, with the most (or the least) that it may be:
/// `cargo test --test architecture measures -- --nocapture`.
#[test]
fn measures_of_the_house() {
    let most = [
        ("what an operator may ask (Request)", members("run/request.rs", "Request"), 36),
        ("fields of App", members("tui/app.rs", "App"), 18),
        ("fields of Actor", members("runner/actor.rs", "Actor"), 20),
        ("fields of Worker", members("exec/shim/worker.rs", "Worker"), 15),
    ];
    let least = [
        ("lines of unit tests of the actor", lines_of_tests("runner/actor"), 600),
        ("lines of unit tests of tui/update", lines_of_tests("tui/update"), 1000),
        ("lines of unit tests of the shim", lines_of_tests("exec/shim"), 1000),
    ];
    for (what, is, may) in most {
        println!("{what}: {is}, at most {may}");
        assert!(is <= may, "{what}: {is}, at most {may}");
    }
    for (what, is, should) in least {
        println!("{what}: {is}, at least {should}");
        assert!(is >= should, "{what}: {is}, at least {should}");
    }
    let all = sources();
    let lines: usize = all.iter().map(|s| s.text.lines().count()).sum();
    println!("lines of src: {lines} in {} files", all.len());
}

/// The screens: each a file with what it remembers and shows, and a folder with its keys and its drawing.
#[test]
fn a_screen_is_a_folder() {
    let inside = |s: &Source| s.path.strip_prefix("tui/screens").ok().map(|p| p.with_extension(""));
    let files: Vec<PathBuf> = sources().iter().filter_map(inside).collect();
    let screens: Vec<&PathBuf> = files.iter().filter(|file| file.components().count() == 1).collect();
    assert!(screens.len() >= 12, "{screens:?}");
    let mut wrong = vec![];
    for screen in &screens {
        for part in ["keys", "draw"] {
            if !files.contains(&screen.join(part)) {
                wrong.push(format!("{} has no {part}", screen.display()));
            }
        }
    }
    // What is drawn of a screen may take several files, below `draw`.
    let third = |file: &&PathBuf| {
        let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        parts.len() > 1 && parts[1] != "keys" && parts[1] != "draw"
    };
    wrong.extend(files.iter().filter(third).map(|file| format!("{} is a third part", file.display())));
    none("a screen is its state, its keys and its drawing", &wrong);
}

/// What is derived of a run, a document or the health: `tui/app/derived.rs` has it, from `tui/screens/*.rs`.
#[test]
fn drawing_and_keys_derive_nothing() {
    let derives = [
        "flow::next",
        "flow::position",
        "flow::progress",
        ".path()",
        "gates::board",
        "gates::open_items",
        "gates::with_commands",
        "rollback::board",
        "rollback::offered",
        "rollback::procedures",
        "record::fill",
        "trouble::search",
        "clock::outages",
        "health::answer",
        "health.rows(",
        "items::against",
        "words::asked",
        "words::open_lines",
        "words::doubts",
        "words::read_as",
    ];
    // What is asked once, when somebody does it: not for a frame, and of a run that is not shown yet.
    let once = [
        ("tui/dialogs/palette.rs", ".path()"),
        ("tui/screens/checklist/keys.rs", "items::against"),
        ("tui/update/connection.rs", "gates::open_items"),
    ];
    let mut found = vec![];
    for source in sources().iter().filter(|s| s.module == "tui" && !s.is_test()) {
        let path = source.path.to_str().unwrap();
        let acts = ["tui/update", "tui/views", "tui/dialogs"].iter().any(|room| path.starts_with(room));
        let of_screen = path.strip_prefix("tui/screens/").is_some_and(|rest| rest.contains('/'));
        for (number, line) in source.text.lines().enumerate().filter(|_| acts || of_screen) {
            let bad = derives.iter().find(|d| line.contains(*d) && !once.contains(&(path, **d)));
            found.extend(bad.map(|_| format!("src/{path}:{}: {}", number + 1, line.trim())));
        }
    }
    none("what is shown and what keys act on is the view of `App`, which is derived once", &found);
}

#[test]
fn only_the_app_follows_a_run() {
    let mut found = vec![];
    for source in sources().iter().filter(|s| s.module == "tui" && !s.path.ends_with("tui/app.rs")) {
        for (number, line) in source.text.lines().enumerate() {
            let writes = ["app.run = ", "app.run.take()", "app.health = ", "app.health.as_mut()"];
            if writes.iter().any(|w| line.contains(w)) {
                found.push(format!("src/{}:{}: {}", source.path.display(), number + 1, line.trim()));
            }
        }
    }
    none("a run is followed by `App::follow`, which renews the view", &found);
}

#[test]
fn a_client_can_send_no_fact() {
    // Each variant of a request says what somebody asks; what happened is an event, and no request carries one.
    let source = sources().iter().find(|s| s.path.ends_with("run/request.rs")).unwrap();
    let facts = source.text.lines().filter(|line| line.contains("Fact:") || line.contains("Event")).count();
    println!("facts that a client can send: {facts}");
    assert_eq!(facts, 0);
}

#[test]
fn which_store_keeps_the_runs_is_said_in_one_file() {
    let chooses = |source: &Source| {
        source.is_test() || source.module == "store" || source.path == Path::new("cli/store.rs")
    };
    none(
        "outside of store/ only cli/store.rs names StateDirectory; others take a `Store`, and `RunFiles` for local files",
        &broken(|source, path| path.split("::").any(|part| part == "StateDirectory") && !chooses(source)),
    );
}

#[test]
fn text_reaches_a_terminal_by_its_two_writers() {
    // `cli/report` makes what it prints visible, and the screens what they draw; `processes` answers whoever started it,
    // by a pipe. clippy refuses `println!` and the like everywhere.
    let rooms = ["cli/report.rs", "tui/term.rs", "cli/processes.rs", "cli/prompt.rs"];
    // `plot` draws dots, and no text.
    let drawing = [
        "tui/widgets/text.rs",
        "tui/widgets/boxed.rs",
        "tui/views.rs",
        "tui/widgets/editor.rs",
        "tui/widgets/plot.rs",
    ];
    let mut found = Vec::new();
    for source in sources() {
        let path = source.path.to_str().unwrap();
        for (number, line) in source.text.lines().enumerate() {
            let writes = ["stdout()", "io::stderr()", "open(\"/dev/tty"].iter().any(|w| line.contains(w))
                && !line.contains("is_terminal()")
                && !rooms.contains(&path);
            let draws = source.module == "tui"
                && ["render_widget(", ".set_string(", ".set_line(", ".set_span("]
                    .iter()
                    .any(|w| line.contains(w))
                && !drawing.contains(&path);
            let code = !line.trim_start().starts_with("//") && !source.path.starts_with("exec/shell");
            if (writes || draws) && code {
                found.push(format!("src/{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none("text goes to a terminal through cli/report or tui/widgets/text alone", &found);
}

#[test]
fn only_the_store_knows_the_name_of_the_journals_file() {
    let known: Vec<String> = sources()
        .iter()
        .filter(|s| s.module != "store" && s.text.contains("journal.db"))
        .map(|s| format!("src/{}", s.path.display()))
        .collect();
    none("the journal's file is named in store/ only", &known);
}
