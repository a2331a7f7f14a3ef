//! Which variables of its environment a command may read.

use super::classify::inside;
use super::classify::unwrapped;
use super::parse::{Simple, parse};

/// Clients that look for variables which nobody has to write down: how the names begin, and how the programs do.
const CLIENTS: &[(&str, &[&str])] = &[
    (
        "PG",
        &[
            "psql",
            "pg_",
            "pgbench",
            "createdb",
            "dropdb",
            "createuser",
            "dropuser",
            "vacuumdb",
            "reindexdb",
            "clusterdb",
        ],
    ),
    ("MYSQL_", &["mysql", "mariadb"]),
    ("REDISCLI_", &["redis-cli", "valkey-cli"]),
    ("AWS_", &["aws"]),
    ("VAULT_", &["vault"]),
    ("SSHPASS", &["sshpass"]),
];

/// Whether a command may read a variable: its text has the name, or it runs a client that looks for it.
pub fn may_read(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let written = text
        .match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(part) && !text[at + name.len()..].starts_with(part));
    let mut clients =
        CLIENTS.iter().filter(|(begins, _)| name.starts_with(begins)).map(|(_, programs)| *programs);
    written || clients.next().is_some_and(|programs| runs_one(text, programs))
}

fn runs_one(text: &str, programs: &[&str]) -> bool {
    let one = |simple: &Simple| programs.iter().any(|begins| unwrapped(simple).program().starts_with(begins));
    parse(text).is_some_and(|parsed| parsed.simples.iter().any(|s| one(s) || inside(s).iter().any(one)))
}

#[cfg(test)]
mod tests {
    use super::may_read;

    #[test]
    fn a_variable_is_read_by_its_name_or_by_a_client_that_looks_for_it() {
        for (text, name, reads) in [
            ("echo \"$TOKEN\"", "TOKEN", true),
            ("export TOKEN", "TOKEN", true),
            ("curl -H \"x: ${TOKEN}\" http://h", "TOKEN", true),
            ("echo $TOKENS $MY_TOKEN", "TOKEN", false),
            ("./deploy.sh", "TOKEN", false),
            ("psql -d shop", "PGPASSWORD", true),
            ("cd /b && sudo -u app pg_dump shop | gzip > d.gz", "PGPASSWORD", true),
            ("systemctl restart postgresql", "PGPASSWORD", false),
            ("mysqldump shop > d.sql", "MYSQL_PWD", true),
            ("mysqldump shop > d.sql", "PGPASSWORD", false),
            ("sh -c 'psql -d shop'", "PGPASSWORD", true),
        ] {
            assert_eq!(may_read(text, name), reads, "{text} {name}");
        }
    }
}
