//! The typist by what the shell says, without a shell.

use super::super::super::shell::channel::Paths;
use super::*;

fn prompts() -> Prompts {
    let path = |name: &str| format!("/proc/7/fd/{name}");
    Prompts::new(Paths { reports: path("3"), start: path("4"), prompt: path("5"), state: path("6") })
}

fn prompt(status: i32) -> Prompt {
    Prompt {
        status: Some(status),
        stages: vec![status],
        flags: "himBHs".into(),
        directory: "/srv".into(),
        login: "ada@web".into(),
        trace: None,
    }
}

fn place() -> Place {
    Place { login: "ada@web".into(), directory: "/srv".into() }
}

fn snapshot(declarations: &str) -> Snapshot {
    Snapshot::new(declarations, String::new(), String::new(), String::new(), "/srv".into())
}

/// A typist whose shell is at its first prompt.
fn ready() -> Typist {
    let mut typist = Typist::default();
    assert_eq!(typist.prompted(prompt(0)), Ended::Heard(FromShell::Ready(place(), vec![])));
    typist
}

fn next(typist: &mut Typist) -> Option<String> {
    match typist.next(None, &prompts())? {
        Next::Text(text) => Some(text),
        Next::Values(values) => panic!("{values:?}"),
    }
}

#[test]
fn nothing_is_typed_before_the_first_prompt_and_then_one_text_at_a_time() {
    let mut typist = Typist::default();
    typist.tell(&ToShell::Run("make"), &prompts());
    typist.tell(&ToShell::Run("make install"), &prompts());
    assert_eq!(next(&mut typist), None, "the shell has not come up");
    assert_eq!(typist.prompted(prompt(0)), Ended::Heard(FromShell::Ready(place(), vec![])));
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
    assert_eq!(typist.at(), At::Reading);
    assert_eq!(next(&mut typist), None, "the shell has not read it");
    typist.begins(Instant::now());
    assert_eq!(next(&mut typist), None, "it runs");
    assert_eq!(typist.prompted(prompt(2)), Ended::Heard(FromShell::End(2, place(), vec![2])));
    assert_eq!(next(&mut typist).as_deref(), Some("make install"));
}

#[test]
fn the_next_text_waits_until_the_shell_has_told_its_state() {
    let mut typist = ready();
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::NONBLOCK).unwrap();
    typist.state.comes_by(read);
    typist.tell(&ToShell::Run("make"), &prompts());
    assert_eq!(next(&mut typist), None);
    assert!(!typist.state.read(), "nothing was written yet");
    drop(write);
    assert!(typist.state.read());
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
}

#[test]
fn a_status_that_nobody_saw_is_none() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("make"), &prompts());
    next(&mut typist);
    let silent = Prompt { status: None, ..prompt(0) };
    assert_eq!(typist.prompted(silent), Ended::Heard(FromShell::End(UNKNOWN, place(), vec![0])));
}

#[test]
fn a_prompt_that_is_told_again_ends_nothing() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("make"), &prompts());
    next(&mut typist);
    assert!(matches!(typist.prompted(prompt(0)), Ended::Heard(FromShell::End(..))));
    assert_eq!(typist.prompted(prompt(0)), Ended::At(place()), "it has ended once");
}

#[test]
fn what_the_shell_says_at_a_prompt_is_taken_once() {
    let mut typist = ready();
    assert_eq!(typist.take_ending(), None);
    typist.says(Box::new(prompt(3)));
    assert_eq!(typist.ending().and_then(|p| p.status), Some(3));
    assert_eq!(typist.take_ending(), Some(prompt(3)));
    assert_eq!(typist.take_ending(), None);
}

#[test]
fn what_led_elsewhere_has_no_end_of_its_own() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("ssh web"), &prompts());
    next(&mut typist);
    typist.begins(Instant::now());
    typist.forget();
    assert_eq!(typist.prompted(prompt(0)), Ended::At(place()));
}

#[test]
fn values_come_from_what_is_known_and_nothing_is_typed_for_them() {
    let mut typist = ready();
    let names = ["TAG".to_owned(), "NONE".to_owned()];
    typist.tell(&ToShell::Values(&names), &prompts());
    typist.tell(&ToShell::Values(&names), &prompts());
    typist.tell(&ToShell::Run("make"), &prompts());
    let known = snapshot("declare -- TAG=\"v1\"\n");
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let values = vec![pair("TAG", "v1"), pair("NONE", "")];
    assert_eq!(typist.next(Some(&known), &prompts()), Some(Next::Values(values)));
    assert_eq!(typist.next(None, &prompts()), Some(Next::Values(vec![])), "nothing is known of any");
    assert_eq!(typist.at(), At::Prompt);
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
}

#[test]
fn a_directory_is_told_and_a_variable_is_not() {
    let mut typist = ready();
    typist.tell(&ToShell::Directory("/srv/my app"), &prompts());
    typist.tell(&ToShell::Export("TAG", "it's"), &prompts());
    let text = next(&mut typist).unwrap();
    assert!(text.contains("builtin cd -- '/srv/my app' >/dev/null"), "{text}");
    assert_eq!(typist.prompted(prompt(0)), Ended::Heard(FromShell::At(place())));
    let text = next(&mut typist).unwrap();
    assert!(text.contains("builtin export TAG="), "{text}");
    assert_eq!(typist.prompted(prompt(0)), Ended::Quiet);
}

#[test]
fn our_own_texts_leave_the_status_as_it_was() {
    let mut typist = ready();
    typist.prompted(prompt(7));
    typist.tell(&ToShell::Export("TAG", "v1"), &prompts());
    let text = next(&mut typist).unwrap();
    assert!(text.contains("builtin exit 7"), "{text}");
}

