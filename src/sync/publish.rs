//! Putting into a folder what this file has and the folder lacks, and all of it into one file.

use std::path::Path;

use super::draft::{Writing, drafts_in};
use super::folder::{GoOn, Progress, placed, read_file};
use super::listing::{Named, file_name, gaps, look};
use super::{bundle, file};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::store::{Blanking, RemoteChange, Store};

/// A new bundle is begun after so many changes, or so many bytes of what they set.
pub(super) const CHANGES_PREFERRED: usize = 20_000;

const BYTES_PREFERRED: usize = 4 << 20;

/// What was put into the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// How many bundles.
    pub bundles: usize,
    /// How many changes.
    pub changes: usize,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

/// Puts into the folder what this file has and the folder lacks.
///
/// # Errors
/// What the disk answered; the bundles that were written before stay and are good.
pub fn publish(store: &Store, folder: &Path) -> Outcome<Published> {
    let seen = look(folder)?;
    publish_telling(&Writing::begin(store, &seen.drafts), store, folder, &seen.bundles, &mut |_| true)
}

/// Does what [`publish`] does, and says how far it is.
///
/// # Errors
/// As [`publish`].
pub(super) fn publish_telling(
    writing: &Writing,
    store: &Store,
    folder: &Path,
    bundles: &[Named],
    go_on: GoOn<'_>,
) -> Outcome<Published> {
    let blanked = store.blankings()?;
    let missing: Vec<(ReplicaId, (i64, i64))> = store
        .have()?
        .iter()
        .flat_map(|have| gaps(bundles, have.replica, have.known_max).into_iter().map(|gap| (have.replica, gap)))
        .collect();
    let of = missing.iter().map(|(_, (first, last))| usize::try_from(last - first + 1).unwrap_or(0)).sum();
    let mut published = Published::default();
    for (replica, gap) in missing {
        let place = folder.join(replica.0.simple().to_string());
        each_run(store, replica, gap, |run| {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
            if !go_on(Progress::Writing { done: published.changes, of }) {
                published.stopped = true;
                return Err(stopped());
            }
            file::make_folder(&place)?;
            let known = blankings_in(&blanked, replica, first.seq, last.seq);
            put(writing, &place.join(file_name(first.seq, last.seq, known)), &bundle::write(run)?)?;
            published.bundles += 1;
            published.changes += run.len();
            Ok(())
        })
        .or_else(|failure| if published.stopped { Ok(()) } else { Err(failure) })?;
        if published.stopped {
            break;
        }
    }
    Ok(published)
}

/// How many blankings touch these changes of a replica.
pub(super) fn blankings_in(blanked: &[Blanking], replica: ReplicaId, first: i64, last: i64) -> usize {
    blanked.iter().filter(|one| one.replica == replica && one.first <= last && one.last >= first).count()
}

/// Ends a walk over the log because somebody asked for it; nobody reads it.
fn stopped() -> Failure {
    Failure::refused("The sync was stopped.")
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
    let beside = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    put(&Writing::begin(store, &drafts_in(beside)), path, &bytes)?;
    Ok(count)
}

/// Writes a bundle, and reads it back: shares and sticks have been seen to lose what they took.
pub(super) fn put(writing: &Writing, path: &Path, bytes: &[u8]) -> Outcome<()> {
    file::put(writing, path, bytes)?;
    let back = read_file(path)?;
    if back != bytes {
        // Somebody else may have written the same changes under this name; then they can be read.
        bundle::read_all(&back).map_err(|failure| placed(failure, path))?;
    }
    Ok(())
}

/// Hands out the changes in runs without a gap, each of a size for one bundle.
pub(super) fn each_run(
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
        // An action's own line stands before its first change; a stranger's words may be as long as they like.
        if run.last().is_none_or(|last| last.action.seq != change.action.seq) {
            bytes += change.action.words.len() + change.action.actor.as_ref().map_or(0, String::len);
        }
        bytes += change.fields.len() + change.seen.as_ref().map_or(0, String::len) + change.record.len() * 2 + 256;
        run.push(change);
        Ok(())
    })?;
    if run.is_empty() { Ok(()) } else { take(&run) }
}
