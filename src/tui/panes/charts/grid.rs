//! Small multiples: every measure with a small true chart, its latest value and its verdict.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::view::Shown;
use crate::app::action::Action;
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::chart::Tile;
use crate::domain::measure::Measure;
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::ink;

/// The least width and height of one, the gap included.
const LEAST: (u16, u16) = (36, 10);

/// How many stand beside each other in an area.
pub(super) fn columns(area: Rect) -> usize {
    usize::from(area.width / LEAST.0).clamp(1, 6)
}

fn rows(area: Rect) -> usize {
    usize::from(area.height / LEAST.1).max(1)
}

/// How far an action goes in the list where `columns` stand beside each other; nothing for other actions.
pub(super) fn step(action: Action, area: Rect, columns: usize) -> Option<isize> {
    let columns = isize::try_from(columns).unwrap_or(1);
    let page = columns * isize::try_from(rows(area)).unwrap_or(1);
    Some(match action {
        Action::Left => -1,
        Action::Right => 1,
        Action::Up => -columns,
        Action::Down => columns,
        Action::PageUp => -page,
        Action::PageDown => page,
        Action::First => isize::MIN / 2,
        Action::Last => isize::MAX / 2,
        _ => return None,
    })
}

/// Draws the page that the selected measure is on.
pub(super) fn draw(shown: &Shown<'_>, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let (columns, rows) = (columns(area), rows(area));
    let on_page = columns * rows;
    let at = shown.listed.iter().position(|measure| Some(measure.id) == shown.selected).unwrap_or(0);
    let first = at / on_page * on_page;
    // Fewer than a page: those that there are get the room.
    let here = (shown.listed.len() - first).min(on_page);
    let lines = here.div_ceil(columns).max(1);
    let across = here.div_ceil(lines).max(1);
    let size = |all: u16, parts: usize| all / u16::try_from(parts).unwrap_or(u16::MAX).max(1);
    let (wide, high) = (size(area.width, across), size(area.height, lines));
    for (place, measure) in shown.listed.iter().skip(first).take(here).enumerate() {
        let place_in = |part: usize, step: u16| u16::try_from(part).unwrap_or(0) * step;
        let cell = Rect::new(
            area.x + place_in(place % across, wide),
            area.y + place_in(place / across, high),
            wide.saturating_sub(1),
            high.saturating_sub(1),
        );
        one(measure, model.tiles.get(&measure.id), Some(measure.id) == shown.selected, look, cell, buf);
    }
    let pages = shown.listed.len().div_ceil(on_page);
    if pages > 1 {
        let words = format!("page {} of {pages}", first / on_page + 1);
        ink::put_right(buf, area.right(), area.bottom().saturating_sub(1), 20, &words, look.style(Role::Dim));
    }
}

/// One measure: its name and value, its chart, what it says.
fn one(measure: &Measure, tile: Option<&Tile>, selected: bool, look: &Look, area: Rect, buf: &mut Buffer) {
    let line = Rect { height: 1.min(area.height), ..area };
    let ground = look.style(if selected { Role::Selected } else { Role::Panel });
    ink::ground(buf, line, ground);
    let value = tile.map_or("…", |tile| tile.value.as_str());
    let room = u16::try_from(text::width(value)).unwrap_or(0);
    let name = ground.patch(look.style(Role::Title)).add_modifier(Modifier::BOLD);
    ink::put(buf, area.x + 1, area.y, area.width.saturating_sub(room + 3), &measure.name, name);
    let role = tile.map_or(Role::Dim, |tile| verdict_role(tile.verdict));
    ink::put_right(buf, area.right().saturating_sub(1), area.y, room, value, ground.patch(look.style(role)));
    let Some(tile) = tile.filter(|_| area.height >= 3) else { return };
    let badge = crate::chart::badge(tile.verdict, tile.early, look.ascii);
    let said = [(badge.as_str(), look.style(role)), ("  ", look.style(Role::Dim))];
    let at = ink::line(buf, area.x + 1, area.y + 1, area.width.saturating_sub(2), &said);
    let rest = area.right().saturating_sub(at + 1);
    ink::put(buf, at, area.y + 1, rest, &text::clip(&tile.words_short, usize::from(rest)), look.style(Role::Dim));
    let plot = ink::below(area, 2);
    let len = tile.chart.points.len();
    // A column for each point: closer ones would hide the thread's ups and downs.
    let seen = (chart::roomy(&tile.chart, plot, look) * 2).saturating_sub(1);
    let visible = (len > seen).then_some(seen);
    let view = ChartView { visible, first: len - visible.unwrap_or(len), ..ChartView::default() };
    chart::draw(&tile.chart, &view, plot, buf, look);
}
