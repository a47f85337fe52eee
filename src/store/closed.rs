//! The data points that a process makes: what was done of what was required, period by period, once
//! the period is over. They are computed whenever they are read, late ticks included.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};

use crate::domain::backlog::{self, Spell};
use crate::domain::calendar::Calendar;
use crate::domain::frequency::Frequency;
use crate::domain::measure::MeasureKind;
use crate::domain::point::Start;
use crate::domain::process::{Process, Told};

/// What was recorded about a process's periods, each by its start on the wall clock.
pub(super) type Recorded = BTreeMap<NaiveDateTime, Told>;

/// How the points of a measure are made of periods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Making<'a> {
    pub(super) process: &'a Process,
    pub(super) calendar: Calendar<'a>,
    pub(super) frequency: Frequency,
    pub(super) kind: MeasureKind,
}

/// One computed point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Made {
    pub(super) start: Start,
    pub(super) value: f64,
    pub(super) denominator: Option<f64>,
}

/// The periods that fall into one point.
#[derive(Debug, Clone, Default)]
struct Bucket {
    begun: bool,
    open: bool,
    recorded: bool,
    required: i64,
    met: i64,
    completed: i64,
}

/// The points from the bucket that holds `from` on, as they stand at `now`, in order.
///
/// A point is there once all of its periods are over, and only if anything at all was recorded in one
/// of them: a day that nobody filled in is not a day on which nothing was done.
pub(super) fn points(making: &Making<'_>, recorded: &Recorded, from: NaiveDate, now: DateTime<Utc>) -> Vec<Made> {
    let today = making.calendar.zone.day(now);
    let days = (making.frequency.start_of(from), last_day(making.frequency, today));
    let mut buckets: BTreeMap<Start, Bucket> = BTreeMap::new();
    for spell in backlog::spells(making.process, &making.calendar, days, recorded) {
        let start = match making.frequency {
            Frequency::Event => Start::time(spell.span.start),
            frequency => Start::day(frequency.start_of(spell.span.day)),
        };
        buckets.entry(start).or_default().add(&spell, now);
    }
    buckets.into_iter().filter_map(|(start, bucket)| bucket.point(start, making.kind)).collect()
}

/// The earliest day on which anything was recorded.
pub(super) fn first_recorded(recorded: &Recorded) -> Option<NaiveDate> {
    recorded.keys().next().map(NaiveDateTime::date)
}

/// The last day of the bucket that holds `today`: its later periods keep it open.
fn last_day(frequency: Frequency, today: NaiveDate) -> NaiveDate {
    let next = frequency.next(frequency.start_of(today));
    next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(today)
}

