//! The palette: every action by name, with its key; Enter runs it.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::action::{Action, Scope};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::app::pane::PaneId;
use crate::config::keymap::Keymap;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// The actions of a screen with their keys, and what was typed to find one.
pub(crate) struct Palette {
    entries: Vec<(Action, String)>,
    field: Field,
    fitting: Vec<usize>,
    at: usize,
}

impl Palette {
    /// Every action that works on the screen `front`.
    pub(crate) fn new(front: PaneId, keymap: &Keymap) -> Self {
        let mut entries = actions_of(front, keymap);
        // Quick entry and the screen's own actions first: they are what one looks for.
        entries.sort_by_key(|(action, _)| action.scope() == Scope::Everywhere);
        let mut field = Field::line("");
        field.focus(true);
        let fitting = (0..entries.len()).collect();
        Self { entries, field, fitting, at: 0 }
    }

    fn narrow(&mut self) {
        let typed = self.field.text();
        self.at = 0;
        if typed.trim().is_empty() {
            self.fitting = (0..self.entries.len()).collect();
            return;
        }
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let mut ranked: Vec<(u32, usize)> = Vec::new();
        for (index, (action, keys)) in self.entries.iter().enumerate() {
            // Whatever fits by its name comes before what is only spoken of in another's help.
            let by_name = pattern.score(Utf32Str::new(action.name(), &mut buffer), &mut matcher);
            let words = format!("{} {} {keys}", action.name(), action.help());
            let by_help = pattern.score(Utf32Str::new(&words, &mut buffer), &mut matcher);
            if let Some(score) = by_name.map(|score| score + BY_NAME).or(by_help) {
                ranked.push((score, index));
            }
        }
        ranked.sort_by(|left, right| right.0.cmp(&left.0).then(left.1.cmp(&right.1)));
        self.fitting = ranked.into_iter().map(|(_, index)| index).collect();
    }
}

/// Lifts what fits by name over what fits by help; no score of words reaches it.
const BY_NAME: u32 = 100_000;

/// The actions that work on a screen, with their keys in words.
pub(super) fn actions_of(front: PaneId, keymap: &Keymap) -> Vec<(Action, String)> {
    Action::ALL
        .iter()
        .filter(|action| front.scope().within().contains(&action.scope()))
        .map(|action| {
            let keys: Vec<String> = keymap.keys(*action).iter().map(ToString::to_string).collect();
            (*action, keys.join(" "))
        })
        .collect()
}

impl Overlay for Palette {
    fn key(&mut self, key: Key, _around: &Around<'_>) -> Took {
        let last = self.fitting.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Took::Key(vec![Effect::Close]),
            Code::Enter => {
                let chosen = self.fitting.get(self.at).and_then(|index| self.entries.get(*index));
                return chosen.map_or(Took::Key(Vec::new()), |(action, _)| Took::Run(*action));
            }
            Code::Up => self.at = self.at.saturating_sub(1),
            Code::Down => self.at = (self.at + 1).min(last),
            _ if self.field.key(key) => self.narrow(),
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        self.field.paste(text);
        self.narrow();
        Vec::new()
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let inside = panel(look, area, 84, 24, "Every action by name", buf);
        let line = Rect { height: 1, ..inside };
        ink::put(buf, line.x, line.y, 2, if look.ascii { "> " } else { "› " }, panel_style(look, Role::Accent));
        self.field.view(ink::shift_right(line, 2), buf, panel_style(look, Role::Title));
        let list = ink::below(inside, 2);
        if self.fitting.is_empty() {
            ink::put(
                buf,
                list.x,
                list.y,
                list.width,
                "No action is called that. Backspace shows more.",
                panel_style(look, Role::Dim),
            );
        }
        let top = ink::scroll(self.at, usize::from(list.height), 0);
        let entries = self
            .fitting
            .iter()
            .enumerate()
            .skip(top)
            .filter_map(|(place, index)| Some((place, self.entries.get(*index)?)));
        for (row, (place, (action, keys))) in (0_u16..list.height).zip(entries) {
            let marked = place == self.at;
            let y = list.y + row;
            let (plain, dim, accent) = if marked {
                let style = look.style(Role::Selected);
                ink::ground(buf, Rect { y, height: 1, ..list }, style);
                (style, style, style)
            } else {
                (panel_style(look, Role::Text), panel_style(look, Role::Dim), panel_style(look, Role::Accent))
            };
            ink::put(buf, list.x + 1, y, 18, action.name(), plain);
            ink::put(buf, list.x + 20, y, list.width.saturating_sub(38), action.help(), dim);
            ink::put_right(buf, list.right().saturating_sub(1), y, 16, keys, accent);
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("type", "find"), ("Enter", "run"), ("Esc", "leave")]
    }
}
