use chrono::Weekday;

use super::*;
use crate::app::ask::Input;
use crate::domain::measure::{MeasureKind, MeasureRole, PastTarget};
use crate::domain::record::Json;
use crate::spc::{ChartType, RuleSet};
use crate::tui::panes::process::sample;

/// A measure of which every field says something.
fn full(model: &Model) -> Measure {
    let mut measure = sample::measure(model, "Omissions", MeasureKind::Proportion);
    measure.column = "Safety".into();
    measure.unit = "%".into();
    measure.definition = "Doses that were due\nand not given.".into();
    measure.numerator = "doses omitted".into();
    measure.denominator = "doses due".into();
    measure.role = MeasureRole::Process;
    measure.better = Some(Better::Down);
    measure.target = Some(1.0 / 30.0);
    let until = |text: &str| text.parse().unwrap();
    measure.past_targets = Json(vec![
        PastTarget { until: until("2025-04-01"), target: None },
        PastTarget { until: until("2026-04-01"), target: Some(0.06) },
    ]);
    measure.centre = Some(1.0 / 15.0);
    measure.frequency = Frequency::Week(Weekday::Tue);
    measure.chart = Some(ChartType::P);
    measure.rules = Some(RuleSet::Nelson);
    measure.screening = Some(false);
    measure.freeze = Some(16);
    measure.owner = "pharmacist".into();
    measure.alias = Some("o".into());
    measure.tags = Json(vec!["winter".into(), "safe".into(), "quality".into()]);
    measure.private = true;
    measure.next_action = "second check".into();
    measure.revision = 3;
    measure
}

/// What the form makes of a measure when these fields are typed over.
fn typed(measure: &Measure, model: &Model, over: &[(&str, &str)]) -> Result<Measure, String> {
    let fields = fields::of(measure, model);
    let names: Vec<&'static str> = fields.iter().map(|field| field.name).collect();
    let answer = |field: &crate::app::ask::FormField| {
        let typed = over.iter().find(|(name, _)| *name == field.name).map(|(_, typed)| (*typed).to_owned());
        typed.unwrap_or_else(|| match &field.input {
            // A field of several words answers with those that it offers.
            Input::Some(words) => {
                let held: Vec<&str> = field.value.split(',').collect();
                words.iter().filter(|word| held.contains(word)).copied().collect::<Vec<_>>().join(", ")
            }
            _ => field.value.clone(),
        })
    };
    let answers: Vec<String> = fields.iter().map(answer).collect();
    read::measure(measure, &read::Answers { names: &names, answers: &answers }, model)
        .map_err(|failure| failure.place.clone().unwrap_or_default())
}

#[test]
fn a_form_that_nobody_touches_changes_nothing() {
    let model = sample::empty_ward();
    let measure = full(&model);
    assert_eq!(typed(&measure, &model, &[]).unwrap(), measure);
    let blank = sample::measure(&model, "Falls", MeasureKind::Count);
    let after = typed(&blank, &model, &[]).unwrap();
    assert_eq!((after.target, after.rules, after.freeze, after.screening), (None, None, None, None));
}

#[test]
fn what_a_field_of_a_fixed_set_holds_is_one_of_its_answers() {
    let model = sample::empty_ward();
    for field in fields::of(&full(&model), &model) {
        if let Input::One(options) = &field.input {
            assert!(options.iter().any(|(code, _)| *code == field.value), "{}: {}", field.name, field.value);
        }
    }
}

#[test]
fn a_new_target_from_a_day_on_keeps_the_one_before_it() {
    let model = sample::empty_ward();
    let after = typed(&full(&model), &model, &[("target", "2"), ("target_since", "1 oct 2026")]).unwrap();
    let on = |day: &str| after.target_on(day.parse().unwrap());
    assert_eq!(on("2026-11-20"), Some(0.02));
    assert_eq!(on("2026-09-30"), Some(1.0 / 30.0));
    assert_eq!((on("2026-03-31"), on("2025-03-31")), (Some(0.06), None));
    let again = typed(&full(&model), &model, &[("past_targets", "7 until 1 jan 2026")]).unwrap();
    assert_eq!(again.target_on("2025-12-31".parse().unwrap()), Some(0.07));
}

#[test]
fn what_cannot_stand_is_refused_at_its_field() {
    let model = sample::empty_ward();
    for (field, words) in [
        ("name", ""),
        ("target", "many"),
        ("target_since", "soon"),
        ("target_since", "1 jan 2026"),
        ("past_targets", "90 by easter"),
        ("freeze", "1"),
        ("per", "0"),
        ("centre", "x"),
        ("alias", "ab"),
    ] {
        assert_eq!(typed(&full(&model), &model, &[(field, words)]), Err(field.to_owned()), "{words}");
    }
}

#[test]
fn another_chart_takes_its_own_rules_unless_others_are_chosen() {
    let model = sample::empty_ward();
    let other = typed(&full(&model), &model, &[("chart", "xmr")]).unwrap();
    assert_eq!((other.chart(), other.rules), (ChartType::Xmr, None));
    let chosen = typed(&full(&model), &model, &[("chart", "xmr"), ("rules", "ihi")]).unwrap();
    assert_eq!(chosen.rules, Some(RuleSet::Ihi));
}
