//! What matters today: the count of it in one line, and a few tiles with their numbers in big digits.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{age_of, big_number, number, public, verdict};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::chart::Tile;
use crate::domain::MeasureId;
use crate::domain::measure::Measure;
use crate::spc::Verdict;
use crate::tui::panes::performance::{self, Whole};
use crate::tui::wall::slides::TILE;
use crate::tui::widgets::chart::verdict_role;
use crate::tui::widgets::letters::{self, Size};
use crate::tui::widgets::{ink, spark};

/// Draws it.
pub(super) fn draw(ids: &[MeasureId], model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let line = Rect { height: 1, ..area };
    performance::summary(Whole::Public, "", model, look, line, buf);
    let area = ink::below(area, 2);
    let tiles: Vec<(&Measure, &Tile)> =
        ids.iter().filter_map(|id| Some((model.measure(*id)?, model.tiles.get(id)?))).collect();
    let (across, down) = grid(tiles.len(), area);
    let (wide, high) = (area.width / across, area.height / down);
    for (place, (measure, shown)) in (0_u16..).zip(tiles) {
        let (column, row) = (place % across, place / across);
        let cell = Rect {
            x: area.x + column * wide,
            y: area.y + row * high,
            width: wide.saturating_sub(1),
            height: high.saturating_sub(1),
        };
        tile(measure, shown, model, look, cell, buf);
    }
}

/// The grid that makes so many tiles largest: columns and rows.
fn grid(count: usize, area: Rect) -> (u16, u16) {
    let count = u16::try_from(count.max(1)).unwrap_or(u16::MAX);
    let most = (area.width / TILE.0).clamp(1, 3);
    let best = (1..=most).max_by_key(|across| {
        let down = count.div_ceil(*across);
        // A cell is twice as high as it is wide, and a tile looks best a little wider than high.
        (area.width / across).min(area.height / down * 3)
    });
    let across = best.unwrap_or(1);
    (across, count.div_ceil(across))
}

fn tile(measure: &Measure, tile: &Tile, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.width < 6 || area.height == 0 {
        return;
    }
    let panel = look.style(Role::Panel);
    ink::ground(buf, area, panel);
    let role = verdict_role(tile.verdict);
    let (edge, edge_role) = match (tile.verdict, look.ascii) {
        (Verdict::Common, false) => ("▏", Role::Faint),
        (Verdict::Common, true) => (" ", Role::Faint),
        (_, false) => ("█", role),
        (_, true) => ("|", role),
    };
    for y in area.top()..area.bottom() {
        ink::put(buf, area.x, y, 1, edge, panel.patch(look.style(edge_role)));
    }
    let inside = Rect { x: area.x + 2, width: area.width - 3, ..area };
    let on = |role| panel.patch(look.style(role));
    let large = if area.height >= 15 { Size::Three } else { Size::Plain };
    let mut left = if large == Size::Three { ink::below(inside, 1) } else { inside };
    let name = public(&measure.name);
    let taken = letters::fit(name, large, left, on(Role::Title).add_modifier(Modifier::BOLD), look, buf);
    left = ink::below(left, taken + u16::from(large == Size::Three));
    let (value, unit) = number(measure, tile, model);
    let tall = left.height.saturating_sub(4).clamp(1, if area.height >= 22 { 10 } else { 5 });
    let strong = on(role).add_modifier(Modifier::BOLD);
    let room = Rect { height: tall.min(left.height), ..left };
    let (wide, high) = big_number((&value, &unit), room, strong, look, buf);
    let beside = ink::shift_right(room, wide + 3);
    if beside.width >= 12 && high >= 3 {
        spark::draw(tile, Rect { height: high, ..beside }, buf, look);
    }
    left = ink::below(left, high + u16::from(left.height > high + 4));
    let taken = verdict(tile, large, Rect { height: left.height.saturating_sub(2), ..left }, look, buf);
    left = ink::below(left, taken + u16::from(large == Size::Three && left.height > taken + 2));
    let mut lines: Vec<(String, Role)> = Vec::new();
    if tile.verdict != Verdict::Common {
        lines.push((tile.words_short.clone(), Role::Text));
    }
    lines.extend(tile.target.clone().map(|target| (target, Role::Target)));
    if !measure.next_action.is_empty() {
        lines.push((format!("next: {}", public(&measure.next_action)), Role::Text));
    }
    // The age is always said; what stands before it gives way.
    lines.truncate(usize::from(left.height.saturating_sub(1)));
    lines.push(age_of(measure, tile, model));
    for (y, (words, role)) in (left.top()..left.bottom()).zip(lines) {
        ink::put(buf, left.x, y, left.width, &words, on(role));
    }
}
