//! The log as it is read from the file for the screen: who did what, one action in full, and what
//! undoing it would do.

use chrono::TimeDelta;

use crate::app::log::{Account, Did, Done, LogAsk};
use crate::base::error::Outcome;
use crate::base::text;
use crate::base::zone::Zone;
use crate::domain::change::RecordKey;
use crate::domain::process::{Completion, Process};
use crate::domain::record::Kind;
use crate::store::{ActionQuery, Deed, FieldTold, Part, Preview, Since, Standing, Store};

/// So many actions are listed.
const LISTED: usize = 300;
/// So many records of an action are told of.
const TOLD: usize = 40;
/// So many records are named in a question.
const NAMED: usize = 4;
/// How much of a value is shown.
const SHOWN: usize = 160;

/// The actions that are asked for, the latest first.
pub(crate) fn list(store: &Store, ask: &LogAsk) -> Outcome<Vec<Done>> {
    let query = ActionQuery {
        team: Some(ask.team),
        record: ask.about.clone(),
        text: Some(ask.words.clone()).filter(|words| !words.is_empty()),
        limit: LISTED,
        ..ActionQuery::default()
    };
    let done = |entry: crate::store::ActionEntry| {
        Ok(Done {
            code: store.action_code(entry.id)?,
            at: entry.at,
            who: entry.actor.unwrap_or_else(|| "somebody".to_owned()),
            words: entry.words,
            changes: entry.changes,
        })
    };
    store.actions(&query)?.into_iter().map(done).collect()
}

/// One action in full.
pub(crate) fn account(store: &Store, code: &str, zone: Zone) -> Outcome<Account> {
    let recount = store.recount(store.action_coded(code)?, TOLD)?;
    let did = recount.parts.iter().map(|part| did(store, part, zone)).collect::<Outcome<Vec<_>>>()?;
    let mut aside = Vec::new();
    if recount.more {
        aside.push(format!("It has {} changes; these are the first.", recount.entry.changes));
    }
    if recount.unknown > 0 {
        aside.push("A newer version wrote some of it; this one does not know that part.".to_owned());
    }
    Ok(Account { code: code.to_owned(), did, aside })
}

fn did(store: &Store, part: &Part, zone: Zone) -> Outcome<Did> {
    let told = store.tell_part(part)?;
    let field = |field: &FieldTold| {
        let after = short(&field.after);
        let change = if part.is_made() { after } else { format!("{} → {after}", short(&field.before)) };
        let aside = if field.standing == part.standing { String::new() } else { standing(&field.standing, zone) };
        (field.field.clone(), if aside.is_empty() { change } else { format!("{change} ({aside})") })
    };
    Ok(Did {
        what: format!("{}: {}", told.what, part.deed.words()),
        standing: standing(&part.standing, zone),
        stands: part.standing == Standing::Stands,
        fields: told.fields.iter().map(field).collect(),
    })
}

fn short(value: &str) -> String {
    text::clip(&value.replace('\n', " / "), SHOWN)
}

fn standing(standing: &Standing, zone: Zone) -> String {
    match standing {
        Standing::Stands => "still so".to_owned(),
        Standing::Gone => "no longer so".to_owned(),
        Standing::Changed(since) => format!("changed since by {}", whose(since, zone)),
        Standing::Redacted => "redacted".to_owned(),
    }
}

fn whose(since: &Since, zone: Zone) -> String {
    let who = since.actor.as_deref().unwrap_or("somebody");
    format!("{who}, {}", zone.wall(since.at).format("%-d %b %Y %H:%M"))
}

/// What undoing an action would do and what depends on it, in sentences.
pub(crate) fn foretell(store: &Store, preview: &Preview, zone: Zone) -> Outcome<Vec<String>> {
    let mut lines = vec![format!("“{}”", preview.entry.words)];
    let mut named = Vec::new();
    for part in preview.taken.iter().filter(|part| preview.goes(part)).take(NAMED) {
        let told = store.tell_part(part)?;
        if let Some(words) = untold(store, part)? {
            named.push(words);
            continue;
        }
        named.push(match (part.deed, told.fields.first()) {
            (Deed::Made | Deed::BroughtBack, _) => format!("{} is taken away", told.what),
            (Deed::Deleted, _) => format!("{} comes back", told.what),
            (Deed::Changed, Some(field)) => {
                format!("{}, {}: {} again", told.what, field.field, text::clip(&short(&field.before), 40))
            }
            (Deed::Changed, None) => told.what,
        });
    }
    if !named.is_empty() {
        lines.push(format!("Then {}.", listed(&named, preview.rest())));
    }
    let mut changed = Vec::new();
    for part in preview.changed.iter().take(NAMED) {
        let by = part.changed_since().map(|since| whose(since, zone)).unwrap_or_default();
        changed.push(format!("{} ({by})", store.tell_part(part)?.what));
    }
    if !changed.is_empty() {
        lines.push(format!("Changed since: {}.", listed(&changed, preview.changed_count)));
    }
    for hanging in preview.hanging.iter().take(NAMED) {
        lines.push(format!("Something hangs on {}. It goes first.", store.tell_hanging(hanging)?));
    }
    if preview.hanging.len() > NAMED {
        lines.push(format!("And on {} more.", preview.hanging.len() - NAMED));
    }
    if preview.redacted > 0 {
        lines.push("A text that was redacted does not come back.".to_owned());
    }
    if preview.unknown > 0 {
        lines.push("A newer version wrote some of it; that stays.".to_owned());
    }
    Ok(lines)
}

/// What becomes of a count of work where a tick is taken away; nothing for any other record.
fn untold(store: &Store, part: &Part) -> Outcome<Option<String>> {
    let (Kind::Completion, RecordKey::Id(id), true) = (part.kind, &part.record, part.is_made()) else {
        return Ok(None);
    };
    let Some(tick) = store.record::<Completion>(*id)? else { return Ok(None) };
    let Some(process) = store.record::<Process>(tick.process.0)? else { return Ok(None) };
    let sums = store.completed(process.id, tick.start, tick.start + TimeDelta::minutes(1))?;
    let sum: i64 = sums.iter().map(|(_, sum)| sum).sum();
    let when = tick.start.format("%-d %b %H:%M");
    Ok(Some(format!("{}, from {when}: {sum} becomes {}", process.name, sum - tick.amount)))
}

fn listed(named: &[String], count: usize) -> String {
    let words = named.join("; ");
    if count > named.len() { format!("{words}; and {} more", count - named.len()) } else { words }
}
