//! The target and those before it, as they are typed.

use chrono::NaiveDate;

use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::measure::{Measure, PastTarget, parse_number};
use crate::domain::when::parse_day;

/// A plotted value as it is typed: 0.95 of a proportion is "95".
pub(super) fn written(measure: &Measure, plotted: Option<f64>) -> String {
    plotted.map(|plotted| text::number(plotted * measure.display_factor(), 4)).unwrap_or_default()
}

/// A typed value as plotted: "≤ 5 %" of a proportion is 0.05; nothing for an empty field.
///
/// # Errors
/// A sentence where it is no number.
pub(super) fn read(measure: &Measure, typed: &str, field: &str) -> Outcome<Option<f64>> {
    let typed = typed.trim_start_matches(['≤', '≥', '<', '>', '=']).trim().trim_end_matches('%').trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let number = parse_number(typed).map_err(|failure| failure.at(field))?;
    Ok(Some(number / measure.display_factor()))
}

/// The earlier targets, the latest first: "90 until 1 Apr 2026; none until 1 Apr 2025".
pub(super) fn past_written(measure: &Measure) -> String {
    let mut past: Vec<&PastTarget> = measure.past_targets.0.iter().collect();
    past.sort_by_key(|past| std::cmp::Reverse(past.until));
    let one = |past: &&PastTarget| {
        let target = past.target.map_or_else(|| "none".to_owned(), |target| written(measure, Some(target)));
        format!("{target} until {}", past.until.format("%-d %b %Y"))
    };
    past.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The earlier targets from what was typed.
///
/// # Errors
/// A sentence for the first that cannot be read.
pub(super) fn past_read(measure: &Measure, typed: &str, today: NaiveDate) -> Outcome<Vec<PastTarget>> {
    let parts = typed.split(';').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| one_read(measure, part, today)).collect()
}

fn one_read(measure: &Measure, part: &str, today: NaiveDate) -> Outcome<PastTarget> {
    let wrong = || {
        Failure::refused(format!("“{part}” is not a target with its last day."))
            .at("past_targets")
            .hint("Type 90 until 1 apr 2026, and a semicolon before the next.")
    };
    let (target, until) = part.split_once("until").ok_or_else(wrong)?;
    let until = parse_day(until.trim(), today).map_err(|failure| failure.at("past_targets"))?;
    let target = match target.trim() {
        "none" => None,
        typed => Some(read(measure, typed, "past_targets")?.ok_or_else(wrong)?),
    };
    Ok(PastTarget { until, target })
}
