//! Reading: lists in order, points with places of their own, the log, and what a process makes.

use huddleboard::domain::agenda::DAILY;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::cross::{CrossDay, Said};
use huddleboard::domain::fidelity::Fidelity;
use huddleboard::domain::huddle::{Huddle, Item};
use huddleboard::domain::measure::{Measure, MeasureKind};
use huddleboard::domain::point::{Point, PointKey, Start};
use huddleboard::domain::process::{Completion, Period, Plan, Process};
use huddleboard::domain::promise::{Promise, State};
use huddleboard::domain::record::{FieldValue, Json, Kind};
use huddleboard::domain::{CompletionId, MeasureId, ProcessId, PromiseId};
use huddleboard::store::{LogQuery, Store};

use crate::support::*;

#[test]
fn records_come_in_the_order_of_their_position_then_their_name() {
    let mut ward = Ward::new();
    let edits = [("Zeal", 0), ("Acuity", 1), ("Bed moves", 0)].map(|(name, position)| {
        let mut measure = Measure::blank(MeasureId::fresh(), ward.team.id);
        measure.name = name.into();
        measure.position = position;
        Edit::create(&measure)
    });
    ward.commit(edits.to_vec()).unwrap();
    let names: Vec<_> =
        ward.store.records::<Measure>(Some(ward.team.id)).unwrap().into_iter().map(|m| m.name).collect();
    assert_eq!(names, ["Bed moves", "Falls", "Zeal", "4AT in 24 h", "Acuity"]);
    let found = ward.store.records_where::<Measure>("name", &"Zeal".to_owned().to_value()).unwrap();
    assert_eq!(found.len(), 1);
    assert!(ward.store.records_where::<Measure>("nonsense", &"x".to_owned().to_value()).is_err());
}

#[test]
fn shifts_strata_and_events_on_one_day_have_their_places() {
    let mut ward = Ward::new();
    let base = ward.key("2026-11-20");
    let keys = [
        base.clone(),
        PointKey { ordinal: 1, ..base.clone() },
        PointKey { stratum: "Bay A".into(), ..base.clone() },
        PointKey { start: Start::time(wall("2026-11-20 07:00")), ..base.clone() },
    ];
    let puts = keys
        .iter()
        .zip(1..)
        .map(|(key, n)| Edit::put_point(ward.team.id, key.clone(), count(f64::from(n)), ""))
        .collect();
    ward.commit(puts).unwrap();
    let read: Vec<_> = ward.store.points(&ward.falls, noon()).unwrap().into_iter().map(|point| point.key).collect();
    assert_eq!(read, [keys[0].clone(), keys[1].clone(), keys[2].clone(), keys[3].clone()]);
    for (key, n) in keys.iter().zip(1..) {
        assert_eq!(ward.store.point(key).unwrap().unwrap().value, Some(f64::from(n)));
    }
}

#[test]
fn what_is_open_and_what_was_closed_lately_is_read_and_nothing_older() {
    let mut ward = Ward::new();
    let promise = |what: &str, state, closed: Option<&str>| {
        let mut promise = Promise::blank(PromiseId::fresh(), ward.team.id);
        (promise.what, promise.state) = (what.into(), state);
        promise.raised = Some("2026-01-01T08:00:00Z".parse().unwrap());
        promise.closed = closed.map(|at| at.parse().unwrap());
        promise
    };
    let old = promise("socks", State::Done, Some("2026-10-01T08:00:00Z"));
    let lately = promise("low beds", State::Done, Some("2026-11-19T08:00:00Z"));
    let stuck = promise("a second nurse", State::Stuck, None);
    ward.commit([&old, &lately, &stuck].map(Edit::create).to_vec()).unwrap();
    let read = |ward: &Ward| {
        let promises = ward.store.promises(ward.team.id, "2026-11-01T00:00:00Z".parse().unwrap()).unwrap();
        let mut words: Vec<_> = promises.into_iter().map(|promise| promise.what).collect();
        words.sort();
        words
    };
    assert_eq!(read(&ward), ["a second nurse", "low beds"]);
    ward.commit(vec![Edit::of(&stuck).deleting()]).unwrap();
    assert_eq!(read(&ward), ["low beds"]);
}

