//! Values that two people set without having seen each other's: the later one shows, and the other is
//! kept in the log. Which those are is read from the log alone, so that every replica says the same.
//!
//! Each change names the stamps of the values that it replaced. A value that no later change of its
//! field has replaced is at an end of the field's past; where there are several ends, nobody has seen
//! all of them. One of them shows. Settling writes one more change, which names them all.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeZone, Utc};
use rusqlite::{Connection, Row as SqlRow};

use super::apply::{State, Target, stamp_from};
use super::clock::Stamp;
use super::commit::Ending;
use super::failure::internal;
use super::line::Seen;
use super::log::parse_fields;
use super::open::uuid_at;
use super::rebuild::known_fields;
use super::table::Place;
use super::writer::{Action, Writer};
use super::{Author, Receipt, Store};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::domain::TeamId;
use crate::domain::change::{Edit, RecordKey, validate};
use crate::domain::cycle::{check_lock, stage_of};
use crate::domain::record::{DELETED, FieldValue, Kind, Shape, Value};

/// Two or more values of one field, set by people who had not seen each other's.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The record's team.
    pub team: TeamId,
    /// The kind of record.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// The fields that the sides differ in. They are settled together: a data point's value and
    /// denominator, or a single field. `deleted` alone stands for a record that one side deleted.
    pub fields: Vec<&'static str>,
    /// The value that shows.
    pub shown: Side,
    /// The ones that do not, the latest first.
    pub others: Vec<Side>,
}

/// One side of a conflict.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// When it was set, by its author's clock.
    pub at: DateTime<Utc>,
    /// Who set it, where that is kept.
    pub actor: Option<String>,
    /// On which replica.
    pub replica: ReplicaId,
    /// The number of the change there.
    pub sequence: i64,
    /// What it set; on the side that does not delete, all that its change set.
    pub values: Vec<(&'static str, Value)>,
}

impl Side {
    /// What it set in this field.
    pub fn value(&self, field: &str) -> &Value {
        self.values.iter().find(|(name, _)| *name == field).map_or(&Value::Null, |(_, value)| value)
    }

    /// Whether this side deleted the record.
    pub fn deletes(&self) -> bool {
        *self.value(DELETED.name) == Value::Int(1)
    }
}

/// Which value stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keep {
    /// The one that shows.
    Shown,
    /// One of the others, by its place among them.
    Other(usize),
    /// A text made of both.
    Merged(String),
}

impl Conflict {
    /// Who set a side, in words: the role, and the machine where another side's is the same. `names` are
    /// what people call the machines, and `own` is this one.
    pub fn whose(&self, side: &Side, names: &HashMap<ReplicaId, String>, own: ReplicaId) -> String {
        let role = side.actor.as_deref().filter(|role| !role.is_empty()).unwrap_or("somebody");
        let same = self.sides().any(|other| other.replica != side.replica && other.actor == side.actor);
        if !same {
            return role.to_owned();
        }
        match names.get(&side.replica) {
            _ if side.replica == own => format!("{role} on this computer"),
            Some(name) => format!("{role} on {name}"),
            None => format!("{role} on {}", side.replica),
        }
    }

    /// Whether the two sides are texts that can be made into one.
    pub fn is_text(&self) -> bool {
        let [field] = self.fields[..] else { return false };
        matches!(self.kind.field(field).map(|field| field.shape), Some(Shape::Line(_) | Shape::Lines(_)))
    }
}

