//! The verdict, and the suggestion to re-base.

use super::super::stretch::{Stretch, around};
use super::super::{Chart, ChartPhase, ChartPoint};
use super::{SignalRun, periods, signal};
use crate::spc::{ChartType, RuleSet, Side, Signals, Verdict};

/// Fewer points than this and no rule has much to say.
pub(in crate::chart) const FEW: usize = 10;
/// So many points on a new level before a new phase is suggested.
const HELD: usize = 9;
/// From here on a run on one side is worth a word beside a point outside the limits.
const LONG: usize = 7;

/// The verdict as a sentence, and in a few words.
pub(super) fn sentences(chart: &Chart, signals: &[SignalRun]) -> (String, String) {
    let Some(phase) = chart.phase().filter(|_| chart.last.is_some()) else {
        return ("No data yet.".to_owned(), "no data yet".to_owned());
    };
    let verdict = chart.verdict();
    if verdict == Verdict::Common {
        let earlier = signals.iter().rfind(|run| run.from >= phase.from);
        return common(phase, earlier);
    }
    let cause = match verdict {
        Verdict::Improvement => "Special cause, improvement",
        Verdict::Concern => "Special cause, concern",
        Verdict::Neutral | Verdict::Common => "Special cause, neither better nor worse",
    };
    let last = speaking(chart, phase);
    match last.and_then(|at| Some((at, signal::first(chart.points[at].signals)?))) {
        Some((at, rule)) => {
            let (long, short) = marked(chart, phase, at, rule);
            (format!("{cause}: {long}"), short)
        }
        None => unmarked(chart, phase, cause),
    }
}

fn common(phase: &ChartPhase, earlier: Option<&SignalRun>) -> (String, String) {
    if let Some(earlier) = earlier {
        return (
            format!("Common cause now: the last point shows no change. Earlier: {}.", earlier.seen),
            "no signal now".to_owned(),
        );
    }
    if phase.n < FEW {
        let points = if phase.n == 1 { "1 point".to_owned() } else { format!("{} points", phase.n) };
        return (
            format!("Too early to tell: {points} so far, and the rules need 10 to 12."),
            format!("{points}: too early"),
        );
    }
    ("Common cause: nothing has changed. Do not react to single points.".to_owned(), "nothing has changed".to_owned())
}

/// The last point of a phase that counts.
fn speaking(chart: &Chart, phase: &ChartPhase) -> Option<usize> {
    let to = phase.to.min(chart.points.len().checked_sub(1)?);
    (phase.from..=to).rev().find(|at| chart.points[*at].speaks())
}

fn marked(chart: &Chart, phase: &ChartPhase, at: usize, rule: Signals) -> (String, String) {
    let within = (phase.from, phase.to);
    let stretch = around(&chart.points, within, at, rule, chart.rules);
    let day = |index: usize| chart.day_of(index).unwrap_or_default();
    if rule == Signals::OUTSIDE || rule == Signals::TWO_OF_THREE {
        let side = around(&chart.points, within, at, Signals::SHIFT, chart.rules);
        if side.count >= LONG && side.count > stretch.count {
            return held_and_beyond(chart, at, rule, side, stretch);
        }
    }
    let seen = signal::seen(chart, at, rule, stretch, false);
    let short = signal::seen(chart, at, rule, stretch, true);
    let long = if stretch.count == 1 {
        format!("{seen}, {}.", day(at))
    } else {
        format!("{seen} since {}.", day(stretch.from))
    };
    (long, short)
}

/// A long run on one side whose last points are outside the limits, or close to one, as well.
fn held_and_beyond(chart: &Chart, at: usize, rule: Signals, side: Stretch, beyond: Stretch) -> (String, String) {
    let held = signal::seen(chart, at, Signals::SHIFT, side, false);
    let since = chart.day_of(side.from).unwrap_or_default();
    let (way, limit) =
        if chart.points[at].rising == Some(true) { ("above", "upper limit") } else { ("below", "lower limit") };
    let beyond = match (rule, beyond.count) {
        (Signals::TWO_OF_THREE, count) => format!("{count} of them close to the {limit}"),
        (_, 1) => format!("the last {way} the {limit}"),
        (_, count) => format!("the last {count} {way} the {limit}"),
    };
    (format!("{held} since {since}, {beyond}."), signal::seen(chart, at, Signals::SHIFT, side, true))
}

