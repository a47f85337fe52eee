//! How often a chart's values lie where, whatever their order: as data for whoever draws it.

use std::ops::Range;

use super::extent::{MOST, nice};
use super::{Chart, Scale};

/// No picture needs more columns than this.
const MOST_BINS: usize = 40;

/// A histogram of plotted values.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Its columns from low to high, all of one width, without a hole between them.
    pub bins: Vec<HistogramBin>,
    /// How wide a column is, in shown units; 0 without any.
    pub step: f64,
    /// How many values there are.
    pub n: usize,
    /// The mean of the values, as plotted; NaN without any.
    pub mean: f64,
    /// Their median, as plotted; NaN without any.
    pub median: f64,
    /// The highest count of a column.
    pub most: usize,
    /// What it says, as a sentence.
    pub words: String,
}

/// One column of a histogram. Edges are in shown units (91 for a proportion of 0.91); a value on an edge
/// belongs to the column above it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistogramBin {
    /// Where it begins.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// How many values lie in it.
    pub count: usize,
}

impl Histogram {
    /// The histogram of a chart's points in this range that have a value and are not left out.
    #[must_use]
    pub fn of(chart: &Chart, range: Range<usize>) -> Self {
        let range = range.start.min(chart.points.len())..range.end.min(chart.points.len());
        let points = chart.points.get(range).unwrap_or_default();
        let values: Vec<f64> = points.iter().filter(|point| point.speaks()).map(|point| point.value).collect();
        Self::of_values(&chart.scale, values)
    }

    /// The histogram of the last phase of a chart: the process as it runs now.
    #[must_use]
    pub fn of_last_phase(chart: &Chart) -> Self {
        let range = chart.phase().map_or(0..0, |phase| phase.from..phase.to + 1);
        Self::of(chart, range)
    }

    fn of_values(scale: &Scale, mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let shown: Vec<f64> = values.iter().map(|value| (value * scale.factor).clamp(-MOST, MOST)).collect();
        let step = step(scale, &shown);
        let bins = bins(&shown, step);
        let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0);
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        let n = values.len() as f64;
        // Divided first, so that the sum of the largest numbers stays one.
        let mean = if values.is_empty() { f64::NAN } else { values.iter().map(|value| value / n).sum() };
        let words = words(scale, &values);
        Self {
            n: values.len(),
            mean,
            median: middle(&values),
            step: if bins.is_empty() { 0.0 } else { step },
            bins,
            most,
            words,
        }
    }
}

/// The width of the columns: twice the middle half over the cube root of the count (Freedman and Diaconis 1981),
/// at the next number that people can read.
fn step(scale: &Scale, shown: &[f64]) -> f64 {
    let (Some(low), Some(high)) = (shown.first(), shown.last()) else { return 1.0 };
    let quarter = shown.len() / 4;
    let middle_half = shown[shown.len() - 1 - quarter] - shown[quarter];
    #[allow(clippy::cast_precision_loss, reason = "a number of points")]
    let (count, most) = (shown.len() as f64, MOST_BINS as f64);
    let wanted = 2.0 * middle_half / count.cbrt();
    // Never so narrow that a few far values make hundreds of columns, nor wider than all of them.
    let widest = if high > low { (high - low) / 4.0 } else { 1.0 };
    let narrowest = ((high - low) / (most - 2.0)).max(low.abs().max(high.abs()) * 1e-12);
    let wanted = if wanted > 0.0 { wanted.min(widest) } else { widest };
    // `nice` goes up, by half again on the average.
    nice((wanted / 1.5).max(narrowest).max(f64::MIN_POSITIVE)).max(scale.least_step())
}

fn bins(shown: &[f64], step: f64) -> Vec<HistogramBin> {
    let (Some(low), Some(high)) = (shown.first(), shown.last()) else { return Vec::new() };
    let place = |value: f64| (value / step + 1e-9).floor();
    let first = place(*low);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens of columns")]
    let at = |value: f64| ((place(value) - first).max(0.0) as usize).min(4 * MOST_BINS);
    #[allow(clippy::cast_precision_loss, reason = "some tens of columns")]
    let edge = |at: usize| (first + at as f64) * step;
    let mut out: Vec<HistogramBin> =
        (0..=at(*high)).map(|at| HistogramBin { from: edge(at), to: edge(at + 1), count: 0 }).collect();
    for value in shown {
        if let Some(bin) = out.get_mut(at(*value)) {
            bin.count += 1;
        }
    }
    out
}

/// The middle of sorted values.
fn middle(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => sorted[half],
        _ => f64::midpoint(sorted[half - 1], sorted[half]),
    }
}

/// "Half of 24 points lie between 4 and 9."
fn words(scale: &Scale, sorted: &[f64]) -> String {
    match sorted {
        [] => "No data yet.".to_owned(),
        [only] => format!("The only point is {}.", scale.written(*only)),
        [first, .., last] if first == last => format!("All {} points are {}.", sorted.len(), scale.written(*first)),
        _ => {
            let quarter = sorted.len() / 4;
            let (from, to) = (sorted[quarter], sorted[sorted.len() - 1 - quarter]);
            let many = sorted.len();
            format!("The middle half of {many} points lies from {} to {}.", scale.number(from), scale.written(to))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::sample;

    #[test]
    fn columns_have_readable_edges_and_hold_every_value_once() {
        let values: Vec<f64> = (0..60).map(|at| f64::from(at * 7 % 23)).collect();
        let histogram = Histogram::of_last_phase(&sample::chart(&values));
        assert_eq!(histogram.bins.iter().map(|bin| bin.count).sum::<usize>(), 60);
        assert_eq!((histogram.n, histogram.step), (60, 5.0));
        assert!(histogram.bins.windows(2).all(|pair| pair[0].to == pair[1].from));
        assert_eq!(histogram.most, histogram.bins.iter().map(|bin| bin.count).max().unwrap());
        assert_eq!(histogram.words, "The middle half of 60 points lies from 5 to 17.");
    }

    #[test]
    fn a_gap_and_a_range_beyond_the_end_count_nothing() {
        let chart = sample::chart(&[1.0, f64::NAN, 2.0]);
        assert_eq!(Histogram::of(&chart, 0..99).n, 2);
        assert_eq!(Histogram::of(&chart, 7..9).bins, []);
        assert_eq!(Histogram::of(&sample::chart(&[]), 0..0).words, "No data yet.");
    }

    #[test]
    fn equal_values_and_values_beyond_reason_make_a_few_columns() {
        for values in [vec![5.0; 30], vec![1e308, -1e308, 1e-308], vec![1e-308; 3], vec![0.0, 1e12, 3.0]] {
            let histogram = Histogram::of_last_phase(&sample::chart(&values));
            assert!(histogram.bins.len() <= 4 * MOST_BINS, "{values:?}: {}", histogram.bins.len());
            assert_eq!(histogram.bins.iter().map(|bin| bin.count).sum::<usize>(), values.len(), "{values:?}");
            assert!(histogram.mean.is_finite() && histogram.step > 0.0, "{values:?}");
        }
    }

    #[test]
    fn a_proportion_has_its_columns_in_per_cent() {
        let scale = Scale { factor: 100.0, unit: "%".into(), kind: crate::domain::measure::MeasureKind::Proportion };
        let histogram = Histogram::of_values(&scale, vec![0.90, 0.91, 0.94, 0.95, 0.99]);
        assert!(histogram.bins[0].from <= 90.0 && histogram.bins[0].to > 90.0);
        assert!((histogram.mean - 0.938).abs() < 1e-12 && histogram.median == 0.94);
    }
}
