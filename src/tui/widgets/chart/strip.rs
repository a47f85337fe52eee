//! The strip between plot and axis: which rule marks which points, by a letter and the stretch that it
//! holds. The letters are keyed in words beside the chart.

use ratatui::buffer::Buffer;

use super::plan::Plan;
use super::{put, verdict_role};
use crate::app::look::{Look, Role};
use crate::chart::{Chart, rule_letter};

/// A stretch of neighbouring points that the same rule marks.
struct Stretch {
    letter: &'static str,
    role: Role,
    from: u16,
    to: u16,
}

/// Draws the strip.
pub(super) fn draw(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let mut open: Option<Stretch> = None;
    // Of many points in a column the one that says most.
    let heaviest = |range| Some(chart.outline.over(&chart.points, range)?.heavy.1);
    let packed = plan.is_packed().then(|| plan.stretches(chart).filter_map(|(_, range)| heaviest(range)));
    let all = if packed.is_none() { plan.first..plan.first + plan.count } else { 0..0 };
    for index in packed.into_iter().flatten().chain(all) {
        let Some(point) = chart.points.get(index).filter(|point| point.is_there()) else { continue };
        let role = verdict_role(point.verdict);
        let column = plan.column(index);
        match (rule_letter(point.signals), &mut open) {
            (Some(letter), Some(stretch)) if stretch.letter == letter && stretch.role == role => stretch.to = column,
            (letter, open) => {
                // Where several points share a column the first stretch keeps it.
                let taken = open.take().map(|stretch| paint(&stretch, plan, look, buf));
                *open = letter.filter(|_| taken.is_none_or(|taken| column > taken)).map(|letter| Stretch {
                    letter,
                    role,
                    from: column,
                    to: column,
                });
            }
        }
    }
    if let Some(stretch) = open {
        paint(&stretch, plan, look, buf);
    }
}

/// Writes a stretch; returns its last column.
fn paint(stretch: &Stretch, plan: &Plan, look: &Look, buf: &mut Buffer) -> u16 {
    let row = plan.plot.bottom();
    let style = look.style(stretch.role);
    let line = if look.ascii { "-" } else { "─" };
    for column in stretch.from + 1..=stretch.to {
        put(buf, plan.area, plan.plot.x + column, row, line, style);
    }
    put(buf, plan.area, plan.plot.x + stretch.from, row, stretch.letter, style);
    stretch.to
}
