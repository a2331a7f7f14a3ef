//! What a prompt looks like: a shell's, a place's, a console's.

use crate::shell::classify::is_known_program;

/// The length of a prompt that a line begins with; `root` where `# ` may be one.
pub(super) fn prompt(line: &str, root: bool) -> Option<usize> {
    if line.starts_with("$ ") || line.starts_with("% ") {
        return Some(2);
    }
    if root && line.starts_with("# ") {
        return Some(2);
    }
    // A redirection in front of a program and its words is never meant.
    if let Some(rest) = line.strip_prefix("> ") {
        let mut words = rest.split_whitespace();
        let known = words.next().is_some_and(|word| !word.contains('/') && is_known_program(word));
        return (known && words.next().is_some()).then_some(2);
    }
    if let Some(length) = of_place(line) {
        return Some(length);
    }
    // user@host:~$ …, [root@host ~]# …
    let end = line.find("$ ").or_else(|| line.find("# "))?;
    let head = &line[..end];
    let (user, rest) = head.trim_start_matches(['[', '(']).split_once('@')?;
    let plain = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_alphanumeric() || "_.-".contains(c));
    let host: String = rest.chars().take_while(|c| c.is_alphanumeric() || "_.-".contains(*c)).collect();
    (plain(user) && !host.is_empty() && !rest[host.len()..].contains(['"', '\''])).then_some(end + 2)
}

/// `mon-a# ls`, `bash-5.1$ ls`: the name of a place and a sign are one word, as no word of bash is written.
fn of_place(line: &str) -> Option<usize> {
    let word = line.split(' ').next()?;
    let name = word.strip_suffix(['#', '$'])?;
    let plain = |c: char| c.is_alphanumeric() || "_.-@:~/[]()".contains(c);
    let typed =
        line.get(word.len()..).is_some_and(|rest| rest.trim().starts_with(|c: char| !"=#".contains(c)));
    let named = name.len() > 1
        && name.starts_with(|c: char| c.is_alphanumeric() || c == '[' || c == '(')
        && name.contains(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
        && !name.contains("://");
    (named && typed).then_some(word.len() + 1)
}

/// What the prompt of a console asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Console {
    /// The prompt's length.
    pub(super) length: usize,
    /// It takes statements of SQL.
    pub(super) sql: bool,
}

/// The prompt of a console that a line begins with: `postgres=#`, `mysql>`, `irb(main):001:0>`, `>>>`.
pub(super) fn console(line: &str) -> Option<Console> {
    #[rustfmt::skip] // words, many to a line
    const SQL: &[&str] = &["mysql", "mariadb", "sqlite", "cqlsh", "sql", "psql", "clickhouse", "duckdb", "ksql"];
    #[rustfmt::skip] // words, many to a line
    const OTHERS: &[&str] = &["mongosh", "mongo", "redis", "irb", "iex", "ghci", "pry", "node", "php", "scala", "hbase", "tinker"];
    let found = |length: usize, sql: bool| Some(Console { length, sql });
    let word = line.split(' ').next()?;
    let length = word.len() + 1;
    if line.len() <= length {
        return None;
    }
    if word == ">>>" {
        return found(length, false);
    }
    if let Some((head, _)) = line.split_once("]> ").filter(|_| line.starts_with("MariaDB [")) {
        return found(head.len() + 3, true);
    }
    let name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_alphanumeric() || "_-".contains(c))
    };
    if ["=#", "=>", "-#", "->"].iter().any(|sign| word.strip_suffix(sign).is_some_and(name)) {
        return found(length, true);
    }
    let head = word.strip_suffix('>')?;
    let kind: String = head.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let address = head.rsplit_once(':').is_some_and(|(host, port)| {
        host.matches('.').count() == 3 && !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit())
    });
    let behind =
        head.get(kind.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with(['(', ':', ' ']));
    if SQL.contains(&kind.as_str()) && behind {
        return found(length, true);
    }
    (address || OTHERS.contains(&kind.as_str()) && behind).then_some(Console { length, sql: false })
}

/// A text without the prompts of a console that its lines begin with.
pub(super) fn typed(text: &str) -> String {
    let lines = text.lines().map(|line| console(line).and_then(|c| line.get(c.length..)).unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n")
}
