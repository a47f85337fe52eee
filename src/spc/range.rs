//! Moving ranges: the distances of neighbours, and their mean, from which short-term variation is read.

use super::Screening;
use super::number::{self, Mean};

/// Moving ranges beyond so many times their mean are outliers: the upper limit of a moving-range chart.
pub(super) const SCREEN: f64 = 3.267;

/// From the mean moving range to a standard deviation: the mean range of two from a normal distribution
/// is 1.128 of them (Shewhart's d2).
pub(super) const D2: f64 = 1.128;

/// The mean moving range of values: of the distances of neighbours. One beside a gap is missing: a gap is not
/// bridged. With screening those beyond 3.267 times the mean are left out, once, unless nothing or only zeros
/// would be left: a nearly flat series with one spike would then have limits of no width, and all its points
/// would lie outside.
pub(super) fn mean(values: &[f64], screening: bool) -> (f64, Screening) {
    let (Some((_, later)), Some((_, earlier))) = (values.split_first(), values.split_last()) else {
        return (f64::NAN, Screening::None);
    };
    let neighbours = [earlier, later];
    let all = number::mean_of(neighbours, |[before, value]| {
        let range = (value - before).abs();
        (range, number::is_there(range))
    });
    if !screening || all.count == 0 {
        return (all.value, Screening::None);
    }
    let limit = SCREEN * all.value;
    let Mean { value, count } = number::mean_of(neighbours, |[before, value]| {
        let range = (value - before).abs();
        (range, range < limit)
    });
    if count == 0 || value == 0.0 {
        (all.value, Screening::Fallback)
    } else if count == all.count {
        (value, Screening::None)
    } else {
        (value, Screening::Removed(all.count - count))
    }
}
