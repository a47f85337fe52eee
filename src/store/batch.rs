//! New data points, some at a time: an import writes them in the order of their table, and a statement
//! of several rows costs little more than one of a single row.

use rusqlite::{CachedStatement, Connection};

use super::apply::Target;
use super::failure::internal;
use super::line::write_json;
use super::schema;
use super::table::Row;
use super::writer::{MeasureFacts, Writer};
use crate::base::error::Outcome;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::point::FIELDS;
use crate::domain::record::{Kind, Value};

/// How many points are written together. More gain nothing that could be measured.
pub(super) const TOGETHER: usize = 10;

/// A point that is put, whatever stands in its place, and has passed all rules.
pub(super) struct Waiting {
    edit: Edit,
    facts: MeasureFacts,
    /// As the log names it.
    bytes: Vec<u8>,
}

impl Waiting {
    fn place(&self) -> Outcome<Standing<'_>> {
        let (stratum, ordinal) = match &self.edit.record {
            RecordKey::Point(key) => (key.stratum.as_str(), key.ordinal),
            RecordKey::Id(_) => ("", 0),
        };
        Ok((start_in(&self.bytes)?, stratum, ordinal))
    }

    fn new_point<'a>(&'a self, seq: i64, stamp: (i64, u16), json: &'a str) -> Outcome<NewPoint<'a>> {
        let value = |name: &str| self.edit.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        let values = [0, 1, 2, 3].map(|index| FIELDS.get(index).and_then(|field| value(field.name)));
        Ok(NewPoint { seq, stamp, key: &self.bytes, standing: self.place()?, json, values })
    }
}

impl Writer<'_> {
    /// Takes a point to be written with those that wait, where it comes after them.
    pub(super) fn put_later(&mut self, edit: Edit, facts: MeasureFacts) -> Outcome<()> {
        let follows = |last: &Waiting| last.facts.handle == facts.handle && last.edit.record < edit.record;
        if !self.waiting.last().is_none_or(follows) {
            self.write_waiting()?;
        }
        let bytes = edit.record.bytes();
        self.waiting.push(Waiting { edit, facts, bytes });
        if self.waiting.len() < TOGETHER { Ok(()) } else { self.write_waiting() }
    }

    /// Writes the points that wait.
    pub(super) fn write_waiting(&mut self) -> Outcome<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let mut waiting = std::mem::take(&mut self.waiting);
        if self.is_free(&waiting)? {
            self.put_all_new(&waiting)?;
            waiting.clear();
        } else {
            for Waiting { edit, facts, .. } in waiting.drain(..) {
                let target = Target::of(&edit, facts.handle);
                let row = Row::read(self.conn, Kind::Point, &target.place)?;
                self.settle_over(edit, &target, row)?;
            }
        }
        // The next ones wait in the same space.
        self.waiting = waiting;
        Ok(())
    }

    /// Whether no row stands between the first and the last of them.
    fn is_free(&self, waiting: &[Waiting]) -> Outcome<bool> {
        let (Some(first), Some(last)) = (waiting.first(), waiting.last()) else { return Ok(true) };
        is_free(self.conn, first.facts.handle, first.place()?, last.place()?)
    }

    /// Writes points where there is none: for each a line of the log and a row of the table.
    fn put_all_new(&mut self, points: &[Waiting]) -> Outcome<()> {
        let Some(first) = points.first() else { return Ok(()) };
        let shared = Shared {
            measure: first.facts.handle,
            origin: self.origin,
            action: self.first,
            team: first.facts.team_handle,
            schema: schema::CURRENT.into(),
            received: None,
        };
        let mut batch = match self.batch.take() {
            Some(batch) => batch,
            None => Batch::prepare(self.conn)?,
        };
        batch.write(&shared, points, |statements, index, point| {
            let (seq, stamp) = (self.here().seq, self.ticker.next(None));
            write_json(&mut self.json, true, &point.edit.fields)?;
            let json = std::str::from_utf8(&self.json).map_err(|_| internal("A change is no text."))?;
            statements.bind(index, &point.new_point(seq, (stamp.wall, stamp.counter), json)?)?;
            self.wrote(point.edit.team, Kind::Point, &point.edit.record);
            Ok(())
        })?;
        self.batch = Some(batch);
        Ok(())
    }
}

