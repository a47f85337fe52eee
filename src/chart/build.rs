//! From the source to the chart: gaps, phases, analysis, numbered notes.

use chrono::NaiveDate;

use super::scale::Scale;
use super::source::{Source, Table};
use super::{Chart, ChartPhase, ChartPoint, Numbered, Words, words};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Amount, Measure, MeasureKind};
use crate::domain::point::{Point, Start};
use crate::spc::{self, Analysis, Better, ChartType, Input, Options, RuleSet, Signals, Verdict};

/// The most gaps that a chart fills in; beyond them (a wrong year, say) a stretch without rows is one gap.
pub const MOST_GAPS: usize = 20_000;

/// What is asked of a series, wherever it comes from.
struct Frame<'a> {
    name: &'a str,
    scale: Scale,
    chart: ChartType,
    rules: RuleSet,
    better: Better,
    target: Option<f64>,
    frequency: Frequency,
    /// The first days of new phases with their reasons.
    phases: Vec<(NaiveDate, &'a str)>,
    freeze: Option<usize>,
    screening: bool,
    fill_gaps: bool,
    today: Option<NaiveDate>,
}

/// The chart of a measure.
#[must_use]
pub fn build(source: Source<'_>) -> Chart {
    let measure = source.measure;
    let chart = source.chart.unwrap_or_else(|| measure.chart());
    // The measure's own rules belong to the measure's own chart; a chart that is not computed yet is
    // drawn as a run chart, under a run chart's rules.
    let own_rules = if chart == measure.chart() && chart.supported() { measure.rules } else { None };
    let computed = if chart.supported() { chart } else { ChartType::Run };
    let between = is_between(measure, chart);
    let frame = Frame {
        name: &measure.name,
        scale: if between { Scale::of_days() } else { Scale::of(measure) },
        chart,
        rules: source.rules.or(own_rules).unwrap_or_else(|| RuleSet::default_for(computed)),
        better: if between { opposite(measure.better()) } else { measure.better() },
        target: measure.target.filter(|_| !between),
        frequency: measure.frequency,
        phases: source.phases.iter().filter_map(|phase| Some((phase.day?, phase.reason.as_str()))).collect(),
        freeze: measure.freeze.and_then(|first| usize::try_from(first).ok()),
        screening: measure.screening.unwrap_or(true),
        fill_gaps: true,
        today: source.today,
    };
    // Where the whole was counted, its bays and shifts are other series; they are no points of this one.
    let whole = source.points.iter().any(|point| point.key.stratum.is_empty());
    let mut order: Vec<&Point> = source.points.iter().filter(|point| !whole || point.key.stratum.is_empty()).collect();
    order.sort_by_key(|point| (point.key.start, point.key.ordinal));
    let mut points: Vec<ChartPoint> = order.into_iter().map(|point| of_point(measure, point)).collect();
    if between {
        days_between(&mut points);
    }
    let mut chart = assemble(frame, points);
    chart.annotations = numbered(&source, &chart.points);
    chart
}

/// The chart of a table without a measure.
#[must_use]
pub fn of_table(table: Table<'_>) -> Chart {
    let mut points: Vec<ChartPoint> = table
        .rows
        .iter()
        .map(|row| {
            let denominator = row.denominator.filter(|_| table.has_denominators);
            let kind = if table.has_denominators { MeasureKind::Rate } else { MeasureKind::Value };
            let value = row.value.and_then(|value| Amount { value, denominator }.plotted(kind));
            ChartPoint {
                value: finite(value),
                numerator: row.value.filter(|_| table.has_denominators),
                denominator,
                ghost: row.ghost.then(String::new),
                ..blank(row.start, true)
            }
        })
        .collect();
    points.sort_by_key(|point| point.start);
    assemble(
        Frame {
            name: table.name,
            scale: table_scale(&table, &points),
            chart: table.chart,
            rules: table.rules.unwrap_or_else(|| RuleSet::default_for(table.chart)),
            better: table.better,
            target: table.target,
            frequency: table.frequency,
            phases: table.rebase.iter().map(|day| (*day, "")).collect(),
            freeze: table.freeze,
            screening: table.screening,
            fill_gaps: table.fill_gaps,
            today: None,
        },
        points,
    )
}

