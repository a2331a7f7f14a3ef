//! A recording as asciicast v2 (docs.asciinema.org/manual/asciicast/v2), for players: an export, never read back.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::ExecError;
use super::recording::raw_path;
use super::screen::Size;
use crate::run::Attempt;
use crate::runbook::CommandId;

/// Recordings beyond this are not turned into one: players hold all of it in memory.
const LARGEST: u64 = 32 << 20;

/// The recording of a command as an asciicast; nothing where there is none, or where it is too large for players.
pub fn cast(
    directory: &Path,
    (command, attempt): (&CommandId, Attempt),
    title: &str,
    began_s: i64,
) -> Result<Option<String>, ExecError> {
    let path = raw_path(directory, command, attempt);
    let failed = |source| ExecError::Recording { what: "read", path: path.clone(), source };
    let known = fs::metadata(&path).map(|m| m.len());
    let (Ok(length), Ok(index)) = (known, File::open(path.with_extension("idx"))) else { return Ok(None) };
    if length > LARGEST {
        return Ok(None);
    }
    let mut raw = BufReader::new(File::open(&path).map_err(failed)?);
    let mut events = String::new();
    let mut size = Size::LOGICAL;
    let mut begun = false;
    let mut cut = Vec::new();
    for line in BufReader::new(index).lines() {
        let line = line.map_err(failed)?;
        let words: Vec<&str> = line.split(' ').collect();
        let Some(seconds) = words.first().and_then(|ms| ms.parse::<f64>().ok()).map(|ms| ms / 1000.0) else {
            continue;
        };
        match words.as_slice() {
            [_, "size", columns, rows] => {
                let (Ok(columns), Ok(rows)) = (columns.parse(), rows.parse()) else { continue };
                if begun {
                    events.push_str(&format!("[{seconds:.3}, \"r\", \"{columns}x{rows}\"]\n"));
                } else {
                    size = Size { columns, rows };
                }
            }
            [_, "o" | "e" | "g", length] => {
                let Ok(length) = length.parse::<u64>() else { continue };
                // An index that says more than is there was damaged.
                let mut bytes = Vec::new();
                let read = (&mut raw).take(length).read_to_end(&mut bytes).map_err(failed)?;
                if (read as u64) < length {
                    break;
                }
                begun = true;
                cut.extend(bytes);
                let text = complete(&mut cut);
                let text = serde_json::Value::String(text).to_string();
                events.push_str(&format!("[{seconds:.3}, \"o\", {text}]\n"));
            }
            _ => {}
        }
    }
    let head = serde_json::json!({
        "version": 2, "width": size.columns, "height": size.rows, "timestamp": began_s, "title": title,
    });
    Ok(Some(format!("{head}\n{events}")))
}

/// Takes the text out of bytes, but for a character that is only half there; what is no text is shown as such.
fn complete(bytes: &mut Vec<u8>) -> String {
    let end = match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    };
    let rest = bytes.split_off(end);
    String::from_utf8_lossy(&std::mem::replace(bytes, rest)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::super::recording::{Bound, Recorder};
    use super::*;

    #[test]
    fn a_recording_plays_as_it_was_and_no_character_is_cut() {
        let directory = tempfile::tempdir().unwrap();
        let command = CommandId("1".into());
        let mut recorder = Recorder::create(directory.path(), &command, Attempt(1), Bound::USUAL).unwrap();
        recorder.size(Size { columns: 80, rows: 24 });
        recorder.write(0, b"gr\xc3").unwrap();
        recorder.write(1, b"\xbcn\r\n").unwrap();
        recorder.size(Size { columns: 100, rows: 30 });
        recorder.write(0, b"\xff\x1b[1mend").unwrap();
        recorder.finish().unwrap();
        let cast = cast(directory.path(), (&command, Attempt(1)), "1 ls", 7).unwrap().unwrap();
        let lines: Vec<serde_json::Value> = cast.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(lines[0]["width"], 80);
        let kinds: Vec<&str> = lines[1..].iter().map(|l| l[1].as_str().unwrap()).collect();
        assert_eq!(kinds, ["o", "o", "r", "o"]);
        let text: String =
            lines[1..].iter().filter(|l| l[1] == "o").map(|l| l[2].as_str().unwrap()).collect();
        assert_eq!(text, "grün\r\n\u{fffd}\u{1b}[1mend");
    }
}
