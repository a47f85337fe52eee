//! How far the vertical axis of a chart reaches, and how far apart its ticks are: the same on every
//! picture of it.

use super::{Chart, Scale};
use crate::spc::Side;

/// Values beyond this are drawn at it: no picture can tell them apart.
pub const MOST: f64 = 1e100;

/// What cannot be takes no more than this share of the axis.
const BEYOND: f64 = 0.4;

/// What must fit on the axis, in shown units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Extent {
    /// The lowest value that has a place.
    pub low: f64,
    /// The highest one.
    pub high: f64,
    /// Whether a point is above its centre line: then there must be room for it.
    pub above: bool,
    /// Whether a point is below it.
    pub below: bool,
    /// Whether a point is above its upper limit.
    pub over: bool,
    /// Whether a point is below its lower limit.
    pub under: bool,
}

impl Extent {
    /// The values, lines and target of all points of a chart, with some air around them.
    #[must_use]
    pub fn of(chart: &Chart) -> Self {
        let factor = chart.scale.factor;
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut line_low, mut line_high) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut out = Self { low: 0.0, high: 1.0, above: false, below: false, over: false, under: false };
        for point in &chart.points {
            if point.is_there() {
                let shown = (point.value * factor).clamp(-MOST, MOST);
                (low, high) = (low.min(shown), high.max(shown));
                out.above |= point.side == Some(Side::Above);
                out.below |= point.side == Some(Side::Below);
                out.over |= point.value > point.upper;
                out.under |= point.value < point.lower;
            }
            // NaN is passed over by min and max.
            line_low = line_low.min(point.lower * factor).min(point.centre * factor);
            line_high = line_high.max(point.upper * factor).max(point.centre * factor);
        }
        if low > high {
            return out;
        }
        let (data_low, data_high) = (low, high);
        let span = (high - low).max(f64::MIN_POSITIVE);
        // Lines and target belong on the picture unless they would flatten it.
        let targets = chart.target_steps().into_iter().map(|step| (step.target * factor, 1.5));
        for (line, reach) in [(line_low, 3.0), (line_high, 3.0)].into_iter().chain(targets) {
            if line > data_low - reach * span && line < data_high + reach * span {
                (low, high) = (low.min(line), high.max(line));
            }
        }
        if high - low < high.abs().max(low.abs()) * 1e-9 || high == low {
            let room = if high == 0.0 { 1.0 } else { high.abs() * 0.2 };
            (low, high) = (low - room, high + room);
        }
        let air = (high - low) * 0.04;
        (out.low, out.high) = bounded(&chart.scale, (data_low, data_high), (low - air, high + air));
        // An upper limit beyond what can be, 114 % say, has its place as computed, unless it takes too much of it.
        // The axis stands on 0 all the same: a limit below that is named in the margin.
        let beyond = high - out.high;
        if high == line_high && beyond > 0.0 && beyond <= BEYOND * (high - out.low) {
            out.high = high;
        }
        out
    }
}

impl Extent {
    /// What must fit on an axis for both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            above: self.above || other.above,
            below: self.below || other.below,
            over: self.over || other.over,
            under: self.under || other.under,
        }
    }
}

/// Holds the axis to what the kind of value can be, and starts it at 0 where that costs little.
fn bounded(scale: &Scale, data: (f64, f64), (mut low, mut high): (f64, f64)) -> (f64, f64) {
    if data.0 >= 0.0 && (scale.is_never_negative() || low >= 0.0 || data.0 < 0.3 * data.1) && low < 0.3 * high {
        low = 0.0;
    }
    if data.1 <= scale.most() {
        high = high.min(scale.most());
    }
    (low, high)
}

/// The next of 1, 2, 5 times a power of ten.
#[must_use]
pub fn nice(least: f64) -> f64 {
    if !least.is_finite() || least <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    let lead = least / power;
    let nice = [1.0, 2.0, 5.0].into_iter().find(|nice| lead <= nice * (1.0 + 1e-9)).unwrap_or(10.0);
    nice * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(values: &[f64]) -> Chart {
        let measure = crate::chart::sample::measure(crate::domain::measure::MeasureKind::Proportion);
        let pairs: Vec<(f64, f64)> = values.iter().map(|value| (*value, 100.0)).collect();
        let points = crate::chart::sample::pairs(&pairs);
        let source = crate::chart::Source::of(&measure, &points);
        crate::chart::build(crate::chart::Source { chart: Some(crate::spc::ChartType::Xmr), ..source })
    }

    #[test]
    fn a_limit_above_100_per_cent_has_its_place_where_it_was_computed() {
        let chart = shares(&[97.0, 92.0, 99.0, 95.0, 98.0, 91.0, 99.0, 96.0, 93.0, 98.0, 94.0, 99.0]);
        let upper = chart.points[0].upper * 100.0;
        assert!(upper > 104.0, "{upper}");
        assert!((Extent::of(&chart).high - upper).abs() < 1e-9, "{:?}", Extent::of(&chart));
        let most = |sentence: &&String| sentence.contains("above 100 %");
        let said: Vec<&String> = chart.words.data.iter().filter(most).collect();
        assert_eq!(said, ["The upper limit lies above 100 %, where no value can be: nothing can cross it."]);
    }

    #[test]
    fn a_limit_far_above_100_per_cent_does_not_flatten_the_points() {
        let chart = shares(&[20.0, 95.0, 30.0, 99.0, 25.0, 98.0, 35.0, 90.0, 22.0, 97.0, 28.0, 93.0]);
        assert!(chart.points[0].upper > 2.0);
        assert!((Extent::of(&chart).high - 100.0).abs() < 1e-9, "{:?}", Extent::of(&chart));
        assert!(chart.words.data.iter().any(|words| words.starts_with("Both limits lie where no value can be")));
    }

    #[test]
    fn steps_are_one_two_or_five() {
        for (least, expected) in [(0.3, 0.5), (1.0, 1.0), (1.1, 2.0), (7.0, 10.0), (230.0, 500.0)] {
            assert!((nice(least) - expected).abs() < 1e-9, "{least}");
        }
    }
}
