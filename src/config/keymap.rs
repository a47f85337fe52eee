//! Which key means which action. The shipped keymap is `config/keymap.toml`.

use std::collections::HashMap;

use toml::Table;

use crate::app::action::{Action, Scope};
use crate::app::key::Key;
use crate::base::error::{Failure, Outcome};

/// The shipped keymap.
pub const SHIPPED: &str = include_str!("../../config/keymap.toml");

/// Keys and what they mean, by scope.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    meaning: HashMap<(Scope, Key), Action>,
    keys: HashMap<Action, Vec<Key>>,
}

impl Keymap {
    /// The shipped keymap with the person's own laid over it, and what is wrong with that, a sentence
    /// each: a wrong line is said and left out, and never stops the board.
    pub fn load(own: Option<&str>) -> (Self, Vec<String>) {
        let mut wrong = Vec::new();
        let mut keys = HashMap::new();
        for text in [Some(SHIPPED), own].into_iter().flatten() {
            match read(text, &mut wrong) {
                Ok(bindings) => keys.extend(bindings),
                Err(failure) => wrong.push(failure.to_string()),
            }
        }
        (Self::from_keys(keys, &mut wrong), wrong)
    }

    fn from_keys(keys: HashMap<Action, Vec<Key>>, wrong: &mut Vec<String>) -> Self {
        let mut meaning: HashMap<(Scope, Key), Action> = HashMap::new();
        for action in Action::ALL {
            for key in keys.get(action).into_iter().flatten() {
                if let Some(other) = meaning.insert((action.scope(), *key), *action) {
                    wrong.push(format!("keymap.toml: {key} means both {} and {}.", other.name(), action.name()));
                }
            }
        }
        Self { meaning, keys }
    }

    /// What a key means on a screen: its own meaning first, then the one that it has everywhere.
    pub fn action(&self, scope: Scope, key: Key) -> Option<Action> {
        scope.within().iter().find_map(|scope| self.meaning.get(&(*scope, key))).copied()
    }

    /// The keys of an action, the first of them for the key line.
    pub fn keys(&self, action: Action) -> &[Key] {
        self.keys.get(&action).map_or(&[], Vec::as_slice)
    }
}

fn read(text: &str, wrong: &mut Vec<String>) -> Outcome<HashMap<Action, Vec<Key>>> {
    let table: Table = text
        .parse()
        .map_err(|error: toml::de::Error| Failure::refused(error.message().to_owned()).at("keymap.toml"))?;
    let mut bindings = HashMap::new();
    for (scope, entries) in &table {
        let known = Scope::ALL.into_iter().find(|known| known.name() == scope);
        let (Some(known), Some(entries)) = (known, entries.as_table()) else {
            wrong.push(format!("keymap.toml: there is no screen “{scope}”."));
            continue;
        };
        for (name, keys) in entries {
            match Action::parse(name).filter(|action| action.scope() == known) {
                Some(action) => {
                    bindings.insert(action, read_keys(name, keys, wrong));
                }
                None => wrong.push(format!("keymap.toml: [{scope}] has no action “{name}”.")),
            }
        }
    }
    Ok(bindings)
}

fn read_keys(name: &str, keys: &toml::Value, wrong: &mut Vec<String>) -> Vec<Key> {
    let listed: Vec<&str> = match keys {
        toml::Value::String(one) => vec![one.as_str()],
        toml::Value::Array(many) => many.iter().filter_map(toml::Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut read = Vec::new();
    for key in listed {
        match Key::parse(key) {
            Some(key) => read.push(key),
            None => wrong.push(format!("keymap.toml: {name}: there is no key “{key}”.")),
        }
    }
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_keymap_binds_every_action_and_no_key_twice() {
        let (keymap, wrong) = Keymap::load(None);
        assert_eq!(wrong, Vec::<String>::new());
        for action in Action::ALL {
            assert!(!keymap.keys(*action).is_empty(), "{} has no key", action.name());
        }
    }

    #[test]
    fn a_persons_own_keys_replace_the_shipped_ones_of_that_action_only() {
        let (keymap, wrong) = Keymap::load(Some("[everywhere]\nundo = [\"Ctrl-z\"]\n"));
        assert_eq!(wrong, Vec::<String>::new());
        assert_eq!(keymap.action(Scope::Charts, Key::parse("Ctrl-z").unwrap()), Some(Action::Undo));
        assert_eq!(keymap.action(Scope::Charts, Key::parse("u").unwrap()), None);
        assert_eq!(keymap.action(Scope::Charts, Key::parse("a").unwrap()), Some(Action::QuickEntry));
    }

    #[test]
    fn what_is_wrong_in_a_persons_keymap_is_said_and_the_rest_works() {
        let (keymap, wrong) = Keymap::load(Some("[everywhere]\nundoo = [\"x\"]\nhelp = [\"Hlp\", \"F2\"]\n[wards]\n"));
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert_eq!(keymap.action(Scope::Process, Key::parse("F2").unwrap()), Some(Action::Help));
    }
}
