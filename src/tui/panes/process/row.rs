//! One line of the board: the work, how much of it is done, its pace, what is still to do, and why.

use chrono::NaiveDateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use crate::app::look::{Look, Role};
use crate::app::model::{ProcessRow, RowPhase};
use crate::base::text;
use crate::base::zone::Zone;
use crate::domain::process::Process;
use crate::tui::widgets::bar::Bar;
use crate::tui::widgets::ink;

use super::board;
use super::hours::Hours;

/// A stretch of columns: where it starts, and how wide it is.
pub(super) type Stretch = (u16, u16);

/// Where the columns of the board stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Columns {
    /// The name of the work.
    pub(super) name: Stretch,
    /// The stroke between done and required.
    pub(super) stroke: u16,
    /// Whether there is room to spell the headings out.
    pub(super) roomy: bool,
    /// The bar, where there is room for one.
    pub(super) bar: Option<Stretch>,
    /// The column after the last digit of what is still to do.
    pub(super) to_do: Option<u16>,
    /// The reason; how the work stands, where a row has only one line.
    pub(super) reason: Option<Stretch>,
}

/// The widest that the board becomes: beyond it the eye loses its row.
const WIDEST: u16 = 170;

impl Columns {
    /// The columns of rows in `area`; `single` where a row has only one line.
    pub(super) fn of(area: Rect, single: bool) -> Self {
        let width = area.width.saturating_sub(4).min(WIDEST);
        let roomy = width >= 92;
        let name = if roomy { (width * 26 / 100).clamp(24, 44) } else { (width * 32 / 100).clamp(8, 26) };
        let count = if roomy { 17 } else { 11 };
        let to_do = match width {
            0..40 => 0,
            _ if roomy => 14,
            _ => 8,
        };
        let reason = match width {
            0..56 if !single => 0,
            0..48 => 0,
            _ if single => (width * 30 / 100).clamp(14, 36),
            _ => (width * 18 / 100).clamp(12, 34),
        };
        let taken = name + 2 + count + 3 + to_do + if reason > 0 { reason + 3 } else { 0 };
        let bar = width.saturating_sub(taken);
        let left = area.x.saturating_add(2);
        let bar_from = left.saturating_add(name + 2 + count + 3);
        let bar_width = if bar < 6 { 0 } else { bar };
        let to_do_end = bar_from.saturating_add(bar_width + to_do).saturating_sub(if roomy { 2 } else { 1 });
        Self {
            name: (left, name),
            stroke: left.saturating_add(name + 2 + if roomy { 7 } else { 5 }),
            roomy,
            bar: (bar_width > 0).then_some((bar_from, bar_width)),
            to_do: (to_do > 0).then_some(to_do_end),
            reason: (reason > 0).then_some((to_do_end.saturating_add(if roomy { 4 } else { 3 }), reason)),
        }
    }

    /// Writes their headings.
    pub(super) fn headings(&self, look: &Look, y: u16, single: bool, buf: &mut Buffer) {
        let style = look.style(Role::Dim);
        let (count, to_do) = if self.roomy { ("DONE / REQUIRED", "STILL TO DO") } else { ("DONE", "TO DO") };
        ink::put(buf, self.name.0, y, self.name.1, "WORK", style);
        ink::put(buf, self.stroke.saturating_sub(5), y, 15, count, style);
        if let Some((x, width)) = self.bar {
            ink::put(buf, x, y, width, "PACE", style);
        }
        if let Some(end) = self.to_do {
            ink::put_right(buf, end, y, 11, to_do, style);
        }
        if let Some((x, width)) = self.reason {
            ink::put(buf, x, y, width, if single { "STANDING" } else { "REASON" }, style);
        }
    }
}

/// One line of the board, to be drawn.
pub(super) struct RowView<'a> {
    pub(super) process: &'a Process,
    pub(super) row: &'a ProcessRow,
    /// Its hours, where the row is all of them together.
    pub(super) hours: &'a [&'a ProcessRow],
    /// The hour that keys mean.
    pub(super) hour: Option<NaiveDateTime>,
    pub(super) zone: Zone,
    /// How it stands, and whether that calls for somebody.
    pub(super) words: String,
    pub(super) loud: bool,
    /// Whether somebody else has changed it just now.
    pub(super) new: bool,
    /// By when all of it is expected, in words, where that is not the end of the shift.
    pub(super) by: String,
    pub(super) columns: Columns,
    pub(super) selected: bool,
    pub(super) look: &'a Look,
}

