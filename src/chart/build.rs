//! From the source to the chart: gaps, phases, analysis, numbered notes.

mod series;

use chrono::NaiveDate;

use self::series::{Spreads, blank, finite};
use super::scale::Scale;
use super::source::{Source, Table};
use super::{Chart, ChartPhase, ChartPoint, Numbered, Outline, Words, words};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind, PastTarget, target_on};
use crate::domain::point::Start;
use crate::spc::{self, Analysis, Better, ChartType, Data, Input, Nature, Options, RuleSet, Why};

/// The most gaps that a chart fills in; beyond them (a wrong year, say) a stretch without rows is one gap.
pub const MOST_GAPS: usize = 20_000;

/// What is asked of a series, wherever it comes from.
struct Frame<'a> {
    name: &'a str,
    scale: Scale,
    /// The chart that is asked for.
    wanted: ChartType,
    /// The chart that is computed.
    chart: ChartType,
    /// Why that is another one.
    misfit: Option<&'static str>,
    rules: RuleSet,
    better: Better,
    target: Option<f64>,
    past_targets: &'a [PastTarget],
    centre: Option<f64>,
    frequency: Frequency,
    /// The first days of new phases with their reasons.
    phases: Vec<(NaiveDate, &'a str)>,
    freeze: Option<usize>,
    screening: bool,
    fill_gaps: bool,
    today: Option<NaiveDate>,
    /// The standard deviations of subgroups.
    spreads: Spreads,
}

/// The chart of a measure.
#[must_use]
pub fn build(source: Source<'_>) -> Chart {
    let measure = source.measure;
    let chart = source.chart.unwrap_or_else(|| measure.chart());
    let between = is_between(measure, chart);
    let (mut points, spreads) = if chart.needs_subgroups() {
        series::subgroups(measure, source.points)
    } else {
        (series::of_measure(measure, source.points), Vec::new())
    };
    if between {
        series::days_between(&mut points);
    }
    let (computed, misfit) = fitting(chart, nature(measure, between), &points, !spreads.is_empty());
    // The measure's own rules belong to the measure's own chart.
    let own_rules = if computed == measure.chart() { measure.rules } else { None };
    let is_of_values = is_of_values(computed);
    let frame = Frame {
        name: &measure.name,
        scale: if between { Scale::of_days() } else { Scale::of(measure) },
        wanted: chart,
        chart: computed,
        misfit,
        rules: source.rules.or(own_rules).unwrap_or_else(|| RuleSet::default_for(computed)),
        better: match measure.better() {
            better if between => opposite(better),
            better if is_of_values => better,
            _ => Better::Neither,
        },
        target: measure.target.filter(|_| !between && is_of_values),
        past_targets: if !between && is_of_values { &measure.past_targets.0 } else { &[] },
        // What was given for values says nothing of days between them, nor of how much they vary.
        centre: measure.centre.filter(|_| computed == measure.chart() || (is_of_values && !between)),
        frequency: measure.frequency,
        phases: source.phases.iter().filter_map(|phase| Some((phase.day?, phase.reason.as_str()))).collect(),
        freeze: measure.freeze.and_then(|first| usize::try_from(first).ok()),
        screening: measure.screening.unwrap_or(true),
        fill_gaps: true,
        today: source.today,
        spreads,
    };
    let mut chart = assemble(frame, points);
    chart.annotations = numbered(&source, &chart.points);
    chart
}

/// The chart of a table without a measure.
#[must_use]
pub fn of_table(table: Table<'_>) -> Chart {
    let points = series::of_rows(&table);
    let scale = table_scale(&table, &points);
    let has_subgroups = series::has_subgroups(&points);
    let (points, spreads) =
        if table.chart.needs_subgroups() && has_subgroups { series::grouped(points) } else { (points, Vec::new()) };
    let (computed, misfit) = fitting(table.chart, table_nature(&scale, &table), &points, has_subgroups);
    let is_of_values = is_of_values(computed);
    assemble(
        Frame {
            name: table.name,
            scale,
            wanted: table.chart,
            chart: computed,
            misfit,
            rules: table.rules.unwrap_or_else(|| RuleSet::default_for(computed)),
            better: if is_of_values { table.better } else { Better::Neither },
            target: table.target.filter(|_| is_of_values),
            past_targets: if is_of_values { table.past_targets } else { &[] },
            centre: table.centre,
            frequency: table.frequency,
            phases: table.rebase.iter().map(|day| (*day, "")).collect(),
            freeze: table.freeze,
            screening: table.screening,
            fill_gaps: table.fill_gaps,
            today: None,
            spreads,
        },
        points,
    )
}

