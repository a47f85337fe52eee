//! The marks that a set of rules puts on points.
//!
//! Only points that speak are looked at: those that are there and are not ghosts. The others neither
//! break nor lengthen anything, as if they were not in the series. (A ghost is still tested against the
//! limits; see [`Marks::outside`].)
//!
//! | rule | Making Data Count | Anhøj | IHI | Nelson |
//! |---|---|---|---|---|
//! | outside | beyond a limit | the same | the same | the same |
//! | trend | 7 points, a tie breaks | – | 5 points, a tie is skipped | 6 points, a tie breaks |
//! | two of three | all three on one side, two between 2 and 3 sigma | – | – | two beyond 2 sigma, the third anywhere |
//! | shift | 7 points, one on the line breaks | every run longer than log2(n) + 3 | 6 points, one on the line is skipped | 9 points, one on the line breaks |
//! | marks of a point | the first that applies, in this order | all | all | all |

use super::anhoej::RunCounter;
use super::number::sign;
use super::{Better, PointFinding, RuleSet, Side, Signals, Verdict, ihi};

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
    pub(super) const NONE: Self = Self {
        lower: f64::NAN,
        near_lower: f64::NAN,
        near_upper: f64::NAN,
        upper: f64::NAN,
    };

    /// -1, 0 or 1: beyond the lower limit, neither, beyond the upper limit. A point on a limit is inside.
    #[inline(always)]
    fn outside(&self, value: f64) -> i8 {
        i8::from(value > self.upper) - i8::from(value < self.lower)
    }

    /// -1, 0 or 1: beyond the near line below, neither, beyond the near line above.
    #[inline(always)]
    fn beyond_near(&self, value: f64) -> i8 {
        i8::from(value > self.near_upper) - i8::from(value < self.near_lower)
    }
}

/// The values of one phase and the points that are marked for them.
pub(super) struct Marks<'a> {
    /// The plotted values of the phase.
    pub(super) values: &'a [f64],
    /// Its ghosts; what lies beyond its end is none.
    pub(super) ghosts: &'a [bool],
    /// The findings of the phase, one for each value.
    pub(super) points: &'a mut [PointFinding],
    /// The centre line of the phase.
    pub(super) centre: f64,
    /// Which way is better.
    pub(super) better: Better,
    /// Whether a point keeps only the first rule that applies.
    pub(super) first_only: bool,
}

/// The points of a phase that speak, with their places: there, and not ghosts.
#[inline(always)]
pub(super) fn speaking<'a>(
    values: &'a [f64],
    ghosts: &'a [bool],
) -> impl Iterator<Item = (usize, f64)> + use<'a> {
    values
        .iter()
        .copied()
        .enumerate()
        .filter(|(at, value)| value.is_finite() && !ghosts.get(*at).is_some_and(|ghost| *ghost))
}

