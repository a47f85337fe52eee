use super::*;
use crate::chart::sample;
use crate::chart::{Mark, MarkKind, Row};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::{AnnotationId, PhaseId, TeamId};

#[test]
fn a_period_without_a_row_is_a_gap_and_an_event_has_none() {
    let mut measure = sample::measure(MeasureKind::Value);
    let mut points = sample::values(&[1.0, 2.0, 3.0, 4.0, 5.0]);
    points.drain(1..3);
    let chart = build(Source::of(&measure, &points));
    let present: Vec<bool> = chart.points.iter().map(|point| point.present).collect();
    assert_eq!(present, [true, false, false, true, true]);
    assert_eq!(chart.points[2].start.date(), sample::monday(2));
    assert!(chart.points[1].value.is_nan() && chart.points[1].side.is_none());
    measure.frequency = Frequency::Event;
    assert_eq!(build(Source::of(&measure, &points)).points.len(), 3);
}

#[test]
fn an_absurd_date_does_not_fill_the_chart_with_gaps() {
    let mut measure = sample::measure(MeasureKind::Value);
    measure.frequency = Frequency::Day;
    let mut points = sample::values(&[1.0, 2.0, 3.0]);
    points[2].key.start = Start::day("9999-12-31".parse().unwrap());
    points[0].key.start = Start::day("-0044-03-15".parse().unwrap());
    assert!(build(Source::of(&measure, &points)).points.len() <= MOST_GAPS + 5);
}

#[test]
fn points_in_any_order_come_out_in_the_order_of_time() {
    let measure = sample::measure(MeasureKind::Value);
    let mut points = sample::values(&[1.0, 2.0, 3.0]);
    points.reverse();
    let values: Vec<f64> = build(Source::of(&measure, &points)).points.iter().map(|point| point.value).collect();
    assert_eq!(values, [1.0, 2.0, 3.0]);
}

#[test]
fn a_phase_begins_with_the_first_point_on_or_after_its_day() {
    let measure = sample::measure(MeasureKind::Value);
    let points = sample::values(&[1.0; 6]);
    let phase = |day: &str| {
        let mut phase = Phase::blank(PhaseId::default(), TeamId::default());
        phase.day = day.parse().ok();
        phase.reason = format!("from {day}");
        phase
    };
    // A Thursday, a day before all points and a day after them.
    let phases = [phase("2026-01-22"), phase("2025-01-01"), phase("2027-01-01")];
    let chart = build(Source { phases: &phases, ..Source::of(&measure, &points) });
    let found: Vec<_> = chart.phases.iter().map(|phase| (phase.from, phase.to, phase.reason.as_str())).collect();
    assert_eq!(found, [(0, 2, ""), (3, 5, "from 2026-01-22")]);
    assert_eq!(chart.phase_of(4).map(|phase| phase.from), Some(3));
    assert_eq!(chart.phase_of(6), None);
}

#[test]
fn notes_are_numbered_by_day_and_stand_at_the_point_that_holds_it() {
    let measure = sample::measure(MeasureKind::Value);
    let points = sample::values(&[1.0; 4]);
    let mut annotation = Annotation::blank(AnnotationId::default(), TeamId::default());
    annotation.day = "2026-01-21".parse().ok();
    annotation.text = "Agency staff".to_owned();
    let marks = [
        Mark { day: sample::monday(1), text: "PDSA 1 Do".into(), kind: MarkKind::Do },
        Mark { day: "2030-01-01".parse().unwrap(), text: "PDSA 1 Act".into(), kind: MarkKind::Act },
    ];
    let source = Source { annotations: &[annotation], marks: &marks, ..Source::of(&measure, &points) };
    let notes: Vec<_> =
        build(source).annotations.into_iter().map(|note| (note.number, note.index, note.text)).collect();
    assert_eq!(
        notes,
        [
            (1, Some(1), "PDSA 1 Do".to_owned()),
            (2, Some(2), "Agency staff".to_owned()),
            (3, Some(3), "PDSA 1 Act".to_owned())
        ]
    );
}

#[test]
fn other_rules_go_with_another_chart() {
    let mut measure = sample::measure(MeasureKind::Value);
    measure.rules = Some(RuleSet::Ihi);
    let points = sample::values(&[1.0, 2.0, 3.0]);
    let source = Source::of(&measure, &points);
    assert_eq!(build(source).rules, RuleSet::Ihi);
    let xmr = build(Source { chart: Some(ChartType::Xmr), ..source });
    assert_eq!((xmr.chart, xmr.rules), (ChartType::Xmr, RuleSet::Mdc));
}

#[test]
fn a_table_with_denominators_plots_the_fraction() {
    let row = |value, denominator| Row {
        start: Start::day(sample::monday(0)),
        value: Some(value),
        denominator,
        ghost: false,
    };
    let rows = [row(9.0, Some(10.0)), row(1.0, Some(0.0)), row(1.0, None)];
    let chart = of_table(Table {
        name: "a",
        rows: &rows,
        has_denominators: true,
        chart: ChartType::Run,
        rules: None,
        better: Better::Up,
        target: Some(f64::NAN),
        rebase: &[],
        freeze: Some(0),
        screening: true,
        frequency: Frequency::Event,
        fill_gaps: true,
    });
    assert_eq!(chart.points[0].value.to_bits(), 0.9f64.to_bits());
    assert!(chart.points[1].value.is_nan() && chart.points[2].value.is_nan());
    assert_eq!((chart.target, chart.unit.as_str(), chart.points.len()), (None, "%", 3));
}
