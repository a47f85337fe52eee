//! The form of the board's columns: a set of them, or the ward's own.

use crate::app::ask::{Ask, Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::Edit;
use crate::domain::record::Kind;
use crate::domain::team::Team;
use crate::tui::panes::typed::{Typed, names};

/// As many columns as a board can have.
const COLUMNS_AT_MOST: usize = 12;

/// The sets that wards know: their code, their name and their columns.
const SETS: [(&str, &str, &[&str]); 3] = [
    ("sqdcp", "SQDCP: five letters of lean daily management", &["Safety", "Quality", "Delivery", "Cost", "People"]),
    (
        "steeep",
        "STEEEP: six dimensions of quality",
        &["Safe", "Timely", "Effective", "Efficient", "Equitable", "Patient-centred"],
    ),
    (
        "khwd",
        "Knowing how we are doing",
        &["Safety and reliability", "Patient experience", "Value and efficiency", "Staff wellbeing"],
    ),
];

/// The form for the team on the screen.
pub(super) fn ask(model: &Model) -> Ask {
    Ask::living(Kind::Team, model.team.id.0, form(&model.team), |model| Some(form(&model.team)))
}

fn form(before: &Team) -> Form {
    let own = std::iter::once((String::new(), "the ward's own, as below".to_owned()));
    let sets = own.chain(SETS.iter().map(|(code, words, _)| ((*code).to_owned(), (*words).to_owned()))).collect();
    let fields = vec![
        FormField::one("set", "Columns", "", sets, "A set takes the place of the lines below."),
        FormField::lines(
            "columns",
            "The ward's own",
            before.columns.0.join("\n"),
            "A line each, from left to right. A line that is changed is a column renamed. “Theatre: Safety” is a \
             column of another board; b goes from board to board.",
        ),
    ];
    let (names, before) = (names(&fields), before.clone());
    Form {
        title: format!("Columns of {}", before.name),
        fields,
        then: Box::new(move |answers, model| save(&Typed::new(&names, answers), &before, model)),
    }
}

fn save(typed: &Typed<'_>, before: &Team, model: &Model) -> Outcome<Vec<Effect>> {
    let set = SETS.iter().find(|(code, ..)| *code == typed.line("set"));
    let columns = match set {
        Some((.., columns)) => columns.iter().map(|column| (*column).to_owned()).collect(),
        None => own(&typed.lines("columns"))?,
    };
    let mut after = before.clone();
    after.columns.0 = columns;
    let mut edits: Vec<Edit> = Edit::between(before, &after, before.revision).into_iter().collect();
    if edits.is_empty() {
        return Ok(vec![Effect::hint("Nothing was changed.")]);
    }
    for measure in &model.measures {
        // A set's columns are other ones; only the ward's own lines are renamed.
        let old = if set.is_none() { before.columns.0.as_slice() } else { &[] };
        if let Some(column) = moves_to(&measure.column, &measure.tags.0, old, &after.columns.0) {
            edits.push(Edit::of(measure).with("column", &column));
        }
    }
    Ok(vec![Effect::Commit { words: format!("Changed the columns of {}", before.name), edits }])
}

fn own(typed: &str) -> Outcome<Vec<String>> {
    let mut columns: Vec<String> = Vec::new();
    for line in typed.lines().map(text::clean_line).filter(|line| !line.is_empty()) {
        if !columns.iter().any(|known| known.eq_ignore_ascii_case(&line)) {
            columns.push(text::clip(&line, 40));
        }
    }
    match columns.len() {
        0 => Err(Failure::refused("A board needs a column.").at("columns").hint("Type one: Safety.")),
        many if many > COLUMNS_AT_MOST => {
            Err(Failure::refused("These are too many columns to be read.").at("columns").hint("Twelve are the most."))
        }
        _ => Ok(columns),
    }
}

/// The column to which a measure goes along: the renamed one, or one that a tag of the measure names.
fn moves_to(column: &str, tags: &[String], old: &[String], new: &[String]) -> Option<String> {
    if new.iter().any(|name| name == column) {
        return None;
    }
    let tagged = new.iter().find(|name| tags.iter().any(|tag| starts_alike(tag, name)));
    let same_length = old.len() == new.len();
    let renamed = old.iter().position(|name| name == column).filter(|_| same_length).and_then(|at| new.get(at));
    tagged.or(renamed.filter(|name| !old.contains(name))).cloned()
}

/// Whether a tag such as "safe" or "patient-centred" means the column "Safety" or "Patient-centred".
fn starts_alike(tag: &str, column: &str) -> bool {
    let (tag, column) = (tag.to_lowercase(), column.to_lowercase());
    tag.len() >= 4 && (column.starts_with(&tag) || tag.starts_with(&column))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_measure_goes_with_its_renamed_column_or_where_its_tag_says_and_else_stays() {
        let old = list(&["Safety", "Quality"]);
        for (column, tags, new, to) in [
            ("Safety", &[][..], &["Harm", "Quality"][..], Some("Harm")),
            ("Quality", &[][..], &["Harm", "Quality"][..], None),
            ("Safety", &["safe"][..], &["Timely", "Safe", "Effective"][..], Some("Safe")),
            ("Safety", &[][..], &["Timely", "Safe", "Effective"][..], None),
        ] {
            let to = to.map(str::to_owned);
            assert_eq!(moves_to(column, &list(tags), &old, &list(new)), to, "{column} {new:?}");
        }
    }
}
