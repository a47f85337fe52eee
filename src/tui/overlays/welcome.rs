//! The first run: what the board is for, and two answers that make the ward.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::tui::widgets::field::Field;
use crate::tui::widgets::ink;

/// Where the welcome stands.
pub(crate) struct Welcome {
    name: Field,
    /// Whether the template is being chosen; the name comes first.
    choosing: bool,
    template: usize,
    refused: Option<String>,
    waiting: bool,
}

impl Welcome {
    /// The welcome with an empty name.
    pub(crate) fn new() -> Self {
        let mut name = Field::line("");
        name.focus(true);
        Self { name, choosing: false, template: 0, refused: None, waiting: false }
    }

    fn enter(&mut self, model: &Model) -> Vec<Effect> {
        let name = self.name.text().trim().to_owned();
        if name.is_empty() {
            self.refused = Some("The board needs a name: type what everybody calls the team.".to_owned());
            return Vec::new();
        }
        self.refused = None;
        if !self.choosing {
            self.choosing = true;
            self.name.focus(false);
            return Vec::new();
        }
        let Some((template, ..)) = model.templates.get(self.template) else { return Vec::new() };
        self.waiting = true;
        vec![Effect::MakeTeam { name, template: template.clone() }]
    }
}

impl Overlay for Welcome {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        if self.waiting {
            return Took::Key(Vec::new());
        }
        let last = around.model.templates.len().saturating_sub(1);
        match key.code {
            Code::Enter | Code::Tab => return Took::Key(self.enter(around.model)),
            Code::Esc if self.choosing => {
                self.choosing = false;
                self.name.focus(true);
            }
            Code::Esc => return Took::Key(vec![Effect::Quit]),
            Code::Up if self.choosing => self.template = self.template.saturating_sub(1),
            Code::Down if self.choosing => self.template = (self.template + 1).min(last),
            _ if !self.choosing && self.name.key(key) => self.refused = None,
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        if !self.choosing {
            self.name.paste(text);
        }
        Vec::new()
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        self.waiting = false;
        match failure {
            Some(words) => {
                self.refused = Some(words.to_owned());
                Vec::new()
            }
            None => vec![
                Effect::Close,
                Effect::hint("The board is yours. Press a to add the first value, ? for every key."),
            ],
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let inside = panel(look, area, 78, 22, "Welcome to your huddle board", buf);
        let mut y = inside.y;
        let mut say = |words: &str, role: Role, gap: u16| {
            if y < inside.bottom() {
                ink::put(buf, inside.x, y, inside.width, words, panel_style(look, role));
            }
            y += 1 + gap;
        };
        say("It holds counts, never patients, in one file on this machine.", Role::Text, 0);
        say("Every number comes with its verdict in words; every entry can be undone.", Role::Text, 1);
        say("What is the team called?", if self.choosing { Role::Dim } else { Role::Accent }, 0);
        let name_at = y;
        y += 2;
        let mut say = |words: &str, role: Role, gap: u16| {
            if y < inside.bottom() {
                ink::put(buf, inside.x, y, inside.width, words, panel_style(look, role));
            }
            y += 1 + gap;
        };
        say(
            "What does it start with? Everything can be changed later.",
            if self.choosing { Role::Accent } else { Role::Dim },
            0,
        );
        let list_at = y;
        self.name.view(
            Rect { y: name_at, height: 1, ..inside }.intersection(inside),
            buf,
            panel_style(look, Role::Title),
        );
        if self.name.text().is_empty() {
            ink::put(buf, inside.x + 2, name_at, inside.width, "Ward 7A", panel_style(look, Role::Faint));
        }
        for (row, (index, (_, name, about))) in (0_u16..).zip(model.templates.iter().enumerate()) {
            let y = list_at + row;
            if y + 1 >= inside.bottom() {
                break;
            }
            let marked = self.choosing && index == self.template;
            let style = if marked {
                look.style(Role::Selected)
            } else {
                panel_style(look, if self.choosing { Role::Text } else { Role::Faint })
            };
            ink::ground(buf, Rect { y, height: 1, ..inside }, style);
            ink::put(buf, inside.x + 1, y, 30, name, style);
            // Whom the marked one is for stands under the list, whole.
            if marked {
                let under = list_at + u16::try_from(model.templates.len()).unwrap_or(0) + 1;
                for (line, words) in (under..inside.bottom()).zip(text::wrap(about, usize::from(inside.width))) {
                    ink::put(buf, inside.x, line, inside.width, &words, panel_style(look, Role::Dim));
                }
            }
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
        if self.choosing {
            vec![("Up Down", "choose"), ("Enter", "make the board"), ("Esc", "back")]
        } else {
            vec![("Enter", "next"), ("Esc", "leave")]
        }
    }
}
