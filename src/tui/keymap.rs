//! The one table of keys: it gives handling, the last line of each screen, and help.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::app::Place;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table below says what each does")]
pub enum Action {
    Next,
    Up,
    Down,
    Edit,
    Tick,
    RunItem,
    Run,
    Skip,
    Note,
    Issue,
    MarkDone,
    Yes,
    No,
    Here,
    Interactive,
    Attest,
    Deny,
    Stop,
    Keyboard,
    PageUp,
    PageDown,
    NextScreen,
    Screen(Place),
    Write,
    Finish,
    Fail,
    Reviewer,
    Help,
    Leave,
    Suspend,
}

impl Action {
    /// Whether it changes something: such keys count only when what they act on has been on screen.
    pub fn acts(self) -> bool {
        !matches!(
            self,
            Action::Up
                | Action::Down
                | Action::PageUp
                | Action::PageDown
                | Action::NextScreen
                | Action::Screen(_)
                | Action::Help
                | Action::Leave
                | Action::Suspend
        )
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it counts; `None` for everywhere.
    pub on: Option<Place>,
    /// The key.
    pub key: KeyCode,
    /// How the key is written.
    pub shown: &'static str,
    /// What it asks for.
    pub action: Action,
    /// Two or three words for the last line; empty to leave it out there.
    pub short: &'static str,
    /// A sentence for help.
    pub long: &'static str,
}

const fn on(
    place: Place,
    key: KeyCode,
    shown: &'static str,
    action: Action,
    words: (&'static str, &'static str),
) -> Binding {
    Binding { on: Some(place), key, shown, action, short: words.0, long: words.1 }
}

const fn always(
    key: KeyCode,
    shown: &'static str,
    action: Action,
    words: (&'static str, &'static str),
) -> Binding {
    Binding { on: None, key, shown, action, short: words.0, long: words.1 }
}

use KeyCode::{Char, Down, Enter, F, PageDown, PageUp, Tab, Up};
use Place::{Checklist, Log, Start, Steps};

/// All keys.
pub const BINDINGS: &[Binding] = &[
    on(Start, Enter, "⏎", Action::Next, ("choose", "Choose the environment, edit the value, or start")),
    on(Checklist, Enter, "⏎", Action::Tick, ("tick", "Tick the item, or take the tick back")),
    on(Checklist, Char(' '), "space", Action::Tick, ("", "Tick the item, or take the tick back")),
    on(
        Checklist,
        Char('r'),
        "r",
        Action::RunItem,
        ("run it", "Run the item's command; its result becomes the evidence"),
    ),
    on(Checklist, Char('s'), "s", Action::Skip, ("skip", "Skip the item, with a reason")),
    on(Checklist, Char('c'), "c", Action::Note, ("note", "Write a note about the item")),
    on(Steps, Enter, "⏎", Action::Next, ("next", "Do the next thing, which is the highlighted one")),
    on(Steps, Char('y'), "y", Action::Yes, ("", "The condition holds; take the optional command")),
    on(
        Steps,
        Char('n'),
        "n",
        Action::No,
        ("", "The condition does not hold; leave the optional command out"),
    ),
    on(Steps, Char('h'), "h", Action::Here, ("", "This shell is already where the document wants to go")),
    on(
        Steps,
        Char('t'),
        "t",
        Action::Interactive,
        ("", "Go there in the pane; nothing after it runs through gonogo"),
    ),
    on(Steps, Char('a'), "a", Action::Attest, ("", "What the document expects was seen")),
    on(Steps, Char('x'), "x", Action::Deny, ("", "What the document expects was not seen")),
    on(Steps, Char('r'), "r", Action::Run, ("run this", "Run the selected command, also again")),
    on(
        Steps,
        Char('s'),
        "s",
        Action::Skip,
        ("skip", "Skip the selected command with a reason; after a failure, go on all the same"),
    ),
    on(
        Steps,
        Char('m'),
        "m",
        Action::MarkDone,
        ("by hand", "Say that the selected command was done by hand"),
    ),
    on(Steps, Char('c'), "c", Action::Note, ("note", "Write a note about the selected command")),
    on(
        Steps,
        Char('i'),
        "i",
        Action::Keyboard,
        ("keyboard", "Give the keyboard to the running command; Ctrl-] takes it back"),
    ),
    on(Steps, F(8), "F8", Action::Stop, ("stop", "End the running command: the next key says how")),
    on(Log, Char('w'), "w", Action::Write, ("write", "Write the log to a file")),
    on(
        Log,
        Char('f'),
        "f",
        Action::Finish,
        ("finish: deployed", "End the run as deployed; every command has to be settled"),
    ),
    on(Log, F(7), "F7", Action::Fail, ("finish: failed", "End the run as failed")),
    on(Log, Char('v'), "v", Action::Reviewer, ("reviewer", "Name the reviewer")),
    on(Log, Char('c'), "c", Action::Issue, ("issue", "Write down an issue for the log")),
    on(Start, Char('e'), "e", Action::Edit, ("edit", "Edit the value")),
    always(Char('j'), "j", Action::Down, ("", "Down")),
    always(Char('k'), "k", Action::Up, ("", "Up")),
    always(Down, "↓", Action::Down, ("", "Down")),
    always(Up, "↑", Action::Up, ("", "Up")),
    always(PageUp, "PgUp", Action::PageUp, ("", "Back in the output or text")),
    always(PageDown, "PgDn", Action::PageDown, ("", "On in the output or text")),
    always(Tab, "Tab", Action::NextScreen, ("screens", "The next screen")),
    always(Char('1'), "1", Action::Screen(Checklist), ("", "Checklist")),
    always(Char('2'), "2", Action::Screen(Steps), ("", "Steps")),
    always(Char('3'), "3", Action::Screen(Log), ("", "Log and sign-off")),
    always(Char('?'), "?", Action::Help, ("help", "This page")),
    always(Char('q'), "q", Action::Leave, ("leave", "Leave; the run is kept")),
];

/// The action of a key on a screen.
pub fn action(place: Place, key: &KeyEvent) -> Option<Action> {
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            Char('c') => Some(Action::Leave),
            Char('z') => Some(Action::Suspend),
            _ => None,
        };
    }
    BINDINGS.iter().find(|b| b.key == key.code && b.on.is_none_or(|on| on == place)).map(|b| b.action)
}

/// Bindings of a screen, its own first.
pub fn bindings(place: Place) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |b| b.on == Some(place)).chain(BINDINGS.iter().filter(|b| b.on.is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_on_a_screen() {
        for place in [Start, Checklist, Steps, Log] {
            let keys: Vec<_> = bindings(place).map(|b| b.key).collect();
            for (at, key) in keys.iter().enumerate() {
                assert!(!keys[at + 1..].contains(key), "{key:?} twice on {place:?}");
            }
        }
    }

    #[test]
    fn nothing_that_acts_is_a_caps_lock_away_from_another() {
        for binding in BINDINGS {
            if let Char(c) = binding.key {
                let twin = BINDINGS.iter().find(|b| {
                    b.on == binding.on && matches!(b.key, Char(d) if d != c && d.eq_ignore_ascii_case(&c))
                });
                assert!(twin.is_none(), "{c} has a twin");
            }
        }
    }
}
