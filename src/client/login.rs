//! What a run gets from the login that it is started in, and what it loses with it.

use std::path::PathBuf;

use crate::exec::login::{self, Lifetime};
use crate::exec::spawn::own_program;
use crate::protocol::EndsWithLogin;

/// Why a run that is started here would end with this login, if it would.
pub fn ends_with_login() -> Option<EndsWithLogin> {
    match login::ahead() {
        Lifetime::Login(why) => Some(why),
        Lifetime::OwnSession | Lifetime::Scope(_) => None,
    }
}

/// Seconds east of UTC where this is; the record of a run tells its times there.
pub fn zone_s() -> i32 {
    chrono::Local::now().offset().local_minus_utc()
}

/// This program, as something else can start it.
pub fn program() -> PathBuf {
    own_program()
}

/// What stops working in a run without this login.
pub fn needs_login() -> Vec<&'static str> {
    login::lost_with_login(|name| std::env::var(name).ok())
}
