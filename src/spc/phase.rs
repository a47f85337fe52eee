//! From a series to its phases, and from a phase and its lines to its findings.

use super::anhoej::{RunCounter, longest_max};
use super::number::{is_there, sign};
use super::row::Shift;
use super::rules::{Band, Marks, Tests, speaking};
use super::{Ihi, Options, PhaseFinding, PointFinding, RuleSet, Screening, Side, Signals, Verdict};

/// So many points are drawn and tested at a time, while they are still in the nearest cache.
const BLOCK: usize = 512;

/// The points between two re-basings. All slices begin at its first point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase<'a> {
    /// Index of its first point in the series.
    pub(super) from: usize,
    /// The plotted values.
    pub(super) values: &'a [f64],
    /// Its ghosts; what lies beyond its end is none.
    pub(super) ghosts: &'a [bool],
    /// How many rows, from the first, make the lines.
    pub(super) frozen: usize,
}

/// The centre line of a phase and what its limits were made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    pub(super) centre: f64,
    /// From the centre line to a limit; NaN where there is none.
    pub(super) reach: f64,
    pub(super) screened: Screening,
    /// How many points made them.
    pub(super) baseline: usize,
}

/// What was found for a phase, and what the verdict on the whole chart needs to know besides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judged {
    pub(super) finding: PhaseFinding,
    /// The side of the last run; none without a run.
    pub(super) last_run_is_above: Option<bool>,
    /// How many rows there are up to the last one that is not a ghost.
    pub(super) rows: usize,
}

/// Where the phases begin and end: half-open ranges that cover `0..len`. Boundaries that begin no phase
/// are dropped; order and repeats do not matter.
pub(super) fn bounds(len: usize, rebase: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    let mut starts: Vec<usize> = rebase.iter().copied().filter(|at| (1..len).contains(at)).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.push(len);
    let mut from = 0;
    starts.into_iter().filter(|to| *to > 0).map(move |to| {
        let range = (from, to);
        from = to;
        range
    })
}

impl<'a> Phase<'a> {
    /// The rows that make the lines: within the freeze.
    pub(super) fn base(&self) -> (&'a [f64], &'a [bool]) {
        (&self.values[..self.frozen], &self.ghosts[..self.frozen.min(self.ghosts.len())])
    }

    /// Adds the points of this phase to `points` and says what was found; `band` gives the limits at a
    /// point.
    pub(super) fn judge(
        &self,
        lines: &Lines,
        band: impl Fn(usize) -> Band + Copy,
        options: &Options<'_>,
        points: &mut Vec<PointFinding>,
    ) -> Judged {
        let first = points.len();
        let mut tests = Tests::of(options.rules);
        for start in (0..self.values.len()).step_by(BLOCK) {
            let block = &self.values[start..self.values.len().min(start + BLOCK)];
            let ghosts = &self.ghosts[start.min(self.ghosts.len())..];
            let places = block.iter().enumerate();
            points.extend(places.map(|(at, &value)| plain(value, lines.centre, band(start + at))));
            let mut marks = self.marks(&mut points[first..], lines.centre, options);
            marks.outside(start, band);
            if ghosts.is_empty() && block.iter().all(|value| is_there(*value)) {
                tests.scan(|| (start..).zip(block.iter().copied()), band, &mut marks);
            } else {
                let speaking = || speaking(block, ghosts).map(|(at, value)| (start + at, value));
                tests.scan(speaking, band, &mut marks);
            }
        }
        let mut marks = self.marks(&mut points[first..], lines.centre, options);
        tests.finish(&mut marks);
        let (runs, trends) = (tests.runs, tests.trends);
        if options.rules == RuleSet::Anhoej {
            self.mark_long_runs(&runs, &mut marks);
        }

        let last = band(self.values.len().saturating_sub(1));
        let finding = PhaseFinding {
            from: self.from,
            to: self.from + self.values.len().saturating_sub(1),
            centre: lines.centre,
            sigma: lines.reach / 3.0,
            lower: last.lower,
            upper: last.upper,
            baseline: lines.baseline,
            n: trends.seen,
            useful: runs.useful,
            runs: runs.finish(),
            ihi: Ihi::of(&runs, &trends),
            screened: lines.screened,
        };
        Judged {
            finding,
            last_run_is_above: runs.last_is_above(),
            rows: (0..self.values.len()).rfind(|at| !self.is_ghost(*at)).map_or(0, |last| last + 1),
        }
    }

    fn marks<'b>(&'b self, points: &'b mut [PointFinding], centre: f64, options: &Options<'_>) -> Marks<'b> {
        let (better, first_only) = (options.better, options.rules == RuleSet::Mdc);
        Marks { values: self.values, ghosts: self.ghosts, points, centre, better, first_only }
    }

    /// Anhøj's marks need a second look: how long a run may be depends on how many points there are.
    fn mark_long_runs(&self, runs: &RunCounter, marks: &mut Marks<'_>) {
        let longest_max = longest_max(runs.useful);
        if runs.longest > longest_max {
            let mut shift = Shift::new(longest_max + 1, false);
            for (at, value) in speaking(self.values, self.ghosts) {
                shift.see(at, sign(value, marks.centre), marks);
            }
            shift.finish(self.values.len(), marks);
        }
    }

    fn is_ghost(&self, at: usize) -> bool {
        self.ghosts.get(at).is_some_and(|ghost| *ghost)
    }
}

/// A point before any rule has looked at it.
#[inline(always)]
fn plain(value: f64, centre: f64, band: Band) -> PointFinding {
    PointFinding {
        centre,
        lower: band.lower,
        upper: band.upper,
        side: Side::of(value, centre),
        signals: Signals::NONE,
        rising: None,
        verdict: Verdict::Common,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_that_begin_no_phase_are_dropped() {
        let ranges: Vec<_> = bounds(10, &[7, 0, 3, 3, 10, 99]).collect();
        assert_eq!(ranges, [(0, 3), (3, 7), (7, 10)]);
        assert_eq!(bounds(4, &[]).collect::<Vec<_>>(), [(0, 4)]);
        assert_eq!(bounds(0, &[0, 1]).count(), 0);
    }
}
