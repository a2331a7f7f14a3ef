//! What a path says of what stands there: a backup, data in use, or something that is made again by itself.

/// Words for a copy that was set aside, in several languages.
#[rustfmt::skip] // words, many to a line
const BACKUPS: &[&str] = &[
    "backup", "backups", "bak", "bkp", "bck", "bkup", "dump", "dumps", "dmp", "dumpall", "pgdump", "mysqldump", "mongodump",
    "snapshot", "snapshots", "restore", "restored", "bson", "rdb", "sauvegarde", "sauvegardes", "sicherung", "sicherungen",
    "datensicherung", "respaldo", "copia", "kopia", "yedek", "backuped",
];

/// The same in scripts without blanks between words, or with endings.
const BACKUPS_WITHIN: &[&str] =
    &["备份", "備份", "バックアップ", "백업", "бэкап", "бекап", "резервн", "sicherung"];

/// Last words of the name of something that was put aside.
const ASIDE: &[&str] = &["old", "orig", "save", "saved", "prev", "previous"];

/// Words of files of statements that take something back or away.
const UNDOING: &[&str] = &[
    "rollback",
    "revert",
    "undo",
    "down",
    "downgrade",
    "drop",
    "truncate",
    "purge",
    "wipe",
    "reset",
    "teardown",
    "destroy",
];

/// Folders that builds, package managers and tools fill, wherever they stand.
#[rustfmt::skip] // words, many to a line
const MADE_AGAIN: &[&str] = &[
    "node_modules", "__pycache__", ".next", ".nuxt", ".cache", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".turbo",
    ".parcel-cache", ".svelte-kit", ".angular", ".vite", ".gradle", ".terraform", ".tox", ".nyc_output", ".output",
    "bower_components", ".venv", ".eggs", ".sass-cache", ".docusaurus", ".astro", ".vercel", ".serverless",
];

/// Names that only say so where they stand last.
#[rustfmt::skip] // words, many to a line
const MADE_AGAIN_LAST: &[&str] = &[
    "dist", "build", "target", "out", "tmp", "temp", "cache", "caches", "coverage", "venv", "obj", "_build", "deps",
    "htmlcov", "vendor", "public/build", ".coverage", ".ds_store", "package-lock.json",
];

/// Endings of files that are made again.
const MADE_AGAIN_ENDS: &[&str] = &[
    ".pyc",
    ".pyo",
    ".o",
    ".tmp",
    ".temp",
    ".pid",
    ".lock",
    ".sock",
    ".egg-info",
    ".class",
    ".cache",
    ".swp",
];

/// Endings of files that hold data in use.
#[rustfmt::skip] // words, many to a line
const DATA_ENDS: &[&str] = &[
    "db", "sqlite", "sqlite3", "rdb", "aof", "mdb", "ldb", "ibd", "frm", "myd", "tfstate", "wal", "leveldb", "duckdb",
];

/// Folders that hold data in use.
const DATA_FOLDERS: &[&str] = &[
    "data",
    "pgdata",
    "_data",
    "uploads",
    "volumes",
    "mysql",
    "postgresql",
    "pgsql",
    "mongodb",
    "media",
    "datadir",
];

/// Endings of what is written anew: reports, texts, archives, settings.
#[rustfmt::skip] // words, many to a line
const WRITTEN_ANEW: &[&str] = &[
    "txt", "md", "log", "csv", "tsv", "out", "sql", "gz", "tgz", "zst", "bz2", "xz", "zip", "tar", "html", "xml", "pem", "crt",
    "env", "conf", "yml", "yaml", "toml", "ini", "sh", "service", "pdf", "png", "sha256", "err",
];

/// The words of a name, in lower case, each followed by where its letters change case: `dropDatabase` is two.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut lower_before = false;
    for c in name.chars() {
        let new = !c.is_alphanumeric() || (c.is_uppercase() && lower_before);
        if new {
            found.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = found.last_mut()
        {
            last.extend(c.to_lowercase());
        }
        lower_before = c.is_lowercase();
    }
    found.retain(|word| !word.is_empty());
    found
}

