//! The shapes that documents come in, each with a text of its own: read as its author meant it.

use gonogo::runbook::{self, Command, Role, Runbook};
use gonogo::shell::{Effect, Kind};

fn texts(book: &Runbook) -> Vec<String> {
    book.step_commands().iter().map(|c| c.text.clone()).collect()
}

fn command<'b>(book: &'b Runbook, text: &str) -> &'b Command {
    book.all_commands()
        .into_iter()
        .find(|c| c.text.contains(text))
        .unwrap_or_else(|| panic!("no command {text}"))
}

fn steps(body: &str) -> Runbook {
    runbook::read(&format!("# T\n\n## Steps\n\n{body}"))
}

#[test]
fn one_a_fence_is_many_commands_with_comments_of_many_kinds() {
    let book = steps(
        "```bash\n# Look first\nkubectl get pods\n# All pods should be Running\n\n# Only if the cache is cold\n./warm-cache\n\n# Optional: tidy\nrm tmp.txt\n\n# Or by hand\n# ./tidy --all\n\nls  # Expected: a.txt\n```\n",
    );
    assert_eq!(
        texts(&book),
        ["kubectl get pods", "./warm-cache", "rm tmp.txt", "./tidy --all", "ls  # Expected: a.txt"]
    );
    assert_eq!(command(&book, "get pods").about.as_deref(), Some("Look first"));
    assert_eq!(command(&book, "get pods").expects.len(), 1);
    assert_eq!(command(&book, "warm-cache").condition.as_deref(), Some("Only if the cache is cold"));
    assert!(command(&book, "rm tmp").optional && command(&book, "./tidy").alternative);
    assert_eq!(command(&book, "ls ").expects[0].text, "Expected: a.txt");
}

#[test]
fn what_is_folded_away_as_rollback_is_no_step() {
    let book = steps(
        "### Step 1: Stop (2 min)\n\n```bash\n./stop\n```\n\n<details>\n<summary><b>⏪ Rollback</b> of this</summary>\n\n### Back\n\n```bash\n./start\n```\n\n</details>\n\nThen look:\n\n```bash\n./depth\n```\n\n### Step 2: Move\n\n1. Move\n\n   ```bash\n   ./move\n   cat <<'END'\n   <details><summary>Rollback</summary>\n   END\n   ```\n\n   <details><summary>Expected output</summary>\n\n   ```\n   moved\n   ```\n\n   </details>\n\n2. Tell\n\n   ```bash\n   ./tell\n   ```\n\n<details><summary>Rollback</summary>\n\n    ./back\n",
    );
    let ran = texts(&book);
    assert!(ran.iter().any(|t| t == "./depth") && ran.iter().any(|t| t == "./tell"), "{ran:?}");
    assert!(!ran.iter().any(|t| t == "./start"), "{ran:?}");
    assert_eq!(book.steps.len(), 2, "what stands around a fold is one step");
    assert!(command(&book, "./start").id.0.starts_with("rollback"));
    let shown = command(&book, "cat <<").expects.iter().map(|e| e.text.as_str()).collect::<Vec<_>>();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].contains("Expected output"), "{shown:?}");
}

#[test]
fn a_table_of_checks_has_commands_of_its_own() {
    let book = steps(
        "### Step 1: Verify\n\n| Check | Command | Expected |\n|---|---|---|\n| Lag | `lag-of --all` | no output |\n| Board | look at the board | green |\n",
    );
    assert_eq!(texts(&book), ["lag-of --all", "Board: look at the board: green"]);
    assert_eq!(command(&book, "lag-of").expects[0].text, "no output");
    assert_eq!(command(&book, "Board").kind, Kind::Manual);
}

#[test]
fn indented_text_is_a_command_where_every_line_of_it_is_one() {
    let book = steps(
        "### 1. Look\n\nLook:\n\n    openssl x509 -enddate -noout -in /etc/ssl/site.pem\n\nThen read:\n\n    docker is what\n    we use here, mostly.\n",
    );
    assert_eq!(command(&book, "openssl").kind, Kind::Run);
    assert_eq!(command(&book, "mostly").kind, Kind::Manual);
}

