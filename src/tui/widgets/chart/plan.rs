//! The horizontal axis and the rooms of the picture: which part of the area is for what, and at which
//! column a point stands.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use ratatui::layout::Rect;

use super::ruler::Ruler;
use crate::app::look::Look;
use crate::base::text;
use crate::chart::Chart;

/// From this spacing on every point has a sign of its own; closer ones are only joined.
const ROOMY: f64 = 1.7;
/// Few points do not drift further apart than this.
const WIDEST: f64 = 8.0;

/// From this spacing on points stand a whole number of columns apart.
const WHOLE: f64 = 3.0;
/// From so many rows on a sign is fine enough for a point; the thread has four dots to a row.
const SIGNED: u16 = 7;
/// From this height on there is a strip for the rules that mark points.
const STRIP: u16 = 12;

/// What a chart shares with another one that stands above or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shared {
    /// The days at the two ends of the axis.
    pub(super) days: (NaiveDate, NaiveDate),
    /// The cells left and right of the plot; wider ones of its own are not used.
    pub(super) margins: (u16, u16),
    /// Whether the dates stand under this one.
    pub(super) dated: bool,
    /// The day under the cursor.
    pub(super) cursor: Option<NaiveDate>,
}

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
    /// Whether there is a row for the rules that mark points.
    pub(super) strip: bool,
    /// Whether there is a row for dates.
    pub(super) dated: bool,
    /// Whether the centre line and the target are named in the right margin.
    pub(super) named: bool,
    /// The day of each visible point, in days after the left end of the axis, and how many the axis has;
    /// empty where points stand evenly.
    pub(super) time: (Vec<f64>, f64),
    /// The column and the day of a cursor that two charts share.
    pub(super) cursor: Option<(u16, NaiveDate)>,
}

impl Plan {
    /// The plan of a chart whose points `first..first + count` are visible.
    pub(super) fn of(chart: &Chart, area: Rect, first: usize, count: usize, look: &Look) -> Self {
        Self::sharing(chart, area, (first, count), None, look)
    }

    /// The same, on the axis of days that it shares with another chart.
    pub(super) fn sharing(
        chart: &Chart,
        area: Rect,
        (first, count): (usize, usize),
        shared: Option<Shared>,
        look: &Look,
    ) -> Self {
        // What stands below the plot follows from the whole chart: panning keeps the rows.
        let notes = !chart.annotations.is_empty() && area.height >= 8;
        let strip = !chart.words.signals.is_empty() && area.height >= STRIP;
        let dated = shared.is_none_or(|shared| shared.dated);
        let below = 1 + u16::from(dated) + u16::from(notes) + u16::from(strip);
        let rows = area.height.saturating_sub(below).max(1);
        let ruler = Ruler::of(chart, rows);
        let named = area.width >= 64;
        let own = || margins(chart, &ruler, area, look);
        let (left, right) = shared.map_or_else(own, |shared| shared.margins);
        let width = area.width.saturating_sub(left + right).max(1);
        let plot = Rect::new(area.x + left.min(area.width.saturating_sub(1)), area.y, width, rows).intersection(area);
        let room = f64::from(plot.width.saturating_sub(1 + inset(plot.width) * 2).max(1));
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        let spacing = if count > 1 { (room / (count - 1) as f64).min(WIDEST) } else { WIDEST };
        let spacing = if spacing >= WHOLE && shared.is_none() { spacing.floor() } else { spacing };
        let time = shared.map_or_else(|| (Vec::new(), 0.0), |shared| days(chart, (first, count), shared.days));
        let mut plan =
            Self { plot, area, ruler, first, count, spacing, notes, strip, dated, named, time, cursor: None };
        plan.cursor = shared.and_then(|shared| {
            let after = day_number(shared.cursor?) - day_number(shared.days.0);
            Some((u16::try_from(plan.along(after) / 2).ok()?, shared.cursor?))
        });
        plan
    }

    /// The row of the axis.
    pub(super) fn axis_row(&self) -> u16 {
        self.plot.bottom() + u16::from(self.strip)
    }

    /// The row of the notes' numbers.
    pub(super) fn notes_row(&self) -> u16 {
        self.axis_row() + 1 + u16::from(self.dated)
    }

    /// Whether there are more points than columns.
    pub(super) fn is_dense(&self) -> bool {
        self.spacing < 1.0
    }

    /// Whether the thread covers so much that it would hide the centre line.
    pub(super) fn is_crowded(&self) -> bool {
        self.spacing < 0.5
    }

    /// Whether a dot column holds several points.
    pub(super) fn is_packed(&self) -> bool {
        self.spacing < 0.25 && self.time.0.is_empty()
    }

