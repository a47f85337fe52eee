//! Data points, one by one: a million of them need no more memory than those of one measure.

use serde_json::{Value, json};

use super::super::open::Opened;
use super::super::out::Out;
use super::cell;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::measure::Measure;
use crate::domain::point::Point;

/// The keys of a point.
pub(super) const KEYS: [&str; 10] =
    ["measure", "date", "value", "numerator", "denominator", "note", "stratum", "ordinal", "ghost", "team"];

pub(super) fn list(opened: &Opened, only: Option<&Measure>, json: bool, out: &mut Out) -> Outcome<()> {
    let mut table = (!json && out.terminal).then(Vec::new);
    if json {
        out.write("[");
    } else if table.is_none() {
        out.line(&KEYS.join("\t"));
    }
    let mut first = true;
    for team in opened.span() {
        let mut measures: Vec<Measure> = opened.store.records(Some(team.id))?;
        measures.retain(|measure| only.is_none_or(|only| only.id == measure.id));
        measures.sort_by_key(|measure| (measure.slug(), measure.id));
        let slug = text::slug(&team.name);
        for measure in &measures {
            for point in opened.store.points(measure, opened.now())? {
                if !out.is_open() {
                    return Ok(());
                }
                let object = object(measure, &point, &slug);
                if json {
                    if !first {
                        out.write(",\n ");
                    }
                    out.entry(&object);
                } else {
                    let row: Vec<String> = KEYS.iter().map(|key| cell(&object[*key])).collect();
                    match &mut table {
                        Some(rows) => rows.push(row),
                        None => out.line(&row.join("\t")),
                    }
                }
                first = false;
            }
        }
    }
    if json {
        out.write("]\n");
    }
    if let Some(rows) = table {
        out.table(&KEYS, &rows);
    }
    Ok(())
}

/// A point as the documented object: `value` is what is plotted, the pair stands beside it.
pub(in crate::cli) fn object(measure: &Measure, point: &Point, team: &str) -> Value {
    let paired = measure.has_denominator();
    json!({
        "measure": measure.slug(),
        "date": point.key.start.text(),
        "value": point.plotted(measure),
        "numerator": point.value.filter(|_| paired),
        "denominator": point.denominator.filter(|_| paired),
        "note": point.note,
        "stratum": point.key.stratum,
        "ordinal": point.key.ordinal,
        "ghost": point.ghost,
        "team": team,
    })
}
