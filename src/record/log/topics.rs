//! What the words of a label mean.

use crate::runbook::words::{lower_words, stem};

/// What a label speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Date,
    Start,
    End,
    Duration,
    Downtime,
    Version,
    Previous,
    Environment,
    Engineer,
    Reviewer,
    Ticket,
    Window,
    Outcome,
    Issues,
    Rollback,
    RolledBack,
    Notes,
    Backup,
    Url,
    Document,
    Run,
    Host,
    Signature,
}

use Topic::{
    Backup, Date, Document, Downtime, Duration, End, Engineer, Environment, Host, Issues, Notes, Outcome,
    Previous, Reviewer, Rollback, RolledBack, Run, Signature, Start, Ticket, Url, Version, Window,
};

/// Phrases for each; the words of a label that are no fillers have to be exactly these.
#[rustfmt::skip] // words, many to a line
const PHRASES: &[(Topic, &[&str])] = &[
    (Date, &["date", "datum", "fecha", "data", "day", "when", "日期"]),
    (Start, &["start", "started", "start time", "time started", "began", "begin", "begin time", "time", "start date", "started at", "heure", "beginn"]),
    (End, &["end", "ended", "end time", "finish", "finished", "finish time", "time finished", "completed", "completed at", "completion time", "time completed", "ende", "fin"]),
    (Duration, &["duration", "total duration", "time taken", "total time", "elapsed", "elapsed time", "dauer", "durée"]),
    (Downtime, &["downtime", "outage", "total downtime", "service downtime", "outage duration"]),
    (Version, &["version", "release", "tag", "new version", "target version", "deployed version", "release version", "version deployed", "to version", "image tag", "versión", "versão", "版本"]),
    (Previous, &["previous version", "old version", "from version", "prior version", "rollback version", "current version"]),
    (Environment, &["environment", "env", "target environment", "umgebung", "environnement", "entorno", "ambiente", "环境"]),
    (Engineer, &["engineer", "operator", "who", "deployer", "who deployed", "who ran it", "by", "wer", "qui", "quién", "quem", "deployed by", "performed by", "executed by", "run by", "on call engineer", "deploy engineer", "release engineer", "engineer name", "verantwortlich", "ingénieur", "ingeniero"]),
    (Reviewer, &["reviewer", "reviewed by", "checked by", "verified by", "second engineer", "reviewer name", "prüfer", "revisor"]),
    (Ticket, &["ticket", "change", "change ticket", "change request", "change id", "change number", "ticket id", "ticket number", "jira", "jira ticket", "cr", "rfc", "issue link"]),
    (Window, &["window", "change window", "maintenance window"]),
    (Outcome, &["status", "result", "outcome", "final status", "overall status", "overall result", "ergebnis", "résultat", "resultado"]),
    (Issues, &["issues", "problems", "incidents", "issue", "problem", "errors", "issues found", "issues encountered", "probleme", "problèmes", "problemas"]),
    (Rollback, &["rollback", "roll back"]),
    (RolledBack, &["rolled back", "rollback performed", "rollback executed", "rollback done", "zurückgerollt", "rollback effectué", "rollback realizado"]),
    (Notes, &["notes", "comments", "remarks", "note", "comment", "additional notes", "observations", "notizen", "bemerkungen", "remarques", "notas"]),
    (Backup, &["backup", "backup file", "backup path", "backup location", "backup name", "backup id"]),
    (Url, &["url", "address", "endpoint"]),
    (Document, &["runbook", "document", "procedure"]),
    (Run, &["run", "run id"]),
    (Host, &["host", "server", "hostname", "place"]),
    (Signature, &["signature", "signed", "sign off", "unterschrift", "firma"]),
];

/// Words that add nothing to a label.
#[rustfmt::skip] // words, many to a line
const FILLERS: &[&str] = &[
    "deployment", "deploy", "the", "of", "for", "actual", "final", "required", "needed", "encountered", "any", "if", "local",
    "was", "is", "a", "an", "yes", "no", "y", "n", "utc", "gmt",
];

/// Words of a label that say in what a time is told: "Downtime (min)".
const MINUTES: &[&str] = &["min", "mins", "minutes", "minuten", "minutos"];

/// Whether a label asks for minutes.
pub(super) fn in_minutes(label: &str) -> bool {
    lower_words(label).iter().any(|w| MINUTES.contains(&w.as_str()))
}

impl Topic {
    /// Whether it is a time that something took.
    pub(super) fn is_span(self) -> bool {
        matches!(self, Duration | Downtime)
    }

