//! The vertical axis: from values to rows and dots, and its ticks.
//!
//! Ticks are a whole number of rows apart, so that each stands exactly on a row. A line is drawn on one
//! row, and a point that is on one side of a line is pushed to a dot of the nearest row on that side:
//! what is drawn never contradicts what was computed.

use crate::chart::extent::{Extent, MOST, nice};
use crate::chart::{Chart, ChartPoint, Scale};
use crate::spc::Side;

/// The vertical axis of a chart. Rows count from the top, from 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ruler {
    factor: f64,
    /// The shown value of the lowest tick, which stands on the last row.
    base: f64,
    /// Shown value from tick to tick.
    step: f64,
    /// Rows from tick to tick.
    apart: u16,
    rows: u16,
    /// Whether a point is above, or below, its centre line: then there must be a row for it.
    above: bool,
    below: bool,
    /// Whether a point is beyond a limit: then there must be a row for it beyond the limit's.
    over: bool,
    under: bool,
    /// No tick is labelled beyond this shown value.
    most: f64,
}

/// A value among its lines, all as plotted; NaN: there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) value: f64,
    pub(crate) side: Option<Side>,
    pub(crate) centre: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

impl From<&ChartPoint> for Spot {
    fn from(point: &ChartPoint) -> Self {
        let ChartPoint { value, side, centre, lower, upper, .. } = *point;
        Self { value, side, centre, lower, upper }
    }
}

/// The rows of a point's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Levels {
    pub(super) centre: Option<i32>,
    pub(super) upper: Option<i32>,
    pub(super) lower: Option<i32>,
}

impl Ruler {
    /// The axis of all points of a chart, whatever part of them is visible, on so many rows.
    pub(super) fn of(chart: &Chart, rows: u16) -> Self {
        Self::over(&chart.scale, chart.outline.extent, rows)
    }

    /// The axis of so much on so many rows.
    pub(super) fn over(scale: &Scale, extent: Extent, rows: u16) -> Self {
        let (base, step, apart) = ticks(extent.low, extent.high, rows, scale.least_step());
        let Extent { above, below, over, under, .. } = extent;
        Self { factor: scale.factor, base, step, apart, rows, above, below, over, under, most: scale.most() }
    }

    /// The rows of the ticks with their plotted values, from the lowest.
    pub(super) fn ticks(&self) -> impl Iterator<Item = (u16, f64)> + '_ {
        let last = self.rows.saturating_sub(1);
        (0..=last / self.apart.max(1)).filter_map(move |tick| {
            let shown = self.base + f64::from(tick) * self.step;
            (shown <= self.most + self.step * 1e-6).then(|| (last - tick * self.apart, shown / self.factor))
        })
    }

    /// The plotted distance of two ticks.
    pub(super) fn step(&self) -> f64 {
        self.step / self.factor
    }

    /// Where a value is, in rows from the middle of the first row.
    fn place(&self, plotted: f64) -> f64 {
        let shown = (plotted * self.factor).clamp(-MOST, MOST);
        f64::from(self.rows) - 1.0 - (shown - self.base) / self.step * f64::from(self.apart)
    }

    /// The row of a value; beyond the axis none.
    pub(super) fn row(&self, plotted: f64) -> Option<i32> {
        let place = self.place(plotted).round();
        (place >= 0.0 && place < f64::from(self.rows)).then(|| whole(place))
    }

    /// The dot row of a line's value within the row that the line has.
    pub(super) fn dot_in(&self, row: i32, plotted: f64) -> i32 {
        whole((self.place(plotted) * 4.0 + 1.5).round().clamp(f64::from(4 * row), f64::from(4 * row + 3)))
    }

    /// The row of a value, or of the edge beyond which it is.
    pub(super) fn clamped(&self, plotted: f64) -> Option<i32> {
        let last = f64::from(self.rows.max(1)) - 1.0;
        plotted.is_finite().then(|| whole(self.place(plotted).round().clamp(0.0, last)))
    }

    /// The rows of the lines at a point: the limits never share the row of the centre line.
    pub(super) fn levels(&self, point: impl Into<Spot>) -> Levels {
        let point = point.into();
        let last = i32::from(self.rows) - 1;
        let centre = self.clamped(point.centre).map(|row| {
            let row = if self.below { row.min((last - 1).max(0)) } else { row };
            if self.above { row.max(1.min(last)) } else { row }
        });
        let Some(middle) = centre else { return Levels { centre, upper: None, lower: None } };
        let upper = self.row(point.upper).map(|row| row.min(middle - 1)).filter(|row| *row >= i32::from(self.over));
        let lower =
            self.row(point.lower).map(|row| row.max(middle + 1)).filter(|row| *row <= last - i32::from(self.under));
        Levels { centre, upper, lower }
    }

    /// The dot row of a point, four to a row, on the side of each line that was computed.
    pub(super) fn dot(&self, point: impl Into<Spot>, levels: Levels) -> i32 {
        let point = point.into();
        let most = 4 * i32::from(self.rows) - 1;
        let mut dot = whole((self.place(point.value) * 4.0 + 1.5).round().clamp(0.0, f64::from(most.max(0))));
        if let Some(row) = levels.upper {
            dot = if point.value > point.upper { dot.min(4 * row - 1) } else { dot.max(4 * row) };
        }
        if let Some(row) = levels.lower {
            dot = if point.value < point.lower { dot.max(4 * row + 4) } else { dot.min(4 * row + 3) };
        }
        if let (Some(row), Some(side)) = (levels.centre, point.side) {
            dot = match side {
                Side::Above => dot.min(4 * row - 1),
                Side::On => 4 * row + 1,
                Side::Below => dot.max(4 * row + 4),
            };
        }
        dot.clamp(0, most.max(0))
    }
}

