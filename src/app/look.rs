//! How the interface looks: one style for each role, and whether the terminal knows colours and
//! more than ASCII.

use ratatui::style::{Color, Modifier, Style};

/// Defines the roles with their names.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident = $name:literal),* $(,)?) => {
        /// What a part of the screen is, whatever colours the theme gives it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[$doc])* $role,)* }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Self] = &[$(Self::$role,)*];

            /// The name that a theme file uses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$role => $name,)* }
            }
        }
    };
}

roles! {
    /// The ground of the screen.
    Ground = "ground",
    /// The ground of a panel: a little lighter.
    Panel = "panel",
    /// The row or tile under the cursor.
    Selected = "selected",
    /// The thing and its number.
    Title = "title",
    /// Text that is read.
    Text = "text",
    /// Text that stands beside.
    Dim = "dim",
    /// What only guides the eye.
    Faint = "faint",
    /// You, here: the active tab, keys, the cursor.
    Accent = "accent",
    /// Letters on the accent: the active tab.
    OnAccent = "on_accent",
    /// Special cause, worse.
    Concern = "concern",
    /// Special cause, better.
    Improvement = "improvement",
    /// Common cause.
    Common = "common",
    /// Special cause, neither better nor worse.
    Neutral = "neutral",
    /// What is due or late.
    Due = "due",
    /// A target.
    Target = "target",
    /// A centre line.
    Line = "line",
    /// A process limit.
    Limit = "limit",
    /// A note on a chart, and a phase boundary.
    Annotation = "annotation",
    /// The line that joins the points of a chart.
    Thread = "thread",
    /// A ghosted point.
    Ghost = "ghost",
    /// What went wrong.
    Error = "error",
    /// What was saved.
    Saved = "saved",
    /// The filled part of a bar.
    Bar = "bar",
    /// The empty part of a bar.
    BarEmpty = "bar_empty",
    /// The line at the top and the line at the bottom.
    Frame = "frame",
}

/// How many roles there are.
const COUNT: usize = Role::ALL.len();

/// A style for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    styles: [Style; COUNT],
    /// Only ASCII letters and signs.
    pub ascii: bool,
    /// Charts with blocks, for fonts without braille.
    pub blocks: bool,
    /// Whether there are colours.
    pub colour: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self::dark()
    }
}

/// The colours that a look is made of.
struct Palette {
    ground: Color,
    panel: Color,
    selected: Color,
    frame: Color,
    title: Color,
    text: Color,
    dim: Color,
    faint: Color,
    accent: Color,
    on_accent: Color,
    concern: Color,
    improvement: Color,
    common: Color,
    neutral: Color,
    due: Color,
    limit: Color,
    error: Color,
    saved: Color,
}

const fn rgb(hex: u32) -> Color {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color::Rgb(red, green, blue)
}

impl Look {
    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// Gives a role another style.
    pub fn set(&mut self, role: Role, style: Style) {
        self.styles[role as usize] = style;
    }

    /// The same look in ASCII only.
    #[must_use]
    pub fn in_ascii(mut self) -> Self {
        self.ascii = true;
        self
    }

    /// The same look with blocks in the place of fine dots.
    #[must_use]
    pub fn in_blocks(mut self) -> Self {
        self.blocks = true;
        self
    }

    /// Light letters on a dark ground, in true colour: the default.
    #[must_use]
    pub fn dark() -> Self {
        Self::of(&Palette {
            ground: rgb(0x0d1117),
            panel: rgb(0x161d26),
            selected: rgb(0x1f3047),
            frame: rgb(0x1c2a3a),
            title: rgb(0xffffff),
            text: rgb(0xd5dae2),
            dim: rgb(0x8b949e),
            faint: rgb(0x525c69),
            accent: rgb(0x40d0c0),
            on_accent: rgb(0x0d1117),
            concern: rgb(0xff9f43),
            improvement: rgb(0x54a0ff),
            common: rgb(0xb1bac4),
            neutral: rgb(0xc792ea),
            due: rgb(0xffd75f),
            limit: rgb(0x6e7887),
            error: rgb(0xff6b6b),
            saved: rgb(0x40d0c0),
        })
    }

    /// Dark letters on a light ground, in true colour.
    #[must_use]
    pub fn light() -> Self {
        Self::of(&Palette {
            ground: rgb(0xfafbfc),
            panel: rgb(0xeef1f5),
            selected: rgb(0xd6e6f7),
            frame: rgb(0xdfe6ee),
            title: rgb(0x000000),
            text: rgb(0x1f2933),
            dim: rgb(0x56606b),
            faint: rgb(0xa3acb6),
            accent: rgb(0x00756b),
            on_accent: rgb(0xffffff),
            concern: rgb(0xa84a00),
            improvement: rgb(0x0b57c2),
            common: rgb(0x4c5661),
            neutral: rgb(0x7b2fa8),
            due: rgb(0x7a5b00),
            limit: rgb(0x7d8791),
            error: rgb(0xb3261e),
            saved: rgb(0x00756b),
        })
    }

