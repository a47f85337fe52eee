//! A file of each released schema is kept, and must open for ever.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use huddleboard::base::clock::FixedClock;
use huddleboard::domain::annotation::Annotation;
use huddleboard::domain::change::Edit;
use huddleboard::domain::cross::{CrossDay, Said};
use huddleboard::domain::huddle::Huddle;
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::PointKey;
use huddleboard::domain::process::{Layout, Process};
use huddleboard::domain::promise::Promise;
use huddleboard::domain::{AnnotationId, ProcessId, PromiseId};
use huddleboard::store::{LogQuery, Store, UndoScope};

use crate::support::*;

fn fixture(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "db", name].iter().collect()
}

/// The file of each released schema.
const RELEASED: [&str; 3] = ["v1.db", "v2.db", "v4.db"];

/// Makes the latest of them where `UPDATE_FIXTURES` is set and it is missing: a released fixture is
/// never made again.
#[test]
fn the_fixture_is_made_where_that_is_asked_for() {
    let latest = fixture(RELEASED[RELEASED.len() - 1]);
    if std::env::var_os("UPDATE_FIXTURES").is_none() || latest.exists() {
        return;
    }
    let mut ward = Ward::new();
    ward.commit((1..=12).map(|n| ward.put(&format!("2026-11-{n:02}"), f64::from(n % 4))).collect()).unwrap();
    let part = Amount { value: 18.0, denominator: Some(20.0) };
    let put = Edit::put_point(ward.team.id, PointKey::whole(ward.screened.id, day("2026-11-12")), part, "agency");
    ward.commit(vec![put]).unwrap();
    let mut note = Annotation::blank(AnnotationId::fresh(), ward.team.id);
    (note.measure, note.day, note.text) = (ward.falls.id, Some(day("2026-11-05")), "new rota".into());
    ward.commit(vec![Edit::create(&note)]).unwrap();
    ward.commit(vec![ward.put("2026-11-12", 9.0)]).unwrap();
    ward.store.undo(&nurse(), UndoScope::Session).unwrap();
    ward.commit(vec![Edit::of(&ward.falls).with("owner", &"ward manager".to_owned())]).unwrap();
    ward.commit(of_schema_4(&ward)).unwrap();
    let path = ward.path();
    let (_dir, _) = ward.close();
    fs::copy(path, latest).unwrap();
}

/// A huddle, a promise, a day of a cross and a process by the hour.
fn of_schema_4(ward: &Ward) -> Vec<Edit> {
    let (team, today) = (ward.team.id, day("2026-11-20"));
    let mut huddle = Huddle::blank(Huddle::id_of(team, "Safety huddle", today), team);
    (huddle.agenda, huddle.day, huddle.notes) = ("Safety huddle".into(), Some(today), "two beds closed".into());
    let mut promise = Promise::blank(PromiseId::fresh(), team);
    (promise.what, promise.who, promise.huddle) = ("order red trays".into(), "ward clerk".into(), Some(huddle.id));
    let mut process = Process::blank(ProcessId::fresh(), team);
    (process.name, process.layout, process.carry) = ("Rounds".into(), Layout::EachHour, true);
    let cross = CrossDay::of(team, ward.falls.id, today, Said::Near);
    vec![Edit::create(&huddle), Edit::create(&promise), Edit::create(&process), Edit::create(&cross)]
}

#[test]
fn a_file_of_schema_4_keeps_huddles_promises_crosses_and_work_by_the_hour() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("v4.db");
    fs::copy(fixture("v4.db"), &path).unwrap();
    let store = Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap();
    let (huddle, promise) = (&store.records::<Huddle>(None).unwrap()[0], &store.records::<Promise>(None).unwrap()[0]);
    assert_eq!((huddle.notes.as_str(), promise.what.as_str()), ("two beds closed", "order red trays"));
    assert_eq!(promise.huddle, Some(huddle.id));
    let process = &store.records::<Process>(None).unwrap()[0];
    assert_eq!((process.layout, process.carry), (Layout::EachHour, true));
    assert_eq!(store.records::<CrossDay>(None).unwrap()[0].said, Said::Near);
}

#[test]
fn a_file_of_every_released_schema_opens_and_lists_what_is_in_it() {
    RELEASED.into_iter().for_each(opens);
}

#[track_caller]
fn opens(released: &str) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(released);
    fs::copy(fixture(released), &path).unwrap();
    let mut store = Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap();
    assert!(store.forked_from().is_some(), "a copy");
    let teams = store.teams().unwrap();
    assert_eq!(teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Ward 7A"]);
    let measures: Vec<Measure> = store.records(Some(teams[0].id)).unwrap();
    assert_eq!(measures.iter().map(|measure| measure.name.as_str()).collect::<Vec<_>>(), ["Falls", "4AT in 24 h"]);
    assert_eq!(measures[0].owner, "ward manager");
    assert!(measures.iter().all(|measure| measure.past_targets.0.is_empty() && measure.centre.is_none()));
    let falls: Vec<_> = store.points(&measures[0], noon()).unwrap().iter().filter_map(|point| point.value).collect();
    assert_eq!(falls, [1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0, 0.0]);
    let screened = store.points(&measures[1], noon()).unwrap();
    assert_eq!(
        (screened[0].value, screened[0].denominator, screened[0].note.as_str()),
        (Some(18.0), Some(20.0), "agency")
    );
    assert_eq!(store.records::<Annotation>(None).unwrap()[0].text, "new rota");
    assert_eq!(store.log(&LogQuery::default()).unwrap().len(), if released == "v4.db" { 24 } else { 20 });
    let before = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), before);
}
