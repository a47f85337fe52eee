//! What a board's doctor finds, and that looking changes nothing.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use huddleboard::base::clock::FixedClock;
use huddleboard::store::backup::backup_folder;
use huddleboard::store::check::{Examination, Finding, Verdict};
use tempfile::TempDir;

use crate::support::*;

/// A closed board with a backup.
fn board() -> (TempDir, PathBuf) {
    let mut ward = Ward::new();
    fs::set_permissions(ward.dir.path(), fs::Permissions::from_mode(0o700)).unwrap();
    ward.commit(vec![ward.put("2026-11-20", 1.0), ward.put("2026-11-21", 2.0)]).unwrap();
    ward.store.back_up_into(&backup_folder(&ward.path()), noon()).unwrap();
    let path = ward.path();
    (ward.close().0, path)
}

fn examine(path: &Path, now: DateTime<Utc>, built: Option<DateTime<Utc>>) -> Vec<Finding> {
    let (folder, elsewhere) = (backup_folder(path), std::env::temp_dir());
    let examination = Examination {
        database: path,
        backups: Some(&folder),
        elsewhere: &elsewhere,
        shared_with_group: false,
        built,
        clock: Arc::new(FixedClock::at(now)),
    };
    examination.carry_out(&mut |_| {}).unwrap()
}

/// The verdict of one check, at noon.
#[track_caller]
fn verdict(path: &Path, check: &str) -> (Verdict, String) {
    found(&examine(path, noon(), None), check)
}

#[track_caller]
fn found(findings: &[Finding], check: &str) -> (Verdict, String) {
    let finding = findings.iter().find(|finding| finding.check == check).unwrap();
    assert!((finding.verdict == Verdict::Ok) == finding.remedy.is_empty(), "{finding:?}");
    (finding.verdict, finding.found.clone())
}

fn sql(path: &Path, batch: &str) {
    rusqlite::Connection::open(path).unwrap().execute_batch(batch).unwrap();
}

#[test]
fn a_board_that_is_well_is_found_well_and_left_as_it_is() {
    let (dir, path) = board();
    let before = (files(dir.path()), files(&backup_folder(&path)));
    let findings = examine(&path, noon(), Some(noon() - TimeDelta::days(1)));
    let not_well: Vec<&Finding> = findings.iter().filter(|finding| finding.verdict == Verdict::Wrong).collect();
    assert!(not_well.is_empty(), "{not_well:?}");
    assert_eq!(found(&findings, "log"), (Verdict::Ok, "The tables are what the log of 5 changes makes.".to_owned()));
    assert_eq!(found(&findings, "integrity").0, Verdict::Ok);
    assert!(found(&findings, "backups").1.contains("can be read"));
    assert_eq!((files(dir.path()), files(&backup_folder(&path))), before);
}

#[test]
fn tables_that_say_what_the_log_does_not_are_found_out() {
    let (_dir, path) = board();
    sql(&path, "UPDATE points SET value = 7 WHERE start = '2026-11-20'");
    assert_eq!(verdict(&path, "log").0, Verdict::Wrong);
    assert_eq!(verdict(&path, "integrity").0, Verdict::Ok);
}

#[test]
fn a_damaged_file_is_wrong_and_the_rest_is_still_looked_at() {
    let (_dir, path) = board();
    let whole = fs::read(&path).unwrap();
    let damages: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(30_000),
        |bytes| bytes.clear(),
        |bytes| bytes[..4096].fill(0),
        |bytes| bytes.chunks_mut(4096).skip(1).for_each(|page| page[..64].fill(0xa5)),
    ];
    for damage in damages {
        let mut bytes = whole.clone();
        damage(&mut bytes);
        fs::write(&path, &bytes).unwrap();
        let findings = examine(&path, noon(), None);
        assert_eq!(found(&findings, "integrity").0, Verdict::Wrong);
        assert!(findings[0].remedy.contains("huddleboard restore"), "{findings:?}");
        assert!(found(&findings, "backups").1.contains("can be read"));
        assert_eq!(fs::read(&path).unwrap(), bytes);
    }
}

