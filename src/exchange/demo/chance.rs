//! Chance that can be repeated: the same seed gives the same ward, ids included.

use uuid::Uuid;

/// A small generator of numbers (SplitMix64), good enough to look like a ward.
#[derive(Debug, Clone)]
pub(super) struct Chance(u64);

impl Chance {
    /// Chance that starts from a seed, and a word so that two parts of the ward do not share theirs:
    /// a change to one leaves the other as it was.
    pub(super) fn of(seed: u64, part: &str) -> Self {
        let mut chance = Self(seed ^ 0x9E37_79B9_7F4A_7C15);
        for byte in part.bytes() {
            chance.0 = chance.0.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte);
            chance.next();
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below 1.
    #[allow(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of this probability happens.
    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A whole number from `low` to `high`, both included.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let width = u64::try_from(high - low + 1).unwrap_or(1).max(1);
        low + i64::try_from(self.next() % width).unwrap_or(0)
    }

    /// A number around nought with a standard deviation of 1: twelve shares are near enough to normal.
    pub(super) fn noise(&mut self) -> f64 {
        (0..12).map(|_| self.share()).sum::<f64>() - 6.0
    }

    /// How many rare things happen where so many are usual (Poisson).
    pub(super) fn count(&mut self, mean: f64) -> i64 {
        let floor = (-mean).exp();
        let mut product = self.share();
        let mut found = 0;
        while product > floor && found < 500 {
            product *= self.share();
            found += 1;
        }
        found
    }

    /// How many of `of` succeed, each with this probability.
    pub(super) fn part(&mut self, of: i64, probability: f64) -> i64 {
        (0..of).filter(|_| self.share() < probability).count().try_into().unwrap_or(0)
    }

    /// One of several.
    pub(super) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> Option<&'a T> {
        let last = i64::try_from(of.len()).ok()? - 1;
        of.get(usize::try_from(self.whole(0, last.max(0))).ok()?).copied()
    }

    /// An id.
    pub(super) fn id(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.next().to_be_bytes());
        bytes[8..].copy_from_slice(&self.next().to_be_bytes());
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_ids_and_another_part_gives_others() {
        assert_eq!(Chance::of(1, "work").id(), Chance::of(1, "work").id());
        assert_ne!(Chance::of(1, "work").id(), Chance::of(2, "work").id());
        assert_ne!(Chance::of(1, "work").id(), Chance::of(1, "falls").id());
    }

    #[test]
    fn what_is_drawn_has_the_mean_that_was_asked_for() {
        let mut chance = Chance::of(7, "mean");
        let mean = (0..20_000).map(|_| chance.count(2.5)).sum::<i64>() as f64 / 20_000.0;
        assert!((mean - 2.5).abs() < 0.1, "{mean}");
        let share = (0..20_000).map(|_| chance.part(10, 0.3)).sum::<i64>() as f64 / 200_000.0;
        assert!((share - 0.3).abs() < 0.01, "{share}");
    }
}
