//! The API server of a small cluster, as far as `kubectl exec` asks it: pods that are worlds of their own, and what runs in
//! them over a WebSocket (`v5.channel.k8s.io`), on a real terminal or by pipes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gonogo::exec::spawn::{Helper, wait_readable};
use rustix::termios::Winsize;

use super::support::{Home, kill, skip};

/// What streams are called in the protocol, by their number.
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const STATUS: u8 = 3;
const CLOSE: u8 = 255;

/// A cluster with pods of the namespace `shop`.
pub(crate) struct Cluster {
    port: u16,
    pods: Vec<Pod>,
    inner: Arc<Inner>,
}

struct Pod {
    child: Child,
    /// Its first process, seen from here.
    first: u32,
}

#[derive(Default)]
struct Inner {
    pods: Vec<(String, u32)>,
    open: Mutex<Vec<TcpStream>>,
    down: AtomicBool,
}

#[expect(clippy::disallowed_methods, reason = "a test runs its own worlds")]
fn command(program: &str, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

impl Pod {
    /// A world with processes, mounts and a name of its own.
    fn start(name: &str) -> Self {
        let script = format!("hostname {name}; mount -t tmpfs none /tmp; echo ready; exec sleep 1000");
        let words =
            ["--pid", "--fork", "--kill-child", "--mount", "--uts", "--mount-proc", "sh", "-c", &script];
        let mut child = command("unshare", &words).stdout(Stdio::piped()).spawn().unwrap();
        let mut ready = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let children = format!("/proc/{0}/task/{0}/children", child.id());
        let first = std::fs::read_to_string(children).unwrap().trim().parse().unwrap();
        Self { child, first }
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        kill(self.first);
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

impl Cluster {
    /// One with these pods; nothing where the machine can't have it.
    pub(crate) fn start(test: &str, pods: &[&str]) -> Option<Self> {
        let version = command("kubectl", &["version", "--client", "-o", "json"]).output();
        let version = version.ok().and_then(|v| serde_json::from_slice::<serde_json::Value>(&v.stdout).ok());
        let minor = version.as_ref().and_then(|v| v["clientVersion"]["minor"].as_str());
        let minor: u32 = minor.and_then(|m| m.trim_end_matches('+').parse().ok()).unwrap_or(0);
        let root = command("unshare", &["--pid", "--fork", "--mount", "--uts", "--mount-proc", "true"]);
        if minor < 30 || !{ root }.status().is_ok_and(|s| s.success()) {
            skip(
                test,
                "root, and a kubectl that speaks WebSockets (1.30 or newer; Debian: kubernetes-client)",
            );
            return None;
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let names = pods.iter().map(|name| (*name).to_owned());
        let pods: Vec<Pod> = pods.iter().map(|name| Pod::start(name)).collect();
        let known = names.zip(pods.iter().map(|pod| pod.first)).collect();
        let inner = Arc::new(Inner { pods: known, ..Inner::default() });
        let served = Arc::clone(&inner);
        std::thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let inner = Arc::clone(&served);
                std::thread::spawn(move || inner.serve(stream));
            }
        });
        Some(Self { port, pods, inner })
    }

    /// Settings in which the context `blue` is this cluster and the current one leads nowhere.
    pub(crate) fn settings(&self, home: &Home) -> PathBuf {
        let cluster =
            |name: &str, port| format!("- name: {name}\n  cluster: {{server: 'http://127.0.0.1:{port}'}}\n");
        let context = |name: &str| format!("- name: {name}\n  context: {{cluster: {name}, user: ada}}\n");
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: green\nclusters:\n{}{}contexts:\n{}{}users:\n- name: ada\n  user: {{}}\n",
            cluster("blue", self.port),
            cluster("green", 1),
            context("blue"),
            context("green"),
        );
        home.write("kubeconfig", &text)
    }

    /// Cuts what goes on, and answers nothing any more.
    pub(crate) fn cut(&self) {
        self.inner.down.store(true, Ordering::SeqCst);
        for stream in self.inner.open.lock().unwrap().drain(..) {
            let _gone = stream.shutdown(std::net::Shutdown::Both);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.cut();
        self.pods.clear();
    }
}

/// A request, as far as it is looked at.
struct Asked {
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
}

impl Asked {
    fn read(from: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            from.read_line(&mut line).ok().filter(|read| *read > 0)?;
            if line.trim_end().is_empty() {
                break;
            }
            lines.push(line.trim_end().to_owned());
        }
        let target = lines.first()?.split(' ').nth(1)?.to_owned();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let header = |line: &String| line.split_once(": ").map(|(n, v)| (n.to_lowercase(), v.to_owned()));
        Some(Self {
            path: path.to_owned(),
            query: pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect(),
            headers: lines[1..].iter().filter_map(header).collect(),
        })
    }

    fn all<'a>(&'a self, wanted: &'a str) -> impl Iterator<Item = &'a str> {
        self.query.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    fn is(&self, name: &str) -> bool {
        self.all(name).next() == Some("true")
    }
}

/// What stands in a query, without its escapes.
fn plain(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).unwrap()
}

