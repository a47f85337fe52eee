//! Backups, restores and the doctor by the command line and on the board: by people, scripts and accidents.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{self, Terminal};
use crate::{fails, json, ok, run, ward};

fn database(home: &TempDir) -> PathBuf {
    home.path().join("data/huddleboard/ward.db")
}

fn folder(home: &TempDir) -> PathBuf {
    home.path().join("data/huddleboard/ward.db-backups")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

fn set(home: &TempDir, settings: &str) {
    let folder = home.path().join("config/huddleboard");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), settings).unwrap();
}

/// Overwrites something on every page but the first.
fn damage(path: &Path) -> Vec<u8> {
    let mut bytes = fs::read(path).unwrap();
    bytes.chunks_mut(4096).skip(1).for_each(|page| page[..64].fill(0xa5));
    fs::write(path, &bytes).unwrap();
    bytes
}

fn a_board_with_a_past() -> TempDir {
    let home = ward();
    ok(home.path(), &["add", "falls", "1", "--on", "2026-11-03"]);
    ok(home.path(), &["backup"]);
    ok(home.path(), &["add", "falls", "2", "--on", "2026-11-10"]);
    home
}

#[test]
fn a_board_is_backed_up_changed_put_back_and_put_forward_again() {
    let home = a_board_with_a_past();
    let listed = json(home.path(), &["restore", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!((listed[0]["sort"].as_str(), listed[0]["latest_value"].as_str()), (Some("regular"), Some("2026-11-02")));
    let name = listed[0]["name"].as_str().unwrap();
    assert!(ok(home.path(), &["restore"]).contains(name) && ok(home.path(), &["restore", "--list"]).contains(name));
    assert!(fails(home.path(), 2, &["restore", "latest"]).contains("--yes"));
    let said = ok(home.path(), &["restore", "latest", "--yes"]);
    assert!(said.contains("lacks 1 change that the replaced board had") && said.contains("huddleboard sync"), "{said}");
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().unwrap().len(), 1);
    let kept = names(&folder(&home)).into_iter().find(|name| name.starts_with("before-restore-")).unwrap();
    let said = ok(home.path(), &["restore", &kept, "--yes"]);
    assert!(said.contains("has all changes that the replaced board had, and 1 change more"), "{said}");
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().unwrap().len(), 2);
    assert!(fails(home.path(), 1, &["restore", "backup-of-nothing.db", "--yes"]).contains("restore` lists"));
}

#[test]
fn a_backup_goes_to_a_file_or_a_folder_that_is_named_and_over_nothing() {
    let home = a_board_with_a_past();
    let stick = home.path().join("stick");
    fs::create_dir(&stick).unwrap();
    let file = stick.join("ward.db");
    let file = file.to_str().unwrap();
    assert!(ok(home.path(), &["backup", file]).contains("is whole"));
    assert!(fails(home.path(), 1, &["backup", file]).contains("already"));
    ok(home.path(), &["backup", stick.to_str().unwrap()]);
    assert_eq!(names(&stick), ["ward-2026-11-20T084200Z.db", "ward.db"]);
    assert!(fails(home.path(), 1, &["backup", "/nowhere/at/all/ward.db"]).contains("no such file or folder"));
    assert!(ok(home.path(), &["restore", file, "--yes"]).contains("no other"));
}

#[test]
fn the_settings_say_where_backups_go_or_that_there_are_none() {
    let home = ward();
    let safe = home.path().join("safe");
    fs::create_dir(&safe).unwrap();
    set(&home, &format!("backups = {:?}\n", safe.to_str().unwrap()));
    // The folder of each database is made, the one that was named is not: it may be a disk that is not there.
    ok(home.path(), &["backup"]);
    let own = safe.join(&names(&safe)[0]);
    assert_eq!(names(&own).len(), 1);
    assert!(ok(home.path(), &["info"]).contains(own.to_str().unwrap()));
    ok(home.path(), &["restore", "latest", "--yes"]);
    assert!(names(&own).iter().any(|name| name.starts_with("before-restore-")));
    fs::remove_dir_all(&safe).unwrap();
    assert!(fails(home.path(), 1, &["backup"]).contains("no such file or folder"));
    set(&home, "backups = \"off\"\n");
    assert!(fails(home.path(), 2, &["backup"]).contains("no backups are made"));
    ok(home.path(), &["backup", home.path().join("mine.db").to_str().unwrap()]);
}

