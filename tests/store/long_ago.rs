//! Undo of an action long ago: what it takes back, what it leaves alone, and what it says before.

use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::cycle::{Cycle, Question, Stage};
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::{PointKey, Start};
use huddleboard::domain::project::Project;
use huddleboard::domain::record::{Json, Kind};
use huddleboard::domain::{CycleId, MeasureId, ProjectId};
use huddleboard::store::UndoScope::{File, Session};
use huddleboard::store::{ActionId, ActionQuery, Extent, NAMED_AT_MOST};

use crate::support::*;
use crate::two_boards::{Deed, Pair};

/// The action that was done last.
fn last(ward: &Ward) -> ActionId {
    ward.store.actions(&ActionQuery { limit: 1, ..ActionQuery::default() }).unwrap()[0].id
}

fn undo_it(ward: &mut Ward, id: ActionId, extent: Extent) -> Result<(), String> {
    let preview = ward.store.preview(id).unwrap();
    ward.store.take_back(&matron(), &preview, extent).map(|_| ()).map_err(|failure| failure.to_string())
}

#[test]
fn an_action_that_was_undone_and_done_again_is_taken_back_once_and_undo_goes_on_behind_it() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0)]).unwrap();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let id = last(&ward);
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.store.preview(id).unwrap().taken_count, 0);
    ward.store.redo(&nurse(), Session).unwrap();
    undo_it(&mut ward, id, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0)]);
    assert!(undo_it(&mut ward, id, Extent::All).unwrap_err().contains("Nothing of this action is left"));
    // What it was done again by is undone with it: the next undo is of what came before.
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), []);
    ward.store.redo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0)]);
    ward.store.redo(&matron(), File).unwrap();
    assert_eq!(ward.falls_values(), [Some(1.0), Some(2.0)]);
}

#[test]
fn undo_goes_on_behind_an_action_that_was_taken_back_after_a_later_one_was_undone() {
    let mut ward = Ward::new();
    for value in [2.0, 3.0] {
        ward.commit(vec![ward.put("2026-11-20", value)]).unwrap();
    }
    let second = last(&ward);
    ward.commit(vec![ward.put("2026-11-20", 5.0)]).unwrap();
    ward.store.undo(&nurse(), Session).unwrap();
    undo_it(&mut ward, second, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
    ward.store.undo(&nurse(), Session).unwrap();
    assert_eq!(ward.falls_values(), []);
    for value in [2.0, 3.0, 5.0] {
        ward.store.redo(&nurse(), File).unwrap();
        assert_eq!(ward.falls_values(), [Some(value)]);
    }
}

#[test]
fn predictions_that_are_locked_come_back_only_with_the_plan() {
    let mut ward = Ward::new();
    let mut cycle = Cycle::blank(CycleId::fresh(), ward.team.id);
    cycle.title = "A bell at the door".into();
    ward.commit(vec![Edit::create(&cycle)]).unwrap();
    let questions = Json(vec![Question { question: "Does it help?".into(), prediction: "Yes".into() }]);
    ward.commit(vec![Edit::of(&cycle).with("questions", &questions)]).unwrap();
    let predicted = last(&ward);
    ward.store.commit(&matron(), "begin", [Ok(Edit::of(&cycle).with("stage", &Stage::Do))]).unwrap();
    let begun = last(&ward);
    assert!(undo_it(&mut ward, predicted, Extent::All).unwrap_err().contains("locked since Do began"));
    assert!(ward.store.undo(&nurse(), Session).unwrap_err().to_string().contains("locked since Do began"));
    undo_it(&mut ward, begun, Extent::All).unwrap();
    undo_it(&mut ward, predicted, Extent::All).unwrap();
    assert_eq!(ward.store.records::<Cycle>(None).unwrap()[0].questions, Json(Vec::new()));
}

#[test]
fn an_undo_is_undone_like_any_action() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 2.0)]).unwrap();
    let first = last(&ward);
    ward.store.undo(&nurse(), Session).unwrap();
    let undo = last(&ward);
    undo_it(&mut ward, undo, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
    assert_eq!(ward.store.preview(undo).unwrap().taken_count, 0);
    assert_eq!(ward.store.preview(first).unwrap().taken_count, 1);
}

#[test]
fn an_action_that_touches_one_record_twice_is_taken_back_whole() {
    let mut ward = Ward::new();
    let owner = |name: &str| Edit::of(&ward.falls).with("owner", &name.to_owned());
    ward.commit(vec![owner("therapist"), owner("matron"), ward.put("2026-11-20", 1.0), ward.put("2026-11-20", 2.0)])
        .unwrap();
    let id = last(&ward);
    let recount = ward.store.recount(id, 10).unwrap();
    assert_eq!(recount.parts.len(), 2, "each record once: {recount:#?}");
    undo_it(&mut ward, id, Extent::All).unwrap();
    assert_eq!(ward.falls_values(), []);
    assert_eq!(ward.store.record::<Measure>(ward.falls.id.0).unwrap().unwrap().owner, "");
}

