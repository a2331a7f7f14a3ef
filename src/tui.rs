//! The screens. `update` turns a message into effects, `draw` shows the state and mutates nothing; this file
//! is the loop between terminal, runner and the two; `outside` does what `update` asks for.

pub mod app;
mod canvas;
pub mod dialogs;
pub mod keymap;
pub mod msg;
mod offstage;
mod opening;
mod outside;
mod pace;
pub mod screen;
pub mod screens;
pub mod term;
pub mod theme;
mod title;
pub mod update;
pub mod views;
pub mod wall;
pub mod widgets;

use std::collections::VecDeque;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::time::{Duration, Instant};

use crossterm::event::Event;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::run::RunState;

use app::App;
use msg::Msg;
use outside::Outside;
use pace::{FRAME, Pace};
use term::{Term, events};
use theme::Surroundings;
use title::{Title, title};

pub use canvas::Canvas;
pub use opening::{End, Opening};

/// How long nothing is drawn where nothing changes by itself.
const A_LONG_TIME: Duration = Duration::from_hours(24);

/// Runs the screens in this terminal until the operator leaves. The terminal is as it was afterwards, whatever
/// happens.
pub async fn run(opening: Opening) -> io::Result<End> {
    let around = Surroundings::observed();
    let mut term = Term::enter(around.depth(), opening.settings.wheel)?;
    let mut hangups = term::hangups()?;
    let end = Box::pin(run_on(&mut term, opening, &around, events(), hangups.next())).await;
    // A frame, or a question of its size, may be what finds the terminal gone.
    end.or_else(|error| if term::is_gone() { Ok(End { words: None, outcome: None }) } else { Err(error) })
}

/// The same on any canvas, with events from anywhere, until it is told to hang up.
pub async fn run_on<C: Canvas>(
    canvas: &mut C,
    opening: Opening,
    around: &Surroundings,
    events: UnboundedReceiver<io::Result<Event>>,
    hangup: impl Future<Output = ()>,
) -> io::Result<End> {
    let app = App::new(&opening, canvas.size()?, around);
    let outside = Outside::new(opening.store, opening.run, opening.directory, opening.host);
    let title = Title::new(app.settings.title);
    let mut screens = Screens { app, outside, title };
    screens.message(Msg::Opened { at_once: opening.at_once }, canvas)?;
    screens.go(canvas, events, hangup).await?;
    let outcome = screens.app.run.as_ref().and_then(RunState::outcome).map(|(o, _)| o);
    let words = screens.app.leaving_words();
    screens.outside.leave().await;
    Ok(End { words, outcome })
}

/// What the screens know, and the way to everything else.
struct Screens {
    app: App,
    outside: Outside,
    title: Title,
}

impl Screens {
    /// The loop: what arrives is taken in, then a frame is drawn.
    async fn go(
        &mut self,
        canvas: &mut impl Canvas,
        mut keys: UnboundedReceiver<io::Result<Event>>,
        hangup: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut hangup = std::pin::pin!(hangup);
        let mut pace = Pace::default();
        self.draw(canvas)?;
        while !self.outside.quit {
            let wait = self.next_wake();
            let mut output_only = false;
            tokio::select! {
                key = keys.recv() => match key {
                    Some(Ok(event)) => self.event(event, canvas)?,
                    Some(Err(error)) => return Err(error),
                    None => break,
                },
                message = self.outside.next() => {
                    output_only = message.is_output();
                    self.message(message, canvas)?;
                }
                () = &mut hangup => break,
                () = tokio::time::sleep(wait) => self.message(Msg::Tick, canvas)?,
            }
            if output_only {
                // Output by itself never fills the line to the terminal: a key has to get through.
                output_only = self.gather(&mut keys, hangup.as_mut(), pace.wait(), canvas).await?;
            }
            // What has arrived in the meantime belongs into the same frame. Keys among it can't act on
            // anything that this frame has not shown yet.
            while let Ok(event) = keys.try_recv() {
                self.event(event?, canvas)?;
                output_only = false;
            }
            let begun = Instant::now();
            while let Some(message) = self.outside.ready() {
                self.message(message, canvas)?;
                if begun.elapsed() > FRAME * 2 {
                    break;
                }
            }
            tokio::time::sleep(pace.rest()).await;
            let begun = Instant::now();
            self.draw(canvas)?;
            pace.drawn(begun.elapsed(), output_only);
        }
        Ok(())
    }

    /// Takes in what arrives for so long, or until there is more than output; whether there was nothing else.
    async fn gather(
        &mut self,
        keys: &mut UnboundedReceiver<io::Result<Event>>,
        mut hangup: Pin<&mut impl Future<Output = ()>>,
        wait: Duration,
        canvas: &mut impl Canvas,
    ) -> io::Result<bool> {
        let until = tokio::time::Instant::now() + wait;
        loop {
            tokio::select! {
                key = keys.recv() => {
                    match key {
                        Some(event) => self.event(event?, canvas)?,
                        None => self.outside.quit = true,
                    }
                    return Ok(false);
                }
                message = self.outside.next() => {
                    let more = !message.is_output();
                    self.message(message, canvas)?;
                    if more {
                        return Ok(false);
                    }
                }
                () = hangup.as_mut() => {
                    self.outside.quit = true;
                    return Ok(false);
                }
                () = tokio::time::sleep_until(until) => return Ok(true),
            }
        }
    }

    fn draw(&mut self, canvas: &mut impl Canvas) -> io::Result<()> {
        let app = &self.app;
        let mut whole = false;
        canvas.draw(|frame| whole = views::draw_parts(app, frame))?;
        let called = app.run.as_ref().zip(app.board()).and_then(|(run, board)| {
            title(app.theme, board, &app.book.runbook.title, (run.environment(), run.production()))
        });
        self.title.show(canvas, called)?;
        // What was not drawn was not seen, and nothing is to be done about it.
        if whole { self.message(Msg::Drawn(Instant::now()), canvas) } else { Ok(()) }
    }

    /// A second while a clock is on screen, sooner when keys become live; otherwise nothing is drawn until
    /// something happens.
    fn next_wake(&self) -> Duration {
        if let Some(armed) = self.app.arming.due_in(Instant::now()) {
            return armed + Duration::from_millis(1);
        }
        let clock = self.app.run.as_ref().is_some_and(|run| run.outcome().is_none() || run.is_watched());
        if clock { Duration::from_secs(1) } else { A_LONG_TIME }
    }

    fn event(&mut self, event: Event, canvas: &mut impl Canvas) -> io::Result<()> {
        let message = match event {
            Event::Key(key) => Msg::Key(key, Instant::now()),
            Event::Paste(text) => Msg::Paste(text, Instant::now()),
            Event::Resize(columns, rows) => Msg::Resize(columns, rows),
            _ => return Ok(()),
        };
        self.message(message, canvas)
    }

    /// Takes a message, and has everything done that it leads to.
    fn message(&mut self, message: Msg, canvas: &mut impl Canvas) -> io::Result<()> {
        let mut waiting = VecDeque::from([message]);
        while let Some(message) = waiting.pop_front() {
            for effect in update::update(&mut self.app, message) {
                waiting.extend(self.outside.perform(&self.app, effect, canvas)?);
            }
        }
        Ok(())
    }
}
