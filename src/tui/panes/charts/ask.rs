//! What can be asked about a chart: a note, a new phase, a ghost, a value, what to delete.

use chrono::NaiveDate;

use crate::app::ask::{Ask, Choose, Form};
use crate::app::effect::Effect;
use crate::app::model::OpenChart;
use crate::base::error::Failure;
use crate::base::text;
use crate::domain::annotation::{Annotation, Phase};
use crate::domain::change::{Edit, Expect};
use crate::domain::fidelity::Fidelity;
use crate::domain::measure::{Measure, parse_amount};
use crate::domain::point::{Point, PointKey};

use crate::domain::{AnnotationId, PhaseId};

/// A note at a day.
pub(super) fn annotation(measure: &Measure, day: NaiveDate) -> Ask {
    let (id, team, name) = (measure.id, measure.team, measure.name.clone());
    Form::prompt(
        format!("{} · {}", measure.name, day.format("%-d %b %Y")),
        "What happened",
        "",
        "It is numbered on the chart and keyed below it.",
        move |words, _| {
            let mut annotation = Annotation::blank(AnnotationId::fresh(), team);
            annotation.measure = id;
            annotation.day = Some(day);
            annotation.text = words.to_owned();
            Ok(vec![Effect::commit(format!("{name}: note at {}", day.format("%-d %b")), Edit::create(&annotation))])
        },
    )
}

/// A new phase: at the suggested day, at the point under the cursor, or, where both are there and differ,
/// at that of the two which is chosen.
pub(super) fn re_base(measure: &Measure, open: &OpenChart, cursor: Option<NaiveDate>, last: NaiveDate) -> Ask {
    let suggestion = open.chart.words.suggestion.as_ref();
    let day = match (suggestion, cursor) {
        (Some(suggestion), Some(at)) if suggestion.day != at => {
            return which_day(measure, (suggestion.day, &suggestion.text), at);
        }
        (Some(suggestion), _) => suggestion.day,
        (None, at) => at.unwrap_or(last),
    };
    phase(measure, day, suggestion.map_or("", |suggestion| suggestion.text.as_str()))
}

/// Asks at which of two days the new phase begins.
fn which_day(measure: &Measure, (suggested, evidence): (NaiveDate, &str), at: NaiveDate) -> Ask {
    let said = |day: NaiveDate| day.format("%-d %b %Y").to_string();
    let (again, evidence) = (measure.clone(), evidence.to_owned());
    Ask::Choose(Choose {
        title: format!("{} · re-base at", measure.name),
        options: vec![
            ("suggested".to_owned(), format!("{}, as suggested: a new level begins there", said(suggested))),
            ("cursor".to_owned(), format!("{}, the point under the cursor", said(at))),
        ],
        marked: 0,
        free: false,
        then: Box::new(move |answers, _| {
            let is_suggested = answers.first().is_none_or(|answer| answer == "suggested");
            let ask = if is_suggested { phase(&again, suggested, &evidence) } else { phase(&again, at, "") };
            Ok(vec![Effect::Ask(ask)])
        }),
    })
}

/// A new phase from a day on, with what speaks for it; never without a reason.
fn phase(measure: &Measure, day: NaiveDate, evidence: &str) -> Ask {
    let (id, team, name) = (measure.id, measure.team, measure.name.clone());
    let evidence = evidence.to_owned();
    let ask = Form::prompt(
        format!("{} · re-base at {}", measure.name, day.format("%-d %b %Y")),
        "Why",
        "",
        "Re-base only when you know what changed and the new level has held.",
        move |words, _| {
            if words.trim().is_empty() {
                let failure = Failure::refused("A re-based chart needs its reason.").at("text");
                return Err(failure.hint("Say what changed in the process."));
            }
            let mut phase = Phase::blank(PhaseId::fresh(), team);
            phase.measure = id;
            phase.day = Some(day);
            phase.reason = words.to_owned();
            Ok(vec![Effect::commit(format!("{name} re-based at {}", day.format("%-d %b")), Edit::create(&phase))])
        },
    );
    match ask {
        Ask::Form(form) => Ask::Form(form.noting(&evidence)),
        other => other,
    }
}

