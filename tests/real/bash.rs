//! What runs is what bash runs, and what nobody can tell is asked: whole documents through the binary, with nobody there.

use super::support::{Finished, Home};

/// A document of one step with one fence.
fn document(script: &str) -> String {
    format!("# T\n\n## Deployment Steps\n\n### Step 1: go\n\n```bash\n{script}\n```\n")
}

struct Ran {
    home: Home,
    run: Finished,
}

impl Ran {
    fn of(script: &str) -> Self {
        Self::with(script, &[])
    }

    fn with(script: &str, more: &[&str]) -> Self {
        let home = Home::new();
        home.write("t.md", &document(script));
        let base = ["run", "t.md", "--headless", "--yes", "--allow-destructive"];
        let run = home.run(&[&base, more].concat());
        Self { home, run }
    }

    fn made(&self, file: &str) -> bool {
        self.home.path().join(file).exists()
    }

    fn shown(&self) -> String {
        format!("{}{}", self.run.out, self.run.err)
    }

    fn status(&self, wanted: i32) -> &Self {
        assert_eq!(self.run.status, wanted, "{}", self.shown());
        self
    }
}

#[test]
fn the_inside_of_what_bash_closes_never_runs_by_itself() {
    for body in [
        "teardown() {\n  level=$(case $1 in prod) echo 1;; *) echo 2;; esac)\n  rm -f victim\n}\necho end",
        "cleanup() {\n  select x in stop keep; do break; done\n  rm -f victim\n}\necho end",
        "classify() {\n  while read -r l; do :; done {fd}<f\n  rm -f victim\n}\necho end",
    ] {
        let ran = Ran::of(&format!("touch victim\n{body}"));
        assert!(ran.status(0).made("victim") && ran.run.out.contains("| end"), "{}", ran.shown());
    }
    let ran = Ran::of(
        "touch victim\nMODE=$(\ncase prod in prod*) echo keep;; *) rm -f victim;; esac\n)\necho \"mode $MODE\"",
    );
    assert!(ran.status(0).made("victim") && ran.run.out.contains("| mode keep"), "{}", ran.shown());
}

#[test]
fn real_commands_are_not_taken_for_text_or_output() {
    let ran = Ran::of(
        "set -- a b c\ntrap 'echo \"this is the end of the script\"' EXIT\n! grep -q \"this is a test\" /etc/hostname\n\
         IFS=: read -r A B <<< \"1:2\"\nUSAGE=\"Usage: $0 the file is\"\ndie() { echo \"this is an error, the end\"; exit 1; }\n\
         unset -v 'a[2]' 'a[3]'\ndeclare -A M=([a]=x [the]=is)\nlet z='3*2'  # both are OK with this\necho \"$A $B $z ${M[the]} $#\"",
    );
    assert!(ran.status(0).run.out.contains("| 1 2 6 is 3"), "{}", ran.shown());
    for script in ["echo a\n&& touch b", "echo a\n| tr a b", "acmectl sync one two the three is"] {
        let ran = Ran::of(script);
        assert!(!ran.status(2).made("b"), "{script}");
    }
}

#[test]
fn a_comment_is_a_comment() {
    let ran = Ran::of(
        "# make backup\ncp /etc/hostname backup.db\n# rm old files\ntouch old\n# docker compose up -d\ntouch up",
    );
    assert!(ran.status(0).made("backup.db") && ran.made("old") && ran.made("up"), "{}", ran.shown());
    // What stands uncommented as one of several ways is asked for.
    let script = "# Option A:\ntouch a\n# Option B:\ntouch b";
    let ran = Ran::of(script);
    assert!(ran.status(2).run.err.contains("--answer 1/1=yes"), "{}", ran.shown());
    let ran = Ran::with(script, &["--answer", "1/1=yes", "--answer", "1/2=no"]);
    assert!(ran.status(0).made("a") && !ran.made("b"), "{}", ran.shown());
}

#[test]
fn the_prompts_of_a_fence_are_all_prompts_or_none() {
    let home = Home::new();
    let text = "# T\n\n## Deployment Steps\n\n### Step 1: go\n\n```console\n# touch stop\n# cp /etc/hostname b\n# touch start\n```\n";
    home.write("t.md", text);
    let run = home.run(&["run", "t.md", "--headless", "--yes"]);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    assert!(["stop", "b", "start"].iter().all(|f| home.path().join(f).exists()), "{}", run.out);
}

#[test]
fn characters_of_a_word_processor_are_asked_about() {
    for script in
        ["ls\u{a0}-l", "echo \u{201c}a b\u{201d}", "ls \u{2013}l", "touch a \\  \n  b", "ls \u{ff0d}l"]
    {
        let ran = Ran::of(script);
        assert!(ran.status(2).run.err.contains("--answer 1/1"), "{script}: {}", ran.shown());
        assert!(!ran.made("a"));
    }
}

