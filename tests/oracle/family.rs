//! The family of improvement charts against what qicharts2 computes for it.

use huddleboard::spc::{
    Analysis, ChartType, Input, Options, PhaseFinding, RuleSet, Screening, Signals, Subgroup, analyse, near_lines,
};
use serde_json::Value;

use super::{Recorded, assert_near, assert_runs, indices, numbers, optional};

/// One series on one chart, with its options and what was recorded for it.
struct Drawn<'a> {
    expected: &'a Value,
    chart: ChartType,
    values: Vec<f64>,
    sizes: Vec<f64>,
    spreads: Vec<f64>,
    ghosts: Vec<bool>,
    rebase: Vec<usize>,
}

impl<'a> Drawn<'a> {
    fn of(recorded: &'a Recorded, expected: &'a Value) -> Self {
        let series = &recorded.0["series"][expected["series"].as_str().unwrap()];
        let (values, sizes, spreads) = if series["counts"].is_array() {
            (numbers(&series["counts"]), numbers(&series["sizes"]), Vec::new())
        } else if let Some(groups) = series["subgroups"].as_array() {
            let groups: Vec<Subgroup> = groups.iter().map(|values| Subgroup::of(&numbers(values))).collect();
            (
                groups.iter().map(|group| group.mean).collect(),
                groups.iter().map(|group| group.size).collect(),
                groups.iter().map(|group| group.spread).collect(),
            )
        } else {
            (numbers(series), Vec::new(), Vec::new())
        };
        let ghosts = indices(&expected["ghost"]);
        Self {
            expected,
            chart: ChartType::parse(expected["chart"].as_str().unwrap()).unwrap(),
            ghosts: (0..values.len()).map(|at| ghosts.contains(&at)).collect(),
            rebase: indices(&expected["rebase"]),
            values,
            sizes,
            spreads,
        }
    }

    fn options(&self) -> Options<'_> {
        Options {
            chart: self.chart,
            rules: RuleSet::Anhoej,
            rebase: &self.rebase,
            freeze: optional(&self.expected["freeze"]),
            screening: self.expected["screening"] != false,
            ..Options::default()
        }
    }

    fn input(&self) -> Input<'_> {
        Input {
            values: &self.values,
            denominators: Some(&self.sizes),
            spreads: Some(&self.spreads),
            ghost: Some(&self.ghosts),
        }
    }

    fn analyse(&self) -> Analysis {
        analyse(self.input(), &self.options())
    }

    fn name(&self) -> String {
        let options = ["rebase", "freeze", "ghost", "screening"];
        let given = options.iter().filter(|key| !self.expected[**key].is_null());
        given.fold(format!("{} of {}", self.chart.code(), self.expected["series"]), |name, key| {
            format!("{name} {key}={}", self.expected[*key])
        })
    }
}

/// The number at a point: of an array its entry, otherwise the same number for all.
fn entry(value: &Value, at: usize) -> &Value {
    if value.is_array() { &value[at] } else { value }
}

