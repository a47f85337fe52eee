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

/// gamma(n / 2) / gamma((n - 1) / 2) for subgroups of n, each from the one before.
const RATIOS: [f64; TABLE] = {
    let mut out = [f64::NAN; TABLE];
    out[2] = FRAC_2_SQRT_PI / 2.0;
    let mut n = 3;
    while n < TABLE {
        out[n] = (n as f64 - 2.0) / 2.0 / out[n - 1];
        n += 1;
    }
    out
};

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
    /// The mean standard deviation of subgroups over the true one: c4.
    pub(super) c4: f64,
    /// The standard deviation of a subgroup's standard deviation over their mean: √(1 - c4²) / c4.
    pub(super) wobble: f64,
}

impl Subgroup {
    #[inline]
    pub(super) fn of(size: f64) -> Self {
        let whole = size as usize;
        let lack = match RATIOS.get(whole) {
            Some(ratio) if whole as f64 == size => 1.0 - ratio * (2.0 / (size - 1.0)).sqrt(),
            None if size.is_finite() => -half_step_less_one((size - 1.0) / 2.0),
            _ => f64::NAN,
        };
        let c4 = 1.0 - lack;
        Self { c4, wobble: (lack * (2.0 - lack)).sqrt() / c4 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constants_are_those_of_the_books() {
        for (size, c4, wobble) in [
            (2.0, 0.797_885, 0.755_511),
            (5.0, 0.939_986, 0.363_0),
            (10.0, 0.972_659, 0.238_8),
            (25.0, 0.989_640, 0.145_1),
        ] {
            let found = Subgroup::of(size);
            assert!((found.c4 - c4).abs() < 1e-6, "c4 of {size}: {}", found.c4);
            assert!((found.wobble - wobble).abs() < 1e-4, "{size}: {}", found.wobble);
        }
    }

    #[test]
    fn the_table_and_the_series_meet() {
        for size in 70..101 {
            let size = f64::from(size);
            let series = 1.0 + half_step_less_one((size - 1.0) / 2.0);
            assert!((Subgroup::of(size).c4 - series).abs() < 1e-13, "{size}");
        }
        assert!((Subgroup::of(1e9).c4 - 1.0).abs() < 1e-9);
        assert!(Subgroup::of(1e9).wobble > 0.0);
    }

    #[test]
    fn a_subgroup_of_one_tells_nothing() {
        for size in [1.0, 0.0, -3.0, 2.5, f64::NAN, f64::INFINITY] {
            assert!(Subgroup::of(size).c4.is_nan(), "{size}");
        }
    }
}
