//! The marks that a set of rules puts on points.
//!
//! Only points that speak are looked at: those that are there and are not ghosts. The others neither
//! break nor lengthen anything, as if they were not in the series. (A ghost is still tested against the
//! limits: see [`Marks::outside`].)
//!
//! | rule | Making Data Count | Anhøj | IHI | Nelson |
//! |---|---|---|---|---|
//! | outside | beyond a limit | the same | the same | the same |
//! | trend | 7 points, a tie breaks | – | 5 points, a tie is skipped | 6 points, a tie breaks |
//! | two of three | all three on one side, two between 2 and 3 sigma | – | – | two beyond 2 sigma, the third anywhere |
//! | shift | 7 points, one on the line breaks | every run longer than log2(n) + 3, one on the line is skipped | 6 points, one on the line is skipped | 9 points, one on the line breaks |
//! | marks of a point | the first that applies, in this order | all | all | all |

use super::anhoej::RunCounter;
use super::ihi::TrendCounter;
use super::number::{is_there, sign, two_thirds};
use super::row::{Shift, Trend, TwoOfThree};
use super::{Better, PointFinding, RuleSet, Signals, Verdict, ihi};

/// The limits at one point and, two thirds of the way to them, the lines that a point must pass to be
/// near one. NaN: there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) lower: f64,
    pub(super) near_lower: f64,
    pub(super) near_upper: f64,
    pub(super) upper: f64,
}

impl Band {
    /// No limits at all.
    pub(super) const NONE: Self = Self { lower: f64::NAN, near_lower: f64::NAN, near_upper: f64::NAN, upper: f64::NAN };

    /// Limits at `far` on either side of a centre line, near from two thirds of the way on.
    #[inline(always)]
    pub(super) fn around(centre: f64, far: f64) -> Self {
        let near = two_thirds(far);
        Self { lower: centre - far, near_lower: centre - near, near_upper: centre + near, upper: centre + far }
    }

    /// The same limits where none can lie below `floor` or above `ceiling`; what is undefined stays so.
    #[inline(always)]
    pub(super) fn within(self, floor: f64, ceiling: f64) -> Self {
        let clamp = |line: f64| {
            let raised = if line < floor { floor } else { line };
            if raised > ceiling { ceiling } else { raised }
        };
        Self {
            lower: clamp(self.lower),
            near_lower: clamp(self.near_lower),
            near_upper: clamp(self.near_upper),
            upper: clamp(self.upper),
        }
    }

    /// -1, 0 or 1: beyond the near line below, neither, beyond the near line above.
    pub(super) fn beyond_near(&self, value: f64) -> i8 {
        i8::from(value > self.near_upper) - i8::from(value < self.near_lower)
    }
}

/// The tests that run along a phase while its points are drawn: those of a set of rules, and the counts
/// that are given whatever the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tests {
    pub(super) runs: RunCounter,
    pub(super) trends: TrendCounter,
    shift: Shift,
    trend: Trend,
    two_of_three: Option<TwoOfThree>,
    previous: f64,
}

impl Tests {
    /// The tests of a set. Anhøj's marks nothing here: its limit is known when all points are counted.
    pub(super) const fn of(rules: RuleSet) -> Self {
        let (trend, two_of_three, shift) = match rules {
            RuleSet::Mdc => (Trend::new(7, true), Some(TwoOfThree::new(true)), Shift::new(7, true)),
            RuleSet::Anhoej => (Trend::NEVER, None, Shift::NEVER),
            RuleSet::Ihi => (Trend::new(ihi::TREND, false), None, Shift::new(ihi::SHIFT, false)),
            RuleSet::Nelson => (Trend::new(6, true), Some(TwoOfThree::new(false)), Shift::new(9, true)),
        };
        let (runs, trends) = (RunCounter::new(), TrendCounter::new());
        Self { runs, trends, shift, trend, two_of_three, previous: f64::NAN }
    }

    /// The counts, and no test that marks anything.
    pub(super) const fn none() -> Self {
        Self { shift: Shift::NEVER, trend: Trend::NEVER, two_of_three: None, ..Self::of(RuleSet::Anhoej) }
    }

    /// Takes every test through the next points, in three short loops that keep their state in registers.
    #[inline]
    pub(super) fn scan<P: Iterator<Item = (usize, f64)>>(
        &mut self,
        points: impl Fn() -> P,
        band: impl Fn(usize) -> Band + Copy,
        marks: &mut Marks<'_>,
    ) {
        self.scan_sides(points(), marks);
        self.scan_steps(points(), marks);
        if let Some(test) = self.two_of_three {
            self.two_of_three = Some(scan_limits(test, points(), band, marks));
        }
    }

