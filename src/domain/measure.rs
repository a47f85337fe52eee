//! A measure: what is counted, how it is defined, and how its values are read and written.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::frequency::Frequency;
use super::record::{Json, Kind, Shape};
use super::{MeasureId, ProcessId};
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::spc::{Better, ChartType, RuleSet};
use crate::{codes, record, text_field};

codes! {
    /// What a value of the measure is.
    MeasureKind {
        /// How many: a whole number, not below nought.
        Count = "count",
        /// So many of so many: a numerator and a denominator that is not smaller.
        Proportion = "proportion",
        /// So many for so much: a numerator and the exposure (bed days) that it arose in.
        Rate = "rate",
        /// Any number: minutes, days, kilograms, a per cent whose parts nobody knows.
        Value = "value",
    }
}

codes! {
    /// What the measure is for (the Model for Improvement's three types).
    MeasureRole {
        /// What matters to patients and staff.
        Outcome = "outcome",
        /// Whether the work is done as intended.
        Process = "process",
        /// Whether something else got worse.
        Balancing = "balancing",
    }
}

text_field!(ChartType, |chart: &ChartType| chart.code().to_owned(), ChartType::parse);
text_field!(RuleSet, |rules: &RuleSet| rules.code().to_owned(), RuleSet::parse);
text_field!(Better, |better: &Better| better.code().to_owned(), Better::parse);

record! {
    /// A measure of a team.
    Measure, MeasureId, Kind::Measure, {
        /// Its name on the board.
        name: String = Shape::Line(60),
        /// One letter that stands for it in quick entry.
        alias: Option<String> = Shape::Line(1),
        /// The board's column that it stands in.
        column: String = Shape::Line(40),
        /// Its place in the column, from the top.
        position: i64 = Shape::Whole,
        /// Whether it is one of the ward's few focus measures.
        focus: bool = Shape::Flag,
        /// What exactly is counted, so that two people count the same.
        definition: String = Shape::Lines(2_000),
        /// What the numerator counts.
        numerator: String = Shape::Line(120),
        /// What the denominator counts.
        denominator: String = Shape::Line(120),
        /// What a value is.
        kind: MeasureKind = Shape::Code,
        /// The unit that stands behind a value ("%", "d", "beds").
        unit: String = Shape::Line(20),
        /// A rate is shown per so many ("1000" bed days); nothing means 1.
        per: Option<f64> = Shape::Number,
        /// Outcome, process or balancing.
        role: MeasureRole = Shape::Code,
        /// Which way is better.
        better: Option<Better> = Shape::Code,
        /// Its target, as plotted (0.95 for a proportion of 95 %).
        target: Option<f64> = Shape::Number,
        /// How often it is measured.
        frequency: Frequency = Shape::Code,
        /// The chart that it is read on; nothing means run chart.
        chart: Option<ChartType> = Shape::Code,
        /// The rules that mark its signals; nothing means the chart's default.
        rules: Option<RuleSet> = Shape::Code,
        /// Limits come from the first so many points of each phase; nothing means all.
        freeze: Option<i64> = Shape::Whole,
        /// Whether moving ranges that are far too wide are left out of the limits; nothing means yes.
        screening: Option<bool> = Shape::Flag,
        /// The role that looks after it.
        owner: String = Shape::Line(40),
        /// What happens next about it.
        next_action: String = Shape::Line(160),
        /// The process whose closed periods are its data points; nobody types them.
        source: Option<ProcessId> = Shape::Reference,
        /// Whether it stays off the wall.
        private: bool = Shape::Flag,
        /// The targets that held before `target`, in any order. An older program knows the target of now alone.
        past_targets: Json<Vec<PastTarget>> = Shape::Json(2_000),
        /// A given centre line for every phase, as plotted; nothing means that the data make it.
        centre: Option<f64> = Shape::Number,
        /// The dimensions of quality that it belongs to, in the ward's words or those of [`STEEEP`] and [`SQDCP`].
        tags: Json<Vec<String>> = Shape::Json(600),
    }
}

/// The six dimensions of quality (Institute of Medicine, "Crossing the Quality Chasm", 2001).
pub const STEEEP: [&str; 6] = ["safe", "timely", "effective", "efficient", "equitable", "patient-centred"];

/// The five columns of a lean board.
pub const SQDCP: [&str; 5] = ["safety", "quality", "delivery", "cost", "people"];

/// A target that held until a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct PastTarget {
    /// The first day on which it held no longer.
    pub until: NaiveDate,
    /// The target, as plotted; none where there was none.
    pub target: Option<f64>,
}

/// The target that holds on a day: the past one that ended next after it, or the one of `now`.
pub fn target_on(past: &[PastTarget], now: Option<f64>, day: NaiveDate) -> Option<f64> {
    let next = past.iter().filter(|past| day < past.until).min_by_key(|past| past.until);
    next.map_or(now, |past| past.target)
}

