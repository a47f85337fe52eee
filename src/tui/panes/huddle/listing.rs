//! What an item of a huddle puts on the screen, in the order in which it is talked about.

use chrono::NaiveDate;

use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::domain::MeasureId;
use crate::domain::agenda::View;
use crate::domain::cycle::{Cycle, Stage};
use crate::domain::huddle::{FIND_OUT, Huddle};
use crate::domain::measure::Measure;
use crate::domain::process::{Flow, Pace};
use crate::domain::promise::{Promise, Sort};

use super::course::Course;
use super::signals;

/// The huddle before this one of the same agenda.
pub(super) fn last<'a>(model: &'a Model, course: &Course) -> Option<&'a Huddle> {
    let same = model.huddles.iter().filter(|huddle| course.agenda.names(&huddle.agenda));
    same.filter(|huddle| huddle.started < course.huddle.started).max_by_key(|huddle| huddle.started)
}

/// What was promised before this huddle and is open, or was closed while it went on: what the last huddle
/// decided first, then what is due, then the rest. At the item on escalations, those, this huddle's too; at the
/// one on ideas, what somebody was to find out about one.
pub(super) fn promises<'a>(model: &'a Model, course: &Course) -> Vec<&'a Promise> {
    let began = course.huddle.started;
    let stands = |one: &&Promise| one.is_open() || one.closed >= began;
    let all = model.promises.iter().filter(stands);
    let mut found: Vec<&Promise> = match course.view() {
        View::Promises => all.filter(|one| one.sort == Sort::Action && one.raised < began).collect(),
        View::Ideas => all.filter(|one| one.what.starts_with(FIND_OUT) && one.raised < began).collect(),
        View::Escalate => all.filter(|one| one.sort == Sort::Escalation).collect(),
        _ => return Vec::new(),
    };
    let last = last(model, course).map(|huddle| huddle.id);
    let today = model.today();
    found.sort_by_key(|one| {
        let of_last = one.huddle.is_some() && one.huddle == last;
        let due = one.by.is_some_and(|by| by <= today);
        (!(of_last || due), one.by.unwrap_or(NaiveDate::MAX), one.raised, one.id)
    });
    found
}

/// The tests that run or wait for a look, those of today first.
pub(super) fn cycles(model: &Model) -> Vec<&Cycle> {
    let own = model.cycles.iter().filter(|cycle| cycle.team == model.team.id && cycle.finished.is_none());
    let mut found: Vec<&Cycle> = own.collect();
    found.sort_by_key(|cycle| {
        let stage = match cycle.stage {
            Stage::Do => 0,
            Stage::Study => 1,
            Stage::Plan => 2,
            Stage::Act => 3,
        };
        (stage, cycle.review.unwrap_or(NaiveDate::MAX), cycle.started, cycle.id)
    });
    found
}

/// Measures of harm: those that count the days between events, or else the board's first column.
pub(super) fn harm(model: &Model) -> Vec<&Measure> {
    let rare: Vec<&Measure> = model.measures.iter().filter(|one| model.days_since(one).is_some()).collect();
    let first = model.team.columns.0.first();
    let rest = model.measures.iter().filter(|one| Some(&one.column) == first && !rare.contains(one));
    rare.iter().copied().chain(rest).take(6).collect()
}

/// Measures of staff and beds, by their words.
pub(super) fn capacity(model: &Model) -> Vec<&Measure> {
    let about = |measure: &&Measure| {
        let words = format!("{} {}", measure.name, measure.column).to_lowercase();
        ["staff", "bed", "capacity", "sick", "flow", "discharge", "occup"].iter().any(|word| words.contains(word))
    };
    model.measures.iter().filter(about).take(6).collect()
}

/// What goes on now, what is behind first: work, or what comes in and what can be done.
pub(super) fn work<'a>(model: &'a Model, flows: &[Flow]) -> Vec<&'a ProcessRow> {
    let of = |row: &&ProcessRow| model.process(row.process).is_some_and(|process| flows.contains(&process.flow));
    let mut rows: Vec<&ProcessRow> = model.rows.iter().filter(|row| row.phase == RowPhase::Open).filter(of).collect();
    rows.sort_by_key(|row| !matches!(row.standing.pace, Pace::Behind(_)));
    rows
}

/// How many rows the cursor can stand on.
pub(super) fn rows(model: &Model, course: &Course) -> usize {
    match course.view() {
        View::Promises | View::Escalate | View::Ideas => promises(model, course).len(),
        View::Signals => signals::changed(model, &course.huddle).len(),
        View::Test => cycles(model).len(),
        View::Harm => harm(model).len(),
        _ => 0,
    }
}

/// The measure that a value, or the safety cross, is meant for.
pub(super) fn measure(model: &Model, course: &Course, at: usize) -> Option<MeasureId> {
    match course.view() {
        View::Harm => harm(model).get(at).map(|measure| measure.id),
        View::Signals => chart(model, course, at),
        _ => None,
    }
}

/// The chart that the item shows.
pub(super) fn chart(model: &Model, course: &Course, at: usize) -> Option<MeasureId> {
    match course.view() {
        View::Signals => signals::changed(model, &course.huddle).get(at).map(|one| one.measure.id),
        View::Test => {
            let cycle = cycles(model).get(at).copied()?;
            cycle.measures.0.iter().copied().find(|id| model.measure(*id).is_some())
        }
        _ => None,
    }
}
