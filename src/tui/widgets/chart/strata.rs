//! The parts of one measure over each other: each has a letter and a thread of its own, and all stand
//! on one scale, against the centre line of the whole.

use chrono::NaiveDate;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::plan::{Plan, Shared};
use super::ruler::{Ruler, Spot};
use super::{ChartView, LEAST, Thread, axis, margin, put};
use crate::app::look::{Look, Role};
use crate::chart::Chart;
use crate::chart::extent::Extent;
use crate::spc::{Side, Verdict};
use crate::tui::widgets::braille::Canvas;

/// The roles of the threads: none of those that say what is better.
const ROLES: [Role; 6] = [Role::Accent, Role::Due, Role::Neutral, Role::Title, Role::Dim, Role::Line];

/// The letter of a part, in the order given.
#[must_use]
pub fn stratum_letter(at: usize) -> char {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or('?', |at| char::from(b'A' + at))
}

/// The role of a part, in the order given.
#[must_use]
pub fn stratum_role(at: usize) -> Role {
    ROLES[at % ROLES.len()]
}

/// Draws the charts of a measure's parts; `whole` is the chart of all of it, in whose points it is told what
/// is seen.
pub fn draw_strata(
    whole: &Chart,
    parts: &[(String, Chart)],
    view: &ChartView,
    area: Rect,
    buf: &mut Buffer,
    look: &Look,
) {
    let area = area.intersection(buf.area);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return;
    }
    let Some((low, high)) = days(whole, parts, view) else { return };
    let plan_of = |chart: &Chart, margins| {
        let shared = Shared { days: (low, high), margins, dated: true, cursor: None };
        let before = |end: NaiveDate| chart.points.partition_point(|point| point.start.date() < end);
        let first = before(low);
        let count = before(high.succ_opt().unwrap_or(high)) - first;
        let mut plan = Plan::sharing(chart, area, (first, count), Some(shared), look);
        // Notes and rules are the whole measure's: the rows below the plot are the same for all parts.
        plan.plot.height = area.height.saturating_sub(2).max(1);
        (plan.notes, plan.strip) = (false, false);
        plan
    };
    let rows = area.height.saturating_sub(2).max(1);
    let extent = parts.iter().map(|(_, chart)| chart.outline.extent).reduce(Extent::and);
    let extent = extent.unwrap_or(whole.outline.extent);
    // The line is the whole's: a part may be on either side of it.
    let extent = Extent { above: true, below: true, over: false, under: false, ..extent };
    let ruler = Ruler::over(&whole.scale, extent, rows);
    let margins = super::plan::margins(whole, &ruler, area, look);
    let centre = whole.phase().map_or(f64::NAN, |phase| phase.centre);
    let since = whole.phase().map_or(NaiveDate::MAX, |phase| phase.start.date());
    for (at, (_, chart)) in parts.iter().enumerate() {
        let plan = Plan { ruler, ..plan_of(chart, margins) };
        if at == 0 {
            lines(whole, &plan, (centre, since, (low, high)), look, buf);
        }
        part(chart, &plan, at, (centre, since), look, buf);
    }
    if let Some((_, longest)) = parts.iter().max_by_key(|(_, chart)| chart.points.len()) {
        let plan = Plan { ruler, ..plan_of(longest, margins) };
        margin::draw_ticks(longest, &plan, look, buf);
        axis::draw(longest, &plan, None, look, buf);
    }
}

/// The first and the last day that is seen.
fn days(whole: &Chart, parts: &[(String, Chart)], view: &ChartView) -> Option<(NaiveDate, NaiveDate)> {
    let (first, count) = view.window(whole.points.len());
    let visible = whole.points.iter().skip(first).take(count).map(|point| point.start.date());
    let ends = parts.iter().flat_map(|(_, chart)| [chart.points.first(), chart.points.last()]).flatten();
    let all = ends.map(|point| point.start.date());
    let days: Vec<NaiveDate> = if view.visible.is_some() { visible.collect() } else { all.collect() };
    Some((days.iter().min().copied()?, days.iter().max().copied()?))
}

/// The centre line of the whole, from the day on which its last phase began.
fn lines(
    whole: &Chart,
    plan: &Plan,
    (centre, since, (low, high)): (f64, NaiveDate, (NaiveDate, NaiveDate)),
    look: &Look,
    buf: &mut Buffer,
) {
    let spot = Spot { value: centre, side: None, centre, lower: f64::NAN, upper: f64::NAN };
    let Some(row) = plan.ruler.levels(spot).centre.and_then(|row| u16::try_from(row).ok()) else { return };
    let all = (high - low).num_days().max(1);
    let before = (since - low).num_days().clamp(0, all);
    let skip = i64::from(plan.plot.width) * before / all;
    let from = plan.plot.x + u16::try_from(skip).unwrap_or(0);
    let y = plan.plot.y + row;
    for x in from..plan.plot.right() {
        put(buf, plan.area, x, y, if look.ascii { "-" } else { "─" }, look.style(Role::Line));
    }
    let label = margin::centre(whole, centre, plan.named);
    put(buf, plan.area, plan.plot.right() + 1, y, &label, look.style(Role::Line));
}

/// The thread of a part with its letter at each point that has room for one, and at the last.
fn part(chart: &Chart, plan: &Plan, at: usize, (centre, since): (f64, NaiveDate), look: &Look, buf: &mut Buffer) {
    let style = look.style(stratum_role(at));
    let mut thread = Thread::on(Canvas::new(plan.plot.width, plan.plot.height));
    let mut letters: Vec<(u16, i32)> = Vec::new();
    for (index, point) in chart.points.iter().enumerate().skip(plan.first).take(plan.count) {
        if !point.speaks() {
            thread.cut();
            continue;
        }
        let spot = beside(point.value, if point.start.date() >= since { centre } else { f64::NAN });
        let dot = plan.ruler.dot(spot, plan.ruler.levels(spot));
        thread.to(plan.dot(index), dot, Verdict::Common);
        let column = plan.column(index);
        if letters.last().is_none_or(|(before, _)| column >= before + 2) {
            letters.push((column, dot / 4));
        }
    }
    thread.finish();
    thread.canvas.paint(plan.plot, buf, look, |_| style);
    let every = if plan.is_roomy() { 1 } else { 8 };
    let count = letters.len();
    for (place, (column, row)) in letters.into_iter().enumerate() {
        let Ok(row) = u16::try_from(row) else { continue };
        if place % every == 0 || place + 1 == count {
            let mut letter = [0; 4];
            let letter = stratum_letter(at).encode_utf8(&mut letter);
            put(buf, plan.plot, plan.plot.x + column, plan.plot.y + row, letter, style);
        }
    }
}

/// A value beside a line that was not computed from it: on which side it is.
fn beside(value: f64, centre: f64) -> Spot {
    let side = value.partial_cmp(&centre).map(|order| match order {
        std::cmp::Ordering::Greater => Side::Above,
        std::cmp::Ordering::Equal => Side::On,
        std::cmp::Ordering::Less => Side::Below,
    });
    Spot { value, side, centre, lower: f64::NAN, upper: f64::NAN }
}