#[test]
fn the_way_back_loses_no_part_that_has_no_fence() {
    let back = |body: &str| {
        let book = runbook::read(&format!("# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Rollback\n\n{body}"));
        let commands = book.rollback.steps.iter().flat_map(runbook::Step::commands);
        let texts = commands.map(|c| c.text.clone()).collect::<Vec<_>>();
        (texts, book.findings.iter().any(|f| f.code == "no-rollback"))
    };
    let listed = back("1. Run `docker compose down`\n2. Restore the backup\n3. Run `docker compose up -d`\n");
    assert_eq!(listed.0, ["docker compose down", "Restore the backup", "docker compose up -d"]);
    let parts = back(
        "### R1: Stop\n\n1. Run `./stop`\n\n### R2: Old version\n\n```bash\n./old\n```\n\n### R3: Tell\n\n1. Tell the team\n",
    );
    assert_eq!(parts.0, ["./stop", "./old", "Tell the team"]);
    let when =
        back("If it fails before step 2: do nothing.\nIf after it, rebuild:\n\n```bash\n./rebuild\n```\n");
    assert_eq!(when.0, ["./rebuild"]);
    assert!(!listed.1 && !parts.1 && !when.1);
    assert!(back("Ask the team.\n").1, "nothing of it can be run, which is told");
}

#[test]
fn two_steps_in_five_forms() {
    let headings = runbook::read(
        "# T\n\n## Phase 1: Build (5 min)\n\n```bash\nmake\n```\n\n## Phase 2: Ship\n\n```bash\n./ship\n```\n",
    );
    assert_eq!(texts(&headings), ["make", "./ship"]);
    assert_eq!(headings.steps[0].estimate_s, Some(300));
    let bold = steps("**1. Build it**\n\n```bash\nmake\n```\n\n**2. Ship it**\n\n```bash\n./ship\n```\n");
    assert_eq!(
        bold.steps[0].substeps.iter().map(|s| s.title.as_str()).collect::<Vec<_>>(),
        ["1. Build it", "2. Ship it"]
    );
    let list = steps(
        "1. Build:\n\n   ```bash\n   make\n   ```\n\n2. Tell the team\n\n3. Ship:\n\n   ```bash\n   ./ship\n   ```\n",
    );
    assert_eq!(texts(&list), ["make", "Tell the team", "./ship"]);
    assert_eq!(command(&list, "Tell").kind, Kind::Manual);
    let comments = steps("```bash\n# 1. Build\nmake\n\n# 2. Ship\n./ship\n```\n");
    assert_eq!(command(&comments, "./ship").about.as_deref(), Some("2. Ship"));
    let tasks = steps("1. [ ] Run `make`\n2. [ ] Look at the board\n3. [ ] Run `./ship`\n");
    assert_eq!(texts(&tasks), ["make", "Look at the board", "./ship"]);
}

#[test]
fn two_expectations_in_their_places() {
    let book = steps(
        "```bash\nmake test\n```\n\nExpected output:\n\n```\nok\n```\n\n```bash\n./status\n```\n\nExpected: up\n\n```bash\n# Should return 3\n./count\n```\n\n```bash\n./list\n```\n\n**Expected:**\n- `a`\n- `b`\n\n| Check | Command | Expected |\n|---|---|---|\n| Health | `curl -sf http://h/health` | 200 OK |\n| Board | | all green |\n",
    );
    let of = |text: &str| command(&book, text).expects.iter().map(|e| e.text.clone()).collect::<Vec<_>>();
    assert_eq!(of("make test"), ["Expected output:\nok"]);
    assert_eq!(of("./status"), ["Expected: up"]);
    assert_eq!(of("./count"), ["Should return 3"]);
    assert_eq!(of("./list"), ["`a`", "`b`"]);
    assert_eq!(of("curl -sf"), ["200 OK"]);
    assert_eq!(command(&book, "Board").kind, Kind::Manual);
}

