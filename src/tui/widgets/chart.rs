//! The chart of a measure: points, thread, lines, notes and cursor.
//!
//! The widget must not lie by rounding. The centre line stands on one row, and a point above it is
//! drawn on a row above, a point below on a row below, a point on it on that row, at every size; the
//! same holds for points beyond a limit. `ruler` does it, and the tests at the end of `tests.rs` hold
//! it for random data.

mod axis;
mod curve;
mod funnel;
mod lines;
mod margin;
mod pair;
mod plan;
mod ruler;
mod strata;
mod strip;
#[cfg(test)]
mod tests;
mod text;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::look::{Look, Role};
use crate::chart::Chart;

pub(super) use curve::Thread;
pub use funnel::draw_funnel;
pub use pair::draw_pair;
use plan::Plan;
pub use strata::{draw_strata, stratum_letter, stratum_role};
pub use text::{text, text_with_colours};

/// A smaller area shows the latest value and a spark instead.
const LEAST: (u16, u16) = (20, 5);

/// What is seen of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChartView {
    /// The point under the cursor.
    pub cursor: Option<usize>,
    /// The first visible point, where not all are.
    pub first: usize,
    /// How many points are visible; none: all.
    pub visible: Option<usize>,
    /// Whether the cursor is drawn.
    pub show_cursor: bool,
}

impl ChartView {
    /// The visible points of a chart of so many: the first, and how many.
    #[must_use]
    pub fn window(&self, len: usize) -> (usize, usize) {
        let count = self.visible.unwrap_or(len).clamp(len.min(1), len);
        (self.first.min(len - count), count)
    }

    /// Moves the cursor; the first move puts it on the last point. The window follows.
    pub fn move_by(&mut self, by: isize, len: usize) {
        let Some(last) = len.checked_sub(1) else { return };
        let at = self.cursor.map_or(last, |at| at.min(last).saturating_add_signed(by).min(last));
        self.put(at, len);
    }

    /// Puts the cursor on a point. The window follows.
    pub fn put(&mut self, at: usize, len: usize) {
        let Some(last) = len.checked_sub(1) else { return };
        let at = at.min(last);
        self.cursor = Some(at);
        self.show_cursor = true;
        let (first, count) = self.window(len);
        self.first = if at < first {
            at
        } else if at >= first + count {
            at + 1 - count
        } else {
            first
        };
    }

    /// Moves the window and leaves the cursor.
    pub fn pan(&mut self, by: isize, len: usize) {
        let (first, count) = self.window(len);
        self.first = first.saturating_add_signed(by).min(len - count);
    }

    /// Halves what is visible, around the cursor or else at the end.
    pub fn zoom_in(&mut self, len: usize) {
        let (_, count) = self.window(len);
        self.show(count.div_ceil(2).max(len.min(8)), len);
    }

    /// Doubles what is visible.
    pub fn zoom_out(&mut self, len: usize) {
        let (_, count) = self.window(len);
        self.show(count.saturating_mul(2), len);
    }

    fn show(&mut self, count: usize, len: usize) {
        if count >= len {
            (self.visible, self.first) = (None, 0);
            return;
        }
        let middle = self.cursor.unwrap_or(len);
        self.visible = Some(count);
        self.first = middle.saturating_sub(count / 2).min(len - count);
    }
}

/// Draws a chart. Its vertical axis covers all points, so that panning and zooming keep it.
pub fn draw(chart: &Chart, view: &ChartView, area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    if area.width < LEAST.0 || area.height < LEAST.1 {
        small(chart, area, buf, look);
        return;
    }
    let (first, count) = view.window(chart.points.len());
    if count == 0 {
        let row = area.y + area.height / 2;
        put(buf, area, area.x + area.width / 2 - 6, row, "No data yet.", look.style(Role::Dim));
        return;
    }
    let cursor = view.cursor.filter(|at| view.show_cursor && (first..first + count).contains(at));
    draw_on(chart, &Plan::of(chart, area, first, count, look), cursor, look, buf);
}

/// Draws a chart by its plan.
fn draw_on(chart: &Chart, plan: &Plan, cursor: Option<usize>, look: &Look, buf: &mut Buffer) {
    lines::draw(chart, plan, look, buf);
    if let Some(column) = plan.cursor.map(|cursor| cursor.0).or(cursor.map(|at| plan.column(at))) {
        draw_cursor(plan, column, look, buf);
    }
    curve::draw(chart, plan, cursor, look, buf);
    lines::draw_phases(chart, plan, look, buf);
    lines::draw_targets(chart, plan, look, buf);
    margin::draw_ticks(chart, plan, look, buf);
    margin::draw_lines(chart, plan, look, buf);
    if plan.strip {
        strip::draw(chart, plan, look, buf);
    }
    axis::draw(chart, plan, cursor, look, buf);
}

/// How many points of a chart have room in an area with a sign of their own.
#[must_use]
pub fn roomy(chart: &Chart, area: Rect, look: &Look) -> usize {
    plan::roomy(chart, area, look)
}

/// The column of the cursor, under the curve.
fn draw_cursor(plan: &Plan, column: u16, look: &Look, buf: &mut Buffer) {
    let x = plan.plot.x + column.min(plan.plot.width.saturating_sub(1));
    let sign = if look.ascii { '|' } else { '│' };
    for y in plan.plot.top()..plan.plot.bottom() {
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_char(sign).set_style(look.style(Role::Accent));
        }
    }
}

/// The latest value and, where there is room, a spark.
fn small(chart: &Chart, area: Rect, buf: &mut Buffer, look: &Look) {
    let tile = chart.summary();
    let role = verdict_role(tile.verdict);
    let value = format!("{} {}", crate::chart::glyph(tile.verdict, look.ascii), tile.value);
    put(buf, area, area.x, area.y, &value, look.style(role));
    let spark = Rect { y: area.y + 1, height: area.height - 1, ..area };
    super::spark::draw(&tile, spark, buf, look);
}

/// The role of a verdict.
#[must_use]
pub fn verdict_role(verdict: crate::spc::Verdict) -> Role {
    use crate::spc::Verdict;
    match verdict {
        Verdict::Concern => Role::Concern,
        Verdict::Improvement => Role::Improvement,
        Verdict::Neutral => Role::Neutral,
        Verdict::Common => Role::Common,
    }
}

/// Writes a text within an area, cut at its right edge; nothing beyond it.
fn put(buf: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) {
    if x < area.left() || x >= area.right() || y < area.top() || y >= area.bottom() {
        return;
    }
    buf.set_stringn(x, y, text, usize::from(area.right() - x), style);
}
