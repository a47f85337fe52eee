//! The statistics against results recorded from the reference tools: `tests/fixtures/oracle/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use huddleboard::spc::{
    Analysis, Better, ChartType, Input, Options, PhaseFinding, PointFinding, RuleSet, Screening, Side, Signals,
    Verdict, analyse,
};
use serde_json::Value;

mod against;
mod family;
mod reference;

/// How far a number may lie from the recorded one, which has 15 significant digits.
const TOLERANCE: f64 = 1e-9;

/// A file of recorded results.
struct Recorded(Value);

impl Recorded {
    fn read(name: &str) -> Self {
        let path = format!("{}/tests/fixtures/oracle/{name}.json", env!("CARGO_MANIFEST_DIR"));
        Self(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    }

    fn cases(&self) -> impl Iterator<Item = Case<'_>> {
        let cases = self.0["cases"].as_array().unwrap();
        cases.iter().map(|case| {
            let values = numbers(&self.0["series"][case["series"].as_str().unwrap()]);
            let ghosts = indices(&case["ghost"]);
            Case {
                expected: case,
                ghosts: (0..values.len()).map(|at| ghosts.contains(&at)).collect(),
                values,
                rebase: indices(&case["rebase"]),
            }
        })
    }
}

/// One series with its options and what was recorded for it.
struct Case<'a> {
    expected: &'a Value,
    values: Vec<f64>,
    ghosts: Vec<bool>,
    rebase: Vec<usize>,
}

impl Case<'_> {
    fn options(&self, chart: ChartType, rules: RuleSet) -> Options<'_> {
        Options {
            chart,
            rules,
            rebase: &self.rebase,
            freeze: self.expected["freeze"].as_u64().map(|first| first as usize),
            centre: self.expected["centre"].as_f64(),
            screening: self.expected["screening"] != false,
            ..Options::default()
        }
    }

    fn analyse(&self, options: &Options<'_>) -> Analysis {
        let input = Input { ghost: Some(&self.ghosts), ..Input::of(&self.values) };
        analyse(input, options)
    }

    /// The series and the options, to find the case again.
    fn name(&self) -> String {
        let options = ["rebase", "freeze", "ghost", "centre", "screening"];
        let given = options.iter().filter(|key| !self.expected[**key].is_null());
        given.fold(self.expected["series"].to_string(), |name, key| format!("{name} {key}={}", self.expected[*key]))
    }

    /// The recorded lines of each phase beside those that were found.
    fn phases<'b>(&'b self, analysis: &'b Analysis) -> impl Iterator<Item = (&'b Value, &'b PhaseFinding)> {
        let recorded = self.expected["phases"].as_array().unwrap();
        assert_eq!(recorded.len(), analysis.phases.len(), "phases of {}", self.name());
        recorded.iter().zip(&analysis.phases)
    }

    /// Whether `NHSRplotthedots` leaves these limits undefined, or without width, because screening left
    /// no range or only zeros. Then all ranges make ours.
    fn is_screened_to_nothing(&self, phase: &PhaseFinding) -> bool {
        let rows = self.expected["freeze"].as_u64().map_or(usize::MAX, |first| first as usize);
        let base: Vec<f64> = self.values[phase.from..=phase.to].iter().take(rows).copied().collect();
        let ranges: Vec<f64> = base.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let limit = 3.267 * ranges.iter().sum::<f64>() / ranges.len() as f64;
        let screening = self.expected["screening"] != false;
        screening && ranges.len() > 1 && ranges.iter().all(|range| *range == 0.0 || *range >= limit)
    }
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

fn indices(value: &Value) -> Vec<usize> {
    value.as_array().map_or(Vec::new(), |all| all.iter().map(|at| at.as_u64().unwrap() as usize).collect())
}

fn assert_near(found: f64, recorded: &Value, what: &str) {
    assert_near_by(found, recorded, TOLERANCE, what);
}

fn assert_near_by(found: f64, recorded: &Value, tolerance: f64, what: &str) {
    match recorded.as_f64() {
        None => assert!(found.is_nan(), "{what}: {found} where nothing is defined"),
        Some(number) => {
            let reach = (tolerance * number.abs()).max(1e-12);
            assert!((found - number).abs() <= reach, "{what}: {found}, recorded {number}");
        }
    }
}

