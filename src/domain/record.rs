//! What every kind of record has in common: an id, a team, and named fields with a shape.
//!
//! The store, the log, undo, history and synchronisation handle records by this description alone,
//! so that a new kind of record is one file here and one table there.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Utc};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{TeamId, annotation, cross, cycle, huddle, point, process, project, promise, team};
use crate::domain::measure;

/// The kinds of record. The code is what the log says, and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A ward or another team.
    Team,
    /// A measure.
    Measure,
    /// A data point.
    Point,
    /// A process.
    Process,
    /// A period of a process.
    Period,
    /// A completion.
    Completion,
    /// A project.
    Project,
    /// A PDSA cycle.
    Cycle,
    /// An observation in a cycle.
    Observation,
    /// An annotation on a chart.
    Annotation,
    /// A phase of a chart.
    Phase,
    /// A day of a safety cross.
    CrossDay,
    /// A huddle that was held.
    Huddle,
    /// An action, an escalation or a barrier.
    Promise,
}

impl Kind {
    /// All kinds, parents before children.
    pub const ALL: [Self; 14] = [
        Self::Team,
        Self::Measure,
        Self::Point,
        Self::Process,
        Self::Period,
        Self::Completion,
        Self::Project,
        Self::Cycle,
        Self::Observation,
        Self::Annotation,
        Self::Phase,
        Self::CrossDay,
        Self::Huddle,
        Self::Promise,
    ];

    /// The word that the log and the command line use.
    pub fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Measure => "measure",
            Self::Point => "point",
            Self::Process => "process",
            Self::Period => "period",
            Self::Completion => "completion",
            Self::Project => "project",
            Self::Cycle => "cycle",
            Self::Observation => "observation",
            Self::Annotation => "annotation",
            Self::Phase => "phase",
            Self::CrossDay => "cross-day",
            Self::Huddle => "huddle",
            Self::Promise => "promise",
        }
    }

    /// The kind of this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Its fields, in the order of its table's columns.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Team => team::Team::FIELDS,
            Self::Measure => measure::Measure::FIELDS,
            Self::Point => point::FIELDS,
            Self::Process => process::Process::FIELDS,
            Self::Period => process::Period::FIELDS,
            Self::Completion => process::Completion::FIELDS,
            Self::Project => project::Project::FIELDS,
            Self::Cycle => cycle::Cycle::FIELDS,
            Self::Observation => cycle::Observation::FIELDS,
            Self::Annotation => annotation::Annotation::FIELDS,
            Self::Phase => annotation::Phase::FIELDS,
            Self::CrossDay => cross::CrossDay::FIELDS,
            Self::Huddle => huddle::Huddle::FIELDS,
            Self::Promise => promise::Promise::FIELDS,
        }
    }

    /// The field of this name; `deleted` is a field of every kind.
    pub fn field(self, name: &str) -> Option<Field> {
        if name == DELETED.name {
            return Some(DELETED);
        }
        self.fields().iter().copied().find(|field| field.name == name)
    }
}

/// The field that every record has: deleting is an edit.
pub const DELETED: Field = Field { name: "deleted", shape: Shape::Flag };

/// One field of a kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, in the log and as a column.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// What a field may hold; validation and cleaning follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of text of at most so many characters.
    Line(usize),
    /// Text of several lines, of at most so many characters.
    Lines(usize),
    /// One of the program's own words: no identifier can stand there.
    Code,
    /// A finite number.
    Number,
    /// A whole number.
    Whole,
    /// True or false.
    Flag,
    /// A day, an instant or a time of day, as ISO text.
    Time,
    /// The id of another record.
    Reference,
    /// A list or table as JSON of at most so many characters; its texts are cleaned like lines.
    Json(usize),
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number, or a flag as 0 or 1.
    Int(i64),
    /// A finite number.
    Real(f64),
    /// Text, a code, a day or an instant.
    Text(String),
}

impl Value {
    /// The value as JSON, as the log keeps it.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Null => serde_json::Value::Null,
            Self::Int(number) => (*number).into(),
            Self::Real(number) => serde_json::Number::from_f64(*number).map_or(serde_json::Value::Null, Into::into),
            Self::Text(text) => text.clone().into(),
        }
    }

    /// The value that the log kept; what is neither number nor text is kept as its JSON text.
    pub fn from_json(json: &serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Int(i64::from(*flag)),
            serde_json::Value::Number(number) => {
                number.as_i64().map(Self::Int).or_else(|| number.as_f64().map(Self::Real)).unwrap_or(Self::Null)
            }
            serde_json::Value::String(text) => Self::Text(text.clone()),
            other => Self::Text(other.to_string()),
        }
    }
}

/// A type that a field can hold.
pub trait FieldValue: Sized {
    /// As the log and the table keep it.
    fn to_value(&self) -> Value;
    /// From what the table holds; `None` where that is missing or of another shape.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FieldValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FieldValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Real(number) => Some(*number),
            #[allow(clippy::cast_precision_loss, reason = "counts on a ward stay far below 2^53")]
            Value::Int(number) => Some(*number as f64),
            _ => None,
        }
    }
}

impl FieldValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(*number) } else { None }
    }
}

impl FieldValue for bool {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(*self))
    }
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Int(number) = value { Some(*number != 0) } else { None }
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
    fn from_value(value: &Value) -> Option<Self> {
        Some(T::from_value(value))
    }
}

