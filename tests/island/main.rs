//! The reference document for real, unmodified: a Node API with PostgreSQL and a vector store, deployed by
//! docker-compose on a server reached over SSH, by keys in a real terminal and with nobody there; then everything that
//! goes wrong at night, and the way back. `make island-test` prints a table of it.
//!
//! Nothing here sleeps to be in time: every wait is for a condition, with one deadline.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod keys;
mod night;
mod nobody;
mod places;
mod stack;
#[expect(dead_code, reason = "shared with the tests of screens, which use more of it")]
#[path = "../real/support.rs"]
mod support;
