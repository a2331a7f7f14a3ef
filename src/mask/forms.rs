//! The forms in which a secret value may turn up: itself, its lines, as shells, JSON, Python, HTML and URLs write it, in
//! base64 and hexadecimal digits.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The shortest value that is masked wherever it stands.
pub const SHORTEST: usize = 6;

/// All forms of a value.
pub(super) fn of(value: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![value.to_owned()];
    if value.len() < SHORTEST {
        return vec![];
    }
    forms.extend(value.lines().map(|line| line.trim().to_owned()));
    forms.extend(written(value));
    // A terminal ends its lines so.
    let returned: Vec<String> =
        forms.iter().filter(|f| f.contains('\n')).map(|f| f.replace('\n', "\r\n")).collect();
    forms.extend(returned);
    let mut forms: Vec<Vec<u8>> = forms.into_iter().map(String::into_bytes).collect();
    for start in 0..3 {
        for core in [base64_core(&STANDARD_NO_PAD, value, start), base64_core(&URL_SAFE_NO_PAD, value, start)]
        {
            // A few characters stand in many texts by chance.
            if core.len() >= 8 {
                forms.push(core);
            }
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

/// A value as programs write it between quotes, in addresses, or in digits.
fn written(value: &str) -> Vec<String> {
    let hex = |upper: bool| {
        value.bytes().map(|b| if upper { format!("{b:02X}") } else { format!("{b:02x}") }).collect()
    };
    let mut forms = vec![
        url_encoded(value, false),
        url_encoded(value, true),
        url_encoded(value, false).replace("%20", "+"),
        url_encoded(value, false).replace("%2F", "/"),
        hex(false),
        hex(true),
        // `set -x`, `printf %q`, `declare -p`.
        value.replace('\'', r"'\''"),
        each(value, |c| (!c.is_alphanumeric() && !"_-./:=@%+,".contains(c)).then(|| format!("\\{c}"))),
        each(value, |c| r#"$`"\"#.contains(c).then(|| format!("\\{c}"))),
        each(value, |c| escape(c).or_else(|| (c == '\'').then(|| r"\'".to_owned()))),
        // `docker compose config`.
        value.replace('$', "$$"),
    ];
    forms.extend(json(value));
    // Python takes double quotes where the value has single ones, and escapes these where it has both.
    let repr = each(value, escape);
    forms.push(repr.replace('\'', r"\'"));
    forms.push(repr);
    // The same of bytes, and bash's `$'…'`.
    forms.extend([bytes(value, |b| format!(r"\x{b:02x}")), bytes(value, |b| format!(r"\{b:03o}"))]);
    let quoted = value.replace('\'', "\0");
    let quoted = [bytes(&quoted, |b| format!(r"\x{b:02x}")), bytes(&quoted, |b| format!(r"\{b:03o}"))];
    forms.extend(quoted.map(|form| form.replace('\0', r"\'")));
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    forms.push(html.replace('"', "&quot;").replace('\'', "&#39;"));
    forms.push(html.replace('"', "&quot;").replace('\'', "&#x27;"));
    forms.push(html.replace('"', "&#34;").replace('\'', "&#39;"));
    forms.push(html);
    forms
}

/// As JSON has it: characters beyond ASCII as they are or by number, `/` escaped or not, `<`, `>` and `&` too.
fn json(value: &str) -> Vec<String> {
    let quoted = each(value, |c| escape(c).or_else(|| (c == '"').then(|| r#"\""#.to_owned())));
    let number = |c: char| {
        let units: Vec<String> = c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04x}")).collect();
        units.concat()
    };
    let numbered = |text: &str, which: fn(char) -> bool| each(text, |c| which(c).then(|| number(c)));
    vec![
        numbered(&quoted, |c| !c.is_ascii()),
        numbered(&quoted, |c| "<>&".contains(c)),
        quoted.replace('/', r"\/"),
        quoted.replace('\\', r"\\").replace('"', r#"\""#),
        quoted,
    ]
}

/// What a backslash stands before in most languages.
fn escape(c: char) -> Option<String> {
    match c {
        '\\' => Some(r"\\".into()),
        '\n' => Some(r"\n".into()),
        '\r' => Some(r"\r".into()),
        '\t' => Some(r"\t".into()),
        _ => None,
    }
}

/// Byte by byte, with what is beyond ASCII by its number.
fn bytes(value: &str, number: impl Fn(u8) -> String) -> String {
    let one = |b: u8| if b.is_ascii() { each(&char::from(b).to_string(), escape) } else { number(b) };
    value.bytes().map(one).collect()
}

fn each(value: &str, written: impl Fn(char) -> Option<String>) -> String {
    value.chars().map(|c| written(c).unwrap_or_else(|| c.to_string())).collect()
}

/// Percent-encoded as RFC 3986 has it, 2.1 and 2.3.
fn url_encoded(value: &str, lower: bool) -> String {
    let encoded = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() || b"-._~".contains(&b) => char::from(b).to_string(),
        b if lower => format!("%{b:02x}"),
        b => format!("%{b:02X}"),
    };
    value.bytes().map(encoded).collect()
}

/// What stands in base64 for a value that begins at this byte of a group of three, without the characters at both
/// ends that depend on what stands beside it.
fn base64_core(engine: &impl Engine, value: &str, start: usize) -> Vec<u8> {
    let mut padded = vec![0; start];
    padded.extend_from_slice(value.as_bytes());
    let encoded = engine.encode(&padded);
    // The first characters hold bits of what is before, the last one those of what follows.
    let first = [0, 2, 3][start];
    let last = encoded.len() - usize::from(!padded.len().is_multiple_of(3));
    encoded.as_bytes().get(first..last).unwrap_or_default().to_vec()
}
