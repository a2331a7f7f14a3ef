//! Characters that look like those of the shell and are none: a word processor or a web page left them.

/// One such character in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LookAlike {
    /// Where it stands, in bytes.
    pub(super) at: usize,
    /// The character.
    pub(super) character: char,
    /// Its name in Unicode.
    pub(super) name: &'static str,
    /// What to write instead.
    pub(super) instead: &'static str,
    /// It stands in quotes of the shell, where it may be meant.
    pub(super) quoted: bool,
}

/// Every such character of a command, in order. Comments are for people and are left out.
pub(super) fn look_alikes(text: &str) -> Vec<LookAlike> {
    let mut found = Vec::new();
    let (mut single, mut double, mut comment, mut escaped) = (false, false, false, false);
    let mut before = '\n';
    for (at, character) in text.char_indices() {
        let rest = text.get(at + character.len_utf8()..).unwrap_or("");
        match character {
            '\n' => comment = false,
            '#' if !single && !double && before.is_whitespace() => comment = true,
            _ if comment => {}
            '\'' if !double && !escaped => single = !single,
            '"' if !single && !escaped => double = !double,
            _ => {}
        }
        if !comment && let Some((name, instead)) = told(character, before, rest) {
            found.push(LookAlike { at, character, name, instead, quoted: single || double });
        }
        escaped = character == '\\' && !escaped && !single;
        before = character;
    }
    found
}

/// The name of a character and what to write instead, where it stands for another one.
fn told(character: char, before: char, rest: &str) -> Option<(&'static str, &'static str)> {
    let option = (before.is_whitespace() || "‐‑–—－".contains(before))
        && rest.starts_with(|c: char| c.is_alphanumeric() || "-–—‐‑－".contains(c));
    let end = rest.split('\n').next().unwrap_or("");
    // A remark behind a backslash ends the line as blanks do.
    let remark = end.starts_with([' ', '\t']) && end.trim_start().starts_with('#');
    let blank_end = !end.is_empty() && (end.trim().is_empty() || remark) && rest.contains('\n');
    Some(match character {
        '\u{201c}' => ("LEFT DOUBLE QUOTATION MARK", "\""),
        '\u{201d}' => ("RIGHT DOUBLE QUOTATION MARK", "\""),
        '\u{201e}' => ("DOUBLE LOW-9 QUOTATION MARK", "\""),
        '\u{2018}' => ("LEFT SINGLE QUOTATION MARK", "'"),
        '\u{2019}' => ("RIGHT SINGLE QUOTATION MARK", "'"),
        '\u{201a}' => ("SINGLE LOW-9 QUOTATION MARK", "'"),
        '\u{2032}' => ("PRIME", "'"),
        '\u{2033}' => ("DOUBLE PRIME", "\""),
        '\u{a0}' => ("NO-BREAK SPACE", "a plain blank"),
        '\u{1680}' => ("OGHAM SPACE MARK", "a plain blank"),
        '\u{2000}'..='\u{200a}' => (BLANKS.get(character as usize - 0x2000)?, "a plain blank"),
        '\u{202f}' => ("NARROW NO-BREAK SPACE", "a plain blank"),
        '\u{205f}' => ("MEDIUM MATHEMATICAL SPACE", "a plain blank"),
        '\u{3000}' => ("IDEOGRAPHIC SPACE", "a plain blank"),
        '\u{2010}' if option => ("HYPHEN", "-"),
        '\u{2011}' if option => ("NON-BREAKING HYPHEN", "-"),
        '\u{2012}' if option => ("FIGURE DASH", "-"),
        '\u{2013}' if option => ("EN DASH", "- or --"),
        '\u{2014}' if option => ("EM DASH", "--"),
        '\u{ff0d}' if option => ("FULLWIDTH HYPHEN-MINUS", "-"),
        '\u{fe63}' if option => ("SMALL HYPHEN-MINUS", "-"),
        '\u{ff1b}' => ("FULLWIDTH SEMICOLON", ";"),
        '\u{ab}' => ("LEFT-POINTING DOUBLE ANGLE QUOTATION MARK", "\""),
        '\u{bb}' => ("RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK", "\""),
        '\u{ad}' => ("SOFT HYPHEN", "nothing, or -"),
        '\u{200b}' => ("ZERO WIDTH SPACE", "nothing"),
        '\u{2060}' => ("WORD JOINER", "nothing"),
        '\u{2028}' => ("LINE SEPARATOR", "a line end"),
        '\u{2029}' => ("PARAGRAPH SEPARATOR", "a line end"),
        '\u{2212}' if option => ("MINUS SIGN", "-"),
        '\\' if before != '\\' && blank_end => {
            ("REVERSE SOLIDUS before blanks", "it as the last of its line")
        }
        _ => return None,
    })
}

/// The names of the blanks from U+2000 on.
const BLANKS: [&str; 11] = [
    "EN QUAD",
    "EM QUAD",
    "EN SPACE",
    "EM SPACE",
    "THREE-PER-EM SPACE",
    "FOUR-PER-EM SPACE",
    "SIX-PER-EM SPACE",
    "FIGURE SPACE",
    "PUNCTUATION SPACE",
    "THIN SPACE",
    "HAIR SPACE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_only_look_like_those_of_the_shell() {
        for (text, name, quoted) in [
            ("git\u{a0}log", "NO-BREAK SPACE", false),
            ("ls\u{202f}-l", "NARROW NO-BREAK SPACE", false),
            ("psql -c \u{201c}SELECT 1\u{201d}", "LEFT DOUBLE QUOTATION MARK", false),
            ("echo \u{2018}a\u{2019}", "LEFT SINGLE QUOTATION MARK", false),
            ("curl \u{2013}X POST", "EN DASH", false),
            ("npm ci \u{2014}\u{2014}production", "EM DASH", false),
            ("echo a \\ \n  b", "REVERSE SOLIDUS before blanks", false),
            ("git commit -m 'it\u{2019}s done'", "RIGHT SINGLE QUOTATION MARK", true),
        ] {
            let found = look_alikes(text);
            assert_eq!(found.first().map(|f| (f.name, f.quoted)), Some((name, quoted)), "{text}");
        }
        for text in ["echo a \\\n  b", "git log a\u{2013}b", "ls # \u{201c}all\u{201d}", "grep '\\ \n' x"] {
            assert!(look_alikes(text).iter().all(|f| f.quoted), "{text}");
        }
    }
}
