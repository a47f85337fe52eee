//! Committing: what is written, what is passed over, what is refused.

use chrono::TimeDelta;
use huddleboard::base::error::{Failure, FailureKind};
use huddleboard::domain::annotation::Annotation;
use huddleboard::domain::change::{Edit, Expect, RecordKey};
use huddleboard::domain::cycle::{Cycle, Question, Stage};
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::PointKey;
use huddleboard::domain::record::{Json, Kind, Value};
use huddleboard::domain::{AnnotationId, CycleId, MeasureId, ProcessId, TeamId};
use huddleboard::store::{LogQuery, TOUCHED_AT_MOST};

use crate::support::*;

#[test]
fn what_is_committed_is_read_back_after_reopening() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 2.0), ward.put("2026-11-20", 3.0)]).unwrap();
    let (opening, falls) = (ward.opening(), ward.falls.clone());
    let (_dir, _) = ward.close();
    let store = huddleboard::store::Store::open(&opening).unwrap();
    assert_eq!(values(&store.points(&falls, noon()).unwrap()), [Some(2.0), Some(3.0)]);
    assert_eq!(store.records::<Measure>(None).unwrap()[0].name, "Falls");
    assert_eq!(store.forked_from(), None);
}

#[test]
fn an_action_is_written_whole_or_not_at_all() {
    let mut ward = Ward::new();
    let before = dump(&ward.path());
    let refused = ward.commit(vec![ward.put("2026-11-19", 2.0), ward.put("2026-11-20", 2.5)]).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Refused);
    let edits = [Ok(ward.put("2026-11-19", 2.0)), Err(Failure::refused("Line 2 is no number."))];
    let failed = ward.store.commit(&nurse(), "import", edits).unwrap_err();
    assert_eq!(failed.what, "Line 2 is no number.");
    assert_eq!(dump(&ward.path()), before);
    assert_eq!(ward.store.log(&LogQuery::default()).unwrap().len(), 3, "the three that started the board");
}

#[test]
fn a_rehearsal_says_what_would_happen_and_writes_nothing() {
    let mut ward = Ward::new();
    let before = dump(&ward.path());
    let receipt = ward.store.rehearse(&nurse(), "import", [Ok(ward.put("2026-11-19", 2.0))]).unwrap();
    assert_eq!((receipt.changes, receipt.replaced), (1, 0));
    assert_eq!(dump(&ward.path()), before);
    let committed = ward.commit(vec![ward.put("2026-11-19", 2.0)]).unwrap();
    assert_eq!(committed.action, receipt.action, "the number was not used up");
}

#[test]
fn a_second_value_for_a_place_replaces_the_first_and_says_so() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let receipt = ward.commit(vec![ward.put("2026-11-20", 3.0)]).unwrap();
    assert_eq!((receipt.changes, receipt.replaced), (1, 1));
    assert_eq!(ward.falls_values(), [Some(3.0)]);
    let history = ward.store.history(Kind::Point, &RecordKey::Point(ward.key("2026-11-20"))).unwrap();
    let held: Vec<_> = history.iter().map(|entry| entry.fields[0].1.clone()).collect();
    assert_eq!(held, [Value::Real(2.0), Value::Real(3.0)]);
}

#[test]
fn importing_what_was_exported_changes_nothing() {
    let mut ward = Ward::new();
    let put = |ward: &Ward| {
        vec![
            ward.put("2026-11-19", 2.0),
            Edit::put_point(ward.team.id, ward.key("2026-11-20"), count(0.1 + 0.2), "agency"),
        ]
    };
    ward.falls.kind = huddleboard::domain::measure::MeasureKind::Value;
    let edit = Edit::of(&ward.falls).with("kind", &ward.falls.kind);
    ward.commit(vec![edit]).unwrap();
    assert_eq!(ward.commit(put(&ward)).unwrap().changes, 2);
    let ghost = Edit::of_point(ward.team.id, ward.key("2026-11-20")).with("ghost", &Some("power cut".to_owned()));
    ward.commit(vec![ghost]).unwrap();
    let before = dump(&ward.path());
    let receipt = ward.commit(put(&ward)).unwrap();
    assert_eq!((receipt.changes, receipt.replaced, receipt.action), (0, 0, 0));
    assert_eq!(dump(&ward.path()), before);
}

