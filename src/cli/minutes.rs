//! `show huddle` and `show actions`: the record of a huddle for paper, and what is promised and asked for.

use chrono::NaiveDate;
use serde_json::Value;

use super::list::huddles as objects;
use super::open::Opened;
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::domain::huddle::Huddle;
use crate::domain::minutes::Minutes;
use crate::domain::promise::{Promise, Sort, State, warning};
use crate::domain::team::Team;
use crate::domain::when::parse_day;

/// The huddles of a day, or the latest where no day is said.
pub(super) fn huddle(opened: &Opened, typed: &str, json: bool, out: &mut Out) -> Outcome<()> {
    let mut shown = Vec::new();
    for team in opened.span() {
        let mut held: Vec<Huddle> = opened.store.records(Some(team.id))?;
        held.sort_by_key(|huddle| (huddle.day, huddle.started, huddle.id));
        let day = match typed {
            "" => held.last().and_then(|huddle| huddle.day),
            typed => Some(parse_day(typed, opened.today(&team))?),
        };
        let promises: Vec<Promise> = opened.store.records(Some(team.id))?;
        for huddle in held.into_iter().filter(|huddle| huddle.day == day) {
            if !json {
                if !shown.is_empty() {
                    out.line("");
                }
                out.line(&team.name);
                out.line(&Minutes::of(&huddle, &promises).text(team.time_zone()));
            }
            shown.push(huddle.id.to_string());
        }
    }
    if shown.is_empty() {
        return Err(Failure::not_found(match typed {
            "" => "No huddle has been held yet.".to_owned(),
            typed => format!("No huddle was held on “{typed}”."),
        })
        .hint("`huddleboard list huddles` says when they were; H on the board holds one."));
    }
    if json {
        let all = objects::huddles(opened)?;
        let of_day = all.into_iter().filter(|one| one["id"].as_str().is_some_and(|id| shown.iter().any(|it| it == id)));
        out.json(&Value::Array(of_day.collect()));
    }
    Ok(())
}

/// What is promised and asked for, group by group, what is late first.
pub(super) fn actions(opened: &Opened, json: bool, out: &mut Out) -> Outcome<()> {
    if json {
        out.json(&Value::Array(objects::actions(opened)?));
        return Ok(());
    }
    for (place, team) in opened.span().iter().enumerate() {
        let mut open: Vec<Promise> = opened.store.records(Some(team.id))?;
        let sign = warning(&open, opened.now());
        open.retain(Promise::is_open);
        open.sort_by_key(|one| (one.by.unwrap_or(NaiveDate::MAX), one.raised, one.id));
        if place > 0 {
            out.line("");
        }
        out.line(&team.name);
        if open.is_empty() {
            out.line("  Nothing is open.");
        }
        for (heading, sort) in
            [("ESCALATIONS", Sort::Escalation), ("ACTIONS", Sort::Action), ("BARRIERS", Sort::Barrier)]
        {
            let group: Vec<&Promise> = open.iter().filter(|one| one.sort == sort).collect();
            if !group.is_empty() {
                out.line(heading);
            }
            for one in group {
                let (sign, words) = standing(opened, team, one);
                let whose = if sort == Sort::Escalation { one.tier.code() } else { one.who.as_str() };
                let by = one.by.map_or_else(String::new, |by| format!("by {}", by.format("%a %-d %b")));
                let line = format!(
                    "  {sign} {}  {}  {}  {words}",
                    text::pad(&one.what, 48),
                    text::pad(whose, 16),
                    text::pad(&by, 13)
                );
                out.line(line.trim_end());
            }
        }
        if let Some(sign) = sign {
            out.line(&format!("▲ {sign}"));
        }
    }
    Ok(())
}

fn standing(opened: &Opened, team: &Team, one: &Promise) -> (&'static str, String) {
    if one.is_unanswered(team.time_zone(), opened.now()) {
        return ("▲", format!("NO ANSWER for {} d", one.age_days(team.time_zone(), opened.now())));
    }
    let late = one.late_days(opened.today(team)).map(|days| format!("LATE {days} d"));
    match (one.state, late) {
        (State::Stuck, Some(late)) => ("▲", format!("STUCK, {late}")),
        (State::Stuck, None) => ("■", format!("STUCK {}", one.because)),
        (_, Some(late)) => ("▲", late),
        _ => ("·", "open".to_owned()),
    }
}
