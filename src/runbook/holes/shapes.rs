//! Placeholders by the shape of a value: versions, addresses, dates, accounts, what is left out.

use std::ops::Range;

use super::beside::{after, before, is_letter};
use super::candidate::{Candidate, ELLIPSIS, Shape};

pub(super) fn find(script: &str) -> Vec<Candidate> {
    let mut found = numbers(script);
    found.extend(counts(script));
    found.extend(dates(script));
    found.extend(ellipses(script));
    found.extend(cut_off(script));
    found.extend(accounts(script));
    found.extend(logins(script));
    found.extend(databases(script));
    found.extend(segments(script));
    found.extend(blanks(script));
    found.extend(yours(script));
    found.extend(paths(script));
    found
}

/// `/path/to/app`: the way to what everybody has elsewhere.
fn paths(script: &str) -> Vec<Candidate> {
    #[rustfmt::skip] // many to a line
    const WAYS: &[&str] = &[
        "/path/to/", "/chemin/vers/", "/pfad/zu/", "/pfad/zum/", "/pfad/zur/", "/ruta/a/", "/ruta/al/", "/ruta/de/", "/ruta/del/", "/caminho/para/",
        "/caminho/do/", "/caminho/da/", "/caminho/ao/", "/caminho/de/", "/chemin/du/", "/chemin/de/", "/weg/zu/",
        "/percorso/", "/sciezka/do/", "/ścieżka/do/", "/path/ke/", "/путь/к/", "/шлях/до/", "/duong/dan/",
        "/dosya/yolu/", "/pad/naar/",
    ];
    let mut found = Vec::new();
    for (at, _) in WAYS.iter().flat_map(|way| script.match_indices(way)) {
        let rest = script.get(at..).unwrap_or("");
        let part = |c: char| is_letter(c) || "/._-".contains(c);
        let path = rest.split(|c: char| !part(c)).next().unwrap_or("").trim_end_matches(['.', '-', '/']);
        if before(script, at).is_none_or(|c| c.is_whitespace() || "\"'=:@,(".contains(c)) {
            found.push(Candidate::new(at..at + path.len(), path, Shape::Word));
        }
    }
    found
}

/// `X.Y.Z`, `v1.X.X`, `10.0.4.X`, `x.x.x.x`, `1.4.x`.
fn numbers(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut at = 0;
    for token in script.split(|c: char| !c.is_ascii_alphanumeric() && c != '.') {
        if let Some((length, doubtful)) = number(script, at, token) {
            let text = &token[..length];
            let candidate = Candidate::new(at..at + length, text, Shape::Version);
            found.push(if doubtful { candidate.in_doubt() } else { candidate });
        }
        at += token.len();
        at += after(script, at).map_or(0, char::len_utf8);
    }
    found
}

