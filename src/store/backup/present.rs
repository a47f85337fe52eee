//! What stands where a copy is to be put: held so that nobody else can open it meanwhile, and kept,
//! whatever its state.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::Pace;
use super::copy::{copy, integrity};
use super::draft::{self, Draft, Rights};
use super::list::{self, Sort};
use crate::base::clock::Clock;
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::store::failure::{damaged, of_file};
use crate::store::{Store, file, open, schema};

/// What SQLite keeps beside a database, and would take for the new one's.
pub(super) const JOURNALS: [&str; 2] = ["-wal", "-journal"];

/// How long a command that is at work in the board is waited for.
const A_MOMENT: Duration = Duration::from_secs(1);

/// What stands where the copy is to go.
pub(super) enum Present {
    /// Nothing.
    Nothing,
    /// A whole board, that nobody else can open as long as this one has it.
    Whole(Box<Store>),
    /// Something that was a board.
    Damaged(Box<Held>),
}

/// A damaged file that nobody else can open meanwhile.
pub(super) struct Held {
    /// It must not be opened a second time: the system would forget the lock when that is closed.
    file: File,
}

impl Present {
    /// Takes hold of what stands there, so that nobody else can open it.
    pub(super) fn take(database: &Path, clock: &Arc<dyn Clock>) -> Outcome<Self> {
        if !database.exists() {
            return Ok(Self::Nothing);
        }
        if fs::metadata(database).is_ok_and(|found| found.len() == 0) {
            // SQLite would take it for a new one, and throw the log away that stands beside it.
            return Held::take(database);
        }
        match file::check_header(database) {
            Err(failure) if failure.what == damaged().what => return Held::take(database),
            checked => checked?,
        }
        match exclusive(database, clock)? {
            Some(store) => Ok(Self::Whole(Box::new(store))),
            None => Held::take(database),
        }
    }

    /// Has all that stands in the log of a whole board in the file itself.
    pub(super) fn take_log_in(&self) -> Outcome<()> {
        let Self::Whole(store) = self else { return Ok(()) };
        store.conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        // In this mode the lock has to be taken anew.
        Ok(store.conn.execute_batch("BEGIN EXCLUSIVE; ROLLBACK")?)
    }

    /// Keeps it in `folder`; answers where.
    pub(super) fn keep(&mut self, database: &Path, folder: &Path, now: DateTime<Utc>) -> Outcome<Option<PathBuf>> {
        let rights = Rights::of(database);
        match self {
            Self::Nothing => {
                keep_lost_journals(database, folder, now)?;
                Ok(None)
            }
            Self::Whole(store) => {
                draft::make_folder(folder, rights)?;
                // A second name would do, and take no room: until this run is killed before it has come to
                // its end, and what is written to the board from then on is written to its backup.
                let draft = Draft::start(folder, rights)?;
                copy(store, &draft, &Pace::default())?;
                list::put_under_a_free_name(draft, folder, Sort::BeforeRestore, now).map(|kept| Some(kept.path))
            }
            Self::Damaged(held) => {
                draft::make_folder(folder, rights)?;
                // A second name needs nothing of the file to be read, which its disk may not give any more.
                let kept = match link(database, folder, now) {
                    Some(kept) => kept,
                    None => held.copy_to(folder, rights, now)?,
                };
                for journal in JOURNALS {
                    keep_journal(database, &kept, journal)?;
                }
                Ok(Some(kept))
            }
        }
    }
}