/// The chart that fits a table, and why.
#[must_use]
pub fn suggested(table: &Table<'_>) -> (ChartType, Why) {
    let points = series::of_rows(table);
    let nature = table_nature(&table_scale(table, &points), table);
    with_data(nature, &points, series::has_subgroups(&points), spc::suggest)
}

/// The chart to compute where `chart` is asked for: that one, or a run chart and why the other cannot be.
fn fitting(
    chart: ChartType,
    nature: Nature,
    points: &[ChartPoint],
    has_subgroups: bool,
) -> (ChartType, Option<&'static str>) {
    let misfit = with_data(nature, points, has_subgroups, |data| spc::misfit(chart, data));
    (if misfit.is_some() { ChartType::Run } else { chart }, misfit)
}

/// What a series is to those who choose a chart for it.
fn with_data<T>(nature: Nature, points: &[ChartPoint], has_subgroups: bool, ask: impl FnOnce(&Data<'_>) -> T) -> T {
    let has_parts = points.iter().any(|point| point.numerator.is_some() && point.denominator.is_some());
    let (values, parts) = if has_parts { parts(points) } else { (values(points), Vec::new()) };
    ask(&Data { nature, values: &values, denominators: has_parts.then_some(parts.as_slice()), has_subgroups })
}

fn values(points: &[ChartPoint]) -> Vec<f64> {
    points.iter().map(|point| point.value).collect()
}

/// Numerators and denominators, NaN where one is missing.
fn parts(points: &[ChartPoint]) -> (Vec<f64>, Vec<f64>) {
    points
        .iter()
        .map(
            |point| {
                if point.is_there() {
                    (finite(point.numerator), finite(point.denominator))
                } else {
                    (f64::NAN, f64::NAN)
                }
            },
        )
        .unzip()
}

/// What the numbers of a measure are.
fn nature(measure: &Measure, between: bool) -> Nature {
    match measure.kind {
        _ if between => Nature::Between,
        MeasureKind::Count => Nature::Counted,
        MeasureKind::Proportion => Nature::Share,
        MeasureKind::Rate => Nature::Rate,
        MeasureKind::Value => Nature::Measured,
    }
}

/// What the numbers of a table look like; whether a plain whole number was counted or measured it does not say.
fn table_nature(scale: &Scale, table: &Table<'_>) -> Nature {
    match scale.kind {
        MeasureKind::Proportion => Nature::Share,
        _ if table.has_denominators => Nature::Rate,
        _ => Nature::Measured,
    }
}

/// Whether a chart plots values, which a target and a better way speak of, and not how much they vary.
fn is_of_values(chart: ChartType) -> bool {
    !matches!(chart, ChartType::Mr | ChartType::S)
}

/// Ratios that never pass 1 are read as per cent; where they are rates, as so many per 1,000 or whatever leaves
/// digits before the point.
fn table_scale(table: &Table<'_>, points: &[ChartPoint]) -> Scale {
    if table.has_denominators && table.has_exposure {
        let most = points.iter().map(|point| point.value).filter(|value| value.is_finite()).fold(0.0, f64::max);
        let (factor, unit) = match [1.0, 1_000.0, 100_000.0].into_iter().find(|per| most * per >= 1.0) {
            Some(1.0) => (1.0, ""),
            Some(1_000.0) | None => (1_000.0, "per 1,000"),
            Some(_) => (100_000.0, "per 100,000"),
        };
        return Scale { factor, unit: unit.to_owned(), kind: MeasureKind::Rate };
    }
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

fn assemble(frame: Frame<'_>, points: Vec<ChartPoint>) -> Chart {
    let mut points = if frame.fill_gaps { with_gaps(points, frame.frequency) } else { points };
    let mut phases: Vec<(usize, &str)> = frame
        .phases
        .iter()
        .map(|(day, reason)| (points.partition_point(|point| point.start.date() < *day), *reason))
        .collect();
    phases.sort_by_key(|phase| phase.0);
    let Found { analysis, plotted, near } = analyse(&frame, &points, &phases);
    for (((point, found), plotted), near) in points.iter_mut().zip(&analysis.points).zip(plotted).zip(near) {
        point.value = plotted;
        (point.near_lower, point.near_upper) = near;
        point.centre = found.centre;
        point.lower = found.lower;
        point.upper = found.upper;
        point.side = found.side;
        point.signals = found.signals;
        point.rising = found.rising;
        point.verdict = found.verdict;
        let target = target_on(frame.past_targets, frame.target, point.start.date());
        point.target = target.unwrap_or(f64::NAN);
    }
    let mut chart = Chart {
        name: frame.name.to_owned(),
        unit: frame.scale.unit.clone(),
        chart: analysis.chart,
        wanted: (analysis.chart != frame.wanted).then_some(frame.wanted),
        misfit: frame.misfit,
        rules: analysis.rules,
        better: frame.better,
        target: target_at_the_end(&frame, &points),
        given_centre: given_centre(&frame),
        screening: has_ranges(analysis.chart).then_some(frame.screening),
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
        outline: Outline::default(),
    };
    chart.words = words::of(&chart);
    chart.outline = Outline::of(&chart);
    chart
}

/// What is found, and for each point what is plotted, and the lines beyond which it is near a limit.
struct Found {
    analysis: Analysis,
    plotted: Vec<f64>,
    near: Vec<(f64, f64)>,
}

fn analyse(frame: &Frame<'_>, points: &[ChartPoint], phases: &[(usize, &str)]) -> Found {
    let (values, denominators) = if frame.chart.needs_denominators() {
        parts(points)
    } else {
        (values(points), points.iter().map(|point| finite(point.denominator)).collect())
    };
    let spread = |point: &ChartPoint| {
        let found = frame.spreads.binary_search_by_key(&point.start, |spread| spread.0);
        found.map_or(f64::NAN, |at| frame.spreads[at].1)
    };
    let spreads: Vec<f64> =
        if frame.chart.needs_subgroups() { points.iter().map(spread).collect() } else { Vec::new() };
    let ghost: Vec<bool> = points.iter().map(|point| point.ghost.is_some()).collect();
    let rebase: Vec<usize> = phases.iter().map(|phase| phase.0).collect();
    let input =
        Input { values: &values, denominators: Some(&denominators), spreads: Some(&spreads), ghost: Some(&ghost) };
    let options = Options {
        chart: frame.chart,
        rules: frame.rules,
        better: frame.better,
        target: target_at_the_end(frame, points),
        rebase: &rebase,
        freeze: frame.freeze.filter(|first| *first > 0),
        centre: given_centre(frame),
        screening: frame.screening,
    };
    Found {
        analysis: spc::analyse(input, &options),
        plotted: spc::plotted(input, &options),
        near: spc::near_lines(input, &options),
    }
}

/// The target that holds at the last point: a moving target is judged by where it has come to.
fn target_at_the_end(frame: &Frame<'_>, points: &[ChartPoint]) -> Option<f64> {
    let last = points.last().map(|point| point.start.date());
    let target = last.map_or(frame.target, |day| target_on(frame.past_targets, frame.target, day));
    target.filter(|target| target.is_finite())
}

/// The given centre line, where it can be one.
fn given_centre(frame: &Frame<'_>) -> Option<f64> {
    let fits = |centre: &f64| match frame.chart {
        ChartType::Run | ChartType::Xmr | ChartType::Xbar => true,
        ChartType::P | ChartType::Pp => (0.0..=1.0).contains(centre),
        _ => *centre >= 0.0,
    };
    frame.centre.filter(|centre| centre.is_finite() && fits(centre))
}

/// Whether the limits of a chart come from moving ranges, which may be screened.
const fn has_ranges(chart: ChartType) -> bool {
    matches!(chart, ChartType::Xmr | ChartType::T | ChartType::Pp | ChartType::Up)
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
