//! How a document was read, on the screens: what Start says, where it leads, and what is said otherwise.

use gonogo::run::Event;
use gonogo::runbook::lock::{Agreement, Lock, Since};
use gonogo::runbook::{Role, read};

use super::played::{Player, opening};
use super::support::{Home, events};

const BOOK: &str = "# Harbour\n\n## Deployment\n\n```bash\necho one\nacmectl sync one two the three\necho three\n```\n\n\
    ## Going home\n\n```bash\ntouch home\ntouch bed\n```\n";

/// The line of BOOK with the doubt, and the first of those that nothing claims.
const OPEN: [usize; 2] = [7, 14];

fn open(home: &Home, book: &str, columns: u16, rows: u16) -> Player {
    home.write("b.md", book);
    Player::open(opening(home, book), columns, rows)
}

/// The choice of a menu that the pointer stands at.
fn at(text: &str) -> &str {
    text.lines().rfind(|line| line.contains("│ ▸")).unwrap_or_default()
}

/// In the menu that is open: goes to a choice, and takes it.
async fn choose(player: &mut Player, wanted: &str) {
    player.see("How to read").await;
    for _ in 0..12 {
        player.key("↑");
    }
    let above = |t: &str| {
        let lines: Vec<&str> = t.lines().collect();
        let pointed = lines.iter().rposition(|line| line.contains("│ ▸"));
        pointed.and_then(|at| lines.get(at.checked_sub(1)?)?.split('│').nth(1)).map(str::to_owned)
    };
    player.until("the first choice", |t| above(t).is_some_and(|row| row.trim().is_empty())).await;
    for _ in 0..12 {
        if at(&player.text()).contains(wanted) {
            break;
        }
        let before = at(&player.text()).to_owned();
        player.key("↓").until("the next choice", |t| at(t) != before).await;
    }
    player.until(wanted, |t| at(t).contains(wanted)).await.press(wanted, "⏎").await;
    player.until("the menu to close", |t| !t.contains("How to read")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn start_says_how_it_was_read_and_leads_to_what_is_open() {
    let home = Home::new();
    let mut player = open(&home, BOOK, 100, 30);
    player.see("read: 1 step · 1 doubt · 2 lines unclaimed").await.key("↑");
    player.press("▸ read:", "⏎").await.see(&format!("▸ {}", OPEN[0])).await;
    player.see("in doubt: may be a command or text").await.see("? step").await.see("! unclaimed").await;
    player.key("e").see(&format!("▸{}", OPEN[1])).await.see("2 of 2 open").await;
    player.see("the document does not say what “Going home” is for").await;
    player.key("e").see(&format!("▸ {}", OPEN[0])).await.key("E").see(&format!("▸{}", OPEN[1])).await;
    player.key("Esc").see("▸ read:").await.key("q");
    player.leave().await;
    // Where nothing is open it says so.
    let mut player = open(&home, "# T\n\n## Deployment\n\n```bash\nls\n```\n", 80, 24);
    player.see("read: 1 step · every line was understood").await.key("↑").press("▸ read:", "⏎").await;
    player.see("▸1 #text T").await.press("Esc back", "e").await.see("every line was understood").await;
    player.key("Esc").press("▸ read:", "q").await;
    player.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_document_wraps_and_is_searched() {
    let home = Home::new();
    let words: Vec<String> = (0..60).map(|n| format!("word{n}")).collect();
    let tall: Vec<String> = (0..400).map(|n| format!("tall{n:03}")).collect();
    let book = format!(
        "# T\n\n{}\n\n{}\n\n## Deployment\n\n```bash\nls\n```\n\n港口部署完成后请检查服务是否正常运行并且通知团队成员所有人都要知道这次发布的结果如何才可以离开现场\n",
        words.join(" "),
        tall.join(" ")
    );
    let mut player = open(&home, &book, 80, 24);
    player.press("start in", "5").await.see("word0 ").await.see("word59").await;
    player.key("↓").key("↓").see("▸ 3").await.key("↓").key("↓").see("tall000").await;
    // A line longer than the screen is scrolled through to its end, and back.
    player.key("PgDn").key("PgDn").see("tall399").await.see("line 5 ·").await;
    player.key("PgUp").key("PgUp").see("tall000").await.see("line 5 ·").await;
    // Letters are text while they are typed; capitals count if there are any.
    player.key("/").fill("Search the document", "deployment").await.see("▸ 7").await;
    player.see("/deployment on line 7, 1 of 1 line").await.key("n").see("▸ 7").await.key("/");
    player.fill("Search the document", "LS").await.see("no match for").await;
    player.key("/").fill("Search the document", "word").await.see("▸ 3").await.key("/").see("> word").await;
    // What is offered is replaced by typing.
    player.key("q").see("> q ").await.key("Esc").see("▸ 3").await;
    player.key("G").see("▸13").await.see("离").await.see("场").await.key("Esc").press("start in", "q").await;
    player.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reading_is_corrected_before_the_run_and_in_it() {
    let home = Home::new();
    let mut player = open(&home, BOOK, 100, 30);
    player.press("start in", "5").await.key("/");
    player.fill("Search the document", "Going").await.press("▸11", "c").await;
    choose(&mut player, "rollback").await;
    player.see("now read as role=rollback in this run, by ada").await.see("ada, role=rollback").await;
    // Taken back, and said again.
    player.press("▸11", "c").await;
    choose(&mut player, "as it was read").await;
    player.see("read as before").await.press("▸11", "c").await;
    choose(&mut player, "rollback").await;
    player.see("by ada").await.key("Esc").see("read: 1 step, rollback · 1 doubt").await;
    player.press("▸ read:", "↓").await.press("▸ start in", "⏎").await;
    player.until("the gate or the step", |t| t.contains("Enter runs it") || t.contains("The gate:")).await;
    if player.text().contains("The gate:") {
        player.press("The gate:", "⏎").await.press("Go or no-go", "g").await;
    }
    player.press("Enter runs it", "⏎").await.press("Is this a command, or text?", "5").await;
    // What has run stays what it is; what has not is corrected.
    player.see("▸ 7").await.key("↑").press("▸ 6", "c").await;
    choose(&mut player, "skipped").await;
    player
        .see("has already run, and this correction would make another command of it")
        .await
        .key("↓")
        .press("▸ 7", "c")
        .await;
    choose(&mut player, "text for the reader").await;
    player.see("is now read as text, by ada").await.see("ada says text").await.key("e");
    player.see("every line was understood").await.key("2").press("echo three", "⏎").await;
    player.see("All commands are settled").await.key("q");
    player.leave().await;
    let events = events(&home);
    let said: Vec<(String, String)> = events
        .iter()
        .flat_map(|event| match event {
            Event::RunStarted(start) => start.corrections.clone(),
            Event::ReadingCorrected { correction, .. } => vec![correction.clone()],
            _ => vec![],
        })
        .map(|c| (c.words, c.by))
        .collect();
    assert_eq!(said, [("role=rollback".into(), "ada".into()), ("text".into(), "ada".into())]);
    // The document learns it, and is read so without anybody saying it.
    let redline = home.run(&["redline"]);
    for line in ["+<!-- gonogo: role=rollback -->", "+# gonogo: text"] {
        assert!(redline.out.contains(line), "{line} in\n{}{}", redline.out, redline.err);
    }
    let patched = BOOK
        .replace("## Going home", "<!-- gonogo: role=rollback -->\n## Going home")
        .replace("acmectl", "# gonogo: text\nacmectl");
    let book = read(&patched);
    assert_eq!(book.step_commands().len(), 2);
    assert!(book.outline.iter().any(|o| o.title == "Going home" && o.role == Role::Rollback));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_changes_nothing_or_what_was_agreed_on_is_told() {
    let home = Home::new();
    let book = "# T\n\n## Deployment\n\n```bash\necho one\necho one\n```\n\nWords.\n";
    let agreed = Lock::of(&read(book));
    let agreement = Agreement::Since(Box::new(Since::of(&agreed, &read(book))));
    home.write("b.md", book);
    let mut player = Player::open(gonogo::tui::Opening { agreement, ..opening(&home, book) }, 100, 30);
    player.see("unchanged").await.press("start in", "5").await.press("▸ 1", "G").await;
    player.press("▸10", "c").await.see("line 10 can't be read differently").await.key("[");
    player.press("▸ 3", "c").await;
    choose(&mut player, "steps of the run").await;
    player.see("it is already read that way").await.key("e");
    for _ in 0..4 {
        player.key("↓");
    }
    // What stands twice is told apart by its line.
    player.press("▸ 7", "c").await;
    choose(&mut player, "optional").await;
    player.see("ada says optional").await.key("↑").see("line 6 · command of a step").await;
    player.key("Esc").see("is now optional").await.key("q");
    player.leave().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_left_over_gets_its_place_by_its_section_or_alone() {
    let home = Home::new();
    let mut player = open(&home, BOOK, 80, 24);
    player.see("1 doubt · 2 lines unclaimed").await.press("start in", "5").await.key("e").key("e");
    player.press("▸14 !uncl", "c").await.see("by the role of its section").await;
    choose(&mut player, "this alone: skipped").await;
    player.see("now read as skip in this run").await.see("ada says skip").await.key("Esc");
    player.see("1 doubt · 1 line unclaimed").await.key("5").see("▸ 1").await.key("e").key("e");
    player.press("▸15 !uncl", "c").await;
    choose(&mut player, "steps of the run").await;
    player.see("▸15 $step").await.key("Esc").see("read: 2 steps · 1 doubt").await;
    assert!(!player.text().contains("unclaimed"), "{}", player.text());
    player.key("q");
    player.leave().await;
}
