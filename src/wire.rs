//! Messages over Unix sockets: length-delimited frames of JSON, with a handshake in which both sides say who
//! they are and which versions of the protocol they speak.
//!
//! A socket lies in a directory that only its owner can enter; the other side's user is checked as well
//! (unix(7), `SO_PEERCRED`).

mod outbox;

use std::marker::PhantomData;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use futures::{SinkExt, StreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

pub use outbox::Outbox;

/// The versions of the protocol that this program speaks: the lowest and the highest.
pub const PROTOCOL: (u32, u32) = (1, 1);

/// A frame beyond this is no message of ours.
const LARGEST_FRAME: usize = 64 * 1024 * 1024;

/// The same of what is read before it is known who is there. A [`Hello`] is some hundred bytes.
const LARGEST_HELLO: usize = 64 * 1024;

/// How long nothing is accepted where that has failed.
const PAUSE: Duration = Duration::from_millis(100);

/// How long the other side may take to say who it is.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// A path that fits into a socket's address as it is (unix(7): 108 bytes with the final zero).
const FITS: usize = 100;

/// What can go wrong between two of our processes.
#[derive(Debug, Error)]
#[expect(missing_docs, reason = "each message says what its variant means")]
pub enum WireError {
    #[error("could not connect to {path}: {source}")]
    Connect { path: PathBuf, source: std::io::Error },
    #[error("could not listen at {path}: {source}")]
    Listen { path: PathBuf, source: std::io::Error },
    #[error("the peer belongs to user {theirs}, not to user {ours}")]
    Stranger { ours: u32, theirs: u32 },
    #[error(
        "the peer is gonogo {theirs} and speaks protocol {lowest} to {highest}, this is gonogo {ours}: \
         use the version that started the run"
    )]
    Versions { ours: String, theirs: String, lowest: u32, highest: u32 },
    #[error("the peer (process {0}) does not answer")]
    Silent(u32),
    #[error("the connection was closed")]
    Closed,
    #[error("the connection broke: {0}")]
    Broken(#[from] std::io::Error),
    #[error("gonogo could not understand a message: {0}")]
    Message(#[from] serde_json::Error),
}

/// The first frame of either side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The program's version.
    pub gonogo: String,
    /// The lowest version of the protocol that it speaks.
    pub lowest: u32,
    /// The highest one.
    pub highest: u32,
    /// Its process id.
    pub pid: u32,
}

impl Hello {
    /// This process.
    fn ours() -> Self {
        let (lowest, highest) = PROTOCOL;
        Self { gonogo: env!("CARGO_PKG_VERSION").into(), lowest, highest, pid: std::process::id() }
    }

    /// What is to be said where the other side is of another version that can be talked to all the same.
    pub fn remark(&self, what: &str) -> Option<String> {
        let ours = env!("CARGO_PKG_VERSION");
        let theirs = &self.gonogo;
        (theirs != ours)
            .then(|| format!("{what} is gonogo {theirs}, this is gonogo {ours}; they are compatible"))
    }

    /// The version that both sides speak.
    fn agree(&self, theirs: &Hello) -> Result<u32, WireError> {
        let version = self.highest.min(theirs.highest);
        if version >= self.lowest.max(theirs.lowest) {
            return Ok(version);
        }
        Err(WireError::Versions {
            ours: self.gonogo.clone(),
            theirs: theirs.gonogo.clone(),
            lowest: theirs.lowest,
            highest: theirs.highest,
        })
    }
}

