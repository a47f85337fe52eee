//! The plot: its axes, lines, points, and the numbers of its notes.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::{BOTTOM, LEFT, LETTER, LINE_HEIGHT, RIGHT, TOP, class_of, escaped, label, mark, rule, strip};
use crate::base::text;
use crate::chart::extent::{Extent, MOST, nice};
use crate::chart::{Chart, ChartPoint, Numbered, rule_letter};
use crate::spc::{Side, Verdict};

/// From so many points on, only the outline of the line and the marked points are drawn.
const CROWDED: usize = 600;
/// Where there is a crowd, marks nearer to each other than this are drawn once.
const HIDING: f64 = 8.0;
/// What lies nearer together across falls on one column of the picture.
const COLUMN: f64 = 0.8;
/// So many letters have room beside the plot.
const BESIDE: usize = 15;
/// How far apart the numbers of notes stand.
const NOTE_WIDTH: f64 = 19.0;

/// The area of the points, and where each value and point has its place in it.
pub(super) struct Plot<'c> {
    chart: &'c Chart,
    low: f64,
    high: f64,
    step: f64,
    apart: f64,
}

impl<'c> Plot<'c> {
    pub(super) fn of(chart: &'c Chart) -> Self {
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

    pub(super) fn y(&self, plotted: f64) -> f64 {
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
    pub(super) fn place(&self, index: usize, point: &ChartPoint) -> (f64, f64) {
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

    pub(super) fn grid(&self, out: &mut String) {
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

    pub(super) fn dates(&self, out: &mut String) {
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
            label(out, (x, BOTTOM + 20.0 + strip(self.chart)), "axis", "middle", &day);
        }
    }

    pub(super) fn phases(&self, out: &mut String) {
        for phase in self.chart.phases.iter().skip(1) {
            let x = self.x(phase.from) - self.apart / 2.0;
            rule(out, (x, TOP), (x, BOTTOM), "phase");
            let words = text::clip(&phase.reason, 40);
            #[allow(clippy::cast_precision_loss, reason = "a few words")]
            let fits = x + text::width(&words) as f64 * LETTER < RIGHT;
            let (beside, anchor) = if fits { (4.0, "start") } else { (-4.0, "end") };
            label(out, (x + beside, TOP + 12.0), "small", anchor, &words);
        }
        // The last one's stands beside the plot.
        for phase in self.chart.phases.iter().rev().skip(1).filter(|phase| self.has_room_for(phase.centre)) {
            let x = self.x(phase.to) + self.apart / 2.0;
            let words = self.chart.scale.with_unit(self.chart.scale.line(phase.centre));
            label(out, (x - 4.0, self.y(phase.centre) - 5.0), "level", "end", &words);
        }
    }

    /// Centre line, limits and target, each with its value beside the plot.
    pub(super) fn lines(&self, out: &mut String) {
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
                    let number = scale.line(plotted);
                    let words = format!("{beyond}{name} {}", scale.with_unit(number.clone()));
                    // The unit stands under the title too.
                    let short = text::width(&words) > BESIDE;
                    let words = if short { format!("{beyond}{name} {number}") } else { words };
                    labels.push((self.y(plotted), words, "axis"));
                }
            };
            put(last.upper, "upper");
            put(last.centre, self.chart.centre_name());
            put(last.lower, "lower");
        }
        self.targets(out);
        if let (Some(target), Some(words)) = (self.chart.target, self.chart.target_label()) {
            let words = text::clip(&format!("target {words}"), BESIDE + 1);
            labels.push((self.y(target), words, "axis targetlabel"));
        }
        labels.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut least = TOP;
        for (y, words, class) in labels {
            let y = y.max(least);
            least = y + LINE_HEIGHT;
            label(out, (RIGHT + 8.0, y + 4.0), class, "start", &words);
        }
    }

    /// The targets, each where it held; one that holds no longer with its value.
    fn targets(&self, out: &mut String) {
        let half = self.apart / 2.0;
        let steps = self.chart.target_steps();
        for step in steps.iter().filter(|step| self.has_room_for(step.target)) {
            let (y, start, end) = (self.y(step.target), self.x(step.from) - half, self.x(step.to) + half);
            rule(out, (start, y), (end, y), "target");
            if step.to + 1 < self.chart.points.len() {
                let words = format!("target {}", self.chart.scale.written(step.target));
                label(out, (start + 4.0, y - 5.0), "small targetlabel", "start", &words);
            }
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
        // Steps that nobody can see apart are drawn as one.
        let mut stepped = f64::NEG_INFINITY;
        let last = from + points.len().saturating_sub(1);
        for (index, point) in (from..).zip(points) {
            if before.is_some() && index < last && self.x(index) - stepped < COLUMN {
                continue;
            }
            stepped = self.x(index);
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
    pub(super) fn data(&self, out: &mut String) {
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

    /// Which rule marks which points: its letter where they begin, and a line as far as they go, between plot
    /// and days.
    pub(super) fn rules(&self, out: &mut String) {
        if self.chart.points.len() > CROWDED {
            return;
        }
        let mut stretches: Vec<(&str, Verdict, usize, usize)> = Vec::new();
        for (index, point) in self.chart.points.iter().enumerate().filter(|(_, point)| point.is_there()) {
            let Some(letter) = rule_letter(point.signals) else { continue };
            match stretches.last_mut() {
                Some((before, verdict, _, to))
                    if *before == letter
                        && *verdict == point.verdict
                        && self.chart.points[*to + 1..index].is_empty() =>
                {
                    *to = index;
                }
                _ => stretches.push((letter, point.verdict, index, index)),
            }
        }
        for (letter, verdict, from, to) in stretches {
            let (x, y) = (self.x(from), BOTTOM + 16.0);
            label(out, (x, y), "rule", "middle", letter);
            if to > from {
                let (class, from) = (class_of(verdict), (x + 6.0, y - 4.0));
                let _ = writeln!(
                    out,
                    "<line class=\"{class} stretch\" x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\"/>",
                    from.0,
                    from.1,
                    self.x(to),
                    from.1
                );
            }
        }
    }

    /// The numbers of notes, over the points that they are about.
    pub(super) fn notes(&self, out: &mut String) {
        let notes: Vec<(usize, &Numbered)> =
            self.chart.annotations.iter().filter_map(|note| Some((note.index?, note))).collect();
        let mut places: Vec<f64> = notes.iter().map(|(index, _)| self.x(*index)).collect();
        // None on another: pushed to the right, and from the end back to the left.
        for at in 1..places.len() {
            places[at] = places[at].max(places[at - 1] + NOTE_WIDTH);
        }
        let mut most = RIGHT + NOTE_WIDTH;
        for place in places.iter_mut().rev() {
            *place = place.min(most);
            most = *place - NOTE_WIDTH;
        }
        for ((index, note), x) in notes.into_iter().zip(places).filter(|(_, x)| *x > LEFT) {
            let at = self.x(index);
            rule(out, (at, TOP + 4.0), (at, BOTTOM), "phase");
            rule(out, (x, TOP - 4.0), (at, TOP + 4.0), "phase");
            let _ = writeln!(
                out,
                "<g><circle class=\"note\" cx=\"{x:.2}\" cy=\"{:.2}\" r=\"9\"/><title>{}</title></g>",
                TOP - 8.0,
                escaped(&note.text)
            );
            label(out, (x, TOP - 4.0), "small", "middle", &note.number.to_string());
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
        x - self.x < COLUMN
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
