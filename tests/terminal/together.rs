//! Two people at two machines, each with a board of their own, and a folder between them.

use tempfile::TempDir;

use super::support::{PROGRAM, Terminal, environment, run_ok};
use super::{board, ward};

/// A ward on two machines, and the folder that both know.
fn two() -> (TempDir, TempDir, TempDir) {
    let (one, two, folder) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let path = folder.path().to_str().unwrap();
    run_ok(one.path(), &["sync", path]);
    run_ok(two.path(), &["sync", path]);
    (one, two, folder)
}

fn add(board: &mut Terminal, typed: &str) {
    board.press("a");
    board.wait_for("Add a value");
    board.press(typed);
    board.wait_for(typed);
    board.press("\r");
    board.wait_for("Saved:");
}

fn sync(board: &mut Terminal, outcome: &str) {
    board.press("S");
    board.wait_for("Synced with");
    board.wait_for(outcome);
    // Another key, so that the next outcome is not taken for this one.
    board.press("k");
    board.wait_without("Synced with");
}

#[test]
fn what_one_enters_the_other_sees_after_both_have_synced_and_a_conflict_that_one_settles_is_gone_for_both() {
    let (one, other, _folder) = two();
    let (mut here, mut there) = (board(&one), board(&other));
    add(&mut here, "falls 47");
    here.press("k");
    here.wait_for("1 to send");
    sync(&mut here, "1 change out.");
    sync(&mut there, "1 change in.");
    there.wait_for("47");
    add(&mut here, "falls 31");
    add(&mut there, "falls 62");
    sync(&mut here, "1 change out.");
    sync(&mut there, "1 change in, 1 out, 1 new conflict.");
    there.wait_for("C 1 conflict");
    sync(&mut here, "1 change in, 1 new conflict.");
    here.press("C");
    here.wait_for("Set in two places before either had seen the other.");
    here.wait_for("31");
    here.wait_for("62");
    let conflicts: serde_json::Value = serde_json::from_str(&run_ok(one.path(), &["conflicts", "--json"])).unwrap();
    let kept = conflicts[0]["sides"][1]["values"]["value"].clone();
    here.press("2");
    here.wait_for("No conflicts left.");
    here.press("\x1b");
    here.wait_without("No conflicts left.");
    sync(&mut here, "1 change out.");
    sync(&mut there, "1 change in.");
    there.wait_without("conflict");
    let points = |home: &TempDir| run_ok(home.path(), &["list", "points", "--json"]);
    assert_eq!(points(&one), points(&other));
    let points: serde_json::Value = serde_json::from_str(&points(&one)).unwrap();
    assert_eq!(points[0]["value"], kept);
}

#[test]
fn what_another_program_takes_in_on_the_same_file_shows_without_a_key() {
    let (one, other, _folder) = two();
    let mut here = board(&one);
    here.wait_for("synced");
    run_ok(other.path(), &["add", "falls", "47"]);
    run_ok(other.path(), &["sync"]);
    run_ok(one.path(), &["sync"]);
    here.wait_for("47");
}

#[test]
fn leaving_while_a_sync_runs_ends_the_program_and_loses_nothing() {
    let (one, other, _folder) = two();
    run_ok(other.path(), &["add", "falls", "47"]);
    run_ok(other.path(), &["sync"]);
    let mut here = board(&one);
    add(&mut here, "pressure 3");
    here.press("Sq");
    assert_eq!(here.wait_for_end(), 0);
    run_ok(one.path(), &["sync"]);
    run_ok(other.path(), &["sync"]);
    let points = |home: &TempDir| run_ok(home.path(), &["list", "points", "--json"]);
    assert_eq!(points(&one), points(&other));
    assert_eq!(points(&one).lines().count(), 2);
}

#[test]
fn a_new_machine_joins_the_ward_of_a_folder_from_the_welcome() {
    let (one, _other, folder) = two();
    run_ok(one.path(), &["add", "falls", "47"]);
    run_ok(one.path(), &["sync"]);
    let home = TempDir::new().unwrap();
    let mut terminal = Terminal::start(home.path(), &[]);
    terminal.wait_for("Welcome");
    terminal.press("\t\r");
    terminal.wait_for("Which folder");
    terminal.press(folder.path().to_str().unwrap());
    terminal.press("\r");
    terminal.wait_for("This board shows Ward 7A now.");
    terminal.wait_for("47");
}

#[test]
fn twenty_people_tick_at_once_while_a_wall_and_two_boards_are_open_and_no_tick_is_lost() {
    const NOW: (&str, &str) = ("HUDDLEBOARD_NOW", "2026-11-20T08:42:10Z");
    let rounds: usize = std::env::var("HUDDLEBOARD_CASES").ok().and_then(|count| count.parse().ok()).unwrap_or(5);
    let home = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = std::process::Command::new(PROGRAM);
        command.args(arguments).env_clear().envs(environment(home.path())).env(NOW.0, NOW.1).output().unwrap()
    };
    run(&["init", "--team", "Ward 7A", "--template", "acute-ward"]);
    let open = |arguments: &[&str]| Terminal::start_with(home.path(), arguments, (100, 30), &[NOW]);
    let mut screens = [open(&["wall", "--screens", "process", "--every", "3600"]), open(&[]), open(&[])];
    for board in &mut screens[1..] {
        board.wait_for("Ward 7A");
        board.press("2");
    }
    let [wall, one, other] = &mut screens;
    wall.wait_for("6 of 7 behind");
    one.wait_for("0 / 24");
    other.wait_for("0 / 24");
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                for _ in 0..rounds {
                    let ticked = run(&["tick", "observations", "1"]);
                    assert!(ticked.status.success() && ticked.stderr.is_empty(), "{ticked:?}");
                }
            });
        }
    });
    wall.wait_for("5 of 7 behind");
    for board in [one, other] {
        board.wait_for(&format!("{} / 24", 20 * rounds));
        assert!(!board.text().contains("Another program"), "{}", board.text());
    }
}
