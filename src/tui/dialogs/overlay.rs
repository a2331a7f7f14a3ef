//! What can lie over a screen.

use crate::config::ThemeName;
use crate::protocol::{ToSign, Values};
use crate::record::signature::Signer;
use crate::run::gates::GateId;
use crate::run::health::RowId;
use crate::run::monitoring::RoundId;
use crate::run::{Outcome, SignRole};
use crate::runbook::{CommandId, ItemId};
use crate::text::Reason;
use crate::tui::keymap::Action;
use crate::tui::screen::Screen;
use crate::tui::widgets::editor::Editor;

/// What lies over the screen; the front one gets the keys.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// All keys, scrolled down by so many rows.
    Help(usize),
    /// A field to fill.
    Field(Field),
    /// A command to confirm with another key.
    Confirm(Confirm),
    /// A gate, with rows scrolled down.
    Gate(GateId, usize),
    /// How to end a running command.
    Stop(CommandId),
    /// Whom the document says to call.
    Contacts,
    /// Whether to take control.
    Control,
    /// Who goes on with the run; which of those who can is chosen.
    HandOver(usize),
    /// Whether the run is to end.
    Ending(Outcome),
    /// Find a command by its words.
    Palette(Palette),
    /// Where something comes from.
    Why(Why),
    /// What somebody is about to sign.
    Sign(Box<ToBeSigned>),
    /// What masks hide.
    Masks(Box<Masks>),
    /// Something to read.
    Text(Box<TextBox>),
    /// Whether to go on although the document is read differently than the run goes by.
    Reread(Box<TextBox>),
    /// How a piece of the document is to be read.
    Correct(Box<Correcting>),
}

impl Overlay {
    /// Tells overlays apart, and fields and commands to confirm from others of their kind.
    pub(in crate::tui) fn name(&self) -> String {
        match self {
            Overlay::Help(_) => "help".into(),
            Overlay::Field(field) => format!("field {}", field.title),
            Overlay::Confirm(confirm) => {
                format!("confirm {} {:?} {}", confirm.command, confirm.target, confirm.row)
            }
            Overlay::Gate(gate, _) => format!("gate {gate:?}"),
            Overlay::Stop(command) => format!("stop {command}"),
            Overlay::Contacts => "contacts".into(),
            Overlay::Control => "control".into(),
            Overlay::HandOver(chosen) => format!("hand over {chosen}"),
            Overlay::Ending(outcome) => format!("end as {outcome}"),
            Overlay::Palette(palette) => format!("palette {:?}", palette.leads()),
            Overlay::Why(_) => "why".into(),
            Overlay::Sign(signing) => format!("sign {} {}", signing.text.statement, signing.row),
            Overlay::Masks(masks) => masks.name(),
            Overlay::Text(text) => text.title.clone(),
            Overlay::Reread(text) => format!("reread {}", text.row),
            Overlay::Correct(menu) => format!("correct {} {}", menu.title, menu.chosen),
        }
    }
}

/// A field with what it is for.
#[derive(Clone, Debug)]
pub struct Field {
    /// What is asked.
    pub title: String,
    /// What to know for answering.
    pub lines: Vec<String>,
    /// What was typed.
    pub editor: Editor,
    /// What happens with it.
    pub purpose: Purpose,
}

impl Field {
    /// A field of one line.
    pub fn new(title: impl Into<String>, purpose: Purpose) -> Self {
        Self { title: title.into(), lines: vec![], editor: Editor::line("", false), purpose }
    }

    /// With a text to begin with: typing replaces it, an arrow or End keeps it.
    #[must_use]
    pub fn with(self, text: &str) -> Self {
        Self { editor: Editor::offered(text), ..self }
    }

    /// With lines to know.
    #[must_use]
    pub fn knowing(self, lines: Vec<String>) -> Self {
        Self { lines, ..self }
    }
}

/// What a field's text is for.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each names its request")]
pub enum Purpose {
    SkipCommand(CommandId),
    /// A check item that something speaks against, with what was seen.
    TickItem(ItemId, Option<String>),
    SkipItem(ItemId),
    SkipTo(CommandId, Vec<CommandId>),
    MarkDone(CommandId),
    /// Says of a claim, by its number, whether it was met, against what was derived.
    Overrule(CommandId, usize, bool),
    Edit(CommandId),
    Add,
    Note(String),
    Issue,
    Parameter(usize),
    Answer(String),
    Secret(String),
    Operator,
    Ticket,
    Window,
    Reviewer,
    Go(GateId),
    NoGo(GateId),
    TypeName(Confirm),
    Acknowledge(RowId),
    RoundNo(RoundId, ItemId),
    EndMonitoring,
    /// Why it is gone back.
    RollBack,
    /// The environment's name, for going back for this reason.
    RollBackName(String),
    CallOff,
    /// Why the run is ended as failed.
    Fail,
    /// Words to find known problems by.
    Problems,
    LogPath,
    /// The passphrase of the key that is signed with.
    Passphrase,
    /// Who reviews, to sign at once.
    SignAs,
    /// The name of whoever signs, typed.
    SignName(Box<ToBeSigned>),
    SavePath,
    Search,
    /// Words to find in the document.
    Find,
    /// Words to find on the screen.
    FindHere,
}

