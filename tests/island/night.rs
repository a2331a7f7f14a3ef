//! Everything goes wrong in one night, for real, and the run is gone back from by keys.

use gonogo::run::Next;
use gonogo::run::{Event, Exit};

use super::keys::Operator;
use super::stack::Island;
use super::support::{events, state, until};

/// What a command came to.
fn exits(island: &Island, id: &str) -> Vec<Exit> {
    let of = |event: Event| match event {
        Event::CommandExited { command, exit, .. } if command.0 == id => Some(exit),
        _ => None,
    };
    events(&island.home).into_iter().filter_map(of).collect()
}

fn failed(id: &'static str) -> impl Fn(&Next) -> bool {
    move |next| *next == Next::Failed(id.into())
}

#[test]
fn everything_goes_wrong() {
    let Some(island) = Island::up("everything_goes_wrong", &[]) else { return };
    let mut operator = Operator::sits_down(&island, (120, 38));
    operator.starts();
    operator.terminal.press("▸ [ ]", "2");
    the_database_is_killed(&island, &mut operator);
    the_connection_is_cut(&island, &mut operator);
    the_port_is_taken(&island, &mut operator);
    the_engine_is_restarted(&island, &mut operator);
    operator.until_at("6.2.1/1");
    island.is_deployed();
    goes_back(&island, &mut operator);
    island.is_as_before();
    drop(operator);
    let log = island.home.run(&["log"]).out;
    assert!(log.contains("the night was too long, rolled back "), "{log}");
    island.told("a night, by keys", "v1.2.0", "3.3 database, 4.1 SSH, 5 port, 5 engine", "v1.1.16, 5 rows");
}

/// In step 3: the command fails in psql's own words, and goes on once the database is back.
fn the_database_is_killed(island: &Island, operator: &mut Operator<'_>) {
    operator.until_at("3.3/1");
    island.fault("postgres-kill");
    operator.until(failed("3.3/1"));
    let told = |e: &Event| matches!(e, Event::AlertRaised { words, .. } if words.contains("postgres"));
    until("an alert", || events(&island.home).iter().any(told));
    operator.adds("docker-compose up -d postgres");
    operator.until_at("3.3/2");
}

/// In step 4: the build goes with its connection, nothing is run again, and the host key is not what it was.
fn the_connection_is_cut(island: &Island, operator: &mut Operator<'_>) {
    operator.until_at("4.1/1");
    operator.terminal.see("It runs over the connection to user@production-server");
    operator.runs(&"4.1/1".into());
    island.fault("ssh-cut");
    let lost = |e: &Event| matches!(e, Event::PlaceLeft { lost: Some(why), .. } if why.contains("has ended"));
    until("the loss of the connection", || events(&island.home).iter().any(lost));
    let outcome_known = !exits(island, "4.1/1").is_empty();
    operator.terminal.see("Not connected any more");
    operator.terminal.press("Not connected any more", "y");
    operator.terminal.press("Enter goes there", "\r");
    let again = |e: &Event| matches!(e, Event::PlaceEntered { restored, .. } if restored.contains(&"BACKUP_FILE".into()));
    until("the way back to the server", || events(&island.home).iter().any(again));
    if !outcome_known {
        operator.terminal.press("Lost, outcome unknown", "r");
        until("its second run", || exits(island, "4.1/1").contains(&Exit::Status(0)));
    }
    operator.until_at("4.1/2");
}

/// In step 5: the document's own solution frees the port.
fn the_port_is_taken(island: &Island, operator: &mut Operator<'_>) {
    operator.until_at("5/1");
    island.fault("port-taken");
    operator.until(failed("5/2"));
    operator.terminal.see("EADDRINUSE");
    operator.terminal.press("Known problem:", "9");
    operator.terminal.see("known problems");
    operator.terminal.type_keys("\x1b");
    island.fault("port-free");
    // Whoever follows the log of what restarts by itself sees its old lines only.
    operator.adds("docker-compose up -d --force-recreate api-server");
    operator.terminal.press("run it again", "r");
    until("its second run", || state(&island.home).running() == Some(&"5/2".into()));
    operator.until(|next| *next == Next::Condition("5/3".into()));
}

/// Still in step 5: what runs in the engine ends with it.
fn the_engine_is_restarted(island: &Island, operator: &mut Operator<'_>) {
    operator.until(|next| *next == Next::Condition("5/3".into()));
    island.fault("engine-restart");
    operator.until_at("6.1/1");
    assert_eq!(exits(island, "5/3"), [Exit::Status(0)]);
}

/// By the document's rollback, with the ways out of what is in its way.
fn goes_back(island: &Island, operator: &mut Operator<'_>) {
    let terminal = &mut operator.terminal;
    terminal.type_keys("\x1b[20~");
    terminal.see_live("Blocked by, before anything is stopped");
    terminal.see("removes claude_context only if nothing else");
    for way in
        ["before rollback.quick/3 run: docker-compose up -d postgres", "before rollback.quick/3 run: psql"]
    {
        for _ in 0..20 {
            if terminal.text().lines().any(|l| l.contains('▸') && l.contains(way)) {
                break;
            }
            let before = terminal.text();
            terminal.type_keys("j");
            terminal.until("the cursor to move", |now| now != before);
        }
        terminal.press(way, "\r");
        terminal
            .until("the way out to be taken", |t| t.lines().any(|l| l.contains("(x)") && l.contains(way)));
    }
    terminal.press("(x) before rollback.quick/3 run: psql", "\x1b[20~");
    terminal.press("Roll back: why?", "the night was too long\r");
    terminal.press("Type Production to roll back", "Production\r");
    until("the way back", || state(&island.home).goes_back());
    operator.until(|next| *next == Next::Finish);
    let terminal = &mut operator.terminal;
    terminal.press("The rollback is complete", "3");
    terminal.press("finish: rolled back", "f");
    until("the outcome", || state(&island.home).outcome().is_some());
}
