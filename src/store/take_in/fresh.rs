//! New data points of another replica, some at a time: most of what a board takes in that joins a ward is
//! points that nothing stands in the place of, one after another. They take the short way: one look
//! whether their places are free, and a few statements for all of them.
//!
//! What the short way makes of a point is what the long one, [`Taker::take_one`], makes of it: wherever
//! there is a doubt, the long one is taken.

use std::sync::Arc;

use super::super::batch::{Batch, NewPoint, Shared, Standing, is_free, start_in};
use super::super::rebuild::known_fields;
use super::super::remote::{RemoteAction, RemoteChange, check_form};
use super::Taker;
use super::arriving::{Arriving, PlainPoint};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::Kind;

/// How many points wait to be written together: enough that the look whether they may be costs little.
const WAITING_AT_MOST: usize = 40;

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
    point: PlainPoint,
}

impl FreshPoint {
    fn standing(&self) -> Outcome<Standing<'_>> {
        Ok((start_in(&self.change.record)?, &self.point.key.stratum, self.point.key.ordinal))
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
    pub(super) fn take(&mut self, Arriving { change, point }: Arriving) -> Outcome<()> {
        let may = !self.redactions && change.origin != self.own.id && !self.may_be_here(&change);
        match point.filter(|_| may) {
            Some(point) => self.wait(FreshPoint { change, point }),
            None => {
                self.write_fresh()?;
                self.take_one(&change)
            }
        }
    }

    fn wait(&mut self, fresh: FreshPoint) -> Outcome<()> {
        let shared = self.shared_by(&fresh)?;
        let follows = self.fresh.points.last().is_none_or(|last| last.point.key < fresh.point.key);
        if self.fresh.shared != Some(shared) || !follows || self.fresh.points.len() >= WAITING_AT_MOST {
            self.write_fresh()?;
        }
        self.fresh.shared = Some(shared);
        self.count(&fresh.change);
        self.touch(fresh.change.team, Kind::Point, || RecordKey::Point(fresh.point.key.clone()));
        self.fresh.points.push(fresh);
        Ok(())
    }

    /// What the point has in common with those that it may be written with. What is refused is refused
    /// here: a change of a team that may not come in, or an action with two contents.
    fn shared_by(&mut self, FreshPoint { change, point }: &FreshPoint) -> Outcome<Shared> {
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
            batch.write(&shared, &points, |statements, index, fresh| {
                let RemoteChange { seq, wall, counter, record, fields, .. } = &fresh.change;
                statements.bind(
                    index,
                    &NewPoint {
                        seq: *seq,
                        stamp: (*wall, *counter),
                        key: record,
                        standing: fresh.standing()?,
                        json: fields,
                        values: fresh.point.values.each_ref().map(Some),
                    },
                )
            })?;
            self.fresh.batch = Some(batch);
        } else {
            for FreshPoint { change, point } in points.drain(..) {
                let fields = known_fields(Kind::Point, check_form(&change)?);
                self.write_one(shared.origin, &change, Some((Kind::Point, &RecordKey::Point(point.key))), fields)?;
            }
        }
        // The next ones wait in the same space.
        points.clear();
        self.fresh.points = points;
        Ok(())
    }
}
