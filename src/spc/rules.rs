//! The marks that a set of rules puts on points.
//!
//! Only points that speak are looked at: those that are there and are not ghosts. The others neither
//! break nor lengthen anything, as if they were not in the series. (A ghost is still tested against the
//! limits: see [`Marks::outside`].)
//!
//! | rule | Making Data Count | Anhøj | IHI | Nelson | Western Electric |
//! |---|---|---|---|---|---|
//! | outside | beyond a limit | the same | the same | the same | the same |
//! | trend | 7 points, a tie breaks | – | 5 points, a tie is skipped | 6 points, a tie breaks | – |
//! | two of three | all three on one side, two between 2 and 3 sigma | – | – | two beyond 2 sigma, the third anywhere | as Nelson |
//! | shift | 7 points, one on the line breaks | every run longer than log2(n) + 3, one on the line is skipped | 6 points, one on the line is skipped | 9 points, one on the line breaks | 8 points, one on the line breaks |
//! | four of five | – | – | – | four beyond 1 sigma on one side, the fifth anywhere | as Nelson |
//! | beyond one sigma | – | – | – | 8 points, some on either side | – |
//! | alternating | – | – | – | 14 points up and down in turn, a tie breaks | – |
//! | hugging | – | – | – | 15 points within 1 sigma | – |
//! | marks of a point | the first that applies, in this order | all | all | all | all |
//!
//! A point on a line at one sigma lies within it. Where the lines have no width (all values equal), or one of them
//! is missing, no point hugs the centre line.

use super::anhoej::RunCounter;
use super::band::Band;
use super::bits::{BLOCK, above, places};
use super::ihi::TrendCounter;
use super::number::{is_there, sign};
use super::row::{Shift, Sides, Trend, TwoOfThree};
use super::zones::{Zone, Zones};
use super::{Better, PointFinding, RuleSet, Side, Signals, Verdict, ihi};

/// The tests that run along a phase while its points are drawn: those of a set of rules, and the counts
/// that are given whatever the rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tests {
    pub(super) runs: RunCounter,
    pub(super) trends: TrendCounter,
    shift: Shift,
    trend: Trend,
    two_of_three: Option<TwoOfThree>,
    zones: Option<Zones>,
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
            RuleSet::WesternElectric => (Trend::NEVER, Some(TwoOfThree::new(false)), Shift::new(8, true)),
        };
        let zones = match rules {
            RuleSet::Nelson => Some(Zones::new(false)),
            RuleSet::WesternElectric => Some(Zones::new(true)),
            RuleSet::Mdc | RuleSet::Anhoej | RuleSet::Ihi => None,
        };
        let (runs, trends) = (RunCounter::new(), TrendCounter::new());
        Self { runs, trends, shift, trend, two_of_three, zones, previous: f64::NAN }
    }

    /// The counts, and no test that marks anything.
    pub(super) const fn none() -> Self {
        Self { shift: Shift::NEVER, trend: Trend::NEVER, two_of_three: None, ..Self::of(RuleSet::Anhoej) }
    }

    /// Whether a test asks for the lines at one sigma.
    pub(super) const fn need_zones(&self) -> bool {
        self.zones.is_some()
    }

    /// Takes every test through some of up to 64 points from `start` on, one after the other: where not all of
    /// them speak.
    pub(super) fn see_each(
        &mut self,
        start: usize,
        drawn: &Drawn,
        speaking: impl Iterator<Item = (usize, f64)>,
        marks: &mut Marks<'_>,
    ) {
        for (at, value) in speaking {
            let (side, step) = (sign(value, marks.centre), sign(value, self.previous));
            self.runs.see(side);
            self.shift.see(start + at, side, marks);
            self.trends.see(step);
            self.trend.see(start + at, step, marks);
            if let Some(test) = &mut self.two_of_three {
                test.see(start + at, value, &drawn.band(at), marks);
            }
            if let Some(zones) = &mut self.zones {
                zones.see(start + at, drawn.zone, at, step, marks);
            }
            self.previous = value;
        }
    }

    /// Takes every test through up to 64 points from `start` on, which all speak. There is no gap and no ghost
    /// from `clear` on.
    #[inline(always)]
    pub(super) fn see_all(&mut self, start: usize, drawn: &Drawn, clear: usize, marks: &mut Marks<'_>) {
        let (values, points, centre) = (&drawn.values, drawn.points, marks.centre);
        let sides = drawn.sides;
        if !self.runs.see_all(sides.up, sides.up | sides.down, points) {
            values[..points].iter().for_each(|value| self.runs.see(sign(*value, centre)));
        }
        if !self.shift.see_all(start, sides, clear, marks) {
            for (at, value) in values[..points].iter().enumerate() {
                self.shift.see(start + at, sign(*value, centre), marks);
            }
        }
        let mut before = [self.previous; BLOCK];
        before[1..].copy_from_slice(&values[..BLOCK - 1]);
        let steps = Sides { up: above(values, &before), down: above(&before, values), points };
        if !self.trends.see_all(steps.up, steps.up | steps.down, points) {
            (0..points).for_each(|at| self.trends.see(sign(values[at], before[at])));
        }
        if !self.trend.see_all(steps) {
            (0..points).for_each(|at| self.trend.see(start + at, sign(values[at], before[at]), marks));
        }
        if let Some(test) = &mut self.two_of_three
            && !test.see_all(start, drawn.near, drawn.outside, sides, marks, clear)
        {
            (0..points).for_each(|at| test.see(start + at, values[at], &drawn.band(at), marks));
        }
        if let Some(zones) = &mut self.zones
            && !zones.see_all(start, drawn.zone, steps, clear, marks)
        {
            (0..points).for_each(|at| zones.see(start + at, drawn.zone, at, sign(values[at], before[at]), marks));
        }
        self.previous = values[points - 1];
    }
}

