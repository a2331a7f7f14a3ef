//! Boxes to tick, in whatever way a document draws them.

/// Signs of a box that is not ticked.
const OPEN: &[char] = &['☐', '□', '▢', '◻', '⬜', '🔲', '❏', '❑', '⬚', '🗆'];
/// Signs of one that is.
const TICKED: &[char] = &['☑', '☒', '🗹'];
/// Signs that tell in a column of boxes how a row stands, and are ornaments anywhere else.
const STANDS: &[char] = &['✅', '✔', '✓', '❌', '✗', '✘', '⏳', '🟩', '🟥'];

/// The same by their names, as hosts of documents draw them.
const NAMED: &[(&str, bool)] = &[
    (":white_large_square:", false),
    (":white_square_button:", false),
    (":black_square_button:", false),
    (":ballot_box_with_check:", true),
];

/// A box at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Boxed<'t> {
    /// It is ticked in the document.
    pub(super) ticked: bool,
    /// What stands behind it.
    pub(super) rest: &'t str,
}

/// The box that a text begins with: `[ ] …`, `☐ …`, `[x] …`.
pub(super) fn boxed(text: &str) -> Option<Boxed<'_>> {
    let text = text.trim_start();
    let sign = text.chars().next()?;
    if OPEN.contains(&sign) || TICKED.contains(&sign) {
        let rest = after(text, sign.len_utf8());
        return Some(Boxed { ticked: TICKED.contains(&sign), rest });
    }
    let named = NAMED.iter().find_map(|(name, ticked)| Some((text.strip_prefix(name)?, *ticked)));
    if let Some((rest, ticked)) = named.or_else(|| html(text)) {
        return Some(Boxed { ticked, rest: rest.trim_start() });
    }
    bracketed(text)
}

/// `<input type="checkbox" checked>`.
fn html(text: &str) -> Option<(&str, bool)> {
    let (tag, rest) = text.strip_prefix("<input")?.split_once('>')?;
    tag.contains("checkbox").then(|| (rest, tag.contains("checked")))
}

/// What stands behind a sign, which a selector of its form may follow.
fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or("").trim_start_matches(['\u{fe0e}', '\u{fe0f}']).trim_start()
}

/// `[ ]`, `[]`, `[x]`, `［ ］`, with nothing but a blank or the end behind it: `[x](link)` and `[0]` are no boxes.
fn bracketed(text: &str) -> Option<Boxed<'_>> {
    let inner = text.strip_prefix('[').or_else(|| text.strip_prefix('［'))?;
    let (inside, rest) = inner.split_once([']', '］'])?;
    let ticked = match inside.trim_matches([' ', '\u{a0}', '\u{3000}', '_']) {
        "" | "-" | "~" => false,
        "x" | "X" | "✓" | "✔" | "✅" | "√" => true,
        _ => return None,
    };
    let apart = rest.is_empty() || rest.starts_with(char::is_whitespace) || text.starts_with('［');
    apart.then(|| Boxed { ticked, rest: rest.trim_start() })
}

/// A box in a cell of a table, which may have the sign of a list before it, or only tell how the row stands.
pub(super) fn in_cell(cell: &str) -> Option<Boxed<'_>> {
    let cell = cell.trim();
    let bare = ["- ", "* ", "+ "].iter().find_map(|sign| cell.strip_prefix(sign)).unwrap_or(cell);
    boxed(bare).or_else(|| {
        let sign = bare.chars().next().filter(|c| STANDS.contains(c))?;
        let ticked = matches!(sign, '✅' | '✔' | '✓' | '🟩');
        Some(Boxed { ticked, rest: after(bare, sign.len_utf8()) })
    })
}

/// Whether a cell holds a box that is one in any column.
pub(super) fn is_box(cell: &str) -> bool {
    let stands = |c: char| STANDS.contains(&c);
    in_cell(cell).is_some() && !cell.trim().starts_with(stands)
}

/// How many boxes a line holds: with several it is a choice, not an item.
pub(super) fn count(line: &str) -> usize {
    let named = NAMED.iter().map(|(name, _)| line.matches(name).count()).sum::<usize>();
    let signs = named
        + line.matches("<input").count()
        + line.chars().filter(|c| OPEN.contains(c) || TICKED.contains(c)).count();
    let brackets = ["[ ]", "[]", "[x]", "[X]", "［ ］", "［　］"];
    signs + brackets.iter().map(|b| line.matches(b).count()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_and_what_only_looks_like_one() {
        for (text, ticked, rest) in [
            ("☐ Login works", false, "Login works"),
            ("□ ログインできる", false, "ログインできる"),
            ("⬜\u{fe0f} Bestellen geht", false, "Bestellen geht"),
            ("[ ] Login works", false, "Login works"),
            ("[] Login works", false, "Login works"),
            ("[x] Login works", true, "Login works"),
            ("☑ Login works", true, "Login works"),
            ("［　］確認", false, "確認"),
            ("[ ]", false, ""),
            ("<input type=\"checkbox\" /> Login works", false, "Login works"),
            ("<input type=\"checkbox\" checked> Login works", true, "Login works"),
            (":white_large_square: Login works", false, "Login works"),
        ] {
            assert_eq!(boxed(text), Some(Boxed { ticked, rest }), "{text}");
        }
        for text in ["[x](https://x)", "[0] first", "[name] of it", "- text", "✅ Deployed", "[[ -f x ]]", ""]
        {
            assert_eq!(boxed(text), None, "{text}");
        }
        assert_eq!(in_cell(" - [ ] ").map(|b| b.ticked), Some(false));
        assert_eq!(in_cell("✅ done").map(|b| b.rest), Some("done"));
        assert!(is_box("☐") && is_box("- [x]") && !is_box("✅") && !is_box("yes"));
        assert_eq!(count("Risk: ☐ low ☐ high"), 2);
    }
}
