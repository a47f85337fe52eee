//! Forms: what is typed, what others change meanwhile, and leaving.

use super::*;

#[test]
fn a_form_that_was_opened_before_somebody_else_saved_does_not_overwrite_it_unseen() {
    let mut desk = Desk::demo();
    let falls = desk.measure("Falls");
    desk.press("e");
    let edit = crate::domain::change::Edit::of(&falls).with("owner", &String::from("matron"));
    desk.other.commit(&author("matron", 5), "Falls edited", [Ok(edit)]).unwrap();
    // Nothing has looked at the file yet.
    desk.press("\"!");
    desk.input(Input::Key(Key::parse("Ctrl-s").unwrap()));
    while desk.model.saving > 0 {
        desk.take_one();
    }
    desk.shows("in the meantime");
    assert_eq!(desk.other.record::<Measure>(falls.id.0).unwrap().unwrap().name, "Falls");
    desk.refresh();
    desk.press("Ctrl-s");
    let saved = desk.other.record::<Measure>(falls.id.0).unwrap().unwrap();
    assert_eq!((saved.name.as_str(), saved.owner.as_str()), ("Falls!", "matron"), "both are kept");
}

#[test]
fn a_form_says_what_somebody_else_makes_of_a_field_and_keeps_what_is_typed() {
    let mut desk = Desk::demo();
    let falls = desk.measure("Falls");
    desk.press("e \"_at_night");
    let edit = crate::domain::change::Edit::of(&falls)
        .with("name", &String::from("Falls of any kind"))
        .with("definition", &String::from("Any fall."));
    desk.other.commit(&author("matron", 5), "Falls edited", [Ok(edit)]).unwrap();
    assert!(desk.runner.look(&mut desk.model));
    desk.refresh();
    desk.shows("Falls at night");
    desk.shows("Matron made this “Falls of any kind” meanwhile.");
    desk.shows("Matron changed this just now.");
    desk.press("Ctrl-s");
    let saved = desk.other.record::<Measure>(falls.id.0).unwrap().unwrap();
    assert_eq!((saved.name.as_str(), saved.definition.as_str()), ("Falls at night", "Any fall."));
    desk.model.notice = None;
    desk.shows("matron: Falls at night");
    desk.model.now += chrono::TimeDelta::minutes(2);
    desk.runner.minute(now(), &mut desk.model);
    assert!(!desk.text().contains("matron: Falls"), "after a while it is no news");
}

#[test]
fn leaving_a_form_with_something_typed_asks_once() {
    let mut desk = Desk::demo();
    desk.press("e \"x Esc");
    desk.shows("throws away");
    desk.press("Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn a_number_that_is_asked_for_replaces_the_one_that_stands_there() {
    let mut desk = Desk::demo();
    desk.press("4 Left = 4 Enter");
    assert_eq!(desk.last_value("Falls"), 4.0);
    desk.press("2 = 7 Enter");
    desk.shows("7 / 24");
}

#[test]
fn two_measures_cannot_have_one_name() {
    let mut desk = Desk::demo();
    desk.press("n \"falls Ctrl-s");
    desk.shows("Another measure has this name.");
}
