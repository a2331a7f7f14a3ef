//! The dialects: what of a line opens or closes a container, one function a dialect.

use std::ops::Range;

use super::Kind;
use super::attributes::{Attribute, attributes, listed, named, tag_length};
use super::names;

/// How a container is written, by which what closes it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// `:::danger Title` (Docusaurus, VitePress, MyST), with so many colons.
    Colons(usize),
    /// `/// danger | Title` (Python Markdown's blocks), with so many strokes.
    Strokes(usize),
    /// `<TabItem label="x">`, `<details><summary>x</summary>`.
    Tag,
    /// `{{< tab "x" >}}`, `{{% expand "x" %}}` (Hugo).
    Shortcode,
    /// `{% tab title="x" %}` (GitBook, Markdoc).
    Braces,
    /// `<!-- tabs:start -->` (docsify).
    Comment,
    /// `!!! danger "Title"`, `??? note "Title"` (MkDocs), with its content indented.
    Bang,
    /// `=== "Title"` (MkDocs), with its content indented.
    Equals,
    /// `> [!CAUTION] Title` (GitHub, Obsidian), with its content quoted.
    Alert,
    /// A line in a group of tabs that begins the next of them: a heading, `== Title`, `@tab Title`.
    Line,
}

impl Family {
    /// Whether other markers and words may stand on a marker's line.
    pub(super) fn shares_its_line(self) -> bool {
        matches!(self, Self::Tag | Self::Shortcode | Self::Braces)
    }
}

/// What opens a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Opening {
    pub(super) family: Family,
    pub(super) kind: Kind,
    /// As it is written, in lower case: what closes it has the same.
    pub(super) name: String,
    pub(super) title: Option<String>,
    /// What an untitled one warns by: "Danger".
    pub(super) warns: Option<String>,
    /// It is a container also where nothing closes it.
    pub(super) known: bool,
    /// It is a tab that begins a group of its own.
    pub(super) fresh: bool,
    /// The names and titles of the tabs that the group lists.
    pub(super) items: Vec<(String, String)>,
}

/// A marker of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Open(Opening),
    Close(Family, String),
}

impl Opening {
    /// Whether it is an element of a page that only holds others.
    pub(super) fn is_plain(&self) -> bool {
        PLAIN.contains(&self.name.as_str())
    }

    fn new(family: Family, kind: Kind, name: &str) -> Self {
        let name = name.to_lowercase();
        let warns = names::warning(&name);
        Self { family, kind, name, title: None, warns, known: true, fresh: false, items: vec![] }
    }

    /// With a title, where there are words in it.
    fn titled(self, title: &str) -> Self {
        let bare = without_icon(title.trim()).trim_matches(|c: char| c.is_whitespace() || "*_#`".contains(c));
        let title = bare.chars().any(char::is_alphanumeric).then(|| bare.to_owned());
        Self { title: title.or(self.title), ..self }
    }
}

/// A title without the icon in front of it: ":simple-docker: Docker".
fn without_icon(title: &str) -> &str {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match title.strip_prefix(':').and_then(|rest| rest.split_once(':')) {
        Some((icon, rest)) if !icon.is_empty() && icon.chars().all(is_name) => rest,
        _ => title,
    }
}

/// The markers that a text begins with, each with its bytes, and those that its first line ends with.
pub(super) fn markers(text: &str) -> Vec<(Range<usize>, Marker)> {
    let line = text.lines().next().unwrap_or("").trim_end();
    let whole = [colons, strokes, comment, bang, equals].iter().find_map(|dialect| dialect(line));
    if let Some(marker) = whole {
        return vec![(0..line.len(), marker)];
    }
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some((length, marker)) = inline(rest)
    {
        found.push((at..at + length, marker));
        at += length;
        at += text.get(at..).map_or(0, |r| r.len() - r.trim_start_matches([' ', '\t']).len());
    }
    // What closes may stand behind the last words of a line.
    let rest = text.get(at..).and_then(|r| r.lines().next()).unwrap_or("").trim_end();
    if let Some(begins) = rest.rfind(['<', '{'])
        && let Some(close) = ["</", "{{< /", "{{</", "{{% /", "{{%/", "{% end", "{% /"]
            .iter()
            .find_map(|sign| rest.rfind(sign).filter(|found| *found <= begins))
        && let Some((length, marker @ Marker::Close(..))) = rest.get(close..).and_then(inline)
        && close + length == rest.len()
    {
        found.push((at + close..at + close + length, marker));
    }
    found
}

/// A marker that other markers may follow on its line.
fn inline(text: &str) -> Option<(usize, Marker)> {
    if text.starts_with("{{") {
        shortcode(text)
    } else if text.starts_with("{%") {
        braces(text)
    } else {
        tag(text)
    }
}

