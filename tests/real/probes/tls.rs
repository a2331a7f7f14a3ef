//! TLS by a real server: a certificate that nobody vouches for, one that is about to end, and one that is well.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::super::support::{Home, skip, until};

/// openssl's own server with a certificate for 127.0.0.1.
struct Server {
    child: Child,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "a test runs its own server")]
fn openssl(words: &[&str], directory: &Path) -> Command {
    let mut command = Command::new("openssl");
    command
        .args(words)
        .current_dir(directory)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// A certificate that is valid for so many days, and the server that shows it.
fn serve(home: &Home, days: &str) -> Option<Server> {
    #[rustfmt::skip] // words, many to a line
    let make = [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days,
        "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1", "-addext",
        "basicConstraints=critical,CA:FALSE", "-keyout", "key.pem", "-out", "cert.pem",
    ];
    if !openssl(&make, home.path()).status().is_ok_and(|s| s.success()) {
        return None;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let accept = port.to_string();
    let words = ["s_server", "-accept", &accept, "-cert", "cert.pem", "-key", "key.pem", "-www", "-quiet"];
    let child = openssl(&words, home.path()).spawn().unwrap();
    let server = Server { child, port };
    until("the server", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    Some(server)
}

fn monitor(home: &Home, server: &Server, vouched: bool) -> String {
    let book = format!("# T\n\n## Steps\n\n```bash\ncurl https://127.0.0.1:{}/status\n```\n", server.port);
    fs::write(home.path().join("b.md"), book).unwrap();
    let mut command = home.command(&["monitor", "b.md", "--once"]);
    if vouched {
        command.env("SSL_CERT_FILE", home.path().join("cert.pem"));
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn row(text: &str) -> &str {
    text.lines().find(|l| l.contains("/status")).unwrap_or_else(|| panic!("no row in {text}"))
}

#[test]
fn certificates_are_verified_and_their_days_counted() {
    let home = Home::new();
    let Some(server) = serve(&home, "90") else {
        skip("certificates_are_verified_and_their_days_counted", "openssl");
        return;
    };
    let text = monitor(&home, &server, false);
    assert!(row(&text).starts_with("ALERT") && row(&text).contains("certificate"), "{text}");
    let text = monitor(&home, &server, true);
    assert!(row(&text).starts_with("ok") && row(&text).contains("certificate 90 days"), "{text}");
    drop(server);
    let server = serve(&home, "2").unwrap();
    let text = monitor(&home, &server, true);
    assert!(row(&text).starts_with("ALERT") && row(&text).contains("certificate 2 days"), "{text}");
}
