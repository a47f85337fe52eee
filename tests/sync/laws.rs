//! What taking in promises, one sentence a test.

use std::fs;

use chrono::{Days, TimeDelta};
use huddleboard::base::error::FailureKind;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::{PointKey, Start};
use huddleboard::domain::project::Project;
use huddleboard::domain::{MeasureId, ProjectId, TeamId};
use huddleboard::store::{Accept, RemoteChange, Seen};

use crate::support::{Ward, count, day, noon, nurse};
use crate::wards::{Deed, Replica, Wards};

/// Two wards of which the first has done something.
fn two() -> (Wards, Vec<RemoteChange>) {
    let mut wards = Wards::new(2);
    for deed in [Deed::Make(0, 1), Deed::Put(1, 3), Deed::Note(1, 2), Deed::Tick(1), Deed::Undo] {
        wards.perform(0, &deed);
    }
    let changes = wards.replicas[0].all();
    (wards, changes)
}

#[test]
fn taking_in_twice_changes_nothing() {
    let (mut wards, changes) = two();
    let first = wards.replicas[1].take(changes.clone()).unwrap();
    let tables = wards.replicas[1].tables();
    let second = wards.replicas[1].take(changes.clone()).unwrap();
    assert_eq!((first.new, first.already), (5, 3));
    assert_eq!((second.new, second.already), (0, changes.len()));
    assert_eq!(wards.replicas[1].tables(), tables);
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
}

#[test]
fn a_gap_is_kept_shown_and_closed() {
    let (mut wards, changes) = two();
    let origin = changes[0].origin;
    let have = |wards: &mut Wards| {
        let have = wards.replicas[1].store().have().unwrap();
        have.iter().find(|have| have.replica == origin).map(|have| (have.upto, have.known_max)).unwrap()
    };
    wards.replicas[1].take(changes[5..].to_vec()).unwrap();
    assert_eq!(have(&mut wards), (3, 8));
    assert_eq!(wards.replicas[1].store().lacking(origin, 1, 9).unwrap(), [(4, 5), (9, 9)]);
    wards.replicas[1].take(changes[..5].to_vec()).unwrap();
    assert_eq!(have(&mut wards), (8, 8));
    assert_eq!(wards.replicas[1].store().count(origin, 1, 9).unwrap(), 8);
}

#[test]
fn one_number_with_two_contents_is_refused_with_everything_that_came_with_it() {
    let (mut wards, mut changes) = two();
    let before = wards.replicas[1].tables();
    changes[1].fields = r#"{"name":"Harm"}"#.into();
    changes.reverse();
    let refused = wards.replicas[1].take(changes).unwrap_err();
    assert_eq!(refused.kind, FailureKind::Conflict);
    assert!(refused.what.contains("number 2"), "{refused}");
    assert_eq!(wards.replicas[1].tables(), before);
}

#[test]
fn what_is_malformed_is_refused_and_what_is_unknown_is_passed_on() {
    let (mut wards, changes) = two();
    let strange = RemoteChange { kind: "constellation".into(), record: vec![1, 2, 3].into(), ..changes[3].clone() };
    let fields = r#"{"colour":"red","name":7,"owner":"a\u001b[31mb"}"#;
    let odd = RemoteChange { fields: fields.into(), seq: 20, ..changes[3].clone() };
    wards.replicas[1].take(vec![strange.clone(), odd.clone()]).unwrap();
    let on = wards.replicas[1].all();
    assert!(on.contains(&strange) && on.contains(&odd), "as it came, to the byte");
    let project = wards.replicas[1].store().records::<Project>(None).unwrap().remove(0);
    assert_eq!((project.name.as_str(), project.owner.as_str()), ("", "a[31mb"));
    let digest = wards.replicas[1].digest();
    wards.replicas[1].store().rebuild().unwrap();
    assert_eq!(wards.replicas[1].digest(), digest);
    for wrong in [
        RemoteChange { seq: 0, ..changes[4].clone() },
        RemoteChange { fields: "[]".into(), ..changes[4].clone() },
        RemoteChange { wall: i64::MAX, ..changes[4].clone() },
        RemoteChange { record: vec![0; 5_000].into(), ..changes[4].clone() },
    ] {
        assert!(wards.replicas[1].take(vec![wrong]).unwrap_err().what.contains("form"));
    }
}

