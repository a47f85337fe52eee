//! What an item of the huddle is about, large: promises, harm, work, charts, tests, what was noted.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::Role;
use crate::app::model::ProcessRow;
use crate::base::text;
use crate::domain::agenda::View;
use crate::domain::measure::Measure;
use crate::domain::process::{Flow, Pace};
use crate::tui::panes::actions::list;
use crate::tui::widgets::bar::Bar;
use crate::tui::widgets::chart::{self, ChartView, verdict_role};
use crate::tui::widgets::letters::{self, Size};
use crate::tui::widgets::page::Page;
use crate::tui::widgets::{big, ink, poster};

use super::view::Running;
use super::{listing, promised, signals};

/// Draws what the item is about.
pub(super) fn draw(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    if area.height == 0 || area.width < 10 {
        return;
    }
    match board.course.view() {
        View::Promises | View::Escalate => promised::draw(board, area, buf),
        View::Harm => measures(board, &listing::harm(board.model), area, buf),
        View::Capacity => capacity(board, area, buf),
        View::Work => work(board, area, buf),
        View::Signals => changed(board, area, buf),
        View::Test => tests(board, area, buf),
        View::Question => noted(board, "o writes down what is said.", area, buf),
        View::Ideas => ideas(board, area, buf),
        View::Thanks => thanks(board, area, buf),
    }
}

pub(super) fn style(board: &Running<'_>, role: Role) -> Style {
    board.look.style(role)
}

pub(super) fn bold(board: &Running<'_>, role: Role) -> Style {
    style(board, role).add_modifier(Modifier::BOLD)
}

pub(super) fn say(board: &Running<'_>, words: &str, area: Rect, buf: &mut Buffer) {
    for (y, line) in (area.top()..area.bottom()).zip(text::wrap(words, usize::from(area.width))) {
        ink::put(buf, area.x, y, area.width, &line, style(board, Role::Dim));
    }
}

/// Measures side by side: the number large, the verdict in words.
fn measures(board: &Running<'_>, all: &[&Measure], area: Rect, buf: &mut Buffer) {
    if all.is_empty() {
        return say(board, "No measure of this board is about it. a adds a value, o notes what is said.", area, buf);
    }
    let across = (area.width / 36).clamp(1, 3);
    let down = u16::try_from(all.len()).unwrap_or(1).div_ceil(across).max(1);
    let high = (area.height / down).clamp(3, 12);
    for (place, measure) in (0_u16..).zip(all) {
        let cell = Rect {
            x: area.x + place % across * (area.width / across),
            y: area.y + place / across * high,
            width: (area.width / across).saturating_sub(2),
            height: high.saturating_sub(1),
        };
        if cell.bottom() > area.bottom() {
            break;
        }
        // Where one of them is meant by a and X, one sees which.
        let here = board.course.view() == View::Harm && usize::from(place) == board.at;
        if here {
            ink::ground(buf, Rect { height: 1, ..cell }, style(board, Role::Selected));
        }
        one_measure(board, measure, cell, buf);
    }
}

fn one_measure(board: &Running<'_>, measure: &Measure, area: Rect, buf: &mut Buffer) {
    let Some(tile) = board.model.tiles.get(&measure.id) else { return };
    let (value, what) = match board.model.days_since(measure) {
        Some(days) => (format!("{days} d"), "since the last"),
        None => (tile.value.clone(), ""),
    };
    let role = verdict_role(tile.verdict);
    let end = ink::put(buf, area.x, area.y, area.width, &measure.name, bold(board, Role::Title));
    if area.height < 3 {
        let words = format!("  {value}  {what}");
        ink::put(buf, end, area.y, area.right().saturating_sub(end), &words, bold(board, role));
    } else {
        ink::put(buf, end + 2, area.y, area.right().saturating_sub(end + 2), what, style(board, Role::Dim));
    }
    let number = Rect { height: area.height.saturating_sub(2), ..ink::below(area, 1) };
    // Big letters know no units of many letters: those stand beside.
    let (value, unit) = match value.split_once(' ') {
        Some((number, unit)) if unit.len() > 1 => (number, unit),
        _ => (value.as_str(), ""),
    };
    let drawn = (number.height > 0).then(|| big::draw(value, number, bold(board, role), board.look, buf));
    let (wide, rows) = drawn.unwrap_or_default();
    if rows > 0 && !unit.is_empty() {
        ink::put(buf, number.x + wide + 1, number.y + rows - 1, 12, unit, bold(board, role));
    }
    let gap = u16::from(rows > 1 && area.height > rows + 2);
    let words = Rect { height: 2, ..ink::below(area, 1 + rows + gap) }.intersection(area);
    for (y, line) in (words.top()..words.bottom()).zip(text::wrap(&tile.words_short, usize::from(area.width))) {
        ink::put(buf, area.x, y, area.width, &line, style(board, role));
    }
}

