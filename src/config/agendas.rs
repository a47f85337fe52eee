//! The shipped agendas of huddles, and the role groups that are counted at them.

use serde::Deserialize;

use crate::domain::agenda::Agenda;

/// The shipped file.
const SHIPPED: &str = include_str!("../../config/agendas.toml");

/// What the file holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agendas {
    /// The role groups that are counted, each by the digit of its place.
    pub groups: Vec<String>,
    /// The agendas; the first is the daily one.
    pub agenda: Vec<Agenda>,
}

/// The shipped agendas.
pub fn shipped() -> Agendas {
    // A test reads the shipped file, so that it is never empty.
    toml::from_str(SHIPPED).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::templates;
    use crate::domain::agenda::{DAILY, Topic, View};

    #[test]
    fn the_shipped_agendas_are_read_and_the_daily_one_takes_ten_minutes() {
        let shipped: Agendas = toml::from_str(SHIPPED).unwrap();
        assert_eq!(shipped.agenda[0].name, DAILY);
        assert_eq!(shipped.agenda[0].seconds(), 600);
        assert_eq!(shipped.agenda.len(), 4);
        assert!(shipped.groups.len() <= 6, "each has a key");
        for agenda in &shipped.agenda {
            assert_eq!(agenda.items[0].view, View::Promises, "{}: what was promised comes first", agenda.name);
            assert!(agenda.at.is_empty() || agenda.start().is_some(), "{}", agenda.name);
        }
    }

    #[test]
    fn every_ward_templates_own_agenda_has_its_views_and_starts_with_what_was_promised() {
        for template in templates::all().iter().filter(|template| !template.agenda.is_empty()) {
            let items: Vec<Topic> = template.agenda.iter().filter_map(|line| Topic::parse(line)).collect();
            assert_eq!(items.len(), template.agenda.len(), "{}", template.code);
            assert_eq!(items[0].view, View::Promises, "{}", template.code);
            let plain = items.iter().filter(|item| item.view == View::Question).count();
            assert!(plain <= 3, "{}: {items:?}", template.code);
        }
    }
}
