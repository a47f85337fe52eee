//! Copies put back: checked first, what stood there kept, and nothing half done.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::base::error::{FailureKind, Outcome};
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::PointKey;
use huddleboard::store::Store;
use huddleboard::store::backup::{Difference, Restored, Restoring, backup_folder, holding};
use tempfile::TempDir;

use crate::support::*;

/// A closed board with a backup, and something that was written after it.
struct Past {
    dir: TempDir,
    path: PathBuf,
    backup: PathBuf,
    falls: Measure,
    clock: Arc<FixedClock>,
}

impl Past {
    fn new() -> Self {
        let mut ward = Ward::new();
        ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
        let backup = ward.store.back_up_into(&backup_folder(&ward.path()), noon()).unwrap().path;
        ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
        ward.commit(vec![ward.put("2026-11-21", 3.0)]).unwrap();
        let (path, falls) = (ward.path(), ward.falls.clone());
        let (dir, clock) = ward.close();
        Self { dir, path, backup, falls, clock }
    }

    fn folder(&self) -> PathBuf {
        backup_folder(&self.path)
    }

    fn restore(&self, backup: &Path) -> Outcome<Restored> {
        Restoring::prepare(&self.path, backup, self.clock.clone())?.put(&self.folder(), noon())
    }

    fn put(&self, date: &str, value: f64) -> Edit {
        Edit::put_point(self.falls.team, PointKey::whole(self.falls.id, day(date)), count(value), "")
    }

    fn open(&self) -> Store {
        Store::open(&opening(&self.path, &self.clock)).unwrap()
    }

    fn values(&self, path: &Path) -> Vec<Option<f64>> {
        values(&Store::open(&opening(path, &self.clock)).unwrap().points(&self.falls, noon()).unwrap())
    }

    /// Everything in the board's folder and in its backups.
    fn all(&self) -> Vec<(String, u64)> {
        [files(self.dir.path()), files(&self.folder())].concat()
    }
}

#[test]
fn a_restored_board_says_what_it_said_and_the_one_that_stood_there_is_kept() {
    let past = Past::new();
    let before = past.open().replica();
    let restoring = Restoring::prepare(&past.path, &past.backup, past.clock.clone()).unwrap();
    let difference = Some(Difference { gained: 0, lost: 2 });
    assert_eq!((restoring.changes(), restoring.difference()), (4, difference));
    let restored = restoring.put(&past.folder(), noon()).unwrap();
    assert_eq!(restored.difference, difference);
    assert_eq!(names(past.dir.path()), ["ward.db", "ward.db-backups"]);
    let store = past.open();
    assert_eq!(store.forked_from(), Some(before));
    drop(store);
    assert_eq!(past.values(&past.path), [Some(1.0)]);
    assert_eq!(past.values(&restored.kept.unwrap()), [Some(2.0), Some(3.0)]);
    assert!(past.backup.exists());
}

#[test]
fn what_was_written_last_and_is_still_in_the_log_is_kept_as_well() {
    let past = Past::new();
    // A board that was not closed: its last changes stand in the log alone.
    let (open, copy) = (past.open(), past.dir.path().join("crashed.db"));
    let mut store = past.open();
    store.commit(&nurse(), "one more", [Ok(past.put("2026-11-22", 4.0))]).unwrap();
    fs::copy(&past.path, &copy).unwrap();
    fs::copy(past.path.with_extension("db-wal"), copy.with_extension("db-wal")).unwrap();
    drop((open, store));
    let folder = backup_folder(&copy);
    let restored = Restoring::prepare(&copy, &past.backup, past.clock.clone()).unwrap().put(&folder, noon()).unwrap();
    assert_eq!(restored.difference, Some(Difference { gained: 0, lost: 3 }));
    assert_eq!(past.values(&restored.kept.unwrap()), [Some(2.0), Some(3.0), Some(4.0)]);
    assert_eq!(past.values(&copy), [Some(1.0)]);
}

#[test]
fn a_board_that_is_restored_twice_on_one_machine_is_three_replicas() {
    let past = Past::new();
    let mut seen = vec![past.open().replica()];
    for day in ["2026-11-22", "2026-11-23"] {
        past.restore(&past.backup).unwrap();
        let mut store = past.open();
        seen.push(store.replica());
        store.commit(&nurse(), "after", [Ok(past.put(day, 5.0))]).unwrap();
    }
    // And once more without having been opened in between.
    past.restore(&past.backup).unwrap();
    past.restore(&past.backup).unwrap();
    seen.push(past.open().replica());
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (4, 4), "no two share their numbers");
}