impl Store {
    /// How many records have an unsettled conflict.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn conflict_count(&self) -> Outcome<usize> {
        let count: i64 = self
            .conn
            .prepare_cached("SELECT count(*) FROM conflicts WHERE open = 1")?
            .query_one([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Every conflict of the file that nobody has settled, the latest first. Costs a look at the past
    /// of each record that has one.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn conflicts(&self) -> Outcome<Vec<Conflict>> {
        let mut found = Vec::new();
        for (kind, record) in suspected(&self.conn)? {
            let Some(parsed) = Kind::parse(&kind) else { continue };
            let Some(key) = RecordKey::parse(parsed, &record) else { continue };
            found.extend(of_record(&Past::read(&self.conn, parsed, &record)?, parsed, &key));
        }
        let latest = |conflict: &Conflict| conflict.others.first().map(|side| side.at).max(Some(conflict.shown.at));
        found.sort_by(|one, other| {
            latest(other).cmp(&latest(one)).then_with(|| (one.kind, &one.record).cmp(&(other.kind, &other.record)))
        });
        Ok(found)
    }

    /// Settles a conflict, here and, once this change has reached them, everywhere.
    ///
    /// # Errors
    /// A sentence where it was settled or changed in the meantime, or where the merged text breaks a
    /// rule; nothing is written then.
    pub fn settle(&mut self, author: &Author, conflict: &Conflict, keep: &Keep) -> Outcome<Receipt> {
        let what = super::words::describe(&self.conn, conflict.kind, &conflict.record, self.clock.now())?;
        let action = Action::edit(author, &format!("{what}: conflict settled"))?;
        self.write(&action, Ending::Keep, |writer| writer.settle(conflict, keep))
    }
}

impl Writer<'_> {
    fn settle(&mut self, conflict: &Conflict, keep: &Keep) -> Outcome<()> {
        let bytes = conflict.record.bytes();
        let past = Past::read(self.conn, conflict.kind, &bytes)?;
        let standing = of_record(&past, conflict.kind, &conflict.record);
        if !standing.contains(conflict) {
            return Err(Failure::new(FailureKind::Conflict, "This was settled or changed in the meantime.")
                .hint("Look at the list again."));
        }
        let measure = match &conflict.record {
            RecordKey::Point(point) => self.handle(point.measure.0)?,
            RecordKey::Id(_) => 0,
        };
        let target = Target { kind: conflict.kind, place: Place::of(&conflict.record, measure), bytes };
        let state = State::load(self.conn, &target)?;
        let fields = self.kept(conflict, keep, &state)?;
        let mut seen = state.seen_all();
        for field in &conflict.fields {
            seen.retain(|(name, _)| name != field);
            seen.extend(past.ends(field).into_iter().map(|end| (*field, end.stamp)));
        }
        drop(past);
        self.write_seeing(conflict.team, &conflict.record, &target, state, false, fields, &seen).map(|_| ())
    }

    /// The values that settle it.
    fn kept(&self, conflict: &Conflict, keep: &Keep, state: &State) -> Outcome<Vec<(&'static str, Value)>> {
        let side = match keep {
            Keep::Shown => &conflict.shown,
            Keep::Other(index) => conflict.others.get(*index).ok_or_else(|| internal("There is no such side."))?,
            Keep::Merged(merged) => return self.merged(conflict, merged, state),
        };
        if conflict.fields == [DELETED.name] {
            return Ok(vec![(DELETED.name, Value::Int(i64::from(side.deletes())))]);
        }
        Ok(conflict.fields.iter().map(|field| (*field, side.value(field).clone())).collect())
    }

    fn merged(&self, conflict: &Conflict, merged: &str, state: &State) -> Outcome<Vec<(&'static str, Value)>> {
        let [field] = conflict.fields[..] else { return Err(not_a_text()) };
        if !conflict.is_text() {
            return Err(not_a_text());
        }
        let mut edit = Edit {
            team: conflict.team,
            kind: conflict.kind,
            record: conflict.record.clone(),
            creates: false,
            fields: vec![(field, Value::Text(merged.to_owned()))],
            expect: crate::domain::change::Expect::Anything,
        };
        validate(&mut edit, &mut Vec::new())?;
        if edit.kind == Kind::Cycle {
            let stage = state.row.as_ref().and_then(|row| stage_of(&row.value(Kind::Cycle, "stage")));
            check_lock(stage, edit.names())?;
        }
        Ok(edit.fields)
    }
}

fn not_a_text() -> Failure {
    Failure::refused("Only texts can be made into one.").hint("Keep one side or the other.")
}

/// Looks at records that may have come into conflict, or out of it, and remembers which have one.
pub(super) fn look_again(conn: &Connection, suspects: &HashSet<(Kind, Vec<u8>)>) -> Outcome<()> {
    for (kind, record) in suspects {
        let Some(key) = RecordKey::parse(*kind, record) else { continue };
        let past = Past::read(conn, *kind, record)?;
        let open = !of_record(&past, *kind, &key).is_empty();
        if open || past.has_parted() {
            conn.prepare_cached("INSERT OR REPLACE INTO conflicts(kind, record, open) VALUES(?1, ?2, ?3)")?
                .execute((kind.code(), record, open))?;
        } else {
            conn.prepare_cached("DELETE FROM conflicts WHERE kind = ?1 AND record = ?2")?
                .execute((kind.code(), record))?;
        }
    }
    Ok(())
}

/// Finds every conflict of the file anew.
pub(super) fn look_everywhere(conn: &Connection) -> Outcome<()> {
    conn.execute("DELETE FROM conflicts", [])?;
    let mut statement = conn.prepare(
        "SELECT kind, record FROM changes WHERE indexed = 1 GROUP BY kind, record HAVING count(DISTINCT origin) > 1",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(kind) = Kind::parse(&row.get::<_, String>(0)?) {
            look_again(conn, &HashSet::from([(kind, row.get(1)?)]))?;
        }
    }
    Ok(())
}

