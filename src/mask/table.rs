//! The table of shapes: each row says how a secret stands in a line, and what tells that it is one.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexSet};

/// What tells that a value is a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The name before it, in the group `n`.
    Name,
    /// The name before it, where a line of prose has the same shape.
    NameInText,
    /// A word for a password before it, where a sentence may go on.
    Prose,
    /// What stands around it.
    Place,
    /// Its own shape.
    Shape,
}

/// What ends a value that is not quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A blank.
    Blank,
    /// A blank, or a sign that ends a word of a command.
    Sign,
    /// The line's end.
    Line,
    /// A quote.
    Quote,
    /// The last line of a PEM block.
    Pem,
}

/// How a secret stands in a line: the group `v` is it.
pub(super) struct Row {
    pattern: &'static str,
    pub(super) by: By,
    pub(super) end: End,
}

const fn row(by: By, end: End, pattern: &'static str) -> Row {
    Row { pattern, by, end }
}

/// In the patterns, `NAME` is a name, `QUOTED` a quoted value, `WORD` one that may be quoted.
pub(super) const ROWS: &[Row] = &[
    // Assignments: a line of variables, one within quotes, one within a line.
    row(
        By::Name,
        End::Blank,
        r#"^\s*(?:[-+>$#]\s+)?(?:export\s+|set\s+|declare\s+-\w+\s+|ENV\s+)?NAME=(?P<v>QUOTED|[^\s"']\S*)"#,
    ),
    row(By::Name, End::Quote, r#"["']NAME=(?P<v>[^"'\\]+)"#),
    row(By::Name, End::Line, r#"^(?:export\s+)?(?P<n>\w*(?:PASSPHRASE|passphrase))=(?P<v>[^\s"'].*)"#),
    row(By::Name, End::Sign, r#"NAME=(?P<v>QUOTED|[^\s"'&;|),\]}>][^\s"'&;|)\]}>]*)"#),
    // Settings: INI, HCL, YAML, headers.
    row(
        By::Name,
        End::Blank,
        r#"^\s*(?:[\w./\-]+:(?:\d+:)?\s*)?(?:[-+~]\s+)?(?:(?:const|let|var|my|local)\s+)?["']?NAME["']?\s+:?=\s+(?P<v>WORD)"#,
    ),
    row(By::Name, End::Quote, r#"\bvariable\s+"NAME"\s*\{.*\bdefault\s*=\s*(?P<v>QUOTED)"#),
    row(
        By::NameInText,
        End::Line,
        r#"^\s*(?:[\w./\-]+:(?:\d+:)?\s*|[\w./\-]+-(?:\d+-)?\s+)?(?:[-<>*+]\s+)?["']?NAME["']?:\s+(?P<v>QUOTED|[^\s"'|>].*)"#,
    ),
    row(By::Name, End::Blank, r"\s(?P<n>[A-Z][A-Z0-9]*_[A-Z0-9_]+):\s+(?P<v>WORD)"),
    row(By::NameInText, End::Quote, r#"["']NAME:\s*(?P<v>[^\s"'\\][^"'\\]*)"#),
    row(By::NameInText, End::Blank, r"(?:^|\s)NAME(?:\t+| {2,})(?P<v>\S+)$"),
    row(By::Name, End::Blank, r"\b(?:ENV|ARG|setx)\s+NAME\s+(?P<v>WORD)"),
    row(By::Name, End::Quote, r"\benv:NAME\s*=\s*(?P<v>QUOTED)"),
    row(By::Name, End::Quote, r#"["']NAME["']\]\s*=\s*(?P<v>QUOTED)"#),
    row(By::Name, End::Blank, r"\b(?:config|configure)\s+set\s+(?:\S*:)?NAME\s+(?P<v>WORD)"),
    row(By::Place, End::Blank, r"\s-U\s*[^\s%]+%(?P<v>\S+)"),
    row(By::Place, End::Blank, r"\bhtpasswd\s+-\w*b\w*\s.*?(?P<v>\S+)$"),
    // What programs say.
    row(
        By::Prose,
        End::Blank,
        r"(?i)\b(?P<n>password|passphrase|passcode|token)(?: (?:for|of) [^:]{1,40})?(?: is)?:\s+(?P<v>[^\s\x22'(]\S*)$",
    ),
    row(By::Place, End::Quote, r#"(?i)\b(?:password|passphrase)\s+"(?P<v>[^"\s]+)(?:"|$)"#),
    row(By::Place, End::Blank, r"\benable\s+(?:secret|password)\s+(?:\d\s+)?(?P<v>\S+)"),
    // Data: JSON, Python, Ruby, Go, XML.
    row(By::Name, End::Quote, r#"["']NAME\\?["']\s*(?:=>|:|=)\s*\\?(?P<v>QUOTED)"#),
    row(By::Name, End::Quote, r"(?:[{,]\s*|:)NAME(?::|\s*=>)\s*(?P<v>QUOTED)"),
    row(By::NameInText, End::Sign, r#"[{,]\s*NAME:\s+(?P<v>[^\s"',}\]|]+)"#),
    row(By::Name, End::Sign, r#""NAME"\s*:\s*(?P<v>\d+)"#),
    row(By::Name, End::Quote, r#""name"\s*:\s*"NAME"\s*,\s*"value"\s*:\s*(?P<v>QUOTED)"#),
    row(By::NameInText, End::Sign, r#"[\s\[({,]NAME:(?P<v>[^\s\]})"',:/?+=\-][^\s\]})"',:/]*)"#),
    row(By::Name, End::Sign, r"<NAME>(?P<v>[^<]+)"),
    row(By::Name, End::Quote, r#"(?:key|name)="NAME"\s+value=(?P<v>QUOTED)"#),
    // HTTP.
    row(
        By::Place,
        End::Sign,
        r#"(?i)\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?:bearer|basic|token|digest|apikey)\s+(?P<v>[^\s"'\\]+)"#,
    ),
    row(By::Place, End::Sign, r#"(?i)\bauthorization\\?["']?\s*[:=]\s*\\?["']?(?P<v>[^\s"'\\]{16,})"#),
    row(By::Place, End::Sign, r"(?i)\bbearer\s+(?P<v>[a-z0-9._~+/\-]{16,}=*)"),
    row(
        By::Place,
        End::Sign,
        r#"(?i)[?&](?:sig|signature|x-amz-signature|x-goog-signature)=(?P<v>[^\s&"']+)"#,
    ),
    // Addresses.
    row(By::Place, End::Blank, r#"://[^\s/:@"'\[]*:(?P<v>[^\s"']+)@"#),
    row(By::Place, End::Blank, r#"\b[\w.\-]+:(?P<v>[^\s"'@]+)@(?:tcp|unix|udp)\("#),
    row(By::Place, End::Blank, r#"\bhooks\.slack\.com/\w+/(?P<v>[^\s"'<>]+)"#),
    row(By::Place, End::Blank, r#"\bdiscord(?:app)?\.com/api/webhooks/\d+/(?P<v>[^\s"'<>]+)"#),
    row(By::Place, End::Blank, r#"\.office\.com/webhook\w*/(?P<v>[^\s"'<>]+)"#),
    row(By::Place, End::Sign, r"\bapi\.telegram\.org/bot(?P<v>\d[\w:\-]*)"),
    // Commands.
    row(By::Name, End::Blank, r#"\s--?NAME[ \t]+(?P<v>QUOTED|[^\s"'\-<|][^\s"']*)"#),
    row(
        By::Place,
        End::Quote,
        r#"\b(?:curl|wget|https?|xh)\b.*?\s(?:-u|-U|--user|--proxy-user)[\s=]*["'][^"':/]+:(?P<v>[^"']+)"#,
    ),
    row(
        By::Place,
        End::Blank,
        r#"\b(?:curl|wget|https?|xh)\b.*?\s(?:-u|-U|--user|--proxy-user)[\s=]*[^\s"':/]+:(?P<v>[^\s"']+)"#,
    ),
    row(By::Place, End::Blank, r"\bbundle\s+config\b.*\s[^\s:]+:(?P<v>[^\s:/]+)$"),
    row(By::Place, End::Blank, r#"\b(?:mysql\w*|mariadb[\w\-]*)\b.*?\s-p(?P<v>QUOTED|[^\s"'\-]\S*)"#),
    row(By::Place, End::Blank, r"\bldap\w+\b.*?\s-w\s+(?P<v>WORD)"),
    row(By::Place, End::Quote, r#"\bcurl\b.*?\s(?:-b|--cookie)[\s=]*["']?[^\s"'=]+=(?P<v>[^"'\s][^"']*)"#),
    row(By::Place, End::Blank, r"\bsshpass\s+-p\s*(?P<v>WORD)"),
    row(
        By::Place,
        End::Blank,
        r"\b(?:docker|podman|nerdctl|buildah|skopeo|helm|oras|az|twine)\b.*?\b(?:login|upload)\b.*?\s-p\s+(?P<v>WORD)",
    ),
    row(By::Place, End::Blank, r"\bredis-cli\b.*?\s-a\s+(?P<v>WORD)"),
    row(
        By::Place,
        End::Blank,
        r"^\s*(?:\S+>\s*)?(?:AUTH|requirepass|masterauth)\s+(?:[\w\-]+\s+)?(?P<v>WORD)$",
    ),
    row(By::Place, End::Blank, r"\bmachine\s+\S+.*?\spassword\s+(?P<v>WORD)"),
    row(By::Place, End::Blank, r"^(?:[\w.\-]*[a-z][\w.\-]*|\*):(?:\d{4,5}|\*):[\w*\-]+:[\w*\-]+:(?P<v>\S+)$"),
    row(By::Place, End::Line, r"::add-mask::(?P<v>.+)"),
    row(
        By::Place,
        End::Blank,
        r"\b(?:echo|printf)\s+(?:-n\s+)?(?P<v>WORD)\s*\|.*(?:--password-stdin|\bchpasswd\b|\bsudo\s+-S)",
    ),
    row(
        By::Place,
        End::Quote,
        r"(?i)\b(?:password|identified\s+(?:with\s+\S+\s+)?by(?:\s+password)?)\s*=?\s+(?P<v>'(?:''|[^'])*'?)",
    ),
    // Keys and tokens.
    row(By::Shape, End::Pem, r"-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----(?P<v>.*)"),
    row(By::Shape, End::Sign, r"\bAGE-SECRET-KEY-(?P<v>1[A-Z0-9]{40,})"),
    row(By::Shape, End::Sign, r"\b(?P<v>(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b"),
    row(By::Shape, End::Sign, r"\b(?P<v>eyJ[\w\-]{10,}\.[\w\-]{10,}(?:\.[\w\-]*)*)"),
    row(By::Shape, End::Sign, r"\b(?P<v>(?:gh[pousr]_|npm_|hf_|rubygems_)[A-Za-z0-9]{30,})"),
    row(By::Shape, End::Sign, r"\b(?P<v>github_pat_\w{40,})"),
    row(
        By::Shape,
        End::Sign,
        r"\b(?P<v>(?:glpat|gldt|glrt|glptt|glcbt|xox[abeoprs]|xapp|tskey|PMAK)-[\w\-]{16,})",
    ),
    row(By::Shape, End::Sign, r"\b(?P<v>[sr]k_(?:live|test)_\w{10,})"),
    row(By::Shape, End::Sign, r"\b(?P<v>AIza[\w\-]{30,})"),
    row(By::Shape, End::Sign, r"\b(?P<v>sk-(?:[a-z]+-)?[A-Za-z0-9_\-]{20,})"),
    row(By::Shape, End::Sign, r"\b(?P<v>(?:ya29|hv[sbr]|SG)\.[\w.\-]{20,})"),
    row(
        By::Shape,
        End::Sign,
        r"\b(?P<v>(?:pypi-AgE|do[opr]_v1_|shp(?:at|ca|pa|ss)_|dckr_pat_|lin_api_|glsa_|sntrys_|whsec_)[\w\-]{16,})",
    ),
];

/// Where a value stands before what tells that it is a secret: it is waited for.
const BEGUN: &str = r#"(?:://[^\s/:@"'\[]*:(?P<a>[^\s"']+)|\b(?P<b>(?:gh[pousr]_|npm_|hf_|rubygems_|github_pat_|A[KSB]IA|ACCA|eyJ|gl(?:pat|dt|rt|ptt|cbt)-|xox[abeoprs]-|xapp-|tskey-|PMAK-|[sr]k_(?:live|test)_|AIza|sk-|ya29\.|hv[sbr]\.|SG\.|pypi-AgE|do[opr]_v1_|shp(?:at|ca|pa|ss)_|dckr_pat_|lin_api_|glsa_|sntrys_|whsec_|AGE-SECRET-KEY-)[\w.\-]*)|["'=][\w.\-]+:(?P<c>[^\s"'@/]+@?[tcpudnix]*)|\b(?:echo|printf)\s+(?:-n\s+)?(?P<d>[^|]+(?:\|.*)?))$"#;

/// A line without any of this holds no secret: most output is such, and comes fast.
const SIGNS: &str = concat!(
    r"(?i:pass|pw|secret|token|key|credential|auth|cookie|kennwort|contrasena|senha|geheim|wachtwoord|otp|jwt|bearer|psk|dockerc|webhook|://|",
    r"identified|configure|-U ?[^ %]+%|add-mask|sudo|sshpass|redis-cli|mysql|mariadb|curl|wget|ldap|login|upload|bundle|sig)|",
    r"-----BEGIN|[:@](?:\d{4,5}:|\*:|tcp\(|unix\(|udp\()|gh[pousr]_|_pat|PAT=|A[KSB]IA|ACCA|eyJ|xox|xapp|gl[a-z]+[-_]|PMAK|",
    r"[sr]k_|AIza|sk-|ya29|hv[sbr]\.|SG\.|npm_|hf_|gems_|pypi|do[opr]_v1|shp[acs]|lin_api|sntrys|whsec",
);

/// The table, ready to search.
pub(super) struct Table {
    pub(super) rows: Vec<(Regex, &'static Row)>,
    pub(super) set: RegexSet,
    pub(super) begun: Regex,
    pub(super) signs: Regex,
}

/// Absent where a pattern is wrong: they are constants, a mistake in one shows in every test.
pub(super) static TABLE: LazyLock<Option<Table>> = LazyLock::new(|| {
    const QUOTED: &str = r#""(?:\\.|[^"\\])*(?:"|\\$)?|'(?:\\.|''|'\\''|[^'\\])*(?:'|\\$)?"#;
    let full = |row: &Row| {
        let pattern = row.pattern.replace("NAME", r"(?P<n>[A-Za-z0-9_.][A-Za-z0-9_.\-]*)");
        let pattern = pattern.replace("WORD", r#"QUOTED|[^\s"']\S*"#).replace("QUOTED", QUOTED);
        format!("(?-u){pattern}")
    };
    let patterns: Vec<String> = ROWS.iter().map(full).collect();
    let compiled: Option<Vec<_>> =
        patterns.iter().zip(ROWS).map(|(p, row)| Some((Regex::new(p).ok()?, row))).collect();
    Some(Table {
        rows: compiled?,
        set: RegexSet::new(&patterns).ok()?,
        begun: Regex::new(&format!("(?-u){BEGUN}")).ok()?,
        signs: Regex::new(&format!("(?-u){SIGNS}")).ok()?,
    })
});