#[test]
fn three_options_are_ways_of_which_one_is_gone() {
    let book = steps(
        "### 1. Deploy\n\n#### Option A: Docker\n\n```bash\ndocker run x\n```\n\n#### Option B: By hand\n\n```bash\n./install\n```\n\n### 2. Look\n\n```bash\n./status\n```\n",
    );
    let way = |text: &str| command(&book, text).way.clone().map(|w| w.name);
    assert_eq!(way("docker run").as_deref(), Some("Option A: Docker"));
    assert_eq!(way("./install").as_deref(), Some("Option B: By hand"));
    assert_eq!(way("./status"), None);
    let groups: Vec<_> = book.step_commands().iter().filter_map(|c| c.way.clone().map(|w| w.group)).collect();
    assert_eq!(groups[0], groups[1]);
    let comment = steps("```bash\n./fast\n# Or, if that fails\n# ./slow\n```\n");
    assert!(command(&comment, "./slow").alternative && !command(&comment, "./fast").alternative);
}

#[test]
fn four_rollback_stands_anywhere_and_never_runs_with_the_steps() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n### Step 1: Ship\n\nRollback: see below. Risk: HIGH\n\n```bash\n./ship\n```\n\n#### Rollback\n\n```bash\n./unship\n```\n\n### Step 2: Migrate\n\n```bash\n./migrate\n```\n\n**Rollback:**\n\n```bash\n./unmigrate\n```\n\n**If this fails:**\n\n```bash\n./mend\n```\n\n## Emergency Procedures\n\n### The database is gone\n\n```bash\n./restore-all\n```\n\n## Verification\n\n```bash\n./smoke\n```\n",
    );
    assert_eq!(texts(&book), ["./ship", "./migrate", "./smoke"]);
    let back: Vec<String> =
        book.rollback.steps.iter().flat_map(runbook::Step::commands).map(|c| c.text.clone()).collect();
    assert_eq!(back, ["./unship", "./unmigrate"]);
    let mends: Vec<&str> = book
        .troubleshooting
        .iter()
        .flat_map(|p| p.check.iter().chain(&p.solution))
        .flat_map(|b| &b.commands)
        .map(|c| c.text.as_str())
        .collect();
    assert!(mends.contains(&"./restore-all") && mends.contains(&"./mend"), "{mends:?}");
}

#[test]
fn five_fences_that_are_no_commands_are_offered_as_what_they_are() {
    let book = steps(
        "Create `/opt/x/.env`:\n\n```bash\nDB_HOST=db\nDB_PORT=5432\n```\n\n```bash\nserver {\n  listen 80;\n}\n```\n\n```bash\nError: no such host db\n```\n\n```bash\npsql -d app\nSELECT count(*)\nFROM users;\n\\q\nls\n```\n\n```bash\nMake sure that nobody is on the site.\n```\n\n```sql\nDELETE FROM old;\n```\n",
    );
    let runs: Vec<String> =
        book.step_commands().iter().filter(|c| c.kind != Kind::Manual).map(|c| c.text.clone()).collect();
    assert_eq!(runs, ["psql -d app", "ls"]);
    let what: Vec<&str> = book.all_blocks().iter().flat_map(|b| &b.other).map(|o| o.what.as_str()).collect();
    assert_eq!(what[..3], ["env file", "config", "output"]);
    assert!(what.contains(&"text") && what.iter().any(|w| w.starts_with("input of line")), "{what:?}");
    let offered = command(&book, "Create `/opt/x/.env`");
    assert_eq!((offered.kind, offered.about.as_deref()), (Kind::Manual, Some("DB_HOST=db\nDB_PORT=5432")));
    assert_eq!(command(&book, "DELETE").effect, Effect::Destructive);
}

