//! A chart as a picture for print and for the web: SVG, drawn from the same [`Chart`] as the screen's.
//!
//! Colours are those of the palette of Okabe and Ito, which people with any colour vision tell apart; every
//! meaning has a shape as well, so that a black-and-white print says the same. Title, description and all
//! labels are text, for screen readers and for search.

use std::collections::HashSet;
use std::fmt::Write as _;

use chrono::Datelike;

use crate::base::text;
use crate::chart::extent::{Extent, MOST, nice};
use crate::chart::{Chart, ChartPoint, spoken_day, word};
use crate::spc::{Side, Verdict};

/// The picture's size, in its own units: a third of an A4 page across at 96 to the inch.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 540.0;
/// The plot within it.
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 120.0;
const TOP: f64 = 104.0;
const BOTTOM: f64 = 420.0;
/// How wide a letter of a date is, about.
const LETTER: f64 = 7.0;
/// From so many points on, only the outline of the line and the marked points are drawn.
const CROWDED: usize = 600;
/// Where there is a crowd, marks nearer to each other than this are drawn once.
const HIDING: f64 = 8.0;
/// How close two labels beside the plot may stand.
const LINE_HEIGHT: f64 = 15.0;
/// How many notes have room under the plot.
const NOTES_AT_MOST: usize = 4;

const STYLE: &str = "text{font-family:'Source Sans 3','Segoe UI',Helvetica,Arial,sans-serif;fill:#1a1a1a}\
.title{font-size:22px;font-weight:600}.verdict{font-size:15px}.small{font-size:12px;fill:#444}\
.axis{font-size:13px;fill:#333}.grid{stroke:#e4e4e4;stroke-width:1}.frame{stroke:#777;stroke-width:1}\
.data{fill:none;stroke:#8a8a8a;stroke-width:1.6;stroke-linejoin:round}\
.centre{fill:none;stroke:#1a1a1a;stroke-width:1.6}.limit{fill:none;stroke:#555;stroke-width:1.4;stroke-dasharray:7 5}\
.target{stroke:#009e73;stroke-width:1.6;stroke-dasharray:10 4 2 4}.targetlabel{fill:#00694d}\
.phase{stroke:#777;stroke-width:1;stroke-dasharray:2 3}.note{fill:#fff;stroke:#555;stroke-width:1}\
.common{fill:#6b6b6b}.concern{fill:#d55e00}.improvement{fill:#0072b2}.neutral{fill:#8a4f7d}\
.ghost{fill:#fff;stroke:#8a8a8a;stroke-width:1.4}";

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
    plot.notes(&mut out);
    foot(chart, &mut out);
    out.push_str("</svg>\n");
    out
}

fn head(chart: &Chart, out: &mut String) {
    let name = escaped(&chart.name);
    let description = escaped(&sentences(chart).join(" "));
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{name}: {kind}</title>\n\
         <desc id=\"desc\">{description}</desc>\n<style>{STYLE}</style>\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n",
        kind = chart.chart.label(),
    );
    label(out, (LEFT, 34.0), "title", "start", &text::clip(&chart.name, 70));
    let unit = if chart.unit.is_empty() { String::new() } else { format!(" · {}", chart.unit) };
    let kind = format!("{}{unit} · {}", chart.chart.label(), span(chart));
    label(out, (LEFT, 54.0), "small", "start", &kind);
    for (line, words) in text::wrap(&chart.words.verdict, 125).into_iter().take(2).enumerate() {
        #[allow(clippy::cast_precision_loss, reason = "two lines")]
        let y = 76.0 + 17.0 * line as f64;
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
    std::iter::once(&words.verdict)
        .chain(&words.target)
        .chain(words.suggestion.as_ref().map(|suggestion| &suggestion.text))
        .chain(&words.data)
        .map(String::as_str)
        .collect()
}

