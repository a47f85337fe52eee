//! Foreign formats in and out, one file or folder for each.

pub mod csv_in;
pub mod csv_out;
pub mod demo;
pub mod json_out;
pub mod periods;
pub mod png;
pub mod svg;
pub mod table;

/// Whether a spreadsheet would run a cell that starts so as a formula: `= + - @`, a tab or a return,
/// also behind blanks and in their full-width forms.
pub fn starts_like_a_formula(cell: &str) -> bool {
    if cell.starts_with(['\t', '\r']) {
        return true;
    }
    let first = cell.chars().find(|letter| !letter.is_whitespace() && !crate::base::text::is_unsafe(*letter));
    first.is_some_and(|letter| matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '−'))
}
