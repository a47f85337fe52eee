//! Which bundles stand in a folder, told by their names alone.
//!
//! A bundle stands at `<replica>/<first>-<last>.hbs`. Where texts in it were blanked, `-r` and the number
//! of blankings that it knows of follow the last number: whoever knows of more writes it anew.

use std::fs;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::bundle::CHANGES_AT_MOST;
use super::draft::is_draft;
use super::file;
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;

/// A bundle by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) replica: ReplicaId,
    pub(super) first: i64,
    pub(super) last: i64,
    /// How many blankings it knows of.
    pub(super) blanked: usize,
    pub(super) path: PathBuf,
}

impl Named {
    /// How many changes it holds.
    pub(super) fn len(&self) -> i64 {
        self.last - self.first + 1
    }

    /// Its name within the folder: the same wherever the folder is.
    pub(super) fn key(&self) -> String {
        format!("{}/{}", self.replica.0.simple(), file_name(self.first, self.last, self.blanked))
    }
}

/// What a bundle is called.
pub(super) fn file_name(first: i64, last: i64, blanked: usize) -> String {
    if blanked == 0 { format!("{first:012}-{last:012}.hbs") } else { format!("{first:012}-{last:012}-r{blanked}.hbs") }
}

/// What boards have written into a folder.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The bundles, by replica and number.
    pub(super) bundles: Vec<Named>,
    /// Files in the making.
    pub(super) drafts: Vec<PathBuf>,
}

/// All bundles of the folder, as [`look`] finds them.
pub(super) fn list(folder: &Path) -> Outcome<Vec<Named>> {
    look(folder).map(|seen| seen.bundles)
}

/// Looks a folder through once. Only names of the right shape count, and only plain files in plain
/// folders: a link could lead anywhere.
pub(super) fn look(folder: &Path) -> Outcome<Seen> {
    let mut seen = Seen::default();
    for (name, path) in entries(folder, |kind| kind.is_dir())? {
        let id = Uuid::try_parse(&name).ok().filter(|id| id.simple().to_string() == name);
        let Some(replica) = id.map(ReplicaId) else { continue };
        for (name, path) in entries(&path, |kind| kind.is_file())? {
            if let Some((first, last, blanked)) = numbers(&name) {
                seen.bundles.push(Named { replica, first, last, blanked, path });
            } else if is_draft(&name) {
                seen.drafts.push(path);
            }
        }
    }
    seen.bundles.sort_unstable();
    Ok(seen)
}

/// The stretches of a replica's numbers up to `highest` that no bundle of the folder covers.
pub(super) fn gaps(bundles: &[Named], replica: ReplicaId, highest: i64) -> Vec<(i64, i64)> {
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

fn numbers(name: &str) -> Option<(i64, i64, usize)> {
    let mut parts = name.strip_suffix(".hbs")?.split('-');
    let number = |text: &str| {
        (text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse::<i64>().ok())?
    };
    let (first, last) = (number(parts.next()?)?, number(parts.next()?)?);
    let blanked = match parts.next() {
        None => 0,
        Some(count) => count.strip_prefix('r')?.parse().ok().filter(|count| *count > 0)?,
    };
    let plausible = parts.next().is_none() && first >= 1 && first <= last && last - first < CHANGES_AT_MOST;
    (plausible && name == file_name(first, last, blanked)).then_some((first, last, blanked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written_and_nothing_else_is_a_bundle() {
        for (first, last, blanked) in [(1, 1, 0), (7, 20_006, 3)] {
            assert_eq!(numbers(&file_name(first, last, blanked)), Some((first, last, blanked)));
        }
        for name in [
            "1-2.hbs",
            "000000000002-000000000001.hbs",
            "000000000001-000000000002-r0.hbs",
            "000000000001-000000000002-r01.hbs",
            "000000000001-000000000002-r1-r2.hbs",
            "000000000001-000000000002.hbs.part",
            "000000000000-000000000002.hbs",
            "+00000000001-000000000002.hbs",
        ] {
            assert_eq!(numbers(name), None, "{name}");
        }
    }
}
