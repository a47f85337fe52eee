//! The ward's shifts by name and start, and those that it had before.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

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

/// A pattern that held before the one of now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastShifts {
    /// The first day on which it held no more.
    pub until: NaiveDate,
    /// Its shifts.
    pub shifts: ShiftPattern,
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
