//! The chart of moving ranges, the companion of the chart of individuals (Shewhart 1931; as qicharts2
//! computes it).
//!
//! Ranges of neighbours share a point, so that runs of them are no tosses of a coin: only the limits mark
//! points here, whatever the rules.

use super::band::Band;
use super::phase::{Lines, Phase};
use super::range::SCREEN;
use super::{Screening, number};

/// The ranges of one phase after those of the phases before, in `plotted`. The first of a phase is
/// missing, and so is one beside a gap. A ghost is bridged; its own range leads back to the last point that
/// is none.
pub(super) fn plot(values: &[f64], ghosts: &[bool], plotted: &mut Vec<f64>) {
    let mut before = f64::NAN;
    plotted.extend(values.iter().enumerate().map(|(at, &value)| {
        let range = (value - before).abs();
        if !ghosts.get(at).is_some_and(|ghost| *ghost) {
            before = value;
        }
        range
    }));
}

/// The mean range; the upper limit at 3.267 of them, near from two thirds of it on, the lower limit at
/// nought.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> (Lines, Band) {
    let [base] = phase.base_of([phase.values], scratch);
    let mean = number::mean(base);
    let centre = given.unwrap_or(mean.value);
    let upper = SCREEN * centre;
    let band = Band { lower: 0.0, near_lower: 0.0, near_upper: number::two_thirds(upper), upper, ..Band::NONE };
    let reach = upper - centre;
    (Lines { centre, reach, screened: Screening::None, baseline: mean.count, only_limits: true }, band)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(values: &[f64], ghosts: &[bool]) -> Vec<f64> {
        let mut plotted = Vec::new();
        plot(values, ghosts, &mut plotted);
        plotted
    }

    #[test]
    fn a_range_leads_to_the_point_before_and_bridges_no_gap() {
        let found = ranges(&[1.0, 3.0, f64::NAN, 9.0, 4.0], &[]);
        assert!(found[0].is_nan() && found[2].is_nan() && found[3].is_nan());
        assert_eq!((found[1], found[4]), (2.0, 5.0));
    }

    #[test]
    fn a_range_bridges_a_ghost() {
        let found = ranges(&[1.0, 50.0, 2.0, 4.0], &[false, true]);
        assert_eq!(found[1..], [49.0, 1.0, 2.0]);
    }
}