fn colons(line: &str) -> Option<Marker> {
    let count = line.bytes().take_while(|b| *b == b':').count();
    let rest = line.get(count..).filter(|_| count >= 3)?.trim();
    if rest.is_empty() {
        return Some(Marker::Close(Family::Colons(count), String::new()));
    }
    if rest.ends_with(":::") {
        return None;
    }
    let (name, rest) = match rest.strip_prefix('{') {
        Some(directive) => directive.split_once('}')?,
        None => rest.split_at(rest.find([' ', '\t', '[', '{', '#']).unwrap_or(rest.len())),
    };
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let rest = rest.trim();
    let label = rest.strip_prefix('[').and_then(|r| r.split_once(']')).map(|(label, _)| label);
    let braced = rest.strip_prefix('{').and_then(|r| r.split_once('}')).map(|(inner, _)| inner);
    let named = braced.and_then(|b| named(&attributes(b), &["title", "label", "summary", "name"]));
    let known = names::kind(name);
    let kind = known.unwrap_or(Kind::Box);
    let opening = Opening::new(Family::Colons(count), kind, name);
    let opening = match (label, named) {
        (Some(label), _) => opening.titled(label),
        (None, Some(named)) => opening.titled(&named),
        _ if braced.is_some() || rest.starts_with('#') || kind == Kind::Group => opening,
        _ => opening.titled(rest.split(" {").next().unwrap_or(rest)),
    };
    let is_title = names::title_of(name);
    let known = known.is_some() || is_title.is_some();
    let title = opening.title.clone().or(is_title);
    Some(Marker::Open(Opening { title, known, ..opening }))
}

fn strokes(line: &str) -> Option<Marker> {
    let count = line.bytes().take_while(|b| *b == b'/').count();
    let rest = line.get(count..).filter(|_| count >= 3)?.trim();
    if rest.is_empty() {
        return Some(Marker::Close(Family::Strokes(count), String::new()));
    }
    let (name, title) = rest.split_once('|').unwrap_or((rest, ""));
    let kind = names::kind(name.trim()).filter(|_| !name.trim().contains(' '))?;
    Some(Marker::Open(Opening::new(Family::Strokes(count), kind, name.trim()).titled(title)))
}

fn comment(line: &str) -> Option<Marker> {
    let inner = line.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    match inner.to_lowercase().as_str() {
        "tabs:start" => Some(Marker::Open(Opening::new(Family::Comment, Kind::Group, "tabs"))),
        "tabs:end" => Some(Marker::Close(Family::Comment, "tabs".into())),
        _ => None,
    }
}

fn bang(line: &str) -> Option<Marker> {
    let rest = line.strip_prefix("!!!").or_else(|| line.strip_prefix("???"))?;
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    let open = rest.find(['"', '\'']);
    let (sorts, title) = rest.split_at(open.unwrap_or(rest.len()));
    let is_sort = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '\t');
    let sort = sorts.split_whitespace().next()?;
    let quote = title.chars().next();
    let closed = quote.is_none_or(|q| title.len() > 1 && title.ends_with(q));
    let one = sorts.split_whitespace().count() == 1;
    let is_title = names::title_of(sort);
    // "!!! Read this first" is a sentence.
    let says = open.is_some() || names::is_sort(sort) || one;
    if !sorts.chars().all(is_sort) || !closed || !says {
        return None;
    }
    let opening = Opening::new(Family::Bang, Kind::Box, sort).titled(title.trim_matches(['"', '\'']));
    let title = opening.title.clone().or(is_title);
    Some(Marker::Open(Opening { title, ..opening }))
}

fn equals(line: &str) -> Option<Marker> {
    let rest = line.strip_prefix("===")?;
    let fresh = rest.starts_with('!');
    let rest = rest.trim_start_matches(['!', '+']);
    let title = rest.trim_start();
    let quote = title.chars().next().filter(|q| matches!(q, '"' | '\''))?;
    let title = title.strip_prefix(quote)?.strip_suffix(quote)?;
    let opening = Opening::new(Family::Equals, Kind::Tab, "===").titled(title);
    opening.title.is_some().then_some(Marker::Open(Opening { fresh, ..opening }))
}

/// `[!CAUTION] Title`, the text of the first line of a quote.
pub(super) fn alert(text: &str) -> Option<Opening> {
    let (sort, title) = text.trim_start().strip_prefix("[!")?.split_once(']')?;
    let is_sort = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    if sort.is_empty() || !sort.chars().all(is_sort) {
        return None;
    }
    let title = title.strip_prefix(['-', '+']).unwrap_or(title);
    let opening = Opening::new(Family::Alert, Kind::Box, sort).titled(title);
    let title = opening.title.clone().or_else(|| names::title_of(sort));
    Some(Opening { title, ..opening })
}

