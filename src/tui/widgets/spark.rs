//! The small true chart of a tile: a thread of the last points over a dotted centre line, coloured by
//! the verdict. Which side of the centre line a point is on is drawn as it was computed, at every size.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::braille::Canvas;
use super::chart::{Thread, verdict_role};
use crate::app::look::{Look, Role};
use crate::chart::{Tile, TilePoint};
use crate::spc::{Side, Verdict};

/// Few points do not drift further apart than this.
const WIDEST: f64 = 8.0;

/// Draws the last points of a tile: at most one for each dot column.
pub fn draw(tile: &Tile, area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let columns = usize::from(area.width) * 2;
    let tail = &tile.tail[tile.tail.len().saturating_sub(columns)..];
    let Some(scale) = Scale::of(tail, area.height) else { return };
    draw_centre(tail, &scale, area, buf, look);
    let mut thread = Thread::on(Canvas::new(area.width, area.height));
    for (index, point) in tail.iter().enumerate() {
        if point.value.is_finite() {
            thread.to(dot_column(index, tail.len(), columns), scale.dot(point), Verdict::Common);
        } else {
            thread.cut();
        }
    }
    thread.finish();
    let role = if tile.verdict == Verdict::Common { Role::Thread } else { verdict_role(tile.verdict) };
    thread.canvas.paint(area, buf, look, |_| look.style(role));
}

/// The same as lines of text, for a page that scrolls; one colour, which its owner gives it.
pub fn lines(tile: &Tile, (width, height): (u16, u16)) -> Vec<String> {
    let area = Rect::new(0, 0, width, height);
    let mut buf = Buffer::empty(area);
    draw(tile, area, &mut buf, &Look::mono());
    let row = |y| (0..width).map(|x| buf[(x, y)].symbol()).collect::<String>();
    (0..height).map(row).collect()
}

/// The centre line: a dot in each cell, on the dot row that no point above or below it may enter.
fn draw_centre(tail: &[TilePoint], scale: &Scale, area: Rect, buf: &mut Buffer, look: &Look) {
    let columns = usize::from(area.width) * 2;
    let mut line = Canvas::new(area.width, area.height);
    for column in (0..area.width).step_by(2) {
        let near =
            (0..tail.len()).min_by_key(|index| (dot_column(*index, tail.len(), columns) - 2 * i32::from(column)).abs());
        if let Some(dot) = near.and_then(|index| scale.centre(&tail[index])) {
            line.set(2 * i32::from(column), dot, 0);
        }
    }
    line.paint(area, buf, look, |_| look.style(Role::Faint));
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a few hundred dots at most")]
fn dot_column(index: usize, len: usize, columns: usize) -> i32 {
    let steps = len.saturating_sub(1).max(1) as f64;
    let apart = ((columns.saturating_sub(1)) as f64 / steps).min(WIDEST);
    (index as f64 * apart).round() as i32
}

/// From values to dots.
struct Scale {
    low: f64,
    span: f64,
    last: i32,
}

impl Scale {
    fn of(tail: &[TilePoint], rows: u16) -> Option<Self> {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for point in tail.iter().filter(|point| point.value.is_finite()) {
            for value in [point.value, point.centre] {
                // NaN is passed over by min and max.
                (low, high) = (low.min(value.max(-1e100)), high.max(value.min(1e100)));
            }
        }
        (low <= high).then(|| Self { low, span: high - low, last: 4 * i32::from(rows) - 1 })
    }

    #[allow(clippy::cast_possible_truncation, reason = "clamped to the dots")]
    fn place(&self, value: f64) -> i32 {
        let last = f64::from(self.last);
        if self.span <= 0.0 {
            return self.last / 2;
        }
        let up = ((value - self.low) / self.span).clamp(0.0, 1.0);
        (last - up * last).round() as i32
    }

    /// The dot row of the centre line: never the first or the last, so that both sides have room.
    fn centre(&self, point: &TilePoint) -> Option<i32> {
        point.centre.is_finite().then(|| self.place(point.centre).clamp(1, (self.last - 1).max(1)))
    }

    /// The dot row of a point, strictly on its side of the centre line.
    fn dot(&self, point: &TilePoint) -> i32 {
        let dot = self.place(point.value);
        let (Some(centre), Some(side)) = (self.centre(point), point.side) else { return dot };
        match side {
            Side::Above => dot.min(centre - 1),
            Side::On => centre,
            Side::Below => dot.max(centre + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::sample;

    #[test]
    fn a_point_is_drawn_on_the_side_that_was_computed() {
        let values = [5.0, 5.0, 5.000_001, 4.999_999, 1000.0, 5.0, 5.000_001];
        let tile = sample::chart(&values).summary();
        for rows in 1..9 {
            let scale = Scale::of(&tile.tail, rows).unwrap();
            for point in &tile.tail {
                let (dot, centre) = (scale.dot(point), scale.centre(point).unwrap());
                assert_eq!(
                    point.side.unwrap(),
                    match dot.cmp(&centre) {
                        std::cmp::Ordering::Less => Side::Above,
                        std::cmp::Ordering::Equal => Side::On,
                        std::cmp::Ordering::Greater => Side::Below,
                    }
                );
            }
        }
    }

    #[test]
    fn no_size_and_no_data_stop_it() {
        for look in [Look::dark(), Look::mono().in_ascii()] {
            for values in [vec![], vec![f64::NAN], vec![1.0], vec![1e308, -1e308, 0.0], vec![0.0; 500]] {
                let tile = sample::chart(&values).summary();
                for (width, height) in [(0, 0), (1, 1), (22, 3), (300, 100)] {
                    let area = Rect::new(0, 0, width, height);
                    draw(&tile, area, &mut Buffer::empty(area), &look);
                }
            }
        }
    }
}