    /// Whether a literal behind such a label is the run's to replace: "Environment: Production" is.
    pub(super) fn is_literal(self) -> bool {
        matches!(self, Environment | Date | Version | Engineer | Reviewer | Outcome | Ticket)
    }
}

/// What a label speaks of, if all of it is understood.
pub(super) fn topic(label: &str) -> Option<Topic> {
    let words: Vec<String> = lower_words(label)
        .into_iter()
        .filter(|w| !FILLERS.contains(&w.as_str()) && !MINUTES.contains(&w.as_str()))
        .collect();
    let joined = words.join(" ");
    let found = PHRASES.iter().find(|(_, phrases)| phrases.contains(&joined.as_str()));
    found.map(|(topic, _)| *topic)
}

/// What a placeholder's own word asks for, or a column's title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Time,
    Started,
    Date,
    Name,
    Signature,
    Standing,
    Took,
    Estimate,
    Words,
    Value,
}

/// What a word asks for.
pub(super) fn kind(word: &str) -> Kind {
    let has = |wanted: &[&str]| lower_words(word).iter().any(|w| wanted.contains(&w.as_str()));
    if has(&["estimate", "estimated", "expected", "planned"]) {
        Kind::Estimate
    } else if has(&["signature", "sign", "unterschrift"]) {
        Kind::Signature
    } else if has(&["duration", "took", "elapsed"]) {
        Kind::Took
    } else if has(&["start", "started", "begin", "began"]) {
        Kind::Started
    } else if has(&[
        "time",
        "timestamp",
        "end",
        "ended",
        "finished",
        "completed",
        "when",
        "at",
        "zeit",
        "heure",
        "hora",
    ]) {
        Kind::Time
    } else if has(&["date", "datum", "fecha", "data"]) {
        Kind::Date
    } else if has(&[
        "name", "who", "by", "engineer", "operator", "owner", "person", "initials", "nom", "nombre", "nome",
    ]) {
        Kind::Name
    } else if has(&["status", "result", "outcome", "done", "pass", "ok", "check", "state"]) {
        Kind::Standing
    } else if has(&["description", "reason", "notes", "comments", "comment", "note", "remarks", "details"]) {
        Kind::Words
    } else {
        Kind::Value
    }
}

/// Content words without endings, results and fillers: "Services stopped" and "Stop Services" are the same.
pub(super) fn stems(text: &str) -> Vec<String> {
    #[rustfmt::skip] // words, many to a line
    const RESULTS: &[&str] = &[
        "passed", "acceptable", "created", "create", "completed", "complete", "done", "ok", "successful", "successfully",
        "all", "the", "is", "was", "were", "has", "been", "time", "at", "result", "status",
    ];
    let all = lower_words(text);
    let kept: Vec<&String> = all.iter().filter(|w| !RESULTS.contains(&w.as_str())).collect();
    // "Started" alone means something; only beside other words it says when.
    let kept = if kept.is_empty() { all.iter().collect() } else { kept };
    let mut stems: Vec<String> = kept.into_iter().map(|w| stem(w)).collect();
    stems.sort();
    stems.dedup();
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_mean_what_they_say_and_nothing_half_understood() {
        for (label, wanted) in [
            ("Date", Some(Date)),
            ("Deployment Date", Some(Date)),
            ("Issues Encountered", Some(Issues)),
            ("Rollback Required", Some(Rollback)),
            ("Deployed by", Some(Engineer)),
            ("Rollback plan reviewed", None),
            ("Engineering Lead", None),
            ("Deployment", None),
        ] {
            assert_eq!(topic(label), wanted, "{label}");
        }
        assert_eq!(kind("start time"), Kind::Started);
        assert_eq!(kind("description of the issue"), Kind::Words);
    }

    #[test]
    fn labels_and_titles_meet() {
        let contains = |title: &str, label: &str| {
            let title = stems(title);
            stems(label).iter().all(|w| title.contains(w))
        };
        for (label, title) in [
            ("Services stopped", "Stop Services"),
            ("Code deployed", "Deploy New Code"),
            ("Migrations run", "Run Database Migrations"),
            ("Services started", "Start Services"),
            ("Health check passed", "Health Check"),
            ("Smoke tests passed", "Smoke Tests"),
            ("Performance acceptable", "Performance Check"),
            ("Backup created", "Create Backup"),
        ] {
            assert!(contains(title, label), "{label} / {title}: {:?} {:?}", stems(title), stems(label));
        }
        assert!(!contains("Stop Services", "Services started"));
    }
}
