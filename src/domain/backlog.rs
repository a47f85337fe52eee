//! A process's periods over a stretch of days, with what each takes over from the one before.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate, NaiveDateTime};

use super::calendar::Calendar;
use super::process::{Process, Told};
use super::span::Span;

/// A period, what was recorded of it, and what was left undone before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Spell {
    /// The period.
    pub span: Span,
    /// What was recorded of it.
    pub told: Told,
    /// How much the periods before left undone; 0 where the process does not carry over.
    pub carried: i64,
}

/// The first day whose periods bear upon those of `day`: that itself, or where work is carried over the first
/// of the month before. What is older is carried no further, so that every board reads as little and says the
/// same, whatever stretch of days it looks at.
pub fn bears_from(process: &Process, day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    if process.carry { first.checked_sub_months(Months::new(1)).unwrap_or(first) } else { day }
}

/// The periods of the days from `from` to `to`, both included; `told` is what was recorded since
/// [`bears_from`] of the first day, by the start of the period.
pub fn spells(
    process: &Process,
    calendar: &Calendar<'_>,
    (from, to): (NaiveDate, NaiveDate),
    told: &BTreeMap<NaiveDateTime, Told>,
) -> Vec<Spell> {
    let mut all = Vec::new();
    let mut first = from;
    while first <= to {
        let next = first.with_day(1).and_then(|month| month.checked_add_months(Months::new(1)));
        let last = next.and_then(|next| next.pred_opt()).map_or(to, |last| last.min(to));
        let mut carried = 0;
        for day in bears_from(process, first).iter_days().take_while(|day| *day <= last) {
            for span in process.spans_of(day, calendar) {
                let told = told.get(&span.start).copied().unwrap_or_default();
                let leaves = if process.carry { told.leaves(&span, carried) } else { 0 };
                if day >= first {
                    all.push(Spell { span, told, carried });
                }
                carried = leaves;
            }
        }
        let Some(next) = last.succ_opt() else { break };
        first = next;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::process::Plan;
    use crate::domain::record::Json;
    use crate::domain::shift::ShiftPattern;
    use crate::domain::team::Team;
    use crate::domain::{ProcessId, TeamId};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Ten required in each early shift, carried over; done so many on the days from 28 October on.
    fn carried(done: &[Option<i64>], from: &str, to: &str) -> Vec<(i64, i64)> {
        let mut process = Process::blank(ProcessId::default(), TeamId::default());
        process.carry = true;
        let required = [("Early".to_owned(), [10; 7])].into();
        process.schedule = Json(vec![Plan { from: day("2026-01-01"), required, ..Plan::default() }]);
        let mut team = Team::blank(TeamId::default(), TeamId::default());
        team.shifts = Json(ShiftPattern::default());
        let told = day("2026-10-28").iter_days().zip(done).filter_map(|(day, done)| {
            let told = Told { completed: (*done)?, recorded: true, required: None };
            Some((day.and_hms_opt(7, 0, 0).unwrap(), told))
        });
        let told = told.collect();
        let spells = spells(&process, &team.calendar(), (day(from), day(to)), &told);
        spells.iter().map(|spell| (spell.carried, spell.told.required_in(&spell.span, spell.carried))).collect()
    }

    #[test]
    fn what_is_left_undone_is_required_in_the_next_period_as_well() {
        let done = [Some(7), Some(12), Some(11), Some(10)];
        assert_eq!(carried(&done, "2026-10-28", "2026-10-31"), [(0, 10), (3, 13), (1, 11), (0, 10)]);
    }

    #[test]
    fn a_period_that_nobody_filled_in_hands_nothing_on() {
        assert_eq!(carried(&[Some(4), None], "2026-10-28", "2026-10-30"), [(0, 10), (6, 16), (0, 10)]);
    }

    #[test]
    fn whatever_days_one_looks_at_a_period_takes_over_the_same() {
        let done = [Some(9); 70];
        let all = carried(&done, "2026-10-28", "2026-12-31");
        assert_eq!(all[5], (5, 15), "over the end of a month");
        for (at, day) in day("2026-10-28").iter_days().take(all.len()).enumerate() {
            let day = day.to_string();
            assert_eq!(carried(&done, &day, &day), [all[at]], "{day}");
        }
    }
}
