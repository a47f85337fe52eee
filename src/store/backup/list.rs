//! Which backups a folder has, by their names, and what each holds.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::copy::open_at_rest;
use super::draft::Draft;
use crate::base::clock::SystemClock;
use crate::base::error::Outcome;
use crate::store::failure::{internal, of_file};

/// How a name says when it was.
const WHEN: &str = "%Y-%m-%dT%H%M%SZ";
const ENDING: &str = ".db";

/// Why a copy was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Day by day, by itself or by hand.
    Regular,
    /// Before the file was brought up to this schema.
    BeforeSchema(i32),
    /// Before another file was put in its place.
    BeforeRestore,
    /// It was damaged, and another was put in its place.
    Damaged,
}

impl Sort {
    /// As names start.
    fn stem(self) -> String {
        match self {
            Self::Regular => "backup".to_owned(),
            Self::BeforeSchema(schema) => format!("before-schema-{schema}"),
            Self::BeforeRestore => "before-restore".to_owned(),
            Self::Damaged => "damaged".to_owned(),
        }
    }

    fn parse(stem: &str) -> Option<Self> {
        match stem {
            "backup" => Some(Self::Regular),
            "before-restore" => Some(Self::BeforeRestore),
            "damaged" => Some(Self::Damaged),
            _ => stem.strip_prefix("before-schema-")?.parse().ok().map(Self::BeforeSchema),
        }
    }
}

/// One copy of a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The file.
    pub path: PathBuf,
    /// When it was made.
    pub when: DateTime<Utc>,
    /// How long it is.
    pub bytes: u64,
    /// Why it was kept.
    pub sort: Sort,
}

/// What a copy holds, as far as a list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// How many changes its log has.
    pub changes: i64,
    /// When the last of them was made.
    pub last_change: Option<DateTime<Utc>>,
    /// The day of its latest data point.
    pub latest_value: Option<NaiveDate>,
}

/// The copies in a folder, the newest first; none where there is no such folder. Only names are looked at.
///
/// # Errors
/// What the disk answered.
pub fn backups(folder: &Path) -> Outcome<Vec<Backup>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(of_file(folder, &error)),
    };
    let mut found: Vec<Backup> = entries.flatten().filter_map(|entry| named(&entry.path())).collect();
    found.sort_by(|one, other| other.when.cmp(&one.when).then_with(|| other.path.cmp(&one.path)));
    Ok(found)
}

/// What a copy holds. It is only read, and not checked from end to end.
///
/// # Errors
/// Where it cannot be read, or is no board.
pub fn holding(path: &Path) -> Outcome<Holding> {
    let store = open_at_rest(path, Arc::new(SystemClock))?;
    let conn = &store.conn;
    let last_change: Option<i64> = conn.query_one("SELECT max(at) FROM actions", [], |row| row.get(0))?;
    // Each measure's last point is found by the order in which points are kept.
    let latest: Option<String> = conn
        .query_one(
            "SELECT max((SELECT max(p.start) FROM points p WHERE p.measure = h.no AND p.deleted = 0)) FROM handles h",
            [],
            |row| row.get(0),
        )
        .optional()?
        .flatten();
    Ok(Holding {
        changes: Extent::of(conn)?.changes,
        last_change: last_change.and_then(|at| Utc.timestamp_millis_opt(at).single()),
        latest_value: latest.and_then(|start| start.get(..10)?.parse().ok()),
    })
}

/// How far a file's log goes: two files with the same extent hold the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extent {
    schema: i32,
    pub(super) changes: i64,
    /// How many texts were blanked.
    redactions: i64,
    /// Each replica: its id, how far its changes are all here, and the highest number that is.
    replicas: Vec<(Vec<u8>, i64, i64)>,
}

