//! Conflicts in words: which record, which field, and what each side says.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use rusqlite::Connection;
use uuid::Uuid;

use super::table::{Place, Row};
use super::{Conflict, Hanging, Part, PartField, Side, Standing, Store};
use crate::base::error::Outcome;
use crate::base::text;
use crate::base::zone::Zone;
use crate::domain::change::RecordKey;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::PointKey;
use crate::domain::record::{DELETED, FieldValue, Kind, Record, Value};
use crate::domain::telling::{Telling, is_empty, label};
use crate::domain::{MeasureId, TeamId};

/// A conflict as a person reads of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What a person calls the record: "Falls, Fri 20 Nov".
    pub what: String,
    /// What a person calls the field; nothing where the whole record is meant.
    pub field: String,
    /// What each side says, the one that shows first; of several lines where it has them.
    pub sides: Vec<String>,
}

impl Conflict {
    /// A short name for it. It is the same on every board, and another one as soon as a side is
    /// another one: who has seen it in a list means what stood there.
    pub fn code(&self) -> String {
        let mut bytes = self.kind.code().as_bytes().to_vec();
        bytes.extend(self.record.bytes());
        self.fields.iter().for_each(|field| bytes.extend(field.as_bytes()));
        for side in self.sides() {
            bytes.extend(side.replica.bytes());
            bytes.extend(side.sequence.to_be_bytes());
        }
        Uuid::new_v5(&Uuid::NAMESPACE_OID, &bytes).simple().to_string().chars().take(8).collect()
    }

    /// Every side, the one that shows first.
    pub fn sides(&self) -> impl Iterator<Item = &Side> {
        std::iter::once(&self.shown).chain(&self.others)
    }

    /// Whether one side deleted the record that another one wrote in.
    pub fn is_deletion(&self) -> bool {
        self.fields == [DELETED.name]
    }
}

impl Store {
    /// A conflict in words.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn tell(&self, conflict: &Conflict) -> Outcome<Told> {
        let conn = &self.conn;
        let zone = zone_of(conn, conflict.team)?;
        let name_of = |id| name_of(conn, id).ok().flatten();
        let telling = Telling { zone, name_of: &name_of };
        let what = what(conn, conflict.kind, &conflict.record, zone, self.clock.now())?;
        let measure = match &conflict.record {
            RecordKey::Point(key) => measure_of(conn, key.measure)?,
            RecordKey::Id(id) if conflict.kind == Kind::Measure => measure_of(conn, MeasureId(*id))?,
            RecordKey::Id(_) => None,
        };
        let field = match conflict.fields.first() {
            Some(field) if *field != DELETED.name => label(conflict.kind, field),
            _ => String::new(),
        };
        let sides = conflict.sides().map(|side| said(conflict, side, measure.as_ref(), &telling)).collect();
        Ok(Told { what, field, sides })
    }
}

/// What an action did with one record, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartTold {
    /// What a person calls the record.
    pub what: String,
    /// The fields that it set, in order; of a record that was made only those that say something.
    pub fields: Vec<FieldTold>,
}

/// What an action did with one field, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTold {
    /// What a person calls the field.
    pub field: String,
    /// What stood there before.
    pub before: String,
    /// What the action left there.
    pub after: String,
    /// What stands there now.
    pub now: String,
    /// What has become of it.
    pub standing: Standing,
}

impl Store {
    /// What an action did with one record, in words.
    ///
    /// # Errors
    /// What the disk answered.
    pub fn tell_part(&self, part: &Part) -> Outcome<PartTold> {
        let conn = &self.conn;
        let zone = zone_of(conn, part.team)?;
        let name_of = |id| name_of(conn, id).ok().flatten();
        let telling = Telling { zone, name_of: &name_of };
        let what = what(conn, part.kind, &part.record, zone, self.clock.now())?;
        let told = |field: &PartField| {
            let own = part.kind.field(field.name)?;
            let words = |value: &Value| telling.value(own, value);
            Some(FieldTold {
                field: label(part.kind, field.name),
                before: words(&field.before),
                after: words(&field.after),
                now: words(&field.now),
                standing: field.standing.clone(),
            })
        };
        let says = |field: &&PartField| {
            let is_news = if part.is_made() { !is_empty(&field.after) } else { field.after != field.before };
            field.name != DELETED.name && is_news
        };
        Ok(PartTold { what, fields: part.fields.iter().filter(says).filter_map(told).collect() })
    }

