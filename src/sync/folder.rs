//! A folder that several replicas can reach: a share, a stick, a folder that another program copies.
//!
//! Each bundle stands at `<replica>/<first>-<last>.hbs` and never changes. Which changes the folder has
//! is told by these names alone, so that a sync without news reads no file, and a folder that was lost
//! is filled again. Whoever has a change that the folder lacks puts it there, whosever it is: that is
//! how changes come over a stick from a board that never meets the others.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use super::bundle::{self};
use super::file;
use super::hub::{self, Hub, Passed};
use super::listing::{Named, file_name, gaps, list};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::store::{Accept, Blanking, Have, RemoteChange, Store, TOUCHED_AT_MOST, Touched};

/// A new bundle is begun after so many changes, or so many bytes of what they set.
pub(super) const CHANGES_PREFERRED: usize = 20_000;
const BYTES_PREFERRED: usize = 4 << 20;
/// No bundle is longer than this.
const FILE_AT_MOST: u64 = 128 << 20;

/// What was put into the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// How many bundles.
    pub bundles: usize,
    /// How many changes.
    pub changes: usize,
    /// Whether it was stopped before the end.
    pub stopped: bool,
}

/// How far a sync has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Bundles are read.
    Reading {
        /// So many of them have been.
        done: usize,
        /// So many there are to read.
        of: usize,
    },
    /// Changes are put into the folder.
    Writing {
        /// So many of them have been.
        done: usize,
        /// So many there are to put there.
        of: usize,
    },
}

/// Is told how far a sync has come, between two bundles; answers whether it is to go on.
pub type GoOn<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// A team that has changes in the folder and is not in this file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// The team.
    pub team: TeamId,
    /// Its name, as its own changes say; empty where none does.
    pub name: String,
    /// How many changes of it are there, as far as they were looked at.
    pub changes: usize,
    /// A team of this file with the same name.
    pub twin: Option<TeamId>,
}

/// What was taken in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Gathered {
    /// How many changes were new.
    pub new: usize,
    /// The bundles that were refused, and why.
    pub refused: Vec<Failure>,
    /// The records that were touched; none where they are too many to name.
    pub touched: Vec<Touched>,
    /// Replicas whose clock is more than a day ahead of this machine's.
    pub ahead: Vec<ReplicaId>,
    /// Teams that are not in this file, whose changes were left where they are.
    pub strangers: Vec<Stranger>,
    /// Whether it was stopped before the end.
    pub stopped: bool,
    /// Whether a text was redacted by one of the changes.
    pub redacted: bool,
}

/// How this file and the folder stand to each other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Status {
    /// How many changes wait to be put into the folder.
    pub to_send: i64,
    /// How many changes of the folder are not in this file.
    pub to_take: i64,
    /// What this file has of each replica.
    pub have: Vec<Have>,
    /// Changes that exist and are neither here nor in the folder: replica, first, last.
    pub missing: Vec<(ReplicaId, i64, i64)>,
}

/// Puts into the folder what this file has and the folder lacks.
///
/// # Errors
/// What the disk answered; the bundles that were written before stay and are good.
pub fn publish(store: &Store, folder: &Path) -> Outcome<Published> {
    publish_telling(store, folder, &mut |_| true)
}

/// Does what [`publish`] does, and says how far it is.
///
/// # Errors
/// As [`publish`].
pub(super) fn publish_telling(store: &Store, folder: &Path, go_on: GoOn<'_>) -> Outcome<Published> {
    let bundles = list(folder)?;
    let blanked = store.blankings()?;
    let missing: Vec<(ReplicaId, (i64, i64))> = store
        .have()?
        .iter()
        .flat_map(|have| gaps(&bundles, have.replica, have.known_max).into_iter().map(|gap| (have.replica, gap)))
        .collect();
    let of = missing.iter().map(|(_, (first, last))| usize::try_from(last - first + 1).unwrap_or(0)).sum();
    let mut published = Published::default();
    for (replica, gap) in missing {
        let place = folder.join(replica.0.simple().to_string());
        each_run(store, replica, gap, |run| {
            let (Some(first), Some(last)) = (run.first(), run.last()) else { return Ok(()) };
            if !go_on(Progress::Writing { done: published.changes, of }) {
                published.stopped = true;
                return Err(stopped());
            }
            file::make_folder(&place)?;
            let known = blankings_in(&blanked, replica, first.seq, last.seq);
            put(&place.join(file_name(first.seq, last.seq, known)), &bundle::write(run)?)?;
            published.bundles += 1;
            published.changes += run.len();
            Ok(())
        })
        .or_else(|failure| if published.stopped { Ok(()) } else { Err(failure) })?;
        if published.stopped {
            break;
        }
    }
    Ok(published)
}

