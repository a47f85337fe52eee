//! Values that two people set unseen: both are kept, one shows, and a person settles it for everybody.

use chrono::TimeDelta;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::Amount;
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::record::{Kind, Value};
use huddleboard::store::UndoScope::File;
use huddleboard::store::{Conflict, Keep};

use crate::support::{day, matron, noon, nurse};
use crate::wards::{Deed, Wards};

fn conflicts(wards: &mut Wards, which: usize) -> Vec<Conflict> {
    let found = wards.replicas[which].store().conflicts().unwrap();
    let records: std::collections::BTreeSet<_> =
        found.iter().map(|conflict| (conflict.kind, &conflict.record)).collect();
    assert_eq!(wards.replicas[which].store().conflict_count().unwrap(), records.len());
    found
}

/// Two wards that share a project and a value, an hour apart.
fn two() -> Wards {
    let mut wards = Wards::new(2);
    wards.perform(0, &Deed::Make(0, 0));
    wards.perform(0, &Deed::Put(0, 1));
    wards.exchange_all();
    wards.replicas[1].clock.set(noon() + TimeDelta::hours(1));
    wards
}

fn name(wards: &mut Wards, which: usize) -> String {
    wards.replicas[which].store().records::<Project>(None).unwrap()[0].name.clone()
}

#[test]
fn the_same_field_set_in_two_places_is_one_conflict_with_both_values() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.perform(1, &Deed::Rename(0, 2));
    assert!(conflicts(&mut wards, 0).is_empty(), "nobody can know yet");
    wards.exchange_all();
    for which in 0..2 {
        let found = conflicts(&mut wards, which);
        let told: Vec<_> = found
            .iter()
            .map(|conflict| {
                (
                    conflict.fields.clone(),
                    conflict.shown.value(conflict.fields[0]),
                    conflict.others[0].value(conflict.fields[0]),
                )
            })
            .collect();
        let text = |text: &str| Value::Text(text.into());
        let (blue, green) = (text("blue"), text("green"));
        assert!(told.contains(&(vec!["name"], &blue, &green)), "{told:?}");
        assert_eq!(found[0].shown.actor.as_deref(), Some("nurse in charge"));
        assert_eq!(found[0].shown.at, noon() + TimeDelta::hours(1));
        assert_eq!(name(&mut wards, which), "blue");
    }
}

#[test]
fn a_value_that_was_seen_before_it_was_replaced_is_no_conflict() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.exchange_all();
    wards.perform(1, &Deed::Rename(0, 2));
    wards.perform(1, &Deed::Rename(0, 3));
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty());
    assert!(conflicts(&mut wards, 1).is_empty());
}

#[test]
fn the_same_value_typed_twice_is_no_conflict() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.perform(1, &Deed::Rename(0, 1));
    wards.perform(0, &Deed::Put(1, 3));
    wards.perform(1, &Deed::Put(1, 3));
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty());
}

#[test]
fn the_same_measure_and_day_typed_in_two_places_is_one_point_with_a_conflict() {
    let mut wards = two();
    let put = |wards: &mut Wards, which: usize, value: f64| {
        let key = PointKey::whole(wards.measure(), day("2026-11-09"));
        let amount = Amount { value, denominator: None };
        let edit = Edit::put_point(wards.names.team, key, amount, "");
        wards.replicas[which].store().commit(&nurse(), "one", [Ok(edit)]).unwrap();
    };
    put(&mut wards, 0, 3.0);
    put(&mut wards, 1, 14.0);
    wards.exchange_all();
    let found = conflicts(&mut wards, 0);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].kind, &found[0].fields[..]), (Kind::Point, &["value", "denominator"][..]));
    assert_eq!(
        (found[0].shown.value("value"), found[0].others[0].value("value")),
        (&Value::Real(14.0), &Value::Real(3.0))
    );
    let points = wards.points(0);
    assert_eq!(points.iter().filter(|point| point.key.start.date() == day("2026-11-09")).count(), 1);
}

#[test]
fn what_one_settles_is_settled_everywhere_and_the_kept_value_shows() {
    for (keep, expected) in
        [(Keep::Shown, "blue"), (Keep::Other(0), "green"), (Keep::Merged("blue and green".into()), "blue and green")]
    {
        let mut wards = two();
        wards.perform(0, &Deed::Rename(0, 1));
        wards.perform(1, &Deed::Rename(0, 2));
        wards.exchange_all();
        for conflict in conflicts(&mut wards, 0) {
            let keep = if conflict.fields == ["name"] { &keep } else { &Keep::Shown };
            let receipt = wards.replicas[0].store().settle(&matron(), &conflict, keep).unwrap();
            assert_eq!(receipt.changes, 1);
        }
        assert!(conflicts(&mut wards, 0).is_empty());
        wards.exchange_all();
        for which in 0..2 {
            assert!(conflicts(&mut wards, which).is_empty(), "{keep:?}");
            assert_eq!(name(&mut wards, which), expected);
        }
    }
}

