//! Looks at files and processes where the shell is, when that is not this machine: by small scripts that change
//! nothing, for any POSIX shell with the usual tools.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;

use super::dump::{complete, drops};
use super::inside::{UNPACK, inside, unpacked};
use crate::exec::proc;
use crate::run::event::Survivor;
use crate::run::rollback::{FileFacts, LookedAt};
use crate::run::verdict::compose;
use crate::shell::quote::quote;

/// Prints a line for each path: what it is, its size, time and hash, its beginning and its end, and what it begins with
/// inside.
const LOOK: &str = r#"
for f; do
  if [ ! -e "$f" ]; then echo "N it does not exist"
  elif [ ! -f "$f" ]; then echo "N it is not a plain file"
  elif [ ! -r "$f" ]; then echo "N it can't be read"
  else
    echo "F $(stat -c '%s %Y' "$f") $(sha256sum <"$f" | cut -c1-64) $(head -c 65536 "$f" | base64 | tr -d '\n') $(tail -c 4096 "$f" | base64 | tr -d '\n') $(unpacked)"
  fi
done"#;

/// A script that looks at files.
pub(super) fn look(paths: &[String]) -> String {
    let mut script = format!("unpacked() {{\n{UNPACK}\n}}\nset --");
    for path in paths {
        let _infallible = write!(script, " {}", quote(path));
    }
    script + LOOK
}

/// What it printed, for each of the paths it was asked about.
pub(super) fn looked(output: Option<&str>, paths: usize) -> Vec<LookedAt> {
    let unknown = || LookedAt::Not("gonogo could not check it on that host".into());
    let mut found: Vec<LookedAt> =
        output.unwrap_or_default().lines().map(|l| line(l).unwrap_or_else(unknown)).collect();
    found.resize_with(paths, unknown);
    found
}

fn line(text: &str) -> Option<LookedAt> {
    if let Some(why) = text.strip_prefix("N ") {
        return Some(LookedAt::Not(why.to_owned()));
    }
    // An empty file has no beginning and no end.
    let mut fields = text.strip_prefix("F ")?.split(' ');
    let bytes: u64 = fields.next()?.parse().ok()?;
    let changed = DateTime::from_timestamp(fields.next()?.parse().ok()?, 0);
    let sha256 = fields.next().filter(|h| h.len() == 64)?.to_owned();
    let part = |field: Option<&str>| STANDARD.decode(field.unwrap_or_default()).unwrap_or_default();
    let (head, tail) = (part(fields.next()), part(fields.next()));
    let (complete, drops) = (complete(&head, &tail, bytes), drops(&head));
    let unpacked = fields.next().and_then(unpacked);
    let inside = inside(&head, &tail, unpacked.as_deref());
    Some(LookedAt::There(FileFacts { bytes, sha256, complete, changed, drops, inside }))
}

/// A script that prints the compose files that a compose command looks at; nothing for what is none.
pub(super) fn compose_files(text: &str, directory: &str) -> Option<String> {
    let named = compose::files(text)?;
    let go = format!("cd {} || exit 1; ", quote(directory));
    if !named.is_empty() {
        let files: Vec<String> = named.iter().map(|n| quote(n)).collect();
        return Some(format!("{go}cat -- {}", files.join(" ")));
    }
    // As compose finds it: named in the environment, in the `.env` beside it, or by its usual name.
    Some(
        go + r#"
[ -n "$COMPOSE_FILE" ] || COMPOSE_FILE=$(sed -n 's/^COMPOSE_FILE=//p' .env 2>/dev/null | tail -n 1)
if [ -n "$COMPOSE_FILE" ]; then IFS=:; cat -- $COMPOSE_FILE; exit; fi
for f in compose.yaml compose.yml docker-compose.yml docker-compose.yaml; do
  if [ -f "$f" ]; then cat -- "$f"; exit; fi
done; exit 1"#,
    )
}

/// The services in what it printed.
pub(super) fn services(output: Option<&str>) -> Option<Vec<String>> {
    compose::services(output?)
}