#[test]
fn six_what_follows_a_bare_ssh_is_meant_for_the_other_side() {
    let book = steps("```bash\nssh deploy@web1\ncd /srv/app\n./restart\nexit\n./local\n```\n");
    let kinds: Vec<Kind> = book.step_commands().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [Kind::Place, Kind::Run, Kind::Run, Kind::Place, Kind::Run]);
    assert!(book.findings.iter().any(|f| f.code == "after-place"));
}

#[test]
fn seven_prompts_with_output_between() {
    let book = steps(
        "```console\n$ uname -s\nLinux\n$ cat <<EOF\n> a\n> EOF\na\n```\n\n```console\n# systemctl restart app\n# systemctl status app\nactive\n```\n\n```\ndeploy@web1:~$ ls -l\ntotal 0\n```\n",
    );
    let found = texts(&book);
    assert_eq!(found[0], "uname -s");
    assert!(
        found.contains(&"systemctl restart app".to_owned()) && found.contains(&"ls -l".to_owned()),
        "{found:?}"
    );
    let other: Vec<&str> = book.all_blocks().iter().flat_map(|b| &b.other).map(|o| o.text.as_str()).collect();
    assert!(other.contains(&"Linux") && other.contains(&"total 0"), "{other:?}");
}

#[test]
fn eight_waits_and_timed_headings() {
    let book = runbook::read(
        "# T\n\n## T-0: Stop\n\n```bash\n# Wait 10 minutes before this\n./stop\n```\n\n## T+15 min: Start\n\nAllow 2 minutes for it to come up.\n\n```bash\n./start\n```\n\n## Day 2: Look\n\nLook at the board.\n",
    );
    assert_eq!(command(&book, "./stop").wait_s, Some(600));
    assert_eq!(command(&book, "./start").wait_s, Some(120));
    assert_eq!(book.steps.len(), 3, "a heading of the sequence without a fence is a step as well");
    assert_eq!(book.steps[1].estimate_s, None, "a time of day is no duration");
}

#[test]
fn nine_problems_in_words_and_in_tables() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Troubleshooting\n\n### Issue: It hangs\n\n**Diagnosis:**\n\n```bash\n./look\n```\n\n**Fix:**\n\n```bash\n./mend\n```\n\n| Symptom | Cause | Fix |\n|---|---|---|\n| 502 | no upstream | `systemctl restart app` |\n",
    );
    let hangs = book.troubleshooting.iter().find(|p| p.problem == "It hangs").unwrap();
    assert_eq!(
        (hangs.check[0].commands[0].text.as_str(), hangs.solution[0].commands[0].text.as_str()),
        ("./look", "./mend")
    );
    let bad = book.troubleshooting.iter().find(|p| p.problem == "502").unwrap();
    assert_eq!(bad.solution[0].commands[0].text, "systemctl restart app");
}

#[test]
fn ten_forms_to_fill() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\n./go\n```\n\n| Check | Expected | Actual |\n|---|---|---|\n| Pages load | yes | |\n\n## Sign-off\n\n| Role | Name | Date |\n|---|---|---|\n| Engineer | ____ | |\n| Reviewer | | YYYY-MM-DD |\n",
    );
    assert_eq!(command(&book, "Pages load").kind, Kind::Manual);
    let form = book.log_template.as_ref().unwrap();
    assert_eq!(form.items.len(), 2, "{form:?}");
}

#[test]
fn a_log_template_is_found_below_headings_and_beside_commands() {
    let of = |log: &str| {
        let book =
            runbook::read(&format!("# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Deployment Log\n\n{log}"));
        let template = book.log_template.clone().unwrap();
        (template.text, template.text_line)
    };
    let below =
        "Copy the following.\n\n### General\n\n**Date:** YYYY-MM-DD\n\n### Sign-off\n\n- Engineer: [Name]\n";
    assert_eq!(of(below), (below.trim_end().to_owned(), 11));
    let beside = "- Engineer: [Name]\n\nThen:\n\n```bash\ngit add log.md\n```\n";
    assert_eq!(of(beside).0.trim_end(), "- Engineer: [Name]\n\nThen:");
    let second = "```bash\ncp log.md /tmp\n```\n\n```markdown\n- Engineer: [Name]\n```\n";
    assert_eq!(of(second), ("- Engineer: [Name]\n".to_owned(), 16));
}

#[test]
fn eleven_broken_markdown() {
    let book = runbook::read(
        "# T\r\n\r\n## Steps\r\n\r\n\u{200b}### Step 1: A\r\n\r\n```bash\r\nls\r\n\r\n### Step 2: B\r\n\r\n```bash\r\npwd\r\n```\r\n\r\n### Step 2: C\r\n\r\n1. First:\r\n```bash\r\ndf\r\n```\r\n2. Then:\r\n```bash\r\nid\r\n```\r\n",
    );
    assert_eq!(texts(&book), ["ls", "pwd", "df", "id"]);
    let codes: Vec<&str> = book.findings.iter().map(|f| f.code.as_str()).collect();
    for code in ["control-character", "unclosed-fence", "duplicate-step"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
}

