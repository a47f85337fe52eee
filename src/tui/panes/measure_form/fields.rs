//! The fields of the form, those first that one fills in for a new measure.

use super::{advice, targets};
use crate::app::ask::FormField;
use crate::app::model::Model;
use crate::base::text;
use crate::domain::frequency::Frequency;
use crate::domain::measure::{Measure, SQDCP, STEEEP};
use crate::spc::{ChartType, RuleSet};

/// The fields with what stands in them at first.
pub(super) fn of(measure: &Measure, model: &Model) -> Vec<FormField> {
    let mut fields = what_it_is(measure, model);
    fields.extend(what_is_wanted(measure));
    fields.extend(how_it_is_read(measure, model));
    fields.extend(who_looks_after_it(measure));
    fields
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect()
}

fn what_it_is(measure: &Measure, model: &Model) -> Vec<FormField> {
    let mut columns: Vec<(String, String)> =
        model.team.columns.0.iter().map(|column| (column.clone(), column.clone())).collect();
    if !measure.column.is_empty() && !model.team.columns.0.contains(&measure.column) {
        columns.push((measure.column.clone(), measure.column.clone()));
    }
    let kinds = pairs(&[
        ("count", "how many: 3"),
        ("proportion", "so many of so many: 18/20"),
        ("rate", "so many per exposure: 4/512 bed days"),
        ("value", "any number: 9.2"),
    ]);
    vec![
        FormField::line("name", "Name", &measure.name, "What everybody calls it, in a few words."),
        FormField::one("column", "Column", &measure.column, columns, "The column of the board that it stands in."),
        FormField::one("kind", "A value is", measure.kind.code(), kinds, "How a value is typed."),
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
        FormField::line(
            "per",
            "Shown per",
            measure.per.map(|per| text::number(per, 4)).unwrap_or_default(),
            "A rate is shown per so many: 1000 for falls per 1,000 bed days. Empty for per 1.",
        ),
    ]
}

/// What it is for, and what is wanted of it.
fn what_is_wanted(measure: &Measure) -> Vec<FormField> {
    let roles = pairs(&[
        ("outcome", "outcome: what matters to patients and staff"),
        ("process", "process: whether the work is done"),
        ("balancing", "balancing: whether something else got worse"),
    ]);
    let better = pairs(&[("down", "down"), ("up", "up"), ("neither", "neither")]);
    let frequencies = pairs(&[
        ("daily", "every day"),
        ("weekly", "every week"),
        ("monthly", "every month"),
        ("quarterly", "every quarter"),
        ("yearly", "every year"),
        ("event", "whenever it happens"),
    ]);
    vec![
        FormField::one("role", "It is for", measure.role.code(), roles, "Outcome, process or balancing."),
        FormField::one("better", "Better is", measure.better().code(), better, "Which way is an improvement."),
        FormField::line(
            "target",
            "Target",
            targets::written(measure, measure.target),
            "As people say it: 95 for 95 %. Empty for none.",
        ),
        FormField::line(
            "target_since",
            "Target since",
            "",
            "The day from which a new target holds: today, 1 apr. Empty: for all of the chart.",
        ),
        FormField::line(
            "past_targets",
            "Earlier targets",
            targets::past_written(measure),
            "The targets before that: 90 until 1 apr 2026; none until 1 apr 2025.",
        ),
        FormField::one(
            "frequency",
            "Measured",
            // Whatever day a week starts on: it is offered once, and stays what it is.
            if matches!(measure.frequency, Frequency::Week(_)) { "weekly" } else { measure.frequency.code() },
            frequencies,
            "How often a value is due.",
        ),
    ]
}

fn how_it_is_read(measure: &Measure, model: &Model) -> Vec<FormField> {
    let advice = advice::chart(measure, model);
    let charts = ChartType::ALL
        .iter()
        .filter(|chart| chart.supported())
        .map(|chart| {
            let fits = advice.as_ref().is_some_and(|(fitting, _)| fitting == chart);
            let label = if fits { format!("{}  (suggested)", chart.label()) } else { chart.label().to_owned() };
            (chart.code().to_owned(), label)
        })
        .collect();
    let rules = [RuleSet::Anhoej, RuleSet::Mdc, RuleSet::Ihi, RuleSet::Nelson, RuleSet::WesternElectric];
    let mut sets =
        vec![(String::new(), format!("those of the chart: {}", RuleSet::default_for(measure.chart()).label()))];
    sets.extend(rules.iter().map(|rules| (rules.code().to_owned(), rules.label().to_owned())));
    let screening = pairs(&[("yes", "leave them out of the limits"), ("no", "keep them")]);
    let yes = if measure.screening.unwrap_or(true) { "yes" } else { "no" };
    vec![
        FormField::one(
            "chart",
            "Chart",
            measure.chart().code(),
            charts,
            "A run chart suits most; a control chart has limits, from about 12 points on.",
        )
        .noting(advice.map(|(chart, why)| format!("Suggested: {}. {why}", chart.label())).unwrap_or_default()),
        FormField::one(
            "rules",
            "Rules",
            measure.rules.map(|rules| rules.code()).unwrap_or_default(),
            sets,
            "Which patterns count as a signal. One set for all charts of a ward is easiest to read.",
        ),
        FormField::one(
            "screening",
            "Very large steps",
            yes,
            screening,
            "On an XmR chart one freak step can widen the limits so far that nothing is seen any more.",
        ),
        FormField::line(
            "freeze",
            "Limits from first",
            measure.freeze.map(|count| count.to_string()).unwrap_or_default(),
            "The lines come from the first so many points of each phase. Empty: from all of them.",
        ),
        FormField::line(
            "centre",
            "Centre line",
            targets::written(measure, measure.centre),
            "A centre line that is given and not computed, as people say it. Empty: computed.",
        ),
    ]
}

fn who_looks_after_it(measure: &Measure) -> Vec<FormField> {
    let tags = measure.tags.0.join(",");
    let private = pairs(&[("no", "shown"), ("yes", "kept off")]);
    vec![
        FormField::line("owner", "Owner", &measure.owner, "The role that looks after it, never a name."),
        FormField::some("steeep", "STEEEP", tags.as_str(), &STEEEP, "The dimensions of quality that it belongs to."),
        FormField::some("sqdcp", "SQDCP", tags.as_str(), &SQDCP, "The columns of a lean board that it belongs to."),
        FormField::line(
            "alias",
            "Letter",
            measure.alias.clone().unwrap_or_default(),
            "One letter for quick entry: f 2 saves 2 falls.",
        ),
        FormField::one(
            "private",
            "On the wall",
            if measure.private { "yes" } else { "no" },
            private,
            "Whether the wall screen shows it.",
        ),
        FormField::line("next_action", "Next action", &measure.next_action, "What happens next about it."),
    ]
}
