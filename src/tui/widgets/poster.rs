//! One measure in letters for the wall: its name, its latest value in big digits, what it says in words,
//! and a large chart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::chart::{self, ChartView, verdict_role};
use super::{big, ink};
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::chart::Chart;

/// Draws it. Of a small area the words go last, and the chart goes first.
pub fn draw(chart: &Chart, area: Rect, buf: &mut Buffer, look: &Look) {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return;
    }
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let bold = look.style(Role::Title).add_modifier(Modifier::BOLD);
    let end = ink::put(buf, inside.x, inside.y, inside.width, &chart.name, bold);
    let day = chart.last.and_then(|last| chart.day_of(last)).unwrap_or_default();
    let room = inside.right().saturating_sub(end + 2);
    ink::put(buf, end + 2, inside.y, room, &day, look.style(Role::Dim));
    let role = verdict_role(chart.verdict());
    let value = chart.last.map_or_else(|| "–".to_owned(), |last| chart.scale.written(chart.points[last].value));
    // The digits get a third of the height at most: the chart shows where they come from.
    let tall = (area.height / 3).clamp(1, big::ROWS * 3);
    let number = Rect { y: inside.y + 2, height: tall.min(inside.height.saturating_sub(2)), ..inside };
    let number = Rect { width: number.width * 3 / 5, ..number };
    let value = fitting(&value, number);
    let (wide, high) = big::draw(value.0, number, look.style(role).add_modifier(Modifier::BOLD), look, buf);
    if !value.1.is_empty() {
        let y = (number.y + high).saturating_sub(1);
        ink::put(buf, number.x + wide + 1, y, 12, value.1, look.style(Role::Text));
    }
    let beside = number.x + wide + 2 + u16::try_from(text::width(value.1)).unwrap_or(0) + 2;
    let words = Rect { x: beside, width: inside.right().saturating_sub(beside), ..number };
    say(chart, Rect { height: words.height.max(high), ..words }, look, buf);
    let below = ink::below(inside, 2 + high.max(number.height.min(4)) + 1);
    let seen = chart::roomy(chart, below, look);
    let len = chart.points.len();
    let visible = (len > seen * 4 / 3).then_some(seen);
    let view = ChartView { visible, first: len - visible.unwrap_or(len), ..ChartView::default() };
    chart::draw(chart, &view, below, buf, look);
}

/// The part of a value that big letters can write and the unit that they cannot: "41 d" whole, "12" and "beds".
fn fitting(value: &str, area: Rect) -> (&str, &str) {
    if big::width(value, 2).is_some_and(|wide| wide <= area.width) {
        return (value, "");
    }
    value.split_once(' ').unwrap_or((value, ""))
}

/// The badge, the verdict and the target, as much as there is room for.
fn say(chart: &Chart, area: Rect, look: &Look, buf: &mut Buffer) {
    if area.width < 12 {
        return;
    }
    let mut lines = vec![(chart.badge(look.ascii), verdict_role(chart.verdict()), true)];
    let width = usize::from(area.width);
    lines.extend(text::wrap(&chart.words.verdict, width).into_iter().map(|line| (line, Role::Text, false)));
    if let Some(target) = &chart.words.target {
        lines.extend(text::wrap(target, width).into_iter().map(|line| (line, Role::Target, false)));
    }
    for (y, (words, role, is_bold)) in (area.top()..area.bottom()).zip(lines) {
        let style = look.style(role);
        let style = if is_bold { style.add_modifier(Modifier::BOLD) } else { style };
        ink::put(buf, area.x, y, area.width, &words, style);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::sample;

    #[test]
    fn it_takes_every_size_and_says_the_verdict_where_there_is_room() {
        for chart in [sample::ward(), sample::chart(&[]), sample::chart(&[4.0]), sample::chart(&[1e9; 300])] {
            for (width, height) in [(0, 0), (1, 1), (20, 5), (40, 12), (80, 24), (120, 40), (300, 100)] {
                for look in [Look::dark(), Look::mono().in_ascii()] {
                    let area = Rect::new(0, 0, width, height);
                    let mut buf = Buffer::empty(area);
                    draw(&chart, area, &mut buf, &look);
                    if width >= 120 {
                        let drawn: String = buf.content().iter().map(ratatui::buffer::Cell::symbol).collect();
                        assert!(drawn.contains(&chart.badge(look.ascii)));
                    }
                }
            }
        }
    }
}
