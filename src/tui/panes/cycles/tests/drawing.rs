use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::super::process::sample::{empty_ward, instant};
use super::super::sample::ward;
use super::*;

fn draw(pane: &CyclesPane, model: &Model, look: &Look, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    pane.view(model, look, area, &mut buf);
    buf
}

pub(super) fn text(pane: &CyclesPane, model: &Model, width: u16, height: u16) -> String {
    let buf = draw(pane, model, &Look::dark(), width, height);
    let line = |y| (0..width).map(|x| buf[(x, y)].symbol().to_owned()).collect::<String>();
    (0..height).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_worksheet_stands_beside_the_list_or_opens_over_it() {
    let mut model = ward();
    let pane = on(&model, "second check on all shifts");
    let wide = text(&pane, &model, 140, 60);
    for words in [
        "Fewer omitted medicines",
        "locked 12 Oct 07:10",
        "METHOD CHECK",
        "6 so far",
        "LATE: in Do for 39 days",
        "o notes what is seen",
    ] {
        assert!(wide.contains(words), "{words}: {wide}");
    }
    model.body = Rect::new(0, 2, 80, 21);
    let mut pane = on(&model, "second check on all shifts");
    assert!(!text(&pane, &model, 80, 21).contains("Question 1"));
    pane.update(Action::Open, &model);
    assert!(text(&pane, &model, 80, 21).contains("Question 1"));
    for _ in 0..5 {
        pane.update(Action::PageDown, &model);
        draw(&pane, &model, &Look::dark(), 80, 21);
    }
    assert!(text(&pane, &model, 80, 21).contains("decision: adopt, adapt, abandon"), "the end is reached");
    pane.update(Action::PageUp, &model);
    assert!(!text(&pane, &model, 80, 21).contains("decision: adopt, adapt, abandon"), "and left again at once");
    pane.update(Action::Back, &model);
    assert!(text(&pane, &model, 80, 21).contains("Ramp A"));
    assert!(matches!(pane.update(Action::Back, &model), Answer::Ignored));
    assert!(pane.as_text(&model).unwrap().contains("Prediction    no more than 4 minutes"));
}

#[test]
fn the_cursor_moves_within_every_view_and_stays_on_its_cycle_between_them() {
    let model = ward();
    let mut pane = on(&model, "second check on all shifts");
    let here = pane.current(&model);
    pane.update(Action::View, &model);
    assert_eq!((pane.view, pane.current(&model)), (View::Stage, here));
    pane.update(Action::Right, &model);
    assert!(matches!(pane.under(&model), Under::Cycle(cycle) if cycle.title == "one consultant"));
    pane.update(Action::Down, &model);
    assert!(
        matches!(pane.under(&model), Under::Cycle(cycle) if cycle.title == "one consultant"),
        "its column has one card"
    );
    pane.update(Action::Left, &model);
    pane.update(Action::Left, &model);
    assert!(matches!(pane.under(&model), Under::Cycle(cycle) if cycle.title == "top-up list at huddle"));
    pane.update(Action::View, &model);
    pane.update(Action::First, &model);
    assert_eq!(pane.current(&model), here, "the one that waits longest");
    pane.update(Action::View, &model);
    assert_eq!((pane.view, pane.current(&model)), (View::Ramp, here));
}

#[test]
fn the_selected_line_is_in_view_wherever_it_is() {
    let model = ward();
    let mut pane = CyclesPane::default();
    pane.refresh(&model);
    for _ in 0..14 {
        let buf = draw(&pane, &model, &Look::dark().in_ascii(), 80, 9);
        assert!((0..9).any(|y| buf[(0, y)].symbol() == ">"), "no cursor");
        pane.update(Action::Down, &model);
    }
}

#[test]
fn nothing_is_drawn_outside_any_area_and_ascii_stays_ascii() {
    let mut wide = ward();
    of(&mut wide, "second check on all shifts").title = "夜勤も含めた全シフトでのダブルチェック".to_owned();
    wide.now = instant("2027-06-01 03:00");
    for model in [&ward(), &wide, &empty_ward()] {
        for view in [View::Ramp, View::Stage, View::Waiting] {
            for reading in [false, true] {
                let mut pane = CyclesPane { view, reading, all_teams: true, ..CyclesPane::default() };
                pane.refresh(model);
                pane.update(Action::Last, model);
                pane.reading = reading;
                for width in (0..=130).step_by(3).chain([1, 2, 80, 200, 300]) {
                    for height in (0..=45).step_by(2).chain([1, 3, 5, 21, 100]) {
                        draw(&pane, model, &Look::dark(), width, height);
                    }
                }
                pane.view(model, &Look::mono(), Rect::new(3, 5, 120, 30), &mut Buffer::empty(Rect::new(0, 0, 60, 20)));
            }
        }
    }
    let plain = ward();
    for view in [View::Ramp, View::Stage, View::Waiting] {
        let pane = CyclesPane { view, ..on(&plain, "one consultant") };
        let buf = draw(&pane, &plain, &Look::dark().in_ascii(), 140, 50);
        assert!(buf.content().iter().all(|cell| cell.symbol().is_ascii()), "{view:?}");
    }
}

#[test]
fn an_empty_log_says_what_belongs_here_and_the_key_to_press() {
    let model = empty_ward();
    let mut pane = CyclesPane::default();
    pane.refresh(&model);
    assert!(text(&pane, &model, 80, 21).contains("P  starts the first project"));
    assert_eq!(pane.hints(&model), [Action::NewProject]);
    assert_eq!(form(effects(pane.update(Action::New, &model))).title, "New project");
    said(effects(pane.update(Action::NextStage, &model)), Tone::Hint);
}
