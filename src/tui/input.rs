//! The input thread: waits for the keyboard without ever waking for nothing.

use std::sync::mpsc::{Receiver, Sender};
use std::thread;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind, read};

use super::worker::Message;
use crate::app::key::{Code, Key};

/// Something that a person did at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// A key was pressed, or repeated.
    Key(Key),
    /// Text was pasted.
    Paste(String),
    /// The mouse was pressed on this cell: column and row.
    Pointed(u16, u16),
    /// The wheel was turned, down or up.
    Wheel(bool),
    /// The terminal has another size.
    Resized,
}

/// A paste is cut here: nothing on the board holds more.
const PASTE_AT_MOST: usize = 64 * 1024;

/// Reads the keyboard until the terminal is gone.
///
/// After a key that may start another program (`may_lend`) the thread waits at `gate` until the loop
/// has carried it out: nobody else can then read the keyboard away from that program, and nothing has
/// to poll.
pub(crate) fn spawn(to: Sender<Message>, gate: Receiver<()>, may_lend: impl Fn(Key) -> bool + Send + 'static) {
    thread::spawn(move || {
        loop {
            let input = match read() {
                Ok(event) => translate(event),
                Err(_) => {
                    let _ = to.send(Message::TerminalGone);
                    return;
                }
            };
            let Some(input) = input else { continue };
            let waits = matches!(input, Input::Key(key) if may_lend(key));
            if to.send(Message::Input(input, waits)).is_err() {
                return;
            }
            if waits && gate.recv().is_err() {
                return;
            }
        }
    });
}

/// An event in the program's own words: releases are dropped, Shift is part of the character.
pub(crate) fn translate(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Input::Key),
        Event::Paste(text) => {
            let mut text = text;
            let mut cut = text.len().min(PASTE_AT_MOST);
            while !text.is_char_boundary(cut) {
                cut -= 1;
            }
            text.truncate(cut);
            Some(Input::Paste(text))
        }
        Event::Resize(..) => Some(Input::Resized),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Input::Pointed(mouse.column, mouse.row)),
            MouseEventKind::ScrollDown => Some(Input::Wheel(true)),
            MouseEventKind::ScrollUp => Some(Input::Wheel(false)),
            _ => None,
        },
        _ => None,
    }
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    let shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let code = match key.code {
        // Some terminals report a shifted letter as the small one with Shift beside it.
        KeyCode::Char(letter) if shift && letter.is_lowercase() => {
            Code::Char(letter.to_uppercase().next().unwrap_or(letter))
        }
        KeyCode::Char(letter) => Code::Char(letter),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab if shift => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(Key { code, ctrl, alt })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_is_let_go_is_not_pressed_again() {
        let mut event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        assert_eq!(translate(Event::Key(event)), Some(Input::Key(Key::plain(Code::Char('a')))));
        event.kind = KeyEventKind::Release;
        assert_eq!(translate(Event::Key(event)), None);
    }

    #[test]
    fn shift_is_part_of_the_letter_on_every_platform() {
        for (letter, modifiers) in [('a', KeyModifiers::SHIFT), ('A', KeyModifiers::SHIFT), ('A', KeyModifiers::NONE)] {
            let event = KeyEvent::new(KeyCode::Char(letter), modifiers);
            assert_eq!(translate(Event::Key(event)), Some(Input::Key(Key::plain(Code::Char('A')))));
        }
    }

    #[test]
    fn a_huge_paste_is_cut_and_never_through_a_letter() {
        let Some(Input::Paste(text)) = translate(Event::Paste("é".repeat(100_000))) else {
            panic!("a paste stays a paste")
        };
        assert!(text.len() <= PASTE_AT_MOST && text.chars().all(|letter| letter == 'é'));
    }
}
