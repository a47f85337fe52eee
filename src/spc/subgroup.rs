//! Charts of subgroups of measured values: x̄, their means, and s, their standard deviations (Shewhart 1931;
//! Montgomery), as qicharts2 computes them.

use super::Screening;
use super::band::Band;
use super::gamma;
use super::number;
use super::phase::{Lines, Phase};

/// What the charts of subgroups need to know of one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subgroup {
    /// The mean of its values; NaN without any.
    pub mean: f64,
    /// Their standard deviation (n - 1); NaN below two values.
    pub spread: f64,
    /// How many values there are.
    pub size: f64,
}

impl Subgroup {
    /// The subgroup of these values. What is missing (NaN or infinite) does not count.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let number::Mean { value: mean, count } = number::mean(values);
        let size = count as f64;
        let squares: f64 =
            values.iter().filter(|value| number::is_there(**value)).map(|value| (value - mean).powi(2)).sum();
        let spread = if count < 2 { f64::NAN } else { (squares / (size - 1.0)).sqrt() };
        Self { mean, spread, size }
    }
}

/// The limits of a phase: what the size of a subgroup multiplies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    centre: f64,
    spread: f64,
}

/// Means: the mean of all values, and limits from the spread within subgroups.
pub(super) fn xbar_lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> (Lines, Limits) {
    let (mean, baseline) = weighted_mean(phase, scratch);
    let limits = Limits { centre: given.unwrap_or(mean), spread: spread(phase, scratch).0 };
    let reach = limits.reach(phase.size(phase.last_place()));
    (Lines { centre: limits.centre, reach, screened: Screening::None, baseline, only_limits: false }, limits)
}

/// Standard deviations: the spread within subgroups, and limits by the size of each.
pub(super) fn s_lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> (Lines, Limits) {
    let (spread, baseline) = spread(phase, scratch);
    let centre = given.unwrap_or(spread);
    let limits = Limits { centre, spread: centre };
    let wobble = gamma::Subgroup::of(phase.size(phase.last_place())).wobble;
    let reach = 3.0 * wobble * centre;
    (Lines { centre, reach, screened: Screening::None, baseline, only_limits: false }, limits)
}

impl Limits {
    /// A3 of this size, times the spread.
    fn reach(&self, size: f64) -> f64 {
        gamma::Subgroup::of(size).a3 * self.spread
    }

    /// The limits of a mean of so many values; NaN below two.
    #[inline]
    pub(super) fn of_mean(&self, size: f64) -> Band {
        Band::around(self.centre, self.reach(size))
    }

    /// The limits of a standard deviation of so many values, B3 and B4 of the centre line; NaN below two.
    #[inline]
    pub(super) fn of_spread(&self, size: f64) -> Band {
        Band::around(self.centre, 3.0 * gamma::Subgroup::of(size).wobble * self.centre).within(0.0, f64::INFINITY)
    }
}

/// The mean of all values: that of the means, each as heavy as its size. And how many means made it.
fn weighted_mean(phase: &Phase<'_>, scratch: &mut Vec<f64>) -> (f64, usize) {
    let columns = phase.base_of([phase.values, phase.sizes], scratch);
    let found = number::ratio(columns, |[mean, size]| {
        ([mean * size, size], number::is_there(mean) & number::is_there(size) & (size > 0.0))
    });
    // Equal means lie on their line, whatever rounding does to their products.
    (level_of(columns, 0.0).unwrap_or(found.value), found.count)
}

/// The spread within subgroups: the mean of their standard deviations where all subgroups of the phase are of
/// one size, otherwise pooled by their degrees of freedom. And how many subgroups made it.
fn spread(phase: &Phase<'_>, scratch: &mut Vec<f64>) -> (f64, usize) {
    let columns = phase.base_of([phase.spreads, phase.sizes], scratch);
    let counts = |deviation: f64, size: f64| number::is_there(deviation) & number::is_there(size) & (size > 1.0);
    let first = phase.size(0);
    let has_one_size = phase.sizes.len() >= phase.values.len() && phase.sizes.iter().all(|size| *size == first);
    let mean = number::mean_of(columns, |[deviation, size]| (deviation, counts(deviation, size)));
    let pooled = || {
        // The degrees of freedom are those of all subgroups, one without a value (-1) too, as in qicharts2.
        let squares = number::ratio(columns, |[deviation, size]| {
            let square = if counts(deviation, size) { (size - 1.0) * deviation * deviation } else { 0.0 };
            ([square, size - 1.0], number::is_there(size))
        });
        squares.value.sqrt()
    };
    let found = if has_one_size { mean.value } else { pooled() };
    (level_of(columns, 1.0).unwrap_or(found), mean.count)
}

/// The one value that all rows have which are there and whose size is above `least`; none where there are
/// several, or none.
fn level_of([values, sizes]: [&[f64]; 2], least: f64) -> Option<f64> {
    number::level(values.iter().zip(sizes).filter(|(_, size)| **size > least).map(|(value, _)| *value))
}
