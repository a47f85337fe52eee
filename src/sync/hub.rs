//! What a board remembers of the folder that it is brought into step with: a small file beside the
//! database. It can be lost without harm: the folder is then asked for once more.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::draft::Writing;
use super::file::of_file;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::store::Store;

/// The ending of the file beside the database.
const ENDING: &str = "-hub";

/// A folder, and how far the board has come with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hub {
    /// The folder, by its whole name.
    pub folder: PathBuf,
    /// When the board was last brought into step with it.
    #[serde(default)]
    pub last: Option<DateTime<Utc>>,
    /// Teams that are not in this file and whose changes may come in: somebody was asked.
    #[serde(default)]
    pub accepted: Vec<TeamId>,
    /// Teams that stay out: somebody was asked.
    #[serde(default)]
    pub left_out: Vec<TeamId>,
    /// The highest change of each replica that was in the folder or was put there then.
    #[serde(default)]
    reached: BTreeMap<ReplicaId, i64>,
    /// Bundles of other teams that were left there, by their names in the folder, with what is in them.
    #[serde(default)]
    pub(super) passed: BTreeMap<String, Vec<Passed>>,
}

/// What a bundle that was passed over holds of one team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Passed {
    pub(super) team: TeamId,
    /// What the bundle calls it; empty where it does not say.
    pub(super) name: String,
    /// How many changes.
    pub(super) changes: usize,
    /// The team that it became, as far as this bundle says.
    pub(super) became: Option<TeamId>,
}

impl Hub {
    /// A folder that the board has not met.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            last: None,
            accepted: Vec::new(),
            left_out: Vec::new(),
            reached: BTreeMap::new(),
            passed: BTreeMap::new(),
        }
    }

    /// Remembers that all that the file has is in the folder now.
    ///
    /// # Errors
    /// What the disk answered.
    pub(super) fn arrived(&mut self, store: &Store) -> Outcome<()> {
        self.last = Some(store.now());
        self.reached = store.have()?.into_iter().map(|have| (have.replica, have.known_max)).collect();
        Ok(())
    }
}

/// How many changes of this file have come since the last sync, and wait for the next one. Reads no
/// folder; costs a row for each replica.
///
/// # Errors
/// What the disk answered.
pub fn waiting(store: &Store) -> Outcome<i64> {
    let Some(hub) = recall(store.path()) else { return Ok(0) };
    let reached = |replica| hub.reached.get(&replica).copied().unwrap_or(0);
    Ok(store.have()?.iter().map(|have| (have.known_max - reached(have.replica)).max(0)).sum())
}

/// Remembers the folder for the board in `database`.
///
/// # Errors
/// Where the folder's name is no text, and what the disk answered.
pub fn remember(database: &Path, hub: &Hub) -> Outcome<()> {
    let beside = beside(database);
    let text = serde_json::to_string_pretty(hub).map_err(|_| {
        Failure::refused("The folder's name cannot be remembered.")
            .at(hub.folder.display().to_string())
            .hint("Give it a name of plain letters.")
    })?;
    if fs::read_to_string(&beside).is_ok_and(|standing| standing == text) {
        return Ok(());
    }
    let _held = Writing::beside(database);
    let mut draft = beside.as_os_str().to_owned();
    draft.push(format!(".{}", Uuid::new_v4().simple()));
    let draft = PathBuf::from(draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(&draft)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .and_then(|()| fs::rename(&draft, &beside));
    written.map_err(|error| {
        let _ = fs::remove_file(&draft);
        of_file(&beside, &error)
    })
}

/// The files in the making beside the database that a killed run left there.
pub(super) fn drafts(database: &Path) -> Vec<PathBuf> {
    let of = beside(database);
    let stem = of.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let entries = of.parent().map(fs::read_dir).into_iter().flatten().flatten().flatten();
    let is_draft = |name: &str| {
        name.strip_prefix(&stem).and_then(|rest| rest.strip_prefix('.')).is_some_and(|id| Uuid::try_parse(id).is_ok())
    };
    entries.filter(|entry| entry.file_name().to_str().is_some_and(is_draft)).map(|entry| entry.path()).collect()
}

/// The folder that was remembered.
pub fn recall(database: &Path) -> Option<Hub> {
    serde_json::from_str(&fs::read_to_string(beside(database)).ok()?).ok()
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ENDING);
    PathBuf::from(name)
}
