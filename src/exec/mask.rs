//! Replaces declared secrets in a stream before anything is drawn or written.
//!
//! A mask has the value's width. What may be the beginning of a secret is held back until the next chunk
//! or a flush.

/// The shortest value that is masked wherever it stands; shorter ones would blank innocent text.
pub const SHORTEST: usize = 6;

/// Masks values in a byte stream.
#[derive(Clone, Debug, Default)]
pub struct Masker {
    values: Vec<Vec<u8>>,
    held: Vec<u8>,
}

impl Masker {
    /// Adds a value. Values under [`SHORTEST`] bytes are left alone.
    pub fn add(&mut self, value: &str) {
        if value.len() >= SHORTEST && !self.values.iter().any(|v| v == value.as_bytes()) {
            self.values.push(value.as_bytes().to_vec());
            // The longest first, so that a value containing another is masked whole.
            self.values.sort_by_key(|v| std::cmp::Reverse(v.len()));
        }
    }

    /// Masks `chunk`, holding back what may be the beginning of a value.
    pub fn feed(&mut self, chunk: &[u8]) -> Vec<u8> {
        if self.values.is_empty() {
            return chunk.to_vec();
        }
        self.held.extend_from_slice(chunk);
        self.replace();
        let keep = self.open_prefix();
        let rest = self.held.split_off(self.held.len() - keep);
        std::mem::replace(&mut self.held, rest)
    }

    /// Whether something is held back.
    pub fn holds(&self) -> bool {
        !self.held.is_empty()
    }

    /// Gives out what is held back.
    pub fn flush(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    /// Masks a whole text.
    pub fn text(&self, text: &str) -> String {
        let mut whole = Masker { values: self.values.clone(), held: text.as_bytes().to_vec() };
        whole.replace();
        String::from_utf8_lossy(&whole.held).into_owned()
    }

    fn replace(&mut self) {
        for value in &self.values {
            let mut at = 0;
            while let Some(found) = find(&self.held[at..], value) {
                let start = at + found;
                self.held[start..start + value.len()].fill(b'*');
                at = start + value.len();
            }
        }
    }

    /// The length of the longest end that begins a value.
    fn open_prefix(&self) -> usize {
        let longest =
            |value: &Vec<u8>| (1..value.len()).rev().find(|n| self.held.ends_with(&value[..*n])).unwrap_or(0);
        self.values.iter().map(longest).max().unwrap_or(0)
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn never_leaks_across_any_chunking(before in "[a-s]{0,9}", after in "[a-s]{0,9}", cuts in proptest::collection::vec(0usize..40, 0..6)) {
            let secret = "s3cr3ts3cr3tX";
            let text = format!("{before}{secret}{after}{secret}");
            let mut masker = Masker::default();
            masker.add(secret);
            let mut cuts: Vec<usize> = cuts.into_iter().map(|c| c.min(text.len())).collect();
            cuts.push(0);
            cuts.push(text.len());
            cuts.sort_unstable();
            let mut out = Vec::new();
            for pair in cuts.windows(2) {
                out.extend(masker.feed(&text.as_bytes()[pair[0]..pair[1]]));
            }
            out.extend(masker.flush());
            let out = String::from_utf8(out).unwrap();
            let stars = "*".repeat(secret.len());
            proptest::prop_assert_eq!(out, format!("{before}{stars}{after}{stars}"));
        }
    }

    #[test]
    fn short_values_are_left_alone() {
        let mut masker = Masker::default();
        masker.add("abc");
        assert_eq!(masker.text("abc def"), "abc def");
    }
}
