//! What the performance promises of synchronising are read from. Run with `cargo bench --bench sync`.
//!
//! After the table come the two that are compared, by the processor's time, which a busy machine blurs
//! less than the wall clock: taking a million new points in, and a bare insert of as many rows.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may stop at the first surprise")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Instant;

use chrono::{Days, NaiveDate};
use divan::Bencher;
use divan::counter::ItemsCount;
use huddleboard::base::clock::SystemClock;
use huddleboard::base::error::Outcome;
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::{Amount, Measure};
use huddleboard::domain::point::PointKey;
use huddleboard::domain::project::Project;
use huddleboard::domain::team::Team;
use huddleboard::domain::{MeasureId, ProjectId, TeamId};
use huddleboard::store::{Accept, Author, Opening, Store};
use huddleboard::sync::folder;
use tempfile::TempDir;

const MEASURES: usize = 400;
const DAYS: u64 = 2_500;
const POINTS: usize = 1_000_000;
const EDITS: usize = 100_000;

fn main() {
    divan::main();
    compare();
}

/// How long one run took: by the wall clock and by the processor's, in seconds.
type Took = (f64, f64);

static TAKEN_IN: Mutex<Vec<Took>> = Mutex::new(Vec::new());
static INSERTED: Mutex<Vec<Took>> = Mutex::new(Vec::new());

/// Says how the two compare, where both were run.
fn compare() {
    let least = |took: &Mutex<Vec<Took>>| {
        took.lock().unwrap().iter().copied().reduce(|one, other| (one.0.min(other.0), one.1.min(other.1)))
    };
    if let (Some(taken), Some(inserted)) = (least(&TAKEN_IN), least(&INSERTED)) {
        println!("\na million new points    wall      processor");
        println!("  taken in from bundles {:6.2} s  {:6.2} s", taken.0, taken.1);
        println!("  inserted as bare rows {:6.2} s  {:6.2} s", inserted.0, inserted.1);
        println!(
            "  speed of taking in    {:6.2}    {:6.2}    of the bare insert's",
            inserted.0 / taken.0,
            inserted.1 / taken.1
        );
    }
}

fn timed<T>(into: &Mutex<Vec<Took>>, run: impl FnOnce() -> T) -> T {
    let (wall, processor) = (Instant::now(), processor_seconds());
    let done = run();
    into.lock().unwrap().push((wall.elapsed().as_secs_f64(), processor_seconds() - processor));
    done
}

/// What this process has used of the processor, where the system says so: hundredths of a second.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    ticks as f64 / 100.0
}

fn author() -> Author {
    Author { role: None, session: 1 }
}

fn open(path: &Path) -> Store {
    let clock = Arc::new(SystemClock);
    Store::open(&Opening { path: path.to_owned(), create: true, shared_with_group: false, clock }).unwrap()
}

/// A board with this many measures, on a new file of this name.
fn board(path: &Path, measures: usize) -> (Store, TeamId, Vec<Measure>) {
    let mut store = open(path);
    let team = TeamId::fresh();
    let mut ward = Team::blank(team, team);
    ward.name = "Ward".into();
    let measures: Vec<Measure> = (0..measures)
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

fn date(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(n)
}

fn value(n: u64) -> Amount {
    Amount { value: (n % 17) as f64, denominator: None }
}

/// The points of all measures, measure by measure, day by day.
fn points(team: TeamId, measures: &[Measure], days: u64) -> impl Iterator<Item = Outcome<Edit>> {
    measures.iter().flat_map(move |measure| {
        (0..days).map(move |n| Ok(Edit::put_point(team, PointKey::whole(measure.id, date(n)), value(n), "")))
    })
}

/// A board with a million points, and a folder that has them too.
struct Full {
    dir: TempDir,
    team: TeamId,
    measures: Vec<Measure>,
}

impl Full {
    fn database(&self) -> PathBuf {
        self.dir.path().join("ward.db")
    }

    fn folder(&self) -> PathBuf {
        self.dir.path().join("hub")
    }
}

static FULL: LazyLock<Full> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let (mut store, team, measures) = board(&dir.path().join("ward.db"), MEASURES);
    store.commit(&author(), "import", points(team, &measures, DAYS)).unwrap();
    let hub = dir.path().join("hub");
    fs::create_dir(&hub).unwrap();
    folder::publish(&store, &hub).unwrap();
    Full { dir, team, measures }
});

#[divan::bench(sample_count = 3, sample_size = 1)]
fn take_in_a_million_new_points(bencher: Bencher) {
    let hub = FULL.folder();
    bencher.counter(ItemsCount::new(POINTS)).with_inputs(|| tempfile::tempdir().unwrap()).bench_local_values(|dir| {
        let mut store = open(&dir.path().join("new.db"));
        let gathered = timed(&TAKEN_IN, || folder::gather(&mut store, &hub, Accept::KnownTeams).unwrap());
        assert_eq!((gathered.new, gathered.refused.len()), (POINTS + MEASURES + 1, 0));
        (dir, store)
    });
}

/// The floor: the same rows into the table of points alone, without any log or rule.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn insert_a_million_bare_rows(bencher: Bencher) {
    bencher.counter(ItemsCount::new(POINTS)).with_inputs(|| tempfile::tempdir().unwrap()).bench_local_values(|dir| {
        let conn = timed(&INSERTED, || insert_rows(&dir.path().join("plain.db")));
        (dir, conn)
    });
}

