//! The driver that makes one long-lived bash run commands one by one and report on each.
//!
//! It is an interactive bash that never shows a prompt: `PROMPT_COMMAND` reads commands from a descriptor
//! and evaluates them at top level. So aliases, jobs, `declare`, `$?` and Ctrl-C work as they do when a
//! person types: an interrupted or aborted command lands at the prompt, which is the driver again.

use crate::run::Place;

use super::variables::Snapshot;

/// What the shell is asked for. The first byte of the message says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToShell<'t> {
    /// Evaluate, both streams to their own terminal.
    Run(&'t str),
    /// Evaluate with standard error on the main terminal: full-screen programs want one.
    Interactive(&'t str),
    /// Evaluate with standard input empty: nobody is there.
    NoInput(&'t str),
    /// Evaluate in a subshell on the terminal at this path: it can go on in the background.
    Follow(&'t str, &'t str),
    /// Report all variables, functions, aliases and options.
    Snapshot,
    /// Report the values of these variables.
    Values(&'t [String]),
    /// Set and export a variable.
    Export(&'t str, &'t str),
}

impl ToShell<'_> {
    /// The message's bytes, with the byte that ends it.
    pub fn encode(&self) -> Vec<u8> {
        let (kind, body) = match self {
            ToShell::Run(text) => ('R', with_stages(text)),
            ToShell::Interactive(text) => ('I', (*text).to_owned()),
            ToShell::NoInput(text) => ('N', with_stages(text)),
            ToShell::Follow(tty, text) => ('F', format!("{tty}\n{text}")),
            ToShell::Snapshot => ('S', String::new()),
            ToShell::Values(names) => ('V', names.join(" ")),
            ToShell::Export(name, value) => ('X', format!("{name}={value}")),
        };
        // A NUL can't stand in a shell command; one in a document would end the message early.
        let mut bytes = format!("{kind}{}", body.replace('\0', "")).into_bytes();
        bytes.push(0);
        bytes
    }
}

/// Keeps what the stages of a pipeline ended with: `PIPESTATUS` does not outlive the `eval` around it.
const KEEP_STAGES: &str = "\n{ __gonogo_stages=(\"$?\" \"${PIPESTATUS[@]}\"); } 2>/dev/null";

/// A pipeline with what keeps its stages' statuses, any other text as it is.
fn with_stages(text: &str) -> String {
    let goes_on = text.ends_with('\\');
    if !goes_on && crate::shell::is_pipeline(text) { format!("{text}{KEEP_STAGES}") } else { text.to_owned() }
}

/// What the shell reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromShell {
    /// The driver waits for its first command.
    Ready(Place),
    /// A command ended with this status; the statuses of its stages, where it is a pipeline.
    End(i32, Place, Vec<i32>),
    /// The answer to [`ToShell::Snapshot`].
    Snapshot(Snapshot),
    /// The command of [`ToShell::Follow`] with this process group ended with this status.
    Followed(i32, i32),
    /// The answer to [`ToShell::Values`].
    Values(Vec<(String, String)>),
}

/// The escape sequence that the driver writes to both terminals after a command, so that all output is
/// read before the end is told. It never reaches screen or recording.
pub const END_MARK: &[u8] = b"\x1b]7717;gonogo-end\x07";

/// The text that bash sources: a login environment or a snapshot, then the driver.
pub fn driver(restore: Option<&Snapshot>) -> String {
    let before = match restore {
        None => LOGIN.to_owned(),
        Some(snapshot) => snapshot.restore_script(),
    };
    format!("{before}\n{DRIVER}")
}

/// What a login shell reads, in its order (bash(1), INVOCATION).
const LOGIN: &str = r#"
[ -r /etc/profile ] && . /etc/profile
for __gonogo_f in ~/.bash_profile ~/.bash_login ~/.profile; do
  if [ -r "$__gonogo_f" ]; then . "$__gonogo_f"; break; fi
done
unset __gonogo_f
"#;

const DRIVER: &str = r#"
exec 2>&197 195<&-
unset HISTFILE; set +o history; set +e +u +x
export PAGER=cat GIT_PAGER=cat PSQL_PAGER=cat SYSTEMD_PAGER=
PS1= PS2= PS0=
__gonogo_ps='\u@\h' __gonogo_status=0 __gonogo_pending= __gonogo_eof= __gonogo_x= __gonogo_cmd=
__gonogo_mark=$'\e]7717;gonogo-end\a' __gonogo_stages=()
__gonogo_st() { return "$__gonogo_status"; }
__gonogo_report() {
  local IFS=' '
  builtin printf %s "$__gonogo_mark" >&196
  builtin printf %s "$__gonogo_mark" >&197
  builtin printf '%s\0' "$1" "$2" "${__gonogo_ps@P}" "$PWD" "${__gonogo_stages[*]:1}" >&199
}
__gonogo_snapshot() {
  { builtin printf 'snapshot\0'; builtin declare -p; builtin printf '\0'; builtin declare -f; builtin printf '\0'
    builtin alias -p; builtin printf '\0'; builtin shopt -p; builtin set +o; builtin printf '\0%s\0' "$PWD"; } >&199 2>/dev/null
}
__gonogo_values() {
  builtin printf 'values\0%s\0' "$#" >&199
  while (( $# )); do builtin printf '%s\0%s\0' "$1" "${!1-}" >&199; shift; done
}
__gonogo_nl=$'\n' __gonogo_tty=
__gonogo_earlier() {
  local status text=
  for status in "${__gonogo_stages[@]:1}"; do text+="${text:+ | }( exit $status )"; done
  if [[ $__gonogo_cmd == F* ]]; then
    __gonogo_cmd=${__gonogo_cmd%%"$__gonogo_nl"*}$__gonogo_nl$text$__gonogo_nl${__gonogo_cmd#*"$__gonogo_nl"}
  else __gonogo_cmd=${__gonogo_cmd:0:1}$text$__gonogo_nl${__gonogo_cmd:1}; fi
}
__gonogo_follow() {
  __gonogo_tty=${__gonogo_cmd%%"$__gonogo_nl"*}; __gonogo_tty=${__gonogo_tty#F}
  ( __gonogo_st; builtin eval "${__gonogo_cmd#*"$__gonogo_nl"}" 195<&- 196>&- 197>&- 198<&- 199>&-
    __gonogo_status=$?; builtin printf %s "$__gonogo_mark"
    builtin printf 'followed\0%s\0%s\0' "$BASHPID" "$__gonogo_status" >&199; builtin exit "$__gonogo_status"
  ) <"$__gonogo_tty" >"$__gonogo_tty" 2>&1
}
PROMPT_COMMAND='{ __gonogo_status=$?; set +x; } 2>/dev/null
until [[ -n $__gonogo_eof ]]; do
if [[ -n $__gonogo_pending ]]; then __gonogo_pending=; __gonogo_report end "$__gonogo_status"; fi
while IFS= builtin read -r -d "" -t 99999999 -u 198 __gonogo_cmd || ! __gonogo_eof=1; do
  case $__gonogo_cmd in
    S*) __gonogo_snapshot; continue ;;
    V*) __gonogo_values ${__gonogo_cmd#V}; continue ;;
    X*) builtin export "${__gonogo_cmd#X}"; continue ;;
  esac
  __gonogo_pending=1
  if [[ ${#__gonogo_stages[@]} -gt 0 && $__gonogo_cmd == *PIPESTATUS* ]]; then __gonogo_earlier; fi
  __gonogo_stages=()
  if [[ -n $__gonogo_x ]]; then __gonogo_x=; set -x; fi
  case $__gonogo_cmd in
    I*) __gonogo_st; builtin eval "${__gonogo_cmd#I}" 2>&1 195<&- 196>&- 197>&- 198<&- 199>&- ;;
    F*) __gonogo_follow ;;
    N*) __gonogo_st; builtin eval "${__gonogo_cmd#N}" </dev/null 195<&- 196>&- 197>&- 198<&- 199>&- ;;
    *) __gonogo_st; builtin eval "${__gonogo_cmd#R}" 195<&- 196>&- 197>&- 198<&- 199>&- ;;
  esac
  { __gonogo_status=$?; if (( ${#__gonogo_stages[@]} )); then __gonogo_status=${__gonogo_stages[0]}; fi
  if [[ $- == *x* ]]; then __gonogo_x=1; set +x; fi; } 2>/dev/null
  if [[ $__gonogo_cmd == F* && $__gonogo_status -eq 147 ]]; then builtin disown %+ 2>/dev/null; fi
  __gonogo_pending=; __gonogo_report end "$__gonogo_status"
done
done
exit 0'
__gonogo_report ready 0
"#;

/// Takes whole messages off the front of `buffer`.
pub fn decode(buffer: &mut Vec<u8>) -> Vec<FromShell> {
    let mut found = Vec::new();
    loop {
        let fields: Vec<String> =
            buffer.split(|b| *b == 0).map(|f| String::from_utf8_lossy(f).into_owned()).collect();
        // The last field is what follows the last NUL: not complete yet.
        let complete = &fields[..fields.len() - 1];
        let place = |at: usize| Place { login: complete[at].clone(), directory: complete[at + 1].clone() };
        let (message, used) = match complete.first().map(String::as_str) {
            Some("ready") if complete.len() >= 5 => (FromShell::Ready(place(2)), 5),
            Some("end") if complete.len() >= 5 => {
                let stages = complete[4].split(' ').filter_map(|s| s.parse().ok()).collect();
                (FromShell::End(complete[1].parse().unwrap_or(-1), place(2), stages), 5)
            }
            Some("snapshot") if complete.len() >= 6 => {
                let field = |at: usize| complete[at].clone();
                (FromShell::Snapshot(Snapshot::new(&field(1), field(2), field(3), field(4), field(5))), 6)
            }
            Some("followed") if complete.len() >= 3 => {
                let number = |at: usize| complete[at].parse().unwrap_or(-1);
                (FromShell::Followed(number(1), number(2)), 3)
            }
            Some("values") if complete.len() >= 2 => {
                let count: usize = complete[1].parse().unwrap_or(0);
                if complete.len() < 2 + 2 * count {
                    return found;
                }
                let pairs =
                    complete[2..2 + 2 * count].chunks(2).map(|p| (p[0].clone(), p[1].clone())).collect();
                (FromShell::Values(pairs), 2 + 2 * count)
            }
            Some("ready" | "end" | "snapshot" | "values" | "followed") | None => return found,
            Some(_) => {
                // Not ours: skip one field rather than stop listening.
                drop_fields(buffer, 1);
                continue;
            }
        };
        found.push(message);
        drop_fields(buffer, used);
    }
}

fn drop_fields(buffer: &mut Vec<u8>, count: usize) {
    let mut seen = 0;
    let end = buffer.iter().position(|b| {
        seen += usize::from(*b == 0);
        seen == count
    });
    buffer.drain(..end.map_or(buffer.len(), |e| e + 1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_used_whole_or_not_at_all() {
        let whole =
            b"snapshot\x00declare -- A=\"1\"\n\x00f () {\n}\n\x00alias x='y'\n\x00shopt -u a\n\x00/tmp\x00";
        for cut in 0..whole.len() {
            assert!(decode(&mut whole[..cut].to_vec()).is_empty(), "cut at {cut}");
        }
        assert!(matches!(decode(&mut whole.to_vec()).as_slice(), [FromShell::Snapshot(_)]));
    }

    #[test]
    fn messages_split_anywhere_are_read_whole() {
        let bytes = b"end\x003\x00ada@web\x00/tmp\x001 3\x00values\x001\x00A\x00x y\x00";
        for cut in 0..bytes.len() {
            let mut buffer = bytes[..cut].to_vec();
            let mut found = decode(&mut buffer);
            buffer.extend_from_slice(&bytes[cut..]);
            found.extend(decode(&mut buffer));
            let place = Place { login: "ada@web".into(), directory: "/tmp".into() };
            assert_eq!(
                found,
                [FromShell::End(3, place, vec![1, 3]), FromShell::Values(vec![("A".into(), "x y".into())])],
                "cut at {cut}"
            );
        }
    }
}
