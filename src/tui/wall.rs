//! `gonogo monitor` in a terminal: how a service is, for whoever looks up from across the room. It needs no run; nothing
//! here acts on anything.

pub(in crate::tui) mod draw;
mod keys;
pub(in crate::tui) mod picture;
pub(in crate::tui) mod release;

use std::future::Future;
use std::io;
use std::time::Duration;

use chrono::{DateTime, Utc};
use crossterm::event::Event;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::config::Settings;
use crate::run::board::told::Told;
use crate::run::board::{Board, Row, View, ordered};
use crate::run::health::{Health, RowId, RowLevel, Sample};
use crate::tui::canvas::Canvas;
use crate::tui::keymap::Keymap;
use crate::tui::screens::health::HealthState;
use crate::tui::term::{self, Term, events};
use crate::tui::theme::{Surroundings, Theme};
use crate::tui::title::{self, Title};
use crate::tui::widgets::editor::Editor;

pub use picture::{About, Change};
pub use release::Releases;

use picture::{Entry, Picture, Places, seconds, tiled};
use release::Following;

/// So many changes are kept.
const KEPT: usize = 200;
/// A clock is on the screen.
const SECOND: Duration = Duration::from_secs(1);

/// What a wall opens with.
#[derive(Debug)]
pub struct Opening {
    /// What is watched.
    pub about: About,
    /// What was seen of it so far: nothing.
    pub health: Health,
    /// Where releases of it are looked for; nothing where none can be.
    pub releases: Option<Releases>,
    /// Which key does what.
    pub keys: Keymap,
    /// The exit status that a board leads to.
    pub status: fn(&Board) -> u8,
}

/// Shows a wall in this terminal until somebody leaves it or it is told to end; how it stood then.
pub async fn run(
    opening: Opening,
    settings: &Settings,
    samples: UnboundedReceiver<Sample>,
) -> io::Result<Board> {
    let around = Surroundings::observed();
    let theme = Theme::new(settings.theme, &around).with(settings.palette, settings.graph);
    let mut term = Term::enter(around.depth(), settings.wheel)?;
    let mut hangups = term::hangups()?;
    let mut wall = Wall::new(opening, theme, term.size()?, Utc::now());
    (wall.title, wall.bell) = (Title::new(settings.title), settings.messages.bell);
    let end = Box::pin(wall.go(&mut term, (events(), samples), hangups.next())).await;
    let board = wall.board(Utc::now());
    wall.following.leave().await;
    if term::is_gone() { Ok(board) } else { end.map(|()| board) }
}

/// A picture that stands still.
#[derive(Debug)]
struct Held {
    at: DateTime<Utc>,
    tiles: Board,
    rows: Board,
}

/// What a wall knows, and how it is looked at.
#[derive(Debug)]
pub(in crate::tui) struct Wall {
    about: About,
    health: Health,
    told: Told,
    changes: Vec<Change>,
    following: Following,
    look: HealthState,
    held: Option<Held>,
    /// Everything is in rows, whatever room there is.
    small: bool,
    /// Words that a row is looked for by.
    finding: Option<Editor>,
    help: bool,
    keys: Keymap,
    theme: Theme,
    size: (u16, u16),
    opened: DateTime<Utc>,
    status: fn(&Board) -> u8,
    title: Title,
    /// It rings for what is new and bad; something is.
    bell: bool,
    rings: bool,
    quit: bool,
}

impl Wall {
    pub(in crate::tui) fn new(opening: Opening, theme: Theme, size: (u16, u16), now: DateTime<Utc>) -> Self {
        let Opening { about, health, releases, keys, status } = opening;
        let mut wall = Self {
            about,
            health,
            told: Told::default(),
            changes: vec![],
            following: Following::new(releases),
            look: HealthState::default(),
            held: None,
            small: false,
            finding: None,
            help: false,
            keys,
            theme,
            size,
            opened: now,
            status,
            title: Title::default(),
            bell: false,
            rings: false,
            quit: false,
        };
        wall.note(now);
        wall
    }

    /// The loop: what arrives is taken in, then a frame is drawn.
    async fn go<C: Canvas>(
        &mut self,
        canvas: &mut C,
        (mut events, mut samples): (UnboundedReceiver<io::Result<Event>>, UnboundedReceiver<Sample>),
        hangup: impl Future<Output = ()>,
    ) -> io::Result<()> {
        let mut hangup = std::pin::pin!(hangup);
        let mut tick = tokio::time::interval(SECOND);
        while !self.quit {
            tokio::select! {
                event = events.recv() => match event {
                    Some(event) => self.event(event?, canvas)?,
                    None => return Ok(()),
                },
                Some(sample) = samples.recv() => self.take(&sample),
                came = self.following.next() => self.following.take(came).await,
                _ = tick.tick() => self.note(Utc::now()),
                () = &mut hangup => return Ok(()),
            }
            // What has arrived in the meantime belongs into the same frame.
            while let Ok(event) = events.try_recv() {
                self.event(event?, canvas)?;
            }
            while let Ok(sample) = samples.try_recv() {
                self.take(&sample);
            }
            let now = Utc::now();
            let fresh = self.fresh(now);
            canvas.draw(|frame| self.draw(&fresh, frame))?;
            let called = self.called(&fresh);
            self.title.show(canvas, called)?;
            if std::mem::take(&mut self.rings) {
                canvas.ring()?;
            }
        }
        Ok(())
    }

