//! A ward's time zone: "today" and the shifts are the ward's, wherever the terminal is.

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// An IANA time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone(Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(Tz::Europe__London)
    }
}

impl Zone {
    /// The zone of this IANA name ("Europe/London").
    pub fn parse(name: &str) -> Option<Self> {
        name.trim().parse().ok().map(Self)
    }

    /// The zone that this machine is set to, London where it does not say.
    pub fn of_this_machine() -> Self {
        iana_time_zone::get_timezone().ok().as_deref().and_then(Self::parse).unwrap_or_default()
    }

    /// Its IANA name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the clock on the ward's wall shows at this instant.
    pub fn wall(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The ward's day at this instant.
    pub fn day(self, instant: DateTime<Utc>) -> NaiveDate {
        self.wall(instant).date()
    }

    /// The instant at which the ward's wall clock shows `wall`.
    ///
    /// In the hour that a clock change repeats, the first one; in the hour that it skips, the
    /// instant of the change, so that a shift always has a start and no two shifts overlap.
    pub fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        if let Some(found) = self.0.from_local_datetime(&wall).earliest() {
            return found.with_timezone(&Utc);
        }
        // Skipped by the spring change: the first quarter of an hour after it that exists.
        for quarters in 1..=12 {
            let later = wall + chrono::TimeDelta::minutes(15 * quarters);
            if let Some(found) = self.0.from_local_datetime(&later).earliest() {
                return found.with_timezone(&Utc);
            }
        }
        Utc.from_utc_datetime(&wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn a_night_over_the_spring_change_is_an_hour_short_and_over_the_autumn_change_an_hour_long() {
        let london = Zone::parse("Europe/London").unwrap();
        let hours = |from: &str, to: &str| (london.instant(wall(to)) - london.instant(wall(from))).num_hours();
        assert_eq!(hours("2026-03-28 21:00", "2026-03-29 07:00"), 9);
        assert_eq!(hours("2026-10-24 21:00", "2026-10-25 07:00"), 11);
    }

    #[test]
    fn a_time_that_the_spring_change_skips_is_the_instant_of_the_change() {
        let london = Zone::parse("Europe/London").unwrap();
        assert_eq!(london.instant(wall("2026-03-29 01:30")), london.instant(wall("2026-03-29 02:00")));
    }
}