fn tag(text: &str) -> Option<(usize, Marker)> {
    let inner = text.strip_prefix('<')?;
    let closes = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let name = inner.split(|c| !is_name(c)).next().unwrap_or("");
    if PLAIN.contains(&name) {
        return plain_tag(text, name, closes);
    }
    let kind = names::kind(name).filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic()))?;
    // Of a component library the group has another name.
    let kind = if name == "TabPane" { Kind::Tab } else { kind };
    let length = tag_length(text)?;
    if closes {
        return Some((length, Marker::Close(Family::Tag, name.to_lowercase())));
    }
    let body = text.get(1 + name.len()..length - 1)?;
    if body.trim_end().ends_with('/') {
        return None;
    }
    let found = attributes(body);
    let mut opening = described(Opening::new(Family::Tag, kind, name), &found, false);
    let mut length = length;
    if let Some((more, title)) = text.get(length..).and_then(summary) {
        length += more;
        opening = opening.titled(&title);
    }
    let known = kind != Kind::Box || opening.title.is_some();
    Some((length, Marker::Open(Opening { known, ..opening })))
}

/// Elements of a page that only hold others.
const PLAIN: &[&str] = &["section", "div", "article"];

/// `<div markdown="1">`, or a tag right above a list, a fence or a heading: what is in it is Markdown. One that has a
/// value for a switch beside it, `data-scope="helm"`, is a tab.
fn plain_tag(text: &str, name: &str, closes: bool) -> Option<(usize, Marker)> {
    let length = tag_length(text)?;
    if closes {
        return Some((length, Marker::Close(Family::Tag, name.to_owned())));
    }
    let found = attributes(text.get(1 + name.len()..length - 1)?);
    let behind = text.get(length..).unwrap_or("");
    let below =
        behind.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or("").trim_start_matches(' ');
    let number = below.trim_start_matches(|c: char| c.is_ascii_digit());
    let begins = ["```", "~~~", "- ", "* ", "## ", "### "].iter().any(|sign| below.starts_with(sign))
        || number.len() < below.len() && number.starts_with(". ");
    let read = found
        .iter()
        .any(|a| a.name == "markdown" && a.value != "0" || a.name.is_empty() && a.value == "markdown");
    let says = |a: &&Attribute| a.name.starts_with("data-") && !a.value.is_empty() && a.value.len() < 40;
    let switch = found.iter().find(says).filter(|_| read);
    let kind = if switch.is_some() { Kind::Tab } else { Kind::Box };
    let opening = Opening::new(Family::Tag, kind, name).titled(switch.map_or("", |a| a.value.as_str()));
    (read || begins).then_some((length, Marker::Open(Opening { known: false, ..opening })))
}

/// What a summary says without its tags, where a text begins with one, and how many bytes it takes.
fn summary(text: &str) -> Option<(usize, String)> {
    // No summary is longer.
    const MOST: usize = 2000;
    let blank = text.len() - text.trim_start().len();
    let inner = text.get(blank..)?.strip_prefix("<summary")?;
    let near = inner.char_indices().nth(MOST).map_or(inner.len(), |(at, _)| at);
    let end = inner.get(..near)?.find("</summary>")?;
    // Another fold's summary is not this one's.
    if inner.get(..end)?.contains("<details") {
        return None;
    }
    let (_, body) = inner.get(..end)?.split_once('>')?;
    let mut title = String::new();
    let mut in_tag = false;
    for c in body.chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => in_tag = false,
            _ if !in_tag => title.push(c),
            _ => {}
        }
    }
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    Some((blank + "<summary".len() + end + "</summary>".len(), title))
}

fn shortcode(text: &str) -> Option<(usize, Marker)> {
    let close = match text.get(..3)? {
        "{{<" => ">}}",
        "{{%" => "%}}",
        _ => return None,
    };
    let line = text.lines().next()?;
    let end = line.find(close)?;
    braced(line.get(3..end)?, end + close.len(), Family::Shortcode)
}

fn braces(text: &str) -> Option<(usize, Marker)> {
    let line = text.lines().next()?;
    let end = line.find("%}")?;
    let inner = line.get(2..end)?;
    if let Some(marker) = chosen(inner.trim_matches(['-', ' ']), text.get(end + 2..).unwrap_or("")) {
        return Some((end + 2, marker));
    }
    braced(inner.trim_matches('-'), end + 2, Family::Braces)
}

