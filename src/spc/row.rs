//! The tests that run along a series, one point after the other: shift, trend, two of three.
//!
//! The sides and steps of a stable process are tosses of a coin, which no branch predictor foresees. What
//! changes at every point is therefore small and written as a choice between two numbers; a jump is taken
//! only where there is something to mark, which is rare, and what was not kept is then looked up again.

use std::hint::select_unpredictable;

use super::Signals;
use super::number::sign;
use super::rules::{Band, Marks};

/// A row of points that go the same way: stand on one side, or rise, or fall.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    direction: i8,
    length: usize,
}

impl Row {
    /// Whether this row is long enough and the next point goes another way.
    #[inline(always)]
    fn ends_with(self, direction: i8, need: usize) -> bool {
        (direction != self.direction) & (self.length >= need) & (self.direction != 0)
    }

    /// The row with one more point, or a new row of `length` points.
    #[inline(always)]
    fn then(self, direction: i8, length: usize) -> Self {
        let same = direction == self.direction;
        Self { direction, length: select_unpredictable(same, self.length + 1, length) }
    }
}

/// A shift: so many consecutive points on one side of the centre line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    need: usize,
    on_line_breaks: bool,
    row: Row,
}

impl Shift {
    /// Marks nothing.
    pub(super) const NEVER: Self = Self::new(usize::MAX, false);

    /// A point on the line breaks the run, or is skipped.
    pub(super) const fn new(need: usize, on_line_breaks: bool) -> Self {
        Self { need, on_line_breaks, row: Row { direction: 0, length: 0 } }
    }

    /// The next point stands on this side.
    #[inline(always)]
    pub(super) fn see(&mut self, at: usize, side: i8, marks: &mut Marks<'_>) {
        if (side == 0) & !self.on_line_breaks {
            return;
        }
        if self.row.ends_with(side, self.need) {
            marks.run_before(at, self.row.length, self.row.direction);
        }
        self.row = self.row.then(side, 1);
    }

    /// There is no point from here on.
    pub(super) fn finish(&mut self, at: usize, marks: &mut Marks<'_>) {
        if self.row.ends_with(0, self.need) {
            marks.run_before(at, self.row.length, self.row.direction);
        }
    }
}

/// A trend: so many consecutive points that rise, or that fall. A turning point belongs to both trends,
/// and its direction is that of the one which follows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Trend {
    need: usize,
    tie_breaks: bool,
    row: Row,
}

impl Trend {
    /// Marks nothing.
    pub(super) const NEVER: Self = Self::new(usize::MAX, false);

    /// A point equal to its neighbour breaks the trend, or is skipped.
    pub(super) const fn new(need: usize, tie_breaks: bool) -> Self {
        Self { need, tie_breaks, row: Row { direction: 0, length: 1 } }
    }

    /// The next point lies this way from the one before it: 0 for a tie, and for the first point.
    #[inline(always)]
    pub(super) fn see(&mut self, at: usize, step: i8, marks: &mut Marks<'_>) {
        if (step == 0) & !self.tie_breaks {
            return;
        }
        if self.row.ends_with(step, self.need) {
            marks.trend_before(at, self.row.length, self.row.direction, self.tie_breaks);
        }
        self.row = self.row.then(step, 2);
    }

    /// There is no point from here on.
    pub(super) fn finish(&mut self, at: usize, marks: &mut Marks<'_>) {
        if self.row.ends_with(0, self.need) {
            marks.trend_before(at, self.row.length, self.row.direction, self.tie_breaks);
        }
    }
}

/// Two of three consecutive points near the same limit; only these two are marked, not the third.
#[derive(Debug, Clone, Copy)]
pub(super) struct TwoOfThree {
    strict: bool,
    /// One bit for each point seen, the latest lowest: whether it is beyond a near line, on either side.
    near: u32,
}

impl TwoOfThree {
    /// Strictly (Making Data Count) all three stand on one side and a point outside is not near one;
    /// otherwise (Nelson) the third may stand anywhere and a point outside counts.
    pub(super) const fn new(strict: bool) -> Self {
        Self { strict, near: 0 }
    }

    #[inline(always)]
    pub(super) fn see(&mut self, at: usize, value: f64, band: impl Fn(usize) -> Band, marks: &mut Marks<'_>) {
        let here = band(at);
        self.near = self.near << 1 | u32::from((value > here.near_upper) | (value < here.near_lower));
        if two_of(self.near) {
            self.look(at, band, marks);
        }
    }

    /// A closer look at the three points that end here.
    #[cold]
    fn look(&self, at: usize, band: impl Fn(usize) -> Band, marks: &mut Marks<'_>) {
        let mut window = [(0, 0); 3];
        let mut sides = 0;
        let mut places = marks.speaking_before(at + 1);
        for (place, near) in &mut window {
            let Some(at) = places.next() else { return };
            let (value, band) = (marks.values[at], band(at));
            let is_outside = (value > band.upper) | (value < band.lower);
            *place = at;
            *near = if self.strict && is_outside { 0 } else { band.beyond_near(value) };
            sides += sign(value, marks.centre);
        }
        drop(places);
        for side in [1, -1] {
            let near = || window.iter().filter(|(_, near)| *near == side);
            if near().count() >= 2 && (!self.strict || sides == 3 * side) {
                near().for_each(|(at, _)| marks.mark(*at, Signals::TWO_OF_THREE, side > 0));
            }
        }
    }
}

/// Whether two or three of the lowest three bits are set, looked up in a table of eight bits.
#[inline(always)]
const fn two_of(bits: u32) -> bool {
    0b1110_1000 >> (bits & 7) & 1 == 1
}
