//! Boards in memory, in the terms of the oracle, with one mistake each: what the histories and the laws
//! are worth is how surely they find these out.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use huddleboard::base::id::ReplicaId;
use huddleboard::domain::change::Edit;
use huddleboard::store::{RemoteAction, RemoteChange};
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

use crate::oracle::{Fold, Rank, Shown, watched};
use crate::support::noon;
use crate::telling::{Boards, Held, Log};
use crate::wards::{Names, shuffle};

/// What a board may get wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// The stamp ends with the counter: two boards can write the same one.
    NoReplicaInTheStamp,
    /// The stamp has no counter: what is written within one millisecond has one stamp.
    NoCounterInTheStamp,
    /// What comes last wins.
    LastReceivedWins,
    /// A copy goes on under the name of its original.
    CopiesShareAReplica,
    /// Fields and kinds that are not known are left out of what is kept.
    UnknownIsDropped,
    /// An edit is stamped by the clock alone, whatever it is typed over.
    NoDominance,
}

#[derive(Clone)]
struct Board {
    replica: ReplicaId,
    now: i64,
    clock: (i64, u16),
    log: Log,
    fold: Fold,
}

/// Several such boards.
pub(crate) struct Model {
    mistake: Mistake,
    names: Names,
    boards: Vec<Board>,
    kept: BTreeMap<usize, Board>,
    replicas: u128,
}

impl Model {
    pub(crate) fn new(count: usize, mistake: Mistake) -> Self {
        let mut model = Self { mistake, names: Names::new(), boards: Vec::new(), kept: BTreeMap::new(), replicas: 0 };
        for _ in 0..count {
            let replica = model.fresh();
            let now = noon().timestamp_millis();
            model.boards.push(Board { replica, now, clock: (0, 0), log: Log::new(), fold: Fold::default() });
        }
        let start = model.names.start();
        model.commit(0, start);
        let start = model.log(0);
        for which in 1..count {
            model.take(which, start.clone());
        }
        model
    }

    fn fresh(&mut self) -> ReplicaId {
        self.replicas += 1;
        ReplicaId(Uuid::from_u128(self.replicas))
    }

    fn beats(&self) -> fn(Rank, Rank) -> bool {
        match self.mistake {
            Mistake::LastReceivedWins => |_, _| true,
            Mistake::NoReplicaInTheStamp => |new, old| (new.wall, new.counter) > (old.wall, old.counter),
            _ => |new, old| new > old,
        }
    }

    fn stamp(&mut self, which: usize, replaced: Option<Rank>) -> (i64, u16) {
        let mistake = self.mistake;
        let board = &mut self.boards[which];
        let after = |(wall, counter): (i64, u16)| {
            if mistake == Mistake::NoCounterInTheStamp { (wall, 0) } else { (wall, counter + 1) }
        };
        board.clock = if board.now > board.clock.0 { (board.now, 0) } else { after(board.clock) };
        match replaced {
            Some(rank) if mistake != Mistake::NoDominance => board.clock.max(after((rank.wall, rank.counter))),
            _ => board.clock,
        }
    }

    fn write(&mut self, which: usize, action: &Arc<RemoteAction>, edit: &Edit) {
        let bytes = edit.record.bytes();
        let cell = |name: &str| (edit.kind.code().to_owned(), bytes.clone(), name.to_owned());
        let fields: Map<String, Value> =
            edit.fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())).collect();
        let names = fields.keys().map(String::as_str).chain(["deleted"]);
        let replaced = names.filter_map(|name| self.boards[which].fold.rank(&cell(name))).max();
        let (wall, counter) = self.stamp(which, replaced);
        let board = &self.boards[which];
        let change = RemoteChange {
            origin: board.replica,
            seq: next(board),
            action: action.clone(),
            wall,
            counter,
            team: edit.team,
            kind: edit.kind.code().into(),
            record: bytes.clone().into(),
            creates: edit.creates,
            fields: Value::Object(fields).to_string().into(),
            seen: None,
            schema: 1,
            redacted: false,
        };
        self.keep_change(which, change);
    }

    fn keep_change(&mut self, which: usize, change: RemoteChange) {
        let beats = self.beats();
        let board = &mut self.boards[which];
        board.fold.add(&change, beats);
        board.log.insert((change.origin, change.seq), change);
    }

    fn take(&mut self, which: usize, changes: Vec<RemoteChange>) {
        for mut change in changes {
            if self.mistake == Mistake::UnknownIsDropped && change.origin != self.boards[which].replica {
                let Some(fields) = without_unknown(&change) else { continue };
                change.fields = fields.into();
            }
            let is_here = self.boards[which].log.contains_key(&(change.origin, change.seq));
            if !is_here || self.mistake == Mistake::LastReceivedWins {
                self.keep_change(which, change);
            }
        }
    }
}

