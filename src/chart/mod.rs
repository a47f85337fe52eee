//! A measure's chart as data: points with their side and signal, lines, phases, annotations, words.
//!
//! There is one [`Chart`], made by [`build()`] from a measure or by [`of_table`] from a table; the
//! screen draws it, every exporter writes it and `--json` prints it. Nothing here knows a terminal,
//! a file or the time, and nothing can fail: what cannot be computed is NaN or absent.
//!
//! | file | what it holds |
//! |---|---|
//! | `source` | what a chart is made of |
//! | `build` | from the source to the chart: gaps, phases, analysis, numbered notes |
//! | `scale` | how plotted values and days are written |
//! | `extent` | how far the vertical axis reaches |
//! | `outline` | its points summed up in stretches, for pictures of very many |
//! | `calendar` | the dates under it |
//! | `stretch` | how long a signal has held |
//! | `words` | what the chart says, in sentences |
//! | `tile` | the chart as a tile shows it |
//! | `funnel`, `histogram`, `pareto` | pictures beside it: many teams, how often, which reasons |
//! | `json` | the chart as the documented object |

mod build;
mod calendar;
pub mod extent;
mod funnel;
mod histogram;
mod json;
mod outline;
mod pareto;
mod scale;
mod source;
mod stretch;
mod tile;
mod words;

#[cfg(test)]
pub(crate) mod sample;

use chrono::NaiveDate;

use crate::domain::frequency::Frequency;
use crate::domain::measure::MeasureKind;
use crate::domain::point::Start;
use crate::spc::{Assurance, Better, ChartType, Ihi, RuleSet, Runs, Screening, Side, Signals, Variation, Verdict};

pub use build::{MOST_GAPS, build, of_table, suggested};
pub use funnel::{Funnel, FunnelPoint, FunnelRow};
pub use histogram::{Histogram, HistogramBin};
pub use outline::{Outline, Stretch};
pub use pareto::{Pareto, ParetoBar};
pub use scale::{Scale, spoken_day};
pub use source::{Mark, MarkKind, Row, Source, Table};
pub use tile::{Tile, TilePoint};
pub use words::{SignalRun, Suggestion, Words, badge, glyph, rule_letter, rule_name, verdict_of, word};

/// A measure's chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The name of the measure.
    pub name: String,
    /// The unit that stands behind a shown value: "%", "d", or nothing.
    pub unit: String,
    /// The kind of chart that was computed.
    pub chart: ChartType,
    /// The kind of chart that was asked for, where it is another one.
    pub wanted: Option<ChartType>,
    /// Why that one cannot be made of these data, as a sentence.
    pub misfit: Option<&'static str>,
    /// The rules that marked its points.
    pub rules: RuleSet,
    /// Which way is better.
    pub better: Better,
    /// The target that holds at the last point, as plotted.
    pub target: Option<f64>,
    /// The centre line that was given for every phase, as plotted; none where the data made it.
    pub given_centre: Option<f64>,
    /// Whether moving ranges that are far too wide were looked for before the limits were made; none where the
    /// limits of this chart do not come from moving ranges.
    pub screening: Option<bool>,
    /// How often the measure is measured.
    pub frequency: Frequency,
    /// Its points in the order of time, with a point for each period without a row.
    pub points: Vec<ChartPoint>,
    /// Its phases in the order of time; none for an empty chart.
    pub phases: Vec<ChartPhase>,
    /// Its annotations and cycle marks in the order of time, numbered from 1.
    pub annotations: Vec<Numbered>,
    /// What the last point says.
    pub variation: Variation,
    /// What the limits say of the target.
    pub assurance: Option<Assurance>,
    /// What it says in words.
    pub words: Words,
    /// Index of the last point that has a value.
    pub last: Option<usize>,
    /// How plotted values are written.
    pub scale: Scale,
    /// The ward's day on which it was made, where that is known.
    pub today: Option<NaiveDate>,
    /// Its points summed up for drawing.
    pub outline: Outline,
}

/// One point of a chart. Numbers are plotted values; NaN: there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartPoint {
    /// When its period starts.
    pub start: Start,
    /// What is plotted; NaN for a gap.
    pub value: f64,
    /// The numerator, where there is a denominator.
    pub numerator: Option<f64>,
    /// The denominator of a proportion or rate; on a chart of subgroups, how many values this one holds.
    pub denominator: Option<f64>,
    /// What was noted with it.
    pub note: String,
    /// Why it is left out of the statistics, where it is.
    pub ghost: Option<String>,
    /// Centre line here.
    pub centre: f64,
    /// Lower process limit here; NaN where the chart has none.
    pub lower: f64,
    /// Upper process limit here; NaN where the chart has none.
    pub upper: f64,
    /// The target that held here; NaN where there was none.
    pub target: f64,
    /// Side of the centre line; none for a gap.
    pub side: Option<Side>,
    /// The rules that mark it.
    pub signals: Signals,
    /// Whether the verdict is about high or rising values; none for common cause.
    pub rising: Option<bool>,
    /// What it says.
    pub verdict: Verdict,
    /// Whether there is a row for it; not so for a period that nobody filled in.
    pub present: bool,
}

/// One phase of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartPhase {
    /// Index of its first point.
    pub from: usize,
    /// Index of its last point, itself included.
    pub to: usize,
    /// When its first point starts.
    pub start: Start,
    /// Why the chart was re-based; empty for the first phase.
    pub reason: String,
    /// Centre line.
    pub centre: f64,
    /// A third of the way from the centre line to a limit, of the last point where these differ; NaN for a run
    /// chart and a T chart.
    pub sigma: f64,
    /// Lower limit of its last point that has a value.
    pub lower: f64,
    /// Upper limit of its last point that has a value.
    pub upper: f64,
    /// How many points made the lines.
    pub baseline: usize,
    /// How many points are there and are not ghosts.
    pub n: usize,
    /// How many of those are not on the centre line.
    pub useful: usize,
    /// Anhøj's test.
    pub runs: Runs,
    /// The tests of Perla, Provost and Murray.
    pub ihi: Ihi,
    /// What became of the largest moving ranges.
    pub screened: Screening,
}

