//! Words that differences are told in.

use super::super::Part;

/// A part in the middle of a sentence; `whole` where it is not clear from an id whose part it is.
pub(super) fn label(part: &Part, whole: bool) -> String {
    let title =
        if whole && !part.title.is_empty() { format!(" “{}”", part.title) } else { String::new() };
    match part.kind.as_str() {
        "step" => format!("step {}{title}", part.id),
        "rollback" if whole => format!("the rollback{title}"),
        "rollback" => "the rollback".to_owned(),
        "verification" => "the rollback's verification".to_owned(),
        "outside" => "no section".to_owned(),
        "monitoring" => format!("the monitoring “{}”", part.title),
        kind => format!("the {kind} “{}”", part.title),
    }
}

/// What a role makes of a section; `None` for one that says nothing.
pub(super) fn role(name: &str) -> Option<&str> {
    Some(match name {
        "other" | "overview" => return None,
        "rollback" => "the rollback",
        "checklist" => "a checklist",
        "troubleshooting" => "known problems",
        "success" => "criteria of success",
        "log_template" => "the log's template",
        other => other,
    })
}

/// What something does that has this effect.
pub(super) fn does(effect: &str) -> &str {
    match effect {
        "reads" => "only reads",
        "changes" => "changes something",
        "destructive" => "destroys",
        other => other,
    }
}

/// How a command of this kind is run, where it was not before.
pub(super) fn now_run(kind: &str) -> String {
    match kind {
        "run" => "is now run, and ends by itself".to_owned(),
        "interactive" => "now takes the keyboard".to_owned(),
        "place" => "now leads to another place".to_owned(),
        "follow" => "now runs until somebody ends it".to_owned(),
        "manual" => "is now done by hand".to_owned(),
        other => format!("is now {other}"),
    }
}

/// `1 command`, `2 commands`.
pub(super) fn count(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
