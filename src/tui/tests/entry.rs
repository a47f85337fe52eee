//! Entering values: quick entry, the round, undo.

use super::*;

#[test]
fn three_keys_save_a_value_on_the_selected_tile_and_the_screen_gives_its_verdict_back() {
    let mut desk = Desk::demo();
    desk.press("a 4 Enter");
    desk.shows("Saved: Falls 4, week of 16 Nov");
    assert_eq!(desk.last_value("Falls"), 4.0);
    assert!(!desk.shell.is_asking(), "the line is gone");
}

#[test]
fn what_is_typed_while_a_question_waits_for_the_disk_comes_after_it_in_order() {
    let mut desk = Desk::demo();
    let before = desk.last_value("Falls");
    for name in "a 4 Enter a 5 Enter 3".split(' ') {
        desk.input(Input::Key(Key::parse(name).unwrap()));
    }
    while desk.model.saving > 0 {
        desk.take_one();
    }
    desk.refresh();
    assert_eq!(desk.last_value("Falls"), 5.0);
    assert!(!desk.shell.is_asking());
    desk.shows("red trays");
    desk.press("u u");
    assert_eq!(desk.last_value("Falls"), before);
}

#[test]
fn five_keys_save_a_value_from_anywhere_by_the_measures_letter() {
    let mut desk = Desk::demo();
    desk.press("3 a f Space 2 Enter");
    assert_eq!(desk.last_value("Falls"), 2.0);
}

#[test]
fn quick_entry_shows_what_it_will_save_and_what_that_replaces() {
    let mut desk = Desk::demo();
    let before = desk.last_value("Delayed discharge");
    desk.press("a \"delayed_9_@-1_#porter");
    desk.shows("Delayed discharge 9");
    desk.shows("Thu 19 Nov");
    desk.shows("“porter”");
    desk.shows(&format!("replaces {before}"));
}

#[test]
fn a_value_that_its_measure_cannot_have_is_refused_under_the_line_and_nothing_is_lost() {
    let mut desk = Desk::demo();
    desk.press("a \"hand_hygiene_21/20 Enter");
    desk.shows("The numerator is larger than the denominator.");
    desk.shows("hand hygiene 21/20");
    desk.press("Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn an_nhs_number_is_stopped_at_the_line() {
    let mut desk = Desk::demo();
    // A number that may have been issued stands in no file of ours: it is put together here.
    desk.press(&format!("a \"falls_2_#seen_{:03}_{:03}_{:04} Enter", 401, 23, 2137));
    desk.shows("NHS number");
    assert_ne!(desk.last_value("Falls"), 2.0);
}

#[test]
fn undo_takes_the_last_action_back_and_redo_does_it_again() {
    let mut desk = Desk::demo();
    let before = desk.last_value("Falls");
    desk.press("a 9 Enter u");
    assert_eq!(desk.last_value("Falls"), before);
    desk.press("Ctrl-r");
    assert_eq!(desk.last_value("Falls"), 9.0);
}

#[test]
fn the_round_walks_through_what_is_due_and_empty_skips() {
    let mut desk = Desk::demo();
    let due = desk.model.due_measures().len();
    assert!(due > 1, "the demonstration has values due");
    let first = desk.model.due_measures()[0].clone();
    desk.press("A");
    desk.shows(&first.name);
    let typed = if first.has_denominator() { "18/20" } else { "3" };
    desk.press(&format!("\"{typed} Enter"));
    desk.shows("1 of");
    desk.press("Enter");
    desk.shows("skipped");
    assert_eq!(desk.last_value(&first.name), if first.has_denominator() { 18.0 } else { 3.0 });
}

#[test]
fn a_new_value_without_a_note_keeps_the_note() {
    let mut desk = Desk::demo();
    desk.press("a \"falls_2_#wet_floor Enter a 3 Enter");
    let points = desk.other.points(&desk.measure("Falls"), now()).unwrap();
    let last = points.last().unwrap();
    assert_eq!((last.value, last.note.as_str()), (Some(3.0), "wet floor"));
}

#[test]
fn what_could_be_a_patients_detail_is_said_before_it_is_saved() {
    let mut desk = Desk::demo();
    desk.press("a \"4_#ask_Mr_Featherstone");
    desk.shows("This could be somebody's name. Falls 4");
    desk.press("Esc e Tab Tab Tab Tab \"_by_Mrs_Featherstone");
    desk.shows("This could be somebody's name. This board holds counts and roles, never patients.");
}
