//! The log as people read it: who did what, when, and what a record held before.

use chrono::{TimeZone, Utc};
use rusqlite::Row as SqlRow;
use rusqlite::types::Value as SqlValue;

use super::apply::stamp_from;
use super::clock::Stamp;
use super::line::read_json;
use super::open::uuid_at;
use super::table::{Place, Row};
use super::{LogEntry, LogQuery, Store, Touched};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::change::{RecordKey, tame};
use crate::domain::record::{Kind, Value};

/// The columns of an entry, in the order that [`entry_from`] reads them.
const ENTRY: &str = "SELECT c.wall, c.counter, r.id, c.seq, c.action, a.at, a.actor, a.words, h.id, c.kind, c.record, c.creates, c.fields
     FROM changes c JOIN replicas r ON r.no = c.origin JOIN handles h ON h.no = c.team
     JOIN actions a ON a.origin = c.origin AND a.seq = c.action";

impl Store {
    /// The changes that `query` asks for, the latest first.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn log(&self, query: &LogQuery) -> Outcome<Vec<LogEntry>> {
        let mut found = match (&query.record, query.kind) {
            (Some(record), Some(kind)) => self.stamped(kind, record)?,
            _ => self.latest(query)?,
        };
        let since = query.since.unwrap_or_default();
        let wanted = |entry: &LogEntry| {
            entry.at >= since
                && query.team.is_none_or(|team| entry.team == team)
                && query.kind.is_none_or(|kind| entry.kind == Some(kind))
                && query.record.as_ref().is_none_or(|record| entry.record.as_ref() == Some(record))
        };
        found.retain(|(_, entry)| wanted(entry));
        found.sort_by_key(|(stamp, entry)| std::cmp::Reverse((*stamp, entry.sequence)));
        if query.limit > 0 {
            found.truncate(query.limit);
        }
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    /// All changes of one record, the oldest first.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn history(&self, kind: Kind, record: &RecordKey) -> Outcome<Vec<LogEntry>> {
        let mut found = self.stamped(kind, record)?;
        found.sort_by_key(|(stamp, entry)| (*stamp, entry.sequence));
        Ok(found.into_iter().map(|(_, entry)| entry).collect())
    }

    fn stamped(&self, kind: Kind, record: &RecordKey) -> Outcome<Vec<(Stamp, LogEntry)>> {
        let mut statement =
            self.conn.prepare_cached(&format!("{ENTRY} WHERE c.kind = ?1 AND c.record = ?2 AND c.indexed = 1"))?;
        let mut found = collect(statement.query((kind.code(), record.bytes()))?)?;
        if let (true, RecordKey::Point(point)) = (found.is_empty(), record) {
            // A point that only one change has touched is in no index: its row names that change.
            let handle = self.handle_of(point.measure.0)?;
            let row =
                handle.map(|handle| Row::read(&self.conn, kind, &Place::of(record, handle))).transpose()?.flatten();
            if let Some(base) = row.and_then(|row| row.base) {
                let mut statement = self.conn.prepare_cached(&format!("{ENTRY} WHERE c.origin = ?1 AND c.seq = ?2"))?;
                found = collect(statement.query((base.origin, base.seq))?)?;
            }
        }
        Ok(found)
    }

    /// The latest changes of each replica, as far as the columns can tell which are wanted.
    fn latest(&self, query: &LogQuery) -> Outcome<Vec<(Stamp, LogEntry)>> {
        let replicas: Vec<i64> = {
            let mut statement = self.conn.prepare_cached("SELECT no FROM replicas")?;
            let rows = statement.query_map([], |row| row.get(0))?;
            rows.collect::<rusqlite::Result<_>>()?
        };
        let mut sql = format!("{ENTRY} WHERE c.origin = ?");
        let mut values: Vec<SqlValue> = Vec::new();
        let mut narrow = |condition: &str, value: SqlValue| {
            sql.push_str(condition);
            values.push(value);
        };
        if let Some(team) = query.team {
            narrow(" AND h.id = ?", team.bytes().to_vec().into());
        }
        if let Some(kind) = query.kind {
            narrow(" AND c.kind = ?", kind.code().to_owned().into());
        }
        if let Some(record) = &query.record {
            narrow(" AND c.record = ?", record.bytes().into());
        }
        if let Some(since) = query.since {
            narrow(" AND a.at >= ?", since.timestamp_millis().into());
        }
        let limit = if query.limit == 0 { i64::MAX } else { i64::try_from(query.limit).unwrap_or(i64::MAX) };
        narrow(" ORDER BY c.seq DESC LIMIT ?", limit.into());
        let mut found = Vec::new();
        for replica in replicas {
            let mut statement = self.conn.prepare_cached(&sql)?;
            let bound = std::iter::once(SqlValue::from(replica)).chain(values.iter().cloned());
            found.extend(collect(statement.query(rusqlite::params_from_iter(bound))?)?);
        }
        Ok(found)
    }
}

fn collect(mut rows: rusqlite::Rows<'_>) -> Outcome<Vec<(Stamp, LogEntry)>> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(entry_from(row)?);
    }
    Ok(found)
}

fn entry_from(row: &SqlRow<'_>) -> Outcome<(Stamp, LogEntry)> {
    let stamp = stamp_from(row, 0)?;
    let kind = Kind::parse(&row.get::<_, String>(9)?);
    let record: Vec<u8> = row.get(10)?;
    let mut fields = parse_fields(&row.get::<_, String>(12)?);
    for (name, value) in &mut fields {
        // What came from elsewhere has passed nobody's rules yet.
        if let Some(field) = kind.and_then(|kind| kind.field(name)) {
            *value = tame(field, std::mem::replace(value, Value::Null));
        }
    }
    let entry = LogEntry {
        replica: ReplicaId(uuid_at(row, 2)?),
        sequence: row.get(3)?,
        action: row.get(4)?,
        at: Utc.timestamp_millis_opt(row.get(5)?).single().unwrap_or_default(),
        actor: row.get::<_, Option<String>>(6)?.as_deref().map(text::clean_line),
        words: text::clean_line(&row.get::<_, String>(7)?),
        team: TeamId(uuid_at(row, 8)?),
        kind,
        record: kind.and_then(|kind| RecordKey::parse(kind, &record)),
        creates: row.get(11)?,
        fields,
    };
    Ok((stamp, entry))
}

/// What a change set, by the names that the log has, known or not.
pub(super) fn parse_fields(json: &str) -> Vec<(String, Value)> {
    let fields = read_json(json).unwrap_or_default();
    fields.into_iter().map(|(name, value)| (name.into_owned(), value)).collect()
}

/// The record in three columns: the team's id, the kind, the record's bytes. Nothing for a kind that
/// this version does not know.
pub(super) fn touched_from(row: &SqlRow<'_>) -> Outcome<Option<Touched>> {
    let Some(kind) = Kind::parse(&row.get::<_, String>(1)?) else { return Ok(None) };
    let bytes: Vec<u8> = row.get(2)?;
    let team = TeamId(uuid_at(row, 0)?);
    Ok(RecordKey::parse(kind, &bytes).map(|record| Touched { team, kind, record }))
}
