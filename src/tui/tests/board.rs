//! The performance board: its order, its columns, its boards, and the mouse on it.

use super::Desk;
use crate::domain::change::Edit;

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

/// The board with a second one, on which linen stands.
fn with_theatre(mut desk: Desk) -> Desk {
    let team = desk.model.team.clone();
    let mut columns = team.columns.clone();
    columns.0.push("Theatre: Safety".to_owned());
    let linen = desk.measure("Linen use");
    desk.commit(Edit::of(&team).with("columns", &columns));
    desk.commit(Edit::of(&linen).with("column", &"Theatre: Safety".to_owned()));
    desk.look();
    desk
}

#[test]
fn a_team_has_as_many_boards_as_its_columns_name() {
    let mut desk = Desk::demo();
    desk.press("b");
    desk.shows("This team has one board.");
    let mut desk = with_theatre(desk);
    desk.shows("board 1 of 2");
    assert!(!desk.text().contains("Linen use"));
    desk.press("b");
    desk.shows("Theatre · board 2 of 2");
    desk.shows("Linen use");
    assert!(!desk.text().contains("Falls"));
    desk.press(">");
    desk.shows("There is no column on that side");
    desk.press("v");
    desk.shows("Falls");
}

#[test]
fn an_empty_board_beside_others_says_that_there_are_others() {
    let mut desk = Desk::demo();
    let team = desk.model.team.clone();
    let mut columns = team.columns.clone();
    columns.0.push("Theatre: Safety".to_owned());
    desk.commit(Edit::of(&team).with("columns", &columns));
    desk.look();
    desk.press("b");
    desk.shows("Nothing stands on this board yet.");
    desk.shows("Theatre · board 2 of 2");
    desk.press("b");
    desk.shows("Falls");
}

#[test]
fn a_filter_finds_a_measure_on_whichever_board_it_stands_and_a_narrow_screen_says_both_whole() {
    let mut desk = with_theatre(Desk::demo());
    desk.resize((60, 40));
    desk.shows("Ward 7A · board 1 of 2 · b next");
    desk.shows("4 targets at risk");
    desk.press("/ \"linen Enter");
    desk.shows("only “linen”");
    desk.shows("Linen use");
    desk.shows("THEATRE: SAFETY");
    desk.press("b");
    desk.shows("Theatre · board 2 of 2");
}

#[test]
fn a_tile_of_a_board_that_is_gone_stays_in_sight_and_goes_to_a_column_that_there_is() {
    let mut desk = with_theatre(Desk::demo());
    let team = desk.model.team.clone();
    let mut columns = team.columns.clone();
    columns.0.pop();
    desk.commit(Edit::of(&team).with("columns", &columns));
    desk.look();
    desk.press("b");
    desk.shows("Linen use");
    desk.press(">");
    assert_eq!(desk.measure("Linen use").column, columns.0[0]);
}
