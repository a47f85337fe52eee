//! Opening: refuse what is not ours before anything is written, then settle schema and identity.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use uuid::Uuid;

use super::failure::{broken_off, internal, of_file};
use super::look::Looked;
use super::schema::Care;
use super::{Opening, Store, backup, drive, file, identity, schema};
use crate::base::clock::Clock;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is said where an empty board is made in the place of one that is gone.
const STOOD_HERE: &str =
    "A board stood here before, and this one is new and empty: `huddleboard restore` lists the copies of the other.";

/// What every connection is told before it is used. WAL is set apart, because it is kept in the file.
const PRAGMAS: &str = "PRAGMA foreign_keys = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA cell_size_check = ON;
    PRAGMA recursive_triggers = OFF;
    PRAGMA secure_delete = ON;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -2000;
    PRAGMA journal_size_limit = 16777216;";

impl Store {
    /// Opens the board of a file, and makes it where it is missing and may be made.
    ///
    /// A file that cannot be written is opened for reading; committing to it is refused in words.
    ///
    /// # Errors
    /// A sentence where there is no such file, it is no huddleboard, a newer one made it, or the disk
    /// or the permissions do not allow it. A file that is refused is left as it is, to the byte.
    pub fn open(opening: &Opening) -> Outcome<Self> {
        let file::Found { path, made } = file::prepare(opening)?;
        if !made {
            file::check_emptied(&path)?;
        }
        file::check_header(&path)?;
        file::align(&path);
        let placed =
            |failure: Failure| if failure.place.is_some() { failure } else { failure.at(path.display().to_string()) };
        let mut conn = connect_in_place(&path).map_err(placed)?;
        let writable = !conn.is_readonly("main")?;
        let mut forked_from = None;
        let mut remarks: Vec<String> = drive::warning(drive::of(&path)).into_iter().collect();
        if made && file::stood(&path) {
            remarks.push(STOOD_HERE.to_owned());
        }
        if writable {
            let stands = schema::stands(&conn).map_err(placed)?;
            keep_a_write_ahead_log(&conn).map_err(placed)?;
            let (care, remark) = keep_older(stands, &path, &opening.clock);
            remarks.extend(remark);
            schema::migrate(&mut conn, care).map_err(placed)?;
            forked_from = identity::settle(&mut conn, &path, opening.clock.now())?;
        } else {
            schema::check_current(&conn).map_err(placed)?;
            remarks.extend(why_only_read(&path));
        }
        Self::around(conn, opening.clock.clone(), &path, writable, forked_from)
            .map(|store| Self { remarks, ..store })
            .map_err(placed)
    }

    /// A second door to the same file, for another thread: it reads, and never writes.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn reader(&self) -> Outcome<Self> {
        Self::on(connect_to_read(&self.path)?, &self.path, self.clock.clone())
    }

    /// A door to whatever board stands at this one's place now, only to read: the file that was opened may
    /// have been moved away, and another put there.
    ///
    /// # Errors
    /// Where no board stands there that this version can read.
    pub fn reader_anew(&self) -> Outcome<Self> {
        file::check_header(&self.path)?;
        let conn = connect_to_read(&self.path)?;
        schema::check_current(&conn)?;
        Self::on(conn, &self.path, self.clock.clone())
    }

    /// A door around a connection that is there, only to read: nothing is settled, and nothing written.
    pub(super) fn on(conn: Connection, path: &Path, clock: Arc<dyn Clock>) -> Outcome<Self> {
        Self::around(conn, clock, path, false, None)
    }

    fn around(
        conn: Connection,
        clock: Arc<dyn Clock>,
        path: &Path,
        writable: bool,
        forked_from: Option<ReplicaId>,
    ) -> Outcome<Self> {
        let replica = identity::own(&conn)?.id;
        let looked = Looked::now(&conn)?;
        let inode = identity::inode(path)?;
        let path = path.to_owned();
        Ok(Self { conn, path, inode, clock, replica, forked_from, writable, looked, remarks: Vec::new() })
    }
}

/// Why a file that somebody may write can only be read.
fn why_only_read(path: &Path) -> Option<String> {
    let file = std::fs::OpenOptions::new().write(true).open(path);
    file.is_ok().then(|| {
        "There is no room beside the board, or nothing may be written there: it can be looked at, and nothing can be \
         saved until that is put right."
            .to_owned()
    })
}

