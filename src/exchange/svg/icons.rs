//! The two icons of Making Data Count (NHS England): what the last point says, and what the limits say of the target.
//! Drawn anew, with letters and words, so that nobody has to know them.

use std::fmt::Write as _;

use super::{escaped, label};
use crate::chart::{Chart, verdict_of};
use crate::spc::{Assurance, Variation, Verdict};

/// How large they are.
const RADIUS: f64 = 17.0;

/// Draws both, the first around this place, each with its words below; nothing of a chart with too few points.
pub(super) fn draw(chart: &Chart, (x, y): (f64, f64), out: &mut String) {
    if chart.is_early() {
        return;
    }
    let (letter, words) = variation(chart.variation);
    let class = match verdict_of(chart.variation) {
        Verdict::Concern => "concern",
        Verdict::Improvement => "improvement",
        Verdict::Neutral => "neutral",
        Verdict::Common => "common",
    };
    icon(out, (x, y), class, letter, words);
    let (letter, class, words) = match chart.assurance {
        Some(Assurance::Pass) => ("P", "improvement", "will meet"),
        Some(Assurance::Fail) => ("F", "concern", "will miss"),
        Some(Assurance::Inconsistent) => ("?", "common", "hit and miss"),
        None => return,
    };
    icon(out, (x + 80.0, y), class, letter, words);
}

/// The letter, high or low, and the words of a variation.
const fn variation(variation: Variation) -> (&'static str, &'static str) {
    match variation {
        Variation::CommonCause => ("≈", "no change"),
        Variation::ImprovementHigh => ("H", "improving"),
        Variation::ImprovementLow => ("L", "improving"),
        Variation::ConcernHigh => ("H", "concern"),
        Variation::ConcernLow => ("L", "concern"),
        Variation::NeutralHigh => ("H", "changed"),
        Variation::NeutralLow => ("L", "changed"),
    }
}

fn icon(out: &mut String, (x, y): (f64, f64), class: &str, letter: &str, words: &str) {
    let _ = writeln!(
        out,
        "<g role=\"img\" aria-label=\"{words}\"><circle class=\"{class}\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{RADIUS}\"/>\
         <circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{:.1}\" fill=\"#fff\"/></g>",
        RADIUS - 4.0,
        words = escaped(words),
    );
    label(out, (x, y + 6.5), "icon", "middle", letter);
    label(out, (x, y + RADIUS + 14.0), "small", "middle", words);
}
