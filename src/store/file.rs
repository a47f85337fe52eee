//! The database file itself: how it is made, who may read it, and what its first bytes say.

use std::fs::{self, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::failure::{damaged, of_file};
use super::{Opening, backup, identity, schema};
use crate::base::error::{Failure, Outcome};

/// What an SQLite file starts with.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The file to open.
pub(super) struct Found {
    /// Its real name.
    pub(super) path: PathBuf,
    /// Whether it was made just now.
    pub(super) made: bool,
}

/// The file to open: made where it is missing and may be made.
pub(super) fn prepare(opening: &Opening) -> Outcome<Found> {
    let path = &opening.path;
    let mut made = false;
    match fs::symlink_metadata(path) {
        Ok(found) => {
            // A link is followed to a board that is there, never to make one where it points.
            let whole = fs::metadata(path).is_ok_and(|target| target.len() > 0);
            if found.is_symlink() && !whole {
                return Err(Failure::machine("There is a link in place of the file, and it leads to no board.")
                    .at(path.display().to_string())
                    .hint("Remove the link, or name the file itself."));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(opening)?;
            made = true;
        }
        Err(error) => return Err(of_file(path, &error)),
    }
    let real = fs::canonicalize(path).map_err(|error| of_file(path, &error))?;
    if !fs::metadata(&real).map_err(|error| of_file(path, &error))?.is_file() {
        return Err(Failure::machine("This is not a file.")
            .at(path.display().to_string())
            .hint("Name the board's file."));
    }
    Ok(Found { path: real, made })
}

fn create(opening: &Opening) -> Outcome<()> {
    let path = &opening.path;
    if !opening.create {
        let hint = if stood(path) {
            "One stood here, and there are copies of it: `huddleboard restore` lists them."
        } else {
            "Make one with `huddleboard init`, or name another file."
        };
        return Err(Failure::not_found("There is no board yet.").at(path.display().to_string()).hint(hint));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        make_folder(folder, opening.shared_with_group).map_err(|error| of_file(folder, &error))?;
    }
    match create_new(path, if opening.shared_with_group { 0o660 } else { 0o600 }) {
        Ok(_) => Ok(()),
        // Another program made it in the meantime; a link that was planted leads nowhere and stays.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => Ok(()),
        Err(error) => Err(of_file(path, &error)),
    }
}

/// Makes a file that did not exist, with exactly this mode whatever the umask; follows no link.
pub(super) fn create_new(path: &Path, mode: u32) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(mode))?;
    #[cfg(not(unix))]
    let _ = mode;
    Ok(file)
}

fn make_folder(folder: &Path, shared_with_group: bool) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, if shared_with_group { 0o770 } else { 0o700 });
    #[cfg(not(unix))]
    let _ = shared_with_group;
    builder.create(folder)
}

/// Whether there are copies of a board that was opened under this name.
pub(super) fn stood(path: &Path) -> bool {
    backup::backups(&backup::backup_folder(path)).is_ok_and(|kept| !kept.is_empty())
}

/// Refuses an empty file where a board was: filled anew, it would look as if nothing had ever been written.
pub(super) fn check_emptied(path: &Path) -> Outcome<()> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    let was_written = || identity::was_written(path) || stood(path) || length(&beside(path, "-wal")) > 0;
    if length(path) == 0 && was_written() {
        return Err(Failure { what: "This file is empty, and a board was in it.".to_owned(), ..damaged() }
            .at(path.display().to_string()));
    }
    Ok(())
}

/// Refuses what is no database, another program's, or newer than this program, by the first bytes
/// alone: SQLite has not touched the file by then.
pub(super) fn check_header(path: &Path) -> Outcome<()> {
    let mut header = Vec::with_capacity(100);
    fs::File::open(path)
        .and_then(|file| file.take(100).read_to_end(&mut header))
        .map_err(|error| of_file(path, &error))?;
    if header.is_empty() {
        return Ok(());
    }
    let number = |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(i32::from_be_bytes);
    match (header.starts_with(MAGIC), number(68), number(60)) {
        (true, Some(application), Some(version)) => schema::check(application, version),
        // It has lost its first bytes.
        _ if identity::was_written(path) || stood(path) => Err(damaged()),
        _ => Err(schema::foreign()),
    }
    .map_err(|failure| failure.at(path.display().to_string()))
}

/// Gives the log and the shared memory that stand beside the database its own permissions: SQLite does
/// so when it makes them, but one left over from a time when the database had others would keep its.
pub(super) fn align(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| {
            fs::symlink_metadata(path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|found| found.permissions().mode() & 0o666)
        };
        for ending in ["-wal", "-shm"] {
            let beside = beside(path, ending);
            if let (Some(own), Some(other)) = (mode(path), mode(&beside))
                && own != other
            {
                // Where it belongs to somebody else, opening says what that means.
                let _ = fs::set_permissions(&beside, fs::Permissions::from_mode(own));
            }
        }
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// The file that stands beside the database under its name and this ending.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
