//! A file in the making, which nobody takes for a whole one: under a name of its own until it is
//! complete, locked as long as somebody works on it, and removed by the next run where nobody does.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use super::present::JOURNALS;
use crate::base::error::{Failure, Outcome};
use crate::store::failure::of_file;
use crate::store::file;

const PREFIX: &str = ".huddleboard-";
const ENDING: &str = ".part";

/// Where the file system has no locks: nobody works so long on one file.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Who may read and write a file that stands for the database: as with the database itself, the owner,
/// and its group where that shares it; never anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rights {
    shared: bool,
    group: Option<u32>,
}

impl Rights {
    /// Those of a database; the owner's alone where it is not there.
    pub(super) fn of(database: &Path) -> Self {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            fs::metadata(database).map_or(Self { shared: false, group: None }, |found| Self {
                shared: found.mode() & 0o060 == 0o060,
                group: Some(found.gid()),
            })
        }
        #[cfg(not(unix))]
        {
            let _ = database;
            Self { shared: false, group: None }
        }
    }

    /// Gives them to a file or a folder, as far as its file system knows them: a stick may not.
    fn give(self, path: &Path, own: u32, shared: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if self.shared {
                // A folder may have handed down a group of its own, which is as well.
                let _ = std::os::unix::fs::chown(path, None, self.group);
            }
            let mode = if self.shared { shared } else { own };
            let _ = fs::set_permissions(path, fs::Permissions::from_mode(mode));
        }
        #[cfg(not(unix))]
        let _ = (path, own, shared);
    }
}

/// Makes a folder for backups, where it is not there.
pub(super) fn make_folder(folder: &Path, rights: Rights) -> Outcome<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Ok(()) => rights.give(folder, 0o700, 0o770),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && folder.is_dir() => {}
        Err(error) => return Err(of_file(folder, &error)),
    }
    Ok(())
}

/// A file in the making. It is removed when it is dropped, unless it was put in its place.
#[derive(Debug)]
pub(in crate::store) struct Draft {
    path: PathBuf,
    /// Held open for its lock.
    file: File,
    placed: bool,
}

