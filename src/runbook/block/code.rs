//! Lines of Python, Ruby, JavaScript or PHP, which a shell would take for something else.

use super::begins::first_word;

/// Whether a text is a statement of such a language: `from x import y`, `user.name = 'a'`, `user.save()`.
pub(super) fn is_code(text: &str) -> bool {
    let line = text.lines().next().unwrap_or("").trim();
    let words: Vec<&str> = line.split_whitespace().collect();
    let first = first_word(line);
    let second = words.get(1).copied().unwrap_or("");
    let imports = first == "from" && words.get(2) == Some(&"import")
        || first == "import" && is_module(second) && matches!(words.get(2), None | Some(&"as" | &"from"));
    let sets = matches!(second, "=" | "+=" | "-=" | "||=" | ":=") && words.len() > 2 && is_target(first);
    let declares = matches!(first, "const" | "let" | "var")
        && words.get(2) == Some(&"=")
        && second.starts_with(|c: char| c.is_alphabetic() || "_{[".contains(c));
    let says = matches!(first, "puts" | "await" | "async" | "def") && words.len() > 1;
    let block = line.ends_with(':')
        && matches!(
            first,
            "for" | "if" | "while" | "with" | "try:" | "else:" | "elif" | "except" | "except:"
        );
    let php = first.starts_with('$') && line.contains("->") && line.ends_with(';');
    imports || sets || declares || says || block || php || calls(text, line)
}

/// `a.b`, `{ x }`: what can be imported; a picture can't.
fn is_module(word: &str) -> bool {
    let picture = [".png", ".jpg", ".jpeg", ".gif", ".pdf", ".sql"].iter().any(|end| word.ends_with(end));
    !picture
        && word.starts_with(|c: char| c.is_alphabetic() || "_{*".contains(c))
        && word.chars().all(|c| c.is_alphanumeric() || "_.{},*".contains(c))
}

/// What a value can be given to: `user.name`, `ENV['A']`, `$x`.
fn is_target(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || "_$@".contains(c))
        && word.chars().all(|c| c.is_alphanumeric() || "_.$@[]'\"".contains(c))
}

/// `user.save()`, `print(x)`, `User.objects.create(`; not the head of a shell's function.
fn calls(text: &str, line: &str) -> bool {
    let Some((name, rest)) = line.split_once('(') else { return false };
    let plain = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
    let defines = rest.starts_with(')')
        && (rest.trim_end().ends_with(['{', '}']) || text.lines().nth(1).is_some_and(|l| l.trim() == "{"));
    let whole = rest.trim_end().trim_end_matches(';').ends_with(')');
    plain && !defines && (whole || name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_of_other_languages() {
        for line in [
            "from django.contrib.auth import get_user_model",
            "import os",
            "import numpy as np",
            "User = get_user_model()",
            "u.last_name = 'Byron'",
            "u.save()",
            "print(User.objects.count())",
            "User.objects.create(\n    name='a',\n)",
            "const pool = await open()",
            "puts User.count",
            "for u in users:",
            "$user->save();",
        ] {
            assert!(is_code(line), "{line}");
        }
        for line in [
            "import screenshot.png",
            "import -window root x.png",
            "A=1",
            "let x=5",
            "deploy() { ls; }",
            "deploy()\n{\n  ls\n}",
            "for x in a b; do ls; done",
            "(cd a && make)",
            "echo $(date)",
            "test \"$A\" = b",
            "docker ps",
        ] {
            assert!(!is_code(line), "{line}");
        }
    }
}
