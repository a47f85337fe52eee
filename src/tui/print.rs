//! A chart printed between other lines of a terminal.

use crate::app::look::Look;
use crate::chart::Chart;

use super::widgets::chart::text_with_colours;

/// A narrower terminal has no room for a picture.
const NARROWEST: u16 = 40;
/// How many lines high a picture is.
const HEIGHTS: (u16, u16) = (14, 26);

/// The chart with its words, as wide as the terminal, with the escape sequences of the look; none where that is too
/// narrow, or nobody knows how wide it is.
#[must_use]
pub fn printed(chart: &Chart, look: &Look) -> Option<String> {
    let (width, height) = crossterm::terminal::size().ok().filter(|size| size.0 >= NARROWEST)?;
    // A full last column would break the line on some terminals.
    Some(text_with_colours(chart, width - 1, (height / 2).clamp(HEIGHTS.0, HEIGHTS.1), look))
}