#[test]
fn a_strangers_equal_stamps_come_to_the_same_in_any_order() {
    let (mut wards, changes) = two();
    let mut stranger: Vec<RemoteChange> = Vec::new();
    for (seq, name) in (21..).zip(["one", "two", "three"]) {
        let fields = format!(r#"{{"name":"{name}"}}"#);
        let team = if seq == 21 { changes[3].team } else { TeamId::fresh() };
        stranger.push(RemoteChange { seq, fields: fields.into(), team, creates: seq == 23, ..changes[3].clone() });
    }
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
        let mut replica = Replica::at(wards.dir.path().join(format!("{order:?}.db")));
        let take = |index: &usize| Ok(stranger[*index].clone());
        replica.store().take_in(order.iter().map(take), Accept::AnyTeam).unwrap();
        wards.replicas.push(replica);
    }
    let digest = wards.replicas[2].digest();
    assert!(wards.replicas[3..].iter_mut().all(|replica| replica.digest() == digest));
}

#[test]
fn another_teams_changes_come_in_only_where_that_is_asked_for() {
    let (mut wards, _) = two();
    let other = Ward::new();
    let theirs =
        Replica { store: Some(other.store), clock: other.clock.clone(), path: other.dir.path().join("ward.db") }.all();
    let refused = wards.replicas[1].take(theirs.clone()).unwrap_err();
    assert!(refused.what.contains("“Ward 7A”"), "{refused}");
    assert_eq!(wards.replicas[1].store().teams().unwrap().len(), 1);
    let taken = wards.replicas[1].store().take_in(theirs.into_iter().map(Ok), Accept::AnyTeam).unwrap();
    assert_eq!(taken.new, 3);
    assert_eq!(wards.replicas[1].store().teams().unwrap().len(), 2);
}

#[test]
fn a_clock_far_ahead_is_not_followed_and_can_still_be_corrected() {
    let mut wards = Wards::new(2);
    wards.replicas[0].clock.set(noon() + TimeDelta::days(4_000));
    wards.perform(0, &Deed::Make(0, 1));
    let changes = wards.replicas[0].all();
    let taken = wards.replicas[1].take(changes.clone()).unwrap();
    assert_eq!(taken.ahead, [changes[3].origin]);
    wards.perform(1, &Deed::Put(0, 1));
    wards.perform(1, &Deed::Rename(0, 3));
    let own: Vec<RemoteChange> =
        wards.replicas[1].all().into_iter().filter(|change| change.origin != changes[0].origin).collect();
    assert_eq!(own[0].wall, noon().timestamp_millis(), "the own clock stays where it is");
    wards.exchange_all();
    for replica in &mut wards.replicas {
        assert_eq!(replica.store().records::<Project>(None).unwrap()[0].name, "ward");
    }
}

#[test]
fn what_is_typed_over_the_farthest_stamp_of_all_can_still_travel() {
    let (mut wards, changes) = two();
    let name = r#"{"name":"for ever"}"#;
    let (wall, counter) = (1 << 53, u16::MAX);
    let poison = RemoteChange { seq: 30, wall, counter, fields: name.into(), ..changes[3].clone() };
    wards.replicas[1].take(vec![poison]).unwrap();
    for word in [2, 1] {
        wards.perform(1, &Deed::Rename(0, word));
    }
    let all = wards.replicas[1].all();
    let own = all.iter().filter(|change| change.origin == wards.replicas[1].store.as_ref().unwrap().replica()).count();
    assert_eq!(own, 2);
    wards.replicas[0].take(all).unwrap();
    wards.exchange_all();
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
}

