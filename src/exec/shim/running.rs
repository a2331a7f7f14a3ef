//! A command while it runs: its terminal, emulator and recording.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::process::Pid;
use rustix::termios::tcsetwinsize;

use super::super::recording::{Recorded, Recorder};
use super::super::screen::{Emulator, Size};
use super::super::shell::END_MARK;
use super::message::{FromShim, Mode, Shown};
use super::own::{Own, There};
use super::stream::Stream;
use super::terminal::{drain_up_to, winsize};
use crate::mask::{Hidden, Masker};
use crate::run::Attempt;
use crate::run::verdict::clean;
use crate::runbook::CommandId;

/// Stands for an exit status that nobody saw; no process can have it.
pub(super) const UNKNOWN: i32 = i32::MIN;
/// How often a screen is given out while output comes.
const SCREEN_EVERY: Duration = Duration::from_millis(33);
/// How long the screen waits for what may be the beginning of a secret; what is kept waits until that is known.
const HELD_AT_MOST: Duration = Duration::from_millis(100);
/// How long output that a command wrote before its end may take to arrive after the end was reported.
const LATE_OUTPUT: Duration = Duration::from_millis(500);
/// How often it is looked whether a command on its way into the background has processes to stop.
const LEAVING_SEEN: Duration = Duration::from_millis(2);

/// Where a command's output goes, and what is masked in it.
pub(super) struct Output<'m> {
    /// Its recording; absent where there is no room for one.
    pub(super) recorder: Option<Recorder>,
    /// A terminal of its own, for a follow command.
    pub(super) own: Option<Own>,
    /// Knows the secrets.
    pub(super) masker: &'m Masker,
    /// It is told while it goes on.
    pub(super) watch: bool,
    /// Standard error has a terminal of its own.
    pub(super) second: bool,
    /// Its text may run a pipeline.
    pub(super) pipes: bool,
    /// It writes through something that may outlive it: `>(…)`.
    pub(super) substitutes: bool,
}

/// Of standard output, in bytes, what a verdict can be formed on.
const MOST_OUTPUT: usize = 256 * 1024;
/// The same of standard error.
const MOST_ERROR: usize = 32 * 1024;
/// So many of the last lines are told of a way into a place that led nowhere.
const LAST_LINES: usize = 3;
/// So many characters of them.
const MOST_TOLD: usize = 400;
/// How often what a command that goes on has shown is given out at most.
const SHOWN_EVERY: Duration = Duration::from_millis(200);

/// What is kept of a stream for verdicts: its beginning, or its end where it goes on.
#[derive(Debug, Default)]
struct Kept {
    bytes: Vec<u8>,
    cut: bool,
}

impl Kept {
    fn add(&mut self, bytes: &[u8], most: usize, goes_on: bool) {
        let room = if goes_on { bytes.len() } else { most.saturating_sub(self.bytes.len()).min(bytes.len()) };
        self.cut |= room < bytes.len();
        self.bytes.extend_from_slice(&bytes[..room]);
        if goes_on && self.bytes.len() > 2 * most {
            let from = self.bytes.len() - most;
            let line = self.bytes[from..].iter().position(|b| *b == b'\n').map_or(from, |at| from + at + 1);
            self.bytes.drain(..line);
            self.cut = true;
        }
    }
}

/// A command while it runs.
pub(super) struct Running {
    pub(super) command: CommandId,
    pub(super) attempt: Attempt,
    pub(super) mode: Mode,
    pub(super) started: Instant,
    pub(super) full_screen: bool,
    /// It had the whole screen at some time: what it wrote is no text.
    drew_screens: bool,
    /// A terminal of its own, for a follow command.
    pub(super) own: Option<Own>,
    /// Its processes, once it is in the background, and what tells that they are gone.
    pub(super) group: Option<Pid>,
    pub(super) gone: Option<OwnedFd>,
    /// It was stopped to go into the background; the prompt is not back yet.
    pub(super) leaving: bool,
    /// It was seen to open a shell.
    pub(super) opened: bool,
    /// When it was looked for that.
    pub(super) looked: Option<Instant>,
    /// The status that its last words told, where it goes on in the background.
    pub(super) told: Option<i32>,
    /// Its end, reported by the shell, while its last output is still on the way.
    pub(super) ended: Option<(i32, Instant)>,
    /// What the stages of its last pipeline ended with.
    pub(super) stages: Vec<i32>,
    /// Its text may run a pipeline, of which each stage has a status that says something.
    pub(super) pipes: bool,
    /// It writes through something that may outlive it.
    pub(super) substitutes: bool,
    /// It was to lead to another place, and has.
    pub(super) reached: bool,
    kept: [Kept; 2],
    second: bool,
    /// What it shows is told while it goes on.
    watch: bool,
    /// There is something new in what was kept, and when that was last given out.
    kept_new: bool,
    kept_given: Instant,
    emulator: Emulator,
    recorder: Option<Recorder>,
    maskers: [Masker; 2],
    /// Since when what may be the beginning of a secret is held back, without anything coming after it, and whether
    /// the screen shows a mask for it.
    held: Instant,
    held_shown: bool,
    streams: [Stream; 2],
    dirty: bool,
    shown: Instant,
    bytes: u64,
}

