//! Folds what is watched: alerts, rounds, messages.

use chrono::{DateTime, TimeDelta, Utc};

use crate::run::event::Event;
use crate::run::health::RowId;
use crate::run::monitoring::{Round, RoundId, Said, Watched};
use crate::run::state::{Alert, Answers, RunState, Sent};

/// What comes again within so long is the same alert.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

impl RunState {
    pub(super) fn fold_watch(&mut self, event: &Event, at: DateTime<Utc>, actor: &str) {
        match event {
            Event::WatchAccepted { watch } => self.watch = Some((**watch).clone()),
            Event::AlertRaised { row, level, words, since } => {
                let since = since.unwrap_or(at);
                if let Some(same) = self.same_alert_mut(row, since) {
                    if same.until.is_some() {
                        same.before_s = same.lasted_s(at);
                        (same.until, same.again, same.times) = (None, since, same.times + 1);
                    }
                    if *level > same.level {
                        // Who knows of the lesser does not know of this.
                        same.acknowledged = None;
                    }
                    same.told = *level;
                    // The words are those of the level that they stand beside.
                    if *level >= same.level {
                        (same.level, same.words) = (*level, words.clone());
                    }
                    return;
                }
                self.alerts.push(Alert {
                    row: row.clone(),
                    since,
                    level: *level,
                    told: *level,
                    words: words.clone(),
                    acknowledged: None,
                    until: None,
                    times: 1,
                    before_s: 0,
                    again: since,
                    worst: None,
                });
            }
            Event::AlertCleared { row, worst, .. } => {
                if let Some(alert) = self.alert_mut(row) {
                    alert.until = Some(at);
                    if worst.is_some() {
                        alert.worst.clone_from(worst);
                    }
                }
            }
            Event::AddressAnswers { row, answers, since, .. } => {
                self.answers.push(Answers { row: row.clone(), answers: *answers, since: *since });
            }
            Event::AlertAcknowledged { row, note } => {
                if let Some(alert) = self.alert_mut(row) {
                    alert.acknowledged = Some((actor.to_owned(), note.clone()));
                }
            }
            Event::MonitoringBegan => {
                self.watched = Some(Watched { since: at, rounds: vec![], ended: None });
            }
            Event::RoundOpened { round, due, evidence } => {
                let opened =
                    Round { id: *round, due: *due, evidence: evidence.clone(), said: vec![], held: None };
                if let Some(watched) = &mut self.watched {
                    watched.rounds.push(opened);
                }
            }
            Event::RoundAnswered { round, item, met, note } => {
                let said = Said { met: *met, note: note.clone(), by: actor.to_owned(), at };
                if let Some(round) = self.round_mut(*round) {
                    round.said.push((item.clone(), said));
                }
            }
            Event::RoundClosed { round, held, evidence } => {
                if let Some(round) = self.round_mut(*round) {
                    round.held = Some(*held);
                    if !evidence.is_empty() {
                        round.evidence.clone_from(evidence);
                    }
                }
            }
            Event::MonitoringEnded { why } => {
                if let Some(watched) = &mut self.watched {
                    watched.ended = Some((at, why.clone()));
                }
            }
            Event::MessageSent { milestone, text, to, failed, .. } => self.sent.push(Sent {
                milestone: *milestone,
                text: text.clone(),
                to: to.clone(),
                failed: failed.clone(),
                at,
            }),
            _ => {}
        }
    }

    /// The alert of a row that is not over: there is never more than one.
    fn alert_mut(&mut self, row: &RowId) -> Option<&mut Alert> {
        self.alerts.iter_mut().find(|a| &a.row == row && a.until.is_none())
    }

    /// The same where it is over for so short a time that what comes now is the same again.
    fn same_alert_mut(&mut self, row: &RowId, at: DateTime<Utc>) -> Option<&mut Alert> {
        let same = |a: &&mut Alert| a.until.is_none_or(|until| at - until <= AGAIN);
        self.alerts.iter_mut().rev().find(|a| &a.row == row).filter(same)
    }

    fn round_mut(&mut self, id: RoundId) -> Option<&mut Round> {
        self.watched.as_mut()?.rounds.iter_mut().find(|r| r.id == id)
    }
}
