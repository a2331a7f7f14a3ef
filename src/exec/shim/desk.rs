//! What a place has reported and nobody has taken, and who takes it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ledger::Book;
use super::message::{FromShim, Report};
use crate::exec::ExecError;
use crate::run::Attempt;
use crate::runbook::CommandId;
use crate::wire::Outbox;

/// What waits to be taken, and who takes it.
pub(super) struct Desk {
    state: Mutex<State>,
}

struct State {
    book: Book,
    /// The number of the last report that must arrive.
    last: u64,
    /// Reports that were not taken, in order.
    waiting: VecDeque<Report>,
    /// Commands that were handed over and have not ended.
    live: BTreeSet<(CommandId, Attempt)>,
    owner: Option<Arc<Outbox<Report>>>,
    /// What the next owner is told beside that.
    remark: Option<String>,
}

fn screen_of(report: &Report) -> Option<&CommandId> {
    match &report.report {
        FromShim::Screen { command, .. } => Some(command),
        _ => None,
    }
}

impl Desk {
    /// With nothing on it.
    pub(super) fn new(book: Book) -> Self {
        let state = State {
            book,
            last: 0,
            waiting: VecDeque::new(),
            live: BTreeSet::new(),
            owner: None,
            remark: None,
        };
        Self { state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a report of the place: noted first where it must arrive, then told.
    pub(super) fn report(&self, mut report: FromShim) {
        let mut state = self.lock();
        let mut number = None;
        if let FromShim::Standing { live, .. } = &mut report {
            // What waits for the shell was handed over as well.
            *live = state.live.iter().cloned().collect();
        }
        if report.must_arrive() {
            state.last += 1;
            number = Some(state.last);
            if let FromShim::Exited { command, attempt, .. } | FromShim::Lost { command, attempt, .. } =
                &report
            {
                state.live.remove(&(command.clone(), *attempt));
            }
            let last = state.last;
            let noted = state.book.reported(last, &report);
            state.trouble(noted);
            state.waiting.push_back(Report { number, report: report.clone() });
        }
        state.tell(Report { number, report });
    }

    /// A command is about to be handed to the shell: that is noted first.
    pub(super) fn began(&self, command: &CommandId, attempt: Attempt) {
        let mut state = self.lock();
        state.live.insert((command.clone(), attempt));
        let noted = state.book.began(command, attempt);
        state.trouble(noted);
    }

    /// Reports up to this number are durable with the owner.
    pub(super) fn taken(&self, upto: u64) {
        let mut state = self.lock();
        state.waiting.retain(|r| r.number > Some(upto));
        let noted = state.book.taken(upto);
        state.trouble(noted);
        if state.waiting.is_empty() && state.live.is_empty() {
            state.book.settle();
        }
    }

    /// Somebody new owns the run: what waits comes first.
    pub(super) fn open(&self) -> Arc<Outbox<Report>> {
        let outbox = Arc::new(Outbox::new(screen_of));
        let mut state = self.lock();
        for report in &state.waiting {
            outbox.push(report.clone());
        }
        if let Some(words) = state.remark.take() {
            outbox.push(Report { number: None, report: FromShim::Trouble(words) });
        }
        state.owner = Some(Arc::clone(&outbox));
        outbox
    }

    /// Says something on which no record depends, while nobody owns the run: the next owner hears it.
    pub(super) fn remark(&self, words: String) {
        self.lock().remark = Some(words);
    }

    /// Nobody owns the run any more: what must arrive waits.
    pub(super) fn close(&self) {
        self.lock().owner = None;
    }
}

impl State {
    fn tell(&self, report: Report) {
        if let Some(owner) = &self.owner {
            owner.push(report);
        }
    }

    /// Noting never outranks running: it is said, and goes on.
    fn trouble(&self, noted: Result<(), ExecError>) {
        if let Err(error) = noted {
            self.tell(Report { number: None, report: FromShim::Trouble(error.to_string()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::super::ledger::Ledger;
    use super::super::message::Shown;
    use super::*;
    use crate::run::{Exit, Place};

    fn command(id: &str) -> CommandId {
        CommandId(id.into())
    }

    fn exited(id: &str, shown: Option<&str>) -> FromShim {
        let shown = shown.map(|output| Box::new(Shown { output: output.into(), ..Shown::default() }));
        FromShim::Exited {
            command: command(id),
            attempt: Attempt(1),
            exit: Exit::Status(0),
            elapsed: Duration::ZERO,
            bytes: 0,
            place: Place::default(),
            shown,
            seal: None,
            unreached: None,
        }
    }

    fn captured(name: &str) -> FromShim {
        FromShim::Captured { name: name.into(), value: "1".into(), command: command("1/1") }
    }

    fn standing() -> FromShim {
        FromShim::Standing { shell: None, live: vec![], secrets: [].into(), beside: Box::default() }
    }

    /// A desk with its ledger in a directory of its own.
    struct Office {
        desk: Desk,
        ledger: PathBuf,
        _directory: tempfile::TempDir,
    }

    impl Office {
        fn open() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let ledger = directory.path().join("ledger.jsonl");
            let desk = Desk::new(Book::create(&ledger).unwrap());
            Self { desk, ledger, _directory: directory }
        }

        fn known(&self) -> Ledger {
            Ledger::read(&self.ledger).unwrap()
        }
    }

    /// What waits for an owner, by number and in a few words.
    fn told(owner: &Outbox<Report>) -> Vec<(Option<u64>, String)> {
        let reports = std::iter::from_fn(|| owner.ready());
        reports.map(|r| (r.number, words(&r.report))).collect()
    }

    fn words(report: &FromShim) -> String {
        match report {
            FromShim::Exited { command, shown, .. } => {
                format!("exited {command} {}", shown.as_ref().map_or("-", |s| s.output.as_str()))
            }
            FromShim::Captured { name, .. } => format!("captured {name}"),
            FromShim::Trouble(words) => format!("trouble {words}"),
            FromShim::Standing { live, .. } => {
                let live: Vec<String> = live.iter().map(|(command, _)| command.to_string()).collect();
                format!("live {}", live.join(" "))
            }
            other => format!("{other:?}"),
        }
    }

    fn pair(number: u64, words: &str) -> (Option<u64>, String) {
        (Some(number), words.into())
    }

    #[test]
    fn what_the_record_depends_on_is_numbered_and_in_the_ledger_before_it_is_told() {
        let office = Office::open();
        let owner = office.desk.open();
        office.desk.report(captured("A"));
        office.desk.report(FromShim::Trouble("x".into()));
        office.desk.report(captured("B"));
        let reports = office.known().reports;
        assert_eq!(reports.iter().map(words).collect::<Vec<_>>(), ["captured A", "captured B"]);
        let expected = [pair(1, "captured A"), (None, "trouble x".into()), pair(2, "captured B")];
        assert_eq!(told(&owner), expected);
    }

    #[test]
    fn what_was_shown_is_told_and_never_on_disk() {
        let office = Office::open();
        let owner = office.desk.open();
        office.desk.report(exited("1/1", Some("hunter2")));
        assert_eq!(told(&owner), [pair(1, "exited 1/1 hunter2")]);
        assert_eq!(office.known().reports.iter().map(words).collect::<Vec<_>>(), ["exited 1/1 -"]);
        let bytes = std::fs::read_to_string(&office.ledger).unwrap();
        assert!(!bytes.contains("hunter2"), "{bytes}");
    }

    #[test]
    fn a_report_that_was_not_taken_is_told_to_each_owner_with_the_same_number() {
        let office = Office::open();
        let first = office.desk.open();
        office.desk.report(captured("A"));
        assert_eq!(told(&first), [pair(1, "captured A")]);
        office.desk.close();
        office.desk.report(captured("B"));
        assert!(told(&first).is_empty(), "who has left hears nothing");
        for _ in 0..2 {
            let next = office.desk.open();
            assert_eq!(told(&next), [pair(1, "captured A"), pair(2, "captured B")]);
            office.desk.close();
        }
    }

    #[test]
    fn a_taken_number_drops_all_up_to_it_and_nothing_beyond() {
        let office = Office::open();
        for name in ["A", "B", "C"] {
            office.desk.report(captured(name));
        }
        office.desk.taken(2);
        assert_eq!(told(&office.desk.open()), [pair(3, "captured C")]);
        assert_eq!(office.known().reports.iter().map(words).collect::<Vec<_>>(), ["captured C"]);
        // The same number once more, and one from before, change nothing.
        office.desk.taken(2);
        office.desk.taken(1);
        assert_eq!(told(&office.desk.open()), [pair(3, "captured C")]);
        office.desk.report(captured("D"));
        office.desk.taken(4);
        assert!(told(&office.desk.open()).is_empty());
        assert!(office.known().reports.is_empty());
    }

    #[test]
    fn what_was_handed_over_counts_as_live_until_its_end_is_reported() {
        let office = Office::open();
        office.desk.began(&command("1/1"), Attempt(1));
        office.desk.began(&command("1/2"), Attempt(1));
        let owner = office.desk.open();
        office.desk.report(standing());
        office.desk.report(exited("1/1", None));
        office.desk.report(standing());
        let lost = FromShim::Lost { command: command("1/2"), attempt: Attempt(1), why: "x".into() };
        office.desk.report(lost);
        office.desk.report(standing());
        let live: Vec<String> =
            told(&owner).into_iter().filter(|(number, _)| number.is_none()).map(|(_, words)| words).collect();
        assert_eq!(live, ["live 1/1 1/2", "live 1/2", "live "]);
        assert!(office.known().began(&command("1/1"), Attempt(1)));
    }

    #[test]
    fn a_ledger_that_can_t_be_written_is_told_and_nothing_is_held_up() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("ledger.jsonl");
        std::os::unix::fs::symlink("/dev/full", &path).unwrap();
        let desk = Desk::new(Book::create(&path).unwrap());
        let owner = desk.open();
        desk.began(&command("1/1"), Attempt(1));
        desk.report(captured("A"));
        let told = told(&owner);
        assert!(told[0].1.starts_with("trouble could not write"), "{told:?}");
        assert_eq!(told[1..], [pair(1, "captured A")], "said once");
        assert!(Ledger::read(&path).is_none(), "half of a ledger must not be believed");
    }

    #[test]
    fn a_remark_waits_for_the_next_owner_and_is_told_once() {
        let office = Office::open();
        office.desk.report(captured("A"));
        office.desk.remark("no room for a connection".into());
        let remark = (None, "trouble no room for a connection".to_owned());
        assert_eq!(told(&office.desk.open()), [pair(1, "captured A"), remark]);
        assert_eq!(told(&office.desk.open()), [pair(1, "captured A")]);
    }
}