/// How much of a token is a number with letters in the place of digits, and whether that may be its name.
fn number(script: &str, at: usize, token: &str) -> Option<(usize, bool)> {
    if !token.contains('.') {
        return None;
    }
    let begins_v = token.strip_prefix(['v', 'V']);
    let versioned = begins_v.is_some_and(|rest| {
        let first = rest.split('.').next().unwrap_or("");
        is_digits(first) || is_crossed(first)
    });
    let bare = if versioned { begins_v.unwrap_or(token) } else { token };
    let parts: Vec<&str> = bare.split('.').collect();
    let counted = parts.iter().take_while(|p| is_digits(p) || is_crossed(p)).count();
    // `vX.Y.Zrc1`: what is glued to the last of them belongs to the version.
    let glued = parts.get(counted).filter(|part| counted > 1 && is_glued(part) && counted + 1 == parts.len());
    if glued.is_some() && parts.iter().take(counted).any(|part| is_crossed(part)) {
        let begins = before(script, at);
        return (!begins.is_some_and(|c| "${\\.(".contains(c) || c.is_alphanumeric()))
            .then_some((token.len(), false));
    }
    let (number, rest) = parts.split_at(counted);
    let crossed: Vec<&&str> = number.iter().filter(|p| is_crossed(p)).collect();
    let digits = counted - crossed.len();
    // `app-1.X.X.tar.gz` goes on as a file's name does.
    let ends = rest.iter().all(|p| p.is_empty() || p.starts_with(|c: char| c.is_ascii_lowercase()));
    let begins = before(script, at);
    let joins = begins.is_some_and(|c| "${\\.(".contains(c) || c.is_alphanumeric());
    if crossed.is_empty() || counted < 2 || !ends || joins {
        return None;
    }
    let length = token.len() - bare.len() + number.iter().map(|p| p.len() + 1).sum::<usize>() - 1;
    if after(script, at + length) == Some('(') {
        return None;
    }
    let lower = crossed.iter().all(|p| p.starts_with(|c: char| c.is_ascii_lowercase()));
    if digits == 0 {
        let named = begins.is_some_and(|c| "-_:/=@".contains(c));
        let long = number.iter().all(|part| part.len() > 2);
        let enough = versioned || counted > 2 || !lower && (named || long);
        return enough.then_some((length, false));
    }
    let first = number.first().is_some_and(|p| is_digits(p));
    if !(first || versioned || counted > 2) {
        return None;
    }
    // Of an address nothing else can be meant; `1.4.x` is what branches and tags are called.
    let certain = !lower || counted == 4 || crossed.len() > 1 && counted > 2;
    let series = begins == Some('_') || !certain && crossed.len() > 1;
    if certain { Some((length, false)) } else { (!series).then_some((length, true)) }
}

fn is_digits(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
}

/// `Zrc1`: a letter in the place of a number, and small ones behind it.
fn is_glued(part: &str) -> bool {
    let rest = part.strip_prefix(['X', 'Y', 'Z', 'N']);
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// Whether a part of a number is letters in its place.
fn is_crossed(part: &str) -> bool {
    let row = |letter: u8| part.bytes().all(|b| b == letter);
    matches!(part, "X" | "Y" | "Z" | "N" | "x" | "y" | "z" | "n" | "MAJOR" | "MINOR" | "PATCH")
        || (2..=3).contains(&part.len()) && (row(b'x') || row(b'X'))
        || (2..=6).contains(&part.len()) && row(b'N')
}

/// `HEAD~N`, `--replicas=N`, `--tail N`.
fn counts(script: &str) -> Vec<Candidate> {
    let named = |at: &usize| {
        let ahead = &script[..*at];
        let behind = after(script, at + 1);
        let option = ahead.strip_suffix(['=', ' ']).and_then(|t| t.split_whitespace().next_back());
        let long = option.is_some_and(|option| {
            let asks = ["confirm", "yes", "answer", "default", "assume"].iter().any(|w| option.contains(w));
            option.starts_with("--") && option.len() > 3 && !option.contains('=') && !asks
        });
        let back =
            ahead.strip_suffix('~').is_some_and(|name| name.ends_with(|c: char| c.is_ascii_alphanumeric()));
        (long || back) && behind.is_none_or(|c| c.is_whitespace() || ";|&)\"'".contains(c))
    };
    // `--replicas=x`: how many there are to be is no letter.
    let counted = |at: &usize| {
        const HOW_MANY: &[&str] = &[
            "replicas",
            "nodes",
            "count",
            "num",
            "size",
            "min",
            "max",
            "tail",
            "lines",
            "workers",
            "instances",
            "scale",
            "desired",
            "limit",
        ];
        let ahead = script.get(..*at).unwrap_or("");
        let option =
            ahead.strip_suffix(['=', ' ']).and_then(|t| t.split_whitespace().next_back()).unwrap_or("");
        option.starts_with("--") && HOW_MANY.iter().any(|word| option.contains(word))
    };
    let small = script.match_indices(['n', 'x']).filter(|(at, _)| named(at) && counted(at));
    let found = script.match_indices(['N', 'X']).filter(|(at, _)| named(at)).chain(small);
    found.map(|(at, letter)| Candidate::new(at..at + 1, letter, Shape::Version)).collect()
}

/// `YYYYMMDD_HHMMSS`, `DD-MM-YYYY`: a time that somebody has to know.
fn dates(script: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for (year, letters) in [("YYYY", "YMDHSTZ_-"), ("yyyy", "ymdhsHM_-")] {
        for (at, _) in script.match_indices(year) {
            let known = found.last().is_some_and(|c| c.hole.at.contains(&at));
            let ahead = &script[..at];
            if known || ahead.ends_with(['%', '+']) {
                continue;
            }
            let front = ["DD-MM-", "MM-DD-", "DDMM", "MMDD", "dd-mm-", "mm-dd-"];
            let front = front.iter().find(|front| ahead.ends_with(*front)).map_or(0, |front| front.len());
            let begins = before(script, at - front).is_some_and(|c| c.is_ascii_alphabetic());
            let rest = &script[at..];
            let length = rest.find(|c: char| !letters.contains(c)).unwrap_or(rest.len());
            let name = rest[..length].trim_end_matches(['_', '-', 'T']);
            let end = at + name.len();
            let goes_on = after(script, end).is_some_and(|c| c.is_ascii_lowercase());
            // A word such as "xyyyyz" is no date.
            if year == "yyyy" && (begins || goes_on) {
                continue;
            }
            found.push(Candidate::new(at - front..end, &script[at - front..end], Shape::Date));
        }
    }
    found
}

/// `...` where a value belongs: `KEY=...`, `"..."`, alone between blanks, `[...]`, `https://...`.
fn ellipses(script: &str) -> Vec<Candidate> {
    let edge = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "\"'=[],{}:".contains(c));
    let whole = |at: &usize| {
        let of_address = script[..*at].ends_with('/') && word_before(script, *at).contains("://");
        // ".../update.sh": the beginning of a path or an address, left out.
        let begins_path = script[*at..].starts_with(".../") && edge(before(script, *at));
        begins_path || (edge(before(script, *at)) || of_address) && edge(after(script, *at + 3))
    };
    let found = script.match_indices("...").chain(script.match_indices('…')).map(|(at, _)| at).filter(whole);
    found
        .map(|at| {
            let bracketed = script[..at].ends_with('[') && script[at + 3..].starts_with(']');
            let at = if bracketed { at - 1..at + 4 } else { at..at + 3 };
            Candidate::new(at, ELLIPSIS, Shape::Ellipsis)
        })
        .collect()
}

