//! Lines to read: an account of what was done.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::ask::Reading;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::tui::widgets::ink;

/// Lines to read, and how far they are scrolled.
pub(crate) struct Reader {
    reading: Reading,
    top: usize,
}

impl Reader {
    /// The lines from their first.
    pub(crate) fn new(reading: Reading) -> Self {
        Self { reading, top: 0 }
    }
}

impl Overlay for Reader {
    fn key(&mut self, key: Key, _around: &Around<'_>) -> Took {
        let most = self.reading.lines.len().saturating_sub(1);
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q' | '?') => return Took::Key(vec![Effect::Close]),
            Code::Down | Code::Char('j') => self.top = (self.top + 1).min(most),
            Code::Up | Code::Char('k') => self.top = self.top.saturating_sub(1),
            Code::PageDown | Code::Char(' ') => self.top = (self.top + 10).min(most),
            Code::PageUp => self.top = self.top.saturating_sub(10),
            Code::Char('y') => return Took::Key(vec![Effect::Copy(self.reading.lines.join("\n"))]),
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let rows = u16::try_from(self.reading.lines.len()).unwrap_or(u16::MAX).saturating_add(5).min(area.height);
        let inside = panel(look, area, 100, rows.max(7), &self.reading.title, buf);
        for (row, line) in (0_u16..inside.height).zip(self.reading.lines.iter().skip(self.top)) {
            ink::put(buf, inside.x, inside.y + row, inside.width, line, panel_style(look, Role::Text));
        }
        let below = self.reading.lines.len().saturating_sub(self.top + usize::from(inside.height));
        if below > 0 {
            let words = format!("{} {below} more", if look.ascii { "v" } else { "↓" });
            ink::put_right(buf, inside.right(), inside.bottom(), 16, &words, panel_style(look, Role::Dim));
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "scroll"), ("y", "copy"), ("Esc", "leave")]
    }
}
