//! The way to a run, wherever it lives. Nothing above this module knows whether the runner is in this
//! process or in one of its own.

mod attach;
mod connection;
mod directory;
mod login;
mod reread;
mod session;

pub use attach::{AttachError, Attached, Host, join, start, view};
pub use connection::{Connection, Who};
pub use directory::home_of;
pub use login::{ends_with_login, needs_login, program, zone_s};
pub use reread::{Reread, reread};
pub use session::{Answer, Observer, Session, SessionError};
