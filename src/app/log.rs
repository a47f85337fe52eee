//! The log as the screen shows it: who did what, and one action in full.

use chrono::{DateTime, Utc};

use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::Kind;

/// The record whose history is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// What stands over its history.
    pub title: String,
}

/// What is asked of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogAsk {
    /// The team whose log it is.
    pub team: TeamId,
    /// The record that it is about; of the whole team where none is named.
    pub about: Option<(Kind, RecordKey)>,
    /// Only what contains these words.
    pub words: String,
    /// The turn of the model in which it was asked.
    pub turn: u64,
}

/// An action in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What a person types for it, and what tells it from the others.
    pub code: String,
    /// When, by its author's clock.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// What, in words.
    pub words: String,
    /// How many changes it has.
    pub changes: i64,
}

/// What an action did with one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// The record, and what was done with it: "Falls, Fri 20 Nov: changed".
    pub what: String,
    /// What has become of it.
    pub standing: String,
    /// Whether it still stands.
    pub stands: bool,
    /// Its fields: what a person calls them, and what was done with them.
    pub fields: Vec<(String, String)>,
}

/// One action in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its code.
    pub code: String,
    /// The records that it touched, the first of them.
    pub did: Vec<Did>,
    /// What else there is to say, in sentences.
    pub aside: Vec<String>,
}

/// The log as far as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Log {
    /// What was asked; nothing before anybody did.
    pub asked: Option<LogAsk>,
    /// The actions, the latest first.
    pub list: Vec<Done>,
    /// The action that was opened last, and the turn in which it was read.
    pub account: Option<(u64, Account)>,
}
