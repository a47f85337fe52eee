//! `log`: who did what, the latest first; or one action in full.

use chrono::{DateTime, Days, NaiveTime, Utc};
use clap::Args;
use serde_json::{Value, json};

use super::find::{self, Named};
use super::no_such;
use super::open::{Flags, Opened};
use super::out::Out;
use crate::base::error::{Failure, Outcome};
use crate::base::text;
use crate::base::zone::Zone;
use crate::domain::TeamId;
use crate::domain::change::RecordKey;
use crate::domain::cycle::Cycle;
use crate::domain::measure::Measure;
use crate::domain::process::Process;
use crate::domain::project::Project;
use crate::domain::record::{Kind, Record};
use crate::domain::when::parse_day;
use crate::store::{ActionEntry, ActionQuery, FieldTold, Part, PartField, Recount, Since, Standing};

#[derive(Debug, Args)]
pub(super) struct Log {
    /// One action in full, by its id: what it did with each record, and what of it still stands
    id: Option<String>,
    /// From this day on: yesterday, mon, -7, 14/11 or 2026-11-14
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Up to this day, itself included
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    until: Option<String>,
    /// Done by this role, or one that contains it
    #[arg(long, value_name = "ROLE")]
    by: Option<String>,
    /// With a change of this kind of record: point, measure, cycle and so on
    #[arg(long)]
    kind: Option<String>,
    /// About this measure, its values, notes and phases
    #[arg(long, value_name = "NAME", conflicts_with = "record")]
    measure: Option<String>,
    /// About this measure, process, project or cycle and what belongs to it
    #[arg(long, value_name = "NAME")]
    record: Option<String>,
    /// With this in its words, or in what it set
    #[arg(long, value_name = "WORD")]
    text: Option<String>,
    /// Done on this board: its name, the start of its id, or `this`
    #[arg(long, value_name = "NAME")]
    board: Option<String>,
    /// How many actions, or how many records of one; 0 for all
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
    /// Print an array of objects, or one object for one action
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, log: &Log, out: &mut Out) -> Outcome<()> {
    let opened = Opened::existing(flags)?;
    if let Some(id) = &log.id {
        return one(&opened, id, log, out);
    }
    let entries = opened.store.actions(&query(&opened, log)?)?;
    if log.json {
        let entries = entries.iter().map(|entry| object(&opened, entry)).collect::<Outcome<_>>()?;
        out.json(&Value::Array(entries));
        return Ok(());
    }
    let rows = entries.iter().map(|entry| {
        Ok(vec![
            opened.store.action_code(entry.id)?,
            at(&opened, entry.team, entry.at),
            name(&opened, entry.team).to_owned(),
            entry.actor.clone().unwrap_or_default(),
            entry.words.clone(),
            entry.changes.to_string(),
        ])
    });
    let rows = rows.collect::<Outcome<Vec<_>>>()?;
    out.table(&["id", "at", "team", "by", "what", "changes"], &rows);
    Ok(())
}

fn query(opened: &Opened, log: &Log) -> Outcome<ActionQuery> {
    let team = opened.team().ok();
    let zone = team.as_ref().map_or_else(Zone::of_this_machine, |team| team.time_zone());
    let midnight = |typed: &str, days: u64| -> Outcome<DateTime<Utc>> {
        let day = parse_day(typed, zone.day(opened.now()))?;
        let day = day.checked_add_days(Days::new(days)).unwrap_or(day);
        Ok(zone.instant(day.and_time(NaiveTime::MIN)))
    };
    let kind = log.kind.as_deref().map(|typed| {
        let kind = Kind::parse(&typed.trim().to_lowercase());
        kind.ok_or_else(|| no_such("kind of record", typed, &Kind::ALL.map(Kind::code)))
    });
    Ok(ActionQuery {
        team: opened.first(),
        since: log.since.as_deref().map(|typed| midnight(typed, 0)).transpose()?,
        before: log.until.as_deref().map(|typed| midnight(typed, 1)).transpose()?,
        by: log.by.clone(),
        kind: kind.transpose()?,
        record: record(opened, log)?,
        text: log.text.clone(),
        replica: log.board.as_deref().map(|typed| board(opened, typed)).transpose()?,
        limit: log.limit,
    })
}

