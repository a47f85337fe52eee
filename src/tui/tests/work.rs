//! The process board with the file behind it: shifts, bank holidays, past periods, reasons.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta, Timelike};

use super::{Desk, author};
use crate::app::model::RowPhase;
use crate::base::zone::Zone;
use crate::domain::bank_holidays::Nation;
use crate::domain::change::Edit;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::point::Point;
use crate::domain::process::{Completion, Layout, Plan, Process};
use crate::domain::record::Json;
use crate::domain::team::Team;
use crate::domain::{CompletionId, MeasureId, ProcessId, TeamId};
use crate::store::Store;

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

/// A ward in London with rounds by shift and checks by the hour at night, each with its daily measure.
fn small_ward(store: &mut Store) -> (TeamId, [Process; 2]) {
    let id = TeamId::fresh();
    let mut team = Team::blank(id, id);
    (team.name, team.zone) = ("Ward 1".to_owned(), "Europe/London".to_owned());
    team.holidays = Json(Nation::EnglandAndWales.bank_holidays(2026));
    let mut edits = vec![Edit::create(&team)];
    let processes = [("Rounds", Layout::Shift), ("Checks", Layout::EachHour)].map(|(name, layout)| {
        let mut process = Process::blank(ProcessId::fresh(), id);
        (process.name, process.layout) = (name.to_owned(), layout);
        let (required, holidays) = match layout {
            Layout::Shift => {
                ([("Early".to_owned(), [10; 7]), ("Night".to_owned(), [4; 7])].into(), [("Early".to_owned(), 3)].into())
            }
            _ => ([("Night".to_owned(), [2; 7])].into(), Default::default()),
        };
        process.schedule =
            Json(vec![Plan { from: "2026-01-01".parse().unwrap(), required, holidays, ..Plan::default() }]);
        let mut measure = Measure::blank(MeasureId::fresh(), id);
        (measure.name, measure.kind, measure.source) = (name.to_owned(), MeasureKind::Proportion, Some(process.id));
        process.measure = Some(measure.id);
        edits.extend([Edit::create(&process), Edit::create(&measure)]);
        process
    });
    store.commit(&author("ward", 1), "start", edits.into_iter().map(Ok)).unwrap();
    (id, processes)
}

/// Lives through the days hour by hour, but for the stretch in which the program is closed: ticks a round at
/// every even hour on the wall, and a check in every hour of the night. Answers the points of both measures.
fn live(from: &str, to: &str, closed: Option<(&str, &str)>) -> [Vec<String>; 2] {
    let zone = Zone::parse("Europe/London").unwrap();
    let at = |text: &str| zone.instant(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap());
    let mut made = None;
    let mut desk = Desk::with(at(from), |store| made = Some(small_ward(store)));
    let (team, processes) = made.unwrap();
    let mut phases: BTreeMap<(ProcessId, NaiveDateTime), Vec<RowPhase>> = BTreeMap::new();
    let mut now = at(from);
    while now <= at(to) {
        let before = std::mem::replace(&mut desk.model.now, now);
        desk.runner.minute(before, &mut desk.model);
        desk.refresh();
        for process in &processes {
            let open: Vec<_> =
                desk.model.rows.iter().filter(|row| row.process == process.id && row.phase == RowPhase::Open).collect();
            assert!(open.len() <= 1, "{}: {open:?}", process.name);
            let even = zone.wall(now).hour().is_multiple_of(2);
            if let [row] = open[..]
                && (even || process.layout == Layout::EachHour)
            {
                let mut tick = Completion::blank(CompletionId::fresh(), team);
                (tick.process, tick.start, tick.amount, tick.at) = (process.id, row.span.start, 1, now);
                desk.other.commit(&author("nurse", 9), "tick", [Ok(Edit::create(&tick))]).unwrap();
            }
        }
        for row in &desk.model.rows {
            let seen = phases.entry((row.process, row.span.start)).or_default();
            if seen.last() != Some(&row.phase) {
                seen.push(row.phase);
            }
        }
        now += TimeDelta::hours(1);
        if let Some((from, to)) = closed
            && (at(from)..at(to)).contains(&now)
        {
            now = at(to);
        }
    }
    let once = |seen: &Vec<RowPhase>| seen.iter().filter(|phase| **phase == RowPhase::Open).count() <= 1;
    assert!(phases.values().all(once), "every period opens once and closes once: {phases:?}");
    let ordered = |seen: &Vec<RowPhase>| {
        seen.is_sorted_by_key(|phase| {
            [RowPhase::Ahead, RowPhase::Open, RowPhase::Closed].iter().position(|other| other == phase)
        })
    };
    assert!(phases.values().all(ordered), "{phases:?}");
    processes.map(|process| {
        let measure: Measure = desk.other.record(process.measure.unwrap().0).unwrap().unwrap();
        let points = desk.other.points(&measure, now).unwrap();
        let line = |point: &Point| {
            format!("{} {}/{}", point.key.start.text(), point.value.unwrap(), point.denominator.unwrap())
        };
        points.iter().map(line).collect()
    })
}

#[test]
fn a_spring_week_with_a_night_of_nine_hours_a_bank_holiday_and_a_weekend_with_the_program_closed() {
    let weekend = Some(("2026-03-28 11:00", "2026-03-30 06:00"));
    let [rounds, checks] = live("2026-03-26 07:00", "2026-04-04 08:00", weekend);
    assert_eq!(
        rounds,
        [
            "2026-03-26 8/14",
            "2026-03-27 8/14",
            // Two ticks before the program was closed; the night of Sunday had one on Monday at six.
            "2026-03-28 2/14",
            "2026-03-29 1/14",
            "2026-03-30 8/14",
            "2026-03-31 8/14",
            "2026-04-01 8/14",
            "2026-04-02 8/14",
            // Good Friday requires three in the early shift.
            "2026-04-03 7/7",
        ]
    );
    assert_eq!(checks.len(), 8, "a night of which nobody ticked anything is no point: {checks:?}");
    assert_eq!(checks[2], "2026-03-29 1/20");
    let [_, open] = live("2026-03-26 07:00", "2026-04-04 08:00", None);
    assert_eq!((open[1].as_str(), open[2].as_str()), ("2026-03-27 10/20", "2026-03-28 9/18"));
}

#[test]
fn an_autumn_week_with_a_night_of_eleven_hours() {
    let [rounds, checks] = live("2026-10-22 07:00", "2026-10-29 08:00", None);
    assert!(rounds.iter().all(|point| point.ends_with(" 8/14")), "{rounds:?}");
    assert_eq!(checks[2], "2026-10-24 11/22");
    assert!(checks.iter().enumerate().all(|(at, point)| at == 2 || point.ends_with(" 10/20")), "{checks:?}");
    assert_eq!((rounds.len(), checks.len()), (7, 7));
}

#[test]
fn undo_of_a_tick_says_what_the_count_becomes() {
    let mut desk = Desk::demo();
    desk.press("2 + + +");
    let done = desk.model.rows[0].standing.completed;
    desk.press("I Down u");
    desk.shows(&format!("{done} becomes {}", done - 1));
}
