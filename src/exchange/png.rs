//! A chart as a PNG picture: its SVG, drawn by `resvg` with the fonts of this machine. Only with the feature
//! `png`, which is off unless asked for: it brings some forty crates, and none of them is needed for a ward.

use crate::base::error::{Failure, Outcome};
use crate::chart::Chart;

/// The picture of a chart, as the bytes of a PNG file.
///
/// # Errors
/// A sentence where there is no font to write with, or where this program was built without pictures.
#[cfg(feature = "png")]
pub fn png(chart: &Chart) -> Outcome<Vec<u8>> {
    use resvg::{tiny_skia, usvg};

    /// Sharp on screens that show two dots for each point, and in print.
    const SCALE: f32 = 2.0;

    let failed = |what: &str| Failure::machine(format!("The picture cannot be drawn: {what}.")).hint("Use --svg.");
    let mut options = usvg::Options::default();
    let fonts = options.fontdb_mut();
    fonts.load_system_fonts();
    if fonts.is_empty() {
        return Err(Failure::machine("This machine has no font to write the picture's words with.")
            .hint("Install one, such as DejaVu Sans, or use --svg."));
    }
    if let Some(name) = plain_font(fonts) {
        fonts.set_sans_serif_family(name);
    }
    let tree = usvg::Tree::from_str(&super::svg::svg(chart), &options).map_err(|error| failed(&error.to_string()))?;
    let size = tree.size();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a picture of fixed size")]
    let (width, height) = ((size.width() * SCALE) as u32, (size.height() * SCALE) as u32);
    let mut picture = tiny_skia::Pixmap::new(width, height).ok_or_else(|| failed("it has no size"))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|error| failed(&error.to_string()))
}

/// A font of this machine for words that ask for any font without serifs: a known one, else the first.
#[cfg(feature = "png")]
fn plain_font(fonts: &resvg::usvg::fontdb::Database) -> Option<String> {
    const KNOWN: [&str; 6] = ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Helvetica", "Segoe UI"];
    let names = || fonts.faces().flat_map(|face| face.families.iter().map(|(name, _)| name.clone()));
    let known = KNOWN.into_iter().find(|known| names().any(|name| name == *known));
    known.map(str::to_owned).or_else(|| names().next())
}

/// The picture of a chart, as the bytes of a PNG file.
///
/// # Errors
/// Always: this program was built without pictures.
#[cfg(not(feature = "png"))]
pub fn png(_: &Chart) -> Outcome<Vec<u8>> {
    Err(Failure::usage("This program was built without PNG pictures.")
        .hint("Use --svg, or build it with: cargo install --path . --features png."))
}
