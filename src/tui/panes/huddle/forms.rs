//! What is asked in a huddle: who is here, a note, an idea with its answer, thanks, the ward's own agenda.

use crate::app::ask::{Ask, Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::agenda::{Agenda, Topic};
use crate::domain::change::Edit;
use crate::domain::huddle::{FIND_OUT, Huddle};
use crate::domain::present::{parse_present, present_words};
use crate::domain::promise::Sort;
use crate::domain::record::Json;
use crate::tui::panes::actions::forms::blank;
use crate::tui::panes::typed::{Typed, names};

/// The record as it stands now: another note may have come since the question was asked.
fn now<'a>(model: &'a Model, asked: &'a Huddle) -> &'a Huddle {
    model.huddles.iter().find(|huddle| huddle.id == asked.id).unwrap_or(asked)
}

/// A text with one line more.
fn with_line(text: &str, line: &str) -> String {
    if text.is_empty() { line.to_owned() } else { format!("{text}\n{line}") }
}

fn words_of(typed: &str) -> Outcome<String> {
    let words = text::clean_line(typed);
    if words.is_empty() {
        return Err(Failure::refused("This needs a few words.").at("text").hint("Type them, or press Esc."));
    }
    Ok(words)
}

/// Asks who is here.
pub(super) fn present(model: &Model, huddle: &Huddle) -> Ask {
    let huddle = huddle.clone();
    let known = present_words(&now(model, &huddle).present.0, &model.groups);
    let help = "4n 2m, or a letter for each as they come: nnnnmm. Or numbers in the order of the groups.";
    let groups = format!("{}.", model.groups.join(", "));
    let form = Form {
        title: "Who is here?".to_owned(),
        fields: vec![
            FormField { input: crate::app::ask::Input::Selected, ..FormField::line("text", "Here", known, help) }
                .noting(groups),
        ],
        then: Box::new(move |answers, model| {
            let present = parse_present(answers.first().map_or("", String::as_str), &model.groups)?;
            let count: u32 = present.values().sum();
            let words = format!("{count} here: {}", present_words(&present, &model.groups));
            Ok(vec![Effect::commit(words, Edit::of(&huddle).with("present", &Json(present)))])
        }),
    };
    Ask::Quick(form)
}

/// Asks for a note about the item that is talked about.
pub(super) fn note(huddle: &Huddle, label: &'static str) -> Ask {
    let huddle = huddle.clone();
    let title = format!("Note · {label}");
    Form::prompt(title, "Note", "", "Counts, never patients. Enter saves.", move |typed, model| {
        let words = words_of(typed)?;
        let notes = with_line(&now(model, &huddle).notes, &format!("{label}: {words}"));
        Ok(vec![Effect::commit(format!("Noted: {words}"), Edit::of(&huddle).with("notes", &notes))])
    })
}

/// Asks who is thanked.
pub(super) fn thanks(huddle: &Huddle) -> Ask {
    let huddle = huddle.clone();
    let help = "Who made it better, and how: night team, for the quiet round.";
    Form::prompt("Thanks", "Thanks to", "", help, move |typed, model| {
        let words = words_of(typed)?;
        let thanks = with_line(&now(model, &huddle).thanks, &words);
        Ok(vec![Effect::commit(format!("Thanks: {words}"), Edit::of(&huddle).with("thanks", &thanks))])
    })
}

/// Asks for an idea and what is answered: yes makes it an action, who makes finding out one.
pub(super) fn idea(huddle: &Huddle) -> Ask {
    let huddle = huddle.clone();
    let answers = [("yes", "yes: it is done"), ("not now", "not now"), ("who", "who finds out?")];
    let options = answers.into_iter().map(|(code, words)| (code.to_owned(), words.to_owned())).collect();
    let fields = vec![
        FormField::line("text", "Idea", "", "In a few words. Enter saves it as yes; Tab goes on to the answer."),
        FormField::one("answer", "Answer", "yes", options, "Its first letter chooses it: y, n or w."),
        FormField::line("who", "Who", "", "The role that does it, or finds out."),
    ];
    let names = names(&fields);
    Ask::Quick(Form {
        title: "New idea".to_owned(),
        fields,
        then: Box::new(move |answers, model| {
            let typed = Typed::new(&names, answers);
            let words = typed.needed("text", "An idea needs a few words.")?;
            let (answer, who) = (typed.line("answer"), typed.line("who"));
            let said = match (answer.as_str(), who.as_str()) {
                ("who", "") => "the team finds out".to_owned(),
                ("who", who) => format!("{who} finds out"),
                (answer, _) => answer.to_owned(),
            };
            let notes = with_line(&now(model, &huddle).notes, &format!("Idea: {words} – {said}"));
            let mut edits = vec![Edit::of(&huddle).with("notes", &notes)];
            if answer != "not now" {
                let mut action = blank(model, Sort::Action, Some(huddle.id));
                action.what = if answer == "who" { format!("{FIND_OUT}{words}") } else { words.clone() };
                action.who = if who.is_empty() { "team".to_owned() } else { who };
                action.by = model.today().checked_add_days(chrono::Days::new(7));
                edits.push(Edit::create(&action));
            }
            Ok(vec![Effect::Commit { words: format!("Idea: {words} – {said}"), edits }])
        }),
    })
}

/// Asks for the ward's own agenda of its daily huddle.
pub(super) fn agenda(model: &Model, agenda: &Agenda) -> Ask {
    let help = "A line for each item: 1 min · Signals: what changed? First: at 08:30 mon-fri. Empty: as shipped.";
    let fields = vec![FormField::lines("text", "Agenda", agenda.lines().join("\n"), help)];
    let team = model.team.clone();
    Ask::Form(Form {
        title: format!("The ward's own agenda · {}", agenda.name),
        fields,
        then: Box::new(move |answers, _| {
            let typed = text::clean_lines(answers.first().map_or("", String::as_str));
            let lines: Vec<String> =
                typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(Into::into).collect();
            if !lines.is_empty() && !lines.iter().any(|line| Topic::parse(line).is_some()) {
                return Err(Failure::refused("An agenda needs an item.")
                    .at("text")
                    .hint("1 min · Yesterday's actions"));
            }
            let edit = Edit::of(&team).with("agenda", &Json(lines));
            Ok(vec![Effect::commit("The ward's own agenda", edit)])
        }),
    })
}
