//! What the reader should know of the data: how many, what is missing, what the lines were made of.

use super::super::{Chart, ChartPhase};
use super::{fit, noun, periods, verdict::FEW};
use crate::base::text;
use crate::spc::{ChartType, RuleSet, Screening};

/// Limits of so many points or fewer are not to be relied on yet.
const TRIAL: usize = 12;
/// The longest reason of a phase that is repeated here.
const REASON: usize = 32;

/// The sentences, the most important first.
pub(super) fn sentences(chart: &Chart) -> Vec<String> {
    let mut out = vec![counted(chart)];
    let Some(phase) = chart.phase() else {
        return out;
    };
    if phase.n < FEW {
        out.push(short(chart, phase));
    }
    out.push(lines(chart, phase));
    out.extend(trial(chart));
    out.extend(gaps(chart));
    match phase.screened {
        Screening::None if phase.upper.is_nan() => {}
        Screening::None => match chart.screening {
            Some(true) => out.push("No step was so large that it was left out of the limits.".to_owned()),
            Some(false) => out.push("Unusually large steps were kept in the limits: screening is off.".to_owned()),
            None => {}
        },
        Screening::Removed(1) => out.push("1 unusually large step was left out of the limits.".to_owned()),
        Screening::Removed(count) => out.push(format!("{count} unusually large steps were left out of the limits.")),
        Screening::Fallback => {
            out.push("The values vary so little that every step made the limits, a large one too.".to_owned());
        }
    }
    if phase.runs.few_crossings {
        out.push("The line is crossed less often than chance gives: the level may have drifted.".to_owned());
    }
    if chart.rules == RuleSet::Ihi && phase.ihi.runs_min.is_none() {
        out.push("Runs are counted from 10 to 60 points off the median only.".to_owned());
    }
    out.extend(beyond(chart, phase));
    out.extend(fit::sentences(chart, phase));
    out.push(format!("Marked by the {}.", chart.rules.label()));
    out
}

/// "27 weeks, none missing."
fn counted(chart: &Chart) -> String {
    let there = chart.points.iter().filter(|point| point.is_there()).count();
    if there == 0 {
        return "No data yet.".to_owned();
    }
    let missing = chart.points.len() - there;
    let ghosts = chart.points.iter().filter(|point| point.is_there() && point.ghost.is_some()).count();
    let missing = if missing == 0 { "none missing".to_owned() } else { format!("{missing} missing") };
    let ghosts = if ghosts == 0 { String::new() } else { format!(", {ghosts} left out") };
    format!("{}, {missing}{ghosts}.", periods(chart, there))
}

fn short(chart: &Chart, phase: &ChartPhase) -> String {
    let count = if phase.n == 1 { "1 point".to_owned() } else { format!("{} points", phase.n) };
    if chart.phases.len() > 1 {
        format!("Only {count} since the chart was re-based: rules need 10 to 12.")
    } else {
        format!("Only {count}: rules need 10 to 12.")
    }
}

/// Limits of a phase of few points (NHSRplotthedots warns of fewer than 13 rows).
fn trial(chart: &Chart) -> Option<String> {
    let few = |phase: &&ChartPhase| phase.baseline <= TRIAL && phase.upper.is_finite();
    let count = chart.phases.iter().filter(few).count();
    Some(match (count, chart.phases.len()) {
        (0, _) => return None,
        (_, 1) => format!("Limits from {TRIAL} points or fewer are a first guess: they settle as more come."),
        (1, _) => format!("The limits of one phase come from {TRIAL} points or fewer: a first guess."),
        _ => format!("The limits of {count} phases come from {TRIAL} points or fewer: a first guess."),
    })
}

/// What became of periods without a value, where the limits come from steps between neighbours.
fn gaps(chart: &Chart) -> Option<String> {
    let has_gaps = chart.points.iter().any(|point| !point.is_there() && point.ghost.is_none());
    (has_gaps && chart.screening.is_some() && chart.last.is_some())
        .then(|| "What is missing is passed over, and no step is measured across it.".to_owned())
}

/// A limit that no value can cross: the steps that made it know nothing of 0 and 100 %.
fn beyond(chart: &Chart, phase: &ChartPhase) -> Option<String> {
    let (lower, upper) = (phase.lower * chart.scale.factor, phase.upper * chart.scale.factor);
    let above = upper > chart.scale.most();
    let below = lower < 0.0 && chart.scale.is_never_negative();
    let most = chart.scale.with_unit(text::number(chart.scale.most(), 0));
    match (above, below) {
        (true, true) => Some(format!("Both limits lie where no value can be, below 0 and above {most}.")),
        (true, false) => {
            Some(format!("The upper limit lies above {most}, where no value can be: nothing can cross it."))
        }
        (false, true) => Some("The lower limit lies below 0, where no value can be: nothing can cross it.".to_owned()),
        (false, false) => None,
    }
}

