//! Any changed byte of a record is found.

use std::path::{Path, PathBuf};

use gonogo::record::evidence::Evidence;
use gonogo::record::verify::{Known, verify};
use gonogo::run_files::RunFiles;
use gonogo::store::StateDirectory;
use rusqlite::Connection;

use super::super::support::{Home, records, the_run};
use super::{demo, key, sign};

/// A copy of a run in a home of its own.
fn copy(run: &RunFiles, to: &Path) -> RunFiles {
    let copied = RunFiles::of(to, run.id().clone());
    StateDirectory::open(to).unwrap();
    copy_all(run.path(), copied.path());
    copied
}

fn copy_all(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (kind, to) = (entry.file_type().unwrap(), to.join(entry.file_name()));
        if kind.is_dir() {
            copy_all(&entry.path(), &to);
        } else if kind.is_file() {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn evidence(run: &RunFiles) -> Evidence {
    Evidence::of_run(&StateDirectory::open(run.state_dir()).unwrap(), run).unwrap()
}

fn found(run: &RunFiles) -> Vec<(Option<u64>, String)> {
    let verified = verify(&evidence(run), &Known::default());
    verified.off.into_iter().map(|off| (off.event.map(|e| e.0), off.words)).collect()
}

/// Changes a line of the journal behind everybody's back.
fn change_line(run: &RunFiles, seq: i64, change: impl Fn(&str) -> String) {
    let journal = Connection::open(run.path().join("journal.db")).unwrap();
    let line: String =
        journal.query_row("SELECT line FROM events WHERE seq = ?1", [seq], |row| row.get(0)).unwrap();
    journal.execute("UPDATE events SET line = ?1 WHERE seq = ?2", (change(&line), seq)).unwrap();
}

/// A text with one character changed.
fn flip(text: &str, at: usize) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = at % chars.len();
    chars[at] = if chars[at] == 'x' { 'y' } else { 'x' };
    chars.into_iter().collect()
}

fn signed() -> (Home, RunFiles, i64) {
    let home = demo();
    for (role, name) in [("engineer", "ada"), ("reviewer", "grace")] {
        let key = key(&home, name, &["ed25519"], "");
        assert_eq!(sign(&home, role, name, &key).status, 0);
    }
    let run = the_run(&home);
    let events = records(&home).len() as i64;
    assert_eq!(found(&run), []);
    (home, run, events)
}

#[test]
fn a_changed_byte_of_any_kind_is_found_and_named() {
    let (home, run, events) = signed();
    // Numbers that are drawn, but the same each time: what fails here fails again.
    let mut drawn = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = |below: usize| {
        drawn = drawn.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (drawn >> 33) as usize % below.max(1)
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for below in ["recordings", "signatures"] {
        let all = std::fs::read_dir(run.path().join(below)).unwrap().map(|e| e.unwrap().path());
        files.extend(all.filter(|p| p.metadata().unwrap().len() > 0));
    }
    let readings = std::fs::read_dir(run.path()).unwrap().map(|e| e.unwrap().path());
    files.extend(readings.filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("readings-")));
    files.push(run.path().join("document.md"));
    files.sort();
    assert!(files.len() > 40, "{files:?}");
    for file in &files {
        let name = file.strip_prefix(run.path()).unwrap();
        let copied = copy(&run, &home.path().join("copy"));
        let mut bytes = std::fs::read(file).unwrap();
        let at = draw(bytes.len());
        bytes[at] ^= 1;
        std::fs::write(copied.path().join(name), &bytes).unwrap();
        let off = found(&copied);
        let base = name.file_name().unwrap().to_string_lossy().into_owned();
        let named = base.split('.').next().unwrap();
        assert!(off.iter().any(|(_, words)| words.contains(named)), "byte {at} of {base}: {off:?}");
        std::fs::write(copied.path().join(name), std::fs::read(file).unwrap()).unwrap();
        std::fs::remove_file(copied.path().join(name)).unwrap();
    }
    // Every line of the journal that a signature covers, and the sign-offs themselves.
    for seq in 1..events {
        let copied = copy(&run, &home.path().join("copy"));
        let at = draw(4000);
        change_line(&copied, seq, |line| flip(line, at));
        let off = found(&copied);
        let first = off.first().unwrap_or_else(|| panic!("line {seq}, character {at}"));
        assert!(
            first.0.is_some_and(|e| [seq, seq - 1].contains(&e.cast_signed())),
            "line {seq}, character {at}: {off:?}"
        );
    }
    let copied = copy(&run, &home.path().join("copy"));
    change_line(&copied, events, |line| line.replace("name: grace", "name: grade"));
    assert!(found(&copied)[0].1.contains("the reviewer's sign-off is not valid"), "{:?}", found(&copied));
}

#[test]
fn missing_ends_swapped_events_and_added_ones_are_found() {
    let (home, run, events) = signed();
    let journal = |run: &RunFiles| Connection::open(run.path().join("journal.db")).unwrap();
    // The end is cut off: a signature covers more than is there.
    let copied = copy(&run, &home.path().join("copy"));
    journal(&copied).execute("DELETE FROM events WHERE seq > ?1", [events - 3]).unwrap();
    let off = found(&copied);
    assert!(off.iter().any(|(_, words)| words.contains("its end is missing")), "{off:?}");
    // Cut off before any signature, and those taken away: only a head that was noted elsewhere tells.
    let head = |run: &RunFiles| verify(&evidence(run), &Known::default()).head;
    let noted = head(&run);
    let copied = copy(&run, &home.path().join("copy"));
    journal(&copied).execute("DELETE FROM events WHERE seq > ?1", [events - 3]).unwrap();
    std::fs::remove_dir_all(copied.signatures()).unwrap();
    assert_eq!(found(&copied), []);
    let known = Known { head: Some(noted.clone()), allowed: None };
    let verified = verify(&evidence(&copied), &known);
    assert!(verified.off[0].words.contains("the end is missing"), "{:?}", verified.off);
    assert!(verify(&evidence(&run), &known).is_good());
    // Two events change places.
    let copied = copy(&run, &home.path().join("copy"));
    let db = journal(&copied);
    for (from, to) in [(20, 9000), (21, 20), (9000, 21)] {
        db.execute("UPDATE events SET seq = ?2 WHERE seq = ?1", [from, to]).unwrap();
    }
    assert_eq!(found(&copied)[0].0, Some(20), "{:?}", found(&copied));
    // What is added after a sign-off is told, and is no forgery.
    assert_eq!(home.run(&["sign", "--as", "engineer", "--claimed", "--yes"]).status, 0);
    let verified = home.run(&["verify"]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    assert!(verified.out.contains("; 2 events after it"), "{}", verified.out);
}

/// An archive with its entries changed on the way: each by its name and bytes, `None` leaves it out.
fn repacked(archive: &Path, to: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) {
    use std::io::Read;
    let file = std::fs::File::open(archive).unwrap();
    let mut old = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let new = flate2::write::GzEncoder::new(std::fs::File::create(to).unwrap(), flate2::Compression::fast());
    let mut new = tar::Builder::new(new);
    for entry in old.entries().unwrap() {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let Some(bytes) = change(&name, bytes) else { continue };
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        new.append_data(&mut header, &name, &bytes[..]).unwrap();
    }
    new.into_inner().unwrap().finish().unwrap();
}

#[test]
fn an_archive_holds_what_was_looked_at_and_nothing_else() {
    let home = demo();
    let (ada, grace) = (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ed25519"], ""));
    let archive = home.path().join("a.tar.gz");
    let path = archive.to_str().unwrap();
    assert_eq!(home.run(&["export", "--out", path]).status, 0);
    // All of it is signed in the archive, one of them twice: the order is that of the statements, not of the names.
    for (name, role, key) in
        [("ada", "engineer", &ada), ("grace", "reviewer", &grace), ("ada", "engineer", &ada)]
    {
        let signed =
            home.run(&["sign", path, "--as", role, "--name", name, "--yes", "--key", key.to_str().unwrap()]);
        assert_eq!(signed.status, 0, "{}", signed.err);
    }
    let verified = home.run(&["verify", path]);
    assert_eq!(verified.status, 0, "{}", verified.out);
    let forged = home.path().join("forged.tar.gz");
    let off = |words: &str| {
        let verified = home.run(&["verify", forged.to_str().unwrap()]);
        let told = verified.out.clone() + &verified.err;
        assert!(verified.status == 1 && told.contains(words), "{words} in {told}");
    };
    repacked(&archive, &forged, |name, bytes| {
        let text = String::from_utf8_lossy(&bytes).replace("- No", "- Yes: forged");
        Some(if name.ends_with("reviewer.log.md") { text.into_bytes() } else { bytes })
    });
    off("reviewer.log.md is not the signed log");
    repacked(&archive, &forged, |name, bytes| (!name.ends_with("-2.txt")).then_some(bytes));
    off("signatures/engineer-2.log.md belongs to no sign-off");
    // What another program would unpack over it: another member of the stream, an entry of a strange kind.
    let mut bytes = std::fs::read(&archive).unwrap();
    let id = the_run(&home).id().0.clone();
    let more = |kind: tar::EntryType, name: &str| {
        let mut new =
            tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(4);
        new.append_data(&mut header, name, &b"evil"[..]).unwrap();
        new.into_inner().unwrap().finish().unwrap()
    };
    let strange = more(tar::EntryType::Continuous, &format!("{id}/log.md"));
    let old = std::fs::read(&archive).unwrap();
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&old[..]), &mut plain).unwrap();
    // Without the blocks of zeroes at its end the stream goes on.
    while plain.ends_with(&[0; 512]) {
        plain.truncate(plain.len() - 512);
    }
    let packed = |bytes: &[u8]| {
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut out, bytes).unwrap();
        out.finish().unwrap()
    };
    bytes.clear();
    bytes.extend(packed(&plain));
    bytes.extend(&strange);
    std::fs::write(&forged, &bytes).unwrap();
    off("is not a plain file below one directory");
    bytes.truncate(bytes.len() - strange.len());
    bytes.extend(more(tar::EntryType::Regular, &format!("{id}/log.md")));
    std::fs::write(&forged, &bytes).unwrap();
    off("log.md is in it twice");
    bytes.clear();
    bytes.extend(packed(&plain));
    bytes.extend(more(tar::EntryType::Regular, "other/log.md"));
    std::fs::write(&forged, &bytes).unwrap();
    off("it contains more than one run: other");
}

