//! Folds what is watched: alerts, rounds, messages.

use chrono::{DateTime, Utc};

use crate::run::event::Event;
use crate::run::health::RowId;
use crate::run::monitoring::{Round, RoundId, Said, Watched};
use crate::run::state::{Alert, RunState, Sent};

impl RunState {
    pub(super) fn fold_watch(&mut self, event: &Event, at: DateTime<Utc>, actor: &str) {
        match event {
            Event::WatchAccepted { watch } => self.watch = Some((**watch).clone()),
            Event::AlertRaised { row, level, words } => {
                if let Some(open) = self.alert_mut(row) {
                    (open.level, open.words) = (*level, words.clone());
                    return;
                }
                self.alerts.push(Alert {
                    row: row.clone(),
                    since: at,
                    level: *level,
                    words: words.clone(),
                    acknowledged: None,
                    until: None,
                });
            }
            Event::AlertCleared { row, .. } => {
                if let Some(alert) = self.alert_mut(row) {
                    alert.until = Some(at);
                }
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
                let said = Said { met: *met, note: note.clone(), by: actor.to_owned() };
                if let Some(round) = self.round_mut(*round) {
                    round.said.push((item.clone(), said));
                }
            }
            Event::RoundClosed { round, held } => {
                if let Some(round) = self.round_mut(*round) {
                    round.held = Some(*held);
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

    fn round_mut(&mut self, id: RoundId) -> Option<&mut Round> {
        self.watched.as_mut()?.rounds.iter_mut().find(|r| r.id == id)
    }
}
