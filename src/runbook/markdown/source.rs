//! The text that is parsed: the document without what only marks its containers, and where each byte of it stands.

use std::borrow::Cow;
use std::ops::Range;

/// Bytes of the document that are left out, and what is read in their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// The bytes that are left out.
    pub(super) at: Range<usize>,
    /// What is read instead: nothing, blanks for a part of a tab, or the end of a line.
    pub(super) with: &'static str,
    /// What stands behind it is parsed by itself, since a fence before it was never closed.
    pub(super) parts: bool,
}

/// A text with the places of its bytes in the document.
#[derive(Debug)]
pub(super) struct Source<'t> {
    /// The text to parse.
    pub(super) text: Cow<'t, str>,
    /// Where a new part begins, by bytes of `text`.
    pub(super) breaks: Vec<usize>,
    /// Where pieces begin in `text`, and where that is in the document; in order.
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    text: usize,
    document: usize,
    /// It stands nowhere in the document.
    made: bool,
}

impl<'t> Source<'t> {
    /// The document without the cuts, which are in order; one that begins inside of another is left out.
    pub(super) fn without(document: &'t str, cuts: &[Cut]) -> Self {
        let mut source = Self { text: Cow::Borrowed(document), breaks: vec![], pieces: vec![] };
        if cuts.is_empty() {
            return source;
        }
        let mut text = String::with_capacity(document.len());
        let mut at = 0;
        source.pieces.push(Piece { text: 0, document: 0, made: false });
        for cut in cuts {
            let Some(kept) = document.get(at..cut.at.start) else { continue };
            text.push_str(kept);
            if !cut.with.is_empty() {
                source.pieces.push(Piece { text: text.len(), document: cut.at.start, made: true });
                text.push_str(cut.with);
            }
            at = cut.at.end;
            source.pieces.push(Piece { text: text.len(), document: at, made: false });
            if cut.parts {
                source.breaks.push(text.len());
            }
        }
        text.push_str(document.get(at..).unwrap_or(""));
        source.text = Cow::Owned(text);
        source
    }

    /// The document's byte for a byte of the text.
    pub(super) fn byte(&self, at: usize) -> usize {
        let found = self.pieces.partition_point(|piece| piece.text <= at);
        let Some(piece) = found.checked_sub(1).and_then(|i| self.pieces.get(i)) else { return at };
        if piece.made { piece.document } else { piece.document + (at - piece.text) }
    }

    /// The document's bytes from the first to the last of a range of the text.
    pub(super) fn range(&self, range: Range<usize>) -> Range<usize> {
        let start = self.byte(range.start);
        let end = if range.is_empty() { start } else { self.byte(range.end - 1) + 1 };
        start..end.max(start)
    }

    /// Where the bytes of a piece of the text stand in the document: pairs of a byte of the piece, from which on they
    /// follow each other, and its byte in the document.
    pub(super) fn places(&self, range: Range<usize>) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let behind = self.pieces.partition_point(|piece| piece.text <= at);
            let next = self.pieces.get(behind).map_or(range.end, |piece| piece.text.min(range.end));
            let made = behind.checked_sub(1).and_then(|i| self.pieces.get(i)).is_some_and(|piece| piece.made);
            // Each byte of what is made stands where that is.
            let last = if made { next } else { at + 1 };
            places.extend((at..last).map(|byte| (byte - range.start, self.byte(byte))));
            at = next;
        }
        places
    }
}

/// The cut that takes so many columns of blanks from the beginning of a line; a tab reaches to the next fourth column.
pub(super) fn outdent(line: &str, start: usize, columns: usize) -> Option<Cut> {
    const BLANKS: [&str; 4] = ["", " ", "  ", "   "];
    let (mut column, mut at) = (0, 0);
    for byte in line.bytes() {
        if column >= columns {
            break;
        }
        match byte {
            b' ' => column += 1,
            b'\t' => column += 4 - column % 4,
            _ => break,
        }
        at += 1;
    }
    let over = column.saturating_sub(columns);
    let with = BLANKS.get(over).copied().unwrap_or("");
    (at > 0).then(|| Cut { at: start..start + at, with, parts: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(at: Range<usize>, with: &'static str) -> Cut {
        Cut { at, with, parts: false }
    }

    #[test]
    fn bytes_are_those_of_the_document() {
        let document = "abc\n    def\n\tghi";
        let source = Source::without(document, &[cut(1..3, ""), cut(4..8, ""), cut(12..13, "  ")]);
        assert_eq!(source.text, "a\ndef\n  ghi");
        let places: Vec<usize> = (0..source.text.len()).map(|at| source.byte(at)).collect();
        assert_eq!(places, [0, 3, 8, 9, 10, 11, 12, 12, 13, 14, 15]);
        assert_eq!(source.range(2..5), 8..11);
        assert_eq!(source.range(0..11), 0..16);
        assert_eq!(source.places(1..8), [(0, 3), (1, 8), (5, 12), (6, 12)]);
        let whole = Source::without(document, &[]);
        assert_eq!(whole.places(2..4), [(0, 2)]);
        assert_eq!((whole.byte(7), whole.range(3..3)), (7, 3..3));
    }

    #[test]
    fn a_part_of_a_tab_stays() {
        assert_eq!(outdent("    x", 10, 4), Some(cut(10..14, "")));
        assert_eq!(outdent("\tx", 0, 2), Some(cut(0..1, "  ")));
        assert_eq!(outdent("  x", 0, 4), Some(cut(0..2, "")));
        assert_eq!(outdent("x", 0, 4), None);
    }
}