/// The tests of runs saw a signal that marks no point.
fn unmarked(chart: &Chart, phase: &ChartPhase, cause: &str) -> (String, String) {
    let centre = chart.centre_name();
    if chart.rules == RuleSet::Ihi {
        let many = phase.ihi.too_many == Some(true);
        let range = phase.ihi.runs_min.zip(phase.ihi.runs_max);
        let range = range.map_or_else(String::new, |(min, max)| format!(", where chance gives {min} to {max}"));
        let words = if many { "too many runs" } else { "too few runs" };
        return (format!("{cause}: {words}, {}{range}.", phase.ihi.runs), words.to_owned());
    }
    let crossings = phase.runs.crossings.unwrap_or(0);
    let least = phase.runs.crossings_min.unwrap_or(0);
    let times = if crossings == 1 { "once".to_owned() } else { format!("{crossings} times") };
    (
        format!(
            "{cause}: few crossings. The {centre} is crossed {times}, where chance gives {least} or more: the process has wandered."
        ),
        format!("few crossings of {centre}"),
    )
}

/// A new level that has held to the end of the chart.
pub(super) fn suggestion(chart: &Chart) -> Option<super::Suggestion> {
    let phase = chart.phase()?;
    let last = speaking(chart, phase)?;
    if chart.points[last].signals.is_empty() || !matches!(chart.points[last].side, Some(Side::Above | Side::Below)) {
        return None;
    }
    let held = around(&chart.points, (phase.from, phase.to), last, Signals::SHIFT, chart.rules);
    if held.count < HELD || held.from <= phase.from {
        return None;
    }
    let before = level(chart.chart, &chart.points[phase.from..held.from]);
    let level = level(chart.chart, &chart.points[held.from..=last]);
    if !before.is_finite() || !level.is_finite() {
        return None;
    }
    let written = |level: f64| chart.scale.with_unit(chart.scale.line(level));
    // One odd point moves a mean, and no level.
    let middles = [&chart.points[phase.from..held.from], &chart.points[held.from..=last]].map(middle);
    if written(middles[0]) == written(middles[1]) {
        return None;
    }
    // A level that nobody would notice is no new one, however long it has held.
    if (level - before).abs() < phase.sigma || written(level) == written(before) {
        return None;
    }
    let day = chart.day_of(held.from).unwrap_or_default();
    Some(super::Suggestion {
        text: format!(
            "A new level, {} where it was {} before, has held for {}. Re-base at {day}?",
            written(level),
            written(before),
            periods(chart, held.count)
        ),
        day: chart.points[held.from].start.date(),
        index: held.from,
        count: held.count,
        before,
        level,
    })
}

/// The median or mean of the points that count.
fn level(chart: ChartType, points: &[ChartPoint]) -> f64 {
    let values: Vec<f64> = points.iter().filter(|point| point.speaks()).map(|point| point.value).collect();
    if values.is_empty() {
        return f64::NAN;
    }
    if chart.needs_denominators() {
        let speaking = || points.iter().filter(|point| point.speaks());
        let counted: f64 = speaking().filter_map(|point| point.numerator).sum();
        return counted / speaking().filter_map(|point| point.denominator).sum::<f64>();
    }
    if !matches!(chart, ChartType::Run | ChartType::G) {
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        return values.iter().sum::<f64>() / values.len() as f64;
    }
    middle(points)
}

