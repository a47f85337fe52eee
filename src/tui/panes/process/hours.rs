//! The hours of a shift as cells: what was done in each, whether that was all of it, and what is to come.

use chrono::NaiveDateTime;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::look::{Look, Role};
use crate::app::model::{ProcessRow, RowPhase};
use crate::base::text;
use crate::base::zone::Zone;
use crate::tui::widgets::ink;

/// The hours of a line, to be drawn.
pub(super) struct Hours<'a> {
    pub(super) hours: &'a [&'a ProcessRow],
    /// The hour that keys mean, where the line is selected.
    pub(super) hour: Option<NaiveDateTime>,
    pub(super) zone: Zone,
    pub(super) look: &'a Look,
}

impl Hours<'_> {
    /// Draws as many as there is room for, the one that is meant among them: in one line whether each is
    /// done, in two with its hour under it, in three with the count above.
    pub(super) fn draw(&self, area: Rect, buf: &mut Buffer) {
        let count = u16::try_from(self.hours.len()).unwrap_or(u16::MAX).max(1);
        let counts = self.hours.iter().map(|hour| text::width(&self.count(hour))).max().unwrap_or(1);
        let least = u16::try_from(counts).unwrap_or(4).clamp(3, 7) + 1;
        let wide = (area.width / count).clamp(least, 8);
        let room = usize::from(area.width / wide);
        let meant = self.hours.iter().position(|hour| self.is_meant(hour)).unwrap_or(0);
        let first = (meant + 1).saturating_sub(room).min(self.hours.len().saturating_sub(room));
        // As much of what is over as of what is to come.
        let first = first.max(meant.saturating_sub(room / 2).min(self.hours.len().saturating_sub(room)));
        for (hour, at) in self.hours.iter().skip(first).take(room).zip(0_u16..) {
            self.cell(hour, Rect { x: area.x + at * wide, width: wide - 1, ..area }, buf);
        }
    }

    fn is_meant(&self, hour: &ProcessRow) -> bool {
        self.hour.map_or(hour.phase == RowPhase::Open, |start| start == hour.span.start)
    }

    fn cell(&self, hour: &ProcessRow, area: Rect, buf: &mut Buffer) {
        let clock = hour.span.clock(self.zone);
        let clock = if clock.ends_with(":00") { clock.trim_end_matches(":00") } else { &clock };
        // The wall shows the hour that a clock change repeats twice.
        let again = if hour.span.name.ends_with("again") { "+" } else { "" };
        let clock = format!("{clock}{again}");
        let label = if self.hour == Some(hour.span.start) { Role::OnAccent } else { Role::Faint };
        let (sign, style) = self.sign(hour);
        let count = (self.count(hour), self.count_style(hour));
        let lines = match area.height {
            0 => return,
            1 if self.hour == Some(hour.span.start) => vec![(sign, self.look.style(Role::OnAccent))],
            1 => vec![(sign, style)],
            2 => vec![(sign, style), (clock, self.look.style(label))],
            _ => vec![count, (sign, style), (clock, self.look.style(label))],
        };
        for (y, (words, style)) in (area.y..area.bottom()).zip(lines) {
            ink::put_right(buf, area.right(), y, area.width, &words, style);
        }
    }

    /// What was done, or what is to be done.
    fn count(&self, hour: &ProcessRow) -> String {
        match hour.phase {
            RowPhase::Ahead => hour.standing.required.to_string(),
            _ => hour.standing.completed.to_string(),
        }
    }

    fn count_style(&self, hour: &ProcessRow) -> Style {
        self.look.style(match hour.phase {
            RowPhase::Open => Role::Title,
            RowPhase::Closed => Role::Text,
            RowPhase::Ahead => Role::Faint,
        })
    }

    /// Whether all of it is done; how much of it is not.
    fn sign(&self, hour: &ProcessRow) -> (String, Style) {
        let left = hour.standing.outstanding;
        let (sign, role) = match hour.phase {
            RowPhase::Ahead => ("·".to_owned(), Role::Faint),
            RowPhase::Closed if !hour.told.recorded && hour.standing.required > 0 => ("?".to_owned(), Role::Due),
            _ if left == 0 => ("✓".to_owned(), Role::Text),
            RowPhase::Open => (format!("-{left}"), Role::Title),
            RowPhase::Closed => (format!("-{left}"), Role::Concern),
        };
        (sign, self.look.style(role))
    }
}
