//! What stands in fences: output, prompts, input of consoles, samples, opposite actions; and where fences stand.

use gonogo::runbook::doubt::Doubt;
use gonogo::runbook::{self, Runbook};
use gonogo::shell::{Effect, Kind};

use super::fences::{fence, steps, texts};

fn doubts(book: &Runbook) -> Vec<(&str, Option<Doubt>)> {
    book.step_commands().iter().map(|c| (c.text.as_str(), c.doubt)).collect()
}

fn values(book: &Runbook) -> Vec<&str> {
    book.parameters.iter().map(|p| p.name.as_str()).collect()
}

fn titles(book: &Runbook) -> Vec<String> {
    book.steps.iter().flat_map(|s| std::iter::once(s).chain(&s.substeps)).map(|s| s.title.clone()).collect()
}

#[test]
fn what_a_command_shows_is_never_run_or_done_by_hand() {
    let book = steps(
        "```console\nwatch --exec kubectl get deploy\n```\n\nAs an example, this one is half way:\n\n\
         ```console\nEvery 2.0s: kubectl get deploy -o j...\n\n\
         store-api-0      req/upd/avl: 1/1/1      store-version=v5.2.0\n\
         store-api-1      req/upd/avl: 1//        store-version=v5.1.0\n```\n",
    );
    assert_eq!(texts(&book), ["watch --exec kubectl get deploy"]);
    assert!(values(&book).is_empty(), "{:?}", values(&book));
    let book = steps(
        "Drain it:\n\n```sh\nacmectl drain 4\n```\n\nYou will then see the state:\n\n\
         ```\n id | live | copies | draining\n+---+------+--------+---------\n  4 | true |     73 | false\n(1 row)\n```\n",
    );
    assert_eq!(texts(&book), ["acmectl drain 4"]);
    let book = steps(
        "```bash\nkubectl patch deploy store\n```\n\n```\ndeployment.apps/store patched\n```\n\n\
         ```bash\nkubectl describe pvc data\n```\n\n```\nName: data\nMounted By:    <none>\n```\n",
    );
    assert_eq!(texts(&book), ["kubectl patch deploy store", "kubectl describe pvc data"]);
    assert!(values(&book).is_empty(), "{:?}", values(&book));
    // Under words that tell to write it, or below an editor, it is to be made.
    let book = steps("```bash\nnano app.conf\n```\n\n```\nlisten: 80\nroot: here\n```\n");
    assert_eq!(book.step_commands().last().map(|c| c.kind), Some(Kind::Manual));
}

#[test]
fn a_fence_without_a_language_that_begins_with_a_loop_is_a_script() {
    for script in [
        "for s in web api; do\n  kubectl label svc \"$s\" tier=web\ndone",
        "kubectl get svc -A | while read NS NAME; do\n  kubectl delete svc \"$NAME\" -n \"$NS\"\ndone",
        "cat > /etc/x.conf <<EOF\na\nEOF",
        "if systemctl is-active web; then\n  systemctl stop web\nfi",
    ] {
        let book = steps(&format!("```\n{script}\n```\n"));
        assert_eq!(texts(&book), [script]);
        assert!(book.step_commands().iter().all(|c| c.kind == Kind::Run), "{script}");
        assert!(values(&book).is_empty(), "{script}: {:?}", values(&book));
    }
    for text in ["controller:\n  - bar", "while it runs\nlook at it", "{\n \"a\": 1\n}"] {
        let book = steps(&format!("Write this:\n\n```\n{text}\n```\n"));
        assert!(book.step_commands().iter().all(|c| c.kind == Kind::Manual), "{text}");
    }
}

#[test]
fn a_prompt_is_never_sent() {
    let book = steps("```console\nweb-1# cat /etc/web/key\nabc\nweb-1# exit\n```\n");
    assert_eq!(texts(&book), ["cat /etc/web/key", "exit"]);
    let book = steps("```bash\nmysql> DROP TABLE a;\nQuery OK\n```\n");
    let commands = book.step_commands();
    assert_eq!((commands.len(), commands[0].kind), (1, Kind::Manual));
    assert_eq!(commands[0].effect, Effect::Destructive);
    let book = fence("psql shop\nshop=# SELECT 1;\n");
    assert_eq!(texts(&book), ["psql shop"]);
}

