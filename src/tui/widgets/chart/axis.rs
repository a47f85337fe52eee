//! Under the plot: the axis, its dates, the rules that mark points, and the numbers of notes.

use ratatui::buffer::Buffer;

use super::plan::{Plan, cells};
use super::put;
use crate::app::look::{Look, Role};
use crate::chart::Chart;

/// Draws the axis with its dates, the cursor's day and the numbers of notes.
pub(super) fn draw(chart: &Chart, plan: &Plan, cursor: Option<usize>, look: &Look, buf: &mut Buffer) {
    let row = plan.axis_row();
    let rule = if look.ascii { "-" } else { "─" };
    for x in plan.plot.left()..plan.plot.right() {
        put(buf, plan.area, x, row, rule, look.style(Role::Faint));
    }
    if plan.dated {
        draw_dates(chart, plan, cursor, look, buf);
    }
    if plan.notes {
        draw_notes(chart, plan, look, buf);
    }
}

fn draw_dates(chart: &Chart, plan: &Plan, cursor: Option<usize>, look: &Look, buf: &mut Buffer) {
    let row = plan.axis_row();
    let mut free = plan.area.x;
    let held = match plan.cursor {
        Some((column, day)) => Some((column, day.format("%-d %b").to_string())),
        None => cursor.and_then(|at| Some((plan.column(at), chart.day_of(at)?))),
    };
    let blocked = held.as_ref().map(|(column, day)| (place(plan, *column, day), cells(day)));
    for (index, label) in chart.dates(plan.first, plan.count, plan.spacing) {
        let x = place(plan, plan.column(index), &label);
        let end = x + cells(&label);
        let hits = blocked.is_some_and(|(from, width)| x < from + width + 2 && from < end + 2);
        if x < free || end > plan.area.right() || hits {
            continue;
        }
        free = end + 2;
        let tick = if look.ascii { "|" } else { "┬" };
        put(buf, plan.area, plan.plot.x + plan.column(index), row, tick, look.style(Role::Faint));
        put(buf, plan.area, x, row + 1, &label, look.style(Role::Dim));
    }
    if let Some((column, day)) = held {
        put(buf, plan.area, place(plan, column, &day), row + 1, &day, look.style(Role::Accent));
    }
}

/// Where a label begins that is centred under its column and stays within the area.
fn place(plan: &Plan, column: u16, label: &str) -> u16 {
    let width = cells(label);
    let middle = plan.plot.x + column;
    let most = plan.area.right().saturating_sub(width);
    middle.saturating_sub(width / 2).max(plan.area.x).min(most)
}

/// Notes that stand so close that they share one label.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cluster {
    /// The column from the left edge of the area at which the label begins.
    x: u16,
    label: String,
    numbers: (usize, usize),
    columns: (u16, u16),
}

impl Cluster {
    fn of(plan: &Plan, numbers: (usize, usize), columns: (u16, u16)) -> Self {
        let label = match numbers {
            (first, last) if first == last => first.to_string(),
            (first, last) => format!("{first}-{last}"),
        };
        let middle = plan.plot.x - plan.area.x + u16::midpoint(columns.0, columns.1);
        let most = plan.area.width.saturating_sub(cells(&label));
        Self { x: middle.saturating_sub((cells(&label) - 1) / 2).min(most), label, numbers, columns }
    }

    fn end(&self) -> u16 {
        self.x + cells(&self.label)
    }
}

/// The labels of the visible notes: no two touch, because notes that would are one label, "2-5".
fn clusters(chart: &Chart, plan: &Plan) -> Vec<Cluster> {
    let visible = plan.first..plan.first + plan.count;
    let mut out: Vec<Cluster> = Vec::new();
    for note in &chart.annotations {
        let Some(index) = note.index.filter(|index| visible.contains(index)) else { continue };
        let column = plan.column(index);
        let mut cluster = Cluster::of(plan, (note.number, note.number), (column, column));
        while let Some(before) = out.pop_if(|before| before.end() >= cluster.x) {
            cluster = Cluster::of(plan, (before.numbers.0, note.number), (before.columns.0, column));
        }
        out.push(cluster);
    }
    out
}

/// The numbers of the notes, each under its point, with a tick on the axis.
fn draw_notes(chart: &Chart, plan: &Plan, look: &Look, buf: &mut Buffer) {
    let row = plan.notes_row();
    let style = look.style(Role::Annotation);
    let visible = plan.first..plan.first + plan.count;
    for index in chart.annotations.iter().filter_map(|note| note.index).filter(|index| visible.contains(index)) {
        let x = plan.plot.x + plan.column(index);
        put(buf, plan.area, x, plan.axis_row(), if look.ascii { "+" } else { "┴" }, style);
    }
    for cluster in clusters(chart, plan) {
        let x = plan.area.x + cluster.x;
        if x + cells(&cluster.label) <= plan.area.right() {
            put(buf, plan.area, x, row, &cluster.label, style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Numbered, sample};
    use ratatui::layout::Rect;

    #[test]
    fn notes_that_stand_close_are_one_label_and_every_number_is_there() {
        let mut chart = sample::ward();
        let day = chart.annotations[0].day;
        let note = |number: usize, index| Numbered { number, day, index: Some(index), text: String::new(), mark: None };
        chart.annotations = (1..).zip([2, 3, 3, 4, 20, 24, 24, 27]).map(|(number, at)| note(number, at)).collect();
        for width in [20, 40, 80, 200] {
            let plan = Plan::of(&chart, Rect::new(3, 0, width, 20), 0, chart.points.len(), &Look::dark());
            let labels = clusters(&chart, &plan);
            assert!(labels.windows(2).all(|pair| pair[0].end() < pair[1].x), "{width}: {labels:?}");
            let numbers: Vec<usize> = labels.iter().flat_map(|label| label.numbers.0..=label.numbers.1).collect();
            assert_eq!(numbers, (1..=8).collect::<Vec<_>>());
        }
    }
}
