//! Rows of bars: how often each thing came, with its number at the end of its bar.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::ink;
use crate::app::look::{Look, Role};
use crate::base::text;

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What is counted.
    pub name: String,
    /// How much of it, not below nought.
    pub count: f64,
    /// What stands behind the bar.
    pub after: String,
    /// How it is drawn.
    pub role: Role,
}

/// The parts of a filled cell, from one eighth to seven.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// Draws as many rows as there is room for, from the top. The longest bar has all the room there is
/// between the names and what stands behind the bars. Returns how many were drawn.
pub fn draw(rows: &[Row], spaced: bool, area: Rect, buf: &mut Buffer, look: &Look) -> usize {
    let area = area.intersection(buf.area);
    let wide = |words: &str| u16::try_from(text::width(words)).unwrap_or(u16::MAX);
    let names = rows.iter().map(|row| wide(&row.name)).max().unwrap_or(0).min(area.width * 2 / 5);
    let after = rows.iter().map(|row| wide(&row.after)).max().unwrap_or(0);
    let room = area.width.saturating_sub(names + after + 3);
    let most = rows.iter().map(|row| row.count).fold(0.0, f64::max);
    let step = if spaced && rows.len() * 2 <= usize::from(area.height) { 2 } else { 1 };
    let mut drawn = 0;
    for (row, y) in rows.iter().zip((area.top()..area.bottom()).step_by(step)) {
        ink::put_right(buf, area.x + names, y, names, &row.name, look.style(Role::Text));
        let filled = bar(row, most, Rect { x: area.x + names + 1, y, width: room, height: 1 }, look, buf);
        let at = area.x + names + 1 + filled + 1;
        ink::put(buf, at, y, area.right().saturating_sub(at), &row.after, look.style(Role::Dim));
        drawn += 1;
    }
    drawn
}

/// Draws a bar and returns how many cells it takes: one that is not empty is seen.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the room")]
fn bar(row: &Row, most: f64, area: Rect, look: &Look, buf: &mut Buffer) -> u16 {
    let share = if most > 0.0 && row.count.is_finite() { (row.count / most).clamp(0.0, 1.0) } else { 0.0 };
    let eighths = (share * f64::from(area.width) * 8.0).round() as u32;
    let eighths = if row.count > 0.0 && area.width > 0 { eighths.max(1) } else { eighths };
    let cells = u16::try_from(eighths.div_ceil(8)).unwrap_or(area.width);
    for (cell, x) in (0u32..).zip(area.x..area.x + cells) {
        let part = (eighths - cell * 8).min(8);
        let sign = match (look.ascii, part) {
            (true, _) => "#",
            (false, 8) => "█",
            (false, part) => EIGHTHS.get(part as usize - 1).copied().unwrap_or("█"),
        };
        ink::put(buf, x, area.y, 1, sign, look.style(row.role));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stops_it_and_the_longest_bar_has_the_room() {
        let row = |name: &str, count: f64| Row { name: name.into(), count, after: "9".into(), role: Role::Bar };
        let rows = [row("pharmacy", 30.0), row("bed", 0.1), row("none", 0.0), row("odd", f64::NAN)];
        for (width, height) in [(0, 0), (1, 1), (9, 2), (40, 4), (300, 100)] {
            for look in [Look::dark(), Look::mono().in_ascii()] {
                let area = Rect::new(0, 0, width, height);
                draw(&rows, true, area, &mut Buffer::empty(area), &look);
            }
        }
        let area = Rect::new(0, 0, 24, 3);
        let mut buf = Buffer::empty(area);
        assert_eq!(draw(&rows, false, area, &mut buf, &Look::mono().in_ascii()), 3);
        let line = |y: u16| (0..24).map(|x| buf[(x, y)].symbol()).collect::<String>();
        assert_eq!((line(0), line(1)), ("pharmacy ############ 9 ".to_owned(), "     bed # 9            ".to_owned()));
    }
}
