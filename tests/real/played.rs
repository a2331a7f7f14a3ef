//! The screens' real loop with a real runner and a real shell, on a canvas of the test's own.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use gonogo::client::Host;
use gonogo::config::{HookSettings, MessageSettings, Settings, ThemeName, WatchSettings};
use gonogo::run_files::RunFiles;
use gonogo::store::Filter;
use gonogo::tui::keymap::Keymap;
use gonogo::tui::theme::Surroundings;
use gonogo::tui::{self, Canvas, End, Opening};
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::support::{DEADLINE, Home, program, store};

/// Frames as text, and what was copied.
struct Paper {
    terminal: Terminal<TestBackend>,
    shown: watch::Sender<String>,
    copied: Arc<Mutex<Vec<String>>>,
}

impl Canvas for Paper {
    fn size(&self) -> io::Result<(u16, u16)> {
        let area = self.terminal.backend().buffer().area;
        Ok((area.width, area.height))
    }

    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(render).unwrap();
        let buffer = self.terminal.backend().buffer();
        let rows = (0..buffer.area.height).map(|y| {
            let cells = (0..buffer.area.width).map(|x| buffer[(x, y)].symbol());
            cells.collect::<String>().trim_end().to_owned() + "\n"
        });
        self.shown.send_replace(rows.collect());
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.copied.lock().unwrap().push(text.to_owned());
        Ok(())
    }

    fn ring(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn title(&mut self, _words: Option<&str>) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Somebody at the screens.
pub(crate) struct Player {
    keys: UnboundedSender<io::Result<Event>>,
    shown: watch::Receiver<String>,
    copied: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<io::Result<End>>,
}

pub(crate) fn opening(home: &Home, book: &str) -> Opening {
    let runbook = gonogo::runbook::read(book);
    let store = store(home);
    let before = store.list(&Filter::default()).unwrap();
    let run = before.iter().find(|r| r.outcome.is_none());
    let run = run.map(|r| RunFiles::of(&home.path().join("state"), r.id.clone()));
    Opening {
        remembered: std::collections::BTreeMap::new(),
        settings: Settings {
            watch: WatchSettings::default(),
            messages: MessageSettings::default(),
            hooks: HookSettings::default(),
            waiting: None,
            given: std::collections::BTreeMap::new(),
            sign: gonogo::config::SignSettings::default(),
            record_dir: None,
            reading: vec![],
            check: std::collections::BTreeMap::new(),
            operator: "ada".into(),
            state_dir: home.path().join("state"),
            store: None,
            ticket: None,
            theme: ThemeName::Dark,
            palette: gonogo::config::Palette::default(),
            graph: gonogo::config::Graph::default(),
            wheel: true,
            title: true,
            keys: [].into(),
            follow_for: std::time::Duration::from_secs(1),
            reach_within: gonogo::config::REACH_WITHIN,
            parameters: [].into(),
            environments: [].into(),
        },
        store,
        path: PathBuf::from("b.md"),
        document: book.into(),
        runbook,
        agreement: gonogo::runbook::lock::Agreement::None,
        directory: home.path().to_owned(),
        environment: None,
        run,
        before,
        keys: Keymap::default(),
        window: None,
        host: Host::Processes(program(home)),
        at_once: false,
        goes_back: false,
        read_only: false,
    }
}

pub(crate) fn utf8() -> Surroundings {
    Surroundings { locale: Some("C.UTF-8".into()), term: "xterm-256color".into(), colorterm: String::new() }
}

impl Player {
    pub(crate) fn open(opening: Opening, columns: u16, rows: u16) -> Self {
        let (keys, events) = unbounded_channel();
        let (to, shown) = watch::channel(String::new());
        let copied = Arc::new(Mutex::new(vec![]));
        let terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        let mut paper = Paper { terminal, shown: to, copied: Arc::clone(&copied) };
        let task = tokio::spawn(async move {
            Box::pin(tui::run_on(&mut paper, opening, &utf8(), events, std::future::pending())).await
        });
        Self { keys, shown, copied, task }
    }

    /// Steps of a book whose only section is these commands, with the run started and the gate open.
    async fn steps(home: &Home, commands: &str) -> Self {
        let book = format!("# T\n## Steps\n```bash\n{commands}\n```\n");
        let mut player = Self::open(opening(home, &book), 100, 30);
        player.press("start in", "⏎").await;
        player.until("the steps", |t| t.contains("Enter runs it") || t.contains("The gate:")).await;
        if player.text().contains("The gate:") {
            player.press("The gate:", "⏎").await.press("Go or no-go", "g").await;
        }
        player
    }

    pub(crate) fn text(&self) -> String {
        self.shown.borrow().clone()
    }

    pub(crate) async fn until(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> &mut Self {
        let start = Instant::now();
        loop {
            if wanted(&self.shown.borrow_and_update()) {
                return self;
            }
            let left = DEADLINE.saturating_sub(start.elapsed());
            let changed = tokio::time::timeout(left, self.shown.changed()).await;
            assert!(matches!(changed, Ok(Ok(()))), "{what} did not come; the screen:\n{}", self.text());
        }
    }

    pub(crate) async fn see(&mut self, wanted: &str) -> &mut Self {
        self.until(&format!("{wanted:?}"), |t| t.contains(wanted)).await
    }

    /// Sees a text with keys that act, and presses one.
    pub(crate) async fn press(&mut self, wanted: &str, key: &str) -> &mut Self {
        self.until(&format!("{wanted:?} with live keys"), |t| {
            t.contains(wanted) && t.lines().last().is_some_and(|l| l.starts_with(' '))
        })
        .await;
        self.key(key)
    }

    pub(crate) fn key(&mut self, key: &str) -> &mut Self {
        let code = match key {
            "⏎" => KeyCode::Enter,
            "Esc" => KeyCode::Esc,
            "F8" => KeyCode::F(8),
            "PgUp" => KeyCode::PageUp,
            "PgDn" => KeyCode::PageDown,
            "↓" => KeyCode::Down,
            "↑" => KeyCode::Up,
            one => KeyCode::Char(one.chars().next().unwrap()),
        };
        self.keys.send(Ok(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)))).unwrap();
        self
    }

    /// Types into the field that has this title, after clearing it, and takes it.
    pub(crate) async fn fill(&mut self, title: &str, text: &str) -> &mut Self {
        self.see(title).await;
        let clear = KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL);
        self.keys.send(Ok(Event::Key(clear))).unwrap();
        for c in text.chars() {
            self.keys.send(Ok(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)))).unwrap();
        }
        let end: String = text.chars().skip(text.chars().count().saturating_sub(20)).collect();
        self.press(&end, "⏎").await
    }

    pub(crate) async fn leave(mut self) -> End {
        self.key("q");
        self.task.await.unwrap().unwrap()
    }
}

