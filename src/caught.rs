//! Work that may fail in a way nobody foresaw, without taking the process with it.
//!
//! A document, an output or a journal of another version can hold what a piece of code fails at with a panic. Where
//! something has to go on all the same, that piece is done here: what it panics with is not told, and who asked gets
//! nothing and says so.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CATCHES: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread is caught here, so that nobody is to be told of it.
pub fn catches() -> bool {
    CATCHES.get()
}

/// What `work` comes to; nothing where it panics. What it was changing is left as far as it had come.
pub fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    let before = CATCHES.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CATCHES.set(before);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_and_stays_inside() {
        assert_eq!(catch(|| 1), Some(1));
        let slice: &[u8] = &[];
        assert_eq!(catch(|| slice[std::hint::black_box(3)]), None);
        assert!(!catches());
        assert_eq!(catch(|| catch(|| slice[std::hint::black_box(3)]).is_none() && catches()), Some(true));
    }
}
