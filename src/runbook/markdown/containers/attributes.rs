//! What stands in a container's marker behind its name: `title="Rollback"`, `label={'apt'}`, `"systemd" warning`.

/// One attribute, or one word or text that stands alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Attribute {
    /// Its name in lower case; empty where it stands alone.
    pub(super) name: String,
    /// Its text, without quotes.
    pub(super) value: String,
    /// It was in quotes.
    pub(super) quoted: bool,
}

/// Reads the attributes of a marker.
pub(super) fn attributes(text: &str) -> Vec<Attribute> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '|' | '='));
        if rest.is_empty() {
            return found;
        }
        let begins_value = rest.starts_with(['"', '\'', '`', '{', '“']);
        let name_ends = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | ','));
        let name = name_ends.and_then(|end| rest.get(..end)).filter(|_| !begins_value);
        let behind = name.and_then(|n| rest.get(n.len()..)).and_then(|r| r.trim_start().strip_prefix('='));
        let (name, at) = match (name, behind) {
            (Some(name), Some(behind)) if !name.is_empty() => {
                (name.to_lowercase(), behind.trim_start_matches('=').trim_start())
            }
            _ => (String::new(), rest),
        };
        let (length, value, quoted) = value(at);
        if length == 0 {
            // A sign that begins nothing.
            rest = at.get(at.chars().next().map_or(0, char::len_utf8)..).unwrap_or("");
            continue;
        }
        found.push(Attribute { name, value: value.trim().to_owned(), quoted });
        rest = at.get(length..).unwrap_or("");
    }
}

/// A value at the beginning of a text: how many bytes it takes, the text of it, and whether that was in quotes.
fn value(text: &str) -> (usize, &str, bool) {
    let close = match text.chars().next() {
        Some('“') => '”',
        Some(quote @ ('"' | '\'' | '`')) => quote,
        Some('{') => {
            let end = braces(text);
            let inner = text.get(1..end.saturating_sub(1)).unwrap_or("").trim();
            let (length, bare, quoted) =
                if inner.starts_with('{') { (0, inner, false) } else { value(inner) };
            let one = quoted && length == inner.len();
            return (end, if one { bare } else { inner }, one);
        }
        _ => {
            let end = text.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(text.len());
            return (end, text.get(..end).unwrap_or(""), false);
        }
    };
    let open = text.chars().next().map_or(0, char::len_utf8);
    let inner = text.get(open..).unwrap_or("");
    match inner.find(close) {
        Some(end) => (open + end + close.len_utf8(), inner.get(..end).unwrap_or(""), true),
        None => (text.len(), inner, true),
    }
}

/// How many bytes a text in braces takes.
fn braces(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(q), c) if q == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'' | '`') => quote = Some(c),
            (None, '{' | '[' | '(') => depth += 1,
            (None, '}' | ']' | ')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// How many bytes a tag takes that a text begins with: to the first `>` outside of quotes and braces. A tag has no
/// blank line in it.
pub(super) fn tag_length(text: &str) -> Option<usize> {
    let mut at = 1;
    while let Some(rest) = text.get(at..) {
        let c = rest.chars().next()?;
        match c {
            '>' => return Some(at + 1),
            '<' => return None,
            '\n' if rest.get(1..)?.trim_start_matches([' ', '\t', '\r']).starts_with('\n') => return None,
            '{' => at += braces(rest),
            '"' | '\'' => at += value(rest).0,
            c => at += c.len_utf8(),
        }
    }
    None
}

/// The title among attributes: by the first of these names that there is.
pub(super) fn named(attributes: &[Attribute], names: &[&str]) -> Option<String> {
    names
        .iter()
        .find_map(|name| attributes.iter().find(|a| a.name == *name && !a.value.is_empty()))
        .map(|a| a.value.clone())
}

/// Names and titles of the tabs that a group lists: `items={['npm', 'yarn']}`, `items="npm,yarn"`,
/// `values={[{label: 'npm', value: 'n'}]}`.
pub(super) fn listed(attributes: &[Attribute]) -> Vec<(String, String)> {
    let Some(list) = named(attributes, &["values", "items", "labels", "titles"]) else { return vec![] };
    if list.contains('{') {
        let of = |part: &str, name: &str| {
            let at = part.find(name)? + name.len();
            let rest = part.get(at..)?.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?;
            Some(value(rest.trim_start()).1.to_owned())
        };
        let one = |part: &str| {
            let label = of(part, "label")?;
            Some((of(part, "value").unwrap_or_else(|| label.clone()), label))
        };
        return list.split('}').filter_map(one).collect();
    }
    let bare = |item: &str| item.trim_matches(|c: char| c.is_whitespace() || "[]'\"`".contains(c)).to_owned();
    list.split(',').map(bare).filter(|i| !i.is_empty()).map(|i| (i.clone(), i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_of_every_form() {
        let found: Vec<_> = attributes(r#"type="danger" label={'a > b'} open name=x "two words" 'z' /"#)
            .into_iter()
            .map(|a| (a.name, a.value, a.quoted))
            .collect();
        let one = |name: &str, value: &str, quoted| (name.to_owned(), value.to_owned(), quoted);
        assert_eq!(
            found,
            [
                one("type", "danger", true),
                one("label", "a > b", true),
                one("", "open", false),
                one("name", "x", false),
                one("", "two words", true),
                one("", "z", true),
            ]
        );
        assert_eq!(
            attributes("= \" é"),
            [Attribute { name: String::new(), value: "é".into(), quoted: true }]
        );
    }

    #[test]
    fn a_tag_ends_outside_of_quotes_and_braces() {
        assert_eq!(tag_length("<A b=\"x > y\" c={d > e}> f"), Some(23));
        let tabs = "<Tabs\n  items={[\n 'a',\n ]}>";
        assert_eq!(tag_length(&format!("{tabs} >")), Some(tabs.len()));
        assert_eq!(tag_length("<a\n\n>"), None);
        assert_eq!(tag_length("<a <b>"), None);
    }

    #[test]
    fn tabs_that_a_group_lists() {
        let of = |text: &str| listed(&attributes(text)).into_iter().map(|(_, l)| l).collect::<Vec<_>>();
        assert_eq!(of("items={['npm', \"yarn\"]}"), ["npm", "yarn"]);
        assert_eq!(of("items=\"npm,yarn\""), ["npm", "yarn"]);
        let values = "values={[{label: 'Apple', value: 'a'}, {value: 'b', label: 'Banana'}]}";
        assert_eq!(of(values), ["Apple", "Banana"]);
        assert_eq!(listed(&attributes(values))[1].0, "b");
        assert!(of("groupId=\"os\"").is_empty());
    }
}
