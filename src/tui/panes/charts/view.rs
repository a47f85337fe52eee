//! How the charts look: the list, the chart, and the strip of findings in words.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::views::View;
use super::{beside, grid};
use crate::app::beside::Found;
use crate::app::look::{Look, Role};
use crate::app::model::{Model, OpenChart};
use crate::base::text;
use crate::chart::{Chart, Numbered, SignalRun, glyph, rule_letter};
use crate::domain::MeasureId;
use crate::domain::measure::Measure;
use crate::spc::Verdict;
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::{ink, poster};

/// Width of the list of measures.
const LIST: u16 = 30;
/// From this width on there is room for the list beside the chart.
const WIDE: u16 = 100;

/// What the pane shows.
pub(super) struct Shown<'a> {
    /// The measures of the list.
    pub(super) listed: &'a [&'a Measure],
    /// The selected one.
    pub(super) selected: Option<MeasureId>,
    /// Its chart, as soon as it was read.
    pub(super) open: Option<&'a OpenChart>,
    /// What is seen of it.
    pub(super) seen: &'a ChartView,
    /// The view.
    pub(super) view: View,
    /// What was read for it.
    pub(super) found: Option<&'a Found>,
}

/// The area of a chart on a screen whose panes have this area.
pub(super) fn plot_area(body: Rect) -> Rect {
    let right = if body.width >= WIDE { ink::shift_right(body, LIST + 1) } else { body };
    Rect { width: right.width.saturating_sub(1), ..right }
}

/// Draws the pane.
pub(super) fn charts(shown: &Shown<'_>, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    if shown.listed.is_empty() {
        empty(look, area, buf);
        return;
    }
    if shown.view.is_many() {
        grid::draw(shown, model, look, area, buf);
        return;
    }
    if shown.view == View::Large {
        if let Some(open) = shown.open {
            poster::draw(&open.chart, area, buf, look);
        }
        return;
    }
    let mut right = area;
    if area.width >= WIDE {
        list(shown, model, look, Rect { width: LIST, ..area }, buf);
        right = ink::shift_right(area, LIST + 1);
    }
    let measure = shown.selected.and_then(|id| model.measure(id));
    let (Some(measure), Some(open)) = (measure, shown.open) else { return };
    let titled = !matches!(shown.view, View::Compare | View::Reasons);
    if titled {
        title(measure, open, shown, area.width >= WIDE, look, right, buf);
    }
    let beside = shown.found.filter(|_| shown.view != View::One);
    // The words get what they need, up to two fifths of the room; the chart has the rest.
    let most = if shown.view == View::Compare { right.height / 5 } else { right.height * 2 / 5 };
    let said = beside.and_then(|found| beside::findings(shown.view, found, open, shown.seen, look, right.width));
    let findings = said.unwrap_or_else(|| findings(measure, open, shown.seen, look, (right.width, most)));
    let strip = u16::try_from(findings.len()).unwrap_or(u16::MAX).min(most);
    let inside = ink::below(right, u16::from(titled));
    let plot =
        Rect { height: inside.height.saturating_sub(strip + 1), width: inside.width.saturating_sub(1), ..inside };
    match beside {
        Some(found) => beside::draw(shown.view, found, (open, shown.seen), model, look, plot, buf),
        None => chart::draw(&open.chart, shown.seen, plot, buf, look),
    }
    // Between the chart and its words.
    if let Some(words) = window(&open.chart, shown.seen).filter(|_| shows_window(shown.view) && plot.height > 0) {
        let (x, wide) = (right.right().saturating_sub(1), right.width.saturating_sub(2));
        ink::put_right(buf, x, plot.bottom(), wide, &words, look.style(Role::Dim));
    }
    let words = Rect { y: plot.bottom() + 1, height: strip, ..inside };
    for (y, finding) in (words.y..words.bottom()).zip(&findings) {
        finding.draw(look, Rect { y, height: 1, ..words }, buf);
    }
    if findings.len() > usize::from(strip) && strip > 0 {
        ink::put_right(buf, words.right(), words.bottom() - 1, 2, " …", look.style(Role::Accent));
    }
}

fn empty(look: &Look, area: Rect, buf: &mut Buffer) {
    let lines = [
        ("No measures to chart.", Role::Title),
        ("", Role::Text),
        ("n  makes one      /  and Enter shows all", Role::Accent),
    ];
    let inside = ink::centred(area, 44, 3);
    for (y, (words, role)) in (inside.y..inside.bottom()).zip(lines) {
        ink::put(buf, inside.x, y, inside.width, words, look.style(role));
    }
}

