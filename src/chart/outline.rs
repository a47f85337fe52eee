//! The points of a chart summed up in stretches of 8, 64, 512 … of them, and how far the axis reaches:
//! made once with the chart, so that a picture of very many points costs by its width.

use std::ops::Range;

use super::extent::Extent;
use super::{Chart, ChartPoint, TargetStep};
use crate::spc::Verdict;

/// So many stretches make one of the next level.
const TOGETHER: usize = 8;

/// A stretch of points, summed up. Points are told by their index; ghosts and gaps do not count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// The lowest value and its point.
    pub low: (f64, usize),
    /// The highest value and its point.
    pub high: (f64, usize),
    /// The point that says most: a concern before an improvement before none, and the first of equals.
    pub heavy: (u8, usize),
}

/// What a picture needs to know of all points.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outline {
    /// How far the vertical axis reaches.
    pub extent: Extent,
    /// The targets, each with the points at which it held.
    pub targets: Vec<TargetStep>,
    /// The points that are left out of the statistics, in order.
    ghosts: Vec<usize>,
    /// Each level's stretches, from the finest.
    levels: Vec<Vec<Option<Stretch>>>,
}

impl Stretch {
    fn of(point: &ChartPoint, index: usize) -> Option<Self> {
        point.speaks().then(|| {
            let weight = match point.verdict {
                Verdict::Concern => 3,
                Verdict::Improvement => 2,
                Verdict::Neutral => 1,
                Verdict::Common => 0,
            };
            Self { low: (point.value, index), high: (point.value, index), heavy: (weight, index) }
        })
    }

    fn and(self, later: Self) -> Self {
        Self {
            low: if later.low.0 < self.low.0 { later.low } else { self.low },
            high: if later.high.0 > self.high.0 { later.high } else { self.high },
            heavy: if later.heavy.0 > self.heavy.0 { later.heavy } else { self.heavy },
        }
    }
}

/// Two neighbouring stretches as one.
fn join(one: Option<Stretch>, later: Option<Stretch>) -> Option<Stretch> {
    match (one, later) {
        (Some(one), Some(later)) => Some(one.and(later)),
        (one, later) => one.or(later),
    }
}

impl Outline {
    /// The outline of a chart whose points are complete.
    #[must_use]
    pub fn of(chart: &Chart) -> Self {
        let mut levels: Vec<Vec<Option<Stretch>>> = Vec::new();
        let points = chart.points.chunks(TOGETHER).enumerate();
        let mut level: Vec<Option<Stretch>> = points
            .map(|(at, chunk)| {
                let stretches = chunk.iter().zip(at * TOGETHER..).map(|(point, index)| Stretch::of(point, index));
                stretches.fold(None, join)
            })
            .collect();
        while level.len() > 1 {
            let next = level.chunks(TOGETHER).map(|chunk| chunk.iter().copied().fold(None, join)).collect();
            levels.push(std::mem::replace(&mut level, next));
        }
        let ghosts = chart.points.iter().enumerate().filter(|(_, point)| point.is_there() && !point.speaks());
        let targets = chart.target_steps();
        Self { extent: Extent::of(chart), targets, ghosts: ghosts.map(|(index, _)| index).collect(), levels }
    }

    /// The points of a range that are left out of the statistics.
    #[must_use]
    pub fn ghosts(&self, range: Range<usize>) -> &[usize] {
        let at = |index: usize| self.ghosts.partition_point(|ghost| *ghost < index);
        self.ghosts.get(at(range.start)..at(range.end)).unwrap_or_default()
    }

    /// The points of a range summed up; nothing where none of them counts.
    #[must_use]
    pub fn over(&self, points: &[ChartPoint], range: Range<usize>) -> Option<Stretch> {
        let single = |range: Range<usize>| {
            let points = points.get(range.clone()).unwrap_or_default();
            points.iter().zip(range).map(|(point, index)| Stretch::of(point, index)).fold(None, join)
        };
        self.climb(range.start..range.end.min(points.len()), 0, &single)
    }

    /// Sums a range of the items below level `at` up: its whole stretches by that level, its ends by `below`.
    fn climb(
        &self,
        range: Range<usize>,
        at: usize,
        below: &dyn Fn(Range<usize>) -> Option<Stretch>,
    ) -> Option<Stretch> {
        let (first, last) = (range.start.div_ceil(TOGETHER), range.end / TOGETHER);
        let Some(level) = self.levels.get(at).filter(|_| first < last) else { return below(range) };
        let whole = |range: Range<usize>| level.get(range).unwrap_or_default().iter().copied().fold(None, join);
        let middle = self.climb(first..last, at + 1, &whole);
        let ends = [below(range.start..first * TOGETHER), below(last * TOGETHER..range.end)];
        join(join(ends[0], middle), ends[1])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chart::sample;
    use crate::spc::ChartType;

    proptest! {
        #[test]
        fn a_range_is_summed_up_as_if_point_by_point(
            values in prop::collection::vec(prop_oneof![5 => -9.0..9.0, 1 => Just(f64::NAN)], 1..700),
            ends in (0usize..700, 0usize..700),
        ) {
            let chart = sample::table(&values, ChartType::Xmr);
            let range = ends.0.min(ends.1)..ends.0.max(ends.1).min(chart.points.len());
            let found = Outline::of(&chart).over(&chart.points, range.clone());
            let expected = chart.points.iter().enumerate().skip(range.start).take(range.len())
                .map(|(index, point)| Stretch::of(point, index)).fold(None, join);
            prop_assert_eq!(found, expected);
        }
    }
}
