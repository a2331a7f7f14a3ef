//! What looks like a placeholder and is data: an address in quotes, a pattern of `grep`, a tag, a sentence of `echo`.

mod place;

use super::holes::candidate::{Candidate, ELLIPSIS, Hole, Shape};
use super::quoting::{In, quoting};
use place::{INTERPRETERS, Place};

/// Programs whose quoted words are patterns or little programs.
#[rustfmt::skip] // words, many to a line
const PATTERNS: &[&str] = &[
    "sed", "gsed", "grep", "egrep", "fgrep", "zgrep", "pgrep", "pkill", "rg", "ag", "ack", "awk", "gawk", "mawk",
    "perl", "jq", "yq", "tr", "xmllint", "xmlstarlet", "xpath",
];

/// Programs that only say what they are given.
#[rustfmt::skip] // words, many to a line
const SAYS: &[&str] = &[
    "echo", "printf", "logger", "log", "info", "warn", "warning", "error", "err", "die", "fail", "abort",
    "say", "msg", "message", "notice", "note", "print", "step", "banner", "wall", "read", "figlet",
    "success", "ok", "debug",
];

/// What a program shows where there is nothing, between such brackets.
const NOTHING: &[&str] =
    &["none", "pending", "unknown", "nil", "null", "unset", "empty", "missing", "invalid", "no value"];

#[rustfmt::skip] // words, many to a line
const TAGS: &[&str] = &[
    "html", "head", "body", "title", "div", "span", "p", "a", "b", "i", "u", "em", "strong", "ul", "ol", "li", "table",
    "tr", "td", "th", "thead", "tbody", "script", "style", "meta", "link", "br", "hr", "h1", "h2", "h3", "h4", "h5",
    "h6", "form", "input", "button", "img", "code", "pre", "nav", "main", "header", "footer", "section", "article",
    "svg", "xml", "iframe", "label", "option", "textarea", "center", "small", "font", "channel", "item", "rss",
    "details", "summary", "kbd", "sub", "sup", "blockquote",
];

/// Programs that fill templates written `{{ .Name }}` by themselves.
#[rustfmt::skip] // words, many to a line
const TEMPLATE_FILLERS: &[&str] = &[
    "docker", "docker-compose", "podman", "nerdctl", "buildah", "crictl", "gomplate", "consul-template", "j2",
    "jinja2", "ansible", "ansible-playbook", "salt", "salt-call", "chezmoi", "mustache",
];

/// The candidates of a script without those that only look like a hole.
pub(super) fn without_data(script: &str, found: Vec<Candidate>) -> Vec<Candidate> {
    if found.is_empty() {
        return found;
    }
    let quoting = quoting(script);
    let only_comments =
        quoting.iter().zip(script.bytes()).all(|(w, b)| *w == In::Comment || b.is_ascii_whitespace());
    let keeps = |mut candidate: Candidate| {
        let place = Place::new(script, &quoting, &candidate.hole);
        match fate(&place, &candidate) {
            _ if only_comments => {}
            Fate::Data => return None,
            Fate::Doubt => candidate.doubtful = true,
            Fate::Hole => {}
        }
        Some(candidate)
    };
    found.into_iter().filter_map(keeps).collect()
}

/// What a candidate is, by what it stands in.
enum Fate {
    Hole,
    Doubt,
    Data,
}

