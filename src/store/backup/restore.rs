//! Putting a copy in the place of the board. The copy is checked before anything is touched, what
//! stands there is kept whatever its state, and at every moment one of the two has the board's name.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::blank::set_right;
use super::copy::{Contents, copy};
use super::draft::{Draft, Rights};
use super::present::{JOURNALS, Present};
use super::{Pace, backup_folder, folder_of, open_at_rest};
use crate::base::clock::Clock;
use crate::base::error::{Failure, Outcome};
use crate::store::failure::{broken_off, damaged, of_file};
use crate::store::{Store, file, open};

/// How two files differ: of the changes of each, how many the other has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Changes of the copy that the board has not.
    pub gained: usize,
    /// Changes of the board that the copy has not.
    pub lost: usize,
}

/// What became of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Where the board that stood there is kept; nothing where none stood there.
    pub kept: Option<PathBuf>,
    /// How the two differ; nothing where there was none, or it could not be read.
    pub difference: Option<Difference>,
}

/// A checked copy that waits to be put in the place of the board.
pub struct Restoring {
    database: PathBuf,
    draft: Draft,
    clock: Arc<dyn Clock>,
    contents: Contents,
    difference: Option<Difference>,
}

impl Restoring {
    /// Makes a copy of `backup` beside the database, and checks it from end to end. Nothing else is touched.
    ///
    /// # Errors
    /// Where the backup is not whole or not of a board, another program has the board open, what
    /// stands there never was a board, or what the disk answered.
    pub fn prepare(database: &Path, backup: &Path, clock: Arc<dyn Clock>) -> Outcome<Self> {
        let database = real_place(database)?;
        if fs::canonicalize(backup).is_ok_and(|backup| backup == database) {
            return Err(Failure::refused("This is the board itself.").at(backup.display().to_string()).hint(CHOOSE));
        }
        let like = if database.exists() { &database } else { backup };
        let draft = Draft::start(folder_of(&database), Rights::of(like))?;
        let contents = copied(backup, &draft, &clock).map_err(|failure| of_backup(backup, failure))?;
        let mut restoring = Self { database, draft, clock, contents, difference: None };
        // Whoever has the board open is told so before anybody is asked anything; it is looked at again
        // when it counts.
        let present = Present::take(&restoring.database, &restoring.clock)?;
        if let Present::Whole(present) = &present {
            // What was blanked since the copy was made must not come back with it. Where the present file
            // cannot be read, the next sync blanks it once more.
            present.blank_draft(&restoring.draft)?;
        }
        restoring.difference = restoring.compare(&present);
        Ok(restoring)
    }

    /// How many changes the copy has.
    pub fn changes(&self) -> i64 {
        self.contents.changes
    }

    /// How the copy and the board that stands there differ; nothing where none stands there, or it cannot
    /// be read.
    pub fn difference(&self) -> Option<Difference> {
        self.difference
    }

    /// Keeps what stands there, by preference in `folder`, and puts the copy in its place. It becomes a
    /// replica of its own when it is opened.
    ///
    /// # Errors
    /// Where another program has the board open, what stands there cannot be kept, or what the disk
    /// answered; the board stays what it was then.
    pub fn put(self, folder: &Path, now: DateTime<Utc>) -> Outcome<Restored> {
        let mut present = Present::take(&self.database, &self.clock)?;
        let difference = self.compare(&present);
        let beside = backup_folder(&self.database);
        present.take_log_in()?;
        let kept = match present.keep(&self.database, folder, now) {
            // The folder that was set may be on a drive that is not there today.
            Err(_) if folder != beside => present.keep(&self.database, &beside, now)?,
            kept => kept?,
        };
        for journal in JOURNALS.iter().chain(&["-shm"]) {
            remove(&file::beside(&self.database, journal))?;
        }
        // Where a file that is open cannot be replaced, nobody is kept out for this moment.
        #[cfg(not(unix))]
        drop(present);
        self.draft.replace(&self.database)?;
        #[cfg(unix)]
        drop(present);
        // Which file the replica's numbers belong to. The next opening gives the board a replica of its own
        // because it is another file; without this line beside it there is nothing even to compare.
        let _ = remove(&file::beside(&self.database, "-replica"));
        Ok(Restored { kept, difference })
    }

