//! Finds the end mark in an output stream, wherever chunks are cut.

use super::super::shell::END_MARK;

/// One of the two output streams: finds the end mark, wherever chunks are cut.
#[derive(Default)]
pub(super) struct Stream {
    held: Vec<u8>,
    /// The mark has come by: all output of the command was read.
    pub(super) mark_seen: bool,
}

impl Stream {
    /// The bytes of `chunk` without marks; the beginning of one is held back.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Vec<u8> {
        self.held.extend_from_slice(chunk);
        let mut out = Vec::with_capacity(self.held.len());
        let mut at = 0;
        while let Some(escape) = self.held[at..].iter().position(|b| *b == END_MARK[0]) {
            let start = at + escape;
            let rest = &self.held[start..];
            if rest.starts_with(END_MARK) {
                out.extend_from_slice(&self.held[at..start]);
                self.mark_seen = true;
                at = start + END_MARK.len();
            } else if END_MARK.starts_with(rest) {
                out.extend_from_slice(&self.held[at..start]);
                self.held.drain(..start);
                return out;
            } else {
                out.extend_from_slice(&self.held[at..=start]);
                at = start + 1;
            }
        }
        out.extend_from_slice(&self.held[at..]);
        self.held.clear();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_mark_is_found_wherever_it_is_cut() {
        let bytes = [b"out\x1b[31m".as_slice(), END_MARK, b"after"].concat();
        for cut in 0..bytes.len() {
            let mut stream = Stream::default();
            let mut out = stream.feed(&bytes[..cut]);
            out.extend(stream.feed(&bytes[cut..]));
            assert_eq!(out, b"out\x1b[31mafter", "cut at {cut}");
            assert!(stream.mark_seen);
        }
    }
}
