//! Actions and escalations by the command line, and the record of a huddle.

use tempfile::TempDir;

use crate::{demo, fails, json, ok, on_demo, ward};

fn all(home: &TempDir) -> Vec<serde_json::Value> {
    json(home.path(), &["list", "actions", "--json"]).as_array().unwrap().clone()
}

#[test]
fn an_action_is_written_in_a_line_and_closed_by_its_first_words() {
    let home = ward();
    let said = ok(home.path(), &["action", "add", "low", "beds", "@therapy", "by", "mon"]);
    assert_eq!(said, "Action: low beds.\n");
    ok(home.path(), &["action", "add", "socks", "--who", "housekeeper", "--by", "+7"]);
    let listed = all(&home);
    assert_eq!((&listed[0]["who"], &listed[0]["by"]), (&"therapy".into(), &"2026-11-23".into()));
    assert_eq!((&listed[1]["who"], &listed[1]["by"]), (&"housekeeper".into(), &"2026-11-27".into()));
    ok(home.path(), &["action", "stuck", "socks", "none", "in", "stock"]);
    assert!(ok(home.path(), &["show", "actions"]).contains("STUCK none in stock"));
    assert_eq!(ok(home.path(), &["action", "done", "low"]), "Done: low beds.\n");
    assert_eq!(all(&home)[0]["state"], "done");
    assert!(fails(home.path(), 1, &["action", "done", "low"]).contains("There are: socks."));
    ok(home.path(), &["undo"]);
    assert_eq!(all(&home)[0]["state"], "open");
}

#[test]
fn an_escalation_goes_to_its_tier_up_and_is_answered() {
    let home = ward();
    let asked = ["action", "escalate", "second nurse tonight", "--tier", "matron", "--reason", "staffing"];
    ok(home.path(), &[&asked[..], &["--situation", "two short"]].concat());
    assert!(fails(home.path(), 2, &["action", "escalate", "x", "--tier", "king"]).contains("division"));
    ok(home.path(), &["action", "up", "second"]);
    assert_eq!((&all(&home)[0]["tier"], &all(&home)[0]["situation"]), (&"division".into(), &"two short".into()));
    assert!(fails(home.path(), 1, &["action", "answer", "second"]).contains("An answer needs a few words."));
    ok(home.path(), &["action", "answer", "second", "one", "comes", "over"]);
    assert_eq!((&all(&home)[0]["state"], &all(&home)[0]["answer"]), (&"done".into(), &"one comes over".into()));
}

#[test]
fn the_record_of_a_huddle_is_printed_for_a_day_and_as_an_object() {
    let home = demo();
    let text = on_demo(&home, &["--team", "Ward 7A", "show", "huddle"]);
    for words in ["Safety huddle · ", "(planned 08:30: ", "DECIDED", "THANKS", "ITEMS", "Signals"] {
        assert!(text.contains(words), "{words:?} is not in\n{text}");
    }
    let db = home.path().join("demo.db");
    let object = json(home.path(), &["--db", db.to_str().unwrap(), "--team", "Ward 7A", "show", "huddle", "--json"]);
    assert_eq!((&object[0]["agenda"], object.as_array().map(Vec::len)), (&"Safety huddle".into(), Some(1)));
    let none = ["--db", db.to_str().unwrap(), "show", "huddle", "2020-01-01"];
    assert!(fails(home.path(), 1, &none).contains("list huddles"));
}
