//! The safety cross of a harm: a month of days in the shape of a cross, each filled with one key.

use chrono::{Datelike, Days, Months, NaiveDate};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::{Around, Overlay, Took, panel, panel_style};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::look::{Look, Role};
use crate::app::model::Model;
use crate::base::text;
use crate::domain::MeasureId;
use crate::domain::cross::{Cell, CrossState, Fill, NOT_A_REPORT};
use crate::tui::widgets::ink;

/// The rows of the cross: the columns that they begin at, and how many days each has.
const ROWS: [(u16, u32); 7] = [(2, 3), (2, 3), (0, 7), (0, 7), (0, 7), (2, 3), (2, 1)];
const COLUMNS: u16 = 7;

/// The cross as it is being filled.
pub(crate) struct Cross {
    measure: MeasureId,
    day: NaiveDate,
    turn: Option<u64>,
    refused: Option<String>,
    waiting: bool,
    /// Whether an event was entered since the cross was opened.
    entered: bool,
}

impl Cross {
    /// The cross of a measure, on today.
    pub(crate) fn new(measure: MeasureId, model: &Model) -> Self {
        Self { measure, day: model.today(), turn: None, refused: None, waiting: false, entered: false }
    }

    fn first(&self) -> NaiveDate {
        self.day.with_day(1).unwrap_or(self.day)
    }

    fn read(&self) -> Effect {
        Effect::ReadCross(self.measure, self.first())
    }

    /// Goes to another day, but not beyond today.
    fn go(&mut self, to: Option<NaiveDate>, model: &Model) -> Vec<Effect> {
        let before = self.first();
        self.day = to.unwrap_or(self.day).min(model.today());
        self.refused = None;
        if self.first() == before { Vec::new() } else { vec![self.read()] }
    }

    /// The day above or below on the cross, in the same month.
    fn vertical(&self, down: bool) -> Option<NaiveDate> {
        let (column, row) = place(self.day.day());
        let row = if down { row + 1 } else { row.checked_sub(1)? };
        let (from, count) = *ROWS.get(usize::from(row))?;
        let at = u32::from(column.saturating_sub(from)).min(count - 1);
        let before: u32 = ROWS.iter().take(usize::from(row)).map(|(_, count)| count).sum();
        self.day.with_day(before + at + 1)
    }

    fn fill(&mut self, fill: Fill, model: &Model) -> Vec<Effect> {
        self.refused = None;
        let Some(measure) = model.measure(self.measure) else { return vec![Effect::Close] };
        let Some(cell) = self.cells(model).iter().find(|cell| cell.day == self.day) else { return Vec::new() };
        match cell.fill(measure, fill) {
            Ok(edits) if edits.is_empty() => Vec::new(),
            Ok(edits) => {
                self.waiting = true;
                self.entered |= fill == Fill::Event;
                let words = format!("Cross of {}, {}: {}", measure.name, self.day.format("%-d %b"), fill.words());
                vec![Effect::Commit { words, edits }]
            }
            Err(failure) => {
                self.refused = Some(failure.to_string());
                Vec::new()
            }
        }
    }

    fn cells<'m>(&self, model: &'m Model) -> &'m [Cell] {
        let month = model.cross.as_ref().filter(|month| month.measure == self.measure && month.first == self.first());
        month.map_or(&[], |month| &month.cells)
    }

    /// What is said under the cross.
    fn words(&self, model: &Model) -> Vec<(String, Role)> {
        let mut words = Vec::new();
        if let Some(refused) = &self.refused {
            words.push((refused.clone(), Role::Error));
        }
        let last = model.cross.as_ref().and_then(|month| month.last);
        words.push(match last {
            Some(last) => {
                let days = (model.today() - last).num_days();
                let since = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
                (format!("{since} since the last event. The chart says whether that is unusual."), Role::Text)
            }
            None => ("No event is recorded.".to_owned(), Role::Text),
        });
        let open =
            self.cells(model).iter().filter(|cell| cell.state == CrossState::Unrecorded && cell.day <= model.today());
        match open.count() {
            0 => {}
            1 => words.push(("1 day is not recorded: it is not taken for a day without harm.".to_owned(), Role::Due)),
            days => words.push((
                format!("{days} days are not recorded: none of them is taken for a day without harm."),
                Role::Due,
            )),
        }
        words.push((NOT_A_REPORT.to_owned(), if self.entered { Role::Due } else { Role::Dim }));
        words
    }
}

/// The column and the row of a day of the month.
fn place(day: u32) -> (u16, u16) {
    let mut left = day.saturating_sub(1);
    for (row, (from, count)) in (0_u16..).zip(ROWS) {
        if left < count {
            return (from + u16::try_from(left).unwrap_or(0), row);
        }
        left -= count;
    }
    (0, 0)
}

/// The sign of a state, and how it is meant.
fn sign(state: CrossState, ascii: bool) -> (String, Role) {
    match (state, ascii) {
        (CrossState::None, false) => ("✓".to_owned(), Role::Improvement),
        (CrossState::None, true) => ("ok".to_owned(), Role::Improvement),
        (CrossState::Event(1), false) => ("▲".to_owned(), Role::Concern),
        (CrossState::Event(1), true) => ("X".to_owned(), Role::Concern),
        (CrossState::Event(count), false) => (format!("▲ {count}"), Role::Concern),
        (CrossState::Event(count), true) => (format!("X {count}"), Role::Concern),
        (CrossState::Near, false) => ("◇".to_owned(), Role::Due),
        (CrossState::Near, true) => ("o".to_owned(), Role::Due),
        (CrossState::Unrecorded, _) => ("?".to_owned(), Role::Faint),
    }
}

