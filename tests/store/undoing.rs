//! Undo and redo.

use huddleboard::base::error::FailureKind;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::{PointKey, Start};
use huddleboard::store::UndoScope::{File, Session};

use crate::support::*;

#[test]
fn undo_takes_back_a_new_value_and_redo_brings_it_again() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 3.0)]).unwrap();
    let receipt = ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(receipt.words, "an edit");
    assert_eq!(ward.falls_values(), []);
    ward.store.redo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(3.0)]);
    assert_eq!(ward.store.redo(&nurse(), Session).unwrap_err().kind, FailureKind::NotFound);
}

#[test]
fn undo_of_a_replaced_value_restores_all_of_the_old_one() {
    let mut ward = Ward::new();
    ward.commit(vec![Edit::put_point(ward.team.id, ward.key("2026-11-20"), count(2.0), "agency")]).unwrap();
    ward.commit(vec![
        Edit::of_point(ward.team.id, ward.key("2026-11-20")).with("ghost", &Some("power cut".to_owned())),
    ])
    .unwrap();
    let before = ward.store.point(&ward.key("2026-11-20")).unwrap().unwrap();
    ward.commit(vec![ward.put("2026-11-20", 5.0)]).unwrap();
    assert_eq!(ward.store.point(&ward.key("2026-11-20")).unwrap().unwrap().ghost, None);
    ward.store.undo(&nurse(), Session).unwrap();
    let mut after = ward.store.point(&ward.key("2026-11-20")).unwrap().unwrap();
    after.revision = before.revision;
    assert_eq!(after, before);
}

#[test]
fn undo_goes_back_action_by_action_and_redo_forward_again() {
    let mut ward = Ward::new();
    for value in 1..=4 {
        ward.commit(vec![ward.put("2026-11-20", f64::from(value))]).unwrap();
    }
    let mut seen = Vec::new();
    while ward.store.undo(&nurse(), Session).is_ok() {
        seen.push(ward.falls_values().first().copied().flatten());
    }
    assert_eq!(seen, [Some(3.0), Some(2.0), Some(1.0), None]);
    seen.clear();
    while ward.store.redo(&nurse(), Session).is_ok() {
        seen.push(ward.falls_values().first().copied().flatten());
    }
    assert_eq!(seen, [Some(1.0), Some(2.0), Some(3.0), Some(4.0)]);
    ward.store.undo(&nurse(), Session).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn a_new_edit_ends_what_could_be_redone() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    ward.commit(vec![ward.put("2026-11-19", 2.0)]).unwrap();
    assert_eq!(ward.store.redo(&nurse(), Session).unwrap_err().kind, FailureKind::NotFound);
}

#[test]
fn undo_of_a_session_leaves_the_others_alone() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0)]).unwrap();
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
    assert_eq!(ward.store.undo(&nurse(), Session).unwrap_err().kind, FailureKind::NotFound);
    assert_eq!(ward.store.undo(&nurse(), File).unwrap().words, "hers");
    assert_eq!(ward.falls_values(), []);
}

#[test]
fn undo_is_refused_where_somebody_else_changed_the_value_since() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0), ward.put("2026-11-20", 1.0)]).unwrap();
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    let before = dump(&ward.path());
    let refused = ward.store.undo(&nurse(), Session).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Conflict);
    assert_eq!(refused.what, "Falls 20 Nov has been changed since by matron; nothing was undone.");
    assert_eq!(dump(&ward.path()), before);
    // Once hers is undone, nothing stands in the way any more.
    ward.store.undo(&matron(), Session).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), []);
}

#[test]
fn a_note_added_by_somebody_else_keeps_a_new_record_from_being_undone() {
    let mut ward = Ward::new();
    let mut fresh = Measure::blank(huddleboard::domain::MeasureId::fresh(), ward.team.id);
    fresh.name = "Bed moves".into();
    ward.commit(vec![Edit::create(&fresh)]).unwrap();
    ward.store.commit(&matron(), "owner", [Ok(Edit::of(&fresh).with("owner", &"matron".to_owned()))]).unwrap();
    let refused = ward.store.undo(&nurse(), Session).unwrap_err();
    assert_eq!(refused.what, "The measure “Bed moves” has been changed since by matron; nothing was undone.");
}

#[test]
fn an_action_that_touches_one_record_twice_is_undone_once() {
    let mut ward = Ward::new();
    let owner = |name: &str| Edit::of(&ward.falls).with("owner", &name.to_owned());
    let edits = vec![owner("therapist"), owner("matron"), ward.put("2026-11-20", 1.0), ward.put("2026-11-20", 2.0)];
    ward.commit(edits).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.record::<Measure>(ward.falls.id.0).unwrap().unwrap().owner, "");
    assert_eq!(ward.falls_values(), []);
    ward.store.redo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.record::<Measure>(ward.falls.id.0).unwrap().unwrap().owner, "matron");
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn an_action_that_comes_to_nothing_can_be_undone_and_the_one_before_it_as_well() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    ward.commit(vec![ward.put("2026-11-20", 2.0), ward.put("2026-11-20", 1.0)]).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0)]);
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), []);
}

#[test]
fn an_import_of_many_points_is_undone_and_redone_whole() {
    let mut ward = Ward::new();
    let (team, key) = (ward.team.id, ward.key("1990-01-01"));
    let put = |n: u64, value: f64| {
        let start = Start::day(key.start.date() + chrono::Days::new(n));
        Ok(Edit::put_point(team, PointKey { start, ..key.clone() }, Amount { value, denominator: None }, ""))
    };
    ward.store.commit(&nurse(), "some before", (0..50).map(|n| put(n * 100, 7.0))).unwrap();
    let before = ward.store.digest().unwrap();
    let receipt = ward.store.commit(&nurse(), "import", (0..5_000).map(|n| put(n, 1.0))).unwrap();
    assert_eq!((receipt.changes, receipt.replaced), (5_000, 50));
    let imported = ward.store.digest().unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 50);
    assert!(ward.falls_values().iter().all(|value| *value == Some(7.0)));
    ward.store.redo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.digest().unwrap(), imported);
    ward.store.undo(&nurse(), Session).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 0);
    assert_ne!(before, imported);
}
