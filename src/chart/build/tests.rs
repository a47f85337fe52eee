use super::*;
use crate::chart::{Mark, MarkKind, Row, TargetStep, sample};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::point::Point;
use crate::domain::record::Json;
use crate::domain::{AnnotationId, PhaseId, TeamId};
use crate::spc::Assurance;

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
        has_denominators: true,
        better: Better::Up,
        target: Some(f64::NAN),
        freeze: Some(0),
        frequency: Frequency::Event,
        ..Table::of("a", &rows, ChartType::Run)
    });
    assert_eq!(chart.points[0].value.to_bits(), 0.9f64.to_bits());
    assert!(chart.points[1].value.is_nan() && chart.points[2].value.is_nan());
    assert_eq!((chart.target, chart.unit.as_str(), chart.points.len()), (None, "%", 3));
}

#[test]
fn a_share_on_a_p_chart_has_wider_limits_where_fewer_were_counted() {
    let mut measure = sample::measure(MeasureKind::Proportion);
    measure.chart = Some(ChartType::P);
    measure.target = Some(0.5);
    let pairs: Vec<(f64, f64)> =
        (0..14).map(|week| (4.0 + f64::from(week % 3), if week == 5 { 20.0 } else { 80.0 })).collect();
    let chart = build(Source::of(&measure, &sample::pairs(&pairs)));
    let width = |at: usize| chart.points[at].upper - chart.points[at].lower;
    assert_eq!((chart.chart, chart.wanted, chart.rules), (ChartType::P, None, RuleSet::Mdc));
    assert!(width(5) > width(6) && chart.points[6].lower >= 0.0);
    assert_eq!(chart.phases[0].upper.to_bits(), chart.points[13].upper.to_bits());
    let (counted, of) = pairs.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
    assert!((chart.points[0].centre - counted / of).abs() < 1e-12);
    assert_eq!(chart.json()["points"][5]["numerator"], 6.0);
}

#[test]
fn several_values_of_one_period_make_a_chart_of_their_means_or_spreads() {
    let row = |week: usize, value: f64, ghost: bool| Row {
        start: Start::day(sample::monday(week)),
        value: Some(value),
        denominator: None,
        ghost,
    };
    let rows: Vec<Row> = (0..12)
        .flat_map(|week| [row(week, 4.0, false), row(week, 6.0, false), row(week, 500.0, week == 3)])
        .filter(|row| row.value != Some(500.0) || row.ghost)
        .collect();
    let table = Table {
        better: Better::Up,
        target: Some(5.0),
        frequency: Frequency::Week(chrono::Weekday::Mon),
        ..Table::of("a", &rows, ChartType::Xbar)
    };
    let means = of_table(table);
    assert_eq!((means.chart, means.points.len(), means.better), (ChartType::Xbar, 12, Better::Up));
    assert!(means.points.iter().all(|point| point.value == 5.0 && point.denominator == Some(2.0)));
    // A3 of subgroups of two is 2.659, and the standard deviation of 4 and 6 is √2.
    assert!((means.points[0].upper - 5.0 - 2.6587 * 2f64.sqrt()).abs() < 1e-3);
    let spreads = of_table(Table { chart: ChartType::S, ..table });
    assert!(spreads.points.iter().all(|point| (point.value - 2f64.sqrt()).abs() < 1e-12));
    assert_eq!((spreads.better, spreads.target), (Better::Neither, None));
    assert_eq!(suggested(&table), (ChartType::Xbar, Why::Several));
}

#[test]
fn a_moving_range_stands_in_the_place_of_its_value() {
    let mut measure = sample::measure(MeasureKind::Value);
    measure.chart = Some(ChartType::Mr);
    let chart = build(Source::of(&measure, &sample::values(&[1.0, 4.0, 2.0])));
    let values: Vec<f64> = chart.points.iter().map(|point| point.value).collect();
    assert!(values[0].is_nan());
    assert_eq!(values[1..], [3.0, 2.0]);
    assert_eq!((chart.better, chart.phases[0].n), (Better::Neither, 2));
}

