//! The forms that are tried, and what becomes of each.

/// What is on the other side.
#[derive(Default)]
pub(super) struct Far {
    pub(super) profile: &'static str,
    pub(super) bashrc: &'static str,
    /// Lines of the server's settings.
    pub(super) server: &'static str,
    /// The server goes silent before anybody comes.
    pub(super) silent: bool,
}

pub(super) const PLAIN: Far = Far { profile: "", bashrc: "", server: "", silent: false };

/// A form: what is tried, and what becomes of it.
pub(super) struct Row {
    pub(super) form: &'static str,
    pub(super) far: Far,
    /// The commands; `HOME` stands for the test's directory.
    pub(super) script: &'static str,
    pub(super) arguments: &'static [&'static str],
    pub(super) becomes: &'static str,
    pub(super) status: i32,
    pub(super) told: &'static [&'static str],
    /// What must not be told: nothing may have run where it does not belong.
    pub(super) untold: &'static [&'static str],
}

pub(super) const ROW: Row = Row {
    form: "",
    far: PLAIN,
    script: "ssh web\necho \"after ${SSH_CONNECTION:+there}\"",
    arguments: &[],
    becomes: "",
    status: 1,
    told: &[],
    untold: &["| after"],
};

pub(super) const NOT_REACHED: &str = "FAILED: not reached, with what the terminal showed last";
pub(super) const TOO_LATE: &str = "FAILED after `reach_within`, with what the terminal showed last";

