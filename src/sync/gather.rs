//! Taking in what a folder has: whose changes come in, and what stays where it is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::thread;

use super::ahead::ahead;
use super::bundle::{self, Segment};
use super::folder::{GoOn, Progress, placed, read_file, read_named, upto};
use super::hub::{self, Hub, Passed};
use super::listing::{Named, list};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::store::{Accept, Arriving, RemoteChange, Store, TOUCHED_AT_MOST, Taken, Touched};

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

/// Takes in what the folder has and this file lacks. A bundle that is refused does not keep the others
/// from coming in.
///
/// # Errors
/// What the disk answered.
pub fn gather(store: &mut Store, folder: &Path, accept: Accept) -> Outcome<Gathered> {
    let hub = hub::recall(store.path()).filter(|hub| hub.folder == folder);
    gather_telling(store, &mut hub.unwrap_or_else(|| Hub::at(folder)), &list(folder)?, accept, &mut |_| true)
}

/// Does what [`gather`] does, says how far it is, and remembers which bundles are of other teams, so
/// that they are not read again each time.
///
/// # Errors
/// As [`gather`].
pub(super) fn gather_telling(
    store: &mut Store,
    hub: &mut Hub,
    bundles: &[Named],
    accept: Accept,
    go_on: GoOn<'_>,
) -> Outcome<Gathered> {
    let mut gathered = Gathered::default();
    let keys: HashSet<String> = bundles.iter().map(Named::key).collect();
    hub.passed.retain(|key, _| keys.contains(key));
    let mut welcome = Welcome::of(store, hub, accept, bundles)?;
    let mut waiting = lacking(store, bundles)?;
    loop {
        let is_left = |named: &&Named| hub.passed.get(&named.key()).is_some_and(|passed| !welcome.all(passed));
        let (mut left, to_read): (Vec<&Named>, Vec<&Named>) = waiting.into_iter().partition(is_left);
        let of = to_read.len();
        if of > FEW {
            store.expect_many();
        }
        let read = to_read.into_iter().map(|named| (named, read_with_teams(named)));
        gathered.stopped = !ahead(read, |bundles| {
            bundles.enumerate().all(|(done, (named, read))| {
                let goes_on = go_on(Progress::Reading { done, of });
                if goes_on {
                    left.extend(take_bundle(store, hub, &welcome, &mut gathered, named, read));
                }
                goes_on
            })
        });
        store.settle_down();
        if gathered.stopped {
            return Ok(gathered);
        }
        if !welcome.widen(hub) {
            break;
        }
        waiting = left;
    }
    gathered.strangers = strangers(store, hub, &welcome)?;
    Ok(gathered)
}

/// So many bundles each wait for the disk by themselves.
const FEW: usize = 2;

/// The changes of a bundle, and the teams that they are of.
type Read = Outcome<Option<(Vec<Arriving>, Vec<Passed>)>>;

fn read_with_teams(named: &Named) -> Read {
    Ok(read_named(named)?.map(|changes| {
        let teams = teams_of(&changes);
        (changes.into_iter().map(Arriving::from).collect(), teams)
    }))
}

/// Takes in a bundle that was read; answers it where it is left in the folder.
fn take_bundle<'b>(
    store: &mut Store,
    hub: &mut Hub,
    welcome: &Welcome,
    gathered: &mut Gathered,
    named: &'b Named,
    read: Read,
) -> Option<&'b Named> {
    match read {
        Ok(Some((changes, teams))) if welcome.all(&teams) => {
            hub.passed.remove(&named.key());
            let taken = store.take_in(changes.into_iter().map(Ok), Accept::AnyTeam);
            add(gathered, taken.map_err(|failure| placed(failure, &named.path)));
            None
        }
        Ok(Some((_, teams))) => {
            hub.passed.insert(named.key(), teams);
            Some(named)
        }
        // Another board has put a wider bundle in its place: the next sync finds that.
        Ok(None) => None,
        Err(failure) => {
            gathered.refused.push(placed(failure, &named.path));
            None
        }
    }
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
fn lacking<'b>(store: &Store, bundles: &'b [Named]) -> Outcome<Vec<&'b Named>> {
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

/// The teams that the bundles are of; those that cannot be read are somebody else's to name. A board that
/// joins waits for this before anything else, so that two threads share it.
fn teams_in(bundles: &[Named]) -> Vec<TeamId> {
    let (some, others) = bundles.split_at(bundles.len() / 2);
    let found = thread::scope(|scope| {
        let some = scope.spawn(|| passed_in(some));
        let mut found = passed_in(others);
        found.extend(some.join().unwrap_or_default());
        found
    });
    let became: HashSet<TeamId> = found.iter().filter(|passed| passed.became.is_some()).map(|one| one.team).collect();
    let teams: HashSet<TeamId> = found.into_iter().map(|passed| passed.team).collect();
    teams.difference(&became).copied().collect()
}

fn passed_in(bundles: &[Named]) -> Vec<Passed> {
    let read = bundles.iter().filter_map(|named| bundle::read_of_teams(&read_file(&named.path).ok()?).ok());
    read.flat_map(|changes| teams_of(&changes)).collect()
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
    let bytes = read_file(path)?;
    let mut gathered = Gathered::default();
    let segments = bundle::segments(&bytes).map(arriving);
    let taken = ahead(segments, |segments| store.take_in(segments.flatten(), accept));
    store.settle_down();
    let taken = taken.map_err(|failure| placed(failure, path))?;
    add(&mut gathered, Ok(taken));
    Ok(gathered)
}

/// The changes of a segment, or why it has none.
fn arriving(segment: Outcome<Segment>) -> Vec<Outcome<Arriving>> {
    match segment {
        Ok(segment) => segment.changes.into_iter().map(|change| Ok(change.into())).collect(),
        Err(failure) => vec![Err(failure)],
    }
}

fn add(gathered: &mut Gathered, taken: Outcome<Taken>) {
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
