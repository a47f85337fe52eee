//! Charts of so many of so many: p and u (Shewhart 1931; Montgomery, "Introduction to Statistical Quality
//! Control"), and p′ and u′ (Laney, "Improved control charts for attributes", Quality Engineering 2002), as
//! qicharts2 computes them.
//!
//! The centre line is all that was counted over all that it was counted from. A point's sigma is what
//! chance alone gives for its own denominator; Laney's charts multiply it with what the points really vary
//! by from one to the next.

use super::Screening;
use super::band::Band;
use super::number;
use super::phase::{Lines, Phase};
use super::range::{self, D2};

/// What chance alone would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Law {
    /// Each of so many either is or is not one: p, p′.
    Binomial,
    /// Any number may happen in so much: u, u′.
    Poisson,
}

/// The limits of a phase: a centre line, and from it a distance that the denominator of the point decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    centre: f64,
    /// The sigma of a point whose denominator is 1.
    unit: f64,
    ceiling: f64,
}

impl Law {
    /// The sigma of a point whose denominator is 1.
    pub(super) fn unit(self, centre: f64) -> f64 {
        match self {
            Self::Binomial => (centre * (1.0 - centre)).sqrt(),
            Self::Poisson => centre.sqrt(),
        }
    }

    /// The highest value that there can be.
    const fn ceiling(self) -> f64 {
        match self {
            Self::Binomial => 1.0,
            Self::Poisson => f64::INFINITY,
        }
    }
}

/// What is plotted: count / denominator, missing where either is, or where the denominator is not above
/// nought.
pub(super) fn plot(counts: &[f64], sizes: &[f64], plotted: &mut Vec<f64>) {
    plotted.clear();
    plotted.extend(counts.iter().zip(sizes).map(|(count, size)| count / size_of(*size)));
    plotted.resize(counts.len(), f64::NAN);
}

/// A denominator that one can divide by; otherwise NaN.
#[inline(always)]
fn size_of(size: f64) -> f64 {
    if size > 0.0 && size < f64::INFINITY { size } else { f64::NAN }
}

/// The centre line and limits; with `laney` the limits are stretched by what the points really vary.
pub(super) fn lines(
    phase: &Phase<'_>,
    law: Law,
    laney: bool,
    given: Option<f64>,
    screening: bool,
    scratch: &mut Vec<f64>,
) -> (Lines, Limits) {
    let (pooled, baseline) = pooled(phase, scratch);
    let centre = given.unwrap_or(pooled);
    let unit = law.unit(centre);
    let (stretch, screened) =
        if laney { sigma_z(phase, centre, unit, screening, scratch) } else { (1.0, Screening::None) };
    let limits = Limits::around(centre, law, stretch);
    let reach = 3.0 * limits.sigma(phase.size(phase.last_place()));
    (Lines { centre, reach, screened, baseline, only_limits: false }, limits)
}

/// All that was counted over all that it was counted from, and how many points made it.
pub(super) fn pooled(phase: &Phase<'_>, scratch: &mut Vec<f64>) -> (f64, usize) {
    let columns = phase.base_of([phase.values, phase.counts, phase.sizes], scratch);
    let found = number::ratio(columns, |[value, count, size]| ([count, size], number::is_there(value)));
    (found.value, found.count)
}

/// Laney's sigma z: the mean moving range, over 1.128, of the points in units of their own sigma. 1 is
/// what chance alone gives; NaN where chance gives no width at all (nothing or everything was counted).
pub(super) fn sigma_z(
    phase: &Phase<'_>,
    centre: f64,
    unit: f64,
    screening: bool,
    scratch: &mut Vec<f64>,
) -> (f64, Screening) {
    if unit <= 0.0 {
        return (f64::NAN, Screening::None);
    }
    scratch.clear();
    // All in units of the sigma of a denominator of 1, by which the mean is divided in the end.
    let (values, ghosts) = phase.base();
    let in_units = |(value, size): (&f64, &f64)| (value - centre) * size_of(*size).sqrt();
    scratch.extend(values.iter().zip(phase.sizes).map(in_units));
    if ghosts.contains(&true) {
        let mut at = 0;
        scratch.retain(|_| {
            at += 1;
            !ghosts.get(at - 1).is_some_and(|ghost| *ghost)
        });
    }
    let (range, screened) = range::mean(scratch, screening);
    (range / D2 / unit, screened)
}

impl Limits {
    /// The limits around a centre line, `stretch` times as wide as chance alone makes them.
    pub(super) fn around(centre: f64, law: Law, stretch: f64) -> Self {
        Self { centre, unit: law.unit(centre) * stretch, ceiling: law.ceiling() }
    }

    /// The sigma of a point of this denominator; NaN without one.
    #[inline(always)]
    fn sigma(&self, size: f64) -> f64 {
        self.unit / size_of(size).sqrt()
    }

    /// The limits of a point of this denominator, never beyond what a ratio can be.
    #[inline(always)]
    pub(super) fn band(&self, size: f64) -> Band {
        Band::around(self.centre, 3.0 * self.sigma(size)).within(0.0, self.ceiling)
    }
}
