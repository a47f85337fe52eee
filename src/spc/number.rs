//! The arithmetic that decides ties: a point exactly on its centre line is on neither side, so a mean or
//! median that is wrong in its last bit gives a false side.
//!
//! R's `mean` sums in extended precision and corrects itself by the mean of the residuals; the mean of 30
//! copies of 0.1 is then exactly 0.1. Here the sum carries its own rounding error (Knuth's two-sum), and
//! the quotient is corrected by the remainder of the division, which is that mean of the residuals.

/// Sums run in this many lanes, so that one addition need not wait for the one before.
const LANES: usize = 4;

/// A power of two that takes the largest numbers far enough down to be added up.
const SCALE: f64 = 1.0 / (1u128 << 70) as f64;

/// A mean and how many values made it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mean {
    /// The mean; NaN where no value makes one.
    pub(super) value: f64,
    /// How many values made it.
    pub(super) count: usize,
}

/// A sum and what rounding took from it.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    #[inline(always)]
    fn add(&mut self, value: f64) {
        let high = self.high + value;
        let shadow = high - self.high;
        self.low += (self.high - (high - shadow)) + (value - shadow);
        self.high = high;
    }
}

/// The mean of the values that are there. Missing: NaN or infinite.
pub(super) fn mean(values: &[f64]) -> Mean {
    mean_where(values, is_there)
}

/// The mean of the values that `keep` accepts; it must refuse what is not finite.
#[inline]
pub(super) fn mean_where(values: &[f64], keep: impl Fn(f64) -> bool + Copy) -> Mean {
    let (sum, count) = sum_where(values, keep, 1.0);
    let value = quotient(sum, count);
    if value.is_finite() || count == 0 {
        return Mean { value, count };
    }
    // The sum went beyond what a double can hold; the mean cannot.
    let (sum, _) = sum_where(values, keep, SCALE);
    Mean { value: quotient(sum, count) / SCALE, count }
}

#[inline]
fn sum_where(values: &[f64], keep: impl Fn(f64) -> bool + Copy, scale: f64) -> (Sum, usize) {
    let mut sums = [Sum::default(); LANES];
    let mut counts = [0_u64; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for lane in 0..LANES {
            let kept = keep(block[lane]);
            sums[lane].add(if kept { block[lane] * scale } else { 0.0 });
            counts[lane] += u64::from(kept);
        }
    }
    let mut total = Sum::default();
    let mut count = counts.iter().sum::<u64>() as usize;
    for &value in rest.iter().filter(|value| keep(**value)) {
        total.add(value * scale);
        count += 1;
    }
    for sum in sums {
        total.add(sum.high);
        total.low += sum.low;
    }
    (total, count)
}

fn quotient(sum: Sum, count: usize) -> f64 {
    if count == 0 {
        return f64::NAN;
    }
    over(sum, Sum { high: count as f64, low: 0.0 })
}

fn over(sum: Sum, by: Sum) -> f64 {
    let whole = by.high + by.low;
    let value = (sum.high + sum.low) / whole;
    let remainder = value.mul_add(-by.high, sum.high) + (sum.low - value * by.low);
    // Adding zero makes a negative zero a plain one.
    value + remainder / whole + 0.0
}

/// The sum of all parts over the sum of all wholes, which are all there; NaN without any.
pub(super) fn ratio(parts: &[f64], wholes: &[f64]) -> f64 {
    let sums = |scale: f64| over(sum_where(parts, is_there, scale).0, sum_where(wholes, is_there, scale).0);
    let value = sums(1.0);
    if value.is_finite() { value } else { sums(SCALE) }
}

/// The one value that all of those have which are there; none where there are several, or none.
pub(super) fn level(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut there = values.filter(|value| is_there(*value));
    let first = there.next()?;
    there.all(|value| value == first).then_some(first)
}

/// Two thirds, as near lines lie on the way to a limit.
#[inline(always)]
pub(super) fn two_thirds(reach: f64) -> f64 {
    reach * 2.0 / 3.0
}

/// The median of values that are all there, which are put into another order; NaN for none.
pub(super) fn median(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let even = values.len().is_multiple_of(2);
    let (below, &mut middle, _) = values.select_nth_unstable_by(half, f64::total_cmp);
    if even {
        let before = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        mean2(before, middle)
    } else {
        middle + 0.0
    }
}

