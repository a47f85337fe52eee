//! Opening files that anybody may have put where they stand: a pipe, a device or a socket under a file's
//! name would keep the program waiting for ever.

use std::fs::{self, File, FileType};
use std::io;
use std::path::Path;

use super::failure::of_file;
use crate::base::error::{Failure, Outcome};

/// Opens a plain file to read it, and never waits for it. A link is followed.
///
/// # Errors
/// A sentence where it is anything else than a plain file, and what the disk answered.
pub fn open_plain(path: &Path) -> Outcome<File> {
    let failed = |error: io::Error| of_file(path, &error);
    refuse_strange(path, fs::metadata(path).map_err(failed)?.file_type())?;
    let file = open_without_waiting(path).map_err(failed)?;
    // Another may have come into its place meanwhile.
    refuse_strange(path, file.metadata().map_err(failed)?.file_type())?;
    Ok(file)
}

fn open_without_waiting(path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        Ok(File::from(rustix::fs::open(path, flags, Mode::empty())?))
    }
    #[cfg(not(unix))]
    {
        File::open(path)
    }
}

fn refuse_strange(path: &Path, kind: FileType) -> Outcome<()> {
    if kind.is_file() {
        return Ok(());
    }
    Err(Failure::refused(format!("This is {}, and not a file.", name(kind))).at(path.display().to_string()).hint(
        if kind.is_dir() {
            "Name a file in it."
        } else {
            "Name a file; values may also come by standard input, which is named -."
        },
    ))
}

fn name(kind: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return "a pipe";
        }
        if kind.is_socket() {
            return "a socket";
        }
        if kind.is_char_device() || kind.is_block_device() {
            return "a device";
        }
    }
    if kind.is_dir() { "a folder" } else { "something else" }
}
