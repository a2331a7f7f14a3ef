//! Sign-off: who puts their name to a run, and to what exactly.
//!
//! 1. A signature stands under a short [`Statement`], which names the events and the log that it covers.
//! 2. The statement says what the signature before it was, so that none can be taken out from between.
//! 3. Engineer and reviewer are different people. Without a key a name is claimed, not proven.

mod allowed;
pub(super) mod sign_off;

pub use allowed::{may_sign, policy, same_name, sign, wanted};
pub use sign_off::{KeyUsed, NAMESPACE, NoStatement, SignOff, SignRole, SignedOff, Statement};
