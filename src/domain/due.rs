//! Whether a value is due, and how old the last one is.

use chrono::NaiveDate;

use super::frequency::Frequency;

/// Of a measure that is late, at most so many periods are asked for: nobody types a year at a huddle.
pub const ASKED_AT_MOST: usize = 7;

/// How a measure's data stand on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing is due.
    No,
    /// The value of the period that starts on this day is due now.
    Now(NaiveDate),
    /// So many periods are missing; the first of them starts on this day.
    Late {
        /// The first day of the earliest missing period.
        from: NaiveDate,
        /// How many periods are missing.
        missing: usize,
    },
}

impl Due {
    /// How many periods are asked for: of a measure that is late, at most [`ASKED_AT_MOST`].
    pub fn periods(self) -> usize {
        match self {
            Self::No => 0,
            Self::Now(_) => 1,
            Self::Late { missing, .. } => missing.min(ASKED_AT_MOST),
        }
    }

    /// Whether a value is due or late.
    pub fn is_due(self) -> bool {
        self != Self::No
    }
}

/// How a measure stands on `today`, whose latest data point starts on `last`.
///
/// A day's value is due on that day, and late from the next. The value of a longer period is due in
/// the period after it, and late when that has passed too. Events are never due; a measure without
/// any data is due for its current period.
pub fn due(frequency: Frequency, last: Option<NaiveDate>, today: NaiveDate) -> Due {
    if frequency == Frequency::Event {
        return Due::No;
    }
    let current = frequency.start_of(today);
    let latest = match frequency {
        Frequency::Day => current,
        _ => frequency.previous(current).unwrap_or(current),
    };
    let Some(last) = last else { return Due::Now(latest) };
    let missing = frequency.between(frequency.start_of(last), latest);
    match (missing, frequency.next(frequency.start_of(last))) {
        (0, _) | (_, None) => Due::No,
        (1, Some(from)) => Due::Now(from),
        (missing, Some(from)) => Due::Late { from, missing },
    }
}

/// The period that a value typed without a day is for: today, or, where a longer period is measured,
/// the last one that is over while it has no value yet, and else the one that is going on.
pub fn entry_start(frequency: Frequency, last: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let current = frequency.start_of(today);
    match (frequency, frequency.previous(current)) {
        (Frequency::Day | Frequency::Event, _) | (_, None) => current,
        (_, Some(previous)) if last.is_some_and(|last| last < previous) => previous,
        _ => current,
    }
}

/// How long ago the last data point's period was, in a few words: "today", "3 days", "last week".
pub fn age(frequency: Frequency, last: NaiveDate, today: NaiveDate) -> String {
    let periods = frequency.between(frequency.start_of(last), frequency.start_of(today));
    let days = (today - last).num_days();
    match (frequency, periods) {
        (_, 0) if days < 0 => "ahead of today".to_owned(),
        (Frequency::Day | Frequency::Event, _) if days == 0 => "today".to_owned(),
        (Frequency::Day | Frequency::Event, _) if days == 1 => "yesterday".to_owned(),
        (Frequency::Day | Frequency::Event, _) => format!("{days} days"),
        (_, 0) => format!("this {}", frequency.noun(1)),
        (_, 1) => format!("last {}", frequency.noun(1)),
        (_, periods) => format!("{periods} {}", frequency.noun(periods)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_days_value_is_due_today_and_late_tomorrow() {
        let state = |last| due(Frequency::Day, Some(day(last)), day("2026-11-20"));
        assert_eq!(state("2026-11-20"), Due::No);
        assert_eq!(state("2026-11-19"), Due::Now(day("2026-11-20")));
        assert_eq!(state("2026-11-17"), Due::Late { from: day("2026-11-18"), missing: 3 });
    }

    #[test]
    fn a_weeks_value_is_due_in_the_week_after_it() {
        let weekly = Frequency::parse("weekly").unwrap();
        assert_eq!(due(weekly, Some(day("2026-11-09")), day("2026-11-20")), Due::No);
        assert_eq!(due(weekly, Some(day("2026-11-02")), day("2026-11-20")), Due::Now(day("2026-11-09")));
    }

    #[test]
    fn events_are_never_due_and_a_new_measure_is_due_at_once() {
        assert_eq!(due(Frequency::Event, None, day("2026-11-20")), Due::No);
        assert_eq!(due(Frequency::Month, None, day("2026-11-20")), Due::Now(day("2026-10-01")));
    }

    #[test]
    fn a_value_without_a_day_is_for_the_period_that_is_over_until_that_has_one() {
        let weekly = Frequency::parse("weekly").unwrap();
        let start = |last: &str| entry_start(weekly, Some(day(last)), day("2026-11-20"));
        assert_eq!(start("2026-11-02"), day("2026-11-09"));
        assert_eq!(start("2026-11-09"), day("2026-11-16"));
        assert_eq!(entry_start(weekly, None, day("2026-11-20")), day("2026-11-16"), "a new measure starts now");
        assert_eq!(entry_start(Frequency::Day, Some(day("2026-11-01")), day("2026-11-20")), day("2026-11-20"));
    }

    #[test]
    fn age_is_said_in_the_measures_own_periods() {
        assert_eq!(age(Frequency::Day, day("2026-11-19"), day("2026-11-20")), "yesterday");
        assert_eq!(age(Frequency::Month, day("2026-10-01"), day("2026-11-20")), "last month");
        assert_eq!(age(Frequency::Month, day("2026-08-01"), day("2026-11-20")), "3 months");
    }
}
