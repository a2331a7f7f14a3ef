//! The session against a runner that does what a test says.

mod answers;
mod ends;
mod fake;
mod traces;
mod waits;
