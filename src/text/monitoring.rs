//! What happens to what is watched, in sentences.

use crate::figures::day;
use crate::run::event::Event;
use crate::run::monitoring;
use crate::run::state::RunState;

/// An event of what is watched as a line for a transcript; nothing for others.
pub fn of_watch(event: &Event) -> Option<String> {
    Some(match event {
        Event::AlertRaised { level, words, .. } => format!("{}: {words}", level.word()),
        Event::AlertCleared { words, .. } => format!("recovered: {words}"),
        Event::MessageSent { milestone, to, failed: Some(why), .. } => {
            format!("the message \"{}\" did not reach the {to}: {why}", milestone.word())
        }
        Event::RoundOpened { round, .. } => format!("monitoring: round {round} is open"),
        Event::RoundClosed { round, held, .. } => format!("monitoring: round {round} {}", held.words()),
        Event::MonitoringEnded { why } => format!("monitoring ended: {why}"),
        _ => return None,
    })
}

/// What becomes of the monitoring when everybody leaves: until when it goes on, what it has no more without this
/// login, and what keeps it going where this machine may restart meanwhile.
pub fn watched(run: &RunState, brings_back: &str, needs: &[&str], program: &str) -> Option<String> {
    let watched = run.watched().filter(|_| run.is_watched())?;
    let windows = &run.runbook().monitoring;
    let ends = monitoring::window_ends(windows, watched.since, windows.len() as u32);
    let ends = day(ends, &run.zone());
    let mut lines = vec![format!("Monitoring continues until {ends}; {brings_back}")];
    if !needs.is_empty() {
        lines.push(format!("Without this login it no longer has: {}", needs.join(", ")));
    }
    let long: Vec<u64> = windows.iter().filter_map(|w| w.every_s).filter(|every| *every >= 3600).collect();
    if let Some(every) = long.iter().min() {
        let (cron, timer) = if *every >= 86_400 { ("5 9 * * *", "daily") } else { ("5 * * * *", "hourly") };
        lines.push("If this machine may restart meanwhile, one of these continues it:".to_owned());
        lines.push(format!("  cron   {cron} {program}"));
        lines.push(format!("  timer  systemd-run --user --on-calendar={timer} -- {program}"));
    }
    Some(lines.join("\n"))
}
