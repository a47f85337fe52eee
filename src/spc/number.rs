//! The arithmetic that decides ties: a point exactly on its centre line is on neither side, so a mean or
//! median that is wrong in its last bit gives a false side.
//!
//! R's `mean` sums in extended precision and corrects itself by the mean of the residuals; the mean of 30
//! copies of 0.1 is then exactly 0.1. Here the sum carries its own rounding error (Knuth's two-sum), and
//! the quotient is corrected by the remainder of the division, which is that mean of the residuals.

/// Sums run in this many lanes: one addition need not wait for the one before, and there are enough of them that
/// compilers make a loop of it which adds several numbers at a time.
const LANES: usize = 32;

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
pub(super) struct Sum {
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

/// One [`Sum`] in each lane.
#[derive(Clone, Copy)]
struct Lanes {
    high: [f64; LANES],
    low: [f64; LANES],
}

impl Lanes {
    const NONE: Self = Self { high: [0.0; LANES], low: [0.0; LANES] };

    /// Adds a number to each lane.
    #[inline(always)]
    fn add(&mut self, numbers: &[f64; LANES]) {
        for (lane, number) in numbers.iter().enumerate() {
            let high = self.high[lane] + number;
            let shadow = high - self.high[lane];
            self.low[lane] += (self.high[lane] - (high - shadow)) + (number - shadow);
            self.high[lane] = high;
        }
    }

