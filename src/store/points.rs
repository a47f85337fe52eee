//! Reading data points: typed ones from their table, others from the process that makes them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, Row as SqlRow, ToSql};
use uuid::Uuid;

use super::Store;
use crate::base::error::Outcome;
use crate::domain::MeasureId;
use crate::domain::measure::Measure;
use crate::domain::point::{Point, PointKey, Start};

/// A point's columns, in the order that [`point_from`] reads them.
const POINT: &str = "SELECT start, stratum, ordinal, value, denominator, note, ghost, revision FROM points
     WHERE measure = ?1 AND deleted = 0 AND origin IS NOT NULL";

impl Store {
    /// All points of a measure, in order of time. Those of a measure that a process makes are computed
    /// from its closed periods as they stand at `now`.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn points(&self, measure: &Measure, now: DateTime<Utc>) -> Outcome<Vec<Point>> {
        match measure.source {
            Some(process) => self.computed_points(measure, process, None, now),
            None => self.typed(measure.id, &format!("{POINT} ORDER BY start, stratum, ordinal"), &[]),
        }
    }

    /// The last `count` points of a measure, in order of time.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn latest_points(&self, measure: &Measure, count: usize, now: DateTime<Utc>) -> Outcome<Vec<Point>> {
        if let Some(process) = measure.source {
            return self.computed_points(measure, process, Some(count), now);
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let sql = format!("{POINT} ORDER BY start DESC, stratum DESC, ordinal DESC LIMIT ?2");
        let mut points = self.typed(measure.id, &sql, &[&count])?;
        points.reverse();
        Ok(points)
    }

    /// Hands every typed point of a measure to `take`, in order of time, one by one.
    ///
    /// # Errors
    /// What the disk answered, and the first error of `take`.
    pub fn each_point(&self, measure: MeasureId, mut take: impl FnMut(Point) -> Outcome<()>) -> Outcome<()> {
        let Some(handle) = self.handle_of(measure.0)? else { return Ok(()) };
        let mut statement = self.conn.prepare_cached(&format!("{POINT} ORDER BY start, stratum, ordinal"))?;
        let mut rows = statement.query([handle])?;
        while let Some(row) = rows.next()? {
            if let Some(point) = point_from(measure, row)? {
                take(point)?;
            }
        }
        Ok(())
    }

    /// The first `count` typed points of a measure in order of time, or those after this one: for whoever reads
    /// very many and writes in between.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn points_after(&self, measure: MeasureId, after: Option<&PointKey>, count: usize) -> Outcome<Vec<Point>> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        let Some(after) = after else {
            return self.typed(measure, &format!("{POINT} ORDER BY start, stratum, ordinal LIMIT ?2"), &[&count]);
        };
        let sql =
            format!("{POINT} AND (start, stratum, ordinal) > (?2, ?3, ?4) ORDER BY start, stratum, ordinal LIMIT ?5");
        self.typed(measure, &sql, &[&after.start.text(), &after.stratum, &after.ordinal, &count])
    }

    /// The typed point at this place, where there is one that is not deleted.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn point(&self, key: &PointKey) -> Outcome<Option<Point>> {
        let sql = format!("{POINT} AND start = ?2 AND stratum = ?3 AND ordinal = ?4");
        Ok(self.typed(key.measure, &sql, &[&key.start.text(), &key.stratum, &key.ordinal])?.pop())
    }

    /// The day of the last point of a measure.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn last_start(&self, measure: &Measure, now: DateTime<Utc>) -> Outcome<Option<NaiveDate>> {
        Ok(self.latest_points(measure, 1, now)?.pop().map(|point| point.key.start.date()))
    }

    /// How many typed points there are in the file.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn points_total(&self) -> Outcome<i64> {
        let sql = "SELECT count(*) FROM points WHERE deleted = 0 AND origin IS NOT NULL";
        Ok(self.conn.prepare_cached(sql)?.query_one([], |row| row.get(0))?)
    }

    /// The number that stands for a team or a measure in this file, where it has one.
    pub(super) fn handle_of(&self, id: Uuid) -> Outcome<Option<i64>> {
        let mut statement = self.conn.prepare_cached("SELECT no FROM handles WHERE id = ?1")?;
        Ok(statement.query_row([&id.as_bytes()[..]], |row| row.get(0)).optional()?)
    }

    fn typed(&self, measure: MeasureId, sql: &str, rest: &[&dyn ToSql]) -> Outcome<Vec<Point>> {
        let Some(handle) = self.handle_of(measure.0)? else { return Ok(Vec::new()) };
        let mut statement = self.conn.prepare_cached(sql)?;
        statement.raw_bind_parameter(1, handle)?;
        for (index, value) in rest.iter().enumerate() {
            statement.raw_bind_parameter(index + 2, value)?;
        }
        let mut rows = statement.raw_query();
        let mut points = Vec::new();
        while let Some(row) = rows.next()? {
            points.extend(point_from(measure, row)?);
        }
        Ok(points)
    }
}

/// The number that stands for a team or a measure in this file, given out where it has none yet;
/// `known` are those that were asked for before.
pub(super) fn handle_for(conn: &Connection, known: &mut HashMap<Uuid, i64>, id: Uuid) -> Outcome<i64> {
    if let Some(handle) = known.get(&id) {
        return Ok(*handle);
    }
    conn.prepare_cached("INSERT INTO handles(id) VALUES(?1) ON CONFLICT DO NOTHING")?.execute([&id.as_bytes()[..]])?;
    let handle = conn
        .prepare_cached("SELECT no FROM handles WHERE id = ?1")?
        .query_one([&id.as_bytes()[..]], |row| row.get(0))?;
    known.insert(id, handle);
    Ok(handle)
}

fn point_from(measure: MeasureId, row: &SqlRow<'_>) -> Outcome<Option<Point>> {
    let start = row.get_ref(0)?.as_str().ok().and_then(Start::parse);
    let Some(start) = start else { return Ok(None) };
    let key = PointKey { measure, start, stratum: row.get(1)?, ordinal: row.get(2)? };
    Ok(Some(Point {
        key,
        value: row.get(3)?,
        denominator: row.get(4)?,
        note: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
        ghost: row.get(6)?,
        revision: row.get(7)?,
    }))
}
