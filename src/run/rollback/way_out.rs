//! The ways out of what stands in the way of going back.

use serde::{Deserialize, Serialize};

use crate::runbook::CommandId;

/// A way out of what stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayOut {
    /// The command is changed: a deviation.
    Edit {
        /// What runs instead.
        text: String,
    },
    /// A command is put before another one: a deviation.
    Insert {
        /// The one that it stands before.
        before: CommandId,
        /// What runs.
        text: String,
    },
    /// What was added since is removed before a command that puts back: a deviation.
    DropFirst {
        /// The command that puts back.
        before: CommandId,
        /// What removes it.
        text: String,
    },
    /// The command is left out: a deviation.
    LeaveOut,
    /// It is gone through as it is written.
    AsWritten,
    /// A place that was left is gone to once more, before it is decided.
    GoThere,
}

/// A way out by its kind: how it is named in advance (`--way-out stop-only`, a rehearsal's scenario).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the kinds of `WayOut`")]
pub enum WayOutKind {
    StopOnly,
    StartFirst,
    DropFirst,
    LeaveOut,
    AsWritten,
    GoThere,
}

impl WayOutKind {
    /// Those that can be named in advance.
    pub const ALL: [Self; 5] =
        [Self::StopOnly, Self::StartFirst, Self::DropFirst, Self::LeaveOut, Self::AsWritten];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::StopOnly => "stop-only",
            Self::StartFirst => "start-first",
            Self::DropFirst => "drop-first",
            Self::LeaveOut => "leave-out",
            Self::AsWritten => "as-written",
            Self::GoThere => "go-there",
        }
    }
}

impl WayOut {
    /// Its kind.
    pub fn kind(&self) -> WayOutKind {
        match self {
            Self::Edit { .. } => WayOutKind::StopOnly,
            Self::Insert { .. } => WayOutKind::StartFirst,
            Self::DropFirst { .. } => WayOutKind::DropFirst,
            Self::LeaveOut => WayOutKind::LeaveOut,
            Self::AsWritten => WayOutKind::AsWritten,
            Self::GoThere => WayOutKind::GoThere,
        }
    }

    /// What taking it means.
    pub fn says(&self) -> String {
        match self {
            Self::Edit { text } => format!("run instead: {}", first(text)),
            Self::Insert { before, text } | Self::DropFirst { before, text } => {
                format!("before {before} run: {}", first(text))
            }
            Self::LeaveOut => "skip it, with the reason given for the rollback".into(),
            Self::AsWritten => "run it as it is written".into(),
            Self::GoThere => "reconnect first".into(),
        }
    }
}

fn first(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
