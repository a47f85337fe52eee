//! Several replicas of one ward, each with a file and a clock of its own.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use huddleboard::base::clock::FixedClock;
use huddleboard::base::error::Outcome;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::{Measure, MeasureKind};
use huddleboard::domain::point::{Point, PointKey};
use huddleboard::domain::process::{Completion, Process};
use huddleboard::domain::project::Project;
use huddleboard::domain::team::Team;
use huddleboard::domain::{CompletionId, MeasureId, ProcessId, ProjectId, TeamId};
use huddleboard::store::UndoScope::File;
use huddleboard::store::{Accept, Author, RemoteChange, Store, Taken};
use tempfile::TempDir;

use crate::support::{count, day, dump, noon, nurse, opening};

/// One file. It is closed while its file is copied.
pub(crate) struct Replica {
    pub(crate) store: Option<Store>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) path: PathBuf,
}

impl Replica {
    pub(crate) fn at(path: PathBuf) -> Self {
        let clock = Arc::new(FixedClock::at(noon()));
        let store = Some(Store::open(&opening(&path, &clock)).unwrap());
        Self { store, clock, path }
    }

    pub(crate) fn store(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    pub(crate) fn reopen(&mut self) {
        drop(self.store.take());
        self.store = Some(Store::open(&opening(&self.path, &self.clock)).unwrap());
    }

    pub(crate) fn all(&mut self) -> Vec<RemoteChange> {
        since(self.store(), &[])
    }

    pub(crate) fn take(&mut self, changes: Vec<RemoteChange>) -> Outcome<Taken> {
        self.store().take_in(changes.into_iter().map(Ok), Accept::KnownTeams)
    }

    pub(crate) fn digest(&mut self) -> String {
        self.store().digest().unwrap()
    }

    pub(crate) fn tables(&self) -> String {
        dump(&self.path)
    }
}

pub(crate) fn since(store: &Store, theirs: &[(huddleboard::base::id::ReplicaId, i64)]) -> Vec<RemoteChange> {
    let mut found = Vec::new();
    store
        .changes_since(theirs, |change| {
            found.push(change);
            Ok(())
        })
        .unwrap();
    found
}

/// One thing that somebody does at one replica. The numbers choose among a few records.
#[derive(Debug, Clone)]
pub(crate) enum Deed {
    Make(u8, u8),
    Rename(u8, u8),
    Delete(u8),
    Restore(u8),
    Put(u8, u8),
    Note(u8, u8),
    DeletePoint(u8),
    Tick(u8),
    Undo,
    Redo,
    /// Puts the clock forwards or backwards by hours.
    Turn(i16),
}

/// The replicas, and what their deeds are about.
pub(crate) struct Wards {
    pub(crate) replicas: Vec<Replica>,
    pub(crate) team: TeamId,
    measure: MeasureId,
    process: ProcessId,
    projects: Vec<ProjectId>,
    pub(crate) dir: TempDir,
}

impl Wards {
    /// So many replicas that all know the ward, and nothing else.
    pub(crate) fn new(count: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut replicas: Vec<Replica> = (0..count).map(|n| Replica::at(dir.path().join(format!("{n}.db")))).collect();
        let (team, measure, process) = (TeamId::fresh(), MeasureId::fresh(), ProcessId::fresh());
        let mut ward = Team::blank(team, team);
        ward.name = "Ward 7A".into();
        let mut falls = Measure::blank(measure, team);
        (falls.name, falls.kind) = ("Falls".into(), MeasureKind::Value);
        let mut rounds = Process::blank(process, team);
        rounds.name = "Rounds".into();
        let edits = [Edit::create(&ward), Edit::create(&falls), Edit::create(&rounds)];
        let setup = Author { role: None, session: 0 };
        replicas[0].store().commit(&setup, "start the board", edits.map(Ok)).unwrap();
        let start = replicas[0].all();
        for replica in &mut replicas[1..] {
            replica.take(start.clone()).unwrap();
        }
        Self { replicas, team, measure, process, projects: (0..3).map(|_| ProjectId::fresh()).collect(), dir }
    }

    pub(crate) fn measure(&self) -> MeasureId {
        self.measure
    }

    /// The values of the measure at one replica.
    pub(crate) fn points(&mut self, which: usize) -> Vec<Point> {
        let measure = self.measure;
        let store = self.replicas[which].store();
        store.points(&store.record::<Measure>(measure.0).unwrap().unwrap(), noon()).unwrap()
    }

    fn edit(&self, deed: &Deed) -> Option<Edit> {
        let project = |which: u8| Project::blank(self.projects[usize::from(which)], self.team);
        let word = |word: u8| ["red", "green", "blue", "ward", "bay"][usize::from(word)].to_owned();
        let key = |date: u8| PointKey::whole(self.measure, day(&format!("2026-11-{:02}", date + 1)));
        Some(match deed {
            Deed::Make(which, name) => {
                let mut project = project(*which);
                project.name = word(*name);
                Edit::create(&project)
            }
            Deed::Rename(which, name) => {
                Edit::of(&project(*which)).with("name", &word(*name)).with("owner", &word(4 - *name))
            }
            Deed::Delete(which) => Edit::of(&project(*which)).deleting(),
            Deed::Restore(which) => Edit::of(&project(*which)).with("deleted", &false),
            Deed::Put(date, value) => Edit::put_point(self.team, key(*date), count(f64::from(*value)), ""),
            Deed::Note(date, note) => Edit::of_point(self.team, key(*date)).with("note", &word(*note)),
            Deed::DeletePoint(date) => Edit::of_point(self.team, key(*date)).deleting(),
            Deed::Tick(amount) => {
                let mut tick = Completion::blank(CompletionId::fresh(), self.team);
                (tick.process, tick.amount) = (self.process, i64::from(*amount) + 1);
                Edit::create(&tick)
            }
            Deed::Undo | Deed::Redo | Deed::Turn(_) => return None,
        })
    }

    /// Does it at one replica; what cannot be done is refused, which is fine.
    pub(crate) fn perform(&mut self, which: usize, deed: &Deed) {
        let edit = self.edit(deed);
        let replica = &mut self.replicas[which];
        let _ = match deed {
            Deed::Turn(hours) => {
                replica.clock.set(noon() + TimeDelta::hours(i64::from(*hours)));
                return;
            }
            Deed::Undo => replica.store().undo(&nurse(), File),
            Deed::Redo => replica.store().redo(&nurse(), File),
            _ => replica.store().commit(&nurse(), "one", edit.map(Ok)),
        };
    }

    /// Copies a replica's file, with all that is beside it or alone, and opens the copy as well.
    pub(crate) fn copy(&mut self, which: usize, beside: bool) {
        let path = self.dir.path().join(format!("{}.db", self.replicas.len()));
        let from = self.replicas[which].path.clone();
        drop(self.replicas[which].store.take());
        fs::copy(&from, &path).unwrap();
        if beside {
            fs::copy(from.with_extension("db-replica"), path.with_extension("db-replica")).unwrap();
        }
        self.replicas[which].reopen();
        self.replicas.push(Replica::at(path));
    }

    /// Everybody gets everything that anybody has.
    pub(crate) fn exchange_all(&mut self) {
        let everything: Vec<RemoteChange> = self.replicas.iter_mut().flat_map(Replica::all).collect();
        for (index, replica) in self.replicas.iter_mut().enumerate() {
            let mut changes = everything.clone();
            shuffle(&mut changes, index as u64);
            replica.take(changes).unwrap();
        }
    }
}

/// An order that the seed alone decides.
pub(crate) fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for last in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
    }
}
