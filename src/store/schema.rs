//! The versions of the file's schema, in order; opening an older file brings it up to the last one.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::backup::integrity;
use super::failure::{damaged, internal};
use super::{conflicts, rebuild};
use crate::base::error::{Failure, FailureKind, Outcome};

/// "HUDB": what says in the file's header that it is a huddleboard.
pub(super) const APPLICATION_ID: i32 = 0x4855_4442;

/// Each version as the SQL that makes it from the one before. Append only: a version that was
/// released never changes.
const VERSIONS: &[&str] = &[
    include_str!("schema/v1.sql"),
    include_str!("schema/v2.sql"),
    include_str!("schema/v3.sql"),
    include_str!("schema/v4.sql"),
];

/// The version that this program writes.
#[allow(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "a handful of versions")]
pub(super) const CURRENT: i32 = VERSIONS.len() as i32;

/// Refuses a file that is somebody else's or newer than this program.
pub(super) fn check(application: i32, version: i32) -> Outcome<()> {
    if application != APPLICATION_ID && (application != 0 || version != 0) {
        return Err(foreign());
    }
    if version > CURRENT {
        return Err(Failure::machine(format!(
            "This file was made by a newer huddleboard (schema {version}; this one knows up to {CURRENT})."
        ))
        .hint("Install the newer version, or open another file; nothing was changed."));
    }
    if version < 0 { Err(foreign()) } else { Ok(()) }
}

/// What is said of a database that another program made.
pub(super) fn foreign() -> Failure {
    Failure::new(FailureKind::Refused, "This is not a huddleboard file.")
        .hint("Choose another file; this one is left as it is.")
}

/// What a file that is brought up to date has to fall back on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// A copy of it, or nothing was in it.
    Kept,
    /// Nothing but itself.
    Alone,
}

/// Brings the schema up to date in one transaction. The log must come through it whole; where there is
/// no copy of the file, all of the file must be.
pub(super) fn migrate(conn: &mut Connection, care: Care) -> Outcome<()> {
    if stands(conn)? == CURRENT {
        return Ok(());
    }
    let transaction = Transaction::new(conn, TransactionBehavior::Immediate)?;
    // Another program may have done it while this one waited for the lock.
    let found = usize::try_from(stands(&transaction)?).map_err(|_| foreign())?;
    let Some(missing) = VERSIONS.get(found..) else { return Err(internal("The schema is ahead of the program.")) };
    if !missing.is_empty() {
        let before = if found == 0 { (0, 0) } else { log(&transaction)? };
        for version in missing {
            transaction.execute_batch(version)?;
        }
        if log(&transaction)? != before {
            return Err(internal("Bringing the file up to date would have changed its log."));
        }
        if care == Care::Alone && integrity(&transaction, "quick_check")?.is_some() {
            return Err(damaged());
        }
        transaction.pragma_update(None, "user_version", CURRENT)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        if found > 0 && holds_newer(&transaction, found)? {
            rebuild::make_again(&transaction)?;
        } else if found > 0 {
            conflicts::look_everywhere(&transaction)?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Whether another board's newer program wrote something of what is in the log: the older one kept what
/// it did not know, and could not put it into its tables.
fn holds_newer(conn: &Connection, version: usize) -> Outcome<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM changes WHERE schema > ?1)";
    Ok(conn.query_one(sql, [i64::try_from(version).unwrap_or(0)], |row| row.get(0))?)
}

/// How much the log holds.
fn log(conn: &Connection) -> Outcome<(i64, i64)> {
    let sql = "SELECT (SELECT count(*) FROM changes), (SELECT count(*) FROM actions)";
    Ok(conn.query_one(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Refuses a file that has to be brought up to date first, where that cannot be done.
pub(super) fn check_current(conn: &Connection) -> Outcome<()> {
    if stands(conn)? == CURRENT { Ok(()) } else { Err(super::failure::read_only()) }
}

/// The version of the file, where it may be opened at all; it is only read.
pub(super) fn stands(conn: &Connection) -> Outcome<i32> {
    // In one statement, because another program may be making the file at this moment.
    let (application, version, tables): (i32, i32, i64) = conn.query_one(
        "SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
                (SELECT count(*) FROM sqlite_schema)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    check(application, version)?;
    // An empty file that a creation left behind may be filled; anything else is another program's.
    if application == 0 && tables > 0 { Err(foreign()) } else { Ok(version) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{Kind, Shape};
    use crate::store::table;

    #[test]
    fn every_table_has_the_columns_that_the_registry_names() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, Care::Kept).unwrap();
        for kind in Kind::ALL {
            let mut statement = conn.prepare("SELECT name, type FROM pragma_table_info(?1)").unwrap();
            let columns: Vec<(String, String)> = statement
                .query_map([table::name(kind)], |row| Ok((row.get(0)?, row.get(1)?)))
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let own = ["id", "team", "deleted", "revision", "origin", "seq", "measure", "start", "stratum", "ordinal"];
            let fields: Vec<(String, String)> = columns
                .into_iter()
                .filter(|(name, _)| {
                    kind.fields().iter().any(|field| field.name == name) || !own.contains(&name.as_str())
                })
                .collect();
            let expected: Vec<(String, String)> = kind
                .fields()
                .iter()
                .map(|field| {
                    let column = match field.shape {
                        Shape::Number => "REAL",
                        Shape::Whole | Shape::Flag => "INTEGER",
                        _ => "TEXT",
                    };
                    (field.name.to_owned(), column.to_owned())
                })
                .collect();
            assert_eq!(fields, expected, "{}", table::name(kind));
        }
    }

    #[test]
    fn every_table_is_strict() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrate(&mut conn, Care::Kept).unwrap();
        let loose: i64 = conn
            .query_one("SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite%' AND strict = 0", [], |row| row.get(0))
            .unwrap();
        assert_eq!(loose, 0);
    }
}
