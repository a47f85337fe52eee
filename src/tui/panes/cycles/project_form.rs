//! The form of a project: the three questions of the Model for Improvement.

use crate::app::ask::{Form, FormField};
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::domain::ProjectId;
use crate::domain::change::Edit;
use crate::domain::project::Project;
use crate::domain::record::Json;

use super::forms::{measures, measures_field};
use super::steps::changed;
use crate::domain::ahead as day;
use crate::tui::panes::typed::{Typed, names};

/// The steps of the progress scale (IHI), in halves.
const SCORES: [(&str, &str); 10] = [
    ("0.5", "0.5  intent to participate"),
    ("1", "1.0  charter and team established"),
    ("1.5", "1.5  planning has begun"),
    ("2", "2.0  activity, but no changes"),
    ("2.5", "2.5  changes tested, but no improvement"),
    ("3", "3.0  modest improvement"),
    ("3.5", "3.5  improvement"),
    ("4", "4.0  significant improvement"),
    ("4.5", "4.5  sustainable improvement"),
    ("5", "5.0  outstanding sustainable results"),
];

/// The form of a project that is not there yet.
pub(super) fn new(model: &Model, id: ProjectId) -> Form {
    form(model, Project::blank(id, model.team.id), true)
}

/// The form of a project.
pub(super) fn edit(model: &Model, project: &Project) -> Form {
    form(model, project.clone(), false)
}

fn form(model: &Model, before: Project, fresh: bool) -> Form {
    let none = std::iter::once((String::new(), "not scored".to_owned()));
    let scores = none.chain(SCORES.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned()))).collect();
    let score = before.score.map(|score| score.to_string()).unwrap_or_default();
    let fields = vec![
        FormField::line("name", "Name", &before.name, "Fewer omitted medicines."),
        FormField::lines("aim", "Aim", &before.aim, "What are we trying to accomplish: how much, for whom?"),
        FormField::line("by", "By when", day::written(before.by), "31/3, +90 or 2027-03-31."),
        measures_field(model, before.team, &before.measures.0),
        FormField::lines(
            "changes",
            "Changes",
            &before.changes,
            "What change can we make that will result in improvement?",
        ),
        FormField::lines("rationale", "Why", &before.rationale, "Why we think so."),
        FormField::line("owner", "Led by", &before.owner, "A role, never a name."),
        FormField::one("score", "Score", score, scores, "On the 0.5 to 5 progress scale."),
    ];
    let names = names(&fields);
    let title = if fresh { "New project".to_owned() } else { format!("Project “{}”", before.name) };
    Form {
        title,
        fields,
        then: Box::new(move |answers, model| {
            let after = filled(&Typed::new(&names, answers), model, &before)?;
            let what = if fresh { "New project" } else { "Changed the project" };
            let edit = if fresh { Some(Edit::create(&after)) } else { Edit::between(&before, &after, before.revision) };
            Ok(changed(format!("{what} “{}”", after.name), edit))
        }),
    }
}

fn filled(typed: &Typed<'_>, model: &Model, before: &Project) -> Outcome<Project> {
    let mut after = before.clone();
    after.name = typed.needed("name", "A project needs a name.")?;
    after.aim = typed.lines("aim");
    after.by = day::parse_ahead(&typed.line("by"), model.today(), "by")?;
    after.measures = Json(measures(typed, model, before.team, &before.measures.0)?);
    after.changes = typed.lines("changes");
    after.rationale = typed.lines("rationale");
    after.owner = typed.line("owner");
    after.score = typed.line("score").parse().ok();
    Ok(after)
}
