//! Where a reader of the document would be, beside where the shell was seen: each shell's user and host as they were
//! found first, and the directory that its commands went to.

use std::collections::BTreeMap;

use crate::run::event::parts::Place;
use crate::runbook::CommandId;

/// Which shell: that of this machine, or the one behind a place command.
type Shell = Option<CommandId>;

/// The shell is somewhere else than whoever goes by the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// Where the document has led.
    pub expected: Place,
    /// Where the shell was seen.
    pub seen: Place,
}

/// What was seen of each shell, and what is expected of the one that has the terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::run) struct Whereabouts {
    shells: BTreeMap<Shell, Place>,
    moved: Option<Moved>,
    displaced: Option<Displaced>,
}

/// A place command has just led to another shell: the directory that is seen there next is where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Moved {
    /// The directory that the shell is given back.
    back_in: Option<String>,
    /// The user that the command named.
    user: Option<String>,
}

impl Whereabouts {
    /// Where the shell should be and is not.
    pub(in crate::run) fn displaced(&self) -> Option<&Displaced> {
        self.displaced.as_ref()
    }

    /// Where the shell of this machine was left.
    pub(in crate::run) fn here(&self) -> Option<&Place> {
        self.shells.get(&None)
    }

    /// A place command has led to its other side.
    pub(in crate::run) fn entered(&mut self, restored: &[String], user: Option<String>) {
        let back_in = restored.iter().find_map(|what| what.strip_prefix("the directory "));
        self.moved = Some(Moved { back_in: back_in.map(str::to_owned), user });
    }

    /// A place was left: the shell before it is as it was.
    pub(in crate::run) fn left(&mut self) {
        self.moved = Some(Moved { back_in: None, user: None });
    }

    /// A shell was seen somewhere, and no command of its own has led there.
    pub(in crate::run) fn seen(&mut self, shell: Option<&CommandId>, seen: &Place) {
        if seen.login.is_empty() {
            return;
        }
        let known = self.shells.get(&shell.cloned());
        let expected = match self.moved.take() {
            Some(Moved { back_in, user }) => Place {
                login: known.map_or_else(|| named(user, seen), |known| known.login.clone()),
                directory: back_in.unwrap_or_else(|| seen.directory.clone()),
            },
            None => known.unwrap_or(seen).clone(),
        };
        self.expects(shell, expected, seen);
    }

    /// A command has ended: where it has gone to it meant to go, but not who it is and on which host.
    pub(in crate::run) fn ran(&mut self, shell: Option<&CommandId>, seen: &Place) {
        if seen.login.is_empty() {
            return;
        }
        self.moved = None;
        let stays = self.displaced.as_ref().filter(|d| d.seen.directory == seen.directory);
        let expected = match (stays, self.shells.get(&shell.cloned())) {
            (Some(displaced), _) => displaced.expected.clone(),
            (None, Some(known)) => Place { login: known.login.clone(), directory: seen.directory.clone() },
            (None, None) => seen.clone(),
        };
        self.expects(shell, expected, seen);
    }

    /// Somebody has said that this is the place.
    pub(in crate::run) fn accepted(&mut self, shell: Option<&CommandId>, place: &Place) {
        self.expects(shell, place.clone(), place);
    }

    fn expects(&mut self, shell: Option<&CommandId>, expected: Place, seen: &Place) {
        self.displaced =
            (expected != *seen).then(|| Displaced { expected: expected.clone(), seen: seen.clone() });
        self.shells.insert(shell.cloned(), expected);
    }
}

/// The login that is seen, as the user that was asked for.
fn named(user: Option<String>, seen: &Place) -> String {
    user.map_or_else(|| seen.login.clone(), |user| format!("{user}@{}", seen.host()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(login: &str, directory: &str) -> Place {
        Place { login: login.into(), directory: directory.into() }
    }

    fn web() -> CommandId {
        "1/1".into()
    }

    /// On web as deploy, in `/srv`, from this machine's `/home`.
    fn inside() -> Whereabouts {
        let mut run = Whereabouts::default();
        run.seen(None, &at("ada@laptop", "/home"));
        run.entered(&[], Some("deploy".into()));
        run.seen(Some(&web()), &at("deploy@web", "/root"));
        run.ran(Some(&web()), &at("deploy@web", "/srv"));
        run
    }

    #[test]
    fn commands_go_where_they_go_and_places_lead_where_they_lead() {
        let mut run = inside();
        assert_eq!(run.displaced(), None);
        run.left();
        run.seen(None, &at("ada@laptop", "/home"));
        run.ran(None, &at("ada@laptop", "/tmp"));
        assert_eq!(run.displaced(), None);
        assert_eq!(run.here(), Some(&at("ada@laptop", "/tmp")));
    }

    #[test]
    fn another_user_host_or_directory_that_no_command_led_to_is_noticed() {
        // A shell that stands in for one that has gone.
        let mut run = inside();
        run.seen(Some(&web()), &at("deploy@web", "/"));
        let displaced = run.displaced().cloned().unwrap();
        assert_eq!((displaced.expected, displaced.seen), (at("deploy@web", "/srv"), at("deploy@web", "/")));
        // What does not go there leaves it so; what goes there settles it.
        run.ran(Some(&web()), &at("deploy@web", "/"));
        assert!(run.displaced().is_some());
        run.ran(Some(&web()), &at("deploy@web", "/srv"));
        assert_eq!(run.displaced(), None);
        // Behind the same name another host answers the second time.
        run.left();
        run.seen(None, &at("ada@laptop", "/home"));
        run.entered(&["V".into(), "the directory /srv".into()], Some("deploy".into()));
        run.seen(Some(&web()), &at("deploy@web-2", "/srv"));
        assert_eq!(run.displaced().unwrap().expected, at("deploy@web", "/srv"));
        run.accepted(Some(&web()), &at("deploy@web-2", "/srv"));
        assert_eq!(run.displaced(), None);
        // Back, it is another machine.
        run.left();
        run.seen(None, &at("ada@other", "/home"));
        assert_eq!(run.displaced().unwrap().expected.login, "ada@laptop");
    }

    #[test]
    fn a_place_that_makes_another_user_of_one_is_noticed() {
        let mut run = Whereabouts::default();
        run.seen(None, &at("ada@laptop", "/home"));
        run.entered(&[], Some("deploy".into()));
        run.seen(Some(&web()), &at("root@web", "/root"));
        assert_eq!(run.displaced().unwrap().expected, at("deploy@web", "/root"));
    }

    #[test]
    fn the_directory_is_waited_for_that_is_given_back() {
        let mut run = inside();
        run.left();
        run.seen(None, &at("ada@laptop", "/home"));
        run.entered(&["the directory /srv".into()], None);
        run.seen(Some(&web()), &at("deploy@web", "/root"));
        run.ran(Some(&web()), &at("deploy@web", "/root"));
        assert_eq!(run.displaced().unwrap().expected.directory, "/srv");
        run.seen(Some(&web()), &at("deploy@web", "/srv"));
        assert_eq!(run.displaced(), None);
    }
}
