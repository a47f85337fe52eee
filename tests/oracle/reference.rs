//! A second, slow implementation, written from the rules in words alone: every window is looked at by itself,
//! every sum is a plain one. It shares no code with the program.

use huddleboard::spc::{ChartType, RuleSet};

/// A series with what is asked of it. `NaN` is missing.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) chart: ChartType,
    pub(super) rules: RuleSet,
    pub(super) values: Vec<f64>,
    pub(super) sizes: Vec<f64>,
    pub(super) spreads: Vec<f64>,
    pub(super) ghosts: Vec<bool>,
    pub(super) starts: Vec<usize>,
    pub(super) freeze: Option<usize>,
    pub(super) centre: Option<f64>,
    pub(super) screening: bool,
}

/// The lines at one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Lines {
    pub(super) centre: f64,
    pub(super) lower: f64,
    pub(super) near_lower: f64,
    pub(super) inner_lower: f64,
    pub(super) inner_upper: f64,
    pub(super) near_upper: f64,
    pub(super) upper: f64,
}

const NONE: f64 = f64::NAN;

impl Asked {
    /// What is plotted.
    pub(super) fn plotted(&self) -> Vec<f64> {
        let ratio = |at: usize| {
            let (count, size) = (self.values[at], self.sizes[at]);
            if size > 0.0 && size.is_finite() { count / size } else { NONE }
        };
        let at = |at: usize| match self.chart {
            ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up => ratio(at),
            ChartType::S => self.spreads[at],
            ChartType::T if self.values[at] < 0.0 => NONE,
            ChartType::Mr => {
                let before = (self.phase_of(at).0..at).rev().find(|before| !self.ghosts[*before]);
                before.map_or(NONE, |before| (self.values[at] - self.values[before]).abs())
            }
            _ => self.values[at],
        };
        (0..self.values.len()).map(at).collect()
    }

    /// The first point of the phase that holds a point, and the first after it.
    fn phase_of(&self, at: usize) -> (usize, usize) {
        let from = self.starts.iter().copied().filter(|start| *start <= at).max().unwrap_or(0);
        let to = self.starts.iter().copied().filter(|start| *start > at).min();
        (from, to.unwrap_or(self.values.len()).min(self.values.len()))
    }

    /// The phases as half-open ranges.
    pub(super) fn phases(&self) -> Vec<(usize, usize)> {
        let mut all: Vec<_> = (0..self.values.len()).map(|at| self.phase_of(at)).collect();
        all.dedup();
        all
    }

    /// The rows that make the lines of a phase, in order, gaps among them.
    fn base(&self, (from, to): (usize, usize)) -> Vec<usize> {
        let end = self.freeze.map_or(to, |first| to.min(from + first));
        (from..end).filter(|at| !self.ghosts[*at]).collect()
    }

