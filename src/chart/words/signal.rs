//! One sentence for each signal.

use super::super::stretch::{Stretch, around};
use super::super::{Chart, ChartPoint};
use super::{RULES, periods};
use crate::spc::{Better, Signals, Verdict};

/// The most signals that are put in words; the latest ones.
const MOST: usize = 60;

/// Points in a row that one rule marks, in words.
#[derive(Debug, Clone, PartialEq)]
pub struct SignalRun {
    /// Index of the first.
    pub from: usize,
    /// Index of the last.
    pub to: usize,
    /// How many points count.
    pub count: usize,
    /// The one rule.
    pub rule: Signals,
    /// What it says.
    pub verdict: Verdict,
    /// "8 weeks above the median, 28 Sep to 16 Nov".
    pub seen: String,
    /// "Shift: 8 weeks above the median, 28 Sep to 16 Nov."
    pub text: String,
}

/// The letter that stands for the rule which decides over a point's others, on the screen and in pictures.
#[must_use]
pub fn rule_letter(signals: Signals) -> Option<&'static str> {
    const LETTERS: [&str; 8] = ["O", "T", "N", "S", "F", "B", "A", "H"];
    Signals::ALL.into_iter().zip(LETTERS).find(|(rule, _)| signals.contains(*rule)).map(|(_, letter)| letter)
}

/// The name of a rule, as a person says it.
#[must_use]
pub fn rule_name(rule: Signals) -> &'static str {
    match rule {
        Signals::OUTSIDE => "outside the limits",
        Signals::TREND => "trend",
        Signals::TWO_OF_THREE => "two of three near a limit",
        Signals::FOUR_OF_FIVE => "four of five away from the line",
        Signals::BEYOND_ONE_SIGMA => "none near the line",
        Signals::ALTERNATING => "up and down in turn",
        Signals::HUGGING => "too close to the line",
        _ => "shift",
    }
}

/// The rule that goes before the others.
pub(super) fn first(signals: Signals) -> Option<Signals> {
    RULES.into_iter().find(|rule| signals.contains(*rule))
}

/// What a stretch looks like: "8 weeks above the median". `short` leaves out the articles.
pub(super) fn seen(chart: &Chart, at: usize, rule: Signals, stretch: Stretch, short: bool) -> String {
    let rising = chart.points[at].rising == Some(true);
    let many = periods(chart, stretch.count);
    let the = if short { "" } else { "the " };
    let (way, limit) = if rising { ("above", "upper limit") } else { ("below", "lower limit") };
    match rule {
        Signals::OUTSIDE if short => format!("{many} {way} limit"),
        Signals::OUTSIDE => format!("{many} {way} {the}{limit}"),
        Signals::TREND => format!("{many} {}", if rising { "rising" } else { "falling" }),
        Signals::TWO_OF_THREE if short => format!("{} near {limit}", stretch.count),
        Signals::TWO_OF_THREE => format!("{many} close to {the}{limit}"),
        Signals::FOUR_OF_FIVE if short => format!("{} well {way} {}", stretch.count, chart.centre_name()),
        Signals::FOUR_OF_FIVE => {
            format!("{many} more than a third of the way from {the}{} to {the}{limit}", chart.centre_name())
        }
        Signals::BEYOND_ONE_SIGMA if short => format!("{many} away from {}", chart.centre_name()),
        Signals::BEYOND_ONE_SIGMA => {
            format!(
                "{many} on both sides of {the}{}, none close to it: two processes may be mixed",
                chart.centre_name()
            )
        }
        Signals::ALTERNATING if short => format!("{many} up and down"),
        Signals::ALTERNATING => format!("{many} up and down in turn: two sources may take turns"),
        Signals::HUGGING if short => format!("{many} close to {}", chart.centre_name()),
        Signals::HUGGING => {
            format!("{many} close to {the}{}: the limits may be too wide for this process", chart.centre_name())
        }
        _ => format!("{many} {way} {the}{}", chart.centre_name()),
    }
}

/// The signals of all phases, the latest last.
pub(super) fn runs(chart: &Chart) -> Vec<SignalRun> {
    let mut found = Vec::new();
    for phase in &chart.phases {
        let mut done = [None::<usize>; RULES.len()];
        for at in phase.from..=phase.to.min(chart.points.len().saturating_sub(1)) {
            let point = &chart.points[at];
            if point.signals.is_empty() {
                continue;
            }
            for (rule, done) in RULES.into_iter().zip(&mut done) {
                if point.signals.contains(rule) && done.is_none_or(|done| at > done) {
                    let stretch = around(&chart.points, (phase.from, phase.to), at, rule, chart.rules);
                    *done = Some(stretch.to);
                    found.push((at, rule, stretch));
                }
            }
        }
    }
    let skip = found.len().saturating_sub(MOST);
    found.into_iter().skip(skip).map(|(at, rule, stretch)| in_words(chart, at, rule, stretch)).collect()
}

fn in_words(chart: &Chart, at: usize, rule: Signals, stretch: Stretch) -> SignalRun {
    let mut label = rule_name(rule).to_owned();
    if let Some(letter) = label.get_mut(0..1) {
        letter.make_ascii_uppercase();
    }
    let days = match (chart.day_of(stretch.from), chart.day_of(stretch.to)) {
        (Some(from), Some(to)) if from != to => format!("{from} to {to}"),
        (Some(from), _) => from,
        _ => String::new(),
    };
    let seen = format!("{}, {days}", seen(chart, at, rule, stretch, false));
    SignalRun {
        text: format!("{label}: {seen}."),
        seen,
        from: stretch.from,
        to: stretch.to,
        count: stretch.count,
        rule,
        verdict: if rule.has_way() { direction(chart.better, &chart.points[at]) } else { Verdict::Neutral },
    }
}

fn direction(better: Better, point: &ChartPoint) -> Verdict {
    match (better, point.rising) {
        (_, None) => point.verdict,
        (Better::Neither, _) => Verdict::Neutral,
        (Better::Up, Some(true)) | (Better::Down, Some(false)) => Verdict::Improvement,
        (Better::Up, Some(false)) | (Better::Down, Some(true)) => Verdict::Concern,
    }
}

#[cfg(test)]
mod tests {
    use crate::chart::sample;

    #[test]
    fn a_long_run_is_named_once_with_its_days() {
        let mut values = vec![5.0, 1.0, 4.0, 2.0, 5.0, 1.0, 4.0, 2.0];
        values.extend([1.1, 1.2, 1.3, 1.2, 1.4, 1.1, 1.2, 1.3, 1.0]);
        values.extend([5.0; 9].iter().enumerate().map(|(at, value)| value + at as f64 / 10.0));
        let texts: Vec<_> = sample::chart(&values).words.signals.into_iter().map(|run| run.text).collect();
        assert_eq!(
            texts,
            [
                "Shift: 10 weeks below the median, 23 Feb to 27 Apr.",
                "Shift: 9 weeks above the median, 4 May to 29 Jun."
            ]
        );
    }

    #[test]
    fn a_point_outside_says_which_limit() {
        let mut values = vec![3.0, 4.0, 3.0, 5.0, 4.0, 3.0, 4.0, 5.0, 3.0, 4.0, 3.0, 4.0];
        values.push(20.0);
        values.extend([4.0, 3.0]);
        let words = sample::xmr(&values).words;
        assert_eq!(words.signals[0].text, "Outside the limits: 1 week above the upper limit, 30 Mar.");
    }
}
