//! The form of a measure: asked from the board and from the charts.

mod advice;
mod fields;
mod read;
mod targets;
#[cfg(test)]
mod tests;

use crate::app::ask::{Ask, Form};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::domain::MeasureId;
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::measure::Measure;
use crate::domain::record::Kind;
use crate::spc::Better;

/// The form for a new measure, in the column of the selected one.
pub(super) fn new(model: &Model, beside: Option<&Measure>) -> Ask {
    let mut measure = Measure::blank(MeasureId::fresh(), model.team.id);
    measure.column = beside
        .map_or_else(|| model.team.columns.0.first().cloned().unwrap_or_default(), |beside| beside.column.clone());
    measure.position = model.measures.iter().map(|other| other.position).max().unwrap_or(0) + 1;
    measure.better = Some(Better::Down);
    measure.frequency = Frequency::Week(chrono::Weekday::Mon);
    Ask::Form(form("New measure", measure, model, true))
}

/// The form that edits a measure.
pub(super) fn edit(measure: &Measure, model: &Model) -> Ask {
    let (id, now) = (measure.id, form(&measure.name, measure.clone(), model, false));
    Ask::living(Kind::Measure, id.0, now, move |model| {
        model.measure(id).map(|measure| form(&measure.name, measure.clone(), model, false))
    })
}

fn form(title: &str, measure: Measure, model: &Model, new: bool) -> Form {
    let fields = fields::of(&measure, model);
    let names: Vec<&'static str> = fields.iter().map(|field| field.name).collect();
    Form {
        title: title.to_owned(),
        fields,
        then: Box::new(move |answers, model| {
            let after = read::measure(&measure, &read::Answers { names: &names, answers }, model)?;
            if new {
                return Ok(vec![Effect::commit(format!("{} made", after.name), Edit::create(&after))]);
            }
            let words = format!("{} edited", after.name);
            Ok(Edit::between(&measure, &after, measure.revision)
                .map(|edit| Effect::commit(words, edit))
                .into_iter()
                .collect())
        }),
    }
}
