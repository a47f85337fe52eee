//! The form of a process, and how much it requires as people type it: a line for each shift.

use std::collections::BTreeMap;

use chrono::NaiveTime;
use uuid::Uuid;

use crate::app::ask::{Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::change::Edit;
use crate::domain::measure::{Measure, MeasureKind, MeasureRole};
use crate::domain::process::{Flow, Layout, Plan, Process, WHOLE_DAY};
use crate::domain::record::{FieldValue, Value};
use crate::domain::shift::ShiftPattern;
use crate::domain::{MeasureId, ProcessId};

use super::board;

/// How a whole day is called in the form.
const WHOLE_DAY_WORDS: &str = "Whole day";

/// What is required, by shift name: on the days of the week, and on bank holidays where that differs.
type Required = BTreeMap<String, Week>;

/// The numbers of a line: Monday to Sunday, and bank holidays.
type Week = ([u32; 7], Option<u32>);

/// The form of a process that is not there yet.
pub(super) fn new(model: &Model) -> Form {
    let mut process = Process::blank(ProcessId::fresh(), model.team.id);
    process.position = model.processes.iter().map(|other| other.position).max().unwrap_or(0) + 1;
    form("New process".to_owned(), model, process, true)
}

/// The form of a process.
pub(super) fn edit(model: &Model, process: &Process) -> Form {
    form(format!("Process “{}”", process.name), model, process.clone(), false)
}

fn form(title: String, model: &Model, before: Process, fresh: bool) -> Form {
    let shifts = &model.team.shifts.0;
    let plan = before.plan_on(board::working_day(model)).cloned().unwrap_or_default();
    let until = before.until.map(|time| time.format("%H:%M").to_string()).unwrap_or_default();
    let link = match board::linked(model, &before) {
        Some(measure) => measure.id.to_string(),
        None if fresh => "new".to_owned(),
        None => String::new(),
    };
    let fields = vec![
        FormField::line("name", "Name", &before.name, "What everybody calls this work."),
        FormField::lines(
            "schedule",
            "Required",
            written(&required_of(&plan), shifts),
            "One number for every day, or seven from Monday, an eighth for bank holidays; empty where none.",
        ),
        FormField::one("layout", "Counted", before.layout.code(), layouts(), "Shift by shift, or hour by hour."),
        FormField::line(
            "shares",
            "Falls on hours",
            shares_written(&plan.shares, shifts),
            "How the work falls on a shift's hours: Early 0 3 1 0; empty is even.",
        ),
        FormField::one(
            "flow",
            "It is",
            before.flow.code(),
            flows(),
            "A row of demand stands over its row of capacity.",
        ),
        FormField::one("carry", "What is left", carries(before.carry), carry_words(), "What a period leaves undone."),
        FormField::line("until", "All by", until, "HH:MM by which all is expected; empty means the end of the shift."),
        FormField::line("owner", "Looked after by", &before.owner, "A role, never a name."),
        FormField::one(
            "measure",
            "Its chart",
            link,
            links(model, &before),
            "Closed periods become this measure's points.",
        ),
    ];
    let then = move |answers: &[String], model: &Model| save(answers, model, &before, fresh);
    Form { title, fields, then: Box::new(then) }
}

/// The measures that a process can feed: its own, and proportions without a value of their own. What
/// was typed into a measure would no longer count once a process feeds it.
fn links(model: &Model, process: &Process) -> Vec<(String, String)> {
    let is_empty = |measure: &Measure| model.tiles.get(&measure.id).is_some_and(|tile| tile.start.is_none());
    let free = |measure: &&Measure| {
        measure.kind == MeasureKind::Proportion && measure.source.is_none() && is_empty(measure)
            || measure.source == Some(process.id)
            || process.measure == Some(measure.id)
    };
    let fixed = [("new", "a new measure of this name"), ("", "none")];
    let fixed = fixed.into_iter().map(|(code, words)| (code.to_owned(), words.to_owned()));
    fixed
        .chain(model.measures.iter().filter(free).map(|measure| (measure.id.to_string(), measure.name.clone())))
        .collect()
}

fn save(answers: &[String], model: &Model, before: &Process, fresh: bool) -> Outcome<Vec<Effect>> {
    let [name, required, layout, shares, flow, carry, until, owner, link] = answers else { return Ok(Vec::new()) };
    let mut after = before.clone();
    after.name = text::clean_line(name);
    if after.name.is_empty() {
        return Err(Failure::refused("A process needs a name.").at("name").hint("Type a few words."));
    }
    let required = parse(required, &model.team.shifts.0)?;
    if fresh && required.is_empty() {
        return Err(Failure::refused("How many are required?")
            .at("schedule")
            .hint("Type a number behind a shift: Early 24."));
    }
    plan(&mut after, required, parse_shares(shares, &model.team.shifts.0)?, model);
    after.layout = Layout::parse(layout).unwrap_or_default();
    after.flow = Flow::parse(flow).unwrap_or_default();
    after.carry = carry == CARRIED;
    after.until = parse_time(until)?;
    after.owner = text::clean_line(owner);
    let mut measures = link_edits(&mut after, link, model);
    let process = if fresh { Some(Edit::create(&after)) } else { Edit::between(before, &after, before.revision) };
    let mut edits: Vec<Edit> = process.into_iter().collect();
    edits.append(&mut measures);
    if edits.is_empty() {
        return Ok(vec![Effect::hint("Nothing was changed.")]);
    }
    let what = if fresh { "New process" } else { "Changed the process" };
    Ok(vec![Effect::Commit { words: format!("{what} “{}”", after.name), edits }])
}

/// Lets `required` hold from today on, where it is not what holds already. What was required before
/// today stays as it was: closed periods are data points.
fn plan(process: &mut Process, required: Required, shares: Shares, model: &Model) {
    let today = board::working_day(model);
    let mut after = Plan { from: today, shares, ..Plan::default() };
    for (name, (week, holiday)) in required {
        after.holidays.extend(holiday.map(|holiday| (name.clone(), holiday)));
        after.required.insert(name, week);
    }
    if process.plan_on(today).is_some_and(|plan| Plan { from: today, ..plan.clone() } == after) {
        return;
    }
    process.schedule.0.retain(|plan| plan.from != today);
    process.schedule.0.push(after);
    process.schedule.0.sort_by_key(|plan| plan.from);
}

/// What a plan requires, as the form takes it.
fn required_of(plan: &Plan) -> Required {
    let line = |(name, week): (&String, &[u32; 7])| (name.clone(), (*week, plan.holidays.get(name).copied()));
    plan.required.iter().map(line).collect()
}

/// The word of the form for work that is carried over.
const CARRIED: &str = "carried";

fn carries(carry: bool) -> &'static str {
    if carry { CARRIED } else { "" }
}

