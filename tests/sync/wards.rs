//! Several replicas of one ward, each with a file and a clock of its own.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use huddleboard::base::clock::FixedClock;
use huddleboard::base::error::Outcome;
use huddleboard::base::id::ReplicaId;
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
use uuid::Uuid;

use crate::faults;
use crate::history::Event;
use crate::oracle::Shown;
use crate::support::{count, day, dump, noon, nurse, opening};
use crate::telling::{Boards, Held};

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

    /// The file beside it that says which replica it is.
    pub(crate) fn beside(&self) -> PathBuf {
        self.path.with_extension("db-replica")
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

/// One thing that somebody does at one replica. The numbers choose among a few records and words.
#[derive(Clone)]
pub(crate) enum Deed {
    Make(u8, u8),
    Rename(u8, u8),
    Delete(u8),
    Restore(u8),
    Put(u8, u8),
    Note(u8, u8),
    DeletePoint(u8),
    Tick(u8),
    /// Three records in one action.
    Several(u8, u8),
    Undo,
    Redo,
    /// Puts the clock forwards or backwards by hours.
    Turn(i32),
}

impl fmt::Debug for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(which, name) => write!(f, "makes project {which} {:?}", word(*name)),
            Self::Rename(which, name) => write!(f, "renames project {which} {:?}", word(*name)),
            Self::Delete(which) => write!(f, "deletes project {which}"),
            Self::Restore(which) => write!(f, "brings project {which} back"),
            Self::Put(date, value) => write!(f, "puts {value} on day {date}"),
            Self::Note(date, note) => write!(f, "notes {:?} on day {date}", word(*note)),
            Self::DeletePoint(date) => write!(f, "deletes the point of day {date}"),
            Self::Tick(amount) => write!(f, "ticks {amount} off"),
            Self::Several(which, name) => {
                write!(f, "makes project {which} {:?}, puts a point and ticks off", word(*name))
            }
            Self::Undo => write!(f, "undoes"),
            Self::Redo => write!(f, "redoes"),
            Self::Turn(hours) => write!(f, "its clock is {hours} h off"),
        }
    }
}

fn word(which: u8) -> String {
    ["red", "green", "blue", "ward", "bay"][usize::from(which)].to_owned()
}

/// The records that deeds are about; they have the same ids in every run.
pub(crate) struct Names {
    pub(crate) team: TeamId,
    pub(crate) measure: MeasureId,
    process: ProcessId,
    ticks: u128,
}

impl Names {
    pub(crate) fn new() -> Self {
        let id = |n: u128| Uuid::from_u128(0x7ea3_0000 + n);
        Self { team: TeamId(id(1)), measure: MeasureId(id(2)), process: ProcessId(id(3)), ticks: 0 }
    }

    /// What makes the ward.
    pub(crate) fn start(&self) -> Vec<Edit> {
        let mut ward = Team::blank(self.team, self.team);
        ward.name = "Ward 7A".into();
        let mut falls = Measure::blank(self.measure, self.team);
        (falls.name, falls.kind) = ("Falls".into(), MeasureKind::Value);
        let mut rounds = Process::blank(self.process, self.team);
        rounds.name = "Rounds".into();
        vec![Edit::create(&ward), Edit::create(&falls), Edit::create(&rounds)]
    }

    fn project(&self, which: u8) -> Project {
        Project::blank(ProjectId(Uuid::from_u128(0x9_0000 + u128::from(which))), self.team)
    }

    pub(crate) fn project_bytes(&self, which: u8) -> Vec<u8> {
        self.project(which).id.bytes().to_vec()
    }

    pub(crate) fn point(&self, date: u8) -> PointKey {
        PointKey::whole(self.measure, day(&format!("2026-11-{:02}", date + 1)))
    }

