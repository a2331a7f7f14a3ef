//! Placeholders that are words: `CHANGEME`, `your-host`, `--tag TAG`, `app-XXXX`.

use std::ops::Range;

use super::beside::{after, before, ends_in_quotes, is_letter, line_before};
use super::candidate::{Candidate, Shape};
use super::own::{own, sample};

/// Bare capitals that are placeholders; any other word in capitals means itself.
const CAPITALS: &[&str] = &["PROJECT", "NAME", "DATASET"];

/// Words that say that something has to stand in their place, without `-` and `_`.
const REPLACED: &[&str] = &[
    "votremotdepasse",
    "votredomaine",
    "votretoken",
    "monmotdepasse",
    "deinpasswort",
    "ihrpasswort",
    "meinpasswort",
    "deinedomain",
    "ihredomain",
    "tucontraseña",
    "tucontrasena",
    "sucontraseña",
    "sucontrasena",
    "tudominio",
    "sudominio",
    "suasenha",
    "minhasenha",
    "seudominio",
    "tuapassword",
    "tuodominio",
    "twojehaslo",
    "jouwwachtwoord",
    "changeme",
    "changethis",
    "replaceme",
    "replacethis",
    "fillme",
    "fillin",
    "fillmein",
    "insertme",
    "editme",
];

/// What begins a word that tells to put something in its place.
#[rustfmt::skip] // words, many to a line
const BEGINS: &[&str] = &[
    "REPLACE_WITH_", "INSERT_", "ENTER_", "PUT_", "FILL_IN_", "replace-with-", "REPLACE-WITH-", "change-this-",
    "ChangeMe_", "ChangeMe-", "Changeme_", "changeme_", "changeme-", "CHANGEME_", "CHANGEME-", "change_me_",
    "change_this_", "CHANGE_THIS_", "CHANGE-THIS-", "change-me-", "CHANGE_ME_", "ganti-dengan-", "ganti_dengan_",
    "GANTI_", "CAMBIA_", "CAMBIAR_", "REEMPLAZA", "REMPLACER", "REMPLACEZ", "A_REMPLACER", "SUBSTITUA", "SUBSTITUIR",
    "SOSTITUISCI", "INSERISCI_", "INSERIR_", "INGRESA_", "WSTAW_", "ZMIEN_", "ZAMIEN_", "ERSETZEN", "ERSETZE",
    "ЗАМЕНИТЕ", "ЗАМЕНИТЬ", "ВСТАВЬТЕ", "ЗАМІНІТЬ",
];

/// What ends a word that stands where something has to be put.
#[rustfmt::skip] // words, many to a line
const ENDS: &[&str] = &[
    "_HERE", "-HERE", "-here", "_here", "_DISINI", "_DI_SINI", "-disini", "-di-sini", "_QUI", "_AQUI", "_AQUÍ", "-aqui",
    "-aquí", "_aqui", "_aquí", "_qui", "_ici", "-ici", "_hier", "_tutaj", "_buraya", "-buraya", "_disini", "_di_sini",
    "_здесь", "_тут", "_ICI", "_HIER", "-hier", "_TUTAJ", "-tutaj", "_BURAYA", "_ЗДЕСЬ", "_ТУТ",
];

/// Words of notes as well as of values.
const TODOS: &[&str] = &["TODO", "TBD", "TBC", "FIXME", "PLACEHOLDER", "REDACTED"];

/// What a word ends with that is joined to the name of something, as in `app-HASH`.
const JOINED: &[&str] =
    &["HASH", "SHA", "ID", "VERSION", "TAG", "DATE", "TIMESTAMP", "NUMBER", "BRANCH", "COMMIT", "RELEASE"];

