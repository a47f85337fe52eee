//! The past of one record, as undo needs it: which change set a field, what it was before, and whether
//! what an action set still stands.

use chrono::{DateTime, TimeZone, Utc};
use rusqlite::{Connection, Row as SqlRow};
use uuid::Uuid;

use super::actions::ActionId;
use super::apply::{State, Target, stamp_from};
use super::clock::Stamp;
use super::line::Seen;
use super::log::parse_fields;
use super::table::{At, settle};
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::change::tame;
use crate::domain::record::{DELETED, Kind, Value};

/// The entry of a change that names the action whose effect it takes back, where its own action's row
/// cannot: that of another replica, or one that was done again in between. Older versions keep it and
/// pass it on.
pub(super) const TAKES_BACK: &str = "takes_back";

/// One change in a record's past.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) at: At,
    pub(super) stamp: Stamp,
    /// Its action.
    pub(super) action: ActionId,
    /// The action whose effect its own action undid or redid, as far as this record goes.
    reverses: Option<ActionId>,
    /// What sort of action its own is.
    pub(super) sort: String,
    pub(super) actor: Option<String>,
    pub(super) when: DateTime<Utc>,
    creates: bool,
    pub(super) fields: Vec<(String, Value)>,
    seen: Seen,
}

/// All changes of one record, in the order of their stamps.
#[derive(Debug)]
pub(super) struct Past {
    kind: Kind,
    steps: Vec<Step>,
}

const STEP: &str = "SELECT c.wall, c.counter, r.id, c.origin, c.seq, c.action, a.reverses_seq, a.actor, c.creates, c.fields, a.at, a.sort, c.seen
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

    /// The changes that one action made, in order.
    pub(super) fn of_action(&self, action: ActionId) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.action == action)
    }

    /// The first change that the action made here.
    pub(super) fn first_of(&self, action: ActionId) -> Option<At> {
        self.of_action(action).next().map(|step| step.at)
    }

    /// The names of the fields that the action set.
    pub(super) fn set_by(&self, action: ActionId) -> Vec<&'static str> {
        let fields = self.kind.fields().iter().chain([&DELETED]).map(|field| field.name);
        fields.filter(|name| self.of_action(action).any(|step| step.sets(name))).collect()
    }

    /// Whether the record was there before the action, deleted or not.
    pub(super) fn was_there(&self, action: ActionId) -> bool {
        self.upto_first(action).any(|step| step.creates)
    }

    /// Whether a person saw the record before the action.
    pub(super) fn was_visible(&self, action: ActionId) -> bool {
        let deleted = self.upto_first(action).filter(|step| step.sets(DELETED.name)).last();
        self.was_there(action) && deleted.is_some_and(|step| step.value(DELETED.name) != Value::Int(1))
    }

    /// Whether a person saw the record when the action was done.
    pub(super) fn was_left_visible(&self, action: ActionId) -> bool {
        let last = self.of_action(action).next_back().map(|step| step.at);
        let upto = self.steps.iter().position(|step| Some(step.at) == last).unwrap_or(0);
        let steps = self.steps.get(..=upto).unwrap_or_default();
        let deleted = steps.iter().rev().find(|step| step.sets(DELETED.name));
        steps.iter().any(|step| step.creates) && deleted.is_some_and(|step| step.value(DELETED.name) != Value::Int(1))
    }

    fn upto_first(&self, action: ActionId) -> impl Iterator<Item = &Step> {
        let first = self.first_of(action);
        self.steps.iter().take_while(move |step| Some(step.at) != first)
    }

    /// The value of `field` before the action set it.
    pub(super) fn value_before(&self, action: ActionId, field: &str) -> Value {
        self.step_before(action, field).map_or(Value::Null, |step| self.shown(step, field))
    }

    /// The value that the action left in `field`.
    pub(super) fn value_left(&self, action: ActionId, field: &str) -> Value {
        self.left_by(action, field).map_or(Value::Null, |step| self.shown(step, field))
    }

    /// The value of a step, as the field of this version holds it.
    fn shown(&self, step: &Step, name: &str) -> Value {
        let value = step.value(name);
        self.kind.field(name).map_or(Value::Null, |field| settle(field, tame(field, value)))
    }

    /// Who changed what the action set after it, where somebody did. What was changed and undone
    /// again counts as not changed.
    pub(super) fn changed_since(&self, action: ActionId) -> Option<&Option<String>> {
        self.set_by(action).into_iter().find_map(|field| {
            let current = self.current(field)?;
            (!self.leads_back(action, field)).then_some(&current.actor)
        })
    }

    /// Whether what stands in a field was brought about by the same change as what the action left there.
    pub(super) fn leads_back(&self, action: ActionId, field: &str) -> bool {
        let root = |step: Option<&Step>| step.and_then(|step| self.root_of(step, field));
        root(self.left_by(action, field)) == root(self.current(field))
    }

    /// The change whose value stands in `field`.
    pub(super) fn current(&self, field: &str) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.sets(field))
    }

    /// The change whose value stands in `field`, where it was not brought about by the action or by
    /// something before it.
    pub(super) fn set_since(&self, action: ActionId, field: &str) -> Option<&Step> {
        let first = self.of_action(action).next().map(|step| (step.stamp, step.at))?;
        let current = self.current(field)?;
        let root = self.root_of(current, field)?;
        let root = self.steps.iter().find(|step| step.at == root)?;
        (root.action != action && (root.stamp, root.at) > first).then_some(current)
    }

    fn left_by(&self, action: ActionId, field: &str) -> Option<&Step> {
        self.of_action(action).rev().find(|step| step.sets(field))
    }

    fn step_before(&self, action: ActionId, field: &str) -> Option<&Step> {
        self.of_action(action).find(|step| step.sets(field)).and_then(|step| self.before(step, field))
    }

    /// The change that first brought about the value that `step` left in `field`: itself, or, where it
    /// undid or redid something, the change whose value it brought back; nothing where that is what
    /// stood there before anybody set it.
    fn root_of(&self, step: &Step, field: &str) -> Option<At> {
        let mut step = step;
        // Each turn goes back in the log of an honest replica; a stranger's may go round in a circle.
        for _ in 0..=self.steps.len() {
            let Some(reversed) = step.reverses else { return Some(step.at) };
            // What it undid may not have arrived yet: until then the value is its own.
            let Some(undone) = self.of_action(reversed).find(|undone| undone.sets(field)) else {
                return Some(step.at);
            };
            step = self.replaced_by(undone, field)?;
        }
        None
    }

    /// The change whose value `step` replaced: what its author saw there, or, where it does not say,
    /// what comes before it. What arrives later may come between the two.
    fn replaced_by(&self, step: &Step, field: &str) -> Option<&Step> {
        let seen = step.seen.of(field).filter(|stamp| *stamp < step.stamp).max();
        let seen = seen.and_then(|stamp| self.steps.iter().find(|other| other.stamp == stamp && other.sets(field)));
        seen.or_else(|| self.before(step, field))
    }

    fn before(&self, step: &Step, field: &str) -> Option<&Step> {
        let at = self.steps.iter().position(|other| other.at == step.at)?;
        self.steps.get(..at)?.iter().rev().find(|step| step.sets(field))
    }
}

