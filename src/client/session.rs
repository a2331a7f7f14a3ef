//! The client's side of a run: asks and waits for answers, waits until something is so, and goes on with the next
//! runner when one has ended. Screens have a loop of their own; whoever has none uses this.

mod error;
mod news;
mod observer;
mod questions;
mod tries;
mod unanswered;

pub use error::{Answer, SessionError};
pub use news::Session;
pub use observer::Observer;

#[cfg(test)]
mod tests;
