//! Running commands in a place: one long-lived bash under PTYs of its own.

pub mod beside;
pub mod cast;
mod error;
pub mod lines;
pub mod login;
pub mod proc;
pub mod recording;
pub mod screen;
pub mod shell;
pub mod shim;
pub mod spawn;
pub mod variables;

pub use error::ExecError;
pub use shim::{
    FromPlace, FromShim, Mode, Remote, Report, Shim, ShimSettings, Shown, Signal, Standing, ToShim,
};