/// Up to 64 points with their limits, in the fastest memory. Beyond the last point all is NaN, and so is a value
/// that is missing.
pub(super) struct Drawn {
    pub(super) points: usize,
    pub(super) values: [f64; BLOCK],
    pub(super) lower: [f64; BLOCK],
    near_lower: [f64; BLOCK],
    near_upper: [f64; BLOCK],
    pub(super) upper: [f64; BLOCK],
    /// Which stand above and which below the centre line.
    pub(super) sides: Sides,
    /// Which lie beyond the near line above, and which beyond the one below.
    near: [u64; 2],
    /// How they lie against the lines at one sigma, where these were asked for.
    zone: Zone,
    /// Which lie beyond a limit. One on a limit is inside.
    pub(super) outside: u64,
}

impl Drawn {
    /// Nothing.
    pub(super) const NONE: Self = {
        let none = [f64::NAN; BLOCK];
        let sides = Sides { up: 0, down: 0, points: 0 };
        Self {
            points: 0,
            values: none,
            lower: none,
            near_lower: none,
            near_upper: none,
            upper: none,
            sides,
            near: [0; 2],
            zone: Zone { above: 0, below: 0, within: 0 },
            outside: 0,
        }
    };

    /// Puts 64 values at the most in the place of what is here, with the limits that `band` gives for the size of
    /// each that is there.
    #[allow(clippy::needless_range_loop, reason = "six arrays side by side, in one loop without jumps")]
    #[inline(always)]
    pub(super) fn put(&mut self, values: &[f64], sizes: &[f64], centre: f64, band: impl Fn(f64) -> Band) {
        let mut own = [f64::NAN; BLOCK];
        let sizes = &sizes[..sizes.len().min(values.len())];
        own[..sizes.len()].copy_from_slice(sizes);
        if values.len() < BLOCK {
            self.values = [f64::NAN; BLOCK];
        }
        self.values[..values.len()].copy_from_slice(values);
        self.points = values.len();
        for at in 0..BLOCK {
            // Nothing is added to a value that is there; an infinite one becomes NaN.
            let nothing = self.values[at] * 0.0;
            self.values[at] += nothing;
            // A value that is missing has no limits of its own.
            let band = band(own[at] + nothing).finite();
            (self.lower[at], self.upper[at]) = (band.lower, band.upper);
            (self.near_lower[at], self.near_upper[at]) = (band.near_lower, band.near_upper);
        }
        let centre = [centre; BLOCK];
        self.sides =
            Sides { up: above(&self.values, &centre), down: above(&centre, &self.values), points: self.points };
        self.near = [above(&self.values, &self.near_upper), above(&self.near_lower, &self.values)];
        self.outside = above(&self.values, &self.upper) | above(&self.lower, &self.values);
    }

    /// Finds how the values that are here lie against the lines at one sigma.
    #[inline(always)]
    pub(super) fn find_zone(&mut self, sizes: &[f64], band: impl Fn(f64) -> Band) {
        let (mut lower, mut upper) = ([f64::NAN; BLOCK], [f64::NAN; BLOCK]);
        for at in 0..self.points {
            let own = sizes.get(at).copied().unwrap_or(f64::NAN);
            let band = band(own + self.values[at] * 0.0).finite();
            (lower[at], upper[at]) = (band.inner_lower, band.inner_upper);
        }
        let (up, down, wide) = (above(&self.values, &upper), above(&lower, &self.values), above(&upper, &lower));
        // What is missing is no more within than it is beyond.
        let there = above(&self.values, &[f64::NEG_INFINITY; BLOCK]);
        self.zone = Zone { above: up, below: down, within: there & wide & !up & !down };
    }

