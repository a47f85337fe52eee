//! An edit: what one action sets in one record. The only thing that the store takes.
//!
//! An [`Edit`] says what somebody wants; committing it makes a change of the log out of it, with
//! id, stamp and author. Every text passes [`validate`] on its way, and nothing else.

use uuid::Uuid;

use super::guard::{self, Concern};
use super::measure::{Amount, MeasureKind, check_amount};
use super::point::PointKey;
use super::record::{DELETED, Field, FieldValue, Kind, Record, Shape, Value};
use super::{MeasureId, TeamId};
use crate::base::error::{Failure, Outcome};
use crate::base::text;

/// Which record an edit is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKey {
    /// A record with an id.
    Id(Uuid),
    /// A data point.
    Point(PointKey),
}

impl RecordKey {
    /// As the log names it.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Id(id) => id.as_bytes().to_vec(),
            Self::Point(key) => key.bytes(),
        }
    }

    /// The key of a record of this kind that the log's bytes name.
    pub fn parse(kind: Kind, bytes: &[u8]) -> Option<Self> {
        if kind == Kind::Point {
            return PointKey::parse(bytes).map(Self::Point);
        }
        Uuid::from_slice(bytes).ok().map(Self::Id)
    }
}

/// Which version of the record the person had in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Expect {
    /// It does not matter: the program made the edit, or it cannot overwrite anything.
    #[default]
    Anything,
    /// There was no such record, or it was deleted.
    Absent,
    /// Whoever made the edit has not seen what stands there: where the two differ, both are kept, as a
    /// conflict.
    Unseen,
    /// The record's `revision` as it was read.
    Revision(i64),
}

/// What one action sets in one record.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The team that the record belongs to.
    pub team: TeamId,
    /// The kind of record.
    pub kind: Kind,
    /// The record.
    pub record: RecordKey,
    /// Whether it makes the record: then it names all the fields.
    pub creates: bool,
    /// The fields that it sets, and to what.
    pub fields: Vec<(&'static str, Value)>,
    /// What must still be so for it to be written.
    pub expect: Expect,
}

impl Edit {
    /// Makes a record with all its fields.
    pub fn create<R: Record>(record: &R) -> Self {
        Self {
            team: record.team(),
            kind: R::KIND,
            record: RecordKey::Id(record.key()),
            creates: true,
            fields: record.values(),
            expect: Expect::Anything,
        }
    }

    /// An edit of a record that sets nothing yet.
    pub fn of<R: Record>(record: &R) -> Self {
        Self {
            team: record.team(),
            kind: R::KIND,
            record: RecordKey::Id(record.key()),
            creates: false,
            fields: Vec::new(),
            expect: Expect::Anything,
        }
    }

    /// Sets the fields in which `after` differs from `before`; `None` where nothing does.
    /// Refused at commit where the record has changed since `before` was read.
    pub fn between<R: Record>(before: &R, after: &R, revision: i64) -> Option<Self> {
        let old = before.values();
        let fields: Vec<_> = after.values().into_iter().filter(|field| !old.contains(field)).collect();
        let edit = Self { fields, expect: Expect::Revision(revision), ..Self::of(after) };
        (!edit.fields.is_empty()).then_some(edit)
    }

    /// Puts a data point into its place: all its fields, whether there was one or not.
    pub fn put_point(team: TeamId, key: PointKey, amount: Amount, note: &str) -> Self {
        Self {
            team,
            kind: Kind::Point,
            record: RecordKey::Point(key),
            creates: true,
            fields: vec![
                ("value", Value::Real(amount.value)),
                ("denominator", amount.denominator.map_or(Value::Null, Value::Real)),
                ("note", Value::Text(note.to_owned())),
                ("ghost", Value::Null),
            ],
            expect: Expect::Anything,
        }
    }

    /// An edit of a data point that sets nothing yet.
    pub fn of_point(team: TeamId, key: PointKey) -> Self {
        Self {
            team,
            kind: Kind::Point,
            record: RecordKey::Point(key),
            creates: false,
            fields: Vec::new(),
            expect: Expect::Anything,
        }
    }

    /// Sets one more field. A name that the kind does not have is refused at commit.
    #[must_use]
    pub fn with<T: FieldValue>(mut self, name: &'static str, value: &T) -> Self {
        self.fields.push((name, value.to_value()));
        self
    }

    /// The names of the fields that it sets.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.fields.iter().map(|(name, _)| *name)
    }

    /// Deletes the record: a field like any other, which undo sets back.
    #[must_use]
    pub fn deleting(self) -> Self {
        self.with(DELETED.name, &true)
    }

    /// Is written only where `expect` still holds.
    #[must_use]
    pub fn expecting(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }
}

