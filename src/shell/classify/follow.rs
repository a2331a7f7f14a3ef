//! Commands that go on until somebody ends them, told by their form.

use super::super::around::Around;
use super::super::parse::{Parsed, Simple};
use super::elsewhere::{SSH_WITH_VALUE, compose_words};
use super::inside::nested;
use super::options::Options;
use super::wrappers::unwrapped;

mod servers;

/// Programs that fill a terminal, or write on and on, whatever they are given.
#[rustfmt::skip] // words, many to a line
const ALWAYS: &[&str] = &[
    "watch", "htop", "btop", "ctop", "k9s", "lazydocker", "iftop", "nethogs", "nload", "bmon", "glances", "nmon",
    "multitail", "lnav", "kail", "kubetail", "dbus-monitor", "mongostat", "mongotop", "execsnoop", "opensnoop",
    "pg_top", "pg_activity", "innotop", "mytop", "kubefwd", "fswatch", "watchexec", "slabtop", "powertop",
];

/// Whether a command goes on until it is ended.
pub(super) fn follows(parsed: &Parsed) -> bool {
    let waits = waited_for(parsed);
    parsed.endless || parsed.simples.iter().any(|simple| goes_on(simple, waits))
}

/// Whether what was put into the background is waited for.
pub(super) fn waited_for(parsed: &Parsed) -> bool {
    let has = |program: &str| parsed.simples.iter().any(|s| s.program() == program);
    let detached = parsed.simples.iter().any(|s| s.around.is(Around::DETACHED));
    detached && has("wait") && !has("kill") && !has("pkill")
}

fn goes_on(written: &Simple, waits: bool) -> bool {
    if written.around.is(Around::CUT) || (written.around.is(Around::DETACHED) && !waits) {
        return false;
    }
    let simple = unwrapped(written);
    let wrappers = &written.words[..written.words.len() - simple.words.len()];
    let limited = wrappers.iter().any(|w| matches!(w.rsplit('/').next(), Some("timeout" | "gtimeout")));
    if limited || leaves(&simple) {
        return false;
    }
    by_form(&simple) || nested(&simple).iter().any(follows)
}

/// What runs inside goes on behind it: `ssh -f`, `docker exec -d`.
fn leaves(simple: &Simple) -> bool {
    match simple.program() {
        "ssh" | "autossh" => Options::read(simple.args(), SSH_WITH_VALUE, &[]).has(&["f"]),
        "docker" | "podman" | "docker-compose" => {
            let at = simple.args().iter().position(|a| a == "exec" || a == "run");
            let behind = at.map_or(&[][..], |at| &simple.args()[at + 1..]);
            let options = Options::read(behind, "uewvp", &["user", "env", "workdir", "name", "volume"]);
            options.has(&["d", "detach"])
        }
        "systemd-run" => !simple
            .args()
            .iter()
            .any(|a| matches!(a.as_str(), "--pty" | "-t" | "--wait" | "--pipe" | "-P" | "--scope")),
        _ => false,
    }
}

fn by_form(simple: &Simple) -> bool {
    let program = simple.program();
    let asks = ["--help", "--version"].iter().any(|flag| simple.has(flag));
    if asks {
        return false;
    }
    if ALWAYS.contains(&program) {
        return true;
    }
    logs(simple)
        || numbers(simple)
        || network(simple)
        || containers(simple)
        || servers::serves(simple.program(), simple.args(), 0)
}

/// The options of a command, those behind its operands as well, and how many operands are numbers.
pub(super) fn all_options<'w>(
    args: &'w [String],
    letters: &str,
    names: &[&str],
) -> (Vec<Options<'w>>, usize) {
    let (mut found, mut rest, mut numbers) = (Vec::new(), args, 0);
    while !rest.is_empty() {
        let options = Options::read(rest, letters, names);
        let operands = options.rest.iter().take_while(|w| !w.starts_with('-') || w.len() < 2);
        let operands: Vec<&String> = operands.collect();
        numbers += operands.iter().filter(|w| is_number(w)).count();
        // What stands behind a `--` are operands that begin with a dash.
        let stuck = operands.is_empty() && options.rest.len() == rest.len();
        rest = &options.rest[operands.len() + usize::from(stuck)..];
        found.push(options);
    }
    (found, numbers)
}

fn is_number(word: &str) -> bool {
    word.parse::<f64>().is_ok() || word.starts_with('$')
}

fn given(args: &[String], letters: &str, any: &[&str]) -> bool {
    all_options(args, letters, &[]).0.iter().any(|o| o.has(any))
}

