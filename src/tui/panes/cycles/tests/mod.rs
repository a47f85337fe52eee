mod drawing;

use super::sample::ward;
use super::*;
use crate::app::ask::{Choose, Form, Input, Living, Then};
use crate::app::effect::Tone;
use crate::base::error::Outcome;
use crate::domain::change::{Edit, Expect, RecordKey};
use crate::domain::cycle::{Question, check_lock};
use crate::domain::record::{FieldValue, Json, Kind, Value};

use drawing::text;

fn effects(answer: Answer) -> Vec<Effect> {
    match answer {
        Answer::Consumed(effects) => effects,
        Answer::Ignored => panic!("the pane did not take it"),
    }
}

fn commit(effects: Vec<Effect>) -> (String, Vec<Edit>) {
    match effects.into_iter().next() {
        Some(Effect::Commit { words, edits }) => (words, edits),
        Some(Effect::Say(notice)) => panic!("only said: {}", notice.words),
        _ => panic!("nothing is written"),
    }
}

fn said(effects: Vec<Effect>, tone: Tone) -> String {
    match effects.into_iter().next() {
        Some(Effect::Say(notice)) if notice.tone == tone => notice.words,
        _ => panic!("nothing is said"),
    }
}

fn form(effects: Vec<Effect>) -> Form {
    match effects.into_iter().next() {
        Some(Effect::Ask(Ask::Form(form) | Ask::Living(Living { form, .. }))) => form,
        _ => panic!("not a form"),
    }
}

fn choose(effects: Vec<Effect>) -> Choose {
    match effects.into_iter().next() {
        Some(Effect::Ask(Ask::Choose(choose))) => choose,
        _ => panic!("not a list"),
    }
}

/// Answers a form as it stands, but for these fields.
fn fill(form: &Form, changes: &[(&str, &str)], model: &Model) -> Outcome<Vec<Effect>> {
    let answers: Vec<String> = form
        .fields
        .iter()
        .map(|field| {
            changes
                .iter()
                .find(|(name, _)| *name == field.name)
                .map_or_else(|| field.value.clone(), |(_, value)| (*value).to_owned())
        })
        .collect();
    for (name, _) in changes {
        assert!(form.fields.iter().any(|field| field.name == *name), "no field {name}");
    }
    (form.then)(&answers, model)
}

fn answer(then: &Then, answers: &[&str], model: &Model) -> Outcome<Vec<Effect>> {
    then(&answers.iter().map(|answer| (*answer).to_owned()).collect::<Vec<_>>(), model)
}

fn field(edit: &Edit, name: &str) -> Option<Value> {
    edit.fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.clone())
}

fn text_of(words: &str) -> Option<Value> {
    Some(Value::Text(words.to_owned()))
}

fn on(model: &Model, title: &str) -> CyclesPane {
    let cycle = model.cycles.iter().find(|cycle| cycle.title == title).unwrap();
    let mut pane = CyclesPane { all_teams: cycle.team != model.team.id, ..CyclesPane::default() };
    pane.refresh(model);
    pane.wanted = Some(Selected::Cycle(cycle.id));
    pane.refresh(model);
    pane
}

fn of<'a>(model: &'a mut Model, title: &str) -> &'a mut Cycle {
    model.cycles.iter_mut().find(|cycle| cycle.title == title).unwrap()
}

#[test]
fn do_begins_with_predictions_only_and_locks_them() {
    let mut model = ward();
    let refused = said(effects(on(&model, "top-up list at huddle").update(Action::NextStage, &model)), Tone::Wrong);
    assert!(refused.contains("prediction"), "{refused}");
    of(&mut model, "top-up list at huddle").questions =
        Json(vec![Question { question: "Is it quicker?".into(), prediction: "By ten minutes".into() }]);
    let (words, edits) = commit(effects(on(&model, "top-up list at huddle").update(Action::NextStage, &model)));
    assert!(words.contains("locked"), "{words}");
    assert_eq!(edits[0].expect, Expect::Revision(5));
    assert_eq!(field(&edits[0], "stage"), text_of("do"));
    assert!(matches!(field(&edits[0], "locked"), Some(Value::Text(_))));
}

#[test]
fn the_predictions_are_shown_locked_and_never_written_once_do_began() {
    let model = ward();
    let form = form(effects(on(&model, "second check on all shifts").update(Action::Edit, &model)));
    let predictions: Vec<_> = form.fields.iter().filter(|field| field.name.starts_with("prediction")).collect();
    assert_eq!(predictions.len(), 2);
    assert!(predictions.iter().all(|field| matches!(field.input, Input::Locked(_))));
    let changes = [("results", "4 of 120"), ("as_planned", "no"), ("matched", "yes"), ("review", "+14")];
    let (_, edits) = commit(fill(&form, &changes, &model).unwrap());
    let cycle = model.cycles.iter().find(|cycle| cycle.title == "second check on all shifts").unwrap();
    assert!(check_lock(Some(cycle.stage), edits[0].names()).is_ok());
    assert_eq!(edits[0].expect, Expect::Revision(5));
    assert_eq!(field(&edits[0], "as_planned"), Some(Value::Int(0)));
    assert_eq!(field(&edits[0], "matched"), Some(Value::Int(1)));
    assert_eq!(field(&edits[0], "review"), text_of("2026-12-04"));
    assert_eq!(edits[0].fields.len(), 4);
    said(fill(&form, &[], &model).unwrap(), Tone::Hint);
    assert_eq!(fill(&form, &[("review", "soon")], &model).err().unwrap().place.as_deref(), Some("review"));
}

