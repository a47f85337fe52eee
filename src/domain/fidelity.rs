//! How faithfully a team holds its huddles, as measures: their data points are counted from the huddles and the
//! promises whenever they are read, and nobody types them.
//!
//! Held of possible, on time and minutes are the fidelity of the VA's pilot (PMC9383570); 15 held within 21 days
//! is when HUSH (Yorkshire) calls a huddle embedded; that nothing or everything is escalated are the two signs of
//! failure of tiered huddles.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use uuid::Uuid;

use super::agenda::DAILY;
use super::frequency::Frequency;
use super::huddle::Huddle;
use super::measure::{Measure, MeasureKind, MeasureRole};
use super::promise::{ANSWER_WITHIN_DAYS, Promise, Sort, State};
use super::team::Team;
use super::{MeasureId, ProcessId};
use crate::base::zone::Zone;
use crate::codes;
use crate::spc::Better;

codes! {
    /// What is counted.
    Fidelity {
        /// Daily huddles held, of those that were possible.
        Held = "held",
        /// Daily huddles that began on time, of those held.
        OnTime = "on-time",
        /// How long a daily huddle takes: the median.
        Minutes = "minutes",
        /// Actions done by their day, of those that were due.
        Kept = "kept",
        /// Escalations that were answered by their day, of those that were due.
        Answered = "answered",
        /// Daily huddles held within the last 21 days.
        Streak = "streak",
        /// Decisions that went to another tier, of all.
        Escalated = "escalated",
    }
}

/// A huddle is embedded when so many are held within so many days (HUSH).
pub const EMBEDDED: (usize, u64) = (15, 21);

/// What the points are counted from.
pub struct Facts<'a> {
    /// The team's huddles.
    pub huddles: &'a [Huddle],
    /// What it promised and asked for.
    pub promises: &'a [Promise],
    /// The weekdays on which the daily huddle could be held.
    pub days: &'a [Weekday],
    /// The team's time zone.
    pub zone: Zone,
}

/// One point: the start of its period, the value or numerator, the denominator.
pub type Counted = (NaiveDate, f64, Option<f64>);

/// A period, as it is being counted.
#[derive(Default)]
struct Bucket {
    some: u32,
    all: u32,
    minutes: Vec<f64>,
}

impl Fidelity {
    /// The source that a measure of it names in the place of a process: the same on every board.
    pub fn source(self) -> ProcessId {
        let name = format!("huddleboard fidelity {}", self.code());
        ProcessId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
    }