#[test]
fn a_deleted_point_comes_back_when_it_is_put_again() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    ward.commit(vec![Edit::of_point(ward.team.id, ward.key("2026-11-20")).deleting()]).unwrap();
    assert_eq!(ward.falls_values(), []);
    assert_eq!(ward.store.point(&ward.key("2026-11-20")).unwrap(), None);
    let receipt = ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    assert_eq!((receipt.changes, receipt.replaced), (1, 0));
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn a_form_that_was_opened_on_an_older_version_is_refused_with_who_and_what() {
    let mut ward = Ward::new();
    let seen = ward.falls.clone();
    let edit = Edit::of(&seen).with("owner", &"matron".to_owned());
    ward.store.commit(&matron(), "owner", [Ok(edit)]).unwrap();
    let mut mine = seen.clone();
    mine.owner = "therapist".into();
    let edit = Edit::between(&seen, &mine, seen.revision).unwrap();
    let conflict = ward.commit(vec![edit]).unwrap_err();
    assert_eq!(conflict.kind, FailureKind::Conflict);
    assert_eq!(conflict.what, "The measure “Falls” was changed in the meantime by matron at 12:00: now “matron”.");
    assert_eq!(ward.store.record::<Measure>(seen.id.0).unwrap().unwrap().owner, "matron");
}

#[test]
fn a_value_that_must_be_new_is_refused_where_somebody_was_faster() {
    let mut ward = Ward::new();
    ward.store.commit(&matron(), "falls", [Ok(ward.put("2026-11-20", 4.0))]).unwrap();
    let conflict = ward.commit(vec![ward.put("2026-11-20", 2.0).expecting(Expect::Absent)]).unwrap_err();
    assert_eq!(conflict.what, "Falls 20 Nov was changed in the meantime by matron at 12:00: now 4.");
    assert_eq!(ward.falls_values(), [Some(4.0)]);
    let point = ward.store.point(&ward.key("2026-11-20")).unwrap().unwrap();
    ward.commit(vec![ward.put("2026-11-20", 2.0).expecting(Expect::Revision(point.revision))]).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn predictions_stay_as_they_were_when_do_began() {
    let mut ward = Ward::new();
    let mut cycle = Cycle::blank(CycleId::fresh(), ward.team.id);
    cycle.title = "Falls huddle at two".into();
    cycle.questions = Json(vec![Question { question: "Fewer falls?".into(), prediction: "Under 2 a week".into() }]);
    ward.commit(vec![Edit::create(&cycle)]).unwrap();
    ward.commit(vec![cycle.advance(day("2026-11-20"), noon()).unwrap()]).unwrap();
    let rewrite = Edit::of(&cycle).with("questions", &Json(Vec::<Question>::new()));
    assert_eq!(ward.commit(vec![rewrite]).unwrap_err().kind, FailureKind::Refused);
    let kept = ward.store.record::<Cycle>(cycle.id.0).unwrap().unwrap();
    assert_eq!((kept.stage, kept.questions), (Stage::Do, cycle.questions));
}

#[test]
fn an_nhs_number_is_refused_with_its_field_and_reaches_no_file() {
    let mut ward = Ward::new();
    let mut note = Annotation::blank(AnnotationId::fresh(), ward.team.id);
    note.measure = ward.falls.id;
    // A number that may have been issued stands in no file of ours: it is put together here.
    let (number, parted) = (format!("{:03}{:03}{:04}", 401, 23, 2137), format!("{:03} {:03} {:04}", 401, 23, 2137));
    note.text = format!("see {parted}");
    let refused = ward.commit(vec![ward.put("2026-11-20", 1.0), Edit::create(&note)]).unwrap_err();
    assert_eq!(refused.place.as_deref(), Some("text"));
    assert!(ward.store.commit(&nurse(), &format!("see {number}"), [Ok(ward.put("2026-11-20", 1.0))]).is_err());
    assert_eq!(ward.falls_values(), []);
    let (dir, _) = ward.close();
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(
            !bytes.windows(12).any(|window| window == parted.as_bytes())
                && !bytes.windows(10).any(|window| window == number.as_bytes())
        );
    }
}

#[test]
fn a_doubtful_detail_is_written_with_a_warning() {
    let mut ward = Ward::new();
    let note = Edit::put_point(ward.team.id, ward.key("2026-11-20"), count(1.0), "Mrs Example fell");
    assert_eq!(ward.commit(vec![note]).unwrap().warnings.len(), 1);
    assert_eq!(ward.falls_values(), [Some(1.0)]);
}

#[test]
fn a_point_is_held_to_its_measure() {
    let mut ward = Ward::new();
    let team = ward.team.id;
    let whole = |measure| PointKey::whole(measure, day("2026-11-20"));
    let unknown = Edit::put_point(team, whole(MeasureId::fresh()), count(1.0), "");
    assert_eq!(ward.commit(vec![unknown]).unwrap_err().kind, FailureKind::NotFound);
    let no_denominator = Edit::put_point(team, whole(ward.screened.id), count(18.0), "");
    assert_eq!(ward.commit(vec![no_denominator]).unwrap_err().kind, FailureKind::Refused);
    let part = Amount { value: 18.0, denominator: Some(20.0) };
    ward.commit(vec![Edit::put_point(team, whole(ward.screened.id), part, "")]).unwrap();
    let too_many = Edit::of_point(team, whole(ward.screened.id)).with("value", &21.0);
    assert_eq!(ward.commit(vec![too_many]).unwrap_err().kind, FailureKind::Refused);
    let corrected = Edit::of_point(team, whole(ward.screened.id)).with("value", &19.0);
    ward.commit(vec![corrected]).unwrap();
    let elsewhere = Edit::put_point(TeamId::fresh(), whole(ward.falls.id), count(1.0), "");
    assert!(ward.commit(vec![elsewhere]).is_err());
}