macro_rules! played {
    ($(#[$doc:meta])* $name:ident, $body:expr) => {
        $(#[$doc])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let home = Home::new();
            let body: fn(Home) -> _ = $body;
            body(home).await;
        }
    };
}

played!(a_command_is_changed_before_it_runs, |home| async move {
    let mut player = Player::steps(&home, "echo original").await;
    player.press("Enter runs it", "e").await;
    player.see("As in the document").await;
    player.fill("Change \"echo original", "echo changed >mark").await;
    player.press("edited  changes", "w").await.see("changed before it ran").await.key("Esc");
    player.press("Enter runs it", "⏎").await;
    player.see("All commands are settled").await;
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "changed\n");
    player.leave().await;
});

played!(what_earlier_runs_took_stands_on_start_and_on_steps, |home| async move {
    let book = "# T\n## Steps\n```bash\necho one\n```\n";
    home.write("b.md", book);
    for _ in 0..2 {
        let run = home.run(&["run", "b.md", "--headless", "--yes"]);
        assert!(run.status < 2, "{}{}", run.out, run.err);
    }
    let says = |text: &str| text.lines().any(|l| l.contains("usually ") && l.contains(" in 2 runs"));
    let mut player = Player::open(opening(&home, book), 100, 30);
    player.until("what they took on Start", |t| t.contains("start in") && says(t)).await;
    player.press("start in", "⏎").await;
    player.until("what they took on Steps", |t| t.contains("Enter runs it") && says(t)).await;
    player.leave().await;
});

played!(the_difference_is_shown_while_it_is_typed, |home| async move {
    let mut player = Player::steps(&home, "echo original").await;
    player.press("Enter runs it", "e").await.see("As in the document").await;
    player.key("x");
    player.see("- echo original").await.see("+ echo originalx").await;
    player.key("Esc").press("echo original", "q").await;
    player.leave().await;
});

played!(a_command_of_ones_own_runs_in_the_runs_shell, |home| async move {
    let mut player = Player::steps(&home, "X=from-the-run\necho two").await;
    player.press("Enter runs it", "⏎").await.press("▸· 2", "!").await;
    player.fill("A command of your own", "echo $X >mark; echo I see $X").await;
    player.see("I see from-the-run").await.see("added by hand, not in the document").await;
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap(), "from-the-run\n");
    player.press("to the next", "⏎").await.press("▸· 2", ":").await;
    // The palette takes one too; a destructive one is confirmed with its target in view.
    player.fill("What to do", "!rm -rf ./$X").await;
    player.see("$X is from-the-run").await.key("Esc");
    player.press("! destructive", "4").await;
    player.press("echo $X >mark", "o").await.see("I see from-the-run").await;
    player.key("Esc").press("by   what", "2").await;
    player.leave().await;
});