    /// What a measure's source counts, where that is no process.
    pub fn of(source: ProcessId) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.source() == source)
    }

    /// The measure of a team that shows it: weekly, on a run chart.
    pub fn measure(self, team: &Team, position: i64) -> Measure {
        let id = MeasureId(Uuid::new_v5(&team.id.0, format!("fidelity {}", self.code()).as_bytes()));
        let mut measure = Measure::blank(id, team.id);
        let (name, numerator, denominator, kind, better) = match self {
            Self::Held => {
                ("Huddles held", "daily huddles held", "days on which one is due", MeasureKind::Proportion, Better::Up)
            }
            Self::OnTime => {
                ("Huddles on time", "begun within 5 minutes", "daily huddles held", MeasureKind::Proportion, Better::Up)
            }
            Self::Minutes => ("Huddle minutes", "", "", MeasureKind::Value, Better::Neither),
            Self::Kept => ("Actions kept", "done by their day", "actions due", MeasureKind::Proportion, Better::Up),
            Self::Answered => (
                "Escalations answered",
                "answered by their day",
                "escalations due",
                MeasureKind::Proportion,
                Better::Up,
            ),
            Self::Streak => ("Huddles in 21 days", "", "", MeasureKind::Count, Better::Up),
            Self::Escalated => (
                "Decisions escalated",
                "asked of another tier",
                "actions and escalations",
                MeasureKind::Proportion,
                Better::Neither,
            ),
        };
        (measure.name, measure.kind, measure.better) = (name.to_owned(), kind, Some(better));
        (measure.numerator, measure.denominator) = (numerator.to_owned(), denominator.to_owned());
        measure.definition = self.definition().to_owned();
        measure.unit = if self == Self::Minutes { "min".to_owned() } else { String::new() };
        measure.role = MeasureRole::Process;
        measure.frequency = Frequency::Week(Weekday::Mon);
        measure.column = team.columns.0.last().cloned().unwrap_or_default();
        measure.position = position;
        measure.target = (self == Self::Streak).then_some(15.0);
        measure.source = Some(self.source());
        measure
    }

    fn definition(self) -> &'static str {
        match self {
            Self::Held => "Days on which the daily huddle was held to its end, of the days on which it is due.",
            Self::OnTime => "Daily huddles that began no later than five minutes after their time, of those held.",
            Self::Minutes => "The median of the minutes that the daily huddles of the week took.",
            Self::Kept => {
                "Actions that were done by the day that was promised, of those due in the week. Dropped ones do not count."
            }
            Self::Answered => "Escalations that had an answer by the day that was agreed, or else the day after.",
            Self::Streak => "Daily huddles held within the 21 days that end with the week. From 15 on it is a habit.",
            Self::Escalated => "Escalations of all that was decided in the week. Neither none nor nearly all is well.",
        }
    }

    /// Its points, period by period from the first huddle on; a period counts once it is over, and only where
    /// there was anything to count.
    pub fn points(self, facts: &Facts<'_>, frequency: Frequency, today: NaiveDate) -> Vec<Counted> {
        // What happens at any time is counted week by week.
        let frequency = if frequency == Frequency::Event { Frequency::Week(Weekday::Mon) } else { frequency };
        let Some(first) = facts.first(self) else { return Vec::new() };
        let mut buckets: BTreeMap<NaiveDate, Bucket> = BTreeMap::new();
        let mut start = frequency.start_of(first);
        while let Some(next) = frequency.next(start).filter(|next| *next <= today && *next > start) {
            buckets.insert(start, Bucket::default());
            start = next;
        }
        self.count(facts, frequency, first, &mut buckets);
        buckets.into_iter().filter_map(|(start, bucket)| self.point(start, bucket)).collect()
    }

    fn count(self, facts: &Facts<'_>, of: Frequency, first: NaiveDate, buckets: &mut BTreeMap<NaiveDate, Bucket>) {
        let end = buckets.keys().next_back().and_then(|last| of.next(*last)).unwrap_or(first);
        let mut at = |day: NaiveDate, count: &mut dyn FnMut(&mut Bucket)| {
            if let Some(bucket) = buckets.get_mut(&of.start_of(day)) {
                count(bucket);
            }
        };
        match self {
            Self::Held => {
                let held: Vec<NaiveDate> = facts.held().filter_map(|huddle| huddle.day).collect();
                // Days up to now, whether one was held or not: a habit that ended shows.
                for day in first.iter_days().take_while(|day| *day < end) {
                    let was_held = held.contains(&day);
                    if was_held || facts.days.contains(&day.weekday()) {
                        at(day, &mut |bucket| {
                            bucket.all += 1;
                            bucket.some += u32::from(was_held);
                        });
                    }
                }
            }
            Self::OnTime => {
                for huddle in facts.held() {
                    let (Some(day), Some(punctual)) = (huddle.day, huddle.is_on_time(facts.zone)) else { continue };
                    at(day, &mut |bucket| {
                        bucket.all += 1;
                        bucket.some += u32::from(punctual);
                    });
                }
            }
            Self::Minutes => {
                for huddle in facts.held() {
                    if let (Some(day), Some(minutes)) = (huddle.day, huddle.minutes()) {
                        at(day, &mut |bucket| bucket.minutes.push(minutes));
                    }
                }
            }
            Self::Kept | Self::Answered => {
                let sort = if self == Self::Kept { Sort::Action } else { Sort::Escalation };
                let due = facts.promises.iter().filter(|one| one.sort == sort && one.state != State::Dropped);
                for (one, by) in due.filter_map(|one| Some((one, facts.due(one)?))) {
                    let closed = if sort == Sort::Action { one.closed } else { one.answered };
                    let in_time = one.state == State::Done && closed.is_some_and(|at| facts.zone.day(at) <= by);
                    at(by, &mut |bucket| {
                        bucket.all += 1;
                        bucket.some += u32::from(in_time);
                    });
                }
            }
            Self::Streak => {
                let starts: Vec<NaiveDate> = buckets.keys().copied().collect();
                for start in starts {
                    let end = of.next(start).unwrap_or(start);
                    let count = u32::try_from(facts.held_before(end)).unwrap_or(u32::MAX);
                    if let Some(bucket) = buckets.get_mut(&start) {
                        (bucket.some, bucket.all) = (count, 1);
                    }
                }
            }
            Self::Escalated => {
                let decided = facts.promises.iter().filter(|one| one.sort != Sort::Barrier);
                for (one, raised) in decided.filter_map(|one| Some((one, one.raised?))) {
                    at(facts.zone.day(raised), &mut |bucket| {
                        bucket.all += 1;
                        bucket.some += u32::from(one.sort == Sort::Escalation);
                    });
                }
            }
        }
    }

    fn point(self, start: NaiveDate, mut bucket: Bucket) -> Option<Counted> {
        match self {
            Self::Minutes => {
                bucket.minutes.sort_by(f64::total_cmp);
                let (low, high) = (bucket.minutes.len().checked_sub(1)? / 2, bucket.minutes.len() / 2);
                let median = f64::midpoint(*bucket.minutes.get(low)?, *bucket.minutes.get(high)?);
                Some((start, (median * 10.0).round() / 10.0, None))
            }
            Self::Streak => Some((start, f64::from(bucket.some), None)),
            _ => (bucket.all > 0).then(|| (start, f64::from(bucket.some), Some(f64::from(bucket.all)))),
        }
    }
}

