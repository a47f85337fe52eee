//! A bar of work done, with a mark where it should stand by now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};

/// What a bar shows, as shares of its whole length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// How much is done.
    pub done: f64,
    /// How much should be done by now; no mark where nothing is expected yet or any more.
    pub mark: Option<f64>,
}

/// The parts of a filled cell, from one eighth to seven.
const EIGHTHS: [&str; 7] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];

impl Bar {
    /// The column of its mark in a bar of `width` cells.
    pub fn mark_column(&self, width: u16) -> Option<u16> {
        let mark = self.mark?;
        (width > 0).then(|| (eighths(mark, width) / 8).min(width - 1))
    }

    /// Draws it over the whole of `area`, every row alike.
    ///
    /// The fill never passes the mark where less is done than expected, and is never full before all
    /// is done: what the eye compares is rounded the same way on both.
    pub fn draw(&self, look: &Look, area: Rect, buf: &mut Buffer) {
        // A reversed ground would turn the filled part into the empty one.
        let upright = |role: Role| look.style(role).remove_modifier(Modifier::REVERSED);
        let filled = match eighths(self.done, area.width) {
            0 if self.done > 0.0 => 1,
            filled => filled,
        };
        let mark = self.mark_column(area.width);
        for column in 0..area.width {
            let part = filled.saturating_sub(column.saturating_mul(8)).min(8);
            let (sign, style) = if mark == Some(column) {
                (if look.ascii { "|" } else { "┃" }, upright(Role::Title))
            } else {
                cell(part, look.ascii, upright(Role::Bar), upright(Role::BarEmpty))
            };
            for y in area.top()..area.bottom() {
                if let Some(cell) = buf.cell_mut((area.x.saturating_add(column), y)) {
                    cell.set_symbol(sign).set_style(style);
                }
            }
        }
    }
}

fn cell(part: u16, ascii: bool, full: Style, empty: Style) -> (&'static str, Style) {
    match (part, ascii) {
        (0, false) => ("░", empty),
        (0, true) => (".", empty),
        (8, false) => ("█", full),
        (_, true) => ("#", full),
        (part, false) => (EIGHTHS[usize::from(part.clamp(1, 7)) - 1], full),
    }
}

/// So many eighths of a cell, rounded down.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the width of a screen")]
fn eighths(share: f64, width: u16) -> u16 {
    let width = width.min(8_000);
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    (share * f64::from(width) * 8.0).floor() as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(bar: Bar, width: u16) -> String {
        let area = Rect::new(0, 0, width, 1);
        let mut buf = Buffer::empty(area);
        bar.draw(&Look::dark(), area, &mut buf);
        (0..width).map(|x| buf[(x, 0)].symbol().to_owned()).collect()
    }

    #[test]
    fn a_bar_is_full_only_when_all_is_done() {
        assert_eq!(drawn(Bar { done: 1.0, mark: None }, 4), "████");
        assert_eq!(drawn(Bar { done: 0.999, mark: None }, 4), "███▉");
        assert_eq!(drawn(Bar { done: 0.001, mark: None }, 4), "▏░░░");
        assert_eq!(drawn(Bar { done: 0.0, mark: None }, 4), "░░░░");
    }

    #[test]
    fn the_fill_stands_on_the_side_of_the_mark_that_was_computed() {
        for width in 1..60_u16 {
            for done in 0..=40_u32 {
                let (done, mark) = (f64::from(done) / 40.0, 0.37);
                let text = drawn(Bar { done, mark: Some(mark) }, width);
                let after = text.split_once('┃').map(|(_, after)| after.to_owned()).unwrap();
                if done < mark {
                    assert!(after.chars().all(|letter| letter == '░'), "{text}");
                }
            }
        }
    }

    #[test]
    fn shares_that_are_no_numbers_draw_an_empty_bar() {
        assert_eq!(drawn(Bar { done: f64::NAN, mark: Some(f64::INFINITY) }, 3), "┃░░");
    }
}