#[test]
fn a_sign_off_that_the_run_itself_would_refuse_does_not_hold() {
    let home = demo();
    let (ada, grace) = (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ed25519"], ""));
    assert_eq!(sign(&home, "engineer", "ada", &ada).status, 0);
    // Somebody else signs as engineer too: whoever did once is still no reviewer, nor is their key.
    assert_eq!(home.run(&["sign", "--as", "engineer", "--name", "eve", "--claimed", "--yes"]).status, 0);
    for (name, key) in [("ada", &grace), ("a\u{200b}da", &grace), ("hopper", &ada)] {
        let refused = sign(&home, "reviewer", name, key);
        assert_eq!(refused.status, 1, "{name}: {}", refused.err);
    }
    // One that is dated before what it covers, with a good signature, brought back by hand.
    let asked = home.run(&["sign", "--as", "reviewer", "--name", "grace", "--challenge"]).out;
    let year = asked.split("time: ").nth(1).unwrap().split('-').next().unwrap();
    let dated = asked.replace(&format!("time: {year}"), "time: 2001");
    let pending = the_run(&home).signatures().join("reviewer.pending.txt");
    std::fs::write(&pending, &dated).unwrap();
    let arguments = ["-Y", "sign", "-n", "gonogo", "-f", grace.to_str().unwrap()];
    let signature = home.write("sig", &super::tool("ssh-keygen", &arguments, home.path(), &dated).out);
    let refused = home.run(&["sign", "--as", "reviewer", "--take", signature.to_str().unwrap()]);
    assert!(refused.status == 1 && refused.err.contains("it is dated 2001"), "{}", refused.err);
}
