//! Charts by the command line: rows brought together, targets that moved, teams compared, pictures.

use serde_json::Value;
use tempfile::TempDir;

use crate::{demo, fails, json, ok, on_demo, run};

/// A file in `home` of these rows under a header.
fn file(home: &TempDir, header: &str, rows: impl Iterator<Item = String>) -> String {
    let path = home.path().join("counts.csv");
    std::fs::write(&path, format!("{header}\n{}\n", rows.collect::<Vec<_>>().join("\n"))).unwrap();
    path.to_str().unwrap().to_owned()
}

fn values(chart: &Value) -> Vec<Option<f64>> {
    chart["points"].as_array().unwrap().iter().map(|point| point["value"].as_f64()).collect()
}

#[test]
fn daily_counts_are_brought_together_by_week_and_it_is_said_how() {
    let home = TempDir::new().unwrap();
    // Two whole weeks from Monday 5 January, then a gap of a week, then another.
    let days = (5..19).chain(26..33).map(|day| match day {
        32.. => format!("01/02/2026,{}", day % 3),
        day => format!("{day:02}/01/2026,{}", day % 3),
    });
    let file = file(&home, "Day,Falls", days);
    let by_week = json(home.path(), &["analyse", &file, "--by", "week", "--json"]);
    assert_eq!(values(&by_week), [Some(8.0), Some(6.0), None, Some(8.0)]);
    let said = String::from_utf8(run(home.path(), &["analyse", &file, "--by", "week"]).stderr).unwrap();
    assert!(said.contains("Brought 21 rows together by week (3 weeks)"), "{said}");
    assert!(said.contains("the values of each were added up because all of them are counts"), "{said}");
    let means = json(home.path(), &["analyse", &file, "--by", "week", "--combine", "mean", "--json"]);
    assert_eq!(values(&means)[0], Some(8.0 / 7.0));
    assert!(fails(home.path(), 2, &["analyse", &file, "--by", "fortnight"]).contains("quarter"));
}

#[test]
fn parts_and_wholes_are_pooled_by_month() {
    let home = TempDir::new().unwrap();
    let rows = ["2026-01-01,1,10", "2026-01-31,9,30", "2026-02-01,5,20", "2026-02-28,,20"];
    let file = file(&home, "date,numerator,denominator", rows.into_iter().map(str::to_owned));
    let chart = json(home.path(), &["analyse", &file, "--by", "month", "--chart", "p", "--json"]);
    assert_eq!(values(&chart), [Some(0.25), Some(0.25)]);
    assert_eq!(chart["points"][1]["denominator"], 20.0, "a row without a value brings no denominator");
}

#[test]
fn a_target_that_moved_and_a_given_centre_line_are_taken_and_a_wrong_one_refused() {
    let home = TempDir::new().unwrap();
    let file = file(&home, "date,value", (1..=20).map(|day| format!("2026-01-{day:02},{}", 10 + day % 4)));
    let targets = ["--target", "9", "--target", "11/01/2026=15", "--better", "down", "--centre", "12"];
    let chart = json(home.path(), &[&["analyse", &file, "--json"], &targets[..]].concat());
    assert_eq!(chart["target"], 15.0);
    assert_eq!(chart["targets"][0], serde_json::json!({ "from": "2026-01-01", "to": "2026-01-10", "target": 9.0 }));
    assert_eq!((&chart["given_centre"], &chart["points"][3]["centre"]), (&12.0.into(), &12.0.into()));
    assert!(chart["findings"]["act"].as_str().unwrap().starts_with("Leave single points alone"));
    for wrong in ["high", "2026-13-01=4", "nan", "2026-01-01="] {
        assert!(fails(home.path(), 2, &["analyse", &file, "--target", wrong]).contains("--target 2026-04-01=0.95"));
    }
    let twice = fails(home.path(), 2, &["analyse", &file, "--target", "9", "--target", "8"]);
    assert!(twice.contains("from the beginning on"), "{twice}");
}

