//! How the process board looks: what one sees first, the rows, and what becomes of them.

use chrono::NaiveDateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::app::model::{Model, ProcessRow, RowPhase};
use crate::base::text;
use crate::domain::process::Process;
use crate::domain::record::Kind;
use crate::tui::widgets::bar::Bar;
use crate::tui::widgets::{ascii, ink};

use super::board::{self, Item, Key};
use super::row::{Columns, RowView};

/// The board, to be drawn.
pub(super) struct Board<'a> {
    pub(super) model: &'a Model,
    pub(super) look: &'a Look,
    pub(super) items: &'a [Item<'a>],
    pub(super) selected: Option<Key>,
    /// The period that keys mean: on a line of hours one of them.
    pub(super) hour: Option<NaiveDateTime>,
}

/// A row as text to copy.
pub(super) fn as_text(model: &Model, process: &Process, row: &ProcessRow) -> String {
    let standing = &row.standing;
    let mut text = format!(
        "{}, {} {}: {} of {} done, {}",
        process.name,
        row.span.name,
        row.span.day.format("%-d %b %Y"),
        standing.completed,
        standing.required,
        board::words(model, process, row).trim_start_matches(['✓', '≈', '▲', '–', ' ']),
    );
    for (label, words) in
        [("reason", row.period.reason.as_deref().unwrap_or("")), ("action", &row.period.countermeasure)]
    {
        if !words.is_empty() {
            text.push_str(&format!("; {label}: {words}"));
        }
    }
    text
}