#[test]
fn a_measure_made_in_the_same_action_takes_points_at_once() {
    let mut ward = Ward::new();
    let mut fresh = Measure::blank(MeasureId::fresh(), ward.team.id);
    fresh.name = "Bed moves".into();
    let put = Edit::put_point(ward.team.id, PointKey::whole(fresh.id, day("2026-11-20")), count(3.0), "");
    let receipt = ward.commit(vec![Edit::create(&fresh), put]).unwrap();
    assert_eq!(receipt.changes, 2);
    assert_eq!(ward.store.points_total().unwrap(), 1);
}

#[test]
fn nobody_types_the_points_that_a_process_makes() {
    let mut ward = Ward::new();
    let sourced = Edit::of(&ward.falls).with("source", &Some(ProcessId::fresh()));
    ward.commit(vec![sourced]).unwrap();
    assert!(ward.commit(vec![ward.put("2026-11-20", 1.0)]).is_err());
}

#[test]
fn an_edit_of_what_is_not_there_or_deleted_is_refused() {
    let mut ward = Ward::new();
    let ghost = Measure::blank(MeasureId::fresh(), ward.team.id);
    assert_eq!(
        ward.commit(vec![Edit::of(&ghost).with("owner", &"me".to_owned())]).unwrap_err().kind,
        FailureKind::NotFound
    );
    ward.commit(vec![Edit::of(&ward.falls).deleting()]).unwrap();
    assert_eq!(ward.commit(vec![Edit::of(&ward.falls).deleting()]).unwrap().changes, 0);
    let edit = Edit::of(&ward.falls).with("owner", &"me".to_owned());
    assert_eq!(ward.commit(vec![edit]).unwrap_err().kind, FailureKind::Conflict);
    let back = Edit::of(&ward.falls).with("deleted", &false);
    assert_eq!(ward.commit(vec![back]).unwrap().changes, 1);
    assert_eq!(ward.store.records::<Measure>(Some(ward.team.id)).unwrap().len(), 2);
}

#[test]
fn stamps_keep_increasing_when_the_clock_goes_backwards() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    ward.clock.set(noon() - TimeDelta::days(400));
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let opening = ward.opening();
    let (team, falls) = (ward.team.clone(), ward.falls.clone());
    let (dir, _clock) = ward.close();
    let mut store = huddleboard::store::Store::open(&opening).unwrap();
    let put = Edit::put_point(team.id, PointKey::whole(falls.id, day("2026-11-20")), count(3.0), "");
    store.commit(&nurse(), "again", [Ok(put)]).unwrap();
    assert_eq!(values(&store.points(&falls, noon()).unwrap()), [Some(3.0)]);
    let conn = rusqlite::Connection::open(dir.path().join("ward.db")).unwrap();
    let mut statement = conn.prepare("SELECT wall, counter FROM changes ORDER BY seq").unwrap();
    let stamps: Vec<(i64, i64)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    assert!(stamps.is_sorted_by(|one, other| one < other), "{stamps:?}");
}

#[test]
fn a_receipt_names_what_was_touched_up_to_a_limit() {
    let mut ward = Ward::new();
    let edits = |count: u64| {
        let key = ward.key("2020-01-01");
        let team = ward.team.id;
        (0..count).map(move |n| {
            let start = huddleboard::domain::point::Start::day(key.start.date() + chrono::Days::new(n));
            Ok(Edit::put_point(team, PointKey { start, ..key.clone() }, Amount { value: 1.0, denominator: None }, ""))
        })
    };
    let few = edits(3).collect::<Vec<_>>();
    let many = edits(TOUCHED_AT_MOST as u64 + 4).collect::<Vec<_>>();
    assert_eq!(ward.store.commit(&nurse(), "few", few).unwrap().touched.len(), 3);
    let receipt = ward.store.commit(&nurse(), "many", many).unwrap();
    assert_eq!((receipt.changes, receipt.touched.len()), (TOUCHED_AT_MOST + 1, 0));
}

#[test]
fn texts_that_look_like_sql_are_kept_as_they_are() {
    let mut ward = Ward::new();
    let words = "'); DROP TABLE points; -- \" ? :x ${y}";
    let put = Edit::put_point(ward.team.id, ward.key("2026-11-20"), count(1.0), words);
    ward.commit(vec![put]).unwrap();
    assert_eq!(ward.store.point(&ward.key("2026-11-20")).unwrap().unwrap().note, words);
}