/// Ratios that never pass 1 are read as per cent.
fn table_scale(table: &Table<'_>, points: &[ChartPoint]) -> Scale {
    let is_share =
        table.has_denominators && points.iter().all(|point| !point.is_there() || (0.0..=1.0).contains(&point.value));
    if is_share {
        Scale { factor: 100.0, unit: "%".to_owned(), kind: MeasureKind::Proportion }
    } else {
        Scale { factor: 1.0, unit: String::new(), kind: MeasureKind::Value }
    }
}

/// Whether a chart of rare events plots the days between them: a run of ones says nothing, and the
/// days between are what a T or G chart is made of (Provost and Murray 2011).
fn is_between(measure: &Measure, chart: ChartType) -> bool {
    let events = measure.frequency == Frequency::Event && measure.kind == MeasureKind::Count;
    events && matches!(chart, ChartType::T | ChartType::G)
}

/// More days between are better where fewer events are.
fn opposite(better: Better) -> Better {
    match better {
        Better::Up => Better::Down,
        Better::Down => Better::Up,
        Better::Neither => Better::Neither,
    }
}

/// Puts the days since the event before in the place of each event's count; the first has none.
fn days_between(points: &mut Vec<ChartPoint>) {
    points.retain(|point| point.value >= 1.0);
    let mut before: Option<NaiveDate> = None;
    for point in points.iter_mut() {
        let day = point.start.date();
        #[allow(clippy::cast_precision_loss, reason = "days of a few centuries")]
        let days = before.map_or(f64::NAN, |before| (day - before).num_days() as f64);
        point.value = days;
        before = Some(day);
    }
    // The first event only starts the count; alone, it is all there is to show.
    if points.len() > 1 {
        points.remove(0);
    }
}

fn of_point(measure: &Measure, point: &Point) -> ChartPoint {
    let has_parts = measure.has_denominator();
    ChartPoint {
        value: finite(point.plotted(measure)),
        numerator: point.value.filter(|_| has_parts),
        denominator: point.denominator.filter(|_| has_parts),
        note: point.note.clone(),
        ghost: point.ghost.clone(),
        ..blank(point.key.start, true)
    }
}

fn finite(value: Option<f64>) -> f64 {
    value.filter(|value| value.is_finite()).unwrap_or(f64::NAN)
}

/// A point without a value that nothing was found for yet.
fn blank(start: Start, present: bool) -> ChartPoint {
    ChartPoint {
        start,
        value: f64::NAN,
        numerator: None,
        denominator: None,
        note: String::new(),
        ghost: None,
        centre: f64::NAN,
        lower: f64::NAN,
        upper: f64::NAN,
        side: None,
        signals: Signals::NONE,
        rising: None,
        verdict: Verdict::Common,
        present,
    }
}

fn assemble(frame: Frame<'_>, points: Vec<ChartPoint>) -> Chart {
    let mut points = if frame.fill_gaps { with_gaps(points, frame.frequency) } else { points };
    let mut phases: Vec<(usize, &str)> = frame
        .phases
        .iter()
        .map(|(day, reason)| (points.partition_point(|point| point.start.date() < *day), *reason))
        .collect();
    phases.sort_by_key(|phase| phase.0);
    let analysis = analyse(&frame, &points, &phases);
    for (point, found) in points.iter_mut().zip(&analysis.points) {
        point.centre = found.centre;
        point.lower = found.lower;
        point.upper = found.upper;
        point.side = found.side;
        point.signals = found.signals;
        point.rising = found.rising;
        point.verdict = found.verdict;
    }
    let mut chart = Chart {
        name: frame.name.to_owned(),
        unit: frame.scale.unit.clone(),
        chart: analysis.chart,
        wanted: (analysis.chart != frame.chart).then_some(frame.chart),
        rules: analysis.rules,
        better: frame.better,
        target: frame.target.filter(|target| target.is_finite()),
        frequency: frame.frequency,
        phases: chart_phases(&analysis, &points, &phases),
        annotations: Vec::new(),
        variation: analysis.variation,
        assurance: analysis.assurance,
        words: Words::default(),
        last: points.iter().rposition(ChartPoint::is_there),
        scale: frame.scale,
        today: frame.today,
        points,
    };
    chart.words = words::of(&chart);
    chart
}

