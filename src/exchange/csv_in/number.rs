//! Numbers as files write them.

/// A finite number: `1204`, `1,204`, `2.5`, `91%`, and `2,5` where the file parts its cells by semicolons.
pub fn number(cell: &[u8], decimal_comma: bool) -> Option<f64> {
    let cell = cell.strip_suffix(b"%").unwrap_or(cell).trim_ascii();
    let first = *cell.first()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) || cell.len() > 40 {
        return None;
    }
    if cell.len() < 10 && cell.iter().all(u8::is_ascii_digit) {
        return Some(f64::from(cell.iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))));
    }
    let text = std::str::from_utf8(cell).ok()?;
    if !text.contains(',') {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
        return text.parse().ok().filter(|number: &f64| plain && number.is_finite());
    }
    if decimal_comma && !text.contains('.') && text.matches(',').count() == 1 {
        return text.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite());
    }
    crate::domain::measure::parse_number(text).ok()
}

/// A numerator and a denominator in one cell: `18/20`.
pub fn pair(cell: &[u8]) -> Option<(f64, f64)> {
    let at = cell.iter().position(|byte| *byte == b'/')?;
    Some((number(cell[..at].trim_ascii(), false)?, number(cell[at + 1..].trim_ascii(), false)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_files_write_them() {
        for (cell, expected) in [
            ("1204", Some(1204.0)),
            ("1,204", Some(1204.0)),
            ("-2.5", Some(-2.5)),
            ("91%", Some(91.0)),
            ("91 %", Some(91.0)),
            ("17233.6666666627", Some(17_233.666_666_662_7)),
            ("1e3", Some(1000.0)),
            ("2,5", None),
            ("=1+1", None),
            ("inf", None),
            ("1e999", None),
            ("12 beds", None),
            ("", None),
        ] {
            assert_eq!(number(cell.as_bytes(), false), expected, "{cell}");
        }
        assert_eq!(number(b"2,5", true), Some(2.5));
        assert_eq!(pair(b"18 / 20"), Some((18.0, 20.0)));
        assert_eq!(pair(b"20/11/2026"), None);
    }
}
