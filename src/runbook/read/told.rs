//! Commands that sentences tell to run: "Run `helm rollback shop` and check that the pods are healthy."

use super::super::comments;
use super::super::markdown::{Element, ElementKind};
use super::super::vocabulary::has;

/// The commands in a sentence's backticks, in their order: known programs with something to do. What it says not to
/// run is none.
pub(super) fn told(text: &str) -> Vec<&str> {
    let mut before = "";
    let mut found = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 0 {
            before = part;
        } else if part.contains(' ') && comments::looks_like_command(part) && !is_denied(before) {
            found.push(part);
        }
    }
    found
}

/// The one command that a sentence tells to run; where there are several, a person says which.
pub(super) fn told_once(text: &str) -> Option<&str> {
    match told(text).as_slice() {
        [one] if text.matches('`').count() == 2 => Some(one),
        _ => None,
    }
}

/// The commands that the words and tables of a section tell to run.
pub(super) fn told_in<'e>(elements: &[&'e Element]) -> Vec<(&'e Element, usize, &'e str)> {
    let mut found = Vec::new();
    for element in elements {
        match &element.kind {
            ElementKind::Paragraph { text, .. } | ElementKind::Item { text, .. } => {
                found.extend(told(text).into_iter().map(|command| (*element, element.span.line, command)));
            }
            ElementKind::Table { rows, .. } => {
                let cells = rows.iter().flat_map(|(line, row)| row.iter().map(move |cell| (*line, cell)));
                found.extend(
                    cells.flat_map(|(line, cell)| told(cell).into_iter().map(move |c| (*element, line, c))),
                );
            }
            _ => {}
        }
    }
    found
}

/// Whether the words right before a command say not to run it, or name it as what was done or happens elsewhere.
fn is_denied(before: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const DENIED: &[&str] = &[
        "not", "never", "don t", "dont", "avoid", "instead of", "rather than", "without running", "no longer", "nicht", "niemals", "kein",
        "ne pas", "jamais", "nunca", "non", "nie", "не", "никогда", "değil", "không", "niet", "不要", "请勿", "勿", "禁止", "不能", "しない", "ない", "마세요", "않",
    ];
    let clause = before.rsplit(['.', ';', '!', '?', '。', '；', '\n']).next().unwrap_or(before);
    has(clause, DENIED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_tells_to_run_and_what_not() {
        assert_eq!(
            told("Run `helm rollback shop` and look at `kubectl get pods`."),
            ["helm rollback shop", "kubectl get pods"]
        );
        assert_eq!(
            told("Do not run `docker compose down -v` here. Use `docker compose stop web`."),
            ["docker compose stop web"]
        );
        assert_eq!(told("Nicht `git reset --hard HEAD` verwenden"), Vec::<&str>::new());
        assert_eq!(told("The file `values.yaml` holds `image.tag`"), Vec::<&str>::new());
        assert_eq!(
            told_once("Switch back with `kubectl rollout undo deploy/shop`"),
            Some("kubectl rollout undo deploy/shop")
        );
        assert_eq!(told_once("`git fetch --all`, then `git checkout main`"), None);
    }
}
