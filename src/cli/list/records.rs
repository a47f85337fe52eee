//! Records as objects with stable keys, sorted by team and name.

use chrono::{Datelike, Months};
use serde_json::{Value, json};

use super::super::open::Opened;
use super::super::tick;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::fidelity::Fidelity;
use crate::domain::measure::Measure;
use crate::domain::process::Process;
use crate::domain::project::Project;
use crate::domain::record::Record;
use crate::domain::team::Team;
use crate::domain::{MeasureId, ProjectId};

/// Every team of the span with its slug and its records of one kind, sorted by their name.
pub(super) fn each<R: Record>(
    opened: &Opened,
    name: impl Fn(&R) -> String,
    mut take: impl FnMut(&Team, &str, &R) -> Outcome<()>,
) -> Outcome<()> {
    for team in opened.span() {
        let slug = text::slug(&team.name);
        let mut records: Vec<R> = opened.store.records(Some(team.id))?;
        records.sort_by_cached_key(|record| (name(record), record.key()));
        records.iter().try_for_each(|record| take(&team, &slug, record))?;
    }
    Ok(())
}

/// The slugs of measures, for lists of links.
fn slugs(opened: &Opened, measures: &[MeasureId]) -> Outcome<Vec<String>> {
    measures.iter().map(|id| slug_of(opened, *id)).collect()
}

pub(super) fn slug_of(opened: &Opened, measure: MeasureId) -> Outcome<String> {
    Ok(opened.store.record::<Measure>(measure.0)?.map_or_else(String::new, |measure| measure.slug()))
}

pub(in crate::cli) fn measures(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Measure>(opened, Measure::slug, |_, team, measure| {
        if only.is_none_or(|only| only == measure.id) {
            objects.push(self::measure(opened, team, measure)?);
        }
        Ok(())
    })?;
    Ok(objects)
}

pub(in crate::cli) fn measure(opened: &Opened, team: &str, measure: &Measure) -> Outcome<Value> {
    let latest = opened.store.latest_points(measure, 1, opened.now())?.pop();
    let counted = measure.source.and_then(Fidelity::of);
    let source = measure.source.map(|process| opened.store.record::<Process>(process.0)).transpose()?.flatten();
    Ok(json!({
        "id": measure.id,
        "slug": measure.slug(),
        "name": measure.name,
        "team": team,
        "column": measure.column,
        "alias": measure.alias,
        "focus": measure.focus,
        "kind": measure.kind.code(),
        "unit": measure.shown_unit(),
        "per": measure.per,
        "role": measure.role.code(),
        "better": measure.better().code(),
        "target": measure.target,
        "past_targets": measure.past_targets,
        "centre": measure.centre,
        "tags": measure.tags,
        "frequency": measure.frequency.code(),
        "chart": measure.chart().code(),
        "rules": measure.rules().code(),
        "owner": measure.owner,
        "next_action": measure.next_action,
        "source": source.map(|process| process.slug()).or_else(|| counted.map(|what| format!("huddles:{}", what.code()))),
        "definition": measure.definition,
        "latest_date": latest.as_ref().map(|point| point.key.start.text()),
        "latest_value": latest.as_ref().and_then(|point| point.plotted(measure)),
    }))
}

pub(in crate::cli) fn processes(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Process>(opened, Process::slug, |team, slug, process| {
        if only.is_none() || only == process.measure {
            objects.push(self::process(opened, team, slug, process)?);
        }
        Ok(())
    })?;
    Ok(objects)
}

/// A process with the period that is open now; nulls where no work is required now.
pub(in crate::cli) fn process(opened: &Opened, team: &Team, slug: &str, process: &Process) -> Outcome<Value> {
    let open = tick::open_work(opened, team, process)?;
    let span = open.as_ref().map(|work| &work.spell.span);
    let standing = open.as_ref().map(|work| work.standing(process, opened.now()));
    let period = open.as_ref().map(|work| &work.period);
    let measure = process.measure.map(|measure| slug_of(opened, measure)).transpose()?;
    let wall_text = |wall: chrono::NaiveDateTime| wall.format("%Y-%m-%dT%H:%M").to_string();
    Ok(json!({
        "id": process.id,
        "slug": process.slug(),
        "name": process.name,
        "team": slug,
        "owner": process.owner,
        "until": process.until.map(|until| until.format("%H:%M").to_string()),
        "measure": measure,
        "layout": process.layout.code(),
        "flow": process.flow.code(),
        "carry": process.carry,
        "period": span.map(|span| span.name.clone()),
        "start": span.map(|span| wall_text(span.start)),
        "end": span.map(|span| wall_text(span.end)),
        "required": standing.map(|standing| standing.required),
        "completed": standing.map(|standing| standing.completed),
        "expected": standing.map(|standing| standing.expected),
        "carried": standing.map(|standing| standing.carried),
        "outstanding": standing.map(|standing| standing.outstanding),
        "pace": standing.map(|standing| standing.pace.code()),
        "reason": period.and_then(|period| period.reason.clone()),
        "countermeasure": period.map(|period| period.countermeasure.clone()).filter(|words| !words.is_empty()),
    }))
}

