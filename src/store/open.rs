//! Opening: refuse what is not ours before anything is written, then settle schema and identity.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use uuid::Uuid;

use super::failure::{internal, of_file};
use super::look::Looked;
use super::{Opening, Store, file, identity, schema};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;

/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(5);

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
        let path = file::prepare(opening)?;
        file::check_header(&path)?;
        file::align(&path);
        let placed =
            |failure: Failure| if failure.place.is_some() { failure } else { failure.at(path.display().to_string()) };
        let mut conn = connect(&path).map_err(placed)?;
        let writable = !conn.is_readonly("main")?;
        let mut forked_from = None;
        if writable {
            schema::stands(&conn).map_err(placed)?;
            keep_a_write_ahead_log(&conn).map_err(placed)?;
            schema::migrate(&mut conn).map_err(placed)?;
            forked_from = identity::settle(&mut conn, &path, opening.clock.now())?;
        } else {
            schema::check_current(&conn).map_err(placed)?;
        }
        Self::around(conn, opening, &path, writable, forked_from)
    }

    /// A second door to the same file, for another thread: it reads, and never writes.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn reader(&self) -> Outcome<Self> {
        let opening =
            Opening { path: self.path.clone(), create: false, shared_with_group: false, clock: self.clock.clone() };
        let conn = connect_to_read(&self.path)?;
        Self::around(conn, &opening, &self.path, false, None)
    }

    fn around(
        conn: Connection,
        opening: &Opening,
        path: &Path,
        writable: bool,
        forked_from: Option<ReplicaId>,
    ) -> Outcome<Self> {
        let replica = identity::own(&conn)?.id;
        let looked = Looked::now(&conn)?;
        let inode = identity::inode(path)?;
        let (path, clock) = (path.to_owned(), opening.clock.clone());
        Ok(Self { conn, path, inode, clock, replica, forked_from, writable, looked })
    }
}

fn connect(path: &Path) -> Outcome<Connection> {
    match connected(path, OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // The log of a file in a folder that cannot be written cannot be opened either.
        Err(error) if lacks_shared_memory(&error) => connect_to_read(path),
        connected => Ok(connected?),
    }
}

fn connect_to_read(path: &Path) -> Outcome<Connection> {
    let log = file::beside(path, "-wal");
    match connected(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        // On a read-only medium there is no shared memory to be made. Without a log nobody is writing,
        // and the file may be read as it stands.
        Err(error) if lacks_shared_memory(&error) && !log.metadata().is_ok_and(|log| log.len() > 0) => {
            Ok(connected(immutable_uri(path)?.as_ref(), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI)?)
        }
        connected => Ok(connected?),
    }
}

/// A connection that can read.
fn connected(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(path, flags)?;
    prepare(&conn)?;
    conn.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    Ok(conn)
}

fn lacks_shared_memory(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

fn immutable_uri(path: &Path) -> Outcome<String> {
    let text = path.to_str().ok_or_else(|| of_file(path, &std::io::ErrorKind::InvalidInput.into()))?;
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{escaped}?immutable=1"))
}

fn prepare(conn: &Connection) -> rusqlite::Result<()> {
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
