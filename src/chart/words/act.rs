//! Whether to act, for a reader who knows no statistics.

use super::super::Chart;
use super::{SignalRun, fit};
use crate::spc::{Assurance, ChartType, Verdict};

/// What to do about what the chart says; nothing without data.
pub(super) fn sentence(chart: &Chart, signals: &[SignalRun]) -> &'static str {
    if chart.last.is_none() {
        return "";
    }
    if chart.is_early() {
        return "Keep counting; do not act on single points yet.";
    }
    if chart.verdict() != Verdict::Common
        && let Some(better) = fit::wider(chart)
    {
        return match better {
            ChartType::Pp => {
                "Look at a P′ chart before you act: these limits are too narrow, and may call chance a change."
            }
            ChartType::Up => {
                "Look at a U′ chart before you act: these limits are too narrow, and may call chance a change."
            }
            _ => "Look at an XmR chart before you act: these limits are too narrow, and may call chance a change.",
        };
    }
    match (chart.verdict(), chart.assurance) {
        (Verdict::Concern, _) => "Act: find out what changed, and put it right.",
        (Verdict::Improvement, Some(Assurance::Fail)) => {
            "Find out what helped, and do more of it: the target is still out of reach."
        }
        (Verdict::Improvement, _) => "Find out what helped, and keep it.",
        (Verdict::Neutral, _) => "Find out what changed, and whether it is wanted.",
        (Verdict::Common, Some(Assurance::Fail)) => {
            "Do not hunt for causes of single points: to meet the target, the way of working has to change."
        }
        (Verdict::Common, Some(Assurance::Inconsistent)) => {
            "Leave single points alone: to meet the target every time, the way of working has to change."
        }
        (Verdict::Common, _) if has_earlier(chart, signals) => {
            "Nothing new to act on. If nobody has yet, find out what happened then."
        }
        (Verdict::Common, _) => "Nothing to act on: leave it as it is, and keep counting.",
    }
}

/// Whether something was marked in the last phase, which the verdict then names.
fn has_earlier(chart: &Chart, signals: &[SignalRun]) -> bool {
    let from = chart.phase().map_or(0, |phase| phase.from);
    signals.last().is_some_and(|run| run.from >= from)
}

#[cfg(test)]
mod tests {
    use crate::chart::{Source, build, sample};
    use crate::domain::measure::MeasureKind;
    use crate::spc::ChartType;

    const STEADY: [f64; 12] = [5.5, 6.5, 6.0, 7.0, 5.0, 6.2, 6.8, 5.4, 6.6, 5.8, 5.2, 7.1];

    fn act(values: &[f64], target: Option<f64>) -> &'static str {
        let mut measure = sample::measure(MeasureKind::Value);
        (measure.target, measure.chart) = (target, Some(ChartType::Xmr));
        build(Source::of(&measure, &sample::values(values))).words.act
    }

    #[test]
    fn limits_that_are_too_narrow_are_mended_before_anybody_acts() {
        let measure = sample::measure(MeasureKind::Proportion);
        let pairs: Vec<(f64, f64)> =
            (0..21).map(|week| (if week % 2 == 0 { 300.0 } else { 420.0 }, 2000.0 + f64::from(week))).collect();
        let points = sample::pairs(&pairs);
        let act = |chart| build(Source { chart: Some(chart), ..Source::of(&measure, &points) }).words.act;
        assert_eq!(
            act(ChartType::P),
            "Look at a P′ chart before you act: these limits are too narrow, and may call chance a change."
        );
        assert_eq!(act(ChartType::Pp), "Nothing to act on: leave it as it is, and keep counting.");
    }

    #[test]
    fn a_reader_is_told_whether_to_act() {
        let with = |last: f64| STEADY.into_iter().chain([last]).collect::<Vec<_>>();
        assert_eq!(act(&with(30.0), None), "Act: find out what changed, and put it right.");
        assert_eq!(act(&with(-9.0), None), "Find out what helped, and keep it.");
        assert!(act(&with(-9.0), Some(-50.0)).ends_with("still out of reach."));
        assert!(act(&STEADY, None).starts_with("Nothing to act on"));
        let over = [&STEADY[..], &[30.0], &STEADY[..3]].concat();
        assert!(act(&over, None).starts_with("Nothing new to act on. If nobody has yet"));
        assert!(act(&STEADY, Some(1.0)).ends_with("the way of working has to change."));
        assert!(act(&STEADY[..4], Some(1.0)).starts_with("Keep counting"));
        assert_eq!(act(&[], None), "");
    }
}
