//! `log`: who did what, the latest first.

use clap::Args;
use serde_json::{Value, json};

use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::Outcome;
use crate::base::text;
use crate::base::zone::Zone;
use crate::store::{LogEntry, LogQuery};

/// An action may have many changes: so many are read at most to find the actions that were asked for.
const MOST_CHANGES: usize = 1_000_000;

#[derive(Debug, Args)]
pub(super) struct Log {
    /// How many actions
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print an array of objects
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, log: &Log, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    let team = opened.first();
    let mut reach = log.limit.saturating_mul(8).clamp(200, MOST_CHANGES);
    let actions = loop {
        let entries = opened.store.log(&LogQuery { team, limit: reach, ..LogQuery::default() })?;
        let whole = entries.len() < reach;
        let actions = grouped(entries);
        if whole || actions.len() > log.limit || reach >= MOST_CHANGES {
            break actions;
        }
        reach = reach.saturating_mul(10).min(MOST_CHANGES);
    };
    let name =
        |entry: &LogEntry| opened.teams.iter().find(|team| team.id == entry.team).map_or("", |team| team.name.as_str());
    let shown = actions.iter().take(log.limit);
    if log.json {
        let entries = shown.map(|(entry, changes)| {
            json!({
                "id": format!("{}:{}", entry.replica, entry.action), "at": entry.at.to_rfc3339(), "team": text::slug(name(entry)),
                "actor": entry.actor, "words": entry.words, "changes": changes,
            })
        });
        out.json(&Value::Array(entries.collect()));
        return Ok(());
    }
    let rows: Vec<Vec<String>> = shown
        .map(|(entry, changes)| {
            let zone = opened
                .teams
                .iter()
                .find(|team| team.id == entry.team)
                .map_or_else(Zone::default, |team| team.time_zone());
            let at = zone.wall(entry.at).format("%Y-%m-%d %H:%M").to_string();
            vec![
                at,
                name(entry).to_owned(),
                entry.actor.clone().unwrap_or_default(),
                entry.words.clone(),
                changes.to_string(),
            ]
        })
        .collect();
    out.table(&["at", "team", "by", "what", "changes"], &rows);
    Ok(())
}

/// The actions that changes belong to, with how many changes each has.
fn grouped(entries: Vec<LogEntry>) -> Vec<(LogEntry, usize)> {
    let mut actions: Vec<(LogEntry, usize)> = Vec::new();
    for entry in entries {
        match actions.last_mut().filter(|(last, _)| (last.replica, last.action) == (entry.replica, entry.action)) {
            Some((_, changes)) => *changes += 1,
            None => actions.push((entry, 1)),
        }
    }
    actions
}
