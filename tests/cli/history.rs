//! Who did what, and undoing any of it, from the shell.

use std::path::Path;

use tempfile::TempDir;

use crate::{fails, json, ok, ward};

/// Who does something, on the ward's board.
fn add(home: &Path, role: &str, value: &str) {
    ok(home, &["--as", role, "add", "falls", value, "--on", "2026-11-16"]);
}

/// The id of the latest action.
fn latest(home: &Path) -> String {
    json(home, &["log", "--json"])[0]["code"].as_str().unwrap().to_owned()
}

fn value(home: &Path) -> Option<f64> {
    json(home, &["list", "points", "--json"])[0]["value"].as_f64()
}

#[test]
fn the_log_is_narrowed_by_day_role_kind_record_words_and_board() {
    let home = ward();
    let home = home.path();
    add(home, "matron", "4");
    add(home, "night nurse", "5");
    let count = |filter: &[&str]| {
        let arguments: Vec<&str> = ["log", "--json"].into_iter().chain(filter.iter().copied()).collect();
        json(home, &arguments).as_array().unwrap().len()
    };
    let all = count(&["--limit", "0"]);
    for (filter, expected) in [
        (&["--by", "Matron"][..], 1),
        (&["--by", "nurse"], 1),
        (&["--kind", "point"], 2),
        (&["--kind", "point", "--limit", "1"], 1),
        (&["--kind", "measure"], all - 2),
        (&["--kind", "phase"], 0),
        (&["--measure", "falls", "--kind", "point"], 2),
        (&["--record", "falls", "--by", "matron"], 1),
        (&["--text", "falls 5"], 1),
        (&["--text", "nobody wrote this"], 0),
        (&["--since", "tomorrow"], 0),
        (&["--since", "today", "--until", "today"], all),
        (&["--until", "yesterday"], 0),
        (&["--board", "this"], all),
    ] {
        assert_eq!(count(filter), expected, "{filter:?}");
    }
    assert!(fails(home, 2, &["log", "--kind", "colour"]).contains("There are: team"));
    assert!(fails(home, 1, &["log", "--measure", "nothing"]).contains("No measure is called"));
    assert!(fails(home, 1, &["log", "--board", "nowhere"]).contains("No board is called"));
    assert!(fails(home, 1, &["log", "--since", "soonish"]).contains("not a day"));
}

#[test]
fn one_action_is_shown_with_what_it_changed_and_what_of_it_still_stands() {
    let home = ward();
    let home = home.path();
    add(home, "matron", "4");
    let first = latest(home);
    add(home, "night nurse", "5");
    let shown = ok(home, &["log", &latest(home)]);
    assert!(shown.contains("value: 4 → 5") && shown.contains("still so"), "{shown}");
    let shown = ok(home, &["log", &first]);
    assert!(shown.contains("made; changed since by night nurse"), "{shown}");
    let whole = json(home, &["log", &first, "--json"]);
    assert_eq!((&whole["words"].is_string(), &whole["records"][0]["standing"]), (&true, &"changed".into()));
    let field =
        whole["records"][0]["fields"].as_array().unwrap().iter().find(|field| field["field"] == "value").unwrap();
    assert_eq!((field["after"].as_f64(), field["now"].as_f64()), (Some(4.0), Some(5.0)));
    assert!(fails(home, 1, &["log", "99999"]).contains("There is no action"));
    assert!(fails(home, 1, &["undo", "x"]).contains("There is no action"));
}

#[test]
fn an_action_long_ago_is_undone_by_its_id_after_saying_what_would_be_taken_back() {
    let home = ward();
    let home = home.path();
    add(home, "matron", "4");
    add(home, "matron", "5");
    let id = latest(home);
    ok(home, &["--as", "matron", "add", "hand hygiene", "18/20"]);
    let said = ok(home, &["undo", &id, "--dry-run"]);
    assert!(said.contains("value: 4 → 5") && said.contains("rehearsal"), "{said}");
    assert_eq!(value(home), Some(5.0));
    assert!(fails(home, 2, &["undo", &id]).contains("--yes"), "nobody can be asked in a pipe");
    assert_eq!(value(home), Some(5.0));
    assert!(ok(home, &["undo", &id, "--yes"]).contains("Undone"));
    assert_eq!(value(home), Some(4.0));
    assert!(fails(home, 1, &["undo", &id, "--yes"]).contains("Nothing of this action is left"));
    ok(home, &["redo"]);
    assert_eq!(value(home), Some(5.0));
    ok(home, &["undo", &id, "--yes"]);
    assert_eq!(value(home), Some(4.0));
    fails(home, 2, &["undo", "--rest"]);
}

#[test]
fn what_depends_on_an_action_keeps_it_from_being_undone_unless_the_rest_is_asked_for() {
    let home = ward();
    let home = home.path();
    let csv = home.join("history.csv");
    std::fs::write(&csv, "measure,date,value\nFalls,2026-11-02,1\nFalls,2026-11-09,2\n").unwrap();
    ok(home, &["import", csv.to_str().unwrap()]);
    let id = latest(home);
    ok(home, &["--as", "matron", "add", "falls", "7", "--on", "2026-11-09"]);
    let refused = fails(home, 1, &["undo", &id, "--yes"]);
    assert!(refused.contains("Something depends on this action") && refused.contains("--rest"), "{refused}");
    let said = ok(home, &["undo", &id, "--rest", "--yes"]);
    assert!(said.contains("Changed since") && said.contains("matron"), "{said}");
    let points = json(home, &["list", "points", "--json"]);
    assert_eq!(points.as_array().unwrap().len(), 1);
    assert_eq!(value(home), Some(7.0));
    // The making of the board itself is needed by all that was written on it since.
    let said = ok(home, &["undo", "1", "--dry-run"]);
    assert!(said.contains("Is still needed by what hangs on it"), "{said}");
}

#[test]
fn an_action_of_another_board_is_undone_here_and_that_holds_there_too() {
    let (one, two, hub) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let (one, two, folder) = (one.path(), two.path(), hub.path().to_str().unwrap());
    add(one, "matron", "4");
    ok(one, &["sync", folder]);
    ok(two, &["sync", folder]);
    let id = latest(two);
    assert!(id.contains(':'), "the id of another board's action says which board: {id}");
    ok(two, &["undo", &id, "--yes"]);
    ok(two, &["sync"]);
    ok(one, &["sync"]);
    for home in [one, two] {
        assert_eq!(json(home, &["list", "points", "--json"]).as_array().unwrap().len(), 0);
        assert_eq!(ok(home, &["conflicts"]).trim(), "There are no conflicts.");
    }
    ok(two, &["redo"]);
    ok(two, &["sync"]);
    ok(one, &["sync"]);
    assert_eq!(value(one), Some(4.0));
}
