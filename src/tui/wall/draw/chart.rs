//! One measure, large: its name, its number, what it says in words, and its chart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{age_of, big_number, number, public, verdict};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::chart::Chart;
use crate::domain::MeasureId;
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::ink;
use crate::tui::widgets::letters::{self, Size};

/// Draws it. The digits get a third of the height at most: the chart shows where they come from.
pub(super) fn draw(id: MeasureId, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let (Some(measure), Some(tile)) = (model.measure(id), model.tiles.get(&id)) else { return };
    let large = if area.height >= 28 { Size::Three } else { Size::Plain };
    let bold = look.style(Role::Title).add_modifier(Modifier::BOLD);
    let taken = letters::fit(public(&measure.name), large, area, bold, look, buf);
    let left = ink::below(area, taken + 1);
    let tall = (area.height / 4).clamp(1, 10);
    let (value, unit) = number(measure, tile, model);
    let style = look.style(verdict_role(tile.verdict)).add_modifier(Modifier::BOLD);
    let room = Rect { height: tall.min(left.height), width: left.width / 2, ..left };
    let (wide, high) = big_number((&value, &unit), room, style, look, buf);
    let beside = Rect { height: left.height.min(high.max(tall)), ..ink::shift_right(left, wide + 4) };
    let taken = verdict(tile, large, beside, look, buf);
    let mut lines: Vec<(String, Role)> = vec![age_of(measure, tile, model)];
    if model.days_since(measure).is_some() {
        // A streak alone suppresses reporting: what the chart of the days between says stands beside it.
        lines.push((format!("between the last two: {}", tile.value), Role::Text));
    }
    let wrapped = |words: &str, role| {
        text::wrap(words, usize::from(beside.width).max(10)).into_iter().map(move |line| (line, role))
    };
    lines.extend(wrapped(&tile.words, Role::Text));
    lines.extend(tile.target.iter().flat_map(|target| wrapped(target, Role::Target)));
    let under = ink::below(beside, taken);
    for (y, (words, role)) in (under.top()..under.bottom()).zip(&lines) {
        ink::put(buf, under.x, y, under.width, words, look.style(*role));
    }
    plot(&tile.chart, ink::below(left, high.max(tall) + 1), look, buf);
}

fn plot(shown: &Chart, area: Rect, look: &Look, buf: &mut Buffer) {
    let seen = chart::roomy(shown, area, look);
    let len = shown.points.len();
    let visible = (len > seen * 4 / 3).then_some(seen);
    let view = ChartView { visible, first: len - visible.unwrap_or(len), ..ChartView::default() };
    chart::draw(shown, &view, area, buf, look);
}
