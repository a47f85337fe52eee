//! One line of the log on its way into its table.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use rusqlite::Statement;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

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

/// What a line of the log sets, by the names that it has there, known to this version or not.
pub(super) type Fields<'a> = Vec<(Cow<'a, str>, Value)>;

/// Reads what [`write_json`] or another version wrote; nothing where it is no JSON object. Of two entries
/// of one name the later counts.
pub(super) fn read_json(json: &str) -> Option<Fields<'_>> {
    serde_json::from_str::<Entries<'_>>(json).ok().map(|Entries(fields)| fields)
}

/// From this many names on they are looked up, and not looked through.
const MANY_NAMES: usize = 40;

/// The entries of a JSON object, without the tree that a general reader makes of them first: a board that
/// joins reads a million of these.
struct Entries<'a>(Fields<'a>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Entries<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
                let mut fields: Fields<'de> = Vec::new();
                // A stranger's line may have very many names.
                let mut places: HashMap<Cow<'de, str>, usize> = HashMap::new();
                while let Some((Name(name), Entry(value))) = entries.next_entry()? {
                    let place = if places.is_empty() {
                        fields.iter().position(|(other, _)| *other == name)
                    } else {
                        places.get(&name).copied()
                    };
                    match place.and_then(|place| fields.get_mut(place)) {
                        Some((_, before)) => *before = value,
                        None => fields.push((name, value)),
                    }
                    if fields.len() == MANY_NAMES && places.is_empty() {
                        places = fields.iter().map(|(name, _)| name.clone()).zip(0..).collect();
                    } else if fields.len() > places.len() && fields.len() > MANY_NAMES {
                        places.extend(fields.last().map(|(name, _)| (name.clone(), fields.len() - 1)));
                    }
                }
                Ok(Entries(fields))
            }
        }
        reader.deserialize_map(Object)
    }
}

/// A name, which mostly needs no memory of its own.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// One value of an entry, as [`Value::from_json`] has it.
struct Entry(Value);

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Value;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
                Ok(Value::Int(flag.into()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Int(number))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::from_json(&number.into()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Real(number))
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Value, A::Error> {
                serde_json::Value::deserialize(SeqAccessDeserializer::new(items)).map(|json| Value::from_json(&json))
            }
            fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Value, A::Error> {
                serde_json::Value::deserialize(MapAccessDeserializer::new(entries)).map(|json| Value::from_json(&json))
            }
        }
        reader.deserialize_any(Any).map(Entry)
    }
}

/// The name under which a change says that it has seen a whole record: what made it, and every field
/// that it does not name.
pub(super) const WHOLE: &str = "*";

/// The stamps that a change replaced, by field; nothing where it replaced none. A field that it
/// brings several values of together has them all, in a list.
pub(super) fn seen_json(replaced: &[(&str, Stamp)]) -> Option<String> {
    let mut seen = serde_json::Map::new();
    for (name, stamp) in replaced {
        let stamp = serde_json::Value::from(stamp.text());
        match seen.get_mut(*name) {
            None => {
                seen.insert((*name).to_owned(), stamp);
            }
            Some(serde_json::Value::Array(stamps)) => stamps.push(stamp),
            Some(one) => *one = vec![one.take(), stamp].into(),
        }
    }
    (!seen.is_empty()).then(|| serde_json::Value::Object(seen).to_string())
}

/// What a change of the log says that it replaced; of a stranger's, what can be read.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Seen(Vec<(String, Stamp)>);

impl Seen {
    pub(super) fn parse(json: Option<&str>) -> Self {
        let Some(Ok(serde_json::Value::Object(fields))) = json.map(serde_json::from_str) else {
            return Self::default();
        };
        let stamps = |name: String, value: serde_json::Value| {
            let texts = if let serde_json::Value::Array(texts) = value { texts } else { vec![value] };
            let stamps: Vec<_> = texts.iter().filter_map(|text| Stamp::parse(text.as_str()?)).collect();
            stamps.into_iter().map(move |stamp| (name.clone(), stamp))
        };
        Self(fields.into_iter().flat_map(|(name, value)| stamps(name, value)).collect())
    }

