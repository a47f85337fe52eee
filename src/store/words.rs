//! How the store speaks of a record where it has to refuse something.

use chrono::{DateTime, Datelike, TimeZone, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::table::{Place, Row};
use crate::base::error::{Failure, FailureKind, Outcome};
use crate::base::text;
use crate::base::zone::Zone;
use crate::domain::TeamId;
use crate::domain::change::{Edit, RecordKey};
use crate::domain::point::PointKey;
use crate::domain::record::{FieldValue, Kind, Value};

/// The longest that a name or a value is quoted.
const QUOTED_AT_MOST: usize = 60;

/// What a person calls this record: "Falls 20 Nov", or the name that it has.
pub(super) fn describe(conn: &Connection, kind: Kind, key: &RecordKey, now: DateTime<Utc>) -> Outcome<String> {
    match key {
        RecordKey::Point(point) => describe_point(conn, point, now),
        RecordKey::Id(id) => {
            let row = Row::read(conn, kind, &Place::Id(*id))?;
            let named = row.and_then(|row| {
                ["name", "title", "text", "what", "agenda", "reason", "start"].into_iter().find_map(|name| {
                    let text = String::from_value(&row.value(kind, name))?;
                    (!text.is_empty()).then(|| text::clip(&text, QUOTED_AT_MOST))
                })
            });
            Ok(match named {
                Some(name) => format!("The {} “{name}”", kind.code()),
                None => format!("The {}", kind.code()),
            })
        }
    }
}

fn describe_point(conn: &Connection, point: &PointKey, now: DateTime<Utc>) -> Outcome<String> {
    let measure = Row::read(conn, Kind::Measure, &Place::Id(point.measure.0))?;
    let name = measure.and_then(|row| String::from_value(&row.value(Kind::Measure, "name")));
    let day = point.start.date();
    let form = if day.year() == now.year() { "%-d %b" } else { "%-d %b %Y" };
    let mut words = format!("{} {}", name.unwrap_or_else(|| "The value of".into()), day.format(form));
    if point.start.text().len() > 10 {
        words.push_str(&point.start.wall().format(" %H:%M").to_string());
    }
    if !point.stratum.is_empty() {
        words.push(' ');
        words.push_str(&point.stratum);
    }
    Ok(words)
}

/// What is said where a record is not as an edit expects it.
pub(super) fn conflict(conn: &Connection, edit: &Edit, row: Option<&Row>, now: DateTime<Utc>) -> Outcome<Failure> {
    let what = describe(conn, edit.kind, &edit.record, now)?;
    let (who, when) = last_change(conn, edit, row)?;
    let when = when.map_or(String::new(), |when| format!(" at {}", clock_time(conn, edit.team, when, now)));
    let shown = current(edit, row);
    Ok(Failure::new(FailureKind::Conflict, format!("{what} was changed in the meantime by {who}{when}: now {shown}."))
        .hint("Nothing was saved; look at what is there now, and save again if yours is right."))
}

fn last_change(conn: &Connection, edit: &Edit, row: Option<&Row>) -> Outcome<(String, Option<i64>)> {
    let latest = conn
        .prepare_cached(
            "SELECT a.actor, a.at FROM changes c JOIN actions a ON a.origin = c.origin AND a.seq = c.action
             WHERE c.kind = ?1 AND c.record = ?2 AND c.indexed = 1 ORDER BY c.wall DESC, c.counter DESC LIMIT 1",
        )?
        .query_row((edit.kind.code(), edit.record.bytes()), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let base = row.and_then(|row| row.base);
    let found: Option<(Option<String>, i64)> = match (latest, base) {
        (None, Some(base)) => conn
            .prepare_cached(
                "SELECT a.actor, a.at FROM changes c JOIN actions a ON a.origin = c.origin AND a.seq = c.action
                 WHERE c.origin = ?1 AND c.seq = ?2",
            )?
            .query_row((base.origin, base.seq), |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?,
        (latest, _) => latest,
    };
    Ok(found.map_or((somebody(None), None), |(actor, at)| (somebody(actor), Some(at))))
}

/// The role that an action is by.
pub(super) fn somebody(actor: Option<String>) -> String {
    actor.map_or_else(|| "somebody".to_owned(), |actor| text::clean_line(&actor))
}

/// What stands there now: the point's value, or the first field that the edit would have set.
fn current(edit: &Edit, row: Option<&Row>) -> String {
    let Some(row) = row else { return "not there".to_owned() };
    if row.deleted {
        return "deleted".to_owned();
    }
    if edit.kind == Kind::Point {
        let number = |name| f64::from_value(&row.value(Kind::Point, name)).map(|value| text::number(value, 6));
        return match (number("value"), number("denominator")) {
            (Some(value), Some(denominator)) => format!("{value}/{denominator}"),
            (Some(value), None) => value,
            (None, _) => "empty".to_owned(),
        };
    }
    let first = edit.fields.iter().find(|(name, value)| row.value(edit.kind, name) != *value).or(edit.fields.first());
    match first.map(|(name, _)| row.value(edit.kind, name)) {
        Some(Value::Text(text)) if !text.is_empty() => format!("“{}”", text::clip(&text, QUOTED_AT_MOST)),
        Some(Value::Int(number)) => number.to_string(),
        Some(Value::Real(number)) => text::number(number, 6),
        _ => "empty".to_owned(),
    }
}

/// The time on the team's clock, with the day where it was not today.
fn clock_time(conn: &Connection, team: TeamId, at: i64, now: DateTime<Utc>) -> String {
    let row = Row::read(conn, Kind::Team, &Place::Id(team.0)).ok().flatten();
    let zone = row
        .and_then(|row| String::from_value(&row.value(Kind::Team, "zone")))
        .and_then(|zone| Zone::parse(&zone))
        .unwrap_or_default();
    let wall = zone.wall(Utc.timestamp_millis_opt(at).single().unwrap_or_default());
    let form = if wall.date() == zone.day(now) { "%H:%M" } else { "%H:%M on %-d %b" };
    wall.format(form).to_string()
}
