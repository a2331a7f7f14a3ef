//! Owns one place: its bash, its terminals, its recordings. One thread, no lock, bounded memory.
//!
//! [`Shim`] is such a thread in this process; `serve` makes a process of its own of it, which outlives whoever
//! owns the run, and [`Remote`] is the way to one.

mod arrival;
mod bash;
mod connection;
mod desk;
mod directory;
mod door;
mod inbox;
mod interrupt;
mod known;
mod late;
mod ledger;
mod line;
mod live;
mod message;
mod questions;
mod remote;
mod running;
mod serve;
mod silence;
mod stream;
mod terminal;
mod thread;
mod typist;
mod values;
mod worker;
mod writers;

pub use door::behind_mark;
pub use ledger::Ledger;
pub use line::{NOT_RUN, ask_over_line, asked_over_line, cancel_over_line, lead_over_line};
pub use message::{FromShim, Line, Mode, Report, ShimSettings, Shown, Signal, ToPlace, ToShim};
pub use remote::{FromPlace, Remote, Standing};
pub use serve::serve;
pub use thread::Shim;
