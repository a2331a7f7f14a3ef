//! Owns a run: decides, journals, runs, tells. Clients only ask it.

mod actor;
mod afar;
mod clients;
mod clock;
mod dump;
mod files;
mod handle;
mod hooks;
mod inbox;
mod inside;
mod messages;
mod place;
mod reach;
mod reader;
mod receivers;
mod recover;
mod regain;
mod serve;
mod start;
mod viewer;

pub use handle::{Handle, Line};
pub(crate) use messages::try_out;
pub use serve::{Refused, serve};
pub use start::{Launch, NewRun, RunnerError, new_id, within};
pub use viewer::view;