/// Where a point stands among those of its measure: start, stratum, ordinal.
pub(super) type Standing<'a> = (&'a str, &'a str, u32);

/// Whether a measure has no row from `first` to `last`.
pub(super) fn is_free(conn: &Connection, measure: i64, first: Standing<'_>, last: Standing<'_>) -> Outcome<bool> {
    let mut statement = conn.prepare_cached(
        "SELECT NOT EXISTS (SELECT 1 FROM points WHERE measure = ?1
         AND (start, stratum, ordinal) >= (?2, ?3, ?4) AND (start, stratum, ordinal) <= (?5, ?6, ?7))",
    )?;
    Ok(statement.query_one((measure, first.0, first.1, first.2, last.0, last.1, last.2), |row| row.get(0))?)
}

/// The start in a point's key, as the log names it and its table holds it.
pub(super) fn start_in(key: &[u8]) -> Outcome<&str> {
    let start = key.get(16..).and_then(|rest| rest.split(|byte| *byte == 0).next());
    let start = start.and_then(|start| std::str::from_utf8(start).ok());
    start.ok_or_else(|| internal("A data point's key has no start."))
}

/// A new point on its way into the log and its table, where nothing stands in its place.
pub(super) struct NewPoint<'a> {
    pub(super) seq: i64,
    /// Wall clock and counter.
    pub(super) stamp: (i64, u16),
    /// As the log names it.
    pub(super) key: &'a [u8],
    pub(super) standing: Standing<'a>,
    /// What it sets, as the log keeps it.
    pub(super) json: &'a str,
    /// The same, as its table keeps it: one for each of [`FIELDS`].
    pub(super) values: [Option<&'a Value>; 4],
}

/// What all the points have in common that are written together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shared {
    /// The measure's handle.
    pub(super) measure: i64,
    pub(super) origin: i64,
    /// The first sequence number of their action.
    pub(super) action: i64,
    /// The team's handle.
    pub(super) team: i64,
    /// That of the version that wrote them.
    pub(super) schema: i64,
    /// When they came from elsewhere, in ms.
    pub(super) received: Option<i64>,
}

/// The statements that write new points, for [`TOGETHER`] of them and for one.
pub(super) struct Batch<'c> {
    together: Statements<'c>,
    single: Statements<'c>,
}

impl<'c> Batch<'c> {
    pub(super) fn prepare(conn: &'c Connection) -> Outcome<Self> {
        Ok(Self { together: Statements::prepare(conn, TOGETHER)?, single: Statements::prepare(conn, 1)? })
    }

    /// Writes all of them; `bind` gives the statements what is each point's own.
    pub(super) fn write<T>(
        &mut self,
        shared: &Shared,
        points: &[T],
        mut bind: impl FnMut(&mut Statements<'c>, usize, &T) -> Outcome<()>,
    ) -> Outcome<()> {
        let (whole, rest) = points.split_at(points.len() / TOGETHER * TOGETHER);
        for (statements, points) in [(&mut self.together, whole.chunks(TOGETHER)), (&mut self.single, rest.chunks(1))] {
            if points.len() > 0 {
                statements.share(shared)?;
            }
            for some in points {
                some.iter().enumerate().try_for_each(|(index, point)| bind(statements, index, point))?;
                statements.execute()?;
            }
        }
        Ok(())
    }
}

/// The two statements that write so many new points.
pub(super) struct Statements<'c> {
    rows: CachedStatement<'c>,
    lines: CachedStatement<'c>,
}

