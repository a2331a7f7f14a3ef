//! More sessions in a container, by the program that led there: `docker exec`, `docker compose exec`, `kubectl exec`. Its words
//! are those of the place command, as they were expanded, so that its context, namespace, file and user are the same.

use serde::{Deserialize, Serialize};

use super::super::proc;
use super::super::spawn::Helper;
use super::line::{self, Line, On};
use crate::run::Place;
use crate::run::event::ProcessIdentity;
use crate::shell::containers::{self, container};
use crate::shell::quote::quote;

/// A container that was gone into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inside {
    /// What it is called there.
    name: String,
    /// It is the one that was chosen among several, by its own name.
    chosen: Option<String>,
    led: Led,
}

/// What led there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Led {
    /// A process of this machine, which goes on for as long as anybody is inside. Its words and variables may hold secrets,
    /// and are written down nowhere.
    Here {
        door: ProcessIdentity,
        /// How many words at its end start the shell.
        shell: usize,
        #[serde(skip)]
        launch: Option<proc::Launch>,
    },
    /// Words on another host, in which nothing had to be expanded.
    There { line: Line, words: Vec<String>, directory: String },
}

impl Inside {
    /// The container that a process of this machine has led to, where it is of a program that does that; `shell` words at
    /// its end are of what it started there. `place` is what the shell in it says of itself.
    pub(super) fn of_process(pid: u32, shell: usize, place: &Place) -> Option<Self> {
        let launch = proc::launch(pid)?;
        let words = launch.words.get(..launch.words.len().checked_sub(shell)?)?;
        let (name, chosen) = named(words, place)?;
        let led = Led::Here { door: proc::identity(pid), shell, launch: Some(launch) };
        Some(Self { name, chosen, led })
    }

    /// The container that these words led to on another host, from a directory there.
    pub(super) fn of_words(line: &Line, words: Vec<String>, directory: &str, place: &Place) -> Option<Self> {
        let (name, chosen) = named(&words, place)?;
        let led = Led::There { line: line.clone(), words, directory: directory.to_owned() };
        Some(Self { name, chosen, led })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn session(&self, script: &str, on: On) -> Option<Helper> {
        match &self.led {
            Led::Here { door, shell, launch } => {
                let found = || proc::launch(door.pid).filter(|_| proc::identity(door.pid) == *door);
                let launch = launch.clone().or_else(found)?;
                let words = launch.words.get(..launch.words.len().checked_sub(*shell)?)?;
                let words = self.words(words, script, on)?;
                let (program, arguments) = words.split_first()?;
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                let mut helper = Helper::new(program, &arguments, &launch.directory);
                helper.environment = launch.environment;
                Some(helper)
            }
            Led::There { line, words, directory } => {
                let words: Vec<String> = self.words(words, script, on)?.iter().map(|w| quote(w)).collect();
                let script = format!("cd {} && exec {}", quote(directory), words.join(" "));
                Some(line::session(&line.socket, &script, on))
            }
        }
    }

    /// The words of a session.
    fn words(&self, words: &[String], script: &str, on: On) -> Option<Vec<String>> {
        let mut words = words.to_vec();
        if let (Some(chosen), Some(at)) = (&self.chosen, container(&words)) {
            chosen.clone_into(&mut words[at]);
        }
        if on == On::Pipes {
            words = containers::without_terminal(&words)?;
        }
        if containers::of_cluster(&words) && !words.iter().any(|w| w == "--") {
            words.push("--".into());
        }
        words.extend(["sh".into(), "-c".into(), script.to_owned()]);
        Some(words)
    }
}

/// What the words call the container, and the name of the one that they chose: a deployment has several pods, and a pod's
/// host is called as it is.
fn named(words: &[String], place: &Place) -> Option<(String, Option<String>)> {
    let name = words.get(container(words)?)?.clone();
    let chooses = containers::of_cluster(words)
        && name.split_once('/').is_some_and(|(kind, _)| !matches!(kind, "pod" | "pods" | "po"));
    let chosen = chooses.then(|| place.host().to_owned());
    Some((chosen.clone().unwrap_or(name), chosen))
}

/// Whether words are the same wherever they are read again.
pub fn literal(words: &[String]) -> bool {
    !words.iter().any(|w| w.contains(['$', '`', '*', '?', '[', '{', '~', '<', '>']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn at(login: &str) -> Place {
        Place { login: login.into(), directory: "/".into() }
    }

    #[test]
    fn a_session_has_the_words_of_the_place_command() {
        let line = Line { socket: "/s".into(), host: "web".into() };
        let session = |text: &str, on| {
            let inside = Inside::of_words(&line, words(text), "/srv", &at("root@api-7d9"))?;
            Some((inside.name().to_owned(), inside.words(&words(text), "x y", on)?.join(" ")))
        };
        let plain = |text: &str| session(text, On::Pipes).unwrap();
        assert_eq!(plain("docker exec -it api"), ("api".into(), "docker exec api sh -c x y".into()));
        assert_eq!(
            plain("docker-compose -p shop exec -u app api"),
            ("api".into(), "docker-compose -p shop exec -T -u app api sh -c x y".into())
        );
        assert_eq!(
            plain("kubectl --context blue exec -it -n shop api-0 -c web --"),
            ("api-0".into(), "kubectl --context blue exec -n shop api-0 -c web -- sh -c x y".into())
        );
        // Another one of its pods may be chosen the next time.
        assert_eq!(
            plain("kubectl exec -it deploy/api --"),
            ("api-7d9".into(), "kubectl exec api-7d9 -- sh -c x y".into())
        );
        assert_eq!(plain("kubectl exec -it pod/api-0 --").0, "pod/api-0");
        let terminal = session("docker exec -itu 0 api", On::Terminal).unwrap();
        assert_eq!(terminal.1, "docker exec -itu 0 api sh -c x y");
        assert_eq!(session("chroot /mnt", On::Pipes), None);
    }

    #[test]
    fn words_that_would_be_expanded_are_not_read_again() {
        assert!(literal(&words("docker exec -it api")));
        assert!(!literal(&words("docker exec -it $API")) && !literal(&words("docker exec -it a*")));
    }
}