fn carry_words() -> Vec<(String, String)> {
    options(&[("", "ends with its period"), (CARRIED, "is required in the next as well")])
}

fn layouts() -> Vec<(String, String)> {
    options(&[
        (Layout::Shift.code(), "by shift"),
        (Layout::Hours.code(), "by hour, the number spread over the shift"),
        (Layout::EachHour.code(), "by hour, the number in each hour"),
    ])
}

fn flows() -> Vec<(String, String)> {
    options(&[
        (Flow::Work.code(), "work to be done"),
        (Flow::Demand.code(), "demand: what comes in"),
        (Flow::Capacity.code(), "capacity: what can be done"),
    ])
}

fn options(words: &[(&str, &str)]) -> Vec<(String, String)> {
    words.iter().map(|(code, words)| ((*code).to_owned(), (*words).to_owned())).collect()
}

/// How work falls on the hours of shifts, by their names: weights.
type Shares = BTreeMap<String, Vec<u32>>;

/// The weights of hours as the form shows them: "Early 0 3 1; Late 1 1 2".
fn shares_written(shares: &Shares, shifts: &ShiftPattern) -> String {
    let names = shifts.shifts().iter().map(|shift| shift.name.as_str()).chain([WHOLE_DAY]);
    let line = |name: &str| {
        let numbers: Vec<String> = shares.get(name)?.iter().map(u32::to_string).collect();
        Some(format!("{} {}", if name == WHOLE_DAY { WHOLE_DAY_WORDS } else { name }, numbers.join(" ")))
    };
    names.filter_map(line).collect::<Vec<_>>().join("; ")
}

