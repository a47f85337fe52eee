//! What the convergence test is worth: boards with one mistake are found out by the same histories and
//! the same laws, and a board without any is not.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::history::{History, history};
use crate::model::{Mistake, Model};
use crate::telling::tell;

/// So many histories at most may pass before a mistake is found out: as many as real boards are told.
const HISTORIES: usize = 24;

/// The same histories in every run.
fn histories(count: usize) -> impl Iterator<Item = History> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(move |_| history().new_tree(&mut runner).unwrap().current())
}

fn held(history: &History, mistake: Mistake) -> Result<(), String> {
    tell(history, &mut Model::new(history.boards, mistake))
}

/// How many histories it took to find the mistake out, and by what.
fn found_out(mistake: Mistake) -> Option<(usize, String)> {
    (1..).zip(histories(HISTORIES)).find_map(|(count, history)| Some((count, held(&history, mistake).err()?)))
}

#[track_caller]
fn is_found_out(mistake: Mistake) {
    let (count, law) = found_out(mistake).unwrap_or_else(|| panic!("{mistake:?} was not found out"));
    println!("{mistake:?} was found out by history {count}: {}", law.chars().take(160).collect::<String>());
}

#[test]
fn boards_without_a_mistake_keep_the_laws() {
    for history in histories(10 * HISTORIES) {
        assert_eq!(held(&history, Mistake::None), Ok(()), "{history:?}");
    }
}

#[test]
fn a_stamp_without_the_replica_is_found_out() {
    is_found_out(Mistake::NoReplicaInTheStamp);
}

#[test]
fn a_stamp_without_the_counter_is_found_out() {
    is_found_out(Mistake::NoCounterInTheStamp);
}

#[test]
fn letting_win_what_comes_last_is_found_out() {
    is_found_out(Mistake::LastReceivedWins);
}

#[test]
fn two_copies_under_one_name_are_found_out() {
    is_found_out(Mistake::CopiesShareAReplica);
}

#[test]
fn dropping_what_is_unknown_is_found_out() {
    is_found_out(Mistake::UnknownIsDropped);
}

#[test]
fn stamping_an_edit_by_the_clock_alone_is_found_out() {
    is_found_out(Mistake::NoDominance);
}
