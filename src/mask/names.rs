//! Which names say that their value is a secret, and which values are none.

use super::forms::SHORTEST;

/// Words that say so as the last one of a name.
#[rustfmt::skip] // words, many to a line
const SECRET: &[&str] = &[
    "password", "passwd", "passphrase", "passcode", "pass", "pw", "pwd", "secret", "token", "credential",
    "credentials", "passwort", "kennwort", "contrasena", "senha", "geheim", "wachtwoord", "otp", "totp", "jwt",
    "bearer", "cookie", "auth", "apikey", "psk", "dockerconfigjson", "dockercfg",
];
/// Ends of such words where a name is written in one.
#[rustfmt::skip] // words, many to a line
const FUSED: &[&str] = &[
    "password", "passwd", "passphrase", "secret", "token", "apikey", "secretkey", "privatekey", "accesskey",
    "pass",
];
/// Words with such an end that mean something else.
const OTHERS: &[&str] = &["bypass", "compass", "surpass", "trespass", "underpass", "overpass", "encompass"];
/// What may follow the word that says so.
#[rustfmt::skip] // words, many to a line
const QUALIFIERS: &[&str] = &[
    "prod", "production", "staging", "stage", "test", "dev", "old", "new", "current", "previous", "base64",
    "b64", "value", "plain", "plaintext", "text", "raw", "string", "env", "default", "base", "data",
];
/// Before `key`: what it opens or signs.
#[rustfmt::skip] // words, many to a line
const KEYS: &[&str] = &[
    "api", "access", "secret", "private", "encryption", "encrypt", "decryption", "signing", "master", "account",
    "service", "auth", "license", "licence", "ssh", "shared", "session", "client", "storage", "admin", "deploy",
    "hmac", "aes", "crypt", "tls", "ssl", "server", "jwt", "app", "subscription", "sas", "seal", "unseal",
    "root",
];
/// Before `key` in a variable's name: what makes it a key of data.
#[rustfmt::skip] // words, many to a line
const DATA_KEYS: &[&str] = &[
    "public", "pub", "primary", "foreign", "cache", "sort", "partition", "routing", "unique", "object", "host",
    "idempotency", "map", "group", "shift", "hash", "range", "lookup", "metric", "config", "item", "row",
    "record", "sharding", "shard",
];
/// Before a word that says so: what makes it a token of a text, or the name of a secret.
#[rustfmt::skip] // words, many to a line
const NONE_BEFORE: &[&str] = &[
    "next", "page", "continuation", "sync", "start", "end", "sep", "eos", "bos", "pad", "unk", "cls", "special",
    "existing", "pull", "image", "public", "csrf", "unexpected", "no",
];

/// Words that are no values.
#[rustfmt::skip] // words, many to a line
const NO_VALUES: &[&str] = &[
    "true", "false", "null", "nil", "none", "yes", "no", "on", "off", "undefined", "unset", "empty", "redacted",
    "hidden", "masked", "sensitive", "required", "optional", "enabled", "disabled", "default", "expired",
    "invalid", "valid", "missing", "present", "absent", "ready", "set", "stored", "configured", "provided",
    "granted", "active", "inactive", "wrong", "incorrect", "correct", "weak", "strong", "good", "bad",
    "unknown", "changed", "unchanged", "rotated", "updated", "created", "deleted", "revoked", "ok", "failed",
    "failure", "success", "successful", "accepted", "denied", "rejected", "basic", "bearer", "digest", "ldap",
    "oauth", "oauth2", "saml", "strict", "lax", "string", "str", "bytes", "text", "boolean", "number", "is",
    "was", "not", "has",
];
/// What a value begins with that is read from elsewhere.
#[rustfmt::skip] // words, many to a line
const ELSEWHERE: &[&str] = &[
    "var.", "local.", "data.", "module.", "each.", "self.", "secrets.", "vars.", "env.", "process.env",
    "os.environ", "os.getenv", "getenv(", "env(", "vault(", "lookup(", "file(", "env[", "random_password.",
    "enc[", "vault:", "op://", "arn:aws:", "!vault", "!ref", "!sub", "!getatt", "!env", "(sensitive", "(known",
    "%(", "%s", "%v", "...", "@env", "file:", "[redacted", "[filtered", "[masked", "[hidden",
];
/// Directories in which what a value names may lie.
#[rustfmt::skip] // words, many to a line
const DIRECTORIES: &[&str] = &[
    "/root/", "/run/", "/etc/", "/var/", "/home/", "/usr/", "/opt/", "/tmp/", "/srv/", "/mnt/", "/dev/",
    "/secrets/", "/app/", "/data/", "/proc/", "/sys/", "/bin/", "~/", "./", "../",
];

