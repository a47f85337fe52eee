//! What other writers did: one cheap look, twice a second.

use std::collections::HashMap;

use rusqlite::Connection;

use super::log::touched_from;
use super::{Seen, Store, TOUCHED_AT_MOST, Witnessed, identity};
use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// How far this connection has seen the log.
#[derive(Debug, Clone, Default)]
pub(super) struct Looked {
    /// What SQLite counted when others' commits were last looked for.
    version: i64,
    /// The highest sequence number seen of each replica, by its number in this file.
    marks: HashMap<i64, i64>,
    /// What this connection itself has written since: replica, first and last sequence number.
    own: Vec<(i64, i64, i64)>,
}

impl Looked {
    /// From now on.
    pub(super) fn now(conn: &Connection) -> Outcome<Self> {
        Ok(Self { version: data_version(conn)?, marks: reached(conn)?.into_iter().collect(), own: Vec::new() })
    }

    /// This connection itself has written these.
    pub(super) fn wrote(&mut self, origin: i64, first: i64, last: i64) {
        match self.own.last_mut() {
            Some(before) if before.0 == origin && before.2 + 1 == first => before.2 = last,
            _ => self.own.push((origin, first, last)),
        }
    }

    /// The stretches of a replica's numbers after the mark that this connection has not written.
    fn gaps(&self, origin: i64) -> Vec<(i64, i64)> {
        let mut from = self.marks.get(&origin).map_or(1, |mark| mark + 1);
        let mut gaps = Vec::new();
        for (_, first, last) in self.own.iter().filter(|own| own.0 == origin) {
            if *first > from {
                gaps.push((from, first - 1));
            }
            from = from.max(last + 1);
        }
        gaps.push((from, i64::MAX));
        gaps
    }
}

impl Store {
    /// Makes sure that the file which is open is still the one that people find at its path: what is
    /// written to a file that was deleted or replaced is gone when the program ends.
    pub(super) fn check_in_place(&self) -> Outcome<()> {
        if identity::inode(&self.path).is_ok_and(|inode| inode == self.inode) {
            return Ok(());
        }
        Err(Failure::machine("The file was moved, deleted or replaced while it was open.")
            .at(self.path.display().to_string())
            .hint("Nothing more can be saved here: leave the board, put the file back, and open it again."))
    }

    /// What other writers to this file have changed since the last look, or since it was opened.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn look(&mut self) -> Outcome<Seen> {
        self.check_in_place()?;
        let version = data_version(&self.conn)?;
        if version == self.looked.version {
            for (origin, _, last) in std::mem::take(&mut self.looked.own) {
                self.looked.marks.insert(origin, last);
            }
            return Ok(Seen::Nothing);
        }
        let (reached, found) = {
            let reading = self.conn.unchecked_transaction()?;
            let reached = reached(&reading)?;
            let found = written_by_others(&reading, &self.looked, &reached)?;
            (reached, found)
        };
        // What is committed from here on changes SQLite's count again, and is found by the next look.
        self.looked = Looked { version, marks: reached.into_iter().collect(), own: Vec::new() };
        Ok(match found {
            Some(touched) if touched.is_empty() => Seen::Nothing,
            Some(touched) => Seen::Records(touched),
            None => Seen::Anything,
        })
    }
}

fn data_version(conn: &Connection) -> Outcome<i64> {
    Ok(conn.prepare_cached("PRAGMA data_version")?.query_one([], |row| row.get(0))?)
}

fn reached(conn: &Connection) -> Outcome<Vec<(i64, i64)>> {
    let mut statement = conn.prepare_cached("SELECT no, upto FROM replicas")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The records that others changed; `None` where they are too many to name.
fn written_by_others(conn: &Connection, looked: &Looked, reached: &[(i64, i64)]) -> Outcome<Option<Vec<Witnessed>>> {
    let mut found: Vec<Witnessed> = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT h.id, c.kind, c.record, a.actor, CASE WHEN c.origin = l.replica THEN a.session END
         FROM changes c JOIN handles h ON h.no = c.team JOIN local l
         LEFT JOIN actions a ON a.origin = c.origin AND a.seq = c.action
         WHERE c.origin = ?1 AND c.seq BETWEEN ?2 AND ?3 ORDER BY c.seq LIMIT ?4",
    )?;
    let limit = i64::try_from(TOUCHED_AT_MOST).unwrap_or(i64::MAX) + 1;
    for (origin, _) in reached {
        for (from, to) in looked.gaps(*origin) {
            let mut rows = statement.query((origin, from, to, limit))?;
            let mut count = 0;
            while let Some(row) = rows.next()? {
                count += 1;
                if count >= limit {
                    return Ok(None);
                }
                if let Some(touched) = touched_from(row)? {
                    let actor = row.get::<_, Option<String>>(3)?.as_deref().map(text::clean_line);
                    found.push(Witnessed { touched, actor, session: row.get(4)? });
                }
            }
        }
    }
    // Of a record that was changed several times, the last one stands.
    found.reverse();
    let record = |one: &Witnessed| (one.touched.kind, one.touched.record.clone());
    found.sort_by_key(record);
    found.dedup_by(|one, other| one.touched == other.touched);
    Ok(if found.len() > TOUCHED_AT_MOST { None } else { Some(found) })
}
