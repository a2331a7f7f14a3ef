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
mod inside;
mod interrupt;
mod known;
mod late;
mod ledger;
mod line;
mod live;
mod message;
mod own;
mod questions;
mod regain;
mod remote;
mod running;
mod second;
mod serve;
mod silence;
mod stream;
mod terminal;
mod thread;
mod transport;
mod typist;
mod values;
mod worker;
mod world;
mod writers;

pub use door::behind_mark;
pub use inside::literal;
pub use ledger::Ledger;
pub use line::{Line, NOT_RUN};
pub use message::{Beside, FromShim, Mode, Report, ShimSettings, Shown, Signal, ToPlace, ToShim};
pub use regain::{Regained, regain};
pub use remote::{FromPlace, Remote, Standing};
pub use serve::serve;
pub use thread::Shim;
pub use transport::Transport;
