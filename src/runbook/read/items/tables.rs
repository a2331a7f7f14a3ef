//! Checklists as tables: a row is an item where one of its columns holds boxes.

use std::collections::BTreeSet;

use super::super::super::boxes::{self, in_cell, is_box};
use super::super::super::comments;
use super::super::super::words::lower_words;

/// Rows of a table with their lines.
type Rows = [(usize, Vec<String>)];

/// Titles of columns that say what a check should show; such a table with commands is one of tests, not of boxes.
#[rustfmt::skip] // words, many to a line
const EXPECTED: &[&str] = &[
    "expect", "erwart", "attendu", "esperad", "attes", "oczekiw", "ожида", "beklen", "verwacht", "förvänt",
];
const EXPECTED_PARTS: &[&str] = &["mong đợi", "预期", "預期", "期待", "예상", "기대"];

/// Titles of columns that are filled in by hand: all of their cells may be empty.
#[rustfmt::skip] // words, many to a line
const DONE: &[&str] = &[
    "done", "checked", "complete", "completed", "ok", "ticked", "verified", "confirmed", "initials", "erledigt",
    "geprüft", "fait", "vérifié", "hecho", "listo", "verificado", "feito", "concluído", "fatto", "verificato",
    "готово", "выполнено", "проверено", "виконано", "zrobione", "wykonane", "gotowe", "tamam", "yapıldı",
    "xong", "hoàn thành", "gedaan", "klart", "完了", "完成", "确认", "確認", "已完成", "チェック", "완료", "확인",
];

/// The items of a table, each with its line; none where it is no checklist.
pub(super) fn items(header: &[String], rows: &Rows) -> Vec<(usize, String)> {
    let Some(column) = boxes_in(header, rows) else { return vec![] };
    if is_expected(header) && rows.iter().any(|(_, row)| row.iter().any(|cell| holds_command(cell))) {
        return vec![];
    }
    let named = names_rows(rows, column);
    rows.iter().filter_map(|(line, row)| Some((*line, text(row, named.then_some(column))?))).collect()
}

/// Whether the boxes' own words say what is to be ticked ("☐ Login works"), and not how it stands ("☐ done").
fn names_rows(rows: &Rows, column: usize) -> bool {
    let cell = |row: &[String]| row.get(column).map_or(String::new(), |c| c.trim().to_owned());
    let says = |row: &[String]| {
        let cell = cell(row);
        let rest = in_cell(&cell).map(|b| b.rest).filter(|_| boxes::count(&cell) < 2);
        rest.unwrap_or("").to_owned()
    };
    let all: BTreeSet<String> = rows.iter().map(|(_, row)| says(row)).filter(|s| !s.is_empty()).collect();
    let words = all.first().map_or(0, |one| lower_words(one).len());
    let alone = || rows.iter().all(|(_, row)| text(row, None).is_none());
    all.len() > 1 || rows.len() == 1 && words > 1 || !all.is_empty() && alone()
}

/// Whether a column says what is expected.
pub(super) fn is_expected(header: &[String]) -> bool {
    header.iter().any(|title| {
        let words = lower_words(title);
        words.iter().any(|w| EXPECTED.iter().any(|e| w.starts_with(e)))
            || EXPECTED_PARTS.iter().any(|part| title.contains(part))
    })
}

fn holds_command(cell: &str) -> bool {
    cell.split('`').skip(1).step_by(2).any(comments::looks_like_command)
}

