//! The lines: limits, target, centre line of each phase, phase boundaries.

use ratatui::buffer::Buffer;

use super::plan::Plan;
use crate::app::look::{Look, Role};
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
    let target_row = chart.target.and_then(|target| plan.ruler.row(target));
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
            set(target_row, target, Role::Target);
        }
        set(levels.centre, centre, Role::Line);
    }
}