fn fate(place: &Place<'_>, candidate: &Candidate) -> Fate {
    let within = place.within();
    let data = match candidate.shape {
        _ if within == In::Comment => true,
        _ if is_declared(place) => true,
        Shape::Dunder | Shape::Crossed | Shape::Version | Shape::Todo | Shape::Word if is_compared(place) => {
            true
        }
        Shape::Ellipsis if candidate.hole.name == ELLIPSIS => within.is_quoted() && is_said(place),
        Shape::Ellipsis => is_cut_sentence(place) || is_said_inside(place),
        Shape::Angle => angle(place, &candidate.hole.name),
        Shape::Template => return template(place),
        Shape::Curly => is_curly_data(place, &candidate.hole.name),
        Shape::Square => is_square_data(place, &candidate.hole.name),
        Shape::Delimited => is_delimited_data(place),
        Shape::Percent => is_percent_data(place),
        Shape::Dunder => is_pattern(place) || ends_document(place) || place.before().ends_with("-D"),
        Shape::Crossed => is_temporary(place) || is_pattern(place),
        Shape::Version => is_version_data(place, candidate.doubtful),
        Shape::Date => is_date_format(place),
        Shape::Todo => is_note(place),
        Shape::Foreign => return foreign(place),
        Shape::Word if candidate.doubtful => is_called_so(place),
        Shape::Word if candidate.hole.name.starts_with("__") => {
            runs_saying(place) || place.document().is_some() || is_note(place)
        }
        Shape::Word | Shape::Account => {
            let own = asks_for_own(&candidate.hole.name);
            is_variable(place) || !own && is_pattern(place)
        }
    };
    if data { Fate::Data } else { Fate::Hole }
}

/// `your-host`: whoever wrote that speaks to the reader, wherever it stands.
fn asks_for_own(name: &str) -> bool {
    name.to_lowercase().starts_with("your")
}

/// `xargs -I{} …`, `xargs -I FILE cp FILE to`: the command says itself what is put there.
fn is_declared(place: &Place<'_>) -> bool {
    let command = place.command();
    let Some((_, rest)) = command.split_once("-I").filter(|_| command.contains("xargs")) else {
        return false;
    };
    let declared = rest.trim_start().trim_start_matches(['"', '\'']);
    declared.trim_matches(|c: char| !c.is_alphanumeric()).is_empty()
        || declared.split_whitespace().next().is_some_and(|word| word.contains(place.text()))
}

/// `[ "$TOKEN" = CHANGEME ]`: whether it was replaced.
fn is_compared(place: &Place<'_>) -> bool {
    matches!(place.program(), "[" | "[[" | "test")
}

fn angle(place: &Place<'_>, name: &str) -> bool {
    let (before, after) = (place.before(), place.after());
    let within = place.within();
    if within == In::Plain || asks_for_own(name) {
        return false;
    }
    if within == In::Escaped {
        return is_pattern(place);
    }
    let line = place.line_before();
    let lower = name.to_ascii_lowercase();
    let lower_tag = name == lower && is_tag(name);
    if line.trim_end().ends_with("#include") || NOTHING.contains(&lower.as_str()) || lower_tag {
        return true;
    }
    if !within.is_quoted() {
        return is_address(name, line);
    }
    let quoted = place.quoted_before();
    let joined =
        before.ends_with(|c: char| c.is_alphanumeric()) || after.starts_with(|c: char| c.is_alphanumeric());
    is_address(name, quoted)
        || quoted.to_lowercase().contains("usage")
        || (name.contains(" and ") || name.contains(" or ")) && (joined || after.starts_with(' '))
        || place.runs(PATTERNS) && is_in_pattern(place, name)
}

/// Whether a name is one of a tag of a page.
pub(super) fn is_tag(name: &str) -> bool {
    TAGS.contains(&name.to_ascii_lowercase().trim_end_matches(['/', ' ']))
}