/// Whether any record of the file has values that were set unseen: mostly none has.
pub(super) fn any(conn: &Connection) -> Outcome<bool> {
    Ok(conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM conflicts)")?.query_one([], |row| row.get(0))?)
}

/// Whether this record has some.
pub(super) fn has_some(conn: &Connection, kind: Kind, record: &[u8]) -> Outcome<bool> {
    let mut statement =
        conn.prepare_cached("SELECT EXISTS (SELECT 1 FROM conflicts WHERE kind = ?1 AND record = ?2)")?;
    Ok(statement.query_one((kind.code(), record), |row| row.get(0))?)
}

fn suspected(conn: &Connection) -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut statement = conn.prepare_cached("SELECT kind, record FROM conflicts WHERE open = 1")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The conflicts of one record.
fn of_record(past: &Past, kind: Kind, key: &RecordKey) -> Vec<Conflict> {
    let Some(team) = past.team() else { return Vec::new() };
    let conflict = |fields: Vec<&'static str>, shown: &Step, others: Vec<&Step>| Conflict {
        team,
        kind,
        record: key.clone(),
        shown: past.side(shown, &fields),
        others: others.into_iter().map(|step| past.side(step, &fields)).collect(),
        fields,
    };
    if let Some((deletion, others)) = past.deleted_unseen() {
        // While it is deleted, what it held matters only if it is brought back.
        return vec![conflict(vec![DELETED.name], deletion, others)];
    }
    if past.is_deleted() {
        return Vec::new();
    }
    let mut found: Vec<(Vec<&'static str>, &Step, Vec<&Step>)> = Vec::new();
    for field in kind.fields().iter().map(|field| field.name).chain([DELETED.name]) {
        let Some((shown, others)) = past.unseen(field) else { continue };
        match found.last_mut().filter(|(fields, ..)| belong_together(kind, fields, field)) {
            Some((fields, _, sides)) => {
                fields.push(field);
                sides.extend(others);
                sides.sort_by_key(|step| std::cmp::Reverse(step.rank()));
                sides.dedup_by_key(|step| step.rank());
            }
            None => found.push((vec![field], shown, others)),
        }
    }
    // A value and its denominator are one amount, even where only one of the two differs.
    if kind == Kind::Point {
        for (fields, ..) in
            found.iter_mut().filter(|(fields, ..)| fields[..] == ["value"] || fields[..] == ["denominator"])
        {
            *fields = vec!["value", "denominator"];
        }
    }
    found.into_iter().map(|(fields, shown, others)| conflict(fields, shown, others)).collect()
}

fn belong_together(kind: Kind, fields: &[&str], field: &str) -> bool {
    kind == Kind::Point && fields == ["value"] && field == "denominator"
}

/// One change in a record's past.
struct Step {
    stamp: Stamp,
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

    fn rank(&self) -> (Stamp, i64) {
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
struct Past {
    steps: Vec<Step>,
    by_stamp: HashMap<Stamp, usize>,
}

impl Past {
    fn read(conn: &Connection, kind: Kind, record: &[u8]) -> Outcome<Self> {
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
    fn team(&self) -> Option<TeamId> {
        self.steps.iter().rev().find(|step| step.creates).map(|step| step.team)
    }

    fn setting(&self, field: &str) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().filter(move |step| step.sets(field))
    }

    fn shown(&self, field: &str) -> Option<&Step> {
        self.setting(field).next_back()
    }

    fn is_deleted(&self) -> bool {
        self.shown(DELETED.name).is_some_and(|step| step.value(DELETED.name) == Value::Int(1))
    }

    /// What a change set in these fields, or, where one side deleted the record, all that it set.
    fn side(&self, step: &Step, fields: &[&'static str]) -> Side {
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
    fn ends(&self, field: &str) -> Vec<&Step> {
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
    fn has_parted(&self) -> bool {
        let fields: HashSet<&str> = self
            .steps
            .iter()
            .flat_map(|step| step.fields.iter().map(|(name, _)| *name))
            .chain([DELETED.name])
            .collect();
        fields.into_iter().any(|field| self.ends(field).len() > 1)
    }

    /// What a field shows, and what else stands at an end of its past and says something else.
    fn unseen(&self, field: &str) -> Option<(&Step, Vec<&Step>)> {
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
    fn deleted_unseen(&self) -> Option<(&Step, Vec<&Step>)> {
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
