//! Any history, any order of exchange: all replicas say the same, and so does the rebuild.

use std::fs;

use proptest::prelude::*;

use crate::wards::{Deed, Wards, shuffle};

/// What happens at the wards.
#[derive(Debug, Clone)]
enum Event {
    Deed(usize, Deed),
    /// From, to, what part in how many quarters, in which order.
    Send(usize, usize, u64, u64),
    Copy(usize, bool),
    Keep(usize),
    PutBack(usize),
    Reopen(usize),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        2 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Make(which, word)),
        3 => (0..3_u8, 0..5_u8).prop_map(|(which, word)| Deed::Rename(which, word)),
        1 => (0..3_u8).prop_map(Deed::Delete),
        1 => (0..3_u8).prop_map(Deed::Restore),
        4 => (0..3_u8, 0..4_u8).prop_map(|(date, value)| Deed::Put(date, value)),
        2 => (0..3_u8, 0..5_u8).prop_map(|(date, word)| Deed::Note(date, word)),
        1 => (0..3_u8).prop_map(Deed::DeletePoint),
        1 => (0..3_u8).prop_map(Deed::Tick),
        2 => Just(Deed::Undo),
        1 => Just(Deed::Redo),
        2 => (-200..200_i16).prop_map(Deed::Turn),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        12 => (0..6_usize, deed()).prop_map(|(which, deed)| Event::Deed(which, deed)),
        6 => (0..6_usize, 0..6_usize, 1..5_u64, any::<u64>()).prop_map(|(from, to, part, seed)| Event::Send(from, to, part, seed)),
        1 => (0..6_usize, any::<bool>()).prop_map(|(which, beside)| Event::Copy(which, beside)),
        1 => (0..6_usize).prop_map(Event::Keep),
        1 => (0..6_usize).prop_map(Event::PutBack),
        1 => (0..6_usize).prop_map(Event::Reopen),
    ]
}

fn happen(wards: &mut Wards, event: &Event) {
    let count = wards.replicas.len();
    match event {
        Event::Deed(which, deed) => wards.perform(which % count, deed),
        Event::Send(from, to, part, seed) => {
            let mut changes = wards.replicas[from % count].all();
            shuffle(&mut changes, *seed);
            changes.truncate(changes.len() * usize::try_from(*part).unwrap() / 4);
            // Some of them twice.
            changes.extend_from_within(..changes.len() / 3);
            wards.replicas[to % count].take(changes).unwrap();
        }
        Event::Copy(which, beside) if count < 6 => wards.copy(which % count, *beside),
        Event::Copy(..) => {}
        Event::Keep(which) => {
            let replica = &mut wards.replicas[which % count];
            drop(replica.store.take());
            fs::copy(&replica.path, replica.path.with_extension("kept")).unwrap();
            replica.reopen();
        }
        Event::PutBack(which) => {
            let replica = &mut wards.replicas[which % count];
            if replica.path.with_extension("kept").exists() {
                drop(replica.store.take());
                fs::copy(replica.path.with_extension("kept"), &replica.path).unwrap();
                replica.reopen();
            }
        }
        Event::Reopen(which) => wards.replicas[which % count].reopen(),
    }
}

/// How many histories: 24, or as `HUDDLEBOARD_CASES` says.
fn cases() -> u32 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_everything_was_exchanged_all_replicas_say_the_same(
        count in 3..5_usize, events in proptest::collection::vec(event(), 1..60)
    ) {
        let mut wards = Wards::new(count);
        for event in &events {
            happen(&mut wards, event);
        }
        wards.exchange_all();
        let digest = wards.replicas[0].digest();
        for replica in &mut wards.replicas {
            prop_assert_eq!(replica.digest(), digest.clone());
            let have = replica.all().len();
            let conflicts = replica.store().conflicts().unwrap();
            let records: std::collections::BTreeSet<_> = conflicts.iter().map(|one| (one.kind, &one.record)).collect();
            prop_assert_eq!(replica.store().conflict_count().unwrap(), records.len());
            let tables = replica.tables();
            replica.store().rebuild().unwrap();
            prop_assert_eq!(replica.digest(), digest.clone());
            prop_assert_eq!(replica.tables(), tables);
            prop_assert_eq!(replica.all().len(), have);
        }
        let logs: Vec<usize> = wards.replicas.iter_mut().map(|replica| replica.all().len()).collect();
        prop_assert!(logs.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", logs);
    }
}
