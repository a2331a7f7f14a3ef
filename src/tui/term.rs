//! The terminal: taken, and given back as it was, also on panic and signals.

use std::io::{self, Stdout, Write, stdout};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event, EventStream};
use crossterm::style::Print;
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, SetTitle, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};
use futures::StreamExt;
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;

use crate::tui::canvas::Canvas;
use crate::tui::theme::Depth;

mod sixteen;

use sixteen::Sixteen;

/// The wheel is arrow keys where there is no scrolling back (xterm's alternateScroll): the mouse itself stays the terminal's,
/// and so does selecting with it. What held before is kept, and holds again afterwards.
const WHEEL: &str = "\x1b[?1007s\x1b[?1007h";
const WHEEL_KEPT: &str = "\x1b[?1007s";
const WHEEL_BEFORE: &str = "\x1b[?1007r";

/// The window's title is put on the terminal's stack, and taken from it (xterm's XTWINOPS 22 and 23).
const TITLE_KEPT: &str = "\x1b[22;0t";
const TITLE_BEFORE: &str = "\x1b[23;0t";
/// There is one on the stack. It is the terminal's, of which a process has one.
static TITLED: AtomicBool = AtomicBool::new(false);

/// The terminal while the screens are on it.
pub struct Term {
    /// Never dropped: it would print what it can't do on a terminal that has gone, and panic as it can't do that either.
    terminal: ManuallyDrop<Terminal<CrosstermBackend<Sixteen<Stdout>>>>,
    depth: Depth,
    wheel: bool,
}

impl Term {
    /// Takes a terminal that shows so many colours, with its wheel if that is wanted; a panic gives it back before it is
    /// reported.
    pub fn enter(depth: Depth, wheel: bool) -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !crate::caught::catches() {
                give_back();
            }
            before(info);
        }));
        take(wheel)?;
        Ok(Self { terminal: blank(depth)?, depth, wheel })
    }
}

impl Canvas for Term {
    fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(render)?;
        Ok(())
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        use base64::Engine;
        let encoded = base64::engine::general_purpose::STANDARD.encode(text);
        let mut out = stdout();
        write!(out, "\x1b]52;c;{encoded}\x07")?;
        out.flush()
    }

    fn ring(&mut self) -> io::Result<()> {
        let mut out = stdout();
        out.write_all(b"\x07")?;
        out.flush()
    }

    fn title(&mut self, words: Option<&str>) -> io::Result<()> {
        match words {
            Some(words) => {
                if !TITLED.swap(true, Ordering::Relaxed) {
                    execute!(stdout(), Print(TITLE_KEPT))?;
                }
                execute!(stdout(), SetTitle(words))
            }
            None if TITLED.swap(false, Ordering::Relaxed) => execute!(stdout(), Print(TITLE_BEFORE)),
            None => Ok(()),
        }
    }

    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)
            .map_err(io::Error::from)?;
        take(self.wheel)?;
        // All is drawn anew. The library would ask the terminal where its cursor is, and whoever reads the keys would get
        // the answer.
        self.terminal = blank(self.depth)?;
        Ok(())
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        give_back();
    }
}

/// A terminal that shows nothing yet.
fn blank(depth: Depth) -> io::Result<ManuallyDrop<Terminal<CrosstermBackend<Sixteen<Stdout>>>>> {
    let out = Sixteen::new(stdout(), depth == Depth::Sixteen);
    Terminal::new(CrosstermBackend::new(out)).map(ManuallyDrop::new)
}

fn take(wheel: bool) -> io::Result<()> {
    enable_raw_mode()?;
    let wheel = if wheel { WHEEL } else { WHEEL_KEPT };
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, Print(wheel), cursor::Hide)
}

/// Idempotent, and keeps going where a part fails: there is nothing better to do then.
fn give_back() {
    if TITLED.swap(false, Ordering::Relaxed) {
        let _closed = execute!(stdout(), Print(TITLE_BEFORE));
    }
    let _closed =
        execute!(stdout(), Print(WHEEL_BEFORE), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _closed = disable_raw_mode();
    let _closed = stdout().flush();
}

/// Terminal events through a channel, which can be emptied without waiting.
pub(in crate::tui) fn events() -> UnboundedReceiver<io::Result<Event>> {
    let (to, from) = unbounded_channel();
    tokio::spawn(async move {
        let mut stream = EventStream::new();
        while let Some(event) = stream.next().await {
            if to.send(event).is_err() {
                return;
            }
        }
    });
    from
}

/// What ends the program in order: signals, and a terminal that goes without one.
pub struct Hangups {
    signals: Vec<Signal>,
    gone: oneshot::Receiver<()>,
}

/// Listens for HUP, TERM and INT, and for the end of the terminal: where whoever started this ignores HUP, nobody is told,
/// and a read from a terminal that has gone comes back at once, for ever.
pub fn hangups() -> io::Result<Hangups> {
    let kinds = [SignalKind::hangup(), SignalKind::terminate(), SignalKind::interrupt()];
    let (told, gone) = oneshot::channel();
    std::thread::spawn(move || {
        let stdin = rustix::stdio::stdin();
        // Nothing is asked for: what remains is POLLHUP and POLLERR (poll(2)).
        let mut ends = [PollFd::new(&stdin, PollFlags::empty())];
        while matches!(poll(&mut ends, None), Err(Errno::INTR)) {}
        let _over = told.send(());
    });
    Ok(Hangups { signals: kinds.into_iter().map(signal).collect::<io::Result<_>>()?, gone })
}

impl Hangups {
    /// Waits for one of them.
    pub async fn next(&mut self) {
        let waits = self.signals.iter_mut().map(|s| Box::pin(s.recv()));
        let signal = futures::future::select_all(waits);
        let _which = futures::future::select(signal, &mut self.gone).await;
    }
}

/// Whether the terminal has gone: then nobody is there to be told of anything.
pub fn is_gone() -> bool {
    let stdin = rustix::stdio::stdin();
    let mut ends = [PollFd::new(&stdin, PollFlags::empty())];
    let ended = poll(&mut ends, Some(&Timespec::default()));
    ended.is_ok_and(|ended| ended > 0)
}
