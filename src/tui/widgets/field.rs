//! A field that text is typed into, of one line or several.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use ratatui_textarea::{CursorMove, Input, Key as TextKey, TextArea, WrapMode};

use crate::app::key::{Code, Key};
use crate::base::text;

/// A field of text with its cursor.
pub struct Field {
    area: TextArea<'static>,
    several_lines: bool,
    /// Whether the first letter typed replaces what stands there, as in a field that is all selected.
    replaces: bool,
}

impl Field {
    /// A field of one line.
    pub fn line(value: &str) -> Self {
        Self::with(vec![value.replace('\n', " ")], false)
    }

    /// A field of several lines.
    pub fn lines(value: &str) -> Self {
        Self::with(value.split('\n').map(str::to_owned).collect(), true)
    }

    fn with(lines: Vec<String>, several_lines: bool) -> Self {
        let mut area = TextArea::new(lines);
        area.set_cursor_line_style(Style::new());
        area.set_max_histories(200);
        if several_lines {
            area.set_wrap_mode(WrapMode::WordOrGlyph);
        }
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, several_lines, replaces: false }
    }

    /// The same field, all of it selected: the first letter typed replaces it, moving keeps it.
    #[must_use]
    pub fn selected(mut self) -> Self {
        self.replaces = !self.text().is_empty();
        self
    }

    /// What stands in it.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Puts other text into it.
    pub fn set(&mut self, value: &str) {
        *self = if self.several_lines {
            Self::lines(&text::clean_lines(value))
        } else {
            Self::line(&text::clean_line(value))
        };
        self.focus(true);
    }

    /// Whether it takes several lines.
    pub fn takes_lines(&self) -> bool {
        self.several_lines
    }

    /// Offers it a key; whether it took it. Enter, Tab, Escape and, in a field of one line, the
    /// vertical arrows are left to whoever owns the field.
    pub fn key(&mut self, key: Key) -> bool {
        let Some(input) = input(key, self.several_lines) else { return false };
        let changes = key.typed().is_some() || matches!(key.code, Code::Backspace | Code::Delete);
        if std::mem::take(&mut self.replaces) && changes {
            self.set("");
        }
        self.area.input(input);
        true
    }

    /// Inserts pasted text, cleaned; a field of one line takes line feeds as spaces.
    pub fn paste(&mut self, pasted: &str) {
        let clean = if self.several_lines { text::clean_lines(pasted) } else { text::clean_line(pasted) };
        if std::mem::take(&mut self.replaces) {
            self.set("");
        }
        self.area.insert_str(clean);
    }

    /// Shows or hides its cursor.
    pub fn focus(&mut self, focused: bool) {
        self.area.set_cursor_style(if focused { Style::new().add_modifier(Modifier::REVERSED) } else { Style::new() });
    }

    /// Draws it in this style.
    pub fn view(&self, area: Rect, buf: &mut Buffer, style: Style) {
        let area = area.intersection(*buf.area());
        if area.is_empty() {
            return;
        }
        (&self.area).render(area, buf);
        buf.set_style(area, style);
        if self.replaces {
            let wide = u16::try_from(text::width(&self.text())).unwrap_or(area.width).min(area.width);
            buf.set_style(Rect { width: wide, ..area }, Style::new().add_modifier(Modifier::REVERSED));
        }
    }
}

fn input(key: Key, several_lines: bool) -> Option<Input> {
    let text_key = match key.code {
        Code::Char(letter) => TextKey::Char(letter),
        Code::Backspace => TextKey::Backspace,
        Code::Delete => TextKey::Delete,
        Code::Left => TextKey::Left,
        Code::Right => TextKey::Right,
        Code::Home => TextKey::Home,
        Code::End => TextKey::End,
        Code::Up if several_lines => TextKey::Up,
        Code::Down if several_lines => TextKey::Down,
        Code::Enter if several_lines => TextKey::Enter,
        _ => return None,
    };
    Some(Input { key: text_key, ctrl: key.ctrl, alt: key.alt, shift: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_newline_never_submits_and_never_breaks_a_single_line() {
        let mut field = Field::line("falls ");
        field.paste("2\n#bay\u{1b}[31m 3\r\n");
        assert_eq!(field.text(), "falls 2 #bay[31m 3");
        assert!(!field.key(Key::plain(Code::Enter)), "Enter belongs to the form");
    }

    #[test]
    fn the_first_letter_replaces_a_value_that_is_selected_and_moving_keeps_it() {
        let typed = |keys: &[Code]| {
            let mut field = Field::line("24").selected();
            keys.iter().for_each(|code| assert!(field.key(Key::plain(*code))));
            field.text()
        };
        assert_eq!(typed(&[Code::Char('4')]), "4");
        assert_eq!(typed(&[Code::Backspace]), "");
        assert_eq!(typed(&[Code::End, Code::Char('0')]), "240");
    }
}
