//! The demonstration ward tells the same story whatever the seed and the hour.

use chrono::{DateTime, Utc};
use huddleboard::chart::{self, Source};
use huddleboard::config::templates;
use huddleboard::domain::annotation::Phase;
use huddleboard::domain::change::{Edit, RecordKey, validate};
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::Point;
use huddleboard::domain::record::{FieldValue, Kind, Record, Value};
use huddleboard::domain::template::Template;
use huddleboard::exchange::demo::{make, many};
use huddleboard::spc::Verdict;

fn moment() -> DateTime<Utc> {
    "2026-11-20T08:42:00Z".parse().unwrap()
}

fn template() -> Template {
    templates::find("acute-ward").unwrap()
}

fn edits(seed: u64) -> Vec<Edit> {
    make(&template(), seed, moment()).unwrap().into_iter().flat_map(|batch| batch.edits).collect()
}

fn values(edit: &Edit) -> Vec<Value> {
    edit.fields.iter().map(|(_, value)| value.clone()).collect()
}

/// What the chart of the first ward's measure says at the end.
fn verdict(name: &str, edits: &[Edit]) -> Verdict {
    let records = |kind| edits.iter().filter(move |edit| edit.kind == kind);
    let measure = records(Kind::Measure)
        .filter_map(|edit| {
            if let RecordKey::Id(id) = edit.record {
                Some(Measure::assemble(id, edit.team, 1, &values(edit)))
            } else {
                None
            }
        })
        .find(|measure| measure.name == name)
        .unwrap();
    let mut phases: Vec<Phase> = records(Kind::Phase)
        .filter_map(|edit| {
            if let RecordKey::Id(id) = edit.record {
                Some(Phase::assemble(id, edit.team, 1, &values(edit)))
            } else {
                None
            }
        })
        .collect();
    phases.retain(|phase| phase.measure == measure.id);
    let points: Vec<Point> = records(Kind::Point)
        .filter_map(|edit| {
            let RecordKey::Point(key) = &edit.record else { return None };
            let values = values(edit);
            let (value, denominator) = (f64::from_value(&values[0]), f64::from_value(&values[1]));
            Some(Point { key: key.clone(), value, denominator, note: String::new(), ghost: None, revision: 1 })
        })
        .filter(|point| point.key.measure == measure.id)
        .collect();
    let source = Source { phases: &phases, today: Some(moment().date_naive()), ..Source::of(&measure, &points) };
    chart::build(source).verdict()
}

#[test]
fn the_same_seed_and_moment_make_the_same_ward() {
    let batches = make(&template(), 7, moment()).unwrap();
    assert_eq!(batches, make(&template(), 7, moment()).unwrap());
    assert_ne!(batches, make(&template(), 8, moment()).unwrap());
}

#[test]
fn every_edit_of_every_seed_passes_and_none_lies_ahead() {
    for seed in 0..5 {
        for now in ["2026-11-20T08:42:00Z", "2026-03-01T03:10:00Z", "2024-02-29T17:00:00Z", "2026-06-21T23:30:00Z"] {
            let now: DateTime<Utc> = now.parse().unwrap();
            for batch in make(&template(), seed, now).unwrap() {
                assert!(batch.at <= now, "{}", batch.words);
                for mut edit in batch.edits {
                    validate(&mut edit, &mut Vec::new()).unwrap_or_else(|failure| panic!("{}: {failure}", batch.words));
                }
            }
        }
    }
}

#[test]
fn there_are_two_years_of_points_and_cycles_in_every_stage() {
    let edits = edits(1);
    let count = |kind| edits.iter().filter(|edit| edit.kind == kind).count();
    assert!(count(Kind::Point) > 2_000, "{}", count(Kind::Point));
    assert_eq!((count(Kind::Team), count(Kind::Project)), (2, 4));
    assert!(count(Kind::Completion) > 800);
    for stage in ["plan", "do", "study", "act"] {
        let value = Value::Text(stage.into());
        assert!(edits.iter().any(|edit| edit.fields.contains(&("stage", value.clone()))), "{stage}");
    }
}

#[test]
fn the_charts_tell_the_wards_story_whatever_the_seed() {
    for seed in 0..25 {
        let edits = edits(seed);
        assert_eq!(verdict("Falls", &edits), Verdict::Concern, "falls, seed {seed}");
        assert_eq!(verdict("Nutrition screen", &edits), Verdict::Improvement, "nutrition, seed {seed}");
        assert_eq!(verdict("Medication omissions", &edits), Verdict::Improvement, "omissions, seed {seed}");
        assert_eq!(verdict("4AT in 24 h", &edits), Verdict::Concern, "4AT, seed {seed}");
    }
}

#[test]
fn as_many_points_are_made_as_were_asked_for() {
    for wanted in [1, 999, 50_003] {
        let points = many(&template(), 1, moment(), wanted)
            .unwrap()
            .filter(|edit| edit.as_ref().is_ok_and(|edit| edit.kind == Kind::Point));
        assert_eq!(points.count(), usize::try_from(wanted).unwrap());
    }
}

#[test]
fn on_every_day_of_the_week_something_is_promised_and_something_waits_for_its_answer() {
    for date in 16..23 {
        let now: DateTime<Utc> = format!("2026-11-{date}T08:42:00Z").parse().unwrap();
        let edits: Vec<Edit> = make(&template(), 7, now).unwrap().into_iter().flat_map(|batch| batch.edits).collect();
        let has = |edit: &Edit, field: &str, code: &str| {
            edit.fields.contains(&(field_of(field), Value::Text(code.to_owned()))) && edit.kind == Kind::Promise
        };
        let open = |sort: &str| edits.iter().filter(|it| has(it, "sort", sort) && has(it, "state", "open")).count();
        assert!(open("escalation") >= 1 && open("action") >= 2, "{date}: {} {}", open("escalation"), open("action"));
        assert!(edits.iter().filter(|edit| edit.kind == Kind::Huddle).count() > 80, "{date}");
    }
}

/// The name of a promise's field as an edit holds it.
fn field_of(name: &str) -> &'static str {
    Kind::Promise.field(name).unwrap().name
}