/// A value as typed: a number, or a numerator with its denominator.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amount {
    /// The number, or the numerator.
    pub value: f64,
    /// The denominator of a proportion or rate.
    pub denominator: Option<f64>,
}

impl Amount {
    /// What is plotted: numerator / denominator as a fraction, or the value; `None` where the
    /// denominator is nought or missing.
    pub fn plotted(&self, kind: MeasureKind) -> Option<f64> {
        match (kind, self.denominator) {
            (MeasureKind::Proportion | MeasureKind::Rate, Some(denominator)) => {
                (denominator > 0.0).then(|| self.value / denominator)
            }
            (MeasureKind::Proportion | MeasureKind::Rate, None) => None,
            _ => Some(self.value),
        }
    }
}

impl Measure {
    /// What it is called on the command line.
    pub fn slug(&self) -> String {
        text::slug(&self.name)
    }

    /// Which way is better.
    pub fn better(&self) -> Better {
        self.better.unwrap_or(Better::Neither)
    }

    /// The chart that it is read on.
    pub fn chart(&self) -> ChartType {
        self.chart.unwrap_or(ChartType::Run)
    }

    /// The rules that mark its signals.
    pub fn rules(&self) -> RuleSet {
        self.rules.unwrap_or_else(|| RuleSet::default_for(self.chart()))
    }

    /// The target that holds on a day.
    pub fn target_on(&self, day: NaiveDate) -> Option<f64> {
        target_on(&self.past_targets.0, self.target, day)
    }

    /// Whether it is plotted as a fraction of a denominator.
    pub fn has_denominator(&self) -> bool {
        matches!(self.kind, MeasureKind::Proportion | MeasureKind::Rate)
    }

    /// A plotted value as people read it, without its unit: 0.91 of a proportion is "91".
    pub fn number(&self, plotted: f64) -> String {
        self.number_with(plotted, self.decimals(plotted))
    }

    /// A plotted value as people read it with so many digits behind the point, without its unit.
    pub fn number_with(&self, plotted: f64, decimals: usize) -> String {
        text::number(plotted * self.display_factor(), decimals)
    }

    /// What a plotted value is multiplied with to be shown: 100 for a proportion, the rate's `per`.
    pub fn display_factor(&self) -> f64 {
        match self.kind {
            MeasureKind::Proportion => 100.0,
            MeasureKind::Rate => self.per.unwrap_or(1.0),
            MeasureKind::Count | MeasureKind::Value => 1.0,
        }
    }

    /// A plotted value with its unit: "91 %", "3", "9.2 d".
    pub fn written(&self, plotted: f64) -> String {
        let number = self.number(plotted);
        let unit = self.shown_unit();
        if unit.is_empty() { number } else { format!("{number} {unit}") }
    }

    /// The unit that stands behind a shown value.
    pub fn shown_unit(&self) -> &str {
        if self.kind == MeasureKind::Proportion && self.unit.is_empty() { "%" } else { &self.unit }
    }

    fn decimals(&self, plotted: f64) -> usize {
        let shown = (plotted * self.display_factor()).abs();
        match self.kind {
            MeasureKind::Count if plotted.fract() == 0.0 => 0,
            _ if shown >= 100.0 => 0,
            MeasureKind::Proportion if shown >= 10.0 => 0,
            _ if shown >= 1.0 => 1,
            _ => 2,
        }
    }
}

/// Reads a value as typed for a measure of this kind: `3`, `2.5`, `1,204`, `18/20`.
///
/// # Errors
/// A sentence for the line under the field, with a hint.
pub fn parse_amount(kind: MeasureKind, typed: &str) -> Outcome<Amount> {
    let typed = typed.trim().trim_end_matches('%').trim();
    let (number, denominator) = match typed.split_once('/') {
        Some((number, denominator)) => (number, Some(denominator)),
        None => (typed, None),
    };
    let value = parse_number(number)?;
    let denominator = denominator.map(parse_number).transpose()?;
    check_amount(kind, Amount { value, denominator })
}

/// No ward counts further than this; a longer number is a slip of the key.
const LARGEST: f64 = 1e12;

