//! The horizontal axis and the rooms of the picture: which part of the area is for what, and at which
//! column a point stands.

use ratatui::layout::Rect;

use super::ruler::Ruler;
use crate::app::look::Look;
use crate::base::text;
use crate::chart::Chart;

/// From this spacing on every point has a sign of its own; closer ones are only joined.
const ROOMY: f64 = 2.0;
/// Few points do not drift further apart than this.
const WIDEST: f64 = 8.0;

/// Where everything stands.
#[derive(Debug)]
pub(super) struct Plan {
    /// Where lines and points are drawn.
    pub(super) plot: Rect,
    /// The whole area.
    pub(super) area: Rect,
    /// The vertical axis.
    pub(super) ruler: Ruler,
    /// Index of the first visible point.
    pub(super) first: usize,
    /// How many are visible.
    pub(super) count: usize,
    /// Cells from point to point.
    pub(super) spacing: f64,
    /// Whether there is a row for the numbers of notes.
    pub(super) notes: bool,
    /// Whether the centre line and the target are named in the right margin.
    pub(super) named: bool,
}

impl Plan {
    /// The plan of a chart whose points `first..first + count` are visible.
    pub(super) fn of(chart: &Chart, area: Rect, first: usize, count: usize, look: &Look) -> Self {
        let notes = !chart.annotations.is_empty() && area.height >= 8;
        let below = 2 + u16::from(notes);
        let rows = area.height.saturating_sub(below).max(1);
        let ruler = Ruler::of(chart, rows);
        let left = tick_labels(chart, &ruler).map(|(_, label)| cells(&label)).max().unwrap_or(0) + 1;
        let named = area.width >= 64;
        let right = if area.width >= 36 { margin(chart, named, look) } else { 0 };
        let width = area.width.saturating_sub(left + right).max(1);
        let plot = Rect::new(area.x + left.min(area.width.saturating_sub(1)), area.y, width, rows).intersection(area);
        let room = f64::from(plot.width.saturating_sub(1 + inset(plot.width) * 2).max(1));
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        let spacing = if count > 1 { (room / (count - 1) as f64).min(WIDEST) } else { WIDEST };
        Self { plot, area, ruler, first, count, spacing, notes, named }
    }

    /// Whether there are more points than columns.
    pub(super) fn is_dense(&self) -> bool {
        self.spacing < 1.0
    }

    /// Whether every point has a sign of its own.
    pub(super) fn is_roomy(&self) -> bool {
        self.spacing >= ROOMY
    }

    /// The dot column of a visible point, from the left edge of the plot.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "within the plot")]
    pub(super) fn dot(&self, index: usize) -> i32 {
        let steps = index.saturating_sub(self.first) as f64 * self.spacing;
        let inset = i32::from(inset(self.plot.width));
        if self.is_dense() { 2 * inset + (2.0 * steps).round() as i32 } else { 2 * (inset + steps.round() as i32) }
    }

    /// The column of a visible point, from the left edge of the plot.
    pub(super) fn column(&self, index: usize) -> u16 {
        let column = u16::try_from(self.dot(index) / 2).unwrap_or(0);
        column.min(self.plot.width.saturating_sub(1))
    }

    /// The visible point that is nearest to a column.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the points"
    )]
    pub(super) fn nearest(&self, column: u16) -> usize {
        let steps = f64::from(column.saturating_sub(inset(self.plot.width))) / self.spacing;
        self.first + (steps.round() as usize).min(self.count.saturating_sub(1))
    }
}

/// The cells that stay free at either end of the plot.
fn inset(width: u16) -> u16 {
    u16::from(width >= 12)
}

/// A number of cells that fits a screen.
pub(super) fn cells(label: &str) -> u16 {
    u16::try_from(text::width(label)).unwrap_or(u16::MAX).min(40)
}

/// The rows of the ticks with their labels.
pub(super) fn tick_labels(chart: &Chart, ruler: &Ruler) -> impl Iterator<Item = (u16, String)> {
    let step = ruler.step();
    ruler.ticks().map(move |(row, plotted)| {
        let number = chart.scale.tick(plotted, step);
        // Only a short unit stands at every tick.
        let label = if chart.unit.chars().count() <= 2 { chart.scale.with_unit(number) } else { number };
        (row, label)
    })
}

/// How wide the margin for the names of lines is.
fn margin(chart: &Chart, named: bool, look: &Look) -> u16 {
    let mut widest = super::margin::target(chart, named, look).map_or(0, |label| cells(&label));
    for phase in &chart.phases {
        for line in [phase.upper, phase.lower] {
            if line.is_finite() {
                widest = widest.max(cells(&chart.scale.line(line)) + 2);
            }
        }
        if phase.centre.is_finite() {
            widest = widest.max(cells(&super::margin::centre(chart, phase.centre, named)));
        }
    }
    if widest == 0 { 0 } else { widest + 1 }
}
