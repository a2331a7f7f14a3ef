//! Titled containers and tabs of the dialects of Markdown: what a box called "Rollback" holds never runs with the
//! steps, of tabs one is taken, and what only looks like them changes nothing.

use gonogo::runbook::{self, Command, Runbook};
use gonogo::shell::Kind;

const BACK: &str = "```bash\n./undo --all\n```";
const FIRST: &str = "```bash\nsystemctl restart queue\n```";
const SECOND: &str = "```bash\ndocker compose restart queue\n```";

/// A step with something between two fences, and a step behind it.
fn with(part: &str) -> String {
    format!(
        "# Queue\n\n## Deployment\n\n### Step 1: Ship\n\n```bash\n./ship\n```\n\n{part}\n\nThen look:\n\n```bash\n./look\n```\n\n### Step 2: Tell\n\n```bash\n./tell\n```\n"
    )
}

/// The document with each of the three ends of lines and indentations, each with the same text of commands.
fn forms(text: &str) -> [String; 3] {
    let tabs = text.lines().map(|line| {
        let bare = line.trim_start_matches("    ");
        format!("{}{bare}\n", "\t".repeat((line.len() - bare.len()) / 4))
    });
    [text.to_owned(), text.replace('\n', "\r\n"), tabs.collect()]
}

fn indented(text: &str, by: usize) -> String {
    let line = |l: &str| if l.is_empty() { "\n".to_owned() } else { format!("{}{l}\n", " ".repeat(by)) };
    text.lines().map(line).collect::<String>().trim_end().to_owned()
}

fn quoted(text: &str) -> String {
    text.lines()
        .map(|l| format!("> {l}").trim_end().to_owned() + "\n")
        .collect::<String>()
        .trim_end()
        .to_owned()
}

fn steps(book: &Runbook) -> Vec<&str> {
    book.step_commands().iter().map(|c| c.text.as_str()).collect()
}

fn rollback(book: &Runbook) -> Vec<&str> {
    book.rollback.steps.iter().flat_map(runbook::Step::commands).map(|c| c.text.as_str()).collect()
}

fn command<'b>(book: &'b Runbook, text: &str) -> &'b Command {
    let all = book.all_commands();
    all.into_iter().find(|c| c.text.contains(text)).unwrap_or_else(|| panic!("no command {text}"))
}

/// The name of the way of each command of the steps that is one of several.
fn ways(book: &Runbook) -> Vec<(&str, &str)> {
    let way = |c: &&'_ Command| c.way.is_some();
    let commands = book.step_commands().into_iter().filter(way);
    commands.map(|c| (c.text.as_str(), c.way.as_ref().map_or("", |w| w.name.as_str()))).collect()
}

fn spans_are_exact(book: &Runbook, text: &str) {
    for command in book.all_commands().into_iter().filter(|c| c.kind != Kind::Manual) {
        let source = text.get(command.span.start..command.span.end).unwrap_or_else(|| panic!("{command:?}"));
        assert!(source.starts_with(command.text.lines().next().unwrap_or("")), "{source:?} is {command:?}");
        assert_eq!(text[..command.span.start].matches('\n').count() + 1, command.span.line, "{}", command.id);
    }
}