impl Board<'_> {
    /// Draws it. Returns the first visible line and how many lines were drawn, for the next time.
    pub(super) fn draw(&self, area: Rect, top: usize, buf: &mut Buffer) -> (usize, usize) {
        let area = area.intersection(*buf.area());
        let drawn = if self.model.processes.is_empty() {
            self.empty(area, buf);
            (0, 0)
        } else {
            self.full(area, top, buf)
        };
        if self.look.ascii {
            ascii::fold(buf, area);
        }
        drawn
    }

    fn full(&self, area: Rect, top: usize, buf: &mut Buffer) -> (usize, usize) {
        self.title(Rect { height: area.height.min(1), ..area }, buf);
        let airy = u16::from(area.height >= 28);
        let footer = match area.height {
            0..12 => 0,
            12..18 => 1,
            _ => 2 + airy,
        };
        let list = ink::below(area, 2 + 2 * airy);
        let list = Rect { height: list.height.saturating_sub(footer), ..list };
        let height = self.row_height(list.height);
        let columns = Columns::of(area, height == 1);
        if area.height > 2 {
            columns.headings(self.look, area.y + 1 + airy, height == 1, buf);
        }
        let drawn = self.list(list, columns, height, top, buf);
        let foot = Rect { y: area.bottom() - footer, height: footer, ..area };
        self.footer(ink::below(foot, airy.min(footer.saturating_sub(1))), buf);
        drawn
    }

    fn style(&self, role: Role) -> Style {
        self.look.style(role)
    }

    /// The greatest height at which every open row is in view; fewer things rather than smaller ones.
    fn row_height(&self, room: u16) -> u16 {
        let open = self.items.iter().filter(|item| self.height(item, 4) == 4).count().max(1);
        let fits = |height: &u16| usize::from(*height) * open <= usize::from(room);
        [4, 3, 2].into_iter().find(fits).unwrap_or(1)
    }

    fn height(&self, item: &Item<'_>, open: u16) -> u16 {
        match item {
            Item::Row(_, row) if row.phase == RowPhase::Open => open,
            Item::Hours(_, sum, _) if sum.phase == RowPhase::Open => open,
            Item::Heading(_) => 2,
            Item::Row(..) | Item::Hours(..) | Item::Idle(_) => 1,
        }
    }

    fn list(&self, area: Rect, columns: Columns, open: u16, top: usize, buf: &mut Buffer) -> (usize, usize) {
        let mut heights: Vec<u16> = self.items.iter().map(|item| self.height(item, open)).collect();
        // The first heading needs no space above it.
        if let (Some(first), Some(Item::Heading(_))) = (heights.first_mut(), self.items.first()) {
            *first = 1;
        }
        let at = self.items.iter().position(|item| item.key().is_some() && item.key() == self.selected).unwrap_or(0);
        let top = first_visible(&heights, at, top, area.height);
        let (mut y, mut drawn) = (area.y, 0);
        for (item, height) in self.items.iter().zip(&heights).skip(top) {
            let height = if drawn == 0 { (*height).min(area.bottom().saturating_sub(y)) } else { *height };
            if height == 0 || y.saturating_add(height) > area.bottom() {
                break;
            }
            self.item(item, columns, Rect { y, height, ..area }, buf);
            y += height;
            drawn += 1;
        }
        self.more(area, top, drawn, buf);
        (top, drawn.max(1))
    }

    fn item(&self, item: &Item<'_>, columns: Columns, area: Rect, buf: &mut Buffer) {
        let selected = item.key().is_some() && item.key() == self.selected;
        match item {
            Item::Heading(words) => {
                let y = area.bottom().saturating_sub(1);
                ink::put(
                    buf,
                    columns.name.0,
                    y,
                    area.width.saturating_sub(4),
                    words,
                    self.style(Role::Dim).add_modifier(Modifier::BOLD),
                );
            }
            Item::Row(process, row) => {
                let by = self.by(process, row);
                self.row(process, row, &[], by, columns, selected).draw(area, buf);
            }
            Item::Hours(process, sum, hours) => {
                let by = self.of_hour(hours, selected);
                self.row(process, sum, hours, by, columns, selected).draw(area, buf);
            }
            Item::Idle(process) => {
                if selected {
                    ink::ground(buf, area, self.style(Role::Selected));
                    ink::put(buf, area.x, area.y, 1, if self.look.ascii { ">" } else { "▌" }, self.style(Role::Accent));
                }
                ink::put(buf, columns.name.0, area.y, columns.name.1, &process.name, self.style(Role::Faint));
            }
        }
    }

    fn row<'b>(
        &'b self,
        process: &'b Process,
        row: &'b ProcessRow,
        hours: &'b [&'b ProcessRow],
        by: String,
        columns: Columns,
        selected: bool,
    ) -> RowView<'b> {
        let (words, loud) = (board::words(self.model, process, row), board::is_loud(self.model, process, row));
        let (zone, hour) = (self.model.zone(), self.hour.filter(|_| selected));
        let new = self.model.news.of(Kind::Process, process.id.0).is_some()
            || std::iter::once(&row)
                .chain(hours)
                .any(|row| self.model.news.of(Kind::Period, row.period.id.0).is_some());
        RowView { process, row, hours, hour, zone, words, loud, new, by, columns, selected, look: self.look }
    }

    /// The hour that keys mean, with its numbers.
    fn of_hour(&self, hours: &[&ProcessRow], selected: bool) -> String {
        let meant = |hour: &&&ProcessRow| match selected {
            true => Some(hour.span.start) == self.hour,
            false => hour.phase == RowPhase::Open,
        };
        let Some(hour) = hours.iter().find(meant) else { return String::new() };
        let (clock, standing) = (hour.span.clock(self.model.zone()), &hour.standing);
        format!(" · {clock}: {} of {}{}", standing.completed, standing.required, carried(hour))
    }

    /// By when all of it is expected, where that is not the end of the shift; and what was carried over.
    fn by(&self, process: &Process, row: &ProcessRow) -> String {
        let shift = self.model.team.calendar().at(self.model.now);
        let by = match process.until {
            Some(until) => format!(" · by {}", until.format("%H:%M")),
            None if row.span.end != shift.end => format!(" · until {}", row.span.end.format("%H:%M")),
            None => String::new(),
        };
        format!("{}{by}", carried(row))
    }

    /// Says how many lines are out of sight, on the row of the headings and the last row.
    fn more(&self, area: Rect, top: usize, drawn: usize, buf: &mut Buffer) {
        let rows = |items: &[Item<'_>]| items.iter().filter(|item| item.key().is_some()).count();
        let above = rows(self.items.get(..top).unwrap_or(&[]));
        let below = rows(self.items.get(top + drawn..).unwrap_or(&[]));
        let style = self.style(Role::Faint);
        if above > 0 {
            ink::put_right(
                buf,
                area.right().saturating_sub(1),
                area.y.saturating_sub(1),
                12,
                &format!("↑ {above} more"),
                style,
            );
        }
        if below > 0 && area.height > 0 {
            ink::put_right(buf, area.right().saturating_sub(1), area.bottom(), 12, &format!("↓ {below} more"), style);
        }
    }

    fn title(&self, area: Rect, buf: &mut Buffer) {
        let mut parts: Vec<(String, Style)> = Vec::new();
        let gap = || ("   ".to_owned(), Style::new());
        if board::is_today(self.model) {
            let shift = self.model.team.calendar().at(self.model.now);
            let (from, to) = (shift.start.format("%H:%M"), shift.end.format("%H:%M"));
            parts.push((format!("{} shift {from}–{to}", shift.name), self.style(Role::Title)));
            let gone = text::number((shift.elapsed(self.model.zone(), self.model.now) * 100.0).floor(), 0);
            let of_what = if area.width >= 92 { "of the shift gone" } else { "gone" };
            if area.width >= 76 {
                parts.push((format!("  {gone} % {of_what}"), self.style(Role::Dim)));
            }
            parts.push(gap());
            self.standings(&mut parts);
        } else {
            parts.push((self.model.process_day.format("%A %-d %b %Y").to_string(), self.style(Role::Title)));
            parts.push(("  ".to_owned(), Style::new()));
            parts.push((format!(" NOT TODAY · {} ", self.how_far()), self.style(Role::OnAccent)));
            parts.push(("  Esc goes back to today".to_owned(), self.style(Role::Dim)));
        }
        if let Some(holiday) = self.model.team.calendar().holiday(self.model.process_day) {
            parts.push((format!("   {}, bank holiday", holiday.name), self.style(Role::Accent)));
        }
        let parts: Vec<(&str, Style)> = parts.iter().map(|(words, style)| (words.as_str(), *style)).collect();
        ink::line(buf, area.x.saturating_add(1), area.y, area.width.saturating_sub(2), &parts);
    }

    fn standings(&self, parts: &mut Vec<(String, Style)>) {
        let tally = board::tally(self.model, self.items);
        let dot = (" · ".to_owned(), self.style(Role::Faint));
        if tally == board::Tally::default() {
            parts.push(("nothing is required now".to_owned(), self.style(Role::Dim)));
            return;
        }
        let loud = if tally.behind > 0 { Role::Concern } else { Role::Dim };
        let sign = if tally.behind > 0 { "▲ " } else { "" };
        parts.push((format!("{sign}{} behind", tally.behind), self.style(loud)));
        if tally.short > 0 {
            parts.push(dot.clone());
            parts.push((format!("▲ {} short", tally.short), self.style(Role::Concern)));
        }
        parts.push(dot.clone());
        parts.push((format!("{} on pace", tally.on_pace), self.style(Role::Text)));
        parts.push(dot);
        parts.push((format!("{} complete", tally.complete), self.style(Role::Text)));
    }

    fn how_far(&self) -> String {
        match (self.model.process_day - board::working_day(self.model)).num_days() {
            -1 => "yesterday".to_owned(),
            1 => "tomorrow".to_owned(),
            days if days < 0 => format!("{} days ago", -days),
            days => format!("in {days} days"),
        }
    }

    fn footer(&self, area: Rect, buf: &mut Buffer) {
        let (x, width) = (area.x.saturating_add(2), area.width.saturating_sub(16));
        if area.height > 0 {
            ink::put(buf, x, area.y, width, &self.closing(), self.style(Role::Dim));
        }
        if area.height > 1 {
            self.reasons(Rect { x, y: area.y + 1, width: area.width.saturating_sub(4), height: 1 }, buf);
        }
    }

    /// What becomes of the selected row.
    fn closing(&self) -> String {
        let selected = self.items.iter().find(|item| item.key().is_some() && item.key() == self.selected);
        let (process, row) = match selected {
            Some(Item::Row(process, row)) => (process, *row),
            Some(Item::Hours(process, sum, _)) => (process, &**sum),
            _ => return String::new(),
        };
        let to = row.span.end.format("%H:%M");
        match (board::linked(self.model, process), row.phase) {
            (Some(measure), RowPhase::Closed) => {
                format!("“{}” closed at {to} and is a point of {}", process.name, chart_name(measure))
            }
            (Some(measure), _) => {
                format!("At {to} each row closes into its chart: “{}” → {}", process.name, chart_name(measure))
            }
            (None, _) => {
                format!("No chart of “{}” yet: e links a measure.", process.name)
            }
        }
    }

    /// A small Pareto of the reasons that were given this month.
    fn reasons(&self, area: Rect, buf: &mut Buffer) {
        let most = self.model.reasons.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        if self.model.reasons.is_empty() {
            ink::put(buf, area.x, area.y, area.width, "No reasons were given this month.", self.style(Role::Faint));
            return;
        }
        let mut at = ink::put(buf, area.x, area.y, area.width, "Reasons this month:", self.style(Role::Dim)) + 2;
        for (reason, count) in &self.model.reasons {
            let cells = u16::try_from((count.max(&1) * 12 / most).clamp(1, 12)).unwrap_or(1);
            let words = text::clip(reason, 24);
            let needs = u16::try_from(text::width(&words)).unwrap_or(24) + 1 + cells + 1 + 6;
            if at.saturating_add(needs) > area.right() {
                break;
            }
            at = ink::put(buf, at, area.y, 24, &words, self.style(Role::Text)) + 1;
            Bar { done: 1.0, mark: None }.draw(self.look, Rect { x: at, y: area.y, width: cells, height: 1 }, buf);
            at = ink::put(buf, at + cells + 1, area.y, 6, &count.to_string(), self.style(Role::Title)) + 3;
        }
    }

    fn empty(&self, area: Rect, buf: &mut Buffer) {
        let words = [
            ("Nothing is on the process board yet", Role::Title),
            ("", Role::Dim),
            ("Work that comes again every shift or every day belongs here: observations,", Role::Dim),
            ("discharges before noon, assessments. The board counts what is done against", Role::Dim),
            ("what is required, and each shift becomes a point of a chart.", Role::Dim),
            ("", Role::Dim),
            ("  Observations      9 / 24     15 still to do", Role::Faint),
            ("", Role::Dim),
        ];
        let height = u16::try_from(words.len() + 1).unwrap_or(9);
        let place = ink::centred(area, 76, height);
        for (y, (line, role)) in (place.top()..place.bottom()).zip(words) {
            ink::put(buf, place.x, y, place.width, line, self.style(role));
        }
        if place.height >= height {
            let key = self.style(Role::Accent).add_modifier(Modifier::BOLD);
            ink::line(
                buf,
                place.x,
                place.bottom() - 1,
                place.width,
                &[("n", key), ("  adds the first process", self.style(Role::Text))],
            );
        }
    }
}