#[test]
fn a_plan_is_written_with_its_questions_predictions_and_measures() {
    let model = ward();
    let form = form(effects(on(&model, "top-up list at huddle").update(Action::Edit, &model)));
    let changes = [
        ("question1", "Is it quicker?"),
        ("prediction1", "Yes"),
        ("measures", "hand hyg, round min"),
        ("review", "1/12"),
    ];
    let (_, edits) = commit(fill(&form, &changes, &model).unwrap());
    let questions = Json::<Vec<Question>>::from_value(&field(&edits[0], "questions").unwrap()).unwrap().0;
    assert_eq!((questions.len(), questions[0].prediction.as_str()), (1, "Yes"));
    let measures = Json::<Vec<MeasureId>>::from_value(&field(&edits[0], "measures").unwrap()).unwrap().0;
    let named: Vec<_> = measures.iter().map(|id| model.measure(*id).unwrap().name.as_str()).collect();
    assert_eq!(named, ["Hand hygiene", "Round minutes"]);
    for (change, place) in [
        (("title", " "), "title"),
        (("prediction2", "nothing was asked"), "question2"),
        (("measures", "xyzzy"), "measures"),
        (("review", "soon"), "review"),
    ] {
        assert_eq!(fill(&form, &[change], &model).err().unwrap().place.as_deref(), Some(place));
    }
}

#[test]
fn a_measure_whose_name_has_a_comma_is_found_by_it() {
    let mut model = ward();
    model.measures[1].name = "Observations, 4-hourly".to_owned();
    of(&mut model, "top-up list at huddle").measures = Json(vec![model.measures[1].id, model.measures[2].id]);
    let form = form(effects(on(&model, "top-up list at huddle").update(Action::Edit, &model)));
    said(fill(&form, &[], &model).unwrap(), Tone::Hint);
}

#[test]
fn a_cycle_is_decided_in_act_and_an_abandoned_one_keeps_its_learning() {
    let mut model = ward();
    said(effects(on(&model, "second check on all shifts").update(Action::Decide, &model)), Tone::Wrong);
    let choose = choose(effects(on(&model, "lights on a timer").update(Action::Decide, &model)));
    assert_eq!(choose.options.len(), 3);
    assert!(answer(&choose.then, &["abandon"], &model).is_err());
    let (words, edits) = commit(answer(&choose.then, &["adopt"], &model).unwrap());
    assert_eq!(words, "Cycle 1 “lights on a timer”: adopt");
    assert_eq!(field(&edits[0], "finished"), text_of("2026-11-20"));
    assert_eq!(edits[0].team, model.teams[1].id, "an edit goes to the team of its cycle");
    of(&mut model, "lights on a timer").learning = "Patients sleep worse.".to_owned();
    let choose = self::choose(effects(on(&model, "lights on a timer").update(Action::Decide, &model)));
    assert!(answer(&choose.then, &["abandon"], &model).is_ok());
}

#[test]
fn the_cycle_that_follows_says_what_differs_and_has_the_next_number() {
    let model = ward();
    let mut pane = on(&model, "early shift, all bays");
    let form = form(effects(pane.update(Action::NextCycle, &model)));
    assert_eq!(fill(&form, &[("title", "weekends")], &model).err().unwrap().place.as_deref(), Some("differs"));
    let changes = [("title", "weekends"), ("differs", "weekends too")];
    let (_, edits) = commit(fill(&form, &changes, &model).unwrap());
    assert_eq!((edits[0].kind, edits[0].creates), (Kind::Cycle, true));
    assert_eq!(field(&edits[0], "number"), Some(Value::Int(5)), "3 is followed by 4 already");
    assert_eq!(field(&edits[0], "planned"), text_of("2026-11-20"));
}

#[test]
fn the_cursor_goes_to_the_cycle_that_was_made() {
    let mut model = ward();
    let mut pane = on(&model, "two patients");
    let form = form(effects(pane.update(Action::New, &model)));
    let (_, edits) = commit(fill(&form, &[("title", "three patients")], &model).unwrap());
    assert_eq!(field(&edits[0], "ramp"), text_of("A"));
    assert_eq!(field(&edits[0], "number"), Some(Value::Int(3)));
    let RecordKey::Id(id) = edits[0].record else { panic!("no id") };
    let mut made = Cycle::blank(CycleId(id), model.team.id);
    (made.project, made.ramp, made.number, made.title) = (model.projects[1].id, "A".into(), 3, "three patients".into());
    model.cycles.push(made);
    pane.refresh(&model);
    assert_eq!(pane.current(&model), Some(Selected::Cycle(CycleId(id))));
}

