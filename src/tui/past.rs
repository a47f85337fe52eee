//! The past periods of a process, as lines to read: how much of what was required was done, and why not more.

use chrono::{Days, NaiveDateTime};

use crate::app::ask::Reading;
use crate::app::model::Model;
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::ProcessId;
use crate::domain::process::Standing;
use crate::store::{Store, Work};

/// So many days are looked back.
const DAYS_BACK: u64 = 28;
/// How wide the bar of a period is.
const BAR: usize = 20;

/// The periods of a process that began in the last four weeks, the latest first; nothing where it is gone.
pub(crate) fn read(store: &Store, model: &Model, process: ProcessId) -> Outcome<Option<Reading>> {
    let Some(process) = model.process(process) else { return Ok(None) };
    let today = model.shift_day();
    let from = today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today);
    let mut work = store.work(process, &model.team.calendar(), from, today)?;
    work.retain(|work| work.spell.span.opens <= model.now);
    let whole = |work: &Work| -> (NaiveDateTime, NaiveDateTime) { work.spell.span.whole() };
    let periods: Vec<&[Work]> = work.chunk_by(|one, next| whole(one) == whole(next)).collect();
    let mut lines: Vec<String> = Vec::new();
    for period in periods.iter().rev() {
        let [first, ..] = period else { continue };
        let standings: Vec<Standing> = period.iter().map(|work| work.standing(process, model.now)).collect();
        let standing = Standing::together(&standings, process.flow);
        let recorded = period.iter().any(|work| work.spell.told.recorded);
        let open = period.iter().any(|work| model.now < work.spell.span.closes);
        let when = format!("{} {}", first.spell.span.day.format("%a %-d %b"), first.spell.span.shift());
        lines.push(line(&when, standing, recorded, open));
        for work in *period {
            lines.extend(why(work, period.len() > 1));
        }
    }
    if lines.is_empty() {
        lines.push("Nothing was required of it in the last four weeks.".to_owned());
    }
    Ok(Some(Reading { title: format!("{} · the last four weeks", process.name), lines }))
}

fn line(when: &str, standing: Standing, recorded: bool, open: bool) -> String {
    let when = format!("{}{}", when, " ".repeat(20_usize.saturating_sub(text::width(when))));
    if !recorded {
        let words = if open { "nothing recorded yet" } else { "nothing was recorded" };
        return format!("{when}    – / {:<4}  {words}", standing.required);
    }
    let (done, required) = (standing.completed.max(0), standing.required.max(0));
    let share = if required > 0 { done.min(required) * 100 / required } else { 100 };
    let full = usize::try_from(share).unwrap_or(0) * BAR / 100;
    let bar = format!("{}{}", "━".repeat(full), "·".repeat(BAR - full));
    let open = if open { "  so far" } else { "" };
    format!("{when} {done:>4} / {required:<4}  {bar} {share:>3} %{open}")
}

/// What the team wrote about a period.
fn why(work: &Work, hour: bool) -> Option<String> {
    let reason = work.period.reason.as_deref().unwrap_or("");
    if reason.is_empty() && work.period.countermeasure.is_empty() {
        return None;
    }
    let when = if hour { format!("{}: ", work.spell.span.name) } else { String::new() };
    let action = match work.period.countermeasure.as_str() {
        "" => String::new(),
        action => format!("  → {action}"),
    };
    Some(format!("{}{when}{reason}{action}", " ".repeat(21)))
}
