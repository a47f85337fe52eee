//! Small multiples: every measure with a small true chart, its latest value and its verdict.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::view::Shown;
use crate::app::action::Action;
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::measure::Measure;
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::ink;

/// The least width and height of one, the gap included.
const LEAST: (u16, u16) = (36, 10);

/// How the page that holds one of so many measures is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Page {
    /// The first measure on it.
    first: usize,
    /// How many are on it.
    here: usize,
    /// How many stand beside each other.
    across: usize,
    /// How many rows they stand in.
    lines: usize,
    /// How many have room on a page.
    most: usize,
}

impl Page {
    fn of(area: Rect, listed: usize, at: usize) -> Self {
        let columns = usize::from(area.width / LEAST.0).clamp(1, 6);
        let most = columns * usize::from(area.height / LEAST.1).max(1);
        let first = at / most * most;
        let here = listed.saturating_sub(first).min(most);
        // Fewer than a page: those that there are get the room.
        let lines = here.div_ceil(columns).max(1);
        Self { first, here, across: here.div_ceil(lines).max(1), lines, most }
    }
}

/// How far an action goes from one of so many measures; nothing for other actions.
pub(super) fn step(action: Action, area: Rect, listed: usize, at: usize) -> Option<isize> {
    let page = Page::of(area, listed, at);
    let (columns, page) = (page.across.cast_signed(), page.most.cast_signed());
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
    let at = shown.listed.iter().position(|measure| Some(measure.id) == shown.selected).unwrap_or(0);
    let Page { first, here, across, lines, most } = Page::of(area, shown.listed.len(), at);
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
        one(measure, model, Some(measure.id) == shown.selected, look, cell, buf);
    }
    let pages = shown.listed.len().div_ceil(most);
    if pages > 1 {
        let words = format!("page {} of {pages}", first / most + 1);
        ink::put_right(buf, area.right(), area.bottom().saturating_sub(1), 20, &words, look.style(Role::Dim));
    }
}

/// One measure: its name and value, its chart, what it says.
fn one(measure: &Measure, model: &Model, selected: bool, look: &Look, area: Rect, buf: &mut Buffer) {
    let tile = model.tiles.get(&measure.id);
    let line = Rect { height: 1.min(area.height), ..area };
    let ground = look.style(if selected { Role::Selected } else { Role::Panel });
    ink::ground(buf, line, ground);
    let value = model.shown_value(measure);
    let room = u16::try_from(text::width(&value)).unwrap_or(0);
    let name = ground.patch(look.style(Role::Title)).add_modifier(Modifier::BOLD);
    ink::put(buf, area.x + 1, area.y, area.width.saturating_sub(room + 3), &measure.name, name);
    let role = tile.map_or(Role::Dim, |tile| verdict_role(tile.verdict));
    ink::put_right(buf, area.right().saturating_sub(1), area.y, room, &value, ground.patch(look.style(role)));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn down_goes_to_the_one_below_however_many_stand_beside_each_other() {
        for (width, height, listed) in [(120, 35, 4), (120, 35, 15), (80, 21, 15), (200, 55, 15), (60, 21, 3)] {
            let area = Rect::new(0, 0, width, height);
            let page = Page::of(area, listed, 0);
            assert!(page.across * page.lines >= page.here && page.here <= page.most);
            assert_eq!(step(Action::Down, area, listed, 0), Some(page.across.cast_signed()), "{width}x{height}");
        }
        assert_eq!(step(Action::Annotate, Rect::new(0, 0, 80, 24), 4, 0), None);
    }
}