fn optional(value: &Value) -> Option<usize> {
    value.as_u64().map(|number| number as usize)
}

#[test]
fn run_charts_agree_with_qicharts2() {
    let recorded = Recorded::read("run");
    let mut count = 0;
    for case in recorded.cases() {
        let analysis = case.analyse(&case.options(ChartType::Run, RuleSet::Anhoej));
        let name = case.name();
        for (expected, phase) in case.phases(&analysis) {
            assert_near(phase.centre, &expected["centre"], &name);
            assert_eq!(Some(phase.from), optional(&expected["from"]), "{name}");
            assert_eq!(Some(phase.to), optional(&expected["to"]), "{name}");
            let there = (phase.from..=phase.to).filter(|at| !case.ghosts[*at]);
            assert_eq!(Some(there.clone().count()), optional(&expected["n_with_gaps"]), "{name}");
            assert_eq!(phase.n, there.filter(|at| !case.values[*at].is_nan()).count(), "{name}");
            assert_eq!(Some(phase.useful), optional(&expected["useful"]), "{name}");
            assert_eq!(phase.runs.longest, optional(&expected["longest"]), "{name}");
            assert_eq!(phase.runs.longest_max, optional(&expected["longest_max"]), "{name}");
            assert_eq!(phase.runs.crossings, optional(&expected["crossings"]), "{name}");
            assert_eq!(phase.runs.crossings_min, optional(&expected["crossings_min"]), "{name}");
            assert_eq!(phase.runs.signal, expected["signal"], "{name}");
            assert_marks_are_the_long_runs(phase, &analysis.points, &name);
        }
        count += 1;
    }
    assert_eq!(count, 223);
}

/// A run chart marks points exactly where the longest run is too long.
fn assert_marks_are_the_long_runs(phase: &PhaseFinding, points: &[PointFinding], name: &str) {
    let points = &points[phase.from..=phase.to];
    let marked = points.iter().filter(|point| point.signals.contains(Signals::SHIFT)).count();
    if phase.runs.long_run {
        assert!(Some(marked) >= phase.runs.longest, "{name}");
    } else {
        assert_eq!(marked, 0, "{name}");
    }
    assert!(points.iter().all(|point| point.lower.is_nan() && point.upper.is_nan()), "{name}");
}

#[test]
fn individuals_agree_with_qicharts2_but_for_the_constant() {
    let recorded = Recorded::read("individuals");
    let mut count = 0;
    for case in recorded.cases() {
        let analysis = case.analyse(&case.options(ChartType::Xmr, RuleSet::Anhoej));
        let name = case.name();
        let mut falls_back = false;
        for (expected, phase) in case.phases(&analysis) {
            assert_near(phase.centre, &expected["centre"], &name);
            falls_back |= phase.screened == Screening::Fallback;
            if phase.screened != Screening::Fallback {
                // The same mean range, at 3 / 1.128 of it where Making Data Count has 2.66.
                let reach = (phase.upper - phase.centre) / 2.66 * 3.0 / 1.128;
                assert_near_by(phase.centre + reach, &expected["upper"], TOLERANCE, &name);
                assert_near_by(phase.centre - reach, &expected["lower"], TOLERANCE, &name);
            }
        }
        let outside: Vec<usize> =
            (0..case.values.len()).filter(|at| analysis.points[*at].signals.contains(Signals::OUTSIDE)).collect();
        if !falls_back {
            assert_eq!(outside, indices(&case.expected["outside"]), "{name}");
        }
        count += 1;
    }
    assert_eq!(count, 245);
}

