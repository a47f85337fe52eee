//! Copies of a board: whole, made while others write, kept for so long, and never half there.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use huddleboard::base::clock::FixedClock;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::PointKey;
use huddleboard::store::Store;
use huddleboard::store::backup::{Backup, Pace, Sort, backup_folder, backups, holding};

use crate::support::*;

fn open(path: &Path) -> Store {
    Store::open(&opening(path, &Arc::new(FixedClock::at(noon())))).unwrap()
}

fn folder(ward: &Ward) -> PathBuf {
    backup_folder(&ward.path())
}

fn days(count: i64) -> TimeDelta {
    TimeDelta::days(count)
}

#[test]
fn a_backup_holds_what_the_board_held_for_its_owner_alone_and_becomes_a_board_of_its_own() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 3.0)]).unwrap();
    let to = ward.dir.path().join("copy.db");
    let made = ward.store.back_up(&to).unwrap();
    ward.commit(vec![ward.put("2026-11-21", 4.0)]).unwrap();
    assert_eq!(made.bytes, fs::metadata(&to).unwrap().len());
    assert_eq!(fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    let held = holding(&to).unwrap();
    assert_eq!((held.changes, held.latest_value, held.last_change), (4, Some(day("2026-11-20")), Some(noon())));
    assert!(
        !names(ward.dir.path()).iter().any(|name| name.starts_with("copy.db-")),
        "reading it leaves nothing behind"
    );
    let copy = open(&to);
    assert_eq!(copy.forked_from(), Some(ward.store.replica()));
    assert_eq!(values(&copy.points(&ward.falls, noon()).unwrap()), [Some(3.0)]);
}

#[test]
fn a_group_that_shares_a_board_shares_its_backups() {
    let ward = Ward::new();
    fs::set_permissions(ward.path(), fs::Permissions::from_mode(0o660)).unwrap();
    let made = ward.store.back_up_into(&folder(&ward), noon()).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&made.path), mode(&folder(&ward))), (0o660, 0o770));
}

#[test]
fn a_backup_never_takes_the_place_of_a_file() {
    let ward = Ward::new();
    let to = ward.dir.path().join("mine.txt");
    fs::write(&to, "mine").unwrap();
    assert!(ward.store.back_up(&to).unwrap_err().what.contains("already"));
    assert!(ward.store.back_up(&ward.path()).unwrap_err().what.contains("already"));
    assert_eq!(fs::read_to_string(&to).unwrap(), "mine");
    let link = ward.dir.path().join("link.db");
    std::os::unix::fs::symlink(ward.dir.path().join("elsewhere.db"), &link).unwrap();
    assert!(ward.store.back_up(&link).is_err());
    assert!(!ward.dir.path().join("elsewhere.db").exists());
    assert!(!names(ward.dir.path()).iter().any(|name| name.ends_with(".part")));
}

