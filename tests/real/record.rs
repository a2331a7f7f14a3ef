//! The record: sign-offs with real keys, checked by stock OpenSSH; tampering; archives; reports; patches.

mod kept;
mod night;
mod tampered;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gonogo::runbook;

use super::support::{Finished, Home, contents, skip, the_run, until};

/// Runs another program with a text on its standard input.
#[expect(
    clippy::disallowed_methods,
    reason = "what gonogo writes is checked by the programs it is written for"
)]
pub(super) fn tool(program: &str, arguments: &[&str], directory: &Path, input: &str) -> Finished {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory).env("HOME", directory).env("LC_ALL", "C");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Finished { status: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
}

/// A key of OpenSSH's own making.
pub(super) fn key(home: &Home, name: &str, kind: &[&str], passphrase: &str) -> PathBuf {
    let path = home.path().join(name);
    let arguments =
        [&["-q", "-N", passphrase, "-C", name, "-f", path.to_str().unwrap(), "-t"], kind].concat();
    let made = tool("ssh-keygen", &arguments, home.path(), "");
    assert_eq!(made.status, 0, "{}", made.err);
    path
}

fn public(key: &Path) -> String {
    contents(&key.with_extension("pub")).trim().to_owned()
}

/// A home with the demo's run in it, over and not signed.
pub(super) fn demo() -> Home {
    let home = Home::new();
    let ran = home.run(&["demo", "--headless", "--yes", "--keep"]);
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    home
}

pub(super) fn sign(home: &Home, role: &str, name: &str, key: &Path) -> Finished {
    home.run(&["sign", "--as", role, "--name", name, "--key", key.to_str().unwrap(), "--yes"])
}

fn good(finished: &Finished) {
    assert_eq!(finished.status, 0, "{}{}", finished.out, finished.err);
}

fn refused(finished: &Finished, why: &str) {
    assert!(finished.status == 1 && finished.err.contains(why), "{}{}", finished.out, finished.err);
}