/// Reads the weights of hours.
fn parse_shares(typed: &str, shifts: &ShiftPattern) -> Outcome<Shares> {
    let mut shares = Shares::new();
    for line in typed.split([';', '\n']).map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || {
            Failure::refused(format!("“{line}” cannot be read."))
                .at("shares")
                .hint("Type a shift and a number for each of its hours: Early 0 3 1 0.")
        };
        let (name, words) = named_line(line, shifts).map_err(|failure| failure.at("shares"))?;
        let weights: Vec<u32> = words.iter().map(|word| word.parse().map_err(|_| wrong())).collect::<Outcome<_>>()?;
        if weights.len() > 24 || weights.iter().any(|weight| *weight > 1_000) || weights.iter().sum::<u32>() == 0 {
            return Err(wrong());
        }
        shares.insert(name, weights);
    }
    Ok(shares)
}

/// Links a process to the measure that was chosen, makes that where it is new, and lets go of the
/// one before.
fn link_edits(process: &mut Process, link: &str, model: &Model) -> Vec<Edit> {
    let mut edits = Vec::new();
    let chosen = Uuid::parse_str(link).ok().map(MeasureId);
    for measure in
        model.measures.iter().filter(|measure| measure.source == Some(process.id) && Some(measure.id) != chosen)
    {
        let after = Measure { source: None, ..measure.clone() };
        edits.extend(Edit::between(measure, &after, measure.revision));
    }
    process.measure = chosen;
    if let Some(measure) = chosen.and_then(|id| model.measure(id)) {
        let after = Measure { source: Some(process.id), ..measure.clone() };
        edits.extend(Edit::between(measure, &after, measure.revision));
    } else if link == "new" {
        let measure = measure_of(process, model);
        process.measure = Some(measure.id);
        edits.push(Edit::create(&measure));
    }
    edits
}

/// A measure that a process's closed periods become points of: how much of what was required was done.
fn measure_of(process: &Process, model: &Model) -> Measure {
    let mut measure = Measure::blank(MeasureId::fresh(), process.team);
    measure.name.clone_from(&process.name);
    measure.column = model.team.columns.0.first().cloned().unwrap_or_default();
    measure.position = model.measures.iter().map(|other| other.position).max().unwrap_or(0) + 1;
    measure.definition =
        format!("“{}” completed of what was required, period by period, as ticked on the process board.", process.name);
    measure.numerator = "completed".to_owned();
    measure.denominator = "required".to_owned();
    measure.kind = MeasureKind::Proportion;
    measure.role = MeasureRole::Process;
    measure.better = FieldValue::from_value(&Value::Text("up".to_owned())).unwrap_or_default();
    measure.owner.clone_from(&process.owner);
    measure.source = Some(process.id);
    measure
}

fn parse_time(typed: &str) -> Outcome<Option<NaiveTime>> {
    let typed = typed.trim().replace('.', ":");
    if typed.is_empty() {
        return Ok(None);
    }
    let time = ["%H:%M", "%H%M"].iter().find_map(|format| NaiveTime::parse_from_str(&typed, format).ok());
    time.map(Some).ok_or_else(|| {
        Failure::refused(format!("“{typed}” is not a time of day.")).at("until").hint("Type it as 12:00.")
    })
}

