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
    // What is indented too much closes nothing.
    let found = codes("```bash\nls\n    ```\n\n## Next\n\n```bash\npwd\n```\n");
    let texts: Vec<_> = found.iter().map(|(_, t, _)| t.as_str()).collect();
    assert_eq!(texts, ["ls\n    ```\n\n", "pwd\n"]);
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
    let kinds: Vec<_> = elements(text, &Lines::of(text)).into_iter().map(|e| (e.span.line, e.kind)).collect();
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

fn kinds(text: &str) -> Vec<String> {
    let told = |e: Element| match e.kind {
        ElementKind::Heading(level, title) => format!("h{level} {title}"),
        ElementKind::Paragraph { text, bold } => format!("{}{text}", if bold { "b " } else { "p " }),
        ElementKind::Item { text, .. } => format!("- {text}"),
        ElementKind::Code(code) => format!("c {}", code.text.trim_end()),
        ElementKind::Table { header, .. } => format!("t {}", header.join(" ")),
    };
    elements(text, &Lines::of(text)).into_iter().map(told).collect()
}

#[test]
fn what_stands_in_a_container_is_read_as_if_it_were_not_indented() {
    let text = "!!! note \"First\"\n\n    # Not one\n\n    - a\n        - b\n\n    ```sh\n    ls\n      df\n    ```\n\n    | A |\n    |---|\n\n        pwd\n\nend\n";
    assert_eq!(kinds(text), ["p First:", "b Not one", "- a", "- b", "c ls\n  df", "t A", "c pwd", "p end"]);
    let text = "<Step title=\"One\">\n  <Note>\n    1. a\n\n       ```sh\n       ls\n       ```\n  </Note>\n</Step>\n";
    assert_eq!(kinds(text), ["p One:", "- a", "c ls"]);
    // Code by its indentation stays code, as in a fold.
    assert_eq!(kinds("<details><summary>A</summary>\n\n    ls\n\n</details>\n"), ["p A:", "c ls"]);
}

#[test]
fn headings_stay_in_their_containers() {
    let text = "## A\n\n:::note Box\n# B\n### C\n:::\n\n## D\n";
    assert_eq!(kinds(text), ["h2 A", "p Box:", "h3 B", "h5 C", "h2 D"]);
    let text = "## A\n\n<Step>\n## B\n</Step>\n<Step>\n## C\n</Step>\n";
    assert_eq!(kinds(text), ["h2 A", "h3 B", "h3 C"]);
    let text = "## A\n\n{% stepper %}\n{% step %}\n### B\n{% endstep %}\n{% step %}\n### C\n{% endstep %}\n{% endstepper %}\n";
    assert_eq!(kinds(text), ["h2 A", "h3 B", "h3 C"]);
    let text = "## A\n\n:::note Box\n# B\n:::\n\ntext\n";
    assert_eq!(kinds(text), ["h2 A", "p Box:", "b B", "p text"]);
    let text = "## A\n\n:::danger Rollback\n# B\n\n```\nls\n```\n:::\n\ntext\n\n### D\n";
    assert_eq!(kinds(text), ["h2 A", "p text", "h3 Rollback", "h4 B", "c ls", "h3 D"]);
}

#[test]
fn elements_know_their_tabs() {
    let text = "=== \"a\"\n\n    x\n\n=== \"b\"\n\n    y\n\nz\n\n===! \"c\"\n\n    v\n\n=== \"d\"\n\n    w\n";
    let found = elements(text, &Lines::of(text));
    let tabs: Vec<_> = found.iter().map(|e| e.tab().map(|t| (t.group, t.name.as_str()))).collect();
    assert_eq!(tabs, [Some((1, "a")), Some((1, "b")), None, Some((11, "c")), Some((11, "d"))]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(400))]

    #[test]
    fn elements_stand_where_they_say(
        lines in proptest::collection::vec((0_usize..10, proptest::sample::select(LINES), 0_usize..3), 0..30)
    ) {
        let mut text = String::new();
        for (columns, line, end) in lines {
            text.push_str(&if columns == 9 { "\t".to_owned() } else { " ".repeat(columns) });
            text.push_str(line);
            text.push_str(["\n", "\r\n", "\n\n"][end]);
        }
        let numbers = Lines::of(&text);
        for element in elements(&text, &numbers) {
            let Span { line, end_line, start, end } = element.span;
            proptest::prop_assert!(start <= end && end <= text.len() && line <= end_line, "{:?} in {text:?}", element);
            proptest::prop_assert!(text.get(start..end).is_some(), "{:?} in {text:?}", element);
            proptest::prop_assert_eq!(line, numbers.line(start), "{:?} in {:?}", element, &text);
            let ElementKind::Code(code) = &element.kind else { continue };
            for (at, byte) in code.text.bytes().enumerate() {
                let source = text.as_bytes().get(code.source_byte(at)).copied().unwrap_or(0);
                // A part of a tab is read as blanks, and words behind a marker begin a line.
                let same = source == byte || byte == b' ' && source == b'\t' || byte == b'\n';
                proptest::prop_assert!(same, "byte {at} of {:?} in {text:?}", code);
            }
        }
    }
}

/// Lines that documents are mixed of.
const LINES: &[&str] = &[
    "",
    "",
    "text é",
    "- item",
    "1. item",
    "## Heading",
    "```bash",
    "```bash",
    "```",
    "```",
    "ls -l",
    "> quote",
    "> ```sh",
    "> [!CAUTION] Rollback",
    ":::danger Rollback",
    ":::",
    "::::tabs",
    "::::",
    "== One",
    "=== \"One\"",
    "=== \"Two\"",
    "!!! warning \"Rollback\"",
    "??? note \"Ä\"",
    "<details>",
    "<summary>Rollback</summary>",
    "</details>",
    "<Tabs>",
    "<TabItem value=\"é\">",
    "<TabItem label=\"b\">text",
    "</TabItem>",
    "text</TabItem>",
    "</Tabs>",
    "<Tabs><Tab title=\"x\">",
    "{{< tabs >}}",
    "{{% tab \"x\" %}}",
    "{{% /tab %}}",
    "{% hint %}",
    "{% endhint %}",
    "<!-- tabs:start -->",
    "#### **One**",
    "<!-- tabs:end -->",
    "::: code-group",
    "```sh [npm]",
    "/// tab | x",
    "///",
    "| a | b |",
    "|---|---|",
    "===",
    "---",
    "<!--",
    "-->",
    "<Tabs",
    "  values={[{label: 'x', value: 'é'}]}>",
];
