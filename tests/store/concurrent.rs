//! Several doors to one file: nothing is lost, and each sees what the others did.

use std::thread;

use huddleboard::base::error::FailureKind;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::point::{PointKey, Start};
use huddleboard::domain::record::Kind;
use huddleboard::store::{Author, LogQuery, Seen, Store, Witnessed};

use crate::support::*;

fn names(seen: Seen) -> Vec<RecordKey> {
    match seen {
        Seen::Records(found) => found.into_iter().map(|found| found.touched.record).collect(),
        Seen::Nothing => Vec::new(),
        Seen::Anything => panic!("too many to name"),
    }
}

#[test]
fn a_look_names_what_others_changed_and_never_what_one_did_oneself() {
    let mut ward = Ward::new();
    let mut other = Store::open(&ward.opening()).unwrap();
    assert_eq!(other.replica(), ward.store.replica());
    assert_eq!(ward.store.look().unwrap(), Seen::Nothing);
    ward.commit(vec![ward.put("2026-11-17", 1.0)]).unwrap();
    assert_eq!(ward.store.look().unwrap(), Seen::Nothing);
    assert_eq!(names(other.look().unwrap()), [RecordKey::Point(ward.key("2026-11-17"))]);
    // Theirs between two of ours.
    ward.commit(vec![ward.put("2026-11-18", 1.0)]).unwrap();
    other.commit(&matron(), "hers", [Ok(ward.put("2026-11-19", 1.0))]).unwrap();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    assert_eq!(names(ward.store.look().unwrap()), [RecordKey::Point(ward.key("2026-11-19"))]);
    assert_eq!(ward.store.look().unwrap(), Seen::Nothing);
    let Seen::Records(theirs) = other.look().unwrap() else { panic!("records") };
    let by = |found: &Witnessed| (found.actor.clone(), found.session);
    assert!(theirs.iter().all(|found| by(found) == (nurse().role, Some(nurse().session))), "{theirs:?}");
    let mut theirs = names(Seen::Records(theirs));
    theirs.sort();
    assert_eq!(theirs, [RecordKey::Point(ward.key("2026-11-18")), RecordKey::Point(ward.key("2026-11-20"))]);
    // A rehearsal is nobody's change.
    other.rehearse(&matron(), "perhaps", [Ok(ward.put("2026-11-01", 1.0))]).unwrap();
    assert_eq!(ward.store.look().unwrap(), Seen::Nothing);
}

#[test]
fn a_look_at_too_much_says_anything() {
    let mut ward = Ward::new();
    let mut other = Store::open(&ward.opening()).unwrap();
    let (team, key) = (ward.team.id, ward.key("2020-01-01"));
    let many = (0..1_500).map(|n| {
        let start = Start::day(key.start.date() + chrono::Days::new(n));
        Ok(Edit::put_point(team, PointKey { start, ..key.clone() }, count(1.0), ""))
    });
    other.commit(&matron(), "import", many).unwrap();
    assert_eq!(ward.store.look().unwrap(), Seen::Anything);
    assert_eq!(ward.store.look().unwrap(), Seen::Nothing);
}

#[test]
fn a_reader_in_another_thread_sees_commits_and_cannot_write() {
    let mut ward = Ward::new();
    let mut reader = ward.store.reader().unwrap();
    ward.commit(vec![ward.put("2026-11-20", 1.0)]).unwrap();
    let (falls, put) = (ward.falls.clone(), ward.put("2026-11-19", 1.0));
    thread::spawn(move || {
        assert_eq!(values(&reader.points(&falls, noon()).unwrap()), [Some(1.0)]);
        assert!(matches!(reader.look().unwrap(), Seen::Records(touched) if touched.len() == 1));
        assert_eq!(reader.commit(&nurse(), "no", [Ok(put)]).unwrap_err().kind, FailureKind::Machine);
        assert!(reader.rebuild().is_err());
    })
    .join()
    .unwrap();
    assert_eq!(Store::open(&ward.opening()).unwrap().forked_from(), None);
}

#[test]
fn writers_in_many_threads_lose_nothing() {
    const WRITERS: u32 = 4;
    const EACH: u32 = 40;
    let ward = Ward::new();
    let (team, key, opening) = (ward.team.id, ward.key("2026-11-20"), ward.opening());
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (key, opening) = (key.clone(), opening.clone());
            thread::spawn(move || {
                let mut store = Store::open(&opening).unwrap();
                let author = Author { role: None, session: i64::from(writer) };
                for n in 0..EACH {
                    let own = Edit::put_point(
                        team,
                        PointKey { ordinal: writer * EACH + n, ..key.clone() },
                        count(f64::from(n)),
                        "",
                    );
                    let shared = Edit::put_point(team, key.clone(), count(f64::from(writer * EACH + n + 1)), "");
                    store.commit(&author, "one of many", [Ok(own), Ok(shared)]).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(ward.store.points_total().unwrap(), i64::from(WRITERS * EACH));
    // Of each value that was ever put into the shared place, the log knows.
    let history = ward.store.history(Kind::Point, &RecordKey::Point(key)).unwrap();
    assert!(history.len() >= (WRITERS * EACH) as usize, "{}", history.len());
    let mut sequences: Vec<_> =
        ward.store.log(&LogQuery::default()).unwrap().into_iter().map(|entry| entry.sequence).collect();
    sequences.sort_unstable();
    assert!(sequences.windows(2).all(|pair| pair[1] == pair[0] + 1), "dense");
    let reopened = Store::open(&ward.opening()).unwrap();
    assert_eq!((reopened.forked_from(), reopened.replica()), (None, ward.store.replica()));
    assert_eq!(integrity(&ward.path()), "ok");
}

#[test]
fn a_new_board_can_be_opened_by_many_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let clock = std::sync::Arc::new(huddleboard::base::clock::FixedClock::at(noon()));
    let opening = opening(&dir.path().join("new.db"), &clock);
    let openers: Vec<_> = (0..6)
        .map(|_| {
            let opening = opening.clone();
            thread::spawn(move || {
                let mut store = Store::open(&opening).unwrap();
                make_team(&mut store, "Ward");
                store.replica()
            })
        })
        .collect();
    let replicas: Vec<_> = openers.into_iter().map(|opener| opener.join().unwrap()).collect();
    assert!(replicas.windows(2).all(|pair| pair[0] == pair[1]), "{replicas:?}");
    assert_eq!(Store::open(&opening).unwrap().teams().unwrap().len(), 6);
}