/// Cleans an edit's texts and holds it to the rules of its kind: the one place that every text
/// passes before it is committed. Adds what looks like a patient's detail, but may be none, to
/// `warnings`.
///
/// # Errors
/// A sentence with the field's name as its place: an unknown field, a text too long, a number that
/// is not finite, a day out of reason, a patient identifier.
pub fn validate(edit: &mut Edit, warnings: &mut Vec<Concern>) -> Outcome<()> {
    let kind = edit.kind;
    for (name, value) in &mut edit.fields {
        let field =
            kind.field(name).ok_or_else(|| Failure::refused(format!("A {} has no field “{name}”.", kind.code())))?;
        check_field(field, value, warnings).map_err(|failure| match failure.place {
            Some(_) => failure,
            None => failure.at(field.name.to_owned()),
        })?;
    }
    if let RecordKey::Point(key) = &mut edit.record {
        key.stratum = text::clean_line(&key.stratum);
        check_day(key.start.date()).map_err(|failure| failure.at("date"))?;
        check_text(&key.stratum, warnings).map_err(|failure| failure.at("stratum"))?;
    }
    if edit.creates {
        require_name(edit)?;
    }
    Ok(())
}

/// Holds the number of a data point to its measure's kind.
///
/// # Errors
/// As [`check_amount`].
pub fn check_point(kind: MeasureKind, edit: &Edit) -> Outcome<()> {
    let number =
        |name| edit.fields.iter().find(|(field, _)| *field == name).and_then(|(_, value)| f64::from_value(value));
    let Some(value) = number("value") else { return Ok(()) };
    check_amount(kind, Amount { value, denominator: number("denominator") }).map(|_| ())
}

/// The measure that a data point belongs to.
pub fn measure_of(edit: &Edit) -> Option<MeasureId> {
    if let RecordKey::Point(key) = &edit.record { Some(key.measure) } else { None }
}

fn require_name(edit: &Edit) -> Outcome<()> {
    let needed: &[&str] = match edit.kind {
        Kind::Team | Kind::Measure | Kind::Process | Kind::Project => &["name"],
        Kind::Cycle => &["title"],
        Kind::Annotation | Kind::Observation => &["text"],
        Kind::Phase => &["reason"],
        Kind::Promise => &["what"],
        Kind::Huddle => &["agenda"],
        Kind::Point | Kind::Period | Kind::Completion | Kind::CrossDay => &[],
    };
    for name in needed {
        let value = edit.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value);
        if !matches!(value, Some(Value::Text(text)) if !text.is_empty()) {
            let words =
                if *name == "reason" { "A re-based chart needs its reason." } else { "This cannot stay empty." };
            return Err(Failure::refused(words).at(*name).hint("Type a few words."));
        }
    }
    Ok(())
}

fn check_field(field: Field, value: &mut Value, warnings: &mut Vec<Concern>) -> Outcome<()> {
    match (field.shape, value) {
        (_, Value::Null) | (Shape::Whole | Shape::Number, Value::Int(_)) => Ok(()),
        (Shape::Flag, Value::Int(flag)) if *flag == 0 || *flag == 1 => Ok(()),
        (Shape::Number, Value::Real(number)) if number.is_finite() => Ok(()),
        (Shape::Line(most), Value::Text(line)) => {
            *line = text::clean_line(line);
            check_length(line, most)?;
            check_text(line, warnings)
        }
        (Shape::Lines(most), Value::Text(lines)) => {
            *lines = text::clean_lines(lines);
            check_length(lines, most)?;
            check_text(lines, warnings)
        }
        (Shape::Json(most), Value::Text(json)) => check_json(json, most, warnings),
        (Shape::Code | Shape::Reference, Value::Text(code)) => {
            *code = text::clean_line(code);
            check_length(code, 80)
        }
        (Shape::Time, Value::Text(time)) => check_time(time),
        _ => Err(Failure::refused("This is not a value that the field can hold.").hint("Type it again.")),
    }
}

/// A value that came from elsewhere as this field can hold it: texts without what could steer a
/// terminal, and nothing where the value is of another shape. What [`validate`] let through it leaves
/// as it is; it says nothing of lengths and identifiers, and the log keeps the value as it came.
pub fn tame(field: Field, value: Value) -> Value {
    match (field.shape, value) {
        (Shape::Number, Value::Real(number)) if number.is_finite() => Value::Real(number),
        (Shape::Number | Shape::Whole | Shape::Flag, Value::Int(number)) => Value::Int(number),
        (Shape::Lines(_), Value::Text(lines)) => Value::Text(text::clean_lines(&lines)),
        (Shape::Json(_), Value::Text(json)) => {
            // Without an escape or a control character there is nothing in it to be cleaned.
            if !json.contains(|letter: char| letter == '\\' || text::is_unsafe(letter)) {
                return Value::Text(json);
            }
            let parsed = serde_json::from_str(&json).map(tame_json);
            parsed.map_or(Value::Null, |parsed: serde_json::Value| Value::Text(parsed.to_string()))
        }
        (Shape::Line(_) | Shape::Code | Shape::Reference | Shape::Time, Value::Text(line)) => {
            Value::Text(text::clean_line(&line))
        }
        _ => Value::Null,
    }
}

