//! A page of labelled lines, longer than the screen may be: made once, drawn from any line on.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::ink;
use crate::app::look::{Look, Role};
use crate::base::text;

/// Words in a line: from which column on, and what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Part {
    column: u16,
    words: String,
    role: Role,
    bold: bool,
}

/// A page of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    width: u16,
    lines: Vec<Vec<Part>>,
}

/// How wide the labels are.
const LABELS: u16 = 14;
/// The widest that text runs: longer lines lose the eye.
const WIDEST: u16 = 104;

impl Page {
    /// An empty page of this width.
    pub fn new(width: u16) -> Self {
        Self { width: width.min(WIDEST), lines: Vec::new() }
    }

    /// How many lines it has.
    pub fn height(&self) -> u16 {
        u16::try_from(self.lines.len()).unwrap_or(u16::MAX)
    }

    /// How wide its lines may be.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// A line without words.
    pub fn space(&mut self) {
        self.lines.push(Vec::new());
    }

    /// Words one after the other in one line, from a column on.
    pub fn flow(&mut self, column: u16, parts: &[(&str, Role)]) {
        self.lines.push(Vec::new());
        self.add(column, parts);
    }

    /// Words over the lines that follow, with weight.
    pub fn heading(&mut self, words: &str, role: Role) {
        self.lines.push(vec![Part { column: 0, words: words.to_owned(), role, bold: true }]);
    }

    /// Words in the last line, one after the other, from a column on.
    pub fn add(&mut self, column: u16, parts: &[(&str, Role)]) {
        let Some(line) = self.lines.last_mut() else { return };
        let mut column = column;
        for (words, role) in parts {
            line.push(Part { column, words: (*words).to_owned(), role: *role, bold: false });
            column = column.saturating_add(cells(words));
        }
    }

    /// A text of any length, broken into lines from a column on.
    pub fn text(&mut self, column: u16, words: &str, role: Role) {
        for line in text::wrap(words, usize::from(self.width.saturating_sub(column)).max(8)) {
            self.flow(column, &[(line.as_str(), role)]);
        }
    }

    /// A label with its text, and something that stands aside on the right: in the same line where
    /// there is room, below where there is none.
    pub fn field(&mut self, label: &str, words: &str, role: Role, aside: &str) {
        let first = self.lines.len();
        self.text(LABELS, words, role);
        if let Some(line) = self.lines.get_mut(first) {
            line.insert(0, Part { column: 0, words: label.to_owned(), role: Role::Dim, bold: false });
        }
        if aside.is_empty() {
            return;
        }
        let used =
            self.lines.get(first).and_then(|line| line.last()).map_or(0, |part| part.column + cells(&part.words));
        let column = self.width.saturating_sub(cells(aside));
        let part = Part { column, words: aside.to_owned(), role: Role::Faint, bold: false };
        match self.lines.get_mut(first) {
            Some(line) if used + 2 <= column => line.push(part),
            _ => self.lines.push(vec![Part { column: LABELS, ..part }]),
        }
    }

    /// A label before whatever follows in the same line by [`Page::add`].
    pub fn label(&mut self, label: &str) {
        self.flow(0, &[(label, Role::Dim)]);
    }

    /// The column at which the text behind a label starts.
    pub fn behind_labels(&self) -> u16 {
        LABELS
    }

    /// Draws it from line `top` on, no further down than makes sense. Returns the line from which
    /// it was drawn.
    pub fn draw(&self, look: &Look, area: Rect, top: u16, buf: &mut Buffer) -> u16 {
        let top = top.min(self.height().saturating_sub(area.height));
        for (y, line) in (area.top()..area.bottom()).zip(self.lines.iter().skip(usize::from(top))) {
            for part in line {
                let room = area.width.saturating_sub(part.column);
                let weight = if part.bold { Modifier::BOLD } else { Modifier::empty() };
                let style = look.style(part.role).add_modifier(weight);
                ink::put(buf, area.x.saturating_add(part.column), y, room, &part.words, style);
            }
        }
        let below = self.height().saturating_sub(top.saturating_add(area.height));
        if below > 0 && area.height > 0 {
            let words = format!(" ↓ {below} {} more", if below == 1 { "line" } else { "lines" });
            // The marker has its place to itself: words under it would run into it.
            let wide = u16::try_from(text::width(&words)).unwrap_or(20).min(area.width);
            let place = Rect { x: area.right() - wide, y: area.bottom() - 1, width: wide, height: 1 };
            ink::blank(buf, place);
            ink::put_right(buf, area.right(), area.bottom() - 1, 20, &words, look.style(Role::Faint));
        }
        top
    }

    /// Its words alone, to be copied.
    pub fn words(&self) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let mut text = String::new();
            for part in line {
                let gap = usize::from(part.column).saturating_sub(text::width(&text));
                text.extend(std::iter::repeat_n(' ', gap));
                text.push_str(&part.words);
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out.trim_end().to_owned()
    }
}

fn cells(words: &str) -> u16 {
    u16::try_from(text::width(words)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_before_its_text_and_long_text_goes_on_below() {
        let mut page = Page::new(30);
        page.field("Question 1", "does it take any longer", Role::Text, "");
        page.field("Prediction", "no", Role::Text, "locked");
        assert_eq!(
            page.words(),
            "Question 1    does it take any\n              longer\nPrediction    no        locked"
        );
    }

    #[test]
    fn a_page_is_never_scrolled_past_its_end() {
        let mut page = Page::new(20);
        for _ in 0..10 {
            page.flow(0, &[("line", Role::Text)]);
        }
        let area = Rect::new(0, 0, 20, 4);
        let mut buf = Buffer::empty(area);
        assert_eq!(page.draw(&Look::dark(), area, 99, &mut buf), 6);
        assert_eq!(page.draw(&Look::dark(), Rect::new(0, 0, 20, 40), 5, &mut buf), 0);
    }
}