    /// The greatest contrast, for a projector in daylight and for tired eyes.
    #[must_use]
    pub fn high_contrast() -> Self {
        Self::of(&Palette {
            ground: rgb(0x000000),
            panel: rgb(0x000000),
            selected: rgb(0x003a66),
            frame: rgb(0x262626),
            title: rgb(0xffffff),
            text: rgb(0xffffff),
            dim: rgb(0xe0e0e0),
            faint: rgb(0xa8a8a8),
            accent: rgb(0x00ffe1),
            on_accent: rgb(0x000000),
            concern: rgb(0xffb000),
            improvement: rgb(0x6ec1ff),
            common: rgb(0xffffff),
            neutral: rgb(0xe6b3ff),
            due: rgb(0xffff00),
            limit: rgb(0xc0c0c0),
            error: rgb(0xff8080),
            saved: rgb(0x00ffe1),
        })
    }

    /// The sixteen colours of the terminal's own palette, on its own ground.
    #[must_use]
    pub fn sixteen() -> Self {
        Self::of(&Palette {
            ground: Color::Reset,
            panel: Color::Reset,
            selected: Color::Reset,
            frame: Color::Reset,
            title: Color::Reset,
            text: Color::Reset,
            dim: Color::Reset,
            faint: Color::DarkGray,
            accent: Color::Cyan,
            on_accent: Color::Black,
            concern: Color::LightRed,
            improvement: Color::LightBlue,
            common: Color::Reset,
            neutral: Color::Magenta,
            due: Color::Yellow,
            limit: Color::DarkGray,
            error: Color::Red,
            saved: Color::Cyan,
        })
        .with(Role::Selected, Style::new().add_modifier(Modifier::REVERSED))
    }

    /// No colour at all: weight, underline and reverse keep the hierarchy.
    #[must_use]
    pub fn mono() -> Self {
        let mut look = Self { styles: [Style::new(); COUNT], ascii: false, blocks: false, colour: false };
        let (bold, dim, reversed, underlined) =
            (Modifier::BOLD, Modifier::DIM, Modifier::REVERSED, Modifier::UNDERLINED);
        for (role, modifier) in [
            (Role::Selected, reversed),
            (Role::Title, bold),
            (Role::Dim, dim),
            (Role::Faint, dim),
            (Role::Accent, bold),
            (Role::OnAccent, reversed | bold),
            (Role::Concern, bold),
            (Role::Improvement, bold),
            (Role::Neutral, bold),
            (Role::Due, underlined),
            (Role::Limit, dim),
            (Role::Ghost, dim),
            (Role::Error, bold | underlined),
            (Role::BarEmpty, dim),
            (Role::Frame, reversed),
        ] {
            look.set(role, Style::new().add_modifier(modifier));
        }
        look
    }

    fn with(mut self, role: Role, style: Style) -> Self {
        self.set(role, style);
        self
    }

    fn of(palette: &Palette) -> Self {
        let mut look = Self { styles: [Style::new(); COUNT], ascii: false, blocks: false, colour: true };
        let letters = |colour| Style::new().fg(colour);
        let bold = |colour| Style::new().fg(colour).add_modifier(Modifier::BOLD);
        for (role, style) in [
            (Role::Ground, letters(palette.text).bg(palette.ground)),
            (Role::Panel, letters(palette.text).bg(palette.panel)),
            (Role::Selected, Style::new().bg(palette.selected)),
            (Role::Title, bold(palette.title)),
            (Role::Text, letters(palette.text)),
            (Role::Dim, letters(palette.dim)),
            (Role::Faint, letters(palette.faint)),
            (Role::Accent, letters(palette.accent)),
            (Role::OnAccent, bold(palette.on_accent).bg(palette.accent)),
            (Role::Concern, bold(palette.concern)),
            (Role::Improvement, bold(palette.improvement)),
            (Role::Common, letters(palette.common)),
            (Role::Neutral, bold(palette.neutral)),
            (Role::Due, letters(palette.due)),
            (Role::Target, letters(palette.due)),
            (Role::Line, letters(palette.common)),
            (Role::Limit, letters(palette.limit)),
            (Role::Annotation, letters(palette.neutral)),
            (Role::Thread, letters(palette.dim)),
            (Role::Ghost, letters(palette.faint)),
            (Role::Error, bold(palette.error)),
            (Role::Saved, letters(palette.saved)),
            (Role::Bar, letters(palette.common)),
            (Role::BarEmpty, letters(palette.faint)),
            (Role::Frame, letters(palette.text).bg(palette.frame)),
        ] {
            look.set(role, style);
        }
        look
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_has_a_name_of_its_own() {
        let mut names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNT);
    }

    #[test]
    fn a_look_without_colour_has_none() {
        let look = Look::mono();
        for role in Role::ALL {
            let style = look.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{}", role.name());
        }
    }

    #[test]
    fn every_look_with_colour_tells_the_verdicts_apart() {
        for look in [Look::dark(), Look::light(), Look::high_contrast(), Look::sixteen()] {
            let roles = [Role::Concern, Role::Improvement, Role::Common, Role::Neutral];
            for (at, role) in roles.iter().enumerate() {
                for other in &roles[at + 1..] {
                    assert_ne!(look.style(*role).fg, look.style(*other).fg);
                }
            }
        }
    }
}
