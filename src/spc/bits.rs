//! Sixty-four points at a time: a yes or no for each of them as the bits of one number, so that a few
//! operations tell of all of them whether a test has anything to mark.

/// So many points are looked at together.
pub(super) const BLOCK: usize = 64;

/// The bit of each place.
static BITS: [u64; BLOCK] = {
    let mut bits = [1; BLOCK];
    let mut at = 1;
    while at < BLOCK {
        bits[at] = bits[at - 1] << 1;
        at += 1;
    }
    bits
};

/// Where the first of two numbers is above the second, for 64 places; the first place is the lowest bit. What is
/// not a number is above nothing. (By a table, and as a function of its own, so that compilers compare several
/// numbers at a time.)
#[inline(never)]
pub(super) fn above(numbers: &[f64; BLOCK], others: &[f64; BLOCK]) -> u64 {
    let mut bits = 0;
    for at in 0..BLOCK {
        bits |= if numbers[at] > others[at] { BITS[at] } else { 0 };
    }
    bits
}

/// The lowest so many bits, up to 64.
#[inline(always)]
pub(super) const fn lowest(count: usize) -> u64 {
    if count >= BLOCK { u64::MAX } else { (1 << count) - 1 }
}

/// The places of the bits that are set, in order.
pub(super) fn places(mut bits: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros();
        bits &= bits.wrapping_sub(1);
        (at < u128::BITS).then_some(at as usize)
    })
}

/// Where so many set bits in a row end.
#[inline(always)]
pub(super) fn ends_of_rows(bits: u128, need: usize) -> u128 {
    let (mut ends, mut have) = (bits, 1);
    while have < need {
        let step = have.min(need - have);
        ends &= ends << step;
        have += step;
    }
    ends
}

/// All bits of the rows of so many that end there.
pub(super) fn rows_that_end(ends: u128, need: usize) -> u128 {
    let (mut rows, mut have) = (ends, 1);
    while have < need {
        let step = have.min(need - have);
        rows |= rows >> step;
        have += step;
    }
    rows
}

/// A row of points that go the same way, and the longest so far: of sides, or of steps up and down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Course {
    /// Whether the row goes up.
    pub(super) up: bool,
    /// Its points so far.
    pub(super) length: usize,
    /// The points of the longest row.
    pub(super) longest: usize,
}

impl Course {
    /// The course after the next points, of which the bits of `ups` go up, those of `moves` up or down and the
    /// others neither: these are skipped. With it comes how often it turned. A row that begins with a move has
    /// `lead` points besides. None where a row may have become the longest: then each point has to be looked at.
    #[inline(always)]
    pub(super) fn after(self, ups: u64, moves: u64, points: usize, lead: usize) -> Option<(Self, usize)> {
        let all = lowest(points);
        let mut filled = ups;
        // What is skipped goes on as what was before it.
        for at in places((all & !moves).into()) {
            let before = if at == 0 { self.up } else { filled >> (at - 1) & 1 == 1 };
            filled |= u64::from(before) << at;
        }
        let turns = (filled ^ (filled << 1 | u64::from(self.up))) & all;
        let first = (turns.trailing_zeros() as usize).min(points);
        let length = self.length + (moves & lowest(first)).count_ones() as usize;
        let longest = self.longest.max(length);
        if turns == 0 {
            return Some((Self { length, longest, ..self }, 0));
        }
        let need = longest - lead;
        let goes_on = all & !turns & !lowest(first);
        if need == 0 || (need < BLOCK && ends_of_rows(goes_on.into(), need) != 0) {
            return None;
        }
        let last = BLOCK - 1 - turns.leading_zeros() as usize;
        let length = lead + (moves & !lowest(last)).count_ones() as usize;
        Some((Self { up: filled >> last & 1 == 1, length, longest }, turns.count_ones() as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_stand_in_the_order_of_the_places() {
        let mut numbers = [0.0; BLOCK];
        (numbers[0], numbers[9], numbers[10], numbers[63]) = (1.0, f64::INFINITY, f64::NAN, 0.5);
        assert_eq!(above(&numbers, &[0.25; BLOCK]), 1 | 1 << 9 | 1 << 63);
        assert_eq!(above(&[0.25; BLOCK], &numbers), !(1 | 1 << 9 | 1 << 10 | 1 << 63));
        assert_eq!(above(&[f64::NAN; BLOCK], &[f64::NAN; BLOCK]), 0);
        assert_eq!(places(0b1010_0001).collect::<Vec<_>>(), [0, 5, 7]);
        assert_eq!((lowest(0), lowest(3), lowest(64)), (0, 7, u64::MAX));
    }

    #[test]
    fn rows_are_found_where_they_end_and_back_to_where_they_begin() {
        let bits = 0b0111_1111_0011_1111;
        assert_eq!(ends_of_rows(bits, 7), 1 << 14);
        assert_eq!(rows_that_end(1 << 14, 7), 0b0111_1111_0000_0000);
        assert_eq!(ends_of_rows(bits, 1), bits);
        assert_eq!(ends_of_rows(u128::MAX, 9), u128::MAX << 8);
    }
}
