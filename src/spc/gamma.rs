//! Ratios of the gamma function half a step apart, as the tests of runs and the charts of subgroups need
//! them.

use std::f64::consts::FRAC_2_SQRT_PI;

/// How far the first coefficients go; the next one is 1.6e-4.
const SERIES: [f64; 8] = [
    1.0,
    -1.0 / 8.0,
    1.0 / 128.0,
    5.0 / 1024.0,
    -21.0 / 32768.0,
    -399.0 / 262_144.0,
    869.0 / 4_194_304.0,
    39_325.0 / 33_554_432.0,
];

/// Sizes below this have their constants in a table.
const TABLE: usize = 101;

/// What subgroups of 0, 1, 2 … values tell: gamma(n / 2) / gamma((n - 1) / 2) is made each from the one before.
const SMALL: [Subgroup; TABLE] = {
    let mut out = [Subgroup::NONE; TABLE];
    let mut ratio = FRAC_2_SQRT_PI / 2.0;
    let mut n = 2;
    while n < TABLE {
        let size = n as f64;
        out[n] = Subgroup::with(1.0 - ratio * root(2.0 / (size - 1.0)), size);
        ratio = (size - 1.0) / 2.0 / ratio;
        n += 1;
    }
    out
};

/// A square root by Newton's steps, for the table above.
const fn root(square: f64) -> f64 {
    let mut root = if square > 1.0 { square } else { 1.0 };
    let mut step = 0;
    while step < 48 {
        root = (root + square / root) / 2.0;
        step += 1;
    }
    root
}

/// 1 less than gamma(x + 1/2) / (gamma(x) √x), which tends to 1: by its asymptotic series, good to the last
/// bits from 30 on.
pub(super) fn half_step_less_one(x: f64) -> f64 {
    let step = 1.0 / x;
    SERIES[1..].iter().rev().fold(0.0, |sum, factor| (sum + factor) * step)
}

/// What a subgroup of so many values tells of a standard deviation; NaN below 2 values, and for a size that
/// is not whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subgroup {
    /// The standard deviation of a subgroup's standard deviation over their mean: √(1 - c4²) / c4.
    pub(super) wobble: f64,
    /// From the standard deviation within subgroups to the distance of a limit of their means: 3 / (c4 √n).
    pub(super) a3: f64,
}

impl Subgroup {
    const NONE: Self = Self { wobble: f64::NAN, a3: f64::NAN };

    #[inline]
    pub(super) fn of(size: f64) -> Self {
        let whole = size as usize;
        match SMALL.get(whole) {
            Some(small) if whole as f64 == size => *small,
            None if size.is_finite() => Self::large(size),
            _ => Self::NONE,
        }
    }

    #[cold]
    fn large(size: f64) -> Self {
        Self::with(-half_step_less_one((size - 1.0) / 2.0), size)
    }

    /// The constants where c4, the mean standard deviation of subgroups over the true one, lacks so much to 1.
    const fn with(lack: f64, size: f64) -> Self {
        let c4 = 1.0 - lack;
        Self { wobble: root(lack * (2.0 - lack)) / c4, a3: 3.0 / (c4 * root(size)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn c4(size: f64) -> f64 {
        3.0 / (Subgroup::of(size).a3 * size.sqrt())
    }

    #[test]
    fn the_constants_are_those_of_the_books() {
        for (size, c4, wobble) in [
            (2.0, 0.797_885, 0.755_511),
            (5.0, 0.939_986, 0.363_0),
            (10.0, 0.972_659, 0.238_8),
            (25.0, 0.989_640, 0.145_1),
        ] {
            let found = (self::c4(size), Subgroup::of(size).wobble);
            assert!((found.0 - c4).abs() < 1e-6 && (found.1 - wobble).abs() < 1e-4, "{size}: {found:?}");
        }
    }

    #[test]
    fn the_table_and_the_series_meet() {
        for size in 70..101 {
            let size = f64::from(size);
            let series = 1.0 + half_step_less_one((size - 1.0) / 2.0);
            assert!((c4(size) - series).abs() < 1e-13, "{size}");
        }
        assert!((c4(1e9) - 1.0).abs() < 1e-9);
        assert!(Subgroup::of(1e9).wobble > 0.0);
    }

    #[test]
    fn a_subgroup_of_one_tells_nothing() {
        for size in [1.0, 0.0, -3.0, 2.5, f64::NAN, f64::INFINITY] {
            assert!(Subgroup::of(size).a3.is_nan(), "{size}");
        }
    }
}