/// `0x...`, `abc…`, `ghp_...`: the beginning of a value.
fn cut_off(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, dots) in script.match_indices("...").chain(script.match_indices('…')) {
        let end = at + dots.len();
        let value = |c: char| c.is_ascii_alphanumeric() || "_-+:".contains(c);
        let head = &script[..at];
        let start = head
            .rfind(|c: char| !value(c))
            .map_or(0, |last| last + after(script, last).map_or(1, char::len_utf8));
        let begins = &script[start..at];
        let opens = before(script, start).is_none_or(|c| c.is_whitespace() || "\"'=/@,{[(".contains(c));
        let closes = after(script, end).is_none_or(|c| c.is_whitespace() || "\"';|&)]},/".contains(c));
        let named = begins.starts_with(|c: char| c.is_ascii_alphanumeric());
        if opens && closes && named && !script[..at].ends_with('.') {
            found.push(Candidate::new(start..end, &script[start..end], Shape::Ellipsis));
        }
    }
    found
}

/// The word up to a byte.
fn word_before(script: &str, at: usize) -> &str {
    let text = &script[..at];
    text.rsplit(|c: char| c.is_whitespace() || "\"'".contains(c)).next().unwrap_or(text)
}

/// `postgres://user:pass@host/db`: who, with which password, at what host.
fn accounts(script: &str) -> Vec<Candidate> {
    const USERS: &[&str] = &["user", "username", "usr", "login", "user_name"];
    const PASSWORDS: &[&str] = &["pass", "password", "passwd", "pwd", "secret", "mypassword"];
    const HOSTS: &[&str] = &["host", "hostname", "server", "db-host", "dbhost", "db_host", "address", "ip"];
    const DATABASES: &[&str] = &["db", "database", "dbname", "db_name", "name"];
    let is = |list: &[&str], word: &str| list.contains(&word.to_ascii_lowercase().as_str());
    let mut found = Vec::new();
    for (at, mark) in script.match_indices("://") {
        let start = at + mark.len();
        let rest = &script[start..];
        let length = rest.find(|c: char| c.is_whitespace() || "\"'`<>{}$".contains(c)).unwrap_or(rest.len());
        let Some((account, place)) = rest[..length].split_once('@') else { continue };
        let (user, password) = account.split_once(':').unwrap_or((account, ""));
        let host = place.split([':', '/', '?', ',', ';', ')']).next().unwrap_or("");
        let asks = is(PASSWORDS, password) && (is(USERS, user) || password == "PASSWORD");
        if !asks {
            continue;
        }
        let mut add = |at: usize, text: &str, name: &str| {
            found.push(Candidate::new(at..at + text.len(), name, Shape::Account));
        };
        let upper = password == "PASSWORD";
        if is(USERS, user) {
            add(start, user, user);
        }
        add(start + user.len() + 1, password, if upper { password } else { "password" });
        let host_at = start + account.len() + 1;
        if is(HOSTS, host) {
            add(host_at, host, host);
        }
        if let Some((ahead, path)) = place.split_once('/') {
            let name = path.split(|c: char| !is_letter(c) && c != '_' && c != '-').next().unwrap_or("");
            if is(HOSTS, host) && is(DATABASES, name) {
                add(host_at + ahead.len() + 1, name, name);
            }
        }
    }
    // `redis://:PASSWORD@cache`, and where no scheme stands in front.
    for (at, word) in PASSWORD.iter().flat_map(|word| script.match_indices(word)) {
        let range = at..at + word.len();
        let bounded = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
        let whole = bounded(before(script, at)) && bounded(after(script, range.end));
        let expanded = script[..at].ends_with(['$', '{']);
        if whole && !expanded && is_in_account(script, &range) {
            found.push(Candidate::new(range, word, Shape::Account));
        }
    }
    found
}

