//! How plotted values and days are written.

use chrono::{Datelike, NaiveDate};

use crate::base::text;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::point::Start;
use crate::spc::ChartType;

/// How plotted values are written: 0.041 of a proportion is "4.1 %".
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// What a plotted value is multiplied with to be shown.
    pub factor: f64,
    /// What stands behind a shown value.
    pub unit: String,
    /// What a value is.
    pub kind: MeasureKind,
}

impl Scale {
    /// The scale of a measure.
    #[must_use]
    pub fn of(measure: &Measure) -> Self {
        let factor = measure.display_factor();
        Self {
            factor: if factor.is_finite() && factor > 0.0 { factor } else { 1.0 },
            unit: measure.shown_unit().to_owned(),
            kind: measure.kind,
        }
    }

    /// The scale of days between events.
    #[must_use]
    pub fn of_days() -> Self {
        Self { factor: 1.0, unit: "d".to_owned(), kind: MeasureKind::Value }
    }

    /// A plotted value without its unit.
    #[must_use]
    pub fn number(&self, plotted: f64) -> String {
        self.with_decimals(plotted, self.decimals(plotted))
    }

    /// A plotted value with its unit.
    #[must_use]
    pub fn written(&self, plotted: f64) -> String {
        self.with_unit(self.number(plotted))
    }

    /// A centre line or limit without its unit: never fewer than one digit behind the point below 100,
    /// because "9" would hide on which side of it a 9 is.
    #[must_use]
    pub fn line(&self, plotted: f64) -> String {
        let shown = (plotted * self.factor).abs();
        let least = usize::from(shown < 100.0);
        self.with_decimals(plotted, self.decimals(plotted).max(least))
    }

    /// A value on an axis whose ticks are `step` apart, without its unit.
    #[must_use]
    pub fn tick(&self, plotted: f64, step: f64) -> String {
        let shown = (step * self.factor).abs();
        let digits = if shown > 0.0 && shown < 1.0 { (-shown.log10()).ceil() } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 6")]
        let mut decimals = digits.clamp(0.0, 6.0) as usize;
        // A step of 2.5 needs the digit that a step of 2 does not.
        if shown.is_finite() && shown < 1e6 && decimals < 6 {
            let power = 10f64.powi(i32::try_from(decimals).unwrap_or(0));
            if ((shown * power).round() - shown * power).abs() > 1e-6 {
                decimals += 1;
            }
        }
        let shown = plotted * self.factor;
        if shown.abs() >= MOST_WRITTEN {
            return short_power(shown);
        }
        text::in_groups(&format!("{:.decimals$}", shown + 0.0))
    }

    /// The least shown distance that means something: nobody counts halves. 0 where there is none.
    #[must_use]
    pub fn least_step(&self) -> f64 {
        if self.kind == MeasureKind::Count { self.factor } else { 0.0 }
    }

    /// The highest shown value that there can be.
    #[must_use]
    pub fn most(&self) -> f64 {
        if self.kind == MeasureKind::Proportion { 100.0 } else { f64::INFINITY }
    }

    /// Whether no value can be below 0.
    #[must_use]
    pub fn is_never_negative(&self) -> bool {
        self.kind != MeasureKind::Value
    }

    /// A number as written, with the unit behind it.
    #[must_use]
    pub fn with_unit(&self, number: String) -> String {
        if self.unit.is_empty() { number } else { format!("{number} {}", self.unit) }
    }

    fn with_decimals(&self, plotted: f64, decimals: usize) -> String {
        let shown = plotted * self.factor;
        if shown.is_finite() && shown.abs() >= MOST_WRITTEN {
            return short_power(shown);
        }
        text::grouped(shown, decimals)
    }