/// Holds an amount, however it came here, to the rules of its measure's kind.
///
/// # Errors
/// A sentence that says which rule it breaks, with a hint.
pub fn check_amount(kind: MeasureKind, amount: Amount) -> Outcome<Amount> {
    let Amount { value, denominator } = amount;
    if !value.is_finite() || denominator.is_some_and(|denominator| !denominator.is_finite()) {
        return Err(Failure::refused("The value is not a finite number.").hint("Type digits."));
    }
    if value.abs() > LARGEST || denominator.is_some_and(|denominator| denominator > LARGEST) {
        return Err(Failure::refused("The value is out of reason.").hint("Type it again."));
    }
    match kind {
        MeasureKind::Count | MeasureKind::Value => {
            if denominator.is_some() {
                return Err(Failure::refused("This measure has no denominator.").hint("Type one number."));
            }
            if kind == MeasureKind::Count && (value < 0.0 || value.fract() != 0.0) {
                return Err(Failure::refused("A count is a whole number, 0 or more.").hint("Type 0, 1, 2 …"));
            }
        }
        MeasureKind::Proportion | MeasureKind::Rate => {
            let Some(denominator) = denominator else {
                return Err(Failure::refused("This measure needs a denominator.").hint("Type it as 18/20."));
            };
            if value < 0.0 || denominator <= 0.0 {
                return Err(Failure::refused("The denominator must be above 0, and the numerator not below 0.")
                    .hint("Type it as 18/20."));
            }
            if kind == MeasureKind::Proportion && value > denominator {
                return Err(Failure::refused("The numerator is larger than the denominator.")
                    .hint("Type the part first, then the whole: 18/20."));
            }
        }
    }
    Ok(amount)
}

/// A number as people type it: `1204`, `1,204`, `2.5`, `-3`.
///
/// # Errors
/// A sentence where it is not one.
pub fn parse_number(typed: &str) -> Outcome<f64> {
    let typed = typed.trim();
    let not_a_number =
        || Failure::refused(format!("“{typed}” is not a number.")).hint("Type digits, with a point for decimals.");
    let looks_right = typed.chars().all(|letter| letter.is_ascii_digit() || "+-.,eE".contains(letter))
        && typed.chars().any(|letter| letter.is_ascii_digit());
    if !looks_right {
        return Err(not_a_number());
    }
    let plain = if typed.contains(',') { without_thousands(typed).ok_or_else(not_a_number)? } else { typed.to_owned() };
    plain.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(not_a_number)
}

/// The digits of a number whose commas stand where thousands are parted, and nowhere else: "2,5" is
/// no number here, because it could mean two.
fn without_thousands(typed: &str) -> Option<String> {
    let (whole, fraction) = typed.split_once('.').map_or((typed, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches(['+', '-']);
    let parted = !first.is_empty()
        && first.len() <= 3
        && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    let clean_fraction = fraction.is_none_or(|fraction| !fraction.contains(','));
    (parted && clean_fraction).then(|| typed.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_people_type_them() {
        let amount = |kind, typed| parse_amount(kind, typed).ok().map(|amount| (amount.value, amount.denominator));
        for (kind, typed, expected) in [
            (MeasureKind::Count, "3", Some((3.0, None))),
            (MeasureKind::Count, " 1,204 ", Some((1204.0, None))),
            (MeasureKind::Count, "2.5", None),
            (MeasureKind::Count, "-1", None),
            (MeasureKind::Count, "3/4", None),
            (MeasureKind::Value, "-2.5", Some((-2.5, None))),
            (MeasureKind::Value, "2,5", None),
            (MeasureKind::Value, "91 %", Some((91.0, None))),
            (MeasureKind::Value, "1e999", None),
            (MeasureKind::Value, "nan", None),
            (MeasureKind::Value, "inf", None),
            (MeasureKind::Proportion, "18/20", Some((18.0, Some(20.0)))),
            (MeasureKind::Proportion, "18 / 20", Some((18.0, Some(20.0)))),
            (MeasureKind::Proportion, "21/20", None),
            (MeasureKind::Proportion, "0/0", None),
            (MeasureKind::Proportion, "91", None),
            (MeasureKind::Rate, "31/20", Some((31.0, Some(20.0)))),
            (MeasureKind::Rate, "1/0", None),
        ] {
            assert_eq!(amount(kind, typed), expected, "{kind:?} {typed:?}");
        }
    }

    #[test]
    fn the_target_of_a_day_is_the_one_that_held_then() {
        let mut measure = Measure::blank(MeasureId::default(), crate::domain::TeamId::default());
        measure.target = Some(0.95);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        measure.past_targets = Json(vec![
            PastTarget { until: day("2026-04-01"), target: Some(0.9) },
            PastTarget { until: day("2025-04-01"), target: None },
        ]);
        for (on, expected) in
            [("2025-03-31", None), ("2025-04-01", Some(0.9)), ("2026-03-31", Some(0.9)), ("2026-04-01", Some(0.95))]
        {
            assert_eq!(measure.target_on(day(on)), expected, "{on}");
        }
        let written = serde_json::to_string(&measure.past_targets).unwrap();
        assert_eq!(written, r#"[{"until":"2026-04-01","target":0.9},{"until":"2025-04-01","target":null}]"#);
    }

    #[test]
    fn a_proportion_is_plotted_as_a_fraction_and_shown_in_per_cent() {
        let mut measure = Measure::blank(MeasureId::default(), crate::domain::TeamId::default());
        measure.kind = MeasureKind::Proportion;
        let amount = parse_amount(measure.kind, "18/20").unwrap();
        assert_eq!(amount.plotted(measure.kind), Some(0.9));
        assert_eq!(measure.written(0.9), "90 %");
    }
}
