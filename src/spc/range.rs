//! Moving ranges: the distances of neighbours, and their mean, from which short-term variation is read.

use super::Screening;
use super::number::{self, Mean};
use super::phase::Phase;

/// Moving ranges beyond so many times their mean are outliers: the upper limit of a moving-range chart.
pub(super) const SCREEN: f64 = 3.267;

/// From the mean moving range to a standard deviation: the mean range of two from a normal distribution
/// is 1.128 of them (Shewhart's d2).
pub(super) const D2: f64 = 1.128;

/// The distances of neighbours among the rows that make the lines, into `ranges`. One beside a gap is
/// missing: a gap is not bridged. A ghost is bridged as if it were not there.
pub(super) fn of_base(phase: &Phase<'_>, ranges: &mut Vec<f64>) {
    let (values, ghosts) = phase.base();
    ranges.clear();
    if ghosts.contains(&true) {
        ranges.extend(phase.base_rows());
        in_place(ranges);
    } else {
        ranges.extend(values.iter().zip(values.iter().skip(1)).map(|(before, value)| (value - before).abs()));
    }
}

/// Puts the distances of neighbours in the place of the values.
pub(super) fn in_place(values: &mut Vec<f64>) {
    for at in 1..values.len() {
        values[at - 1] = (values[at] - values[at - 1]).abs();
    }
    values.pop();
}

/// The mean of moving ranges. With screening those beyond 3.267 times the mean are left out, once, unless
/// nothing or only zeros would be left: a nearly flat series with one spike would then have limits of no
/// width, and all its points would lie outside.
pub(super) fn mean(ranges: &[f64], screening: bool) -> (f64, Screening) {
    let all = number::mean(ranges);
    if !screening || all.count == 0 {
        return (all.value, Screening::None);
    }
    let limit = SCREEN * all.value;
    let Mean { value, count } = number::mean_where(ranges, |range| range < limit);
    if count == 0 || value == 0.0 {
        (all.value, Screening::Fallback)
    } else if count == all.count {
        (value, Screening::None)
    } else {
        (value, Screening::Removed(all.count - count))
    }
}