/// Whether a name says that its value is a secret.
pub fn says_secret(name: &str) -> bool {
    let words = words(name);
    let meant = words
        .iter()
        .rposition(|w| !QUALIFIERS.contains(&w.as_str()) && !w.bytes().all(|b| b.is_ascii_digit()));
    let words = meant.and_then(|last| words.get(..=last)).unwrap_or_default();
    let Some((last, rest)) = words.split_last() else { return false };
    let before = rest.last().map_or("", String::as_str);
    let shouted = !name.bytes().any(|b| b.is_ascii_lowercase());
    match last.as_str() {
        _ if NONE_BEFORE.contains(&before) => false,
        "key" => KEYS.contains(&before) || shouted && !before.is_empty() && !DATA_KEYS.contains(&before),
        "url" => before == "webhook",
        "webhook" => shouted,
        // The working directory.
        "pwd" | "oldpwd" => name != "PWD" && name != "OLDPWD",
        "dbpw" | "mypw" | "pgpw" => true,
        "pat" => shouted && !before.is_empty(),
        last => SECRET.contains(&last) || FUSED.iter().any(|f| last.ends_with(f)) && !OTHERS.contains(&last),
    }
}

/// The words of a name, in lower case: `dbPassword`, `DB_PASSWORD` and `db-password` have the same.
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|b| chars.get(b)).copied().unwrap_or(' ');
        let lower_follows = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let begins = c.is_ascii_uppercase()
            && (before.is_ascii_lowercase() || before.is_ascii_uppercase() && lower_follows);
        if begins || !c.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_lowercase());
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// Variables, placeholders, files and what is read from elsewhere are no secrets; nor is what is masked already.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let bare = lower.trim_matches(['"', '\'']);
    let in_signs = |open: &str, close: &str| bare.starts_with(open) && bare.ends_with(close);
    let names = |v: &str| v.starts_with(|c: char| c.is_ascii_alphabetic() || "_{(".contains(c));
    let variable = bare.strip_prefix('$').is_some_and(names);
    let hole = bare.starts_with(['<', '`']) || in_signs("{{", "}}") || in_signs("[", "]");
    let begins = |with: &[&str]| with.iter().any(|w| bare.starts_with(w));
    let called = bare.strip_suffix(')').or(bare.strip_suffix(");")).and_then(|b| b.split_once('('));
    let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphabetic() || b"_.:".contains(&b));
    let call = called.is_some_and(|(function, _)| word(function));
    call || variable || hole || begins(DIRECTORIES) || begins(ELSEWHERE)
}

/// Switches, states and small numbers are no secrets; nor is what is masked already.
pub(super) fn is_state(value: &str) -> bool {
    let lower = value.trim().trim_end_matches([',', ';', '.']).to_ascii_lowercase();
    let bare = lower.trim_matches(['"', '\'']);
    let masked = bare.bytes().all(|b| matches!(b, b'*' | b'.' | b'x'));
    let small = bare.len() < SHORTEST && bare.bytes().all(|b| b.is_ascii_digit());
    masked || small || NO_VALUES.contains(&bare)
}

/// Whether a text says something of what is named before it, as logs do: `password: must be longer`.
pub(super) fn is_remark(name: &str, value: &str) -> bool {
    let one_word = name.bytes().all(|b| b.is_ascii_alphabetic());
    let shouted = name.bytes().all(|b| b.is_ascii_uppercase());
    let letters = value.bytes().all(|b| b.is_ascii_alphabetic());
    let password =
        ["password", "passwd", "passphrase", "passcode", "pwd", "pw"].contains(&&*name.to_ascii_lowercase());
    let cookie = name.eq_ignore_ascii_case("cookie") && value.contains('=');
    let test = name.eq_ignore_ascii_case("pass");
    test || one_word && !shouted && !cookie && (value.contains(' ') || !password && letters)
}

/// Whether a value is a word as any text has it: masked wherever it stands, it would blank what is innocent.
pub(super) fn is_word(value: &str) -> bool {
    value.len() <= 10 && value.bytes().all(|b| b.is_ascii_lowercase())
}
