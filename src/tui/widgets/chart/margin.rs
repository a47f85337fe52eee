//! The margins: ticks on the left, the names of lines on the right.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use super::plan::{Plan, cells, tick_labels};
use super::put;
use crate::app::look::{Look, Role};
use crate::chart::Chart;

/// The label of the centre line.
pub(super) fn centre(chart: &Chart, plotted: f64, named: bool) -> String {
    let number = chart.scale.line(plotted);
    if named { format!("{} {number}", chart.centre_name()) } else { number }
}

/// The label of the target that held at a point.
pub(super) fn target(chart: &Chart, index: usize, named: bool, look: &Look) -> Option<String> {
    let mut label = chart.target_label_at(index)?;
    if look.ascii {
        label = label.replace('≤', "<=").replace('≥', ">=");
    }
    Some(if named { format!("target {label}") } else { label })
}

/// Draws the ticks' labels, aligned to the right.
pub(super) fn draw_ticks(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let style = look.style(Role::Dim);
    for (row, label) in tick_labels(chart, &plan.ruler) {
        let room = plan.plot.x.saturating_sub(plan.area.x + 1);
        let width = cells(&label);
        if width <= room {
            put(buf, plan.area, plan.area.x + room - width, plan.plot.y + row, &label, style);
        }
    }
}

/// Draws the names of the lines of the last visible phase, each on the row of its line or beside it.
pub(super) fn draw_lines(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let x = plan.plot.right() + 1;
    if x >= plan.area.right() {
        return;
    }
    let last = plan.first + plan.count.saturating_sub(1);
    let Some(point) = chart.points.get(last) else { return };
    let levels = plan.ruler.levels(point);
    let bottom = i32::from(plan.plot.height) - 1;
    let mut labels = Labels { taken: Vec::with_capacity(4), bottom, plan, x };
    if let Some(row) = levels.centre {
        let label = centre(chart, point.centre, plan.named);
        labels.put(row, point.centre, &label, look.style(Role::Line), buf);
    }
    if let Some(label) = target(chart, last, plan.named, look) {
        let plotted = point.target;
        let (arrow, row) = match plan.ruler.row(plotted) {
            Some(row) => ("", Some(row)),
            None if plotted > point.centre => (up(look), plan.ruler.clamped(plotted)),
            None => (down(look), plan.ruler.clamped(plotted)),
        };
        if let Some(row) = row {
            labels.put(row, plotted, &format!("{arrow}{label}"), look.style(Role::Target), buf);
        }
    }
    let limits = [(point.upper, levels.upper, up(look), 0), (point.lower, levels.lower, down(look), bottom)];
    for (line, row, arrow, edge) in limits.into_iter().filter(|limit| limit.0.is_finite()) {
        // A limit that shares its row with the edge is not beyond it.
        let arrow = if row.or_else(|| plan.ruler.row(line)).is_some() { "" } else { arrow };
        let label = format!("{arrow}{}", chart.scale.line(line));
        labels.put(row.unwrap_or(edge), line, &label, look.style(Role::Limit), buf);
    }
}

/// What stands before the name of a line above the picture.
fn up(look: &Look) -> &'static str {
    if look.ascii { "^ " } else { "↑ " }
}

/// What stands before the name of a line below the picture.
fn down(look: &Look) -> &'static str {
    if look.ascii { "v " } else { "↓ " }
}

/// The names that stand already, each with its row and value.
struct Labels<'a> {
    taken: Vec<(i32, f64)>,
    bottom: i32,
    plan: &'a Plan,
    x: u16,
}

impl Labels<'_> {
    /// Writes a name on its row, or on the next row where that keeps the order of the values; a name
    /// that has no such row is left out.
    fn put(&mut self, row: i32, value: f64, label: &str, style: Style, buf: &mut Buffer) {
        let fits = |row: i32| {
            (0..=self.bottom).contains(&row)
                && self.taken.iter().all(|(other, at)| if value > *at { row < *other } else { row > *other })
        };
        let Some(free) = [row, row - 1, row + 1].into_iter().find(|row| fits(*row)) else { return };
        self.taken.push((free, value));
        if let Ok(down) = u16::try_from(free) {
            put(buf, self.plan.area, self.x, self.plan.plot.y + down, label, style);
        }
    }
}
