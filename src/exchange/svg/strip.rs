//! The strip under the plot: which rule marks which points, by a letter and the stretch that it holds, and the key
//! of the letters. The same letters stand under the chart on the screen.

use std::fmt::Write as _;

use super::plot::{CROWDED, Plot};
use super::{BOTTOM, LEFT, LETTER, class_of, escaped, label};
use crate::base::text;
use crate::chart::{Chart, rule_letter, rule_name};
use crate::spc::{Signals, Verdict};

/// How high the strip is.
const HEIGHT: f64 = 16.0;
/// How much room a letter needs to either side.
const GAP: f64 = LETTER * 0.75;
/// Rules that have room beside each other in the key.
const WIDTH: usize = 118;

/// A stretch of neighbouring points that the same rule marks.
struct Stretch {
    letter: &'static str,
    verdict: Verdict,
    from: usize,
    to: usize,
}

/// How much room the strip takes; none where nothing is marked.
pub(super) fn height(chart: &Chart) -> f64 {
    if chart.words.signals.is_empty() { 0.0 } else { HEIGHT }
}

/// Draws the strip.
pub(super) fn draw(chart: &Chart, plot: &Plot<'_>, out: &mut String) {
    let crowded = chart.points.len() > CROWDED;
    let mut free = LEFT - LETTER;
    for stretch in stretches(chart) {
        let (from, to) = (plot.x(stretch.from), plot.x(stretch.to));
        // Where points are crowded the first stretch keeps its place.
        if from - GAP < free {
            continue;
        }
        let class = class_of(stretch.verdict);
        if to - from > LETTER {
            let _ = writeln!(
                out,
                "<rect class=\"{class}\" x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"1.6\"/>",
                from + LETTER,
                BOTTOM + 9.5,
                to - from - LETTER / 2.0,
            );
        }
        label(out, (from, BOTTOM + 14.0), &format!("rule {class}"), "middle", stretch.letter);
        free = to + if crowded { 3.0 * LETTER } else { GAP };
    }
}

/// The stretches in the order of time, by the rule that decides over a point's others.
fn stretches(chart: &Chart) -> Vec<Stretch> {
    let mut all: Vec<Stretch> = Vec::new();
    let mut goes_on = false;
    for (at, point) in chart.points.iter().enumerate().filter(|(_, point)| point.is_there()) {
        let Some(letter) = rule_letter(point.signals).filter(|_| point.ghost.is_none()) else {
            goes_on = false;
            continue;
        };
        match all.last_mut() {
            Some(last) if goes_on && last.letter == letter && last.verdict == point.verdict => last.to = at,
            _ => all.push(Stretch { letter, verdict: point.verdict, from: at, to: at }),
        }
        goes_on = true;
    }
    all
}

/// What the letters stand for, of those that are there, in lines.
pub(super) fn key(chart: &Chart) -> Vec<String> {
    let is_there = |rule: &Signals| {
        let letter = rule_letter(*rule);
        chart.points.iter().any(|point| point.ghost.is_none() && rule_letter(point.signals) == letter)
    };
    let mut lines: Vec<String> = Vec::new();
    for rule in Signals::ALL.into_iter().filter(is_there) {
        let words = format!("{} {}", rule_letter(rule).unwrap_or_default(), rule_name(rule));
        match lines.last_mut() {
            Some(line) if text::width(line) + text::width(&words) + 5 <= WIDTH => {
                line.push_str("  ·  ");
                line.push_str(&words);
            }
            _ => lines.push(words),
        }
    }
    lines
}

/// All signals as sentences, for those who hear the picture: the latest ones.
pub(super) fn heard(chart: &Chart) -> String {
    let latest = chart.words.signals.iter().rev().take(6).map(|run| escaped(&run.text));
    latest.collect::<Vec<_>>().join(" ")
}