/// How many blankings touch these changes of a replica.
pub(super) fn blankings_in(blanked: &[Blanking], replica: ReplicaId, first: i64, last: i64) -> usize {
    blanked.iter().filter(|one| one.replica == replica && one.first <= last && one.last >= first).count()
}

/// Ends a walk over the log because somebody asked for it; nobody reads it.
fn stopped() -> Failure {
    Failure::refused("The sync was stopped.")
}

/// Writes all that this file has, or all of it that somebody who has `theirs` lacks, into one file.
///
/// # Errors
/// What the disk answered, and where the file is there already.
pub fn write_one(store: &Store, path: &Path, theirs: &[(ReplicaId, i64)]) -> Outcome<usize> {
    if path.exists() {
        return Err(Failure::refused("There is a file of this name already.")
            .at(path.display().to_string())
            .hint("Choose another name; a bundle is never written over."));
    }
    let (mut bytes, mut count) = (Vec::new(), 0);
    for have in store.have()? {
        let from = theirs.iter().find(|(replica, _)| *replica == have.replica).map_or(1, |(_, upto)| upto + 1);
        each_run(store, have.replica, (from, have.known_max), |run| {
            count += run.len();
            bytes.extend(bundle::write(run)?);
            Ok(())
        })?;
    }
    if count == 0 {
        return Err(Failure::not_found("There is nothing to write yet.").hint("Add a team or a value first."));
    }
    put(path, &bytes)?;
    Ok(count)
}

/// Takes in what the folder has and this file lacks. A bundle that is refused does not keep the others
/// from coming in.
///
/// # Errors
/// What the disk answered.
pub fn gather(store: &mut Store, folder: &Path, accept: Accept) -> Outcome<Gathered> {
    let hub = hub::recall(store.path()).filter(|hub| hub.folder == folder);
    gather_telling(store, &mut hub.unwrap_or_else(|| Hub::at(folder)), accept, &mut |_| true)
}

/// Does what [`gather`] does, says how far it is, and remembers which bundles are of other teams, so
/// that they are not read again each time.
///
/// # Errors
/// As [`gather`].
pub(super) fn gather_telling(store: &mut Store, hub: &mut Hub, accept: Accept, go_on: GoOn<'_>) -> Outcome<Gathered> {
    let mut gathered = Gathered::default();
    let bundles = list(&hub.folder)?;
    let keys: HashSet<String> = bundles.iter().map(Named::key).collect();
    hub.passed.retain(|key, _| keys.contains(key));
    let mut welcome = Welcome::of(store, hub, accept, &bundles)?;
    let mut waiting = lacking(store, bundles)?;
    loop {
        let (mut left, of) = (Vec::new(), waiting.len());
        for (done, named) in waiting.into_iter().enumerate() {
            if hub.passed.get(&named.key()).is_some_and(|passed| !welcome.all(passed)) {
                left.push(named);
                continue;
            }
            if !go_on(Progress::Reading { done, of }) {
                gathered.stopped = true;
                return Ok(gathered);
            }
            let changes = match read_named(&named) {
                Ok(Some(changes)) => changes,
                // Another board has put a wider bundle in its place: the next sync finds that.
                Ok(None) => continue,
                Err(failure) => {
                    gathered.refused.push(placed(failure, &named.path));
                    continue;
                }
            };
            let teams = teams_of(&changes);
            if welcome.all(&teams) {
                hub.passed.remove(&named.key());
                let taken = store.take_in(changes.into_iter().map(Ok), Accept::AnyTeam);
                add(&mut gathered, taken.map_err(|failure| placed(failure, &named.path)));
            } else {
                hub.passed.insert(named.key(), teams);
                left.push(named);
            }
        }
        if !welcome.widen(hub) {
            break;
        }
        waiting = left;
    }
    gathered.strangers = strangers(store, hub, &welcome)?;
    Ok(gathered)
}

/// Which teams' changes come in.
struct Welcome(Option<HashSet<TeamId>>);

impl Welcome {
    fn of(store: &Store, hub: &Hub, accept: Accept, bundles: &[Named]) -> Outcome<Self> {
        let mut teams = store.known_teams()?;
        teams.extend(&hub.accepted);
        Ok(match accept {
            Accept::AnyTeam => Self(None),
            // A file without a team joins the one that it finds; which of several, somebody must say.
            Accept::KnownTeams if teams.is_empty() => match &teams_in(bundles)[..] {
                [] | [_] => Self(None),
                _ => Self(Some(teams)),
            },
            Accept::KnownTeams => {
                let mut welcome = Self(Some(teams));
                while welcome.widen(hub) {}
                welcome
            }
        })
    }

