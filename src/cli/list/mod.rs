//! `list`: records of one kind, as a table or as JSON, sorted.
//!
//! | file | what it lists |
//! |---|---|
//! | `points` | data points, one by one |
//! | `huddles` | what was decided and held |
//! | `records` | everything else, as objects; the table is made from those |

pub(super) mod huddles;
mod points;
pub(super) mod records;

use clap::Args;
use serde_json::Value;

use super::no_such;
use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::MeasureId;

/// What can be listed, and the columns of its table.
const KINDS: &[(&str, &[&str])] = &[
    ("measures", &["slug", "name", "column", "kind", "latest_date", "latest_value", "target", "frequency", "team"]),
    ("points", &points::KEYS),
    (
        "processes",
        &["slug", "name", "period", "required", "completed", "expected", "outstanding", "pace", "reason", "team"],
    ),
    ("cycles", &["project", "ramp", "number", "title", "stage", "decision", "age_days", "stage_days", "team"]),
    ("projects", &["slug", "name", "score", "by", "owner", "cycles", "team"]),
    ("teams", &["slug", "name", "speciality", "zone", "template", "measures", "demo"]),
    ("annotations", &["measure", "date", "text", "team"]),
    ("phases", &["measure", "date", "reason", "team"]),
    ("observations", &["cycle", "at", "text", "team"]),
    ("reasons", &["reason", "count", "team"]),
    ("actions", &["sort", "what", "who", "by", "state", "tier", "age_days", "late_days", "answer", "team"]),
    ("huddles", &["agenda", "date", "on_time", "minutes", "attendance", "led", "team"]),
    ("cross", &["measure", "date", "said", "team"]),
];

#[derive(Debug, Args)]
pub(super) struct List {
    /// measures, points, processes, cycles, projects, teams, annotations, phases, observations, reasons, actions,
    /// huddles or cross
    kind: String,
    /// Only of this measure
    #[arg(long, value_name = "NAME")]
    measure: Option<String>,
    /// Print an array of objects
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, list: &List, out: &mut Out) -> Outcome<()> {
    let names: Vec<&str> = KINDS.iter().map(|(name, _)| *name).collect();
    let typed = list.kind.to_lowercase();
    let found = KINDS.iter().find(|(name, _)| {
        *name == typed || name.strip_suffix('s') == Some(&typed) || (typed == "process" && *name == "processes")
    });
    let Some((kind, columns)) = found else {
        return Err(no_such("kind of record", &list.kind, &names));
    };
    let opened = Opened::existing(flags)?;
    let measure = list.measure.as_deref().map(|name| super::chart::measure(&opened, name)).transpose()?;
    if *kind == "points" {
        return points::list(&opened, measure.as_ref(), list.json, out);
    }
    let objects = of(kind, &opened, measure.map(|measure| measure.id))?;
    if list.json {
        out.json(&Value::Array(objects));
        return Ok(());
    }
    let headings: Vec<String> = columns.iter().map(|column| column.replace('_', " ")).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    let rows: Vec<Vec<String>> =
        objects.iter().map(|object| columns.iter().map(|column| cell(&object[*column])).collect()).collect();
    out.table(&headings, &rows);
    Ok(())
}

fn of(kind: &str, opened: &Opened, measure: Option<MeasureId>) -> Outcome<Vec<Value>> {
    match kind {
        "measures" => records::measures(opened, measure),
        "processes" => records::processes(opened, measure),
        "cycles" => records::cycles(opened, measure),
        "projects" => records::projects(opened, measure),
        "teams" => records::teams(opened),
        "annotations" => records::annotations(opened, measure),
        "phases" => records::phases(opened, measure),
        "observations" => records::observations(opened),
        "actions" => huddles::actions(opened),
        "huddles" => huddles::huddles(opened),
        "cross" => huddles::cross(opened, measure),
        _ => records::reasons(opened),
    }
}

/// A value of an object as a cell of a table.
pub(super) fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(words) => words.clone(),
        Value::Number(number) if number.is_f64() => text::number(number.as_f64().unwrap_or_default(), 3),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => String::new(),
        other => other.to_string(),
    }
}