#[test]
fn a_restore_can_be_taken_back_by_restoring_what_it_kept() {
    let past = Past::new();
    let kept = past.restore(&past.backup).unwrap().kept.unwrap();
    let again = past.restore(&kept).unwrap();
    assert_eq!(again.difference, Some(Difference { gained: 2, lost: 0 }));
    assert_eq!(past.values(&past.path), [Some(2.0), Some(3.0)]);
}

#[test]
fn a_damaged_board_is_moved_aside_byte_for_byte_with_its_log_and_the_copy_is_put_in_its_place() {
    let whole = Past::new();
    let bytes = fs::read(&whole.path).unwrap();
    let damages: [fn(&mut Vec<u8>); 5] = [
        |bytes| bytes.truncate(30_000),
        |bytes| bytes.clear(),
        |bytes| bytes[..4096].fill(0),
        |bytes| bytes.chunks_mut(4096).skip(1).for_each(|page| page[..64].fill(0xa5)),
        |bytes| *bytes = b"A ward round note, and no database at all.".repeat(100),
    ];
    for (number, damage) in damages.iter().enumerate() {
        let past = Past::new();
        let mut damaged = bytes.clone();
        damage(&mut damaged);
        fs::write(&past.path, &damaged).unwrap();
        let log = past.path.with_extension("db-wal");
        fs::write(&log, b"what is left of a log").unwrap();
        let restored = past.restore(&past.backup).unwrap();
        let kept = restored.kept.unwrap();
        assert!(kept.file_name().unwrap().to_str().unwrap().starts_with("damaged-"), "{number}");
        assert_eq!(fs::read(&kept).unwrap(), damaged, "{number}");
        assert_eq!(fs::read(kept.with_extension("db-wal")).unwrap(), b"what is left of a log", "{number}");
        assert!(!log.exists() && restored.difference.is_none(), "{number}");
        assert_eq!(past.values(&past.path), [Some(1.0)], "{number}");
    }
}

#[test]
fn a_board_that_is_gone_comes_back() {
    let past = Past::new();
    fs::remove_file(&past.path).unwrap();
    fs::write(past.path.with_extension("db-wal"), "what is left of a log").unwrap();
    let restored = past.restore(&past.backup).unwrap();
    assert_eq!(restored, Restored { kept: None, difference: None });
    let log = names(&past.folder()).into_iter().find(|name| name.ends_with(".db-wal")).unwrap();
    assert_eq!(fs::read(past.folder().join(log)).unwrap(), b"what is left of a log");
    assert_eq!(past.values(&past.path), [Some(1.0)]);
}

#[test]
fn a_backup_that_is_not_whole_is_refused_and_nothing_is_touched() {
    let past = Past::new();
    let bytes = fs::read(&past.backup).unwrap();
    let damages: [fn(&mut Vec<u8>); 5] = [
        |bytes| bytes.truncate(30_000),
        |bytes| bytes.clear(),
        |bytes| bytes[..4096].fill(0),
        |bytes| bytes.chunks_mut(4096).skip(1).for_each(|page| page[..64].fill(0xa5)),
        |bytes| bytes[60..64].copy_from_slice(&999_i32.to_be_bytes()),
    ];
    for damage in damages {
        let mut damaged = bytes.clone();
        damage(&mut damaged);
        fs::write(&past.backup, &damaged).unwrap();
        let before = past.all();
        let failure = past.restore(&past.backup).unwrap_err();
        assert!(failure.hint.is_some() && failure.place.is_some(), "{failure}");
        assert_eq!(past.all(), before);
    }
    assert!(past.restore(&past.path).unwrap_err().what.contains("the board itself"));
    assert!(past.restore(Path::new("nowhere.db")).is_err());
}

/// Leaves the file as a program leaves it that is killed while it writes to it: some pages new, some old,
/// and the old ones of the new in a journal.
fn break_off_a_change(path: &Path) {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch(
        "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;
         UPDATE points SET value = 99; UPDATE changes SET fields = '{}';
         WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 3000)
         INSERT INTO handles(no, id) SELECT 1000 + n, randomblob(16) FROM n;",
    )
    .unwrap();
    let journal = path.with_extension("db-journal");
    let (half, old) = (fs::read(path).unwrap(), fs::read(&journal).unwrap());
    conn.execute_batch("ROLLBACK").unwrap();
    drop(conn);
    assert_ne!(fs::read(path).unwrap(), half);
    fs::write(path, half).unwrap();
    fs::write(journal, old).unwrap();
}