/// The record that was asked for by name.
fn record(opened: &Opened, log: &Log) -> Outcome<Option<(Kind, RecordKey)>> {
    let team = opened.first();
    if let Some(typed) = &log.measure {
        let measures: Vec<Measure> = opened.store.records(team)?;
        return find::find("measure", typed, &measures).map(|found| Some((Kind::Measure, RecordKey::Id(found.id.0))));
    }
    let Some(typed) = &log.record else { return Ok(None) };
    let mut named: Vec<Listed> = Vec::new();
    list::<Measure>(opened, team, &mut named)?;
    list::<Process>(opened, team, &mut named)?;
    list::<Project>(opened, team, &mut named)?;
    list::<Cycle>(opened, team, &mut named)?;
    find::find("record", typed, &named).map(|found| Some((found.kind, RecordKey::Id(found.id))))
}

/// A record of any kind that has a name.
struct Listed {
    kind: Kind,
    id: uuid::Uuid,
    name: String,
}

impl Named for Listed {
    fn id(&self) -> uuid::Uuid {
        self.id
    }
    fn name(&self) -> &str {
        &self.name
    }
}

fn list<R: Record + Named>(opened: &Opened, team: Option<TeamId>, into: &mut Vec<Listed>) -> Outcome<()> {
    let records: Vec<R> = opened.store.records(team)?;
    into.extend(records.iter().map(|record| Listed { kind: R::KIND, id: record.id(), name: record.name().to_owned() }));
    Ok(())
}

fn board(opened: &Opened, typed: &str) -> Outcome<crate::base::id::ReplicaId> {
    let wanted = text::slug(typed);
    if wanted == "this" {
        return Ok(opened.store.replica());
    }
    let names = opened.store.replica_names()?;
    let mut fitting: Vec<_> =
        names.iter().filter(|(_, name)| text::slug(name) == wanted).map(|(replica, _)| *replica).collect();
    if fitting.is_empty() {
        let have = opened.store.have()?.into_iter().map(|have| have.replica);
        fitting = have
            .filter(|replica| {
                !wanted.is_empty() && replica.0.simple().to_string().starts_with(&wanted.replace('-', ""))
            })
            .collect();
    }
    match fitting[..] {
        [replica] => Ok(replica),
        [] => {
            let mut known: Vec<&str> = names.values().map(String::as_str).collect();
            known.sort_unstable();
            Err(Failure::not_found(format!("No board is called “{}”.", typed.trim()))
                .hint(format!("There are: this; {}.", known.join("; "))))
        }
        _ => Err(Failure::usage(format!("More than one board is called “{}”.", typed.trim()))
            .hint("Give the start of its id: `huddleboard log --json` has it.")),
    }
}

fn object(opened: &Opened, entry: &ActionEntry) -> Outcome<Value> {
    Ok(json!({
        "id": format!("{}:{}", entry.id.replica, entry.id.seq), "code": opened.store.action_code(entry.id)?,
        "at": entry.at.to_rfc3339(), "team": text::slug(name(opened, entry.team)), "actor": entry.actor,
        "words": entry.words, "sort": entry.sort, "changes": entry.changes,
    }))
}

fn name(opened: &Opened, team: Option<TeamId>) -> &str {
    opened.teams.iter().find(|known| Some(known.id) == team).map_or("", |team| team.name.as_str())
}

/// An instant on the team's own clock.
pub(super) fn at(opened: &Opened, team: Option<TeamId>, at: DateTime<Utc>) -> String {
    let team = opened.teams.iter().find(|known| Some(known.id) == team);
    let zone = team.map_or_else(Zone::default, |team| team.time_zone());
    zone.wall(at).format("%Y-%m-%d %H:%M").to_string()
}

