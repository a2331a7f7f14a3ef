//! The machine: processor, memory and load by sysinfo, room on disks by statvfs(3) of the very paths, so that a
//! network disk that hangs holds up nothing but its own figure.

use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use sysinfo::{MemoryRefreshKind, System};
use tokio::task::JoinHandle;

use super::collector::Collector;
use super::words::deepest;
use crate::run::health::{Measured, Reason, Seen, Subject, Unseen, amount};
use crate::runbook::measures::Measure;

/// The processor is looked at over at least this long.
const SHORTEST: Duration = Duration::from_millis(200);

/// How long disks may take to tell.
const DISKS: Duration = Duration::from_millis(1200);

/// Growth is told when a disk was watched for so long.
const GROWTH_AFTER: Duration = Duration::from_mins(2);

pub(super) struct Machine {
    paths: Vec<String>,
    system: Option<System>,
    /// What is being read on a thread of its own. A disk that hangs holds it, and no second one is started.
    reads: Option<JoinHandle<Vec<Result<Room, NoRoom>>>>,
    looked: Option<Instant>,
    /// What was used on each path when it was first looked at.
    first: Vec<(String, Instant, u64)>,
}

/// A path whose room can't be told, and why.
type NoRoom = (String, String);

/// Room on the disk of a path.
pub(super) struct Room {
    pub(super) path: String,
    pub(super) total: u64,
    pub(super) free: u64,
    pub(super) device: u64,
}

impl Machine {
    pub(super) fn new(paths: Vec<String>) -> Self {
        Self { paths, system: None, reads: None, looked: None, first: vec![] }
    }

    async fn see(&mut self) -> Seen {
        if self.system.is_none() {
            self.system = match System::new() {
                Ok(system) => Some(system),
                Err(error) => {
                    let words = format!("this machine gives no figures: {error}");
                    return Seen::nothing(Reason::NoProgram, words);
                }
            };
        }
        if self.looked.is_none_or(|at| at.elapsed() > Duration::from_mins(1)) {
            self.refresh();
            tokio::time::sleep(SHORTEST).await;
        }
        self.refresh();
        self.looked = Some(Instant::now());
        let mut subjects: Vec<Subject> = self.system.iter().map(whole).collect();
        match self.rooms().await {
            Some(rooms) => subjects.extend(self.disks(rooms)),
            None => {
                let words = format!("no answer from one of {}", self.paths.join(", "));
                subjects.push(Subject::unseen("disks", Unseen::new(Reason::NoWay, words)));
            }
        }
        least_room(&mut subjects);
        Seen::Subjects(subjects)
    }

    /// Processor and memory: small files of the kernel's own, which never hang.
    fn refresh(&mut self) {
        if let Some(system) = &mut self.system {
            system.refresh_cpu_usage();
            system.refresh_memory_specifics(MemoryRefreshKind::everything());
        }
    }

    /// The room on each path; nothing while a disk does not answer.
    async fn rooms(&mut self) -> Option<Vec<Result<Room, NoRoom>>> {
        if self.reads.as_ref().is_some_and(|reads| !reads.is_finished()) {
            return None;
        }
        let paths = self.paths.clone();
        let read = move || paths.iter().map(|path| room(path)).collect();
        let reads = self.reads.insert(tokio::task::spawn_blocking(read));
        let rooms = tokio::time::timeout(DISKS, reads).await.ok()?;
        self.reads = None;
        rooms.ok()
    }

    /// One subject a disk: several paths on one are one.
    fn disks(&mut self, rooms: Vec<Result<Room, NoRoom>>) -> Vec<Subject> {
        let mut devices = Vec::new();
        let mut subjects = Vec::new();
        for room in rooms {
            match room {
                Ok(room) if devices.contains(&room.device) => {}
                Ok(room) => {
                    devices.push(room.device);
                    subjects.push(self.disk(&room));
                }
                Err((path, why)) => subjects.push(no_room(&path, why)),
            }
        }
        subjects
    }

