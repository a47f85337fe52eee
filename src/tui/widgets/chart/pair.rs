//! Two measures on one axis of days, one above the other, each with a vertical axis of its own: what
//! happened at the same time stands in the same column.

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::plan::{Plan, Shared};
use super::{ChartView, LEAST, draw_on, put, verdict_role};
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::chart::Chart;

/// Draws two charts; what is seen is told in points of the first.
pub fn draw_pair(charts: [&Chart; 2], view: &ChartView, area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.width < LEAST.0 || area.height / 2 < LEAST.1 + 1 {
        super::draw(charts[0], view, area, buf, look);
        return;
    }
    for (chart, plan) in charts.into_iter().zip(plans(charts, view, area, look)) {
        title(chart, Rect { y: plan.area.y - 1, height: 1, ..area }, look, buf);
        if plan.count == 0 {
            put(buf, area, area.x + 2, plan.area.y + 1, "No values in these days.", look.style(Role::Dim));
            continue;
        }
        // The period that the cursor's day lies in.
        let own = plan.cursor.map(|(_, day)| chart.points.partition_point(|point| point.start.date() <= day));
        let own = own.and_then(|after| after.checked_sub(1));
        let own = own.filter(|at| (plan.first..plan.first + plan.count).contains(at));
        draw_on(chart, &plan, own, look, buf);
    }
}

/// The plans of the two in the halves of an area, each under a row for its title.
pub(super) fn plans(charts: [&Chart; 2], view: &ChartView, area: Rect, look: &Look) -> [Plan; 2] {
    let upper = Rect { height: area.height / 2, ..area };
    let lower = Rect { y: upper.bottom(), height: area.height - upper.height, ..area };
    let halves = [upper, lower].map(|half| Rect { y: half.y + 1, height: half.height.saturating_sub(1), ..half });
    let windows = windows(charts, view);
    let days = days(charts, windows);
    let cursor = view.cursor.and_then(|at| charts[0].points.get(at)).filter(|_| view.show_cursor);
    let cursor = cursor.map(|point| point.start.date()).filter(|day| (days.0..=days.1).contains(day));
    let margins = margins(charts, halves, look);
    let plan = |at: usize| {
        let shared = Shared { days, margins, dated: at == 1 || windows[1].1 == 0, cursor };
        Plan::sharing(charts[at], halves[at], windows[at], Some(shared), look)
    };
    [plan(0), plan(1)]
}

/// The visible points of both: those of the second that lie in the days of the first's.
fn windows([one, two]: [&Chart; 2], view: &ChartView) -> [(usize, usize); 2] {
    let (first, count) = view.window(one.points.len());
    let visible = one.points.get(first..first + count).unwrap_or_default();
    let (from, to) = match (visible.first(), visible.last()) {
        (Some(from), Some(to)) if view.visible.is_some() => (from.start.date(), to.start.date()),
        _ => (NaiveDate::MIN, NaiveDate::MAX),
    };
    let start = two.points.partition_point(|point| point.start.date() < from);
    let end = two.points.partition_point(|point| point.start.date() <= to);
    [(first, count), (start, end - start)]
}

/// The first and the last day that is seen of either.
fn days(charts: [&Chart; 2], windows: [(usize, usize); 2]) -> (NaiveDate, NaiveDate) {
    let ends = charts.iter().zip(windows).flat_map(|(chart, (first, count))| {
        let visible = chart.points.get(first..first + count).unwrap_or_default();
        [visible.first(), visible.last()].into_iter().flatten().map(|point| point.start.date())
    });
    let (low, high) = ends.fold((NaiveDate::MAX, NaiveDate::MIN), |(low, high), day| (low.min(day), high.max(day)));
    if low > high { (NaiveDate::default(), NaiveDate::default()) } else { (low, high) }
}

/// The wider margins of the two, so that their plots stand exactly above each other.
fn margins(charts: [&Chart; 2], halves: [Rect; 2], look: &Look) -> (u16, u16) {
    let of = |at: usize| {
        let plan = Plan::of(charts[at], halves[at], 0, 1, look);
        (plan.plot.x - plan.area.x, plan.area.right().saturating_sub(plan.plot.right()))
    };
    let (one, two) = (of(0), of(1));
    (one.0.max(two.0), one.1.max(two.1))
}

/// The name of a chart, what it says and in which unit it is.
fn title(chart: &Chart, row: Rect, look: &Look, buf: &mut Buffer) {
    let badge = chart.badge(look.ascii);
    let bold = look.style(Role::Title).add_modifier(Modifier::BOLD);
    let width = |words: &str| u16::try_from(text::width(words)).unwrap_or(0);
    put(buf, row, row.x + 1, row.y, &chart.name, bold);
    let at = row.x + 1 + width(&chart.name) + 2;
    put(buf, row, at, row.y, &badge, look.style(verdict_role(chart.verdict())));
    let at = at + width(&badge) + 2;
    put(buf, row, at, row.y, &chart.words.short, look.style(Role::Dim));
}
