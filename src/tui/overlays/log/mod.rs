//! Who did what: the log of the ward or the history of one record, with the selected action in full.

mod view;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Around, Overlay, Took};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::log::{About, Account, Done, LogAsk};
use crate::app::look::Look;
use crate::app::model::Model;
use crate::tui::widgets::field::Field;

/// The log while it is looked at.
pub(crate) struct LogList {
    about: Option<About>,
    list: Vec<Done>,
    at: usize,
    /// What the list is narrowed to.
    words: String,
    /// The field in which that is typed, while it is.
    typing: Option<Field>,
    /// What was asked for last.
    asked: Option<LogAsk>,
    /// Whether what is shown answers that.
    fresh: bool,
    account: Option<Account>,
    /// The action in full that was asked for last, and the turn of the model.
    opened: Option<(u64, String)>,
    /// Whether the action has the whole panel.
    whole: bool,
    refused: Option<String>,
    /// How far the action is scrolled.
    top: Cell<u16>,
}

/// So many lines are gone over at once.
const PAGE: usize = 10;

impl LogList {
    /// The log, which is still to be read: of one record, or of the whole team.
    pub(crate) fn new(about: Option<About>) -> Self {
        Self {
            about,
            list: Vec::new(),
            at: 0,
            words: String::new(),
            typing: None,
            asked: None,
            fresh: false,
            account: None,
            opened: None,
            whole: false,
            refused: None,
            top: Cell::new(0),
        }
    }

    fn selected(&self) -> Option<&Done> {
        self.list.get(self.at)
    }

    /// The selected action in full, once it was read.
    fn account(&self) -> Option<&Account> {
        self.account.as_ref().filter(|account| self.selected().is_some_and(|done| done.code == account.code))
    }

    fn go(&mut self, at: usize, model: &Model) -> Took {
        self.at = at.min(self.list.len().saturating_sub(1));
        self.top.set(0);
        Took::Key(self.open(model))
    }

    fn scroll(&mut self, forwards: bool, lines: u16) -> Took {
        let top = self.top.get();
        self.top.set(if forwards { top.saturating_add(lines) } else { top.saturating_sub(lines) });
        Took::Key(Vec::new())
    }

    /// Asks for the selected action in full, where that was not asked for yet.
    fn open(&mut self, model: &Model) -> Vec<Effect> {
        let Some(code) = self.selected().map(|done| done.code.clone()) else { return Vec::new() };
        let wanted = Some((model.turn, code.clone()));
        if self.opened == wanted {
            return Vec::new();
        }
        self.opened = wanted;
        vec![Effect::ReadAction(code)]
    }

    /// Asks for the list, where that was not asked for yet.
    fn ask(&mut self, model: &Model) -> Vec<Effect> {
        let about = self.about.as_ref().map(|about| (about.kind, about.record.clone()));
        let ask = LogAsk { team: model.team.id, about, words: self.words.clone(), turn: model.turn };
        if self.asked.as_ref() == Some(&ask) {
            return Vec::new();
        }
        self.asked = Some(ask.clone());
        self.fresh = false;
        vec![Effect::ReadLog(ask)]
    }

    fn adopt(&mut self, model: &Model) {
        if !self.fresh && self.asked.is_some() && model.log.asked == self.asked {
            let code = self.selected().map(|done| done.code.clone());
            self.list.clone_from(&model.log.list);
            self.fresh = true;
            let stays = self.list.iter().position(|done| Some(&done.code) == code.as_ref());
            self.at = stays.unwrap_or(self.at).min(self.list.len().saturating_sub(1));
        }
        let read = model.log.account.as_ref().filter(|(turn, account)| {
            self.opened.as_ref().is_some_and(|(asked, code)| asked == turn && *code == account.code)
        });
        if let Some((_, account)) = read {
            self.account = Some(account.clone());
        }
    }

    fn typed(&mut self, key: Key, model: &Model) -> Option<Took> {
        let field = self.typing.as_mut()?;
        match key.code {
            Code::Enter => {
                self.words = field.text().trim().to_owned();
                self.typing = None;
                self.at = 0;
                return Some(Took::Key(self.ask(model)));
            }
            Code::Esc => self.typing = None,
            _ if field.key(key) => {}
            _ => return Some(Took::Nothing),
        }
        Some(Took::Key(Vec::new()))
    }

    fn start_typing(&mut self) -> Took {
        let mut field = Field::line(&self.words).selected();
        field.focus(true);
        self.typing = Some(field);
        self.whole = false;
        Took::Key(Vec::new())
    }

    fn undo(&mut self) -> Took {
        match self.selected() {
            Some(done) => Took::Key(vec![Effect::Foretell(done.code.clone())]),
            None => Took::Key(Vec::new()),
        }
    }
}

impl Overlay for LogList {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        self.refused = None;
        if let Some(took) = self.typed(key, around.model) {
            return took;
        }
        match key.code {
            Code::Esc if self.whole => self.whole = false,
            Code::Esc | Code::Char('q' | 'i' | 'I') => return Took::Key(vec![Effect::Close]),
            Code::Enter => {
                self.whole = !self.whole && self.selected().is_some();
                self.top.set(0);
            }
            Code::Char('u') => return self.undo(),
            Code::Char('/') => return self.start_typing(),
            Code::Char('y') => return Took::Key(vec![Effect::Copy(view::words(self, around.model))]),
            Code::Up | Code::Char('k') if self.whole => return self.scroll(false, 1),
            Code::Down | Code::Char('j') if self.whole => return self.scroll(true, 1),
            Code::PageUp if self.whole => return self.scroll(false, 10),
            Code::PageDown | Code::Char(' ') if self.whole => return self.scroll(true, 10),
            Code::Up | Code::Char('k') => return self.go(self.at.saturating_sub(1), around.model),
            Code::Down | Code::Char('j') => return self.go(self.at + 1, around.model),
            Code::PageUp => return self.go(self.at.saturating_sub(PAGE), around.model),
            Code::PageDown | Code::Char(' ') => return self.go(self.at + PAGE, around.model),
            Code::Home => return self.go(0, around.model),
            Code::End => return self.go(usize::MAX, around.model),
            _ => return Took::Nothing,
        }
        Took::Key(Vec::new())
    }

    fn paste(&mut self, text: &str, _around: &Around<'_>) -> Vec<Effect> {
        if let Some(field) = &mut self.typing {
            field.paste(text);
        }
        Vec::new()
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        self.adopt(model);
        let mut effects = self.ask(model);
        if self.fresh {
            effects.extend(self.open(model));
        }
        effects
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        self.refused = failure.map(str::to_owned);
        Vec::new()
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        view::Screen { log: self, model, look }.draw(area, buf);
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        if self.typing.is_some() {
            return vec![("Enter", "show what contains it"), ("Esc", "leave")];
        }
        if self.whole {
            return vec![("Up Down", "scroll"), ("u", "undo it"), ("y", "copy"), ("Esc", "back to the list")];
        }
        vec![("Up Down", "choose"), ("Enter", "in full"), ("u", "undo it"), ("/", "filter"), ("Esc", "leave")]
    }
}
