//! New data points, some at a time: an import writes them in the order of their table, and a statement
//! of several rows costs little more than one of a single row.

use rusqlite::{CachedStatement, Connection, Statement};

use super::apply::Target;
use super::failure::internal;
use super::line::write_json;
use super::schema;
use super::table::Row;
use super::writer::{MeasureFacts, Writer};
use crate::base::error::Outcome;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::record::Kind;

/// How many points are written together. More gain nothing that could be measured.
const TOGETHER: usize = 10;

/// A point that is put, whatever stands in its place, and has passed all rules.
pub(super) struct Waiting {
    edit: Edit,
    facts: MeasureFacts,
    /// As the log names it.
    bytes: Vec<u8>,
}

impl Waiting {
    /// Its start, as its table holds it.
    fn start(&self) -> Outcome<&str> {
        let start = self.bytes.get(16..).and_then(|rest| rest.split(|byte| *byte == 0).next());
        let start = start.and_then(|start| std::str::from_utf8(start).ok());
        start.ok_or_else(|| internal("A data point's key has no start."))
    }

    /// What tells it from others of the same start.
    fn rest(&self) -> (&str, u32) {
        match &self.edit.record {
            RecordKey::Point(key) => (&key.stratum, key.ordinal),
            RecordKey::Id(_) => ("", 0),
        }
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
        let mut statement = self.conn.prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM points WHERE measure = ?1
             AND (start, stratum, ordinal) >= (?2, ?3, ?4) AND (start, stratum, ordinal) <= (?5, ?6, ?7))",
        )?;
        let ((from, low), (to, high)) = (first.rest(), last.rest());
        let range = (first.facts.handle, first.start()?, from, low, last.start()?, to, high);
        Ok(statement.query_one(range, |row| row.get(0))?)
    }

    fn put_all_new(&mut self, points: &[Waiting]) -> Outcome<()> {
        if points.len() < TOGETHER {
            let mut one = Statements::prepare(self.conn, 1)?;
            return points.chunks(1).try_for_each(|point| self.put_new(point, &mut one));
        }
        let mut together = match self.together.take() {
            Some(statements) => statements,
            None => Statements::prepare(self.conn, TOGETHER)?,
        };
        self.put_new(points, &mut together)?;
        self.together = Some(together);
        Ok(())
    }

    /// Writes points where there is none: for each a line of the log and a row of the table.
    fn put_new(&mut self, points: &[Waiting], into: &mut Statements<'_>) -> Outcome<()> {
        let Some(first) = points.first() else { return Ok(()) };
        into.lines.raw_bind_parameter(1, self.origin)?;
        into.lines.raw_bind_parameter(2, self.first)?;
        into.lines.raw_bind_parameter(3, first.facts.team_handle)?;
        into.lines.raw_bind_parameter(4, schema::CURRENT)?;
        into.rows.raw_bind_parameter(1, first.facts.handle)?;
        into.rows.raw_bind_parameter(2, self.origin)?;
        for (index, point) in points.iter().enumerate() {
            let (seq, stamp) = (self.here().seq, self.ticker.next(None));
            write_json(&mut self.json, true, &point.edit.fields)?;
            let json = std::str::from_utf8(&self.json).map_err(|_| internal("A change is no text."))?;
            let from = LINE_SHARED + index * LINE_VALUES + 1;
            into.lines.raw_bind_parameter(from, seq)?;
            into.lines.raw_bind_parameter(from + 1, stamp.wall)?;
            into.lines.raw_bind_parameter(from + 2, stamp.counter)?;
            into.lines.raw_bind_parameter(from + 3, point.bytes.as_slice())?;
            into.lines.raw_bind_parameter(from + 4, json)?;
            point.bind(&mut into.rows, ROW_SHARED + index * ROW_VALUES + 1, seq)?;
            self.wrote(point.edit.team, Kind::Point, &point.edit.record);
        }
        into.rows.raw_execute()?;
        into.lines.raw_execute()?;
        Ok(())
    }
}

impl Waiting {
    /// Binds its row of the table from parameter `from` on.
    fn bind(&self, statement: &mut Statement<'_>, from: usize, seq: i64) -> Outcome<()> {
        let value = |name: &str| self.edit.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value);
        let (stratum, ordinal) = self.rest();
        statement.raw_bind_parameter(from, self.start()?)?;
        statement.raw_bind_parameter(from + 1, stratum)?;
        statement.raw_bind_parameter(from + 2, ordinal)?;
        statement.raw_bind_parameter(from + 3, value("value"))?;
        statement.raw_bind_parameter(from + 4, value("denominator"))?;
        statement.raw_bind_parameter(from + 5, value("note"))?;
        statement.raw_bind_parameter(from + 6, value("ghost"))?;
        statement.raw_bind_parameter(from + 7, seq)?;
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
            format!("(?1, ?{seq}, ?2, ?{wall}, ?{counter}, ?3, '{kind}', ?{record}, 1, ?{fields}, 0, ?4)")
        });
        Ok(Self {
            rows: conn.prepare_cached(&format!(
                "INSERT OR FAIL INTO points(measure, start, stratum, ordinal, value, denominator, note, ghost, revision, origin, seq)
                 VALUES{rows}"
            ))?,
            lines: conn.prepare_cached(&format!(
                "INSERT OR FAIL INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, indexed, schema)
                 VALUES{lines}"
            ))?,
        })
    }
}

/// How many parameters all rows of a statement share, and how many each row has.
const ROW_SHARED: usize = 2;
const ROW_VALUES: usize = 8;
const LINE_SHARED: usize = 4;
const LINE_VALUES: usize = 5;

/// So many rows of marks, each with the numbers of its own parameters.
fn numbered<const N: usize>(rows: usize, shared: usize, each: usize, row: impl Fn([usize; N]) -> String) -> String {
    let numbers = |index: usize| std::array::from_fn(|value| shared + index * each + value + 1);
    (0..rows).map(|index| row(numbers(index))).collect::<Vec<_>>().join(", ")
}
