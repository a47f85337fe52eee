//! New data points of another replica, some at a time: most of what a board takes in that joins a ward is
//! points that nothing stands in the place of, one after another. They take the short way: one look
//! whether their places are free, and a few statements for all of them.
//!
//! What the short way makes of a point is what the long one, [`Taker::take_one`], makes of it: wherever
//! there is a doubt, the long one is taken.

use std::sync::Arc;

use super::super::batch::{Batch, NewPoint, Shared, Standing, is_free, start_in};
use super::super::line::read_json;
use super::super::rebuild::{known_fields, readable};
use super::super::remote::{RemoteAction, RemoteChange, is_in_bounds};
use super::Taker;
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::point::PointKey;
use crate::domain::record::{Kind, Value};

/// How many points wait to be written together: enough that the look whether they may be costs little.
const WAITING_AT_MOST: usize = 40;

/// The fields that a new point may set on the short way.
const PLAIN: [&str; 4] = ["value", "denominator", "note", "ghost"];

/// Points of one measure, of one action of one replica, each after the one before.
#[derive(Default)]
pub(super) struct Fresh<'c> {
    points: Vec<FreshPoint>,
    shared: Option<Shared>,
    batch: Option<Batch<'c>>,
    /// What the change before was of, whether or not its point still waits.
    before: Option<Before>,
}

struct FreshPoint {
    change: RemoteChange,
    key: PointKey,
    fields: Vec<(&'static str, Value)>,
}

impl FreshPoint {
    fn standing(&self) -> Outcome<Standing<'_>> {
        Ok((start_in(&self.change.record)?, &self.key.stratum, self.key.ordinal))
    }
}

/// What one change after another mostly has in common.
struct Before {
    origin: ReplicaId,
    action: Arc<RemoteAction>,
    team: TeamId,
    schema: i64,
    measure: [u8; 16],
    shared: Shared,
}

impl Fresh<'_> {
    /// Forgets what the change before was of: the numbers of this file are no longer the same.
    pub(super) fn forget(&mut self) {
        self.before = None;
    }
}

impl Before {
    fn is_of(&self, change: &RemoteChange) -> bool {
        self.origin == change.origin
            && (Arc::ptr_eq(&self.action, &change.action) || self.action == change.action)
            && self.team == change.team
            && self.schema == change.schema
            && change.record.starts_with(&self.measure)
    }
}

impl Taker<'_> {
    /// Takes a change: by the short way where that may be, and else after all that waits there.
    pub(super) fn take(&mut self, change: RemoteChange) -> Outcome<()> {
        match self.as_fresh(&change)? {
            Some((key, fields)) => self.wait(FreshPoint { change, key, fields }),
            None => {
                self.write_fresh()?;
                self.take_one(&change)
            }
        }
    }

    /// What a change sets in a point, where it may go the short way.
    fn as_fresh(&mut self, change: &RemoteChange) -> Outcome<Option<(PointKey, Vec<(&'static str, Value)>)>> {
        let plain = change.creates
            && !change.redacted
            && !self.redactions
            && change.seen.is_none()
            && change.kind == Kind::Point.code()
            && change.origin != self.own.id
            && is_in_bounds(change)
            && !self.may_be_here(change);
        if !plain {
            return Ok(None);
        }
        let Some(fields) = read_json(&change.fields) else { return Ok(None) };
        if fields.iter().any(|(name, _)| !PLAIN.contains(&name.as_ref())) {
            return Ok(None);
        }
        let Some((_, RecordKey::Point(key))) = readable(&change.kind, &change.record, change.team) else {
            return Ok(None);
        };
        Ok(Some((key, known_fields(Kind::Point, fields))))
    }

    fn wait(&mut self, point: FreshPoint) -> Outcome<()> {
        let shared = self.shared_by(&point)?;
        let follows = self.fresh.points.last().is_none_or(|last| last.key < point.key);
        if self.fresh.shared != Some(shared) || !follows || self.fresh.points.len() >= WAITING_AT_MOST {
            self.write_fresh()?;
        }
        self.fresh.shared = Some(shared);
        let FreshPoint { change, key, .. } = &point;
        self.count(change, Some((Kind::Point, &RecordKey::Point(key.clone()))));
        self.fresh.points.push(point);
        Ok(())
    }

    /// What the point has in common with those that it may be written with. What is refused is refused
    /// here: a change of a team that may not come in, or an action with two contents.
    fn shared_by(&mut self, point: &FreshPoint) -> Outcome<Shared> {
        let change = &point.change;
        if let Some(before) = self.fresh.before.as_ref().filter(|before| before.is_of(change)) {
            return Ok(before.shared);
        }
        self.check_team(change)?;
        let origin = self.origin(change.origin)?;
        self.put_action(origin, change)?;
        let shared = Shared {
            measure: self.handle(point.key.measure.0)?,
            origin,
            action: change.action.seq,
            team: self.handle(change.team.0)?,
            schema: change.schema,
            received: Some(self.now.timestamp_millis()),
        };
        self.fresh.before = Some(Before {
            origin: change.origin,
            action: change.action.clone(),
            team: change.team,
            schema: change.schema,
            measure: *point.key.measure.bytes(),
            shared,
        });
        Ok(shared)
    }

    /// Writes the points that wait.
    pub(super) fn write_fresh(&mut self) -> Outcome<()> {
        let mut points = std::mem::take(&mut self.fresh.points);
        let (Some(first), Some(last), Some(shared)) = (points.first(), points.last(), self.fresh.shared) else {
            return Ok(());
        };
        if is_free(self.conn, shared.measure, first.standing()?, last.standing()?)? {
            let mut batch = match self.fresh.batch.take() {
                Some(batch) => batch,
                None => Batch::prepare(self.conn)?,
            };
            batch.write(&shared, &points, |statements, index, point| {
                let FreshPoint { change, fields, .. } = point;
                let stamp = (change.wall, change.counter);
                let (key, json) = (&*change.record, &*change.fields);
                statements
                    .bind(index, &NewPoint { seq: change.seq, stamp, key, standing: point.standing()?, json, fields })
            })?;
            self.fresh.batch = Some(batch);
        } else {
            for FreshPoint { change, key, fields } in points.drain(..) {
                self.write_one(shared.origin, &change, Some((Kind::Point, &RecordKey::Point(key))), fields)?;
            }
        }
        // The next ones wait in the same space.
        points.clear();
        self.fresh.points = points;
        Ok(())
    }
}
