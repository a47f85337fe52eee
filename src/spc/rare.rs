//! Charts of rare events: g, the cases between them, and t, the time between them (Benneyan 1998 and 2001;
//! Nelson, "A control chart for parts-per-million nonconforming items", Journal of Quality Technology 1994;
//! both as Provost and Murray teach them and qicharts2 computes them).

use super::band::Band;
use super::phase::{Lines, Phase};
use super::range::{self, D2};
use super::{Screening, number};

/// Times between events, raised to one over this, are nearly normal (Nelson 1994).
const POWER: f64 = 3.6;

/// The median of a geometric distribution over its mean: the logarithm of 2.
const MEDIAN_OF_MEAN: f64 = 0.693;

/// Cases between events: what is drawn is the median, because half the points lie on either side of it;
/// the limits come from the mean, at three standard deviations of a geometric distribution. A given centre
/// line is the mean.
pub(super) fn g_lines(phase: &Phase<'_>, given: Option<f64>, scratch: &mut Vec<f64>) -> (Lines, Band) {
    phase.base_there(scratch);
    let baseline = scratch.len();
    let mean = given.unwrap_or_else(|| number::mean(scratch).value);
    let centre = given.map_or_else(|| number::median(scratch), |given| MEDIAN_OF_MEAN * given);
    let reach = 3.0 * (mean * (mean + 1.0)).sqrt();
    let band = Band::around(mean, reach).within(0.0, f64::INFINITY);
    (Lines { centre, reach, screened: Screening::None, baseline, only_limits: false }, band)
}

/// What a t chart plots: times. What lies below nought is none.
pub(super) fn t_plot(values: &[f64], plotted: &mut Vec<f64>) {
    plotted.clear();
    plotted.extend(values.iter().map(|value| if *value >= 0.0 { *value } else { f64::NAN }));
}

/// Time between events: the mean and limits of the chart of individuals of the times raised to 1 / 3.6,
/// raised back. (qicharts2 refuses a time of nought; here it is a very short time.)
pub(super) fn t_lines(phase: &Phase<'_>, given: Option<f64>, screening: bool, scratch: &mut Vec<f64>) -> (Lines, Band) {
    let flat = number::level(phase.base_rows());
    scratch.clear();
    scratch.extend(phase.base_rows().map(|value| value.powf(1.0 / POWER)));
    let mean = number::mean(scratch);
    let (range, screened) = range::mean(scratch, screening);
    let (middle, reach) = (given.map_or(mean.value, |given| given.powf(1.0 / POWER)), 3.0 * range / D2);
    // A power and its root do not lead back to the last bit: equal times lie on their line.
    let centre = given.or(flat).unwrap_or_else(|| middle.powf(POWER));
    let band = if reach == 0.0 { Band::around(centre, 0.0) } else { raised(middle, reach) };
    // The limits lie askew: there is no one sigma.
    (Lines { centre, reach: f64::NAN, screened, baseline: mean.count, only_limits: false }, band)
}

/// The limits `reach` away from the mean of the roots. A lower limit below nought is nought; a near line
/// below nought is none.
fn raised(middle: f64, reach: f64) -> Band {
    let (near, inner) = (number::two_thirds(reach), number::third(reach));
    let lowest = middle - reach;
    Band {
        lower: if lowest < 0.0 { 0.0 } else { lowest.powf(POWER) },
        near_lower: (middle - near).powf(POWER),
        inner_lower: (middle - inner).powf(POWER),
        inner_upper: (middle + inner).powf(POWER),
        near_upper: (middle + near).powf(POWER),
        upper: (middle + reach).powf(POWER),
    }
}