#[test]
fn what_reads_from_a_file_or_a_pipe_needs_no_keyboard() {
    let ran = Ran::of(
        "printf 'web1\\nweb2\\n' > hosts\ncat hosts | while read -r h; do\n  echo \"drain $h\"\ndone\n\
         while read -r x; do echo \"x $x\"; done < hosts\ncat hosts > >(while read -r l; do echo \"L $l\"; done)",
    );
    for line in ["| drain web2", "| x web1", "| L web2"] {
        assert!(ran.status(0).run.out.contains(line), "{line}: {}", ran.shown());
    }
}

#[test]
fn a_question_that_nobody_answers_stops_the_run_before_it_begins() {
    for script in [
        "touch first\nread -p \"Version? \" VERSION\ntouch \"made$VERSION\"",
        "touch first\nselect env in prod stage; do break; done\ntouch deployed",
    ] {
        let ran = Ran::of(script);
        assert!(!ran.status(2).made("first"), "{}", ran.shown());
    }
}

#[test]
fn an_exit_ends_its_block() {
    for script in [
        "if [ -d /tmp ]; then\n  echo \"already deployed\"\n  exit 0\nfi\ntouch never",
        "[ -d /tmp ] && echo \"nothing to do\" && exit\ntouch never",
        "echo a\nexit\ntouch never",
    ] {
        let ran = Ran::of(script);
        assert!(!ran.status(0).made("never"), "{}", ran.shown());
        assert!(ran.run.out.contains("skipped: its block ended with exit 0"), "{}", ran.shown());
    }
}

#[test]
fn what_follows_a_shell_that_a_command_opens_does_not_run_here() {
    for script in [
        "newgrp root\ntouch never",
        "tmux new\ntouch never",
        "sg root bash\ntouch never",
        "cd / && ssh nowhere.invalid\ntouch never",
    ] {
        let ran = Ran::of(script);
        assert!(!ran.status(2).made("never"), "{script}: {}", ran.shown());
    }
}

#[test]
fn variables_that_the_document_sets_are_not_asked_for() {
    let ran = Ran::of(
        "for ((i = 1; i <= 2; i++)); do echo \"try $i\"; done\n(( M = 4 )); echo \"M $M\"\nprintf -v STAMP '%s' now; echo $STAMP\n\
         f() { local Q=1; echo \"Q $Q\"; }; f\n: ${D:=5}; echo \"D $D\"\necho 'SET=yes' > env.sh\n. ./env.sh\necho \"SET $SET\"\n\
         printf '%s\\n' \"Ada <ada@example.com>\" > who\nmktemp -u /tmp/deploy.XXXXXX > /dev/null",
    );
    for line in ["| try 2", "| M 4", "| now", "| Q 1", "| D 5", "| SET yes"] {
        assert!(ran.status(0).run.out.contains(line), "{line}: {}", ran.shown());
    }
}

#[test]
fn the_environment_of_the_terminal_stays() {
    let home = Home::new();
    home.write("t.md", &document("deploytool"));
    std::fs::create_dir(home.path().join("bin")).unwrap();
    home.write("bin/deploytool", "#!/bin/sh\necho mine\n");
    let tool = home.path().join("bin/deploytool");
    std::fs::set_permissions(&tool, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    home.write(".bash_profile", "PATH=/usr/local/bin:/usr/bin:/bin\n");
    let path = format!("{}:{}", tool.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut command = home.command(&["run", "t.md", "--headless", "--yes"]);
    let run = command.env("PATH", path).output().unwrap();
    let out = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && out.contains("| mine"), "{out}");
}

#[test]
fn a_limit_that_a_run_would_meet_is_an_error_before_anything_runs() {
    let home = Home::new();
    home.write("t.md", &document("touch made"));
    let gonogo = env!("CARGO_BIN_EXE_gonogo");
    let script = format!("ulimit -n 40; exec {gonogo} run t.md --headless --yes");
    let helper = gonogo::exec::spawn::Helper {
        environment: vec![("GONOGO_STATE_DIR".into(), home.path().join("state").display().to_string())],
        ..gonogo::exec::spawn::Helper::new("bash", &["-c", &script], home.path())
    };
    let (status, out, err) = helper.run().unwrap();
    assert!(status != 0 && err.contains("ulimit -n 1024"), "{status}: {out}{err}");
    assert!(!home.path().join("made").exists());
}

#[test]
fn the_exit_trap_of_the_last_shell_runs_to_its_end() {
    let ran = Ran::of("trap 'sleep 0.7; touch trapped' EXIT\ntrue");
    super::support::until("the trap", || ran.made("trapped"));
    ran.status(0);
}
