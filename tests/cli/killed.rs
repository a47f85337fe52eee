//! The real program, killed at any moment and on a disk that is full: the next run completes what was
//! begun, nothing is there twice, and nothing is missing.

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use huddleboard::sync::bundle;
use tempfile::TempDir;

use crate::{NOW, assert_sound, json, ok, support, ward};

/// How many rounds: 4, or as `HUDDLEBOARD_CASES` says.
fn rounds() -> u64 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4)
}

/// Chance that a seed alone decides.
struct Chance(u64);

impl Chance {
    /// A number below `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// So many values has each file that is imported.
const ROWS: usize = 300;

/// A file of values of a measure of its own.
fn values(home: &Path, measure: &str, rows: usize) -> String {
    let mut text = "measure,date,value\n".to_owned();
    let start: chrono::NaiveDate = "2020-01-01".parse().unwrap();
    for (number, day) in start.iter_days().take(rows).enumerate() {
        writeln!(text, "{measure},{day},{}", (number * 7919) % 1_000).unwrap();
    }
    let path = home.join(format!("{measure}.csv"));
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Two boards of one ward and the folder between them.
struct Ring {
    boards: [TempDir; 2],
    hub: TempDir,
    chance: Chance,
    killed: usize,
    /// The bundles that were read.
    whole: HashSet<PathBuf>,
}

impl Ring {
    fn new(seed: u64) -> Self {
        let ring = Self {
            boards: [ward(), TempDir::new().unwrap()],
            hub: TempDir::new().unwrap(),
            chance: Chance(seed),
            killed: 0,
            whole: HashSet::new(),
        };
        ring.boards.iter().for_each(|board| drop(ok(board.path(), &["sync", ring.at()])));
        ring
    }

    fn at(&self) -> &str {
        self.hub.path().to_str().unwrap()
    }

    /// Runs a command and kills it at some moment of the time that the same one took when it was let be.
    fn kill(&mut self, which: usize, arguments: &[&str], takes: Duration) {
        let moment = takes * u32::try_from(self.chance.below(1_000)).unwrap() / 1_000;
        let mut command = Command::new(support::PROGRAM);
        command.args(["--now", NOW]).args(arguments).env_clear().envs(support::environment(self.boards[which].path()));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // No event tells of the moments that matter: they are met by chance.
        std::thread::sleep(moment);
        child.kill().unwrap();
        self.killed += usize::from(child.wait().unwrap().code().is_none());
        for file in bundles(self.hub.path()) {
            // What was whole once is never written to again.
            if !self.whole.insert(file.clone()) {
                continue;
            }
            bundle::read_all(&fs::read(&file).unwrap())
                .unwrap_or_else(|failure| panic!("{}: {failure}", file.display()));
        }
    }

    /// Kills a command some times, and then lets it be.
    fn kill_and_repeat(&mut self, which: usize, arguments: &[&str], takes: Duration) {
        for _ in 0..=self.chance.below(3) {
            self.kill(which, arguments, takes);
        }
        ok(self.boards[which].path(), arguments);
    }
}

fn bundles(folder: &Path) -> Vec<PathBuf> {
    files(folder).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "hbs")).collect()
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Whatever a board lists.
fn all(home: &Path) -> String {
    ["teams", "measures", "points", "processes", "projects"].map(|what| ok(home, &["list", what, "--json"])).concat()
}

fn count(home: &Path) -> usize {
    json(home, &["list", "points", "--json"]).as_array().unwrap().len()
}

#[test]
fn a_program_that_is_killed_at_any_moment_leaves_what_the_next_run_completes() {
    let mut ring = Ring::new(0x5eed);
    let hub = ring.at().to_owned();
    let mut takes = Duration::ZERO;
    for round in 0..rounds() {
        let writer = usize::try_from(ring.chance.below(2)).unwrap();
        let file = values(ring.boards[writer].path(), &format!("M{round}"), ROWS);
        if round == 0 {
            let start = Instant::now();
            ok(ring.boards[writer].path(), &["import", &file]);
            takes = start.elapsed();
        }
        ring.kill_and_repeat(writer, &["import", &file], takes);
        let stick = ring.hub.path().join(format!("stick-{round}.hbs"));
        let stick = stick.to_str().unwrap();
        for _ in 0..3 {
            ring.kill(writer, &["export", "--bundle", stick], takes);
        }
        if !Path::new(stick).exists() {
            ok(ring.boards[writer].path(), &["export", "--bundle", stick]);
        }
        ring.kill_and_repeat(writer, &["export", &hub], takes);
        ring.kill_and_repeat(writer, &["sync", &hub], takes);
        let reader = 1 - writer;
        let from = if ring.chance.below(2) == 0 { stick } else { hub.as_str() };
        ring.kill_and_repeat(reader, &["import", from], takes);
        ring.kill_and_repeat(reader, &["sync"], takes);
        assert_eq!(count(ring.boards[reader].path()), ROWS * (usize::try_from(round).unwrap() + 1));
    }
    println!("{} runs were killed", ring.killed);
    let new = TempDir::new().unwrap();
    for home in [ring.boards[0].path(), ring.boards[1].path(), new.path()] {
        ok(home, &["sync", &hub]);
        assert_sound(home, "after the kills");
    }
    let listed = all(new.path());
    assert!(ring.boards.iter().all(|board| all(board.path()) == listed));
    let left =
        |folder: &Path| files(folder).into_iter().filter(|file| file.to_string_lossy().contains(".part")).count();
    assert_eq!(left(ring.hub.path()), 0, "{:?}", files(ring.hub.path()));
}

/// Runs a command that can write no file beyond so many blocks of 512 bytes: to a program that is as if the
/// disk were full there.
fn on_a_full_disk(home: &Path, blocks: u32, arguments: &[&str]) -> Output {
    let script = format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$0\" \"$@\"");
    Command::new("sh")
        .args(["-c", &script, support::PROGRAM, "--now", NOW])
        .args(arguments)
        .env_clear()
        .envs(support::environment(home))
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// It must fail with a sentence, whatever was full when.
#[track_caller]
fn fails_in_words(output: &Output, what: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{what}: {:?} {said}", output.status);
    assert!(said.trim_end().ends_with('.') && !said.contains("panicked"), "{what}: {said}");
}

#[test]
fn on_a_full_disk_a_board_can_still_be_read() {
    let board = ward();
    ok(board.path(), &["add", "falls", "3", "--on", "2026-11-10"]);
    // Not even the memory that SQLite shares between programs has room.
    let full = |arguments: &[&str]| on_a_full_disk(board.path(), 1, arguments);
    let read = full(&["list", "points", "--json"]);
    let said = String::from_utf8(read.stderr).unwrap();
    assert!(read.status.success() && said.contains("nothing can be saved"), "{said}");
    assert_eq!(String::from_utf8(read.stdout).unwrap(), ok(board.path(), &["list", "points", "--json"]));
    fails_in_words(&full(&["add", "falls", "2"]), "add");
    assert_eq!(count(board.path()), 1);
    let new = TempDir::new().unwrap();
    fails_in_words(&on_a_full_disk(new.path(), 1, &["init", "--team", "Ward 9", "--template", "blank"]), "init");
    ok(new.path(), &["init", "--team", "Ward 9", "--template", "blank"]);
}

#[test]
fn what_a_full_disk_did_not_take_is_taken_when_there_is_room() {
    let (board, new, hub) = (ward(), TempDir::new().unwrap(), TempDir::new().unwrap());
    let (home, at) = (board.path(), hub.path().to_str().unwrap());
    let stick = hub.path().join("stick.hbs");
    let stick = stick.to_str().unwrap();
    let file = values(home, "Many", 4_000);
    // The shared memory alone has 64 of these blocks; how big the log becomes is not known here.
    for blocks in [100, 200, 400] {
        fails_in_words(&on_a_full_disk(home, blocks, &["import", &file]), "import");
        assert_sound(home, "import");
        assert_eq!(count(home), 0);
    }
    ok(home, &["import", &file]);
    assert_eq!(count(home), 4_000);
    for blocks in [64, 100] {
        for (what, arguments) in [
            ("export", &["export", at][..]),
            ("sync", &["sync", at]),
            ("bundle", &["export", "--bundle", stick]),
            ("backup", &["backup"]),
            ("csv", &["export", &format!("{stick}.csv")]),
        ] {
            fails_in_words(&on_a_full_disk(home, blocks, arguments), what);
            assert_eq!(files(hub.path()), Vec::<PathBuf>::new(), "{what}: nothing unfinished is left");
            assert_sound(home, what);
        }
    }
    ok(home, &["sync", at]);
    ok(home, &["export", "--bundle", stick]);
    for (blocks, from) in [(100, at), (300, stick)] {
        fails_in_words(&on_a_full_disk(new.path(), blocks, &["import", from]), "joining");
        fails_in_words(&on_a_full_disk(new.path(), blocks, &["sync", at]), "joining");
    }
    ok(new.path(), &["sync", at]);
    assert_eq!(all(new.path()), all(home));
    assert_sound(new.path(), "after joining");
}
