//! Programs that start another one of a project or a language: what they start is what counts.

use super::super::options::Options;
use super::table::{is_known, migrates};

/// Programs that run what stands behind a word of theirs.
#[rustfmt::skip] // a table
pub(in crate::shell::classify) const RUNNERS: &[(&str, &str)] = &[
    ("poetry", "run"), ("pipenv", "run"), ("uv", "run"), ("hatch", "run"), ("pdm", "run"), ("rye", "run"), ("pixi", "run"),
    ("bundle", "exec"), ("dotenv", "run"), ("doppler", "run"), ("op", "run"), ("npm", "exec"), ("pnpm", "exec"), ("pnpm", "dlx"),
    ("yarn", "dlx"), ("yarn", "exec"), ("bun", "x"), ("infisical", "run"), ("railway", "run"), ("heroku", "run"), ("scalingo", "run"),
    ("conda", "run"), ("mamba", "run"), ("rbenv", "exec"), ("pyenv", "exec"), ("asdf", "exec"), ("mise", "exec"), ("volta", "run"),
    ("rvm", "do"), ("chamber", "exec"), ("teller", "run"), ("ddev", "exec"), ("aws-vault", "exec"), ("direnv", "exec"),
    ("go", "run"), ("corepack", "pnpm"), ("corepack", "yarn"), ("composer", "exec"),
];

/// Programs whose next word is a program in its own right.
#[rustfmt::skip] // a table
const BEFORE: &[(&str, &[&str])] = &[
    ("k3s", &["kubectl", "ctr", "crictl"]), ("microk8s", &["kubectl", "helm", "helm3"]), ("minikube", &["kubectl"]),
    ("k0s", &["kubectl"]), ("sail", &["artisan", "php", "mysql", "psql", "composer", "npm"]),
    ("lando", &["artisan", "drush", "wp", "php", "mysql", "psql"]), ("ddev", &["artisan", "drush", "wp", "php", "mysql", "psql"]),
    ("symfony", &["console", "php"]), ("valet", &["php"]), ("herd", &["php"]), ("busybox", &["rm", "sh", "tar", "cp", "mv", "dd", "kill"]),
    ("toybox", &["rm", "tar", "cp", "mv", "dd", "kill"]), ("cargo", &["sqlx", "diesel", "loco"]), ("dotnet", &["ef"]),
    ("clickhouse", &["client", "local"]),
];

/// Interpreters of files, with their options that take a value.
#[rustfmt::skip] // a table
const INTERPRETERS: &[(&str, &str)] = &[
    ("python", "WX"), ("python2", "WX"), ("python3", "WX"), ("py", ""), ("pypy3", ""), ("php", "dcz"), ("ruby", "IrE"), ("perl", "I"),
    ("node", "r"), ("nodejs", "r"), ("tsx", ""), ("ts-node", "PTr"), ("bun", ""), ("elixir", "r"), ("bash", "oO"), ("sh", "oO"),
    ("zsh", "o"), ("dash", ""), ("ksh", ""), ("source", ""), (".", ""), ("pwsh", ""), ("osascript", ""), ("java", ""), ("groovy", ""),
    ("Rscript", ""), ("lua", ""),
];

/// The words of what a program starts; nothing where it starts none.
pub(in crate::shell::classify) fn launched(words: &[String]) -> Option<Vec<String>> {
    let (first, args) = words.split_first()?;
    let program = first.rsplit('/').next().unwrap_or(first);
    if let Some((_, verb)) =
        RUNNERS.iter().find(|(name, verb)| *name == program && args.iter().any(|a| a == verb))
    {
        let at = args.iter().position(|a| a == verb)?;
        let rest = args.get(at + 1..).unwrap_or_default();
        return behind_options(rest);
    }
    if let Some(words) = before(program, args) {
        return Some(words);
    }
    if matches!(program, "yarn" | "pnpm" | "bun") {
        let at = args.iter().position(|a| !a.starts_with('-'))?;
        // `yarn knex …`: a program of the project, where no script has its name.
        let own = args.get(at).is_some_and(|name| migrates(name));
        return if own { args.get(at..).map(<[String]>::to_vec) } else { interpreted(program, args) };
    }
    if matches!(program, "npx" | "pnpx" | "bunx" | "uvx" | "pipx") {
        let options = Options::read(args, "p", &["package", "from", "with", "python"]);
        let rest = options.rest.strip_prefix(&["run".to_owned()]).filter(|_| program == "pipx");
        return versionless(rest.unwrap_or(options.rest));
    }
    if matches!(
        program,
        "cross-env" | "dotenv" | "env-cmd" | "dotenvx" | "with-env" | "envdir" | "cross-env-shell"
    ) {
        let dashes = args.iter().position(|a| a == "--");
        let rest = dashes.map_or(args, |at| args.get(at + 1..).unwrap_or_default());
        let start = rest.iter().position(|w| !w.contains('=') && !w.starts_with('-'))?;
        return rest.get(start..).map(<[String]>::to_vec);
    }
    if program == "cargo" {
        return built(args);
    }
    interpreted(program, args)
}