#[test]
fn a_demos_log_comes_out_fully_filled_and_is_the_template_elsewhere() {
    let home = demo();
    let (ada, grace) = (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ecdsa"], ""));
    good(&sign(&home, "engineer", "ada", &ada));
    good(&sign(&home, "reviewer", "grace", &grace));
    let log = home.run(&["log"]);
    assert_eq!((log.status, log.err.as_str()), (0, ""), "nothing is left as it was");
    let document = contents(&the_run(&home).path().join("document.md"));
    let template = runbook::read(&document).log_template.clone().unwrap().text;
    let (filled, template): (Vec<&str>, Vec<&str>) = (log.out.lines().collect(), template.lines().collect());
    assert_eq!(filled.len(), template.len(), "{}", log.out);
    let mut changed = 0;
    for (filled, template) in filled.iter().zip(&template) {
        if filled == template {
            assert!(
                !filled.contains(['[', '_']) || filled.contains("[x]") || !filled.contains("[ ]"),
                "{filled}"
            );
            continue;
        }
        changed += 1;
        // What stands before the first place to be filled is as it was.
        let kept = template.split(['[', 'Y']).next().unwrap();
        let kept = kept.split("/backups").next().unwrap().split("Local").next().unwrap();
        let kept = if template.contains("None /") || template.contains("No /") { "- N" } else { kept };
        assert!(filled.starts_with(kept), "{template} became {filled}");
    }
    // Version and environment stand there already as they are.
    assert_eq!(changed, 16, "{}", log.out);
    for gone in ["[Time]", "[Name]", "[ ]", "YYYY", "[Reason]", "[Description]"] {
        assert!(!log.out.contains(gone), "{gone} in {}", log.out);
    }
    assert!(log.out.contains("- Engineer: ada ") && log.out.contains("- Reviewer: grace "), "{}", log.out);
}

#[test]
fn sign_offs_hold_for_gonogo_and_for_stock_openssh() {
    let home = demo();
    // Of each kind one: the engineer's is asked for again, and the last one counts.
    let rsa = key(&home, "rsa", &["rsa", "-b", "2048"], "");
    let (ada, grace) =
        (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ecdsa", "-b", "384"], ""));
    refused(&sign(&home, "reviewer", "grace", &grace), "the engineer signs before the reviewer");
    good(&sign(&home, "engineer", "ada", &rsa));
    good(&sign(&home, "engineer", "ada", &ada));
    refused(&sign(&home, "reviewer", "Ada", &grace), "must be different people");
    refused(&sign(&home, "reviewer", "grace", &ada), "must use different keys");
    good(&sign(&home, "reviewer", "grace", &grace));
    let allowed = home.write(
        "allowed",
        &format!(
            "ada namespaces=\"gonogo\" {}\nada valid-after=\"20200101Z\" {}\ngrace {}\n",
            public(&rsa),
            public(&ada),
            public(&grace)
        ),
    );
    let allowed = allowed.to_str().unwrap();
    let verified = home.run(&["verify", "--allowed-signers", allowed]);
    good(&verified);
    assert!(verified.out.contains("ok: engineer and reviewer have different keys"), "{}", verified.out);
    for line in ["allowed by line 1) at", "allowed by line 2) at", "allowed by line 3) at"] {
        assert!(verified.out.contains(line), "{line} in {}", verified.out);
    }
    assert!(!verified.out.contains("not proven"), "{}", verified.out);
    let signatures = the_run(&home).signatures();
    for (name, file) in [("ada", "engineer"), ("ada", "engineer-2"), ("grace", "reviewer")] {
        let statement = contents(&signatures.join(format!("{file}.txt")));
        let signature = format!("{file}.txt.sig");
        let verify = |text: &str, who: &str| {
            let arguments = ["-Y", "verify", "-f", allowed, "-I", who, "-n", "gonogo", "-s", &signature];
            tool("ssh-keygen", &arguments, &signatures, text)
        };
        let stock = verify(&statement, name);
        assert!(
            stock.status == 0 && stock.out.contains("Good \"gonogo\" signature"),
            "{}{}",
            stock.out,
            stock.err
        );
        assert_ne!(verify(&statement.replace("name: ", "name:  "), name).status, 0);
        assert_ne!(verify(&statement, "eve").status, 0);
        // The log that was signed is the one that the statement names.
        let sum = tool("sha256sum", &[&format!("{file}.log.md")], &signatures, "").out;
        assert!(
            statement.contains(&format!("log: sha256:{}", sum.split(' ').next().unwrap())),
            "{statement}"
        );
    }
    let strangers = home.write("strangers", &format!("ada {}\n", public(&grace)));
    let verified = home.run(&["verify", "--allowed-signers", strangers.to_str().unwrap()]);
    assert!(
        verified.status == 1 && verified.out.contains("reviewer grace: the key is that of ada"),
        "{}",
        verified.out
    );
}

#[test]
fn the_commands_of_the_docs_check_a_signature() {
    let home = demo();
    let ada = key(&home, "ada", &["ed25519"], "");
    good(&sign(&home, "engineer", "ada", &ada));
    good(&home.run(&["export", "--out", "a.tar.gz"]));
    assert_eq!(tool("tar", &["xzf", "a.tar.gz"], home.path(), "").status, 0);
    let signatures = home.path().join(&the_run(&home).id().0).join("signatures");
    std::fs::write(signatures.join("allowed_signers"), format!("ada {}\n", public(&ada))).unwrap();
    let docs = contents(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/record.md"));
    let shown = docs.split("runs these lines -->\n```bash\n").nth(1).unwrap().split("```").next().unwrap();
    let checked = tool("bash", &["-euo", "pipefail", "-c", shown], &signatures, "");
    good(&checked);
    let lines: Vec<&str> = checked.out.lines().collect();
    assert!(lines.len() == 3 && lines[0].starts_with("Good \"gonogo\" signature for ada"), "{}", checked.out);
    // And they can fail.
    let other = shown.replace("engineer.log.md |", "engineer.txt |");
    assert_ne!(tool("bash", &["-euo", "pipefail", "-c", &other], &signatures, "").status, 0);
}

#[test]
fn an_agent_signs_and_a_passphrase_is_asked_for() {
    let home = demo();
    let ada = key(&home, "ada", &["ed25519"], "open sesame");
    // Without the passphrase nothing is signed; it is asked for at the terminal and never shown.
    let mut terminal = home.terminal(&["sign", "--as", "engineer", "--key", ada.to_str().unwrap()], 100, 60);
    terminal.see("passphrase of");
    terminal.type_keys("open sesame\r");
    terminal.see("Type ada to sign:");
    assert!(!terminal.text().contains("sesame"), "{}", terminal.text());
    terminal.type_keys("ada\r");
    assert_eq!(terminal.end(), 0, "{}", terminal.text());
    let grace = key(&home, "grace", &["ed25519"], "");
    let socket = home.path().join("agent");
    let Some(mut agent) = start_agent(&socket) else {
        return skip("record::an_agent_signs_and_a_passphrase_is_asked_for", "ssh-agent");
    };
    until("the agent", || std::os::unix::net::UnixStream::connect(&socket).is_ok());
    let add = |key: &Path| {
        let environment = format!("SSH_AUTH_SOCK={}", socket.display());
        let added = tool("env", &[&environment, "ssh-add", "-q", key.to_str().unwrap()], home.path(), "");
        assert_eq!(added.status, 0, "{}", added.err);
    };
    add(&grace);
    // With one key in the agent it is the one; its public file names it too.
    let mut by_agent = home.command(&["sign", "--as", "reviewer", "--name", "grace", "--yes"]);
    let signed = by_agent.env("SSH_AUTH_SOCK", &socket).output().unwrap();
    let told = String::from_utf8_lossy(&signed.stderr).into_owned();
    assert!(signed.status.success() && told.contains("by ssh-agent"), "{told}");
    let rsa = key(&home, "rsa", &["rsa", "-b", "2048"], "");
    add(&rsa);
    let name = rsa.with_extension("pub");
    let arguments =
        ["sign", "--as", "reviewer", "--name", "hopper", "--yes", "--key", name.to_str().unwrap()];
    let signed = home.command(&arguments).env("SSH_AUTH_SOCK", &socket).output().unwrap();
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let several = home.command(&arguments[..6]).env("SSH_AUTH_SOCK", &socket).output().unwrap();
    let told = String::from_utf8_lossy(&several.stderr).into_owned();
    assert!(several.status.code() == Some(2) && told.contains("several keys"), "{told}");
    agent.kill().unwrap();
    agent.wait().unwrap();
    let verified = home.run(&["verify"]);
    good(&verified);
    assert!(verified.out.contains("ssh-rsa SHA256:"), "{}", verified.out);
}

#[expect(clippy::disallowed_methods, reason = "a real agent holds the keys")]
fn start_agent(socket: &Path) -> Option<std::process::Child> {
    let mut command = Command::new("ssh-agent");
    command.args(["-D", "-a", socket.to_str().unwrap()]).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().ok()
}

#[test]
fn a_challenge_is_signed_elsewhere_and_brought_back() {
    let home = demo();
    let (ada, grace) = (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ed25519"], ""));
    good(&sign(&home, "engineer", "ada", &ada));
    let asked = home.run(&["sign", "--as", "reviewer", "--name", "grace", "--challenge"]);
    good(&asked);
    assert!(
        asked.out.lines().count() == 10 && asked.err.contains("ssh-keygen -Y sign -n gonogo"),
        "{}",
        asked.err
    );
    let file = home.write("challenge.txt", &asked.out);
    let sign = ["-Y", "sign", "-n", "gonogo", "-f", grace.to_str().unwrap(), file.to_str().unwrap()];
    assert_eq!(tool("ssh-keygen", &sign, home.path(), "").status, 0);
    let wrong = home.write("wrong.sig", &contents(&the_run(&home).signatures().join("engineer.txt.sig")));
    refused(
        &home.run(&["sign", "--as", "reviewer", "--take", wrong.to_str().unwrap()]),
        "the signature does not match the statement",
    );
    let other = ["-Y", "sign", "-n", "file", "-f", grace.to_str().unwrap()];
    let other = home.write("other.sig", &tool("ssh-keygen", &other, home.path(), &asked.out).out);
    refused(
        &home.run(&["sign", "--as", "reviewer", "--take", other.to_str().unwrap()]),
        "the signature is for \"file\", not for \"gonogo\"",
    );
    let signature = home.path().join("challenge.txt.sig");
    good(&home.run(&["sign", "--as", "reviewer", "--take", signature.to_str().unwrap()]));
    let verified = home.run(&["verify"]);
    good(&verified);
    assert!(verified.out.contains("reviewer: grace (ssh-ed25519 "), "{}", verified.out);
}

#[test]
fn a_reviewer_signs_in_an_archive_on_another_machine() {
    let (home, away) = (demo(), Home::new());
    let ada = key(&home, "ada", &["ed25519"], "");
    let grace = key(&away, "grace", &["ed25519"], "");
    good(&sign(&home, "engineer", "ada", &ada));
    let archive = away.path().join("night.tar.gz");
    let path = archive.to_str().unwrap();
    good(&home.run(&["export", "--out", path]));
    refused(&home.run(&["export", "--out", path]), "is there already");
    let by_grace = |name: &str| {
        away.run(&[
            "sign",
            path,
            "--as",
            "reviewer",
            "--name",
            name,
            "--key",
            grace.to_str().unwrap(),
            "--yes",
        ])
    };
    refused(&by_grace("ADA"), "must be different people");
    let signed = by_grace("grace");
    good(&signed);
    assert!(
        signed.out.contains("## Deployment Log") && signed.out.contains("grace signs as reviewer"),
        "{}",
        signed.out
    );
    let verified = away.run(&["verify", path]);
    good(&verified);
    assert!(verified.out.contains("in this archive only"), "{}", verified.out);
    good(&home.run(&["sign", "--take", path]));
    refused(&home.run(&["sign", "--as", "reviewer", "--take", path]), "every signature in");
    let verified = home.run(&["verify"]);
    good(&verified);
    assert!(verified.out.contains("reviewer: grace (ssh-ed25519 "), "{}", verified.out);
    assert!(home.run(&["log"]).out.contains("- Reviewer: grace "));
    assert!(home.run(&["runs"]).out.contains("signed ada, grace"));
    // An archive that was changed is not signed, and what is in it is found.
    let other = home.path().join("other.tar.gz");
    good(&home.run(&["export", "--out", other.to_str().unwrap()]));
    let unpacked = tool("tar", &["xzf", "other.tar.gz"], home.path(), "");
    assert_eq!(unpacked.status, 0, "{}", unpacked.err);
    let name = the_run(&home).id().0.clone();
    let log = home.path().join(&name).join("log.md");
    std::fs::write(&log, contents(&log).replace("- No", "- Yes")).unwrap();
    let packed = tool("tar", &["czf", "forged.tar.gz", &name], home.path(), "");
    assert_eq!(packed.status, 0, "{}", packed.err);
    let forged = home.path().join("forged.tar.gz");
    let verified = home.run(&["verify", forged.to_str().unwrap()]);
    assert!(
        verified.status == 1 && verified.out.contains("OFF: log.md was changed since"),
        "{}",
        verified.out
    );
    refused(
        &home.run(&["sign", forged.to_str().unwrap(), "--as", "reviewer", "--claimed", "--yes"]),
        "not signed",
    );
}

#[test]
fn a_reviewer_signs_from_another_client_with_a_key_and_without_control() {
    let home = demo();
    let (ada, grace) = (key(&home, "ada", &["ed25519"], ""), key(&home, "grace", &["ed25519"], "a long one"));
    good(&sign(&home, "engineer", "ada", &ada));
    let mut first = home.terminal(&["attach"], 100, 30);
    first.see("p signs as reviewer");
    std::fs::create_dir_all(home.path().join(".config/gonogo")).unwrap();
    home.write(".config/gonogo/config.toml", &format!("[sign]\nkey = \"{}\"\n", grace.display()));
    let mut second = home.terminal_in(&["attach"], &[("GONOGO_OPERATOR", "grace")], (100, 30));
    second.press("p signs as reviewer", "p");
    second.see_live("Passphrase of your key");
    second.type_keys("a wrong one\r");
    second.see("wrong passphrase");
    second.see_live("Passphrase of your key");
    second.type_keys("a long one\r");
    second.see("grace signs as reviewer, with ssh-ed25519");
    assert!(!second.text().contains("a long one"));
    second.put_name("grace", "reviewer");
    // Who is there sees it at once.
    first.see("signed as reviewer by grace");
    first.see("and signed off");
    let allowed = home.write("allowed", &format!("ada {}\ngrace {}\n", public(&ada), public(&grace)));
    good(&home.run(&["verify", "--allowed-signers", allowed.to_str().unwrap()]));
}

#[test]
fn what_was_prepared_and_is_no_more_so_is_not_signed_and_nothing_is_lost_with_a_killed_runner() {
    let home = demo();
    let ada = key(&home, "ada", &["ed25519"], "");
    let mut first = home.terminal(&["attach"], 100, 30);
    first.press("p signs as engineer", "p");
    first.until("what is signed", |t| t.contains("rows more; read them") || t.contains("y sign it"));
    // Somebody else signs meanwhile: this is about what was before.
    good(&sign(&home, "engineer", "ada", &ada));
    let end = "y sign it";
    while !first.text().contains(end) {
        let before = first.text();
        first.type_keys(" ");
        first.until("more of what is signed", |now| now != before);
    }
    first.press(end, "y");
    first.see_live("Type ada to sign as engineer");
    first.type_keys("ada\r");
    first.see("somebody has signed since");
    // The runner dies while a reviewer reads; the next one takes the sign-off.
    let mut second = home.terminal_in(&["attach"], &[("GONOGO_OPERATOR", "grace")], (100, 30));
    second.press("p signs as reviewer", "p");
    second.until("what is signed", |t| t.contains("rows more; read them") || t.contains("y sign it"));
    home.kill(&["runner", "shim"]);
    let signed = home.run(&["sign", "--as", "reviewer", "--name", "grace", "--claimed", "--yes"]);
    good(&signed);
    let verified = home.run(&["verify"]);
    good(&verified);
    assert!(verified.out.contains("reviewer: grace (claimed, no key)"), "{}", verified.out);
    // A sign-off whose files went is in the journal all the same.
    std::fs::remove_dir_all(the_run(&home).signatures()).unwrap();
    let verified = home.run(&["verify"]);
    good(&verified);
    assert!(verified.out.contains("engineer.txt is missing; the journal has its text"), "{}", verified.out);
}

#[test]
fn the_settings_say_who_signs_and_how() {
    let home = Home::new();
    home.write(
        "b.md",
        "# T\n## Steps\n```bash\necho one\n```\n## Deployment Log\n```\n- Engineer: [Name] [Time]\n```\n",
    );
    home.write(
        "gonogo.toml",
        "[sign]\nkeys = \"required\"\nreviewers = [\"grace\"]\nallowed_signers = \"allowed\"\n",
    );
    let (ada, eve) = (key(&home, "ada", &["ed25519"], ""), key(&home, "eve", &["ed25519"], ""));
    home.write("allowed", &format!("ada {}\ngrace {}\n", public(&ada), public(&eve)));
    let before = home.run(&["sign", "--claimed", "--yes"]);
    assert!(before.status == 2 && before.err.contains("there is no run yet"), "{}", before.err);
    good(&home.run(&["run", "b.md", "--env", "default", "--headless", "--yes", "--accept-commands"]));
    refused(&home.run(&["sign", "--claimed", "--yes"]), "to sign with a key");
    refused(&sign(&home, "engineer", "ada", &eve), "the key is that of grace, not of ada");
    good(&sign(&home, "engineer", "ada", &ada));
    refused(&sign(&home, "reviewer", "eve", &eve), "the settings of this run name others");
    good(&sign(&home, "reviewer", "grace", &eve));
    good(&home.run(&["verify"]));
    // Who may sign is not taken from a file that nobody has accepted as it is now.
    home.write("gonogo.toml", "[sign]\nallowed_signers = \"other\"\n");
    home.write("other", &format!("ada {}\ngrace {}\n", public(&ada), public(&eve)));
    let unknown = home.run(&["verify"]);
    assert!(unknown.err.contains("sign.allowed_signers: other"), "{}{}", unknown.out, unknown.err);
    assert!(unknown.err.contains("--accept-commands accepts them as they are"), "{}", unknown.err);
    let accepted = home.run(&["verify", "--accept-commands"]);
    assert!(accepted.err.is_empty() && accepted.out != unknown.out, "{}{}", accepted.out, accepted.err);
    let signed_off = home.run(&["sign"]);
    assert!(signed_off.status == 2 && signed_off.err.contains("is signed off"), "{}", signed_off.err);
}

#[test]
fn the_page_reads_in_a_browser_without_network() {
    let home = demo();
    let archive = home.path().join("a.tar.gz");
    good(&home.run(&["export", "--out", archive.to_str().unwrap()]));
    assert_eq!(tool("tar", &["xzf", "a.tar.gz"], home.path(), "").status, 0);
    let page = home.path().join(&the_run(&home).id().0).join("report.html");
    let text = contents(&page);
    // Nothing is asked for from elsewhere, and nothing in it runs.
    for asks in ["<script", "<link", "<img", "src=", "@import", "url("] {
        assert!(!text.contains(asks), "{asks}");
    }
    let at = format!("file://{}", page.display());
    let arguments =
        ["--headless", "--no-sandbox", "--disable-gpu", "--proxy-server=127.0.0.1:9", "--dump-dom", &at];
    let browser = ["chromium", "chromium-browser", "google-chrome"];
    let found = browser.into_iter().find(|b| tool("which", &[b], home.path(), "").status == 0);
    let Some(browser) = found else {
        return skip("record::the_page_reads_in_a_browser_without_network", "chromium");
    };
    let seen = tool(browser, &arguments, home.path(), "");
    assert_eq!(seen.status, 0, "{}", seen.err);
    for wanted in [
        "<h2 id=\"s1\">What to look at first</h2>",
        "<h2 id=\"s2\">Deployment log</h2>",
        "1.3/1  curl --fail --silent",
        "Search Latency (p95)",
        "ok: ",
    ] {
        assert!(seen.out.contains(wanted), "{wanted} in {}", seen.out);
    }
    assert!(!seen.err.contains("Content Security Policy"), "{}", seen.err);
}
