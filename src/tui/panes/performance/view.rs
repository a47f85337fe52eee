//! How the performance board looks.
//!
//! One glance, one answer: colour only where something changed, everything else quiet. A tile that
//! is selected shows it in its name alone, so that a step over a slow line is a few bytes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Grid;
use crate::app::exceptions::Exceptions;
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::chart::{Tile, badge};
use crate::domain::due::{Due, age};
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::team::board_of;
use crate::spc::Verdict;
use crate::tui::widgets::chart::verdict_role;
use crate::tui::widgets::{ink, spark};

/// The narrowest tile that can be read.
const TILE_WIDTH: u16 = 22;
/// The lowest tile, with the empty row under it.
const TILE_LOWEST: u16 = 6;
/// The highest tile: more would be stretched.
const TILE_HIGHEST: u16 = 14;

/// How many tiles fit, and how large they are.
pub(super) struct Shape {
    /// Columns in view.
    pub(super) columns: usize,
    /// Tiles in view, from top to bottom.
    pub(super) rows: usize,
    width: u16,
    height: u16,
}

impl Shape {
    /// The shape of the board in an area: as many columns as can be read, tiles as high as fits all
    /// of a column, where that is not too low.
    pub(super) fn of(area: Rect, grid: &Grid<'_>) -> Self {
        let columns = grid.columns.len().clamp(1, usize::from((area.width / TILE_WIDTH).max(1)));
        let most = grid.columns.iter().map(|(_, measures)| measures.len()).max().unwrap_or(1).max(1);
        let room = area.height.saturating_sub(3);
        let even = room / u16::try_from(most).unwrap_or(u16::MAX);
        let height = even.clamp(TILE_LOWEST, TILE_HIGHEST).min(room.max(1));
        let rows = usize::from((room + 1) / height.max(1)).max(1);
        Self { columns, rows, width: area.width / u16::try_from(columns).unwrap_or(1).max(1), height }
    }
}

/// Draws the board.
pub(super) fn board(
    grid: &Grid<'_>,
    shown: Option<(&str, usize, usize)>,
    filter: &str,
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.is_empty() {
        return;
    }
    if let Some((name, at, count)) = shown
        && area.height > 1
    {
        // On a row of its own: beside the sentence there is not always room.
        let name = if name.is_empty() { &model.team.name } else { name };
        let words = format!("{name} · board {at} of {count} · b next");
        let room = area.width.saturating_sub(2);
        ink::put_right(buf, area.right().saturating_sub(1), area.y + 1, room, &words, look.style(Role::Accent));
    }
    if grid.columns.is_empty() {
        empty(nothing(shown.is_some(), filter), look, area, buf);
        return;
    }
    summary(Whole::Board, filter, model, look, area, buf);
    let area = ink::below(area, 2);
    let shape = Shape::of(Rect { y: area.y.saturating_sub(2), height: area.height + 2, ..area }, grid);
    // Whole pages, so that a step within one moves nothing.
    let first = (grid.column / shape.columns * shape.columns).min(grid.columns.len() - shape.columns);
    let top = grid.row / shape.rows * shape.rows;
    for (place, (name, measures)) in grid.columns.iter().enumerate().skip(first).take(shape.columns) {
        let at = u16::try_from(place - first).unwrap_or(0);
        let column = Rect { x: area.x + at * shape.width, width: shape.width, ..area };
        let heading = Heading {
            // Of what is found on every board the heading says on which it stands.
            name: if filter.is_empty() { board_of(name).1 } else { name },
            more_left: at == 0 && first > 0,
            more_right: place + 1 == first + shape.columns && place + 1 < grid.columns.len(),
        };
        heading.draw(look, column, buf);
        let tiles = ink::below(column, 1);
        for (row, measure) in measures.iter().enumerate().skip(top).take(shape.rows) {
            let y = tiles.y + u16::try_from(row - top).unwrap_or(0) * shape.height;
            let height = (shape.height - 1).min(tiles.bottom().saturating_sub(y));
            let selected = place == grid.column && row == grid.row;
            let cell = Rect { y, height, width: shape.width.saturating_sub(1), ..tiles };
            tile(measure, selected, model, look, cell, buf);
        }
        if measures.len() > top + shape.rows {
            let words = format!("{} more", measures.len() - top - shape.rows);
            ink::put_right(buf, column.right().saturating_sub(3), column.y, 12, &words, look.style(Role::Faint));
        }
    }
}

