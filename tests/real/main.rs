//! Real shells, real terminals, the real binary.
//!
//! Nothing here sleeps to be in time: every wait is for a condition, with one deadline.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod drawn;
mod headless;
mod messages;
mod monitored;
mod monkey;
mod pictures;
mod place;
mod plain;
mod played;
mod probes;
mod record;
mod rollback;
mod runs;
mod same;
mod screens;
mod support;
mod terminals;