    fn disk(&mut self, room: &Room) -> Subject {
        let used = room.total - room.free.min(room.total);
        let Subject { mut measured, mut about, state, name, .. } = disk_subject(room);
        match self.first.iter().find(|(path, _, _)| *path == room.path) {
            None => self.first.push((room.path.clone(), Instant::now(), used)),
            Some((_, since, before)) if since.elapsed() >= GROWTH_AFTER => {
                let hours = since.elapsed().as_secs_f64() / 3600.0;
                let growth = (used as f64 - *before as f64) / hours;
                measured.push(Measured::one(Measure::DiskGrowth, growth));
                if growth >= 1.0 {
                    let full = room.free as f64 / growth;
                    measured.push(Measured::one(Measure::DiskFull, full));
                    about.push_str(&format!(
                        ", growing {}, full in {}",
                        amount(Measure::DiskGrowth, growth),
                        amount(Measure::DiskFull, full)
                    ));
                }
            }
            Some(_) => {}
        }
        Subject { name, state, about, measured, ..Subject::default() }
    }
}

impl Collector for Machine {
    fn look(&mut self, _: Duration) -> BoxFuture<'_, Seen> {
        Box::pin(self.see())
    }
}

/// A disk by its room alone.
pub(super) fn disk_subject(room: &Room) -> Subject {
    let free = percent(room.free, room.total);
    let about = format!(
        "{} of {} free",
        amount(Measure::Size, room.free as f64),
        amount(Measure::Size, room.total as f64)
    );
    let state = amount(Measure::DiskFree, free);
    let measured = vec![Measured::one(Measure::DiskFree, free)];
    Subject { name: format!("disk {}", room.path), state, about, measured, ..Subject::default() }
}

/// Processor, memory, load.
fn whole(system: &System) -> Subject {
    let total = system.total_memory();
    let swap = (system.total_swap() > 0).then(|| percent(system.used_swap(), system.total_swap()));
    let load = System::load_average().ok().map(|load| (load.one, system.cpus().len().max(1) as f64));
    let memory = percent(total - system.available_memory().min(total), total);
    machine(f64::from(system.global_cpu_usage()), memory, swap, load)
}

/// A machine by its figures: percents, and the load with the number of cores that it is on.
pub(super) fn machine(cpu: f64, memory: f64, swap: Option<f64>, load: Option<(f64, f64)>) -> Subject {
    let mut measured = vec![Measured::one(Measure::Cpu, cpu), Measured::one(Measure::Memory, memory)];
    let mut about = vec![format!("memory {}", amount(Measure::Memory, memory))];
    if let Some(swap) = swap {
        measured.push(Measured::one(Measure::Swap, swap));
        about.push(format!("swap {}", amount(Measure::Swap, swap)));
    }
    if let Some((load, cores)) = load {
        measured.push(Measured::one(Measure::Load, load / cores));
        about.push(format!("load {load:.2} on {cores:.0} cores"));
    }
    let state = format!("cpu {}", amount(Measure::Cpu, cpu));
    Subject { state, about: about.join(", "), measured, ..Subject::default() }
}

/// A path whose room can't be told, and why.
pub(super) fn no_room(path: &str, why: String) -> Subject {
    Subject { name: format!("disk {path}"), state: "-".into(), about: why, ..Subject::default() }
}

/// The disk with the least room stands for all: a target speaks of "disk space".
pub(super) fn least_room(subjects: &mut [Subject]) {
    let free = |s: &Subject| s.measured.iter().find(|m| m.measure == Measure::DiskFree).map(|m| m.value);
    let least = subjects.iter().filter_map(free).min_by(f64::total_cmp);
    if let (Some(least), Some(whole)) = (least, subjects.first_mut()) {
        whole.measured.push(Measured::one(Measure::DiskFree, least));
    }
}

fn room(path: &str) -> Result<Room, NoRoom> {
    let failed = |error: rustix::io::Errno| (path.to_owned(), deepest(&std::io::Error::from(error)));
    let disk = rustix::fs::statvfs(path).map_err(failed)?;
    let device = rustix::fs::stat(path).map_err(failed)?.st_dev;
    // What only root may still use is no room.
    let (total, free) = (disk.f_blocks - (disk.f_bfree - disk.f_bavail.min(disk.f_bfree)), disk.f_bavail);
    Ok(Room { path: path.to_owned(), total: total * disk.f_frsize, free: free * disk.f_frsize, device })
}

pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}
