//! The surface that frames are drawn on.

use std::io;

use ratatui::Frame;

/// What frames are drawn on: the operator's terminal, or a test's.
pub trait Canvas {
    /// Columns and rows.
    fn size(&self) -> io::Result<(u16, u16)>;
    /// Draws a frame.
    fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    /// Puts text on the operator's clipboard.
    fn copy(&mut self, text: &str) -> io::Result<()>;
    /// Rings.
    fn ring(&mut self) -> io::Result<()>;
    /// Gives the terminal's window a title, or its own again.
    fn title(&mut self, words: Option<&str>) -> io::Result<()>;
    /// Stops this process as Ctrl-Z does, until it is continued.
    fn suspend(&mut self) -> io::Result<()>;
}
