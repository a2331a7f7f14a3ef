//! Reports of a shell that has nothing but its terminal: escape sequences in its output, told from everything else by
//! the number of the shell that writes them. They never reach screen or recording.

/// How a report begins; the shell's number and its fields follow, parted by [`FIELD`], up to a BEL.
const BEGIN: &[u8] = b"\x1b]7717;@";
const FIELD: u8 = 0x1f;
const END: u8 = 7;

/// A longer one is no report: what a program writes must not be held back for ever.
const LONGEST: usize = 4 * 1024 * 1024;

/// A part of what a terminal showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What programs wrote.
    Bytes(Vec<u8>),
    /// A report: which shell's, which of its messages it answers, and its fields.
    Report {
        /// The shell's number.
        nonce: String,
        /// The number of the message that it took last.
        answers: u64,
        /// The fields, as a shell with descriptors reports them.
        fields: Vec<String>,
    },
}

/// Finds reports, wherever chunks are cut.
#[derive(Debug, Default)]
pub struct Band {
    held: Vec<u8>,
}

impl Band {
    /// The parts of a chunk, in order; the beginning of a report is held back.
    pub fn feed(&mut self, chunk: &[u8]) -> Vec<Part> {
        self.held.extend_from_slice(chunk);
        let mut parts = Vec::new();
        let mut bytes = Vec::new();
        let mut at = 0;
        while let Some(escape) = self.held[at..].iter().position(|b| *b == BEGIN[0]) {
            let start = at + escape;
            let rest = &self.held[start..];
            bytes.extend_from_slice(&self.held[at..start]);
            at = start;
            if rest.starts_with(BEGIN) {
                match rest.iter().position(|b| *b == END) {
                    Some(end) => {
                        if !bytes.is_empty() {
                            parts.push(Part::Bytes(std::mem::take(&mut bytes)));
                        }
                        parts.extend(report(&rest[BEGIN.len()..end]));
                        at += end + 1;
                        continue;
                    }
                    None if rest.len() < LONGEST => break,
                    None => {}
                }
            } else if BEGIN.starts_with(rest) {
                break;
            }
            bytes.push(BEGIN[0]);
            at += 1;
        }
        let holds = self.held[at..].first() == Some(&BEGIN[0]);
        if !holds {
            bytes.extend_from_slice(&self.held[at..]);
            at = self.held.len();
        }
        self.held.drain(..at);
        if !bytes.is_empty() {
            parts.push(Part::Bytes(bytes));
        }
        parts
    }
}

fn report(body: &[u8]) -> Option<Part> {
    let mut fields = body.split(|b| *b == FIELD).map(plain);
    let (nonce, answers) = (fields.next()?, fields.next()?.parse().ok()?);
    Some(Part::Report { nonce, answers, fields: fields.collect() })
}

/// A field without its escapes.
fn plain(field: &[u8]) -> String {
    let text = String::from_utf8_lossy(field);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('a') => out.push('\u{7}'),
            Some('e') => out.push('\u{1b}'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('u') => out.push('\u{1f}'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// A message for such a shell, as its terminal takes it: nothing in it is a signal or a line end, but for what ends it.
pub fn message(nonce: &str, number: u64, body: &str, end: u8) -> Vec<u8> {
    let mut bytes = format!("@{nonce};{number};").into_bytes();
    for byte in body.bytes().filter(|b| *b != 0) {
        match byte {
            // `%b` of printf(1) takes them back.
            b'\\' | 0..=0x1f | 0x7f => bytes.extend(format!("\\0{byte:03o}").bytes()),
            byte => bytes.push(byte),
        }
    }
    bytes.push(end);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_found_wherever_they_are_cut() {
        let report = b"\x1b]7717;@n1\x1f3\x1fend\x1f0\x1fa\\\\b\\n\\u\x07".as_slice();
        let bytes = [b"out\x1b[31m".as_slice(), report, b"after"].concat();
        for cut in 0..bytes.len() {
            let mut band = Band::default();
            let mut parts = band.feed(&bytes[..cut]);
            parts.extend(band.feed(&bytes[cut..]));
            let (mut out, mut reports) = (Vec::new(), Vec::new());
            for part in parts {
                match part {
                    Part::Bytes(bytes) => out.extend(bytes),
                    Part::Report { nonce, answers, fields } => reports.push((nonce, answers, fields)),
                }
            }
            assert_eq!(out, b"out\x1b[31mafter", "cut at {cut}");
            let fields = vec!["end".to_owned(), "0".into(), "a\\b\n\u{1f}".into()];
            assert_eq!(reports, [("n1".to_owned(), 3, fields)], "cut at {cut}");
        }
    }

    #[test]
    fn a_message_has_nothing_that_a_terminal_acts_on() {
        assert_eq!(message("n", 7, "Ra\n\\\u{3}ü", 0), "@n;7;Ra\\0012\\0134\\0003ü\0".as_bytes());
    }
}
