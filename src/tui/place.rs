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

impl Place {
    /// The screens of a run as their tabs stand, which is the order of their digits.
    pub const TABS: [(char, Place); 10] = [
        ('1', Place::Checklist),
        ('2', Place::Steps),
        ('3', Place::Log),
        ('4', Place::Commands),
        ('5', Place::Document),
        ('6', Place::Health),
        ('7', Place::Monitor),
        ('8', Place::Rollback),
        ('9', Place::Troubleshoot),
        ('0', Place::History),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Place::Start => "Start",
            Place::Checklist => "Checklist",
            Place::Steps => "Steps",
            Place::Log => "Log",
            Place::Commands => "Commands",
            Place::Document => "Document",
            Place::Output => "Output",
            Place::Health => "Health",
            Place::Monitor => "Monitor",
            Place::Rollback => "Rollback",
            Place::Troubleshoot => "Problems",
            Place::History => "History",
        }
    }

    /// Its name where there is no room for that.
    pub fn short(self) -> &'static str {
        match self {
            Place::Checklist => "Check",
            Place::Commands => "Cmds",
            Place::Document => "Doc",
            Place::Monitor => "Mon",
            Place::Rollback => "Back",
            Place::History => "Runs",
            _ => self.name(),
        }
    }
}
