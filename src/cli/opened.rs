//! How the screens, or the transcript, are opened.

use std::path::PathBuf;

use clap::Args;

use super::report::{CommandError, Status, note, terminal_size};
use crate::client::Host;
use crate::exec::spawn::own_program;
use crate::run::event::Window;
use crate::run_files::RunFiles;
use crate::tui;
use crate::tui::theme::Surroundings;

/// How the screens are opened.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ScreenArgs {
    /// View only: change nothing
    #[arg(long)]
    pub(super) read_only: bool,
    /// A linear transcript with prompts, for serial consoles and screen readers
    #[arg(long)]
    pub(super) plain: bool,
    /// The change window in local time, such as 21:00-23:00
    #[arg(long, value_name = "T-T")]
    pub(super) window: Option<String>,
}

impl ScreenArgs {
    /// The change window, if one was given.
    pub(super) fn window(&self) -> Result<Option<Window>, CommandError> {
        let window =
            self.window.as_deref().map(|w| tui::screens::start::window(w, chrono::Utc::now())).transpose();
        window.map_err(|why| CommandError::new(Status::Usage, format!("--window: {why}")))
    }
}

/// What the screens are opened with beside the document.
#[derive(Debug, Default)]
pub(super) struct Opened {
    /// The unfinished run to offer.
    pub(super) run: Option<RunFiles>,
    /// Where the shell starts; by default here.
    pub(super) directory: Option<PathBuf>,
    /// The environment that was named already.
    pub(super) environment: Option<String>,
    /// The change window.
    pub(super) window: Option<Window>,
    /// Look only.
    pub(super) read_only: bool,
    /// A transcript instead of screens.
    pub(super) plain: bool,
    /// Go to the run at once.
    pub(super) at_once: bool,
    /// Go to its way back.
    pub(super) goes_back: bool,
    /// The run ends with this process.
    pub(super) within: bool,
}

impl Opened {
    /// Where runners live.
    pub(super) fn host(&self) -> Host {
        if self.within { Host::Within } else { Host::Processes(own_program()) }
    }

    /// From the flags.
    pub(super) fn new(args: &ScreenArgs) -> Result<Self, CommandError> {
        let window = args.window()?;
        let without = if args.plain { None } else { no_screens() };
        if let Some(why) = without {
            note(format!("{why}: lines instead of screens, as with --plain"));
        }
        let plain = args.plain || without.is_some();
        Ok(Self { window, read_only: args.read_only, plain, ..Self::default() })
    }
}

/// Why screens can't be drawn on this terminal, if they can't.
fn no_screens() -> Option<&'static str> {
    if Surroundings::observed().is_dumb() {
        return Some("this terminal can't place text (TERM=dumb)");
    }
    (terminal_size()? == (0, 0)).then_some("this terminal does not say how large it is (0x0)")
}