pub(super) fn find(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for mut at in word_ranges(script) {
        // `mysql -pYOUR_PASSWORD`: the letter is the option's.
        let attached = script[at.clone()].strip_prefix("-p").filter(|rest| rest.len() > 2);
        if let Some(rest) = attached.filter(|rest| rest.starts_with(char::is_uppercase)) {
            at.start = at.end - rest.len();
        }
        let word = &script[at.clone()];
        let ahead = before(script, at.start);
        let expanded = ahead == Some('$') || ["${", "%{"].iter().any(|e| script[..at.start].ends_with(e));
        let assigned = after(script, at.end) == Some('=');
        if expanded || assigned {
            continue;
        }
        match of_word(script, &at, word) {
            Some(candidate) => found.push(candidate),
            None => found.extend(parts_of(&at, word)),
        }
    }
    found.extend(ports(script));
    found.extend(bracketed(script));
    found
}

fn of_word(script: &str, at: &Range<usize>, word: &str) -> Option<Candidate> {
    let whole = |shape| Some(Candidate::new(at.clone(), word, shape));
    if let Some(row) = counted(at, word) {
        return Some(row);
    }
    if is_crossed(word) {
        return whole(Shape::Crossed);
    }
    if let Some(own) = own(script, at, word) {
        return Some(own);
    }
    let plain = word.replace(['-', '_'], "").to_ascii_lowercase();
    // `ChangeMe123`
    let plain = plain.trim_end_matches(|c: char| c.is_ascii_digit());
    let says = REPLACED.contains(&plain)
        || BEGINS.iter().any(|begins| word.starts_with(begins))
        || ENDS.iter().any(|ends| word.ends_with(ends) && word.len() > ends.len() + 1);
    if says {
        return whole(Shape::Word);
    }
    if TODOS.contains(&word) {
        return whole(Shape::Todo);
    }
    if CAPITALS.contains(&word) && !is_heading(script, at) && !is_column(script, at) {
        return whole(Shape::Word);
    }
    if is_capital(word) && (is_value_of_option(script, at, word) || is_host(script, at)) {
        return whole(Shape::Word);
    }
    if is_kind_name(script, at, word) {
        return Some(Candidate::new(at.clone(), word, Shape::Word).in_doubt());
    }
    if is_upper_name(script, at, word) {
        return Some(Candidate::new(at.clone(), word, Shape::Word).in_doubt());
    }
    if is_foreign(script, at, word) {
        return whole(Shape::Foreign);
    }
    joined(script, at, word).or_else(|| sample(script, at, word))
}

/// `build-NNNNN`: the number alone is asked for, which stands elsewhere without the rest.
fn counted(at: &Range<usize>, word: &str) -> Option<Candidate> {
    let (head, row) = word.rsplit_once(['-', '_'])?;
    let number = row.len() >= 3 && row.bytes().all(|b| b == b'N');
    let named = !head.is_empty() && head.chars().all(|c| c.is_ascii_lowercase() || "-_".contains(c));
    (number && named).then(|| Candidate::new(at.end - row.len()..at.end, row, Shape::Crossed))
}

/// `xxxxx`, `subnet-XXXX`, `i-0abcXXXX`.
fn is_crossed(word: &str) -> bool {
    let crossed = |part: &str| {
        // `rack-nxxx`: a letter says what is counted.
        let counted = part.len() <= 5 && part.strip_suffix("xxx").is_some_and(|kind| kind.len() == 1);
        counted
            || part.len() >= 3
                && (part.bytes().all(|b| b == b'x') || part.bytes().all(|b| b == b'X' || b == b'N'))
    };
    word.split(['-', '_']).any(crossed) || word.ends_with("XXXX")
}

/// A word in capitals, which may be joined by `-` and `_`.
fn is_capital(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '-')
}

