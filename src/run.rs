//! A run: its events, its state and the only functions that change it.
//!
//! [`decide()`] turns what an operator asks into events or a refusal, [`accept()`] does so with what was seen, and
//! [`RunState::apply`] folds events into the state. All three are pure: time, ids and what was observed come in as data.

pub mod accept;
pub mod apply;
mod back_files;
mod back_way;
pub mod blocks;
pub mod board;
mod causes;
pub mod claim;
pub mod clock;
pub mod decide;
pub mod due;
pub mod environment;
pub mod event;
mod filled;
pub mod flow;
pub mod gates;
pub mod health;
pub mod ids;
pub mod items;
pub mod may_run;
pub mod monitoring;
mod open_items;
mod path;
mod place_stack;
pub mod places;
pub mod plan;
pub mod policy;
mod reading;
pub mod refusal;
pub mod rehearsal;
pub mod request;
pub mod rollback;
pub mod seal;
pub mod sign;
mod standing;
pub mod state;
mod text;
pub mod trouble;
pub mod unrecorded;
pub mod unset;
pub mod verdict;
mod waiting;
pub mod ways;

pub use accept::accept;
pub use decide::decide;
pub use event::{Event, Exit, Outcome, Place, Record, SkipReason};
pub use flow::Next;
pub use ids::{Attempt, RunId, Seq};
pub use reading::as_started;
pub use refusal::Refusal;
pub use request::{Request, Seen, Surroundings};
pub use sign::{SignOff, SignRole, Statement};
pub use state::{CommandState, RunState};
pub use text::{clock_went_back, first_line};
