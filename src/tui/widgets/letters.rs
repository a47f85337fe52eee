//! Words in letters that are three rows high, or five: names and verdicts for the other side of the room.
//! Capitals only, because they are read from further away.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::ink;
use crate::app::look::Look;
use crate::base::text;

/// The letters: five rows of dots, the leftmost first.
const LETTERS: &[(char, [&str; 5])] = &[
    ('A', ["###", "#.#", "###", "#.#", "#.#"]),
    ('B', ["##.", "#.#", "##.", "#.#", "##."]),
    ('C', ["###", "#..", "#..", "#..", "###"]),
    ('D', ["##.", "#.#", "#.#", "#.#", "##."]),
    ('E', ["###", "#..", "##.", "#..", "###"]),
    ('F', ["###", "#..", "##.", "#..", "#.."]),
    ('G', ["####", "#...", "#.##", "#..#", "####"]),
    ('H', ["#.#", "#.#", "###", "#.#", "#.#"]),
    ('I', ["#", "#", "#", "#", "#"]),
    ('J', ["..#", "..#", "..#", "#.#", "###"]),
    ('K', ["#..#", "#.#.", "##..", "#.#.", "#..#"]),
    ('L', ["#..", "#..", "#..", "#..", "###"]),
    ('M', ["#...#", "##.##", "#.#.#", "#...#", "#...#"]),
    ('N', ["#..#", "##.#", "#.##", "#..#", "#..#"]),
    ('O', ["###", "#.#", "#.#", "#.#", "###"]),
    ('P', ["###", "#.#", "###", "#..", "#.."]),
    ('Q', ["###.", "#.#.", "#.#.", "###.", "..##"]),
    ('R', ["##.", "#.#", "##.", "#.#", "#.#"]),
    ('S', ["###", "#..", "###", "..#", "###"]),
    ('T', ["###", ".#.", ".#.", ".#.", ".#."]),
    ('U', ["#.#", "#.#", "#.#", "#.#", "###"]),
    ('V', ["#.#", "#.#", "#.#", "#.#", ".#."]),
    ('W', ["#...#", "#...#", "#.#.#", "##.##", "#...#"]),
    ('X', ["#.#", "#.#", ".#.", "#.#", "#.#"]),
    ('Y', ["#.#", "#.#", ".#.", ".#.", ".#."]),
    ('Z', ["###", "..#", ".#.", "#..", "###"]),
    ('0', ["###", "#.#", "#.#", "#.#", "###"]),
    ('1', [".#.", "##.", ".#.", ".#.", "###"]),
    ('2', ["###", "..#", "###", "#..", "###"]),
    ('3', ["###", "..#", ".##", "..#", "###"]),
    ('4', ["#.#", "#.#", "###", "..#", "..#"]),
    ('5', ["###", "#..", "###", "..#", "###"]),
    ('6', ["###", "#..", "###", "#.#", "###"]),
    ('7', ["###", "..#", "..#", "..#", "..#"]),
    ('8', ["###", "#.#", "###", "#.#", "###"]),
    ('9', ["###", "#.#", "###", "..#", "###"]),
    ('.', [".", ".", ".", ".", "#"]),
    (',', ["..", "..", "..", ".#", "#."]),
    (':', [".", "#", ".", "#", "."]),
    ('-', ["...", "...", "###", "...", "..."]),
    ('–', ["...", "...", "###", "...", "..."]),
    ('/', ["..#", "..#", ".#.", "#..", "#.."]),
    ('%', ["##..#", "##.#.", "..#..", ".#.##", "#..##"]),
    ('(', [".#", "#.", "#.", "#.", ".#"]),
    (')', ["#.", ".#", ".#", ".#", "#."]),
    ('+', ["...", ".#.", "###", ".#.", "..."]),
    ('\'', ["#", "#", ".", ".", "."]),
    ('’', ["#", "#", ".", ".", "."]),
    ('&', [".#..", "#.#.", ".#..", "#.#.", ".#.#"]),
    ('=', ["...", "###", "...", "###", "..."]),
    ('?', ["###", "..#", ".##", "...", ".#."]),
    ('!', ["#", "#", "#", ".", "#"]),
    ('≤', ["..#", ".#.", "#..", ".#.", "###"]),
    ('≥', ["#..", ".#.", "..#", ".#.", "###"]),
    ('·', [".", ".", "#", ".", "."]),
    (' ', ["..", "..", "..", "..", ".."]),
    ('e', ["...", "###", "#.#", "##.", "###"]),
    ('d', ["..#", "..#", "###", "#.#", "###"]),
];