/// `kubectl drain node-name`: an argument that says what it is, and not which.
fn is_kind_name(script: &str, at: &Range<usize>, word: &str) -> bool {
    const KINDS: &[&str] = &[
        "node",
        "pod",
        "container",
        "service",
        "deployment",
        "cluster",
        "instance",
        "release",
        "bucket",
        "image",
    ];
    let kind = word
        .strip_suffix("-name")
        .or_else(|| word.strip_suffix("_name"))
        .is_some_and(|kind| KINDS.contains(&kind));
    let apart =
        before(script, at.start) == Some(' ') && after(script, at.end).is_none_or(char::is_whitespace);
    kind && apart && !ends_in_quotes(line_before(script, at.start))
}

/// `git reset --hard COMMIT_HASH`, `docker exec CONTAINER_NAME ls`, `cp backups/TIMESTAMP/a .`: a name in capitals where a
/// program takes what it works on. What hands a variable on, or looks for its name, means itself.
fn is_upper_name(script: &str, at: &Range<usize>, word: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const PROGRAMS: &[&str] = &[
        "git", "docker", "podman", "kubectl", "oc", "helm", "cp", "mv", "rm", "tar", "gunzip", "psql", "mysql", "mysqldump", "pg_dump", "pg_restore", "createdb", "dropdb", "cd", "ssh", "scp", "rsync",
    ];
    #[rustfmt::skip] // words, many to a line
    const NAMES: &[&str] = &[
        "HASH", "NAME", "ID", "TAG", "VERSION", "FILE", "DATE", "PATH", "HOST", "IP", "SHA", "TIMESTAMP", "BRANCH", "COMMIT", "CONTAINER", "POD", "BUCKET", "FOLDER", "DIR", "NUMBER", "FICHIER", "ARCHIVO", "ARQUIVO", "NOMBRE", "NOM", "NOME", "DATEI", "COMMIT",
    ];
    const HANDS_ON: &[&str] = &["-e", "--env", "--build-arg", "-v", "--var", "-c", "--command", "-k"];
    let parts: Vec<&str> = word.split(['_', '-']).collect();
    let named = is_capital(word)
        && parts.iter().any(|part| NAMES.contains(part))
        && (parts.len() > 1 || matches!(word, "TIMESTAMP"));
    let line = line_before(script, at.start);
    let program = line.split_whitespace().find(|w| *w != "sudo" && !w.contains('=')).unwrap_or("");
    let option = line.trim_end().rsplit(' ').next().unwrap_or("");
    let handed = line.ends_with(' ') && HANDS_ON.contains(&option);
    let ends = after(script, at.end).is_none_or(|c| c.is_whitespace() || "/.:\"')".contains(c));
    let begins = before(script, at.start).is_none_or(|c| c.is_whitespace() || "/_-:\"'@".contains(c));
    let quoted = ends_in_quotes(line) && !line.ends_with(['"', '\'']);
    named && ends && begins && !quoted && !handed && PROGRAMS.contains(&program)
}

