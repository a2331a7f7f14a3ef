//! Goes through a run with nobody there: prints what it does, stops at the first failure.

mod back;
mod command;
mod ends;
mod go_on;
mod items;
mod printed;
mod printer;
mod steps;
mod terms;
mod walk;

pub(super) use back::go_back;
pub(super) use go_on::go_on;
pub(super) use terms::Headless;
pub(super) use walk::go_through;
