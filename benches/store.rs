//! What the performance promises of the store are read from. Run with `cargo bench --bench store`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may stop at the first surprise")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Days, NaiveDate, Utc};
use divan::Bencher;
use divan::counter::ItemsCount;
use huddleboard::base::clock::SystemClock;
use huddleboard::base::error::Outcome;
use huddleboard::domain::change::{Edit, RecordKey};
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::PointKey;
use huddleboard::domain::record::Kind;
use huddleboard::domain::team::Team;
use huddleboard::domain::{MeasureId, TeamId};
use huddleboard::store::{Author, LogQuery, Opening, Store, UndoScope};
use tempfile::TempDir;

const MEASURES: usize = 400;
const DAYS: u64 = 2_500;
const POINTS: usize = 1_000_000;

fn main() {
    divan::main();
}

fn author() -> Author {
    Author { role: None, session: 1 }
}

fn open(path: &Path) -> Store {
    let clock = Arc::new(SystemClock);
    Store::open(&Opening { path: path.to_owned(), create: true, shared_with_group: false, clock }).unwrap()
}

fn now() -> DateTime<Utc> {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

/// A new board with four hundred measures.
fn board(dir: &TempDir) -> (Store, TeamId, Vec<Measure>) {
    let mut store = open(&dir.path().join("ward.db"));
    let team = TeamId::fresh();
    let mut ward = Team::blank(team, team);
    ward.name = "Ward".into();
    let measures: Vec<Measure> = (0..MEASURES)
        .map(|n| {
            let mut measure = Measure::blank(MeasureId::fresh(), team);
            measure.name = format!("Measure {n}");
            measure
        })
        .collect();
    let edits = std::iter::once(Edit::create(&ward)).chain(measures.iter().map(Edit::create)).map(Ok);
    store.commit(&author(), "start", edits).unwrap();
    (store, team, measures)
}

/// The points of all measures, measure by measure, day by day.
fn points(team: TeamId, measures: &[Measure]) -> impl Iterator<Item = Outcome<Edit>> {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    measures.iter().flat_map(move |measure| {
        (0..DAYS).map(move |n| {
            let amount = Amount { value: (n % 17) as f64, denominator: None };
            Ok(Edit::put_point(team, PointKey::whole(measure.id, first + Days::new(n)), amount, ""))
        })
    })
}

/// A board with a million points, made once.
static FULL: LazyLock<(TempDir, Vec<Measure>)> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, team, measures) = board(&dir);
    store.commit(&author(), "import", points(team, &measures)).unwrap();
    drop(store);
    (dir, measures)
});

#[divan::bench(sample_count = 3, sample_size = 1)]
fn commit_a_million_points(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(POINTS))
        .with_inputs(|| {
            let dir = tempfile::tempdir().unwrap();
            let board = board(&dir);
            (dir, board)
        })
        .bench_local_values(|(dir, (mut store, team, measures))| {
            let receipt = store.commit(&author(), "import", points(team, &measures)).unwrap();
            assert_eq!(receipt.changes, POINTS);
            (dir, store)
        });
}

