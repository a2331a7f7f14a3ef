//! The rows, by what the programs are for.

use super::Program;

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
