//! The safety cross on the screen.

use super::{Desk, Input};
use crate::app::key::{Code, Key};

#[test]
fn a_day_of_the_cross_takes_one_key_and_an_event_becomes_a_point_and_says_where_it_is_reported() {
    let mut desk = Desk::demo();
    desk.press("/ \"ulcer Enter X");
    desk.shows("Safety cross · Pressure ulcers · November 2026");
    desk.press("n");
    desk.shows("Saved: Cross of Pressure ulcers, 20 Nov: none");
    desk.press("-");
    let count = desk.other.points(&desk.measure("Pressure ulcers"), super::now()).unwrap().len();
    // Two in a row: neither takes the other's place.
    desk.press("+ +");
    desk.shows("0 days since the last event.");
    desk.shows("Incidents are reported in your organisation");
    assert_eq!(desk.other.points(&desk.measure("Pressure ulcers"), super::now()).unwrap().len(), count + 2);
    desk.press("n");
    desk.shows("An event is counted on this day.");
    desk.press("- - Left p Right Right");
    assert!(desk.text().contains("20"), "the day after today cannot be gone to");
    desk.press("[");
    desk.shows("October 2026");
    desk.press("Esc");
    assert!(!desk.shell.is_asking());
}

#[test]
fn the_wheel_waits_its_turn_while_an_event_is_being_saved() {
    let mut desk = Desk::demo();
    desk.press("/ \"ulcer Enter X");
    let today = super::now().date_naive();
    let events = |desk: &Desk| {
        let points = desk.other.points(&desk.measure("Pressure ulcers"), super::now()).unwrap();
        points.iter().filter(|point| point.key.start.date() == today).count()
    };
    let before = events(&desk);
    // Faster than the disk: the second waits for the first, and the wheel for both.
    let event = Input::Key(Key::plain(Code::Char('+')));
    [event.clone(), event, Input::Wheel(false)].into_iter().for_each(|input| desk.input(input));
    while desk.model.saving > 0 {
        desk.take_one();
    }
    assert_eq!(events(&desk), before + 2, "both are of the day on which they were entered");
}

#[test]
fn a_measure_by_the_week_has_no_cross_and_that_is_said() {
    let mut desk = Desk::demo();
    desk.press("X");
    desk.shows("Falls has no safety cross");
}
