//! What is read of a run to show it over a screen.

use chrono::{DateTime, Utc};

use crate::config::Settings;
use crate::record::allowed::AllowedSigners;
use crate::record::evidence::Evidence;
use crate::record::times::Times;
use crate::record::verify::{self, Known};
use crate::run::{RunId, Seq};
use crate::run_files::RunFiles;
use crate::store::Store;
use crate::tui::dialogs::overlay::TextBox;

/// An event as the journal has it.
pub(super) fn event(store: &dyn Store, run: &RunFiles, seq: Seq) -> TextBox {
    let read = || -> Result<Vec<String>, String> {
        let lines = store.lines_of(run.id(), Seq(seq.0.saturating_sub(1)), 1).map_err(|e| e.to_string())?;
        let line = lines.first().ok_or_else(|| format!("the journal has no event {}", seq.0))?;
        let value: serde_json::Value = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        let times = Times::of(&store.state_of(run.id()).map_err(|e| e.to_string())?);
        let at = text("at").parse::<DateTime<Utc>>().map_or_else(|_| text("at"), |at| times.stamp(at));
        let mut lines = vec![format!("{at}, by {}", text("actor")), String::new()];
        let shown = serde_json::to_string_pretty(&value["event"]).map_err(|e| e.to_string())?;
        // What was signed is a text of several lines.
        lines.extend(shown.replace("\\n", "\n").lines().map(str::to_owned));
        Ok(lines)
    };
    let title = format!("Event {}", seq.0);
    TextBox { title, lines: read().unwrap_or_else(|why| vec![why]), row: 0 }
}

/// What came of looking whether the record is what it was.
pub(super) fn verified(store: &dyn Store, run: &RunFiles, settings: &Settings) -> TextBox {
    let read = || -> Result<Vec<String>, String> {
        let times = Times::of(&store.state_of(run.id()).map_err(|e| e.to_string())?);
        let allowed = settings.sign.allowed_signers.as_ref();
        let allowed = allowed.map(|path| AllowedSigners::read(path, times.zone())).transpose();
        let known = Known { allowed: allowed.map_err(|e| e.to_string())?, head: None };
        let evidence = Evidence::of_run(store, run).map_err(|e| e.to_string())?;
        Ok(verify::verify(&evidence, &known).lines(times.zone()))
    };
    let title = "Verify the record".to_owned();
    TextBox { title, lines: read().unwrap_or_else(|why| vec![format!("MISMATCH: {why}")]), row: 0 }
}

/// The log of another run.
pub(super) fn log(store: &dyn Store, id: &RunId) -> TextBox {
    let lines = store.state_of(id).map_or_else(
        |why| vec![why.to_string()],
        |known| crate::record::fill(&known).text.lines().map(str::to_owned).collect(),
    );
    TextBox { title: format!("The log of {id}"), lines, row: 0 }
}
