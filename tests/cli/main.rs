//! The command line as scripts use it: the real program, its output, and its exit codes.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod actions;
mod charts;
mod conflicts;
mod files;
mod history;
#[cfg(unix)]
mod hostile;
mod keeping;
#[cfg(unix)]
mod killed;
#[path = "../support/mod.rs"]
mod support;
mod sync;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A moment in the middle of an early shift.
const NOW: &str = "2026-11-20T08:42";

/// Runs the program at that moment.
fn run(home: &Path, arguments: &[&str]) -> Output {
    let mut all = vec!["--now", NOW];
    all.extend(arguments);
    support::run(home, &all)
}

#[track_caller]
fn ok(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// It must fail with this code; what it said.
#[track_caller]
fn fails(home: &Path, code: i32, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    let words = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {words}");
    assert!(words.trim_end().ends_with(['.', '…']) || code == 2, "{words}");
    words
}

#[track_caller]
fn json(home: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&ok(home, arguments)).unwrap()
}

/// The doctor finds the file whole, and what its log makes of an empty one the same.
#[track_caller]
fn assert_sound(home: &Path, when: &str) {
    let output = run(home, &["doctor", "--json"]);
    let checks: Value = serde_json::from_slice(&output.stdout).unwrap();
    for name in ["integrity", "log"] {
        let check = checks.as_array().unwrap().iter().find(|check| check["check"] == name).unwrap();
        assert_eq!(check["verdict"], "ok", "{when}: {check}");
    }
}

fn ward() -> TempDir {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["init", "--team", "Ward 7A", "--template", "acute-ward"]);
    home
}

fn demo() -> TempDir {
    let home = TempDir::new().unwrap();
    ok(home.path(), &["demo", "--no-open", "--seed", "1", "--db", home.path().join("demo.db").to_str().unwrap()]);
    home
}

/// Runs the program on the demonstration.
fn on_demo(home: &TempDir, arguments: &[&str]) -> String {
    let db = home.path().join("demo.db");
    let mut all = vec!["--db", db.to_str().unwrap()];
    all.extend(arguments);
    ok(home.path(), &all)
}

#[test]
fn a_ward_is_made_once_and_asks_for_its_name() {
    let home = ward();
    assert!(fails(home.path(), 1, &["init", "--team", "ward 7a"]).contains("already"));
    assert!(fails(home.path(), 2, &["init"]).contains("--team"));
    assert!(fails(home.path(), 2, &["init", "--team", "X", "--template", "dental"]).contains("acute-ward"));
    assert_eq!(json(home.path(), &["list", "teams", "--json"])[0]["name"], "Ward 7A");
}

#[test]
fn without_a_file_a_command_says_how_to_make_one() {
    let home = TempDir::new().unwrap();
    assert!(fails(home.path(), 1, &["list", "measures"]).contains("huddleboard init"));
    assert!(ok(home.path(), &["info"]).contains("not there"));
}

#[test]
fn a_value_is_saved_and_something_is_given_back() {
    let home = ward();
    let said = ok(home.path(), &["add", "falls", "3", "--on", "2026-11-10", "--note", "both in bay 3"]);
    assert!(said.contains("Falls: 3") && said.contains("week of 9 Nov") && said.contains("Too early"), "{said}");
    let said = ok(home.path(), &["add", "falls", "2", "--on", "2026-11-10"]);
    assert!(said.contains("It replaces 3"), "{said}");
    ok(home.path(), &["add", "hand hygiene", "18/20", "--on", "last mon"]);
    let points = json(home.path(), &["list", "points", "--json"]);
    assert_eq!(
        points[1],
        serde_json::json!({
            "measure": "hand-hygiene", "date": "2026-11-16", "value": 0.9, "numerator": 18.0, "denominator": 20.0,
            "note": "", "stratum": "", "ordinal": 0, "ghost": null, "team": "ward-7a",
        })
    );
    ok(home.path(), &["undo"]);
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().map(Vec::len), Some(1));
    ok(home.path(), &["redo"]);
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().map(Vec::len), Some(2));
    let log = json(home.path(), &["log", "--json"]);
    assert!(log[0]["words"].as_str().unwrap().starts_with("Redo"));
}

#[test]
fn each_event_of_a_day_is_a_point_of_its_own() {
    let home = ward();
    ok(home.path(), &["add", "pressure ulcers", "1"]);
    ok(home.path(), &["add", "p", "1"]);
    let points = json(home.path(), &["list", "points", "--json", "--measure", "pressure ulcers"]);
    assert_eq!(
        points.as_array().unwrap().iter().map(|point| point["ordinal"].as_i64()).collect::<Vec<_>>(),
        [Some(0), Some(1)]
    );
}

