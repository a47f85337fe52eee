//! The dates under a chart: few enough to have room, on days that people count by.

use chrono::{Datelike, NaiveDate};

use super::Chart;
use crate::domain::frequency::Frequency;

/// How far the dates under the axis are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// So many points.
    Points(usize),
    /// So many months, from January of a year that the number divides.
    Months(i32),
}

/// The points among `first..first + count` that are labelled, with their labels, where points are
/// `spacing` letters apart: as many as have room beside each other.
pub(super) fn dates(chart: &Chart, first: usize, count: usize, spacing: f64) -> Vec<(usize, String)> {
    let end = (first + count).min(chart.points.len());
    let points = &chart.points[first.min(end)..end];
    let (Some(earliest), Some(latest)) = (points.first(), points.last()) else { return Vec::new() };
    let (from, to) = (earliest.start.date(), latest.start.date());
    match apart(chart.frequency, spacing, points.len(), (from, to)) {
        Apart::Points(step) => {
            // Counted from the last point of the chart, so that panning keeps the labels on their points;
            // whole weeks of days begin on a Monday.
            let anchor = if chart.frequency == Frequency::Day && step % 7 == 0 {
                let weekday = chart.points[0].start.date().weekday().num_days_from_monday();
                (7 - weekday as usize) % 7
            } else {
                chart.points.len() - 1
            };
            let skip = (anchor % step + step - first % step) % step;
            let mut year = None;
            (first + skip..end)
                .step_by(step)
                .map(|index| (index, label(chart, chart.points[index].start.date(), &mut year, (from, to))))
                .collect()
        }
        Apart::Months(step) => by_month(chart, first, end, step),
    }
}

fn label(chart: &Chart, day: NaiveDate, year: &mut Option<i32>, (from, to): (NaiveDate, NaiveDate)) -> String {
    match chart.frequency {
        Frequency::Year => return day.format("%Y").to_string(),
        Frequency::Month | Frequency::Quarter => return day.format("%b %Y").to_string(),
        Frequency::Day | Frequency::Week(_) | Frequency::Event => {}
    }
    if chart.frequency == Frequency::Event && (to - from).num_days() > 1_000 {
        return day.format("%b %Y").to_string();
    }
    // The year is said once, where the visible part goes over a new year.
    let is_new = from.year() != to.year() && *year != Some(day.year());
    *year = Some(day.year());
    day.format(if is_new { "%-d %b %Y" } else { "%-d %b" }).to_string()
}

/// The first point of every so many months.
fn by_month(chart: &Chart, first: usize, end: usize, step: i32) -> Vec<(usize, String)> {
    let points = &chart.points[first..end];
    let month = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
    let mut out = Vec::new();
    let Some(start) = points.first().map(|point| month(point.start.date())) else { return out };
    let mut at = start.div_euclid(step) * step;
    while out.len() < 400 {
        let year = at.div_euclid(12);
        let day = NaiveDate::from_ymd_opt(year, at.rem_euclid(12).cast_unsigned() + 1, 1);
        let Some(day) = day else { break };
        let index = points.partition_point(|point| point.start.date() < day);
        let Some(point) = points.get(index) else { break };
        // A month without any point has no label of its own.
        if at >= start && month(point.start.date()) - at < step && (index > 0 || month(point.start.date()) == at) {
            let format = if step % 12 == 0 { "%Y" } else { "%b %Y" };
            out.push((first + index, day.format(format).to_string()));
        }
        at += step;
    }
    out
}

/// The narrowest distance at which the labels have room.
fn apart(frequency: Frequency, spacing: f64, count: usize, (from, to): (NaiveDate, NaiveDate)) -> Apart {
    let points: &[usize] = match frequency {
        Frequency::Day => &[1, 2, 7, 14, 28],
        Frequency::Week(_) => &[1, 2, 4, 5, 8, 10, 13],
        Frequency::Month | Frequency::Quarter => &[],
        Frequency::Year => &[1, 2, 5, 10, 20, 50, 100],
        Frequency::Event => &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000],
    };
    let width = match frequency {
        Frequency::Year => 7.0,
        Frequency::Event if (to - from).num_days() > 1_000 => 11.0,
        // The first date of a new year has the year behind it.
        _ if from.year() != to.year() => 12.0,
        _ => 9.0,
    };
    #[allow(clippy::cast_precision_loss, reason = "a number of points or days")]
    let fitting = points.iter().copied().find(|step| *step as f64 * spacing >= width);
    if let Some(step) = fitting {
        return Apart::Points(step);
    }
    if matches!(frequency, Frequency::Event | Frequency::Year) {
        return Apart::Points(points.last().copied().unwrap_or(1));
    }
    #[allow(clippy::cast_precision_loss, reason = "a number of points or days")]
    let per_month = {
        let months = ((to - from).num_days() as f64 / 30.44).max(1.0);
        spacing * count.saturating_sub(1).max(1) as f64 / months
    };
    let fits = |months: &i32| f64::from(*months) * per_month >= if *months % 12 == 0 { 8.0 } else { 12.0 };
    let steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000];
    Apart::Months(steps.into_iter().find(fits).unwrap_or(24_000))
}

#[cfg(test)]
mod tests {
    use crate::chart::sample;

    #[test]
    fn the_latest_point_has_a_date_and_a_new_year_is_said_once() {
        let chart = sample::chart(&[1.0; 60]);
        let labels: Vec<String> = chart.dates(0, 60, 2.0).into_iter().map(|label| label.1).collect();
        assert_eq!(labels.last().map(String::as_str), Some("22 Feb 2027"));
        assert_eq!(labels.iter().filter(|label| label.contains("2027")).count(), 1);
    }

    #[test]
    fn crowded_points_are_dated_by_month_or_year() {
        let chart = sample::chart(&[1.0; 600]);
        let labels: Vec<String> = chart.dates(0, 600, 0.1).into_iter().map(|label| label.1).collect();
        assert_eq!(labels[..3], ["2026", "2028", "2030"]);
        assert!(chart.dates(600, 10, 1.0).is_empty());
        assert!(sample::chart(&[]).dates(0, 0, 1.0).is_empty());
    }
}
