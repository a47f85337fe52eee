//! How the process stands to its target.

use super::super::Chart;
use super::noun;
use crate::spc::{Assurance, Better};

/// So many of the latest points say how often the target was met.
const RECENT: usize = 12;

/// "≤ 5 %" where less is better, "≥ 95 %" where more is; the plain value where neither is.
pub(crate) fn target_label(chart: &Chart) -> Option<String> {
    label_of(chart, chart.target)
}

pub(crate) fn label_of(chart: &Chart, target: Option<f64>) -> Option<String> {
    let target = chart.scale.written(target?);
    Some(match chart.better {
        Better::Up => format!("≥ {target}"),
        Better::Down => format!("≤ {target}"),
        Better::Neither => target,
    })
}

/// The sentence, and the few words for a tile.
pub(super) fn sentences(chart: &Chart) -> Option<(String, String)> {
    let label = target_label(chart)?;
    if chart.better == Better::Neither {
        return Some((
            format!("Target {label}: which way is better is not set, so it is not judged."),
            format!("target {label}"),
        ));
    }
    // Each by the target that held then.
    let met = |value: f64, target: f64| {
        if chart.better == Better::Up { value >= target } else { value <= target }
    };
    let judged = chart.points.iter().rev().filter(|point| point.speaks() && point.target.is_finite());
    let recent: Vec<bool> = judged.take(RECENT).map(|point| met(point.value, point.target)).collect();
    let times = recent.iter().filter(|met| **met).count();
    let count = recent.len();
    let tally = match count {
        0 => "no data yet".to_owned(),
        1 => format!("{} in the only {}", if times == 1 { "met" } else { "missed" }, noun(chart, 1)),
        _ => format!("met in {times} of the last {count} {}", noun(chart, count)),
    };
    // Limits of a handful of points are drawn, but promise nothing.
    let assurance = if chart.is_early() { None } else { chart.assurance };
    let (judged, short) = match assurance {
        Some(Assurance::Pass) => ("as it runs now it will meet it; ", "will meet".to_owned()),
        Some(Assurance::Fail) => ("as it runs now it will miss it; ", "will miss".to_owned()),
        Some(Assurance::Inconsistent) => ("hit and miss: chance decides each time; ", "hit and miss".to_owned()),
        None if count == 0 => ("", "no data yet".to_owned()),
        None => ("", format!("{times} of last {count}")),
    };
    let since = since(chart).unwrap_or_default();
    Some((format!("Target {label}{since}: {judged}{tally}."), format!("{label}: {short}")))
}

/// ", since 1 Apr, before that ≤ 8 %," where the target has changed.
fn since(chart: &Chart) -> Option<String> {
    let steps = chart.target_steps();
    let now = steps.last().filter(|step| step.from > 0 && step.to + 1 == chart.points.len())?;
    let day = chart.day_of(now.from)?;
    let before = steps.iter().rev().nth(1).filter(|before| before.to + 1 == now.from);
    Some(match before.and_then(|before| label_of(chart, Some(before.target))) {
        Some(before) => format!(" since {day}, before that {before}"),
        None => format!(" since {day}"),
    })
}

#[cfg(test)]
mod tests {
    use crate::chart::{Source, build, sample};
    use crate::domain::measure::MeasureKind;
    use crate::spc::{Better, ChartType};

    fn words(target: f64, better: Better, chart: ChartType) -> (String, String) {
        let mut measure = sample::measure(MeasureKind::Value);
        measure.target = Some(target);
        measure.better = Some(better);
        measure.chart = Some(chart);
        let points = sample::values(&[5.0, 6.0, 5.5, 6.5, 5.2, 6.1, 5.4, 6.3, 5.1, 6.2, 5.3, 6.4, 5.6, 6.0]);
        let words = build(Source::of(&measure, &points)).words;
        (words.target.unwrap(), words.target_short.unwrap())
    }

    #[test]
    fn limits_say_whether_the_target_will_be_met() {
        for (target, better, expected) in [
            (20.0, Better::Down, "≤ 20: will meet"),
            (1.0, Better::Down, "≤ 1: will miss"),
            (6.0, Better::Down, "≤ 6: hit and miss"),
            (20.0, Better::Up, "≥ 20: will miss"),
            (6.0, Better::Neither, "target 6"),
        ] {
            assert_eq!(words(target, better, ChartType::Xmr).1, expected);
        }
    }

    #[test]
    fn a_run_chart_counts_how_often_it_was_met() {
        let (long, short) = words(6.0, Better::Down, ChartType::Run);
        assert_eq!(long, "Target ≤ 6: met in 7 of the last 12 weeks.");
        assert_eq!(short, "≤ 6: 7 of last 12");
    }
}