    /// The lines at each point of a phase.
    pub(super) fn lines(&self, phase: (usize, usize), plotted: &[f64]) -> Vec<Lines> {
        let base = self.base(phase);
        let all: Vec<f64> = base.iter().map(|at| plotted[*at]).collect();
        let there: Vec<f64> = all.iter().copied().filter(|value| value.is_finite()).collect();
        let given = |found: f64| self.centre.unwrap_or(found);
        let level = |lines: Lines| vec![lines; phase.1 - phase.0];
        let each = |centre: f64, sigma: &dyn Fn(usize) -> f64, floor: f64, ceiling: f64| {
            let at = |at: usize| {
                let sigma = if plotted[at].is_finite() { sigma(at) } else { NONE };
                around(centre, sigma, floor, ceiling)
            };
            (phase.0..phase.1).map(at).collect::<Vec<_>>()
        };
        match self.chart {
            ChartType::Run => level(around(given(median(&there)), NONE, f64::MIN, f64::MAX)),
            ChartType::Xmr => {
                let sigma = 2.66 / 3.0 * mean_range(&all, self.screening);
                level(around(given(mean(&there)), sigma, f64::MIN, f64::MAX))
            }
            ChartType::Mr => {
                let centre = given(mean(&there));
                let upper = 3.267 * centre;
                let near_upper = upper * 2.0 / 3.0;
                level(Lines {
                    centre,
                    lower: 0.0,
                    near_lower: 0.0,
                    inner_lower: NONE,
                    inner_upper: NONE,
                    near_upper,
                    upper,
                })
            }
            ChartType::C => {
                let centre = given(mean(&there));
                level(around(centre, centre.sqrt(), 0.0, f64::MAX))
            }
            ChartType::G => {
                let middle = given(mean(&there));
                let drawn = self.centre.map_or(median(&there), |centre| 0.693 * centre);
                level(Lines { centre: drawn, ..around(middle, (middle * (middle + 1.0)).sqrt(), 0.0, f64::MAX) })
            }
            ChartType::T => level(self.times(&all)),
            ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up => {
                let kept: Vec<usize> = base.iter().copied().filter(|at| plotted[*at].is_finite()).collect();
                let sum = |of: &[f64]| kept.iter().map(|at| of[*at]).sum::<f64>();
                let centre = given(sum(&self.values) / sum(&self.sizes));
                let share = matches!(self.chart, ChartType::P | ChartType::Pp);
                let unit = if share { (centre * (1.0 - centre)).sqrt() } else { centre.sqrt() };
                let chance = |at: usize| unit / self.sizes[at].sqrt();
                let z: Vec<f64> = base.iter().map(|at| (plotted[*at] - centre) / chance(*at)).collect();
                let laney = matches!(self.chart, ChartType::Pp | ChartType::Up);
                let stretch = if laney { mean_range(&z, self.screening) / 1.128 } else { 1.0 };
                each(centre, &|at| stretch * chance(at), 0.0, if share { 1.0 } else { f64::MAX })
            }
            ChartType::Xbar => {
                let kept: Vec<usize> = base
                    .iter()
                    .copied()
                    .filter(|at| plotted[*at].is_finite() && self.sizes[*at] > 0.0 && self.sizes[*at].is_finite())
                    .collect();
                let weight: f64 = kept.iter().map(|at| self.sizes[*at]).sum();
                let centre = given(kept.iter().map(|at| plotted[*at] * self.sizes[*at]).sum::<f64>() / weight);
                let spread = self.spread(phase, &base);
                each(centre, &|at| spread / (c4(self.sizes[at]) * self.sizes[at].sqrt()), f64::MIN, f64::MAX)
            }
            ChartType::S => {
                let centre = given(self.spread(phase, &base));
                let wobble = |at: usize| (1.0 - c4(self.sizes[at]).powi(2)).sqrt() / c4(self.sizes[at]);
                each(centre, &|at| centre * wobble(at), 0.0, f64::MAX)
            }
        }
    }

    fn times(&self, all: &[f64]) -> Lines {
        let roots: Vec<f64> = all.iter().map(|time| time.powf(1.0 / 3.6)).collect();
        let there: Vec<f64> = roots.iter().copied().filter(|root| root.is_finite()).collect();
        let middle = self.centre.map_or(mean(&there), |centre| centre.powf(1.0 / 3.6));
        let flat = around(middle, mean_range(&roots, self.screening) / 1.128, f64::MIN, f64::MAX);
        let back = |root: f64| root.powf(3.6);
        Lines {
            centre: back(flat.centre),
            lower: if flat.lower < 0.0 { 0.0 } else { back(flat.lower) },
            near_lower: if flat.near_lower < 0.0 { NONE } else { back(flat.near_lower) },
            inner_lower: if flat.inner_lower < 0.0 { NONE } else { back(flat.inner_lower) },
            inner_upper: back(flat.inner_upper),
            near_upper: back(flat.near_upper),
            upper: back(flat.upper),
        }
    }

