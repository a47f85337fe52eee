//! A folder between boards.

use std::fs;
use std::path::{Path, PathBuf};

use huddleboard::store::Accept;
use huddleboard::sync::{folder, hub};
use tempfile::TempDir;

use crate::wards::{Deed, Replica, Wards};

fn bundles(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flat_map(|replica| fs::read_dir(replica.unwrap().path()).unwrap().map(|file| file.unwrap().path()))
        .collect();
    found.sort();
    found
}

/// Takes in, then puts there.
fn sync(replica: &mut Replica, at: &Path) -> (usize, usize) {
    let gathered = folder::gather(replica.store(), at, Accept::KnownTeams).unwrap();
    assert!(gathered.refused.is_empty(), "{:?}", gathered.refused);
    (gathered.new, folder::publish(replica.store(), at).unwrap().changes)
}

#[test]
fn boards_that_sync_with_a_folder_come_to_say_the_same_and_then_there_is_nothing_to_do() {
    let (mut wards, hub) = (Wards::new(3), TempDir::new().unwrap());
    for which in 0..3 {
        wards.perform(which, &Deed::Make(0, u8::try_from(which).unwrap()));
        wards.perform(which, &Deed::Put(1, u8::try_from(which).unwrap()));
    }
    for _ in 0..2 {
        wards.replicas.iter_mut().for_each(|replica| {
            sync(replica, hub.path());
        });
    }
    let digest = wards.replicas[0].digest();
    for replica in &mut wards.replicas {
        assert_eq!(replica.digest(), digest);
        assert_eq!(sync(replica, hub.path()), (0, 0));
        let status = folder::status(replica.store(), hub.path()).unwrap();
        assert_eq!((status.to_send, status.to_take, status.missing), (0, 0, Vec::new()));
    }
}

#[test]
fn a_new_board_joins_what_it_finds_and_a_lost_folder_is_filled_again() {
    let (mut wards, hub) = (Wards::new(2), TempDir::new().unwrap());
    wards.perform(0, &Deed::Make(0, 1));
    assert_eq!(sync(&mut wards.replicas[0], hub.path()), (0, 4));
    let mut new = Replica::at(wards.dir.path().join("new.db"));
    assert_eq!(sync(&mut new, hub.path()), (4, 0));
    assert_eq!(new.digest(), wards.replicas[0].digest());
    // Another board's changes are passed on as well.
    let other = TempDir::new().unwrap();
    assert_eq!(sync(&mut new, other.path()), (0, 4));
    assert_eq!(sync(&mut wards.replicas[1], other.path()), (1, 0));
    assert_eq!(wards.replicas[1].digest(), new.digest());
}

#[test]
fn a_missing_bundle_is_told_and_what_comes_after_it_is_in() {
    let (mut wards, hub) = (Wards::new(2), TempDir::new().unwrap());
    for deed in [Deed::Make(0, 1), Deed::Make(1, 2), Deed::Make(2, 3)] {
        wards.perform(0, &deed);
        sync(&mut wards.replicas[0], hub.path());
    }
    let files = bundles(hub.path());
    assert_eq!(files.len(), 3);
    fs::remove_file(&files[1]).unwrap();
    let own = wards.replicas[0].store().replica();
    assert_eq!(folder::status(wards.replicas[1].store(), hub.path()).unwrap().missing, [(own, 5, 5)]);
    assert_eq!(sync(&mut wards.replicas[1], hub.path()).0, 2);
    assert_eq!(folder::status(wards.replicas[1].store(), hub.path()).unwrap().missing, [(own, 5, 5)]);
    assert_eq!(sync(&mut wards.replicas[0], hub.path()), (0, 1));
    assert_eq!(sync(&mut wards.replicas[1], hub.path()).0, 1);
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
}

