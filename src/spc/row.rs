//! The tests that run along a series, one point after the other: shift, trend, two of three.
//!
//! The sides and steps of a stable process are tosses of a coin, which no branch predictor foresees. What
//! changes at every point is therefore small and written as a choice between two numbers; a jump is taken
//! only where there is something to mark, which is rare, and what was not kept is then looked up again.
//! Where all of 64 points speak, they are taken in together, as bits.

use std::hint::select_unpredictable;

use super::Signals;
use super::band::Band;
use super::bits::{BLOCK, ends_of_rows, lowest, places, rows_that_end};
use super::number::sign;
use super::rules::Marks;

/// A row of points that go the same way: stand on one side, or rise, or fall.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    direction: i8,
    length: usize,
}

impl Row {
    /// The row with one more point, or a new row of `length` points.
    #[inline(always)]
    fn then(self, direction: i8, length: usize) -> Self {
        let same = direction == self.direction;
        Self { direction, length: select_unpredictable(same, self.length + 1, length) }
    }

    /// Whether its last point makes it long enough, and how many of its points are not marked yet.
    #[inline(always)]
    fn unmarked(self, need: usize) -> Option<usize> {
        let unmarked = if self.length == need { need } else { 1 };
        ((self.length >= need) & (self.direction != 0)).then_some(unmarked)
    }

    /// The row after up to 64 more points, of which the bits of `up` and `down` go one way or the other. A new
    /// row has `lead` points besides those that go its way.
    #[inline(always)]
    fn after(self, up: u64, down: u64, points: usize, lead: usize) -> Self {
        let direction = (up >> (points - 1) & 1) as i8 - (down >> (points - 1) & 1) as i8;
        let same = if direction > 0 { up } else { down };
        let tail = (!same << (BLOCK - points) | lowest(BLOCK - points)).leading_zeros();
        let tail = (tail as usize).min(points);
        let goes_on = (tail == points) & (direction == self.direction);
        Self { direction, length: tail + if goes_on { self.length } else { lead } }
    }

    /// Up to 64 points that go one way, behind as many of this row as a row of `need` could need.
    #[inline(always)]
    fn before(self, bits: u64, direction: i8, have: usize, need: usize) -> (u128, usize) {
        let carried = if self.direction == direction { have.min(need - 1) } else { 0 };
        (u128::from(bits) << carried | u128::from(lowest(carried)), carried)
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
        self.row = self.row.then(side, 1);
        if let Some(count) = self.row.unmarked(self.need) {
            marks.run_to(at, count, side);
        }
    }

    /// Takes in up to 64 points from `start` on, which all speak; false where each has to be seen by itself.
    /// There is no gap and no ghost from `clear` on.
    #[inline(always)]
    pub(super) fn see_all(&mut self, start: usize, sides: Sides, clear: usize, marks: &mut Marks<'_>) -> bool {
        if self.need == usize::MAX {
            return true;
        }
        let Sides { up: above, down: below, points } = sides;
        if self.need >= BLOCK || (!self.on_line_breaks && above | below != lowest(points)) {
            return false;
        }
        for (bits, side) in [(above, 1), (below, -1)] {
            let (row, carried) = self.row.before(bits, side, self.row.length, self.need);
            let ends = ends_of_rows(row, self.need);
            if ends != 0 {
                // The points that were carried along stand right before these, unless one on the line was skipped.
                if start < clear + carried || !marks.all_on_side(start - carried..start, side) {
                    return false;
                }
                for at in places(rows_that_end(ends, self.need)) {
                    marks.mark(start + at - carried, Signals::SHIFT, side > 0);
                }
            }
        }
        self.row = self.row.after(above, below, points, 0);
        true
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
        self.row = self.row.then(step, 2);
        if let Some(count) = self.row.unmarked(self.need) {
            marks.trend_to(at, count, step, self.tie_breaks);
        }
    }

