//! The screens there are.

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the name of its screen")]
pub enum Place {
    Start,
    Checklist,
    Steps,
    Log,
    Commands,
    Document,
    Output,
    Health,
    Monitor,
    Rollback,
    Troubleshoot,
    History,
}