impl Inner {
    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let Some(asked) = Asked::read(&mut reader).filter(|_| !self.down.load(Ordering::SeqCst)) else {
            return;
        };
        let pod = asked.path.strip_suffix("/exec").and_then(|path| path.rsplit('/').next());
        if let Some((_, first)) = pod.and_then(|pod| self.pods.iter().find(|(name, _)| name == pod)) {
            self.open.lock().unwrap().push(stream.try_clone().unwrap());
            run_in(*first, &asked, reader, stream);
            return;
        }
        let (status, body) = match self.object(&asked) {
            Some(body) => ("200 OK", body),
            None => ("404 Not Found", status("Failure", "NotFound", None)),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let _gone = (&stream).write_all((head + &body).as_bytes());
    }

    /// The object at a path.
    fn object(&self, asked: &Asked) -> Option<String> {
        let pod = |name: &str| {
            format!(
                r#"{{"kind":"Pod","apiVersion":"v1","metadata":{{"name":"{name}","namespace":"shop","labels":{{"app":"api"}}}},"spec":{{"containers":[{{"name":"web"}}]}},"status":{{"phase":"Running"}}}}"#
            )
        };
        let resources = |group: &str, name: &str, kind: &str| {
            format!(
                r#"{{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"{group}","resources":[{{"name":"{name}","singularName":"","namespaced":true,"kind":"{kind}","shortNames":["{}"],"verbs":["get","list"]}}]}}"#,
                if name == "pods" { "po" } else { "deploy" }
            )
        };
        Some(match asked.path.as_str() {
            "/version" => r#"{"major":"1","minor":"32","gitVersion":"v1.32.0"}"#.to_owned(),
            "/api" => r#"{"kind":"APIVersions","versions":["v1"]}"#.to_owned(),
            "/apis" => r#"{"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}"#.to_owned(),
            "/api/v1" => resources("v1", "pods", "Pod"),
            "/apis/apps/v1" => resources("apps/v1", "deployments", "Deployment"),
            "/apis/apps/v1/namespaces/shop/deployments/api" => r#"{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"api","namespace":"shop"},"spec":{"selector":{"matchLabels":{"app":"api"}}}}"#.to_owned(),
            "/api/v1/namespaces/shop/pods" => {
                let items: Vec<String> = self.pods.iter().map(|(name, _)| pod(name)).collect();
                format!(r#"{{"kind":"PodList","apiVersion":"v1","metadata":{{}},"items":[{}]}}"#, items.join(","))
            }
            path => {
                let name = path.strip_prefix("/api/v1/namespaces/shop/pods/")?;
                pod(&self.pods.iter().find(|(known, _)| known == name)?.0)
            }
        })
    }
}

/// How something has ended, as an API server says it.
fn status(what: &str, reason: &str, exit: Option<i32>) -> String {
    let causes = exit.map_or(String::new(), |code| format!(r#"{{"reason":"ExitCode","message":"{code}"}}"#));
    format!(
        r#"{{"kind":"Status","apiVersion":"v1","metadata":{{}},"status":"{what}","reason":"{reason}","message":"{reason}","details":{{"causes":[{causes}]}}}}"#
    )
}

/// One side of a WebSocket (RFC 6455).
struct Socket(Mutex<TcpStream>);

impl Socket {
    fn send(&self, opcode: u8, payload: &[u8]) {
        let mut frame = vec![0x80 | opcode];
        match u16::try_from(payload.len()) {
            Ok(short) if short < 126 => frame.push(u8::try_from(short).unwrap()),
            Ok(medium) => frame.extend([&[126][..], &medium.to_be_bytes()].concat()),
            Err(_) => frame.extend([&[127][..], &(payload.len() as u64).to_be_bytes()].concat()),
        }
        frame.extend(payload);
        let _gone = self.0.lock().unwrap().write_all(&frame);
    }

    fn tell(&self, channel: u8, bytes: &[u8]) {
        self.send(2, &[&[channel], bytes].concat());
    }
}

/// A frame of a client: whether it is the last of its message, what it is, and what is in it.
fn frame(from: &mut impl Read) -> Option<(bool, u8, Vec<u8>)> {
    let mut head = [0; 2];
    from.read_exact(&mut head).ok()?;
    let length = match head[1] & 0x7f {
        126 => {
            let mut length = [0; 2];
            from.read_exact(&mut length).ok()?;
            usize::from(u16::from_be_bytes(length))
        }
        127 => {
            let mut length = [0; 8];
            from.read_exact(&mut length).ok()?;
            usize::try_from(u64::from_be_bytes(length)).unwrap()
        }
        length => usize::from(length),
    };
    let mut mask = [0; 4];
    from.read_exact(&mut mask).ok()?;
    let mut payload = vec![0; length];
    from.read_exact(&mut payload).ok()?;
    payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Some((head[0] & 0x80 != 0, head[0] & 0xf, payload))
}

/// The answer to a key of a client (RFC 6455, 4.2.2).
fn accepts(key: &str) -> String {
    let words = format!("printf %s {key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11 | sha1sum");
    let told = command("sh", &["-c", &words]).output().unwrap().stdout;
    let digits = String::from_utf8(told).unwrap();
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    STANDARD.encode((0..20).map(|at| byte(2 * at)).collect::<Vec<u8>>())
}

/// Runs what is asked for in a pod, up to its end or that of the connection.
fn run_in(first: u32, asked: &Asked, mut from: BufReader<TcpStream>, stream: TcpStream) {
    let header = |name: &str| asked.headers.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value);
    assert!(header("sec-websocket-protocol").contains("v5.channel.k8s.io"), "{:?}", asked.headers);
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
        accepts(header("sec-websocket-key"))
    );
    (&stream).write_all(head.as_bytes()).unwrap();
    let socket = Arc::new(Socket(Mutex::new(stream)));
    let target = first.to_string();
    let mut words = vec!["-t", &target, "-p", "-m", "-u", "--"];
    words.extend(asked.all("command"));
    let (child, input) = if asked.is("tty") {
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        let mut on = Helper::new("nsenter", &words, &PathBuf::from("/")).on_terminal(size).unwrap();
        let input = std::fs::File::from(on.terminal.master.try_clone().unwrap());
        let told = Arc::clone(&socket);
        let ended = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&ended);
        let terminal = on.terminal;
        let reads = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            loop {
                let last = over.load(Ordering::SeqCst);
                wait_readable(&[&terminal.master], Some(std::time::Duration::from_millis(20)));
                match rustix::io::read(&terminal.master, &mut buffer) {
                    Ok(read) => told.tell(STDOUT, &buffer[..read]),
                    Err(rustix::io::Errno::AGAIN) if !last => {}
                    Err(_) => return,
                }
            }
        });
        let waits = std::thread::spawn(move || {
            let status = on.child.wait();
            ended.store(true, Ordering::SeqCst);
            reads.join().unwrap();
            status
        });
        (waits, Some(input))
    } else {
        let mut running = command("nsenter", &words);
        let mut running = running.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let pipes: [(u8, Box<dyn Read + Send>); 2] = [
            (STDOUT, Box::new(running.stdout.take().unwrap())),
            (STDERR, Box::new(running.stderr.take().unwrap())),
        ];
        let readers = pipes.map(|(channel, mut pipe)| {
            let told = Arc::clone(&socket);
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Some(read) = pipe.read(&mut buffer).ok().filter(|read| *read > 0) {
                    told.tell(channel, &buffer[..read]);
                }
            })
        });
        let waits = std::thread::spawn(move || {
            for reader in readers {
                reader.join().unwrap();
            }
            running.wait()
        });
        (waits, None)
    };
    let told = Arc::clone(&socket);
    let input = Arc::new(Mutex::new(input));
    let keys = Arc::clone(&input);
    std::thread::spawn(move || {
        let mut message = Vec::new();
        while let Some((last, opcode, payload)) = frame(&mut from) {
            match opcode {
                8 => break,
                9 => told.send(10, &payload),
                0..=2 => message.extend(payload),
                _ => {}
            }
            if opcode < 3 && last {
                let whole = std::mem::take(&mut message);
                if let (Some((0, bytes)), Some(input)) = (whole.split_first(), keys.lock().unwrap().as_mut())
                {
                    let _full = input.write_all(bytes);
                } else if whole == [CLOSE, 0] {
                    *keys.lock().unwrap() = None;
                }
            }
        }
    });
    let code = child.join().unwrap().ok().and_then(|status| status.code()).unwrap_or(137);
    let said = if code == 0 {
        status("Success", "", None)
    } else {
        status("Failure", "NonZeroExitCode", Some(code))
    };
    socket.tell(STATUS, said.as_bytes());
    socket.send(8, &1000u16.to_be_bytes());
}