/// The messages that come in.
#[derive(Debug)]
pub struct Incoming<T> {
    frames: FramedRead<OwnedReadHalf, LengthDelimitedCodec>,
    of: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Incoming<T> {
    /// The next message; [`WireError::Closed`] when there will be no more.
    pub async fn next(&mut self) -> Result<T, WireError> {
        let frame = self.frames.next().await.ok_or(WireError::Closed)?.map_err(ended)?;
        Ok(serde_json::from_slice(&frame)?)
    }
}

/// The messages that go out.
#[derive(Debug)]
pub struct Outgoing<T> {
    frames: FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>,
    of: PhantomData<fn(T)>,
}

impl<T: Serialize> Outgoing<T> {
    /// Sends a message.
    pub async fn send(&mut self, message: &T) -> Result<(), WireError> {
        self.frames.send(Bytes::from(serde_json::to_vec(message)?)).await.map_err(ended)
    }
}

/// A process that is killed leaves its connections reset, or in the middle of a frame: it has gone all the same.
fn ended(error: std::io::Error) -> WireError {
    match error.kind() {
        // A frame that is no message of ours.
        std::io::ErrorKind::InvalidData => WireError::Broken(error),
        _ => WireError::Closed,
    }
}

/// Listens at `path`. What an earlier process left there is taken away: the caller holds a lock that says that
/// no other one listens.
pub fn listen(path: &Path) -> Result<UnixListener, WireError> {
    let failed = |source| WireError::Listen { path: path.to_owned(), source };
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let (_directory, address) = address(path).map_err(failed)?;
    let listener = UnixListener::bind(address).map_err(failed)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

/// Accepts the next connection. Where that fails, `told` hears why, once.
///
/// A process that has no descriptor left (accept(2): EMFILE, ENFILE) leaves the connection in its queue, and the next
/// try fails at once: without a pause that would take a whole processor.
pub async fn accept(listener: &UnixListener, told: impl FnMut(&std::io::Error)) -> UnixStream {
    tried(move || async move { listener.accept().await.map(|(stream, _)| stream) }, told).await
}

async fn tried<T, F: Future<Output = std::io::Result<T>>>(
    mut accept: impl FnMut() -> F,
    mut told: impl FnMut(&std::io::Error),
) -> T {
    let mut was_told = false;
    loop {
        match accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                if !std::mem::replace(&mut was_told, true) {
                    told(&error);
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Connects to whoever listens at `path`.
pub async fn connect(path: &Path) -> Result<UnixStream, WireError> {
    let failed = |source| WireError::Connect { path: path.to_owned(), source };
    let (_directory, address) = address(path).map_err(failed)?;
    UnixStream::connect(address).await.map_err(failed)
}

/// A path as a socket's address. A long one is named through its open directory, which has to stay open for as
/// long as the address is used.
fn address(path: &Path) -> std::io::Result<(Option<OwnedFd>, PathBuf)> {
    use rustix::fs::{Mode, OFlags, open};
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok((None, path.to_owned()));
    };
    if path.as_os_str().len() <= FITS {
        return Ok((None, path.to_owned()));
    }
    let directory = open(directory, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    let short = PathBuf::from(format!("/proc/self/fd/{}", directory.as_raw_fd())).join(name);
    Ok((Some(directory), short))
}

/// Checks who is there and says who we are: both ways to talk, and the other side.
pub async fn greet<I, O>(stream: UnixStream) -> Result<(Incoming<I>, Outgoing<O>, Hello), WireError> {
    greet_within(PATIENCE, stream).await
}

async fn greet_within<I, O>(
    patience: Duration,
    stream: UnixStream,
) -> Result<(Incoming<I>, Outgoing<O>, Hello), WireError> {
    let peer = stream.peer_cred()?;
    let ours = rustix::process::geteuid().as_raw();
    if peer.uid() != ours {
        return Err(WireError::Stranger { ours, theirs: peer.uid() });
    }
    let (read, write) = stream.into_split();
    let codec = |largest| LengthDelimitedCodec::builder().max_frame_length(largest).new_codec();
    let mut hello_out =
        Outgoing::<Hello> { frames: FramedWrite::new(write, codec(LARGEST_FRAME)), of: PhantomData };
    let mut hello_in =
        Incoming::<Hello> { frames: FramedRead::new(read, codec(LARGEST_HELLO)), of: PhantomData };
    let talk = async {
        hello_out.send(&Hello::ours()).await?;
        hello_in.next().await
    };
    let silent = WireError::Silent(peer.pid().unwrap_or(0).unsigned_abs());
    let theirs = tokio::time::timeout(patience, talk).await.map_err(|_| silent)??;
    Hello::ours().agree(&theirs)?;
    hello_in.frames.decoder_mut().set_max_frame_length(LARGEST_FRAME);
    let incoming = Incoming { frames: hello_in.frames, of: PhantomData };
    let outgoing = Outgoing { frames: hello_out.frames, of: PhantomData };
    Ok((incoming, outgoing, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(gonogo: &str, lowest: u32, highest: u32) -> Hello {
        Hello { gonogo: gonogo.into(), lowest, highest, pid: 1 }
    }

    #[test]
    fn versions_agree_on_the_highest_both_speak_or_say_why_not() {
        assert_eq!(hello("2", 1, 3).agree(&hello("3", 2, 5)).unwrap(), 3);
        let refused = hello("9", 4, 5).agree(&hello("3", 1, 3)).unwrap_err().to_string();
        assert!(refused.contains("gonogo 3 and speaks protocol 1 to 3, this is gonogo 9"), "{refused}");
        assert_eq!(Hello::ours().remark("the runner"), None);
        let remark = hello("0.0.9", 1, 1).remark("the runner").unwrap();
        assert!(remark.starts_with("the runner is gonogo 0.0.9, this is gonogo"), "{remark}");
    }

    #[tokio::test]
    async fn messages_cross_a_socket_whose_path_is_too_long_for_an_address() {
        let directory = tempfile::tempdir().unwrap();
        let deep = directory.path().join("a".repeat(120));
        std::fs::create_dir(&deep).unwrap();
        let path = deep.join("sock");
        let listener = listen(&path).unwrap();
        let served = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            let (mut incoming, mut outgoing, _) = greet::<String, String>(stream).await.unwrap();
            let said = incoming.next().await.unwrap();
            outgoing.send(&format!("{said} back")).await.unwrap();
        });
        let (mut incoming, mut outgoing, _) =
            greet::<String, String>(connect(&path).await.unwrap()).await.unwrap();
        outgoing.send(&"there and".to_owned()).await.unwrap();
        assert_eq!(incoming.next().await.unwrap(), "there and back");
        served.await.unwrap();
        assert!(matches!(incoming.next().await, Err(WireError::Closed)));
        // Nobody takes what is said now.
        assert!(matches!(outgoing.send(&"more".to_owned()).await, Err(WireError::Closed)));
        // What was left behind is taken away by the next one.
        listen(&path).unwrap();
    }

    #[tokio::test]
    async fn whoever_dies_in_the_middle_of_a_frame_has_gone() {
        use tokio::io::AsyncWriteExt;
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let hello = serde_json::to_vec(&Hello::ours()).unwrap();
        theirs.write_all(&(hello.len() as u32).to_be_bytes()).await.unwrap();
        theirs.write_all(&hello).await.unwrap();
        let (mut incoming, _outgoing, _) = greet::<String, String>(ours).await.unwrap();
        theirs.write_all(&[0, 0, 0, 9, b'"', b'h']).await.unwrap();
        drop(theirs);
        assert!(matches!(incoming.next().await, Err(WireError::Closed)));
    }

    /// The head of a frame of this length.
    fn head(length: usize) -> [u8; 4] {
        (length as u32).to_be_bytes()
    }

    #[tokio::test]
    async fn nobody_is_waited_for_who_begins_with_a_large_frame() {
        use tokio::io::AsyncWriteExt;
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        // Only its head: whoever believed it would wait for the rest.
        theirs.write_all(&head(LARGEST_HELLO + 1)).await.unwrap();
        let refused = greet::<String, String>(ours).await.unwrap_err();
        assert!(matches!(refused, WireError::Broken(_)), "{refused}");
    }

    #[tokio::test]
    async fn once_it_is_known_who_is_there_frames_may_be_large() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let (here, there) = tokio::join!(greet::<String, String>(ours), greet::<String, String>(theirs));
        let ((mut incoming, ..), (_, mut outgoing, _)) = (here.unwrap(), there.unwrap());
        let large = "x".repeat(4 * LARGEST_HELLO);
        let (sent, came) = tokio::join!(outgoing.send(&large), incoming.next());
        sent.unwrap();
        assert_eq!(came.unwrap(), large);
    }

    #[tokio::test]
    async fn one_who_says_nothing_is_not_waited_for_for_ever() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let begun = std::time::Instant::now();
        let patience = Duration::from_millis(20);
        let silent = greet_within::<String, String>(patience, ours).await.unwrap_err();
        assert!(matches!(silent, WireError::Silent(pid) if pid == std::process::id()), "{silent}");
        assert!(begun.elapsed() >= patience);
        drop(theirs);
    }

    #[tokio::test]
    async fn accepting_pauses_where_it_fails_and_tells_why_once() {
        let begun = std::time::Instant::now();
        let full = || Err(std::io::Error::from_raw_os_error(libc::EMFILE));
        let mut answers = [full(), full(), full(), Ok("there")].into_iter();
        let mut told = Vec::new();
        let accepted =
            tried(|| std::future::ready(answers.next().unwrap()), |error| told.push(error.raw_os_error()))
                .await;
        assert_eq!((accepted, told), ("there", vec![Some(libc::EMFILE)]));
        assert!(begun.elapsed() >= 3 * PAUSE);
    }

    #[tokio::test]
    async fn a_connection_is_accepted_where_there_is_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sock");
        let listener = listen(&path).unwrap();
        let (accepted, connected) =
            tokio::join!(accept(&listener, |error| panic!("{error}")), connect(&path));
        let (here, there) =
            tokio::join!(greet::<String, String>(accepted), greet::<String, String>(connected.unwrap()));
        assert!(here.is_ok() && there.is_ok());
    }
}
