//! What reaches `update`, and what it asks for: data only.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crossterm::event::KeyEvent;

use crate::client::Reread;
use crate::protocol::{Control, EndsWithLogin, ToClient, ToRunner};
use crate::record::history::{Past, Told};
use crate::record::signature::{SignError, Signer};
use crate::run::{RunId, RunState, Seq, SignOff};
use crate::runner::NewRun;
use crate::tui::dialogs::overlay::TextBox;

/// A message to `update`.
#[derive(Debug)]
pub enum Msg {
    /// A key, with when it was read. From the terminal.
    Key(KeyEvent, Instant),
    /// Pasted text, with when it was read: goes into fields and panes, never acts. From the terminal.
    Paste(String, Instant),
    /// A new size. From the terminal.
    Resize(u16, u16),
    /// The screens open; go to the known run at once, or stay on Start. From the loop, once.
    Opened {
        /// To the run at once.
        at_once: bool,
    },
    /// A frame was drawn, with when: what it shows can be acted on after a moment. From the loop.
    Drawn(Instant),
    /// A runner was reached. From the loop, asked for by [`Effect::Start`] and [`Effect::TakeUp`].
    Attached(Box<Taken>),
    /// No runner could be had, and why. From the loop, as [`Msg::Attached`].
    NotAttached(String),
    /// The time of values with this number is over. From the loop, asked for by [`Effect::HideAfter`].
    Hide(u64),
    /// It is time to try again. From the loop, asked for by [`Effect::TryAgain`].
    TryAgain,
    /// The connection to the runner has ended: it has gone. From the loop.
    RunnerGone,
    /// From the runner.
    Update(Box<ToClient>),
    /// The commands of the settings were accepted, or could not be. From the loop, asked for by
    /// [`Effect::AcceptCommands`].
    Accepted(Result<(), String>),
    /// The deployment log was written, or could not be. From the loop, asked for by [`Effect::WriteLog`].
    LogWritten {
        /// Where to.
        path: PathBuf,
        /// Why not, if not.
        written: Result<(), String>,
    },
    /// Why a run that is started here would end with this login, if it would. From the loop, asked for by
    /// [`Effect::LookAtLogin`].
    Login(Option<EndsWithLogin>),
    /// The key to sign with. From the loop, asked for by [`Effect::FindKey`].
    Found(Result<Option<Signer>, SignError>),
    /// A statement was signed, or could not be. From the loop, asked for by [`Effect::Sign`].
    Signed(Result<SignOff, SignError>),
    /// Runs of the document. From the loop, asked for by [`Effect::ReadHistory`].
    History(Vec<Told>),
    /// What runs before say about the steps. From the loop, asked for by [`Effect::ReadPast`].
    Past {
        /// In which environment they were.
        environment: String,
        /// What they say.
        past: Past,
    },
    /// Something to read. From the loop, asked for by [`Effect::ShowEvent`] and [`Effect::Verify`].
    Text(Box<TextBox>),
    /// Time has passed. From the loop.
    Tick,
}

impl Msg {
    /// Whether it is new output of a command and nothing else: frames of those are spaced.
    pub fn is_output(&self) -> bool {
        matches!(self, Msg::Update(update) if matches!(**update, ToClient::Screen { .. }))
    }
}

/// A run as it was when its runner was reached.
#[derive(Debug)]
pub struct Taken {
    /// The state, folded from the events so far.
    pub state: RunState,
    /// Who has control.
    pub control: Control,
    /// How this version reads the document differently than the run goes by.
    pub reread: Option<Reread>,
}

/// What `update` asks the loop to do.
#[derive(Debug)]
pub enum Effect {
    /// Send to the runner.
    Send(ToRunner),
    /// Start a run and connect to it.
    Start(Box<NewRun>),
    /// Look whether a run that is started here outlives this login.
    LookAtLogin,
    /// Remember that the commands of the settings beside the document were accepted.
    AcceptCommands,
    /// Go on with the known run, or look at it where nothing may be changed.
    TakeUp,
    /// Say when so much time has passed, to go on with the run then.
    TryAgain(Duration),
    /// Say when so much time has passed, to hide the values with this number then.
    HideAfter(Duration, u64),
    /// Write the deployment log.
    WriteLog {
        /// Where to.
        path: PathBuf,
        /// What.
        text: String,
    },
    /// Look for the key to sign with; the passphrase of one that has one.
    FindKey(Option<String>),
    /// Sign a statement.
    Sign {
        /// By what.
        signer: Box<Signer>,
        /// Its text.
        statement: String,
    },
    /// Read the runs of the document.
    ReadHistory,
    /// Read what runs before say about the steps.
    ReadPast {
        /// The document's title.
        title: String,
        /// In which environment.
        environment: String,
        /// The run that is shown is none of them.
        except: Option<RunId>,
    },
    /// Show the log of another run.
    ShowLog(RunId),
    /// Show an event of the journal.
    ShowEvent(Seq),
    /// Look whether the record is what it was.
    Verify,
    /// Ring the operator's terminal.
    Bell,
    /// Put this on the operator's clipboard.
    Copy(String),
    /// Stop the program as Ctrl-Z does.
    Suspend,
    /// Leave.
    Quit,
}
