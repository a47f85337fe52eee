//! What hangs on a record that an action made: a measure's values, a project's cycles. Such a record is
//! not taken away from under them unasked.

use std::collections::HashMap;

use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension};
use uuid::Uuid;

use super::recount::{Part, Standing, Weighed};
use super::table::{self, At, Row};
use crate::base::error::Outcome;
use crate::domain::change::RecordKey;
use crate::domain::record::{Kind, Shape, Value};

/// A record that an action made, and how much of each kind hangs on it that the action did not make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hanging {
    /// The record's kind.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// How many records of which kind; each kind once, in the order of [`Kind::ALL`].
    pub on_it: Vec<(Kind, i64)>,
}

/// What is known so far, record by record, of what hangs on what.
#[derive(Default)]
pub(super) struct Ties {
    /// The records that would be taken away and that others can hang on, with what they hang on
    /// themselves.
    made: Vec<(Kind, Uuid, Vec<Uuid>)>,
    /// What the action made and somebody changed since: it stays, and what it hangs on with it.
    stay: HashMap<Uuid, HashMap<Kind, i64>>,
    /// What pointed to a record by a field that is taken back, and will not any more.
    freed: HashMap<Uuid, HashMap<Kind, i64>>,
}

impl Ties {
    /// Takes note of one record that the action touched.
    pub(super) fn note(&mut self, weighed: &Weighed) {
        let Part { kind, record, standing, .. } = &weighed.part;
        let Some(row) = &weighed.state.row else { return };
        let made = weighed.part.is_made();
        match (standing, record) {
            (Standing::Stands, RecordKey::Id(id)) if made && is_held_on_to(*kind) => {
                self.made.push((*kind, *id, points_to(*kind, record, row)));
            }
            (Standing::Changed(_), _) if made => count(&mut self.stay, points_to(*kind, record, row), *kind),
            (Standing::Stands, RecordKey::Id(_)) if !made && row.is_visible() => {
                let mut after = row.clone();
                weighed.restore.iter().for_each(|(name, value)| after.set(*kind, name, value));
                let kept = points_to(*kind, record, &after);
                let freed = points_to(*kind, record, row).into_iter().filter(|id| !kept.contains(id)).collect();
                count(&mut self.freed, freed, *kind);
            }
            _ => {}
        }
    }

    /// Which of the made records something hangs on. `first` to `last` are the action's own changes:
    /// what they made goes with the rest.
    pub(super) fn hanging(mut self, conn: &Connection, first: At, last: i64) -> Outcome<Vec<Hanging>> {
        let mut held: Vec<Hanging> = Vec::new();
        let mut looking = true;
        while looking {
            looking = false;
            // What stays holds on to what it hangs on itself: children first.
            for (kind, id, points_to) in std::mem::take(&mut self.made).into_iter().rev() {
                let on_it = self.on(conn, kind, id, first, last)?;
                if on_it.is_empty() {
                    self.made.push((kind, id, points_to));
                    continue;
                }
                count(&mut self.stay, points_to, kind);
                held.push(Hanging { kind, id, on_it });
                looking = true;
            }
            self.made.reverse();
        }
        held.sort_by_key(|hanging| (hanging.kind, hanging.id));
        Ok(held)
    }

    fn on(&self, conn: &Connection, kind: Kind, id: Uuid, first: At, last: i64) -> Outcome<Vec<(Kind, i64)>> {
        let mut found = Vec::new();
        for child in Kind::ALL {
            let known = |counts: &HashMap<Uuid, HashMap<Kind, i64>>| {
                counts.get(&id).and_then(|kinds| kinds.get(&child)).copied().unwrap_or(0)
            };
            let others = others_on(conn, kind, id, child, first, last)? - known(&self.freed) + known(&self.stay);
            if others > 0 {
                found.push((child, others));
            }
        }
        Ok(found)
    }
}

fn count(counts: &mut HashMap<Uuid, HashMap<Kind, i64>>, ids: Vec<Uuid>, kind: Kind) {
    for id in ids {
        *counts.entry(id).or_default().entry(kind).or_default() += 1;
    }
}

fn is_held_on_to(kind: Kind) -> bool {
    matches!(kind, Kind::Team | Kind::Measure | Kind::Process | Kind::Project | Kind::Cycle)
}

/// The fields by which records of a kind point to others.
fn pointers(kind: Kind) -> impl Iterator<Item = (&'static str, Shape)> {
    let fields = kind.fields().iter().map(|field| (field.name, field.shape));
    fields.filter(|(name, shape)| *shape == Shape::Reference || *name == "measures")
}

/// The records that a record hangs on.
fn points_to(kind: Kind, record: &RecordKey, row: &Row) -> Vec<Uuid> {
    let mut found: Vec<Uuid> = match record {
        RecordKey::Point(point) => vec![point.measure.0],
        RecordKey::Id(id) => row.team.map(|team| team.0).filter(|team| team != id).into_iter().collect(),
    };
    for (name, shape) in pointers(kind) {
        let Value::Text(text) = row.value(kind, name) else { continue };
        if shape == Shape::Reference {
            found.extend(Uuid::try_parse(&text));
        } else {
            found.extend(serde_json::from_str::<Vec<Uuid>>(&text).unwrap_or_default());
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// How many records of kind `child` that a person sees, and that the action did not make, point to a
/// record.
fn others_on(conn: &Connection, kind: Kind, id: Uuid, child: Kind, first: At, last: i64) -> Outcome<i64> {
    let mut any = Vec::new();
    let mut values: Vec<SqlValue> = vec![first.origin.into(), first.seq.into(), last.into()];
    if child == Kind::Point {
        if kind == Kind::Measure {
            let mut statement = conn.prepare_cached("SELECT no FROM handles WHERE id = ?1")?;
            let handle: Option<i64> = statement.query_row([&id.as_bytes()[..]], |row| row.get(0)).optional()?;
            any.push("measure = ?".to_owned());
            values.push(handle.into());
        }
    } else {
        if kind == Kind::Team && child != Kind::Team {
            any.push("team = ?".to_owned());
            values.push(id.as_bytes().to_vec().into());
        }
        for (name, shape) in pointers(child).filter(|(name, _)| may_name(child, name, kind)) {
            any.push(if shape == Shape::Reference {
                format!("\"{name}\" = ?")
            } else {
                format!("instr(\"{name}\", ?) > 0")
            });
            values.push(id.to_string().into());
        }
    }
    if any.is_empty() {
        return Ok(0);
    }
    let sql = format!(
        "SELECT count(*) FROM {} WHERE deleted = 0 AND origin IS NOT NULL AND NOT (origin = ? AND seq BETWEEN ? AND ?)
         AND ({})",
        table::name(child),
        any.join(" OR ")
    );
    Ok(conn.prepare_cached(&sql)?.query_one(rusqlite::params_from_iter(values), |row| row.get(0))?)
}

/// Whether a field of `child` names records of this kind.
fn may_name(child: Kind, name: &str, kind: Kind) -> bool {
    match name {
        "measure" | "measures" => kind == Kind::Measure,
        "process" | "source" => kind == Kind::Process,
        "project" => kind == Kind::Project,
        "cycle" => kind == Kind::Cycle,
        "became" => kind == Kind::Team && child == Kind::Team,
        _ => true,
    }
}
