//! What a board says of itself in a shared folder: `<replica>/about.json`, written over at each sync.
//!
//! It is for people: who was last here, and what they had then. Nothing that decides what is sent or
//! taken in depends on it, so that it may be old, missing or a lie.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::draft::Writing;
use super::{file, hub};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::store::{Store, open_plain};

/// The file's name in the replica's own folder.
pub(super) const NAME: &str = "about.json";
/// No such file is longer.
const LONGEST: u64 = 256 * 1024;
/// How long a name may be, in characters.
const NAME_AT_MOST: usize = 40;

/// A board that has been at the folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The replica.
    pub replica: ReplicaId,
    /// What people call its machine; may be empty.
    pub name: String,
    /// The version of its program.
    pub program: String,
    /// When it was here, by its own clock.
    pub at: DateTime<Utc>,
    /// Up to where it had all changes of each replica.
    pub have: BTreeMap<ReplicaId, i64>,
}

impl About {
    /// What people call it: its machine, or its id where nobody has said.
    pub fn called(&self) -> String {
        if self.name.is_empty() { self.replica.to_string() } else { self.name.clone() }
    }

    /// What this file's own replica would say now.
    fn of(store: &Store) -> Outcome<Self> {
        Ok(Self {
            replica: store.replica(),
            name: store.replica_names()?.remove(&store.replica()).unwrap_or_default(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            at: store.now(),
            have: store.have()?.into_iter().map(|have| (have.replica, have.upto)).collect(),
        })
    }
}

/// Says in the folder how this file stands, where that is news.
pub(super) fn tell(writing: &Writing, store: &Store, folder: &Path) -> Outcome<()> {
    let own = folder.join(store.replica().0.simple().to_string());
    let new = About::of(store)?;
    let old = read(&own);
    let is_news = |old: &About| old.have != new.have || old.name != new.name || new.at - old.at > TimeDelta::hours(1);
    // Who has nothing yet has nothing to say.
    if new.have.is_empty() || old.is_some_and(|old| !is_news(&old)) {
        return Ok(());
    }
    file::make_folder(&own)?;
    let text = serde_json::to_vec_pretty(&new).unwrap_or_default();
    file::put_over(writing, &own.join(NAME), &text)
}

/// Takes over what the others are called.
pub(super) fn learn(store: &Store, folder: &Path) -> Outcome<()> {
    let known = store.replica_names()?;
    for about in all(folder)? {
        let is_news = about.replica != store.replica() && known.get(&about.replica) != Some(&about.name);
        if is_news && !about.name.is_empty() {
            store.name_replica(about.replica, &about.name)?;
        }
    }
    Ok(())
}

/// What all boards that were at the folder have said, in the order of their ids.
///
/// # Errors
/// What the disk answered.
pub fn all(folder: &Path) -> Outcome<Vec<About>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| file::of_file(folder, &error))?.flatten() {
        let name = entry.file_name().into_string().unwrap_or_default();
        let id = Uuid::try_parse(&name).ok().filter(|id| id.simple().to_string() == name);
        if entry.file_type().is_ok_and(|kind| kind.is_dir())
            && let Some(about) = read(&entry.path()).filter(|about| id == Some(about.replica.0))
        {
            found.push(about);
        }
    }
    found.sort_by_key(|about| about.replica);
    Ok(found)
}

/// What the other boards have said that were at this board's folder; nothing where it has none. A folder
/// that cannot be read has nobody.
pub fn others(store: &Store) -> Option<Vec<About>> {
    let hub = hub::recall(store.path())?;
    let mut others = all(&hub.folder).unwrap_or_default();
    others.retain(|about| about.replica != store.replica());
    Some(others)
}

fn read(place: &Path) -> Option<About> {
    let path = place.join(NAME);
    let found = fs::symlink_metadata(&path).ok()?;
    if !found.is_file() || found.len() > LONGEST {
        return None;
    }
    let mut text = Vec::new();
    open_plain(&path).ok()?.take(LONGEST).read_to_end(&mut text).ok()?;
    let mut about: About = serde_json::from_slice(&text).ok()?;
    about.name = text::clip(&text::clean_line(&about.name), NAME_AT_MOST);
    about.program = text::clip(&text::clean_line(&about.program), NAME_AT_MOST);
    Some(about)
}
