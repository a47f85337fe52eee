//! The work that is going on: how many are done of how many, in digits for the other side of the room.

use chrono::NaiveDateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::{big_number, public};
use crate::app::look::{Look, Role};
use crate::app::model::{Model, ProcessRow};
use crate::domain::ProcessId;
use crate::domain::process::Pace;
use crate::tui::wall::slides::work_height;
use crate::tui::widgets::bar::Bar;
use crate::tui::widgets::ink;
use crate::tui::widgets::letters::{self, Size};

/// Draws it.
pub(super) fn draw(keys: &[(ProcessId, NaiveDateTime)], model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let open = super::slides::work(model);
    let behind = open.iter().filter(|row| matches!(row.standing.pace, Pace::Behind(_))).count();
    let (words, role) = match behind {
        0 => ("No work is behind.".to_owned(), Role::Text),
        behind => (format!("{behind} of {} behind", open.len()), Role::Concern),
    };
    ink::put(buf, area.x, area.y, area.width, &words, look.style(role).add_modifier(Modifier::BOLD));
    let area = ink::below(area, 2);
    // All of the height is used: what there is stands as large as it can.
    let count = u16::try_from(keys.len().max(1)).unwrap_or(u16::MAX);
    let high = (area.height / count).clamp(1, work_height(area) * 2);
    let rows: Vec<&ProcessRow> = keys
        .iter()
        .filter_map(|(process, start)| {
            open.iter().find(|row| row.process == *process && row.span.start == *start).copied()
        })
        .collect();
    // One size for all of them: a name that stands larger would look more important.
    let left = left_half(area);
    let most = if high > 5 { Size::Three } else { Size::Plain };
    let sizes = rows.iter().map(|row| most.fitting(name_of(row, model), left.width, high, look));
    let size = sizes.min().unwrap_or(Size::Plain);
    for (place, shown) in (0_u16..).zip(rows) {
        let y = area.y + place * high;
        let cell = Rect { y, height: high.saturating_sub(1).min(area.bottom().saturating_sub(y)), ..area };
        row(shown, size, model, look, cell, buf);
    }
}

/// The part of a row that says what the work is, and how it stands.
fn left_half(area: Rect) -> Rect {
    let inside = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    Rect { width: (inside.width * 11 / 20).saturating_sub(2), ..inside }
}

fn name_of<'a>(row: &ProcessRow, model: &'a Model) -> &'a str {
    model.process(row.process).map_or("", |process| public(&process.name))
}

fn row(row: &ProcessRow, size: Size, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 20 {
        return;
    }
    let panel = look.style(Role::Panel);
    ink::ground(buf, area, panel);
    let standing = &row.standing;
    let (sign, words, role) = pace(standing.pace);
    let on = |role| panel.patch(look.style(role)).add_modifier(Modifier::BOLD);
    let left = left_half(area);
    let right = ink::shift_right(Rect { width: area.width - 1, ..area }, left.width + 4);
    let pad = u16::from(area.height >= 6);
    let count = format!("{}/{}", standing.completed, standing.required);
    let room = ink::below(right, pad);
    big_number((&count, ""), Rect { height: room.height.min(10), ..room }, on(role), look, buf);
    let mut left = ink::below(left, pad);
    letters::draw(name_of(row, model), size, left, on(Role::Title), look, buf);
    left = ink::below(left, size.rows() + u16::from(size == Size::Three));
    let span = format!("{}, until {}", row.span.name, row.span.end.format("%H:%M"));
    let said = match &row.period.reason {
        Some(reason) => format!("{span} · {}", public(reason)),
        None => span,
    };
    let dim = panel.patch(look.style(Role::Dim));
    let large = size.fitting(&words, left.width, left.height.saturating_sub(3), look);
    if large == Size::Three {
        letters::draw(&words, large, left, on(role), look, buf);
        left = ink::below(left, 4);
        ink::put(buf, left.x, left.y, left.width, &said, dim);
    } else {
        let end = ink::put(buf, left.x, left.y, left.width, &format!("{sign} {words}"), on(role));
        ink::put(buf, end + 2, left.y, left.right().saturating_sub(end + 2), &said, dim);
    }
    let bar = ink::below(left, 1);
    if bar.height > 0 && standing.required > 0 {
        #[allow(clippy::cast_precision_loss, reason = "counts of a shift")]
        let (done, required) = (standing.completed as f64, standing.required as f64);
        let shares = Bar { done: done / required, mark: Some(standing.expected / required) };
        shares.draw(look, Rect { height: bar.height.min(2), ..bar }, buf);
    }
}

/// How the work stands: its sign, its words, its colour.
fn pace(pace: Pace) -> (&'static str, String, Role) {
    match pace {
        Pace::Nothing => ("–", "nothing required".to_owned(), Role::Dim),
        Pace::Complete => ("✓", "complete".to_owned(), Role::Improvement),
        Pace::OnPace => ("≈", "on pace".to_owned(), Role::Text),
        Pace::Ahead(by) => ("≈", format!("ahead by {by}"), Role::Text),
        Pace::Behind(by) => ("▲", format!("BEHIND by {by}"), Role::Concern),
    }
}
