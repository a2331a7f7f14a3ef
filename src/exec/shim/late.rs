//! Output that arrives while nothing runs: of a background job, or of what stands behind `>(…)`. It is the earlier
//! command's, and is told as that.

use std::time::{Duration, Instant};

use super::message::FromShim;
use super::stream::Stream;
use crate::mask::Masker;
use crate::run::Attempt;
use crate::run::verdict::clean;
use crate::runbook::CommandId;

/// How long it is gathered: a line of a job is told whole.
const GATHERED: Duration = Duration::from_millis(100);
/// So much of it is kept between two commands.
const MOST: usize = 32 * 1024;

/// What came since the last command ended.
#[derive(Default)]
pub(super) struct Late {
    /// The command that ran last.
    after: Option<(CommandId, Attempt)>,
    streams: [Stream; 2],
    bytes: Vec<u8>,
    /// What may be the beginning of a secret waits for what comes.
    masker: Masker,
    /// More came than is kept.
    cut: bool,
    since: Option<Instant>,
}

impl Late {
    /// What comes from now on is this command's.
    pub(super) fn of(command: &CommandId, attempt: Attempt) -> Self {
        Self { after: Some((command.clone(), attempt)), ..Self::default() }
    }

    /// Takes bytes; they are nobody's where no command has run.
    pub(super) fn came(&mut self, stream: usize, bytes: &[u8], now: Instant) {
        if self.after.is_none() {
            return;
        }
        let shown = self.streams[stream].feed(bytes);
        let room = MOST.saturating_sub(self.bytes.len()).min(shown.len());
        self.cut |= room < shown.len();
        self.bytes.extend_from_slice(&shown[..room]);
        if !self.bytes.is_empty() {
            self.since.get_or_insert(now);
        }
    }

    /// When what has come is to be told.
    pub(super) fn due_in(&self, now: Instant) -> Option<Duration> {
        self.since.map(|since| GATHERED.saturating_sub(now.saturating_duration_since(since)))
    }

    /// What is to be told, once it is due or where something else begins.
    pub(super) fn tell(&mut self, at_once: bool, masker: &Masker, now: Instant) -> Vec<FromShim> {
        let due = self.due_in(now).is_some_and(|left| at_once || left.is_zero());
        let waits = at_once && self.masker.holds();
        if !(due || waits) {
            return vec![];
        }
        let Some((command, attempt)) = self.after.clone() else { return vec![] };
        self.masker.know(masker);
        let mut shown = self.masker.feed(&self.bytes);
        if at_once {
            shown.extend(self.masker.flush());
        }
        let mut text = clean(&shown);
        if self.cut {
            text.push_str("\n… and more, which was not kept");
        }
        let mut masker = std::mem::take(&mut self.masker);
        let hidden = masker.take_hidden();
        *self = Self { masker, ..Self::of(&command, attempt) };
        let hides =
            (!hidden.is_empty()).then(|| FromShim::Masked { command: command.clone(), attempt, hidden });
        let late = (!text.trim().is_empty()).then_some(FromShim::Late { command, attempt, text });
        hides.into_iter().chain(late).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::shell::END_MARK;
    use super::*;
    use crate::mask::Hidden;

    fn of_one() -> Late {
        Late::of(&CommandId("1/1".into()), Attempt(2))
    }

    fn text(told: Vec<FromShim>) -> String {
        match told.as_slice() {
            [.., FromShim::Late { command, attempt, text }] => {
                assert_eq!((command.to_string().as_str(), *attempt), ("1/1", Attempt(2)));
                text.clone()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn it_is_gathered_and_told_as_the_earlier_command_s() {
        let (mut late, masker, now) = (of_one(), Masker::default(), Instant::now());
        assert_eq!(late.due_in(now), None, "nothing has come");
        late.came(0, b"half a li", now);
        let later = now + GATHERED / 2;
        assert!(late.tell(false, &masker, later).is_empty(), "the rest of the line may be on its way");
        late.came(0, b"ne\n", later);
        assert_eq!(late.due_in(later), Some(GATHERED / 2), "counted from the first byte");
        assert_eq!(text(late.tell(false, &masker, now + GATHERED)).trim_end(), "half a line");
        assert!(late.tell(true, &masker, now + GATHERED).is_empty(), "told once");
        // What comes after that is still this command's.
        late.came(1, b"more\n", now + GATHERED);
        assert_eq!(text(late.tell(true, &masker, now + GATHERED)).trim_end(), "more");
    }

    #[test]
    fn before_any_command_it_is_nobody_s() {
        let (mut late, now) = (Late::default(), Instant::now());
        late.came(0, b"welcome\n", now);
        assert_eq!(late.due_in(now), None);
        assert!(late.tell(true, &Masker::default(), now).is_empty());
    }

    #[test]
    fn marks_and_blank_lines_are_not_told() {
        let (mut late, now) = (of_one(), Instant::now());
        let (first, rest) = END_MARK.split_at(4);
        late.came(0, first, now);
        late.came(0, &[rest, b"\r\n".as_slice()].concat(), now);
        assert!(late.tell(true, &Masker::default(), now).is_empty());
    }

    #[test]
    fn secrets_are_masked_and_what_is_too_much_is_said() {
        let (mut late, mut masker, now) = (of_one(), Masker::default(), Instant::now());
        masker.add("correct-horse", Hidden::Placed);
        late.came(0, b"it is correct-horse\n", now);
        late.came(0, &vec![b'x'; MOST], now);
        let told = text(late.tell(true, &masker, now));
        assert!(told.starts_with("it is *************"), "{told:.40}");
        assert!(told.ends_with("… and more, which was not kept"));
        assert!(told.len() < MOST + 100, "{}", told.len());
    }

    #[test]
    fn a_secret_in_parts_waits_for_its_end() {
        let (mut late, mut masker, now) = (of_one(), Masker::default(), Instant::now());
        masker.add("correct-horse", Hidden::Placed);
        late.came(0, b"it is correct", now);
        assert_eq!(text(late.tell(false, &masker, now + GATHERED)).trim_end(), "it is");
        late.came(0, b"-horse\n", now + GATHERED);
        let told = text(late.tell(false, &masker, now + GATHERED * 3));
        assert_eq!(told.trim_end(), "*************");
        late.came(0, b"cor", now + GATHERED * 3);
        assert!(late.tell(false, &masker, now + GATHERED * 5).is_empty());
        assert_eq!(
            text(late.tell(true, &masker, now + GATHERED * 5)).trim_end(),
            "cor",
            "something else begins"
        );
    }
}
