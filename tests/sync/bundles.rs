//! A bundle says what went in, and nothing else gets out of one, whatever its bytes.

use huddleboard::store::RemoteChange;
use huddleboard::sync::bundle::{read, read_all, write};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use crate::wards::{Deed, Wards};

fn changes() -> Vec<RemoteChange> {
    let mut wards = Wards::new(1);
    for deed in [Deed::Make(0, 1), Deed::Put(1, 3), Deed::Rename(0, 2), Deed::Undo] {
        wards.perform(0, &deed);
    }
    wards.replicas[0].all()
}

/// The bytes with a checksum that holds, as a liar would write them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.len() - 32;
    let checksum = Sha256::digest(&bytes[..end]);
    bytes[end..].copy_from_slice(&checksum);
    bytes
}

#[test]
fn what_was_written_is_read_again_alone_and_one_after_another() {
    let changes = changes();
    let (one, two) = (write(&changes[..4]).unwrap(), write(&changes[4..]).unwrap());
    assert_eq!(read(&one).unwrap().0.changes, changes[..4]);
    let both = read_all(&[one, two].concat()).unwrap();
    assert_eq!(both.into_iter().flat_map(|segment| segment.changes).collect::<Vec<_>>(), changes);
}

#[test]
fn changes_with_a_gap_or_of_two_replicas_make_no_bundle() {
    let mut changes = changes();
    assert!(write(&[]).is_err());
    assert!(write(&[changes[0].clone(), changes[2].clone()]).is_err());
    changes[1].origin = huddleboard::base::id::ReplicaId::fresh();
    assert!(write(&changes).is_err());
}

#[test]
fn a_newer_format_is_told_from_a_damaged_file() {
    let mut bytes = write(&changes()).unwrap();
    bytes[7] = 2;
    assert!(read(&sealed(bytes)).unwrap_err().what.contains("newer"));
    assert!(read(b"SQLite format 3\0").unwrap_err().what.contains("not a bundle"));
    assert!(read(b"HBX").unwrap_err().what.contains("not a bundle"));
    for cut in [0, 3, 47] {
        assert!(read(&write(&changes()).unwrap()[..cut]).unwrap_err().what.contains("not yet whole"));
    }
}

#[test]
fn a_bundle_that_unpacks_to_more_than_it_says_is_refused() {
    let bytes = write(&changes()).unwrap();
    for (at, value) in [(40, 4_u8), (40, 255), (43, 1), (24, 1), (31, 2), (39, 200), (44, 255), (47, 3)] {
        let mut bytes = bytes.clone();
        assert_ne!(bytes[at], value);
        bytes[at] = value;
        assert!(read(&sealed(bytes)).is_err(), "byte {at}");
    }
}

#[test]
fn every_truncation_and_every_wrong_byte_is_found() {
    let bytes = write(&changes()).unwrap();
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err());
    }
    for at in 0..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x40;
        assert!(read(&bytes).is_err(), "byte {at}");
    }
}

/// The bundle of every released format must be read for ever.
#[test]
fn the_bundle_of_the_first_format_is_read() {
    let path: std::path::PathBuf =
        [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "bundle", "v1.hbs"].iter().collect();
    if std::env::var_os("UPDATE_FIXTURES").is_some() && !path.exists() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, write(&changes()).unwrap()).unwrap();
    }
    let mut replica = crate::wards::Replica::at(tempfile::tempdir().unwrap().keep().join("ward.db"));
    let segment = read(&std::fs::read(path).unwrap()).unwrap().0;
    replica.take(segment.changes).unwrap();
    assert_eq!(replica.store().teams().unwrap()[0].name, "Ward 7A");
    let projects: Vec<huddleboard::domain::project::Project> = replica.store().records(None).unwrap();
    assert_eq!(projects[0].name, "green");
    drop(replica.store.take());
    std::fs::remove_dir_all(replica.path.parent().unwrap()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read_all(&bytes).is_err());
        let mut bytes = [b"HBS\x1a\0\x01\0\x01".to_vec(), bytes, vec![0; 32]].concat();
        bytes = sealed(bytes);
        let _ = read_all(&bytes);
    }

    #[test]
    fn no_lie_under_a_right_checksum_brings_it_down(
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)
    ) {
        let mut bytes = SAMPLE.with(Clone::clone);
        for (at, value) in hits {
            let at = at.index(bytes.len() - 32);
            bytes[at] = value;
        }
        let _ = read_all(&sealed(bytes));
    }
}

thread_local! {
    static SAMPLE: Vec<u8> = write(&changes()).unwrap();
}
