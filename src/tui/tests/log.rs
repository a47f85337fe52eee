//! Who did what, on the screen: the log, one action in full, and undoing any of it after a question.

use super::{Desk, author};
use crate::app::look::Look;
use crate::domain::annotation::Annotation;
use crate::domain::change::Edit;
use crate::domain::measure::{Amount, Measure};
use crate::domain::point::PointKey;
use crate::domain::{AnnotationId, MeasureId};

fn put(desk: &mut Desk, value: f64) {
    let key = PointKey::whole(desk.measure("Falls").id, "2026-11-16".parse().unwrap());
    let edit = Edit::put_point(desk.model.team.id, key, Amount { value, denominator: None }, "");
    let words = format!("Falls {value}");
    desk.other.commit(&author("matron", 5), &words, [Ok(edit)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
}

#[test]
fn the_log_lists_who_did_what_lately_and_shows_the_selected_action_in_full() {
    let mut desk = Desk::demo();
    put(&mut desk, 14.0);
    desk.press("I");
    for words in ["Who did what", "matron", "Falls 14", "Falls, week of 16 Nov: ", "value: ", "still so", "id "] {
        desk.shows(words);
    }
    desk.press("Down Down Up Up Enter");
    desk.shows("Falls, week of 16 Nov: ");
    desk.press("Esc");
    desk.shows("Who did what");
    desk.press("Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn an_action_is_undone_after_it_was_said_what_would_be_taken_back() {
    let mut desk = Desk::demo();
    put(&mut desk, 14.0);
    let before = desk.last_value("Falls");
    desk.press("I u");
    desk.shows("Undo this?");
    desk.shows("Then Falls, week of 16 Nov");
    desk.press("Esc");
    assert_eq!(desk.last_value("Falls"), before, "a question that is left changes nothing");
    desk.press("u 1");
    desk.shows("Undone: Falls 14");
    assert_ne!(desk.last_value("Falls"), before);
    desk.shows("Undo: Falls 14");
    // The one that was undone is still marked, and nothing is left of it.
    desk.press("u");
    desk.shows("Nothing of this is left to undo.");
    desk.press("Esc Ctrl-r");
    assert_eq!(desk.last_value("Falls"), before);
}

#[test]
fn what_was_changed_since_is_said_and_stays_while_the_rest_is_undone() {
    let mut desk = Desk::demo();
    let falls = desk.measure("Falls");
    let both = Edit::of(&falls).with("owner", &"ward sister".to_owned()).with("unit", &"a week".to_owned());
    desk.other.commit(&author("matron", 5), "Falls edited", [Ok(both)]).unwrap();
    let owner = Edit::of(&falls).with("owner", &"therapist".to_owned());
    desk.other.commit(&author("clerk", 6), "Owner", [Ok(owner)]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.press("i Down");
    desk.shows("owner: ");
    desk.shows("changed since by clerk");
    desk.press("u");
    desk.shows("Changed since: Falls (clerk");
    desk.shows("Undo the rest");
    desk.press("1");
    let after: Measure = desk.other.record(falls.id.0).unwrap().unwrap();
    assert_eq!((after.owner.as_str(), after.unit.as_str()), ("therapist", falls.unit.as_str()));
}

#[test]
fn a_measure_that_values_hang_on_is_not_taken_away_by_undoing_its_making() {
    let mut desk = Desk::demo();
    let team = desk.model.team.id;
    let mut fresh = Measure::blank(MeasureId::fresh(), team);
    fresh.name = "Bed moves".into();
    desk.other.commit(&author("matron", 5), "Bed moves made", [Ok(Edit::create(&fresh))]).unwrap();
    let mut note = Annotation::blank(AnnotationId::fresh(), team);
    (note.measure, note.text) = (fresh.id, "new form".into());
    desk.other.commit(&author("clerk", 6), "Note", [Ok(Edit::create(&note))]).unwrap();
    desk.runner.look(&mut desk.model);
    desk.refresh();
    desk.press("I Down u");
    desk.shows("Something hangs on Bed moves: 1 note on its chart.");
    assert!(desk.other.record::<Measure>(fresh.id.0).unwrap().is_some());
}

#[test]
fn a_filter_narrows_the_log_and_an_empty_one_shows_all() {
    let mut desk = Desk::demo();
    put(&mut desk, 14.0);
    desk.press("I / \"notes_on_the_charts Enter");
    desk.shows("Notes on the charts");
    assert!(!desk.text().contains("Falls 14"), "{}", desk.text());
    desk.press("/ \"nobody_wrote_this Enter");
    desk.shows("Nobody did anything with these words.");
    desk.press("/ Backspace Enter");
    desk.shows("Falls 14");
}

#[test]
fn every_size_and_a_terminal_that_knows_only_ascii_take_the_log() {
    let mut desk = Desk::demo();
    put(&mut desk, 14.0);
    for keys in ["I", "Enter", "Esc /", "Esc u"] {
        desk.press(keys);
        for (width, height) in [(0, 0), (1, 1), (10, 5), (40, 10), (41, 12), (80, 24), (120, 40), (200, 60), (300, 100)]
        {
            desk.resize((width, height));
            desk.text();
        }
    }
    desk.press("Esc");
    desk.resize((120, 40));
    desk.shell.dress(Look::mono().in_ascii());
    let text = desk.text();
    assert!(text.is_ascii(), "{text}");
}
