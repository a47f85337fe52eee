//! How the views look that stand beside the chart of one measure or in its place.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::view::{Finding, Strip};
use super::views::View;
use crate::app::beside::{Found, Spread, Teams};
use crate::app::look::{Look, Role};
use crate::app::model::{Model, OpenChart};
use crate::base::text;
use crate::chart::{Chart, Pareto, ParetoBar, Scale};
use crate::tui::widgets::bars::{self, Row};
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::ink;

/// From this width on the spread stands beside its chart, and not in its place.
const BESIDE: u16 = 72;

/// What is said under a view, the most important first; nothing under the plain chart, which says its own.
pub(super) fn findings(
    view: View,
    found: &Found,
    open: &OpenChart,
    seen: &ChartView,
    look: &Look,
    width: u16,
) -> Option<Vec<Finding>> {
    let mut strip = Strip::new(width);
    match (view, found) {
        (View::Compare, Found::Second(second)) => {
            let charts = [&open.chart, &second.chart];
            for (chart, words) in charts.iter().filter_map(|chart| Some((chart, read_out(chart, &open.chart, seen)?))) {
                strip.say("This point", Role::Accent, &format!("{}, {words}", chart.name), Role::Text);
            }
            for chart in charts {
                let words = format!("{}: {}", chart.name, chart.words.verdict);
                strip.say(&chart.badge(look.ascii), verdict_role(chart.verdict()), &words, Role::Title);
            }
            let aside = "Two lines that move together need not be cause and effect: test it with a cycle.";
            strip.say("Mind", Role::Dim, aside, Role::Dim);
        }
        (View::Strata, Found::Strata(parts)) if parts.is_empty() => {
            let words = "This measure has no strata. “huddleboard import FILE” takes values with a column “stratum” (a shift, a bay). Esc goes back.";
            strip.say("No strata", Role::Due, words, Role::Text);
        }
        (View::Strata, Found::Strata(parts)) => {
            for (at, (name, chart)) in parts.iter().enumerate() {
                let latest = chart.last.and_then(|last| chart.points.get(last));
                let value = latest.map_or_else(|| "–".to_owned(), |point| chart.scale.written(point.value));
                let dot = if look.ascii { "-" } else { "·" };
                let words = format!("{name} {dot} {value} {dot} {}", chart.words.short);
                strip.say(&format!(" {}", chart::stratum_letter(at)), chart::stratum_role(at), &words, Role::Text);
            }
            let line = open.chart.centre_name();
            strip.say("Line", Role::Dim, &format!("The {line} of the whole measure."), Role::Dim);
        }
        (View::Funnel, Found::Teams(teams)) => funnel(teams, &mut strip),
        (View::Spread, Found::Spread(spread)) => {
            strip.say("Spread", Role::Title, &spread.histogram.words, Role::Title);
            if spread.later_only {
                let words = "Only the points since the chart was re-based: the process as it runs now.";
                strip.say("Counted", Role::Dim, words, Role::Dim);
            }
            let words = "A spread hides the order of time. Read the run chart before it.";
            strip.say("Mind", Role::Dim, words, Role::Dim);
        }
        (View::Reasons, Found::Reasons(pareto, since)) => {
            strip.say("Reasons", Role::Title, &pareto.words, Role::Title);
            let words = format!("All processes of the ward, since {}.", since.format("%-d %b %Y"));
            strip.say("Counted", Role::Dim, &words, Role::Dim);
        }
        _ => return None,
    }
    Some(strip.lines())
}

/// The second measure's point of the cursor's day, or the first measure's own.
fn read_out(chart: &Chart, first: &Chart, seen: &ChartView) -> Option<String> {
    let day = first.points.get(seen.cursor?)?.start.date();
    let after = chart.points.partition_point(|point| point.start.date() <= day);
    Some(chart.read_out(after.checked_sub(1)?))
}

fn funnel(teams: &Teams, strip: &mut Strip) {
    match &teams.funnel {
        None => {
            let words = "A funnel needs a measure with a denominator: so many of so many, or so many per bed day.";
            strip.say("No funnel", Role::Due, words, Role::Text);
            // What other teams send would not help.
            strip.say("Next", Role::Accent, "Go to another measure with the arrow keys, or back with Esc.", Role::Text);
            return;
        }
        // One team alone is no funnel.
        Some(_) if teams.count < 2 => {}
        Some(funnel) => {
            for (at, words) in funnel.words.iter().enumerate() {
                let (label, role) = if at == 0 { ("Teams", Role::Title) } else { ("", Role::Text) };
                strip.say(label, role, words, role);
            }
            let words = format!("Each team's last twelve months, since {}.", teams.since.format("%-d %b %Y"));
            strip.say("Counted", Role::Dim, &words, Role::Dim);
        }
    }
    if teams.count < 2 {
        let words = "Only this team of the file has the measure. S takes in other wards; Esc goes back.";
        strip.say("Next", Role::Accent, words, Role::Text);
    }
}

