//! What came of the monitoring, as a section behind the document's own log: it comes after the template was written,
//! and changes nothing in it.

use super::times::Times;
use crate::figures::{counted, span};
use crate::run::RunState;
use crate::run::health::{Answer, RowId};
use crate::run::monitoring;
use crate::run::state::Alert;
use crate::runbook::ItemId;

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
            let named = |item: &ItemId| {
                window.items.iter().find(|i| &i.id == item).map_or(item.0.clone(), |i| i.text.clone())
            };
            for (item, said) in round.said.iter().filter(|(_, said)| !said.met) {
                text.push_str(&format!(
                    "  - {}: not so: {}: {} ({})\n",
                    times.stamp(round.due),
                    named(item),
                    said.note,
                    said.by
                ));
            }
            for (item, evidence) in round.evidence.iter().filter(|(_, e)| e.answer == Answer::No) {
                let said = round.said_of(item).filter(|said| said.met);
                let said = said.map_or(String::new(), |s| {
                    format!("{} at {}: as it should be; ", s.by, times.time(s.at))
                });
                text.push_str(&format!(
                    "  - {}: not so by the probes: {}: {said}{}\n",
                    times.stamp(round.due),
                    named(item),
                    evidence.words
                ));
            }
        }
    }
    text.push_str(&alerts(state, times));
    if let Some((at, why)) = &watched.ended {
        text.push_str(&format!("- Monitoring over {}: {why}\n", times.stamp(*at)));
    }
    Some(text)
}

/// The alerts, one line a row: how often, how long in all, the worst, and what was said of it.
fn alerts(state: &RunState, times: Times) -> String {
    let mut rows: Vec<(&RowId, Vec<&Alert>)> = Vec::new();
    for alert in state.alerts() {
        match rows.iter_mut().find(|(row, _)| *row == &alert.row) {
            Some((_, all)) => all.push(alert),
            None => rows.push((&alert.row, vec![alert])),
        }
    }
    let now = state.last_at().unwrap_or_default();
    let mut text = String::new();
    for (_, all) in rows {
        let (Some(first), Some(last)) = (all.first(), all.last()) else { continue };
        let until = last.until.map_or("still".to_owned(), |u| format!("until {}", times.stamp(u)));
        let times_in_all = all.iter().map(|a| a.times as usize).sum::<usize>();
        let lasted: u64 = all.iter().map(|a| a.lasted_s(now)).sum();
        let often = if times_in_all > 1 {
            format!("; {}, {} in all", counted(times_in_all, "time"), span(lasted))
        } else {
            String::new()
        };
        let worst = all.iter().rev().find_map(|a| a.worst.as_ref());
        let worst = worst.map_or(String::new(), |worst| format!("; worst {worst}"));
        let known = all.iter().filter_map(|a| a.acknowledged.as_ref());
        let known: Vec<String> = known.map(|(by, note)| format!("; {by}: {note}")).collect();
        let known = known.concat();
        text.push_str(&format!(
            "- {} {}, {until}: {}{often}{worst}{known}\n",
            if first.level == crate::run::health::Level::Down { "Down" } else { "Alert" },
            times.stamp(first.since),
            first.words
        ));
    }
    text
}
