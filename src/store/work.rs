//! Reading the work of a process: what was recorded of its periods, and how each of them stands.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::Store;
use super::records::bound;
use super::table::{self, sql};
use crate::base::error::Outcome;
use crate::domain::ProcessId;
use crate::domain::backlog::{self, Spell};
use crate::domain::calendar::Calendar;
use crate::domain::process::{Period, Process, Standing, Told};
use crate::domain::record::{FieldValue, Kind};

/// A period of a process with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Work {
    /// The period, what was recorded of it, and what it takes over.
    pub spell: Spell,
    /// What the team decided about it; untouched where it decided nothing.
    pub period: Period,
}

impl Work {
    /// How its work stands at `now`.
    pub fn standing(&self, process: &Process, now: DateTime<Utc>) -> Standing {
        Standing::of(&self.spell.span, process.flow, self.spell.told, self.spell.carried, now)
    }
}

impl Store {
    /// The periods of a process on the days from `from` to `to`, both included, in order.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn work(
        &self,
        process: &Process,
        calendar: &Calendar<'_>,
        from: NaiveDate,
        to: NaiveDate,
    ) -> Outcome<Vec<Work>> {
        let since = backlog::bears_from(process, from).and_time(NaiveTime::MIN);
        // A day's shifts may start on the morning after it.
        let until = to.and_time(NaiveTime::MIN) + TimeDelta::days(2);
        let told = self.told(process.id, since, until)?;
        let mut periods: BTreeMap<NaiveDateTime, Period> = self
            .periods(process.id, from.and_time(NaiveTime::MIN), until)?
            .into_iter()
            .map(|period| (period.start, period))
            .collect();
        let work = |spell: Spell| {
            let start = spell.span.start;
            let period = periods.remove(&start);
            let period = period.unwrap_or_else(|| Period::untouched(process.team, process.id, start));
            Work { spell, period }
        };
        Ok(backlog::spells(process, calendar, (from, to), &told).into_iter().map(work).collect())
    }

    /// What was recorded of the periods of a process that start from `from` on and before `to`.
    pub(super) fn told(
        &self,
        process: ProcessId,
        from: NaiveDateTime,
        to: NaiveDateTime,
    ) -> Outcome<BTreeMap<NaiveDateTime, Told>> {
        let sums = self.completed(process, from, to)?.into_iter();
        let told = |completed| Told { completed, recorded: true, required: None };
        let mut all: BTreeMap<NaiveDateTime, Told> = sums.map(|(start, sum)| (start, told(sum))).collect();
        for period in self.periods(process, from, to)? {
            let told = all.entry(period.start).or_default();
            (told.recorded, told.required) = (true, period.required);
        }
        Ok(all)
    }

    fn periods(&self, process: ProcessId, from: NaiveDateTime, to: NaiveDateTime) -> Outcome<Vec<Period>> {
        let table::Sql { list, .. } = sql(Kind::Period);
        let sql = format!("{list} AND process = ?1 AND start >= ?2 AND start < ?3 ORDER BY start");
        self.listed(&sql, (process.to_value(), bound(from), bound(to)))
    }
}
