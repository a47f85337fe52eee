//! Questions over the screen, as a stack: the topmost has the keyboard, and each closes by `Esc`.

mod choose;
mod conflicts;
mod cross;
mod elsewhere;
mod entry;
mod form;
mod help;
mod log;
mod palette;
mod question;
mod read;
mod round;
mod several;
mod welcome;

use chrono::{DateTime, Datelike, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::widgets::ink;
use crate::app::ask::Ask;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::app::pane::PaneId;
use crate::config::keymap::Keymap;

/// What became of a key that was offered to an overlay.
pub(crate) enum Took {
    /// It took the key; this is to be done.
    Key(Vec<Effect>),
    /// It runs this action on the screen below, and is gone.
    Run(crate::app::action::Action),
    /// It has no use for the key.
    Nothing,
}

/// What an overlay may look at while it takes a key.
pub(crate) struct Around<'a> {
    /// What the screen knows.
    pub(crate) model: &'a Model,
    /// The keymap.
    pub(crate) keymap: &'a Keymap,
}

/// A question over the screen.
pub(crate) trait Overlay {
    /// Offers it a key.
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took;

    /// Offers it pasted text.
    fn paste(&mut self, _text: &str, _around: &Around<'_>) -> Vec<Effect> {
        Vec::new()
    }

    /// Draws it over `area`.
    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer);

    /// The keys that work in it, with what they do.
    fn hints(&self) -> Vec<(&'static str, &'static str)>;

    /// The model was read anew; what it needs to be read is asked for.
    fn refresh(&mut self, _model: &Model) -> Vec<Effect> {
        Vec::new()
    }

    /// An action that it asked for was written, or was refused with this sentence.
    fn written(&mut self, _failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        Vec::new()
    }

    /// Whether it waits for what it asked for to be written: what is typed meanwhile comes after that.
    fn is_waiting(&self) -> bool {
        false
    }

    /// The text that the person's own editor would take over.
    fn long_text(&self) -> Option<String> {
        None
    }

    /// The text as it came back from the editor.
    fn set_long_text(&mut self, _text: &str) {}
}

/// The overlay that puts `ask`.
pub(crate) fn of(ask: Ask, front: PaneId, around: &Around<'_>) -> Box<dyn Overlay> {
    match ask {
        Ask::QuickEntry(selected) => Box::new(entry::QuickEntry::new(selected)),
        Ask::Round => Box::new(round::Round::new(around.model)),
        Ask::Form(form) => Box::new(form::FormOverlay::new(form)),
        Ask::Living(living) => Box::new(form::FormOverlay::living(living)),
        Ask::Quick(form) => Box::new(form::FormOverlay::quick(form)),
        Ask::Choose(choose) => Box::new(choose::Chooser::new(choose)),
        Ask::Question(question) => Box::new(question::Asked::new(question)),
        Ask::Conflicts => Box::new(conflicts::Conflicts::new(around.model)),
        Ask::Read(reading) => Box::new(read::Reader::new(reading)),
        Ask::Log(about) => Box::new(log::LogList::new(about)),
        Ask::Palette => Box::new(palette::Palette::new(front, around.keymap)),
        Ask::Cross(measure) => Box::new(cross::Cross::new(measure, around.model)),
        Ask::Help => Box::new(help::Help::new(front, around.keymap)),
        Ask::Welcome => Box::new(welcome::Welcome::new()),
    }
}

/// When something was done, on the team's own clock: "today 09:02".
fn moment(at: DateTime<Utc>, model: &Model) -> String {
    let (wall, today) = (model.zone().wall(at), model.today());
    let day = match (today - wall.date()).num_days() {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        _ if wall.year() == today.year() => wall.format("%a %-d %b").to_string(),
        _ => wall.format("%-d %b %Y").to_string(),
    };
    format!("{day} {}", wall.format("%H:%M"))
}

/// A panel in the middle of `area` with a title; returns what is left inside it.
fn panel(look: &Look, area: Rect, width: u16, height: u16, title: &str, buf: &mut Buffer) -> Rect {
    let outer = ink::centred(area, width, height);
    framed(look, outer, title, buf)
}

/// A panel in `outer` with a title and an edge in the accent's colour; returns what is left inside it.
fn framed(look: &Look, outer: Rect, title: &str, buf: &mut Buffer) -> Rect {
    let outer = outer.intersection(*buf.area());
    ink::clear(buf, outer, look.style(Role::Panel));
    for y in outer.top()..outer.bottom() {
        ink::put(buf, outer.x, y, 1, if look.ascii { "|" } else { "▌" }, panel_style(look, Role::Accent));
    }
    if outer.height > 1 {
        ink::put(
            buf,
            outer.x + 2,
            outer.y + 1.min(outer.height - 1),
            outer.width.saturating_sub(3),
            title,
            panel_style(look, Role::Title),
        );
    }
    let inside = ink::below(ink::shift_right(outer, 2), if outer.height > 6 { 3 } else { 2 });
    Rect { width: inside.width.saturating_sub(2), height: inside.height.saturating_sub(1), ..inside }
}

/// A role's style on a panel's ground.
fn panel_style(look: &Look, role: Role) -> Style {
    look.style(Role::Panel).patch(look.style(role))
}
