//! The services of a compose file: a listing of them is complete when all are in it.

use crate::shell::classify::{compose_words, unwrapped};
use crate::shell::{parse, stages};

/// Whether a command lists the services of a compose project, and nothing before that.
pub fn lists(text: &str) -> bool {
    let first = stages(text).and_then(|s| s.first().map(unwrapped));
    let words = first.as_ref().and_then(|s| compose_words(s).and_then(|w| w.first().cloned()));
    words.is_some_and(|verb| verb == "ps")
}

/// The services whose logs a compose command shows, where it names them.
pub fn logged(text: &str) -> Vec<String> {
    let first = stages(text).and_then(|s| s.first().map(unwrapped));
    let words = first.as_ref().and_then(|s| compose_words(s));
    match words {
        Some([verb, rest @ ..]) if verb == "logs" => {
            // `--tail 50` and the like: a value that is a number is no service.
            let names = |w: &&String| !w.starts_with('-') && !w.starts_with(|c: char| c.is_ascii_digit());
            rest.iter().filter(names).cloned().collect()
        }
        _ => vec![],
    }
}

/// The files that a compose command names, none where it takes the usual ones; absent where it is none.
pub fn files(text: &str) -> Option<Vec<String>> {
    let simples = parse(text)?.simples;
    let first = simples.iter().map(unwrapped).find(|s| compose_words(s).is_some())?;
    let verb = compose_words(&first)?.first()?.clone();
    let mut named = Vec::new();
    let mut args = first.args().iter().take_while(|a| **a != verb);
    while let Some(arg) = args.next() {
        if arg == "-f" || arg == "--file" {
            named.push(args.next()?.clone());
        } else if let Some(file) = arg.strip_prefix("--file=") {
            named.push(file.to_owned());
        }
    }
    Some(named)
}

/// The services of a compose file that are started without naming a profile; absent where it is not understood.
pub fn services(yaml: &str) -> Option<Vec<String>> {
    let mut lines = yaml.lines().skip_while(|l| l.trim_end() != "services:").skip(1).peekable();
    lines.peek()?;
    let mut found: Vec<String> = Vec::new();
    let mut indent = None;
    for line in lines {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let depth = line.len() - line.trim_start().len();
        if depth == 0 {
            break;
        }
        let own = *indent.get_or_insert(depth);
        if depth == own {
            let name = text.split(" #").next().unwrap_or(text).trim_end().strip_suffix(':')?;
            found.push(name.trim_matches(['"', '\'']).to_owned());
        } else if text.starts_with("profiles:") {
            found.pop();
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_and_files() {
        let yaml = "version: '3'\nservices:\n  # the database\n  db:\n    image: postgres\n  api: # ours\n    build: .\n  debug:\n    profiles: [dev]\nvolumes:\n  data:\n";
        assert_eq!(services(yaml), Some(vec!["db".into(), "api".into()]));
        assert_eq!(services("volumes:\n  a:\n"), None);
        assert_eq!(files("docker compose -f a.yml ps"), Some(vec!["a.yml".into()]));
        assert_eq!(files("docker-compose ps | cat"), Some(vec![]));
        assert_eq!(files("cd app && docker-compose -f b.yml down"), Some(vec!["b.yml".into()]));
        assert!(lists("docker compose ps -a") && !lists("docker-compose down"));
        assert_eq!(files("docker ps"), None);
        assert_eq!(logged("docker-compose logs -f --tail 50 api-server"), ["api-server"]);
        assert_eq!(logged("docker compose logs -f api | grep x"), ["api"]);
        assert!(logged("docker compose logs -f").is_empty() && logged("docker logs x").is_empty());
    }
}