impl Running {
    pub(super) fn new(which: (CommandId, Attempt), mode: Mode, size: Size, output: Output<'_>) -> Self {
        let now = Instant::now();
        let (command, attempt) = which;
        // Who types into a program has to see what they type.
        let typed = mode.takes_keyboard();
        let masker = if typed { output.masker.declared_only() } else { output.masker.clone() };
        let mut recorder = output.recorder;
        if let Some(recorder) = &mut recorder {
            recorder.size(size);
        }
        Self {
            command,
            attempt,
            mode,
            started: now,
            full_screen: false,
            drew_screens: false,
            own: output.own,
            group: None,
            gone: None,
            leaving: false,
            opened: false,
            looked: None,
            told: None,
            ended: None,
            stages: Vec::new(),
            pipes: output.pipes,
            substitutes: output.substitutes,
            reached: false,
            kept: [Kept::default(), Kept::default()],
            second: output.second,
            watch: output.watch,
            kept_new: false,
            kept_given: now,
            emulator: Emulator::live(size),
            recorder,
            maskers: [masker.clone(), masker],
            held: now,
            held_shown: false,
            streams: [Stream::default(), Stream::default()],
            dirty: true,
            shown: now,
            bytes: 0,
        }
    }

    /// Its own terminal's side of ours, where it has one.
    pub(super) fn master(&self) -> Option<&OwnedFd> {
        self.own.as_ref().map(|own| &own.terminal().master)
    }

    /// The side that its terminal is on, where that is another one.
    pub(super) fn there(&self) -> Option<&There> {
        self.own.as_ref()?.there()
    }

    /// The same, to be changed.
    pub(super) fn there_mut(&mut self) -> Option<&mut There> {
        self.own.as_mut()?.there_mut()
    }

    /// What tells that it is gone, where it runs by itself.
    pub(super) fn gone(&self) -> Option<&OwnedFd> {
        self.gone.as_ref().or_else(|| self.there()?.ended().filter(|_| self.ended.is_none()))
    }

    /// Forgets that its marks came by: others are on their way.
    pub(super) fn wait_for_marks(&mut self) {
        self.streams.iter_mut().for_each(|s| s.mark_seen = false);
    }

    /// Marks the end of what was written so far to its own terminal, once nothing more comes from its first process.
    pub(super) fn mark_end(&self) {
        // What runs on a terminal elsewhere does that itself.
        if let Some(Own::Here(own)) = self.own.as_ref().filter(|_| self.gone.is_none() && !self.leaving)
            && let Ok(marker) = own.unblocked()
        {
            let _full = rustix::io::write(&marker, END_MARK);
        }
    }

    pub(super) fn add_secret(&mut self, name: &str, value: &str) {
        self.maskers.iter_mut().for_each(|m| m.add(value, Hidden::Declared(name.to_owned())));
    }

    /// When something is due, at the latest.
    pub(super) fn due_in(&self) -> Option<Duration> {
        let shown = self.dirty.then(|| SCREEN_EVERY.saturating_sub(self.shown.elapsed()));
        let held = self.holds_unseen().then(|| HELD_AT_MOST.saturating_sub(self.held.elapsed()));
        let ended = self.ended.map(|(_, since)| LATE_OUTPUT.saturating_sub(since.elapsed()));
        let leaving = (self.leaving && self.group.is_none()).then_some(LEAVING_SEEN);
        let kept =
            (self.kept_new && self.watch).then(|| SHOWN_EVERY.saturating_sub(self.kept_given.elapsed()));
        let comes = self.there().and_then(|there| there.due_in(Instant::now()));
        [shown, held, ended, leaving, kept, comes].into_iter().flatten().min()
    }

