//! A run that was started over a real SSH connection survives the connection.

use std::path::Path;
use std::time::{Duration, Instant};

use super::sshd::{SSHD, Server};
use super::support::{Home, skip};
use super::{start_run, tell_it_to_end, until_written, waits_for_go};

#[test]
fn a_run_started_over_ssh_survives_the_connection_and_is_there_at_once_in_the_next() {
    if !Path::new(SSHD).exists() {
        skip("a_run_started_over_ssh", "an OpenSSH server (Debian: openssh-server)");
        return;
    }
    let home = Home::new();
    let command = format!("seq 60; echo 'this stays on screen'; {}", waits_for_go(0));
    home.write("b.md", &format!("# T\n## Steps\n```bash\n{command}\n```\n"));
    let server = Server::start(&home);
    let gonogo = env!("CARGO_BIN_EXE_gonogo");
    let mut first = server.connect(&home);
    first.type_keys(&format!("{gonogo} b.md\n"));
    start_run(&mut first);
    first.press("Enter runs it", "\r");
    until_written(&home, "mark", "begun");
    first.see("this stays on screen");
    server.cut();
    first.end();
    let mut second = server.connect(&home);
    let typed = Instant::now();
    second.type_keys(&format!("{gonogo}\n"));
    second.see("this stays on screen");
    let took = typed.elapsed();
    eprintln!("the same screen in a new connection after {} ms", took.as_millis());
    let most = if cfg!(debug_assertions) { 1000 } else { 100 };
    assert!(took < Duration::from_millis(most), "{took:?}");
    second.see("60");
    tell_it_to_end(&home);
    second.see("All commands are settled");
    assert_eq!(super::contents(&home.path().join("mark")), "begun\nended\n");
}