/// The median of the points that count; NaN where none does.
fn middle(points: &[ChartPoint]) -> f64 {
    let mut values: Vec<f64> = points.iter().filter(|point| point.speaks()).map(|point| point.value).collect();
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        len if len % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::sample;

    /// Twelve weeks that go up and down around 6, then so many at another level.
    fn moved(level: f64, weeks: usize) -> Vec<f64> {
        let mut values = vec![5.5, 6.5, 6.0, 7.0, 5.0, 6.2, 6.8, 5.4, 6.6, 5.8];
        values.extend(if level < 6.0 { [5.2, 7.1] } else { [7.1, 5.2] });
        values.extend((0..weeks).map(|week| level + (week % 3) as f64 / 10.0));
        values
    }

    #[test]
    fn the_verdict_says_since_when_and_which_way_is_better() {
        for (values, expected) in [
            (moved(4.0, 8), "Special cause, improvement: 8 weeks below the median since 30 Mar."),
            (moved(9.0, 8), "Special cause, concern: 8 weeks above the median since 30 Mar."),
            (moved(6.0, 0), "Common cause: nothing has changed. Do not react to single points."),
            (vec![3.0, 4.0], "Too early to tell: 2 points so far, and the rules need 10 to 12."),
            (vec![3.0], "Too early to tell: 1 point so far, and the rules need 10 to 12."),
            (vec![], "No data yet."),
            (vec![f64::NAN], "No data yet."),
        ] {
            assert_eq!(sample::chart(&values).words.verdict, expected);
        }
    }

    #[test]
    fn a_tile_says_it_in_few_words() {
        assert_eq!(sample::chart(&moved(9.0, 8)).words.short, "8 weeks above median");
        assert_eq!(sample::chart(&moved(6.0, 0)).words.short, "nothing has changed");
    }

    #[test]
    fn a_new_level_that_has_held_is_suggested_as_a_phase_with_its_day() {
        let suggestion = sample::chart(&moved(4.0, 10)).words.suggestion.unwrap();
        assert_eq!(
            suggestion.text,
            "A new level, 4.1 where it was 6.1 before, has held for 10 weeks. Re-base at 30 Mar?"
        );
        assert_eq!((suggestion.day, suggestion.count), (sample::monday(12), 10));
        assert!((suggestion.before - 6.1).abs() < 1e-9 && (suggestion.level - 4.1).abs() < 1e-9);
        assert!(sample::chart(&moved(4.0, 8)).words.suggestion.is_none(), "eight are not enough");
    }

    #[test]
    fn a_level_that_nobody_would_notice_is_not_suggested() {
        let mut values = vec![12.0; 30];
        values[19] = 13.0;
        let chart = sample::xmr(&values);
        assert!(chart.verdict() != crate::spc::Verdict::Common, "ten below the mean are a shift by the rules");
        assert!(chart.words.suggestion.is_none());
    }

    #[test]
    fn a_level_that_one_odd_point_alone_makes_is_not_suggested() {
        let mut values = vec![100.0; 24];
        values[11] = 40.0;
        let chart = sample::xmr(&values);
        assert!(chart.verdict() != crate::spc::Verdict::Common, "twelve above the mean are a shift by the rules");
        assert_eq!(chart.words.suggestion, None);
    }

    #[test]
    fn a_long_run_is_said_before_its_points_that_are_close_to_a_limit() {
        let mut values: Vec<f64> = (0..14).map(|week| 20.0 + f64::from(week * 7 % 5)).collect();
        values.extend([18.0, 17.5, 15.2, 15.0, 14.9, 15.1, 14.9, 15.2, 15.0, 14.9]);
        let verdict = sample::xmr(&values).words.verdict;
        assert!(verdict.starts_with("Special cause, improvement: 10 weeks below the mean since 13 Apr, "), "{verdict}");
        assert!(verdict.ends_with(" of them close to the lower limit."), "{verdict}");
    }

    #[test]
    fn a_process_that_wanders_is_said_in_words() {
        let values =
            [1.0, 1.1, 9.0, 9.1, 9.2, 9.3, 1.2, 1.3, 1.4, 1.5, 1.6, 9.4, 9.5, 9.6, 9.7, 9.8, 9.9, 1.7, 1.8, 1.9];
        let chart = sample::chart(&values);
        assert_eq!(
            chart.words.verdict,
            "Special cause, neither better nor worse: few crossings. The median is crossed 4 times, where chance gives 6 or more: the process has wandered."
        );
    }
}
