//! A canvas of braille dots: two by four in each cell, one tone for each cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::look::Look;

/// The dots of a cell, by row and column.
const DOTS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];

/// Dots that are set before they are painted.
#[derive(Debug)]
pub(crate) struct Canvas {
    width: usize,
    height: usize,
    dots: Vec<u8>,
    tones: Vec<u8>,
}

impl Canvas {
    /// An empty canvas of so many cells.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        let (width, height) = (usize::from(width), usize::from(height));
        Self { width, height, dots: vec![0; width * height], tones: vec![0; width * height] }
    }

    /// Sets a dot; of several tones in a cell the highest shows. Beyond the edge nothing happens.
    pub(crate) fn set(&mut self, x: i32, y: i32, tone: u8) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width * 2 || y >= self.height * 4 {
            return;
        }
        let at = (y / 4) * self.width + x / 2;
        self.dots[at] |= DOTS[y % 4][x % 2];
        self.tones[at] = self.tones[at].max(tone);
    }

    /// A vertical bar of dots.
    pub(crate) fn bar(&mut self, x: i32, from: i32, to: i32, tone: u8) {
        for y in from.min(to)..=from.max(to) {
            self.set(x, y, tone);
        }
    }

    /// A straight line of dots, both ends included.
    pub(crate) fn line(&mut self, from: (i32, i32), to: (i32, i32), tone: u8) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let steps = dx.abs().max(dy.abs()).max(1);
        for step in 0..=steps {
            let along = |start: i32, way: i32| start + (2 * way * step + way.signum() * steps) / (2 * steps);
            self.set(along(from.0, dx), along(from.1, dy), tone);
        }
    }

    /// Paints the dots over what is there; cells without a dot stay as they are.
    pub(crate) fn paint(&self, area: Rect, buf: &mut Buffer, look: &Look, style: impl Fn(u8) -> Style) {
        for (row, y) in (area.top()..area.bottom()).enumerate().take(self.height) {
            for (column, x) in (area.left()..area.right()).enumerate().take(self.width) {
                let at = row * self.width + column;
                let dots = self.dots[at];
                if dots == 0 {
                    continue;
                }
                let letter = match (look.ascii, look.blocks) {
                    (true, _) => ascii_of(dots),
                    (false, true) => block_of(dots),
                    (false, false) => char::from_u32(0x2800 | u32::from(dots)).unwrap_or('.'),
                };
                if let Some(cell) = buf.cell_mut((x, y)) {
                    cell.set_char(letter).set_style(style(self.tones[at]));
                }
            }
        }
    }
}

/// The quarters of the cell that hold a dot.
fn block_of(dots: u8) -> char {
    const QUARTERS: [char; 16] = [' ', '▘', '▝', '▀', '▖', '▌', '▞', '▛', '▗', '▚', '▐', '▜', '▄', '▙', '▟', '█'];
    let quarters = [0x01 | 0x02, 0x08 | 0x10, 0x04 | 0x40, 0x20 | 0x80];
    let at: usize = quarters.iter().enumerate().map(|(bit, mask)| usize::from(dots & mask != 0) << bit).sum();
    QUARTERS[at]
}

/// Where in its cell the dots are: in the upper half, in the lower half, or in both.
fn ascii_of(dots: u8) -> char {
    let (upper, lower) = (dots & 0b0001_1011 != 0, dots & 0b1110_0100 != 0);
    match (upper, lower) {
        (true, true) => ':',
        (true, false) => '\'',
        _ => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_between_its_ends_and_reaches_both() {
        for (from, to) in [((0, 0), (19, 7)), ((19, 7), (0, 0)), ((3, 30), (4, 2)), ((5, 5), (5, 5))] {
            let mut canvas = Canvas::new(10, 8);
            canvas.line(from, to, 1);
            let set = |x: i32, y: i32| {
                let at = usize::try_from(y / 4 * 10 + x / 2).unwrap();
                canvas.dots[at] & DOTS[usize::try_from(y % 4).unwrap()][usize::try_from(x % 2).unwrap()] != 0
            };
            assert!(set(from.0, from.1) && set(to.0, to.1));
            for y in 0..32 {
                for x in 0..20 {
                    if set(x, y) {
                        assert!((from.1.min(to.1)..=from.1.max(to.1)).contains(&y));
                        assert!((from.0.min(to.0)..=from.0.max(to.0)).contains(&x));
                    }
                }
            }
        }
    }

    #[test]
    fn dots_beyond_the_edge_are_dropped() {
        let mut canvas = Canvas::new(0, 0);
        canvas.line((-5, -5), (50, 50), 1);
        Canvas::new(2, 2).bar(1, -9, 99, 1);
    }
}
