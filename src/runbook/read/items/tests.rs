use super::Due;
use crate::runbook::{Runbook, read};

/// Every item with when it is due, in order.
fn due(book: &Runbook) -> Vec<(String, String)> {
    let lists = book.checklists.iter();
    lists.flat_map(|l| l.items.iter().map(|i| (l.due.to_string(), i.text.clone()))).collect()
}

fn check(document: &str, expected: &[(&str, &str)]) {
    let found = due(&read(document));
    let found: Vec<(&str, &str)> = found.iter().map(|(when, text)| (when.as_str(), text.as_str())).collect();
    assert_eq!(found, expected, "{document}");
}

const START: &str = "before the first change";
const END: &str = "at the end";

#[test]
fn items_are_due_where_they_stand() {
    check(
        "# Shop\n\n## Access\n\n- [ ] VPN is up\n\n## Step 1: Stop\n\n- [ ] Users were told\n\n```bash\nsystemctl stop shop\n```\n\n## Step 2: Start\n\n```bash\nsystemctl start shop\n```\n\n- [ ] The page loads\n\n## Wrap-up\n\n- [ ] Ticket is closed\n",
        &[
            (START, "VPN is up"),
            ("before 1/1", "Users were told"),
            ("after step 2", "The page loads"),
            (END, "Ticket is closed"),
        ],
    );
}

#[test]
fn between_two_fences_an_item_is_due_before_the_second() {
    check(
        "# T\n## Steps\n### Step 1: Move\n```bash\necho a\n```\n- [ ] Replica caught up\n\n```bash\necho b\n```\n- [ ] Reads work\n",
        &[("before 1/2", "Replica caught up"), ("after step 1", "Reads work")],
    );
}

#[test]
fn a_heading_that_says_when_counts_more_than_the_place() {
    let steps = "## Step 1: A\n```bash\necho a\n```\n## Step 2: B\n```bash\necho b\n```\n";
    check(&format!("# T\n{steps}## Pre-deployment checklist\n- [ ] Tagged\n"), &[(START, "Tagged")]);
    check(&format!("# T\n## Nach dem Deployment\n- [ ] Läuft\n{steps}"), &[(END, "Läuft")]);
    check(&format!("# T\n## 上线后检查\n- [ ] 可以登录\n{steps}"), &[(END, "可以登录")]);
    check(&format!("# T\n## Success criteria\n- [ ] Orders flow\n{steps}"), &[(END, "Orders flow")]);
    check(&format!("# T\n{steps}## Checks after step 1\n- [ ] Stopped\n"), &[("after step 1", "Stopped")]);
    check(&format!("# T\n{steps}## Checks before step 2\n- [ ] Quiet\n"), &[("before 2/1", "Quiet")]);
    // A part of it stands where it is, the parts of a checklist follow the heading around them.
    check(
        "# T\n## Step 1: A\n```bash\necho a\n```\n## Post-migration checks\n- [ ] Rows are there\n## Step 2: B\n```bash\necho b\n```\n## Pre-release\n### Code\n- [ ] Green\n",
        &[(START, "Green"), ("after step 1", "Rows are there")],
    );
}

#[test]
fn checklists_under_the_heading_of_the_steps_are_no_steps() {
    check(
        "# T\n## Deployment\n### Pre-deployment checklist\n- [ ] Tagged\n### Deploy\n```bash\necho a\n```\n### Post-deployment checklist\n| Check | Done |\n|---|---|\n| Login works | ☐ |\n",
        &[(START, "Tagged"), (END, "Login works")],
    );
}

#[test]
fn boxes_in_any_form_are_items() {
    let steps = "## Step 1: A\n```bash\necho a\n```\n";
    for list in [
        "- [ ] One\n- [x] Two\n",
        "* [ ] One\n* [ ] Two\n",
        "1. [ ] One\n2. [ ] Two\n",
        "- ☐ One\n- ☐ Two\n",
        "☐ One\n☐ Two\n",
        "□ One\n\n□ Two\n",
        "[ ] One  \n[ ] Two\n",
        "- [] One\n- [] Two\n",
        "| Task | ☐ |\n|---|---|\n| One | [ ] |\n| Two | [x] |\n",
    ] {
        check(&format!("# T\n## Ready?\n{list}\n{steps}"), &[(START, "One"), (START, "Two")]);
    }
    check(
        &format!("# T\n## Ready?\nAll of these:\n☐ One, which is\nlonger\n☐ Two\n\n{steps}"),
        &[(START, "One, which is longer"), (START, "Two")],
    );
    for none in
        ["Risk: ☐ low ☐ high\n", "☐ yes ☐ no\n", "- ✅ Shipped\n", "- [x](https://example.org) is a link\n"]
    {
        check(&format!("# T\n## Ready?\n{none}\n{steps}"), &[]);
    }
}

#[test]
fn what_has_a_command_of_its_own_and_what_is_done_by_hand_stays_a_part_of_its_step() {
    let book = read(
        "# T\n## Deployment Steps\n### Step 1: A\n- [ ] Run `systemctl stop shop`\n- [ ] Tell the team\n\n### Step 2: B\n- [ ] Press the button\n\n```bash\necho b\n```\n\n### Step 3: Switch\n\n- [ ] Open the console\n",
    );
    assert_eq!(due(&book), [("before 2/1".to_owned(), "Press the button".to_owned())]);
    let texts: Vec<&str> = book.step_commands().iter().map(|c| c.text.as_str()).collect();
    assert_eq!(texts, ["systemctl stop shop", "Tell the team", "echo b", "Open the console"]);
}

#[test]
fn a_step_that_only_checks_has_items_and_nothing_by_hand() {
    check(
        "# T\n## Steps\n### Step 1: Start\n```bash\necho a\n```\n### Step 2: Verify\nAll of these have to hold:\n- [ ] Login works\n- [ ] Orders arrive\n### Step 3: Stop\n```bash\necho b\n```\n",
        &[("after step 2", "Login works"), ("after step 2", "Orders arrive")],
    );
    let book =
        read("# T\n## Steps\n### Step 1: Start\n```bash\necho a\n```\n#### Verify\n- [ ] Login works\n");
    assert_eq!(due(&book), [("after step 1.1".to_owned(), "Login works".to_owned())]);
    assert_eq!(book.step_commands().len(), 1);
}

#[test]
fn the_way_back_and_templates_have_no_check_items() {
    let book = read(
        "# T\n## Step 1: A\n```bash\necho a\n```\n## Rollback\n```bash\necho back\n```\n- [ ] Old version answers\n\n## Deployment log\n- [ ] Backup made\n",
    );
    assert!(book.checklists.is_empty(), "{:?}", book.checklists);
}

#[test]
fn the_index_of_when_something_is_due() {
    let book = read(
        "# T\n## Step 1: A\n```bash\necho a\n```\n- [ ] One\n## Step 2: Look\n| Look at | ☐ |\n|---|---|\n| Graphs | [ ] |\n\n## Step 3: B\n```bash\necho b\n```\n## Wrap-up\n- [ ] Two\n",
    );
    let at: Vec<usize> = book.checklists.iter().map(|l| l.due.index(&book)).collect();
    assert_eq!((at, Due::Start.index(&book)), (vec![1, 1, 2], 0));
}
