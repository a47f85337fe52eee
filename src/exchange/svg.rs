//! A chart as a picture for print and for the web: SVG, drawn from the same [`Chart`] as the screen's.
//!
//! Colours are those of the palette of Okabe and Ito, which people with any colour vision tell apart; every
//! meaning has a shape as well, so that a black-and-white print says the same. Title, description and all
//! labels are text, for screen readers and for search.

mod icons;
mod plot;

use std::fmt::Write as _;

use chrono::Datelike;

use self::plot::Plot;
use crate::base::text;
use crate::chart::{Chart, ChartPoint, rule_letter, rule_name, spoken_day, word};
use crate::spc::{Signals, Verdict};

/// The picture's width, in its own units: an A4 page across at 96 to the inch. Notes make it higher.
const WIDTH: f64 = 960.0;
/// The plot within it.
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 120.0;
const TOP: f64 = 132.0;
const BOTTOM: f64 = 448.0;
/// How wide a letter of a date is, about.
const LETTER: f64 = 7.0;
/// How close two labels beside the plot may stand.
const LINE_HEIGHT: f64 = 15.0;
/// How many notes are keyed under the plot: the latest.
const NOTES_AT_MOST: usize = 30;
/// How many letters of the verdict have room beside each other, also where the font is a wide one.
const VERDICT: usize = 108;

const STYLE: &str = "text{font-family:'Source Sans 3','Segoe UI',Helvetica,Arial,sans-serif;fill:#1a1a1a}\
.title{font-size:22px;font-weight:600}.icon{font-size:19px;font-weight:700}.level{font-size:12px;fill:#1a1a1a}\
.verdict{font-size:14px}.small{font-size:12px;fill:#444}\
.axis{font-size:13px;fill:#333}.grid{stroke:#e4e4e4;stroke-width:1}.frame{stroke:#777;stroke-width:1}\
.data{fill:none;stroke:#8a8a8a;stroke-width:1.6;stroke-linejoin:round}\
.centre{fill:none;stroke:#1a1a1a;stroke-width:1.6}.limit{fill:none;stroke:#555;stroke-width:1.4;stroke-dasharray:7 5}\
.target{stroke:#009e73;stroke-width:1.6;stroke-dasharray:10 4 2 4}.targetlabel{fill:#00694d}\
.phase{stroke:#777;stroke-width:1;stroke-dasharray:2 3}.note{fill:#fff;stroke:#555;stroke-width:1}\
.common{fill:#6b6b6b}.concern{fill:#d55e00}.improvement{fill:#0072b2}.neutral{fill:#8a4f7d}\
.ghost{fill:#fff;stroke:#8a8a8a;stroke-width:1.4}.rule{font-size:11px;font-weight:600;fill:#444}\
.stretch{stroke:currentColor;stroke-width:1.2}.concern.stretch{stroke:#d55e00}.improvement.stretch{stroke:#0072b2}\
.neutral.stretch{stroke:#8a4f7d}";

/// The picture of a chart.
#[must_use]
pub fn svg(chart: &Chart) -> String {
    let mut out = String::with_capacity(16 * 1024);
    let plot = Plot::of(chart);
    head(chart, &mut out);
    if chart.last.is_none() {
        label(&mut out, (WIDTH / 2.0, (TOP + BOTTOM) / 2.0), "verdict", "middle", "No data yet.");
        out.push_str("</svg>\n");
        return out;
    }
    plot.grid(&mut out);
    plot.dates(&mut out);
    plot.phases(&mut out);
    plot.lines(&mut out);
    plot.data(&mut out);
    plot.rules(&mut out);
    plot.notes(&mut out);
    icons::draw(chart, (WIDTH - 122.0, 28.0), &mut out);
    foot(chart, &mut out);
    out.push_str("</svg>\n");
    out
}

/// How high the picture is.
fn height(chart: &Chart) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "some lines")]
    let notes = chart.annotations.len().min(NOTES_AT_MOST) as f64;
    let letters = if letters(chart).is_empty() { 0.0 } else { LINE_HEIGHT };
    BOTTOM + 66.0 + notes * LINE_HEIGHT + letters + strip(chart)
}

/// How high the strip of the rules' letters is; nothing where no point is marked.
fn strip(chart: &Chart) -> f64 {
    if chart.points.iter().any(|point| point.is_there() && !point.signals.is_empty()) { 14.0 } else { 0.0 }
}

/// What the letters of the rules mean, for those that are there: "S shift · O outside the limits".
fn letters(chart: &Chart) -> String {
    let decides = |point: &ChartPoint| Signals::ALL.into_iter().find(|rule| point.signals.contains(*rule));
    let found: Vec<Signals> = chart.points.iter().filter(|point| point.is_there()).filter_map(decides).collect();
    let present = Signals::ALL.into_iter().filter(|rule| found.contains(rule));
    let words = present.filter_map(|rule| Some(format!("{} {}", rule_letter(rule)?, rule_name(rule))));
    words.collect::<Vec<_>>().join(" · ")
}

