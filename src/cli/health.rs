//! The board as `gonogo monitor` tells it: a table, lines of what changes, JSON, Prometheus text.

pub(super) mod json;
pub(super) mod lines;
pub(super) mod prometheus;
mod table;
mod words;

pub(super) use table::table;