fn insert_rows(path: &Path) -> rusqlite::Connection {
    let mut conn = rusqlite::Connection::open(path).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE points(measure INTEGER NOT NULL, start TEXT NOT NULL, stratum TEXT NOT NULL, ordinal INTEGER NOT NULL,
             value REAL, denominator REAL, note TEXT, ghost TEXT, deleted INTEGER NOT NULL DEFAULT 0,
             revision INTEGER NOT NULL DEFAULT 0, origin INTEGER, seq INTEGER,
             PRIMARY KEY(measure, start, stratum, ordinal)) STRICT, WITHOUT ROWID;",
    )
    .unwrap();
    let transaction = conn.transaction().unwrap();
    {
        let mut insert = transaction
            .prepare("INSERT INTO points VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
            .unwrap();
        let (none, mut seq) = (None::<&str>, 0);
        for measure in 0..MEASURES as i64 {
            for n in 0..DAYS {
                seq += 1;
                let start = date(n).to_string();
                insert.execute((measure, &start, "", 0, value(n).value, none, "", none, 0, 1, 1, seq)).unwrap();
            }
        }
    }
    transaction.commit().unwrap();
    conn
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn publish_a_million_changes(bencher: Bencher) {
    let store = open(&FULL.database());
    bencher.counter(ItemsCount::new(POINTS)).with_inputs(|| tempfile::tempdir().unwrap()).bench_local_values(|hub| {
        let published = folder::publish(&store, hub.path()).unwrap();
        assert_eq!(published.changes, POINTS + MEASURES + 1);
        hub
    });
}

#[divan::bench(sample_count = 100)]
fn sync_without_news_on_a_million_changes(bencher: Bencher) {
    let (mut store, hub) = (open(&FULL.database()), FULL.folder());
    bencher.bench_local(|| {
        assert_eq!(folder::gather(&mut store, &hub, Accept::KnownTeams).unwrap().new, 0);
        assert_eq!(folder::publish(&store, &hub).unwrap().changes, 0);
        assert_eq!(folder::status(&store, &hub).unwrap().to_send, 0);
    });
}

/// A board that has the same million points goes on, one value at a time.
#[divan::bench(sample_count = 50)]
fn hand_one_new_point_over(bencher: Bencher) {
    let (dir, hub) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::copy(FULL.database(), dir.path().join("one.db")).unwrap();
    fs::copy(FULL.database(), dir.path().join("two.db")).unwrap();
    let (mut one, mut two) = (open(&dir.path().join("one.db")), open(&dir.path().join("two.db")));
    folder::publish(&one, hub.path()).unwrap();
    let (team, measure) = (FULL.team, FULL.measures[0].id);
    let mut fresh = (0..).map(|n| Ok(Edit::put_point(team, PointKey::whole(measure, date(DAYS + n)), value(n), "")));
    bencher.bench_local(|| {
        one.commit(&author(), "one", fresh.next()).unwrap();
        assert_eq!(folder::publish(&one, hub.path()).unwrap().changes, 1);
        assert_eq!(folder::gather(&mut two, hub.path(), Accept::KnownTeams).unwrap().new, 1);
    });
}

/// A folder with a hundred thousand edits of what stands on a board, and that board without them.
static EDITED: LazyLock<TempDir> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("one.db");
    let (mut store, team, measures) = board(&path, 100);
    let projects: Vec<Project> = (0..2_000)
        .map(|n| {
            let mut project = Project::blank(ProjectId::fresh(), team);
            project.name = format!("Project {n}");
            project
        })
        .collect();
    let start = points(team, &measures, 500).chain(projects.iter().map(|project| Ok(Edit::create(project))));
    store.commit(&author(), "start", start).unwrap();
    drop(store);
    fs::copy(&path, dir.path().join("before.db")).unwrap();
    let mut store = open(&path);
    let edits = (0..).map(|n| Ok(mixed(n, team, &measures, &projects)));
    let written = store.commit(&author(), "a busy year", edits.take(EDITS)).unwrap();
    assert_eq!(written.changes, EDITS);
    let hub = dir.path().join("hub");
    fs::create_dir(&hub).unwrap();
    folder::publish(&store, &hub).unwrap();
    dir
});

/// The n-th edit: values over values, notes, projects renamed.
fn mixed(n: usize, team: TeamId, measures: &[Measure], projects: &[Project]) -> Edit {
    // 7919 is prime: it comes by every point before it comes to one twice.
    let place = n * 7_919 % 50_000;
    let key = PointKey::whole(measures[place % 100].id, date((place / 100) as u64));
    match n % 5 {
        0 | 1 => Edit::put_point(team, key, Amount { value: (100 + n) as f64, denominator: None }, ""),
        2 | 3 => Edit::of_point(team, key).with("note", &format!("note {n}")),
        _ => Edit::of(&projects[n % 2_000]).with("name", &format!("Project {n}")).with("owner", &format!("owner {n}")),
    }
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn take_in_a_hundred_thousand_edits_of_what_is_there(bencher: Bencher) {
    let edited = EDITED.path();
    bencher
        .counter(ItemsCount::new(EDITS))
        .with_inputs(|| {
            let dir = tempfile::tempdir().unwrap();
            fs::copy(edited.join("before.db"), dir.path().join("before.db")).unwrap();
            let store = open(&dir.path().join("before.db"));
            (dir, store)
        })
        .bench_local_values(|(dir, mut store)| {
            let gathered = folder::gather(&mut store, &edited.join("hub"), Accept::KnownTeams).unwrap();
            assert_eq!((gathered.new, gathered.refused.len()), (EDITS, 0));
            (dir, store)
        });
}