/// Whether a name between brackets is what a program shows where there is nothing: `<none>`.
pub(super) fn is_nothing(name: &str) -> bool {
    NOTHING.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a hole of a text that no shell reads is an address behind a name, or with a domain.
pub(super) fn is_address_in(text: &str, hole: &Hole) -> bool {
    is_address(&hole.name, text.get(..hole.at.start).unwrap_or(""))
}

/// `Ada <ada@example.com>`: it is one where a name stands in front of it, or where its host has a domain.
fn is_address(name: &str, quoted: &str) -> bool {
    let Some((user, host)) = name.split_once('@') else { return false };
    let named = quoted.ends_with(' ')
        && quoted.trim_end().ends_with(|c: char| c.is_alphanumeric() || ".)\"'".contains(c));
    !user.is_empty() && !name.contains(' ') && (named || host.contains('.') && !asks_for_own(host))
}

/// Whether a hole in the words of a pattern program is in what is looked for. In what `sed` puts in its place, a name
/// is rather asked for, and so it is in double quotes where it is more than one plain word.
fn is_in_pattern(place: &Place<'_>, name: &str) -> bool {
    let plain = place.within() == In::Single || name.bytes().all(|b| b.is_ascii_lowercase());
    plain && !is_replacement(place)
}

/// Whether it stands in what a program such as `grep` looks for.
fn is_pattern(place: &Place<'_>) -> bool {
    place.runs(PATTERNS) && !is_replacement(place)
}

/// `s/HOST/<host>/`: behind the second of its signs.
fn is_replacement(place: &Place<'_>) -> bool {
    let text = place.quoted_before();
    let mut parts = text.split([';', ' ']).next_back().unwrap_or(text).char_indices();
    let Some((_, sign)) = parts.find(|(_, c)| *c == 's').and_then(|_| parts.next()) else { return false };
    text.matches(sign).count() % 3 == 2
}

/// `{{ .Names }}`: what a program fills by itself, a file that is a template itself, or somebody has to.
fn template(place: &Place<'_>) -> Fate {
    let inner = place.text().trim_matches(|c: char| "${}-~ ".contains(c));
    if let Some(opener) = place.document() {
        return in_document(place, opener, inner);
    }
    let go = is_go(inner);
    let option = place.option();
    let takes = ["format", "template", "tmpl"].iter().any(|w| option.contains(w))
        || place.word_before().contains("template=")
        || go && matches!(option, "-f" | "-t" | "-T") && !place.runs(&["kubectl", "oc", "helm"]);
    let filled = place.runs(TEMPLATE_FILLERS)
        && (go || place.program().starts_with("ansible") || place.program().starts_with("salt"))
        && !is_of_chart(inner);
    let literal = place.within().is_quoted() && place.runs(INTERPRETERS) && formats(place);
    if takes && (go || place.within().is_quoted()) || filled || literal || is_pattern(place) {
        return Fate::Data;
    }
    Fate::Hole
}

/// `.Names`, `range .Items`, `json .`: the words of Go's templates.
fn is_go(inner: &str) -> bool {
    #[rustfmt::skip] // words, many to a line
    const WORDS: &[&str] = &[
        "range", "if", "with", "json", "index", "len", "printf", "print", "println", "join", "split", "title", "upper",
        "lower", "and", "or", "not", "eq", "ne", "block", "define", "template", "base64decode", "toJson", "pad",
        "truncate", "table", "else",
    ];
    let first = inner.split([' ', '(']).next().unwrap_or("");
    inner.starts_with(['.', '$', '/'])
        || inner == "end"
        || inner == "else"
        || first != inner && WORDS.contains(&first)
}

/// Values of a chart: no program but `helm` knows them, and only in a chart's files.
fn is_of_chart(inner: &str) -> bool {
    [".Values", ".Release", ".Chart", ".Capabilities"].iter().any(|root| inner.contains(root))
}

/// In a file that a here-document writes, a template may be the file's own.
fn in_document(place: &Place<'_>, opener: &str, inner: &str) -> Fate {
    #[rustfmt::skip] // parts of paths, many to a line
    const TEMPLATES: &[&str] = &[
        ".j2", ".jinja", ".tmpl", ".tpl", ".gotmpl", ".hbs", ".mustache", ".ejs", ".erb", ".vue", ".html", ".njk",
        "templates/", ".github/", "playbook", "ansible", "roles/", "tasks/", "dashboards/", "alertmanager",
        "promtail", "prometheus", ".rules", "workflow",
    ];
    let of_template = TEMPLATES.iter().any(|part| opener.contains(part))
        || is_go(inner)
        || inner.contains('|')
        || ["secrets.", "github.", "env.", "matrix.", "steps.", "item", "ansible_", "inventory_"]
            .iter()
            .any(|begins| inner.starts_with(begins) && place.text().contains("{{"));
    if of_template || place.is_code() { Fate::Data } else { Fate::Doubt }
}

/// Whether a program text has strings in which doubled braces are braces.
fn formats(place: &Place<'_>) -> bool {
    let text = place.quoted();
    text.contains("f'") || text.contains("f\"") || text.contains("format(")
}

/// A set, a filter, a format of a program: names between braces that are its own.
fn is_curly_data(place: &Place<'_>, name: &str) -> bool {
    if asks_for_own(name) {
        return false;
    }
    let lower = name.chars().all(|c| !c.is_uppercase());
    let quoted = place.within().is_quoted();
    if place.document().is_some() {
        let is_name = name.contains('-') || !lower;
        return !is_name || place.is_code();
    }
    let spoken = lower && name.contains(' ');
    if quoted && (spoken || place.runs(PATTERNS) || place.runs(INTERPRETERS) || is_in_program(place)) {
        return true;
    }
    let (before, after) = (place.before(), place.after());
    let word = place.word();
    let option = place.option();
    let formatted = ["format", "template", "query", "print", "write-out"].iter().any(|w| option.contains(w))
        || option == "-w";
    // `jsonpath={range .items[*]}…{end}`, `viewer{login}` of GraphQL, `'{admin}'::text[]` of SQL.
    let paths = word.contains("{.") || word.contains("{range") || word.contains("jsonpath");
    let selects = quoted && lower && {
        let head = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let opens = head.trim_end().ends_with(['{', ',', ')']);
        before.len() - head.len() > 1 && opens
    };
    let array = after.starts_with("'::") || after.starts_with("\"::");
    lower && formatted || paths || selects || array || is_own_placeholder(place.program(), name)
}

/// Whether it stands in the text that an interpreter is given, wherever that is started: `sh -c "node -e …"`.
fn is_in_program(place: &Place<'_>) -> bool {
    let words: Vec<&str> =
        place.command().split_whitespace().map(|w| w.trim_matches(['"', '\'', '\\'])).collect();
    words.windows(2).any(|pair| {
        INTERPRETERS.contains(&pair[0]) && matches!(pair[1], "-e" | "-c" | "-r" | "-p" | "--eval")
    })
}

/// What some programs put in place of a name by themselves.
fn is_own_placeholder(program: &str, name: &str) -> bool {
    let own: &[&str] = match program {
        "gh" => &["owner", "repo", "branch"],
        "borg" | "borgmatic" => &["hostname", "fqdn", "now", "utcnow", "user", "pid", "borgversion"],
        "fd" | "parallel" | "hyperfine" => return true,
        _ => return false,
    };
    own.contains(&name)
}

fn is_square_data(place: &Place<'_>, name: &str) -> bool {
    if asks_for_own(name) {
        return false;
    }
    let whole_line = {
        let rest = place.after().lines().next().unwrap_or("");
        place.line_before().trim().is_empty() && rest.trim().is_empty()
    };
    let tagged = place.within() == In::Plain && runs_saying(place) && place.text().starts_with('[') && {
        let bare = !name.contains(['-', '_']);
        bare && !place.text().starts_with("[[")
    };
    place.document().is_some() && whole_line || tagged || is_pattern_text(place)
}

/// A class of characters, or fields of a filter.
fn is_pattern_text(place: &Place<'_>) -> bool {
    let bare = matches!(place.program(), "tr" | "grep" | "egrep" | "rg");
    (place.within().is_quoted() || bare) && place.runs(PATTERNS)
}

/// `« fini »`, `【完成】` of what is only said, or of a text that is looked for.
fn is_delimited_data(place: &Place<'_>) -> bool {
    let quotes = place.text().starts_with("« ")
        || place.text().starts_with("«\u{a0}")
        || place.text().starts_with("«\u{202f}");
    let said = runs_saying(place) && (place.within().is_quoted() || quotes);
    let ascii = place.text().is_ascii();
    let foreign = !ascii && (said || is_message(place) || place.document().is_some());
    let own = place.text().starts_with("#{") && place.within().is_quoted() && place.runs(INTERPRETERS);
    let code = place.text().starts_with("$(") && matches!(place.within(), In::Single | In::Data);
    foreign || own || code || place.is_code() || is_pattern(place)
}

/// `LIKE '%ERROR%'`, `--format=%an%ae`, `date +%Y…`.
fn is_percent_data(place: &Place<'_>) -> bool {
    let ahead = format!("{}{}", place.quoted_before(), place.line_before()).to_lowercase();
    let likes = ahead.contains("like ");
    let option = place.option();
    let formatted =
        ["format", "pretty", "write-out", "qf"].iter().any(|w| option.contains(w)) || option == "-w";
    let dated = place.word_before().starts_with('+')
        || place.word_before().trim_matches(['"', '\'']).starts_with('+');
    let printed = place.program() == "printf" && place.text().bytes().any(|b| b.is_ascii_lowercase());
    let batch = place.document().is_some_and(|opener| opener.contains(".bat") || opener.contains(".cmd"));
    likes || formatted || dated || printed || batch || is_pattern(place) || place.is_code()
}

/// `__EOF__` of a here-document.
fn ends_document(place: &Place<'_>) -> bool {
    let ahead = place.before().trim_end_matches(['"', '\'', '\\']);
    let opens = ahead.trim_end_matches([' ', '-']).ends_with("<<");
    let line = place.line_before().trim();
    let rest = place.after().lines().next().unwrap_or("").trim();
    opens || line.is_empty() && rest.is_empty() && place.before().contains("<<")
}

/// `nvm install 18.x`, `npm i react@18.x`, `x.y.z` of a program's text: a range, or a path in an object.
fn is_version_data(place: &Place<'_>, doubtful: bool) -> bool {
    #[rustfmt::skip] // words, many to a line
    const RANGES: &[&str] = &[
        "npm", "npx", "yarn", "pnpm", "nvm", "fnm", "volta", "n", "asdf", "mise", "composer", "bundle", "gem", "pip",
        "pip3", "poetry", "uv", "cargo", "apt", "apt-get", "dnf", "yum", "brew", "snap",
    ];
    let within = place.within();
    let joined = place.before().ends_with(['@', '^', '~', '>', '<']);
    let quoted_code = within.is_quoted() && place.runs(INTERPRETERS) || is_pattern(place) || place.is_code();
    // `https://host/7.x/`: where a series is kept.
    let kept = place.word_before().contains("://");
    quoted_code
        || doubtful && (joined || kept || place.runs(RANGES) || is_note(place) || is_said_or_message(place))
}

/// `to_char(now(), 'YYYY-MM-DD')`, `--date-format YYYYMMDD`: how a date is written.
fn is_date_format(place: &Place<'_>) -> bool {
    let text = place.quoted_before().to_lowercase();
    let called =
        ["to_char", "to_date", "to_timestamp", "date_format", "strftime", "format(", "dayjs", "moment"];
    let line = place.line_before().to_lowercase();
    called.iter().any(|name| text.contains(name) || line.contains(name)) || place.option().contains("format")
}

/// A word of a note: one that is looked for, said, a message's, or a file's name.
fn is_note(place: &Place<'_>) -> bool {
    let file =
        place.after().starts_with('.') && place.after()[1..].starts_with(|c: char| c.is_ascii_lowercase());
    let in_sentence = place.within().is_quoted() && place.quoted().trim().contains(' ');
    file || in_sentence || is_pattern(place) || is_message(place)
}

/// The message of a commit and the like.
fn is_message(place: &Place<'_>) -> bool {
    let option = place.option();
    let named = ["message", "title", "body", "notes", "description", "comment", "subject", "annotation"];
    matches!(option, "-m" | "-am")
        || option.starts_with("--") && named.iter().any(|name| option.contains(name))
}

fn is_said_or_message(place: &Place<'_>) -> bool {
    place.within().is_quoted() && (is_said(place) || is_message(place))
}

/// `app-HASH` in a text that is no value: a sentence, a pattern, a column.
fn is_called_so(place: &Place<'_>) -> bool {
    let quoted = place.within().is_quoted() && place.quoted().trim().contains(' ');
    let columns = place.word().contains("columns") || place.option().contains("columns");
    quoted
        || columns
        || place.document().is_some()
        || is_pattern(place)
        || is_message(place)
        || is_variable(place)
}

fn runs_saying(place: &Place<'_>) -> bool {
    let program = place.program();
    SAYS.contains(&program) || program.starts_with("log_") || program.starts_with("print_")
}

/// `"Waiting ..."`: words of a program that only says them, with a word in front of it. What goes into a file is none.
fn is_said(place: &Place<'_>) -> bool {
    let before = place.quoted_before();
    let worded = before.ends_with(' ')
        && before.trim_end().ends_with(|c: char| c.is_alphanumeric() || ")'\"}$".contains(c));
    runs_saying(place) && worded && !place.is_written() && !place.is_piped()
}

/// A word in letters that no program takes: text of a file or of a message is that. An argument by itself is to be replaced;
/// a part of one, as of a path, may be the name that it is.
fn foreign(place: &Place<'_>) -> Fate {
    if runs_saying(place) || is_message(place) || is_pattern(place) || is_variable(place) {
        return Fate::Data;
    }
    if place.within().is_quoted() || place.document().is_some() {
        return Fate::Data;
    }
    let apart = |c: char| c.is_whitespace() || "=<>[]{}\"'`;&|)@:".contains(c);
    let alone = place.before().chars().next_back().is_none_or(apart)
        && place.after().chars().next().is_none_or(apart);
    if alone { Fate::Hole } else { Fate::Doubt }
}

/// What stands before dots, and whether that is a word.
fn cut_word<'s>(place: &Place<'s>) -> (&'s str, bool) {
    let text = place.text().trim_end_matches(['.', '…']);
    (text, !text.is_empty() && text.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '-'))
}