impl Overlay for Cross {
    fn key(&mut self, key: Key, around: &Around<'_>) -> Took {
        let model = around.model;
        let one = Days::new(1);
        Took::Key(match key.code {
            Code::Esc => vec![Effect::Close],
            Code::Left | Code::Char('h') => self.go(self.day.checked_sub_days(one), model),
            Code::Right | Code::Char('l') => self.go(self.day.checked_add_days(one), model),
            Code::Up | Code::Char('k') => self.go(self.vertical(false), model),
            Code::Down | Code::Char('j') => self.go(self.vertical(true), model),
            Code::Char('[') | Code::PageUp => self.go(self.day.checked_sub_months(Months::new(1)), model),
            Code::Char(']') | Code::PageDown => self.go(self.day.checked_add_months(Months::new(1)), model),
            Code::Char('n' | ' ' | '0') => self.fill(Fill::None, model),
            Code::Char('+' | 'e') => self.fill(Fill::Event, model),
            Code::Char('p') => self.fill(Fill::Near, model),
            Code::Char('-') | Code::Backspace => self.fill(Fill::Back, model),
            Code::Enter => vec![Effect::Close, Effect::ShowChart(self.measure)],
            _ => return Took::Nothing,
        })
    }

    fn refresh(&mut self, model: &Model) -> Vec<Effect> {
        if self.turn.replace(model.turn) == Some(model.turn) { Vec::new() } else { vec![self.read()] }
    }

    fn is_waiting(&self) -> bool {
        self.waiting
    }

    fn written(&mut self, failure: Option<&str>, _model: &Model) -> Vec<Effect> {
        self.waiting = false;
        self.refused = failure.map(str::to_owned);
        vec![self.read()]
    }

    fn view(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let Some(measure) = model.measure(self.measure) else { return };
        let width = if area.width >= 110 { 12 } else { 8 }.min(area.width.saturating_sub(6) / COLUMNS).max(4);
        let inner = usize::from((width * COLUMNS).max(60).min(area.width.saturating_sub(4)));
        let words: Vec<(String, Role)> = self
            .words(model)
            .into_iter()
            .flat_map(|(words, role)| text::wrap(&words, inner).into_iter().map(move |line| (line, role)))
            .collect();
        let said = u16::try_from(words.len()).unwrap_or(4) + 2;
        let deep = self.cells(model).last().map_or(7, |cell| place(cell.day.day()).1 + 1);
        let tall = (area.height.saturating_sub(said + 5) / deep).clamp(1, 4);
        let rows = tall * deep + said + 5;
        let title = format!("Safety cross · {} · {}", measure.name, self.day.format("%B %Y"));
        let inside = panel(look, area, u16::try_from(inner).unwrap_or(60) + 4, rows, &title, buf);
        let left = inside.x + inside.width.saturating_sub(width * COLUMNS) / 2;
        for cell in self.cells(model) {
            let (column, row) = place(cell.day.day());
            let place = Rect {
                x: left + column * width,
                y: inside.y + row * tall,
                width: width.saturating_sub(1),
                height: if tall > 1 { tall - 1 } else { 1 },
            };
            self.cell(cell, model, look, place.intersection(inside), buf);
        }
        let legend = inside.y + tall * deep;
        let mut at = inside.x;
        let near = if inside.width >= 64 { "on admission, near miss" } else { "near miss" };
        for (state, words) in [
            (CrossState::None, "none"),
            (CrossState::Event(1), "event"),
            (CrossState::Near, near),
            (CrossState::Unrecorded, "not recorded"),
        ] {
            let (sign, role) = sign(state, look.ascii);
            let room = inside.right().saturating_sub(at);
            at = ink::put(buf, at, legend, room, &sign, panel_style(look, role).add_modifier(Modifier::BOLD)) + 1;
            at = ink::put(buf, at, legend, inside.right().saturating_sub(at), words, panel_style(look, Role::Dim)) + 3;
        }
        for (y, (words, role)) in (legend + 2..inside.bottom()).zip(&words) {
            ink::put(buf, inside.x, y, inside.width, words, panel_style(look, *role));
        }
    }

    fn hints(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("n", "none"),
            ("+", "event"),
            ("p", "on admission, near miss"),
            ("-", "take back"),
            ("[ ]", "month"),
            ("Enter", "chart"),
            ("Esc", "leave"),
        ]
    }
}

impl Cross {
    fn cell(&self, cell: &Cell, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let (sign, role) = sign(cell.state, look.ascii);
        let ahead = cell.day > model.today();
        let here = cell.day == self.day;
        let ground = if here { look.style(Role::Selected) } else { look.style(Role::Ground) };
        ink::clear(buf, area, ground);
        let on = |role: Role| -> Style { ground.patch(look.style(role)) };
        let number = if here { on(Role::Accent).add_modifier(Modifier::BOLD) } else { on(Role::Dim) };
        ink::put(buf, area.x + 1, area.y, 2, &cell.day.day().to_string(), if ahead { on(Role::Faint) } else { number });
        if ahead {
            return;
        }
        let style = on(role).add_modifier(Modifier::BOLD);
        let y = area.y + area.height / 2;
        let wide = u16::try_from(text::width(&sign)).unwrap_or(1);
        let x = if area.height == 1 {
            area.right().saturating_sub(wide + 1)
        } else {
            area.x + area.width.saturating_sub(wide) / 2
        };
        ink::put(buf, x.max(area.x + 3), y, wide, &sign, style);
    }
}
