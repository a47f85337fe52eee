//! One action while it is written: numbers and stamps for its changes, and what it has done so far.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{CachedStatement, Connection};
use uuid::Uuid;

use super::apply::{Change, State, Target, apply};
use super::clock::{Stamp, Ticker};
use super::commit::Span;
use super::failure::internal;
use super::schema;
use super::table::At;
use super::{Receipt, TOUCHED_AT_MOST, Touched};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::domain::change::RecordKey;
use crate::domain::guard::Concern;
use crate::domain::measure::MeasureKind;
use crate::domain::record::{DELETED, Kind, Value};
use crate::domain::{MeasureId, TeamId};

/// From this many changes on, an action gets a larger page cache: rows that come in no order would
/// otherwise be written and read again and again.
const LARGE_ACTION: usize = 10_000;
const LARGE_CACHE_KIB: i64 = 64 * 1024;

const INSERT_CHANGE: &str = "INSERT INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, seen, indexed, schema)
     VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const INSERT_POINT: &str =
    "INSERT INTO points(measure, start, stratum, ordinal, value, denominator, note, ghost, revision, origin, seq)
     VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10) ON CONFLICT DO NOTHING";

/// What the log says of an action.
#[derive(Debug, Clone)]
pub(super) struct Action {
    pub(super) actor: Option<String>,
    pub(super) session: i64,
    pub(super) words: String,
    /// The first sequence number of the action that this one undoes or redoes.
    pub(super) reverses: Option<i64>,
    pub(super) sort: Sort,
}

/// Whether an action is somebody's own, or takes one back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Edit,
    Undo,
    Redo,
}

impl Sort {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::Undo => "undo",
            Self::Redo => "redo",
        }
    }
}

/// What a data point needs to know of its measure.
#[derive(Debug, Clone, Copy)]
pub(super) struct MeasureFacts {
    pub(super) team: TeamId,
    pub(super) kind: MeasureKind,
    /// Whether a process makes its points.
    pub(super) computed: bool,
}

/// An action on its way into the log.
pub(super) struct Writer<'c> {
    pub(super) conn: &'c Connection,
    pub(super) now: DateTime<Utc>,
    ticker: Ticker,
    replica: ReplicaId,
    pub(super) origin: i64,
    first: i64,
    next: i64,
    pub(super) receipt: Receipt,
    pub(super) concerns: Vec<Concern>,
    pub(super) measures: HashMap<MeasureId, Option<MeasureFacts>>,
    handles: HashMap<Uuid, i64>,
    insert_change: CachedStatement<'c>,
    insert_point: CachedStatement<'c>,
    json: Vec<u8>,
}

/// What becomes one row of the log.
struct Line<'a> {
    stamp: Stamp,
    team: i64,
    kind: Kind,
    record: &'a [u8],
    creates: bool,
    seen: Option<String>,
    indexed: bool,
}

impl<'c> Writer<'c> {
    /// Starts an action inside a transaction that already holds the write lock.
    pub(super) fn begin(conn: &'c Connection, now: DateTime<Utc>) -> Outcome<Self> {
        let (origin, wall, counter, id, upto): (i64, i64, u16, [u8; 16], i64) = conn
            .prepare_cached(
                "SELECT l.replica, l.wall, l.counter, r.id, r.upto FROM local l JOIN replicas r ON r.no = l.replica",
            )?
            .query_one([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))?;
        let id = Uuid::from_bytes(id);
        Ok(Self {
            conn,
            now,
            ticker: Ticker::new(id, wall, counter, now.timestamp_millis()),
            replica: ReplicaId(id),
            origin,
            first: upto + 1,
            next: upto + 1,
            receipt: Receipt::default(),
            concerns: Vec::new(),
            measures: HashMap::new(),
            handles: HashMap::new(),
            insert_change: conn.prepare_cached(INSERT_CHANGE)?,
            insert_point: conn.prepare_cached(INSERT_POINT)?,
            json: Vec::with_capacity(256),
        })
    }

