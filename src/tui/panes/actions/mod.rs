//! What the team decided: escalations that wait for an answer, actions and by when, barriers, what was done.

pub(crate) mod forms;
pub(crate) mod list;
pub(crate) mod steps;
mod view;

use std::cell::Cell;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::ask::{Ask, Form};
use crate::app::effect::Effect;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::app::pane::{Answer, Pane, PaneId};
use crate::domain::PromiseId;
use crate::domain::change::RecordKey;
use crate::domain::promise::{Promise, Sort};
use crate::domain::record::Kind;

use list::Item;

/// What the pane remembers.
#[derive(Default)]
pub(crate) struct ActionsPane {
    /// What the cursor stands on, and its place among the rows.
    selected: Option<PromiseId>,
    at: usize,
    /// What is being made: the cursor goes there as soon as it is written.
    wanted: Option<PromiseId>,
    /// Only what contains these words is shown.
    words: String,
    /// The first visible line, and how many rows a page has, as drawn last.
    top: Cell<usize>,
    page: Cell<usize>,
}

impl ActionsPane {
    fn rows<'a>(&self, model: &'a Model) -> Vec<&'a Promise> {
        let rows = list::items(model, &self.words).into_iter().filter_map(|item| match item {
            Item::Row(promise) => Some(promise),
            Item::Heading(..) => None,
        });
        rows.collect()
    }

    fn place(&self, rows: &[&Promise]) -> usize {
        let found = self.selected.and_then(|id| rows.iter().position(|row| row.id == id));
        found.unwrap_or(self.at).min(rows.len().saturating_sub(1))
    }

    fn under<'a>(&self, model: &'a Model) -> Option<&'a Promise> {
        let rows = self.rows(model);
        rows.get(self.place(&rows)).copied()
    }

    fn go(&mut self, model: &Model, action: Action) -> Answer {
        let rows = self.rows(model);
        let last = rows.len().saturating_sub(1);
        let at = self.place(&rows);
        self.at = action.travels(at, last, self.page.get()).unwrap_or(at);
        self.selected = rows.get(self.at).map(|row| row.id);
        Answer::done()
    }

    /// Asks for a new one; the cursor goes to it once it is there.
    fn make(&mut self, model: &Model, sort: Sort) -> Answer {
        let new = forms::blank(model, sort, None);
        self.wanted = Some(new.id);
        Answer::one(Effect::Ask(match sort {
            Sort::Action => forms::action(model, new),
            Sort::Escalation => forms::escalation(model, new),
            Sort::Barrier => forms::barrier(model, new),
        }))
    }

    fn on_selected(&self, action: Action, model: &Model) -> Answer {
        let Some(promise) = self.under(model) else {
            return Answer::one(Effect::hint("Nothing is decided yet. Press n for an action, ! for an escalation."));
        };
        Answer::one(match action {
            Action::MarkDone => steps::done(model, promise),
            Action::Stuck => Effect::Ask(steps::stuck(promise)),
            Action::Respond => return Answer::of(steps::answer(promise).map(Effect::Ask)),
            Action::TierUp => return Answer::of(steps::tier_up(promise)),
            Action::Drop => Effect::Ask(steps::dropped(promise)),
            Action::Delete => steps::delete(promise),
            Action::Edit | Action::Open => Effect::Ask(forms::edit(model, promise)),
            Action::History => Effect::ShowHistory(Kind::Promise, RecordKey::Id(promise.id.0), promise.what.clone()),
            _ => return Answer::Ignored,
        })
    }
}

/// Asks for the words that narrow the list.
fn ask_filter(words: &str) -> Ask {
    let help = "Only what contains these words is shown; empty shows all.";
    Form::prompt("Show only what contains …", "Words", words, help, |typed, _| {
        Ok(vec![Effect::Filter(typed.trim().to_owned())])
    })
}

impl Pane for ActionsPane {
    fn id(&self) -> PaneId {
        PaneId::Actions
    }

    fn update(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Up | Action::Down | Action::First | Action::Last | Action::PageUp | Action::PageDown => {
                self.go(model, action)
            }
            Action::New => self.make(model, Sort::Action),
            Action::Escalate => self.make(model, Sort::Escalation),
            Action::Barrier => self.make(model, Sort::Barrier),
            Action::Filter => Answer::one(Effect::Ask(ask_filter(&self.words))),
            Action::MarkDone
            | Action::Stuck
            | Action::Respond
            | Action::TierUp
            | Action::Drop
            | Action::Delete
            | Action::Edit
            | Action::Open
            | Action::History => self.on_selected(action, model),
            _ => Answer::Ignored,
        }
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let items = list::items(model, &self.words);
        let board = view::Board { model, look, items: &items, under: self.under(model), words: &self.words };
        let (top, page) = board.draw(area, self.top.get(), buf);
        self.top.set(top);
        self.page.set(page);
    }

    fn hints(&self, model: &Model) -> Vec<Action> {
        match self.under(model) {
            None => vec![Action::New, Action::Escalate, Action::Barrier],
            Some(one) if !one.is_open() => {
                vec![Action::New, Action::Escalate, Action::MarkDone, Action::Edit, Action::Delete]
            }
            Some(one) if one.sort == Sort::Escalation => {
                vec![Action::Respond, Action::TierUp, Action::Edit, Action::New, Action::Escalate, Action::Drop]
            }
            Some(_) => vec![
                Action::MarkDone,
                Action::Stuck,
                Action::New,
                Action::Escalate,
                Action::TierUp,
                Action::Edit,
                Action::Drop,
            ],
        }
    }

    fn filter(&mut self, words: &str) {
        words.clone_into(&mut self.words);
    }

    fn as_text(&self, model: &Model) -> Option<String> {
        self.under(model).map(|promise| list::as_text(model, promise))
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        let rows = self.rows(model);
        if rows.iter().any(|row| Some(row.id) == self.wanted) {
            self.selected = self.wanted.take();
        }
        self.at = self.place(&rows);
        self.selected = rows.get(self.at).map(|row| row.id);
        Vec::new()
    }
}
