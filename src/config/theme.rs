//! How the board looks: a shipped look by name, and the person's own colours for its roles.

use ratatui::style::{Color, Modifier, Style};
use toml::Table;

use crate::app::look::{Look, Role};

/// The looks that are shipped.
pub const NAMES: [&str; 5] = ["dark", "light", "high-contrast", "sixteen", "mono"];

/// What decides the look: settings, then what the terminal can do.
#[derive(Debug, Clone, Default)]
pub struct Wish<'a> {
    /// One of [`NAMES`]; nothing means the best that the terminal can show.
    pub name: Option<&'a str>,
    /// Whether `NO_COLOR` is set: then no name brings colours back.
    pub no_colour: bool,
    /// Whether the terminal says that it shows true colour.
    pub true_colour: bool,
    /// Only ASCII letters and signs.
    pub ascii: bool,
    /// Charts with blocks instead of fine dots.
    pub blocks: bool,
    /// The text of the person's theme.toml.
    pub own: Option<&'a str>,
}

/// The look that is wished for, and what is wrong with the wish, a sentence each.
pub fn look(wish: &Wish<'_>) -> (Look, Vec<String>) {
    let mut wrong = Vec::new();
    let mut look = match wish.name {
        _ if wish.no_colour => Look::mono(),
        Some("dark") => Look::dark(),
        Some("light") => Look::light(),
        Some("high-contrast") => Look::high_contrast(),
        Some("sixteen") => Look::sixteen(),
        Some("mono") => Look::mono(),
        Some(other) => {
            wrong.push(format!("There is no theme “{other}”; there are {}.", NAMES.join(", ")));
            best(wish.true_colour)
        }
        None => best(wish.true_colour),
    };
    if let Some(own) = wish.own.filter(|_| !wish.no_colour) {
        lay_over(&mut look, own, &mut wrong);
    }
    look = if wish.blocks { look.in_blocks() } else { look };
    (if wish.ascii { look.in_ascii() } else { look }, wrong)
}

fn best(true_colour: bool) -> Look {
    if true_colour { Look::dark() } else { Look::sixteen() }
}

/// Lays a person's own styles over a look: `concern = "#ff8800 bold"`, `panel = "on black"`.
fn lay_over(look: &mut Look, own: &str, wrong: &mut Vec<String>) {
    let table: Table = match own.parse() {
        Ok(table) => table,
        Err(error) => {
            wrong.push(format!("theme.toml: {}", toml::de::Error::message(&error)));
            return;
        }
    };
    for (name, value) in &table {
        let role = Role::ALL.iter().copied().find(|role| role.name() == name);
        match (role, value.as_str().map(read_style)) {
            (Some(role), Some(Some(style))) => look.set(role, style),
            (Some(_), _) => wrong.push(format!("theme.toml: {name}: “{value}” is not a style.")),
            (None, _) => wrong.push(format!("theme.toml: there is no role “{name}”.")),
        }
    }
}

/// A style in words: colours by name or `#rrggbb`, `on` before the ground's, and bold, dim, italic,
/// underline, reverse.
fn read_style(words: &str) -> Option<Style> {
    let mut style = Style::new();
    let mut on_ground = false;
    for word in words.split_whitespace() {
        style = match word {
            "on" => {
                on_ground = true;
                continue;
            }
            "bold" => style.add_modifier(Modifier::BOLD),
            "dim" => style.add_modifier(Modifier::DIM),
            "italic" => style.add_modifier(Modifier::ITALIC),
            "underline" => style.add_modifier(Modifier::UNDERLINED),
            "reverse" => style.add_modifier(Modifier::REVERSED),
            colour => {
                let colour: Color = colour.parse().ok()?;
                if std::mem::take(&mut on_ground) { style.bg(colour) } else { style.fg(colour) }
            }
        };
    }
    Some(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_colour_wins_over_any_theme() {
        let (look, _) =
            look(&Wish { name: Some("dark"), no_colour: true, own: Some("concern = \"red\""), ..Wish::default() });
        assert!(!look.colour);
    }

    #[test]
    fn a_persons_own_colours_lie_over_the_theme_and_mistakes_are_said() {
        let own = "concern = \"#ff0000 bold on black\"\nconcerns = \"red\"\ndim = \"reddish\"\n";
        let (look, wrong) = look(&Wish { name: Some("dark"), own: Some(own), ..Wish::default() });
        let expected = Style::new().fg(Color::Rgb(255, 0, 0)).bg(Color::Black).add_modifier(Modifier::BOLD);
        assert_eq!(look.style(Role::Concern), expected);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
    }
}
