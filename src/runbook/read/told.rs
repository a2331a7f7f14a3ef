//! Commands that sentences tell to run: "Run `helm rollback shop` and check that the pods are healthy."

use super::super::comments;
use super::super::markdown::{Element, ElementKind};
use super::super::vocabulary::{begins, has};

/// The commands in a sentence's backticks, in their order: known programs with something to do. What it says not to
/// run is none.
pub(super) fn told(text: &str) -> Vec<&str> {
    let mut before = "";
    let mut found = Vec::new();
    let parts: Vec<&str> = text.split('`').collect();
    for (at, part) in parts.iter().copied().enumerate() {
        let behind = parts.get(at + 1).copied().unwrap_or("");
        if at % 2 == 0 {
            before = part;
        } else if part.contains(' ')
            && comments::looks_like_command(part)
            && !is_denied(before)
            && !is_explained(behind)
        {
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
    has(clause, DENIED) || is_sought(clause) || is_setting(clause)
}

/// Whether what stands right behind a command tells what comes of it whenever somebody runs it: "Later `git push` deploys
/// by itself", "`git push` 即自动部署".
fn is_explained(behind: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const DOES: &[&str] = &[
        "triggers", "will trigger", "automatically", "deploys", "will deploy", "will automatically", "starts the", "runs the", "runs on", "is run by", "is executed by", "startet automatisch", "löst", "déclenche", "lance automatiquement", "dispara", "despliega automáticamente",
        "attiva", "uruchamia automatycznie", "запускает", "автоматически", "automáticamente", "automaticamente", "automatisch",
    ];
    let bare = behind.trim_start();
    begins(bare, DOES)
        || ["即自动", "会自动", "将自动", "就会自动", "即可自动", "すると自動", "하면 자동"]
            .iter()
            .any(|does| bare.starts_with(does))
}

/// Whether what follows is what a form of a service asks for: "**Build command:** `npm run build`".
fn is_setting(clause: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const COMMANDS: &[&str] = &["command", "befehl", "commande", "comando", "polecenie", "команда", "komut", "lệnh", "perintah", "命令", "コマンド", "명령"];
    let label = clause.trim().trim_end_matches(['*', ':', '：', ' ']);
    let words = label.split_whitespace().count();
    let tells =
        ["the", "run", "execute", "exec", "use", "type", "enter", "following", "this", "call", "issue"];
    let told =
        label.to_lowercase().split_whitespace().any(|word| tells.contains(&word.trim_matches(['*', '-'])));
    let last = label.split_whitespace().next_back().unwrap_or("").to_lowercase();
    clause.trim_end().trim_end_matches('*').ends_with([':', '：'])
        && !told
        && (2..=3).contains(&words)
        && COMMANDS.iter().any(|word| last.ends_with(word))
}

/// Whether what follows is a text in a file that somebody looks for: "Find the line: `set -e`". What is found `with` a
/// command is none.
fn is_sought(clause: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const FINDS: &[&str] = &[
        "find", "look for", "search for", "search", "locate", "comment out", "uncomment", "replace", "suche", "suchen", "ersetze", "ersetzen", "cherchez", "chercher", "trouvez", "remplacez", "remplacer",
        "busca", "buscar", "busque", "encuentra", "reemplaza", "reemplace", "procure", "localize", "substitua", "cerca", "trova", "sostituisci", "znajdź", "zamień", "найдите", "найти", "замените", "знайдіть",
        "замініть", "bul", "bulun", "değiştirin", "tìm", "thay", "cari", "ganti", "查找", "找到", "替换", "搜索", "検索", "置き換え", "찾", "바꾸",
    ];
    #[rustfmt::skip] // words, many to a line
    const LINES: &[&str] = &[
        "line", "lines", "string", "zeile", "zeilen", "ligne", "lignes", "línea", "líneas", "linha", "linhas", "riga", "righe", "linię", "linii", "wiersz", "строку", "строка", "строки", "рядок", "satırı", "satır",
        "dòng", "baris", "这行", "一行", "该行", "この行", "次の行", "줄",
    ];
    const WITH: &[&str] = &[
        "with",
        "using",
        "via",
        "by",
        "run",
        "running",
        "mit",
        "avec",
        "con",
        "com",
        "per",
        "z",
        "с помощью",
        "ile",
        "bằng",
        "dengan",
    ];
    let tool = super::super::vocabulary::ends(clause, WITH);
    !tool && (has(clause, FINDS) || has(clause, LINES))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sentence_tells_to_run_and_what_not() {
        assert!(told("Find `docker system prune -af` in it and delete that line.").is_empty());
        assert_eq!(told("Execute the command: `docker stop x`"), ["docker stop x"]);
        assert!(told("**Build Command:** `npm run build`").is_empty());
        assert!(told("Cerca la riga: `export DEBUG=1`").is_empty());
        assert_eq!(told("Find the pod with `kubectl get pods`."), ["kubectl get pods"]);
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
