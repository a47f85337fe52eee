//! Values that two people set without having seen each other's: the later one shows, and the other is
//! kept in the log. Which those are is read from the log alone, so that every replica says the same.
//!
//! Each change names the stamps of the values that it replaced. A value that no later change of its
//! field has replaced is at an end of the field's past; where there are several ends, nobody has seen
//! all of them. One of them shows. Settling writes one more change, which names them all.

mod past;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use self::past::{Past, Step};
use super::apply::{State, Target};
use super::commit::Ending;
use super::failure::internal;
use super::table::Place;
use super::writer::{Action, Writer};
use super::{Author, Receipt, Store};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::id::ReplicaId;
use crate::domain::TeamId;
use crate::domain::change::{Edit, RecordKey, validate};
use crate::domain::cycle::{check_lock, stage_of};
use crate::domain::record::{DELETED, Kind, Shape, Value};

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
