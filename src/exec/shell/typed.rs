//! The shell of this machine: an interactive bash that is typed into, as a person does. It reads each command from its
//! terminal, parses it at top level and runs it, so that there is nothing of ours between a document and what bash
//! makes of it: no `eval`, no function, no variable, no descriptor, no trap.
//!
//! bash expands `PS1` before it reads a command and `PS0` when it has read one (bash(1), PROMPTING). Both hold a command
//! substitution that reports by a path and waits at a gate:
//!
//! 1. What they report stands in the name of a file that is not there; the complaint is the report. So it takes no
//!    builtin, which a document may have disabled or put a function before, and nothing that `set -x`, a `DEBUG` trap
//!    or an `ERR` trap sees.
//! 2. While the gate of `PS0` is closed the command has been read and has not begun: the terminal gets its modes back.
//! 3. While the gate of `PS1` is closed nothing is read: whoever holds it looks whether the shell still has its
//!    terminal, and throws away what was typed ahead.

use super::super::variables::Snapshot;
use super::channel::Paths;
use super::driver::LOGIN;
use crate::shell::quote::quote;

/// Begins and ends a report; [`FIELD`] parts what is in it. No file's name and no variable that a person sets has them.
const MARK: char = '\u{1e}';
const FIELD: char = '\u{1f}';
/// Parts the kinds of state that the shell writes.
const PART: &str = "\u{1e}\u{1f}\u{1e}";

/// What such a shell reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// What it ran has ended, and how.
    Prompt(Box<Prompt>),
    /// Its state is being written, and it is about to read a command.
    Waits,
    /// It has read one, which begins when the gate opens.
    Started,
    /// The subshell of a follow command with this process ended with this status.
    Followed(i32, i32),
}

/// The shell's state as its prompt tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// `$?`; nothing where a restricted shell could not tell it.
    pub status: Option<i32>,
    /// `PIPESTATUS`.
    pub stages: Vec<i32>,
    /// `$-`.
    pub flags: String,
    /// `$PWD`.
    pub directory: String,
    /// `user@host`.
    pub login: String,
    /// `BASH_XTRACEFD`, where it is a number.
    pub trace: Option<u32>,
}

/// The texts of `PS1` and `PS0`.
#[derive(Clone, Debug)]
pub struct Prompts {
    ps1: String,
    ps0: String,
    paths: Paths,
}

impl Prompts {
    /// For a shell that finds its pipes there.
    pub fn new(paths: Paths) -> Self {
        let Paths { reports, start, prompt, state } = &paths;
        let f = FIELD;
        let fields = format!("$?{f}${{PIPESTATUS[*]/%/ }}{f}$-{f}$PWD{f}\\u@\\h{f}${{BASH_XTRACEFD-}}");
        // Where a trace goes to a descriptor of its own, or a trap sees what subshells do, it would show there: then it is
        // left out.
        let dumps = format!(
            "{{ {{ {{ builtin declare -p; {part}; builtin declare -f; {part}; builtin alias -p; {part}; builtin shopt -p; \
             builtin set +o; {part}; builtin trap -p; {part}; builtin umask -p; {part}; builtin dirs -l -p; {part}; \
             builtin printf \"%q \" \"$#\" \"$@\"; {part}; builtin printf %s \"$PWD\"; {part}; }} & }} \
             >\"{state}${{BASH_XTRACEFD:+/none}}${{-//[^T]}}\" </dev/null; }} 2>>{reports}",
            part = format_args!("builtin printf %s {PART}"),
        );
        let report = |words: &str| {
            // A restricted shell opens no file to write. It tells the same on its terminal; by then `$?` is no more.
            let instead = words.replacen("$?", "", 1);
            format!(
                "{{ <\"/{MARK}{words}{MARK}\" || </dev/null; }} >>{reports} 2>&1 || \
                 builtin printf %s \"{MARK}{instead}{MARK}\" >&2"
            )
        };
        let (told, dumped) = (report(&format!("P{f}{fields}")), report(&format!("D{f}")));
        let waits = |gate: &str| {
            let wait = format!("<\"/dev/null$(<{gate})\"");
            format!("{{ {wait}; }} >>{reports} 2>&1 || {wait}")
        };
        let ps1 = format!("$({told}; {dumps}; {dumped}; {})", waits(prompt));
        let ps0 = format!("$({}; {})", report(&format!("S{f}")), waits(start));
        Self { ps1, ps0, paths }
    }

