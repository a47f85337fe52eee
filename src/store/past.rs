//! The past of one record, as undo needs it: which change set a field, and what it was before.

use rusqlite::{Connection, Row as SqlRow};

use super::apply::{State, Target, stamp_from};
use super::clock::Stamp;
use super::log::parse_fields;
use super::table::At;
use crate::base::error::Outcome;
use crate::domain::record::{DELETED, Kind, Value};

/// One change in a record's past.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) at: At,
    stamp: Stamp,
    /// The first sequence number of its action.
    pub(super) action: i64,
    /// The action that its own action undid or redid.
    reverses: Option<i64>,
    actor: Option<String>,
    creates: bool,
    fields: Vec<(String, Value)>,
}

/// All changes of one record, in the order of their stamps.
#[derive(Debug)]
pub(super) struct Past {
    kind: Kind,
    steps: Vec<Step>,
}

const STEP: &str =
    "SELECT c.wall, c.counter, r.id, c.origin, c.seq, c.action, a.reverses_seq, a.actor, c.creates, c.fields
     FROM changes c JOIN replicas r ON r.no = c.origin JOIN actions a ON a.origin = c.origin AND a.seq = c.action";

impl Past {
    /// Reads the past of the record that `state` was read from.
    pub(super) fn read(conn: &Connection, target: &Target, state: &State) -> Outcome<Self> {
        let mut steps = Vec::new();
        let mut statement =
            conn.prepare_cached(&format!("{STEP} WHERE c.kind = ?1 AND c.record = ?2 AND c.indexed = 1"))?;
        let mut rows = statement.query((target.kind.code(), &target.bytes))?;
        while let Some(row) = rows.next()? {
            steps.push(Step::from(row)?);
        }
        if let (true, Some(base)) = (steps.is_empty(), state.row.as_ref().and_then(|row| row.base)) {
            let mut statement = conn.prepare_cached(&format!("{STEP} WHERE c.origin = ?1 AND c.seq = ?2"))?;
            let mut rows = statement.query((base.origin, base.seq))?;
            while let Some(row) = rows.next()? {
                steps.push(Step::from(row)?);
            }
        }
        steps.sort_by_key(|step| (step.stamp, step.at));
        Ok(Self { kind: target.kind, steps })
    }

    /// The changes that one action of replica `origin` made, in order.
    fn of_action(&self, origin: i64, action: i64) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.at.origin == origin && step.action == action)
    }

    /// The first change that the action made here.
    pub(super) fn first_of(&self, origin: i64, action: i64) -> Option<At> {
        self.of_action(origin, action).next().map(|step| step.at)
    }

    /// The names of the fields that the action set.
    pub(super) fn set_by(&self, origin: i64, action: i64) -> Vec<&'static str> {
        self.kind
            .fields()
            .iter()
            .chain([&DELETED])
            .map(|field| field.name)
            .filter(|name| self.of_action(origin, action).any(|step| step.sets(name)))
            .collect()
    }

    /// Whether the record was there before the action.
    pub(super) fn was_there(&self, origin: i64, action: i64) -> bool {
        let first = self.first_of(origin, action);
        self.steps.iter().take_while(|step| Some(step.at) != first).any(|step| step.creates)
    }

    /// The value of `field` before the action set it.
    pub(super) fn value_before(&self, origin: i64, action: i64, field: &str) -> Value {
        let before =
            self.of_action(origin, action).find(|step| step.sets(field)).and_then(|step| self.before(step, field));
        before.map_or(Value::Null, |step| step.value(field))
    }

    /// Who changed what the action set after it, where somebody did. What was changed and undone
    /// again counts as not changed.
    pub(super) fn changed_since(&self, origin: i64, action: i64) -> Option<&Option<String>> {
        self.set_by(origin, action).into_iter().find_map(|field| {
            let left = self.of_action(origin, action).rev().find(|step| step.sets(field))?;
            let current = self.steps.iter().rev().find(|step| step.sets(field))?;
            (self.origin_of(current, field) != self.origin_of(left, field)).then_some(&current.actor)
        })
    }

    /// The change that first brought about the value that `step` left in `field`: itself, or, where it
    /// undid or redid something, the change whose value it brought back.
    fn origin_of(&self, step: &Step, field: &str) -> Option<At> {
        let mut step = step;
        // Each turn goes back in the log of an honest replica; a stranger's may go round in a circle.
        for _ in 0..=self.steps.len() {
            let Some(reversed) = step.reverses else { return Some(step.at) };
            let undone = self.of_action(step.at.origin, reversed).find(|undone| undone.sets(field));
            // Each turn goes back in the log, so that this ends.
            step = self.before(undone?, field)?;
        }
        None
    }

    fn before(&self, step: &Step, field: &str) -> Option<&Step> {
        let at = self.steps.iter().position(|other| other.at == step.at)?;
        self.steps.get(..at)?.iter().rev().find(|step| step.sets(field))
    }
}

impl Step {
    fn from(row: &SqlRow<'_>) -> Outcome<Self> {
        let fields: String = row.get(9)?;
        Ok(Self {
            stamp: stamp_from(row, 0)?,
            at: At { origin: row.get(3)?, seq: row.get(4)? },
            action: row.get(5)?,
            reverses: row.get(6)?,
            actor: row.get(7)?,
            creates: row.get(8)?,
            fields: parse_fields(&fields),
        })
    }

    /// A change that makes a record sets all of its fields.
    fn sets(&self, field: &str) -> bool {
        self.creates || self.fields.iter().any(|(name, _)| name == field)
    }

    fn value(&self, field: &str) -> Value {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map_or_else(|| if field == DELETED.name { Value::Int(0) } else { Value::Null }, |(_, value)| value.clone())
    }
}
