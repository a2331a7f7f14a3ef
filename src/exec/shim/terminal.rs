//! Terminals as a place uses them: their size, and reading and writing that never waits for long.

use std::os::fd::OwnedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::Winsize;

use super::super::screen::Size;

/// How long a terminal may take no input.
const TAKES_INPUT: Duration = Duration::from_secs(10);

pub(super) fn winsize(size: Size) -> Winsize {
    Winsize { ws_row: size.rows, ws_col: size.columns, ws_xpixel: 0, ws_ypixel: 0 }
}

pub(super) fn drain(fd: &OwnedFd, take: impl FnMut(&[u8])) {
    drain_up_to(fd, usize::MAX, take);
}

pub(super) fn drain_up_to(fd: &OwnedFd, most: usize, mut take: impl FnMut(&[u8])) {
    let mut buffer = [0u8; 65536];
    let mut total = 0;
    while total < most {
        match rustix::io::read(fd, &mut buffer) {
            Ok(0) => return,
            Ok(count) => {
                take(&buffer[..count]);
                total += count;
            }
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}

/// Writes to a terminal that may be slow; false where it takes nothing for too long.
pub(super) fn write_all(to: &OwnedFd, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match rustix::io::write(to, bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(rustix::io::Errno::AGAIN) => {
                let mut polled = [PollFd::new(to, PollFlags::OUT)];
                let limit = Timespec { tv_sec: TAKES_INPUT.as_secs() as i64, tv_nsec: 0 };
                if poll(&mut polled, Some(&limit)) == Ok(0) {
                    return false;
                }
            }
            Err(_) => return false,
        }
    }
    true
}