    /// The limits of one of them, without the lines at one sigma.
    #[inline(always)]
    fn band(&self, at: usize) -> Band {
        Band {
            lower: self.lower[at],
            near_lower: self.near_lower[at],
            near_upper: self.near_upper[at],
            upper: self.upper[at],
            ..Band::NONE
        }
    }

    /// Whether all of them are there.
    #[inline(always)]
    pub(super) fn all_there(&self) -> bool {
        // One that is missing makes the sum NaN.
        self.values[..self.points].iter().fold(0.0, |sum, value| sum + value * 0.0) == 0.0
    }

    /// The side of one of them, where all are there and so is the centre line. (By a table, because nobody can
    /// foresee the next side.)
    #[inline(always)]
    pub(super) fn side(&self, at: usize) -> Option<Side> {
        const SIDES: [Option<Side>; 4] = [Some(Side::On), Some(Side::Above), Some(Side::Below), None];
        SIDES[((self.sides.up >> at & 1) + 2 * (self.sides.down >> at & 1)) as usize & 3]
    }
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
    /// Marks points from `start` on that lie beyond a limit, ghosts too, by their bits.
    #[inline(always)]
    pub(super) fn outside(&mut self, start: usize, beyond: u64) {
        for at in places(beyond.into()) {
            let at = start + at;
            self.mark(at, Signals::OUTSIDE, self.values[at] > self.points[at].upper);
        }
    }

    /// Marks the last so many points of a run that ends at `at`, on one side of the centre line. Among them may
    /// lie others, which are passed over.
    #[cold]
    pub(super) fn run_to(&mut self, at: usize, count: usize, side: i8) {
        let mut left = count;
        for at in (0..=at).rev() {
            if left == 0 {
                return;
            }
            if self.speaks(at) && sign(self.values[at], self.centre) == side {
                self.mark(at, Signals::SHIFT, side > 0);
                left -= 1;
            }
        }
    }

    /// Marks the last so many points of a trend that ends at `at`, of equal neighbours only the first unless a
    /// tie breaks the trend.
    #[cold]
    pub(super) fn trend_to(&mut self, at: usize, count: usize, direction: i8, tie_breaks: bool) {
        let (mut left, mut last) = (count, at + 1);
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
        if count > 1 && self.first_only {
            self.turn_before(last, direction);
        }
    }

    /// The last point of one trend right before the first of another, at `first`, goes the way of the step between
    /// them, as `NHSRplotthedots` has it.
    fn turn_before(&mut self, first: usize, direction: i8) {
        let Some(before) = self.speaking_before(first).next() else { return };
        let step = sign(self.values[first], self.values[before]);
        if step == -direction && self.points[before].signals.contains(Signals::TREND) {
            self.mark(before, Signals::TREND, step > 0);
        }
    }

    /// Marks those of the last three points that speak, up to `at`, which are near a limit: as bits, the latest
    /// highest.
    #[cold]
    pub(super) fn near_to(&mut self, at: usize, near: u8, rising: bool) {
        let mut last = at + 1;
        for bit in [4, 2, 1] {
            let Some(at) = self.speaking_before(last).next() else { return };
            if near & bit != 0 {
                self.mark(at, Signals::TWO_OF_THREE, rising);
            }
            last = at;
        }
    }

    /// Whether all points of these places stand on one side of the centre line.
    #[cold]
    pub(super) fn all_on_side(&self, mut places: std::ops::Range<usize>, side: i8) -> bool {
        places.all(|at| sign(self.values[at], self.centre) == side)
    }

    /// The places of the points before `at` that speak, backwards.
    pub(super) fn speaking_before(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        (0..at).rev().filter(|at| self.speaks(*at))
    }

    #[inline]
    fn speaks(&self, at: usize) -> bool {
        is_there(self.values[at]) && !self.ghosts.get(at).is_some_and(|ghost| *ghost)
    }

    /// Marks one point by a test along the lines at one sigma. One that has no side is neither better nor worse.
    #[cold]
    pub(super) fn mark_zone(&mut self, at: usize, signal: Signals, side: Option<bool>) {
        let better = self.better;
        if side.is_none() {
            self.better = Better::Neither;
        }
        self.mark(at, signal, side.unwrap_or(self.values[at] > self.centre));
        self.better = better;
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
