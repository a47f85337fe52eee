//! What a chart says, in sentences that are understood at the first reading.

mod act;
mod data;
mod fit;
mod signal;
mod target;
mod verdict;

use chrono::NaiveDate;

use super::{Chart, ChartPoint};
use crate::spc::{Signals, Variation, Verdict};

pub use signal::{SignalRun, rule_letter, rule_name};
pub(super) use target::{label_of, target_label};

/// What a chart says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    /// The verdict as a sentence.
    pub verdict: String,
    /// The verdict in a few words, for a tile.
    pub short: String,
    /// Whether to act, and how, as a sentence; empty without data.
    pub act: &'static str,
    /// One sentence for each signal, the latest last; of very many only the latest.
    pub signals: Vec<SignalRun>,
    /// How the process stands to its target.
    pub target: Option<String>,
    /// The same in a few words, for a tile.
    pub target_short: Option<String>,
    /// What the reader should know of the data: how many, what is missing, what the lines were made of.
    pub data: Vec<String>,
    /// A new phase, where a new level has held.
    pub suggestion: Option<Suggestion>,
}

/// A suggestion to re-base the chart; only a person does it, with a reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The sentence.
    pub text: String,
    /// The first day of the new phase.
    pub day: NaiveDate,
    /// Index of its first point.
    pub index: usize,
    /// How many points have held it, to the end of the chart.
    pub count: usize,
    /// The level of the points of this phase before it, as plotted.
    pub before: f64,
    /// The new level, as plotted.
    pub level: f64,
}

/// Fewer points than this in a phase, and there is no verdict yet.
pub(super) use verdict::FEW;

/// The words of a chart whose points and phases are complete.
pub(super) fn of(chart: &Chart) -> Words {
    let signals = signal::runs(chart);
    let (verdict, short) = verdict::sentences(chart, &signals);
    let (target, target_short) = target::sentences(chart).unzip();
    Words {
        verdict,
        short,
        act: act::sentence(chart, &signals),
        signals,
        target,
        target_short,
        data: data::sentences(chart),
        suggestion: verdict::suggestion(chart),
    }
}

/// The verdict of a variation icon.
#[must_use]
pub fn verdict_of(variation: Variation) -> Verdict {
    match variation {
        Variation::CommonCause => Verdict::Common,
        Variation::ImprovementHigh | Variation::ImprovementLow => Verdict::Improvement,
        Variation::ConcernHigh | Variation::ConcernLow => Verdict::Concern,
        Variation::NeutralHigh | Variation::NeutralLow => Verdict::Neutral,
    }
}

/// The sign of a verdict beside its word.
#[must_use]
pub fn glyph(verdict: Verdict, ascii: bool) -> &'static str {
    match (verdict, ascii) {
        (Verdict::Concern, false) => "▲",
        (Verdict::Improvement, false) => "◆",
        (Verdict::Neutral, false) => "■",
        (Verdict::Common, false) => "≈",
        (Verdict::Concern, true) => "!",
        (Verdict::Improvement, true) => "+",
        (Verdict::Neutral, true) => "#",
        (Verdict::Common, true) => "~",
    }
}

/// The sign and the word of a verdict; of a chart with too few points, that it is too early for one.
#[must_use]
pub fn badge(verdict: Verdict, early: bool, ascii: bool) -> String {
    match (early, ascii) {
        (true, false) => "· too early".to_owned(),
        (true, true) => ". too early".to_owned(),
        (false, _) => format!("{} {}", glyph(verdict, ascii), word(verdict)),
    }
}

/// The word of a verdict.
#[must_use]
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Concern => "CONCERN",
        Verdict::Improvement => "IMPROVING",
        Verdict::Neutral => "CHANGED",
        Verdict::Common => "no change",
    }
}

/// The verdict of a marked point and the first rule that marks it: "concern: shift", "improvement: below
/// the lower limit".
pub(super) fn mark_words(point: &ChartPoint) -> String {
    let rule = match signal::first(point.signals) {
        Some(Signals::OUTSIDE) if point.value > point.upper => "above the upper limit",
        Some(Signals::OUTSIDE) => "below the lower limit",
        rule => rule.map_or("", rule_name),
    };
    let verdict = match point.verdict {
        Verdict::Concern => "concern",
        Verdict::Improvement => "improvement",
        Verdict::Neutral => "change",
        Verdict::Common => return String::new(),
    };
    if rule.is_empty() { verdict.to_owned() } else { format!("{verdict}: {rule}") }
}

/// The rules in their order of precedence.
const RULES: [Signals; 8] = Signals::ALL;

/// "1 week", "8 weeks"; points where several share a period.
fn periods(chart: &Chart, count: usize) -> String {
    format!("{count} {}", noun(chart, count))
}

fn noun(chart: &Chart, count: usize) -> &'static str {
    let has_times = chart.points.last().is_some_and(|point| point.start.text().len() > 10);
    let frequency = if has_times { crate::domain::frequency::Frequency::Event } else { chart.frequency };
    frequency.noun(count)
}
