//! Backups: copies of the whole file, each checked against what it was copied from, under a name that
//! says when. Those that are made by themselves are thinned out as they age; no other is ever removed.

mod blank;
mod copy;
mod draft;
mod list;
mod present;
mod restore;
mod thin;

pub use self::copy::Pace;
pub use self::list::{Backup, Holding, Sort, backups, holding};
pub use self::restore::{Difference, Restored, Restoring};

use self::copy::open_at_rest;
pub(super) use self::copy::{copy, integrity, sound};
pub(super) use self::draft::Draft;

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use self::draft::Rights;
use self::list::Extent;
use super::{Store, file};
use crate::base::error::{Failure, Outcome};

/// The folder for a database's backups, where nobody names another: beside it, and named after it.
pub fn backup_folder(database: &Path) -> PathBuf {
    file::beside(database, "-backups")
}

impl Store {
    /// Copies the board into a file of this name, which must not be there yet. Others may go on writing.
    ///
    /// # Errors
    /// Where the name is taken, the drive has no room, or what the disk answered; nothing is left then.
    pub fn back_up(&self, to: &Path) -> Outcome<Backup> {
        let to = whole_name(to)?;
        if fs::symlink_metadata(&to).is_ok() {
            return Err(draft::taken(&to));
        }
        let draft = self.drafted(folder_of(&to), &Pace::default())?;
        match draft.put(&to)? {
            Ok(()) => list::named_by_hand(&to, self.clock.now()),
            Err(_) => Err(draft::taken(&to)),
        }
    }

    /// Copies the board into `folder`, which is made where it is not there, under a name that says `now`;
    /// then thins the folder out.
    ///
    /// # Errors
    /// As [`Store::back_up`].
    pub fn back_up_into(&self, folder: &Path, now: DateTime<Utc>) -> Outcome<Backup> {
        self.keep(folder, now, &Pace::default())
    }

    /// Does as [`Store::back_up_into`] where that has not been done today (by UTC) and anything was
    /// written since; a demonstration and an empty board need none.
    ///
    /// # Errors
    /// As [`Store::back_up`].
    pub fn back_up_if_due(&self, folder: &Path, now: DateTime<Utc>) -> Outcome<Option<Backup>> {
        self.back_up_if_due_until(folder, now, &Pace::default())
    }

    /// Does as [`Store::back_up_if_due`], at a pace that another thread may end.
    ///
    /// # Errors
    /// As [`Store::back_up`], and where it was ended.
    pub fn back_up_if_due_until(&self, folder: &Path, now: DateTime<Utc>, pace: &Pace) -> Outcome<Option<Backup>> {
        if self.is_demo_or_empty()? || draft::is_busy(folder) || !self.is_due(folder, now)? {
            return Ok(None);
        }
        self.keep(folder, now, pace).map(Some)
    }

    fn is_due(&self, folder: &Path, now: DateTime<Utc>) -> Outcome<bool> {
        let made = backups(folder)?;
        let Some(last) = made.iter().find(|backup| backup.sort == Sort::Regular && backup.when <= now) else {
            return Ok(true);
        };
        if last.when.date_naive() == now.date_naive() {
            return Ok(false);
        }
        // One that cannot be read is as good as none.
        Ok(!holds_all_of(last, self))
    }

    fn keep(&self, folder: &Path, now: DateTime<Utc>, pace: &Pace) -> Outcome<Backup> {
        draft::make_folder(folder, Rights::of(&self.path))?;
        // A restore that was killed has left one beside the board.
        draft::clear(folder_of(&self.path));
        let draft = self.drafted(folder, pace)?;
        let kept = list::put_under_a_free_name(draft, folder, Sort::Regular, now)?;
        thin_out(folder, now)?;
        // A run that was killed while it blanked them has left some; the next day's has another try.
        let _ = self.redact_backups(folder);
        Ok(kept)
    }

    /// A whole copy of the board as it is now, that has no name yet.
    fn drafted(&self, folder: &Path, pace: &Pace) -> Outcome<Draft> {
        let draft = Draft::start(folder, Rights::of(&self.path))?;
        copy(&mut self.reader()?, &draft, pace)?;
        Ok(draft)
    }
}

/// Whether a copy can be read and holds what the board holds.
pub(super) fn holds_all_of(backup: &Backup, store: &Store) -> bool {
    let extent = open_at_rest(&backup.path, store.clock.clone()).and_then(|copy| Extent::of(&copy.conn));
    matches!((extent, Extent::of(&store.conn)), (Ok(copy), Ok(own)) if copy == own)
}

/// Keeps the file as it is before its schema changes; `store` is of the old one. One that was kept
/// already, by an opening that came no further, is not kept again.
pub(super) fn keep_before_schema(store: &mut Store, schema: i32) -> Outcome<()> {
    let (folder, sort) = (backup_folder(&store.path), Sort::BeforeSchema(schema));
    if backups(&folder)?.iter().any(|kept| kept.sort == sort && holds_all_of(kept, store)) {
        return Ok(());
    }
    let rights = Rights::of(&store.path);
    draft::make_folder(&folder, rights)?;
    let draft = Draft::start(&folder, rights)?;
    copy(store, &draft, &Pace::default())?;
    let now = store.clock.now();
    list::put_under_a_free_name(draft, &folder, sort, now).map(|_| ())
}

/// An empty file that goes away when it is dropped: room to try something out. It is made beside the
/// database, where nobody else can read it; where nothing can be written there, in `elsewhere`.
pub(super) fn scratch(database: &Path, elsewhere: &Path) -> Outcome<Draft> {
    let rights = Rights::of(database);
    Draft::start(folder_of(database), rights).or_else(|_| Draft::start(elsewhere, rights))
}

fn thin_out(folder: &Path, now: DateTime<Utc>) -> Outcome<()> {
    let regular: Vec<Backup> = backups(folder)?.into_iter().filter(|backup| backup.sort == Sort::Regular).collect();
    let times: Vec<DateTime<Utc>> = regular.iter().map(|backup| backup.when).collect();
    let gone = thin::superfluous(&times, now);
    for backup in regular.iter().filter(|backup| gone.contains(&backup.when)) {
        // What cannot be removed today can be tomorrow.
        let _ = fs::remove_file(&backup.path);
    }
    Ok(())
}

/// The folder that a file of this name is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A name from the root, by the folder's real name.
fn whole_name(path: &Path) -> Outcome<PathBuf> {
    let folder = folder_of(path);
    let real = fs::canonicalize(folder).map_err(|error| super::failure::of_file(folder, &error))?;
    match path.file_name() {
        Some(name) => Ok(real.join(name)),
        None => Err(Failure::usage("A backup needs the name of a file.").at(path.display().to_string())),
    }
}
