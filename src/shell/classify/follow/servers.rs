//! Servers, workers and watchers that stay in the foreground, told by the words they are started with.

use super::super::programs::RUNNERS;

/// A program, the words one of which has to be its first, and the options with which it ends or goes to the background.
type Row = (&'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip] // a table
const ROWS: &[Row] = &[
    ("uvicorn", &[], &[]), ("hypercorn", &[], &["-D", "--daemon"]), ("daphne", &[], &[]),
    ("waitress-serve", &[], &[]), ("gunicorn", &[], &["-D", "--daemon", "--check-config", "--print-config"]),
    ("flask", &["run"], &[]), ("fastapi", &["dev", "run"], &[]), ("streamlit", &["run"], &[]),
    ("celery", &["worker", "beat", "flower", "events"], &["-D", "--detach"]), ("dramatiq", &[], &[]),
    ("rq", &["worker"], &["--burst", "-b"]), ("jupyter", &["lab", "notebook", "server"], &["list", "stop"]),
    ("airflow", &["webserver", "scheduler", "standalone", "triggerer"], &["-D", "--daemon"]),
    ("mkdocs", &["serve"], &[]), ("http.server", &[], &[]), ("SimpleHTTPServer", &[], &[]), ("smtpd", &[], &[]),
    ("rails", &["s", "server"], &["-d", "--daemon"]), ("puma", &[], &["-d", "--daemon"]),
    ("unicorn", &[], &["-D", "--daemonize"]), ("thin", &["start"], &["-d", "--daemonize"]),
    ("rackup", &[], &["-D", "--daemonize"]), ("sidekiq", &[], &["-d", "--daemon"]), ("jekyll", &["serve", "s"], &[]),
    ("foreman", &["start"], &[]), ("honcho", &["start"], &[]), ("overmind", &["start", "s"], &["-D"]),
    ("hugo", &["server", "serve"], &[]), ("mdbook", &["serve", "watch"], &[]), ("caddy", &["run", "file-server"], &[]),
    ("artisan", &["serve", "queue:work", "queue:listen", "horizon", "schedule:work", "tail", "pail", "reverb:start"],
        &["--once", "--stop-when-empty"]),
    ("symfony", &["serve", "server:start"], &["-d", "--daemon"]),
    ("vite", &["", "dev", "serve", "preview"], &[]), ("next", &["dev", "start"], &[]), ("nuxt", &["dev", "start"], &[]),
    ("ng", &["serve"], &[]), ("astro", &["dev", "preview"], &[]), ("gatsby", &["develop", "serve"], &[]),
    ("remix", &["dev"], &[]), ("nest", &["start"], &[]), ("nodemon", &[], &[]), ("ts-node-dev", &[], &[]),
    ("tsx", &["watch"], &[]), ("http-server", &[], &[]), ("serve", &[], &[]), ("live-server", &[], &[]),
    ("json-server", &[], &[]), ("netlify", &["dev"], &[]), ("firebase", &["serve", "emulators:start"], &[]),
    ("turbo", &["dev"], &[]), ("storybook", &["dev"], &["--ci"]), ("webpack", &["serve", "watch"], &[]),
    ("webpack-dev-server", &[], &[]), ("deno", &["serve"], &[]), ("cargo", &["watch"], &[]),
    ("trunk", &["serve", "watch"], &[]), ("air", &[""], &["init"]), ("localtunnel", &[], &[]), ("lt", &["--port"], &[]),
    ("mongod", &[], &["--fork", "--shutdown"]), ("redis-server", &[""], &["--daemonize"]),
    ("vault", &["server"], &[]), ("nomad", &["agent", "monitor"], &[]), ("minio", &["server"], &[]),
    ("etcd", &[], &[]), ("prometheus", &[], &["--config.check"]), ("memcached", &[], &["-d"]),
    ("rabbitmq-server", &[], &["-detached"]), ("stripe", &["listen"], &[]), ("minikube", &["tunnel", "mount"], &[]),
    ("mvn", &["spring-boot:run", "quarkus:dev", "jetty:run"], &[]), ("mvnw", &["spring-boot:run", "quarkus:dev", "jetty:run"], &[]),
    ("gradle", &["bootRun", "quarkusDev"], &[]), ("gradlew", &["bootRun", "quarkusDev"], &[]), ("emulator", &["-avd"], &[]),
    ("php-fpm", &["-F", "--nodaemonize"], &[]), ("locust", &[], &["-t", "--run-time"]),
];

/// Whether a program stays in the foreground as a server or a watcher.
pub(super) fn serves(program: &str, args: &[String], depth: usize) -> bool {
    if depth > 4 {
        return false;
    }
    let has = |word: &str| args.iter().any(|a| a == word);
    let behind = |at: usize| {
        let words = args.get(at..).unwrap_or_default();
        let start = words.iter().position(|w| !w.starts_with('-')).unwrap_or(words.len());
        words[start..]
            .split_first()
            .is_some_and(|(first, rest)| serves(first.rsplit('/').next().unwrap_or(first), rest, depth + 1))
    };
    let runner = RUNNERS.iter().find(|(name, verb)| *name == program && has(verb));
    if let Some(at) = runner.and_then(|(_, verb)| args.iter().position(|a| a == verb)) {
        return behind(at + 1);
    }
    match program {
        "python" | "python3" | "python2" => match args.iter().position(|a| a == "-m") {
            Some(at) => behind(at + 1),
            None => has("runserver") || has("runworker") || has("qcluster"),
        },
        "manage.py" => has("runserver") || has("runworker") || has("qcluster"),
        "java" => runs_archive(args),
        "emulator" if args.iter().any(|a| a.starts_with('@')) => true,
        "ruby" => has("httpd") && args.iter().any(|a| a.starts_with("-run")),
        "php" => has("-S") || args.iter().position(|a| a.ends_with("artisan")).is_some_and(behind),
        "npx" | "pnpx" | "bunx" => behind(0),
        "npm" | "yarn" | "pnpm" | "bun" => script(args),
        "nginx" => args.iter().any(|a| a.contains("daemon off")),
        "tsc" | "jest" | "vitest" | "rollup" | "esbuild" | "sass" | "tailwindcss" | "parcel" | "node"
        | "go" => has("--watch") || has("--watchAll") || (program != "node" && has("-w")) || has("--serve"),
        _ => ROWS.iter().any(|row| fits(row, program, args)),
    }
}

/// `java -jar shop.jar`: without a word behind it that says what to do, and then to end, it is a service.
fn runs_archive(args: &[String]) -> bool {
    let at = args.iter().position(|a| a == "-jar");
    let behind = at.and_then(|at| args.get(at + 1..)).unwrap_or_default();
    behind.split_first().is_some_and(|(archive, rest)| {
        archive.ends_with(".jar")
            && rest.iter().all(|a| a.starts_with("--") && !["--help", "--version"].contains(&a.as_str()))
    })
}

fn fits((name, words, unless): &Row, program: &str, args: &[String]) -> bool {
    let ends = |a: &String| unless.contains(&a.split('=').next().unwrap_or(a));
    if *name != program || args.iter().any(ends) {
        return false;
    }
    let plain: Vec<&str> = args.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    words.is_empty()
        || (words.contains(&"") && plain.is_empty())
        || args.iter().any(|a| a.starts_with('-') && words.contains(&a.as_str()))
        // `celery -A app worker`: a value may stand before its word.
        || plain.iter().take(2).any(|w| words.contains(w))
}

/// `npm run dev`, `yarn start`, `pnpm --filter web dev`, `npm test -- --watch`.
fn script(args: &[String]) -> bool {
    const SERVING: &[&str] = &["dev", "develop", "start", "serve", "watch", "preview", "storybook"];
    if args.iter().any(|a| a == "--watch" || a == "--watchAll") {
        return true;
    }
    let plain: Vec<&str> = args.iter().map(String::as_str).filter(|a| !a.starts_with('-')).collect();
    let named = |word: &str| {
        let first = word.split(':').next().unwrap_or(word);
        SERVING.contains(&first) || word.ends_with(":watch") || word.ends_with(":dev") && first != "build"
    };
    if let Some(at) = plain.iter().position(|w| *w == "run" || *w == "run-script") {
        return plain.get(at + 1).is_some_and(|w| named(w));
    }
    let valued = args.first().is_some_and(|a| {
        matches!(a.as_str(), "--prefix" | "-C" | "--dir" | "--filter" | "--cwd" | "-F" | "-w")
    });
    let at = match plain.first() {
        Some(&"workspace") => 2,
        _ => usize::from(valued),
    };
    plain.get(at).is_some_and(|w| named(w))
}
