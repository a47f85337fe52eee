//! Fields and their values in words, as a person is told of them who must choose between two.

use uuid::Uuid;

use super::record::{DELETED, Field, FieldValue, Kind, Shape, Value};
use crate::base::text;
use crate::base::zone::Zone;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// Whose clock times are told by, and what records are called.
pub struct Telling<'a> {
    /// The team's time zone.
    pub zone: Zone,
    /// The name of the record of this id, where it has one.
    pub name_of: &'a dyn Fn(Uuid) -> Option<String>,
}

/// What people call a field.
pub fn label(kind: Kind, name: &str) -> String {
    let words = match (kind, name) {
        (Kind::Point, "ghost") => "why it is left out",
        (Kind::Point, "value") => "value",
        (Kind::Team, "columns") => "columns of the board",
        (Kind::Team, "role") => "who edits are by",
        (Kind::Team, "became") => "what it became",
        (Kind::Team, "past_shifts") => "the shifts before",
        (Kind::Team, "holidays") => "bank holidays",
        (Kind::Measure, "alias") => "letter",
        (Kind::Measure, "kind") => "what a value is",
        (Kind::Measure, "better") => "which way is better",
        (Kind::Measure, "frequency") => "how often it is measured",
        (Kind::Measure, "source") => "the process that feeds it",
        (Kind::Process, "schedule") => "how much is required",
        (Kind::Process, "until") => "to be done by",
        (Kind::Process, "layout") => "by shift or by hour",
        (Kind::Process, "flow") => "what it counts",
        (Kind::Process, "carry") => "whether what is left is carried over",
        (Kind::Process, "measure") => "the measure that it feeds",
        (Kind::Project, "by") => "by when",
        (Kind::Project | Kind::Cycle, "rationale") => "why",
        (Kind::Cycle, "questions") => "questions and predictions",
        (Kind::Cycle, "differs") => "what differs",
        (Kind::Cycle, "locked") => "when the predictions were locked",
        (Kind::Cycle, "as_planned") => "went as planned",
        (Kind::Cycle, "matched") => "went as predicted",
        (Kind::Cycle, "learning") => "what was learned",
        (Kind::Cycle, "next") => "what is next",
        _ => return name.replace('_', " "),
    };
    words.to_owned()
}