/// `--tag TAG`, `--api-key=API_KEY`, `Bearer TOKEN`: a value that only repeats what it is a value of.
fn is_value_of_option(script: &str, at: &Range<usize>, word: &str) -> bool {
    let ahead = line_before(script, at.start).trim_end_matches(['"', '\'']);
    let behind = after(script, at.end);
    if behind.is_some_and(|c| !c.is_whitespace() && !"\"';|&)".contains(c)) {
        return false;
    }
    let Some(option) = ahead.trim_end_matches([' ', '=']).split_whitespace().next_back() else {
        return false;
    };
    let last = |text: &str| text.rsplit(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
    let long = option.starts_with("--") && !option.contains('=') && ahead.ends_with([' ', '=']);
    // `docker run --env ENV` hands a variable on.
    long && option != "--env" && last(option) == last(word)
        || option == "Bearer"
            && ahead.ends_with(' ')
            && ["TOKEN", "KEY", "JWT"].contains(&last(word).to_uppercase().as_str())
}

/// `https://API_HOST/`, `deploy@HOST:/srv`: a host in capitals.
fn is_host(script: &str, at: &Range<usize>) -> bool {
    let ahead = &script[..at.start];
    let behind = after(script, at.end);
    let ends = behind.is_none_or(|c| c.is_whitespace() || "/:\"';|&)?".contains(c))
        && !script[at.clone()].starts_with("HEAD");
    let of_account =
        ahead.strip_suffix('@').is_some_and(|user| user.ends_with(|c: char| c.is_alphanumeric()));
    ends && (ahead.ends_with("://") || of_account)
}

/// `http://localhost:PORT/`.
fn ports(script: &str) -> Vec<Candidate> {
    let named = |at: &usize| {
        let host = script[..*at].strip_suffix(':');
        host.is_some_and(|host| host.ends_with(|c: char| c.is_alphanumeric()))
            && after(script, at + 4).is_none_or(|c| !c.is_alphanumeric() && !"_-:=".contains(c))
    };
    let found = script.match_indices("PORT").map(|(at, _)| at).filter(named);
    found.map(|at| Candidate::new(at..at + 4, "PORT", Shape::Word)).collect()
}

/// Words for values that people put in round brackets.
const VALUES: &[&str] = &[
    "version",
    "tag",
    "name",
    "host",
    "hostname",
    "branch",
    "env",
    "environment",
    "release",
    "user",
    "username",
    "password",
    "token",
    "namespace",
    "pod",
    "service",
    "id",
    "port",
    "region",
    "domain",
    "ip",
    "commit",
    "hash",
    "date",
];

/// `git checkout (version)`, which bash does not take; in quotes, as in `"v(version)"`, it may be meant so.
fn bracketed(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, _) in script.match_indices('(') {
        let rest = &script[at + 1..];
        let Some(inner) = rest.split([')', '\n']).next().filter(|inner| rest[inner.len()..].starts_with(')'))
        else {
            continue;
        };
        let ahead = &script[..at];
        let called = ahead.chars().rev().take_while(|c| c.is_alphanumeric() || *c == '_').count() > 1;
        let end = at + inner.len() + 2;
        let word = inner.strip_prefix("your ").unwrap_or(inner);
        if !VALUES.contains(&word.to_ascii_lowercase().as_str()) || ahead.ends_with(['$', '=', '(', '<', '>'])
        {
            continue;
        }
        let argument = ahead.ends_with(' ')
            && ahead.trim_end().ends_with(|c: char| c.is_alphanumeric())
            && ahead.split_whitespace().next_back() != Some("in")
            && !ends_in_quotes(line_before(script, at));
        let candidate = Candidate::new(at..end, inner, Shape::Word);
        if argument {
            found.push(candidate);
        } else if !called && ends_in_quotes(line_before(script, at)) {
            found.push(candidate.in_doubt());
        }
    }
    found
}

/// `project_NAME_dataset_NAME`.
fn parts_of(at: &Range<usize>, word: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    if word.bytes().any(|b| b.is_ascii_lowercase()) && word.contains('_') {
        let mut start = at.start;
        for part in word.split('_') {
            if CAPITALS.contains(&part) {
                found.push(Candidate::new(start..start + part.len(), part, Shape::Word));
            }
            start += part.len() + 1;
        }
    }
    found
}

/// `app-HASH`, `shop:TAG`: it may as well be called so.
fn joined(script: &str, at: &Range<usize>, word: &str) -> Option<Candidate> {
    let lower = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let (head, tail) = match word.rsplit_once('-') {
        Some((head, tail)) => (head, tail),
        None => ("", word),
    };
    let behind_colon = || {
        script[..at.start].strip_suffix([':', '@']).is_some_and(|name| name.ends_with(lower))
            && head.is_empty()
    };
    let of_name = !head.is_empty() && head.chars().all(|c| lower(c) || c == '-' || c == '_');
    let ends = after(script, at.end).is_none_or(|c| !c.is_alphanumeric() && !"(=:[".contains(c));
    (JOINED.contains(&tail) && ends && (of_name || behind_colon())).then(|| {
        let start = at.end - tail.len();
        Candidate::new(start..at.end, tail, Shape::Word).in_doubt()
    })
}

