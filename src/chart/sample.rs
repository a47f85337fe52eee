//! Small measures and series for the tests of this room and of what draws it.

use chrono::{Days, NaiveDate, Weekday};

use super::{Chart, Mark, MarkKind, Row, Source, Table, build, of_table};
use crate::domain::annotation::Annotation;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::point::{Point, PointKey, Start};
use crate::domain::{AnnotationId, MeasureId, TeamId};
use crate::spc::{Better, ChartType, RuleSet};

/// Monday 5 January 2026, `week` weeks later.
pub(crate) fn monday(week: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + Days::new(7 * u64::try_from(week).unwrap())
}

/// A weekly measure where less is better.
pub(crate) fn measure(kind: MeasureKind) -> Measure {
    let mut measure = Measure::blank(MeasureId::default(), TeamId::default());
    measure.name = "Falls".to_owned();
    measure.kind = kind;
    measure.better = Some(Better::Down);
    measure.frequency = Frequency::Week(Weekday::Mon);
    measure
}

fn point(week: usize, value: Option<f64>, denominator: Option<f64>) -> Point {
    Point {
        key: PointKey::whole(MeasureId::default(), monday(week)),
        value,
        denominator,
        note: String::new(),
        ghost: None,
        revision: 1,
    }
}

/// Weekly values; NaN is a row without a value.
pub(crate) fn values(values: &[f64]) -> Vec<Point> {
    values.iter().enumerate().map(|(week, value)| point(week, (!value.is_nan()).then_some(*value), None)).collect()
}

/// Weekly numerators and denominators.
pub(crate) fn pairs(pairs: &[(f64, f64)]) -> Vec<Point> {
    pairs.iter().enumerate().map(|(week, pair)| point(week, Some(pair.0), Some(pair.1))).collect()
}

/// A run chart of weekly values where less is better.
pub(crate) fn chart(series: &[f64]) -> Chart {
    let measure = measure(MeasureKind::Value);
    build(Source::of(&measure, &values(series)))
}

/// The same as an XmR chart.
pub(crate) fn xmr(series: &[f64]) -> Chart {
    let mut measure = measure(MeasureKind::Value);
    measure.chart = Some(ChartType::Xmr);
    build(Source::of(&measure, &values(series)))
}

/// The same as a chart of this kind, marked by these rules.
pub(crate) fn by_rules(series: &[f64], chart: ChartType, rules: RuleSet) -> Chart {
    let mut measure = measure(MeasureKind::Value);
    (measure.chart, measure.rules) = (Some(chart), Some(rules));
    build(Source::of(&measure, &values(series)))
}

/// A daily table where less is better; NaN is a row without a value.
pub(crate) fn table(values: &[f64], chart: ChartType) -> Chart {
    let rows: Vec<Row> = (0u64..).zip(values).map(|(day, value)| row(day, *value, None)).collect();
    of_rows(&rows, chart)
}

/// The same with what the chart needs: denominators, or several values a day.
pub(crate) fn fitting_table(values: &[f64], chart: ChartType) -> Chart {
    let rows: Vec<Row> = if chart.needs_subgroups() {
        let times = |(day, value): (u64, &f64)| [0.0, 1.0, -2.0].map(|by| row(day, *value + by, None));
        (0u64..).zip(values).flat_map(times).collect()
    } else if chart.needs_denominators() {
        (0u64..).zip(values).map(|(day, value)| row(day, *value, Some(40.0 + (day % 17) as f64))).collect()
    } else {
        (0u64..).zip(values).map(|(day, value)| row(day, *value, None)).collect()
    };
    of_rows(&rows, chart)
}

fn row(day: u64, value: f64, denominator: Option<f64>) -> Row {
    let start = Start::day(monday(0) + Days::new(day));
    Row { start, value: value.is_finite().then_some(value), denominator, ghost: false }
}

fn of_rows(rows: &[Row], chart: ChartType) -> Chart {
    let has_denominators = rows.iter().any(|row| row.denominator.is_some());
    of_table(Table { better: Better::Down, has_denominators, ..Table::of("table", rows, chart) })
}

/// Weekly omissions of a made-up ward: a level near 7 %, then one near 4.5 %.
pub(crate) fn ward() -> Chart {
    let mut measure = measure(MeasureKind::Proportion);
    measure.name = "Medication omissions".to_owned();
    measure.chart = Some(ChartType::Xmr);
    measure.target = Some(0.05);
    measure.freeze = Some(17);
    let omitted = [
        52, 50, 49, 56, 50, 57, 45, 54, 60, 51, 53, 52, 44, 54, 57, 51, 50, 53, 38, 36, 34, 34, 29, 36, 30, 31, 33, 29,
    ];
    let counted: Vec<(f64, f64)> =
        (0u32..).zip(omitted).map(|(week, count)| (f64::from(count), f64::from(700 + week % 9))).collect();
    let mut points = pairs(&counted);
    points[27].note = "new staff shown the check".to_owned();
    points[12].ghost = Some("ward closed".to_owned());
    points.remove(10);
    let mut annotation = Annotation::blank(AnnotationId::default(), TeamId::default());
    annotation.day = Some(monday(6));
    annotation.text = "Pharmacist on leave".to_owned();
    let marks = [
        Mark { day: monday(18), text: "PDSA 3 Do: second check at the trolley".into(), kind: MarkKind::Do },
        Mark { day: monday(22), text: "PDSA 4 Do: all shifts".into(), kind: MarkKind::Do },
    ];
    build(Source { annotations: &[annotation], marks: &marks, ..Source::of(&measure, &points) })
}
