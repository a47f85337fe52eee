//! Whether counts vary more than chance alone can explain, so that Laney's limits fit them better.

use super::phase::Phase;
use super::ratio::{self, Law};

/// Fewer points than this, and nothing is said of how they vary.
const FEWEST: usize = 10;

/// A standard normal number that is passed once in twenty times.
const ONE_IN_TWENTY: f64 = 1.645;

/// How much counts vary from one to the next, in units of what chance alone gives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    /// Laney's sigma z (Quality Engineering 2002): 1 is what chance alone gives. NaN where it is undefined.
    pub sigma_z: f64,
    /// What chance alone passes once in twenty times, with so many points: 1.645 standard errors of a mean
    /// moving range above 1 (Cryer and Ryan, Journal of Quality Technology 1990).
    pub bound: f64,
}

impl Dispersion {
    /// How shares (each of so many is one or is not) vary.
    #[must_use]
    pub fn of_shares(counts: &[f64], sizes: &[f64]) -> Self {
        Self::of(counts, sizes, Law::Binomial)
    }

    /// How rates (any number in so much) vary.
    #[must_use]
    pub fn of_rates(counts: &[f64], sizes: &[f64]) -> Self {
        Self::of(counts, sizes, Law::Poisson)
    }

    fn of(counts: &[f64], sizes: &[f64], law: Law) -> Self {
        let (mut plotted, mut scratch) = (Vec::new(), Vec::new());
        ratio::plot(counts, sizes, &mut plotted);
        let phase = Phase { values: &plotted, frozen: plotted.len(), counts, sizes, ..Phase::default() };
        let (centre, points) = ratio::pooled(&phase, &mut scratch);
        let (sigma_z, _) = ratio::sigma_z(&phase, centre, law.unit(centre), true, &mut scratch);
        Self { sigma_z, bound: bound(points) }
    }

    /// Whether they vary more than chance alone explains.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.sigma_z > self.bound
    }
}

/// The variance of a mean moving range of n normal points over 1.128 is (0.8264 n - 1.082) / (n - 1)².
fn bound(points: usize) -> f64 {
    if points < FEWEST {
        return f64::NAN;
    }
    let n = points as f64;
    1.0 + ONE_IN_TWENTY * (0.8264 * n - 1.082).sqrt() / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_large_denominators_that_jump_are_over_dispersed() {
        let sizes = [20_000.0; 24];
        let jump: Vec<f64> = (0..24).map(|at| if at % 2 == 0 { 18_000.0 } else { 18_600.0 }).collect();
        let steady: Vec<f64> = (0..24).map(|at| 18_000.0 + f64::from(at % 3) * 40.0).collect();
        assert!(Dispersion::of_shares(&jump, &sizes).is_over());
        assert!(!Dispersion::of_shares(&steady, &sizes).is_over());
        assert!(Dispersion::of_rates(&jump, &sizes).sigma_z < Dispersion::of_shares(&jump, &sizes).sigma_z);
    }

    #[test]
    fn of_few_points_and_of_points_without_width_nothing_is_said() {
        assert!(!Dispersion::of_shares(&[1.0, 90.0, 1.0, 90.0], &[100.0; 4]).is_over());
        assert!(!Dispersion::of_shares(&[20.0; 20], &[20.0; 20]).is_over());
        assert!(!Dispersion::of_rates(&[], &[]).is_over());
    }

    #[test]
    fn more_points_bring_the_bound_nearer_to_one() {
        assert!((bound(24) - 1.31).abs() < 0.01);
        assert!(bound(12) > bound(24) && bound(24) > bound(1_000_000) && bound(1_000_000) > 1.0);
    }
}
