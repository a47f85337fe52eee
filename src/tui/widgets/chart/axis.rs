//! Under the plot: the axis, its dates, and the numbers of notes.

use ratatui::buffer::Buffer;

use super::plan::{Plan, cells};
use super::put;
use crate::app::look::{Look, Role};
use crate::chart::Chart;

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
    for (index, label) in chart.dates(plan.first, plan.count, plan.spacing) {
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