/// The column with the boxes.
///
/// 1. All of its cells that are not empty hold one, and one of them at least is no ornament.
/// 2. Else one that is to be filled in, by its title, and that is empty in every row.
fn boxes_in(header: &[String], rows: &Rows) -> Option<usize> {
    let cells = |at: usize| rows.iter().filter_map(move |(_, row)| row.get(at)).map(|c| c.trim());
    let width = rows.iter().map(|(_, row)| row.len()).chain([header.len()]).max().unwrap_or(0);
    let all = |at: &usize| {
        let mut filled = cells(*at).filter(|c| !c.is_empty()).peekable();
        filled.peek().is_some() && filled.all(|c| in_cell(c).is_some()) && cells(*at).any(is_box)
    };
    let to_fill = |at: &usize| {
        let title = header.get(*at).map_or("", String::as_str);
        let bare = title.trim().trim_matches('*').to_lowercase();
        let named = DONE.contains(&bare.as_str()) || in_cell(&bare).is_some_and(|b| b.rest.is_empty());
        named && cells(*at).all(str::is_empty)
    };
    (0..width).find(all).or_else(|| (0..width).find(to_fill).filter(|_| !rows.is_empty()))
}

/// What a row says, without its boxes and its number; first what stands behind the box of `named`.
fn text(row: &[String], named: Option<usize>) -> Option<String> {
    let says = |cell: &str| {
        let counts = cell.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '#');
        !counts && !matches!(cell.to_lowercase().as_str(), "-" | "–" | "—" | "n/a" | "na")
    };
    let own = named.and_then(|at| row.get(at)).and_then(|cell| in_cell(cell)).map(|b| b.rest);
    let others = row.iter().map(|c| c.trim()).filter(|c| in_cell(c).is_none() && says(c));
    let parts: Vec<&str> = own.into_iter().chain(others).filter(|p| !p.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str, rows: &[&str]) -> Vec<String> {
        let cells = |row: &str| row.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
        let rows: Vec<_> = rows.iter().enumerate().map(|(at, row)| (at + 3, cells(row))).collect();
        items(&cells(header), &rows).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn rows_with_a_box_are_items_in_any_language() {
        for (header, row, text) in [
            ("Item | Check | Notes", "Keys rotated | [ ] | CI", "Keys rotated · CI"),
            ("# | Task | Done", "1 | Cache warm | ☐", "Cache warm"),
            ("Prüfung | Erledigt", "Anmeldung geht | □", "Anmeldung geht"),
            ("Vérification | Fait", "La caisse marche | - [ ]", "La caisse marche"),
            ("確認項目 | 状態", "ログインできる | ⬜", "ログインできる"),
            ("检查项 | 完成", "可以下单 | ☑", "可以下单"),
            ("Задача | Готово | Кто", "Склад отвечает | ☐ | Ира", "Склад отвечает · Ира"),
            ("Owner | Check", "ada | ☐ Mail is sent", "Mail is sent · ada"),
            ("Check | State", "Mail is sent | ☐ open", "Mail is sent"),
            ("☐ | Check", "[ ] | Mail is sent", "Mail is sent"),
            ("Check | Owner", "☐ Mail is sent | ada", "Mail is sent · ada"),
            ("Check | Result", "Mail is sent | ☐ Pass ☐ Fail", "Mail is sent"),
            ("Check | Done", "Mail is sent | ", "Mail is sent"),
            ("Check | ✓", "Mail is sent | ", "Mail is sent"),
            ("Check | Expected | Done", "Shop page | it loads | [ ]", "Shop page · it loads"),
        ] {
            assert_eq!(of(header, &[row]), [text], "{header}");
        }
        let mixed = ["Cache warm | ✅", "Mail is sent | ⬜"];
        assert_eq!(
            of("Check | Status", &mixed),
            ["Cache warm", "Mail is sent"],
            "ticked ones are items as well"
        );
    }

    #[test]
    fn other_tables_are_none() {
        for (header, row) in [
            ("Feature | Supported", "Search | ✅"),
            ("Metric | Target", "Latency | < 2 s"),
            ("Check | Command | Expected | OK", "Health | `curl -fsS http://h/health` | ok | ☐"),
            ("Environment | URL", "Staging | https://s"),
            ("Step | Status", "Build | pending"),
            ("Name | Done", "ada | yes"),
            ("Check | Notes", "Login | "),
        ] {
            assert_eq!(of(header, &[row]), [""; 0], "{header}");
        }
        assert_eq!(of("Check | Done", &[]), [""; 0]);
    }
}