/// The floor: the same rows into two bare tables of the same shape, without any rule.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn insert_a_million_rows_into_two_tables(bencher: Bencher) {
    bencher.counter(ItemsCount::new(POINTS)).with_inputs(|| tempfile::tempdir().unwrap()).bench_local_values(|dir| {
        let mut conn = rusqlite::Connection::open(dir.path().join("plain.db")).unwrap();
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE points(measure INTEGER, start TEXT, value REAL, PRIMARY KEY(measure, start)) STRICT, WITHOUT ROWID;
             CREATE TABLE changes(seq INTEGER PRIMARY KEY, record BLOB, fields TEXT) STRICT;",
        )
        .unwrap();
        let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let transaction = conn.transaction().unwrap();
        {
            let mut point = transaction.prepare("INSERT INTO points VALUES(?1, ?2, ?3)").unwrap();
            let mut change = transaction.prepare("INSERT INTO changes(record, fields) VALUES(?1, ?2)").unwrap();
            let record = [7_u8; 26];
            for measure in 0..MEASURES {
                for n in 0..DAYS {
                    let start = (first + Days::new(n)).to_string();
                    point.execute((measure as i64, &start, (n % 17) as f64)).unwrap();
                    change.execute((&record[..], format!("{{\"value\":{:?},\"note\":\"\"}}", (n % 17) as f64))).unwrap();
                }
            }
        }
        transaction.commit().unwrap();
        (dir, conn)
    });
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn import_the_same_million_points_again(bencher: Bencher) {
    let (dir, measures) = &*FULL;
    bencher.counter(ItemsCount::new(POINTS)).bench_local(|| {
        let mut store = open(&dir.path().join("ward.db"));
        let receipt = store.commit(&author(), "again", points(measures[0].team, measures)).unwrap();
        assert_eq!(receipt.changes, 0);
    });
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn undo_a_million_points(bencher: Bencher) {
    bencher
        .counter(ItemsCount::new(POINTS))
        .with_inputs(|| {
            let dir = tempfile::tempdir().unwrap();
            let (mut store, team, measures) = board(&dir);
            store.commit(&author(), "import", points(team, &measures)).unwrap();
            (dir, store)
        })
        .bench_local_values(|(dir, mut store)| {
            store.undo(&author(), UndoScope::Session).unwrap();
            (dir, store)
        });
}

#[divan::bench(sample_count = 1, sample_size = 1)]
fn rebuild_from_a_million_changes(bencher: Bencher) {
    let (dir, _) = &*FULL;
    let path = dir.path().join("ward.db");
    bencher.counter(ItemsCount::new(POINTS)).bench_local(|| open(&path).rebuild().unwrap());
}

#[divan::bench(sample_count = 200)]
fn open_and_read_one_measure_of_a_million_points(bencher: Bencher) {
    let (dir, measures) = &*FULL;
    let path = dir.path().join("ward.db");
    bencher.bench_local(|| open(&path).points(&measures[200], now()).unwrap());
}

#[divan::bench(sample_count = 200)]
fn open_and_read_the_last_points_of_twenty_measures(bencher: Bencher) {
    let (dir, measures) = &*FULL;
    let path = dir.path().join("ward.db");
    bencher.bench_local(|| {
        let store = open(&path);
        let read: usize =
            measures[..20].iter().map(|measure| store.latest_points(measure, 60, now()).unwrap().len()).sum();
        assert_eq!(read, 1_200);
    });
}

#[divan::bench(sample_count = 200)]
fn commit_one_point(bencher: Bencher) {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, team, measures) = board(&dir);
    let mut points = points(team, &measures);
    bencher.bench_local(|| store.commit(&author(), "one", points.next()).unwrap());
}

#[divan::bench(sample_count = 200)]
fn look_for_other_writers(bencher: Bencher) {
    let (dir, _) = &*FULL;
    let mut store = open(&dir.path().join("ward.db"));
    bencher.bench_local(|| store.look().unwrap());
}

#[divan::bench(sample_count = 200)]
fn list_the_last_fifty_changes(bencher: Bencher) {
    let (dir, measures) = &*FULL;
    let store = open(&dir.path().join("ward.db"));
    let query = LogQuery { team: Some(measures[0].team), limit: 50, ..LogQuery::default() };
    bencher.bench_local(|| assert_eq!(store.log(&query).unwrap().len(), 50));
}

#[divan::bench(sample_count = 200)]
fn read_the_history_of_one_point(bencher: Bencher) {
    let (dir, measures) = &*FULL;
    let store = open(&dir.path().join("ward.db"));
    let key = RecordKey::Point(PointKey::whole(measures[200].id, NaiveDate::from_ymd_opt(2024, 2, 29).unwrap()));
    bencher.bench_local(|| assert_eq!(store.history(Kind::Point, &key).unwrap().len(), 1));
}
