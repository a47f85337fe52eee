//! Files in the making in a folder that others read: whose they are, and when one is left over.
//!
//! A draft stands beside its place under a name that says which board writes it. A share may have no
//! locks, so a board's runs agree on its own machine: each holds a lock beside the database while it
//! writes. A run that finds itself alone takes away what an earlier one of the same board left, at once;
//! what other boards left it takes away when the folder has seen newer files for a day.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use uuid::Uuid;

use super::hub;
use crate::base::id::ReplicaId;
use crate::store::Store;

/// The ending of the file beside the database that is locked while something of it is written.
const LOCK: &str = "-sync";
const ENDING: &str = ".part";
/// No bundle is written for so long.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// Leave to write into folders: as long as it is there, no other run takes its drafts for left-overs.
pub(super) struct Writing {
    replica: ReplicaId,
    /// Held for its lock; nothing where the file system has none, or the file cannot be made.
    _lock: Option<File>,
}

impl Writing {
    /// Begins, and takes away those of the drafts that are left over.
    pub(super) fn begin(store: &Store, drafts: &[PathBuf]) -> Self {
        let replica = store.replica();
        let lock = lock_file(store.path());
        let own = format!(".{}-", replica.0.simple());
        let (ours, theirs): (Vec<&PathBuf>, Vec<&PathBuf>) =
            drafts.iter().partition(|draft| name(draft).is_some_and(|name| name.starts_with(&own)));
        // Alone for this moment: a run that begins now waits for it before it writes anything.
        if lock.as_ref().is_some_and(|lock| lock.try_lock().is_ok()) {
            ours.into_iter().for_each(|draft| take_away(draft));
            hub::drafts(store.path()).iter().for_each(|draft| take_away(draft));
        }
        theirs.into_iter().filter(|draft| is_abandoned(draft)).for_each(|draft| take_away(draft));
        let lock = lock.filter(|lock| lock.unlock().and_then(|()| lock.lock_shared()).is_ok());
        Self { replica, _lock: lock }
    }

    /// Begins to write beside the database alone; nothing is taken away.
    pub(super) fn beside(database: &Path) -> Option<File> {
        lock_file(database).filter(|lock| lock.lock_shared().is_ok())
    }

    /// A name for a new draft in this folder.
    pub(super) fn draft(&self, folder: &Path) -> PathBuf {
        folder.join(format!(".{}-{}{ENDING}", self.replica.0.simple(), Uuid::new_v4().simple()))
    }
}

/// Whether a file of this name is a draft of some board.
pub(super) fn is_draft(name: &str) -> bool {
    let ids = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(ENDING));
    ids.is_some_and(|ids| {
        ids.split('-').all(|id| Uuid::try_parse(id).is_ok_and(|uuid| uuid.simple().to_string() == id))
    })
}

/// The drafts that stand in a folder.
pub(super) fn drafts_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| name(path).is_some_and(is_draft)).collect()
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

/// Whether the folder has had newer files for a day. Only its own times are compared: its clock may be
/// another machine's.
fn is_abandoned(draft: &Path) -> bool {
    let changed = |path: &Path| fs::symlink_metadata(path).and_then(|found| found.modified()).ok();
    let beside = draft.parent().into_iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let newest: Option<SystemTime> = beside.filter_map(|entry| changed(&entry.path())).max();
    let age = newest.zip(changed(draft)).and_then(|(newest, draft)| newest.duration_since(draft).ok());
    age.is_some_and(|age| age > ABANDONED)
}

fn take_away(draft: &Path) {
    // Only a file: what else has such a name is not a board's.
    if fs::symlink_metadata(draft).is_ok_and(|found| found.is_file()) {
        let _ = fs::remove_file(draft);
    }
}

fn lock_file(database: &Path) -> Option<File> {
    let mut path = database.as_os_str().to_owned();
    path.push(LOCK);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
        // Whoever may write the database may lock it.
        options.mode(fs::metadata(database).map_or(0o600, |found| found.mode() & 0o660));
    }
    options.open(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_drafts_are_drafts() {
        let id = "0123456789abcdef0123456789abcdef";
        for name in [format!(".{id}.part"), format!(".{id}-{id}.part")] {
            assert!(is_draft(&name), "{name}");
        }
        for name in ["x.part".to_owned(), ".part".into(), ".x.part".into(), format!("{id}.part"), format!(".{id}.hbs")]
        {
            assert!(!is_draft(&name), "{name}");
        }
    }
}
