//! The run chart: the median, and no limits.

use super::phase::{Lines, Phase};
use super::rules::speaking;
use super::{Screening, number};

/// The median of the baseline, unless a centre line is given. `scratch` is overwritten.
pub(super) fn lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> Lines {
    let (values, ghosts) = phase.base();
    scratch.clear();
    scratch.extend(speaking(values, ghosts).map(|(_, value)| value));
    Lines {
        centre: given.unwrap_or_else(|| number::median(scratch)),
        reach: f64::NAN,
        screened: Screening::None,
        baseline: scratch.len(),
        only_limits: false,
    }
}
