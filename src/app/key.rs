//! A key as a person names it: `a`, `Ctrl-r`, `Enter`; the same on every platform.

use std::fmt;

/// One key press. Shift is part of the character; releases never come this far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    /// What was pressed.
    pub code: Code,
    /// Whether Control was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
}

/// The keys that the program knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character, with Shift already in it.
    Char(char),
    /// The Enter key.
    Enter,
    /// The Escape key.
    Esc,
    /// The Tab key.
    Tab,
    /// Tab with Shift.
    BackTab,
    /// The Backspace key.
    Backspace,
    /// The Delete key.
    Delete,
    /// The Insert key.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// The Home key.
    Home,
    /// The End key.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key.
    F(u8),
}

/// The names of the keys that are no character.
const NAMES: [(&str, Code); 15] = [
    ("Enter", Code::Enter),
    ("Esc", Code::Esc),
    ("Tab", Code::Tab),
    ("Shift-Tab", Code::BackTab),
    ("Backspace", Code::Backspace),
    ("Delete", Code::Delete),
    ("Insert", Code::Insert),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PageUp", Code::PageUp),
    ("PageDown", Code::PageDown),
];

impl Key {
    /// A key without Control or Alt.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false }
    }

    /// The key of this name, as the keymap writes it.
    pub fn parse(name: &str) -> Option<Self> {
        let (ctrl, rest) = match name.strip_prefix("Ctrl-") {
            Some(rest) => (true, rest),
            None => (false, name),
        };
        let (alt, rest) = match rest.strip_prefix("Alt-") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let named = NAMES.iter().find(|(known, _)| *known == rest).map(|(_, code)| *code);
        let code = named.or_else(|| if rest == "Space" { Some(Code::Char(' ')) } else { None }).or_else(|| {
            let mut letters = rest.chars();
            match (letters.next()?, letters.as_str()) {
                (letter, "") => Some(Code::Char(letter)),
                ('F', number) => number.parse().ok().filter(|number| (1..=12).contains(number)).map(Code::F),
                _ => None,
            }
        })?;
        Some(Self { code, ctrl, alt })
    }

    /// The character that it types into a text field.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(letter) if !self.ctrl && !self.alt => Some(letter),
            _ => None,
        }
    }

    /// The name for the key line, short: `↵` for Enter where the terminal has it.
    pub fn short(self, ascii: bool) -> String {
        match self.code {
            Code::Enter if !ascii => "↵".to_owned(),
            Code::Up if !ascii => "↑".to_owned(),
            Code::Down if !ascii => "↓".to_owned(),
            Code::Left if !ascii => "←".to_owned(),
            Code::Right if !ascii => "→".to_owned(),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("Ctrl-")?;
        }
        if self.alt {
            f.write_str("Alt-")?;
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(letter) => write!(f, "{letter}"),
            Code::F(number) => write!(f, "F{number}"),
            code => f.write_str(NAMES.iter().find(|(_, known)| *known == code).map_or("?", |(name, _)| name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_reads_back_from_its_name() {
        for name in ["a", "A", "?", "Ctrl-r", "Enter", "Space", "Shift-Tab", "F1", "Alt-x", "+", "F"] {
            assert_eq!(Key::parse(name).map(|key| key.to_string()).as_deref(), Some(name));
        }
        assert_eq!(Key::parse("F13"), None);
        assert_eq!(Key::parse("Entr"), None);
    }
}