/// Keeps a copy of a file that is about to be brought up to date. Where that cannot be done the board
/// opens all the same, because a full disk must not keep a ward from its board: the step itself is one
/// transaction, and without a copy it is checked before it is committed.
fn keep_older(stands: i32, path: &Path, clock: &Arc<dyn Clock>) -> (Care, Option<String>) {
    if stands == 0 || stands == schema::CURRENT {
        return (Care::Kept, None);
    }
    let kept = connect_to_read(path)
        .and_then(|conn| Store::on(conn, path, clock.clone()))
        .and_then(|mut store| backup::keep_before_schema(&mut store, schema::CURRENT));
    match kept {
        Ok(()) => (Care::Kept, None),
        Err(failure) => (
            Care::Alone,
            Some(format!("The file was brought up to date, but no copy of the older one could be kept. {failure}")),
        ),
    }
}

/// A connection to the file that stands at `path` when it is there: a restore may have put another one
/// in its place while this one waited, and what is written to the old one is lost.
fn connect_in_place(path: &Path) -> Outcome<Connection> {
    loop {
        let before = identity::inode(path)?;
        let conn = connect(path)?;
        if identity::inode(path)? == before {
            return Ok(conn);
        }
    }
}

pub(super) fn connect(path: &Path) -> Outcome<Connection> {
    match connected(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // The log of a file in a folder that cannot be written cannot be opened either.
        Err(error) if lacks_shared_memory(&error) => connect_to_read(path),
        connected => Ok(connected?),
    }
}

pub(super) fn connect_to_read(path: &Path) -> Outcome<Connection> {
    let log = file::beside(path, "-wal");
    match connected(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // A journal beside it holds what half a change has written over; without that the file is not whole.
        Err(error) if has_hot_journal(&error) => Err(broken_off()),
        // On a read-only medium there is no shared memory to be made. Without a log nobody is writing,
        // and the file may be read as it stands.
        Err(error) if lacks_shared_memory(&error) && !log.metadata().is_ok_and(|log| log.len() > 0) => {
            connect_at_rest(path)
        }
        connected => Ok(connected?),
    }
}

/// A connection to a file that nobody writes: without locks, and without a file beside it.
pub(super) fn connect_at_rest(path: &Path) -> Outcome<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
    Ok(connected(uri(path, "immutable=1")?.as_ref(), flags)?)
}

/// A connection that can read.
fn connected(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(path, flags)?;
    prepare(&conn)?;
    conn.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(conn)
}

/// Whether there is no place for the memory that programs share, by rights or because the disk is full.
fn lacks_shared_memory(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE};
    let extended = error.sqlite_error().map(|error| error.extended_code);
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
        || matches!(extended, Some(SQLITE_IOERR_SHMMAP | SQLITE_IOERR_SHMOPEN | SQLITE_IOERR_SHMSIZE))
}

fn has_hot_journal(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_READONLY_ROLLBACK)
}

/// The file as SQLite takes it with a parameter.
pub(super) fn uri(path: &Path, parameter: &str) -> Outcome<String> {
    let text = path.to_str().ok_or_else(|| of_file(path, &std::io::ErrorKind::InvalidInput.into()))?;
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{escaped}?{parameter}"))
}

pub(super) fn prepare(conn: &Connection) -> rusqlite::Result<()> {
    conn.busy_timeout(PATIENCE)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    // Plans do not depend on what is bound; otherwise SQLite parses some statements anew for each value.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.set_prepared_statement_cache_capacity(96);
    conn.execute_batch(PRAGMAS)
}

/// Sets the journal to WAL, where it is not. SQLite does not wait for others here, so this does.
fn keep_a_write_ahead_log(conn: &Connection) -> Outcome<()> {
    let started = Instant::now();
    loop {
        let mode: rusqlite::Result<String> = conn.pragma_query_value(None, "journal_mode", |row| row.get(0));
        let set = match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(_) => conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)),
            Err(error) => Err(error),
        };
        match set {
            // Where the file system has no shared memory, the mode stays what it was: slower, as safe.
            Ok(_) => return Ok(()),
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && started.elapsed() < PATIENCE =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The UUID in a column of 16 bytes.
pub(super) fn uuid_at(row: &rusqlite::Row<'_>, index: usize) -> Outcome<Uuid> {
    let bytes: [u8; 16] = row.get(index).map_err(|_| internal("An id has not 16 bytes."))?;
    Ok(Uuid::from_bytes(bytes))
}