impl Kind {
    /// So many of them, as a person says it: "12 values".
    pub fn counted(self, count: i64) -> String {
        let (one, many) = match self {
            Self::Team => ("team", "teams"),
            Self::Measure => ("measure", "measures"),
            Self::Point => ("value", "values"),
            Self::Process => ("process", "processes"),
            Self::Period => ("decision on a period", "decisions on periods"),
            Self::Completion => ("count of work", "counts of work"),
            Self::Project => ("project", "projects"),
            Self::Cycle => ("cycle", "cycles"),
            Self::Observation => ("observation", "observations"),
            Self::Annotation => ("note on its chart", "notes on its chart"),
            Self::Phase => ("phase of its chart", "phases of its chart"),
            Self::CrossDay => ("day of its cross", "days of its cross"),
            Self::Huddle => ("huddle", "huddles"),
            Self::Promise => ("action", "actions"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

impl Telling<'_> {
    /// What stands in a field; of several lines where it has them.
    pub fn value(&self, field: Field, value: &Value) -> String {
        let words = match (field.shape, value) {
            (_, Value::Null) => String::new(),
            (Shape::Flag, Value::Int(flag)) => yes_or_no(*flag != 0).to_owned(),
            (_, Value::Int(number)) => number.to_string(),
            (_, Value::Real(number)) => text::number(*number, 4),
            (Shape::Time, value) => self.time(value),
            (Shape::Reference, Value::Text(id)) => self.reference(id).unwrap_or_else(|| "another record".to_owned()),
            (Shape::Json(_), Value::Text(json)) => {
                serde_json::from_str(json).map_or_else(|_| text::clean_line(json), |json| self.json(&json))
            }
            (_, Value::Text(lines)) => text::clean_lines(lines),
        };
        if words.is_empty() { "nothing".to_owned() } else { words }
    }

    fn time(&self, value: &Value) -> String {
        if let Some(day) = NaiveDate::from_value(value) {
            return day.format("%a %-d %b %Y").to_string();
        }
        if let Some(time) = NaiveTime::from_value(value) {
            return time.format("%H:%M").to_string();
        }
        let instant = || DateTime::<Utc>::from_value(value).map(|instant| self.zone.wall(instant));
        let wall = NaiveDateTime::from_value(value).or_else(instant);
        match (wall, value) {
            (Some(wall), _) => wall.format("%a %-d %b %Y %H:%M").to_string(),
            (None, Value::Text(text)) => text::clean_line(text),
            (None, _) => String::new(),
        }
    }

    fn reference(&self, id: &str) -> Option<String> {
        Uuid::parse_str(id).ok().and_then(|id| (self.name_of)(id))
    }

    fn json(&self, json: &serde_json::Value) -> String {
        use serde_json::Value as Json;
        match json {
            Json::Null => String::new(),
            Json::Bool(flag) => yes_or_no(*flag).to_owned(),
            Json::Number(number) => number.to_string(),
            Json::String(line) => self.reference(line).unwrap_or_else(|| text::clean_line(line)),
            Json::Array(items) => {
                let between = if items.iter().any(Json::is_object) { "\n" } else { ", " };
                items.iter().map(|item| self.json(item)).collect::<Vec<_>>().join(between)
            }
            Json::Object(entries) => {
                let entry = |(name, value): (&String, &Json)| {
                    let words = self.json(value);
                    (!words.is_empty()).then(|| format!("{}: {words}", text::clean_line(name)))
                };
                entries.iter().filter_map(entry).collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// What a change set, a line for each field that says something.
    pub fn fields(&self, kind: Kind, fields: &[(&'static str, Value)]) -> Vec<String> {
        let told = fields.iter().filter(|(name, value)| *name != DELETED.name && !is_empty(value));
        told.filter_map(|(name, value)| {
            let field = kind.field(name)?;
            Some(format!("{}: {}", label(kind, name), self.value(field, value)))
        })
        .collect()
    }
}

fn yes_or_no(flag: bool) -> &'static str {
    if flag { "yes" } else { "no" }
}

/// Whether a value says nothing: a form that left a field empty does not.
pub fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => matches!(text.as_str(), "" | "[]" | "{}"),
        Value::Int(_) | Value::Real(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: Kind, field: &str, value: &Value) -> String {
        let known = Uuid::from_u128(7);
        let name_of = move |id| (id == known).then(|| "Falls".to_owned());
        let telling = Telling { zone: Zone::default(), name_of: &name_of };
        telling.value(kind.field(field).unwrap(), value)
    }

    #[test]
    fn every_shape_of_value_has_its_words() {
        let text = |text: &str| Value::Text(text.into());
        let falls = format!("[\"{}\"]", Uuid::from_u128(7));
        for (kind, field, value, words) in [
            (Kind::Cycle, "results", text("4 of 60\nnights forgot"), "4 of 60\nnights forgot"),
            (Kind::Cycle, "results", text(""), "nothing"),
            (Kind::Cycle, "matched", Value::Int(0), "no"),
            (Kind::Cycle, "review", text("2026-11-23"), "Mon 23 Nov 2026"),
            (Kind::Cycle, "locked", text("2026-07-12T06:10:00.000Z"), "Sun 12 Jul 2026 07:10"),
            (Kind::Cycle, "measures", text(&falls), "Falls"),
            (
                Kind::Cycle,
                "questions",
                text(r#"[{"question":"Does it help?","prediction":"under 5 %"}]"#),
                "question: Does it help?; prediction: under 5 %",
            ),
            (Kind::Team, "columns", text(r#"["Safety","Quality"]"#), "Safety, Quality"),
            (Kind::Process, "until", text("09:00"), "09:00"),
            (Kind::Measure, "target", Value::Real(2.5), "2.5"),
            (Kind::Measure, "owner", Value::Null, "nothing"),
        ] {
            assert_eq!(told(kind, field, &value), words, "{field}");
        }
    }

    #[test]
    fn only_what_a_change_said_is_told_of_it() {
        let telling = Telling { zone: Zone::default(), name_of: &|_| None };
        let fields =
            [("name", Value::Text("green".into())), ("owner", Value::Text(String::new())), ("deleted", Value::Int(0))];
        assert_eq!(telling.fields(Kind::Project, &fields), ["name: green"]);
    }
}
