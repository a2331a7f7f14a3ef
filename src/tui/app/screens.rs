//! What each screen remembers: it is there again when somebody comes back to it.

use crate::tui::opening::Opening;
use crate::tui::screens::checklist::ChecklistState;
use crate::tui::screens::commands::CommandsState;
use crate::tui::screens::document::Document;
use crate::tui::screens::health::HealthState;
use crate::tui::screens::history::HistoryState;
use crate::tui::screens::log::LogState;
use crate::tui::screens::monitor::MonitorState;
use crate::tui::screens::output::Reading;
use crate::tui::screens::problems::ProblemsState;
use crate::tui::screens::rollback::RollbackState;
use crate::tui::screens::start::Form;
use crate::tui::screens::steps::StepsState;

/// One field a screen, by its name.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the screens as Screen names them")]
pub struct Screens {
    pub start: Form,
    pub checklist: ChecklistState,
    pub steps: StepsState,
    pub output: Reading,
    pub commands: CommandsState,
    pub document: Document,
    pub health: HealthState,
    pub monitor: MonitorState,
    pub rollback: RollbackState,
    pub problems: ProblemsState,
    pub log: LogState,
    pub history: HistoryState,
    /// Words that were found last on a screen.
    pub found: String,
}

impl Screens {
    pub(super) fn new(opening: &Opening) -> Self {
        Self {
            start: Form::new(opening),
            rollback: RollbackState { opens: opening.goes_back, ..RollbackState::default() },
            ..Self::default()
        }
    }
}
