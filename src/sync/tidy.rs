//! Keeping a folder small and clean: few wide bundles in place of many narrow ones, and bundles without
//! the texts that were blanked since they were written.
//!
//! What a bundle says of a number never changes, but for a blanked text. A bundle is only ever taken
//! away after another one that says the same stands beside it and was read back; whoever finds it gone
//! while reading looks again with the next sync.

use std::fs;
use std::path::Path;

use super::bundle;
use super::draft::Writing;
use super::file;
use super::folder::read_named;
use super::listing::{Named, file_name, list};
use super::publish::{CHANGES_PREFERRED, blankings_in, each_run, put};
use crate::base::error::Outcome;
use crate::store::{Blanking, RemoteChange, Store};

/// So many narrow bundles, one after another, are made into one.
const NARROW_AT_MOST: usize = 24;

/// Does what there is to do about these bundles, as far as this file can: mostly nothing.
pub(super) fn tidy(writing: &Writing, store: &Store, folder: &Path, bundles: &[Named]) -> Outcome<()> {
    let blankings = store.blankings()?;
    for named in bundles {
        let known = blankings_in(&blankings, named.replica, named.first, named.last);
        if known > named.blanked {
            write_anew(writing, store, named, known)?;
        }
    }
    // Each board joins its own: no two ever do the same.
    let own: Vec<&Named> = bundles.iter().filter(|named| named.replica == store.replica()).collect();
    match narrow(&own) {
        Some(run) => join(writing, store, folder, run, &blankings),
        None => Ok(()),
    }
}

/// Writes a bundle once more with what is blank by now, and takes the old one away.
fn write_anew(writing: &Writing, store: &Store, named: &Named, known: usize) -> Outcome<()> {
    let mut own: Vec<RemoteChange> = Vec::new();
    store.each_change(named.replica, (named.first, named.last), |change| {
        own.push(change);
        Ok(())
    })?;
    if i64::try_from(own.len()).ok() != Some(named.len()) {
        // What is not here is taken from the bundle itself.
        let Ok(Some(mut changes)) = read_named(named) else { return Ok(()) };
        for change in own {
            if let Some(place) = changes.iter_mut().find(|other| other.seq == change.seq) {
                *place = change;
            }
        }
        own = changes;
    }
    let Some(place) = named.path.parent() else { return Ok(()) };
    put(writing, &place.join(file_name(named.first, named.last, known)), &bundle::write(&own)?)?;
    take_away(&named.path)
}

/// The first run of narrow bundles that is long enough to be joined.
fn narrow<'b>(own: &[&'b Named]) -> Option<Vec<&'b Named>> {
    let mut run: Vec<&Named> = Vec::new();
    for named in own {
        let span = run.first().map_or(0, |first| named.last - first.first + 1);
        let follows = run.last().is_none_or(|last| last.last + 1 == named.first);
        if !follows || span > i64::try_from(CHANGES_PREFERRED).unwrap_or(i64::MAX) {
            if run.len() >= NARROW_AT_MOST {
                return Some(run);
            }
            run.clear();
        }
        run.push(named);
    }
    (run.len() >= NARROW_AT_MOST).then_some(run)
}

fn join(writing: &Writing, store: &Store, folder: &Path, run: Vec<&Named>, blankings: &[Blanking]) -> Outcome<()> {
    let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
    let (replica, span) = (first.replica, (first.first, last.last));
    let place = folder.join(replica.0.simple().to_string());
    file::make_folder(&place)?;
    each_run(store, replica, span, |changes| {
        let (Some(first), Some(last)) = (changes.first(), changes.last()) else { return Ok(()) };
        let known = blankings_in(blankings, replica, first.seq, last.seq);
        put(writing, &place.join(file_name(first.seq, last.seq, known)), &bundle::write(changes)?)
    })?;
    // Whatever the new ones turned out to be: only what they cover goes.
    let wide = list(folder)?;
    for named in run {
        let covered = wide.iter().any(|other| {
            other.replica == replica
                && other.first <= named.first
                && other.last >= named.last
                && other.len() > named.len()
        });
        if covered {
            take_away(&named.path)?;
        }
    }
    Ok(())
}

fn take_away(path: &Path) -> Outcome<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file::of_file(path, &error)),
        _ => Ok(()),
    }
}