#[test]
fn what_was_changed_since_is_named_with_who_and_stays_when_the_rest_is_undone() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-19", 1.0), ward.put("2026-11-20", 1.0)]).unwrap();
    let id = last(&ward);
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.taken_count, preview.changed_count, preview.is_depended_on()), (1, 1, true));
    let since = preview.changed[0].changed_since().unwrap();
    assert_eq!((since.actor.as_deref(), since.action), (Some("matron"), last(&ward)));
    let before = dump(&ward.path());
    assert!(undo_it(&mut ward, id, Extent::All).unwrap_err().contains("Something depends on this action"));
    assert_eq!(dump(&ward.path()), before);
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.falls_values(), [Some(2.0)]);
}

#[test]
fn a_value_and_its_denominator_stay_together_where_one_of_them_was_changed_since() {
    let mut ward = Ward::new();
    let key = PointKey::whole(ward.screened.id, day("2026-11-20"));
    let put = |value, denominator| {
        let amount = Amount { value, denominator: Some(denominator) };
        Edit::put_point(ward.team.id, key.clone(), amount, "")
    };
    let (first, second) = (put(3.0, 5.0), put(18.0, 20.0));
    ward.commit(vec![first]).unwrap();
    ward.commit(vec![second]).unwrap();
    let id = last(&ward);
    let denominator = Edit::of_point(ward.team.id, key.clone()).with("denominator", &Some(25.0));
    ward.store.commit(&matron(), "hers", [Ok(denominator)]).unwrap();
    assert!(undo_it(&mut ward, id, Extent::Rest).is_err(), "18 of 5 would be no proportion");
    let point = ward.store.point(&key).unwrap().unwrap();
    assert_eq!((point.value, point.denominator), (Some(18.0), Some(25.0)));
}

#[test]
fn a_record_is_not_taken_from_under_what_hangs_on_it_unless_that_goes_with_it() {
    let mut ward = Ward::new();
    let mut fresh = Measure::blank(MeasureId::fresh(), ward.team.id);
    fresh.name = "Bed moves".into();
    let value = |date: &str| Edit::put_point(ward.team.id, PointKey::whole(fresh.id, day(date)), count(1.0), "");
    let (own, other) = (value("2026-11-19"), value("2026-11-20"));
    ward.commit(vec![Edit::create(&fresh), own]).unwrap();
    let id = last(&ward);
    assert_eq!(ward.store.preview(id).unwrap().hanging, [], "its own value goes with it");
    ward.store.commit(&matron(), "hers", [Ok(other)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    let told = ward.store.tell_hanging(&preview.hanging[0]).unwrap();
    assert_eq!((preview.hanging.len(), told.as_str()), (1, "Bed moves: 1 value"));
    assert!(undo_it(&mut ward, id, Extent::All).is_err());
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(values(&ward.store.points(&fresh, noon()).unwrap()), [Some(1.0)], "only hers is left");
    assert!(ward.store.record::<Measure>(fresh.id.0).unwrap().is_some());
}

#[test]
fn everything_hangs_on_the_team_that_was_made_and_a_board_is_not_undone_by_mistake() {
    let mut ward = Ward::new();
    let id = last(&ward);
    let mut project = Project::blank(ProjectId::fresh(), ward.team.id);
    project.name = "Fewer falls".into();
    ward.commit(vec![Edit::create(&project), ward.put("2026-11-20", 1.0)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    let told: Vec<String> = preview.hanging.iter().map(|held| ward.store.tell_hanging(held).unwrap()).collect();
    assert_eq!(told, ["Ward 7A: 1 measure, 1 project", "Falls: 1 value"]);
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.store.teams().unwrap().len(), 1);
    assert_eq!(ward.falls_values(), [Some(1.0)]);
}

#[test]
fn a_text_that_was_redacted_never_comes_back_and_that_is_said() {
    let mut ward = Ward::new();
    let key = ward.key("2026-11-20");
    ward.commit(vec![Edit::put_point(ward.team.id, key.clone(), count(1.0), "Mrs Example fell")]).unwrap();
    let record = RecordKey::Point(key.clone());
    ward.store.redact(&matron(), ward.team.id, (Kind::Point, &record), &[], "").unwrap();
    let redaction = last(&ward);
    ward.commit(vec![Edit::put_point(ward.team.id, key.clone(), count(2.0), "seen to")]).unwrap();
    let id = last(&ward);
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.redacted, preview.taken_count, preview.is_depended_on()), (1, 1, false));
    undo_it(&mut ward, id, Extent::All).unwrap();
    let point = ward.store.point(&key).unwrap().unwrap();
    assert_eq!((point.value, point.note.as_str()), (Some(1.0), "seen to"));
    assert!(undo_it(&mut ward, redaction, Extent::Rest).is_err(), "a redaction is not undone");
    assert!(!dump(&ward.path()).contains("Mrs Example"));
}

#[test]
fn a_preview_that_is_not_so_any_more_is_refused() {
    let mut ward = Ward::new();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    let preview = ward.store.preview(last(&ward)).unwrap();
    ward.store.commit(&matron(), "hers", [Ok(ward.put("2026-11-20", 2.0))]).unwrap();
    let before = dump(&ward.path());
    let refused = ward.store.take_back(&nurse(), &preview, Extent::Rest).unwrap_err();
    assert_eq!(refused.what, "Something was changed in the meantime.");
    assert_eq!(dump(&ward.path()), before);
}

#[test]
fn an_import_of_very_many_points_is_taken_back_long_after_and_can_be_redone() {
    let mut ward = Ward::new();
    let (team, key) = (ward.team.id, ward.key("1750-01-01"));
    let first = day("1950-01-01");
    let put = |n: u64, value: f64| {
        let point = PointKey { ordinal: u32::try_from(n % 4).unwrap(), ..key.clone() };
        let start = Start::day(first + chrono::Days::new(n / 4));
        Ok(Edit::put_point(team, PointKey { start, ..point }, count(value), ""))
    };
    ward.store.commit(&nurse(), "import", (0..12_000).map(|n| put(n, 1.0))).unwrap();
    let id = last(&ward);
    ward.store.commit(&matron(), "hers", [put(7, 9.0)]).unwrap();
    let preview = ward.store.preview(id).unwrap();
    assert_eq!((preview.taken_count, preview.changed_count), (11_999, 1));
    assert!(preview.taken.len() <= NAMED_AT_MOST, "what is only counted is not kept");
    undo_it(&mut ward, id, Extent::Rest).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 1);
    ward.store.redo(&matron(), File).unwrap();
    assert_eq!(ward.store.points_total().unwrap(), 12_000);
}

