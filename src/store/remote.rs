//! The log as other replicas read it: what this file has, and its changes in a form that knows nothing
//! of the numbers that this file gives to replicas and teams.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use compact_str::CompactString;
use rusqlite::Row as SqlRow;
use smallvec::SmallVec;
use uuid::Uuid;

use super::clock::LAST_WALL;
use super::line::{Fields, read_json};
use super::log::parse_fields;
use super::open::uuid_at;
use super::take_in::teams_of;
use super::{Store, Touched};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::record::{FieldValue, Kind};

/// What this file has of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Have {
    /// The replica.
    pub replica: ReplicaId,
    /// Its changes 1 to this one are all here.
    pub upto: i64,
    /// The highest number of its changes that is here; between the two there may be gaps.
    pub known_max: i64,
    /// When something of it was last taken in, or, of this file's own replica, written.
    pub last_seen: DateTime<Utc>,
}

/// What the log says of an action, wherever it was done. The run of the program that did it is left
/// out: it matters to undo on the file itself, and to nobody elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAction {
    /// The number of its first change.
    pub seq: i64,
    /// Its author's clock, in ms.
    pub at: i64,
    /// Who did it, where that is kept.
    pub actor: Option<String>,
    /// What was done, in words.
    pub words: String,
    /// `edit`, `undo` or `redo`, or what a newer version calls it.
    pub sort: String,
    /// The action of the same replica that it undoes or redoes.
    pub reverses: Option<i64>,
}

/// A record as the log names it. A data point's name, and what it sets, need no memory of their own: what one
/// thread asks for and another gives back makes the two wait for each other, a million times when a board joins.
pub type RecordName = SmallVec<[u8; 32]>;

/// One change of the log as it travels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteChange {
    /// The replica that made it.
    pub origin: ReplicaId,
    /// Its number there.
    pub seq: i64,
    /// The action that it belongs to.
    pub action: Arc<RemoteAction>,
    /// The stamp's wall clock, in ms.
    pub wall: i64,
    /// The stamp's counter.
    pub counter: u16,
    /// The team.
    pub team: TeamId,
    /// The code of the kind of record, known to this version or not.
    pub kind: Cow<'static, str>,
    /// The record, as the log names it.
    pub record: RecordName,
    /// Whether it made the record.
    pub creates: bool,
    /// What it set: a JSON object, to the byte as its author wrote it.
    pub fields: CompactString,
    /// The stamps that it replaced, by field: a JSON object.
    pub seen: Option<String>,
    /// The schema of the version that wrote it.
    pub schema: i64,
    /// Whether what it set has been blanked.
    pub redacted: bool,
}

impl RemoteChange {
    /// What it says of its team, where it is about that: the name, and which team it became.
    pub fn says_of_team(&self) -> Option<(Option<String>, Option<TeamId>)> {
        if self.kind != Kind::Team.code() || self.record[..] != self.team.bytes()[..] {
            return None;
        }
        let fields = parse_fields(&self.fields);
        let text = |name: &str| {
            fields.iter().find(|(field, _)| field == name).and_then(|(_, value)| String::from_value(value))
        };
        let name = text("name").map(|name| text::clip(&text::clean_line(&name), NAME_AT_MOST));
        let became = text("became").and_then(|id| Uuid::try_parse(&id).ok()).map(TeamId);
        Some((name.filter(|name| !name.is_empty()), became))
    }
}

/// Whose changes are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accept {
    /// Those of the teams in this file; of any team, where it has none yet.
    #[default]
    KnownTeams,
    /// Those of any team.
    AnyTeam,
}

/// What became of changes that were taken in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Taken {
    /// How many were new.
    pub new: usize,
    /// How many were here already.
    pub already: usize,
    /// The records that were touched; where there are more than a look names: none, though there is
    /// something new.
    pub touched: Vec<Touched>,
    /// Replicas whose clock is more than a day ahead of this machine's.
    pub ahead: Vec<ReplicaId>,
    /// Whether a text was redacted by one of them.
    pub redacted: bool,
}

