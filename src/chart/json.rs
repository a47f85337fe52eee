//! The chart as the documented object of `chart --json` and `analyse --json`.

use serde_json::{Map, Value, json};

use super::{Chart, ChartPhase, ChartPoint, SignalRun, Suggestion, TargetStep};
use crate::spc::Runs;

/// The object, with its keys in the documented order; a number that does not exist is null.
pub(super) fn object(chart: &Chart) -> Value {
    let last = chart.phase();
    let ihi = last.map(|phase| phase.ihi).unwrap_or_default();
    json!({
        "chart": chart.chart.code(),
        "rules": chart.rules.code(),
        "n": last.map_or(0, |phase| phase.n),
        "useful": last.map_or(0, |phase| phase.useful),
        "phase": chart.phases.len().saturating_sub(1),
        "target": chart.target,
        "better": chart.better.code(),
        "phases": chart.phases.iter().map(phase).collect::<Vec<_>>(),
        "points": chart.points.iter().map(point).collect::<Vec<_>>(),
        "runs": runs(&last.map(|phase| phase.runs).unwrap_or_default()),
        "ihi": {
            "shift": ihi.shift,
            "trend": ihi.trend,
            "runs": ihi.runs,
            "runs_min": ihi.runs_min,
            "runs_max": ihi.runs_max,
        },
        "variation": chart.variation.code(),
        "assurance": chart.assurance.map(crate::spc::Assurance::code),
        "words": chart.words.verdict,
        "given_centre": chart.given_centre,
        "screening": chart.screening,
        "targets": chart.target_steps().iter().map(|step| target(chart, step)).collect::<Vec<_>>(),
        "findings": findings(chart),
        "suggestion": chart.words.suggestion.as_ref().map(suggestion),
    })
}

fn target(chart: &Chart, step: &TargetStep) -> Value {
    let day = |index: usize| chart.points.get(index).map(|point| point.start.text());
    json!({ "from": day(step.from), "to": day(step.to), "target": step.target })
}

/// Everything that the chart says, in sentences: one for the verdict, for each signal, for the target, and for
/// what the reader should know of the data.
fn findings(chart: &Chart) -> Value {
    let words = &chart.words;
    json!({
        "verdict": words.verdict,
        "act": words.act,
        "signals": words.signals.iter().map(signal).collect::<Vec<_>>(),
        "target": words.target,
        "data": words.data,
    })
}

fn signal(run: &SignalRun) -> Value {
    json!({
        "rule": run.rule.codes().next(),
        "from": run.from,
        "to": run.to,
        "count": run.count,
        "verdict": run.verdict.code(),
        "words": run.text,
    })
}

fn suggestion(found: &Suggestion) -> Value {
    json!({
        "date": found.day.to_string(),
        "from": found.index,
        "count": found.count,
        "before": found.before,
        "level": found.level,
        "words": found.text,
    })
}

fn phase(phase: &ChartPhase) -> Value {
    json!({
        "from": phase.from,
        "to": phase.to,
        "centre": phase.centre,
        "sigma": phase.sigma,
        "lower": phase.lower,
        "upper": phase.upper,
        "reason": phase.reason,
        "baseline": phase.baseline,
        "n": phase.n,
        "useful": phase.useful,
        "runs": runs(&phase.runs),
    })
}

fn runs(runs: &Runs) -> Value {
    json!({
        "longest": runs.longest,
        "longest_max": runs.longest_max,
        "crossings": runs.crossings,
        "crossings_min": runs.crossings_min,
        "signal": runs.signal,
    })
}

// Built by hand: there may be a hundred thousand of them.
fn point(point: &ChartPoint) -> Value {
    let mut out = Map::with_capacity(13);
    let mut set = |key: &str, value: Value| out.insert(key.to_owned(), value);
    set("date", point.start.text().into());
    set("value", point.value.into());
    set("numerator", point.numerator.into());
    set("denominator", point.denominator.into());
    set("centre", point.centre.into());
    set("lower", point.lower.into());
    set("upper", point.upper.into());
    set("side", point.side.map(crate::spc::Side::code).into());
    set("ghost", point.ghost.is_some().into());
    set("signals", point.signals.codes().collect::<Vec<_>>().into());
    set("verdict", point.verdict.code().into());
    set("near_lower", point.near_lower.into());
    set("near_upper", point.near_upper.into());
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use crate::chart::{build, sample};

    #[test]
    fn the_object_has_the_documented_keys_in_the_documented_order() {
        let chart = sample::chart(&[12.0, 11.0, f64::NAN, 13.5]);
        let text = chart.json().to_string();
        let keys = [
            "chart",
            "rules",
            "n",
            "useful",
            "phase",
            "target",
            "better",
            "phases",
            "points",
            "runs",
            "ihi",
            "variation",
            "assurance",
            "words",
            "given_centre",
            "screening",
            "targets",
            "findings",
            "suggestion",
        ];
        assert_eq!(chart.json().as_object().unwrap().keys().collect::<Vec<_>>(), keys);
        assert!(text.starts_with(
            r#"{"chart":"run","rules":"anhoej","n":3,"useful":2,"phase":0,"target":null,"better":"down","phases":[{"from":0,"to":3,"centre":12.0,"sigma":null,"lower":null,"upper":null,"reason":"","baseline":3,"n":3,"useful":2,"runs":{"longest":1,"longest_max":4,"crossings":1,"crossings_min":0,"signal":false}}],"points":[{"date":"2026-01-05","value":12.0,"numerator":null,"denominator":null,"centre":12.0,"lower":null,"upper":null,"side":"on","ghost":false,"signals":[],"verdict":"common","near_lower":null,"near_upper":null},"#
        ), "{text}");
        assert!(text.contains(r#"{"date":"2026-01-19","value":null,"#));
        assert!(text.contains(
            r#""runs":{"longest":1,"longest_max":4,"crossings":1,"crossings_min":0,"signal":false},"ihi":{"shift":false,"trend":false,"runs":2,"runs_min":null,"runs_max":null},"variation":"common_cause","assurance":null,"words":""#
        ), "{text}");
    }

    #[test]
    fn an_empty_chart_is_an_object_too() {
        let json = sample::chart(&[]).json();
        assert_eq!(json["n"], 0);
        assert_eq!(json["points"].as_array().map(Vec::len), Some(0));
        assert!(json["runs"]["longest"].is_null());
    }

    #[test]
    fn a_proportion_stands_as_a_fraction_beside_its_pair() {
        let measure = sample::measure(crate::domain::measure::MeasureKind::Proportion);
        let points = sample::pairs(&[(18.0, 20.0), (19.0, 20.0)]);
        let json = build(crate::chart::Source::of(&measure, &points)).json();
        assert_eq!(json["points"][0]["value"], 0.9);
        assert_eq!(json["points"][0]["numerator"], 18.0);
        assert_eq!(json["points"][0]["denominator"], 20.0);
    }
}
