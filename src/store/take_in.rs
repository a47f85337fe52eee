//! Changes of other replicas on their way in: kept in the log as they came, and applied to the tables
//! by the same rule as those that are made here.

mod arriving;
mod fresh;
mod known;

pub use arriving::Arriving;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use super::apply::{Change, State, Target, apply};
use super::clock::{FOLLOWED_AHEAD_MS, Stamp};
use super::conflicts;
use super::failure::read_only;
use super::identity::{self, Own};
use super::line::{Fields, Seen};
use super::log::parse_fields;
use super::open::uuid_at;
use super::rebuild::{known_fields, readable};
use super::remote::{Accept, RemoteAction, RemoteChange, Taken, check_form};
use super::table::{At, Place};
use super::writer::{LARGE_ACTION, spread_out};
use super::{Store, TOUCHED_AT_MOST, Touched, redact};
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::{Kind, Value};
use fresh::Fresh;
use known::{Origin, reach};

impl Store {
    /// Takes in changes of other replicas, all of them or none, in any order and as often as they come.
    ///
    /// What this version does not know, or what breaks a rule that its author's version did not have,
    /// is kept and passed on; it only does not show.
    ///
    /// # Errors
    /// A sentence where a change is malformed, where one replica has given a number out twice, or where
    /// a team is not on this board; or what the disk answered. Nothing is taken in then.
    ///
    /// After many changes the file keeps more memory and a longer write-ahead log than it needs, because more
    /// may follow; [`Store::settle_down`] ends that.
    pub fn take_in<I, C>(&mut self, changes: I, accept: Accept) -> Outcome<Taken>
    where
        I: IntoIterator<Item = Outcome<C>>,
        C: Into<Arriving>,
    {
        if !self.writable {
            return Err(read_only());
        }
        let now = self.clock.now();
        let before = identity::own(&self.conn)?.id;
        let transaction = Transaction::new(&mut self.conn, TransactionBehavior::Immediate)?;
        let taken = take_all(transaction, changes, now, accept)?;
        if taken.redacted {
            // As where it is redacted here: the pages as they were must not stay in the log beside the file.
            let _ = self.conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
        self.replica = identity::own(&self.conn)?.id;
        if self.replica != before {
            self.forked_from = Some(before);
            // Where it cannot be written, the next opening makes this file another replica once more.
            let _ = identity::keep_up(&self.conn, &self.path);
        }
        Ok(taken)
    }
}

fn take_all<I, C>(transaction: Transaction<'_>, changes: I, now: DateTime<Utc>, accept: Accept) -> Outcome<Taken>
where
    I: IntoIterator<Item = Outcome<C>>,
    C: Into<Arriving>,
{
    let mut taker = Taker::begin(&transaction, now, accept)?;
    changes.into_iter().try_for_each(|change| taker.take(change?.into()))?;
    let taken = taker.finish()?;
    transaction.commit()?;
    Ok(taken)
}

struct Taker<'c> {
    conn: &'c Connection,
    now: DateTime<Utc>,
    own: Own,
    /// The teams of this file; nothing where any team may come in.
    teams: Option<HashSet<TeamId>>,
    origins: HashMap<ReplicaId, Origin>,
    handles: HashMap<Uuid, i64>,
    /// The action that was last written or compared: mostly the next change's as well.
    action: Option<(ReplicaId, RemoteAction)>,
    clock: (i64, u16),
    /// Whether the file has any conflict; then what comes in may settle one.
    conflicts: bool,
    /// Records that may have come into conflict, or out of it.
    suspects: HashSet<(Kind, Vec<u8>)>,
    /// Whether anything was ever redacted in this file; then what comes in may have to be.
    redactions: bool,
    fresh: Fresh<'c>,
    taken: Taken,
}

impl<'c> Taker<'c> {
    fn begin(conn: &'c Connection, now: DateTime<Utc>, accept: Accept) -> Outcome<Self> {
        let teams = match accept {
            Accept::AnyTeam => None,
            Accept::KnownTeams => Some(teams_of(conn)?).filter(|teams| !teams.is_empty()),
        };
        let clock = conn
            .prepare_cached("SELECT wall, counter FROM local")?
            .query_one([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self {
            conn,
            now,
            own: identity::own(conn)?,
            teams,
            origins: HashMap::new(),
            handles: HashMap::new(),
            action: None,
            clock,
            conflicts: conflicts::any(conn)?,
            suspects: HashSet::new(),
            redactions: redact::any(conn)?,
            fresh: Fresh::default(),
            taken: Taken::default(),
        })
    }

    /// Takes one change, whatever it is and wherever it belongs.
    fn take_one(&mut self, change: &RemoteChange) -> Outcome<()> {
        let fields = check_form(change)?;
        if self.redactions
            && let Some(held_back) = redact::held_back(self.conn, change)?
        {
            let fields = check_form(&held_back)?;
            return self.take_checked(&held_back, fields);
        }
        self.take_checked(change, fields)
    }

    fn take_checked(&mut self, change: &RemoteChange, fields: Fields<'_>) -> Outcome<()> {
        let mut origin = self.origin(change.origin)?;
        if self.may_be_here(change) && self.is_here(change)? {
            self.taken.already += 1;
            return Ok(());
        }
        self.check_team(change)?;
        if change.origin == self.own.id {
            // Somebody has changes of this file that it does not have itself: an older state of it was
            // put back. Whatever it writes from now on must not be given the same numbers.
            identity::settle_anew(self.conn, self.now)?;
            self.own = identity::own(self.conn)?;
            // How far the others have come is still to be written at the end.
            self.origins.remove(&change.origin);
            self.action = None;
            self.fresh.forget();
            origin = self.origin(change.origin)?;
        }
        self.put_action(origin, change)?;
        let readable = readable(&change.kind, &change.record, change.team);
        let redacts = fields.iter().any(|(name, _)| name == redact::MARK);
        let named = if redacts { fields.clone() } else { Fields::new() };
        let record = readable.as_ref().map(|(kind, key)| (*kind, key));
        let known = record.map_or_else(Vec::new, |(kind, _)| known_fields(kind, fields));
        self.write_one(origin, change, record, known)?;
        if let (true, Some((kind, _))) = (redacts, &readable)
            && redact::obey(self.conn, change, *kind, &named)?
        {
            self.redactions = true;
            self.taken.redacted = true;
            self.suspects.insert((*kind, change.record.to_vec()));
        }
        self.count(change);
        if let Some((kind, key)) = record {
            self.touch(change.team, kind, || key.clone());
        }
        Ok(())
    }

    fn check_team(&self, change: &RemoteChange) -> Outcome<()> {
        match &self.teams {
            Some(teams) if !teams.contains(&change.team) => Err(of_unknown_team(change)),
            _ => Ok(()),
        }
    }

    /// Writes a change that is new into the log, and what it makes of its record into the tables.
    fn write_one(
        &mut self,
        origin: i64,
        change: &RemoteChange,
        record: Option<(Kind, &RecordKey)>,
        fields: Vec<(&'static str, Value)>,
    ) -> Outcome<()> {
        let indexed = match record {
            Some(record) => self.show(origin, change, record, fields)?,
            None => true,
        };
        self.append(origin, change, indexed)
    }

    /// Counts a change that is new, and lets the clock follow it.
    fn count(&mut self, change: &RemoteChange) {
        self.follow(change);
        if let Some(origin) = self.origins.get_mut(&change.origin) {
            origin.highest = origin.highest.max(change.seq);
            origin.upto += i64::from(change.seq == origin.upto + 1);
            origin.taken = true;
        }
        self.taken.new += 1;
        if self.taken.new == LARGE_ACTION {
            spread_out(self.conn);
        }
    }

    /// Names a record that the change which was counted last is about.
    fn touch(&mut self, team: TeamId, kind: Kind, record: impl FnOnce() -> RecordKey) {
        if self.taken.new <= TOUCHED_AT_MOST {
            self.taken.touched.push(Touched { team, kind, record: record() });
        } else {
            self.taken.touched.clear();
        }
    }

    /// Applies a change to the tables; answers whether the index must name it.
    fn show(
        &mut self,
        origin: i64,
        change: &RemoteChange,
        (kind, key): (Kind, &RecordKey),
        fields: Vec<(&'static str, Value)>,
    ) -> Outcome<bool> {
        let measure = match key {
            RecordKey::Point(point) => self.handle(point.measure.0)?,
            RecordKey::Id(_) => 0,
        };
        let target = Target { kind, place: Place::of(key, measure), bytes: change.record.to_vec() };
        let state = State::load(self.conn, &target)?;
        let first = state.row.is_none();
        if let (Kind::Point, Some(row)) = (kind, &state.row)
            && row.revision == 1
            && let Some(base) = row.base
        {
            // As where an edit is made here: the row alone no longer leads to all of its changes.
            self.conn
                .prepare_cached("UPDATE changes SET indexed = 1 WHERE origin = ?1 AND seq = ?2")?
                .execute((base.origin, base.seq))?;
        }
        let applied = Change {
            at: At { origin, seq: change.seq },
            stamp: Stamp { wall: change.wall, counter: change.counter, replica: change.origin },
            team: change.team,
            creates: change.creates,
            fields,
        };
        if state.is_met_unseen(&applied, &Seen::parse(change.seen.as_deref()))
            || (self.conflicts && !first && conflicts::has_some(self.conn, kind, &change.record)?)
        {
            self.suspects.insert((kind, change.record.to_vec()));
        }
        apply(self.conn, &target, state, &applied)?;
        Ok(!(kind == Kind::Point && first && change.creates))
    }

    fn append(&mut self, origin: i64, change: &RemoteChange, indexed: bool) -> Outcome<()> {
        let team = self.handle(change.team.0)?;
        self.conn
            .prepare_cached(
                "INSERT INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, seen,
                                     indexed, redacted, schema, received)
                 VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            )?
            .execute(rusqlite::params![
                origin,
                change.seq,
                change.action.seq,
                change.wall,
                change.counter,
                team,
                change.kind,
                &change.record[..],
                change.creates,
                &*change.fields,
                change.seen,
                indexed,
                change.redacted,
                change.schema,
                self.now.timestamp_millis(),
            ])?;
        Ok(())
    }

    /// Lets the own clock follow the change's, unless that is out of reason.
    fn follow(&mut self, change: &RemoteChange) {
        if change.wall <= self.now.timestamp_millis().saturating_add(FOLLOWED_AHEAD_MS) {
            self.clock = self.clock.max((change.wall, change.counter));
        } else if !self.taken.ahead.contains(&change.origin) {
            self.taken.ahead.push(change.origin);
        }
    }

    /// Says how far each replica has come, and the clock.
    fn finish(mut self) -> Outcome<Taken> {
        self.write_fresh()?;
        for origin in self.origins.values().filter(|origin| origin.taken) {
            let upto = reach(self.conn, origin)?;
            self.conn
                .prepare_cached("UPDATE replicas SET upto = ?1, known_max = ?2, last_seen = ?3 WHERE no = ?4")?
                .execute((upto, origin.highest, self.now.timestamp_millis(), origin.no))?;
        }
        self.conn.prepare_cached("UPDATE local SET wall = ?1, counter = ?2")?.execute(self.clock)?;
        conflicts::look_again(self.conn, &self.suspects)?;
        let touched = &mut self.taken.touched;
        touched.sort_by(|one, other| (one.kind, &one.record).cmp(&(other.kind, &other.record)));
        touched.dedup();
        Ok(self.taken)
    }
}

pub(super) fn teams_of(conn: &Connection) -> Outcome<HashSet<TeamId>> {
    let mut statement = conn.prepare_cached("SELECT id FROM teams WHERE origin IS NOT NULL")?;
    let mut rows = statement.query([])?;
    let mut teams = HashSet::new();
    while let Some(row) = rows.next()? {
        teams.insert(TeamId(uuid_at(row, 0)?));
    }
    Ok(teams)
}

fn of_unknown_team(change: &RemoteChange) -> Failure {
    let named = || {
        let fields = (change.kind == Kind::Team.code()).then(|| parse_fields(&change.fields))?;
        fields.into_iter().find_map(|(name, value)| match value {
            Value::Text(words) if name == "name" => Some(text::clip(&text::clean_line(&words), 60)),
            _ => None,
        })
    };
    let team = named().map_or_else(|| "another team".to_owned(), |name| format!("another team, “{name}”"));
    Failure::refused(format!("This holds changes of {team}, which is not in this file."))
        .hint("Take it in with --any-team if it belongs here.")
}
