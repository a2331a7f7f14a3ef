//! Text as it may be shown: what a terminal would act on, and what nobody would see, is written out.
//!
//! 1. Control characters below U+0080 stand in caret notation (`^[`, `^M`, `^?`), everything else by its number
//!    (`<U+202E>`).
//! 2. A line end keeps its meaning where lines are meant, and a tab everywhere.
//! 3. A joiner (U+200D) between two emoji stays, and the selector of its look behind one: they hide nothing, and a family
//!    would fall apart without them.

use std::borrow::Cow;

/// Whether a character has no sign of its own: it acts on a terminal, turns the direction of writing, or is not seen.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// A text of lines.
pub fn text(text: &str) -> Cow<'_, str> {
    written(text, true)
}

/// A text that is to stand on one line.
pub fn line(text: &str) -> Cow<'_, str> {
    written(text, false)
}

/// A text in JSON: such characters stand in strings only, and there by their number.
pub fn json(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unseen(c) && c != '\n' {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\t'))
}

fn written(text: &str, lines: bool) -> Cow<'_, str> {
    let meant = |c: char| c == '\t' || lines && c == '\n';
    if is_plain(text) || !text.chars().any(|c| is_unseen(c) && !meant(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let (mut before, mut selected) = (None, false);
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let after = rest.clone().next();
        match c {
            c if !is_unseen(c) || meant(c) || belongs(c, (before, selected), after) => out.push(c),
            // A line end of two characters is one.
            '\r' if lines && after == Some('\n') => out.push(c),
            '\0'..='\x1f' => out.extend(['^', char::from(c as u8 + b'@')]),
            '\x7f' => out.push_str("^?"),
            c => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        }
        // A joiner joins what stands before the selector.
        selected = matches!(c, '\u{fe0e}' | '\u{fe0f}');
        if !selected {
            before = Some(c);
        }
    }
    Cow::Owned(out)
}

/// Whether a joiner or a selector is part of what stands around it.
fn belongs(c: char, (before, selected): (Option<char>, bool), after: Option<char>) -> bool {
    match c {
        '\u{200d}' => before.is_some_and(is_emoji) && after.is_some_and(is_emoji),
        '\u{fe0e}' | '\u{fe0f}' if !selected => {
            before.is_some_and(|b| is_emoji(b) || "0123456789#*©®‼⁉™ℹ〰〽㊗㊙".contains(b))
        }
        _ => false,
    }
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}' | '\u{2900}'..='\u{297f}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_written_out() {
        for (source, shown) in [
            ("touch x; : \u{1b}[2K\u{1b}[1Gls", "touch x; : ^[[2K^[[1Gls"),
            ("a\u{8}b\rc\u{7f}", "a^Hb^Mc^?"),
            ("a\u{9b}2Jb\u{9d}0;x\u{9c}", "a<U+009B>2Jb<U+009D>0;x<U+009C>"),
            ("no\u{202e}t\u{2066}", "no<U+202E>t<U+2066>"),
            ("a\u{200b}b\u{feff}\u{61c}\u{2028}", "a<U+200B>b<U+FEFF><U+061C><U+2028>"),
            ("x\u{e0041}\u{e0100}", "x<U+E0041><U+E0100>"),
            ("a\tb", "a\tb"),
            ("Größe 🚀 naïve ✓", "Größe 🚀 naïve ✓"),
        ] {
            assert_eq!(line(source), shown);
            assert_eq!(text(source), shown);
            assert_eq!(line(shown), shown, "once is enough");
        }
    }

    #[test]
    fn line_ends_are_lines_only_where_lines_are_meant() {
        assert_eq!(text("a\r\nb\nc\r"), "a\r\nb\nc^M");
        assert_eq!(line("a\r\nb"), "a^M^Jb");
    }

    #[test]
    fn joiners_stay_within_emoji_alone() {
        let families =
            "👩\u{200d}👩\u{200d}👧 🏳\u{fe0f}\u{200d}🌈 👩🏽\u{200d}🚒 ❤\u{fe0f} 1\u{fe0f}\u{20e3} ⚠\u{fe0f}";
        assert_eq!(line(families), families);
        assert_eq!(line("a\u{200d}b👩\u{200d}c"), "a<U+200D>b👩<U+200D>c");
        assert_eq!(line("a\u{fe0f}❤\u{fe01}"), "a<U+FE0F>❤<U+FE01>");
        assert_eq!(line("❤\u{fe0f}\u{fe0f}"), "❤\u{fe0f}<U+FE0F>", "one is enough");
    }

    #[test]
    fn json_says_the_same_by_numbers() {
        let value = serde_json::json!({ "a": "x\u{9b}y\u{202e}\u{7f}\u{1b}\n", "é\u{e0041}": 1 });
        let text = serde_json::to_string(&value).unwrap();
        let shown = json(&text);
        assert!(!shown.chars().any(is_unseen), "{shown}");
        assert!(
            shown.contains("\\u009b") && shown.contains("\\udb40\\udc41") && shown.contains('é'),
            "{shown}"
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