/// What shows lines as they come.
fn logs(simple: &Simple) -> bool {
    let args = simple.args();
    match simple.program() {
        "tail" => given(args, "ncs", &["f", "F", "follow"]) && !args.iter().any(|a| a.starts_with("--pid")),
        "journalctl" => given(args, "utpnoSUDMb", &["f", "follow"]),
        "stern" => !simple.has("--no-follow"),
        "dmesg" => given(args, "flns", &["w", "W", "follow", "follow-new"]),
        "inotifywait" => given(args, "te", &["m", "monitor"]),
        "inotifywatch" => !given(args, "te", &["t", "timeout"]),
        "udevadm" | "busctl" | "gdbus" | "nmcli" | "resolvectl" => {
            args.first().is_some_and(|a| a == "monitor")
        }
        "ip" => args.iter().any(|a| a == "monitor") || args.iter().any(|a| a == "mon"),
        "strace" | "ltrace" => given(args, "eoPsaSuU", &["p"]) || args.iter().any(|a| a.starts_with("-p")),
        "perf" => args.first().is_some_and(|a| a == "top"),
        "yes" => !simple.around.is(Around::PIPED) && !simple.around.is(Around::CAPTURED),
        "sleep" => args.iter().any(|a| matches!(a.as_str(), "infinity" | "inf")),
        "crm_mon" => !given(args, "", &["1", "one-shot"]),
        "ceph" => simple.has("-w") || simple.has("--watch") || simple.has("-W"),
        "etcdctl" | "consul" => args.iter().any(|a| a == "watch" || a == "monitor"),
        "mysqladmin" => given(args, "uphPS", &["i", "sleep"]) && !given(args, "uphPSi", &["c", "count"]),
        "redis-cli" => redis(simple),
        "mosquitto_sub" => !args.iter().any(|a| a.starts_with("-C") || a.starts_with("-W") || a == "-E"),
        "kafka-console-consumer" | "kafka-console-consumer.sh" => {
            !args.iter().any(|a| a.starts_with("--max-messages") || a.starts_with("--timeout-ms"))
        }
        "pg_recvlogical" => simple.has("--start"),
        "pg_receivewal" => !args.iter().any(|a| a.contains("slot") && a.starts_with("--create")),
        "pm2" => {
            args.first().is_some_and(|a| a == "monit") || (simple.has("logs") && !simple.has("--nostream"))
        }
        "heroku" | "fly" | "flyctl" | "railway" | "cf" | "vercel" | "wrangler" | "gcloud" | "az" => {
            hosted_logs(simple)
        }
        "supervisorctl" => {
            args.first().is_some_and(|a| a == "fg" || a.ends_with("tail"))
                && (simple.has("-f") || simple.has("fg"))
        }
        _ => follows_log(simple),
    }
}

fn redis(simple: &Simple) -> bool {
    let repeated = simple.args().windows(2).any(|w| w[0] == "-r" && w[1] == "-1");
    repeated
        || simple.args().iter().any(|a| {
            let word = a.to_ascii_lowercase();
            ["monitor", "subscribe", "psubscribe", "ssubscribe", "--stat", "--latency-history"]
                .contains(&word.as_str())
                || (word == "--latency" && !simple.has("--raw"))
        })
}

/// Logs of a service that hosts: some of its tools go on where nothing is said.
fn hosted_logs(simple: &Simple) -> bool {
    let has = |word: &str| simple.args().iter().any(|a| a == word);
    let first = simple.args().iter().find(|a| !a.starts_with('-')).map_or("", String::as_str);
    match simple.program() {
        "fly" | "flyctl" => first == "proxy" || (first == "logs" && !has("--no-tail") && !has("-n")),
        "railway" => first == "logs" && !has("--lines") && !has("-n"),
        "cf" => first == "logs" && !has("--recent"),
        "heroku" => first == "local" || (first == "logs" && (has("--tail") || has("-t"))),
        "wrangler" => first == "dev" || first == "tail",
        "vercel" => first == "dev" || follows_log(simple),
        "gcloud" => {
            let tunnel = has("start-iap-tunnel")
                || (has("ssh")
                    && has("--")
                    && simple.args().iter().any(|a| a.starts_with("-N") || a == "-NL"));
            tunnel || has("tail") || follows_log(simple)
        }
        _ => (has("log") && has("tail")) || (has("bastion") && has("tunnel")) || follows_log(simple),
    }
}

/// `logs -f`, `logs tail --follow`: the option behind the word, since before it `-f` names a file.
fn follows_log(simple: &Simple) -> bool {
    let Some(at) = simple.args().iter().position(|a| a == "logs" || a == "log" || a == "tail") else {
        return false;
    };
    simple.args()[at + 1..].iter().take_while(|a| *a != "--").any(|a| {
        a == "--follow"
            || a == "--follow=true"
            || (a.starts_with('-') && !a.starts_with("--") && a.contains('f') && !a.contains('='))
    })
}

/// Measuring programs, which take an interval and a count.
fn numbers(simple: &Simple) -> bool {
    let args = simple.args();
    let operands = |letters: &str| all_options(args, letters, &[]).1;
    match simple.program() {
        "vmstat" => operands("Sp") == 1,
        "iostat" => operands("gj") == 1,
        "sar" => operands("fosePIijn") == 1,
        "mpstat" => operands("PIuNo") == 1,
        "pidstat" => operands("pCTUGF") == 1 && !simple.has("-e"),
        "zpool" => args.first().is_some_and(|a| a == "iostat") && operands("T") == 1,
        "ifstat" | "dstat" | "dool" => operands("CDNIoi") < 2,
        "jstat" => {
            operands("h") == 2
                || (operands("h") == 1 && !args.iter().any(|a| is_number(a) && a.len() > 6)) && args.len() > 2
        }
        "nvidia-smi" => {
            args.first().is_some_and(|a| a == "dmon" || a == "pmon") && !simple.has("-c")
                || given(args, "i", &["l", "loop"])
        }
        "free" => given(args, "c", &["s", "seconds"]) && !given(args, "s", &["c", "count"]),
        "netstat" => given(args, "", &["c", "continuous"]),
        "top" | "atop" | "iotop" => {
            let counted = simple.program() == "atop" && operands("") > 1;
            !counted && !given(args, "dEopuUws", &["n", "iter", "l"])
        }
        _ => false,
    }
}

