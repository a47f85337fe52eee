//! The c chart: how many happened, each time in the same exposure (Shewhart 1931; as qicharts2 computes it).

use super::band::Band;
use super::phase::{Lines, Phase};
use super::{Screening, number};

/// The mean count, and limits at three of its square roots; a count does not pass nought.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> (Lines, Band) {
    let [base] = phase.base_of([phase.values], scratch);
    let mean = number::mean(base);
    let centre = given.unwrap_or(mean.value);
    let reach = 3.0 * centre.sqrt();
    let band = Band::around(centre, reach).within(0.0, f64::INFINITY);
    (Lines { centre, reach, screened: Screening::None, baseline: mean.count, only_limits: false }, band)
}