#[test]
fn what_is_damaged_or_misnamed_is_refused_alone_and_strange_names_are_passed_over() {
    let (mut wards, hub) = (Wards::new(2), TempDir::new().unwrap());
    for deed in [Deed::Make(0, 1), Deed::Make(1, 2), Deed::Make(2, 3)] {
        wards.perform(0, &deed);
        sync(&mut wards.replicas[0], hub.path());
    }
    let files = bundles(hub.path());
    let whole = fs::read(&files[1]).unwrap();
    fs::write(&files[1], &whole[..whole.len() / 2]).unwrap();
    let place = files[0].parent().unwrap();
    fs::copy(&files[0], place.join("000000000009-000000000012.hbs")).unwrap();
    for name in ["1-2.hbs", "000000000001-000000000004.hbs (conflict)", ".x.part", "000000000002-000000000001.hbs"] {
        fs::write(place.join(name), b"x").unwrap();
    }
    fs::create_dir(hub.path().join("not a replica")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", place.join("000000000020-000000000020.hbs")).unwrap();
    let gathered = folder::gather(wards.replicas[1].store(), hub.path(), Accept::KnownTeams).unwrap();
    assert_eq!((gathered.new, gathered.refused.len()), (2, 2), "{:?}", gathered.refused);
    assert!(gathered.refused[0].what.contains("damaged") && gathered.refused[1].what.contains("name"));
    // Deleted, it is written again by whoever has it.
    fs::remove_file(&files[1]).unwrap();
    folder::publish(wards.replicas[0].store(), hub.path()).unwrap();
    let gathered = folder::gather(wards.replicas[1].store(), hub.path(), Accept::KnownTeams).unwrap();
    assert_eq!((gathered.new, gathered.refused.len()), (1, 1));
}

#[test]
fn what_a_killed_sync_left_in_the_folder_goes_with_the_next_one_of_the_same_board() {
    let (mut wards, hub) = (Wards::new(2), TempDir::new().unwrap());
    sync(&mut wards.replicas[0], hub.path());
    let place = bundles(hub.path()).remove(0).parent().unwrap().to_owned();
    let id = |which: usize, wards: &mut Wards| wards.replicas[which].store().replica().0.simple().to_string();
    let (own, other) = (id(0, &mut wards), id(1, &mut wards));
    let draft = |name: String| {
        fs::write(place.join(&name), "half").unwrap();
        name
    };
    let left = draft(format!(".{own}-{}.part", "ab".repeat(16)));
    // Another board may be writing its own at this moment; and one of an older program has no board's name.
    let theirs = draft(format!(".{other}-{}.part", "cd".repeat(16)));
    let nameless = draft(format!(".{}.part", "ef".repeat(16)));
    let mine = draft(".notes.part".into());
    let beside = wards.replicas[0].path.with_extension(format!("db-hub.{}", "01".repeat(16)));
    fs::write(&beside, "half").unwrap();
    let stands = |name: &String| place.join(name).exists();
    sync(&mut wards.replicas[0], hub.path());
    assert_eq!([&left, &theirs, &nameless, &mine].map(stands), [false, true, true, true]);
    assert!(!beside.exists());
    // When the folder has been written to for a day without them, nobody is at work on them any more.
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(30 * 60 * 60);
    for name in [&theirs, &nameless, &mine] {
        fs::File::options().write(true).open(place.join(name)).unwrap().set_modified(long_ago).unwrap();
    }
    sync(&mut wards.replicas[0], hub.path());
    assert_eq!([&theirs, &nameless, &mine].map(stands), [false, false, true]);
}

#[test]
fn a_draft_that_another_run_of_the_board_is_writing_stays() {
    let (mut wards, hub) = (Wards::new(1), TempDir::new().unwrap());
    sync(&mut wards.replicas[0], hub.path());
    let place = bundles(hub.path()).remove(0).parent().unwrap().to_owned();
    let own = wards.replicas[0].store().replica().0.simple().to_string();
    let draft = place.join(format!(".{own}-{}.part", "ab".repeat(16)));
    fs::write(&draft, "half").unwrap();
    let at_work = fs::File::open(wards.replicas[0].path.with_extension("db-sync")).unwrap();
    at_work.lock_shared().unwrap();
    sync(&mut wards.replicas[0], hub.path());
    assert!(draft.exists());
    drop(at_work);
    sync(&mut wards.replicas[0], hub.path());
    assert!(!draft.exists());
}

#[test]
fn one_file_carries_everything_and_is_never_written_over() {
    let (mut wards, stick) = (Wards::new(2), TempDir::new().unwrap());
    wards.perform(0, &Deed::Make(0, 1));
    wards.perform(1, &Deed::Put(0, 1));
    let file = stick.path().join("ward.hbs");
    assert_eq!(folder::write_one(wards.replicas[0].store(), &file, &[]).unwrap(), 4);
    assert!(folder::write_one(wards.replicas[0].store(), &file, &[]).is_err());
    let taken = folder::take_one(wards.replicas[1].store(), &file, Accept::KnownTeams).unwrap();
    assert_eq!(taken.new, 1);
    assert_eq!(fs::read_dir(stick.path()).unwrap().count(), 1, "nothing is left behind");
}

#[cfg(unix)]
#[test]
fn colleagues_can_read_what_the_folder_lets_them_read() {
    use std::os::unix::fs::PermissionsExt;
    let (mut wards, hub) = (Wards::new(1), TempDir::new().unwrap());
    fs::set_permissions(hub.path(), fs::Permissions::from_mode(0o770)).unwrap();
    sync(&mut wards.replicas[0], hub.path());
    let file = bundles(hub.path()).remove(0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o660, 0o770));
    let database = wards.replicas[0].path.clone();
    assert_eq!(hub::recall(&database), None);
    hub::remember(&database, &hub::Hub::at(hub.path())).unwrap();
    assert_eq!(hub::recall(&database).unwrap().folder, hub.path());
    assert_eq!(mode(&database.with_extension("db-hub")), 0o600);
}