    /// Takes in up to 64 points; false where one may end a trend, so that each has to be seen by itself.
    #[inline(always)]
    pub(super) fn see_all(&mut self, steps: Sides) -> bool {
        if self.need == usize::MAX {
            return true;
        }
        let Sides { up, down, points } = steps;
        let need = self.need - 1;
        let may_end = |bits: u64, direction: i8| {
            let (row, _) = self.row.before(bits, direction, self.row.length - 1, need);
            ends_of_rows(row, need) != 0
        };
        if (!self.tie_breaks && up | down != lowest(points)) || may_end(up, 1) || may_end(down, -1) {
            return false;
        }
        self.row = self.row.after(up, down, points, 1);
        true
    }
}

/// Up to 64 points as bits: which of them go up, or stand above, and which go down, or stand below.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides {
    pub(super) up: u64,
    pub(super) down: u64,
    pub(super) points: usize,
}

/// Two of three consecutive points near the same limit; only these two are marked, not the third.
#[derive(Debug, Clone, Copy)]
pub(super) struct TwoOfThree {
    strict: bool,
    /// How many points stand before the next, two at the most.
    seen: usize,
    above: Near,
    below: Near,
}

/// The last two points as bits, the latest highest: whether they are near the limit on one side, and whether they
/// stand on that side of the centre line.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    near: u8,
    side: u8,
}

impl TwoOfThree {
    /// Strictly (Making Data Count) all three stand on one side and a point outside is not near one;
    /// otherwise (Nelson) the third may stand anywhere and a point outside counts.
    pub(super) const fn new(strict: bool) -> Self {
        let none = Near { near: 0, side: 0 };
        Self { strict, seen: 0, above: none, below: none }
    }

    /// The next point has this value.
    #[inline(always)]
    pub(super) fn see(&mut self, at: usize, value: f64, band: &Band, marks: &mut Marks<'_>) {
        let is_outside = (value > band.upper) | (value < band.lower);
        let near = if self.strict && is_outside { 0 } else { band.beyond_near(value) };
        let side = sign(value, marks.centre);
        for (row, way) in [(&mut self.above, 1), (&mut self.below, -1)] {
            let window = row.near | u8::from(near == way) << 2;
            let sides = row.side | u8::from(side == way) << 2;
            if window.count_ones() >= 2 && self.seen == 2 && (!self.strict || sides == 0b111) {
                marks.near_to(at, window, way > 0);
            }
            *row = Near { near: window >> 1, side: sides >> 1 };
        }
        self.seen = (self.seen + 1).min(2);
    }

    /// Takes in up to 64 points from `start` on, which all speak: those near a limit, above and below, those
    /// outside, and their sides. False where each has to be seen by itself. There is no gap and no ghost from
    /// `clear` on.
    #[inline(always)]
    pub(super) fn see_all(
        &mut self,
        start: usize,
        near: [u64; 2],
        outside: u64,
        sides: Sides,
        marks: &mut Marks<'_>,
        clear: usize,
    ) -> bool {
        let rows = [(self.above, near[0], sides.up), (self.below, near[1], sides.down)];
        let rows = rows.map(|(before, near, side)| {
            let near = if self.strict { near & !outside } else { near };
            // The two before stand first.
            (u128::from(near) << 2 | u128::from(before.near), u128::from(side) << 2 | u128::from(before.side))
        });
        let windows = rows.map(|(near, side)| {
            let two = (near & near << 1) | (near & near << 2) | (near << 1 & near << 2);
            let all = if self.strict { side & side << 1 & side << 2 } else { u128::MAX };
            two & all & u128::from(lowest(sides.points) & !lowest(2 - self.seen)) << 2
        });
        if windows != [0, 0] && start < clear + 2 && start > 0 {
            return false;
        }
        for ((near, _), (windows, rising)) in rows.into_iter().zip(windows.into_iter().zip([true, false])) {
            for at in places((windows | windows >> 1 | windows >> 2) & near) {
                marks.mark(start + at - 2, Signals::TWO_OF_THREE, rising);
            }
        }
        let last = |(near, side): (u128, u128)| Near {
            near: (near >> sides.points) as u8 & 0b11,
            side: (side >> sides.points) as u8 & 0b11,
        };
        (self.above, self.below) = (last(rows[0]), last(rows[1]));
        self.seen = (self.seen + sides.points).min(2);
        true
    }
}
