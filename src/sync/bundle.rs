//! The bundle, format 1: changes of one replica, of numbers without a gap, in one file (`.hbs`). What is in
//! one is on a page of its own, [`FORMAT.md`](super).
//!
//! A bundle is a stranger's file. Nothing of it is believed before its checksum holds, and nothing is
//! unpacked beyond [`UNPACKED_AT_MOST`]; what the changes say is judged by the store alone.

mod line;

use std::collections::HashSet;
use std::io::{Read, Write};
use std::sync::Arc;

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::line::ChangeLine;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::record::Kind;
use crate::store::{RemoteAction, RemoteChange};

/// How long a payload may be when it is unpacked.
pub const UNPACKED_AT_MOST: usize = 64 << 20;
/// How many changes a segment may hold.
pub const CHANGES_AT_MOST: i64 = 100_000;
/// How long a line of the payload may be.
const LINE_AT_MOST: usize = 8 << 20;
/// zlib cannot pack more tightly than this.
const RATIO_AT_MOST: usize = 1_100;
const MAGIC: &[u8; 4] = b"HBS\x1a";
const VERSION: u16 = 1;
const HEADER: usize = 48;
const CHECKSUM: usize = 32;

/// One segment: changes of one replica, of numbers without a gap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Whose changes these are.
    pub replica: ReplicaId,
    /// The number of the first.
    pub first: i64,
    /// The number of the last.
    pub last: i64,
    /// The changes, in order.
    pub changes: Vec<RemoteChange>,
}

#[derive(Serialize, Deserialize)]
struct ActionLine {
    action: i64,
    at: i64,
    actor: Option<String>,
    words: String,
    sort: String,
    reverses: Option<i64>,
}

/// The bytes of a segment that holds these changes.
///
/// # Errors
/// Where they are none, not of one replica, not without a gap, or too many for one segment.
pub fn write(changes: &[RemoteChange]) -> Outcome<Vec<u8>> {
    let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Err(unwritable()) };
    let dense = changes.iter().zip(first.seq..).all(|(change, seq)| change.seq == seq && change.origin == first.origin);
    let payload = lines(changes)?;
    if !dense || payload.len() > UNPACKED_AT_MOST || last.seq - first.seq >= CHANGES_AT_MOST {
        return Err(unwritable());
    }
    let mut packer = ZlibEncoder::new(Vec::with_capacity(payload.len() / 4), Compression::default());
    packer.write_all(&payload).map_err(|_| unwritable())?;
    let packed = packer.finish().map_err(|_| unwritable())?;
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(|_| unwritable());
    let mut out = Vec::with_capacity(HEADER + packed.len() + CHECKSUM);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&VERSION.to_be_bytes());
    out.extend_from_slice(&VERSION.to_be_bytes());
    out.extend_from_slice(first.origin.bytes());
    out.extend_from_slice(&first.seq.to_be_bytes());
    out.extend_from_slice(&last.seq.to_be_bytes());
    out.extend_from_slice(&length(&payload)?.to_be_bytes());
    out.extend_from_slice(&length(&packed)?.to_be_bytes());
    out.extend_from_slice(&packed);
    let checksum = Sha256::digest(&out);
    out.extend_from_slice(&checksum);
    Ok(out)
}

fn lines(changes: &[RemoteChange]) -> Outcome<Vec<u8>> {
    let mut out = Vec::new();
    let mut put = |line: &dyn Fn(&mut Vec<u8>) -> serde_json::Result<()>| {
        line(&mut out).map_err(|_| unwritable())?;
        out.push(b'\n');
        Ok::<(), Failure>(())
    };
    let mut action: Option<&RemoteAction> = None;
    for change in changes {
        if action != Some(&change.action) {
            action = Some(&change.action);
            let RemoteAction { seq, at, actor, words, sort, reverses } = (*change.action).clone();
            let line = ActionLine { action: seq, at, actor, words, sort, reverses };
            put(&|out| serde_json::to_writer(out, &line))?;
        }
        put(&|out| serde_json::to_writer(out, &ChangeLine::of(change)))?;
    }
    Ok(out)
}

/// Reads the first segment of `bytes`, and answers what comes after it.
///
/// # Errors
/// A sentence where it is no segment, a newer version's, damaged, or not what its own header says.
pub fn read(bytes: &[u8]) -> Outcome<(Segment, &[u8])> {
    let (Opened { replica, first, last, payload }, rest) = open(bytes)?;
    let changes = changes_from(&payload, replica)?;
    let dense = changes.iter().zip(first..).all(|(change, seq)| change.seq == seq);
    if !dense || i64::try_from(changes.len()).ok() != Some(last - first + 1) {
        return Err(lying());
    }
    Ok((Segment { replica, first, last, changes }, rest))
}

/// Of the first segment of `bytes` one change of each team that it holds, and all that are about a team
/// itself: enough to say whose it is, in much less time than it takes to read all of it.
///
/// # Errors
/// As [`read`], as far as that was looked at.
pub(super) fn read_of_teams(bytes: &[u8]) -> Outcome<Vec<RemoteChange>> {
    let (Opened { replica, payload, .. }, _) = open(bytes)?;
    let (mut teams, mut changes): (HashSet<TeamId>, Vec<RemoteChange>) = (HashSet::new(), Vec::new());
    each_line(&payload, |line, action| {
        let (team, kind) = line::whose(line).ok_or_else(lying)?;
        if teams.insert(team) || kind == Kind::Team.code() {
            changes.push(change_from(line, replica, action)?);
        }
        Ok(())
    })?;
    Ok(changes)
}

