//! A huddle that was held: who was there, how long each item took, what was noted.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::record::{Json, Kind, Shape};
use super::{HuddleId, MeasureId, TeamId};
use crate::base::text;
use crate::base::zone::Zone;
use crate::record;

record! {
    /// One huddle of one agenda on one day.
    Huddle, HuddleId, Kind::Huddle, {
        /// The name of its agenda ("Safety huddle").
        agenda: String = Shape::Line(40),
        /// Its day on the ward's calendar.
        day: Option<NaiveDate> = Shape::Time,
        /// When it was to start, on the ward's clock.
        planned: Option<NaiveTime> = Shape::Time,
        /// When it started.
        started: Option<DateTime<Utc>> = Shape::Time,
        /// When it ended; nothing while it is going on, or was left half-way.
        ended: Option<DateTime<Utc>> = Shape::Time,
        /// The role that led it.
        led: String = Shape::Line(40),
        /// How many were there, by role group.
        present: Json<BTreeMap<String, u32>> = Shape::Json(2_000),
        /// Its items, in the order in which they came up.
        items: Json<Vec<Item>> = Shape::Json(8_000),
        /// What was noted.
        notes: String = Shape::Lines(4_000),
        /// Who was thanked, and for what.
        thanks: String = Shape::Lines(600),
    }
}

/// What became of an item of the agenda.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Item {
    /// Its words.
    pub title: String,
    /// How many seconds it was given.
    pub planned: u32,
    /// How many seconds it took.
    pub took: u32,
    /// Whether it was passed over.
    #[serde(default)]
    pub skipped: bool,
    /// Which charts spoke when it was talked through, and how: the start of a measure's id, and the verdict's
    /// code. The next huddle shows what has changed since.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub spoke: BTreeMap<String, String>,
}

/// The name by which a huddle's record remembers that a measure's chart spoke.
pub fn spoken_of(measure: MeasureId) -> String {
    measure.0.simple().to_string().chars().take(8).collect()
}

/// How the action starts that comes of an idea which somebody is to find out about.
pub const FIND_OUT: &str = "Find out: ";

/// A huddle that starts no later than this is on time, in minutes.
pub const ON_TIME_WITHIN: i64 = 5;

impl Huddle {
    /// The id of the one huddle of an agenda on a day: derived, so that two boards that both held it
    /// speak of one.
    pub fn id_of(team: TeamId, agenda: &str, day: NaiveDate) -> HuddleId {
        HuddleId(Uuid::new_v5(&team.0, format!("huddle {} {day}", text::slug(agenda)).as_bytes()))
    }

    /// How long it took, in minutes; nothing where it was not brought to its end. What its items took counts
    /// where that is known: a huddle that was closed half-way and taken up later did not last all the while.
    #[allow(clippy::cast_precision_loss, reason = "seconds of a huddle")]
    pub fn minutes(&self) -> Option<f64> {
        let whole = (self.ended? - self.started?).num_seconds();
        let items = self.seconds();
        let seconds = if items > 0 { i64::from(items) } else { whole };
        Some(seconds.max(0) as f64 / 60.0)
    }

    /// How many seconds its items took so far.
    pub fn seconds(&self) -> u32 {
        self.items.0.iter().map(|item| item.took).fold(0, u32::saturating_add)
    }

    /// Whether it started within [`ON_TIME_WITHIN`] minutes of the time that was planned.
    pub fn is_on_time(&self, zone: Zone) -> Option<bool> {
        let planned = zone.instant(self.day?.and_time(self.planned?));
        Some((self.started? - planned).num_minutes() <= ON_TIME_WITHIN)
    }

    /// How many were there.
    pub fn attendance(&self) -> u32 {
        self.present.0.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_huddle_is_on_time_within_five_minutes_of_the_wards_clock() {
        let day: NaiveDate = "2026-07-20".parse().unwrap();
        let mut huddle = Huddle::blank(Huddle::id_of(TeamId::default(), "Safety huddle", day), TeamId::default());
        huddle.day = Some(day);
        huddle.started = Some("2026-07-20T07:45:00Z".parse().unwrap());
        let zone = Zone::parse("Europe/London").unwrap();
        assert_eq!(huddle.is_on_time(zone), None, "nobody planned a time");
        huddle.planned = NaiveTime::from_hms_opt(8, 40, 0);
        assert_eq!(huddle.is_on_time(zone), Some(true), "08:45 in summer time");
        huddle.planned = NaiveTime::from_hms_opt(8, 30, 0);
        assert_eq!(huddle.is_on_time(zone), Some(false));
        assert_eq!(huddle.minutes(), None);
        huddle.ended = Some("2026-07-20T07:54:30Z".parse().unwrap());
        assert_eq!(huddle.minutes(), Some(9.5));
        huddle.items.0.push(Item { took: 300, ..Item::default() });
        assert_eq!(huddle.minutes(), Some(5.0), "it was closed half-way, and gone on with");
    }

    #[test]
    fn two_boards_name_the_same_huddle_alike() {
        let (team, day) = (TeamId::fresh(), "2026-11-20".parse().unwrap());
        assert_eq!(Huddle::id_of(team, "Safety huddle", day), Huddle::id_of(team, "safety huddle", day));
        assert_ne!(Huddle::id_of(team, "Safety huddle", day), Huddle::id_of(team, "Weekly review", day));
    }
}