fn capacity(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let present = &board.course.huddle.present.0;
    let mut x = area.x;
    for group in &board.model.groups {
        let count = present.get(group).copied().unwrap_or(0);
        let role = if count > 0 { Role::Title } else { Role::Faint };
        let end = ink::put(buf, x, area.y, area.right().saturating_sub(x), &count.to_string(), bold(board, role));
        let word = format!(" {group}");
        x = ink::put(buf, end, area.y, area.right().saturating_sub(end), &word, style(board, Role::Dim)) + 3;
    }
    if present.is_empty() {
        let hint = "c counts who is here.";
        ink::put(buf, area.x, area.y + 1, area.width, hint, style(board, Role::Dim));
    }
    let mut below = ink::below(area, 3);
    let rows = listing::work(board.model, &[Flow::Demand, Flow::Capacity]);
    if !rows.is_empty() {
        let half = Rect { height: below.height / 2, ..below };
        below = ink::below(below, counts(board, &rows, half, buf) + 1);
    }
    measures(board, &listing::capacity(board.model), below, buf);
}

fn work(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let rows = listing::work(board.model, &[Flow::Work]);
    if rows.is_empty() {
        return say(board, "No work is counted now. The process board (2) says what is.", area, buf);
    }
    counts(board, &rows, area, buf);
}

/// What is done of what is required, row by row. Returns how many rows of the screen it took.
fn counts(board: &Running<'_>, rows: &[&ProcessRow], area: Rect, buf: &mut Buffer) -> u16 {
    let count = u16::try_from(rows.len()).unwrap_or(1);
    let large = !board.look.ascii && count.saturating_mul(5) <= area.height;
    let high = if large {
        5
    } else if count.saturating_mul(3) <= area.height {
        3
    } else {
        2
    };
    for (place, row) in (0_u16..).zip(rows) {
        let cell = Rect { y: area.y + place * high, height: high, ..area };
        if cell.bottom() > area.bottom() {
            break;
        }
        let (words, role) = match row.standing.pace {
            Pace::Nothing => ("nothing required".to_owned(), Role::Dim),
            Pace::Complete => ("✓ complete".to_owned(), Role::Improvement),
            Pace::OnPace => ("≈ on pace".to_owned(), Role::Text),
            Pace::Ahead(by) => (format!("≈ ahead by {by}"), Role::Text),
            Pace::Behind(by) => (format!("▲ BEHIND by {by}"), Role::Concern),
        };
        let name = board.model.process(row.process).map_or("", |process| process.name.as_str());
        let size = if large { Size::Three } else { Size::Plain };
        let count = done_of(row);
        let wide = rows.iter().filter_map(|row| letters::cells(&done_of(row), size)).max().unwrap_or(5);
        let size_of_name = size.fitting(name, area.width.saturating_sub(wide + 2), 3, board.look);
        letters::draw(&count, size, Rect { width: wide, ..cell }, style(board, role), board.look, buf);
        let right = ink::shift_right(cell, wide + 2);
        letters::draw(name, size_of_name, right, style(board, Role::Title), board.look, buf);
        let y = cell.y + size.rows();
        let said = row.period.reason.as_ref().map_or_else(|| words.clone(), |reason| format!("{words}  ·  {reason}"));
        let from = right.x + (right.width / 2).max(24).min(right.width);
        ink::put(buf, right.x, y, (from - right.x).saturating_sub(1), &said, bold(board, role));
        if row.standing.required > 0 {
            #[allow(clippy::cast_precision_loss, reason = "counts of a shift")]
            let (done, required) = (row.standing.completed as f64, row.standing.required as f64);
            let bar = Bar { done: done / required, mark: Some(row.standing.expected / required) };
            let place = Rect { x: from, y, width: right.right().saturating_sub(from), height: 1 };
            bar.draw(board.look, place, buf);
        }
    }
    (u16::try_from(rows.len()).unwrap_or(1) * high).min(area.height)
}

fn done_of(row: &ProcessRow) -> String {
    format!("{}/{}", row.standing.completed, row.standing.required)
}

fn changed(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let all = signals::changed(board.model, &board.course.huddle);
    let since = signals::last(board.model, &board.course.huddle).and_then(|huddle| huddle.day);
    let since = since.map_or_else(
        || "No huddle before this one".to_owned(),
        |day| format!("Since {}", list::day_words(board.model.today(), day)),
    );
    if all.is_empty() {
        let words = format!("{since}: no chart has changed. The others are common cause, or known: best left alone.");
        return say(board, &words, area, buf);
    }
    let rows = u16::try_from(all.len()).unwrap_or(u16::MAX).min((area.height / 4).max(2));
    ink::put(buf, area.x, area.y, area.width, &format!("{since}: {} changed", all.len()), style(board, Role::Dim));
    let visible = usize::from(rows);
    let top = ink::scroll(board.at.min(all.len() - 1), visible, 0);
    for (place, (index, one)) in (0_u16..).zip(all.iter().enumerate().skip(top).take(visible)) {
        let y = area.y + 1 + place;
        let here = index == board.at;
        let ground = if here { style(board, Role::Selected) } else { Style::new() };
        ink::ground(buf, Rect { y, height: 1, ..area }, ground);
        let mark = if here { "▶" } else { " " };
        ink::put(buf, area.x, y, 1, mark, style(board, Role::Accent).patch(ground));
        let name = bold(board, Role::Title).patch(ground);
        let end = ink::put(buf, area.x + 2, y, area.width.saturating_sub(2), &one.measure.name, name);
        let words = format!("  {}", one.words);
        ink::put(buf, end, y, area.right().saturating_sub(end), &words, style(board, one.role).patch(ground));
    }
    let wanted = all.get(board.at).map(|one| one.measure.id);
    open_chart(board, wanted, ink::below(area, rows + 2), buf);
}

