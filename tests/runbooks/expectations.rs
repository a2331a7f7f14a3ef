//! What documents say is to be seen: in sentences, comments and tables, in many wordings and languages.

use gonogo::runbook::expect::Check;
use gonogo::runbook::{self, Runbook};

use super::fences::{fence, steps, texts};

/// What each command is expected to show: in words, and what it is checked by.
fn claims(book: &Runbook) -> Vec<(&str, &str, String)> {
    let mut found = Vec::new();
    for command in book.step_commands() {
        for e in &command.expects {
            let check = e.check.as_ref().map_or("eyes".to_owned(), Check::says);
            let left = if e.left.is_some() { " +" } else { "" };
            let block = if e.block { " over the block" } else { "" };
            found.push((command.text.as_str(), e.text.as_str(), format!("{check}{left}{block}")));
        }
    }
    found
}

fn checked(text: &str) -> Vec<String> {
    claims(&steps(text)).into_iter().map(|(.., check)| check).collect()
}

#[test]
fn what_is_to_be_seen_is_said_in_many_ways() {
    let curl = "```bash\ncurl -s http://h/health\n```\n\n";
    for said in [
        "**Pass:** `ok`",
        "Pass criteria: `ok`",
        "Success: `ok`",
        "Prints `ok`.",
        "Output: `ok`",
        "→ `ok`",
        "=> `ok`",
        "-> `ok`",
        "Expect `ok`.",
        "Returns `ok`",
        "Erwartet: `ok`",
        "Attendu : `ok`",
        "Esperado: `ok`",
        "Atteso: `ok`",
        "Ожидается: `ok`",
        "Beklenen: `ok`",
        "Kết quả mong đợi: `ok`",
        "Verwacht: `ok`",
        "预期：`ok`",
        "預期結果：`ok`",
        "期待値：`ok`",
        "예상 결과: `ok`",
        "Oczekiwane: `ok`",
        "Die Ausgabe sollte `ok` sein.",
        "应返回 `ok`",
    ] {
        assert_eq!(checked(&format!("{curl}{said}\n")), ["is \"ok\""], "{said}");
    }
    for said in [
        "You should see `ok`.",
        "You want to see `ok`.",
        "It says `ok`.",
        "Look for `ok`",
        "Vous devriez voir `ok`.",
        "Deberías ver `ok`",
        "Você deve ver `ok`",
        "Dovresti vedere `ok`",
        "Powinieneś zobaczyć `ok`",
        "Вы должны увидеть `ok`",
        "`ok` görmelisiniz",
        "Bạn sẽ thấy `ok`",
        "Je zou `ok` moeten zien",
        "应该看到 `ok`",
        "應該看到 `ok`",
        "`ok` と表示されること",
        "`ok`가 표시되어야 합니다",
        "Du solltest `ok` sehen",
    ] {
        assert_eq!(checked(&format!("{curl}{said}\n")), ["shows \"ok\""], "{said}");
    }
    for said in [
        "Pass: the board is green",
        "You should see about the same as before",
        "Success: nobody complains",
        "Fail: any 502",
        "Die Zahl der Fehler sollte unter `10` bleiben",
    ] {
        assert!(
            checked(&format!("{curl}{said}\n")).iter().all(|c| c == "eyes" || c.ends_with('+')),
            "{said}"
        );
        assert_eq!(checked(&format!("{curl}{said}\n")).len(), 1, "{said}");
    }
    for said in [
        "This shows the pods.",
        "Returns the version of the service.",
        "You must be root.",
        "→ Go on with step 4",
        "You should run this on the primary only.",
        "Sie müssen root sein.",
        "Output goes to the log.",
    ] {
        assert_eq!(checked(&format!("{curl}{said}\n")), Vec::<String>::new(), "{said}");
    }
    // With nothing before it that could show it, it stays what is said.
    assert!(claims(&steps("Pass: `ok`\n\nThen go on.\n")).is_empty());
}

