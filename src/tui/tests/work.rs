//! The process board with the file behind it: shifts, bank holidays, past periods, reasons.

use super::{Desk, author};
use crate::domain::change::Edit;
use crate::domain::process::{Completion, Process};
use crate::domain::team::Team;
use crate::domain::{CompletionId, ProcessId};

fn team(desk: &Desk) -> Team {
    desk.other.record(desk.model.team.id.0).unwrap().unwrap()
}

#[test]
fn a_ward_sets_its_own_shifts_from_tomorrow_and_what_is_required_goes_along() {
    let mut desk = Desk::demo();
    desk.press("2 O");
    desk.shows("Shifts and bank holidays of Ward 7A");
    desk.press("Ctrl-u");
    for _ in 0..60 {
        desk.press("Backspace Delete");
    }
    desk.press("\"Day_07:30 Enter \"Evening_14:00 Enter \"Night_20:00 Tab Right Ctrl-s");
    let after = team(&desk);
    let names: Vec<&str> = after.shifts.0.shifts().iter().map(|shift| shift.name.as_str()).collect();
    assert_eq!(names, ["Day", "Evening", "Night"]);
    assert_eq!(after.past_shifts.0[0].until.to_string(), "2026-11-21");
    assert!(after.holidays.0.iter().any(|holiday| holiday.name == "Boxing Day (substitute day)"));
    let processes: Vec<Process> = desk.other.records(Some(after.id)).unwrap();
    let observations = processes.iter().find(|process| process.name.starts_with("Observations")).unwrap();
    let plan = observations.plan_on("2026-11-21".parse().unwrap()).unwrap();
    assert!(plan.required.contains_key("Day") && !plan.required.contains_key("Early"), "{plan:?}");
    assert!(observations.plan_on("2026-11-20".parse().unwrap()).unwrap().required.contains_key("Early"));
    // What goes on today is still the early shift.
    desk.shows("Early shift 07:00");
}

#[test]
fn a_shift_without_a_time_is_refused_at_its_field() {
    let mut desk = Desk::demo();
    desk.press("2 O \"x Ctrl-s");
    desk.shows("is not a time of day");
    assert!(desk.shell.is_asking());
}

#[test]
fn the_past_of_a_process_is_read_with_its_reasons_and_the_reasons_are_one_key_away() {
    let mut desk = Desk::demo();
    desk.press("2 v");
    desk.shows("the last four weeks");
    desk.shows("Fri 20 Nov Early");
    desk.shows("so far");
    desk.press("Esc p");
    desk.shows("Reasons");
    desk.shows("TTOs");
}

#[test]
fn a_tick_of_somebody_else_is_marked_on_its_row_and_named_below() {
    let mut desk = Desk::demo();
    desk.press("2");
    let row = desk.model.rows[0].clone();
    let mut tick = Completion::blank(CompletionId::fresh(), row.period.team);
    (tick.process, tick.start, tick.amount) = (row.process, row.span.start, 1);
    desk.other.commit(&author("matron", 5), "one more", [Ok(Edit::create(&tick))]).unwrap();
    assert!(desk.runner.look(&mut desk.model));
    desk.refresh();
    let name = desk.model.process(ProcessId(row.process.0)).unwrap().name.clone();
    desk.shows(&format!("matron: {}", name.chars().take(20).collect::<String>()));
    desk.shows("•");
}
