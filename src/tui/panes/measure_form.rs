//! The form of a measure: asked from the board and from the charts.

use super::value_of;
use crate::app::ask::{Ask, Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::MeasureId;
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, MeasureKind, MeasureRole, parse_number};
use crate::spc::{Better, ChartType, RuleSet};

/// The form for a new measure, in the column of the selected one.
pub(super) fn new(model: &Model, beside: Option<&Measure>) -> Ask {
    let mut measure = Measure::blank(MeasureId::fresh(), model.team.id);
    measure.column = beside
        .map_or_else(|| model.team.columns.0.first().cloned().unwrap_or_default(), |beside| beside.column.clone());
    measure.position = model.measures.iter().map(|other| other.position).max().unwrap_or(0) + 1;
    measure.better = Some(Better::Down);
    measure.frequency = Frequency::Week(chrono::Weekday::Mon);
    form("New measure", measure, model, true)
}

/// The form that edits a measure.
pub(super) fn edit(measure: &Measure, model: &Model) -> Ask {
    form(&measure.name, measure.clone(), model, false)
}

fn form(title: &str, measure: Measure, model: &Model, new: bool) -> Ask {
    let fields = fields(&measure, model);
    Ask::Form(Form {
        title: title.to_owned(),
        fields,
        then: Box::new(move |answers, model| {
            let after = read(&measure, answers, model)?;
            if new {
                return Ok(vec![Effect::commit(format!("{} made", after.name), Edit::create(&after))]);
            }
            let words = format!("{} edited", after.name);
            Ok(Edit::between(&measure, &after, measure.revision)
                .map(|edit| Effect::commit(words, edit))
                .into_iter()
                .collect())
        }),
    })
}

fn fields(measure: &Measure, model: &Model) -> Vec<FormField> {
    let options = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect::<Vec<_>>()
    };
    let mut columns: Vec<(String, String)> =
        model.team.columns.0.iter().map(|column| (column.clone(), column.clone())).collect();
    if !measure.column.is_empty() && !model.team.columns.0.contains(&measure.column) {
        columns.push((measure.column.clone(), measure.column.clone()));
    }
    let charts = ChartType::ALL
        .iter()
        .filter(|chart| chart.supported())
        .map(|chart| (chart.code().to_owned(), chart.label().to_owned()))
        .collect();
    vec![
        FormField::line("name", "Name", &measure.name, "What everybody calls it, in a few words."),
        FormField::one("column", "Column", &measure.column, columns, "The column of the board that it stands in."),
        FormField::one(
            "kind",
            "A value is",
            measure.kind.code(),
            options(&[
                ("count", "how many: 3"),
                ("proportion", "so many of so many: 18/20"),
                ("rate", "so many per exposure: 4/512 bed days"),
                ("value", "any number: 9.2"),
            ]),
            "How a value is typed.",
        ),
        FormField::line(
            "unit",
            "Unit",
            &measure.unit,
            "What stands behind a value: d, beds, kg. Empty for a plain count.",
        ),
        FormField::lines(
            "definition",
            "Definition",
            &measure.definition,
            "What exactly is counted, so that two people count the same.",
        ),
        FormField::line("numerator", "Numerator", &measure.numerator, "What the first number counts."),
        FormField::line(
            "denominator",
            "Denominator",
            &measure.denominator,
            "What the second number counts, where there is one.",
        ),
        FormField::one(
            "role",
            "It is for",
            measure.role.code(),
            options(&[
                ("outcome", "outcome: what matters to patients and staff"),
                ("process", "process: whether the work is done"),
                ("balancing", "balancing: whether something else got worse"),
            ]),
            "Outcome, process or balancing.",
        ),
        FormField::one(
            "better",
            "Better is",
            measure.better().code(),
            options(&[("down", "down"), ("up", "up"), ("neither", "neither")]),
            "Which way is an improvement.",
        ),
        FormField::line("target", "Target", target_text(measure), "As people say it: 95 for 95 %. Empty for none."),
        FormField::one(
            "frequency",
            "Measured",
            measure.frequency.code(),
            options(&[
                ("daily", "every day"),
                ("weekly", "every week"),
                ("monthly", "every month"),
                ("quarterly", "every quarter"),
                ("yearly", "every year"),
                ("event", "whenever it happens"),
            ]),
            "How often a value is due.",
        ),
        FormField::one(
            "chart",
            "Chart",
            measure.chart().code(),
            charts,
            "A run chart suits most; XmR has limits, from about 12 points on.",
        ),
        FormField::line(
            "alias",
            "Letter",
            measure.alias.clone().unwrap_or_default(),
            "One letter for quick entry: f 2 saves 2 falls.",
        ),
        FormField::line("owner", "Owner", &measure.owner, "The role that looks after it, never a name."),
        FormField::line("next_action", "Next action", &measure.next_action, "What happens next about it."),
    ]
}

fn target_text(measure: &Measure) -> String {
    measure.target.map(|target| text::number(target * measure.display_factor(), 4)).unwrap_or_default()
}

fn read(before: &Measure, answers: &[String], model: &Model) -> Outcome<Measure> {
    let mut after = before.clone();
    let answer = |index: usize| answers.get(index).map(|answer| answer.trim().to_owned()).unwrap_or_default();
    after.name = answer(0);
    if after.name.is_empty() {
        return Err(Failure::refused("A measure needs a name.").at("name").hint("Type a few words."));
    }
    let taken = model.measures.iter().any(|other| other.id != after.id && other.slug() == after.slug());
    if taken {
        let failure = Failure::refused("Another measure has this name.").at("name");
        return Err(failure.hint("Say what makes the two different."));
    }
    after.column = answer(1);
    after.kind = MeasureKind::parse(&answer(2)).unwrap_or_default();
    after.unit = answer(3);
    after.definition = answer(4);
    after.numerator = answer(5);
    after.denominator = answer(6);
    after.role = MeasureRole::parse(&answer(7)).unwrap_or_default();
    after.better = Better::parse(&answer(8));
    let target = answer(9);
    let typed = target.trim_start_matches(['≤', '≥', '<', '>', '=']).trim().trim_end_matches('%').trim();
    after.target = if typed.is_empty() {
        None
    } else if target == target_text(before) && after.kind == before.kind {
        before.target
    } else {
        Some(parse_number(typed).map_err(|failure| failure.at("target"))? / after.display_factor())
    };
    // A week that starts on another day than Monday is not offered, and stays what it is.
    let frequency = Frequency::parse(&answer(10)).unwrap_or(before.frequency);
    after.frequency = match (before.frequency, frequency) {
        (Frequency::Week(day), Frequency::Week(_)) => Frequency::Week(day),
        (_, frequency) => frequency,
    };
    let chart = ChartType::parse(&answer(11)).unwrap_or(before.chart());
    if chart != before.chart() {
        after.chart = Some(chart);
        after.rules = Some(RuleSet::default_for(chart));
    }
    after.alias = value_of(answer(12)).map(|alias| alias.to_lowercase());
    check_alias(&after, model)?;
    after.owner = answer(13);
    after.next_action = answer(14);
    Ok(after)
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