/// `'NAME STATUS'` and `NAME:.metadata.name`: a word in capitals that names a column.
fn is_heading(script: &str, range: &Range<usize>) -> bool {
    let (before, after) = (&script[..range.start], &script[range.end..]);
    let line = line_before(script, range.start);
    let heading = |word: Option<&str>| {
        word.is_some_and(|w| w.len() > 1 && w.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'))
    };
    let part = |c: char| !c.is_alphanumeric() && c != '_';
    let next = after.trim_start_matches([' ', '\t', ',', '|']).split(part).next();
    let last = before.trim_end_matches([' ', '\t', ',', '|']).rsplit(part).next();
    // Only where it is shown and nothing takes it: DROP DATABASE NAME for psql asks for a name.
    let whole = &script[range.start - line.len()..range.end + after.find('\n').unwrap_or(after.len())];
    let shows = ["echo ", "printf ", "grep "].iter().any(|w| whole.trim_start().starts_with(w))
        && !whole.contains(['|', '>', ';', '&']);
    after.starts_with(":.") || shows && ends_in_quotes(line) && (heading(next) || heading(last))
}

/// `lsblk -o SIZE,NAME`, `ps -o NAME`: a column of what a program lists.
fn is_column(script: &str, at: &Range<usize>) -> bool {
    #[rustfmt::skip] // words, many to a line
    const LISTS: &[&str] = &[
        "lsblk", "findmnt", "losetup", "swapon", "lscpu", "lsns", "lslocks", "lsmem", "lslogins", "blkid", "ps", "lvs", "vgs", "pvs", "zfs",
        "zpool", "nmcli", "column",
    ];
    const OPTIONS: &[&str] = &["-o", "-O", "-f", "-g", "-C", "-N", "-s", "-x"];
    const LONG: &[&str] =
        &["--output", "--format", "--columns", "--fields", "--sort", "--table-columns", "--show"];
    let capital = |word: &str| is_capital(word) && !CAPITALS.contains(&word);
    let part = |c: char| !c.is_alphanumeric() && !"_%-:".contains(c);
    let line = line_before(script, at.start);
    let behind = script.get(at.end..).unwrap_or("");
    let listed = line.rsplit([' ', '=', '"', '\'']).next().unwrap_or("");
    let beside = listed.split(',').any(capital)
        || behind.strip_prefix(',').is_some_and(|rest| {
            rest.split(|c: char| part(c) && c != ',').next().unwrap_or("").split(',').any(capital)
        });
    let head = line.get(..line.len() - listed.len()).unwrap_or("").trim_end_matches([' ', '=', '"', '\'']);
    let option = head.split_whitespace().next_back().unwrap_or("");
    let lists = head
        .split(['|', ';', '&'])
        .next_back()
        .unwrap_or("")
        .split_whitespace()
        .any(|word| LISTS.contains(&word));
    beside || lists && (OPTIONS.contains(&option) || LONG.contains(&option))
}

/// A word of another script than the Latin one, outside of quotes: no program takes such options.
fn is_foreign(script: &str, at: &Range<usize>, word: &str) -> bool {
    let line = line_before(script, at.start);
    word.chars().any(is_other_script) && !ends_in_quotes(line) && !line.trim_start().starts_with('#')
}

/// A letter of a script other than the Latin one.
fn is_other_script(c: char) -> bool {
    c.is_alphabetic()
        && c >= '\u{370}'
        && !('\u{1d00}'..='\u{1fff}').contains(&c)
        && !('\u{ff21}'..='\u{ff5a}').contains(&c)
}

fn word_ranges(script: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = None;
    for (at, c) in script.char_indices().chain(std::iter::once((script.len(), ' '))) {
        let inside = is_letter(c) || c == '_' || c == '-';
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                ranges.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    ranges
}
