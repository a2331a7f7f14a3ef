//! What `/proc` tells about processes (proc(5)).

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::spawn::{SHELL_WORDS, wait_readable};
use crate::run::event::{ProcessIdentity, Survivor};

/// How long processes that were hung up get to end before they count as survivors.
const TO_END: Duration = Duration::from_millis(500);

/// So much of a file is read at once: more than the words of most processes.
const ONE_READING: usize = 64 * 1024;

/// Fields of `/proc/PID/stat` from the third on: the name before them, in brackets, may hold spaces.
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(text.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// The signals that this process ignores, a bit each (proc(5), `SigIgn`).
pub fn ignored_signals() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Process id, start time and boot id, so that a reused number is not taken for the same process.
pub fn identity(pid: u32) -> ProcessIdentity {
    // The start time is field 22.
    let started = stat(pid).and_then(|fields| fields.get(19)?.parse().ok());
    ProcessIdentity { pid, started: started.unwrap_or(0), boot: boot() }
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// The group that a process belongs to: field 5.
pub(super) fn group(pid: u32) -> Option<u32> {
    stat(pid)?.get(2)?.parse().ok()
}

/// The group that has the terminal of a process: field 8.
pub(super) fn terminal_group(pid: u32) -> Option<u32> {
    stat(pid)?.get(5)?.parse().ok()
}

/// The processes that a process has started and not waited for (proc(5), `/proc/pid/task/tid/children`).
pub(super) fn children(pid: u32) -> Vec<u32> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// Page faults of the children that a process has waited for: field 11, which no child leaves as it was.
pub(super) fn reaped(pid: u32) -> u64 {
    stat(pid).and_then(|fields| fields.get(8)?.parse().ok()).unwrap_or(0)
}

/// The words that a process was started with.
pub(super) fn words(pid: u32) -> Vec<String> {
    let line = File::open(format!("/proc/{pid}/cmdline")).map_or(vec![], in_one_go);
    let words = line.split(|b| *b == 0).filter(|w| !w.is_empty());
    words.map(|w| String::from_utf8_lossy(w).into_owned()).collect()
}

/// A file in as few readings as can be: a process that ends between two of them leaves a part that looks like a whole.
fn in_one_go(mut file: impl Read) -> Vec<u8> {
    let mut found = Vec::new();
    let mut part = vec![0; ONE_READING];
    while let Ok(length) = file.read(&mut part)
        && length > 0
    {
        found.extend(part.get(..length).unwrap_or_default());
    }
    found
}

/// What a process was started with, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// Its words, empty ones as well.
    pub words: Vec<String>,
    /// Its directory.
    pub directory: PathBuf,
    /// Its variables.
    pub environment: Vec<(String, String)>,
}

/// Those of a process of our own; nothing of another user's, or of one that is gone.
pub(super) fn launch(pid: u32) -> Option<Launch> {
    let read = |name: &str| {
        let text = std::fs::read(format!("/proc/{pid}/{name}")).ok()?;
        let text = String::from_utf8(text).ok()?;
        Some(text.split_terminator('\0').map(str::to_owned).collect::<Vec<_>>())
    };
    let variable =
        |entry: String| entry.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    let environment = read("environ")?.into_iter().filter_map(variable).collect();
    let directory = std::fs::read_link(format!("/proc/{pid}/cwd")).ok()?;
    Some(Launch { words: read("cmdline")?, directory, environment })
}

/// How often a process had a turn on a processor: the third field of `/proc/PID/schedstat`.
pub(super) fn turns(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
    text.split_whitespace().nth(2).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// The process of a run that works in a directory and was stopped (`T` in the first field): nothing wakes it but CONT.
pub fn stopped(kind: &str, directory: &Path) -> Option<u32> {
    let works = |pid: &u32| matches!(&words(*pid)[..], [_, verb, at, ..] if verb == kind && Path::new(at) == directory);
    all().filter(works).find(|pid| stat(*pid).is_some_and(|fields| fields.first().is_some_and(|s| s == "T")))
}

/// All process ids there are.
pub(super) fn all() -> impl Iterator<Item = u32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// What is still there of a run whose shell is gone: processes that carry its mark in their environment.
/// Those that are only just ending are waited for. Of their words only the first is told, and what may be.
pub fn survivors(run: &str, may_be_told: &dyn Fn(&str) -> bool) -> Vec<Survivor> {
    let mark = format!("GONOGO_RUN={run}");
    let marked = |pid: &u32| {
        let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        let ours = |variable: &[u8]| {
            variable
                .strip_prefix(mark.as_bytes())
                .is_some_and(|rest| matches!(rest.first(), None | Some(b':')))
        };
        environment.split(|b| *b == 0).any(ours)
    };
    let open = |pid: u32| {
        let id = Pid::from_raw(i32::try_from(pid).ok()?)?;
        Some((pid, pidfd_open(id, PidfdFlags::empty()).ok()?))
    };
    let found: Vec<(u32, OwnedFd)> = all().filter(marked).filter_map(open).collect();
    let until = Instant::now() + TO_END;
    let lives =
        |fd: &OwnedFd| wait_readable(&[fd], Some(until.saturating_duration_since(Instant::now()))) == [false];
    found.into_iter().filter(|(_, fd)| lives(fd)).map(|(pid, _)| survivor(pid, may_be_told)).collect()
}

/// The words of a process as they may be recorded: the first one, and what may be told.
pub fn told<'w>(words: impl Iterator<Item = &'w str>, may_be_told: &dyn Fn(&str) -> bool) -> String {
    let one = |(at, word): (usize, &'w str)| if at == 0 || may_be_told(word) { word } else { "…" };
    words.enumerate().map(one).collect::<Vec<_>>().join(" ")
}

/// Whether these are the words of the run's own shell. What it has forked is called as it is.
pub(super) fn is_shell_of_run(words: &[String]) -> bool {
    words.get(1..=SHELL_WORDS.len()).is_some_and(|w| w == SHELL_WORDS)
}

/// What a process reads from.
pub(super) fn input(pid: u32) -> std::io::Result<std::path::PathBuf> {
    std::fs::read_link(format!("/proc/{pid}/fd/0"))
}

fn survivor(pid: u32, may_be_told: &dyn Fn(&str) -> bool) -> Survivor {
    let words = words(pid);
    let own = is_shell_of_run(&words);
    let told = told(words.iter().map(String::as_str), may_be_told);
    let command = if own { "a shell of the run".to_owned() } else { told };
    Survivor { pid, started: identity(pid).started, command }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_process_that_ends_meanwhile_are_all_of_them_or_none() {
        /// Tells something once, as the process has ended then.
        struct Ends<'t>(Option<&'t [u8]>);
        impl Read for Ends<'_> {
            fn read(&mut self, mut buffer: &mut [u8]) -> std::io::Result<usize> {
                std::io::Write::write(&mut buffer, self.0.take().unwrap_or_default())
            }
        }
        let line = b"bash\0--noprofile\0--noediting\0--rcfile\0/run/startup\0-i\0";
        assert_eq!(in_one_go(Ends(Some(line))), line);
        assert!(in_one_go(Ends(None)).is_empty());
    }
}
