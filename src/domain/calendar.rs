//! A ward's days: which shifts each has, and which of them are bank holidays. A night crosses midnight
//! and belongs to the day on which it starts.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

use super::shift::{PastShifts, ShiftPattern};
use crate::base::zone::Zone;

/// A day on which a ward may plan other numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// The day.
    pub day: NaiveDate,
    /// What it is called ("Boxing Day").
    pub name: String,
}

/// What a team's days are made of; borrowed from its record.
#[derive(Debug, Clone, Copy)]
pub struct Calendar<'a> {
    /// The shifts of now.
    pub shifts: &'a ShiftPattern,
    /// Those that held before, in any order.
    pub past: &'a [PastShifts],
    /// The bank holidays.
    pub holidays: &'a [Holiday],
    /// The clock on the ward's wall.
    pub zone: Zone,
}

/// One shift of one day on the ward's wall clock: `start` inclusive, `end` exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftOfDay {
    /// Its name.
    pub name: String,
    /// The day on which it starts: a night belongs to its evening.
    pub day: NaiveDate,
    /// Its start on the wall clock.
    pub start: NaiveDateTime,
    /// Its end on the wall clock.
    pub end: NaiveDateTime,
}

impl<'a> Calendar<'a> {
    /// The shifts that held on `day`: what was counted before the ward changed its times stays in its place.
    pub fn pattern_on(&self, day: NaiveDate) -> &'a ShiftPattern {
        let past = self.past.iter().filter(|past| day < past.until).min_by_key(|past| past.until);
        past.map_or(self.shifts, |past| &past.shifts)
    }

    /// The bank holiday that falls on `day`.
    pub fn holiday(&self, day: NaiveDate) -> Option<&'a Holiday> {
        self.holidays.iter().find(|holiday| holiday.day == day)
    }

    /// The shifts that start on `day`, in order; the last ends where the first of the next day starts.
    pub fn of_day(&self, day: NaiveDate) -> Vec<ShiftOfDay> {
        let tomorrow = day.checked_add_days(Days::new(1)).unwrap_or(day);
        let shifts = self.pattern_on(day).shifts();
        let next = self
            .pattern_on(tomorrow)
            .shifts()
            .first()
            .map_or(NaiveDateTime::MAX, |first| tomorrow.and_time(first.start));
        let ends = shifts.iter().skip(1).map(|shift| day.and_time(shift.start)).chain([next]);
        let shift = |(shift, end): (&super::shift::Shift, NaiveDateTime)| ShiftOfDay {
            name: shift.name.clone(),
            day,
            start: day.and_time(shift.start),
            end,
        };
        shifts.iter().zip(ends).map(shift).collect()
    }

    /// The shift that goes on at the instant `now`: told by real time, so that in an hour which a clock
    /// change repeats no shift starts twice.
    pub fn at(&self, now: DateTime<Utc>) -> ShiftOfDay {
        let day = self.zone.day(now);
        let yesterday = day.checked_sub_days(Days::new(1)).unwrap_or(day);
        let started = |shift: &ShiftOfDay| self.zone.instant(shift.start) <= now;
        let found = self.of_day(day).into_iter().rev().find(started);
        found.or_else(|| self.of_day(yesterday).pop()).unwrap_or_else(|| {
            let start = day.and_time(chrono::NaiveTime::MIN);
            ShiftOfDay { name: String::new(), day, start, end: start + chrono::TimeDelta::days(1) }
        })
    }
}

impl ShiftOfDay {
    /// How much of it has gone at the instant `now`, from 0 to 1: real hours, so that a night over a
    /// clock change is 1 at its end and not an hour before or after.
    #[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
    pub fn elapsed(&self, zone: Zone, now: DateTime<Utc>) -> f64 {
        let from = zone.instant(self.start);
        let whole = (zone.instant(self.end) - from).num_seconds();
        if whole <= 0 {
            return if now >= from { 1.0 } else { 0.0 };
        }
        ((now - from).num_seconds() as f64 / whole as f64).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::shift::Shift;
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn calendar<'a>(shifts: &'a ShiftPattern, past: &'a [PastShifts]) -> Calendar<'a> {
        Calendar { shifts, past, holidays: &[], zone: Zone::parse("Europe/London").unwrap() }
    }

    #[test]
    fn three_in_the_morning_belongs_to_last_evenings_night() {
        let shifts = ShiftPattern::default();
        let shift = calendar(&shifts, &[]).at(Zone::default().instant(wall("2026-11-21 03:00")));
        assert_eq!(shift.name, "Night");
        assert_eq!(shift.day, "2026-11-20".parse().unwrap());
        assert_eq!(shift.end, wall("2026-11-21 07:00"));
    }

    #[test]
    fn a_night_over_the_clock_change_is_half_gone_after_half_its_real_hours() {
        let shifts = ShiftPattern::default();
        let zone = Zone::default();
        let night = calendar(&shifts, &[]).at(zone.instant(wall("2026-03-28 22:00")));
        // Nine real hours from 21:00 to 07:00; half of them is 4.5, at 01:30 GMT, which is 02:30 BST.
        let now = zone.instant(wall("2026-03-29 02:30"));
        assert!((night.elapsed(zone, now) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_shift_that_starts_in_the_repeated_hour_starts_once() {
        let at = |hour, minute| chrono::NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let shifts = ShiftPattern::from(vec![
            Shift { name: "Day".into(), start: at(9, 0) },
            Shift { name: "Twilight".into(), start: at(1, 30) },
        ]);
        let calendar = calendar(&shifts, &[]);
        let change = Zone::default().instant(wall("2026-10-25 01:30"));
        let name = |minutes| calendar.at(change + chrono::TimeDelta::minutes(minutes)).name;
        assert_eq!([-1, 0, 31, 59, 61].map(name), ["Day", "Twilight", "Twilight", "Twilight", "Twilight"]);
    }

    #[test]
    fn what_was_counted_before_the_shifts_changed_keeps_its_shifts() {
        let at = |hour| chrono::NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
        let two = |name: &str| Shift { name: name.into(), start: at(if name == "Day" { 7 } else { 19 }) };
        let now = ShiftPattern::from(vec![two("Day"), two("Night")]);
        let past = [PastShifts { until: "2026-11-20".parse().unwrap(), shifts: ShiftPattern::default() }];
        let calendar = calendar(&now, &past);
        let names = |day: &str| {
            let of_day = calendar.of_day(day.parse().unwrap());
            of_day.into_iter().map(|shift| format!("{} {}", shift.name, shift.end.format("%H:%M"))).collect::<Vec<_>>()
        };
        assert_eq!(names("2026-11-18"), ["Early 15:00", "Late 21:00", "Night 07:00"]);
        assert_eq!(names("2026-11-19"), ["Early 15:00", "Late 21:00", "Night 07:30"], "no gap between the two");
        assert_eq!(names("2026-11-20"), ["Day 19:30", "Night 07:30"]);
    }
}
