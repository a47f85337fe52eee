//! From the store to the model: what is read when the board opens, and what is read again when
//! something changed. Nothing else reads, and nothing is read that no screen shows.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, Utc};

use crate::app::cross::CrossMonth;
use crate::app::model::{CLOSED_DAYS, HUDDLE_DAYS, Model, OpenChart, ProcessRow, RowPhase};
use crate::base::error::Outcome;
use crate::chart::{self, Mark, MarkKind, Source, Tile};
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::backlog::Spell;
use crate::domain::change::RecordKey;
use crate::domain::cross;
use crate::domain::cycle::{Cycle, Observation};
use crate::domain::fidelity::Fidelity;
use crate::domain::measure::Measure;
use crate::domain::point::Point;
use crate::domain::process::Standing;
use crate::domain::record::{FieldValue, Kind, Value};
use crate::domain::{MeasureId, ProcessId, TeamId};
use crate::spc::ChartType;
use crate::store::{Seen, Store, Work};

/// What must be read again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Stale {
    /// The team, the teams of the file, and with them everything.
    pub(crate) everything: bool,
    /// The list of measures.
    pub(crate) measures: bool,
    /// The tiles and charts of these measures.
    pub(crate) charts: HashSet<MeasureId>,
    /// The process board.
    pub(crate) processes: bool,
    /// Projects, cycles and what was noted in them.
    pub(crate) cycles: bool,
    /// Actions, escalations, barriers and huddles.
    pub(crate) huddles: bool,
}

impl Stale {
    /// What a look at the file, or a receipt, makes stale on the screen of `model`.
    pub(crate) fn of(seen: &Seen, model: &Model) -> Self {
        let mut stale = Self::default();
        let touched = match seen {
            Seen::Nothing => return stale,
            Seen::Anything => return Self { everything: true, ..stale },
            Seen::Records(touched) => touched,
        };
        for record in touched.iter().map(|found| &found.touched) {
            let ours = record.team == model.team.id;
            match (record.kind, &record.record) {
                (Kind::Team, _) => stale.everything = true,
                (Kind::Project | Kind::Cycle | Kind::Observation, _) => {
                    stale.cycles = true;
                    // A cycle's stages mark the charts that it is read on.
                    stale.charts.extend(model.chart.as_ref().map(|open| open.measure));
                }
                _ if !ours => {}
                (Kind::Measure, RecordKey::Id(id)) => {
                    stale.measures = true;
                    stale.charts.insert(MeasureId(*id));
                }
                (Kind::Point, RecordKey::Point(key)) => {
                    stale.charts.insert(key.measure);
                }
                (Kind::Annotation | Kind::Phase, _) => {
                    stale.charts.extend(model.chart.as_ref().map(|open| open.measure));
                }
                (Kind::Process | Kind::Period | Kind::Completion, _) => stale.processes = true,
                (Kind::Promise | Kind::Huddle, _) => {
                    stale.huddles = true;
                    stale.charts.extend(fed_by_huddles(model));
                }
                _ => {}
            }
        }
        stale
    }