#[test]
fn an_action_of_another_board_is_taken_back_without_a_conflict_there() {
    let mut pair = Pair::new();
    pair.perform(&Deed::Make(0, 1), 0);
    pair.give(0, usize::MAX);
    pair.perform(&Deed::Rename(0, 2), 0);
    pair.give(0, usize::MAX);
    let id = pair.boards[1].actions()[0];
    assert_ne!(id.replica, pair.boards[1].store.replica());
    pair.long_ago(1, id, Extent::All, false);
    pair.give(1, usize::MAX);
    for board in &pair.boards {
        assert_eq!(board.store.conflicts().unwrap(), []);
        let project = board.store.record::<Project>(pair.projects[0].0).unwrap().unwrap();
        assert_eq!(project.name, "green");
        assert_eq!(board.store.preview(id).unwrap().taken_count, 0, "everybody sees that it is undone");
    }
    // Undo and redo on the board where it was taken back go over it like over any other.
    pair.perform(&Deed::Redo(true), 1);
    let project = pair.boards[1].store.record::<Project>(pair.projects[0].0).unwrap().unwrap();
    assert_eq!(project.name, "blue");
}

#[test]
fn an_action_is_found_by_the_code_that_the_list_gives_it() {
    let mut pair = Pair::new();
    pair.perform(&Deed::Make(0, 1), 0);
    pair.perform(&Deed::Make(1, 1), 1);
    pair.give(0, usize::MAX);
    let store = &pair.boards[1].store;
    for id in pair.boards[1].actions() {
        let code = store.action_code(id).unwrap();
        assert_eq!(store.action_coded(&code).unwrap(), id, "{code}");
        assert_eq!(store.action_coded(&format!("{}:{}", id.replica, id.seq)).unwrap(), id);
    }
    assert!(
        store.action_coded("ffff:1").is_err() && store.action_coded("0").is_err() && store.action_coded("").is_err()
    );
}

#[test]
fn the_actions_since_an_instant_are_found_wherever_the_clock_was_set() {
    let mut ward = Ward::new();
    let mut at = Vec::new();
    for (hours, date) in
        [(-50, "2026-11-01"), (-30, "2026-11-02"), (40, "2026-11-03"), (-10, "2026-11-04"), (0, "2026-11-05")]
    {
        let moment = noon() + chrono::TimeDelta::hours(hours);
        ward.clock.set(moment);
        ward.commit(vec![ward.put(date, 1.0)]).unwrap();
        at.push(moment);
    }
    for since in [-60, -40, -20, -5, 0, 10, 50] {
        let since = noon() + chrono::TimeDelta::hours(since);
        let query = ActionQuery { since: Some(since), ..ActionQuery::default() };
        let found = ward.store.actions(&query).unwrap().iter().filter(|entry| entry.words == "an edit").count();
        assert_eq!(found, at.iter().filter(|moment| **moment >= since).count(), "{since}");
        let query = ActionQuery { before: Some(since), ..ActionQuery::default() };
        let found = ward.store.actions(&query).unwrap().iter().filter(|entry| entry.words == "an edit").count();
        assert_eq!(found, at.iter().filter(|moment| **moment < since).count(), "before {since}");
    }
}
