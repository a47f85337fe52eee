//! What the first pass learns of each measure, in the same memory whatever the number of rows.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use super::day::Grain;
use crate::domain::frequency::Frequency;
use crate::domain::measure::MeasureKind;

/// How many of its first days are looked at to tell how often a measure is measured.
const DAYS_LOOKED_AT: usize = 400;

/// A set of days: one bit for each day of the years that occur.
#[derive(Debug, Clone, Default)]
pub struct DaySet(BTreeMap<i32, [u64; 6]>);

impl DaySet {
    /// Adds a day; false where it was there already.
    pub fn insert(&mut self, day: NaiveDate) -> bool {
        let bits = self.0.entry(day.year()).or_default();
        let at = day.ordinal0() as usize;
        let (word, bit) = (&mut bits[at / 64], 1 << (at % 64));
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    /// Its first days in order.
    pub fn first(&self, most: usize) -> Vec<NaiveDate> {
        let days = self.0.iter().flat_map(|(year, bits)| {
            (0_u32..366).filter(|at| bits[*at as usize / 64] & (1 << (at % 64)) != 0).filter_map(|at| NaiveDate::from_yo_opt(*year, at + 1))
        });
        days.take(most).collect()
    }
}

/// What is known of one measure of the file.
#[derive(Debug, Clone)]
pub struct Facts {
    /// How many values it has.
    pub count: u64,
    whole: bool,
    with_denominator: u64,
    part_of_whole: bool,
    whole_denominators: bool,
    sum: f64,
    exposure: f64,
    grain: Grain,
    days: DaySet,
    twice_a_day: u64,
    /// What the file itself says of the measure.
    stated: Option<(MeasureKind, Frequency)>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            count: 0,
            whole: true,
            with_denominator: 0,
            part_of_whole: true,
            whole_denominators: true,
            sum: 0.0,
            exposure: 0.0,
            grain: Grain::Time,
            days: DaySet::default(),
            twice_a_day: 0,
            stated: None,
        }
    }
}

impl Facts {
    /// Nothing seen yet, of a measure whose kind and frequency the file may state.
    pub fn stating(stated: Option<(MeasureKind, Frequency)>) -> Self {
        Self { stated, ..Self::default() }
    }

    /// Looks at one value.
    pub fn see(&mut self, value: f64, denominator: Option<f64>, day: NaiveDate, grain: Grain) {
        self.count += 1;
        self.whole &= value >= 0.0 && value.fract() == 0.0;
        self.grain = self.grain.max(grain);
        self.twice_a_day += u64::from(!self.days.insert(day));
        if let Some(denominator) = denominator {
            self.with_denominator += 1;
            self.part_of_whole &= value <= denominator;
            self.whole_denominators &= denominator.fract() == 0.0;
            self.sum += value;
            self.exposure += denominator;
        }
    }

    /// What its values look like.
    pub fn kind(&self, exposure: bool) -> MeasureKind {
        if let Some((kind, _)) = self.stated {
            return kind;
        }
        let parts = self.part_of_whole && self.whole && self.whole_denominators && !exposure;
        match (self.with_denominator > 0, parts) {
            (true, true) => MeasureKind::Proportion,
            (true, false) => MeasureKind::Rate,
            (false, _) if self.whole => MeasureKind::Count,
            (false, _) => MeasureKind::Value,
        }
    }

    /// So many per which a rate reads well; nothing for one that does without.
    pub fn per(&self) -> Option<f64> {
        let ratio = self.sum / self.exposure;
        [1_000.0, 100_000.0].into_iter().find(|per| ratio > 0.0 && ratio < 0.1 && ratio * per >= 0.1)
    }

    /// How often it looks measured.
    pub fn frequency(&self) -> Frequency {
        if let Some((_, frequency)) = self.stated {
            return frequency;
        }
        let days = self.days.first(DAYS_LOOKED_AT);
        match (self.grain, Frequency::guess(&days)) {
            // Only first days of a month: months, of which some are missing.
            (Grain::Day, Some(Frequency::Event)) if self.twice_a_day == 0 && days.iter().all(|day| day.day() == 1) => Frequency::Month,
            (Grain::Time | Grain::Day, Some(Frequency::Event)) => Frequency::Event,
            (Grain::Year, _) => Frequency::Year,
            (Grain::Quarter, _) => Frequency::Quarter,
            (Grain::Month, None | Some(Frequency::Event | Frequency::Day | Frequency::Week(_))) => Frequency::Month,
            (_, Some(found)) => found,
            (Grain::Time | Grain::Day, None) if self.twice_a_day > 0 => Frequency::Event,
            (Grain::Time | Grain::Day, None) => alone(&days),
        }
    }
}

/// The frequency of one day or two: they say little, so the day itself has to.
fn alone(days: &[NaiveDate]) -> Frequency {
    let all = |fits: fn(&NaiveDate) -> bool| !days.is_empty() && days.iter().all(fits);
    if all(|day| day.day() == 1) {
        Frequency::Month
    } else if all(|day| day.weekday() == Weekday::Mon) && days.len() > 1 {
        Frequency::Week(Weekday::Mon)
    } else {
        Frequency::Day
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(rows: &[(&str, f64, Option<f64>)]) -> Facts {
        let mut facts = Facts::default();
        rows.iter().for_each(|(day, value, denominator)| facts.see(*value, *denominator, day.parse().unwrap(), Grain::Day));
        facts
    }

    #[test]
    fn the_kind_follows_from_the_values() {
        let kind = |rows: &[(f64, Option<f64>)], exposure| {
            let rows: Vec<_> = rows.iter().map(|(value, denominator)| ("2026-01-01", *value, *denominator)).collect();
            facts(&rows).kind(exposure)
        };
        assert_eq!(kind(&[(3.0, None), (0.0, None)], false), MeasureKind::Count);
        assert_eq!(kind(&[(3.0, None), (2.5, None)], false), MeasureKind::Value);
        assert_eq!(kind(&[(-1.0, None)], false), MeasureKind::Value);
        assert_eq!(kind(&[(18.0, Some(20.0)), (20.0, Some(20.0))], false), MeasureKind::Proportion);
        assert_eq!(kind(&[(21.0, Some(20.0))], false), MeasureKind::Rate);
        assert_eq!(kind(&[(17.0, Some(17_233.6))], false), MeasureKind::Rate);
        assert_eq!(kind(&[(17.0, Some(17_233.0))], true), MeasureKind::Rate);
    }

    #[test]
    fn the_frequency_follows_from_the_days_in_whatever_order_they_come() {
        let of = |days: &[&str]| facts(&days.iter().map(|day| (*day, 1.0, None)).collect::<Vec<_>>()).frequency();
        assert_eq!(of(&["2026-03-01", "2026-01-01", "2026-02-01", "2026-04-01"]), Frequency::Month);
        assert_eq!(of(&["2026-01-19", "2026-01-12", "2026-01-05"]), Frequency::Week(Weekday::Mon));
        assert_eq!(of(&["2026-01-03", "2026-01-03", "2026-02-20", "2026-03-01", "2026-05-19"]), Frequency::Event);
        assert_eq!(of(&["2026-01-01"]), Frequency::Month);
        assert_eq!(of(&["2026-01-06"]), Frequency::Day);
    }

    #[test]
    fn a_small_rate_is_shown_per_thousand() {
        assert_eq!(facts(&[("2026-01-01", 17.0, Some(17_233.6))]).per(), Some(1_000.0));
        assert_eq!(facts(&[("2026-01-01", 30.0, Some(20.0))]).per(), None);
    }
}
