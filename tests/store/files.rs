//! The file itself: permissions, what is refused, and that what is refused is left as it is.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::base::error::FailureKind;
use huddleboard::store::{Opening, Store};
use tempfile::TempDir;

use crate::support::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn place() -> (TempDir, PathBuf, Opening) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ward.db");
    let opening = opening(&path, &Arc::new(FixedClock::at(noon())));
    (dir, path, opening)
}

#[test]
fn only_the_owner_can_read_a_new_board_and_all_that_stands_beside_it() {
    let (dir, _, mut opening) = place();
    opening.path = dir.path().join("new/folder/ward.db");
    let mut store = Store::open(&opening).unwrap();
    make_team(&mut store, "Ward");
    assert_eq!(mode(&dir.path().join("new")), 0o700);
    assert_eq!(mode(&dir.path().join("new/folder")), 0o700);
    let files: Vec<_> = fs::read_dir(dir.path().join("new/folder")).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "{files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600), "{files:?}");
}

#[test]
fn a_group_shares_a_board_where_it_is_told_to() {
    let (dir, _, mut opening) = place();
    opening.shared_with_group = true;
    let mut store = Store::open(&opening).unwrap();
    make_team(&mut store, "Ward");
    for file in fs::read_dir(dir.path()).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o660, "{}", path.display());
    }
}

#[test]
fn the_permissions_of_a_file_that_is_there_are_not_loosened() {
    let (_dir, path, mut opening) = place();
    drop(Store::open(&opening).unwrap());
    opening.shared_with_group = true;
    drop(Store::open(&opening).unwrap());
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn a_missing_file_is_made_only_where_that_was_asked_for() {
    let (_dir, path, mut opening) = place();
    opening.create = false;
    assert_eq!(Store::open(&opening).unwrap_err().kind, FailureKind::NotFound);
    assert!(!path.exists());
}

#[test]
fn a_link_that_was_planted_is_not_followed_to_make_a_file() {
    let (dir, path, opening) = place();
    let target = dir.path().join("target");
    symlink(&target, &path).unwrap();
    assert!(Store::open(&opening).is_err());
    assert!(!target.exists());
    fs::write(&target, b"").unwrap();
    assert!(Store::open(&opening).is_err());
    assert_eq!(fs::read(&target).unwrap(), b"");
}

#[test]
fn a_link_to_a_board_leads_to_that_board() {
    let (dir, path, mut opening) = place();
    let replica = Store::open(&opening).unwrap().replica();
    opening.path = dir.path().join("link.db");
    symlink(&path, &opening.path).unwrap();
    assert_eq!(Store::open(&opening).unwrap().replica(), replica);
}

/// Opens the file, which must be refused and left as it is, with nothing new beside it.
fn refused(dir: &TempDir, path: &Path, opening: &Opening) -> String {
    let before = (fs::read(path).unwrap(), fs::metadata(path).unwrap().modified().unwrap());
    let count = fs::read_dir(dir.path()).unwrap().count();
    let failure = Store::open(opening).unwrap_err();
    assert_eq!((fs::read(path).unwrap(), fs::metadata(path).unwrap().modified().unwrap()), before);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), count);
    failure.what
}

#[test]
fn a_newer_schema_is_refused_and_the_file_left_as_it_is() {
    let (dir, path, opening) = place();
    drop(Store::open(&opening).unwrap());
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.pragma_update(None, "user_version", 999).unwrap();
    drop(conn);
    let what = refused(&dir, &path, &opening);
    assert_eq!(what, "This file was made by a newer huddleboard (schema 999; this one knows up to 4).");
}

#[test]
fn what_is_no_board_is_refused_and_left_as_it_is() {
    for bytes in [
        b"A ward round note, and no database at all.".to_vec(),
        b"SQLite format 3\0 and no more".to_vec(),
        vec![0; 8_192],
    ] {
        let (dir, path, opening) = place();
        fs::write(&path, bytes).unwrap();
        assert_eq!(refused(&dir, &path, &opening), "This is not a huddleboard file.");
    }
}

#[test]
fn another_programs_database_is_refused_and_left_as_it_is() {
    for pragma in ["application_id = 7", "user_version = 3", "user_version = 0"] {
        let (dir, path, opening) = place();
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch(&format!("CREATE TABLE theirs(x); PRAGMA {pragma}")).unwrap();
        drop(conn);
        assert_eq!(refused(&dir, &path, &opening), "This is not a huddleboard file.");
    }
}

#[test]
fn a_damaged_file_is_a_sentence_and_never_a_panic() {
    let (_dir, path, opening) = place();
    {
        let mut store = Store::open(&opening).unwrap();
        make_team(&mut store, "Ward");
    }
    let whole = fs::read(&path).unwrap();
    for step in 1..40 {
        let mut bytes = whole.clone();
        let at = step * 2_477 % (bytes.len() - 200) + 100;
        bytes[at..at + 40].fill(0xa5);
        if step % 3 == 0 {
            bytes.truncate(at);
        }
        fs::write(&path, &bytes).unwrap();
        if let Ok(mut store) = Store::open(&opening) {
            let _ = store.digest();
            let _ = store.teams();
            let _ = store.log(&huddleboard::store::LogQuery::default());
            let _ = store.undo(&nurse(), huddleboard::store::UndoScope::File);
            let _ = store.rebuild();
        }
    }
}

/// Whoever may do everything is not kept out by permissions.
fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0
}

#[test]
fn a_board_that_cannot_be_written_is_opened_for_reading() {
    if is_root() {
        return;
    }
    for (file, folder) in [(0o400, 0o700), (0o600, 0o500), (0o400, 0o500)] {
        let mut ward = Ward::new();
        ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
        let (opening, path, falls, put) =
            (ward.opening(), ward.path(), ward.falls.clone(), ward.put("2026-11-21", 1.0));
        let (dir, _) = ward.close();
        let set = |file: u32, folder: u32| {
            fs::set_permissions(&path, fs::Permissions::from_mode(file)).unwrap();
            fs::set_permissions(dir.path(), fs::Permissions::from_mode(folder)).unwrap();
        };
        set(file, folder);
        let mut store = Store::open(&opening).unwrap();
        assert!(!store.is_writable(), "{file:o} in {folder:o}");
        assert_eq!(values(&store.points(&falls, noon()).unwrap()), [Some(1.0)], "{file:o} in {folder:o}");
        let refused = store.commit(&nurse(), "no", [Ok(put.clone())]).unwrap_err();
        assert_eq!(refused.what, "This file can only be read.", "{file:o} in {folder:o}");
        drop(store);
        set(0o600, 0o700);
        let mut store = Store::open(&opening).unwrap();
        assert_eq!(store.forked_from(), None);
        store.commit(&nurse(), "yes", [Ok(put)]).unwrap();
    }
}
