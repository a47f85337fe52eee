//! A folder that several replicas can reach: a share, a stick, a folder that another program copies.
//!
//! Which changes it has is told by the names of its bundles alone, so that a sync without news reads no
//! file, and a folder that was lost is filled again. Whoever has a change that the folder lacks puts it
//! there, whosever it is: that is how changes come over a stick from a board that never meets the others.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

pub use super::gather::{Gathered, Stranger, gather, take_one};
pub use super::publish::{Published, publish, write_one};

use super::hub::{self, Hub};
use super::listing::{Named, gaps, list};
use super::{bundle, file};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::store::{Have, RemoteChange, Store, open_plain};

/// No bundle is longer than this.
const FILE_AT_MOST: u64 = 128 << 20;

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Bundles are read.
    Reading {
        /// So many of them have been.
        done: usize,
        /// So many there are to read.
        of: usize,
    },
    /// Changes are put into the folder.
    Writing {
        /// So many of them have been.
        done: usize,
        /// So many there are to put there.
        of: usize,
    },
}

/// Is told how far a sync has come, between two bundles; answers whether it is to go on.
pub type GoOn<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// How this file and the folder stand to each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// How many changes wait to be put into the folder.
    pub to_send: i64,
    /// How many changes of the folder are not in this file.
    pub to_take: i64,
    /// What this file has of each replica.
    pub have: Vec<Have>,
    /// Changes that exist and are neither here nor in the folder: replica, first, last.
    pub missing: Vec<(ReplicaId, i64, i64)>,
}

/// How this file and the folder stand to each other; reads no bundle.
///
/// # Errors
/// What the disk answered.
pub fn status(store: &Store, folder: &Path) -> Outcome<Status> {
    let hub = hub::recall(store.path()).filter(|hub| hub.folder == folder);
    status_of(store, &hub.unwrap_or_else(|| Hub::at(folder)), &list(folder)?)
}

/// How this file stands to the bundles of a folder.
pub(super) fn status_of(store: &Store, hub: &Hub, bundles: &[Named]) -> Outcome<Status> {
    let mut status = Status { have: store.have()?, ..Status::default() };
    for have in &status.have {
        for (first, last) in gaps(bundles, have.replica, have.known_max) {
            let lacking = store.lacking(have.replica, first, last)?;
            let lacks: i64 = lacking.iter().map(|(first, last)| last - first + 1).sum();
            status.to_send += last - first + 1 - lacks;
            status.missing.extend(lacking.into_iter().map(|(first, last)| (have.replica, first, last)));
        }
    }
    let mut before: Option<(ReplicaId, i64)> = None;
    for named in bundles {
        let Named { replica, first, last, .. } = named;
        // Two files may hold the same changes: each is counted once.
        let reached = before.filter(|(other, _)| other == replica).map_or(0, |(_, reached)| reached);
        let known = status.have.iter().find(|have| have.replica == *replica).map_or(0, |have| have.known_max);
        let unheard = reached.max(known) + 1;
        if unheard < *first {
            status.missing.push((*replica, unheard, first - 1));
        }
        let from = (*first).max(reached + 1).max(upto(&status.have, *replica) + 1);
        // What is another team's waits for nobody here.
        if from <= *last && !hub.passed.contains_key(&named.key()) {
            status.to_take += last - from + 1 - store.count(*replica, from, *last)?;
        }
        before = Some((*replica, reached.max(*last)));
    }
    status.missing.sort_unstable();
    Ok(status)
}

/// Up to where all of a replica's changes are here.
pub(super) fn upto(have: &[Have], replica: ReplicaId) -> i64 {
    have.iter().find(|have| have.replica == replica).map_or(0, |have| have.upto)
}

pub(super) fn placed(failure: Failure, path: &Path) -> Failure {
    if failure.place.is_some() { failure } else { failure.at(path.display().to_string()) }
}

/// Reads a bundle; nothing where it is no longer there.
pub(super) fn read_named(named: &Named) -> Outcome<Option<Vec<RemoteChange>>> {
    let bytes = match fs::symlink_metadata(&named.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        _ => read_file(&named.path)?,
    };
    let (segment, rest) = bundle::read(&bytes)?;
    let is_named = (segment.replica, segment.first, segment.last) == (named.replica, named.first, named.last);
    if !is_named || !rest.is_empty() {
        return Err(Failure::refused("This bundle is not what its name says.")
            .hint("Put it back under its own name, or take it in with `huddleboard import`."));
    }
    Ok(Some(segment.changes))
}

pub(super) fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    let file = open_plain(path)?;
    let failed = |error: io::Error| file::of_file(path, &error);
    let too_long = |length: u64| length > FILE_AT_MOST;
    let length = file.metadata().map_err(failed)?.len();
    let mut bytes = Vec::new();
    if !too_long(length) {
        bytes.reserve(usize::try_from(length).unwrap_or(0));
        // Another program may be writing to it: what it says of its length is not relied upon.
        file.take(FILE_AT_MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
    }
    if too_long(length.max(bytes.len() as u64)) {
        return Err(Failure::refused("This file is longer than any bundle.")
            .at(path.display().to_string())
            .hint("Delete it: no board writes such a file."));
    }
    Ok(bytes)
}
