//! What comes out: the findings for a point, for a phase and for the whole chart.

use super::number::is_there;
use super::{Better, ChartType, Ihi, RuleSet, Runs};

/// Where a point stands against its centre line. The comparison is strict: a point on the line is on
/// neither side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Above the centre line.
    Above,
    /// Exactly on the centre line.
    On,
    /// Below the centre line.
    Below,
}

impl Side {
    /// The name that files use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::On => "on",
            Self::Below => "below",
        }
    }

    /// The side of a value that is there; none for a missing value or a missing line. (A table, because
    /// nobody can foresee the side of the next point.)
    #[inline(always)]
    pub(super) fn of(value: f64, centre: f64) -> Option<Self> {
        const SIDES: [Option<Side>; 4] = [None, Some(Side::Above), Some(Side::Below), Some(Side::On)];
        let (above, below, on) = (value > centre, value < centre, value == centre);
        let side = usize::from(above | on) + 2 * usize::from(below | on);
        SIDES[side * usize::from(is_there(value))]
    }
}

/// The rules that mark a point, as a set. Empty: common cause.
///
/// Under [`RuleSet::Mdc`] the set holds one rule at most, the first that applies in the order outside,
/// trend, two of three, shift: that is the one name that Making Data Count gives a point. The other sets
/// keep every rule that applies; the verdict is then that of the first in the same order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Signals(u8);

impl Signals {
    /// No rule: common cause.
    pub const NONE: Self = Self(0);
    // The bits stand in the order of precedence, so that the lowest bit is the one that decides.
    /// Beyond a process limit.
    pub const OUTSIDE: Self = Self(1);
    /// Part of a row of rising or of falling points.
    pub const TREND: Self = Self(2);
    /// One of two in three consecutive points near the same limit.
    pub const TWO_OF_THREE: Self = Self(4);
    /// Part of a long run on one side of the centre line.
    pub const SHIFT: Self = Self(8);
    /// One of four in five consecutive points beyond one sigma on the same side (Western Electric 1956; Nelson
    /// 1984, test 6).
    pub const FOUR_OF_FIVE: Self = Self(16);
    /// Part of a row of 8 beyond one sigma, some above and some below (Nelson 1984, test 8).
    pub const BEYOND_ONE_SIGMA: Self = Self(32);
    /// Part of a row of 14 that go up and down in turn (Nelson 1984, test 4).
    pub const ALTERNATING: Self = Self(64);
    /// Part of a row of 15 within one sigma (Nelson 1984, test 7).
    pub const HUGGING: Self = Self(128);
    /// Every rule, the first that decides first.
    pub const ALL: [Self; 8] = [
        Self::OUTSIDE,
        Self::TREND,
        Self::TWO_OF_THREE,
        Self::SHIFT,
        Self::FOUR_OF_FIVE,
        Self::BEYOND_ONE_SIGMA,
        Self::ALTERNATING,
        Self::HUGGING,
    ];

    /// Whether all the rules of `other` mark this point.
    #[inline]
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether no rule marks this point.
    #[inline]
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether what it sees goes up or down, or lies on one side; the others are neither better nor worse.
    #[must_use]
    pub const fn has_way(self) -> bool {
        self.0 & !(Self::BEYOND_ONE_SIGMA.0 | Self::ALTERNATING.0 | Self::HUGGING.0) != 0
    }

    /// The names that files use: some of `outside`, `shift`, `trend`, `two_of_three`, `four_of_five`,
    /// `beyond_one_sigma`, `alternating`, `hugging`, in this order.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        [
            (Self::OUTSIDE, "outside"),
            (Self::SHIFT, "shift"),
            (Self::TREND, "trend"),
            (Self::TWO_OF_THREE, "two_of_three"),
            (Self::FOUR_OF_FIVE, "four_of_five"),
            (Self::BEYOND_ONE_SIGMA, "beyond_one_sigma"),
            (Self::ALTERNATING, "alternating"),
            (Self::HUGGING, "hugging"),
        ]
        .into_iter()
        .filter(move |(signal, _)| self.contains(*signal))
        .map(|(_, code)| code)
    }

    /// Both sets together.
    #[inline]
    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the single rule `self` goes before, or is, the first rule in `present`.
    #[inline]
    pub(super) const fn decides_over(self, present: Self) -> bool {
        present.0 == 0 || self.0.trailing_zeros() <= present.0.trailing_zeros()
    }
}

/// What a point says about the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// Special cause in the better direction.
    Improvement,
    /// Special cause in the worse direction.
    Concern,
    /// Special cause where neither direction is better.
    Neutral,
    /// Common cause: nothing has changed. Missing points too.
    Common,
}

impl Verdict {
    /// The name that files use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Improvement => "improvement",
            Self::Concern => "concern",
            Self::Neutral => "neutral",
            Self::Common => "common",
        }
    }

    /// The verdict of a marked point that is high or rising, or low or falling.
    #[inline]
    pub(super) const fn of(better: Better, rising: bool) -> Self {
        match (better, rising) {
            (Better::Neither, _) => Self::Neutral,
            (Better::Up, true) | (Better::Down, false) => Self::Improvement,
            (Better::Up, false) | (Better::Down, true) => Self::Concern,
        }
    }
}