/// A script that prints processes which carry a mark of a run, but for the shell that asks.
pub(super) fn survivors(mark: &str) -> String {
    let mark = quote(&format!("GONOGO_RUN={mark}"));
    format!(
        r#"for e in /proc/[0-9]*/environ; do
  p=${{e#/proc/}}; p=${{p%/environ}}
  if [ "$p" = "$$" ] || [ "$p" = "$PPID" ]; then continue; fi
  tr '\0' '\n' <"$e" 2>/dev/null | grep -qxF {mark} || continue
  s=$(sed 's/.*) //' "/proc/$p/stat" 2>/dev/null | cut -d' ' -f20)
  c=$(tr '\0' ' ' <"/proc/$p/cmdline" 2>/dev/null)
  if [ -n "$c" ]; then printf '%s %s %s\n' "$p" "${{s:-0}}" "$c"; fi
done"#
    )
}

/// The processes in what it printed. Of their words only the first is told, and what may be.
pub(super) fn survived(output: &str, may_be_told: &dyn Fn(&str) -> bool) -> Vec<Survivor> {
    let one = |line: &str| {
        let mut words = line.split(' ').filter(|w| !w.is_empty());
        let (pid, started) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Survivor { pid, started, command: proc::told(words, may_be_told) })
    };
    output.lines().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn run(script: &str) -> String {
        #[expect(clippy::disallowed_methods, reason = "the script is run by a shell of this machine")]
        let output = Command::new("sh").args(["-c", script]).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn files_are_seen_afar_as_they_are_here() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name).display().to_string();
        let text = format!(
            "--\n-- PostgreSQL database dump\n{}-- PostgreSQL database dump complete\n",
            "x\n".repeat(9000)
        );
        std::fs::write(at("it's whole.sql"), &text).unwrap();
        std::fs::write(at("empty"), "").unwrap();
        let paths =
            [at("it's whole.sql"), at("empty"), at("missing"), directory.path().display().to_string()];
        let found = looked(Some(&run(&look(&paths))), paths.len());
        for (path, found) in paths.iter().zip(&found).take(2) {
            let LookedAt::There(afar) = found else { panic!("{path}: {found:?}") };
            let LookedAt::There(here) = super::super::files::look(path.as_ref()) else { panic!("{path}") };
            assert_eq!((afar.bytes, &afar.sha256, afar.complete), (here.bytes, &here.sha256, here.complete));
        }
        assert_eq!(found[2], LookedAt::Not("it does not exist".into()));
        assert_eq!(found[3], LookedAt::Not("it is not a plain file".into()));
        assert!(matches!(&looked(None, 1)[0], LookedAt::Not(why) if why.contains("could not")));
    }

    #[test]
    fn the_compose_file_is_found_as_compose_finds_it() {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path().display().to_string();
        std::fs::create_dir(directory.path().join("services")).unwrap();
        std::fs::write(directory.path().join("services/c.yml"), "services:\n  db:\n    image: x\n").unwrap();
        let seen = |text: &str| services(Some(&run(&compose_files(text, &at).unwrap())));
        assert_eq!(seen("docker-compose ps"), None);
        std::fs::write(directory.path().join(".env"), "A=1\nCOMPOSE_FILE=services/c.yml\n").unwrap();
        assert_eq!(seen("docker compose ps"), Some(vec!["db".into()]));
        assert_eq!(seen("docker compose -f services/c.yml ps"), Some(vec!["db".into()]));
        assert!(compose_files("docker ps", &at).is_none());
    }

    #[test]
    fn survivors_are_told_with_the_words_that_may_be() {
        #[expect(clippy::disallowed_methods, reason = "a process to be found")]
        let mut child = Command::new("sleep").arg("1000").env("GONOGO_RUN", "afar-test").spawn().unwrap();
        let output = run(&survivors("afar-test"));
        let found = survived(&output, &|word| word == "1000");
        let _gone = child.kill();
        let _reaped = child.wait();
        assert_eq!(found.len(), 1, "{output}");
        assert_eq!((found[0].pid, found[0].command.as_str()), (child.id(), "sleep 1000"));
        assert!(found[0].started > 0);
        assert_eq!(survived("7 1 psql -c secret\n", &|_| false)[0].command, "psql … …");
    }
}