#[test]
fn settling_what_was_settled_meanwhile_is_refused_and_two_who_settle_alike_agree() {
    let mut wards = two();
    wards.perform(0, &Deed::Put(0, 2));
    wards.perform(1, &Deed::Put(0, 3));
    wards.exchange_all();
    let conflict = conflicts(&mut wards, 0).remove(0);
    wards.replicas[0].store().settle(&matron(), &conflict, &Keep::Other(0)).unwrap();
    let again = wards.replicas[0].store().settle(&matron(), &conflict, &Keep::Other(0)).unwrap_err();
    assert!(again.what.contains("in the meantime"), "{again}");
    wards.replicas[1].store().settle(&nurse(), &conflict, &Keep::Other(0)).unwrap();
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty() && conflicts(&mut wards, 1).is_empty());
}

#[test]
fn two_who_settle_differently_are_in_conflict_again() {
    let mut wards = two();
    wards.perform(0, &Deed::Put(0, 2));
    wards.perform(1, &Deed::Put(0, 3));
    wards.exchange_all();
    let conflict = conflicts(&mut wards, 0).remove(0);
    wards.replicas[0].store().settle(&matron(), &conflict, &Keep::Shown).unwrap();
    wards.replicas[1].store().settle(&nurse(), &conflict, &Keep::Other(0)).unwrap();
    wards.exchange_all();
    for which in 0..2 {
        let found = conflicts(&mut wards, which);
        assert_eq!((found.len(), found[0].others.len()), (1, 1));
    }
}

#[test]
fn what_was_set_and_taken_back_is_no_conflict() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.perform(1, &Deed::Rename(0, 2));
    wards.replicas[1].store().undo(&nurse(), File).unwrap();
    wards.exchange_all();
    // The undoing came later, so that it shows, and the other name is the one that was not seen.
    let found = conflicts(&mut wards, 0);
    assert_eq!(
        found[0].others[0].value(found[0].fields[0]).clone(),
        Value::Text(if found[0].fields == ["name"] { "green" } else { "blue" }.into())
    );
    let mut wards = two();
    wards.perform(1, &Deed::Rename(0, 2));
    wards.replicas[1].store().undo(&nurse(), File).unwrap();
    wards.replicas[0].clock.set(noon() + TimeDelta::hours(2));
    wards.perform(0, &Deed::Rename(0, 1));
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty(), "{:?}", conflicts(&mut wards, 0));
}

#[test]
fn a_record_that_one_deleted_while_another_edited_it_is_asked_about() {
    for edit_first in [true, false] {
        let mut wards = two();
        if !edit_first {
            wards.replicas[0].clock.set(noon() + TimeDelta::hours(2));
        }
        wards.perform(0, &Deed::Rename(0, 1));
        wards.perform(1, &Deed::Delete(0));
        wards.exchange_all();
        let found = conflicts(&mut wards, 1);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].fields, ["deleted"]);
        assert!(found[0].shown.deletes() && !found[0].others[0].deletes());
        assert_eq!(found[0].others[0].value("name"), &Value::Text("green".into()));
        wards.replicas[1].store().settle(&nurse(), &found[0], &Keep::Other(0)).unwrap();
        wards.exchange_all();
        assert_eq!(name(&mut wards, 0), "green");
        assert!(conflicts(&mut wards, 0).is_empty());
    }
}

#[test]
fn a_deletion_that_knew_the_edit_is_no_conflict_and_keeping_it_settles() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.exchange_all();
    wards.perform(1, &Deed::Delete(0));
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty());
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.perform(1, &Deed::Delete(0));
    wards.exchange_all();
    let conflict = conflicts(&mut wards, 0).remove(0);
    wards.replicas[0].store().settle(&nurse(), &conflict, &Keep::Shown).unwrap();
    wards.exchange_all();
    assert!(conflicts(&mut wards, 1).is_empty());
    assert!(wards.replicas[1].store().records::<Project>(None).unwrap().is_empty());
}

#[test]
fn those_who_tick_lose_nothing_and_have_no_conflict() {
    let mut wards = two();
    for _ in 0..5 {
        wards.perform(0, &Deed::Tick(0));
        wards.perform(1, &Deed::Tick(0));
    }
    wards.exchange_all();
    assert!(conflicts(&mut wards, 0).is_empty());
    let ticks: Vec<huddleboard::domain::process::Completion> = wards.replicas[0].store().records(None).unwrap();
    assert_eq!(ticks.len(), 10);
}

#[test]
fn a_merged_text_passes_the_same_rules_as_a_typed_one() {
    let mut wards = two();
    wards.perform(0, &Deed::Rename(0, 1));
    wards.perform(1, &Deed::Rename(0, 2));
    wards.exchange_all();
    let conflict = conflicts(&mut wards, 0).into_iter().find(|conflict| conflict.fields == ["name"]).unwrap();
    let text = format!("see {:03} {:03} {:04}", 401, 23, 2137);
    let refused = wards.replicas[0].store().settle(&nurse(), &conflict, &Keep::Merged(text)).unwrap_err();
    assert_eq!(refused.place.as_deref(), Some("name"));
}
