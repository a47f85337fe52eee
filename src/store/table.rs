//! The tables as the registry of kinds describes them: one select and one write for each kind.
//!
//! Names of tables and columns come from [`Kind::fields`] and from here, never from data; every
//! value is bound.

use std::sync::LazyLock;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row as SqlRow, Statement};
use uuid::Uuid;

use crate::base::error::Outcome;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::record::{Field, Kind, Shape, Value};

/// The table that holds records of a kind.
pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Team => "teams",
        Kind::Measure => "measures",
        Kind::Point => "points",
        Kind::Process => "processes",
        Kind::Period => "periods",
        Kind::Completion => "completions",
        Kind::Project => "projects",
        Kind::Cycle => "cycles",
        Kind::Observation => "observations",
        Kind::Annotation => "annotations",
        Kind::Phase => "phases",
        Kind::CrossDay => "cross_days",
        Kind::Huddle => "huddles",
        Kind::Promise => "promises",
    }
}

/// The statements of one kind.
pub(super) struct Sql {
    /// One row by its place: team, deleted, revision, origin, seq, then the fields.
    pub(super) select: String,
    /// Takes one row away, by its place.
    remove: String,
    /// The whole row: the place, team (not for points), deleted, revision, origin, seq, the fields.
    pub(super) write: String,
    /// Rows that a person sees, up to the condition: id, team, revision, then the fields.
    pub(super) list: String,
    /// How a list is ordered.
    pub(super) order: String,
}

static SQL: LazyLock<Vec<Sql>> = LazyLock::new(|| Kind::ALL.into_iter().map(build).collect());

/// The statements of `kind`.
pub(super) fn sql(kind: Kind) -> &'static Sql {
    // `Kind` is declared in the order of `Kind::ALL`, which a test holds.
    &SQL[kind as usize]
}

fn build(kind: Kind) -> Sql {
    let table = name(kind);
    let fields: String = kind.fields().iter().map(|field| format!(", \"{}\"", field.name)).collect();
    let (place, team) = match kind {
        Kind::Point => ("measure = ?1 AND start = ?2 AND stratum = ?3 AND ordinal = ?4", "NULL"),
        _ => ("id = ?1", "team"),
    };
    let key = if kind == Kind::Point { "measure, start, stratum, ordinal" } else { "id, team" };
    let columns = format!("{key}, deleted, revision, origin, seq{fields}");
    let marks = vec!["?"; columns.split(", ").count()].join(", ");
    let sorting = ["position", "ramp", "number", "name", "title", "start", "day", "at"];
    let order: String =
        sorting.into_iter().filter(|name| kind.field(name).is_some()).map(|name| format!("\"{name}\", ")).collect();
    Sql {
        select: format!("SELECT {team}, deleted, revision, origin, seq{fields} FROM {table} WHERE {place}"),
        remove: format!("DELETE FROM {table} WHERE {place}"),
        write: format!("INSERT OR REPLACE INTO {table}({columns}) VALUES({marks})"),
        // A record of which only an edit has arrived yet has no name to show.
        list: format!("SELECT id, team, revision{fields} FROM {table} WHERE deleted = 0 AND origin IS NOT NULL"),
        order: format!(" ORDER BY {order}id"),
    }
}

/// Where a record stands in its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// By its id.
    Id(Uuid),
    /// A data point: the measure's handle, and the rest of its key as columns.
    Point { measure: i64, start: String, stratum: String, ordinal: i64 },
}

impl Place {
    /// The place of a record; `measure` is the handle of a data point's measure.
    pub(super) fn of(key: &RecordKey, measure: i64) -> Self {
        match key {
            RecordKey::Id(id) => Self::Id(*id),
            RecordKey::Point(key) => Self::Point {
                measure,
                start: key.start.text(),
                stratum: key.stratum.clone(),
                ordinal: i64::from(key.ordinal),
            },
        }
    }

    /// Binds it from parameter `from` on; answers the next parameter.
    fn bind(&self, statement: &mut Statement<'_>, from: usize) -> rusqlite::Result<usize> {
        match self {
            Self::Id(id) => {
                statement.raw_bind_parameter(from, &id.as_bytes()[..])?;
                Ok(from + 1)
            }
            Self::Point { measure, start, stratum, ordinal } => {
                statement.raw_bind_parameter(from, measure)?;
                statement.raw_bind_parameter(from + 1, start)?;
                statement.raw_bind_parameter(from + 2, stratum)?;
                statement.raw_bind_parameter(from + 3, ordinal)?;
                Ok(from + 4)
            }
        }
    }
}

/// Which change of the log: the replica's number in this file, and the sequence number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) origin: i64,
    pub(super) seq: i64,
}

/// A row of any kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The team; a data point's row has none of its own.
    pub(super) team: Option<TeamId>,
    pub(super) deleted: bool,
    /// How many changes were applied to it.
    pub(super) revision: i64,
    /// The latest change that made it; `None` while only edits have arrived.
    pub(super) base: Option<At>,
    /// In the order of [`Kind::fields`].
    pub(super) values: Vec<Value>,
}

