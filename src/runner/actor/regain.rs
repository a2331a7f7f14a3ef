//! Goes back to a host that is watched and whose place was lost, for the probes alone and without asking anybody: nothing is run
//! there. The place itself is gone to again when somebody says so.

use std::time::{Duration, Instant};

use super::{Actor, Inbox};
use crate::exec::shim::{Regained, literal, regain};
use crate::probe::Vantage;
use crate::run::flow::lost_way;
use crate::shell::entrance::Entrance;

/// How often it is looked whether one that is up still is.
const LOOKED: Duration = Duration::from_secs(5);

impl Actor {
    /// The way to the lost host, where it is watched, and its words mean the same wherever they are read.
    fn to_regain(&self) -> Option<Entrance> {
        if !self.is_watching() || self.is_elsewhere() || !matches!(self.looks_from(), Vantage::Nowhere(_)) {
            return None;
        }
        lost_way(&self.state).filter(|way| literal(&way.words))
    }

    /// When something is to be done about it.
    pub(super) fn regain_due_in(&self) -> Option<Duration> {
        let regain = &self.remote.regain;
        let left = |at: Instant| at.saturating_duration_since(Instant::now());
        if regain.up.is_some() {
            return regain.next.map(left);
        }
        let waits = !regain.trying && !regain.refused && self.to_regain().is_some();
        waits.then(|| regain.next.map_or(Duration::ZERO, left))
    }

    /// Tries to connect, or looks whether the connection is still there.
    pub(super) fn regain(&mut self) {
        if self.regain_due_in() != Some(Duration::ZERO) {
            return;
        }
        if let Some(up) = &mut self.remote.regain.up {
            self.remote.regain.next = Some(Instant::now() + LOOKED);
            if !up.is_up() {
                self.remote.regain.forget();
                self.remote.regain.wait();
                self.look_from_the_place();
            }
            return;
        }
        let Some(way) = self.to_regain().filter(|_| self.remote.regain.next.is_some()) else {
            // It was lost just now.
            self.remote.regain.wait();
            return;
        };
        self.remote.regain.trying = true;
        let (inbox, directory) = (self.to_self.clone(), self.state.here().directory.clone());
        tokio::task::spawn_blocking(move || {
            let regained = regain(&way.words, directory.as_ref(), &way.host.unwrap_or_default());
            let _ended = inbox.send(Inbox::Regained(Box::new(regained)));
        });
    }

    /// It is connected, or could not be.
    pub(super) fn regained(&mut self, regained: Result<Regained, String>) {
        self.remote.regain.trying = false;
        match regained {
            // Somebody may have gone there meanwhile.
            Ok(up) if self.to_regain().is_some() => {
                self.remote.regain.forget();
                self.remote.regain.next = Some(Instant::now() + LOOKED);
                self.remote.regain.up = Some(up);
                self.look_from_the_place();
            }
            Ok(_) => {}
            Err(why) => {
                self.remote.regain.wait();
                self.remote.regain.refused =
                    ["Permission denied", "verification failed"].iter().any(|w| why.contains(w));
                self.look_away(&format!(
                    "the connection has ended, and gonogo could not connect again: {why}"
                ));
            }
        }
    }
}
