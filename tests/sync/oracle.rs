//! What boards must show, worked out from the changes alone: a plain fold that shares no code with the
//! store. Of each cell the change with the greatest rank counts; a change that makes a record sets all
//! of its cells.

use std::collections::{BTreeMap, HashMap};

use huddleboard::store::RemoteChange;
use serde_json::Value;

/// What is watched of each kind, and whether it is a number.
const WATCHED: &[(&str, &[(&str, bool)])] = &[
    ("team", &[("name", false)]),
    ("measure", &[("name", false)]),
    ("project", &[("name", false), ("owner", false)]),
    ("point", &[("value", true), ("note", false)]),
    ("completion", &[("amount", true)]),
];

/// A field of a record: kind, the record as the log names it, the field.
pub(crate) type Cell = (String, Vec<u8>, String);

/// What a board shows, as text; of a record that is deleted or was never made it shows nothing.
pub(crate) type Shown = BTreeMap<Cell, String>;

/// The order that decides: wall clock, counter, replica, number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    pub(crate) wall: i64,
    pub(crate) counter: u16,
    pub(crate) replica: [u8; 16],
    pub(crate) seq: i64,
}

impl Rank {
    pub(crate) fn of(change: &RemoteChange) -> Self {
        Self { wall: change.wall, counter: change.counter, replica: *change.origin.bytes(), seq: change.seq }
    }
}

/// All cells, and which change made each record last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fold {
    made: HashMap<(String, Vec<u8>), Rank>,
    cells: HashMap<Cell, (Rank, Value)>,
}

impl Fold {
    pub(crate) fn over<'a>(changes: impl IntoIterator<Item = &'a RemoteChange>) -> Self {
        let mut fold = Self::default();
        for change in changes {
            fold.add(change, |new, old| new > old);
        }
        fold
    }

    /// Adds one change; `beats` says whether the first of two ranks comes after the second.
    pub(crate) fn add(&mut self, change: &RemoteChange, beats: fn(Rank, Rank) -> bool) {
        let rank = Rank::of(change);
        let record = (change.kind.to_string(), change.record.to_vec());
        if change.creates && self.made.get(&record).is_none_or(|made| beats(rank, *made)) {
            self.made.insert(record.clone(), rank);
        }
        let Ok(Value::Object(fields)) = serde_json::from_str(&change.fields) else { return };
        for (name, value) in fields {
            let cell = (record.0.clone(), record.1.clone(), name);
            if self.cells.get(&cell).is_none_or(|(set, _)| beats(rank, *set)) {
                self.cells.insert(cell, (rank, value));
            }
        }
    }

    /// The rank of what stands in the cell.
    pub(crate) fn rank(&self, (kind, record, field): &Cell) -> Option<Rank> {
        let set = self.cells.get(&(kind.clone(), record.clone(), field.clone())).map(|(rank, _)| *rank);
        set.max(self.made.get(&(kind.clone(), record.clone())).copied())
    }

    fn value(&self, cell: &Cell) -> Value {
        let made = self.made.get(&(cell.0.clone(), cell.1.clone()));
        // What was set before the record was made anew is gone with what it was before.
        let set = self.cells.get(cell).filter(|(rank, _)| made.is_none_or(|made| rank >= made));
        set.map_or(Value::Null, |(_, value)| value.clone())
    }

    pub(crate) fn is_visible(&self, kind: &str, record: &[u8]) -> bool {
        let deleted = self.value(&(kind.to_owned(), record.to_owned(), "deleted".to_owned()));
        self.made.contains_key(&(kind.to_owned(), record.to_owned())) && deleted != 1
    }

    pub(crate) fn shown(&self) -> Shown {
        let mut shown = Shown::new();
        for (kind, record) in self.made.keys().filter(|(kind, record)| self.is_visible(kind, record)) {
            for (field, is_number) in watched(kind) {
                let cell = (kind.clone(), record.clone(), (*field).to_owned());
                let text = text_of(&self.value(&cell), *is_number);
                shown.insert(cell, text);
            }
        }
        shown
    }
}

/// The fields of a kind that are watched.
pub(crate) fn watched(kind: &str) -> &'static [(&'static str, bool)] {
    WATCHED.iter().find(|(code, _)| *code == kind).map_or(&[], |(_, fields)| fields)
}

/// A value as text; one of another shape than the field's is none, but a list in place of a text is its JSON.
pub(crate) fn text_of(value: &Value, is_number: bool) -> String {
    match value {
        Value::String(text) if !is_number => text.clone(),
        Value::Array(_) | Value::Object(_) if !is_number => value.to_string(),
        Value::Number(number) if is_number => number.as_f64().map(|number| number.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}
