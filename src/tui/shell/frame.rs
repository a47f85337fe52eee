//! What the shell draws around the pane in front: the ward and its clock, the tabs, the keys that work now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::super::bottom;
use super::super::standing::Keys;
use super::super::widgets::{ascii, ink};
use super::{SMALLEST, Shell};
use crate::app::action::Action;
use crate::app::look::Role;
use crate::app::model::Model;
use crate::app::pane::PaneId;
use crate::base::text;

impl Shell {
    /// The area of the panes on a screen of this size.
    pub(crate) fn body(area: Rect) -> Rect {
        let top = if area.height >= 30 { 3 } else { 2 };
        let body = ink::below(area, top);
        Rect { height: body.height.saturating_sub(if area.height >= 30 { 2 } else { 1 }), ..body }
    }

    /// Draws everything.
    pub(crate) fn view(&self, model: &Model, area: Rect, buf: &mut Buffer) {
        ink::ground(buf, area, self.look.style(Role::Ground));
        if let Some(wall) = &self.wall
            && area.width >= SMALLEST.0
            && area.height >= SMALLEST.1
        {
            wall.view(model, &self.look, area, buf);
            if self.look.ascii {
                ascii::fold(buf, area);
            }
            return;
        }
        if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
            self.too_small(area, buf);
            return;
        }
        self.top_line(model, Rect { height: 1, ..area }, buf);
        self.tabs(model, Rect { y: area.y + 1, height: 1, ..area }, buf);
        if let Some(pane) = self.pane() {
            pane.view(model, &self.look, Self::body(area), buf);
        }
        let bottom = Rect { y: area.bottom() - 1, height: 1, ..area };
        let key = |action| {
            let key = self.keymap.keys(action).first().map(|key| key.short(self.look.ascii));
            key.filter(|_| !self.is_asking()).unwrap_or_default()
        };
        let (conflicts, sync) = (key(Action::Conflicts), key(Action::Sync));
        let named = Keys { conflicts: &conflicts, sync: &sync };
        bottom::key_line(&self.hints(model), named, model, &self.look, bottom, buf);
        if let Some(top) = self.overlays.last() {
            top.view(model, &self.look, Rect { height: area.height - 1, ..area }, buf);
        }
        if let Some(notice) = &model.notice {
            bottom::notice(notice, &self.look, area, buf);
        }
        if self.look.ascii {
            ascii::fold(buf, area);
        }
    }

    fn too_small(&self, area: Rect, buf: &mut Buffer) {
        let words = [
            format!("Too small: {}×{}", area.width, area.height),
            format!("The board needs {}×{}.", SMALLEST.0, SMALLEST.1),
        ];
        for (row, line) in (area.top()..area.bottom()).zip(words) {
            ink::put(buf, area.x, row, area.width, &line, self.look.style(Role::Text));
        }
    }

    fn top_line(&self, model: &Model, area: Rect, buf: &mut Buffer) {
        let bar = self.look.style(Role::Frame);
        ink::ground(buf, area, bar);
        let wall = model.wall();
        let shift = model.team.calendar().at(model.now).name;
        let dot = if self.look.ascii { "-" } else { "·" };
        let long = format!("{} {dot} {shift} {dot} {}", wall.format("%a %-d %b %Y"), wall.format("%H:%M"));
        let short = format!("{} {dot} {}", wall.format("%a %-d %b"), wall.format("%H:%M"));
        let when = if area.width >= 70 { long } else { short };
        let room = area.width.saturating_sub(u16::try_from(text::width(&when)).unwrap_or(area.width) + 3);
        let on = |role: Role| bar.patch(self.look.style(role));
        let mut at = ink::put(buf, area.x + 1, area.y, room, &model.team.name, on(Role::Title));
        if model.team.demo {
            at = ink::put(
                buf,
                at + 1,
                area.y,
                room.saturating_sub(at - area.x),
                " DEMO ",
                on(Role::Due).add_modifier(Modifier::REVERSED | Modifier::BOLD),
            );
        }
        ink::put(buf, at + 1, area.y, room.saturating_sub(at - area.x), &model.team.speciality, on(Role::Dim));
        ink::put_right(buf, area.right().saturating_sub(1), area.y, area.width, &when, on(Role::Text));
    }

    fn tabs(&self, model: &Model, area: Rect, buf: &mut Buffer) {
        let mut at = area.x + 1;
        for (number, id) in (1..).zip(PaneId::ALL) {
            let (role, emphasis) = if id == self.front {
                (Role::OnAccent, Style::new().add_modifier(Modifier::BOLD))
            } else {
                (Role::Dim, Style::new())
            };
            let words = tab_words(number, id);
            at = ink::put(
                buf,
                at,
                area.y,
                area.right().saturating_sub(at),
                &words,
                self.look.style(role).patch(emphasis),
            );
            at += 1;
        }
        if self.front == PaneId::Huddle {
            let emphasis = self.look.style(Role::OnAccent).add_modifier(Modifier::BOLD);
            // Where the tabs leave no room it stands over the last of them: one must see where one is.
            let at = at.min(area.right().saturating_sub(10));
            ink::put(buf, at, area.y, 10, " H Huddle ", emphasis);
            return;
        }
        let going = model.huddles.iter().any(|one| one.ended.is_none() && one.day == Some(model.today()));
        let (words, role) = if going { (" H Huddle goes on ", Role::Due) } else { (" H Huddle ", Role::Dim) };
        let room = area.right().saturating_sub(at);
        if usize::from(room) >= text::width(words) {
            ink::put(buf, at, area.y, room, words, self.look.style(role));
        }
    }

    /// The keys of the key line with their words: the question's, or the pane's and then the help.
    fn hints(&self, model: &Model) -> Vec<(String, String)> {
        if let Some(top) = self.overlays.last() {
            return top.hints().into_iter().map(|(key, words)| (key.to_owned(), words.to_owned())).collect();
        }
        let own = self.pane().map(|pane| pane.hints(model)).unwrap_or_default();
        own.into_iter()
            .take(7)
            .chain([Action::Help])
            .filter_map(|action| {
                let key = |action| self.keymap.keys(action).first().map(|key| key.short(self.look.ascii));
                Some(match action {
                    Action::Round => (key(action)?, format!("round: {} due", model.values_due())),
                    // Two directions are one hint.
                    Action::Left => (format!("{}{}", key(action)?, key(Action::Right)?), "point".to_owned()),
                    Action::Down => (format!("{}{}", key(Action::Up)?, key(action)?), "choose".to_owned()),
                    _ => (key(action)?, action.short().to_owned()),
                })
            })
            .collect()
    }
}

/// What stands on a tab.
fn tab_words(number: usize, id: PaneId) -> String {
    format!(" {number} {} ", id.title())
}

/// The pane whose tab stands at a column.
pub(super) fn tab_at(x: u16) -> Option<PaneId> {
    let mut at = 1;
    (1..).zip(PaneId::ALL).find_map(|(number, id)| {
        let wide = u16::try_from(text::width(&tab_words(number, id))).unwrap_or(0);
        let here = (at..at + wide).contains(&x);
        at += wide + 1;
        here.then_some(id)
    })
}
