//! What statements do: SQL of every dialect, and the calls that drop or delete in the languages of consoles.

use super::super::classified::Effect;

/// SQL functions that only compute (a plain-columns rule with the everyday exceptions).
#[rustfmt::skip] // words, many to a line
const FUNCTIONS: &[&str] = &[
    "count", "sum", "avg", "min", "max", "now", "version", "coalesce", "round", "length", "lower", "upper",
    "date", "extract", "date_trunc", "current_database", "pg_size_pretty", "pg_database_size",
    "pg_total_relation_size", "pg_is_in_recovery", "age", "in", "distinct", "interval", "exists", "values",
    "any", "nullif", "cast", "to_char",
];

/// Calls that drop, delete or stop, in JavaScript, Ruby, Python, PHP and Elixir.
#[rustfmt::skip] // words, many to a line
const CALLS: &[&str] = &[
    "dropDatabase", ".drop(", "dropCollection", "dropUser", "deleteMany", "deleteOne", "findOneAndDelete",
    "shutdownServer", "delete_all", "destroy_all", ".destroy!", ".destroy(", ".delete(", "->delete(", "::truncate(", ".truncate(",
    "truncate!", ".drop_all(", "drop_table", "drop_database", "rmtree(", "flushall(", "flushdb(", ".flush_all",
    "forceDelete(", "dropIfExists(", "rm_rf", "deleteAll(", "destroyAll(",
];

/// What SQL does.
pub(super) fn effect(text: &str) -> Effect {
    if destroys(text) {
        Effect::Destructive
    } else if reads(&without_comment_lines(text)) {
        Effect::Reads
    } else {
        Effect::Changes
    }
}

fn without_comment_lines(text: &str) -> String {
    let code: Vec<&str> = text.lines().filter(|l| !l.trim_start().starts_with("--")).collect();
    code.join("\n")
}

fn statements(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|s| !s.is_empty())
}

fn words(lower: &str) -> Vec<&str> {
    lower.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect()
}

/// Whether every statement only reads: an allow-list of verbs and functions.
pub(super) fn reads(text: &str) -> bool {
    statements(text).all(|statement| {
        let lower = statement.to_ascii_lowercase();
        let first = lower.split_whitespace().next().unwrap_or("");
        if let Some(command) = first.strip_prefix('\\') {
            // Of psql; a bar or a backquote in it runs a command.
            let shows =
                command.starts_with('d') || matches!(command, "l" | "l+" | "conninfo" | "x" | "z" | "timing");
            return shows && !lower.contains(['|', '`']) && lower.matches('\\').count() == 1;
        }
        if first.starts_with('.') {
            return matches!(first, ".tables" | ".schema" | ".indexes" | ".databases" | ".dump" | ".dbinfo");
        }
        if first == "pragma" {
            let named = words(&lower);
            let asks = named.get(1).is_some_and(|w| {
                ["integrity_check", "quick_check", "table_info", "user_version", "foreign_key_check"]
                    .contains(w)
            });
            return asks && !lower.contains('=');
        }
        let opens = ["select", "show", "explain", "with", "table", "describe", "values"];
        let acts = [
            "insert", "update", "delete", "merge", "into", "analyze", "call", "outfile", "exec", "execute",
            "create", "alter", "drop", "truncate", "grant", "revoke", "set", "backup", "restore", "kill",
        ];
        opens.contains(&first)
            && !lower.contains('\\')
            && !words(&lower).iter().any(|w| acts.contains(w))
            && calls(&lower).all(|name| FUNCTIONS.contains(&name))
    })
}

/// The names standing directly before an opening bracket.
fn calls(lower: &str) -> impl Iterator<Item = &str> {
    lower.match_indices('(').filter_map(|(at, _)| {
        let before = lower.get(..at)?.trim_end();
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
        (!name.is_empty()).then_some(name)
    })
}

/// Whether a statement in it loses data.
pub(super) fn destroys(text: &str) -> bool {
    let lower = text.to_lowercase();
    // What such a word makes a statement of stands in quotes.
    let made = ["execute", "\\gexec", "prepare", "dblink"].iter().any(|w| lower.contains(w));
    let code = if made { lower } else { without_quoted(&lower).unwrap_or(lower) };
    code_destroys(text) || statements(&code).any(statement_destroys)
}

/// Whether a call in it loses data.
pub(super) fn code_destroys(text: &str) -> bool {
    CALLS.iter().any(|call| text.contains(call)) || (text.contains("db.") && text.contains(".remove("))
}

fn statement_destroys(statement: &str) -> bool {
    let words = words(statement);
    let first = words.first().copied().unwrap_or("");
    if matches!(first, "grant" | "revoke" | "comment") {
        return false;
    }
    let creates = first == "create";
    let near = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or("");
        (before, words.get(at + 1).copied().unwrap_or(""))
    };
    let lost = words.iter().enumerate().any(|(at, word)| {
        let (before, after) = near(at);
        match *word {
            "drop" => !matches!(after, "not" | "default" | "identity" | "expression"),
            // What happens to the rows of another table, or when a trigger fires, is no deletion now.
            "delete" => {
                before != "on" && !(creates && matches!(before, "before" | "after" | "of" | "or" | "for"))
            }
            "truncate" => first != "select" && !(creates && matches!(before, "before" | "after" | "or")),
            _ => false,
        }
    });
    let second = words.get(1).copied().unwrap_or("");
    lost || matches!(first, "shutdown" | "purge" | "flushall" | "flushdb")
        || first == "reset" && matches!(second, "master" | "slave" | "replica")
        || statement.starts_with(".restore")
}