    #[inline(never)]
    fn scan_sides(&mut self, points: impl Iterator<Item = (usize, f64)>, marks: &mut Marks<'_>) {
        let (mut runs, mut shift, centre) = (self.runs, self.shift, marks.centre);
        points.for_each(|(at, value)| {
            let side = sign(value, centre);
            runs.see(side);
            shift.see(at, side, marks);
        });
        (self.runs, self.shift) = (runs, shift);
    }

    #[inline(never)]
    fn scan_steps(&mut self, points: impl Iterator<Item = (usize, f64)>, marks: &mut Marks<'_>) {
        let (mut trends, mut trend, mut previous) = (self.trends, self.trend, self.previous);
        points.for_each(|(at, value)| {
            let step = sign(value, previous);
            trends.see(step);
            trend.see(at, step, marks);
            previous = value;
        });
        (self.trends, self.trend, self.previous) = (trends, trend, previous);
    }

    /// Marks the rows that last until the end.
    pub(super) fn finish(&mut self, marks: &mut Marks<'_>) {
        self.shift.finish(marks.values.len(), marks);
        self.trend.finish(marks.values.len(), marks);
    }
}

#[inline(never)]
fn scan_limits(
    mut test: TwoOfThree,
    points: impl Iterator<Item = (usize, f64)>,
    band: impl Fn(usize) -> Band + Copy,
    marks: &mut Marks<'_>,
) -> TwoOfThree {
    points.for_each(|(at, value)| test.see(at, value, band, marks));
    test
}

/// The values of one phase, and the findings that are marked for them.
pub(super) struct Marks<'a> {
    /// The plotted values of the phase.
    pub(super) values: &'a [f64],
    /// Its ghosts; what lies beyond its end is none.
    pub(super) ghosts: &'a [bool],
    /// The findings so far, one for each value.
    pub(super) points: &'a mut [PointFinding],
    /// The centre line of the phase.
    pub(super) centre: f64,
    /// Which way is better.
    pub(super) better: Better,
    /// Whether a point keeps only the first rule that applies.
    pub(super) first_only: bool,
}

/// The points that speak, with their places: there, and not ghosts.
#[inline(always)]
pub(super) fn speaking<'a>(values: &'a [f64], ghosts: &'a [bool]) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    let there = values.iter().copied().enumerate().filter(|(_, value)| is_there(*value));
    there.filter(|(at, _)| !ghosts.get(*at).is_some_and(|ghost| *ghost))
}

impl Marks<'_> {
    /// Marks every point from `first` on that lies beyond a limit, ghosts too. One on a limit is inside.
    pub(super) fn outside(&mut self, first: usize) {
        let mut at = first;
        let is_beyond = |(point, value): (&PointFinding, &f64)| {
            ((*value > point.upper) | (*value < point.lower)) && is_there(*value)
        };
        while let Some(step) = self.points[at..].iter().zip(&self.values[at..]).position(is_beyond) {
            at += step;
            self.mark(at, Signals::OUTSIDE, self.values[at] > self.points[at].upper);
            at += 1;
        }
    }

    /// Marks the points of a run that ended before `at`: so many on one side of the centre line. Among them
    /// may lie others, which are passed over.
    #[cold]
    pub(super) fn run_before(&mut self, at: usize, length: usize, side: i8) {
        let mut left = length;
        for at in (0..at).rev() {
            if left == 0 {
                return;
            }
            if self.speaks(at) && sign(self.values[at], self.centre) == side {
                self.mark(at, Signals::SHIFT, side > 0);
                left -= 1;
            }
        }
    }

    /// Marks the points of a trend that ended before `at`: so many, of equal neighbours only the first
    /// unless a tie breaks the trend.
    #[cold]
    pub(super) fn trend_before(&mut self, at: usize, length: usize, direction: i8, tie_breaks: bool) {
        let (mut left, mut last) = (length, at);
        while left > 0 {
            let mut places = self.speaking_before(last);
            let Some(at) = places.next() else { return };
            let before = places.next().map(|before| self.values[before]);
            drop(places);
            if tie_breaks || before != Some(self.values[at]) {
                self.mark(at, Signals::TREND, direction > 0);
                left -= 1;
            }
            last = at;
        }
    }

    /// The places of the points before `at` that speak, backwards.
    pub(super) fn speaking_before(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        (0..at).rev().filter(|at| self.speaks(*at))
    }

    #[inline]
    fn speaks(&self, at: usize) -> bool {
        is_there(self.values[at]) && !self.ghosts.get(at).is_some_and(|ghost| *ghost)
    }

    /// Marks one point by one rule.
    #[inline]
    pub(super) fn mark(&mut self, at: usize, signal: Signals, rising: bool) {
        let point = &mut self.points[at];
        let decides = signal.decides_over(point.signals);
        if decides {
            point.rising = Some(rising);
            point.verdict = Verdict::of(self.better, rising);
        }
        point.signals = match (self.first_only, decides) {
            (true, true) => signal,
            (true, false) => point.signals,
            (false, _) => point.signals.with(signal),
        };
    }
}
