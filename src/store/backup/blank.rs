//! Blanking in copies of a board what was redacted in it since they were made.
//!
//! A copy is never written to where it stands: a draft of it is blanked, and takes its place when it is
//! whole. A run that is killed leaves the copy as it was.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::copy::{JOURNAL_AT, NO_WRITE_AHEAD_LOG, is_unfinished, open_at_rest};
use super::draft::{Draft, Rights};
use super::{backups, folder_of};
use crate::base::error::{Failure, Outcome};
use crate::store::failure::of_file;
use crate::store::{Store, drive, file, open};

impl Store {
    /// Blanks in the backups of a folder what was redacted in this file since they were made. Answers how
    /// many backups there are, and what went wrong with some of them.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn redact_backups(&self, folder: &Path) -> Outcome<(usize, Vec<Failure>)> {
        let made = backups(folder)?;
        let failures = made.iter().filter_map(|backup| self.redact_copy(&backup.path).err()).collect();
        Ok((made.len(), failures))
    }

    /// Puts in the place of a copy of this file, made before, one in which is blank what is blank here.
    /// Answers how many changes of the copy's log held something.
    ///
    /// # Errors
    /// What the disk answered; the copy is as it was then.
    pub fn redact_copy(&self, copy: &Path) -> Outcome<usize> {
        let placed =
            |failure: Failure| if failure.place.is_some() { failure } else { failure.at(copy.display().to_string()) };
        self.redacted_copy(copy).map_err(placed)
    }

    fn redacted_copy(&self, copy: &Path) -> Outcome<usize> {
        if !self.has_redactions()? {
            return Ok(0);
        }
        if !fs::symlink_metadata(copy).map_err(|error| of_file(copy, &error))?.is_file() {
            return Err(Failure::machine("This is not a file."));
        }
        if is_unfinished(copy) {
            finish(copy)?;
        }
        if self.is_blank_in(&open_at_rest(copy, self.clock.clone())?.conn)? {
            return Ok(0);
        }
        let draft = twin(copy, folder_of(copy))?;
        let count = self.blank_draft(&draft)?;
        draft.replace(copy)?;
        Ok(count)
    }

    /// Blanks in a draft of a copy what is blank here. It is on the disk then.
    pub(super) fn blank_draft(&self, draft: &Draft) -> Outcome<usize> {
        if !self.has_redactions()? {
            return Ok(0);
        }
        // As when it was copied: nobody else knows the draft. What is blanked must not be left in a journal.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(open::uri(draft.path(), "nolock=1")?, flags)?;
        conn.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")?;
        let count = self.blank(&mut conn)?;
        conn.close().map_err(|(_, error)| error)?;
        draft.sync()?;
        Ok(count)
    }
}

/// Has SQLite set a copy right that somebody wrote to and did not finish: takes back what a journal beside
/// it keeps, and takes in what a log does. That can be broken off anywhere and begun again.
fn finish(copy: &Path) -> Outcome<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(copy, flags)?;
    open::prepare(&conn)?;
    conn.query_one("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    Ok(conn.close().map_err(|(_, error)| error)?)
}

/// A draft in `folder` of a copy that somebody wrote to and did not finish, as it was before. The copy and
/// its journal stay as they are.
pub(super) fn set_right(copy: &Path, folder: &Path) -> Outcome<Draft> {
    let copy = fs::canonicalize(copy).map_err(|error| of_file(copy, &error))?;
    let draft = twin(&copy, folder)?;
    let (from, to) = (file::beside(&copy, "-journal"), file::beside(draft.path(), "-journal"));
    fs::copy(&from, &to).map_err(|error| of_file(&from, &error))?;
    finish(draft.path())?;
    Ok(draft)
}

/// A draft in `folder` that holds what a copy at rest holds, for whoever may read that.
fn twin(copy: &Path, folder: &Path) -> Outcome<Draft> {
    let mut from = File::open(copy).map_err(|error| of_file(copy, &error))?;
    drive::check_room(folder, from.metadata().map_or(0, |found| found.len()))?;
    let draft = Draft::start(folder, Rights::of(copy))?;
    io::copy(&mut from, &mut draft.file()).map_err(|error| of_file(draft.path(), &error))?;
    draft.write_at(JOURNAL_AT, &NO_WRITE_AHEAD_LOG)?;
    Ok(draft)
}
