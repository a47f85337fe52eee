//! A question in a few sentences, and a few answers under each other, each with what follows from it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::ask::{Answer, Question};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::tui::widgets::ink;

/// A question while it stands over the screen. Esc leaves it unanswered.
pub(crate) struct Asked {
    question: Question,
    at: usize,
    /// Whether a key may answer it: who was typing something else has seen it first.
    seen: bool,
}

impl Asked {
    /// The question with its first answer marked.
    pub(crate) fn new(question: Question) -> Self {
        Self { seen: !question.sudden, question, at: 0 }
    }

    fn answer(&mut self, at: usize) -> Took {
        if !std::mem::replace(&mut self.seen, true) {
            return Took::Key(Vec::new());
        }
        let answer = self.question.answers.get(at);
        let effects = answer.map(|answer| std::iter::once(Effect::Close).chain((answer.then)()).collect());
        Took::Key(effects.unwrap_or_default())
    }
}

/// How wide the panel is.
const WIDTH: u16 = 76;
/// The column in which an answer's words start.
const WORDS: u16 = 7;

impl Overlay for Asked {
    fn key(&mut self, key: Key, _around: &Around<'_>) -> Took {
        let last = self.question.answers.len().saturating_sub(1);
        match key.code {
            Code::Esc => return Took::Key(vec![Effect::Close]),
            Code::Enter => return self.answer(self.at),
            Code::Up | Code::Char('k') => (self.seen, self.at) = (true, self.at.saturating_sub(1)),
            Code::Down | Code::Char('j') => (self.seen, self.at) = (true, (self.at + 1).min(last)),
            Code::Char(digit) => match digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()) {
                Some(digit) if digit > 0 => return self.answer(digit - 1),
                _ => return Took::Nothing,
            },
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn view(&self, _model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let inner = usize::from(WIDTH.min(area.width).saturating_sub(4)).max(1);
        let words = text::wrap(&self.question.words, inner);
        let about = |answer: &Answer| text::wrap(&answer.about, inner.saturating_sub(usize::from(WORDS)).max(1));
        let answers: usize = self.question.answers.iter().map(|answer| 2 + about(answer).len()).sum();
        let rows = u16::try_from(words.len() + answers).unwrap_or(u16::MAX).saturating_add(5);
        let inside = panel(look, area, WIDTH, rows, &self.question.title, buf);
        let mut y = inside.y;
        let mut put = |y: u16, column: u16, words: &str, style| {
            if y < inside.bottom() {
                ink::put(buf, inside.x + column, y, inside.width.saturating_sub(column), words, style);
            }
        };
        for line in words {
            put(y, 0, &line, panel_style(look, Role::Text));
            y = y.saturating_add(1);
        }
        for (index, answer) in self.question.answers.iter().enumerate() {
            y = y.saturating_add(1);
            let marked = index == self.at;
            let mark = if marked { if look.ascii { ">" } else { "▸" } } else { " " };
            put(y, 0, mark, panel_style(look, Role::Accent));
            put(y, 2, &format!(" {} ", index + 1), panel_style(look, Role::OnAccent));
            put(y, WORDS, &answer.words, panel_style(look, if marked { Role::Title } else { Role::Text }));
            y = y.saturating_add(1);
            for line in about(answer) {
                put(y, WORDS, &line, panel_style(look, Role::Dim));
                y = y.saturating_add(1);
            }
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![("Up Down", "choose"), ("Enter", "answer"), ("Esc", "not now")]
    }
}