fn head(chart: &Chart, out: &mut String) {
    let height = height(chart);
    let name = escaped(&chart.name);
    let description = escaped(&sentences(chart).join(" "));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{name}: {kind}</title>\n\
         <desc id=\"desc\">{description}</desc>\n<style>{STYLE}</style>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n",
        kind = chart.chart.label(),
    );
    label(out, (LEFT, 34.0), "title", "start", &text::clip(&chart.name, 64));
    let unit = if chart.unit.is_empty() { String::new() } else { format!(" · {}", chart.unit) };
    let kind = format!("{}{unit} · {}", chart.chart.label(), span(chart));
    label(out, (LEFT, 54.0), "small", "start", &kind);
    let says = format!("{} {}", chart.words.verdict, chart.words.act);
    for (line, words) in text::wrap(says.trim(), VERDICT).into_iter().take(3).enumerate() {
        #[allow(clippy::cast_precision_loss, reason = "three lines")]
        let y = 77.0 + 17.0 * line as f64;
        label(out, (LEFT, y), "verdict", "start", &words);
    }
}

/// From when to when.
fn span(chart: &Chart) -> String {
    let (Some(first), Some(last)) = (chart.points.first(), chart.points.last()) else { return String::new() };
    let years = first.start.date().year() != last.start.date().year();
    let now = (!years).then(|| last.start.date());
    let day = |point: &ChartPoint| match (spoken_day(point.start, chart.frequency, now), years) {
        (day, true) if !day.contains(&point.start.date().year().to_string()) => {
            format!("{day} {}", point.start.date().year())
        }
        (day, _) => day,
    };
    format!("{} to {}", day(first), day(last))
}

/// All that the chart says, for those who hear it.
fn sentences(chart: &Chart) -> Vec<&str> {
    let words = &chart.words;
    [words.verdict.as_str(), words.act]
        .into_iter()
        .chain(words.target.as_deref())
        .chain(words.suggestion.as_ref().map(|suggestion| suggestion.text.as_str()))
        .chain(words.data.iter().map(String::as_str))
        .filter(|words| !words.is_empty())
        .collect()
}

fn foot(chart: &Chart, out: &mut String) {
    let shown = chart.annotations.iter().rev().take(NOTES_AT_MOST).collect::<Vec<_>>();
    let mut y = BOTTOM + 44.0 + strip(chart);
    for note in shown.into_iter().rev() {
        let words = format!("{} · {} · {}", note.number, note.day.format("%-d %b %Y"), note.text);
        label(out, (LEFT, y), "small", "start", &text::clip(&words, 130));
        y += LINE_HEIGHT;
    }
    let baseline = chart.phase().map_or(0, |phase| phase.baseline);
    let limits = if chart.chart.has_limits() { "Lines and limits" } else { "Centre line" };
    let words = format!("{limits} from {baseline} points. {}. Made with huddleboard.", chart.rules.label());
    let end = height(chart);
    label(out, (LEFT, end - 12.0), "small", "start", &words);
    let letters = letters(chart);
    if !letters.is_empty() {
        label(out, (LEFT, end - 12.0 - LINE_HEIGHT), "small", "start", &letters);
    }
    key(chart, end, out);
}

/// What the marks mean, for those marks that are there.
fn key(chart: &Chart, end: f64, out: &mut String) {
    let mut x = RIGHT + 100.0;
    for verdict in [Verdict::Concern, Verdict::Improvement, Verdict::Neutral] {
        if !chart.points.iter().any(|point| point.verdict == verdict && point.ghost.is_none()) {
            continue;
        }
        let words = word(verdict);
        label(out, (x, end - 12.0), "small", "end", words);
        #[allow(clippy::cast_precision_loss, reason = "a word")]
        let wide = text::width(words) as f64 * LETTER * 1.25;
        mark(out, x - wide - 8.0, end - 16.0, verdict, true, "");
        x -= wide + 32.0;
    }
}

/// A point's mark: a disc for common cause, a triangle that points the way for a concern, a diamond for an
/// improvement, a square for what is neither.
fn mark(out: &mut String, x: f64, y: f64, verdict: Verdict, rising: bool, title: &str) {
    let shape = match verdict {
        Verdict::Common => None,
        Verdict::Concern if rising => Some("M0 -6.5L6 4.5H-6Z"),
        Verdict::Concern => Some("M0 6.5L6 -4.5H-6Z"),
        Verdict::Improvement => Some("M0 -6.5L6.5 0L0 6.5L-6.5 0Z"),
        Verdict::Neutral => Some("M-5 -5H5V5H-5Z"),
    };
    let class = class_of(verdict);
    let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
    let _ = match shape {
        None => writeln!(out, "<circle class=\"{class}\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"3.6\">{title}</circle>"),
        Some(shape) => {
            writeln!(out, "<path class=\"{class}\" transform=\"translate({x:.1} {y:.1})\" d=\"{shape}\">{title}</path>")
        }
    };
}

