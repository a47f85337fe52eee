//! A folder in which somebody meddled: what must be refused is refused in words, and everything else
//! comes in. And what only looks like a file keeps nobody waiting.

use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Output;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use huddleboard::sync::bundle;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::support::run_or_kill;
use crate::{NOW, assert_sound, json, ok, ward};

/// The days on which the board that fills the folder has values, a bundle each.
const DAYS: [&str; 4] = ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"];

/// A folder with the bundles of one board: its making, and a value each.
struct Hub {
    board: TempDir,
    folder: TempDir,
    bundles: Vec<PathBuf>,
}

impl Hub {
    fn new() -> Self {
        let (board, folder) = (ward(), TempDir::new().unwrap());
        let mut hub = Self { board, folder, bundles: Vec::new() };
        ok(hub.board.path(), &["sync", hub.at()]);
        for (number, day) in DAYS.iter().enumerate() {
            ok(hub.board.path(), &["add", "falls", &(number + 1).to_string(), "--on", day]);
            ok(hub.board.path(), &["sync"]);
        }
        hub.bundles = bundles(hub.folder.path());
        assert_eq!(hub.bundles.len(), 1 + DAYS.len());
        hub
    }

    fn at(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// The bundle with the value of the nth day.
    fn of_day(&self, nth: usize) -> &Path {
        &self.bundles[nth + 1]
    }

    /// The folder of the board within it.
    fn place(&self) -> &Path {
        self.bundles[0].parent().unwrap()
    }
}

fn bundles(folder: &Path) -> Vec<PathBuf> {
    let places = fs::read_dir(folder).unwrap().map(|place| place.unwrap().path()).filter(|place| place.is_dir());
    let mut found: Vec<PathBuf> = places
        .flat_map(|place| fs::read_dir(place).unwrap().map(|file| file.unwrap().path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "hbs"))
        .collect();
    found.sort();
    found
}

/// A segment as a liar would write it: with this payload, these lengths, and a checksum that holds.
fn lie(like: &[u8], unpacked: u32, payload: impl FnOnce(&mut ZlibEncoder<Vec<u8>>)) -> Vec<u8> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    payload(&mut packer);
    let packed = packer.finish().unwrap();
    let mut bytes = like[..40].to_vec();
    bytes.extend(unpacked.to_be_bytes());
    bytes.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
    bytes.extend(packed);
    seal(bytes)
}

fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(&checksum);
    bytes
}

fn zeros(count: usize) -> impl FnOnce(&mut ZlibEncoder<Vec<u8>>) {
    move |packer| {
        let piece = vec![0; 1 << 20];
        (0..count >> 20).for_each(|_| packer.write_all(&piece).unwrap());
    }
}