    /// The values of a field that were seen.
    pub(super) fn of(&self, field: &str) -> impl Iterator<Item = Stamp> {
        let name = if self.0.iter().any(|(name, _)| name == field) { field } else { WHOLE };
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, stamp)| *stamp)
    }

    /// Whether the whole record was seen.
    pub(super) fn knows_all(&self) -> bool {
        self.0.iter().any(|(name, _)| name == WHOLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::ReplicaId;

    #[test]
    fn what_a_change_has_seen_is_read_as_it_was_written() {
        let stamp = |wall| Stamp { wall, counter: 7, replica: ReplicaId::fresh() };
        let (one, two, three) = (stamp(1), stamp(2), stamp(-3));
        let json = seen_json(&[("name", one), (WHOLE, two), ("name", three)]);
        let seen = Seen::parse(json.as_deref());
        assert_eq!(seen.of("name").collect::<Vec<_>>(), [one, three]);
        assert_eq!(seen.of("owner").collect::<Vec<_>>(), [two]);
        assert!(seen.knows_all());
        assert_eq!(seen_json(&[]), None);
    }

    #[test]
    fn what_a_stranger_says_to_have_seen_is_read_as_far_as_it_can_be() {
        let id = "00000000000000000000000000000001";
        for json in ["[]", "7", "{", r#"{"name":null}"#, r#"{"name":[["x"],7,"1.2","1.2.3.4","1.x.y"]}"#] {
            assert_eq!(Seen::parse(Some(json)), Seen::default(), "{json}");
        }
        let some = format!(r#"{{"name":["nonsense","5.0.{id}"]}}"#);
        assert_eq!(Seen::parse(Some(&some)).of("name").count(), 1);
    }

    #[test]
    fn what_a_line_sets_is_read_as_a_general_reader_would_read_it() {
        for json in [
            "{}",
            r#" {"value":3.5,"note":"a \"b\" \u00e9","ghost":null} "#,
            r#"{"value":-0.0,"n":9223372036854775807,"big":18446744073709551615,"e":1e300,"flag":true}"#,
            r#"{"list":[1,{"a":[null]}],"object":{"b":1,"a":"\n"},"\u0061":"name with an escape"}"#,
            r#"{"value":1,"note":"x","value":2}"#,
        ] {
            let general: serde_json::Value = serde_json::from_str(json).unwrap();
            let expected: Vec<_> = general.as_object().unwrap().iter().collect();
            let read = read_json(json).unwrap();
            assert_eq!(read.len(), expected.len(), "{json}");
            for ((name, value), (expected_name, expected)) in read.iter().zip(expected) {
                assert_eq!((name.as_ref(), value), (expected_name.as_str(), &Value::from_json(expected)), "{json}");
            }
        }
        let names = |count: usize| (0..count).map(|n| format!("\"n{}\":{n}", n % 70)).collect::<Vec<_>>().join(",");
        for count in [39, 40, 41, 70, 100] {
            let json = format!("{{{}}}", names(count));
            let general: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&json).unwrap();
            let read = read_json(&json).unwrap();
            let said: Vec<_> = read.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            let expected: Vec<_> = general.iter().map(|(name, json)| (name.clone(), Value::from_json(json))).collect();
            assert_eq!(said, expected, "{count}");
        }
        for json in ["", "[]", "7", "null", "{", r#"{"a":1}x"#, r#"{"a":1e999}"#] {
            let general: Option<serde_json::Value> =
                serde_json::from_str(json).ok().filter(serde_json::Value::is_object);
            assert_eq!(read_json(json).is_some(), general.is_some(), "{json}");
        }
    }

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
