//! Statistical process control: numbers in, findings out.
//!
//! [`analyse`] takes a series and answers, for every point, its lines, its side, its signals and its
//! verdict, and for every phase the tests of runs. It is pure, allocates nothing per point and cannot
//! fail: a value that is missing (NaN, or infinite) is skipped, and what cannot be computed is NaN.
//!
//! | file | what it holds |
//! |---|---|
//! | `kind` | what can be asked for: chart, rules, better direction |
//! | `finding` | what comes out |
//! | `number` | the arithmetic that decides ties: mean and median |
//! | `phase` | from the series to its phases, and from a phase to its findings |
//! | `rules`, `row` | the marks: which tests a set of rules runs, and the tests themselves |
//! | `anhoej`, `ihi` | the tests of runs |
//! | `run`, `xmr`, … | a chart's own centre line and limits: one file for each family |

mod anhoej;
mod finding;
mod ihi;
mod kind;
mod number;
mod phase;
mod row;
mod rules;
mod run;
#[cfg(test)]
mod tests;
mod verdict;
mod xmr;

pub use anhoej::Runs;
pub use finding::{Analysis, Assurance, PhaseFinding, PointFinding, Screening, Side, Signals, Variation, Verdict};
pub use ihi::Ihi;
pub use kind::{Better, ChartType, RuleSet};

use phase::Phase;
use rules::Band;

/// What to analyse and how.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options<'a> {
    /// The kind of chart.
    pub chart: ChartType,
    /// The rules that mark points.
    pub rules: RuleSet,
    /// Which way is better.
    pub better: Better,
    /// The target, in the unit of the plotted value. It changes no line and no signal.
    pub target: Option<f64>,
    /// Index of the first point of each new phase. Order and repeats do not matter; an index that starts
    /// no phase (0, or beyond the series) is ignored. Nothing is carried over a boundary.
    pub rebase: &'a [usize],
    /// The first so many points of **each** phase, ghosts and gaps counted, make its lines; the later
    /// ones are judged by them. None, or zero: all points.
    pub freeze: Option<usize>,
    /// A given centre line, in the unit of the plotted value, for every phase.
    pub centre: Option<f64>,
    /// Whether moving ranges beyond 3.267 times their mean are left out, once, before the limits are made
    /// (`NHSRplotthedots` does; the Excel tool of Making Data Count does not).
    pub screening: bool,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            chart: ChartType::Xmr,
            rules: RuleSet::Mdc,
            better: Better::Neither,
            target: None,
            rebase: &[],
            freeze: None,
            centre: None,
            screening: true,
        }
    }
}

/// A series in the order of time. All slices have one entry for each point; where a slice is shorter, its
/// missing end counts as no denominator and as no ghost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input<'a> {
    /// The values, NaN where one is missing: what is plotted for `run` and `xmr` (a ratio is already
    /// numerator / denominator); the numerators for `p`, `pp`, `u` and `up`.
    pub values: &'a [f64],
    /// The denominators, for the charts that need them.
    pub denominators: Option<&'a [f64]>,
    /// The ghosts: points that are plotted and left out of every line and every rule. Like an excluded
    /// point in qicharts2 they are still tested against the limits, and a moving range bridges them as if
    /// they were not there.
    pub ghost: Option<&'a [bool]>,
}

/// Analyses a series. See [`analyse_into`] for a variant that keeps its buffers.
#[must_use]
pub fn analyse(input: Input<'_>, options: &Options<'_>) -> Analysis {
    let mut points = Vec::new();
    let mut phases = Vec::new();
    let (variation, assurance) = analyse_into(input, options, &mut points, &mut phases);
    Analysis {
        chart: if options.chart.supported() { options.chart } else { ChartType::Run },
        rules: options.rules,
        points,
        phases,
        variation,
        assurance,
    }
}

/// Analyses a series into buffers, which are emptied first and keep their room: one entry in `points` for
/// each value, one in `phases` for each phase. Returns what the last point and what the limits say.
pub fn analyse_into(
    input: Input<'_>,
    options: &Options<'_>,
    points: &mut Vec<PointFinding>,
    phases: &mut Vec<PhaseFinding>,
) -> (Variation, Option<Assurance>) {
    points.clear();
    points.reserve(input.values.len());
    phases.clear();
    let given = options.centre.filter(|centre| centre.is_finite());
    let mut scratch = Vec::new();
    let mut last = None;
    for (from, to) in phase::bounds(input.values.len(), options.rebase) {
        let part = input.phase(from, to, options);
        let judged = match options.chart {
            ChartType::Xmr => {
                let lines = xmr::lines(&part, given, options.screening, &mut scratch);
                let band = xmr::band(&lines);
                part.judge(&lines, |_| band, options, points)
            }
            _ => {
                let lines = run::lines(&part, given, &mut scratch);
                part.judge(&lines, |_| Band::NONE, options, points)
            }
        };
        phases.push(judged.finding);
        last = Some(judged);
    }
    let Some(last) = last else {
        return (Variation::CommonCause, None);
    };
    let has_limits = options.chart.supported() && options.chart.has_limits();
    (
        verdict::variation(options.rules, &last, points),
        if has_limits { verdict::assurance(options, &last.finding) } else { None },
    )
}

impl<'a> Input<'a> {
    /// The points `from..to`.
    fn phase(&self, from: usize, to: usize, options: &Options<'_>) -> Phase<'a> {
        let ghosts = self.ghost.unwrap_or_default();
        let len = to - from;
        Phase {
            from,
            values: &self.values[from..to],
            ghosts: &ghosts[from.min(ghosts.len())..to.min(ghosts.len())],
            frozen: options.freeze.filter(|first| *first > 0).map_or(len, |first| first.min(len)),
        }
    }
}