    /// The standard deviation within subgroups.
    fn spread(&self, (from, to): (usize, usize), base: &[usize]) -> f64 {
        let kept: Vec<usize> = base
            .iter()
            .copied()
            .filter(|at| self.spreads[*at].is_finite() && self.sizes[*at] > 1.0 && self.sizes[*at].is_finite())
            .collect();
        if (from..to).all(|at| self.sizes[at] == self.sizes[from]) {
            return mean(&kept.iter().map(|at| self.spreads[*at]).collect::<Vec<_>>());
        }
        // Of all subgroups, those without a value too: as qicharts2 has it.
        let freedom: f64 = base.iter().map(|at| self.sizes[*at] - 1.0).filter(|size| size.is_finite()).sum();
        (kept.iter().map(|at| (self.sizes[*at] - 1.0) * self.spreads[*at].powi(2)).sum::<f64>() / freedom).sqrt()
    }

    /// The rules that mark each point of a phase, given its lines: their names, each with whether it goes up. Of
    /// Making Data Count's only the first that applies.
    pub(super) fn marks(&self, (from, to): (usize, usize), plotted: &[f64], lines: &[Lines]) -> Vec<Vec<Mark>> {
        let mut marks: Vec<Vec<Mark>> = (from..to).map(|_| Vec::new()).collect();
        for at in from..to {
            let (value, lines) = (plotted[at], lines[at - from]);
            if value.is_finite() && (value > lines.upper || value < lines.lower) {
                marks[at - from].push(("outside", value > lines.upper));
            }
        }
        let points: Vec<usize> = (from..to).filter(|at| plotted[*at].is_finite() && !self.ghosts[*at]).collect();
        if self.chart != ChartType::Mr {
            let series = Series { points: &points, plotted, lines, from };
            let mut put = |found: Vec<(usize, Mark)>| {
                found.into_iter().for_each(|(at, mark)| {
                    if !marks[at - from].contains(&mark) {
                        marks[at - from].push(mark);
                    }
                });
            };
            match self.rules {
                RuleSet::Mdc => {
                    put(series.trends(7, true));
                    put(series.two_of_three(true));
                    put(series.shifts(7, true));
                }
                RuleSet::Nelson => {
                    put(series.trends(6, false));
                    put(series.two_of_three(false));
                    put(series.shifts(9, true));
                    put(series.four_of_five());
                    put(series.beyond_one_sigma());
                    put(series.alternating());
                    put(series.hugging());
                }
                RuleSet::WesternElectric => {
                    put(series.two_of_three(false));
                    put(series.four_of_five());
                    put(series.shifts(8, true));
                }
                RuleSet::Ihi => {
                    put(series.trends_without_ties(5));
                    put(series.shifts(6, false));
                }
                RuleSet::Anhoej => {
                    let useful = points.iter().filter(|at| series.side(**at) != 0).count();
                    if useful > 0 {
                        put(series.shifts((useful as f64).log2().round() as usize + 4, false));
                    }
                }
            }
        }
        if self.rules == RuleSet::Mdc {
            marks.iter_mut().for_each(|marks| marks.truncate(1));
        }
        marks
    }
}

/// What the tests of runs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    pub(super) points: usize,
    pub(super) useful: usize,
    pub(super) longest: usize,
    pub(super) runs: usize,
    pub(super) trend: bool,
}

impl Asked {
    /// The runs of a phase, given its lines.
    pub(super) fn runs(&self, (from, to): (usize, usize), plotted: &[f64], lines: &[Lines]) -> Counted {
        let points: Vec<usize> = (from..to).filter(|at| plotted[*at].is_finite() && !self.ghosts[*at]).collect();
        let series = Series { points: &points, plotted, lines, from };
        let sides: Vec<i32> = points.iter().map(|at| series.side(*at)).filter(|side| *side != 0).collect();
        let runs: Vec<usize> = sides.chunk_by(|one, other| one == other).map(<[i32]>::len).collect();
        Counted {
            points: points.len(),
            useful: sides.len(),
            longest: runs.iter().copied().max().unwrap_or(0),
            runs: runs.len(),
            trend: !series.trends_without_ties(5).is_empty(),
        }
    }
}

