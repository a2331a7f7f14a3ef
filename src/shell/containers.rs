//! The words of programs that run something in a container that is there: `docker exec`, `kubectl exec` and the like.

use super::classify::options_of;

/// Where the word `exec` of such a program stands.
fn exec(words: &[String]) -> Option<usize> {
    let at = words.iter().position(|w| w == "exec")?;
    let runs = |w: &String| {
        matches!(name(w), "docker" | "podman" | "nerdctl" | "docker-compose" | "podman-compose" | "oc")
            || name(w).starts_with("kubectl")
    };
    words[..at].iter().any(runs).then_some(at)
}

fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Whether they are of a program of a cluster, whose names choose among several.
pub fn of_cluster(words: &[String]) -> bool {
    let before = words.iter().take_while(|w| *w != "exec");
    before.into_iter().any(|w| name(w).starts_with("kubectl") || name(w) == "oc")
}

/// Where the container's name stands.
pub fn container(words: &[String]) -> Option<usize> {
    let at = exec(words)? + 1;
    let rest = options_of(words.get(at..)?, if of_cluster(words) { "cn" } else { "acehlmpuvw" });
    (!rest.is_empty()).then(|| words.len() - rest.len())
}

/// The same words for what needs no terminal and reads nothing.
pub fn without_terminal(words: &[String]) -> Option<Vec<String>> {
    let exec = exec(words)?;
    let end = words.iter().position(|w| w == "--").unwrap_or(words.len());
    let composes = words[..exec]
        .iter()
        .any(|w| w == "compose" || matches!(name(w), "docker-compose" | "podman-compose"));
    let mut plain = words[..=exec].to_vec();
    plain.extend(composes.then(|| "-T".to_owned()));
    plain.extend(words[exec + 1..end].iter().filter_map(|w| without(w)));
    plain.extend_from_slice(&words[end..]);
    Some(plain)
}

/// A word of an option without the letters that ask for a terminal and for what is typed.
fn without(word: &str) -> Option<String> {
    if let Some(long) = word.strip_prefix("--") {
        let asks = matches!(long.split('=').next(), Some("tty" | "interactive" | "stdin"));
        return (!asks).then(|| word.to_owned());
    }
    let Some(letters) = word.strip_prefix('-').filter(|l| !l.is_empty()) else {
        return Some(word.to_owned());
    };
    // What stands behind another letter may be its value.
    let rest = letters.trim_start_matches(['i', 't', 'T']);
    (!rest.is_empty() && !rest.starts_with('=')).then(|| format!("-{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn the_container_is_found_among_options() {
        for (text, name) in [
            ("docker exec -it api", Some("api")),
            ("/usr/bin/python3 /usr/bin/docker-compose -f c.yml exec -u 0 --index 2 api", Some("api")),
            ("docker --context far exec --user root -it api", Some("api")),
            ("kubectl -n shop exec -it -c web api-0 --", Some("api-0")),
            ("kubectl.1.32 exec -ti deploy/api", Some("deploy/api")),
            ("sudo docker exec -it api", Some("api")),
            ("lxc exec web --", None),
            ("docker exec", None),
            ("chroot /mnt", None),
        ] {
            let words = words(text);
            assert_eq!(container(&words).map(|at| words[at].as_str()), name, "{text}");
        }
    }

    #[test]
    fn what_asks_for_a_terminal_is_left_out() {
        for (text, plain) in [
            ("docker exec -it -e A=-it api", "docker exec -e A=-it api"),
            ("docker exec -itu root api", "docker exec -u root api"),
            ("docker exec --tty --interactive=true api", "docker exec api"),
            ("docker compose exec api", "docker compose exec -T api"),
            ("podman-compose exec -T api", "podman-compose exec -T api"),
            ("kubectl exec -i -t api -n it -- -t", "kubectl exec api -n it -- -t"),
        ] {
            assert_eq!(without_terminal(&words(text)).unwrap().join(" "), plain, "{text}");
        }
        assert_eq!(without_terminal(&words("docker ps -t")), None);
    }
}