played!(going_on_later_lists_what_is_skipped, |home| async move {
    let mut player = Player::steps(&home, "echo one\necho two\necho three").await;
    player.press("Enter runs it", "↓").await.see("another command").await.key("↓").key("w");
    player.see("Why: 1/3").await.key("Esc").press("another command", "g").await;
    player.see("2 commands are skipped").await.see("  echo two").await;
    player.fill("Continue at \"echo three\": why?", "done on Monday").await;
    player.press("▸· 3", "⏎").await.see("All commands are settled").await;
    assert_eq!(player.text().matches("  skipped").count(), 2, "{}", player.text());
    player.leave().await;
});

played!(a_read_is_repeated_until_it_passes, |home| async move {
    let mut player = Player::steps(&home, "ls up\necho on").await;
    player.press("Enter runs it", "⏎").await.press("Ended: exit 2", "u").await;
    player.see("Repeated every 5 s").await;
    std::fs::write(home.path().join("up"), "").unwrap();
    player.see("passes: passed 3 times in a row").await;
    player.press("▸· 2", "⏎").await;
    player.leave().await;
});

played!(waiting_can_be_given_up, |home| async move {
    let mut player = Player::steps(&home, "ls up").await;
    player.press("Enter runs it", "u").await.see("Repeated every 5 s").await;
    player.press("F8 give it up", "F8").await.see("given up by the operator").await;
    player.leave().await;
});

played!(a_follow_command_goes_to_the_background_and_comes_back, |home| async move {
    std::fs::write(home.path().join("log"), "first line\n").unwrap();
    let mut player = Player::steps(&home, "tail -f log\necho second line >>log").await;
    player.press("Enter runs it", "⏎").await.see("first line").await;
    player.press("keep it in the background", "b").await.press("▸· 2", "⏎").await;
    player.press("All commands are settled", "p").await.see("second line").await;
    player.press("Running in the background.", "F8").await.press("End the running command", "i").await;
    player.see("ended by operator").await;
    player.leave().await;
});

played!(output_is_searched_filtered_copied_and_saved, |home| async move {
    let mut player = Player::steps(&home, "seq 1 5000; echo 'an error, refused'; seq 3").await;
    player.press("Enter runs it", "⏎").await.press("All commands are settled", "o").await;
    player.see("-5,004 of 5,004").await.key("g");
    player.see("1-24 of 5,004").await.key("/");
    player.fill("Search the output", "^49.$").await.see("/^49.$ 1/10").await;
    player.key("n").see("/^49.$ 2/10").await.key("N").see("1/10").await;
    player.key("f").see("10 only").await.key("f").see("1/10 ").await;
    player.key("e").see("/errors 1/1").await.see("an error, refused").await;
    player.key("G").see("5,004").await.key("v").see("1 selected").await.key("↑");
    player.see("2 selected").await.key("y").see("2 lines copied").await;
    assert_eq!(*player.copied.lock().unwrap(), ["2\n3"]);
    player.key("t").see(".").await.key("r").see("raw").await;
    let path = home.path().join("out.txt");
    player.press("raw", "s").await.fill("Write all 5004 lines to", path.to_str().unwrap()).await;
    player.see("lines written to").await;
    assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 5004);
    player.press("raw", "s").await.fill("Write all 5004 lines to", path.to_str().unwrap()).await;
    player.see("exists already").await;
    player.key("Esc").press("All commands are settled", "q").await;
    player.leave().await;
});

played!(output_is_followed_while_it_runs, |home| async move {
    let mut player =
        Player::steps(&home, "echo begun; until [ -e go ]; do sleep 0.05; done; seq 100; sleep 1000").await;
    player.press("Enter runs it", "⏎").await.press("It is running.", "o").await.see(": runs").await;
    std::fs::write(home.path().join("go"), "").unwrap();
    player.see("of 101").await.key("/");
    player.fill("Search the output", "^7$").await.see("/^7$ 1/1").await;
    player.press(": runs", "F8").await.press("End the running", "i").await.see("exit 130").await;
    player.key("Esc").see("Ended: exit 130").await;
    player.leave().await;
});