#[test]
fn twelve_other_languages() {
    let french = runbook::read(
        "# Mise en production\n\n## Étapes\n\n### Étape 1 : Arrêter (5 minutes)\n\n```bash\n# Si nécessaire\n./stop\n\n./status\n# Attendu : arrêté\n```\n\n## Retour arrière\n\n```bash\n./retour\n```\n",
    );
    assert_eq!(texts(&french), ["./stop", "./status"]);
    assert_eq!(french.steps[0].estimate_s, Some(300));
    assert!(command(&french, "./stop").condition.is_some());
    assert_eq!(command(&french, "./status").expects.len(), 1);
    assert_eq!(french.rollback.steps.len(), 1);
    let chinese = runbook::read(
        "# 上线手册\n\n## 一、准备工作\n\n- [ ] 通知团队\n\n## 二、部署步骤\n\n### 第一步：停止服务（约 10 分钟）\n\n```bash\n# 如果服务还在运行\n./stop\n\n# 或者\n# ./kill\n```\n\n预期输出：\n\n```\n已停止\n```\n\n## 三、回滚方案\n\n```bash\n./back\n```\n\n## 四、故障排查\n\n### 启动失败\n\n```bash\n./look\n```\n",
    );
    assert_eq!(texts(&chinese), ["./stop", "./kill"]);
    assert_eq!(chinese.steps[0].estimate_s, Some(600));
    assert!(command(&chinese, "./stop").condition.is_some() && command(&chinese, "./kill").alternative);
    assert_eq!(command(&chinese, "./stop").expects.len(), 1);
    assert_eq!((chinese.rollback.steps.len(), chinese.troubleshooting.len()), (1, 1));
    assert_eq!(chinese.checklists.len(), 1);
    let roles = |text: &str| runbook::read(text).outline.iter().map(|o| o.role).collect::<Vec<_>>();
    for (title, role) in [
        ("Reversão", Role::Rollback),
        ("롤백 절차", Role::Rollback),
        ("Solução de problemas", Role::Troubleshooting),
        ("Requisitos previos", Role::Checklist),
        ("監視", Role::Monitoring),
    ] {
        assert!(roles(&format!("# T\n\n## {title}\n\ntext\n")).contains(&role), "{title}");
    }
}

#[test]
fn links_between_sections_are_followed() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n### Step 1: Save\n\nAs in [Backup](#backup), then [go on](#nowhere).\n\n```bash\n./save\n```\n\n## Backup\n\nText.\n",
    );
    let refers: Vec<_> = book.steps[0].refers.iter().map(|r| (r.title.as_str(), r.line)).collect();
    assert_eq!(refers, [("Backup", 13)]);
    assert!(book.findings.iter().any(|f| f.code == "dead-link" && f.line == 7));
}

