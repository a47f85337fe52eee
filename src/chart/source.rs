//! What a chart is made of: a measure with its records, or a table.

use chrono::NaiveDate;

use crate::domain::annotation::{Annotation, Phase};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, PastTarget};
use crate::domain::point::{Point, Start};
use crate::spc::{Better, ChartType, RuleSet};

/// A measure with its records.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// Its data points, of one stratum.
    pub points: &'a [Point],
    /// Where it was re-based.
    pub phases: &'a [Phase],
    /// What was written on it.
    pub annotations: &'a [Annotation],
    /// The stages of the cycles that are read on it.
    pub marks: &'a [Mark],
    /// Another kind of chart than the measure's own.
    pub chart: Option<ChartType>,
    /// Other rules than the measure's own.
    pub rules: Option<RuleSet>,
    /// The ward's day.
    pub today: Option<NaiveDate>,
}

impl<'a> Source<'a> {
    /// A measure with its points and nothing else.
    #[must_use]
    pub fn of(measure: &'a Measure, points: &'a [Point]) -> Self {
        Self { measure, points, phases: &[], annotations: &[], marks: &[], chart: None, rules: None, today: None }
    }
}

/// A stage of a cycle that marks the chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The day on which the stage began.
    pub day: NaiveDate,
    /// What the key says: "PDSA 3 Do: second check at the trolley".
    pub text: String,
    /// The stage.
    pub kind: MarkKind,
}

/// The stages of a cycle that mark a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkKind {
    /// The test began.
    Do,
    /// The team decided.
    Act,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// When its period starts.
    pub start: Start,
    /// The value, or the numerator where there is a denominator.
    pub value: Option<f64>,
    /// The denominator.
    pub denominator: Option<f64>,
    /// Whether it is left out of the statistics.
    pub ghost: bool,
}

/// A table without a measure, as `analyse` reads it, and what is asked of it.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its rows.
    pub rows: &'a [Row],
    /// Whether it has a column of denominators: what is plotted is then value / denominator.
    pub has_denominators: bool,
    /// Whether the denominators are time or people at risk, and not the whole of which the value is a part.
    pub has_exposure: bool,
    /// The kind of chart.
    pub chart: ChartType,
    /// The rules; none: those that go with the chart.
    pub rules: Option<RuleSet>,
    /// Which way is better.
    pub better: Better,
    /// The target of now, as plotted.
    pub target: Option<f64>,
    /// The targets that held before it.
    pub past_targets: &'a [PastTarget],
    /// A given centre line for every phase, as plotted; none: the data make it.
    pub centre: Option<f64>,
    /// The first days of new phases.
    pub rebase: &'a [NaiveDate],
    /// Limits come from the first so many points of each phase.
    pub freeze: Option<usize>,
    /// Whether moving ranges that are far too wide are left out of the limits.
    pub screening: bool,
    /// What one period is called in words.
    pub frequency: Frequency,
    /// Whether a period without a row becomes a gap.
    pub fill_gaps: bool,
}

impl<'a> Table<'a> {
    /// A table of daily values on this chart, of which nothing else is asked.
    #[must_use]
    pub const fn of(name: &'a str, rows: &'a [Row], chart: ChartType) -> Self {
        Self {
            name,
            rows,
            has_denominators: false,
            has_exposure: false,
            chart,
            rules: None,
            better: Better::Neither,
            target: None,
            past_targets: &[],
            centre: None,
            rebase: &[],
            freeze: None,
            screening: true,
            frequency: Frequency::Day,
            fill_gaps: true,
        }
    }
}
