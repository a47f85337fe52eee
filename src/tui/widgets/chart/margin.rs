//! The margins: ticks on the left, the names of lines on the right.

use ratatui::buffer::Buffer;

use super::plan::{Plan, cells, tick_labels};
use super::put;
use crate::app::look::{Look, Role};
use crate::chart::Chart;

/// The label of the centre line.
pub(super) fn centre(chart: &Chart, plotted: f64, named: bool) -> String {
    let number = chart.scale.line(plotted);
    if named { format!("{} {number}", chart.centre_name()) } else { number }
}

/// The label of the target.
pub(super) fn target(chart: &Chart, named: bool, look: &Look) -> Option<String> {
    let mut label = chart.target_label()?;
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
    let mut labels: Vec<(i32, i32, String, Role)> = Vec::with_capacity(4);
    if let Some(row) = levels.centre {
        labels.push((row, 0, centre(chart, point.centre, plan.named), Role::Line));
    }
    if let Some(label) = target(chart, plan.named, look) {
        let plotted = chart.target.unwrap_or(f64::NAN);
        let row = plan.ruler.row(plotted).or_else(|| plan.ruler.clamped(plotted));
        if let Some(row) = row {
            labels.push((row, if plotted > point.centre { -1 } else { 1 }, label, Role::Target));
        }
    }
    for (line, row, way, edge) in [(point.upper, levels.upper, -1, 0), (point.lower, levels.lower, 1, bottom)] {
        if line.is_finite() {
            let arrow = match (row, way, look.ascii) {
                (Some(_), ..) => "",
                (None, -1, false) => "↑ ",
                (None, _, false) => "↓ ",
                (None, _, true) => "",
            };
            let label = format!("{arrow}{}", chart.scale.line(line));
            labels.push((row.unwrap_or(edge), way, label, Role::Limit));
        }
    }
    let mut taken: Vec<i32> = Vec::with_capacity(4);
    for (row, way, label, role) in labels {
        let rows = [row, row + way, row - way];
        let free = rows.into_iter().find(|row| (0..=bottom).contains(row) && !taken.contains(row));
        let Some(free) = free.and_then(|row| u16::try_from(row).ok()) else { continue };
        taken.push(i32::from(free));
        put(buf, plan.area, x, plan.plot.y + free, &label, look.style(role));
    }
}
