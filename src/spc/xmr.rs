//! The chart of individuals and moving ranges as `NHSRplotthedots` draws it for Making Data Count.

use super::band::Band;
use super::phase::{Lines, Phase};
use super::{number, range};

/// From the mean moving range to the distance of a limit: 3 / 1.128, rounded as Making Data Count
/// publishes it. (qicharts2 does not round.)
pub(super) const LIMIT: f64 = 2.66;

/// The mean of the baseline and limits at 2.66 mean moving ranges, near from two thirds of the way on. They
/// are never clamped: a percentage may pass 100, a count may pass 0. `scratch` is overwritten.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, screening: bool, scratch: &mut Vec<f64>) -> (Lines, Band) {
    let [base] = phase.base_of([phase.values], scratch);
    let mean = number::mean(base);
    let (range, screened) = range::mean(base, screening);
    let centre = given.unwrap_or(mean.value);
    let reach = range * LIMIT;
    (Lines { centre, reach, screened, baseline: mean.count, only_limits: false }, Band::around(centre, reach))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spc::Screening;

    fn drawn(values: &[f64], ghosts: &[bool], screening: bool) -> (Lines, Band) {
        let phase = Phase { values, ghosts, frozen: values.len(), ..Phase::default() };
        lines(&phase, None, screening, &mut Vec::new())
    }

    fn lines_of(values: &[f64], ghosts: &[bool], screening: bool) -> Lines {
        drawn(values, ghosts, screening).0
    }

    fn mean_range_of(values: &[f64], ghosts: &[bool]) -> f64 {
        lines_of(values, ghosts, false).reach / LIMIT
    }

    #[test]
    fn the_limits_are_two_and_two_thirds_of_a_mean_range_away() {
        let (lines, band) = drawn(&[10.0, 12.0, 11.0, 13.0], &[], true);
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
        let (lines, band) = drawn(&[1.0; 18], &[], true);
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
