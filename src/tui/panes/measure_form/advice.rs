//! Which chart fits the values that a measure has.

use crate::app::model::Model;
use crate::chart::ChartPoint;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind};
use crate::spc::{self, ChartType, Data, Nature};

/// The chart that fits a measure's latest values and why; nothing before there are any.
pub(super) fn chart(measure: &Measure, model: &Model) -> Option<(ChartType, &'static str)> {
    let tile = model.tiles.get(&measure.id)?;
    let points: Vec<&ChartPoint> = tile.chart.points.iter().filter(|point| point.speaks()).collect();
    if points.is_empty() || tile.chart.chart.needs_subgroups() {
        return None;
    }
    let is_event = measure.frequency == Frequency::Event && measure.kind == MeasureKind::Count;
    let nature = match measure.kind {
        _ if is_event => Nature::Between,
        MeasureKind::Count => Nature::Counted,
        MeasureKind::Proportion => Nature::Share,
        MeasureKind::Rate => Nature::Rate,
        MeasureKind::Value => Nature::Measured,
    };
    let values: Vec<f64> = if is_event {
        let days = points.windows(2).map(|pair| (pair[1].start.date() - pair[0].start.date()).num_days());
        #[allow(clippy::cast_precision_loss, reason = "days of a calendar")]
        days.map(|days| days as f64).collect()
    } else {
        points.iter().map(|point| point.numerator.unwrap_or(point.value)).collect()
    };
    let sizes: Option<Vec<f64>> = points.iter().map(|point| point.denominator).collect();
    let sizes = sizes.filter(|_| measure.has_denominator());
    let data = Data { nature, values: &values, denominators: sizes.as_deref(), has_subgroups: false };
    let (chart, why) = spc::suggest(&data);
    Some((chart, why.words()))
}