impl Held {
    fn take(database: &Path) -> Outcome<Present> {
        let file =
            OpenOptions::new().read(true).write(true).open(database).map_err(|error| of_file(database, &error))?;
        // SQLite's own locks are of this sort, on bytes of the file: all of it is locked only where
        // nobody has any.
        #[cfg(unix)]
        if rustix::fs::fcntl_lock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive)
            .is_err_and(|error| matches!(error, rustix::io::Errno::AGAIN | rustix::io::Errno::ACCESS))
        {
            return Err(in_use(database));
        }
        Ok(Present::Damaged(Box::new(Self { file })))
    }

    /// Copies it byte for byte.
    fn copy_to(&mut self, folder: &Path, rights: Rights, now: DateTime<Utc>) -> Outcome<PathBuf> {
        let draft = Draft::start(folder, rights)?;
        let copied = io::Seek::rewind(&mut self.file)
            .and_then(|()| OpenOptions::new().write(true).open(draft.path()))
            .and_then(|mut to| io::copy(&mut self.file, &mut to));
        copied.map_err(|error| of_file(draft.path(), &error))?;
        draft.sync()?;
        list::put_under_a_free_name(draft, folder, Sort::Damaged, now).map(|kept| kept.path)
    }
}

/// The board with a lock that keeps everybody else out; nothing where it is damaged. It is left as it was.
fn exclusive(database: &Path, clock: &Arc<dyn Clock>) -> Outcome<Option<Store>> {
    let conn = match locked(database) {
        Ok(conn) => conn,
        Err(error) => {
            return match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(in_use(database)),
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::SystemIoFailure) => Ok(None),
                _ => Err(Failure::from(error).at(database.display().to_string())),
            };
        }
    };
    match schema::stands(&conn) {
        Err(failure) if failure.kind == FailureKind::Refused => {
            return Err(failure.at(database.display().to_string()));
        }
        Ok(_) if matches!(integrity(&conn, "integrity_check"), Ok(None)) => {}
        _ => return Ok(None),
    }
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    // SQLite may find nothing wrong with it, and still it is no board any more.
    Ok(Store::on(conn, database, clock.clone()).ok())
}

fn locked(database: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(database, flags)?;
    // Until it is found to be whole, not a byte of it may change; not even when it is closed.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    conn.busy_timeout(A_MOMENT)?;
    conn.execute_batch("BEGIN EXCLUSIVE; ROLLBACK")?;
    open::prepare(&conn)?;
    conn.busy_timeout(A_MOMENT)?;
    Ok(conn)
}

/// Gives the file a second name in `folder`, where that is on the same drive.
fn link(database: &Path, folder: &Path, now: DateTime<Utc>) -> Option<PathBuf> {
    for path in list::names(folder, Sort::Damaged, now) {
        match fs::hard_link(database, &path) {
            Ok(()) => {
                draft::sync_folder(&path);
                return Some(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) => return None,
        }
    }
    None
}

/// Keeps the log of a damaged file beside it: what it lacks may be there.
fn keep_journal(database: &Path, kept: &Path, journal: &str) -> Outcome<()> {
    let (from, to) = (file::beside(database, journal), file::beside(kept, journal));
    match fs::hard_link(&from, &to) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) => fs::copy(&from, &to).and_then(|_| File::open(&to)?.sync_all()).map_err(|error| of_file(&to, &error)),
    }
}

/// Keeps the logs that stand beside a board which is gone: its last changes may be there.
fn keep_lost_journals(database: &Path, folder: &Path, now: DateTime<Utc>) -> Outcome<()> {
    let length = |path: &Path| fs::metadata(path).map_or(0, |found| found.len());
    if JOURNALS.iter().all(|journal| length(&file::beside(database, journal)) == 0) {
        return Ok(());
    }
    draft::make_folder(folder, Rights::of(database))?;
    let free = |path: &PathBuf| JOURNALS.iter().all(|journal| !file::beside(path, journal).exists());
    let Some(kept) = list::names(folder, Sort::Damaged, now).find(free) else { return Ok(()) };
    JOURNALS.iter().try_for_each(|journal| keep_journal(database, &kept, journal))
}

fn in_use(database: &Path) -> Failure {
    Failure::refused("Another program has this board open.")
        .at(database.display().to_string())
        .hint("Leave the board everywhere it is open, and try again; nothing was changed.")
}
