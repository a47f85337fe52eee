//! Numbers in big letters, to be read from the other side of the room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::ink;
use super::letters::{blocks, exactly};
use crate::app::look::Look;

/// How many rows a big letter has.
pub const ROWS: u16 = 5;

/// How many cells these words take in letters whose dots are `dot` cells wide; none where a letter is
/// not known.
#[must_use]
pub fn width(words: &str, dot: u16) -> Option<u16> {
    let mut dots = 0_u16;
    for letter in words.chars() {
        let rows = exactly(letter)?;
        dots = dots.saturating_add(u16::try_from(rows[0].len()).ok()? + 1);
    }
    Some(dots.saturating_sub(1).saturating_mul(dot))
}

/// Writes words in the largest letters for which there is room, or as plain text. A dot of the letters is
/// twice as wide as it is high in cells, which makes it about square. Returns the cells that were taken.
pub fn draw(words: &str, area: Rect, style: Style, look: &Look, buf: &mut Buffer) -> (u16, u16) {
    let area = area.intersection(buf.area);
    let sizes = [3_u16, 2, 1];
    let fitting = sizes.into_iter().find(|size| {
        let wide = width(words, size * 2);
        area.height >= ROWS * size && wide.is_some_and(|wide| wide <= area.width)
    });
    let Some(size) = fitting else {
        let end = ink::put(buf, area.x, area.y, area.width, words, style);
        return (end.saturating_sub(area.x), area.height.min(1));
    };
    let end = blocks(words.chars().filter_map(exactly), size, area, style, look, buf);
    (end.saturating_sub(area.x), ROWS * size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stays_within_its_area_at_every_size() {
        for (width, height) in [(0, 0), (3, 1), (12, 5), (30, 5), (60, 12), (200, 40)] {
            let area = Rect::new(2, 1, width, height);
            let mut buf = Buffer::empty(Rect::new(0, 0, 210, 60));
            for words in ["4.1 %", "41 d", "12 beds", ""] {
                draw(words, area, Style::new(), &Look::dark(), &mut buf);
            }
            for (x, y) in (0..60).flat_map(|y| (0..210).map(move |x| (x, y))) {
                assert!(area.contains((x, y).into()) || buf[(x, y)].symbol() == " ", "{width}x{height} {x} {y}");
            }
        }
    }
}
