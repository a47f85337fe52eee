//! How often a measure is measured, and the periods that follow from it.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::text_field;

/// How often a value is due. A data point is named by the first day of its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Frequency {
    /// Every day.
    #[default]
    Day,
    /// Every week that starts on this weekday.
    Week(Weekday),
    /// Every month.
    Month,
    /// Every quarter of the calendar year.
    Quarter,
    /// Every year.
    Year,
    /// Whenever it happens: no period, no gap.
    Event,
}

text_field!(Frequency, |frequency: &Frequency| frequency.code().to_owned(), Frequency::parse);

impl Frequency {
    /// The word that files and the command line use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "daily",
            Self::Week(Weekday::Mon) => "weekly",
            Self::Week(Weekday::Tue) => "weekly-tue",
            Self::Week(Weekday::Wed) => "weekly-wed",
            Self::Week(Weekday::Thu) => "weekly-thu",
            Self::Week(Weekday::Fri) => "weekly-fri",
            Self::Week(Weekday::Sat) => "weekly-sat",
            Self::Week(Weekday::Sun) => "weekly-sun",
            Self::Month => "monthly",
            Self::Quarter => "quarterly",
            Self::Year => "yearly",
            Self::Event => "event",
        }
    }

    /// The frequency of this code.
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "daily" => Self::Day,
            "weekly" | "weekly-mon" => Self::Week(Weekday::Mon),
            "weekly-tue" => Self::Week(Weekday::Tue),
            "weekly-wed" => Self::Week(Weekday::Wed),
            "weekly-thu" => Self::Week(Weekday::Thu),
            "weekly-fri" => Self::Week(Weekday::Fri),
            "weekly-sat" => Self::Week(Weekday::Sat),
            "weekly-sun" => Self::Week(Weekday::Sun),
            "monthly" => Self::Month,
            "quarterly" => Self::Quarter,
            "yearly" => Self::Year,
            "event" => Self::Event,
            _ => return None,
        })
    }

    /// What one period is called, for `count` of them.
    pub fn noun(self, count: usize) -> &'static str {
        match (self, count == 1) {
            (Self::Day, true) => "day",
            (Self::Day, false) => "days",
            (Self::Week(_), true) => "week",
            (Self::Week(_), false) => "weeks",
            (Self::Month, true) => "month",
            (Self::Month, false) => "months",
            (Self::Quarter, true) => "quarter",
            (Self::Quarter, false) => "quarters",
            (Self::Year, true) => "year",
            (Self::Year, false) => "years",
            (Self::Event, true) => "point",
            (Self::Event, false) => "points",
        }
    }

    /// The period that starts on `start`, as people say it: "Fri 20 Nov", "week of 16 Nov", "Oct 2026".
    pub fn period_words(self, start: NaiveDate) -> String {
        match self {
            Self::Day | Self::Event => start.format("%a %-d %b").to_string(),
            Self::Week(_) => start.format("week of %-d %b").to_string(),
            Self::Month => start.format("%b %Y").to_string(),
            Self::Quarter => format!("Q{} {}", start.month0() / 3 + 1, start.year()),
            Self::Year => start.year().to_string(),
        }
    }

    /// The first day of the period that holds `day`.
    pub fn start_of(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day | Self::Event => day,
            Self::Week(first) => {
                let back = day.weekday().days_since(first);
                day.checked_sub_days(Days::new(u64::from(back))).unwrap_or(day)
            }
            Self::Month => day.with_day(1).unwrap_or(day),
            Self::Quarter => NaiveDate::from_ymd_opt(day.year(), (day.month0() / 3) * 3 + 1, 1).unwrap_or(day),
            Self::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap_or(day),
        }
    }

    /// The first day of the period after the one that starts on `start`; `None` for events.
    pub fn next(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Week(_) => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            Self::Year => start.checked_add_months(Months::new(12)),
            Self::Event => None,
        }
    }

    /// The first day of the period before the one that starts on `start`; `None` for events.
    pub fn previous(self, start: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Day => start.checked_sub_days(Days::new(1)),
            Self::Week(_) => start.checked_sub_days(Days::new(7)),
            Self::Month => start.checked_sub_months(Months::new(1)),
            Self::Quarter => start.checked_sub_months(Months::new(3)),
            Self::Year => start.checked_sub_months(Months::new(12)),
            Self::Event => None,
        }
    }

    /// Whole periods from the one that starts on `from` to the one that starts on `to`, 0 where `to`
    /// is not later, and 1 between any two events.
    pub fn between(self, from: NaiveDate, to: NaiveDate) -> usize {
        let days = (to - from).num_days().max(0);
        let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
        let periods = match self {
            Self::Day => days,
            Self::Week(_) => days / 7,
            Self::Month => months,
            Self::Quarter => months / 3,
            Self::Year => months / 12,
            Self::Event => days.min(1),
        };
        usize::try_from(periods).unwrap_or(0)
    }

    /// The frequency that days in ascending order suggest: the shortest step that explains nine in ten
    /// of the gaps between them; fewer than three days say nothing.
    pub fn guess(days: &[NaiveDate]) -> Option<Self> {
        let steps: Vec<i64> =
            days.windows(2).map(|pair| (pair[1] - pair[0]).num_days()).filter(|step| *step > 0).collect();
        if steps.len() < 2 {
            return None;
        }
        let mostly =
            |fits: &dyn Fn(i64) -> bool| steps.iter().filter(|step| fits(**step)).count() * 10 >= steps.len() * 9;
        let first_of_month =
            days.iter().all(|day| day.day() == days[0].day()) || days.iter().all(|day| day.day() >= 28);
        let weekday = days[0].weekday();
        if days.iter().all(|day| day.weekday() == weekday)
            && mostly(&|step| step % 7 == 0 && step <= 28)
            && !first_of_month
        {
            return Some(Self::Week(weekday));
        }
        if mostly(&|step| step <= 4) {
            return Some(Self::Day);
        }
        if first_of_month && mostly(&|step| step >= 360) {
            return Some(Self::Year);
        }
        if first_of_month && mostly(&|step| step >= 89) {
            return Some(Self::Quarter);
        }
        if first_of_month && mostly(&|step| (28..=31).contains(&step)) {
            return Some(Self::Month);
        }
        Some(Self::Event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_named_by_its_first_day() {
        assert_eq!(Frequency::Week(Weekday::Mon).start_of(day("2026-11-22")), day("2026-11-16"));
        assert_eq!(Frequency::Week(Weekday::Fri).start_of(day("2026-11-22")), day("2026-11-20"));
        assert_eq!(Frequency::Month.start_of(day("2026-11-22")), day("2026-11-01"));
        assert_eq!(Frequency::Quarter.start_of(day("2026-11-22")), day("2026-10-01"));
    }

    #[test]
    fn codes_read_back() {
        for code in ["daily", "weekly", "weekly-fri", "monthly", "quarterly", "yearly", "event"] {
            assert_eq!(Frequency::parse(code).map(Frequency::code), Some(code));
        }
    }

    #[test]
    fn the_frequency_is_guessed_from_the_days() {
        let weekly: Vec<_> = (0..10).map(|week| day("2010-01-08") + Days::new(7 * week)).collect();
        assert_eq!(Frequency::guess(&weekly), Some(Frequency::Week(Weekday::Fri)));
        let monthly: Vec<_> = (0..10).map(|month| day("2015-01-01") + Months::new(month)).collect();
        assert_eq!(Frequency::guess(&monthly), Some(Frequency::Month));
        let working_days: Vec<_> = (0..30)
            .map(|n| day("2026-01-05") + Days::new(n))
            .filter(|d| d.weekday().num_days_from_monday() < 5)
            .collect();
        assert_eq!(Frequency::guess(&working_days), Some(Frequency::Day));
        let falls: Vec<_> = ["2026-01-03", "2026-02-20", "2026-03-01", "2026-05-19"].into_iter().map(day).collect();
        assert_eq!(Frequency::guess(&falls), Some(Frequency::Event));
    }
}