/// Draws a view in the room of the chart.
pub(super) fn draw(
    view: View,
    found: &Found,
    (open, seen): (&OpenChart, &ChartView),
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) {
    match (view, found) {
        (View::Compare, Found::Second(second)) => {
            chart::draw_pair([&open.chart, &second.chart], seen, area, buf, look);
        }
        // Nothing to show: the chart stays, and what to do is said under it.
        (View::Strata, Found::Strata(parts)) if parts.is_empty() => chart::draw(&open.chart, seen, area, buf, look),
        (View::Strata, Found::Strata(parts)) => chart::draw_strata(&open.chart, parts, seen, area, buf, look),
        (View::Funnel, Found::Teams(Teams { funnel: Some(funnel), count: 2.., .. })) => {
            chart::draw_funnel(funnel, &model.team.name, area, buf, look);
        }
        (View::Funnel, _) => chart::draw(&open.chart, seen, area, buf, look),
        (View::Spread, Found::Spread(spread)) => {
            let histogram = if area.width >= BESIDE {
                let left = Rect { width: area.width * 3 / 5, ..area };
                chart::draw(&open.chart, &narrowed(&open.chart, seen, left, look), left, buf, look);
                ink::shift_right(area, left.width + 2)
            } else {
                area
            };
            draw_spread(spread, &open.chart.scale, histogram, look, buf);
        }
        (View::Reasons, Found::Reasons(pareto, _)) => draw_reasons(pareto, area, look, buf),
        _ => {}
    }
}

/// The end of what is seen, as much as has room in a narrower area; with a cursor it stays as it is.
fn narrowed(chart: &Chart, seen: &ChartView, area: Rect, look: &Look) -> ChartView {
    let (first, count) = seen.window(chart.points.len());
    let room = chart::roomy(chart, area, look);
    if seen.cursor.is_some() || count <= room {
        return *seen;
    }
    ChartView { first: first + count - room, visible: Some(room), ..*seen }
}

/// The columns of a histogram as rows, the highest values at the top as on the chart; of more columns than
/// rows neighbours are counted together.
fn draw_spread(spread: &Spread, scale: &Scale, area: Rect, look: &Look, buf: &mut Buffer) {
    let bins = &spread.histogram.bins;
    let together = bins.len().div_ceil(usize::from(area.height).max(1)).max(1);
    let median = spread.histogram.median * scale.factor;
    let edge = |shown: f64| scale.tick(shown / scale.factor, spread.histogram.step / scale.factor);
    let rows: Vec<Row> = bins
        .chunks(together)
        .filter_map(|bins| {
            let (first, last) = (bins.first()?, bins.last()?);
            let count: usize = bins.iter().map(|bin| bin.count).sum();
            let holds = first.from <= median && median < last.to;
            let after = match (holds, look.ascii) {
                (true, false) => format!("{count} ‹ median"),
                (true, true) => format!("{count} < median"),
                (false, _) => count.to_string(),
            };
            // Whole counts have a column each: "3", not "3 to 4".
            let whole = (last.to - first.from - 1.0).abs() < 1e-9 && scale.least_step() >= 1.0;
            let name = if whole { edge(first.from) } else { format!("{} to {}", edge(first.from), edge(last.to)) };
            #[allow(clippy::cast_precision_loss, reason = "a number of points")]
            let count = count as f64;
            Some(Row { name, count, after, role: if holds { Role::Line } else { Role::Bar } })
        })
        .rev()
        .collect();
    bars::draw(&rows, true, area, buf, look);
}

fn draw_reasons(pareto: &Pareto, area: Rect, look: &Look, buf: &mut Buffer) {
    if pareto.bars.is_empty() {
        let lines = ["No reasons yet.", "", "2 shows the process board; r says why less was done", "than required."];
        let inside = ink::centred(area, 52, 4);
        for (y, words) in (inside.y..inside.bottom()).zip(lines) {
            ink::put(buf, inside.x, y, inside.width, words, look.style(Role::Dim));
        }
        return;
    }
    let row = |(at, bar): (usize, &ParetoBar)| Row {
        name: bar.name.clone(),
        count: bar.count,
        after: format!("{}  {:.0} %", text::number(bar.count, 0), bar.cumulative * 100.0),
        // The few that make most of it stand out, where there are few.
        role: if at < pareto.vital && 2 * pareto.vital <= pareto.bars.len() { Role::Accent } else { Role::Bar },
    };
    let rows: Vec<Row> = pareto.bars.iter().enumerate().map(row).collect();
    let list = ink::below(area, 2);
    let bold = look.style(Role::Title).add_modifier(Modifier::BOLD);
    let at = ink::put(buf, area.x + 1, area.y, area.width.saturating_sub(1), "Why less was done than required", bold);
    let words = "how often, and the share of all down to here";
    ink::put(buf, at + 2, area.y, area.right().saturating_sub(at + 2), words, look.style(Role::Dim));
    let drawn = bars::draw(&rows, true, list, buf, look);
    if drawn < rows.len() {
        let words = format!("and {} more", rows.len() - drawn);
        ink::put_right(buf, area.right(), list.bottom().saturating_sub(1), 16, &words, look.style(Role::Dim));
    }
}
