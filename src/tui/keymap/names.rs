//! What actions are called when their name is typed behind `:`. A name is meant: it chooses an action that runs or ends
//! something, which no other word does.

use crate::tui::keymap::action::Action;
use crate::tui::screen::Screen;

/// The names of an action, beside its name in the settings.
pub fn names(action: Action) -> &'static [&'static str] {
    match action {
        Action::Leave => &["q", "quit", "exit", "leave", "qa", "wq", "bye", "close"],
        Action::Help => &["help", "h", "keys", "?"],
        Action::Back => &["back"],
        Action::Screen(screen) => of_screen(screen),
        Action::Contacts => &["contact", "contacts", "call", "phone"],
        Action::HandOver => &["hand", "handover"],
        Action::TakeControl => &["control", "take"],
        Action::Fail => &["fail", "failed", "abort"],
        Action::Finish => &["finish", "deployed"],
        Action::Write => &["write", "w"],
        Action::Verify => &["verify"],
        Action::Stop => &["stop", "kill", "cancel", "interrupt"],
        Action::Run => &["run", "rerun", "retry", "again", "repeat"],
        Action::Skip => &["skip"],
        Action::Edit => &["edit", "e", "change"],
        Action::Yes => &["yes", "y"],
        Action::No => &["no", "n"],
        Action::Attest => &["seen", "confirm"],
        Action::Deny => &["reject"],
        Action::Note => &["note", "comment"],
        Action::Output => &["output"],
        Action::Search => &["search", "find"],
        Action::Keyboard => &["keyboard", "type"],
        Action::Background => &["background", "bg"],
        Action::AddCommand => &["add"],
        Action::Answer => &["answer", "value", "set"],
        Action::Suspend => &["suspend"],
        Action::Look => &["look", "worst"],
        Action::Compare => &["compare", "before"],
        Action::Hold => &["hold"],
        _ => &[],
    }
}

fn of_screen(screen: Screen) -> &'static [&'static str] {
    match screen {
        Screen::Start => &["start"],
        Screen::Checklist => &["checklist", "checks", "items"],
        Screen::Steps => &["steps"],
        Screen::Log => &["log", "signoff"],
        Screen::Commands => &["commands"],
        Screen::Document => &["document", "doc", "runbook", "outline"],
        Screen::Output => &["output"],
        Screen::Health => &["health", "probes"],
        Screen::Monitor => &["monitor", "monitoring"],
        Screen::Rollback => &["rollback", "revert", "undo"],
        Screen::Problems => &["problems", "troubleshoot", "troubleshooting"],
        Screen::History => &["history", "runs"],
    }
}
