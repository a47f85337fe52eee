//! The run-chart rules of Perla, Provost and Murray, "The run chart: a simple analytical tool for learning
//! from variation in healthcare processes", BMJ Quality & Safety 2011, which IHI teaches.
//!
//! Their fourth rule, the astronomical point, is a matter of judgement and is never computed.

use std::hint::select_unpredictable;

use super::anhoej::RunCounter;
use super::bits::Course;

/// A shift: so many points on one side; points on the line are skipped.
pub(super) const SHIFT: usize = 6;

/// A trend: so many points that rise or that fall; of equal neighbours the first counts.
pub(super) const TREND: usize = 5;

/// The fewest useful points for which a number of runs is judged.
const FEWEST: usize = 10;

/// The fewest and the most runs that chance explains, for 10 to 60 useful points: where n is even these
/// are the critical values of Swed and Eisenhart 1943 at 5 % on either side. Published copies differ by
/// one at some odd n from 27 on, so whoever shows a verdict should show the range.
const RUNS: [(u8, u8); 51] = [
    (3, 9),
    (3, 10),
    (3, 11),
    (4, 11),
    (4, 12),
    (5, 12),
    (5, 13),
    (5, 13),
    (6, 14),
    (6, 15),
    (6, 16),
    (7, 16),
    (7, 17),
    (7, 17),
    (8, 18),
    (8, 18),
    (9, 19),
    (10, 19),
    (10, 20),
    (10, 20),
    (11, 21),
    (11, 22),
    (11, 23),
    (12, 23),
    (12, 24),
    (12, 24),
    (13, 25),
    (13, 25),
    (14, 26),
    (14, 26),
    (15, 27),
    (15, 27),
    (16, 28),
    (16, 28),
    (17, 29),
    (17, 30),
    (17, 31),
    (18, 31),
    (18, 32),
    (19, 32),
    (19, 33),
    (20, 33),
    (20, 34),
    (21, 34),
    (21, 35),
    (22, 35),
    (22, 36),
    (23, 36),
    (23, 37),
    (24, 38),
    (24, 38),
];

/// The run-chart rules of Perla, Provost and Murray 2011 over one phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ihi {
    /// Six or more consecutive points on one side; points on the line are skipped.
    pub shift: bool,
    /// Five or more consecutive points that rise or that fall; of equal neighbours the first counts.
    pub trend: bool,
    /// Runs over the useful points; 0 without one.
    pub runs: usize,
    /// The fewest that chance explains; given for 10 to 60 useful points.
    pub runs_min: Option<usize>,
    /// The most that chance explains; given for 10 to 60 useful points.
    pub runs_max: Option<usize>,
    /// Fewer runs than chance explains.
    pub too_few: Option<bool>,
    /// More runs than chance explains.
    pub too_many: Option<bool>,
}

impl Ihi {
    pub(super) fn of(runs: &RunCounter, trends: &TrendCounter) -> Self {
        let range = runs_range(runs.useful);
        Self {
            shift: runs.longest >= SHIFT,
            trend: trends.longest >= TREND,
            runs: runs.runs,
            runs_min: range.map(|(fewest, _)| fewest),
            runs_max: range.map(|(_, most)| most),
            too_few: range.map(|(fewest, _)| runs.runs < fewest),
            too_many: range.map(|(_, most)| runs.runs > most),
        }
    }
}

/// The fewest and the most runs that chance explains, themselves included; none outside 10 to 60.
pub(super) fn runs_range(useful: usize) -> Option<(usize, usize)> {
    let (fewest, most) = RUNS.get(useful.checked_sub(FEWEST)?)?;
    Some((usize::from(*fewest), usize::from(*most)))
}

/// Measures the longest row of rising or of falling points, of equal neighbours only the first, from the
/// steps between them; the step to the first point is 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct TrendCounter {
    direction: i8,
    length: usize,
    /// Points in the longest trend: 1 for none, 2 for any step.
    pub(super) longest: usize,
    /// How many points there are.
    pub(super) seen: usize,
}

impl TrendCounter {
    pub(super) const fn new() -> Self {
        Self { direction: 0, length: 1, longest: 1, seen: 0 }
    }

    #[inline(always)]
    pub(super) fn see(&mut self, step: i8) {
        // Choices and not jumps, for the reason given in `RunCounter::see`.
        let moves = step != 0;
        let turns = moves & (step != self.direction);
        self.length = select_unpredictable(turns, 1, self.length) + usize::from(moves);
        self.longest = self.longest.max(self.length);
        self.direction = select_unpredictable(turns, step, self.direction);
        self.seen += 1;
    }

    /// Takes in up to 64 points at a time, whose steps go up, or move up or down; false where each has to be seen
    /// by itself.
    #[inline(always)]
    pub(super) fn see_all(&mut self, up: u64, moves: u64, points: usize) -> bool {
        let course = Course { up: self.direction > 0, length: self.length, longest: self.longest };
        let Some((after, _)) = course.after(up, moves, points, 1).filter(|_| self.direction != 0) else {
            return false;
        };
        (self.direction, self.length, self.longest) = (if after.up { 1 } else { -1 }, after.length, after.longest);
        self.seen += points;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spc::number::sign;

    fn longest_trend(values: &[f64]) -> usize {
        let mut counter = TrendCounter::new();
        let mut previous = f64::NAN;
        for &value in values {
            counter.see(sign(value, previous));
            previous = value;
        }
        counter.longest
    }

    #[test]
    fn the_range_of_runs_is_given_from_10_to_60_useful_points() {
        assert_eq!(runs_range(9), None);
        assert_eq!(runs_range(10), Some((3, 9)));
        assert_eq!(runs_range(24), Some((8, 18)));
        assert_eq!(runs_range(60), Some((24, 38)));
        assert_eq!(runs_range(61), None);
        assert_eq!(runs_range(0), None);
    }

    #[test]
    fn the_range_at_even_counts_is_that_of_swed_and_eisenhart() {
        for useful in (10..=60).step_by(2) {
            let shares = runs_distribution(useful / 2);
            let mut below = 0.0;
            let fewest = (0..=useful)
                .take_while(|r| {
                    below += shares[*r];
                    below <= 0.05
                })
                .last();
            let mut above = 0.0;
            let most = (0..=useful)
                .rev()
                .take_while(|r| {
                    above += shares[*r];
                    above <= 0.05
                })
                .last();
            assert_eq!(runs_range(useful), fewest.zip(most), "{useful} useful points");
        }
    }

    /// The share of each number of runs among all orders of `half` points above and as many below.
    fn runs_distribution(half: usize) -> Vec<f64> {
        let choose = |n: usize, k: usize| (0..k).fold(1.0, |c, i| c * (n - i) as f64 / (i + 1) as f64);
        (0..=2 * half)
            .map(|runs| match runs {
                0 | 1 => 0.0,
                _ => {
                    let pairs = choose(half - 1, runs / 2 - 1);
                    let others = choose(half - 1, (runs - 1) / 2);
                    2.0 * pairs * others / choose(2 * half, half)
                }
            })
            .collect()
    }

    #[test]
    fn equal_neighbours_neither_add_to_nor_break_a_trend() {
        assert_eq!(longest_trend(&[1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0]), 5);
        assert_eq!(longest_trend(&[1.0, 1.0, 1.0]), 1);
    }

    #[test]
    fn a_turning_point_belongs_to_both_trends() {
        assert_eq!(longest_trend(&[1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 3.0, 2.0, 1.0]), 5);
    }
}