#[test]
fn files_and_folders_that_are_open_to_others_are_found() {
    let (dir, path) = board();
    let set = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(verdict(&path, "permissions").0, Verdict::Ok);
    let backup = backup_folder(&path).join(&names(&backup_folder(&path))[0]);
    for (file, good) in [
        (path.clone(), 0o600),
        (path.with_extension("db-replica"), 0o600),
        (backup, 0o600),
        (backup_folder(&path), 0o700),
    ] {
        set(&file, good | 0o004);
        let (verdict_of, words) = verdict(&path, "permissions");
        assert!(verdict_of == Verdict::Wrong && words.contains(file.file_name().unwrap().to_str().unwrap()), "{words}");
        set(&file, good);
    }
    set(&path, 0o640);
    assert_eq!(verdict(&path, "permissions").0, Verdict::Look);
    set(&path, 0o600);
    set(dir.path(), 0o777);
    assert_eq!(verdict(&path, "permissions").0, Verdict::Wrong);
    set(dir.path(), 0o1777);
    assert_eq!(verdict(&path, "permissions").0, Verdict::Ok);
}

#[test]
fn the_copies_that_a_synchronising_program_made_are_named() {
    let (dir, path) = board();
    assert_eq!(verdict(&path, "conflict copies").0, Verdict::Ok);
    fs::write(dir.path().join("ward.sync-conflict-20261120-084200-ABCDEFG.db"), b"").unwrap();
    let (verdict, words) = verdict(&path, "conflict copies");
    assert!(verdict == Verdict::Wrong && words.contains("ABCDEFG"), "{words}");
}

#[test]
fn a_clock_that_cannot_be_right_is_found() {
    let (_dir, path) = board();
    let at = |now: DateTime<Utc>, built: Option<DateTime<Utc>>| found(&examine(&path, now, built), "clock");
    assert_eq!(at(noon(), Some(noon() - TimeDelta::hours(1))).0, Verdict::Ok);
    assert!(at(noon(), Some(noon() + TimeDelta::hours(1))).1.contains("before this program was made"));
    assert_eq!(
        at(noon() - TimeDelta::days(3), None),
        (Verdict::Wrong, "This machine's clock is 3 days behind the file's own.".into())
    );
    assert_eq!(at(noon() - TimeDelta::hours(2), None).0, Verdict::Look);
}

#[test]
fn missing_changes_and_replicas_that_are_ahead_are_counted() {
    let (_dir, path) = board();
    assert_eq!(verdict(&path, "replicas"), (Verdict::Ok, "All changes of 1 replica are here.".to_owned()));
    sql(&path, "UPDATE replicas SET known_max = known_max + 5");
    assert!(verdict(&path, "replicas").1.contains("changes are missing"));
    sql(&path, "UPDATE changes SET wall = wall + 900000000");
    assert!(verdict(&path, "replicas").1.contains("more than a day ahead"));
}

#[test]
fn a_file_that_has_lost_count_of_its_own_changes_is_found_before_it_numbers_two_alike() {
    let (_dir, path) = board();
    sql(&path, "UPDATE replicas SET upto = upto - 1, known_max = known_max - 1");
    let (verdict, found) = verdict(&path, "replicas");
    assert_eq!(verdict, Verdict::Wrong);
    assert_eq!(found, "Of 1 replica the log has more changes than the file counts.");
}

#[test]
fn a_backup_that_is_missing_old_or_unreadable_is_told() {
    let (_dir, path) = board();
    let folder = backup_folder(&path);
    let last = folder.join(&names(&folder)[0]);
    let later = |days: i64| found(&examine(&path, noon() + TimeDelta::days(days), None), "backups");
    assert_eq!(later(30).0, Verdict::Ok, "nothing was written since");
    let mut store = huddleboard::store::Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap();
    make_team(&mut store, "Ward 7B");
    drop(store);
    assert_eq!(later(3).0, Verdict::Ok);
    assert_eq!(later(8).0, Verdict::Look);
    let mut bytes = fs::read(&last).unwrap();
    let half = bytes.len() / 2;
    bytes[half..half + 4096].fill(0xa5);
    fs::write(&last, bytes).unwrap();
    assert_eq!(later(0).0, Verdict::Wrong);
    fs::remove_file(&last).unwrap();
    assert_eq!(later(0), (Verdict::Look, "There are none yet.".to_owned()));
}

#[test]
fn an_older_file_is_looked_at_without_being_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ward.db");
    let fixture: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "db", "v1.db"].iter().collect();
    fs::copy(fixture, &path).unwrap();
    let before = fs::read(&path).unwrap();
    assert_eq!(verdict(&path, "schema").0, Verdict::Look);
    assert_eq!(verdict(&path, "log").0, Verdict::Look);
    assert_eq!(fs::read(&path).unwrap(), before);
}
