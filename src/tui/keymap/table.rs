//! All keys, one line each.

use crossterm::event::KeyCode;
use crossterm::event::KeyCode::{
    Char, Down, End, Enter, Esc, F, Home, Left, PageDown, PageUp, Right, Tab, Up,
};

use super::super::app::Place;
use super::super::app::Place::{
    Checklist, Commands, Document, Health, Log, Monitor, Output, Rollback, Start, Steps, Troubleshoot,
};
use super::{Action, Binding};

type Words = (&'static str, &'static str, &'static str);

const fn on(on: &'static [Place], key: KeyCode, action: Action, words: Words) -> Binding {
    Binding { on, key, action, name: words.0, short: words.1, long: words.2 }
}

const fn always(key: KeyCode, action: Action, words: Words) -> Binding {
    on(&[], key, action, words)
}

/// All keys: where, which, what; then the name in the settings, the words of the last line and of help.
pub const BINDINGS: &[Binding] = &[
    on(&[Start], Enter, Action::Next, ("", "choose", "Choose the environment, edit the value, or start")),
    on(&[Start], Char('e'), Action::Edit, ("edit", "edit", "Edit the value")),
    on(&[Checklist], Enter, Action::Tick, ("", "tick", "Tick the item, or take the tick back")),
    on(&[Checklist], Char(' '), Action::Tick, ("", "", "Tick the item, or take the tick back")),
    on(
        &[Checklist],
        Char('r'),
        Action::RunItem,
        ("run-item", "run it", "Run the item's command; its result becomes the evidence"),
    ),
    on(&[Checklist], Char('s'), Action::Skip, ("skip", "skip", "Skip the item, with a reason")),
    on(&[Checklist], Char('c'), Action::Note, ("note", "note", "Write a note about the item")),
    on(&[Steps], Enter, Action::Next, ("", "next", "Do the next thing, which is the highlighted one")),
    on(&[Steps], Char('y'), Action::Yes, ("yes", "", "The condition holds; take the optional command")),
    on(
        &[Steps],
        Char('n'),
        Action::No,
        ("no", "", "The condition does not hold; leave the optional command out"),
    ),
    on(
        &[Steps],
        Char('h'),
        Action::Here,
        ("here", "", "This shell is already where the document wants to go; elsewhere: hand the run over"),
    ),
    on(
        &[Steps],
        Char('t'),
        Action::Interactive,
        ("there", "", "Go there in the pane; nothing after it runs through gonogo"),
    ),
    on(&[Steps], Char('a'), Action::Attest, ("seen", "", "What the document expects was seen")),
    on(&[Steps], Char('x'), Action::Deny, ("not-seen", "", "What the document expects was not seen")),
    on(&[Steps], Char('r'), Action::Run, ("run", "run this", "Run the selected command, also again")),
    on(
        &[Steps],
        Char('s'),
        Action::Skip,
        ("skip", "skip", "Skip the selected command with a reason; after a failure, go on all the same"),
    ),
    on(
        &[Steps],
        Char('e'),
        Action::Edit,
        ("edit", "edit", "Change the selected command before it runs: a deviation, shown as a difference"),
    ),
    on(
        &[Steps],
        Char('m'),
        Action::MarkDone,
        ("by-hand", "by hand", "Say that the selected command was done by hand, with a note"),
    ),
    on(
        &[Steps],
        Char('g'),
        Action::SkipTo,
        ("go-on-here", "", "Go on at the selected command; what is open before it is listed and skipped"),
    ),
    on(
        &[Steps],
        Char('u'),
        Action::Wait,
        ("until-it-passes", "", "Repeat the selected command, if it only reads, until it passes"),
    ),
    on(
        &[Steps],
        Char('v'),
        Action::Answer,
        ("answer", "", "Answer a value that the selected command waits for"),
    ),
    on(
        &[Checklist, Log, Commands],
        Char('h'),
        Action::HandOver,
        ("hand-over", "", "Hand the run over: what ran, what is open, what is next, what not to touch"),
    ),
    on(&[Steps], Char('c'), Action::Note, ("note", "note", "Write a note about the selected command")),
    on(
        &[Steps, Output],
        Char('i'),
        Action::Keyboard,
        ("keyboard", "", "Give the keyboard to the running command; Ctrl-] takes it back"),
    ),
    on(
        &[Steps, Output],
        Char('b'),
        Action::Background,
        ("background", "", "Keep the follow command that runs in the background, and go on"),
    ),
    on(&[Steps, Output], F(8), Action::Stop, ("stop", "", "End the running command: the next key says how")),
    on(
        &[Steps, Output],
        Char('p'),
        Action::NextLive,
        ("next-pane", "", "The next command that goes on in the background"),
    ),
    on(
        &[Steps, Commands],
        Char('o'),
        Action::Output,
        ("output", "output", "Read the output: search, filter, copy, save"),
    ),
    on(&[Health], Enter, Action::Detail, ("", "detail", "Show the row by itself: history, figures, lines")),
    on(
        &[Health],
        Char('l'),
        Action::ContainerLog,
        ("container-log", "log", "Read the end of the container's log"),
    ),
    on(
        &[Health],
        Char('b'),
        Action::Baseline,
        ("baseline", "baseline", "Tell differences from now on since now"),
    ),
    on(&[Health], Char('d'), Action::Source, ("", "document", "Go to the line it comes from")),
    on(&[Health], Esc, Action::Back, ("", "back", "Back to the screen before")),
    on(
        &[Monitor],
        Enter,
        Action::Next,
        ("", "as it should be", "The item is as it should be; before the first round: begin"),
    ),
    on(
        &[Health, Monitor],
        Char('a'),
        Action::Acknowledge,
        ("acknowledge", "acknowledge", "Say that you know of the alert, and what about it"),
    ),
    on(
        &[Monitor],
        Char('x'),
        Action::Deny,
        ("not-seen", "not so", "The item is not as it should be, with what it is"),
    ),
    on(
        &[Monitor],
        Char('e'),
        Action::EndMonitoring,
        ("end-monitoring", "end", "End the monitoring before its time, with the reason"),
    ),
    on(&[Output, Document], Esc, Action::Back, ("", "back", "Back to the screen before")),
    on(&[Output, Document], Char('q'), Action::Back, ("", "", "Back to the screen before")),
    on(
        &[Output],
        Char('/'),
        Action::Search,
        ("search", "search", "Search the output; capitals count if there are any"),
    ),
    on(&[Output], Char('n'), Action::Following, ("", "next", "The next match")),
    on(&[Output], Char('N'), Action::Previous, ("", "", "The match before")),
    on(&[Output], Char('e'), Action::NextError, ("", "errors", "The next line that speaks of an error")),
    on(&[Output], Char('E'), Action::PreviousError, ("", "", "The line before that speaks of an error")),
    on(
        &[Output],
        Char('f'),
        Action::Filter,
        ("filter", "filter", "Only lines that match and those around them, or all"),
    ),
    on(&[Output], Char('w'), Action::Wrap, ("wrap", "wrap", "Wrap long lines, or not")),
    on(&[Output], Char('t'), Action::Times, ("times", "times", "Show when each line came, or not")),
    on(
        &[Output],
        Char('r'),
        Action::Raw,
        ("raw", "raw", "Show the bytes themselves, or what a terminal shows"),
    ),
    on(&[Output], Char('v'), Action::Select, ("select", "select", "Begin to select lines, or stop")),
    on(
        &[Output],
        Char('y'),
        Action::Copy,
        ("copy", "copy", "Copy the selected lines, or those on screen, to the clipboard (OSC 52)"),
    ),
    on(&[Output], Char('s'), Action::Save, ("save", "save", "Write the selected lines, or all, to a file")),
    on(
        &[Output, Document, Log, Commands, Checklist, Health],
        Char('g'),
        Action::First,
        ("", "", "To the beginning"),
    ),
    on(
        &[Output, Document, Log, Commands, Checklist, Health],
        Char('G'),
        Action::Last,
        ("", "", "To the end"),
    ),
    on(
        &[Output, Document, Log, Commands, Checklist, Health],
        Home,
        Action::First,
        ("", "", "To the beginning"),
    ),
    on(&[Output, Document, Log, Commands, Checklist, Health], End, Action::Last, ("", "", "To the end")),
    on(&[Output], Left, Action::Left, ("", "", "To the left, where lines are not wrapped")),
    on(&[Output], Right, Action::Right, ("", "", "To the right, where lines are not wrapped")),
    on(&[Commands], Enter, Action::Source, ("", "go to it", "Go to the command in the steps")),
    on(&[Document], Enter, Action::Source, ("", "go to it", "Go to the command that stands here")),
    on(&[Document], Char(']'), Action::NextHeading, ("", "next heading", "The next heading")),
    on(&[Document], Char('['), Action::PreviousHeading, ("", "heading before", "The heading before")),
    on(&[Log], Char('s'), Action::Write, ("write", "write", "Write the log to a file")),
    on(
        &[Log],
        Char('f'),
        Action::Finish,
        ("finish", "finish: deployed", "End the run as deployed; every command has to be settled"),
    ),
    on(&[Log], F(7), Action::Fail, ("fail", "finish: failed", "End the run as failed")),
    on(&[Log], Char('v'), Action::Reviewer, ("reviewer", "reviewer", "Name the reviewer")),
    on(&[Log], Char('c'), Action::Issue, ("issue", "issue", "Write down an issue for the log")),
    on(
        &[Start, Checklist, Steps, Log, Commands],
        Char('w'),
        Action::Why,
        ("why", "why", "Where this comes from: what was derived, and from which lines"),
    ),
    always(Char('j'), Action::Down, ("", "", "Down")),
    always(Char('k'), Action::Up, ("", "", "Up")),
    always(Down, Action::Down, ("", "", "Down")),
    always(Up, Action::Up, ("", "", "Up")),
    always(PageUp, Action::PageUp, ("", "", "A screenful back")),
    always(PageDown, Action::PageDown, ("", "", "A screenful on")),
    always(Tab, Action::NextScreen, ("", "screens", "The next screen")),
    always(Char('1'), Action::Screen(Checklist), ("", "", "Checklist")),
    always(Char('2'), Action::Screen(Steps), ("", "", "Steps")),
    always(Char('3'), Action::Screen(Log), ("", "", "Log and sign-off")),
    always(Char('4'), Action::Screen(Commands), ("", "", "Command log: everything that was run, in order")),
    always(Char('5'), Action::Screen(Document), ("", "", "The document, with what was made of its sections")),
    always(Char('6'), Action::Screen(Health), ("", "", "Health: what is watched, against the targets")),
    always(Char('7'), Action::Screen(Monitor), ("", "", "Monitoring after the deployment, round by round")),
    always(Char('8'), Action::Screen(Rollback), ("", "", "Rollback: the way back, and what it costs")),
    always(Char('9'), Action::Screen(Troubleshoot), ("", "", "Troubleshoot: the document's known problems")),
    on(&[Rollback], Enter, Action::Next, ("", "choose", "Choose the trigger, the procedure, the way out")),
    on(
        &[Rollback],
        Char('x'),
        Action::CallOff,
        ("call-off", "call off", "Take going back back, while nothing of it was done"),
    ),
    on(&[Rollback, Troubleshoot], Esc, Action::Back, ("", "back", "Back to the steps")),
    on(
        &[Troubleshoot],
        Enter,
        Action::Next,
        ("", "run or choose", "Run the command, or do what the remark says"),
    ),
    on(&[Troubleshoot], Char('/'), Action::Search, ("search", "search", "Search the known problems")),
    on(&[Troubleshoot], F(8), Action::Stop, ("stop", "", "End the running command: the next key says how")),
    on(
        &[Troubleshoot],
        Char('o'),
        Action::Output,
        ("output", "output", "Read the output: search, filter, copy, save"),
    ),
    on(&[Rollback], F(9), Action::RollBack, ("rollback", "go back", "Begin to go back: asks for the reason")),
    always(Char('@'), Action::Contacts, ("contacts", "", "Whom the document says to call; y copies them")),
    always(
        Char('!'),
        Action::AddCommand,
        ("add-command", "", "Run a command that is not in the document: a deviation"),
    ),
    always(
        F(6),
        Action::TakeControl,
        ("take-control", "", "Take control of the run from whoever has it; they see it"),
    ),
    always(Char(':'), Action::Palette, ("", "commands", "Everything that can be done, by its words")),
    always(Char('?'), Action::Help, ("", "help", "This page")),
    on(
        &[Start, Checklist, Steps, Log, Commands, Health, Monitor, Rollback, Troubleshoot],
        Char('q'),
        Action::Leave,
        ("leave", "leave", "Leave; the run is kept"),
    ),
    on(
        &[Checklist, Steps, Log, Commands, Document, Output, Health, Monitor, Troubleshoot],
        F(9),
        Action::Screen(Rollback),
        ("rollback", "roll back", "The way back; there, the same key begins it"),
    ),
];
