//! What stands beside the open chart, or in its place: a second measure, the parts of one measure, every
//! team of the file, how values spread, which reasons were given.

use chrono::NaiveDate;

use super::model::OpenChart;
use crate::chart::{Chart, Funnel, Histogram, Pareto};
use crate::domain::MeasureId;

/// What the chart pane wants to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// The chart of a second measure.
    Second(MeasureId),
    /// The charts of a measure's strata.
    Strata(MeasureId),
    /// A measure in every team of the file.
    Teams(MeasureId),
    /// How the values of a measure spread.
    Spread(MeasureId),
    /// Which reasons were given on the process board.
    Reasons,
}

/// What was read for it; it stays until the file changes or something else is wanted.
#[derive(Debug, Clone)]
pub struct Beside {
    /// What was wanted.
    pub wish: Wish,
    /// What was found.
    pub found: Found,
}

/// What was found beside the open chart.
#[derive(Debug, Clone)]
pub enum Found {
    /// A second measure.
    Second(Box<OpenChart>),
    /// A chart for each stratum of a measure, by name; nothing where it has none.
    Strata(Vec<(String, Chart)>),
    /// The teams of the file.
    Teams(Teams),
    /// How values spread: all of them, and those of the last phase.
    Spread(Box<Spread>),
    /// Reasons with how often they were given, since a day.
    Reasons(Pareto, NaiveDate),
}

/// A measure in the teams of the file.
#[derive(Debug, Clone)]
pub struct Teams {
    /// The funnel; none where the measure has no denominator.
    pub funnel: Option<Funnel>,
    /// The first day that was counted.
    pub since: NaiveDate,
    /// How many teams have the measure.
    pub count: usize,
}

/// How the values of a chart spread.
#[derive(Debug, Clone)]
pub struct Spread {
    /// Its columns, of the last phase: the process as it runs now.
    pub histogram: Histogram,
    /// Whether the chart has earlier phases, which are left out.
    pub later_only: bool,
}
