//! The screens there are.

/// Which screen is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the screens of DESIGN 12")]
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