/// Implements [`FieldValue`] for a type that is written as text and read back by a function.
#[macro_export]
macro_rules! text_field {
    ($type:ty, $write:expr, $read:expr) => {
        impl $crate::domain::record::FieldValue for $type {
            fn to_value(&self) -> $crate::domain::record::Value {
                #[allow(clippy::redundant_closure_call)]
                $crate::domain::record::Value::Text(($write)(self))
            }
            fn from_value(value: &$crate::domain::record::Value) -> Option<Self> {
                #[allow(clippy::redundant_closure_call)]
                if let $crate::domain::record::Value::Text(text) = value { ($read)(text.as_str()) } else { None }
            }
        }
    };
}

text_field!(NaiveDate, |day: &NaiveDate| day.format("%Y-%m-%d").to_string(), |text: &str| text.parse().ok());
text_field!(NaiveTime, |time: &NaiveTime| time.format("%H:%M").to_string(), |text: &str| {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
});
text_field!(NaiveDateTime, |wall: &NaiveDateTime| wall.format("%Y-%m-%dT%H:%M").to_string(), |text: &str| {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok()
});
text_field!(
    DateTime<Utc>,
    |instant: &DateTime<Utc>| instant.to_rfc3339_opts(SecondsFormat::Millis, true),
    |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.with_timezone(&Utc))
);

/// A list or table that one field holds whole.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned> FieldValue for Json<T> {
    fn to_value(&self) -> Value {
        serde_json::to_string(&self.0).map_or(Value::Null, Value::Text)
    }
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { serde_json::from_str(text).ok().map(Self) } else { None }
    }
}

/// A record that has a table: how to take it apart into fields and to put it together again.
pub trait Record: Sized {
    /// Its kind.
    const KIND: Kind;
    /// Its id.
    fn key(&self) -> Uuid;
    /// The team that it belongs to.
    fn team(&self) -> TeamId;
    /// Its fields' values, in the order of [`Kind::fields`].
    fn values(&self) -> Vec<(&'static str, Value)>;
    /// The record from its table's row; a field that is missing or of another shape gets its default.
    /// `values` are in the order of [`Kind::fields`]; `revision` counts the changes that this file
    /// has applied to it.
    fn assemble(id: Uuid, team: TeamId, revision: i64, values: &[Value]) -> Self;
}

/// Defines a record: the struct, its field list, and [`Record`].
#[macro_export]
macro_rules! record {
    ($(#[$doc:meta])* $name:ident, $id:ident, $kind:expr, {
        $($(#[$field_doc:meta])* $field:ident : $type:ty = $shape:expr),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// Its id.
            pub id: $id,
            /// The team that it belongs to.
            pub team: $crate::domain::TeamId,
            /// How many changes this file has applied to it: the version that a form was opened on.
            pub revision: i64,
            $($(#[$field_doc])* pub $field: $type,)*
        }

        impl $name {
            /// Its fields, in the order of its table's columns.
            pub const FIELDS: &'static [$crate::domain::record::Field] = &[
                $($crate::domain::record::Field { name: stringify!($field), shape: $shape },)*
            ];

            /// An empty record with this id.
            pub fn blank(id: $id, team: $crate::domain::TeamId) -> Self {
                Self { id, team, revision: 0, $($field: Default::default(),)* }
            }
        }

        impl $crate::domain::record::Record for $name {
            const KIND: $crate::domain::record::Kind = $kind;
            fn key(&self) -> uuid::Uuid {
                self.id.0
            }
            fn team(&self) -> $crate::domain::TeamId {
                self.team
            }
            fn values(&self) -> Vec<(&'static str, $crate::domain::record::Value)> {
                use $crate::domain::record::FieldValue;
                vec![$((stringify!($field), FieldValue::to_value(&self.$field)),)*]
            }
            fn assemble(
                id: uuid::Uuid,
                team: $crate::domain::TeamId,
                revision: i64,
                values: &[$crate::domain::record::Value],
            ) -> Self {
                use $crate::domain::record::FieldValue;
                let mut values = values.iter();
                Self {
                    id: $id(id),
                    team,
                    revision,
                    $($field: values.next().and_then(<$type as FieldValue>::from_value).unwrap_or_default(),)*
                }
            }
        }
    };
}

/// Defines an enum of the field's words with its codes: `parse`, `code`, `ALL` and [`FieldValue`].
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident {
        $(#[$first_doc:meta])* $first:ident = $first_code:literal
        $(, $(#[$variant_doc:meta])* $variant:ident = $code:literal)* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $(#[$first_doc])* #[default] #[serde(rename = $first_code)] $first,
            $($(#[$variant_doc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every one of them; the first is the default.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant,)*];

            /// The word that files and the command line use.
            pub fn code(self) -> &'static str {
                match self { Self::$first => $first_code, $(Self::$variant => $code,)* }
            }

            /// The one of this code.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }

        $crate::text_field!($name, |one: &$name| one.code().to_owned(), $name::parse);
    };
}

/// Implements [`FieldValue`] for an id newtype: its UUID as text.
macro_rules! reference_field {
    ($($id:ident),*) => {$(
        $crate::text_field!(super::$id, |id: &super::$id| id.0.to_string(), |text: &str| Uuid::parse_str(text).ok().map(super::$id));
        impl Default for super::$id {
            fn default() -> Self {
                Self(Uuid::nil())
            }
        }
    )*};
}

reference_field!(
    TeamId,
    MeasureId,
    ProcessId,
    PeriodId,
    CompletionId,
    ProjectId,
    CycleId,
    ObservationId,
    AnnotationId,
    PhaseId,
    CrossDayId,
    HuddleId,
    PromiseId
);