/// The measures with their glyph and latest value; a blank row between them where there is room.
fn list(shown: &Shown<'_>, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
    ink::ground(buf, area, look.style(Role::Panel));
    let spaced = shown.listed.len() * 2 <= usize::from(area.height);
    let step = if spaced { 2 } else { 1 };
    let visible = usize::from(area.height / step).max(1);
    let at = shown.listed.iter().position(|measure| Some(measure.id) == shown.selected).unwrap_or(0);
    let top = at / visible * visible;
    for (place, measure) in shown.listed.iter().enumerate().skip(top).take(visible) {
        let y = area.y + u16::try_from(place - top).unwrap_or(0) * step;
        let row = Rect { y, height: 1, ..area };
        let tile = model.tiles.get(&measure.id);
        let verdict = tile.map_or(Verdict::Common, |tile| tile.verdict);
        let selected = place == at;
        let ground = if selected { look.style(Role::Selected) } else { look.style(Role::Panel) };
        ink::ground(buf, row, ground);
        let value = model.shown_value(measure);
        let room = u16::try_from(text::width(&value)).unwrap_or(0);
        let name_width = area.width.saturating_sub(5 + room);
        let sign = match tile {
            Some(tile) if !tile.early => glyph(verdict, look.ascii),
            _ => {
                if look.ascii {
                    "."
                } else {
                    "·"
                }
            }
        };
        ink::put(buf, row.x + 1, y, 1, sign, ground.patch(look.style(verdict_role(verdict))));
        let name = ground.patch(look.style(if selected { Role::Title } else { Role::Text }));
        let name = if selected { name.add_modifier(Modifier::BOLD) } else { name };
        ink::put(buf, row.x + 3, y, name_width, &measure.name, name);
        ink::put_right(buf, row.right().saturating_sub(1), y, room, &value, ground.patch(look.style(Role::Dim)));
    }
}

fn title(
    measure: &Measure,
    open: &OpenChart,
    shown: &Shown<'_>,
    beside_list: bool,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) {
    let dot = if look.ascii { " - " } else { " · " };
    let better = match open.chart.better {
        crate::spc::Better::Up => "up is good",
        crate::spc::Better::Down => "down is good",
        crate::spc::Better::Neither => "neither way is better",
    };
    let unit = open.chart.unit.as_str();
    let mut parts: Vec<String> = Vec::new();
    if open.chart.is_between() {
        parts.push("days between events".to_owned());
    } else {
        if !unit.is_empty() {
            parts.push(unit.to_owned());
        }
        parts.push(measure.frequency.code().split('-').next().unwrap_or("").to_owned());
    }
    parts.push(better.to_owned());
    parts.push(open.chart.chart.label().to_owned());
    parts.push(open.chart.rules.label().to_owned());
    let at = ink::put(
        buf,
        area.x + 1,
        area.y,
        area.width,
        &measure.name,
        look.style(Role::Title).add_modifier(Modifier::BOLD),
    );
    let mut room = area.right().saturating_sub(at + 3);
    if !beside_list && shown.listed.len() > 1 {
        let place = shown.listed.iter().position(|listed| listed.id == measure.id).unwrap_or(0) + 1;
        let words = format!("{place} of {}", shown.listed.len());
        room = room.saturating_sub(u16::try_from(words.len() + 2).unwrap_or(room));
        ink::put_right(buf, area.right().saturating_sub(1), area.y, 10, &words, look.style(Role::Dim));
    }
    // What has no room goes whole, from the end: the words below say it too.
    while parts.len() > 1 && text::width(&parts.join(dot)) > usize::from(room) {
        parts.pop();
    }
    ink::put(buf, at + 2, area.y, room, &text::clip(&parts.join(dot), usize::from(room)), look.style(Role::Dim));
}

/// Whether a view shows a part of the points, as the window has it.
fn shows_window(view: View) -> bool {
    matches!(view, View::One | View::Compare | View::Strata)
}

/// That not all points are in view, and how to see them.
fn window(chart: &Chart, seen: &ChartView) -> Option<String> {
    let len = chart.points.len();
    let (_, count) = seen.window(len);
    (count < len).then(|| format!("{count} of {len} {}: 0 shows all", chart.frequency.noun(len)))
}

/// One line of the findings: what it is about, and what is said.
pub(super) struct Finding {
    label: String,
    label_role: Role,
    words: String,
    words_role: Role,
}

impl Finding {
    fn draw(&self, look: &Look, area: Rect, buf: &mut Buffer) {
        let label = look.style(self.label_role);
        let label = if self.label_role == Role::Dim { label } else { label.add_modifier(Modifier::BOLD) };
        ink::put(buf, area.x + 1, area.y, LABEL - 1, &self.label, label);
        ink::put(
            buf,
            area.x + 1 + LABEL,
            area.y,
            area.width.saturating_sub(LABEL + 2),
            &self.words,
            look.style(self.words_role),
        );
    }
}

/// Width of the labels before the findings.
const LABEL: u16 = 14;

/// The lines of the findings as they are said.
pub(super) struct Strip {
    lines: Vec<Finding>,
    room: usize,
}

impl Strip {
    /// Nothing said yet, for an area of this width.
    pub(super) fn new(width: u16) -> Self {
        Self { lines: Vec::new(), room: usize::from(width.saturating_sub(LABEL + 2)).max(10) }
    }

