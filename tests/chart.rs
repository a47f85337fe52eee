//! The chart as the whole program sees it: from a table to the object, the picture and the words.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use chrono::{Days, NaiveDate};
use huddleboard::app::look::Look;
use huddleboard::chart::{Chart, Row, Table, of_table};
use huddleboard::domain::point::Start;
use huddleboard::spc::{Better, ChartType};
use huddleboard::tui::widgets::chart::{text, text_with_colours};

fn chart(values: impl Iterator<Item = f64>, kind: ChartType) -> Chart {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default();
    let rows: Vec<Row> = (0u64..)
        .zip(values)
        .map(|(day, value)| Row {
            start: Start::day(first + Days::new(day)),
            value: value.is_finite().then_some(value),
            denominator: None,
            ghost: false,
        })
        .collect();
    of_table(Table { better: Better::Down, target: Some(4.0), ..Table::of("Delays", &rows, kind) })
}

fn wandering(count: u32) -> impl Iterator<Item = f64> {
    (0..count).map(|at| f64::from(at * 7919 % 101) / 10.0)
}

#[test]
fn the_object_parses_back_and_keeps_every_number() {
    let chart = chart(wandering(40), ChartType::Xmr);
    let text = chart.json().to_string();
    let back: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(back["n"], 40);
    assert_eq!(back["chart"], "xmr");
    assert_eq!(back["target"], 4.0);
    for (point, object) in chart.points.iter().zip(back["points"].as_array().unwrap()) {
        assert_eq!(object["value"].as_f64().map(f64::to_bits), Some(point.value.to_bits()));
        assert_eq!(object["upper"].as_f64().map(f64::to_bits), Some(point.upper.to_bits()));
    }
}

#[test]
fn the_page_of_the_command_line_says_the_verdict_and_has_no_escape_unless_asked() {
    let chart = chart(wandering(40), ChartType::Run);
    let plain = text(&chart, 80, 20, &Look::mono());
    assert!(plain.contains("Common cause") && plain.contains("Target ≤ 4"), "{plain}");
    assert!(!plain.contains('\x1b'));
    assert!(plain.lines().all(|line| line.chars().count() <= 80));
    assert!(text(&chart, 80, 20, &Look::mono().in_ascii()).is_ascii());
    assert!(text_with_colours(&chart, 80, 20, &Look::dark()).contains("\x1b[0"));
}

#[test]
fn rare_events_are_read_by_the_days_between_them() {
    use huddleboard::domain::frequency::Frequency;
    use huddleboard::domain::measure::{Measure, MeasureKind};
    use huddleboard::domain::point::{Point, PointKey};
    use huddleboard::domain::{MeasureId, TeamId};
    use huddleboard::spc::{Better, ChartType, RuleSet};

    let mut measure = Measure::blank(MeasureId::fresh(), TeamId::fresh());
    measure.kind = MeasureKind::Count;
    measure.frequency = Frequency::Event;
    measure.better = Some(Better::Down);
    measure.chart = Some(ChartType::T);
    let point = |day: &str| Point {
        key: PointKey::whole(measure.id, day.parse().unwrap()),
        value: Some(1.0),
        denominator: None,
        note: String::new(),
        ghost: None,
        revision: 1,
    };
    let points = [point("2026-01-03"), point("2026-01-10"), point("2026-02-10")];
    let chart = huddleboard::chart::build(huddleboard::chart::Source::of(&measure, &points));
    let days: Vec<f64> = chart.points.iter().map(|point| point.value).filter(|days| days.is_finite()).collect();
    assert_eq!((days, chart.better, chart.rules), (vec![7.0, 31.0], Better::Up, RuleSet::Mdc));
    assert_eq!((chart.chart, chart.wanted), (ChartType::T, None));
    assert!(chart.points.iter().all(|point| point.lower < point.centre && point.centre < point.upper));
}
