//! Tables by the titles of their columns.

use super::markdown::{Element, ElementKind};
use super::stages;
use super::words::lower_words;

/// The column whose title has one of the words.
pub(super) fn column(header: &[String], words: &[&str]) -> Option<usize> {
    header.iter().position(|h| lower_words(h).iter().any(|w| words.contains(&w.as_str())))
}

/// The column that names environments: by its title, with a column that says where they are; or by what stands in it.
pub(super) fn environment_column(header: &[String], rows: &[(usize, Vec<String>)]) -> Option<usize> {
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "environment", "env", "stage", "tier", "umgebung", "entorno", "ambiente", "environnement", "środowisko", "среда", "ortam", "omgeving", "môi trường",
    ];
    #[rustfmt::skip] // words, many to a line
    const PLACES: &[&str] = &[
        "url", "domain", "host", "hostname", "cluster", "endpoint", "address", "ip", "port", "namespace", "server", "adresse", "dirección", "endereço", "indirizzo", "adres", "адрес",
    ];
    let says = |title: &String, words: &[&str]| {
        lower_words(title).iter().any(|word| words.iter().any(|w| word.starts_with(w)))
            || ["环境", "環境", "환경"].iter().any(|w| title.contains(w)) && words.contains(&"env")
    };
    let placed = header.iter().any(|title| {
        says(title, PLACES) || ["地址", "域名", "主机", "アドレス", "주소"].iter().any(|w| title.contains(w))
    });
    let named = header.iter().position(|title| says(title, NAMES));
    // A row with a command is something to do there.
    let runs = super::checks::command_column(header)
        .is_some_and(|at| rows.iter().filter_map(|(_, row)| row.get(at)).any(|cell| cell.contains('`')));
    if runs {
        return None;
    }
    if placed && let Some(named) = named {
        return Some(named);
    }
    let cells = rows.iter().filter_map(|(_, row)| row.first()).map(String::as_str);
    let first = header.first()?;
    let may = named == Some(0) || says(first, &["server", "name", "system", "target", "instance", "site"]);
    (header.len() >= 2 && (placed || named == Some(0)) && may && stages::are_stages(cells)).then_some(0)
}

/// Whether the element is a table of environments.
pub(super) fn is_environments(element: &Element) -> bool {
    let ElementKind::Table { header, rows } = &element.kind else { return false };
    environment_column(header, rows).is_some()
}

/// Whether the element is a table with all these words in its header.
pub(super) fn is_table(element: &Element, words: &[&str]) -> bool {
    let ElementKind::Table { header, .. } = &element.kind else { return false };
    words.iter().all(|w| header.iter().any(|h| lower_words(h).iter().any(|word| word.starts_with(w))))
}
