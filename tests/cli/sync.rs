//! Two people at two machines, and a folder between them.

use tempfile::TempDir;

use crate::{fails, ok, ward};

#[test]
fn two_boards_and_a_folder_come_to_list_the_same_points() {
    let (one, two, hub) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let (one, two, folder) = (one.path(), two.path(), hub.path().to_str().unwrap());
    ok(one, &["add", "falls", "3", "--on", "2026-11-10"]);
    assert!(fails(one, 2, &["sync"]).contains("sync FOLDER"));
    assert!(ok(one, &["sync", folder]).contains("Sent "));
    assert!(ok(two, &["sync", folder]).contains("Took in "));
    ok(two, &["add", "falls", "2", "--on", "2026-11-17"]);
    ok(one, &["add", "falls", "1", "--on", "2026-11-03"]);
    assert!(ok(two, &["sync"]).contains("Sent 1 change in 1 bundle"), "the folder is remembered");
    assert!(ok(one, &["sync", "--status"]).contains("Waiting to be taken in: 1"));
    ok(one, &["sync"]);
    ok(two, &["sync"]);
    let points = |home| ok(home, &["list", "points", "--json"]);
    assert_eq!(points(one), points(two));
    assert_eq!(points(one).lines().count(), 3);
    let idle = ok(one, &["sync"]);
    assert!(idle.contains("Nothing new to send") && idle.contains("Nothing new in"), "{idle}");
}

#[test]
fn a_bundle_goes_by_e_mail_and_another_wards_is_asked_about() {
    let (one, other, mail) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let file = mail.path().join("ward.hbs");
    let file = file.to_str().unwrap();
    ok(one.path(), &["add", "falls", "3"]);
    assert!(ok(one.path(), &["export", "--bundle", file]).contains("changes are in"));
    ok(other.path(), &["init", "--team", "Ward 9", "--template", "blank"]);
    let words = fails(other.path(), 1, &["import", file]);
    assert!(words.contains("“Ward 7A”") && words.contains("--any-team"), "{words}");
    ok(other.path(), &["import", file, "--any-team"]);
    assert_eq!(ok(other.path(), &["list", "teams", "--json"]).lines().count(), 2);
    // Without a board the file is joined.
    let third = TempDir::new().unwrap();
    ok(third.path(), &["import", file]);
    let points = |home| ok(home, &["list", "points", "--json"]);
    assert_eq!(points(third.path()), points(one.path()));
    // A folder that is not there is not made: it may be a share that is not connected.
    let nowhere = mail.path().join("nowhere");
    assert!(fails(third.path(), 1, &["sync", nowhere.to_str().unwrap()]).contains("no such folder"));
    assert!(!nowhere.exists());
}
