//! What each byte of a shell text stands in: quotes, comments, here-documents.

use std::ops::Range;

/// What a byte stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    /// No quotes.
    Plain,
    /// Single quotes, `$'…'` as well.
    Single,
    /// Double quotes.
    Double,
    /// Behind a backslash, and the backslash itself.
    Escaped,
    /// A comment.
    Comment,
    /// A here-document in which variables are expanded.
    Document,
    /// A here-document with a quoted end word: all of it is data.
    Data,
}

impl In {
    /// Whether a `$` here is the shell's.
    pub(super) fn expands(self) -> bool {
        matches!(self, Self::Plain | Self::Double | Self::Document)
    }

    /// Whether what stands here is text for a program.
    pub(super) fn is_quoted(self) -> bool {
        matches!(self, Self::Single | Self::Double)
    }
}

/// A here-document that is still to come.
struct Pending {
    end: String,
    tabs: bool,
    data: bool,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    found: Vec<In>,
    /// The quotes and substitutions that are open, with the brackets that are open in each.
    open: Vec<(In, usize)>,
    pending: Vec<Pending>,
}

/// What each byte of a text stands in.
pub(super) fn quoting(text: &str) -> Vec<In> {
    let found = vec![In::Plain; text.len()];
    let mut reader = Reader { text, at: 0, found, open: vec![(In::Plain, 0)], pending: vec![] };
    while reader.at < text.len() {
        reader.step();
    }
    reader.found
}

impl Reader<'_> {
    fn step(&mut self) {
        let byte = self.text.as_bytes()[self.at];
        let within = self.open.last().map_or(In::Plain, |(within, _)| *within);
        match (within, byte) {
            (In::Plain, b'\n') => {
                self.take(1, In::Plain);
                self.documents();
            }
            (In::Plain | In::Double, b'\\') => self.take(2, In::Escaped),
            (In::Plain, b'\'') => self.single(),
            (In::Plain, b'"') => self.enter(1, In::Double),
            (In::Double, b'"') => {
                self.take(1, In::Double);
                self.open.pop();
            }
            (In::Plain | In::Double, b'$') if self.rest().starts_with("$(") => self.enter(2, In::Plain),
            (In::Plain, b'#') if self.begins_word() => {
                let length = self.rest().find('\n').unwrap_or(self.rest().len());
                self.take(length, In::Comment);
            }
            (In::Plain, b'<') if self.rest().starts_with("<<<") => self.take(3, In::Plain),
            (In::Plain, b'<') if self.rest().starts_with("<<") => self.document(),
            (In::Plain, b'(') => self.bracket(true),
            (In::Plain, b')') => self.bracket(false),
            _ => self.take(1, within),
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Marks so many bytes, and goes on behind them, at a character's begin.
    fn take(&mut self, bytes: usize, within: In) {
        let mut end = (self.at + bytes).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.found[self.at..end].fill(within);
        self.at = end;
    }

    fn enter(&mut self, bytes: usize, within: In) {
        self.take(bytes, within);
        self.open.push((within, 0));
    }

    fn single(&mut self) {
        let dollar = self.text[..self.at].ends_with('$');
        let (mut length, mut escaped) = (1, false);
        for c in self.rest()[1..].chars() {
            length += c.len_utf8();
            if c == '\'' && !escaped {
                break;
            }
            escaped = dollar && c == '\\' && !escaped;
        }
        self.take(length, In::Single);
    }

    fn bracket(&mut self, opens: bool) {
        let substituted = self.open.len() > 1;
        if let Some((_, depth)) = self.open.last_mut() {
            if opens {
                *depth += 1;
            } else if *depth > 0 {
                *depth -= 1;
            } else if substituted {
                self.open.pop();
            }
        }
        self.take(1, In::Plain);
    }

    fn begins_word(&self) -> bool {
        self.text[..self.at].chars().next_back().is_none_or(|c| c.is_whitespace() || ";&|(".contains(c))
    }

    /// `<<-'END'`: remembers the here-document that begins behind the line's end.
    fn document(&mut self) {
        let arithmetic = self.text[..self.at].rfind("((").is_some_and(|open| {
            !self.text[open..self.at].contains("))") && !self.text[open..self.at].contains('\n')
        });
        let rest = &self.rest()[2..];
        let tabs = rest.starts_with('-');
        let word = rest.trim_start_matches('-').trim_start_matches([' ', '\t']);
        let length = word.find(|c: char| c.is_whitespace() || ";&|<>()".contains(c)).unwrap_or(word.len());
        let raw = &word[..length];
        let end: String = raw.chars().filter(|c| !"'\"\\".contains(*c)).collect();
        let skipped = rest.len() - word.len() + length + 2;
        let data = end != raw;
        if !arithmetic && end.starts_with(|c: char| c.is_alphanumeric() || "_!-.".contains(c)) {
            self.pending.push(Pending { end, tabs, data });
        }
        self.take(skipped, In::Plain);
    }

    /// The here-documents that begin on this line.
    fn documents(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            while self.at < self.text.len() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or("").to_owned();
                let bare = line.trim_end_matches(['\n', '\r']);
                let bare = if pending.tabs { bare.trim_start_matches('\t') } else { bare };
                if bare == pending.end {
                    self.take(line.len(), In::Plain);
                    break;
                }
                let start = self.at;
                self.take(line.len(), if pending.data { In::Data } else { In::Document });
                if !pending.data {
                    for (at, _) in line.match_indices("\\$") {
                        self.found[start + at..start + at + 2].fill(In::Escaped);
                    }
                }
            }
        }
    }
}

/// The quoted text around a byte, without the quotes.
pub(super) fn quoted_around(quoting: &[In], at: usize) -> Range<usize> {
    let within = quoting[at];
    let start = quoting[..at].iter().rposition(|w| *w != within && *w != In::Escaped).map_or(0, |p| p + 1);
    let end = quoting[at..].iter().position(|w| *w != within && *w != In::Escaped);
    start..end.map_or(quoting.len(), |end| at + end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, what: &str) -> In {
        quoting(text)[text.find(what).unwrap()]
    }

    #[test]
    fn each_byte_stands_in_something() {
        assert_eq!(at("echo 'a $X'", "$X"), In::Single);
        assert_eq!(at("echo \"a $X\"", "$X"), In::Double);
        assert_eq!(at("echo \"$(cat '$X')\"", "$X"), In::Single);
        assert_eq!(at("echo \"$(cat $X) y\"", " y"), In::Double);
        assert_eq!(at("echo \\$X", "$X"), In::Escaped);
        assert_eq!(at("ls # it's $X", "$X"), In::Comment);
        assert_eq!(at("echo a#b $X", "$X"), In::Plain);
        assert_eq!(at("cat <<EOF\nit's $X\nEOF\n", "$X"), In::Document);
        assert_eq!(at("cat <<'EOF' > f\n$X\nEOF\n", "$X"), In::Data);
        assert_eq!(at("cat <<-\"E\"\n\tx\n\tE\necho $X", "$X"), In::Plain);
        assert_eq!(at("cat <<EOF\n\\$X\nEOF", "$X"), In::Escaped);
        assert_eq!(at("A=$((1 << 3))\necho $X", "$X"), In::Plain);
        assert_eq!(at("cat <<< $X", "$X"), In::Plain);
        assert_eq!(at("echo $'it\\'s $X'", "$X"), In::Single);
    }
}
