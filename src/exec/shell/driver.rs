//! The text that makes a bash behind `ssh`, `sudo -i` or `docker exec` the driver of a place: it has its terminal and
//! nothing else.
//!
//! It is an interactive bash that never shows a prompt: `PROMPT_COMMAND` takes commands and evaluates them at top level.
//! Behind a door reports travel in the terminal's output, as an escape sequence that carries the shell's own number
//! ([`super::band`]), and commands come in as input. bash gives a report out as the prompt of its next `read`: by
//! then that has put the terminal into a mode that neither echoes nor cuts lines, so that whoever answers a report
//! with the next command is read byte for byte. Nothing is installed there, and no file is written. With nobody there a
//! command finds its terminal so that what asks there reads the end at once, as it does here.

/// The escape sequence that is written to the terminals after a command, so that all output is read before the end is
/// told: by the driver behind a door, here by whoever types. It never reaches screen or recording.
pub const END_MARK: &[u8] = b"\x1b]7717;gonogo-end\x07";

/// The text that a bash behind a door sources; `nonce` is what its reports are known by.
pub fn behind_a_door(nonce: &str, login: bool) -> String {
    let before = if login { LOGIN } else { "[ -r ~/.bashrc ] && . ~/.bashrc\n" };
    format!("{before}\n__gonogo_nonce={nonce}\n{BY_TERMINAL}{COMMON}")
}

/// The words that start such a bash: it sources what it gets as its last word. bash takes the terminal of its standard
/// error for the one that it controls jobs by; the one that errors go to is put aside until it has started.
pub const STARTS: [&str; 3] =
    ["bash", "-c", "exec 197>&2 2>&1; exec bash --noprofile --rcfile <(builtin printf %s \"$0\") -i"];

/// What a login shell reads, in its order (bash(1), INVOCATION).
pub(super) const LOGIN: &str = r#"
[ -r /etc/profile ] && . /etc/profile
for __gonogo_f in ~/.bash_profile ~/.bash_login ~/.profile; do
  if [ -r "$__gonogo_f" ]; then . "$__gonogo_f"; break; fi
done
unset __gonogo_f
"#;