fn foot(chart: &Chart, out: &mut String) {
    let shown = chart.annotations.iter().rev().take(NOTES_AT_MOST).collect::<Vec<_>>();
    let mut y = BOTTOM + 46.0;
    for note in shown.into_iter().rev() {
        let words = format!("{}  {}  {}", note.number, note.day.format("%-d %b %Y"), note.text);
        label(out, (LEFT, y), "small", "start", &text::clip(&words, 130));
        y += LINE_HEIGHT;
    }
    let baseline = chart.phase().map_or(0, |phase| phase.baseline);
    let limits = if chart.chart.has_limits() { "Lines and limits" } else { "Centre line" };
    let words = format!("{limits} from {baseline} points. {}. Made with huddleboard.", chart.rules.label());
    label(out, (LEFT, HEIGHT - 12.0), "small", "start", &words);
    key(chart, out);
}

/// What the marks mean, for those marks that are there.
fn key(chart: &Chart, out: &mut String) {
    let mut x = RIGHT + 100.0;
    for verdict in [Verdict::Concern, Verdict::Improvement, Verdict::Neutral] {
        if !chart.points.iter().any(|point| point.verdict == verdict && point.ghost.is_none()) {
            continue;
        }
        let words = word(verdict);
        label(out, (x, HEIGHT - 12.0), "small", "end", words);
        #[allow(clippy::cast_precision_loss, reason = "a word")]
        let wide = text::width(words) as f64 * LETTER * 1.25;
        mark(out, x - wide - 8.0, HEIGHT - 16.0, verdict, true, "");
        x -= wide + 32.0;
    }
}

/// The area of the points, and where each value and point has its place in it.
struct Plot<'c> {
    chart: &'c Chart,
    low: f64,
    high: f64,
    step: f64,
    apart: f64,
}

impl<'c> Plot<'c> {
    fn of(chart: &'c Chart) -> Self {
        let extent = Extent::of(chart);
        let step = nice((extent.high - extent.low) / 6.0).max(chart.scale.least_step());
        let low = (extent.low / step).floor() * step;
        let high = ((extent.high / step - 1e-9).ceil() * step).max(low + step);
        #[allow(clippy::cast_precision_loss, reason = "no chart has 2^52 points")]
        let apart = (RIGHT - LEFT) / (chart.points.len().max(2) as f64);
        Self { chart, low, high, step, apart }
    }

    #[allow(clippy::cast_precision_loss, reason = "no chart has 2^52 points")]
    fn x(&self, index: usize) -> f64 {
        LEFT + self.apart * (index as f64 + 0.5)
    }

    fn y(&self, plotted: f64) -> f64 {
        let shown = (plotted * self.chart.scale.factor).clamp(-MOST, MOST);
        let part = (shown - self.low) / (self.high - self.low);
        BOTTOM - part.clamp(-0.02, 1.02) * (BOTTOM - TOP)
    }

    /// Whether a value lies on the picture.
    fn has_room_for(&self, plotted: f64) -> bool {
        let shown = plotted * self.chart.scale.factor;
        (self.low..=self.high).contains(&shown)
    }

    /// Where a point stands: never on another side of its lines than the one that was computed.
    fn place(&self, index: usize, point: &ChartPoint) -> (f64, f64) {
        let mut y = self.y(point.value);
        if point.value > point.upper {
            y = y.min(self.y(point.upper) - 1.5);
        } else if point.value < point.lower {
            y = y.max(self.y(point.lower) + 1.5);
        }
        let centre = self.y(point.centre);
        let y = match point.side {
            Some(Side::Above) => y.min(centre - 1.5),
            Some(Side::Below) => y.max(centre + 1.5),
            Some(Side::On) => centre,
            None => y,
        };
        (self.x(index), y)
    }

    fn grid(&self, out: &mut String) {
        let scale = &self.chart.scale;
        let mut shown = self.low;
        while shown <= self.high + self.step * 0.5 && shown <= scale.most() + self.step * 1e-6 {
            let y = self.y(shown / scale.factor);
            rule(out, (LEFT, y), (RIGHT, y), "grid");
            let words = scale.tick(shown / scale.factor, self.step / scale.factor);
            label(out, (LEFT - 8.0, y + 4.5), "axis", "end", &words);
            shown += self.step;
        }
        rule(out, (LEFT, BOTTOM), (RIGHT, BOTTOM), "frame");
    }