/// The tile that stands on a cell of the screen: its column and its place in that.
pub(super) fn at(grid: &Grid<'_>, area: Rect, (x, y): (u16, u16)) -> Option<(usize, usize)> {
    let shape = Shape::of(area, grid);
    let first = (grid.column / shape.columns * shape.columns).min(grid.columns.len().checked_sub(shape.columns)?);
    let top = grid.row / shape.rows * shape.rows;
    let (right, down) = (x.checked_sub(area.x)?, y.checked_sub(area.y + 3)?);
    let column = first + usize::from(right / shape.width.max(1));
    let row = top + usize::from(down / shape.height.max(1));
    let measures = &grid.columns.get(column)?.1;
    (column < first + shape.columns && row < top + shape.rows && row < measures.len()).then_some((column, row))
}

/// What is said where the board has nothing to show.
fn nothing(is_one_of_several: bool, filter: &str) -> &'static [(&'static str, Role)] {
    if !filter.is_empty() {
        &[
            ("No measure contains that.", Role::Title),
            ("", Role::Text),
            ("/ and Enter shows all of them again", Role::Accent),
        ]
    } else if is_one_of_several {
        &[
            ("Nothing stands on this board yet.", Role::Title),
            ("", Role::Text),
            ("A measure's form says in which column it stands.", Role::Text),
            ("", Role::Text),
            ("b  shows the next board; there e brings a tile over", Role::Accent),
        ]
    } else {
        &[
            ("No measures yet.", Role::Title),
            ("", Role::Text),
            ("A measure is one number that says whether care gets better:", Role::Text),
            ("falls in a week, doses omitted of doses due, days of stay.", Role::Dim),
            ("", Role::Text),
            ("n  makes the first one", Role::Accent),
        ]
    }
}

/// What the board looks like with nothing on it.
fn empty(lines: &[(&str, Role)], look: &Look, area: Rect, buf: &mut Buffer) {
    let wide = lines.iter().map(|(words, _)| text::width(words)).max().unwrap_or(0);
    let wide = u16::try_from(wide).unwrap_or(area.width).min(area.width.saturating_sub(1));
    let inside = ink::centred(area, wide, u16::try_from(lines.len()).unwrap_or(6));
    for (row, (words, role)) in (inside.y..inside.bottom()).zip(lines) {
        ink::put(buf, inside.x, row, inside.width, words, look.style(*role));
    }
}

/// What of the board a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whole {
    /// Every measure.
    Board,
    /// What is not private: for a screen that anybody passes.
    Public,
}

/// The sentence first: what needs a look, what is late, and what is best left alone.
pub(crate) fn summary(whole: Whole, filter: &str, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let found = model.exceptions(|measure| whole == Whole::Board || !measure.private);
    let parts = [true, false].map(|roomy| summary_parts(&found, filter, roomy, look));
    let wide = |parts: &[(String, Style)]| parts.iter().map(|(words, _)| text::width(words)).sum::<usize>();
    let [long, short] = parts;
    let parts = if wide(&long) + 2 <= usize::from(area.width) { long } else { short };
    let parts: Vec<(&str, Style)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
    ink::line(buf, area.x + 1, area.y, area.width.saturating_sub(2), &parts);
}

fn summary_parts(found: &Exceptions, filter: &str, roomy: bool, look: &Look) -> Vec<(String, Style)> {
    let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    let dot = if look.ascii { "  -  " } else { "  ·  " };
    let strong = |role| look.style(role).add_modifier(Modifier::BOLD);
    let mut parts: Vec<(String, Style)> = Vec::new();
    let mut say = |words: String, style: Style| {
        if !parts.is_empty() {
            parts.push((dot.to_owned(), look.style(Role::Faint)));
        }
        parts.push((words, style));
    };
    // First, since what is left out at the end must not be why the board looks so empty.
    if !filter.is_empty() {
        say(format!("only “{filter}”"), strong(Role::Accent));
    }
    if found.signals() > 0 {
        let role = if found.concerns > 0 { Role::Concern } else { Role::Improvement };
        let kinds = [
            (found.concerns, plural(found.concerns, "concern", "concerns")),
            (found.improvements, plural(found.improvements, "improvement", "improvements")),
            (found.changes, plural(found.changes, "change", "changes")),
        ];
        let kinds: Vec<String> = kinds.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
        let signals = plural(found.signals(), "signal", "signals");
        say(if roomy { format!("{signals}: {}", kinds.join(", ")) } else { signals }, strong(role));
    }
    if found.late > 0 {
        say(format!("{} late", found.late), strong(Role::Due));
    } else if found.due > 0 {
        say(format!("{} due", found.due), strong(Role::Due));
    }
    if found.at_risk > 0 {
        say(plural(found.at_risk, "target at risk", "targets at risk"), strong(Role::Due));
    }
    if found.unchanged > 0 {
        let long = format!("{} unchanged: common cause, leave them alone", found.unchanged);
        say(if roomy { long } else { format!("{} unchanged", found.unchanged) }, look.style(Role::Dim));
    }
    if found.early > 0 {
        say(format!("{} too early to tell", found.early), look.style(Role::Dim));
    }
    if found.unread > 0 {
        say(format!("reading {} more", found.unread), look.style(Role::Faint));
    }
    parts
}