#[test]
fn points_that_come_in_a_row_say_what_they_say_one_by_one_whatever_stands_in_their_place() {
    let mut wards = Wards::new(2);
    let (team, measure) = (wards.names.team, wards.names.measure);
    let mut other = Measure::blank(MeasureId::fresh(), team);
    other.name = "Length of stay".into();
    let key = |measure, n: u32| PointKey {
        measure,
        start: Start::day(day("2026-01-01") + Days::new(u64::from(n / 3))),
        stratum: if n % 3 == 2 { "Bay A".into() } else { String::new() },
        ordinal: if n % 3 == 1 { 1 } else { 0 },
    };
    let put = |measure, n: u32| Ok(Edit::put_point(team, key(measure, n), count(f64::from(n)), "as counted"));
    let import = (0..301).map(|n| put(measure, n)).chain([Ok(Edit::create(&other))]);
    let import = import.chain((0..55).rev().map(|n| put(other.id, n)));
    wards.replicas[0].store().commit(&nurse(), "import", import).unwrap();
    wards.replicas[0].store().commit(&nurse(), "again", (40..45).map(|n| put(measure, n * 2))).unwrap();
    let theirs = (0..301).step_by(90).map(|n| put(measure, n + 7).map(|edit| edit.with("value", &Some(1.5))));
    wards.replicas[1].store().commit(&nurse(), "typed", theirs).unwrap();
    let (import, mut typed) = (wards.replicas[0].all(), wards.replicas[1].all());
    typed.retain(|change| change.origin != import[0].origin);

    let mut in_a_row = Replica::at(wards.dir.path().join("row.db"));
    in_a_row.take(import[..3].to_vec()).unwrap();
    in_a_row.take(typed.clone()).unwrap();
    let taken = in_a_row.take([&import[..], &import[30..60]].concat()).unwrap();
    assert_eq!((taken.new, taken.already), (import.len() - 3, 33));
    let mut one_by_one = Replica::at(wards.dir.path().join("one.db"));
    for change in typed.iter().chain(&import).rev() {
        one_by_one.store().take_in([Ok(change.clone())], Accept::AnyTeam).unwrap();
    }
    assert_eq!(in_a_row.digest(), one_by_one.digest());
    let conflicts = in_a_row.store().conflicts().unwrap();
    assert_eq!(conflicts.len(), 4, "what was typed was not seen by the import");
    assert_eq!(conflicts, one_by_one.store().conflicts().unwrap());
    let digest = in_a_row.digest();
    in_a_row.store().rebuild().unwrap();
    assert_eq!(in_a_row.digest(), digest);
    let mut on = in_a_row.all();
    let mut came = [import, typed].concat();
    for changes in [&mut on, &mut came] {
        changes.sort_by_key(|change| (change.origin, change.seq));
    }
    assert_eq!(on, came, "what is passed on is what came, to the byte");
}

/// An older program keeps what it does not know, and shows nothing of it. Whoever opens the file with
/// the newer one sees what everybody else sees.
#[test]
fn what_an_older_program_kept_without_knowing_it_shows_after_the_upgrade() {
    let dir = tempfile::tempdir().unwrap();
    let fixture: std::path::PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "db", "v1.db"].iter().collect();
    let (older, newer) = (dir.path().join("older.db"), dir.path().join("newer.db"));
    fs::copy(&fixture, &older).unwrap();
    fs::copy(&fixture, &newer).unwrap();
    let mut newer = Replica::at(newer);
    let team = newer.store().teams().unwrap()[0].id;
    let mut project = Project::blank(ProjectId::fresh(), team);
    project.name = "Fewer falls".into();
    newer.store().commit(&nurse(), "start", [Ok(Edit::create(&project))]).unwrap();
    newer.store().commit(&nurse(), "owner", [Ok(Edit::of(&project).with("owner", &"matron".to_owned()))]).unwrap();
    let mut stays = Measure::blank(MeasureId::fresh(), team);
    stays.name = "Length of stay".into();
    let put = Edit::put_point(team, PointKey::whole(stays.id, day("2026-11-20")), count(4.0), "");
    newer.store().commit(&nurse(), "measure", [Ok(Edit::create(&stays)), Ok(put)]).unwrap();
    let own = newer.store().replica();
    let unknown: Vec<RemoteChange> = newer.all().into_iter().filter(|change| change.origin == own).collect();
    keep_unknown(&older, &unknown);
    let mut upgraded = Replica::at(older);
    assert_eq!(upgraded.store().records::<Project>(None).unwrap()[0].owner, "matron");
    assert_eq!(upgraded.digest(), newer.digest());
}

