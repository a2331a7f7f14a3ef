//! Real shells, real terminals, the real binary.
//!
//! Nothing here sleeps to be in time: every wait is for a condition, with one deadline.

#![expect(clippy::unwrap_used, reason = "a test that can't go on says so")]

mod bash;
mod cluster;
mod corrected;
mod door;
mod doors;
mod drawn;
mod ends;
mod entering;
mod evidence;
mod forged;
mod headless;
mod held;
mod hostile;
mod inside;
mod items;
mod locked;
mod marked;
mod masks;
mod messages;
mod monitored;
mod monkey;
mod newer;
mod pictures;
mod place;
mod plain;
mod played;
mod probes;
mod pruned;
mod record;
mod recording;
mod reports;
mod rollback;
mod runs;
mod same;
mod screens;
mod shells;
#[expect(dead_code, reason = "shared with the tests of failures, which use more of it")]
mod sshd;
mod support;
mod svg;
mod team;
mod terminals;
mod trust;
mod typed;
mod users;
mod values;