impl Bucket {
    fn add(&mut self, spell: &Spell, now: DateTime<Utc>) {
        let Spell { span, told, carried } = spell;
        self.open |= span.closes > now;
        self.recorded |= told.recorded;
        let required = told.required_in(span, *carried);
        let completed = told.completed.max(0);
        // What one period hands to the next of the same point is required once.
        self.required += if self.begun { required - carried } else { required };
        self.begun = true;
        self.completed += completed;
        self.met += completed.min(required);
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of a ward stay far below 2^53")]
    fn point(&self, start: Start, kind: MeasureKind) -> Option<Made> {
        if self.open || !self.recorded {
            return None;
        }
        if kind != MeasureKind::Proportion {
            return Some(Made { start, value: self.completed as f64, denominator: None });
        }
        // Where nothing was required after all, there is no share of it.
        let required = self.required.max(self.met);
        (required > 0).then_some(Made { start, value: self.met as f64, denominator: Some(required as f64) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::zone::Zone;
    use crate::domain::process::Plan;
    use crate::domain::record::Json;
    use crate::domain::shift::ShiftPattern;
    use crate::domain::{ProcessId, TeamId};
    use chrono::Weekday;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Ten required in each early and four in each night, from 1 March 2026 on, in London.
    struct Ward(Process, ShiftPattern);

    fn ward() -> Ward {
        let mut process = Process::blank(ProcessId::default(), TeamId::default());
        process.schedule = Json(vec![Plan {
            from: day("2026-03-01"),
            required: [("Early".to_owned(), [10; 7]), ("Night".to_owned(), [4; 7])].into(),
            ..Plan::default()
        }]);
        Ward(process, ShiftPattern::default())
    }

    impl Ward {
        fn made(
            &self,
            frequency: Frequency,
            kind: MeasureKind,
            recorded: &Recorded,
            now: &str,
        ) -> Vec<(String, f64, Option<f64>)> {
            let zone = Zone::parse("Europe/London").unwrap();
            let calendar = Calendar { shifts: &self.1, past: &[], holidays: &[], zone };
            let making = Making { process: &self.0, calendar, frequency, kind };
            let from = first_recorded(recorded).unwrap_or_default();
            points(&making, recorded, from, zone.instant(wall(now)))
                .into_iter()
                .map(|made| (made.start.text(), made.value, made.denominator))
                .collect()
        }
    }

    fn ticks(of: &[(&str, i64)]) -> Recorded {
        let told = |completed| Told { completed, recorded: true, required: None };
        of.iter().map(|(start, sum)| (wall(start), told(*sum))).collect()
    }

    #[test]
    fn a_day_is_a_point_once_its_night_is_over_and_more_than_required_counts_as_required() {
        let recorded = ticks(&[("2026-11-20 07:00", 12), ("2026-11-20 21:00", 3)]);
        let made = |now| ward().made(Frequency::Day, MeasureKind::Proportion, &recorded, now);
        assert_eq!(made("2026-11-21 06:59"), []);
        assert_eq!(made("2026-11-21 07:00"), [("2026-11-20".to_owned(), 13.0, Some(14.0))]);
    }

    #[test]
    fn a_late_tick_changes_the_point_of_its_day() {
        let mut recorded = ticks(&[("2026-11-20 07:00", 5)]);
        let made =
            |recorded: &Recorded| ward().made(Frequency::Day, MeasureKind::Proportion, recorded, "2026-11-25 12:00");
        assert_eq!(made(&recorded), [("2026-11-20".to_owned(), 5.0, Some(14.0))]);
        recorded.get_mut(&wall("2026-11-20 07:00")).unwrap().completed += 2;
        assert_eq!(made(&recorded), [("2026-11-20".to_owned(), 7.0, Some(14.0))]);
    }

    #[test]
    fn what_was_decided_about_a_period_overrides_the_plan_and_counts_as_recorded() {
        let mut recorded = ticks(&[]);
        let decided = |required| Told { required, completed: 0, recorded: true };
        recorded.insert(wall("2026-11-20 07:00"), decided(Some(0)));
        recorded.insert(wall("2026-11-21 07:00"), decided(None));
        let made = ward().made(Frequency::Day, MeasureKind::Proportion, &recorded, "2026-11-25 12:00");
        assert_eq!(made, [("2026-11-20".to_owned(), 0.0, Some(4.0)), ("2026-11-21".to_owned(), 0.0, Some(14.0))]);
    }

    #[test]
    fn a_day_that_nobody_filled_in_stays_a_gap() {
        let recorded = ticks(&[("2026-11-18 07:00", 10), ("2026-11-20 07:00", 10)]);
        let made = ward().made(Frequency::Day, MeasureKind::Proportion, &recorded, "2026-11-25 12:00");
        assert_eq!(made.iter().map(|point| point.0.as_str()).collect::<Vec<_>>(), ["2026-11-18", "2026-11-20"]);
    }

    #[test]
    fn a_week_is_a_point_when_its_last_period_is_over() {
        let recorded = ticks(&[("2026-11-16 07:00", 10), ("2026-11-22 21:00", 4)]);
        let made = |now| ward().made(Frequency::Week(Weekday::Mon), MeasureKind::Proportion, &recorded, now);
        assert_eq!(made("2026-11-22 23:00"), []);
        assert_eq!(made("2026-11-23 07:00"), [("2026-11-16".to_owned(), 14.0, Some(98.0))]);
    }

    #[test]
    fn a_count_is_all_that_was_done_and_events_are_one_point_each_period() {
        let recorded = ticks(&[("2026-11-20 07:00", 12), ("2026-11-20 21:00", -1)]);
        let made = ward().made(Frequency::Event, MeasureKind::Count, &recorded, "2026-11-25 12:00");
        assert_eq!(made, [("2026-11-20T07:00".to_owned(), 12.0, None), ("2026-11-20T21:00".to_owned(), 0.0, None)]);
    }

    #[test]
    fn a_night_over_a_clock_change_closes_at_its_end_on_the_wards_wall() {
        for evening in ["2026-03-28", "2026-10-24"] {
            let recorded = ticks(&[(&format!("{evening} 21:00"), 4)]);
            let morning = day(evening).succ_opt().unwrap();
            let made =
                |time: &str| ward().made(Frequency::Day, MeasureKind::Count, &recorded, &format!("{morning} {time}"));
            assert_eq!(made("06:59"), [], "{evening}");
            assert_eq!(made("07:00"), [(evening.to_owned(), 4.0, None)], "{evening}");
        }
    }

    #[test]
    fn what_is_carried_over_within_a_point_is_required_once_and_into_it_as_well() {
        let mut ward = ward();
        ward.0.carry = true;
        let recorded = ticks(&[("2026-11-19 07:00", 8), ("2026-11-19 21:00", 5), ("2026-11-20 07:00", 11)]);
        let made = |frequency| ward.made(frequency, MeasureKind::Proportion, &recorded, "2026-11-20 20:00");
        // Ten required and eight done; two more in the night with its four, five done; one more in the morning.
        assert_eq!(made(Frequency::Day), [("2026-11-19".to_owned(), 13.0, Some(14.0))]);
        let of_each: Vec<_> = made(Frequency::Event).into_iter().map(|point| (point.1, point.2)).collect();
        assert_eq!(of_each, [(8.0, Some(10.0)), (5.0, Some(6.0)), (11.0, Some(11.0))]);
    }

    #[test]
    fn nothing_recorded_makes_nothing() {
        assert_eq!(ward().made(Frequency::Day, MeasureKind::Proportion, &ticks(&[]), "2026-11-25 12:00"), []);
    }
}