#[test]
fn input_of_a_language_is_no_certain_command() {
    let book = fence(
        "make shell\n# In the Django shell:\nfrom django.contrib.auth import get_user_model\nUser = get_user_model()\n\n\
         # Reset a password\nu = User.objects.get(email='ada@shop.test')\nu.first_name = 'Ada'\nu.save()",
    );
    assert_eq!(texts(&book), ["make shell"]);
    let book = fence("make shell\nmake migrate");
    assert_eq!(doubts(&book), [("make shell", None), ("make migrate", None)]);
    let book = fence("from shop import settings");
    assert_eq!(doubts(&book), [("from shop import settings", Some(Doubt::CommandOrText))]);
}

#[test]
fn what_is_typed_in_another_place_is_asked_for() {
    let book =
        steps("Run `docker run -it --rm acme/store bash` and there:\n\n```bash\nrm map\ntouch x\n```\n");
    assert_eq!(doubts(&book), [("rm map", Some(Doubt::Place)), ("touch x", Some(Doubt::Place))]);
    let asked: Vec<bool> = book.step_commands().iter().map(|c| c.asked_with.is_some()).collect();
    assert_eq!(asked, [false, true]);
}

#[test]
fn a_sample_is_asked_for_or_in_doubt() {
    let book = fence("storetool --peer a 10.0.7.2:3300 # Replace it with the address you got before");
    assert_eq!(book.step_commands()[0].doubt, Some(Doubt::PlaceholderOrLiteral));
    let book = steps(
        "**To serve it elsewhere** (e.g. `/store/eu`):\n\n```bash\ndocker build --build-arg PREFIX=/store/eu .\n```\n",
    );
    assert_eq!(book.step_commands()[0].doubt, Some(Doubt::PlaceholderOrLiteral));
    let book = fence("# go to the environment's folder (e.g. staging)\ncd terraform/environments/staging");
    assert_eq!(book.step_commands()[0].doubt, Some(Doubt::PlaceholderOrLiteral));
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\nmake up\n```\n\n## Odds and ends\n\n```bash\ncurl -f https://YOUR_STORE/up\n```\n",
    );
    assert!(values(&book).is_empty(), "{:?}", values(&book));
}

#[test]
fn a_restore_in_any_words_is_no_step() {
    let book = fence("# Sao lưu\npg_dump shop > shop.sql\n\n# Restore từ backup\npsql shop < shop.sql");
    assert_eq!(texts(&book), ["pg_dump shop > shop.sql"]);
    let book = fence("# Restore the packages\ndotnet restore");
    assert_eq!(texts(&book), ["dotnet restore"]);
    let book = steps("Put the backup back:\n\n```bash\npsql shop < shop-2026-01-02.sql\n```\n");
    assert_eq!(book.step_commands()[0].effect, Effect::Destructive);
    let book = steps("Make the tables:\n\n```bash\npsql shop < schema.sql\n```\n");
    assert_eq!(book.step_commands()[0].effect, Effect::Changes);
}

#[test]
fn opposite_actions_are_a_choice() {
    let names = |book: &Runbook| {
        let ways =
            book.step_commands().iter().map(|c| c.way.as_ref().map(|w| w.name.clone())).collect::<Vec<_>>();
        ways.into_iter().flatten().collect::<Vec<_>>()
    };
    let book = fence(
        "docker compose up -d     # start\ndocker compose ps        # status\ndocker compose stop      # stop\ndocker compose down      # remove",
    );
    assert_eq!(names(&book), ["start", "status", "stop", "remove"]);
    let book = fence("# grant\ncurl -X POST http://h/items/7\n# revoke\ncurl -X DELETE http://h/items/7");
    assert_eq!(names(&book), ["grant", "revoke"]);
    for sequence in [
        "systemctl stop web   # stop it\nsystemctl start web  # start it",
        "systemctl start db   # start it\n./migrate            # migrate\nsystemctl stop db    # stop it",
        "# stop\nsystemctl stop web\n# start\nsystemctl start web",
    ] {
        assert!(names(&fence(sequence)).is_empty(), "{sequence}");
    }
}