impl<'c> Statements<'c> {
    /// What all the points of a statement share is bound once, before what each of them has.
    ///
    /// `OR FAIL` spares SQLite the copies of pages that it would need to take back half a statement:
    /// where one fails, the whole action is rolled back.
    fn prepare(conn: &'c Connection, points: usize) -> Outcome<Self> {
        let kind = Kind::Point.code();
        let rows = numbered(points, ROW_SHARED, ROW_VALUES, |n| {
            let [start, stratum, ordinal, value, denominator, note, ghost, seq] = n;
            format!(
                "(?1, ?{start}, ?{stratum}, ?{ordinal}, ?{value}, ?{denominator}, ?{note}, ?{ghost}, 1, ?2, ?{seq})"
            )
        });
        let lines = numbered(points, LINE_SHARED, LINE_VALUES, |n| {
            let [seq, wall, counter, record, fields] = n;
            format!("(?1, ?{seq}, ?2, ?{wall}, ?{counter}, ?3, '{kind}', ?{record}, 1, ?{fields}, 0, ?4, ?5)")
        });
        Ok(Self {
            rows: conn.prepare_cached(&format!(
                "INSERT OR FAIL INTO points(measure, start, stratum, ordinal, value, denominator, note, ghost, revision, origin, seq)
                 VALUES{rows}"
            ))?,
            lines: conn.prepare_cached(&format!(
                "INSERT OR FAIL INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, indexed, schema, received)
                 VALUES{lines}"
            ))?,
        })
    }

    fn share(&mut self, shared: &Shared) -> Outcome<()> {
        self.lines.raw_bind_parameter(1, shared.origin)?;
        self.lines.raw_bind_parameter(2, shared.action)?;
        self.lines.raw_bind_parameter(3, shared.team)?;
        self.lines.raw_bind_parameter(4, shared.schema)?;
        self.lines.raw_bind_parameter(5, shared.received)?;
        self.rows.raw_bind_parameter(1, shared.measure)?;
        self.rows.raw_bind_parameter(2, shared.origin)?;
        Ok(())
    }

    /// Binds a point as the one of this index among those that are written together.
    pub(super) fn bind(&mut self, index: usize, point: &NewPoint<'_>) -> Outcome<()> {
        let from = LINE_SHARED + index * LINE_VALUES + 1;
        self.lines.raw_bind_parameter(from, point.seq)?;
        self.lines.raw_bind_parameter(from + 1, point.stamp.0)?;
        self.lines.raw_bind_parameter(from + 2, point.stamp.1)?;
        self.lines.raw_bind_parameter(from + 3, point.key)?;
        self.lines.raw_bind_parameter(from + 4, point.json)?;
        let from = ROW_SHARED + index * ROW_VALUES + 1;
        let (start, stratum, ordinal) = point.standing;
        self.rows.raw_bind_parameter(from, start)?;
        self.rows.raw_bind_parameter(from + 1, stratum)?;
        self.rows.raw_bind_parameter(from + 2, ordinal)?;
        for (index, value) in point.values.iter().enumerate() {
            self.rows.raw_bind_parameter(from + 3 + index, value)?;
        }
        self.rows.raw_bind_parameter(from + 7, point.seq)?;
        Ok(())
    }

    fn execute(&mut self) -> Outcome<()> {
        self.rows.raw_execute()?;
        self.lines.raw_execute()?;
        Ok(())
    }
}

/// How many parameters all rows of a statement share, and how many each row has.
const ROW_SHARED: usize = 2;
const ROW_VALUES: usize = 8;
const LINE_SHARED: usize = 5;
const LINE_VALUES: usize = 5;

/// So many rows of marks, each with the numbers of its own parameters.
fn numbered<const N: usize>(rows: usize, shared: usize, each: usize, row: impl Fn([usize; N]) -> String) -> String {
    let numbers = |index: usize| std::array::from_fn(|value| shared + index * each + value + 1);
    (0..rows).map(|index| row(numbers(index))).collect::<Vec<_>>().join(", ")
}
