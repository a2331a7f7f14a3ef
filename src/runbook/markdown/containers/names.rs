//! The names that containers have in the dialects: tabs, groups of them, boxes, and words that only say how much a
//! box matters.

use super::super::super::vocabulary;
use super::Kind;

/// Names of groups of tabs, without signs between their words.
const GROUPS: &[&str] = &[
    "tabs",
    "tabset",
    "tabgroup",
    "tabsgroup",
    "tabview",
    "tabpane",
    "tabpanels",
    "tabcontainer",
    "tabscontainer",
    "contenttabs",
];
/// Names of tabs.
const TABS: &[&str] = &[
    "tab",
    "tabitem",
    "tabpanel",
    "tabsitem",
    "tabstab",
    "tabscontent",
    "tabcontent",
    "codegroupitem",
    "codetab",
];
/// Groups in which each fence is a tab.
const CODE_GROUPS: &[&str] = &["codegroup", "codetabs", "codegroups"];

/// Words of which one is in the name of every box: `<AccordionItem>`, `{{% notice %}}`.
#[rustfmt::skip] // words, many to a line
const BOXES: &[&str] = &[
    "admonition", "callout", "alert", "note", "warn", "warning", "danger", "caution", "tip", "info", "hint",
    "important", "aside", "accordion", "collapse", "collapsible", "expand", "expander", "expandable", "details",
    "spoiler", "dropdown", "disclosure", "toggle", "notice", "fold", "foldable", "card", "panel", "step",
    "steps", "stepper", "cards", "message", "banner", "attention", "success", "error", "example", "faq", "question",
];

/// Words that say what sort of box it is and nothing of what is in it.
#[rustfmt::skip] // words, many to a line
const SORTS: &[&str] = &[
    "note", "notes", "tip", "tips", "hint", "hints", "info", "information", "important", "warning", "warnings",
    "warn", "danger", "dangerous", "caution", "cautious", "error", "success", "attention", "abstract", "tldr",
    "todo", "question", "help", "failure", "fail", "bug", "example", "quote", "cite", "check", "done", "seealso",
    "notice", "alert", "primary", "secondary", "tertiary", "details", "admonition", "callout", "critical",
    "remember", "default", "neutral", "spoiler", "dropdown", "collapse", "expand",
    "注意", "警告", "危险", "危險", "提示", "信息", "重要", "说明", "危険", "情報", "위험", "경고", "주의", "참고", "중요",
    "achtung", "warnung", "hinweis", "gefahr", "vorsicht", "wichtig", "avertissement", "remarque", "astuce",
    "attention !", "advertencia", "peligro", "precaución", "nota", "importante", "aviso", "atenção", "perigo",
    "cuidado", "attenzione", "avvertenza", "pericolo", "waarschuwing", "gevaar", "let op", "belangrijk",
    "внимание", "предупреждение", "опасно", "осторожно", "важно", "примечание", "uwaga", "ostrzeżenie",
    "uyarı", "dikkat", "cảnh báo", "lưu ý",
];
/// Those of them that nobody may overlook.
const WARNS: &[&str] =
    &["danger", "warning", "warn", "caution", "important", "critical", "error", "attention", "alert"];

/// A name without the signs between its words, in lower case: `tab-item`, `TabItem` and `Tab.Item` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What the name of a container makes it, where it is known.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let plain = plain(name);
    let is = |names: &[&str]| names.contains(&plain.as_str());
    if is(GROUPS) {
        Some(Kind::Group)
    } else if is(TABS) {
        Some(Kind::Tab)
    } else if is(CODE_GROUPS) {
        Some(Kind::CodeGroup)
    } else if is_sort(name) || words(name).iter().any(|w| BOXES.contains(&w.as_str())) {
        Some(Kind::Box)
    } else {
        None
    }
}

/// The words of a name: `AccordionItem` and `accordion-item` have two.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// Whether a name or title says only what sort of box it is.
pub(super) fn is_sort(title: &str) -> bool {
    let bare = title.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    SORTS.contains(&bare.as_str())
}

/// The word that a box without a title is shown by, where it warns.
pub(super) fn warning(sort: &str) -> Option<String> {
    let lower = sort.to_lowercase();
    WARNS.contains(&lower.as_str()).then(|| {
        let mut letters = lower.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    })
}

/// The title that a name is, which says that what is in it stands beside the steps: `:::rollback`.
pub(super) fn title_of(name: &str) -> Option<String> {
    let title = words(name).join(" ");
    vocabulary::beside_steps(&title).map(|_| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_every_spelling() {
        for name in ["Tabs", "tab-set", "TabGroup", "tabpane"] {
            assert_eq!(kind(name), Some(Kind::Group), "{name}");
        }
        for name in ["TabItem", "tab", "tab-item", "Tabs.Tab"] {
            assert_eq!(kind(name), Some(Kind::Tab), "{name}");
        }
        for name in ["Admonition", "AccordionItem", "details", "warning", "WarningBox", "Step"] {
            assert_eq!(kind(name), Some(Kind::Box), "{name}");
        }
        for name in ["Tooltip", "figure", "Discard", "Table", "Notebook", "raw", "div"] {
            assert_eq!(kind(name), None, "{name}");
        }
        assert!(is_sort("⚠️ Warning!") && is_sort("危险") && !is_sort("Rollback") && !is_sort("Danger zone"));
        assert_eq!(warning("caution").as_deref(), Some("Caution"));
        assert_eq!((warning("tip"), title_of("note")), (None, None));
        assert_eq!(title_of("roll-back").as_deref(), Some("roll back"));
    }
}
