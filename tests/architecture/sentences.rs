//! What people read: every sentence in one place, and what none of them may hold.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::{Source, none, sources};

/// A string literal of a source, without its tests and doc comments, and its line.
struct Literal {
    line: usize,
    text: String,
}

fn literals(source: &Source) -> Vec<Literal> {
    let mut found = Vec::new();
    walk(source.text.parse().unwrap(), &mut found);
    found
}

fn walk(tokens: TokenStream, found: &mut Vec<Literal>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let word =
        |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or(String::new(), ToString::to_string);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            TokenTree::Group(group) => {
                let test = group.delimiter() == Delimiter::Bracket
                    && group.stream().to_string().replace(' ', "") == "cfg(test)"
                    && word(Some(at + 1)) == "mod";
                if test {
                    // `mod tests { … }`, of which nothing is read by people.
                    at += 3;
                } else {
                    walk(group.stream(), found);
                }
            }
            TokenTree::Literal(literal) => {
                let name =
                    if word(at.checked_sub(1)) == "=" { word(at.checked_sub(2)) } else { String::new() };
                let text = match syn::Lit::new(literal.clone()) {
                    syn::Lit::Str(text) => text.value(),
                    _ => String::new(),
                };
                if !["doc", "reason"].contains(&name.as_str()) && !text.is_empty() {
                    found.push(Literal { line: literal.span().start().line, text });
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Whether a literal is for people: three words at least, and no text for a shell, a database or a terminal.
fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let code = ["$(", "2>/dev/null", "__gonogo", "SELECT ", "INSERT ", "<th", "<td", "printf ", "\u{1b}"];
    words.count() >= 3 && !code.iter().any(|c| text.contains(c))
}

/// Where sentences are: not in vocabularies, shells, tables of programs.
fn has_sentences(source: &Source) -> bool {
    let path = source.path.to_str().unwrap();
    let rooms = [
        "cli",
        "client",
        "config",
        "exec/error.rs",
        "exec/login.rs",
        "exec/shim",
        "probe",
        "protocol",
        "record",
        "run",
        "runbook/account.rs",
        "runbook/correct",
        "runbook/doubt.rs",
        "runbook/finding.rs",
        "runbook/lock",
        "runbook/read/findings",
        "runner",
        "shell/traps.rs",
        "store",
        "text",
        "tui",
        "wire",
    ];
    let inside =
        |room: &str| path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with(['/', '.']));
    rooms.iter().any(|room| inside(room)) && !source.is_test()
}

/// Every sentence that people read, to be read from top to bottom.
#[test]
fn sentences() {
    let mut page = String::new();
    let mut files: Vec<&Source> = sources().iter().filter(|s| has_sentences(s)).collect();
    files.sort_by_key(|s| &s.path);
    for source in files {
        let all: Vec<String> = literals(source)
            .into_iter()
            .filter(|l| is_sentence(&l.text))
            .map(|l| format!("  {}\n", l.text.trim_end().replace('\n', "\n    ")))
            .collect();
        if !all.is_empty() {
            page += &format!("{}\n{}\n", source.path.display(), all.concat());
        }
    }
    insta::assert_snapshot!(page);
}

/// The literals of some sources that a test holds of, by place.
fn holding(of: impl Fn(&Source) -> bool, test: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| of(s)) {
        for literal in literals(source).into_iter().filter(|l| test(&l.text)) {
            found.push(format!("src/{}:{}: {}", source.path.display(), literal.line, literal.text));
        }
    }
    found
}

#[test]
fn no_sentence_of_a_pure_module_names_a_key() {
    let is_key = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let function = word.strip_prefix('F').is_some_and(|n| n.parse::<u8>().is_ok());
        function || ["Enter", "Esc", "PgUp", "PgDn"].contains(&word) || word.starts_with("Ctrl-")
    };
    none(
        "keys differ by front end and settings: a sentence of a pure module names none",
        &holding(Source::is_pure, |text| text.split_whitespace().any(is_key)),
    );
}

#[test]
fn no_sentence_of_the_screens_names_a_key_that_the_settings_change() {
    // Enter, Esc, arrows and the keys inside a dialog are always the same; others come from the keymap.
    let function = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        word.strip_prefix('F').is_some_and(|n| n.parse::<u8>().is_ok())
    };
    let verbs = ["copies", "corrects", "ends", "gives", "runs", "shows", "signs", "takes", "writes"];
    let letter = |pair: &[&str]| {
        let key = pair[0].trim_start_matches('(');
        key.len() == 1 && key != "a" && !key.contains(['{', '·']) && verbs.contains(&pair[1])
    };
    let names = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        words.iter().any(|word| function(word)) || words.windows(2).any(letter)
    };
    let screens = |source: &Source| {
        let path = source.path.to_str().unwrap();
        source.module == "tui" && !source.is_test() && path != "tui/keymap.rs"
    };
    let dialog = |place: &str| place.starts_with("src/tui/dialogs/") && !place.contains(" F");
    let found = holding(screens, |text| is_sentence(text) && names(text));
    let found: Vec<String> = found.into_iter().filter(|place| !dialog(place)).collect();
    none("the settings change keys: a sentence asks the keymap how one is called", &found);
}

#[test]
fn sentences_are_in_the_words_of_operations() {
    let odd = [
        "it is looked",
        "is told",
        "are told",
        "gone back",
        "gone past",
        "gone on from",
        "went past",
        "way back",
        "for eyes",
        "by eye",
        "other side",
        "behind the door",
        "of which one is gone",
        "go back by",
        "would take",
        "is no longer what",
        "is what it was",
        "could be had",
        "not taken, it",
        "was left:",
        "look where",
    ];
    none(
        "a sentence that has to be read twice: say who does what, the reason second, what helps last",
        &holding(
            |source| !source.is_test() && !source.path.starts_with("runbook/vocabulary"),
            |text| is_sentence(text) && odd.iter().any(|phrase| text.contains(phrase)),
        ),
    );
}

#[test]
fn comments_give_their_reasons_themselves() {
    let mut found = Vec::new();
    for source in sources() {
        for (number, line) in source.text.lines().enumerate() {
            if line.contains("DESIGN") && line.contains("//") {
                found.push(format!("src/{}:{}: {}", source.path.display(), number + 1, line.trim()));
            }
        }
    }
    none("a comment cites no plan that a stranger does not have", &found);
}