pub(super) const ROWS: &[Row] = &[
    Row {
        form: "a login that works",
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "`[ -f /nope ] \\|\\| exit 3` there",
        script: "ssh web\n[ -f /nope ] || exit 3\necho after",
        becomes: "FAILED with the shell's status; the place was left",
        told: &["FAILED at 1/2", "shell ended, 3"],
        ..ROW
    },
    Row {
        form: "`set -e` there, and a failure",
        script: "ssh web\nset -e\nfalse\necho after",
        becomes: "FAILED with the shell's status; the place was left",
        told: &["FAILED at 1/3", "shell ended, 1"],
        ..ROW
    },
    Row {
        form: "`exec true`, `exit 0 # done` there",
        script: "ssh web\nexit 0 # done\necho after",
        becomes: "passed; the rest of its block is left out",
        status: 0,
        ..ROW
    },
    Row {
        form: "the same, and a next block",
        script: "ssh web\nexec true\necho after\n```\nThen:\n```bash\necho \"next ${SSH_CONNECTION:+there}\"",
        becomes: "goes there again for the next block",
        status: 0,
        told: &["| next there"],
        ..ROW
    },
    Row {
        form: "`kill -9 $$` there",
        script: "ssh web\nkill -9 $$\necho after",
        becomes: "FAILED: the shell was killed",
        told: &["FAILED at 1/2 (line 5): the shell there was killed"],
        untold: &["| after", "the connection to web has ended"],
        ..ROW
    },
    Row {
        form: "the connection ends there, in a command",
        script: "ssh web\nkill -9 $(ps -o ppid= -p $$); sleep 1000\necho after",
        becomes: "lost: nobody knows what came of the command",
        status: 4,
        told: &["the connection to web has ended; its result is not known"],
        ..ROW
    },
    Row {
        form: "a command there that asks at its terminal",
        script: "ssh web\nsu -s /bin/bash nobody -c 'sudo true'\necho after",
        becomes: "FAILED: it finds the end of what is typed",
        told: &["FAILED at 1/2 (line 5): exit 1"],
        ..ROW
    },
    Row {
        form: "the same with `sudo`, as another user",
        script: "su -s /bin/bash nobody\nsudo true\necho after",
        becomes: "FAILED: it finds the end of what is typed",
        told: &["FAILED at 1/2 (line 5): exit 1"],
        ..ROW
    },
    Row {
        form: "`exit 3` there, with `--rollback-on-failure`",
        script: "ssh web\ntouch HOME/made\n[ -f /nope ] || exit 3\n```\n## Rollback\n```bash\nrm HOME/made; echo \"back ${SSH_CONNECTION:+there}\"",
        arguments: &["--rollback-on-failure"],
        becomes: "goes there again, and rolls back there",
        status: 3,
        told: &["FAILED at 1/3", "| back there"],
        ..ROW
    },
    Row {
        form: "`exit 0` in the far `.profile`",
        far: Far { profile: "echo maintenance until 22:00\nexit 0\n", ..PLAIN },
        becomes: NOT_REACHED,
        told: &[
            "FAILED at 1/1 (line 4): gonogo did not reach a shell there; last output: maintenance until 22:00",
        ],
        ..ROW
    },
    Row {
        form: "the same, with `--rollback-on-failure`",
        far: Far { profile: "exit 0\n", ..PLAIN },
        script: "ssh web\ntouch HOME/made\n```\n## Rollback\n```bash\nrm HOME/made",
        arguments: &["--rollback-on-failure"],
        becomes: "FAILED: nothing is rolled back",
        told: &["nothing was stopped: 1/1 did not connect"],
        ..ROW
    },
    Row {
        form: "nologin, or a forced command that says something and ends",
        far: Far { server: "ForceCommand /usr/sbin/nologin\n", ..PLAIN },
        becomes: NOT_REACHED,
        told: &["currently not available"],
        ..ROW
    },
    Row {
        form: "a forced command that shows a menu",
        far: Far { server: "ForceCommand sh -c 'echo \"1 restart 2 logs\"; read choice'\n", ..PLAIN },
        becomes: TOO_LATE,
        told: &["1 restart 2 logs"],
        ..ROW
    },
    Row {
        form: "`readonly PROMPT_COMMAND` there",
        far: Far { profile: "readonly PROMPT_COMMAND='history -a'\n", ..PLAIN },
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "another shell in the far `.bashrc`: `exec dash`",
        far: Far { bashrc: "exec dash\n", ..PLAIN },
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a host with BusyBox alone",
        far: Far {
            profile: "[ -n \"$BOX\" ] || { mkdir ~/box; busybox --install -s ~/box; export BOX=1 PATH=~/box; exec ash; }\n",
            ..PLAIN
        },
        script: "ssh web\nfalse | true\necho \"after ${SSH_CONNECTION:+there} $BASH_VERSION\"",
        becomes: "what follows runs there, in its `sh`",
        status: 0,
        told: &["| after there", "bash is not installed here"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a locale there that is not installed",
        far: Far { profile: "export LANG=tr_TR.ISO-8859-9 LC_ALL=tr_TR.ISO-8859-9\n", ..PLAIN },
        script: "ssh web\nG='grün'; echo \"after ${SSH_CONNECTION:+there} $G\"",
        becomes: "what follows runs there",
        status: 0,
        told: &["| after there grün"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "a full disk there: no room in `/tmp` and at home",
        far: Far {
            profile: "[ -n \"$FULL\" ] || FULL=1 exec unshare -m sh -c 'mount -t tmpfs -o size=8k none /tmp; mkdir -p \"$HOME\"; head -c 99999 /dev/zero >/tmp/full 2>/dev/null; cd; exec bash'\n",
            ..PLAIN
        },
        script: "ssh web\necho x >made\necho after",
        becomes: "what follows runs there, and what writes fails with what it says",
        told: &["FAILED at 1/2", "No space left on device"],
        ..ROW
    },
    Row {
        form: "a shared connection of your own that is running already",
        script: "printf 'ControlMaster auto\\nControlPath %sown\\n' HOME/ >>HOME/ssh_settings\nssh -f -N web\nssh web\necho \"after ${SSH_CONNECTION:+there}\"\nexit\nssh -O check web && ssh -O exit web",
        becomes: "a connection of gonogo's own is made, and yours stays",
        status: 0,
        told: &["| after there", "Master running"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "tmux in the far `.bashrc`",
        far: Far { bashrc: "[ -n \"$TMUX\" ] || exec tmux -S \"$HOME/tmux\" new-session\n", ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "a question in the far `.profile`",
        far: Far { profile: "read -p 'Which project? ' P\n", ..PLAIN },
        becomes: TOO_LATE,
        told: &[
            "FAILED at 1/1 (line 4): gonogo did not reach a shell there within 5 s; last output: Which project?",
        ],
        ..ROW
    },
    Row {
        form: "a far `.profile` that takes for ever",
        far: Far { profile: "sleep 1000\n", ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "a server that answers nothing",
        far: Far { silent: true, ..PLAIN },
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "`su - app` where it asks for a password",
        script: "su -s /bin/bash nobody\nsu - root\necho after",
        becomes: TOO_LATE,
        told: &["Password:"],
        ..ROW
    },
    Row {
        form: "`sudo -i` where it asks for a password",
        script: "su -s /bin/bash nobody\nsudo -i\necho after",
        becomes: "FAILED: sudo has nobody to ask",
        ..ROW
    },
    Row {
        form: "the same one door further: ssh, then a shell that does not come",
        far: Far { bashrc: "[ -z \"$FAR\" ] || sleep 1000\n", ..PLAIN },
        script: "ssh web\nexport FAR=1\nbash\necho after",
        becomes: TOO_LATE,
        ..ROW
    },
    Row {
        form: "`ssh -T host`",
        script: "ssh -T web\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`ssh -n host`",
        script: "ssh -n web\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`newgrp group`",
        script: "newgrp root\necho after",
        becomes: "not gone to, and nothing after it runs",
        status: 2,
        ..ROW
    },
    Row {
        form: "`exit` where the far `EXIT` trap takes for ever",
        script: "ssh web\ntrap 'sleep 1000' EXIT\nexit\necho \"after ${SSH_CONNECTION:-here}\"",
        becomes: "left after `reach_within`; what follows runs here",
        status: 0,
        told: &["| after here"],
        untold: &[],
        ..ROW
    },
    Row {
        form: "`exit` where the far `EXIT` trap obeys no signal",
        script: "ssh web\ntrap 'trap \"\" INT TERM; while :; do sleep 1; done' EXIT\nexit\necho after",
        becomes: "lost after `reach_within`: the way there is ended",
        status: 4,
        told: &["nothing there obeyed KILL"],
        ..ROW
    },
    Row {
        form: "`exit` where a job there goes on",
        script: "ssh web\nsleep 1000 &\nexit\necho \"after ${SSH_CONNECTION:-here}\"",
        becomes: "left; what follows runs here",
        status: 0,
        told: &["| after here"],
        untold: &[],
        ..ROW
    },
];
