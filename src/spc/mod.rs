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
//! | `band` | the limits of one point |
//! | `rules`, `row`, `zones` | the marks: which tests a set of rules runs, and the tests themselves |
//! | `bits` | 64 points at a time |
//! | `anhoej`, `ihi` | the tests of runs |
//! | `range`, `gamma` | moving ranges; the constants of subgroups |
//! | `run`, `xmr`, `mr`, `ratio` (p, p′, u, u′), `count` (c), `rare` (g, t), `subgroup` (x̄, s) | a chart's own centre line and limits: one file for each family |
//! | `suggest`, `dispersion` | which chart fits a series, and why |
//! | `funnel` | many teams at one time |

mod anhoej;
mod band;
mod bits;
mod count;
mod dispersion;
mod finding;
mod funnel;
mod gamma;
mod ihi;
mod kind;
mod mr;
mod number;
mod phase;
mod range;
mod rare;
mod ratio;
mod row;
mod rules;
mod run;
mod subgroup;
mod suggest;
#[cfg(test)]
mod tests;
mod verdict;
mod xmr;
mod zones;

pub use anhoej::Runs;
pub use dispersion::Dispersion;
pub use finding::{Analysis, Assurance, PhaseFinding, PointFinding, Screening, Side, Signals, Variation, Verdict};
pub use funnel::{Funnel, FunnelLimits, FunnelTeam};
pub use ihi::Ihi;
pub use kind::{Better, ChartType, RuleSet};
pub use subgroup::Subgroup;
pub use suggest::{Data, Nature, Why, is_mostly_zero, misfit, suggest};

use band::Band;
use phase::{Judged, Lines, Phase};
use ratio::Law;

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
    /// A given centre line, in the unit of the plotted value, for every phase. It decides the width of the
    /// limits too where these follow from it (p, p′, u, u′, c, g, mr, s). On a g chart it is the mean, and
    /// 0.693 of it is drawn.
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
/// missing end counts as no denominator, no spread and as no ghost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input<'a> {
    /// The values, NaN where one is missing: the numerators for `p`, `pp`, `u` and `up`; the means of subgroups
    /// for `xbar` and `s` (see [`Subgroup`]); for the others what is plotted, or what ranges are taken of
    /// (a ratio on `run` or `xmr` is already numerator / denominator).
    pub values: &'a [f64],
    /// The denominators for `p`, `pp`, `u` and `up`; the sizes of subgroups for `xbar` and `s`. Without them
    /// these charts have no lines.
    pub denominators: Option<&'a [f64]>,
    /// The standard deviations of subgroups, for `xbar` and `s`.
    pub spreads: Option<&'a [f64]>,
    /// The ghosts: points that are plotted and left out of every line and every rule. Like an excluded
    /// point in qicharts2 they are still tested against the limits, and a moving range bridges them as if
    /// they were not there.
    pub ghost: Option<&'a [bool]>,
}

impl<'a> Input<'a> {
    /// A series of values and nothing else.
    #[must_use]
    pub const fn of(values: &'a [f64]) -> Self {
        Self { values, denominators: None, spreads: None, ghost: None }
    }
}

/// Analyses a series. See [`analyse_into`] for a variant that keeps its buffers.
#[must_use]
pub fn analyse(input: Input<'_>, options: &Options<'_>) -> Analysis {
    let mut points = Vec::new();
    let mut phases = Vec::new();
    let (variation, assurance) = analyse_into(input, options, &mut points, &mut phases);
    Analysis { chart: options.chart, rules: options.rules, points, phases, variation, assurance }
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
    let (mut plotted, mut scratch) = (Vec::new(), Vec::new());
    let values = plot(&input, options, &mut plotted);
    let mut last = None;
    for (from, to) in phase::bounds(values.len(), options.rebase) {
        let judged = judge(&input.phase(values, from, to, options), options, &mut scratch, points);
        phases.push(judged.finding);
        last = Some(judged);
    }
    let Some(last) = last else {
        return (Variation::CommonCause, None);
    };
    (
        verdict::variation(options.rules, &last, points),
        if options.chart.has_limits() { verdict::assurance(options, &last.finding) } else { None },
    )
}

/// What a chart plots of a series, NaN where it plots nothing: the values, their ranges, ratios or spreads.
#[must_use]
pub fn plotted(input: Input<'_>, options: &Options<'_>) -> Vec<f64> {
    plot(&input, options, &mut Vec::new()).to_vec()
}

/// What a chart plots: the values themselves, or what is made of them in `plotted`.
fn plot<'a>(input: &Input<'a>, options: &Options<'_>, plotted: &'a mut Vec<f64>) -> &'a [f64] {
    let values = input.values;
    match options.chart {
        ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up => {
            ratio::plot(values, input.denominators.unwrap_or_default(), plotted);
        }
        ChartType::Mr => {
            let ghosts = input.ghost.unwrap_or_default();
            for (from, to) in phase::bounds(values.len(), options.rebase) {
                mr::plot(&values[from..to], part(ghosts, from, to), plotted);
            }
        }
        ChartType::T => rare::t_plot(values, plotted),
        ChartType::S => {
            let spreads = input.spreads.unwrap_or_default();
            plotted.extend(spreads.iter().take(values.len()));
            plotted.resize(values.len(), f64::NAN);
        }
        ChartType::Run | ChartType::Xmr | ChartType::C | ChartType::G | ChartType::Xbar => return values,
    }
    plotted
}

