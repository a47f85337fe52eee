//! How this board stands to the others that it is brought into step with.

use chrono::{DateTime, Utc};

/// What the status line says of other boards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InStep {
    /// The folder between the boards; nothing where this board has never been brought into step.
    pub folder: Option<String>,
    /// When it was last brought into step.
    pub last: Option<DateTime<Utc>>,
    /// How many changes of this board wait to be sent.
    pub waiting: i64,
    /// How many records have an unsettled conflict.
    pub conflicts: usize,
    /// What is going on now.
    pub going: Option<Going>,
    /// Whether the last attempt failed.
    pub failed: bool,
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Going {
    /// So many bundles are done.
    pub done: usize,
    /// Of so many; 0 while they are being counted.
    pub of: usize,
}