pub(in crate::cli) fn cycles(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    for team in opened.span() {
        let projects: Vec<Project> = opened.store.records(Some(team.id))?;
        let project =
            |id: ProjectId| projects.iter().find(|project| project.id == id).map_or_else(String::new, Project::slug);
        let mut cycles: Vec<Cycle> = opened.store.records(Some(team.id))?;
        cycles.retain(|cycle| only.is_none_or(|only| cycle.measures.0.contains(&only)));
        cycles.sort_by_cached_key(|cycle| (project(cycle.project), cycle.ramp.clone(), cycle.number, cycle.id));
        for cycle in &cycles {
            objects.push(self::cycle(opened, &team, &project(cycle.project), cycle)?);
        }
    }
    Ok(objects)
}

pub(in crate::cli) fn cycle(opened: &Opened, team: &Team, project: &str, cycle: &Cycle) -> Outcome<Value> {
    let today = opened.today(team);
    Ok(json!({
        "id": cycle.id,
        "slug": text::slug(&cycle.title),
        "name": cycle.title,
        "project": project,
        "team": text::slug(&team.name),
        "ramp": cycle.ramp,
        "number": cycle.number,
        "title": cycle.title,
        "stage": cycle.stage.code(),
        "age_days": cycle.age_days(today),
        "stage_days": cycle.stage_days(today),
        "decision": cycle.decision.map(|decision| decision.code()),
        "scale": cycle.scale.code(),
        "owner": cycle.owner,
        "planned": cycle.planned,
        "started": cycle.started,
        "studied": cycle.studied,
        "acted": cycle.acted,
        "finished": cycle.finished,
        "review": cycle.review,
        "questions": cycle.questions.0.iter().map(|asked| json!({ "question": asked.question, "prediction": asked.prediction })).collect::<Vec<_>>(),
        "measures": slugs(opened, &cycle.measures.0)?,
        "learning": cycle.learning,
    }))
}

pub(in crate::cli) fn projects(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Project>(opened, Project::slug, |team, slug, project| {
        if only.is_none_or(|only| project.measures.0.contains(&only)) {
            objects.push(self::project(opened, team, slug, project)?);
        }
        Ok(())
    })?;
    Ok(objects)
}

pub(in crate::cli) fn project(opened: &Opened, team: &Team, slug: &str, project: &Project) -> Outcome<Value> {
    let cycles: Vec<Cycle> = opened.store.records(Some(team.id))?;
    Ok(json!({
        "id": project.id,
        "slug": project.slug(),
        "name": project.name,
        "team": slug,
        "aim": project.aim,
        "by": project.by,
        "changes": project.changes,
        "rationale": project.rationale,
        "owner": project.owner,
        "score": project.score,
        "closed": project.closed,
        "measures": slugs(opened, &project.measures.0)?,
        "cycles": cycles.iter().filter(|cycle| cycle.project == project.id).count(),
    }))
}

pub(in crate::cli) fn teams(opened: &Opened) -> Outcome<Vec<Value>> {
    let object = |team: &Team| -> Outcome<Value> {
        Ok(json!({
            "id": team.id,
            "slug": text::slug(&team.name),
            "name": team.name,
            "speciality": team.speciality,
            "zone": team.zone,
            "template": team.template,
            "columns": team.columns.0,
            "role": team.role,
            "demo": team.demo,
            "measures": opened.store.records::<Measure>(Some(team.id))?.len(),
        }))
    };
    opened.span().iter().map(object).collect()
}

pub(in crate::cli) fn annotations(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Annotation>(
        opened,
        |note| format!("{:?}", note.day),
        |_, team, note| {
            if only.is_none_or(|only| only == note.measure) {
                let measure = slug_of(opened, note.measure)?;
                objects.push(
                    json!({ "id": note.id, "team": team, "measure": measure, "date": note.day, "text": note.text }),
                );
            }
            Ok(())
        },
    )?;
    Ok(objects)
}

pub(in crate::cli) fn phases(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Phase>(
        opened,
        |phase| format!("{:?}", phase.day),
        |_, team, phase| {
            if only.is_none_or(|only| only == phase.measure) {
                let measure = slug_of(opened, phase.measure)?;
                objects.push(json!({ "id": phase.id, "team": team, "measure": measure, "date": phase.day, "reason": phase.reason }));
            }
            Ok(())
        },
    )?;
    Ok(objects)
}

pub(in crate::cli) fn observations(opened: &Opened) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Observation>(
        opened,
        |seen| seen.at.to_rfc3339(),
        |_, team, seen| {
            let cycle =
                opened.store.record::<Cycle>(seen.cycle.0)?.map_or_else(String::new, |cycle| text::slug(&cycle.title));
            objects.push(
                json!({ "id": seen.id, "team": team, "cycle": cycle, "at": seen.at.to_rfc3339(), "text": seen.text }),
            );
            Ok(())
        },
    )?;
    Ok(objects)
}

/// Why less was done than required, this month, the most frequent first.
pub(in crate::cli) fn reasons(opened: &Opened) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    for team in opened.span() {
        let today = opened.today(&team);
        let first = today.with_day(1).unwrap_or(today);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(today);
        let (from, to) = (first.and_time(chrono::NaiveTime::MIN), next.and_time(chrono::NaiveTime::MIN));
        let slug = text::slug(&team.name);
        let found = opened.store.reasons(team.id, from, to)?;
        objects.extend(
            found
                .into_iter()
                .map(|(reason, count)| json!({ "team": slug, "reason": reason, "count": count, "since": first })),
        );
    }
    Ok(objects)
}