#[test]
fn what_a_box_called_rollback_holds_is_no_step() {
    let boxes = [
        format!(":::danger Rollback\n\n{BACK}\n\n:::"),
        format!(":::danger[Rollback]\n{BACK}\n:::"),
        format!(":::caution{{title=\"Roll back\"}}\n{BACK}\n:::"),
        format!("::: details Zurückrollen\n{BACK}\n:::"),
        format!(":::rollback\n{BACK}\n:::"),
        format!("::::warning Откат\n\n:::tip Expected output\n\n```\nshipped\n```\n\n:::\n\n{BACK}\n\n::::"),
        format!(":::{{admonition}} 回滚\n{BACK}\n:::"),
        format!("/// danger | Reversão\n\n{BACK}\n\n///"),
        format!("!!! warning \"Rollback\"\n\n{}", indented(BACK, 4)),
        format!("??? note \"Ripristino\"\n{}", indented(BACK, 4)),
        format!("???+ danger \"Marcha atrás\"\n{}", indented(BACK, 4)),
        format!("!!! danger \"Rollback\"\n\n{BACK}"),
        quoted(&format!("[!CAUTION] Rollback\n{BACK}")),
        quoted(&format!("[!WARNING]- ロールバック\n\n{BACK}")),
        format!("<details>\n<summary>Rollback</summary>\n\n{BACK}\n\n</details>"),
        format!("<details open><summary><b>⏪ Rollback</b></summary>\n{BACK}\n</details>"),
        format!("<Admonition type=\"danger\" title=\"Rollback\">\n\n{BACK}\n\n</Admonition>"),
        format!("<Accordion title={{'Rollback'}}>\n{}\n</Accordion>", indented(BACK, 4)),
        format!("{{{{< details \"Rollback\" >}}}}\n{BACK}\n{{{{< /details >}}}}"),
        format!("{{{{% expand title=\"Retour arrière\" %}}}}\n{BACK}\n{{{{% /expand %}}}}"),
        format!("{{{{% notice warning \"롤백\" %}}}}\n{BACK}\n{{{{% /notice %}}}}"),
        format!("{{% callout type=\"warning\" title=\"Rollback\" %}}\n{BACK}\n{{% /callout %}}"),
    ];
    for part in boxes {
        for text in forms(&with(&part)) {
            let book = runbook::read(&text);
            assert_eq!(steps(&book), ["./ship", "./look", "./tell"], "{text}");
            assert_eq!(rollback(&book), ["./undo --all"], "{text}");
            spans_are_exact(&book, &text);
        }
    }
}

#[test]
fn a_box_without_a_title_has_that_of_its_first_line() {
    let boxes = [
        format!(":::danger\n\n**Rollback**\n\n{BACK}\n\n:::"),
        format!(":::danger\n### Rollback\n\n{BACK}\n\n:::"),
        format!(":::warning Warning\n\n**If this goes wrong, roll back:** at once.\n\n{BACK}\n\n:::"),
        format!("!!! danger\n    To roll back:\n\n{}", indented(BACK, 4)),
        quoted(&format!("[!CAUTION]\n**Retour arrière**\n\n{BACK}")),
        quoted(&format!("[!WARNING]\n#### 回滚\n\n{BACK}")),
        format!("{{% hint style=\"danger\" %}}\n**Rollback**\n\n{BACK}\n{{% endhint %}}"),
        format!("<Danger>\n\n**Rollback:**\n\n{BACK}\n\n</Danger>"),
    ];
    for part in boxes {
        for text in forms(&with(&part)) {
            let book = runbook::read(&text);
            assert_eq!(steps(&book), ["./ship", "./look", "./tell"], "{text}");
            assert_eq!(rollback(&book), ["./undo --all"], "{text}");
        }
    }
    // A sentence that only speaks of it is no title.
    for part in [
        format!(
            ":::danger\n\nThere is no way to roll back once this has run, so look twice.\n\n{FIRST}\n\n:::"
        ),
        format!("!!! tip\n    Take a copy of the old settings first.\n\n{}", indented(FIRST, 4)),
        format!("> [!NOTE]\n> This is quick.\n\n{FIRST}"),
    ] {
        let book = runbook::read(&with(&part));
        assert_eq!(steps(&book), ["./ship", "systemctl restart queue", "./look", "./tell"], "{part}");
    }
}

