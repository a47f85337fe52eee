//! Whatever the database is doing when it is stopped, a file says afterwards what it said before, or all
//! that is new. It is stopped after one step of its own machine, after two, and so on until it comes to its end.

use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::base::clock::FixedClock;
use crate::base::error::Outcome;
use crate::domain::change::Edit;
use crate::domain::measure::{Amount, Measure};
use crate::domain::point::PointKey;
use crate::domain::project::Project;
use crate::domain::team::Team;
use crate::domain::{MeasureId, ProjectId};

fn open(path: &Path) -> Store {
    let clock = Arc::new(FixedClock::at("2026-11-20T12:00:00Z".parse().unwrap()));
    Store::open(&Opening { path: path.to_owned(), create: true, shared_with_group: false, clock }).unwrap()
}

fn author() -> Author {
    Author { role: None, session: 1 }
}

struct Board {
    team: TeamId,
    measure: MeasureId,
    project: Project,
}

impl Board {
    /// A board with thirty points and a project that was edited, in a file of this name.
    fn make(path: &Path) -> Self {
        let team = TeamId::fresh();
        let board = Self { team, measure: MeasureId::fresh(), project: Project::blank(ProjectId::fresh(), team) };
        let mut ward = Team::blank(team, team);
        ward.name = "Ward".into();
        let mut measure = Measure::blank(board.measure, team);
        measure.name = "Falls".into();
        let mut project = board.project.clone();
        project.name = "Fewer falls".into();
        let start = [Edit::create(&ward), Edit::create(&measure), Edit::create(&project)];
        let mut store = open(path);
        store.commit(&author(), "start", start.into_iter().chain(board.points(1, 30)).map(Ok)).unwrap();
        board
    }

    fn points(&self, from: u32, to: u32) -> impl Iterator<Item = Edit> {
        let key = |day: u32| PointKey::whole(self.measure, format!("2026-08-{day:02}").parse().unwrap());
        let amount = |day| Amount { value: f64::from(day), denominator: None };
        (from..=to).map(move |day| Edit::put_point(self.team, key(day), amount(day), ""))
    }

    /// A new point, points over points, a project renamed.
    fn edits(&self) -> Vec<Edit> {
        let named = Edit::of(&self.project).with("name", &"No falls".to_owned());
        let moved = self.points(2, 14).map(|mut edit| {
            edit.fields[0].1 = Value::Real(99.0);
            edit
        });
        self.points(31, 31).chain(moved).chain([named]).collect()
    }
}

/// What a file says: its tables, its log, what it has of whom, and its clock.
type Said = (String, Vec<RemoteChange>, Vec<(i64, i64)>, (i64, i64));

fn said(store: &Store) -> Said {
    let mut log = Vec::new();
    store
        .changes_since(&[], |change| {
            log.push(change);
            Ok(())
        })
        .unwrap();
    let have = store.have().unwrap().iter().map(|have| (have.upto, have.known_max)).collect();
    let clock = store.conn.query_one("SELECT wall, counter FROM local", [], |row| Ok((row.get(0)?, row.get(1)?)));
    (store.digest().unwrap(), log, have, clock.unwrap())
}

/// Stops the work, which adds so many changes to the log, after more and more steps until it is done.
fn stop_everywhere(changes: usize, prepare: impl Fn(&Path) -> Board, work: impl Fn(&Board, &mut Store) -> Outcome<()>) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ward.db");
    let board = prepare(&path);
    let mut store = open(&path);
    let before = said(&store);
    let (mut stops, mut at) = (0, 1);
    while stopped_at(&mut store, at, |store| work(&board, store)).is_err() {
        if !store.conn.is_autocommit() {
            // SQLite can be stopped between having begun and saying so; a program that ends here has not.
            store.conn.execute_batch("ROLLBACK").unwrap();
        } else if said(&store) != before {
            break; // It was stopped between the commit and its answer.
        }
        assert_eq!(said(&store), before, "at step {at}");
        stops += 1;
        at += 1 + at / 40;
    }
    assert!(stops > 100, "it is no work: {stops}");
    let after = said(&store);
    assert_ne!(after.0, before.0);
    assert_eq!(after.1.len(), before.1.len() + changes);
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), after.0);
}

/// Stops the database once, after so many of its steps.
fn stopped_at(store: &mut Store, at: u64, work: impl FnOnce(&mut Store) -> Outcome<()>) -> Outcome<()> {
    let mut steps = 0;
    let step = move || {
        steps += 1;
        steps == at
    };
    store.conn.progress_handler(1, Some(step)).unwrap();
    let done = work(store);
    store.conn.progress_handler(0, None::<fn() -> bool>).unwrap();
    done
}

#[test]
fn a_commit_that_is_stopped_anywhere_has_written_nothing() {
    stop_everywhere(15, Board::make, |board, store| {
        store.commit(&author(), "edits", board.edits().into_iter().map(Ok)).map(|_| ())
    });
}

#[test]
fn an_undo_that_is_stopped_anywhere_has_undone_nothing() {
    let prepare = |path: &Path| {
        let board = Board::make(path);
        open(path).commit(&author(), "edits", board.edits().into_iter().map(Ok)).unwrap();
        board
    };
    stop_everywhere(15, prepare, |_, store| store.undo(&author(), UndoScope::File).map(|_| ()));
}

#[test]
fn a_taking_in_that_is_stopped_anywhere_has_taken_in_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("other.db");
    let board = Board::make(&other);
    let mut other = open(&other);
    let mut start = Vec::new();
    other
        .changes_since(&[], |change| {
            start.push(change);
            Ok(())
        })
        .unwrap();
    other.commit(&author(), "edits", board.edits().into_iter().map(Ok)).unwrap();
    let mut all = Vec::new();
    other
        .changes_since(&[], |change| {
            all.push(change);
            Ok(())
        })
        .unwrap();
    let prepare = |path: &Path| {
        open(path).take_in(start.iter().take(20).cloned().map(Ok), Accept::AnyTeam).unwrap();
        Board { team: board.team, measure: board.measure, project: board.project.clone() }
    };
    let changes = all.len() - 20;
    stop_everywhere(changes, prepare, |_, store| {
        store.take_in(all.iter().cloned().map(Ok), Accept::KnownTeams).map(|_| ())
    });
}

#[test]
fn a_rebuild_that_is_stopped_anywhere_leaves_the_tables_as_they_were() {
    let prepare = |path: &Path| {
        let board = Board::make(path);
        // Something that a rebuild sets right, so that one that was done can be told from one that was not.
        let conn = rusqlite::Connection::open(path).unwrap();
        conn.execute("UPDATE points SET value = 5 WHERE value = 7", []).unwrap();
        board
    };
    stop_everywhere(0, prepare, |_, store| store.rebuild());
}