    /// What hangs on a record, in words: "Falls: 12 values, 1 note".
    ///
    /// # Errors
    /// What the disk answered.
    pub fn tell_hanging(&self, hanging: &Hanging) -> Outcome<String> {
        let what = what(&self.conn, hanging.kind, &RecordKey::Id(hanging.id), Zone::default(), self.clock.now())?;
        let parts: Vec<String> = hanging.on_it.iter().map(|(kind, count)| kind.counted(*count)).collect();
        Ok(format!("{what}: {}", parts.join(", ")))
    }
}

/// What one side says.
fn said(conflict: &Conflict, side: &Side, measure: Option<&Measure>, telling: &Telling<'_>) -> String {
    if conflict.is_deletion() {
        if side.deletes() {
            return "deleted".to_owned();
        }
        let written = telling.fields(conflict.kind, &side.values);
        return if written.is_empty() { "not deleted".to_owned() } else { written.join("\n") };
    }
    match (&conflict.fields[..], measure) {
        (["value", ..], _) if conflict.kind == Kind::Point => amount(side, measure),
        (["target"], Some(measure)) => {
            f64::from_value(side.value("target")).map_or_else(|| "nothing".to_owned(), |target| measure.written(target))
        }
        (fields, _) => {
            let words =
                fields.iter().filter_map(|name| Some(telling.value(conflict.kind.field(name)?, side.value(name))));
            words.collect::<Vec<_>>().join(", ")
        }
    }
}

/// A data point's value as its measure writes it: "18/20 (90 %)".
fn amount(side: &Side, measure: Option<&Measure>) -> String {
    let number = |name| f64::from_value(side.value(name));
    let Some(value) = number("value") else { return "no value".to_owned() };
    let plain = text::number(value, 6);
    match (number("denominator"), measure) {
        (Some(denominator), Some(measure)) if denominator > 0.0 => {
            format!("{plain}/{} ({})", text::number(denominator, 6), measure.written(value / denominator))
        }
        (Some(denominator), _) => format!("{plain}/{}", text::number(denominator, 6)),
        (None, Some(measure)) => measure.written(value),
        (None, None) => plain,
    }
}

/// What a person calls a record.
fn what(conn: &Connection, kind: Kind, key: &RecordKey, zone: Zone, now: DateTime<Utc>) -> Outcome<String> {
    let id = match key {
        RecordKey::Point(point) => return point_words(conn, point, now),
        RecordKey::Id(id) => *id,
    };
    let row = Row::read(conn, kind, &Place::Id(id))?;
    let text = |name: &str| row.as_ref().and_then(|row| String::from_value(&row.value(kind, name))).unwrap_or_default();
    let of = |name: &str, kind: Kind| -> Outcome<String> {
        let owner = Uuid::parse_str(&text(name)).ok();
        Ok(owner.map(|owner| named(conn, kind, owner)).transpose()?.flatten().unwrap_or_default())
    };
    let value = |name: &str| row.as_ref().map_or(Value::Null, |row| row.value(kind, name));
    let day = |name: &str| NaiveDate::from_value(&value(name)).map(|day| day_words(day, now)).unwrap_or_default();
    let words = match kind {
        Kind::Cycle => named(conn, kind, id)?.unwrap_or_default(),
        Kind::Period | Kind::Completion => {
            let start = NaiveDateTime::from_value(&value("start"));
            let start = start.map(|wall| format!("{} {}", day_words(wall.date(), now), wall.format("%H:%M")));
            joined(&of("process", Kind::Process)?, &start.unwrap_or_default())
        }
        Kind::Annotation => joined(&format!("Note on {}", of("measure", Kind::Measure)?), &day("day")),
        Kind::Phase => joined(&format!("New phase of {}", of("measure", Kind::Measure)?), &day("day")),
        Kind::CrossDay => joined(&of("measure", Kind::Measure)?, &day("day")),
        Kind::Huddle => joined(&text("agenda"), &day("day")),
        Kind::Promise => text("what"),
        Kind::Observation => {
            let wall = DateTime::<Utc>::from_value(&value("at")).map(|at| zone.wall(at));
            let when = wall.map(|wall| format!("{} {}", day_words(wall.date(), now), wall.format("%H:%M")));
            joined(&format!("Note in {}", of("cycle", Kind::Cycle)?), &when.unwrap_or_default())
        }
        Kind::Team | Kind::Measure | Kind::Process | Kind::Project | Kind::Point => text("name"),
    };
    let words = text::clean_line(&words);
    Ok(match (words.is_empty(), kind) {
        (true, _) => format!("A {}", kind.code()),
        (false, Kind::Project) => format!("Project “{words}”"),
        (false, _) => words,
    })
}

