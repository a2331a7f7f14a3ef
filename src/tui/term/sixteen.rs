//! Colours as terminals of sixteen know them.
//!
//! The library writes every colour as one of 256 (`38;5;N`), which old terminals don't understand; the first
//! sixteen have sequences of their own (ECMA-48, and aixterm for the bright ones).

use std::io::{self, Write};

/// Writes to a terminal, colours spelt for sixteen.
#[derive(Debug)]
pub(super) struct Sixteen<W> {
    to: W,
    buffer: Vec<u8>,
    on: bool,
}

impl<W: Write> Sixteen<W> {
    /// Spells colours for sixteen, or leaves everything as it is.
    pub(super) fn new(to: W, on: bool) -> Self {
        Self { to, buffer: Vec::new(), on }
    }
}

impl<W: Write> Write for Sixteen<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.buffer);
        let spelt = if self.on { spell(&bytes) } else { bytes };
        self.to.write_all(&spelt)?;
        self.to.flush()
    }
}

/// Replaces `38;5;N` and `48;5;N` in the escape sequences that set colours.
fn spell(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end =
            rest.starts_with(b"\x1b[").then(|| rest.iter().skip(2).position(|b| (0x40..0x7f).contains(b)));
        match end.flatten().map(|end| end + 2) {
            Some(end) if rest[end] == b'm' => {
                out.extend_from_slice(b"\x1b[");
                out.extend_from_slice(parameters(&String::from_utf8_lossy(&rest[2..end])).as_bytes());
                out.push(b'm');
                at += end + 1;
            }
            _ => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

fn parameters(text: &str) -> String {
    let mut numbers = text.split(';');
    let mut spelt: Vec<String> = Vec::new();
    while let Some(number) = numbers.next() {
        let mut ahead = numbers.clone();
        let colour = match (number, ahead.next()) {
            ("38" | "48", Some("5")) => ahead.next().and_then(|n| n.parse::<u8>().ok()).filter(|n| *n < 16),
            _ => None,
        };
        match colour {
            Some(colour) => {
                let base = if number == "38" { 30 } else { 40 };
                spelt.push((base + colour % 8 + if colour >= 8 { 60 } else { 0 }).to_string());
                numbers = ahead;
            }
            None => spelt.push(number.to_owned()),
        }
    }
    spelt.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_sixteen_are_spelt_as_old_terminals_know_them() {
        let spelt = |text: &str| String::from_utf8(spell(text.as_bytes())).unwrap();
        assert_eq!(spelt("\x1b[38;5;2mgo\x1b[0m"), "\x1b[32mgo\x1b[0m");
        assert_eq!(spelt("\x1b[1;48;5;9;38;5;0mX\x1b[2;3H"), "\x1b[1;101;30mX\x1b[2;3H");
        assert_eq!(spelt("\x1b[38;5;200m\x1b["), "\x1b[38;5;200m\x1b[");
    }
}