#[test]
fn whatever_meets_a_damaged_board_names_the_way_out_and_changes_nothing() {
    let home = a_board_with_a_past();
    let bytes = damage(&database(&home));
    for arguments in [&["list", "measures"][..], &["add", "falls", "3"], &["show"], &["log"], &["info"], &["backup"]] {
        let words = fails(home.path(), 1, arguments);
        assert!(
            words.contains("huddleboard restore") && words.contains("huddleboard doctor"),
            "{arguments:?}: {words}"
        );
    }
    let mut board = Terminal::start(home.path(), &[]);
    board.wait_for("This file is damaged");
    assert_eq!(board.wait_for_end(), 1);
    assert_eq!(String::from_utf8(run(home.path(), &["doctor"]).stdout).unwrap().matches("wrong").count(), 2);
    assert!(String::from_utf8(run(home.path(), &["info"]).stdout).unwrap().contains("ward.db-backups"));
    assert!(fs::read(database(&home)).unwrap() == bytes);
    let said = ok(home.path(), &["restore", "latest", "--yes"]);
    let kept = names(&folder(&home)).into_iter().find(|name| name.starts_with("damaged-")).unwrap();
    assert!(said.contains(&kept) && fs::read(folder(&home).join(kept)).unwrap() == bytes);
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().unwrap().len(), 1);
    assert_eq!(run(home.path(), &["doctor"]).status.code(), Some(0));
}

