//! What two people set without seeing each other's, from the shell.

use tempfile::TempDir;

use crate::{demo, fails, json, ok, on_demo, ward};

#[test]
fn a_demonstration_that_is_made_anew_knows_nothing_of_the_folder_of_the_one_before() {
    let (home, hub) = (demo(), TempDir::new().unwrap());
    on_demo(&home, &["sync", hub.path().to_str().unwrap()]);
    let db = home.path().join("demo.db");
    ok(home.path(), &["demo", "--no-open", "--seed", "1", "--db", db.to_str().unwrap()]);
    assert!(fails(home.path(), 2, &["--db", db.to_str().unwrap(), "sync"]).contains("no folder"));
}

#[test]
fn conflicts_are_listed_with_both_values_and_one_of_them_is_kept_for_everybody() {
    let (one, two, hub) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let (one, two, folder) = (one.path(), two.path(), hub.path().to_str().unwrap());
    ok(one, &["sync", folder]);
    ok(two, &["sync", folder]);
    assert_eq!(ok(one, &["conflicts"]).trim(), "There are no conflicts.");
    assert_eq!(ok(one, &["conflicts", "--json"]).trim(), "[]");
    ok(one, &["--as", "matron", "add", "falls", "4", "--on", "2026-11-16"]);
    ok(two, &["--as", "night nurse", "add", "falls", "14", "--on", "2026-11-16"]);
    for home in [one, two, one] {
        ok(home, &["sync"]);
    }
    let listed = ok(one, &["conflicts"]);
    for words in ["Falls, week of 16 Nov", "1 shown", "matron", "night nurse"] {
        assert!(listed.contains(words), "{words}: {listed}");
    }
    let conflicts = json(one, &["conflicts", "--json"]);
    assert_eq!(conflicts, json(two, &["conflicts", "--json"]));
    let (conflict, id) = (&conflicts[0], conflicts[0]["id"].as_str().unwrap());
    assert_eq!((&conflict["kind"], &conflict["field"]), (&"point".into(), &"value".into()));
    let kept = conflict["sides"][1]["values"]["value"].as_f64().unwrap();
    assert!(fails(one, 2, &["conflicts", "keep", id, "3"]).contains("2 values"));
    assert!(fails(one, 2, &["conflicts", "keep", id, "both"]).contains("names no value"));
    assert!(fails(one, 1, &["conflicts", "keep", "nowhere", "1"]).contains("no conflict"));
    assert!(fails(one, 1, &["conflicts", "merge", id, "4 or 14"]).contains("Only texts"));
    let said = ok(one, &["conflicts", "keep", &id[..4], "other"]);
    assert!(said.contains("conflict settled") && said.contains("No conflicts left."), "{said}");
    assert!(fails(one, 1, &["conflicts", "keep", id, "1"]).contains("settled since"));
    for home in [one, two] {
        ok(home, &["sync"]);
    }
    assert_eq!(ok(two, &["conflicts"]).trim(), "There are no conflicts.");
    let points = json(two, &["list", "points", "--json"]);
    assert_eq!(points[0]["value"].as_f64(), Some(kept));
}
