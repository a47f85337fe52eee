//! One action while it is written: numbers and stamps for its changes, and what it has done so far.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{CachedStatement, Connection};
use uuid::Uuid;

use super::apply::{Change, State, Target, apply};
use super::batch::{Batch, Waiting};
use super::clock::{Stamp, Ticker};
use super::commit::Span;
use super::conflicts;
use super::line::{self, Line, seen_json};
use super::points;
use super::table::At;
use super::{Receipt, Store, TOUCHED_AT_MOST, Touched};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::domain::change::RecordKey;
use crate::domain::guard::Concern;
use crate::domain::measure::MeasureKind;
use crate::domain::record::{DELETED, Kind, Value};
use crate::domain::{MeasureId, TeamId};

/// From this many changes on, an action [spreads out](spread_out).
pub(super) const LARGE_ACTION: usize = 10_000;

/// Gives a large action a larger page cache: rows that come in no order would otherwise be written and read
/// again and again. What follows on it is brought from the write-ahead log into the file in longer stretches,
/// because each of them waits for the disk twice.
pub(super) fn spread_out(conn: &Connection) {
    // Where this cannot be done the action is slower, not wrong.
    let _ = conn.execute_batch("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 10000");
}

impl Store {
    /// Prepares for changes that come in many transactions, all of which stand elsewhere as well: they wait for
    /// the disk together, at the end. Power that fails meanwhile takes some of the last ones away, whole, and the
    /// next sync brings them again; what anybody saves in between is on the disk at once, and all before it too.
    /// [`Store::settle_down`] ends it.
    pub fn expect_many(&mut self) {
        spread_out(&self.conn);
        // Where this cannot be done each of them waits for the disk by itself.
        let _ = self.conn.pragma_update(None, "synchronous", "NORMAL");
    }

    /// Ends what a large action began: brings what waits in the write-ahead log into the file, and gives the
    /// memory back. Mostly there is nothing to end.
    pub fn settle_down(&mut self) {
        let is_spread = |cache: i64| cache != SMALL_CACHE;
        if self.conn.pragma_query_value(None, "cache_size", |row| row.get(0)).is_ok_and(is_spread) {
            // Whether or not this can be done now, the changes are in; any later commit does it as well.
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            let _ = self.conn.pragma_update(None, "synchronous", "FULL");
            let _ = self.conn.pragma_update(None, "wal_autocheckpoint", 1_000);
            let _ = self.conn.pragma_update(None, "cache_size", SMALL_CACHE);
            let _ = self.conn.execute_batch("PRAGMA shrink_memory");
        }
    }
}

/// The page cache as a file is opened with it, in the way that SQLite counts: less than nought is KiB.
const SMALL_CACHE: i64 = -2_000;

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
    /// The team's handle.
    pub(super) team_handle: i64,
    /// Its own handle.
    pub(super) handle: i64,
    pub(super) kind: MeasureKind,
    /// Whether a process makes its points.
    pub(super) computed: bool,
}

/// An action on its way into the log.
pub(super) struct Writer<'c> {
    pub(super) conn: &'c Connection,
    pub(super) now: DateTime<Utc>,
    pub(super) ticker: Ticker,
    pub(super) replica: ReplicaId,
    pub(super) origin: i64,
    pub(super) first: i64,
    next: i64,
    pub(super) receipt: Receipt,
    pub(super) concerns: Vec<Concern>,
    pub(super) measures: HashMap<MeasureId, Option<MeasureFacts>>,
    handles: HashMap<Uuid, i64>,
    /// New data points that wait to be written together, and the statements that write them.
    pub(super) waiting: Vec<Waiting>,
    pub(super) batch: Option<Batch<'c>>,
    append: CachedStatement<'c>,
    /// A buffer for the fields of a line.
    pub(super) json: Vec<u8>,
    /// Whether the file has any conflict; then what is written may settle one.
    conflicts: bool,
    suspects: HashSet<(Kind, Vec<u8>)>,
}

