//! The lines: limits, target, centre line of each phase, phase boundaries.

use ratatui::buffer::Buffer;

use super::plan::{Plan, cells};
use super::{margin, put};
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::chart::Chart;

/// Draws the centre line once more over a crowded curve: it is never hidden.
pub(super) fn draw_centre(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let sign = if look.ascii { '-' } else { '─' };
    for column in 0..plan.plot.width {
        let Some(point) = chart.points.get(plan.nearest(column)) else { continue };
        let row = plan.ruler.levels(point).centre.and_then(|row| u16::try_from(row).ok());
        let Some(row) = row.filter(|row| *row < plan.plot.height) else { continue };
        if let Some(cell) = buf.cell_mut((plan.plot.x + column, plan.plot.y + row)) {
            cell.set_char(sign).set_style(look.style(Role::Line));
        }
    }
}

/// Draws all lines of the visible points, column by column.
pub(super) fn draw(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let signs = if look.ascii { ['-', '.', '.', '|'] } else { ['─', '╌', '┈', '┊'] };
    let [centre, limit, target, boundary] = signs;
    // In ASCII a line is told from another by how far its signs are apart.
    let every = |column: u16, apart: u16| !look.ascii || column.is_multiple_of(apart);
    let mut phase = None;
    for column in 0..plan.plot.width {
        let index = plan.nearest(column);
        let Some(point) = chart.points.get(index) else { continue };
        let mut set = |row: Option<i32>, sign: char, role: Role| {
            let Some(row) = row.and_then(|row| u16::try_from(row).ok()).filter(|row| *row < plan.plot.height) else {
                return;
            };
            if let Some(cell) = buf.cell_mut((plan.plot.x + column, plan.plot.y + row)) {
                cell.set_char(sign).set_style(look.style(role));
            }
        };
        let from = chart.phase_of(index).map(|phase| phase.from);
        if phase.is_some() && from != phase {
            for row in 0..plan.plot.height {
                set(Some(i32::from(row)), boundary, Role::Annotation);
            }
            phase = from;
            continue;
        }
        phase = from;
        let levels = plan.ruler.levels(point);
        if every(column, 2) {
            set(levels.upper, limit, Role::Limit);
            set(levels.lower, limit, Role::Limit);
        }
        if every(column, 4) {
            set(plan.ruler.row(point.target), target, Role::Target);
        }
        set(levels.centre, centre, Role::Line);
    }
}

/// Names the phases that end within the picture, each at its own left end: what its line was, and why it
/// began. A name stands only where nothing else does; the last phase is named in the margin.
pub(super) fn draw_phases(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let end = plan.first + plan.count.saturating_sub(1);
    for phase in chart.phases.iter().filter(|phase| phase.to >= plan.first && phase.from <= end) {
        let is_last = phase.to >= end;
        if is_last && phase.reason.is_empty() {
            continue;
        }
        let from = plan.column(phase.from.max(plan.first)) + 1;
        let room = plan.column(phase.to.min(end)).saturating_sub(from + 1);
        let mut words = String::new();
        if !is_last && phase.centre.is_finite() {
            words = margin::centre(chart, phase.centre, true);
        }
        if !phase.reason.is_empty() && phase.from >= plan.first {
            let gap = if words.is_empty() { "" } else { "  " };
            words = format!("{words}{gap}{}", phase.reason);
        }
        for most in LONGEST {
            let words = text::clip(&words, usize::from(room).min(most));
            let free = (0..plan.plot.height.min(3)).find(|row| is_free(plan, from, *row, cells(&words), buf));
            // A stump says nothing.
            if let Some(row) = free.filter(|_| cells(&words) >= 6) {
                put(buf, plan.plot, plan.plot.x + from, plan.plot.y + row, &words, look.style(Role::Annotation));
                break;
            }
        }
    }
}

/// Names each target that held until another one came, on its line where it begins and nothing else is.
pub(super) fn draw_targets(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let end = plan.first + plan.count.saturating_sub(1);
    for step in chart.outline.targets.iter().filter(|step| step.to >= plan.first && step.to < end) {
        let Some(row) = plan.ruler.row(step.target).and_then(|row| u16::try_from(row).ok()) else { continue };
        let Some(label) = margin::target(chart, step.from, false, look) else { continue };
        let from = plan.column(step.from.max(plan.first)) + 1;
        let fits = from + cells(&label) < plan.column(step.to);
        let (x, y) = (plan.plot.x + from, plan.plot.y + row);
        let is_bare = |x: u16| buf.cell((x, y)).is_some_and(|cell| [" ", "┈", "."].contains(&cell.symbol()));
        if fits && (x..=x + cells(&label)).all(is_bare) {
            put(buf, plan.plot, x, y, &label, look.style(Role::Target));
        }
    }
}

/// The most letters of a phase's name; where something stands in the way, fewer.
const LONGEST: [usize; 2] = [72, 36];

/// Whether nothing is drawn in these cells and beside them.
fn is_free(plan: &Plan, from: u16, row: u16, width: u16, buf: &Buffer) -> bool {
    let (x, y) = (plan.plot.x + from, plan.plot.y + row);
    (x..=x + width).all(|x| x < plan.plot.right() && buf.cell((x, y)).is_some_and(|cell| cell.symbol() == " "))
}
