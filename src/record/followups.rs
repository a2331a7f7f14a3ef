//! What came of the monitoring, as a section behind the document's own log: it comes after the template was written,
//! and changes nothing in it.

use super::times::Times;
use crate::run::RunState;
use crate::run::monitoring;

/// The section; nothing where no monitoring has begun.
pub(super) fn follow_ups(state: &RunState) -> Option<String> {
    let watched = state.watched()?;
    let times = Times::of(state);
    let windows = &state.runbook().monitoring;
    let mut text = String::from("\n### Follow-ups\n");
    for (at, window) in windows.iter().enumerate() {
        let number = at as u32 + 1;
        let begun = watched.rounds.iter().filter(|r| r.id.window == number).count();
        let all = monitoring::rounds_of(windows, number);
        let [seen, alone, missed] = watched.count(number);
        let came = if begun == 0 {
            "not begun".to_owned()
        } else {
            format!("{begun} of {all} rounds, {seen} attended, {alone} measured unattended, {missed} missed")
        };
        text.push_str(&format!("- {}: {came}\n", window.title));
        for round in watched.rounds.iter().filter(|r| r.id.window == number) {
            for (item, said) in round.said.iter().filter(|(_, said)| !said.met) {
                let words = window.items.iter().find(|i| &i.id == item).map_or(item.0.as_str(), |i| &i.text);
                text.push_str(&format!(
                    "  - {}: not so: {words}: {} ({})\n",
                    times.stamp(round.due),
                    said.note,
                    said.by
                ));
            }
        }
    }
    for alert in state.alerts() {
        let until = alert.until.map_or("still".to_owned(), |u| format!("until {}", times.stamp(u)));
        let known = alert.acknowledged.as_ref();
        let known = known.map_or(String::new(), |(by, note)| format!("; {by}: {note}"));
        text.push_str(&format!("- Alert {}, {until}: {}{known}\n", times.stamp(alert.since), alert.words));
    }
    if let Some((at, why)) = &watched.ended {
        text.push_str(&format!("- Monitoring over {}: {why}\n", times.stamp(*at)));
    }
    Some(text)
}