#[test]
fn the_doctor_says_what_it_looked_at_as_an_array_and_nothing_of_the_ward() {
    let home = ward();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o700)).unwrap();
    ok(home.path(), &["add", "falls", "3", "--note", "both in bay 3"]);
    let findings = json(home.path(), &["doctor", "--json"]);
    let checks: Vec<&str> = findings.as_array().unwrap().iter().map(|one| one["check"].as_str().unwrap()).collect();
    assert_eq!(
        checks,
        [
            "versions",
            "integrity",
            "log",
            "schema",
            "clock",
            "replicas",
            "permissions",
            "drive",
            "conflict copies",
            "backups",
            "space",
        ]
    );
    for finding in findings.as_array().unwrap() {
        assert!(["ok", "look"].contains(&finding["verdict"].as_str().unwrap()), "{finding}");
        assert!((finding["verdict"] == "ok") == (finding["do"] == ""), "{finding}");
    }
    let said = ok(home.path(), &["doctor"]);
    for private in ["Ward 7A", "Falls", "falls", "bay 3"] {
        assert!(!said.contains(private), "{said}");
    }
    fs::set_permissions(database(&home), fs::Permissions::from_mode(0o644)).unwrap();
    let output = run(home.path(), &["doctor", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(findings.as_array().unwrap().iter().any(|one| one["check"] == "permissions" && one["verdict"] == "wrong"));
    assert!(fails(home.path(), 1, &["--db", "/nowhere.db", "doctor"]).contains("no board"));
}

#[test]
fn the_doctor_names_the_format_of_the_bundles_that_are_written() {
    let home = ward();
    let file = home.path().join("all.hbs");
    ok(home.path(), &["export", "--bundle", file.to_str().unwrap()]);
    let written = u16::from_be_bytes(fs::read(&file).unwrap()[4..6].try_into().unwrap());
    assert!(ok(home.path(), &["doctor"]).contains(&format!("bundles of format {written}.")));
}

/// A board that takes a while to copy.
fn a_large_board() -> (TempDir, PathBuf) {
    let home = TempDir::new().unwrap();
    let path = home.path().join("large.db");
    ok(home.path(), &["--db", path.to_str().unwrap(), "demo", "--points", "60000", "--no-open"]);
    (home, path)
}

fn is_draft(name: &str) -> bool {
    name.ends_with(".part")
}

#[test]
fn a_backup_that_is_killed_leaves_no_half_file_and_the_next_one_clears_up() {
    let (home, path) = a_large_board();
    let (db, folder) = (path.to_str().unwrap(), home.path().join("large.db-backups"));
    let mut left = 0;
    for round in 0..12_u32 {
        let mut child = Command::new(support::PROGRAM)
            .args(["--db", db, "backup"])
            .env_clear()
            .envs(support::environment(home.path()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // It has begun when its draft is there; then it has a little longer in each round.
        while !names(&folder).iter().any(|name| is_draft(name)) && child.try_wait().unwrap().is_none() {
            thread::yield_now();
        }
        for _ in 0..round * 2_000_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        left += names(&folder).iter().filter(|name| is_draft(name)).count();
        let drafts = names(&folder).iter().filter(|name| is_draft(name)).count();
        assert!(drafts <= 1, "the one before was cleared away: {:?}", names(&folder));
        for name in names(&folder).iter().filter(|name| !is_draft(name)) {
            let conn = rusqlite::Connection::open(folder.join(name)).unwrap();
            let said: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
            assert_eq!(said, "ok", "{name}");
        }
    }
    assert!(left > 0, "no backup was killed half-way");
    ok(home.path(), &["--db", db, "backup"]);
    assert!(!names(&folder).iter().any(|name| is_draft(name)), "{:?}", names(&folder));
    assert_eq!(run(home.path(), &["--db", db, "doctor"]).status.code(), Some(0));
}

#[test]
fn a_backup_that_does_not_fit_leaves_nothing_and_says_so() {
    let (home, path) = a_large_board();
    let folder = home.path().join("large.db-backups");
    // A file may not become longer than 1 MB, as on a disk that is full.
    let script = format!("trap '' XFSZ; ulimit -f 2000; exec {} --db {} backup", support::PROGRAM, path.display());
    let output =
        Command::new("sh").args(["-c", &script]).env_clear().envs(support::environment(home.path())).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(words.contains("disk"), "{words}");
    assert_eq!(names(&folder), Vec::<String>::new());
}

#[test]
fn a_board_that_is_open_in_another_terminal_is_not_replaced() {
    let home = a_board_with_a_past();
    let mut board = Terminal::start(home.path(), &[]);
    board.wait_for("Ward 7A");
    let words = fails(home.path(), 1, &["restore", "latest", "--yes"]);
    assert!(words.contains("Another program has this board open"), "{words}");
    board.press("a");
    board.wait_for("Add a value");
    board.press("falls 7\r");
    board.wait_for("Saved:");
    // Nor is one that was damaged while it is open.
    damage(&database(&home));
    let words = fails(home.path(), 1, &["restore", "latest", "--yes"]);
    assert!(words.contains("Another program has this board open"), "{words}");
    board.press("q");
    assert_eq!(board.wait_for_end(), 0);
    assert!(ok(home.path(), &["restore", "latest", "--yes"]).contains("damaged-"));
    assert!(!names(&home.path().join("data/huddleboard")).iter().any(|name| is_draft(name)));
}

#[test]
fn a_restore_asks_on_a_terminal_and_takes_no_for_an_answer() {
    let home = a_board_with_a_past();
    let before = fs::read(database(&home)).unwrap();
    let mut terminal = Terminal::start(home.path(), &["restore", "latest"]);
    terminal.wait_for("[y/N]");
    assert!(terminal.text().contains("lacks 1 change that the present board has"), "{}", terminal.text());
    terminal.press("\r");
    assert_eq!(terminal.wait_for_end(), 0);
    assert!(fs::read(database(&home)).unwrap() == before);
    let mut terminal = Terminal::start(home.path(), &["restore", "latest"]);
    terminal.wait_for("[y/N]");
    terminal.press("y\r");
    terminal.wait_for("is in place again");
    assert_eq!(terminal.wait_for_end(), 0);
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().unwrap().len(), 1);
}

#[test]
fn the_board_keeps_a_copy_of_the_day_by_itself() {
    let home = ward();
    let mut board = Terminal::start(home.path(), &[]);
    board.wait_for("Ward 7A");
    while !names(&folder(&home)).iter().any(|name| name.starts_with("backup-")) {
        thread::yield_now();
    }
    board.press("q");
    assert_eq!(board.wait_for_end(), 0);
    // Opened again the same day it makes no other.
    let mut board = Terminal::start(home.path(), &[]);
    board.wait_for("Ward 7A");
    board.press("q");
    assert_eq!(board.wait_for_end(), 0);
    assert_eq!(names(&folder(&home)).len(), 1);
}

#[test]
fn a_board_that_cannot_keep_a_copy_says_so_and_goes_on() {
    let home = ward();
    fs::write(folder(&home), "in the way").unwrap();
    let mut board = Terminal::start(home.path(), &[]);
    board.wait_for("No backup was made");
    board.press("a");
    board.wait_for("Add a value");
    board.press("falls 2\r");
    board.wait_for("Saved:");
    assert!(!board.text().contains("No backup was made"));
    board.press("q");
    assert_eq!(board.wait_for_end(), 0);
}

#[test]
fn two_commands_that_back_up_at_the_same_moment_both_succeed() {
    let home = ward();
    let start = || {
        Command::new(support::PROGRAM)
            .args(["--now", crate::NOW, "backup"])
            .env_clear()
            .envs(support::environment(home.path()))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    for mut child in [start(), start(), start()] {
        let mut words = String::new();
        child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
        assert!(child.wait().unwrap().success(), "{words}");
    }
    assert_eq!(names(&folder(&home)).len(), 3, "{:?}", names(&folder(&home)));
}