impl Marks<'_> {
    /// Marks the points of the phase by a set of rules. `runs` are its runs, already counted.
    pub(super) fn apply(
        &mut self,
        rules: RuleSet,
        runs: &RunCounter,
        band: impl Fn(usize) -> Band + Copy,
    ) {
        self.outside(band);
        match rules {
            RuleSet::Mdc => {
                self.trend(7, true);
                self.two_of_three(band, true);
                self.shift(7, true);
            }
            RuleSet::Anhoej => {
                let most = super::anhoej::longest_max(runs.useful);
                if runs.longest > most {
                    self.shift(most + 1, false);
                }
            }
            RuleSet::Ihi => {
                self.trend(ihi::TREND, false);
                if runs.longest >= ihi::SHIFT {
                    self.shift(ihi::SHIFT, false);
                }
            }
            RuleSet::Nelson => {
                self.trend(6, true);
                self.two_of_three(band, false);
                self.shift(9, true);
            }
        }
    }

    /// Marks every point beyond a limit, ghosts too.
    fn outside(&mut self, band: impl Fn(usize) -> Band) {
        for (at, &value) in self.values.iter().enumerate() {
            let side = band(at).outside(value);
            if side != 0 && value.is_finite() {
                self.mark(at, Signals::OUTSIDE, side > 0);
            }
        }
    }

    /// Marks the points of every run of `need` or more on one side of the centre line.
    fn shift(&mut self, need: usize, on_line_breaks: bool) {
        let mut run = Row::default();
        for (at, value) in speaking(self.values, self.ghosts) {
            let side = sign(value, self.centre);
            if side == 0 && !on_line_breaks {
                continue;
            }
            if run.ends_with(side, need) {
                self.mark_run(run);
            }
            run = run.then(side, at, at, 1);
        }
        if run.ends_with(0, need) {
            self.mark_run(run);
        }
    }

    #[cold]
    fn mark_run(&mut self, run: Row) {
        let side = if run.direction > 0 {
            Side::Above
        } else {
            Side::Below
        };
        for at in run.from..=run.to {
            // Inside the run may lie ghosts, gaps and points on the line.
            if self.speaks(at) && self.points[at].side == Some(side) {
                self.mark(at, Signals::SHIFT, run.direction > 0);
            }
        }
    }

    /// Marks the points of every row of `need` or more that rise, or that fall. A turning point belongs to
    /// both rows, and its direction is that of the row which follows.
    fn trend(&mut self, need: usize, tie_breaks: bool) {
        let mut row = Row::default();
        let mut previous = f64::NAN;
        for (at, value) in speaking(self.values, self.ghosts) {
            let step = sign(value, previous);
            // The first point follows nothing, and counts like the first after a tie.
            if step == 0 && !tie_breaks && value == previous {
                continue;
            }
            if row.ends_with(step, need) {
                self.mark_trend(row, tie_breaks);
            }
            row = row.then(step, row.to, at, 2);
            previous = value;
        }
        if row.ends_with(0, need) {
            self.mark_trend(row, tie_breaks);
        }
    }

    #[cold]
    fn mark_trend(&mut self, row: Row, with_ties: bool) {
        let mut previous = f64::NAN;
        for at in row.from..=row.to {
            if self.speaks(at) && (with_ties || self.values[at] != previous) {
                previous = self.values[at];
                self.mark(at, Signals::TREND, row.direction > 0);
            }
        }
    }

    /// Marks points near a limit, two of them in three consecutive points. Strictly (Making Data Count) all
    /// three stand on one side and a point outside is not near; otherwise (Nelson) the third may stand
    /// anywhere and a point outside counts.
    fn two_of_three(&mut self, band: impl Fn(usize) -> Band, strict: bool) {
        let mut window = [Near::default(); 3];
        for (at, value) in speaking(self.values, self.ghosts) {
            let band = band(at);
            let is_inside = band.outside(value) == 0;
            let near = if is_inside | !strict {
                band.beyond_near(value)
            } else {
                0
            };
            let side = sign(value, self.centre);
            window = [window[1], window[2], Near { at, near, side }];
            let total = window[0].near + window[1].near + window[2].near;
            let sides = window[0].side + window[1].side + window[2].side;
            let agrees = !strict | (sides.abs() == 3);
            if agrees & (Near::count(&window, 1).max(Near::count(&window, -1)) >= 2) {
                self.mark_near(&window, if total > 0 { 1 } else { -1 });
            }
        }
    }

    #[cold]
    fn mark_near(&mut self, window: &[Near; 3], side: i8) {
        for point in window.iter().filter(|point| point.near == side) {
            self.mark(point.at, Signals::TWO_OF_THREE, side > 0);
        }
    }

    #[inline]
    fn speaks(&self, at: usize) -> bool {
        self.values[at].is_finite() && !self.ghosts.get(at).is_some_and(|ghost| *ghost)
    }

    #[inline]
    fn mark(&mut self, at: usize, signal: Signals, rising: bool) {
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

/// A row of points that go the same way: stand on one side, or rise, or fall.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    direction: i8,
    length: usize,
    from: usize,
    to: usize,
}

impl Row {
    /// Whether this row is long enough and the next point goes another way. (One branch, rarely taken.)
    #[inline(always)]
    fn ends_with(&self, direction: i8, need: usize) -> bool {
        (direction != self.direction) & (self.length >= need) & (self.direction != 0)
    }

    /// The row with one more point, or the row of `first` points that begins there.
    #[inline(always)]
    fn then(self, direction: i8, from: usize, to: usize, first: usize) -> Self {
        let same = direction == self.direction;
        Self {
            direction,
            length: if same { self.length + 1 } else { first },
            from: if same { self.from } else { from },
            to,
        }
    }
}

/// A point in the window of three: where, near which limit, on which side.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    at: usize,
    near: i8,
    side: i8,
}

impl Near {
    #[inline(always)]
    fn count(window: &[Self; 3], side: i8) -> u8 {
        window
            .iter()
            .map(|point| u8::from(point.near == side))
            .sum()
    }
}