/// The open chart, where it is the one that is talked about.
fn open_chart(board: &Running<'_>, wanted: Option<crate::domain::MeasureId>, area: Rect, buf: &mut Buffer) {
    if let Some(open) = board.model.chart.as_ref().filter(|open| Some(open.measure) == wanted) {
        if area.height >= 14 {
            return poster::draw(&open.chart, area, buf, board.look);
        }
        let words = &open.chart.words.verdict;
        ink::put(buf, area.x, area.y, area.width, words, style(board, verdict_role(open.chart.verdict())));
        let below = ink::below(area, 1);
        let seen = chart::roomy(&open.chart, below, board.look);
        let first = open.chart.points.len().saturating_sub(seen);
        let view = ChartView { visible: Some(seen), first, ..ChartView::default() };
        chart::draw(&open.chart, &view, below, buf, board.look);
    }
}

fn tests(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let all = listing::cycles(board.model);
    let Some(cycle) = all.get(board.at.min(all.len().saturating_sub(1))) else {
        return say(board, "No change is being tested. The PDSA log (3) plans one; i writes an idea down.", area, buf);
    };
    let mut page = Page::new(area.width);
    let place = format!("{} of {}", board.at + 1, all.len());
    let stage = format!("PDSA {}{} · {}", cycle.ramp, cycle.number, cycle.stage.code());
    page.flow(0, &[(stage.as_str(), Role::Accent), ("   ", Role::Dim), (place.as_str(), Role::Dim)]);
    page.heading(&cycle.title, Role::Title);
    let started = cycle.started.map(|day| list::day_words(board.model.today(), day)).unwrap_or_default();
    let first = cycle.questions.0.first();
    for (label, words) in [
        ("Change", cycle.change.as_str()),
        ("Question", first.map_or("", |first| first.question.as_str())),
        ("We predict", first.map_or("", |first| first.prediction.as_str())),
        ("Who, where", &cycle.who),
        ("Size", cycle.scale.code()),
        ("Began", &started),
        ("Seen", &cycle.results),
    ] {
        if !words.is_empty() {
            page.field(label, words, Role::Text, "");
        }
    }
    let seen = board.model.observations.get(&cycle.id).and_then(|noted| noted.last());
    if let Some(seen) = seen {
        page.field("Noted last", &seen.text, Role::Text, "");
    }
    let high = page.height().min(area.height);
    page.draw(board.look, Rect { height: high, ..area }, 0, buf);
    let below = ink::below(area, high + 1);
    if below.height >= 8 {
        open_chart(board, listing::chart(board.model, board.course, board.at), below, buf);
    }
}

/// What was noted at this item, large where there is room.
fn noted(board: &Running<'_>, hint: &str, area: Rect, buf: &mut Buffer) {
    let label = format!("{}: ", board.course.view().label());
    let lines = board.course.huddle.notes.lines().filter_map(|line| line.strip_prefix(&label));
    large_lines(board, &lines.collect::<Vec<_>>(), hint, area, buf);
}

/// Ideas of this huddle with what was answered, and those that somebody was to find out about.
fn ideas(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let waiting = listing::promises(board.model, board.course).len();
    let half = if waiting == 0 { area.height } else { area.height / 2 };
    noted(board, "i writes an idea down with its answer.", Rect { height: half, ..area }, buf);
    if waiting > 0 {
        promised::draw(board, ink::below(area, half), buf);
    }
}

fn thanks(board: &Running<'_>, area: Rect, buf: &mut Buffer) {
    let lines: Vec<&str> = board.course.huddle.thanks.lines().collect();
    large_lines(board, &lines, "t writes down who is thanked, and for what.", area, buf);
}

/// Lines as large as there is room for, long ones broken.
fn large_lines(board: &Running<'_>, lines: &[&str], hint: &str, area: Rect, buf: &mut Buffer) {
    if lines.is_empty() {
        return say(board, hint, area, buf);
    }
    let most = if area.height >= 10 && !board.look.ascii { Size::Three } else { Size::Plain };
    let mut y = area.y;
    for line in lines {
        let size = if letters::cells(line, most).is_some() { most } else { Size::Plain };
        for part in letters::wrap(line, size, area.width, 3) {
            let room = Rect { y, height: area.bottom().saturating_sub(y), ..area };
            let size = size.fitting(&part, area.width, room.height, board.look);
            letters::draw(&part, size, room, style(board, Role::Title), board.look, buf);
            y += size.rows() + u16::from(size == Size::Three);
        }
        y += 1;
    }
}