    fn dates(&self, out: &mut String) {
        let mut free = 0.0;
        for (index, day) in self.chart.dates(0, self.chart.points.len(), self.apart / LETTER) {
            #[allow(clippy::cast_precision_loss, reason = "a date")]
            let half = text::width(&day) as f64 * LETTER / 2.0;
            let x = self.x(index);
            if x - half < free {
                continue;
            }
            free = x + half + LETTER;
            rule(out, (x, BOTTOM), (x, BOTTOM + 5.0), "frame");
            label(out, (x, BOTTOM + 20.0), "axis", "middle", &day);
        }
    }

    fn phases(&self, out: &mut String) {
        for phase in self.chart.phases.iter().skip(1) {
            let x = self.x(phase.from) - self.apart / 2.0;
            rule(out, (x, TOP), (x, BOTTOM), "phase");
            label(out, (x + 4.0, TOP + 10.0), "small", "start", &text::clip(&phase.reason, 34));
        }
    }

    /// Centre line, limits and target, each with its value beside the plot.
    fn lines(&self, out: &mut String) {
        for phase in &self.chart.phases {
            let points = self.chart.points.get(phase.from..=phase.to).unwrap_or_default();
            self.stepped(out, phase.from, points, "centre", |point| point.centre);
            self.stepped(out, phase.from, points, "limit", |point| point.upper);
            self.stepped(out, phase.from, points, "limit", |point| point.lower);
        }
        let mut labels: Vec<(f64, String, &str)> = Vec::new();
        if let Some(last) = self.chart.points.last() {
            let scale = &self.chart.scale;
            let mut put = |plotted: f64, name: &str| {
                if plotted.is_finite() {
                    // A limit beyond the picture, such as 114 %, is said and not drawn where it is not.
                    let beyond = match self.y(plotted) {
                        _ if self.has_room_for(plotted) => "",
                        y if y < (TOP + BOTTOM) / 2.0 => "↑ ",
                        _ => "↓ ",
                    };
                    let words = format!("{beyond}{name} {}", scale.with_unit(scale.line(plotted)));
                    labels.push((self.y(plotted), words, "axis"));
                }
            };
            put(last.upper, "upper");
            put(last.centre, self.chart.centre_name());
            put(last.lower, "lower");
        }
        if let (Some(target), Some(words)) = (self.chart.target, self.chart.target_label()) {
            let y = self.y(target);
            if self.has_room_for(target) {
                rule(out, (LEFT, y), (RIGHT, y), "target");
            }
            labels.push((y, format!("target {words}"), "axis targetlabel"));
        }
        labels.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut least = TOP;
        for (y, words, class) in labels {
            let y = y.max(least);
            least = y + LINE_HEIGHT;
            label(out, (RIGHT + 8.0, y + 4.0), class, "start", &words);
        }
    }

