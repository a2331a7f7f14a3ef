//! What the beginning and the end of a file tell of it: is it whole, and what does a dump remove.

/// The schemas that a dump in SQL removes without what depends on them (PostgreSQL's documentation, DROP SCHEMA).
pub(super) fn drops(head: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(head);
    if !text.contains("PostgreSQL database dump") {
        return vec![];
    }
    let schema = |line: &str| {
        let rest = line.strip_prefix("DROP SCHEMA ")?.strip_suffix(';')?;
        let name = rest.strip_prefix("IF EXISTS ").unwrap_or(rest);
        (!name.contains(' ')).then(|| name.to_owned())
    };
    text.lines().filter_map(schema).collect()
}

/// Whether a file is whole, where its kind says so: the last line of a dump in SQL (`pg_dump`, `mysqldump`), the size in
/// the header of a SQLite database (sqlite.org/fileformat.html, 1.3), the two empty blocks that end a tar archive, the list that ends a zip archive, the empty block that ends what
/// `pg_dump -Fc` writes of a table.
pub(super) fn complete(head: &[u8], tail: &[u8], bytes: u64) -> Option<bool> {
    let within = |part: &[u8], text: &str| part.windows(text.len()).any(|w| w == text.as_bytes());
    if within(head, "PostgreSQL database dump") {
        Some(within(tail, "PostgreSQL database dump complete"))
    } else if within(head, "PostgreSQL database cluster dump") {
        Some(within(tail, "PostgreSQL database cluster dump complete"))
    } else if within(head, "-- MySQL dump") || within(head, "-- MariaDB dump") {
        Some(within(tail, "-- Dump completed"))
    } else if head.starts_with(b"SQLite format 3\0") {
        let number = |at: usize, length: usize| {
            head.get(at..at + length).map(|b| b.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte)))
        };
        let page = match number(16, 2)? {
            1 => 65536,
            size => size,
        };
        let pages = number(28, 4)?;
        (pages > 0).then_some(page * pages == bytes)
    } else if head.starts_with(b"PK\x03\x04") {
        Some(within(tail, "PK\x05\x06"))
    } else if head.starts_with(b"PGDMP") {
        Some(tail.ends_with(&[0; 5]))
    } else if head.get(257..262) == Some(b"ustar") {
        Some(tail.len() >= 1024 && tail[tail.len() - 1024..].iter().all(|b| *b == 0))
    } else {
        None
    }
}