/// A rule and whether it is about high or rising values.
pub(super) type Mark = (&'static str, bool);

struct Series<'a> {
    points: &'a [usize],
    plotted: &'a [f64],
    lines: &'a [Lines],
    from: usize,
}

impl Series<'_> {
    fn side(&self, at: usize) -> i32 {
        sign(self.plotted[at] - self.lines[at - self.from].centre)
    }

    /// The sign of the step from one of the points to the next.
    fn step(&self, nth: usize) -> i32 {
        sign(self.plotted[self.points[nth + 1]] - self.plotted[self.points[nth]])
    }

    /// So many in a row on one side; a point on the line breaks them, or is not there.
    fn shifts(&self, need: usize, on_line_breaks: bool) -> Vec<(usize, Mark)> {
        let useful: Vec<usize> =
            self.points.iter().copied().filter(|at| on_line_breaks || self.side(*at) != 0).collect();
        let mut found = Vec::new();
        for window in useful.windows(need) {
            for side in [1, -1] {
                if window.iter().all(|at| self.side(*at) == side) {
                    found.extend(window.iter().map(|at| (*at, ("shift", side > 0))));
                }
            }
        }
        found
    }

    /// So many in a row that rise or that fall. `turns`: a point of a trend goes the way of the step behind it
    /// where the next is a point of a trend too, otherwise of the step before it.
    fn trends(&self, need: usize, turns: bool) -> Vec<(usize, Mark)> {
        let mut ways: Vec<Option<i32>> = vec![None; self.points.len()];
        for first in 0..(self.points.len() + 1).saturating_sub(need) {
            let way = self.step(first);
            if way != 0 && (first..first + need - 1).all(|nth| self.step(nth) == way) {
                (first..first + need).for_each(|nth| ways[nth] = Some(way));
            }
        }
        let turned = |nth: usize| {
            let next = ways.get(nth + 1).copied().flatten();
            match ways[nth] {
                Some(_) if turns && next.is_some() && self.step(nth) != 0 => Some(self.step(nth)),
                way => way,
            }
        };
        (0..ways.len()).filter_map(|nth| Some((self.points[nth], ("trend", turned(nth)? > 0)))).collect()
    }

    /// The same where of equal neighbours only the first is there.
    fn trends_without_ties(&self, need: usize) -> Vec<(usize, Mark)> {
        let mut points = self.points.to_vec();
        points.dedup_by(|later, earlier| self.plotted[*later] == self.plotted[*earlier]);
        Series { points: &points, ..*self }.trends(need, false)
    }

    fn two_of_three(&self, strict: bool) -> Vec<(usize, Mark)> {
        let mut found = Vec::new();
        for window in self.points.windows(3) {
            for side in [1, -1] {
                let is_near = |at: usize| {
                    let (value, lines) = (self.plotted[at], self.lines[at - self.from]);
                    let beyond = if side > 0 { value > lines.near_upper } else { value < lines.near_lower };
                    let outside = value > lines.upper || value < lines.lower;
                    beyond && !(strict && outside)
                };
                let near: Vec<usize> = window.iter().copied().filter(|at| is_near(*at)).collect();
                if near.len() >= 2 && (!strict || window.iter().all(|at| self.side(*at) == side)) {
                    found.extend(near.into_iter().map(|at| (at, ("two_of_three", side > 0))));
                }
            }
        }
        found
    }
}

