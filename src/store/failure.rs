//! What SQLite and the file system answer, in the words of the house.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::base::error::Failure;

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                Self::machine("Another program is writing to this file.")
                    .hint("Nothing was saved; try again in a moment.")
            }
            Some(ErrorCode::DiskFull) => {
                Self::machine("The disk is full.").hint("Nothing was saved; make room and save again.")
            }
            Some(ErrorCode::NotADatabase) => {
                Self::machine("This is not a huddleboard file.").hint("Choose another file; this one is left as it is.")
            }
            Some(ErrorCode::DatabaseCorrupt) => damaged(),
            Some(ErrorCode::ReadOnly) => read_only(),
            Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::machine("The file cannot be opened.")
                .hint("Check that the file and its folder may be read and written."),
            Some(ErrorCode::SystemIoFailure) => Self::machine(format!("The disk did not do its part: {error}."))
                .hint("Nothing was saved; check the disk and try again."),
            Some(ErrorCode::TooBig) => Self::refused("This is too long to be kept.").hint("Say it in fewer words."),
            _ => Self::machine(format!("The database answered: {error}.")).hint("Nothing was saved; try again."),
        }
    }
}

/// What is said of a file that is not as SQLite writes it.
pub(super) fn damaged() -> Failure {
    Failure::machine("This file is damaged.").hint(
        "`huddleboard restore` puts the last good copy back and keeps this one; `huddleboard doctor` says what is wrong.",
    )
}

/// What is said of a file whose last change was begun and not brought to its end.
pub(super) fn broken_off() -> Failure {
    Failure::machine("A change to this file was broken off, and is still to be taken back.")
        .hint("Opened where it may be written, or restored, it is whole again. Leave what stands beside it there.")
}

/// What is said where somebody wants to write to a file that can only be read.
pub(super) fn read_only() -> Failure {
    Failure::machine("This file can only be read.").hint("Check that the file and its folder may be written.")
}

/// What the file system answered about `path`.
pub(super) fn of_file(path: &Path, error: &io::Error) -> Failure {
    let what = match error.kind() {
        io::ErrorKind::PermissionDenied => "Permission is missing.".to_owned(),
        io::ErrorKind::StorageFull => "The disk is full.".to_owned(),
        io::ErrorKind::NotFound => "There is no such file or folder.".to_owned(),
        _ => format!("The file system answered: {error}."),
    };
    Failure::machine(what).at(path.display().to_string()).hint("Check the path, or choose another file.")
}

/// What is said where the program finds its own file in a state that it never writes.
pub(super) fn internal(what: &str) -> Failure {
    Failure::new(crate::base::error::FailureKind::Internal, what).hint("Please report this with what you did before.")
}
