//! Which of the backups that were made by themselves stay: many of the last days, few of long ago.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Utc};

/// So many of the newest stay, whatever their days.
const NEWEST: usize = 3;
/// The last backup of so many days, weeks and months that have any.
const DAYS: usize = 7;
const WEEKS: usize = 4;
const MONTHS: usize = 12;

/// Those of `times`, in UTC, that may go.
///
/// Days without a backup are not counted, so that a board which rests loses nothing. One from the
/// future stays and counts for nothing: a clock that was wrong for a day must not cost a true backup.
pub(super) fn superfluous(times: &[DateTime<Utc>], now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let mut past: Vec<DateTime<Utc>> = times.iter().copied().filter(|time| *time <= now).collect();
    past.sort_unstable_by(|one, other| other.cmp(one));
    let mut kept: BTreeSet<DateTime<Utc>> = past.iter().copied().take(NEWEST).collect();
    kept.extend(last_of_each(&past, DAYS, |time| (time.year(), time.ordinal())));
    kept.extend(last_of_each(&past, WEEKS, |time| (time.iso_week().year(), time.iso_week().week())));
    kept.extend(last_of_each(&past, MONTHS, |time| (time.year(), time.month())));
    past.into_iter().filter(|time| !kept.contains(time)).collect()
}

/// The latest time of each of the last `count` spans that `span` tells apart.
fn last_of_each(
    latest_first: &[DateTime<Utc>],
    count: usize,
    span: impl Fn(&DateTime<Utc>) -> (i32, u32),
) -> Vec<DateTime<Utc>> {
    let mut seen = BTreeSet::new();
    latest_first.iter().copied().filter(|time| seen.insert(span(time))).take(count).collect()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00Z").parse().unwrap()
    }

    /// What stays of one backup a day, at nine, over so many days up to the last.
    fn daily(last: &str, days: i64) -> Vec<String> {
        let last = at(&format!("{last}T09:00"));
        stays(&(0..days).map(|back| last - TimeDelta::days(back)).collect::<Vec<_>>(), last)
    }

    fn stays(times: &[DateTime<Utc>], now: DateTime<Utc>) -> Vec<String> {
        let gone = superfluous(times, now);
        let mut kept: Vec<_> = times.iter().filter(|time| !gone.contains(time)).collect();
        kept.sort();
        kept.iter().map(|time| time.format("%Y-%m-%dT%H:%M").to_string()).collect()
    }

    #[test]
    fn seven_days_four_weeks_and_twelve_months_stay() {
        // 2026-11-20 is a Friday: its week, and the Sundays of the three before; then the ends of months.
        let kept: Vec<String> = daily("2026-11-20", 500).iter().map(|time| time[..10].to_owned()).collect();
        assert_eq!(
            kept,
            [
                "2025-12-31",
                "2026-01-31",
                "2026-02-28",
                "2026-03-31",
                "2026-04-30",
                "2026-05-31",
                "2026-06-30",
                "2026-07-31",
                "2026-08-31",
                "2026-09-30",
                "2026-10-31",
                "2026-11-01",
                "2026-11-08",
                "2026-11-14",
                "2026-11-15",
                "2026-11-16",
                "2026-11-17",
                "2026-11-18",
                "2026-11-19",
                "2026-11-20",
            ]
        );
    }

    #[test]
    fn what_stays_is_told_by_this_table() {
        for (what, times, now, kept) in [
            ("nothing", &[][..], "2026-11-20T12:00", &[][..]),
            (
                "few",
                &["2020-01-01T09:00", "2026-11-20T09:00"],
                "2026-11-20T12:00",
                &["2020-01-01T09:00", "2026-11-20T09:00"],
            ),
            (
                "the last of a day, and the three newest",
                &[
                    "2026-11-19T08:00",
                    "2026-11-19T09:00",
                    "2026-11-20T08:00",
                    "2026-11-20T09:00",
                    "2026-11-20T10:00",
                    "2026-11-20T11:00",
                ],
                "2026-11-20T12:00",
                &["2026-11-19T09:00", "2026-11-20T09:00", "2026-11-20T10:00", "2026-11-20T11:00"],
            ),
            (
                // Seven days later than the week that goes over the end of the year, which is one week.
                "the last of a year, of a week, and of a month",
                &[
                    "2025-12-29T09:00",
                    "2025-12-31T09:00",
                    "2026-01-01T09:00",
                    "2026-01-03T09:00",
                    "2026-01-05T09:00",
                    "2026-01-06T09:00",
                    "2026-01-07T09:00",
                    "2026-01-08T09:00",
                    "2026-01-09T09:00",
                    "2026-01-10T09:00",
                    "2026-01-11T09:00",
                ],
                "2026-01-11T12:00",
                &[
                    "2025-12-31T09:00",
                    "2026-01-03T09:00",
                    "2026-01-05T09:00",
                    "2026-01-06T09:00",
                    "2026-01-07T09:00",
                    "2026-01-08T09:00",
                    "2026-01-09T09:00",
                    "2026-01-10T09:00",
                    "2026-01-11T09:00",
                ],
            ),
            (
                "one from the future, which costs no other its place",
                &["2036-01-01T09:00", "2026-11-18T09:00", "2026-11-19T09:00", "2026-11-20T09:00"],
                "2026-11-20T12:00",
                &["2026-11-18T09:00", "2026-11-19T09:00", "2026-11-20T09:00", "2036-01-01T09:00"],
            ),
        ] {
            let times: Vec<_> = times.iter().map(|time| at(time)).collect();
            assert_eq!(stays(&times, at(now)), kept, "{what}");
        }
    }

    #[test]
    fn thinning_every_day_for_two_years_leaves_a_year_of_months_and_never_many_files() {
        let mut times = Vec::new();
        let first = at("2025-01-01T09:00");
        for day in 0..700 {
            let now = first + TimeDelta::days(day);
            times.push(now);
            let gone = superfluous(&times, now);
            times.retain(|time| !gone.contains(time));
            assert!(times.contains(&now) && times.len() <= NEWEST + DAYS + WEEKS + MONTHS, "{day}: {}", times.len());
        }
        let months: BTreeSet<_> = times.iter().map(|time| (time.year(), time.month())).collect();
        assert_eq!(months.len(), MONTHS);
    }
}
