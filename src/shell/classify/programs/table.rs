//! The rows, by what the programs are for.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::row::Program;

mod clouds;
mod data;
mod machine;
mod tools;

pub(super) use clouds::CLOUDS;
pub(super) use data::MIGRATIONS;

/// The groups of the table with their headings.
pub(super) const GROUPS: &[(&str, &[Program])] = &[
    ("Files and disks", machine::FILES),
    ("Processes, services and the machine", machine::SERVICES),
    ("Databases and stores", data::STORES),
    ("Migrations and consoles", MIGRATIONS),
    ("Containers and clusters", clouds::CLUSTERS),
    ("Clouds and infrastructure", CLOUDS),
    ("Version control, packages and tasks", tools::TOOLS),
];

/// Rows of programs that projects have under a path of theirs: `./manage.py`, `bin/rails`, `node_modules/.bin/knex`.
pub(super) const BY_PATH: &[&[Program]] = &[MIGRATIONS, data::STORES, clouds::CLUSTERS, CLOUDS, tools::TOOLS];

/// The row of a program.
pub(super) fn find(name: &str) -> Option<&'static Program> {
    /// Rows by their names, the first of each.
    static ROWS: LazyLock<HashMap<&str, &Program>> = LazyLock::new(|| {
        let rows = GROUPS.iter().rev().flat_map(|(_, rows)| rows.iter().rev());
        rows.flat_map(|row| row.names.split_whitespace().map(move |name| (name, row))).collect()
    });
    let named = |name: &str| ROWS.get(name).copied();
    let stem = || name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').trim_end_matches('-');
    let script =
        || [".py", ".sh", ".php", ".exe"].iter().find_map(|end| name.strip_suffix(end)).and_then(named);
    named(name)
        .or_else(|| if stem() == name || stem().len() < 4 { None } else { named(stem()) })
        .or_else(script)
}

/// Whether a program is one for migrations or a framework's console.
pub(super) fn migrates(name: &str) -> bool {
    MIGRATIONS.iter().any(|row| row.names.split_whitespace().any(|n| n == name))
}

/// Whether a program has a row.
pub(super) fn is_known(name: &str) -> bool {
    find(name).is_some()
}
