//! A ward on a file of its own, with a clock that stands still.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use huddleboard::base::clock::FixedClock;
use huddleboard::base::error::Outcome;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::{Amount, Measure, MeasureKind};
use huddleboard::domain::point::{Point, PointKey};
use huddleboard::domain::team::Team;
use huddleboard::domain::{MeasureId, TeamId};
use huddleboard::store::{Author, Opening, Receipt, Store};
use tempfile::TempDir;

/// An open board with one team and two measures.
pub(crate) struct Ward {
    pub(crate) store: Store,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) team: Team,
    pub(crate) falls: Measure,
    pub(crate) screened: Measure,
    pub(crate) dir: TempDir,
}

pub(crate) fn noon() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
}

pub(crate) fn nurse() -> Author {
    Author { role: Some("nurse in charge".into()), session: 1 }
}

pub(crate) fn matron() -> Author {
    Author { role: Some("matron".into()), session: 2 }
}

pub(crate) fn opening(path: &Path, clock: &Arc<FixedClock>) -> Opening {
    Opening { path: path.to_owned(), create: true, shared_with_group: false, clock: clock.clone() }
}

pub(crate) fn count(value: f64) -> Amount {
    Amount { value, denominator: None }
}

/// The values of points, for short comparisons.
pub(crate) fn values(points: &[Point]) -> Vec<Option<f64>> {
    points.iter().map(|point| point.value).collect()
}

impl Ward {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::at(noon()));
        let mut store = Store::open(&opening(&dir.path().join("ward.db"), &clock)).unwrap();
        let (team, falls, screened) = make_team(&mut store, "Ward 7A");
        Self { store, clock, team, falls, screened, dir }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("ward.db")
    }

    pub(crate) fn opening(&self) -> Opening {
        opening(&self.path(), &self.clock)
    }

    /// Closes the board and hands out its folder and clock.
    pub(crate) fn close(self) -> (TempDir, Arc<FixedClock>) {
        drop(self.store);
        (self.dir, self.clock)
    }

    pub(crate) fn commit(&mut self, edits: Vec<Edit>) -> Outcome<Receipt> {
        self.store.commit(&nurse(), "an edit", edits.into_iter().map(Ok))
    }

    pub(crate) fn key(&self, date: &str) -> PointKey {
        PointKey::whole(self.falls.id, day(date))
    }

    pub(crate) fn put(&self, date: &str, value: f64) -> Edit {
        Edit::put_point(self.team.id, self.key(date), count(value), "")
    }

    pub(crate) fn falls_values(&self) -> Vec<Option<f64>> {
        values(&self.store.points(&self.falls, noon()).unwrap())
    }
}

/// A team with a count and a proportion.
pub(crate) fn make_team(store: &mut Store, name: &str) -> (Team, Measure, Measure) {
    let id = TeamId::fresh();
    let mut team = Team::blank(id, id);
    team.name = name.into();
    let mut falls = Measure::blank(MeasureId::fresh(), id);
    falls.name = "Falls".into();
    let mut screened = Measure::blank(MeasureId::fresh(), id);
    screened.name = "4AT in 24 h".into();
    screened.kind = MeasureKind::Proportion;
    screened.position = 1;
    let edits = [Edit::create(&team), Edit::create(&falls), Edit::create(&screened)];
    let setup = Author { role: None, session: 0 };
    store.commit(&setup, "start the board", edits.map(Ok)).unwrap();
    let read = |store: &Store, id: MeasureId| store.record::<Measure>(id.0).unwrap().unwrap();
    let team = store.record::<Team>(team.id.0).unwrap().unwrap();
    (team, read(store, falls.id), read(store, screened.id))
}

/// Everything in the tables, down to the versions, as one text.
pub(crate) fn dump(path: &Path) -> String {
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    tables.retain(|table| !["changes", "actions", "local", "replicas"].contains(&table.as_str()));
    let mut out = String::new();
    for table in tables {
        let mut statement = conn.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = statement.column_count();
        let mut lines: Vec<String> = statement
            .query_map([], |row| {
                Ok((0..columns).map(|column| format!("{:?} ", row.get_ref(column).unwrap())).collect::<String>())
            })
            .unwrap()
            .map(Result::unwrap)
            .collect();
        lines.sort();
        out.push_str(&format!("{table}\n{}\n", lines.join("\n")));
    }
    out
}

/// What `PRAGMA integrity_check` says.
pub(crate) fn integrity(path: &Path) -> String {
    let conn = rusqlite::Connection::open(path).unwrap();
    conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

/// The names in a folder, in order; none where there is no such folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
        .unwrap_or_default();
    names.sort();
    names
}

/// The files in a folder with what they hold, each as a number: to compare, and to be told apart in words.
pub(crate) fn files(folder: &Path) -> Vec<(String, u64)> {
    let held = |name: String| Some((name.clone(), digest_of(&std::fs::read(folder.join(name)).ok()?)));
    names(folder).into_iter().filter_map(held).collect()
}

pub(crate) fn digest_of(bytes: &[u8]) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    std::hash::Hash::hash(bytes, &mut hasher);
    std::hash::Hasher::finish(&hasher)
}