/// What the last point says: the variation icon of Making Data Count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variation {
    /// Nothing has changed.
    CommonCause,
    /// Special cause, better, high values.
    ImprovementHigh,
    /// Special cause, better, low values.
    ImprovementLow,
    /// Special cause, worse, high values.
    ConcernHigh,
    /// Special cause, worse, low values.
    ConcernLow,
    /// Special cause, neither better nor worse, high values.
    NeutralHigh,
    /// Special cause, neither better nor worse, low values.
    NeutralLow,
}

impl Variation {
    /// The name that files use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::CommonCause => "common_cause",
            Self::ImprovementHigh => "improvement_high",
            Self::ImprovementLow => "improvement_low",
            Self::ConcernHigh => "concern_high",
            Self::ConcernLow => "concern_low",
            Self::NeutralHigh => "neutral_high",
            Self::NeutralLow => "neutral_low",
        }
    }
}

/// What the limits say of the target: the assurance icon of Making Data Count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assurance {
    /// The process will keep meeting the target.
    Pass,
    /// The process will keep missing the target.
    Fail,
    /// The target lies within the limits, or there are none: hit and miss.
    Inconsistent,
}

impl Assurance {
    /// The name that files use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconsistent => "inconsistent",
        }
    }
}

/// What was found for one point. Numbers are in the unit of the plotted value; NaN: there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointFinding {
    /// Centre line here.
    pub centre: f64,
    /// Lower process limit here; NaN where the chart has none.
    pub lower: f64,
    /// Upper process limit here; NaN where the chart has none.
    pub upper: f64,
    /// Side of the centre line; none for a missing value.
    pub side: Option<Side>,
    /// The rules that mark this point.
    pub signals: Signals,
    /// The direction of the verdict: high or rising, low or falling; none for common cause.
    pub rising: Option<bool>,
    /// What this point says.
    pub verdict: Verdict,
}

/// What became of the largest moving ranges before the limits were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Screening {
    /// Nothing was screened: not asked for, or no range was too large.
    None,
    /// That many ranges were left out.
    Removed(usize),
    /// Screening left no range, or only zeros, so that all ranges made the limits.
    Fallback,
}

/// What was found for one phase. Numbers are in the unit of the plotted value; NaN: there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhaseFinding {
    /// Index of its first point.
    pub from: usize,
    /// Index of its last point, itself included.
    pub to: usize,
    /// Centre line; NaN where no value makes one.
    pub centre: f64,
    /// Standard deviation of the process: a third of the way to a limit, of the last point where they differ,
    /// before any clamp. NaN for a run chart, and for a t chart, whose limits lie askew.
    pub sigma: f64,
    /// Lower process limit of the last point that has a value; NaN for a run chart.
    pub lower: f64,
    /// Upper process limit of the last point that has a value; NaN for a run chart.
    pub upper: f64,
    /// Two thirds of the way to the lower limit of that point; NaN where there is none.
    pub near_lower: f64,
    /// Two thirds of the way to the upper limit of that point; NaN where there is none.
    pub near_upper: f64,
    /// How many points made the lines: there, not ghosts, and within the freeze.
    pub baseline: usize,
    /// How many points are there and are not ghosts.
    pub n: usize,
    /// How many of those are not on the centre line.
    pub useful: usize,
    /// Anhøj's test, whatever the rules.
    pub runs: Runs,
    /// The tests of Perla, Provost and Murray, whatever the rules.
    pub ihi: Ihi,
    /// What became of the largest moving ranges.
    pub screened: Screening,
}

/// All findings for one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The chart that was computed.
    pub chart: ChartType,
    /// The rules that marked its points.
    pub rules: RuleSet,
    /// One for each value, in order.
    pub points: Vec<PointFinding>,
    /// One for each phase, in order; none for an empty series.
    pub phases: Vec<PhaseFinding>,
    /// What the last point says.
    pub variation: Variation,
    /// What the limits say of the target; none without limits, target or better direction.
    pub assurance: Option<Assurance>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_for_a_point_takes_32_bytes() {
        assert_eq!(size_of::<PointFinding>(), 32);
    }

    #[test]
    fn the_codes_of_signals_come_in_the_order_of_the_file_format() {
        let all = Signals::OUTSIDE.with(Signals::TWO_OF_THREE).with(Signals::TREND).with(Signals::SHIFT);
        assert_eq!(all.codes().collect::<Vec<_>>(), ["outside", "shift", "trend", "two_of_three"]);
        assert_eq!(Signals::NONE.codes().count(), 0);
    }

    #[test]
    fn a_trend_decides_over_a_shift_and_not_over_a_point_outside() {
        assert!(Signals::TREND.decides_over(Signals::SHIFT));
        assert!(Signals::TREND.decides_over(Signals::NONE));
        assert!(!Signals::TREND.decides_over(Signals::OUTSIDE.with(Signals::SHIFT)));
    }
}