/// Leaves a point out of the statistics with a reason, or takes it in again.
pub(super) fn ghost(measure: &Measure, point: Option<&Point>) -> Effect {
    let Some(point) = point.filter(|_| measure.source.is_none()) else {
        return Effect::hint("Only a typed value can be left out. Go to a point with the arrow keys.");
    };
    let (team, name, key) = (measure.team, measure.name.clone(), point.key.clone());
    let day = key.start.date().format("%-d %b").to_string();
    let expect = Expect::Revision(point.revision);
    if point.ghost.is_some() {
        let edit = Edit::of_point(team, key).with("ghost", &Option::<String>::None).expecting(expect);
        return Effect::commit(format!("{name}: {day} counts again"), edit);
    }
    Effect::Ask(Form::prompt(
        format!("{name} · leave {day} out"),
        "Why",
        "",
        "It stays visible, with its reason, and no longer moves the lines.",
        move |words, _| {
            if words.trim().is_empty() {
                return Err(Failure::refused("Leaving a point out needs a reason.")
                    .at("text")
                    .hint("Type a few words."));
            }
            let edit = Edit::of_point(team, key.clone()).with("ghost", &Some(words.to_owned())).expecting(expect);
            Ok(vec![Effect::commit(format!("{name}: {day} left out"), edit)])
        },
    ))
}

/// Another value for a point, or the value of a period that nobody filled in.
pub(super) fn value(measure: &Measure, point: Option<&Point>, day: NaiveDate) -> Effect {
    if measure.source.is_some_and(|source| Fidelity::of(source).is_some()) {
        return Effect::hint("This value is counted from the huddles and what was promised: press H or 5.");
    }
    if measure.source.is_some() {
        return Effect::hint("This value is counted on the process board: press 2 and [ to go back to its day.");
    }
    let key = point.map_or_else(|| PointKey::whole(measure.id, day), |point| point.key.clone());
    let expect = point.map_or(Expect::Absent, |point| Expect::Revision(point.revision));
    let note = point.map(|point| point.note.clone()).unwrap_or_default();
    let before = point.map(written).unwrap_or_default();
    let help = if measure.has_denominator() { "Type it as 18/20." } else { "Type a number." };
    let (kind, measure) = (measure.kind, measure.clone());
    let title = format!("{} · {}", measure.name, day.format("%a %-d %b %Y"));
    Effect::Ask(Form::prompt(title, "Value", before, help, move |typed, _| {
        let amount = parse_amount(kind, typed).map_err(|failure| failure.at("text"))?;
        let words = Effect::value_words(&measure, amount.plotted(kind), day);
        let edit = Edit::put_point(measure.team, key.clone(), amount, &note).expecting(expect);
        Ok(vec![Effect::commit(words, edit)])
    }))
}

fn written(point: &Point) -> String {
    let number = |value: f64| text::number(value, 6);
    match (point.value, point.denominator) {
        (Some(value), Some(denominator)) => format!("{}/{}", number(value), number(denominator)),
        (Some(value), None) => number(value),
        (None, _) => String::new(),
    }
}

/// What stands at the cursor and can be deleted: the value, a note, a phase.
pub(super) fn deletion(measure: &Measure, open: &OpenChart, point: Option<&Point>, day: NaiveDate) -> Effect {
    let period = |other: NaiveDate| measure.frequency.start_of(other) == measure.frequency.start_of(day);
    let mut options: Vec<(String, String)> = Vec::new();
    let mut edits: Vec<(Edit, String)> = Vec::new();
    let mut offer = |words: String, edit: Edit| {
        options.push((options.len().to_string(), words.clone()));
        edits.push((edit, words));
    };
    for annotation in open.annotations.iter().filter(|annotation| annotation.day.is_some_and(period)) {
        offer(format!("the note “{}”", annotation.text), Edit::of(annotation).deleting());
    }
    for phase in open.phases.iter().filter(|phase| phase.day.is_some_and(period)) {
        offer(format!("the phase “{}”", phase.reason), Edit::of(phase).deleting());
    }
    if let Some(point) = point.filter(|_| measure.source.is_none()) {
        let edit = Edit::of_point(measure.team, point.key.clone()).with("deleted", &true);
        let value = point.plotted(measure).map(|plotted| measure.written(plotted)).unwrap_or_default();
        offer(format!("the value {value}"), edit.expecting(Expect::Revision(point.revision)));
    }
    if options.is_empty() {
        return Effect::hint("Nothing stands here that can be deleted. Go to a point with the arrow keys.");
    }
    let name = measure.name.clone();
    Effect::Ask(Ask::Choose(Choose {
        title: format!("{} · {} · delete", measure.name, day.format("%-d %b %Y")),
        options,
        marked: 0,
        free: false,
        then: Box::new(move |answers, _| {
            let chosen =
                answers.first().and_then(|answer| answer.parse::<usize>().ok()).and_then(|index| edits.get(index));
            let Some((edit, words)) = chosen else { return Ok(Vec::new()) };
            Ok(vec![Effect::commit(format!("{name}: {words} deleted"), edit.clone())])
        }),
    }))
}