/// How large letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// The terminal's own: one row.
    Plain,
    /// Three rows: a dot is half a cell high.
    Three,
    /// Five rows: a dot is two cells wide.
    Five,
}

impl Size {
    /// How many rows they take.
    #[must_use]
    pub fn rows(self) -> u16 {
        match self {
            Self::Plain => 1,
            Self::Three => 3,
            Self::Five => 5,
        }
    }

    /// The largest size, up to this one, in which the words fit into so many cells and rows. ASCII has no half
    /// cells, and so no letters of three rows.
    #[must_use]
    pub fn fitting(self, words: &str, width: u16, height: u16, look: &Look) -> Self {
        let fits =
            |size: Self| size <= self && size.rows() <= height && cells(words, size).is_some_and(|wide| wide <= width);
        match () {
            () if fits(Self::Five) => Self::Five,
            () if fits(Self::Three) && !look.ascii => Self::Three,
            () => Self::Plain,
        }
    }
}

/// The rows of a letter's dots: `#` for each, something else for none.
type Dots = &'static [&'static str; 5];

/// A letter as it is; few small ones are known.
pub(super) fn exactly(letter: char) -> Option<Dots> {
    LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, rows)| rows)
}

fn dots(letter: char) -> Option<Dots> {
    exactly(letter.to_uppercase().next().unwrap_or(letter))
}

/// Letters of dots that are `size` rows high and twice as many cells wide, which makes them about square. Returns
/// the column after them.
pub(super) fn blocks(
    letters: impl Iterator<Item = Dots>,
    size: u16,
    area: Rect,
    style: Style,
    look: &Look,
    buf: &mut Buffer,
) -> u16 {
    let sign = if look.ascii { "#" } else { "█" };
    let mut x = area.x;
    for rows in letters {
        for (row, line) in (0_u16..).zip(rows) {
            for (column, _) in (0_u16..).zip(line.bytes()).filter(|(_, dot)| *dot == b'#') {
                let from = x.saturating_add(column * size * 2);
                let dot = Rect { x: from, y: area.y + row * size, width: size * 2, height: size }.intersection(area);
                for (y, x) in (dot.top()..dot.bottom()).flat_map(|y| (dot.left()..dot.right()).map(move |x| (y, x))) {
                    ink::put(buf, x, y, 1, sign, style);
                }
            }
        }
        x = x.saturating_add(u16::try_from(rows[0].len() + 1).unwrap_or(u16::MAX).saturating_mul(size * 2));
    }
    x.saturating_sub(size * 2)
}

/// How many cells words take in letters of a size; none where a letter is not known.
#[must_use]
pub fn cells(words: &str, size: Size) -> Option<u16> {
    let dot = match size {
        Size::Plain => return u16::try_from(text::width(words)).ok(),
        Size::Three => 1,
        Size::Five => 2_u16,
    };
    let mut wide = 0_u16;
    for letter in words.chars() {
        wide = wide.saturating_add(u16::try_from(dots(letter)?[0].len()).ok()? + 1);
    }
    Some(wide.saturating_sub(1).saturating_mul(dot))
}

/// Writes words in letters of a size that was found to fit. Returns the column after them.
pub fn draw(words: &str, size: Size, area: Rect, style: Style, look: &Look, buf: &mut Buffer) -> u16 {
    let area = area.intersection(buf.area);
    if area.is_empty() {
        return area.x;
    }
    match size {
        Size::Plain => ink::put(buf, area.x, area.y, area.width, words, style.add_modifier(Modifier::BOLD)),
        Size::Three => half_cells(words, area, style, buf),
        Size::Five => blocks(words.chars().filter_map(dots), 1, area, style, look, buf),
    }
}

