//! What was decided and held: actions, escalations and barriers, huddles, the days of safety crosses.

use serde_json::{Value, json};

use super::super::open::Opened;
use super::records::{each, slug_of};
use crate::base::error::Outcome;
use crate::base::text;
use crate::domain::MeasureId;
use crate::domain::cross::CrossDay;
use crate::domain::huddle::Huddle;
use crate::domain::project::Project;
use crate::domain::promise::Promise;

/// Actions, escalations and barriers, by when they were raised.
pub(in crate::cli) fn actions(opened: &Opened) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Promise>(
        opened,
        |promise| promise.raised.map_or_else(String::new, |raised| raised.to_rfc3339()),
        |team, slug, promise| {
            let project = match promise.project {
                Some(id) => opened.store.record::<Project>(id.0)?.map(|project| text::slug(&project.name)),
                None => None,
            };
            let (zone, now) = (team.time_zone(), opened.now());
            objects.push(json!({
                "id": promise.id,
                "team": slug,
                "sort": promise.sort,
                "what": promise.what,
                "who": promise.who,
                "by": promise.by,
                "state": promise.state,
                "because": promise.because,
                "tier": promise.tier,
                "reason": promise.reason,
                "situation": promise.situation,
                "background": promise.background,
                "assessment": promise.assessment,
                "recommendation": promise.recommendation,
                "answer": promise.answer,
                "raised": promise.raised,
                "closed": promise.closed,
                "answered": promise.answered,
                "age_days": promise.age_days(zone, now),
                "late_days": promise.late_days(opened.today(team)),
                "unanswered": promise.is_unanswered(zone, now),
                "huddle": promise.huddle,
                "project": project,
                "every": promise.every.map(crate::domain::frequency::Frequency::code),
            }));
            Ok(())
        },
    )?;
    Ok(objects)
}

/// Huddles, by day.
pub(in crate::cli) fn huddles(opened: &Opened) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<Huddle>(
        opened,
        |huddle| format!("{:?} {}", huddle.day, huddle.agenda),
        |team, slug, huddle| {
            objects.push(json!({
                "id": huddle.id,
                "team": slug,
                "agenda": huddle.agenda,
                "date": huddle.day,
                "planned": huddle.planned.map(|time| time.format("%H:%M").to_string()),
                "started": huddle.started,
                "ended": huddle.ended,
                "minutes": huddle.minutes(),
                "on_time": huddle.is_on_time(team.time_zone()),
                "led": huddle.led,
                "present": huddle.present,
                "attendance": huddle.attendance(),
                "items": huddle.items,
                "notes": huddle.notes,
                "thanks": huddle.thanks,
            }));
            Ok(())
        },
    )?;
    Ok(objects)
}

/// What was said of the days of safety crosses; an event is a data point of its measure.
pub(super) fn cross(opened: &Opened, only: Option<MeasureId>) -> Outcome<Vec<Value>> {
    let mut objects = Vec::new();
    each::<CrossDay>(
        opened,
        |cell| format!("{} {:?}", cell.measure, cell.day),
        |_, team, cell| {
            if only.is_none_or(|only| only == cell.measure) {
                let measure = slug_of(opened, cell.measure)?;
                objects.push(
                    json!({ "id": cell.id, "team": team, "measure": measure, "date": cell.day, "said": cell.said }),
                );
            }
            Ok(())
        },
    )?;
    Ok(objects)
}