#[test]
fn comments_say_it_above_below_and_behind() {
    let book =
        fence("./a\n# Should show \"one\"\n./b\n\n# Should show \"two\"\n./c\n# → \"three\"\n./d\n-> `four`");
    let found: Vec<(&str, String)> =
        claims(&book).into_iter().map(|(text, _, check)| (text, check)).collect();
    assert_eq!(
        found,
        [("./a", "shows \"one\"".into()), ("./c", "shows \"two\"".into()), ("./d", "is \"four\"".into()),]
            .to_vec()
    );
    let output = fence("kubectl get pods\n# Expected output:\nNAME   READY\nweb    1/1\n\n./next");
    assert_eq!(texts(&output), ["kubectl get pods", "./next"]);
    assert_eq!(
        claims(&output),
        [(
            "kubectl get pods",
            "Expected output:\nNAME   READY\nweb    1/1",
            "these 2 lines as the output".into()
        )]
    );
    let describing =
        fence("ls  # list files\nsleep 5  # wait\nmake build  # compile\nkubectl get pods  # check the pods");
    assert!(claims(&describing).is_empty());
}

#[test]
fn tables_of_checks_are_headed_in_many_ways() {
    for header in [
        "What | Command | You should get",
        "Check | How | Expected",
        "Name | Command | Result",
        "Test | Command | Should be",
        "Check | Run | Good",
        "Was | Befehl | Erwartet",
        "检查项 | 命令 | 预期",
    ] {
        let book =
            steps(&format!("| {header} |\n|---|---|---|\n| Health | `curl -s http://h/health` | `ok` |\n"));
        assert_eq!(claims(&book), [("curl -s http://h/health", "`ok`", "is \"ok\"".to_owned())], "{header}");
    }
    let passes = steps(
        "| Verification | Pass | Fail |\n|---|---|---|\n| `curl -s http://h` | `ok` | anything else |\n",
    );
    assert_eq!(texts(&passes), ["curl -s http://h"]);
    let alone = runbook::read(
        "# T\n\n## Smoke tests\n\n| Check | Command | Expected |\n|---|---|---|\n| Health | `curl -s http://h` | `ok` |\n",
    );
    assert_eq!(texts(&alone), ["curl -s http://h"], "it is the only thing with commands");
    for near in [
        "| Command | Result |\n|---|---|\n| `make build` | builds it |\n",
        "| Command | Description |\n|---|---|\n| `kubectl get pods` | lists pods |\n",
        "| Task | Command | Result |\n|---|---|---|\n| Clean | `rm -rf /srv/x` | `ok` |\n",
    ] {
        assert!(texts(&steps(near)).iter().all(|t| !t.contains("make") && !t.starts_with("rm")), "{near}");
    }
}

#[test]
fn what_stands_behind_a_fence_is_about_what_can_show_it() {
    let of = |fence: &str, said: &str| {
        let book = steps(&format!("```bash\n{fence}\n```\n\n{said}\n"));
        claims(&book).into_iter().map(|(text, _, check)| (text.to_owned(), check)).collect::<Vec<_>>()
    };
    let json = "JSON with at least these fields";
    assert_eq!(of("curl -s http://h\nrm -f zz", "Expected: `{\"a\":1}`")[0].0, "curl -s http://h");
    assert_eq!(
        of("./one\n./two", "Expected: {\"a\":1}"),
        [("./two".into(), format!("{json} over the block"))]
    );
    assert_eq!(of("./one", "Expected: {\"a\":1}"), [("./one".into(), json.into())]);
    let named = of("docker ps\ncurl -s http://h", "`docker ps` should show \"Up\"");
    assert_eq!(named, [("docker ps".into(), "shows \"Up\"".into())]);
    let each = of("# Option A\n./a\n# Option B\n./b", "Expected: `ok`");
    assert_eq!(each.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["./a", "./b"]);
}
