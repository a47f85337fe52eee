//! Settings: the shipped file, and the user's file over it. What cannot be read is told and left out.

use serde::{Deserialize, Serialize};
use toml::de::DeTable;
use toml::{Table, Value};

/// The shipped settings.
const SHIPPED: &str = include_str!("../../config/settings.toml");

/// Every setting; the shipped file says what each is for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The database file; empty for the usual place.
    pub database: String,
    /// The team to open where a file holds several.
    pub team: String,
    /// Who an edit is by, where the command line does not say.
    pub role: String,
    /// The name of a theme.
    pub theme: String,
    /// Draw with ASCII only.
    pub ascii: bool,
    /// Draw charts with blocks.
    pub blocks: bool,
    /// The wheel and clicks mean something.
    pub mouse: bool,
    /// What moves by itself: "full", "calm", or empty for what suits the line.
    pub motion: String,
    /// The database file can be written by everybody in its group.
    pub shared_with_group: bool,
    /// The folder for backups; empty for the usual place, "off" for none.
    pub backups: String,
    /// How many seconds a picture of the wall stands.
    pub wall_every: u64,
    /// What the wall shows, in this order.
    pub wall_screens: Vec<String>,
    /// From when until when the wall is dim; empty for never.
    pub wall_dim: String,
}

/// What was wrong in a settings file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, a whole sentence.
    pub words: String,
}

impl Settings {
    /// The shipped settings.
    pub fn shipped() -> Self {
        toml::from_str(SHIPPED).unwrap_or_default()
    }

    /// The shipped settings under the user's; a line that cannot be used is told and left out.
    pub fn with_user(text: &str) -> (Self, Vec<Warning>) {
        let shipped = shipped_table();
        let (user, lines) = match read(text) {
            Ok(read) => read,
            Err(warning) => return (Self::shipped(), vec![warning]),
        };
        let mut warnings = Vec::new();
        let mut settings = Self::shipped();
        let mut table = shipped.clone();
        for (key, value) in user {
            let line = lines.iter().find(|(name, _)| *name == key).map_or(1, |(_, line)| *line);
            if !shipped.contains_key(&key) {
                warnings.push(Warning { line, words: unknown(&key, &shipped) });
                continue;
            }
            let before = table.insert(key.clone(), value);
            match Value::Table(table.clone()).try_into() {
                Ok(read) => settings = read,
                Err(_) => {
                    if let Some(before) = before {
                        table.insert(key.clone(), before);
                    }
                    let kind = shipped.get(&key).map_or("", |value| words_for(value));
                    warnings.push(Warning { line, words: format!("“{key}” takes {kind}; it is left as shipped.") });
                }
            }
        }
        (settings, warnings)
    }
}

fn shipped_table() -> Table {
    SHIPPED.parse().unwrap_or_default()
}

/// The user's keys with their values, and the line on which each stands.
fn read(text: &str) -> Result<(Table, Vec<(String, usize)>), Warning> {
    let line_of = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let problem = |error: &toml::de::Error| Warning {
        line: error.span().map_or(1, |span| line_of(span.start)),
        words: format!(
            "This file cannot be read ({}); the shipped settings are used.",
            error.message().trim_end_matches('.')
        ),
    };
    let table: Table = text.parse().map_err(|error| problem(&error))?;
    let spanned = DeTable::parse(text).map_err(|error| problem(&error))?;
    let lines = spanned.get_ref().keys().map(|key| (key.get_ref().to_string(), line_of(key.span().start))).collect();
    Ok((table, lines))
}

fn words_for(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text in quotation marks",
        Value::Boolean(_) => "true or false",
        Value::Array(_) => "a list of texts",
        _ => "a number",
    }
}

fn unknown(key: &str, shipped: &Table) -> String {
    let near = shipped.keys().map(|known| (distance(key, known), known)).min();
    match near {
        Some((steps, known)) if steps <= 3 => format!("There is no setting “{key}”. Did you mean “{known}”?"),
        _ => format!("There is no setting “{key}”; it is left out."),
    }
}

/// How many letters have to be changed, added or dropped to make `left` of `right`.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (at, other) in right.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = change.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_and_the_type_have_the_same_keys() {
        let settings: Settings = toml::from_str(SHIPPED).unwrap();
        let of_type = Table::try_from(&settings).unwrap();
        assert_eq!(of_type.keys().collect::<Vec<_>>(), shipped_table().keys().collect::<Vec<_>>());
    }

    #[test]
    fn the_users_file_goes_over_the_shipped_one_key_by_key() {
        let (settings, warnings) = Settings::with_user("ascii = true\nrole = \"ward sister\"\n");
        assert_eq!(warnings, []);
        assert!(settings.ascii);
        assert_eq!(settings.role, "ward sister");
        assert_eq!(settings.theme, Settings::shipped().theme);
    }

    #[test]
    fn an_unknown_key_is_told_with_its_line_and_the_rest_is_used() {
        let (settings, warnings) = Settings::with_user("# mine\nthem = \"light\"\nascii = true\n");
        assert_eq!(warnings, [Warning { line: 2, words: "There is no setting “them”. Did you mean “theme”?".into() }]);
        assert!(settings.ascii);
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_told_and_left_as_shipped() {
        let (settings, warnings) = Settings::with_user("ascii = \"yes\"\ntheme = \"light\"\n");
        assert_eq!(warnings.len(), 1);
        assert_eq!((warnings[0].line, settings.ascii, settings.theme.as_str()), (1, false, "light"));
    }

    #[test]
    fn a_file_that_is_no_toml_costs_nothing_but_a_sentence() {
        let (settings, warnings) = Settings::with_user("theme = \n\n[[[");
        assert_eq!(settings, Settings::shipped());
        assert_eq!(warnings[0].line, 1);
    }
}
