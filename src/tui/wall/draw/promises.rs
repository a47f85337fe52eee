//! What was promised and asked for, late first, with the role that has it and how old it is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::public;
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::domain::PromiseId;
use crate::domain::frequency::Frequency;
use crate::domain::promise::{Promise, Sort, State};
use crate::tui::wall::slides::{self, promise_height};
use crate::tui::widgets::ink;
use crate::tui::widgets::letters::{self, Size};

/// Draws it.
pub(super) fn draw(ids: &[PromiseId], model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    let open = slides::promises(model);
    let old = open.iter().filter(|promise| standing(promise, model).1 == Role::Due).count();
    let (words, role) = match old {
        0 => (format!("{} open, none late", open.len()), Role::Text),
        old => (format!("{old} of {} late or unanswered", open.len()), Role::Due),
    };
    ink::put(buf, area.x, area.y, area.width, &words, look.style(role).add_modifier(Modifier::BOLD));
    let high = promise_height(area);
    let area = ink::below(area, 2);
    let shown = ids.iter().filter_map(|id| open.iter().find(|promise| promise.id == *id));
    for (place, promise) in (0_u16..).zip(shown) {
        let y = area.y + place * high;
        let cell = Rect { y, height: high.saturating_sub(1).min(area.bottom().saturating_sub(y)), ..area };
        row(promise, model, look, cell, buf);
    }
}

fn row(promise: &Promise, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 10 {
        return;
    }
    let panel = look.style(Role::Panel);
    ink::ground(buf, area, panel);
    let on = |role| panel.patch(look.style(role));
    let inside = Rect { x: area.x + 1, width: area.width - 2, ..area };
    let (said, role) = standing(promise, model);
    let end = ink::put(buf, inside.x, inside.y, inside.width, &said, on(role).add_modifier(Modifier::BOLD));
    let whose = match promise.sort {
        Sort::Escalation => format!("asked of: {}", promise.tier.code()),
        _ => public(&promise.who).to_owned(),
    };
    ink::put(buf, end + 2, inside.y, inside.right().saturating_sub(end + 2), &whose, on(Role::Dim));
    let below = ink::below(inside, 1);
    let size = if area.height >= 8 && !look.ascii { Size::Three } else { Size::Plain };
    let words = public(&promise.what);
    let size = if letters::cells(words, size).is_some() { size } else { Size::Plain };
    let lines = letters::wrap(words, size, below.width, usize::from(below.height / size.rows()).min(2));
    for (place, line) in (0_u16..).zip(lines) {
        let at = ink::below(below, place * (size.rows() + u16::from(size == Size::Three)));
        letters::draw(&line, size, at, on(Role::Title), look, buf);
    }
}

/// How a promise stands, in a few words.
fn standing(promise: &Promise, model: &Model) -> (String, Role) {
    let days = |days: i64| Frequency::Day.noun(usize::try_from(days).unwrap_or(0));
    let age = promise.age_days(model.zone(), model.now);
    if let Some(late) = promise.late_days(model.today()) {
        return (format!("{late} {} LATE", days(late)), Role::Due);
    }
    if promise.is_unanswered(model.zone(), model.now) {
        return (format!("UNANSWERED for {age} {}", days(age)), Role::Due);
    }
    if promise.state == State::Stuck {
        return (format!("STUCK: {}", public(&promise.because)), Role::Concern);
    }
    match promise.by {
        Some(by) if by == model.today() => ("today".to_owned(), Role::Accent),
        Some(by) => (format!("by {}", by.format("%a %-d %b")), Role::Text),
        None => (format!("{age} {} old", days(age)), Role::Text),
    }
}