#[test]
fn other_titles_are_words_before_what_is_in_the_box() {
    for part in [
        ":::info Expected output\n```\nshipped\n```\n:::".to_owned(),
        format!("!!! example \"Sortie attendue\"\n\n{}", indented("```\nshipped\n```", 4)),
        "<Accordion title=\"Expected output\">\n\n```\nshipped\n```\n\n</Accordion>".to_owned(),
        "{{< details \"预期输出\" >}}\n```\nshipped\n```\n{{< /details >}}".to_owned(),
    ] {
        let book = runbook::read(&with(&part));
        assert_eq!(steps(&book), ["./ship", "./look", "./tell"], "{part}");
        let expects: Vec<&str> = command(&book, "./ship").expects.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(expects, ["Expected output:\nshipped"], "{part}");
    }
    let book = runbook::read(&with(&format!(
        "??? tip \"Optional: wake the workers\"\n    Run:\n\n{}",
        indented(FIRST, 4)
    )));
    assert!(command(&book, "systemctl").optional && !command(&book, "./look").optional);
    let book = runbook::read(&with(&format!(
        ":::note If the queue is full\nFirst this:\n\n{FIRST}\n\n{SECOND}\n:::"
    )));
    assert!(
        command(&book, "docker compose").condition.is_some() && command(&book, "./look").condition.is_none()
    );
    let book = runbook::read(&with(&format!(":::danger Look twice\n{FIRST}\n:::")));
    assert_eq!(steps(&book), ["./ship", "systemctl restart queue", "./look", "./tell"]);
    assert!(book.steps[0].prose.contains("Look twice"), "{:?}", book.steps[0].prose);
    // Words without anything to do stay with their step, and lead what stands behind the box nowhere.
    let words = format!(":::warning Rollback\nThis takes an hour.\n:::\n\n{FIRST}");
    let book = runbook::read(&with(&words));
    assert_eq!(steps(&book), ["./ship", "systemctl restart queue", "./look", "./tell"]);
    assert!(book.steps[0].prose.contains("an hour"), "{:?}", book.steps[0].prose);
    // A box that is nothing but a label leads to the fence below it.
    let label = format!("> [!CAUTION]\n> **Rollback**\n\n{BACK}");
    assert_eq!(rollback(&runbook::read(&with(&label))), ["./undo --all"]);
}

#[test]
fn boxes_in_lists_in_tabs_and_under_a_rollback() {
    let list = format!(
        "1. Stop\n\n   ```bash\n   ./stop\n   ```\n\n   :::danger Rollback\n{}\n   :::\n\n2. Move\n\n   ```bash\n   ./move\n   ```",
        indented(BACK, 3)
    );
    let book = runbook::read(&with(&list));
    assert_eq!(steps(&book), ["./ship", "./stop", "./move", "./look", "./tell"]);
    assert_eq!(rollback(&book), ["./undo --all"]);
    let tabs = format!(
        "=== \"systemd\"\n\n{}\n\n    !!! danger \"Rollback\"\n\n{}\n\n=== \"Docker\"\n\n{}",
        indented(FIRST, 4),
        indented(BACK, 8),
        indented(SECOND, 4)
    );
    let book = runbook::read(&with(&tabs));
    assert_eq!(ways(&book).len(), 2, "{:?}", ways(&book));
    assert_eq!(rollback(&book), ["./undo --all"]);
    let back = format!(
        "# Queue\n\n## Steps\n\n```bash\n./ship\n```\n\n## Rollback\n\n:::warning Look twice\n{BACK}\n:::\n\n{FIRST}\n"
    );
    assert_eq!(rollback(&runbook::read(&back)), ["./undo --all", "systemctl restart queue"]);
    let label = format!("**Rollback:**\n\n!!! note \"As root\"\n\n{}\n\n{FIRST}", indented(BACK, 4));
    let book = runbook::read(&with(&label));
    assert_eq!(steps(&book), ["./ship", "./look", "./tell"], "what a label leads to goes on behind a box");
}

#[test]
fn what_is_never_closed_ends_with_its_section() {
    for part in [
        format!(":::danger Rollback\n\n{BACK}"),
        format!("<details><summary>Rollback</summary>\n\n{BACK}"),
        format!("{{{{< details \"Rollback\" >}}}}\n{BACK}"),
        format!("<Accordion title=\"Rollback\">\n\n{BACK}"),
    ] {
        let book = runbook::read(&with(&part));
        assert_eq!(steps(&book), ["./ship", "./tell"], "{part}");
        assert_eq!(rollback(&book), ["./undo --all", "./look"], "{part}");
    }
    let preamble =
        format!("# Queue\n\n:::danger Rollback\n\n{BACK}\n\n## Deployment\n\n### Step 1: Ship\n\n{FIRST}\n");
    assert_eq!(steps(&runbook::read(&preamble)), ["systemctl restart queue"]);
    // A fence without an end, in a tab: the next tab ends it.
    let tabs = format!(
        "=== \"systemd\"\n\n    ```bash\n    systemctl restart queue\n\n=== \"Docker\"\n\n{}",
        indented(SECOND, 4)
    );
    let book = runbook::read(&with(&tabs));
    assert_eq!(
        ways(&book),
        [("systemctl restart queue", "systemd"), ("docker compose restart queue", "Docker")]
    );
    assert!(book.findings.iter().any(|f| f.code == "unclosed-fence"));
}