    fn compare(&self, present: &Present) -> Option<Difference> {
        let Present::Whole(present) = present else { return None };
        let copy = open_at_rest(self.draft.path(), self.clock.clone()).ok()?;
        Some(Difference { gained: not_in(&copy, present).ok()?, lost: not_in(present, &copy).ok()? })
    }
}

const CHOOSE: &str = "Choose another one: `huddleboard restore` lists them.";

/// Copies what is to be restored into the draft. Where a change to it was broken off, that is taken back
/// in a copy: it may lie where nothing can be written.
fn copied(backup: &Path, draft: &Draft, clock: &Arc<dyn Clock>) -> Outcome<Contents> {
    match source(backup, clock) {
        Err(failure) if failure.what == broken_off().what => {
            let whole = set_right(backup, folder_of(draft.path()))?;
            copy(&mut open_at_rest(whole.path(), clock.clone())?, draft, &Pace::default())
        }
        source => copy(&mut source?, draft, &Pace::default()),
    }
}

/// A connection to what is to be restored: as it is at rest, or with its log where one stands beside it.
fn source(backup: &Path, clock: &Arc<dyn Clock>) -> Outcome<Store> {
    if !fs::metadata(backup).map_err(|error| of_file(backup, &error))?.is_file() {
        return Err(Failure::machine("This is not a file.").at(backup.display().to_string()).hint(CHOOSE));
    }
    let real = fs::canonicalize(backup).map_err(|error| of_file(backup, &error))?;
    let has_log = |journal: &str| fs::metadata(file::beside(&real, journal)).is_ok_and(|log| log.len() > 0);
    if JOURNALS.iter().any(|journal| has_log(journal)) {
        file::check_header(&real)?;
        return Store::on(open::connect_to_read(&real)?, &real, clock.clone());
    }
    if fs::metadata(&real).is_ok_and(|found| found.len() == 0) {
        return Err(damaged());
    }
    open_at_rest(&real, clock.clone())
}

/// A failure of the copy that was to be restored, with what to do about it.
fn of_backup(backup: &Path, mut failure: Failure) -> Failure {
    if failure == damaged() {
        failure.hint = Some(format!("The board is as it was. {CHOOSE}"));
    }
    if failure.place.is_some() { failure } else { failure.at(backup.display().to_string()) }
}

/// How many changes of `one` the other has not.
fn not_in(one: &Store, other: &Store) -> Outcome<usize> {
    let theirs = other.have()?;
    let mut count = 0;
    for mine in one.have()? {
        let from = theirs.iter().find(|have| have.replica == mine.replica).map_or(0, |have| have.upto.min(mine.upto));
        let above = |store: &Store| -> Outcome<BTreeSet<i64>> {
            let sql = "SELECT c.seq FROM replicas r JOIN changes c ON c.origin = r.no WHERE r.id = ?1 AND c.seq > ?2";
            let mut statement = store.conn.prepare_cached(sql)?;
            let rows = statement.query_map((&mine.replica.bytes()[..], from), |row| row.get(0))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        };
        count += above(one)?.difference(&above(other)?).count();
    }
    Ok(count)
}

fn remove(path: &Path) -> Outcome<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(of_file(path, &error)),
        _ => Ok(()),
    }
}

/// The database by its real name, also where it is not there any more.
fn real_place(database: &Path) -> Outcome<PathBuf> {
    match fs::canonicalize(database) {
        Ok(real) => Ok(real),
        Err(error) if error.kind() == io::ErrorKind::NotFound => super::whole_name(database),
        Err(error) => Err(of_file(database, &error)),
    }
}
