//! The chart as a tile shows it, and one point in one line.

use super::{Chart, ChartPoint, Outline, Words, words};
use crate::base::text;
use crate::domain::frequency::Frequency;
use crate::domain::point::Start;
use crate::spc::{Assurance, Side, Variation, Verdict};

/// The most points that a tile keeps for its small chart.
const TAIL: usize = 160;

/// The most points of its chart among the small ones: as many as have room there. Every measure of the board
/// keeps these, looked at or not.
const SMALL: usize = 60;

/// What a tile shows: small, and independent of the chart that it was made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// The name of the measure.
    pub name: String,
    /// The latest value with its unit ("4.1 %"); "–" where there is none.
    pub value: String,
    /// What it was counted from ("29 of 707"); empty without a denominator.
    pub parts: String,
    /// When its period starts.
    pub start: Option<Start>,
    /// What the chart says.
    pub verdict: Verdict,
    /// Whether there are too few points for any verdict.
    pub early: bool,
    /// The variation icon.
    pub variation: Variation,
    /// The assurance icon.
    pub assurance: Option<Assurance>,
    /// The verdict in a few words: "8 weeks above median".
    pub words_short: String,
    /// The verdict as a sentence.
    pub words: String,
    /// The target in a few words: "≤ 5 %: will miss"; none without a target.
    pub target: Option<String>,
    /// The last points, for the spark.
    pub tail: Vec<TilePoint>,
    /// The last points with their lines, for the small chart.
    pub chart: Chart,
}

/// A point of a tile's small chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TilePoint {
    /// What is plotted; NaN for a gap or a ghost.
    pub value: f64,
    /// Centre line here.
    pub centre: f64,
    /// Side of the centre line.
    pub side: Option<Side>,
    /// What it says.
    pub verdict: Verdict,
}

pub(super) fn summary(chart: &Chart) -> Tile {
    let latest = chart.last.and_then(|last| chart.points.get(last));
    let Words { short, verdict, target_short, .. } = &chart.words;
    let tail = chart.points.len().saturating_sub(TAIL);
    Tile {
        name: chart.name.clone(),
        value: latest.map_or_else(|| "–".to_owned(), |point| chart.scale.written(point.value)),
        parts: chart.last.map_or_else(String::new, |last| parts(chart, last)),
        // A first event has no days before it, and still is the last one that happened.
        start: latest
            .or_else(|| chart.points.last().filter(|_| chart.frequency == Frequency::Event))
            .map(|point| point.start),
        verdict: chart.verdict(),
        early: chart.is_early(),
        variation: chart.variation,
        assurance: chart.assurance,
        words_short: short.clone(),
        words: verdict.clone(),
        target: target_short.clone(),
        tail: chart.points[tail..]
            .iter()
            .map(|point| TilePoint {
                value: if point.speaks() { point.value } else { f64::NAN },
                centre: point.centre,
                side: point.side,
                verdict: point.verdict,
            })
            .collect(),
        chart: chart.latest(SMALL),
    }
}

/// The last points of a chart with what was computed of all of them.
pub(super) fn latest(chart: &Chart, count: usize) -> Chart {
    let skip = chart.points.len().saturating_sub(count);
    let mut phases: Vec<_> = chart.phases.iter().filter(|phase| phase.to >= skip).cloned().collect();
    for phase in &mut phases {
        (phase.from, phase.to) = (phase.from.saturating_sub(skip), phase.to - skip);
        phase.reason = String::new();
    }
    let points = chart.points[skip..].iter().map(|point| ChartPoint { note: String::new(), ..point.clone() });
    let mut chart = Chart {
        points: points.collect(),
        phases,
        annotations: Vec::new(),
        words: Words { signals: Vec::new(), ..chart.words.clone() },
        last: chart.last.and_then(|last| last.checked_sub(skip)),
        name: chart.name.clone(),
        unit: chart.unit.clone(),
        scale: chart.scale.clone(),
        outline: Outline::default(),
        ..*chart
    };
    chart.outline = Outline::of(&chart);
    chart
}

/// "29 of 707".
fn parts(chart: &Chart, index: usize) -> String {
    let Some(point) = chart.points.get(index) else {
        return String::new();
    };
    match (point.numerator, point.denominator) {
        (Some(numerator), Some(denominator)) => {
            format!("{} of {}", text::grouped(numerator, 2), text::grouped(denominator, 2))
        }
        _ => String::new(),
    }
}

pub(super) fn read_out(chart: &Chart, index: usize) -> String {
    let (Some(point), Some(day)) = (chart.points.get(index), chart.day_of(index)) else {
        return String::new();
    };
    if !point.is_there() {
        let why = if point.present { "no value" } else { "not filled in" };
        let note = if point.note.is_empty() { String::new() } else { format!(" · “{}”", point.note) };
        return format!("{day}: {why}{note}");
    }
    let mut out = format!("{day}: {}", chart.scale.written(point.value));
    let parts = parts(chart, index);
    if !parts.is_empty() {
        out.push_str(&format!(" ({parts})"));
    }
    if let Some(side) = point.side {
        let side = match side {
            Side::Above => "above the",
            Side::On => "on the",
            Side::Below => "below the",
        };
        out.push_str(&format!(", {side} {} of {}", chart.centre_name(), chart.scale.line(point.centre)));
    }
    if let Some(reason) = &point.ghost {
        out.push_str(" · left out");
        if !reason.is_empty() {
            out.push_str(&format!(": {reason}"));
        }
    } else if point.verdict != Verdict::Common {
        out.push_str(&format!(" · {}", words::mark_words(point)));
    }
    if !point.note.is_empty() {
        out.push_str(&format!(" · “{}”", point.note));
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::chart::{Source, build, sample};
    use crate::domain::measure::MeasureKind;

    #[test]
    fn a_point_reads_with_its_parts_its_side_and_its_note() {
        let measure = sample::measure(MeasureKind::Proportion);
        let mut points = sample::pairs(&[(28.0, 700.0), (26.0, 700.0), (29.0, 707.0)]);
        points[2].note = "new staff shown the check".to_owned();
        let chart = build(Source::of(&measure, &points));
        assert_eq!(chart.read_out(2), "19 Jan: 4.1 % (29 of 707), above the median of 4 · “new staff shown the check”");
    }

    #[test]
    fn a_gap_and_a_ghost_say_what_they_are() {
        let measure = sample::measure(MeasureKind::Value);
        let mut points = sample::values(&[1.0, 2.0, f64::NAN, 3.0]);
        points.remove(1);
        points[2].ghost = Some("ward closed".to_owned());
        let chart = build(Source::of(&measure, &points));
        assert_eq!(chart.read_out(1), "12 Jan: not filled in");
        assert_eq!(chart.read_out(2), "19 Jan: no value");
        assert!(chart.read_out(3).ends_with("· left out: ward closed"));
        assert_eq!(chart.read_out(99), "");
    }

    #[test]
    fn a_tile_of_nothing_shows_a_dash() {
        let tile = sample::chart(&[]).summary();
        assert_eq!((tile.value.as_str(), tile.start, tile.tail.len()), ("–", None, 0));
    }
}
