//! Whether there is anything inside of a file that is packed: told by its kind, its end, and by what the machine's own
//! program makes of its beginning.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::exec::spawn::Helper;
use crate::run::rollback::Inside;

/// So much is unpacked: more than an archive of nothing takes, which tar fills up to 10,240 bytes.
const UNPACKED: usize = 16 * 1024;

/// How files begin that are packed, with the program that unpacks them here.
const PACKED: [(&[u8], &str); 5] = [
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bzip2"),
    (b"\x04\x22\x4d\x18", "lz4"),
];

/// The same for what is not looked into.
const CLOSED: [(&[u8], &str); 6] = [
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"LZIP", "lzip"),
    (b"\x1f\x9d", "compress"),
    (b"\x89LZO", "lzop"),
    (b"age-encryption.org", "age"),
    (b"Salted__", "openssl"),
];

/// Prints what the file `$f` begins with once it is unpacked, in base64 behind `=`; `-` where nothing here unpacks it. Such
/// programs read no more than what is taken from them.
pub(super) const UNPACK: &str = r#"case "$(head -c 6 "$f" | od -An -tx1 | tr -d ' \n')" in
  (1f8b*) u=gzip;; (fd377a585a00) u=xz;; (28b52ffd*) u=zstd;; (425a68*) u=bzip2;; (04224d18*) u=lz4;; (*) u=;;
esac
if [ -n "$u" ] && command -v "$u" >/dev/null 2>&1; then
  printf =; "$u" -dc <"$f" 2>/dev/null | head -c 16384 | base64 | tr -d '\n'
else printf -; fi"#;

/// What [`UNPACK`] printed.
pub(super) fn unpacked(printed: &str) -> Option<Vec<u8>> {
    STANDARD.decode(printed.trim().strip_prefix('=')?).ok()
}

/// What a file of this machine begins with once it is unpacked.
pub(super) fn unpack(path: &str, head: &[u8]) -> Option<Vec<u8>> {
    PACKED.iter().find(|(magic, _)| head.starts_with(magic))?;
    let script = format!("f=$1\n{UNPACK}");
    let (_, printed, _) = Helper::new("sh", &["-c", &script, "sh", path], "/".as_ref()).run().ok()?;
    unpacked(&printed)
}

/// Whether there is anything inside; nothing where the file is not packed.
pub(super) fn inside(head: &[u8], tail: &[u8], unpacked: Option<&[u8]>) -> Option<Inside> {
    let begins =
        |all: &'static [(&[u8], &'static str)]| all.iter().find(|(magic, _)| head.starts_with(magic));
    if let Some((_, program)) = begins(&PACKED) {
        return Some(match unpacked {
            Some(content) => of(content),
            None if is_empty_frame(program, head) => Inside::Nothing,
            None => Inside::Unseen(format!("{program}, and no program here can unpack it")),
        });
    }
    if head.starts_with(b"PK\x05\x06") || head.starts_with(b"PK\x03\x04") {
        return zip_entries(tail).map(|count| if count == 0 { Inside::Nothing } else { Inside::Something });
    }
    if let Some((_, kind)) = begins(&CLOSED) {
        return Some(Inside::Unseen((*kind).to_owned()));
    }
    let whole = head.len() < UNPACKED;
    (head.starts_with(b"PGDMP") || whole && is_nothing(head) && !head.is_empty()).then(|| of(head))
}

/// What the beginning of a content says of it.
fn of(content: &[u8]) -> Inside {
    let whole = content.len() < UNPACKED;
    let listed = content.starts_with(b"PGDMP").then(|| dump_entries(content)).flatten();
    if whole && is_nothing(content) || listed == Some(0) { Inside::Nothing } else { Inside::Something }
}

/// An archive of nothing is nothing but zeros (tar(5)).
fn is_nothing(content: &[u8]) -> bool {
    content.iter().all(|byte| *byte == 0)
}