/// The heading of a column, with marks where more columns are out of view.
struct Heading<'a> {
    name: &'a str,
    more_left: bool,
    more_right: bool,
}

impl Heading<'_> {
    fn draw(&self, look: &Look, area: Rect, buf: &mut Buffer) {
        let style = look.style(Role::Dim).add_modifier(Modifier::BOLD);
        let (left, right) = if look.ascii { ("< ", ">") } else { ("‹ ", "›") };
        let name = format!("{}{}", if self.more_left { left } else { "" }, self.name.to_uppercase());
        ink::put(buf, area.x + 1, area.y, area.width.saturating_sub(2), &name, style);
        if self.more_right {
            ink::put_right(buf, area.right().saturating_sub(1), area.y, 2, right, look.style(Role::Accent));
        }
    }
}

/// The rows of a tile under its value: the chart's height, and the lines of words that there is room for.
struct Rows {
    spark: u16,
    lines: usize,
}

impl Rows {
    /// Name, value and verdict are always there. Of the rest the chart takes the first row and the
    /// third; the words take the others until all are said, and the chart what is left, up to six.
    fn of(height: u16, lines: usize) -> Self {
        let left = height.saturating_sub(3);
        let wanted = u16::try_from(lines).unwrap_or(u16::MAX);
        let words = wanted.min(left.saturating_sub(if left >= 3 { 2 } else { 1 }));
        Self { spark: (left - words).min(6), lines: usize::from(words) }
    }
}

fn tile(measure: &Measure, selected: bool, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.width < 4 || area.height == 0 {
        return;
    }
    ink::ground(buf, area, look.style(Role::Panel));
    let shown = model.tiles.get(&measure.id);
    let verdict = shown.map_or(Verdict::Common, |tile| tile.verdict);
    edge(verdict, look, area, buf);
    let inside = Rect { x: area.x + 2, width: area.width - 2, ..area };
    name(measure, selected, look, inside, buf);
    if model.news.of_measure(measure.id).is_some() {
        let style = if selected { look.style(Role::OnAccent) } else { on_panel(look, Role::Accent) };
        ink::mark_new(buf, area.right(), area.y, look, style);
    }
    let Some(shown) = shown else {
        ink::put(
            buf,
            inside.x,
            inside.y + 1,
            inside.width,
            if look.ascii { "..." } else { "…" },
            look.style(Role::Faint),
        );
        return;
    };
    let mut lines = words(measure, shown, model);
    let rows = Rows::of(area.height, lines.len());
    // Age stands last and is kept; what is said before it gives way from the end.
    let age = lines.pop();
    lines.truncate(rows.lines.saturating_sub(1));
    lines.extend(age.filter(|_| rows.lines > 0));
    let mut y = inside.y + 1;
    let value = on_panel(look, Role::Title).add_modifier(Modifier::BOLD);
    let (number, rest) = value_words(measure, shown, model);
    let at = ink::put(buf, inside.x, y, inside.width, &number, value);
    ink::put(buf, at + 1, y, inside.right().saturating_sub(at + 1), &rest, on_panel(look, Role::Dim));
    y += 1;
    if rows.spark > 0 {
        let chart = Rect { y, height: rows.spark, width: inside.width.saturating_sub(1), ..inside };
        spark::draw(shown, chart.intersection(area), buf, look);
        y += rows.spark;
    }
    let strong = if verdict == Verdict::Common { Style::new() } else { Style::new().add_modifier(Modifier::BOLD) };
    let verdict_words = badge(verdict, shown.early, look.ascii);
    lines.insert(0, (verdict_words, verdict_role(verdict)));
    for (place, (words, role)) in lines.iter().enumerate() {
        if y < area.bottom() {
            let style = on_panel(look, *role);
            ink::put(buf, inside.x, y, inside.width, words, if place == 0 { style.patch(strong) } else { style });
        }
        y += 1;
    }
}