#[test]
fn the_answer_to_a_script_is_what_it_wrote_without_its_last_line_end() {
    let mut typist = ready();
    typist.tell(&ToShell::Ask("df -P /"), &prompts());
    let text = next(&mut typist).unwrap();
    // Where it writes is a file of this process that the shell opens by its path.
    let to = text.split_once(">/proc/").unwrap().1.split(';').next().unwrap().split(' ').next().unwrap();
    std::fs::write(format!("/proc/{to}"), "one\ntwo\n\n").unwrap();
    assert_eq!(typist.prompted(prompt(0)), Ended::Heard(FromShell::Asked(0, "one\ntwo".into())));
}

#[test]
fn a_stopped_follow_is_disowned_before_anything_else() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("make"), &prompts());
    typist.disown_stopped();
    assert!(next(&mut typist).unwrap().contains("builtin disown %+"));
    assert_eq!(typist.prompted(prompt(0)), Ended::Quiet);
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
}

#[test]
fn a_follow_has_its_own_terminal_and_tells_its_end() {
    let mut typist = ready();
    typist.tell(&ToShell::Follow("/dev/pts/9", "tail -f log"), &prompts());
    let text = next(&mut typist).unwrap();
    assert!(text.contains("tail -f log\n") && text.contains("</dev/pts/9 >/dev/pts/9 2>&1"), "{text}");
    assert!(text.contains("\u{1e}F\u{1f}"), "{text}");
}

#[test]
fn keys_that_come_early_are_for_the_command_and_given_to_it_once() {
    let mut typist = ready();
    typist.tell(&ToShell::Interactive("vi x"), &prompts());
    assert!(typist.hold_keys(b"i"));
    next(&mut typist);
    assert!(typist.hold_keys(b"hello"));
    assert_eq!(typist.begins(Instant::now()), b"ihello");
    assert!(!typist.hold_keys(b"x"), "it runs: they are its own");
    typist.prompted(prompt(0));
    assert!(typist.begins(Instant::now()).is_empty());
}

#[test]
fn only_with_nobody_there_a_command_finds_the_end_of_its_input() {
    let mut typist = ready();
    for (message, unattended) in [
        (ToShell::NoInput("read answer"), true),
        (ToShell::Run("read answer"), false),
        (ToShell::NoInput("source env"), false),
        (ToShell::Interactive("read answer"), false),
    ] {
        typist.tell(&message, &prompts());
        while next(&mut typist).unwrap().contains("PROMPT_COMMAND") {
            // That had to be typed before it.
            typist.prompted(prompt(0));
        }
        assert_eq!(typist.modes.unattended, unattended, "{message:?}");
        typist.prompted(prompt(0));
    }
}

#[test]
fn what_may_set_prompts_is_typed_behind_what_keeps_ours() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("source venv/bin/activate"), &prompts());
    let first = next(&mut typist).unwrap();
    assert!(first.contains("PROMPT_COMMAND="), "{first}");
    assert_eq!(typist.prompted(prompt(0)), Ended::Quiet, "that is nobody's command");
    assert_eq!(next(&mut typist).as_deref(), Some("source venv/bin/activate"));
    assert!(matches!(typist.prompted(prompt(1)), Ended::Heard(FromShell::End(1, ..))));
    typist.tell(&ToShell::Run("source again"), &prompts());
    assert_eq!(next(&mut typist).as_deref(), Some("source again"), "they are kept already");
    typist.prompted(prompt(0));
    // Whoever looks at each command would see that they are given back.
    typist.tell(&ToShell::Run("trap 'echo x' DEBUG"), &prompts());
    assert!(next(&mut typist).unwrap().contains("unset -v PROMPT_COMMAND"));
}

#[test]
fn what_is_dropped_for_an_interrupt_of_the_command_before_it_is_typed_again() {
    let mut typist = ready();
    for text in ["while :; do date; done", "make"] {
        typist.tell(&ToShell::Run(text), &prompts());
    }
    next(&mut typist);
    typist.begins(Instant::now());
    typist.is_interrupted();
    assert_eq!(typist.prompted(prompt(130)), Ended::Heard(FromShell::End(130, place(), vec![130])));
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
    // The interrupt came when the loop had ended.
    assert_eq!(typist.prompted(prompt(130)), Ended::At(place()));
    assert_eq!(next(&mut typist).as_deref(), Some("make"));
    typist.begins(Instant::now());
    assert_eq!(typist.prompted(prompt(0)), Ended::Heard(FromShell::End(0, place(), vec![0])));
}

#[test]
fn what_is_interrupted_itself_before_it_begins_has_ended() {
    let mut typist = ready();
    typist.tell(&ToShell::Run("make"), &prompts());
    next(&mut typist);
    typist.is_interrupted();
    assert_eq!(typist.prompted(prompt(130)), Ended::Heard(FromShell::End(130, place(), vec![130])));
    assert_eq!(next(&mut typist), None);
}

#[test]
fn what_the_shell_does_not_take_for_another_reason_has_ended() {
    let mut typist = ready();
    for text in ["while :; do date; done", "if"] {
        typist.tell(&ToShell::Run(text), &prompts());
    }
    next(&mut typist);
    typist.begins(Instant::now());
    typist.is_interrupted();
    typist.prompted(prompt(130));
    next(&mut typist);
    assert_eq!(
        typist.prompted(prompt(2)),
        Ended::Heard(FromShell::End(2, place(), vec![2])),
        "a syntax error"
    );
}
