//! The wall: the board for whoever walks past, read-only, in letters for three metres, one picture after
//! the other. It draws what the model holds and reads nothing by itself; nothing private is on it.

mod draw;
mod plan;
mod slides;

use std::cell::Cell;

use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::action::Action;
use crate::app::look::Look;
use crate::app::model::Model;
use crate::tui::shell;

pub use plan::{Plan, Screen};

/// The wall while it is up.
pub(crate) struct Wall {
    plan: Plan,
    /// Which picture is shown, and since when.
    at: usize,
    since: DateTime<Utc>,
    /// The room for pictures as it was drawn last: how many there are depends on it.
    room: Cell<Rect>,
}

/// What a key at the wall leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The wall stays.
    Stays,
    /// Back to the board, or out of the program.
    Leave,
}

impl Wall {
    /// The wall from its first picture on.
    pub(crate) fn new(plan: Plan, model: &Model) -> Self {
        Self { plan, at: 0, since: model.now, room: Cell::new(model.body) }
    }

    /// Goes on to the next picture where this one has stood long enough; whether it did. A clock that was put
    /// back starts the time of the picture anew.
    pub(crate) fn turn(&mut self, model: &Model) -> bool {
        let stood = model.now - self.since;
        if stood < chrono::TimeDelta::zero() {
            self.since = model.now;
            return false;
        }
        stood.to_std().is_ok_and(|stood| stood >= self.plan.every) && self.step(model, true)
    }

    fn step(&mut self, model: &Model, forwards: bool) -> bool {
        let count = slides::all(&self.plan, model, self.room.get()).len().max(1);
        self.since = model.now;
        let before = self.at;
        self.at = (self.at + if forwards { 1 } else { count - 1 }) % count;
        self.at != before
    }

    /// What an action does here: leaves, turns the picture, or nothing at all.
    pub(crate) fn act(&mut self, action: Action, model: &Model) -> Answer {
        match action {
            Action::Right | Action::NextFocus | Action::PageDown => {
                self.step(model, true);
                Answer::Stays
            }
            Action::Left | Action::PageUp => {
                self.step(model, false);
                Answer::Stays
            }
            Action::Back | Action::Quit | Action::Wall => Answer::Leave,
            action if shell::pane_of(action).is_some() => Answer::Leave,
            _ => Answer::Stays,
        }
    }

    /// Draws the picture.
    pub(crate) fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let room = draw::room(area);
        self.room.set(room);
        let slides = slides::all(&self.plan, model, room);
        let at = self.at.min(slides.len().saturating_sub(1));
        draw::frame(&slides, at, model, look, area, buf);
        if let Some(slide) = slides.get(at) {
            draw::slide(slide, model, look, room, buf);
        }
        if self.plan.is_dim(model.wall().time()) {
            draw::dim(area, buf);
        }
    }
}