impl RowView<'_> {
    /// Draws it into `area`, as roomy as its height allows: one line, two, two and the count that is
    /// expected by now, or all that with a line of space above.
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) {
        let pad = u16::from(area.height >= 4);
        let body = ink::below(area, pad);
        if self.selected {
            let style = self.look.style(Role::Selected);
            // Where selecting reverses, only the name is reversed: a bar would show the opposite.
            let reverses = style.add_modifier.contains(Modifier::REVERSED);
            let ground = if reverses { Rect { width: self.columns.name.1 + 2, ..area } } else { area };
            ink::ground(buf, ground, style);
        }
        self.edge(Rect { height: body.height.min(2), ..body }, buf);
        self.main_line(body, buf);
        if body.height > 1 {
            self.second_line(body, buf);
        }
    }

    fn edge(&self, area: Rect, buf: &mut Buffer) {
        let (sign, role) = match (self.selected, self.loud, self.look.ascii) {
            (true, _, true) => (">", Role::Accent),
            (true, _, false) => ("▌", Role::Accent),
            (false, true, ascii) => (if ascii { "|" } else { "▌" }, Role::Concern),
            (false, false, _) => return,
        };
        for y in area.top()..area.bottom() {
            ink::put(buf, area.x, y, 1, sign, self.look.style(role));
        }
    }

    /// The hour that keys mean, or the one that is open.
    fn meant(&self) -> Option<&ProcessRow> {
        let meant = self.hours.iter().find(|hour| Some(hour.span.start) == self.hour);
        meant.or_else(|| self.hours.iter().find(|hour| hour.phase == RowPhase::Open)).copied()
    }

    /// A role's style, or a quieter one where the period is not open.
    fn style(&self, open: Role) -> Style {
        self.look.style(match self.row.phase {
            RowPhase::Open => open,
            RowPhase::Closed => Role::Dim,
            RowPhase::Ahead => Role::Faint,
        })
    }

    fn main_line(&self, area: Rect, buf: &mut Buffer) {
        let (y, standing) = (area.y, &self.row.standing);
        if area.height == 0 {
            return;
        }
        let Columns { name, stroke, .. } = self.columns;
        ink::put(buf, name.0, y, name.1, &self.process.name, self.style(Role::Title));
        if self.new {
            ink::mark_new(buf, name.0 + name.1 + 1, y, self.look, self.look.style(Role::Accent));
        }
        let done = if self.row.phase == RowPhase::Ahead { "–".to_owned() } else { standing.completed.to_string() };
        ink::put_right(buf, stroke.saturating_sub(1), y, 6, &done, self.style(Role::Title));
        ink::put(buf, stroke, y, 1, "/", self.style(Role::Dim));
        ink::put(buf, stroke.saturating_add(2), y, 7, &standing.required.to_string(), self.style(Role::Dim));
        self.pace(area, buf);
        if let Some(end) = self.columns.to_do {
            let nothing = standing.outstanding == 0 || self.row.phase == RowPhase::Ahead;
            let words =
                if self.row.phase == RowPhase::Ahead { String::new() } else { standing.outstanding.to_string() };
            ink::put_right(buf, end, y, 8, &words, self.style(if nothing { Role::Dim } else { Role::Title }));
        }
        self.why(area, buf);
    }

    /// The reason, or in a single line how the work stands and the reason behind it.
    fn why(&self, area: Rect, buf: &mut Buffer) {
        let Some((x, width)) = self.columns.reason else { return };
        let period = self.meant().map_or(&self.row.period, |hour| &hour.period);
        let reason = period.reason.as_deref().unwrap_or("");
        if area.height > 1 {
            let role = if reason.is_empty() { Role::Faint } else { Role::Text };
            ink::put(buf, x, area.y, width, if reason.is_empty() { "–" } else { reason }, self.style(role));
            let action = &period.countermeasure;
            if !action.is_empty() {
                ink::put(buf, x, area.y + 1, width, &format!("→ {action}"), self.style(Role::Dim));
            }
            return;
        }
        let standing = match self.row.phase {
            RowPhase::Open => self.words.clone(),
            _ => String::new(),
        };
        let at = ink::put(buf, x, area.y, width, &standing, self.standing_style());
        let gap = if standing.is_empty() || reason.is_empty() { "" } else { " · " };
        let rest = x.saturating_add(width).saturating_sub(at);
        ink::put(buf, at, area.y, rest, &format!("{gap}{reason}"), self.style(Role::Dim));
    }

    fn standing_style(&self) -> Style {
        self.style(if self.loud { Role::Concern } else { Role::Dim })
    }

    /// The bar of an open period; the per cent of one that is over.
    fn pace(&self, area: Rect, buf: &mut Buffer) {
        let Some((x, width)) = self.columns.bar else { return };
        if !self.hours.is_empty() && self.row.phase == RowPhase::Open {
            let place = Rect { x, width, ..area }.intersection(buf.area);
            Hours { hours: self.hours, hour: self.hour, zone: self.zone, look: self.look }.draw(place, buf);
            return;
        }
        if self.row.phase == RowPhase::Closed {
            let words = board::per_cent(self.row).map(|per_cent| format!("{per_cent} done")).unwrap_or_default();
            ink::put(buf, x, area.y, width, &words, self.style(Role::Text));
        }
        if self.row.phase != RowPhase::Open {
            return;
        }
        let bar = self.bar();
        bar.draw(
            self.look,
            Rect { x, width, height: area.height.min(if area.height >= 3 { 2 } else { 1 }), y: area.y },
            buf,
        );
        let (Some(mark), true) = (bar.mark_column(width), area.height > 1) else { return };
        let words = format!("{} by now", text::number(self.row.standing.expected, 0));
        let wide = u16::try_from(text::width(&words)).unwrap_or(width);
        if wide <= width {
            let from = mark.saturating_sub(wide / 2).min(width - wide);
            let y = area.y.saturating_add(if area.height >= 3 { 2 } else { 1 });
            ink::put(buf, x.saturating_add(from), y, wide, &words, self.look.style(Role::Faint));
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of a shift")]
    fn bar(&self) -> Bar {
        let standing = &self.row.standing;
        if standing.required <= 0 {
            return Bar { done: 0.0, mark: None };
        }
        let of = standing.required as f64;
        Bar { done: standing.completed as f64 / of, mark: Some(standing.expected / of) }
    }

    fn second_line(&self, area: Rect, buf: &mut Buffer) {
        let (x, width) = self.columns.name;
        // The words may run on under the counts: nothing else stands there.
        let room = self.columns.bar.map_or(width, |(bar, _)| bar.saturating_sub(x + 1));
        let y = area.y.saturating_add(1);
        let end = ink::put(buf, x, y, room, &self.words, self.standing_style());
        let rest = x.saturating_add(room).saturating_sub(end);
        if text::width(&self.by) <= usize::from(rest) {
            ink::put(buf, end, y, rest, &self.by, self.style(Role::Faint));
        }
    }
}
