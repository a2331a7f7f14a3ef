//! Tables whose columns have a meaning: environments, contacts; and links.

use super::super::columns::{column, environment_column};
use super::super::markdown::{Element, ElementKind};
use super::super::model::{Contact, Environment, Plan, Reference};
use super::super::sections::Section;

pub(super) fn environments(element: &Element, plan: &mut Plan) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let Some(name) = environment_column(header, rows) else { return };
    let url = column(header, &["url", "address", "endpoint", "host"]).filter(|url| *url != name);
    for (line, row) in rows {
        let ports = header
            .iter()
            .zip(row)
            .filter_map(|(title, cell)| Some((title.clone(), cell.trim().parse::<u16>().ok()?)));
        plan.environments.push(Environment {
            name: row.get(name).cloned().unwrap_or_default(),
            url: url.and_then(|u| row.get(u)).filter(|u| !u.is_empty()).cloned(),
            ports: ports.collect(),
            line: *line,
        });
    }
}

/// The environments that the sections are for, where no table names any.
pub(super) fn environments_of_steps(plan: &mut Plan) {
    if !plan.environments.is_empty() {
        return;
    }
    for step in &plan.steps {
        let Some(name) = &step.environment else { continue };
        if !plan.environments.iter().any(|e| e.name == *name) {
            plan.environments.push(Environment {
                name: name.clone(),
                line: step.line,
                ..Environment::default()
            });
        }
    }
}

pub(super) fn contacts(element: &Element, plan: &mut Plan) {
    let ElementKind::Table { header, rows } = &element.kind else { return };
    let cell = |row: &Vec<String>, at: usize, words: &[&str]| {
        row.get(column(header, words).unwrap_or(at)).cloned().unwrap_or_default()
    };
    for (line, row) in rows {
        plan.contacts.push(Contact {
            role: cell(row, 0, &["role", "team"]),
            name: cell(row, 1, &["name", "person"]),
            contact: cell(row, 2, &["contact", "phone", "slack", "email"]),
            line: *line,
        });
    }
}

pub(super) fn references(section: &Section<'_>, plan: &mut Plan) {
    for element in &section.elements {
        if let ElementKind::Item { links, .. } = &element.kind {
            plan.references.extend(links.iter().map(|(title, target)| Reference {
                title: title.clone(),
                target: target.clone(),
                line: element.span.line,
            }));
        }
    }
}

/// Items and lines such as "**On call**: ada, +49 1".
pub(super) fn contact_list(section: &Section<'_>, plan: &mut Plan) {
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
    found.append(&mut plan.contacts);
    plan.contacts = found;
}
