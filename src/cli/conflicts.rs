//! `conflicts`: what two people set without having seen each other's, and which of it stays.

use std::collections::HashMap;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::base::id::ReplicaId;
use crate::base::text;
use crate::store::{Conflict, Keep, Receipt, Told};

#[derive(Debug, Args)]
pub(super) struct Conflicts {
    /// Print an array of objects
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    settle: Option<Settle>,
}

#[derive(Debug, Subcommand)]
enum Settle {
    /// Keep one value: the one that shows (1, or shown) or another (2 and so on, or other)
    Keep {
        /// The conflict, by the start of its id
        id: String,
        /// Which value stays
        #[arg(value_name = "shown|other|N")]
        which: String,
    },
    /// Keep a text made of both
    Merge {
        /// The conflict, by the start of its id
        id: String,
        /// The text that stays
        text: String,
    },
}

pub(super) fn run(flags: &Flags, conflicts: &Conflicts, out: &mut Out) -> Outcome<()> {
    let mut opened = Opened::existing(flags)?;
    let mut found = opened.store.conflicts()?;
    if let Some(team) = opened.first() {
        found.retain(|conflict| conflict.team == team);
    }
    let (id, keep) = match &conflicts.settle {
        None => return list(&opened, &found, conflicts.json, out),
        Some(Settle::Keep { id, which }) => (id, keep_of(which)?),
        Some(Settle::Merge { id, text }) => (id, Keep::Merged(text.clone())),
    };
    let conflict = named(&found, id)?;
    if let Keep::Other(place) = keep
        && place >= conflict.others.len()
    {
        let sides = conflict.others.len() + 1;
        return Err(Failure::usage(format!("This conflict has {sides} values."))
            .hint("Choose one by its number: `huddleboard conflicts` lists them."));
    }
    let team = opened.teams.iter().find(|team| team.id == conflict.team).cloned();
    let author = opened.author(team.as_ref());
    let receipt = opened.store.settle(&author, conflict, &keep)?;
    conclude(&opened, &receipt, out)
}

fn keep_of(which: &str) -> Outcome<Keep> {
    match which {
        "shown" => return Ok(Keep::Shown),
        "other" => return Ok(Keep::Other(0)),
        _ => {}
    }
    match which.parse::<usize>() {
        Ok(1) => Ok(Keep::Shown),
        Ok(number) if number > 1 => Ok(Keep::Other(number - 2)),
        _ => Err(Failure::usage(format!("“{which}” names no value."))
            .hint("Write shown, other, or the number that `huddleboard conflicts` gives it.")),
    }
}

/// The conflict whose id starts so.
fn named<'a>(found: &'a [Conflict], id: &str) -> Outcome<&'a Conflict> {
    let wanted = id.trim().to_lowercase();
    let mut fitting = found.iter().filter(|conflict| !wanted.is_empty() && conflict.code().starts_with(&wanted));
    match (fitting.next(), fitting.next()) {
        (Some(conflict), None) => Ok(conflict),
        (Some(_), Some(_)) => {
            Err(Failure::usage(format!("More than one conflict starts with “{id}”.")).hint("Give more of its id."))
        }
        (None, _) => Err(Failure::not_found(format!("There is no conflict “{id}”, or it has been settled since."))
            .hint("`huddleboard conflicts` lists those there are; an id changes with what it is about.")),
    }
}

fn list(opened: &Opened, found: &[Conflict], as_json: bool, out: &mut Out) -> Outcome<()> {
    let told = found
        .iter()
        .map(|conflict| Ok((conflict, opened.store.tell(conflict)?)))
        .collect::<Outcome<Vec<(&Conflict, Told)>>>()?;
    if as_json {
        out.json(&Value::Array(told.iter().map(|(conflict, told)| object(opened, conflict, told)).collect()));
        return Ok(());
    }
    if told.is_empty() {
        out.line("There are no conflicts.");
        return Ok(());
    }
    let whole = !out.terminal;
    let names = opened.store.replica_names()?;
    let rows: Vec<Vec<String>> =
        told.iter().flat_map(|(conflict, told)| rows(opened, conflict, told, &names, whole)).collect();
    out.table(&["id", "what", "field", "keep", "value", "by", "at"], &rows);
    Ok(())
}

/// A row for each side. What is the same as above stands once, or in each of them where they are to be
/// `whole`.
fn rows(
    opened: &Opened,
    conflict: &Conflict,
    told: &Told,
    names: &HashMap<ReplicaId, String>,
    whole: bool,
) -> Vec<Vec<String>> {
    let zone = opened
        .teams
        .iter()
        .find(|team| team.id == conflict.team)
        .map_or_else(Default::default, |team| team.time_zone());
    let once = |first: bool, words: &str| if first || whole { words.to_owned() } else { String::new() };
    conflict
        .sides()
        .zip(&told.sides)
        .enumerate()
        .map(|(index, (side, value))| {
            let first = index == 0;
            vec![
                once(first, &conflict.code()),
                once(first, &told.what),
                once(first, if conflict.is_deletion() { "deleted" } else { &told.field }),
                format!("{}{}", index + 1, if first { " shown" } else { "" }),
                if conflict.is_deletion() { value.replace('\n', "; ") } else { value.clone() },
                conflict.whose(side, names, opened.store.replica()),
                zone.wall(side.at).format("%Y-%m-%d %H:%M").to_string(),
            ]
        })
        .collect()
}

fn object(opened: &Opened, conflict: &Conflict, told: &Told) -> Value {
    let team = opened.teams.iter().find(|team| team.id == conflict.team).map(|team| text::slug(&team.name));
    let sides = conflict.sides().zip(&told.sides).enumerate().map(|(index, (side, words))| {
        let values: Map<String, Value> =
            side.values.iter().map(|(name, value)| ((*name).to_owned(), value.to_json())).collect();
        json!({
            "keep": index + 1,
            "shown": index == 0,
            "words": words,
            "values": values,
            "actor": side.actor,
            "at": side.at.to_rfc3339(),
            "change": format!("{}:{}", side.replica, side.sequence),
        })
    });
    json!({
        "id": conflict.code(),
        "team": team,
        "kind": conflict.kind.code(),
        "what": told.what,
        "field": conflict.fields.first(),
        "text": conflict.is_text(),
        "sides": sides.collect::<Vec<Value>>(),
    })
}

fn conclude(opened: &Opened, receipt: &Receipt, out: &mut Out) -> Outcome<()> {
    out.line(&format!("{}.", receipt.words));
    out.line(&match opened.store.conflict_count()? {
        0 => "No conflicts left.".to_owned(),
        1 => "1 record still has a conflict.".to_owned(),
        count => format!("{count} records still have a conflict."),
    });
    Ok(())
}
