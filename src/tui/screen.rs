//! The screens there are.

/// Which screen is shown: a name and no more. The table of keys binds keys to it, and what a screen remembers is there
/// again when somebody comes back to it, so it lies in `app::Screens`, not in here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the name of its screen")]
pub enum Screen {
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
    Problems,
    History,
}

impl Screen {
    /// The screens of a run as their tabs stand, which is the order of their digits.
    pub const TABS: [(char, Screen); 10] = [
        ('1', Screen::Checklist),
        ('2', Screen::Steps),
        ('3', Screen::Log),
        ('4', Screen::Commands),
        ('5', Screen::Document),
        ('6', Screen::Health),
        ('7', Screen::Monitor),
        ('8', Screen::Rollback),
        ('9', Screen::Problems),
        ('0', Screen::History),
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Screen::Start => "Start",
            Screen::Checklist => "Checklist",
            Screen::Steps => "Steps",
            Screen::Log => "Log",
            Screen::Commands => "Commands",
            Screen::Document => "Document",
            Screen::Output => "Output",
            Screen::Health => "Health",
            Screen::Monitor => "Monitor",
            Screen::Rollback => "Rollback",
            Screen::Problems => "Problems",
            Screen::History => "History",
        }
    }

    /// Its name where there is no room for that.
    pub fn short(self) -> &'static str {
        match self {
            Screen::Checklist => "Check",
            Screen::Commands => "Cmds",
            Screen::Document => "Doc",
            Screen::Monitor => "Mon",
            Screen::Rollback => "Undo",
            Screen::History => "Runs",
            _ => self.name(),
        }
    }
}
