//! Text as people see it: how wide it is, how to cut and pad it, and what never reaches a terminal.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Width in terminal cells.
pub fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` cut to at most `cells` cells, with `…` where something was cut, never through a letter.
pub fn clip(text: &str, cells: usize) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    if cells == 0 {
        return String::new();
    }
    let mut out = String::new();
    let mut used = 0;
    for letter in text.graphemes(true) {
        let wide = width(letter);
        if used + wide > cells - 1 {
            break;
        }
        out.push_str(letter);
        used += wide;
    }
    out.push('…');
    out
}

/// `text` clipped or filled with spaces on the right to exactly `cells` cells.
pub fn pad(text: &str, cells: usize) -> String {
    let mut out = clip(text, cells);
    out.extend(std::iter::repeat_n(' ', cells.saturating_sub(width(&out))));
    out
}

/// `text` clipped or filled with spaces on the left to exactly `cells` cells.
pub fn pad_left(text: &str, cells: usize) -> String {
    let clipped = clip(text, cells);
    let mut out = " ".repeat(cells.saturating_sub(width(&clipped)));
    out.push_str(&clipped);
    out
}

/// `text` broken at spaces into lines of at most `cells` cells; a longer word is cut where it must be.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            let mut rest = word;
            while width(rest) > cells {
                if !line.is_empty() {
                    lines.push(std::mem::take(&mut line));
                }
                let mut cut = rest.len();
                let mut used = 0;
                for (at, letter) in rest.grapheme_indices(true) {
                    used += width(letter);
                    if used > cells {
                        cut = at.max(letter.len().min(rest.len()));
                        break;
                    }
                }
                lines.push(rest[..cut].to_owned());
                rest = &rest[cut..];
            }
            let gap = usize::from(!line.is_empty());
            if width(&line) + gap + width(rest) > cells {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(rest);
        }
        lines.push(line);
    }
    lines
}

/// Whether a character has no place in text that a person typed: controls, text-direction overrides,
/// zero-width and tag characters, and other invisible marks that can forge what a screen shows.
/// Unicode TR 36 (security considerations); line feeds are for the caller to keep or drop.
pub fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}

/// One line of clean text: unsafe characters removed, white space folded, ends trimmed.
pub fn clean_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_whitespace() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unsafe(letter) {
            out.push(letter);
        }
    }
    out.trim().to_owned()
}

/// Clean text of several lines: as `clean_line`, but line feeds stay.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.replace("\r\n", "\n").split('\n').map(clean_line).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// A short name for the command line: lower case, words joined by hyphens ("4AT in 24 h" → "4at-in-24-h").
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// A number as people write it: no trailing zeros, at most `decimals` digits behind the point.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let mut out = format!("{value:.decimals$}");
    if out.contains('.') {
        out.truncate(out.trim_end_matches('0').trim_end_matches('.').len());
    }
    if out == "-0" { "0".to_owned() } else { out }
}

/// The same with commas between the thousands: 12,345.6.
pub fn grouped(value: f64, decimals: usize) -> String {
    in_groups(&number(value, decimals))
}

/// Written digits with commas between the thousands; a power of ten stays as it is.
pub fn in_groups(written: &str) -> String {
    let digits = written.trim_start_matches('-');
    let whole = digits.split('.').next().unwrap_or_default();
    if whole.len() < 4 || !whole.bytes().all(|digit| digit.is_ascii_digit()) {
        return written.to_owned();
    }
    let mut out = written[..written.len() - digits.len()].to_owned();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + &digits[whole.len()..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_parted_by_commas() {
        for (value, decimals, expected) in [
            (999.0, 0, "999"),
            (1_204.0, 0, "1,204"),
            (-1_204.5, 1, "-1,204.5"),
            (1_234_567.0, 2, "1,234,567"),
            (f64::NAN, 0, "–"),
        ] {
            assert_eq!(grouped(value, decimals), expected);
        }
        assert_eq!(in_groups("2.0e9"), "2.0e9");
    }

    #[test]
    fn clipping_never_passes_the_width_and_never_cuts_a_wide_letter() {
        assert_eq!(clip("病棟ボード", 5), "病棟…");
        assert_eq!(clip("病棟ボード", 4), "病…");
        assert_eq!(clip("ward", 4), "ward");
        assert_eq!(clip("ward", 0), "");
    }

    #[test]
    fn padding_fills_to_the_cell() {
        assert_eq!(pad("病", 4), "病  ");
        assert_eq!(pad_left("12", 4), "  12");
    }

    #[test]
    fn cleaning_drops_escapes_bidi_overrides_and_zero_width_marks() {
        assert_eq!(clean_line("a\u{1b}]52;c;eA==\u{7}b\u{202e}c\u{200b}d\te\r\nf"), "a]52;c;eA==bcd e f");
        assert_eq!(clean_lines("one\r\ntwo\u{9b}31m\n\n"), "one\ntwo31m");
    }

    #[test]
    fn wrapping_breaks_at_spaces_and_cuts_only_words_too_long() {
        assert_eq!(wrap("eight weeks above", 11), ["eight weeks", "above"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn a_slug_is_what_one_types_in_a_shell() {
        assert_eq!(slug("4AT in 24 h"), "4at-in-24-h");
        assert_eq!(slug("  Discharges (before noon)  "), "discharges-before-noon");
    }

    #[test]
    fn numbers_are_written_without_noise() {
        assert_eq!(number(4.0, 2), "4");
        assert_eq!(number(4.10, 2), "4.1");
        assert_eq!(number(-0.0001, 1), "0");
    }
}
