//! Places in places, what ssh and sudo ask, and a network that says nothing.

use gonogo::run::state::CommandState;
use gonogo::run::{Event, Next};

use super::keys::Operator;
use super::stack::Island;
use super::support::{Finished, events, state, until};

fn book(island: &Island, commands: &str) {
    let text = format!(
        "# T\n\n| Environment | URL |\n|---|---|\n| Production | https://prod.example.com |\n\n## Steps\n\n```bash\n{commands}\n```\n"
    );
    island.home.write("places.md", &text);
}

/// The same with nobody there.
fn nobody(island: &Island) -> Finished {
    island.home.run(&["run", "places.md", "--env", "Production", "--headless", "--yes", "--place", "there"])
}

/// Starts the run by keys and goes up to its first place command.
fn starts(island: &Island) -> Operator<'_> {
    let terminal = island.home.terminal(&["places.md"], 110, 34);
    let mut operator = Operator::at(island, terminal);
    operator.terminal.press("start in", "\r");
    operator.terminal.see_live("Enter decides");
    operator.until(|next| matches!(next, Next::Run(_)));
    operator
}

#[test]
fn places_in_places() {
    let Some(island) = Island::up("places_in_places", &[]) else { return };
    in_a_container(&island);
    passwords_are_typed_into_the_pane(&island);
    a_network_that_says_nothing(&island);
    the_host_key_is_another_one(&island);
    island.told("places", "", "net cut: survivors; host key changed", "");
}

fn in_a_container(island: &Island) {
    let commands = "ssh user@production-server\ndocker exec -it island_postgres_1 bash\npostgres=$(ls /usr/lib/postgresql); echo \"in $HOSTNAME with $postgres\"\nexit\nhostname\nexit\necho \"${SSH_CONNECTION:-here}\"";
    book(island, commands);
    let run = nobody(island);
    assert_eq!(run.status, 0, "{}{}", run.out, run.err);
    let at = |text: &str| run.out.find(text).unwrap_or_else(|| panic!("{text} is not in:\n{}", run.out));
    assert!(
        at("with 15") < at("| production-server") && at("| production-server") < at("| here"),
        "{}",
        run.out
    );
}

fn passwords_are_typed_into_the_pane(island: &Island) {
    let commands = "ssh -o PubkeyAuthentication=no user@production-server\nsudo -i\nid -un; pwd";
    book(island, commands);
    let mut operator = starts(island);
    operator.runs(&"1/1".into());
    // Keys count once the pane has been there for a moment, which ssh doesn't need.
    operator.terminal.press("password:", "island-user-password\r");
    operator.until(|next| *next == Next::Place("1/2".into()));
    operator.terminal.press("The commands after this one run", "y");
    operator.runs(&"1/2".into());
    operator.terminal.press("[sudo] password for user:", "island-user-password\r");
    operator.until(|next| *next == Next::Finish);
    let output = island.home.run(&["output", "1/3"]).out;
    assert!(output.contains("root\n/root"), "{output}");
    assert!(state(&island.home).place().login.starts_with("root@"), "{}", state(&island.home).place());
    operator.ends();
}

fn a_network_that_says_nothing(island: &Island) {
    let settings = super::support::contents(&island.home.path().join("ssh_settings"));
    island.home.write("ssh_settings", &format!("{settings}ServerAliveInterval 1\nServerAliveCountMax 2\n"));
    // When the network is back the server hangs up what it can, and what does not care goes on.
    book(island, "ssh user@production-server\nsh -c 'trap \"\" HUP; touch /tmp/begun; sleep 4243'");
    let mut operator = starts(island);
    operator.until(|next| *next == Next::Run("1/2".into()));
    operator.runs(&"1/2".into());
    until("its beginning", || island.stack(&["exec", "island", "test", "-e", "/tmp/begun"]).status.success());
    island.fault("net-cut");
    let left = |e: &Event| matches!(e, Event::PlaceLeft { lost: Some(_), .. });
    until("the loss to be noticed", || events(&island.home).iter().any(left));
    let lost =
        || matches!(state(&island.home).command(&"1/2".into()), CommandState::Lost { unseen: true, .. });
    until("the loss of the command", lost);
    island.fault("net-back");
    operator.terminal.press("Not connected any more", "y");
    operator.terminal.press("Enter goes there", "\r");
    operator.terminal.see("sleep 4243 (process");
    operator.ends();
}

fn the_host_key_is_another_one(island: &Island) {
    island.fault("host-key");
    book(island, "ssh user@production-server\nhostname");
    let run = nobody(island);
    assert_eq!(run.status, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), "{}", run.out);
    island.fault("ssh-down");
    let run = nobody(island);
    assert!(run.status == 1 && run.out.contains("Connection refused"), "{}{}", run.out, run.err);
}
