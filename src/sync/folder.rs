//! A folder that several replicas can reach: a share, a stick, a folder that another program copies.
//!
//! Each bundle stands at `<replica>/<first>-<last>.hbs` and never changes. Which changes the folder has
//! is told by these names alone, so that a sync without news reads no file, and a folder that was lost
//! is filled again. Whoever has a change that the folder lacks puts it there, whosever it is: that is
//! how changes come over a stick from a board that never meets the others.

use std::fs;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::bundle::{self, CHANGES_AT_MOST};
use super::file;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::store::{Accept, Have, RemoteChange, Store, TOUCHED_AT_MOST, Touched};

/// A new bundle is begun after so many changes, or so many bytes of what they set.
const CHANGES_PREFERRED: usize = 20_000;
const BYTES_PREFERRED: usize = 4 << 20;
/// No bundle is longer than this.
const FILE_AT_MOST: u64 = 128 << 20;

/// What was put into the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// How many bundles.
    pub bundles: usize,
    /// How many changes.
    pub changes: usize,
}

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gathered {
    /// How many changes were new.
    pub new: usize,
    /// The bundles that were refused, and why.
    pub refused: Vec<Failure>,
    /// The records that were touched; none where they are too many to name.
    pub touched: Vec<Touched>,
    /// Replicas whose clock is more than a day ahead of this machine's.
    pub ahead: Vec<ReplicaId>,
}

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

/// A bundle by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Named {
    replica: ReplicaId,
    first: i64,
    last: i64,
    path: PathBuf,
}

/// Puts into the folder what this file has and the folder lacks.
///
/// # Errors
/// What the disk answered; the bundles that were written before stay and are good.
pub fn publish(store: &Store, folder: &Path) -> Outcome<Published> {
    let bundles = list(folder)?;
    let mut published = Published::default();
    for have in store.have()? {
        for gap in gaps(&bundles, have.replica, have.known_max) {
            let own = folder.join(have.replica.0.simple().to_string());
            each_run(store, have.replica, gap, |run| {
                file::make_folder(&own)?;
                let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
                put(&own.join(format!("{:012}-{:012}.hbs", first.seq, last.seq)), &bundle::write(run)?)?;
                published.bundles += 1;
                published.changes += run.len();
                Ok(())
            })?;
        }
    }
    Ok(published)
}

/// Writes all that this file has, or all of it that somebody who has `theirs` lacks, into one file.
///
/// # Errors
/// What the disk answered, and where the file is there already.
pub fn write_one(store: &Store, path: &Path, theirs: &[(ReplicaId, i64)]) -> Outcome<usize> {
    if path.exists() {
        return Err(Failure::refused("There is a file of this name already.")
            .at(path.display().to_string())
            .hint("Choose another name; a bundle is never written over."));
    }
    let (mut bytes, mut count) = (Vec::new(), 0);
    for have in store.have()? {
        let from = theirs.iter().find(|(replica, _)| *replica == have.replica).map_or(1, |(_, upto)| upto + 1);
        each_run(store, have.replica, (from, have.known_max), |run| {
            count += run.len();
            bytes.extend(bundle::write(run)?);
            Ok(())
        })?;
    }
    if count == 0 {
        return Err(Failure::not_found("There is nothing to write yet.").hint("Add a team or a value first."));
    }
    put(path, &bytes)?;
    Ok(count)
}

/// Takes in what the folder has and this file lacks. A bundle that is refused does not keep the others
/// from coming in.
///
/// # Errors
/// What the disk answered.
pub fn gather(store: &mut Store, folder: &Path, accept: Accept) -> Outcome<Gathered> {
    // A file without a team joins all that it finds, whichever bundle comes first.
    let accept = if store.teams()?.is_empty() { Accept::AnyTeam } else { accept };
    let mut gathered = Gathered::default();
    let bundles = list(folder)?;
    let have = store.have()?;
    for named in bundles {
        // What lies within the part that is here without a gap need not even be counted.
        if named.last <= upto(&have, named.replica) {
            continue;
        }
        if store.count(named.replica, named.first, named.last)? > named.last - named.first {
            continue;
        }
        let taken = read_named(&named).and_then(|changes| store.take_in(changes.into_iter().map(Ok), accept));
        add(&mut gathered, taken.map_err(|failure| placed(failure, &named.path)));
    }
    Ok(gathered)
}

/// Takes in one file of one segment or several.
///
/// # Errors
/// A sentence where it is refused, and what the disk answered; nothing is taken in then.
pub fn take_one(store: &mut Store, path: &Path, accept: Accept) -> Outcome<Gathered> {
    let segments = bundle::read_all(&read_file(path)?).map_err(|failure| placed(failure, path))?;
    let mut gathered = Gathered::default();
    let changes = segments.into_iter().flat_map(|segment| segment.changes).map(Ok);
    let taken = store.take_in(changes, accept).map_err(|failure| placed(failure, path))?;
    add(&mut gathered, Ok(taken));
    Ok(gathered)
}