/// `{% if page.secure %}` with an `{% else %}` behind it: each is a tab, since one of the two is shown.
fn chosen(inner: &str, behind: &str) -> Option<Marker> {
    const NAME: &str = "if";
    let (word, condition) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let tab = |title: &str, fresh: bool| {
        let opening = Opening::new(Family::Braces, Kind::Tab, NAME).titled(title);
        Some(Marker::Open(Opening { fresh, known: false, ..opening }))
    };
    match word {
        "if" => has_other(behind).then(|| tab(condition, true)).flatten(),
        "elsif" | "elif" => tab(condition, false),
        "else" => tab("otherwise", false),
        "endif" => Some(Marker::Close(Family::Braces, NAME.to_owned())),
        _ => None,
    }
}

/// Whether a block that was opened before a text has an `else` of its own, and an end.
fn has_other(text: &str) -> bool {
    let (mut depth, mut other) = (0_usize, false);
    for part in text.split("{%").skip(1) {
        let word = part.trim_start_matches(['-', ' ']).split([' ', '-', '%']).next().unwrap_or("");
        match word {
            "if" => depth += 1,
            "endif" if depth == 0 => return other,
            "endif" => depth -= 1,
            "else" | "elsif" | "elif" => other |= depth == 0,
            _ => {}
        }
    }
    false
}

fn braced(inner: &str, length: usize, family: Family) -> Option<(usize, Marker)> {
    let inner = inner.trim();
    let ends =
        inner.strip_prefix('/').or_else(|| inner.strip_prefix("end").filter(|_| family == Family::Braces));
    if let Some(name) = ends.map(str::trim) {
        names::kind(name)?;
        return Some((length, Marker::Close(family, name.to_lowercase())));
    }
    if inner.ends_with('/') {
        return None;
    }
    let (name, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
    let kind = names::kind(name)?;
    let opening = described(Opening::new(family, kind, name), &attributes(rest), true);
    let known = kind != Kind::Box || opening.title.is_some();
    Some((length, Marker::Open(Opening { known, ..opening })))
}

/// An opening with what its attributes say; texts that stand `alone` may be its title.
fn described(opening: Opening, found: &[Attribute], alone: bool) -> Opening {
    const TITLES: &[&str] = &["label", "title", "name", "header", "summary", "heading", "tab", "caption"];
    if matches!(opening.kind, Kind::Group | Kind::CodeGroup) {
        return Opening { items: listed(found), ..opening };
    }
    let is_title = |a: &&Attribute| {
        let value = a.value.as_str();
        a.name.is_empty()
            && (a.quoted || !matches!(value, "true" | "false" | "open"))
            && !names::is_sort(value)
    };
    let single = found.iter().filter(|_| alone).find(is_title).map(|a| a.value.clone());
    let by_value = named(found, &["value", "id", "key"]).filter(|_| opening.kind == Kind::Tab);
    let sort = named(found, &["type", "style", "kind", "level", "color", "variant", "severity"]);
    let sorts = sort.into_iter().chain(found.iter().filter(|a| a.name.is_empty()).map(|a| a.value.clone()));
    let warns = opening.warns.clone().or_else(|| sorts.into_iter().find_map(|s| names::warning(&s)));
    let title = named(found, TITLES).or(single).or(by_value).unwrap_or_default();
    Opening { warns, ..opening.titled(&title) }
}

/// What begins the next tab of a group in a line of its own: `#### **Linux**`, `== Linux`, `@tab Linux`.
pub(super) fn tab_line(group: &Opening, line: &str) -> Option<(usize, Opening)> {
    let (rank, title) = if group.family == Family::Comment {
        let signs = line.bytes().take_while(|b| *b == b'#').count();
        (signs, line.get(signs..).filter(|r| (1..=6).contains(&signs) && r.starts_with(' '))?)
    } else if matches!(group.family, Family::Colons(_)) {
        let marked = line.strip_prefix("== ").or_else(|| line.strip_prefix("@tab"))?;
        (0, marked.strip_prefix(":active").unwrap_or(marked))
    } else {
        return None;
    };
    let opening = Opening::new(Family::Line, Kind::Tab, "").titled(title.trim().trim_end_matches('#'));
    opening.title.is_some().then_some((rank, opening))
}

/// The title of a fence that is a tab: `[npm]`, `title="npm"`, other words behind the language, or that.
pub(super) fn fence_title(info: &str) -> Opening {
    let (language, rest) = info.split_once(char::is_whitespace).unwrap_or((info, ""));
    let label = rest.split_once('[').and_then(|(_, r)| r.split_once(']')).map(|(label, _)| label.to_owned());
    let found = attributes(rest);
    let title =
        label.or_else(|| named(&found, &["title", "filename", "label", "name", "tab"])).or_else(|| {
            let words = found.iter().filter(|a| a.name.is_empty() && !a.value.starts_with(['{', ':']));
            let words: Vec<&str> = words.map(|a| a.value.as_str()).collect();
            (!words.is_empty()).then(|| words.join(" "))
        });
    Opening::new(Family::Line, Kind::Tab, "").titled(language).titled(&title.unwrap_or_default())
}
