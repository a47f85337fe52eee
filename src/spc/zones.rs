//! The tests that ask where points lie against the lines at one sigma: four of five, none within, all within; and
//! beside them the one of points that go up and down in turn.
//!
//! The last sixteen points that spoke are carried along as bits, so that one point or sixty-four more are looked at
//! in the same way. A place is marked again where two windows share it, which changes nothing.

use super::Signals;
use super::bits::{BLOCK, ends_of_rows, lowest, places, rows_that_end};
use super::row::Sides;
use super::rules::Marks;

/// So many points before the next are remembered.
const BEFORE: usize = 16;
/// Of so many, four beyond one sigma on one side.
const FOUR_OF: usize = 5;
/// So many beyond one sigma, on both sides of the centre line (Nelson's test 8).
const BEYOND: usize = 8;
/// So many within one sigma (Nelson's test 7).
const HUGGING: usize = 15;
/// So many that go up and down in turn (Nelson's test 4).
const ALTERNATING: usize = 14;

/// Up to 64 points as bits: which lie above the line one sigma above the centre line, which below the one below
/// it, and which between the two.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Zone {
    pub(super) above: u64,
    pub(super) below: u64,
    pub(super) within: u64,
}

impl Zone {
    /// One of them by itself.
    fn only(self, at: usize) -> Self {
        Self { above: self.above >> at & 1, below: self.below >> at & 1, within: self.within >> at & 1 }
    }
}

/// What runs along a phase.
#[derive(Debug, Clone, Copy)]
pub(super) struct Zones {
    /// Four of five alone (Western Electric), or all four tests (Nelson).
    only_four_of_five: bool,
    /// How many points stand before the next, four at the most.
    seen: usize,
    /// Of the points before, the latest highest: above, below, within, and turned from the step before.
    before: [u16; 4],
    /// The last step: up, or down.
    step: [bool; 2],
}

impl Zones {
    pub(super) const fn new(only_four_of_five: bool) -> Self {
        Self { only_four_of_five, seen: 0, before: [0; 4], step: [false; 2] }
    }

    /// The next point, `at` in its phase, is the `nth` of a zone, a `step` from the one before it: 0 for a tie, and
    /// for the first point.
    #[cold]
    pub(super) fn see(&mut self, at: usize, zone: Zone, nth: usize, step: i8, marks: &mut Marks<'_>) {
        let steps = Sides { up: u64::from(step > 0), down: u64::from(step < 0), points: 1 };
        let (found, after) = self.next(zone.only(nth), steps);
        for (signal, bits, side) in found.into_iter().filter(|found| found.1 != 0) {
            let mut last = at + 1;
            for bit in (0..=BEFORE).rev() {
                let Some(at) = marks.speaking_before(last).next() else { break };
                if bits >> bit & 1 == 1 {
                    marks.mark_zone(at, signal, side);
                }
                last = at;
            }
        }
        *self = after;
    }

    /// Takes in up to 64 points from `start` on, which all speak; false where each has to be seen by itself. There
    /// is no gap and no ghost from `clear` on.
    #[inline(always)]
    pub(super) fn see_all(
        &mut self,
        start: usize,
        zone: Zone,
        steps: Sides,
        clear: usize,
        marks: &mut Marks<'_>,
    ) -> bool {
        let (found, after) = self.next(zone, steps);
        if start > 0 && start < clear + BEFORE && found.iter().any(|(_, bits, _)| *bits != 0) {
            return false;
        }
        for (signal, bits, side) in found {
            for at in places(bits) {
                marks.mark_zone(start + at - BEFORE, signal, side);
            }
        }
        *self = after;
        true
    }

    /// What the next points have marked, as bits behind those of the points before them, each with its side where
    /// the test has one; and the state after them.
    #[inline(always)]
    fn next(self, zone: Zone, steps: Sides) -> ([(Signals, u128, Option<bool>); 5], Self) {
        let points = steps.points;
        let all = lowest(points);
        let turned = (steps.up & (steps.down << 1 | u64::from(self.step[1])))
            | (steps.down & (steps.up << 1 | u64::from(self.step[0])));
        let bits = [zone.above, zone.below, zone.within, turned];
        let rows: [u128; 4] =
            std::array::from_fn(|row| u128::from(bits[row] & all) << BEFORE | u128::from(self.before[row]));
        let [above, below, within, turned] = rows;
        let new = u128::from(all) << BEFORE;
        let whole = u128::from(all & !lowest(FOUR_OF - 1 - self.seen)) << BEFORE;
        let four = |row: u128| {
            let ends = four_of_five(row) & whole;
            (ends | ends >> 1 | ends >> 2 | ends >> 3 | ends >> 4) & row
        };
        let mut found = [(Signals::NONE, 0, None); 5];
        found[0] = (Signals::FOUR_OF_FIVE, four(above), Some(true));
        found[1] = (Signals::FOUR_OF_FIVE, four(below), Some(false));
        if !self.only_four_of_five {
            let sided = ends_of_rows(above, BEYOND) | ends_of_rows(below, BEYOND);
            let beyond = ends_of_rows(above | below, BEYOND) & !sided & new;
            found[2] = (Signals::BEYOND_ONE_SIGMA, rows_that_end(beyond, BEYOND), None);
            // The first two of the row have not turned yet.
            let turns = ends_of_rows(turned, ALTERNATING - 2) & new;
            found[3] = (Signals::ALTERNATING, rows_that_end(turns, ALTERNATING), None);
            found[4] = (Signals::HUGGING, rows_that_end(ends_of_rows(within, HUGGING) & new, HUGGING), None);
        }
        let last = |bits: u64| bits >> (points - 1) & 1 == 1;
        let after = Self {
            seen: (self.seen + points).min(FOUR_OF - 1),
            #[allow(clippy::cast_possible_truncation, reason = "the lowest sixteen bits are what is kept")]
            before: rows.map(|row| (row >> points) as u16),
            step: [last(steps.up), last(steps.down)],
            ..self
        };
        (found, after)
    }
}

/// Where windows of five end in which four bits or five are set.
fn four_of_five(row: u128) -> u128 {
    let (mut every, mut all_but_one) = (u128::MAX, 0);
    for shift in 0..FOUR_OF {
        let bit = row << shift;
        all_but_one = (all_but_one & bit) | (every & !bit);
        every &= bit;
    }
    every | all_but_one
}

const _: () = assert!(BEFORE + BLOCK <= u128::BITS as usize && BEFORE > HUGGING && BEFORE > ALTERNATING);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_of_five_are_found_with_any_one_of_them_missing() {
        for window in 0..32_u128 {
            assert_eq!(four_of_five(window) >> 4 & 1 == 1, window.count_ones() >= 4, "{window:05b}");
        }
    }
}