/// The path in a word such as `web-1:/srv/x` of `scp` and `docker cp`.
pub(super) fn local(path: &str) -> &str {
    match path.split_once(':') {
        Some((host, rest)) if !host.contains('/') && !rest.starts_with("//") && host.len() > 1 => rest,
        _ => path,
    }
}

fn components(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty() && *part != ".").collect()
}

/// Whether a path is named as a backup, a dump or a snapshot.
pub(super) fn is_backup(path: &str) -> bool {
    let parts = components(path);
    let Some((name, folders)) = parts.split_last() else { return false };
    let named = words(name);
    let lower = path.to_lowercase();
    named.iter().any(|w| BACKUPS.contains(&w.as_str()))
        || named.len() > 1 && named.last().is_some_and(|w| ASIDE.contains(&w.as_str()))
        || name.ends_with('~')
        || BACKUPS_WITHIN.iter().any(|w| lower.contains(w))
        || folders.iter().any(|folder| in_backups(folder))
}

/// Whether a file is an archive, or a dump as text.
pub(super) fn is_packed(path: &str) -> bool {
    let ends = [
        ".gz", ".tgz", ".zip", ".tar", ".sql", ".dump", ".zst", ".xz", ".bz2", ".gpg", ".age", ".7z", ".enc",
    ];
    ends.iter().any(|end| path.ends_with(end))
}

/// Whether a folder keeps backups: `backups`, `db-backups`, but not `backup-service`.
fn in_backups(folder: &str) -> bool {
    let plural = |w: &String| w.ends_with('s') && BACKUPS.contains(&w.as_str());
    let named = words(folder);
    named.iter().any(plural) || (named.len() == 1 && named.iter().any(|w| BACKUPS.contains(&w.as_str())))
}

/// Whether a file of statements is named as one that takes back or away.
pub(super) fn undoes(path: &str) -> bool {
    let named = components(path).last().map(|name| words(name)).unwrap_or_default();
    named.iter().any(|w| UNDOING.contains(&w.as_str()))
        || named.iter().take(1).any(|w| matches!(w.as_str(), "delete" | "remove" | "cleanup"))
}

/// Whether what stands at a path is made again by itself: builds, caches, temporary files.
pub(super) fn is_made_again(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let parts = components(&lower);
    if parts.contains(&"..") {
        return parts.iter().rposition(|p| *p == "..").is_some_and(|at| {
            parts.get(at + 1..).is_some_and(|rest| !rest.is_empty() && is_made_again(&rest.join("/")))
        });
    }
    if is_temporary(&lower) {
        return true;
    }
    if parts.iter().any(|part| MADE_AGAIN.contains(part)) || lower.starts_with("/var/cache/") {
        return true;
    }
    let behind_all = parts.last().is_some_and(|p| p.chars().all(|c| c == '*' || c == '.'));
    let last = if behind_all { parts.iter().rev().nth(1) } else { parts.last() };
    let at_root = lower.starts_with('/') && parts.len() < if behind_all { 3 } else { 2 };
    let system = lower.starts_with("/var/tmp") || at_root;
    last.filter(|_| !system).is_some_and(|name| {
        let name = name.trim_end_matches('*');
        MADE_AGAIN_LAST.contains(&name)
            || MADE_AGAIN_ENDS.iter().any(|end| name.ends_with(end))
            || (name == "bin" && lower.starts_with(name))
    })
}

/// Whether a path is of a temporary folder or file, and not that folder itself.
pub(super) fn is_temporary(path: &str) -> bool {
    let below = |folder: &str| {
        path.strip_prefix(folder)
            .is_some_and(|rest| !matches!(rest.trim_end_matches('/'), "" | "*" | "." | ".*"))
    };
    if ["/tmp/", "/var/tmp/", "/dev/shm/", "$tmpdir/", "${tmpdir}/", "$TMPDIR/", "${TMPDIR}/"]
        .iter()
        .any(|f| below(f))
    {
        return true;
    }
    if path.contains("$(mktemp") {
        return true;
    }
    let named = path.strip_prefix('$').map(|rest| rest.trim_matches(|c| c == '{' || c == '}'));
    named.is_some_and(|name| {
        let name = name.split(['/', '}']).next().unwrap_or(name);
        words(name).iter().any(|w| {
            matches!(
                w.as_str(),
                "tmp" | "temp" | "tmpdir" | "tempdir" | "tmpfile" | "tempfile" | "workdir" | "scratch"
            )
        })
    })
}

