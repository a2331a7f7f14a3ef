//! What pages are played on whose program moved the cursor: an emulator of the size that the terminal had, with what
//! it showed already where the program had taken the whole screen.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::super::recording::Keyframes;
use super::super::screen::{Emulator, Size};
use super::scan::sequence;
use crate::protocol::{Screen, Style};

/// A stretch of a recording that has to be played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scene {
    /// Where it begins.
    pub(super) at: u64,
    /// Its bytes, and the line feeds among them: together they say how many rows it may fill.
    pub(super) length: usize,
    pub(super) lines: usize,
    /// Its program has the whole screen where it begins.
    pub(super) full_screen: bool,
    /// How text looks where it begins.
    pub(super) style: Style,
}

/// What is known of the terminal beside its output.
pub(super) struct Stage<'s> {
    /// Its size from a place on.
    pub(super) sizes: &'s [(u64, Size)],
    /// The screens that are known.
    pub(super) keyframes: &'s Keyframes,
}

impl Stage<'_> {
    /// An emulator for a scene, ready for its first byte.
    pub(super) fn set(&self, scene: Option<Scene>, raw: &mut File) -> std::io::Result<Option<Emulator>> {
        let Some(scene) = scene else { return Ok(None) };
        let after = self.sizes.partition_point(|(at, _)| *at <= scene.at);
        let size = after.checked_sub(1).map_or(Size::LOGICAL, |at| self.sizes[at].1);
        let mut emulator = Emulator::new(size, scene.lines + scene.length / usize::from(size.columns) + 1);
        if scene.full_screen {
            let known = self.keyframes.before(scene.at);
            let mut from = scene.at;
            if let Some(known) = known.filter(|k| k.screen.alternate) {
                from = known.at;
                emulator.feed(0, redrawn(&known.screen).as_bytes());
            } else {
                emulator.feed(0, b"\x1b[?1049h");
            }
            let mut before = vec![0; (scene.at - from) as usize];
            raw.seek(SeekFrom::Start(from))?;
            raw.read_exact(&mut before)?;
            emulator.feed(0, &before);
        }
        emulator.feed(0, sequence(scene.style).as_bytes());
        Ok(Some(emulator))
    }
}

/// What brings a screen about on an empty one.
fn redrawn(screen: &Screen) -> String {
    let mut text = if screen.alternate { "\x1b[?1049h".to_owned() } else { String::new() };
    for (at, row) in screen.rows.iter().enumerate() {
        text.push_str(&format!("\x1b[{};1H", at + 1));
        for run in &row.runs {
            text.push_str(&sequence(run.style));
            text.push_str(&run.text);
        }
    }
    text + &format!("\x1b[{};{}H", screen.cursor.row + 1, screen.cursor.column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_is_drawn_again_is_the_same() {
        let size = Size { columns: 20, rows: 4 };
        let mut first = Emulator::live(size);
        first.feed(0, b"\x1b[?1049h\x1b[2;3Hplain \x1b[1;31mred\x1b[0m\x1b[4;1Hlast\x1b[3;7H");
        let mut second = Emulator::live(size);
        second.feed(0, redrawn(&first.screen()).as_bytes());
        assert_eq!(second.screen(), first.screen());
    }
}
