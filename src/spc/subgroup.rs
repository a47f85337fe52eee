//! Charts of subgroups of measured values: x̄, their means, and s, their standard deviations (Shewhart 1931;
//! Montgomery), as qicharts2 computes them.

use super::Screening;
use super::gamma;
use super::number;
use super::phase::{Lines, Phase};
use super::rules::Band;

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

/// The mean of all values: that of the means, each as heavy as its size.
fn weighted_mean(phase: &Phase<'_>, scratch: &mut Vec<f64>) -> (f64, usize) {
    let kept = || phase.base_places().filter(|at| number::is_there(phase.values[*at]) && phase.size(*at) > 0.0);
    scratch.clear();
    scratch.extend(kept().map(|at| phase.values[at] * phase.size(at)));
    let baseline = scratch.len();
    scratch.extend(kept().map(|at| phase.size(at)));
    let (sums, sizes) = scratch.split_at(baseline);
    // Equal means lie on their line, whatever rounding does to their products.
    (number::level(kept().map(|at| phase.values[at])).unwrap_or_else(|| number::ratio(sums, sizes)), baseline)
}

/// The spread within subgroups: the mean of their standard deviations where all subgroups of the phase are of
/// one size, otherwise pooled by their degrees of freedom. And how many subgroups made it.
fn spread(phase: &Phase<'_>, scratch: &mut Vec<f64>) -> (f64, usize) {
    let deviation = |at: usize| phase.spreads.get(at).copied().unwrap_or(f64::NAN);
    let kept = || phase.base_places().filter(|at| number::is_there(deviation(*at)) && phase.size(*at) > 1.0);
    scratch.clear();
    scratch.extend(kept().map(deviation));
    let baseline = scratch.len();
    if let Some(level) = number::level(scratch.iter().copied()) {
        return (level, baseline);
    }
    let first = phase.size(0);
    if (0..phase.values.len()).all(|at| phase.size(at) == first) {
        return (number::mean(scratch).value, baseline);
    }
    scratch.clear();
    scratch.extend(kept().map(|at| (phase.size(at) - 1.0) * deviation(at) * deviation(at)));
    scratch.extend(phase.base_places().map(|at| phase.size(at) - 1.0));
    let (squares, freedom) = scratch.split_at(baseline);
    (number::ratio(squares, freedom).sqrt(), baseline)
}
