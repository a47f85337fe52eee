//! The limits of one point, and the lines on the way to them.

use super::number::{third, two_thirds};

/// The limits at one point; two thirds of the way to them the lines that a point must pass to be near one; and a
/// third of the way the lines at one sigma. NaN: there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Band {
    pub(super) lower: f64,
    pub(super) near_lower: f64,
    pub(super) inner_lower: f64,
    pub(super) inner_upper: f64,
    pub(super) near_upper: f64,
    pub(super) upper: f64,
}

impl Band {
    /// No limits at all.
    pub(super) const NONE: Self = Self {
        lower: f64::NAN,
        near_lower: f64::NAN,
        inner_lower: f64::NAN,
        inner_upper: f64::NAN,
        near_upper: f64::NAN,
        upper: f64::NAN,
    };

    /// Limits at `far` on either side of a centre line, near from two thirds of the way on.
    #[inline(always)]
    pub(super) fn around(centre: f64, far: f64) -> Self {
        let (near, inner) = (two_thirds(far), third(far));
        Self {
            lower: centre - far,
            near_lower: centre - near,
            inner_lower: centre - inner,
            inner_upper: centre + inner,
            near_upper: centre + near,
            upper: centre + far,
        }
    }

    /// The same limits where none can lie below `floor` or above `ceiling`; what is undefined stays so.
    #[inline(always)]
    pub(super) fn within(self, floor: f64, ceiling: f64) -> Self {
        let clamp = |line: f64| {
            let raised = if line < floor { floor } else { line };
            if raised > ceiling { ceiling } else { raised }
        };
        Self {
            lower: clamp(self.lower),
            near_lower: clamp(self.near_lower),
            inner_lower: clamp(self.inner_lower),
            inner_upper: clamp(self.inner_upper),
            near_upper: clamp(self.near_upper),
            upper: clamp(self.upper),
        }
    }

    /// The same without lines that went beyond what a double can hold: these are none.
    #[inline(always)]
    pub(super) fn finite(self) -> Self {
        // Nothing is added to a line that is there; an infinite one becomes NaN.
        let there = |line: f64| line + line * 0.0;
        Self {
            lower: there(self.lower),
            near_lower: there(self.near_lower),
            inner_lower: there(self.inner_lower),
            inner_upper: there(self.inner_upper),
            near_upper: there(self.near_upper),
            upper: there(self.upper),
        }
    }

    /// -1, 0 or 1: beyond the near line below, neither, beyond the near line above.
    pub(super) fn beyond_near(&self, value: f64) -> i8 {
        i8::from(value > self.near_upper) - i8::from(value < self.near_lower)
    }
}