    /// Writes a change over what `state` holds; the caller has checked that it may.
    pub(super) fn write(
        &mut self,
        team: TeamId,
        key: &RecordKey,
        target: &Target,
        state: State,
        creates: bool,
        fields: Vec<(&'static str, Value)>,
    ) -> Outcome<()> {
        let names: Vec<&'static str> = if creates {
            target.kind.fields().iter().chain([&DELETED]).map(|field| field.name).collect()
        } else {
            fields.iter().map(|(name, _)| *name).collect()
        };
        let replaced: Vec<(&str, Stamp)> = names.iter().filter_map(|name| Some((*name, state.stamp(name)?))).collect();
        let stamp = self.ticker.next(replaced.iter().map(|(_, stamp)| *stamp).max());
        // A point's first change is in no index until a second one meets it.
        let indexed = target.kind != Kind::Point || state.row.is_some();
        if let (Kind::Point, Some(row)) = (target.kind, &state.row)
            && row.revision == 1
            && let Some(base) = row.base
        {
            self.conn
                .prepare_cached("UPDATE changes SET indexed = 1 WHERE origin = ?1 AND seq = ?2")?
                .execute((base.origin, base.seq))?;
        }
        let line = Line {
            stamp,
            team: self.handle(team.0)?,
            kind: target.kind,
            record: &target.bytes,
            creates,
            seen: seen_json(&replaced),
            indexed,
        };
        let at = self.log(&line, &fields)?;
        apply(self.conn, target, state, &Change { at, stamp, team, creates, fields })?;
        self.wrote(team, target.kind, key);
        Ok(())
    }

    /// Puts a data point where none was, the way that most points go; answers false and writes nothing
    /// where there is one already.
    pub(super) fn put_new_point(
        &mut self,
        team: TeamId,
        key: &RecordKey,
        measure: i64,
        record: &[u8],
        fields: &[(&'static str, Value)],
    ) -> Outcome<bool> {
        let RecordKey::Point(point) = key else { return Ok(false) };
        let start = record.get(16..).unwrap_or_default();
        let start = start.split(|byte| *byte == 0).next().unwrap_or_default();
        let start = std::str::from_utf8(start).unwrap_or_default();
        let value = |name: &str| fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        let insert = &mut self.insert_point;
        insert.raw_bind_parameter(1, measure)?;
        insert.raw_bind_parameter(2, start)?;
        insert.raw_bind_parameter(3, &point.stratum)?;
        insert.raw_bind_parameter(4, point.ordinal)?;
        insert.raw_bind_parameter(5, value("value"))?;
        insert.raw_bind_parameter(6, value("denominator"))?;
        insert.raw_bind_parameter(7, value("note"))?;
        insert.raw_bind_parameter(8, value("ghost"))?;
        insert.raw_bind_parameter(9, self.origin)?;
        insert.raw_bind_parameter(10, self.next)?;
        if insert.raw_execute()? == 0 {
            return Ok(false);
        }
        let line = Line {
            stamp: self.ticker.next(None),
            team: self.handle(team.0)?,
            kind: Kind::Point,
            record,
            creates: true,
            seen: None,
            indexed: false,
        };
        self.log(&line, fields)?;
        self.wrote(team, Kind::Point, key);
        Ok(true)
    }

    /// Appends one line to the log.
    fn log(&mut self, line: &Line<'_>, fields: &[(&'static str, Value)]) -> Outcome<At> {
        write_json(&mut self.json, line.creates, fields)?;
        let text = std::str::from_utf8(&self.json).map_err(|_| internal("A change is no text."))?;
        let at = At { origin: self.origin, seq: self.next };
        let insert = &mut self.insert_change;
        insert.raw_bind_parameter(1, at.origin)?;
        insert.raw_bind_parameter(2, at.seq)?;
        insert.raw_bind_parameter(3, self.first)?;
        insert.raw_bind_parameter(4, line.stamp.wall)?;
        insert.raw_bind_parameter(5, line.stamp.counter)?;
        insert.raw_bind_parameter(6, line.team)?;
        insert.raw_bind_parameter(7, line.kind.code())?;
        insert.raw_bind_parameter(8, line.record)?;
        insert.raw_bind_parameter(9, line.creates)?;
        insert.raw_bind_parameter(10, text)?;
        insert.raw_bind_parameter(11, line.seen.as_deref())?;
        insert.raw_bind_parameter(12, line.indexed)?;
        insert.raw_bind_parameter(13, schema::CURRENT)?;
        insert.raw_execute()?;
        self.next += 1;
        Ok(at)
    }

