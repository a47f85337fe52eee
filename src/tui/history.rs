//! The history of a record as lines to read: who changed what, and when, latest first.

use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::change::RecordKey;
use crate::domain::record::{FieldValue, Kind, Value};
use crate::store::{LogEntry, LogQuery, Store};

/// The history of a record, with that of what belongs to it.
pub(crate) fn lines(store: &Store, kind: Kind, record: &RecordKey, model: &Model) -> Outcome<Vec<String>> {
    let lines: Vec<String> =
        changes(store, kind, record, model)?.iter().flat_map(|entry| lines_of(entry, model)).collect();
    Ok(if lines.is_empty() { vec!["Nobody has written anything here.".to_owned()] } else { lines })
}

/// The changes of a record, latest first; those of a measure's values with the measure's own, and
/// a process's counts and decisions with the process's.
fn changes(store: &Store, kind: Kind, record: &RecordKey, model: &Model) -> Outcome<Vec<LogEntry>> {
    let mut entries = store.history(kind, record)?;
    let RecordKey::Id(id) = record else {
        entries.reverse();
        return Ok(entries);
    };
    let parts: &[Kind] = match kind {
        Kind::Measure => &[Kind::Point, Kind::Annotation, Kind::Phase],
        Kind::Process => &[Kind::Completion, Kind::Period],
        _ => &[],
    };
    for part in parts {
        let query =
            LogQuery { team: Some(model.team.id), kind: Some(*part), limit: LOOKED_THROUGH, ..LogQuery::default() };
        let found = store.log(&query)?;
        entries.extend(found.into_iter().filter(|entry| is_part_of(entry, *id)).take(SHOWN_OF_EACH));
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.sequence)));
    Ok(entries)
}

/// So far back the log is looked through for the values of one measure, or the ticks of one process.
const LOOKED_THROUGH: usize = 2_000;
/// So many of each kind are shown.
const SHOWN_OF_EACH: usize = 60;

/// Whether a change is about a part of this measure or process.
fn is_part_of(entry: &LogEntry, owner: uuid::Uuid) -> bool {
    if let Some(RecordKey::Point(key)) = &entry.record {
        return key.measure.0 == owner;
    }
    let names_it = |(name, value): &(String, Value)| {
        matches!(name.as_str(), "measure" | "process") && *value == Value::Text(owner.to_string())
    };
    entry.fields.iter().any(names_it)
}

fn lines_of(entry: &LogEntry, model: &Model) -> Vec<String> {
    let when = model.zone().wall(entry.at).format("%-d %b %Y %H:%M");
    let who = entry.actor.as_deref().unwrap_or("somebody");
    let mut lines = vec![format!("{when}  {who}  {}", entry.words)];
    // What makes a record names all its fields: the action's words say enough, but for a note.
    let told = entry.fields.iter().filter(|(name, value)| {
        !is_empty(value) && !is_reference(value) && (!entry.creates || matches!(name.as_str(), "note" | "reason"))
    });
    lines.extend(told.map(|(name, value)| format!("      {}: {}", name.replace('_', " "), shown(value))));
    lines
}

/// Whether a value only points at another record, or is a list for the program alone.
fn is_reference(value: &Value) -> bool {
    matches!(value, Value::Text(text) if uuid::Uuid::parse_str(text).is_ok() || text.starts_with(['[', '{']))
}

fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Null)
        || *value == Value::Text(String::new())
        || String::from_value(value).is_some_and(|text| text == "[]")
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Real(number) => text::number(*number, 4),
        Value::Text(text) => text::clean_line(text),
    }
}