fn tame_json(json: serde_json::Value) -> serde_json::Value {
    match json {
        serde_json::Value::String(lines) => text::clean_lines(&lines).into(),
        serde_json::Value::Array(items) => items.into_iter().map(tame_json).collect(),
        serde_json::Value::Object(entries) => {
            serde_json::Value::Object(entries.into_iter().map(|(key, value)| (key, tame_json(value))).collect())
        }
        other => other,
    }
}

fn check_length(line: &str, most: usize) -> Outcome<()> {
    let length = line.chars().count();
    if length > most {
        return Err(Failure::refused(format!("This is {length} characters long; there is room for {most}."))
            .hint("Say it in fewer words."));
    }
    Ok(())
}

fn check_text(line: &str, warnings: &mut Vec<Concern>) -> Outcome<()> {
    let concerns = guard::scan(line);
    if let Some(concern) = concerns.iter().find(|concern| concern.blocks()) {
        return Err(Failure::refused(concern.words()).hint("Take it out: this board holds counts, never patients."));
    }
    warnings.extend(concerns);
    Ok(())
}

fn check_json(json: &mut String, most: usize, warnings: &mut Vec<Concern>) -> Outcome<()> {
    let mut parsed: serde_json::Value =
        serde_json::from_str(json).map_err(|_| Failure::refused("This list cannot be read.").hint("Type it again."))?;
    clean_json(&mut parsed, warnings)?;
    *json = parsed.to_string();
    check_length(json, most)
}

fn clean_json(json: &mut serde_json::Value, warnings: &mut Vec<Concern>) -> Outcome<()> {
    match json {
        serde_json::Value::String(line) => {
            *line = text::clean_lines(line);
            check_text(line, warnings)
        }
        serde_json::Value::Array(items) => items.iter_mut().try_for_each(|item| clean_json(item, warnings)),
        serde_json::Value::Object(entries) => {
            for (key, value) in entries.iter_mut() {
                check_text(key, warnings)?;
                clean_json(value, warnings)?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn check_time(time: &mut String) -> Outcome<()> {
    *time = text::clean_line(time);
    let as_value = Value::Text(time.clone());
    if let Some(day) = chrono::NaiveDate::from_value(&as_value) {
        return check_day(day);
    }
    let known = chrono::NaiveTime::from_value(&as_value).is_some()
        || chrono::NaiveDateTime::from_value(&as_value).is_some()
        || chrono::DateTime::<chrono::Utc>::from_value(&as_value).is_some();
    if known { Ok(()) } else { Err(Failure::refused("This is not a day or a time.").hint("Type it as 2026-11-20.")) }
}

fn check_day(day: chrono::NaiveDate) -> Outcome<()> {
    use chrono::Datelike;
    if (1900..=2200).contains(&day.year()) {
        return Ok(());
    }
    Err(Failure::refused(format!("The year {} is out of reason.", day.year())).hint("Type the day as 2026-11-20."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::AnnotationId;
    use crate::domain::annotation::Annotation;

    fn annotation(words: &str) -> Edit {
        let mut annotation = Annotation::blank(AnnotationId::fresh(), TeamId::default());
        annotation.text = words.into();
        Edit::create(&annotation)
    }

    #[test]
    fn a_texts_control_characters_are_gone_before_it_is_committed() {
        let mut edit = annotation("new\u{1b}[31m rota\n");
        validate(&mut edit, &mut Vec::new()).unwrap();
        assert_eq!(edit.fields.last().unwrap().1, Value::Text("new[31m rota".into()));
    }

    #[test]
    fn an_nhs_number_in_any_text_is_refused_with_its_field() {
        // A number that may have been issued stands in no file of ours: it is put together here.
        let mut edit = annotation(&format!("see {:03} {:03} {:04}", 401, 23, 2137));
        let failure = validate(&mut edit, &mut Vec::new()).unwrap_err();
        assert_eq!(failure.place.as_deref(), Some("text"));
    }

    #[test]
    fn an_unknown_field_and_a_missing_name_are_refused() {
        let mut edit = annotation("x").with("colour", &String::from("red"));
        assert!(validate(&mut edit, &mut Vec::new()).is_err());
        assert!(validate(&mut annotation(" "), &mut Vec::new()).is_err());
    }
}
