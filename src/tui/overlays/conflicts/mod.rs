//! What two people set without having seen each other's: both values side by side, and one key that
//! says which of them stays.

mod merge;
mod view;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took};
use crate::app::ask::Ask;
use crate::app::conflict::{Clash, Keep, Sort};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::Look;
use crate::app::model::Model;

/// The conflicts of the file, one of them in full.
pub(crate) struct Conflicts {
    list: Vec<Clash>,
    at: usize,
    /// The model's turn when this was opened: what was read before is not shown.
    opened: u64,
    /// The turn for which the list was asked for last.
    asked: Option<u64>,
    /// The turn of the list that is shown.
    shown: Option<u64>,
    /// Whether there was any: then an empty list is good news.
    had_any: bool,
    waiting: bool,
    refused: Option<String>,
    /// How far the sides are scrolled.
    top: Cell<u16>,
}

impl Conflicts {
    /// The list, which is still to be read.
    pub(crate) fn new(model: &Model) -> Self {
        Self {
            list: Vec::new(),
            at: 0,
            opened: model.turn,
            asked: None,
            shown: None,
            had_any: false,
            waiting: false,
            refused: None,
            top: Cell::new(0),
        }
    }

    fn selected(&self) -> Option<&Clash> {
        self.list.get(self.at)
    }

    /// Whether the list is what stands in the file, as far as anybody has looked.
    fn is_fresh(&self) -> bool {
        self.shown.is_some() && self.shown == self.asked && !self.waiting
    }

    fn go(&mut self, at: usize) -> Took {
        self.at = at.min(self.list.len().saturating_sub(1));
        self.top.set(0);
        Took::Key(Vec::new())
    }

    fn scroll(&mut self, forwards: bool) -> Took {
        let top = self.top.get();
        self.top.set(if forwards { top.saturating_add(PAGE) } else { top.saturating_sub(PAGE) });
        Took::Key(Vec::new())
    }

    /// Keeps the side of this number.
    fn keep(&mut self, number: usize) -> Vec<Effect> {
        let Some(clash) = self.selected().filter(|_| self.is_fresh()) else { return Vec::new() };
        if number == 0 || number > clash.sides.len() {
            self.refused = Some(format!("There is no value {number} here."));
            return Vec::new();
        }
        let clash = clash.code.clone();
        self.waiting = true;
        vec![Effect::Settle { clash, keep: Keep::Side(number - 1) }]
    }

    /// Asks for one text made of all; in the person's own editor at once, where that is wanted.
    fn merge(&mut self, in_editor: bool, model: &Model) -> Vec<Effect> {
        let Some(clash) = self.selected().filter(|_| self.is_fresh()) else { return Vec::new() };
        if clash.sort != Sort::Text {
            self.refused = Some("Only texts can be made into one. A number keeps what stands beside it.".to_owned());
            return Vec::new();
        }
        let mut effects = vec![Effect::Ask(Ask::Form(merge::form(clash, model)))];
        if in_editor {
            effects.push(Effect::EditText { text: merge::start(clash, model), then: Box::new(|_, _| Ok(Vec::new())) });
        }
        effects
    }

    /// Takes over the list that was read, and stays where it is in it.
    fn adopt(&mut self, model: &Model) {
        let turn = model.clashes.turn;
        if turn == self.shown || turn < Some(self.opened) {
            return;
        }
        let code = self.selected().map(|clash| clash.code.clone());
        self.list.clone_from(&model.clashes.list);
        self.shown = turn;
        self.had_any |= !self.list.is_empty();
        let stays = self.list.iter().position(|clash| Some(&clash.code) == code.as_ref());
        if stays.is_none() {
            self.top.set(0);
        }
        self.at = stays.unwrap_or(self.at).min(self.list.len().saturating_sub(1));
    }
}

/// So many lines are scrolled at once.
const PAGE: u16 = 6;

impl Overlay for Conflicts {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        self.refused = None;
        match key.code {
            Code::Esc | Code::Char('q' | 'C') => Took::Key(vec![Effect::Close]),
            Code::Up | Code::Char('k') => self.go(self.at.saturating_sub(1)),
            Code::Down | Code::Char('j') => self.go(self.at + 1),
            Code::Home => self.go(0),
            Code::End => self.go(usize::MAX),
            Code::PageDown | Code::Char(' ') => self.scroll(true),
            Code::PageUp => self.scroll(false),
            Code::Char('m') => Took::Key(self.merge(false, around.model)),
            Code::Char('e') if key.ctrl => Took::Key(self.merge(true, around.model)),
            Code::Char(digit) if digit.is_ascii_digit() => {
                Took::Key(self.keep(digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()).unwrap_or(0)))
            }
            _ => Took::Nothing,
        }
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        self.adopt(model);
        if self.asked == Some(model.turn) {
            return Vec::new();
        }
        self.asked = Some(model.turn);
        vec![Effect::ReadClashes]
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        if std::mem::take(&mut self.waiting) {
            self.refused = failure.map(str::to_owned);
        }
        Vec::new()
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        view::Screen { conflicts: self, model, look }.draw(area, buf);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        let mut hints = match self.selected().map(|clash| (clash.sort, clash.sides.len())) {
            None => Vec::new(),
            Some((_, 2)) => vec![("1 2", "which stays")],
            Some(_) => vec![("1 2 3", "which stays")],
        };
        if self.selected().is_some_and(|clash| clash.sort == Sort::Text) {
            hints.push(("m", "make one of both"));
        }
        if self.list.len() > 1 {
            hints.push(("Up Down", "next"));
        }
        hints.push(("Esc", "leave"));
        hints
    }
}
