//! The past of one record, as conflicts need it: which values nobody has replaced, and who had seen which.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeZone, Utc};
use rusqlite::{Connection, Row as SqlRow};

use super::super::apply::stamp_from;
use super::super::clock::Stamp;
use super::super::line::Seen;
use super::super::log::parse_fields;
use super::super::open::uuid_at;
use super::super::rebuild::known_fields;
use super::Side;
use crate::base::error::Outcome;
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::record::{DELETED, FieldValue, Kind, Value};

/// One change in a record's past.
pub(super) struct Step {
    pub(super) stamp: Stamp,
    seq: i64,
    at: DateTime<Utc>,
    actor: Option<String>,
    team: TeamId,
    creates: bool,
    redacted: bool,
    fields: Vec<(&'static str, Value)>,
    seen: Seen,
}

impl Step {
    fn from(row: &SqlRow<'_>, kind: Kind) -> Outcome<Self> {
        Ok(Self {
            stamp: stamp_from(row, 0)?,
            seq: row.get(3)?,
            at: Utc.timestamp_millis_opt(row.get(4)?).single().unwrap_or_default(),
            actor: row.get::<_, Option<String>>(5)?.as_deref().map(text::clean_line),
            team: TeamId(uuid_at(row, 6)?),
            creates: row.get(7)?,
            redacted: row.get(8)?,
            fields: known_fields(kind, parse_fields(&row.get::<_, String>(9)?)),
            seen: Seen::parse(row.get::<_, Option<String>>(10)?.as_deref()),
        })
    }

    pub(super) fn rank(&self) -> (Stamp, i64) {
        (self.stamp, self.seq)
    }

    /// A change that makes a record sets all of its fields.
    fn sets(&self, field: &str) -> bool {
        self.creates || self.fields.iter().any(|(name, _)| *name == field)
    }

    fn value(&self, field: &str) -> Value {
        let nothing = || if field == DELETED.name { Value::Int(0) } else { Value::Null };
        self.fields.iter().find(|(name, _)| *name == field).map_or_else(nothing, |(_, value)| value.clone())
    }

    /// Whether what it set in `field` says something: a form that left a field empty does not.
    fn speaks_of(&self, field: &str) -> bool {
        let empty = |value: &Value| {
            matches!(value, Value::Null)
                || *value == Value::Text(String::new())
                || String::from_value(value).is_some_and(|text| text == "[]")
        };
        !self.redacted && (field == DELETED.name || !self.creates || !empty(&self.value(field)))
    }
}

/// All changes of one record, in the order of their stamps.
pub(super) struct Past {
    steps: Vec<Step>,
    by_stamp: HashMap<Stamp, usize>,
}

impl Past {
    pub(super) fn read(conn: &Connection, kind: Kind, record: &[u8]) -> Outcome<Self> {
        let mut statement = conn.prepare_cached(
            "SELECT c.wall, c.counter, r.id, c.seq, a.at, a.actor, h.id, c.creates, c.redacted, c.fields, c.seen
             FROM changes c JOIN replicas r ON r.no = c.origin JOIN handles h ON h.no = c.team
             JOIN actions a ON a.origin = c.origin AND a.seq = c.action
             WHERE c.kind = ?1 AND c.record = ?2 AND c.indexed = 1",
        )?;
        let mut rows = statement.query((kind.code(), record))?;
        let mut steps = Vec::new();
        while let Some(row) = rows.next()? {
            steps.push(Step::from(row, kind)?);
        }
        steps.sort_by_key(Step::rank);
        let by_stamp = steps.iter().enumerate().map(|(index, step)| (step.stamp, index)).collect();
        Ok(Self { steps, by_stamp })
    }

    /// The team of the change that made the record; nothing while that has not arrived.
    pub(super) fn team(&self) -> Option<TeamId> {
        self.steps.iter().rev().find(|step| step.creates).map(|step| step.team)
    }