impl<'a> Facts<'a> {
    /// The daily huddles that were held to their end, one a day.
    pub fn held(&self) -> impl Iterator<Item = &'a Huddle> {
        self.huddles.iter().filter(|huddle| huddle.agenda == DAILY && huddle.ended.is_some() && huddle.day.is_some())
    }

    /// How many daily huddles were held in the [`EMBEDDED`] days before this one.
    pub fn held_before(&self, day: NaiveDate) -> usize {
        let from = day.checked_sub_days(Days::new(EMBEDDED.1)).unwrap_or(day);
        self.held().filter(|huddle| huddle.day.is_some_and(|held| held >= from && held < day)).count()
    }

    /// The day by which something is due: its own, or of an escalation without one the day that was agreed.
    fn due(&self, one: &Promise) -> Option<NaiveDate> {
        let agreed = || {
            let raised = self.zone.day(one.raised?);
            raised.checked_add_days(Days::new(ANSWER_WITHIN_DAYS.unsigned_abs()))
        };
        if one.sort == Sort::Escalation { one.by.or_else(agreed) } else { one.by }
    }

    /// The day from which on it is counted: the first huddle, or the first decision.
    fn first(&self, what: Fidelity) -> Option<NaiveDate> {
        match what {
            Fidelity::Kept | Fidelity::Answered => {
                let sort = if what == Fidelity::Kept { Sort::Action } else { Sort::Escalation };
                self.promises.iter().filter(|one| one.sort == sort).filter_map(|one| self.due(one)).min()
            }
            Fidelity::Escalated => {
                let decided = self.promises.iter().filter(|one| one.sort != Sort::Barrier);
                decided.filter_map(|one| one.raised).min().map(|raised| self.zone.day(raised))
            }
            _ => self.held().filter_map(|huddle| huddle.day).min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::agenda::days_of;
    use crate::domain::{PromiseId, TeamId};
    use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// A huddle planned for 08:30 in London that began so many minutes later and took so many.
    fn huddle(on: &str, late: i64, minutes: i64) -> Huddle {
        let day = day(on);
        let mut huddle = Huddle::blank(Huddle::id_of(TeamId::default(), DAILY, day), TeamId::default());
        (huddle.agenda, huddle.day) = (DAILY.to_owned(), Some(day));
        huddle.planned = NaiveTime::from_hms_opt(8, 30, 0);
        let planned: DateTime<Utc> = format!("{on}T08:30:00Z").parse().unwrap();
        huddle.started = Some(planned + TimeDelta::minutes(late));
        huddle.ended = huddle.started.map(|at| at + TimeDelta::minutes(minutes));
        huddle
    }

    fn counted(
        what: Fidelity,
        huddles: &[Huddle],
        promises: &[Promise],
        today: &str,
    ) -> Vec<(String, f64, Option<f64>)> {
        let days = days_of(&[]);
        let facts = Facts { huddles, promises, days: &days, zone: Zone::parse("Europe/London").unwrap() };
        let points = what.points(&facts, Frequency::Week(Weekday::Mon), day(today));
        points.into_iter().map(|(start, value, of)| (start.to_string(), value, of)).collect()
    }

    #[test]
    fn a_week_counts_once_it_is_over_and_a_week_without_a_huddle_counts_as_none_held() {
        // From Wednesday 4 November 2026 on: three possible days in that week, five in each after it.
        let held = [huddle("2026-11-04", 2, 9), huddle("2026-11-06", 12, 11), huddle("2026-11-16", 0, 10)];
        let weeks = |what, today| counted(what, &held, &[], today);
        assert_eq!(
            weeks(Fidelity::Held, "2026-11-20"),
            [("2026-11-02".to_owned(), 2.0, Some(3.0)), ("2026-11-09".to_owned(), 0.0, Some(5.0))]
        );
        assert_eq!(weeks(Fidelity::Held, "2026-11-08"), [], "the week goes on until Sunday is over");
        assert_eq!(weeks(Fidelity::OnTime, "2026-11-20"), [("2026-11-02".to_owned(), 1.0, Some(2.0))]);
        assert_eq!(weeks(Fidelity::Minutes, "2026-11-09"), [("2026-11-02".to_owned(), 10.0, None)]);
    }

    #[test]
    fn fifteen_in_twenty_one_days_looks_back_from_the_end_of_the_week() {
        let held: Vec<Huddle> = day("2026-10-26")
            .iter_days()
            .take(21)
            .filter(|day| day.weekday().num_days_from_monday() < 5)
            .map(|day| huddle(&day.to_string(), 0, 10))
            .collect();
        let weeks = counted(Fidelity::Streak, &held, &[], "2026-11-23");
        let values: Vec<f64> = weeks.iter().map(|(_, value, _)| *value).collect();
        assert_eq!(values, [5.0, 10.0, 15.0, 10.0]);
    }

    #[test]
    fn a_promise_is_kept_by_its_day_and_what_was_dropped_does_not_count() {
        let promise = |by: &str, closed: Option<&str>, state, sort| {
            let mut one = Promise::blank(PromiseId::fresh(), TeamId::default());
            (one.sort, one.by, one.state) = (sort, Some(day(by)), state);
            one.raised = Some("2026-11-03T09:00:00Z".parse().unwrap());
            one.closed = closed.map(|at| at.parse().unwrap());
            one
        };
        let all = [
            promise("2026-11-04", Some("2026-11-04T20:00:00Z"), State::Done, Sort::Action),
            promise("2026-11-05", Some("2026-11-06T08:00:00Z"), State::Done, Sort::Action),
            promise("2026-11-05", None, State::Open, Sort::Action),
            promise("2026-11-05", Some("2026-11-05T08:00:00Z"), State::Dropped, Sort::Action),
            promise("2026-11-05", None, State::Open, Sort::Escalation),
        ];
        let answers = counted(Fidelity::Answered, &[], &all, "2026-11-09");
        assert_eq!(answers, [("2026-11-02".to_owned(), 0.0, Some(1.0))]);
        assert_eq!(counted(Fidelity::Kept, &[], &all, "2026-11-09"), [("2026-11-02".to_owned(), 1.0, Some(3.0))]);
        assert_eq!(counted(Fidelity::Escalated, &[], &all, "2026-11-09"), [("2026-11-02".to_owned(), 1.0, Some(5.0))]);
    }

    #[test]
    fn a_source_is_known_again_and_no_process_has_it() {
        for what in Fidelity::ALL.iter().copied() {
            assert_eq!(Fidelity::of(what.source()), Some(what));
        }
        assert_eq!(Fidelity::of(ProcessId::fresh()), None);
    }
}
