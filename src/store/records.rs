//! Reading records: one, a list, and the sums that the process board needs.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use rusqlite::Params;
use uuid::Uuid;

use super::failure::internal;
use super::open::uuid_at;
use super::table::{sql, values_from};
use super::{Store, table};
use crate::base::error::Outcome;
use crate::domain::cross::CrossDay;
use crate::domain::huddle::Huddle;
use crate::domain::promise::Promise;
use crate::domain::record::{FieldValue, Kind, Record, Value};
use crate::domain::team::Team;
use crate::domain::{MeasureId, ProcessId, TeamId};

impl Store {
    /// All records of a kind that are not deleted, of one team or of all: by position where the kind
    /// has one, then by name or time, then by id.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn records<R: Record>(&self, team: Option<TeamId>) -> Outcome<Vec<R>> {
        let table::Sql { list, order, .. } = sql(R::KIND);
        match team {
            Some(team) => self.listed(&format!("{list} AND team = ?1{order}"), [&team.bytes()[..]]),
            None => self.listed(&format!("{list}{order}"), []),
        }
    }

    /// The record of this id, where it is there and not deleted.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn record<R: Record>(&self, id: Uuid) -> Outcome<Option<R>> {
        let list = &sql(R::KIND).list;
        Ok(self.listed(&format!("{list} AND id = ?1"), [&id.as_bytes()[..]])?.pop())
    }

    /// The records of a kind whose field holds this value, in the order of [`Store::records`].
    ///
    /// # Errors
    /// Where the kind has no such field, and what the disk answered.
    pub fn records_where<R: Record>(&self, field: &'static str, value: &Value) -> Outcome<Vec<R>> {
        let table::Sql { list, order, .. } = sql(R::KIND);
        let known = R::KIND.fields().iter().find(|known| known.name == field);
        let column =
            known.ok_or_else(|| internal("A list was asked for by a field that the kind does not have."))?.name;
        self.listed(&format!("{list} AND \"{column}\" IS ?1{order}"), [value])
    }

    /// All teams.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn teams(&self) -> Outcome<Vec<Team>> {
        self.records(None)
    }

    /// Whether nobody's own board is in this file: no team at all, or the demonstration ward alone.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn is_demo_or_empty(&self) -> Outcome<bool> {
        Ok(self.teams()?.iter().all(|team| team.demo))
    }

    /// How much was completed in each period of a process that starts from `from` on and before `to`,
    /// in order; a period without any tick is left out.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn completed(
        &self,
        process: ProcessId,
        from: NaiveDateTime,
        to: NaiveDateTime,
    ) -> Outcome<Vec<(NaiveDateTime, i64)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT start, sum(amount) FROM completions
             WHERE process = ?1 AND start >= ?2 AND start < ?3 AND deleted = 0 AND origin IS NOT NULL GROUP BY start ORDER BY start",
        )?;
        let mut rows = statement.query((process.to_value(), bound(from), bound(to)))?;
        let mut sums = Vec::new();
        while let Some(row) = rows.next()? {
            let start = NaiveDateTime::from_value(&Value::Text(row.get(0)?));
            if let Some(start) = start {
                sums.push((start, row.get::<_, Option<i64>>(1)?.unwrap_or(0)));
            }
        }
        Ok(sums)
    }

    /// What a team has promised or asked for and is still open, and what was closed since `since`: the oldest
    /// first.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn promises(&self, team: TeamId, since: DateTime<Utc>) -> Outcome<Vec<Promise>> {
        let list = &sql(Kind::Promise).list;
        let sql = format!("{list} AND team = ?1 AND (state IN ('open', 'stuck') OR closed >= ?2) ORDER BY raised, id");
        self.listed(&sql, (&team.bytes()[..], since.to_value()))
    }

    /// The huddles that a team has held from this day on, by day and start.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn huddles(&self, team: TeamId, from: NaiveDate) -> Outcome<Vec<Huddle>> {
        let list = &sql(Kind::Huddle).list;
        self.listed(
            &format!("{list} AND team = ?1 AND day >= ?2 ORDER BY day, started, id"),
            (&team.bytes()[..], from.to_value()),
        )
    }

    /// What was said of the days of a measure's safety cross from `from` to `to`.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn cross_days(&self, measure: MeasureId, from: NaiveDate, to: NaiveDate) -> Outcome<Vec<CrossDay>> {
        let list = &sql(Kind::CrossDay).list;
        let sql = format!("{list} AND measure = ?1 AND day BETWEEN ?2 AND ?3 ORDER BY day, id");
        self.listed(&sql, (measure.to_value(), from.to_value(), to.to_value()))
    }

    /// Why less was done than required in the team's periods that start from `from` on and before
    /// `to`: each reason with how often it was given, the most frequent first.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn reasons(&self, team: TeamId, from: NaiveDateTime, to: NaiveDateTime) -> Outcome<Vec<(String, i64)>> {
        let mut statement = self.conn.prepare_cached(
            "SELECT reason, count(*) FROM periods
             WHERE team = ?1 AND start >= ?2 AND start < ?3 AND deleted = 0 AND origin IS NOT NULL AND reason <> ''
             GROUP BY reason ORDER BY 2 DESC, 1",
        )?;
        let rows =
            statement.query_map((&team.bytes()[..], bound(from), bound(to)), |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The records that a list statement gives.
    pub(super) fn listed<R: Record>(&self, sql: &str, params: impl Params) -> Outcome<Vec<R>> {
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut records = Vec::new();
        while let Some(row) = rows.next()? {
            let values = values_from(row, 3, R::KIND.fields().len())?;
            records.push(R::assemble(uuid_at(row, 0)?, TeamId(uuid_at(row, 1)?), row.get(2)?, &values));
        }
        Ok(records)
    }
}

/// A moment as the tables hold it. Years of more or fewer than four digits would not sort as text.
pub(super) fn bound(wall: NaiveDateTime) -> Value {
    match wall.year() {
        ..0 => Value::Text(String::new()),
        0..=9999 => wall.to_value(),
        _ => Value::Text(":".to_owned()),
    }
}