impl Extent {
    pub(super) fn of(conn: &Connection) -> Outcome<Self> {
        let schema = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
        // Those without a gap need not be counted one by one.
        let changes = conn.query_one(
            "SELECT ifnull(sum(upto + (SELECT count(*) FROM changes c WHERE c.origin = r.no AND c.seq > r.upto)), 0)
             FROM replicas r",
            [],
            |row| row.get(0),
        )?;
        let redactions = match schema {
            ..2 => 0,
            _ => conn.query_one("SELECT count(*) FROM redactions", [], |row| row.get(0))?,
        };
        let mut statement = conn.prepare("SELECT id, upto, known_max FROM replicas WHERE known_max > 0 ORDER BY id")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Self { schema, changes, redactions, replicas: rows.collect::<rusqlite::Result<_>>()? })
    }
}

/// The backup that a file is, where its name is one of ours.
fn named(path: &Path) -> Option<Backup> {
    let stem = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
    let (sort, when) = parse(stem)?;
    let found = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(Backup { path: path.to_owned(), when, bytes: found.len(), sort })
}

/// Reads `backup-2026-11-20T084200Z`, and `…Z-2` for the second of one second.
fn parse(stem: &str) -> Option<(Sort, DateTime<Utc>)> {
    let (before, after) = stem.split_once('Z')?;
    let right = after.is_empty() || after.strip_prefix('-')?.parse::<u32>().is_ok();
    // "2026-11-20T084200" has seventeen letters, and a hyphen stands before it.
    let cut = before.len().checked_sub(17).filter(|cut| before.is_char_boundary(*cut))?;
    let (sort, when) = before.split_at(cut);
    let when = NaiveDateTime::parse_from_str(&format!("{when}Z"), WHEN).ok().filter(|_| right)?;
    Some((Sort::parse(sort.strip_suffix('-')?)?, when.and_utc()))
}

/// A backup that somebody named themselves.
pub(super) fn named_by_hand(path: &Path, when: DateTime<Utc>) -> Outcome<Backup> {
    let found = fs::metadata(path).map_err(|error| of_file(path, &error))?;
    Ok(Backup { path: path.to_owned(), when, bytes: found.len(), sort: Sort::Regular })
}

/// Gives the draft the name that says why and when it was made; the next one where that is taken.
pub(super) fn put_under_a_free_name(
    mut draft: Draft,
    folder: &Path,
    sort: Sort,
    when: DateTime<Utc>,
) -> Outcome<Backup> {
    for path in names(folder, sort, when) {
        match draft.put(&path)? {
            Ok(()) => return named(&path).ok_or_else(|| internal("A backup was not found again.")),
            Err(again) => draft = again,
        }
    }
    Err(internal("All names of a second are taken."))
}

/// The names that a copy may be given, the first choice first.
pub(super) fn names(folder: &Path, sort: Sort, when: DateTime<Utc>) -> impl Iterator<Item = PathBuf> {
    let (folder, stem) = (folder.to_owned(), format!("{}-{}", sort.stem(), when.format(WHEN)));
    (1..1_000).map(move |count| match count {
        1 => folder.join(format!("{stem}{ENDING}")),
        _ => folder.join(format!("{stem}-{count}{ENDING}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_is_given_is_read_again_and_nothing_else_is() {
        let when = "2026-11-20T08:42:07Z".parse().unwrap();
        for sort in [Sort::Regular, Sort::BeforeSchema(12), Sort::BeforeRestore, Sort::Damaged] {
            for path in names(Path::new("x"), sort, when).take(3) {
                let stem = path.file_stem().unwrap().to_str().unwrap();
                assert_eq!(parse(stem), Some((sort, when)), "{stem}");
            }
        }
        for stem in [
            "",
            "Z",
            "ward",
            "backup-Z",
            "backup-2026-11-20",
            "backup-2026-13-20T084207Z",
            "backup2026-11-20T084207Z",
            "backup-2026-11-20T084207Zx",
            "backup-2026-11-20T084207Z-",
            "before-schema-2026-11-20T084207Z",
            "ü-2026-11-20T08420Z",
        ] {
            assert_eq!(parse(stem), None, "{stem}");
        }
    }
}