/// `ssh web1 "echo Restarting...; systemctl restart shop"`: a word that a program says within what another one is given.
fn is_said_inside(place: &Place<'_>) -> bool {
    let (_, plain) = cut_word(place);
    let begun = place.quoted_before().rsplit([';', '&', '|', '\n', '(']).next().unwrap_or_default();
    let mut words =
        begun.split(|c: char| c.is_whitespace() || "\"'\\".contains(c)).filter(|word| !word.is_empty());
    place.within().is_quoted() && plain && words.next().is_some_and(|program| SAYS.contains(&program))
}

/// `echo "Restarting nginx..."`: dots at the end of words that are only said, or told with a commit.
fn is_cut_sentence(place: &Place<'_>) -> bool {
    let (text, plain) = cut_word(place);
    if is_message(place) {
        return plain;
    }
    if !runs_saying(place) || place.is_written() || place.is_piped() {
        return false;
    }
    let ahead = if place.within().is_quoted() { place.quoted_before() } else { place.command() };
    let words = ahead.split_whitespace().skip(usize::from(!place.within().is_quoted()));
    let spoken = words.filter(|w| w.chars().any(char::is_alphabetic) && !w.starts_with('-')).count();
    let begins = text.starts_with(char::is_uppercase) && text.chars().skip(1).all(char::is_lowercase);
    let alone = if place.within().is_quoted() {
        ahead.trim_matches(['"', '\'']).is_empty()
    } else {
        ahead.split_whitespace().count() < 2
    };
    spoken > 0 || plain && (begins || alone || text.ends_with("ing"))
}