/// What an older program did with changes of a kind that it did not know.
fn keep_unknown(file: &std::path::Path, changes: &[RemoteChange]) {
    let conn = rusqlite::Connection::open(file).unwrap();
    let own = &changes[0].origin.bytes()[..];
    conn.execute("INSERT INTO replicas(id, upto, known_max, first_seen, last_seen) VALUES(?1, 4, 4, 0, 0)", [own])
        .unwrap();
    let origin = conn.last_insert_rowid();
    let team: i64 = conn
        .query_row("SELECT no FROM handles WHERE id = ?1", [&changes[0].team.bytes()[..]], |row| row.get(0))
        .unwrap();
    for change in changes {
        let action = &change.action;
        conn.execute(
            "INSERT OR IGNORE INTO actions(origin, seq, at, session, words, sort) VALUES(?1, ?2, ?3, 0, ?4, ?5)",
            (origin, action.seq, action.at, &action.words, &action.sort),
        )
        .unwrap();
        conn.execute(
            "INSERT INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, seen, indexed, schema, received)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, 0)",
            rusqlite::params![
                origin, change.seq, action.seq, change.wall, change.counter, team, change.kind, &change.record[..], change.creates,
                &*change.fields, change.seen, change.schema
            ],
        )
        .unwrap();
    }
}

#[test]
fn another_door_to_the_file_sees_what_was_taken_in() {
    let (mut wards, changes) = two();
    let mut door = wards.replicas[1].store().reader().unwrap();
    assert_eq!(door.look().unwrap(), Seen::Nothing);
    wards.replicas[1].take(changes[5..].to_vec()).unwrap();
    assert!(matches!(door.look().unwrap(), Seen::Records(touched) if !touched.is_empty()));
    wards.replicas[1].take(changes).unwrap();
    assert!(matches!(door.look().unwrap(), Seen::Records(touched) if !touched.is_empty()));
}

#[test]
fn a_machine_that_was_put_back_whole_writes_under_another_name_once_it_hears_of_its_own_future() {
    let mut wards = Wards::new(2);
    let path = wards.replicas[0].path.clone();
    let (kept, beside) = (path.with_extension("kept"), path.with_extension("db-replica"));
    drop(wards.replicas[0].store.take());
    fs::copy(&path, &kept).unwrap();
    let sidecar = fs::read(&beside).unwrap();
    wards.replicas[0].reopen();
    let before = wards.replicas[0].store().replica();
    wards.perform(0, &Deed::Make(0, 1));
    let changes = wards.replicas[0].all();
    wards.replicas[1].take(changes).unwrap();
    drop(wards.replicas[0].store.take());
    fs::copy(&kept, &path).unwrap();
    fs::write(&beside, sidecar).unwrap();
    wards.replicas[0].reopen();
    assert_eq!(wards.replicas[0].store().forked_from(), None, "nothing tells, so far");
    let back = wards.replicas[1].all();
    wards.replicas[0].take(back).unwrap();
    assert_eq!(wards.replicas[0].store().forked_from(), Some(before));
    wards.perform(0, &Deed::Make(1, 2));
    wards.replicas[0].reopen();
    assert_eq!(wards.replicas[0].store().forked_from(), None, "only once");
    wards.exchange_all();
    assert_eq!(wards.replicas[0].digest(), wards.replicas[1].digest());
    assert_eq!(wards.replicas[1].store().records::<Project>(None).unwrap().len(), 2);
}