#[test]
fn of_tabs_one_is_taken() {
    let (first, second) = (indented(FIRST, 4), indented(SECOND, 4));
    let named = |fence: &str, info: &str| fence.replacen("```bash", &format!("```bash {info}"), 1);
    let groups = [
        format!("=== \"systemd\"\n\n{first}\n\n=== \"Docker\"\n\n{second}"),
        format!("===! \":simple-linux: systemd\"\n\n{first}\n\n===+ \"Docker\"\n{second}"),
        format!("=== \"systemd\"\n\n{FIRST}\n\n=== \"Docker\"\n\n{SECOND}"),
        format!(
            "<Tabs groupId=\"os\">\n<TabItem value=\"s\" label=\"systemd\">\n\n{FIRST}\n\n</TabItem>\n<TabItem value=\"Docker\">\n{SECOND}\n</TabItem>\n</Tabs>"
        ),
        format!(
            "<Tabs\n  defaultValue=\"s\"\n  values={{[\n    {{label: 'systemd', value: 's'}},\n    {{label: 'Docker', value: 'd'}},\n  ]}}>\n  <TabItem value=\"s\">\n\n{first}\n\n  </TabItem>\n  <TabItem value=\"d\">\n{second}\n  </TabItem>\n</Tabs>"
        ),
        format!(
            "<Tabs><Tab title=\"systemd\">\n{first}\n</Tab><Tab title=\"Docker\">\n{second}\n</Tab></Tabs>"
        ),
        format!(
            "<Tabs items={{['systemd', 'Docker']}}>\n  <Tabs.Tab>\n{first}\n  </Tabs.Tab>\n  <Tabs.Tab>\n{second}\n  </Tabs.Tab>\n</Tabs>"
        ),
        format!(
            "<Tabs>\n<TabItem label=\"systemd\">\n{FIRST}\n<TabItem label=\"Docker\">\n{SECOND}\n</Tabs>"
        ),
        format!(
            "{{{{< tabs \"id\" >}}}}\n{{{{< tab \"systemd\" >}}}}\n{FIRST}\n{{{{< /tab >}}}}\n{{{{< tab \"Docker\" >}}}}\n{SECOND}\n{{{{< /tab >}}}}\n{{{{< /tabs >}}}}"
        ),
        format!(
            "{{{{< tabs name=\"x\" >}}}}\n{{{{% tab name=\"systemd\" %}}}}\n{FIRST}\n{{{{% /tab %}}}}\n{{{{% tab name=\"Docker\" %}}}}\n{SECOND}\n{{{{% /tab %}}}}\n{{{{< /tabs >}}}}"
        ),
        format!(
            "{{% tabs %}}\n{{% tab title=\"systemd\" %}}\n{FIRST}\n{{% endtab %}}\n\n{{% tab title=\"Docker\" %}}\n{SECOND}\n{{% endtab %}}\n{{% endtabs %}}"
        ),
        format!("::: code-group\n\n{}\n\n{}\n\n:::", named(FIRST, "[systemd]"), named(SECOND, "[Docker]")),
        format!(
            "<CodeGroup>\n{}\n{}\n</CodeGroup>",
            named(FIRST, "systemd"),
            named(SECOND, "title=\"Docker\"")
        ),
        format!(
            "<!-- tabs:start -->\n\n#### **systemd**\n\n{FIRST}\n\n#### **Docker**\n\n{SECOND}\n\n<!-- tabs:end -->"
        ),
        format!(
            "::::{{tab-set}}\n:::{{tab-item}} systemd\n{FIRST}\n:::\n:::{{tab-item}} Docker\n{SECOND}\n:::\n::::"
        ),
        format!(":::tabs\n== systemd\n{FIRST}\n== Docker\n{SECOND}\n:::"),
        format!("::: tabs\n\n@tab systemd\n\n{FIRST}\n\n@tab Docker\n\n{SECOND}\n\n:::"),
        format!("/// tab | systemd\n{FIRST}\n///\n\n/// tab | Docker\n{SECOND}\n///"),
    ];
    for part in groups {
        for text in forms(&with(&part)) {
            let book = runbook::read(&text);
            let found = [("systemctl restart queue", "systemd"), ("docker compose restart queue", "Docker")];
            assert_eq!(ways(&book), found, "{text}");
            assert_eq!(steps(&book), ["./ship", found[0].0, found[1].0, "./look", "./tell"], "{text}");
            let groups: Vec<_> =
                book.step_commands().iter().filter_map(|c| c.way.clone()).map(|w| w.group).collect();
            assert_eq!(groups[0], groups[1], "{text}");
            spans_are_exact(&book, &text);
        }
    }
}