#[test]
fn xmr_charts_agree_with_nhsrplotthedots() {
    let recorded = Recorded::read("xmr");
    let (mut agreed, mut refused, mut screened_to_nothing) = (0, 0, Vec::new());
    for case in recorded.cases() {
        let options = case.options(ChartType::Xmr, RuleSet::Mdc);
        let analysis = case.analyse(&options);
        let name = case.name();
        let mut is_ours = false;
        for (expected, phase) in case.phases(&analysis) {
            assert_eq!(Some(phase.from), optional(&expected["from"]), "{name}");
            assert_near(phase.centre, &expected["centre"], &name);
            if case.is_screened_to_nothing(phase) {
                assert_limits_of_all_ranges(&case, phase);
                is_ours = true;
            } else {
                assert_near(phase.lower, &expected["lower"], &name);
                assert_near(phase.upper, &expected["upper"], &name);
                assert_ne!(phase.screened, Screening::Fallback, "{name}");
            }
        }
        assert_eq!(sides(&analysis), case.expected["side"], "side of {name}");
        if is_ours {
            screened_to_nothing.push(name);
            continue;
        }
        assert_eq!(causes(&analysis), case.expected["cause"], "cause of {name}");
        for better in Better::ALL {
            let expected = &case.expected[better.code()];
            let analysis = case.analyse(&Options { better, ..options });
            assert_eq!(verdicts(&analysis), expected["points"], "{} {name}", better.code());
            assert_eq!(analysis.variation.code(), expected["variation"], "{} {name}", better.code());
        }
        assert_targets(&case, &options, analysis.phases.last().unwrap());
        if case.expected["refused"] == true { refused += 1 } else { agreed += 1 }
    }
    assert_eq!((agreed, refused), (186, 6));
    let expected = [
        "\"flat_then_one\"",
        "\"flat_then_one\" freeze=12",
        "\"flat_then_one\" rebase=[15]",
        "\"flat_zero\"",
        "\"prop_all1\"",
        "\"cnt_zero_heavy\" rebase=[24] freeze=12",
    ];
    assert_eq!(screened_to_nothing, expected);
}

/// Our answer where screening would leave nothing: the limits of the ranges as they are.
fn assert_limits_of_all_ranges(case: &Case<'_>, phase: &PhaseFinding) {
    let unscreened = Options { screening: false, ..case.options(ChartType::Xmr, RuleSet::Mdc) };
    let other = case.analyse(&unscreened);
    let same = other.phases.iter().find(|other| other.from == phase.from).unwrap();
    assert_eq!(phase.screened, Screening::Fallback, "{}", case.name());
    assert_eq!((phase.lower, phase.upper), (same.lower, same.upper), "{}", case.name());
    assert!(phase.lower <= phase.centre && phase.centre <= phase.upper, "{}", case.name());
}

fn assert_targets(case: &Case<'_>, options: &Options<'_>, last: &PhaseFinding) {
    for expected in case.expected["targets"].as_array().into_iter().flatten() {
        let target = match expected["at"].as_str() {
            Some("mean") => last.centre,
            Some("lpl") => last.lower,
            Some("upl") => last.upper,
            _ => expected["target"].as_f64().unwrap(),
        };
        for better in Better::ALL {
            let analysis = case.analyse(&Options { better, target: Some(target), ..*options });
            let found = analysis.assurance.map_or(Value::Null, |assurance| assurance.code().into());
            assert_eq!(found, expected[better.code()], "target {target}, {} {}", better.code(), case.name());
        }
    }
}

fn sides(analysis: &Analysis) -> String {
    let side = |point: &PointFinding| match point.side {
        Some(Side::Above) => '+',
        Some(Side::On) => '0',
        Some(Side::Below) => '-',
        None => '?',
    };
    analysis.points.iter().map(side).collect()
}

fn causes(analysis: &Analysis) -> String {
    let cause = |point: &PointFinding| {
        let (high, low) = match point.signals {
            Signals::NONE => return '.',
            Signals::OUTSIDE => ('U', 'L'),
            Signals::TREND => ('+', '-'),
            Signals::TWO_OF_THREE => ('A', 'B'),
            Signals::SHIFT => ('a', 'b'),
            more => panic!("Making Data Count gives a point one name, not {more:?}"),
        };
        if point.rising == Some(true) { high } else { low }
    };
    analysis.points.iter().map(cause).collect()
}

fn verdicts(analysis: &Analysis) -> String {
    let verdict = |point: &PointFinding| match (point.verdict, point.rising) {
        (Verdict::Improvement, Some(_)) => 'I',
        (Verdict::Concern, Some(_)) => 'C',
        (Verdict::Neutral, Some(true)) => 'H',
        (Verdict::Neutral, Some(false)) => 'L',
        (Verdict::Common, None) => '.',
        other => panic!("no such verdict: {other:?}"),
    };
    analysis.points.iter().map(verdict).collect()
}

