//! The steps of a cycle: on to the next stage, a note, a decision, a long text, and away.

use crate::app::ask::{Ask, Choose, Form};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::domain::change::{Edit, Expect, RecordKey};
use crate::domain::cycle::{Cycle, Decision, Observation, Stage};
use crate::domain::project::Project;
use crate::domain::record::Record;
use crate::domain::{MeasureId, ObservationId};

/// A cycle as an action's words name it.
pub(super) fn named(cycle: &Cycle) -> String {
    format!("Cycle {} “{}”", cycle.number, cycle.title)
}

/// Takes a cycle to its next stage; refused where somebody else changed it meanwhile.
pub(super) fn advance(model: &Model, cycle: &Cycle) -> Outcome<Effect> {
    let edit = cycle.advance(model.today(), model.now)?.expecting(Expect::Revision(cycle.revision));
    let what = match cycle.stage {
        Stage::Plan => "Do begins; its predictions are locked",
        Stage::Do => "Study begins",
        Stage::Study | Stage::Act => "Act begins",
    };
    Ok(Effect::commit(format!("{}: {what}", named(cycle)), edit))
}

/// Asks for the decision, where the cycle has come to it.
pub(super) fn decide(model: &Model, cycle: &Cycle) -> Outcome<Effect> {
    cycle.decide(Decision::Adopt, model.today())?;
    let words = |decision: &Decision| match decision {
        Decision::Adopt => "adopt: keep the change",
        Decision::Adapt => "adapt: change it and test again",
        Decision::Abandon => "abandon: let it go, and keep what was learned",
    };
    let options =
        Decision::ALL.iter().map(|decision| (decision.code().to_owned(), words(decision).to_owned())).collect();
    let marked =
        cycle.decision.and_then(|made| Decision::ALL.iter().position(|decision| *decision == made)).unwrap_or(0);
    let cycle = cycle.clone();
    Ok(Effect::Ask(Ask::Choose(Choose {
        title: format!("{}: what is decided?", named(&cycle)),
        options,
        marked,
        free: false,
        then: Box::new(move |answers, model| {
            let Some(decision) = answers.first().and_then(|code| Decision::parse(code)) else { return Ok(Vec::new()) };
            let edit = cycle.decide(decision, model.today())?.expecting(Expect::Revision(cycle.revision));
            Ok(vec![Effect::commit(format!("{}: {}", named(&cycle), decision.code()), edit)])
        }),
    })))
}

/// Asks what was seen while the test runs.
pub(super) fn note(cycle: &Cycle) -> Outcome<Effect> {
    if cycle.stage == Stage::Plan {
        return Err(Failure::refused("The test does not run yet.").hint("Press > to begin Do, then note what you see."));
    }
    if cycle.is_finished() {
        let failure = Failure::refused("This cycle is finished: what is seen now belongs to the next one.");
        return Err(failure.hint("Press N to plan it."));
    }
    let cycle = cycle.clone();
    let help = "An observation, a problem, something unexpected: never a name.";
    let title = format!("{}: what was seen?", named(&cycle));
    Ok(Effect::Ask(Form::prompt(title, "Seen", "", help, move |typed, model| observe(model, &cycle, typed, "text"))))
}

fn observe(model: &Model, cycle: &Cycle, typed: &str, place: &str) -> Outcome<Vec<Effect>> {
    if typed.trim().is_empty() {
        return Err(Failure::refused("Nothing was written.").at(place).hint("Type a few words."));
    }
    let mut observation = Observation::blank(ObservationId::fresh(), cycle.team);
    observation.cycle = cycle.id;
    observation.at = model.now;
    observation.text = typed.trim().to_owned();
    Ok(vec![Effect::commit(format!("{}: noted", named(cycle)), Edit::create(&observation))])
}

/// Hands the long text of the cycle's stage to the person's own editor.
pub(super) fn write(cycle: &Cycle) -> Effect {
    let before = cycle.clone();
    let text = match cycle.stage {
        Stage::Plan => &cycle.change,
        Stage::Do => "",
        Stage::Study => &cycle.results,
        Stage::Act => &cycle.learning,
    };
    Effect::EditText {
        text: text.to_owned(),
        then: Box::new(move |answers, model| {
            let typed = answers.first().map_or("", |answer| answer.trim());
            let mut after = before.clone();
            match before.stage {
                Stage::Do if typed.is_empty() => return Ok(vec![Effect::hint("Nothing was written.")]),
                Stage::Do => return observe(model, &before, typed, "text"),
                Stage::Plan => after.change = typed.to_owned(),
                Stage::Study => after.results = typed.to_owned(),
                Stage::Act => after.learning = typed.to_owned(),
            }
            Ok(changed(format!("{}: written", named(&before)), Edit::between(&before, &after, before.revision)))
        }),
    }
}

/// Hands a project's ideas for change to the person's own editor.
pub(super) fn write_project(project: &Project) -> Effect {
    let before = project.clone();
    Effect::EditText {
        text: project.changes.clone(),
        then: Box::new(move |answers, _| {
            let changes = answers.first().map_or("", |answer| answer.trim()).to_owned();
            let after = Project { changes, ..before.clone() };
            Ok(changed(format!("Project “{}”: written", before.name), Edit::between(&before, &after, before.revision)))
        }),
    }
}

/// Writes an edit, or says that there is none.
pub(super) fn changed(words: String, edit: Option<Edit>) -> Vec<Effect> {
    vec![edit.map_or_else(|| Effect::hint("Nothing was changed."), |edit| Effect::commit(words, edit))]
}

/// Opens the chart of the first measure.
pub(super) fn chart(model: &Model, measures: &[MeasureId]) -> Effect {
    match (measures.iter().find(|id| model.measure(**id).is_some()), measures.is_empty()) {
        (Some(id), _) => Effect::ShowChart(*id),
        (None, true) => Effect::hint("No measure is linked yet. Press e and name one."),
        (None, false) => Effect::hint("Its chart is on its own team's board. Press T and choose that team."),
    }
}

/// Deletes a cycle.
pub(super) fn delete(cycle: &Cycle) -> Effect {
    Effect::commit(format!("Deleted {}", named(cycle)), Edit::of(cycle).deleting())
}

/// Deletes a project with its cycles, as one action, so that one undo brings all of it back.
pub(super) fn delete_project(model: &Model, project: &Project) -> Effect {
    let cycles: Vec<Edit> = model
        .cycles
        .iter()
        .filter(|cycle| cycle.project == project.id)
        .map(|cycle| Edit::of(cycle).deleting())
        .collect();
    let with = match cycles.len() {
        0 => String::new(),
        1 => " with its cycle".to_owned(),
        count => format!(" with its {count} cycles"),
    };
    let words = format!("Deleted the project “{}”{with}", project.name);
    Effect::Commit { words, edits: std::iter::once(Edit::of(project).deleting()).chain(cycles).collect() }
}

/// Shows who changed a record, and when.
pub(super) fn history<R: Record>(record: &R, name: &str) -> Effect {
    Effect::ShowHistory(R::KIND, RecordKey::Id(record.key()), name.to_owned())
}