#[test]
fn a_sustained_shift_is_offered_with_its_evidence_and_drawn_by_nobody() {
    let home = TempDir::new().unwrap();
    let rows = (1..=28).map(|day| format!("2026-01-{day:02},{}", if day < 15 { 20 + day % 3 } else { 10 + day % 3 }));
    let file = file(&home, "date,value", rows);
    let chart = json(home.path(), &["analyse", &file, "--chart", "run", "--json"]);
    let suggestion = &chart["suggestion"];
    assert_eq!((&suggestion["date"], &suggestion["count"]), (&"2026-01-15".into(), &14.into()));
    assert_eq!((&suggestion["before"], &suggestion["level"]), (&21.0.into(), &11.0.into()));
    assert_eq!(chart["phases"].as_array().map(Vec::len), Some(1));
    let printed = run(home.path(), &["analyse", &file, "--chart", "run"]);
    assert!(String::from_utf8_lossy(&printed.stderr).contains("--rebase 2026-01-15"));
    let rebased = json(home.path(), &["analyse", &file, "--chart", "run", "--rebase", "15 Jan 2026", "--json"]);
    assert_eq!((rebased["phases"].as_array().map(Vec::len), rebased["suggestion"].is_null()), (Some(2), true));
}

#[test]
fn the_teams_of_a_file_are_compared_by_a_measure_that_has_a_denominator() {
    let home = demo();
    let funnel: Value = serde_json::from_str(&on_demo(&home, &["funnel", "hand hygiene", "--json"])).unwrap();
    let teams = funnel["teams"].as_array().unwrap();
    assert_eq!((teams.len(), &funnel["chart"]), (2, &"p".into()));
    assert!(teams.iter().all(|team| team["lower"].as_f64() < team["upper"].as_f64()));
    assert!(on_demo(&home, &["funnel", "hand", "hygiene"]).contains("Ward 7B"));
    let none = on_demo(&home, &["funnel", "hand hygiene", "--to", "2001-01-01"]);
    assert!(none.contains("No team has counted this yet."), "{none}");
}

#[test]
fn a_picture_is_whole_or_not_there() {
    let home = TempDir::new().unwrap();
    let file = file(&home, "date,value", (1..=20).map(|day| format!("2026-01-{day:02},{}", 10 + day % 4)));
    let picture = home.path().join("chart.svg");
    ok(home.path(), &["analyse", &file, "--svg", picture.to_str().unwrap()]);
    assert!(std::fs::read_to_string(&picture).unwrap().ends_with("</svg>\n"));
    assert!(ok(home.path(), &["analyse", &file, "--svg", "-"]).starts_with("<svg "));
    let png = home.path().join("chart.png");
    let output = run(home.path(), &["analyse", &file, "--png", png.to_str().unwrap()]);
    if output.status.success() {
        assert!(std::fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    } else {
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(words.contains("--svg") && !png.exists(), "{words}");
    }
}

#[test]
fn a_measures_settings_are_set_with_what_changed_said_and_refused_with_a_sentence() {
    let home = demo();
    let said =
        on_demo(&home, &["measure", "medication", "--rules", "western_electric", "--freeze", "12", "--target", "3"]);
    assert!(said.contains("the set of rules is Western Electric rules; it was"), "{said}");
    assert!(said.contains("the number of points that make the limits is 12; it was 16"), "{said}");
    let chart: Value = serde_json::from_str(&on_demo(&home, &["chart", "medication", "--json"])).unwrap();
    assert_eq!((&chart["rules"], &chart["target"]), (&"western_electric".into(), &0.03.into()));
    let again = on_demo(&home, &["measure", "medication", "--rules", "western_electric"]);
    assert!(again.contains("nothing has changed"), "{again}");
    on_demo(&home, &["measure", "medication", "--target", "2", "--since", "2026-01-05"]);
    let moved: Value = serde_json::from_str(&on_demo(&home, &["chart", "medication", "--json"])).unwrap();
    assert_eq!((&moved["target"], &moved["targets"][0]["target"]), (&0.02.into(), &0.03.into()));
    let db = home.path().join("demo.db");
    let db = db.to_str().unwrap();
    for (code, wrong, sentence) in [
        (2, &["--rules", "shewhart"][..], "There is no set of rules “shewhart”."),
        (2, &["--screening", "perhaps"], "There is no way of screening"),
        (2, &["--better", "sideways"], "There is no better direction"),
        (1, &["--freeze", "1"], "the lines need the first 2 or more"),
        (1, &["--target", "1", "--since", "2026-01-04"], "An earlier target of"),
        (2, &[], "Nothing is said that"),
    ] {
        let words = fails(home.path(), code, &[&["--db", db, "measure", "medication"], wrong].concat());
        assert!(words.contains(sentence), "{words}");
    }
}