#[test]
fn the_rules_of_perla_provost_and_murray_agree_with_the_published_ones() {
    let recorded = Recorded::read("ihi");
    let mut count = 0;
    for case in recorded.cases() {
        let analysis = case.analyse(&case.options(ChartType::Run, RuleSet::Ihi));
        let (expected, phase, name) = (case.expected, &analysis.phases[0], case.name());
        assert_near(phase.centre, &expected["median"], &name);
        assert_eq!(Some(phase.n), optional(&expected["n_points"]), "{name}");
        assert_eq!(Some(phase.useful), optional(&expected["n_useful"]), "{name}");
        assert_eq!(Some(phase.ihi.runs), optional(&expected["n_runs"]), "{name}");
        assert_eq!(phase.ihi.runs_min, optional(&expected["runs_lower"]), "{name}");
        assert_eq!(phase.ihi.runs_max, optional(&expected["runs_upper"]), "{name}");
        assert_eq!(phase.ihi.too_few, expected["too_few"].as_bool(), "{name}");
        assert_eq!(phase.ihi.too_many, expected["too_many"].as_bool(), "{name}");
        assert_rows(&case, &analysis, "shifts", Signals::SHIFT, phase.ihi.shift);
        assert_rows(&case, &analysis, "trends", Signals::TREND, phase.ihi.trend);
        count += 1;
    }
    assert_eq!(count, 84);
}

/// The marked points are those of the recorded rows: their ends are marked, no point outside them is, and
/// as many are marked as the rows hold (two rows may share a turning point).
fn assert_rows(case: &Case<'_>, analysis: &Analysis, key: &str, signal: Signals, found: bool) {
    let rows = case.expected[key].as_array().unwrap();
    let name = format!("{key} of {}", case.name());
    assert_eq!(found, !rows.is_empty(), "{name}");
    let marked: Vec<usize> =
        (0..case.values.len()).filter(|at| analysis.points[*at].signals.contains(signal)).collect();
    let ends: Vec<(usize, usize)> =
        rows.iter().map(|row| (optional(&row["first"]).unwrap(), optional(&row["last"]).unwrap())).collect();
    assert!(ends.iter().all(|(from, to)| marked.contains(from) && marked.contains(to)), "{name}");
    assert!(marked.iter().all(|at| ends.iter().any(|(from, to)| (from..=to).contains(&at))), "{name}");
    let shared = ends.windows(2).filter(|pair| pair[0].1 == pair[1].0).count();
    let length: usize = rows.iter().map(|row| optional(&row["length"]).unwrap()).sum();
    assert_eq!(marked.len(), length - shared, "{name}");
}

#[test]
fn the_limits_of_the_tests_of_runs_agree_with_the_tables() {
    let tables: Value = Recorded::read("tables").0;
    let anhoej = &tables["anhoej"];
    for (at, useful) in indices(&anhoej["n"]).into_iter().enumerate() {
        let phase = phase_of_useful_points(useful);
        assert_eq!(phase.runs.longest_max, optional(&anhoej["longest_run_max"][at]), "{useful}");
        assert_eq!(phase.runs.crossings_min, optional(&anhoej["n_crossings_min"][at]), "{useful}");
    }
    let runs = &tables["runs"];
    for (at, useful) in indices(&runs["n"]).into_iter().enumerate() {
        let phase = phase_of_useful_points(useful);
        assert_eq!(phase.ihi.runs_min, optional(&runs["lower"][at]), "{useful}");
        assert_eq!(phase.ihi.runs_max, optional(&runs["upper"][at]), "{useful}");
    }
}

fn phase_of_useful_points(useful: usize) -> PhaseFinding {
    let values: Vec<f64> = (0..useful).map(|at| if at % 2 == 0 { 1.0 } else { -1.0 }).collect();
    let options = Options { chart: ChartType::Run, centre: Some(0.0), ..Options::default() };
    analyse(Input::of(&values), &options).phases[0]
}