#[test]
fn a_board_that_others_write_to_all_the_time_is_backed_up_whole_at_one_moment() {
    let ward = Ward::new();
    let (path, falls) = (ward.path(), ward.falls.clone());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut store = open(&path);
            for number in 0_u32.. {
                if done.load(Ordering::Relaxed) {
                    return;
                }
                let key = PointKey { ordinal: number, ..PointKey::whole(falls.id, day("2026-11-20")) };
                let put = Edit::put_point(falls.team, key, count(f64::from(number)), "");
                store.commit(&nurse(), "numbered", [Ok(put)]).unwrap();
            }
        });
        let mut before = 0;
        for round in 0..8 {
            let to = ward.dir.path().join(format!("{round}.db"));
            ward.store.back_up(&to).unwrap();
            let mut copy = open(&to);
            let points = copy.points(&falls, noon()).unwrap();
            // Each action of a moment before is there, and none of a moment after.
            assert!(points.iter().map(|point| point.key.ordinal).eq(0..u32::try_from(points.len()).unwrap()));
            assert!(points.len() >= before, "{before}");
            before = points.len();
            let digest = copy.digest().unwrap();
            copy.rebuild().unwrap();
            assert_eq!(copy.digest().unwrap(), digest);
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn two_backups_of_one_moment_are_two_files() {
    let ward = Ward::new();
    let (path, folder, start) = (ward.path(), folder(&ward), Barrier::new(2));
    let made: Vec<Backup> = thread::scope(|scope| {
        let one = || {
            let store = open(&path);
            start.wait();
            store.back_up_into(&folder, noon()).unwrap()
        };
        let both = [scope.spawn(one), scope.spawn(one)];
        both.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_ne!(made[0].path, made[1].path);
    assert_eq!(names(&folder), ["backup-2026-11-20T120000Z-2.db", "backup-2026-11-20T120000Z.db"]);
    for backup in &made {
        assert_eq!(integrity(&backup.path), "ok");
    }
}

#[test]
fn the_day_has_one_backup_and_a_board_that_rests_has_none_more() {
    let mut ward = Ward::new();
    let folder = folder(&ward);
    let due = |ward: &Ward, day: i64| ward.store.back_up_if_due(&folder, noon() + days(day)).unwrap().is_some();
    assert!(due(&ward, 0), "the first");
    assert!(!due(&ward, 0), "one a day");
    assert!(!due(&ward, 1), "nothing was written");
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    assert!(!due(&ward, 0), "still one a day");
    assert!(due(&ward, 1));
    assert!(!due(&ward, 2));
    // A backup that cannot be read is as good as none.
    fs::write(&backups(&folder).unwrap()[0].path, "no database").unwrap();
    assert!(due(&ward, 3));
}

#[test]
fn a_clock_that_was_wrong_for_a_day_does_not_end_the_backups() {
    let ward = Ward::new();
    ward.store.back_up_into(&folder(&ward), noon() + days(3_650)).unwrap();
    assert!(ward.store.back_up_if_due(&folder(&ward), noon()).unwrap().is_some());
    assert_eq!(backups(&folder(&ward)).unwrap().len(), 2);
}

#[test]
fn a_demonstration_and_an_empty_board_make_no_backups_by_themselves() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("empty.db");
    assert_eq!(open(&path).back_up_if_due(&backup_folder(&path), noon()).unwrap(), None);
    let mut ward = Ward::new();
    ward.commit(vec![Edit::of(&ward.team).with("demo", &true)]).unwrap();
    assert_eq!(ward.store.back_up_if_due(&folder(&ward), noon()).unwrap(), None);
    assert!(!folder(&ward).exists());
}

#[test]
fn the_folder_is_thinned_out_and_only_what_the_board_made_by_itself_goes() {
    let ward = Ward::new();
    let folder = folder(&ward);
    let now: DateTime<Utc> = noon();
    let made = ward.store.back_up_into(&folder, now - days(100)).unwrap();
    let stands_for = |name: &str| fs::copy(&made.path, folder.join(name)).unwrap();
    for day in 1..=30 {
        stands_for(&format!("backup-{}Z.db", (now - days(day)).format("%Y-%m-%dT%H%M%S")));
    }
    let others = [
        "before-restore-2020-01-01T000000Z.db",
        "before-schema-2-2020-01-01T000000Z.db",
        "damaged-2020-01-01T000000Z.db",
        "mine.db",
        "backup.db",
    ];
    others.iter().for_each(|name| {
        stands_for(name);
    });
    ward.store.back_up_into(&folder, now).unwrap();
    let kept = names(&folder);
    assert!(others.iter().all(|other| kept.contains(&(*other).to_owned())), "{kept:?}");
    let regular: Vec<String> = backups(&folder)
        .unwrap()
        .into_iter()
        .filter(|backup| backup.sort == Sort::Regular)
        .map(|backup| backup.when.format("%m-%d").to_string())
        .collect();
    // Seven days, the ends of the three weeks before, and of the months before.
    assert_eq!(
        regular,
        ["11-20", "11-19", "11-18", "11-17", "11-16", "11-15", "11-14", "11-08", "11-01", "10-31", "08-12"]
    );
}

#[test]
fn a_backup_that_cannot_be_finished_leaves_nothing_behind_and_the_board_goes_on() {
    let mut ward = Ward::new();
    let pace = Pace::default();
    pace.stop();
    assert!(ward.store.back_up_if_due_until(&folder(&ward), noon(), &pace).is_err());
    assert_eq!(names(&folder(&ward)), Vec::<String>::new());
    fs::remove_dir(folder(&ward)).unwrap();
    fs::write(folder(&ward), "in the way").unwrap();
    assert!(ward.store.back_up_if_due(&folder(&ward), noon()).unwrap_err().place.is_some());
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
}

fn old_board() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ward.db");
    let fixture: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "db", "v1.db"].iter().collect();
    fs::copy(fixture, &path).unwrap();
    (dir, path)
}