    fn event<C: Canvas>(&mut self, event: Event, canvas: &mut C) -> io::Result<()> {
        match event {
            Event::Key(key) if self.key(key, Utc::now()) => canvas.suspend(),
            Event::Resize(columns, rows) => {
                self.size = (columns, rows);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes what a probe saw.
    pub(in crate::tui) fn take(&mut self, sample: &Sample) {
        self.told.counted(&self.health.take(sample));
        self.note(sample.at.max(self.opened));
    }

    /// Notes which rows stand otherwise than before.
    fn note(&mut self, now: DateTime<Utc>) {
        let board = self.board(now);
        for (row, was) in self.told.changed(&board) {
            let at = row.since.unwrap_or(now);
            let open = self.changes.iter_mut().find(|c| c.row == row.id && c.until.is_none());
            let mut was = (was.level, seconds(was.since, at), was.worst);
            if let Some(before) = open {
                before.until = Some(at);
                // What stood so for no time at all was on the way to what it is now.
                if before.at >= at {
                    was = (before.was, before.was_s, before.worst.clone());
                    self.changes.retain(|c| c.row != row.id || c.at < at);
                }
            }
            let change = Change {
                at,
                row: row.id.clone(),
                level: row.level,
                words: words(row),
                was: was.0,
                was_s: was.1,
                worst: was.2,
                until: None,
            };
            self.rings |= self.bell && change.level.calls();
            self.changes.insert(0, change);
        }
        self.changes.truncate(KEPT);
    }

    /// What the window's title says.
    fn called(&self, fresh: &Held) -> Option<String> {
        let about = &self.about;
        let environment = (about.environment.as_str(), about.production);
        match self.blind_s(&fresh.rows, fresh.at) {
            Some(_) => Some(title::words(self.theme, RowLevel::NotSeen, &about.runbook, environment)),
            None => title::title(self.theme, &fresh.rows, &about.runbook, environment),
        }
    }

    fn board(&self, now: DateTime<Utc>) -> Board {
        Board::of(&self.health, self.following.state(), View::default(), now)
    }

    /// The same with strips in so many parts.
    fn board_of(&self, columns: usize, now: DateTime<Utc>) -> Board {
        let seconds = self.look.seconds();
        let view = View { seconds, columns: columns.max(1) };
        Board::of(&self.health, self.following.state(), view, now)
    }

    /// The picture of now.
    fn fresh(&self, now: DateTime<Utc>) -> Held {
        Held {
            at: now,
            tiles: self.board_of(self.places().tile_strip(), now),
            rows: self.board_of(draw::strip_columns(self.size.0), now),
        }
    }

    fn places(&self) -> Places {
        if self.small { Places::of((self.size.0, 0)) } else { Places::of(self.size) }
    }

    /// Seconds without any look, where these are too many.
    fn blind_s(&self, board: &Board, now: DateTime<Utc>) -> Option<u64> {
        let silent = board.looked_s.unwrap_or((now - self.opened).num_seconds().max(0) as u64);
        Some(silent).filter(|s| self.about.probes > 0 && *s > self.about.may_be_silent_for())
    }

    /// Draws it.
    fn draw(&self, fresh: &Held, frame: &mut ratatui::Frame<'_>) {
        let now = fresh.at;
        let held = self.held.as_ref().unwrap_or(fresh);
        let live = &fresh.rows;
        let places = self.places();
        let mut rows: Vec<&Row> = held.rows.rows.iter().collect();
        let tiled = tiled(&rows, places.most_tiles());
        ordered(&mut rows, self.look.order);
        let order: Vec<RowId> = rows.iter().map(|row| row.id.clone()).collect();
        let bar = self.bar();
        let mut happened: Vec<Entry> = self.changes.iter().map(|change| change.entry(now)).collect();
        happened.extend(Entry::commands(live).filter(|ran| ran.at >= self.opened));
        happened.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        let release = self.following.state().map(release::words).unwrap_or_default();
        let picture = Picture {
            theme: self.theme,
            about: &self.about,
            live,
            tiles: &held.tiles,
            rows: &held.rows,
            order: &order,
            tiled: &tiled,
            at: self.look.row.as_ref(),
            opened: self.look.detail,
            moment: self.look.moment,
            held_s: self.held.as_ref().map(|held| (now - held.at).num_seconds().max(0) as u64),
            blind_s: self.blind_s(live, now),
            happened: &happened,
            status: Some((self.status)(live)),
            release: &release,
            keys: &bar,
        };
        draw::draw(&picture, frame, frame.area());
        self.over(frame);
        self.theme.spell_out(frame.buffer_mut());
    }
}

/// What was seen of a row, and against which bound.
fn words(row: &Row) -> String {
    let against = row.limit.as_ref().filter(|_| row.level != RowLevel::Ok);
    let against = against.map_or(String::new(), |l| format!(", {} {}", l.which.word(), l.written));
    format!("{} {}{against}", row.title, row.now.words)
}

#[cfg(test)]
mod tests;