/// A note under the axis: an annotation, or a stage of a cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbered {
    /// Its number, from 1.
    pub number: usize,
    /// Its day.
    pub day: NaiveDate,
    /// Index of the point whose period holds the day, or of the nearest one.
    pub index: Option<usize>,
    /// What it says.
    pub text: String,
    /// The stage of a cycle; none for an annotation.
    pub mark: Option<MarkKind>,
}

/// A target and the points at which it held.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetStep {
    /// Index of the first.
    pub from: usize,
    /// Index of the last.
    pub to: usize,
    /// The target, as plotted.
    pub target: f64,
}

impl ChartPoint {
    /// Whether it has a value.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.value.is_finite()
    }

    /// Whether it has a value and counts: it is not a ghost.
    #[must_use]
    pub fn speaks(&self) -> bool {
        self.is_there() && self.ghost.is_none()
    }
}

impl Chart {
    /// What the whole chart says: the verdict of its variation.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        verdict_of(self.variation)
    }

    /// Whether there are too few points in its last phase to say anything: no verdict, then, and not
    /// "no change".
    #[must_use]
    pub fn is_early(&self) -> bool {
        self.verdict() == Verdict::Common && self.phase().is_none_or(|phase| phase.n < words::FEW)
    }

    /// The sign and the word for the whole chart: "▲ CONCERN", "≈ no change", "too early".
    #[must_use]
    pub fn badge(&self, ascii: bool) -> String {
        badge(self.verdict(), self.is_early(), ascii)
    }

    /// The last phase.
    #[must_use]
    pub fn phase(&self) -> Option<&ChartPhase> {
        self.phases.last()
    }

    /// The phase that holds a point.
    #[must_use]
    pub fn phase_of(&self, index: usize) -> Option<&ChartPhase> {
        let after = self.phases.partition_point(|phase| phase.from <= index);
        self.phases.get(after.checked_sub(1)?).filter(|phase| index <= phase.to)
    }

    /// Whether it plots the time or the cases between events.
    #[must_use]
    pub fn is_between(&self) -> bool {
        self.frequency == Frequency::Event && matches!(self.chart, ChartType::T | ChartType::G)
    }

    /// Whether another kind of chart can be made of what it shows.
    #[must_use]
    pub fn takes(&self, chart: ChartType) -> bool {
        let has_parts = self.points.iter().any(|point| point.numerator.is_some() && point.denominator.is_some());
        match chart {
            ChartType::Run | ChartType::Xmr | ChartType::Mr => true,
            ChartType::P | ChartType::Pp => has_parts && self.scale.kind == MeasureKind::Proportion,
            ChartType::U | ChartType::Up => has_parts,
            ChartType::C => !has_parts && self.scale.kind == MeasureKind::Count,
            ChartType::G | ChartType::T => !has_parts && self.frequency == Frequency::Event,
            ChartType::Xbar | ChartType::S => self.chart.needs_subgroups(),
        }
    }

    /// The name of its centre line: "median", "mean", or "centre line" where it is neither.
    #[must_use]
    pub fn centre_name(&self) -> &'static str {
        scale::centre_name(self.chart)
    }

    /// The day of a point as people say it: "16 Nov", "Nov 2026" for months.
    #[must_use]
    pub fn day_of(&self, index: usize) -> Option<String> {
        let start = self.points.get(index)?.start;
        let now = self.points.last().map(|point| point.start.date());
        Some(spoken_day(start, self.frequency, now))
    }

    /// The dates under its points `first..first + count`, each with the index of its point, where points
    /// are `spacing` letters apart.
    #[must_use]
    pub fn dates(&self, first: usize, count: usize, spacing: f64) -> Vec<(usize, String)> {
        calendar::dates(self, first, count, spacing)
    }

    /// One point in one line: its day, value, parts, side of the centre line, verdict and note.
    #[must_use]
    pub fn read_out(&self, index: usize) -> String {
        tile::read_out(self, index)
    }

    /// What a tile shows of it.
    #[must_use]
    pub fn summary(&self) -> Tile {
        tile::summary(self)
    }

    /// Its last points, with the lines, phases and words that were computed of all of them; without notes.
    #[must_use]
    pub fn latest(&self, count: usize) -> Self {
        tile::latest(self, count)
    }

    /// The object that `chart --json` and `analyse --json` print.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        json::object(self)
    }

    /// The targets one after the other, each with the first and the last point at which it held.
    #[must_use]
    pub fn target_steps(&self) -> Vec<TargetStep> {
        let mut steps: Vec<TargetStep> = Vec::new();
        for (index, target) in self.points.iter().map(|point| point.target).enumerate() {
            match steps.last_mut() {
                Some(step) if step.to + 1 == index && step.target == target => step.to = index,
                _ if target.is_finite() => steps.push(TargetStep { from: index, to: index, target }),
                _ => {}
            }
        }
        steps
    }

    /// The target that held at a point, with its sign; none where there was none.
    #[must_use]
    pub fn target_label_at(&self, index: usize) -> Option<String> {
        let target = self.points.get(index).map(|point| point.target).filter(|target| target.is_finite());
        words::label_of(self, target)
    }

    /// The target with its sign: "≤ 5 %" where less is better.
    #[must_use]
    pub fn target_label(&self) -> Option<String> {
        words::target_label(self)
    }
}
