//! The seal of a recording: one hash over its files, in the journal with the command's end.

use crate::runbook::hash::sha256_hex;

/// The files of a recording, by extension: bytes, times, keyframes.
pub const PARTS: [&str; 3] = ["raw", "idx", "key"];

/// The seal: SHA-256 in hexadecimal over a line a file, in the order of [`PARTS`]; `-` for a file that is not there.
pub fn seal(hashes: [Option<&str>; 3]) -> String {
    let lines = PARTS.iter().zip(hashes).map(|(part, hash)| format!("{part} {}\n", hash.unwrap_or("-")));
    sha256_hex(lines.collect::<String>().as_bytes())
}
