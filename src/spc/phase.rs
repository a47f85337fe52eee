//! From a series to its phases, and from a phase and its lines to its findings.

use super::anhoej::{RunCounter, longest_max};
use super::band::Band;
use super::bits::BLOCK;
use super::number::{is_there, sign};
use super::part;
use super::row::Shift;
use super::rules::{Drawn, Marks, Tests, speaking};
use super::{Ihi, Options, PhaseFinding, PointFinding, RuleSet, Screening, Side, Signals, Verdict};

/// The points between two re-basings. All slices begin at its first point.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Phase<'a> {
    /// Index of its first point in the series.
    pub(super) from: usize,
    /// The plotted values.
    pub(super) values: &'a [f64],
    /// Its ghosts; what lies beyond its end is none.
    pub(super) ghosts: &'a [bool],
    /// How many rows, from the first, make the lines.
    pub(super) frozen: usize,
    /// The numerators of a chart of ratios.
    pub(super) counts: &'a [f64],
    /// The denominators, or the sizes of subgroups.
    pub(super) sizes: &'a [f64],
    /// The standard deviations of subgroups.
    pub(super) spreads: &'a [f64],
}

/// The centre line of a phase and what its limits were made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines {
    pub(super) centre: f64,
    /// From the centre line to a limit of the last point before any clamp; NaN where there is none, or where
    /// the two distances differ.
    pub(super) reach: f64,
    pub(super) screened: Screening,
    /// How many points made them.
    pub(super) baseline: usize,
    /// Whether only a point beyond a limit is marked, whatever the rules.
    pub(super) only_limits: bool,
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

    /// The places of the rows that make the lines: within the freeze, and no ghosts. Gaps are among them.
    pub(super) fn base_places(&self) -> impl Iterator<Item = usize> {
        let (values, ghosts) = self.base();
        (0..values.len()).filter(move |at| !ghosts.get(*at).is_some_and(|ghost| *ghost))
    }

    /// The plotted values of those rows, NaN for a gap.
    pub(super) fn base_rows(&self) -> impl Iterator<Item = f64> {
        let values = self.values;
        self.base_places().map(move |at| values[at])
    }

    /// The plotted values of those rows that have one, into `there`.
    pub(super) fn base_there(&self, there: &mut Vec<f64>) {
        there.clear();
        let (values, ghosts) = self.base();
        if !ghosts.contains(&true) && values.iter().all(|value| is_there(*value)) {
            there.extend_from_slice(values);
        } else {
            there.extend(speaking(values, ghosts).map(|(_, value)| value));
        }
    }

    /// Columns of this phase at the rows that make the lines: as they stand, or where ghosts are among them, or a
    /// column is too short, brought together in `scratch`.
    pub(super) fn base_of<'s, const K: usize>(
        &self,
        columns: [&'s [f64]; K],
        scratch: &'s mut Vec<f64>,
    ) -> [&'s [f64]; K] {
        let (values, ghosts) = self.base();
        if !ghosts.contains(&true) && columns.iter().all(|column| column.len() >= values.len()) {
            return columns.map(|column| &column[..values.len()]);
        }
        scratch.clear();
        for column in columns {
            scratch.extend(self.base_places().map(|at| column.get(at).copied().unwrap_or(f64::NAN)));
        }
        let (all, rows): (&'s [f64], usize) = (scratch, self.base_places().count());
        std::array::from_fn(|column| &all[column * rows..][..rows])
    }

    /// The last place that has a value, whose limits stand for the phase; the last of all where none has.
    pub(super) fn last_place(&self) -> usize {
        let there = self.values.iter().rposition(|value| is_there(*value));
        there.unwrap_or(self.values.len().saturating_sub(1))
    }

    /// The denominator or size at a point; NaN where there is none.
    #[inline(always)]
    pub(super) fn size(&self, at: usize) -> f64 {
        self.sizes.get(at).copied().unwrap_or(f64::NAN)
    }

    /// The denominator or size at a point that has a value: without one it has no limits of its own.
    #[inline(always)]
    pub(super) fn judged_size(&self, at: usize) -> f64 {
        if is_there(self.values[at]) { self.size(at) } else { f64::NAN }
    }

    /// Adds the points of this phase to `points` and says what was found; `band` gives the limits at a point of
    /// this denominator or size.
    pub(super) fn judge(
        &self,
        lines: &Lines,
        band: impl Fn(f64) -> Band + Copy,
        options: &Options<'_>,
        points: &mut Vec<PointFinding>,
    ) -> Judged {
        let first = points.len();
        let mut tests = if lines.only_limits { Tests::none() } else { Tests::of(options.rules) };
        let mut drawn = Drawn::NONE;
        let mut clear = 0;
        for start in (0..self.values.len()).step_by(BLOCK) {
            let end = self.values.len().min(start + BLOCK);
            let block = &self.values[start..end];
            let ghosts = part(self.ghosts, start, end);
            drawn.put(block, part(self.sizes, start, end), lines.centre, band);
            if tests.need_zones() {
                drawn.find_zone(part(self.sizes, start, end), band);
            }
            let all_there = drawn.all_there();
            if all_there && is_there(lines.centre) {
                points.extend((0..block.len()).map(|at| plain(&drawn, at, lines.centre, drawn.side(at))));
            } else {
                let side = |at: usize| Side::of(drawn.values[at], lines.centre);
                points.extend((0..block.len()).map(|at| plain(&drawn, at, lines.centre, side(at))));
            }
            let mut marks = self.marks(&mut points[first..], lines.centre, options);
            marks.outside(start, drawn.outside);
            if all_there && !ghosts.contains(&true) {
                tests.see_all(start, &drawn, clear, &mut marks);
            } else {
                clear = end;
                tests.see_each(start, &drawn, speaking(block, ghosts), &mut marks);
            }
        }
        let mut marks = self.marks(&mut points[first..], lines.centre, options);
        let (runs, trends) = (tests.runs, tests.trends);
        if options.rules == RuleSet::Anhoej && !lines.only_limits {
            self.mark_long_runs(&runs, &mut marks);
        }

        let last = band(self.judged_size(self.last_place())).finite();
        let finding = PhaseFinding {
            from: self.from,
            to: self.from + self.values.len().saturating_sub(1),
            centre: lines.centre,
            sigma: lines.reach / 3.0,
            lower: last.lower,
            upper: last.upper,
            near_lower: last.near_lower,
            near_upper: last.near_upper,
            baseline: lines.baseline,
            n: trends.seen,
            useful: runs.useful,
            runs: if lines.only_limits { runs.finish().silent() } else { runs.finish() },
            ihi: if lines.only_limits { Ihi::default() } else { Ihi::of(&runs, &trends) },
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
        }
    }

    fn is_ghost(&self, at: usize) -> bool {
        self.ghosts.get(at).is_some_and(|ghost| *ghost)
    }
}

/// A point before any rule has looked at it.
#[inline(always)]
fn plain(drawn: &Drawn, at: usize, centre: f64, side: Option<Side>) -> PointFinding {
    PointFinding {
        centre,
        lower: drawn.lower[at],
        upper: drawn.upper[at],
        side,
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
