//! Copying a board that others go on writing to, and making sure that the copy is whole.
//!
//! The pages are copied by SQLite's online backup from a connection that holds on to one moment of the
//! file. So the copy never has to start anew when somebody writes, however often that is, and nobody
//! waits for it: in a write-ahead log readers and writers do not meet. `VACUUM INTO` would hold on to
//! one moment as well, but it is one statement that builds every index anew, and that nobody can leave
//! half-way without losing all of it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rusqlite::backup::{Backup as Pages, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::draft::Draft;
use super::present::JOURNALS;
use crate::base::clock::Clock;
use crate::base::error::{Failure, Outcome};
use crate::store::failure::{broken_off, internal};
use crate::store::{Store, drive, file, open, schema};

/// So many pages, mostly of 4 KiB, are copied in one go.
const STEP: i32 = 128;
/// After so many steps the disk is waited for, so that it never has much to write at once: a save that
/// comes then would have to wait for all of it.
const STEPS_TO_SYNC: usize = 8;
/// Where the header of an SQLite file says whether there is a write-ahead log, to its writers and to its
/// readers; and what says that there is none. A copy at rest has none, so that it can be read where
/// nothing can be written. SQLite itself would need a lock and a log to change this.
pub(super) const JOURNAL_AT: u64 = 18;
pub(super) const NO_WRITE_AHEAD_LOG: [u8; 2] = [1, 1];
/// A piece of work in SQLite's own instructions: about a millisecond of reading and comparing.
const PIECE: i32 = 20_000;
/// How long a gentle copy rests after each piece.
const REST: Duration = Duration::from_millis(2);

/// How a copy is made: as fast as can be, or so that whoever works at the board does not feel it; and how
/// another thread ends it.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    stopped: Arc<AtomicBool>,
    gentle: bool,
}

impl Pace {
    /// With a rest after each short piece of work.
    pub fn gentle() -> Self {
        Self { gentle: true, ..Self::default() }
    }

    /// Ends the copy, soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was to end.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// A piece of work is done; whether the next may begin.
    fn goes_on(&self) -> bool {
        if self.gentle && !self.is_stopped() {
            thread::sleep(REST);
        }
        !self.is_stopped()
    }

    /// Holds the long statements of this connection to it as well.
    fn govern(&self, conn: &mut Connection) -> Outcome<()> {
        let pace = self.clone();
        Ok(conn.progress_handler(PIECE, Some(move || !pace.goes_on()))?)
    }
}

/// What a file holds, to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Contents {
    application: i32,
    pub(in crate::store) schema: i32,
    pub(in crate::store) changes: i64,
    actions: i64,
    /// Of the present schema only: an older one lacks columns that it looks at.
    digest: Option<String>,
}

impl Contents {
    pub(in crate::store) fn of(store: &Store) -> Outcome<Self> {
        let conn = &store.conn;
        let (application, schema) = header(conn)?;
        let count = |table: &str| conn.query_one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0));
        let digest = if schema == schema::CURRENT { Some(store.digest()?) } else { None };
        Ok(Self { application, schema, changes: count("changes")?, actions: count("actions")?, digest })
    }
}

fn header(conn: &Connection) -> Outcome<(i32, i32)> {
    let sql =
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version)";
    Ok(conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Copies what `source` holds at this moment into the draft, which is whole and on the disk then.
/// Nobody else may use the connection of `source` meanwhile.
pub(in crate::store) fn copy(source: &mut Store, draft: &Draft, pace: &Pace) -> Outcome<Contents> {
    pace.govern(&mut source.conn)?;
    let moment = source.conn.unchecked_transaction()?;
    let contents = Contents::of(source)?;
    let bytes: i64 = source.conn.query_one(
        "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)",
        [],
        |row| row.get(0),
    )?;
    drive::check_room(super::folder_of(draft.path()), bytes.unsigned_abs())?;
    copy_pages(&source.conn, draft, pace)?;
    drop(moment);
    draft.sync()?;
    let copied = sound(draft.path(), source.clock.clone(), pace)?;
    if copied == contents { Ok(contents) } else { Err(internal("The copy does not hold what was copied.")) }
}

fn copy_pages(source: &Connection, draft: &Draft, pace: &Pace) -> Outcome<()> {
    // Nobody else knows the draft: it needs no locks, which its drive may not have, and no journal.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut target = Connection::open_with_flags(open::uri(draft.path(), "nolock=1")?, flags)?;
    target.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    {
        let pages = Pages::new(source, &mut target)?;
        let mut steps = 0_usize;
        loop {
            if !pace.goes_on() {
                return Err(Failure::machine("The copy was broken off."));
            }
            match pages.step(STEP)? {
                StepResult::Done => break,
                StepResult::More => {}
                // Nobody can be in the way of a connection that has its moment and a file that is its own.
                _ => return Err(internal("A copy waits for a lock.")),
            }
            steps += 1;
            if steps.is_multiple_of(STEPS_TO_SYNC) {
                draft.sync()?;
            }
        }
    }
    target.close().map_err(|(_, error)| error)?;
    draft.write_at(JOURNAL_AT, &NO_WRITE_AHEAD_LOG)
}

/// Whether somebody wrote to a file and did not finish: it is whole only together with what SQLite left
/// beside it. A journal that begins with nought is done with.
pub(super) fn is_unfinished(path: &Path) -> bool {
    let starts = |journal: &str| {
        let mut first = [0];
        let read = File::open(file::beside(path, journal)).and_then(|mut file| file.read(&mut first));
        read.is_ok_and(|read| read > 0 && first != [0])
    };
    JOURNALS.iter().any(|journal| starts(journal))
}

/// Opens a copy at rest as it is, without a lock, and without a file beside it.
pub(super) fn open_at_rest(path: &Path, clock: Arc<dyn Clock>) -> Outcome<Store> {
    if is_unfinished(path) {
        return Err(broken_off().at(path.display().to_string()));
    }
    file::check_header(path)?;
    Store::on(open::connect_at_rest(path)?, path, clock)
}

/// What a copy at rest holds, where it is whole from the first page to the last.
pub(in crate::store) fn sound(path: &Path, clock: Arc<dyn Clock>, pace: &Pace) -> Outcome<Contents> {
    let mut store = open_at_rest(path, clock)?;
    pace.govern(&mut store.conn)?;
    check_integrity(&store.conn)?;
    Contents::of(&store)
}

/// Refuses a file in which SQLite finds anything wrong.
pub(in crate::store) fn check_integrity(conn: &Connection) -> Outcome<()> {
    match integrity(conn, "integrity_check")? {
        None => Ok(()),
        Some(_) => Err(crate::store::failure::damaged()),
    }
}

/// What SQLite finds wrong: how many things; nothing where the file is whole.
pub(in crate::store) fn integrity(conn: &Connection, check: &str) -> Outcome<Option<usize>> {
    let found: rusqlite::Result<Vec<String>> =
        conn.prepare(&format!("PRAGMA {check}")).and_then(|mut lines| lines.query_map([], |row| row.get(0))?.collect());
    match found {
        Ok(lines) if lines == ["ok"] => Ok(None),
        Ok(lines) => Ok(Some(lines.len())),
        Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt) => Ok(Some(1)),
        Err(error) => Err(error.into()),
    }
}