/// `user@server`, `usuario@servidor-ip`: neither of the two is anybody's, where both say only what has to stand there.
fn logins(script: &str) -> Vec<Candidate> {
    #[rustfmt::skip] // words, many to a line
    const USERS: &[&str] = &[
        "user", "username", "user_name", "user-name", "usr", "login", "youruser", "your-user", "benutzer", "benutzername", "utilisateur", "usuario", "usuário", "utente", "uzytkownik", "użytkownik", "пользователь", "kullanici", "gebruiker", "pengguna",
    ];
    #[rustfmt::skip] // words, many to a line
    const HOSTS: &[&str] = &[
        "host", "hostname", "server", "remote", "ip", "address", "machine", "vm", "vps", "domain", "servidor", "serveur", "rechner", "servername", "serverip", "serwer", "сервер", "sunucu", "hote", "hôte",
    ];
    let mut found = Vec::new();
    let part = |c: char| is_letter(c) || "_-.".contains(c);
    for (at, _) in script.match_indices('@') {
        let user = script[..at].rsplit(|c: char| !part(c)).next().unwrap_or("");
        let begins = at - user.len();
        let host = script[at + 1..].split(|c: char| !part(c)).next().unwrap_or("");
        let host = host.trim_end_matches(['.', '-']);
        let behind = after(script, at + 1 + host.len());
        let opens = before(script, begins).is_none_or(|c| c.is_whitespace() || "\"'=".contains(c));
        let closes = behind.is_none_or(|c| c.is_whitespace() || ":\"';|&)".contains(c));
        let lower = host.to_lowercase();
        // `server-ip`: each of its words says what it is, and none which. `production-server` may well be called so, by
        // somebody who is not called `username`.
        let whose = ["prod", "production", "staging", "test", "db", "web", "app"];
        let kinds =
            ["your", "remote", "new", "old", "target", "source", "name", "addr", "de", "nuevo", "novo"];
        let of_words = |known: &[&str]| {
            let mut words = lower.split(['-', '_']);
            words.clone().any(|word| HOSTS.contains(&word))
                && words.all(|word| HOSTS.contains(&word) || kinds.contains(&word) || known.contains(&word))
        };
        let generic = of_words(&[]) || user != "user" && of_words(&whose);
        if opens && closes && generic && USERS.contains(&user.to_lowercase().as_str()) {
            found.push(Candidate::new(begins..at, user, Shape::Account));
            found.push(Candidate::new(at + 1..at + 1 + host.len(), host, Shape::Account));
        }
    }
    found
}