/// How this file and the folder stand to each other; reads no bundle.
///
/// # Errors
/// What the disk answered.
pub fn status(store: &Store, folder: &Path) -> Outcome<Status> {
    let bundles = list(folder)?;
    let mut status = Status { have: store.have()?, ..Status::default() };
    for have in &status.have {
        for (first, last) in gaps(&bundles, have.replica, have.known_max) {
            let lacking = store.lacking(have.replica, first, last)?;
            let lacks: i64 = lacking.iter().map(|(first, last)| last - first + 1).sum();
            status.to_send += last - first + 1 - lacks;
            status.missing.extend(lacking.into_iter().map(|(first, last)| (have.replica, first, last)));
        }
    }
    let mut before: Option<(ReplicaId, i64)> = None;
    for Named { replica, first, last, .. } in &bundles {
        // Two files may hold the same changes: each is counted once.
        let reached = before.filter(|(other, _)| other == replica).map_or(0, |(_, reached)| reached);
        let known = status.have.iter().find(|have| have.replica == *replica).map_or(0, |have| have.known_max);
        let unheard = reached.max(known) + 1;
        if unheard < *first {
            status.missing.push((*replica, unheard, first - 1));
        }
        let from = (*first).max(reached + 1).max(upto(&status.have, *replica) + 1);
        if from <= *last {
            status.to_take += last - from + 1 - store.count(*replica, from, *last)?;
        }
        before = Some((*replica, reached.max(*last)));
    }
    status.missing.sort_unstable();
    Ok(status)
}

/// Writes a bundle, and reads it back: shares and sticks have been seen to lose what they took.
fn put(path: &Path, bytes: &[u8]) -> Outcome<()> {
    file::put(path, bytes)?;
    let back = read_file(path)?;
    if back != bytes {
        // Somebody else may have written the same changes under this name; then they can be read.
        bundle::read_all(&back).map_err(|failure| placed(failure, path))?;
    }
    Ok(())
}

fn add(gathered: &mut Gathered, taken: Outcome<crate::store::Taken>) {
    match taken {
        Ok(taken) => {
            gathered.new += taken.new;
            gathered.ahead.extend(taken.ahead);
            gathered.ahead.sort_unstable();
            gathered.ahead.dedup();
            gathered.touched.extend(taken.touched);
            if gathered.new > TOUCHED_AT_MOST {
                gathered.touched.clear();
            }
        }
        Err(failure) => gathered.refused.push(failure),
    }
}

/// Up to where all of a replica's changes are here.
fn upto(have: &[Have], replica: ReplicaId) -> i64 {
    have.iter().find(|have| have.replica == replica).map_or(0, |have| have.upto)
}

fn placed(failure: Failure, path: &Path) -> Failure {
    if failure.place.is_some() { failure } else { failure.at(path.display().to_string()) }
}

/// Hands out the changes in runs without a gap, each of a size for one bundle.
fn each_run(
    store: &Store,
    origin: ReplicaId,
    span: (i64, i64),
    mut take: impl FnMut(&[RemoteChange]) -> Outcome<()>,
) -> Outcome<()> {
    let mut run: Vec<RemoteChange> = Vec::new();
    let mut bytes = 0;
    store.each_change(origin, span, |change| {
        let follows = run.last().is_none_or(|last| last.seq + 1 == change.seq);
        if !follows || run.len() >= CHANGES_PREFERRED || bytes >= BYTES_PREFERRED {
            take(&run)?;
            run.clear();
            bytes = 0;
        }
        bytes += change.fields.len() + change.seen.as_ref().map_or(0, String::len) + change.record.len() * 2 + 256;
        run.push(change);
        Ok(())
    })?;
    if run.is_empty() { Ok(()) } else { take(&run) }
}

fn read_named(named: &Named) -> Outcome<Vec<RemoteChange>> {
    let bytes = read_file(&named.path)?;
    let (segment, rest) = bundle::read(&bytes)?;
    let is_named = (segment.replica, segment.first, segment.last) == (named.replica, named.first, named.last);
    if !is_named || !rest.is_empty() {
        return Err(Failure::refused("This bundle is not what its name says.")
            .hint("Put it back under its own name, or take it in with `huddleboard import`."));
    }
    Ok(segment.changes)
}

fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    let length = fs::metadata(path).map_err(|error| file::of_file(path, &error))?.len();
    if length > FILE_AT_MOST {
        return Err(Failure::refused("This file is longer than any bundle.").at(path.display().to_string()));
    }
    fs::read(path).map_err(|error| file::of_file(path, &error))
}

/// The stretches of a replica's numbers up to `highest` that no bundle of the folder covers.
fn gaps(bundles: &[Named], replica: ReplicaId, highest: i64) -> Vec<(i64, i64)> {
    let mut gaps = Vec::new();
    let mut from = 1;
    for named in bundles.iter().filter(|named| named.replica == replica) {
        if named.first > from {
            gaps.push((from, (named.first - 1).min(highest)));
        }
        from = from.max(named.last + 1);
    }
    gaps.push((from, highest));
    gaps.retain(|(first, last)| first <= last);
    gaps
}

/// All bundles of the folder, by replica and number. Only names of the right shape count, and only
/// plain files in plain folders: a link could lead anywhere.
fn list(folder: &Path) -> Outcome<Vec<Named>> {
    let mut found = Vec::new();
    for (name, path) in entries(folder, |kind| kind.is_dir())? {
        let id = Uuid::try_parse(&name).ok().filter(|id| id.simple().to_string() == name);
        let Some(replica) = id.map(ReplicaId) else { continue };
        for (name, path) in entries(&path, |kind| kind.is_file())? {
            if let Some((first, last)) = numbers(&name) {
                found.push(Named { replica, first, last, path });
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

fn entries(folder: &Path, wanted: impl Fn(fs::FileType) -> bool) -> Outcome<Vec<(String, PathBuf)>> {
    let failed = |error: std::io::Error| file::of_file(folder, &error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string())
            && wanted(kind)
        {
            found.push((name, entry.path()));
        }
    }
    Ok(found)
}

fn numbers(name: &str) -> Option<(i64, i64)> {
    let (first, last) = name.strip_suffix(".hbs")?.split_once('-')?;
    let number = |text: &str| {
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<i64>().ok())?
    };
    let (first, last) = (number(first)?, number(last)?);
    (first >= 1 && first <= last && last - first < CHANGES_AT_MOST).then_some((first, last))
}