    /// The edits of a deed, where it is one that has any.
    pub(crate) fn edits(&mut self, deed: &Deed) -> Vec<Edit> {
        match deed {
            Deed::Make(which, name) => {
                let mut project = self.project(*which);
                project.name = word(*name);
                vec![Edit::create(&project)]
            }
            Deed::Rename(which, name) => {
                let project = Edit::of(&self.project(*which));
                vec![project.with("name", &word(*name)).with("owner", &word(4 - *name))]
            }
            Deed::Delete(which) => vec![Edit::of(&self.project(*which)).deleting()],
            Deed::Restore(which) => vec![Edit::of(&self.project(*which)).with("deleted", &false)],
            Deed::Put(date, value) => {
                vec![Edit::put_point(self.team, self.point(*date), count(f64::from(*value)), "")]
            }
            Deed::Note(date, note) => vec![Edit::of_point(self.team, self.point(*date)).with("note", &word(*note))],
            Deed::DeletePoint(date) => vec![Edit::of_point(self.team, self.point(*date)).deleting()],
            Deed::Tick(amount) => {
                self.ticks += 1;
                let mut tick = Completion::blank(CompletionId(Uuid::from_u128(self.ticks)), self.team);
                (tick.process, tick.amount) = (self.process, i64::from(*amount) + 1);
                vec![Edit::create(&tick)]
            }
            Deed::Several(which, name) => [Deed::Make(*which, *name), Deed::Put(*which, *name), Deed::Tick(*name)]
                .iter()
                .flat_map(|deed| self.edits(deed))
                .collect(),
            Deed::Undo | Deed::Redo | Deed::Turn(_) => Vec::new(),
        }
    }
}

/// The replicas, and what their deeds are about.
pub(crate) struct Wards {
    pub(crate) replicas: Vec<Replica>,
    pub(crate) names: Names,
    /// How many replicas have been given a name.
    named: u128,
    pub(crate) dir: TempDir,
}

impl Wards {
    /// So many replicas that all know the ward, and nothing else.
    pub(crate) fn new(count: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let replicas = (0..count).map(|n| Replica::at(dir.path().join(format!("{n}.db")))).collect();
        let mut wards = Self { replicas, names: Names::new(), named: 0, dir };
        (0..count).for_each(|which| wards.christen(which));
        let setup = Author { role: None, session: 0 };
        let edits = wards.names.start();
        wards.replicas[0].store().commit(&setup, "start the board", edits.into_iter().map(Ok)).unwrap();
        let start = wards.replicas[0].all();
        for replica in &mut wards.replicas[1..] {
            replica.take(start.clone()).unwrap();
        }
        wards
    }

    pub(crate) fn measure(&self) -> MeasureId {
        self.names.measure
    }

    /// The values of the measure at one replica.
    pub(crate) fn points(&mut self, which: usize) -> Vec<Point> {
        let measure = self.names.measure;
        let store = self.replicas[which].store();
        store.points(&store.record::<Measure>(measure.0).unwrap().unwrap(), noon()).unwrap()
    }

    /// Gives a replica that has not written anything yet a name that is the same in every run: otherwise
    /// chance would decide which of two equal clocks wins.
    pub(crate) fn christen(&mut self, which: usize) {
        let replica = &mut self.replicas[which];
        let own = replica.store().replica();
        if replica.store().have().unwrap().iter().any(|have| have.replica == own) {
            return;
        }
        self.named += 1;
        let name = ReplicaId(Uuid::from_u128(0x1000 + self.named));
        drop(replica.store.take());
        let conn = rusqlite::Connection::open(&replica.path).unwrap();
        conn.execute("UPDATE replicas SET id = ?1 WHERE id = ?2", (&name.bytes()[..], &own.bytes()[..])).unwrap();
        drop(conn);
        let beside = replica.beside();
        let text = fs::read_to_string(&beside).unwrap();
        fs::write(&beside, text.replace(&own.to_string(), &name.to_string())).unwrap();
        replica.reopen();
        assert_eq!((replica.store().replica(), replica.store().forked_from()), (name, None));
    }

    /// Does it at one replica; what cannot be done is refused, which is fine.
    pub(crate) fn perform(&mut self, which: usize, deed: &Deed) {
        match deed {
            Deed::Turn(hours) => self.turn(which, *hours),
            Deed::Undo => self.undo(which),
            Deed::Redo => self.redo(which),
            deed => {
                let edits = self.names.edits(deed);
                self.commit(which, edits);
            }
        }
    }

