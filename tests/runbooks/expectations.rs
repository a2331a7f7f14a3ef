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

#[test]
fn what_is_said_above_a_fence_is_about_that_fence() {
    let book = steps(
        "Check the pods. You should see one of them being restarted:\n\n```bash\nkubectl get pods\n```\n",
    );
    assert_eq!(
        claims(&book),
        [("kubectl get pods", "You should see one of them being restarted:", "eyes".into())]
    );
    let book = steps(
        "At this point, the operator should be running version `acme/shop:5`.\n\n```bash\nkubectl get deploy shop\n```\n",
    );
    assert_eq!(claims(&book)[0].2, "shows \"acme/shop:5\" +");
    let two = "```bash\nsystemctl restart shop\n```\n\nVerify that the proxy is running:\n\n```bash\nkubectl get ds\n```\n";
    let book = steps(two);
    assert_eq!(claims(&book).iter().map(|c| c.0).collect::<Vec<_>>(), ["kubectl get ds"]);
    // Where the fence says itself what it shows, asking to verify says nothing more.
    let told = "Verify that the proxy is running:\n\n```bash\nkubectl get ds\n# Expected: proxy\n```\n";
    assert_eq!(claims(&steps(told)).len(), 1);
}

#[test]
fn what_is_said_below_a_fence_is_about_the_fence_above() {
    let curl = "```bash\nkubectl get ns --show-labels\n```\n\n";
    for (said, wanted) in [
        ("If any namespace shows `none`, you must find out why before going on.", "does not show \"none\""),
        ("When all deployments report `1/1/1`, the store is fully updated.", "eyes"),
        ("* http://HOTE/, la page d'accueil du magasin doit s'afficher", "eyes"),
        ("La página de inicio debe aparecer.", "eyes"),
        ("Devono comparire i file in `/srv/shop/`.", "eyes"),
        ("Ma wyjść **6 placówek**.", "eyes"),
        ("Đầu ra phải trả về địa chỉ máy chủ.", "eyes"),
        ("В списке должно появиться имя.", "eyes"),
        ("첫 화면이 표시되어야 합니다.", "eyes"),
    ] {
        let found = checked(&format!("{curl}{said}\n"));
        assert_eq!(found, [wanted], "{said}");
    }
    for said in [
        "`CALLBACK_URL` must be the address of the server.",
        "> **Important:** `CALLBACK_URL` must be the address under which the container reaches the server.",
        "This will take a while.",
        "You can see the logs in the console.",
    ] {
        assert_eq!(checked(&format!("{curl}{said}\n")), Vec::<String>::new(), "{said}");
    }
}

#[test]
fn a_list_of_outcomes_names_the_good_one() {
    let curl = "```bash\ncurl -s -o /dev/null -w '%{http_code}' http://h/ready\n```\n";
    let marked = "- **`200`** → traffic arrives. ✅\n- **`503`** → no worker is connected.\n";
    assert_eq!(checked(&format!("{curl}{marked}")), ["is \"200\""]);
    let first = "- `ok` → it runs\n- `off` → it is down, see the trouble page\n";
    assert_eq!(checked(&format!("{curl}{first}")), ["shows \"ok\""]);
    let unknown = "- `web` → the shop\n- `db` → the database\n";
    assert_eq!(checked(&format!("{curl}{unknown}")), Vec::<String>::new());
}

#[test]
fn comments_above_a_command_say_it_in_passing() {
    let book = fence(
        "# Refused logins (should normally be empty):\njournalctl -u shop | grep refused\n# Who signed in?\njournalctl -u shop | grep login",
    );
    let found: Vec<_> = claims(&book).into_iter().map(|(text, _, check)| (text, check)).collect();
    assert_eq!(found, [("journalctl -u shop | grep refused", "nothing on standard output".to_owned())]);
    let book = fence(
        "make up\n# wait until the status is SUCCESS\nmake status\n# all 42 checks PASS is expected\nmake verify",
    );
    let found: Vec<_> = claims(&book).into_iter().map(|(text, _, check)| (text, check)).collect();
    assert_eq!(found, [("make status", "shows \"SUCCESS\"".to_owned()), ("make verify", "eyes".to_owned())]);
    let book = fence("make up\n\n# 3) 完了確認（status が SUCCESS になるまで）\nmake status");
    assert_eq!(claims(&book)[0].0, "make status");
}