#[test]
fn what_stands_in_a_tab_and_behind_the_group() {
    let part = format!(
        "=== \"apt\"\n\n    Stop it first:\n\n    ```bash\n    ./a1\n    ```\n\n    1. Install\n\n        ```bash\n        ./a2 \\\n          --now\n        ```\n\n    2. Look at the board\n\n    #### Last\n\n    ```bash\n    ./a3\n    ```\n\n=== \"yum\"\n\n{}",
        indented(FIRST, 4)
    );
    let book = runbook::read(&with(&part));
    let names: Vec<_> = ways(&book).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["apt", "apt", "apt", "apt", "yum"], "{:?}", ways(&book));
    assert_eq!(
        steps(&book),
        [
            "./ship",
            "./a1",
            "./a2 \\\n  --now",
            "Look at the board",
            "./a3",
            "systemctl restart queue",
            "./look",
            "./tell"
        ]
    );
    assert_eq!(book.steps.len(), 2);
    assert_eq!(command(&book, "./look").id.0, "1/7", "it is the step's own");
    // In an item of a list the tabs are the item's.
    let list = format!(
        "1. Restart:\n\n    === \"systemd\"\n\n{}\n\n    === \"Docker\"\n\n{}\n\n2. Wait\n\n    ```bash\n    ./wait\n    ```",
        indented(FIRST, 8),
        indented(SECOND, 8)
    );
    let book = runbook::read(&with(&list));
    assert_eq!(ways(&book).len(), 2);
    let parts: Vec<_> =
        book.steps[0].substeps.iter().map(|s| (s.title.as_str(), s.commands().len())).collect();
    assert_eq!(parts, [("Restart", 2), ("Wait", 2)]);
    // One that is done by hand is a way as well.
    let hand = format!(
        "<Tabs>\n<TabItem label=\"CLI\">\n{FIRST}\n</TabItem>\n<TabItem label=\"Console\">\n\n1. Open the console\n2. Press restart\n\n</TabItem>\n<TabItem label=\"Serverless\">\n\nNothing to do.\n\n</TabItem>\n</Tabs>"
    );
    let found = runbook::read(&with(&hand));
    let names: Vec<_> = ways(&found).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["CLI", "Console", "Console", "Serverless"]);
}

#[test]
fn whole_procedures_in_tabs_keep_their_steps() {
    let part = |name: &str, fence: &str| {
        format!(
            "<TabItem label=\"{name}\">\n\n### Step 1: Stop\n\n{fence}\n\n### Step 2: Start\n\n{fence}\n\n</TabItem>\n"
        )
    };
    let text = format!(
        "# Queue\n\n## Deployment\n\n<Tabs>\n{}{}</Tabs>\n\n## Notes\n",
        part("systemd", FIRST),
        part("Docker", SECOND)
    );
    let book = runbook::read(&text);
    assert_eq!(
        book.steps.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(),
        ["Stop", "Start", "Stop", "Start"]
    );
    let names: Vec<_> = ways(&book).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["systemd", "systemd", "Docker", "Docker"]);
}

