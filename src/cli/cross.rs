//! `cross`: a day of a harm's safety cross.

use chrono::Datelike;
use clap::{Args, ValueEnum};

use super::find::find;
use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::domain::cross::{self, CrossState, Fill};
use crate::domain::measure::Measure;
use crate::domain::when::parse_day;

#[derive(Debug, Args)]
pub(super) struct Cross {
    /// The measure, or the start of its name
    measure: String,
    /// What the day was: without it the month is shown
    state: Option<State>,
    /// The day: yesterday, mon, -2, 14/11 or 2026-11-14
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true, default_value = "today")]
    on: String,
}

/// What is said of a day.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum State {
    /// There was none
    None,
    /// One event, or one more; a data point by itself
    Event,
    /// Present on admission, or a near miss
    Near,
    /// What was said or counted last is taken back
    Back,
}

pub(super) fn run(flags: &Flags, command: &Cross, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let team = opened.team()?;
    let measures: Vec<Measure> = opened.store.records(Some(team.id))?;
    let measure = find("measure", &command.measure, &measures)?;
    if !cross::fits(measure) {
        return Err(Failure::refused(format!("{} has no safety cross.", measure.name))
            .hint("A cross is for harms that are counted one by one or by the day."));
    }
    let today = opened.today(&team);
    let day = parse_day(&command.on, today)?;
    if day > today {
        return Err(Failure::refused("This day is still to come.").hint("Say today, yesterday or a day before."));
    }
    let first = day.with_day(1).unwrap_or(day);
    let read = |opened: &Opened| -> Outcome<Vec<cross::Cell>> {
        let points = opened.store.points(measure, opened.now())?;
        let said = opened.store.cross_days(measure.id, first, first + chrono::Months::new(1))?;
        Ok(cross::month(measure, first, &points, &said))
    };
    let Some(state) = command.state else {
        let rows: Vec<Vec<String>> = read(&opened)?
            .iter()
            .filter(|cell| cell.day <= today)
            .map(|cell| vec![cell.day.to_string(), words(cell.state)])
            .collect();
        out.table(&["day", "state"], &rows);
        return Ok(());
    };
    let fill = match state {
        State::None => Fill::None,
        State::Event => Fill::Event,
        State::Near => Fill::Near,
        State::Back => Fill::Back,
    };
    let cells = read(&opened)?;
    let index = usize::try_from(day.day0()).unwrap_or(0);
    let cell = cells.get(index).ok_or_else(|| Failure::not_found("There is no such day."))?;
    let edits = cell.fill(measure, fill).map_err(|failure| match fill {
        Fill::None | Fill::Near => Failure { hint: Some("Take it back first: say back.".to_owned()), ..failure },
        _ => failure,
    })?;
    let author = opened.author(Some(&team));
    let what = format!("Cross of {}, {day}: {}", measure.name, fill.words());
    opened.store.commit(&author, &what, edits.into_iter().map(Ok))?;
    let state = read(&opened)?.get(index).map_or(CrossState::Unrecorded, |cell| cell.state);
    out.line(&format!("{}, {day}: {}.", measure.name, words(state)));
    if fill == Fill::Event {
        out.line(cross::NOT_A_REPORT);
    }
    Ok(())
}

fn words(state: CrossState) -> String {
    match state {
        CrossState::None => "none".to_owned(),
        CrossState::Event(1) => "1 event".to_owned(),
        CrossState::Event(count) => format!("{count} events"),
        CrossState::Near => "present on admission or near miss".to_owned(),
        CrossState::Unrecorded => "not recorded".to_owned(),
    }
}
