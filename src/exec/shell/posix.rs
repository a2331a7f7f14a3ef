//! The same driver for a POSIX `sh`, where there is no bash: dash, the `ash` of BusyBox.
//!
//! It is an interactive shell with a command, `sh -i -c`, so that a mistake in a command of the document's does not end it:
//! then it is back at its prompt, which reports that, and the loop is called again from there. Its reports go to
//! the terminal and commands come from it, a line each: such a `read` knows no other end.

/// What brings it back to its loop from its prompt.
pub const AGAIN: &[u8] = b"__gonogo_loop\n";

/// The text that a POSIX `sh` behind a door evaluates. What its reports are known by is in its environment, and goes no
/// further.
pub(super) const DRIVER: &str = r#"
unset ENV HISTFILE
__gonogo_f=$__gonogo_nonce
unset __gonogo_nonce
__gonogo_nonce=$__gonogo_f
export PAGER=cat GIT_PAGER=cat PSQL_PAGER=cat SYSTEMD_PAGER=
__gonogo_n=0 __gonogo_status=0 __gonogo_pending=
__gonogo_login=$(uname -n)
__gonogo_login=$(id -un 2>/dev/null)@${__gonogo_login%%.*}
__gonogo_modes=$(stty -g </dev/tty 2>/dev/null)
__gonogo_sed=$(printf 's/\\\\/\\\\\\\\/g;s/\007/\\\\a/g;s/\033/\\\\e/g;s/\r/\\\\r/g;s/\037/\\\\u/g;$!s/$/\\\\n/')
PS1=$(printf '\033]7717;@%s\0370\037lost\007' "$__gonogo_nonce") PS2=
__gonogo_st() { return "$__gonogo_status"; }
__gonogo_out() {
  stty -echo -icanon min 1 time 0 </dev/tty 2>/dev/null
  {
    printf '\033]7717;@%s\037%s' "$__gonogo_nonce" "$__gonogo_n"
    for __gonogo_f; do
      printf '\037'
      printf '%s\n' "$__gonogo_f" | sed "$__gonogo_sed" | tr -d '\n'
    done
    printf '\007'
  } >/dev/tty
}
__gonogo_end() {
  __gonogo_pending=
  printf '\033]7717;gonogo-end\007' >/dev/tty
  __gonogo_out end "$__gonogo_status" "$__gonogo_login" "$PWD" ""
}
__gonogo_values() {
  __gonogo_c=$#
  for __gonogo_f; do
    eval "__gonogo_v=\${$__gonogo_f-}"
    set -- "$@" "$__gonogo_f" "$__gonogo_v"
  done
  shift "$__gonogo_c"
  __gonogo_out values "$__gonogo_c" "$@"
}
__gonogo_loop() {
  __gonogo_status=$?
  if [ -n "$__gonogo_pending" ]; then __gonogo_end; fi
  while IFS= read -r __gonogo_l </dev/tty; do
    case $__gonogo_l in *"@$__gonogo_nonce;"*) ;; *) continue ;; esac
    __gonogo_l=${__gonogo_l##*"@$__gonogo_nonce;"}
    __gonogo_n=${__gonogo_l%%;*}
    __gonogo_l=$(printf '%bx' "${__gonogo_l#*;}")
    __gonogo_l=${__gonogo_l%x}
    __gonogo_k=${__gonogo_l%"${__gonogo_l#?}"} __gonogo_l=${__gonogo_l#?}
    case $__gonogo_k in
      S) __gonogo_out done; continue ;;
      V) __gonogo_values $__gonogo_l; continue ;;
      X) export "$__gonogo_l"; __gonogo_out done; continue ;;
      A) __gonogo_v=$(eval "$__gonogo_l" 2>/dev/null </dev/null); __gonogo_out asked "$?" "$__gonogo_v"; continue ;;
      D) cd "$__gonogo_l" >/dev/null 2>&1; __gonogo_out at "$__gonogo_login" "$PWD"; continue ;;
      E) __gonogo_out stderr ""; continue ;;
    esac
    __gonogo_pending=1
    if [ -n "$__gonogo_modes" ]; then stty "$__gonogo_modes" </dev/tty; fi
    if [ "$__gonogo_k" = N ]; then
      stty -icanon min 0 time 0 </dev/tty 2>/dev/null
      __gonogo_st; eval "$__gonogo_l" </dev/null
    else
      __gonogo_st; eval "$__gonogo_l"
    fi
    __gonogo_status=$?
    __gonogo_end
  done
}
__gonogo_out ready 0 "$__gonogo_login" "$PWD" "$$ 0 1"
__gonogo_loop
"#;