fn analyse(frame: &Frame<'_>, points: &[ChartPoint], phases: &[(usize, &str)]) -> Analysis {
    let counts_parts =
        matches!(frame.chart, ChartType::P | ChartType::Pp | ChartType::U | ChartType::Up) && frame.chart.supported();
    let has_parts = points.iter().any(|point| point.denominator.is_some());
    // A chart of parts cannot be made of a series that has none.
    let chart = if counts_parts && !has_parts { ChartType::Run } else { frame.chart };
    let parts = counts_parts && has_parts;
    let values: Vec<f64> = points
        .iter()
        .map(|point| if parts && point.is_there() { finite(point.numerator) } else { point.value })
        .collect();
    let denominators: Vec<f64> =
        if parts { points.iter().map(|point| finite(point.denominator)).collect() } else { Vec::new() };
    let ghost: Vec<bool> = points.iter().map(|point| point.ghost.is_some()).collect();
    let rebase: Vec<usize> = phases.iter().map(|phase| phase.0).collect();
    let denominators = parts.then_some(denominators.as_slice());
    let input = Input { denominators, ghost: Some(&ghost), ..Input::of(&values) };
    let options = Options {
        chart,
        rules: frame.rules,
        better: frame.better,
        target: frame.target.filter(|target| target.is_finite()),
        rebase: &rebase,
        freeze: frame.freeze.filter(|first| *first > 0),
        centre: None,
        screening: frame.screening,
    };
    spc::analyse(input, &options)
}

fn chart_phases(analysis: &Analysis, points: &[ChartPoint], phases: &[(usize, &str)]) -> Vec<ChartPhase> {
    let reason = |from: usize| {
        phases.iter().rfind(|phase| phase.0 == from && from > 0).map_or(String::new(), |phase| phase.1.to_owned())
    };
    analysis
        .phases
        .iter()
        .filter_map(|found| {
            Some(ChartPhase {
                from: found.from,
                to: found.to,
                start: points.get(found.from)?.start,
                reason: reason(found.from),
                centre: found.centre,
                sigma: found.sigma,
                lower: found.lower,
                upper: found.upper,
                baseline: found.baseline,
                n: found.n,
                useful: found.useful,
                runs: found.runs,
                ihi: found.ihi,
                screened: found.screened,
            })
        })
        .collect()
}

/// The points with one more for each period between them that has no row.
fn with_gaps(points: Vec<ChartPoint>, frequency: Frequency) -> Vec<ChartPoint> {
    if frequency == Frequency::Event {
        return points;
    }
    let mut room = MOST_GAPS;
    let mut out: Vec<ChartPoint> = Vec::with_capacity(points.len());
    for point in points {
        if let Some(before) = out.last() {
            let period = frequency.start_of(before.start.date());
            let here = frequency.start_of(point.start.date());
            let missing = frequency.between(period, here).saturating_sub(1);
            let filled = if missing > room { missing.min(1) } else { missing };
            room = room.saturating_sub(filled);
            let mut at = period;
            for _ in 0..filled {
                let Some(next) = frequency.next(at).filter(|next| *next < here) else {
                    break;
                };
                out.push(blank(Start::day(next), false));
                at = next;
            }
        }
        out.push(point);
    }
    out
}

/// Annotations and cycle marks by day, numbered.
fn numbered(source: &Source<'_>, points: &[ChartPoint]) -> Vec<Numbered> {
    let annotations =
        source.annotations.iter().filter_map(|annotation| Some((annotation.day?, annotation.text.clone(), None)));
    let marks = source.marks.iter().map(|mark| (mark.day, mark.text.clone(), Some(mark.kind)));
    let mut all: Vec<_> = annotations.chain(marks).collect();
    all.sort_by_key(|note| note.0);
    all.into_iter()
        .enumerate()
        .map(|(at, (day, text, mark))| Numbered { number: at + 1, day, index: holding(points, day), text, mark })
        .collect()
}

/// The point whose period holds a day, or the nearest.
fn holding(points: &[ChartPoint], day: NaiveDate) -> Option<usize> {
    let after = points.partition_point(|point| point.start.date() <= day);
    (!points.is_empty()).then(|| after.saturating_sub(1))
}

#[cfg(test)]
mod tests;
