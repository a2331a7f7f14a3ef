//! The record of a run, for whoever reads it in the morning.

mod followups;
pub mod log;

pub use log::{Filled, fill};