    /// The text that the shell reads when it starts: a login environment or a snapshot, then its prompts.
    pub fn startup(&self, restore: Option<&Snapshot>) -> String {
        let before =
            restore.map_or_else(|| format!("{BEFORE_LOGIN}{LOGIN}{AFTER_LOGIN}"), Snapshot::restore_script);
        let after = restore.map(Snapshot::restore_last).unwrap_or_default();
        format!("{before}\n{SETTINGS}{}\n{after}", self.assignment())
    }

    fn assignment(&self) -> String {
        format!("PS1={} PS0={} PS2=", quote(&self.ps1), quote(&self.ps0))
    }

    /// A command that gives the shell its prompts back before each prompt, where what runs next may set others.
    pub fn keep(&self, prompt: &Prompt) -> String {
        let keeps = format!("{{ {}; }} 2>/dev/null", self.assignment());
        unseen(&format!("PROMPT_COMMAND={}", quote(&keeps)), prompt)
    }

    /// Gives the shell its prompts back, with the status that it has: that of an assignment is that of the command
    /// substitution in it (bash(1), SIMPLE COMMAND EXPANSION).
    pub fn give_back(&self, prompt: &Prompt) -> String {
        let status = if prompt.flags.contains(['e', 'E']) { "" } else { "$(builtin exit $?)" };
        format!("{{ {}{status}; }} 2>/dev/null", self.assignment())
    }

    /// A follow command: a subshell on the terminal at this path that tells its end.
    pub fn follow(&self, tty: &str, text: &str) -> String {
        let words = format!("/{MARK}F{FIELD}$__gonogo_pid{FIELD}$__gonogo_status{MARK}");
        let reports = &self.paths.reports;
        format!(
            "( {text}\n{{ __gonogo_status=$? __gonogo_pid=$BASHPID; {{ <\"{words}\" || </dev/null; }} 2>>{reports}; builtin exit $__gonogo_status; }} \
             2>/dev/null ) <{tty} >{tty} 2>&1",
            tty = quote(tty)
        )
    }

    /// Whether a line of the terminal is the complaint of a restricted shell about our path.
    pub fn is_complaint(&self, line: &str) -> bool {
        line.contains(&self.paths.reports) || line.contains(&self.paths.state)
    }
}

/// A command of ours that changes the shell: not traced, with the status that was there before it where that does not end
/// the shell.
pub fn unseen(text: &str, prompt: &Prompt) -> String {
    let trace = prompt.trace.map_or(String::new(), |fd| format!(" {fd}>/dev/null"));
    let status = prompt.status.filter(|s| *s != 0 && !prompt.flags.contains(['e', 'E']));
    let status = status.map_or(String::new(), |s| format!("; ( builtin exit {s} )"));
    format!("{{ {text}{status}; }} 2>/dev/null{trace}")
}

/// A script that changes nothing, with what it prints going to a path.
pub fn asked(script: &str, to: &str, prompt: &Prompt) -> String {
    let inner = format!("builtin eval {}", quote(script));
    unseen(&format!("( {inner} ) </dev/null >{to}"), prompt)
}

