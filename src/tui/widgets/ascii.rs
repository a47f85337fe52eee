//! The signs of the screen for terminals that know ASCII only: each takes the same one cell.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Replaces the signs that the program itself draws within `area`; what people typed stays.
pub fn fold(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(*buf.area());
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y))
                && let Some(plain) = plain(cell.symbol())
            {
                cell.set_symbol(plain);
            }
        }
    }
}

fn plain(sign: &str) -> Option<&'static str> {
    Some(match sign {
        "…" => "~",
        "–" | "—" | "·" | "─" | "━" => "-",
        "“" | "”" => "\"",
        "‘" | "’" => "'",
        "→" | "›" | "▸" | "▶" => ">",
        "←" | "‹" => "<",
        "↑" => "^",
        "↓" => "v",
        "✓" => "+",
        "✗" => "x",
        "▲" => "!",
        "≈" => "~",
        "◆" => "+",
        "■" => "#",
        "≤" => "<",
        "≥" => ">",
        "▌" | "│" => "|",
        "█" => "#",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_ascii_in_their_own_cell_and_names_stay() {
        let mut buf = Buffer::with_lines(["✓ “Zoë” – 4 → 5 …"]);
        let area = *buf.area();
        fold(&mut buf, area);
        assert_eq!(buf, Buffer::with_lines(["+ \"Zoë\" - 4 > 5 ~"]));
    }
}
