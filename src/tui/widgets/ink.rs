//! Putting text and ground on the screen, always within the area and never by half a letter.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::look::Look;
use crate::base::text;

/// Writes `words` from column `x` of row `y`, clipped to `width` cells and to the buffer. Returns the
/// column after the last cell written.
pub fn put(buf: &mut Buffer, x: u16, y: u16, width: u16, words: &str, style: Style) -> u16 {
    let area = *buf.area();
    if y < area.top() || y >= area.bottom() || x >= area.right() || width == 0 {
        return x;
    }
    let room = usize::from(width.min(area.right() - x));
    let clipped = text::clip(words, room);
    let (end, _) = buf.set_stringn(x, y, &clipped, room, style);
    end
}

/// Writes `words` so that they end at column `right` (exclusive), clipped on their right.
pub fn put_right(buf: &mut Buffer, right: u16, y: u16, width: u16, words: &str, style: Style) {
    let room = width.min(right);
    let clipped = text::clip(words, usize::from(room));
    let wide = u16::try_from(text::width(&clipped)).unwrap_or(room);
    put(buf, right.saturating_sub(wide), y, room, &clipped, style);
}

/// Marks, at the column before `right`, what somebody else changed just now.
pub fn mark_new(buf: &mut Buffer, right: u16, y: u16, look: &Look, style: Style) {
    put_right(buf, right, y, 1, if look.ascii { "+" } else { "•" }, style);
}

/// Gives the whole of `area` this style, and leaves its letters.
pub fn ground(buf: &mut Buffer, area: Rect, style: Style) {
    buf.set_style(area.intersection(*buf.area()), style);
}

/// Empties `area` and gives it this style.
pub fn clear(buf: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(*buf.area());
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

/// Empties `area` of its letters and leaves its style.
pub fn blank(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(*buf.area());
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.set_char(' ');
            }
        }
    }
}

/// Words with their own styles, one after the other, from column `x`. Returns the column after them.
pub fn line(buf: &mut Buffer, x: u16, y: u16, width: u16, parts: &[(&str, Style)]) -> u16 {
    let end = x.saturating_add(width);
    let mut at = x;
    for (words, style) in parts {
        at = put(buf, at, y, end.saturating_sub(at), words, *style);
    }
    at
}

/// `area` without so many cells on its left.
pub fn shift_right(area: Rect, cells: u16) -> Rect {
    let cells = cells.min(area.width);
    Rect { x: area.x + cells, width: area.width - cells, ..area }
}

/// `area` without so many rows at its top.
pub fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// An area of at most this size in the middle of `area`.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
}

/// The first visible item of a list, so that the selected one is in view and as little moves as can be.
pub fn scroll(selected: usize, visible: usize, top: usize) -> usize {
    if visible == 0 || selected < top {
        return selected;
    }
    if selected >= top + visible { selected + 1 - visible } else { top }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_outside_the_buffer() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 5, 2));
        put(&mut buf, 3, 1, 40, "ward", Style::new());
        put(&mut buf, 0, 9, 40, "ward", Style::new());
        put(&mut buf, 9, 0, 40, "ward", Style::new());
        put_right(&mut buf, 5, 0, 3, "ward", Style::new());
        assert_eq!(buf, Buffer::with_lines(["  wa…", "   w…"]));
    }

    #[test]
    fn scrolling_moves_no_more_than_it_must() {
        assert_eq!(scroll(3, 5, 0), 0);
        assert_eq!(scroll(7, 5, 0), 3);
        assert_eq!(scroll(2, 5, 3), 2);
    }
}