/// Nelson's tests 4, 6, 7 and 8. A test without a way says that it goes up.
impl Series<'_> {
    /// Which side of the lines at one sigma a point lies beyond; 0 for none.
    fn beyond(&self, at: usize) -> i32 {
        let (value, lines) = (self.plotted[at], self.lines[at - self.from]);
        i32::from(value > lines.inner_upper) - i32::from(value < lines.inner_lower)
    }

    /// All points of the windows of so many that `holds` is true of.
    fn windows(&self, name: &'static str, size: usize, holds: impl Fn(&[usize]) -> bool) -> Vec<(usize, Mark)> {
        let windows = self.points.windows(size).filter(|window| holds(window));
        windows.flatten().map(|at| (*at, (name, true))).collect()
    }

    fn four_of_five(&self) -> Vec<(usize, Mark)> {
        let mut found = Vec::new();
        for window in self.points.windows(5) {
            for side in [1, -1] {
                let far: Vec<usize> = window.iter().copied().filter(|at| self.beyond(*at) == side).collect();
                if far.len() >= 4 {
                    found.extend(far.into_iter().map(|at| (at, ("four_of_five", side > 0))));
                }
            }
        }
        found
    }

    fn beyond_one_sigma(&self) -> Vec<(usize, Mark)> {
        self.windows("beyond_one_sigma", 8, |window| {
            let far = |side: i32| window.iter().filter(|at| self.beyond(**at) == side).count();
            far(0) == 0 && far(1) > 0 && far(-1) > 0
        })
    }

    fn alternating(&self) -> Vec<(usize, Mark)> {
        self.windows("alternating", 14, |window| {
            let steps: Vec<i32> =
                window.windows(2).map(|pair| sign(self.plotted[pair[1]] - self.plotted[pair[0]])).collect();
            steps.windows(2).all(|pair| pair[0] * pair[1] == -1)
        })
    }

    fn hugging(&self) -> Vec<(usize, Mark)> {
        self.windows("hugging", 15, |window| {
            window.iter().all(|at| {
                let lines = self.lines[at - self.from];
                lines.inner_upper > lines.inner_lower && self.beyond(*at) == 0
            })
        })
    }
}

fn sign(number: f64) -> i32 {
    if number > 0.0 {
        1
    } else if number < 0.0 {
        -1
    } else {
        0
    }
}

fn around(centre: f64, sigma: f64, floor: f64, ceiling: f64) -> Lines {
    let line = |times: f64| {
        let line = centre + times * sigma;
        if line.is_nan() { line } else { line.max(floor).min(ceiling) }
    };
    Lines {
        centre,
        lower: line(-3.0),
        near_lower: line(-2.0),
        inner_lower: line(-1.0),
        inner_upper: line(1.0),
        near_upper: line(2.0),
        upper: line(3.0),
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => NONE,
        len if len % 2 == 1 => sorted[len / 2],
        len => (sorted[len / 2 - 1] + sorted[len / 2]) / 2.0,
    }
}

/// The mean distance of neighbours that are both there; screened once, unless nothing would be left of it.
fn mean_range(values: &[f64], screening: bool) -> f64 {
    let ranges: Vec<f64> =
        values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|range| range.is_finite()).collect();
    let all = mean(&ranges);
    let kept: Vec<f64> = ranges.iter().copied().filter(|range| *range < 3.267 * all).collect();
    if screening && kept.iter().any(|range| *range > 0.0) { mean(&kept) } else { all }
}

/// The mean standard deviation of subgroups over the true one, by its recursion.
fn c4(size: f64) -> f64 {
    if size < 2.0 || size.fract() != 0.0 {
        return NONE;
    }
    // gamma(n / 2) / gamma((n - 1) / 2), from that of 2 up.
    let mut ratio = 1.0 / std::f64::consts::PI.sqrt();
    let mut n = 2.0;
    while n < size {
        ratio = (n - 1.0) / 2.0 / ratio;
        n += 1.0;
    }
    (2.0 / (size - 1.0)).sqrt() * ratio
}
