//! The safety cross on the screen.

use super::Desk;

#[test]
fn a_day_of_the_cross_takes_one_key_and_an_event_becomes_a_point_and_says_where_it_is_reported() {
    let mut desk = Desk::demo();
    desk.press("/ \"ulcer Enter X");
    desk.shows("Safety cross · Pressure ulcers · November 2026");
    desk.press("n");
    desk.shows("Saved: Cross of Pressure ulcers, 20 Nov: none");
    desk.press("-");
    let count = desk.other.points(&desk.measure("Pressure ulcers"), super::now()).unwrap().len();
    // Two in a row, faster than the disk: neither takes the other's place.
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
fn a_measure_by_the_week_has_no_cross_and_that_is_said() {
    let mut desk = Desk::demo();
    desk.press("X");
    desk.shows("Falls has no safety cross");
}

#[test]
fn the_board_by_need_puts_concerns_first_and_the_wards_own_columns_come_back() {
    let mut desk = Desk::demo();
    desk.press("v");
    desk.shows("CONCERN");
    desk.shows("LEAVE ALONE");
    desk.press("K");
    desk.shows("v shows the ward's own again");
    desk.press("v");
    desk.shows("DELIVERY");
}

#[test]
fn columns_are_renamed_with_their_measures_and_a_tile_goes_to_the_next_column() {
    let mut desk = Desk::demo();
    desk.press("O Tab \"_first Ctrl-s");
    let falls = desk.measure("Falls");
    assert!(desk.model.team.columns.0.contains(&falls.column), "{}", falls.column);
    desk.press(">");
    assert_eq!(desk.measure("Falls").column, desk.model.team.columns.0[1]);
    desk.press("u u O Right Right Ctrl-s");
    assert_eq!(desk.model.team.columns.0[0], "Safe");
    desk.shows("SAFE");
    desk.press("/ \"nothing_of_this Enter x");
    desk.shows("No measure contains");
}

#[test]
fn a_click_goes_to_a_tab_or_a_tile_and_the_wheel_scrolls() {
    let mut desk = Desk::demo();
    let point = |desk: &mut Desk, x, y| {
        desk.input(super::Input::Pointed(x, y));
        desk.refresh();
    };
    point(&mut desk, 30, 8);
    let selected = desk.shell.act(crate::app::action::Action::Open, &desk.model);
    assert!(
        matches!(selected[..], [crate::app::effect::Effect::ShowChart(id)] if id == desk.measure("Hand hygiene").id)
    );
    point(&mut desk, 22, 1);
    desk.shows("Early shift");
    let before = desk.text();
    desk.input(super::Input::Wheel(true));
    desk.refresh();
    assert_ne!(desk.text(), before, "another row is selected");
    point(&mut desk, 500, 500);
}
