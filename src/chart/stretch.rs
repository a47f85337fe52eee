//! How long a signal has held: from a marked point, back and forth by the same rule that marked it.

use super::ChartPoint;
use crate::spc::{RuleSet, Side, Signals};

/// Points in a row that one rule marks together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Index of the first.
    pub(super) from: usize,
    /// Index of the last.
    pub(super) to: usize,
    /// How many of them count.
    pub(super) count: usize,
}

/// The stretch of `rule` around the marked point `at`, within its phase's `first..=last`.
pub(super) fn around(
    points: &[ChartPoint],
    (first, last): (usize, usize),
    at: usize,
    rule: Signals,
    rules: RuleSet,
) -> Stretch {
    let skips_ties = matches!(rules, RuleSet::Anhoej | RuleSet::Ihi);
    let rising = points[at].rising == Some(true);
    if rule == Signals::TREND {
        return trend(points, (first, last), at, rising, skips_ties);
    }
    let side = points[at].side;
    let belongs = |point: &ChartPoint| -> Option<bool> {
        match rule {
            Signals::OUTSIDE => Some(point.signals.contains(Signals::OUTSIDE) && point.side == side),
            Signals::TWO_OF_THREE if point.signals.contains(Signals::TWO_OF_THREE) => Some(point.side == side),
            Signals::TWO_OF_THREE => (point.side != side).then_some(false),
            Signals::FOUR_OF_FIVE if point.signals.contains(rule) => Some(point.side == side),
            Signals::FOUR_OF_FIVE => (point.side != side).then_some(false),
            _ if !rule.has_way() => Some(point.signals.contains(rule)),
            _ if skips_ties && point.side == Some(Side::On) => None,
            _ => Some(point.side == side),
        }
    };
    grow(points, (first, last), at, belongs)
}

/// Grows both ways while points belong; `None` neither counts nor ends it.
fn grow(
    points: &[ChartPoint],
    (first, last): (usize, usize),
    at: usize,
    belongs: impl Fn(&ChartPoint) -> Option<bool>,
) -> Stretch {
    let mut out = Stretch { from: at, to: at, count: 1 };
    for index in (first..at).rev().filter(|index| points[*index].speaks()) {
        match belongs(&points[index]) {
            Some(true) => (out.from, out.count) = (index, out.count + 1),
            Some(false) => break,
            None => {}
        }
    }
    for index in (at + 1..=last.min(points.len().saturating_sub(1))).filter(|index| points[*index].speaks()) {
        match belongs(&points[index]) {
            Some(true) => (out.to, out.count) = (index, out.count + 1),
            Some(false) => break,
            None => {}
        }
    }
    out
}

fn trend(points: &[ChartPoint], (first, last): (usize, usize), at: usize, rising: bool, skips_ties: bool) -> Stretch {
    let mut out = Stretch { from: at, to: at, count: 1 };
    let goes_on = |earlier: f64, later: f64| {
        if earlier == later { skips_ties.then_some(false) } else { ((later > earlier) == rising).then_some(true) }
    };
    let mut value = points[at].value;
    for index in (first..at).rev().filter(|index| points[*index].speaks()) {
        match goes_on(points[index].value, value) {
            Some(counts) => (out.from, out.count) = (index, out.count + usize::from(counts)),
            None => break,
        }
        value = points[index].value;
    }
    value = points[at].value;
    for index in (at + 1..=last.min(points.len().saturating_sub(1))).filter(|index| points[*index].speaks()) {
        match goes_on(value, points[index].value) {
            Some(true) => (out.to, out.count) = (index, out.count + 1),
            Some(false) => {}
            None => break,
        }
        value = points[index].value;
    }
    out
}