    fn setting(&self, field: &str) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.sets(field))
    }

    fn shown(&self, field: &str) -> Option<&Step> {
        self.setting(field).next_back()
    }

    pub(super) fn is_deleted(&self) -> bool {
        self.shown(DELETED.name).is_some_and(|step| step.value(DELETED.name) == Value::Int(1))
    }

    /// What a change set in these fields, or, where one side deleted the record, all that it set.
    pub(super) fn side(&self, step: &Step, fields: &[&'static str]) -> Side {
        let shown = |field: &str| self.shown(field).map_or(Value::Null, |step| step.value(field));
        let values = match fields {
            [field] if *field == DELETED.name && step.value(DELETED.name) != Value::Int(1) => step.fields.clone(),
            _ => fields
                .iter()
                .map(|field| (*field, if step.sets(field) { step.value(field) } else { shown(field) }))
                .collect(),
        };
        Side { at: step.at, actor: step.actor.clone(), replica: step.stamp.replica, sequence: step.seq, values }
    }

    /// The changes of a field that no later one has replaced. Each replica has seen what it did itself.
    pub(super) fn ends(&self, field: &str) -> Vec<&Step> {
        let mut replaced: HashSet<Stamp> = HashSet::new();
        let mut latest: HashMap<ReplicaId, (Stamp, i64)> = HashMap::new();
        for step in self.setting(field) {
            // A change can only have seen what came before it, whatever a stranger says.
            replaced.extend(step.seen.of(field).filter(|stamp| *stamp < step.stamp));
            latest.insert(step.stamp.replica, step.rank());
        }
        self.setting(field)
            .filter(|step| !replaced.contains(&step.stamp) && latest.get(&step.stamp.replica) == Some(&step.rank()))
            .collect()
    }

    /// Whether any field's past has several ends, whatever they say.
    pub(super) fn has_parted(&self) -> bool {
        let fields: HashSet<&str> = self
            .steps
            .iter()
            .flat_map(|step| step.fields.iter().map(|(name, _)| *name))
            .chain([DELETED.name])
            .collect();
        fields.into_iter().any(|field| self.ends(field).len() > 1)
    }

    /// What a field shows, and what else stands at an end of its past and says something else.
    pub(super) fn unseen(&self, field: &str) -> Option<(&Step, Vec<&Step>)> {
        let shown = self.shown(field)?;
        let value = shown.value(field);
        let mut others: Vec<&Step> = self.ends(field);
        others.retain(|end| end.rank() != shown.rank());
        if others.is_empty() {
            return None;
        }
        let before = self.before(shown, field);
        others.retain(|end| {
            end.speaks_of(field) && end.value(field) != value && !self.came_to_nothing(end, field, &before)
        });
        others.reverse();
        others.dedup_by(|one, other| one.value(field) == other.value(field));
        (!others.is_empty()).then_some((shown, others))
    }

    /// The stamps of all that a change of a field has seen, directly or through others.
    fn before(&self, step: &Step, field: &str) -> HashSet<Stamp> {
        let mut before = HashSet::new();
        let mut waiting: Vec<Stamp> = step.seen.of(field).collect();
        while let Some(stamp) = waiting.pop() {
            if before.insert(stamp)
                && let Some(step) = self.by_stamp.get(&stamp).and_then(|index| self.steps.get(*index))
            {
                waiting.extend(step.seen.of(field));
            }
        }
        before
    }

    /// Whether an end says what stood there when the sides parted: it was set and taken back.
    fn came_to_nothing(&self, end: &Step, field: &str, before_shown: &HashSet<Stamp>) -> bool {
        let before = self.before(end, field);
        let common: Vec<&Step> = self
            .setting(field)
            .filter(|step| before.contains(&step.stamp) && before_shown.contains(&step.stamp))
            .collect();
        let replaced: HashSet<Stamp> = common.iter().flat_map(|step| step.seen.of(field)).collect();
        let mut parted = common.iter().filter(|step| !replaced.contains(&step.stamp));
        // Where several values stood, somebody has chosen between them.
        matches!((parted.next(), parted.next()), (Some(step), None) if step.value(field) == end.value(field))
    }

    /// The deletion that shows, and what others set in the record without knowing of it.
    pub(super) fn deleted_unseen(&self) -> Option<(&Step, Vec<&Step>)> {
        let deletion = self.shown(DELETED.name).filter(|step| step.value(DELETED.name) == Value::Int(1))?;
        let mut others: Vec<&Step> = self.ends(DELETED.name);
        others.retain(|end| end.value(DELETED.name) != Value::Int(1));
        if deletion.seen.knows_all() {
            let fields: HashSet<&str> =
                self.steps.iter().flat_map(|step| step.fields.iter().map(|(name, _)| *name)).collect();
            for field in fields.into_iter().filter(|field| *field != DELETED.name) {
                let Some(shown) = self.shown(field) else { continue };
                let known = shown.stamp.replica == deletion.stamp.replica
                    || self.before(deletion, field).contains(&shown.stamp)
                    || shown.seen.of(DELETED.name).any(|stamp| stamp == deletion.stamp);
                if !known && shown.rank() != deletion.rank() && shown.speaks_of(field) {
                    others.push(shown);
                }
            }
        }
        others.sort_by_key(|step| std::cmp::Reverse(step.rank()));
        others.dedup_by_key(|step| step.rank());
        (!others.is_empty()).then_some((deletion, others))
    }
}
