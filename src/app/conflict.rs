//! Values that two people set unseen, as the screen shows them.

use chrono::{DateTime, Utc};

use crate::domain::TeamId;

/// Two or more values of one field, of which one shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// Its short name: another one as soon as a side is another one.
    pub code: String,
    /// The record's team.
    pub team: TeamId,
    /// The record in words: "Falls, Fri 20 Nov".
    pub what: String,
    /// The field in words; nothing where the whole record is meant.
    pub field: String,
    /// What it is about.
    pub sort: Sort,
    /// The one that shows, and the others, the latest first.
    pub sides: Vec<Side>,
}

/// What a conflict is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Values, of which one stays.
    Value,
    /// Texts, which can be made into one.
    Text,
    /// A record that one deleted and another one wrote in.
    Deletion,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// What it says; of several lines where it has them.
    pub words: String,
    /// Whether it deleted the record.
    pub deletes: bool,
    /// Who set it.
    pub who: String,
    /// When, by its author's clock.
    pub at: DateTime<Utc>,
}

/// Which value stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// This side's, by its place among the sides.
    Side(usize),
    /// A text made of all of them.
    Merged(String),
}

/// The conflicts of the file as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clashes {
    /// The turn of the model in which they were asked for; nothing before they were ever read.
    pub turn: Option<u64>,
    /// The conflicts, the latest first.
    pub list: Vec<Clash>,
}
