//! The help: every key that works on this screen, from the same list as the keymap.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::palette::actions_of;
use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::app::pane::PaneId;
use crate::config::keymap::Keymap;
use crate::tui::widgets::ink;

/// A line of the help.
enum Row {
    Heading(&'static str),
    Key(String, &'static str),
    Blank,
}

/// The keys of a screen.
pub(crate) struct Help {
    front: PaneId,
    rows: Vec<Row>,
    top: usize,
}

impl Help {
    /// The keys that work on the screen `front`, its own first.
    pub(crate) fn new(front: PaneId, keymap: &Keymap) -> Self {
        let entries = actions_of(front, keymap);
        let mut rows = Vec::new();
        for scope in front.scope().within() {
            if !rows.is_empty() {
                rows.push(Row::Blank);
            }
            rows.push(Row::Heading(scope.title()));
            let of_scope = entries.iter().filter(|(action, _)| action.scope() == *scope);
            rows.extend(of_scope.map(|(action, keys)| Row::Key(keys.clone(), Action::help(*action))));
        }
        Self { front, rows, top: 0 }
    }
}

impl Overlay for Help {
    fn key(&mut self, key: Key, _around: &Around<'_>) -> Took {
        let most = self.rows.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Enter | Code::Char('?' | 'q') | Code::F(1) => return Took::Key(vec![Effect::Close]),
            Code::Down | Code::Char('j') => self.top = (self.top + 1).min(most),
            Code::Up | Code::Char('k') => self.top = self.top.saturating_sub(1),
            Code::PageDown | Code::Char(' ') => self.top = (self.top + 10).min(most),
            Code::PageUp => self.top = self.top.saturating_sub(10),
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let rows = u16::try_from(self.rows.len()).unwrap_or(u16::MAX).saturating_add(4).min(area.height);
        let columns = if area.width >= 160 && self.rows.len() > usize::from(area.height) { 2 } else { 1 };
        let width = if columns == 2 { 160 } else { 80 };
        let inside = panel(look, area, width, rows, &format!("Keys · {}", self.front.title()), buf);
        let column_width = inside.width / columns;
        let per_column = usize::from(inside.height);
        let top = self.top.min(self.rows.len().saturating_sub(per_column * usize::from(columns)));
        if top + per_column * usize::from(columns) < self.rows.len() {
            let more = if look.ascii { "more" } else { "↓ more" };
            ink::put_right(buf, inside.right(), inside.bottom(), 6, more, panel_style(look, Role::Accent));
        }
        for (index, row) in self.rows.iter().skip(top).take(per_column * usize::from(columns)).enumerate() {
            let column = u16::try_from(index / per_column.max(1)).unwrap_or(0);
            let x = inside.x + column * column_width;
            let y = inside.y + u16::try_from(index % per_column.max(1)).unwrap_or(0);
            match row {
                Row::Heading(words) => {
                    ink::put(buf, x, y, column_width, words, panel_style(look, Role::Title));
                }
                Row::Key(keys, help) => {
                    ink::put(buf, x, y, 15, keys, panel_style(look, Role::Accent));
                    ink::put(buf, x + 16, y, column_width.saturating_sub(17), help, panel_style(look, Role::Text));
                }
                Row::Blank => {}
            }
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "scroll"), ("Esc", "leave"), (":", "find by name")]
    }
}