/// What listens, connects or looks at packets.
fn network(simple: &Simple) -> bool {
    let args = simple.args();
    let program = simple.program();
    match program {
        "ping" | "ping6" => !given(args, "IiWstQMmlpS", &["c", "w", "V", "h"]) && !args.is_empty(),
        "fping" => given(args, "cCptiI", &["l", "loop"]),
        "mtr" => {
            !given(args, "cisaFmB", &["r", "w", "j", "x", "report", "report-wide", "json", "xml", "csv"])
                && !args.is_empty()
        }
        "tcpdump" | "tshark" | "dumpcap" | "ngrep" => {
            let ends = if program == "ngrep" { "n" } else { "c" };
            let letters = if program == "ngrep" { "IOdsSAnPF" } else { "cCFGiMrswWyEzBfYTea" };
            let rotates = given(args, letters, &["G"]) && given(args, letters, &["W"]);
            !rotates && !given(args, letters, &[ends, "r", "D", "a", "L"])
        }
        "nc" | "ncat" | "netcat" => given(args, "wpsqXx", &["l", "listen"]) && !given(args, "", &["z"]),
        "socat" => {
            let listens =
                args.iter().any(|a| a.to_ascii_lowercase().contains("listen") || a.contains(",fork"));
            listens || (simple.reads_terminal() && !simple.has("-V") && args.len() > 1)
        }
        "iperf" | "iperf3" => {
            given(args, "pBit", &["s", "server"]) && !given(args, "pBit", &["1", "D", "one-off"])
        }
        "sshuttle" => !given(args, "rex", &["D", "daemon"]) && !args.is_empty(),
        "ssh" | "autossh" => {
            let letters = if program == "ssh" { SSH_WITH_VALUE } else { "MBbcDEeFIiJLlmOopQRSWw" };
            let options = Options::read(args, letters, &[]);
            let behind = Options::read(options.rest.get(1..).unwrap_or_default(), letters, &[]);
            let has = |any: &[&str]| options.has(any) || behind.has(any);
            has(&["N"]) && !has(&["f", "O"]) && behind.rest.is_empty()
        }
        "aws" => simple.has("start-session") && args.iter().any(|a| a.contains("PortForwarding")),
        "cloud-sql-proxy" | "cloud_sql_proxy" | "ngrok" => !args.is_empty(),
        "cloudflared" => args.iter().any(|a| a == "run" || a == "--url"),
        _ => false,
    }
}

fn containers(simple: &Simple) -> bool {
    let program = simple.program();
    if !matches!(
        program,
        "docker" | "podman" | "docker-compose" | "podman-compose" | "nerdctl" | "kubectl" | "oc"
    ) {
        return false;
    }
    let has = |w: &str| simple.has(w);
    if let Some(words) = compose_words(simple) {
        return compose(words);
    }
    let plain = simple.args().iter().filter(|a| !a.starts_with('-'));
    let verb = plain.clone().map(String::as_str).next().unwrap_or("");
    if matches!(program, "kubectl" | "oc") {
        let verbs: Vec<&str> = plain.map(String::as_str).take(4).collect();
        let is = |verb: &str| verbs.contains(&verb);
        if is("exec") || is("run") || is("debug") || is("rollout") || is("wait") {
            return false;
        }
        let watches = given(simple.args(), "nlofcLs", &["w", "watch", "watch-only"]);
        return is("port-forward")
            || is("proxy")
            || is("attach")
            || ((is("get") || is("events")) && watches && !has("--watch=false"));
    }
    match verb {
        "stats" => !has("--no-stream") && !has("--no-stream=true"),
        "events" => !simple.args().iter().any(|a| a.starts_with("--until")),
        "attach" => true,
        "start" => given(simple.args(), "", &["a", "attach"]),
        _ => false,
    }
}

fn compose(words: &[String]) -> bool {
    let has = |any: &[&str]| words.iter().any(|w| any.contains(&w.as_str()));
    match words.first().map(String::as_str) {
        Some("up") => {
            // The last three end with one of the containers.
            let ends = [
                "-d",
                "--detach",
                "--no-start",
                "--wait",
                "--abort-on-container-exit",
                "--abort-on-container-failure",
                "--exit-code-from",
            ];
            !has(&ends) && !words.iter().any(|w| w.starts_with("--exit-code-from="))
        }
        Some("watch" | "events" | "attach" | "stats") => !has(&["--no-stream"]),
        _ => false,
    }
}