/// Holds every case of a file to what was recorded; `ours` takes those for which we answer otherwise. Gives how
/// many agreed, and how many were ours.
fn hold(file: &str, ours: impl Fn(&Drawn<'_>, &Analysis) -> bool) -> (usize, usize) {
    let recorded = Recorded::read(file);
    let (mut agreed, mut other) = (0, 0);
    for expected in recorded.0["cases"].as_array().unwrap() {
        let drawn = Drawn::of(&recorded, expected);
        let analysis = drawn.analyse();
        if ours(&drawn, &analysis) {
            other += 1;
            continue;
        }
        assert_phases(&drawn, &analysis);
        assert_points(&drawn, &analysis);
        agreed += 1;
    }
    (agreed, other)
}

fn assert_phases(drawn: &Drawn<'_>, analysis: &Analysis) {
    let recorded = drawn.expected["phases"].as_array().unwrap();
    let name = drawn.name();
    let near = near_lines(drawn.input(), &drawn.options());
    assert_eq!(near.len(), drawn.values.len(), "{name}");
    assert_eq!(recorded.len(), analysis.phases.len(), "phases of {name}");
    for (expected, phase) in recorded.iter().zip(&analysis.phases) {
        assert_near(phase.centre, &expected["centre"], &format!("centre, {name}"));
        for (at, (lower, upper)) in near.iter().enumerate().take(phase.to + 1).skip(phase.from) {
            // Beside the phases where it differs within them.
            let of = |key: &str| {
                let beside = &drawn.expected[key];
                if beside.is_array() { &beside[at] } else { &expected[key] }.clone()
            };
            assert_near(*lower, &of("near_lower"), &format!("near lower at {at}, {name}"));
            assert_near(*upper, &of("near_upper"), &format!("near upper at {at}, {name}"));
        }
        if !drawn.expected["upper"].is_null() || !expected["upper"].is_null() {
            let whole = |key: &str| {
                if expected[key].is_null() { entry(&drawn.expected[key], phase.to) } else { &expected[key] }.clone()
            };
            assert_near(phase.lower, &whole("lower"), &format!("lower, {name}"));
            assert_near(phase.upper, &whole("upper"), &format!("upper, {name}"));
        }
        let there = (phase.from..=phase.to).filter(|at| !drawn.ghosts[*at]);
        assert_eq!(Some(there.count()), optional(&expected["n_with_gaps"]), "{name}");
        assert_runs(phase, expected, &name);
    }
}

fn assert_points(drawn: &Drawn<'_>, analysis: &Analysis) {
    let name = drawn.name();
    if drawn.expected["lower"].is_array() || drawn.expected["upper"].is_array() {
        for (at, point) in analysis.points.iter().enumerate() {
            assert_near(point.lower, entry(&drawn.expected["lower"], at), &format!("lower at {at}, {name}"));
            assert_near(point.upper, entry(&drawn.expected["upper"], at), &format!("upper at {at}, {name}"));
        }
    }
    let outside: Vec<usize> =
        (0..drawn.values.len()).filter(|at| analysis.points[*at].signals.contains(Signals::OUTSIDE)).collect();
    assert_eq!(outside, indices(&drawn.expected["outside"]), "outside, {name}");
}

/// Where screening leaves nothing qicharts2 has no limits; ours come from all ranges.
fn is_fallback(_: &Drawn<'_>, analysis: &Analysis) -> bool {
    let falls_back = |phase: &&PhaseFinding| phase.screened == Screening::Fallback;
    analysis.phases.iter().filter(falls_back).inspect(|phase| assert!(phase.upper >= phase.centre)).count() > 0
}

#[test]
fn moving_ranges_agree_with_qicharts2() {
    assert_eq!(hold("ranges", |_, _| false), (73, 0));
}

#[test]
fn proportions_and_rates_agree_with_qicharts2() {
    assert_eq!(hold("ratios", is_fallback), (70, 0));
}

#[test]
fn counts_agree_with_qicharts2() {
    assert_eq!(hold("counts", |_, _| false), (15, 0));
}

#[test]
fn rare_events_agree_with_qicharts2_which_refuses_a_time_of_nought() {
    let refused = |drawn: &Drawn<'_>, analysis: &Analysis| {
        let refused = drawn.expected["refused"] == true;
        if refused {
            assert_limits_of_roots(drawn, analysis);
        }
        refused
    };
    assert_eq!(hold("rare", refused), (23, 6));
}

/// Our answer where a time is nought: the chart of individuals of the roots, raised back.
fn assert_limits_of_roots(drawn: &Drawn<'_>, analysis: &Analysis) {
    let roots: Vec<f64> = drawn.values.iter().map(|value| value.powf(1.0 / 3.6)).collect();
    let input = Input { ghost: Some(&drawn.ghosts), ..Input::of(&roots) };
    let individuals = analyse(input, &Options { chart: ChartType::Xmr, ..drawn.options() });
    for (phase, root) in analysis.phases.iter().zip(&individuals.phases) {
        let reach = (root.upper - root.centre) / 2.66 * 3.0 / 1.128;
        assert_near(phase.centre, &root.centre.powf(3.6).into(), &drawn.name());
        assert_near(phase.upper, &(root.centre + reach).powf(3.6).into(), &drawn.name());
        assert_near(phase.lower, &(root.centre - reach).max(0.0).powf(3.6).into(), &drawn.name());
    }
}

#[test]
fn subgroups_agree_with_qicharts2() {
    let recorded = Recorded::read("subgroups");
    for (name, series) in recorded.0["series"].as_object().unwrap() {
        for (at, values) in series["subgroups"].as_array().unwrap().iter().enumerate() {
            let group = Subgroup::of(&numbers(values));
            assert_near(group.mean, &series["means"][at], &format!("mean {at} of {name}"));
            assert_near(group.spread, &series["spreads"][at], &format!("spread {at} of {name}"));
        }
    }
    assert_eq!(hold("subgroups", |_, _| false), (16, 0));
}

#[test]
fn the_constants_of_subgroups_agree_with_qicharts2() {
    let constants = &Recorded::read("tables").0["constants"];
    for (at, size) in indices(&constants["n"]).into_iter().enumerate() {
        let sizes = [size as f64; 2];
        let limits = |chart: ChartType, values: &[f64]| {
            let input = Input { denominators: Some(&sizes), spreads: Some(&[1.0, 1.0]), ..Input::of(values) };
            let point = analyse(input, &Options { chart, ..Options::default() }).points[0];
            (point.lower, point.upper)
        };
        assert_near(limits(ChartType::Xbar, &[0.0, 0.0]).1, &constants["a3"][at], &format!("A3 of {size}"));
        assert_near(limits(ChartType::S, &[0.0, 0.0]).0, &constants["b3"][at], &format!("B3 of {size}"));
        assert_near(limits(ChartType::S, &[0.0, 0.0]).1, &constants["b4"][at], &format!("B4 of {size}"));
    }
}
