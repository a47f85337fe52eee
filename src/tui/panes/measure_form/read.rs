//! From the answers of the form to the measure.

use super::targets;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind, MeasureRole, PastTarget, SQDCP, STEEEP, parse_number};
use crate::domain::record::Json;
use crate::domain::when::parse_day;
use crate::spc::{Better, ChartType, RuleSet};
use crate::tui::panes::value_of;

/// The answers by the names of their fields.
pub(super) struct Answers<'a> {
    pub(super) names: &'a [&'static str],
    pub(super) answers: &'a [String],
}

impl Answers<'_> {
    /// What stands in a field, without spaces around it.
    fn get(&self, name: &str) -> String {
        let at = self.names.iter().position(|other| *other == name);
        at.and_then(|at| self.answers.get(at)).map(|answer| answer.trim().to_owned()).unwrap_or_default()
    }
}

/// The measure as the answers have it.
///
/// # Errors
/// A sentence on the first answer that cannot stand, at its field.
pub(super) fn measure(before: &Measure, answers: &Answers<'_>, model: &Model) -> Outcome<Measure> {
    let mut after = before.clone();
    after.name = answers.get("name");
    if after.name.is_empty() {
        return Err(Failure::refused("A measure needs a name.").at("name").hint("Type a few words."));
    }
    let taken = model.measures.iter().any(|other| other.id != after.id && other.slug() == after.slug());
    if taken {
        let failure = Failure::refused("Another measure has this name.").at("name");
        return Err(failure.hint("Say what makes the two different."));
    }
    after.column = answers.get("column");
    after.kind = MeasureKind::parse(&answers.get("kind")).unwrap_or_default();
    after.unit = answers.get("unit");
    after.per = per(&answers.get("per"))?;
    after.definition = answers.get("definition");
    after.numerator = answers.get("numerator");
    after.denominator = answers.get("denominator");
    after.role = MeasureRole::parse(&answers.get("role")).unwrap_or_default();
    after.better = Better::parse(&answers.get("better"));
    read_targets(before, &mut after, answers, model)?;
    // A week that starts on another day than Monday is not offered, and stays what it is.
    let frequency = Frequency::parse(&answers.get("frequency")).unwrap_or(before.frequency);
    after.frequency = match (before.frequency, frequency) {
        (Frequency::Week(day), Frequency::Week(_)) => Frequency::Week(day),
        (_, frequency) => frequency,
    };
    read_chart(before, &mut after, answers)?;
    after.alias = value_of(answers.get("alias")).map(|alias| alias.to_lowercase());
    check_alias(&after, model)?;
    after.owner = answers.get("owner");
    after.private = answers.get("private") == "yes";
    after.next_action = answers.get("next_action");
    after.tags = Json(tags(&before.tags.0, answers));
    Ok(after)
}

fn per(typed: &str) -> Outcome<Option<f64>> {
    if typed.is_empty() {
        return Ok(None);
    }
    let number = parse_number(typed).map_err(|failure| failure.at("per"))?;
    if number > 0.0 {
        Ok(Some(number))
    } else {
        Err(Failure::refused("A rate is shown per a number above 0.").at("per").hint("Type 1000, or leave it empty."))
    }
}

/// The target, what was given as its first day, and the earlier ones. A number that was not touched stays to
/// its last digit.
fn read_targets(before: &Measure, after: &mut Measure, answers: &Answers<'_>, model: &Model) -> Outcome<()> {
    let same_scale = after.display_factor().total_cmp(&before.display_factor()).is_eq();
    let kept = |typed: &str, stood: Option<f64>| same_scale && typed == targets::written(before, stood);
    let target = answers.get("target");
    after.target = if kept(&target, before.target) { before.target } else { targets::read(after, &target, "target")? };
    let centre = answers.get("centre");
    after.centre = if kept(&centre, before.centre) { before.centre } else { targets::read(after, &centre, "centre")? };
    let past = answers.get("past_targets");
    if !(same_scale && past == targets::past_written(before)) {
        after.past_targets = Json(targets::past_read(after, &past, model.today())?);
    }
    let since = answers.get("target_since");
    if since.is_empty() {
        return Ok(());
    }
    let day = parse_day(&since, model.today()).map_err(|failure| failure.at("target_since"))?;
    if after.past_targets.0.iter().any(|past| past.until >= day) {
        return Err(Failure::refused("An earlier target holds until that day or longer.")
            .at("target_since")
            .hint("Change the earlier targets below, or type a later day."));
    }
    after.past_targets.0.push(PastTarget { until: day, target: before.target });
    Ok(())
}

fn read_chart(before: &Measure, after: &mut Measure, answers: &Answers<'_>) -> Outcome<()> {
    let chart = ChartType::parse(&answers.get("chart")).unwrap_or(before.chart());
    if chart != before.chart() {
        after.chart = Some(chart);
    }
    after.rules = RuleSet::parse(&answers.get("rules"));
    // Rules that were not touched belong to the chart that they were chosen for.
    if chart != before.chart() && after.rules == before.rules {
        after.rules = None;
    }
    let screened = answers.get("screening") != "no";
    if screened != before.screening.unwrap_or(true) {
        after.screening = Some(screened);
    }
    let freeze = answers.get("freeze");
    after.freeze = match freeze.as_str() {
        "" => None,
        typed => match typed.parse::<i64>() {
            Ok(count) if count >= 2 => Some(count),
            _ => {
                let failure = Failure::refused("The lines need the first 2 points or more.").at("freeze");
                return Err(failure.hint("Type a whole number such as 12, or leave it empty."));
            }
        },
    };
    Ok(())
}

/// The words that were chosen, and those of the ward's own that no field offers.
fn tags(before: &[String], answers: &Answers<'_>) -> Vec<String> {
    let offered = |tag: &str| STEEEP.contains(&tag) || SQDCP.contains(&tag);
    let own = before.iter().filter(|tag| !offered(tag)).cloned();
    let chosen = ["steeep", "sqdcp"].map(|name| answers.get(name));
    let chosen = chosen.iter().flat_map(|answer| answer.split(',')).map(|tag| tag.trim().to_owned());
    own.chain(chosen.filter(|tag| !tag.is_empty())).collect()
}

fn check_alias(after: &Measure, model: &Model) -> Outcome<()> {
    let Some(alias) = &after.alias else { return Ok(()) };
    if alias.chars().count() != 1 || alias.chars().any(|letter| !letter.is_alphabetic()) {
        return Err(Failure::refused("The letter is one letter.").at("alias").hint("Type one, or leave it empty."));
    }
    let taken = model.measures.iter().find(|other| other.id != after.id && other.alias.as_ref() == Some(alias));
    match taken {
        Some(other) => Err(Failure::refused(format!("{} has this letter already.", other.name))
            .at("alias")
            .hint("Choose another.")),
        None => Ok(()),
    }
}
