//! Reads what stands beside the open chart: a second measure, strata, teams, spread, reasons.

use chrono::{Months, NaiveDate, NaiveTime};

use super::load;
use crate::app::beside::{Found, Spread, Teams, Wish};
use crate::app::model::Model;
use crate::base::error::Outcome;

use crate::chart::{self, Funnel, FunnelRow, Histogram, Pareto, Scale, Source};
use crate::domain::MeasureId;
use crate::domain::annotation::Phase;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::point::Point;
use crate::store::Store;

/// The most strata that are drawn over each other: more cannot be told apart.
const MOST_STRATA: usize = 6;

/// What is wanted, as the file has it; nothing where the measure is gone.
pub(crate) fn read(store: &Store, model: &Model, wish: Wish) -> Outcome<Option<Found>> {
    Ok(match wish {
        Wish::Second(id) => load::open_chart(store, model, id, None)?.map(|open| Found::Second(Box::new(open))),
        Wish::Strata(id) => strata(store, model, id)?,
        Wish::Teams(id) => teams(store, model, id)?,
        Wish::Spread(id) => spread(model, id),
        Wish::Reasons => {
            let since = model.today().checked_sub_months(Months::new(3)).unwrap_or_default();
            let until = model.today().succ_opt().unwrap_or(NaiveDate::MAX);
            let at = |day: NaiveDate| day.and_time(NaiveTime::MIN);
            let reasons = store.reasons(model.team.id, at(since), at(until))?;
            #[allow(clippy::cast_precision_loss, reason = "how often a ward gave a reason")]
            let counts = reasons.iter().map(|(reason, count)| (reason.as_str(), *count as f64));
            Some(Found::Reasons(Pareto::of(counts), since))
        }
    })
}

fn strata(store: &Store, model: &Model, id: MeasureId) -> Outcome<Option<Found>> {
    let Some(measure) = model.measure(id) else { return Ok(None) };
    let mut parts: Vec<(String, Vec<Point>)> = Vec::new();
    for point in store.points(measure, model.now)? {
        match parts.iter_mut().find(|(name, _)| *name == point.key.stratum) {
            _ if point.key.stratum.is_empty() => {}
            Some((_, points)) => points.push(point),
            None => parts.push((point.key.stratum.clone(), vec![point])),
        }
    }
    // Those with the most values first, so that it is the rare ones that find no room.
    parts.sort_by(|one, other| other.1.len().cmp(&one.1.len()).then_with(|| one.0.cmp(&other.0)));
    parts.truncate(MOST_STRATA);
    let phases: Vec<Phase> = load::phases(store, id)?;
    let chart = |points: &[Point]| {
        chart::build(Source { phases: &phases, today: Some(model.today()), ..Source::of(measure, points) })
    };
    Ok(Some(Found::Strata(parts.into_iter().map(|(name, points)| (name, chart(&points))).collect())))
}

fn teams(store: &Store, model: &Model, id: MeasureId) -> Outcome<Option<Found>> {
    let Some(measure) = model.measure(id) else { return Ok(None) };
    let since = model.today().checked_sub_months(Months::new(12)).unwrap_or_default();
    let (mut rows, mut count) = (Vec::new(), 0);
    for team in &model.teams {
        let measures: Vec<Measure> = store.records(Some(team.id))?;
        let same = measures.iter().find(|other| other.slug() == measure.slug() && other.kind == measure.kind);
        let Some(same) = same else { continue };
        count += 1;
        let points = store.latest_points(same, latest(same.frequency), model.now)?;
        let whole = points.iter().any(|point| point.key.stratum.is_empty());
        let counted = points.iter().filter(|point| {
            point.ghost.is_none() && point.key.start.date() >= since && (!whole || point.key.stratum.is_empty())
        });
        let mut row = FunnelRow { name: team.name.clone(), numerator: 0.0, denominator: 0.0 };
        for (value, denominator) in counted.filter_map(|point| Some((point.value?, point.denominator?))) {
            row.numerator += value;
            row.denominator += denominator;
        }
        if row.denominator > 0.0 {
            rows.push(row);
        }
    }
    let funnel = Funnel::of(&measure.name, Scale::of(measure), measure.better(), &rows);
    Ok(Some(Found::Teams(Teams { funnel, since, count })))
}

/// More points than a measure can have in a year, strata and events included.
fn latest(frequency: Frequency) -> usize {
    match frequency {
        Frequency::Day | Frequency::Event => 4_000,
        Frequency::Week(_) => 600,
        Frequency::Month | Frequency::Quarter | Frequency::Year => 200,
    }
}

/// Computed from the open chart, so that a key press computes nothing again.
fn spread(model: &Model, id: MeasureId) -> Option<Found> {
    let open = model.chart.as_ref().filter(|open| open.measure == id)?;
    let spread = Spread { histogram: Histogram::of_last_phase(&open.chart), later_only: open.chart.phases.len() > 1 };
    Some(Found::Spread(Box::new(spread)))
}
