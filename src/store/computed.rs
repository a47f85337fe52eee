//! Reading what the computed points of a measure are made of, no further back than is needed.

use chrono::{DateTime, Days, NaiveDateTime, NaiveTime, Utc};

use super::Store;
use super::closed::{self, Making};
use crate::base::error::Outcome;
use crate::domain::ProcessId;
use crate::domain::agenda::days_of as days_of_huddles;
use crate::domain::backlog;
use crate::domain::fidelity::{Facts, Fidelity};
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::{Point, PointKey, Start};
use crate::domain::process::Process;
use crate::domain::team::Team;

impl Store {
    /// The points that `process` makes for `measure`: all of them, or the last `count`.
    pub(super) fn computed_points(
        &self,
        measure: &Measure,
        process: ProcessId,
        count: Option<usize>,
        now: DateTime<Utc>,
    ) -> Outcome<Vec<Point>> {
        if let Some(what) = Fidelity::of(process) {
            return self.fidelity_points(measure, what, count, now);
        }
        let Some(process) = self.record::<Process>(process.0)? else { return Ok(Vec::new()) };
        let team = self.record::<Team>(measure.team.0)?.unwrap_or_else(|| Team::blank(measure.team, measure.team));
        let zone = team.time_zone();
        let frequency = measure.frequency;
        let making = Making { process: &process, calendar: team.calendar(), frequency, kind: measure.kind };
        let Some(first_plan) = process.schedule.0.iter().map(|plan| plan.from).min() else { return Ok(Vec::new()) };
        let today = zone.day(now);
        let mut back = count.map(|count| days_of(frequency, count));
        loop {
            let from =
                back.and_then(|days| today.checked_sub_days(Days::new(days))).unwrap_or(first_plan).max(first_plan);
            // The whole of the first bucket, whatever day of it the search falls on.
            let from = frequency.start_of(from);
            let since = backlog::bears_from(&process, from).and_time(NaiveTime::MIN);
            let recorded = self.told(process.id, since, NaiveDateTime::MAX)?;
            let first = closed::first_recorded(&recorded);
            let mut made =
                first.map_or_else(Vec::new, |first| closed::points(&making, &recorded, from.max(first), now));
            match (count, back) {
                (Some(count), Some(days)) if made.len() < count && from > first_plan => {
                    back = Some(days.saturating_mul(4))
                }
                _ => {
                    if let Some(count) = count {
                        made.drain(..made.len().saturating_sub(count));
                    }
                    return Ok(made.into_iter().map(|made| point(measure, made)).collect());
                }
            }
        }
    }

    /// The points that huddles and promises make: there are so few of those that all are read.
    fn fidelity_points(
        &self,
        measure: &Measure,
        what: Fidelity,
        count: Option<usize>,
        now: DateTime<Utc>,
    ) -> Outcome<Vec<Point>> {
        let team = self.record::<Team>(measure.team.0)?.unwrap_or_else(|| Team::blank(measure.team, measure.team));
        let (zone, days) = (team.time_zone(), days_of_huddles(&team.agenda.0));
        let (huddles, promises) = (self.records(Some(measure.team))?, self.records(Some(measure.team))?);
        let facts = Facts { huddles: &huddles, promises: &promises, days: &days, zone };
        let mut counted = what.points(&facts, measure.frequency, zone.day(now));
        if let Some(count) = count {
            counted.drain(..counted.len().saturating_sub(count));
        }
        let made = counted.into_iter().map(|(day, value, denominator)| {
            point(measure, closed::Made { start: Start::day(day), value, denominator })
        });
        Ok(made.collect())
    }
}

/// As many days as so many points cover, and some for those that are not closed or were not filled in.
fn days_of(frequency: Frequency, count: usize) -> u64 {
    let each = match frequency {
        Frequency::Day | Frequency::Event => 1,
        Frequency::Week(_) => 7,
        Frequency::Month => 31,
        Frequency::Quarter => 92,
        Frequency::Year => 366,
    };
    u64::try_from(count).unwrap_or(u64::MAX).saturating_add(2).saturating_mul(each)
}

fn point(measure: &Measure, made: closed::Made) -> Point {
    Point {
        key: PointKey { measure: measure.id, start: made.start, stratum: String::new(), ordinal: 0 },
        value: Some(made.value),
        denominator: made.denominator,
        note: String::new(),
        ghost: None,
        revision: 0,
    }
}