/// Whether data in use stands at a path: a file of it, or a folder.
pub(super) fn is_data(path: &str) -> bool {
    let lower = path.to_lowercase();
    let folder = components(&lower).last().is_some_and(|name| DATA_FOLDERS.contains(name));
    is_data_file(path) || (folder && !is_temporary(path) && !is_backup(path))
}

/// Whether a file of data in use stands at a path.
pub(super) fn is_data_file(path: &str) -> bool {
    if is_temporary(path) || is_made_again(path) {
        return false;
    }
    let lower = path.to_lowercase();
    let parts = components(&lower);
    let Some((name, folders)) = parts.split_last() else { return false };
    let ending = name.rsplit_once('.').map(|(_, end)| end);
    if is_backup_beyond(&lower, ending) {
        return false;
    }
    let kept = folders.iter().any(|folder| DATA_FOLDERS.contains(folder));
    lower.starts_with("/var/lib/")
        || lower.starts_with("/var/spool/")
        || ending.is_some_and(|end| DATA_ENDS.contains(&end))
        || kept && !ending.is_some_and(|end| WRITTEN_ANEW.contains(&end))
}

/// Whether a path is a backup by more than an ending that a store in use has too: Redis calls its own file `dump.rdb`.
fn is_backup_beyond(path: &str, ending: Option<&str>) -> bool {
    is_backup(path)
        && !(ending == Some("rdb")
            && words(path).iter().filter(|w| BACKUPS.contains(&w.as_str())).count() <= 2)
}

/// Whether a path is the system's root, or a folder at it that holds what the system lives from.
pub(super) fn is_root(path: &str) -> bool {
    matches!(path.trim_end_matches('/'), "" | "/etc" | "/var" | "/var/lib" | "/home" | "/root" | "/boot")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_backups() {
        for path in [
            "backup_2026.sql",
            "/backups/app.tar.gz",
            "/backups/$F",
            "prod.dump",
            "data.old",
            "x.conf.bak",
            "notes.txt~",
            "terraform.tfstate.backup",
            "$BACKUP_FILE",
            "sauvegarde-lundi.sql",
            "Datensicherung.tar",
            "库备份.sql",
            "dumps/x",
        ] {
            assert!(is_backup(path), "{path}");
        }
        for path in [
            "app.tar.gz",
            "/opt/backup-service/migrations/001.sql",
            "schema.sql",
            "old/app.conf",
            "dumpling.txt",
        ] {
            assert!(!is_backup(path), "{path}");
        }
    }

    #[test]
    fn builds_and_temporary_files_are_made_again() {
        for path in [
            "node_modules",
            "./dist",
            "build/",
            "target",
            ".next",
            "/tmp/x",
            "/tmp/x*",
            "*.pyc",
            "apps/web/.next/cache",
            "dist/*",
            "$TMPDIR/x",
            "$tmp",
            "${TMP_DIR}",
            "$(mktemp -d)",
            "/var/cache/apt/archives",
            "../web/dist",
            "src/__pycache__",
        ] {
            assert!(is_made_again(path), "{path}");
        }
        for path in [
            "/",
            "/tmp",
            "/tmp/",
            "/tmp/*",
            "target/../..",
            "/srv/app",
            "build/data",
            "*",
            "releases/1",
            "/tmp/../etc",
            "$HOME",
        ] {
            assert!(!is_made_again(path), "{path}");
        }
    }

    #[test]
    fn data_in_use_is_told_by_its_place_and_name() {
        for path in [
            "/var/lib/app/state.json",
            "data/live.db",
            "/data/dump.rdb",
            "terraform.tfstate",
            "data",
            "/srv/uploads/a",
        ] {
            assert!(is_data(path), "{path}");
        }
        for path in [
            "report.txt",
            "/tmp/live.db",
            "data/live.db.bak",
            "/data/backups/x.sql",
            "users.json",
            "/etc/app.conf",
            "data/report.csv",
        ] {
            assert!(!is_data(path), "{path}");
        }
    }
}