type Meddling = (&'static str, fn(&Hub), &'static [&'static str], &'static [usize]);

/// What is done to the folder; what is said of it, once for each file that is refused; and the days whose
/// values cannot come in because of it.
const MEDDLINGS: &[Meddling] = &[
    (
        "a file that ends too early",
        |hub| {
            let whole = fs::read(hub.of_day(1)).unwrap();
            fs::write(hub.of_day(1), &whole[..whole.len() - 7]).unwrap();
        },
        &["damaged or not yet whole"],
        &[1],
    ),
    ("an empty file", |hub| fs::write(hub.of_day(0), b"").unwrap(), &["damaged or not yet whole"], &[0]),
    (
        "two files that bear each other's names",
        |hub| {
            let (one, two) = (fs::read(hub.of_day(1)).unwrap(), fs::read(hub.of_day(2)).unwrap());
            fs::write(hub.of_day(1), two).unwrap();
            fs::write(hub.of_day(2), one).unwrap();
        },
        &["not what its name says", "not what its name says"],
        &[1, 2],
    ),
    (
        "copies under other names, and under another board's",
        |hub| {
            let other = hub.folder.path().join("0123456789abcdef0123456789abcdef");
            fs::create_dir(&other).unwrap();
            for to in [
                hub.place().join("000000000900-000000000900.hbs"),
                hub.place().join("000000000002-000000000002 (1).hbs"),
                hub.of_day(0).with_extension("hbs.sync-conflict-20261120-084200-ABCDEFG"),
                other.join(hub.of_day(0).file_name().unwrap()),
            ] {
                fs::copy(hub.of_day(0), to).unwrap();
            }
        },
        &["not what its name says", "not what its name says"],
        &[],
    ),
    (
        "two files one after another in one",
        |hub| {
            let both = [fs::read(hub.of_day(1)).unwrap(), fs::read(hub.of_day(2)).unwrap()].concat();
            fs::write(hub.of_day(1), both).unwrap();
        },
        &["not what its name says"],
        &[1],
    ),
    (
        "a file that is far too long",
        |hub| fs::File::create(hub.of_day(3)).unwrap().set_len(3 << 30).unwrap(),
        &["longer than any bundle"],
        &[3],
    ),
    (
        "a little file that unpacks to very much, and says so, or does not",
        |hub| {
            let like = fs::read(hub.of_day(1)).unwrap();
            fs::write(hub.of_day(1), lie(&like, 4 << 20, zeros(96 << 20))).unwrap();
            fs::write(hub.of_day(2), lie(&like, u32::MAX, zeros(8 << 20))).unwrap();
        },
        &["does not hold what its header says", "does not hold what its header says"],
        &[1, 2],
    ),
    (
        "brackets within brackets without end",
        |hub| {
            let like = fs::read(hub.of_day(1)).unwrap();
            let deep = "[".repeat(1 << 20);
            let bytes = lie(&like, 1 << 20, |packer| packer.write_all(deep.as_bytes()).unwrap());
            fs::write(hub.of_day(1), bytes).unwrap();
        },
        &["does not hold what its header says"],
        &[1],
    ),
    (
        "another value under a number that is taken",
        |hub| {
            let mut changes = bundle::read(&fs::read(hub.of_day(1)).unwrap()).unwrap().0.changes;
            changes[0].fields = changes[0].fields.replace('2', "7").into();
            // Under a wider name, which comes in beside the true one.
            let first = changes[0].seq;
            let third = bundle::read(&fs::read(hub.of_day(2)).unwrap()).unwrap().0.changes.remove(0);
            let forged = bundle::write(&[changes.remove(0), third]).unwrap();
            fs::write(hub.place().join(format!("{first:012}-{:012}.hbs", first + 1)), forged).unwrap();
        },
        &["Two different changes bear the number"],
        &[],
    ),
    (
        "names that lead elsewhere, that a terminal would obey, or that are no text",
        |hub| {
            let garbage = b"HBS\x1a and nothing more";
            for name in
                ["..\\..\\x.hbs", "\u{1b}]0;gone\u{7}.hbs", "a\nb.hbs", "CON.hbs", "%2e%2e%2f.hbs", "\u{202e}sbh.1"]
            {
                fs::write(hub.place().join(name), garbage).unwrap();
                fs::create_dir(hub.folder.path().join(name)).unwrap();
            }
            let no_text = std::ffi::OsString::from_vec(b"\xff\xfe.hbs".to_vec());
            fs::write(hub.place().join(no_text), garbage).unwrap();
            fs::write(hub.place().join("x".repeat(250)), garbage).unwrap();
            fs::write(hub.folder.path().join("0123456789abcdef0123456789abcdef"), garbage).unwrap();
        },
        &[],
        &[],
    ),
    (
        "what is no file, under a bundle's name",
        |hub| {
            let name = |number: u32| hub.place().join(format!("{number:012}-{number:012}.hbs"));
            make_pipe(&name(801));
            fs::create_dir(name(802)).unwrap();
            symlink("/etc/passwd", name(803)).unwrap();
            symlink(hub.of_day(0), name(804)).unwrap();
            symlink("/dev/zero", name(805)).unwrap();
            drop(UnixListener::bind(name(806)).unwrap());
            symlink("/", hub.folder.path().join("0123456789abcdef0123456789abcdef")).unwrap();
            make_pipe(&hub.folder.path().join("1123456789abcdef0123456789abcdef"));
            let other = hub.folder.path().join("2123456789abcdef0123456789abcdef");
            fs::create_dir(&other).unwrap();
            make_pipe(&other.join("about.json"));
        },
        &[],
        &[],
    ),
];

#[test]
fn what_somebody_did_to_the_folder_is_refused_in_words_and_everything_else_comes_in() {
    for (what, meddle, words, lost) in MEDDLINGS {
        let (hub, new) = (Hub::new(), TempDir::new().unwrap());
        meddle(&hub);
        let output = run_or_kill(new.path(), &["--now", NOW, "sync", hub.at()]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(i32::from(!words.is_empty())), "{what}: {said}");
        assert_eq!(said.matches("Refused: ").count(), words.len(), "{what}: {said}");
        for word in *words {
            assert!(
                said.matches(word).count() >= words.iter().filter(|other| other == &word).count(),
                "{what}: {said}"
            );
        }
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{what}: {said}");
        let kept: Vec<&str> = (0..DAYS.len()).filter(|nth| !lost.contains(nth)).map(|nth| DAYS[nth]).collect();
        assert_eq!(days(new.path()), kept, "{what}");
        assert_sound(new.path(), what);
        // The board that has everything goes on as before; where what was refused is deleted, it writes
        // it again.
        for bundle in lost.iter().map(|nth| hub.of_day(*nth)) {
            fs::remove_file(bundle).unwrap();
        }
        ok_or_refusing(hub.board.path(), what);
        ok_or_refusing(new.path(), what);
        let points = |home: &Path| ok(home, &["list", "points", "--json"]);
        assert_eq!(points(new.path()), points(hub.board.path()), "{what}");
    }
}

/// Syncs; that other files are refused is no failure here.
fn ok_or_refusing(home: &Path, what: &str) {
    let output = run_or_kill(home, &["--now", NOW, "sync"]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() || said.contains("everything else is in"), "{what}: {said}");
}

fn days(home: &Path) -> Vec<String> {
    let points = json(home, &["list", "points", "--json"]);
    points.as_array().unwrap().iter().map(|point| point["date"].as_str().unwrap().to_owned()).collect()
}

fn make_pipe(path: &Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(words), "{said}");
}