/// Numbers and clocks beyond this are nobody's.
const NUMBER_AT_MOST: i64 = LAST_WALL;
/// How much of a team's name is told, in characters.
const NAME_AT_MOST: usize = 60;
/// How long the name of a kind and of a record may be, in bytes.
const KIND_AT_MOST: usize = 64;
const RECORD_AT_MOST: usize = 4_096;

/// The columns of a change, in the order that [`change_from`] reads them.
const CHANGE: &str =
    "SELECT r.id, c.seq, c.wall, c.counter, h.id, c.kind, c.record, c.creates, c.fields, c.seen, c.schema, c.redacted,
            a.seq, a.at, a.actor, a.words, a.sort, a.reverses_seq
     FROM replicas r JOIN changes c ON c.origin = r.no JOIN handles h ON h.no = c.team
     JOIN actions a ON a.origin = c.origin AND a.seq = c.action";

impl Store {
    /// What this file has, replica by replica; its own is among them once it has written anything.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn have(&self) -> Outcome<Vec<Have>> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id, upto, known_max, last_seen FROM replicas WHERE known_max > 0 ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut have = Vec::new();
        while let Some(row) = rows.next()? {
            have.push(Have {
                replica: ReplicaId(uuid_at(row, 0)?),
                upto: row.get(1)?,
                known_max: row.get(2)?,
                last_seen: Utc.timestamp_millis_opt(row.get(3)?).single().unwrap_or_default(),
            });
        }
        Ok(have)
    }

    /// The present instant, by the clock that the file was opened with.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Every team that was ever made in this file, deleted ones too.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn known_teams(&self) -> Outcome<HashSet<TeamId>> {
        teams_of(&self.conn)
    }

    /// What people call the machines that the replicas are on, as far as that is known.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn replica_names(&self) -> Outcome<HashMap<ReplicaId, String>> {
        let mut statement = self.conn.prepare_cached("SELECT id, name FROM replicas WHERE name <> ''")?;
        let mut rows = statement.query([])?;
        let mut names = HashMap::new();
        while let Some(row) = rows.next()? {
            names.insert(ReplicaId(uuid_at(row, 0)?), text::clean_line(&row.get::<_, String>(1)?));
        }
        Ok(names)
    }

    /// Remembers what people call a replica's machine. The log knows nothing of it.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn name_replica(&self, replica: ReplicaId, name: &str) -> Outcome<()> {
        let name = text::clip(&text::clean_line(name), NAME_AT_MOST);
        if self.writable && self.replica_names()?.get(&replica) != Some(&name) {
            self.conn.execute("UPDATE replicas SET name = ?2 WHERE id = ?1", (&replica.bytes()[..], name))?;
        }
        Ok(())
    }

    /// How many changes of a replica from `first` to `last` are here.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn count(&self, origin: ReplicaId, first: i64, last: i64) -> Outcome<i64> {
        let sql = "SELECT count(*) FROM replicas r JOIN changes c ON c.origin = r.no
                   WHERE r.id = ?1 AND c.seq BETWEEN ?2 AND ?3";
        Ok(self.conn.prepare_cached(sql)?.query_one((&origin.bytes()[..], first, last), |row| row.get(0))?)
    }

    /// The stretches of a replica's changes from `first` to `last` that are not here.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn lacking(&self, origin: ReplicaId, first: i64, last: i64) -> Outcome<Vec<(i64, i64)>> {
        let sql = "SELECT c.seq FROM replicas r JOIN changes c ON c.origin = r.no
                   WHERE r.id = ?1 AND c.seq BETWEEN ?2 AND ?3 ORDER BY c.seq";
        let mut statement = self.conn.prepare_cached(sql)?;
        let mut rows = statement.query((&origin.bytes()[..], first, last))?;
        let (mut lacking, mut from) = (Vec::new(), first);
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            if seq > from {
                lacking.push((from, seq - 1));
            }
            from = seq + 1;
        }
        if from <= last {
            lacking.push((from, last));
        }
        Ok(lacking)
    }

    /// Hands out the changes of one replica from `first` to `last` that are here, in order.
    ///
    /// # Errors
    /// What the disk answered, and the first error of `take`.
    pub fn each_change(
        &self,
        origin: ReplicaId,
        (first, last): (i64, i64),
        mut take: impl FnMut(RemoteChange) -> Outcome<()>,
    ) -> Outcome<()> {
        let sql = format!("{CHANGE} WHERE r.id = ?1 AND c.seq BETWEEN ?2 AND ?3 ORDER BY c.seq");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let mut rows = statement.query((&origin.bytes()[..], first, last))?;
        let mut action: Option<Arc<RemoteAction>> = None;
        while let Some(row) = rows.next()? {
            let change = change_from(row, action.take())?;
            action = Some(change.action.clone());
            take(change)?;
        }
        Ok(())
    }

    /// Hands out every change that somebody who has these lacks: for each replica the number up to
    /// which they have all.
    ///
    /// # Errors
    /// As [`Store::each_change`].
    pub fn changes_since(
        &self,
        theirs: &[(ReplicaId, i64)],
        mut take: impl FnMut(RemoteChange) -> Outcome<()>,
    ) -> Outcome<()> {
        for have in self.have()? {
            let upto = theirs.iter().find(|(replica, _)| *replica == have.replica).map_or(0, |(_, upto)| *upto);
            self.each_change(have.replica, (upto.saturating_add(1), i64::MAX), &mut take)?;
        }
        Ok(())
    }
}

