//! What this file has already: replicas, actions and changes by their numbers.

use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::super::points;
use super::super::redact;
use super::super::remote::{RemoteAction, RemoteChange};
use super::Taker;
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::id::ReplicaId;

/// What is known of a replica while changes are taken in.
pub(super) struct Origin {
    pub(super) no: i64,
    /// The highest number of its changes that is here.
    pub(super) highest: i64,
    /// Its changes up to this one are all here.
    pub(super) upto: i64,
    pub(super) taken: bool,
}

impl Taker<'_> {
    /// Whether the log can have this change: what is new mostly comes after all that is here.
    pub(super) fn may_be_here(&self, change: &RemoteChange) -> bool {
        self.origins.get(&change.origin).is_none_or(|origin| change.seq <= origin.highest)
    }

    /// Whether the log has this change; refused where it has another one under the same number.
    pub(super) fn is_here(&self, change: &RemoteChange) -> Outcome<bool> {
        let mut statement = self.conn.prepare_cached(
            "SELECT c.action = ?3 AND c.wall = ?4 AND c.counter = ?5 AND h.id = ?6 AND c.kind = ?7 AND c.record = ?8
                    AND c.creates = ?9 AND (c.redacted OR ?12 OR (c.fields = ?10 AND c.seen IS ?11))
             FROM replicas r JOIN changes c ON c.origin = r.no JOIN handles h ON h.no = c.team
             WHERE r.id = ?1 AND c.seq = ?2",
        )?;
        let alike: Option<bool> = statement
            .query_row(
                rusqlite::params![
                    &change.origin.bytes()[..],
                    change.seq,
                    change.action.seq,
                    change.wall,
                    change.counter,
                    &change.team.bytes()[..],
                    change.kind,
                    &change.record[..],
                    change.creates,
                    &*change.fields,
                    change.seen,
                    change.redacted,
                ],
                |row| row.get(0),
            )
            .optional()?;
        match alike {
            Some(false) => Err(given_out_twice(change)),
            here => Ok(here.is_some()),
        }
    }

    /// The number that stands for a replica in this file.
    pub(super) fn origin(&mut self, id: ReplicaId) -> Outcome<i64> {
        if let Some(origin) = self.origins.get(&id) {
            return Ok(origin.no);
        }
        let now = self.now.timestamp_millis();
        self.conn
            .prepare_cached(
                "INSERT INTO replicas(id, first_seen, last_seen) VALUES(?1, ?2, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute((&id.bytes()[..], now))?;
        let (no, highest, upto) = self
            .conn
            .prepare_cached("SELECT no, known_max, upto FROM replicas WHERE id = ?1")?
            .query_one([&id.bytes()[..]], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        self.origins.insert(id, Origin { no, highest, upto, taken: false });
        Ok(no)
    }

    /// The number that stands for a team or a measure in this file.
    pub(super) fn handle(&mut self, id: Uuid) -> Outcome<i64> {
        points::handle_for(self.conn, &mut self.handles, id)
    }

    pub(super) fn put_action(&mut self, origin: i64, change: &RemoteChange) -> Outcome<()> {
        let action = &*change.action;
        if self.action.as_ref().is_some_and(|(id, last)| *id == change.origin && last == action) {
            return Ok(());
        }
        let RemoteAction { seq, at, actor, words, sort, reverses } = action;
        self.conn
            .prepare_cached(
                "INSERT INTO actions(origin, seq, at, actor, session, words, reverses_seq, sort)
                 VALUES(?1, ?2, ?3, ?4, 0, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
            )?
            .execute((origin, seq, at, actor, words, reverses, sort))?;
        if words == redact::BLANK {
            // The action's other changes may have come before the one that is blanked.
            self.conn
                .prepare_cached("UPDATE actions SET words = ?3 WHERE origin = ?1 AND seq = ?2 AND words <> ?3")?
                .execute((origin, seq, redact::BLANK))?;
        }
        let alike: bool = self
            .conn
            .prepare_cached(
                "SELECT at = ?3 AND actor IS ?4 AND (words = ?5 OR words = ?8 OR ?5 = ?8) AND reverses_seq IS ?6 AND sort = ?7
                 FROM actions WHERE origin = ?1 AND seq = ?2",
            )?
            .query_one((origin, seq, at, actor, words, reverses, sort, redact::BLANK), |row| row.get(0))?;
        if !alike {
            return Err(given_out_twice(change));
        }
        self.action = Some((change.origin, action.clone()));
        Ok(())
    }
}

/// How far a replica's changes are all here, from where they were before on. What came in its order was
/// counted; what comes after that may have been here, and the change before it not.
pub(super) fn reach(conn: &Connection, origin: &Origin) -> Outcome<i64> {
    let mut upto = origin.upto;
    if upto == origin.highest {
        return Ok(upto);
    }
    let mut statement = conn.prepare_cached("SELECT seq FROM changes WHERE origin = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = statement.query((origin.no, upto))?;
    while let Some(row) = rows.next()? {
        if row.get::<_, i64>(0)? != upto + 1 {
            break;
        }
        upto += 1;
    }
    Ok(upto)
}

fn given_out_twice(change: &RemoteChange) -> Failure {
    Failure::new(
        FailureKind::Conflict,
        format!("Two different changes bear the number {} of replica {}.", change.seq, short(change.origin)),
    )
    .hint("One of the two boards is a copy that both have written to; nothing was taken in. Keep both files.")
}

/// The first digits of a replica's id: enough for people to tell them apart.
fn short(replica: ReplicaId) -> String {
    replica.0.simple().to_string().chars().take(8).collect()
}