impl Draft {
    /// Starts an empty file in `folder`, and clears away what an earlier run left there.
    pub(super) fn start(folder: &Path, rights: Rights) -> Outcome<Self> {
        clear(folder);
        let placed = |error: &io::Error| of_file(folder, error);
        loop {
            let path = folder.join(format!("{PREFIX}{}{ENDING}", Uuid::new_v4().simple()));
            let mut options = OpenOptions::new();
            options.read(true).write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path).map_err(|error| placed(&error))?;
            let locked = file.try_lock();
            // Another run that clears up may have come between the two, and taken it for a left-over.
            if matches!(locked, Err(TryLockError::WouldBlock)) || !path.exists() {
                let _ = fs::remove_file(&path);
                continue;
            }
            rights.give(&path, 0o600, 0o660);
            return Ok(Self { path, file, placed: false });
        }
    }

    pub(in crate::store) fn path(&self) -> &Path {
        &self.path
    }

    /// The file, to be written to.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Writes over some bytes of it.
    pub(super) fn write_at(&self, at: u64, bytes: &[u8]) -> Outcome<()> {
        let mut file = &self.file;
        io::Seek::seek(&mut file, io::SeekFrom::Start(at))
            .and_then(|_| io::Write::write_all(&mut file, bytes))
            .map_err(|error| of_file(&self.path, &error))
    }

    /// Waits until the disk has all of it.
    pub(super) fn sync(&self) -> Outcome<()> {
        self.file.sync_all().map_err(|error| of_file(&self.path, &error))
    }

    /// Gives it its name, where nothing has that name yet; otherwise answers that it has not.
    pub(super) fn put(mut self, to: &Path) -> Outcome<Result<(), Self>> {
        match fs::hard_link(&self.path, to) {
            Ok(()) => {
                let _ = fs::remove_file(&self.path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(Err(self)),
            // Not every file system has links; there is a moment then in which another could take the name.
            Err(_) if fs::symlink_metadata(to).is_ok() => return Ok(Err(self)),
            Err(_) => fs::rename(&self.path, to).map_err(|error| of_file(to, &error))?,
        }
        self.placed = true;
        sync_folder(to);
        Ok(Ok(()))
    }

    /// Puts it in the place of the file that has this name.
    pub(super) fn replace(mut self, to: &Path) -> Outcome<()> {
        fs::rename(&self.path, to).map_err(|error| of_file(to, &error))?;
        self.placed = true;
        sync_folder(to);
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.placed {
            remove(&self.path);
        }
    }
}

/// What is said where a file has the name that a new one was to have.
pub(super) fn taken(path: &Path) -> Failure {
    Failure::refused("There is a file of this name already.")
        .at(path.display().to_string())
        .hint("Choose another name; nothing is written over.")
}

/// Waits until the disk knows the folder's names. Not every file system can; those that cannot need not.
pub(super) fn sync_folder(of: &Path) {
    if let Some(folder) = of.parent() {
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Removes the files in the making that nobody works on any more.
pub(super) fn clear(folder: &Path) {
    for path in drafts(folder) {
        // The lock is held while it is removed, so that nobody takes it up in between.
        if let Standing::Abandoned(_lock) = standing(&path) {
            remove(&path);
        }
    }
}

/// Removes a draft, and before it what SQLite may have kept beside it.
fn remove(draft: &Path) {
    for journal in JOURNALS {
        let _ = fs::remove_file(file::beside(draft, journal));
    }
    let _ = fs::remove_file(draft);
}

/// Whether somebody is making a file in this folder at the moment.
pub(super) fn is_busy(folder: &Path) -> bool {
    drafts(folder).iter().any(|path| matches!(standing(path), Standing::WorkedOn))
}

fn drafts(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let is_draft = |name: &str| name.starts_with(PREFIX) && name.ends_with(ENDING);
    entries
        .flatten()
        .filter(|entry| entry.file_name().to_str().is_some_and(is_draft))
        .map(|entry| entry.path())
        .collect()
}

/// How it stands with a file in the making.
enum Standing {
    WorkedOn,
    /// Nobody works on it; with its lock, which is ours now.
    Abandoned(#[allow(dead_code, reason = "held, not read")] File),
    /// A link, a pipe, another person's file: not ours to touch.
    Foreign,
}

fn standing(path: &Path) -> Standing {
    if !fs::symlink_metadata(path).is_ok_and(|found| found.is_file()) {
        return Standing::Foreign;
    }
    let Ok(file) = OpenOptions::new().read(true).write(true).open(path) else { return Standing::Foreign };
    match file.try_lock() {
        Ok(()) => Standing::Abandoned(file),
        Err(TryLockError::WouldBlock) => Standing::WorkedOn,
        Err(TryLockError::Error(_)) => {
            let age = |changed| SystemTime::now().duration_since(changed).unwrap_or_default();
            let found = file.metadata().and_then(|found| found.modified());
            if found.is_ok_and(|changed| age(changed) > ABANDONED) {
                Standing::Abandoned(file)
            } else {
                Standing::WorkedOn
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_left_over_is_cleared_away_and_a_file_that_is_worked_on_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let rights = Rights::of(dir.path().join("nothing").as_path());
        fs::write(dir.path().join(".huddleboard-dead.part"), b"half").unwrap();
        assert!(!is_busy(dir.path()));
        let one = Draft::start(dir.path(), rights).unwrap();
        assert!(is_busy(dir.path()));
        let two = Draft::start(dir.path(), rights).unwrap();
        assert_eq!(names(dir.path()).len(), 2, "{:?}", names(dir.path()));
        drop((one, two));
        assert_eq!(names(dir.path()), Vec::<String>::new());
    }

    #[test]
    fn a_name_that_is_taken_is_not_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let rights = Rights::of(dir.path().join("nothing").as_path());
        let to = dir.path().join("whole.db");
        Draft::start(dir.path(), rights).unwrap().put(&to).unwrap().unwrap();
        fs::write(&to, b"mine").unwrap();
        assert!(Draft::start(dir.path(), rights).unwrap().put(&to).unwrap().is_err());
        assert_eq!(fs::read(&to).unwrap(), b"mine");
        assert_eq!(names(dir.path()), ["whole.db"]);
    }
}
