//! The shipped ward templates.

use crate::base::error::{Failure, Outcome};
use crate::domain::template::Template;

/// The shipped files, in the order in which the welcome offers them.
const SHIPPED: [&str; 6] = [
    include_str!("../../config/templates/acute-ward.toml"),
    include_str!("../../config/templates/maternity.toml"),
    include_str!("../../config/templates/theatre.toml"),
    include_str!("../../config/templates/community-team.toml"),
    include_str!("../../config/templates/general-practice.toml"),
    include_str!("../../config/templates/blank.toml"),
];

/// Every shipped template.
pub fn all() -> Vec<Template> {
    // A test reads every shipped file, so that none is missing here.
    SHIPPED.iter().filter_map(|text| toml::from_str(text).ok()).collect()
}

/// The template of this code.
///
/// # Errors
/// A sentence that names the templates there are.
pub fn find(code: &str) -> Outcome<Template> {
    let templates = all();
    let names = templates.iter().map(|template| template.code.as_str()).collect::<Vec<_>>().join(", ");
    templates.into_iter().find(|template| template.code == code.trim()).ok_or_else(|| {
        Failure::usage(format!("There is no template “{}”.", code.trim())).hint(format!("There are: {names}."))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::base::zone::Zone;
    use crate::domain::change::validate;
    use crate::domain::measure::MeasureRole;

    #[test]
    fn every_shipped_file_can_be_read_and_found() {
        for text in SHIPPED {
            let template: Template = toml::from_str(text).unwrap();
            assert_eq!(find(&template.code).unwrap().name, template.name);
        }
        assert_eq!(find("dental").unwrap_err().kind, crate::base::error::FailureKind::Usage);
    }

    #[test]
    fn every_template_makes_a_team_whose_edits_all_pass() {
        for template in all() {
            let today = "2026-11-20".parse().unwrap();
            let (_, edits) = template.make_team("Ward 7A", "", Zone::default(), today).unwrap();
            assert_eq!(edits.len(), 1 + template.measures.len() + template.processes.len());
            for mut edit in edits {
                let mut warnings = Vec::new();
                validate(&mut edit, &mut warnings).unwrap_or_else(|failure| panic!("{}: {failure}", template.code));
                assert_eq!(warnings, [], "{}: {:?}", template.code, edit.fields.first());
            }
        }
    }

    #[test]
    fn every_template_but_the_blank_one_is_a_whole_board() {
        for template in all().iter().filter(|template| template.code != "blank") {
            let code = &template.code;
            assert!((8..=14).contains(&template.measures.len()), "{code}: measures");
            assert!((5..=7).contains(&template.processes.len()), "{code}: processes");
            assert_eq!(template.measures.iter().filter(|measure| measure.focus).count(), 3, "{code}: focus");
            assert!(
                template.measures.iter().any(|measure| measure.role == MeasureRole::Balancing),
                "{code}: balancing"
            );
            assert_eq!(
                template.measures.iter().filter(|measure| measure.source.is_some()).count(),
                1,
                "{code}: source"
            );
            let mut letters = HashSet::new();
            for measure in &template.measures {
                assert!(template.columns.contains(&measure.column), "{code}: {}", measure.name);
                assert!(measure.definition.len() > 60, "{code}: {}", measure.name);
                assert!(letters.insert(measure.alias.clone()), "{code}: {} shares its letter", measure.name);
            }
        }
    }

    #[test]
    fn every_agenda_takes_ten_minutes() {
        for template in all() {
            let seconds: u32 = template
                .agenda
                .iter()
                .map(|item| {
                    let mut words = item.split_whitespace();
                    let number: u32 = words.next().unwrap().parse().unwrap();
                    if words.next() == Some("min") { number * 60 } else { number }
                })
                .sum();
            assert_eq!(seconds, 600, "{}", template.code);
        }
    }
}
