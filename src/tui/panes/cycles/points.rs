//! How many data points of a cycle's measures fall into its test.

use crate::app::model::Model;
use crate::chart::Tile;
use crate::domain::cycle::Cycle;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;

/// The most data points that one of its measures has within the test; `None` where the measures
/// cannot be counted here: another team's, or still being read.
pub(super) fn points_in_test(model: &Model, cycle: &Cycle) -> Option<usize> {
    if cycle.measures.0.is_empty() || cycle.started.is_none() {
        return Some(0);
    }
    let counted = cycle.measures.0.iter().filter_map(|id| {
        let measure = model.measure(*id)?;
        within(measure, model.tiles.get(id)?, cycle)
    });
    counted.max()
}

/// The points of a tile between the start of Do and the start of Study. A tile knows the day of its
/// last point only; the ones before it follow in whole periods.
fn within(measure: &Measure, tile: &Tile, cycle: &Cycle) -> Option<usize> {
    let frequency = measure.frequency;
    if frequency == Frequency::Event {
        return None;
    }
    let (last, started) = (frequency.start_of(tile.start?.date()), frequency.start_of(cycle.started?));
    if last < started {
        return Some(0);
    }
    let since = frequency.between(started, last) + 1;
    let after = cycle.studied.map(|day| frequency.start_of(day)).filter(|day| *day < last);
    let after = after.map_or(0, |day| frequency.between(day, last));
    let end = tile.tail.len().saturating_sub(after);
    let from = tile.tail.len().saturating_sub(since).min(end);
    Some(tile.tail.get(from..end)?.iter().filter(|point| point.value.is_finite()).count())
}
