//! What was promised or asked for, on the huddle's screen: as large as all of it has room.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::Role;
use crate::base::text;
use crate::domain::agenda::View;
use crate::domain::promise::Promise;
use crate::tui::panes::actions::list;
use crate::tui::widgets::ink;
use crate::tui::widgets::letters::{self, Size};

use super::listing;
use super::shows::{say, style};
use super::view::Running;

/// One of them, as it is drawn: its words line by line.
struct Row<'a> {
    promise: &'a Promise,
    lines: Vec<String>,
}

impl Row<'_> {
    /// The rows of the screen that its words take.
    fn words(&self, size: Size) -> u16 {
        let lines = u16::try_from(self.lines.len()).unwrap_or(1).max(1);
        // Large lines have air between them.
        if size == Size::Three { lines * 4 - 1 } else { lines }
    }
}

/// Draws the promises of the item.
pub(super) fn draw(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let all = listing::promises(board.model, board.course);
    if all.is_empty() {
        let words = match board.course.view() {
            View::Escalate => "Nothing is escalated. ! asks another tier for something.",
            _ => "Nothing was promised and is open.",
        };
        return say(board, words, area, buf);
    }
    let warning = list::escalating(board.model).filter(|_| board.course.view() == View::Escalate);
    let area = warning.map_or(area, |warning| {
        let lines = text::wrap(&format!("▲ {warning}"), usize::from(area.width));
        for (y, line) in (area.top()..area.bottom()).zip(&lines) {
            ink::put(buf, area.x, y, area.width, line, style(board, Role::Due));
        }
        ink::below(area, u16::try_from(lines.len()).unwrap_or(1) + 1)
    });
    let (size, rows) = laid_out(board, &all, area);
    let airy = rows.iter().map(|row| row.words(size) + 2).sum::<u16>() <= area.height + 1;
    let high = |row: &Row<'_>| row.words(size) + 1 + u16::from(airy);
    let at = board.at.min(rows.len() - 1);
    let mut top = 0;
    while top < at && rows[top..=at].iter().map(high).sum::<u16>() > area.height + u16::from(airy) {
        top += 1;
    }
    let mut y = area.y;
    let mut drawn = top;
    for (index, row) in rows.iter().enumerate().skip(top) {
        let height = row.words(size) + 1;
        if y + height > area.bottom() && index > top {
            break;
        }
        one(board, row, index == at, size, Rect { y, height, ..area }.intersection(area), buf);
        y += high(row);
        drawn = index + 1;
    }
    if drawn < rows.len() && area.height > 0 {
        let words = format!(" ↓ {} more", rows.len() - drawn);
        ink::put_right(buf, area.right(), area.bottom() - 1, 12, &words, style(board, Role::Dim));
    }
}

/// One size for all of them, the larger where all have room: what stands larger would look more important.
fn laid_out<'a>(board: &Running<'_>, all: &[&'a Promise], area: Rect) -> (Size, Vec<Row<'a>>) {
    let room = area.width.saturating_sub(6);
    let large: Vec<Row<'_>> =
        all.iter().map(|promise| Row { promise, lines: letters::wrap(&promise.what, Size::Three, room, 3) }).collect();
    let whole =
        |line: &String| !line.ends_with("...") && letters::cells(line, Size::Three).is_some_and(|wide| wide <= room);
    let fits = large.iter().map(|row| row.words(Size::Three) + 2).sum::<u16>() <= area.height + 1;
    if !board.look.ascii && area.width >= 60 && fits && large.iter().all(|row| row.lines.iter().all(whole)) {
        return (Size::Three, large);
    }
    (Size::Plain, all.iter().map(|promise| Row { promise, lines: vec![promise.what.clone()] }).collect())
}

fn one(board: &Running<'_>, row: &Row<'_>, here: bool, size: Size, area: Rect, buf: &mut Buffer) {
    let promise = row.promise;
    let ground = if here { style(board, Role::Selected) } else { Style::new() };
    if here {
        ink::ground(buf, area, ground);
    }
    let on = |role: Role| style(board, role).patch(ground);
    let mut standing = list::standing(board.model, promise);
    if promise.is_open() && board.course.not_yet.contains(&promise.id) {
        standing.words = format!("not yet  ·  {}", standing.words);
    }
    let words = if here || promise.is_open() { Role::Title } else { Role::Dim };
    ink::put(buf, area.x + 1, area.y, 2, standing.sign, on(standing.role).add_modifier(Modifier::BOLD));
    let inside = ink::shift_right(area, 4);
    let mut y = inside.y;
    for line in &row.lines {
        let place = Rect { y, height: inside.bottom().saturating_sub(y), ..inside };
        letters::draw(line, size, place, on(words), board.look, buf);
        y += if size == Size::Three { 4 } else { 1 };
    }
    let y = area.y + row.words(size);
    if y < area.bottom() {
        let by = list::by(board.model, promise);
        let by = if by.is_empty() { by } else { format!("  ·  by {by}") };
        let bold = on(standing.role).add_modifier(Modifier::BOLD);
        let end = ink::put(buf, inside.x, y, inside.width, &standing.words, bold);
        let rest = format!("  ·  {}{by}", list::who(promise));
        ink::put(buf, end, y, inside.right().saturating_sub(end), &rest, on(Role::Dim));
    }
}
