//! Export of a team's records as JSON: every field under its own name, points as they were typed.

use serde_json::{Map, Value, json};

use crate::domain::measure::Measure;
use crate::domain::point::Point;
use crate::domain::record::{Record, Shape};

/// What the file says that it is.
pub const FORMAT: &str = "huddleboard-export/1";

/// A record with its id and all its fields; lists and tables stand as such, not as text.
pub fn record<R: Record>(record: &R) -> Value {
    let mut object = Map::new();
    object.insert("id".to_owned(), json!(record.key()));
    for ((name, value), field) in record.values().into_iter().zip(R::KIND.fields()) {
        let written = value.to_json();
        let written = match (field.shape, &written) {
            (Shape::Json(_), Value::String(text)) => serde_json::from_str(text).unwrap_or(written),
            (Shape::Flag, Value::Number(flag)) => json!(flag.as_i64() == Some(1)),
            _ => written,
        };
        object.insert(name.to_owned(), written);
    }
    Value::Object(object)
}

/// A data point with the measure that it belongs to.
pub fn point(measure: &Measure, point: &Point) -> Value {
    json!({
        "measure": measure.id,
        "date": point.key.start.text(),
        "value": point.value,
        "denominator": point.denominator,
        "note": point.note,
        "stratum": point.key.stratum,
        "ordinal": point.key.ordinal,
        "ghost": point.ghost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TeamId;
    use crate::domain::team::Team;

    #[test]
    fn a_records_lists_stand_as_lists_and_its_flags_as_true_or_false() {
        let mut team = Team::blank(TeamId::default(), TeamId::default());
        team.columns.0 = vec!["Safety".into()];
        team.demo = true;
        let object = record(&team);
        assert_eq!(object["columns"], json!(["Safety"]));
        assert_eq!(object["demo"], json!(true));
    }
}