    /// Takes bytes of a stream; what the program asks its terminal is answered at `terminal`.
    pub(super) fn feed(
        &mut self,
        stream: usize,
        chunk: &[u8],
        terminal: &OwnedFd,
        report: &dyn Fn(FromShim),
    ) {
        let bytes = self.streams[stream].feed(chunk);
        let goes_on = self.watch || self.mode == Mode::Follow;
        let most = if stream == 0 { MOST_OUTPUT } else { MOST_ERROR };
        self.kept[stream].add(&bytes, if goes_on { MOST_OUTPUT / 4 } else { most }, goes_on);
        self.kept_new = true;
        let bytes = self.maskers[stream].feed(&bytes);
        (self.held, self.held_shown) = (Instant::now(), false);
        let answers = self.show(stream, &bytes, report);
        // What asked has ended: the answer would be read as a command.
        if !answers.is_empty() && self.ended.is_none() {
            let _full = rustix::io::write(terminal, &answers);
        }
    }

    /// Reads what its own terminal has, a bounded amount at a time.
    pub(super) fn read_own(&mut self, report: &dyn Fn(FromShim)) {
        let Some(mut own) = self.own.take() else { return };
        let mut chunk = Vec::new();
        drain_up_to(&own.terminal().master, 256 * 1024, |bytes| chunk.extend_from_slice(bytes));
        let (chunk, status) = own.shows(chunk);
        if !chunk.is_empty() {
            self.feed(0, &chunk, &own.terminal().master, report);
        }
        self.ended = self.ended.or_else(|| status.map(|status| (status, Instant::now())));
        self.own = Some(own);
    }

    fn show(&mut self, stream: usize, bytes: &[u8], report: &dyn Fn(FromShim)) -> Vec<u8> {
        if bytes.is_empty() {
            return vec![];
        }
        self.bytes += bytes.len() as u64;
        self.emulator.feed(stream, bytes);
        self.dirty = true;
        if let Some(recorder) = &mut self.recorder {
            // Recording never outranks the command: it goes on, and the gap is recorded elsewhere.
            if let Err(error) = recorder.write(stream, bytes) {
                let (command, attempt, why) = (self.command.clone(), self.attempt, error.to_string());
                report(FromShim::Unrecorded { command, attempt, why });
            }
            let alternate = self.emulator.alternate();
            if alternate && recorder.wants_keyframe() && between_sequences(bytes) {
                recorder.keyframe(self.emulator.screen());
            }
        }
        self.emulator.take_answers()
    }

    /// Whether what it shows is told while it goes on.
    pub(super) fn is_watched(&self) -> bool {
        self.watch
    }

    /// How long nothing has come from it.
    pub(super) fn quiet_for(&self) -> Duration {
        self.held.elapsed()
    }

    /// Gives its screen out once more, for somebody who has not seen it.
    pub(super) fn show_again(&mut self) {
        (self.dirty, self.kept_new) = (true, true);
    }

    /// Whether it took or left the whole screen since this was last asked.
    pub(super) fn full_screen_changed(&mut self) -> bool {
        let now = self.emulator.alternate();
        self.drew_screens |= now;
        let changed = std::mem::replace(&mut self.full_screen, now) != now;
        if let Some(recorder) = self.recorder.as_mut().filter(|_| changed) {
            recorder.keyframe_soon();
        }
        changed
    }

    pub(super) fn resize(&mut self, size: Size) {
        if let Some(own) = &self.own {
            let _kept = tcsetwinsize(&own.terminal().slave, winsize(size));
        }
        self.emulator.resize(size);
        if let Some(recorder) = &mut self.recorder {
            recorder.size(size);
        }
        self.dirty = true;
    }

    /// Whether all of its output was read: its marks came by, or it is too late for them.
    pub(super) fn all_read(&self) -> bool {
        if self.there().is_some_and(|there| !there.free) {
            return false;
        }
        let one = self.own.is_some() || !self.second;
        let streams = if one { &self.streams[..1] } else { &self.streams[..] };
        self.ended
            .is_some_and(|(_, since)| streams.iter().all(|s| s.mark_seen) || since.elapsed() >= LATE_OUTPUT)
    }