/// `mktemp -d /tmp/deploy.XXXXXX`.
fn is_temporary(place: &Place<'_>) -> bool {
    place.command().split(|c: char| !c.is_alphanumeric()).any(|w| w == "mktemp" || w == "tempfile")
}

/// `coproc NAME {`, `for NAME in`, `read NAME`, `NAME+=(x)`: the name of a variable.
fn is_variable(place: &Place<'_>) -> bool {
    place.within() == In::Plain && names_a_variable(place.before(), place.after())
}

fn names_a_variable(before: &str, after: &str) -> bool {
    let part = &before[before.rfind(['\n', ';', '|', '&', '(']).map_or(0, |at| at + 1)..];
    let first =
        part.split_whitespace().find(|w| !matches!(*w, "do" | "then" | "else" | "while" | "until" | "if"));
    #[rustfmt::skip] // words, many to a line
    let names = [
        "coproc", "for", "select", "read", "mapfile", "readarray", "export", "local", "declare", "typeset", "readonly",
        "unset", "function", "getopts",
    ];
    let set = first.is_some_and(|w| w.contains('=')) && part.contains(" read ");
    let starts = part.trim().is_empty();
    (first.is_some_and(|w| names.contains(&w))
        || set
        || (starts && (after.starts_with("+=") || after.starts_with("()"))))
        && !part.contains('=') | set
}

#[cfg(test)]
mod tests;
