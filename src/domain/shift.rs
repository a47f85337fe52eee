//! The ward's day in shifts; a night crosses midnight and belongs to the day on which it starts.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::base::zone::Zone;

/// A shift by name and start; it ends where the next one starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shift {
    /// "Early", "Late", "Night".
    pub name: String,
    /// When it starts on the ward's clock.
    #[serde(with = "hours_and_minutes")]
    pub start: NaiveTime,
}

/// The shifts of a day in order of their start; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Shift>", into = "Vec<Shift>")]
pub struct ShiftPattern(Vec<Shift>);

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

impl Default for ShiftPattern {
    fn default() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
        Self(vec![
            Shift { name: "Early".into(), start: at(7) },
            Shift { name: "Late".into(), start: at(15) },
            Shift { name: "Night".into(), start: at(21) },
        ])
    }
}

impl From<Vec<Shift>> for ShiftPattern {
    fn from(mut shifts: Vec<Shift>) -> Self {
        shifts.sort_by_key(|shift| shift.start);
        shifts.dedup_by_key(|shift| shift.start);
        if shifts.is_empty() { Self::default() } else { Self(shifts) }
    }
}

impl From<ShiftPattern> for Vec<Shift> {
    fn from(pattern: ShiftPattern) -> Self {
        pattern.0
    }
}

impl ShiftPattern {
    /// The shifts, in order of their start.
    pub fn shifts(&self) -> &[Shift] {
        &self.0
    }

    /// The shifts that start on `day`, in order.
    pub fn of_day(&self, day: NaiveDate) -> Vec<ShiftOfDay> {
        let tomorrow = day.checked_add_days(Days::new(1)).unwrap_or(day);
        (0..self.0.len())
            .map(|index| {
                let end = match self.0.get(index + 1) {
                    Some(next) => day.and_time(next.start),
                    None => tomorrow.and_time(self.0[0].start),
                };
                ShiftOfDay { name: self.0[index].name.clone(), day, start: day.and_time(self.0[index].start), end }
            })
            .collect()
    }

    /// The shift in which the ward's wall clock shows `wall`.
    pub fn at(&self, wall: NaiveDateTime) -> ShiftOfDay {
        let day = wall.date();
        let yesterday = day.checked_sub_days(Days::new(1)).unwrap_or(day);
        let today = self.of_day(day);
        let found = today.iter().rev().find(|shift| shift.start <= wall).cloned();
        found.or_else(|| self.of_day(yesterday).pop()).unwrap_or_else(|| ShiftOfDay {
            name: String::new(),
            day,
            start: wall,
            end: wall,
        })
    }
}

impl ShiftOfDay {
    /// How much of it has gone at the instant `now`, from 0 to 1: real hours, so that a night over a
    /// clock change is 1 at its end and not an hour before or after.
    pub fn elapsed(&self, zone: Zone, now: chrono::DateTime<chrono::Utc>) -> f64 {
        elapsed(zone, self.start, self.end, now)
    }
}

/// How much of the span from `start` to `end` on the wall clock has gone at `now`, from 0 to 1.
#[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
pub fn elapsed(zone: Zone, start: NaiveDateTime, end: NaiveDateTime, now: chrono::DateTime<chrono::Utc>) -> f64 {
    let from = zone.instant(start);
    let whole = (zone.instant(end) - from).num_seconds();
    if whole <= 0 {
        return if now >= from { 1.0 } else { 0.0 };
    }
    ((now - from).num_seconds() as f64 / whole as f64).clamp(0.0, 1.0)
}

mod hours_and_minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&time.format("%H:%M").to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom("a time is written HH:MM"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn three_in_the_morning_belongs_to_last_evenings_night() {
        let shift = ShiftPattern::default().at(wall("2026-11-21 03:00"));
        assert_eq!(shift.name, "Night");
        assert_eq!(shift.day, "2026-11-20".parse().unwrap());
        assert_eq!(shift.end, wall("2026-11-21 07:00"));
    }

    #[test]
    fn a_night_over_the_clock_change_is_half_gone_after_half_its_real_hours() {
        let zone = Zone::parse("Europe/London").unwrap();
        let night = ShiftPattern::default().at(wall("2026-03-28 22:00"));
        // Nine real hours from 21:00 to 07:00; half of them is 4.5, at 01:30 GMT, which is 02:30 BST.
        let now = zone.instant(wall("2026-03-29 02:30"));
        assert!((night.elapsed(zone, now) - 0.5).abs() < 1e-9);
    }
}