/// The lines at each point two thirds of the way to its limits, below and above: a point beyond one is near that
/// limit. NaN where there is none, as for a point without a value on a chart whose limits differ.
#[must_use]
pub fn near_lines(input: Input<'_>, options: &Options<'_>) -> Vec<(f64, f64)> {
    let (mut plotted, mut scratch) = (Vec::new(), Vec::new());
    let values = plot(&input, options, &mut plotted);
    let mut near = Vec::with_capacity(values.len());
    for (from, to) in phase::bounds(values.len(), options.rebase) {
        draw(&input.phase(values, from, to, options), options, &mut scratch, Near(&mut near));
    }
    near
}

/// What is done with a phase once its lines are known; `band` gives the limits at a point of this denominator or
/// size.
trait Drawing {
    type Outcome;

    fn with(self, part: &Phase<'_>, lines: &Lines, band: impl Fn(f64) -> Band + Copy) -> Self::Outcome;
}

/// Judges the points by the lines.
struct Judging<'a, 'o>(&'a Options<'o>, &'a mut Vec<PointFinding>);

impl Drawing for Judging<'_, '_> {
    type Outcome = Judged;

    fn with(self, part: &Phase<'_>, lines: &Lines, band: impl Fn(f64) -> Band + Copy) -> Judged {
        part.judge(lines, band, self.0, self.1)
    }
}

/// Gives the near lines of each point.
struct Near<'a>(&'a mut Vec<(f64, f64)>);

impl Drawing for Near<'_> {
    type Outcome = ();

    fn with(self, part: &Phase<'_>, _: &Lines, band: impl Fn(f64) -> Band + Copy) {
        self.0.extend((0..part.values.len()).map(|at| {
            let band = band(part.judged_size(at)).finite();
            (band.near_lower, band.near_upper)
        }));
    }
}

/// Judges the points of one phase by its lines.
fn judge(part: &Phase<'_>, options: &Options<'_>, scratch: &mut Vec<f64>, points: &mut Vec<PointFinding>) -> Judged {
    draw(part, options, scratch, Judging(options, points))
}

/// Draws the lines of one phase.
#[inline(always)]
fn draw<D: Drawing>(part: &Phase<'_>, options: &Options<'_>, scratch: &mut Vec<f64>, drawing: D) -> D::Outcome {
    let given = options.centre.filter(|centre| centre.is_finite());
    let level = |(lines, band): (Lines, Band), drawing: D| drawing.with(part, &lines, |_| band);
    match options.chart {
        ChartType::Run => drawing.with(part, &run::lines(part, given, scratch), |_| Band::NONE),
        ChartType::Xmr => level(xmr::lines(part, given, options.screening, scratch), drawing),
        ChartType::Mr => level(mr::lines(part, given, scratch), drawing),
        ChartType::C => level(count::lines(part, given, scratch), drawing),
        ChartType::G => level(rare::g_lines(part, given, scratch), drawing),
        ChartType::T => level(rare::t_lines(part, given, options.screening, scratch), drawing),
        ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up => {
            let law = if matches!(options.chart, ChartType::P | ChartType::Pp) { Law::Binomial } else { Law::Poisson };
            let laney = matches!(options.chart, ChartType::Pp | ChartType::Up);
            let (lines, limits) = ratio::lines(part, law, laney, given, options.screening, scratch);
            drawing.with(part, &lines, |size| limits.band(size))
        }
        ChartType::Xbar => {
            let (lines, limits) = subgroup::xbar_lines(part, given, scratch);
            drawing.with(part, &lines, |size| limits.of_mean(size))
        }
        ChartType::S => {
            let (lines, limits) = subgroup::s_lines(part, given, scratch);
            drawing.with(part, &lines, |size| limits.of_spread(size))
        }
    }
}

impl<'a> Input<'a> {
    /// The points `from..to`, of which `values` are plotted.
    fn phase(&self, values: &'a [f64], from: usize, to: usize, options: &Options<'_>) -> Phase<'a> {
        let len = to - from;
        Phase {
            from,
            values: part(values, from, to),
            ghosts: part(self.ghost.unwrap_or_default(), from, to),
            frozen: options.freeze.filter(|first| *first > 0).map_or(len, |first| first.min(len)),
            counts: part(self.values, from, to),
            sizes: part(self.denominators.unwrap_or_default(), from, to),
            spreads: part(self.spreads.unwrap_or_default(), from, to),
        }
    }
}

/// The entries `from..to` of a slice that may be shorter.
fn part<T>(slice: &[T], from: usize, to: usize) -> &[T] {
    &slice[from.min(slice.len())..to.min(slice.len())]
}
