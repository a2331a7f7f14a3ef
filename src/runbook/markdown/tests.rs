use super::*;

fn codes(text: &str) -> Vec<(String, String, bool)> {
    let found = elements(text, &Lines::of(text));
    found
        .into_iter()
        .filter_map(|e| match e.kind {
            ElementKind::Code(c) => {
                for (at, _) in c.text.char_indices() {
                    assert_eq!(
                        text.as_bytes()[c.source_byte(at)],
                        c.text.as_bytes()[at],
                        "byte {at} of {c:?}"
                    );
                }
                Some((c.language, c.text, c.unclosed))
            }
            _ => None,
        })
        .collect()
}

#[test]
fn fences_in_lists_quotes_tildes_and_without_end() {
    let found = codes("1. a\n\n   ```bash\n   ls\n     pwd\n   ```\n\n> ~~~ sh\n> df\n> ~~~\n\n```\nend");
    let texts: Vec<_> = found.iter().map(|(l, t, u)| (l.as_str(), t.as_str(), *u)).collect();
    assert_eq!(texts, [("bash", "ls\n  pwd\n", false), ("sh", "df\n", false), ("", "end", true)]);
}

#[test]
fn broken_fences_and_unseen_characters() {
    // The first fence is never closed; the second shows that it has ended.
    let found = codes("```bash\nls\n\n## Next\n\ntext\n\n```bash\npwd\n```\n");
    let texts: Vec<_> = found.iter().map(|(_, t, u)| (t.as_str(), *u)).collect();
    assert_eq!(texts, [("ls\n\n", true), ("pwd\n", false)]);
    let found = codes("```\nls\n\n## Next\n\ntext\n");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].1, "ls\n\n");
    // A fence that shows Markdown may hold fences.
    assert_eq!(codes("````markdown\n```bash\nls\n```\n````\n").len(), 1);
    let text = "\u{200b}## Title\n\n\u{200b}```bash\nls\n\u{200b}```\n";
    let found = elements(text, &Lines::of(text));
    assert!(matches!(&found[0].kind, ElementKind::Heading(2, t) if t == "Title"), "{found:?}");
    assert!(matches!(&found[1].kind, ElementKind::Code(c) if c.text == "ls\n"), "{found:?}");
}

#[test]
fn what_stands_in_a_list_item_knows_it() {
    let text = "1. one\n\n   ```bash\n   ls\n   ```\n2. two\n\ntext\n";
    let found = elements(text, &Lines::of(text));
    let places: Vec<_> = found.iter().map(|e| e.item).collect();
    assert_eq!(places, [None, Some(0), None, None]);
}

#[test]
fn carriage_returns_are_dropped_and_bytes_still_map() {
    assert_eq!(codes("```sh\r\nls\r\ndf\r\n```\r\n")[0].1, "ls\ndf\n");
}

#[test]
fn items_and_labels() {
    let text = "- [ ] one `x`\n- [x] two\n\n**Test 1: a**\n\nplain";
    let kinds: Vec<_> =
        elements(text, &Lines::of(text)).into_iter().map(|e| (e.span.line, e.kind)).collect();
    let item = |text: &str, task| ElementKind::Item {
        text: text.into(),
        task,
        number: None,
        links: vec![],
        list: 1,
    };
    assert_eq!(
        kinds,
        [
            (1, item("one `x`", Some(false))),
            (2, item("two", Some(true))),
            (4, ElementKind::Paragraph { text: "Test 1: a".into(), bold: true }),
            (6, ElementKind::Paragraph { text: "plain".into(), bold: false }),
        ]
    );
}