    /// The dot columns of the visible points with the points in each, parted where a phase begins: within
    /// one the lines are those of one phase.
    pub(super) fn stretches<'a>(&'a self, chart: &'a Chart) -> impl Iterator<Item = (i32, Range<usize>)> + 'a {
        let end = (self.first + self.count).min(chart.points.len());
        let mut from = self.first;
        std::iter::from_fn(move || {
            if from >= end {
                return None;
            }
            let column = self.dot(from);
            let phase = chart.phase_of(from).map_or(end, |phase| phase.to + 1);
            // The first point of the next column: near where the spacing says, and then exactly there.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the points")]
            let mut to = from + ((0.5 / self.spacing) as usize).saturating_sub(1).max(1);
            while to > from + 1 && self.dot(to) > column {
                to -= 1;
            }
            while to < end && self.dot(to) <= column {
                to += 1;
            }
            let to = to.min(phase).min(end).max(from + 1);
            let range = from..to;
            from = to;
            Some((column, range))
        })
    }

    /// Whether every point has a sign of its own: not on few rows, where a sign stands for several values and hides
    /// which way the thread goes.
    pub(super) fn is_roomy(&self) -> bool {
        self.spacing >= ROOMY && !self.is_low()
    }

    /// Whether there are so few rows that the thread tells more than signs do.
    pub(super) fn is_low(&self) -> bool {
        self.plot.height < SIGNED
    }

    /// The dot column of a visible point, from the left edge of the plot.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "within the plot")]
    pub(super) fn dot(&self, index: usize) -> i32 {
        let at = index.saturating_sub(self.first);
        if let Some(day) = self.time.0.get(at) {
            return self.along(*day);
        }
        let inset = i32::from(inset(self.plot.width));
        let steps = at as f64 * self.spacing;
        if self.is_dense() { 2 * inset + (2.0 * steps).round() as i32 } else { 2 * (inset + steps.round() as i32) }
    }

    /// The dot column so many days after the left end of the axis of days.
    #[allow(clippy::cast_possible_truncation, reason = "within the plot")]
    fn along(&self, days: f64) -> i32 {
        let inset = i32::from(inset(self.plot.width));
        let room = (f64::from(self.plot.width) - 1.0 - 2.0 * f64::from(inset)).max(0.0);
        // The same for crowded and for roomy charts: one day is one column in both of two.
        2 * inset + (2.0 * days / self.time.1.max(1.0) * room).round() as i32
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
        if !self.time.0.is_empty() {
            let room = f64::from(self.plot.width.saturating_sub(1 + 2 * inset(self.plot.width)).max(1));
            let day = f64::from(column.saturating_sub(inset(self.plot.width))) / room * self.time.1;
            let after = self.time.0.partition_point(|at| *at < day);
            let before = after.saturating_sub(1);
            let distance = |at: usize| self.time.0.get(at).map_or(f64::INFINITY, |other| (other - day).abs());
            return self.first + if distance(before) <= distance(after) { before } else { after };
        }
        let steps = f64::from(column.saturating_sub(inset(self.plot.width))) / self.spacing;
        self.first + (steps.round() as usize).min(self.count.saturating_sub(1))
    }
}

/// How many points have room in an area with a sign of their own.
pub(super) fn roomy(chart: &Chart, area: Rect, look: &Look) -> usize {
    let plot = Plan::of(chart, area, 0, 1, look).plot;
    usize::from(plot.width.saturating_sub(1 + inset(plot.width) * 2)) / 2 + 1
}

/// The cells that a chart needs left and right of its plot.
pub(super) fn margins(chart: &Chart, ruler: &Ruler, area: Rect, look: &Look) -> (u16, u16) {
    let left = tick_labels(chart, ruler).map(|(_, label)| cells(&label)).max().unwrap_or(0) + 1;
    let right = if area.width >= 36 { margin(chart, ruler, area.width >= 64, look) } else { 0 };
    (left, right)
}

/// The days of the visible points after the left end of an axis, and the days of that axis.
fn days(chart: &Chart, (first, count): (usize, usize), (from, to): (NaiveDate, NaiveDate)) -> (Vec<f64>, f64) {
    let after = |day: NaiveDate| day_number(day) - day_number(from);
    let visible = chart.points.iter().skip(first).take(count);
    (visible.map(|point| after(point.start.date())).collect(), after(to).max(1.0))
}

fn day_number(day: NaiveDate) -> f64 {
    f64::from(day.num_days_from_ce())
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
fn margin(chart: &Chart, ruler: &Ruler, named: bool, look: &Look) -> u16 {
    let mut widest = 0;
    for step in &chart.outline.targets {
        let label = super::margin::target(chart, step.from, named, look).unwrap_or_default();
        // The name of a target beyond the picture has an arrow before it.
        widest = widest.max(cells(&label) + 2 * u16::from(ruler.row(step.target).is_none()));
    }
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