    fn total(&self) -> Sum {
        let mut total = Sum::default();
        for (high, low) in self.high.iter().zip(&self.low) {
            total.add(*high);
            total.low += low;
        }
        total
    }
}

/// The sums of `M` numbers for each place of `K` columns of one length, in one pass, and for how many places
/// there are any: `of` gives none for a place that does not count.
#[inline(always)]
pub(super) fn sums<const K: usize, const M: usize>(
    columns: [&[f64]; K],
    of: impl Fn([f64; K]) -> ([f64; M], bool),
) -> ([Sum; M], usize) {
    let mut lanes = [Lanes::NONE; M];
    let mut counts = [0.0_f64; LANES];
    let blocks = columns.map(|column| column.as_chunks::<LANES>());
    let whole = blocks.iter().map(|(blocks, _)| blocks.len()).min().unwrap_or(0);
    for at in 0..whole {
        let block: [&[f64; LANES]; K] = std::array::from_fn(|column| &blocks[column].0[at]);
        let mut numbers = [[0.0; LANES]; M];
        for lane in 0..LANES {
            let (found, counts_here) = of(std::array::from_fn(|column| block[column][lane]));
            for (numbers, number) in numbers.iter_mut().zip(found) {
                numbers[lane] = if counts_here { number } else { 0.0 };
            }
            counts[lane] += if counts_here { 1.0 } else { 0.0 };
        }
        for (lanes, numbers) in lanes.iter_mut().zip(&numbers) {
            lanes.add(numbers);
        }
    }
    let mut totals = lanes.map(|lanes| lanes.total());
    let mut count = counts.iter().sum::<f64>() as usize;
    for at in 0..blocks.iter().map(|(_, rest)| rest.len()).min().unwrap_or(0) {
        let (numbers, counts_here) = of(blocks.map(|(_, rest)| rest[at]));
        if counts_here {
            totals.iter_mut().zip(numbers).for_each(|(total, number)| total.add(number));
            count += 1;
        }
    }
    (totals, count)
}

/// The mean of the values that are there. Missing: NaN or infinite.
pub(super) fn mean(values: &[f64]) -> Mean {
    mean_of([values], |[value]| (value, is_there(value)))
}

/// The mean of what `of` makes of each place of some columns, and of those only that count; what counts must be
/// finite.
#[inline(always)]
pub(super) fn mean_of<const K: usize>(columns: [&[f64]; K], of: impl Fn([f64; K]) -> (f64, bool) + Copy) -> Mean {
    let ([sum], count) = sums(columns, |place| {
        let (number, counts) = of(place);
        ([number], counts)
    });
    let value = quotient(sum, count);
    if value.is_finite() || count == 0 {
        return Mean { value, count };
    }
    // The sum went beyond what a double can hold; the mean cannot.
    let ([sum], _) = sums(columns, |place| {
        let (number, counts) = of(place);
        ([number * SCALE], counts)
    });
    Mean { value: quotient(sum, count) / SCALE, count }
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

/// The sum of all parts over the sum of all wholes, of those places that count, and how many these are: `of`
/// gives part, whole, and whether they count; these must then be finite. NaN without any.
#[inline(always)]
pub(super) fn ratio<const K: usize>(columns: [&[f64]; K], of: impl Fn([f64; K]) -> ([f64; 2], bool) + Copy) -> Mean {
    let ([parts, wholes], count) = sums(columns, of);
    let value = over(parts, wholes);
    if value.is_finite() || count == 0 {
        return Mean { value, count };
    }
    let ([parts, wholes], _) = sums(columns, |place| {
        let ([part, whole], counts) = of(place);
        ([part * SCALE, whole * SCALE], counts)
    });
    Mean { value: over(parts, wholes), count }
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

/// A third, as the lines at one sigma lie on the way to a limit.
#[inline(always)]
pub(super) fn third(reach: f64) -> f64 {
    reach / 3.0
}

/// From so many values on, a sample tells about where the median lies.
const MANY: usize = 4_096;

/// So many of them are the sample.
const SAMPLE: usize = 512;

/// The median of values that are all there, which are put into another order and may be thrown away; NaN for
/// none.
pub(super) fn median(values: &mut Vec<f64>) -> f64 {
    let half = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let even = values.len().is_multiple_of(2);
    let below = if values.len() < MANY { 0 } else { keep_middle(values, half) };
    let (below, &mut middle, _) = values.select_nth_unstable_by(half - below, f64::total_cmp);
    if even {
        let before = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        mean2(before, middle)
    } else {
        middle + 0.0
    }
}

/// Keeps only the values around the one that would be at `half` if all were sorted (after Floyd and Rivest,
/// "Expected time bounds for selection", 1975), and gives how many were below them. All are kept where the
/// sample misled.
fn keep_middle(values: &mut Vec<f64>, half: usize) -> usize {
    let mut sample = [0.0; SAMPLE];
    let step = values.len() / SAMPLE;
    sample.iter_mut().zip(values.iter().step_by(step)).for_each(|(one, value)| *one = *value);
    sample.sort_unstable_by(f64::total_cmp);
    // Three standard deviations of a sample's median on either side.
    let (low, high) = (sample[SAMPLE / 2 - 34], sample[SAMPLE / 2 + 34]);
    let (mut below, mut within) = (0, 0);
    for value in values.iter() {
        below += usize::from(*value < low);
        within += usize::from((*value >= low) & (*value <= high));
    }
    // The one before the middle is asked for too.
    if below >= half || half >= below + within {
        return 0;
    }
    let mut kept = 0;
    for at in 0..values.len() {
        let value = values[at];
        // Written always and kept sometimes: what is kept cannot be foreseen.
        values[kept] = value;
        kept += usize::from((value >= low) & (value <= high));
    }
    values.truncate(kept);
    below
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

    fn ratio_of(parts: &[f64], wholes: &[f64]) -> f64 {
        ratio([parts, wholes], |pair| (pair, true)).value
    }

    #[test]
    fn a_ratio_is_that_of_the_sums_and_rounded_once() {
        for (part, whole) in [(1.0, 3.0), (0.1, 0.3), (7.0, 1.2), (521.0, 800.0), (1e300, 3e300)] {
            for count in 1..100 {
                assert_eq!(ratio_of(&vec![part; count], &vec![whole; count]), part / whole, "{part} / {whole}");
            }
        }
        assert_eq!(ratio_of(&[1.0, 2.0], &[4.0, 2.0]), 0.5);
        assert!((ratio_of(&[f64::MAX; 8], &[f64::MAX; 8]) - 1.0).abs() < 1e-15);
        assert!(ratio_of(&[], &[]).is_nan() && ratio_of(&[0.0], &[0.0]).is_nan());
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
        assert_eq!(median(&mut vec![4.0, 1.0, 3.0, 2.0]), 2.5);
        assert_eq!(median(&mut vec![0.25, 9.0, 0.5, -9.0]), 0.375);
        assert_eq!(median(&mut vec![7.0, 7.0]), 7.0);
    }

    #[test]
    fn the_median_of_an_odd_count_is_the_one_in_the_middle() {
        assert_eq!(median(&mut vec![4.0, 1.0, 3.0]), 3.0);
        assert_eq!(median(&mut vec![5.0]), 5.0);
        assert!(median(&mut vec![]).is_nan());
    }

    #[test]
    fn the_median_of_many_is_that_of_all_of_them_sorted() {
        for count in [MANY - 1, MANY, MANY + 1, 20_001] {
            // In order, falling, scattered, of few kinds, all alike, and with a sample that misleads.
            let kinds: [fn(usize) -> f64; 6] = [
                |at| at as f64,
                |at| -(at as f64),
                |at| (at * 7919 % 10_007) as f64,
                |at| (at % 3) as f64,
                |_| 2.5,
                |at| if at % (MANY / SAMPLE) == 0 { -1e300 } else { at as f64 },
            ];
            for (kind, value) in kinds.into_iter().enumerate() {
                let values: Vec<f64> = (0..count).map(value).collect();
                let mut sorted = values.clone();
                sorted.sort_by(f64::total_cmp);
                let expected = mean2(sorted[(count - 1) / 2], sorted[count / 2]);
                assert_eq!(median(&mut values.clone()), expected, "{count} values of kind {kind}");
            }
        }
    }

    #[test]
    fn a_negative_zero_is_a_plain_zero_in_a_centre_line() {
        assert!(mean(&[-0.0, -0.0]).value.is_sign_positive());
        assert!(median(&mut vec![-0.0]).is_sign_positive());
        assert!(median(&mut vec![-0.0, -0.0]).is_sign_positive());
    }
}