#[test]
fn a_change_to_a_backup_that_was_broken_off_is_taken_back_when_it_is_restored() {
    let past = Past::new();
    break_off_a_change(&past.backup);
    let before = files(&past.folder());
    assert!(holding(&past.backup).unwrap_err().what.contains("broken off"), "the list says so");
    // Without a place to write in, as on a stick that is locked.
    fs::set_permissions(past.folder(), fs::Permissions::from_mode(0o500)).unwrap();
    let restoring = Restoring::prepare(&past.path, &past.backup, past.clock.clone()).unwrap();
    fs::set_permissions(past.folder(), fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(restoring.changes(), 4);
    assert_eq!(files(&past.folder()), before, "the backup is as it was");
    restoring.put(&past.folder(), noon()).unwrap();
    assert_eq!(past.values(&past.path), [Some(1.0)]);
    assert_eq!(integrity(&past.path), "ok");
    assert!(names(past.dir.path()).iter().all(|name| !name.contains(".part")), "{:?}", names(past.dir.path()));
}

#[test]
fn a_backup_with_a_change_that_was_broken_off_is_as_good_as_none_until_it_is_put_right() {
    let past = Past::new();
    break_off_a_change(&past.backup);
    let store = past.open();
    let later = noon() + chrono::TimeDelta::days(1);
    assert!(store.back_up_if_due(&past.folder(), later).unwrap().is_some());
}

#[test]
fn what_never_was_a_board_is_not_moved_to_make_room_for_one() {
    let past = Past::new();
    let other = past.dir.path().join("other.db");
    let conn = rusqlite::Connection::open(&other).unwrap();
    conn.execute_batch("CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1);").unwrap();
    drop(conn);
    let notes = past.dir.path().join("notes.txt");
    fs::write(&notes, "Bay 3: two falls").unwrap();
    for path in [other, notes] {
        let before = fs::read(&path).unwrap();
        let failure = Restoring::prepare(&path, &past.backup, past.clock.clone()).map(|_| ()).unwrap_err();
        assert_eq!((failure.kind, failure.what.as_str()), (FailureKind::Refused, "This is not a huddleboard file."));
        assert_eq!(fs::read(&path).unwrap(), before);
    }
}

#[test]
fn a_board_that_is_open_is_not_replaced() {
    let past = Past::new();
    let mut store = past.open();
    let before = fs::read(&past.backup).unwrap();
    let failure = past.restore(&past.backup).unwrap_err();
    assert_eq!(failure.what, "Another program has this board open.");
    store.rebuild().unwrap();
    drop(store);
    assert_eq!(past.values(&past.path), [Some(2.0), Some(3.0)]);
    assert_eq!(fs::read(&past.backup).unwrap(), before);
    // Opened after the copy was checked, and before it was put in place.
    let restoring = Restoring::prepare(&past.path, &past.backup, past.clock.clone()).unwrap();
    let store = past.open();
    assert!(restoring.put(&past.folder(), noon()).is_err());
    drop(store);
    assert_eq!(past.values(&past.path), [Some(2.0), Some(3.0)]);
    assert!(!names(past.dir.path()).iter().any(|name| name.ends_with(".part")));
}

#[test]
fn what_cannot_be_kept_is_not_replaced_and_another_folder_is_tried_first() {
    let past = Past::new();
    let nowhere = past.dir.path().join("nowhere");
    fs::write(&nowhere, "in the way").unwrap();
    let put =
        |folder: &Path| Restoring::prepare(&past.path, &past.backup, past.clock.clone()).unwrap().put(folder, noon());
    assert!(put(&nowhere).unwrap().kept.unwrap().starts_with(past.folder()));
    let aside = past.dir.path().join("aside.db");
    fs::rename(&past.backup, &aside).unwrap();
    fs::remove_dir_all(past.folder()).unwrap();
    fs::write(past.folder(), "in the way").unwrap();
    let before = fs::read(&past.path).unwrap();
    let refused = Restoring::prepare(&past.path, &aside, past.clock.clone()).unwrap().put(&nowhere, noon());
    assert!(refused.unwrap_err().place.is_some());
    assert_eq!(fs::read(&past.path).unwrap(), before);
}