/// What is required, as the form shows it: a line for each shift, then the whole day, then what the
/// plan knows under a name that no shift has any more.
pub(super) fn written(required: &Required, shifts: &ShiftPattern) -> String {
    let mut names: Vec<&str> = shifts.shifts().iter().map(|shift| shift.name.as_str()).collect();
    names.push(WHOLE_DAY);
    names.extend(required.keys().map(String::as_str).filter(|name| !names.contains(name)).collect::<Vec<_>>());
    let line = |name: &str| {
        let words = if name == WHOLE_DAY { WHOLE_DAY_WORDS } else { name };
        let numbers = required.get(name).map(numbers).unwrap_or_default();
        format!("{words}: {numbers}").trim_end().to_owned()
    };
    names.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A week in numbers: one where every day is the same, an eighth for bank holidays.
fn numbers((week, holiday): &Week) -> String {
    if holiday.is_none() && week.iter().all(|day| *day == week[0]) {
        return week[0].to_string();
    }
    week.iter().chain(holiday).map(u32::to_string).collect::<Vec<_>>().join(" ")
}

/// Reads what is required: "Early: 24" or "Early 24 24 24 24 24 20 20", a line for each shift.
///
/// # Errors
/// A sentence that names the line.
pub(super) fn parse(typed: &str, shifts: &ShiftPattern) -> Outcome<Required> {
    let mut required = Required::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (name, week) = parse_line(line, shifts).map_err(|failure| failure.at("schedule"))?;
        if let Some(week) = week {
            required.insert(name, week);
        }
    }
    Ok(required)
}

fn parse_line(line: &str, shifts: &ShiftPattern) -> Outcome<(String, Option<Week>)> {
    let (name, rest) = named_line(line, shifts)?;
    Ok((name, week(line, &rest)?))
}

/// A line's shift, and the words behind it.
fn named_line<'a>(line: &'a str, shifts: &ShiftPattern) -> Outcome<(String, Vec<&'a str>)> {
    let is_number = |word: &&str| word.chars().all(|letter| letter.is_ascii_digit() || ",;".contains(letter));
    // A colon parts a name that ends in a number ("Team 2: 12"); without one, the numbers at the end count.
    let (name, rest) = match line.split_once(':') {
        Some((name, rest)) => (name.trim().to_owned(), rest.split_whitespace().collect::<Vec<_>>()),
        None => {
            let words: Vec<&str> = line.split_whitespace().collect();
            let from = words.len() - words.iter().rev().take_while(|word| is_number(word)).count();
            (words[..from].join(" "), words[from..].to_vec())
        }
    };
    let shift = shifts.shifts().iter().find(|shift| shift.name.to_lowercase() == name.to_lowercase());
    let whole_day = [WHOLE_DAY_WORDS.to_lowercase(), WHOLE_DAY.to_owned()].contains(&name.to_lowercase());
    let name = match shift {
        Some(shift) => shift.name.clone(),
        None if whole_day => WHOLE_DAY.to_owned(),
        None => {
            let known = shifts.shifts().iter().map(|shift| shift.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Failure::refused(format!("No shift is called “{name}”."))
                .hint(format!("There are: {known}, whole day.")));
        }
    };
    Ok((name, rest))
}

fn week(line: &str, words: &[&str]) -> Outcome<Option<Week>> {
    let numbers: Option<Vec<u32>> = words
        .iter()
        .flat_map(|word| word.split([',', ';']))
        .filter(|word| !word.is_empty() && *word != "-" && *word != "–")
        .map(|word| word.parse().ok().filter(|number| i64::from(*number) <= super::forms::MOST))
        .collect();
    let wrong = || {
        Failure::refused(format!("“{line}” cannot be read."))
            .hint("Type one number for every day, or seven from Monday, and an eighth for bank holidays.")
    };
    match numbers.ok_or_else(wrong)?[..] {
        [] => Ok(None),
        [every] => Ok(Some(([every; 7], None))),
        [monday, tuesday, wednesday, thursday, friday, saturday, sunday, ref holiday @ ..] if holiday.len() < 2 => {
            let week = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
            Ok(Some((week, holiday.first().copied())))
        }
        _ => Err(wrong()),
    }
}