    fn all(&self, teams: &[Passed]) -> bool {
        self.0.as_ref().is_none_or(|welcome| teams.iter().all(|team| welcome.contains(&team.team)))
    }

    /// Lets in the teams of which a bundle says that they became one that is in already. Answers
    /// whether there was any.
    fn widen(&mut self, hub: &Hub) -> bool {
        let Some(welcome) = &mut self.0 else { return false };
        let became: Vec<TeamId> = hub
            .passed
            .values()
            .flatten()
            .filter(|passed| passed.became.is_some_and(|into| welcome.contains(&into)))
            .map(|passed| passed.team)
            .collect();
        let before = welcome.len();
        welcome.extend(became);
        welcome.len() > before
    }
}

/// The bundles that hold something which the file lacks. What lies within the part that is here without
/// a gap need not even be counted.
fn lacking(store: &Store, bundles: Vec<Named>) -> Outcome<Vec<Named>> {
    let have = store.have()?;
    let mut lacking = Vec::new();
    for named in bundles {
        if named.last > upto(&have, named.replica) && store.count(named.replica, named.first, named.last)? < named.len()
        {
            lacking.push(named);
        }
    }
    Ok(lacking)
}

/// The teams that the changes are of, each with its name where one of them says it.
fn teams_of(changes: &[RemoteChange]) -> Vec<Passed> {
    let mut teams: HashMap<TeamId, Passed> = HashMap::new();
    for change in changes {
        let blank = || Passed { team: change.team, name: String::new(), changes: 0, became: None };
        let passed = teams.entry(change.team).or_insert_with(blank);
        passed.changes += 1;
        if let Some((name, became)) = change.says_of_team() {
            passed.name = name.unwrap_or(std::mem::take(&mut passed.name));
            passed.became = became.or(passed.became);
        }
    }
    let mut teams: Vec<Passed> = teams.into_values().collect();
    teams.sort_by_key(|passed| passed.team);
    teams
}

/// The teams that the bundles are of; those that cannot be read are somebody else's to name.
fn teams_in(bundles: &[Named]) -> Vec<TeamId> {
    let changes = bundles.iter().filter_map(|named| read_named(named).ok().flatten());
    let (mut teams, mut became) = (HashSet::new(), HashSet::new());
    for passed in changes.flat_map(|changes| teams_of(&changes)) {
        teams.insert(passed.team);
        became.extend(passed.became.map(|_| passed.team));
    }
    teams.difference(&became).copied().collect()
}

fn strangers(store: &Store, hub: &Hub, welcome: &Welcome) -> Outcome<Vec<Stranger>> {
    let own = store.teams()?;
    let mut found: BTreeMap<TeamId, Stranger> = BTreeMap::new();
    for passed in hub.passed.values().flatten().filter(|passed| !welcome.all(std::slice::from_ref(*passed))) {
        let blank = || Stranger { team: passed.team, name: String::new(), changes: 0, twin: None };
        let stranger = found.entry(passed.team).or_insert_with(blank);
        stranger.changes += passed.changes;
        if !passed.name.is_empty() {
            stranger.name.clone_from(&passed.name);
        }
    }
    for stranger in found.values_mut() {
        let alike = own.iter().find(|team| text::slug(&team.name) == text::slug(&stranger.name));
        stranger.twin = alike.map(|team| team.id);
    }
    Ok(found.into_values().collect())
}

/// Takes in one file of one segment or several.
///
/// # Errors
/// A sentence where it is refused, and what the disk answered; nothing is taken in then.
pub fn take_one(store: &mut Store, path: &Path, accept: Accept) -> Outcome<Gathered> {
    let segments = bundle::read_all(&read_file(path)?).map_err(|failure| placed(failure, path))?;
    let mut gathered = Gathered::default();
    let changes = segments.into_iter().flat_map(|segment| segment.changes).map(Ok);
    let taken = store.take_in(changes, accept).map_err(|failure| placed(failure, path))?;
    add(&mut gathered, Ok(taken));
    Ok(gathered)
}

