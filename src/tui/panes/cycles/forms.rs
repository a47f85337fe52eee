//! The forms of a cycle: its plan, and from Do on what was seen and learned. The predictions are
//! written in the plan only: Do locks them.

use crate::app::ask::{Form, FormField, Input};
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::domain::change::Edit;
use crate::domain::cycle::{Cycle, Question, Scale, Stage};
use crate::domain::entry;
use crate::domain::measure::Measure;
use crate::domain::record::Json;
use crate::domain::{CycleId, MeasureId, ProjectId, TeamId};

use super::steps::{changed, named};
use crate::domain::ahead as day;
use crate::tui::panes::typed::{Typed, names};

/// The names of the questions and predictions that a form has room for.
const QUESTIONS: [(&str, &str, &str, &str); 3] = [
    ("question1", "Question 1", "prediction1", "Prediction 1"),
    ("question2", "Question 2", "prediction2", "Prediction 2"),
    ("question3", "Question 3", "prediction3", "Prediction 3"),
];

const LOCKED: &str = "Locked since Do began; write under Results what turned out differently.";

/// Whether a plan is made or changed, and whether it follows a cycle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Making {
    fresh: bool,
    follows: bool,
}

impl Making {
    /// A plan that is made; one that follows a cycle says what differs from it.
    pub(super) fn fresh(follows: bool) -> Self {
        Self { fresh: true, follows }
    }
}

/// The form of the fields that matter at a cycle's stage.
pub(super) fn edit(model: &Model, cycle: &Cycle) -> Form {
    if cycle.stage == Stage::Plan { plan(model, cycle.clone(), Making::default()) } else { study(model, cycle.clone()) }
}

/// The form of a plan.
pub(super) fn plan(model: &Model, before: Cycle, making: Making) -> Form {
    let mut fields = vec![
        FormField::line("title", "What is tried", &before.title, "In a few words: one bay, three shifts."),
        FormField::line("ramp", "Ramp", &before.ramp, "Cycles on one change, from small to large: A, B …"),
        FormField::lines("change", "The change", &before.change, "What exactly is done differently."),
    ];
    for (index, (question, question_label, prediction, prediction_label)) in QUESTIONS.into_iter().enumerate() {
        let asked = before.questions.0.get(index).cloned().unwrap_or_default();
        fields.push(FormField::line(question, question_label, asked.question, "What do we want to learn?"));
        fields.push(FormField::line(
            prediction,
            prediction_label,
            asked.prediction,
            "What do we think will happen? Do locks it.",
        ));
    }
    let scale = Scale::ALL.iter().map(|scale| (scale.code().to_owned(), scale.code().to_owned())).collect();
    fields.extend([
        FormField::lines("rationale", "Why", &before.rationale, "Why we think it will work."),
        FormField::line("differs", "What differs", &before.differs, "From the cycle before in this ramp."),
        FormField::one("scale", "Scale", before.scale.code(), scale, "The first test is small."),
        FormField::line("who", "Who, where, when", &before.who, "Roles, never names."),
        FormField::lines("data", "Data", &before.data, "How the data are collected, and by which role."),
        measures_field(model, before.team, &before.measures.0),
        FormField::line("owner", "Led by", &before.owner, "A role, never a name."),
        FormField::line("review", "Review on", day::written(before.review), "23/11, mon, +14 or 2026-11-23."),
    ]);
    let title = match (making.fresh, making.follows) {
        (true, true) => format!("The cycle that follows, {} {}", ramp_and(&before.ramp), before.number),
        (true, false) => "New cycle".to_owned(),
        (false, _) => format!("Plan of cycle {}", before.number),
    };
    let names = names(&fields);
    Form {
        title,
        fields,
        then: Box::new(move |answers, model| {
            let after = planned(&Typed::new(&names, answers), model, &before, making)?;
            if making.fresh {
                let words = format!("New {}", named(&after).replacen('C', "c", 1));
                return Ok(changed(words, Some(Edit::create(&after))));
            }
            Ok(changed(format!("{}: plan changed", named(&after)), Edit::between(&before, &after, before.revision)))
        }),
    }
}

fn ramp_and(ramp: &str) -> String {
    super::log::ramp_words(ramp).replacen('R', "r", 1)
}

fn planned(typed: &Typed<'_>, model: &Model, before: &Cycle, making: Making) -> Outcome<Cycle> {
    let mut after = before.clone();
    after.title = typed.needed("title", "A cycle needs a few words for what it tries.")?;
    after.ramp = typed.line("ramp");
    after.change = typed.lines("change");
    after.questions = Json(questions(typed, &before.questions.0)?);
    after.rationale = typed.lines("rationale");
    after.differs = if making.follows {
        typed.needed("differs", "What differs from the cycle before?")?
    } else {
        typed.line("differs")
    };
    after.scale = Scale::parse(&typed.line("scale")).unwrap_or(before.scale);
    after.who = typed.line("who");
    after.data = typed.lines("data");
    after.measures = Json(measures(typed, model, before.team, &before.measures.0)?);
    after.owner = typed.line("owner");
    after.review = day::parse_ahead(&typed.line("review"), model.today(), "review")?;
    if making.fresh || after.ramp != before.ramp {
        after.number = next_number(model, after.project, &after.ramp, after.id);
    }
    Ok(after)
}

