//! The terminal: taken, and given back as it was, also on panic and signals.

use std::io::{self, Stdout, Write, stdout};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::canvas::Canvas;
use super::theme::Depth;

mod sixteen;

use sixteen::Sixteen;

/// The terminal while the screens are on it.
pub struct Term {
    terminal: Terminal<CrosstermBackend<Sixteen<Stdout>>>,
}

impl Term {
    /// Takes a terminal that shows so many colours; a panic gives it back before it is reported.
    pub fn enter(depth: Depth) -> io::Result<Self> {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !crate::caught::catches() {
                give_back();
            }
            before(info);
        }));
        take()?;
        let out = Sixteen::new(stdout(), depth == Depth::Sixteen);
        Ok(Self { terminal: Terminal::new(CrosstermBackend::new(out))? })
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

    fn suspend(&mut self) -> io::Result<()> {
        give_back();
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TSTP)
            .map_err(io::Error::from)?;
        take()?;
        self.terminal.clear()
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        give_back();
    }
}

fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, cursor::Hide)
}

/// Idempotent, and keeps going where a part fails: there is nothing better to do then.
fn give_back() {
    let _closed = execute!(stdout(), DisableBracketedPaste, LeaveAlternateScreen, cursor::Show);
    let _closed = disable_raw_mode();
    let _closed = stdout().flush();
}

/// Signals that end the program in order.
pub struct Hangups {
    signals: Vec<Signal>,
}

/// Listens for HUP, TERM and INT.
pub fn hangups() -> io::Result<Hangups> {
    let kinds = [SignalKind::hangup(), SignalKind::terminate(), SignalKind::interrupt()];
    Ok(Hangups { signals: kinds.into_iter().map(signal).collect::<io::Result<_>>()? })
}

impl Hangups {
    /// Waits for one of them.
    pub async fn next(&mut self) {
        let waits = self.signals.iter_mut().map(|s| Box::pin(s.recv()));
        let _which = futures::future::select_all(waits).await;
    }
}