/// Reads a change; `before` is the action of the change before it, which is mostly its own as well.
fn change_from(row: &SqlRow<'_>, before: Option<Arc<RemoteAction>>) -> Outcome<RemoteChange> {
    let seq: i64 = row.get(12)?;
    let action = match before.filter(|action| action.seq == seq) {
        Some(action) => action,
        None => Arc::new(RemoteAction {
            seq,
            at: row.get(13)?,
            actor: row.get(14)?,
            words: row.get(15)?,
            sort: row.get(16)?,
            reverses: row.get(17)?,
        }),
    };
    Ok(RemoteChange {
        origin: ReplicaId(uuid_at(row, 0)?),
        seq: row.get(1)?,
        action,
        wall: row.get(2)?,
        counter: row.get(3)?,
        team: TeamId(uuid_at(row, 4)?),
        kind: kind_named(row.get_ref(5)?.as_str().unwrap_or_default()),
        record: row.get_ref(6)?.as_blob().unwrap_or_default().into(),
        creates: row.get(7)?,
        fields: row.get_ref(8)?.as_str().unwrap_or_default().into(),
        seen: row.get(9)?,
        schema: row.get(10)?,
        redacted: row.get(11)?,
    })
}

/// The code of a kind: of one that this version knows, without memory of its own.
pub fn kind_named(code: &str) -> Cow<'static, str> {
    Kind::parse(code).map_or_else(|| Cow::Owned(code.to_owned()), |kind| Cow::Borrowed(kind.code()))
}

/// Holds a change to what every version has always written; what a newer one may add is no matter.
/// Answers what it sets.
pub(super) fn check_form(change: &RemoteChange) -> Outcome<Fields<'_>> {
    let seen = change.seen.as_deref().is_none_or(|seen| read_json(seen).is_some());
    read_json(&change.fields).filter(|_| seen && is_in_bounds(change)).ok_or_else(|| {
        Failure::refused("A change is not of the form that a board writes.").at(format!("change {}", change.seq))
    })
}

/// Whether the numbers and lengths of a change are such as a board may write.
pub(super) fn is_in_bounds(change: &RemoteChange) -> bool {
    let action = &change.action;
    (1..=NUMBER_AT_MOST).contains(&change.seq)
        && (1..=change.seq).contains(&action.seq)
        && action.reverses.is_none_or(|reverses| (1..action.seq).contains(&reverses))
        && [change.wall, action.at, change.schema]
            .iter()
            .all(|number| (-NUMBER_AT_MOST..=NUMBER_AT_MOST).contains(number))
        && (1..=KIND_AT_MOST).contains(&change.kind.len())
        && (1..=RECORD_AT_MOST).contains(&change.record.len())
}