impl Step {
    fn from(row: &SqlRow<'_>) -> Outcome<Self> {
        let stamp = stamp_from(row, 0)?;
        let fields = parse_fields(&row.get::<_, String>(9)?);
        let own = |seq| ActionId { replica: stamp.replica, seq };
        let named = fields.iter().find(|(name, _)| name == TAKES_BACK).and_then(|(_, value)| named_action(value));
        Ok(Self {
            stamp,
            at: At { origin: row.get(3)?, seq: row.get(4)? },
            action: own(row.get(5)?),
            reverses: named.or(row.get::<_, Option<i64>>(6)?.map(own)),
            actor: row.get::<_, Option<String>>(7)?.as_deref().map(text::clean_line),
            creates: row.get(8)?,
            when: Utc.timestamp_millis_opt(row.get(10)?).single().unwrap_or_default(),
            sort: row.get(11)?,
            fields,
            seen: Seen::parse(row.get::<_, Option<String>>(12)?.as_deref()),
        })
    }

    /// A change that makes a record sets all of its fields.
    pub(super) fn sets(&self, field: &str) -> bool {
        self.creates || self.fields.iter().any(|(name, _)| name == field)
    }

    fn value(&self, field: &str) -> Value {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map_or_else(|| if field == DELETED.name { Value::Int(0) } else { Value::Null }, |(_, value)| value.clone())
    }
}

/// An action as a change names it that takes back its effect.
pub(super) fn action_named(action: ActionId) -> Value {
    Value::Text(format!("{}:{}", action.replica.0.simple(), action.seq))
}

fn named_action(value: &Value) -> Option<ActionId> {
    let Value::Text(text) = value else { return None };
    let (replica, seq) = text.split_once(':')?;
    Some(ActionId { replica: ReplicaId(Uuid::try_parse(replica).ok()?), seq: seq.parse().ok()? })
}
