//! The text that makes a bash behind `ssh`, `sudo -i` or `docker exec` the driver of a place: it has its terminal and
//! nothing else.
//!
//! It is an interactive bash that never shows a prompt: `PROMPT_COMMAND` takes commands and evaluates them at top level.
//! Behind a door reports travel in the terminal's output, as an escape sequence that carries the shell's own number
//! ([`super::band`]), and commands come in as input. bash gives a report out as the prompt of its next `read`: by
//! then that has put the terminal into a mode that neither echoes nor cuts lines, so that whoever answers a report
//! with the next command is read byte for byte. Nothing is installed there, and no file is written. With nobody there a
//! command finds its terminal so that what asks there reads the end at once, as it does here.
//!
//! Of what the driver does for a command a `DEBUG` trap of the document's sees four: the call that takes it, the `case`
//! and the `eval` that run it, and what keeps its status; it sees nothing of functions. An `ERR` trap sees nothing.

/// The escape sequence that is written to the terminals after a command, so that all output is read before the end is
/// told: by the driver behind a door, here by whoever types. It never reaches screen or recording.
pub const END_MARK: &[u8] = b"\x1b]7717;gonogo-end\x07";

/// The text that a bash behind a door evaluates; `nonce` is what its reports are known by. One that nobody has logged in
/// to first reads what an interactive shell does.
pub(super) fn behind_a_door(nonce: &str, reads_bashrc: bool) -> String {
    let before = if reads_bashrc { "[ -r ~/.bashrc ] && . ~/.bashrc\n" } else { "" };
    format!("{before}\n__gonogo_nonce={nonce}\n{BY_TERMINAL}{COMMON}")
}

/// What a login shell reads, in its order (bash(1), INVOCATION).
pub(super) const LOGIN: &str = r#"
[ -r /etc/profile ] && . /etc/profile
for __gonogo_f in ~/.bash_profile ~/.bash_login ~/.profile; do
  if [ -r "$__gonogo_f" ]; then . "$__gonogo_f"; break; fi
done
unset __gonogo_f
"#;

const BY_TERMINAL: &str = r#"
unset __gonogo
if ! { : >&197; } 2>/dev/null; then exec 197>&2; fi
exec 196>&1 198<&0 2>&197
__gonogo_login=$(id -un 2>/dev/null)@${HOSTNAME%%.*} __gonogo_say= __gonogo_two= __gonogo_n=0
if [[ -t 197 && ! /dev/fd/196 -ef /dev/fd/197 ]]; then __gonogo_two=1; fi
__gonogo_about="$$ ${__gonogo_two:-0}"
__gonogo_modes=$(stty -g <&198 2>/dev/null)
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
__gonogo_stderr() {
  if { exec 199<>"$1"; } 2>/dev/null && exec 197>&199; then __gonogo_two=1; else return 1; fi
  __gonogo_kind=R __gonogo_cmd='exec 2>&199 199>&-'
}
"#;

const COMMON: &str = r#"
unset HISTFILE 2>/dev/null; set +o history; set +e +u +x
export PAGER=cat GIT_PAGER=cat PSQL_PAGER=cat SYSTEMD_PAGER=
PS1= PS2= PS0=
__gonogo_status=0 __gonogo_pending= __gonogo_eof= __gonogo_x= __gonogo_cmd= __gonogo_last= __gonogo_kind=
__gonogo_mark=$'\e]7717;gonogo-end\a' __gonogo_stages=()
__gonogo_st() { return "$__gonogo_status"; }
__gonogo_report() {
  local IFS=' '
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
  answer=$(builtin eval "$1" 2>/dev/null </dev/null 196>&- 197>&- 198<&-)
  __gonogo_out asked "$?" "$answer"
}
__gonogo_nl=$'\n'
__gonogo_earlier() {
  local status text=
  for status in "${__gonogo_stages[@]:1}"; do text+="${text:+ | }( exit $status )"; done
  __gonogo_cmd=$text$__gonogo_nl$__gonogo_cmd
}
__gonogo_given() {
  __gonogo_kind=${__gonogo_cmd:0:1} __gonogo_cmd=${__gonogo_cmd:1}
  if [[ ${#__gonogo_stages[@]} -gt 0 && $__gonogo_cmd == *PIPESTATUS* ]]; then __gonogo_earlier; fi
  __gonogo_stages=() __gonogo_pending=1
  if [[ $__gonogo_kind == N ]]; then __gonogo_nobody; fi
  if [[ -n $__gonogo_x ]]; then
    __gonogo_x= __gonogo_cmd="{ builtin set -x; __gonogo_st; } 2>/dev/null$__gonogo_nl$__gonogo_cmd"
  elif (( __gonogo_status )); then
    __gonogo_cmd="__gonogo_st$__gonogo_nl$__gonogo_cmd"
  fi
}
__gonogo_off() { __gonogo_last=$1; [[ -n $__gonogo_eof ]]; }
__gonogo_next() {
  if [[ $- == *x* ]]; then __gonogo_x=1; set +x; fi
  if [[ -n $__gonogo_pending ]]; then
    __gonogo_pending= __gonogo_status=${__gonogo_last:-$1}
    if (( ${#__gonogo_stages[@]} )); then __gonogo_status=${__gonogo_stages[0]}; fi
    __gonogo_report end "$__gonogo_status"
  fi
  __gonogo_last=
  while __gonogo_take; do
    case $__gonogo_cmd in
      S*) __gonogo_snapshot ;;
      V*) __gonogo_values ${__gonogo_cmd#V} ;;
      X*) builtin export "${__gonogo_cmd#X}"; __gonogo_out done ;;
      A*) __gonogo_asked "${__gonogo_cmd#A}" ;;
      D*) builtin cd -- "${__gonogo_cmd#D}" >/dev/null; __gonogo_out at "$__gonogo_login" "$PWD" ;;
      E*)
        # Here standard error goes nowhere, and comes back where it was.
        if __gonogo_stderr "${__gonogo_cmd#E}"; then __gonogo_out stderr 1; return 0; fi
        __gonogo_out stderr "" ;;
      *) __gonogo_given; return 0 ;;
    esac
  done
  __gonogo_eof=1
  return 1
}
unset PROMPT_COMMAND
PROMPT_COMMAND='until { __gonogo_off "$?"; } 2>/dev/null; do
while { __gonogo_next "$?"; } 2>/dev/null; do
case $__gonogo_kind in
  I) builtin eval "$__gonogo_cmd" 2>&1 196>&- 197>&- 198<&- ;;
  N) builtin eval "$__gonogo_cmd" </dev/null 196>&- 197>&- 198<&- ;;
  *) builtin eval "$__gonogo_cmd" 196>&- 197>&- 198<&- ;;
esac
done
done
exit 0'
__gonogo_stages=("" ${__gonogo_about-})
__gonogo_report ready 0
__gonogo_stages=()
"#;