/// A segment whose checksum holds, unpacked.
struct Opened {
    replica: ReplicaId,
    first: i64,
    last: i64,
    payload: Vec<u8>,
}

fn open(bytes: &[u8]) -> Outcome<(Opened, &[u8])> {
    // What begins as a bundle and ends too early is one that is not yet whole, even if nothing is there.
    if !MAGIC.starts_with(bytes.get(..MAGIC.len()).unwrap_or(bytes)) {
        return Err(no_bundle());
    }
    let header: &[u8; HEADER] = bytes.first_chunk().ok_or_else(damaged)?;
    let number = |from: usize, length: usize| {
        header.iter().skip(from).take(length).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte))
    };
    if number(6, 2) > u64::from(VERSION) {
        return Err(Failure::refused("This bundle was written by a newer huddleboard.")
            .hint("Install the newer version; everything else goes on as before."));
    }
    let size = |from| usize::try_from(number(from, 4)).map_err(|_| damaged());
    let (unpacked, packed) = (size(40)?, size(44)?);
    let seq = |from| i64::try_from(number(from, 8)).map_err(|_| damaged());
    let (first, last) = (seq(24)?, seq(32)?);
    let replica = header.get(8..24).and_then(ReplicaId::from_bytes).ok_or_else(damaged)?;
    let (segment, rest) = bytes.split_at_checked(HEADER + packed + CHECKSUM).ok_or_else(damaged)?;
    let (content, checksum) = segment.split_at_checked(HEADER + packed).ok_or_else(damaged)?;
    if Sha256::digest(content)[..] != *checksum {
        return Err(damaged());
    }
    let plausible = unpacked <= UNPACKED_AT_MOST && unpacked / RATIO_AT_MOST <= packed;
    if !plausible || first < 1 || last < first || last - first >= CHANGES_AT_MOST {
        return Err(lying());
    }
    let payload = unpack(content.get(HEADER..).unwrap_or_default(), unpacked)?;
    Ok((Opened { replica, first, last, payload }, rest))
}

/// The segments of a file, one after another; the first that cannot be read is the last.
pub fn segments(bytes: &[u8]) -> impl Iterator<Item = Outcome<Segment>> {
    let mut left = Some(bytes);
    std::iter::from_fn(move || {
        let read = read(left.take()?);
        Some(read.map(|(segment, rest)| {
            left = Some(rest).filter(|rest| !rest.is_empty());
            segment
        }))
    })
}

/// Reads all segments of a file.
///
/// # Errors
/// As [`read`], for the first segment that cannot be read.
pub fn read_all(bytes: &[u8]) -> Outcome<Vec<Segment>> {
    segments(bytes).collect()
}

fn unpack(packed: &[u8], length: usize) -> Outcome<Vec<u8>> {
    let mut payload = Vec::with_capacity(length);
    // One byte more than is said tells a payload that goes on.
    let limit = u64::try_from(length).unwrap_or(0) + 1;
    ZlibDecoder::new(packed).take(limit).read_to_end(&mut payload).map_err(|_| damaged())?;
    if payload.len() == length { Ok(payload) } else { Err(lying()) }
}

fn changes_from(payload: &[u8], origin: ReplicaId) -> Outcome<Vec<RemoteChange>> {
    let mut changes = Vec::new();
    each_line(payload, |line, action| {
        changes.push(change_from(line, origin, action)?);
        Ok(())
    })?;
    Ok(changes)
}

fn change_from(line: &str, origin: ReplicaId, action: &Arc<RemoteAction>) -> Outcome<RemoteChange> {
    ChangeLine::parse(line).and_then(|line| line.into_change(origin, action)).ok_or_else(lying)
}

/// Hands out the lines that are changes, each with its action.
fn each_line(payload: &[u8], mut take: impl FnMut(&str, &Arc<RemoteAction>) -> Outcome<()>) -> Outcome<()> {
    let payload = std::str::from_utf8(payload).map_err(|_| lying())?;
    let mut action: Option<Arc<RemoteAction>> = None;
    for line in payload.split('\n').filter(|line| !line.is_empty()) {
        if line.len() > LINE_AT_MOST {
            return Err(lying());
        }
        if line.starts_with("{\"action\"") {
            let ActionLine { action: seq, at, actor, words, sort, reverses } =
                serde_json::from_str(line).map_err(|_| lying())?;
            action = Some(Arc::new(RemoteAction { seq, at, actor, words, sort, reverses }));
        } else {
            take(line, action.as_ref().ok_or_else(lying)?)?;
        }
    }
    Ok(())
}

fn no_bundle() -> Failure {
    Failure::refused("This is not a bundle of changes.")
        .hint("Bundles end in .hbs and are written by `huddleboard sync`.")
}

fn damaged() -> Failure {
    Failure::refused("This bundle is damaged or not yet whole; nothing of it was taken in.")
        .hint("If it stays so, delete it: the next sync of a board that has these changes writes them again.")
}

fn lying() -> Failure {
    Failure::refused("This bundle does not hold what its header says; nothing of it was taken in.")
        .hint("Delete it: the next sync of a board that has these changes writes them again.")
}

fn unwritable() -> Failure {
    Failure::new(crate::base::error::FailureKind::Internal, "These changes do not make one bundle.")
        .hint("Please report this with what you did before.")
}