/// The code without its comments and without what stands in quotes; nothing where a quote stays open.
fn without_quoted(text: &str) -> Option<String> {
    let mut code = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' | '"' => {
                loop {
                    let within = rest.next()?;
                    if within == '\\' {
                        rest.next();
                    } else if within == c && rest.next_if_eq(&c).is_none() {
                        break;
                    }
                }
                code.push_str(" quoted ");
            }
            '-' if rest.peek() == Some(&'-') => {
                rest.by_ref().take_while(|c| *c != '\n').for_each(drop);
                code.push('\n');
            }
            '/' if rest.peek() == Some(&'*') => {
                let mut last = ' ';
                rest.by_ref()
                    .take_while(|c| {
                        !(*c == '/' && std::mem::replace(&mut last, *c) == '*') && {
                            last = *c;
                            true
                        }
                    })
                    .for_each(drop);
                code.push(' ');
            }
            _ => code.push(c),
        }
    }
    Some(code)
}

/// Whether a text begins as a statement that loses data, whoever it is given to: `DROP TABLE orders`.
pub(super) fn begins_to_destroy(text: &str) -> bool {
    let lower = text.trim_start().to_lowercase();
    let words = words(&lower);
    let object = |w: &&str| {
        [
            "table",
            "database",
            "schema",
            "keyspace",
            "index",
            "view",
            "collection",
            "measurement",
            "user",
            "role",
            "column",
            "materialized",
            "sequence",
            "type",
            "function",
            "constraint",
            "bucket",
            "topic",
            "stream",
        ]
        .contains(w)
    };
    let begins = match words.as_slice() {
        ["drop", what, _, ..] => object(what),
        ["delete", "from", _, ..] | ["truncate", "table", _, ..] => true,
        ["flushall" | "flushdb", ..] => true,
        ["truncate", _] => lower.starts_with("truncate "),
        ["alter", "table", _, rest @ ..] => {
            rest.windows(2).any(|w| matches!(w, ["drop", what] if object(what)))
        }
        ["begin", ..] => return statements(&lower).skip(1).any(begins_to_destroy),
        ["match", rest @ ..] => rest.contains(&"delete") && lower.contains('('),
        _ => false,
    };
    begins || statements(text).skip(1).any(begins_to_destroy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_lose_data_are_told_from_those_that_name_such_words() {
        for text in [
            "DROP TABLE orders",
            "begin; delete from t; commit",
            "TRUNCATE orders, lines CASCADE",
            "ALTER TABLE t DROP COLUMN note",
            "WITH old AS (DELETE\nFROM t RETURNING *) SELECT count(*) FROM old",
            "db.orders.deleteMany({})",
            "User.where(old: true).delete_all",
            "DO $$ BEGIN EXECUTE 'DROP TABLE x'; END $$",
            "SELECT 'drop table '||t FROM x \\gexec",
            "/* all */ DELETE FROM t",
            "ALTER TABLE t DELETE WHERE id = 1",
            "MATCH (n) DETACH DELETE n",
            "PURGE BINARY LOGS TO 'x'",
            ".restore old.db",
        ] {
            assert!(destroys(text), "{text}");
        }
        for text in [
            "SELECT deleted, dropped FROM t",
            "SELECT * FROM log WHERE action = 'delete'",
            "CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE)",
            "CREATE TRIGGER x AFTER DELETE ON t EXECUTE FUNCTION f()",
            "GRANT SELECT, DELETE ON t TO app",
            "ALTER TABLE t ALTER COLUMN c DROP NOT NULL",
            "-- DROP TABLE t\nINSERT INTO t VALUES (1)",
            "/* DELETE FROM t */ UPDATE t SET a = 1",
            "INSERT INTO notes VALUES ('it''s a drop')",
            "SELECT truncate(1.5, 0)",
        ] {
            assert!(!destroys(text), "{text}");
        }
    }

    #[test]
    fn what_reads_only_reads() {
        for text in [
            "select 1",
            "\\dt a.b",
            "\\l",
            "SELECT count(*) FROM t; SELECT now()",
            ".tables",
            "PRAGMA integrity_check",
        ] {
            assert!(reads(text), "{text}");
        }
        for text in [
            "\\lo_unlink 3",
            "\\dt | sh",
            "select 1 \\gexec",
            "with x as (delete\nfrom t returning 1) select 1",
            "pragma user_version=3",
            "select * into a from b",
            "select nextval('s')",
            "\\! ls",
            "explain analyze update t set a=1",
        ] {
            assert!(!reads(text), "{text}");
        }
    }

    #[test]
    fn a_statement_is_known_at_its_beginning() {
        for text in [
            "DROP TABLE x",
            " delete from t where 1",
            "truncate t",
            "BEGIN; DROP TABLE x; COMMIT",
            "select 1; drop table x",
        ] {
            assert!(begins_to_destroy(text), "{text}");
        }
        for text in
            ["drop", "Delete the old table", "drop the index", "never DROP TABLE x", "match (a) return a"]
        {
            assert!(!begins_to_destroy(text), "{text}");
        }
    }
}
