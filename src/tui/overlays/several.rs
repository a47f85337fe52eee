//! A field of a form of which any number of words can be chosen.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::panel_style;
use crate::app::key::Code;
use crate::app::look::{Look, Role};
use crate::base::text;
use crate::tui::widgets::ink;

/// What a key does to a field of several words: a digit or Space takes one in or out, the arrows move the
/// mark. Returns whether anything was taken in or out.
pub(super) fn key(held: &mut [bool], mark: &mut usize, code: Code) -> bool {
    let last = held.len().saturating_sub(1);
    match code {
        Code::Left => *mark = mark.saturating_sub(1),
        Code::Right => *mark = (*mark + 1).min(last),
        Code::Char(' ') => {
            if let Some(held) = held.get_mut(*mark) {
                *held = !*held;
                return true;
            }
        }
        Code::Char(digit) => {
            let place = digit.to_digit(10).and_then(|digit| usize::try_from(digit).ok()?.checked_sub(1));
            if let Some((place, held)) = place.and_then(|place| Some((place, held.get_mut(place)?))) {
                (*held, *mark) = (!*held, place);
                return true;
            }
        }
        _ => {}
    }
    false
}

/// The words of a field of several, each with its digit and whether it is in.
pub(super) fn row(words: &[&str], held: &[bool], mark: Option<usize>, look: &Look, area: Rect, buf: &mut Buffer) {
    if mark.is_none() {
        let chosen = words.iter().zip(held).filter(|(_, held)| **held).map(|(word, _)| *word);
        let shown = chosen.collect::<Vec<_>>().join(", ");
        ink::put(buf, area.x, area.y, area.width, &shown, panel_style(look, Role::Text));
        return;
    }
    let (mut at, mut y) = (area.x, area.y);
    for (place, (word, held)) in words.iter().zip(held).enumerate() {
        let sign = match (*held, look.ascii) {
            (true, false) => "✓",
            (true, true) => "+",
            (false, _) => "",
        };
        let role = if *held { Role::Title } else { Role::Dim };
        let style = panel_style(look, role);
        let style = if mark == Some(place) { style.patch(look.style(Role::Selected)) } else { style };
        let words = format!("{}{sign}{word}", place + 1);
        let wide = u16::try_from(text::width(&words)).unwrap_or(area.width);
        if at + wide > area.right() && y + 1 < area.bottom() {
            (at, y) = (area.x, y + 1);
        }
        at = ink::put(buf, at, y, area.right().saturating_sub(at), &words, style) + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digit_or_space_takes_a_word_in_or_out_and_arrows_stay_within() {
        let (mut held, mut mark) = (vec![false; 3], 0);
        assert!(key(&mut held, &mut mark, Code::Char('2')));
        assert_eq!((held.as_slice(), mark), (&[false, true, false][..], 1));
        for code in [Code::Right, Code::Right, Code::Right] {
            assert!(!key(&mut held, &mut mark, code));
        }
        assert!(key(&mut held, &mut mark, Code::Char(' ')));
        assert!(key(&mut held, &mut mark, Code::Char('2')));
        assert!(!key(&mut held, &mut mark, Code::Char('7')));
        assert_eq!(held, [false, false, true]);
    }
}