/// Writes words in the largest letters, up to this size, for which there is room. Returns the rows taken.
pub fn fit(words: &str, most: Size, area: Rect, style: Style, look: &Look, buf: &mut Buffer) -> u16 {
    let size = most.fitting(words, area.width, area.height, look);
    draw(words, size, area, style, look, buf);
    size.rows().min(area.height)
}

fn half_cells(words: &str, area: Rect, style: Style, buf: &mut Buffer) -> u16 {
    let mut x = area.x;
    for rows in words.chars().filter_map(dots) {
        let wide = rows[0].len();
        for column in 0..wide {
            let at = |row: usize| rows.get(row).is_some_and(|row| row.as_bytes().get(column) == Some(&b'#'));
            for (y, row) in (0_u16..).zip([0, 2, 4]) {
                let sign = match (at(row), at(row + 1)) {
                    (true, true) => "█",
                    (true, false) => "▀",
                    (false, true) => "▄",
                    (false, false) => continue,
                };
                let x = x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
                if x < area.right() && area.y + y < area.bottom() {
                    ink::put(buf, x, area.y + y, 1, sign, style);
                }
            }
        }
        x = x.saturating_add(u16::try_from(wide + 1).unwrap_or(u16::MAX));
    }
    x.saturating_sub(1)
}

/// Words in lines of letters of a size, none wider than `width` cells; at most `lines` of them, the last with
/// dots where words are left over.
#[must_use]
pub fn wrap(words: &str, size: Size, width: u16, lines: usize) -> Vec<String> {
    let fits = |line: &str| cells(line, size).is_some_and(|wide| wide <= width);
    let mut wrapped: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        let longer = wrapped.last().map(|line| format!("{line} {word}"));
        match longer.filter(|longer| fits(longer)) {
            Some(longer) => {
                wrapped.pop();
                wrapped.push(longer);
            }
            None if wrapped.len() < lines => wrapped.push(word.to_owned()),
            None => {
                if let Some(line) = wrapped.last_mut() {
                    line.push_str("...");
                }
                break;
            }
        }
    }
    wrapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_has_rows_of_one_width() {
        for (letter, rows) in LETTERS {
            assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{letter}");
        }
    }

    #[test]
    fn it_stays_within_its_area_at_every_size() {
        for (width, height) in [(0, 0), (3, 1), (12, 3), (30, 5), (200, 40)] {
            for look in [Look::dark(), Look::dark().in_ascii()] {
                let area = Rect::new(2, 1, width, height);
                let mut buf = Buffer::empty(Rect::new(0, 0, 210, 60));
                for words in ["Falls", "Hand hygiene (91 %)", "naïve ☃", ""] {
                    for size in [Size::Plain, Size::Three, Size::Five] {
                        fit(words, size, area, Style::new(), &look, &mut buf);
                        draw(words, size, area, Style::new(), &look, &mut buf);
                    }
                }
                for (x, y) in (0..60).flat_map(|y| (0..210).map(move |x| (x, y))) {
                    assert!(area.contains((x, y).into()) || buf[(x, y)].symbol() == " ", "{width}x{height} {x} {y}");
                }
            }
        }
    }

    #[test]
    fn words_with_a_letter_that_is_not_known_are_written_in_the_terminals_own() {
        let look = Look::dark();
        assert_eq!(Size::Five.fitting("Falls", 80, 10, &look), Size::Five);
        assert_eq!(Size::Five.fitting("Falls", 30, 10, &look), Size::Three);
        assert_eq!(Size::Five.fitting("☃", 80, 10, &look), Size::Plain);
        assert_eq!(Size::Three.fitting("Falls", 80, 10, &look.in_ascii()), Size::Plain);
    }

    #[test]
    fn a_long_text_is_wrapped_and_says_where_it_was_cut() {
        assert_eq!(wrap("two new hoists by Friday", Size::Three, 40, 2), ["two new", "hoists by..."]);
    }
}