fn class_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Common => "common",
        Verdict::Concern => "concern",
        Verdict::Improvement => "improvement",
        Verdict::Neutral => "neutral",
    }
}

fn rule(out: &mut String, (x1, y1): (f64, f64), (x2, y2): (f64, f64), class: &str) {
    let _ = writeln!(out, "<line class=\"{class}\" x1=\"{x1:.2}\" y1=\"{y1:.2}\" x2=\"{x2:.2}\" y2=\"{y2:.2}\"/>");
}

fn label(out: &mut String, (x, y): (f64, f64), class: &str, anchor: &str, words: &str) {
    let words = escaped(words);
    let _ = writeln!(out, "<text class=\"{class}\" x=\"{x:.2}\" y=\"{y:.2}\" text-anchor=\"{anchor}\">{words}</text>");
}

/// Text as XML holds it: without what is no character there.
fn escaped(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for letter in words.chars().filter(|letter| !text::is_unsafe(*letter)) {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::sample;
    use crate::spc::Side;

    #[test]
    fn what_the_chart_says_is_in_the_picture_for_eyes_and_for_ears() {
        let values: Vec<f64> =
            (0..24).map(|n| if n < 12 { 9.0 + f64::from(n % 3) } else { 15.0 + f64::from(n % 2) }).collect();
        let chart = sample::chart(&values);
        let picture = svg(&chart);
        assert!(picture.contains(&escaped(&chart.words.verdict)));
        assert!(picture.contains("<title id=\"title\">") && picture.contains("role=\"img\""));
        assert!(picture.contains("class=\"centre\"") && picture.contains("class=\"concern\""));
        assert_eq!(picture.matches("<svg").count(), picture.matches("</svg>").count());
    }

    #[test]
    fn each_rule_has_its_letter_under_the_points_that_it_marks_and_its_words_at_the_foot() {
        let values: Vec<f64> =
            (0..24).map(|n| if n < 12 { 9.0 + f64::from(n % 3) } else { 15.0 + f64::from(n % 2) }).collect();
        let picture = svg(&sample::chart(&values));
        assert!(
            picture.contains("class=\"rule\"") && picture.contains(">S</text>") && picture.contains(">S shift</text>")
        );
        assert!(picture.contains("concern stretch"), "a line as far as it goes");
        let calm = svg(&sample::chart(&[1.0, 3.0, 2.0, 1.0, 3.0]));
        assert!(!calm.contains("class=\"rule\""));
    }

    #[test]
    fn no_text_from_data_can_leave_its_place() {
        let mut chart = sample::chart(&[1.0, 2.0, 3.0]);
        chart.name = "</title><script>alert(1)</script>&\u{1b}[31m".into();
        let picture = svg(&chart);
        assert!(!picture.contains("<script") && !picture.contains('\u{1b}'));
        assert!(picture.contains("&lt;/title&gt;&lt;script&gt;"));
    }

    #[test]
    fn no_series_stops_it_or_leaves_a_number_that_is_none() {
        let gap = f64::NAN;
        let long: Vec<f64> = (0..20_000).map(|n| f64::from(n % 97)).collect();
        for values in [
            vec![],
            vec![gap],
            vec![5.0],
            vec![gap, gap, 3.0],
            vec![7.0; 40],
            vec![0.0; 3],
            vec![1e300, -1e300, 1.0],
            long,
        ] {
            let picture = svg(&sample::chart(&values));
            assert!(!picture.contains("NaN") && !picture.contains("inf"), "{}", values.len());
            assert!(picture.len() < 400_000, "{}", picture.len());
        }
    }

    #[test]
    fn a_point_beside_a_line_is_drawn_on_its_own_side() {
        let mut values = [9.0, 11.0].repeat(10);
        values.extend([1e9, 10.000_001, 9.999_999]);
        let chart = sample::chart(&values);
        let plot = Plot::of(&chart);
        for (index, point) in chart.points.iter().enumerate().filter(|(_, point)| point.is_there()) {
            let (_, y) = plot.place(index, point);
            let centre = plot.y(point.centre);
            match point.side {
                Some(Side::Above) => assert!(y < centre),
                Some(Side::Below) => assert!(y > centre),
                _ => assert!((y - centre).abs() < 1e-9),
            }
        }
    }
}