#[test]
fn an_answer_with_a_remark_behind_it_belongs_to_the_command_above() {
    let book = fence(
        "curl http://h/people\n# Expected:\n[]  # or the list of people\n\ncurl http://h/health\n# Expected:\n{\"a\":1}  # or more",
    );
    let found: Vec<_> = claims(&book).into_iter().map(|(text, ..)| text).collect();
    assert_eq!(found, ["curl http://h/people", "curl http://h/health"]);
    assert!(book.step_commands().iter().all(|c| c.expects.iter().all(|e| e.check.is_some())));
}

#[test]
fn a_state_is_no_act() {
    let book = steps(
        "1. Start it with `systemctl start shop`.\n2. **STATE**: Now `shopctl status` should report 1 peer, and all disks down.\n",
    );
    assert_eq!(texts(&book), ["systemctl start shop"]);
    assert_eq!(claims(&book).len(), 1);
}

#[test]
fn a_lower_bound_is_a_version_or_for_a_person() {
    for (said, check) in [
        ("Ожидается: v20.0 или новее", "eyes"),
        ("Erwartet: v20.0 oder neuer", "eyes"),
        ("Oczekiwane: v20 lub nowszy", "eyes"),
        ("Expected: Node 20.0+", "version ≥ 20.0"),
        ("Expected: v20.0 or newer", "version ≥ 20.0"),
    ] {
        assert_eq!(checked(&format!("```bash\nnode --version\n```\n\n{said}\n")), [check], "{said}");
    }
}

#[test]
fn a_code_span_alone_in_a_list_is_one_of_what_is_shown() {
    let found = checked("```bash\n./names\n```\n\nYou should see:\n\n- `api-1`\n- `db-1`\n");
    assert_eq!(found, ["shows \"api-1\"", "shows \"db-1\""]);
    let number = checked("```bash\n./count\n```\n\nExpected:\n\n- `3`\n");
    assert_eq!(number, ["is \"3\""], "which may stand in any other number");
}

#[test]
fn what_is_hung_on_no_command_is_listed() {
    let listed = |text: &str| {
        let book = runbook::read(text);
        book.reading
            .iter()
            .filter(|p| p.fate == runbook::Fate::NotUnderstood)
            .map(|p| p.line)
            .collect::<Vec<_>>()
    };
    let after = "# Shop\n\n## Steps\n\n### 1. Start\n\n```bash\nmake up\n```\n\n## Afterwards\n\nOpen it. You should see the shop.\n";
    assert_eq!(listed(after), [13]);
    let before = "# Shop\n\nWhen a version is released you will see it on the page. It should appear there.\n\n```bash\nmake up\n```\n";
    assert_eq!(listed(before), Vec::<usize>::new());
}

#[test]
fn a_section_that_verifies_and_only_lists_is_looked_through() {
    for title in ["Verification", "Vérification", "Проверка", "验证", "Verifikasi"] {
        let text = format!(
            "# Shop\n\n## Steps\n\n```bash\n./deploy.sh\n```\n\n## {title}\n\n- The shop opens.\n- Nodes: `kubectl get nodes`\n"
        );
        let book = runbook::read(&text);
        let items: Vec<&str> =
            book.checklists.iter().flat_map(|l| &l.items).map(|i| i.text.as_str()).collect();
        assert!(items.len() == 2 || book.step_commands().len() > 1, "{title}: {items:?}");
    }
    let fenced = "# Shop\n\n## Step 1: Restart\n\n```bash\nmake up\n```\n\n## Step 2: Verify\n\n- Sites can be reached.\n- Pods:\n\n  ```bash\n  kubectl get pods\n  ```\n";
    let book = runbook::read(fenced);
    let listed: Vec<usize> =
        book.reading.iter().filter(|p| p.fate == runbook::Fate::NotUnderstood).map(|p| p.line).collect();
    assert_eq!(listed, [11]);
}

#[test]
fn a_mark_before_what_is_expected_is_no_part_of_it() {
    for text in ["Expected: ✅ `ok`", "✔️ Should show `ok`", "Expected: 🟢 ok-1", "Result: ☑ `ok`"] {
        let check = gonogo::runbook::Expectation::read(1, text).check.map(|check| check.says());
        assert!(
            check.as_ref().is_some_and(|says| says.contains("\"ok") && !says.contains(['✅', '🟢', '☑'])),
            "{text}: {check:?}"
        );
    }
    let quoted = gonogo::runbook::Expectation::read(1, "Expected: `✅ deployed`").check.unwrap().says();
    assert!(quoted.contains("✅ deployed"), "{quoted}");
}