played!(the_document_the_palette_and_why, |home| async move {
    let mut player = Player::steps(&home, "echo one\necho two").await;
    player
        .press("Enter runs it", "5")
        .await
        .see("steps: “steps” in the heading")
        .await
        .see("▸4 $ step")
        .await;
    player.key("↓").see("▸5 $ step").await.key("⏎");
    player.see("another command").await.see("echo two").await.key(":");
    player.see("What to do").await.key("d").key("e").key("v").key("i").key("a").key("t");
    player.see("a deviation").await.key("Esc");
    player.press("another command", "w").await.see("Why: 1/2").await.key("⏎").see("▸5").await;
    player.key("Esc").see("another command").await;
    player.leave().await;
});

played!(a_viewer_sees_what_happens_and_changes_nothing, |home| async move {
    let book = "# T\n## Steps\n```bash\necho one\necho two\n```\n";
    let mut player = Player::steps(&home, "echo one\necho two").await;
    let looks = Opening { read_only: true, ..opening(&home, book) };
    let mut viewer = Player::open(looks, 100, 30);
    viewer.see("view only").await.press("echo one", "⏎").await.see("nothing can be changed here").await;
    player.press("Enter runs it", "⏎").await.see("▸· 2").await;
    viewer.see("▸· 2").await.key("o").see("exit 0 · 1 line").await.see("one").await.key("Esc");
    viewer.press("echo two", "q").await;
    viewer.leave().await;
    player.press("▸· 2", "⏎").await.see("All commands are settled").await;
    player.leave().await;
});

played!(a_command_longer_than_the_screen_is_read_to_its_end_first, |home| async move {
    let lines: Vec<String> = (1..=60).map(|n| format!("line {n}")).collect();
    let mut player = Player::steps(&home, &format!("cat >mark <<X\n{}\nX", lines.join("\n"))).await;
    player.press("Enter runs it", "⏎").await.see("longer than the screen shows").await;
    player.press("rows more; read them first", "y").await;
    while !player.text().contains("y run it") {
        player.key("↓");
        let before = player.text();
        player.until("a row", |t| t != before).await;
    }
    assert!(!home.path().join("mark").exists(), "not before all of it was on screen");
    player.press("line 60", "y").await.see("All commands are settled").await;
    assert_eq!(std::fs::read_to_string(home.path().join("mark")).unwrap().lines().count(), 60);
    player.leave().await;
});

played!(a_long_line_is_scrolled_through_and_no_line_is_passed_over, |home| async move {
    // Twelve rows of letters, then short lines: more than a screenful with the wrapping.
    let print = "printf 'a%.0s' {1..1200}; echo; for n in {1..40}; do echo \"short $n\"; done";
    let mut player = Player::steps(&home, print).await;
    player.press("Enter runs it", "⏎").await.press("All commands are settled", "o").await;
    player.see("short 40").await.key("g");
    player.see("short 12").await.key("↓").see("short 13").await.key("↓").see("short 14").await;
    player.key("↑").until("a row back", |t| !t.contains("short 14")).await;
    player.key("PgDn").see("short 36").await;
    assert!(player.text().contains("short 13"), "the last line seen whole is the first: {}", player.text());
    player.key("w").key("g").see("not wrapped").await.see("short 23").await;
    player.key("Esc").press("All commands are settled", "q").await;
    player.leave().await;
});

played!(a_secret_that_is_typed_into_a_command_is_not_recorded, |home| async move {
    let book = "# T\n## Steps\n```bash\necho \"$DB_PASSWORD\" | wc -c\n```\n";
    let mut player = Player::open(opening(&home, book), 100, 30);
    player.see("DB_PASSWORD").await.key("↑").key("↑").key("↑").key("↑").key("↑").key("↑");
    player.press("▸ DB_PASSWORD", "⏎").await.see("it is never shown").await;
    for c in "hunter2hunter2".chars() {
        player.key(&c.to_string());
    }
    player.press("**************", "⏎").await;
    player.until("the start", |t| t.contains("set ")).await.key("↓").key("↓").key("↓").key("↓").key("↓");
    player.press("▸ start in", "⏎").await.press("Enter runs it", "!").await;
    player.fill("A command of your own", "echo hunter2hunter2").await;
    player.see("write $DB_PASSWORD").await;
    player.press("Enter runs it", "⏎").await.see("15").await;
    player.press("All commands are settled", "q").await;
    player.leave().await;
    let run = std::fs::read_dir(home.path().join("state/runs")).unwrap().next().unwrap().unwrap().path();
    for file in ["journal.db", "journal.db-wal"] {
        let bytes = std::fs::read(run.join(file)).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"), "{file}");
    }
});