/// One action in full.
fn one(opened: &Opened, id: &str, log: &Log, out: &mut Out) -> Outcome<()> {
    let id = opened.store.action_coded(id)?;
    let recount = opened.store.recount(id, if log.limit == 0 { usize::MAX } else { log.limit })?;
    if log.json {
        let mut whole = object(opened, &recount.entry)?;
        let parts = recount.parts.iter().map(|part| part_object(opened, part)).collect::<Outcome<Vec<_>>>()?;
        whole["records"] = Value::Array(parts);
        whole["more"] = recount.more.into();
        whole["unknown"] = recount.unknown.into();
        out.json(&whole);
        return Ok(());
    }
    out.line(&heading(opened, &recount.entry)?);
    for part in &recount.parts {
        lines(opened, part, out)?;
    }
    conclude(&recount, out);
    Ok(())
}

fn conclude(recount: &Recount, out: &mut Out) {
    if recount.parts.is_empty() && recount.unknown == 0 {
        out.line("Nothing of it can be shown.");
    }
    if recount.more {
        out.line(&format!("It has {} changes; --limit 0 shows all of them.", recount.entry.changes));
    }
    if recount.unknown > 0 {
        out.line(&format!("A newer version wrote {} of its changes; this one does not know them.", recount.unknown));
    }
}

/// An action in one line.
pub(super) fn heading(opened: &Opened, entry: &ActionEntry) -> Outcome<String> {
    let who = entry.actor.as_deref().unwrap_or("somebody");
    let when = at(opened, entry.team, entry.at);
    Ok(format!("{}  {when}  {who}  {}", opened.store.action_code(entry.id)?, entry.words))
}

/// A record that an action touched.
pub(super) fn line(opened: &Opened, part: &Part, out: &mut Out) -> Outcome<()> {
    let what = opened.store.tell_part(part)?.what;
    out.line(&format!("  {what}: {}; {}", part.deed.words(), standing(opened, part, &part.standing)));
    Ok(())
}

/// A record that an action touched, and its fields under it.
pub(super) fn lines(opened: &Opened, part: &Part, out: &mut Out) -> Outcome<()> {
    line(opened, part, out)?;
    for field in &opened.store.tell_part(part)?.fields {
        let FieldTold { field: name, before, after, .. } = field;
        let change = if part.is_made() { short(after) } else { format!("{} → {}", short(before), short(after)) };
        let aside = match &field.standing {
            same if *same == part.standing => String::new(),
            other => format!(" ({})", standing(opened, part, other)),
        };
        out.line(&format!("    {name}: {change}{aside}"));
    }
    Ok(())
}

/// A value in one line.
fn short(value: &str) -> String {
    text::clip(&value.replace('\n', " / "), 200)
}

fn standing(opened: &Opened, part: &Part, standing: &Standing) -> String {
    match standing {
        Standing::Stands => "still so".to_owned(),
        Standing::Gone => "no longer so".to_owned(),
        Standing::Changed(since) => format!("changed since by {}", whose(opened, part.team, since)),
        Standing::Redacted => "redacted".to_owned(),
    }
}

fn whose(opened: &Opened, team: TeamId, since: &Since) -> String {
    format!("{}, {}", since.actor.as_deref().unwrap_or("somebody"), at(opened, Some(team), since.at))
}

/// A record that an action touched, as an object.
pub(super) fn part_object(opened: &Opened, part: &Part) -> Outcome<Value> {
    let told = opened.store.tell_part(part)?;
    let field = |field: &PartField| {
        let value = |value: &crate::domain::record::Value| value.to_json();
        json!({
            "field": field.name, "before": value(&field.before), "after": value(&field.after), "now": value(&field.now),
            "standing": code(&field.standing), "since": since(&field.standing),
        })
    };
    Ok(json!({
        "kind": part.kind.code(), "what": told.what, "deed": part.deed.words().replace(' ', "_"),
        "standing": code(&part.standing), "since": since(&part.standing),
        "fields": part.fields.iter().map(field).collect::<Vec<Value>>(),
    }))
}

fn code(standing: &Standing) -> &'static str {
    match standing {
        Standing::Stands => "stands",
        Standing::Gone => "gone",
        Standing::Changed(_) => "changed",
        Standing::Redacted => "redacted",
    }
}

fn since(standing: &Standing) -> Value {
    let Standing::Changed(since) = standing else { return Value::Null };
    let id = format!("{}:{}", since.action.replica, since.action.seq);
    json!({ "id": id, "actor": since.actor, "at": since.at.to_rfc3339() })
}