#[test]
fn what_cannot_be_saved_is_refused_with_what_to_do() {
    let home = ward();
    // A number that may have been issued stands in no file of ours: it is put together here.
    let patient = format!("see {:03} {:03} {:04}", 401, 23, 2137);
    for (arguments, expected) in [
        (&["add", "falls"][..], "which value"),
        (&["add", "falls", "2.5"], "whole number"),
        (&["add", "flying", "2"], "No measure"),
        (&["add", "falls", "2", "--on", "2027-01-01"], "still to come"),
        (&["add", "falls", "2", "--note", &patient], "NHS number"),
        (&["add", "home before noon", "2/6"], "huddleboard tick"),
        (&["tick", "observations", "-1"], "cannot be taken back"),
        (&["tick", "flying"], "Observations"),
        (&["import", "nowhere.csv"], "cannot be read"),
        (&["chart", "flying"], "No measure"),
    ] {
        let words = fails(home.path(), 1, arguments);
        assert!(words.contains(expected), "{arguments:?}: {words}");
    }
    for arguments in [
        &["frobnicate"][..],
        &["add"],
        &["list", "frobs"],
        &["chart", "falls", "--chart", "pie"],
        &["analyse", "x.csv", "--better", "sideways"],
        &["tick", "observations", "0"],
        &["--team", "Ward 7A", "--now", "soon", "list", "teams"],
    ] {
        assert_eq!(run(home.path(), arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn work_is_ticked_and_taken_back_in_the_period_that_is_open() {
    let home = ward();
    ok(home.path(), &["tick", "observations", "6"]);
    ok(home.path(), &["tick", "observations", "-1"]);
    let processes = json(home.path(), &["list", "processes", "--json"]);
    let found =
        processes.as_array().unwrap().iter().find(|process| process["slug"] == "observations-4-hourly").unwrap();
    assert_eq!(
        (found["required"].as_i64(), found["completed"].as_i64(), found["outstanding"].as_i64()),
        (Some(24), Some(5), Some(19))
    );
    assert!((found["expected"].as_f64().unwrap() - 5.1).abs() < 1e-9);
    assert_eq!((found["period"].as_str(), found["pace"].as_str()), (Some("Early"), Some("on_pace")));
}

#[test]
fn the_same_records_are_listed_in_the_same_bytes() {
    let (first, second) = (demo(), demo());
    for kind in [
        "measures",
        "points",
        "processes",
        "cycles",
        "projects",
        "teams",
        "annotations",
        "phases",
        "observations",
        "reasons",
    ] {
        let listed = on_demo(&first, &["list", kind, "--json"]);
        assert_eq!(listed, on_demo(&second, &["list", kind, "--json"]), "{kind}");
        let entries: Value = serde_json::from_str(&listed).unwrap();
        assert!(!entries.as_array().unwrap().is_empty(), "{kind}");
        assert!(on_demo(&first, &["list", kind]).lines().count() > entries.as_array().unwrap().len(), "{kind}");
    }
}

#[test]
fn lists_have_the_documented_keys() {
    let home = demo();
    for (kind, keys) in [
        ("measures", &["id", "slug", "name", "target", "frequency", "latest_date", "latest_value"][..]),
        ("points", &["measure", "date", "value", "numerator", "denominator", "note"]),
        ("processes", &["id", "slug", "name", "required", "completed", "expected", "outstanding", "pace"]),
        (
            "cycles",
            &[
                "id",
                "slug",
                "name",
                "project",
                "team",
                "ramp",
                "number",
                "title",
                "stage",
                "age_days",
                "stage_days",
                "decision",
            ],
        ),
        ("projects", &["id", "slug", "name", "score"]),
        ("teams", &["id", "slug", "name"]),
    ] {
        let entries: Value = serde_json::from_str(&on_demo(&home, &["list", kind, "--json"])).unwrap();
        for key in keys {
            assert!(entries[0].get(key).is_some(), "{kind}: {key}");
        }
    }
    let cycles: Value = serde_json::from_str(&on_demo(&home, &["list", "cycles", "--json"])).unwrap();
    let stuck = cycles.as_array().unwrap().iter().find(|cycle| cycle["stage"] == "do" && cycle["stage_days"] == 39);
    assert!(stuck.is_some(), "{cycles}");
}

#[test]
fn several_teams_are_listed_together_and_written_to_one_at_a_time() {
    let home = demo();
    let db = home.path().join("demo.db");
    let db = db.to_str().unwrap();
    assert!(fails(home.path(), 2, &["--db", db, "add", "falls", "1"]).contains("Ward 7A, Ward 7B"));
    ok(home.path(), &["--db", db, "--team", "ward 7b", "add", "falls", "1"]);
    assert!(fails(home.path(), 1, &["--db", db, "--team", "Ward 9", "list", "teams"]).contains("Ward 7A"));
    let both: Value = serde_json::from_str(&on_demo(&home, &["list", "measures", "--json"])).unwrap();
    let one: Value =
        serde_json::from_str(&on_demo(&home, &["list", "measures", "--json", "--team", "Ward 7B"])).unwrap();
    assert!(both.as_array().unwrap().len() > one.as_array().unwrap().len());
}

#[test]
fn a_chart_says_its_verdict_in_words_and_as_the_documented_object() {
    let home = demo();
    let text = on_demo(&home, &["chart", "falls", "--team", "Ward 7A"]);
    assert!(text.contains("CONCERN") && text.contains("8 weeks above the median"), "{text}");
    let chart: Value =
        serde_json::from_str(&on_demo(&home, &["chart", "medication", "--json", "--rules", "nelson"])).unwrap();
    assert_eq!((chart["chart"].as_str(), chart["rules"].as_str()), (Some("xmr"), Some("nelson")));
    assert_eq!(chart["points"][0].as_object().unwrap().keys().next().map(String::as_str), Some("date"));
    let board = on_demo(&home, &["show"]);
    assert!(board.contains("DEMO") && board.contains("3 concerns"), "{board}");
    for name in ["work", "cycles", "Observations, 4-hourly", "Fewer omitted medicines", "all shifts", "falls"] {
        assert!(!on_demo(&home, &["show", name]).is_empty(), "{name}");
        serde_json::from_str::<Value>(&on_demo(&home, &["show", name, "--json"])).unwrap();
    }
}

#[test]
fn the_demonstration_replaces_itself_and_never_a_real_ward() {
    let home = ward();
    let real = home.path().join("data/huddleboard/ward.db");
    let before = std::fs::read(&real).unwrap();
    let words = fails(home.path(), 1, &["demo", "--no-open", "--db", real.to_str().unwrap()]);
    assert!(words.contains("real ward"), "{words}");
    assert_eq!(std::fs::read(&real).unwrap(), before);
    ok(home.path(), &["demo", "--no-open"]);
    ok(home.path(), &["demo", "--no-open", "--seed", "2"]);
    let folder = home.path().join("data/huddleboard");
    assert!(folder.join("demo.db").exists() && real.exists());
}

#[test]
fn the_board_is_refused_where_there_is_no_terminal() {
    let home = ward();
    let words = fails(home.path(), 2, &[]);
    assert!(words.contains("huddleboard show"), "{words}");
    assert_eq!(run(home.path(), &["demo"]).status.code(), Some(2));
}

#[test]
fn nothing_that_steers_a_terminal_is_printed() {
    let home = ward();
    let file = home.path().join("odd.csv");
    std::fs::write(&file, "measure,date,value,note\n\u{1b}]0;x\u{7}Falls,2026-11-02,3,\u{9b}31m\u{202e}red\n").unwrap();
    let first = run(home.path(), &["import", file.to_str().unwrap()]);
    let mut printed = [first.stdout, first.stderr].concat();
    for arguments in
        [&["list", "points"][..], &["list", "points", "--json"], &["list", "measures"], &["show"], &["log"]]
    {
        let output = run(home.path(), arguments);
        printed.extend([output.stdout, output.stderr].concat());
    }
    let printed = String::from_utf8(printed).unwrap();
    assert!(
        printed.chars().all(|letter| letter == '\n' || letter == '\t' || !huddleboard::base::text::is_unsafe(letter)),
        "{printed:?}"
    );
}

#[test]
fn a_pipe_that_is_closed_early_is_nobodys_fault() {
    let home = demo();
    let mut child = Command::new(support::PROGRAM)
        .args(["--db", home.path().join("demo.db").to_str().unwrap(), "list", "points", "--json"])
        .env_clear()
        .envs(support::environment(home.path()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_wrong_setting_is_told_with_its_line_and_changes_nothing() {
    let home = ward();
    let folder = home.path().join("config/huddleboard");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "role = \"night sister\"\ncolour = 3\n").unwrap();
    let output = run(home.path(), &["add", "falls", "1"]);
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("config.toml, line 2"));
    assert_eq!(json(home.path(), &["log", "--json"])[0]["actor"], "night sister");
    assert!(ok(home.path(), &["--as", "ward clerk", "add", "falls", "2"]).contains("Falls: 2"));
    assert_eq!(json(home.path(), &["log", "--json"])[0]["actor"], "ward clerk");
}
