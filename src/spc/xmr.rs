//! The chart of individuals and moving ranges as `NHSRplotthedots` draws it for Making Data Count.

use super::Screening;
use super::number::{self, Mean};
use super::phase::{Lines, Phase};
use super::rules::Band;

/// From the mean moving range to the distance of a limit: 3 / 1.128, rounded as Making Data Count
/// publishes it. (qicharts2 does not round.)
pub(super) const LIMIT: f64 = 2.66;

/// Moving ranges beyond so many times their mean are outliers: the upper limit of a moving-range chart.
pub(super) const SCREEN: f64 = 3.267;

/// The mean of the baseline and the mean of its moving ranges. `scratch` is overwritten.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, screening: bool, scratch: &mut Vec<f64>) -> Lines {
    let (values, ghosts) = phase.base();
    let mean = if ghosts.contains(&true) {
        // A range bridges a ghost as if it were not there.
        scratch.clear();
        scratch.extend(values.iter().zip(ghosts).filter(|(_, ghost)| !**ghost).map(|(value, _)| *value));
        scratch.extend(values.iter().skip(ghosts.len()));
        let mean = number::mean(scratch);
        ranges_in_place(scratch);
        mean
    } else {
        ranges(values, scratch);
        number::mean(values)
    };
    let (range, screened) = mean_range(scratch, screening);
    Lines { centre: given.unwrap_or(mean.value), reach: range * LIMIT, screened, baseline: mean.count }
}

/// The limits: 2.66 mean ranges from the centre line, near from two thirds of the way on.
/// They are never clamped: a percentage may pass 100, a count may pass 0.
pub(super) fn band(lines: &Lines) -> Band {
    Band::around(lines.centre, lines.reach)
}

/// The mean of moving ranges. With screening those beyond 3.267 times the mean are left out, once, unless
/// nothing or only zeros would be left: a nearly flat series with one spike would then have limits of no
/// width, and all its points would lie outside.
fn mean_range(ranges: &[f64], screening: bool) -> (f64, Screening) {
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

/// The distances of neighbours into `ranges`. One beside a gap is missing: a gap is not bridged.
fn ranges(values: &[f64], ranges: &mut Vec<f64>) {
    ranges.clear();
    ranges.extend(values.iter().zip(values.iter().skip(1)).map(|(before, value)| (value - before).abs()));
}

fn ranges_in_place(values: &mut Vec<f64>) {
    for at in 1..values.len() {
        values[at - 1] = (values[at] - values[at - 1]).abs();
    }
    values.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(values: &[f64], ghosts: &[bool], screening: bool) -> Lines {
        let phase = Phase { from: 0, values, ghosts, frozen: values.len() };
        lines(&phase, None, screening, &mut Vec::new())
    }

    fn mean_range_of(values: &[f64], ghosts: &[bool]) -> f64 {
        lines_of(values, ghosts, false).reach / LIMIT
    }

    #[test]
    fn the_limits_are_two_and_two_thirds_of_a_mean_range_away() {
        let lines = lines_of(&[10.0, 12.0, 11.0, 13.0], &[], true);
        let band = band(&lines);
        assert_eq!(lines.centre, 11.5);
        assert!((band.upper - (11.5 + 2.66 * 5.0 / 3.0)).abs() < 1e-12);
        assert!((band.near_lower - (11.5 - 2.66 * 10.0 / 9.0)).abs() < 1e-12);
    }

    #[test]
    fn a_range_does_not_bridge_a_gap() {
        assert_eq!(mean_range_of(&[1.0, 2.0, f64::NAN, 9.0, 10.0], &[]), 1.0);
    }

    #[test]
    fn a_range_bridges_a_ghost() {
        let mean = mean_range_of(&[1.0, 2.0, 50.0, 4.0], &[false, false, true]);
        assert!((mean - 1.5).abs() < 1e-12);
    }

    #[test]
    fn a_range_does_not_bridge_a_gap_beside_a_ghost() {
        let values = [1.0, 2.0, 50.0, f64::NAN, 9.0, 10.0];
        assert_eq!(mean_range_of(&values, &[false, false, true, false, false, false]), 1.0);
    }

    #[test]
    fn screening_leaves_out_large_ranges_once() {
        let values = [1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 30.0];
        let lines = lines_of(&values, &[], true);
        assert_eq!(lines.screened, Screening::Removed(1));
        assert!((lines.reach / LIMIT - 1.0).abs() < 1e-12);
    }

    #[test]
    fn where_screening_leaves_only_zeros_all_ranges_make_the_limits() {
        let mut values = vec![12.0; 30];
        values[19] = 13.0;
        let lines = lines_of(&values, &[], true);
        assert_eq!(lines.screened, Screening::Fallback);
        assert!(lines.reach > 0.0);
    }

    #[test]
    fn the_limits_of_equal_values_lie_on_the_mean() {
        let lines = lines_of(&[1.0; 18], &[], true);
        let band = band(&lines);
        assert_eq!(lines.screened, Screening::Fallback);
        assert_eq!((band.lower, lines.centre, band.upper), (1.0, 1.0, 1.0));
    }

    #[test]
    fn one_value_makes_a_mean_and_no_limits() {
        let lines = lines_of(&[5.0], &[], true);
        assert_eq!(lines.centre, 5.0);
        assert!(lines.reach.is_nan());
    }
}