#[test]
fn a_huddle_and_a_cell_of_the_cross_read_back_as_they_were_kept() {
    let mut ward = Ward::new();
    let date = day("2026-11-20");
    let mut huddle = Huddle::blank(Huddle::id_of(ward.team.id, "Safety huddle", date), ward.team.id);
    (huddle.agenda, huddle.day) = ("Safety huddle".into(), Some(date));
    huddle.present = Json([("nursing".to_owned(), 7), ("medical".to_owned(), 2)].into());
    huddle.items =
        Json(vec![Item { title: "Thanks".into(), planned: 30, took: 41, skipped: false, ..Item::default() }]);
    let cell = CrossDay::of(ward.team.id, ward.falls.id, date, Said::Near);
    ward.commit(vec![Edit::create(&huddle), Edit::create(&cell)]).unwrap();
    let read = ward.store.huddles(ward.team.id, day("2026-11-01")).unwrap();
    assert_eq!((read.len(), read[0].attendance(), &read[0].items), (1, 9, &huddle.items));
    assert_eq!(ward.store.huddles(ward.team.id, day("2026-11-21")).unwrap(), []);
    let said = |from, to| ward.store.cross_days(ward.falls.id, day(from), day(to)).unwrap().len();
    assert_eq!((said("2026-11-01", "2026-11-20"), said("2026-11-21", "2026-11-30")), (1, 0));
}

#[test]
fn the_last_points_are_the_last_in_time_whatever_the_order_of_entry() {
    let mut ward = Ward::new();
    for (date, value) in [("2026-11-20", 3.0), ("2026-11-18", 1.0), ("2026-11-19", 2.0)] {
        ward.commit(vec![ward.put(date, value)]).unwrap();
    }
    assert_eq!(values(&ward.store.latest_points(&ward.falls, 2, noon()).unwrap()), [Some(2.0), Some(3.0)]);
    assert_eq!(ward.store.last_start(&ward.falls, noon()).unwrap(), Some(day("2026-11-20")));
    assert_eq!(ward.store.last_start(&ward.screened, noon()).unwrap(), None);
    let mut streamed = Vec::new();
    ward.store
        .each_point(ward.falls.id, |point| {
            streamed.push(point.value);
            Ok(())
        })
        .unwrap();
    assert_eq!(streamed, [Some(1.0), Some(2.0), Some(3.0)]);
}

#[test]
fn the_log_answers_by_team_kind_record_time_and_number() {
    let mut ward = Ward::new();
    ward.clock.set(noon() + chrono::TimeDelta::hours(1));
    ward.commit(vec![ward.put("2026-11-19", 1.0), ward.put("2026-11-20", 2.0)]).unwrap();
    let log = |query: LogQuery| ward.store.log(&query).unwrap();
    assert_eq!(log(LogQuery::default()).len(), 5);
    let latest = log(LogQuery { limit: 1, ..LogQuery::default() });
    assert_eq!(latest[0].record, Some(RecordKey::Point(ward.key("2026-11-20"))));
    assert_eq!((latest[0].actor.as_deref(), latest[0].words.as_str()), (Some("nurse in charge"), "an edit"));
    assert_eq!(log(LogQuery { kind: Some(Kind::Measure), ..LogQuery::default() }).len(), 2);
    assert_eq!(log(LogQuery { since: Some(noon() + chrono::TimeDelta::minutes(1)), ..LogQuery::default() }).len(), 2);
    let record = Some(RecordKey::Point(ward.key("2026-11-19")));
    assert_eq!(log(LogQuery { kind: Some(Kind::Point), record, ..LogQuery::default() }).len(), 1);
    let other = Some(huddleboard::domain::TeamId::fresh());
    assert_eq!(log(LogQuery { team: other, ..LogQuery::default() }).len(), 0);
}

/// A process of ten in each early shift from 1 November on, and the measure that it feeds.
fn process(ward: &mut Ward) -> (Process, Measure) {
    let mut process = Process::blank(ProcessId::fresh(), ward.team.id);
    process.name = "Falls rounds".into();
    process.schedule = Json(vec![Plan {
        from: day("2026-11-01"),
        required: [("Early".to_owned(), [10; 7])].into(),
        ..Plan::default()
    }]);
    let mut measure = Measure::blank(MeasureId::fresh(), ward.team.id);
    measure.name = "Falls rounds done".into();
    measure.kind = MeasureKind::Proportion;
    measure.source = Some(process.id);
    ward.commit(vec![Edit::create(&process), Edit::create(&measure)]).unwrap();
    (process, measure)
}

fn tick(ward: &Ward, process: &Process, start: &str, amount: i64) -> Edit {
    let mut tick = Completion::blank(CompletionId::fresh(), ward.team.id);
    (tick.process, tick.start, tick.amount, tick.at) = (process.id, wall(start), amount, noon());
    Edit::create(&tick)
}