/// `pg_dump -U username dbname`: what a client of a database is given that is nobody's name.
fn databases(script: &str) -> Vec<Candidate> {
    #[rustfmt::skip] // words, many to a line
    const CLIENTS: &[&str] = &["psql", "pg_dump", "pg_restore", "pg_dumpall", "createdb", "dropdb", "mysql", "mysqldump", "mysqladmin", "mariadb", "mariadb-dump", "mongodump", "mongorestore", "mongosh"];
    const NAMES: &[&str] = &[
        "username",
        "user_name",
        "dbname",
        "db_name",
        "database_name",
        "databasename",
        "your_db",
        "yourdb",
        "hostname",
    ];
    let mut found = Vec::new();
    let mut begins = 0;
    for line in script.split_inclusive('\n') {
        let mut at = begins;
        let mut client = false;
        for word in line.split(|c: char| c.is_whitespace()) {
            client |= CLIENTS.contains(&word.rsplit('/').next().unwrap_or(word));
            // `-Uusername`, `--dbname=dbname`: the option's own name is none.
            let value = word
                .strip_prefix("-U")
                .or_else(|| word.split_once('=').map(|(_, value)| value))
                .unwrap_or(word);
            if client && NAMES.contains(&value) {
                let from = at + word.len() - value.len();
                found.push(Candidate::new(from..from + value.len(), value, Shape::Account));
            }
            client &= !matches!(word, "|" | "&&" | ";" | "||");
            at += word.len();
            at += after(script, at).map_or(0, char::len_utf8);
        }
        begins += line.len();
    }
    found
}

/// The word for a password in capitals.
#[rustfmt::skip] // words, many to a line
const PASSWORD: &[&str] = &[
    "PASSWORD", "PASSWORT", "KENNWORT", "MOTDEPASSE", "MOT_DE_PASSE", "CONTRASEÑA", "CONTRASENA", "SENHA", "HASLO", "HASŁO",
    "ПАРОЛЬ", "PAROLA", "SIFRE", "ŞİFRE", "WACHTWOORD", "KATASANDI", "KATA_SANDI",
];

fn is_in_account(script: &str, at: &Range<usize>) -> bool {
    script[at.end..].starts_with('@') || script[..at.start].ends_with(':')
}

/// `https://shop/orders/:id`.
fn segments(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    for (at, mark) in script.match_indices("/:") {
        let start = at + mark.len();
        let rest = &script[start..];
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let named = rest.starts_with(|c: char| c.is_ascii_alphabetic());
        if named && word_before(script, at).contains("://") && !script[..at].ends_with([':', '/']) {
            found.push(Candidate::new(start - 1..start + length, &rest[..length], Shape::Word));
        }
    }
    found
}

/// `https://hooks.example.com/services/YOUR/WEBHOOK/URL`: the rest of an address in capitals.
fn yours(script: &str) -> Vec<Candidate> {
    let part = |c: char| c.is_ascii_uppercase() || c == '_' || c == '/';
    let of = |(at, _): (usize, &str)| {
        let rest = script.get(at + 1..).unwrap_or("");
        let text = rest.split(|c: char| !part(c)).next().unwrap_or("").trim_end_matches('/');
        let ends = after(script, at + 1 + text.len()).is_none_or(|c| !is_letter(c));
        (ends && text.contains('/')).then(|| Candidate::new(at + 1..at + 1 + text.len(), text, Shape::Word))
    };
    script.match_indices("/YOUR/").filter_map(of).collect()
}

/// `git checkout ______`: a line to write on.
fn blanks(script: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut at = 0;
    for word in script.split(|c: char| c.is_whitespace() || "=\"'/:".contains(c)) {
        if word.len() > 3 && word.bytes().all(|b| b == b'_') {
            found.push(Candidate::new(at..at + word.len(), "____", Shape::Word));
        }
        at += word.len();
        at += after(script, at).map_or(0, char::len_utf8);
    }
    found
}
