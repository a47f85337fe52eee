//! Under the plot: the axis, its dates, and the numbers of notes.

use chrono::{Datelike, NaiveDate};
use ratatui::buffer::Buffer;

use super::plan::{Plan, cells};
use super::put;
use crate::app::look::{Look, Role};
use crate::chart::Chart;
use crate::domain::frequency::Frequency;

/// How far the dates under the axis are apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// So many points.
    Points(usize),
    /// So many months, from January of a year that the number divides.
    Months(i32),
}

/// Draws the axis with its dates, the cursor's day and the numbers of notes.
pub(super) fn draw(chart: &Chart, plan: &Plan, cursor: Option<usize>, look: &Look, buf: &mut Buffer) {
    let row = plan.plot.bottom();
    let rule = if look.ascii { "-" } else { "─" };
    for x in plan.plot.left()..plan.plot.right() {
        put(buf, plan.area, x, row, rule, look.style(Role::Faint));
    }
    let mut free = plan.area.x;
    let held = cursor.and_then(|at| Some((at, chart.day_of(at)?)));
    let blocked = held.as_ref().map(|(at, day)| (place(plan, *at, day), cells(day)));
    for (index, label) in labels(chart, plan) {
        let x = place(plan, index, &label);
        let end = x + cells(&label);
        let hits = blocked.is_some_and(|(from, width)| x < from + width + 1 && from < end + 1);
        if x < free || end > plan.area.right() || hits {
            continue;
        }
        free = end + 2;
        let tick = if look.ascii { "|" } else { "┬" };
        put(buf, plan.area, plan.plot.x + plan.column(index), row, tick, look.style(Role::Faint));
        put(buf, plan.area, x, row + 1, &label, look.style(Role::Dim));
    }
    if let Some((at, day)) = held {
        put(buf, plan.area, place(plan, at, &day), row + 1, &day, look.style(Role::Accent));
    }
    if plan.notes {
        draw_notes(chart, plan, look, buf);
    }
}

/// Where a label begins that is centred under its point and stays within the area.
fn place(plan: &Plan, index: usize, label: &str) -> u16 {
    let width = cells(label);
    let middle = plan.plot.x + plan.column(index);
    let most = plan.area.right().saturating_sub(width);
    middle.saturating_sub(width / 2).max(plan.area.x).min(most)
}

/// The points that are labelled, with their labels.
fn labels(chart: &Chart, plan: &Plan) -> Vec<(usize, String)> {
    let end = (plan.first + plan.count).min(chart.points.len());
    let points = &chart.points[plan.first.min(end)..end];
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let (from, to) = (first.start.date(), last.start.date());
    match apart(chart.frequency, plan.spacing, points.len(), (from, to)) {
        Apart::Points(step) => {
            // Counted from the last point of the chart, so that panning keeps the labels on their points;
            // whole weeks of days begin on a Monday.
            let anchor = if chart.frequency == Frequency::Day && step % 7 == 0 {
                let weekday = chart.points[0].start.date().weekday().num_days_from_monday();
                (7 - weekday as usize) % 7
            } else {
                chart.points.len() - 1
            };
            let skip = (anchor % step + step - plan.first % step) % step;
            let mut year = None;
            (plan.first + skip..end)
                .step_by(step)
                .map(|index| (index, label(chart, chart.points[index].start.date(), &mut year, (from, to))))
                .collect()
        }
        Apart::Months(step) => by_month(chart, plan.first, end, step),
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

/// The numbers of the notes, each under its point or just beside it.
fn draw_notes(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let row = plan.plot.bottom() + 2;
    let mut free = plan.plot.x;
    for note in &chart.annotations {
        let Some(index) = note.index.filter(|index| (plan.first..plan.first + plan.count).contains(index)) else {
            continue;
        };
        let sign = note_sign(note.number, look.ascii);
        let x = (plan.plot.x + plan.column(index)).max(free);
        let end = x + cells(&sign);
        // One that would stand far from its point is left to the key.
        if end > plan.area.right() || x > plan.plot.x + plan.column(index) + 3 {
            continue;
        }
        put(buf, plan.area, x, row, &sign, look.style(Role::Annotation));
        free = end;
    }
}

/// The sign of a note: ① to ⑳, plain digits beyond and in ASCII.
pub(crate) fn note_sign(number: usize, ascii: bool) -> String {
    let circled = u32::try_from(number)
        .ok()
        .filter(|number| (1..=20).contains(number) && !ascii)
        .and_then(|number| char::from_u32(0x245F + number));
    circled.map_or_else(|| number.to_string(), String::from)
}
