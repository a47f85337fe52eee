//! From records and rows to the points of a chart: ratios, days between events, subgroups.

use chrono::NaiveDate;

use super::super::ChartPoint;
use super::super::source::{Row, Table};
use crate::domain::measure::{Amount, Measure, MeasureKind};
use crate::domain::point::{Point, Start};
use crate::spc::{Signals, Subgroup, Verdict};

/// The standard deviation of each subgroup that has one, in the order of time.
pub(super) type Spreads = Vec<(Start, f64)>;

/// The points of a measure in the order of time.
pub(super) fn of_measure(measure: &Measure, points: &[Point]) -> Vec<ChartPoint> {
    // Where the whole was counted, its bays and shifts are other series; they are no points of this one.
    let whole = points.iter().any(|point| point.key.stratum.is_empty());
    in_order(points, |point| !whole || point.key.stratum.is_empty())
        .into_iter()
        .map(|point| of_point(measure, point))
        .collect()
}

/// The subgroups of a measure: the values that one period holds, of its bays and shifts where there are any.
pub(super) fn subgroups(measure: &Measure, points: &[Point]) -> (Vec<ChartPoint>, Spreads) {
    let parts = points.iter().any(|point| !point.key.stratum.is_empty());
    let order = in_order(points, |point| !parts || !point.key.stratum.is_empty());
    grouped(order.into_iter().map(|point| of_point(measure, point)).collect())
}

fn in_order(points: &[Point], keep: impl Fn(&Point) -> bool) -> Vec<&Point> {
    let mut order: Vec<&Point> = points.iter().filter(|point| keep(point)).collect();
    order.sort_by_key(|point| (point.key.start, point.key.ordinal));
    order
}

fn of_point(measure: &Measure, point: &Point) -> ChartPoint {
    let has_parts = measure.has_denominator();
    ChartPoint {
        value: finite(point.plotted(measure)),
        numerator: point.value.filter(|_| has_parts),
        denominator: point.denominator.filter(|_| has_parts),
        note: point.note.clone(),
        ghost: point.ghost.clone(),
        ..blank(point.key.start, true)
    }
}

/// The points of a table in the order of time.
pub(super) fn of_rows(table: &Table<'_>) -> Vec<ChartPoint> {
    let of_row = |row: &Row| {
        let denominator = row.denominator.filter(|_| table.has_denominators);
        let kind = if table.has_denominators { MeasureKind::Rate } else { MeasureKind::Value };
        let value = row.value.and_then(|value| Amount { value, denominator }.plotted(kind));
        ChartPoint {
            value: finite(value),
            numerator: row.value.filter(|_| table.has_denominators),
            denominator,
            ghost: row.ghost.then(String::new),
            ..blank(row.start, true)
        }
    };
    let mut points: Vec<ChartPoint> = table.rows.iter().map(of_row).collect();
    points.sort_by_key(|point| point.start);
    points
}

/// One point for the values of each period: their mean, and how many there are as its denominator. A ghost
/// leaves its subgroup; a subgroup of ghosts is one itself.
pub(super) fn grouped(points: Vec<ChartPoint>) -> (Vec<ChartPoint>, Spreads) {
    let (mut out, mut spreads) = (Vec::new(), Vec::new());
    for group in points.chunk_by(|before, point| before.start == point.start) {
        let Some(first) = group.first() else { continue };
        let is_ghost = group.iter().all(|point| point.ghost.is_some());
        let speaking = group.iter().filter(|point| is_ghost || point.ghost.is_none());
        let values: Vec<f64> = speaking.map(|point| point.value).collect();
        let found = Subgroup::of(&values);
        spreads.push((first.start, found.spread));
        out.push(ChartPoint {
            value: found.mean,
            numerator: None,
            denominator: Some(found.size),
            ghost: first.ghost.clone().filter(|_| is_ghost),
            note: group.iter().find(|point| !point.note.is_empty()).map_or(String::new(), |point| point.note.clone()),
            ..blank(first.start, true)
        });
    }
    (out, spreads)
}

/// Whether more than half of the periods hold several values.
pub(super) fn has_subgroups(points: &[ChartPoint]) -> bool {
    let groups = points.chunk_by(|before, point| before.start == point.start);
    let (several, all) = groups.fold((0, 0), |(several, all), group| (several + usize::from(group.len() > 1), all + 1));
    2 * several > all
}

/// Puts the days since the event before in the place of each event's count; the first has none.
pub(super) fn days_between(points: &mut Vec<ChartPoint>) {
    points.retain(|point| point.value >= 1.0);
    let mut before: Option<NaiveDate> = None;
    for point in points.iter_mut() {
        let day = point.start.date();
        #[allow(clippy::cast_precision_loss, reason = "days of a few centuries")]
        let days = before.map_or(f64::NAN, |before| (day - before).num_days() as f64);
        point.value = days;
        before = Some(day);
    }
    // The first event only starts the count; alone, it is all there is to show.
    if points.len() > 1 {
        points.remove(0);
    }
}

pub(super) fn finite(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(f64::NAN)
}

/// A point without a value that nothing was found for yet.
pub(super) fn blank(start: Start, present: bool) -> ChartPoint {
    ChartPoint {
        start,
        value: f64::NAN,
        numerator: None,
        denominator: None,
        note: String::new(),
        ghost: None,
        centre: f64::NAN,
        lower: f64::NAN,
        upper: f64::NAN,
        near_lower: f64::NAN,
        near_upper: f64::NAN,
        target: f64::NAN,
        side: None,
        signals: Signals::NONE,
        rising: None,
        verdict: Verdict::Common,
        present,
    }
}