#[test]
fn what_an_element_of_a_page_holds_is_markdown() {
    let section = |scope: &str, body: &str| {
        format!("<section class=\"filter\" markdown=\"1\" data-scope=\"{scope}\">\n{body}\n</section>\n\n")
    };
    let one =
        section("operator", "1. Drain the node:\n\n    ~~~ shell\n    $ kubectl drain node-4\n    ~~~\n");
    let other = section(
        "helm",
        "1. Upgrade the chart:\n\n    ~~~ shell\n    $ helm upgrade shop acme/shop\n    ~~~\n",
    );
    let book = runbook::read(&format!("# T\n\n## Steps\n\n{one}{other}"));
    assert_eq!(texts(&book), ["kubectl drain node-4", "helm upgrade shop acme/shop"]);
    let names: Vec<_> =
        book.step_commands().iter().filter_map(|c| c.way.as_ref()).map(|w| w.name.as_str()).collect();
    assert_eq!(names, ["operator", "helm"]);
    let book = runbook::read("# T\n\n## Steps\n\n<div>\n```bash\nmake up\n```\n</div>\n");
    assert_eq!(texts(&book), ["make up"]);
    let book = steps(
        "{% if page.secure == true %}\n~~~ shell\n$ shop sql --certs-dir=/certs\n~~~\n{% else %}\n~~~ shell\n$ shop sql --insecure\n~~~\n{% endif %}\n",
    );
    let names: Vec<_> =
        book.step_commands().iter().filter_map(|c| c.way.as_ref()).map(|w| w.name.as_str()).collect();
    assert_eq!(names, ["page.secure == true", "otherwise"]);
}

#[test]
fn headings_and_numbers_may_lack_their_blank() {
    let book = runbook::read(
        "#Shop deployment\n\n## Steps\n\n### 2.1Install the cache\n\n```bash\nyum install -y redis\n# a comment\n```\n\n###2.2安装\n\n```bash\nyum install -y nginx\n```\n",
    );
    assert_eq!(book.title, "Shop deployment");
    assert_eq!(titles(&book), ["Install the cache", "安装"]);
    let ids: Vec<_> = book.steps.iter().map(|s| s.id.to_string()).collect();
    assert_eq!(ids, ["2.1", "2.2"]);
}

#[test]
fn indented_commands_with_a_sentence_between_are_commands() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n### Step 1: Install\n\n    wget -c https://files.shop.test/b.tar.gz\n    tar -zxvf b.tar.gz\n    Add this line to /etc/profile:\n    export B=/opt/b\n",
    );
    assert_eq!(texts(&book)[..2], ["wget -c https://files.shop.test/b.tar.gz", "tar -zxvf b.tar.gz"]);
}

#[test]
fn rows_of_checks_are_all_looked_at() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n### Step 1: Start\n\n```bash\nmake up\n```\n\n## Verification\n\n| Check | Command | Expected |\n|---|---|---|\n\
         | Nginx up | `docker compose ps nginx` | `running` |\n| MySQL up | `docker compose exec db mysqladmin ping` | `alive` |\n\
         | PostgreSQL up | `docker compose exec pg pg_isready` | `accepting` |\n",
    );
    assert_eq!(texts(&book).len(), 4);
    assert!(book.step_commands().iter().all(|c| c.way.is_none()));
}

#[test]
fn what_is_to_be_entered_outside_of_every_section_is_listed() {
    let book = runbook::read(
        "# T\n\n## Steps\n\n```bash\nmake up\n```\n\n## Moving the data\n\n```powershell\nscp data host:\n```\n\n```sql\nRESET SETTING keep;\n```\n\n\
         ```cron\n0 3 * * * /srv/copy\n```\n",
    );
    let listed = book.reading.iter().filter(|p| p.fate == runbook::Fate::Unclaimed);
    let lines: Vec<usize> = listed.flat_map(|p| p.line..=p.end_line).collect();
    for line in [12, 16, 20] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }
}