    /// A line that steps from point to point, where it has a value.
    fn stepped(
        &self,
        out: &mut String,
        from: usize,
        points: &[ChartPoint],
        class: &str,
        line: impl Fn(&ChartPoint) -> f64,
    ) {
        let mut path = String::new();
        let mut before: Option<f64> = None;
        let half = self.apart / 2.0;
        for (index, point) in (from..).zip(points) {
            let plotted = line(point);
            if !self.has_room_for(plotted) {
                before = None;
                continue;
            }
            let (x, y) = (self.x(index), self.y(plotted));
            let starts = match before {
                Some(before) if (before - y).abs() < 0.005 => false,
                Some(_) => {
                    let _ = write!(path, "H{:.2}V{y:.2}", x - half);
                    false
                }
                None => true,
            };
            if starts {
                let _ = write!(path, "M{:.2} {y:.2}", x - half);
            }
            before = Some(y);
            let ends = points.get(index - from + 1).is_none_or(|next| !self.has_room_for(line(next)));
            if ends {
                let _ = write!(path, "H{:.2}", x + half);
            }
        }
        if !path.is_empty() {
            let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }

    /// The line that joins the points, and the points.
    fn data(&self, out: &mut String) {
        let points = &self.chart.points;
        let crowded = points.len() > CROWDED;
        let mut path = String::new();
        let mut drawing = false;
        let starts: Vec<usize> = self.chart.phases.iter().map(|phase| phase.from).collect();
        let mut column = Column::default();
        for (index, point) in points.iter().enumerate() {
            if !point.speaks() || starts.contains(&index) {
                column.flush(&mut path);
                drawing = false;
            }
            if !point.speaks() {
                continue;
            }
            let (x, y) = self.place(index, point);
            if crowded && drawing && column.holds(x) {
                column.see(y);
                continue;
            }
            column.flush(&mut path);
            let _ = write!(path, "{}{x:.2} {y:.2}", if drawing { "L" } else { "M" });
            column = Column::at(x, y);
            drawing = true;
        }
        column.flush(&mut path);
        let _ = writeln!(out, "<path class=\"data\" d=\"{path}\"/>");
        let mut taken: HashSet<(i64, i64)> = HashSet::new();
        for (index, point) in points.iter().enumerate().filter(|(_, point)| point.is_there()) {
            let (x, y) = self.place(index, point);
            let plain = point.verdict == Verdict::Common || point.ghost.is_some();
            // A mark that would hide under another one says nothing.
            #[allow(clippy::cast_possible_truncation, reason = "places on a picture")]
            let hidden = crowded && !taken.insert(((x / HIDING) as i64, (y / HIDING) as i64));
            if (crowded && plain) || hidden {
                continue;
            }
            let title = if crowded { String::new() } else { self.chart.read_out(index) };
            if point.ghost.is_some() {
                let _ = writeln!(
                    out,
                    "<circle class=\"ghost\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"4\"><title>{}</title></circle>",
                    escaped(&title)
                );
            } else {
                mark(out, x, y, point.verdict, point.rising.unwrap_or(true), &title);
            }
        }
    }

    /// The numbers of notes, over the points that they are about.
    fn notes(&self, out: &mut String) {
        let mut free = 0.0;
        for note in &self.chart.annotations {
            let Some(index) = note.index else { continue };
            let x = self.x(index).max(free);
            if x > RIGHT {
                continue;
            }
            free = x + 19.0;
            rule(out, (self.x(index), TOP - 4.0), (self.x(index), BOTTOM), "phase");
            let _ = writeln!(
                out,
                "<g><circle class=\"note\" cx=\"{x:.2}\" cy=\"{:.2}\" r=\"9\"/><title>{}</title></g>",
                TOP - 6.0,
                escaped(&note.text)
            );
            label(out, (x, TOP - 2.0), "small", "middle", &note.number.to_string());
        }
    }
}

/// The points that fall on one column of a crowded picture: their lowest and highest are drawn.
#[derive(Default)]
struct Column {
    x: f64,
    last: f64,
    low: f64,
    high: f64,
    more: bool,
}

impl Column {
    fn at(x: f64, y: f64) -> Self {
        Self { x, last: y, low: y, high: y, more: false }
    }

    fn holds(&self, x: f64) -> bool {
        x - self.x < 0.8
    }

    fn see(&mut self, y: f64) {
        (self.low, self.high, self.last, self.more) = (self.low.min(y), self.high.max(y), y, true);
    }

    fn flush(&mut self, path: &mut String) {
        if std::mem::take(&mut self.more) {
            let _ = write!(path, "V{:.2}V{:.2}V{:.2}", self.low, self.high, self.last);
        }
    }
}

/// A point's mark: a disc for common cause, a triangle that points the way for a concern, a diamond for an
/// improvement, a square for what is neither.
fn mark(out: &mut String, x: f64, y: f64, verdict: Verdict, rising: bool, title: &str) {
    let (class, shape) = match verdict {
        Verdict::Common => ("common", None),
        Verdict::Concern if rising => ("concern", Some("M0 -6.5L6 4.5H-6Z")),
        Verdict::Concern => ("concern", Some("M0 6.5L6 -4.5H-6Z")),
        Verdict::Improvement => ("improvement", Some("M0 -6.5L6.5 0L0 6.5L-6.5 0Z")),
        Verdict::Neutral => ("neutral", Some("M-5 -5H5V5H-5Z")),
    };
    let title = if title.is_empty() { String::new() } else { format!("<title>{}</title>", escaped(title)) };
    let _ = match shape {
        None => writeln!(out, "<circle class=\"{class}\" cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"3.6\">{title}</circle>"),
        Some(shape) => {
            writeln!(out, "<path class=\"{class}\" transform=\"translate({x:.2} {y:.2})\" d=\"{shape}\">{title}</path>")
        }
    };
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