/// A command to run that has to be confirmed: the value that is shown is the value that is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// The command.
    pub command: CommandId,
    /// Its text as it will run.
    pub text: String,
    /// What its variables stand for.
    pub target: Vec<String>,
    /// Why it asks.
    pub why: String,
    /// It has succeeded before.
    pub again: bool,
    /// Rows scrolled down.
    pub row: usize,
}

/// Everything that can be done, to be found by its words.
#[derive(Clone, Debug)]
pub struct Palette {
    /// What was typed.
    pub editor: Editor,
    /// All entries.
    pub entries: Vec<Entry>,
    /// Those that fit what was typed, the best first.
    pub fitting: Vec<usize>,
    /// Which of them is chosen; nothing is, while only vague words were typed for what acts.
    pub chosen: Option<usize>,
}

impl Palette {
    /// What the chosen entry leads to.
    pub fn leads(&self) -> Option<&Leads> {
        self.fitting.get(self.chosen?).map(|at| &self.entries[*at].leads)
    }
}

/// One thing that can be done.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it is, in words.
    pub words: String,
    /// What it is called.
    pub names: Vec<&'static str>,
    /// Its key, where it has one.
    pub key: String,
    /// What it leads to.
    pub leads: Leads,
}

impl Entry {
    /// Whether it changes something, or leads to what does.
    pub fn acts(&self) -> bool {
        matches!(self.leads, Leads::Act(action) if action.acts())
    }
}

/// What an entry of the palette leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Leads {
    /// The same as a key.
    Act(Action),
    /// To another screen, with what can be done there.
    On(Screen, String),
    /// Nowhere now, and why.
    NotNow(String),
    /// To a command.
    To(CommandId),
    /// To other colours.
    Theme(ThemeName),
}

/// Where something comes from.
#[derive(Clone, Debug)]
pub struct Why {
    /// What it is about.
    pub title: String,
    /// What was derived, and from which line.
    pub reasons: Vec<Reason>,
    /// Which one is chosen.
    pub chosen: usize,
}

/// Somebody who is about to sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Signing {
    /// As what.
    pub role: SignRole,
    /// Who.
    pub name: String,
    /// By which key; without one the name is claimed.
    pub signer: Option<Box<Signer>>,
}

/// What somebody is about to sign.
#[derive(Clone, Debug, PartialEq)]
pub struct ToBeSigned {
    /// Who.
    pub signing: Signing,
    /// The statement and the log.
    pub text: ToSign,
    /// Rows scrolled down: the last has to be seen.
    pub row: usize,
}

/// Something to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextBox {
    /// What it is.
    pub title: String,
    /// Its lines.
    pub lines: Vec<String>,
    /// Rows scrolled down.
    pub row: usize,
}

/// A menu: how a piece of the document is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correcting {
    /// What it is about, for the reader.
    pub title: String,
    /// Its own words, and how it is read now.
    pub lines: Vec<String>,
    /// What there is to choose.
    pub choices: Vec<ReadingChoice>,
    /// Which one is chosen.
    pub chosen: usize,
}

/// One way to read a piece of the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingChoice {
    /// The key of what it is about.
    pub of: String,
    /// The words of the correction; none takes back what was said before.
    pub words: Option<&'static str>,
    /// What they mean.
    pub says: String,
    /// It is read so now.
    pub now: bool,
}

/// The legend, or the values behind it.
#[derive(Clone, Debug)]
pub struct Masks {
    /// In this command's output; nothing for all of the run.
    pub of: Option<CommandId>,
    /// How far it has come.
    pub stage: Stage,
    /// Rows scrolled down.
    pub row: usize,
}

/// What is shown of what masks hide.
#[derive(Clone, Debug)]
pub enum Stage {
    /// What it is called.
    Names,
    /// Whether the values are to be shown.
    Asks,
    /// The runner was asked for them.
    Waits,
    /// The values, until they go by themselves; known by this number then.
    Values(Values, u64),
}

impl Masks {
    /// Tells what lies in front apart.
    pub(in crate::tui) fn name(&self) -> String {
        let stage = match &self.stage {
            Stage::Names => "names".to_owned(),
            Stage::Asks => "asks".to_owned(),
            Stage::Waits => "waits".to_owned(),
            Stage::Values(_, number) => format!("values {number}"),
        };
        format!("masks {stage} {:?}", self.of)
    }
}
