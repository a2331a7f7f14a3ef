//! Drawings: trees of directories and boxes with lines between them, which nobody types or writes anywhere.

use super::super::markdown::Code;

/// Whether a fence that is no shell's is a drawing. A tree may have its root and remarks beside it.
pub(super) fn is_drawn(code: &Code) -> bool {
    let plain = matches!(
        code.language.as_str(),
        "" | "text" | "txt" | "plaintext" | "plain" | "tree" | "ascii" | "diagram"
    );
    let lines: Vec<&str> = code.text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let drawn = lines.iter().filter(|line| has_strokes(line)).count();
    let branches = lines.iter().filter(|line| is_branch(line)).count();
    plain
        && code.fenced
        && (branches > 0 && (drawn + 2) * 2 > lines.len() || drawn > 1 && drawn * 2 > lines.len())
}

/// `├── conf`, `|-- conf`, `+--- conf`: a branch of a tree.
fn is_branch(line: &str) -> bool {
    let bare = line.trim_start_matches(['│', '|', ' ', '\u{a0}']);
    ["├─", "└─", "╰─", "`-- "].iter().any(|sign| bare.starts_with(sign))
        || (line.starts_with("|-- ") || line.starts_with("+-- ") || line.starts_with("+---"))
            && line.ends_with(|c: char| c.is_alphanumeric() || c == '/')
}

/// Whether a line has signs that only drawings have.
fn has_strokes(line: &str) -> bool {
    line.contains(|c: char| ('\u{2500}'..='\u{257f}').contains(&c)) || is_branch(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> bool {
        is_drawn(&Code { language: String::new(), text: text.into(), fenced: true, ..Code::default() })
    }

    #[test]
    fn trees_and_boxes_are_drawings() {
        for text in [
            "/data/\n├── db/       # database\n└── uploads/  # uploads\n",
            "app/\n├── index.php\n└── var/\n",
            "app\n|-- index.php\n`-- var\n",
            "┌──────┐     ┌────┐\n│ shop │ --> │ db │\n└──────┘     └────┘\n",
        ] {
            assert!(drawn(text), "{text}");
        }
        for text in [
            "server {\n  listen 80;\n}\n",
            "A=1\nB=2\n",
            "| a | b |\n| c | d |\n",
            "Set it to │ in the form\nand save\nit\n",
        ] {
            assert!(!drawn(text), "{text}");
        }
    }
}