#[test]
fn a_process_makes_the_points_of_its_measure_from_its_closed_periods() {
    let mut ward = Ward::new();
    let (process, measure) = process(&mut ward);
    let edits = vec![
        tick(&ward, &process, "2026-11-18 07:00", 6),
        tick(&ward, &process, "2026-11-18 07:00", 2),
        tick(&ward, &process, "2026-11-20 07:00", 9),
    ];
    ward.commit(edits).unwrap();
    let made = |ward: &Ward| {
        let points = ward.store.points(&measure, noon()).unwrap();
        points.into_iter().map(|point| (point.key.start.text(), point.value, point.denominator)).collect::<Vec<_>>()
    };
    assert_eq!(made(&ward), [("2026-11-18".to_owned(), Some(8.0), Some(10.0))], "today's early is still open at noon");
    let late = tick(&ward, &process, "2026-11-18 07:00", 1);
    ward.commit(vec![late]).unwrap();
    assert_eq!(made(&ward), [("2026-11-18".to_owned(), Some(9.0), Some(10.0))]);
    let mut period = Period::untouched(ward.team.id, process.id, wall("2026-11-18 07:00"));
    period.required = Some(9);
    period.reason = Some("short of staff".into());
    ward.commit(vec![Edit::create(&period)]).unwrap();
    assert_eq!(made(&ward), [("2026-11-18".to_owned(), Some(9.0), Some(9.0))]);
    let sums = ward.store.completed(process.id, wall("2026-11-18 00:00"), wall("2026-11-20 07:00")).unwrap();
    assert_eq!(sums, [(wall("2026-11-18 07:00"), 9)], "the end is not included");
    let reasons = ward.store.reasons(ward.team.id, wall("2026-11-01 00:00"), wall("2026-12-01 00:00")).unwrap();
    assert_eq!(reasons, [("short of staff".to_owned(), 1)]);
}

#[test]
fn the_last_computed_points_are_found_behind_a_long_gap() {
    let mut ward = Ward::new();
    let (process, measure) = process(&mut ward);
    let edits =
        ["2026-11-02", "2026-11-03", "2026-11-19"].map(|date| tick(&ward, &process, &format!("{date} 07:00"), 5));
    ward.commit(edits.to_vec()).unwrap();
    let starts = |count| {
        let points = ward.store.latest_points(&measure, count, noon()).unwrap();
        points.into_iter().map(|point| point.key.start.text()).collect::<Vec<_>>()
    };
    assert_eq!(starts(1), ["2026-11-19"]);
    assert_eq!(starts(2), ["2026-11-03", "2026-11-19"]);
    assert_eq!(starts(9), ["2026-11-02", "2026-11-03", "2026-11-19"]);
    assert_eq!(starts(0), [""; 0]);
    assert_eq!(ward.store.last_start(&measure, noon()).unwrap(), Some(day("2026-11-19")));
}

#[test]
fn a_board_is_empty_until_a_team_of_its_own_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(huddleboard::base::clock::FixedClock::at(noon()));
    let mut store = Store::open(&opening(&dir.path().join("new.db"), &clock)).unwrap();
    assert!(store.is_demo_or_empty().unwrap());
    let (team, ..) = make_team(&mut store, "Demo");
    assert!(!store.is_demo_or_empty().unwrap());
    store.commit(&nurse(), "demo", [Ok(Edit::of(&team).with("demo", &true))]).unwrap();
    assert!(store.is_demo_or_empty().unwrap());
}

#[test]
fn how_huddles_are_held_is_counted_whenever_it_is_read_and_nobody_types_it() {
    let mut ward = Ward::new();
    let measure = Fidelity::Held.measure(&ward.team, 1);
    let mut edits = vec![Edit::create(&measure)];
    for date in ["2026-11-02", "2026-11-03", "2026-11-11"] {
        let mut huddle = Huddle::blank(Huddle::id_of(ward.team.id, DAILY, day(date)), ward.team.id);
        (huddle.agenda, huddle.day) = (DAILY.to_owned(), Some(day(date)));
        huddle.started = Some(format!("{date}T08:30:00Z").parse().unwrap());
        huddle.ended = Some(format!("{date}T08:40:00Z").parse().unwrap());
        edits.push(Edit::create(&huddle));
    }
    ward.commit(edits).unwrap();
    let shares = |points: Vec<Point>| points.iter().map(|point| (point.value, point.denominator)).collect::<Vec<_>>();
    let all = shares(ward.store.points(&measure, noon()).unwrap());
    assert_eq!(all, [(Some(2.0), Some(5.0)), (Some(1.0), Some(5.0))]);
    assert_eq!(shares(ward.store.latest_points(&measure, 1, noon()).unwrap()), all[1..]);
    let typed = Edit::put_point(ward.team.id, PointKey::whole(measure.id, day("2026-11-02")), count(5.0), "");
    assert!(ward.commit(vec![typed]).is_err());
    let late = Huddle::id_of(ward.team.id, DAILY, day("2026-11-11"));
    let late = ward.store.record::<Huddle>(late.0).unwrap().unwrap();
    ward.commit(vec![Edit::of(&late).deleting()]).unwrap();
    assert_eq!(shares(ward.store.points(&measure, noon()).unwrap())[1], (Some(0.0), Some(5.0)));
}
