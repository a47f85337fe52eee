//! Two people at two machines, and a folder between them.

use tempfile::TempDir;

use crate::{fails, ok, run, support, ward};

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

#[test]
fn a_new_board_is_asked_which_of_several_wards_it_is_for() {
    let (one, other, hub, new) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let folder = hub.path().to_str().unwrap();
    ok(other.path(), &["init", "--team", "Ward 9", "--template", "blank"]);
    ok(one.path(), &["sync", folder]);
    let output = run(other.path(), &["sync", folder]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && said.contains("Left out: “Ward 7A”"), "{said}");
    assert_eq!(ok(other.path(), &["list", "teams", "--json"]).matches("\"slug\"").count(), 1);
    let words = fails(new.path(), 2, &["sync", folder]);
    assert!(words.contains("“Ward 7A”") && words.contains("“Ward 9”") && words.contains("--accept"), "{words}");
    ok(new.path(), &["sync", folder, "--accept", "ward 9"]);
    assert!(ok(new.path(), &["list", "teams"]).contains("Ward 9"));
    assert!(!ok(new.path(), &["list", "teams"]).contains("Ward 7A"));
}

#[test]
fn two_boards_that_made_the_same_ward_are_told_and_made_one() {
    let (one, two, hub) = (ward(), ward(), TempDir::new().unwrap());
    let folder = hub.path().to_str().unwrap();
    ok(one.path(), &["add", "falls", "3", "--on", "2026-11-10"]);
    ok(two.path(), &["add", "falls", "2", "--on", "2026-11-17"]);
    ok(one.path(), &["sync", folder]);
    let output = run(two.path(), &["sync", folder]);
    assert!(String::from_utf8(output.stderr).unwrap().contains("--unite"));
    ok(two.path(), &["sync", "--unite"]);
    ok(one.path(), &["sync"]);
    let points = |home| ok(home, &["list", "points", "--json"]);
    assert_eq!(points(one.path()), points(two.path()));
    assert_eq!(points(one.path()).matches("\"value\"").count(), 2);
    assert_eq!(ok(one.path(), &["list", "teams", "--json"]).matches("\"slug\"").count(), 1);
}

#[test]
fn a_text_is_redacted_by_typing_it_and_never_named_on_the_command_line() {
    let home = ward();
    let typed = "Mrs Featherstonehaugh";
    ok(home.path(), &["add", "falls", "3", "--note", typed]);
    let all = ["--now", crate::NOW, "redact"];
    ok(home.path(), &["backup"]);
    let asked = support::run_with(home.path(), &all, typed);
    assert_eq!(asked.status.code(), Some(2), "nobody is there to ask");
    let told = support::run_with(home.path(), &[&all[..], &["--dry-run"]].concat(), typed);
    let words = String::from_utf8(told.stdout).unwrap();
    assert!(words.contains("point (note)") && !words.contains("Feather"), "{words}");
    let done = support::run_with(home.path(), &[&all[..], &["--yes"]].concat(), "featherstone");
    assert!(done.status.success());
    assert!(String::from_utf8(done.stdout).unwrap().contains("Blanked in 1 backup"));
    assert!(ok(home.path(), &["list", "points", "--json"]).contains("[redacted]"));
    assert!(!ok(home.path(), &["log", "--json"]).contains("Feather"));
    ok(home.path(), &["restore", "latest", "--yes"]);
    assert!(ok(home.path(), &["list", "points", "--json"]).contains("[redacted]"));
    let nothing = support::run_with(home.path(), &[&all[..], &["--yes"]].concat(), typed);
    assert_eq!(nothing.status.code(), Some(1));
}