/// The stamps of what a change of these fields replaces in a record.
pub(super) fn seen_by(state: &State, creates: bool, fields: &[(&'static str, Value)]) -> Vec<(&'static str, Stamp)> {
    if creates || fields.iter().any(|(name, value)| *name == DELETED.name && *value == Value::Int(1)) {
        return state.seen_all();
    }
    // Who edits a deleted record has seen that it is.
    let deleted = state.row.as_ref().filter(|row| row.deleted).map(|_| DELETED.name);
    let names: Vec<&'static str> = fields.iter().map(|(name, _)| *name).chain(deleted).collect();
    state.seen_of(&names)
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
            waiting: Vec::new(),
            batch: None,
            append: conn.prepare_cached(line::INSERT)?,
            json: Vec::with_capacity(256),
            conflicts: conflicts::any(conn)?,
            suspects: HashSet::new(),
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
        let seen = seen_by(&state, creates, &fields);
        self.write_seeing(team, key, target, state, creates, fields, &seen).map(|_| ())
    }

    /// Writes a change that has seen these values; answers its stamp.
    #[allow(clippy::too_many_arguments, reason = "the parts of one change")]
    pub(super) fn write_seeing(
        &mut self,
        team: TeamId,
        key: &RecordKey,
        target: &Target,
        state: State,
        creates: bool,
        fields: Vec<(&'static str, Value)>,
        seen: &[(&str, Stamp)],
    ) -> Outcome<Stamp> {
        if let (Kind::Point, Some(row)) = (target.kind, &state.row)
            && row.revision == 1
            && let Some(base) = row.base
        {
            // A point's first change is in no index until a second one meets it.
            self.conn
                .prepare_cached("UPDATE changes SET indexed = 1 WHERE origin = ?1 AND seq = ?2")?
                .execute((base.origin, base.seq))?;
        }
        let line = Line {
            at: self.here(),
            action: self.first,
            stamp: self.ticker.next(state.latest()),
            team: self.handle(team.0)?,
            kind: target.kind,
            record: &target.bytes,
            creates,
            fields: &fields,
            seen: seen_json(seen),
            indexed: target.kind != Kind::Point || state.row.is_some(),
        };
        line.append(&mut self.append, &mut self.json)?;
        let (at, stamp) = (line.at, line.stamp);
        self.wrote(team, target.kind, key);
        if self.conflicts && conflicts::has_some(self.conn, target.kind, &target.bytes)? {
            self.suspect(target.kind, &target.bytes);
        }
        // What the log says beyond the kind's fields is not for the tables.
        let fields = fields.into_iter().filter(|(name, _)| target.kind.field(name).is_some()).collect();
        apply(self.conn, target, state, &Change { at, stamp, team, creates, fields })?;
        Ok(stamp)
    }

    /// Has the record looked at for conflicts when the action is written.
    pub(super) fn suspect(&mut self, kind: Kind, record: &[u8]) {
        self.suspects.insert((kind, record.to_vec()));
    }

    /// Where the next line of the log goes.
    pub(super) fn here(&self) -> At {
        At { origin: self.origin, seq: self.next }
    }

    /// Counts a line that was written [`Writer::here`].
    pub(super) fn wrote(&mut self, team: TeamId, kind: Kind, record: &RecordKey) {
        self.next += 1;
        let receipt = &mut self.receipt;
        receipt.changes += 1;
        if receipt.changes <= TOUCHED_AT_MOST {
            receipt.touched.push(Touched { team, kind, record: record.clone() });
        } else {
            receipt.touched.clear();
        }
        if receipt.changes == LARGE_ACTION {
            spread_out(self.conn);
        }
    }

    /// The small number that stands for a team or a measure.
    pub(super) fn handle(&mut self, id: Uuid) -> Outcome<i64> {
        points::handle_for(self.conn, &mut self.handles, id)
    }

    /// Ends the action: its own row, and how far this replica and its clock have come.
    pub(super) fn finish(mut self, action: &Action) -> Outcome<(Receipt, Option<Span>)> {
        self.write_waiting()?;
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
        // Only now does the log know all of this action.
        conflicts::look_again(self.conn, &self.suspects)?;
        let (wall, counter) = self.ticker.position();
        self.conn.prepare_cached("UPDATE local SET wall = ?1, counter = ?2")?.execute((wall, counter))?;
        self.conn
            .prepare_cached("UPDATE replicas SET upto = ?1, known_max = ?1, last_seen = ?2 WHERE no = ?3")?
            .execute((last, at, self.origin))?;
        Ok((receipt, Some(Span { replica: self.replica, origin: self.origin, first: self.first, last })))
    }
}
