//! A copied or restored file becomes a replica of its own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::base::id::ReplicaId;
use huddleboard::domain::change::Edit;
use huddleboard::domain::team::Team;
use huddleboard::store::{LogQuery, Store};

use crate::support::*;

fn open(path: &Path) -> Store {
    Store::open(&opening(path, &Arc::new(FixedClock::at(noon())))).unwrap()
}

/// A closed board with a little in it, and its replica.
fn board(path: &Path) -> ReplicaId {
    let mut store = open(path);
    make_team(&mut store, "Ward 7A");
    store.replica()
}

fn rename(store: &mut Store, name: &str) {
    let team: Team = store.teams().unwrap().remove(0);
    store.commit(&nurse(), "rename", [Ok(Edit::of(&team).with("name", &name.to_owned()))]).unwrap();
}

#[test]
fn a_file_that_is_opened_again_stays_the_replica_that_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.db");
    let replica = board(&path);
    for _ in 0..3 {
        let mut store = open(&path);
        assert_eq!((store.replica(), store.forked_from()), (replica, None));
        rename(&mut store, &uuid::Uuid::new_v4().to_string());
    }
}

#[test]
fn a_copy_under_another_name_becomes_another_replica() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("a.db"), dir.path().join("b.db"));
    let replica = board(&path);
    fs::copy(&path, &copy).unwrap();
    let mut store = open(&copy);
    assert_eq!(store.forked_from(), Some(replica));
    assert_ne!(store.replica(), replica);
    rename(&mut store, "Ward 7B");
    assert_eq!(store.log(&LogQuery { limit: 1, ..LogQuery::default() }).unwrap()[0].replica, store.replica());
    let forked = store.replica();
    drop(store);
    let again = open(&copy);
    assert_eq!((again.replica(), again.forked_from()), (forked, None), "only once");
    assert_eq!(open(&path).forked_from(), None, "the original is left alone");
}

#[test]
fn a_copy_that_brings_its_sidecar_along_is_found_out() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("a.db"), dir.path().join("b.db"));
    let replica = board(&path);
    fs::copy(&path, &copy).unwrap();
    fs::copy(dir.path().join("a.db-replica"), dir.path().join("b.db-replica")).unwrap();
    assert_eq!(open(&copy).forked_from(), Some(replica));
}

#[test]
fn an_older_copy_put_back_over_the_original_becomes_another_replica() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backup) = (dir.path().join("a.db"), dir.path().join("backup.db"));
    let replica = board(&path);
    fs::copy(&path, &backup).unwrap();
    rename(&mut open(&path), "Ward 7B");
    fs::copy(&backup, &path).unwrap();
    let store = open(&path);
    assert_eq!(store.forked_from(), Some(replica));
    assert_eq!(store.teams().unwrap()[0].name, "Ward 7A");
}

#[test]
fn an_older_copy_is_found_out_after_a_kill_before_the_file_beside_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backup, beside) =
        (dir.path().join("a.db"), dir.path().join("backup.db"), dir.path().join("a.db-replica"));
    let replica = board(&path);
    fs::copy(&path, &backup).unwrap();
    let remembered = fs::read(&beside).unwrap();
    rename(&mut open(&path), "Ward 7B");
    fs::write(&beside, remembered).unwrap();
    assert_eq!(open(&path).forked_from(), None, "it is the file that it was");
    fs::copy(&backup, &path).unwrap();
    assert_eq!(open(&path).forked_from(), Some(replica));
}

#[test]
fn copies_of_a_board_without_any_change_do_not_share_a_replica() {
    let dir = tempfile::tempdir().unwrap();
    let (path, copy) = (dir.path().join("a.db"), dir.path().join("b.db"));
    let replica = open(&path).replica();
    fs::copy(&path, &copy).unwrap();
    let store = open(&copy);
    assert_ne!(store.replica(), replica);
    assert_eq!(store.forked_from(), None, "nothing was ever written under the other name");
    assert_eq!(open(&path).replica(), replica);
}

#[test]
fn a_file_that_was_moved_with_its_sidecar_stays_what_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let (path, moved) = (dir.path().join("a.db"), dir.path().join("b.db"));
    let replica = board(&path);
    fs::rename(&path, &moved).unwrap();
    fs::rename(dir.path().join("a.db-replica"), dir.path().join("b.db-replica")).unwrap();
    assert_eq!(open(&moved).replica(), replica);
}