#[test]
fn what_is_no_file_is_not_waited_for_whatever_its_name() {
    let home = ward();
    let pipe = |name: &str| {
        let path = home.path().join(name);
        make_pipe(&path);
        path.to_str().unwrap().to_owned()
    };
    for name in ["x.hbs", "x.csv", "x"] {
        refused(&run_or_kill(home.path(), &["import", &pipe(name)]), "This is a pipe, and not a file.");
    }
    refused(&run_or_kill(home.path(), &["analyse", &pipe("y.csv")]), "named -.");
    let (socket, device) = (home.path().join("s.hbs"), home.path().join("d.hbs"));
    drop(UnixListener::bind(&socket).unwrap());
    refused(&run_or_kill(home.path(), &["import", socket.to_str().unwrap()]), "This is a socket, and not a file.");
    symlink("/dev/zero", &device).unwrap();
    refused(&run_or_kill(home.path(), &["import", device.to_str().unwrap()]), "This is a device, and not a file.");
    // A link to a file is as good as the file.
    let csv = home.path().join("z.csv");
    fs::write(&csv, "measure,date,value\nFalls,2026-11-02,3\n").unwrap();
    let link = home.path().join("link.csv");
    symlink(&csv, &link).unwrap();
    ok(home.path(), &["import", link.to_str().unwrap()]);
    assert_eq!(days(home.path()), ["2026-11-02"]);
}