/// Whether the beginning of a packed file says that nothing was packed: the index of xz, the end of bzip2, or the last
/// block of zstd comes first, and gzip is over after two bytes.
fn is_empty_frame(program: &str, head: &[u8]) -> bool {
    match program {
        "gzip" => head.len() < 64 && head.ends_with(&[3, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        "xz" => head.get(12) == Some(&0),
        "bzip2" => head.get(4..10) == Some(&[0x17, 0x72, 0x45, 0x38, 0x50, 0x90]),
        "zstd" => zstd_block(head).is_some_and(|block| block == [1, 0, 0]),
        _ => false,
    }
}

/// The head of the first block (RFC 8878, 3.1.1).
fn zstd_block(head: &[u8]) -> Option<&[u8]> {
    let flags = usize::from(*head.get(4)?);
    let single = flags >> 5 & 1;
    let size = [single, 2, 4, 8][flags >> 6];
    let dictionary = [0, 1, 2, 4][flags & 3];
    let at = 5 + (1 - single) + dictionary + size;
    head.get(at..at + 3)
}

/// How many files a zip archive lists at its end (APPNOTE, 4.3.16).
fn zip_entries(tail: &[u8]) -> Option<u16> {
    let at = tail.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    Some(u16::from_le_bytes([*tail.get(at + 10)?, *tail.get(at + 11)?]))
}

/// How many entries the list of a dump in PostgreSQL's own format has (pg_backup_archiver.c, `ReadHead`).
fn dump_entries(content: &[u8]) -> Option<i64> {
    let byte = |at: usize| content.get(at).copied();
    let version = (byte(5)?, byte(6)?);
    let int = usize::from(byte(8)?);
    let mut at = 11;
    let read = |at: &mut usize| {
        let bytes = content.get(*at + 1..*at + 1 + int)?;
        let value = bytes.iter().rev().fold(0i64, |n, b| n << 8 | i64::from(*b));
        let signed = if byte(*at)? == 0 { value } else { -value };
        *at += 1 + int;
        Some(signed)
    };
    // How it is compressed, when it was made, then the names of database and versions.
    if version >= (1, 15) {
        at += 1
    } else {
        read(&mut at).map(drop)?
    }
    for _ in 0..7 {
        read(&mut at)?;
    }
    for _ in 0..3 {
        at += usize::try_from(read(&mut at)?).unwrap_or(0);
    }
    read(&mut at)
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::*;
    use crate::run::rollback::LookedAt;
    use crate::runner::{afar, files};

    fn sh(directory: &Path, script: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "the programs that make such files")]
        let made = Command::new("bash").args(["-c", script]).current_dir(directory).output().unwrap();
        String::from_utf8_lossy(&made.stdout).into_owned()
    }

    fn seen(looked: &LookedAt) -> Option<Inside> {
        let LookedAt::There(facts) = looked else { panic!("{looked:?}") };
        facts.inside.clone()
    }

    #[test]
    fn what_is_inside_is_seen_here_and_over_a_line() {
        let home = tempfile::tempdir().unwrap();
        let (nothing, something) = (Some(Inside::Nothing), Some(Inside::Something));
        let mut all = Vec::new();
        for program in ["gzip", "xz", "zstd", "bzip2"] {
            all.push((format!("false | {program} -c >F"), nothing.clone()));
            all.push((format!("tar -cf - missing 2>/dev/null | {program} -c >F"), nothing.clone()));
            all.push((format!("echo 'CREATE TABLE a ();' | {program} -c >F"), something.clone()));
            all.push((format!("echo a >a; tar -cf - a | {program} -c >F"), something.clone()));
            all.push((format!("head -c 300000 /dev/urandom | {program} -c >F"), something.clone()));
            all.push((format!("head -c 300000 /dev/zero | {program} -c >F"), something.clone()));
        }
        all.push(("tar -cf F missing 2>/dev/null".into(), nothing.clone()));
        all.push(("{ printf 'PK\\005\\006'; head -c 18 /dev/zero; } >F".into(), nothing));
        all.push(("echo a >a; zip -q F a && mv F.zip F".into(), something));
        all.push(("printf '7z\\xbc\\xaf\\x27\\x1c123' >F".into(), Some(Inside::Unseen("7z".into()))));
        all.push(("echo 'INSERT INTO a VALUES (1);' >F".into(), None));
        for (made, inside) in &all {
            let path = home.path().join("F");
            std::fs::remove_file(&path).ok();
            sh(home.path(), made);
            assert_eq!(seen(&files::look(&path)), *inside, "here: {made}");
            let paths = [path.display().to_string()];
            let there = afar::looked(Some(&sh(home.path(), &afar::look(&paths))), 1);
            assert_eq!(seen(&there[0]), *inside, "over a line: {made}");
        }
    }

    #[test]
    fn where_no_program_unpacks_it_the_beginning_tells() {
        let home = tempfile::tempdir().unwrap();
        for program in ["gzip", "xz", "zstd", "bzip2"] {
            for (input, nothing) in [("false", true), ("echo a", false)] {
                sh(home.path(), &format!("{input} | {program} -c >F"));
                let head = std::fs::read(home.path().join("F")).unwrap();
                let found = inside(&head, &head, None);
                let unseen = matches!(&found, Some(Inside::Unseen(what)) if what.starts_with(program));
                assert_eq!((found == Some(Inside::Nothing), unseen), (nothing, !nothing), "{program}");
            }
        }
    }

    #[test]
    fn the_list_of_a_dump_is_counted() {
        let dump = |version: u8, entries: u8| {
            let int = |n: u8| [0, n, 0, 0, 0];
            let mut bytes = b"PGDMP".to_vec();
            bytes.extend([1, version, 0, 4, 8, 1]);
            if version >= 15 {
                bytes.push(1)
            } else {
                bytes.extend([1, 1, 0, 0, 0])
            }
            bytes.extend(int(7).repeat(7));
            for name in ["app", "16.4", "16.4"] {
                bytes.extend(int(name.len() as u8));
                bytes.extend(name.as_bytes());
            }
            bytes.extend(int(entries));
            bytes
        };
        for version in [14, 15, 16] {
            assert_eq!(dump_entries(&dump(version, 9)), Some(9));
            assert_eq!(inside(&dump(version, 0), b"", None), Some(Inside::Nothing));
            assert_eq!(inside(&dump(version, 3), b"", None), Some(Inside::Something));
        }
        assert_eq!(dump_entries(b"PGDMP\x01"), None, "it is cut off");
    }
}
