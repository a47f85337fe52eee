//! One step with a folder: take in what is new, put there what it lacks, and remember.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::draft::Writing;
use super::folder::{self, GoOn, Published, Stranger};
use super::gather::gather_telling;
use super::hub::{self, Hub};
use super::listing::{Seen, look};
use super::publish::publish_telling;
use super::{about, tidy};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::store::{Accept, Store};

/// What became of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How many changes were put into the folder, in how many bundles.
    pub sent: Published,
    /// How many changes were taken in.
    pub taken: usize,
    /// The bundles that were refused, and why.
    pub refused: Vec<Failure>,
    /// Replicas whose clock is more than a day ahead of this machine's.
    pub ahead: Vec<ReplicaId>,
    /// Changes that exist and are neither here nor in the folder: replica, first, last.
    pub missing: Vec<(ReplicaId, i64, i64)>,
    /// Teams that are not in this file, whose changes were left where they are.
    pub strangers: Vec<Stranger>,
    /// Whether it was stopped before the end; what was done stays done.
    pub stopped: bool,
    /// Whether somebody has redacted a text elsewhere: copies of this file hold it still.
    pub redacted: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// Brings a board into step with a folder.
///
/// # Errors
/// What the disk answered; what was done before stays done, and the next step goes on from there.
pub fn step(store: &mut Store, folder: &Path, accept: Accept, go_on: GoOn<'_>) -> Outcome<Report> {
    let mut hub = recalled(store, folder);
    // One look at the folder for everything: over a slow network each costs more than all the rest.
    let Seen { bundles, drafts } = look(folder)?;
    let writing = Writing::begin(store, &drafts);
    let gathered = gather_telling(store, &mut hub, &bundles, accept, go_on)?;
    let mut report = Report {
        sent: Published::default(),
        taken: gathered.new,
        refused: gathered.refused,
        ahead: gathered.ahead,
        missing: Vec::new(),
        strangers: gathered.strangers,
        stopped: gathered.stopped,
        redacted: gathered.redacted,
        at: store.now(),
    };
    if !report.stopped {
        report.sent = publish_telling(&writing, store, folder, &bundles, go_on)?;
        report.stopped = report.sent.stopped;
    }
    if !report.stopped {
        tidy::tidy(&writing, store, folder, &bundles)?;
        about::tell(&writing, store, folder)?;
        about::learn(store, folder)?;
        hub.arrived(store)?;
    }
    hub::remember(store.path(), &hub)?;
    report.missing = folder::status_of(store, &hub, &bundles)?.missing;
    Ok(report)
}

/// Takes these teams' changes in from the next step on: somebody was asked.
///
/// # Errors
/// Where the board has no folder yet, and what the disk answered.
pub fn accept(store: &Store, folder: &Path, teams: &[TeamId]) -> Outcome<()> {
    let mut hub = recalled(store, folder);
    hub.accepted.extend(teams);
    hub.accepted.sort_unstable();
    hub.accepted.dedup();
    hub.left_out.retain(|team| !teams.contains(team));
    hub::remember(store.path(), &hub)
}

/// Remembers that these teams' changes stay out, so that nobody is asked again. A step leaves them out
/// anyway, and tells of them.
///
/// # Errors
/// What the disk answered.
pub fn leave_out(store: &Store, folder: &Path, teams: &[TeamId]) -> Outcome<()> {
    let mut hub = recalled(store, folder);
    hub.left_out.extend(teams);
    hub.left_out.sort_unstable();
    hub.left_out.dedup();
    hub::remember(store.path(), &hub)
}

fn recalled(store: &Store, folder: &Path) -> Hub {
    hub::recall(store.path()).filter(|hub| hub.folder == folder).unwrap_or_else(|| Hub::at(folder))
}
