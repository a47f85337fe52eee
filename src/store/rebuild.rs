//! The tables once more from the log, and what they say, as one line to compare.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Params, Row as SqlRow, Transaction, TransactionBehavior};
use uuid::Uuid;

use super::Store;
use super::apply::{Change, State, Target, apply, stamp_from};
use super::conflicts;
use super::failure::read_only;
use super::log::parse_fields;
use super::open::uuid_at;
use super::points;
use super::table::{self, At, Place, Row, settle};
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::change::{self, RecordKey};
use crate::domain::record::{Kind, Value};

impl Store {
    /// Makes all tables again from the log, in one transaction.
    ///
    /// # Errors
    /// What the disk answered; the tables stay as they were then.
    pub fn rebuild(&mut self) -> Outcome<()> {
        if !self.writable {
            return Err(read_only());
        }
        let transaction = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        make_again(&transaction)?;
        transaction.commit()?;
        Ok(())
    }

    /// What the tables say, in one line that is the same wherever the same is said: it knows nothing of
    /// the numbers that this file gives to replicas and measures, nor of the order of arrival.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn digest(&self) -> Outcome<String> {
        let mut sum = Uuid::nil();
        for kind in Kind::ALL {
            let fields: String = kind.fields().iter().map(|field| format!(", \"{}\"", field.name)).collect();
            let table = table::name(kind);
            let sql = match kind {
                Kind::Point => format!(
                    "SELECT h.id, p.start, p.stratum, p.ordinal, p.deleted{fields} FROM handles h JOIN points p ON p.measure = h.no
                     ORDER BY h.id, p.start, p.stratum, p.ordinal"
                ),
                _ => format!("SELECT id, team, deleted{fields} FROM {table} ORDER BY id"),
            };
            sum = Uuid::new_v5(&sum, kind.code().as_bytes());
            let mut statement = self.conn.prepare(&sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            let mut line = Vec::new();
            while let Some(row) = rows.next()? {
                line.clear();
                for column in 0..columns {
                    write_value(&mut line, row.get_ref(column)?);
                }
                sum = Uuid::new_v5(&sum, &line);
            }
        }
        Ok(sum.simple().to_string())
    }
}

/// Makes all tables again from the log, inside a transaction that already holds the write lock.
pub(super) fn make_again(conn: &Connection) -> Outcome<()> {
    for kind in Kind::ALL {
        conn.execute(&format!("DELETE FROM {}", table::name(kind)), [])?;
    }
    conn.execute("DELETE FROM versions", [])?;
    // The order does not matter to the result, and the log's own is the cheapest to read.
    fold(conn, "ORDER BY c.origin, c.seq", [])?;
    conflicts::look_everywhere(conn)
}

/// Makes one record again from the log, as far as its index of records knows the changes.
pub(super) fn refold(conn: &Connection, kind: Kind, record: &[u8]) -> Outcome<()> {
    let Some(key) = RecordKey::parse(kind, record) else { return Ok(()) };
    let measure = match &key {
        RecordKey::Point(point) => points::handle_for(conn, &mut HashMap::new(), point.measure.0)?,
        RecordKey::Id(_) => 0,
    };
    Row::remove(conn, kind, &Place::of(&key, measure))?;
    conn.prepare_cached("DELETE FROM versions WHERE kind = ?1 AND record = ?2")?.execute((kind.code(), record))?;
    fold(conn, "WHERE c.kind = ?1 AND c.record = ?2 AND c.indexed = 1", (kind.code(), record))
}

/// Applies the lines of the log that `which` names.
fn fold(conn: &Connection, which: &str, params: impl Params) -> Outcome<()> {
    let mut statement = conn.prepare(&format!(
        "SELECT c.wall, c.counter, r.id, c.origin, c.seq, t.id, c.kind, c.record, c.creates, c.fields FROM changes c
         JOIN replicas r ON r.no = c.origin JOIN handles t ON t.no = c.team {which}"
    ))?;
    let mut rows = statement.query(params)?;
    let mut handles = HashMap::new();
    while let Some(row) = rows.next()? {
        if let Some((target, change)) = line_from(conn, &mut handles, row)? {
            apply(conn, &target, State::load(conn, &target)?, &change)?;
        }
    }
    Ok(())
}

/// A line of the log as a change, where this version knows its kind.
fn line_from(
    conn: &Connection,
    handles: &mut HashMap<Uuid, i64>,
    row: &SqlRow<'_>,
) -> Outcome<Option<(Target, Change)>> {
    let bytes: Vec<u8> = row.get(7)?;
    let team = TeamId(uuid_at(row, 5)?);
    let Some((kind, key)) = readable(row.get_ref(6)?.as_str().unwrap_or_default(), &bytes, team) else {
        return Ok(None);
    };
    let measure = match &key {
        // An older program may not have known it for a point, and given the measure no number.
        RecordKey::Point(point) => points::handle_for(conn, handles, point.measure.0)?,
        RecordKey::Id(_) => 0,
    };
    let fields = known_fields(kind, parse_fields(&row.get::<_, String>(9)?));
    let change = Change {
        at: At { origin: row.get(3)?, seq: row.get(4)? },
        stamp: stamp_from(row, 0)?,
        team,
        creates: row.get(8)?,
        fields,
    };
    Ok(Some((Target { kind, place: Place::of(&key, measure), bytes }, change)))
}

/// The record that a line of the log is about, where the tables of this version have a place for it.
/// Nothing but the line itself may decide this, so that every replica decides alike.
pub(super) fn readable(kind: &str, record: &[u8], team: TeamId) -> Option<(Kind, RecordKey)> {
    let kind = Kind::parse(kind)?;
    let key = RecordKey::parse(kind, record)?;
    let fits = match &key {
        // One record has one name: two that differ in bytes would share a row and not its versions.
        RecordKey::Point(point) => text::clean_line(&point.stratum) == point.stratum && point.is_named_by(record),
        // A team is its own, or a change of one team could make another.
        RecordKey::Id(id) => kind != Kind::Team || *id == team.0,
    };
    fits.then_some((kind, key))
}

/// What a line of the log sets, as far as this version knows the fields and they can hold it.
pub(super) fn known_fields<N: AsRef<str>>(kind: Kind, fields: Vec<(N, Value)>) -> Vec<(&'static str, Value)> {
    let known = |(name, value): (N, Value)| {
        kind.field(name.as_ref()).map(|field| (field.name, settle(field, change::tame(field, value))))
    };
    fields.into_iter().filter_map(known).collect()
}

/// A value so that no two rows of different values read alike: its sort, its length, its bytes.
fn write_value(line: &mut Vec<u8>, value: ValueRef<'_>) {
    let (sort, bytes) = match value {
        ValueRef::Null => (b'0', Vec::new()),
        ValueRef::Integer(number) => (b'i', number.to_be_bytes().to_vec()),
        ValueRef::Real(number) => (b'r', number.to_bits().to_be_bytes().to_vec()),
        ValueRef::Text(text) => (b't', text.to_vec()),
        ValueRef::Blob(blob) => (b'b', blob.to_vec()),
    };
    line.push(sort);
    line.extend_from_slice(&bytes.len().to_be_bytes());
    line.extend_from_slice(&bytes);
}
