//! One SQLite file behind one door: the only SQL of the program.
//!
//! Every write goes through [`Store::commit`]: it validates the edits, applies them to the tables and
//! appends them to the change log in one transaction. The tables are exactly what the log, applied in
//! (clock, replica) order, makes of an empty database.

mod actions;
mod apply;
pub mod backup;
mod batch;
pub mod check;
mod clock;
mod closed;
mod commit;
mod computed;
mod conflicts;
pub mod drive;
mod edit;
mod failure;
mod file;
mod hanging;
mod identity;
#[cfg(test)]
mod interrupted;
mod line;
mod log;
mod look;
mod open;
mod past;
mod plain;
mod points;
mod rebuild;
mod records;
mod recount;
mod redact;
mod remote;
mod schema;
mod table;
mod take_back;
mod take_in;
mod telling;
mod undo;
mod words;
mod work;
mod writer;

pub use actions::{ActionEntry, ActionId, ActionQuery};
pub use conflicts::{Conflict, Keep, Side};
pub use hanging::Hanging;
pub use plain::open_plain;
pub use recount::{Deed, Part, PartField, Recount, Since, Standing};
pub use redact::{BLANK, Blanking, Found, texts_of};
pub use remote::{Accept, Have, RecordName, RemoteAction, RemoteChange, Taken, kind_named};
pub use take_back::{Extent, NAMED_AT_MOST, Preview};
pub use take_in::Arriving;
pub use telling::{FieldTold, PartTold, Told};
pub use work::Work;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::base::clock::Clock;
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::guard::Concern;
use crate::domain::record::{Kind, Value};

/// Which file to open, and how.
#[derive(Clone)]
pub struct Opening {
    /// The database file.
    pub path: PathBuf,
    /// Whether a missing file is made.
    pub create: bool,
    /// Whether a group shares the file (0660 and not 0600).
    pub shared_with_group: bool,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Who an edit is by, and in which run of the program: undo goes back over one run's own actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// A role or initials, as the ward chooses; nothing for what is anonymous.
    pub role: Option<String>,
    /// A number that this run of the program made up at its start.
    pub session: i64,
}

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Receipt {
    /// The first sequence number of the action on this replica; 0 where nothing was written.
    pub action: i64,
    /// What was done, in words.
    pub words: String,
    /// How many changes it wrote.
    pub changes: usize,
    /// How many data points had a value before.
    pub replaced: usize,
    /// The records that it touched, at most [`TOUCHED_AT_MOST`] of them; empty and more than that
    /// means: anything may have changed.
    pub touched: Vec<Touched>,
    /// What looked like a patient's detail, but may be none; each sort once.
    pub warnings: Vec<Concern>,
}

/// How many touched records a receipt or a look names before it says "anything".
pub const TOUCHED_AT_MOST: usize = 1_000;

/// A record that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Touched {
    /// Its team.
    pub team: TeamId,
    /// Its kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
}

/// A change that another writer made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// The record.
    pub touched: Touched,
    /// Who did it last, where that is kept.
    pub actor: Option<String>,
    /// The run of the program that did it, where it was one on this file.
    pub session: Option<i64>,
}

/// What other writers did since the last look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Nothing.
    Nothing,
    /// These records changed.
    Records(Vec<Witnessed>),
    /// More than can be named.
    Anything,
}

/// Whose last action is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoScope {
    /// This run's own.
    Session,
    /// Anybody's on this file.
    File,
}

/// Which actions of the log to list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LogQuery {
    /// Of this team only.
    pub team: Option<TeamId>,
    /// Of this kind of record only.
    pub kind: Option<Kind>,
    /// Of this record only.
    pub record: Option<RecordKey>,
    /// Since this instant.
    pub since: Option<DateTime<Utc>>,
    /// At most so many, latest first; 0 for all of them.
    pub limit: usize,
}

/// One change of the log, with the action that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct LogEntry {
    /// The replica that made it.
    pub replica: ReplicaId,
    /// Its sequence number there.
    pub sequence: i64,
    /// The first sequence number of its action.
    pub action: i64,
    /// When it was made, by its author's clock.
    pub at: DateTime<Utc>,
    /// Who made it, where that is kept.
    pub actor: Option<String>,
    /// What the action was, in words.
    pub words: String,
    /// The team.
    pub team: TeamId,
    /// The kind of record; `None` for a kind that this version does not know.
    pub kind: Option<Kind>,
    /// The record.
    pub record: Option<RecordKey>,
    /// Whether it made the record.
    pub creates: bool,
    /// What it set; what a creating change does not name, it set to nothing.
    pub fields: Vec<(String, Value)>,
}

/// One board's file, open.
pub struct Store {
    conn: rusqlite::Connection,
    path: PathBuf,
    /// The file that was opened: another one may stand at its path later.
    inode: u64,
    clock: Arc<dyn Clock>,
    replica: ReplicaId,
    forked_from: Option<ReplicaId>,
    writable: bool,
    looked: look::Looked,
    remarks: Vec<String>,
}

impl Store {
    /// The replica that this file is: the writer of its changes.
    pub fn replica(&self) -> ReplicaId {
        self.replica
    }

    /// The replica that this file was before, where opening found it to be a copy and gave it a new one.
    pub fn forked_from(&self) -> Option<ReplicaId> {
        self.forked_from
    }

    /// What a person should know about the file since it was opened, in whole sentences.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// The file, by its real name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the file can be written through this door.
    pub fn is_writable(&self) -> bool {
        self.writable
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).field("replica", &self.replica).finish_non_exhaustive()
    }
}