/// The mean of two numbers, rounded once: halving is exact, so this is what extended precision gives, ties
/// to even included. (The middle of 0.1 and 0.2 lies exactly between two doubles; R too takes the upper
/// one, 0.15000000000000002.)
pub(super) fn mean2(a: f64, b: f64) -> f64 {
    let sum = a + b;
    if sum.is_finite() { sum / 2.0 + 0.0 } else { a / 2.0 + b / 2.0 }
}

/// Whether a value is there: not NaN and not infinite. (As `is_finite`, in floating-point steps that
/// every processor can take on several numbers at a time.)
#[inline(always)]
pub(super) fn is_there(value: f64) -> bool {
    value * 0.0 == 0.0
}

/// -1, 0 or 1: the side of a value; 0 where either is missing.
#[inline(always)]
pub(super) fn sign(value: f64, line: f64) -> i8 {
    i8::from(value > line) - i8::from(value < line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_equal_values_is_that_value() {
        for value in [0.1, 0.7, 1.1, 19.9, 1e-300, 1e300] {
            for count in 1..200 {
                assert_eq!(mean(&vec![value; count]), Mean { value, count });
            }
        }
    }

    #[test]
    fn missing_values_are_skipped_in_a_mean() {
        let values = [1.0, f64::NAN, 2.0, f64::INFINITY, 6.0];
        assert_eq!(mean(&values), Mean { value: 3.0, count: 3 });
        assert!(mean(&[f64::NAN]).value.is_nan());
        assert!(mean(&[]).value.is_nan());
    }

    #[test]
    fn a_ratio_is_that_of_the_sums_and_rounded_once() {
        for (part, whole) in [(1.0, 3.0), (0.1, 0.3), (7.0, 1.2), (521.0, 800.0), (1e300, 3e300)] {
            for count in 1..100 {
                assert_eq!(ratio(&vec![part; count], &vec![whole; count]), part / whole, "{part} / {whole}");
            }
        }
        assert_eq!(ratio(&[1.0, 2.0], &[4.0, 2.0]), 0.5);
        assert!((ratio(&[f64::MAX; 8], &[f64::MAX; 8]) - 1.0).abs() < 1e-15);
        assert!(ratio(&[], &[]).is_nan() && ratio(&[0.0], &[0.0]).is_nan());
    }

    #[test]
    fn the_level_is_the_value_that_all_have() {
        assert_eq!(level([f64::NAN, 2.0, 2.0].into_iter()), Some(2.0));
        assert_eq!(level([1.0, 2.0].into_iter()), None);
        assert_eq!(level([f64::NAN].into_iter()), None);
    }

    #[test]
    fn a_large_value_that_cancels_leaves_no_trace_in_a_mean() {
        assert_eq!(mean(&[1.0, 1e100, 1.0, -1e100]).value, 0.5);
    }

    #[test]
    fn the_mean_of_the_largest_numbers_is_a_number() {
        assert_eq!(mean(&[f64::MAX; 40]).value, f64::MAX);
        assert_eq!(mean(&[1e308, 1.7e308]).value, 1.35e308);
    }

    #[test]
    fn the_middle_of_two_is_rounded_once() {
        assert!((mean2(0.1, 0.2) - 0.15).abs() <= f64::EPSILON / 8.0);
        assert_eq!(mean2(1.0, 2.0), 1.5);
        assert_eq!(mean2(-3.0, 3.0), 0.0);
        assert_eq!(mean2(f64::MAX, f64::MAX), f64::MAX);
    }

    #[test]
    fn the_median_of_an_even_count_is_the_middle_of_the_two_in_the_middle() {
        assert_eq!(median(&mut [4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&mut [0.25, 9.0, 0.5, -9.0]), 0.375);
        assert_eq!(median(&mut [7.0, 7.0]), 7.0);
    }

    #[test]
    fn the_median_of_an_odd_count_is_the_one_in_the_middle() {
        assert_eq!(median(&mut [4.0, 1.0, 3.0]), 3.0);
        assert_eq!(median(&mut [5.0]), 5.0);
        assert!(median(&mut []).is_nan());
    }

    #[test]
    fn a_negative_zero_is_a_plain_zero_in_a_centre_line() {
        assert!(mean(&[-0.0, -0.0]).value.is_sign_positive());
        assert!(median(&mut [-0.0]).is_sign_positive());
        assert!(median(&mut [-0.0, -0.0]).is_sign_positive());
    }
}