/// Which points made the lines.
fn lines(chart: &Chart, phase: &ChartPhase) -> String {
    let what = match chart.chart {
        ChartType::Run => "Median",
        ChartType::G => "Median and limits",
        ChartType::T => "Centre line and limits",
        _ => "Mean and limits",
    };
    let whole = if chart.phases.len() > 1 {
        let day = chart.day_of(phase.from).unwrap_or_default();
        // A long one stands at its phase on the chart.
        let is_short = (1..=REASON).contains(&crate::base::text::width(&phase.reason));
        let reason = if is_short { format!(" ({})", phase.reason) } else { String::new() };
        format!(" since {day}{reason}")
    } else {
        String::new()
    };
    if let Some(given) = chart.given_centre {
        return with_given(chart, phase, given);
    }
    if phase.baseline < phase.n {
        format!("{what} from the first {} of {} {}{whole}.", phase.baseline, phase.n, noun(chart, phase.n))
    } else {
        format!("{what} from all {}{whole}.", periods(chart, phase.n))
    }
}

/// The same where somebody gave the centre line.
fn with_given(chart: &Chart, phase: &ChartPhase, given: f64) -> String {
    let given = chart.scale.with_unit(chart.scale.line(given));
    let from = periods(chart, phase.baseline);
    match chart.chart {
        ChartType::Run => format!("The median was given as {given}; the data did not make it."),
        ChartType::Xmr | ChartType::T | ChartType::Xbar => {
            format!("The {} was given as {given}; the limits come from {from}.", chart.centre_name())
        }
        _ => format!("The mean was given as {given}, and the limits follow from it."),
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::{Source, build, sample};
    use crate::domain::annotation::Phase;
    use crate::domain::measure::MeasureKind;
    use crate::domain::{MeasureId, PhaseId, TeamId};

    #[test]
    fn a_limit_that_no_value_can_cross_is_said_to_be_one() {
        let mut measure = sample::measure(MeasureKind::Count);
        measure.chart = Some(crate::spc::ChartType::Xmr);
        let said = |values: &[f64]| {
            let points = sample::values(values);
            build(Source::of(&measure, &points)).words.data.join(" ")
        };
        let low = [0.0, 3.0, 1.0, 4.0, 0.0, 2.0, 3.0, 0.0, 4.0, 1.0, 2.0, 3.0];
        assert!(said(&low).contains("The lower limit lies below 0, where no value can be"), "{}", said(&low));
        let high: Vec<f64> = low.iter().map(|value| value + 50.0).collect();
        assert!(!said(&high).contains("where no value can be"));
    }

    #[test]
    fn few_points_gaps_and_the_rules_are_named() {
        let measure = sample::measure(MeasureKind::Value);
        let mut points = sample::values(&[1.0, 2.0, 3.0, 2.0, 5.0, 1.0, 2.0, 4.0, 3.0]);
        points.remove(3);
        points[5].ghost = Some("moved".to_owned());
        let words = build(Source::of(&measure, &points)).words;
        assert_eq!(
            words.data,
            [
                "8 weeks, 1 missing, 1 left out.",
                "Only 7 points: rules need 10 to 12.",
                "Median from all 7 weeks.",
                "Marked by the Anhøj rules."
            ]
        );
    }

    #[test]
    fn limits_of_few_points_are_a_first_guess() {
        let guess = |count: usize| {
            let values: Vec<f64> = (0..count).map(|week| 20.0 + (week * 7 % 5) as f64).collect();
            let data = sample::xmr(&values).words.data;
            data.iter()
                .any(|words| words == "Limits from 12 points or fewer are a first guess: they settle as more come.")
        };
        assert!(guess(2) && guess(12) && !guess(1) && !guess(13));
        assert!(!sample::chart(&[1.0, 2.0, 3.0]).words.data.iter().any(|words| words.contains("first guess")));
    }

    #[test]
    fn a_phase_and_a_freeze_are_said() {
        let mut measure = sample::measure(MeasureKind::Value);
        measure.freeze = Some(10);
        let points = sample::values(&[1.0, 2.0, 3.0, 2.0].repeat(8));
        let mut phase = Phase::blank(PhaseId::default(), TeamId::default());
        phase.measure = MeasureId::default();
        phase.day = Some(sample::monday(12));
        phase.reason = "new trolley".to_owned();
        let chart = build(Source { phases: &[phase], ..Source::of(&measure, &points) });
        assert_eq!(chart.phases.len(), 2);
        assert_eq!(chart.words.data[1], "Median from the first 10 of 20 weeks since 30 Mar (new trolley).");
    }
}
