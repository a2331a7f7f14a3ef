//! What HTTP clients ask a server to do.

use super::super::classified::Effect;
use super::super::follow::all_options;
use super::given::Given;
use super::{names, sql};

/// Letters of curl's options that take a value (curl(1)).
const CURL_LETTERS: &str = "AbcCdDeEFhHKmoPQrtTuUwxXyYz";

#[rustfmt::skip] // words, many to a line
const CURL_NAMES: &[&str] = &[
    "request", "data", "data-raw", "data-binary", "data-urlencode", "data-ascii", "json", "header", "output", "user", "url", "form",
    "cookie", "cookie-jar", "max-time", "connect-timeout", "retry", "retry-delay", "retry-max-time", "upload-file", "config",
    "write-out", "user-agent", "cacert", "cert", "key", "resolve", "connect-to", "proxy", "interface", "dump-header", "trace",
    "trace-ascii", "stderr", "output-dir", "unix-socket", "referer", "range", "limit-rate", "noproxy", "socks5", "form-string",
];

/// Parts of an address that say what is done there.
#[rustfmt::skip] // words, many to a line
const PATHS: &[&str] = &[
    "_delete_by_query", "_restore", "shutdown", "_shutdown", "quitquitquit", "_close", "delete", "destroy", "purge", "wipe", "drop",
    "restore", "rollback", "truncate",
];

/// What `curl` does: by its method, what it sends and where, and the files it writes.
pub(super) fn curl(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let (options, _) = all_options(simple.args(), CURL_LETTERS, CURL_NAMES);
    let has = |names: &[&str]| options.iter().any(|o| o.has(names));
    let value = |names: &[&str]| options.iter().find_map(|o| o.value(names));
    let data = ["d", "data", "data-raw", "data-binary", "data-urlencode", "data-ascii", "json"];
    let sends = has(&data) || has(&["F", "form", "form-string", "T", "upload-file", "K", "config"]);
    let method = value(&["X", "request"]).map(str::to_ascii_uppercase);
    let asks = method.as_ref().map_or(!sends, |m| matches!(m.as_str(), "GET" | "HEAD" | "OPTIONS"));
    let statement = options.iter().any(|o| o.value(&data).is_some_and(sql::begins_to_destroy));
    if method.as_deref() == Some("DELETE") || statement || given.feed.is_database_or_statement() {
        return Effect::Destructive;
    }
    if !asks && simple.args().iter().any(|a| a.contains('/') && names_loss(a)) {
        return Effect::Destructive;
    }
    let file = |names: &[&str]| value(names).is_some_and(|path| path != "/dev/null" && path != "-");
    let writes = file(&["o", "output"])
        || has(&["O", "remote-name", "remote-name-all", "c", "cookie-jar", "trace", "trace-ascii", "stderr"])
        || file(&["D", "dump-header"]);
    if asks && !sends && !writes { Effect::Reads } else { Effect::Changes }
}

/// Whether the last parts of an address name a loss: `/orders/_delete_by_query`, `/actuator/shutdown`.
fn names_loss(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let cache = path.split('/').any(|part| part.contains("cache"));
    !cache && path.rsplit('/').take(2).any(|part| PATHS.contains(&part))
}

/// `wget`: writes a file unless told otherwise.
pub(super) fn wget(given: &Given<'_>) -> Effect {
    let simple = given.simple;
    let args = simple.args();
    if args.iter().any(|a| a == "--method=DELETE") {
        return Effect::Destructive;
    }
    let shown = simple.has("--spider")
        || simple.has("--output-document=-")
        || simple.has("-qO-")
        || simple.has("-O-")
        || args
            .windows(2)
            .any(|w| matches!(w, [flag, to] if flag.ends_with('O') && !flag.starts_with("--") && to == "-"));
    let sends = args.iter().any(|a| ["--post", "--body", "--method"].iter().any(|w| a.starts_with(w)));
    let log = args.iter().any(|a| {
        matches!(a.as_str(), "-o" | "-a") || a.starts_with("--output-file") || a.starts_with("--save-cookies")
    });
    if shown && !sends && !log { Effect::Reads } else { Effect::Changes }
}

/// `http DELETE …`, `xh delete …`.
pub(super) fn httpie(given: &Given<'_>) -> Effect {
    let mut words = given.simple.args().iter().filter(|a| !a.starts_with('-'));
    let first = words.next().map(|w| w.to_ascii_uppercase()).unwrap_or_default();
    if first == "DELETE" || (first != "GET" && words.any(|w| names_loss(w))) {
        Effect::Destructive
    } else {
        Effect::Changes
    }
}

/// `ansible`: modules and states among its words.
pub(super) fn ansible(given: &Given<'_>) -> Effect {
    let args = given.simple.args();
    if args.iter().any(|a| {
        matches!(
            a.as_str(),
            "--check" | "-C" | "--syntax-check" | "--list-tasks" | "--list-hosts" | "--list-tags"
        )
    }) {
        return Effect::Changes;
    }
    let book = |arg: &String| {
        (arg.ends_with(".yml") || arg.ends_with(".yaml"))
            && names::destroys(arg.rsplit('/').next().unwrap_or(arg))
    };
    let state =
        |arg: &String| ["state=absent", "state=stopped", "state: absent"].iter().any(|w| arg.contains(w));
    let after = |flags: &[&str], test: &dyn Fn(&str) -> bool| {
        args.windows(2).any(|w| matches!(w, [flag, value] if flags.contains(&flag.as_str()) && test(value)))
    };
    let module =
        after(&["-m", "--module-name"], &|m| matches!(m.rsplit('.').next(), Some("reboot" | "shutdown")));
    let tags = after(&["-t", "--tags"], &names::destroys);
    let shell = after(&["-a", "--args"], &|text| (given.judged)(text) == Effect::Destructive);
    let lost = args.iter().any(|a| book(a) || state(a)) || module || tags || shell;
    if lost { Effect::Destructive } else { Effect::Changes }
}
