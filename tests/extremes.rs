//! Every kind of chart with nothing, with little, with a great deal, and with numbers beyond reason: what comes out
//! can be read, drawn and parsed, and holds no number that is none.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

use chrono::{Days, NaiveDate};
use huddleboard::chart::{Chart, ChartPoint, Histogram, Row, Table, of_table};
use huddleboard::domain::point::Start;
use huddleboard::exchange::svg::svg;
use huddleboard::spc::{Better, ChartType, RuleSet, Signals};

/// What the values are like, and each by its place.
type Kind = (&'static str, fn(usize) -> f64);

const KINDS: [Kind; 9] = [
    ("wandering", |at| (at * 7919 % 101) as f64),
    ("all equal", |_| 7.0),
    ("all nought", |_| 0.0),
    ("all missing", |_| f64::NAN),
    ("as large as can be", |at| if at % 2 == 0 { 1e308 } else { -1e308 }),
    ("the largest there is", |at| if at % 3 == 0 { f64::MAX } else { 1e308 }),
    ("hardly anything", |at| (at % 3) as f64 * 1e-308),
    ("one far off", |at| if at == 1 { 1e300 } else { 3.0 }),
    ("every other missing", |at| if at % 2 == 0 { f64::NAN } else { at as f64 }),
];

fn rows(chart: ChartType, value: fn(usize) -> f64, count: usize) -> Vec<Row> {
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
    let of_period = if chart.needs_subgroups() { 3 } else { 1 };
    let rows = (0..count).flat_map(|at| (0..of_period).map(move |part| (at, part)));
    rows.map(|(at, part)| {
        let value = value(at) * if part == 0 { 1.0 } else { 0.5 };
        let denominator = chart.needs_denominators().then_some(match at % 5 {
            0 => 0.0,
            1 => 1e-300,
            2 => 1e300,
            more => 100.0 * more as f64,
        });
        Row {
            start: Start::day(first + Days::new(at as u64)),
            value: value.is_finite().then_some(value),
            denominator,
            ghost: at % 17 == 16,
        }
    })
    .collect()
}

fn drawn(chart: ChartType, value: fn(usize) -> f64, count: usize, rules: RuleSet) -> Chart {
    let rows = rows(chart, value, count);
    of_table(Table {
        has_denominators: chart.needs_denominators(),
        better: Better::Down,
        target: Some(5.0),
        rules: Some(rules),
        freeze: (count == 12).then_some(5),
        ..Table::of("A measure", &rows, chart)
    })
}

#[track_caller]
fn holds(chart: &Chart, what: &str) {
    let text = chart.json().to_string();
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["points"].as_array().map(Vec::len), Some(chart.points.len()), "{what}");
    let words = &chart.words;
    let said = [Some(&words.verdict), Some(&words.short), words.target.as_ref(), words.target_short.as_ref()];
    let said = said.into_iter().flatten().chain(&words.data).chain(words.signals.iter().map(|run| &run.text));
    for sentence in said {
        let wrong = ["NaN", "inf ", "inf.", "–", "  "].into_iter().find(|wrong| sentence.contains(wrong));
        assert!(wrong.is_none() && !sentence.is_empty() && sentence.len() < 300, "{what}: {sentence}");
    }
    let picture = svg(chart);
    assert!(!picture.contains("NaN") && !picture.contains("inf\""), "{what}");
    assert!(picture.len() < 1_000_000, "{what}: a picture of {} bytes", picture.len());
    for point in &chart.points {
        // A line is where it should be, or nowhere: limits never change places.
        let in_order = point.lower > point.upper || point.centre > point.upper && chart.chart != ChartType::G;
        assert!(!in_order, "{what}: {point:?}");
        assert!(!point.lower.is_infinite() && !point.upper.is_infinite() && !point.centre.is_infinite(), "{what}");
    }
    let histogram = Histogram::of_last_phase(chart);
    assert_eq!(histogram.bins.iter().map(|bin| bin.count).sum::<usize>(), histogram.n, "{what}");
}

#[test]
fn no_chart_of_any_size_or_range_says_or_draws_what_is_no_number() {
    for chart in ChartType::ALL {
        for (name, value) in KINDS {
            // A year of each kind of values on every other chart: pictures of it take their time.
            let year = if (name.len() + chart.code().len()) % 2 == 0 { 365 } else { 40 };
            for count in [0, 1, 2, 12, year] {
                let rules = RuleSet::ALL[(count + name.len()) % RuleSet::ALL.len()];
                let made = drawn(chart, value, count, rules);
                holds(&made, &format!("{chart:?} of {count}, {name}, {rules:?}"));
            }
        }
    }
}

#[test]
fn a_hundred_thousand_points_are_as_sound_as_a_dozen() {
    for chart in [ChartType::Run, ChartType::Xmr, ChartType::P, ChartType::Xbar] {
        let made = drawn(chart, KINDS[0].1, 100_000, RuleSet::default_for(chart));
        assert_eq!(made.points.len(), 100_000);
        holds(&made, &format!("{chart:?} of 100,000"));
    }
}

#[test]
fn of_equal_values_nothing_is_said_but_that_they_are_equal() {
    for chart in [ChartType::Run, ChartType::Xmr, ChartType::C, ChartType::T, ChartType::G] {
        for rules in RuleSet::ALL {
            let made = drawn(chart, |_| 7.0, 40, rules);
            // Counts that never vary are what Nelson's seventh test asks about: chance alone would have them vary.
            let hugs = rules == RuleSet::Nelson && matches!(chart, ChartType::C | ChartType::G);
            let said = |point: &ChartPoint| {
                point.signals != Signals::default() && !(hugs && point.signals == Signals::HUGGING)
            };
            assert!(!made.points.iter().any(said), "{chart:?} {rules:?}");
        }
    }
}
