//! One line of the log on its way into its table.

use rusqlite::Statement;

use super::clock::Stamp;
use super::failure::internal;
use super::schema;
use super::table::At;
use crate::base::error::Outcome;
use crate::domain::record::{Kind, Value};

/// What becomes one row of the log.
pub(super) struct Line<'a> {
    pub(super) at: At,
    /// The first sequence number of its action.
    pub(super) action: i64,
    pub(super) stamp: Stamp,
    /// The team's handle.
    pub(super) team: i64,
    pub(super) kind: Kind,
    pub(super) record: &'a [u8],
    pub(super) creates: bool,
    pub(super) fields: &'a [(&'static str, Value)],
    pub(super) seen: Option<String>,
    pub(super) indexed: bool,
}

/// The statement that appends a line.
pub(super) const INSERT: &str = "INSERT INTO changes(origin, seq, action, wall, counter, team, kind, record, creates, fields, seen, indexed, schema)
     VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

impl Line<'_> {
    /// Appends it by way of [`INSERT`]; `json` is a buffer to write in.
    pub(super) fn append(&self, statement: &mut Statement<'_>, json: &mut Vec<u8>) -> Outcome<()> {
        write_json(json, self.creates, self.fields)?;
        let text = std::str::from_utf8(json).map_err(|_| internal("A change is no text."))?;
        statement.raw_bind_parameter(1, self.at.origin)?;
        statement.raw_bind_parameter(2, self.at.seq)?;
        statement.raw_bind_parameter(3, self.action)?;
        statement.raw_bind_parameter(4, self.stamp.wall)?;
        statement.raw_bind_parameter(5, self.stamp.counter)?;
        statement.raw_bind_parameter(6, self.team)?;
        statement.raw_bind_parameter(7, self.kind.code())?;
        statement.raw_bind_parameter(8, self.record)?;
        statement.raw_bind_parameter(9, self.creates)?;
        statement.raw_bind_parameter(10, text)?;
        statement.raw_bind_parameter(11, self.seen.as_deref())?;
        statement.raw_bind_parameter(12, self.indexed)?;
        statement.raw_bind_parameter(13, schema::CURRENT)?;
        statement.raw_execute()?;
        Ok(())
    }
}

/// The fields as the log keeps them; what a creating change sets to nothing is left out, because such
/// a change sets every field, and a million imported points are a third smaller for it.
pub(super) fn write_json(out: &mut Vec<u8>, creates: bool, fields: &[(&'static str, Value)]) -> Outcome<()> {
    let failed = |_| internal("A change cannot be written as text.");
    out.clear();
    out.push(b'{');
    for (name, value) in fields.iter().filter(|(_, value)| !(creates && *value == Value::Null)) {
        if out.len() > 1 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, name).map_err(failed)?;
        out.push(b':');
        match value {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Int(number) => serde_json::to_writer(&mut *out, number).map_err(failed)?,
            Value::Real(number) => serde_json::to_writer(&mut *out, number).map_err(failed)?,
            Value::Text(text) => serde_json::to_writer(&mut *out, text).map_err(failed)?,
        }
    }
    out.push(b'}');
    Ok(())
}

/// The stamps that a change replaced, by field; nothing where it replaced none.
pub(super) fn seen_json(replaced: &[(&str, Stamp)]) -> Option<String> {
    let seen: serde_json::Map<_, _> =
        replaced.iter().map(|(name, stamp)| ((*name).to_owned(), stamp.text().into())).collect();
    (!seen.is_empty()).then(|| serde_json::Value::Object(seen).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_written_as_serde_json_would_and_numbers_keep_every_bit() {
        for number in [3.0, 0.1, -2.5, 1e-7, 1.0 / 3.0, 9.007_199_254_740_993e15, 1e300, f64::MIN_POSITIVE] {
            let mut out = Vec::new();
            write_json(&mut out, false, &[("value", Value::Real(number)), ("note", Value::Text("a \"b\"\n".into()))])
                .unwrap();
            let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(read.to_string().as_bytes(), out);
            assert_eq!(read["value"].as_f64().map(f64::to_bits), Some(number.to_bits()));
        }
    }
}
