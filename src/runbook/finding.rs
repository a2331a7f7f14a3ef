//! What reading noticed: findings with stable codes, a line and an explanation each.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Likely to surprise somebody at night.
    Warning,
    /// Something cannot run as it stands.
    Error,
}

/// One thing noticed while reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The line it is about.
    pub line: usize,
    /// How much it matters.
    pub level: Level,
    /// A stable code; `gonogo check --explain CODE` tells more.
    pub code: String,
    /// What is the matter, with the words of the document.
    pub message: String,
    /// The bytes it is about, where that is less than its line.
    #[serde(skip)]
    #[schemars(skip)]
    pub at: Option<(usize, usize)>,
}

/// Every code with its level and its explanation.
pub const CODES: &[(&str, Level, &str)] = &[
    (
        "unparsable",
        Level::Error,
        "The shell grammar can't parse this text. It never runs as written: edit the document, or edit the command before running it.",
    ),
    (
        "bash-refuses",
        Level::Error,
        "bash can't parse the command; `bash -n` on its text shows where it stops. It would fail during the run with the same message. Fix the document, or leave the command out with --from and --to.",
    ),
    (
        "placeholder",
        Level::Note,
        "The command has a placeholder such as <password> or YOUR_X. gonogo asks for its value before the command runs; a command with an open placeholder never runs.",
    ),
    (
        "ellipsis",
        Level::Warning,
        "The command has \"...\" where a value belongs. Nobody can fill it in beforehand: edit the command before running it.",
    ),
    (
        "unset-variable",
        Level::Note,
        "The command uses a variable that no step sets: nothing in the document sets it, or only a line that no run executes, and to more than a plain value. Give it with --set NAME=VALUE (a secret with --set-file NAME=FILE), or set it in the shell where the run starts.",
    ),
    (
        "after-place",
        Level::Note,
        "Commands after ssh, su or exec -it are meant for the shell that it opens. The run asks where to run them.",
    ),
    (
        "opens-shell",
        Level::Warning,
        "The command opens a shell that gonogo can't follow: tmux, newgrp, a cloud's console, or ssh and sudo as a part of a larger command. Do the commands after it there by hand, or start gonogo there; an `exit` in the document returns. A lone `ssh host`, `sudo -i`, `sudo -u app bash` or `docker exec -it api bash` can be followed.",
    ),
    (
        "after-follow",
        Level::Warning,
        "A command that does not end by itself comes before others. Pasted into a shell, it would block them. The operator ends it; an unattended run ends it after --follow-for.",
    ),
    (
        "curl-without-fail",
        Level::Warning,
        "curl exits 0 for an HTTP error. Add --fail, or say what the answer must contain.",
    ),
    (
        "psql-without-stop",
        Level::Warning,
        "psql reading a file or standard input exits 0 after SQL errors. Add -v ON_ERROR_STOP=1.",
    ),
    (
        "rollback-stops-its-need",
        Level::Error,
        "The rollback stops something that a later command of it needs: after `down` there is no database to restore into. Stop only the application, or start what is needed before it.",
    ),
    (
        "value-left",
        Level::Warning,
        "The command contains the text of a value that a run asks for, as a part of something else (v1.2.0-rc.1, or a tag that the rollback deletes). Another value is not put in there: edit the command before running it, or give the document a variable.",
    ),
    (
        "rollback-value-missing",
        Level::Error,
        "The rollback uses a variable that no step sets: at three in the morning its value would have to be guessed. Set it in a step, or write the value down in one.",
    ),
    (
        "destructive-before-backup",
        Level::Warning,
        "A command that loses data comes before any backup. Make the backup first, or say in the document why none is needed.",
    ),
    ("no-backup", Level::Note, "The steps lose data, and no step makes a backup."),
    (
        "ps-hides-exited",
        Level::Warning,
        "`docker compose ps` (version 2) hides services that have exited, so a filter that looks for one finds nothing. Use `ps --all`.",
    ),
    (
        "pager",
        Level::Note,
        "The command opens a pager on a terminal. gonogo sets PAGER=cat and the like; for other ways to run it, add --no-pager.",
    ),
    (
        "credential",
        Level::Warning,
        "The document contains a credential in clear text. Move it to a variable or a file.",
    ),
    (
        "expectation-for-eyes",
        Level::Note,
        "gonogo can't check this expectation, or only part of it, and asks the operator. It can check a literal text, a count, JSON or a time limit.",
    ),
    (
        "compose-mixed",
        Level::Warning,
        "`docker-compose` (version 1) and `docker compose` (version 2) are both used. They name containers differently, and one of them may not be installed.",
    ),
    (
        "contact-missing",
        Level::Note,
        "A contact is TBD or a placeholder. Fill it in before somebody needs it.",
    ),
    (
        "control-character",
        Level::Warning,
        "The line contains control or bidirectional characters, which can make it look different from what it is. gonogo shows them as escapes.",
    ),
    (
        "look-alike-character",
        Level::Warning,
        "A command contains a character that only looks like one that the shell knows: a typographic quote, a no-break space, a dash in front of an option, a backslash followed by blanks. A word processor or a web page put it there. Replace it with the plain character.",
    ),
    (
        "doubt",
        Level::Warning,
        "A line may be a command, or text for the reader; or a command may contain a placeholder, such as `shop:TAG` or `release/2.x`, or be meant as written. gonogo asks before it can run, and an unattended run starts nothing until --answer says which. Move text out of the fence or into a comment; give a command an option or a path; write a placeholder as `<tag>`.",
    ),
    (
        "documentation-domain",
        Level::Note,
        "The command names example.com, example.org, example.net or a name under .example or .invalid. These names are reserved for documentation (RFC 2606), so none of your services is there. Write the real name, or a placeholder such as <domain>, which a run asks for.",
    ),
    (
        "duplicate-step",
        Level::Warning,
        "Two steps have the same number. \"Go back to step 3\" then means either; the second one's id gets a suffix.",
    ),
    ("dead-link", Level::Warning, "A link points to a heading that the document does not have."),
    (
        "no-estimate",
        Level::Note,
        "The step does not say how long it takes. \"(10 min)\" in its heading lets the run show progress and a latest time to roll back.",
    ),
    (
        "no-rollback",
        Level::Warning,
        "The document has no rollback section. gonogo invents none. `gonogo check --explain headings` lists the words that count; `<!-- gonogo: role=rollback -->` above a heading makes its section one.",
    ),
    (
        "no-troubleshooting",
        Level::Note,
        "The document has no section with known problems. When a command fails, gonogo has no known problem to compare it with.",
    ),
    (
        "unclosed-fence",
        Level::Warning,
        "A code fence is never closed. gonogo reads it up to the next fence or heading that shows where it must have ended.",
    ),
    (
        "commands-outside",
        Level::Warning,
        "Commands are in a section that is not a step, a rollback or anything else that runs. gonogo shows them, but no run executes them. Give the section a heading such as \"Step 3: …\" or `<!-- gonogo: role=steps -->` above it, or leave it if they are only for reference.",
    ),
    (
        "no-command",
        Level::Note,
        "A shell fence, or a line of it, is not a command: a file to write, an output, SQL for a client, a sentence. gonogo shows it as such and never runs it. Give the fence another language.",
    ),
    (
        "unused-allow",
        Level::Warning,
        "A comment allows a finding that gonogo does not make there. Remove the comment, or it will hide the next such finding.",
    ),
    (
        "settings",
        Level::Error,
        "The gonogo.toml beside the document has a mistake: an unknown key, or a name that the document does not have. A run would stop at night with the same message.",
    ),
    (
        "unknown-allow",
        Level::Warning,
        "A comment for gonogo that it can't read, or that allows a finding that does not exist. `gonogo check --explain all` lists the findings.",
    ),
    (
        "unknown-correction",
        Level::Error,
        "A correction that gonogo can't read, so it corrects nothing. In the document, a correction is a comment above a heading or a fence, `<!-- gonogo: role=rollback -->`, or in a fence, `# gonogo: skip`; docs/reading.md lists the words.",
    ),
    (
        "correction-unmatched",
        Level::Error,
        "A correction in [reading] of gonogo.toml matches nothing, or more than one thing: the document was edited. Name the text or path of the heading, or the first words of the fence.",
    ),
    ("no-steps", Level::Error, "No section with commands was found."),
];

impl Finding {
    /// A finding with the level that belongs to `code`.
    pub fn new(line: usize, code: &str, message: impl Into<String>) -> Self {
        let level = CODES.iter().find(|(c, ..)| *c == code).map_or(Level::Note, |(_, level, _)| *level);
        Self { line, level, code: code.to_owned(), message: message.into(), at: None }
    }

    /// The same about these bytes.
    #[must_use]
    pub fn at(self, start: usize, end: usize) -> Self {
        Self { at: Some((start, end)), ..self }
    }
}

/// The explanation of a code.
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(c, ..)| *c == code).map(|(.., text)| *text)
}
