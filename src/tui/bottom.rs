//! The last line of the screen: the keys that work here now, how the board stands to others, and what
//! is said.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::standing::{self, Keys};
use super::widgets::ink;
use crate::app::effect::{Notice, Tone};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;

/// Draws the keys with their words on the left and the board's standing on the right; `named` are
/// the keys that this names.
pub(crate) fn key_line(
    hints: &[(String, String)],
    named: Keys<'_>,
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) {
    let bar = look.style(Role::Frame);
    ink::ground(buf, area, bar);
    let state = standing::words(model, named, usize::from(area.width / 3 + 4));
    let wide = u16::try_from(standing::width(&state)).unwrap_or(area.width).min(area.width);
    let room_end = area.right().saturating_sub(wide + 2);
    keys(hints, look, area, room_end, buf);
    let mut at = area.right().saturating_sub(wide + 1);
    for (words, role) in &state {
        let weight = if *role == Role::Accent { Modifier::BOLD } else { Modifier::empty() };
        let style = bar.patch(look.style(*role)).add_modifier(weight);
        at = ink::put(buf, at, area.y, area.right().saturating_sub(at), words, style);
    }
}

fn keys(hints: &[(String, String)], look: &Look, area: Rect, room_end: u16, buf: &mut Buffer) {
    let bar = look.style(Role::Frame);
    let key_style = bar.patch(look.style(Role::Accent)).add_modifier(Modifier::BOLD);
    let word_style = bar.patch(look.style(Role::Text));
    let wide =
        |(key, words): &(String, String)| u16::try_from(text::width(key) + text::width(words) + 1).unwrap_or(u16::MAX);
    // The last one, the help, is always there; the ones before it give way.
    let last = hints.last().map_or(0, wide);
    let mut at = area.x + 1;
    for (place, hint) in hints.iter().enumerate() {
        let (key, words) = hint;
        let reserved = if place + 1 == hints.len() { 0 } else { last + 3 };
        if at.saturating_add(wide(hint)).saturating_add(reserved) > room_end {
            continue;
        }
        at = ink::put(buf, at, area.y, area.right().saturating_sub(at), key, key_style) + 1;
        at = ink::put(buf, at, area.y, area.right().saturating_sub(at), words, word_style) + 3;
    }
}

/// What is said, over the key line; a long sentence takes the rows above it too.
pub(crate) fn notice(notice: &Notice, look: &Look, area: Rect, buf: &mut Buffer) {
    let (mark, role) = match (notice.tone, look.ascii) {
        (Tone::Done, false) => ("✓", Role::Saved),
        (Tone::Done, true) => ("ok", Role::Saved),
        (Tone::Hint, false) => ("→", Role::Accent),
        (Tone::Hint, true) => ("->", Role::Accent),
        (Tone::Wrong, _) => ("!", Role::Error),
    };
    let lines = text::wrap(&notice.words, usize::from(area.width.saturating_sub(5)));
    let rows = u16::try_from(lines.len().clamp(1, 3)).unwrap_or(1);
    let top = area.bottom().saturating_sub(rows);
    let bar = look.style(Role::Frame);
    ink::clear(buf, Rect { y: top, height: rows, ..area }, bar);
    ink::put(buf, area.x + 1, top, 2, mark, bar.patch(look.style(role)).add_modifier(Modifier::BOLD));
    for (row, line) in (top..area.bottom()).zip(lines) {
        ink::put(buf, area.x + 4, row, area.width.saturating_sub(5), &line, bar.patch(look.style(role)));
    }
}
