//! What others do with a record while its form is open.

use uuid::Uuid;

use crate::app::ask::{Again, FormField, Input};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::record::Kind;

/// So much of a value that somebody else set is shown, in cells.
const SHOWN_AT_MOST: usize = 60;

/// The record of an open form, as others change it.
pub(super) struct Elsewhere {
    kind: Kind,
    id: Uuid,
    /// Makes the form anew.
    pub(super) again: Again,
    /// The turn of the model that the form shows.
    turn: u64,
    /// What is said of each field.
    pub(super) notes: Vec<Option<String>>,
}

impl Elsewhere {
    pub(super) fn new(kind: Kind, id: Uuid, again: Again, fields: usize) -> Self {
        Self { kind, id, again, turn: 0, notes: vec![None; fields] }
    }

    /// Whether the file has changed since it was last asked.
    pub(super) fn is_stale(&mut self, model: &Model) -> bool {
        std::mem::replace(&mut self.turn, model.turn) != model.turn
    }

    /// Who changed the record.
    pub(super) fn who(&self, model: &Model) -> String {
        model.news.of(self.kind, self.id).map_or("Somebody", |item| item.whose()).to_owned()
    }
}

/// What a field says that somebody else has changed; `touched` where something else was typed by then.
pub(super) fn changed(now: &FormField, touched: bool, who: &str) -> String {
    let mut letters = who.chars();
    let who: String = letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default();
    if !touched {
        return format!("{who} changed this just now.");
    }
    let shown = match &now.input {
        Input::One(options) => options.iter().find(|(code, _)| *code == now.value).map(|(_, words)| words.as_str()),
        _ => None,
    };
    let shown = text::clip(&shown.unwrap_or(&now.value).replace('\n', " / "), SHOWN_AT_MOST);
    if shown.is_empty() {
        return format!("{who} has emptied this meanwhile. Saving puts in what you typed.");
    }
    format!("{who} made this “{shown}” meanwhile. Saving puts what you typed in its place.")
}