    /// Whether nothing is stale.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Reads what every screen of a team needs at once, but for the tiles.
pub(crate) fn team(store: &Store, model: &mut Model) -> Outcome<()> {
    model.teams = store.teams()?;
    if let Some(into) = became(store, model)? {
        model.team.id = into;
    }
    if let Some(team) = model.teams.iter().find(|team| team.id == model.team.id).or_else(|| model.teams.first()) {
        model.team = team.clone();
    }
    // The team's shifts say which day is worked: after midnight the night still belongs to its evening.
    model.process_day = model.shift_day();
    measures(store, model)?;
    processes(store, model)?;
    huddles(store, model)?;
    cycles(store, model)
}

/// What the model's team has become, where it was made one with another.
fn became(store: &Store, model: &Model) -> Outcome<Option<TeamId>> {
    let is_there = model.teams.iter().any(|team| team.id == model.team.id);
    if is_there || model.teams.len() < 2 {
        return Ok(None);
    }
    let history = store.history(Kind::Team, &RecordKey::Id(model.team.id.0))?;
    let named = |(name, value): &(String, Value)| (name == "became").then(|| TeamId::from_value(value));
    Ok(history.iter().rev().find_map(|entry| entry.fields.iter().find_map(named)).flatten())
}

/// Reads the team's measures, in the order of the board: column by column, focus measures first.
pub(crate) fn measures(store: &Store, model: &mut Model) -> Outcome<()> {
    let mut measures: Vec<Measure> = store.records(Some(model.team.id))?;
    let columns = &model.team.columns.0;
    let column_of =
        |measure: &Measure| columns.iter().position(|column| *column == measure.column).unwrap_or(columns.len());
    measures.sort_by(|left, right| {
        (column_of(left), !left.focus, left.position, &left.name).cmp(&(
            column_of(right),
            !right.focus,
            right.position,
            &right.name,
        ))
    });
    let known: HashSet<MeasureId> = measures.iter().map(|measure| measure.id).collect();
    model.tiles.retain(|id, _| known.contains(id));
    model.measures = measures;
    Ok(())
}

/// Reads the process board of the model's day.
pub(crate) fn processes(store: &Store, model: &mut Model) -> Outcome<()> {
    model.processes = store.records(Some(model.team.id))?;
    let day = model.process_day;
    let calendar = model.team.calendar();
    let mut rows = Vec::new();
    for process in &model.processes {
        for Work { spell, period } in store.work(process, &calendar, day, day)? {
            let Spell { span, told, carried } = spell;
            let standing = Standing::of(&span, process.flow, told, carried, model.now);
            let phase = RowPhase::of(&span, model.now);
            rows.push(ProcessRow { process: process.id, span, period, told, carried, standing, phase });
        }
    }
    model.rows = rows;
    let month = day.with_day0(0).unwrap_or(day);
    let (from, to) =
        (month.and_time(NaiveTime::MIN), day.checked_add_days(Days::new(2)).unwrap_or(day).and_time(NaiveTime::MIN));
    model.reasons = store.reasons(model.team.id, from, to)?;
    Ok(())
}

/// Puts the rows of the process board right for a later minute, without reading anything.
pub(crate) fn pace(model: &mut Model) {
    let now = model.now;
    for row in &mut model.rows {
        let Some(process) = model.processes.iter().find(|process| process.id == row.process) else { continue };
        row.standing = Standing::of(&row.span, process.flow, row.told, row.carried, now);
        row.phase = RowPhase::of(&row.span, now);
    }
}

/// The measures whose points come from these rows' processes: a tick changes them only when its
/// period is over.
pub(crate) fn fed_by_closed(model: &Model) -> Vec<MeasureId> {
    let closed: HashSet<ProcessId> =
        model.rows.iter().filter(|row| row.phase == RowPhase::Closed).map(|row| row.process).collect();
    model
        .measures
        .iter()
        .filter(|measure| measure.source.is_some_and(|source| closed.contains(&source)))
        .map(|measure| measure.id)
        .collect()
}

/// The measures whose points are counted from huddles and promises.
fn fed_by_huddles(model: &Model) -> impl Iterator<Item = MeasureId> {
    let fed =
        model.measures.iter().filter(|measure| measure.source.is_some_and(|source| Fidelity::of(source).is_some()));
    fed.map(|measure| measure.id)
}

/// Reads projects, cycles and observations of every team of the file.
pub(crate) fn cycles(store: &Store, model: &mut Model) -> Outcome<()> {
    model.projects = store.records(None)?;
    model.cycles = store.records(None)?;
    model.cycles.sort_by(|left, right| (&left.ramp, left.number, left.id).cmp(&(&right.ramp, right.number, right.id)));
    let mut observations: HashMap<_, Vec<Observation>> = HashMap::new();
    for observation in store.records::<Observation>(None)? {
        observations.entry(observation.cycle).or_default().push(observation);
    }
    for noted in observations.values_mut() {
        noted.sort_by_key(|observation| (observation.at, observation.id));
    }
    model.observations = observations;
    Ok(())
}

/// Reads what the team has promised, and its huddles.
pub(crate) fn huddles(store: &Store, model: &mut Model) -> Outcome<()> {
    model.promises = store.promises(model.team.id, model.now - chrono::TimeDelta::days(CLOSED_DAYS))?;
    let from = model.today() - chrono::TimeDelta::days(HUDDLE_DAYS);
    model.huddles = store.huddles(model.team.id, from)?;
    Ok(())
}

/// Reads a month of a measure's safety cross; nothing where the measure is gone.
pub(crate) fn cross(store: &Store, model: &Model, id: MeasureId, first: NaiveDate) -> Outcome<Option<CrossMonth>> {
    let Some(measure) = model.measure(id) else { return Ok(None) };
    let points = store.points(measure, model.now)?;
    let until = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let said = store.cross_days(id, first, until)?;
    let event = |point: &&Point| point.value.is_some_and(|value| value >= 1.0) && point.key.stratum.is_empty();
    let last = points.iter().filter(event).map(|point| point.key.start.date()).max();
    Ok(Some(CrossMonth { measure: id, first, cells: cross::month(measure, first, &points, &said), last }))
}

/// Reads what a tile shows.
pub(crate) fn tile(store: &Store, measure: &Measure, today: NaiveDate, now: DateTime<Utc>) -> Outcome<Tile> {
    let points = store.points(measure, now)?;
    let phases = phases(store, measure.id)?;
    let source = Source { phases: &phases, today: Some(today), ..Source::of(measure, &points) };
    Ok(chart::build(source).summary())
}

/// Reads where a measure was re-based.
pub(crate) fn phases(store: &Store, id: MeasureId) -> Outcome<Vec<Phase>> {
    store.records_where("measure", &id.to_value())
}

/// Reads a measure's chart with everything that is written on it.
pub(crate) fn open_chart(
    store: &Store,
    model: &Model,
    id: MeasureId,
    chosen: Option<ChartType>,
) -> Outcome<Option<OpenChart>> {
    let Some(measure) = model.measure(id) else { return Ok(None) };
    let points = store.points(measure, model.now)?;
    let phases = phases(store, id)?;
    let annotations: Vec<Annotation> = store.records_where("measure", &id.to_value())?;
    let marks = marks(&model.cycles, id);
    let source = Source {
        phases: &phases,
        annotations: &annotations,
        marks: &marks,
        chart: chosen,
        today: Some(model.today()),
        ..Source::of(measure, &points)
    };
    let chart = chart::build(source);
    Ok(Some(OpenChart { measure: id, chosen, chart, points, annotations, phases }))
}

/// The stages of cycles that mark a measure's chart.
pub(crate) fn marks(cycles: &[Cycle], measure: MeasureId) -> Vec<Mark> {
    let mut marks = Vec::new();
    for cycle in cycles.iter().filter(|cycle| cycle.measures.0.contains(&measure)) {
        if let Some(day) = cycle.started {
            marks.push(Mark {
                day,
                text: format!("PDSA {}{} Do: {}", cycle.ramp, cycle.number, cycle.title),
                kind: MarkKind::Do,
            });
        }
        if let (Some(day), Some(decision)) = (cycle.finished, cycle.decision) {
            let text = format!("PDSA {}{} Act: {}", cycle.ramp, cycle.number, decision.code());
            marks.push(Mark { day, text, kind: MarkKind::Act });
        }
    }
    marks.sort_by_key(|mark| mark.day);
    marks
}