    /// Everybody gets everything that anybody has, from hand to hand.
    pub(crate) fn exchange_all(&mut self) {
        let everything: Vec<RemoteChange> = self.replicas.iter_mut().flat_map(Replica::all).collect();
        for (index, replica) in self.replicas.iter_mut().enumerate() {
            let mut changes = everything.clone();
            shuffle(&mut changes, index as u64);
            replica.take(changes).unwrap();
        }
    }
}

impl Boards for Wards {
    fn count(&self) -> usize {
        self.replicas.len()
    }

    fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    fn commit(&mut self, which: usize, edits: Vec<Edit>) -> bool {
        let committed = self.replicas[which].store().commit(&nurse(), "one", edits.into_iter().map(Ok));
        committed.is_ok_and(|receipt| receipt.changes > 0)
    }

    fn undo(&mut self, which: usize) {
        let _ = self.replicas[which].store().undo(&nurse(), File);
    }

    fn redo(&mut self, which: usize) {
        let _ = self.replicas[which].store().redo(&nurse(), File);
    }

    fn turn(&mut self, which: usize, hours: i32) {
        self.replicas[which].clock.set(noon() + TimeDelta::hours(i64::from(hours)));
    }

    fn receive(&mut self, which: usize, changes: Vec<RemoteChange>) -> Held {
        self.replicas[which].take(changes).map(|_| ()).map_err(|failure| failure.to_string())
    }

    fn log(&mut self, which: usize) -> Vec<RemoteChange> {
        self.replicas[which].all()
    }

    fn shown(&mut self, which: usize) -> Shown {
        let measure = Measure::blank(self.names.measure, self.names.team);
        let store = self.replicas[which].store();
        let mut shown = Shown::new();
        let mut show = |kind: &str, record: &[u8], fields: &[(&str, String)]| {
            for (field, text) in fields {
                shown.insert((kind.to_owned(), record.to_owned(), (*field).to_owned()), text.clone());
            }
        };
        for team in store.teams().unwrap() {
            show("team", team.id.bytes(), &[("name", team.name)]);
        }
        for measure in store.records::<Measure>(None).unwrap() {
            show("measure", measure.id.bytes(), &[("name", measure.name)]);
        }
        for project in store.records::<Project>(None).unwrap() {
            show("project", project.id.bytes(), &[("name", project.name), ("owner", project.owner)]);
        }
        for tick in store.records::<Completion>(None).unwrap() {
            show("completion", tick.id.bytes(), &[("amount", tick.amount.to_string())]);
        }
        for point in store.points(&measure, noon()).unwrap() {
            let value = point.value.map(|value| value.to_string()).unwrap_or_default();
            show("point", &point.key.bytes(), &[("value", value), ("note", point.note)]);
        }
        shown
    }

    /// Copies a replica's file, with all that is beside it or alone, and opens the copy as well.
    fn copy(&mut self, which: usize, beside: bool) {
        let path = self.dir.path().join(format!("{}.db", self.replicas.len()));
        let from = &mut self.replicas[which];
        drop(from.store.take());
        fs::copy(&from.path, &path).unwrap();
        if beside {
            fs::copy(from.beside(), path.with_extension("db-replica")).unwrap();
        }
        from.reopen();
        self.replicas.push(Replica::at(path));
        self.christen(self.replicas.len() - 1);
    }

    fn keep(&mut self, which: usize) {
        let replica = &mut self.replicas[which];
        drop(replica.store.take());
        fs::copy(&replica.path, replica.path.with_extension("kept")).unwrap();
        replica.reopen();
    }

    fn put_back(&mut self, which: usize) {
        let replica = &mut self.replicas[which];
        let kept = replica.path.with_extension("kept");
        if kept.exists() {
            drop(replica.store.take());
            fs::copy(kept, &replica.path).unwrap();
            replica.reopen();
            self.christen(which);
        }
    }

    fn suffer(&mut self, event: &Event) -> Held {
        faults::suffer(self, event)
    }

    fn exchange_all(&mut self, through_folder: bool) -> Held {
        if through_folder {
            return faults::exchange_through_the_folder(self);
        }
        Self::exchange_all(self);
        Ok(())
    }

    fn agree(&mut self) -> Held {
        faults::agree(self)
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