/// The words of a container's command behind the name of its image, where the image is named as a program of the table:
/// `docker run flyway/flyway clean`.
pub(in crate::shell::classify) fn by_image(words: &[String], command: &[String]) -> Option<Vec<String>> {
    let at = words.len().checked_sub(command.len() + 1)?;
    let image = words.get(at)?.rsplit('/').next()?;
    let image = image.split([':', '@']).next()?;
    let known = [image, image.trim_end_matches("-cli")].into_iter().find(|name| is_known(name))?;
    Some([&[known.to_owned()], command].concat())
}

/// `k3s kubectl delete`, `cargo sqlx migrate`: the words from the next program on.
fn before(program: &str, args: &[String]) -> Option<Vec<String>> {
    let (_, names) = BEFORE.iter().find(|(name, _)| *name == program)?;
    let at = args.iter().position(|a| !a.starts_with('-'))?;
    let name = args.get(at).filter(|a| names.contains(&a.as_str()))?;
    let rest = args.get(at + 1..).unwrap_or_default();
    let rest = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    let renamed = match (program, name.as_str()) {
        ("clickhouse", name) => format!("clickhouse-{name}"),
        ("dotnet", name) => format!("dotnet-{name}"),
        (_, name) => name.to_owned(),
    };
    Some([&[renamed], rest].concat())
}

/// `cargo run --bin migrate -- down`.
fn built(args: &[String]) -> Option<Vec<String>> {
    args.first().filter(|a| *a == "run" || *a == "r")?;
    let name = args.windows(2).find_map(|w| match w {
        [flag, name] if flag == "--bin" || flag == "-p" => Some(name.clone()),
        _ => None,
    });
    let at = args.iter().position(|a| a == "--")?;
    let name = name.unwrap_or_else(|| "./program".to_owned());
    Some([&[name], args.get(at + 1..).unwrap_or_default()].concat())
}

/// `python -m alembic downgrade`, `php artisan migrate`, `bash ./restore.sh`, `java -jar liquibase.jar`.
fn interpreted(program: &str, args: &[String]) -> Option<Vec<String>> {
    let versioned = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    let (_, valued) = INTERPRETERS
        .iter()
        .find(|(name, _)| *name == program || (!versioned.is_empty() && *name == versioned))?;
    if let Some(at) = args.iter().position(|a| a == "-m" || a == "-jar") {
        let mut words = args.get(at + 1..)?.to_vec();
        if let Some(name) = words.first_mut() {
            *name = name.trim_end_matches(".jar").to_owned();
        }
        return (!words.is_empty()).then_some(words);
    }
    let options =
        Options::read(args, valued, &["require", "import", "loader", "env-file", "rcfile", "init-file"]);
    let code = ["c", "e", "p", "eval", "print", "s", "a"];
    if options.has(&code) || (program == "php" && options.has(&["r"])) {
        return None;
    }
    let (script, rest) = options.rest.split_first()?;
    if program == "bun" && !script.contains(['.', '/']) || script == "-" {
        return None;
    }
    // As the shell would start it: a script is named by its path.
    let named = if script.contains('/') { script.clone() } else { format!("./{script}") };
    Some([&[named], rest].concat())
}

/// The words behind a runner's own options; those that are not known may have a value before a `--`.
fn behind_options(rest: &[String]) -> Option<Vec<String>> {
    let names =
        ["app", "project", "env", "environment", "with", "python", "name", "directory", "size", "remote"];
    let words = Options::read(rest, "aepnCr", &names).rest;
    match words {
        [_, dashes, inner @ ..] if dashes == "--" && !inner.is_empty() => versionless(inner),
        _ => versionless(words),
    }
}

/// `prisma@5 migrate reset` is `prisma migrate reset`.
fn versionless(words: &[String]) -> Option<Vec<String>> {
    let (first, rest) = words.split_first()?;
    let name = first.rfind('@').filter(|at| *at > 0).and_then(|at| first.get(..at)).unwrap_or(first);
    Some([&[name.to_owned()], rest].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_stands_behind_what_starts_it() {
        for (text, inner) in [
            ("python3 -m alembic downgrade -1", "alembic downgrade -1"),
            ("python3.12 manage.py flush", "./manage.py flush"),
            ("php artisan migrate:fresh", "./artisan migrate:fresh"),
            ("php -d memory_limit=-1 artisan down", "./artisan down"),
            ("bundle exec rails db:drop", "rails db:drop"),
            ("poetry run alembic downgrade base", "alembic downgrade base"),
            ("npx -y prisma@5.1 migrate reset", "prisma migrate reset"),
            ("npx @scope/tool reset", "@scope/tool reset"),
            ("bash -x restore.sh now", "./restore.sh now"),
            ("java -jar liquibase.jar rollback v1", "liquibase rollback v1"),
            ("doppler run --project x -- alembic downgrade", "alembic downgrade"),
            ("heroku run -a shop rake db:rollback", "rake db:rollback"),
            ("node -r dotenv/config scripts/reset.js", "scripts/reset.js"),
            ("k3s kubectl delete ns x", "kubectl delete ns x"),
            ("dotnet ef database drop", "dotnet-ef database drop"),
            ("cross-env A=b knex migrate:rollback", "knex migrate:rollback"),
            ("bash -c x", ""),
            ("python -c x", ""),
            ("node -e x", ""),
        ] {
            let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            assert_eq!(launched(&words).unwrap_or_default().join(" "), inner, "{text}");
        }
    }
}
