//! Anhøj's test of runs: Anhøj and Olesen, "Run charts revisited", `PLoS` ONE 2014, as qicharts2 computes it.
//!
//! Only useful points speak: those that are there, are not ghosts and are not on the centre line. The
//! others neither break nor lengthen a run; runs join across them.

use std::hint::select_unpredictable;

use super::bits::Course;
use super::gamma::half_step_less_one;

/// The share of chance processes that may have fewer crossings.
const SHARE: f64 = 0.05;

/// Anhøj's test of runs over the useful points of a phase: those that are there, are not ghosts and are
/// not on the centre line. Nothing is given where no point is useful.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Runs {
    /// Points in the longest run on one side.
    pub longest: Option<usize>,
    /// The longest that chance explains: log2(useful), rounded, + 3.
    pub longest_max: Option<usize>,
    /// How often the centre line is crossed.
    pub crossings: Option<usize>,
    /// The fewest that chance explains: the 5 % point of Binomial(useful - 1, 1/2).
    pub crossings_min: Option<usize>,
    /// Either of the two below.
    pub signal: bool,
    /// The longest run is longer than chance explains.
    pub long_run: bool,
    /// There are fewer crossings than chance explains.
    pub few_crossings: bool,
}

impl Runs {
    /// The counts without their verdict, for a series whose runs are no tosses of a coin.
    pub(super) const fn silent(self) -> Self {
        Self { signal: false, long_run: false, few_crossings: false, ..self }
    }
}

/// Counts the runs of a series on either side of a line, one point after the other, from their sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct RunCounter {
    side: i8,
    length: usize,
    /// Points in the longest run.
    pub(super) longest: usize,
    /// How many runs there are.
    pub(super) runs: usize,
    /// How many points are on either side.
    pub(super) useful: usize,
}

impl RunCounter {
    pub(super) const fn new() -> Self {
        Self { side: 0, length: 0, longest: 0, runs: 0, useful: 0 }
    }

    #[inline(always)]
    pub(super) fn see(&mut self, side: i8) {
        // Sides of a stable process are tosses of a coin, which no branch predictor foresees: what follows
        // are choices between two numbers and not jumps.
        let useful = side != 0;
        let turns = useful & (side != self.side);
        self.length = select_unpredictable(turns, 0, self.length) + usize::from(useful);
        self.longest = self.longest.max(self.length);
        self.runs += usize::from(turns);
        self.useful += usize::from(useful);
        self.side = select_unpredictable(turns, side, self.side);
    }

    /// Takes in up to 64 points at a time; false where each has to be seen by itself.
    #[inline(always)]
    pub(super) fn see_all(&mut self, above: u64, useful: u64, points: usize) -> bool {
        let course = Course { up: self.side > 0, length: self.length, longest: self.longest };
        let Some((after, turns)) = course.after(above, useful, points, 0).filter(|_| self.side != 0) else {
            return false;
        };
        (self.side, self.length, self.longest) = (if after.up { 1 } else { -1 }, after.length, after.longest);
        self.runs += turns;
        self.useful += useful.count_ones() as usize;
        true
    }

    /// Whether the last run stands above the line; none without a run.
    pub(super) const fn last_is_above(&self) -> Option<bool> {
        match self.side {
            0 => None,
            side => Some(side > 0),
        }
    }

    pub(super) fn finish(&self) -> Runs {
        if self.useful == 0 {
            return Runs::default();
        }
        let longest_max = longest_max(self.useful);
        let crossings = self.runs - 1;
        let crossings_min = crossings_min(self.useful);
        let long_run = self.longest > longest_max;
        let few_crossings = crossings < crossings_min;
        Runs {
            longest: Some(self.longest),
            longest_max: Some(longest_max),
            crossings: Some(crossings),
            crossings_min: Some(crossings_min),
            signal: long_run || few_crossings,
            long_run,
            few_crossings,
        }
    }
}

/// The longest run that chance explains: log2(useful), rounded, + 3. The logarithm of a whole number is
/// never halfway, so it does not matter how halves are rounded.
pub(super) fn longest_max(useful: usize) -> usize {
    (useful as f64).log2().round() as usize + 3
}