#[test]
fn events_on_a_g_chart_are_read_by_the_median_of_the_days_between() {
    let mut measure = sample::measure(MeasureKind::Count);
    measure.frequency = Frequency::Event;
    measure.chart = Some(ChartType::G);
    let chart = build(Source::of(&measure, &sample::values(&[1.0; 12])));
    assert_eq!((chart.chart, chart.centre_name()), (ChartType::G, "median"));
    assert!(chart.is_between() && chart.points.iter().all(|point| point.centre == 7.0 && point.upper > 7.0));
}

#[test]
fn a_screen_is_offered_the_charts_that_its_data_can_make() {
    let kinds = |kind: MeasureKind| {
        let measure = sample::measure(kind);
        let points =
            if measure.has_denominator() { sample::pairs(&[(1.0, 2.0); 3]) } else { sample::values(&[1.0; 3]) };
        let chart = build(Source::of(&measure, &points));
        ChartType::ALL.into_iter().filter(|kind| chart.takes(*kind)).map(ChartType::code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(kinds(MeasureKind::Value), "run xmr mr");
    assert_eq!(kinds(MeasureKind::Count), "run xmr mr c");
    assert_eq!(kinds(MeasureKind::Proportion), "run xmr mr p pp u up");
    assert_eq!(kinds(MeasureKind::Rate), "run xmr mr u up");
}

#[test]
fn a_target_that_changed_holds_each_point_to_its_own() {
    let mut measure = sample::measure(MeasureKind::Value);
    measure.better = Some(Better::Down);
    (measure.target, measure.chart) = (Some(4.0), Some(ChartType::Xmr));
    measure.past_targets = Json(vec![
        PastTarget { until: sample::monday(8), target: Some(6.0) },
        PastTarget { until: sample::monday(2), target: None },
    ]);
    let points = sample::values(&[5.0, 5.2, 4.9, 5.1, 5.0, 5.2, 4.9, 5.1, 5.0, 5.2, 4.9, 5.1]);
    let chart = build(Source::of(&measure, &points));
    assert_eq!(
        chart.target_steps(),
        [TargetStep { from: 2, to: 7, target: 6.0 }, TargetStep { from: 8, to: 11, target: 4.0 }]
    );
    assert_eq!((chart.target, chart.assurance), (Some(4.0), Some(Assurance::Fail)));
    assert_eq!(
        chart.words.target.as_deref(),
        Some("Target ≤ 4 since 2 Mar, before that ≤ 6: as it runs now it will miss it; met in 6 of the last 10 weeks.")
    );
    assert_eq!(chart.json()["targets"][0]["target"], 6.0);
    measure.past_targets.0[0].until = sample::monday(99);
    assert_eq!(build(Source::of(&measure, &points)).target, Some(6.0), "the new one holds only later");
}

#[test]
fn a_given_centre_line_stands_in_every_phase_and_is_said() {
    let mut measure = sample::measure(MeasureKind::Value);
    (measure.centre, measure.chart) = (Some(7.0), Some(ChartType::Xmr));
    let points = sample::values(&[5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 7.0]);
    let chart = build(Source::of(&measure, &points));
    assert!(chart.points.iter().all(|point| point.centre == 7.0));
    assert!(chart.words.data.contains(&"The mean was given as 7; the limits come from 12 weeks.".to_owned()));
    let other = build(Source { chart: Some(ChartType::Mr), ..Source::of(&measure, &points) });
    assert_eq!(other.given_centre, None, "a level of values is none of their ranges");
}

#[test]
fn screening_is_said_whether_it_is_on_or_off_and_so_is_a_gap() {
    let mut measure = sample::measure(MeasureKind::Value);
    measure.chart = Some(ChartType::Xmr);
    let mut points = sample::values(&[5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 7.0, 5.0, 6.0, 8.0, 7.0]);
    let says = |measure: &Measure, points: &[Point], part: &str| {
        build(Source::of(measure, points)).words.data.iter().any(|words| words.contains(part))
    };
    assert!(says(&measure, &points, "No step was so large"));
    assert!(!says(&measure, &points, "What is missing"));
    points.remove(4);
    assert!(says(&measure, &points, "What is missing is passed over, and no step is measured across it."));
    measure.screening = Some(false);
    assert!(says(&measure, &points, "screening is off"));
    measure.chart = Some(ChartType::Run);
    assert!(!says(&measure, &points, "screening") && !says(&measure, &points, "No step"));
}
