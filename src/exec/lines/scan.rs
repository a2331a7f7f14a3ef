//! What escape sequences a stretch of output holds, and what colours it leaves behind.

use crate::protocol::{Colour, Style};

/// How a stretch of output has to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// Text with line ends.
    Plain,
    /// Text with line ends and colours.
    Coloured,
    /// Its program moved the cursor: an emulator has to say what it looks like.
    Drawn,
}

/// What is in force where a stretch begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) style: Style,
    pub(super) alternate: bool,
}

/// Reads through `bytes`; `carried` is changed to what is in force at their end.
pub(super) fn scan(bytes: &[u8], carried: &mut Carried) -> Class {
    let mut class = if carried.alternate { Class::Drawn } else { Class::Plain };
    if !bytes.iter().any(|b| *b < 0x20 && *b != b'\n' && *b != b'\t') {
        return class;
    }
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            0x1b => {
                let (sequence, length) = Sequence::parse(&bytes[at..]);
                match sequence {
                    Sequence::Colours(parameters) if apply(parameters, &mut carried.style) => {
                        class = class.max(Class::Coloured);
                    }
                    Sequence::Alternate(on) => {
                        carried.alternate = on;
                        class = Class::Drawn;
                    }
                    Sequence::Colours(_) | Sequence::Other => class = Class::Drawn,
                }
                at += length;
                continue;
            }
            b'\r' if matches!(bytes.get(at + 1), Some(b'\n' | b'\r') | None) => {}
            b'\n' | b'\t' => {}
            0..0x20 => class = Class::Drawn,
            _ => {}
        }
        at += 1;
    }
    class
}

/// An escape sequence as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequence<'b> {
    /// Select Graphic Rendition (ECMA-48, 8.3.117), with its parameters.
    Colours(&'b [u8]),
    /// The alternate screen is taken or left.
    Alternate(bool),
    /// Anything else.
    Other,
}

impl<'b> Sequence<'b> {
    /// Parses the sequence at the front of `bytes`, which begins with ESC, and gives its length.
    pub(super) fn parse(bytes: &'b [u8]) -> (Self, usize) {
        match bytes.get(1) {
            Some(b'[') => {
                let body = &bytes[2..];
                let end = body.iter().take(64).position(|b| (0x40..0x7f).contains(b));
                let Some(end) = end else { return (Sequence::Other, 2) };
                let parameters = &body[..end];
                let screen = matches!(parameters, b"?1049" | b"?1047" | b"?47");
                let sequence = match body[end] {
                    b'm' => Sequence::Colours(parameters),
                    final_byte @ (b'h' | b'l') if screen => Sequence::Alternate(final_byte == b'h'),
                    _ => Sequence::Other,
                };
                (sequence, end + 3)
            }
            _ => (Sequence::Other, 1),
        }
    }
}

/// Applies parameters of SGR; false where some are not known, so that an emulator has to look at them.
pub(super) fn apply(parameters: &[u8], style: &mut Style) -> bool {
    let Ok(text) = std::str::from_utf8(parameters) else { return false };
    let mut numbers = text.split(';').map(|n| if n.is_empty() { Some(0) } else { n.parse::<u16>().ok() });
    while let Some(number) = numbers.next() {
        let Some(number) = number else { return false };
        match number {
            0 => *style = Style::default(),
            1 => style.bold = true,
            2 => style.dim = true,
            3 => style.italic = true,
            4 => style.underline = true,
            7 => style.reverse = true,
            22 => (style.bold, style.dim) = (false, false),
            23 => style.italic = false,
            24 => style.underline = false,
            27 => style.reverse = false,
            30..=37 => style.fg = Colour::Indexed(number as u8 - 30),
            40..=47 => style.bg = Colour::Indexed(number as u8 - 40),
            90..=97 => style.fg = Colour::Indexed(number as u8 - 90 + 8),
            100..=107 => style.bg = Colour::Indexed(number as u8 - 100 + 8),
            39 => style.fg = Colour::Default,
            49 => style.bg = Colour::Default,
            38 | 48 => {
                let mut next = || numbers.next().flatten().and_then(|n| u8::try_from(n).ok());
                let colour = match next() {
                    Some(5) => next().map(Colour::Indexed),
                    Some(2) => next().zip(next()).zip(next()).map(|((r, g), b)| Colour::Rgb(r, g, b)),
                    _ => None,
                };
                let Some(colour) = colour else { return false };
                *(if number == 38 { &mut style.fg } else { &mut style.bg }) = colour;
            }
            _ => return false,
        }
    }
    true
}

/// The sequence that brings a style about.
pub(super) fn sequence(style: Style) -> String {
    let flags =
        [(style.bold, 1), (style.dim, 2), (style.italic, 3), (style.underline, 4), (style.reverse, 7)];
    let mut text = "\x1b[0".to_owned();
    for (_, number) in flags.into_iter().filter(|(on, _)| *on) {
        text.push_str(&format!(";{number}"));
    }
    for (colour, base) in [(style.fg, 38), (style.bg, 48)] {
        match colour {
            Colour::Default => {}
            Colour::Indexed(n) => text.push_str(&format!(";{base};5;{n}")),
            Colour::Rgb(r, g, b) => text.push_str(&format!(";{base};2;{r};{g};{b}")),
        }
    }
    text + "m"
}