#[test]
fn groups_in_groups_and_groups_that_are_no_choice() {
    let nested = format!(
        "<Tabs>\n<TabItem label=\"Linux\">\n<Tabs>\n<TabItem label=\"apt\">\n{FIRST}\n</TabItem>\n<TabItem label=\"yum\">\n{SECOND}\n</TabItem>\n</Tabs>\n</TabItem>\n<TabItem label=\"macOS\">\n```bash\nbrew services restart queue\n```\n</TabItem>\n</Tabs>"
    );
    let book = runbook::read(&with(&nested));
    let names: Vec<_> = ways(&book).into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["Linux, apt", "Linux, yum", "macOS"]);
    let no_choice = [
        format!("=== \"systemd\"\n\n{}", indented(FIRST, 4)),
        "=== \"app.yml\"\n\n    ```yaml\n    port: 80\n    ```\n\n=== \"app.json\"\n\n    ```json\n    {}\n    ```".to_owned(),
        format!("=== \"Command\"\n\n{}\n\n=== \"Output\"\n\n    ```\n    ok\n    ```", indented(FIRST, 4)),
        format!("=== \"Ship\"\n\n{}\n\n=== \"Rollback\"\n\n{}", indented(FIRST, 4), indented(BACK, 4)),
        format!("::: code-group\n\n{FIRST}\n\n:::"),
    ];
    for part in no_choice {
        let book = runbook::read(&with(&part));
        assert_eq!(ways(&book), [], "{part}");
        assert!(!steps(&book).contains(&"./undo --all"), "{part}");
    }
    let outputs = "Expected output:\n\n=== \"Linux\"\n\n    ```\n    up\n    ```\n\n=== \"macOS\"\n\n    ```\n    running\n    ```";
    let book = runbook::read(&with(outputs));
    assert_eq!(steps(&book), ["./ship", "./look", "./tell"]);
    assert_eq!(command(&book, "./ship").expects.len(), 2);
    // Tabs of one name are told apart by their places.
    let same = format!("::: code-group\n\n{FIRST}\n\n{SECOND}\n\n:::");
    let book = runbook::read(&with(&same));
    assert_eq!(ways(&book).into_iter().map(|(_, name)| name).collect::<Vec<_>>(), ["bash", "bash (2)"]);
    // Two groups are two questions.
    let twice = format!(
        "=== \"a\"\n\n{0}\n\n=== \"b\"\n\n{1}\n\nAnd:\n\n=== \"a\"\n\n{0}\n\n=== \"b\"\n\n{1}",
        indented(FIRST, 4),
        indented(SECOND, 4)
    );
    let book = runbook::read(&with(&twice));
    let groups: std::collections::BTreeSet<_> =
        book.step_commands().iter().filter_map(|c| c.way.clone()).map(|w| w.group).collect();
    assert_eq!(groups.len(), 2);
}

#[test]
fn what_only_looks_like_a_container_changes_nothing() {
    for part in [
        "The Parts\n---------\n\nUse ::: to open one.\n::: is the sign for it.",
        "{{< figure src=\"a.png\" title=\"Rollback\" >}}",
        "> Rollback takes a while.\n>\n> [!CAUTION] here is only text.",
        "!!! Read this first, all of it.",
        "=== and so on",
        "```text\n<Tabs>\n<TabItem value=\"a\">\n:::danger Rollback\n=== \"x\"\n!!! danger \"Rollback\"\n> [!CAUTION] Rollback\n{{< tabs >}}\n```",
        "<!--\n:::danger Rollback\n<Tabs>\n-->",
        "    === \"x\"\n\n    :::danger Rollback",
        "`<Tabs>` and `:::danger Rollback` are markers.",
        "<br>\n<img src=\"x.png\" title=\"Rollback\">",
        "{% include \"x.md\" title=\"Rollback\" %}",
        ":::",
    ] {
        let book = runbook::read(&with(part));
        let all = book.all_commands().into_iter().filter(|c| c.kind == Kind::Run);
        let ran: std::collections::BTreeSet<&str> = all.map(|c| c.text.as_str()).collect();
        assert_eq!(ran.into_iter().collect::<Vec<_>>(), ["./look", "./ship", "./tell"], "{part}");
        assert!(rollback(&book).is_empty() && ways(&book).is_empty(), "{part}");
    }
    let heredoc = "```bash\ncat > page.md <<'END'\n:::danger Rollback\n=== \"x\"\n<TabItem>\nEND\n```";
    assert_eq!(steps(&runbook::read(&with(heredoc))).len(), 4);
}
