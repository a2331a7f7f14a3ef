//! Notes which event was the last to say something of what: a log names it as its source.

use crate::run::event::Event;
use crate::run::state::{Mark, RunState};

impl RunState {
    /// Called after the event was folded.
    pub(super) fn mark(&mut self, event: &Event) {
        let mark = match event {
            Event::RunStarted(_) => Mark::Start,
            Event::ParameterSet { name, .. } => Mark::Parameter(name.clone()),
            Event::PlaceObserved { .. } => Mark::Place,
            Event::ItemTicked { item, .. } | Event::ItemSkipped { item, .. } => Mark::Item(item.clone()),
            Event::GateDecided { gate, .. } => Mark::Gate(*gate),
            Event::CommandStarted { command, .. }
            | Event::CommandExited { command, .. }
            | Event::CommandLost { command, .. }
            | Event::CommandSkipped { command, .. }
            | Event::CommandMarkedDone { command, .. }
            | Event::CommandEdited { command, .. }
            | Event::CommandAdded { command, .. }
            | Event::Attested { command, .. } => Mark::Command(command.clone()),
            Event::ValueCaptured { name, .. } => Mark::Captured(name.clone()),
            Event::Noted { .. } => Mark::Note(self.notes.len() - 1),
            Event::PersonNamed { role, .. } => Mark::Person(role.clone()),
            Event::MessageSent { .. } => Mark::Sent(self.sent.len() - 1),
            Event::RollbackBegun(_) => Mark::Back,
            Event::MonitoringBegan | Event::RoundClosed { .. } | Event::MonitoringEnded { .. } => {
                Mark::Watched
            }
            Event::AlertRaised { .. } => Mark::Alert(self.alerts.len().saturating_sub(1)),
            Event::RunFinished { .. } => Mark::Outcome,
            Event::Signed(_) => Mark::Signed(self.signatures.len().saturating_sub(1)),
            _ => return,
        };
        self.marks.insert(mark, self.seq);
    }
}
