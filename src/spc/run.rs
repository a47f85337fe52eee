//! The run chart: the median, and no limits.

use super::phase::{Lines, Phase};
use super::{Screening, number};

/// The median of the baseline, unless a centre line is given. `scratch` is overwritten.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> Lines {
    phase.base_there(scratch);
    let baseline = scratch.len();
    let centre = given.unwrap_or_else(|| number::median(scratch));
    Lines { centre, reach: f64::NAN, screened: Screening::None, baseline, only_limits: false }
}