/// The questions with their predictions; those beyond the form's room stay as they are.
fn questions(typed: &Typed<'_>, before: &[Question]) -> Outcome<Vec<Question>> {
    let mut questions = Vec::new();
    for (name, _, prediction_name, _) in QUESTIONS {
        let (question, prediction) = (typed.line(name), typed.line(prediction_name));
        if question.is_empty() && !prediction.is_empty() {
            let what = Failure::refused("A prediction answers a question.");
            return Err(what.at(name).hint("Type what you want to learn."));
        }
        if !question.is_empty() {
            questions.push(Question { question, prediction });
        }
    }
    questions.extend(before.iter().skip(QUESTIONS.len()).cloned());
    Ok(questions)
}

/// The number of the next cycle of a ramp.
fn next_number(model: &Model, project: ProjectId, ramp: &str, but: CycleId) -> i64 {
    let in_ramp = model.cycles.iter().filter(|cycle| cycle.project == project && cycle.ramp == ramp && cycle.id != but);
    in_ramp.map(|cycle| cycle.number).max().unwrap_or(0) + 1
}

/// The form of a cycle from Do on.
fn study(model: &Model, before: Cycle) -> Form {
    let mut fields = Vec::new();
    for (index, asked) in before.questions.0.iter().enumerate() {
        let (name, label) = QUESTIONS.get(index).map_or(("prediction", "Prediction"), |names| (names.2, names.3));
        fields.push(FormField::locked(name, label, format!("{} → {}", asked.question, asked.prediction), LOCKED));
    }
    let flag = |answer: Option<bool>| answer.map_or("", |yes| if yes { "yes" } else { "no" });
    fields.extend([
        FormField::one(
            "as_planned",
            "Done as planned",
            flag(before.as_planned),
            yes_or_no(),
            "Whether it was carried out as planned.",
        ),
        FormField::lines("results", "Results", &before.results, "What was seen, against what was predicted."),
        FormField::one(
            "matched",
            "As predicted",
            flag(before.matched),
            yes_or_no(),
            "Whether the results matched the predictions.",
        ),
        FormField::lines("learning", "Learned", &before.learning, "What we know now that we did not know before."),
        FormField::line("next", "Next", &before.next, "What the next cycle tries."),
        measures_field(model, before.team, &before.measures.0),
        FormField::line("review", "Review on", day::written(before.review), "23/11, mon, +14 or 2026-11-23."),
    ]);
    let names = names(&fields);
    Form {
        title: named(&before),
        fields,
        then: Box::new(move |answers, model| {
            let typed = Typed::new(&names, answers);
            let mut after = before.clone();
            after.as_planned = parse_flag(&typed.line("as_planned"));
            after.results = typed.lines("results");
            after.matched = parse_flag(&typed.line("matched"));
            after.learning = typed.lines("learning");
            after.next = typed.line("next");
            after.measures = Json(measures(&typed, model, before.team, &before.measures.0)?);
            after.review = day::parse_ahead(&typed.line("review"), model.today(), "review")?;
            Ok(changed(format!("{}: written", named(&after)), Edit::between(&before, &after, before.revision)))
        }),
    }
}

fn yes_or_no() -> Vec<(String, String)> {
    [("", "–"), ("yes", "yes"), ("no", "no")].map(|(code, words)| (code.to_owned(), words.to_owned())).to_vec()
}

fn parse_flag(code: &str) -> Option<bool> {
    match code {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

/// The field of the measures by name; another team's are not known here and stay as they are.
pub(super) fn measures_field(model: &Model, team: TeamId, ids: &[MeasureId]) -> FormField {
    let help = "Names with commas between them; the start of a name is enough.";
    if team != model.team.id {
        let count = format!("{} measures", ids.len());
        return FormField {
            input: Input::Locked("Its own team links them."),
            ..FormField::line("measures", "Measures", count, help)
        };
    }
    let names: Vec<&str> =
        ids.iter().filter_map(|id| model.measure(*id)).map(|measure| measure.name.as_str()).collect();
    FormField::line("measures", "Measures", names.join(", "), help)
}

/// The measures that were named. One that was linked before and is not on this board any more stays.
///
/// # Errors
/// A sentence that says which name fits none, or several.
pub(super) fn measures(
    typed: &Typed<'_>,
    model: &Model,
    team: TeamId,
    before: &[MeasureId],
) -> Outcome<Vec<MeasureId>> {
    if team != model.team.id {
        return Ok(before.to_vec());
    }
    let line = typed.line("measures");
    let parts: Vec<&str> = line.split(',').map(str::trim).collect();
    let mut found: Vec<MeasureId> = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let (measure, taken) = match longest(&parts[at..], &model.measures) {
            Some((measure, taken)) => (Some(measure), taken),
            None if parts[at].is_empty() => (None, 1),
            None => (Some(entry::find(parts[at], &model.measures).map_err(|failure| failure.at("measures"))?), 1),
        };
        found.extend(measure.map(|measure| measure.id).filter(|id| !found.contains(id)));
        at += taken;
    }
    found.extend(before.iter().filter(|id| model.measure(**id).is_none()));
    Ok(found)
}

/// The measure whose whole name stands at the start of `parts`, and how many of them it takes: a
/// name may have a comma of its own.
fn longest<'a>(parts: &[&str], measures: &'a [Measure]) -> Option<(&'a Measure, usize)> {
    (1..=parts.len()).rev().find_map(|taken| {
        let name = parts[..taken].join(", ").to_lowercase();
        let exact = measures.iter().find(|measure| measure.name.to_lowercase() == name);
        exact.map(|measure| (measure, taken))
    })
}