    // As `Measure::number` does it; a test holds the two together.
    fn decimals(&self, plotted: f64) -> usize {
        let shown = (plotted * self.factor).abs();
        match self.kind {
            MeasureKind::Count if plotted.fract() == 0.0 => 0,
            _ if shown >= 100.0 => 0,
            MeasureKind::Proportion if shown >= 10.0 => 0,
            _ if shown >= 1.0 => 1,
            _ => 2,
        }
    }
}

/// From here on a number is written as a power of ten.
const MOST_WRITTEN: f64 = 1e9;

fn short_power(shown: f64) -> String {
    format!("{shown:.1e}")
}

/// The name of a chart's centre line.
pub(super) fn centre_name(chart: ChartType) -> &'static str {
    match chart {
        ChartType::Run | ChartType::G => "median",
        ChartType::T => "centre line",
        _ => "mean",
    }
}

/// A day as people say it: "16 Nov", with the year where it is not `now`'s; "Nov 2026" for months and
/// quarters, "2026" for years; with the time for shifts.
#[must_use]
pub fn spoken_day(start: Start, frequency: Frequency, now: Option<NaiveDate>) -> String {
    let day = start.date();
    match frequency {
        Frequency::Year => return day.format("%Y").to_string(),
        Frequency::Month | Frequency::Quarter => return day.format("%b %Y").to_string(),
        Frequency::Day | Frequency::Week(_) | Frequency::Event => {}
    }
    let mut out = day.format("%-d %b").to_string();
    if now.is_some_and(|now| now.year() != day.year()) {
        out.push_str(&day.format(" %Y").to_string());
    }
    // ISO text is longer than a day where there is a time.
    if start.text().len() > 10 {
        out.push_str(&start.wall().format(" %H:%M").to_string());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::sample;

    #[test]
    fn values_are_written_as_the_measure_writes_them() {
        for kind in MeasureKind::ALL {
            let mut measure = sample::measure(*kind);
            measure.per = (*kind == MeasureKind::Rate).then_some(1000.0);
            let scale = Scale::of(&measure);
            for value in [0.0, 0.041, 0.5, 0.957, 1.0, 3.0, 7.25, 12.5, 312.4, 12_345.0, -2.0] {
                assert_eq!(scale.written(value), measure.written(value), "{kind:?} {value}");
            }
        }
    }

    #[test]
    fn a_line_keeps_the_digit_that_tells_sides_apart() {
        let scale = Scale::of(&sample::measure(MeasureKind::Proportion));
        assert_eq!(scale.line(0.9126), "91.3");
        assert_eq!(scale.line(0.0391), "3.9");
        assert_eq!(Scale::of(&sample::measure(MeasureKind::Count)).line(3.0), "3");
    }

    #[test]
    fn ticks_have_as_many_digits_as_their_step_needs() {
        let scale = Scale::of(&sample::measure(MeasureKind::Value));
        for (value, step, expected) in
            [(4.0, 2.0, "4"), (0.5, 0.5, "0.5"), (7.5, 2.5, "7.5"), (0.25, 0.05, "0.25"), (2e9, 1e9, "2.0e9")]
        {
            assert_eq!(scale.tick(value, step), expected);
        }
    }

    #[test]
    fn a_number_beyond_reason_stays_short() {
        let scale = Scale::of(&sample::measure(MeasureKind::Value));
        assert!(scale.number(1e300).len() < 10);
        assert_eq!(scale.number(f64::NAN), "–");
    }

    #[test]
    fn a_day_is_said_with_what_it_needs() {
        let now = "2026-11-20".parse().ok();
        for (text, frequency, expected) in [
            ("2026-09-28", Frequency::Day, "28 Sep"),
            ("2025-09-28", Frequency::Day, "28 Sep 2025"),
            ("2026-09-01", Frequency::Month, "Sep 2026"),
            ("2019-01-01", Frequency::Year, "2019"),
            ("2026-09-28T07:00", Frequency::Day, "28 Sep 07:00"),
        ] {
            assert_eq!(spoken_day(Start::parse(text).unwrap(), frequency, now), expected);
        }
    }
}