fn schema_of(path: &Path) -> i32 {
    rusqlite::Connection::open(path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn an_older_file_is_kept_as_it_was_before_it_is_brought_up_to_date() {
    let (dir, path) = old_board();
    let before = fs::read(&path).unwrap();
    assert_eq!(open(&path).remarks(), [] as [String; 0]);
    let kept = backups(&backup_folder(&path)).unwrap();
    assert!(matches!(kept[..], [Backup { sort: Sort::BeforeSchema(schema), .. }] if schema > 1), "{kept:?}");
    assert_eq!((schema_of(&kept[0].path), integrity(&kept[0].path)), (1, "ok".to_owned()));
    assert!(schema_of(&path) > 1);
    drop(open(&path));
    // An opening that came no further than the copy does not make another.
    fs::write(&path, before).unwrap();
    drop(open(&path));
    assert_eq!(backups(&backup_folder(&path)).unwrap(), kept);
    assert_eq!(names(dir.path()), ["ward.db", "ward.db-backups", "ward.db-replica"]);
}

#[test]
fn an_older_file_that_cannot_be_kept_is_brought_up_to_date_all_the_same_and_that_is_said() {
    let (_dir, path) = old_board();
    fs::write(backup_folder(&path), "in the way").unwrap();
    let store = open(&path);
    assert!(store.remarks()[0].contains("no copy of the older one could be kept"), "{:?}", store.remarks());
    let measures: Vec<Measure> = store.records(None).unwrap();
    assert_eq!(measures.len(), 2);
    assert!(schema_of(&path) > 1);
}

#[test]
fn a_damaged_older_file_stays_as_it_is_though_every_query_would_work() {
    let (_dir, path) = old_board();
    // A page that belongs to nothing.
    let conn = rusqlite::Connection::open(&path).unwrap();
    conn.execute_batch(
        "CREATE TABLE spare(x); INSERT INTO spare VALUES(1);
         PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'spare';",
    )
    .unwrap();
    drop(conn);
    let failure = Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap_err();
    assert_eq!(failure.what, "This file is damaged.");
    assert_eq!(schema_of(&path), 1);
    assert_eq!(backups(&backup_folder(&path)).unwrap(), []);
}

#[test]
fn an_empty_file_in_the_place_of_a_board_is_not_taken_for_a_new_one() {
    let (dir, clock) = Ward::new().close();
    let path = dir.path().join("ward.db");
    fs::write(&path, b"").unwrap();
    let failure = Store::open(&opening(&path, &clock)).unwrap_err();
    assert!(failure.what.contains("a board was in it") && failure.hint.unwrap().contains("huddleboard restore"));
    assert_eq!(fs::read(&path).unwrap(), b"");
}

#[test]
fn a_board_that_lost_its_first_bytes_is_damaged_and_no_strangers_file() {
    let (dir, clock) = Ward::new().close();
    let path = dir.path().join("ward.db");
    let mut bytes = fs::read(&path).unwrap();
    bytes[..512].fill(0);
    fs::write(&path, &bytes).unwrap();
    let failure = Store::open(&opening(&path, &clock)).unwrap_err();
    assert_eq!(failure.what, "This file is damaged.");
    assert!(failure.hint.unwrap().contains("huddleboard doctor"));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn where_a_board_is_gone_its_copies_are_named() {
    let ward = Ward::new();
    ward.store.back_up_into(&folder(&ward), noon()).unwrap();
    let (path, mut opening) = (ward.path(), ward.opening());
    let (_dir, _clock) = ward.close();
    fs::remove_file(&path).unwrap();
    opening.create = false;
    assert!(Store::open(&opening).unwrap_err().hint.unwrap().contains("huddleboard restore"));
    opening.create = true;
    let store = Store::open(&opening).unwrap();
    assert!(store.remarks()[0].contains("huddleboard restore") && store.teams().unwrap().is_empty());
    drop(store);
    assert_eq!(Store::open(&opening).unwrap().remarks(), [] as [String; 0]);
}
