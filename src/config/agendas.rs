//! The shipped agendas of huddles, and the role groups that are counted at them.

use serde::Deserialize;

use crate::domain::agenda::Agenda;

/// The shipped file.
const SHIPPED: &str = include_str!("../../config/agendas.toml");

/// What the file holds.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agendas {
    /// The role groups that are counted; each is known by its first letter.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The agendas; the first is the daily one.
    #[serde(default)]
    pub agenda: Vec<Agenda>,
}

/// The shipped agendas.
pub fn shipped() -> Agendas {
    // A test reads the shipped file, so that it is never empty.
    toml::from_str(SHIPPED).unwrap_or_default()
}

/// The shipped agendas with a person's own laid over them, and what is wrong with those: an agenda of the same
/// name takes the place of the shipped one, others are added. A wrong file is said and left out.
pub fn load(own: Option<&str>) -> (Agendas, Vec<String>) {
    let mut agendas = shipped();
    let Some(own) = own else { return (agendas, Vec::new()) };
    let own: Agendas = match toml::from_str(own) {
        Ok(own) => own,
        Err(error) => return (agendas, vec![format!("agendas.toml: {}.", error.message())]),
    };
    let mut wrong = Vec::new();
    if !own.groups.is_empty() {
        agendas.groups = own.groups;
    }
    for agenda in own.agenda {
        if agenda.items.is_empty() {
            wrong.push(format!("agendas.toml: “{}” has no items.", agenda.name));
            continue;
        }
        match agendas.agenda.iter_mut().find(|known| known.name == agenda.name) {
            Some(known) => *known = agenda,
            None => agendas.agenda.push(agenda),
        }
    }
    (agendas, wrong)
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

    #[test]
    fn a_persons_own_agenda_takes_the_place_of_its_name_or_is_added_and_a_wrong_file_is_said() {
        let own = "groups = [\"ward\"]\n[[agenda]]\nname = \"Board round\"\ndays = \"mon-fri\"\n\
                   items = [{ title = \"Beds\", seconds = 90, view = \"capacity\" }]\n\
                   [[agenda]]\nname = \"Handover\"\ndays = \"mon-sun\"\nitems = []\n";
        let (agendas, wrong) = load(Some(own));
        assert_eq!((agendas.agenda.len(), agendas.agenda[4].seconds()), (5, 90));
        assert_eq!(agendas.groups, ["ward"]);
        assert_eq!(wrong, ["agendas.toml: “Handover” has no items."]);
        let (agendas, wrong) = load(Some("[[agenda]]\nname = 3\n"));
        assert_eq!((agendas.agenda.len(), wrong.len()), (4, 1));
    }
}