impl Row {
    /// A row that nothing has been applied to.
    pub(super) fn empty(kind: Kind, team: TeamId) -> Self {
        let values = vec![Value::Null; kind.fields().len()];
        Self { team: Some(team), deleted: false, revision: 0, base: None, values }
    }

    /// Reads the row at `place`.
    pub(super) fn read(conn: &Connection, kind: Kind, place: &Place) -> Outcome<Option<Self>> {
        let mut statement = conn.prepare_cached(&sql(kind).select)?;
        place.bind(&mut statement, 1)?;
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else { return Ok(None) };
        let origin: Option<i64> = row.get(3)?;
        let seq: Option<i64> = row.get(4)?;
        Ok(Some(Self {
            team: row.get::<_, Option<Vec<u8>>>(0)?.and_then(|bytes| TeamId::from_bytes(&bytes)),
            deleted: row.get(1)?,
            revision: row.get(2)?,
            base: origin.zip(seq).map(|(origin, seq)| At { origin, seq }),
            values: values_from(row, 5, kind.fields().len())?,
        }))
    }

    /// Takes the row at `place` away.
    pub(super) fn remove(conn: &Connection, kind: Kind, place: &Place) -> Outcome<()> {
        let mut statement = conn.prepare_cached(&sql(kind).remove)?;
        place.bind(&mut statement, 1)?;
        statement.raw_execute()?;
        Ok(())
    }

    /// Writes the whole row at `place`.
    pub(super) fn write(&self, conn: &Connection, kind: Kind, place: &Place) -> Outcome<()> {
        let mut statement = conn.prepare_cached(&sql(kind).write)?;
        let mut at = place.bind(&mut statement, 1)?;
        if kind != Kind::Point {
            statement.raw_bind_parameter(at, self.team.as_ref().map(|team| &team.bytes()[..]))?;
            at += 1;
        }
        statement.raw_bind_parameter(at, self.deleted)?;
        statement.raw_bind_parameter(at + 1, self.revision)?;
        statement.raw_bind_parameter(at + 2, self.base.map(|base| base.origin))?;
        statement.raw_bind_parameter(at + 3, self.base.map(|base| base.seq))?;
        for (index, value) in self.values.iter().enumerate() {
            statement.raw_bind_parameter(at + 4 + index, value)?;
        }
        statement.raw_execute()?;
        Ok(())
    }

    /// Whether a person sees it: it was made, and is not deleted.
    pub(super) fn is_visible(&self) -> bool {
        !self.deleted && self.base.is_some()
    }

    /// What it holds in the field of this name.
    pub(super) fn value(&self, kind: Kind, name: &str) -> Value {
        if name == crate::domain::record::DELETED.name {
            return Value::Int(i64::from(self.deleted));
        }
        index_of(kind, name).and_then(|index| self.values.get(index).cloned()).unwrap_or(Value::Null)
    }

    /// Puts a value into the field of this name; a name that the kind does not have is passed over.
    pub(super) fn set(&mut self, kind: Kind, name: &str, value: &Value) {
        if name == crate::domain::record::DELETED.name {
            self.deleted = *value == Value::Int(1);
        } else if let Some(slot) = index_of(kind, name).and_then(|index| self.values.get_mut(index)) {
            slot.clone_from(value);
        }
    }
}

fn index_of(kind: Kind, name: &str) -> Option<usize> {
    kind.fields().iter().position(|field| field.name == name)
}

/// `count` values of a row from column `from` on.
pub(super) fn values_from(row: &SqlRow<'_>, from: usize, count: usize) -> rusqlite::Result<Vec<Value>> {
    (from..from + count).map(|index| row.get_ref(index).map(value_of)).collect()
}

fn value_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Int(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}

/// The value as the column gives it back: a number column knows no whole numbers and no minus nought.
pub(super) fn settle(field: Field, value: Value) -> Value {
    match (field.shape, value) {
        #[allow(clippy::cast_precision_loss, reason = "counts on a ward stay far below 2^53")]
        (Shape::Number, Value::Int(number)) => Value::Real(number as f64),
        (Shape::Number, Value::Real(number)) => Value::Real(number + 0.0),
        (_, value) => value,
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_finds_its_own_statements() {
        for (index, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, index);
            assert!(sql(kind).select.contains(&format!(" FROM {} ", name(kind))));
        }
    }

    #[test]
    fn minus_nought_and_whole_numbers_settle_to_what_the_column_gives_back() {
        let field = Kind::Point.field("value").unwrap();
        assert_eq!(settle(field, Value::Int(3)), Value::Real(3.0));
        let Value::Real(nought) = settle(field, Value::Real(-0.0)) else { panic!("a number") };
        assert!(nought.is_sign_positive());
    }
}
