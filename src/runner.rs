//! Owns a run: decides, journals, runs, tells. Clients only ask it.

mod actor;
mod reader;
mod start;
mod viewer;

pub use start::{ClientSender, NewRun, RunnerError, Running, start, take_up, view};
