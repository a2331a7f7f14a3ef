//! Files that others made: waited for never, and read no further than they may be long.

use std::io::{Error, Read, Result};
use std::path::Path;

/// The largest file that is read whole; beyond it something else was meant.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// So many bytes settings, keys and the like may have.
const SMALL: u64 = 4 * 1024 * 1024;

/// All bytes of a file of at most so many. A named pipe would be waited for, and a device read without end; what whoever
/// called has opened (`<(…)`, standard input) has somebody at its other end.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let given = ["/dev/fd", "/proc/self/fd", "/dev/stdin"].iter().any(|own| path.starts_with(own));
    if !given && !path.metadata()?.is_file() {
        return Err(Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(Error::other(format!("it has more than {} MiB", most >> 20)));
    }
    Ok(bytes)
}

/// The text of a small file.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(read(path, SMALL)?).map_err(|_| Error::other("it is not UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_or_too_large_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let (file, pipe) = (directory.path().join("file"), directory.path().join("pipe"));
        std::fs::write(&file, "text").unwrap();
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert_eq!(read(&file, 4).unwrap(), b"text");
        for (path, why) in [
            (&*file, "more than"),
            (&pipe, "not a regular file"),
            (Path::new("/dev/zero"), "not a regular file"),
        ] {
            assert!(read(path, 3).unwrap_err().to_string().contains(why), "{}", path.display());
        }
    }
}