#[allow(clippy::cast_possible_truncation, reason = "clamped to the rows of a screen before")]
fn whole(number: f64) -> i32 {
    number as i32
}

/// On so few rows ticks have steps of 3, 4, 6 and 8 as well.
const FEW: u16 = 10;

/// The next of 1, 2, 3, 4, 5, 6, 8 times a power of ten.
fn of_few(least: f64) -> f64 {
    let power = nice(least);
    let power = 10f64.powf(if power > 0.0 { power.log10().floor() } else { 0.0 });
    let below = [0.3, 0.4, 0.6, 0.8].into_iter().map(|lead| lead * power);
    let steps = below.chain([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0].map(|lead| lead * power));
    steps.filter(|step| least <= step * (1.0 + 1e-9)).fold(nice(least), f64::min)
}

/// The lowest tick, the distance of two ticks and their distance in rows, so that all fits and as many
/// rows as possible are used. Ticks are no closer than `least`.
fn ticks(low: f64, high: f64, rows: u16, least: f64) -> (f64, f64, u16) {
    let room = rows.saturating_sub(1).max(1);
    if least > 0.0 {
        let base = (low / least).floor() * least;
        let count = ((high - base) / least - 1e-9).ceil().max(1.0);
        if count * 3.0 <= f64::from(room) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 3, at most room")]
            return (base, least, (f64::from(room) / count) as u16);
        }
    }
    let mut best = (low.floor(), (high - low).max(1e-12), room);
    let mut best_use = 0.0;
    let (narrowest, widest) = match room {
        40.. => (5, 8),
        26.. => (4, 7),
        16.. => (3, 6),
        _ => (2, 6),
    };
    let widest = (room / 2).clamp(1, widest);
    let narrowest = widest.min(narrowest);
    for apart in narrowest..=widest {
        let count = f64::from(room) / f64::from(apart);
        // On few rows a step of five where two and a bit would do leaves half of them empty.
        let nice = if room < FEW { of_few } else { nice };
        let mut step = nice((high - low) / count.max(1.0));
        // The ticks may need a wider step because the lowest is rounded down.
        for _ in 0..4 {
            let base = (low / step).floor() * step;
            if base + count * step >= high * (1.0 - 1e-12) {
                let used = (high - low) / (count * step) * if apart == narrowest && apart < 3 { 0.9 } else { 1.0 };
                if used > best_use {
                    (best, best_use) = ((base, step, apart), used);
                }
                break;
            }
            step = nice(step * 1.01);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticks_cover_what_is_drawn_at_every_height() {
        for rows in 2..60 {
            for (low, high) in [(0.0, 1.0), (2.3, 9.7), (-5.0, 80.0), (99.1, 99.9), (0.0, 1e99), (-1e100, 1e100)] {
                let least = if high < 100.0 { f64::from(rows % 3) } else { 0.0 };
                let (base, step, apart) = ticks(low, high, rows, least);
                assert!(apart >= 1 && step > 0.0);
                assert!(base <= low + step * 1e-9, "{rows} {low} {high}");
                let top = base + f64::from(rows - 1) / f64::from(apart) * step;
                assert!(top >= high - step * 1e-6, "{rows} {low} {high} {top}");
            }
        }
    }
}
