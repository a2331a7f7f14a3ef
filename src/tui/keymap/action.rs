//! What keys ask for, and one line of the table that binds a key to it.

use crossterm::event::KeyCode;

use crate::run::refusal::Remedy;
use crate::text::Choice;
use crate::tui::screen::Screen;

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the table says what each does")]
pub enum Action {
    Next,
    Up,
    Down,
    Left,
    Right,
    First,
    Last,
    Edit,
    Tick,
    Untick,
    RunItem,
    Run,
    Skip,
    SkipTo,
    Note,
    Issue,
    RollBack,
    CallOff,
    Contacts,
    Masks,
    MarkDone,
    Yes,
    No,
    All,
    Here,
    Interactive,
    Attest,
    Deny,
    Wait,
    Background,
    NextLive,
    Stop,
    Baseline,
    Detail,
    Look,
    Closer,
    Farther,
    Hold,
    Order,
    Compare,
    Wall,
    ContainerLog,
    Acknowledge,
    EndMonitoring,
    Keyboard,
    AddCommand,
    Output,
    Search,
    Following,
    Previous,
    NextError,
    PreviousError,
    Filter,
    Wrap,
    Times,
    Raw,
    Select,
    Copy,
    Save,
    PageUp,
    PageDown,
    NextHeading,
    PreviousHeading,
    NextOpen,
    PreviousOpen,
    Correct,
    Source,
    Why,
    NextScreen,
    PreviousScreen,
    Screen(Screen),
    Back,
    Palette,
    ShowEvent,
    Sign,
    Verify,
    Write,
    Finish,
    Fail,
    Reviewer,
    HandOver,
    Answer,
    TakeControl,
    Help,
    Leave,
    Suspend,
}

impl Action {
    /// Whether it changes something, or leads to what does: such keys count only when what they act on has
    /// been on screen.
    pub fn acts(self) -> bool {
        matches!(
            self,
            Action::Next
                | Action::Edit
                | Action::Tick
                | Action::Untick
                | Action::RunItem
                | Action::Run
                | Action::Skip
                | Action::SkipTo
                | Action::Note
                | Action::Issue
                | Action::CallOff
                | Action::RollBack
                | Action::MarkDone
                | Action::Yes
                | Action::No
                | Action::All
                | Action::Here
                | Action::Interactive
                | Action::Attest
                | Action::Deny
                | Action::Wait
                | Action::Background
                | Action::Stop
                | Action::Baseline
                | Action::Acknowledge
                | Action::EndMonitoring
                | Action::Keyboard
                | Action::AddCommand
                | Action::Sign
                | Action::Write
                | Action::Finish
                | Action::Fail
                | Action::Reviewer
                | Action::Save
                | Action::HandOver
                | Action::Answer
                | Action::TakeControl
                | Action::Correct
        )
    }

    /// Whether it is of use to somebody who may only look.
    pub fn only_looks(self) -> bool {
        !self.acts() || matches!(self, Action::Save | Action::Sign | Action::TakeControl)
    }

    /// The action that gives an answer.
    pub fn of(choice: Choice) -> Self {
        match choice {
            Choice::Yes => Action::Yes,
            Choice::No => Action::No,
            Choice::All => Action::All,
            Choice::Value => Action::Answer,
            Choice::Here => Action::Here,
            Choice::There => Action::Interactive,
            Choice::Through => Action::Yes,
            Choice::Seen => Action::Attest,
            Choice::NotSeen => Action::Deny,
            Choice::Again => Action::Run,
            Choice::UntilItPasses => Action::Wait,
            Choice::ByHand => Action::MarkDone,
            Choice::Skip => Action::Skip,
            Choice::Stop => Action::Stop,
            Choice::Background => Action::Background,
            Choice::Keyboard => Action::Keyboard,
            Choice::Log => Action::Screen(Screen::Log),
            Choice::Problems => Action::Screen(Screen::Problems),
            Choice::Back => Action::Screen(Screen::Rollback),
        }
    }

    /// The action that helps where a request was refused.
    pub fn that_helps(remedy: Remedy) -> Self {
        match remedy {
            Remedy::Stop => Action::Stop,
            Remedy::Answer => Action::Answer,
            Remedy::MarkDone => Action::MarkDone,
            Remedy::TakeControl => Action::TakeControl,
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it counts; empty for everywhere.
    pub on: &'static [Screen],
    /// The key.
    pub key: KeyCode,
    /// What it asks for.
    pub action: Action,
    /// Its name in the settings; empty where the key can't be changed.
    pub name: &'static str,
    /// Two or three words for the last line; empty to leave it out there.
    pub short: &'static str,
    /// A sentence for help and the palette.
    pub long: &'static str,
}