/// How this file and the folder stand to each other; reads no bundle.
///
/// # Errors
/// What the disk answered.
pub fn status(store: &Store, folder: &Path) -> Outcome<Status> {
    let hub = hub::recall(store.path()).filter(|hub| hub.folder == folder);
    let passed = hub.map(|hub| hub.passed).unwrap_or_default();
    let bundles = list(folder)?;
    let mut status = Status { have: store.have()?, ..Status::default() };
    for have in &status.have {
        for (first, last) in gaps(&bundles, have.replica, have.known_max) {
            let lacking = store.lacking(have.replica, first, last)?;
            let lacks: i64 = lacking.iter().map(|(first, last)| last - first + 1).sum();
            status.to_send += last - first + 1 - lacks;
            status.missing.extend(lacking.into_iter().map(|(first, last)| (have.replica, first, last)));
        }
    }
    let mut before: Option<(ReplicaId, i64)> = None;
    for named in &bundles {
        let Named { replica, first, last, .. } = named;
        // Two files may hold the same changes: each is counted once.
        let reached = before.filter(|(other, _)| other == replica).map_or(0, |(_, reached)| reached);
        let known = status.have.iter().find(|have| have.replica == *replica).map_or(0, |have| have.known_max);
        let unheard = reached.max(known) + 1;
        if unheard < *first {
            status.missing.push((*replica, unheard, first - 1));
        }
        let from = (*first).max(reached + 1).max(upto(&status.have, *replica) + 1);
        // What is another team's waits for nobody here.
        if from <= *last && !passed.contains_key(&named.key()) {
            status.to_take += last - from + 1 - store.count(*replica, from, *last)?;
        }
        before = Some((*replica, reached.max(*last)));
    }
    status.missing.sort_unstable();
    Ok(status)
}

/// Writes a bundle, and reads it back: shares and sticks have been seen to lose what they took.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Outcome<()> {
    file::put(path, bytes)?;
    let back = read_file(path)?;
    if back != bytes {
        // Somebody else may have written the same changes under this name; then they can be read.
        bundle::read_all(&back).map_err(|failure| placed(failure, path))?;
    }
    Ok(())
}

fn add(gathered: &mut Gathered, taken: Outcome<crate::store::Taken>) {
    match taken {
        Ok(taken) => {
            gathered.new += taken.new;
            gathered.redacted |= taken.redacted;
            gathered.ahead.extend(taken.ahead);
            gathered.ahead.sort_unstable();
            gathered.ahead.dedup();
            gathered.touched.extend(taken.touched);
            if gathered.new > TOUCHED_AT_MOST {
                gathered.touched.clear();
            }
        }
        Err(failure) => gathered.refused.push(failure),
    }
}

/// Up to where all of a replica's changes are here.
fn upto(have: &[Have], replica: ReplicaId) -> i64 {
    have.iter().find(|have| have.replica == replica).map_or(0, |have| have.upto)
}

fn placed(failure: Failure, path: &Path) -> Failure {
    if failure.place.is_some() { failure } else { failure.at(path.display().to_string()) }
}

/// Hands out the changes in runs without a gap, each of a size for one bundle.
pub(super) fn each_run(
    store: &Store,
    origin: ReplicaId,
    span: (i64, i64),
    mut take: impl FnMut(&[RemoteChange]) -> Outcome<()>,
) -> Outcome<()> {
    let mut run: Vec<RemoteChange> = Vec::new();
    let mut bytes = 0;
    store.each_change(origin, span, |change| {
        let follows = run.last().is_none_or(|last| last.seq + 1 == change.seq);
        if !follows || run.len() >= CHANGES_PREFERRED || bytes >= BYTES_PREFERRED {
            take(&run)?;
            run.clear();
            bytes = 0;
        }
        bytes += change.fields.len() + change.seen.as_ref().map_or(0, String::len) + change.record.len() * 2 + 256;
        run.push(change);
        Ok(())
    })?;
    if run.is_empty() { Ok(()) } else { take(&run) }
}

/// Reads a bundle; nothing where it is no longer there.
pub(super) fn read_named(named: &Named) -> Outcome<Option<Vec<RemoteChange>>> {
    let bytes = match fs::symlink_metadata(&named.path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        _ => read_file(&named.path)?,
    };
    let (segment, rest) = bundle::read(&bytes)?;
    let is_named = (segment.replica, segment.first, segment.last) == (named.replica, named.first, named.last);
    if !is_named || !rest.is_empty() {
        return Err(Failure::refused("This bundle is not what its name says.")
            .hint("Put it back under its own name, or take it in with `huddleboard import`."));
    }
    Ok(Some(segment.changes))
}

fn read_file(path: &Path) -> Outcome<Vec<u8>> {
    let length = fs::metadata(path).map_err(|error| file::of_file(path, &error))?.len();
    if length > FILE_AT_MOST {
        return Err(Failure::refused("This file is longer than any bundle.").at(path.display().to_string()));
    }
    fs::read(path).map_err(|error| file::of_file(path, &error))
}