fn joined(words: &str, aside: &str) -> String {
    if aside.is_empty() { words.to_owned() } else { format!("{words}, {aside}") }
}

fn point_words(conn: &Connection, point: &PointKey, now: DateTime<Utc>) -> Outcome<String> {
    let measure = measure_of(conn, point.measure)?;
    let name = measure.as_ref().map_or("A value", |measure| measure.name.as_str());
    let day = point.start.date();
    let when = match measure.as_ref().map(|measure| measure.frequency) {
        Some(frequency @ (Frequency::Month | Frequency::Quarter | Frequency::Year)) => frequency.period_words(day),
        Some(Frequency::Week(_)) if day.year() == now.year() => day.format("week of %-d %b").to_string(),
        Some(Frequency::Week(_)) => day.format("week of %-d %b %Y").to_string(),
        _ => day_words(day, now),
    };
    let mut words = joined(&text::clean_line(name), &when);
    if point.start.text().len() > 10 {
        words.push_str(&point.start.wall().format(" %H:%M").to_string());
    }
    if !point.stratum.is_empty() {
        words.push_str(&format!(", {}", text::clean_line(&point.stratum)));
    }
    Ok(words)
}

fn day_words(day: NaiveDate, now: DateTime<Utc>) -> String {
    day.format(if day.year() == now.year() { "%a %-d %b" } else { "%a %-d %b %Y" }).to_string()
}

/// A measure as it stands, deleted or not.
fn measure_of(conn: &Connection, id: MeasureId) -> Outcome<Option<Measure>> {
    let row = Row::read(conn, Kind::Measure, &Place::Id(id.0))?;
    Ok(row.map(|row| Measure::assemble(id.0, row.team.unwrap_or_default(), row.revision, &row.values)))
}

/// The name of a record of this kind, deleted or not.
fn named(conn: &Connection, kind: Kind, id: Uuid) -> Outcome<Option<String>> {
    let Some(row) = Row::read(conn, kind, &Place::Id(id))? else { return Ok(None) };
    let text = |name: &str| String::from_value(&row.value(kind, name)).filter(|text| !text.is_empty());
    if kind == Kind::Cycle {
        let number = i64::from_value(&row.value(kind, "number")).unwrap_or(0);
        let name = format!("PDSA {}{number}", text("ramp").unwrap_or_default());
        return Ok(Some(text("title").map_or_else(|| name.clone(), |title| format!("{name}: {title}"))));
    }
    Ok(["name", "text", "what", "agenda", "reason"].into_iter().find_map(text))
}

/// The name of whatever has this id.
fn name_of(conn: &Connection, id: Uuid) -> Outcome<Option<String>> {
    for kind in [Kind::Measure, Kind::Process, Kind::Project, Kind::Cycle, Kind::Team, Kind::Huddle] {
        if let Some(name) = named(conn, kind, id)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn zone_of(conn: &Connection, team: TeamId) -> Outcome<Zone> {
    let row = Row::read(conn, Kind::Team, &Place::Id(team.0))?;
    let name = row.and_then(|row| String::from_value(&row.value(Kind::Team, "zone")));
    Ok(name.and_then(|name| Zone::parse(&name)).unwrap_or_default())
}