#[test]
fn notes_are_kept_with_their_time_and_only_while_something_runs() {
    let model = ward();
    said(effects(on(&model, "top-up list at huddle").update(Action::Note, &model)), Tone::Wrong);
    let form = form(effects(on(&model, "second check on all shifts").update(Action::Note, &model)));
    assert!(answer(&form.then, &[" "], &model).is_err());
    let (_, edits) = commit(answer(&form.then, &["card lost"], &model).unwrap());
    assert_eq!((edits[0].kind, edits[0].creates), (Kind::Observation, true));
    assert_eq!(field(&edits[0], "at"), Some(model.now.to_value()));
}

#[test]
fn the_editor_writes_the_long_text_of_the_stage() {
    let model = ward();
    for (title, kind, name) in [
        ("top-up list at huddle", Kind::Cycle, "change"),
        ("second check on all shifts", Kind::Observation, "text"),
        ("one consultant", Kind::Cycle, "results"),
        ("lights on a timer", Kind::Cycle, "learning"),
    ] {
        let written = effects(on(&model, title).update(Action::Editor, &model)).into_iter().next();
        let Some(Effect::EditText { text, then }) = written else { panic!("no editor") };
        let (_, edits) = commit(answer(&then, &["line one\nline two\n"], &model).unwrap());
        assert_eq!(edits[0].kind, kind);
        assert_eq!(field(&edits[0], name), text_of("line one\nline two"));
        said(answer(&then, &[&text], &model).unwrap(), Tone::Hint);
    }
}

#[test]
fn a_project_answers_the_three_questions_and_goes_with_its_cycles() {
    let model = ward();
    let mut pane = on(&model, "two patients");
    let new = form(effects(pane.update(Action::NewProject, &model)));
    assert_eq!(fill(&new, &[], &model).err().unwrap().place.as_deref(), Some("name"));
    let changes = [("name", "Better nights"), ("by", "31/3"), ("measures", "falls"), ("score", "1.5")];
    let (_, edits) = commit(fill(&new, &changes, &model).unwrap());
    assert_eq!(field(&edits[0], "by"), text_of("2027-03-31"));
    assert_eq!(field(&edits[0], "score"), Some(Value::Real(1.5)));
    pane.update(Action::First, &model);
    let edit = form(effects(pane.update(Action::Edit, &model)));
    said(fill(&edit, &[], &model).unwrap(), Tone::Hint);
    let (_, edits) = commit(fill(&edit, &[("aim", "None")], &model).unwrap());
    assert_eq!((edits[0].kind, edits[0].expect, edits[0].fields.len()), (Kind::Project, Expect::Revision(2), 1));
    let (words, edits) = commit(effects(pane.update(Action::Delete, &model)));
    assert!(words.contains("with its 6 cycles"), "{words}");
    assert_eq!(edits.len(), 7);
    assert!(edits.iter().all(|edit| edit.fields == [("deleted", Value::Int(1))]));
}

#[test]
fn late_cycles_say_so_and_come_first_where_one_looks_for_what_waits() {
    let model = ward();
    let log = Log { model: &model, all_teams: true };
    let words: Vec<_> = log.waiting().iter().map(|cycle| log::standing_words(cycle, model.today())).collect();
    assert_eq!(words, ["DO 39 d late", "STUDY 12 d late", "ACT · 4 d", "PLAN · 3 d"]);
    let mut model = ward();
    of(&mut model, "top-up list at huddle").review = Some("2026-11-19".parse().unwrap());
    let cycle = of(&mut model, "top-up list at huddle").clone();
    assert_eq!(log::late(&cycle, model.today()).unwrap(), "its review was due 19 Nov");
}

#[test]
fn other_teams_are_there_only_when_asked_for() {
    let mut model = ward();
    let mut pane = CyclesPane::default();
    pane.refresh(&model);
    assert!(!text(&pane, &model, 120, 60).contains("Fewer falls at night"));
    pane.update(Action::AllTeams, &model);
    let all = text(&pane, &model, 120, 60);
    assert!(all.contains("WARD 5B") && all.contains("Fewer falls at night"), "{all}");
    model.teams.truncate(1);
    said(effects(pane.update(Action::AllTeams, &model)), Tone::Hint);
}

#[test]
fn the_points_of_the_test_are_counted_from_the_chart() {
    let mut model = ward();
    let title = "second check on all shifts";
    let points =
        |model: &Model| points::points_in_test(model, model.cycles.iter().find(|cycle| cycle.title == title).unwrap());
    // Weeks from 12 October to 16 November.
    assert_eq!(points(&model), Some(6));
    of(&mut model, title).studied = Some("2026-11-03".parse().unwrap());
    assert_eq!(points(&model), Some(4));
    model.tiles.clear();
    assert_eq!(points(&model), None, "what is not read is not called missing");
    assert!(!text(&on(&model, title), &model, 120, 60).contains("points in test: missing"));
}