    fn wrote(&mut self, team: TeamId, kind: Kind, record: &RecordKey) {
        let receipt = &mut self.receipt;
        receipt.changes += 1;
        if receipt.changes <= TOUCHED_AT_MOST {
            receipt.touched.push(Touched { team, kind, record: record.clone() });
        } else {
            receipt.touched.clear();
        }
        if receipt.changes == LARGE_ACTION {
            // A cache that cannot grow makes the action slower, not wrong.
            let _ = self.conn.pragma_update(None, "cache_size", -LARGE_CACHE_KIB);
        }
    }

    /// The small number that stands for a team or a measure.
    pub(super) fn handle(&mut self, id: Uuid) -> Outcome<i64> {
        if let Some(handle) = self.handles.get(&id) {
            return Ok(*handle);
        }
        self.conn
            .prepare_cached("INSERT INTO handles(id) VALUES(?1) ON CONFLICT DO NOTHING")?
            .execute([&id.as_bytes()[..]])?;
        let handle = self
            .conn
            .prepare_cached("SELECT no FROM handles WHERE id = ?1")?
            .query_one([&id.as_bytes()[..]], |row| row.get(0))?;
        self.handles.insert(id, handle);
        Ok(handle)
    }

    /// Ends the action: its own row, and how far this replica and its clock have come.
    pub(super) fn finish(mut self, action: &Action) -> Outcome<(Receipt, Option<Span>)> {
        let mut receipt = std::mem::take(&mut self.receipt);
        receipt.words.clone_from(&action.words);
        receipt.warnings = std::mem::take(&mut self.concerns);
        if receipt.changes == 0 {
            return Ok((receipt, None));
        }
        receipt.action = self.first;
        let last = self.next - 1;
        let at = self.now.timestamp_millis();
        self.conn
            .prepare_cached("INSERT INTO actions(origin, seq, at, actor, session, words, reverses_seq, sort) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?
            .execute((self.origin, self.first, at, &action.actor, action.session, &action.words, action.reverses, action.sort.code()))?;
        let (wall, counter) = self.ticker.position();
        self.conn.prepare_cached("UPDATE local SET wall = ?1, counter = ?2")?.execute((wall, counter))?;
        self.conn
            .prepare_cached("UPDATE replicas SET upto = ?1, known_max = ?1, last_seen = ?2 WHERE no = ?3")?
            .execute((last, at, self.origin))?;
        Ok((receipt, Some(Span { replica: self.replica, origin: self.origin, first: self.first, last })))
    }
}

/// The fields as the log keeps them; what a creating change sets to nothing is left out, because such
/// a change sets every field, and a million imported points are a third smaller for it.
fn write_json(out: &mut Vec<u8>, creates: bool, fields: &[(&'static str, Value)]) -> Outcome<()> {
    let failed = |_| internal("A change cannot be written as text.");
    out.clear();
    out.push(b'{');
    for (name, value) in fields.iter().filter(|(_, value)| !(creates && *value == Value::Null)) {
        if out.len() > 1 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, name).map_err(failed)?;
        out.push(b':');
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Int(number) => serde_json::to_writer(&mut *out, number).map_err(failed)?,
            Value::Real(number) => serde_json::to_writer(&mut *out, number).map_err(failed)?,
            Value::Text(text) => serde_json::to_writer(&mut *out, text).map_err(failed)?,
        }
    }
    out.push(b'}');
    Ok(())
}

fn seen_json(replaced: &[(&str, Stamp)]) -> Option<String> {
    let seen: serde_json::Map<_, _> =
        replaced.iter().map(|(name, stamp)| ((*name).to_owned(), stamp.text().into())).collect();
    (!seen.is_empty()).then(|| serde_json::Value::Object(seen).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_serde_json_would_and_numbers_keep_every_bit() {
        for number in [3.0, 0.1, -2.5, 1e-7, 1.0 / 3.0, 9.007_199_254_740_993e15, 1e300, f64::MIN_POSITIVE] {
            let mut out = Vec::new();
            write_json(&mut out, false, &[("value", Value::Real(number)), ("note", Value::Text("a \"b\"\n".into()))])
                .unwrap();
            let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(read.to_string().as_bytes(), out);
            assert_eq!(read["value"].as_f64().map(f64::to_bits), Some(number.to_bits()));
        }
    }
}
