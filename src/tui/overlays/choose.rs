//! A list to choose one of, narrowed by typing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::ask::Choose;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// A list as it is being chosen from.
pub(crate) struct Chooser {
    choose: Choose,
    field: Field,
    /// The place of the marked option among those that fit.
    at: usize,
    refused: Option<String>,
    waiting: bool,
}

impl Chooser {
    /// The list with its first mark.
    pub(crate) fn new(choose: Choose) -> Self {
        let mut field = Field::line("");
        field.focus(true);
        let at = choose.marked.min(choose.options.len().saturating_sub(1));
        Self { choose, field, at, refused: None, waiting: false }
    }

    fn fitting(&self) -> Vec<&(String, String)> {
        let typed = self.field.text().trim().to_lowercase();
        self.choose.options.iter().filter(|(_, words)| words.to_lowercase().contains(&typed)).collect()
    }

    fn answer(&self) -> Option<String> {
        let typed = self.field.text().trim().to_owned();
        let marked = self.fitting().get(self.at).map(|(code, _)| code.clone());
        marked.or_else(|| (self.choose.free && !typed.is_empty()).then_some(typed))
    }

    fn pick(&mut self, model: &Model) -> Vec<Effect> {
        let Some(answer) = self.answer() else {
            self.refused = Some("Nothing in the list fits. Backspace shows more.".to_owned());
            return Vec::new();
        };
        match (self.choose.then)(&[answer], model) {
            Ok(effects) => {
                self.waiting = effects.iter().any(Effect::is_answered);
                if self.waiting { effects } else { std::iter::once(Effect::Close).chain(effects).collect() }
            }
            Err(failure) => {
                self.refused = Some(failure.to_string());
                Vec::new()
            }
        }
    }
}

impl Overlay for Chooser {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        let last = self.fitting().len().saturating_sub(1);
        match key.code {
            Code::Esc => return Took::Key(vec![Effect::Close]),
            Code::Enter => return Took::Key(self.pick(around.model)),
            Code::Up => self.at = self.at.saturating_sub(1),
            Code::Down => self.at = (self.at + 1).min(last),
            Code::Home => self.at = 0,
            Code::End => self.at = last,
            _ if self.field.key(key) => {
                self.at = 0;
                self.refused = None;
            }
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        self.field.paste(text);
        self.at = 0;
        Vec::new()
    }

    fn is_waiting(&self) -> bool {
        self.waiting
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        if !std::mem::take(&mut self.waiting) {
            return Vec::new();
        }
        match failure {
            Some(words) => {
                self.refused = Some(words.to_owned());
                Vec::new()
            }
            None => vec![Effect::Close],
        }
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let rows = u16::try_from(self.choose.options.len()).unwrap_or(u16::MAX).saturating_add(7).min(area.height);
        let inside = panel(look, area, 64, rows.max(9), &self.choose.title, buf);
        let line = Rect { height: 1, ..inside };
        ink::put(buf, line.x, line.y, 2, if look.ascii { "> " } else { "› " }, panel_style(look, Role::Accent));
        self.field.view(ink::shift_right(line, 2), buf, panel_style(look, Role::Title));
        if self.field.text().is_empty() {
            let help = if self.choose.free { "type your own, or choose" } else { "type to narrow the list" };
            ink::put(buf, line.x + 4, line.y, line.width.saturating_sub(4), help, panel_style(look, Role::Faint));
        }
        let list = ink::below(inside, 2);
        let list = Rect { height: list.height.saturating_sub(1), ..list };
        let fitting = self.fitting();
        let top = ink::scroll(self.at, usize::from(list.height), 0);
        for (row, (index, (_, words))) in (0_u16..list.height).zip(fitting.iter().enumerate().skip(top)) {
            let marked = index == self.at;
            let style = if marked { look.style(Role::Selected) } else { panel_style(look, Role::Text) };
            let at = Rect { y: list.y + row, height: 1, ..list };
            ink::ground(buf, at, style);
            ink::put(buf, at.x + 1, at.y, at.width.saturating_sub(1), words, style);
        }
        if let Some(refused) = &self.refused {
            ink::put(
                buf,
                inside.x,
                inside.bottom().saturating_sub(1),
                inside.width,
                refused,
                panel_style(look, Role::Error),
            );
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "mark"), ("Enter", "choose"), ("Esc", "leave")]
    }
}
