//! Small measures and series for the tests of this room and of what draws it.

use chrono::{Days, NaiveDate, Weekday};

use super::{Chart, Source, build};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::domain::point::{Point, PointKey};
use crate::domain::{MeasureId, TeamId};
use crate::spc::{Better, ChartType};

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