    /// Says something, wrapped to the width.
    pub(super) fn say(&mut self, label: &str, label_role: Role, words: &str, words_role: Role) {
        for (index, line) in text::wrap(words, self.room).into_iter().enumerate() {
            let label = if index == 0 { label.to_owned() } else { String::new() };
            self.lines.push(Finding { label, label_role, words: line, words_role });
        }
    }

    /// What was said.
    pub(super) fn lines(self) -> Vec<Finding> {
        self.lines
    }
}

/// The findings, most important first, each wrapped to the width.
fn findings(
    measure: &Measure,
    open: &OpenChart,
    seen: &ChartView,
    look: &Look,
    (width, most): (u16, u16),
) -> Vec<Finding> {
    let chart = &open.chart;
    let (mut strip, mut last) = (Strip::new(width), Strip::new(width));
    if !measure.next_action.is_empty() {
        last.say("Next action", Role::Dim, &measure.next_action, Role::Text);
    }
    last.say("Data", Role::Dim, &chart.words.data.join(" "), Role::Dim);
    let mut say = |label: String, role: Role, words: &str, words_role: Role| strip.say(&label, role, words, words_role);
    let verdict = chart.verdict();
    let label = chart.badge(look.ascii);
    say(label, verdict_role(verdict), &chart.words.verdict, Role::Title);
    say("What to do".to_owned(), Role::Dim, chart.words.act, Role::Text);
    if let Some(index) = seen.cursor.filter(|index| *index < chart.points.len()) {
        say("This point".to_owned(), Role::Accent, &chart.read_out(index), Role::Text);
    }
    if let Some(suggestion) = &chart.words.suggestion {
        say("Suggestion".to_owned(), Role::Dim, &format!("{} Press b.", suggestion.text), Role::Text);
    }
    if let Some(target) = &chart.words.target {
        let label = chart.target_label().map_or_else(|| "Target".to_owned(), |label| format!("Target {label}"));
        let label = if look.ascii { label.replace('≤', "<=").replace('≥', ">=") } else { label };
        // The label has the target already: the sentence need not say it twice.
        let said = target.split_once(": ").map_or(target.as_str(), |(_, rest)| rest);
        say(text::clip(&label, usize::from(LABEL) - 1), Role::Target, &capitalised(said), Role::Text);
    }
    for run in in_view(chart, seen) {
        let letter = rule_letter(run.rule).unwrap_or_default();
        say(format!("{letter:>2}"), verdict_role(run.verdict), &run.text, Role::Text);
    }
    if chart.last.is_none() {
        say("Next".to_owned(), Role::Accent, "a adds the first value.", Role::Text);
    }
    // As many notes as leave room for the rest.
    let room = usize::from(most).saturating_sub(strip.lines.len() + last.lines.len() + 1);
    let (keyed, more) = notes(chart, seen, room.clamp(1, KEYED));
    let mut say = |label: String, role: Role, words: &str, words_role: Role| strip.say(&label, role, words, words_role);
    for note in keyed {
        let label = format!("{:>2} {}", note.number, note.day.format("%-d %b"));
        say(label, Role::Annotation, &note.text, Role::Text);
    }
    if more > 0 {
        let words = format!("and {more} more: move the cursor or the window to them.");
        say(String::new(), Role::Annotation, &words, Role::Dim);
    }
    let mut lines = strip.lines();
    lines.extend(last.lines());
    lines
}

fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The latest signals in view, the latest first: the verdict has said the very last one where it still holds.
fn in_view<'a>(chart: &'a Chart, seen: &ChartView) -> impl Iterator<Item = &'a SignalRun> {
    let (first, count) = seen.window(chart.points.len());
    let runs = chart.words.signals.iter().rev();
    runs.filter(move |run| run.to >= first && run.from < first + count).take(3)
}

/// So many notes are keyed under a chart at the most.
const KEYED: usize = 5;

/// The notes and cycle marks in view, the latest first, and how many more there are: of many those nearest to
/// the cursor, or the latest.
fn notes<'a>(chart: &'a Chart, seen: &ChartView, most: usize) -> (Vec<&'a Numbered>, usize) {
    let (first, count) = seen.window(chart.points.len());
    let in_view = |index: usize| (first..first + count).contains(&index);
    let mut notes: Vec<(&Numbered, usize)> =
        chart.annotations.iter().filter_map(|note| Some((note, note.index.filter(|index| in_view(*index))?))).collect();
    let from = seen.cursor.unwrap_or(first + count);
    notes.sort_by_key(|(note, index)| (index.abs_diff(from), std::cmp::Reverse(note.number)));
    let more = notes.len().saturating_sub(most);
    let mut notes: Vec<&Numbered> = notes.into_iter().take(most).map(|(note, _)| note).collect();
    notes.sort_by_key(|note| std::cmp::Reverse(note.number));
    (notes, more)
}
