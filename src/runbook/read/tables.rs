//! Tables whose columns have a meaning: environments, targets, contacts; and links.

use super::super::markdown::{Element, ElementKind};
use super::super::model::{Contact, Environment, Reference, Runbook, Target};
use super::super::sections::Section;
use super::super::stages;
use super::super::thresholds::threshold;
use super::super::words::lower_words;

pub(super) fn column(header: &[String], words: &[&str]) -> Option<usize> {
    header.iter().position(|h| lower_words(h).iter().any(|w| words.contains(&w.as_str())))
}

/// The column that names environments: by its title, with a column that says where they are; or by what stands in it.
pub(in crate::runbook) fn environment_column(
    header: &[String],
    rows: &[(usize, Vec<String>)],
) -> Option<usize> {
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
    if placed && let Some(named) = named {
        return Some(named);
    }
    let cells = rows.iter().filter_map(|(_, row)| row.first()).map(String::as_str);
    let first = header.first()?;
    let may = named == Some(0) || says(first, &["server", "name", "system", "target", "instance", "site"]);
    (header.len() >= 2 && (placed || named == Some(0)) && may && stages::are_stages(cells)).then_some(0)
}

pub(super) fn environments(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let Some(name) = environment_column(header, rows) else { return };
    let url = column(header, &["url", "address", "endpoint", "host"]).filter(|url| *url != name);
    for (line, row) in rows {
        let ports = header
            .iter()
            .zip(row)
            .filter_map(|(title, cell)| Some((title.clone(), cell.trim().parse::<u16>().ok()?)));
        runbook.environments.push(Environment {
            name: row.get(name).cloned().unwrap_or_default(),
            url: url.and_then(|u| row.get(u)).filter(|u| !u.is_empty()).cloned(),
            ports: ports.collect(),
            line: *line,
        });
    }
}

pub(super) fn targets(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let cell = |row: &Vec<String>, words: &[&str]| {
        column(header, words).and_then(|c| row.get(c)).and_then(|c| threshold(c))
    };
    for (line, row) in rows {
        runbook.targets.push(Target {
            metric: column(header, &["metric"]).and_then(|c| row.get(c)).cloned().unwrap_or_default(),
            target: cell(row, &["target", "goal"]),
            acceptable: cell(row, &["acceptable", "warning"]),
            alert: cell(row, &["alert", "critical"]),
            line: *line,
        });
    }
}

pub(super) fn contacts(element: &Element, runbook: &mut Runbook) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let cell = |row: &Vec<String>, at: usize, words: &[&str]| {
        row.get(column(header, words).unwrap_or(at)).cloned().unwrap_or_default()
    };
    for (line, row) in rows {
        runbook.contacts.push(Contact {
            role: cell(row, 0, &["role", "team"]),
            name: cell(row, 1, &["name", "person"]),
            contact: cell(row, 2, &["contact", "phone", "slack", "email"]),
            line: *line,
        });
    }
}

pub(super) fn references(section: &Section<'_>, runbook: &mut Runbook) {
    for element in &section.elements {
        if let ElementKind::Item { links, .. } = &element.kind {
            runbook.references.extend(links.iter().map(|(title, target)| Reference {
                title: title.clone(),
                target: target.clone(),
                line: element.span.line,
            }));
        }
    }
}

/// Items and lines such as "**On call**: ada, +49 1".
pub(super) fn contact_list(section: &Section<'_>, runbook: &mut Runbook) {
    let mut found = Vec::new();
    for element in &section.elements {
        let (ElementKind::Item { text, .. } | ElementKind::Paragraph { text, .. }) = &element.kind else {
            continue;
        };
        for line in text.lines() {
            let Some((role, contact)) = line.split_once(':').filter(|(r, c)| {
                r.split_whitespace().count() <= 5 && !c.trim().is_empty() && !c.starts_with("//")
            }) else {
                continue;
            };
            found.push(Contact {
                role: role.trim().to_owned(),
                name: String::new(),
                contact: contact.trim().to_owned(),
                line: element.span.line,
            });
        }
    }
    // What tables say comes where it stands; lists go before it, as a rule.
    found.append(&mut runbook.contacts);
    runbook.contacts = found;
}
