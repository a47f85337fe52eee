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

/// What is done to the lines of a bundle before it is packed and sealed as if they had always been so.
#[derive(Debug, Clone)]
enum Hit {
    /// A byte becomes another one.
    Byte(prop::sample::Index, u8),
    /// A number becomes another one.
    Number(prop::sample::Index, i64),
    /// A line comes twice.
    Twice(prop::sample::Index),
    /// A line goes.
    Gone(prop::sample::Index),
    /// Two lines change places.
    Swapped(prop::sample::Index, prop::sample::Index),
    /// A text of this length, of one letter, is put in the place of a quoted one.
    Long(prop::sample::Index, char, usize),
}

fn hit() -> impl Strategy<Value = Hit> {
    let at = any::<prop::sample::Index>;
    let letter = prop::sample::select(vec!['a', '\u{1b}', '\u{202e}', '"', '{', 'é', '0', '\0']);
    prop_oneof![
        3 => (at(), any::<u8>()).prop_map(|(at, byte)| Hit::Byte(at, byte)),
        3 => (at(), prop_oneof![any::<i64>(), -2_i64..70_000]).prop_map(|(at, number)| Hit::Number(at, number)),
        1 => at().prop_map(Hit::Twice),
        1 => at().prop_map(Hit::Gone),
        1 => (at(), at()).prop_map(|(one, other)| Hit::Swapped(one, other)),
        2 => (at(), letter, prop_oneof![0_usize..40, 60_000_usize..70_000]).prop_map(|(at, letter, length)| Hit::Long(at, letter, length)),
    ]
}

impl Hit {
    fn strike(&self, payload: &str) -> Vec<u8> {
        let mut lines: Vec<String> = payload.lines().map(str::to_owned).collect();
        match self {
            Self::Byte(at, byte) => {
                let mut bytes = payload.as_bytes().to_vec();
                let at = at.index(bytes.len());
                bytes[at] = *byte;
                return bytes;
            }
            Self::Number(at, number) => {
                let starts: Vec<usize> = payload.match_indices(':').map(|(at, _)| at + 1).collect();
                let starts: Vec<usize> =
                    starts.into_iter().filter(|at| payload.as_bytes()[*at].is_ascii_digit()).collect();
                let from = starts[at.index(starts.len())];
                let length = payload[from..].find(|letter: char| !letter.is_ascii_digit()).unwrap();
                return [&payload[..from], &number.to_string(), &payload[from + length..]].concat().into_bytes();
            }
            Self::Long(at, letter, length) => {
                let quotes: Vec<usize> = payload.match_indices(":\"").map(|(at, _)| at + 1).collect();
                let from = quotes[at.index(quotes.len())];
                let length_of_old = payload[from + 1..].find('"').unwrap() + 2;
                let text = serde_json::Value::from(letter.to_string().repeat(*length)).to_string();
                return [&payload[..from], &text, &payload[from + length_of_old..]].concat().into_bytes();
            }
            Self::Twice(at) => lines.insert(at.index(lines.len()), lines[at.index(lines.len())].clone()),
            Self::Gone(at) => drop(lines.remove(at.index(lines.len()))),
            Self::Swapped(one, other) => {
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
            }
        }
        (lines.join("\n") + "\n").into_bytes()
    }
}

/// How many of a stranger's bundles: 60, or as `HUDDLEBOARD_CASES` says.
fn cases() -> u32 {
    std::env::var("HUDDLEBOARD_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60)
}

/// The lines of a bundle.
fn payload_of(bytes: &[u8]) -> String {
    let mut payload = String::new();
    std::io::Read::read_to_string(&mut flate2::read::ZlibDecoder::new(&bytes[48..bytes.len() - 32]), &mut payload)
        .unwrap();
    payload
}

/// A bundle with other lines, and everything around them as it should be.
fn packed(like: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packer, payload).unwrap();
    let packed = packer.finish().unwrap();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes();
    let mut bytes = [&like[..40], &length(payload), &length(&packed), &packed].concat();
    bytes.extend([0; 32]);
    sealed(bytes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_strangers_lines_come_in_whole_or_not_at_all_and_a_rebuild_says_the_same(
        hits in proptest::collection::vec(hit(), 1..4)
    ) {
        let sample = SAMPLE.with(Clone::clone);
        let mut payload = payload_of(&sample);
        for hit in &hits {
            payload = String::from_utf8_lossy(&hit.strike(&payload)).into_owned();
        }
        let Ok((segment, _)) = read(&packed(&sample, payload.as_bytes())) else { return Ok(()) };
        let dir = tempfile::tempdir().unwrap();
        let mut board = crate::wards::Replica::at(dir.path().join("ward.db"));
        let before = (board.digest(), board.tables());
        let taken = board.take(segment.changes.clone());
        match &taken {
            Err(_) => prop_assert_eq!((board.digest(), board.tables()), before),
            Ok(taken) => {
                prop_assert_eq!(taken.new, segment.changes.len());
                prop_assert_eq!(board.all(), segment.changes, "what came in is passed on as it came");
                let before = (board.digest(), board.tables());
                board.store().rebuild().unwrap();
                prop_assert_eq!((board.digest(), board.tables()), before);
            }
        }
    }
}

thread_local! {
    static SAMPLE: Vec<u8> = write(&changes()).unwrap();
}