/// A login's files add to the environment of the terminal that gonogo was started in, and take nothing from it: what an
/// activated environment or a version manager had put into it stays. Directories that were in its `PATH`, and that such a
/// file left out when it set another one, come first.
const BEFORE_LOGIN: &str = "__gonogo_environment=$(builtin export -p) __gonogo_path=${PATH-}\n";
const AFTER_LOGIN: &str = r#"
__gonogo_login=${PATH-} __gonogo_first=
builtin eval "$__gonogo_environment" 2>/dev/null
while [[ -n $__gonogo_path ]]; do
  __gonogo_f=${__gonogo_path%%:*}
  if [[ $__gonogo_path == *:* ]]; then __gonogo_path=${__gonogo_path#*:}; else __gonogo_path=; fi
  if [[ -n $__gonogo_f && :$__gonogo_login:$__gonogo_first != *:"$__gonogo_f":* ]]; then __gonogo_first+=$__gonogo_f:; fi
done
export PATH=$__gonogo_first$__gonogo_login
unset -v __gonogo_environment __gonogo_path __gonogo_login __gonogo_first __gonogo_f
"#;

/// What is set before the first command: no history, programs that would page print, and jobs are the shell's own.
const SETTINGS: &str = "unset HISTFILE PROMPT_COMMAND; set +o history +o histexpand +e +u +x +v\n\
                        export PAGER=cat GIT_PAGER=cat PSQL_PAGER=cat SYSTEMD_PAGER=\n";

/// Takes whole reports off the front of `buffer`; what stands between them is thrown away.
pub fn reports(buffer: &mut Vec<u8>) -> Vec<Report> {
    let mut found = Vec::new();
    while let Some((range, report)) = next_report(buffer) {
        buffer.drain(..range.end);
        found.extend(report);
    }
    if !buffer.contains(&(MARK as u8)) {
        buffer.clear();
    }
    found
}

/// The first report in some bytes, with where it stands.
pub fn next_report(bytes: &[u8]) -> Option<(std::ops::Range<usize>, Option<Report>)> {
    let mark = MARK as u8;
    let start = bytes.iter().position(|b| *b == mark)?;
    let length = bytes[start + 1..].iter().position(|b| *b == mark)?;
    let end = start + 1 + length;
    let body = String::from_utf8_lossy(&bytes[start + 1..end]);
    Some((start..end + 1, report(&body)))
}

fn report(body: &str) -> Option<Report> {
    let fields: Vec<&str> = body.split(FIELD).collect();
    match fields.as_slice() {
        ["P", status, stages, flags, directory, login, trace] => Some(Report::Prompt(Box::new(Prompt {
            status: status.parse().ok(),
            stages: stages.split(|c: char| !c.is_ascii_digit()).filter_map(|s| s.parse().ok()).collect(),
            flags: (*flags).to_owned(),
            directory: (*directory).to_owned(),
            login: (*login).to_owned(),
            trace: trace.parse().ok(),
        }))),
        ["D", _] => Some(Report::Waits),
        ["S", _] => Some(Report::Started),
        ["F", pid, status] => Some(Report::Followed(pid.parse().ok()?, status.parse().ok()?)),
        _ => None,
    }
}

/// The shell's state, as it wrote it; nothing where not all of it is there.
pub fn state(bytes: &[u8]) -> Option<Snapshot> {
    let text = String::from_utf8_lossy(bytes);
    let parts: Vec<&str> = text.split(PART).collect();
    let [variables, functions, aliases, options, traps, umask, directories, arguments, directory, ""] =
        parts.as_slice()
    else {
        return None;
    };
    let own = |part: &str| part.to_owned();
    let mut snapshot = Snapshot::new(variables, own(functions), own(aliases), own(options), own(directory));
    snapshot.keep(own(traps), own(umask), own(directories), own(arguments));
    Some(snapshot)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_cut_anywhere_are_read_whole() {
        let bytes =
            "bash: /\u{1e}P\u{1f}3\u{1f}1 0 \u{1f}hiBs\u{1f}/a b\u{1f}ada@web\u{1f}\u{1e}: No such file\n\
                     bash: /\u{1e}S\u{1f}\u{1e}: No such file\n"
                .as_bytes();
        for cut in 0..bytes.len() {
            let mut buffer = bytes[..cut].to_vec();
            let mut found = reports(&mut buffer);
            buffer.extend_from_slice(&bytes[cut..]);
            found.extend(reports(&mut buffer));
            let prompt = Prompt {
                status: Some(3),
                stages: vec![1, 0],
                flags: "hiBs".into(),
                directory: "/a b".into(),
                login: "ada@web".into(),
                trace: None,
            };
            assert_eq!(found, [Report::Prompt(Box::new(prompt)), Report::Started], "cut at {cut}");
        }
    }

    #[test]
    fn state_is_used_whole_or_not_at_all() {
        let whole =
            ["declare -- A=\"1\"\n", "", "", "", "", "umask 0022\n", "/\n", "0 ", "/tmp", ""].join(PART);
        assert!(state(whole.as_bytes()).is_some());
        for cut in 0..whole.len() {
            assert!(state(&whole.as_bytes()[..cut]).is_none(), "cut at {cut}");
        }
    }
}