fn next(board: &Board) -> i64 {
    board.log.range((board.replica, 0)..=(board.replica, i64::MAX)).next_back().map_or(1, |((_, seq), _)| seq + 1)
}

/// The fields of a change that an old program knows; none where it does not know the kind.
fn without_unknown(change: &RemoteChange) -> Option<String> {
    let known = watched(&change.kind);
    let Ok(Value::Object(mut fields)) = serde_json::from_str(&change.fields) else { return None };
    let all = fields.len();
    fields.retain(|name, _| name == "deleted" || known.iter().any(|(known, _)| known == name) || name != "hue");
    let kept = if fields.len() == all { change.fields.to_string() } else { Value::Object(fields).to_string() };
    (!known.is_empty() || change.kind != "constellation").then_some(kept)
}

impl Boards for Model {
    fn count(&self) -> usize {
        self.boards.len()
    }

    fn names(&mut self) -> &mut Names {
        &mut self.names
    }

    fn commit(&mut self, which: usize, edits: Vec<Edit>) -> bool {
        let board = &self.boards[which];
        let hidden = |edit: &Edit| !edit.creates && !board.fold.is_visible(edit.kind.code(), &edit.record.bytes());
        if edits.iter().any(hidden) {
            return false;
        }
        let (seq, at) = (next(board), board.now);
        let (words, sort) = (String::new(), "edit".to_owned());
        let action = Arc::new(RemoteAction { seq, at, actor: None, words, sort, reverses: None });
        edits.iter().for_each(|edit| self.write(which, &action, edit));
        true
    }

    fn undo(&mut self, _: usize) {}

    fn redo(&mut self, _: usize) {}

    fn turn(&mut self, which: usize, hours: i32) {
        self.boards[which].now = (noon() + TimeDelta::hours(i64::from(hours))).timestamp_millis();
    }

    fn receive(&mut self, which: usize, changes: Vec<RemoteChange>) -> Held {
        self.take(which, changes);
        Ok(())
    }

    fn log(&mut self, which: usize) -> Vec<RemoteChange> {
        self.boards[which].log.values().cloned().collect()
    }

    fn shown(&mut self, which: usize) -> Shown {
        self.boards[which].fold.shown()
    }

    fn copy(&mut self, which: usize, _: bool) {
        let mut copy = self.boards[which].clone();
        if self.mistake != Mistake::CopiesShareAReplica {
            copy.replica = self.fresh();
        }
        self.boards.push(copy);
    }

    fn keep(&mut self, which: usize) {
        self.kept.insert(which, self.boards[which].clone());
    }

    fn put_back(&mut self, which: usize) {
        if let Some(mut board) = self.kept.get(&which).cloned() {
            if self.mistake != Mistake::CopiesShareAReplica {
                board.replica = self.fresh();
            }
            self.boards[which] = board;
        }
    }

    fn exchange_all(&mut self, _: bool) -> Held {
        let everything: Vec<RemoteChange> = (0..self.count()).flat_map(|which| self.log(which)).collect();
        for which in 0..self.count() {
            let mut changes = everything.clone();
            shuffle(&mut changes, which as u64);
            self.take(which, changes);
        }
        Ok(())
    }
}
