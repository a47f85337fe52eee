//! A writer that is killed at any moment has written what it said it had.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use huddleboard::base::clock::{FixedClock, SystemClock};
use huddleboard::domain::change::Edit;
use huddleboard::domain::measure::Measure;
use huddleboard::domain::point::PointKey;
use huddleboard::store::{Opening, Store};

use crate::support::*;

const PATH: &str = "HUDDLEBOARD_TEST_CRASH_DB";
const FROM: &str = "HUDDLEBOARD_TEST_CRASH_FROM";

/// Not a test: what the child does until it is killed.
#[test]
fn the_child_writes_numbered_points_until_it_is_killed() {
    let (Ok(path), Ok(from)) = (std::env::var(PATH), std::env::var(FROM)) else { return };
    let opening = Opening { path: path.into(), create: false, shared_with_group: false, clock: Arc::new(SystemClock) };
    let mut store = Store::open(&opening).unwrap();
    let falls: Measure = store.records(None).unwrap().remove(0);
    for number in from.parse::<u32>().unwrap().. {
        store.commit(&nurse(), "numbered", [Ok(numbered(&falls, number))]).unwrap();
        println!("ack {number}");
    }
}

fn numbered(falls: &Measure, number: u32) -> Edit {
    let key = PointKey { ordinal: number, ..PointKey::whole(falls.id, day("2026-11-20")) };
    Edit::put_point(falls.team, key, count(f64::from(number)), "")
}

/// Lets a child write from `from` on, kills it after so many acknowledged points, and a little later
/// within the next commit; answers the number after the last one acknowledged.
fn killed(path: &Path, from: u32, acks: usize, spin: u32) -> u32 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::the_child_writes_numbered_points_until_it_is_killed", "--exact", "--nocapture"])
        .env(PATH, path)
        .env(FROM, from.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut last = None;
    let read = |line: &str| line.rsplit_once("ack ").and_then(|(_, number)| number.trim().parse::<u32>().ok());
    let mut line = String::new();
    let mut seen = 0;
    while seen < acks && out.read_line(&mut line).unwrap() > 0 {
        if let Some(number) = read(&line) {
            last = Some(number);
            seen += 1;
        }
        line.clear();
    }
    for _ in 0..spin {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    child.wait().unwrap();
    rest.lines().rev().find_map(read).or(last).map_or(from, |last| last + 1)
}

#[test]
fn what_was_acknowledged_before_a_kill_is_there_after_it() {
    let ward = Ward::new();
    let (path, falls) = (ward.path(), ward.falls.clone());
    let replica = ward.store.replica();
    let (_dir, _) = ward.close();
    let mut next = 0;
    for round in 0..12_u32 {
        let from = next;
        next = killed(&path, from, 1 + (round as usize * 7) % 20, round * 37_813 % 200_000);
        assert!(next > from, "the child wrote nothing");
        assert_eq!(integrity(&path), "ok");
        let store = Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap();
        assert_eq!((store.replica(), store.forked_from()), (replica, None));
        let numbers: Vec<u32> = store.points(&falls, noon()).unwrap().iter().map(|point| point.key.ordinal).collect();
        // One more may have been written than the child had time to say.
        assert!(numbers.len() as u32 == next || numbers.len() as u32 == next + 1, "{} of {next}", numbers.len());
        assert!(numbers.into_iter().eq(0..store.points_total().unwrap() as u32));
        next = store.points_total().unwrap() as u32;
    }
    let mut store = Store::open(&opening(&path, &Arc::new(FixedClock::at(noon())))).unwrap();
    let before = store.digest().unwrap();
    store.rebuild().unwrap();
    assert_eq!(store.digest().unwrap(), before);
}
