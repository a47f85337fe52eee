//! Files in and out by the command line.

use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::{demo, fails, json, ok, on_demo, support, ward};

#[test]
fn an_import_is_rehearsed_then_saved_then_undone_as_one() {
    let home = ward();
    let file = home.path().join("history.csv");
    std::fs::write(&file, "measure,date,value\nFalls,2026-11-02,3\nFalls,2026-11-09,2\nLate meals,2026-11-09,4\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let said = ok(home.path(), &["import", file, "--dry-run"]);
    assert!(said.contains("would be made: Late meals") && said.contains("Nothing was saved"), "{said}");
    assert_eq!(ok(home.path(), &["list", "points", "--json"]).trim(), "[]");
    assert!(fails(home.path(), 1, &["import", file, "--strict"]).contains("Late meals"));
    assert!(ok(home.path(), &["import", file]).contains("3 values of 2 measures, 1 new"));
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().map(Vec::len), Some(3));
    ok(home.path(), &["undo"]);
    assert_eq!(ok(home.path(), &["list", "points", "--json"]).trim(), "[]");
}

#[test]
fn a_file_with_a_wrong_row_is_not_imported_at_all_unless_the_rest_is_asked_for() {
    let home = ward();
    let file = home.path().join("history.csv");
    std::fs::write(&file, "measure,date,value\nFalls,2026-11-02,3\nFalls,2026-11-09,two\n").unwrap();
    let file = file.to_str().unwrap();
    let words = fails(home.path(), 1, &["import", file]);
    assert!(words.contains("history.csv, line 3, column value: “two” is not a number."), "{words}");
    assert_eq!(ok(home.path(), &["list", "points", "--json"]).trim(), "[]");
    assert!(fails(home.path(), 1, &["import", file, "--skip-refused"]).contains("left out"));
    assert_eq!(json(home.path(), &["list", "points", "--json"]).as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_exported_can_be_imported_and_exported_again() {
    let home = demo();
    let csv = home.path().join("board.csv");
    on_demo(&home, &["export", csv.to_str().unwrap(), "--team", "Ward 7A"]);
    let printed = on_demo(&home, &["export", "--team", "Ward 7A"]);
    assert_eq!(std::fs::read_to_string(&csv).unwrap(), printed);
    ok(home.path(), &["init", "--team", "Copy", "--template", "blank"]);
    ok(home.path(), &["import", csv.to_str().unwrap()]);
    assert_eq!(ok(home.path(), &["export"]), printed);
    let whole: Value =
        serde_json::from_str(&on_demo(&home, &["export", "--format", "json", "--team", "Ward 7A"])).unwrap();
    assert_eq!(whole["team"]["name"], "Ward 7A");
    assert_eq!(whole["points"].as_array().unwrap().len(), printed.lines().count() - 1);
}

#[test]
fn any_file_can_be_analysed_also_from_standard_input() {
    let home = TempDir::new().unwrap();
    let rows: String = (1..=24).map(|day| format!("2026-01-{day:02},{}\n", 10 + day % 5)).collect();
    let content = format!("date,value\n{rows}");
    let mut child = Command::new(support::PROGRAM)
        .args([
            "analyse",
            "-",
            "--better",
            "up",
            "--target",
            "12",
            "--ghost",
            "2026-01-03",
            "--rebase",
            "2026-01-13",
            "--json",
        ])
        .env_clear()
        .envs(support::environment(home.path()))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), content.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let chart: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (chart["chart"].as_str(), chart["rules"].as_str(), chart["phase"].as_i64()),
        (Some("xmr"), Some("mdc"), Some(1))
    );
    assert_eq!(chart["points"].as_array().map(Vec::len), Some(24));
    assert_eq!(chart["points"][2]["ghost"], true);
    assert_eq!(chart["target"], 12.0);
}

/// Twenty weeks of audits in files of their own denominators.
fn audits(home: &TempDir) -> String {
    let row = |day: u32| format!("2026-01-{day:02},{},{}\n", 10 + day % 3 * 5 + day * 7 % 4, 40 + day % 3 * 20);
    let rows: String = (1..=20).map(row).collect();
    let file = home.path().join("audits.csv");
    std::fs::write(&file, format!("date,value,denominator\n{rows}")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_file_is_analysed_on_every_chart_that_its_numbers_can_make() {
    let home = TempDir::new().unwrap();
    let file = audits(&home);
    for kind in ["run", "xmr", "mr", "p", "pp", "u", "up"] {
        let chart = json(home.path(), &["analyse", &file, "--chart", kind, "--json"]);
        assert_eq!(chart["chart"], kind);
        assert_eq!(chart["points"][3]["upper"].is_null(), kind == "run", "{kind}");
    }
    let shares = json(home.path(), &["analyse", &file, "--chart", "p", "--json"]);
    assert_ne!(shares["points"][0]["upper"], shares["points"][1]["upper"]);
    assert_eq!(
        (shares["points"][0]["numerator"].as_f64(), shares["points"][0]["value"].as_f64()),
        (Some(18.0), Some(0.3))
    );
    assert_eq!(json(home.path(), &["analyse", &file, "--chart", "auto", "--json"])["chart"], "p");
    assert_eq!(json(home.path(), &["analyse", &file, "--json"])["chart"], "xmr");
}

#[test]
fn several_rows_of_one_day_are_a_subgroup() {
    let home = TempDir::new().unwrap();
    let rows: String =
        (1..=12).flat_map(|day| (0..3).map(move |at| format!("2026-01-{day:02},{}\n", day % 4 + at))).collect();
    let file = home.path().join("minutes.csv");
    std::fs::write(&file, format!("date,value\n{rows}")).unwrap();
    let file = file.to_str().unwrap();
    for kind in ["xbar", "s"] {
        let chart = json(home.path(), &["analyse", file, "--chart", kind, "--json"]);
        assert_eq!((chart["chart"].as_str(), chart["n"].as_u64()), (Some(kind), Some(12)));
    }
    let means = json(home.path(), &["analyse", file, "--chart", "xbar", "--json"]);
    assert_eq!(means["points"][0]["value"], 2.0);
}

#[test]
fn a_chart_that_the_data_cannot_make_is_refused_in_a_sentence() {
    let home = ward();
    let file = audits(&home);
    let plain = home.path().join("plain.csv");
    std::fs::write(&plain, "date,value\n2026-01-01,3\n2026-01-02,4\n").unwrap();
    let plain = plain.to_str().unwrap();
    for (file, kind, words) in [
        (plain, "p", "A P chart cannot be made of these data. It needs a denominator for each number"),
        (plain, "xbar", "It needs several values in each period"),
        (&file, "c", "these have denominators"),
    ] {
        let said = fails(home.path(), 2, &["analyse", file, "--chart", kind]);
        assert!(said.contains(words), "{said}");
    }
    ok(home.path(), &["add", "falls", "3"]);
    assert!(fails(home.path(), 2, &["chart", "falls", "--chart", "u"]).contains("needs a denominator"));
    assert_eq!(json(home.path(), &["chart", "falls", "--chart", "c", "--json"])["chart"], "c");
}