    /// What time brings: held bytes, and a screen where there is something new.
    pub(super) fn tick(&mut self, report: &dyn Fn(FromShim)) {
        if self.holds_unseen() && self.held.elapsed() >= HELD_AT_MOST {
            (self.held_shown, self.dirty) = (true, true);
        }
        if self.dirty && self.shown.elapsed() >= SCREEN_EVERY {
            self.give_screen(report);
        }
        if self.kept_new && self.watch && self.kept_given.elapsed() >= SHOWN_EVERY {
            self.kept_new = false;
            self.kept_given = Instant::now();
            if let Some(shown) = self.shown() {
                report(FromShim::Shown { command: self.command.clone(), attempt: self.attempt, shown });
            }
        }
    }

    /// What verdicts are formed on; nothing of a program that draws screens or takes the keyboard.
    pub(super) fn shown(&self) -> Option<Box<Shown>> {
        if self.mode.takes_keyboard() || self.drew_screens {
            return None;
        }
        Some(Box::new(Shown {
            output: clean(&self.kept[0].bytes),
            whole: !self.kept[0].cut,
            error: clean(&self.kept[1].bytes),
            stages: self.stages.clone(),
            merged: !self.second && self.own.is_none(),
            writing: false,
        }))
    }

    /// What its terminal showed last, where it was to lead to another place and did not.
    pub(super) fn unreached(&self) -> Option<String> {
        if self.reached || !self.mode.leads_through() {
            return None;
        }
        let shown = self.kept.iter().map(|kept| clean(&kept.bytes)).collect::<Vec<_>>().join("\n");
        let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut last: Vec<String> =
            shown.lines().rev().map(line).filter(|l| !l.is_empty()).take(LAST_LINES).collect();
        last.reverse();
        Some(last.join(" / ").chars().take(MOST_TOLD).collect())
    }

    /// Whether something is held back that the screen shows nothing of.
    fn holds_unseen(&self) -> bool {
        !self.held_shown && self.maskers.iter().any(Masker::holds)
    }

    fn give_held(&mut self, report: &dyn Fn(FromShim)) {
        for stream in 0..2 {
            let held = self.maskers[stream].flush();
            self.show(stream, &held, report);
        }
    }

    fn give_screen(&mut self, report: &dyn Fn(FromShim)) {
        self.dirty = false;
        self.shown = Instant::now();
        let hidden: Vec<Hidden> = self.maskers.iter_mut().flat_map(Masker::take_hidden).collect();
        if !hidden.is_empty() {
            report(FromShim::Masked { command: self.command.clone(), attempt: self.attempt, hidden });
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.flush_index();
        }
        let mut screen = self.emulator.screen();
        screen.bytes = self.bytes;
        for masker in self.maskers.iter().filter(|_| self.held_shown) {
            screen.type_ahead(&masker.pending());
        }
        report(FromShim::Screen { command: self.command.clone(), screen: Box::new(screen) });
    }

    /// Gives out what is left and ends the recording.
    pub(super) fn finish(mut self, report: &dyn Fn(FromShim)) -> Recorded {
        self.give_held(report);
        self.give_screen(report);
        match self.recorder.take().map(Recorder::finish) {
            Some(Ok(recorded)) => recorded,
            Some(Err(error)) => {
                let (command, attempt, why) = (self.command, self.attempt, error.to_string());
                report(FromShim::Unrecorded { command, attempt, why });
                Recorded::default()
            }
            None => Recorded::default(),
        }
    }
}

/// Whether a stream may be cut after these bytes: no character and no escape sequence goes on beyond them.
fn between_sequences(bytes: &[u8]) -> bool {
    /// Longer ones are not waited for.
    const LONGEST: usize = 256;
    let end = &bytes[bytes.len().saturating_sub(LONGEST)..];
    if end.last().is_none_or(|b| !b.is_ascii()) {
        return false;
    }
    let Some(escape) = end.iter().rposition(|b| *b == 0x1b) else { return true };
    match end[escape + 1..].split_first() {
        None => false,
        // A control sequence ends with its final byte (ECMA-48, 5.4).
        Some((b'[', rest)) => rest.iter().any(|b| (0x40..0x7f).contains(b)),
        // A string ends with BEL, or with an escape of its own.
        Some((b']' | b'P' | b'_' | b'^' | b'X', rest)) => rest.contains(&7),
        Some((b'(' | b')' | b'*' | b'+' | b'#' | b' ' | b'%', rest)) => !rest.is_empty(),
        Some(_) => true,
    }
}

#[cfg(test)]
pub(super) mod tests;
