//! What is asked: a new action in a line, a new escalation in two, and everything about one of them.

use chrono::NaiveDate;

use crate::app::ask::{Ask, Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::domain::ahead;
use crate::domain::change::Edit;
use crate::domain::frequency::Frequency;
use crate::domain::promise::{Promise, Sort, Tier, parse_line};
use crate::domain::record::Kind;
use crate::domain::{HuddleId, ProjectId, PromiseId};
use crate::tui::panes::typed::{Typed, names};

/// The new one that is being asked about: of a sort, and of the huddle in which it is decided.
pub(crate) fn blank(model: &Model, sort: Sort, huddle: Option<HuddleId>) -> Promise {
    let mut promise = Promise::blank(PromiseId::fresh(), model.team.id);
    promise.sort = sort;
    promise.raised = Some(model.now);
    promise.huddle = huddle;
    promise
}

/// Asks for a new action: its words are enough, and Enter saves it.
pub(crate) fn action(model: &Model, promise: Promise) -> Ask {
    let fields = vec![
        FormField::line(
            "what",
            "What",
            "",
            "Enter saves. Tab goes on to who and by when, or type: beds @therapy by mon.",
        ),
        who_field(&who_usually(model)),
        by_field(model.today().succ_opt()),
    ];
    quick("New action", fields, move |typed, model| {
        let line = parse_line(&typed.line("what"), model.today());
        let mut new = promise.clone();
        new.what = needed(&line.what, "An action needs a few words.")?;
        new.who = line.who.unwrap_or_else(|| typed.line("who"));
        new.by = match line.by {
            Some(day) => Some(day),
            None => ahead::parse_ahead(&typed.line("by"), model.today(), "by")?,
        };
        Ok((format!("Action: {}", new.what), new))
    })
}

/// Asks for a new escalation: words, and the tier where it is not the matron.
pub(crate) fn escalation(model: &Model, promise: Promise) -> Ask {
    let fields = vec![
        FormField::line(
            "what",
            "What is asked for",
            "",
            "Enter saves it for the matron. Tab goes on to the tier and the rest.",
        ),
        tier_field(Tier::Matron),
        by_field(model.today().succ_opt()),
        FormField::line("reason", "Reason", "", "In a word or two: staffing, equipment, estates. SBAR: e, afterwards."),
    ];
    quick("New escalation", fields, move |typed, model| {
        let line = parse_line(&typed.line("what"), model.today());
        let mut new = promise.clone();
        new.what = needed(&line.what, "An escalation needs a few words.")?;
        new.who = line.who.unwrap_or_default();
        new.tier = Tier::parse(&typed.line("tier")).unwrap_or(Tier::Matron);
        new.by = match line.by {
            Some(day) => Some(day),
            None => ahead::parse_ahead(&typed.line("by"), model.today(), "by")?,
        };
        new.reason = typed.line("reason");
        Ok((format!("Escalated to {}: {}", new.tier.code(), new.what), new))
    })
}

/// Asks for a new barrier.
pub(crate) fn barrier(model: &Model, promise: Promise) -> Ask {
    let fields = vec![
        FormField::line(
            "what",
            "What is in the way",
            "",
            "Enter saves. Tab goes on to the project and who works on it.",
        ),
        project_field(model, None),
        who_field(&who_usually(model)),
    ];
    quick("New barrier", fields, move |typed, _| {
        let mut new = promise.clone();
        new.what = needed(&typed.line("what"), "A barrier needs a few words.")?;
        new.project = project(&typed.line("project"));
        new.who = typed.line("who");
        Ok((format!("Barrier: {}", new.what), new))
    })
}

fn quick(
    title: &str,
    fields: Vec<FormField>,
    made: impl Fn(&Typed<'_>, &Model) -> Outcome<(String, Promise)> + 'static,
) -> Ask {
    let names = names(&fields);
    Ask::Quick(Form {
        title: title.to_owned(),
        fields,
        then: Box::new(move |answers, model| {
            let (words, new) = made(&Typed::new(&names, answers), model)?;
            Ok(vec![Effect::commit(words, Edit::create(&new))])
        }),
    })
}

fn needed(words: &str, what: &str) -> Outcome<String> {
    if words.is_empty() {
        return Err(Failure::refused(what).at("what").hint("Type what is to be done."));
    }
    Ok(words.to_owned())
}

/// Who promises where nobody else is named: the role at the keyboard.
fn who_usually(model: &Model) -> String {
    let said = [&model.role, &model.team.role].into_iter().find(|role| !role.is_empty());
    said.map_or_else(|| "team".to_owned(), Clone::clone)
}

fn who_field(who: &str) -> FormField {
    FormField { input: crate::app::ask::Input::Selected, ..FormField::line("who", "Who", who, "A role, never a name.") }
}

fn by_field(day: Option<NaiveDate>) -> FormField {
    let shown = day.map_or_else(String::new, |day| day.format("%Y-%m-%d").to_string());
    let input = crate::app::ask::Input::Selected;
    FormField { input, ..FormField::line("by", "By when", shown, "today, tomorrow, mon, 14/11 or +7. Empty: no day.") }
}

fn tier_field(tier: Tier) -> FormField {
    let options = Tier::ALL.iter().map(|tier| (tier.code().to_owned(), tier.code().to_owned())).collect();
    FormField::one(
        "tier",
        "Tier",
        tier.code(),
        options,
        "Who is asked. Its first letter chooses it: d for the division.",
    )
}

fn project_field(model: &Model, project: Option<ProjectId>) -> FormField {
    let own = model.projects.iter().filter(|one| one.team == model.team.id);
    let none = std::iter::once((String::new(), "none".to_owned()));
    let options = none.chain(own.map(|one| (one.id.to_string(), one.name.clone()))).collect();
    let chosen = project.map(|id| id.to_string()).unwrap_or_default();
    FormField::one("project", "Project", chosen, options, "The improvement project that it belongs to.")
}

fn project(typed: &str) -> Option<ProjectId> {
    uuid::Uuid::parse_str(typed).ok().map(ProjectId)
}

/// How often something comes again, as the form offers it.
fn every_field(every: Option<Frequency>) -> FormField {
    let choices =
        [Frequency::Day, Frequency::Week(chrono::Weekday::Mon), Frequency::Month, Frequency::Quarter, Frequency::Year];
    let mut codes: Vec<&str> = choices.iter().map(|every| every.code()).collect();
    let held = every.map_or("", Frequency::code);
    if !held.is_empty() && !codes.contains(&held) {
        codes.push(held);
    }
    let once = std::iter::once((String::new(), "once".to_owned()));
    let options = once.chain(codes.into_iter().map(|code| (code.to_owned(), code.to_owned()))).collect();
    FormField::one("every", "Comes again", held, options, "Done, it comes again by itself: an audit, a review date.")
}

/// The form of everything that matters of one of them.
pub(crate) fn edit(model: &Model, promise: &Promise) -> Ask {
    let id = promise.id;
    Ask::living(Kind::Promise, id.0, form_of(model, promise), move |model| {
        model.promises.iter().find(|promise| promise.id == id).map(|promise| form_of(model, promise))
    })
}

fn form_of(model: &Model, before: &Promise) -> Form {
    let mut fields = vec![
        FormField::line("what", "What", &before.what, "What is to be done, or is asked for."),
        FormField::line("who", "Who", &before.who, "A role, never a name."),
        by_field(before.by),
    ];
    match before.sort {
        Sort::Action => fields.extend([every_field(before.every), project_field(model, before.project)]),
        Sort::Barrier => fields.extend([tier_field(before.tier), project_field(model, before.project)]),
        Sort::Escalation => fields.extend([
            tier_field(before.tier),
            FormField::line("reason", "Reason", &before.reason, "In a word or two: staffing, equipment, estates."),
            FormField::lines(
                "situation",
                "Situation",
                &before.situation,
                "What is happening now. Counts, never patients.",
            ),
            FormField::lines("background", "Background", &before.background, "What led to it."),
            FormField::lines("assessment", "Assessment", &before.assessment, "What the team makes of it."),
            FormField::lines(
                "recommendation",
                "Recommendation",
                &before.recommendation,
                "What is asked for, and by when.",
            ),
            FormField::lines(
                "answer",
                "Answer",
                &before.answer,
                "What the tier answered; r on the list marks it as answered.",
            ),
        ]),
    }
    fields.push(FormField::line("because", "Stuck on", &before.because, "What or whom it waits for."));
    let (names, before) = (names(&fields), before.clone());
    Form {
        title: format!("{}: {}", title(before.sort), before.what),
        fields,
        then: Box::new(move |answers, model| {
            let after = edited(&Typed::new(&names, answers), model, &before, &names)?;
            let edit = Edit::between(&before, &after, before.revision);
            let words = format!("{} changed: {}", title(after.sort), after.what);
            Ok(vec![edit.map_or_else(|| Effect::hint("Nothing was changed."), |edit| Effect::commit(words, edit))])
        }),
    }
}

fn edited(typed: &Typed<'_>, model: &Model, before: &Promise, asked: &[&'static str]) -> Outcome<Promise> {
    let mut after = before.clone();
    after.what = needed(&typed.line("what"), "This needs a few words.")?;
    after.who = typed.line("who");
    after.by = ahead::parse_ahead(&typed.line("by"), model.today(), "by")?;
    after.because = typed.line("because");
    if asked.contains(&"every") {
        after.every = Frequency::parse(&typed.line("every"));
    }
    if asked.contains(&"project") {
        after.project = project(&typed.line("project"));
    }
    if asked.contains(&"tier") {
        after.tier = Tier::parse(&typed.line("tier")).unwrap_or(before.tier);
    }
    if asked.contains(&"situation") {
        after.reason = typed.line("reason");
        after.situation = typed.lines("situation");
        after.background = typed.lines("background");
        after.assessment = typed.lines("assessment");
        after.recommendation = typed.lines("recommendation");
        after.answer = typed.lines("answer");
    }
    Ok(after)
}

/// What people call one of its sort.
pub(crate) fn title(sort: Sort) -> &'static str {
    match sort {
        Sort::Action => "Action",
        Sort::Escalation => "Escalation",
        Sort::Barrier => "Barrier",
    }
}