#[test]
fn what_is_to_be_replaced_is_a_value_with_that_default() {
    let book = runbook::read(
        "# T\n\nReplace <environment> throughout the commands.\n\n## Steps\n\n```bash\nenvironment=production\nacmectl -e ${environment?} drop-cache\n```\n",
    );
    let told: Vec<_> = book.parameters.iter().map(|p| (p.name.as_str(), p.default.as_deref())).collect();
    assert_eq!(told, [("environment", Some("production"))]);
    // The name of a dump still says what it is.
    let book = fence("psql shop < /path/to/backup/shop.sql");
    assert_eq!(book.step_commands()[0].effect, Effect::Destructive);
    assert_eq!(values(&book), ["/path/to/backup/shop.sql"]);
}

#[test]
fn rows_of_a_table_in_a_fence_are_no_pipelines() {
    let book = fence(
        "sudo apt install -y git\nQuestion | Answer\nDisallow root login remotely? | Y\nsudo apt install -y nginx",
    );
    assert_eq!(texts(&book), ["sudo apt install -y git", "sudo apt install -y nginx"]);
    let book = fence("acmectl list | acmefilter\nacmectl list | sort");
    let asked: Vec<_> = book.step_commands().iter().map(|c| c.doubt).collect();
    assert_eq!(asked, [Some(Doubt::CommandOrText), None]);
    let book = fence("mysql -u app -pPASSWORD_HERE shop");
    assert_eq!(values(&book), ["PASSWORD_HERE"]);
}

#[test]
fn a_numbered_comment_without_a_command_is_done_by_hand() {
    let book = fence(
        "# 1. Create the green service\n./create\n\n# 2. Wait for it to be healthy (2-3 minutes)\n\n# 3. Verify\n./verify\n\n\
         # 4. Review the changeset in the console\n\n# 5. Delete\n\n# the old one, and its volume\n./delete\n\
         # 6. Monitor for 30 minutes before promoting",
    );
    assert_eq!(
        texts(&book),
        [
            "./create",
            "./verify",
            "4. Review the changeset in the console",
            "./delete",
            "6. Monitor for 30 minutes before promoting"
        ]
    );
    let waits: Vec<_> = book.step_commands().iter().map(|c| c.wait_s).collect();
    assert_eq!(waits, [None, Some(180), None, None, None], "a wait with a time is the next command's");
    // One number heads nothing else, and one word is a heading.
    assert_eq!(texts(&fence("# 1. Start all of it\n\n./start\n./look")), ["./start", "./look"]);
    assert_eq!(texts(&fence("# 1. Start\n\n./start\n\n# 2. Done\n")), ["./start"]);
}

#[test]
fn a_wait_for_something_is_waited_for_by_whoever_looks() {
    let book =
        fence("./deploy\n\n# Wait until the pods are ready\n\n./delete-old\n\n# Warten, bis alles läuft\n");
    assert_eq!(
        texts(&book),
        ["./deploy", "Wait until the pods are ready", "./delete-old", "Warten, bis alles läuft"]
    );
    // What looks for itself waits itself.
    for own in ["kubectl rollout status deploy/web", "until ./up; do sleep 1; done", "sleep 30", "./look"] {
        let gap = if own == "./look" { "\n" } else { "\n\n" };
        let book = fence(&format!("./deploy\n\n# Wait for the rollout{gap}{own}"));
        assert_eq!(texts(&book), ["./deploy", own]);
    }
}

#[test]
fn one_command_for_all_of_what_stands_above_is_another_way() {
    for words in ["**One-liner for simple updates:**", "All in one:", "# Einzeiler"] {
        let heading = words.starts_with('#');
        let label = if heading { String::new() } else { format!("```\n\n{words}\n\n```bash\n") };
        let comment = if heading { format!("\n{words}\n") } else { String::new() };
        let book = steps(&format!("```bash\n./pull\n./build\n{label}{comment}./pull && ./build\n```\n"));
        let commands = book.step_commands();
        let last = commands.last().unwrap();
        assert!(
            last.text == "./pull && ./build" && (last.alternative || last.way.is_some()),
            "{words}: {last:?}"
        );
    }
}
