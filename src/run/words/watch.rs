//! What happens to what is watched, in sentences.

use crate::run::event::Event;

/// An event of what is watched as a line for a transcript; nothing for others.
pub fn of_watch(event: &Event) -> Option<String> {
    Some(match event {
        Event::AlertRaised { level, words, .. } => format!("{}: {words}", level.word()),
        Event::AlertCleared { words, .. } => format!("well again: {words}"),
        Event::MessageSent { milestone, to, failed: Some(why), .. } => {
            format!("the message \"{}\" did not reach the {to}: {why}", milestone.word())
        }
        Event::RoundOpened { round, .. } => format!("monitoring: round {round} is open"),
        Event::RoundClosed { round, held } => format!("monitoring: round {round} {}", held.words()),
        Event::MonitoringEnded { why } => format!("monitoring is over: {why}"),
        _ => return None,
    })
}