/// The fewest crossings that chance explains: the smallest k for which 5 % or more of Binomial(m, 1/2),
/// m = useful - 1, lie at or below k. (Never exactly 5 %: a whole number over 2^m is not 1/20.)
///
/// The terms are taken away from the lower half one by one from the middle, where they are largest:
/// about 0.8 √m steps, and 2^-m is never formed, which is zero in a double from m = 1075 on.
pub(super) fn crossings_min(useful: usize) -> usize {
    let m = useful.saturating_sub(1);
    if m == 0 {
        return 0;
    }
    let half = m / 2;
    let middle = central_term(half);
    // Start at the largest k of the lower half, its share and its own term.
    let (mut k, mut share, mut term) = if m.is_multiple_of(2) {
        let below = middle * half as f64 / (half + 1) as f64;
        (half - 1, 0.5 - middle / 2.0, below)
    } else {
        (half, 0.5, middle * m as f64 / (m + 1) as f64)
    };
    while k > 0 && share - term >= SHARE {
        share -= term;
        term *= k as f64 / (m - k + 1) as f64;
        k -= 1;
    }
    k
}

/// The middle term of Binomial(2h, 1/2), by its product, or beyond 100 by its asymptotic series.
fn central_term(h: usize) -> f64 {
    if h <= 100 {
        return (1..=h).map(|i| (2 * i - 1) as f64 / (2 * i) as f64).product();
    }
    let h = h as f64;
    (1.0 + half_step_less_one(h)) / (h * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spc::number::sign;

    fn count(values: &[f64], centre: f64) -> RunCounter {
        let mut counter = RunCounter::new();
        values.iter().for_each(|value| counter.see(sign(*value, centre)));
        counter
    }

    #[test]
    fn the_longest_run_is_measured_against_the_logarithm_of_the_useful_points() {
        let table = [(1, 3), (2, 4), (10, 6), (11, 6), (12, 7), (22, 7), (23, 8), (24, 8), (45, 8), (46, 9)];
        for (useful, expected) in table {
            assert_eq!(longest_max(useful), expected, "{useful} useful points");
        }
    }

    #[test]
    fn the_fewest_crossings_are_the_five_per_cent_point_of_a_fair_coin() {
        let table = [(1, 0), (2, 0), (5, 0), (6, 1), (10, 2), (11, 2), (24, 8), (100, 41), (1000, 474)];
        for (useful, expected) in table {
            assert_eq!(crossings_min(useful), expected, "{useful} useful points");
        }
    }

    #[test]
    fn the_fewest_crossings_agree_with_whole_numbers_where_these_can_be_counted() {
        for m in 1..=120_u32 {
            let total = 2_f64.powi(m as i32);
            let (mut term, mut sum, mut k) = (1_u128, 1_u128, 0_u128);
            while (sum as f64) < 0.05 * total {
                term = term * (u128::from(m) - k) / (k + 1);
                k += 1;
                sum += term;
            }
            assert_eq!(crossings_min(m as usize + 1) as u128, k, "{m} tosses");
        }
    }

    #[test]
    fn a_run_joins_across_points_on_the_line() {
        let counter = count(&[1.0, 1.0, 0.0, 1.0, -1.0, 0.0, 0.0, -1.0, 1.0], 0.0);
        assert_eq!(counter.useful, 6);
        assert_eq!(counter.longest, 3);
        assert_eq!(counter.finish().crossings, Some(2));
        assert_eq!(counter.last_is_above(), Some(true));
    }

    #[test]
    fn without_a_useful_point_nothing_is_said() {
        assert_eq!(count(&[0.0, 0.0], 0.0).finish(), Runs::default());
        assert_eq!(count(&[], 0.0).last_is_above(), None);
    }

    #[test]
    fn a_single_point_gives_no_signal() {
        let runs = count(&[1.0], 0.0).finish();
        assert_eq!((runs.longest, runs.longest_max), (Some(1), Some(3)));
        assert_eq!((runs.crossings, runs.crossings_min, runs.signal), (Some(0), Some(0), false));
    }
}