/// What a period takes over from the one before.
fn carried(row: &ProcessRow) -> String {
    if row.standing.carried > 0 { format!(" · {} carried over", row.standing.carried) } else { String::new() }
}

/// A measure as the name of a chart, with its unit.
fn chart_name(measure: &crate::domain::measure::Measure) -> String {
    match measure.shown_unit() {
        "" => measure.name.clone(),
        unit => format!("{}, {unit}", measure.name),
    }
}

/// The first visible line, so that the one at `at` is in view with its heading and as little moves as can be.
fn first_visible(heights: &[u16], at: usize, top: usize, room: u16) -> usize {
    let mut top = top.min(heights.len().saturating_sub(1)).min(at);
    // The heading over the first line of a group comes into view with it.
    if top == at && at > 0 && heights.get(at - 1) == Some(&2) && heights[at] == 1 {
        top -= 1;
    }
    let tall =
        |top: usize| heights.get(top..=at).unwrap_or(&[]).iter().map(|height| usize::from(*height)).sum::<usize>();
    while top < at && tall(top) > usize::from(room) {
        top += 1;
    }
    // Nothing is scrolled away while there is room for it.
    while top > 0 && heights[top - 1..].iter().map(|height| usize::from(*height)).sum::<usize>() <= usize::from(room) {
        top -= 1;
    }
    top
}