/// The words under the verdict, most important first, and the age of the data last.
fn words(measure: &Measure, tile: &Tile, model: &Model) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    if tile.verdict != Verdict::Common {
        lines.push((tile.words_short.clone(), Role::Text));
    }
    if let Some(target) = &tile.target {
        lines.push((target.clone(), Role::Dim));
    }
    if !measure.next_action.is_empty() {
        let arrow = if tile.verdict == Verdict::Common { Role::Dim } else { Role::Text };
        lines.push((measure.next_action.clone(), arrow));
    }
    if !measure.owner.is_empty() {
        lines.push((measure.owner.clone(), Role::Dim));
    }
    lines.push(age_words(measure, tile, model));
    lines
}

/// The coloured edge: thick where something changed, and a thin line where nothing did.
fn edge(verdict: Verdict, look: &Look, area: Rect, buf: &mut Buffer) {
    let (sign, role) = match (verdict, look.ascii) {
        (Verdict::Common, false) => ("▏", Role::Faint),
        (Verdict::Common, true) => (" ", Role::Faint),
        (changed, false) => ("▌", verdict_role(changed)),
        (changed, true) => ("|", verdict_role(changed)),
    };
    for y in area.top()..area.bottom() {
        ink::put(buf, area.x, y, 1, sign, on_panel(look, role));
    }
}

fn name(measure: &Measure, selected: bool, look: &Look, area: Rect, buf: &mut Buffer) {
    let row = Rect { height: 1, ..area };
    let style = if selected {
        let style = look.style(Role::OnAccent).add_modifier(Modifier::BOLD);
        ink::ground(buf, Rect { x: row.x - 1, width: row.width + 1, ..row }, style);
        style
    } else {
        on_panel(look, Role::Title).add_modifier(Modifier::BOLD)
    };
    if measure.focus {
        ink::put(buf, row.x - 1, row.y, 1, if look.ascii { "*" } else { "★" }, style);
    }
    ink::put(buf, row.x, row.y, row.width, &measure.name, style);
}

/// The value, and what stands beside it: its parts, or the period that it is for. Of rare events the
/// days since the last one.
fn value_words(measure: &Measure, tile: &Tile, model: &Model) -> (String, String) {
    let Some(start) = tile.start else { return (tile.value.clone(), String::new()) };
    if let Some(days) = model.days_since(measure) {
        return (days.to_string(), format!("{} since", Frequency::Day.noun(usize::try_from(days).unwrap_or(0))));
    }
    let parts = tile.parts.clone();
    (tile.value.clone(), if parts.is_empty() { measure.frequency.period_words(start.date()) } else { parts })
}

/// How old the data are, and whether a value is due; stale data look stale.
fn age_words(measure: &Measure, tile: &Tile, model: &Model) -> (String, Role) {
    let old = tile
        .start
        .map_or_else(|| "no data yet".to_owned(), |start| age(measure.frequency, start.date(), model.today()));
    match model.due(measure) {
        // What is due still says how old the value is that stands above.
        Due::Now(_) if tile.start.is_none() => ("due, no data yet".to_owned(), Role::Due),
        Due::Now(_) => (format!("due, last: {old}"), Role::Due),
        Due::Late { missing, .. } => (format!("{missing} late, last: {old}"), Role::Due),
        Due::No => (old, Role::Dim),
    }
}

fn on_panel(look: &Look, role: Role) -> Style {
    look.style(Role::Panel).patch(look.style(role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_keeps_its_chart_and_its_age_at_any_height_and_says_more_when_there_is_room() {
        for (height, spark, lines) in [(3, 0, 0), (4, 1, 0), (5, 1, 1), (7, 2, 2), (9, 3, 3), (13, 6, 3)] {
            let rows = Rows::of(height, 3);
            assert_eq!((rows.spark, rows.lines), (spark, lines), "{height}");
        }
    }
}