const BY_TERMINAL: &str = r#"
exec 196>&1 198<&0 2>&197
__gonogo_login=$(id -un 2>/dev/null)@${HOSTNAME%%.*} __gonogo_say= __gonogo_two= __gonogo_n=0
if [[ -t 2 && ! /dev/fd/1 -ef /dev/fd/2 ]]; then __gonogo_two=1; fi
__gonogo_about="$$ ${__gonogo_two:-0}"
__gonogo_modes=$(stty -g <&198 2>/dev/null)
__gonogo_who() { :; }
__gonogo_nobody() { stty -icanon min 0 time 0 <&198 2>/dev/null; }
__gonogo_marks() {
  if [[ -n $__gonogo_modes ]]; then stty "$__gonogo_modes" <&198 2>/dev/null; fi
  if [[ -n $__gonogo_two ]]; then builtin printf %s "$__gonogo_mark" >&197; fi
  __gonogo_say+=$__gonogo_mark
}
__gonogo_out() {
  local field
  __gonogo_say+=$'\e]7717;@'$__gonogo_nonce$'\x1f'$__gonogo_n
  for field; do
    field=${field//\\/\\\\} field=${field//$'\a'/\\a} field=${field//$'\e'/\\e}
    field=${field//$'\n'/\\n} field=${field//$'\r'/\\r} field=${field//$'\x1f'/\\u}
    __gonogo_say+=$'\x1f'$field
  done
  __gonogo_say+=$'\a'
}
__gonogo_take() {
  while IFS= builtin read -rs -d "" -t 99999999 -u 198 -p "$__gonogo_say" __gonogo_cmd 2>&196; do
    __gonogo_say=
    if [[ $__gonogo_cmd != *"@$__gonogo_nonce;"* ]]; then continue; fi
    __gonogo_cmd=${__gonogo_cmd##*"@$__gonogo_nonce;"}
    __gonogo_n=${__gonogo_cmd%%;*}
    builtin printf -v __gonogo_cmd %b "${__gonogo_cmd#*;}"
    return 0
  done
  return 1
}
__gonogo_snapshot() { __gonogo_out snapshot "$(builtin declare -p)" "" "" "" "$PWD"; }
__gonogo_done() { __gonogo_out done; }
__gonogo_stderr() {
  { exec 197<>"$1"; } 2>/dev/null && exec 2>&197 && __gonogo_two=1
  __gonogo_out stderr "$__gonogo_two"
}
"#;

const COMMON: &str = r#"
unset HISTFILE; set +o history; set +e +u +x
export PAGER=cat GIT_PAGER=cat PSQL_PAGER=cat SYSTEMD_PAGER=
PS1= PS2= PS0=
__gonogo_status=0 __gonogo_pending= __gonogo_eof= __gonogo_x= __gonogo_cmd=
__gonogo_mark=$'\e]7717;gonogo-end\a' __gonogo_stages=()
__gonogo_st() { return "$__gonogo_status"; }
__gonogo_report() {
  local IFS=' '
  __gonogo_who
  __gonogo_marks
  __gonogo_out "$1" "$2" "$__gonogo_login" "$PWD" "${__gonogo_stages[*]:1}"
}
__gonogo_values() {
  local pairs=() count=$#
  while (( $# )); do pairs+=("$1" "${!1-}"); shift; done
  __gonogo_out values "$count" "${pairs[@]}"
}
__gonogo_asked() {
  local answer
  answer=$(builtin eval "$1" 2>/dev/null </dev/null 195<&- 196>&- 197>&- 198<&- 199>&-)
  __gonogo_out asked "$?" "$answer"
}
__gonogo_nl=$'\n'
__gonogo_earlier() {
  local status text=
  for status in "${__gonogo_stages[@]:1}"; do text+="${text:+ | }( exit $status )"; done
  __gonogo_cmd=${__gonogo_cmd:0:1}$text$__gonogo_nl${__gonogo_cmd:1}
}
PROMPT_COMMAND='{ __gonogo_status=$?; set +x; } 2>/dev/null
until [[ -n $__gonogo_eof ]]; do
if [[ -n $__gonogo_pending ]]; then __gonogo_pending=; __gonogo_report end "$__gonogo_status"; fi
while if [[ -n $__gonogo_pending ]]; then __gonogo_pending=; __gonogo_report end 0; fi; __gonogo_take || ! __gonogo_eof=1; do
  case $__gonogo_cmd in
    S*) __gonogo_snapshot; continue ;;
    V*) __gonogo_values ${__gonogo_cmd#V}; continue ;;
    X*) builtin export "${__gonogo_cmd#X}"; __gonogo_done; continue ;;
    A*) __gonogo_asked "${__gonogo_cmd#A}"; continue ;;
    D*) builtin cd -- "${__gonogo_cmd#D}" 2>/dev/null; __gonogo_who; __gonogo_out at "$__gonogo_login" "$PWD"; continue ;;
    E*) __gonogo_stderr "${__gonogo_cmd#E}"; continue ;;
  esac
  __gonogo_pending=1
  if [[ ${#__gonogo_stages[@]} -gt 0 && $__gonogo_cmd == *PIPESTATUS* ]]; then __gonogo_earlier; fi
  __gonogo_stages=()
  if [[ $__gonogo_cmd == N* ]]; then __gonogo_nobody || :; fi
  if [[ -n $__gonogo_x ]]; then __gonogo_x=; set -x; fi
  case $__gonogo_cmd in
    I*) __gonogo_st; builtin eval "${__gonogo_cmd#I}" 2>&1 195<&- 196>&- 197>&- 198<&- 199>&- ;;
    N*) __gonogo_st; builtin eval "${__gonogo_cmd#N}" </dev/null 195<&- 196>&- 197>&- 198<&- 199>&- ;;
    *) __gonogo_st; builtin eval "${__gonogo_cmd#R}" 195<&- 196>&- 197>&- 198<&- 199>&- ;;
  esac
  { __gonogo_status=$?; if (( ${#__gonogo_stages[@]} )); then __gonogo_status=${__gonogo_stages[0]}; fi
  if [[ $- == *x* ]]; then __gonogo_x=1; set +x; fi; } 2>/dev/null
  __gonogo_pending=; __gonogo_report end "$__gonogo_status"
done
done
if [[ -n $__gonogo_eof ]]; then exit 0; fi
__gonogo_status=0
builtin eval "$PROMPT_COMMAND"'
__gonogo_stages=("" ${__gonogo_about-})
__gonogo_report ready 0
__gonogo_stages=()
"#;
