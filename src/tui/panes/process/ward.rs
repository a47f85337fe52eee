//! The form of the ward's own clock: its shifts, and the bank holidays on which it requires other numbers.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveTime};

use super::board;
use crate::app::ask::{Ask, Form, FormField};
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::bank_holidays::Nation;
use crate::domain::calendar::Holiday;
use crate::domain::change::Edit;
use crate::domain::process::{Plan, Process};
use crate::domain::record::Kind;
use crate::domain::shift::{PastShifts, Shift, ShiftPattern};
use crate::domain::team::Team;
use crate::domain::when::parse_day;
use crate::tui::panes::typed::{Typed, names};

/// As many shifts as a day can have.
const SHIFTS_AT_MOST: usize = 12;

/// The form of the team on the screen.
pub(super) fn ask(model: &Model) -> Ask {
    Ask::living(Kind::Team, model.team.id.0, form(&model.team, model), |model| Some(form(&model.team, model)))
}

fn form(before: &Team, model: &Model) -> Form {
    let nations = Nation::ALL.iter().map(|nation| (nation.code().to_owned(), format!("those of {}", nation.name())));
    let years = (model.today().year(), model.today().year() + 1);
    let fields = vec![
        FormField::lines(
            "shifts",
            "Shifts",
            shifts_written(&before.shifts.0),
            "A line each, as Early 07:00. The last one ends where the first begins. Others hold from tomorrow.",
        ),
        FormField::one(
            "add",
            "Add holidays",
            "",
            std::iter::once((String::new(), "none".to_owned())).chain(nations).collect(),
            "The bank holidays of this year and the next.",
        )
        .noting(format!("{} and {}.", years.0, years.1)),
        FormField::lines(
            "holidays",
            "Bank holidays",
            holidays_written(&before.holidays.0),
            "A line each, as 2026-12-25 Christmas Day. A process may require other numbers on them.",
        ),
    ];
    let (names, before) = (names(&fields), before.clone());
    Form {
        title: format!("Shifts and bank holidays of {}", before.name),
        fields,
        then: Box::new(move |answers, model| save(&Typed::new(&names, answers), &before, model)),
    }
}

fn save(typed: &Typed<'_>, before: &Team, model: &Model) -> Outcome<Vec<Effect>> {
    let mut after = before.clone();
    after.holidays.0 = holidays(&typed.lines("holidays"), model)?;
    if let Some(nation) = Nation::parse(&typed.line("add")) {
        let year = model.today().year();
        let known: BTreeSet<_> = after.holidays.0.iter().map(|holiday| holiday.day).collect();
        let new = (year..=year + 1).flat_map(|year| nation.bank_holidays(year));
        after.holidays.0.extend(new.filter(|holiday| !known.contains(&holiday.day)));
    }
    after.holidays.0.sort_by_key(|holiday| holiday.day);
    let shifts = ShiftPattern::from(shifts(&typed.lines("shifts"))?);
    let mut edits = Vec::new();
    if shifts != before.shifts.0 {
        // What is going on, and what was counted, keeps its shifts.
        let tomorrow = board::working_day(model).succ_opt().unwrap_or_default();
        let past = PastShifts { until: tomorrow, shifts: before.shifts.0.clone() };
        if !after.past_shifts.0.iter().any(|known| known.until == tomorrow) {
            after.past_shifts.0.push(past);
        }
        edits.extend(model.processes.iter().filter_map(|process| renamed(process, &before.shifts.0, &shifts, model)));
        after.shifts.0 = shifts;
    }
    edits.extend(Edit::between(before, &after, before.revision));
    if edits.is_empty() {
        return Ok(vec![Effect::hint("Nothing was changed.")]);
    }
    Ok(vec![Effect::Commit { words: format!("Changed the shifts or bank holidays of {}", before.name), edits }])
}

/// What a process requires, under the names that its shifts have from tomorrow on: the first for the first,
/// where there are as many.
fn renamed(process: &Process, old: &ShiftPattern, new: &ShiftPattern, model: &Model) -> Option<Edit> {
    if old.shifts().len() != new.shifts().len() {
        return None;
    }
    let tomorrow = board::working_day(model).succ_opt()?;
    let plan = process.plan_on(tomorrow)?;
    let name = |name: &str| {
        let at = old.shifts().iter().position(|shift| shift.name == name);
        at.map_or_else(|| name.to_owned(), |at| new.shifts()[at].name.clone())
    };
    let after = Plan {
        from: tomorrow,
        required: plan.required.iter().map(|(shift, week)| (name(shift), *week)).collect(),
        holidays: plan.holidays.iter().map(|(shift, number)| (name(shift), *number)).collect(),
        shares: plan.shares.iter().map(|(shift, weights)| (name(shift), weights.clone())).collect(),
    };
    if after.required == plan.required {
        return None;
    }
    let mut changed = process.clone();
    changed.schedule.0.retain(|plan| plan.from != tomorrow);
    changed.schedule.0.push(after);
    changed.schedule.0.sort_by_key(|plan| plan.from);
    Edit::between(process, &changed, process.revision)
}

fn shifts_written(pattern: &ShiftPattern) -> String {
    let line = |shift: &Shift| format!("{} {}", shift.name, shift.start.format("%H:%M"));
    pattern.shifts().iter().map(line).collect::<Vec<_>>().join("\n")
}

fn holidays_written(holidays: &[Holiday]) -> String {
    let line = |holiday: &Holiday| format!("{} {}", holiday.day, holiday.name).trim_end().to_owned();
    holidays.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn shifts(typed: &str) -> Outcome<Vec<Shift>> {
    let mut found: Vec<Shift> = Vec::new();
    for line in typed.lines().map(text::clean_line).filter(|line| !line.is_empty()) {
        let refuse = |what: String| Failure::refused(what).at("shifts").hint("Type a name and its start: Night 21:00.");
        let (name, time) = line.rsplit_once(' ').ok_or_else(|| refuse(format!("“{line}” has no start.")))?;
        let start = NaiveTime::parse_from_str(&time.replace('.', ":"), "%H:%M")
            .map_err(|_| refuse(format!("“{time}” is not a time of day.")))?;
        let name = name.trim_end_matches(':').trim().to_owned();
        let twice = |other: &Shift| other.start == start || other.name.eq_ignore_ascii_case(&name);
        if found.iter().any(twice) {
            return Err(refuse(format!("“{line}” has a name or a start that another shift has.")));
        }
        found.push(Shift { name, start });
    }
    match found.len() {
        0 => Err(Failure::refused("A ward needs a shift.").at("shifts").hint("Type one: Day 07:00.")),
        many if many > SHIFTS_AT_MOST => {
            Err(Failure::refused("These are too many shifts.").at("shifts").hint("Twelve a day are the most."))
        }
        _ => Ok(found),
    }
}

fn holidays(typed: &str, model: &Model) -> Outcome<Vec<Holiday>> {
    let mut found: Vec<Holiday> = Vec::new();
    for line in typed.lines().map(text::clean_line).filter(|line| !line.is_empty()) {
        let (day, name) = line.split_once(' ').unwrap_or((&line, ""));
        let day = parse_day(day, model.today()).map_err(|failure| failure.at("holidays"))?;
        if !found.iter().any(|other| other.day == day) {
            found.push(Holiday { day, name: name.trim().to_owned() });
        }
    }
    Ok(found)
}