#[test]
fn contacts_stand_in_tables_and_in_lists() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\n./go\n```\n\n## Contacts\n\n- **On call**: ada, +49 1\n- DBA: TBD\n\n| Role | Name | Contact |\n|---|---|---|\n| Boss | Grace | @grace |\n",
    );
    let found: Vec<_> = book.contacts.iter().map(|c| (c.role.as_str(), c.contact.as_str())).collect();
    assert_eq!(found, [("On call", "ada, +49 1"), ("DBA", "TBD"), ("Boss", "@grace")]);
    assert_eq!(book.findings.iter().filter(|f| f.code == "contact-missing").count(), 1);
}

#[test]
fn a_placeholder_never_runs_and_a_redirection_is_one() {
    for (text, holes) in [
        ("redis-cli -a <password> ping", vec!["password"]),
        ("git checkout <tag>", vec!["tag"]),
        ("ssh <user>@<host>", vec!["user", "host"]),
        ("docker tag app:{VERSION} app:latest", vec!["VERSION"]),
        ("helm rollback [your-release] 3", vec!["your-release"]),
        ("export API_KEY=your-key-here", vec!["YOUR_KEY_HERE"]),
        ("sort < in > out", vec![]),
        ("sort <in >out", vec![]),
        ("cmd 2>&1 <input.txt >>log.txt", vec![]),
        ("diff <(ls a) <(ls b)", vec![]),
    ] {
        let book = steps(&format!("```bash\n{text}\n```\n"));
        let found = command(&book, text);
        assert_eq!(found.holes, holes, "{text}");
        assert!(found.parses, "{text}: the hole is seen before the grammar");
    }
}

#[test]
fn findings_have_codes_and_can_be_allowed() {
    let codes = |text: &str| runbook::read(text).findings.iter().map(|f| f.code.clone()).collect::<Vec<_>>();
    let bad = "# T\n\n## Steps\n\n### Step 1: A\n\n```bash\ncurl http://h/health\ndropdb app\ndocker compose ps\ndocker-compose ps\ncat dump.sql | psql app\ntail -f log\nls\ngit log\necho $NOWHERE\nexport API_TOKEN=abc123def\n```\n\nSee [there](#nowhere).\n\n## Rollback\n\n```bash\ndocker compose down\npsql app -c 'select 1'\ncp $SAVED x\n```\n\n## Contacts\n\n| Role | Name | Contact |\n|---|---|---|\n| Boss | TBD | |\n";
    let found = codes(bad);
    for code in [
        "curl-without-fail",
        "no-backup",
        "compose-mixed",
        "psql-without-stop",
        "after-follow",
        "pager",
        "unset-variable",
        "credential",
        "dead-link",
        "rollback-stops-its-need",
        "rollback-value-missing",
        "contact-missing",
        "no-estimate",
    ] {
        assert!(found.iter().any(|f| f == code), "{code} in {found:?}");
    }
    let allowed =
        bad.replace("```bash\ncurl", "<!-- gonogo: allow curl-without-fail, pager -->\n```bash\ncurl");
    let allowed = codes(&allowed);
    assert!(
        !allowed.contains(&"curl-without-fail".into()) && !allowed.contains(&"pager".into()),
        "{allowed:?}"
    );
    assert!(allowed.contains(&"credential".into()));
    assert!(codes("# T\n<!-- gonogo: allow nonsense -->\n").contains(&"unknown-allow".into()));
    let reason = bad.replace("ls\ngit log", "ls\ngit log # gonogo: allow pager: nobody waits for it");
    let reason = codes(&reason);
    assert!(!reason.contains(&"pager".into()) && !reason.contains(&"unknown-allow".into()), "{reason:?}");
    let unused = "# T\n\n## Steps\n\n<!-- gonogo: allow credential -->\n```bash\nls\n```\n";
    let read = runbook::read(unused);
    let found: Vec<(usize, &str)> = read.findings.iter().map(|f| (f.line, f.code.as_str())).collect();
    assert!(found.contains(&(5, "unused-allow")), "{found:?}");
    assert!(codes("# T\n<!-- gonogo: tmeout=5m -->\n").contains(&"unknown-correction".into()));
}
